"""What the speaker's timer says in talks of some lengths, by the time that is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.program import Program
from support.codeml_day import talk, two_rooms

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
# From so much time left on, as minutes and seconds: the level, and the words.
Table = Sequence[tuple[str, str, str]]
LONG: Table = [
    ("5:00", "soon", "5 minutes"),
    ("4:00", "soon", "4 minutes"),
    ("3:00", "soon", "3 minutes"),
    ("2:00", "last", "2 minutes: wrap up"),
    ("1:00", "last", "Last minute: wrap up"),
    ("0:00", "over", "Time is over"),
]
TABLES: dict[int, Table] = {
    60: [("60:00", "calm", "Ends at 11:00"), *LONG],
    30: [("30:00", "calm", "Ends at 10:30"), *LONG],
    15: [("15:00", "calm", "Ends at 10:15"), *LONG],
    5: [
        ("5:00", "calm", "Ends at 10:05"),
        ("1:00", "soon", "Last minute"),
        ("0:30", "last", "Last minute: wrap up"),
        ("0:00", "over", "Time is over"),
    ],
    2: [
        ("2:00", "calm", "Ends at 10:02"),
        ("0:30", "soon", "Last minute"),
        ("0:15", "last", "Last minute: wrap up"),
        ("0:00", "over", "Time is over"),
    ],
}
WITH_QUESTIONS: Table = [
    ("30:00", "calm", "Questions from 10:25 · ends 10:30"),
    ("10:00", "soon", "5 minutes to questions"),
    ("9:00", "soon", "4 minutes to questions"),
    ("8:00", "soon", "3 minutes to questions"),
    ("7:00", "last", "2 minutes to questions: wrap up"),
    ("6:00", "last", "Last minute to questions: wrap up"),
    ("5:00", "questions", "Questions until 10:30"),
    ("0:30", "last", "Last question"),
    ("0:00", "over", "Time is over"),
]


def expected(table: Table, now: datetime, end: datetime) -> tuple[datetime, str, str]:
    """What a table says at an instant."""
    *_, row = [row for row in table if end - now <= left(row[0])]
    return now, *row[1:]


def left(text: str) -> timedelta:
    minutes, _, rest = text.partition(":")
    return int(minutes) * MINUTE + int(rest) * SECOND


def of_length(minutes: int, **fields: object) -> Program:
    """A day with one talk from ten o'clock, of so many minutes."""
    session = talk("a", f"10:00-{10 + minutes // 60}:{minutes % 60:02}")
    return two_rooms(replace(session, **fields))  # type: ignore[arg-type]
