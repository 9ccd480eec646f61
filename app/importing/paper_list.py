"""Lists of papers, posters or demos without times: they become the items of one session."""

from __future__ import annotations

from dataclasses import replace

from app.domain.program import Program
from app.domain.session import Item, Session
from app.domain.session_matching import normalized
from app.domain.texts import MOST
from app.importing.detect_format import read
from app.importing.draft import DraftSession
from app.importing.report import counted
from app.importing.source import Source


def with_items(source: Source, session: str, former: Program | None) -> Program:
    """The program with the source's rows as the items of a session; raises `ImportRefused`, `UnknownName`."""
    if former is None:
        raise source.refused("items need a program to go into; import the schedule first")
    target = _session(former, session)
    items = tuple(_item(one) for one in read(source).sessions if one.title)
    if not items:
        raise source.refused("no titles of papers in it")
    if len(items) > MOST["items"]:
        raise source.refused(f"{len(items)} items; at most {MOST['items']} can be imported")
    source.report.took(f"{counted(len(items), 'item')} of {target.title}")
    changed = replace(target, items=items)
    return replace(former, sessions=tuple(changed if one.id == target.id else one for one in former.sessions))


def _session(program: Program, name: str) -> Session:
    """A session by its id, else by its title; raises `UnknownName`."""
    titled = [one for one in program.sessions if normalized(one.title) == normalized(name)]
    return titled[0] if len(titled) == 1 and name not in program.sessions_by_id else program.session(name)


def _item(paper: DraftSession) -> Item:
    """What a source calls a session, with or without a time, as an item."""
    authors = tuple(person.name for person in paper.people or ())
    return Item(title=paper.title, number=paper.number, authors=authors, links=paper.links or ())
