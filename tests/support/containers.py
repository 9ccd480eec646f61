"""Containers for tests: podman with a storage of its own, and the images of the docs made from a bare Debian."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from support.checkout import empty_environment, environment
from support.repository import ROOT

# The image of the service, and those that `deploy/` names and that nothing here can be pulled from.
IMAGE = "localhost/codeml-agenda"
BASE = "docker.io/library/python:3.13-slim"
CADDY, POSTGRES = "docker.io/library/caddy:2", "docker.io/library/postgres:17"
# The oldest that is known to read the files in `deploy/`.
COMPOSE = "podman-compose==1.6.0"
ENDS_WITHIN_SECONDS = 300
# Everybody may lower limits; podman raises them, which not every machine allows.
LIMITS = ("nofile=1024:4096", "nproc=1024:1024")
NEEDED = ("podman", "buildah", "runc", "iptables")

# Debian's Caddy and PostgreSQL, with as much of the official images' ways as `deploy/` relies on.
STAND_INS = f"""\
FROM {BASE}
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends caddy postgresql
COPY start-postgres /usr/local/bin/
RUN install -d -m 1777 -o postgres -g postgres /var/lib/postgresql/data
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config PGDATA=/var/lib/postgresql/data
"""
START_CADDY = '["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]'
START_POSTGRES = """\
#!/bin/sh
set -e
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    printf %s "$POSTGRES_PASSWORD" >/tmp/password
    initdb --username="$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust --locale=C.UTF-8
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    pg_ctl -w -o '-c listen_addresses=' start
    createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
    pg_ctl -w stop
fi
exec postgres -c 'listen_addresses=*'
"""


def why_no_containers() -> str | None:
    """Why no container can be run here; None where one can."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    return f"needs {', '.join(missing)}: `.ci/tools acceptance` installs them" if missing else None


@dataclass(frozen=True)
class Containers:
    """Podman and podman-compose, with their storage, networks and settings in a folder."""

    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """The environment in which they use that folder; `docker compose` is podman-compose in it."""
        return environment(
            self.folder / "programs",
            self.folder / "compose" / "bin",
            CONTAINERS_CONF=str(self.folder / "containers.conf"),
            CONTAINERS_STORAGE_CONF=str(self.folder / "storage.conf"),
            # What is built may use this machine's network as it is, and needs no rights that a container may lack.
            BUILDAH_ISOLATION="chroot",
            # The other format has no health check.
            BUILDAH_FORMAT="docker",
        )

    def podman(self, *words: str | Path, within: float = ENDS_WITHIN_SECONDS) -> str:
        """What podman prints; raises `RuntimeError` where it fails."""
        done = self.tried(*words, within=within)
        if done.returncode:
            raise RuntimeError(f"podman {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def tried(self, *words: str | Path, within: float = ENDS_WITHIN_SECONDS) -> subprocess.CompletedProcess[str]:
        """Podman with these words, whatever becomes of it."""
        return subprocess.run(
            ["podman", *words], env=self.settings, capture_output=True, text=True, check=False, timeout=within
        )

    def logs(self, name: str) -> str:
        """What a container has printed, to both of its streams."""
        done = self.tried("logs", name)
        return done.stdout + done.stderr

    def state(self, name: str) -> dict[str, object]:
        """What podman knows of a container's process: `Pid`, `ExitCode`, `Running`…"""
        found: dict[str, object] = json.loads(self.podman("inspect", name, "--format", "{{json .State}}"))
        return found

    def remove(self) -> None:
        """Leave nothing behind."""
        self.tried("pod", "rm", "--all", "--force", "--time", "0")
        self.tried("rm", "--all", "--force", "--time", "0")
        self.tried("volume", "prune", "--force")
        self.tried("network", "prune", "--force")
        self.tried("rmi", "--all", "--force")
        # Podman keeps this folder mounted on itself.
        subprocess.run(["umount", self.folder / "graph" / "overlay"], check=False, capture_output=True)
        shutil.rmtree(self.folder)


@contextmanager
def shared_containers(shared: Path, debian: Callable[..., Path]) -> Iterator[Containers]:
    """Containers whose images are made once for several processes; the last of them removes all."""
    containers = Containers(shared / "containers")
    users = shared / "containers.users"
    with _locked(shared):
        count = int(users.read_text()) if users.exists() else 0
        if not count:
            _make(containers, debian, shared / "containers.failure")
        users.write_text(str(count + 1))
    try:
        yield containers
    finally:
        with _locked(shared):
            count = int(users.read_text()) - 1
            users.write_text(str(count))
            if not count:
                containers.remove()


@contextmanager
def _locked(shared: Path) -> Iterator[None]:
    with (shared / "containers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(containers: Containers, debian: Callable[..., Path], failure: Path) -> None:
    """Make all that is shared; where that has failed once, say why instead of trying again."""
    if failure.exists():
        raise RuntimeError(failure.read_text())
    try:
        _write_settings(containers.folder)
        _make_images(containers, debian("python3", "python3-venv"))
    except BaseException as cause:  # a time limit of pytest is no Exception
        failure.write_text(f"{type(cause).__name__}: {cause}")
        with suppress(Exception):
            containers.remove()
        raise


def _write_settings(folder: Path) -> None:
    (folder / "programs").mkdir(parents=True)
    (folder / "storage.conf").write_text(
        f'[storage]\ndriver = "overlay"\ngraphroot = "{folder / "graph"}"\nrunroot = "{folder / "run"}"\n'
    )
    (folder / "containers.conf").write_text(
        f"[containers]\ndefault_ulimits = {json.dumps(LIMITS)}\n"
        # Unlike crun it also runs where control groups of both versions are mounted.
        '[engine]\nruntime = "runc"\n'
        f'[network]\nnetwork_config_dir = "{folder / "networks"}"\n'
    )
    docker = folder / "programs" / "docker"
    docker.write_text('#!/bin/sh\n[ "$1" = compose ] || exec podman "$@"\nshift\nexec podman-compose "$@"\n')
    docker.chmod(0o755)
    empty_environment(folder / "compose", COMPOSE)


def _make_images(containers: Containers, debian: Path) -> None:
    """The base from a bare Debian, then the service's own and the stand-ins, under the names that `deploy/` has."""
    # What pip trusts in the images that are built.
    (debian / "etc" / "pip.conf").write_text("[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n")
    archive = containers.folder / "base.tar"
    _run(containers, "tar", "--create", "--numeric-owner", "--file", archive, "--directory", debian, ".")
    containers.podman("import", "--quiet", archive, BASE)
    archive.unlink()
    shutil.rmtree(debian)
    build = ("buildah", "bud", "--layers")
    _run(containers, *build, "--file", ROOT / "deploy" / "Containerfile", "--tag", IMAGE, ROOT)
    folder = containers.folder / "stand-ins"
    folder.mkdir()
    (folder / "start-postgres").write_text(START_POSTGRES)
    (folder / "start-postgres").chmod(0o755)
    for name, last in ((CADDY, f"CMD {START_CADDY}\n"), (POSTGRES, 'USER postgres\nCMD ["start-postgres"]\n')):
        (folder / "Containerfile").write_text(STAND_INS + last)
        _run(containers, *build, "--tag", name, folder)


def _run(containers: Containers, *words: str | Path) -> None:
    done = subprocess.run(
        words, env=containers.settings, capture_output=True, text=True, check=False, timeout=2 * ENDS_WITHIN_SECONDS
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def lines_of(text: str) -> Sequence[str]:
    """The lines of a program's own, without podman's remarks that here no systemd runs health checks."""
    return [line for line in text.splitlines() if "systemd" not in line and "syslog" not in line]
