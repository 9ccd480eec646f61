"""The day on a phone without network, in a real browser: kept, turning by itself, honest about its age."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.network_cable import Cable
from support.offline_phone import Pocket, wait_for_its_clock, wait_until_kept
from support.page_clock import its_time
from support.screens import PHONE
from support.shown_day import SHOWN
from support.shown_day import expected as by_the_table
from support.waiting import wait_until
from support.workshop_schedule_table import rows

from app.web.running_service import Service

pytestmark = pytest.mark.browser

# Less than any session; more than a slow machine needs, since the phone's clock goes on while the test looks.
A_LITTLE = timedelta(seconds=20)
# Time that passes while the page does not run.
ASLEEP = """
    const real = Date;
    window.slept = 0;
    window.Date = class extends real {
      constructor(...args) { args.length ? super(...args) : super(real.now() + window.slept); }
      static now() { return real.now() + window.slept; }
    };
"""
STATUS_AND_AGE = """async (path) => {
    const answer = await caches.match(path, { ignoreVary: true });
    return [answer?.status, (await answer?.text() ?? "").includes("<html data-kept ")];
}"""
# When this phone last heard from the service, as it keeps that.
LAST_CONTACT = "() => Object.entries(localStorage).find(([name]) => name.startsWith('clock '))?.[1] ?? ''"
KEPT_PATHS = """async () => {
    const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().map(({ url }) => url.slice(location.origin.length));
}"""


def shows(page: Page, instant: datetime, fixtures: Path, service: Service) -> None:
    """Wait until a page shows what the published table says of an instant."""
    ids = {session.start: session.id for session in service.current.snapshot.revision.program.sessions}
    page.wait_for_function(
        f"(want) => JSON.stringify(({SHOWN})()) === JSON.stringify(want)",
        arg=by_the_table(rows(fixtures), ids, instant),
        polling=20,
    )


@pytest.mark.parametrize("path", ["/", "/now", "/talks/panel"])
def test_a_second_visit_without_network_is_right_at_once_and_across_three_boundaries(
    pocket: Pocket, fixtures_path: Path, service: Service, clock: MovableClock, path: str
) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    pocket.wait(timedelta(minutes=26))  # 10:46, a boundary later
    page = pocket.visit(path)
    page.wait_for_function("() => !('kept' in document.documentElement.dataset)", polling=20)
    # The phone's own clock is wrong by hours.
    assert abs(its_time(page) - clock.now() - timedelta(minutes=26)) < timedelta(minutes=1)
    for hour, minute in [(18, 15), (19, 0), (20, 0)]:  # 11:15, 12:00, 13:00
        boundary = datetime(2025, 7, 18, hour, minute, tzinfo=UTC)
        pocket.wait(boundary - A_LITTLE - its_time(page))
        states = page.evaluate("document.querySelector('[data-session=panel]').dataset.state")
        assert states == "later"
        if path != "/talks/panel":
            shows(page, boundary - A_LITTLE, fixtures_path, service)
            pocket.wait(A_LITTLE)
            shows(page, boundary, fixtures_path, service)


def test_a_phone_that_slept_without_network_shows_the_right_hour_when_it_wakes(
    browser: Browser, cable: Cable, fixtures_path: Path, service: Service
) -> None:
    context = browser.new_context(**PHONE)
    context.add_init_script(ASLEEP)
    page = Pocket(context, cable).visit_and_keep()
    cable.cut()
    page.evaluate("window.slept = 30 * 60 * 1000")
    shows(page, AT_TEN_TWENTY + timedelta(minutes=30), fixtures_path, service)
    context.close()


def test_an_answer_from_before_the_phone_slept_does_not_set_its_clock(
    browser: Browser, cable: Cable, fixtures_path: Path, service: Service
) -> None:
    context = browser.new_context(**PHONE, service_workers="block")
    context.add_init_script(ASLEEP)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{cable.port}/")
    wait_for_its_clock(page)
    asked = list[Route]()
    page.route("**/api/now", lambda route: asked.append(route))  # noqa: PLW0108 - playwright reads its code
    wait_until(lambda: page.evaluate("dispatchEvent(new Event('online'))") and asked)
    answer = asked[0].fetch()
    page.evaluate("window.slept = 30 * 60 * 1000")
    asked[0].fulfill(response=answer)
    shows(page, AT_TEN_TWENTY + timedelta(minutes=30), fixtures_path, service)
    context.close()


def test_it_says_how_old_it_is_until_the_network_is_back(pocket: Pocket) -> None:
    page = pocket.visit_and_keep()
    stale = page.locator("[data-stale]")
    expect(stale).to_be_hidden()
    pocket.cable.cut()
    expect(stale).to_have_text(re.compile(r"^Offline\. As of 10:2[01]\.$"))
    page.close()
    pocket.wait(timedelta(hours=1))
    page = pocket.visit()
    expect(page.locator("[data-stale]")).to_have_text(re.compile(r"^Offline\. As of 10:2[01]\.$"))
    pocket.cable.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-stale]")).to_be_hidden()


def test_a_late_answer_to_an_older_question_does_not_hide_that_the_newest_failed(
    browser: Browser, cable: Cable
) -> None:
    context = browser.new_context(**PHONE, service_workers="block")
    context.clock.install()
    page, held = context.new_page(), list[Route]()
    page.goto(f"http://127.0.0.1:{cable.port}/")
    page.wait_for_function(LAST_CONTACT)
    # A heartbeat would say that the service is there.
    page.route("**/live?*", lambda _: None)
    page.route("**/api/now", lambda route: held.append(route))  # noqa: PLW0108 - a builtin has no signature to look at
    for asked in (1, 2):
        page.evaluate("dispatchEvent(new Event('online'))")
        # Asking the page lets the routes come in.
        wait_until(lambda asked=asked: page.evaluate("true") and len(held) >= asked)
        # A question that is younger serves for a doubt.
        context.clock.fast_forward(1_000)
    held[-1].abort()
    expect(page.locator("[data-stale]")).to_be_visible()
    with page.expect_response("**/api/now"):
        held[0].continue_()
    expect(page.locator("[data-stale]")).to_be_visible()
    context.close()


def test_the_age_names_the_day_where_it_is_another(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    pocket.wait(timedelta(days=1))
    expect(pocket.visit().locator("[data-stale]")).to_have_text(re.compile(r"^Offline\. As of Fri 10:2[01]\.$"))


def test_every_page_of_the_day_is_there_without_having_been_visited(pocket: Pocket, service: Service) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    page = pocket.visit("/offline")
    program = service.current.snapshot.revision.program
    paths = [f"/talks/{one.id}" for one in program.sessions] + [f"/speakers/{one.id}" for one in program.speakers]
    assert {path: page.evaluate(STATUS_AND_AGE, path) for path in paths} == {path: [200, True] for path in paths}
    assert page.evaluate(STATUS_AND_AGE, "/talks/panel/qr.svg") == [200, False]


def test_a_page_that_was_visited_once_is_there_and_one_that_never_was_leads_to_the_day(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    page = pocket.visit("/changes")
    wait_until_kept(page, "/changes")
    page.close()
    pocket.cable.cut()
    expect(pocket.visit("/changes").get_by_role("heading", level=1)).to_have_text("Changes")
    page = pocket.visit("/display")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not on this phone")
    expect(page.locator("[data-stale]")).to_have_text(re.compile(r"^Offline\. As of 10:2[01]\.$"))
    page.get_by_role("link", name="To the day").click()
    expect(page.locator("[data-slot=now] [data-part=title]")).to_contain_text("DIY Deep Learning")


def test_what_is_asked_for_an_instant_and_what_is_not_for_all_is_never_kept(pocket: Pocket) -> None:
    page = pocket.visit_and_keep()
    for path in ("/?at=2025-07-18T12:00", "/organizer", "/organizer/sign-in", "/api/now", "/api/program", "/healthz"):
        page.goto(f"http://127.0.0.1:{pocket.cable.port}{path}")
    page.goto(f"http://127.0.0.1:{pocket.cable.port}/pages/about")
    kept = page.evaluate(KEPT_PATHS)
    assert [path for path in kept if path.startswith(("/organizer", "/api/now", "/healthz")) or "at=" in path] == []
    pocket.cable.cut()
    with pytest.raises(Error, match="ERR_"):
        page.goto(f"http://127.0.0.1:{pocket.cable.port}/?at=2025-07-18T12:00")


def test_a_network_that_swallows_everything_holds_nothing_up(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.swallow()
    page = pocket.visit()
    expect(page.locator("[data-slot=now] [data-part=title]")).to_contain_text("DIY Deep Learning")
    expect(page.locator("[data-stale]")).to_be_hidden()
    pocket.wait(timedelta(seconds=3))
    expect(page.locator("[data-stale]")).to_have_text(re.compile(r"^Offline\. As of 10:2[01]\.$"))


def test_until_it_is_right_a_kept_page_hides_what_is_now(pocket: Pocket) -> None:
    pocket.visit_and_keep().close()
    pocket.cable.cut()
    page = pocket.visit()
    slot = page.locator("[data-slot=now]")
    expect(slot).to_be_visible()
    page.evaluate("document.documentElement.dataset.kept = ''")
    expect(slot).to_be_hidden()


def test_the_browser_finds_nothing_against_installing_it(whole_browser: Browser, cable: Cable) -> None:
    context = whole_browser.new_context()
    page = Pocket(context, cable).visit_and_keep()
    cdp = context.new_cdp_session(page)
    assert cdp.send("Page.getAppManifest")["errors"] == []
    against = cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # Each test's browser is a private window, which installs nothing.
    assert [one["errorId"] for one in against] == ["in-incognito"]
