"""Two releases of the service, as processes of their own from copies of the source."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.processes import end
from support.repository import ROOT
from support.server_processes import ENDS_WITHIN_SECONDS, free_port
from support.waiting import wait_until


def release(folder: Path, *, ink: str) -> Path:
    """A copy of the source whose style has another ink, so that it is another build."""
    for name in ("app", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name)
    style = folder / "app" / "static" / "css" / "tokens.css"
    style.write_text(style.read_text().replace("--ink: #111214", f"--ink: {ink}"))
    return folder


@contextmanager
def started(source: Path, database: Path, at: str) -> Iterator[int]:
    """Serve a release on a database that others may have served before; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port), "--at", at]
    settings = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{database}"}
    process = subprocess.Popen(command, cwd=source, env=settings, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: process.poll() is not None or _answers(port), seconds=30)
        yield port
    finally:
        end(process, ENDS_WITHIN_SECONDS)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.1).close()
    except OSError:
        return False
    return True
