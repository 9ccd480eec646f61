"""Which addresses a command may fetch."""

from __future__ import annotations

import os
from urllib.request import getproxies

from app.importing import MOST_BYTES
from app.outgoing.fetch import HTTP_TOO, Caller
from app.settings import Settings


def typed_at_terminal() -> Caller:
    """For an address that a person typed: http too, a private host too, through the proxies of the environment."""
    return Caller(
        most_bytes=MOST_BYTES,
        allowed=Settings.read(os.environ).outgoing_allow,
        schemes=HTTP_TOO,
        given_may_be_private=True,
        proxies=getproxies(),
    )
