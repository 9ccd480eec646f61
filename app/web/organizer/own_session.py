"""What a speaker sees of their session beside the program: when they are on, what waits of theirs, what they may do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.conference_day import conference_day
from app.domain.day_status import duration_text
from app.domain.edits.edit_types import ChangeContent
from app.domain.edits.preview import preview
from app.domain.edits.speaker_rights import changes_until, own_people, speaks_at, words_until
from app.domain.errors import AgendaError
from app.domain.program import Person, Program
from app.domain.room_state import TICKS, Tick
from app.domain.session import Session
from app.store.proposals import Proposal, latest_of
from app.store.room_state import RoomStates
from app.web.organizer.proposed_changes import ProposedChange, proposed_change
from app.web.organizer.revision_rights import undone_revisions
from app.web.organizer.signed_in_person import current_sign_in
from app.web.organizer.speaker_links_list import missing_of
from app.web.request_context import page_context
from app.web.running_service import current_service

# A speaker's own ticks, with the words on their buttons.
OWN_TICK_WORDS: Mapping[Tick, str] = {"here": "I am here", "recording": "I may be recorded"}
# Longer than this before it begins, a session's days are counted.
LONGEST_IN_HOURS = timedelta(days=2)


@dataclass(frozen=True)
class OwnSession:
    """A session as its speaker sees it.

    ``people`` are those for whom they speak, and ``with_waiting`` is the program with what waits of theirs, as the
    form shows it. ``latest`` is what they last would change or have changed, ``waits`` its differences while it
    waits, None for nothing; ``before`` and ``after`` are the sessions in their room around theirs. ``missing`` is what
    readers do not find of it yet, and ``speaks`` says whether they still are one of its speakers.
    """

    people: tuple[Person, ...]
    with_waiting: Program
    latest: Proposal | None
    waits: ProposedChange | None
    before: Session | None
    after: Session | None
    set_ticks: frozenset[tuple[str, str]]
    missing: tuple[str, ...]
    is_over: bool
    takes_words: bool
    takes_changes: bool
    speaks: bool

    @property
    def tick_words(self) -> Mapping[Tick, str]:
        """The ticks that they set, with the words on the buttons: of oneself, or of several people."""
        words = OWN_TICK_WORDS if len(self.people) == 1 else TICKS
        return {tick: words[tick] for tick in OWN_TICK_WORDS if tick != "here" or not self.is_over}

    @property
    def lost_picture(self) -> bool:
        """Whether a picture was declined, or taken back: it has to be chosen again."""
        return bool(self.latest and self.latest.state in {"declined", "withdrawn"} and self.latest.edit.pictures)

    @property
    def is_published(self) -> bool:
        """Whether what they last changed is published, and no organizer took it back."""
        return self.latest is not None and self.latest.state == "published" and not self.is_undone

    @property
    def is_undone(self) -> bool:
        """Whether an organizer took back what was published of theirs."""
        return self.latest is not None and self.latest.revision in undone_revisions()


def own_session(session: Session, typed: ChangeContent | None = None) -> OwnSession:
    """The session of the signed-in speaker; with what they ``typed`` in place of what waits, where it was refused."""
    context, editor, service = page_context(), current_sign_in().editor, current_service()
    own = own_people(editor, session)
    latest = latest_of(service.database, session.id, editor.name)
    waits = proposed_change(latest) if latest and latest.state == "waiting" else None
    shown = waits.after if waits and not typed else _with_texts(typed or _sent_before(latest))
    before, after = _around(context.program, session)
    ticks = RoomStates(service.current.revisions).ticks([session.id])
    set_ticks = frozenset((one.speaker, one.tick) for one in ticks if one.speaker in own)
    return OwnSession(
        people=tuple(one for one in shown.speakers_of(shown.session(session.id)) if one.id in own),
        with_waiting=shown,
        latest=latest,
        waits=waits,
        before=before,
        after=after,
        set_ticks=set_ticks,
        missing=_missing(session, own),
        is_over=context.now >= session.end,
        takes_words=context.now < words_until(session),
        takes_changes=context.now < changes_until(session),
        speaks=speaks_at(editor, session),
    )


def time_to(session: Session, now: datetime) -> str:
    """How long it is until a session begins, or ends; `time-to-session.js` writes it as time goes on."""
    if now >= session.end:
        return "over"
    if now >= session.start:
        return f"{duration_text(session.end - now)} left"
    before = session.start - now
    return f"in {before.days} days" if before >= LONGEST_IN_HOURS else f"in {duration_text(before)}"


def _missing(session: Session, own: Collection[str]) -> tuple[str, ...]:
    """What readers do not find of a session and of some of its people."""
    people = (one for one in page_context().program.speakers_of(session) if one.id in own)
    return tuple(dict.fromkeys(name for person in people for name in missing_of(session, person)))


def _sent_before(latest: Proposal | None) -> ChangeContent | None:
    """What a speaker sent that was declined, or that they took back: its texts stay in the form."""
    return latest.edit if latest and latest.state in {"declined", "withdrawn"} else None


def _with_texts(edit: ChangeContent | None) -> Program:
    """The program with the texts of an edit, where they still can be; pictures are not kept."""
    context = page_context()
    if edit is None:
        return context.program
    with suppress(AgendaError):
        return preview(context.program, replace(edit, pictures=()), context.now).after
    return context.program


def _around(program: Program, session: Session) -> tuple[Session | None, Session | None]:
    """The sessions before and after one on its day, in its room: what is cancelled is none."""
    day = conference_day(program, session.start)
    in_room = program.sessions_in(session.room) if session.room else program.sessions
    others = [one for one in in_room if one.id != session.id and not one.cancelled]
    of_day = [one for one in others if conference_day(program, one.start) == day]
    before = [one for one in of_day if one.end <= session.start]
    after = [one for one in of_day if one.start >= session.end]
    return max(before, key=lambda one: one.end, default=None), min(after, key=Session.order, default=None)


TEMPLATE_GLOBALS: Mapping[str, object] = {"time_to": time_to}
