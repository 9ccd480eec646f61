"""Answers at once what was answered before: below ASGI, by a look-up and a write, with no task of its own.

What it gives is what the front door gave to the same question in the same edition, to the byte.
All that is not plain (a body, a reader who does not read, a question never asked) takes the usual way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.live.answer import SHARED_CACHE_SECONDS
from app.live.clock import Clock
from app.live.current import Current, Snapshot

Raw = Iterable[tuple[bytes, bytes]]
Question = tuple[bytes, bytes, bytes, bytes, bytes]

# An answer depends on these and on its address; a question with one of the others is no plain one.
ASKED = {b"host": 1, b"accept-encoding": 2, b"if-none-match": 3, b"x-forwarded-proto": 4}
NOT_PLAIN = frozenset(
    {b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"if-modified-since", b"x-request-id"}
)
# Strangers may ask in many ways: then it begins anew.
MOST_READY = 4096
# So many parsed requests are remembered, none longer than this in bytes.
MOST_PARSED = 1024
LONGEST_PARSED = 2048
# So many answers are kept with the present Date; each is as large as a page.
MOST_DATED = 32
ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as it goes over the wire, but for its Date."""

    status: int
    path: str
    head: bytes
    body: bytes


class AtOnce(Protocol):
    """What a front door has ready for a plain question; None: it must be asked the usual way."""

    def __call__(self, url: bytes, headers: Raw) -> Ready | None:
        """Look it up; headers' names are in lower case."""


def question_of(url: bytes, headers: Raw) -> Question | None:
    """What an answer depends on; None for a question that is not plain."""
    asked = [url, b"", b"", b"", b""]
    for name, value in headers:
        place = ASKED.get(name)
        if place is not None:
            asked[place] = value
        elif name in NOT_PLAIN:
            return None
    return asked[0], asked[1], asked[2], asked[3], asked[4]


def ready(status: int, path: str, headers: Raw, body: bytes) -> Ready:
    """An answer made ready to be given again."""
    line = b"HTTP/1.1 %d %s\r\n" % (status, HTTPStatus(status).phrase.encode())
    return Ready(status, path, line + b"".join(b"%s: %s\r\n" % header for header in headers), body)


class ReadyAnswers:
    """The answers of the present edition that were given already, by question; they end with it.

    In the last seconds before a boundary there are none, since shared caches are then told another
    time. Not for threads: it belongs to the event loop.
    """

    def __init__(self, current: Current, clock: Clock) -> None:
        self._current, self._clock = current, clock
        self._snapshot: Snapshot | None = None
        self._from, self._until = ALWAYS
        self._answers: dict[Question, Ready] = {}

    def get(self, question: Question) -> Ready | None:
        """The answer to a question, where it is the same as the last time."""
        return self._answers.get(question) if self._is_good() else None

    def keep(self, question: Question, answer: Ready) -> None:
        """Have an answer ready from now on."""
        if self._is_good():
            if len(self._answers) >= MOST_READY:
                self._answers.clear()
            self._answers[question] = answer

    def _is_good(self) -> bool:
        now = self._clock.now()
        if self._current.snapshot is not self._snapshot or not self._from <= now < self._until:
            self._begin(now)
        return now < self._until

    def _begin(self, now: datetime) -> None:
        self._answers.clear()
        self._snapshot = self._current.snapshot
        segment = self._snapshot.timeline.segment(now)
        self._from = segment.start or ALWAYS[0]
        margin = timedelta(seconds=SHARED_CACHE_SECONDS) * self._clock.speed
        self._until = segment.end - margin if segment.end else ALWAYS[1]


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """A request as the parser found it."""

    url: bytes
    headers: tuple[tuple[bytes, bytes], ...]


class ParsedRequests:
    """Requests that were answered from the stored answers before, by their bytes: they are not parsed again.

    Browsers of one kind send the same bytes for a page. Bounded in number and length, since anybody can send any.
    """

    def __init__(self) -> None:
        self._requests: dict[bytes, ParsedRequest] = {}

    def get(self, data: bytes) -> ParsedRequest | None:
        """The request that these bytes are, where it was parsed before."""
        return self._requests.get(data)

    def add(self, data: bytes, request: ParsedRequest) -> None:
        """Remember a request, unless it is long."""
        if len(data) <= LONGEST_PARSED:
            if len(self._requests) >= MOST_PARSED:
                self._requests.clear()
            self._requests[data] = request


class DatedAnswers:
    """Stored answers with the server's own headers, Date among them: joined once a second for all readers."""

    def __init__(self) -> None:
        self._headers: Raw = ()
        self._responses: dict[Ready, bytes] = {}

    def response(self, answer: Ready, headers: Raw) -> bytes:
        """All bytes of a response. The server makes a new list of its headers each second."""
        if headers is not self._headers or len(self._responses) >= MOST_DATED:
            self._headers = headers
            self._responses.clear()
        whole = self._responses.get(answer)
        if whole is None:
            lines = b"".join(b"%s: %s\r\n" % header for header in headers)
            whole = self._responses[answer] = b"".join((answer.head, lines, b"\r\n", answer.body))
        return whole


class PromptProtocol(HttpToolsProtocol):
    """HTTP/1.1 that asks its app's `at_once`, where it has one, before anything is set up for a request."""

    _last = False
    _answered = False
    # Whether a request has begun and not ended; of the bytes received last, the requests that began and those answered
    # from the stored answers.
    _begun = False
    _requests = _prompt_answers = 0

    def __init__(self, *arguments: Any, parsed: ParsedRequests, dated: DatedAnswers, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._parsed, self._dated = parsed, dated
        self._at_once: AtOnce | None = getattr(self.app, "at_once", None)

    def data_received(self, data: bytes) -> None:
        """Answer a request that was parsed before; hand all else to the parser."""
        if self._begun:
            super().data_received(data)
        elif not self._answer_parsed(data):
            self._requests = self._prompt_answers = 0
            super().data_received(data)
            if self._requests == self._prompt_answers == 1 and not self._begun:
                self._parsed.add(data, ParsedRequest(self.url, tuple(self.headers)))

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._begun = True
        self._requests += 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Answer a request that is ready to be answered; hand on any other."""
        found = self._found()
        if found is None:
            super().on_headers_complete()
            return
        self._answered = True
        self._prompt_answers += 1
        self.send_ready(found)

    def on_message_complete(self) -> None:
        """End a request."""
        self._begun = False
        if self._answered:
            self._answered = False
        else:
            super().on_message_complete()

    def send_ready(self, answer: Ready) -> None:
        """Send a stored answer."""
        self.transport.write(self._dated.response(answer, self.server_state.default_headers))
        self.server_state.total_requests += 1

    def _answer_parsed(self, data: bytes) -> bool:
        request = self._parsed.get(data)
        if request is None or self._at_once is None or not self._is_free():
            return False
        found = self._at_once(request.url, request.headers)
        if found is None:
            return False
        self._unset_keepalive_if_required()
        self.send_ready(found)
        return True

    def _is_free(self) -> bool:
        """Whether nothing is being sent: an answer now is that of the request that comes now."""
        if self._last or self.flow.write_paused or self.pipeline:
            return False
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _found(self) -> Ready | None:
        if self._at_once is None or not self._is_free():
            return None
        if self.parser.get_method() != b"GET" or not self.parser.should_keep_alive():
            return None
        return self._at_once(self.url, self.headers) if self.parser.get_http_version() == "1.1" else None
