"""The worker's store of pictures and its limits: its script runs in a page, whose network the test is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# Stands between the worker's script and what a test asks of it. Each picture has `bytes` bytes.
HELPERS = """
    const network = { waiting: 0, most: 0, requests: 0 };
    const fetch = async () => {
        network.requests += 1;
        network.waiting += 1;
        network.most = Math.max(network.most, network.waiting);
        await new Promise((resolve) => setTimeout(resolve));
        network.waiting -= 1;
        return new Response(new Uint8Array(bytes), { headers: { "Content-Type": "image/webp" } });
    };
    const many = (count, name) => Array.from({ length: count }, (_, number) => `/pictures/${name}${number}.webp`);
    const page = (...pictures) => {
        const images = pictures.map((path) => `<img src="${path}">`).join("");
        const text = `<html data-service="${RELEASE.service}" data-build="${RELEASE.build}">${images}`;
        return new Response(text, { headers: { "Content-Type": "text/html" } });
    };
    const cache = await caches.open(CACHE);
    const stored = async () => [...(await storedPictures(cache)).keys()];
"""
RUN = "([bytes, script]) => new (async () => {}).constructor('bytes', script)(bytes)"
LARGE, SMALL = 1_000_000, 10


@pytest.fixture
def place(browser: Browser, address: str) -> Iterator[Page]:
    """A page of the service without a worker, and with an empty store."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(f"{address}/healthz")
    yield page
    context.close()


def in_worker(place: Page, size: int, asked: str) -> Any:
    """What the worker's functions answer where each picture has so many bytes."""
    script = place.request.get(place.url.replace("/healthz", "/sw.js")).text()
    return place.evaluate(RUN, [size, f"{script}{HELPERS}{asked}"])


def test_pictures_are_fetched_a_few_at_a_time(place: Page) -> None:
    asked = "await storePictures(cache, many(30, 'a')); return [(await stored()).length, network.most];"
    assert in_worker(place, SMALL, asked) == [30, 4]


def test_at_the_limit_of_bytes_no_more_pictures_are_asked_for_then_or_at_the_next_visit(place: Page) -> None:
    asked = """
        await storePictures(cache, many(100, 'a'));
        const first = network.requests;
        await storePictures(cache, many(100, 'a'));
        return [(await stored()).length, first <= 20 + PICTURES_AT_ONCE, network.requests - first];"""
    assert in_worker(place, LARGE, asked) == [20, True, 0]


def test_two_visits_at_once_keep_to_the_limit_together(place: Page) -> None:
    asked = """
        await Promise.all(["a", "b"].map((name) => storeVisit(cache, `/talks/${name}`, page(...many(300, name)))));
        return (await stored()).length;"""
    assert in_worker(place, SMALL, asked) == 400


def test_the_pictures_of_a_visit_that_is_dropped_go_and_make_room(place: Page) -> None:
    asked = """
        await storeVisit(cache, "/talks/first", page("/pictures/first.webp", "/pictures/shared.webp"));
        for (let number = 1; number < MOST_VISITED; number++) await storeVisit(cache, `/talks/${number}`, page());
        const before = await stored();
        await storeVisit(cache, "/talks/last", page("/pictures/shared.webp", "/pictures/last.webp"));
        return [before, await stored()];"""
    assert in_worker(place, SMALL, asked) == [
        ["/pictures/first.webp", "/pictures/shared.webp"],
        ["/pictures/shared.webp", "/pictures/last.webp"],
    ]


def test_a_visit_during_a_clearing_keeps_its_pictures(place: Page) -> None:
    asked = """
        await storeVisit(cache, "/talks/a", page("/pictures/a.webp"));
        await cache.delete("/talks/a");
        const clearing = oneAfterAnother(() => updatePictures(cache));
        await Promise.all([clearing, storeVisit(cache, "/talks/b", page("/pictures/a.webp"))]);
        return await stored();"""
    assert in_worker(place, SMALL, asked) == ["/pictures/a.webp"]


def test_when_pictures_are_dropped_others_that_did_not_fit_are_asked_for_again(place: Page) -> None:
    asked = """
        await storeVisit(cache, "/talks/a", page(...many(25, 'a')));
        await storeVisit(cache, "/talks/b", page("/pictures/b.webp"));
        const before = (await stored()).includes("/pictures/b.webp");
        await cache.delete("/talks/a");
        await updatePictures(cache);
        return [before, await stored()];"""
    assert in_worker(place, LARGE, asked) == [False, ["/pictures/b.webp"]]
