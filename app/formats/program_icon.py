"""A program's icon: its first letters above a bar, or lines where no font has them, in its colours, by Pillow."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from app.domain.colours import accent_pair
from app.formats.share_image import Font, displayable_text, font_for

# The ground and the bar of a program without an accent.
USUAL_GROUND, USUAL_BAR, USUAL_INK = "#111214", "#ff6255", "#ffffff"
# Parts of the side. A circle of 0.8 of a maskable icon is shown at least (W3C Application Manifest, "safe zone").
DRAWN, DRAWN_IN_CIRCLE = 0.64, 0.54
BAR_HEIGHT, GAP = 0.14, 0.16
TRIED_SIZE = 200


@dataclass(frozen=True, slots=True)
class ProgramIcon:
    """What an icon shows: letters, which may be none, and the colours of its ground, letters and bar."""

    letters: str
    ground: str = USUAL_GROUND
    ink: str = USUAL_INK
    bar: str = USUAL_BAR


def icon_in(accent: str, letters: str) -> ProgramIcon:
    """The icon of a program with an accent ("" for none)."""
    letters = displayable_text(letters, bold=True)
    if not accent:
        return ProgramIcon(letters)
    pair = accent_pair(accent)
    return ProgramIcon(letters, pair.light, pair.on_light, pair.on_light)


def png(icon: ProgramIcon, side: int, *, maskable: bool = False) -> bytes:
    """The icon as a square picture; ``maskable`` leaves room for a system that cuts a circle out of it."""
    image = Image.new("RGB", (side, side), icon.ground)
    draw = ImageDraw.Draw(image)
    drawn = round(side * (DRAWN_IN_CIRCLE if maskable else DRAWN))
    left = top = (side - drawn) // 2
    bar = round(drawn * BAR_HEIGHT)
    if icon.letters:
        draw.rectangle((left, top + drawn - bar, left + drawn - 1, top + drawn - 1), fill=icon.bar)
        _letters(draw, icon, (left, top, drawn, drawn - bar - round(drawn * GAP)))
    for row, (width, color) in enumerate(() if icon.letters else ((1, icon.ink), (0.65, icon.bar), (1, icon.ink))):
        upper = top + row * (drawn - bar) // 2
        draw.rectangle((left, upper, left + round(drawn * width) - 1, upper + bar - 1), fill=color)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _letters(draw: ImageDraw.ImageDraw, icon: ProgramIcon, box: tuple[int, int, int, int]) -> None:
    """The letters as large as a box (left, top, width, height) lets them be, on its lower edge."""
    left, top, width, height = box
    font = _fitting(icon.letters, width, height)
    x0, _, x1, y1 = draw.textbbox((0, 0), icon.letters, font=font)
    place = (left + (width - (x1 - x0)) / 2 - x0, top + height - y1)
    draw.text(place, icon.letters, font=font, fill=icon.ink)


def _fitting(letters: str, width: int, height: int) -> Font:
    x0, y0, x1, y1 = font_for(letters, TRIED_SIZE, bold=True).getbbox(letters)
    scale = min(width / max(1, x1 - x0), height / max(1, y1 - y0))
    return font_for(letters, max(1, int(TRIED_SIZE * scale)), bold=True)
