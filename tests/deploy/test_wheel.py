"""The wheel: what is in it, and the commands of docs/platform.md that run it in an empty folder."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.checkout import empty_environment, environment, repository_of_checkout, run
from support.doc_commands import commands_under
from support.journey import Command, running, upcoming, walk
from support.repository import ROOT
from support.server_processes import free_port
from support.visitor import Visitor
from support.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.process, pytest.mark.timeout(600)]

PAGE = "docs/platform.md"
VERSION = "agenda 0.2.0, build "


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """pipx and uv, as somebody has them."""
    return empty_environment(tmp_path_factory.mktemp("tools") / "venv", "pipx", "uv")


@pytest.fixture(scope="module")
def wheel(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that the commands of the docs make."""
    folder = tmp_path_factory.mktemp("made")
    settings = environment(tools, REPOSITORY=str(repository_of_checkout(folder / "repository")))
    for command in commands_under(PAGE, "Make a wheel"):
        run(command, folder, settings)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def home(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody with pipx and uv, whose files are the test's own."""
    home = tmp_path_factory.mktemp("home")
    own = {"HOME": home, "PIPX_HOME": home / "pipx", "PIPX_BIN_DIR": home / "bin", "UV_TOOL_BIN_DIR": home / "uv-bin"}
    return environment(home / "bin", tools, **{name: str(path) for name, path in own.items()})


@pytest.fixture
def folder(tmp_path: Path, wheel: Path) -> Path:
    """A folder with the wheel in it, and nothing else."""
    (tmp_path / wheel.name).hardlink_to(wheel)
    return tmp_path


@contextmanager
def serving(command: str, folder: Path, settings: dict[str, str], output: Path) -> Iterator[tuple[Command, Visitor]]:
    """A line of the docs that serves, until it answers."""
    port = free_port()
    with running(["sh", "-c", f"exec env {command}"], folder, {**settings, "PORT": str(port)}, output) as service:
        visitor = Visitor(f"http://localhost:{port}")
        wait_until(visitor.answers, 120)
        yield service, visitor


def test_it_holds_the_service_its_templates_and_its_programs_and_nothing_else(wheel: Path) -> None:
    in_git = [
        path.relative_to(ROOT).as_posix() for top in ("app", "templates", "data") for path in files_below(ROOT / top)
    ]
    expected = {path if path.startswith("app/") else f"app/{path}" for path in in_git}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == expected


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


@pytest.mark.parametrize("command", commands_under(PAGE, "Run the wheel once"))
def test_it_runs_once_without_being_installed(command: str, folder: Path, home: dict[str, str]) -> None:
    assert run(command, folder, home).startswith(VERSION)


@pytest.mark.parametrize("command", commands_under(PAGE, "Run the wheel once"))
def test_run_once_in_an_empty_folder_it_serves_the_first_program(
    command: str, folder: Path, home: dict[str, str]
) -> None:
    serve = command.replace("agenda --version", "agenda serve")
    with serving(serve, folder, home, folder.parent / f"{folder.name}.log") as (_, visitor):
        assert "<title>CODEML" in visitor.get("/").text
    assert (folder / "var" / "codeml-2025.sqlite").is_file()


def test_installed_it_serves_an_own_program_through_the_whole_journey(folder: Path, home: dict[str, str]) -> None:
    *before, serve = commands_under(PAGE, "Install the wheel")[:3]
    for command in before:
        run(command, folder, home)
    upcoming(folder / "mine")
    with serving(serve, folder, home, folder / "log") as (service, visitor):
        walk(visitor, service.printed, service.restart)


def test_uv_installs_it_too(folder: Path, home: dict[str, str]) -> None:
    (install,) = commands_under(PAGE, "Install the wheel")[3:]
    run(install, folder, home)
    assert run(f"{home['UV_TOOL_BIN_DIR']}/agenda --version", folder, home).startswith(VERSION)
