"""What speakers would change of their sessions: it waits for an organizer's OK, unless the program says otherwise.

Of one speaker one change of a session waits at a time: another one takes its place, under another id. Pictures that
wait are in a table of their own, since nobody but organizers and their speaker is to see them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, not_, select, update

from app.domain.edits.edit_rights import check_decides, preview_by
from app.domain.edits.edit_types import ChangeContent
from app.domain.edits.outcome import EditRefused, Preview
from app.domain.edits.preview import preview
from app.domain.edits.speaker_rights import without_same_words
from app.domain.rights import Editor
from app.domain.texts import checked
from app.formats.edit_json import edit_to_json, recorded_edit
from app.formats.pictures import PreparedPicture, media_type
from app.store.database import Database
from app.store.pictures import save_pictures
from app.store.publish_once import publish_once
from app.store.revisions import PublishTransaction, Revision, Revisions, raise_version
from app.store.sign_ins import check_signed_in
from app.store.tables import pictures as published_pictures
from app.store.tables import proposals, proposed_forms, proposed_pictures

ID_BYTES = 8
LAST = datetime.max.replace(tzinfo=UTC)
# A form whose answer was lost is sent again sooner.
FORMS_KEPT = timedelta(days=1)
State = Literal["waiting", "published", "declined", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A speaker's change of their session.

    ``base`` is the revision that it was made on. ``decided_by`` and ``decided_at`` are of the organizer who said OK or
    declined it, with a ``reason`` ("" for none); nobody decided what its speaker took back, or what was published at
    once. ``revision`` is what was published, None where nothing was left to.
    """

    id: str
    session: str
    author: str
    edit: ChangeContent
    base: int
    at: datetime
    state: State
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
    revision: int | None = None


def propose(
    revisions: Revisions,
    edit: ChangeContent,
    *,
    base: int,
    by: Editor,
    now: datetime,
    pictures: Iterable[PreparedPicture] = (),
    sign_in: str | None = None,
    once: str = "",
) -> Proposal | Revision | None:
    """Let a speaker's change wait in place of their former one, or publish it where the program says so.

    One that waits already stays as it is, and the form with the key ``once`` does nothing when it comes again. None
    where it changes nothing: then nothing of theirs waits any more. Title and abstract that wait may stay when they
    cannot be changed any more. ``pictures`` are the new ones among those of the edit; others are of their change that
    waits, or published. Raises as `publish_edit`.
    """

    def make(transaction: PublishTransaction) -> Proposal | Revision | None:
        connection, former = transaction.connection, _former(transaction.connection, edit.session, by.name)
        if _was_sent(connection, once, now):
            return former
        waits = former if former and former.state == "waiting" else None
        seen = _preview_for_speaker(waits, edit, base, by, transaction, now=now)
        at_once, changes_something = seen.before.speakers_publish, seen.after != seen.before
        if waits and waits.edit == edit and not at_once:
            return waits
        new = Proposal(secrets.token_hex(ID_BYTES), edit.session, by.name, edit, base, now, "waiting")
        if changes_something:
            _write(connection, new, pictures)
        _forget_former(connection, new)
        raise_version(connection)
        if not changes_something:
            return None
        return _publish(transaction, new, seen, now, decided_by=None) if at_once else new

    return publish_once(revisions, make, by=by, sign_in=sign_in, once=once)


def accept(
    revisions: Revisions,
    proposal: str,
    *,
    base: int,
    by: Editor,
    now: datetime,
    sign_in: str | None = None,
    once: str = "",
) -> Revision | None:
    """Publish what waits under an id, as a revision of the speaker, on an organizer's word who saw it on ``base``.

    None where it changes nothing any more. Raises `EditRefused` where that does not wait any more or cannot be
    published, `StaleBase` where the same was changed since the base, `NotAllowed`.
    """

    def make(transaction: PublishTransaction) -> Revision | None:
        check_decides(by)
        found = _waiting(transaction.connection, proposal)
        seen = _seen(found.edit, base, by, transaction, now)
        raise_version(transaction.connection)
        return _publish(transaction, found, seen, now, decided_by=by.name)

    return publish_once(revisions, make, by=by, sign_in=sign_in, once=once)


def decline(
    revisions: Revisions, proposal: str, reason: str, *, by: Editor, now: datetime, sign_in: str | None = None
) -> None:
    """Let nothing come of what waits under an id, for a reason that the speaker reads, "" for none.

    Raises `EditRefused` where it does not wait any more, `NotAllowed`, `BadText`.
    """
    text = checked("note", reason.strip())
    with revisions.publishing() as transaction:
        if sign_in is not None:
            check_signed_in(transaction.connection, sign_in, by)
        check_decides(by)
        found = _waiting(transaction.connection, proposal)
        _decide(transaction.connection, found, "declined", now, decided_by=by.name, reason=text)
        raise_version(transaction.connection)


def withdraw(revisions: Revisions, session: str, *, by: Editor, now: datetime, sign_in: str | None = None) -> None:
    """Take a speaker's own change back that waits; without effect where none does. Its texts stay theirs to read."""
    with revisions.publishing() as transaction:
        if sign_in is not None:
            check_signed_in(transaction.connection, sign_in, by)
        found = _former(transaction.connection, session, by.name)
        if found and found.state == "waiting":
            _decide(transaction.connection, found, "withdrawn", now, decided_by=None)
            raise_version(transaction.connection)


def count_waiting(database: Database) -> int:
    """How many wait."""
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(proposals).where(_WAITS)) or 0


def waiting(
    database: Database, most: int | None = None, starts: Mapping[str, datetime] | None = None
) -> tuple[Proposal, ...]:
    """Those that wait, so many at most: by the ``starts`` of their sessions, then in the order in which they came."""
    order = select(proposals.c.id, proposals.c.session).where(_WAITS).order_by(proposals.c.at, proposals.c.id)
    with database.reading() as connection:
        rows = connection.execute(order).all()
        if starts:
            rows = sorted(rows, key=lambda row: starts.get(row.session, LAST))
        ids = [row.id for row in rows[:most]]
        found = {row.id: _proposal(row) for row in connection.execute(select(proposals).where(proposals.c.id.in_(ids)))}
    return tuple(found[name] for name in ids)


def latest_of(database: Database, session: str, author: str) -> Proposal | None:
    """What a speaker last changed or would change of a session; None for nothing yet."""
    with database.reading() as connection:
        return _former(connection, session, author)


def accepted_by(database: Database, numbers: Iterable[int]) -> Mapping[int, str]:
    """Who said OK to revisions of speakers, by the number of the revision."""
    columns = (proposals.c.revision, proposals.c.decided_by)
    query = select(*columns).where(proposals.c.revision.in_(list(numbers)), proposals.c.decided_by.is_not(None))
    with database.reading() as connection:
        return {row.revision: row.decided_by for row in connection.execute(query)}


def proposal(database: Database, name: str) -> Proposal | None:
    """The change with an id, whatever became of it."""
    with database.reading() as connection:
        row = connection.execute(select(proposals).where(proposals.c.id == name)).first()
    return _proposal(row) if row else None


def waiting_picture(database: Database, proposal: str, digest: str, size: str) -> tuple[str, bytes] | None:
    """A picture of a change that waits, with its media type and bytes; None where there is none."""
    query = select(proposed_pictures.c.media_type, proposed_pictures.c.data)
    with database.reading() as connection:
        row = connection.execute(query.filter_by(proposal=proposal, digest=digest, size=size)).first()
    return (row.media_type, row.data) if row else None


_WAITS: ColumnElement[bool] = proposals.c.state == "waiting"
_HAS_OK: ColumnElement[bool] = (proposals.c.state == "published") & proposals.c.decided_by.is_not(None)


def _own(session: str, author: str) -> ColumnElement[bool]:
    return (proposals.c.session == session) & (proposals.c.author == author)


def _seen(edit: ChangeContent, base: int, by: Editor, transaction: PublishTransaction, now: datetime) -> Preview:
    """What an edit would do; raises where it cannot be published."""
    seen = preview_by(by, edit, base, transaction.programs(since=base), now)
    if not seen.publishable:
        raise EditRefused("; ".join(seen.clash_sentences), seen.suggestions)
    return seen


def _preview_for_speaker(
    waits: Proposal | None,
    edit: ChangeContent,
    base: int,
    by: Editor,
    transaction: PublishTransaction,
    *,
    now: datetime,
) -> Preview:
    """What a speaker's edit would do; the words that wait already are not refused though they would come too late."""
    if waits is None:
        return _seen(edit, base, by, transaction, now)
    fresh = without_same_words(edit, waits.edit)
    seen = _seen(fresh, base, by, transaction, now)
    return seen if fresh == edit else preview(seen.before, edit, now)


def _write(connection: Connection, new: Proposal, pictures: Iterable[PreparedPicture]) -> None:
    """Store a change with its pictures; those of the same speaker's change that waits become its own."""
    values: dict[str, Any] = {"id": new.id, "session": new.session, "author": new.author, "base": new.base}
    values |= {"edit": edit_to_json(new.edit), "at": new.at, "state": new.state, "reason": new.reason}
    connection.execute(insert(proposals).values(values))
    needed = {picture.digest for _, picture in new.edit.pictures if picture is not None}
    given = {one.picture.digest: one for one in pictures if one.picture.digest in needed}
    rows = [
        {"proposal": new.id, "digest": digest, "size": size, "media_type": media_type(size), "data": data}
        for digest, one in given.items()
        for size, data in one.sizes.items()
    ]
    if rows:
        connection.execute(insert(proposed_pictures), rows)
    former = select(proposals.c.id).where(_own(new.session, new.author), _WAITS, proposals.c.id != new.id)
    kept = proposed_pictures.c.proposal.in_(former) & proposed_pictures.c.digest.in_(needed - given.keys())
    connection.execute(update(proposed_pictures).where(kept).values(proposal=new.id))
    if lacking := needed - _stored(connection, new.id, needed):
        raise EditRefused(f"the picture is not here any more ({min(lacking)[:8]}); choose it again", field="picture")


def _stored(connection: Connection, proposal: str, digests: Iterable[str]) -> set[str]:
    """Those of some pictures that a change has, or that are published."""
    names = list(digests)
    own = select(proposed_pictures.c.digest).where(
        proposed_pictures.c.proposal == proposal, proposed_pictures.c.digest.in_(names)
    )
    out = select(published_pictures.c.digest).where(published_pictures.c.digest.in_(names))
    return {*connection.scalars(own), *connection.scalars(out)}


def _former(connection: Connection, session: str, author: str) -> Proposal | None:
    """What a speaker last sent of a session: of what has no organizer's OK there is one, which came last."""
    query = select(proposals).where(_own(session, author))
    row = connection.execute(query.order_by(_HAS_OK, proposals.c.at.desc(), proposals.c.id).limit(1)).first()
    return _proposal(row) if row else None


def _was_sent(connection: Connection, once: str, now: datetime) -> bool:
    """Whether a form comes again; if not, it is noted. Old ones are forgotten."""
    if not once:
        return False
    connection.execute(delete(proposed_forms).where(proposed_forms.c.at <= now - FORMS_KEPT))
    if connection.execute(select(proposed_forms.c.key).where(proposed_forms.c.key == once)).first():
        return True
    connection.execute(insert(proposed_forms).values(key=once, at=now))
    return False


def _forget_former(connection: Connection, new: Proposal) -> None:
    """Remove what the same speaker sent of the session before, but for that to which an organizer said OK."""
    connection.execute(delete(proposals).where(_own(new.session, new.author), not_(_HAS_OK), proposals.c.id != new.id))


def _waiting(connection: Connection, proposal: str) -> Proposal:
    row = connection.execute(select(proposals).where(proposals.c.id == checked("id", proposal), _WAITS)).first()
    if row is None:
        raise EditRefused("this was changed or decided meanwhile; look at what waits now")
    return _proposal(row)


def _publish(
    transaction: PublishTransaction, proposal: Proposal, seen: Preview, now: datetime, *, decided_by: str | None
) -> Revision | None:
    """Publish a change as its speaker's revision, with its pictures; None where it changes nothing."""
    made = None
    if seen.after != seen.before:
        text = edit_to_json(proposal.edit)
        made = transaction.append(seen.after, author=proposal.author, note="", kind="edit", now=now, edit=text)
        _move_pictures(transaction.connection, proposal)
    revision = made.number if made else None
    _decide(transaction.connection, proposal, "published", now, decided_by=decided_by, revision=revision)
    return made


def _move_pictures(connection: Connection, proposal: Proposal) -> None:
    """Make the pictures of a change those of the program."""
    rows = connection.execute(select(proposed_pictures).where(proposed_pictures.c.proposal == proposal.id)).all()
    sizes: dict[str, dict[str, bytes]] = {}
    for row in rows:
        sizes.setdefault(row.digest, {})[row.size] = row.data
    found = {picture.digest: picture for _, picture in proposal.edit.pictures if picture is not None}
    save_pictures(connection, (PreparedPicture(found[name], data) for name, data in sizes.items() if name in found))


def _decide(
    connection: Connection,
    proposal: Proposal,
    state: State,
    now: datetime,
    *,
    decided_by: str | None,
    reason: str = "",
    revision: int | None = None,
) -> None:
    values: dict[str, Any] = {"state": state, "decided_by": decided_by, "decided_at": now, "reason": reason}
    one = proposals.c.id == proposal.id
    connection.execute(update(proposals).where(one).values(**values, revision=revision))
    connection.execute(delete(proposed_pictures).where(proposed_pictures.c.proposal == proposal.id))


def _proposal(row: Row[Any]) -> Proposal:
    edit = recorded_edit(row.edit)
    if not isinstance(edit, ChangeContent):
        edit = ChangeContent(row.session)
    decided = (row.decided_by, row.decided_at, row.reason, row.revision)
    return Proposal(row.id, row.session, row.author, edit, row.base, row.at, row.state, *decided)
