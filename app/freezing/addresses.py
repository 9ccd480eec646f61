"""Where an answer stands in a frozen copy: a static host knows no queries, and tells a type by a file's name."""

from __future__ import annotations

import re
from hashlib import sha256

# Answers that are JSON though their addresses do not say so.
JSON_PATHS = re.compile(r"/api/\w+|/offline/pages")
LONGEST_QUERY = 60
_DIGEST_LETTERS = 6


def static_path(path: str, query: str = "") -> str:
    """The address in the copy, from its root and without a slash before it.

    `/talks/x` is `talks/x/`, a folder with an `index.html`, which hosts also find without the
    last slash; so printed codes lead there too. A query becomes part of the name.
    """
    head, _, name = path.removeprefix("/").rpartition("/")
    stem, dot, ending = name.partition(".")
    if JSON_PATHS.fullmatch(path):
        dot, ending = ".", "json"
    if query:
        stem = f"{stem}-{_query_words(query)}" if stem else _query_words(query)
    folder = f"{head}/" if head else ""
    return f"{folder}{stem}{dot}{ending}" if dot else f"{folder}{stem}/".removeprefix("/")


def link(target: str, page: str) -> str:
    """A link to one address of the copy from the page at another, which holds under any sub-path."""
    return "../" * page.count("/") + target or "./"


def _query_words(query: str) -> str:
    """A query as letters that any file system keeps, no two the same."""
    words = re.sub(r"[^a-z0-9]+", "-", query.lower()).strip("-")[:LONGEST_QUERY]
    return f"{words}-{sha256(query.encode()).hexdigest()[:_DIGEST_LETTERS]}"
