"""Which hosts and sizes of requests are accepted: the same rules in the ASGI server and in Flask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.exceptions import BadRequest, RequestURITooLarge

# Platforms and monitors request these by IP address.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
LONGEST_QUERY = 2000
LONGEST_PATH = 1000
# Two of the longest texts that people type, in a script of three bytes a letter.
LARGEST_BODY = 128 * 1024
# A file that an organizer imports; the other fields of its form are as large as a body at most.
LARGEST_FILE = 20_000_000
# Such files, and pictures of speakers, that are being received at once.
MOST_FILES = 2
MOST_PICTURES = 6
DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(?::\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?")
# These names always mean this machine, so no page elsewhere can have them.
_LOOPBACK = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?")


@dataclass(frozen=True)
class RequestPolicy:
    """The rules; empty ``hosts`` accept any host, ``proxies`` is the number of trusted proxies."""

    public_url: str = ""
    hosts: frozenset[str] = frozenset()
    proxies: int = 0

    @classmethod
    def of(cls, public_url: str, proxies: int) -> RequestPolicy:
        """The rules for a service with this public address ("": none)."""
        return cls(public_url, hosts_of(public_url) if public_url else frozenset(), proxies)

    def knows(self, host: str) -> bool:
        """Whether a Host header is accepted."""
        if not self.hosts:
            return bool(_HOST.fullmatch(host))
        return host in self.hosts or host.lower() in self.hosts or bool(_LOOPBACK.fullmatch(host))

    def check(self, path: str, query: str, host: str) -> None:
        """Refuse a request that is too long or for another host; raises `RequestURITooLarge` or `BadRequest`."""
        if len(query) > LONGEST_QUERY:
            raise RequestURITooLarge(f"a query has at most {LONGEST_QUERY} letters")
        if len(path) > LONGEST_PATH:
            raise RequestURITooLarge(f"an address has at most {LONGEST_PATH} letters")
        if path in PROBES:
            return
        if not _HOST.fullmatch(host):
            raise BadRequest("this is not the name of a host")
        if not self.knows(host):
            raise BadRequest(f"this service is at {self.public_url}")

    def scheme(self, connection: str, headers: Mapping[str, str]) -> str:
        """The reader's scheme, "http" or "https": of the public address, of a trusted proxy, or of the connection."""
        if self.public_url.startswith("https:"):
            return "https"
        if not self.proxies:
            return connection
        forwarded = headers.get("x-forwarded-proto", "").split(",")
        scheme = forwarded[-self.proxies].strip() if len(forwarded) >= self.proxies else ""
        return scheme if scheme in DEFAULT_PORTS else connection


def hosts_of(public_url: str) -> frozenset[str]:
    """The Host headers of an address, with and without its scheme's default port."""
    address = urlsplit(public_url)
    name = address.hostname or ""
    name = f"[{name}]" if ":" in name else name
    default = DEFAULT_PORTS.get(address.scheme)
    if address.port in {None, default}:
        return frozenset({name, f"{name}:{default}"})
    return frozenset({f"{name}:{address.port}"})
