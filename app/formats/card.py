"""The picture of a shared link: title, time, room and workshop on 1200 × 630 pixels, by Pillow.

It is set in the first sans-serif of `FAMILIES` on this machine that has all letters of a text, else in the
one that lacks the fewest, last of all Pillow's own, which has ASCII and little else. Letters that it lacks are
left out, and so is a text that lacks many: no card shows boxes, and the link's own words say it all.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
MARGIN = 64
INK, SOFT, GROUND, ACCENT = "#111214", "#55595f", "#ffffff", "#c8102e"
RULE = 6
# Bold and regular of each family, by the names that Debian, Fedora, macOS and Windows give the files.
FAMILIES = (
    ("LiberationSans-Bold.ttf", "LiberationSans-Regular.ttf"),
    ("Arial Bold.ttf", "Arial.ttf"),
    ("arialbd.ttf", "arial.ttf"),
    ("NotoSans-Bold.ttf", "NotoSans-Regular.ttf"),
    ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf"),
    ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"),
    ("wqy-zenhei.ttc", "wqy-zenhei.ttc"),
    ("NotoSansArabic-Bold.ttf", "NotoSansArabic-Regular.ttf"),
    ("NotoSansHebrew-Bold.ttf", "NotoSansHebrew-Regular.ttf"),
    ("NotoSansDevanagari-Bold.ttf", "NotoSansDevanagari-Regular.ttf"),
    ("NotoSansThai-Bold.ttf", "NotoSansThai-Regular.ttf"),
    ("", ""),
)
# A code point that no font has: what is drawn for it is what is drawn for every letter that is lacking.
NOBODY_HAS = "\U0010ffff"

# Of a text that lacks more of its letters, what is left says nothing.
MOST_LACKING = 0.3

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True)
class Card:
    """What stands on a card; ``note`` in the accent colour, ``struck`` strikes title and time through."""

    title: str
    time: str = ""
    people: str = ""
    place: str = ""
    note: str = ""
    footer: str = ""
    struck: bool = False


def png(card: Card) -> bytes:
    """The card as a picture; the same card gives the same bytes on the same machine."""
    card = replace(
        card,
        title=settable(card.title, bold=True),
        people=settable(card.people, bold=False),
        place=settable(card.place, bold=False),
        note=settable(card.note, bold=True),
        footer=settable(card.footer, bold=True),
    )
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    top = MARGIN
    if card.time:
        top = _line(draw, card.time, top, 72, bold=True, struck=card.struck)
    if card.note:
        top = _line(draw, card.note, top, 36, bold=True, fill=ACCENT)
    top += 12 if card.time else 0
    bottom = HEIGHT - MARGIN - 96
    people_height = 64 if card.people else 0
    top = _paragraph(draw, card, top, bottom - people_height)
    if card.people:
        _line(draw, card.people, top + 10, 38, fill=SOFT)
    draw.rectangle((MARGIN, HEIGHT - MARGIN - 72, WIDTH - MARGIN, HEIGHT - MARGIN - 72 + RULE), fill=INK)
    _line(draw, card.footer, HEIGHT - MARGIN - 48, 34, bold=True)
    _line(draw, card.place, HEIGHT - MARGIN - 4, 30, fill=SOFT)
    buffer = io.BytesIO()
    image.quantize(64).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _paragraph(draw: ImageDraw.ImageDraw, card: Card, top: int, bottom: int) -> int:
    """The title in the largest type that takes it whole, cut where none does; returns where it ends."""
    for size in (92, 80, 70, 60, 52, 46, 40, 34):
        font = font_for(card.title, size, bold=True)
        lines = list(_wrapped(card.title, font))
        height = round(size * 1.16)
        most = max((bottom - top) // height, 1)
        if len(lines) <= most:
            break
    else:
        lines = [*lines[: most - 1], _cut(f"{lines[most - 1]}…", font)]
    for line in lines:
        _drawn(draw, line, top, font, INK, struck=card.struck)
        top += height
    return top


def _line(
    draw: ImageDraw.ImageDraw,
    text: str,
    top: int,
    size: int,
    *,
    bold: bool = False,
    fill: str = INK,
    struck: bool = False,
) -> int:
    """One line, cut to the card's width; returns where the next may begin."""
    font = font_for(text, size, bold=bold)
    _drawn(draw, _cut(text, font), top, font, fill, struck=struck)
    return top + round(size * 1.25)


def _drawn(draw: ImageDraw.ImageDraw, text: str, top: int, font: Font, fill: str, *, struck: bool) -> None:
    if not text:
        return
    draw.text((MARGIN, top), text, font=font, fill=fill)
    if struck:
        box = draw.textbbox((MARGIN, top), text, font=font)
        middle = (box[1] + box[3]) // 2
        draw.rectangle((box[0], middle - 2, box[2], middle + 2), fill=fill)


def _wrapped(text: str, font: Font) -> Iterator[str]:
    """The lines of a text, broken between words, and within one that is longer than a line."""
    line = ""
    for word in _pieces(text, font):
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > WIDTH - 2 * MARGIN:
            yield line
            longer = word
        line = longer
    yield line


def _pieces(text: str, font: Font) -> Iterator[str]:
    for word in text.split():
        rest = word
        while font.getlength(rest) > WIDTH - 2 * MARGIN:
            length = _fitting(rest, font)
            yield rest[:length]
            rest = rest[length:]
        yield rest


def _cut(text: str, font: Font) -> str:
    if font.getlength(text) <= WIDTH - 2 * MARGIN:
        return text
    return f"{text[: _fitting(text, font) - 1].rstrip(' ,')}…"


def _fitting(text: str, font: Font) -> int:
    """How many letters fit on a line; one at least."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= WIDTH - 2 * MARGIN else (low, middle - 1)
    return low


def settable(text: str, *, bold: bool) -> str:
    """The text on one line, without the letters that its font lacks; "" where those are many."""
    text = " ".join(text.split())
    name = _family_for(text)[0 if bold else 1]
    kept = "".join(letter for letter in text if letter == " " or _has(name, letter))
    return " ".join(kept.split()) if len(text) - len(kept) <= MOST_LACKING * len(text) else ""


def font_for(text: str, size: int, *, bold: bool) -> Font:
    """The font of the first family that lacks the fewest letters of a text."""
    return _font(_family_for(text)[0 if bold else 1], size)


def _family_for(text: str) -> tuple[str, str]:
    letters = frozenset(text) - {" "}
    installed = [family for family in FAMILIES if all(map(_installed, family))]
    return min(installed, key=lambda family: sum(not _has(family[0], letter) for letter in letters))


@cache
def _installed(name: str) -> Font | None:
    """A font by its file's name, from where the system keeps them; None where it is not. "" is Pillow's own."""
    try:
        font = ImageFont.truetype(name, 16) if name else ImageFont.load_default(16)
    except OSError:
        return None
    return font if isinstance(font, ImageFont.FreeTypeFont) else None


@cache
def _font(name: str, size: int) -> Font:
    font = _installed(name)
    if font is None:
        raise KeyError(name)
    return font.font_variant(size=size)


@cache
def _has(name: str, letter: str) -> bool:
    return _drawing(name, letter) != _drawing(name, NOBODY_HAS)


@cache
def _drawing(name: str, letter: str) -> bytes:
    return bytes(_font(name, 16).getmask(letter))
