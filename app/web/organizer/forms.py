"""From a form of the console to an edit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.domain import edits
from app.domain.edits import Edit
from app.domain.errors import EditRefused
from app.domain.instants import parse_instant
from app.domain.program import Person, Program
from app.formats.edit_json import edit_from_json

Form = MultiDict[str, str]

MOST_MINUTES = 600
LONGEST_NUMBER = 9
# Fields whose names say too little.
_WORDS = {"other": "session to change places with", "names": "speakers"}


def edit_of(form: Form, program: Program) -> Edit:
    """The edit that a form asks for, by its `do` or as a whole in `edit`; raises `EditRefused` or `TimeError`."""
    if "edit" in form:
        return edit_from_json(form["edit"])
    make = _FORMS.get(form.get("do", ""))
    if make is None:
        raise EditRefused("this form does not hold an edit; reload the page")
    return make(form, program)


def revision_of(form: Form, name: str) -> int | None:
    """The number of a revision in a field, None where it is empty: nonsense must not mean the latest."""
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_NUMBER:
        raise BadRequest(f"{text!r} is not the number of a revision.")
    return int(text)


def _late(form: Form, program: Program) -> Edit:
    return edits.Delay(_session(form, program), _minutes(form))


def _extend(form: Form, program: Program) -> Edit:
    return edits.Extend(_session(form, program), _minutes(form))


def _shorten(form: Form, program: Program) -> Edit:
    return edits.Shorten(_session(form, program), _minutes(form))


def _move(form: Form, program: Program) -> Edit:
    session = program.session(_session(form, program))
    return edits.Move(session.id, edits.on_the_same_day(program, session, _time(_said(form, "time"))))


def _swap(form: Form, program: Program) -> Edit:
    return edits.Swap(_session(form, program), _said(form, "other"))


def _change_room(form: Form, program: Program) -> Edit:
    return edits.ChangeRoom(_session(form, program), _said(form, "room") or None)


def _rename(form: Form, program: Program) -> Edit:
    return edits.Rename(_session(form, program), _said(form, "title"))


def _change_speakers(form: Form, program: Program) -> Edit:
    names = [name.strip() for name in _said(form, "names").split(",") if name.strip()]
    known = {person.name.casefold(): person for person in program.speakers}
    taken = {person.id for person in program.speakers}
    chosen = [known.get(name.casefold()) or _new_person(name, taken) for name in names]
    new = tuple(person for person in chosen if person not in program.speakers)
    return edits.ChangeSpeakers(_session(form, program), tuple(person.id for person in chosen), new)


def _announce(form: Form, program: Program) -> Edit:
    room = form.get("room") or None
    if form.get("until"):
        return edits.Announce(_said(form, "text"), room, parse_instant(form["until"], program.timezone))
    return edits.Announce(_said(form, "text"), room, minutes=_minutes(form))


_FORMS: dict[str, Callable[[Form, Program], Edit]] = {
    "late": _late,
    "extend": _extend,
    "start": lambda form, program: edits.StartNow(_session(form, program)),
    "end": lambda form, program: edits.EndNow(_session(form, program)),
    "shorten": _shorten,
    "move": _move,
    "swap": _swap,
    "room": _change_room,
    "cancel": lambda form, program: edits.Cancel(_session(form, program)),
    "reinstate": lambda form, program: edits.Reinstate(_session(form, program)),
    "rename": _rename,
    "speakers": _change_speakers,
    "announce": _announce,
}


def _session(form: Form, program: Program) -> str:
    return program.session(form.get("session", "")).id


def _minutes(form: Form) -> int:
    text = form.get("minutes", "").strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 3 or int(digits) > MOST_MINUTES:  # noqa: PLR2004
        raise EditRefused(f"{text!r} is not a number of minutes up to {MOST_MINUTES}")
    return int(text)


def _said(form: Form, name: str) -> str:
    """What a form says in a field, which may be empty but must be there."""
    if name not in form:
        raise EditRefused(f"the form does not say the {_WORDS.get(name, name)}")
    return form[name].strip()


def _time(text: str) -> time:
    """A time of day, such as 10:25."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        raise EditRefused(f"{text!r} is not a time of day such as 10:25") from None


def _new_person(name: str, taken: set[str]) -> Person:
    """A person whom the program does not know; the id is made of the name."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name.lower())
    slug = "-".join(letters.split())[:60] or "person"
    number = next(n for n in range(1, 1000) if (f"{slug}-{n}" if n > 1 else slug) not in taken)
    made = f"{slug}-{number}" if number > 1 else slug
    taken.add(made)
    return Person(id=made, name=name)
