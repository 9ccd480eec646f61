"""The best of a QR code's eight masks (ISO/IEC 18004, 7.8): the one that qrcode's own search finds, much faster.

That search makes the whole code for each mask and looks at each module. Here a code is one number with a bit for each
module, row after row, so that a mask is laid on it, and a whole code looked at, in a few operations on numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_
from typing import Any

import qrcode

MASKS = range(8)
MOST_VERSIONS_KEPT = 40
# Codes from this version on say which one it is.
FIRST_WITH_NUMBER = 7
# Modules of one colour in a row that make a code hard to read, and what each further one adds.
LONG_RUN, RUN_POINTS = 5, 2
BLOCK_POINTS = 3
# Dark, light, dark dark dark, light, dark, as in the corners of a code, before or after four light modules.
CORNERS, CORNER_POINTS = ("10111010000", "00001011101"), 40
SHARE_STEP_PERCENT, SHARE_POINTS = 5, 10


def make(code: qrcode.QRCode[Any]) -> list[list[bool | None]]:
    """The modules of a code, with the mask that loses the fewest points, of equal ones the first."""
    # With the first mask, and the places that name the mask left light.
    code.makeImpl(True, MASKS[0])
    layout = _layout(code.version)
    masked = _number(code.modules)
    # A mask turns modules: the first is taken off by being laid on again, and what stands in each code with it.
    under = [masked ^ layout.masks[0] ^ mask for mask in layout.masks]
    best = min(MASKS, key=lambda mask: layout.lost_points(under[mask]))
    code.modules = layout.rows(under[best])
    code.setup_type_info(False, best)
    if code.version >= FIRST_WITH_NUMBER:
        code.setup_type_number(False)
    return code.modules


@dataclass(frozen=True, slots=True)
class _Layout:
    """Codes of one version: how many modules a side has, and a code without data under each mask."""

    size: int
    masks: tuple[int, ...]

    def rows(self, code: int) -> list[list[bool | None]]:
        """The modules of a code, row after row."""
        text = f"{code:0{self.size**2}b}"
        return [[module == "1" for module in text[at : at + self.size]] for at in range(0, len(text), self.size)]

    def lost_points(self, code: int) -> int:
        """How hard a code is to read."""
        turned = int("".join(f"{code:0{self.size**2}b}"[column :: self.size] for column in range(self.size)), 2)
        lines = sum(self._lost_in_lines(one) for one in (code, turned))
        percent = code.bit_count() / self.size**2 * 100
        return lines + self._lost_in_blocks(code) + int(abs(percent - 50) / SHARE_STEP_PERCENT) * SHARE_POINTS

    def _lost_in_lines(self, code: int) -> int:
        """For long runs of one colour in a row, and for what looks like a corner."""
        like_next = self._like_next(code)
        long = reduce(and_, (like_next >> place for place in range(LONG_RUN - 1)))
        runs = RUN_POINTS * (long & ~(long << 1)).bit_count() + long.bit_count()
        light = ~code
        starts = _every_row(self.size, self.size - len(CORNERS[0]) + 1)
        corners = (
            reduce(and_, ((code if module == "1" else light) >> place for place, module in enumerate(reversed(one))))
            for one in CORNERS
        )
        return runs + CORNER_POINTS * sum((one & starts).bit_count() for one in corners)

    def _lost_in_blocks(self, code: int) -> int:
        """For each two by two modules of one colour."""
        like_next = self._like_next(code)
        like_below = ~(code ^ (code >> self.size))
        within = (1 << (self.size * (self.size - 1))) - 1
        return BLOCK_POINTS * (like_next & (like_next >> self.size) & like_below & within).bit_count()

    def _like_next(self, code: int) -> int:
        """A bit for each module that has the colour of the next one in its row."""
        return ~(code ^ (code >> 1)) & _every_row(self.size, self.size - 1)


def _number(modules: Sequence[Sequence[bool | None]]) -> int:
    return int("".join("01"[bool(module)] for row in modules for module in row), 2)


@lru_cache(maxsize=2 * MOST_VERSIONS_KEPT)
def _every_row(size: int, modules: int) -> int:
    """A number with bits for so many modules of each row, the last ones."""
    row = (1 << modules) - 1
    return sum(row << (size * place) for place in range(size))


@lru_cache(maxsize=MOST_VERSIONS_KEPT)
def _layout(version: int) -> _Layout:
    blank: qrcode.QRCode[Any] = qrcode.QRCode(version=version)
    # Not None, which would mean that data is to be made.
    blank.data_cache = []
    masks = []
    for mask in MASKS:
        blank.makeImpl(True, mask)
        masks.append(_number(blank.modules))
    return _Layout(blank.modules_count, tuple(masks))
