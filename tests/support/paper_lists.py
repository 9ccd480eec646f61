"""Lists of papers, imported into the poster session of a small day."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from app.domain.program import Program
from app.domain.session import Item
from app.importing import Imported, ImportOptions
from support.import_results import of_text

DAY = "Time,Session\n9:00-10:00,Posters\n10:00-11:00,Orals\n"


@cache
def day() -> Program:
    """A day with a session of posters and one of orals, both without papers."""
    return of_text(DAY, "day.csv").program


def list_of(
    text: object, name: str = "papers.csv", *, former: Program | None = None, to: str = "posters", **options: Any
) -> Imported:
    """A list, as a text or as data for JSON, imported as the items of a session."""
    written = text if isinstance(text, str) else json.dumps(text)
    return of_text(written, name, ImportOptions(items_of=to, **options), former or day())


def items(imported: Imported, session: str = "posters") -> tuple[Item, ...]:
    """The items of a session, after an import."""
    return imported.program.session(session).items


def items_in(text: object, name: str = "papers.csv") -> tuple[Item, ...]:
    """The items that the posters have after a list is imported."""
    return items(list_of(text, name))


def links(item: Item) -> list[tuple[str, str]]:
    """An item's links: label and address."""
    return [(link.label, link.url) for link in item.links]
