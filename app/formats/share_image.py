"""The preview picture of a shared link: title, time, room and workshop on 1200 × 630 pixels, by Pillow.

Each text is set in the first installed family of `FAMILIES` that has all its letters, else in the one that lacks
the fewest; the last is Pillow's own, which has little but ASCII. Letters without a glyph are left out, and so is a
text with many of them, so that no picture shows boxes; the link's metadata has the whole text.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from app.domain.colours import LIGHT_INK, USUAL_ACCENT
from app.formats.text_metrics import truncated, wrap_lines

WIDTH, HEIGHT = 1200, 630
MARGIN = 64
TEXT_WIDTH = WIDTH - 2 * MARGIN
INK, SOFT, GROUND = LIGHT_INK, "#55595f", "#ffffff"
RULE = 6
LOGO_BOX, LEADING_BOX, LOGO_GAP = (320, 80), (640, 112), 32
EDGE, EDGE_GAP = 10, 14
EDGE_STEPS = 20
# File names of each family's bold and regular fonts on Debian, Fedora, macOS and Windows; "" is Pillow's own font.
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
# A code point that no font has: its picture is that of every letter without a glyph.
MISSING_LETTER = "\U0010ffff"
# The largest share of letters without a glyph in a text that is shown.
MOST_MISSING = 0.3

Font = ImageFont.FreeTypeFont
Draw = ImageDraw.ImageDraw


@dataclass(frozen=True)
class ShareCard:
    """What stands on a card; ``note`` and a line in the accent, ``struck`` strikes title and time through.

    ``track`` is the colour of an edge beside the title, "" for none. ``logo`` is a picture of pixels, above the title
    where it ``leads``, else in the lower right corner.
    """

    title: str
    time: str = ""
    people: str = ""
    place: str = ""
    note: str = ""
    footer: str = ""
    struck: bool = False
    track: str = ""
    accent: str = USUAL_ACCENT
    logo: bytes = b""
    leads: bool = False


def png(card: ShareCard) -> bytes:
    """The card as a picture; the same card gives the same bytes on the same machine."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    top = MARGIN + _leading_logo(image, card)
    top = _line(draw, card.time, top, 72, bold=True, struck=card.struck)
    top = _line(draw, card.note, top, 36, bold=True, fill=card.accent)
    top += 12 if card.time else 0
    people = displayable_text(card.people, bold=False)
    top = _title(draw, card, top, HEIGHT - MARGIN - 96 - (64 if people else 0))
    top = _line(draw, people, top + 10, 38, fill=SOFT)
    if card.track:
        draw.rectangle((MARGIN - EDGE_GAP - EDGE, MARGIN + 8, MARGIN - EDGE_GAP - 1, top), fill=card.track)
    draw.rectangle((MARGIN, HEIGHT - MARGIN - 72, WIDTH - MARGIN, HEIGHT - MARGIN - 72 + RULE), fill=card.accent)
    room = TEXT_WIDTH - _logo_in_corner(image, card)
    _line(draw, card.footer, HEIGHT - MARGIN - 48, 34, bold=True, width=room)
    _line(draw, card.place, HEIGHT - MARGIN - (4 if card.footer else 26), 30, fill=SOFT, width=room)
    buffer = io.BytesIO()
    palette = None if card.logo else _palette((INK, SOFT, card.accent, *filter(None, (card.track,))))
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(buffer, "PNG")
    return buffer.getvalue()


@cache
def installed_fonts() -> tuple[str, ...]:
    """The files of the families that are installed here with their sizes, by which the pictures of two machines differ.

    Pillow's own font is part of a library: it has no file, and is not named.
    """
    fonts = (_installed(name) for family in FAMILIES for name in family)
    files = (font.path for font in fonts if font and isinstance(font.path, str))
    return tuple(f"{file} {Path(file).stat().st_size}" for file in files)


def _leading_logo(image: Image.Image, card: ShareCard) -> int:
    """Paste a logo above the title; returns the height that it takes."""
    if not card.logo or not card.leads:
        return 0
    picture = _inside(card.logo, LEADING_BOX)
    image.paste(picture, (MARGIN, MARGIN), picture)
    return picture.height + LOGO_GAP


def _logo_in_corner(image: Image.Image, card: ShareCard) -> int:
    """Paste a logo into the card's lower right corner; returns the width that texts leave to it."""
    if not card.logo or card.leads:
        return 0
    picture = _inside(card.logo, LOGO_BOX)
    place = (WIDTH - MARGIN - picture.width, HEIGHT - MARGIN - 48 + (LOGO_BOX[1] - picture.height) // 2)
    image.paste(picture, place, picture)
    return picture.width + LOGO_GAP


def _inside(logo: bytes, box: tuple[int, int]) -> Image.Image:
    picture = Image.open(io.BytesIO(logo)).convert("RGBA")
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    return picture


@lru_cache(maxsize=8)
def _palette(inks: tuple[str, ...]) -> Image.Image:
    """The colours of a card: from the ground to each of the inks, for the edges of letters."""
    ground = ImageColor.getrgb(GROUND)
    colours = [
        round(start + (end - start) * step / EDGE_STEPS)
        for ink in inks
        for step in range(EDGE_STEPS + 1)
        for start, end in zip(ground, ImageColor.getrgb(ink), strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours)
    return palette


def _title(draw: Draw, card: ShareCard, top: int, bottom: int) -> int:
    """The title in the largest size in which it fits whole, else shortened; returns where it ends."""
    title = displayable_text(card.title, bold=True)
    for size in (92, 80, 70, 60, 52, 46, 40, 34):
        font = font_for(title, size, bold=True)
        lines = wrap_lines(title, TEXT_WIDTH, font.getlength)
        height = round(size * 1.16)
        most = max((bottom - top) // height, 1)
        if len(lines) <= most:
            break
    else:
        lines = wrap_lines(truncated(title, TEXT_WIDTH, most, font.getlength), TEXT_WIDTH, font.getlength)
    for line in lines:
        _draw(draw, line, top, font, INK, struck=card.struck)
        top += height
    return top


def _line(
    draw: Draw,
    text: str,
    top: int,
    size: int,
    *,
    bold: bool = False,
    fill: str = INK,
    struck: bool = False,
    width: int = TEXT_WIDTH,
) -> int:
    """One line, shortened to a width, or none for an empty text; returns where the next may begin."""
    text = displayable_text(text, bold=bold)
    if not text:
        return top
    font = font_for(text, size, bold=bold)
    _draw(draw, truncated(text, width, 1, font.getlength), top, font, fill, struck=struck)
    return top + round(size * 1.25)


def _draw(draw: Draw, text: str, top: int, font: Font, fill: str, *, struck: bool) -> None:
    draw.text((MARGIN, top), text, font=font, fill=fill)
    if struck:
        left, upper, right, lower = draw.textbbox((MARGIN, top), text, font=font)
        middle = (upper + lower) // 2
        draw.rectangle((left, middle - 2, right, middle + 2), fill=fill)


def displayable_text(text: str, *, bold: bool) -> str:
    """The text on one line, without the letters that its font lacks; "" where those are many."""
    text = " ".join(text.split())
    name = _family_for(text)[0 if bold else 1]
    available = "".join(letter for letter in text if letter == " " or _has_glyph(name, letter))
    return " ".join(available.split()) if len(text) - len(available) <= MOST_MISSING * len(text) else ""


def font_for(text: str, size: int, *, bold: bool) -> Font:
    """The font of the first family that lacks the fewest letters of a text."""
    return _font(_family_for(text)[0 if bold else 1], size)


def _family_for(text: str) -> tuple[str, str]:
    letters = frozenset(text) - {" "}
    installed = [family for family in FAMILIES if all(map(_installed, family))]
    return min(installed, key=lambda family: sum(not _has_glyph(family[0], letter) for letter in letters))


@cache
def _installed(name: str) -> Font | None:
    """A font by its file name, from the system's font folders; None where it is not installed."""
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
def _has_glyph(name: str, letter: str) -> bool:
    return _glyph(name, letter) != _glyph(name, MISSING_LETTER)


@cache
def _glyph(name: str, letter: str) -> bytes:
    return bytes(_font(name, 16).getmask(letter))
