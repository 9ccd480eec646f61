"""The project's mark as pictures: three lines of a programme, the middle one is now."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

GROUND = "#111214"
INK = "#ffffff"
NOW = "#ff6255"

# In 32nds of the picture's side, as in `app/static/icon.svg`: left, top, right, bottom.
SIDE = 32.0
LINES = ((6.0, 8.0, 26.0, 11.0, INK), (6.0, 14.5, 19.0, 17.5, NOW), (6.0, 21.0, 26.0, 24.0, INK))
# A maskable icon may lose all but a circle of 40 % of its side (Web App Manifest, 2.3.3): draw smaller.
MASKABLE_SHARE = 0.75
# Drawn larger, then made smaller, so that edges between pixels are soft.
FINER = 2


def icon_png(side: int, *, maskable: bool = False) -> bytes:
    """The mark as a PNG of ``side`` by ``side`` pixels; the same bytes each time."""
    fine = side * FINER
    image = Image.new("RGB", (fine, fine), GROUND)
    draw = ImageDraw.Draw(image)
    share = MASKABLE_SHARE if maskable else 1.0
    for left, top, right, bottom, colour in LINES:
        corners = (_pixel(edge, share, fine) for edge in (left, top, right, bottom))
        x0, y0, x1, y1 = corners
        draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=colour)
    buffer = io.BytesIO()
    image.resize((side, side), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _pixel(edge: float, share: float, side: int) -> int:
    """Where an edge lies in a picture, drawn smaller around its middle."""
    middle = SIDE / 2
    return round((middle + (edge - middle) * share) / SIDE * side)
