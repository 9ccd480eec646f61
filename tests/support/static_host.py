"""A plain static host, as anybody has one; its Date header goes by a clock that the test sets."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from support.movable_clock import MovableClock


class Host(SimpleHTTPRequestHandler):
    """Python's own, with the test's time."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, clock: MovableClock, **options: Any) -> None:
        self._clock = clock
        super().__init__(*arguments, **options)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Whole seconds, as HTTP has them."""
        if timestamp is not None:
            return super().date_time_string(timestamp)  # type: ignore[arg-type]  # typeshed knows whole seconds only
        return format_datetime(self._clock.now().replace(microsecond=0), usegmt=True)

    def log_message(self, *_arguments: Any) -> None:
        """Nothing is logged."""


class Server(ThreadingHTTPServer):
    """Says nothing where a browser hangs up before its answer is whole."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report all but that."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def hosted(folder: Path, clock: MovableClock) -> Iterator[str]:
    """A host of a folder's files; gives its address, without a slash at its end."""
    server = Server(("127.0.0.1", 0), partial(Host, directory=str(folder), clock=clock))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
