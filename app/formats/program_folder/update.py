"""Changes the text of a program's file from one program to another and keeps what people wrote in it.

The tables of both programs are compared, and only keys that differ are changed in the file. So
comments, order and spelling stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import takewhile

from tomlkit.items import AoT, SingleKey, Table

from app.formats.program_folder.stored_fields import Tables
from app.formats.program_folder.toml_document import Body, headed_tables, parse_with_comments
from app.formats.program_folder.toml_writing import comment_above, is_tables, new_file, toml_item, toml_table

# The key that identifies a table among those of its kind; "" for the only one of its kind.
# A list of tables of another kind is replaced as a whole.
ID_KEYS = {
    "venue": "",
    "room": "id",
    "day": "date",
    "session": "id",
    "speaker": "id",
    "organizer": "id",
    "important_date": "id",
}
Identity = tuple[str, str | date | None]


def updated_file(text: str, before: Tables, after: Tables) -> str:
    """The text of a file that says ``before``, changed to say ``after``.

    The caller reads the result before use: it is wrong where a table that changes is written in
    dotted keys. Raises `TOMLKitError` where tomlkit cannot read the text.
    """
    if text == new_file(before):
        return new_file(after)
    document, below = parse_with_comments(text.rstrip("\n") + "\n")
    _Update(document.body, before, text).change(document.body, before, after)
    return document.as_string() + below


class _Update:
    """Finds the tables of the file and of the program before by identity, since a session may move to another day."""

    def __init__(self, body: Body, before: Tables, text: str) -> None:
        former = {_identity(key, values): values for key, values in _tables_in(before)}
        in_file = {_identity_in_file(key, table): table for key, table in _tables_in_file(body)}
        self._known = {identity: (in_file[identity], former[identity]) for identity in in_file.keys() & former.keys()}
        self._lines = set(text.split("\n"))

    def change(self, body: Body, before: Tables, after: Tables) -> None:
        """Change a table of the file that says ``before`` to say ``after``."""
        for key in before | after:
            old, new = before.get(key), after.get(key)
            if old != new and is_tables(key, old or new):
                self._change_tables(body, key, _listed(old), after)
            elif old != new:
                _change_value(body, key, after)

    def _change_tables(self, body: Body, key: str, before: list[Tables], after: Tables) -> None:
        place = _place(body, key)
        former = [] if place is None else headed_tables(body[place][1])
        tables = self._tables(key, former, before, _listed(after.get(key)))
        if place is not None and former:
            del body[place]
            _keep_heading(former, tables)
        else:
            if place is not None and not isinstance(body[place][1], Table):
                del body[place]  # a list of inline tables
            place = _new_place(body, key, after)
            if tables:
                tables[0].trivia.indent = self._introduction(key) + tables[0].trivia.indent.lstrip("\n")
        if tables:
            body.insert(place, (SingleKey(key), tables[0] if key == "venue" else AoT(tables, parsed=True)))

    def _tables(self, key: str, former: list[Table], before: list[Tables], after: list[Tables]) -> list[Table]:
        """The tables of one kind that say ``after``: those of the file where it has them, else new ones."""
        if key not in ID_KEYS:
            return [toml_table(values) for values in after]
        tables: dict[Identity, Table] = {}
        for values in after:
            identity = _identity(key, values)
            tables[identity], said = self._known.get(identity) or (toml_table({}), {})
            self.change(tables[identity].value.body, said, values)
        in_file = [_identity_in_file(key, table) for table in former]
        return [tables[one] for one in _order(in_file, [_identity(key, values) for values in before], list(tables))]

    def _introduction(self, key: str) -> str:
        """A new file's comment above the first table of its kind, without lines that the file has already."""
        lines = comment_above(key).splitlines()
        return "".join(["\n", *(f"{line}\n" for line in lines if line not in self._lines)])


def _change_value(body: Body, key: str, after: Tables) -> None:
    """Change a key with its comment kept, remove it, or add it."""
    place = _place(body, key)
    if place is None and key in after:
        body.insert(_new_place(body, key, after), (SingleKey(key), toml_item(key, after[key])))
    elif place is not None:
        name, former = body.pop(place)
        if key in after:
            item = toml_item(key, after[key])
            item.trivia.indent = former.trivia.indent
            item.trivia.comment_ws, item.trivia.comment = former.trivia.comment_ws, former.trivia.comment
            body.insert(place, (name, item))


def _place(body: Body, key: str) -> int | None:
    return next((place for place, (name, _) in enumerate(body) if name and name.key == key), None)


def _new_place(body: Body, key: str, after: Tables) -> int:
    """The place for a new key: below those that a new file has above it; for tables also below all other keys."""
    above = set(takewhile(key.__ne__, after))
    has_header = key in after and is_tables(key, after[key])
    places = (
        place
        for place, (name, item) in enumerate(body, start=1)
        if (name and name.key in above) or (has_header and not headed_tables(item))
    )
    return max(places, default=0)


def _keep_heading(former: list[Table], tables: list[Table]) -> None:
    """Keep the comment above the first table of a list on top, since it is about all of them."""
    if tables and tables[0] is not former[0]:
        tables[0].trivia.indent = former[0].trivia.indent + tables[0].trivia.indent.lstrip("\n")
        if any(table is former[0] for table in tables):
            former[0].trivia.indent = "\n"


def _order(in_file: list[Identity], before: list[Identity], after: list[Identity]) -> list[Identity]:
    """The order of ``after``, or that of the file where the tables that stay have kept theirs."""
    ranks = {identity: rank for rank, identity in enumerate(after)}
    stay = ranks.keys() & set(before)
    if [one for one in before if one in stay] != [one for one in after if one in stay]:
        return after
    order = [identity for identity in in_file if identity in ranks]
    for identity in sorted(ranks.keys() - set(order), key=ranks.__getitem__):
        places = (place for place, one in enumerate(order, start=1) if ranks[one] < ranks[identity])
        order.insert(max(places, default=0), identity)
    return order


def _listed(tables: Tables | list[Tables] | None) -> list[Tables]:
    return tables if isinstance(tables, list) else [tables] if tables else []


def _identity(key: str, values: Tables) -> Identity:
    return key, values.get(ID_KEYS[key])


def _identity_in_file(key: str, table: Table) -> Identity:
    place = _place(table.value.body, ID_KEYS[key])
    return key, None if place is None else table.value.body[place][1].unwrap()


def _tables_in(values: Tables) -> Iterator[tuple[str, Tables]]:
    """The tables that have an identity, at any depth."""
    for key, value in values.items():
        for one in _listed(value) if key in ID_KEYS and is_tables(key, value) else ():
            yield key, one
            yield from _tables_in(one)


def _tables_in_file(body: Body) -> Iterator[tuple[str, Table]]:
    """As `_tables_in`, of those in the file that have headers."""
    for name, item in body:
        key = name.key if name else ""
        for table in headed_tables(item) if key in ID_KEYS else ():
            yield key, table
            yield from _tables_in_file(table.value.body)
