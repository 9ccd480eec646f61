"""Whether another published schedule tells other times, rooms or titles than a program, session by session."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.change_text import FieldChange, field_changes
from app.domain.conference_day import conference_day
from app.domain.program import VENUE_ROOM, Program
from app.domain.revision_diff import SessionChange
from app.domain.session import Session
from app.domain.session_matching import normalized, paired_sessions, traits_of

# Of a larger program, sessions that are not recognized are those of others.
SLICE = 2


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs, a line each, and how many sessions both have.

    ``of_others`` are the sessions that only the other schedule has and that seem to be another program's.
    """

    differences: tuple[str, ...]
    of_others: tuple[str, ...]
    matched: int


def drift_between(here: Program, there: Program, *, unsaid_ends: Container[str] = (), people: bool = False) -> Drift:
    """Compare a program with what another schedule says of it.

    ``unsaid_ends`` are titles whose ends are not said there. A room is compared where both name one, people only if
    asked for. Conferences list a workshop among others: where fewer than half of the sessions there are of this
    program, only those count besides that are in its rooms on its days.
    """
    comparison = _Comparison(here, replace(there, timezone=here.timezone), unsaid_ends, people)
    pairs = comparison.pairs()
    lines = [line for session in here.sessions for line in comparison.lines(session, pairs.get(session.id))]
    matched = {session.id for session in pairs.values()}
    new = [one for one in comparison.there.sessions if one.id not in matched and not one.cancelled]
    is_slice = len(there.sessions) > SLICE * len(matched)
    own = [one for one in new if not is_slice or comparison.is_in_our_place(one)]
    of_others = [comparison.only_there(one) for one in new if one not in own]
    return Drift((*lines, *map(comparison.only_there, own)), tuple(of_others), len(pairs))


@dataclass(frozen=True, slots=True)
class _Comparison:
    here: Program
    there: Program
    unsaid_ends: Container[str]
    people: bool

    def pairs(self) -> Mapping[str, Session]:
        """The session there for the id of each session here that is recognized."""
        both = (self.here, self.there)
        ours, theirs = ([traits_of(one, session) for session in one.sessions] for one in both)
        if not all(any(map(_has_named_room, one.sessions)) for one in both):  # then no room tells sessions apart
            ours, theirs = ([replace(traits, room="") for traits in some] for some in (ours, theirs))
        found = paired_sessions(theirs, ours)
        return {self.here.sessions[old].id: self.there.sessions[new] for new, old in found.items()}

    def lines(self, old: Session, new: Session | None) -> Iterator[str]:
        """What is said otherwise there of a session; nothing of one that is cancelled here and not there any more."""
        if new is None:
            if not old.cancelled:
                yield f"{old.title}: only here ({self._whole(self.here, old)})"
            return
        if old.cancelled or new.cancelled:
            if old.cancelled != new.cancelled:
                yield f"{old.title}: cancelled {'here, not there' if old.cancelled else 'there, not here'}"
            return
        for change in field_changes(self.here, self.there, SessionChange(old.id, old, self._with_end(old, new))):
            if self._counts(change, old, new):
                yield f"{old.title}: {_both_sides(change)}"

    def only_there(self, new: Session) -> str:
        """The line of a session that is not here."""
        return f"{new.title}: only there ({self._whole(self.there, new)})"

    def is_in_our_place(self, new: Session) -> bool:
        """Whether a session there is in one of our rooms on one of our days."""
        rooms = {normalized(self.here.room_name(one.room)) for one in self.here.sessions if _has_named_room(one)}
        is_our_day = conference_day(self.here, new.start) in self.here.days
        return is_our_day and _has_named_room(new) and normalized(self.there.room_name(new.room)) in rooms

    def _with_end(self, old: Session, new: Session) -> Session:
        """The session there, as long as ours where its end is not said."""
        if new.title not in self.unsaid_ends:
            return new
        return replace(new, slot=replace(new.slot, end=new.start + old.slot.length))

    def _counts(self, change: FieldChange, old: Session, new: Session) -> bool:
        match change.aspect:
            case "time":
                return True
            case "title":
                return normalized(change.before) != normalized(change.after)
            case "room":
                named = _has_named_room(old) and _has_named_room(new)
                return named and normalized(change.before) != normalized(change.after)
            case "people":
                return self.people and self._names(self.here, old) != self._names(self.there, new)
            case _:
                return False

    @staticmethod
    def _names(program: Program, session: Session) -> set[str]:
        return {normalized(person.name) for person in program.speakers_of(session)}

    @staticmethod
    def _whole(program: Program, session: Session) -> str:
        return field_changes(program, program, SessionChange(session.id, session, None))[0].before


def _has_named_room(session: Session) -> bool:
    """Whether a session is in a room of its own, not in all and not in the one that stands for a venue."""
    return session.room not in {None, VENUE_ROOM}


def _both_sides(change: FieldChange) -> str:
    match change.aspect:
        case "title":
            return f"titled “{change.after}” there"
        case "people":
            return f"with {change.before or 'nobody'} here, with {change.after or 'nobody'} there"
        case "room":
            return f"in {change.before} here, in {change.after} there"
        case _:
            return f"{change.before} here, {change.after} there"
