"""QR codes as SVG and PNG: black on a white ground of their own, so that dark mode cannot invert them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.image.pil import PilImage

# In modules; ISO/IEC 18004 asks for a quiet zone of four.
MARGINS = range(4, 11)
# Pixels (PNG) or user units (SVG) a module.
SCALES = range(1, 21)
# What the largest code holds at the highest level of error correction.
LONGEST_TEXT_OCTETS = 1273


def svg(text: str, *, scale: int = 4, margin: int = 4) -> bytes:
    """The code of a text as one path on a white rectangle.

    ValueError outside `SCALES` or `MARGINS`, and for a text of more than `LONGEST_TEXT_OCTETS`.
    """
    matrix = _code(text, scale, margin).get_matrix()
    size = len(matrix)
    path = "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, modules in enumerate(matrix)
        for start, length in _runs(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size * scale}" height="{size * scale}"'
        f' viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><title>QR code: {escape(text)}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    ).encode()


def png(text: str, *, scale: int = 8, margin: int = 4) -> bytes:
    """The code of a text as a picture in black and white.

    ValueError outside `SCALES` or `MARGINS`, and for a text of more than `LONGEST_TEXT_OCTETS`.
    """
    image = _code(text, scale, margin).make_image(image_factory=PilImage, fill_color="black", back_color="white")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _code(text: str, scale: int, margin: int) -> qrcode.QRCode[Any]:
    """The smallest code at level M, then at the highest level of error correction of that size."""
    if scale not in SCALES or margin not in MARGINS:
        raise ValueError(f"scale {scale} or margin {margin} out of bounds")
    if len(text.encode()) > LONGEST_TEXT_OCTETS:
        raise ValueError(f"{len(text.encode())} octets are too many for a code")
    code = _fitted(text, ERROR_CORRECT_M, scale, margin)
    for level in (ERROR_CORRECT_Q, ERROR_CORRECT_H):
        stronger = _fitted(text, level, scale, margin)
        if stronger.version == code.version:
            code = stronger
    code.make(fit=False)
    return code


def _fitted(text: str, level: int, scale: int, margin: int) -> qrcode.QRCode[Any]:
    code = qrcode.QRCode(error_correction=level, box_size=scale, border=margin)
    code.add_data(text)
    code.best_fit()
    return code


def _runs(modules: Sequence[bool]) -> list[tuple[int, int]]:
    """Where dark modules stand in a row: (first, how many)."""
    runs = []
    column = 0
    for dark, group in groupby(modules):
        length = len(list(group))
        if dark:
            runs.append((column, length))
        column += length
    return runs
