"""What every answer says to browsers and caches."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from support.markup import PAGES

from app.domain.program import Program
from app.web.content_policy import hash_source
from app.web.identity_sheet import sheet_of
from app.web.static_files import inline_sheet, inline_styles

FEEDS = ["/calendar/codeml-2025.ics", "/calendar/talks.ics", "/calendar/dates.ics", "/rooms/venue.ics"]


@pytest.mark.parametrize(
    "path", [*PAGES, "/api/program", "/nothing", "/calendar/codeml-2025.ics", "/talks/panel/qr.svg"]
)
def test_every_answer_carries_the_security_headers(reader: FlaskClient, program: Program, path: str) -> None:
    headers = reader.get(path).headers
    styles = [*inline_styles(), *([sheet_of(program).css] if path in PAGES else [])]
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": " ".join(["'self'", *(f"'{hash_source(style)}'" for style in styles)]),
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    others = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    assert {name: headers[name] for name in others} == others


def test_other_origins_may_show_codes_cards_feeds_data_and_what_embeds_and_nothing_else(reader: FlaskClient) -> None:
    shown = ["/qr.svg?for=/now", "/talks/panel/qr.png", "/card.png", "/cards/panel.png", *FEEDS, "/changes.atom"]
    shown += ["/api/now", "/api/none", "/export/schedule.csv", "/embed", "/embed.js"]
    own = [*PAGES, "/api", "/organizer/sign-in", "/nothing", "/sw.js", "/healthz", "/my/code.svg"]
    expected = {**dict.fromkeys(shown, "cross-origin"), **dict.fromkeys(own, "same-origin")}
    assert {path: reader.get(path).headers["Cross-Origin-Resource-Policy"] for path in expected} == expected


def test_strict_transport_is_asked_for_behind_https_alone(reader: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in reader.get("/").headers
    assert "Strict-Transport-Security" in reader.get("/", base_url="https://agenda.example").headers


@pytest.mark.parametrize(("path", "page"), [("/", "day"), ("/now", "now")])
def test_the_style_inside_a_page_is_one_that_the_policy_allows(reader: FlaskClient, path: str, page: str) -> None:
    assert f"<style>{inline_sheet(page)}</style>" in reader.get(path).text
    assert str(inline_sheet(page)) in inline_styles()


@pytest.mark.parametrize("path", [*PAGES, *FEEDS, "/api/program"])
def test_browsers_ask_each_time_and_shared_caches_keep_two_seconds(reader: FlaskClient, path: str) -> None:
    assert reader.get(path).headers["Cache-Control"] == "no-cache, s-maxage=2"


@pytest.mark.parametrize("path", [*PAGES, *FEEDS])
def test_head_is_get_without_a_body(reader: FlaskClient, path: str) -> None:
    got, asked = reader.get(path), reader.head(path)
    assert (asked.status_code, asked.data, asked.headers["ETag"]) == (200, b"", got.headers["ETag"])


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_a_calendar_with_its_last_change(reader: FlaskClient, path: str) -> None:
    headers = reader.get(path).headers
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Last-Modified"] == "Fri, 18 Jul 2025 17:20:00 GMT"


def test_one_session_is_a_download(reader: FlaskClient) -> None:
    assert reader.get("/talks/panel.ics").headers["Content-Disposition"] == 'attachment; filename="panel.ics"'


def test_static_files_are_kept_for_ever(reader: FlaskClient) -> None:
    text = reader.get("/subscribe").text
    path = text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    assert reader.get(path).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_static_file_of_another_version_is_gone(reader: FlaskClient) -> None:
    assert reader.get("/static/000000000000/css/pages.css").status_code == 404


def test_robots_may_read_all_but_the_console(reader: FlaskClient) -> None:
    assert reader.get("/robots.txt").text == "User-agent: *\nDisallow: /organizer\n"


def test_it_says_that_it_is_alive_and_ready(reader: FlaskClient) -> None:
    assert [reader.get(path).text for path in ("/healthz", "/readyz")] == ["alive\n", "ready, revision 1\n"]
