"""A proxy that holds streams for the service, such as Pushpin: its address, its keys, and what is published to it.

The protocol is GRIP (https://pushpin.org/docs/protocols/grip/). This is the one user of its libraries.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from app.outgoing.exchange import LONGEST_SAID, Deadline, plain, response_of, target_of
from app.outgoing.reachable import resolved

# A key of HMAC-SHA256 is as long as its hash at least (RFC 7518, 3.2): shorter ones can be guessed.
LEAST_KEY_BYTES = 32
# From the connection to the end of the answer; a host's name is looked up before that, within the system's limits.
PROXY_SECONDS = 3.0
LONGEST_SIGNATURE = 4096
MISSING_KEY = "an address with key=…: without one anybody could pass for the proxy"
SHORT_KEY = f"keys of at least {LEAST_KEY_BYTES} bytes; `openssl rand -hex 32` makes one"
NO_ADDRESS = "the proxy's control address, such as http://127.0.0.1:5561?iss=agenda&key=…"


class NoProxy(Exception):
    """The proxy did not take what was published."""


@dataclass(frozen=True, slots=True)
class GripItem:
    """A part of the streams of a ``channel``; ``follows`` is the ``id`` of the part before it.

    One that is ``unsent`` is known to the proxy as sent, and no stream gets it.
    """

    channel: str
    id: str
    content: bytes
    follows: str | None = None
    unsent: bool = False


@dataclass(frozen=True, eq=False)
class GripProxy:
    """A proxy as a GRIP URI names it; ``address`` is what may be shown of it."""

    address: str
    config: dict[str, Any] = field(repr=False)

    @classmethod
    def read(cls, uri: str) -> GripProxy:
        """Read a URI such as `http://127.0.0.1:5561?iss=agenda&key=…`; raises `ValueError`, without the keys."""
        try:
            parts = urlsplit(uri)
            is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
            config: dict[str, Any] = _library().parse_grip_uri(uri)
        except ValueError:
            raise ValueError(NO_ADDRESS) from None
        if not is_address or parts.username is not None:
            raise ValueError(NO_ADDRESS)
        keys = [config[name] for name in ("key", "verify_key") if name in config]
        if "key" not in config:
            raise ValueError(MISSING_KEY)
        if any(len(_octets(key)) < LEAST_KEY_BYTES for key in keys):
            raise ValueError(SHORT_KEY)
        return cls(f"{parts.scheme}://{parts.netloc}", config)

    def has_signed(self, signature: str) -> bool:
        """Whether a Grip-Sig header is one of this proxy's, and has not expired."""
        if not signature or len(signature) > LONGEST_SIGNATURE:
            return False
        key = self.config.get("verify_key", self.config["key"])
        return bool(_library().validate_sig(signature, key, self.config.get("verify_iss")))


class GripControl:
    """Publishes to a proxy, from one thread; each call has an end."""

    def __init__(self, proxy: GripProxy) -> None:
        [self._client] = _library().GripPubControl(proxy.config).clients
        # The one of the library has no limits: a proxy that sends its answer slowly would hold the thread for ever.
        self._client.requests_session = _LimitedSession()

    def publish(self, items: Iterable[GripItem]) -> None:
        """Publish parts of streams, in order; raises `NoProxy`."""
        body = json.dumps({"items": list(map(_exported, items))}).encode()
        try:
            self._client.http_call("/publish/", body, {"Content-Type": "application/json"})
        except ValueError as error:
            raise NoProxy(plain(str(error))) from error


class _Answer(NamedTuple):
    """What the library reads of an answer."""

    status_code: int
    headers: Mapping[str, str]
    text: str


class _LimitedSession:
    """What the library sends its requests by: each has `PROXY_SECONDS`, and of the answer only the start is read."""

    def post(self, uri: str, headers: Mapping[str, str], data: bytes) -> _Answer:
        deadline = Deadline(time.monotonic() + PROXY_SECONDS, PROXY_SECONDS)
        try:
            # No other proxy lies between, which the environment may name for other programs.
            with response_of(target_of(uri, resolved, {}), headers, deadline, data) as response:
                said = response.read(LONGEST_SAID).decode(errors="replace")
                return _Answer(response.status, dict(response.headers), said)
        except TimeoutError:
            raise NoProxy(f"it did not answer within {PROXY_SECONDS:g} seconds") from None
        except (OSError, http.client.HTTPException) as error:
            raise NoProxy(getattr(error, "strerror", None) or str(error) or type(error).__name__) from error


def _exported(item: GripItem) -> dict[str, Any]:
    library, pubcontrol = _libraries()
    content = item.content.decode()
    # Streams get the one format and not the other.
    part = library.WebSocketMessageFormat(content) if item.unsent else library.HttpStreamFormat(content)
    exported = pubcontrol.Item(part, item.id, item.follows).export(formats_field=True)
    return {"channel": item.channel, **exported}


def _octets(key: str | bytes) -> bytes:
    return key if isinstance(key, bytes) else key.encode()


def _library() -> Any:
    return _libraries()[0]


def _libraries() -> tuple[Any, Any]:
    # Loading them takes a quarter of a second and 8 MB, which a service without such a proxy does not need.
    import gripcontrol  # noqa: PLC0415
    import pubcontrol  # noqa: PLC0415 - a part of the same

    return gripcontrol, pubcontrol
