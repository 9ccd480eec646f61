"""What speakers would change, as pages show it: each text and picture before and after, on the newest revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.content_changes import PictureChange, TextChange, marked_words, picture_changes, text_changes
from app.domain.edits.preview import preview
from app.domain.errors import AgendaError
from app.domain.identity import Picture
from app.domain.program import Program
from app.domain.session import Session
from app.formats.pictures import FACE_SIDES, picture_address
from app.store.proposals import Proposal, waiting
from app.web.organizer.signed_in_person import current_sign_in
from app.web.request_context import page_context
from app.web.running_service import current_service

# The first page of the console shows so many; all are on a page of their own.
MOST_ON_FIRST_PAGE = 3
# What a text has more of, in characters, is folded.
LONGEST_UNFOLDED = 400


@dataclass(frozen=True)
class ProposedChange:
    """A change that waits and what it would make of the program ``after``; ``session`` is None where that is gone.

    ``fault`` says why it cannot be published, "" where it can; then it shows no differences.
    """

    proposal: Proposal
    session: Session | None
    after: Program
    texts: tuple[TextChange, ...] = ()
    pictures: tuple[PictureChange, ...] = ()
    fault: str = ""

    def picture_address(self, picture: Picture | None) -> str:
        """Where a picture of before or after is shown; "" for none."""
        if picture is None:
            return ""
        known = {person.picture for person in page_context().program.speakers}
        if picture in known:
            return picture_address(picture, FACE_SIDES[-1])
        return f"/organizer/proposals/{self.proposal.id}/pictures/{picture.digest}"


def proposed_change(proposal: Proposal) -> ProposedChange:
    """What a change would do to the newest revision."""
    before, name = page_context().program, proposal.session
    session = before.sessions_by_id.get(name)
    try:
        after = preview(before, proposal.edit, current_service().clock.now()).after
    except AgendaError as refused:
        return ProposedChange(proposal, session, before, fault=str(refused))
    texts, pictures = text_changes(before, after, name), picture_changes(before, after, name)
    return ProposedChange(proposal, session, after, texts, pictures)


def waiting_changes() -> tuple[ProposedChange, ...]:
    """What waits for an organizer, the first to come first; nothing for anybody else."""
    if current_sign_in().editor.role != "organizer":
        return ()
    return tuple(map(proposed_change, waiting(current_service().database)))


TEMPLATE_GLOBALS: Mapping[str, object] = {
    "waiting_changes": waiting_changes,
    "marked_words": marked_words,
    "most_on_first_page": MOST_ON_FIRST_PAGE,
    "longest_unfolded": LONGEST_UNFOLDED,
}
