"""The program's sessions from a draft's: their ids, kinds, people and rooms, and what is kept from before."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from app.domain.program import SESSION_ID, SESSION_ID_LENGTH, Program
from app.domain.session import ELASTIC_MINUTES, TBA, Session, Slot, usual_least_minutes, with_kinds_of
from app.domain.session_matching import Traits, normalized, normalized_kind, paired_sessions, traits_of
from app.domain.slugs import UniqueIds, slug, slug_or_digest
from app.formats.exchange_ids import identities
from app.formats.frab.event import web_links
from app.importing.draft import DraftSession
from app.importing.merge_with_former import People, Rooms
from app.importing.report import ImportReport, counted
from app.importing.session_times import TimedSession
from app.importing.session_words import TALK, kind_of_title, kind_of_word

TEXTS = ("abstract", "track", "language")


@dataclass(frozen=True, slots=True)
class SessionBuilder:
    """Makes the sessions of one import; ``published`` are the ids of those that readers have seen (None: not known)."""

    people: People
    rooms: Rooms
    former: Program
    report: ImportReport
    published: Container[str] | None

    def sessions(self, found: Sequence[TimedSession]) -> tuple[Session, ...]:
        """The sessions found, each with its former id, and the former ones that are gone, cancelled if published."""
        former = self.former.sessions
        fields = _fields_of(one.draft for one in found)
        pairs = self._pairs(found, fields)
        guids = {name: one.guid for name, one in identities(self.former).items()}
        ids = UniqueIds((session.id for session in former), SESSION_ID_LENGTH)
        sessions = []
        for index, one in enumerate(found):
            before = former[pairs[index]] if index in pairs else self._new(one, ids)
            sessions.append(self._updated(one, before, fields, own_guid=guids.get(before.id, "")))
        if former:
            self.report.took(f"{len(pairs)} of {counted(len(found), 'session')} known again")
        recognized = set(pairs.values())
        gone = (session for index, session in enumerate(former) if index not in recognized)
        return (*sessions, *chain.from_iterable(map(self._after_it_went, gone)))

    def _pairs(self, found: Sequence[TimedSession], fields: frozenset[str]) -> dict[int, int]:
        """For the index of each session that is recognized, the index of its former self."""
        former = [traits_of(self.former, session) for session in self.former.sessions]
        if "room" not in fields:  # then no room tells sessions apart
            former = [replace(traits, room="") for traits in former]
        return paired_sessions([_traits(one) for one in found], former)

    def _new(self, found: TimedSession, ids: UniqueIds) -> Session:
        """A session with an id, kind and slot; `_updated` adds the rest."""
        draft, kind = found.draft, _kind(found.draft)
        if draft.pinned is None and kind in ELASTIC_MINUTES:
            self.report.guessed(
                "breaks may be shortened to {break} minutes, poster sessions to {posters}".format_map(ELASTIC_MINUTES),
                better="min_minutes in program.toml",
            )
        slot = Slot(start=found.start, end=found.end, room=self.rooms.id(draft.room))
        return Session(
            id=ids.reserve(_wished_id(draft, kind)),
            title=draft.title or TBA,
            slot=slot,
            scheduled=slot,
            kind=kind,
            links=draft.links or (),
            min_minutes=usual_least_minutes(kind, slot),
        )

    def _updated(self, found: TimedSession, before: Session, fields: frozenset[str], own_guid: str) -> Session:
        """The former session, updated from the source; ``own_guid`` is the one that our exports give it."""
        draft = found.draft
        room = self.rooms.id(draft.room) if "room" in fields else before.room
        slot = Slot(start=found.start, end=found.end, room=room)
        return replace(
            before,
            title=draft.title or TBA,
            slot=slot,
            scheduled=slot,
            kind=_kind_again(draft, before),
            speakers=self.people.ids(draft.people or ()) if "people" in fields else before.speakers,
            guid=before.guid if draft.guid in ("", own_guid) else draft.guid,
            cancelled=draft.cancelled,
            ended_by_hand=False,
            **_replaced(draft, before, fields),
        )

    def _after_it_went(self, session: Session) -> tuple[Session, ...]:
        """A session that is gone from the source: cancelled, or nothing where no reader has seen it."""
        if self.published is not None and session.id not in self.published:
            self.report.took("no longer in the source, never published, so removed", session.title)
            return ()
        if not session.cancelled:
            self.report.took("no longer in the source, so cancelled", session.title)
        return (replace(session, cancelled=True),)


def _fields_of(drafts: Iterable[DraftSession]) -> frozenset[str]:
    """The fields that the source has for some session: what it never has is kept from before."""
    drafts = list(drafts)
    filled = {name for name in ("people", "links", *TEXTS) if any(getattr(draft, name) for draft in drafts)}
    return frozenset(filled | {"room"} if any(draft.room is not None for draft in drafts) else filled)


def _replaced(draft: DraftSession, before: Session, fields: frozenset[str]) -> dict[str, Any]:
    """The optional fields that change."""
    found: dict[str, Any] = {
        name: text for name in TEXTS if name in fields and (text := getattr(draft, name)) is not None
    }
    if draft.items:  # an empty cell does not remove items: they may come from a list of papers
        found["items"] = draft.items
    # Addresses that differ only in their spelling stay as they were.
    if "links" in fields and draft.links is not None and web_links(draft.links) != web_links(before.links):
        found["links"] = with_kinds_of(before.links, draft.links)
    if draft.pinned is not None:
        found |= {"pinned": draft.pinned, "min_minutes": draft.min_minutes}
    return found


def _traits(found: TimedSession) -> Traits:
    draft, people = found.draft, found.draft.people or ()
    anchor = slug(people[0].anchor, SESSION_ID_LENGTH) if len(people) == 1 else ""
    return Traits(
        start=found.start,
        guid=draft.guid,
        ids=tuple(filter(None, (draft.id, anchor))),
        title=normalized(draft.title),
        people=frozenset(normalized(person.name) for person in people),
        room=normalized(draft.room or ""),
        kind=normalized_kind(_kind(draft)),
    )


def _kind(draft: DraftSession) -> str:
    return kind_of_word(draft.kind) or kind_of_title(draft.title)


def _kind_again(draft: DraftSession, before: Session) -> str:
    """The former kind, unless the source names another one, or the session became one of another sort."""
    kind, named_kind = _kind(draft), kind_of_word(draft.kind)
    same_title = normalized(draft.title or TBA) == normalized(before.title)
    same = same_title or normalized_kind(kind) == normalized_kind(before.kind)
    return before.kind if same and named_kind in ("", TALK) else kind


def _wished_id(draft: DraftSession, kind: str) -> str:
    if SESSION_ID.fullmatch(draft.id):
        return draft.id
    people = draft.people or ()
    if len(people) == 1 and (people[0].anchor or not draft.title):
        return slug(people[0].anchor, SESSION_ID_LENGTH) or slug_or_digest(people[0].name, "talk", SESSION_ID_LENGTH)
    if draft.title:
        return slug_or_digest(draft.title, "session", SESSION_ID_LENGTH)
    return slug(kind, SESSION_ID_LENGTH) or "session"
