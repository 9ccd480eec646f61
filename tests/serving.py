"""The production server in a thread of the test, on a free port of the loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from flask import Flask

from app.asgi import FrontDoor
from app.live.connections import server_options

STARTS_WITHIN_SECONDS = 20


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app; gives its address, without a slash at its end."""
    listener = socket.create_server(("127.0.0.1", 0))
    door = FrontDoor(app)
    server = uvicorn.Server(uvicorn.Config(door, **server_options()))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the server did not start")
        threading.Event().wait(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.servers[0].get_loop().call_soon_threadsafe(door.end_streams)
        server.should_exit = True
        thread.join()
        listener.close()
