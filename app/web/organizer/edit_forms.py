"""Reads the edits that the console's forms send."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from app.domain.conference_day import conference_day, instant_on_day
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused
from app.domain.errors import TimeError
from app.domain.program import Program
from app.domain.session import Session
from app.domain.texts import BadText, checked
from app.formats.edit_json import edit_from_json
from app.web.organizer.content_forms import CONTENT_EDITS
from app.web.organizer.form_fields import FieldRefused, Fields
from app.web.request_policy import LONGEST_QUERY

# The fields of the forms that re-time: few and short, so that a preview has them in its address.
_RETIMING_FIELDS = ("do", "session", "minutes", "everywhere", "time", "other", "room")
# What a form or an edit is refused for.
Refusal = EditRefused | BadText | TimeError


def edit_of(form: MultiDict[str, str], program: Program) -> Edit:
    """The edit that a form asks for: by its `tap` or its `do`, or as JSON in `edit`; raises `Refusal`."""
    if "edit" in form:
        return edit_from_json(form["edit"])
    form = with_tap(form)
    make = _EDITS.get(form.get("do", ""))
    if make is None:
        raise EditRefused("this form does not hold an edit; reload the page")
    return make(Fields(form, program))


def with_tap(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """A form with the `do` and the `minutes` of the button that was pressed: its `tap` is "start" or "late 8"."""
    do, _, minutes = form.get("tap", "").partition(" ")
    if not do:
        return form
    tapped = MultiDict(form)
    tapped.setlist("do", [do])
    if minutes:
        tapped.setlist("minutes", [minutes])
    return tapped


def preview_query(form: MultiDict[str, str], **more: object) -> str | None:
    """The query of the preview of a form; None where an address cannot hold all that the form says."""
    form = with_tap(form)
    if "edit" in form or form.get("note") or form.get("do") not in _RETIMING:
        return None
    query = urlencode({**{name: form[name] for name in _RETIMING_FIELDS if name in form}, **more})
    return query if len(query) <= LONGEST_QUERY else None


def preview_address(tap: str, session: Session, base: int, back: str) -> str:
    """The address of the preview of what a button would do."""
    return f"/organizer/preview?{preview_query(MultiDict({'tap': tap, 'session': session.id}), base=base, back=back)}"


def faults_of(refused: Refusal) -> dict[str, str]:
    """What is wrong with which field of a form; under "" what is wrong with the form as a whole."""
    match refused:
        case BadText():
            return {refused.field: str(refused)}
        case TimeError():
            return {"time": str(refused)}
        case _:
            return {refused.field: refused.reason}


def note_faults(form: MultiDict[str, str]) -> dict[str, str]:
    """What is wrong with the note of a form."""
    try:
        checked("note", form.get("note", "").strip())
    except BadText as bad:
        return faults_of(bad)
    return {}


def _move(fields: Fields) -> Edit:
    session = fields.program.session(fields.session)
    day = conference_day(fields.program, session.start)
    return edits.Move(session.id, instant_on_day(fields.program, day, fields.time))


def _late(fields: Fields) -> Edit:
    if fields.optional("everywhere"):
        return edits.DelayEverywhere(fields.minutes)
    return edits.Delay(fields.session, fields.minutes)


def _swap(fields: Fields) -> Edit:
    other = fields.text("other")
    if other not in fields.program.sessions_by_id:
        raise FieldRefused("other", "choose a session to change places with")
    return edits.Swap(fields.session, other)


_RETIMING: dict[str, Callable[[Fields], Edit]] = {
    "late": _late,
    "extend": lambda fields: edits.Extend(fields.session, fields.minutes),
    "shorten": lambda fields: edits.Shorten(fields.session, fields.minutes),
    "start": lambda fields: edits.StartNow(fields.session),
    "end": lambda fields: edits.EndNow(fields.session),
    "move": _move,
    "swap": _swap,
    "room": lambda fields: edits.ChangeRoom(fields.session, fields.text("room") or None),
    "cancel": lambda fields: edits.Cancel(fields.session),
    "reinstate": lambda fields: edits.Reinstate(fields.session),
    "absent": lambda fields: edits.Absent(fields.session),
}
_EDITS = {**CONTENT_EDITS, **_RETIMING}
