"""Drawings as pixels, painted by `app/formats/svg_painter.py` in a process of its own."""

from __future__ import annotations

from functools import lru_cache

from app.domain.colours import LIGHT_INK
from app.formats.limited_process import FAILURES, output_of
from app.formats.svg_drawing import ON_ITS_OWN, SVG

LONGEST_SECONDS = 10
CPU_SECONDS = 1
LARGEST_MEMORY = 256 * 2**20
LARGEST_PNG = 1_000_000
PAINTER = "svg_painter.py"
PNG_BEGINS = b"\x89PNG"


class NotPainted(Exception):
    """A drawing that takes too much to paint."""


@lru_cache(maxsize=8)
def painted(svg: str, width: int, height: int, accent: str) -> bytes:
    """A drawing that `read_drawing` has read, as a PNG of a size in pixels, for light grounds; raises `NotPainted`.

    ``accent`` is as on light grounds.
    """
    drawing = svg.replace(ON_ITS_OWN, accent)
    page = f'<svg xmlns="{SVG}" width="{width}" height="{height}" color="{LIGHT_INK}">{drawing}</svg>'
    limits = {"cpu_seconds": CPU_SECONDS, "memory": LARGEST_MEMORY, "output": LARGEST_PNG}
    try:
        png = output_of(PAINTER, page.encode(), seconds=LONGEST_SECONDS, **limits)
    except FAILURES as error:
        raise NotPainted from error
    if not png.startswith(PNG_BEGINS):
        raise NotPainted
    return png
