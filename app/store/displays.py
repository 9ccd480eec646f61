"""Displays report which room and revision they show; the console lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from app.store.database import Database
from app.store.tables import displays, upsert

# Anybody may report, so the number is bounded; a real display reports again within a minute.
MOST_DISPLAYS = 500
FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_ID = 64
LONGEST_PATH = 200


@dataclass(frozen=True, slots=True)
class Display:
    """One screen; ``id`` is its own choice, ``seen_at`` the real time of its latest report."""

    id: str
    room: str | None
    path: str
    revision: int
    seen_at: datetime


class Displays:
    """The screens that report to one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, display: Display) -> None:
        """Store a display's report; removes the oldest beyond the limits."""
        values = {
            "room": display.room and display.room[:LONGEST_ID],
            "path": display.path[:LONGEST_PATH],
            "revision": display.revision,
            "seen_at": display.seen_at,
        }
        with self._database.writing() as connection:
            upsert(connection, displays, {"id": display.id[:LONGEST_ID]}, values)
            _forget(connection, display.seen_at)

    def all(self, now: datetime) -> tuple[Display, ...]:
        """The displays that reported within a day, the latest first."""
        lately = displays.c.seen_at > now - FORGOTTEN_AFTER
        query = select(displays).where(lately).order_by(displays.c.seen_at.desc(), displays.c.id)
        with self._database.reading() as connection:
            return tuple(Display(**row._asdict()) for row in connection.execute(query))


def _forget(connection: Connection, now: datetime) -> None:
    connection.execute(delete(displays).where(displays.c.seen_at <= now - FORGOTTEN_AFTER))
    latest = select(displays.c.id).order_by(displays.c.seen_at.desc(), displays.c.id).limit(MOST_DISPLAYS)
    connection.execute(delete(displays).where(displays.c.id.not_in(latest)))
