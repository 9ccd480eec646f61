"""The pages of a program folder: Markdown files that begin with their title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import Fault
from app.domain.program import Page
from app.formats.folder.text import read_text

PAGES = "pages"
# A file's name may begin with a number, which orders the pages and is no part of their address.
_NAME = re.compile(r"(?:(?P<number>\d{1,3})-)?(?P<slug>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a folder in their order, with the file of each slug, and what is wrong with them."""

    pages: tuple[Page, ...]
    files: Mapping[str, Path]
    faults: tuple[Fault, ...]


def read_pages(folder: Path) -> Pages:
    """The pages in a program's folder: first those with a number, by it, then the others by their names."""
    pages: list[Page] = []
    faults: list[Fault] = []
    files: dict[str, Path] = {}
    for path in page_files(folder):
        text = read_text(path, "a page in Markdown")
        if isinstance(text, Fault):
            faults.append(text)
            continue
        first, _, rest = text.partition("\n")
        title = first.removeprefix("# ").strip()
        if not first.startswith("# ") or not title:
            faults.append(Fault(f"{path}:1", repr(first[:80]), "the page's title after '# '"))
        slug = _parts(path.stem)[1]
        files[slug] = path
        body = rest.removeprefix("\n").removesuffix("\n")
        pages.append(Page(slug=slug, title=title or slug, body=body, order=len(pages)))
    return Pages(tuple(pages), files, tuple(faults))


def page_files(folder: Path) -> list[Path]:
    """The files of a program's pages, in the order of the pages."""
    return sorted((folder / PAGES).glob("*.md"), key=_order)


def written_pages(pages: Sequence[Page]) -> dict[str, str]:
    """The texts of pages by the names of their files, which have numbers only where the order needs them."""
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
