"""The one-time links of speakers for a spreadsheet or a mail merge: CSV (RFC 4180), one row per link.

Instants are in ISO 8601 with the venue's offset. Texts are safe in spreadsheets, as in `csv_export.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.program import Person, Program
from app.domain.session import Session
from app.formats.csv_export import csv_file

COLUMNS = ("name", "session", "start", "link", "valid until")


@dataclass(frozen=True, slots=True)
class LinkToSend:
    """The address of an unused link, with the speaker whom it signs in for their session."""

    session: Session
    person: Person
    address: str
    valid_until: datetime


def speaker_links_csv(program: Program, links: Iterable[LinkToSend]) -> bytes:
    """Links in the order given."""
    return csv_file(COLUMNS, (_row(program, one) for one in links))


def _row(program: Program, one: LinkToSend) -> tuple[str, ...]:
    start, until = (program.local(when).isoformat(timespec="seconds") for when in (one.session.start, one.valid_until))
    return one.person.name, one.session.title, start, one.address, until
