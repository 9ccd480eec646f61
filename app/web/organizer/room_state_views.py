"""Room state in the console: ticks for speakers, notes for whoever chairs, and the stream by which pages follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from flask import abort, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.domain.edits.edit_rights import may_keep_room_state
from app.domain.program import Person
from app.domain.room_state import (
    MOST_NOTES,
    TICKS,
    ChairNote,
    SpeakerTick,
    missing_speakers,
    missing_text,
)
from app.domain.session import Session
from app.domain.texts import BadText
from app.store.errors import NotesFull
from app.store.room_state import RoomStates, check_note
from app.web.address_traits import FOR_CHAIRS, FOR_EVERY_ROLE, FOR_SESSION_PAGES
from app.web.monitoring import NO_STREAMS
from app.web.organizer.console import console
from app.web.organizer.form_addresses import form_key, return_address, to_form, typed_form
from app.web.organizer.signed_in_person import current_program, current_sign_in
from app.web.rate_limits import TICKS_PER_SPEAKER, count
from app.web.request_context import page_context
from app.web.running_service import current_service


@dataclass(frozen=True)
class SessionState:
    """The room state of one session, as its forms show it.

    ``refused_note`` is the text of a note that was not added, and ``note_fault`` says why, each "" where there is none.
    ``missing`` says who is not ticked as here, "" for nobody; that is shown from ``since`` until ``until``, and
    ``is_time`` says whether now.
    """

    people: tuple[Person, ...]
    set_ticks: frozenset[tuple[str, str]]
    notes: tuple[ChairNote, ...]
    refused_note: str
    note_fault: str
    missing: str
    since: datetime
    until: datetime
    is_time: bool

    @property
    def takes_notes(self) -> bool:
        """Whether another note may be added."""
        return len(self.notes) < MOST_NOTES


@console.get("/live", traits=replace(FOR_EVERY_ROLE, query=("since",)))
def live() -> ResponseReturnValue:
    """Changes as server-sent events, to open consoles: those of `/live`, and `state` for the room state."""
    # `agenda serve` answers these requests before they get to Flask, which has no streams.
    abort(HTTPStatus.SERVICE_UNAVAILABLE, NO_STREAMS)


@console.post("/ticks", traits=FOR_SESSION_PAGES)
def set_tick() -> Response:
    """Set a tick of a speaker (`on=1`), or remove it (`on=0`); a speaker sets some of their own."""
    form, me = request.form, current_sign_in()
    if form.get("on", "") not in {"0", "1"}:
        abort(HTTPStatus.BAD_REQUEST, "The form does not say whether the tick is to be set.")
    if me.editor.role == "speaker":
        count(TICKS_PER_SPEAKER, "ticks", me.editor.name)
    names = (form.get(name, "") for name in ("session", "speaker", "tick"))
    now = current_service().clock.now()
    _states().set_tick(*names, on=form["on"] == "1", by=me.editor, now=now, sign_in=me.id)
    return back_to_form()


@console.post("/chair-notes", traits=FOR_CHAIRS)
def add_note() -> Response:
    """Add a note for whoever chairs a session; where it is refused, lead to the form as it was filled in."""
    session, me = request.form.get("session", ""), current_sign_in()
    # A form sends line ends as CR LF (HTML, 4.10.21.4).
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    now = current_service().clock.now()
    try:
        _states().add_note(session, text, by=me.editor, now=now, sign_in=me.id, once=form_key())
    except (BadText, NotesFull) as refused:
        return to_form(f"{return_address()}#add-note-{session}", {"note_on": session, "note_text": text}, refused)
    return back_to_form()


@console.post("/chair-notes/remove", traits=FOR_CHAIRS)
def remove_note() -> Response:
    """Remove a note."""
    me = current_sign_in()
    _states().remove_note(request.form.get("note", ""), by=me.editor, sign_in=me.id)
    return back_to_form()


def room_state_version() -> int | None:
    """The version of the room state that a page shows; None for whoever sees none of it.

    It is read before the state itself: a page that is older than its version would never be refreshed.
    """
    if current_sign_in().editor.role not in FOR_SESSION_PAGES.roles:
        return None
    return _states().version()


def room_state_of(session: Session) -> SessionState | None:
    """The room state of a session; None for whoever may not see it."""
    if not may_keep_room_state(current_sign_in().editor, session):
        return None
    context = page_context()
    ticks, notes = _all_shown()
    own, own_notes = ticks.get(session.id, ()), notes.get(session.id, ())
    typed = typed_form()
    refused_note = typed.get("note_text") if typed.get("note_on") == session.id else None
    missing = missing_speakers(context.program, session, own)
    return SessionState(
        people=context.program.speakers_of(session),
        set_ticks=frozenset((one.speaker, one.tick) for one in own),
        notes=tuple(own_notes),
        refused_note=refused_note or "",
        note_fault="" if refused_note is None else _note_fault(refused_note, len(own_notes)),
        missing=missing_text(missing.people),
        since=missing.since,
        until=missing.until,
        is_time=bool(missing.at(context.now)),
    )


def _note_fault(text: str, notes: int) -> str:
    """Why a note cannot be added to a session with so many; "" where it can."""
    try:
        check_note(text, notes)
    except (BadText, NotesFull) as refused:
        return str(refused)
    return ""


def _all_shown() -> tuple[Mapping[str, list[SpeakerTick]], Mapping[str, list[ChairNote]]]:
    """The ticks and notes of all sessions that a page may show, read once for a request."""
    if "room_state" not in g:
        editor, named = current_sign_in().editor, (request.view_args or {}).get("session_id")
        sessions = [one.id for one in current_program().sessions if may_keep_room_state(editor, one)]
        shown = [named] if named in sessions else sessions
        g.room_state = _by_session(_states().ticks(shown)), _by_session(_states().notes(shown))
    found: tuple[Mapping[str, list[SpeakerTick]], Mapping[str, list[ChairNote]]] = g.room_state
    return found


def _by_session(found: Iterable[SpeakerTick | ChairNote]) -> Mapping[str, list[SpeakerTick | ChairNote]]:
    by_session = defaultdict(list)
    for one in found:
        by_session[one.session].append(one)
    return by_session


def _states() -> RoomStates:
    return RoomStates(current_service().current.revisions)


def back_to_form() -> Response:
    """Back to the page of the form, once this process knows of the change."""
    current_service().current.refresh()
    return redirect(return_address(), HTTPStatus.SEE_OTHER)


TEMPLATE_GLOBALS = {"room_state_of": room_state_of, "room_state_version": room_state_version, "tick_words": TICKS}
