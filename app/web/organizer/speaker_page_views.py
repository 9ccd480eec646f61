"""The page of a speaker: when and where they are on, what they may change of their session, and what waits of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from app.domain.conference_day import conference_day
from app.domain.day_status import duration_text
from app.domain.edits.edit_types import ChangeContent
from app.domain.edits.outcome import EditRefused
from app.domain.edits.preview import preview
from app.domain.edits.speaker_rights import changes_until, own_people, speaks_at, words_until
from app.domain.errors import AgendaError, StaleBase, TooLate
from app.domain.program import Person, Program
from app.domain.room_state import TICKS, Tick
from app.domain.session import Session
from app.domain.texts import BadText
from app.store.proposals import Proposal, latest_of, propose, withdraw
from app.store.revisions import Revision
from app.store.room_state import RoomStates
from app.web.address_traits import FOR_SPEAKERS_ALONE, FOR_SPEAKERS_PICTURES
from app.web.organizer.console import console, console_page
from app.web.organizer.edit_forms import faults_of
from app.web.organizer.form_addresses import console_address, form_key
from app.web.organizer.form_fields import Fields, revision_of
from app.web.organizer.proposed_changes import ProposedChange, proposed_change
from app.web.organizer.revision_rights import undone_revisions
from app.web.organizer.signed_in_person import current_program, current_sign_in
from app.web.organizer.speaker_links_list import missing_of
from app.web.organizer.speaker_page_form import SpeakerForm, read_form
from app.web.rate_limits import CHANGES_PER_SPEAKER, count
from app.web.request_context import page_context
from app.web.running_service import current_service

# A speaker's own ticks, with the words on their buttons.
OWN_TICK_WORDS: Mapping[Tick, str] = {"here": "I am here", "recording": "I may be recorded"}
# Longer than this before it begins, a session's days are counted.
LONGEST_IN_HOURS = timedelta(days=2)
STALE = "Somebody changed the same meanwhile. Look at what it says now, and send yours again if it still holds."


@dataclass(frozen=True)
class OwnSession:
    """What a speaker sees of their session beside the program.

    ``people`` are those for whom they speak, and ``with_waiting`` is the program with what waits of theirs, as the
    form shows it. ``latest`` is what they last would change or have changed, ``waits`` its differences while it
    waits, None for nothing; ``before`` and ``after`` are the sessions in their room around theirs.
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


def speaker_page(session: Session) -> ResponseReturnValue:
    """The page of a session for its speaker."""
    return _page(session)


def _page(session: Session, typed: ChangeContent | None = None, **values: Any) -> str:
    """The page, whose form has what was ``typed`` where that was not sent, else what waits."""
    rooms = [room for room in page_context().program.rooms if session.room in {None, room.id}]
    own, bound = _own_session(session, typed), FOR_SPEAKERS_PICTURES.takes_file
    return console_page("speaker-page.html", session=session, rooms=rooms, own=own, bound=bound, **values)


@console.post("/talks/<session_id>", traits=FOR_SPEAKERS_PICTURES)
def change_session(session_id: str) -> ResponseReturnValue:
    """Let what a speaker changes wait, or publish it; 422 or 409 with the form and why it was refused."""
    me, service = current_sign_in().editor, current_service()
    count(CHANGES_PER_SPEAKER, "changes", me.name)
    service.current.refresh()
    session = page_context().program.session(session_id)
    sent = None
    try:
        sent = _sent(session)
        made = _propose(sent)
    except (EditRefused, BadText, TooLate, ServiceUnavailable) as refused:
        return _refusal(session, refused)
    except StaleBase:
        # What they left as it was shown is as it is now.
        return _page(session, sent.edit if sent else None, faults={"": STALE}), HTTPStatus.CONFLICT
    service.current.refresh()
    said = {"location": 1} if sent.had_location else {}
    return redirect(console_address(request.path, **said, **_done(made)), HTTPStatus.SEE_OTHER)


@console.post("/talks/<session_id>/withdraw", traits=FOR_SPEAKERS_ALONE)
def withdraw_change(session_id: str) -> Response:
    """Take a speaker's change back that waits."""
    me = current_sign_in()
    service = current_service()
    withdraw(service.current.revisions, session_id, by=me.editor, now=service.clock.now(), sign_in=me.id)
    return redirect(f"/organizer/talks/{session_id}", HTTPStatus.SEE_OTHER)


def _refusal(session: Session, refused: EditRefused | BadText | TooLate | ServiceUnavailable) -> ResponseReturnValue:
    """The page with the form as it was filled in, which is still based on the revision that it showed."""
    shown: dict[str, Any] = {
        "filled_in": request.form,
        "base": revision_of(request.form, "base") or page_context().revision,
    }
    match refused:
        case ServiceUnavailable():
            return _page(session, faults={"picture": f"{refused.description}"}, **shown), HTTPStatus.SERVICE_UNAVAILABLE
        case TooLate():
            return _page(session, faults={"": f"{refused}"}, **shown), HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(session, faults=faults_of(refused), **shown), HTTPStatus.UNPROCESSABLE_ENTITY


def _sent(session: Session) -> SpeakerForm:
    """What the form says."""
    form = MultiDict([*request.form.items(multi=True), ("session", session.id)])
    people = own_people(current_sign_in().editor, session)
    return read_form(Fields(form, current_program()), people, _waiting_edit(session))


def _propose(sent: SpeakerForm) -> Proposal | Revision | None:
    """What comes of what was sent."""
    me, service, base = current_sign_in(), current_service(), revision_of(request.form, "base")
    return propose(
        service.current.revisions,
        sent.edit,
        base=page_context().revision if base is None else base,
        by=me.editor,
        now=service.clock.now(),
        pictures=sent.pictures,
        sign_in=me.id,
        once=form_key(),
    )


def _done(made: Proposal | Revision | None) -> dict[str, int]:
    """The parameters by which the page says what came of the form; of what waits it says so anyway."""
    if isinstance(made, Proposal):
        return {}
    return {"done": made.number if made else 0}


def _waiting_edit(session: Session) -> ChangeContent | None:
    latest = latest_of(current_service().database, session.id, current_sign_in().editor.name)
    return latest.edit if latest and latest.state == "waiting" else None


def _own_session(session: Session, typed: ChangeContent | None) -> OwnSession:
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


TEMPLATE_GLOBALS: Mapping[str, object] = {"time_to": time_to}


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
