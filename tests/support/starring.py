"""Stars on a phone in a browser test: set beside rows, given at once, and programs whose sessions overlap."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from playwright.sync_api import Page

from app.domain.program import Program
from app.domain.session import Session
from support.codeml_day import slot

# As the device stores them (`app/static/js/stars/star-storage.js`), all still to be sent.
_GIVE = """(ids) => {
    const each = (value) => Object.fromEntries(ids.map((id) => [id, value]));
    const stars = { starred: each(null), pending: each(true), keys: null, told: null, remind: false, reminded: {} };
    localStorage.setItem(`stars ${document.documentElement.dataset.service}`, JSON.stringify(stars));
}"""


# The expression for what the phone keeps, as JSON.
KEPT = "Object.entries(localStorage).find(([name]) => name.startsWith('stars '))?.[1] ?? null"


def star(page: Page, *names: str) -> None:
    """Star sessions by their rows."""
    for name in names:
        page.locator(f".rows [data-session={name}] [data-star]").click()


def give_stars(page: Page, *names: str) -> None:
    """Put stars on the device, as if its reader had set them earlier; the next page shows them."""
    page.evaluate(_GIVE, list(names))


def kept(page: Page) -> dict[str, Any]:
    """What the phone keeps of its reader's stars."""
    found: dict[str, Any] = json.loads(page.evaluate(KEPT) or "{}")
    return found


def wait_until_sent(page: Page) -> dict[str, Any]:
    """The same once the service has all of it."""
    page.wait_for_function(
        f"() => {{ const s = JSON.parse({KEPT}); return s?.keys && !Object.keys(s.pending).length; }}"
    )
    return kept(page)


def with_times(program: Program, **times: tuple[str, str]) -> Program:
    """The first program with sessions, by id with _ for -, at other times of its day, as from "10:00" until "10:30"."""
    return replace(program, sessions=tuple(sorted((_timed(one, times) for one in program.sessions), key=Session.order)))


def _timed(session: Session, times: dict[str, tuple[str, str]]) -> Session:
    given = times.get(session.id.replace("-", "_"))
    if given is None:
        return session
    moved = slot(*given, session.room)
    return replace(session, slot=moved, scheduled=moved)
