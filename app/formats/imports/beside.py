"""What stands beside the sessions when a program is imported again: people, dates, the venue.

What the source says stands; what it does not hold, people may have written, and it stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain.matching import plain
from app.domain.program import ImportantDate, Person, Program, Venue
from app.domain.session import Session
from app.formats.imports.draft import DraftPerson
from app.formats.imports.notes import Notes
from app.formats.imports.people import People
from app.formats.imports.slugs import Ids

KEPT = "not in the source, kept as before"


def speakers(
    people: People, sessions: Iterable[Session], former: Program | None, notes: Notes, *, said: bool
) -> tuple[Person, ...]:
    """Everybody the source names, and of those before whoever a session still needs (all, if it names nobody).

    Those who were there before keep their order.
    """
    known = {person.id: person for person in people.everybody()}
    needed = {speaker for session in sessions for speaker in session.speakers}
    result = []
    for one in former.speakers if former else ():
        if one.id in known or one.id in needed or not said:
            result.append(known.pop(one.id, one))
        else:
            notes.took("no longer on any session, so taken out", one.name)
    return (*result, *known.values())


def organizers(said: tuple[Person, ...], before: tuple[Person, ...], notes: Notes) -> tuple[Person, ...]:
    """Those of before in their order, with what the source says of them now, then the others that it names."""
    drafts = [
        DraftPerson(name=one.name, affiliations=one.affiliations, url=one.url, biography=one.biography, links=one.links)
        for one in said
    ]
    now = {one.id: one for one in People(drafts, before).everybody()}
    _say_kept([one.name for one in before if one.id not in now], notes, said=bool(said))
    stay = [now.pop(one.id, one) for one in before]
    return (*stay, *now.values())


def dates(
    said: tuple[ImportantDate, ...], before: tuple[ImportantDate, ...], notes: Notes
) -> tuple[ImportantDate, ...]:
    """As `organizers`; a date is known again by its title, else by its day, and keeps its id and title."""
    titles = {plain(one.title): one for one in before}
    days = {one.day: one for one in before}
    ids = Ids(one.id for one in before)
    now: dict[str, ImportantDate] = {}
    for one in said:
        known = titles.get(plain(one.title)) or days.get(one.day)
        if known is not None and known.id not in now:
            now[known.id] = replace(one, id=known.id, title=known.title)
        else:
            name = ids.give(one.id)
            now[name] = replace(one, id=name)
    _say_kept([one.title for one in before if one.id not in now], notes, said=bool(said))
    stay = [now.pop(one.id, one) for one in before]
    return (*stay, *now.values())


def venue(said: Venue | None, before: Venue | None) -> Venue | None:
    """The venue that the source says, with what is known of the one before and not said now."""
    if said is None or before is None:
        return said or before
    return Venue(
        name=said.name or before.name,
        address=said.address or before.address,
        city=said.city or before.city,
        latitude=before.latitude,
        longitude=before.longitude,
        url=said.url or before.url,
    )


def _say_kept(names: Iterable[str], notes: Notes, *, said: bool) -> None:
    """A source that says nothing of the sort at all leaves nothing to tell."""
    for name in names if said else ():
        notes.left(KEPT, name)
