"""What a larger program costs: at the start, at a publish, at a boundary, for a request.

Each size runs in a process of its own: `python -m benchmarks.growth SESSIONS FOLDER` prints JSON. A publish is also
measured on the production server, from outside. Processor time is that of all threads, until they are quiet again:
what goes on after the answer counts. Of several turns the least is told: the work is the same in each, and what else
the machine does only adds to it, by half and more on one that is shared.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK, Clock
from app.live.edition import ResponseKey
from app.live.snapshot import Snapshot
from app.server.front_door import FrontDoor
from app.server.process_tuning import tune_interpreter
from app.server.response_cache import ParsedRequest, cached_response
from app.service_factory import serve_from, serve_published
from app.settings import Settings, first_program
from app.store.database import open_database, sqlite_url
from app.store.database_identity import Rehearsal
from app.store.publishing import publish_edit
from app.web import address_traits
from app.web.prerender import ENCODINGS, Prerenderer
from app.web.request_context import PageContext
from app.web.responses import call_view
from app.web.running_service import Service
from app.web.session_markup import SessionMarkup
from benchmarks.compared_servers import LOAD_CORE, cpu_seconds, memory_bytes, on_core, python_server
from benchmarks.programs import program_of

PUBLISHES = 9
BOUNDARIES = 5
LOOK_UPS = 20_000
PUBLIC = "http://127.0.0.1"
MEMORY_MEGABYTES = 512
# A process is quiet when it works no longer than this in so long.
QUIET_SECONDS = 0.1
QUIET_SHARE = 0.1
IDLE_SECONDS = 2.0
LARGEST_OWN, LARGEST_WITH_CALLED = 12, 40
HERE = Path(__file__).resolve().parent.parent
OURS = (str(HERE / "app"), str(HERE / "templates"))

Milliseconds = dict[str, float]


def measure(folder: Path, sizes: list[int]) -> list[dict[str, Any]]:
    """Each size in turn."""
    return [_of_size(folder / str(size), size) for size in sizes]


def _of_size(folder: Path, size: int) -> dict[str, Any]:
    command = [*on_core(LOAD_CORE), sys.executable, "-m", "benchmarks.growth", str(size), str(folder)]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=HERE).stdout
    found: dict[str, Any] = json.loads(said)
    return found | {"server_publish_milliseconds": _on_the_server(folder, size)}


def _on_the_server(folder: Path, size: int) -> float:
    """A publish's processor time on the production server, less what it needs when nothing happens."""
    (folder / "server").mkdir()
    with python_server("agenda_server", folder / "server", BENCH_SESSIONS=str(size)) as (url, pid):
        clock = partial(cpu_seconds, pid)
        # The first renders for the first time.
        _publish_by_request(url)
        settle(clock)
        used = clock()
        time.sleep(IDLE_SECONDS)
        idle = (clock() - used) / IDLE_SECONDS
        return round(min(_less_idle(url, clock, idle) for _ in range(PUBLISHES)), 1)


def _less_idle(url: str, clock: Callable[[], float], idle: float) -> float:
    begun, used = time.monotonic(), clock()
    _publish_by_request(url)
    settle(clock)
    return 1000 * (clock() - used - idle * (time.monotonic() - begun))


def _publish_by_request(url: str) -> None:
    with urllib.request.urlopen(f"{url}/bench", data=b"", timeout=120) as answer:
        answer.read()


def settle(clock: Callable[[], float]) -> None:
    """Return when a process, whose processor time ``clock`` says, no longer works."""
    while True:
        used = clock()
        time.sleep(QUIET_SECONDS)
        if clock() - used < QUIET_SHARE * QUIET_SECONDS:
            return


def milliseconds(call: Callable[[], object]) -> float:
    """The processor time of a call and of what it leaves to do, in this process: what others do does not count."""
    begun = time.process_time()
    call()
    settle(time.process_time)
    return round(1000 * (time.process_time() - begun), 2)


def on_path(call: Callable[[], object]) -> float:
    """The processor time of a call until it returns."""
    begun = time.process_time()
    call()
    return round(1000 * (time.process_time() - begun), 2)


class Observed:
    """A service with its pages rendered ahead, as in production, on which each step is called by hand."""

    def __init__(self, program: Program, folder: Path) -> None:
        self._on_now = program.sessions[len(program.sessions) // 2]
        clock = Clock(Rehearsal(SYSTEM_CLOCK.now(), self._on_now.start))
        url = sqlite_url(folder / "agenda.sqlite")
        serve_from(open_database(url, program.id), program, clock, PUBLIC).close()
        began, empty = time.process_time(), memory_bytes(os.getpid())
        self.service = serve_published(open_database(url, program.id), clock, PUBLIC)
        self.service.watcher.stop()
        self.app = _app(self.service)
        self.door = FrontDoor(_app(self.service))
        self.ahead = Prerenderer(self.app)
        self._page_by_page: tuple[Milliseconds, Milliseconds] | None = None
        self._prepare(self.service.current.snapshot)
        self.service.current.before_revision(self._prepare)
        self.start_milliseconds = round(1000 * (time.process_time() - began))
        tune_interpreter()
        self._empty = empty

    @property
    def memory_megabytes(self) -> float:
        """What the service has taken since before its start."""
        return round((memory_bytes(os.getpid()) - self._empty) / 1e6, 1)

    def publish(self, turn: int) -> None:
        """What the console does: the edit of a session that is on, and its pages ready for everybody."""
        self._edit(turn)
        self.service.current.refresh()

    def pieces_of_a_publish(self, turn: int) -> int:
        """How many pieces of sessions' markup a publish renders."""
        code = SessionMarkup.make.__code__
        observer = cProfile.Profile()
        observer.runcall(self.publish, turn)
        stats: dict[tuple[str, int, str], tuple[int, ...]] = pstats.Stats(observer).stats  # type: ignore[attr-defined]
        return stats[code.co_filename, code.co_firstlineno, code.co_name][1]

    def boundary(self, instant: datetime) -> None:
        """What is done ahead of a boundary."""
        self.ahead.build(self.service.current.snapshot, instant)

    def parts_of_a_publish(self, turn: int) -> dict[str, Any]:
        """The milliseconds of each step, one by one; together they are a publish."""
        rendering, compressing = Milliseconds(), Milliseconds()
        self._page_by_page = rendering, compressing
        edit = on_path(partial(self._edit, turn))
        refresh = on_path(self.service.current.refresh)
        self._page_by_page = None
        pages = sum(rendering.values()) + sum(compressing.values())
        return {
            "edit_and_database": edit,
            "loading_timeline_and_history": round(refresh - pages, 2),
            "rendering": rendering,
            "compressing": compressing,
        }

    def parts_of_a_boundary(self, instant: datetime) -> dict[str, Milliseconds]:
        """The milliseconds of each page at an instant at which none is kept yet."""
        rendering, compressing = Milliseconds(), Milliseconds()
        self._measure_pages(self.service.current.snapshot, instant, rendering, compressing)
        return {"rendering": rendering, "compressing": compressing}

    def _edit(self, turn: int) -> None:
        current = self.service.current
        edit = ChangeContent(session=self._on_now.id, title=f"Title {turn}")
        base = current.snapshot.revision.number
        publish_edit(current.revisions, edit, base=base, by=Editor("bench"), note="", now=self.service.clock.now())

    def _prepare(self, coming: Snapshot) -> None:
        """The pages of a revision, before it is shown."""
        if self._page_by_page is None:
            self.ahead.build(coming, self.service.clock.now())
        else:
            self._measure_pages(coming, self.service.clock.now(), *self._page_by_page)

    def _measure_pages(
        self, coming: Snapshot, now: datetime, rendering: Milliseconds, compressing: Milliseconds
    ) -> None:
        context = PageContext(coming, now, frozen=False, rehearsal=self.service.clock.rehearsal)
        for path in address_traits.rules(self.app, lambda one: one.prerender == "always"):
            key = ResponseKey(path)
            rendering[path] = on_path(partial(call_view, self.app, key, context))
            page = self.service.editions.at(coming, now).responses[key]
            compressing[path] = on_path(partial(list, map(page.variant, ENCODINGS)))


def observe(size: int, folder: Path) -> dict[str, Any]:
    """All figures of one size, but that of the server."""
    folder.mkdir(parents=True)
    observed = Observed(program_of(size), folder)
    service = observed.service
    publishes = [milliseconds(partial(observed.publish, turn)) for turn in range(PUBLISHES)]
    answered = [on_path(partial(observed.publish, PUBLISHES + turn)) for turn in range(PUBLISHES)]
    settle(time.process_time)
    # What is rendered ahead takes the place of some pieces and pages.
    pieces = observed.pieces_of_a_publish(2 * PUBLISHES + 2)
    settle(time.process_time)
    page = service.editions.at(service.current.snapshot, service.clock.now()).responses[ResponseKey("/")]
    *ahead, next_to_last, last = _boundaries(service, BOUNDARIES + 2)
    boundaries = [milliseconds(partial(observed.boundary, instant)) for instant in ahead]
    found = {
        "sessions": size,
        "start_milliseconds": observed.start_milliseconds,
        "publish_milliseconds": round(min(publishes), 1),
        "publish_milliseconds_until_shown": round(min(answered), 1),
        "boundary_milliseconds": round(min(boundaries), 1),
        "request_microseconds": _request(observed.door),
        "memory_megabytes": observed.memory_megabytes,
        "day_page_kilobytes": round(len(page.body) / 1000),
        "day_page_kilobytes_compressed": round(len(page.variant("br").body) / 1000),
        "pieces_of_a_publish": pieces,
        "parts_of_a_publish_milliseconds": observed.parts_of_a_publish(2 * PUBLISHES),
        "parts_of_a_boundary_milliseconds": observed.parts_of_a_boundary(next_to_last),
        "profile_of_a_publish_percent": profile(partial(observed.publish, 2 * PUBLISHES + 1)),
        "profile_of_a_boundary_percent": profile(partial(observed.boundary, last)),
    }
    service.close()
    return found


def _app(service: Service) -> Flask:
    settings = Settings(program=first_program(), secret_key="for benchmarks", memory_megabytes=MEMORY_MEGABYTES)
    return create_app(settings, service)


def profile(call: Callable[[], object]) -> dict[str, dict[str, float]]:
    """The functions that take the most time themselves, and ours with what they call: shares in percent."""
    observer = cProfile.Profile(time.process_time)
    observer.runcall(call)
    # Typeshed does not know of the attribute: of each function its calls, then its own and its whole time.
    costs = pstats.Stats(observer).stats  # type: ignore[attr-defined]
    own = {where: row[2] for where, row in costs.items()}
    ours = {where: row[3] for where, row in costs.items() if where[0].startswith(OURS)}
    whole = sum(own.values())
    return {"own": _largest(own, whole, LARGEST_OWN), "with_what_they_call": _largest(ours, whole, LARGEST_WITH_CALLED)}


def _largest(costs: dict[tuple[str, int, str], float], whole: float, number: int) -> dict[str, float]:
    ordered = sorted(costs, key=lambda where: -costs[where])[:number]
    return {_named(where): round(100 * costs[where] / whole, 1) for where in ordered}


def _boundaries(service: Service, number: int) -> list[datetime]:
    """The next instants at which what is shown may differ."""
    timeline, instant, found = service.current.snapshot.timeline, service.clock.now(), list[datetime]()
    while len(found) < number and (end := timeline.segment(instant).end) is not None:
        found.append(end)
        instant = end
    return found


def _named(where: tuple[str, int, str]) -> str:
    """A function as people find it: the end of its file's path, and its name."""
    file, line, name = where
    return f"{'/'.join(Path(file).parts[-2:])}:{line} {name}" if file != "~" else name.split(" at 0x")[0]


def _request(door: FrontDoor) -> float:
    """The look-up of a page that was asked for before."""
    headers = [(b"host", b"127.0.0.1"), (b"accept-encoding", b"gzip")]
    question = ParsedRequest(b"/", headers)
    if question.key is None:
        raise RuntimeError("the question is not plain")
    service, page = door._service, cached_response(200, "/", [], b"page")  # noqa: SLF001 - as if it had been asked
    door._stored._cache.store(question.key, page, service.current.snapshot, service.clock.now())  # noqa: SLF001
    found = on_path(lambda: [door.lookup(question) for _ in range(LOOK_UPS)])
    return round(1000 * found / LOOK_UPS, 2)


if __name__ == "__main__":
    print(json.dumps(observe(int(sys.argv[1]), Path(sys.argv[2]))))
