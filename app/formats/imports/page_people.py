"""People on a page: cards with a name, a link, a biography or affiliations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from app.domain.matching import plain
from app.formats.imports.draft import DraftPerson
from app.formats.imports.links import absolute
from app.formats.imports.names import affiliations, looks_like_name, without_honorific
from app.formats.imports.page_tree import Element, lines, text_of
from app.formats.imports.text import one_line

# A name stands in one of these; where none holds a name, in a small heading.
NAME_TAGS = ("a", "b", "strong")
SMALL_HEADINGS = ("h5", "h6", "figcaption", "dt")
LONGEST_PLACE = 120
FEWEST_WORDS_OF_PROSE = 8
MOST_PEOPLE = 1000
CARD_TAGS = frozenset({"div", "li", "td", "figure", "article", "section", "p", "dd"})


def people_in(elements: Iterable[Element]) -> tuple[DraftPerson, ...]:
    """The people whose names stand out in some elements, each once, in order."""
    found: dict[str, DraftPerson] = {}
    for element in elements:
        names = list(islice(_names(element, NAME_TAGS), MOST_PEOPLE)) or list(_names(element, SMALL_HEADINGS))
        named = set(names)
        for one in names[:MOST_PEOPLE]:
            person = _person(one, named)
            found.setdefault(plain(person.name), person)
    return tuple(found.values())


def _names(element: Element, tags: tuple[str, ...]) -> Iterator[Element]:
    """The outermost elements whose whole text is a name."""
    for one in element.iter(*tags):
        inside = any(looks_like_name(text_of(parent)) for parent in one.iterancestors(*tags))
        if not inside and looks_like_name(text_of(one)):
            yield one


def _person(named: Element, all_named: set[Element]) -> DraftPerson:
    card = _card(named, all_named)
    name = text_of(named)
    said = [line for line in lines(card) if plain(line) != plain(name)]
    prose = " ".join(line for line in said if len(line.split()) >= FEWEST_WORDS_OF_PROSE)
    places = [_place(line, name) for line in said if len(line.split()) < FEWEST_WORDS_OF_PROSE]
    return DraftPerson(
        name=without_honorific(name),
        anchor=_anchor(card),
        affiliations=tuple(dict.fromkeys(one for place in places if place for one in affiliations(place))),
        url=_url(named, card),
        biography=prose,
    )


def _card(named: Element, all_named: set[Element]) -> Element:
    """The largest element around a name with nobody else's name in it."""
    card = named
    for parent in named.iterancestors(*CARD_TAGS):
        if any(one in all_named and one is not named for one in parent.iter()):
            break
        card = parent
    return card


def _anchor(card: Element) -> str:
    return next((one_line(one.get("id")) for one in card.iter() if one.get("id")), "")


def _url(named: Element, card: Element) -> str:
    """Where the name leads; else the card's first link, pictures' included."""
    own = [*named.iter("a"), *named.iterancestors("a")]
    return next((url for one in (*own, *card.iter("a")) if (url := absolute(one.get("href", "")))), "")


def _place(line: str, name: str) -> str:
    """An affiliation, without the name it may stand behind: `Ann Lee (MIT)`, `Ann Lee, MIT`."""
    rest = line.removeprefix(name).strip(" ,;:–—-")
    bare = re.sub(r"^\((.*)\)$", r"\1", rest).strip()
    return bare if 1 < len(bare) <= LONGEST_PLACE and any(char.isupper() for char in bare) else ""
