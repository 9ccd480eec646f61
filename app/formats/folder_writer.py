"""Writing a program folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

from app.domain.errors import Fault, InvalidProgram
from app.domain.program import Program
from app.formats.folder import check_folder
from app.formats.folder_pages import PAGES, page_files
from app.formats.folder_render import folder_files


def write_program(program: Program, folder: Path) -> None:
    """Make a folder hold a program: it reads back as `as_files_hold(program)`; pages of another program are gone.

    Each file is replaced in one step. Raises `InvalidProgram` where a folder cannot hold the
    program (a person without a name, an odd address), and then leaves the folder as it is.
    """
    files = folder_files(program)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as made:
        draft = Path(made)
        _write(files, draft)
        report = check_folder(draft)
        if report.program is None:
            raise InvalidProgram([_moved(fault, draft, folder) for fault in report.faults])
        (folder / PAGES).mkdir(exist_ok=True)
        for name in files:
            (draft / name).replace(folder / name)
    for path in page_files(folder):
        if f"{PAGES}/{path.name}" not in files:
            path.unlink()


def _write(files: dict[str, bytes], folder: Path) -> None:
    (folder / PAGES).mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _moved(fault: Fault, draft: Path, folder: Path) -> Fault:
    return Fault(fault.where.replace(str(draft), str(folder)), fault.value, fault.expected)
