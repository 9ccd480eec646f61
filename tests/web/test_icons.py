"""A program's icons at addresses of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.domain.identity import Identity
from app.domain.program import Program
from app.web.icons import SIZES, icon_address


@pytest.mark.parametrize("size", sorted(SIZES))
def test_an_icon_is_served_for_ever(reader: FlaskClient, program: Program, size: str) -> None:
    answer = reader.get(icon_address(program, size))
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_another_accent_or_title_is_another_address(program: Program) -> None:
    others = [replace(program, identity=Identity(accent="#00707a")), replace(program, title="Trees")]
    assert len({icon_address(one, "192") for one in (program, *others)}) == 3


@pytest.mark.parametrize("name", ["x", "0123456789ab-192", "0123456789ab-7", "-192"])
def test_others_are_not_found(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"/icons/{name}.png").status_code == 404
