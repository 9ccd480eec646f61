"""The lists of addresses that are made from the traits of routes are right."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.program import Program
from app.web import address_traits


def test_only_the_console_and_the_robots_file_have_no_traits(app: Flask) -> None:
    readable = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    without = {rule.rule for rule in readable if address_traits.traits_of(rule) == address_traits.NONE}
    assert {rule for rule in without if not rule.startswith("/organizer")} == {"/robots.txt"}


@pytest.mark.slow
def test_every_path_of_the_program_is_answered(app: Flask, client: FlaskClient, program: Program) -> None:
    paths = list(address_traits.paths(app, program, lambda one: one.public or one.frozen))
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
def test_phones_keep_pages_and_nothing_else(app: Flask, path: str, may_be: bool) -> None:
    assert (re.match(address_traits.pages_on_phones(app), path) is not None) is may_be


def test_paths_whose_errors_are_problem_details(app: Flask) -> None:
    assert set(address_traits.first_parts(app, lambda one: one.for_programs)) == {
        "/api/",
        "/export/",
        "/live",
        "/my/",
        "/healthz",
        "/readyz",
        "/metrics",
    }
