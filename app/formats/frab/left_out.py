"""What an exchange format cannot hold of a program, said in the words of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.program import Program
from app.domain.session import Session
from app.formats.frab.event import MINUTE, web_links

EXAMPLES_SHOWN = 3


def parts_without_a_place(program: Program) -> Iterator[str]:
    """What stands beside the sessions; no format but our own has a place for it."""
    parts = {
        "pages": program.pages,
        "organizers": program.organizers,
        "important dates": program.dates,
        "links of the program": program.links,
        "announcements": program.announcements,
    }
    yield from (f"{len(values)} {name}" for name, values in parts.items() if values)
    if program.subtitle or program.series:
        yield "the subtitle and the series"


def left_out_of_both(program: Program) -> Iterator[str]:
    """What neither of frab's notations has a place for."""
    yield from parts_without_a_place(program)
    if program.venue:
        yield "the venue's name, address and position"
    yield from those(program, "items (papers, posters, demos) of", lambda one: bool(one.items))
    yield from those(
        program, "links that are not of the web, in", lambda one: len(web_links(one.links)) < len(one.links)
    )
    yield from those(program, "least minutes and pins of", lambda one: one.pinned or one.min_minutes is not None)
    yield from those(program, "where and when it was before it moved:", lambda one: one.status == "moved")
    yield from those(program, "seconds of", _has_seconds)
    cancelled = sum(session.cancelled for session in program.sessions)
    if cancelled:
        yield f"the status of {cancelled} cancelled sessions, which their titles say instead"


def those(program: Program, what: str, holds: Callable[[Session], bool]) -> Iterator[str]:
    """One line on the sessions for which something holds, the first few by id."""
    names = [session.id for session in program.sessions if holds(session)]
    if names:
        more = f" and {len(names) - EXAMPLES_SHOWN} more" if len(names) > EXAMPLES_SHOWN else ""
        yield f"{what} {', '.join(names[:EXAMPLES_SHOWN])}{more}"


def _has_seconds(session: Session) -> bool:
    return bool(session.start.second or session.start.microsecond or (session.end - session.start) % MINUTE)
