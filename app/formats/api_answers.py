"""The API's other answers: what is on now, the history of revisions, the events of the stream, and problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator

from app.domain.cues import CueStyle
from app.domain.program import Program
from app.domain.revision_diff import RevisionDiff
from app.domain.session import Session as DomainSession
from app.domain.timeline import Phase
from app.formats.api_fields import Id, Instant, Model, Number, field
from app.formats.api_program import Announcement, Session, SessionInShort

Kind = Literal["import", "publish", "edit", "undo", "note"]


class LineUpItem(Model):
    """The item that is on, of a session whose items follow each other."""

    id: Id = field("Its id; it never changes.", "small-models", of="item.id")
    title: str = field("Its title; `TBA` while it is not known.", "Small models, long documents", of="item.title")
    tba: bool = field("Whether the title is still to be announced.", of="item.tba")
    authors: list[str] = field("Its authors' names, in their order.", ["Ada Lovelace"], of="item.authors")
    position: int = field("Its position in the line-up, from 1.", 2, ge=1)
    of: int = field("How many have a place in the line-up; who is not here has none.", 6, ge=1)
    start: Instant = field("When it began.")
    end: Instant = field("When it should end; by hand it goes on until the next one is begun.")


class RoomNow(Model):
    """What is on in one room."""

    room: Id = field("The room's id.", "venue", of="room.id")
    name: str = field("The room's name.", "Vancouver Convention Center", of="room.name")
    now: SessionInShort | None = field("The session that is on; null between sessions.")
    next: SessionInShort | None = field("The session that starts next; null after the last.")
    item: LineUpItem | None = field("The item that is on in the line-up of the session that is on; null for none.")
    cancelled: SessionInShort | None = field(
        "The session that would be on but is cancelled, until its end or the next start."
    )


class Note(Model):
    """The public note of a revision; it is shown for half an hour."""

    revision: Number = field("The number of the revision that it explains.")
    text: str = field("Why the revision changed the day.", "The projector was late.")
    at: Instant = field("When it was published, with the revision or afterwards.")
    sessions: list[Id] = field("The sessions that the revision changed.", ["tri-dao"])


class Now(Model):
    """What is on at an instant."""

    service: str = field("Identifies the service's database.")
    history: str = field(
        'Changes where the database goes on from a backup, so that numbers of revisions may come again; "": it is none.'
    )
    build: str = field("Identifies the service's build: open pages reload when it changes.")
    revision: Number = field("The number of the current revision.")
    phase: Phase = field("Before the first session, during one, between two, or after the last.", of="moment.phase")
    rooms: list[RoomNow] = field("Each room's now and next.", of="moment.rooms")
    notes: list[Note] = field(
        "The public notes of the last half hour, oldest first, undone ones left out.", of="moment.notes"
    )
    announcements: list[Announcement] = field(
        "The announcements that are shown at that instant.", of="moment.announcements"
    )
    changes_at: Instant | None = field(
        "When time alone will change the answer; null: never again.", of="moment.changes_at"
    )
    # Last, so that all before them is the same in each answer (`app/formats/now_answer.py`).
    speed: float = field("Seconds that the clock advances in a second; 1 but in a rehearsal.", 1)
    now: Instant = field("The instant that is described: the service's clock, or `at`.")


def _first(values: Sequence[object]) -> object:
    return next(iter(values), None)


class SessionChange(Model):
    """One session before and after a revision."""

    session: Id = field("The session's id.", "tri-dao")
    before: Session | None = field("The session before; null for a new one.")
    after: Session | None = field("The session after; null for one that left the program.")


def _session_changes(difference: RevisionDiff) -> list[SessionChange]:
    """Build the sessions before and after, each with the names and the zone of its own revision's program."""

    def build(session: DomainSession | None, program: Program | None) -> Session | None:
        return Session.from_value(session, program) if session and program else None

    return [
        SessionChange(
            session=one.session, before=build(one.before, difference.before), after=build(one.after, difference.after)
        )
        for one in difference.sessions
    ]


class Change(Model):
    """One revision, and what it changed."""

    revision: Number = field("Its number.", of="number")
    at: Instant = field("When it was published.")
    author: str = field("Who published it.", "Frank")
    note: str = field("Its public note; may be empty.", "The projector is back.")
    kind: Kind = field("What published it: the first files, later ones, an edit, an undo, or a note given afterwards.")
    undoes: int | None = field("The revision that it undoes.", 3)
    explains: int | None = field(
        "The revision whose public note this one is, in place of any other; an empty note takes it away.", 3
    )
    announcement: Annotated[Announcement | None, BeforeValidator(_first)] = field(
        "What it announced.", of="difference.announced"
    )
    sessions: Annotated[list[SessionChange], BeforeValidator(_session_changes)] = field(
        "The sessions that it changed; empty for the first revision.", of="difference"
    )


class Changes(Model):
    """The history of revisions."""

    revision: Number = field("The number of the current revision.")
    changes: list[Change] = field("The revisions, oldest first.")


class RevisionEvent(Model):
    """The data of a `revision` event: a revision is published."""

    revision: Number = field("The revision's number.")
    spread: float = field("Within how many seconds readers fetch what they show, each at a random moment.", 0.6, ge=0)


class TimeEvent(Model):
    """The data of a `time` event, which comes when a stream opens and then at least once a minute."""

    service: str = field("As in `/api/now`.")
    history: str = field("As in `/api/now`.")
    build: str = field("As in `/api/now`.")
    revision: Number = field("The number of the current revision.")
    now: Instant = field("The service's clock.")
    speed: float = field("Seconds that the clock advances in a second; 1 but in a rehearsal.", 1)


class CueEvent(Model):
    """The data of a `cue` event, for the stage of a room: the cue that stands there, or that none does any more."""

    room: Id = field("The room's id.", "venue")
    id: int | None = field("Another number for each cue; null: there is none.", 12, default=None)
    text: str = field('The line for the speaker; "" where there is none.', "Wrap up", default="")
    style: CueStyle = field("`blackout`: nothing else is on the screen.", "steady", default="steady")
    since: Instant | None = field("It stands from this instant on, a minute before it was sent.", default=None)
    until: Instant | None = field("From this instant on it does not stand, if it is not cleared before.", default=None)


class Problem(Model):
    """Why a request failed (RFC 9457)."""

    type: str = field("`about:blank`: the title says it all.", "about:blank", default="about:blank")
    title: str = field("The status in words.", "Bad Request")
    status: int = field("The HTTP status.", 400, ge=400, le=599)
    detail: str = field("What is wrong, for people.", "'noon' is not a time")
