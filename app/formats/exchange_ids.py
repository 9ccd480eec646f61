"""What exchange formats share: stable ids derived from our own, strict URIs (RFC 3986), text for XML, common words."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from urllib.parse import quote, urlsplit, urlunsplit

from app.domain.program import Program
from app.domain.session import Session

# The name by which an exported file says that this service wrote it.
GENERATOR = "codeml-agenda"
# The room of a session for all rooms, in a format in which each event has a room.
ROOM_FOR_ALL = "All rooms"
# The path of the sessions' pages.
TALKS_PATH = "/talks"
# The path of the items' pages.
PAPERS_PATH = "/papers"
CANCELLED = "CANCELLED: "

# Kept unquoted in a path, query or fragment; `%` because the text may be quoted already.
_PATH = "/:@!$&'()*+,;=-._~%"
_QUERY = f"{_PATH}?"
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9.:_-]+")
# The characters that XML 1.0 does not allow (2.2).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Text without the characters that XML does not allow."""
    return _NOT_XML.sub("", text)


def strict_uri(address: str) -> str | None:
    """An http(s) address in ASCII, its host in IDNA and the rest percent-encoded; None for any other text."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    netloc = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    path = _quoted(parts.path, _PATH)
    return urlunsplit((parts.scheme, netloc, path, _quoted(parts.query, _QUERY), _quoted(parts.fragment, _QUERY)))


def _quoted(part: str, safe: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", part), safe=safe, errors="replace")


def base_of(program: Program, base_url: str) -> str:
    """The public address, without a slash at its end; the program's own domain where none is given."""
    address = strict_uri(base_url) or strict_uri(f"https://{program.domain}") or "https://localhost"
    return address.rstrip("/")


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Readers store event numbers as signed 32-bit integers.
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
    """The identity of each session, by its id; sessions that are added later do not change those of earlier ones."""
    result: dict[str, Identity] = {}
    guids: set[str] = set()
    numbers: set[int] = set()
    slugs: set[str] = set()
    for session in sorted(program.sessions, key=lambda one: (one.created_at or _NEVER, one.id)):
        given = [session.guid.lower()] if _UUID.fullmatch(session.guid.lower()) else []
        derived = (str(stable_uuid(program, "session", session.id, salt)) for salt in count())
        guid = next(one for one in chain(given, derived) if one not in guids)
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


def stable_uuid(program: Program, sort: str, name: str, salt: int = 0) -> uuid.UUID:
    """A UUID (version 5) derived from the program's domain, the sort of thing and its id."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"tag:{program.domain},{sort}:{name}{f'#{salt}' if salt else ''}")


def _number(program: Program, session: Session, salt: int) -> int:
    return stable_uuid(program, "number", session.id, salt).int % LARGEST_ID + 1


def _slug(program: Program, session: Session, salt: int) -> str:
    name = session.id.strip("-")
    part = name if len(name) >= SHORTEST_PART else f"session-{name}".strip("-")
    return f"{acronym(program)}-{part}{f'-{salt}' if salt else ''}"
