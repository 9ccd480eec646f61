"""What people type about a session, as content of the program: names, affiliations, links and items."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from operator import itemgetter

from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused, Suggestion
from app.domain.errors import UnknownName
from app.domain.ids import UniqueIds, slug_or_digest
from app.domain.item_matching import matched_items
from app.domain.program import Person, Program
from app.domain.session import Item, Link, with_kinds_of
from app.domain.texts import checked

# How similar two names are that may be meant as one, from 0 to 1 (difflib's ratio).
SIMILAR = 0.8
# What separates the parts of an item's line: its title, authors, number and address.
PART = "|"

# Makes an edit of speakers, given by id, and of those people among them that are new to the program.
MakeEdit = Callable[[tuple[str, ...], tuple[Person, ...]], Edit]


def with_people(
    program: Program, names: Iterable[str], make: MakeEdit, *, present: Iterable[str] = (), new_people: bool = False
) -> Edit:
    """The edit that ``make`` returns for people of these names or ids; names that the program lacks are new people.

    Of several people with one name those are meant that are ``present``, given by id. Raises `EditRefused` for a name
    that several others have, and for one that is nearly one of the program's, with both readings as suggestions, unless
    ``new_people`` says that it is another person's; `BadText`.
    """
    typed = [checked("name", name) for text in names for name in names_in(text, program) if name]
    for name in typed:
        if not any(letter.isalpha() for letter in name):
            raise EditRefused(f"{name!r} is not the name of a person", field="names")
    near = {} if new_people else _near_misses(program, typed)
    meant = make(*_chosen(program, [near.get(name, name) for name in typed], present))
    if not near:
        return meant
    raise EditRefused(
        "; ".join(f"“{name}” is not in the program, but {other} is" for name, other in near.items()),
        [
            Suggestion(meant, f"Take {_listed(near.values())}, who is in the program"),
            Suggestion(make(*_chosen(program, typed, present)), f"Add {_listed(near)} as new"),
        ],
    )


def names_in(text: str, program: Program) -> list[str]:
    """The names in a text with commas between; one of the program may have commas itself, or be "Last, First"."""
    parts, names = [part.strip() for part in text.split(",")], []
    known = {tuple(sorted(name.split())) for name in _known(program)}
    most = max((person.name.count(",") for person in program.speakers), default=0)
    while parts:
        longest = range(max(most + 1, 2), 1, -1)
        count = next((n for n in longest if tuple(sorted(_plain(" ".join(parts[:n])).split())) in known), 1)
        names.append(", ".join(parts[:count]))
        parts = parts[count:]
    return names


def person_named(program: Program, name: str) -> Person:
    """The person of this name or id; raises `UnknownName`, or `EditRefused` for a name that several have."""
    person = program.speakers_by_id.get(name) or _only(_known(program).get(_plain(name), []), name)
    if person is None:
        raise UnknownName("speaker", name, [one.name for one in program.speakers])
    return person


def _only(people: Sequence[Person], name: str) -> Person | None:
    """The one person of a name; None for none. Raises `EditRefused` for several."""
    if len(people) > 1:
        ids = ", ".join(one.id for one in people)
        raise EditRefused(f"{len(people)} people are called {name}; say which by the id: {ids}", field="names")
    return people[0] if people else None


def with_links(links: tuple[Link, ...], added: Sequence[Link], removed: Iterable[str] = ()) -> tuple[Link, ...]:
    """Links with others added, each in place of those with the same label, and some removed, by label.

    One that takes the place of another keeps its kind. Raises `UnknownName` for a label that is not among them.
    """
    known = {link.label for link in links}
    for label in removed:
        if label not in known:
            raise UnknownName("link", label, known)
    new = {link.label: link for link in with_kinds_of(links, added)}
    kept = [new.pop(link.label, None) if link.label in {one.label for one in added} else link for link in links]
    return tuple(link for link in (*kept, *new.values()) if link is not None and link.label not in {*removed})


def items_of(text: str, known: Iterable[Item]) -> tuple[Item, ...]:
    """Items of a text with one on each line: ``title | authors | number | address``, all but the title optional.

    Authors are separated by commas. A line that `items_text` wrote is that known item. Another one that is still the
    known item, as `matched_items` says, keeps what no line has, and its links where it gives no address.
    """
    left, lines = list(known), [line for line in text.splitlines() if line.strip(f" {PART}")]
    same = {index: item for index, line in enumerate(lines) if (item := _known_item(line, left))}
    typed = {index: _typed_item(line) for index, line in enumerate(lines) if index not in same}
    matches = matched_items([*typed.values()], left)
    changed = {
        index: _changed_item(left[matches[place].former], item) if place in matches else item
        for place, (index, item) in enumerate(typed.items())
    }
    return tuple(item for _, item in sorted((same | changed).items(), key=itemgetter(0)))


def items_text(items: Iterable[Item]) -> str:
    """Items as the text that `items_of` reads, without their addresses."""
    return "\n".join(map(_line, items))


def _line(item: Item) -> str:
    parts = f" {PART} ".join((item.title, ", ".join(item.authors), item.number)).rstrip(f" {PART}")
    return " ".join(parts.split())


def _known_item(line: str, left: list[Item]) -> Item | None:
    """The first of the items that are left whose line this is; it is left no longer."""
    found = next((item for item in left if _line(item) == " ".join(line.split())), None)
    if found is not None:
        left.remove(found)
    return found


def _typed_item(line: str) -> Item:
    title, authors, number, address = ([part.strip() for part in line.split(PART, 3)] + [""] * 3)[:4]
    return Item(
        title=title,
        number=number,
        authors=tuple(name.strip() for name in authors.split(",") if name.strip()),
        links=(Link("Paper", address),) if address else (),
    )


def _changed_item(known: Item, typed: Item) -> Item:
    links = with_links(known.links, typed.links)
    return replace(known, title=typed.title, authors=typed.authors, number=typed.number, links=links)


def _chosen(
    program: Program, names: Iterable[str], present: Iterable[str]
) -> tuple[tuple[str, ...], tuple[Person, ...]]:
    """The ids of people of these names, and those of the people who are new to the program."""
    people, ids = _known(program), UniqueIds(program.speakers_by_id)
    here = [program.speaker(name) for name in present]
    new: dict[str, Person] = {}
    found: list[Person] = []
    for name in names:
        known = people.get(_plain(name), [])
        same = [one for one in here if one in known]
        person = same[0] if same else program.speakers_by_id.get(name) or _only(known, name)
        if person is None:
            person = new.setdefault(name, new.get(name) or _new_person(name, ids))
        here = [one for one in here if one is not person]
        found.append(person)
    return tuple(dict.fromkeys(person.id for person in found)), tuple(new.values())


def _new_person(name: str, ids: UniqueIds) -> Person:
    return Person(id=ids.reserve(slug_or_digest(name, "person")), name=name)


def _near_misses(program: Program, names: Iterable[str]) -> dict[str, str]:
    """The names that the program lacks but for one that is similar, each with that one."""
    known = _known(program)
    found = ((name, _near(_plain(name), known)) for name in names if name not in program.speakers_by_id)
    return {name: known[other][0].name for name, other in found if other is not None and other != _plain(name)}


def _near(name: str, known: Iterable[str]) -> str | None:
    """The known name that is this one, or else similar to it, or else made of the same words or initials."""
    if name in known:
        return name
    close = get_close_matches(name, known, n=1, cutoff=SIMILAR)
    return next(iter((*close, *(other for other in known if _may_be_same(name.split(), other.split())))), None)


def _may_be_same(words: list[str], others: list[str]) -> bool:
    """Whether two names have the same words in another order, or the same last word and the same initials."""
    if sorted(words) == sorted(others):
        return True
    initials, other_initials = ([word[0] for word in name[:-1]] for name in (words, others))
    return len(words) > 1 and words[-1:] == others[-1:] and initials == other_initials


def _known(program: Program) -> dict[str, list[Person]]:
    """The program's people by their plain names, which several may share."""
    known: dict[str, list[Person]] = {}
    for person in program.speakers:
        known.setdefault(_plain(person.name), []).append(person)
    return known


def _plain(name: str) -> str:
    """A name for comparison: without case, accents, full stops and repeated spaces."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.sub(r"[.,]", " ", bare).split())


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)
