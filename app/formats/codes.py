"""QR codes as SVG and PNG: dark on a white ground of their own, so that dark mode cannot invert them."""

from __future__ import annotations

import io
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage

# In modules; ISO/IEC 18004 asks for a quiet zone of four.
MARGINS = range(4, 11)
# Pixels (PNG) or user units (SVG) a module.
SCALES = range(1, 21)


def svg(text: str, *, scale: int = 4, margin: int = 4) -> bytes:
    """The code of a text as one path on a white rectangle; ValueError outside `SCALES` or `MARGINS`."""
    code = _code(text, scale, margin)
    size = len(code.get_matrix())
    path = "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, modules in enumerate(code.get_matrix())
        for start, length in _runs(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size * scale}" height="{size * scale}"'
        f' viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    ).encode()


def png(text: str, *, scale: int = 8, margin: int = 4) -> bytes:
    """The code of a text as a picture in black and white; ValueError outside `SCALES` or `MARGINS`."""
    code = _code(text, scale, margin)
    image = code.make_image(image_factory=PilImage, fill_color="black", back_color="white")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _code(text: str, scale: int, margin: int) -> qrcode.QRCode[Any]:
    if scale not in SCALES or margin not in MARGINS:
        raise ValueError(f"scale {scale} or margin {margin} out of bounds")
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=scale, border=margin)
    code.add_data(text)
    code.make(fit=True)
    return code


def _runs(modules: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules stand in a row: (first, how many)."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(modules):
        if not dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs
