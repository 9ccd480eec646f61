"""What a program's folder remembers of its sources: `source.toml`, which is no part of the program."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from app.importing import ImportOptions, ImportRefused
from app.outgoing.fetch import NO_VALIDATORS, Validators, without_password
from app.sources.raw_address import ADDRESS

FILE = "source.toml"
HEAD = """\
# Where this program comes from: `agenda import --again FOLDER` reads it anew. An entry that you take out is forgotten.

"""
LARGEST_BYTES = 1_000_000
# A schedule, and lists of papers for some sessions.
MOST_SOURCES = 100
# Options by their names in the terminal, which differ from their fields.
OPTION_NAMES = {"first_date": "date"}
# Options that are no texts: of which type, how they are read from a text, and an example.
_OTHER_TYPES: Mapping[str, tuple[type, Callable[[str], int | date], str]] = {
    "date": (date, date.fromisoformat, "2025-07-18, without quotes"),
    "number-from": (int, int, "101, without quotes"),
}
_TEXT = (str, str, "a text in quotes")
# Not what a person said, but what the database says.
NOT_REMEMBERED = {"published", "kept"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedSource:
    """One source: where it is, with which options it is imported, and what it had when it was last imported.

    ``place`` is an address, or a path that is relative to the folder unless it is absolute. ``private``: its address
    was no public one when it was typed. ``guessed`` are the guesses that a person has seen. ``read_at`` is when it had
    this content first.
    """

    place: str
    options: Mapping[str, str | int | date] = field(default_factory=dict)
    private: bool = False
    format: str = ""
    guessed: tuple[str, ...] = ()
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""
    read_at: AwareDatetime | None = None

    @property
    def has_address(self) -> bool:
        """Whether it is on the web, not a file."""
        return ADDRESS.match(self.place) is not None

    @property
    def items_of(self) -> str:
        """The session whose list it is; "" for a schedule."""
        return str(self.options.get("items-of", ""))

    @property
    def name(self) -> str:
        """A name without what may be a secret, such as the key in a sheet's address: the host, else the file's name."""
        name = (urlsplit(self.place).hostname or "") if self.has_address else Path(self.place).name
        return f"{name} (papers of {self.items_of})" if self.items_of else name

    @property
    def validators(self) -> Validators:
        """By what its server recognizes what was read last."""
        return Validators(self.etag, self.last_modified) if self.sha256 else NO_VALIDATORS

    def import_options(self) -> ImportOptions:
        """Its options; raises `ImportRefused` where one of them is unknown or of another type."""
        names = {_name(one.name): one.name for one in fields(ImportOptions) if one.name not in NOT_REMEMBERED}
        if unknown := next((name for name in self.options if name not in names), None):
            raise ImportRefused(FILE, f"unknown option {unknown!r} of {self.name}")
        for name, value in self.options.items():
            expected, _, example = _OTHER_TYPES.get(name, _TEXT)
            if not isinstance(value, expected):
                raise ImportRefused(FILE, f"the {name} of {self.name} is not written as {example}")
        return ImportOptions(**{names[name]: value for name, value in self.options.items()})  # type: ignore[arg-type]

    def continuing(self, former: RememberedSource | None) -> RememberedSource:
        """The source with what is remembered of the same place, and with options that were not said again."""
        if former is None or former.place != self.place:
            return self
        return replace(former, options={**former.options, **self.options})


_SOURCES: TypeAdapter[list[RememberedSource]] = TypeAdapter(list[RememberedSource])


def options_of_texts(options: Mapping[str, str]) -> dict[str, str | int | date]:
    """Options that came as texts, with their types; raises `ValueError` for a date or a number that is none."""
    return {name: _OTHER_TYPES.get(name, _TEXT)[1](text) for name, text in options.items()}


def said_options(options: ImportOptions) -> dict[str, str | int | date]:
    """What a person said, by the names of the options."""
    said = {_name(one.name): getattr(options, one.name) for one in fields(options) if one.name not in NOT_REMEMBERED}
    return {name: value for name, value in said.items() if value is not None}


def place_in(folder: Path, source: str) -> str:
    """How a folder remembers a source: an address without password, a relative path as seen from the folder."""
    if ADDRESS.match(source):
        return without_password(source)
    return source if Path(source).is_absolute() else Path(os.path.relpath(source, folder)).as_posix()


def remembered_sources(folder: Path) -> tuple[RememberedSource, ...]:
    """The sources of a folder, the schedule first; raises `ImportRefused` where the file is damaged."""
    path = folder / FILE
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
        if len(data) > LARGEST_BYTES:
            raise ImportRefused(str(path), f"larger than {LARGEST_BYTES} bytes")
        found = _SOURCES.validate_python([_from_table(one) for one in _tables(data)])
        if len(found) > MOST_SOURCES:
            raise ImportRefused(str(path), f"more than {MOST_SOURCES} sources; take some out")
    except FileNotFoundError:
        return ()
    except ValidationError as error:
        fault = error.errors()[0]
        raise ImportRefused(str(path), f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise ImportRefused(str(path), getattr(error, "strerror", None) or str(error)) from error
    return tuple(sorted(found, key=lambda one: bool(one.items_of)))


def remember(folder: Path, *sources: RememberedSource) -> None:
    """Write sources into a folder, each in place of the one with the same list, if that changes something.

    Raises `OSError`, or `ImportRefused` where what is remembered already is damaged, or is as much as can be.
    """
    former = remembered_sources(folder)
    by_list = {one.items_of: one for one in former} | {one.items_of: one for one in sources}
    if tuple(by_list.values()) == former:
        return
    path = folder / FILE
    if len(by_list) > MOST_SOURCES:
        raise ImportRefused(str(path), f"it remembers {MOST_SOURCES} sources, and no more; take some out")
    draft = path.with_name(f".{FILE}.{secrets.token_hex(4)}")
    try:
        draft.write_text(HEAD + tomlkit.dumps({"source": [_table(one) for one in by_list.values()]}), encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _name(field_name: str) -> str:
    return OPTION_NAMES.get(field_name, field_name.replace("_", "-"))


def _tables(data: bytes) -> Sequence[Any]:
    found = tomllib.loads(data.decode("utf-8-sig")).get("source", [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise TypeError("expected tables [[source]]")
    return found


def _from_table(table: Mapping[str, Any]) -> dict[str, Any]:
    return {"place" if key == "from" else key.replace("-", "_"): value for key, value in table.items()}


def _table(source: RememberedSource) -> dict[str, Any]:
    """A source as TOML, without what is empty; its options stand last, as a table of their own."""
    values = {one.name: getattr(source, one.name) for one in fields(source) if one.name != "options"}
    kept = {name.replace("_", "-"): value for name, value in values.items() if value}
    with suppress(KeyError):
        kept["guessed"] = list(kept["guessed"])
    table = {"from" if name == "place" else name: value for name, value in kept.items()}
    return table | ({"options": dict(source.options)} if source.options else {})
