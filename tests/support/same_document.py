"""Whether an open page is the document that the same address loaded anew is."""

from __future__ import annotations

import difflib
from datetime import datetime

import pytest
from playwright.sync_api import BrowserContext, Page

from support.page_clock import CLOCK
from support.waiting import wait_until

# In this time a page refreshes after a boundary.
HALF_A_MINUTE = 31_000
# Asks anew: a request that is on its way may be answered with the time before.
ASKED_IT_KNOWS = f"""async (instant) => {{
    const {{ now, sync }} = await {CLOCK};
    await sync();
    return Math.abs(now() - instant) < 1000;
}}"""

# The document as lines: elements with their attributes in order, and texts. Left out: what a page says once to a
# screen reader, what is looked for, tokens against forged forms, the displays, which report each half minute, and when
# a browser was seen.
DOCUMENT = r"""() => {
    const lines = [];
    const write = (node, depth) => {
        if (node.nodeType === Node.TEXT_NODE) {
            const text = node.data.trim().replace(/\s+/g, " ").replace(/\d+ s ago/, "… s ago");
            if (text) lines.push(" ".repeat(depth) + text);
        }
        if (node.nodeType !== Node.ELEMENT_NODE || node.matches("[data-display], .access .when")) return;
        const asked = ["csrf_token", "once"].includes(node.name) || node.type === "search" ? ["value"] : ["selected"];
        const kept = [...node.attributes].filter(({ name }) => !asked.includes(name));
        const attributes = kept.map(({ name, value }) => `${name}="${value}"`);
        lines.push(" ".repeat(depth) + `<${[node.localName, ...attributes.sort()].join(" ")}>`);
        if (node.matches("select, input:not([type=hidden]), textarea")) lines.push(`value: ${node.value}`);
        if (node.matches("[data-spoken]")) return;
        for (const child of node.childNodes) write(child, depth + 1);
    };
    write(document.documentElement, 0);
    return lines;
}"""
SHOWS = "(revision) => Number(document.documentElement.dataset.revision) === revision"


def difference(fresh: Page, page: Page) -> str:
    """The first lines in which an open page differs from a fresh one."""
    lines = difflib.unified_diff(fresh.evaluate(DOCUMENT), page.evaluate(DOCUMENT), "fresh", "open", lineterm="", n=1)
    return "\n".join(list(lines)[:60])


class Tabs:
    """An open page, and a second tab in which the same address is loaded anew."""

    def __init__(self, context: BrowserContext, url: str, fresh: Page | None = None) -> None:
        self._fresh = fresh or context.new_page()
        self.open = _loaded(context.new_page(), url)

    def come_to_be_equal(self, revision: int, after: str) -> None:
        """Wait until the open page shows a revision, and is the document that a fresh one at its address is."""
        self.open.wait_for_function(SHOWS, arg=revision, polling=20)
        fresh = _loaded(self._fresh, self.open.url)
        try:
            wait_until(lambda: self.open.evaluate(DOCUMENT) == fresh.evaluate(DOCUMENT))
        except TimeoutError:
            pytest.fail(f"after {after}, {fresh.url}:\n{difference(fresh, self.open)}")


def _loaded(page: Page, url: str) -> Page:
    with page.expect_response("**/api/now"):
        page.goto(url)
    return page


def has_come_by(page: Page, instant: datetime) -> None:
    """Have a page, whose timers the test moves, ask what time it is, and refresh as after a boundary."""
    wait_until(lambda: page.evaluate(ASKED_IT_KNOWS, instant.timestamp() * 1000))
    page.clock.fast_forward(HALF_A_MINUTE)
