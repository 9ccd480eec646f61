"""The front door in production: sends stored responses, holds event streams, and calls Flask for the rest.

Health, `/api/now` and stored responses are sent from the event loop. Flask works in lanes: a flood of requests that
must be rendered delays neither them nor the console. `flask run` serves the same pages without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus

from flask import Flask
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    Forbidden,
    HTTPException,
    LengthRequired,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
)

from app.live.clock import SYSTEM_CLOCK
from app.outgoing.grip_proxy import GripProxy
from app.server.asgi_messages import AsgiRequest, AsgiResponse, Message, Receive, Send, encoded
from app.server.connection import Connection, current_connection
from app.server.fan_out import MOST_SPEAKERS_STREAMS, ConsoleFanOut, FanOut
from app.server.grip import GripStreams
from app.server.key_check import MOST_CONSOLES_A_SIGN_IN, MOST_STREAMS_A_SPEAKER, KeyCheck, KeysInUse
from app.server.lanes import Lane, LaneFull
from app.server.request_body import BodyReader
from app.server.response_cache import CacheLookup, ParsedRequest
from app.server.router import GOOD_KEY_LANES, Router, Target
from app.server.stored_responses import StoredResponses
from app.server.wsgi_call import call, environment
from app.store import deadline
from app.store.errors import StoreError
from app.store.sign_ins import SignIns
from app.web.address_traits import (
    FOR_ORGANIZERS_FILES,
    FOR_SPEAKERS_ALONE,
    FOR_SPEAKERS_PICTURES,
    FOR_THE_FLOOR,
    AddressTraits,
)
from app.web.display_reports import is_display_token
from app.web.prerender import Prerenderer
from app.web.request_policy import LARGEST_BODY
from app.web.running_service import Service, service_of
from app.web.security_headers import request_policy_of, response_headers, security_headers

# The stream of open consoles.
CONSOLES = "/organizer/live"
# Requests for a stream with one of these headers go the usual path: they may have a body, or want more than a stream,
# or a proxy holds it.
NOT_HELD_HERE = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"grip-sig"})
# Digits of the number of a revision.
LONGEST_NUMBER = 9
RETRY_SECONDS = 3
BUSY = b"The service is busy. Please try again in a few seconds.\n"
NO_SUCH_STAGE = "There is no room of this id, so it has no stage."
NO_LENGTH = "A form with a file says how long it is."

# Rendering does not get faster with more threads, since one runs at a time; another only lets a quick one pass.
LANES = {
    # First requests of pages that are then stored.
    "pages": {"threads": 2, "most_waiting": 256},
    # What strangers can ask in endless ways: other instants, searches, addresses that do not exist.
    "questions": {"threads": 1, "most_waiting": 64},
    # Requests with the key of a reader or a display that is good, and with another or none.
    "keys": {"threads": 2, "most_waiting": 256},
    "no good key": {"threads": 2, "most_waiting": 128},
    # The console of those who are signed in, and good links to it.
    "console": {"threads": 4, "most_waiting": 64},
}
STRANGERS_LANES = frozenset({"pages", "questions"})
LONGEST_WAIT_SECONDS = 5
# Responses that are being sent and are not stored, together: a client may take 30 s for each part.
MOST_SENDING_BYTES = 32 * 1024 * 1024


class FrontDoor:
    """The ASGI application (ASGI 3.0: HTTP and lifespan)."""

    def __init__(self, app: Flask, grip: Sequence[GripProxy] = ()) -> None:
        self._app = app
        self._service: Service = service_of(app)
        self._fan_out = FanOut(self._service.current, self._service.clock, names=self._service.names)
        current, clock, names = self._service.current, self._service.clock, self._service.names
        self._consoles = ConsoleFanOut(current, clock, names=names)
        self._speakers = ConsoleFanOut(current, clock, MOST_SPEAKERS_STREAMS, names)
        self._grip = GripStreams(grip, self._service) if grip else None
        self._prerenderer = Prerenderer(app)
        self._policy = request_policy_of(app)
        self._router = Router(app)
        self._stored = StoredResponses(self._service, self._router)
        # For connections, which replay responses below ASGI.
        self.lookup: CacheLookup = self._stored.lookup
        self._bodies = BodyReader()
        self._keys_in_use = KeysInUse()
        self._consoles_in_use = KeysInUse(MOST_CONSOLES_A_SIGN_IN)
        self._speakers_in_use = KeysInUse(MOST_STREAMS_A_SPEAKER)
        self._files_in_use = KeysInUse(1)
        self._key_checks = {
            "keys": KeyCheck(partial(self._good_among, self._service.stars.keys_among)),
            "links": KeyCheck(partial(self._good_among, SignIns(self._service.database).links_among)),
            "consoles": KeyCheck(partial(self._good_among, partial(self._signed_in_among, FOR_THE_FLOOR))),
            "speakers": KeyCheck(partial(self._good_among, partial(self._signed_in_among, FOR_SPEAKERS_ALONE))),
            **{
                _sender_check(traits): KeyCheck(partial(self._good_among, partial(self._signed_in_among, traits)))
                for traits in (FOR_ORGANIZERS_FILES, FOR_SPEAKERS_PICTURES)
            },
        }
        self._lanes = {
            name: Lane(name, **sizes, longest_wait_seconds=LONGEST_WAIT_SECONDS) for name, sizes in LANES.items()
        }
        self._sending_bytes = 0
        self._stats = self._service.stats
        self._stats.readers = lambda: self._fan_out.readers
        self._stats.dropped = lambda: self._fan_out.dropped

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            raise ValueError(f"unsupported scope type: {scope['type']}")
        else:
            await self._handle(scope, receive, send)

    def end_streams(self) -> None:
        """End all streams; the server's connections call it, since the server waits for them."""
        self._fan_out.end()
        self._consoles.end()
        self._speakers.end()

    def hold_stream(self, parsed: ParsedRequest, connection: Connection) -> bool:
        """Make a connection the stream of `/live` that it asked for; False where the request goes the usual path."""
        path, _, query = parsed.url.partition(b"?")
        if path != b"/live" or not NOT_HELD_HERE.isdisjoint(name for name, _ in parsed.headers):
            return False
        scope = {"method": "GET", "path": "/live", "query_string": query, "headers": parsed.headers, "scheme": "http"}
        request = AsgiRequest(scope, self._policy)
        stage = request.parameters.get("stage")
        if request.hosts != 1 or not self._policy.knows(request.headers.get("host", "")) or not self._has_stage(stage):
            return False
        secured = encoded(security_headers(request.scheme))
        return self._fan_out.hold(_last_seen(request), connection, secured, stage=stage)

    async def _handle(self, scope: Message, receive: Receive, send: Send) -> None:
        request = AsgiRequest(scope, self._policy)
        try:
            await self._respond(request, receive, send)
        except ClientDisconnected:
            return
        except HTTPException as refused:
            response = _refusal(refused, request)
            self._stats.count_from_memory(response.status, request.path, "")
            await response.send(send, request.method)

    async def _respond(self, request: AsgiRequest, receive: Receive, send: Send) -> None:
        if request.hosts > 1 or (not request.hosts and request.scope["http_version"] != "1.0"):
            raise BadRequest  # RFC 9112, 3.2
        if request.is_read and self._policy.knows(request.headers.get("host", "")):
            if request.path == "/live":
                await self._live(request, receive, send)
                return
            if request.path == CONSOLES and (streams := await self._streams_of(request)) is not None:
                fan_out, in_use = streams
                with in_use.using(self._router.signed_in_key(request)):
                    await self._stream(fan_out, request, receive, send, last=_last_seen(request))
                return
            target = self._router.target_of(request.path, request.query)
            if (found := self._stored.response_to(request, target.query)) is not None:
                await found.send(send, request.method)
                return
        else:
            target = self._router.target_of(request.path, request.query, request.method)
        lane = self._router.lane_of(request, target)
        if lane in STRANGERS_LANES:
            await self._render(request, lane, receive, send)
        else:
            key, body = self._router.key_of(request, lane, target), await self._body(request, target, receive)
            response = await self._call_flask(request, lane, receive, body, key)
            await response.send(send, request.method)

    async def _render(self, request: AsgiRequest, lane: str, receive: Receive, send: Send) -> None:
        """Render for a stranger, unless too much that was rendered is not read yet."""
        if self._sending_bytes >= MOST_SENDING_BYTES:
            raise ServiceUnavailable
        response = await self._call_flask(request, lane, receive, await self._plain_body(request, receive))
        self._sending_bytes += len(response.body)
        try:
            await response.send(send, request.method)
        finally:
            self._sending_bytes -= len(response.body)

    async def _body(self, request: AsgiRequest, target: Target, receive: Receive) -> bytes:
        """The body of a request; one with a file is read for those alone who may send it."""
        length = request.content_length
        bound = target.traits.takes_file
        if bound is None or request.is_read or (length is not None and length <= LARGEST_BODY):
            return await self._plain_body(request, receive)
        if length is None:
            raise LengthRequired(NO_LENGTH)
        if length > bound.largest + LARGEST_BODY:
            raise RequestEntityTooLarge(bound.too_large)
        key = self._router.signed_in_key(request)
        if not await self._key_checks[_sender_check(target.traits)].is_good(key):
            raise Forbidden(bound.refusal)
        with self._files_in_use.using(key):
            return await self._bodies.read_with_file(receive, bound)

    async def _plain_body(self, request: AsgiRequest, receive: Receive) -> bytes:
        return b"" if request.is_read else await self._bodies.read(receive)

    async def _call_flask(
        self, request: AsgiRequest, lane: str, receive: Receive, body: bytes, key: str = ""
    ) -> AsgiResponse:
        environ = environment(request.scope, body)
        deadline.start()
        work = partial(call, self._app.wsgi_app, environ)
        if lane == "loop":
            return work()
        with self._keys_in_use.using(key):
            if lane in GOOD_KEY_LANES:
                lane = await self._lane_of_key(lane, key)
                if (connection := current_connection.get()) is not None and connection.is_lost:
                    raise ClientDisconnected
            return await self._in_lane(lane, work, receive)

    async def _lane_of_key(self, lane: str, key: str) -> str:
        if lane == "displays":
            is_good = is_display_token(key, self._app.config["SECRET_KEY"])
        else:
            is_good = await self._key_checks[lane].is_good(key)
        return GOOD_KEY_LANES[lane] if is_good else "no good key"

    def _good_among(self, find: Callable[[frozenset[str]], frozenset[str]], keys: frozenset[str]) -> frozenset[str]:
        """Those of some keys that the database has; none while it does not answer."""
        deadline.start()
        if self._service.database.hangs:
            return frozenset()
        try:
            return find(keys)
        except StoreError:
            return frozenset()

    async def _in_lane(self, lane: str, work: Callable[[], AsgiResponse], receive: Receive) -> AsgiResponse:
        try:
            return await self._lanes[lane].run(work, partial(_disconnected, receive))
        except LaneFull as full:
            raise ServiceUnavailable from full

    async def _streams_of(self, request: AsgiRequest) -> tuple[ConsoleFanOut, KeysInUse] | None:
        """The streams that a signed-in browser listens to, by its role; None for others: Flask says what to do."""
        key = self._router.signed_in_key(request)
        if await self._key_checks["consoles"].is_good(key):
            return self._consoles, self._consoles_in_use
        if await self._key_checks["speakers"].is_good(key):
            return self._speakers, self._speakers_in_use
        return None

    def _signed_in_among(self, traits: AddressTraits, keys: frozenset[str]) -> frozenset[str]:
        """Those of some keys whose person may open an address with these traits."""
        sign_ins, program = SignIns(self._service.database), self._service.current.snapshot.revision.program
        return sign_ins.keys_among(keys, SYSTEM_CLOCK.now(), program, traits.roles)

    async def _live(self, request: AsgiRequest, receive: Receive, send: Send) -> None:
        """Hold a reader's stream, or hand it over to the proxy that it came through; those of stages are few."""
        last, handed, stage = _last_seen(request), None, request.parameters.get("stage")
        if not self._has_stage(stage):
            raise NotFound(NO_SUCH_STAGE)
        if self._grip is not None and stage is None:
            resumed_at = self._grip.resumed_at(request)
            last = last if resumed_at is None else resumed_at
            handed = self._grip.answer(request, last, resumes=resumed_at is not None)
        if handed is not None:
            await handed.send(send, request.method)
        else:
            await self._stream(self._fan_out, request, receive, send, last=last, stage=stage)

    def _has_stage(self, room: str | None) -> bool:
        """Whether the program has the room whose stage a stream is of; True of a stream of no stage."""
        return room is None or room in self._service.current.snapshot.revision.program.rooms_by_id

    async def _stream(
        self,
        fan_out: FanOut,
        request: AsgiRequest,
        receive: Receive,
        send: Send,
        *,
        last: int | None,
        stage: str | None = None,
    ) -> None:
        secured = encoded(security_headers(request.scheme))
        if request.method == "HEAD":
            await fan_out.head(send, secured)
        else:
            await fan_out.stream(last, receive, send, secured, stage=stage)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._prerenderer.start()
        self._fan_out.start()
        self._consoles.start()
        self._speakers.start()
        if self._grip is not None:
            self._grip.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._grip is not None:
            self._grip.stop()
        await self._fan_out.stop()
        await self._consoles.stop()
        await self._speakers.stop()
        self._prerenderer.stop()
        for lane in self._lanes.values():
            lane.close()
        for check in self._key_checks.values():
            check.close()
        self._service.close()
        await send({"type": "lifespan.shutdown.complete"})


def _sender_check(traits: AddressTraits) -> str:
    """The name of the check of who may send a file to an address."""
    return f"files of {' and '.join(traits.roles)}"


def _refusal(refused: HTTPException, request: AsgiRequest) -> AsgiResponse:
    """The response to a request that does not get to Flask."""
    status = HTTPStatus(refused.code or HTTPStatus.BAD_REQUEST)
    busy = isinstance(refused, ServiceUnavailable | TooManyRequests)
    own = refused.description if refused.description != type(refused).description else None
    body = BUSY if busy else f"{own or status.phrase}\n".encode()
    headers = [
        *response_headers(request.scheme, request.path),
        ("Cache-Control", "no-store"),
        *([("Retry-After", str(RETRY_SECONDS))] if busy else []),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        # What is left of its body is not read.
        ("Connection", "close"),
    ]
    return AsgiResponse(status, encoded(headers), body)


async def _disconnected(receive: Receive) -> None:
    """Return once the client has disconnected."""
    connection = current_connection.get()
    if connection is not None:
        await connection.wait_until_lost()
        return
    while (await receive())["type"] != "http.disconnect":
        pass


def _last_seen(request: AsgiRequest) -> int | None:
    """The revision that a client has: from Last-Event-ID, else from its page's `?since=`."""
    text = request.headers.get("last-event-id", request.parameters.get("since", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None
