"""What a GRIP proxy's control address is to the service: it takes what is published, or does not."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

from app.outgoing.grip_proxy import GripProxy
from benchmarks.pushpin import KEY


class GripControl:
    """A control address on the loopback; ``items`` are what was published, ``keys`` who says that it did."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.keys: list[dict[str, Any]] = []
        self.status = 200
        self.requests = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.requests += 1
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if outer.status == 200:
                    outer.items += body["items"]
                    token = self.headers["Authorization"].removeprefix("Bearer ")
                    outer.keys.append(jwt.decode(token, KEY, algorithms=["HS256"]))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Be silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def setting(self) -> str:
        """What the service's AGENDA_GRIP_URL is."""
        return f"http://127.0.0.1:{self._server.server_port}?iss=agenda&key={KEY}"

    def proxy(self, more: str = "") -> GripProxy:
        """The proxy as the service knows it."""
        return GripProxy.read(self.setting + more)

    def sent(self, channel: str = "") -> list[tuple[str, str | None, str]]:
        """What streams get: id, the id before it, content."""
        return [
            (item["id"], item.get("prev-id"), item["formats"]["http-stream"]["content"])
            for item in self.items
            if "http-stream" in item["formats"] and item["channel"].endswith(channel)
        ]

    def close(self) -> None:
        """Take it away."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def grip_control() -> Iterator[GripControl]:
    """A control address that takes everything."""
    control = GripControl()
    try:
        yield control
    finally:
        control.close()


def signature(key: str = KEY, issuer: str = "pushpin", seconds: float = 60, **claims: Any) -> str:
    """The Grip-Sig header of a request."""
    return jwt.encode({"iss": issuer, "exp": int(time.time() + seconds), **claims}, key, algorithm="HS256")
