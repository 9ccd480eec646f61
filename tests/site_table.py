"""The schedule table of the workshop's published page: the truth that pages are compared with."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

# On 18 July 2025 Vancouver's clocks were seven hours behind UTC.
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


def rows(fixtures: Path) -> list[Row]:
    """The rows in order."""
    text = re.sub(r"<!--.*?-->", "", (fixtures / "codeml" / "site.md").read_text(), flags=re.DOTALL)
    return [_row(*match) for match in _ROW.findall(text)]


def _row(start_hour: str, start_minute: str, end_hour: str, end_minute: str, cell: str) -> Row:
    plain = html.unescape(re.sub(r"<[^>]+>", "", cell))
    speaker, colon, title = plain.partition(":") if "<a " in cell else ("", "", plain)
    return Row(
        start=_instant(start_hour, start_minute),
        end=_instant(end_hour, end_minute),
        speaker=speaker.strip(),
        title=(title if colon else plain).strip(_QUOTES),
    )


def _instant(hour: str, minute: str) -> datetime:
    return datetime(2025, 7, 18, int(hour), int(minute), tzinfo=UTC) + OFFSET
