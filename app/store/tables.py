"""The tables, the same in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, Dialect, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

from app.domain.instants import utc

if TYPE_CHECKING:
    _InstantBase = TypeDecorator[datetime]
else:
    _InstantBase = TypeDecorator

SCHEMA_VERSION = 1
HASH_LENGTH = 64


class Instant(_InstantBase):
    """An aware datetime, kept as text of one length in UTC: both databases order it rightly and lose nothing."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Write an instant."""
        return None if value is None else utc(value).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Read an instant."""
        return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


metadata = MetaData()

meta = Table("meta", metadata, Column("key", String(64), primary_key=True), Column("value", Text, nullable=False))

revisions = Table(
    "revisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("base", Integer, nullable=False),
    Column("undoes", Integer, ForeignKey("revisions.number")),
    Column("edit", Text),
    Column("program", LargeBinary, nullable=False),
    Column("difference", LargeBinary, nullable=False),
)

# The files of a program folder that were merged, by their hash: never merged again.
merged_files = Table(
    "merged_files",
    metadata,
    Column("order", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(HASH_LENGTH), nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("revision", Integer, ForeignKey("revisions.number"), nullable=False),
    Column("program", LargeBinary, nullable=False),
)

organizers = Table(
    "organizers",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("room", String(64)),
    Column("unclaimed", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("hash", String(HASH_LENGTH), primary_key=True),
    Column("organizer", String(200), ForeignKey("organizers.name", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Instant, nullable=False),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("hash", String(HASH_LENGTH), nullable=False, unique=True),
    Column("organizer", String(200), ForeignKey("organizers.name", ondelete="CASCADE"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("user_agent", String(200), nullable=False),
)

displays = Table(
    "displays",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("room", String(64)),
    Column("path", String(200), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

picks = Table(
    "picks",
    metadata,
    Column("write_hash", String(HASH_LENGTH), primary_key=True),
    Column("read_hash", String(HASH_LENGTH), nullable=False, unique=True),
    Column("turn", Integer, nullable=False),
    Column("sessions", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("fetched_at", Instant),
    Column("fetched_revision", Integer),
    Column("fetched_stars", Instant),
)

Index("displays_by_last_seen", displays.c.seen_at)
Index("picks_by_change", picks.c.changed_at)
