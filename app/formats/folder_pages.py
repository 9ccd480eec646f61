"""The pages of a program folder: Markdown files that begin with their title."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import Fault
from app.domain.program import Page


def read_pages(folder: Path) -> tuple[tuple[Page, ...], list[Fault]]:
    """The pages in a folder, in the order of their names; the first line of each is `# Title`."""
    pages: list[Page] = []
    faults: list[Fault] = []
    for position, path in enumerate(sorted(folder.glob("*.md"))):
        try:
            first, _, body = path.read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(str(path), str(error), "text in UTF-8"))
            continue
        title = first.removeprefix("# ").strip()
        if not first.startswith("# ") or not title:
            faults.append(Fault(f"{path}:1", repr(first[:80]), "the page's title after '# '"))
        pages.append(Page(slug=path.stem, title=title or path.stem, body=body.strip(), order=position))
    return tuple(pages), faults
