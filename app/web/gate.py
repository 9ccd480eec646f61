"""Who may ask by which name, and how much: the same at the front door and in Flask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

# Platforms and monitors ask these by a machine's number.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
LONGEST_QUERY = 2000
LONGEST_PATH = 1000
DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(?::\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?")
# On the machine itself the service may be looked at as what it is; no page elsewhere has these names.
_LOOPBACK = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?")


@dataclass(frozen=True)
class Refusal:
    """Why a request is not looked at."""

    status: HTTPStatus
    detail: str


@dataclass(frozen=True)
class Gate:
    """The rules; ``hosts`` empty means that any name will do, ``proxies`` how many are to be believed."""

    public_url: str = ""
    hosts: frozenset[str] = frozenset()
    proxies: int = 0

    @classmethod
    def of(cls, public_url: str, proxies: int) -> Gate:
        """The rules of a service with this public address."""
        return cls(public_url, hosts_of(public_url) if public_url else frozenset(), proxies)

    def knows(self, host: str) -> bool:
        """Whether a Host header names this service."""
        return not self.hosts or host in self.hosts or host.lower() in self.hosts or bool(_LOOPBACK.fullmatch(host))

    def refusal(self, path: str, query: str, host: str) -> Refusal | None:
        """Why a request is refused; None for one that may go on."""
        if len(query) > LONGEST_QUERY:
            return Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, f"a query has at most {LONGEST_QUERY} letters")
        if len(path) > LONGEST_PATH:
            return Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, f"an address has at most {LONGEST_PATH} letters")
        if path in PROBES:
            return None
        if not _HOST.fullmatch(host):
            return Refusal(HTTPStatus.BAD_REQUEST, "this is not the name of a host")
        if not self.knows(host):
            return Refusal(HTTPStatus.BAD_REQUEST, f"this service is at {self.public_url}")
        return None

    def scheme(self, spoken: str, headers: Mapping[str, str]) -> str:
        """What the reader speaks, "http" or "https": as the public address says, or a proxy that is believed."""
        if self.public_url.startswith("https:"):
            return "https"
        if not self.proxies:
            return spoken
        said = headers.get("x-forwarded-proto", "").split(",")
        word = said[-self.proxies].strip() if len(said) >= self.proxies else ""
        return word if word in DEFAULT_PORTS else spoken


def hosts_of(public_url: str) -> frozenset[str]:
    """The Host headers that mean an address: with and without its scheme's own port."""
    address = urlsplit(public_url)
    name = address.hostname or ""
    name = f"[{name}]" if ":" in name else name
    default = DEFAULT_PORTS.get(address.scheme)
    if address.port in {None, default}:
        return frozenset({name, f"{name}:{default}"})
    return frozenset({f"{name}:{address.port}"})
