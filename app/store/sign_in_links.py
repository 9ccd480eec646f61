"""One-time links: which can be used, by whom, and what is left of a used one.

A used link is kept for a while: the form that used it may be sent again, and one that handed a room over says to whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, false, func, insert, select, update

from app.domain.rights import Editor
from app.store.errors import HandedOver, SignInRefused
from app.store.people import PERSON, editor_of
from app.store.secret_keys import derived_key, key_hash, new_key
from app.store.tables import organizers, sign_in_links

# The links, each with its person; `link_of` reads a row.
LINKS: Select[Any] = select(sign_in_links, *PERSON).join(organizers)

# For so long after it expired the page of a link that handed a room over says to whom.
EXPIRED_LINKS_KEPT = timedelta(days=1)
# For so long the form that used a link may use it again, where its answer was lost on the way.
USED_AGAIN_WITHIN = timedelta(minutes=15)
# A link is named by the first digits of its hash: that of a key of 256 random bits is no secret.
LINK_ID_DIGITS = 16
_LINK_ID = re.compile(rf"[0-9a-f]{{{LINK_ID_DIGITS}}}")


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A one-time link; ``id`` identifies it and is not its secret key, which is None where it is not known.

    It signs ``editor`` in, or hands their ``room`` over to whoever opens it; if ``is_used``, ``editor`` has taken over.
    """

    id: str
    editor: Editor
    expires_at: datetime
    room: str | None = None
    is_used: bool = False
    key: str | None = field(default=None, repr=False)


def link_id(key: str) -> str:
    """The id of the link with a key."""
    return key_hash(key)[:LINK_ID_DIGITS]


def named(link: str) -> ColumnElement[bool]:
    """The condition that a link has an id; one that is no id names none."""
    matches = func.substr(sign_in_links.c.hash, 1, LINK_ID_DIGITS) == link
    return matches if _LINK_ID.fullmatch(link) else false()


def usable(now: datetime) -> ColumnElement[bool]:
    """The condition that a link can still be used."""
    return sign_in_links.c.used_by.is_(None) & (sign_in_links.c.expires_at > now)


def write_link(
    connection: Connection,
    name: str,
    expires_at: datetime,
    secret: str | bytes | None,
    *,
    now: datetime,
    room: str | None = None,
) -> str:
    """Make a link of somebody, one that hands a room over if there is one; returns its key."""
    salt = None if secret is None else new_key()
    key = new_key() if secret is None or salt is None else derived_key(secret, salt)
    connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= now - EXPIRED_LINKS_KEPT))
    values = {"organizer": name, "expires_at": expires_at, "salt": salt, "hand_over_room": room}
    connection.execute(insert(sign_in_links).values(hash=key_hash(key), **values))
    return key


def valid_link(connection: Connection, key: str, now: datetime, once: str = "") -> SignInLink:
    """The link with a key, if it can be used, or the form that ``once`` identifies used it; raises `SignInRefused`."""
    row = connection.execute(LINKS.where(sign_in_links.c.hash == key_hash(key))).first()
    if row is not None and row.expires_at > now and row.used_by in {None, _form_hash(once) or None}:
        return link_of(row)
    if row is not None and has_taken_over(row):
        raise HandedOver(row.name)
    raise SignInRefused


def use_link(connection: Connection, key: str, link: SignInLink, once: str, now: datetime) -> None:
    """Mark a link as used by its editor with the form that ``once`` identifies, for the first time or again.

    Raises `SignInRefused` where it was withdrawn or used otherwise meanwhile.
    """
    form = _form_hash(once)
    values = {
        "organizer": link.editor.name,
        "expires_at": min(link.expires_at, now + USED_AGAIN_WITHIN),
        "salt": None,
        "used_by": form,
    }
    as_before = sign_in_links.c.used_by == form if link.is_used else sign_in_links.c.used_by.is_(None)
    used = update(sign_in_links).where(sign_in_links.c.hash == key_hash(key), as_before).values(**values)
    if not connection.execute(used).rowcount:
        raise SignInRefused


def _form_hash(once: str) -> str:
    return key_hash(once) if once else ""


def has_taken_over(row: Row[Any]) -> bool:
    """Whether a link handed its room over: it is the new chair's then."""
    return row.hand_over_room is not None and row.used_by is not None


def link_of(row: Row[Any], secret: str | bytes | None = None) -> SignInLink:
    """The link of a row of `LINKS`; with its key, if it was made with this secret."""
    key = None if secret is None or row.salt is None else derived_key(secret, row.salt)
    return SignInLink(
        row.hash[:LINK_ID_DIGITS],
        editor_of(row),
        row.expires_at,
        row.hand_over_room,
        is_used=row.used_by is not None,
        key=key if key is not None and key_hash(key) == row.hash else None,
    )
