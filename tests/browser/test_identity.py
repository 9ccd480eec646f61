"""A program's own accent on open pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser
from support.publishing import publish
from support.server_thread import served

from app.domain.identity import Identity
from app.domain.program import Program
from app.web.running_service import Service

pytestmark = pytest.mark.browser

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
            page.wait_for_function(f"(accent) => ({ACCENT})() === accent", arg=other)
