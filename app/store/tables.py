"""The tables, the same in SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Connection, Dialect, ForeignKey, Integer, LargeBinary, String, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from app.domain.instants import utc

# The columns that an older database lacks: the first statements make schema 2 of schema 1, and so on. Tables that it
# lacks are created beside them.
UPGRADES: tuple[tuple[str, ...], ...] = (
    ("ALTER TABLE organizers ADD COLUMN session VARCHAR(64)",),
    (
        "ALTER TABLE sign_in_links ADD COLUMN salt VARCHAR(64)",
        "ALTER TABLE sign_in_links ADD COLUMN hand_over_room VARCHAR(64)",
    ),
    (
        "ALTER TABLE sign_in_links ADD COLUMN used_by VARCHAR(64)",
        # Version 3 took the salt of a link that had handed its room over.
        "UPDATE sign_in_links SET used_by = '' WHERE hand_over_room IS NOT NULL AND salt IS NULL",
    ),
    # Version 5 has one more table.
    (),
    # Version 6 has one more table, and knows of plans that no folder has.
    ("ALTER TABLE merged_files ADD COLUMN imported BOOLEAN NOT NULL DEFAULT FALSE",),
    # Version 7 has programs in parts (`app/store/packed_programs.py`), which older ones do not read.
    (),
    # Version 8 has one more table.
    ("ALTER TABLE displays ADD COLUMN cue INTEGER",),
    # Version 9 has two more tables.
    ("ALTER TABLE organizers ADD COLUMN speaker VARCHAR(64)",),
)
SCHEMA_VERSION = 1 + len(UPGRADES)
# The facts about the tables: their version, that of the software which made or last upgraded them, and the id of the
# program that they hold.
SCHEMA, WRITTEN_BY, PROGRAM = "schema", "written by", "program"
HASH_LENGTH = 64


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as text of fixed length in UTC, so that both databases sort it and keep every digit."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """From an instant to its text."""
        return None if value is None else utc(value).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """From text to an instant."""
        return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


metadata = sa.MetaData()

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

# The forms that were published, by a key of each: one that is sent twice is published once.
published_forms = Table(
    "published_forms",
    metadata,
    Column("key", String(HASH_LENGTH), primary_key=True),
    Column("revision", Integer, ForeignKey("revisions.number"), nullable=False),
)

# The pictures of all revisions by the digest that programs have of them, in each size in which they are served.
pictures = Table(
    "pictures",
    metadata,
    Column("digest", String(HASH_LENGTH), primary_key=True),
    Column("size", String(16), primary_key=True),
    Column("media_type", String(32), nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# The plans that were merged: of program folders, none of them twice by the hash of their files, and of imports.
merged_files = Table(
    "merged_files",
    metadata,
    Column("order", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(HASH_LENGTH), nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("revision", Integer, ForeignKey("revisions.number"), nullable=False),
    Column("program", LargeBinary, nullable=False),
    # Not of a folder: its hash is no file's.
    Column("imported", Boolean, nullable=False, server_default=sa.false()),
)

organizers = Table(
    "organizers",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("room", String(64)),
    Column("session", String(64)),
    # The id of the person of the program who a speaker is.
    Column("speaker", String(64)),
    Column("unclaimed", sa.Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("hash", String(HASH_LENGTH), primary_key=True),
    Column("organizer", String(200), ForeignKey("organizers.name", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    # The key is made of it and the service's secret, so that the link can be shown again; None where it is not.
    Column("salt", String(64)),
    # The room that its organizer hands over to whoever opens it; None for a link that signs its organizer in.
    Column("hand_over_room", String(64)),
    # The hash of what identifies the form that used it, "" for a form that nothing identifies; None while it is unused.
    # A used link is its new chair's where it handed a room over.
    Column("used_by", String(HASH_LENGTH)),
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

# Forms that somebody filled in and has not published, with their fields as JSON.
drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sign_in", String(32), ForeignKey("sign_ins.id", ondelete="CASCADE"), nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# What speakers would change of their sessions, until an organizer decides and after.
proposals = Table(
    "proposals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("session", String(64), nullable=False),
    Column("author", String(200), nullable=False),
    # The edit as JSON, and the revision that it was made on.
    Column("edit", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Instant),
    # Why it was declined.
    Column("reason", Text, nullable=False),
    Column("revision", Integer, ForeignKey("revisions.number")),
)

# The forms that speakers sent, so that one that comes again, since its answer was lost, does nothing.
proposed_forms = Table(
    "proposed_forms",
    metadata,
    Column("key", String(HASH_LENGTH), primary_key=True),
    Column("at", Instant, nullable=False),
)

# Their pictures, which are nobody else's to see until an organizer says OK.
proposed_pictures = Table(
    "proposed_pictures",
    metadata,
    Column("proposal", String(32), ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String(HASH_LENGTH), primary_key=True),
    Column("size", String(16), primary_key=True),
    Column("media_type", String(32), nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# Imports that organizers began in the console, with what came of them: the report as JSON, and the packed program.
import_jobs = Table(
    "import_jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sign_in", String(32), ForeignKey("sign_ins.id", ondelete="CASCADE"), nullable=False),
    # The key of the form that began it, "" for none.
    Column("form", String(HASH_LENGTH), nullable=False),
    Column("source", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    # When the process that works on it last said so.
    Column("seen_at", Instant, nullable=False),
    # Which of the merged plans the program is based on.
    Column("plan", Integer),
    Column("report", Text),
    Column("program", LargeBinary),
    # Why it failed.
    Column("reason", Text, nullable=False),
    Column("revision", Integer, ForeignKey("revisions.number")),
)

# Room state: what holds for a room now and is no revision. Only chairs and organizers see it.
speaker_ticks = Table(
    "speaker_ticks",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("speaker", String(64), primary_key=True),
    Column("tick", String(16), primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

chair_notes = Table(
    "chair_notes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("session", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

cues = Table(
    "cues",
    metadata,
    Column("room", String(64), primary_key=True),
    Column("id", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("style", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    # When a screen first said that it shows the cue.
    Column("shown_at", Instant),
)

displays = Table(
    "displays",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("room", String(64)),
    Column("path", String(200), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("seen_at", Instant, nullable=False),
    # The id of the cue that it shows, where it is a stage.
    Column("cue", Integer),
)

star_sets = Table(
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

sa.Index("drafts_by_sign_in", drafts.c.sign_in, drafts.c.at)
sa.Index("proposals_by_author", proposals.c.author, proposals.c.session, proposals.c.at)
sa.Index("proposals_by_state", proposals.c.state, proposals.c.at)
sa.Index("import_jobs_by_sign_in", import_jobs.c.sign_in, import_jobs.c.at)
sa.Index("chair_notes_by_session", chair_notes.c.session, chair_notes.c.at)
sa.Index("displays_by_last_seen", displays.c.seen_at)
sa.Index("picks_by_change", star_sets.c.changed_at)


def upsert(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    at_first: Mapping[str, Any] | None = None,
) -> None:
    """Update the row with this key, or insert it with the values ``at_first`` in addition."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**key, **values, **(at_first or {}))
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def read_fact(connection: Connection, key: str) -> str | None:
    """The text stored under a key of `meta`."""
    return connection.scalar(sa.select(meta.c.value).where(meta.c.key == key))


def write_fact(connection: Connection, key: str, text: str) -> None:
    """Store a text under a key of `meta`."""
    upsert(connection, meta, {"key": key}, {"value": text})
