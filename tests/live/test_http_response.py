"""HTTP caching rules, on the pure function that both Flask and the front door use."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import brotli
import pytest

from app.live.http_response import StoredResponse, cache_control, preferred_encoding, respond

NOW = datetime(2025, 7, 18, 17, 40, tzinfo=UTC)
PAGE = StoredResponse("Ein Text, größer als nichts. ".encode() * 100, "text/html; charset=utf-8")
FEED = StoredResponse(b"BEGIN:VCALENDAR\r\n", "text/calendar; charset=utf-8", last_modified=NOW)


def header(answer: StoredResponse, name: str, request: dict[str, str] | None = None) -> str | None:
    return dict(respond(answer, request or {}, NOW).headers).get(name)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", ""),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0, br;q=0", ""),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0", ""),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("identity", ""),
        ("gzip;q=nonsense", ""),
    ],
)
def test_the_best_encoding_that_the_reader_takes_is_chosen(accepted: str, chosen: str) -> None:
    assert preferred_encoding(accepted) == chosen


def test_each_encoding_holds_the_same_text() -> None:
    assert gzip.decompress(respond(PAGE, {"accept-encoding": "gzip"}, NOW).body) == PAGE.body
    assert brotli.decompress(respond(PAGE, {"accept-encoding": "br"}, NOW).body) == PAGE.body
    assert respond(PAGE, {}, NOW).body == PAGE.body


def test_each_encoding_has_an_etag_of_its_own() -> None:
    etags = {header(PAGE, "ETag", {"accept-encoding": encoding}) for encoding in ("", "gzip", "br")}
    assert len(etags) == 3


def test_etags_are_strong() -> None:
    assert [PAGE.variant(encoding).etag[0] for encoding in ("", "gzip", "br")] == ['"', '"', '"']


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_vary_stands_on_every_encoding_also_the_plain_one(encoding: str) -> None:
    assert header(PAGE, "Vary", {"accept-encoding": encoding}) == "Accept-Encoding"


def test_a_calendar_is_not_compressed() -> None:
    assert respond(FEED, {"accept-encoding": "gzip, br"}, NOW).body == FEED.body
    assert header(FEED, "Content-Encoding", {"accept-encoding": "gzip, br"}) is None


@pytest.mark.parametrize("tags", ["{etag}", "W/{etag}", '"other", {etag}', '"other",W/{etag} , "third"', "*"])
def test_who_has_it_already_gets_304(tags: str) -> None:
    etag = PAGE.variant("").etag
    answer = respond(PAGE, {"if-none-match": tags.format(etag=etag)}, NOW)
    assert (answer.status, answer.body) == (304, b"")


def test_a_304_carries_etag_and_cache_control() -> None:
    etag = PAGE.variant("gzip").etag
    answer = respond(PAGE, {"if-none-match": etag, "accept-encoding": "gzip"}, NOW)
    assert dict(answer.headers) == {"ETag": etag, "Cache-Control": "no-cache, s-maxage=2", "Vary": "Accept-Encoding"}


@pytest.mark.parametrize("tags", ['"other"', 'W/"other"', '"a,*,b"', "", '"'])
def test_another_etag_gets_the_whole(tags: str) -> None:
    assert respond(PAGE, {"if-none-match": tags}, NOW).status == 200


def test_if_modified_since_counts_where_no_etag_is_sent() -> None:
    since = "Fri, 18 Jul 2025 17:40:00 GMT"
    assert respond(FEED, {"if-modified-since": since}, NOW).status == 304
    assert respond(FEED, {"if-modified-since": since, "if-none-match": '"other"'}, NOW).status == 200
    assert respond(FEED, {"if-modified-since": since, "if-none-match": ""}, NOW).status == 200


def test_an_older_copy_gets_the_whole() -> None:
    assert respond(FEED, {"if-modified-since": "Fri, 18 Jul 2025 17:39:59 GMT"}, NOW).status == 200


def test_a_nonsense_date_is_ignored() -> None:
    assert respond(FEED, {"if-modified-since": "yesterday"}, NOW).status == 200


@pytest.mark.parametrize(("milliseconds", "kept"), [(60_000, 2), (2_000, 2), (1_999, 1), (999, 0), (0, 0), (-5_000, 0)])
def test_a_shared_cache_never_keeps_an_answer_past_the_boundary(milliseconds: int, kept: int) -> None:
    answer = StoredResponse(b"page", "text/html", changes_at=NOW + timedelta(milliseconds=milliseconds))
    assert cache_control(answer, NOW) == f"no-cache, s-maxage={kept}"


def test_a_rehearsal_shortens_what_a_shared_cache_keeps() -> None:
    answer = StoredResponse(b"page", "text/html", changes_at=NOW + timedelta(seconds=60))
    assert cache_control(answer, NOW, speed=60) == "no-cache, s-maxage=1"


def test_only_files_with_a_hash_in_their_name_are_immutable() -> None:
    assert cache_control(StoredResponse(b"", "text/css", immutable=True), NOW) == "public, max-age=31536000, immutable"


def test_an_error_is_not_stored() -> None:
    assert cache_control(StoredResponse(b"", "text/html", status=404), NOW) == "no-store"


def test_the_same_bytes_have_the_same_etag() -> None:
    again = StoredResponse(bytes(PAGE.body), PAGE.content_type)
    assert [again.variant(e).etag for e in ("", "gzip", "br")] == [PAGE.variant(e).etag for e in ("", "gzip", "br")]
