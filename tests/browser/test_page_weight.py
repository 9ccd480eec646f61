"""How much a phone must fetch before it can paint, measured in a real browser on a slow network with nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from support.screens import PHONE
from support.server_thread import served

pytestmark = pytest.mark.browser

# Who is elsewhere fetches one part more, which tells their own time.
AT_THE_VENUE = "America/Vancouver"
# Chromium's own "slow 3G": 400 kbit/s each way, 400 ms there and back.
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
# What TCP sends before it waits for the first word back: ten segments (RFC 6928), rounded down.
FIRST_WINDOW_OCTETS = 14_000
# What the first paint would wait for: what the browser says held it up, style sheets, and scripts that stop the parser.
BLOCKS_PAINT = """() => [
    ...performance.getEntriesByType("resource").filter((one) => one.renderBlockingStatus === "blocking"),
    ...document.querySelectorAll("link[rel~=stylesheet], script[src]:not([type=module], [async], [defer])"),
].map((one) => one.name || one.href || one.src)"""


@dataclass
class Load:
    """What went over the wire for a page: the address of each request, and the octets of each that has ended."""

    asked: dict[str, str] = field(default_factory=dict)
    octets: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def cold(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE, timezone_id=AT_THE_VENUE)
    yield context
    context.close()


def load(page: Page, url: str) -> Load:
    """Load a page on slow 3G, until its scripts have asked what time it is."""
    cdp, seen = page.context.new_cdp_session(page), Load()
    cdp.on("Network.requestWillBeSent", lambda event: seen.asked.update({event["requestId"]: event["request"]["url"]}))
    cdp.on("Network.loadingFinished", lambda event: seen.octets.update(_ended(seen, event)))
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    cdp.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(url)
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.endsWith('/api/now'))"
    )
    return seen


def _ended(seen: Load, event: dict[str, Any]) -> dict[str, int]:
    return {seen.asked[event["requestId"]]: int(event["encodedDataLength"])}


def test_the_first_paint_of_the_whole_day_needs_one_request_and_one_window(cold: BrowserContext, address: str) -> None:
    page = cold.new_page()
    seen = load(page, f"{address}/")
    assert page.evaluate(BLOCKS_PAINT) == []
    assert seen.octets[f"{address}/"] <= FIRST_WINDOW_OCTETS
    assert page.locator(".rows [data-session]").count() == 15


def test_nothing_comes_from_another_host(cold: BrowserContext, address: str) -> None:
    seen = load(cold.new_page(), f"{address}/")
    assert [url for url in seen.asked.values() if not url.startswith(f"{address}/")] == []


def test_the_scripts_parts_are_asked_for_at_once(cold: BrowserContext, address: str) -> None:
    page = cold.new_page()
    seen = load(page, f"{address}/")
    preloaded = page.evaluate("[...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href)")
    scripts = [url for url in seen.asked.values() if url.endswith(".js")]
    assert sorted(scripts) == sorted([*preloaded, *(url for url in scripts if url.endswith("/main.js"))])


def test_a_first_visit_of_the_day_takes_at_most_fourteen_requests(browser: Browser, address: str) -> None:
    # Without the phone's store, which is filled after the page is there.
    context = browser.new_context(**PHONE, timezone_id=AT_THE_VENUE, service_workers="block")
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response("**/api/now"):
        page.goto(address)
    page.wait_for_selector("[data-star]")
    context.close()
    assert len(asked) <= 14, asked


@pytest.mark.parametrize("encoding", ["br", "gzip"])
@pytest.mark.parametrize("path", ["/", "/now", "/talks/sara-hooker"])
def test_a_page_and_its_headers_fit_into_the_first_window(client: FlaskClient, path: str, encoding: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": encoding})
    head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
    assert answer.headers["Content-Encoding"] == encoding
    assert len(head) + len(answer.data) <= FIRST_WINDOW_OCTETS
