"""Displays report which room and revision they show; the console lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from app.store.database import Database
from app.store.tables import displays, upsert

# Anybody may report, so the number is bounded.
MOST_DISPLAYS = 500
# A display reports every 30 seconds: one that missed two reports is off or has no network.
SILENT_AFTER = timedelta(seconds=75)
FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_ID = 64
LONGEST_PATH = 200


@dataclass(frozen=True, slots=True)
class Display:
    """One screen; ``seen_at`` is the real time of its latest report, ``cue`` the id of the cue that a stage shows."""

    id: str
    room: str | None
    path: str
    revision: int
    seen_at: datetime
    cue: int | None = None


class Displays:
    """The screens that report to one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, display: Display) -> bool:
        """Store a display's report; a silent one makes room for a new one, a live one does not: then it is False."""
        values = {
            "room": display.room and display.room[:LONGEST_ID],
            "path": display.path[:LONGEST_PATH],
            "revision": display.revision,
            "seen_at": display.seen_at,
            "cue": display.cue,
        }
        with self._database.writing() as connection:
            if not _has_room(connection, display):
                return False
            upsert(connection, displays, {"id": display.id[:LONGEST_ID]}, values)
            _forget(connection, display.seen_at)
        return True

    def at(self, path: str, now: datetime) -> tuple[Display, ...]:
        """The displays of an address that are not silent."""
        live = displays.c.seen_at > now - SILENT_AFTER
        query = select(displays).where(live, displays.c.path == path[:LONGEST_PATH]).order_by(displays.c.id)
        with self._database.reading() as connection:
            return tuple(Display(**row._asdict()) for row in connection.execute(query))

    def all(self, now: datetime) -> tuple[Display, ...]:
        """The displays that reported within a day, the latest first."""
        lately = displays.c.seen_at > now - FORGOTTEN_AFTER
        query = select(displays).where(lately).order_by(displays.c.seen_at.desc(), displays.c.id)
        with self._database.reading() as connection:
            return tuple(Display(**row._asdict()) for row in connection.execute(query))


def _has_room(connection: Connection, display: Display) -> bool:
    live = set(connection.scalars(select(displays.c.id).where(displays.c.seen_at > display.seen_at - SILENT_AFTER)))
    # On PostgreSQL two new ones at once may both take the last place: then all of them stay.
    return display.id in live or len(live) < MOST_DISPLAYS


def _forget(connection: Connection, now: datetime) -> None:
    connection.execute(delete(displays).where(displays.c.seen_at <= now - FORGOTTEN_AFTER))
    latest = select(displays.c.id).order_by(displays.c.seen_at.desc(), displays.c.id).limit(MOST_DISPLAYS)
    is_silent = displays.c.seen_at <= now - SILENT_AFTER
    connection.execute(delete(displays).where(is_silent, displays.c.id.not_in(latest)))
