"""The production server, with one more address: a POST to /bench publishes, as the console does."""

from __future__ import annotations

import asyncio
import os
from itertools import count
from pathlib import Path
from typing import Any

import uvicorn

from app import create_app
from app.asgi import FrontDoor
from app.building import serve_from
from app.domain.edits import Rename
from app.formats.folder.reader import read_program
from app.live.clock import SYSTEM_CLOCK, RehearsalClock
from app.live.connections import open_many_files, server_options
from app.logs import configure
from app.settings import Settings, first_program
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit
from app.web.service import Service


class Bench:
    """A front door that can also be told to publish."""

    def __init__(self, service: Service) -> None:
        settings = Settings(program=first_program(), secret_key="for benchmarks", public_url=service.public_url)
        self._door = FrontDoor(create_app(settings, service))
        self.at_once = self._door.at_once
        self._service = service
        self._turns = count(1)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/bench":
            await self._door(scope, receive, send)
            return
        number = await asyncio.to_thread(self._publish)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"%d" % number})

    def _publish(self) -> int:
        current = self._service.current
        title = f"Title {next(self._turns)}"
        edit = Rename(session=current.snapshot.revision.program.sessions[0].id, title=title)
        base = current.snapshot.revision.number
        made = publish_edit(current.revisions, edit, base=base, author="bench", note="", now=self._service.clock.now())
        current.refresh()
        return made.number


def main() -> None:
    configure("error")
    program = read_program(first_program())
    database = open_database(sqlite_url(Path(os.environ["BENCH_FOLDER"]) / "agenda.sqlite"), program.id)
    clock = RehearsalClock(SYSTEM_CLOCK.now(), program.sessions[2].start)
    service = serve_from(database, program, clock, os.environ["AGENDA_PUBLIC_URL"])
    open_many_files()
    uvicorn.run(Bench(service), host="127.0.0.1", port=int(os.environ["PORT"]), log_level="error", **server_options())


if __name__ == "__main__":
    main()
