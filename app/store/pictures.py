"""The bytes of pictures, by the digest that programs have of them; nothing is ever deleted, since revisions stay."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from app.formats.pictures import PreparedPicture, media_type
from app.store.database import Database
from app.store.tables import pictures


def save_pictures(connection: Connection, prepared: Iterable[PreparedPicture]) -> None:
    """Store the pictures that are not stored yet."""
    by_digest = {one.picture.digest: one for one in prepared if one.sizes}
    stored = select(pictures.c.digest, pictures.c.size).where(pictures.c.digest.in_(list(by_digest)))
    known = {(row.digest, row.size) for row in connection.execute(stored)}
    rows = [
        {"digest": digest, "size": size, "media_type": media_type(size), "data": data}
        for digest, one in by_digest.items()
        for size, data in one.sizes.items()
        if (digest, size) not in known
    ]
    if rows:
        connection.execute(insert(pictures), rows)


def find_picture(database: Database, digest: str, size: str) -> tuple[str, bytes] | None:
    """The media type and the bytes of a picture whose digest begins so, in a size; None where none is stored."""
    query = select(pictures.c.media_type, pictures.c.data).where(
        pictures.c.digest.startswith(digest, autoescape=True), pictures.c.size == size
    )
    with database.reading() as connection:
        row = connection.execute(query.order_by(pictures.c.digest).limit(1)).first()
    return (row.media_type, row.data) if row else None
