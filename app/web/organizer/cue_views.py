"""Cues in the console: to send and to clear one, and whether the stage shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from app.domain.change_text import minutes_text
from app.domain.cues import CUE_MINUTES, CUE_MINUTES_OFFERED, MOST_CUE_MINUTES, USUAL_CUES, Cue, checked_cue
from app.domain.edits.edit_rights import may_cue
from app.domain.errors import AgendaError
from app.domain.texts import BadText
from app.store.displays import Display
from app.store.room_state import RoomStates
from app.web.address_traits import FOR_CHAIRS
from app.web.display_reports import STAGES, is_silent, reported_displays
from app.web.organizer.console import console
from app.web.organizer.form_addresses import CUE_FIELDS, return_address, to_form, typed_form
from app.web.organizer.room_state_views import back_to_form
from app.web.organizer.signed_in_person import current_sign_in
from app.web.request_context import page_context
from app.web.running_service import current_service

# What a form holds before it is filled in.
UNFILLED = ("", "", "steady", str(CUE_MINUTES))


@dataclass(frozen=True)
class StageState:
    """The stage of a room as its chairs see it: the cue that stands, and whether a screen shows it, in words.

    ``filled_in`` holds the fields of the form for another cue, by their names there; ``fault`` is why it was not sent,
    "" where nothing was refused.
    """

    cue: Cue | None
    is_connected: bool
    said: str
    filled_in: Mapping[str, str]
    fault: str


@console.post("/cues", traits=FOR_CHAIRS)
def send_cue() -> Response:
    """Send a cue to the stage of a room; where it is refused, lead to the form as it was filled in."""
    me, filled_in = current_sign_in(), [request.form.get(name.removeprefix("cue_"), "") for name in CUE_FIELDS]
    room, text, style, minutes = filled_in
    now = current_service().clock.now()
    try:
        _states().send_cue(room, text, style, minutes=_number(minutes), by=me.editor, now=now, sign_in=me.id)
    except BadText as refused:
        typed = dict(zip(CUE_FIELDS, filled_in, strict=True))
        return to_form(f"{return_address()}#own-cue-{room}", typed, refused)
    return back_to_form()


@console.post("/cues/clear", traits=FOR_CHAIRS)
def clear_cue() -> Response:
    """Clear the cue on the stage of a room."""
    me = current_sign_in()
    _states().clear_cue(request.form.get("room", ""), by=me.editor, sign_in=me.id)
    return back_to_form()


def stage_of(room: str) -> StageState | None:
    """The stage of a room; None for whoever sends it no cues."""
    if not may_cue(current_sign_in().editor, room):
        return None
    cues, stages = _all_shown()
    typed, cue = typed_form(), cues.get(room)
    is_refused = typed.get("cue_room") == room
    values = [typed.get(name, "") for name in CUE_FIELDS] if is_refused else UNFILLED
    filled_in = {name.removeprefix("cue_"): value for name, value in zip(CUE_FIELDS, values, strict=True)}
    connected = stages.get(room, ())
    return StageState(cue, bool(connected), _said(cue, connected), filled_in, _fault(filled_in) if is_refused else "")


def _fault(filled_in: Mapping[str, str]) -> str:
    """Why a form's cue cannot be sent; "" where it can."""
    try:
        checked_cue(filled_in["text"], filled_in["style"], _number(filled_in["minutes"]))
    except AgendaError as refused:
        return str(refused)
    return ""


def _said(cue: Cue | None, stages: Sequence[Display]) -> str:
    """Whether the stage shows the cue that stands, in words; "" where none does."""
    if cue is None:
        return ""
    program = page_context().program
    if cue.shown_at is None:
        return f"Sent {program.clock(cue.at)}; {'not on stage yet' if stages else 'the stage screen is not connected'}"
    shown, showing = f"On stage since {program.clock(cue.shown_at)}", sum(one.cue == cue.id for one in stages)
    if not stages:
        return f"{shown}; the stage screen is not connected any more"
    return shown if showing == len(stages) else f"{shown}, on {showing} of {len(stages)} screens"


def _all_shown() -> tuple[Mapping[str, Cue], Mapping[str, Sequence[Display]]]:
    """The cues that stand, and the stages that are connected, by room, read once for a request."""
    if "stages" not in g:
        now, stages = page_context().now, defaultdict[str, list[Display]](list)
        for one in reported_displays():
            if one.room is not None and one.path.startswith(STAGES) and not is_silent(one):
                stages[one.room].append(one)
        g.stages = {cue.room: cue for cue in _states().cues() if cue.stands_at(now)}, stages
    found: tuple[Mapping[str, Cue], Mapping[str, Sequence[Display]]] = g.stages
    return found


def _number(text: str) -> int:
    """A number of minutes; 0, which no cue has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_CUE_MINUTES)) else 0


def _states() -> RoomStates:
    return RoomStates(current_service().current.revisions)


TEMPLATE_GLOBALS = {
    "stage_of": stage_of,
    "usual_cues": USUAL_CUES,
    "usual_cue_minutes": CUE_MINUTES,
    "cue_minutes": {one: minutes_text(one) for one in CUE_MINUTES_OFFERED},
}
