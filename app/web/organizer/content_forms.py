"""Reads the edits of what sessions say, of new sessions and items, of their order, and announcements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.conference_day import instant_on_day
from app.domain.edits import edit_types as edits
from app.domain.edits.content import changed_fields, checked_kind, checked_title
from app.domain.edits.edit_types import ChangeContent, Edit
from app.domain.edits.outcome import EditRefused
from app.domain.edits.typed_content import MakeEdit, items_of, with_people
from app.domain.instants import parse_instant
from app.domain.program import Person, Program
from app.domain.session import Item, Link, Session, with_kinds_of
from app.web.organizer.form_fields import FieldRefused, Fields, revision_of
from app.web.running_service import current_service

# The fields of the form of a session's content, with the fields of a session that they change.
_FIELDS = {
    "title": "title",
    "abstract": "abstract",
    "kind": "kind",
    "url": "links",
    "item_lines": "items",
    "minutes": "min_minutes",
    "pinned": "pinned",
    "room": "room",
}


def _content(fields: Fields) -> Edit:
    """What the form changes of a session: a field that the form lacks, or holds as it was shown, is no part of it."""
    before = shown_program(fields)
    session = fields.program.session(fields.session)
    belongs = typed_affiliations(fields, before)
    own = replace(changed_content(fields, before), affiliations=belongs.own)
    edit = _with_speakers(fields, own, before.sessions_by_id.get(session.id, session), belongs.by_name)
    if edit == ChangeContent(session.id):
        raise EditRefused("nothing is changed yet: change what the session says, then preview it")
    return edit


def changed_content(fields: Fields, before: Program) -> ChangeContent:
    """What the form changes of a session itself, which it showed as it was in the program ``before``."""
    session = fields.program.session(fields.session)
    shown = before.sessions_by_id.get(session.id, session)
    typed = {name: value for name, value in _typed(fields).items() if value is not None}
    changed = {
        name: value for name, value in typed.items() if value not in {_present(session, name), _present(shown, name)}
    }
    for field, name in _FIELDS.items():
        if name in changed:
            with _refused_in(field):
                changed_fields(session, ChangeContent(session.id, **{name: changed[name]}))
    return ChangeContent(session.id, **changed)


def shown_program(fields: Fields) -> Program:
    """The program as the form showed it: that of the revision that the form is based on."""
    base = revision_of(MultiDict({"base": fields.optional("base") or ""}), "base")
    current = current_service().current
    if base is None or base == current.snapshot.revision.number:
        return fields.program
    return current.revisions.get(base).program


def _present(session: Session, name: str) -> Any:
    """What a session has in a field, as a form would send it; no least length is 0 minutes, as in `ChangeContent`."""
    value = getattr(session, name)
    if name == "min_minutes":
        return value or 0
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _typed(fields: Fields) -> dict[str, Any]:
    """What the form holds of a session's own fields; None for what it does not have."""
    return {
        "title": _text(fields, "title"),
        "abstract": _text(fields, "abstract"),
        "kind": _text(fields, "kind"),
        "links": _links(fields),
        "items": _items(fields),
        "min_minutes": _least_minutes(fields),
        "pinned": _pinned(fields),
        "room": fields.optional("room"),
    }


def _text(fields: Fields, name: str) -> str | None:
    return fields.text(name) if name in fields else None


def _links(fields: Fields) -> tuple[Link, ...] | None:
    """All links of the form; those without an address are left out, and a label keeps its kind."""
    if "url" not in fields:
        return None
    former = fields.program.session(fields.session).links
    return with_kinds_of(former, (Link(label, url) for label, url in fields.columns("label", "url") if url))


def _items(fields: Fields) -> tuple[Item, ...] | None:
    if "item_lines" not in fields:
        return None
    return items_of(fields.text("item_lines"), fields.program.session(fields.session).items)


def _least_minutes(fields: Fields) -> int | None:
    if "minutes" not in fields:
        return None
    return fields.minutes if fields.text("minutes") else 0


def _pinned(fields: Fields) -> bool | None:
    """Whether the box is ticked: the form sends an empty field before it, since a box that is not ticked sends none."""
    values = fields.columns("pinned")
    return values[-1] == ("1",) if values else None


@dataclass(frozen=True)
class TypedAffiliations:
    """What the form changes of what people belong to: of those whose rows they are, and of those put in their place."""

    own: tuple[tuple[str, tuple[str, ...]], ...]
    by_name: Mapping[str, tuple[str, ...]]


def typed_affiliations(fields: Fields, shown: Program) -> TypedAffiliations:
    """The affiliations of the form, with semicolons between, where they are neither as shown nor as now."""
    known = fields.program.speakers_by_id
    as_it_is = {(one.id, "; ".join(one.affiliations)) for one in (*shown.speakers, *fields.program.speakers)}
    rows, names = fields.columns("person", "affiliation"), [name for (name,) in fields.columns("speaker")]
    own: list[tuple[str, tuple[str, ...]]] = []
    by_name: dict[str, tuple[str, ...]] = {}
    for row, name in zip_longest(rows, names[: len(rows)]):
        # An affiliation may have a semicolon of its own: what was not changed is not read.
        if row in as_it_is:
            continue
        person, text = row
        belongs = tuple(filter(None, map(str.strip, text.split(";"))))
        if name is None or (person in known and name == known[person].name):
            own.append((person, belongs))
        elif name:
            by_name[name] = belongs
    return TypedAffiliations(tuple(own), by_name)


def _with_speakers(fields: Fields, edit: ChangeContent, shown: Session, belongs: Mapping[str, tuple[str, ...]]) -> Edit:
    """The edit with the form's speakers, where they are others than now, and what others by name belong to.

    Names that the program does not know become new people; those that nearly are somebody's are asked about.
    """
    session, names = fields.program.session(fields.session), _names(fields)
    known = fields.program.speakers_by_id
    former = [[known[name].name for name in one.speakers if name in known] for one in (session, shown)]
    if names is None or names in former or names in [[", ".join(one)] for one in former]:
        return edit

    def make(speakers: tuple[str, ...], people: tuple[Person, ...]) -> Edit:
        new = tuple(replace(one, affiliations=belongs.get(one.name, one.affiliations)) for one in people)
        named = {name: known[name].name for name in speakers if name in known}
        old = tuple((name, belongs[called]) for name, called in named.items() if called in belongs)
        return replace(edit, speakers=speakers, people=new, affiliations=(*edit.affiliations, *old))

    return _of_people(fields, names, make, present=session.speakers)


def _names(fields: Fields) -> list[str] | None:
    """The names of the form: one in each field, or all in one with commas between; None where it has no such field."""
    if "speaker" in fields:
        return [name for (name,) in fields.columns("speaker") if name]
    return list(filter(None, [fields.text("names")])) if "names" in fields else None


def _of_people(fields: Fields, names: list[str], make: MakeEdit, present: tuple[str, ...] = ()) -> Edit:
    with _refused_in("speaker" if "speaker" in fields else "names"):
        return with_people(fields.program, names, make, present=present)


@contextmanager
def _refused_in(field: str) -> Iterator[None]:
    """Name the field of what is refused, unless there is something to choose instead."""
    try:
        yield
    except EditRefused as refused:
        if refused.suggestions:
            raise
        raise FieldRefused(field, refused.reason) from None


def _add(fields: Fields) -> Edit:
    with _refused_in("title"):
        title = checked_title(fields.text("title"))
    minutes = fields.minutes
    with _refused_in("kind"):
        kind = checked_kind(fields.text("kind"))
    after, room = fields.optional("after"), fields.optional("room")
    if after is not None and fields.optional("time"):
        raise FieldRefused("time", "say either which session it comes after, or a time")
    start = instant_on_day(fields.program, fields.day, fields.time) if after is None else None

    def make(speakers: tuple[str, ...], people: tuple[Person, ...]) -> Edit:
        return edits.AddSession(title, minutes, start, after, room, kind, speakers, people)

    return _of_people(fields, _names(fields) or [], make)


def _add_item(fields: Fields) -> Edit:
    session = fields.program.session(fields.session)
    with _refused_in("title"):
        title = checked_title(fields.text("title"))
    minutes, after = fields.minutes, fields.optional("after")
    if after is not None and all(item.id != after for item in session.items):
        raise FieldRefused("after", "this is not in the line-up any more; choose another one")
    names = tuple(filter(None, map(str.strip, fields.text("names").split(","))))
    return edits.AddItem(session.id, title, minutes, names, after)


def _reorder(fields: Fields) -> Edit:
    """The shortest run of the form's sessions that holds all whose position is another one."""
    rows = fields.columns("session", "was", "position")
    former = [name for name, *_ in rows]
    wanted = [name for name, *_ in sorted(rows, key=lambda row: _new_position(*map(fields.position, row[1:])))]
    moved = [index for index, (old, new) in enumerate(zip(former, wanted, strict=True)) if old != new]
    if not moved:
        raise EditRefused("give the sessions other positions to put them into another order")
    return edits.Reorder(tuple(wanted[moved[0] : moved[-1] + 1]))


def _announce(fields: Fields) -> Edit:
    text, room, until = fields.text("text"), fields.optional("room"), fields.optional("until")
    if not text:
        raise FieldRefused("text", "an announcement is a text")
    if until:
        return edits.Announce(text, room, parse_instant(until, fields.program.timezone))
    return edits.Announce(text, room, minutes=fields.minutes)


def _new_position(was: int, position: int) -> tuple[int, int]:
    """The key by which sessions are sorted: one that moves up to a position comes before the one that was there."""
    return position, (position > was) - (position < was)


CONTENT_EDITS: dict[str, Callable[[Fields], Edit]] = {
    "content": _content,
    "add": _add,
    "add-item": _add_item,
    "reorder": _reorder,
    "announce": _announce,
}
