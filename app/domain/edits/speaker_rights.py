"""What a speaker may change of their own session, and until when.

Title and abstract until it begins; links, their affiliation, own page, picture and consent to recording until a week
after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta

from app.domain.edits.edit_types import ChangeContent
from app.domain.errors import NotAllowed, TooLate
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.room_state import Tick
from app.domain.session import Session

CHANGED_AFTERWARDS = timedelta(days=7)
# The fields of `ChangeContent` that a speaker changes until the session begins, and those for a week longer.
WORDS = frozenset({"title", "abstract"})
OF_PEOPLE = frozenset({"affiliations", "own_pages", "pictures"})
_OTHERS = OF_PEOPLE | {"links"}
# The ticks of room state that speakers set themselves.
OWN_TICKS: frozenset[Tick] = frozenset({"here", "recording"})


def words_until(session: Session) -> datetime:
    """Until when its speakers change a session's title and abstract; half-open."""
    return session.start


def changes_until(session: Session) -> datetime:
    """Until when its speakers change anything of a session; half-open."""
    return session.end + CHANGED_AFTERWARDS


def own_people(editor: Editor, session: Session) -> tuple[str, ...]:
    """The ids of the people of a session for whom a speaker speaks: themselves, or all where it is not known who."""
    if editor.session != session.id:
        return ()
    return tuple(name for name in session.speakers if editor.speaker in {None, name})


def speaks_at(editor: Editor, session: Session) -> bool:
    """Whether a speaker still is one of a session, or it is not known who they are."""
    return editor.session == session.id and (editor.speaker is None or editor.speaker in session.speakers)


def check_own_fields(editor: Editor, program: Program, edit: ChangeContent) -> None:
    """Raise `NotAllowed` for what a speaker changes at no time."""
    if edit.session != editor.session:
        raise NotAllowed("A speaker changes what their own session says.")
    if not speaks_at(editor, program.session(edit.session)):
        raise NotAllowed("You are not among the speakers of this session any more; ask an organizer.")
    if _changed(edit) - WORDS - _OTHERS:
        raise NotAllowed(
            "A speaker changes title, abstract, links and what is theirs of their own session; ask an organizer for "
            "the rest."
        )
    if not set(_people_of(edit)) <= set(own_people(editor, program.session(edit.session))):
        raise NotAllowed("A speaker changes their own affiliation, page and picture.")


def check_in_time(program: Program, edit: ChangeContent, now: datetime) -> None:
    """Raise `TooLate` for what a speaker does not change any more."""
    session = program.session(edit.session)
    if now >= changes_until(session):
        raise TooLate("The session ended more than a week ago; ask an organizer to change it.")
    if _changed(edit) & WORDS and now >= words_until(session):
        raise TooLate(
            f"Title and abstract could be changed until the session began, at {program.clock(session.start)}; "
            "ask an organizer."
        )


def check_own_tick(editor: Editor, session: Session, speaker: str, tick: str, now: datetime) -> None:
    """Raise `NotAllowed` for a tick that a speaker does not set or remove."""
    if speaker not in own_people(editor, session) or tick not in OWN_TICKS:
        raise NotAllowed("A speaker says of themselves that they are here, and that they may be recorded.")
    if now >= changes_until(session):
        raise TooLate("The session ended more than a week ago.")


def without_same_words(edit: ChangeContent, former: ChangeContent) -> ChangeContent:
    """An edit without the title and the abstract that are those of a former one."""
    title = None if edit.title == former.title else edit.title
    abstract = None if edit.abstract == former.abstract else edit.abstract
    return replace(edit, title=title, abstract=abstract)


def _changed(edit: ChangeContent) -> set[str]:
    """The fields that an edit changes."""
    unchanged = ChangeContent(edit.session)
    return {one.name for one in fields(edit) if getattr(edit, one.name) != getattr(unchanged, one.name)}


def _people_of(edit: ChangeContent) -> Iterator[str]:
    for name in OF_PEOPLE:
        yield from (person for person, _ in getattr(edit, name))
