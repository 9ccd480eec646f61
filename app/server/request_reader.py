"""The requests that arrive on a connection: where each begins and ends, and how large its headers are.

The server's protocol has a parser of its own, which responds to what is malformed; this one says whether it is needed.
"""

from __future__ import annotations

import httptools

from app.server.response_cache import ParsedRequest

LARGEST_HEADERS = 32 * 1024
MOST_HEADERS = 100
# Measured: what a field takes in memory beside its letters.
FIELD_BYTES = 130


class RequestReader:
    """A parser of the bytes that a connection received, and what it knows after the last of them.

    ``has_begun``: a request began in the bytes received last; ``requests``: so many got the end of their headers there.
    ``in_headers``, ``in_request``: more bytes of the headers, or of the request, are to come. ``is_malformed``: there
    are no requests any more. The parser refers to this object: `close` ends that.
    """

    __slots__ = (
        "_headers",
        "_is_too_large",
        "_keeps_open",
        "_parser",
        "_piece_bytes",
        "_url",
        "has_begun",
        "in_headers",
        "in_request",
        "is_malformed",
        "received_bytes",
        "requests",
    )

    def __init__(self) -> None:
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._is_too_large = self._keeps_open = False
        self._piece_bytes = self.received_bytes = self.requests = 0
        self.has_begun = self.in_headers = self.in_request = self.is_malformed = False

    def close(self) -> None:
        """Release the parser."""
        self._parser = None

    def feed(self, data: bytes) -> None:
        """Read the bytes that were received next."""
        self.has_begun, self.requests = False, 0
        self._piece_bytes = len(data)
        self.received_bytes += len(data)
        try:
            if self._parser is not None:
                self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass
        except httptools.HttpParserError:
            self.is_malformed = True

    def forget(self) -> None:
        """Release the headers of a request that was answered, or that another parser has."""
        if not self.in_headers:
            self._url, self._headers = b"", []

    @property
    def kept_bytes(self) -> int:
        """What the headers that are not complete take in memory."""
        return self.received_bytes + FIELD_BYTES * len(self._headers)

    @property
    def is_too_large(self) -> bool:
        """Whether a request has larger headers than it may, or more of them; those after a body count too."""
        return self._is_too_large or (self.in_request and self.received_bytes > LARGEST_HEADERS)

    @property
    def is_waiting(self) -> bool:
        """Whether the bytes received last are headers of a request that need more to be one."""
        return self.in_headers and not self.requests and not self.is_malformed

    def plain_get(self) -> ParsedRequest | None:
        """The request received last, if it is a GET of HTTP/1.1 that came alone, whole, on a connection to be kept."""
        if self._parser is None or self.requests != 1 or self.in_request or not self._keeps_open:
            return None
        if self._parser.get_method() != b"GET" or self._parser.get_http_version() != "1.1":
            return None
        return ParsedRequest(self._url, self._headers)

    # The parser's callbacks (https://github.com/MagicStack/httptools)

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self.has_begun = True
        # What was received before was a body.
        self.received_bytes = min(self.received_bytes, self._piece_bytes)
        self.in_request = self.in_headers = True
        self._url, self._headers = b"", []

    def on_url(self, url: bytes) -> None:
        """Note a part of the URL."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header field; one too many is not kept."""
        if len(self._headers) < MOST_HEADERS:
            self._headers.append((name.lower(), value))
        else:
            self._is_too_large = True

    def on_headers_complete(self) -> None:
        """Note that a request can be handled."""
        self.in_headers = False
        # The parser knows it until the request's end only.
        self._keeps_open = self._parser.should_keep_alive() if self._parser else False
        self.requests += 1
        # The bytes received may include the start of a body, or the end of what came before: then headers are measured.
        may_be = self.received_bytes > LARGEST_HEADERS or self._piece_bytes > LARGEST_HEADERS
        self._is_too_large |= may_be and self._header_bytes() > LARGEST_HEADERS
        self.received_bytes = 0

    def on_body(self, _body: bytes) -> None:
        """Count anew: a body has limits of its own, and what follows it has those of headers (RFC 9112, 7.1.2)."""
        self.received_bytes = 0

    def on_message_complete(self) -> None:
        """Note that a request has ended."""
        self.in_request = False

    def _header_bytes(self) -> int:
        return len(self._url) + sum(len(name) + len(value) for name, value in self._headers)
