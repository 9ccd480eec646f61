"""Accents and track colours: contrast as WCAG 2.2 counts it, and shades that hold it."""

from __future__ import annotations

import colorsys
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.repository import ROOT

from app.domain.colours import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    USUAL_ACCENT,
    accent_pair,
    contrast,
    least_contrast,
    luminance,
    rgb,
    shape_pair,
    six_digits,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}") | st.integers(0, 0xFFF).map(
    lambda number: f"#{number:03X}"
)


@given(COLOURS)
def test_text_in_an_accent_and_on_it_can_be_read_in_both_schemes(accent: str) -> None:
    pair = accent_pair(accent)
    kept = (least_contrast(pair.light, LIGHT_GROUNDS), least_contrast(pair.dark, DARK_GROUNDS))
    on_it = (contrast(pair.light, pair.on_light), contrast(pair.dark, pair.on_dark))
    assert min(*kept, *on_it) >= 4.5


@given(COLOURS)
def test_an_accent_that_can_be_read_stays_exactly_as_it_is_given(accent: str) -> None:
    pair = accent_pair(accent)
    assert (pair.light == accent) is (least_contrast(accent, LIGHT_GROUNDS) >= 4.5)
    assert (pair.dark == accent) is (least_contrast(accent, DARK_GROUNDS) >= 4.5)


@given(COLOURS)
def test_lines_in_a_tracks_colour_stand_out_in_both_schemes(color: str) -> None:
    light, dark = shape_pair(color)
    assert min(least_contrast(light, LIGHT_GROUNDS), least_contrast(dark, DARK_GROUNDS)) >= 3


@pytest.mark.parametrize("accent", ["#ffd500", "#c8102e", "#5b2bd9", "#0a84ff", "#00ff00"])
def test_only_the_lightness_changes(accent: str) -> None:
    def hue(color: str) -> float:
        return colorsys.rgb_to_hls(*(channel / 255 for channel in rgb(color)))[0]

    pair = accent_pair(accent)
    assert [abs(hue(one) - hue(accent)) < 0.01 for one in (pair.light, pair.dark)] == [True, True]


def test_contrasts_are_those_of_the_standard() -> None:
    assert (contrast("#000", "#fff"), contrast("#fff", "#ffffff"), round(contrast("#777777", "#ffffff"), 2)) == (
        21,
        1,
        4.48,
    )
    assert (luminance("#000000"), luminance("#ffffff")) == (0, 1)


def test_grounds_and_the_usual_accent_are_those_of_the_tokens() -> None:
    text = (ROOT / "app/static/css/tokens.css").read_text()
    light, dark = text.split("@media (prefers-color-scheme: dark)")[:2]

    def shades(part: str, *names: str) -> list[tuple[int, int, int]]:
        found = (re.search(rf"--{name}: (?:var\(--\w+(?:-\w+)*, )?(#\w+)", part) for name in names)
        return [rgb(one[1]) for one in found if one]

    assert shades(light, "ground", "raised", "accent") == [*map(rgb, LIGHT_GROUNDS), rgb(USUAL_ACCENT)]
    assert shades(dark, "ground", "raised") == [*map(rgb, DARK_GROUNDS)]


def test_a_short_form_is_the_long_one() -> None:
    assert (rgb("#0aF"), six_digits("#0aF"), six_digits("#00AAFF")) == ((0, 170, 255), "#00aaff", "#00aaff")


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "0057b8", "#00g0b8", "#0057b8;}", "#0057b8\n"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        rgb(text)
