"""The links of speakers: for each person of a session one that signs them in there, made for one or for all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import select

from app.domain.errors import UnknownName
from app.domain.program import Person, Program
from app.domain.rights import Editor
from app.domain.session import Session
from app.domain.texts import longest_of
from app.store.errors import BadOrganizer, NoDatabase
from app.store.people import checked_name, editor_of, in_program, write_person
from app.store.revisions import Revisions
from app.store.sign_in_links import SignInLink
from app.store.sign_ins import SignIn, SignIns, names_with_access, new_link_of
from app.store.tables import organizers

# A session and a person by their ids.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SpeakerAccess:
    """How a person comes to the page of their session: None where nobody made a link, nobody signed in."""

    session: Session
    person: Person
    editor: Editor | None = None
    link: SignInLink | None = None
    sign_in: SignIn | None = None

    @property
    def place(self) -> Place:
        """The session and the person by their ids."""
        return self.session.id, self.person.id


def speaker_places(program: Program) -> tuple[tuple[Session, Person], ...]:
    """Each session with each of its people, in the program's order; cancelled ones have none."""
    sessions = (session for session in program.sessions if not session.cancelled)
    return tuple((session, person) for session in sessions for person in program.speakers_of(session))


def speaker_accesses(
    sign_ins: SignIns, program: Program, now: datetime, secret: str | bytes | None = None
) -> tuple[SpeakerAccess, ...]:
    """How each person of each session comes to its page; unused links have the keys made with ``secret``, if given."""
    editors = _by_place(sign_ins.people(), program)
    links = {one.editor.name: one for one in sign_ins.links(now, secret)}
    # The most recently used one comes first.
    browsers = {one.editor.name: one for one in reversed(sign_ins.all(now, program))}

    def access(session: Session, person: Person) -> SpeakerAccess:
        editor = editors.get((session.id, person.id))
        name = editor.name if editor else ""
        return SpeakerAccess(session, person, editor, links.get(name), browsers.get(name))

    return tuple(access(*place) for place in speaker_places(program))


def make_speaker_links(
    revisions: Revisions,
    places: Collection[Place],
    now: datetime,
    secret: str | bytes | None = None,
    *,
    unless_access: bool = False,
) -> Sequence[tuple[Session, Person, str]]:
    """Make a link for each person at some places, which withdraws their former one; with its key.

    Whoever has none of these places yet is added. What the program does not have any more is passed over, and with
    ``unless_access`` whoever has a link or is signed in: two organizers may make the links of all at once.
    """
    with revisions.publishing() as transaction:
        if transaction.latest is None:
            raise NoDatabase(revisions.database.place)
        connection, program = transaction.connection, transaction.latest.program
        known = list(map(editor_of, connection.execute(select(organizers))))
        editors = _by_place(known, program)
        taken = {one.name.casefold() for one in known}
        passed_over = names_with_access(connection, program, now) if unless_access else set()
        made = []
        for session, person in speaker_places(program):
            editor = editors.get((session.id, person.id))
            if (session.id, person.id) not in places or (editor and editor.name in passed_over):
                continue
            if editor is None:
                name = _free_name(session, person, taken)
                editor = Editor(name, "speaker", session=session.id, speaker=person.id)
                # Not `write_new`, which reads all names again for each of a thousand people.
                write_person(connection, editor, now, unclaimed=False)
                taken.add(name.casefold())
            elif editor not in known:
                write_person(connection, editor, now, unclaimed=False)
            made.append((session, person, new_link_of(connection, editor, now, secret)))
        return made


def _by_place(known: Collection[Editor], program: Program) -> dict[Place, Editor]:
    """The speakers by their places; one of whom it was not known who they are is the person who has their name."""
    found: dict[Place, Editor] = {}
    for one in sorted((one for one in known if one.role == "speaker"), key=lambda one: one.speaker or ""):
        with suppress(UnknownName):
            editor = in_program(one, program)
            if editor.session is not None and editor.speaker is not None:
                found[editor.session, editor.speaker] = editor
    return found


def _free_name(session: Session, person: Person, taken: Collection[str]) -> str:
    """A name in the history for a person, which tells people and their sessions apart: nobody else has it."""
    return next(name for name in _usable(_names(session, person)) if name.casefold() not in taken)


def _names(session: Session, person: Person) -> Iterator[str]:
    longest = longest_of("name")
    yield person.name[:longest]
    with_title = f"{person.name} ({session.title})"
    yield with_title if len(with_title) <= longest else f"{with_title[: longest - 2]}…)"
    for number in count(2):
        ending = f" ({number})"
        yield f"{person.name[: longest - len(ending)]}{ending}"


def _usable(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        with suppress(BadOrganizer):
            yield checked_name(" ".join(name.split()))
