"""Suggestions: validated edits that can be published in place of one that clashes or is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from app.domain.change_text import minutes_text, quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.apply_edit import outcome_of
from app.domain.edits.edit_types import ChangeRoom, Delay, Edit, Move, PushingEdit, Reinstate, Shorten, StartNow, Swap
from app.domain.edits.outcome import Clash, EditRefused, Outcome, Suggestion
from app.domain.edits.session_rules import others_in, overlap, share_a_room
from app.domain.instants import minutes_rounded_up
from app.domain.program import LONGEST_SESSION, Program, Room
from app.domain.session import Session, Slot

# How many clashes, one after the other, one suggestion may resolve.
MAX_CLASHES = 6
# No suggestion shortens a session to less than half of its length, or to less than five minutes.
MIN_MINUTES = 5


def suggestions_for(program: Program, edit: Edit, outcome: Outcome, now: datetime) -> tuple[Suggestion, ...]:
    """What can be published in place of an edit that clashes: the least loss first, pinned ones moved last."""
    choices = _choices(program, edit, outcome) if isinstance(edit, PushingEdit) else []
    found = [_resolved_suggestion(program, edit, Suggestion(choice, ""), now) for choice in choices]
    return _distinct((*found, *publishable_suggestions(program, _alternatives(program, edit, outcome, now), now)))


def publishable_suggestions(
    program: Program, suggestions: Iterable[Suggestion], now: datetime
) -> tuple[Suggestion, ...]:
    """Those suggestions that can be published, with the further choices that each of them needs."""
    return _distinct(_resolved_suggestion(program, one.edit, one, now) for one in suggestions)


def _distinct(suggestions: Iterable[Suggestion | None]) -> tuple[Suggestion, ...]:
    return tuple({one.edit: one for one in suggestions if one}.values())


def _resolved_suggestion(program: Program, base: Edit, suggestion: Suggestion, now: datetime) -> Suggestion | None:
    edit = _resolved(program, suggestion.edit, now, MAX_CLASHES)
    if edit is None:
        return None
    more = ", ".join(_extra_changes(program, base, edit, now))
    sentence = " ".join(part for part in (suggestion.sentence, more and f"{more[0].upper()}{more[1:]}.") if part)
    return Suggestion(edit, sentence, isinstance(edit, PushingEdit) and bool(edit.push))


def _resolved(program: Program, edit: Edit, now: datetime, max_clashes: int) -> Edit | None:
    """The edit with all choices that it needs to be published; None if it cannot be published."""
    try:
        outcome = outcome_of(program, edit, now)
    except EditRefused:
        return None
    if any(session.slot.length > LONGEST_SESSION for session in outcome.sessions):
        return None
    if not outcome.clashes:
        return edit
    if not max_clashes or not isinstance(edit, PushingEdit):
        return None
    choices = _choices(program, edit, outcome)
    best_and_last = dict.fromkeys((*choices[:1], *choices[-1:]))
    resolved = (_resolved(program, choice, now, max_clashes - 1) for choice in best_and_last)
    return next((one for one in resolved if one), None)


def _choices(program: Program, edit: PushingEdit, outcome: Outcome) -> list[PushingEdit]:
    """The edit with one more choice that resolves its first clash: shorten pushed sessions, or push a pinned one."""
    clash = outcome.clashes[0]
    slack = {one.id: _slack(outcome, one) for one in _shortenable(program, edit, outcome, clash)}
    sufficient = [name for name in slack if slack[name] >= clash.minutes]
    sufficient.sort(key=lambda name: clash.minutes / program.session(name).minutes)
    shares = [{name: clash.minutes} for name in sufficient] or [_shares(clash.minutes, slack)]
    choices = [_with_shortened(program, edit, outcome, share) for share in shares if share]
    if program.session(clash.into).pinned:
        choices.append(edit.pushing(clash.into))
    return choices


def _shortenable(program: Program, edit: PushingEdit, outcome: Outcome, clash: Clash) -> Iterator[Session]:
    """The sessions that move, come before a clash and are neither pinned nor elastic."""
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
    """By how many minutes a session can still be shortened."""
    least = max(MIN_MINUTES, -(-session.minutes // 2))
    return max(outcome.after(session).minutes - least, 0)


def _shares(total: int, slack: dict[str, int]) -> dict[str, int]:
    """The total divided among sessions in proportion to their slack; empty if their slack is too small."""
    left, slack_left = total, sum(slack.values())
    shares: dict[str, int] = {}
    if slack_left < total:
        return shares
    for name, minutes in slack.items():
        shares[name] = -(-left * minutes // slack_left) if slack_left else 0
        left, slack_left = left - shares[name], slack_left - minutes
    return {name: minutes for name, minutes in shares.items() if minutes}


def _with_shortened(program: Program, edit: PushingEdit, outcome: Outcome, share: dict[str, int]) -> PushingEdit:
    lengths = {name: outcome.after(program.session(name)).minutes - minutes for name, minutes in share.items()}
    return replace(edit, shorten=tuple({**dict(edit.shorten), **lengths}.items()))


def _extra_changes(program: Program, base: Edit, edit: Edit, now: datetime) -> Iterator[str]:
    """What an edit does beyond the one that it was derived from."""
    if not isinstance(base, PushingEdit) or not isinstance(edit, PushingEdit):
        return
    for name, minutes in edit.shorten:
        if (name, minutes) not in base.shorten:
            session = program.session(name)
            yield f"shorten {quoted_title(session)} at {program.clock(session.start)} to {minutes_text(minutes)}"
    outcome = outcome_of(program, edit, now)
    for name in sorted(edit.push - base.push):
        session = program.session(name)
        start = outcome.after(session).start
        if start > session.start:
            yield f"push {quoted_title(session)} to {program.clock(start)} although it is pinned"
        elif name != getattr(edit, "session", None):
            yield f"end {quoted_title(session)} now although it is pinned"


def _alternatives(program: Program, edit: Edit, outcome: Outcome, now: datetime) -> Iterator[Suggestion]:
    """Edits that may be made in place of one that puts a session where another is; they are not validated yet."""
    match edit:
        case Move():
            yield from _for_move(program, edit, outcome, now)
        case ChangeRoom():
            yield from _for_room(program, edit, outcome, now)
        case Reinstate(session=name):
            session = program.session(name)
            if start := _nearest_free(program, session, session.slot, now):
                text = f"Move it to {program.clock(start)} while it is cancelled, then reinstate it."
                yield Suggestion(Move(name, start), text)
        case Delay(session=name, minutes=minutes) if minutes < 0:
            shorter = Shorten(name, program.session(name).minutes + minutes)
            yield Suggestion(shorter, f"Let it end {minutes_text(-minutes)} earlier instead.")


def _for_move(program: Program, edit: Move, outcome: Outcome, now: datetime) -> Iterator[Suggestion]:
    session = program.session(edit.session)
    wanted = outcome.after(session).slot
    later = minutes_rounded_up(wanted.start - session.start)
    if later > 0 and wanted.room == session.room:
        yield Suggestion(Delay(session.id, later), f"Delay it by {minutes_text(later)} and push what follows.")
    for room in _free_rooms(program, session, wanted):
        yield Suggestion(replace(edit, room=room.id), f"Move it to {room.name} at that time.")
    yield from _at_a_free_time(program, session, wanted, edit.room, now)
    yield from _swap(program, outcome)


def _for_room(program: Program, edit: ChangeRoom, outcome: Outcome, now: datetime) -> Iterator[Suggestion]:
    session = program.session(edit.session)
    wanted = outcome.after(session).slot
    for room in _free_rooms(program, session, wanted):
        yield Suggestion(ChangeRoom(session.id, room.id), f"Change to {room.name} instead.")
    yield from _swap(program, outcome)
    if edit.room is not None:
        yield from _at_a_free_time(program, session, wanted, edit.room, now)


def _at_a_free_time(
    program: Program, session: Session, wanted: Slot, room: str | None, now: datetime
) -> Iterator[Suggestion]:
    if start := _nearest_free(program, session, wanted, now):
        text = f"Move it to {program.clock(start)}, the nearest time that is free."
        yield Suggestion(Move(session.id, start, room), text)


def _swap(program: Program, outcome: Outcome) -> Iterator[Suggestion]:
    if len(outcome.clashes) == 1:
        clash = outcome.clashes[0]
        one, other = program.session(clash.session), program.session(clash.into)
        # Pinned sessions such as lunch are swapped on request only.
        if not (one.pinned or other.pinned):
            yield Suggestion(Swap(one.id, other.id), f"Swap it with {quoted_title(other)}.")


def _free_rooms(program: Program, session: Session, wanted: Slot) -> Iterator[Room]:
    in_any_room = replace(wanted, room=None)
    busy = [one.slot for one in others_in(program, in_any_room, session) if overlap(in_any_room, one.slot)]
    for room in program.rooms:
        slot = replace(wanted, room=room.id)
        if room.id not in (wanted.room, session.room) and not any(share_a_room(slot, other) for other in busy):
            yield room


def _nearest_free(program: Program, session: Session, wanted: Slot, now: datetime) -> datetime | None:
    """The start nearest to the wanted one, on the same day and not in the past, at which the room is free."""
    day = conference_day(program, session.start)
    others = [other.slot for other in others_in(program, wanted, session)]
    edges = {*(other.end for other in others), *(other.start - wanted.length for other in others)}
    for start in sorted(edges, key=lambda edge: (abs(edge - wanted.start), edge)):
        slot = wanted.starting_at(start)
        possible = slot != session.slot and start >= now and conference_day(program, start) == day
        if possible and not any(overlap(slot, other) for other in others):
            return start
    return None
