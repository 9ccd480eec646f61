"""The real Pushpin with the configuration of `deploy/`, as this user, on free ports of the loopback."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.compared_servers import free_port

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "deploy" / "pushpin.conf"
# Debian's specifications of the sockets between Pushpin's parts.
INTERNAL = Path("/usr/lib/pushpin/internal.conf")
# Programs of the system's administrator are not on every path.
PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))
KEY = "a-key-of-tests-and-benchmarks-of-32-bytes"
PROGRAMS = ("pushpin", "pushpin-proxy", "pushpin-handler", "condure", "zurl")
STARTS_WITHIN_SECONDS = 30
PASSES_WITHIN_SECONDS = 2
ENDS_WITHIN_SECONDS = 20


def missing_programs() -> list[str]:
    """What of Debian's Pushpin is not installed."""
    return [name for name in PROGRAMS if shutil.which(name, path=PATH) is None]


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"Pushpin: not so after {seconds} s")
        time.sleep(0.02)


@dataclass
class Pushpin:
    """A Pushpin before services on these ports, with its files in a folder of its own."""

    folder: Path
    services: list[int]
    key: str = KEY
    port: int = field(default_factory=free_port)
    control: int = field(default_factory=free_port)
    changed: dict[str, str] = field(default_factory=dict)
    # Directly in the system's temporary folder: a socket's address has 107 bytes at most (unix(7)).
    sockets: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="pushpin-")))
    process: subprocess.Popen[bytes] | None = None

    @property
    def setting(self) -> str:
        """What the service's AGENDA_GRIP_URL is."""
        return f"http://127.0.0.1:{self.control}?iss=agenda&key={self.key}"

    def start(self, *, amid_requests: bool = False) -> None:
        """Start its programs and wait until it takes requests; a second time: with nothing that it knew.

        Amid so many requests that one more may take long, wait until it listens.
        """
        config = self._configured()
        with (self.folder / "pushpin.log").open("a") as log:
            self.process = subprocess.Popen(
                ("pushpin", "--config", str(config)),
                cwd=self.folder,
                env={"PATH": PATH},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: self._answers_or_ended(passes_on=not amid_requests), STARTS_WITHIN_SECONDS)
        if self.process.poll() is not None:
            raise RuntimeError(self.log()[-2000:])

    def kill(self) -> None:
        """End it and its programs at once, as `kill -9` does: its connections are cut."""
        if self.process is None:
            return
        # Each of its programs is a process group of its own.
        for number in (self.process.pid, *self.programs()):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()
        self.process = None
        wait_until(lambda: not any(map(is_listened_on, (self.port, self.control))), ENDS_WITHIN_SECONDS)

    def stop(self) -> None:
        """Ask it to end, and end what is left of it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(ENDS_WITHIN_SECONDS)
        self.kill()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def programs(self) -> list[int]:
        """The processes of its programs."""
        return [int(file.read_text()) for file in self.sockets.glob("*.pid")]

    def log(self) -> str:
        """What all its programs have logged."""
        return "".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("**/*.log")))

    def _configured(self) -> Path:
        """The configuration of `deploy/`, with the ports, the key and the folders of this one."""
        self.sockets.mkdir(exist_ok=True)
        # Debian's zurl is a service of its own.
        sockets = INTERNAL.read_text().replace("ipc:///var/run/zurl/", "ipc://{rundir}/{ipc_prefix}")
        (self.folder / "internal.conf").write_text(sockets)
        own = {
            "include": str(self.folder / "internal.conf"),
            "rundir": str(self.sockets),
            "logdir": str(self.folder),
            "services": "condure,zurl,pushpin-proxy,pushpin-handler",
            "http_port": f"127.0.0.1:{self.port}",
            "routesfile": str(self.folder / "routes"),
            "sig_key": self.key,
            "push_in_http_port": str(self.control),
            **self.changed,
        }
        config = CONFIG.read_text()
        for name, value in own.items():
            config, times = re.subn(rf"(?m)^{name}=.*$", f"{name}={value}", config)
            if times != 1:
                raise RuntimeError(f"{CONFIG} has {name} {times} times")
        (self.folder / "pushpin.conf").write_text(config)
        targets = " ".join(f"127.0.0.1:{port}" for port in self.services)
        (self.folder / "routes").write_text(f"* {targets}\n")
        return self.folder / "pushpin.conf"

    def _answers_or_ended(self, *, passes_on: bool) -> bool:
        if self.process is not None and self.process.poll() is not None:
            return True
        if not all(map(is_listened_on, (self.port, self.control))):
            return False
        # Its parts find each other some moments after it listens, and requests that come before are lost.
        has_service = bool(self.services) and is_listened_on(self.services[0])
        return not (passes_on and has_service) or self._passes_on()

    def _passes_on(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PASSES_WITHIN_SECONDS)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        return False


@contextmanager
def pushpin(folder: Path, *services: int, **changed: str) -> Iterator[Pushpin]:
    """A running Pushpin before services; it is ended at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    one = Pushpin(folder, list(services), changed=changed)
    try:
        one.start()
        yield one
    finally:
        one.stop()


def is_listened_on(port: int) -> bool:
    """Whether a program takes connections on a port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False
