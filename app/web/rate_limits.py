"""Rate limits: of a key that exists by that key, of made-up sign-in links by the IP address that tries them.

A thousand phones in a hall share one IP address. So a good key is never refused for what others do there: it has 128
random bits or more and needs no protection from guessing. Each key is looked up, since that costs less than the page
which says that there is none. A made-up key of stars is always told so: by that a phone learns that its set is gone.
The server looks keys up for all requests that wait, and made-up ones fill a lane of their own.
Counters are in memory, exist only for good keys and for addresses, and are not logged.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import time
from typing import NoReturn, ParamSpec, TypeVar

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from app.store.errors import SignInRefused

MISSES_PER_ADDRESS = RateLimitItemPerMinute(300)
# Readers star quickly, and each page that they open fetches their stars.
PER_KEY = RateLimitItemPerMinute(90)
REPORTS_PER_DISPLAY = RateLimitItemPerMinute(20)
# What a speaker sends may have a picture, which takes a second to read; a long preview takes one to render, and a tick
# makes all open consoles refresh.
CHANGES_PER_SPEAKER = RateLimitItemPerHour(30)
PREVIEWS_PER_SPEAKER = RateLimitItemPerMinute(10)
TICKS_PER_SPEAKER = RateLimitItemPerHour(30)
DISPLAY_TOKENS_PER_ADDRESS = RateLimitItemPerHour(20)
# Calendars that begin to fetch a reader's stars; a company's calendar program fetches for many from one address.
FIRST_FETCHES_PER_ADDRESS = RateLimitItemPerHour(1000)
# A provider gives each customer at least that many addresses (RFC 6177).
IPV6_PREFIX = 64
_EXTENSION = "agenda-rate-limits"

P = ParamSpec("P")
R = TypeVar("R")


def install(app: Flask) -> None:
    """Give an app its counters."""
    app.extensions[_EXTENSION] = FixedWindowRateLimiter(MemoryStorage())


def count(limit: RateLimitItem, *counter: str) -> None:
    """Count a request; raises `TooManyRequests`, with the seconds to wait, for one over the limit."""
    if not is_within(limit, *counter):
        _refuse(limit, *counter)


def is_within(limit: RateLimitItem, *counter: str) -> bool:
    """Count an event; False for one over the limit."""
    return _limiter().hit(limit, *counter)


def limited_by_key(view: Callable[P, R]) -> Callable[P, R]:
    """Limit the requests of a view: with a good key by that key, with a bad sign-in link by the IP address."""

    @wraps(view)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        key = next(iter((request.view_args or {}).values()), request.headers.get("Authorization", ""))
        if not _limiter().test(PER_KEY, key):
            _refuse(PER_KEY, key)
        try:
            response = view(*args, **kwargs)
        except SignInRefused:
            count(MISSES_PER_ADDRESS, "misses", client_network())
            raise
        if key:
            _limiter().hit(PER_KEY, key)
        return response

    return limited


def client_network() -> str:
    """The IPv4 address of the client, or the network of its IPv6 address."""
    text = request.remote_addr or ""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return text
    return str(address.ipv4_mapped or ip_network((int(address), IPV6_PREFIX), strict=False))


def _limiter() -> FixedWindowRateLimiter:
    found: FixedWindowRateLimiter = current_app.extensions[_EXTENSION]
    return found


def _refuse(limit: RateLimitItem, *counter: str) -> NoReturn:
    seconds = max(1, ceil(_limiter().get_window_stats(limit, *counter).reset_time - time()))
    raise TooManyRequests(f"Too often; try again in {seconds} s", retry_after=seconds)
