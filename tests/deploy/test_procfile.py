"""Procfile platforms: the commands of docs/platform.md, and what a platform makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from support.checkout import empty_environment, environment, git, repository_of_checkout, run
from support.doc_commands import blocks_of, commands_under
from support.journey import running, upcoming, walk
from support.server_processes import free_port
from support.visitor import Visitor

pytestmark = [pytest.mark.acceptance, pytest.mark.process, pytest.mark.timeout(600)]

PAGE, HEADING = "docs/platform.md", "With a Procfile"


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the platform got: the repository that an organizer pushed by the docs, with a program of their own."""
    folder = tmp_path_factory.mktemp("organizer")
    platform = folder / "platform.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", platform)
    repository = repository_of_checkout(folder / "repository")
    settings = environment(REPOSITORY=str(repository), PLATFORM=str(platform))
    clone, *rest = commands_under(PAGE, HEADING)
    run(clone, folder, settings)
    for command in rest:
        run(command, folder / "codeml-agenda", settings)
        if " new mine" in command:
            upcoming(folder / "codeml-agenda" / "mine")
    return platform


@pytest.fixture(scope="module")
def programs(pushed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The platform's Python, with what requirements.txt names and nothing else."""
    folder = tmp_path_factory.mktemp("build")
    git(folder, "clone", "--quiet", pushed, "app")
    return empty_environment(folder / "venv", "--require-hashes", "--requirement", folder / "app" / "requirements.txt")


def documented_settings() -> Mapping[str, str]:
    """The settings that the docs tell to give to the platform."""
    (block,) = (one for one in blocks_of(PAGE) if (one.heading, one.language) == (HEADING, "text"))
    return dict(line.split("=", 1) for line in block.text.splitlines())


def walk_the_platform(pushed: Path, programs: Path, folder: Path, settings: Mapping[str, str]) -> None:
    """Run the Procfile's line as platforms do, by a shell in the app's folder, and go through the whole journey."""
    git(folder, "clone", "--quiet", pushed, "app")
    name, _, line = (folder / "app" / "Procfile").read_text().strip().partition(": ")
    assert name == "web"
    port = free_port()
    started = environment(programs, **settings, PORT=str(port))
    words = ["sh", "-c", f"exec {line}"]
    with running(words, folder / "app", started, folder / "log") as service:
        walk(Visitor(f"http://localhost:{port}"), service.printed, service.restart)


def test_on_a_platform_with_postgresql_edits_and_sign_ins_survive_a_restart(
    pushed: Path, programs: Path, tmp_path: Path, postgres_url: str
) -> None:
    url = postgres_url.replace("postgresql://", "postgres://", 1)
    walk_the_platform(pushed, programs, tmp_path, {**documented_settings(), "DATABASE_URL": url})
    assert not (tmp_path / "app" / "var").exists()


def test_on_a_platform_that_keeps_its_disk_neither_database_nor_key_is_set(
    pushed: Path, programs: Path, tmp_path: Path
) -> None:
    left_out = ("DATABASE_URL", "SECRET_KEY")
    settings = {name: value for name, value in documented_settings().items() if name not in left_out}
    walk_the_platform(pushed, programs, tmp_path, settings)


def test_without_an_installed_package_the_version_is_known(pushed: Path, programs: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", pushed, "app")
    assert run("python -m app --version", tmp_path / "app", environment(programs)).startswith("agenda 0.2.0, build ")
