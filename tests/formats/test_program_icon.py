"""A program's icon: its letters and its accent."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageColor

from app.domain.colours import accent_pair
from app.formats.program_icon import ProgramIcon, icon_in, png


def picture(icon: ProgramIcon, side: int = 100, *, maskable: bool = False) -> Image.Image:
    return Image.open(io.BytesIO(png(icon, side, maskable=maskable))).convert("RGB")


def test_an_accent_is_its_ground_and_what_is_on_it_can_be_read() -> None:
    icon = icon_in("#ffd500", "T")
    pair = accent_pair("#ffd500")
    assert icon == ProgramIcon("T", pair.light, pair.on_light, pair.on_light)
    assert picture(icon).getpixel((0, 0)) == ImageColor.getrgb(pair.light)


def test_without_an_accent_it_is_black_with_a_red_bar() -> None:
    icon = icon_in("", "T")
    colours = {color for _, color in picture(icon).getcolors(10_000) or ()}
    assert {ImageColor.getrgb(one) for one in ("#111214", "#ff6255", "#ffffff")} <= colours


@pytest.mark.parametrize("letters", ["", "\U0010ffff"])
def test_letters_that_no_font_has_give_lines(letters: str) -> None:
    assert png(icon_in("#5b2bd9", letters), 48) == png(ProgramIcon("", "#5b2bd9", "#ffffff", "#ffffff"), 48)


@pytest.mark.parametrize("letters", ["C", "TF", "WM", "Qg", ""])
@pytest.mark.parametrize("side", [48, 512])
def test_a_maskable_icon_keeps_its_mark_within_the_safe_circle(letters: str, side: int) -> None:
    shown = picture(icon_in("#5b2bd9", letters), side, maskable=True)
    ground, middle = shown.getpixel((0, 0)), (side - 1) / 2
    marked = [
        (x - middle) ** 2 + (y - middle) ** 2
        for x in range(side)
        for y in range(side)
        if shown.getpixel((x, y)) != ground
    ]
    assert max(marked) <= (0.4 * side) ** 2


def test_the_same_icon_is_the_same_bytes() -> None:
    assert png(icon_in("#5b2bd9", "C"), 192) == png(icon_in("#5b2bd9", "C"), 192)
