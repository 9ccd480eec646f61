"""Reads the source of an import: a file, a folder, standard input, or an http(s) address."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from app.domain.program import Program
from app.importing import MOST_BYTES, Imported, ImportOptions, ImportRefused, ImportReport, import_source
from app.importing.site_folder import find_source
from app.outgoing.fetch import NO_VALIDATORS, Caller, FetchRefused, Validators, fetch
from app.sources.raw_address import ADDRESS, raw_address

STANDARD_INPUT = "-"
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
PASSWORD_FIELD = re.compile(rb"<input\b[^<>]{0,500}\btype\s{0,9}=\s{0,9}[\"']?password\b", re.IGNORECASE)
# How far into a file its beginning is looked for.
HEAD_BYTES = 2000
SIGN_IN_PAGE = "it answers with a web page that asks for a sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """The bytes of a source, at most one more than can be imported, its file name, and its address, "" for none.

    ``private`` tells whether its address is not a public one.
    """

    data: bytes
    name: str
    address: str = ""
    validators: Validators = NO_VALIDATORS
    private: bool = False

    @property
    def is_page(self) -> bool:
        """Whether it begins as a page of the web does."""
        return PAGE.match(COMMENT.sub(b"", self.data[:HEAD_BYTES])) is not None

    @property
    def asks_for_a_sign_in(self) -> bool:
        """Whether it is a page with a field for a password."""
        return self.is_page and PASSWORD_FIELD.search(self.data) is not None


def import_file(file: SourceFile, options: ImportOptions, former: Program | None, report: ImportReport) -> Imported:
    """Import a file; raises as `import_source`, which does not know why a page has no schedule."""
    try:
        return import_source(
            file.data, name=file.name, address=file.address, options=options, former=former, report=report
        )
    except ImportRefused as error:
        if file.address and file.asks_for_a_sign_in and not report.questions:
            raise ImportRefused(file.address, SIGN_IN_PAGE) from error
        raise


def read_source(source: str, report: ImportReport, caller: Caller) -> SourceFile:
    """The file that is imported; which one of a folder it is, is reported.

    Raises `ImportRefused`, `FetchRefused`.
    """
    if ADDRESS.match(source):
        return read_whole_address(source, caller)
    if source == STANDARD_INPUT:
        return SourceFile(data=sys.stdin.buffer.read(MOST_BYTES + 1), name=STANDARD_INPUT)
    return read_path(Path(source), report)


def read_whole_address(address: str, caller: Caller) -> SourceFile:
    """The file at an address, of which nothing is known yet; raises `FetchRefused`."""
    file = read_address(address, caller)
    if file is None:
        raise FetchRefused(address, "its server answers 304 though nothing was known of it")
    return file


def read_address(address: str, caller: Caller, known: Validators = NO_VALIDATORS) -> SourceFile | None:
    """The file at an address, None where it is still the ``known`` one; raises `FetchRefused`."""
    found = fetch(raw_address(address), caller, known)
    if found.data is None:
        return None
    return SourceFile(
        data=found.data, name=found.name, address=found.address, validators=found.validators, private=found.private
    )


def read_path(path: Path, report: ImportReport) -> SourceFile:
    """A file, or that of a folder which has the most sessions; raises `ImportRefused`."""
    try:
        if path.is_dir():
            path = _file_in(path, report)
        with path.open("rb") as file:
            return SourceFile(data=file.read(MOST_BYTES + 1), name=path.name)
    except (OSError, ValueError) as error:
        raise ImportRefused(str(path), getattr(error, "strerror", None) or str(error)) from error


def _file_in(folder: Path, report: ImportReport) -> Path:
    if (folder / "program.toml").is_file():
        raise ImportRefused(str(folder), "a program folder already; `agenda check` checks it, --to may name it")
    return find_source(folder, report)
