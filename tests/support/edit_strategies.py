"""Hypothesis strategies for edits of a program, sensible or not, and for what they come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from app.domain.edits import edit_types as edits
from app.domain.edits.outcome import Preview
from app.domain.edits.preview import preview
from app.domain.errors import AgendaError
from app.domain.program import Program
from support.strategies import ROOMS, TITLES, instants_near

TRIES = 4
MINUTES = st.integers(-30, 60)
MORE_MINUTES = st.integers(0, 60)
FEW = st.integers(0, 5)
ONE_IN_THREE = st.sampled_from([False, False, True])
WORDS = st.sampled_from(TITLES)
SPEAKERS = st.sampled_from([(), ("alan",), ("ada", "alan")])

Draw = st.DrawFn
Make = Callable[[Draw, Program, str], edits.Edit]


def _delay(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.Delay(
        name,
        draw(MINUTES),
        pull_forward=draw(ONE_IN_THREE),
        shorten=_shortened(draw, program),
        push=_pushed(draw, program),
    )


def _late(draw: Draw, _: Program, name: str) -> edits.Edit:
    return edits.Delay(name, draw(MORE_MINUTES))


def _extend(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.Extend(name, 1 + draw(MORE_MINUTES), shorten=_shortened(draw, program), push=_pushed(draw, program))


def _start(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.StartNow(name, shorten=_shortened(draw, program), push=_pushed(draw, program))


def _swap(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.Swap(name, _any_id(draw, program), push=_pushed(draw, program))


def _move(draw: Draw, program: Program, name: str) -> edits.Edit:
    session = program.session(name)
    start = session.start + timedelta(minutes=5 * draw(MINUTES))
    return edits.Move(name, start, draw(st.sampled_from([None, *(room.id for room in program.rooms)])))


def _room(draw: Draw, program: Program, name: str) -> edits.Edit:
    return edits.ChangeRoom(name, draw(st.sampled_from([None, *(room.id for room in program.rooms)])))


def _words(draw: Draw, program: Program, name: str) -> edits.Edit:
    speakers, words = draw(SPEAKERS), draw(WORDS)
    others: list[edits.Edit] = [
        edits.Rename(name, words),
        edits.ChangeSpeakers(name, speakers),
        edits.Announce(words, room=ROOMS[0].id),
        edits.WithdrawAnnouncement(1),
        edits.EndNow(name),
        edits.Cancel(name),
        edits.Reinstate(name),
        edits.Shorten(name, 5 * draw(FEW)),
    ]
    return draw(st.sampled_from(others))


PUSHING: tuple[Make, ...] = (_delay, _extend, _start, _swap)
DELAYS: tuple[Make, ...] = (_late, _late, _extend)
ANY: tuple[Make, ...] = (*PUSHING, _move, _room, _words, _words)


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


def _shortened(draw: Draw, program: Program) -> tuple[tuple[str, int], ...]:
    return ((_any_id(draw, program), 1 + 5 * draw(FEW)),) if draw(ONE_IN_THREE) else ()


def _pushed(draw: Draw, program: Program) -> frozenset[str]:
    pinned = frozenset(session.id for session in program.sessions if session.pinned)
    return pinned if draw(ONE_IN_THREE) else frozenset()
