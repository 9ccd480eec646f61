"""The address of a file itself, for one of a page that shows it: sheets of Google, files at git hosts."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

ADDRESS = re.compile(r"https?://", re.IGNORECASE)
GOOGLE_SHEET = re.compile(
    r"(?P<sheet>https?://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/(?:e/)?[\w-]+)(?:/(?P<page>\w*))?(?=[?#]|$)"
)
# What a page of a git host has in its address, and what the file itself has there instead.
GIT_PAGES = (
    (
        r"https?://(?:www\.)?github\.com/([^/?#]+/[^/?#]+)/(?:blob|raw)/([^?#]+).*",
        r"https://raw.githubusercontent.com/\1/\2",
    ),
    (r"(https?://[^/?#]+/[^?#]+)/-/blob/([^?#]+).*", r"\1/-/raw/\2"),
    (r"(https?://[^/?#]+/[^/?#]+/[^/?#]+)/src/(branch|tag|commit)/([^?#]+).*", r"\1/raw/\2/\3"),
    (r"(https?://bitbucket\.org/[^/?#]+/[^/?#]+)/src/([^?#]+).*", r"\1/raw/\2"),
)


def raw_address(address: str) -> str:
    """The address at which a page's file or sheet is itself; any other address as it is."""
    for page, raw in GIT_PAGES:
        if match := re.fullmatch(page, address, re.IGNORECASE):
            return match.expand(raw)
    return _csv_address(address)


def _csv_address(address: str) -> str:
    """The address at which Google Sheets gives a sheet as CSV, for one that shows it."""
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
