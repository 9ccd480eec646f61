"""The people of a draft as the program's: one of each name, with the ids they had before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.matching import plain
from app.domain.program import Person
from app.domain.session import Link
from app.formats.imports.draft import DraftPerson
from app.formats.imports.names import without_honorific
from app.formats.imports.slugs import Ids, named, slug


class People:
    """Everybody a draft names, by name; whoever was there before keeps id and what the draft does not say."""

    def __init__(self, drafts: Iterable[DraftPerson], former: Sequence[Person]) -> None:
        merged: dict[str, DraftPerson] = {}
        for draft in drafts:
            key = plain(draft.name)
            merged[key] = _merged(merged[key], draft) if key in merged else draft
        known = {plain(person.name): person for person in former}
        titled = {plain(without_honorific(person.name)): person for key, person in known.items() if key not in merged}
        anchored = {person.id: person for person in former}
        ids = Ids(person.id for person in former)
        self._people: dict[str, Person] = {}
        given: set[str] = set()
        for key, draft in merged.items():
            before = known.get(key) or anchored.get(slug(draft.anchor)) or titled.get(key)
            if before is not None and before.id in given:
                before = None
            person = _person(draft, before, ids)
            given.add(person.id)
            self._people[key] = person

    def ids(self, drafts: Iterable[DraftPerson]) -> tuple[str, ...]:
        """The ids of some people, each once."""
        return tuple(dict.fromkeys(self._people[plain(draft.name)].id for draft in drafts))

    def everybody(self) -> tuple[Person, ...]:
        """All, in the order in which the draft names them."""
        return tuple(self._people.values())


def _merged(one: DraftPerson, other: DraftPerson) -> DraftPerson:
    return DraftPerson(
        name=one.name,
        anchor=one.anchor or other.anchor,
        affiliations=one.affiliations or other.affiliations,
        url=one.url or other.url,
        biography=one.biography or other.biography,
        links=one.links or other.links,
    )


def _person(draft: DraftPerson, before: Person | None, ids: Ids) -> Person:
    if before is None:
        wish = slug(draft.anchor) or named(draft.name, "person")
        return Person(
            id=ids.give(wish),
            name=draft.name,
            affiliations=draft.affiliations,
            url=draft.url,
            biography=draft.biography,
            links=draft.links,
        )
    return replace(
        before,
        name=draft.name,
        affiliations=draft.affiliations or before.affiliations,
        url=draft.url or before.url,
        biography=draft.biography or before.biography,
        links=_links(draft.links, before.links),
    )


def _links(said: tuple[Link, ...], before: tuple[Link, ...]) -> tuple[Link, ...]:
    """What the source says now, and what was known of other addresses."""
    urls = {link.url for link in said}
    return (*said, *(link for link in before if link.url not in urls))
