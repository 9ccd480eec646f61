"""What publishing an import would change for readers, in groups that people look for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter

from app.domain.change_text import changed_parts
from app.domain.item_changes import item_changes
from app.domain.items import numbered_title
from app.domain.program import Program
from app.domain.revision_diff import SessionChange, changed_sessions
from app.domain.session import HIDDEN_FIELDS, Session
from app.store.publish_import import PlanConflict, merged_import

# Of one group; how many more there are is said.
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SessionGroup:
    """Sessions that change in the same way, the first of them, and how many more there are."""

    title: str
    changes: tuple[SessionChange, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """What becomes of papers in the same way: a line each."""

    title: str
    lines: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What an import would change in the published program; with ``conflicts`` it cannot be published.

    ``parts`` is what changes beside sessions and papers. ``differs``: the plan that it makes is another than before.
    """

    before: Program
    after: Program
    differs: bool
    sessions: tuple[SessionGroup, ...] = ()
    papers: tuple[PaperGroup, ...] = ()
    parts: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()

    @property
    def publishable(self) -> bool:
        """Whether there is something to publish, and nothing against it."""
        return self.differs and not self.conflicts


# An open page asks for it again with each refresh.
@lru_cache(maxsize=4)
def import_preview(plan: Program, program: Program, latest: Program) -> ImportPreview:
    """The preview of what an import made of the plan in force, for the published program ``latest``."""
    try:
        after = merged_import(plan, program, latest)
    except PlanConflict as conflict:
        return ImportPreview(before=latest, after=latest, differs=True, conflicts=conflict.conflicts)
    return ImportPreview(
        before=latest,
        after=after,
        differs=program != plan,
        sessions=tuple(_session_groups(changed_sessions(latest, after))),
        papers=tuple(_paper_groups(latest, after)),
        parts=changed_parts(latest, after),
    )


_SHOWN = frozenset(one.name for one in fields(Session)) - HIDDEN_FIELDS
_beside_papers, _beside_plan = attrgetter(*_SHOWN - {"items"}), attrgetter(*_SHOWN - {"items", "scheduled"})


def _session_groups(changes: Sequence[SessionChange]) -> Iterator[SessionGroup]:
    left = [one for one in changes if not _only_papers_differ(one)]
    for title, belongs in _GROUPS.items():
        found = [one for one in left if belongs(one)]
        left = [one for one in left if not belongs(one)]
        if found:
            yield SessionGroup(title, tuple(found[:MOST_SHOWN]), max(0, len(found) - MOST_SHOWN))


def _is_gone(change: SessionChange) -> bool:
    return change.after is None or (change.after.cancelled and not (change.before and change.before.cancelled))


def _is_back(change: SessionChange) -> bool:
    return bool(change.before and change.before.cancelled and change.after and not change.after.cancelled)


def _is_elsewhere(change: SessionChange) -> bool:
    return bool(change.before and change.after and change.before.slot != change.after.slot)


def _only_plan_differs(change: SessionChange) -> bool:
    """Whether the program's files have it now where an edit had moved it to, and nothing else differs."""
    old, new = change.before, change.after
    if old is None or new is None or old.scheduled == new.scheduled or new.slot != new.scheduled:
        return False
    return bool(_beside_plan(old) == _beside_plan(new))


_GROUPS: dict[str, Callable[[SessionChange], bool]] = {
    "Cancelled": _is_gone,
    "New": lambda change: change.before is None,
    "Takes place again": _is_back,
    "At another time or in another room": _is_elsewhere,
    "No longer shown as moved": _only_plan_differs,
    "With another title, text or people": lambda _: True,
}


def _only_papers_differ(change: SessionChange) -> bool:
    old, new = change.before, change.after
    return bool(old and new and old.items != new.items and _beside_papers(old) == _beside_papers(new))


def _paper_groups(before: Program, after: Program) -> Iterator[PaperGroup]:
    found = item_changes(before, after)
    lines = {
        "New papers": [numbered_title(one) for one in found.new],
        "Papers that are gone": [numbered_title(one) for one in found.gone],
        "Papers with another title": [f"{new.title}, was {old.title}" for old, new in found.retitled],
        "Papers with another number": [
            f"{new.title}: {new.number or 'none'}, was {old.number or 'none'}" for old, new in found.renumbered
        ],
        "Papers with other authors, texts or links": [numbered_title(new) for _, new in found.reworded],
    }
    for title, texts in lines.items():
        if texts:
            yield PaperGroup(title, tuple(texts[:MOST_SHOWN]), max(0, len(texts) - MOST_SHOWN))
