"""What exchange formats call a session for life: numbers, UUIDs and slugs made of our own ids.

All is worked out from the program's domain and the session's id, which never change, so every
export by every host gives the same.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count

from app.domain.program import Person, Program, Room
from app.domain.session import Session

UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Readers keep event numbers in 32 bits with a sign.
LARGEST_ID = 2**31 - 1
SHORTEST_PART = 4
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """A session's number (positive, unique), UUID and slug in one program's exports."""

    id: int
    guid: str
    slug: str


def identities(program: Program) -> dict[str, Identity]:
    """The identity of each session, by its id; one that is added later never changes an earlier one's."""
    result: dict[str, Identity] = {}
    guids: set[str] = set()
    numbers: set[int] = set()
    slugs: set[str] = set()
    for session in sorted(program.sessions, key=_age):
        own = [session.guid.lower()] if UUID_FORM.fullmatch(session.guid.lower()) else []
        made = (_uuid(program, "session", session.id, salt) for salt in count())
        guid = next(one for one in chain(own, map(str, made)) if one not in guids)
        number = next(n for salt in count() if (n := _number(program, session, salt)) not in numbers)
        slug = next(name for salt in count() if (name := _slug(program, session, salt)) not in slugs)
        guids.add(guid)
        numbers.add(number)
        slugs.add(slug)
        result[session.id] = Identity(number, guid, slug)
    return result


def acronym(program: Program) -> str:
    """The program's id as the formats want it: four or more of a-z, 0-9 and `_`."""
    bare = program.id.replace("-", "_")
    return bare if len(bare) >= SHORTEST_PART else f"conf_{bare}"


def person_guid(program: Program, person: Person) -> str:
    """A person's UUID, within one program."""
    return str(_uuid(program, "person", person.id))


def room_guid(program: Program, room: Room) -> str:
    """A room's UUID, within one program."""
    return str(_uuid(program, "room", room.id))


def _age(session: Session) -> tuple[datetime, str]:
    return (session.created_at or _NEVER, session.id)


def _uuid(program: Program, sort: str, name: str, salt: int = 0) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"tag:{program.domain},{sort}:{name}{f'#{salt}' if salt else ''}")


def _number(program: Program, session: Session, salt: int) -> int:
    return _uuid(program, "number", session.id, salt).int % LARGEST_ID + 1


def _slug(program: Program, session: Session, salt: int) -> str:
    name = session.id.strip("-")
    part = name if len(name) >= SHORTEST_PART else f"session-{name}".strip("-")
    return f"{acronym(program)}-{part}{f'-{salt}' if salt else ''}"
