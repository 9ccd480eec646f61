"""Suggestions: validated edits that can be published in place of one that clashes or is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.change_text import before_after, minutes_text, quoted_title
from app.domain.conference_day import conference_day
from app.domain.edits.apply_edit import outcome_of
from app.domain.edits.edit_types import (
    ChangeContent,
    ChangeRoom,
    Delay,
    DelayEverywhere,
    Edit,
    EndNow,
    Move,
    PushingEdit,
    Reinstate,
    Shorten,
    StartNow,
    Swap,
)
from app.domain.edits.outcome import Clash, EditRefused, Outcome, Suggestion
from app.domain.edits.session_rules import others_in, overlap, share_a_room
from app.domain.instants import MINUTE, minutes_rounded_up
from app.domain.program import LONGEST_SESSION, Program, Room
from app.domain.session import Session, Slot

# How many clashes, one after the other, one suggestion may resolve.
MAX_CLASHES = 6
# No suggestion shortens a session to less than half of its length, or to less than five minutes.
MIN_MINUTES = 5


def suggestions_for(program: Program, edit: Edit, outcome: Outcome, now: datetime) -> tuple[Suggestion, ...]:
    """What can be published in place of an edit that clashes, in the order of what people do.

    A break is shortened first, then a pinned session begins late and ends on time, then talks are shortened, the one
    that the edit is about before others; pinned sessions are pushed last.
    """
    choices = _choices(program, edit, outcome, now) if isinstance(edit, PushingEdit) else []
    found = [_resolved_suggestion(program, edit, Suggestion(choice, ""), now) for choice in choices]
    others = publishable_suggestions(program, _alternatives(program, edit, outcome, now), now)
    return _distinct(program, (*found, *others), now)


def publishable_suggestions(
    program: Program, suggestions: Iterable[Suggestion], now: datetime
) -> tuple[Suggestion, ...]:
    """Those suggestions that can be published, with the further choices that each of them needs."""
    return _distinct(program, (_resolved_suggestion(program, one.edit, one, now) for one in suggestions), now)


def _distinct(program: Program, suggestions: Iterable[Suggestion | None], now: datetime) -> tuple[Suggestion, ...]:
    """The suggestions without those that make the same program as an earlier one."""
    found: dict[frozenset[Session], Suggestion] = {}
    for one in filter(None, suggestions):
        found.setdefault(frozenset(outcome_of(program, one.edit, now).sessions), one)
    return tuple(found.values())


def _resolved_suggestion(program: Program, base: Edit, suggestion: Suggestion, now: datetime) -> Suggestion | None:
    """The suggestion with all choices that it needs and what becomes of the sessions that it names, with times.

    None if it cannot be published, or would change nothing.
    """
    edit = _resolved(program, suggestion.edit, now, MAX_CLASHES)
    if isinstance(edit, PushingEdit) and isinstance(suggestion.edit, PushingEdit):
        edit = _least(program, suggestion.edit, edit, now)
    # A session that a suggestion squeezes may have to be pushed in the end, which is another suggestion.
    if edit is None or not _squeezed_by(suggestion.edit) <= _squeezed_by(edit):
        return None
    outcome = outcome_of(program, edit, now)
    if outcome.applied_to(program) == program:
        return None
    named = _named(suggestion.edit)
    about = [one for one in outcome.sessions if one.id in named or one.id not in program.sessions_by_id]
    actions = [(suggestion.sentence, about)] if suggestion.sentence else []
    told = {one.id for one in about} if actions else set()
    for text, session in _extra_changes(program, base, edit, outcome):
        actions.append((text, [outcome.after(session)] if session.id not in told else []))
    sentence = " ".join(f"{text}{_times(program, sessions)}." for text, sessions in actions)
    return Suggestion(edit, sentence, tuple(text for text, _ in actions))


def _least(program: Program, wanted: PushingEdit, edit: PushingEdit, now: datetime) -> PushingEdit:
    """The edit without those of its further choices that it can be published without."""
    for choice in edit.shorten:
        without = replace(edit, shorten=tuple(one for one in edit.shorten if one != choice))
        if choice not in wanted.shorten and _is_publishable(program, without, now):
            edit = without
    for name in sorted(edit.squeeze - wanted.squeeze):
        without = replace(edit, squeeze=edit.squeeze - {name})
        edit = without if _is_publishable(program, without, now) else edit
    return edit


def _is_publishable(program: Program, edit: Edit, now: datetime) -> bool:
    try:
        return not outcome_of(program, edit, now).clashes
    except EditRefused:
        return False


def _squeezed_by(edit: Edit) -> frozenset[str]:
    return edit.squeeze if isinstance(edit, PushingEdit) else frozenset()


def _named(edit: Edit) -> frozenset[str]:
    """The ids of the sessions that an edit is about."""
    names = {getattr(edit, field, None) for field in ("session", "first", "second")}
    if isinstance(edit, DelayEverywhere):
        names |= edit.push
    return frozenset(name for name in (*names, *getattr(edit, "sessions", ())) if name)


def _times(program: Program, sessions: Sequence[Session]) -> str:
    """What sessions were and are, as the end of a sentence: ": 12:00–13:00 → 12:08–13:00"."""
    texts = [(session, before_after(program, session)) for session in sessions]
    found = [(session, text) for session, text in texts if text]
    if len(found) > 1:
        return ": " + ", ".join(f"{quoted_title(session)} {text}" for session, text in found)
    return "".join(f": {text}" for _, text in found)


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
    choices = _choices(program, edit, outcome, now)
    best_and_last = dict.fromkeys((*choices[:1], *choices[-1:]))
    resolved = (_resolved(program, choice, now, max_clashes - 1) for choice in best_and_last)
    return next((one for one in resolved if one), None)


def _choices(program: Program, edit: PushingEdit, outcome: Outcome, now: datetime) -> list[PushingEdit]:
    """The edit with one more choice that resolves its first clash: shorten pushed sessions, or push a pinned one."""
    clash = outcome.clashes[0]
    slack = {one.id: _slack(outcome, one) for one in _shortenable(program, edit, outcome, clash)}
    sufficient = [name for name in slack if slack[name] >= clash.minutes]
    sufficient.sort(key=lambda name: (name not in _named(edit), clash.minutes / program.session(name).minutes))
    shares = [{name: clash.minutes} for name in sufficient] or [_shares(clash.minutes, slack)]
    breaks = [share for share in shares if share and all(program.session(name).is_break for name in share)]
    talks = [share for share in shares if share and share not in breaks]
    into = outcome.after(program.session(clash.into))
    return [
        *(_with_shortened(program, edit, outcome, share) for share in breaks),
        *([edit.squeezing(into.id)] if _may_be_squeezed(into, edit, now) else []),
        *(_with_shortened(program, edit, outcome, share) for share in talks),
        *([edit.pushing(into.id)] if into.pinned else []),
    ]


def _may_be_squeezed(session: Session, edit: PushingEdit, now: datetime) -> bool:
    """Whether a session that an edit leaves pinned can begin late and still end on time."""
    given_way = edit.push | edit.squeeze
    return session.pinned and bool(session.min_minutes) and session.start > now and session.id not in given_way


def _shortenable(program: Program, edit: PushingEdit, outcome: Outcome, clash: Clash) -> Iterator[Session]:
    """The sessions that move, come before a clash and are neither pinned nor elastic."""
    into = program.session(clash.into)
    starting = edit.session if isinstance(edit, StartNow) else None
    for session in outcome.sessions:
        before = program.sessions_by_id.get(session.id)
        if before is None:
            continue
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


def _extra_changes(program: Program, base: Edit, edit: Edit, outcome: Outcome) -> Iterator[tuple[str, Session]]:
    """What an edit does to which sessions beyond the one that it was derived from."""
    if not isinstance(base, PushingEdit) or not isinstance(edit, PushingEdit):
        return
    for name, minutes in edit.shorten:
        if (name, minutes) not in base.shorten:
            session = program.session(name)
            yield f"Shorten {quoted_title(session)} to {minutes_text(minutes)}", session
    for session in map(program.session, sorted(edit.squeeze - base.squeeze)):
        yield f"Begin {quoted_title(session)} late and end it on time", session
    for session in map(program.session, sorted(edit.push - base.push)):
        if outcome.after(session).start > session.start:
            yield f"Push {quoted_title(session)} although it is pinned", session
        elif session.id not in _named(edit):
            yield f"End {quoted_title(session)} now although it is pinned", session


def _alternatives(program: Program, edit: Edit, outcome: Outcome, now: datetime) -> Iterator[Suggestion]:
    """Edits that may be made in place of one that puts a session where another is; they are not validated yet."""
    match edit:
        case Move():
            yield from _for_move(program, edit, outcome, now)
        case ChangeRoom():
            yield from _for_room(program, edit, outcome, now)
        case ChangeContent(session=name):
            session = program.session(name)
            for room in _free_rooms(program, session, outcome.after(session).slot):
                text = f"Move {quoted_title(session)} to {room.name} instead"
                yield Suggestion(replace(edit, room=room.id), text)
        case StartNow():
            yield from _for_start(program, edit, outcome, now)
        case Reinstate():
            yield from _for_reinstate(program, edit, now)
        case Delay() if edit.minutes < 0:
            yield from _for_bringing_forward(program, edit, outcome)


def _for_start(program: Program, edit: StartNow, outcome: Outcome, now: datetime) -> Iterator[Suggestion]:
    """A session for all rooms is not ended when one starts in one of them."""
    for other in (program.session(clash.into) for clash in outcome.clashes):
        if other.start <= now < other.end and not other.pinned:
            title, starting = quoted_title(other), quoted_title(program.session(edit.session))
            yield Suggestion(EndNow(other.id), f"End {title} in all rooms now, then start {starting}")


def _for_reinstate(program: Program, edit: Reinstate, now: datetime) -> Iterator[Suggestion]:
    session = program.session(edit.session)
    if start := _nearest_free(program, session, session.slot, now):
        text = f"Move {quoted_title(session)} while it is cancelled, then reinstate it"
        yield Suggestion(Move(session.id, start), text)


def _for_bringing_forward(program: Program, edit: Delay, outcome: Outcome) -> Iterator[Suggestion]:
    session = program.session(edit.session)
    free_from = max(program.session(clash.into).end for clash in outcome.clashes)
    earlier = (session.start - free_from) // MINUTE
    if earlier > 0:
        text = f"Bring {quoted_title(session)} forward by {minutes_text(earlier)}"
        yield Suggestion(replace(edit, minutes=-earlier), text)
    yield Suggestion(Shorten(session.id, session.minutes + edit.minutes), f"Shorten {quoted_title(session)} instead")


def _for_move(program: Program, edit: Move, outcome: Outcome, now: datetime) -> Iterator[Suggestion]:
    session = program.session(edit.session)
    wanted = outcome.after(session).slot
    later = minutes_rounded_up(wanted.start - session.start)
    if later > 0 and wanted.room == session.room:
        yield Suggestion(Delay(session.id, later), f"Delay {quoted_title(session)} and push what follows")
    for room in _free_rooms(program, session, wanted):
        yield Suggestion(replace(edit, room=room.id), f"Move {quoted_title(session)} to {room.name} at that time")
    yield from _at_a_free_time(program, session, wanted, edit.room, now)
    yield from _swap(program, outcome)


def _for_room(program: Program, edit: ChangeRoom, outcome: Outcome, now: datetime) -> Iterator[Suggestion]:
    session = program.session(edit.session)
    wanted = outcome.after(session).slot
    for room in _free_rooms(program, session, wanted):
        yield Suggestion(ChangeRoom(session.id, room.id), f"Move {quoted_title(session)} to {room.name} instead")
    yield from _swap(program, outcome)
    if edit.room is not None:
        yield from _at_a_free_time(program, session, wanted, edit.room, now)


def _at_a_free_time(
    program: Program, session: Session, wanted: Slot, room: str | None, now: datetime
) -> Iterator[Suggestion]:
    if start := _nearest_free(program, session, wanted, now):
        text = f"Move {quoted_title(session)} to the nearest time that is free"
        yield Suggestion(Move(session.id, start, room), text)


def _swap(program: Program, outcome: Outcome) -> Iterator[Suggestion]:
    if len(outcome.clashes) == 1:
        clash = outcome.clashes[0]
        one, other = program.session(clash.session), program.session(clash.into)
        # Pinned sessions such as lunch are swapped on request only.
        if not (one.pinned or other.pinned):
            yield Suggestion(Swap(one.id, other.id), f"Swap {quoted_title(one)} with {quoted_title(other)}")


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
