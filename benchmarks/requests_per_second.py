"""Requests a second: pages, feeds and 304s from memory against nginx's static files, bare ASGI and plain Flask.

What is compared is requests a second of the server's own processor time: on a machine where
others work too, that is far steadier than requests a second of a wall clock, which is shown beside it.
"""

from __future__ import annotations

import re
import subprocess
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.compared_servers import LOAD_CORE, cpu_seconds, nginx, on_core, program, python_server

CONNECTIONS = 64
FEED = "/calendar/codeml-2025.ics"
NOW = "/api/now"


@dataclass
class Target:
    """What is asked for, of which process."""

    name: str
    url: str
    pid: int
    headers: dict[str, str] = field(default_factory=dict)
    runs: list[tuple[float, float]] = field(default_factory=list)


def fetched(url: str, headers: dict[str, str]) -> tuple[bytes, str]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.read(), answer.headers["ETag"]


def run(target: Target, seconds: int) -> None:
    """Ask for so long, as fast as it goes."""
    headers = [word for name, value in target.headers.items() for word in ("-H", f"{name}: {value}")]
    load = [program("wrk", "wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", *headers, target.url]
    before = cpu_seconds(target.pid)
    said = subprocess.run([*on_core(LOAD_CORE), *load], capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(target.pid) - before
    if ("Non-2xx" in said and "If-None-Match" not in target.headers) or "Socket errors" in said:
        raise RuntimeError(f"{target.name}: {said}")
    number = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]  # wrk says so at its end
    target.runs.append((number / used, number / seconds))


def measure(folder: Path, *, runs: int, seconds: int) -> dict[str, Any]:
    """The rates of all, in turn, so that a slow moment of the machine meets each of them."""
    program("nginx", "nginx-light")
    program("wrk", "wrk")
    packed = {"Accept-Encoding": "gzip"}
    with ExitStack() as stack:
        ours, pid = stack.enter_context(python_server("agenda_server", folder))
        page, tag = fetched(f"{ours}/", packed)
        feed, feed_tag = fetched(ours + FEED, {})
        (folder / "page").write_bytes(page)
        static, worker = stack.enter_context(nginx(folder / "nginx", {"page": page, "feed": feed}))
        bare, bare_pid = stack.enter_context(python_server("bare_asgi", folder))
        flask, flask_pid = stack.enter_context(python_server("plain_flask", folder))
        targets = [
            Target("nginx, page", f"{static}/page", worker),
            Target("nginx, feed", f"{static}/feed", worker),
            Target("page", f"{ours}/", pid, packed),
            Target("feed", ours + FEED, pid),
            Target("page, 304", f"{ours}/", pid, {**packed, "If-None-Match": tag}),
            Target("feed, 304", ours + FEED, pid, {"If-None-Match": feed_tag}),
            Target("now", ours + NOW, pid),
            Target("now, gzip", ours + NOW, pid, packed),
            Target("bare ASGI", f"{bare}/", bare_pid),
            Target("plain Flask", f"{flask}/", flask_pid),
        ]
        for _ in range(runs):
            for target in targets:
                run(target, seconds)
    return _told(targets, {"page": len(page), "feed": len(feed)})


def _told(targets: list[Target], sizes: dict[str, int]) -> dict[str, Any]:
    rates = {target.name: median(rate for rate, _ in target.runs) for target in targets}
    walls = {target.name: median(rate for _, rate in target.runs) for target in targets}

    def ratio(one: str, other: str) -> float:
        pairs = zip(_runs(targets, one), _runs(targets, other), strict=True)
        return round(median(a / b for a, b in pairs), 3)

    return {
        "bytes": sizes,
        "requests_a_processor_second": {name: round(rate) for name, rate in rates.items()},
        "requests_a_second": {name: round(rate) for name, rate in walls.items()},
        "of_nginx_static": {
            "page": ratio("page", "nginx, page"),
            "feed": ratio("feed", "nginx, feed"),
            "page, 304": ratio("page, 304", "nginx, page"),
            "feed, 304": ratio("feed, 304", "nginx, feed"),
            "now": ratio("now", "nginx, page"),
            "now, gzip": ratio("now, gzip", "nginx, page"),
            "bare ASGI": ratio("bare ASGI", "nginx, page"),
        },
        "times_plain_flask": ratio("page", "plain Flask"),
    }


def _runs(targets: list[Target], name: str) -> list[float]:
    return [rate for target in targets if target.name == name for rate, _ in target.runs]
