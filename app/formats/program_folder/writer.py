"""Writing a program folder: a new one, or one that people have written in.

Of a file that people have written in, the tables of the programs before and after are compared, and only keys that
differ are changed. So comments, order and spelling stay.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import takewhile
from pathlib import Path

from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, SingleKey, Table

from app.domain.errors import Fault, InvalidProgram
from app.domain.program import Program
from app.formats.pictures import is_inside, pictures_of
from app.formats.program_folder.files import PAGES, PROGRAM_FILE, page_files, read_program_file, written_pages
from app.formats.program_folder.reader import read_program
from app.formats.program_folder.stored_fields import Tables, as_files_hold, program_tables
from app.formats.program_folder.toml_document import Body, headed_tables, parse_with_comments
from app.formats.program_folder.toml_writing import comment_above, is_tables, new_file, toml_item, toml_table

Files = dict[str, bytes]
# The key that identifies a table among those of its kind; "" for the only one of its kind.
# A list of tables of another kind is replaced as a whole.
ID_KEYS = {
    "identity": "",
    "track": "name",
    "screen": "",
    "stage": "",
    "venue": "",
    "room": "id",
    "day": "date",
    "session": "id",
    "items": "id",
    "speaker": "id",
    "organizer": "id",
    "important_date": "id",
}
Identity = tuple[str, str | date | None]


def write_program(program: Program, folder: Path) -> None:
    """Make a folder hold a program: it reads back as `as_files_hold(program)`; other pages in it are removed.

    Its pictures are in the folder already, except drawings, which are written where the folder lacks them.

    Each file is replaced in one step. Raises `InvalidProgram` where a folder cannot hold the
    program (a person without a name, a malformed address), and then leaves the folder as it is.
    """
    kept = as_files_hold(program)
    files = _pages(kept) | _missing_drawings(kept, folder)
    _replace_files(files | {PROGRAM_FILE: new_file(program_tables(kept)).encode()}, folder)


def update_program(before: Program, after: Program, folder: Path) -> bool:
    """Change a folder that holds ``before`` to hold ``after``; whether what people wrote in it was kept.

    Comments, order and spelling stay, except for the keys that change. A file in which that is not
    possible is written anew. Raises as `write_program`.
    """
    kept = as_files_hold(after)
    pages = _pages(kept)
    if kept.pages == before.pages:
        pages = {f"{PAGES}/{path.name}": path.read_bytes() for path in page_files(folder)}
    tables = program_tables(kept)
    text = _updated_text(folder, program_tables(as_files_hold(before)), tables)
    if text is not None and _replace_files(pages | {PROGRAM_FILE: text.encode()}, folder, only_if=kept):
        return True
    _replace_files(pages | {PROGRAM_FILE: new_file(tables).encode()}, folder)
    return False


def _pages(program: Program) -> Files:
    return {f"{PAGES}/{name}": text.encode() for name, text in written_pages(program.pages).items()}


def _missing_drawings(program: Program, folder: Path) -> Files:
    drawings = {picture.file: picture.svg.encode() for _, picture in pictures_of(program) if picture.svg}
    return {file: text for file, text in drawings.items() if is_inside(file) and not (folder / file).exists()}


def _updated_text(folder: Path, before: Tables, after: Tables) -> str | None:
    """The text of the folder's program file, changed to say ``after``; None where it cannot be kept.

    The caller reads the result before use: it is wrong where a table that changes is written in
    dotted keys.
    """
    try:
        text = read_program_file(folder)
        if text == new_file(before):
            return new_file(after)
        document, below = parse_with_comments(text.rstrip("\n") + "\n")
        _Update(document.body, before, text).change(document.body, before, after)
        return document.as_string() + below
    except (InvalidProgram, TOMLKitError, RecursionError):
        return None


def _replace_files(files: Files, folder: Path, only_if: Program | None = None) -> bool:
    """Replace the files of a folder by valid ones; where ``only_if`` is given, only if they hold that program."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as made:
        draft = Path(made)
        try:
            program = _read_draft(files, draft, folder)
        except InvalidProgram as error:
            if only_if is not None:
                return False
            raise InvalidProgram([_moved(fault, draft, folder) for fault in error.faults]) from None
        if only_if is not None and program != only_if:
            return False
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).replace(folder / name)
    for path in page_files(folder):
        if f"{PAGES}/{path.name}" not in files:
            path.unlink()
    return True


def _read_draft(files: Files, draft: Path, pictures: Path) -> Program:
    for name, content in files.items():
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).write_bytes(content)
    return read_program(draft, pictures)


def _moved(fault: Fault, draft: Path, folder: Path) -> Fault:
    return Fault(fault.where.replace(str(draft), str(folder)), fault.value, fault.expected)


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
            is_single = ID_KEYS.get(key) == ""
            body.insert(place, (SingleKey(key), tables[0] if is_single else AoT(tables, parsed=True)))

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
