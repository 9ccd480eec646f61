"""Drafts: forms that somebody filled in and has not published, each for the browser that sent it alone.

``now`` is the real time, in a rehearsal too.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from app.domain.errors import UnknownName
from app.domain.texts import checked
from app.store.database import Database
from app.store.tables import drafts, upsert

# Of one browser; a form is no larger than a request's body.
MOST_DRAFTS = 20
FORGOTTEN_AFTER = timedelta(days=7)
ID_BYTES = 12

# The names and values of a form's fields, in order.
DraftFields = Sequence[tuple[str, str]]


class Drafts:
    """The drafts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, sign_in: str, fields: DraftFields, now: datetime, draft: str | None = None) -> str:
        """Keep a form, in place of a former draft if one is given; the id of the draft.

        The oldest of a browser beyond `MOST_DRAFTS`, and all older than `FORGOTTEN_AFTER`, are removed.
        """
        name = draft or secrets.token_urlsafe(ID_BYTES)
        text = json.dumps(list(fields), ensure_ascii=False)
        with self._database.writing() as connection:
            upsert(connection, drafts, {"id": name}, {"sign_in": sign_in, "fields": text, "at": now})
            _forget(connection, sign_in, now)
        return name

    def fields(self, sign_in: str, draft: str) -> list[tuple[str, str]]:
        """The fields of a draft; raises `UnknownName` where this browser has none of this id."""
        query = select(drafts.c.fields).where(drafts.c.id == draft, drafts.c.sign_in == sign_in)
        with self._database.reading() as connection:
            found = connection.scalar(query)
        if found is None:
            raise UnknownName("draft", checked("draft", draft))
        return [(name, value) for name, value in json.loads(found)]

    def remove(self, sign_in: str, draft: str) -> None:
        """Remove a draft of this browser; without effect where there is none."""
        with self._database.writing() as connection:
            connection.execute(delete(drafts).where(drafts.c.id == draft, drafts.c.sign_in == sign_in))


def _forget(connection: Connection, sign_in: str, now: datetime) -> None:
    connection.execute(delete(drafts).where(drafts.c.at <= now - FORGOTTEN_AFTER))
    own = drafts.c.sign_in == sign_in
    latest = select(drafts.c.id).where(own).order_by(drafts.c.at.desc(), drafts.c.id).limit(MOST_DRAFTS)
    connection.execute(delete(drafts).where(own, drafts.c.id.not_in(latest)))
