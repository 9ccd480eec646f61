"""The schedule table of the workshop's published page: the truth that pages are compared with."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

DAY = date(2025, 7, 18)
# Vancouver's clocks were seven hours behind UTC on that day, and are all year round since 2026.
OFFSET = timedelta(hours=7)
_ROW = re.compile(r"<tr><td>(\d\d):(\d\d) - (\d\d):(\d\d)</td><td>(.*?)</td></tr>")
_QUOTES = '"“” '


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    start: datetime
    end: datetime
    speaker: str
    title: str


def rows(fixtures: Path, day: date = DAY) -> list[Row]:
    """The rows in order, as they would be on another day."""
    text = re.sub(r"<!--.*?-->", "", (fixtures / "codeml" / "site.md").read_text(), flags=re.DOTALL)
    return [_row(day, match) for match in _ROW.findall(text)]


def _row(day: date, match: tuple[str, ...]) -> Row:
    *clock, cell = match
    start_hour, start_minute, end_hour, end_minute = map(int, clock)
    plain = html.unescape(re.sub(r"<[^>]+>", "", cell))
    speaker, colon, title = plain.partition(":") if "<a " in cell else ("", "", plain)
    return Row(
        start=_instant(day, start_hour, start_minute),
        end=_instant(day, end_hour, end_minute),
        speaker=speaker.strip(),
        title=(title if colon else plain).strip(_QUOTES),
    )


def _instant(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) + OFFSET
