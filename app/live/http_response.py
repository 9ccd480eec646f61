"""Rendered responses: their bytes in each content encoding, and the rules of HTTP caching.

Works without a request object, so that Flask and the ASGI front door send the same response.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header
from werkzeug.sansio.http import is_resource_modified

from app.live.timed_body import Ending, TimedBody

Headers = tuple[tuple[str, str], ...]

SHARED_CACHE_SECONDS = 2
# A page of 50 kB takes 2 ms, one of 1.9 MB 30 ms. At 5 it is one or two percent larger after four fifths of that, at 9
# one percent smaller after five times that.
EFFORT = 6
# Measured: what a variant takes in memory beside its bytes.
VARIANT_BYTES = 250
# Browsers send a tenth of this; to longer ones, which would be kept too, the plain response is sent.
LONGEST_ACCEPT_ENCODING = 256
# Images are compressed already; some calendar programs cannot read a compressed feed.
NOT_COMPRESSED = ("image/png", "image/webp", "text/calendar")


@dataclass(frozen=True)
class Variant:
    """The bytes of a response in one content encoding ("" for none), with a strong ETag."""

    encoding: str
    body: bytes
    etag: str


@dataclass(frozen=True)
class StoredResponse:
    """Rendered bytes and what HTTP needs to know about them.

    ``turns``: the response holds for one segment of the timeline, until ``changes_at`` (None in the last segment,
    which has no end); otherwise it only changes with the revision. ``immutable`` is for files with a hash in their
    name. ``variants`` holds the encodings made so far; ``on_encoded`` is called with the bytes that each new one takes.
    ``timed``: the body is its start only, and each answer ends with its own instant; it has no ETag.
    """

    body: bytes
    content_type: str
    status: int = 200
    turns: bool = False
    changes_at: datetime | None = None
    last_modified: datetime | None = None
    headers: Headers = ()
    immutable: bool = False
    shared_seconds: int = SHARED_CACHE_SECONDS
    timed: TimedBody | None = None
    variants: dict[str, Variant] = field(default_factory=dict, compare=False, repr=False)
    on_encoded: Callable[[int], None] = field(default=lambda _bytes: None, compare=False, repr=False)

    @property
    def compressible(self) -> bool:
        """Whether encodings of the whole body other than identity are offered."""
        return self.timed is None and not self.content_type.startswith(NOT_COMPRESSED)

    @property
    def kept_bytes(self) -> int:
        """What the body and its variants take in memory; the plain variant has the same body."""
        packed = len(self.timed.packed) if self.timed else 0
        return len(self.body) + packed + sum(_kept_bytes(variant) for variant in tuple(self.variants.values()))

    def variant(self, accept_encoding: str) -> Variant:
        """The best variant that a client accepts: brotli, then gzip, then plain; each is made once."""
        offered = self.compressible and len(accept_encoding) <= LONGEST_ACCEPT_ENCODING
        encoding = preferred_encoding(accept_encoding) if offered else ""
        if encoding not in self.variants:
            self.variants[encoding] = variant = self._encode(encoding)
            self.on_encoded(_kept_bytes(variant))
        return self.variants[encoding]

    def _encode(self, encoding: str) -> Variant:
        body = self.body
        if encoding == "br":
            body = brotli.compress(body, quality=EFFORT)
        elif encoding == "gzip":
            body = gzip.compress(body, compresslevel=EFFORT, mtime=0)
        digest = hashlib.sha256(self.body).hexdigest()[:24]
        return Variant(encoding, body, f'"{digest}-{encoding}"' if encoding else f'"{digest}"')


@dataclass(frozen=True)
class HttpResponse:
    """A response as it is sent; ``body_at`` gives the body of another instant, where it is made for each request."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    body_at: Ending | None = None


def respond(stored: StoredResponse, request: Mapping[str, str], now: datetime, speed: float = 1.0) -> HttpResponse:
    """The response to a conditional GET (RFC 9110, 13): 304 where the client's copy is current.

    ``request`` has lower-case header names; ``speed`` is the clock's, in shown seconds per real second.
    """
    if stored.timed is not None:
        return _timed(stored, stored.timed, request, now)
    variant = stored.variant(request.get("accept-encoding", ""))
    headers = [("ETag", variant.etag), ("Cache-Control", cache_control(stored, now, speed)), *stored.headers]
    if stored.compressible:
        headers.append(("Vary", "Accept-Encoding"))
    if stored.last_modified:
        headers.append(("Last-Modified", format_datetime(stored.last_modified, usegmt=True)))
    if stored.status == HTTPStatus.OK and _unchanged(stored, variant, request):
        return HttpResponse(304, headers, b"")
    if variant.encoding:
        headers.append(("Content-Encoding", variant.encoding))
    headers += [("Content-Type", stored.content_type), ("Content-Length", str(len(variant.body)))]
    return HttpResponse(stored.status, headers, variant.body)


def cache_control(stored: StoredResponse, now: datetime, speed: float = 1.0) -> str:
    """Browsers revalidate each time; shared caches may keep a response two seconds, never past a boundary."""
    if stored.immutable:
        return "public, max-age=31536000, immutable"
    if stored.status != HTTPStatus.OK:
        return "no-store"
    seconds = stored.shared_seconds
    if stored.changes_at is not None:
        seconds = max(0, min(seconds, int((stored.changes_at - now).total_seconds() / speed)))
    return f"no-cache, s-maxage={seconds}"


@lru_cache(maxsize=256)
def preferred_encoding(accept_encoding: str) -> str:
    """Choose "br", "gzip" or "" (RFC 9110, 12.5.3); ``q=0`` means never."""
    accepted = parse_accept_header(accept_encoding, Accept)
    best = max(("br", "gzip"), key=accepted.quality)
    return best if accepted.quality(best) > 0 else ""


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a client reads gzip, even if it likes others better."""
    return parse_accept_header(accept_encoding, Accept).quality("gzip") > 0


def _timed(stored: StoredResponse, timed: TimedBody, request: Mapping[str, str], now: datetime) -> HttpResponse:
    """A response of this instant; every copy of a client's is of another one."""
    headers = [("Cache-Control", cache_control(stored, now)), *stored.headers, ("Vary", "Accept-Encoding")]
    # As of any resource that exists (RFC 9110, 13.1.2).
    if request.get("if-none-match", "").strip() == "*":
        return HttpResponse(304, headers, b"")
    accepted = request.get("accept-encoding", "")
    packs = len(accepted) <= LONGEST_ACCEPT_ENCODING and accepts_gzip(accepted)
    body_at = timed.gzip if packs else timed.plain
    body = body_at(now)
    headers += [("Content-Encoding", "gzip")] if packs else []
    headers += [("Content-Type", stored.content_type), ("Content-Length", str(len(body)))]
    return HttpResponse(stored.status, headers, body, body_at)


def _kept_bytes(variant: Variant) -> int:
    return VARIANT_BYTES + (len(variant.body) if variant.encoding else 0)


def _unchanged(stored: StoredResponse, variant: Variant, request: Mapping[str, str]) -> bool:
    """Whether the client's copy is current; If-None-Match takes precedence over If-Modified-Since."""
    etags = request.get("if-none-match")
    try:
        return not is_resource_modified(
            http_if_none_match=etags,
            http_if_modified_since=request.get("if-modified-since") if etags is None else None,
            etag=variant.etag,
            last_modified=stored.last_modified,
        )
    except OverflowError:  # of a date with too large a number
        return False
