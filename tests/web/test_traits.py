"""One table says what holds for each address; the lists of addresses are made from it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.program import Program
from app.web import traits


def test_every_address_that_can_be_read_stands_in_the_table(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert rules | {"/metrics"} == set(traits.TABLE)


def test_every_path_of_the_program_is_answered(client: FlaskClient, program: Program) -> None:
    paths = list(traits.paths(program, lambda one: one.public or one.frozen))
    assert len(paths) == len(set(paths))
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize(
    ("path", "may_be"),
    [
        ("/", True),
        ("/display/venue", True),
        ("/talks/panel", True),
        ("/talks/panel.ics", False),
        ("/talks/panel/qr.svg", False),
        ("/api", True),
        ("/api/now", False),
        ("/my", True),
        ("/my/picks", False),
        ("/organizer", False),
        ("/live", False),
        ("/changes.atom", False),
    ],
)
def test_phones_keep_pages_and_nothing_else(path: str, may_be: bool) -> None:
    assert (re.match(traits.pages_on_phones(), path) is not None) is may_be


def test_programs_are_told_of_errors_below_their_addresses() -> None:
    assert set(traits.first_parts(lambda one: one.for_programs)) == {
        "/api/",
        "/export/",
        "/live",
        "/my/",
        "/healthz",
        "/readyz",
        "/metrics",
    }
