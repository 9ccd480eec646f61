"""Drawings as pixels, and those that would take too much to paint."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image

from app.domain.colours import LIGHT_INK
from app.formats import svg_painting
from app.formats.svg_painting import NotPainted, painted

# Each of these stopped resvg's process, or kept it for more than ten seconds.
HARMFUL = [
    '<path d="M0 0a1e9 1e9 0 1 1 1 1"/>',
    '<g transform="scale(1e4)"><path d="M0 0a1e5 1e5 0 1 1 1 1"/></g>',
    '<g transform="scale(1e5)"><path d="M0 0a9 9 0 1 1 1 1" stroke="red" stroke-width="1e5"/></g>',
    '<path d="M0 0H640" stroke="red" stroke-dasharray="0.001"/>' * 100,
]


SIZE = (640, 160)


def drawing(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 160">{inside}</svg>'


def picture_of(inside: str) -> Image.Image:
    """A drawing of 640 by 160 pixels with a blue accent."""
    return Image.open(io.BytesIO(painted(drawing(inside), *SIZE, "#0000ff")))


def test_a_drawing_is_painted_with_the_ink_and_the_accent_of_a_page() -> None:
    halves = '<rect width="320" height="160" fill="currentColor"/><rect x="320" width="320" height="160"{}/>'
    picture = picture_of(halves.format(' fill="var(--accent,currentColor)"')).convert("RGBA")
    assert picture.size == SIZE
    ink = tuple(bytes.fromhex(LIGHT_INK[1:]))
    assert [picture.getpixel(place) for place in ((9, 10), (630, 10))] == [(*ink, 255), (0, 0, 255, 255)]


@pytest.mark.parametrize("inside", HARMFUL)
def test_a_drawing_that_takes_too_much_is_not_painted_and_does_this_process_no_harm(inside: str) -> None:
    with pytest.raises(NotPainted):
        picture_of(inside)
    assert picture_of("<rect/>").size == SIZE


@pytest.mark.parametrize(
    "inside",
    ['<path d="no path"/>', '<circle r="nan"/>', '<g opacity="0.5"><rect width="9" height="9"/></g>' * 200],
)
def test_a_drawing_with_odd_values_is_painted_as_far_as_it_can_be(inside: str) -> None:
    assert picture_of(inside).size == SIZE


def test_where_no_process_can_be_started_nothing_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(NotPainted):
        picture_of("<title>Nowhere</title>")


def test_a_painter_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg_painting, "LONGEST_SECONDS", 0)
    with pytest.raises(NotPainted) as stopped:
        picture_of("<title>Slow</title>")
    assert isinstance(stopped.value.__cause__, subprocess.TimeoutExpired)
