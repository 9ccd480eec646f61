"""Reads the edits that the console's forms send."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.domain.conference_day import conference_day, instant_on_day
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused
from app.domain.instants import parse_instant
from app.domain.program import Person, Program
from app.domain.texts import checked
from app.formats.edit_json import edit_from_json
from app.formats.slugs import UniqueIds, slug

MOST_MINUTES = 600
_REVISION = re.compile(r"[0-9]{1,9}")
_MINUTES = re.compile(r"-?[0-9]{1,3}")
# Fields whose names alone do not tell an organizer what is missing.
_LABELS = {"other": "session to change places with", "names": "speakers"}


def edit_of(form: MultiDict[str, str], program: Program) -> Edit:
    """The edit that a form asks for: by its `do`, or as JSON in `edit`; raises `EditRefused` or `TimeError`."""
    if "edit" in form:
        return edit_from_json(form["edit"])
    make = _EDITS.get(form.get("do", ""))
    if make is None:
        raise EditRefused("this form does not hold an edit; reload the page")
    return make(_Fields(form, program))


def revision_of(form: MultiDict[str, str], name: str) -> int | None:
    """The revision number in a field, None where it is empty; anything else is a bad request, never the latest."""
    text = form.get(name, "").strip()
    if not text:
        return None
    if not _REVISION.fullmatch(text):
        raise BadRequest(f"{text!r} is not the number of a revision.")
    return int(text)


class _Fields:
    """The fields of a form, each checked where it is read; raises `EditRefused`, `UnknownName` for the session."""

    def __init__(self, form: MultiDict[str, str], program: Program) -> None:
        self.program = program
        self._form = form

    @property
    def session(self) -> str:
        """The id of a session of the program."""
        return self.program.session(self._form.get("session", "")).id

    @property
    def minutes(self) -> int:
        text = self._form.get("minutes", "").strip()
        if not _MINUTES.fullmatch(text) or abs(int(text)) > MOST_MINUTES:
            raise EditRefused(f"{text!r} is not a number of minutes up to {MOST_MINUTES}")
        return int(text)

    @property
    def time(self) -> time:
        """A time of day, such as 10:25."""
        text = self.text("time")
        try:
            return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
        except ValueError:
            raise EditRefused(f"{text!r} is not a time of day such as 10:25") from None

    def text(self, name: str) -> str:
        """A field that may be empty but must be in the form; raises `BadText`."""
        if name not in self._form:
            raise EditRefused(f"the form does not say the {_LABELS.get(name, name)}")
        # A form sends line ends as CR LF (HTML, 4.10.21.4); `maxlength` counts each as one character.
        return checked(name, self._form[name].replace("\r\n", "\n").strip())

    def optional(self, name: str) -> str | None:
        return self._form.get(name) or None


def _move(fields: _Fields) -> Edit:
    session = fields.program.session(fields.session)
    day = conference_day(fields.program, session.start)
    return edits.Move(session.id, instant_on_day(fields.program, day, fields.time))


def _change_speakers(fields: _Fields) -> Edit:
    """Names that the program does not know become new people."""
    speakers = fields.program.speakers
    known = {person.name.casefold(): person for person in speakers}
    ids = UniqueIds(person.id for person in speakers)
    names = [name.strip() for name in fields.text("names").split(",") if name.strip()]
    chosen = [known.get(name.casefold()) or Person(id=ids.reserve(slug(name) or "person"), name=name) for name in names]
    new = tuple(person for person in chosen if person not in speakers)
    return edits.ChangeSpeakers(fields.session, tuple(person.id for person in chosen), new)


def _announce(fields: _Fields) -> Edit:
    text, room, until = fields.text("text"), fields.optional("room"), fields.optional("until")
    if until:
        return edits.Announce(text, room, parse_instant(until, fields.program.timezone))
    return edits.Announce(text, room, minutes=fields.minutes)


_EDITS: dict[str, Callable[[_Fields], Edit]] = {
    "late": lambda fields: edits.Delay(fields.session, fields.minutes),
    "extend": lambda fields: edits.Extend(fields.session, fields.minutes),
    "shorten": lambda fields: edits.Shorten(fields.session, fields.minutes),
    "start": lambda fields: edits.StartNow(fields.session),
    "end": lambda fields: edits.EndNow(fields.session),
    "move": _move,
    "swap": lambda fields: edits.Swap(fields.session, fields.text("other")),
    "room": lambda fields: edits.ChangeRoom(fields.session, fields.text("room") or None),
    "cancel": lambda fields: edits.Cancel(fields.session),
    "reinstate": lambda fields: edits.Reinstate(fields.session),
    "rename": lambda fields: edits.Rename(fields.session, fields.text("title")),
    "speakers": _change_speakers,
    "announce": _announce,
}
