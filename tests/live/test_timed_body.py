"""A body that ends with the instant of its answer: what is kept and what is written are one body."""

from __future__ import annotations

import gzip
import subprocess
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live.http_response import StoredResponse, accepts_gzip, respond
from app.live.timed_body import TimedBody

NOW = datetime(2025, 7, 18, 17, 20, tzinfo=UTC)
STARTS = st.binary(max_size=100_000) | st.text().map(str.encode).map(lambda text: 99 * text)


def body(start: bytes, end: bytes) -> TimedBody:
    return TimedBody.of(start, lambda _now: end)


@given(STARTS, st.binary(max_size=0xFFFF))
def test_its_gzip_form_is_one_member_with_the_plain_form(start: bytes, end: bytes) -> None:
    made, reader = body(start, end), zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    packed = made.gzip(NOW)
    assert made.plain(NOW) == start + end
    assert gzip.decompress(packed) == start + end
    assert (reader.decompress(packed), reader.eof, reader.unused_data) == (start + end, True, b"")


@pytest.mark.parametrize("start", [b"", b"{", b"x" * 100_000])
def test_the_gzip_command_reads_it(start: bytes) -> None:
    packed = body(start, b'"now":"2025-07-18T10:20:00-07:00"}').gzip(NOW)
    read = subprocess.run(["gzip", "-d", "-c"], input=packed, capture_output=True, check=True)
    assert (read.stdout, read.stderr) == (start + b'"now":"2025-07-18T10:20:00-07:00"}', b"")


def test_it_ends_with_the_instant_of_each_answer() -> None:
    made = TimedBody.of(b"It is ", lambda now: f"{now:%H:%M}".encode())
    later = NOW.replace(hour=18)
    assert [made.plain(NOW), made.plain(later)] == [b"It is 17:20", b"It is 18:20"]
    assert [gzip.decompress(made.gzip(one)) for one in (NOW, later)] == [b"It is 17:20", b"It is 18:20"]


def test_what_is_kept_of_it_is_counted() -> None:
    made = body(b"start", b"end")
    stored = StoredResponse(made.start, "text/plain", timed=made)
    assert stored.kept_bytes == len(b"start") + len(made.packed)
    # Its start alone is not compressed again.
    assert {stored.variant(encoding).encoding for encoding in ("gzip", "br")} == {""}


@pytest.mark.parametrize(
    ("accepted", "packs"),
    [("", False), ("gzip", True), ("br, gzip;q=0.1", True), ("br", False), ("gzip;q=0, *", False), ("*", True)],
)
def test_clients_that_read_gzip_get_it(accepted: str, packs: bool) -> None:
    assert accepts_gzip(accepted) == packs
    made = body(b"start", b"end")
    response = respond(StoredResponse(b"start", "text/plain", timed=made), {"accept-encoding": accepted}, NOW)
    assert response.body == (made.gzip(NOW) if packs else b"startend")
    assert dict(response.headers).get("Content-Encoding") == ("gzip" if packs else None)
    assert dict(response.headers)["Content-Length"] == str(len(response.body))
    assert "ETag" not in dict(response.headers)
