"""An answer rendered once: its bytes in each encoding, and the rules of HTTP caching.

Known to no web framework, so that the front door and Flask give the same answer.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property

import brotli

Headers = tuple[tuple[str, str], ...]

SHARED_CACHE_SECONDS = 2
# The day of a large conference: a quarter of the time, and a few in a hundred more bytes.
LARGE_BYTES = 200_000
# Pictures are compressed already; some calendar programs cannot read a compressed feed.
# A tag may hold commas; the "W/" before a weak one is left aside (RFC 9110, 8.8.3 and 13.1.2).
ENTITY_TAG = re.compile(r'"[^"]*"')
NOT_COMPRESSED = ("image/png", "text/calendar")


@dataclass(frozen=True)
class Variant:
    """The bytes of an answer in one content encoding ("" means none), under a strong ETag."""

    encoding: str
    body: bytes
    etag: str


@dataclass(frozen=True)
class Answer:
    """Rendered bytes with what HTTP says about them.

    ``turns`` says that the answer holds for one segment of the timeline only, until ``changes_at``
    (None: the last segment, which has no end); one that does not turn differs by revision alone.
    ``immutable`` is for files with a hash in their name.
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
    _variants: dict[str, Variant] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def compressible(self) -> bool:
        """Whether encodings other than identity are offered."""
        return not self.content_type.startswith(NOT_COMPRESSED)

    @property
    def encodings(self) -> tuple[str, ...]:
        """The encodings that are made already."""
        return tuple(self._variants)

    def variant(self, accept_encoding: str) -> Variant:
        """The best variant a reader takes: brotli, then gzip, then plain; made once."""
        encoding = preferred_encoding(accept_encoding) if self.compressible else ""
        if encoding not in self._variants:
            self._variants[encoding] = self._encode(encoding)
        return self._variants[encoding]

    def _encode(self, encoding: str) -> Variant:
        digest = hashlib.sha256(self.body).hexdigest()[:24]
        small = len(self.body) < LARGE_BYTES
        if encoding == "br":
            return Variant("br", brotli.compress(self.body, quality=9 if small else 6), f'"{digest}-br"')
        if encoding == "gzip":
            return Variant(
                "gzip", gzip.compress(self.body, compresslevel=9 if small else 6, mtime=0), f'"{digest}-gzip"'
            )
        return Variant("", self.body, f'"{digest}"')


@dataclass(frozen=True)
class Reply:
    """What goes over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def reply(answer: Answer, request: Mapping[str, str], now: datetime, speed: float = 1.0) -> Reply:
    """Answer a conditional GET (RFC 9110, 13): 304 where the reader has it already.

    ``request`` holds lower-case header names; ``speed`` is the clock's, in shown seconds a
    second. If-None-Match goes before If-Modified-Since.
    """
    variant = answer.variant(request.get("accept-encoding", ""))
    headers = [("ETag", variant.etag), ("Cache-Control", cache_control(answer, now, speed)), *answer.headers]
    if answer.compressible:
        headers.append(("Vary", "Accept-Encoding"))
    if answer.last_modified:
        headers.append(("Last-Modified", format_datetime(answer.last_modified, usegmt=True)))
    if answer.status == 200 and _unchanged(answer, variant, request):  # noqa: PLR2004 - HTTP's own number
        return Reply(304, headers, b"")
    if variant.encoding:
        headers.append(("Content-Encoding", variant.encoding))
    headers += [("Content-Type", answer.content_type), ("Content-Length", str(len(variant.body)))]
    return Reply(answer.status, headers, variant.body)


def cache_control(answer: Answer, now: datetime, speed: float = 1.0) -> str:
    """Browsers ask each time; shared caches may keep an answer two seconds, never past a boundary."""
    if answer.immutable:
        return "public, max-age=31536000, immutable"
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
        return "no-store"
    seconds = answer.shared_seconds
    if answer.changes_at is not None:
        seconds = max(0, min(seconds, int((answer.changes_at - now).total_seconds() / speed)))
    return f"no-cache, s-maxage={seconds}"


def preferred_encoding(accept_encoding: str) -> str:
    """Choose "br", "gzip" or "" (RFC 9110, 12.5.3); ``q=0`` means never."""
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _quality(parameters)
    anything = weights.get("*", 0.0)
    return (
        max(
            ("br", "gzip"),
            key=lambda name: weights.get(name, anything),
        )
        if max(weights.get("br", anything), weights.get("gzip", anything)) > 0
        else ""
    )


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _unchanged(answer: Answer, variant: Variant, request: Mapping[str, str]) -> bool:
    if_none_match = request.get("if-none-match")
    if if_none_match is not None:
        return if_none_match.strip() == "*" or variant.etag in ENTITY_TAG.findall(if_none_match)
    since = request.get("if-modified-since")
    if since is None or answer.last_modified is None:
        return False
    try:
        return answer.last_modified <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
