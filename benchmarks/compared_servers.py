"""Servers to compare, each a process of its own on one core, and what they cost."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER_CORE, LOAD_CORE = 0, 1
STARTS_WITHIN_SECONDS = 60
HERE = Path(__file__).resolve().parent
NGINX_CONF = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 20000; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 1000000000;
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


class NotHere(Exception):
    """A program that the benchmark needs is not installed."""


def program(name: str, package: str) -> str:
    """Where a program is."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        raise NotHere(f"{name} is not here; on Debian: apt-get install {package}")
    return found


def on_core(core: int) -> list[str]:
    """What starts a command on one core; nothing where the machine has but one."""
    return ["taskset", "-c", str(core)] if core in os.sched_getaffinity(0) and shutil.which("taskset") else []


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def open_many_files() -> None:
    most = most_files()
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def most_files() -> int:
    """How many files a process may have open at most; the servers, started from here, have the same limit."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used in all its threads, in user space and in the kernel."""
    # As clock_getcpuclockid(3) makes it of a process id; /proc counts in hundredths of a second.
    return time.clock_gettime(~pid << 3 | 2)


def waited_seconds(pid: int) -> float:
    """How long a process's main thread could have run while others had its core."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def memory_bytes(pid: int) -> int:
    """What a process has in memory."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer")


@contextmanager
def running(command: list[str], url: str, **environment: str) -> Iterator[int]:
    """A server on its core until the end of the block; gives its process id."""
    process = subprocess.Popen([*on_core(SERVER_CORE), *command], env=os.environ | environment)
    try:
        wait_for(url, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def nginx(folder: Path, files: dict[str, bytes]) -> Iterator[tuple[str, int]]:
    """nginx with static files; gives its address and its worker's process id."""
    port = free_port()
    (folder / "files").mkdir(parents=True)
    for name, content in files.items():
        (folder / "files" / name).write_bytes(content)
    (folder / "nginx.conf").write_text(NGINX_CONF.format(folder=folder, port=port))
    folder.chmod(0o755)
    (folder / "files").chmod(0o755)
    command = [program("nginx", "nginx-light"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    if os.geteuid() == 0:
        command += ["-g", "user root;"]
    url = f"http://127.0.0.1:{port}"
    with running(command, f"{url}/{next(iter(files))}") as pid:
        yield url, int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@contextmanager
def python_server(module: str, folder: Path, **environment: str) -> Iterator[tuple[str, int]]:
    """One of the modules beside this one as a server; gives its address and process id."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "PORT": str(port),
        "AGENDA_PUBLIC_URL": url,
        "BENCH_FOLDER": str(folder),
        "PYTHONPATH": str(HERE.parent),
    }
    command = [sys.executable, "-m", f"benchmarks.{module}"]
    with running(command, f"{url}/healthz", **settings, **environment) as pid:
        yield url, pid
