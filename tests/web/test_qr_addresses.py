"""The addresses of codes: what they carry, and what is refused."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient
from pyzbar.pyzbar import decode

from app.domain.program import Program


def text_of(png: bytes) -> str:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    [found] = decode(picture)
    return str(found.data.decode())


def test_every_sessions_code_carries_its_address(reader: FlaskClient, program: Program) -> None:
    for session in program.sessions:
        png = reader.get(f"/talks/{session.id}/qr.png").data
        assert text_of(png) == f"http://localhost/talks/{session.id}"


@pytest.mark.parametrize(
    "path", ["/", "/now", "/rooms/venue", "/speakers/tri-dao", "/subscribe", "/print", "/talks/panel.ics"]
)
def test_a_code_of_any_public_path(reader: FlaskClient, path: str) -> None:
    assert text_of(reader.get(f"/qr.png?for={path}").data) == f"http://localhost{path}"


FEEDS = [f"/calendar/{name}.ics" for name in ("codeml-2025", "talks", "dates")]


@pytest.mark.parametrize("path", [*FEEDS, "/rooms/venue.ics", "/speakers/tri-dao.ics"])
def test_the_code_of_a_feed_subscribes(reader: FlaskClient, path: str) -> None:
    assert text_of(reader.get(f"/qr.png?for={path}").data) == f"webcal://localhost{path}"


@pytest.mark.parametrize("path", ["/my", "/api", "/api/now", "/export/schedule.xml", "/changes", "/print"])
def test_any_other_public_page_has_a_code(reader: FlaskClient, path: str) -> None:
    assert text_of(reader.get(f"/qr.png?for={path}").data) == f"http://localhost{path}"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/talks/nobody",
        "/nothing",
        "/my/picks",
        "/my/0123456789abcdefghijkl.ics",
        "/organizer",
        "/live",
        "javascript:alert(1)",
        "/talks/../x",
        "/" + "x" * 300,
        "/calendar/other.ics",
        "/pages/nothing",
        "now",
    ],
)
def test_a_code_of_anything_else_is_refused(reader: FlaskClient, path: str) -> None:
    answer = reader.get("/qr.png", query_string={"for": path})
    assert answer.status_code == 400
    assert "expected for to be a public path of this agenda" in answer.text.lower()


@pytest.mark.parametrize("query", ["scale=0", "scale=21", "margin=3", "margin=11", "scale=x", "margin=-4", "scale=4.5"])
def test_scale_and_margin_stay_within_bounds_and_say_so(reader: FlaskClient, query: str) -> None:
    answer = reader.get(f"/talks/panel/qr.svg?{query}")
    name, _, value = query.partition("=")
    bounds = {"scale": "from 1 to 20", "margin": "from 4 to 10"}[name]
    assert answer.status_code == 400
    assert f"expected {name} to be a whole number {bounds}, not {value}" in answer.text.lower()


def test_scale_and_margin_change_the_size(reader: FlaskClient) -> None:
    small = reader.get("/talks/panel/qr.png?scale=1&margin=4").data
    large = reader.get("/talks/panel/qr.png?scale=20&margin=10").data
    sizes = [cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE).shape[0] for png in (small, large)]
    modules = sizes[0] - 8
    assert sizes[1] == (modules + 20) * 20
