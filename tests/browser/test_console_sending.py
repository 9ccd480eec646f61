"""The console's forms without network: a tap says so, keeps what was typed, and is published once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect
from support.axe import load_axe, violations
from support.console_browser import sign_in_link
from support.network_cable import Cable
from support.publishing import publish_noted
from support.started_page import sign_in
from support.waiting import wait_until

from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.store.sign_ins import SignIns
from app.web.running_service import Service

pytestmark = pytest.mark.browser

FOCUS = "() => document.activeElement.textContent"
# Once, when the first answer has changed the page: a click on the same button and on whatever lies where it was, which
# happened just after the first one, however late it is handled.
SECOND_HALVES_AFTER_THE_ANSWER = """(button) => {
    const { left, top, width, height } = button.getBoundingClientRect();
    addEventListener("click", (first) => {
        const halves = [1, 2].map((later) => {
            const half = new MouseEvent("click", { bubbles: true, cancelable: true });
            return Object.defineProperty(half, "timeStamp", { value: first.timeStamp + later });
        });
        const observer = new MutationObserver(() => {
            observer.disconnect();
            AFTER(() => {
                button.dispatchEvent(halves[0]);
                const met = document.elementFromPoint(left + width / 2, top + height / 2);
                met?.closest("button")?.dispatchEvent(halves[1]);
                window.halvesHandled = true;
            });
        });
        observer.observe(document.documentElement, { attributeFilter: ["data-revision"] });
    }, { once: true, capture: true });
}"""
AT_ONCE = "((work) => work())"
# When a button that was held can be pressed again.
WHEN_RELEASED = """((work) => {
    const isHeld = () => document.querySelector("form:not([data-unsent]) [aria-disabled=true]");
    const look = () => (isHeld() ? requestAnimationFrame(look) : work());
    look();
})"""
NO_NETWORK = "No network: not sent yet."
AFTER_THE_TIMEOUT = 9_000  # milliseconds of the page's clock


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop with nothing pinned, so that +5 is published at once."""
    return replace(program, sessions=tuple(replace(one, pinned=False) for one in program.sessions))


@pytest.fixture
def desk(laptop: BrowserContext, app: Flask, cable: Cable) -> Page:
    """An organizer's console at the end of the cable."""
    page = laptop.new_page()
    page.clock.install()
    sign_in(page, f"http://127.0.0.1:{cable.port}{sign_in_link(app)}")
    expect(plus_five(page)).to_be_visible()
    return page


def plus_five(page: Page) -> Locator:
    return page.get_by_role("button", name="+5", exact=True).first


def try_again(page: Page) -> Locator:
    return page.get_by_role("button", name="Try again")


def shows(page: Page, revision: int) -> None:
    """Wait until the page shows a revision, and nothing is said beside a button any more."""
    expect(page.locator("html")).to_have_attribute("data-revision", str(revision))
    expect(try_again(page)).to_have_count(0)


def newest(service: Service) -> int:
    service.current.refresh()
    return service.current.snapshot.revision.number


def test_a_tap_without_network_says_so_and_try_again_publishes_it_once(
    laptop: BrowserContext, console: Page, service: Service
) -> None:
    console.evaluate("window.samePage = true")
    laptop.set_offline(True)
    plus_five(console).click()
    expect(console.get_by_text(NO_NETWORK)).to_be_visible()
    assert console.evaluate(FOCUS) == "Try again"
    load_axe(console)
    assert violations(console) == []
    laptop.set_offline(False)
    console.keyboard.press("Enter")
    shows(console, 2)
    assert (newest(service), console.evaluate("window.samePage")) == (2, True)
    assert console.url.endswith("done=2")


def test_a_tap_that_is_left_is_not_sent_and_its_button_works_again(
    laptop: BrowserContext, console: Page, service: Service
) -> None:
    laptop.set_offline(True)
    plus_five(console).click()
    console.get_by_role("button", name="Leave it").click()
    expect(console.get_by_text(NO_NETWORK)).to_have_count(0)
    assert console.evaluate(FOCUS) == "+5"
    laptop.set_offline(False)
    assert newest(service) == 1
    plus_five(console).click()
    shows(console, 2)


def test_where_the_answer_is_lost_the_second_try_sends_the_same_and_one_revision_stands(
    console: Page, service: Service
) -> None:
    bodies = list[str | None]()

    def lose_the_first_answer(route: Route, request: Request) -> None:
        bodies.append(request.post_data)
        if len(bodies) > 1:
            return route.continue_()
        route.fetch(max_redirects=0)
        return route.abort("connectionreset")

    console.route("**/organizer/edit", lose_the_first_answer)
    plus_five(console).click()
    expect(console.get_by_text("No network: perhaps not sent.")).to_be_visible()
    assert newest(service) == 2
    try_again(console).click()
    expect(try_again(console)).to_have_count(0)
    # Neither a second revision nor a refusal of the same edit on an old one.
    expect(console.get_by_text("Published as revision 2.")).to_be_visible()
    assert (len(bodies), bodies[0] == bodies[1], newest(service)) == (2, True, 2)


def test_a_network_that_swallows_everything_is_waited_for_and_then_named(
    desk: Page, cable: Cable, service: Service
) -> None:
    cable.swallow()
    plus_five(desk).click()
    expect(desk.locator("[aria-busy=true]")).to_have_attribute("data-slow", "Sending…")
    plus_five(desk).evaluate("(button) => button.click()")
    desk.clock.fast_forward(AFTER_THE_TIMEOUT)
    expect(desk.get_by_text("No answer yet.")).to_be_visible()
    cable.mend()
    try_again(desk).click()
    shows(desk, 2)
    assert newest(service) == 2


def test_what_was_typed_stays_through_an_edit_by_somebody_else_until_it_is_sent(
    laptop: BrowserContext, console: Page, address: str, service: Service
) -> None:
    console.goto(f"{address}/organizer/people")
    console.get_by_label("Name").fill("Ann")
    laptop.set_offline(True)
    console.get_by_role("button", name="Make a link").click()
    expect(console.get_by_text(NO_NETWORK)).to_be_visible()
    publish_noted(service, ChangeContent("panel", title="The panel"))
    laptop.set_offline(False)
    expect(console.locator("html")).to_have_attribute("data-revision", "2")
    expect(console.get_by_text(NO_NETWORK)).to_be_visible()
    assert console.get_by_label("Name").input_value() == "Ann"
    try_again(console).click()
    expect(try_again(console)).to_have_count(0)
    wait_until(lambda: "Ann" in [one.name for one in SignIns(service.database).people()])


def test_a_text_that_is_refused_for_its_length_stays_beside_the_reason(console: Page, address: str) -> None:
    console.goto(f"{address}/organizer/talks/panel/edit")
    abstract = console.locator("textarea[name=abstract]")
    abstract.evaluate("(field) => { field.value = 'a'.repeat(140_000); }")
    form = console.locator("form", has=abstract)
    form.locator("button").last.click()
    expect(form.get_by_role("alert")).to_have_text(
        "Publish That is more text than is taken at once. Shorten the longest part."
    )
    assert len(abstract.input_value()) == 140_000
    form.get_by_role("button", name="OK").click()
    expect(form.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("after", [AT_ONCE, WHEN_RELEASED], ids=["at once", "late, on a busy page"])
def test_a_double_tap_is_one_tap_though_the_answer_comes_between_its_halves(
    console: Page, service: Service, after: str
) -> None:
    sent = list[str]()
    console.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    plus_five(console).evaluate(SECOND_HALVES_AFTER_THE_ANSWER.replace("AFTER", after))
    plus_five(console).click()
    shows(console, 2)
    console.wait_for_function("() => window.halvesHandled")
    plus_five(console).click()
    shows(console, 3)
    assert (len(sent), newest(service)) == (2, 3)


def test_both_halves_of_a_double_tap_before_the_answer_send_once(console: Page, service: Service) -> None:
    held, arrived = list[Route](), "**/organizer/edit"
    console.route(arrived, lambda route: held.append(route))  # noqa: PLW0108 - playwright reads its code
    with console.expect_request(arrived):
        plus_five(console).dblclick()
    # The request is told before its route is.
    wait_until(lambda: console.evaluate("true") and held)
    for route in held:
        route.continue_()
    shows(console, 2)
    assert (len(held), newest(service)) == (1, 2)


def test_a_link_without_network_stays_on_its_page_and_opens_when_the_network_is_back(desk: Page, cable: Cable) -> None:
    cable.cut()
    desk.get_by_role("link", name="History").click()
    expect(desk.get_by_text("No network. Try again when it is back.")).to_be_visible()
    assert desk.url.endswith("/organizer")
    cable.mend()
    try_again(desk).click()
    expect(desk.get_by_role("heading", name="History")).to_be_visible()
    desk.go_back()
    plus_five(desk).click()
    shows(desk, 2)


def form_on_its_way(console: Page) -> Route:
    """Tap a button, whose form the test holds, and then a link."""
    held = list[Route]()
    console.route("**/organizer/edit", lambda route: held.append(route))  # noqa: PLW0108 - playwright reads its code
    with console.expect_request("**/organizer/edit"):
        plus_five(console).click()
    with console.expect_response("**/api/now"):
        console.get_by_role("link", name="History").click()
    return held.pop()


def test_a_link_that_is_tapped_while_a_form_is_on_its_way_opens_when_the_form_has_arrived(
    console: Page, service: Service
) -> None:
    form = form_on_its_way(console)
    assert (console.url.endswith("/organizer"), newest(service)) == (True, 1)
    form.continue_()
    expect(console.get_by_role("heading", name="History")).to_be_visible()
    assert newest(service) == 2


def test_a_link_stays_where_it_is_if_the_form_before_it_did_not_arrive(console: Page, service: Service) -> None:
    form_on_its_way(console).abort("connectionreset")
    expect(console.get_by_text("No network: perhaps not sent.")).to_be_visible()
    expect(console.get_by_role("link", name="History")).not_to_have_attribute("data-unsent", "sending")
    assert (console.url.endswith("/organizer"), newest(service)) == (True, 1)


def test_signing_in_without_network_can_be_tried_again(laptop: BrowserContext, app: Flask, address: str) -> None:
    page = laptop.new_page()
    page.goto(f"{address}{sign_in_link(app)}")
    laptop.set_offline(True)
    page.get_by_role("button", name="Sign in on this browser").click()
    expect(page.get_by_text(NO_NETWORK)).to_be_visible()
    laptop.set_offline(False)
    try_again(page).click()
    expect(plus_five(page)).to_be_visible()
