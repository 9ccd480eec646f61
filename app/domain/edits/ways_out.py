"""Ways out of a clash: edits that can be published in place of one that cannot, each of them tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from app.domain.edits.apply import outcome_of
from app.domain.edits.detours import detours
from app.domain.edits.kinds import Edit, PushingEdit, StartNow
from app.domain.edits.outcome import Clash, Outcome, WayOut
from app.domain.edits.standing import share_a_room
from app.domain.errors import EditRefused
from app.domain.faults import LONGEST_SESSION
from app.domain.program import Program
from app.domain.session import Session
from app.domain.telling import clock, length, named

# How many clashes, one behind the other, one way out may resolve.
MOST_CLASHES = 6
# No offer cuts a session to less than half of it, or to less than five minutes.
LEAST_MINUTES = 5


def ways_out(program: Program, edit: Edit, outcome: Outcome, now: datetime) -> tuple[WayOut, ...]:
    """What can be published in place of an edit that clashes: the least loss first, pinned ones moved last."""
    found = []
    if isinstance(edit, PushingEdit):
        choices = _choices(program, edit, outcome)
        found = [_settled_way(program, edit, WayOut(choice, ""), now) for choice in choices]
    others = tried(program, detours(program, edit, outcome, now), now)
    return tuple({way.edit: way for way in (*found, *others) if way}.values())


def tried(program: Program, ways: Iterable[WayOut], now: datetime) -> tuple[WayOut, ...]:
    """Those of the ways that can be published, with what more each of them needs."""
    settled = (_settled_way(program, way.edit, way, now) for way in ways)
    return tuple({way.edit: way for way in settled if way}.values())


def _settled_way(program: Program, base: Edit, way: WayOut, now: datetime) -> WayOut | None:
    edit = _settled(program, way.edit, now, MOST_CLASHES)
    if edit is None:
        return None
    more = ", ".join(_more(program, base, edit, now))
    sentence = " ".join(part for part in (way.sentence, more and f"{more[0].upper()}{more[1:]}.") if part)
    return WayOut(edit, sentence, isinstance(edit, PushingEdit) and bool(edit.push))


def _settled(program: Program, edit: Edit, now: datetime, most: int) -> Edit | None:
    """The edit with all choices that it needs to be published; None where it cannot be."""
    try:
        outcome = outcome_of(program, edit, now)
    except EditRefused:
        return None
    if any(session.end - session.start > LONGEST_SESSION for session in outcome.sessions):
        return None
    if not outcome.clashes:
        return edit
    if not most or not isinstance(edit, PushingEdit):
        return None
    choices = _choices(program, edit, outcome)
    best_and_last = dict.fromkeys((*choices[:1], *choices[-1:]))
    settled = (_settled(program, choice, now, most - 1) for choice in best_and_last)
    return next((one for one in settled if one), None)


def _choices(program: Program, edit: PushingEdit, outcome: Outcome) -> list[PushingEdit]:
    """The edit with one choice more that resolves its first clash: shorten what is pushed, or push what is pinned."""
    clash = outcome.clashes[0]
    slack = {one.id: _slack(outcome, one) for one in _shortenable(program, edit, outcome, clash)}
    alone = [name for name in slack if slack[name] >= clash.minutes]
    alone.sort(key=lambda name: clash.minutes / length(program.session(name)))
    shares = [{name: clash.minutes} for name in alone] or list(_shared(clash.minutes, slack))
    choices = [_with_shortened(program, edit, outcome, share) for share in shares]
    if program.session(clash.into).pinned:
        choices.append(replace(edit, push=edit.push | {clash.into}))
    return choices


def _shortenable(program: Program, edit: PushingEdit, outcome: Outcome, clash: Clash) -> Iterator[Session]:
    """The sessions that move and are before a clash, and have not given way already."""
    into = program.session(clash.into)
    starting = edit.session if isinstance(edit, StartNow) else None
    for session in outcome.sessions:
        before = program.session(session.id)
        moved = session.start > before.start or session.id == starting
        free = not (before.pinned or before.elastic)
        earlier = min(session.start, before.start) < into.start
        if moved and free and earlier and share_a_room(session.slot, into.slot):
            yield before


def _slack(outcome: Outcome, session: Session) -> int:
    """How many minutes a session can still give."""
    least = max(LEAST_MINUTES, -(-length(session) // 2))
    return max(length(outcome.of(session)) - least, 0)


def _shared(total: int, slack: dict[str, int]) -> Iterator[dict[str, int]]:
    """The minutes shared out by what each can give; nothing where that is too little."""
    left, room = total, sum(slack.values())
    if room < total:
        return
    shares = {}
    for name, minutes in slack.items():
        shares[name] = -(-left * minutes // room) if room else 0
        left, room = left - shares[name], room - minutes
    yield {name: minutes for name, minutes in shares.items() if minutes}


def _with_shortened(program: Program, edit: PushingEdit, outcome: Outcome, share: dict[str, int]) -> PushingEdit:
    lengths = {name: length(outcome.of(program.session(name))) - minutes for name, minutes in share.items()}
    return replace(edit, shorten=tuple({**dict(edit.shorten), **lengths}.items()))


def _more(program: Program, base: Edit, edit: Edit, now: datetime) -> Iterator[str]:
    """What an edit does beyond the one it was made from."""
    if not isinstance(base, PushingEdit) or not isinstance(edit, PushingEdit):
        return
    for name, minutes in edit.shorten:
        if (name, minutes) not in base.shorten:
            session = program.session(name)
            yield f"shorten {named(session)} at {clock(program, session.start)} to {minutes} minutes"
    outcome = outcome_of(program, edit, now)
    for name in sorted(edit.push - base.push):
        session = program.session(name)
        start = outcome.of(session).start
        if start > session.start:
            yield f"push {named(session)} to {clock(program, start)} although it is pinned"
        elif name != getattr(edit, "session", None):
            yield f"end {named(session)} now although it is pinned"
