"""Colours as "#rrggbb" or "#rgb": their contrast, and shades that are readable on the grounds of pages.

Contrast is that of WCAG 2.2 ("relative luminance", "contrast ratio"): text needs 4.5:1 (1.4.3), what is no text 3:1
(1.4.11).
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
COLOUR_FORM = "a colour such as '#0057b8': # and three or six hexadecimal digits"
TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0
# The ground and the raised ground of each scheme, the inks on an accent, and the ink on light grounds: those of
# `app/static/css/tokens.css`.
LIGHT_GROUNDS = ("#ffffff", "#f3f4f5")
DARK_GROUNDS = ("#0c0d0f", "#191b1e")
INKS = ("#ffffff", "#0c0d0f")
LIGHT_INK = "#111214"
USUAL_ACCENT = "#c8102e"
# So finely a lightness is searched; a step is less than that of eight bits.
LIGHTNESS_STEPS = 512
_MAXIMUM = 255

Grounds = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccentPair:
    """An accent on light and on dark grounds, and the colour of text on each of the two."""

    light: str
    dark: str
    on_light: str
    on_dark: str


@lru_cache(maxsize=256)
def accent_pair(accent: str) -> AccentPair:
    """The accent, changed in lightness alone and only as far as text in it needs, for each scheme."""
    light = readable(accent, LIGHT_GROUNDS, TEXT_CONTRAST)
    dark = readable(accent, DARK_GROUNDS, TEXT_CONTRAST)
    return AccentPair(light, dark, _ink_on(light), _ink_on(dark))


def light_accent(accent: str) -> str:
    """The accent as it is on light grounds; the usual one for ""."""
    return accent_pair(accent or USUAL_ACCENT).light


@lru_cache(maxsize=1024)
def shape_pair(colour: str) -> tuple[str, str]:
    """A colour for lines and dots on light and on dark grounds, changed only as far as they need."""
    return readable(colour, LIGHT_GROUNDS, SHAPE_CONTRAST), readable(colour, DARK_GROUNDS, SHAPE_CONTRAST)


def readable(colour: str, grounds: Grounds, least: float) -> str:
    """The colour if it has a contrast with each ground, else the nearest shade of it that has."""
    if least_contrast(colour, grounds) >= least:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / _MAXIMUM for channel in rgb(colour)))
    # Towards black on light grounds, towards white on dark ones.
    end = 0.0 if _is_light(grounds) else 1.0
    shades = (
        _text(colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / LIGHTNESS_STEPS, saturation))
        for step in range(1, LIGHTNESS_STEPS + 1)
    )
    return next(shade for shade in shades if least_contrast(shade, grounds) >= least)


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255; raises ValueError for what is no colour."""
    if not COLOUR.fullmatch(colour):
        raise ValueError(f"{colour!r} is not {COLOUR_FORM}")
    digits = colour[1:]
    if len(digits) == len("rgb"):
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def six_digits(colour: str) -> str:
    """A colour in its long form: "#0057b8"."""
    return "#{:02x}{:02x}{:02x}".format(*rgb(colour))


def luminance(colour: str) -> float:
    """The relative luminance, from 0 for black to 1 for white (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(channel / _MAXIMUM) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, grounds: Iterable[str]) -> float:
    """The contrast of a colour with that of some grounds on which it stands out least."""
    return min(contrast(colour, ground) for ground in grounds)


def _ink_on(colour: str) -> str:
    return max(INKS, key=lambda ink: contrast(colour, ink))


def _is_light(grounds: Grounds) -> bool:
    return luminance(grounds[0]) > 0.5  # noqa: PLR2004 - between black and white


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of WCAG


def _text(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * _MAXIMUM):02x}" for channel in channels)
