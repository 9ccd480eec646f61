"""The console's page of speakers in a browser: links are made in place, copied as text, and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from support.axe import load_axe, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def speakers(console: Page, address: str) -> Page:
    """The page, with a link for each speaker."""
    console.goto(f"{address}/organizer/speakers")
    console.get_by_role("button", name="Make links for 6 speakers").click()
    expect(console.get_by_text("6 links made.")).to_be_visible()
    return console


def test_the_links_to_send_are_copied_by_a_button(speakers: Page, address: str) -> None:
    speakers.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    speakers.locator("#to-send").get_by_role("button", name="Copy").click()
    expect(speakers.get_by_text("Copied", exact=True)).to_be_visible()
    text = speakers.evaluate("navigator.clipboard.readText()")
    names = [line.partition(",")[0] for line in text.split("\n")]
    assert names == [
        *("Tri Dao", "Evan Shelhamer", "Sara Hooker", "Matt Johnson", "Chris Rackauckas", "Stella Biderman"),
    ]


def test_without_a_clipboard_the_text_is_copied_the_older_way(speakers: Page, address: str) -> None:
    speakers.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    speakers.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    speakers.locator("#to-send").get_by_role("button", name="Copy").click()
    expect(speakers.get_by_text("Copied", exact=True)).to_be_visible()
    text = speakers.evaluate("navigator.clipboard.readText()")
    assert text.replace("\r\n", "\n") == speakers.get_by_label("Links to send").input_value()


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_a_button_among_the_speakers_copies_what_is_sent_to_one(
    speakers: Page, address: str, has_clipboard: bool
) -> None:
    speakers.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    if not has_clipboard:
        speakers.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    speakers.get_by_role("listitem").filter(has_text="Evan Shelhamer").get_by_role("button", name="Copy").click()
    expect(speakers.locator("[data-copied]")).to_have_count(1)
    text = speakers.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"Evan Shelhamer, your page for CODEML, Fri 18 July, 10:15: {address}/organizer/sign-in/")
    assert text.endswith(" It works once, on one device.")


def test_a_button_among_the_speakers_withdraws_that_speakers_link(speakers: Page) -> None:
    row = speakers.get_by_role("listitem").filter(has_text="Evan Shelhamer")
    row.get_by_role("button", name="Withdraw").click()
    expect(row.get_by_text("No link yet")).to_be_visible()
    expect(speakers.get_by_text("6 speakers: 0 signed in, 5 have a link, 1 has none.")).to_be_visible()
    assert "Evan Shelhamer" not in speakers.get_by_label("Links to send").input_value()


def test_the_search_narrows_the_list_as_one_types(speakers: Page) -> None:
    speakers.get_by_label("Find a session or a person").press_sequentially("hooker")
    expect(speakers.get_by_text("1 of 6 found.")).to_be_visible()
    expect(speakers.locator(".speaking")).to_have_count(1)
    speakers.get_by_role("link", name="Show all").click()
    expect(speakers.locator(".speaking")).to_have_count(6)


def test_axe_finds_nothing_on_the_page_in_light_and_dark(speakers: Page) -> None:
    speakers.get_by_role("button", name="Withdraw").first.click()
    expect(speakers.get_by_text("No link yet")).to_be_visible()
    load_axe(speakers)
    found = []
    for scheme in ("light", "dark"):
        speakers.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found += violations(speakers)
    assert found == []
