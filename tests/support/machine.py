"""A machine with systemd, booted in a folder by systemd-nspawn; it has this machine's network, and so its ports."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.debian_root import CERTIFICATES
from support.processes import end
from support.waiting import wait_until

# The least that boots; `libnss-systemd` is on every Debian that was not made as small as this one.
PACKAGES = ("systemd", "systemd-sysv", "dbus")
BOOTS_WITHIN_SECONDS = 60
ENDS_WITHIN_SECONDS = 60
RUNS_WITHIN_SECONDS = 240
BOOTED = {"running", "degraded"}
# How systemd is told to power off (systemd(1)).
POWER_OFF = "SIGRTMIN+4"


def why_no_machine() -> str | None:
    """Why no machine can be booted here; None where it can."""
    if shutil.which("systemd-nspawn") is None:
        return "needs systemd-container: `.ci/tools acceptance` installs it"
    return None


@dataclass
class Machine:
    """A machine: ``nspawn`` is the process that runs it, ``environment`` what commands see besides PATH and HOME."""

    root: Path
    nspawn: int
    environment: Mapping[str, str]

    def run(self, command: str, *, check: bool = True) -> str:
        """What a command of its shell prints, as root; raises `RuntimeError` where it fails and ``check`` is set."""
        inside = ("nsenter", "--target", str(_child_of(self.nspawn)), "--all", "--root", "--wd", "--")
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        done = subprocess.run(
            (*inside, "bash", "-euo", "pipefail", "-c", command),
            env={**environment, **_of_the_network(), **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=RUNS_WITHIN_SECONDS,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(f"{command}\n{done.stdout[-3000:]}")
        return done.stdout.strip()

    def is_booted(self) -> bool:
        """Whether its systemd has started all that it starts."""
        # Its first processes prepare the machine, and are none of it.
        return bool(_child_of(self.nspawn)) and self.run("systemctl is-system-running", check=False) in BOOTED

    def state(self, unit: str, name: str) -> str:
        """A property of a unit."""
        return self.run(f"systemctl show {unit} --property={name} --value")


@contextmanager
def booted(root: Path, bound: Mapping[Path, str], environment: Mapping[str, str]) -> Iterator[Machine]:
    """A machine in a folder, with some folders of this one, read-only, while it runs. It is powered off at the end."""
    binds = [f"--bind-ro={folder}:{inside}" for folder, inside in bound.items()]
    options = ("--quiet", "--register=no", "--keep-unit", "--console=pipe", f"--kill-signal={POWER_OFF}", "--boot")
    with (root.parent / "boot.log").open("w") as log:
        nspawn = subprocess.Popen(
            ("systemd-nspawn", f"--directory={root}", *binds, *options),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            machine = Machine(root, nspawn.pid, environment)
            wait_until(lambda: nspawn.poll() is not None or machine.is_booted(), BOOTS_WITHIN_SECONDS)
            if nspawn.poll() is not None:
                raise RuntimeError((root.parent / "boot.log").read_text()[-2000:])
            yield machine
        finally:
            end(nspawn, ENDS_WITHIN_SECONDS)


def _of_the_network() -> dict[str, str]:
    """What apt and pip need to reach their servers as this machine does, and not to ask anything."""
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    certificates = {"PIP_CERT": str(CERTIFICATES)} if CERTIFICATES.exists() else {}
    return {"LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **certificates, **kept}


def _child_of(process: int) -> int:
    """The first process that another one has started: of systemd-nspawn the machine's systemd; 0 without one."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(children[0]) if children else 0
