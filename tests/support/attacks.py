"""Attacks of one machine on a server of the loopback. Each is bounded, and ends when it is told to."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from typing import Any

from app.web.request_policy import LARGEST_BODY
from support.publisher_processes import processes, started
from support.waiting import wait_until

ANSWERS_WITHIN_SECONDS = 20
# An attack ends by itself, even if the test was killed.
LONGEST_SECONDS = 120
HELD_SECONDS = 10
# So little fits between the server and a client that does not read.
SMALL_BUFFER_BYTES = 4096
REPORT = '{"room": null, "revision": 1}'
# What a client does on a port of the loopback, again and again; each request of all clients gets a number of its own.
NextNumber = Callable[[], int]
Act = Callable[[int, NextNumber], Awaitable[None]]


def get(url: str, *headers: str, host: str = "agenda") -> bytes:
    """A request."""
    return "\r\n".join([f"GET {url} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode()


def post(path: str, body: str, *headers: str) -> bytes:
    """A request with a body of JSON."""
    lines = [f"POST {path} HTTP/1.1", "Host: agenda", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *headers, "", body]).encode()


async def hang_up(request: Callable[[int], bytes], port: int, next_number: NextNumber) -> None:
    """Send a request and do not wait for its response."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(next_number()))
    await writer.drain()
    writer.transport.abort()


async def ask(request: Callable[[int], bytes], port: int, next_number: NextNumber) -> None:
    """Send a request as soon as the one before is answered, for as long as the server keeps the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        while True:
            await answer(reader, writer, request(next_number()))


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """The body of a response, for which a client waits as long as a browser would."""
    async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
        writer.write(request)
        headers = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", headers, re.IGNORECASE)
        return await reader.readexactly(int(length[1]) if length else 0)


async def use_own_key(port: int, next_number: NextNumber) -> None:
    """Star something as a new reader, and use the key again and again, also where it opens nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        stars = await answer(reader, writer, post("/my/picks", '{"add": ["tri-dao"]}'))
        found = re.search(rb'"write": *"([\w-]+)"', stars)
        while found:
            await answer(reader, writer, with_own_key(found[1].decode(), next_number()))


async def never_read(request: Callable[[int], bytes], port: int, next_number: NextNumber) -> None:
    """Send requests, read nothing, and leave in the end."""
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setblocking(False)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
        await loop.sock_connect(client, ("127.0.0.1", port))
        await loop.sock_sendall(client, request(next_number()))
        await asyncio.sleep(HELD_SECONDS)


def questions(number: int) -> bytes:
    """Other instants and searches, no two the same."""
    minutes, second = divmod(number, 60)
    hour, minute = divmod(minutes, 60)
    return get(f"/?at=2025-07-18T{hour % 24:02}:{minute:02}:{second:02}" if number % 2 else f"/?q=word{number}")


def unfinished(number: int) -> bytes:
    """The beginnings of requests."""
    beginnings = (
        b"G",
        get("/", "X: " + "x" * 8000)[:-4],
        post("/my/picks", "{}")[:-1],
        post("/organizer/edit", "x" * 1000)[:-1],
    )
    return beginnings[number % len(beginnings)]


def malformed(number: int) -> bytes:
    """What is not a request, or has a body that is not what it says."""
    texts = (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        get("/", "Host: other"),
        get("/", "X: " + "x" * 40_000),
        get("/?" + "x" * 20_000),
        post("/my/picks", "[" * LARGEST_BODY),
        post("/my/picks", "x" * (LARGEST_BODY + 1)),
        post("/organizer/edit", "%00" * 9),
        b"POST /my/picks HTTP/1.1\r\nHost: agenda\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    )
    return texts[number % len(texts)]


def made_up_keys(number: int) -> bytes:
    """Sign-in links, feeds and keys of readers that nobody has."""
    key = f"{number:043}"
    texts = (
        get(f"/organizer/sign-in/{key}"),
        get(f"/my/{key}.ics"),
        get("/my/picks", f"Authorization: Bearer {key}"),
        get("/organizer", f"Cookie: agenda-organizer={key}", f"Authorization: Bearer {key}"),
        get("/my/picks", f"Authorization: Bearer {key}").replace(b"GET", b"OPTIONS"),
    )
    return texts[number % len(texts)]


def with_own_key(key: str, number: int) -> bytes:
    """A reader's stars, or the reader's key as a link to the console."""
    return get(("/my/picks", f"/organizer/sign-in/{key}")[number % 2], f"Authorization: Bearer {key}")


@dataclass(frozen=True)
class Attack:
    """What so many ``clients`` do at a time, again and again."""

    act: Act
    clients: int


ATTACKS = {
    "requests that are hung up on": Attack(partial(hang_up, lambda n: get(f"/card.png?x={n}")), 100),
    "made-up queries": Attack(partial(ask, lambda n: get(f"/card.png?x={n}")), 200),
    "questions": Attack(partial(ask, questions), 50),
    "made-up addresses": Attack(
        partial(ask, lambda n: get(f"/talks/{n}" if n % 2 else f"/static/{n}/css/pages.css")), 50
    ),
    "made-up hosts": Attack(partial(ask, lambda n: get("/", host=f"h{n // 3}.example")), 50),
    "pages that are not read": Attack(partial(never_read, lambda _: get("/offline/pages") * 3), 450),
    "streams that are not read": Attack(partial(never_read, lambda _: get("/live")), 450),
    "requests that do not end": Attack(partial(never_read, unfinished), 450),
    "bodies that do not come": Attack(partial(never_read, lambda _: post("/my/picks", "{}")[:-1]), 600),
    "answers that are not read": Attack(partial(never_read, lambda n: questions(n) * 4), 450),
    "pipelined requests that are hung up on": Attack(partial(hang_up, lambda n: questions(n) * 4), 50),
    "malformed requests": Attack(partial(ask, malformed), 50),
    "made-up keys": Attack(partial(ask, made_up_keys), 200),
    "new stars": Attack(partial(ask, lambda _: post("/my/picks", '{"add": ["tri-dao"]}')), 50),
    "keys of its own": Attack(use_own_key, 200),
    "display tokens": Attack(partial(ask, lambda _: post("/display/token", "")), 50),
    "made-up displays": Attack(
        partial(ask, lambda n: post("/display/report", REPORT, f"Authorization: Bearer {n:016x}.{n:027}")), 50
    ),
}


@contextmanager
def under_attack(port: int, name: str, requests: int) -> Iterator[None]:
    """Attack a port from another process; the block is entered once so much was begun, and ends the attack."""
    begun, ended = processes.Value("L"), processes.Event()
    process = started(_attack, port, name, begun, ended)
    try:
        wait_until(lambda: begun.value >= requests or not process.is_alive(), LONGEST_SECONDS)
        yield
        went_on = process.is_alive()
    finally:
        ended.set()
        process.join()
    if process.exitcode or not went_on:
        raise RuntimeError(f"the attack failed, or ended before the test: status {process.exitcode}")


def _attack(port: int, name: str, begun: Any, ended: Event) -> None:
    asyncio.run(_flood(port, ATTACKS[name], begun, ended))


async def _flood(port: int, attack: Attack, begun: Any, ended: Event) -> None:
    def next_number() -> int:
        begun.value += 1
        return int(begun.value)

    async def client() -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await attack.act(port, next_number)
            # An act that fails at once lets others go on.
            await asyncio.sleep(0)

    clients = [asyncio.create_task(client()) for _ in range(attack.clients)]
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_SECONDS):
            while not ended.is_set():  # noqa: ASYNC110 - another process sets it
                await asyncio.sleep(0.02)
    failed = [task.exception() for task in clients if task.done()]
    for task in clients:
        task.cancel()
    await asyncio.gather(*clients, return_exceptions=True)
    if failed:
        raise RuntimeError(f"{len(failed)} clients failed") from failed[0]
