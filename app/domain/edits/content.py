"""Edits that change no time: cancellation, what a session says, and announcements."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from app.domain.change_text import quoted_title
from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Reinstate, WithdrawAnnouncement
from app.domain.edits.outcome import EditRefused, Outcome
from app.domain.edits.overlaps import with_overlap_clashes
from app.domain.edits.session_rules import MAX_MINUTES, refuse_cancelled, refuse_over
from app.domain.errors import UnknownName
from app.domain.ids import SLUG, SLUG_FORM
from app.domain.instants import minutes_rounded_up, utc
from app.domain.program import Announcement, Person, Program
from app.domain.session import Link, Session

USUAL_LABELS = ("Slides", "Stream", "Recording", "Code", "Paper")
WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*")


def cancel(program: Program, edit: Cancel, _now: datetime) -> Outcome:
    """The session stays in the program, as cancelled."""
    session = program.session(edit.session)
    refuse_cancelled(session)
    return Outcome(sessions=(replace(session, cancelled=True),))


def reinstate(program: Program, edit: Reinstate, _now: datetime) -> Outcome:
    """The session takes place in its slot; a clash where another session was moved there since."""
    session = program.session(edit.session)
    if not session.cancelled:
        raise EditRefused(f"{quoted_title(session)} is not cancelled")
    outcome = Outcome(sessions=(replace(session, cancelled=False),))
    return with_overlap_clashes(program, outcome, session.id, former_slot=attrgetter("scheduled"))


def change_content(program: Program, edit: ChangeContent, now: datetime) -> Outcome:
    """The session says something else and keeps its address; people who leave it stay in the program.

    In another room it clashes with what it overlaps there.
    """
    session = program.session(edit.session)
    speakers = session.speakers if edit.speakers is None else tuple(dict.fromkeys(edit.speakers))
    people = {person.id: person for person in new_people(program, edit.people, speakers)}
    known = program.speakers_by_id | people
    for name in speakers:
        if name not in known:
            raise UnknownName("speaker", name, known)
    for name, fields in _fields_of_people(edit):
        if name not in speakers:
            raise EditRefused(f"{known[name].name if name in known else name} is not of {quoted_title(session)}")
        people[name] = replace(people.get(name, known[name]), **fields)
    changed = replace(session, speakers=speakers, **changed_fields(session, edit))
    outcome = Outcome(sessions=(changed,), people=tuple(people.values()))
    return outcome if edit.room in {None, session.room} else _in_room(program, outcome, changed, edit.room, now)


def _fields_of_people(edit: ChangeContent) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the edit changes of people, each with their id; raises `EditRefused`."""
    for name, belongs in edit.affiliations:
        yield name, {"affiliations": belongs}
    for name, url in edit.own_pages:
        if url:
            _check_address(url, field="own_page")
        yield name, {"url": url}
    for name, picture in edit.pictures:
        yield name, {"picture": picture}


def _in_room(program: Program, outcome: Outcome, session: Session, room: str | None, now: datetime) -> Outcome:
    program.room_name(room)  # raises UnknownName
    refuse_over(program, session, now)
    moved = replace(session, slot=replace(session.slot, room=room))
    return with_overlap_clashes(program, replace(outcome, sessions=(moved,)), session.id)


def changed_fields(session: Session, edit: ChangeContent) -> dict[str, Any]:
    """The session's own fields that the edit changes; raises `EditRefused`."""
    given = ("title", "abstract", "kind", "links", "items", "pinned", "min_minutes")
    found = {name: getattr(edit, name) for name in given if getattr(edit, name) is not None}
    if "title" in found:
        found["title"] = checked_title(found["title"])
    if "kind" in found:
        checked_kind(found["kind"])
    if "links" in found:
        _check_links(found["links"])
    for item in found.get("items", ()):
        checked_title(item.title)
        _check_links(item.links)
    if "min_minutes" in found:
        found["min_minutes"] = _least_minutes(session, found["min_minutes"])
    return found


def checked_title(title: str) -> str:
    """A title without spaces around it; raises `EditRefused` for an empty one."""
    if not title.strip():
        raise EditRefused("a title is a text, or TBA", field="title")
    return title.strip()


def checked_kind(kind: str) -> str:
    """A kind of session; raises `EditRefused` for what is none."""
    if not SLUG.fullmatch(kind):
        raise EditRefused(f"{kind!r} is not a kind of session such as talk, panel or break: {SLUG_FORM}", field="kind")
    return kind


def _check_links(links: Iterable[Link]) -> None:
    for link in links:
        if not link.label.strip():
            raise EditRefused(
                f"the link to {link.url} has no label; usual ones are {', '.join(USUAL_LABELS)}", field="label"
            )
        _check_address(link.url)


def _check_address(url: str, field: str = "url") -> None:
    if not WEB_ADDRESS.fullmatch(url):
        raise EditRefused(f"{url!r} is not an address that begins with https:// or http://", field=field)


def _least_minutes(session: Session, minutes: int) -> int | None:
    longest = max(session.minutes, minutes_rounded_up(session.scheduled.length))
    if minutes > longest:
        raise EditRefused(
            f"{quoted_title(session)} lasts {longest} minutes, so its least length is not {minutes} minutes",
            field="minutes",
        )
    return minutes or None


def new_people(program: Program, people: Iterable[Person], speakers: Collection[str]) -> Iterator[Person]:
    """The people that the program does not have; raises `EditRefused` where it has others with their ids."""
    for person in people:
        if person.url and not WEB_ADDRESS.fullmatch(person.url):
            raise EditRefused(f"{person.url!r} is not an address that begins with https:// or http://")
        _check_links(person.links)
        if person.id not in speakers:
            raise EditRefused(f"{person.name} is new, and does not present the session")
        if (known := program.speakers_by_id.get(person.id)) is None:
            yield person
        elif known != person:
            raise EditRefused(f"{person.id!r} is {known.name} already")


def announce(program: Program, edit: Announce, now: datetime) -> Outcome:
    """The announcement is shown from now until an instant."""
    if not edit.text.strip():
        raise EditRefused("an announcement is a text", field="text")
    program.room_name(edit.room)  # raises UnknownName
    if not 1 <= edit.minutes <= MAX_MINUTES:
        raise EditRefused(
            f"an announcement is shown for 1 to {MAX_MINUTES} minutes, not {edit.minutes}", field="minutes"
        )
    until = now + timedelta(minutes=edit.minutes) if edit.until is None else utc(edit.until)
    if until > now + timedelta(minutes=MAX_MINUTES):
        raise EditRefused("an announcement is shown for a day at most", field="minutes")
    if until <= now:
        raise EditRefused(f"an announcement until {program.clock(until)} would be over; it is {program.clock(now)}")
    announcement = Announcement(text=edit.text.strip(), until=until, room=edit.room)
    return Outcome(announcements=(*program.announcements, announcement))


def withdraw(program: Program, edit: WithdrawAnnouncement, _now: datetime) -> Outcome:
    """The announcement is no longer shown."""
    left = tuple(one for one in program.announcements if one.revision != edit.revision)
    if len(left) == len(program.announcements):
        raise UnknownName("announcement", str(edit.revision))
    return Outcome(announcements=left)
