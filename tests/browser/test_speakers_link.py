"""The speaker's link in real browsers: from the link on a phone to every page that shows what the speaker wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect
from support.axe import load_axe, violations
from support.codeml_day import at
from support.movable_clock import MovableClock
from support.publishing import publish_noted
from support.qr_photographs import by_zbar
from support.same_document import has_come_by
from support.screens import PHONE
from support.speakers import STELLA, page_of, photograph, proposals_of, speaker_link, with_panelists
from support.started_page import sign_in

from app.domain.edits.edit_types import ChangeContent, Delay
from app.domain.edits.speaker_rights import CHANGED_AFTERWARDS
from app.domain.program import Program
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
SARA = "sara-hooker"
TITLE = "Open models, opened"
DEAD = "This link is not valid: used, expired, withdrawn or mistyped"


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, with two people at its panel."""
    return with_panelists(program, SARA, "tri-dao")


def opened(context: BrowserContext, app: Flask, address: str, session: str = STELLA, person: str = STELLA) -> Page:
    """A speaker's page, just signed in by a new link."""
    page = context.new_page()
    sign_in(page, f"{address}{speaker_link(app, session, person)}", f"**{page_of(session)}")
    return page


@pytest.fixture
def stella(phone: BrowserContext, app: Flask, address: str) -> Page:
    """Her page on her phone."""
    return opened(phone, app, address)


def picture_file(colour: str = "red", **options: Any) -> FilePayload:
    return {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photograph(colour, **options)}


def choose_picture(page: Page, colour: str = "red", **options: Any) -> None:
    page.locator("[name=picture]").set_input_files(picture_file(colour, **options))


def send(page: Page) -> None:
    page.get_by_role("button", name="Send to the organizers").click()


def send_title(page: Page, title: str = TITLE) -> None:
    """Change the title, and send it."""
    page.get_by_label("Title", exact=True).fill(title)
    send(page)
    expect(waits(page)).to_contain_text(title)


def waits(page: Page) -> Locator:
    """What the speaker's page says of what waits."""
    return page.locator("#waits")


def changes(console: Page) -> Locator:
    """The changes that the first page of a console shows."""
    return console.locator("#from-speakers article")


def unfold(console: Page, count: int = 1) -> None:
    """Wait until the open first page of a console says that changes wait, and show them."""
    words = f"Changes from speakers: {count}"
    console.get_by_text(words, exact=True).click()
    expect(changes(console)).to_have_count(count)


def say_ok(change: Locator) -> None:
    change.get_by_role("button", name="OK").click()


def title_on(page: Page) -> Locator:
    """Stella's title on a reader's page."""
    return page.locator(f"[data-session={STELLA}] [data-part=title]").first


# The link


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_that_a_chat_program_opens_signs_its_speaker_in_afterwards(
    phone: BrowserContext, app: Flask, address: str, method: str
) -> None:
    link = f"{address}{speaker_link(app)}"
    page = phone.new_page()
    assert [page.request.fetch(link, method=method).status for _ in range(3)] == [200] * 3
    page.goto(link)
    expect(page.get_by_role("heading", name="CODEML: your session")).to_be_visible()
    page.get_by_role("button", name="Sign in on this browser").click()
    expect(page).to_have_url(f"{address}{page_of(STELLA)}")
    expect(page.get_by_role("heading", name="Your session")).to_be_visible()


def test_a_used_link_is_dead_on_another_device(
    new_phone: Callable[[], BrowserContext], app: Flask, address: str
) -> None:
    link = f"{address}{speaker_link(app)}"
    sign_in(new_phone().new_page(), link, f"**{page_of(STELLA)}")
    other = new_phone().new_page()
    other.goto(link)
    expect(other.get_by_text(DEAD)).to_be_visible()
    expect(other.get_by_role("button", name="Sign in on this browser")).to_have_count(0)


@pytest.mark.parametrize("how", ["withdrawn", "replaced"])
def test_a_link_that_was_withdrawn_or_replaced_is_dead_also_where_its_page_is_open(
    phone: BrowserContext, app: Flask, address: str, service: Service, how: str
) -> None:
    page, sign_ins = phone.new_page(), SignIns(service.database)
    page.goto(f"{address}{speaker_link(app)}")
    if how == "withdrawn":
        [link] = sign_ins.links(SYSTEM_CLOCK.now())
        sign_ins.withdraw_link(link.id)
    else:
        speaker_link(app)
    page.get_by_role("button", name="Sign in on this browser").click()
    expect(page.get_by_text(DEAD)).to_be_visible()
    page.reload()
    expect(page.get_by_text(DEAD)).to_be_visible()


def test_a_second_device_ends_the_first(
    stella: Page, new_phone: Callable[[], BrowserContext], app: Flask, address: str, service: Service
) -> None:
    other = opened(new_phone(), app, address)
    publish_noted(service, ChangeContent("lunch", abstract="Soup."))
    # The first page hears of the revision, and asks for itself.
    expect(stella.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name="Your session")).to_be_visible()


def test_what_is_typed_on_the_first_device_stays_there_and_is_refused_in_words(
    stella: Page, new_phone: Callable[[], BrowserContext], app: Flask, address: str, service: Service
) -> None:
    stella.get_by_label("Title", exact=True).fill(TITLE)
    opened(new_phone(), app, address)
    send(stella)
    expect(stella.locator("form.content .unsent")).to_contain_text("sign")
    expect(stella.get_by_label("Title", exact=True)).to_have_value(TITLE)
    assert proposals_of(service) == []


# From TBA to every page


def fill_all(page: Page) -> None:
    """Type all that a speaker may change."""
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Abstract").fill("What *Pythia* taught us.\n\nAnd what it did not.")
    page.get_by_label("Own page").fill("https://example.org/stella")
    page.get_by_label("Link 1: what it is").fill("Slides")
    page.get_by_label("Link 1: address").fill("https://example.org/slides")
    choose_picture(page, with_place=True)


def test_the_abstract_is_previewed_as_readers_will_see_it(stella: Page) -> None:
    stella.get_by_label("Abstract").fill("What *Pythia* taught us.")
    stella.get_by_role("button", name="Preview the abstract").click()
    preview = stella.get_by_role("status", name="The abstract, as readers see it")
    expect(preview.locator("em")).to_have_text("Pythia")


def test_what_is_sent_waits_with_its_difference_and_readers_see_nothing_of_it(
    stella: Page, new_context: NewContext, address: str, service: Service
) -> None:
    reader = new_context().new_page()
    reader.goto(address)
    fill_all(stella)
    send(stella)
    expect(stella.get_by_role("heading", name="Waits for an organizer’s OK")).to_be_visible()
    expect(stella.get_by_text("Your picture named the place where it was taken. That is removed.")).to_be_visible()
    labels = ["Title", "Abstract, new", "Links, new", "Own page", "Picture"]
    expect(waits(stella).locator(".label")).to_have_text(labels)
    expect(waits(stella).locator("ins").first).to_have_text(f"Added: {TITLE}")
    expect(waits(stella).get_by_alt_text("After")).to_have_js_property("naturalWidth", 288)
    # The form goes on from what waits, and its file is sent.
    expect(stella.get_by_label("Title", exact=True)).to_have_value(TITLE)
    expect(stella.get_by_label("Another picture")).to_have_value("")
    expect(stella.get_by_label("The new one, which waits")).to_be_checked()
    assert len(proposals_of(service)) == 1
    expect(title_on(reader)).to_have_text("TBA")
    for path in ("/", f"/talks/{STELLA}", f"/speakers/{STELLA}", "/now?at=2025-07-18T15:10", f"/?q={STELLA}"):
        reader.goto(f"{address}{path}")
        expect(reader.get_by_text(TITLE)).to_have_count(0)


def test_one_tap_on_an_open_console_publishes_it_and_open_pages_follow_by_themselves(
    stella: Page, console: Page, new_context: NewContext, address: str
) -> None:
    readers = new_context()
    day, talk = readers.new_page(), readers.new_page()
    day.goto(address)
    talk.goto(f"{address}/talks/{STELLA}")
    fill_all(stella)
    send(stella)
    # The console is open since before, and is not reloaded.
    console.evaluate("window.isSamePage = true")
    unfold(console)
    expect(changes(console).locator(".title")).to_have_text("Stella Biderman")
    expect(changes(console).locator("ins").first).to_have_text(f"Added: {TITLE}")
    expect(changes(console).get_by_alt_text("After")).to_have_js_property("naturalWidth", 288)
    say_ok(changes(console))
    expect(console.get_by_text("Changes from speakers:")).to_have_count(0)
    expect(title_on(day)).to_have_text(TITLE)
    expect(talk.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(talk.locator("main .prose em")).to_have_text("Pythia")
    expect(stella.locator("#sent")).to_contain_text("Published")
    expect(stella.get_by_label("The one that readers see")).to_be_checked()
    expect(stella.locator("fieldset.choices img")).to_have_js_property("naturalWidth", 288)
    expect(waits(stella)).to_have_count(0)
    assert console.evaluate("window.isSamePage")


def test_after_the_ok_every_page_feed_card_and_code_says_what_the_speaker_wrote(
    stella: Page, console: Page, new_context: NewContext, address: str
) -> None:
    reader = new_context().new_page()

    def fetched(path: str) -> bytes:
        return reader.request.get(f"{address}{path}").body()

    former_card = fetched(f"/cards/{STELLA}.png")
    fill_all(stella)
    send(stella)
    unfold(console)
    say_ok(changes(console))
    expect(console.get_by_text("Changes from speakers:")).to_have_count(0)
    for path in ("/", f"/talks/{STELLA}", f"/speakers/{STELLA}", "/now?at=2025-07-18T15:10", "/?q=opened", "/changes"):
        reader.goto(f"{address}{path}")
        expect(reader.get_by_text(TITLE).first, path).to_be_visible()
    reader.goto(f"{address}/speakers/{STELLA}")
    expect(reader.locator("main img.face").first).to_have_js_property("complete", value=True)
    assert reader.locator("main img.face").first.evaluate("image => image.naturalWidth") > 0
    expect(reader.locator("main a[href='https://example.org/stella']").first).to_be_visible()
    reader.goto(f"{address}/talks/{STELLA}")
    expect(reader.locator("main a[href='https://example.org/slides']")).to_have_text("Slides")
    feed = fetched(f"/talks/{STELLA}.ics").decode().replace("\r\n ", "")
    assert ("SUMMARY:Stella Biderman: Open models\\, opened\r\n" in feed, "What Pythia taught us." in feed) == (
        True,
        True,
    )
    card = fetched(f"/cards/{STELLA}.png")
    assert (card[:4], card != former_card) == (b"\x89PNG", True)
    code = cv2.imdecode(np.frombuffer(fetched(f"/talks/{STELLA}/qr.png"), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert by_zbar(np.asarray(code, np.uint8)) == [f"{address}/talks/{STELLA}"]


# No, and taken back


def test_a_reason_against_it_comes_to_the_speakers_open_page(stella: Page, console: Page) -> None:
    send_title(stella)
    unfold(console)
    changes(console).get_by_text("Decline…").click()
    changes(console).get_by_label("Why, for the speaker").fill("Please name the models.")
    changes(console).get_by_role("button", name="Decline", exact=True).click()
    expect(stella.locator("#declined q")).to_have_text("Please name the models.")
    expect(waits(stella)).to_have_count(0)
    expect(stella.get_by_label("Title", exact=True)).to_have_value(TITLE)
    expect(console.get_by_text("Changes from speakers:")).to_have_count(0)


def test_what_is_taken_back_goes_from_the_open_console(stella: Page, console: Page, service: Service) -> None:
    send_title(stella)
    unfold(console)
    stella.get_by_role("button", name="Take it back").click()
    expect(console.get_by_text("Changes from speakers:")).to_have_count(0)
    expect(waits(stella)).to_have_count(0)
    expect(stella.get_by_label("Title", exact=True)).to_have_value(TITLE)
    assert proposals_of(service) == []


def test_a_change_that_takes_the_place_of_another_shows_on_the_open_console(
    stella: Page, console: Page, service: Service
) -> None:
    send_title(stella, "Open data")
    unfold(console)
    send_title(stella)
    expect(changes(console).locator("ins")).to_have_text(f"Added: {TITLE}")
    say_ok(changes(console))
    expect(console.get_by_text("Changes from speakers:")).to_have_count(0)
    assert service.current.snapshot.revision.program.session(STELLA).title == TITLE


# Two speakers of one session


@pytest.fixture
def panelists(new_phone: Callable[[], BrowserContext], app: Flask, address: str) -> dict[str, Page]:
    """The pages of both people at the panel, each on a phone of their own."""
    return {person: opened(new_phone(), app, address, "panel", person) for person in (SARA, "tri-dao")}


def test_of_two_speakers_each_changes_what_is_theirs_and_both_stand(
    panelists: dict[str, Page], console: Page, new_context: NewContext, address: str, service: Service
) -> None:
    for person, colour in ((SARA, "red"), ("tri-dao", "blue")):
        page = panelists[person]
        page.get_by_label("Affiliation").fill(f"Lab of {person}")
        choose_picture(page, colour)
        send(page)
        expect(waits(page).locator("ins")).to_have_text(f"Added: Lab of {person}")
    console.goto(f"{address}/organizer/proposals")
    for left in (1, 0):
        say_ok(console.locator("article.proposal").first)
        expect(console.locator("article.proposal")).to_have_count(left)
    reader = new_context().new_page()
    for person in (SARA, "tri-dao"):
        reader.goto(f"{address}/speakers/{person}")
        expect(reader.locator("main")).to_contain_text(f"Lab of {person}")
        assert reader.locator("main img.face").first.evaluate("image => image.decode().then(() => image.naturalWidth)")
    people = service.current.snapshot.revision.program.speakers_by_id
    faces = {person: people[person].picture for person in panelists}
    assert len({face.digest for face in faces.values() if face}) == 2


def test_of_two_speakers_neither_changes_what_is_the_others(panelists: dict[str, Page], service: Service) -> None:
    page = panelists[SARA]
    expect(page.get_by_label("Affiliation")).to_have_count(1)
    page.locator("form.content [name=person]").evaluate("field => { field.value = 'tri-dao'; }")
    page.get_by_label("Affiliation").fill("Mine")
    send(page)
    refusal = "A speaker changes their own affiliation, page and picture."
    expect(page.locator("form.content .unsent")).to_contain_text(refusal)
    assert proposals_of(service) == []


# The day goes on


def test_the_page_follows_a_delay_and_what_was_typed_stays(
    browser: Browser, app: Flask, address: str, service: Service, clock: MovableClock
) -> None:
    context = browser.new_context(**PHONE)
    context.clock.install()
    sara = opened(context, app, address, SARA, SARA)
    time_to = sara.locator(".time-to")
    expect(time_to).to_have_text("in 25 min")
    sara.get_by_label("Title", exact=True).fill(TITLE)
    publish_noted(service, Delay(SARA, 8, shorten=(("contributed-morning", 37),)), "The projector was late.")
    moved = sara.locator("#moved")
    expect(moved).to_contain_text("Your session moved: 10:53–11:23")
    expect(moved).to_contain_text("The projector was late.")
    expect(time_to).to_have_text("in 33 min")
    clock.set(at("10:25"))
    has_come_by(sara, at("10:25"))
    expect(time_to).to_have_text("in 28 min")
    expect(sara.get_by_label("Title", exact=True)).to_have_value(TITLE)
    send(sara)
    expect(waits(sara).locator("ins")).to_contain_text(["Open models, opened"])
    context.close()


def test_what_a_speaker_says_of_themselves_shows_on_the_open_console_and_the_other_way_round(
    stella: Page, console: Page, address: str
) -> None:
    console.goto(f"{address}{page_of(STELLA)}")
    own, theirs = (page.get_by_role("button", name=name) for page, name in ((stella, "I am here"), (console, "Here")))
    own.click()
    expect(theirs).to_have_attribute("aria-pressed", "true")
    theirs.click()
    expect(own).to_have_attribute("aria-pressed", "false")
    console.get_by_role("button", name="May be recorded").click()
    expect(stella.get_by_role("button", name="I may be recorded")).to_have_attribute("aria-pressed", "true")


def test_once_it_has_begun_an_open_page_has_no_title_any_more_and_takes_the_rest(
    browser: Browser, app: Flask, address: str, clock: MovableClock, service: Service
) -> None:
    context = browser.new_context(**PHONE)
    context.clock.install()
    stella = opened(context, app, address)
    expect(stella.get_by_label("Title", exact=True)).to_be_visible()
    clock.set(at("15:30"))
    has_come_by(stella, at("15:30"))
    expect(stella.get_by_label("Title", exact=True)).to_have_count(0)
    expect(stella.get_by_label("Abstract")).to_have_count(0)
    expect(stella.locator(".time-to")).to_have_text("30 min left")
    stella.get_by_label("Link 1: what it is").fill("Slides")
    stella.get_by_label("Link 1: address").fill("https://example.org/slides")
    send(stella)
    expect(waits(stella).locator(".label")).to_have_text(["Links, new"])
    assert [one.edit.title for one in proposals_of(service)] == [None]
    context.close()


def test_a_week_after_its_end_there_is_no_form(stella: Page, clock: MovableClock) -> None:
    clock.set(at("16:00") + CHANGED_AFTERWARDS)
    stella.reload()
    expect(stella.get_by_text("The session ended more than a week ago.")).to_be_visible()
    expect(stella.locator("form.content")).to_have_count(0)


# As other pages of the console


@pytest.mark.parametrize("width", [320, 390])
def test_axe_finds_nothing_and_the_page_fits_a_phone_while_a_change_waits(stella: Page, width: int) -> None:
    stella.set_viewport_size({"width": width, "height": 844})
    fill_all(stella)
    send(stella)
    expect(waits(stella)).to_be_visible()
    load_axe(stella)
    assert (violations(stella), stella.evaluate("document.documentElement.scrollWidth")) == ([], width)


def test_a_refused_picture_is_told_beside_its_field_and_what_was_typed_stays(stella: Page, service: Service) -> None:
    stella.get_by_label("Title", exact=True).fill(TITLE)
    field = stella.get_by_label("A picture from this device")
    field.set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": b"<svg onload='alert(1)'/>"})
    send(stella)
    expect(stella.locator("#fault-picture")).to_have_text(
        "Choose a photograph in JPEG, PNG or WebP; this is a drawing."
    )
    expect(stella.get_by_label("Title", exact=True)).to_have_value(TITLE)
    assert proposals_of(service) == []
    choose_picture(stella)
    send(stella)
    expect(waits(stella).locator(".label")).to_have_text(["Title", "Picture"])
    expect(stella.locator("#fault-picture")).to_have_count(0)


def test_a_picture_that_is_too_large_is_told_before_it_is_sent(stella: Page) -> None:
    field = stella.get_by_label("A picture from this device")
    field.set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": bytes(12_000_001)})
    assert field.evaluate("field => field.validationMessage") == "A file has at most 12 MB. Choose a smaller one."


def test_without_scripts_the_form_is_sent_and_a_refused_one_shows_what_was_typed(
    browser: Browser, app: Flask, address: str, service: Service
) -> None:
    context = browser.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{speaker_link(app)}")
    page.get_by_role("button", name="Sign in on this browser").click()
    page.get_by_label("Title", exact=True).fill(TITLE)
    field = page.get_by_label("A picture from this device")
    field.set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": b"<!doctype html>"})
    send(page)
    expect(page.locator("#fault-picture")).to_have_text("Choose a photograph in JPEG, PNG or WebP.")
    expect(page.get_by_label("Title", exact=True)).to_have_value(TITLE)
    choose_picture(page)
    send(page)
    expect(waits(page).locator(".label")).to_have_text(["Title", "Picture"])
    expect(page).to_have_url(f"{address}{page_of(STELLA)}")
    page.get_by_role("button", name="Take it back").click()
    expect(waits(page)).to_have_count(0)
    assert proposals_of(service) == []
    context.close()
