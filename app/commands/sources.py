"""Where an import reads from: a file, a folder, standard input, or an address that was given as such."""

from __future__ import annotations

import http.client
import re
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.error import HTTPError
from urllib.parse import urlsplit

from app.formats.imports import MOST_BYTES, ImportRefused
from app.formats.imports.site_folder import find_source

STANDARD_INPUT = "-"
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
# A server that sends nothing, and one that never ends.
SILENCE_SECONDS = 20
LONGEST_SECONDS = 60
CHUNK = 65_536
# Not urllib's own choice, which reads ftp: and file: too.
HANDLERS = (
    urllib.request.ProxyHandler,
    urllib.request.HTTPHandler,
    urllib.request.HTTPSHandler,
    urllib.request.HTTPDefaultErrorHandler,
    urllib.request.HTTPRedirectHandler,
    urllib.request.HTTPErrorProcessor,
    urllib.request.UnknownHandler,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The bytes of a source, and the name by which errors and readers know it."""

    data: bytes
    name: str


def found(source: str) -> Found:
    """What a source holds, at most one byte more than can be imported; raises `ImportRefused`."""
    if source == STANDARD_INPUT:
        return Found(sys.stdin.buffer.read(MOST_BYTES + 1), STANDARD_INPUT)
    if ADDRESS.match(source):
        return _fetched(source)
    path = Path(source)
    try:
        if path.is_dir():
            path = _in_folder(path)
        with path.open("rb") as file:
            return Found(file.read(MOST_BYTES + 1), path.name)
    except (OSError, ValueError) as error:
        raise ImportRefused(source, getattr(error, "strerror", None) or str(error)) from error


def _in_folder(folder: Path) -> Path:
    if (folder / "program.toml").is_file():
        raise ImportRefused(str(folder), "a program folder already; `agenda check` checks it, --to may name it")
    return find_source(folder)


def _fetched(address: str) -> Found:
    """A file of the web. Only http and https are spoken, after redirects too."""
    try:
        request = urllib.request.Request(address, headers={"User-Agent": "codeml-agenda"})  # noqa: S310 - http(s), above
        with _opener().open(request, timeout=SILENCE_SECONDS) as answer:
            return Found(_body(answer, address), _name(answer.url, answer.headers.get_content_type()))
    except HTTPError as error:
        error.close()
        raise ImportRefused(address, f"its server answers {error.code} {error.reason}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ImportRefused(address, f"it cannot be fetched ({getattr(error, 'reason', None) or error})") from error


def _opener() -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in HANDLERS:
        opener.add_handler(handler())
    return opener


def _body(answer: http.client.HTTPResponse, address: str) -> bytes:
    ends_at = time.monotonic() + LONGEST_SECONDS
    parts: list[bytes] = []
    size = 0
    while size <= MOST_BYTES and (part := answer.read1(CHUNK)):
        parts.append(part)
        size += len(part)
        if time.monotonic() > ends_at:
            raise ImportRefused(address, f"it did not end within {LONGEST_SECONDS} seconds")
    return b"".join(parts)[: MOST_BYTES + 1]


def _name(address: str, content_type: str) -> str:
    """The name of its file; a page that has none is HTML by the server's word."""
    name = PurePosixPath(urlsplit(address).path).name or urlsplit(address).netloc
    return f"{name}.html" if content_type == "text/html" and not PurePosixPath(name).suffix else name
