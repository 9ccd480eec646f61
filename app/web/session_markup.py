"""The markup of sessions, each piece made once for a session as it is shown.

`templates/session_parts.html` makes the pieces. It sees the names of a `Setting`, which all sessions of a program
share, and its own arguments, neither the request nor the instant. So a piece holds on every page, and in later
revisions too, while its session, the people of the session and the setting stay the same: a revision makes those of
what it changed, a boundary those of the sessions whose state turns.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from sys import getsizeof
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from app.domain.conference_day import conference_day, today_span
from app.domain.identity import Track
from app.domain.program import Person, Room
from app.domain.session import Session
from app.domain.timeline import State, Timeline
from app.web import display_board, template_helpers
from app.web.identity_sheet import track_mark
from app.web.request_context import PageContext

TEMPLATE = "session_parts.html"
# Measured: what a piece takes in memory beside its text.
PIECE_BYTES = 400


class ShownSession(NamedTuple):
    """A session at an instant, with all that its markup says and that is no part of the program.

    ``reason`` is the public note on why it is moved or cancelled; ``is_on_later_day`` says that its conference day has
    not begun.
    """

    session: Session
    state: State
    reason: str | None = None
    is_on_later_day: bool = False


class Setting(NamedTuple):
    """What the markup of all sessions of a program depends on."""

    timezone: str
    language: str
    rooms: tuple[Room, ...]
    tracks: tuple[Track, ...]
    days: tuple[Any, ...]
    several_days: bool
    has_faces: bool

    @classmethod
    def of(cls, timeline: Timeline) -> Setting:
        """The setting of a program."""
        program = timeline.program
        return cls(
            program.timezone,
            program.language,
            program.rooms,
            program.tracks,
            program.days,
            timeline.has_several_days,
            template_helpers.has_faces(program),
        )


@dataclass(slots=True)
class _Pieces:
    """The pieces of one session, by what they are, each with how the session was shown, and what they take together."""

    session: Session
    people: tuple[Person, ...]
    made: dict[Hashable, tuple[tuple[object, ...], Markup]] = field(default_factory=dict)
    kept_bytes: int = 0


class SessionMarkup:
    """The markup of one program's sessions; pieces of a ``former`` one that still hold are taken over.

    ``parts`` are the macros. ``kept_bytes`` is what the pieces take in memory, and ``former_bytes`` what those of the
    former one take beside them. The pieces take at most ``most_bytes``: then only pages that are rendered ahead
    displace those of others, and all are made again. Safe to use from several threads: at worst a piece is made twice,
    or its bytes are counted so.
    """

    def __init__(
        self, environment: Environment, timeline: Timeline, most_bytes: int, former: SessionMarkup | None = None
    ) -> None:
        self._program, self._setting, self._most_bytes = timeline.program, Setting.of(timeline), most_bytes
        self.kept_bytes = 0
        self._of_former = self.former_bytes = former.kept_bytes if former else 0
        self.parts: Any = environment.get_template(TEMPLATE).make_module(_names(timeline))
        self._pieces: dict[str, _Pieces] = {}
        if former is not None and former._setting == self._setting:  # noqa: SLF001 - of the same class
            self._pieces = dict(former._pieces)  # noqa: SLF001
            self.kept_bytes = sum(pieces.kept_bytes for pieces in self._pieces.values())
            self.former_bytes = 0

    def get_or_make(self, shown: ShownSession, name: str, *form: Hashable, displaces: bool = False) -> Markup:
        """What a macro makes of a session; kept until it is asked for with the session shown in another way.

        Where there is no room it is kept only if it ``displaces`` all that is.
        """
        pieces = self._pieces_of(shown.session)
        kept = pieces.made.get((name, *form))
        # Without the session, which is that of the pieces.
        as_shown = shown[1:]
        if kept is not None and kept[0] == as_shown:
            return kept[1]
        text = self.make(shown, name, *form)
        added = getsizeof(text) - getsizeof(kept[1]) if kept else getsizeof(text) + PIECE_BYTES
        if self.kept_bytes + added > self._most_bytes:
            if displaces:
                self._pieces.clear()
                self.kept_bytes, self.former_bytes = 0, self._of_former
        else:
            pieces.made[name, *form] = (as_shown, text)
            pieces.kept_bytes += added
            self.kept_bytes += added
        return text

    def make(self, shown: ShownSession, name: str, *form: Hashable) -> Markup:
        """What a macro makes of a session, for this once."""
        text: Markup = getattr(self.parts, name)(shown, *form)
        return text

    def _pieces_of(self, session: Session) -> _Pieces:
        people = self._program.speakers_of(session)
        kept = self._pieces.get(session.id)
        if kept is None or kept.people != people or kept.session != session:
            if kept is not None:
                self.kept_bytes -= kept.kept_bytes
                self.former_bytes += kept.kept_bytes
            kept = self._pieces[session.id] = _Pieces(session, people)
        # An equal one, of a revision that another process published: the next comparison is of the same object.
        kept.session, kept.people = session, people
        return kept


class SessionsOnPage:
    """The sessions as one page shows them: in the rooms ``room_ids``, which the template may still add (none: all)."""

    def __init__(
        self, context: PageContext, markup: SessionMarkup, room_ids: Sequence[str], *, is_rendered_ahead: bool = False
    ) -> None:
        self._context, self._markup, self._room_ids = context, markup, room_ids
        self._displaces = is_rendered_ahead
        self._states = context.states()
        self._rooms_known = 0

    def state_of(self, session: Session) -> State:
        """Whether a session is past, now, next or later at the page's instant."""
        if len(self._room_ids) != self._rooms_known:
            self._states = self._context.states(self._room_ids)
            self._rooms_known = len(self._room_ids)
        return self._states.of(session)

    def shown(self, session: Session, state: State | None = None) -> ShownSession:
        """A session as the page shows it, in another state than its own where one is given."""
        context = self._context
        return ShownSession(
            session,
            state or self.state_of(session),
            context.snapshot.reasons.get(session.id),
            context.snapshot.timeline.has_several_days and self._is_on_later_day(session),
        )

    def kept(self, name: str, session: Session, state: State | None = None, *form: Hashable) -> Markup:
        """What a macro makes of a session; for an instant that the reader named it is not kept."""
        shown = self.shown(session, state)
        if self._context.frozen:
            return self._markup.make(shown, name, *form)
        return self._markup.get_or_make(shown, name, *form, displaces=self._displaces)

    def _is_on_later_day(self, session: Session) -> bool:
        program = self._context.program
        return today_span(program, conference_day(program, session.start))[0] > self._context.now


def _names(timeline: Timeline) -> dict[str, Any]:
    """The names that the macros may use: functions of the setting, and of a session with its people."""
    program = timeline.program
    return {
        "page_language": program.language,
        "several_days": timeline.has_several_days,
        "several_rooms": len(program.rooms) > 1,
        "first_room": program.rooms[0].id,
        "room_name": program.room_name,
        "clock": program.clock,
        "iso": partial(template_helpers.iso, program),
        "day_of": partial(template_helpers.day_of, program),
        "status_text": partial(template_helpers.status_text, program),
        "people_line": partial(template_helpers.people_line, program),
        "faces_of": partial(template_helpers.faces_of, program),
        "names_in_short": partial(display_board.names_in_short, program),
        "track_mark": partial(track_mark, program),
    }
