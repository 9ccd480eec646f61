"""Hypothesis strategies for edits of a program, sensible or not, and for what they come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from app.domain.edits import edit_types as edits
from app.domain.edits.outcome import Preview
from app.domain.edits.preview import preview
from app.domain.errors import AgendaError
from app.domain.identity import Picture
from app.domain.program import Person, Program
from app.domain.session import Item, Link
from support.strategies import ROOMS, TITLES, instants_near

TRIES = 4
MINUTES = st.integers(-30, 60)
MORE_MINUTES = st.integers(0, 60)
FEW = st.integers(0, 5)
ONE_IN_THREE = st.sampled_from([False, False, True])
WORDS = st.sampled_from(TITLES)
SPEAKERS = st.sampled_from([(), ("alan",), ("ada", "alan")])
OWN_PAGES = st.sampled_from(["", "https://example.org/ada", "https://example.org/~lovelace"])
FACES = st.sampled_from([None, Picture("", "ab" * 32, 288, 288), Picture("", "cd" * 32, 96, 96)])

Draw = st.DrawFn
Make = Callable[[Draw, Program, str], edits.Edit]


def _delay(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.Delay(name, draw(MINUTES), **_pushing(draw, program))


def _everywhere(draw: Draw, program: Program, _: str) -> edits.Edit:
    return edits.DelayEverywhere(draw(MINUTES), **_pushing(draw, program))


def _late(draw: Draw, _: Program, name: str) -> edits.Edit:
    return edits.Delay(name, draw(MORE_MINUTES))


def _extend(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.Extend(name, 1 + draw(MORE_MINUTES), **_pushing(draw, program))


def _start(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.StartNow(name, **_pushing(draw, program))


def _swap(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.Swap(name, _any_id(draw, program), **_pushing(draw, program))


def _absent(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.Absent(name, **_pushing(draw, program))


def _reorder(draw: Draw, program: Program, name: str) -> edits.Edit:
    room = program.session(name).room
    ids = [one.id for one in program.sessions if one.room == room and not one.cancelled]
    run = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=4, unique=True)) if len(ids) > 1 else ids
    return edits.Reorder(tuple(run), **_pushing(draw, program))


def _add(draw: Draw, program: Program, name: str) -> edits.Edit:
    session, minutes = program.session(name), 1 + draw(MORE_MINUTES)
    place = draw(st.sampled_from(["after", "at its start", "within"]))
    step = {"at its start": timedelta(0), "within": timedelta(minutes=5)}.get(place)
    return edits.AddSession(
        draw(WORDS),
        minutes,
        start=None if step is None else session.start + step,
        after=name if step is None else None,
        room=draw(st.sampled_from([None, *(room.id for room in program.rooms)])),
        kind=draw(st.sampled_from(["talk", "break"])),
        **_pushing(draw, program),
    )


def _content(draw: Draw, _: Program, name: str) -> edits.Edit:
    new = Person(id="joan", name="Joan")
    changes: list[dict[str, Any]] = [
        {"title": draw(WORDS)},
        {"abstract": draw(WORDS)},
        {"speakers": draw(SPEAKERS)},
        {"speakers": ("joan",), "people": (new,)},
        {"affiliations": (("ada", (draw(WORDS),)),)},
        {"own_pages": (("ada", draw(OWN_PAGES)),)},
        {"pictures": (("ada", draw(FACES)),)},
        {"links": (Link("Slides", "https://example.org/slides"),)},
        {"items": (Item(title=draw(WORDS), number="1"),)},
        {"kind": "panel"},
        {"pinned": draw(st.booleans())},
        {"min_minutes": 5 * draw(FEW)},
    ]
    return edits.ChangeContent(name, **draw(st.sampled_from(changes)))


def _move(draw: Draw, program: Program, name: str) -> edits.Edit:
    session = program.session(name)
    start = session.start + timedelta(minutes=5 * draw(MINUTES))
    return edits.Move(name, start, draw(st.sampled_from([None, *(room.id for room in program.rooms)])))


def _room(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.ChangeRoom(name, draw(st.sampled_from([None, *(room.id for room in program.rooms)])))


def _words(draw: Draw, program: Program, name: str) -> edits.Edit:
    words = draw(WORDS)
    others: list[edits.Edit] = [
        edits.Announce(words, room=ROOMS[0].id),
        edits.WithdrawAnnouncement(1),
        edits.EndNow(name),
        edits.Cancel(name),
        edits.Reinstate(name),
        edits.Shorten(name, 5 * draw(FEW)),
    ]
    return draw(st.sampled_from(others))


def _line_up(draw: Draw, program: Program, name: str) -> edits.Edit:
    """An edit of the line-up of a session, which few random ones have; `add` makes one."""
    ids = [item.id for item in program.session(name).items] or ["nobody"]
    one = draw(st.sampled_from(ids))
    others: list[edits.Edit] = [
        edits.Step(name, one),
        edits.Step(name, None),
        edits.OrderItems(name, tuple(draw(st.permutations(ids)))),
        edits.ItemAbsent(name, one, absent=draw(st.booleans())),
        edits.AddItem(name, draw(WORDS), 1 + draw(FEW), after=draw(st.sampled_from([None, one]))),
        edits.RemoveItem(name, one),
    ]
    return draw(st.sampled_from(others))


PUSHING: tuple[Make, ...] = (_delay, _everywhere, _extend, _start, _swap, _absent, _reorder, _add)
DELAYS: tuple[Make, ...] = (_late, _late, _extend)
ABSENT: tuple[Make, ...] = (_absent,)
REORDER: tuple[Make, ...] = (_reorder,)
ADD: tuple[Make, ...] = (_add,)
EVERYWHERE: tuple[Make, ...] = (_everywhere,)
CONTENT: tuple[Make, ...] = (_content,)
LINE_UP: tuple[Make, ...] = (_line_up,)
ANY: tuple[Make, ...] = (*PUSHING, _move, _room, _words, _words, _content, _content, _line_up)


@st.composite
def edits_of(draw: Draw, program: Program, now: datetime, kinds: tuple[Make, ...] = ANY) -> edits.Edit:
    """An edit of a program; of what is to come rather than of what is over."""
    to_come = [session.id for session in program.sessions if session.end > now]
    name = draw(st.sampled_from([*to_come, *(session.id for session in program.sessions)]))
    return draw(st.sampled_from(kinds))(draw, program, name)


@st.composite
def previews(
    draw: Draw, programs: st.SearchStrategy[Program], kinds: tuple[Make, ...] = ANY
) -> tuple[Preview, datetime]:
    """What an edit that is not refused outright comes to, and when it was made."""
    program = draw(programs)
    now = draw(instants_near(program))
    for _ in range(TRIES):
        try:
            return preview(program, draw(edits_of(program, now, kinds)), now), now
        except AgendaError:
            continue
    assume(False)
    raise AssertionError


def _any_id(draw: Draw, program: Program) -> str:
    return draw(st.sampled_from(program.sessions)).id


def _pushing(draw: Draw, program: Program) -> dict[str, Any]:
    """What an edit that pushes may do to the sessions that follow."""
    return {"shorten": _shortened(draw, program), "push": _pushed(draw, program), "squeeze": _squeezed(draw, program)}


def _squeezed(draw: Draw, program: Program) -> frozenset[str]:
    elastic = frozenset(one.id for one in program.sessions if one.pinned and one.min_minutes is not None)
    return elastic if draw(ONE_IN_THREE) else frozenset()


def _shortened(draw: Draw, program: Program) -> tuple[tuple[str, int], ...]:
    return ((_any_id(draw, program), 1 + 5 * draw(FEW)),) if draw(ONE_IN_THREE) else ()


def _pushed(draw: Draw, program: Program) -> frozenset[str]:
    pinned = frozenset(session.id for session in program.sessions if session.pinned)
    return pinned if draw(ONE_IN_THREE) else frozenset()
