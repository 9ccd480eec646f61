"""What a plan, of files or of an import, and the published program both changed, in people's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from app.domain.change_text import field_word
from app.domain.edits.three_way_merge import Conflict, Time, named_place
from app.domain.program import Program

LONGEST_VALUE = 60
NOTHING = "nothing"
# What names an object that is a value, such as a paper, a link or a person; the first that it has.
_NAMES = ("title", "name", "label", "text")


def conflict_lines(
    program: Program, conflicts: Iterable[Conflict], *, speaker: str = "the files say"
) -> tuple[str, ...]:
    """A sentence for each conflict, which begins with who says what; people and rooms have the names of the program."""
    return tuple(_line(program, one, speaker) for one in conflicts)


def _line(program: Program, conflict: Conflict, speaker: str) -> str:
    name, field = named_place(program, conflict.where)
    what = ", ".join(filter(None, (name, field_word(field) if field else "")))
    theirs, ours, base = _values(program, field, (conflict.theirs, conflict.ours, conflict.base))
    return f"{what}: {speaker} {theirs}, published is {ours}, before both it was {base}"


def _values(program: Program, field: str, values: Sequence[object]) -> list[str]:
    times = [one for one in values if isinstance(one, Time)]
    if times:
        return _times(program, times, values)
    return [_value(program, field, one) for one in values]


def _times(program: Program, times: Sequence[Time], values: Sequence[object]) -> list[str]:
    """Times as clocks, with the day where it differs, and with seconds where nothing else does."""
    clocks = {(program.clock(one.start), program.clock(one.end)) for one in times}
    spans = {(one.start, one.end) for one in times}
    same_day = len({program.local(one.start).date() for one in times}) == 1
    pattern = "%H:%M:%S" if same_day and len(clocks) < len(spans) else "%H:%M"

    def text(one: Time) -> str:
        start, end = program.local(one.start), program.local(one.end)
        return f"{'' if same_day else f'{_day(start)} '}{start:{pattern}}–{end:{pattern}}"

    return [text(one) if isinstance(one, Time) else NOTHING for one in values]


def _value(program: Program, field: str, value: object) -> str:
    if field == "room":
        known = {one.id: one.name for one in program.rooms}
        return known.get(str(value), f"“{value}”") if value else "all rooms"
    if value is None or value in ((), ""):
        return NOTHING
    if isinstance(value, tuple):
        return _cut(", ".join(_plain(program, field, one) for one in value))
    text = _cut(_plain(program, field, value))
    return f"“{text}”" if isinstance(value, str) else text


def _plain(program: Program, field: str, value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            person = program.speakers_by_id.get(value) if field == "speakers" else None
            return person.name if person else value
        case datetime():
            local = program.local(value)
            return f"{_day(local)} {local:%H:%M}"
        case date():
            return _day(value)
        case int():
            return str(value)
    return next((str(getattr(value, name)) for name in _NAMES if getattr(value, name, "")), "something else")


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B}"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_VALUE else f"{line[:LONGEST_VALUE]}…"
