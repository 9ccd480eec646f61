"""What a session says before and after a change of its content, text by text, for whoever decides on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from app.domain.edits.edit_types import ChangeContent
from app.domain.identity import Picture
from app.domain.program import Person, Program
from app.domain.session import Link

Mark = Literal["same", "gone", "new"]
# Texts of more words together are shown one after the other: comparing takes time that grows with their product.
MOST_COMPARED_WORDS = 1_000
# Of a run of words that stay, so many are shown beside what changes.
WORDS_AROUND = 8
_WORD = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text before and after, each "" for none; ``label`` says what it is: "Title", "Affiliation"."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PictureChange:
    """A person before and after, who has another picture, or none, then."""

    before: Person
    after: Person

    @property
    def pictures(self) -> tuple[Picture | None, Picture | None]:
        """The picture before and the one after."""
        return self.before.picture, self.after.picture


def text_changes(before: Program, after: Program, session: str) -> tuple[TextChange, ...]:
    """The texts of a session and of its people that differ."""
    found = zip(_texts(before, session), _texts(after, session), strict=True)
    return tuple(TextChange(label, old, new) for (label, old), (_, new) in found if old != new)


def texts_of(edit: ChangeContent) -> tuple[TextChange, ...]:
    """What an edit would write, where it cannot be applied: nobody knows what was there before."""
    found = [("Title", edit.title or ""), ("Abstract", edit.abstract or ""), ("Links", _listed(edit.links or ()))]
    found += [("Affiliation", "; ".join(belongs)) for _, belongs in edit.affiliations]
    found += [("Own page", url) for _, url in edit.own_pages]
    return tuple(TextChange(label, "", text) for label, text in found if text)


def picture_changes(before: Program, after: Program, session: str) -> tuple[PictureChange, ...]:
    """The people of a session whose picture differs."""
    pairs = zip(_people(before, session), _people(after, session), strict=True)
    return tuple(PictureChange(old, new) for old, new in pairs if old.picture != new.picture)


def marked_words(before: str, after: str) -> tuple[tuple[Mark, str], ...]:
    """A text after, with the words that are new and, in their place, those that are gone; runs that stay are cut."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_COMPARED_WORDS:
        return tuple(_filled((("gone", before), ("new", after))))
    parts: list[tuple[Mark, str]] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            parts.append(("same", _cut(new[new_from:new_to], is_first=new_from == 0, is_last=new_to == len(new))))
        else:
            parts += [("gone", "".join(old[old_from:old_to])), ("new", "".join(new[new_from:new_to]))]
    return tuple(_filled(parts))


def _filled(parts: Iterable[tuple[Mark, str]]) -> Iterator[tuple[Mark, str]]:
    return ((mark, text) for mark, text in parts if text)


def _cut(words: list[str], *, is_first: bool, is_last: bool) -> str:
    """A run of words that stay: those beside what changes, which is not before the first or after the last."""
    before = 0 if is_first else WORDS_AROUND
    after = 0 if is_last else WORDS_AROUND
    if len(words) <= before + after:
        return "".join(words)
    return f"{''.join(words[:before])} …{''.join(words[len(words) - after :])}".lstrip()


def _people(program: Program, session: str) -> tuple[Person, ...]:
    return program.speakers_of(program.session(session))


def _texts(program: Program, session_id: str) -> Iterator[tuple[str, str]]:
    """The texts of a session and its people, always the same ones: nobody is added or taken off meanwhile."""
    session, people = program.session(session_id), _people(program, session_id)
    yield "Title", session.title
    yield "Abstract", session.abstract
    yield "Links", _listed(session.links)
    for person in people:
        of_whom = f" of {person.name}" if len(people) > 1 else ""
        yield f"Affiliation{of_whom}", "; ".join(person.affiliations)
        yield f"Own page{of_whom}", person.url


def _listed(links: Iterable[Link]) -> str:
    return "\n".join(f"{link.label}: {link.url}" for link in links)
