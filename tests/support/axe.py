"""axe-core, which finds what keeps people from reading a page."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import BrowserContext, Page

from support.npm_packages import installed

PACKAGE = "axe-core@4.14.1"
# Every rule that axe has but those of WCAG's level AAA and those that axe itself calls experimental.
ALL_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_RUN = """async (runOnly) => (await axe.run(document, { runOnly, resultTypes: ["violations"] }))
    .violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`))"""


def load_axe(page: Page) -> None:
    """Load axe into the page that is shown."""
    page.evaluate(_source())


def load_axe_everywhere(context: BrowserContext) -> None:
    """Load axe into every page that a context opens, which takes less time for each than to load it into that page."""
    context.add_init_script(_source())


def violations(page: Page, rules: dict[str, Any] = ALL_RULES) -> list[str]:
    """What axe finds on a page that has loaded it: the rule, the element, and what to do."""
    found: list[str] = page.evaluate(_RUN, rules)
    return found


@cache
def _source() -> str:
    return (installed(PACKAGE) / "axe.min.js").read_text()
