"""Our own calendar feed read back: what its events say for readers, taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.faults import SESSION_ID
from app.domain.program import Venue
from app.domain.session import TBA
from app.formats.imports.draft import Draft, DraftPerson, Row
from app.formats.imports.names import affiliations

PARTS = ", "
DATE_MARK = "date-"


def own_feed(draft: Draft) -> Draft:
    """The draft of one of our feeds: ids from UIDs, people from summaries, the venue from locations."""
    rows = [row for row in draft.rows if not row.guid.startswith(DATE_MARK)]
    shared = _shared_end([(row.room or "").split(PARTS) for row in rows])
    name, *address = shared or [""]
    return replace(
        draft,
        rows=tuple(_row(row, len(shared)) for row in rows),
        domain=rows[0].guid.partition("@")[2] if rows else "",
        venue=Venue(name=name, address=PARTS.join(address)) if name else None,
        places=(PARTS.join(shared),),
    )


def _row(row: Row, shared: int) -> Row:
    name = row.guid.partition("@")[0]
    parts = (row.room or "").split(PARTS)
    title, people, prose = _said(row)
    return replace(
        row,
        id=name if SESSION_ID.fullmatch(name) else "",
        guid="",
        title="" if title == TBA else title,
        people=people,
        room=PARTS.join(parts[: len(parts) - shared]) or None,
        abstract=prose,
        links=None,
    )


def _said(row: Row) -> tuple[str, tuple[DraftPerson, ...], str]:
    """Title, people and prose: the names before the title are those that the description begins with."""
    paragraphs = [part for part in (row.abstract or "").split("\n\n") if not _made_up(part)]
    lines = paragraphs[0].split("\n") if paragraphs else []
    people, rest = [], row.title
    for place, line in enumerate(lines):
        end = ": " if place == len(lines) - 1 else PARTS
        person = next((one for one in _readings(line) if rest.startswith(one.name + end)), None)
        if person is None:
            return row.title, (), "\n\n".join(paragraphs)
        people.append(person)
        rest = rest.removeprefix(person.name + end)
    return rest, tuple(people), "\n\n".join(paragraphs[1:])


def _made_up(paragraph: str) -> bool:
    """Whether the feed's writer added it: the address, the word that it moved or was cancelled."""
    alone = "\n" not in paragraph
    return alone and (
        paragraph.startswith(("http://", "https://", "Was ")) or paragraph == "This session is cancelled."
    )


def _readings(line: str) -> tuple[DraftPerson, ...]:
    """A line as a name alone, or as one with affiliations in brackets after it."""
    name, bracket, places = line.removesuffix(")").rpartition(" (")
    alone = DraftPerson(name=line)
    return (
        (alone, DraftPerson(name=name, affiliations=affiliations(places.replace(PARTS, "; ")))) if bracket else (alone,)
    )


def _shared_end(lists: Sequence[list[str]]) -> list[str]:
    """The parts with which all locations end."""
    shared = lists[0] if lists else []
    for parts in lists[1:]:
        count = 0
        while count < min(len(shared), len(parts)) and shared[-1 - count] == parts[-1 - count]:
            count += 1
        shared = shared[len(shared) - count :]
    return shared
