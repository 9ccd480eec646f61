"""Reads the source of an import: a file, a folder, standard input, or an http(s) address."""

from __future__ import annotations

import http.client
import re
import sys
import time
import urllib.request
from pathlib import Path, PurePosixPath
from urllib.error import HTTPError
from urllib.parse import urlsplit

from app.importing import MOST_BYTES, ImportRefused
from app.importing.site_folder import find_source

STANDARD_INPUT = "-"
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
# Limits on a server that sends nothing, and on the whole download.
SILENCE_SECONDS = 20
LONGEST_SECONDS = 60
CHUNK = 65_536
# urllib's default handlers also open ftp: and file: addresses, after redirects too.
HANDLERS = (
    urllib.request.ProxyHandler,
    urllib.request.HTTPHandler,
    urllib.request.HTTPSHandler,
    urllib.request.HTTPDefaultErrorHandler,
    urllib.request.HTTPRedirectHandler,
    urllib.request.HTTPErrorProcessor,
    urllib.request.UnknownHandler,
)


def read_source(source: str) -> tuple[bytes, str]:
    """A source's bytes, at most one more than can be imported, and its file name; raises `ImportRefused`."""
    if source == STANDARD_INPUT:
        return sys.stdin.buffer.read(MOST_BYTES + 1), STANDARD_INPUT
    if ADDRESS.match(source):
        return _fetch(source)
    path = Path(source)
    try:
        if path.is_dir():
            path = _file_in(path)
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1), path.name
    except (OSError, ValueError) as error:
        raise ImportRefused(source, getattr(error, "strerror", None) or str(error)) from error


def _file_in(folder: Path) -> Path:
    if (folder / "program.toml").is_file():
        raise ImportRefused(str(folder), "a program folder already; `agenda check` checks it, --to may name it")
    return find_source(folder)


def _fetch(address: str) -> tuple[bytes, str]:
    try:
        request = urllib.request.Request(address, headers={"User-Agent": "codeml-agenda"})  # noqa: S310 - http(s), above
        opener = urllib.request.OpenerDirector()
        for handler in HANDLERS:
            opener.add_handler(handler())
        with opener.open(request, timeout=SILENCE_SECONDS) as response:
            return _body(response, address), _name(response.url, response.headers.get_content_type())
    except HTTPError as error:
        error.close()
        raise ImportRefused(address, f"its server answers {error.code} {error.reason}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ImportRefused(address, f"it cannot be fetched ({getattr(error, 'reason', None) or error})") from error


def _body(response: http.client.HTTPResponse, address: str) -> bytes:
    ends_at = time.monotonic() + LONGEST_SECONDS
    parts: list[bytes] = []
    size = 0
    while size <= MOST_BYTES and (part := response.read1(CHUNK)):
        parts.append(part)
        size += len(part)
        if time.monotonic() > ends_at:
            raise ImportRefused(address, f"it did not end within {LONGEST_SECONDS} seconds")
    return b"".join(parts)[: MOST_BYTES + 1]


def _name(address: str, content_type: str) -> str:
    """The file name in an address; a page without an ending gets `.html` where its content type is HTML."""
    name = PurePosixPath(urlsplit(address).path).name or urlsplit(address).netloc
    return f"{name}.html" if content_type == "text/html" and not PurePosixPath(name).suffix else name
