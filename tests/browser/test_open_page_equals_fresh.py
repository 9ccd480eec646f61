"""The law: after any edit, boundary or loss of the network an open page is what the same address loaded anew is.

Left aside is what its reader did (typed, starred, opened, scrolled) and ages in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect
from support.console_browser import sign_in_link
from support.movable_clock import AT_TEN_TWENTY, MovableClock
from support.network_cable import Cable
from support.papers import with_papers
from support.publishing import publish as publish_program
from support.pushpin import needs_pushpin
from support.same_document import Tabs, has_come_by
from support.server_thread import served
from support.speakers import page_of, photograph, speaker_link
from support.started_page import sign_in

from app.domain.edits.edit_types import (
    Absent,
    AddItem,
    AddSession,
    Announce,
    Cancel,
    ChangeContent,
    ChangeRoom,
    Delay,
    DelayEverywhere,
    Edit,
    EndNow,
    Extend,
    ItemAbsent,
    Move,
    OrderItems,
    Reinstate,
    RemoveItem,
    Reorder,
    Shorten,
    StartNow,
    Step,
    Swap,
)
from app.domain.edits.speaker_rights import changes_until
from app.domain.program import Person, Program, Room
from app.domain.rights import Editor
from app.domain.session import Item, Link, Session, Slot
from app.formats.sent_picture import read_sent
from app.outgoing.grip_proxy import GripProxy
from app.store.proposals import Proposal, accept, decline, propose, withdraw
from app.store.publishing import publish_edit, publish_note, undo
from app.store.room_state import RoomStates
from app.web.running_service import Service
from benchmarks.pushpin import Pushpin

pytestmark = pytest.mark.browser

MINUTE = timedelta(minutes=1)
SARA = "sara-hooker"
LINE_UP = tuple(Item(id=name.lower(), title=name, minutes=7) for name in ("Darts", "Hems", "Pleats", "Seams"))
PAPERS = (Item(id="moss", title="Moss", number="1", authors=("Ann Lee",)), Item(id="fern", title="Fern", number="2"))
READERS_PAGES = (
    "/",
    "/?q=learning",
    "/?kind=break",
    "/?coming=1",
    "/?q=talk&coming=1",
    "/now",
    "/display",
    "/display/venue",
    "/rooms/venue",
    "/rooms/annex",
    "/stage/venue",
    "/talks/evan-shelhamer",
    "/talks/quilts",
    "/speakers/sara-hooker",
    "/papers",
    "/papers?view=boards",
    "/papers/moss",
    "/my",
    "/changes",
    "/pages/venue",
)
CONSOLE_PAGES = (
    "/organizer",
    "/organizer?room=annex",
    "/organizer/sessions",
    "/organizer/talks/sara-hooker",
    "/organizer/talks/sara-hooker/edit",
    "/organizer/add",
    "/organizer/order?room=venue",
    "/organizer/history",
    "/organizer/proposals",
    "/organizer/report",
    "/organizer/announce",
    "/organizer/people",
    "/organizer/speakers",
)


def pages(*quick: str) -> list[Any]:
    """All pages; those that are not named are for `make acceptance`."""
    paths = (*READERS_PAGES, *CONSOLE_PAGES)
    return [path if path in quick else pytest.param(path, marks=pytest.mark.acceptance) for path in paths]


def session(name: str, start: datetime, minutes: int, **fields: Any) -> Session:
    slot = Slot(start=start, end=start + minutes * MINUTE, room="annex")
    return replace(Session(id=name, title=name.title(), slot=slot, scheduled=slot), **fields)


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, with three talks in a second room, one of them a line-up, and two posters."""
    start = AT_TEN_TWENTY - 5 * MINUTE
    annex = (
        session("quilts", start, 30, speakers=("ann-lee",), items=LINE_UP),
        session("rugs", start + 45 * MINUTE, 30),
        session("kilts", start + 5 * 60 * MINUTE, 30),
    )
    whole = replace(
        program,
        rooms=(*program.rooms, Room("annex", "Annex")),
        sessions=tuple(sorted((*program.sessions, *annex), key=Session.order)),
        speakers=(*program.speakers, Person(id="ann-lee", name="Ann Lee")),
    )
    return with_papers(whole, PAPERS, "posters")


@pytest.fixture
def address(steady_address: str) -> str:
    return steady_address


def tabs_of(context: BrowserContext, app: Flask, address: str, path: str) -> Tabs:
    """A page and its fresh one, signed in."""
    fresh = context.new_page()
    sign_in(fresh, f"{address}{sign_in_link(app)}")
    return Tabs(context, f"{address}{path}", fresh)


# Given afterwards to an edit that has none, in place of one, and taken away.
REASONS = (("move", "A bus is late."), ("cancel what is on", "Evan has lost his voice."), ("cancel what is on", ""))
SLIDES = (Link("Slides", "https://example.org/slides"),)


def edits() -> Iterator[tuple[str, Edit, str]]:
    """Each kind of edit, its name, and a note."""
    bob = Person(id="bob-ray", name="Bob Ray")
    yield "late", Delay("evan-shelhamer", 3, shorten=(("contributed-morning", 42),)), "The projector was late."
    yield "shorten", Shorten("contributed-morning", 30), ""
    yield "late everywhere", DelayEverywhere(2), "The key was lost."
    yield "+5", Extend("quilts", 5), ""
    yield "step", Step("quilts", "hems"), ""
    yield "item absent", ItemAbsent("quilts", "pleats"), "Pat is on the way."
    yield "item added", AddItem("quilts", "Tucks", 3), ""
    yield "items ordered", OrderItems("quilts", ("tucks", "seams")), ""
    yield "item removed", RemoveItem("quilts", "tucks"), ""
    yield "by the clock", Step("quilts", None), ""
    yield "end", EndNow("quilts"), ""
    yield "start", StartNow("rugs"), ""
    yield "move", Move("kilts", AT_TEN_TWENTY + 410 * MINUTE), ""
    yield "swap", Swap("matt-johnson", "chris-rackauckas"), ""
    yield "not here", Absent("chris-rackauckas"), "Chris is on the way."
    yield "reorder", Reorder(("chris-rackauckas", "matt-johnson")), ""
    yield "add", AddSession("Lightning talk", 5, after="posters"), ""
    yield "change room", ChangeRoom("kilts", "venue"), ""
    yield "cancel", Cancel("panel"), "The panel is off."
    yield "reinstate", Reinstate("panel"), ""
    yield "cancel what is on", Cancel("evan-shelhamer"), "Evan is ill."
    yield "rename", ChangeContent("sara-hooker", title="Beyond the paper"), ""
    yield "abstract and links", ChangeContent("sara-hooker", abstract="*Ripe*", links=SLIDES), ""
    yield "speakers", ChangeContent("rugs", speakers=("ann-lee", "bob-ray"), people=(bob,)), ""
    yield (
        "papers",
        ChangeContent("posters", items=(replace(PAPERS[1], kind="Oral"), replace(PAPERS[0], title="Moos"))),
        "",
    )
    yield "announce", Announce("Lunch is served."), ""
    yield "announce to a room", Announce("Please move to the front.", room="annex"), ""


def number(service: Service) -> int:
    return service.current.snapshot.revision.number


@pytest.mark.parametrize("path", pages("/", "/display", "/organizer", "/organizer/sessions"))
def test_after_each_kind_of_edit_an_open_page_equals_a_fresh_one(
    laptop: BrowserContext, app: Flask, address: str, service: Service, path: str
) -> None:
    tabs = tabs_of(laptop, app, address, path)
    revisions, now, made = service.current.revisions, service.clock.now(), {}
    for name, edit, note in edits():
        made[name] = publish_edit(revisions, edit, base=number(service), by=Editor("Frank"), note=note, now=now).number
        service.current.refresh()
        tabs.come_to_be_equal(number(service), name)
    for name, note in REASONS:
        publish_note(revisions, made[name], by=Editor("Frank"), note=note, now=now)
        service.current.refresh()
        tabs.come_to_be_equal(number(service), f"the reason {note!r} of {name!r}")
    undo(revisions, None, by=Editor("Frank"), note="", now=now)
    service.current.refresh()
    tabs.come_to_be_equal(number(service), "undo")
    program = service.current.snapshot.revision.program
    social = session("social", AT_TEN_TWENTY + 8 * 60 * MINUTE, 60)
    publish_program(service, replace(program, sessions=(*program.sessions, social)))
    tabs.come_to_be_equal(number(service), "a session added by publish")
    program = service.current.snapshot.revision.program
    pages = tuple(replace(page, title=f"{page.title}!") for page in program.pages)
    publish_program(
        service, replace(program, title="CODEML 2025", pages=pages, rooms=(Room("venue", "Hall B"), *program.rooms[1:]))
    )
    tabs.come_to_be_equal(number(service), "changed files")


@pytest.mark.parametrize("path", pages("/", "/organizer"))
def test_across_each_boundary_an_open_page_equals_a_fresh_one(
    laptop: BrowserContext, app: Flask, address: str, service: Service, path: str
) -> None:
    clock = cast("MovableClock", service.clock)
    until = clock.now() + 10 * MINUTE
    for edit, note in (
        (Announce("Lunch is served.", until=until), ""),
        (Cancel("panel"), ""),
        (Cancel("evan-shelhamer"), "Evan is ill."),
        # No boundary is just 100 minutes before it, when the stage timer begins to count: pages differ by a moment.
        (Move("kilts", AT_TEN_TWENTY + 412 * MINUTE), "Ann needs longer."),
    ):
        publish_edit(
            service.current.revisions, edit, base=number(service), by=Editor("Frank"), note=note, now=clock.now()
        )
        service.current.refresh()
    laptop.clock.install()
    tabs = tabs_of(laptop, app, address, path)
    for boundary in sorted({*service.current.snapshot.timeline.boundaries, until}):
        clock.set(boundary)
        has_come_by(tabs.open, boundary)
        tabs.come_to_be_equal(number(service), f"{boundary}")


def test_what_is_looked_for_in_place_equals_a_fresh_page_and_goes_on_to(
    laptop: BrowserContext, app: Flask, address: str, service: Service
) -> None:
    tabs = tabs_of(laptop, app, address, "/")
    tabs.open.get_by_role("searchbox").fill("learning")
    expect(tabs.open).to_have_url(f"{address}/?q=learning")
    tabs.come_to_be_equal(1, "a search")
    tabs.open.get_by_label("Kind").select_option("talk")
    expect(tabs.open).to_have_url(f"{address}/?q=learning&kind=talk")
    tabs.come_to_be_equal(1, "a filter")
    edit = ChangeContent("sara-hooker", title="Learning to learn")
    publish_edit(service.current.revisions, edit, base=1, by=Editor("Frank"), note="", now=service.clock.now())
    service.current.refresh()
    tabs.come_to_be_equal(2, "a title that fits")
    tabs.open.go_back()
    tabs.come_to_be_equal(2, "back")


@pytest.mark.parametrize("path", pages("/", "/organizer"))
def test_after_a_minute_without_network_an_open_page_equals_a_fresh_one(
    laptop: BrowserContext, app: Flask, address: str, service: Service, path: str
) -> None:
    cable = Cable(int(address.rpartition(":")[2]))
    laptop.clock.install()
    tabs = tabs_of(laptop, app, f"http://127.0.0.1:{cable.port}", path)
    cable.cut()
    publish_edit(
        service.current.revisions, Cancel("quilts"), base=1, by=Editor("Frank"), note="", now=service.clock.now()
    )
    service.current.refresh()
    tabs.open.evaluate("dispatchEvent(new Event('offline'))")
    expect(tabs.open.locator("[data-stale]")).to_be_visible()
    tabs.open.clock.fast_forward(60_000)
    cable.mend()
    tabs.open.evaluate("dispatchEvent(new Event('online'))")
    tabs.come_to_be_equal(number(service), "a minute without network")
    cable.close()


@pytest.mark.parametrize("path", ["/organizer", "/organizer/talks/sara-hooker"])
def test_after_each_change_of_the_room_state_an_open_page_equals_a_fresh_one(
    laptop: BrowserContext, app: Flask, address: str, service: Service, path: str
) -> None:
    tabs, states = tabs_of(laptop, app, address, path), RoomStates(service.current.revisions)
    frank, now = Editor("Frank"), service.clock.now()
    names = ("sara-hooker", "sara-hooker", "here")
    states.set_tick(*names, on=True, by=frank, now=now)
    tabs.come_to_be_equal(1, "a tick")
    note = states.add_note("sara-hooker", "Say it so", by=frank, now=now)
    tabs.come_to_be_equal(1, "a note")
    states.set_tick(*names, on=False, by=frank, now=now)
    tabs.come_to_be_equal(1, "a tick removed")
    states.remove_note(note.id, by=frank)
    tabs.come_to_be_equal(1, "a note removed")


def test_ten_minutes_before_a_talk_an_open_page_says_who_is_not_ticked_as_here(
    laptop: BrowserContext, app: Flask, address: str, service: Service
) -> None:
    laptop.clock.install()
    tabs, clock = tabs_of(laptop, app, address, "/organizer/talks/sara-hooker"), cast("MovableClock", service.clock)
    missing = tabs.open.get_by_text("Sara Hooker is not ticked as here.")
    expect(missing).to_be_hidden()
    for minutes, is_shown in ((15, True), (25, True), (55, False)):
        instant = AT_TEN_TWENTY + minutes * MINUTE
        clock.set(instant)
        has_come_by(tabs.open, instant)
        tabs.come_to_be_equal(1, f"{instant}")
        expect(missing).to_be_visible(visible=is_shown)


def speakers_tabs(context: BrowserContext, app: Flask, address: str) -> Tabs:
    """The page of Sara Hooker's session and its fresh one, signed in as her."""
    fresh = context.new_page()
    sign_in(fresh, f"{address}{speaker_link(app, SARA, SARA)}", f"**{page_of(SARA)}")
    return Tabs(context, f"{address}{page_of(SARA)}", fresh)


def test_after_each_kind_of_edit_a_speakers_open_page_equals_a_fresh_one(
    laptop: BrowserContext, app: Flask, address: str, service: Service
) -> None:
    tabs, now = speakers_tabs(laptop, app, address), service.clock.now()
    for name, edit, note in edits():
        publish_edit(service.current.revisions, edit, base=number(service), by=Editor("Frank"), note=note, now=now)
        service.current.refresh()
        tabs.come_to_be_equal(number(service), name)


def test_across_each_boundary_a_speakers_open_page_equals_a_fresh_one(
    laptop: BrowserContext, app: Flask, address: str, service: Service
) -> None:
    clock, by = cast("MovableClock", service.clock), Editor("Sara Hooker", "speaker", session=SARA, speaker=SARA)
    laptop.clock.install()
    tabs = speakers_tabs(laptop, app, address)
    edit = ChangeContent(SARA, title="Beyond the paper", links=SLIDES)
    propose(service.current.revisions, edit, base=1, by=by, now=clock.now())
    service.current.refresh()
    session = service.current.snapshot.revision.program.session(SARA)
    for boundary in (session.start, session.end, changes_until(session)):
        clock.set(boundary)
        has_come_by(tabs.open, boundary)
        tabs.come_to_be_equal(1, f"{boundary}")


@pytest.mark.parametrize("path", ["/organizer", "/organizer/proposals", f"/organizer/talks/{SARA}"])
def test_after_each_step_of_what_a_speaker_would_change_open_pages_equal_fresh_ones(
    laptop: BrowserContext, app: Flask, address: str, service: Service, path: str
) -> None:
    tabs = speakers_tabs(laptop, app, address) if path == page_of(SARA) else tabs_of(laptop, app, address, path)
    for name in what_waits_goes_on(service):
        service.current.refresh()
        tabs.come_to_be_equal(number(service), name)


def what_waits_goes_on(service: Service) -> Iterator[str]:
    """What may become of what a speaker would change, step by step; gives each step's name after it."""
    revisions, now, frank = service.current.revisions, service.clock.now(), Editor("Frank")
    by = Editor("Sara Hooker", "speaker", session=SARA, speaker=SARA)
    red, blue = (read_sent(photograph(colour)).prepared for colour in ("red", "blue"))
    first = ChangeContent(SARA, title="Beyond the paper", pictures=((SARA, red.picture),))
    second = ChangeContent(SARA, abstract="*Ripe*", links=SLIDES, pictures=((SARA, blue.picture),))

    def sent(edit: ChangeContent) -> str:
        made = propose(revisions, edit, base=number(service), by=by, now=now, pictures=(red, blue))
        return made.id if isinstance(made, Proposal) else ""

    sent(first)
    yield "a change that waits"
    waits = sent(second)
    yield "another one in its place"
    decline(revisions, waits, "Not so ripe.", by=frank, now=now)
    yield "one that is declined"
    sent(first)
    yield "one after that"
    withdraw(revisions, SARA, by=by, now=now)
    yield "one that is taken back"
    waits = sent(first)
    accept(revisions, waits, base=number(service), by=frank, now=now)
    yield "one that is published"
    sent(second)
    yield "one that waits after that"
    publish_edit(revisions, ChangeContent(SARA, abstract="Riper"), base=number(service), by=frank, note="", now=now)
    yield "an organizer's change of what waits"


@pytest.fixture
def address_of_pushpin(app: Flask, clock: MovableClock, tmp_path: Path) -> Iterator[str]:
    """The service through a real Pushpin, which holds its streams, at a steady time."""
    needs_pushpin()
    clock.set(AT_TEN_TWENTY)
    clock.speed = 0.001
    pushpin = Pushpin(tmp_path / "pushpin", [])
    pushpin.folder.mkdir()
    with served(app, GripProxy.read(pushpin.setting)) as url:
        pushpin.services = [int(url.rpartition(":")[2])]
        try:
            pushpin.start()
            yield f"http://127.0.0.1:{pushpin.port}"
        finally:
            pushpin.stop()


@pytest.mark.acceptance
@pytest.mark.process
@pytest.mark.parametrize("path", ["/", "/display", "/organizer"])
def test_through_a_proxy_that_holds_its_stream_an_open_page_equals_a_fresh_one(
    laptop: BrowserContext, app: Flask, address_of_pushpin: str, service: Service, path: str
) -> None:
    tabs = tabs_of(laptop, app, address_of_pushpin, path)
    for name, edit, note in edits():
        now = service.clock.now()
        publish_edit(service.current.revisions, edit, base=number(service), by=Editor("Frank"), note=note, now=now)
        service.current.refresh()
        tabs.come_to_be_equal(number(service), name)
    assert (service.stats.readers(), service.stats.handed_over > 0) == (0, True)
