"""Cells from a page's elements: their text, their links, and the entries of a list below the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.importing.page_tree import Element, Line, lines_in, links_of, struck_text, text_of
from app.importing.table_columns import Cell


def cell_of(element: Element) -> Cell:
    """An element as a cell; a list below a text in it becomes the cell's papers."""
    own, papers = without_papers(list(lines_in(element)))
    texts = tuple(line.text for line in own)
    bold = tuple(filter(None, map(text_of, element.iter("b", "strong"))))
    cell = Cell(" ".join(texts), links_of(element), struck_text(element), bold, texts)
    return with_papers(cell, papers)


def with_papers(cell: Cell, papers: tuple[Cell, ...]) -> Cell:
    """A cell with its papers, whose links are no longer its own."""
    theirs = {link for paper in papers for link in paper.links}
    return replace(cell, papers=papers, links=tuple(link for link in cell.links if link not in theirs))


def without_papers(lines: Sequence[Line]) -> tuple[list[Line], tuple[Cell, ...]]:
    """The lines that are not in a list below the first of them, and a cell for each entry of such lists."""
    first = lines[0].block if lines else None
    around = {first, *first.iterancestors()} if first is not None else set()
    entries = {line: _entry(line.block, around) for line in lines}
    papers = dict.fromkeys(entry for entry in entries.values() if entry is not None)
    return [line for line, entry in entries.items() if entry is None], tuple(map(cell_of, papers))


def _entry(block: Element, around: set[Element]) -> Element | None:
    """The outermost entry around a block of a list that the first line is not in."""
    inside = [one for one in (block, *block.iterancestors()) if one.tag == "li" and one.getparent() not in around]
    return inside[-1] if inside else None
