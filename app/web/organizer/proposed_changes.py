"""What speakers would change, as pages show it: each text and picture before and after, on the newest revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.content_changes import (
    PictureChange,
    TextChange,
    marked_words,
    picture_changes,
    text_changes,
    texts_of,
)
from app.domain.edits.preview import preview, preview_on_latest
from app.domain.errors import AgendaError, StaleBase
from app.domain.identity import Picture
from app.domain.program import Program
from app.domain.session import Session
from app.formats.pictures import FACE_SIDES, picture_address
from app.store.proposals import Proposal, count_waiting, waiting
from app.web.organizer.signed_in_person import current_sign_in
from app.web.request_context import page_context
from app.web.running_service import current_service

# The first page of the console shows so many, and so many their own page: what is decided makes room for others.
MOST_ON_FIRST_PAGE = 3
MOST_ON_A_PAGE = 50
# What a text has more of, in characters, is folded.
LONGEST_UNFOLDED = 400


@dataclass(frozen=True)
class ProposedChange:
    """A change that waits and what it would make of the program ``after``; ``session`` is None where that is gone.

    ``fault`` says why it cannot be published, "" where it can; then it has the texts alone. ``is_stale`` says that
    others changed the same since it was sent. ``published`` are the pictures that readers see; others are shown to
    organizers and their speaker alone.
    """

    proposal: Proposal
    session: Session | None
    after: Program
    texts: tuple[TextChange, ...] = ()
    pictures: tuple[PictureChange, ...] = ()
    published: frozenset[Picture] = frozenset()
    fault: str = ""
    is_stale: bool = False

    def picture_address(self, picture: Picture | None) -> str:
        """Where a picture of before or after is shown; "" for none."""
        if picture is None:
            return ""
        if picture in self.published:
            return picture_address(picture, FACE_SIDES[-1])
        return f"/organizer/proposals/{self.proposal.id}/pictures/{picture.digest}"


def proposed_change(proposal: Proposal) -> ProposedChange:
    """What a change would do to the newest revision."""
    context, name, edit = page_context(), proposal.session, proposal.edit
    before, session = context.program, context.program.sessions_by_id.get(name)
    try:
        after = preview(before, edit, context.now).after
    except AgendaError as refused:
        return ProposedChange(proposal, session, before, texts_of(edit), fault=str(refused))
    texts, pictures = text_changes(before, after, name), picture_changes(before, after, name)
    published = frozenset(one.before.picture for one in pictures if one.before.picture)
    return ProposedChange(proposal, session, after, texts, pictures, published, is_stale=_is_stale(proposal))


def _is_stale(proposal: Proposal) -> bool:
    """Whether others changed the same since a change was sent."""
    context, revisions = page_context(), current_service().current.revisions
    if proposal.base == context.revision:
        return False
    programs = {proposal.base: revisions.get(proposal.base).program, context.revision: context.program}
    try:
        preview_on_latest(proposal.edit, proposal.base, programs, context.now)
    except StaleBase:
        return True
    return False


def waiting_number() -> int:
    """How many changes wait for the signed-in organizer; none do for anybody else."""
    return count_waiting(current_service().database) if current_sign_in().editor.role == "organizer" else 0


def first_waiting(most: int = MOST_ON_FIRST_PAGE) -> tuple[ProposedChange, ...]:
    """The changes that wait, those of the sessions that begin next first; what has begun comes last."""
    context = page_context()
    to_come = {one.id: one.start for one in context.program.sessions if one.start > context.now}
    return tuple(map(proposed_change, waiting(current_service().database, most, to_come)))


TEMPLATE_GLOBALS: Mapping[str, object] = {
    "waiting_number": waiting_number,
    "first_waiting": first_waiting,
    "marked_words": marked_words,
    "most_on_first_page": MOST_ON_FIRST_PAGE,
    "longest_unfolded": LONGEST_UNFOLDED,
}
