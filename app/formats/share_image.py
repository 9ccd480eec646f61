"""The preview picture of a shared link: title, time, room and workshop on 1200 × 630 pixels, by Pillow.

Each text is set in the first installed family of `FAMILIES` that has all its letters, else in the one that lacks
the fewest; the last is Pillow's own, which has little but ASCII. Letters without a glyph are left out, and so is a
text with many of them, so that no picture shows boxes; the link's metadata has the whole text.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache, partial
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
# How many shades each ink has, the last being itself, so that letters have smooth edges. With the ground these are 16
# colours at most: a pixel takes half a byte.
SHADES = 5, 4, 4, 2
# The value of a pixel that a letter covers whole; and, by a pixel's colour, whether it is to be pasted.
FULL = 255
ALL_BUT_GROUND = [0] + [FULL] * FULL
# Of words and lines whose width is remembered, since they stand on many cards.
MOST_WIDTHS = 4096
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
Box = tuple[int, int, int, int]


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
    drawing = _Drawing((INK, SOFT, card.accent, *filter(None, (card.track,))))
    logo = _logo(card)
    top = MARGIN + (logo.height + LOGO_GAP if logo and card.leads else 0)
    top = _line(drawing, card.time, top, 72, bold=True, struck=card.struck)
    top = _line(drawing, card.note, top, 36, bold=True, fill=card.accent)
    top += 12 if card.time else 0
    people = displayable_text(card.people, bold=False)
    top = _title(drawing, card, top, HEIGHT - MARGIN - 96 - (64 if people else 0))
    top = _line(drawing, people, top + 10, 38, fill=SOFT)
    if card.track:
        drawing.rectangle((MARGIN - EDGE_GAP - EDGE, MARGIN + 8, MARGIN - EDGE_GAP - 1, top), card.track)
    drawing.rectangle((MARGIN, HEIGHT - MARGIN - 72, WIDTH - MARGIN, HEIGHT - MARGIN - 72 + RULE), card.accent)
    width = TEXT_WIDTH - (logo.width + LOGO_GAP if logo and not card.leads else 0)
    _line(drawing, card.footer, HEIGHT - MARGIN - 48, 34, bold=True, width=width)
    _line(drawing, card.place, HEIGHT - MARGIN - (4 if card.footer else 26), 30, fill=SOFT, width=width)
    return _written(_with_logo(drawing.image, logo, leads=card.leads) if logo else drawing.image)


class _Drawing:
    """A card that is being drawn in some inks, in a palette of their shades.

    Letters are drawn in these shades, since reducing a picture in full colour to a palette takes several times as long.
    """

    def __init__(self, inks: tuple[str, ...]) -> None:
        palette, self._colours = _palette(inks)
        self.image = Image.new("P", (WIDTH, HEIGHT))
        self.image.putpalette(palette)
        self._draw = ImageDraw.Draw(self.image)

    def text(self, top: int, text: str, font: Font, ink: str) -> Box:
        """Set a text at the left margin; returns the box that its letters fill."""
        left, upper, right, lower = map(round, font.getbbox(text))
        letters = Image.new("L", (right - left, lower - upper))
        ImageDraw.Draw(letters).text((-left, -upper), text, font=font, fill=FULL)
        coloured = letters.point(self._colours[ink])
        box = (MARGIN + left, top + upper, MARGIN + right, top + lower)
        self.image.paste(coloured, box[:2], coloured.point(ALL_BUT_GROUND))
        return box

    def rectangle(self, box: Box, ink: str) -> None:
        """Fill a rectangle; its last column and row belong to it."""
        self._draw.rectangle(box, fill=self._colours[ink][FULL])


@lru_cache(maxsize=8)
def _palette(inks: tuple[str, ...]) -> tuple[list[int], dict[str, list[int]]]:
    """The ground and the shades of some inks; and each ink's colours, by how much of a pixel it covers, of 255."""
    palette, colours = [*ImageColor.getrgb(GROUND)], {}
    for ink, steps in zip(inks, SHADES, strict=False):
        before = len(palette) // 3 - 1
        colours[ink] = [before + shade if (shade := round(share * steps / FULL)) else 0 for share in range(FULL + 1)]
        palette += _shades(ink, steps)
    return palette, colours


def _shades(ink: str, steps: int) -> list[int]:
    """The colours on the way from the ground to an ink, without the ground."""
    pairs = list(zip(ImageColor.getrgb(GROUND), ImageColor.getrgb(ink), strict=True))
    return [round(start + (end - start) * step / steps) for step in range(1, steps + 1) for start, end in pairs]


def _written(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    # Rows are mostly of one colour, so zlib need look for runs only; its usual search takes three times as long.
    picture.save(buffer, "PNG", compress_type=zlib.Z_RLE)
    return buffer.getvalue()


@cache
def installed_fonts() -> tuple[str, ...]:
    """The files of the families that are installed here with their sizes, by which the pictures of two machines differ.

    Pillow's own font is part of a library: it has no file, and is not named.
    """
    fonts = (_installed(name) for family in FAMILIES for name in family)
    files = (font.path for font in fonts if font and isinstance(font.path, str))
    return tuple(f"{file} {Path(file).stat().st_size}" for file in files)


def _logo(card: ShareCard) -> Image.Image | None:
    """The logo in the size that it has on the card."""
    if not card.logo:
        return None
    logo = Image.open(io.BytesIO(card.logo)).convert("RGBA")
    logo.thumbnail(LEADING_BOX if card.leads else LOGO_BOX, Image.Resampling.LANCZOS)
    return logo


def _with_logo(picture: Image.Image, logo: Image.Image, *, leads: bool) -> Image.Image:
    """The picture with the logo above the title, or in the lower right corner, in as many colours as both need."""
    whole = picture.convert("RGB")
    corner = (WIDTH - MARGIN - logo.width, HEIGHT - MARGIN - 48 + (LOGO_BOX[1] - logo.height) // 2)
    whole.paste(logo, (MARGIN, MARGIN) if leads else corner, logo)
    return whole.quantize(dither=Image.Dither.NONE)


def _title(drawing: _Drawing, card: ShareCard, top: int, bottom: int) -> int:
    """The title in the largest size in which it fits whole, else shortened; returns where it ends."""
    title = displayable_text(card.title, bold=True)
    for size in (92, 80, 70, 60, 52, 46, 40, 34):
        font = font_for(title, size, bold=True)
        lines = wrap_lines(title, TEXT_WIDTH, partial(_width, font))
        height = round(size * 1.16)
        most = max((bottom - top) // height, 1)
        if len(lines) <= most:
            break
    else:
        width = partial(_width, font)
        lines = wrap_lines(truncated(title, TEXT_WIDTH, most, width), TEXT_WIDTH, width)
    for line in lines:
        _draw(drawing, line, top, font, INK, struck=card.struck)
        top += height
    return top


def _line(
    drawing: _Drawing,
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
    _draw(drawing, truncated(text, width, 1, partial(_width, font)), top, font, fill, struck=struck)
    return top + round(size * 1.25)


def _draw(drawing: _Drawing, text: str, top: int, font: Font, fill: str, *, struck: bool) -> None:
    left, upper, right, lower = drawing.text(top, text, font, fill)
    if struck:
        middle = (upper + lower) // 2
        drawing.rectangle((left, middle - 2, right, middle + 2), fill)


@lru_cache(maxsize=MOST_WIDTHS)
def _width(font: Font, text: str) -> float:
    return font.getlength(text)


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
