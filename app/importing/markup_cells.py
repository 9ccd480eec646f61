"""Texts of data that hold HTML, or crossed-out Markdown, as a reader sees them."""

from __future__ import annotations

import re

from app.importing.clean_text import block
from app.importing.page_tree import lines, links_of, struck_text, texts_in, tree_of
from app.importing.source import Source
from app.importing.table_columns import Cell

_BLOCKS = "blockquote|div|d[dlt]|h[1-6]|li|ol|p|pre|t(?:able|body|d|h|head|r)|ul"
_TAGS = f"a|abbr|b|code|del|em|font|i|ins|mark|s|small|span|strike|strong|sub|sup|tt|u|{_BLOCKS}"
# An element that is closed, or a line's end: `The <video> element` and `Vec<T>` are words of a title.
MARKUP = re.compile(rf"</(?:{_TAGS}|script|style)\s*>|<br\s*/?>", re.IGNORECASE)
LINES = re.compile(rf"<(?:br|{_BLOCKS})\b", re.IGNORECASE)
OTHER_BRACKET = re.compile(rf"<(?!/?(?:{_TAGS}|br|hr|img|script|style)\b|!)", re.IGNORECASE)
STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,500})(?<=\S)~~")


def cell_of_markup(text: str, source: Source) -> Cell:
    """A text as a cell: without its tags, if it has some, its paragraphs divided by empty lines."""
    marked = STRUCK.sub(r"<s>\1</s>", text)
    if not MARKUP.search(marked):
        return Cell(block(text))
    if not LINES.search(marked):
        marked = marked.replace("\n", "<br>")
    root = tree_of(OTHER_BRACKET.sub("&lt;", marked), source)
    found, bold = tuple(lines(root)), tuple(texts_in(root.iter("b", "strong")))
    return Cell("\n\n".join(found), links_of(root.iter()), struck_text(root.iter()), bold, found)
