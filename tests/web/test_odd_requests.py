"""Requests that no browser sends: each gets a short answer, and none an error of the service."""

from __future__ import annotations

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from support.addresses import addresses
from support.console_browser import Console
from support.display_screens import Screen

from app.live.http_response import LONGEST_ACCEPT_ENCODING
from app.web.address_traits import PAGE
from app.web.request_input import MOST_FORM_PARTS
from app.web.request_policy import LARGEST_BODY
from app.web.responses import HTML, cached, per_revision
from app.web.running_service import Service

BODIES = {
    "nested": b"[" * (LARGEST_BODY - 1),
    "nested objects": b'{"a":' * 12_000,
    "a huge number": b'{"id": "screen-one", "revision": %s}' % (b"9" * 5_000),
    "no number": b'{"id": "screen-one", "revision": 1, "add": NaN}',
    "not UTF-8": b'{"id": "screen-one", "revision": 1, "add": ["\xff"]}',
    "a lone surrogate": b'{"id": "screen-one", "revision": 1, "add": ["\\ud800"]}',
    "a lone surrogate as a name": b'{"id": "screen-one", "revision": 1, "\\ud800": 1}',
    "a NUL": b'{"id": "screen-one", "revision": 1, "add": ["a\\u0000"]}',
}
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
# To every address; the values are as long as the server lets through.
HEADERS = {
    "If-None-Match": ", ".join(['"a"'] * 6_000),
    "Accept-Encoding": ",".join(f"a{number};q=0.1" for number in range(2_500)),
    "Accept": ",".join(f"a/a{number};q=0.1" for number in range(2_000)),
    "Authorization": f"Bearer {'x' * 30_000}",
    "Cookie": "agenda-organizer=\x01; " * 1_000,
}
QUERIES = ("q=%ff%&day=%ed%a0%80&room=%&since=%c0%80&for=%ff&what=%f8&=", f"at={'9' * 1_900}")


@pytest.mark.parametrize("path", ["/my/picks", "/display/report"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_json_that_cannot_be_used_is_a_bad_request(reader: FlaskClient, path: str, body: bytes) -> None:
    headers = {"Accept": "application/json", "Authorization": f"Bearer {Screen(reader).token}"}
    answer = reader.post(path, data=body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json["detail"].split()[0]) == (400, "expected")


def test_a_form_or_query_with_a_nul_is_a_bad_request(reader: FlaskClient) -> None:
    statuses = [reader.get(path).status_code for path in ("/?q=%00", "/api/now?at=%00", "/my?%00")]
    assert [*statuses, reader.post("/display/report", data={"a": "\0"}).status_code] == [400] * 4


def test_a_form_of_many_parts_is_too_large(app: Flask) -> None:
    answers = [
        app.test_client().post(
            path, data=PART * (MOST_FORM_PARTS + 1) + b"--x--", content_type="multipart/form-data; boundary=x"
        )
        for path in ("/my/picks", "/display/report", "/organizer/edit")
    ]
    assert [answer.status_code for answer in answers] == [413] * 3


def test_a_form_of_six_thousand_fields_is_an_edit_without_them(app: Flask) -> None:
    answer = Console(app).edit("content", "panel", title="On moss", **{f"a{number}": "" for number in range(6_000)})
    assert answer.status_code == 303


def test_no_header_and_no_query_is_an_error_of_the_service(reader: FlaskClient, unchanging_app: Flask) -> None:
    paths = [path for method, path in addresses(unchanging_app) if method == "GET" and path != "/live"]
    asked = [*paths, *(f"{path}?{query}" for path in paths for query in QUERIES)]
    answers = {address: reader.get(address, headers=HEADERS).status_code for address in asked}
    assert {address: status for address, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("name", ["%00", "%ff", "%", "%zz", "%ed%a0%80", "%e2%80%ae", "x" * 900])
def test_a_name_that_nothing_has_is_not_found(reader: FlaskClient, name: str) -> None:
    paths = [f"/talks/{name}", f"/rooms/{name}", f"/display/{name}", f"/speakers/{name}.ics", f"/pages/{name}"]
    assert [reader.get(path).status_code for path in paths] == [404] * 5


def test_a_date_with_too_large_a_number_is_no_condition(reader: FlaskClient) -> None:
    headers = {"If-Modified-Since": "Fri, 1 Jan 99999999999999999999 00:00:00 GMT"}
    assert reader.get("/calendar/talks.ics", headers=headers).status_code == 200


def test_a_long_list_of_encodings_is_answered_plain(reader: FlaskClient) -> None:
    encodings = f"gzip,{'a,' * LONGEST_ACCEPT_ENCODING}br"
    assert "Content-Encoding" not in reader.get("/", headers={"Accept-Encoding": encodings}).headers


NOTHING = ("q=%CC%88%CC%80", "q=%E2%80%8B", "q=+%E2%80%94+...", "q=&room=&kind=&track=&coming=", "unknown=1")


@pytest.mark.parametrize("query", NOTHING)
def test_a_search_for_nothing_is_the_kept_page_without_it(client: FlaskClient, service: Service, query: str) -> None:
    searched = client.get(f"/?day=2025-07-18&{query}")
    kept = dict(service.editions.at(service.current.snapshot, service.clock.now()).responses)
    plain = client.get("/?day=2025-07-18")
    assert (searched.data, searched.headers["ETag"]) == (plain.data, plain.headers["ETag"])
    assert [key.query for key in kept if key.path == "/"] == ["day=2025-07-18"]


def test_a_page_that_reads_more_of_a_query_than_it_says_is_kept_without_it(app: Flask) -> None:
    """What is kept under an address was built for that address alone."""
    app.add_url_rule("/careless", view_func=cached(lambda: per_revision(f"{request.args}".encode(), HTML)), traits=PAGE)
    asked = [app.test_client().get(path).text for path in ("/careless?q=x", "/careless")]
    assert asked == ["ImmutableMultiDict([])"] * 2
