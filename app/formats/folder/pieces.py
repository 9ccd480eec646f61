"""A program's file in pieces: its tables with their keys, and the comments and empty lines above each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.formats.folder.toml_lines import statements

Names = tuple[str, ...]
# By which key a table is known again, "" where there is but one; any other is known by its place only.
KNOWN_BY = {
    ("venue",): "",
    ("room",): "id",
    ("day",): "date",
    ("day", "session"): "id",
    ("speaker",): "id",
    ("organizer",): "id",
    ("important_date",): "id",
}
Identity = tuple[Names, str]


@dataclass(slots=True)
class Entry:
    """A key with its value, and what stands above it."""

    name: str
    above: list[str]
    lines: list[str]


@dataclass(slots=True)
class Table:
    """A table, its keys, and the tables in it. The whole file is one without a header."""

    names: Names
    above: list[str]
    header: str
    entries: list[Entry] = field(default_factory=list)
    children: list[Table] = field(default_factory=list)

    def entry(self, name: str) -> Entry | None:
        """The key of a name, if it has it."""
        return next((one for one in self.entries if one.name == name), None)

    def named(self, name: str) -> list[Table]:
        """The tables in it that have a name, in order."""
        return [one for one in self.children if one.names[-1] == name]

    def value(self, name: str) -> list[str]:
        """What a key or the tables of that name say, without comments; the same lines, the same meaning."""
        entry = self.entry(name)
        return [*(entry.lines if entry else ()), *(line for one in self.named(name) for line in one.bare())]

    def bare(self) -> Iterator[str]:
        """Its lines without comments and empty lines between them."""
        yield self.header
        for entry in self.entries:
            yield from entry.lines
        for child in self.children:
            yield from child.bare()

    def lines(self) -> Iterator[str]:
        """All its lines, as they were or as they shall be."""
        yield from self.above
        if self.names:
            yield self.header
        for entry in self.entries:
            yield from entry.above
            yield from entry.lines
        for child in self.children:
            yield from child.lines()

    def identity(self) -> Identity | None:
        """What it is known by, wherever it stands; None for a table that its place alone tells."""
        name = KNOWN_BY.get(self.names)
        key = self.entry(name) if name else None
        if key is None:
            return (self.names, "") if name == "" else None
        return self.names, key.lines[0].partition("=")[2].partition("#")[0].strip(" \t'\"")

    def identified(self) -> dict[Identity, Table]:
        """The tables in it, at any depth, by what they are known by."""
        found: dict[Identity, Table] = {}
        for child in self.children:
            name = child.identity()
            if name is not None:
                found[name] = child
            found |= child.identified()
        return found


@dataclass(slots=True)
class Pieces:
    """A file's tables, and what stands below the last."""

    root: Table
    below: list[str]

    @classmethod
    def of(cls, text: str) -> Pieces:
        """The pieces of a sound TOML text."""
        lines = text.rstrip("\n").split("\n")
        root = Table((), [], "")
        open_tables = [root]
        read = 0
        for one in statements(text):
            above, own = lines[read : one.first - 1], lines[one.first - 1 : one.last]
            read = one.last
            if one.sort == "key":
                open_tables[-1].entries.append(Entry(".".join(one.names), above, own))
                continue
            table = Table(one.names, above, "\n".join(own))
            while (
                open_tables[-1].names != one.names[: len(open_tables[-1].names)] or open_tables[-1].names == one.names
            ):
                open_tables.pop()
            open_tables[-1].children.append(table)
            open_tables.append(table)
        return cls(root, lines[read:])

    def text(self) -> str:
        """The file, put together."""
        return "\n".join([*self.root.lines(), *self.below]) + "\n"
