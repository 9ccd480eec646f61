"""The transaction in which a form publishes at most once, by somebody who is still signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, insert, select

from app.domain.rights import Editor
from app.store.revisions import PublishTransaction, Revision, Revisions
from app.store.sign_ins import check_signed_in
from app.store.tables import HASH_LENGTH, published_forms

Made = TypeVar("Made")

_KEY = re.compile(rf"[0-9a-f]{{1,{HASH_LENGTH}}}")


def publish_once(
    revisions: Revisions, make: Callable[[PublishTransaction], Made], *, by: Editor, sign_in: str | None, once: str
) -> Made | Revision:
    """What comes of ``make``; the revision, where the form with the key ``once`` published one before.

    The key is a hash of up to 64 hexadecimal digits, "" for what is published each time it is sent. With ``sign_in``
    that sign-in must still be there and its person as they were, else `SignInRefused` is raised before all else.
    """
    if once and not _KEY.fullmatch(once):
        raise ValueError(f"{once[:HASH_LENGTH]!r} is not the hash of a form")
    with revisions.publishing() as transaction:
        if sign_in is not None:
            check_signed_in(transaction.connection, sign_in, by)
        if (number := _published(transaction.connection, once)) is not None:
            return transaction.get(number)
        made = make(transaction)
        if once and isinstance(made, Revision):
            transaction.connection.execute(insert(published_forms).values(key=once, revision=made.number))
        return made


def published_before(revisions: Revisions, once: str) -> int | None:
    """The revision that the form with the key ``once`` made; None where it has made none."""
    with revisions.database.reading() as connection:
        return _published(connection, once)


def _published(connection: Connection, once: str) -> int | None:
    if not once:
        return None
    return connection.scalar(select(published_forms.c.revision).where(published_forms.c.key == once))
