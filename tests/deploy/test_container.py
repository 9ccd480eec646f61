"""The service in containers: the image, the three ways of compose, and the commands of docs/container.md."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.availability import Users
from support.checkout import commit, repository_of_checkout, run
from support.containers import BASE, IMAGE, Containers, lines_of, shared_containers, why_no_containers
from support.debian_root import make_debian, why_no_debian
from support.doc_commands import blocks_of, commands_under
from support.journey import upcoming, walk
from support.repository import ROOT
from support.server_processes import free_port
from support.visitor import Visitor
from support.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.process, pytest.mark.timeout(900)]

PAGE = "docs/container.md"
PROGRAM = "mine-2026"
ALONE, HTTPS, POSTGRESQL = "compose.yaml", "compose.https.yaml", "compose.postgresql.yaml"
STARTS_WITHIN_SECONDS = 90
DRAINS_WITHIN_SECONDS = 10
MEGABYTE = 1_000_000
NOTICED_SECONDS = 3
EDITS_BETWEEN = 10


@pytest.fixture(scope="session")
def containers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Containers]:
    """Podman with the image of the service, and stand-ins for those that it cannot pull; skips where it cannot be."""
    reason = why_no_debian() or why_no_containers()
    if reason:
        pytest.skip(reason)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    with shared_containers(shared, lambda *packages: make_debian(shared, shared / "base", *packages)) as made:
        yield made


@dataclass
class Clone:
    """What an organizer has after `git clone`: a folder in which the commands of the docs are run."""

    containers: Containers
    folder: Path
    port: int = field(default_factory=free_port)
    https_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """The name that its containers begin with."""
        return f"agenda{self.https_port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of the commands; the ports are not the docs', and on the loopback."""
        return {
            **self.containers.settings,
            "COMPOSE_PROJECT_NAME": self.project,
            "PORT": f"127.0.0.1:{self.port}",
            "HTTP_PORT": f"127.0.0.1:{self.http_port}",
            "HTTPS_PORT": f"127.0.0.1:{self.https_port}",
            "REPOSITORY": str(self.folder / "repository"),
            "EDITOR": str(self.folder / "editor"),
            **self.variables,
        }

    @property
    def deploy(self) -> Path:
        """The folder in which compose is called."""
        return self.folder / "codeml-agenda" / "deploy"

    def run(self, *commands: str) -> str:
        """Run commands of the docs one after the other; what the last one printed."""
        printed = ""
        for command in commands:
            printed = run(command, self.deploy if self.deploy.exists() else self.folder, self.settings)
        return printed

    def printed(self, logs: str) -> str:
        """What the command of the docs that reads the log finds; it finds it once the service has started."""
        found: list[str] = []

        def finds() -> bool:
            with suppress(AssertionError):
                found.append(self.run(logs))
            return bool(found)

        wait_until(finds, STARTS_WITHIN_SECONDS)
        return found[0]

    def name(self, service: str) -> str:
        """The container of a service."""
        return f"{self.project}_{service}_1"

    def visitor(self) -> Visitor:
        """A browser at Caddy, which trusts its certificate."""
        wait_until(lambda: "BEGIN" in self._root_certificate(), STARTS_WITHIN_SECONDS)
        tls = ssl.create_default_context(cadata=self._root_certificate())
        return Visitor("https://localhost", ("127.0.0.1", self.https_port), tls)

    def _root_certificate(self) -> str:
        found = self.containers.tried("exec", self.name("caddy"), "cat", "/data/caddy/pki/authorities/local/root.crt")
        return found.stdout


@pytest.fixture
def clone(containers: Containers, tmp_path: Path) -> Iterator[Clone]:
    """A clone with a program that begins tomorrow, made by the docs' commands up to the check of it."""
    made = Clone(containers, tmp_path)
    repository_of_checkout(tmp_path / "repository")
    (settings,) = (one for one in blocks_of(PAGE) if one.language == "text")
    text = settings.text.replace("agenda.example.org", "localhost")
    # An editor that writes what the docs say, and is given both files.
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\ncat >"$1" <<\'END\'\n{text}END\ntest -w "$2"\n')
    editor.chmod(0o755)
    git_clone, _cd, *rest = seven_commands()
    run(git_clone, made.folder, made.settings)
    for command in rest[:3]:
        made.run(command)
        if " new " in command:
            upcoming(made.deploy.parent / "data" / PROGRAM)
    yield made
    for file in (HTTPS, POSTGRESQL):
        words = ["podman-compose", "-f", file, "down", "--volumes", "--timeout", "1"]
        settings = {"POSTGRES_PASSWORD": "any", **made.settings}
        subprocess.run(words, cwd=made.deploy, env=settings, capture_output=True, check=False)


def seven_commands() -> list[str]:
    """The whole way of a new organizer."""
    return commands_under(PAGE, "From nothing to a public address")


def test_a_new_organizer_needs_seven_commands_at_most() -> None:
    assert len(seven_commands()) <= 7


def test_the_image_adds_at_most_150_megabytes_to_its_base(containers: Containers) -> None:
    image, base = (int(containers.podman("image", "inspect", name, "--format", "{{.Size}}")) for name in (IMAGE, BASE))

    assert (image - base) // MEGABYTE in range(150)


def test_the_container_is_an_ordinary_user_and_can_write_to_its_volume_alone(containers: Containers) -> None:
    program = (
        "import os\n"
        "from pathlib import Path\n"
        "places = [place for place, _, _ in os.walk('/') if not place.startswith(('/proc', '/sys', '/dev'))]\n"
        "print(os.getuid(), [place for place in places if os.access(place, os.W_OK)])\n"
    )
    options = ("--rm", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL", "--volume", "/data")

    assert containers.podman("run", *options, "--entrypoint", "python", IMAGE, "-c", program) == "10001 ['/data']"


def test_without_a_writable_volume_one_line_says_so(containers: Containers) -> None:
    done = containers.tried("run", "--rm", "--read-only", IMAGE)

    assert (done.returncode, len(lines_of(done.stderr)), done.stdout) == (1, 1, "")
    assert "Read-only file system" in done.stderr


def test_a_volume_of_somebody_else_is_said_in_one_line(containers: Containers, tmp_path: Path) -> None:
    done = containers.tried("run", "--rm", "--read-only", "--volume", f"{tmp_path}:/data", IMAGE)

    assert (done.returncode, len(lines_of(done.stderr)), done.stdout) == (1, 1, "")
    assert "Permission denied" in done.stderr


@contextmanager
def alone(containers: Containers, name: str, port: int) -> Iterator[None]:
    """The container that the docs build and start without compose."""
    build, command = commands_under(PAGE, "Without compose")
    run(build, ROOT, containers.settings)
    assert "--name agenda " in command
    command = command.replace("--name agenda ", f"--name {name} ").replace("agenda:/data", f"{name}:/data")
    run(command.replace("-p 8000:", f"-p 127.0.0.1:{port}:"), ROOT, containers.settings)
    try:
        yield
    finally:
        containers.tried("rm", "--force", "--time", "1", name)
        containers.tried("volume", "rm", name)


def test_a_container_ends_with_status_0_at_sigterm_and_nothing_is_lost(containers: Containers) -> None:
    port = free_port()
    name = f"agenda{port}"
    visitor = Visitor(f"http://localhost:{port}")
    with alone(containers, name, port):
        wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
        assert containers.tried("healthcheck", "run", name).returncode == 0
        visitor.sign_in(containers.logs(name))
        with closing(visitor.stream()) as stream:
            assert visitor.edit(1, do="announce", minutes="30", text="Lunch is in Hall B.") == 2
            stream.revision(2)
            containers.podman("stop", "--time", str(DRAINS_WITHIN_SECONDS), name)
        assert containers.state(name)["ExitCode"] == 0
        containers.podman("start", name)
        wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
        assert visitor.revision() == 2
        assert visitor.get("/organizer").status == 200


def test_alone_it_serves_on_a_port_of_the_machine(clone: Clone) -> None:
    up, logs = commands_under(PAGE, "On your own machine")
    clone.run(up)

    walk(
        Visitor(f"http://localhost:{clone.port}"),
        lambda: clone.printed(logs),
        lambda: clone.run("docker compose restart agenda") and None,
    )
    assert clone.containers.tried("healthcheck", "run", clone.name("agenda")).returncode == 0


def test_the_seven_commands_lead_to_an_address_with_https(clone: Clone) -> None:
    *_, up, logs = seven_commands()
    restart, pull, upgrade = commands_under(PAGE, "Restart and upgrade")
    clone.run(up)
    visitor = clone.visitor()

    walk(visitor, lambda: clone.printed(logs), lambda: clone.run(restart) and None)
    # Caddy alone can be reached from outside.
    assert clone.containers.podman("port", clone.name("agenda")) == ""

    clone.run(*commands_under(PAGE, "Every day"))
    wait_until(visitor.answers)
    revision = visitor.revision()
    clone.run(*commands_under(PAGE, "Backups"))
    clone.run("docker compose -f compose.https.yaml exec agenda agenda announce Later")
    clone.run(*commands_under(PAGE, "Going back to a backup"))
    wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
    assert visitor.revision() == revision

    repository = clone.folder / "repository"
    (repository / "app" / "new.py").write_text("")
    commit(repository, "Another version")
    clone.run(pull, upgrade)
    wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
    found = clone.containers.podman("exec", clone.name("agenda"), "ls", "/opt/agenda/app/new.py")
    assert (found, visitor.revision()) == ("/opt/agenda/app/new.py", revision)


@pytest.mark.parametrize(("file", "missing"), [(HTTPS, "AGENDA_SITE"), (POSTGRESQL, "POSTGRES_PASSWORD")])
def test_what_is_missing_is_refused_by_name(clone: Clone, file: str, missing: str) -> None:
    env = clone.deploy / ".env"
    env.write_text("".join(line for line in env.read_text().splitlines(keepends=True) if missing not in line))
    words = ["podman-compose", "-f", file, "up", "-d"]
    done = subprocess.run(words, cwd=clone.deploy, env=clone.settings, capture_output=True, text=True, check=False)

    assert (done.returncode, f"write {missing}=" in done.stderr) == (1, True)


def test_nobody_notices_for_three_seconds_that_one_of_two_containers_was_killed(
    clone: Clone, record_property: Callable[[str, object], None]
) -> None:
    clone.variables["POSTGRES_PASSWORD"] = "a/b@c:d%e"
    up, add = commands_under(PAGE, "With PostgreSQL and two containers")
    clone.run(up)
    visitor = clone.visitor()
    wait_until(visitor.answers, STARTS_WITHIN_SECONDS)
    visitor.sign_in(clone.printed(add))
    begun_with = visitor.revision()
    users = Users(visitor)

    with users.at_work():
        for service in ("agenda", "agenda-2"):
            wait_for_edits(users)
            kill(clone, service)
            wait_for_edits(users)
            wait_until(lambda: serves(clone, service), STARTS_WITHIN_SECONDS)  # noqa: B023 - called at once
        wait_for_edits(users)

    numbers = [number for _, number in users.published]
    assert users.refusals == []
    # Each acknowledged edit is a revision of its own, and there are no others: none was lost, none published twice.
    assert (sorted(set(numbers)), visitor.revision()) == (numbers, numbers[-1])
    assert numbers == list(range(begun_with + 1, begun_with + 1 + len(numbers)))
    longest = (users.longest_read_seconds(), users.longest_edit_seconds(), users.longest_news_seconds())
    record_property("longest seconds without a page, without an edit, from an edit to a stream", longest)
    assert max(longest) < NOTICED_SECONDS, longest


def wait_for_edits(users: Users) -> None:
    wanted = len(users.published) + EDITS_BETWEEN
    wait_until(lambda: users.refusals or len(users.published) >= wanted)


def kill(clone: Clone, service: str) -> None:
    """End the process of a container as `kill -9` does."""
    os.kill(int(str(clone.containers.state(clone.name(service))["Pid"])), signal.SIGKILL)


def serves(clone: Clone, service: str) -> bool:
    """Whether a container is healthy."""
    return clone.containers.tried("healthcheck", "run", clone.name(service)).returncode == 0
