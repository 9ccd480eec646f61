"""Rule 8: what HTTP says of a feed, for any way of fetching it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Read:
    """One answer to a reader."""

    status: int
    etag: str
    body: bytes


def check_reads(fetch: Callable[[dict[str, str]], Read]) -> list[str]:
    """Whether two reads of an unchanged feed are one; ``fetch`` takes the request's headers."""
    first, second = fetch({}), fetch({})
    again = fetch({"If-None-Match": first.etag})
    problems = []
    if not re.fullmatch(r'"[^"]+"', first.etag):
        problems.append(f"rule 8: {first.etag!r} is not a strong ETag")
    if (first.body, first.etag) != (second.body, second.etag):
        problems.append("rule 8: two reads differ")
    if (again.status, again.etag, again.body) != (304, first.etag, b""):
        problems.append(f"rule 8: If-None-Match gives {again.status}")
    return problems


def check_changed(before: Read, after: Read) -> list[str]:
    """Whether different bytes have different ETags, and the same bytes the same."""
    same_body, same_etag = before.body == after.body, before.etag == after.etag
    return [] if same_body == same_etag else [f"rule 8: the same body is {same_body}, the same ETag {same_etag}"]
