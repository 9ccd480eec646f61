"""Calls a WSGI app for one ASGI request (PEP 3333; ASGI, "WSGI Compatibility").

The whole response is returned, so that the thread that made it never waits for a client to read it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from app.server.asgi_messages import AsgiResponse, Message, encoded

WsgiApp = Callable[..., Iterable[bytes]]

# Header fields whose names in the environment have no prefix.
_WITHOUT_PREFIX = {"CONTENT_LENGTH", "CONTENT_TYPE"}


def call(app: WsgiApp, environ: dict[str, Any]) -> AsgiResponse:
    """The response of an app."""
    started: list[tuple[str, Iterable[tuple[str, str]]]] = []

    def start_response(status: str, headers: Iterable[tuple[str, str]], _error: object = None) -> None:
        started[:] = [(status, headers)]

    parts = app(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    [(status, headers)] = started
    return AsgiResponse(int(status.partition(" ")[0]), encoded(headers), body)


def environment(scope: Message, body: bytes) -> dict[str, Any]:
    """The WSGI environment of a request whose body has been read.

    Names with an underscore are left out: in the environment hyphens become underscores, and a client's
    X_Forwarded_For would pass for the proxy's header.
    """
    server, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in _fields(scope["headers"]):
        environ[name] = f"{environ[name]},{value}" if name in environ else value
    return environ


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    for raw_name, value in headers:
        if b"_" not in raw_name:
            name = raw_name.decode("latin-1").upper().replace("-", "_")
            yield name if name in _WITHOUT_PREFIX else f"HTTP_{name}", value.decode("latin-1")
