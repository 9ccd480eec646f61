"""One HTTP request to a host whose IP addresses are known already, with time limits on connection, headers and body."""

from __future__ import annotations

import base64
import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit
from urllib.request import proxy_bypass

from app.outgoing.reachable import IP, Resolve

USER_AGENT = "codeml-agenda"
PORTS = {"http": 80, "https": 443}
# Of what a server says that is shown: its reason, a file's name.
LONGEST_SAID = 200
# Letters that a request's path has as they are; others are quoted.
SAFE = "%/:=&?~+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes; behind a proxy, which resolves names itself, only a host in numbers has addresses."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: Sequence[IP]
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an exchange must have ended, by the monotonic clock, and how long its server may be silent."""

    ends_at: float
    silence_seconds: float

    def left(self) -> float:
        """For how long to wait for the next bytes; raises `TimeoutError` where no time is left."""
        seconds = self.ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return min(seconds, self.silence_seconds)


def target_of(address: str, resolve: Resolve, proxies: Mapping[str, str]) -> Target:
    """What an http(s) address stands for, its host resolved; raises `ValueError` or `OSError`."""
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode()
    if not host:
        raise ValueError("no host in it")
    proxy = "" if proxy_bypass(host, proxies) else proxies.get(parts.scheme, "")
    return Target(
        parts.scheme, host, parts.port or PORTS[parts.scheme], _path(parts), _addresses(host, resolve, proxy), proxy
    )


def _path(parts: SplitResult) -> str:
    return quote(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}", safe=SAFE)


def _addresses(host: str, resolve: Resolve, proxy: str) -> Sequence[IP]:
    try:
        return (ipaddress.ip_address(host),)
    except ValueError:
        return () if proxy else resolve(host)


@contextmanager
def response_of(
    target: Target, headers: Mapping[str, str], deadline: Deadline, sent: bytes | None = None
) -> Iterator[http.client.HTTPResponse]:
    """The response to a GET, or to a POST of what is ``sent``, its body still to be read.

    Raises `OSError` or `http.client.HTTPException`.
    """
    connection, path, more = _connection(target, deadline)
    try:
        # What is not compressed cannot grow when it is unpacked.
        fields = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close", **headers, **more}
        connection.request("GET" if sent is None else "POST", path, sent, fields)
        with connection.getresponse() as response:
            yield response
    finally:
        connection.close()


def plain(text: str) -> str:
    """What a server says, fit for a terminal and a log: a line without control characters, and not long."""
    return "".join(char if char.isprintable() else " " for char in text[:LONGEST_SAID]).strip()


def _connection(target: Target, deadline: Deadline) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
    """An open connection, what to ask for on it, and the headers that a proxy wants."""
    proxy = urlsplit(target.proxy if "//" in target.proxy else f"//{target.proxy}")
    headers = _proxy_headers(proxy)
    if target.proxy and target.scheme == "https":
        tunnel = http.client.HTTPSConnection(
            proxy.hostname or "", proxy.port or PORTS["http"], timeout=deadline.left(), context=_context()
        )
        tunnel.set_tunnel(target.host, target.port, headers)
        tunnel.connect()
        tunnel.sock = _TimedSocket(tunnel.sock, deadline)
        return tunnel, target.path, {}
    sort = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = sort(target.host, target.port)
    if target.proxy:
        opened = socket.create_connection((proxy.hostname, proxy.port or PORTS["http"]), deadline.left())
        path = f"http://{_authority(target)}{target.path}"
    else:
        opened, path = _open(target, deadline), target.path
    # With an open socket http.client connects, and resolves, no more.
    connection.sock = _TimedSocket(opened, deadline)
    return connection, path, headers


def _authority(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return f"{host}:{target.port}"


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    words = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}


def _open(target: Target, deadline: Deadline) -> socket.socket:
    """A connection to the first of the addresses that accepts one; over TLS its certificate is the host name's."""
    failure: OSError = OSError("its host has no address")
    for address in target.addresses:
        try:
            opened = socket.create_connection((str(address), target.port), deadline.left())
        except OSError as error:
            failure = error
            continue
        if target.scheme == "http":
            return opened
        return _context().wrap_socket(opened, server_hostname=target.host)
    raise failure


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


class _TimedSocket:
    """As much of a socket as http.client uses, each read and write within a deadline: a header that drips in, too."""

    def __init__(self, opened: socket.socket, deadline: Deadline) -> None:
        self._socket = opened
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._socket, self._deadline))

    def close(self) -> None:
        self._socket.close()


class _TimedReader(io.RawIOBase):
    """What comes in on a socket, each read within a deadline."""

    def __init__(self, opened: socket.socket, deadline: Deadline) -> None:
        self._socket = opened
        self._raw = opened.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(self._deadline.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
