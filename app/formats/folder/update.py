"""A program's file brought up to a changed program, with all that people wrote in it: comments, order, spelling.

What changed is found by writing both programs and comparing key by key; only those keys are
touched in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.formats.folder.pieces import KNOWN_BY, Entry, Identity, Pieces, Table
from app.formats.folder.toml_lines import comment_of

# The order in which we write the tables of a program; people may have chosen another.
ORDER = ("link", "venue", "room", "day", "speaker", "organizer", "important_date", "session", "items")


def updated_file(text: str, before: str, after: str) -> str:
    """The file ``text``, which says what ``before`` says, changed to say what ``after`` says.

    ``before`` and ``after`` are what we write for the two programs. Whoever uses the result
    reads it first: where a file is written in ways not foreseen here it may say something else.
    """
    if text == before:
        return after
    hand, old, new = Pieces.of(text), Pieces.of(before), Pieces.of(after)
    merged = _Merge(hand.root, old.root).table(hand.root, old.root, new.root)
    return Pieces(merged, hand.below).text()


class _Merge:
    def __init__(self, hand: Table, old: Table) -> None:
        self._hand = hand.identified()
        self._old = old.identified()
        self._written = set(hand.lines())

    def table(self, hand: Table, old: Table, new: Table) -> Table:
        """The table as people wrote it, with what is new."""
        children: list[Table] = []
        for name in _names(hand, new):
            group = self._group(name, hand, old, new)
            if group and not hand.named(name):
                group = [_under(group[0], self._introduction(new.named(name)[0])), *group[1:]]
            children += group
        return Table(hand.names, hand.above, hand.header, _entries(hand, old, new), children)

    def _group(self, name: str, hand: Table, old: Table, new: Table) -> list[Table]:
        if (*new.names, name) in KNOWN_BY:
            return self._known(hand.named(name), old.named(name), new.named(name))
        if old.value(name) == new.value(name):
            return hand.named(name)
        return _in_place_of(hand.named(name), new.named(name))

    def _known(self, hand: list[Table], old: list[Table], new: list[Table]) -> list[Table]:
        """The tables of a list, each known again wherever it stood."""
        made = {name: self._one(name, table) for table in new if (name := table.identity()) is not None}
        result = [made[name] for name in _order(_identities(hand), _identities(old), list(made))]
        return _in_place_of(hand, result)

    def _one(self, name: Identity, new: Table) -> Table:
        hand, old = self._hand.get(name), self._old.get(name)
        if hand is None or old is None:
            return _under(new, [""])
        return self.table(hand, old, new)

    def _introduction(self, table: Table) -> list[str]:
        """What we write above the first table of a sort, unless the file says it somewhere."""
        last = max((place for place, line in enumerate(table.above, 1) if not line), default=0)
        return ["", *(line for line in table.above[last:] if line not in self._written)]


def _entries(hand: Table, old: Table, new: Table) -> list[Entry]:
    result: list[Entry] = []
    orphaned: list[str] = []
    for entry in hand.entries:
        said = new.entry(entry.name)
        above = [*orphaned, *entry.above]
        orphaned = []
        if old.value(entry.name) == new.value(entry.name):
            result.append(Entry(entry.name, above, entry.lines))
        elif said is not None:
            result.append(Entry(entry.name, above, _with_comment(said.lines, entry.lines)))
        else:
            orphaned = above
    for position, entry in enumerate(new.entries):
        if hand.entry(entry.name) is None and old.value(entry.name) != new.value(entry.name):
            result.insert(
                _after(result, [one.name for one in new.entries[:position]]), Entry(entry.name, [], entry.lines)
            )
    return result


def _after(result: Sequence[Entry], before: Sequence[str]) -> int:
    """Where a key is put in: after the last of those that we write before it."""
    return max((place for place, one in enumerate(result, 1) if one.name in before), default=0)


def _with_comment(lines: list[str], former: list[str]) -> list[str]:
    comment = comment_of(former[0]) if len(lines) == len(former) == 1 else ""
    return [*lines[:-1], lines[-1] + comment]


def _names(hand: Table, new: Table) -> list[str]:
    """The names of the tables in a table: in the order people chose, new ones where we would write them."""
    result = list(dict.fromkeys(child.names[-1] for child in hand.children))
    for name in dict.fromkeys(child.names[-1] for child in new.children):
        if name not in result:
            earlier = ORDER[: ORDER.index(name)]
            place = max((at for at, other in enumerate(result, 1) if other in earlier), default=0)
            result.insert(place, name)
    return result


def _order(hand: list[Identity], old: list[Identity], new: list[Identity]) -> list[Identity]:
    """The new order, or that of people where the source has not changed the order of those that stay."""
    ranks = {name: rank for rank, name in enumerate(new)}
    stay = set(ranks).intersection(old)
    if [name for name in old if name in stay] != [name for name in new if name in stay]:
        return new
    result = [name for name in hand if name in ranks]
    placed = set(result)
    for rank, name in enumerate(new):
        if name not in placed:
            place = max((at for at, other in enumerate(result, 1) if ranks[other] < rank), default=0)
            result.insert(place, name)
    return result


def _identities(tables: Iterable[Table]) -> list[Identity]:
    return [name for table in tables if (name := table.identity()) is not None]


def _in_place_of(former: list[Table], tables: list[Table]) -> list[Table]:
    """Tables where others were; what stood above the first of those is on all of them and stays on top."""
    if not former or not tables or tables[0] is former[0]:
        return tables
    first, moved = former[0].above, [*tables]
    for place, one in enumerate(moved):
        if one.above is first:
            moved[place] = _under(one, [""])
    head = moved[0]
    moved[0] = _under(head, first if head.above is first else [*first, *(line for line in head.above if line)])
    return moved


def _under(table: Table, above: list[str]) -> Table:
    return Table(table.names, above, table.header, table.entries, table.children)
