"""The files of a program folder: reading their texts, naming the Markdown pages, hashing them all."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import Fault, InvalidProgram
from app.domain.program import Page
from app.domain.texts import text_fault
from app.formats.program_folder.stored_fields import named_pictures

PROGRAM_FILE = "program.toml"
PAGES = "pages"
LARGEST_BYTES = 20_000_000
# The number at the start of a file's name orders the pages and is not part of the page's address.
_NAME = re.compile(r"(?:(?P<number>\d{1,3})-)?(?P<slug>.*)", re.DOTALL)


def read_program_file(folder: Path) -> str:
    """The text of a folder's program file; raises `InvalidProgram` where it cannot be read."""
    # What of a folder cannot be read is said with its file.
    with suppress(PermissionError):
        if folder.is_file():
            raise InvalidProgram([Fault(str(folder), "a file", f"expected the folder that holds {PROGRAM_FILE}")])
        if not folder.exists():
            raise InvalidProgram([Fault(str(folder), "no such folder", "`agenda new FOLDER` makes one")])
    return _read_text(folder / PROGRAM_FILE, "a program folder holds this file")


def _read_text(path: Path, expected: str) -> str:
    """A file's text with every line end as a line feed, without a byte order mark; raises `InvalidProgram`."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InvalidProgram([Fault(str(path), f"{path.stat().st_size} bytes", f"at most {LARGEST_BYTES} bytes")])
        data = path.read_bytes()
    except OSError as error:
        raise InvalidProgram([Fault(str(path), error.strerror or "cannot be read", expected)]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{data[error.start]:02x}, which is not UTF-8"
        raise InvalidProgram([Fault(f"{path}:{line}", byte, "text in UTF-8")]) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a folder in their order, the file of each slug, and the faults found."""

    pages: tuple[Page, ...]
    files: Mapping[str, Path]
    faults: tuple[Fault, ...]


def read_pages(folder: Path) -> Pages:
    """The pages of a folder: numbered ones by number, then the others by name."""
    pages: list[Page] = []
    faults: list[Fault] = []
    files: dict[str, Path] = {}
    for path in page_files(folder):
        try:
            text = _read_text(path, "a page in Markdown")
        except InvalidProgram as error:
            faults += error.faults
            continue
        first, _, rest = text.partition("\n")
        title = first.removeprefix("# ").strip()
        if not first.startswith("# ") or not title:
            faults.append(Fault(f"{path}:1", repr(first[:80]), "the page's title after '# '"))
        slug = _parts(path.stem)[1]
        files[slug] = path
        body = rest.removeprefix("\n").removesuffix("\n")
        found = {name: text_fault(name, value) for name, value in (("title", title), ("body", body))}
        faults += [Fault(f"{path}:1", name, expected) for name, expected in found.items() if expected]
        pages.append(Page(slug=slug, title=title or slug, body=body, order=len(pages)))
    return Pages(tuple(pages), files, tuple(faults))


def page_files(folder: Path) -> list[Path]:
    """The files of a program's pages, in the order of the pages."""
    return sorted((folder / PAGES).glob("*.md"), key=_order)


def written_pages(pages: Sequence[Page]) -> dict[str, str]:
    """The texts of pages by file name; names are numbered only where the order of the slugs differs."""
    slugs = [page.slug for page in pages]
    plain = slugs == sorted(slugs) and not any(_parts(slug)[0] for slug in slugs)
    digits = len(str(len(pages)))
    return {
        f"{page.slug}.md" if plain else f"{number:0{digits}}-{page.slug}.md": f"# {page.title}\n\n{page.body}\n"
        for number, page in enumerate(pages, start=1)
    }


def _order(path: Path) -> tuple[bool, int, str]:
    number, slug = _parts(path.stem)
    return not number, int(number or 0), slug


def _parts(stem: str) -> tuple[str, str]:
    match = _NAME.fullmatch(stem)
    return (match["number"] or "", match["slug"]) if match else ("", stem)


def hash_of_folder(folder: Path) -> str:
    """SHA-256, in hexadecimal, over the names and contents of the files that make up the program."""
    digest = hashlib.sha256()
    for path in _files(folder):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def last_written(folder: Path) -> dt.datetime:
    """When one of those files was written last, in UTC, or a page was taken out."""
    paths = (*_files(folder), *filter(Path.is_dir, [folder / PAGES]))
    return dt.datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), dt.UTC)


def _files(folder: Path) -> tuple[Path, ...]:
    return (folder / PROGRAM_FILE, *sorted((folder / PAGES).glob("*.md")), *_picture_files(folder))


def _picture_files(folder: Path) -> list[Path]:
    """The pictures that the program's file names, if it can be read and there are such files."""
    try:
        data = tomllib.loads(read_program_file(folder))
    except (InvalidProgram, ValueError, RecursionError):
        return []
    return sorted(path for path in {folder / file for _, file in named_pictures(data)} if path.is_file())
