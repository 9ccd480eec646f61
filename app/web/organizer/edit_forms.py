"""Reads the edits that the console's forms send."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.domain.conference_day import conference_day, instant_on_day
from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused
from app.domain.edits.typed_content import items_of, with_people
from app.domain.errors import MalformedTime
from app.domain.instants import parse_instant, time_of_day
from app.domain.program import Person, Program
from app.domain.session import Link
from app.domain.texts import checked
from app.formats.edit_json import edit_from_json

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
        try:
            return time_of_day(self.text("time"))
        except MalformedTime as error:
            raise EditRefused(str(error)) from None

    @property
    def day(self) -> date:
        """A day of the program; the first where the form does not say one."""
        text = self._form.get("day", "")
        days = {f"{day:%Y-%m-%d}": day for day in self.program.days}
        if not text and days:
            return min(days.values())
        if text not in days:
            raise EditRefused(f"{text!r} is not a day of the program")
        return days[text]

    def columns(self, *names: str) -> list[tuple[str, ...]]:
        """The values of fields that the form repeats side by side, without spaces around them."""
        columns = ([checked(name, text.strip()) for text in self._form.getlist(name)] for name in names)
        try:
            return list(zip(*columns, strict=True))
        except ValueError:
            raise EditRefused("this form is not complete; reload the page") from None

    @staticmethod
    def position(text: str) -> int:
        """A position in an order."""
        if not _REVISION.fullmatch(text):
            raise EditRefused(f"{text!r} is not a position")
        return int(text)

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
    """Names that the program does not know become new people; those that nearly are somebody's are asked about."""
    session = fields.program.session(fields.session)

    def make(speakers: tuple[str, ...], people: tuple[Person, ...]) -> Edit:
        return edits.ChangeContent(session.id, speakers=speakers, people=people)

    return with_people(fields.program, [fields.text("names")], make, present=session.speakers)


def _affiliations(fields: _Fields) -> Edit:
    """What each person of the form belongs to, with semicolons between."""
    known = fields.program.speakers_by_id
    rows = fields.columns("person", "affiliation")
    # An affiliation may have a semicolon of its own: what was not changed is not read.
    changed = [(name, text) for name, text in rows if name not in known or text != "; ".join(known[name].affiliations)]
    found = tuple((name, tuple(filter(None, map(str.strip, text.split(";"))))) for name, text in changed)
    return edits.ChangeContent(fields.session, affiliations=found)


def _links(fields: _Fields) -> Edit:
    """All links of the form; those without an address are left out."""
    rows = fields.columns("label", "url")
    return edits.ChangeContent(fields.session, links=tuple(Link(label, url) for label, url in rows if url))


def _items(fields: _Fields) -> Edit:
    known = fields.program.session(fields.session).items
    return edits.ChangeContent(fields.session, items=items_of(fields.text("item_lines"), known))


def _kind(fields: _Fields) -> Edit:
    """Its kind, and how it gives way when the day slips: what of these the form changes."""
    former = fields.program.session(fields.session)
    kind, pinned = fields.text("kind"), fields.optional("pinned") is not None
    least = fields.minutes if fields.text("minutes") else 0
    return edits.ChangeContent(
        former.id,
        kind=None if kind == former.kind else kind,
        pinned=None if pinned == former.pinned else pinned,
        min_minutes=None if least == (former.min_minutes or 0) else least,
    )


def _add(fields: _Fields) -> Edit:
    title, minutes, kind = fields.text("title"), fields.minutes, fields.text("kind")
    after, room = fields.optional("after"), fields.optional("room")
    if after is not None and fields.optional("time"):
        raise EditRefused("say either which session it comes after, or a time")
    start = instant_on_day(fields.program, fields.day, fields.time) if after is None else None

    def make(speakers: tuple[str, ...], people: tuple[Person, ...]) -> Edit:
        return edits.AddSession(title, minutes, start, after, room, kind, speakers, people)

    return with_people(fields.program, [fields.text("names")], make)


def _reorder(fields: _Fields) -> Edit:
    """The shortest run of the form's sessions that holds all whose position is another one."""
    rows = fields.columns("session", "was", "position")
    former = [name for name, *_ in rows]
    wanted = [name for name, *_ in sorted(rows, key=lambda row: _new_position(*map(fields.position, row[1:])))]
    moved = [index for index, (old, new) in enumerate(zip(former, wanted, strict=True)) if old != new]
    if not moved:
        raise EditRefused("give the sessions other positions to put them into another order")
    return edits.Reorder(tuple(wanted[moved[0] : moved[-1] + 1]))


def _announce(fields: _Fields) -> Edit:
    text, room, until = fields.text("text"), fields.optional("room"), fields.optional("until")
    if until:
        return edits.Announce(text, room, parse_instant(until, fields.program.timezone))
    return edits.Announce(text, room, minutes=fields.minutes)


def _new_position(was: int, position: int) -> tuple[int, int]:
    """The key by which sessions are sorted: one that moves up to a position comes before the one that was there."""
    return position, (position > was) - (position < was)


def _late(fields: _Fields) -> Edit:
    if fields.optional("everywhere"):
        return edits.DelayEverywhere(fields.minutes)
    return edits.Delay(fields.session, fields.minutes)


_EDITS: dict[str, Callable[[_Fields], Edit]] = {
    "late": _late,
    "extend": lambda fields: edits.Extend(fields.session, fields.minutes),
    "shorten": lambda fields: edits.Shorten(fields.session, fields.minutes),
    "start": lambda fields: edits.StartNow(fields.session),
    "end": lambda fields: edits.EndNow(fields.session),
    "move": _move,
    "swap": lambda fields: edits.Swap(fields.session, fields.text("other")),
    "room": lambda fields: edits.ChangeRoom(fields.session, fields.text("room") or None),
    "cancel": lambda fields: edits.Cancel(fields.session),
    "reinstate": lambda fields: edits.Reinstate(fields.session),
    "rename": lambda fields: edits.ChangeContent(fields.session, title=fields.text("title")),
    "abstract": lambda fields: edits.ChangeContent(fields.session, abstract=fields.text("abstract")),
    "speakers": _change_speakers,
    "affiliations": _affiliations,
    "links": _links,
    "items": _items,
    "kind": _kind,
    "add": _add,
    "absent": lambda fields: edits.Absent(fields.session),
    "reorder": _reorder,
    "announce": _announce,
}
