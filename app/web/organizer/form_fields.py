"""The fields of the console's forms, each checked where it is read."""

from __future__ import annotations

import re
from datetime import date, time

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.domain.edits.outcome import EditRefused
from app.domain.errors import MalformedTime
from app.domain.instants import time_of_day
from app.domain.program import Program
from app.domain.texts import checked

_NUMBER = re.compile(r"[0-9]{1,9}")
_MINUTES = re.compile(r"-?[0-9]{1,6}")
LONGEST_QUOTED = 20
# Fields whose names alone do not tell an organizer what is missing.
_LABELS = {"other": "session to change places with", "names": "speakers"}


class FieldRefused(EditRefused):
    """A form is refused for the value of one of its fields."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason, field=field)


def revision_of(form: MultiDict[str, str], name: str) -> int | None:
    """The revision number in a field, None where it is empty; anything else is a bad request, never the latest."""
    text = form.get(name, "").strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise BadRequest(f"{_short(text)} is not the number of a revision.")
    return int(text)


def _short(text: str) -> str:
    """What was typed in quotes, cut where it is long: it stands in its field."""
    return repr(text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}…")


class Fields:
    """The fields of a form, each checked where it is read; raises `FieldRefused`, `UnknownName` for the session."""

    def __init__(self, form: MultiDict[str, str], program: Program) -> None:
        self.program = program
        self._form = form

    def __contains__(self, name: str) -> bool:
        """Whether the form has a field, be it empty."""
        return name in self._form

    @property
    def session(self) -> str:
        """The id of a session of the program."""
        return self.program.session(self._form.get("session", "")).id

    @property
    def minutes(self) -> int:
        """A number of minutes, which may be negative."""
        text = self._form.get("minutes", "").strip()
        if not text:
            raise FieldRefused("minutes", "say how many minutes")
        if not _MINUTES.fullmatch(text):
            raise FieldRefused("minutes", f"{_short(text)} is not a number of minutes")
        return int(text)

    @property
    def time(self) -> time:
        """A time of day, such as 10:25."""
        try:
            return time_of_day(self.text("time"))
        except MalformedTime as error:
            raise FieldRefused("time", str(error)) from None

    @property
    def day(self) -> date:
        """A day of the program; the first where the form does not say one."""
        text = self._form.get("day", "")
        days = {f"{day:%Y-%m-%d}": day for day in self.program.days}
        if not text and days:
            return min(days.values())
        if text not in days:
            raise FieldRefused("day", f"{_short(text)} is not a day of the program")
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
        if not _NUMBER.fullmatch(text):
            raise FieldRefused("position", f"{_short(text)} is not a position")
        return int(text)

    def text(self, name: str) -> str:
        """A field that may be empty but must be in the form; raises `BadText`."""
        if name not in self._form:
            raise FieldRefused(name, f"the form does not say the {_LABELS.get(name, name)}")
        # A form sends line ends as CR LF (HTML, 4.10.21.4); `maxlength` counts each as one character.
        return checked(name, self._form[name].replace("\r\n", "\n").strip())

    def optional(self, name: str) -> str | None:
        """A field that may be missing; None where it is empty."""
        return self._form.get(name) or None
