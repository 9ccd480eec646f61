"""Writing a program folder: a new one, or one that people have written in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from app.domain.errors import Fault, InvalidProgram
from app.domain.program import Program
from app.formats.folder.keeping import as_files_hold
from app.formats.folder.pages import PAGES, page_files
from app.formats.folder.reader import FILE, Report, check_folder
from app.formats.folder.render import folder_files
from app.formats.folder.text import read_text
from app.formats.folder.update import updated_file

Files = dict[str, bytes]


def write_program(program: Program, folder: Path) -> None:
    """Make a folder hold a program: it reads back as `as_files_hold(program)`; pages of another program are gone.

    Each file is replaced in one step. Raises `InvalidProgram` where a folder cannot hold the
    program (a person without a name, an odd address), and then leaves the folder as it is.
    """
    _put(folder_files(program), folder)


def update_program(before: Program, after: Program, folder: Path) -> bool:
    """Bring a folder that holds ``before`` to ``after``; whether what people wrote in it was kept.

    Comments, order and spelling stay, but for the keys that change. A file that is written too
    oddly for that is written anew. Raises as `write_program`.
    """
    files = folder_files(after)
    if as_files_hold(after).pages == before.pages:
        files = {FILE: files[FILE]} | {f"{PAGES}/{path.name}": path.read_bytes() for path in page_files(folder)}
    text = read_text(folder / FILE, "a program folder holds this file")
    if isinstance(text, str):
        kept = updated_file(text, folder_files(before)[FILE].decode(), files[FILE].decode())
        if _put(files | {FILE: kept.encode()}, folder, only_if=as_files_hold(after)):
            return True
    _put(files, folder)
    return False


def _put(files: Files, folder: Path, only_if: Program | None = None) -> bool:
    """Replace the files of a folder, if they are sound; where ``only_if`` is given, also only if they say that."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as made:
        draft = Path(made)
        report = _drafted(files, draft)
        if only_if is not None and report.program != only_if:
            return False
        if report.program is None:
            raise InvalidProgram([_moved(fault, draft, folder) for fault in report.faults])
        (folder / PAGES).mkdir(exist_ok=True)
        for name in files:
            (draft / name).replace(folder / name)
    for path in page_files(folder):
        if f"{PAGES}/{path.name}" not in files:
            path.unlink()
    return True


def _drafted(files: Files, draft: Path) -> Report:
    (draft / PAGES).mkdir()
    for name, content in files.items():
        (draft / name).write_bytes(content)
    return check_folder(draft)


def _moved(fault: Fault, draft: Path, folder: Path) -> Fault:
    return Fault(fault.where.replace(str(draft), str(folder)), fault.value, fault.expected)
