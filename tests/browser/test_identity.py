"""A program's own accent on open pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from support.network_cable import Cable
from support.offline_phone import Pocket
from support.page_clock import CLOCK
from support.publishing import publish
from support.server_thread import served
from support.waiting import wait_until

from app.domain.identity import Identity
from app.domain.program import Program
from app.web.running_service import Service

pytestmark = pytest.mark.browser

NEW_WORKER_TIMEOUT = timedelta(seconds=8)
NOTHING_COMES_OF_RELOADS = """() => {
    globalThis.reloads = 0;
    navigation.addEventListener("navigate", (event) => {
        event.preventDefault();
        reloads += 1;
    });
}"""
# As when a page has several requests on their way while another build replaces its own.
ANOTHER_BUILD_ANSWERS_THRICE = f"""async () => {{
    const {{ contactEvents }} = await {CLOCK};
    for (let one = 0; one < 3; one += 1) contactEvents.dispatchEvent(new Event("replaced"));
}}"""
HAS_NEW_WORKER = """async () => {
    const { installing, waiting } = await navigator.serviceWorker.getRegistration();
    return Boolean(installing ?? waiting);
}"""
ACCENT = "() => getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"


@pytest.mark.parametrize("shades", [("light", "#5b2bd9", "#00707a"), ("dark", "#8f6ee5", "#00909d")])
def test_open_pages_take_another_accent_over(
    browser: Browser, app: Flask, service: Service, program: Program, shades: tuple[Literal["light", "dark"], str, str]
) -> None:
    scheme, accent, other = shades
    with served(app) as url, browser.new_context(color_scheme=scheme) as context:
        pages = [context.new_page() for _ in range(3)]
        for page, path in zip(pages, ("/", "/talks/panel", "/display"), strict=True):
            page.goto(f"{url}{path}")
        assert [page.evaluate(ACCENT) for page in pages] == [accent] * 3
        publish(service, replace(program, identity=Identity(accent="#00707a")))
        for page in pages:
            # Not at each frame, as by default: pages behind another one may be given none.
            page.wait_for_function(f"(accent) => ({ACCENT})() === accent", arg=other, polling=50)


def test_a_worker_that_is_held_back_does_not_hold_its_page_back(
    pocket: Pocket, cable: Cable, service: Service, program: Program
) -> None:
    page = pocket.visit_and_keep()
    cable.swallow(b"GET /offline/pages ")
    publish(service, replace(program, identity=Identity(accent="#00707a")))
    wait_until(lambda: cable.has_swallowed)
    pocket.wait(NEW_WORKER_TIMEOUT)
    page.wait_for_function(f"(accent) => ({ACCENT})() === accent", arg="#00707a")
    assert page.evaluate(HAS_NEW_WORKER)


def test_a_page_reloads_once_for_another_build_and_again_where_nothing_comes_of_it(
    laptop: BrowserContext, address: str
) -> None:
    laptop.clock.install()
    page = laptop.new_page()
    page.goto(address)
    page.evaluate(NOTHING_COMES_OF_RELOADS)
    page.evaluate(ANOTHER_BUILD_ANSWERS_THRICE)
    wait_until(lambda: page.evaluate("reloads"))
    seen = [page.evaluate("reloads")]
    for pause in (8_000, 16_000):
        page.clock.run_for(pause)
        seen.append(page.evaluate("reloads"))
    assert seen == [1, 2, 3]
