"""QR codes as SVG and PNG: black on a white background of their own, which dark mode does not invert."""

from __future__ import annotations

import io
import re
from functools import partial
from html import escape
from math import isqrt
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.image.pil import PilImage

from app.formats import qr_mask
from app.formats.byte_cache import ByteCache

# The quiet zone in modules; ISO/IEC 18004 requires four.
MARGINS = range(4, 11)
# Pixels (PNG) or user units (SVG) per module.
SCALES = range(1, 21)
DARK = "1"
# A longer text has a larger code, and is an address at a made-up host: its code is made each time.
LONGEST_KEPT_TEXT = 200
MOST_CODE_BYTES = 2_000_000
# A code takes some milliseconds, and no edit changes an address.
kept_codes: ByteCache[str] = ByteCache(MOST_CODE_BYTES)
# The capacity of the largest code at the highest level of error correction.
LONGEST_TEXT_OCTETS = 1273


def svg(text: str, *, scale: int = 4, margin: int = 4, private: bool = False) -> bytes:
    """The code of a text as one path on a white rectangle; of a ``private`` text nothing stays in memory.

    Raises ValueError outside `SCALES` or `MARGINS`, and for a text of more than `LONGEST_TEXT_OCTETS`.
    """
    matrix = _code(text, scale, margin, private=private).get_matrix()
    size = len(matrix)
    path = "".join(
        f"M{dark.start()} {row}h{len(dark[0])}v1h-{len(dark[0])}z"
        for row, modules in enumerate(matrix)
        for dark in re.finditer("1+", "".join("01"[module] for module in modules))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size * scale}" height="{size * scale}"'
        f' viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><title>QR code: {escape(text)}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    ).encode()


def png(text: str, *, scale: int = 8, margin: int = 4) -> bytes:
    """The code of a text as a picture in black and white.

    Raises ValueError outside `SCALES` or `MARGINS`, and for a text of more than `LONGEST_TEXT_OCTETS`.
    """
    image = _code(text, scale, margin).make_image(image_factory=PilImage, fill_color="black", back_color="white")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _code(text: str, scale: int, margin: int, *, private: bool = False) -> qrcode.QRCode[Any]:
    """The code of a text, to be drawn in a size."""
    if scale not in SCALES or margin not in MARGINS:
        raise ValueError(f"scale {scale} or margin {margin} out of bounds")
    if len(text.encode()) > LONGEST_TEXT_OCTETS:
        raise ValueError(f"{len(text.encode())} octets are too many for a code")
    is_kept = not private and len(text) <= LONGEST_KEPT_TEXT
    make = partial(_smallest, text)
    modules = kept_codes.get_or_make(text, make) if is_kept else make()
    size = isqrt(len(modules))
    code: qrcode.QRCode[Any] = qrcode.QRCode(box_size=scale, border=margin)
    code.modules_count = size
    code.modules = [[module == DARK for module in modules[row : row + size]] for row in range(0, size * size, size)]
    # Not None, which would mean that the modules are still to be found.
    code.data_cache = []
    return code


def _smallest(text: str) -> str:
    """The modules, row after row, of the smallest code that level M allows.

    It has the highest level of error correction for that size.
    """
    code = _fitted(text, ERROR_CORRECT_M)
    for level in (ERROR_CORRECT_Q, ERROR_CORRECT_H):
        stronger = _fitted(text, level)
        if stronger.version == code.version:
            code = stronger
    return "".join("01"[bool(module)] for row in qr_mask.make(code) for module in row)


def _fitted(text: str, level: int) -> qrcode.QRCode[Any]:
    code = qrcode.QRCode(error_correction=level)
    code.add_data(text)
    code.best_fit()
    return code
