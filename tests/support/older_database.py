"""What brings a database back to an older version of its tables."""

from __future__ import annotations

# The statements that take away what schemas 2 to 5 added.
TO_VERSION_1 = (
    *(f"DROP TABLE {table}" for table in ("published_forms", "drafts", "speaker_ticks", "chair_notes", "pictures")),
    "ALTER TABLE organizers DROP COLUMN session",
    "ALTER TABLE sign_in_links DROP COLUMN salt",
    "ALTER TABLE sign_in_links DROP COLUMN hand_over_room",
    "ALTER TABLE sign_in_links DROP COLUMN used_by",
    "UPDATE meta SET value = '1' WHERE key = 'schema'",
)
