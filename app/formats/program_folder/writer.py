"""Writing a program folder: a new one, or one that people have written in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tomlkit.exceptions import TOMLKitError

from app.domain.errors import Fault, InvalidProgram
from app.domain.program import Program
from app.formats.program_folder.files import PAGES, PROGRAM_FILE, page_files, read_program_file, written_pages
from app.formats.program_folder.reader import read_program
from app.formats.program_folder.stored_fields import Tables, as_files_hold, program_tables
from app.formats.program_folder.toml_writing import new_file
from app.formats.program_folder.update import updated_file

Files = dict[str, bytes]


def write_program(program: Program, folder: Path) -> None:
    """Make a folder hold a program: it reads back as `as_files_hold(program)`; other pages in it are removed.

    Each file is replaced in one step. Raises `InvalidProgram` where a folder cannot hold the
    program (a person without a name, a malformed address), and then leaves the folder as it is.
    """
    kept = as_files_hold(program)
    _replace_files(_pages(kept) | {PROGRAM_FILE: new_file(program_tables(kept)).encode()}, folder)


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


def _updated_text(folder: Path, before: Tables, after: Tables) -> str | None:
    """The text of the folder's program file after the change; None where it cannot be kept."""
    try:
        return updated_file(read_program_file(folder), before, after)
    except (InvalidProgram, TOMLKitError, RecursionError):
        return None


def _replace_files(files: Files, folder: Path, only_if: Program | None = None) -> bool:
    """Replace the files of a folder by valid ones; where ``only_if`` is given, only if they hold that program."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as made:
        draft = Path(made)
        try:
            program = _read_draft(files, draft)
        except InvalidProgram as error:
            if only_if is not None:
                return False
            raise InvalidProgram([_moved(fault, draft, folder) for fault in error.faults]) from None
        if only_if is not None and program != only_if:
            return False
        (folder / PAGES).mkdir(exist_ok=True)
        for name in files:
            (draft / name).replace(folder / name)
    for path in page_files(folder):
        if f"{PAGES}/{path.name}" not in files:
            path.unlink()
    return True


def _read_draft(files: Files, draft: Path) -> Program:
    (draft / PAGES).mkdir()
    for name, content in files.items():
        (draft / name).write_bytes(content)
    return read_program(draft)


def _moved(fault: Fault, draft: Path, folder: Path) -> Fault:
    return Fault(fault.where.replace(str(draft), str(folder)), fault.value, fault.expected)
