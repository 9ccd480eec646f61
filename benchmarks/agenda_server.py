"""The production server, with two more addresses: POST to /bench publishes, as the console does, /bench/cue cues."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import uvicorn

from app import create_app
from app.domain.cues import CUE_MINUTES
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.session import Session
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
        changes = {"/bench": self._publish, "/bench/cue": self._cue}
        if scope["type"] != "http" or scope["path"] not in changes:
            await self._door(scope, receive, send)
            return
        number = await asyncio.to_thread(changes[scope["path"]])
        body = b"%d" % number
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _publish(self) -> int:
        current = self._service.current
        base = current.snapshot.revision.number
        title = f"Title {base + 1}"
        edit = ChangeContent(session=_on_at_the_start(current.snapshot.revision.program).id, title=title)
        made = publish_edit(
            current.revisions, edit, base=base, by=Editor("bench"), note="", now=self._service.clock.now()
        )
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


def main() -> None:
    configure("error")
    program = program_of(SESSIONS) if SESSIONS else read_program(first_program())
    database = open_database(sqlite_url(Path(os.environ["BENCH_FOLDER"]) / "agenda.sqlite"), program.id)
    clock = Clock(Rehearsal(SYSTEM_CLOCK.now(), _on_at_the_start(program).start))
    service = serve_from(database, program, clock, os.environ["AGENDA_PUBLIC_URL"])
    bench = Bench(service)
    raise_file_limit()
    tune_interpreter()
    uvicorn.run(bench, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="error", **server_options())


if __name__ == "__main__":
    main()
