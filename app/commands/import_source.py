"""Reads the source of an import: a file, a folder, standard input, or an http(s) address."""

from __future__ import annotations

import http.client
import re
import sys
import time
import urllib.request
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.importing import MOST_BYTES, ImportRefused, ImportReport
from app.importing.site_folder import find_source

STANDARD_INPUT = "-"
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
GOOGLE_SHEET = re.compile(
    r"(?P<sheet>https?://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/(?:e/)?[\w-]+)(?:/(?P<page>\w*))?(?=[?#]|$)"
)
SIGN_IN = "accounts.google.com"
ENDINGS = {"text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics", "application/json": ".json"}
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


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The bytes of a source, at most one more than can be imported, its file name, and its address, "" for none."""

    data: bytes
    name: str
    address: str = ""


def read_source(source: str, report: ImportReport) -> SourceFile:
    """The file that is imported; which one of a folder it is, is reported. Raises `ImportRefused`."""
    if source == STANDARD_INPUT:
        return SourceFile(sys.stdin.buffer.read(MOST_BYTES + 1), STANDARD_INPUT)
    if ADDRESS.match(source):
        return _fetch(source)
    path = Path(source)
    try:
        if path.is_dir():
            path = _file_in(path, report)
        with path.open("rb") as file:
            return SourceFile(file.read(MOST_BYTES + 1), path.name)
    except (OSError, ValueError) as error:
        raise ImportRefused(source, getattr(error, "strerror", None) or str(error)) from error


def csv_address(address: str) -> str:
    """The address at which Google Sheets gives a sheet as CSV, for one that shows it; any other address as it is."""
    match = GOOGLE_SHEET.match(address)
    if match is None:
        return address
    parts = urlsplit(address)
    said = dict(parse_qsl(parts.query)) | dict(parse_qsl(parts.fragment))
    if match["page"] == "export" or "output" in said:
        return address
    page, form = ("pub", "output") if match["page"] in {"pub", "pubhtml"} else ("export", "format")
    kept = [(name, said[name]) for name in ("gid", "single", "resourcekey") if name in said]
    return f"{match['sheet']}/{page}?{urlencode([(form, 'csv'), *kept])}"


def _file_in(folder: Path, report: ImportReport) -> Path:
    if (folder / "program.toml").is_file():
        raise ImportRefused(str(folder), "a program folder already; `agenda check` checks it, --to may name it")
    return find_source(folder, report)


def _fetch(address: str) -> SourceFile:
    try:
        request = urllib.request.Request(address, headers={"User-Agent": "codeml-agenda"})  # noqa: S310 - http(s), above
        opener = urllib.request.OpenerDirector()
        for handler in HANDLERS:
            opener.add_handler(handler())
        with opener.open(request, timeout=SILENCE_SECONDS) as response:
            if urlsplit(response.url).hostname == SIGN_IN:
                raise ImportRefused(
                    address, "it asks for a sign-in; let anyone with the link read it, or save it as CSV"
                )
            return SourceFile(_body(response, address), _name(response.url, response.headers), response.url)
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


def _name(address: str, headers: Message) -> str:
    """The file name that a server gives, else that in the address; one without an ending gets its content type's."""
    said = PurePosixPath((headers.get_filename() or "").replace("\\", "/")).name
    name = said or PurePosixPath(urlsplit(address).path).name or urlsplit(address).netloc
    return name if PurePosixPath(name).suffix else name + ENDINGS.get(headers.get_content_type(), "")
