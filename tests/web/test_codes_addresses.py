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


def test_every_sessions_code_carries_its_address(client: FlaskClient, program: Program) -> None:
    for session in program.sessions:
        png = client.get(f"/talks/{session.id}/qr.png").data
        assert text_of(png) == f"http://localhost/talks/{session.id}"


@pytest.mark.parametrize("path", ["/", "/now", "/rooms/venue", "/speakers/tri-dao", "/subscribe", "/talks/panel.ics"])
def test_a_code_of_any_public_path(client: FlaskClient, path: str) -> None:
    assert text_of(client.get(f"/qr.png?for={path}").data) == f"http://localhost{path}"


@pytest.mark.parametrize("path", ["/calendar/codeml-2025.ics", "/rooms/venue.ics", "/speakers/tri-dao.ics"])
def test_the_code_of_a_feed_subscribes(client: FlaskClient, path: str) -> None:
    assert text_of(client.get(f"/qr.png?for={path}").data) == f"webcal://localhost{path}"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/talks/nobody",
        "/nothing",
        "/api/now",
        "javascript:alert(1)",
        "/talks/../x",
        "/" + "x" * 300,
        "/calendar/other.ics",
        "/pages/nothing",
        "now",
    ],
)
def test_a_code_of_anything_else_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get("/qr.png", query_string={"for": path}).status_code == 400


@pytest.mark.parametrize("query", ["scale=0", "scale=21", "margin=3", "margin=11", "scale=x", "margin=-4", "scale=4.5"])
def test_scale_and_margin_stay_within_bounds(client: FlaskClient, query: str) -> None:
    assert client.get(f"/talks/panel/qr.svg?{query}").status_code == 400


def test_scale_and_margin_change_the_size(client: FlaskClient) -> None:
    small = client.get("/talks/panel/qr.png?scale=1&margin=4").data
    large = client.get("/talks/panel/qr.png?scale=20&margin=10").data
    sizes = [cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE).shape[0] for png in (small, large)]
    modules = sizes[0] - 8
    assert sizes[1] == (modules + 20) * 20
