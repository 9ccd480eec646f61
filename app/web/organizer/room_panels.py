"""What the console's day page shows of each room, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from app.domain.conference_day import conference_day
from app.domain.day_status import RoomStatus, room_status
from app.domain.edits.session_rules import session_running_over
from app.domain.errors import UnknownName
from app.domain.program import Room
from app.domain.session import Session
from app.domain.timeline import RoomMoment
from app.web.request_context import PageContext
from app.web.timeline_svg import Strip, room_strip

# For so long the buttons of a session that ended are not folded away.
JUST_ENDED = timedelta(minutes=10)
# Up to so many rooms each has a strip of the day.
MOST_WITH_STRIPS = 6
# Up to so many rooms stand whole on one page, with links to jump to them.
MOST_WHOLE = 8


@dataclass(frozen=True)
class RoomPanel:
    """A room at an instant; ``ended`` is the session that ended last there, where it may be still on."""

    answer: RoomMoment
    ended: Session | None
    context: PageContext

    @property
    def room(self) -> Room:
        """The room."""
        return self.answer.room

    @cached_property
    def status(self) -> RoomStatus:
        """How its day stands."""
        return room_status(self.context.program, self.room.id, self.context.now)

    @cached_property
    def strip(self) -> Strip | None:
        """Its day as a strip."""
        return room_strip(self.context.program, self.room.id, self.context.now)

    @property
    def is_on(self) -> bool:
        """Whether something is on, or would be if it were not cancelled."""
        return self.answer.now is not None or self.answer.cancelled is not None

    @property
    def just_ended(self) -> bool:
        """Whether a session has ended a few minutes ago."""
        return self.ended is not None and self.context.now - self.ended.end < JUST_ENDED

    @property
    def next_today(self) -> bool:
        """Whether something is still to begin on this conference day."""
        return self.answer.next is not None and self._is_today(self.answer.next)

    @cached_property
    def then(self) -> Session | None:
        """What follows on this day after what is next."""
        following = (one for one in self.day if self.answer.next and one.order() > self.answer.next.order())
        return next((one for one in following if not one.cancelled), None)

    @cached_property
    def day(self) -> list[Session]:
        """The sessions of its day, cancelled ones too; of the next day with sessions where none are on this one."""
        program = self.context.program
        sessions = program.sessions_in(self.room.id)
        today = [one for one in sessions if self._is_today(one)]
        if today or self.answer.next is None:
            return today
        day = conference_day(program, self.answer.next.start)
        return [one for one in sessions if conference_day(program, one.start) == day]

    def _is_today(self, session: Session) -> bool:
        program = self.context.program
        return conference_day(program, session.start) == conference_day(program, self.context.now)


@dataclass(frozen=True)
class PanelGroups:
    """The panels in the order of the page: with something on, or just ended; with something next today; the others."""

    on: tuple[RoomPanel, ...]
    next: tuple[RoomPanel, ...]
    idle: tuple[RoomPanel, ...]


def panels_of(context: PageContext, rooms: Sequence[Room]) -> tuple[RoomPanel, ...]:
    """The panels of some rooms, in the program's order."""
    answers = {answer.room.id: answer for answer in context.moment.rooms}
    return tuple(
        RoomPanel(answers[room.id], session_running_over(context.program, room.id, context.now), context)
        for room in rooms
    )


def grouped(panels: Sequence[RoomPanel]) -> PanelGroups:
    """The panels in their groups."""
    on = [one for one in panels if one.is_on]
    just_ended = [one for one in panels if one.just_ended and not one.is_on]
    later = [one for one in panels if not one.is_on and not one.just_ended and (one.next_today or one.ended)]
    idle = (one for one in panels if not (one.is_on or one.next_today or one.ended))
    return PanelGroups((*on, *just_ended), tuple(sorted(later, key=_next_start)), tuple(idle))


def rooms_named(rooms: Sequence[Room], wanted: str) -> tuple[Room, ...]:
    """The room with this id, else those whose names hold a text; raises `UnknownName` where none does."""
    found = [room for room in rooms if room.id == wanted]
    found = found or [room for room in rooms if wanted.casefold() in room.name.casefold()]
    if not found:
        raise UnknownName("room", wanted, [room.id for room in rooms])
    return tuple(found)


def _next_start(panel: RoomPanel) -> tuple[bool, float]:
    """Rooms with nothing next today come last."""
    return not panel.next_today, panel.answer.next.start.timestamp() if panel.answer.next else 0.0
