"""The production server in a thread of the test, on a free port of the loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from flask import Flask

from app.outgoing.grip_proxy import GripProxy
from app.server.front_door import FrontDoor
from app.server.uvicorn_server import server_options

STARTS_WITHIN_SECONDS = 20
ANSWERS_WITHIN_SECONDS = 60


@dataclass
class RunningServer:
    """A server that answers, and the time of its event loop."""

    port: int
    loop: asyncio.AbstractEventLoop
    seconds_ahead: float = 0.0

    def __post_init__(self) -> None:
        self.loop.time = lambda: time.monotonic() + self.seconds_ahead  # type: ignore[method-assign]

    def let_pass(self, seconds: float) -> None:
        """Put the loop's clock forward, so that deadlines pass at once and however slow the machine is."""

        def put_forward() -> None:
            self.seconds_ahead += seconds

        self._between_steps(put_forward)

    @contextmanager
    def only_as_let_pass(self) -> Iterator[None]:
        """Let the loop's clock stand meanwhile, but for what the test puts it forward."""

        def stop_clock() -> None:
            stands = time.monotonic()
            self.loop.time = lambda: stands + self.seconds_ahead  # type: ignore[method-assign]

        self._between_steps(stop_clock)
        yield
        # The server ends by its clock.
        self._between_steps(self.__post_init__)

    def _between_steps(self, set_clock: Callable[[], None]) -> None:
        """Set the clock on the loop's thread: a step of it that sends and then waits has one time for both."""

        async def in_a_step_of_its_own() -> None:
            set_clock()

        asyncio.run_coroutine_threadsafe(in_a_step_of_its_own(), self.loop).result(ANSWERS_WITHIN_SECONDS)


@contextmanager
def served(app: Flask, *grip: GripProxy) -> Iterator[str]:
    """Serve an app, behind proxies that hold its streams or without; gives its address, without a last slash."""
    with _started(app, *grip) as (port, _):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def served_by_a_clock(app: Flask) -> Iterator[RunningServer]:
    """Serve an app, on a loop whose time the test can put forward: asyncio's own, since uvloop's timers are in C."""
    with _started(app, loop="asyncio") as (port, server):
        yield RunningServer(port, server.servers[0].get_loop())


@contextmanager
def _started(app: Flask, *grip: GripProxy, **options: str) -> Iterator[tuple[int, uvicorn.Server]]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(FrontDoor(app, grip), **(server_options() | options)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the server did not start")
        threading.Event().wait(0.01)
    try:
        yield listener.getsockname()[1], server
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
