"""The production server, with three more addresses, which change the day as the console does.

POST to /bench publishes an edit, to /bench/cue sends a cue, to /bench/step takes the next step of a line-up.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from app import create_app
from app.domain.cues import CUE_MINUTES
from app.domain.edits.edit_types import ChangeContent, Edit
from app.domain.edits.lineup_edits import next_step
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.session import Item, Session
from app.formats.program_folder.reader import read_program
from app.live.clock import SYSTEM_CLOCK, Clock
from app.logs import configure
from app.server.front_door import FrontDoor
from app.server.process_tuning import raise_file_limit, tune_interpreter
from app.server.uvicorn_server import server_options
from app.service_factory import serve_from
from app.settings import Settings, first_program
from app.store.database import open_database, sqlite_url
from app.store.database_identity import Rehearsal
from app.store.publishing import publish_edit
from app.store.room_state import RoomStates
from app.web.running_service import Service
from benchmarks.programs import program_of

# Which of the first program's sessions is on: all pages show it, and revision n gives it the title "Title n".
ON_AT_THE_START = 2
# With this many sessions in the environment a made program is served, in its middle.
SESSIONS = int(os.environ.get("BENCH_SESSIONS", "0"))
# With so many in the environment the session that is on has a line-up for as many steps, whose item n is "Step n".
STEPS = int(os.environ.get("BENCH_STEPS", "0"))
STEP_MINUTES = 10


class Bench:
    """A front door that can also be told to publish."""

    def __init__(self, service: Service) -> None:
        settings = Settings(program=first_program(), secret_key="for benchmarks", public_url=service.public_url)
        self._door = FrontDoor(create_app(settings, service), Settings.read(os.environ).grip)
        self.lookup = self._door.lookup
        self.hold_stream = self._door.hold_stream
        self.end_streams = self._door.end_streams
        self._service = service

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        changes = {"/bench": self._retitle, "/bench/cue": self._cue, "/bench/step": self._step}
        if scope["type"] != "http" or scope["path"] not in changes:
            await self._door(scope, receive, send)
            return
        number = await asyncio.to_thread(changes[scope["path"]])
        body = b"%d" % number
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _retitle(self) -> int:
        revision = self._service.current.snapshot.revision
        title = f"Title {revision.number + 1}"
        return self._publish(ChangeContent(session=_on_at_the_start(revision.program).id, title=title))

    def _step(self) -> int:
        """Begin the next item of the line-up that is on; its number."""
        program = self._service.current.snapshot.revision.program
        session = _on_at_the_start(program)
        step = next_step(program, session, self._service.clock.now())
        self._publish(step)
        return 1 + next(index for index, item in enumerate(session.items) if item.id == step.item)

    def _publish(self, edit: Edit) -> int:
        current, now = self._service.current, self._service.clock.now()
        base = current.snapshot.revision.number
        made = publish_edit(current.revisions, edit, base=base, by=Editor("bench"), note="", now=now)
        current.refresh()
        return made.number

    def _cue(self) -> int:
        """Send the stage of the first room a cue that says which one it is."""
        service, states = self._service, RoomStates(self._service.current.revisions)
        room, number = service.current.snapshot.revision.program.rooms[0].id, states.version() + 1
        text, now = f"Cue {number}", service.clock.now()
        states.send_cue(room, text, "steady", minutes=CUE_MINUTES, by=Editor("bench"), now=now)
        service.current.refresh()
        return number


def _on_at_the_start(program: Program) -> Session:
    return program.sessions[SESSIONS // 2 or ON_AT_THE_START]


def _with_line_up(program: Program) -> Program:
    """The program with the line-up that the environment asks for; as it is without."""
    if not STEPS:
        return program
    on = _on_at_the_start(program)
    numbers = range(1, STEPS + 2)
    items = tuple(Item(id=f"step-{number}", title=f"Step {number}", minutes=STEP_MINUTES) for number in numbers)
    return replace(program, sessions=tuple(replace(one, items=items) if one is on else one for one in program.sessions))


def main() -> None:
    configure("error")
    program = _with_line_up(program_of(SESSIONS) if SESSIONS else read_program(first_program()))
    database = open_database(sqlite_url(Path(os.environ["BENCH_FOLDER"]) / "agenda.sqlite"), program.id)
    clock = Clock(Rehearsal(SYSTEM_CLOCK.now(), _on_at_the_start(program).start))
    service = serve_from(database, program, clock, os.environ["AGENDA_PUBLIC_URL"])
    bench = Bench(service)
    raise_file_limit()
    tune_interpreter()
    uvicorn.run(bench, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="error", **server_options())


if __name__ == "__main__":
    main()
