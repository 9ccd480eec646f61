"""Fetches an address: the host is resolved once, its addresses are checked, and one of those is connected to.

Redirects are followed by the same rules; time and size are limited.
"""

from __future__ import annotations

import http.client
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import quote, urljoin, urlsplit

from app.domain.errors import AgendaError
from app.outgoing.exchange import SAFE, Deadline, Target, plain, response_of, target_of
from app.outgoing.reachable import NOTHING_ALLOWED, Allowed, Resolve, resolved

# Limits on a server that sends nothing, and on a whole download.
SILENCE_SECONDS = 20
LONGEST_SECONDS = 60
MOST_REDIRECTS = 5
LONGEST_RETRY_SECONDS = 24 * 3600
# Of an ETag or Last-Modified; a longer one is not kept.
LONGEST_VALIDATOR = 200
CHUNK = 65_536
HTTPS_ONLY = frozenset({"https"})
HTTP_TOO = frozenset({"http", "https"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SIGN_IN_HOSTS = frozenset({"accounts.google.com", "login.microsoftonline.com", "login.live.com"})
ASKS_FOR_A_SIGN_IN = "it asks for a sign-in; let anyone with the link read it, or save it as CSV"
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
COMPRESSED = frozenset({"gzip", "x-gzip", "deflate"})
ENDINGS = {"text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics", "application/json": ".json"}


class FetchRefused(AgendaError):
    """An address that was not fetched, and why; ``retry_after_seconds`` is how long its server asks to wait.

    The message has no password, even where the address has one.
    """

    def __init__(self, address: str, reason: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(f"{without_password(address)}: {reason}")
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a server recognizes content that it sent before: its ETag and Last-Modified, "" for none."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that ask for the content only where it is another."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Which addresses may be fetched, and within which limits.

    ``given_may_be_private`` is for an address that a person typed at their own terminal: its host may be private, and
    redirects may lead to the very same IP address. ``proxies`` are by scheme; they resolve names themselves, so that
    behind one only hosts in numbers are checked.
    """

    most_bytes: int
    allowed: Allowed = NOTHING_ALLOWED
    schemes: frozenset[str] = HTTPS_ONLY
    given_may_be_private: bool = False
    proxies: Mapping[str, str] = field(default_factory=dict)
    resolve: Resolve = resolved
    silence_seconds: float = SILENCE_SECONDS
    longest_seconds: float = LONGEST_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server sent, at most one byte more than may be; ``data`` is None where nothing changed (304).

    ``name`` is the file name that the server gives, else that in ``address``, which is where it was found after
    redirects. ``private`` tells whether the host of the given address is not public.
    """

    data: bytes | None
    name: str
    address: str
    validators: Validators = NO_VALIDATORS
    private: bool = False


def without_password(address: str) -> str:
    """The address without the name and password that it may have before its host."""
    scheme, mark, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}" if mark else address


def fetch(address: str, caller: Caller, known: Validators = NO_VALIDATORS) -> Fetched:
    """What is at an address, or that it is still what was ``known``; raises `FetchRefused`."""
    deadline = Deadline(time.monotonic() + caller.longest_seconds, caller.silence_seconds)
    try:
        return _Journey(address, caller, known, deadline).end()
    except TimeoutError as error:
        late = time.monotonic() >= deadline.ends_at
        said = (
            f"did not end within {caller.longest_seconds:g}" if late else f"was silent for {caller.silence_seconds:g}"
        )
        raise FetchRefused(address, f"it {said} seconds") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise FetchRefused(address, f"it cannot be fetched ({plain(said)})") from error


@dataclass(frozen=True, slots=True)
class _Journey:
    """From a given address over its redirects to what is there in the end."""

    given: str
    caller: Caller
    known: Validators
    deadline: Deadline

    def end(self) -> Fetched:
        """What is there."""
        place, target = self.given, self._target(self.given)
        private = NOTHING_ALLOWED.forbidden(target.host, target.addresses) is not None
        allowed = self.caller.allowed
        if self.caller.given_may_be_private:
            allowed = allowed.with_addresses(target.addresses)
        self._check(target, allowed, "is at")
        for _ in range(MOST_REDIRECTS + 1):
            with response_of(target, self.known.headers, self.deadline) as response:
                following = response.headers["Location"] if response.status in REDIRECTS else None
                if following is None:
                    return self._fetched(place, response, private=private)
            place = self._redirected(place, following)
            target = self._target(place)
            self._check(target, allowed, "redirects to")
        raise self._refused(f"it redirects more than {MOST_REDIRECTS} times")

    def _target(self, place: str) -> Target:
        parts = urlsplit(place)
        if parts.scheme not in self.caller.schemes:
            raise self._refused(f"only {' and '.join(sorted(self.caller.schemes))} can be fetched, not {parts.scheme}")
        if "@" in parts.netloc:
            raise self._refused("it has a name or password in it, which would be kept and shown; give a link without")
        return target_of(place, self.caller.resolve, self.caller.proxies)

    def _check(self, target: Target, allowed: Allowed, verb: str) -> None:
        if found := allowed.forbidden(target.host, target.addresses):
            raise self._refused(f"it {verb} a private address ({found}); AGENDA_OUTGOING_ALLOW can allow it")

    def _redirected(self, place: str, following: str) -> str:
        """Where a redirect leads."""
        found = urljoin(place, quote(following.encode("latin-1"), safe=f"{SAFE}#"))
        if urlsplit(found).hostname in SIGN_IN_HOSTS:
            raise self._refused(ASKS_FOR_A_SIGN_IN)
        if (urlsplit(place).scheme, urlsplit(found).scheme) == ("https", "http"):
            raise self._refused("it redirects from https to http, on which anybody between could change it")
        return found

    def _fetched(self, place: str, response: http.client.HTTPResponse, *, private: bool) -> Fetched:
        headers = response.headers
        unchanged = response.status == HTTPStatus.NOT_MODIFIED
        if not unchanged and response.status != HTTPStatus.OK:
            raise self._refused(_status_reason(response), _retry_after_seconds(headers))
        validators = Validators(*(_kept(headers[name]) for name in ("ETag", "Last-Modified")))
        return Fetched(
            data=None if unchanged else self._body(response),
            name=_name(place, headers),
            address=place,
            validators=validators,
            private=private,
        )

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        """The body, decompressed where the server compressed it unasked; raises `FetchRefused` for half of one."""
        coding = (response.headers["Content-Encoding"] or "identity").strip().lower()
        most = self.caller.most_bytes + 1
        parts = _limited(response, most) if coding == "identity" else self._decompressed(response, coding, most)
        data = b"".join(parts)
        # Without a length of its own a body ends where the connection does.
        if len(data) < most and response.length:
            raise self._refused("it ended before all of it was sent")
        return data

    def _decompressed(self, response: http.client.HTTPResponse, coding: str, most: int) -> Iterator[bytes]:
        if coding not in COMPRESSED:
            raise self._refused(f"it is compressed ({plain(coding)}), which was not asked for")
        unpacker = zlib.decompressobj(GZIP_OR_ZLIB)
        try:
            for part in _limited(response, most):
                yield (unpacked := unpacker.decompress(part, most))
                most -= len(unpacked)
                if most <= 0:
                    return
        except zlib.error as error:
            raise self._refused("it is compressed, and damaged") from error
        if not unpacker.eof:
            raise self._refused("it ended before all of it was sent")

    def _refused(self, reason: str, retry_after_seconds: int | None = None) -> FetchRefused:
        return FetchRefused(self.given, reason, retry_after_seconds)


def _limited(response: http.client.HTTPResponse, most: int) -> Iterator[bytes]:
    """The body in parts, no more than so many bytes."""
    while most > 0 and (part := response.read1(min(CHUNK, most))):
        most -= len(part)
        yield part


def _status_reason(response: http.client.HTTPResponse) -> str:
    said = f"its server answers {response.status} {plain(response.reason)}".rstrip()
    match response.status:
        case HTTPStatus.UNAUTHORIZED:
            return f"{said}: {ASKS_FOR_A_SIGN_IN}"
        case HTTPStatus.FORBIDDEN:
            return f"{said}: not everybody may read it; let anyone with the link do so, or save it as a file"
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return f"{said}: it cannot be read at the moment"
        case _:
            return said


def _retry_after_seconds(headers: Message) -> int | None:
    """How long a server asks to wait, in seconds or until an instant by its own clock; None where it does not say."""
    said = (headers["Retry-After"] or "").strip()
    if said.isascii() and said.isdecimal():
        return min(int(said[:9]), LONGEST_RETRY_SECONDS)
    with suppress(TypeError, ValueError):
        seconds = parsedate_to_datetime(said) - parsedate_to_datetime(headers["Date"])
        return max(0, min(int(seconds.total_seconds()), LONGEST_RETRY_SECONDS))
    return None


def _kept(validator: str | None) -> str:
    """A validator that can be sent back as it is; "" for any other."""
    text = validator or ""
    return text if len(text) <= LONGEST_VALIDATOR and text.isascii() and text.isprintable() else ""


def _name(address: str, headers: Message) -> str:
    """The file name that a server gives, else that in the address; one without an ending gets its content type's."""
    said = PurePosixPath(plain(headers.get_filename() or "").replace("\\", "/")).name
    name = said or PurePosixPath(urlsplit(address).path).name or urlsplit(address).netloc
    return name if PurePosixPath(name).suffix else name + ENDINGS.get(headers.get_content_type(), "")
