"""The law for a day of five rooms, in grid and list, filtered, searched, folded: an open page is as a fresh one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext
from support.many_rooms import with_rooms
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.publishing import publish_noted
from support.same_document import Tabs, has_come_by

from app.domain.edits.edit_types import Announce, Cancel, Move
from app.domain.program import Program
from app.web.running_service import Service

pytestmark = pytest.mark.browser

QUICK = ("/", "/?coming=1")
PATHS = (*QUICK, "/?view=list", "/?kind=talk", "/?room=hall-1", "/?q=learning", "/?q=research&kind=talk", "/now")
EDITS = (
    (Cancel("evan-shelhamer"), "Evan is ill."),
    (Move("hall-2-4", AT_TEN_TWENTY + timedelta(minutes=410)), "The bus is late."),
    (Announce("Lunch is served."), ""),
)


@pytest.fixture
def program(program: Program) -> Program:
    return with_rooms(program, 5)


@pytest.fixture
def address(steady_address: str) -> str:
    return steady_address


@pytest.mark.parametrize(
    "path", [one if one in QUICK else pytest.param(one, marks=pytest.mark.acceptance) for one in PATHS]
)
def test_after_edits_and_boundaries_an_open_page_equals_a_fresh_one(
    laptop: BrowserContext, address: str, service: Service, clock: MovableClock, path: str
) -> None:
    laptop.clock.install()
    tabs = Tabs(laptop, f"{address}{path}")
    for number, (edit, note) in enumerate(EDITS, 2):
        publish_noted(service, edit, note)
        tabs.come_to_be_equal(number, repr(edit))
    coming = [one for one in service.current.snapshot.timeline.boundaries if one > AT_TEN_TWENTY]
    for boundary in (*coming[:4], *coming[-2:]):
        clock.set(boundary)
        has_come_by(tabs.open, boundary)
        tabs.come_to_be_equal(len(EDITS) + 1, f"{boundary}")
