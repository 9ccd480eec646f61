"""Codes are decoded by two independent libraries, also from bad pictures."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import qrcode
from support.qr_photographs import (
    Picture,
    all_of_it,
    blurred,
    by_opencv,
    by_zbar,
    faint,
    picture,
    plain,
    small,
    turned,
)
from support.svg_code import drawn

from app.domain.program import Program
from app.formats import qr_code

TEXTS = (
    "https://codeml-workshop.example/talks/contributed-afternoon",
    "https://codeml-workshop.example/",
    "webcal://codeml-workshop.example/calendar/codeml-2025.ics",
)
SVG = "{http://www.w3.org/2000/svg}"
BLACK = 0


DISTORTIONS = [plain, small, blurred, turned, faint, all_of_it]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("distort", DISTORTIONS)
@pytest.mark.parametrize("reader", [by_zbar, by_opencv])
def test_a_png_is_read(
    reader: Callable[[Picture], list[str]], distort: Callable[[Picture], Picture], text: str
) -> None:
    assert reader(distort(picture(qr_code.png(text)))) == [text]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("distort", DISTORTIONS)
@pytest.mark.parametrize("reader", [by_zbar, by_opencv])
def test_an_svg_is_read(
    reader: Callable[[Picture], list[str]], distort: Callable[[Picture], Picture], text: str
) -> None:
    assert reader(distort(drawn(qr_code.svg(text, scale=8)))) == [text]


@pytest.mark.parametrize("host", ["https://codeml-workshop.github.io", "https://agenda.codeml-workshop.org"])
def test_every_sessions_code_is_read_from_a_small_blurred_turned_and_faint_picture(program: Program, host: str) -> None:
    texts = [f"{host}/talks/{session.id}" for session in program.sessions]
    assert [by_zbar(all_of_it(picture(qr_code.png(text)))) for text in texts] == [[text] for text in texts]


@pytest.mark.parametrize("scale", [1, 8, 20])
@pytest.mark.parametrize("margin", [4, 10])
def test_png_and_svg_are_the_same_picture(scale: int, margin: int) -> None:
    png = picture(qr_code.png(TEXTS[0], scale=scale, margin=margin))
    assert np.array_equal(png, drawn(qr_code.svg(TEXTS[0], scale=scale, margin=margin)))


@pytest.mark.parametrize("margin", [4, 7, 10])
def test_the_quiet_zone_is_white_and_as_wide_as_asked(margin: int) -> None:
    image = picture(qr_code.png(TEXTS[0], scale=1, margin=margin))
    rows, columns = np.nonzero(image == BLACK)
    size = image.shape[0]
    edges = (rows.min(), columns.min(), size - 1 - rows.max(), size - 1 - columns.max())
    assert edges == (margin,) * 4


@pytest.mark.parametrize(("scale", "margin"), [(0, 4), (21, 4), (4, 3), (4, 11), (-1, 4), (4, -4)])
@pytest.mark.parametrize("draw", [qr_code.svg, qr_code.png])
def test_scale_and_margin_have_bounds(draw: Callable[..., bytes], scale: int, margin: int) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        draw(TEXTS[0], scale=scale, margin=margin)


def test_a_text_that_no_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="1274 octets are too many"):
        qr_code.svg("x" * 1274)


def test_the_longest_text_has_a_code() -> None:
    [found] = by_zbar(picture(qr_code.png("x" * 1273, scale=4)))
    assert found == "x" * 1273


@pytest.mark.parametrize("draw", [qr_code.svg, qr_code.png])
def test_the_same_text_gives_the_same_bytes(draw: Callable[[str], bytes]) -> None:
    assert draw(TEXTS[0]) == draw(TEXTS[0])


@pytest.mark.parametrize("text", TEXTS)
def test_a_code_is_no_larger_than_level_m_needs(text: str) -> None:
    at_level_m = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    at_level_m.add_data(text)
    assert picture(qr_code.png(text, scale=1)).shape[0] == len(at_level_m.get_matrix())


def test_an_svg_says_what_it_leads_to_and_needs_nothing_else() -> None:
    root = ET.fromstring(qr_code.svg("https://a.example/?a=1&b=<2>"))
    assert root.findtext(f"{SVG}title") == "QR code: https://a.example/?a=1&b=<2>"
    assert sorted(root.attrib) == ["height", "shape-rendering", "viewBox", "width"]
    assert [element.tag for element in root] == [f"{SVG}title", f"{SVG}rect", f"{SVG}path"]
