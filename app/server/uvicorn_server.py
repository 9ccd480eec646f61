"""uvicorn as the production server: its settings, and all that this service knows of its inside.

uvicorn's protocol is wrapped in a `Connection`. Whether that works is tried before the server starts; where it does
not, uvicorn serves as it is: slower, and with its own limits.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import parent_process
from typing import Any, NamedTuple

from uvicorn import Config, Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from app.server.connection import Connection, TakesStream, current_connection
from app.server.response_cache import CachedResponse, CacheLookup, ParsedRequest, cached_response
from app.server.shared_by_connections import Shared
from app.server.systemd_notify import notify_ready
from app.server.timed_protocol import KEEP_ALIVE_SECONDS

log = logging.getLogger(__name__)

# How long requests in progress may take once the service is told to stop.
DRAIN_SECONDS = 10
# Connections that wait to be accepted.
BACKLOG = 4096
# A `Connection` has a deadline of its own between two requests, and systemd is notified once.
NO_DEADLINE_SECONDS = 24 * 3600
TRIAL_SECONDS = 5
# Windows has none.
HANGUP: signal.Signals | None = getattr(signal, "SIGHUP", None)


class _AppParts(NamedTuple):
    """What an app offers beside ASGI, if it does: stored responses, and event streams below ASGI, which it ends."""

    lookup: CacheLookup | None
    hold_stream: TakesStream | None
    end_streams: Callable[[], None] | None

    @classmethod
    def of(cls, app: Any) -> _AppParts:
        return cls(*(getattr(app, name, None) for name in cls._fields))


class UvicornConnection(Connection):
    """A connection that uvicorn knows of in place of its own protocol, to close it when the server stops."""

    __slots__ = ("_connections", "_end_streams")

    def __init__(
        self, protocol: Callable[[], Any], loop: asyncio.AbstractEventLoop, shared: Shared, state: Any, app: _AppParts
    ) -> None:
        super().__init__(protocol, loop, shared, app.lookup, app.hold_stream)
        self._end_streams = app.end_streams
        self._connections: set[Any] = state.connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Join the server's connections."""
        super().connection_made(transport)
        self._connections.add(self)

    def handed_over(self) -> asyncio.Protocol:
        """The server's protocol, whose place among the connections this one keeps."""
        inner = super().handed_over()
        self._connections.remove(inner)
        return inner

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the server's connections."""
        self._connections.discard(self)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Close after the current request, if there is one; end the app's streams, which would go on for ever."""
        self.end()
        if self._end_streams is not None:
            self._end_streams()


class _CountedApp:
    """An ASGI app that tells each connection when it has responded to a request."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        connection = current_connection.get()
        try:
            await self.app(scope, receive, send)
        finally:
            if connection is not None:
                connection.answered()


class ConnectionFactory:
    """Makes a process's connections; to uvicorn it is a class of protocols."""

    def __init__(self) -> None:
        self._made_for: Any = None

    def _prepare(self, config: Config, server_state: Any, app_state: dict[str, Any], loop: Any) -> None:
        """Make what all connections of a server share: each thing that one has alone is there thousands of times."""
        # Imported here, so that the trial covers it.
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol  # noqa: PLC0415

        if not isinstance(config.loaded_app, _CountedApp):
            config.loaded_app = _CountedApp(config.loaded_app)
        self._made_for = server_state
        self._shared = Shared()
        self._app = _AppParts.of(config.loaded_app.app)
        self._loop = loop
        self._protocol = partial(HttpToolsProtocol, config, server_state, app_state, loop)

    def __call__(
        self,
        config: Config,
        server_state: Any,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> UvicornConnection:
        """The protocol of a new connection."""
        if self._made_for is not server_state:
            self._prepare(config, server_state, app_state, _loop or asyncio.get_running_loop())
        return UvicornConnection(self._protocol, self._loop, self._shared, server_state, self._app)


class _Processes(Multiprocess):
    """uvicorn's parent of several processes; a closed terminal ends it, in place of starting each process again."""

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        is_ignored = HANGUP is not None and signal.getsignal(HANGUP) == signal.SIG_IGN
        super().__init__(config, sockets)
        if HANGUP is not None and is_ignored:
            # `nohup` asked for it.
            signal.signal(HANGUP, signal.SIG_IGN)

    @property
    def has_failed(self) -> bool:
        """Whether it ended because the service could not start."""
        return any(process.exitcode == STARTUP_FAILURE for process in self.processes)

    def init_processes(self) -> None:
        """Start them; Ctrl-C, which a terminal sends to all, is for this process alone until they serve."""
        former = signal.signal(signal.SIGINT, signal.SIG_IGN)
        super().init_processes()
        signal.signal(signal.SIGINT, former)

    def handle_hup(self) -> None:
        """End."""
        log.info("the terminal is closed")
        self.should_exit.set()


def serve_until_stopped(host: str, port: int, workers: int) -> None:
    """Serve what the environment describes until a signal stops it, a closed terminal too.

    Exits with uvicorn's status where the service cannot start.
    """
    with suppress(KeyboardInterrupt):
        options = {**server_options(), "callback_notify": _on_listening, "timeout_notify": NO_DEADLINE_SECONDS}
        application = "app.asgi:from_environment"
        config = Config(application, factory=True, host=host, port=port, workers=workers, **options)
        if workers > 1:
            processes = _Processes(config, [config.bind_socket()])
            processes.run()
            if processes.has_failed:
                sys.exit(STARTUP_FAILURE)
        else:
            _end_on_hangup()
            Server(config).run()


def prepare_process() -> None:
    """Set up how a serving process ends, before it serves: without a traceback, and with its requests completed."""
    # A second Ctrl-C raises KeyboardInterrupt in whatever runs, and cancels what waits.
    logging.getLogger("uvicorn.error").addFilter(_is_no_interrupt)
    if HANGUP is not None and parent_process() is not None:
        # A closed terminal tells the parent too, which ends this process as it should.
        signal.signal(HANGUP, signal.SIG_IGN)


async def _on_listening() -> None:
    notify_ready()


def _end_on_hangup() -> None:
    """Let a closed terminal end the service as SIGTERM does, unless `nohup` lets it be ignored."""
    if HANGUP is not None and signal.getsignal(HANGUP) == signal.SIG_DFL:
        signal.signal(HANGUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def _is_no_interrupt(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], KeyboardInterrupt | asyncio.CancelledError))


def server_options() -> dict[str, Any]:
    """The production server's settings, for `agenda serve` and for tests of it (https://uvicorn.dev/settings/)."""
    wraps = can_wrap_uvicorn()
    if not wraps:
        log.warning("this version of uvicorn is not the one that was tested: pages are served more slowly")
    return {
        **_options(),
        "http": ConnectionFactory() if wraps else "httptools",
        "lifespan": "on",
        "backlog": BACKLOG,
        "timeout_keep_alive": NO_DEADLINE_SECONDS if wraps else KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": DRAIN_SECONDS,
    }


def can_wrap_uvicorn() -> bool:
    """Whether this uvicorn works inside a `Connection`: three requests over a pair of sockets get their responses."""
    try:
        # In a thread of its own, since the caller's may have a loop that runs.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(asyncio.wait_for(_trial(), TRIAL_SECONDS))).result()
    except Exception:
        log.debug("uvicorn cannot be wrapped", exc_info=True)
        return False


def _options() -> dict[str, Any]:
    return {
        "ws": "none",
        "interface": "asgi3",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
    }


class _TrialApp:
    """One stored response, and one that is not stored."""

    def lookup(self, request: ParsedRequest) -> CachedResponse | None:
        return cached_response(200, "/stored", [], b"stored") if request.url == b"/stored" else None

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": scope["path"].encode()})


async def _trial() -> bool:
    from uvicorn.server import ServerState  # noqa: PLC0415

    loop = asyncio.get_running_loop()
    config = Config(_TrialApp(), lifespan="off", **_options())
    config.load()
    state = ServerState()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = ConnectionFactory()(config=config, server_state=state, app_state={}, _loop=loop)
        await loop.connect_accepted_socket(lambda: connection, theirs)
        reader, writer = await asyncio.open_connection(sock=ours)
        works = []
        for url, body in ((b"/stored", b"stored"), (b"/asks", b"/asks"), (b"/stored", b"stored")):
            writer.write(b"GET %s HTTP/1.1\r\nHost: trial\r\n\r\n" % url)
            works.append((await reader.readuntil(body)).startswith(b"HTTP/1.1 200 "))
        works.append(state.connections == {connection})
        connection.shutdown()
        works.append(await reader.read() == b"")
        writer.close()
    return all(works)
