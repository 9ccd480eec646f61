"""A server of one's own: the unit of `deploy/`, and the commands of `docs/server.md` on a bare Debian with systemd."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from support.checkout import commit, repository_of_checkout
from support.console_imports import PAGE as PAGE_OF_IMPORTS
from support.console_imports import UNFINISHED, state_on
from support.doc_commands import commands_under
from support.machine import PACKAGES, Machine, booted, why_no_machine
from support.proxies import program, self_signed
from support.repository import ROOT
from support.server_processes import free_port
from support.visitor import Visitor
from support.waiting import wait_until

from app.freezing.worker_processes import END_SECONDS, LONGEST_BATCH_SECONDS
from app.server.uvicorn_server import DRAIN_SECONDS

UNIT = ROOT / "deploy" / "agenda.service"
UNITS = sorted(UNIT.parent.glob("*.service"))
PAGE = "docs/server.md"
# systemd-analyze(1): of 10, where 0 is the best.
LARGEST_EXPOSURE = 2.0
EXPOSURE = re.compile(r"Overall exposure level for [\w-]+\.service: ([\d.]+)")
TITLE = "Symposium"
# https://systemd.io/UIDS-GIDS/
DYNAMIC_USERS = range(61184, 65520)
CERTBOT = "/etc/letsencrypt/live/localhost"
ASK_CERTBOT = 'certbot certonly --nginx --deploy-hook "systemctl reload nginx" --domain agenda.example.org'
IN_THE_PROGRAM = "/var/lib/agenda/program/program.toml"
LATEST_COPY = "/var/lib/agenda/latest.sqlite"
CADDYS_ROOT = "var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt"

MakeDebian = Callable[..., Path]

pytestmark = pytest.mark.process


def exposure(said: str) -> float:
    found = EXPOSURE.search(said)
    return float(found[1]) if found else 10.0


@pytest.fixture
def analyze() -> str:
    found = program("systemd-analyze")
    if found is None:
        pytest.skip("needs systemd")
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_has_no_complaint_about_the_unit(analyze: str, tmp_path: Path, unit: Path) -> None:
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace("/opt/agenda/.venv/bin/python", sys.executable))
    done = subprocess.run((analyze, "verify", "--man=no", here), capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_unit_is_confined(analyze: str, unit: Path) -> None:
    done = subprocess.run((analyze, "security", "--offline=true", unit), capture_output=True, text=True, check=False)
    assert exposure(done.stdout) < LARGEST_EXPOSURE


def test_systemd_waits_for_longer_than_the_service_needs_to_end() -> None:
    [seconds] = re.findall(r"^TimeoutStopSec=(\d+)s$", UNIT.read_text(), re.MULTILINE)
    assert int(seconds) > DRAIN_SECONDS


def test_what_the_kernel_ends_for_want_of_memory_does_not_end_the_service() -> None:
    assert re.findall(r"^OOMPolicy=(.+)$", UNIT.read_text(), re.MULTILINE) == ["continue"]


def settings_of(unit: str) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", (UNIT.parent / unit).read_text(), re.MULTILINE))


def test_the_unit_of_the_copy_may_write_into_the_folder_that_its_command_names() -> None:
    settings = settings_of("agenda-freeze.service")
    [folder] = re.findall(r"freeze (\S+) --watch", settings["ExecStart"])
    assert settings["ReadWritePaths"] == f"-{folder}"


def test_systemd_signals_only_the_command_of_the_copy_and_waits_until_it_has_ended_a_process_that_hangs() -> None:
    settings = settings_of("agenda-freeze.service")
    assert settings["KillMode"] == "mixed"
    assert int(settings["TimeoutStopSec"].removesuffix("s")) > LONGEST_BATCH_SECONDS + END_SECONDS


def test_a_copy_takes_nothing_from_the_service() -> None:
    settings = settings_of("agenda-freeze.service")
    assert [settings[name] for name in ("Nice", "CPUWeight", "IOSchedulingClass")] == ["19", "idle", "idle"]
    assert (int(settings["OOMScoreAdjust"]) > 0, settings["OOMPolicy"]) == (True, "continue")


@dataclass
class Host:
    """A bare Debian on which the commands of the docs are run, in order, and timed."""

    machine: Machine
    https: int = field(default_factory=free_port)
    http: int = field(default_factory=free_port)
    port: int = field(default_factory=free_port)
    seconds: list[tuple[float, str]] = field(default_factory=list)

    def follow(self, heading: str) -> str:
        """Run the commands under a heading of the docs; returns what they print."""
        return "\n".join(self._run(command) for command in commands_under(PAGE, heading))

    def browser(self, trusted: str = CADDYS_ROOT) -> Visitor:
        """A browser that trusts a certificate of the machine."""
        tls = ssl.create_default_context(cafile=self.machine.root / trusted)
        return Visitor(f"https://localhost:{self.https}", tls=tls)

    def answers(self, trusted: str = CADDYS_ROOT) -> bool:
        """Whether a reader has a page."""
        with suppress(OSError):
            return self.browser(trusted).get("/").status == HTTPStatus.OK
        return False

    def latest(self) -> int:
        """The number of the newest revision."""
        return self.browser().revision()

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note how long a step takes."""
        begun = time.monotonic()
        yield
        self.seconds.append((round(time.monotonic() - begun, 1), step))

    def _run(self, command: str) -> str:
        with self.timed(command):
            return self.machine.run(self._here(command))

    def _here(self, command: str) -> str:
        """A command of the docs as a test needs it: other ports, "localhost" for the domain, a day of tomorrow."""
        instead = {
            "/opt/agenda/deploy/install agenda.example.org": f"{self._caddyfile()}"
            f"; /opt/agenda/deploy/install localhost:{self.https} {self.port}",
            f"nano {IN_THE_PROGRAM}": f"sed --in-place '{_changes()}' {IN_THE_PROGRAM}",
            ASK_CERTBOT: f"mkdir -p {CERTBOT}; cp /srv/tls/*.pem {CERTBOT}",
            "systemctl restart nginx": f"{self._nginx_ports()}; systemctl restart nginx",
        }
        return instead.get(command, command)

    def _caddyfile(self) -> str:
        """A Caddyfile that somebody has already: other ports than the real ones, which may be in use here."""
        ports = f"http_port {self.http}\\n https_port {self.https}\\n"
        return f"printf '{{\\n {ports} admin off\\n}}\\n' > /etc/caddy/Caddyfile"

    def _nginx_ports(self) -> str:
        """The same ports for nginx, whose first site takes a real one."""
        site = "/etc/nginx/sites-available/agenda"
        changes = f"/listen \\[/d; s/listen 80/listen {self.http}/; s/listen 443/listen {self.https}/"
        return f"sed --in-place '{changes}; s/:8000/:{self.port}/' {site}; rm /etc/nginx/sites-enabled/default"


def _changes() -> str:
    """What a new organizer changes first, as a script of sed."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    return f's/^id = "program"/id = "my-day"/; s/^title = "Program"/title = "{TITLE}"/; s/^date = .*/date = {tomorrow}/'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return repository_of_checkout(tmp_path / "repository")


@pytest.fixture
def host(debian: MakeDebian, repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Host]:
    """A bare Debian that runs; at the end the times of its steps are shown."""
    if reason := why_no_machine():
        pytest.skip(reason)
    tls = tmp_path / "tls"
    tls.mkdir()
    self_signed(tls)
    settings = {"REPOSITORY": "/srv/repository", "DOMAIN": "localhost"}
    begun = time.monotonic()
    root = debian(*PACKAGES)
    made = time.monotonic()
    with booted(root, {repository: "/srv/repository", tls: "/srv/tls"}, settings) as machine:
        host = Host(machine, seconds=[(round(made - begun, 1), "(a bare Debian is made)")])
        host.seconds.append((round(time.monotonic() - made, 1), "(it boots)"))
        yield host
        with capsys.disabled():
            steps = (f"{seconds:7.1f}  {step}\n" for seconds, step in host.seconds)
            sys.stdout.write(f"\n{PAGE}, in seconds:\n{''.join(steps)}")


@pytest.mark.acceptance
@pytest.mark.timeout(900)
def test_the_commands_of_the_docs_lead_from_a_bare_debian_to_a_day_that_survives_all_that_happens(
    host: Host, repository: Path
) -> None:
    said = host.follow("From nothing to a public address")
    [link] = re.findall(r"https://localhost:\S+", said.splitlines()[-1])
    with host.timed("(the first page, over HTTPS)"):
        wait_until(host.answers)
    frank = host.browser()
    with host.timed("(signed in with the link of the journal)"):
        frank.sign_in(link)
    a_delay_is_on_the_open_page(host, frank)
    nothing_is_lost_by_a_restart_or_a_kill(host)
    the_running_service_is_confined(host)
    an_import_of_the_console_is_published(host, frank)
    edits_of_the_terminal_are_published(host)
    the_backup_brings_back_what_was_there(host, frank)
    an_upgrade_keeps_everything(host, repository)
    postgresql_takes_over(host, frank)
    it_ends_by_itself_within_its_time(host)
    nginx_takes_caddys_place(host)


def a_delay_is_on_the_open_page(host: Host, frank: Visitor) -> None:
    reader = host.browser()
    assert TITLE in reader.get("/").text
    stream = reader.stream()
    with host.timed("(a delay, until it is on an open page)"):
        number = frank.edit(host.latest(), do="late", session="first-talk", minutes="5")
        stream.revision(number)
        page = reader.get("/talks/first-talk").text
    stream.close()
    assert "09:20" in page


def nothing_is_lost_by_a_restart_or_a_kill(host: Host) -> None:
    number = host.latest()
    with host.timed("systemctl restart agenda, until a reader has a page"):
        host.machine.run("systemctl restart agenda")
        wait_until(host.answers)
    assert host.latest() == number
    with host.timed("systemctl kill --signal KILL agenda, until a reader has a page"):
        host.machine.run("systemctl kill --signal KILL agenda")
        wait_until(lambda: host.machine.state("agenda", "NRestarts") == "1")
        wait_until(host.answers)
    assert host.latest() == number


def the_running_service_is_confined(host: Host) -> None:
    assert exposure(host.machine.run("systemd-analyze security agenda --no-pager")) < LARGEST_EXPOSURE
    service = host.machine.state("agenda", "MainPID")
    # Root itself, in what the service sees of the file system.
    places = "/ /etc /opt/agenda /root /home /srv /usr /var /var/lib"
    write = f"nsenter --target {service} --mount touch $place/written 2>/dev/null"
    assert host.machine.run(f"for place in {places}; do if {write}; then echo $place; fi; done") == ""
    assert host.machine.run(f"for place in /var/lib/agenda; do if {write}; then echo $place; fi; done") != ""
    assert int(host.machine.run(f"stat --format %u /proc/{service}")) in DYNAMIC_USERS
    assert host.machine.run("stat --format %a /etc/agenda.env") == "600"


def an_import_of_the_console_is_published(host: Host, frank: Visitor) -> None:
    number, plan = host.latest(), frank.get("/export/schedule.json").body
    job = frank.send_file(PAGE_OF_IMPORTS, plan.replace(b"The title of a talk", b"On trees", 1), "plan.json").leads_to
    wait_until(lambda: state_on(frank.get(job).text) not in UNFINISHED)
    assert frank.post(job).leads_to == f"{job}?done={number + 1}"
    assert "On trees" in frank.get("/").text


def edits_of_the_terminal_are_published(host: Host) -> None:
    number = host.latest()
    said = host.follow("Changing the day from the terminal")
    wait_until(lambda: host.latest() == number + 2)
    assert "/organizer/sign-in/" in said
    host.follow("Settings, restarts and logs")
    wait_until(host.answers)


def the_backup_brings_back_what_was_there(host: Host, frank: Visitor) -> None:
    number = host.latest()
    host.follow("Backups")
    wait_until(lambda: host.machine.run(f"ls {LATEST_COPY}", check=False) == LATEST_COPY)
    assert frank.edit(number, do="late", session="first-talk", minutes="5") == number + 1
    host.follow("Going back to a backup")
    wait_until(host.answers)
    assert host.latest() == number


def an_upgrade_keeps_everything(host: Host, repository: Path) -> None:
    number = host.latest()
    release = commit(repository, "The next release")
    host.follow("Upgrading")
    wait_until(host.answers)
    assert host.latest() == number
    assert host.machine.run("git -C /opt/agenda rev-parse HEAD") == release


def postgresql_takes_over(host: Host, frank: Visitor) -> None:
    number = host.latest()
    host.follow("Several processes, with PostgreSQL")
    wait_until(host.answers)
    assert host.latest() == number
    assert frank.edit(number, do="cancel", session="panel") == number + 1
    rows = 'runuser -u postgres -- psql --tuples-only agenda --command "select count(*) from revisions"'
    assert int(host.machine.run(rows)) == number + 1


def it_ends_by_itself_within_its_time(host: Host) -> None:
    stream = host.browser().stream()
    with host.timed("systemctl stop agenda, with an open page"):
        host.machine.run("systemctl stop agenda")
    stream.close()
    assert host.machine.state("agenda", "Result") == "success"
    host.machine.run("systemctl start agenda")


def nginx_takes_caddys_place(host: Host) -> None:
    host.follow("nginx in place of Caddy")
    wait_until(lambda: host.answers(f"{CERTBOT}/fullchain.pem".lstrip("/")))
    assert TITLE in host.browser(f"{CERTBOT}/fullchain.pem".lstrip("/")).get("/").text
