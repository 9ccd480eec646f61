"""The part of the sheets' style that is calculated with: the paper's size, the height of lines, each size of type."""

from __future__ import annotations

from app.web.print_cards import CARD_SIZES
from app.web.print_entries import LINE_HEIGHT, Paper
from app.web.print_labels import NUMBER_SIZES, TITLE_SIZES
from app.web.print_lists import BADGE, DOOR, PROGRAMME

_OF_LISTS = (size for one in (DOOR, PROGRAMME, BADGE) for size in (*one.sizes, *one.heading_sizes))
FONT_SIZES = {*CARD_SIZES, *NUMBER_SIZES, *TITLE_SIZES, *_OF_LISTS}


def stylesheet(paper: Paper) -> str:
    """The CSS of a paper's size and of the font sizes, which elements name as `data-size`."""
    sizes = "".join(f'.sheet [data-size="{size}"] {{ font-size: {size}pt; }}\n' for size in sorted(FONT_SIZES))
    page = f"@page {{ size: {paper.width}mm {paper.height}mm; margin: 0; }}\n"
    lengths = f"--paper-width: {paper.width}mm; --paper-height: {paper.height}mm; --line-height: {LINE_HEIGHT};"
    return f"{page}@layer tokens {{ :root {{ {lengths} }}\n}}\n@layer parts {{ {sizes}}}\n"
