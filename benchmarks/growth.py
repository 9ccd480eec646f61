"""What a larger program costs: at the start, at a publish, at a boundary, for a request.

Each size runs in a process of its own: `python -m benchmarks.growth SESSIONS FOLDER` prints JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from app import create_app
from app.domain.edits.edit_types import ChangeContent
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK, Clock
from app.live.edition import ResponseKey
from app.server.front_door import FrontDoor
from app.server.response_cache import ParsedRequest, cached_response
from app.service_factory import serve_from, serve_published
from app.settings import Settings, first_program
from app.store.database import open_database, sqlite_url
from app.store.database_identity import Rehearsal
from app.store.publishing import publish_edit
from app.web.prerender import Prerenderer
from app.web.running_service import Service
from benchmarks.compared_servers import LOAD_CORE, memory_bytes, on_core
from benchmarks.programs import program_of

PUBLISHES = 5
LOOK_UPS = 20_000
PUBLIC = "http://127.0.0.1"


def measure(folder: Path, sizes: list[int]) -> list[dict[str, Any]]:
    """Each size in turn."""
    found = []
    for size in sizes:
        command = [*on_core(LOAD_CORE), sys.executable, "-m", "benchmarks.growth", str(size), str(folder / str(size))]
        here = Path(__file__).parent.parent
        found.append(json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=here).stdout))
    return found


def milliseconds(call: Callable[[], object]) -> float:
    """The processor time of a call in this process, so that others' work does not count."""
    begun = time.process_time()
    call()
    return round(1000 * (time.process_time() - begun), 2)


def observe(size: int, folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True)
    program = program_of(size)
    clock = Clock(Rehearsal(SYSTEM_CLOCK.now(), program.sessions[size // 2].start))
    url = sqlite_url(folder / "agenda.sqlite")
    serve_from(open_database(url, program.id), program, clock, PUBLIC).close()
    began, empty = time.process_time(), memory_bytes(_pid())
    service = serve_published(open_database(url, program.id), clock, PUBLIC)
    service.watcher.stop()
    door = FrontDoor(
        create_app(Settings(program=first_program(), secret_key="for benchmarks", memory_megabytes=512), service)
    )
    ahead = Prerenderer(
        create_app(Settings(program=first_program(), secret_key="for benchmarks", memory_megabytes=512), service)
    )
    ahead.build(service.current.snapshot, clock.now())
    service.current.before_revision(lambda coming: ahead.build(coming, clock.now()))
    start = 1000 * (time.process_time() - began)
    publishes = [milliseconds(partial(_publish, service, turn)) for turn in range(PUBLISHES)]
    end = service.current.snapshot.timeline.segment(clock.now()).end
    if end is None:
        raise RuntimeError("there is no boundary ahead")
    boundary = milliseconds(lambda: ahead.build(service.current.snapshot, end))
    page = service.editions.at(service.current.snapshot, clock.now()).responses[ResponseKey("/")]
    found = {
        "sessions": size,
        "start_milliseconds": round(start),
        "publish_milliseconds": round(median(publishes), 1),
        "boundary_milliseconds": round(boundary, 1),
        "request_microseconds": _request(door),
        "memory_megabytes": round((memory_bytes(_pid()) - empty) / 1e6, 1),
        "day_page_kilobytes": round(len(page.body) / 1000),
        "day_page_kilobytes_compressed": round(len(page.variant("br").body) / 1000),
    }
    service.close()
    return found


def _publish(service: Service, turn: int) -> None:
    """What the console does: the edit, and its pages ready for everybody."""
    current = service.current
    edit = ChangeContent(session="session-3", title=f"Title {turn}")
    base = current.snapshot.revision.number
    publish_edit(current.revisions, edit, base=base, by=Editor("bench"), note="", now=service.clock.now())
    current.refresh()


def _request(door: FrontDoor) -> float:
    """The look-up of a page that was asked for before."""
    headers = [(b"host", b"127.0.0.1"), (b"accept-encoding", b"gzip")]
    question = ParsedRequest(b"/", headers)
    if question.key is None:
        raise RuntimeError("the question is not plain")
    service, page = door._service, cached_response(200, "/", [], b"page")  # noqa: SLF001 - as if it had been asked
    door._response_cache.store(question.key, page, service.current.snapshot, service.clock.now())  # noqa: SLF001
    found = milliseconds(lambda: [door.lookup(question) for _ in range(LOOK_UPS)])
    return round(1000 * found / LOOK_UPS, 2)


def _pid() -> int:
    return int(Path("/proc/self").readlink().name)


if __name__ == "__main__":
    print(json.dumps(observe(int(sys.argv[1]), Path(sys.argv[2]))))
