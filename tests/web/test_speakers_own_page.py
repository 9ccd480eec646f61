"""The page of a speaker: when they are on and what moved, what they may change until when, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from lxml import html
from support.codeml_day import at, codeml
from support.console_browser import Console, faults_on
from support.movable_clock import MovableClock
from support.publishing import Publish
from werkzeug.test import TestResponse

from app.domain.edits.edit_types import Cancel, ChangeContent, Delay, Shorten
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.session import Link
from app.store.proposals import Proposal, accept, decline, latest_of, waiting
from app.store.room_state import RoomStates
from app.web.running_service import Service

STELLA = "stella-biderman"
PAGE = f"/organizer/talks/{STELLA}"
FRANK = Editor("Frank")


@pytest.fixture
def program() -> Program:
    return replace(codeml(), for_speakers="The **green room** is 208.")


@pytest.fixture
def stella(app: Flask) -> Console:
    """The browser of the speaker of the talk at 15:30."""
    return Console(app, "Stella Biderman", session=STELLA)


def page_of(console: Console) -> html.HtmlElement:
    return html.fromstring(console.get(PAGE).text)


def texts(console: Console, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page_of(console).xpath(path)]


def send(console: Console, **typed: str) -> TestResponse:
    """The form of the page as it is shown, with what was typed into some of its fields."""
    [form] = page_of(console).xpath(f'//form[@id="own-{STELLA}"]')
    fields = {name: value or "" for name, value in form.form_values()}
    return console.client.post(PAGE, data={**fields, **typed})


def latest(service: Service) -> Proposal:
    found = latest_of(service.database, STELLA, "Stella Biderman")
    assert found
    return found


def decide(service: Service, reason: str | None = None) -> None:
    """An organizer's OK, or why not."""
    revisions, now, name = service.current.revisions, service.clock.now(), latest(service).id
    if reason is None:
        accept(revisions, name, base=revisions.newest_number(), by=FRANK, now=now)
    else:
        decline(revisions, name, reason, by=FRANK, now=now)
    service.current.refresh()


# What they need


def test_it_says_when_they_are_on_and_who_is_before_and_after(stella: Console) -> None:
    assert texts(stella, '//*[@class="time-to"]') == ["in 5 h 10 min"]
    assert texts(stella, '//dl[@class="said"]/*') == [
        "Before you",
        "15:00 Coffee break",
        "After you",
        "16:00 Panel discussion",
    ]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (at("15:30") - timedelta(days=2), "in 2 days"),
        (at("15:31") - timedelta(days=2), "in 47 h 59 min"),
        (at("15:29"), "in 1 min"),
        (at("15:30"), "30 min left"),
        (at("15:59"), "1 min left"),
        (at("16:00"), "over"),
    ],
)
def test_how_long_it_is_until_then(stella: Console, clock: MovableClock, now: datetime, said: str) -> None:
    clock.set(now)
    assert texts(stella, '//*[@class="time-to"]') == [said]


def test_what_moved_is_called_out_with_its_reason(stella: Console, publish: Publish, clock: MovableClock) -> None:
    assert texts(stella, '//*[@id="moved"]') == []
    clock.set(at("15:20"))
    publish(Shorten("panel", 45))
    publish(Delay(STELLA, 8), note="The coffee came late.")
    assert texts(stella, '//*[@id="moved"]') == ["Your session moved: 15:38–16:08; was 15:30. The coffee came late."]


def test_a_cancelled_session_says_so(stella: Console, publish: Publish) -> None:
    publish(Cancel(STELLA))
    assert texts(stella, '//*[@id="moved"]') == ["Your session is cancelled."]
    assert texts(stella, '//*[@class="time-to"]') == []


def test_it_leads_to_the_stage_their_calendar_and_what_readers_see(stella: Console) -> None:
    assert page_of(stella).xpath('//p[@class="text-links"]/a/@href') == [
        f"/talks/{STELLA}",
        "/stage/venue",
        f"/subscribe?person={STELLA}",
    ]
    assert f"/speakers/{STELLA}.ics" in stella.get(f"/subscribe?person={STELLA}").text


def test_the_organizers_words_to_speakers_are_on_their_page_alone(stella: Console, frank: Console) -> None:
    assert texts(stella, '//*[@id="for-speakers"]//p') == ["The green room is 208."]
    readers = frank.app.test_client()
    pages = (f"/talks/{STELLA}", "/", f"/speakers/{STELLA}", "/api/schedule.json", "/search?q=green")
    assert ["green room" in readers.get(page).text for page in pages] == [False] * len(pages)


# What they change


def test_a_form_sent_as_it_is_shown_changes_nothing(stella: Console, service: Service) -> None:
    answer = send(stella)
    assert answer.headers["Location"] == f"{PAGE}?done=0"
    said = html.fromstring(stella.get(f"{PAGE}?done=0").text).xpath('//*[@id="sent"]')[0].text_content()
    assert " ".join(said.split()) == "Nothing is changed, so nothing was sent."
    assert waiting(service.database) == ()
    assert texts(stella, '//*[@id="waits"]') == []


def test_what_is_typed_waits_with_its_difference(stella: Console, service: Service) -> None:
    answer = send(stella, title="Open models", abstract="What they are.", affiliation="EleutherAI; Elsewhere")
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert latest(service).edit == ChangeContent(
        STELLA,
        title="Open models",
        abstract="What they are.",
        affiliations=((STELLA, ("EleutherAI", "Elsewhere")),),
    )
    assert texts(stella, '//*[@id="waits"]//*[@class="text-change"]') == [
        "Title Removed: TBA Added: Open models",
        "Abstract, new What they are.",
        "Affiliation, new EleutherAI; Elsewhere",
    ]


def test_the_form_then_shows_what_waits_and_sends_it_again(stella: Console, service: Service) -> None:
    send(stella, title="Open models", own_page="https://example.org")
    send(stella, abstract="What they are.")
    edit = latest(service).edit
    assert (edit.title, edit.abstract) == ("Open models", "What they are.")
    assert edit.own_pages == ((STELLA, "https://example.org"),)
    assert len(waiting(service.database)) == 1


def test_typing_what_readers_see_takes_that_part_back(stella: Console, service: Service) -> None:
    send(stella, title="Open models", abstract="What they are.")
    send(stella, title="TBA")
    assert latest(service).edit == ChangeContent(STELLA, abstract="What they are.")


def test_links_are_changed_together(stella: Console, service: Service) -> None:
    stella.post(PAGE, page=PAGE, label=["Slides", ""], url=["https://example.org/s", ""], base="1")
    assert latest(service).edit.links == (Link("Slides", "https://example.org/s"),)


def test_the_ok_is_told_and_the_form_is_as_published(stella: Console, service: Service) -> None:
    send(stella, title="Open models")
    decide(service)
    assert texts(stella, '//*[@id="sent"]') == ["Published 10:20. See it as readers do"]
    assert page_of(stella).xpath('//input[@name="title"]/@value') == ["Open models"]


def test_a_reason_against_it_is_told(stella: Console, service: Service) -> None:
    send(stella, title="Open models")
    decide(service, "Use the title of the paper.")
    assert texts(stella, '//*[@id="declined"]') == [
        "An organizer declined what you sent, 10:20: Use the title of the paper. It is still in the form."
    ]
    assert page_of(stella).xpath('//input[@name="title"]/@value') == ["Open models"]


def test_what_waits_is_taken_back_with_one_tap(stella: Console, service: Service) -> None:
    send(stella, title="Open models")
    assert stella.post(f"{PAGE}/withdraw", page=PAGE).headers["Location"] == PAGE
    assert (waiting(service.database), texts(stella, '//*[@id="waits"]')) == ((), [])
    said = "Taken back, 10:20. Nobody will publish it. It is still in the form."
    assert texts(stella, '//*[@id="taken-back"]') == [said]
    assert page_of(stella).xpath('//input[@name="title"]/@value') == ["Open models"]


def test_what_is_missing_is_named_until_it_is_sent(stella: Console) -> None:
    assert texts(stella, '//*[@id="missing"]') == ["Still missing: title, abstract, picture."]
    send(stella, title="Open models")
    assert texts(stella, '//*[@id="missing"]') == []


def test_enter_in_a_field_sends_nothing(stella: Console) -> None:
    [first, *_] = page_of(stella).xpath(f'//form[@id="own-{STELLA}"]//button')
    assert "disabled" in first.attrib


def test_what_an_organizer_changed_meanwhile_is_told_and_what_was_typed_stays(
    stella: Console, publish: Publish, service: Service
) -> None:
    [form] = page_of(stella).xpath(f'//form[@id="own-{STELLA}"]')
    publish(ChangeContent(STELLA, title="Open data"))
    answer = stella.client.post(PAGE, data={**dict(form.form_values()), "title": "Open models"})
    [(field, said)] = faults_on(answer.text)
    assert (answer.status_code, field) == (409, "form")
    assert said.startswith("Somebody changed the same meanwhile.")
    assert html.fromstring(answer.text).xpath('//input[@name="title"]/@value') == ["Open models"]
    assert waiting(service.database) == ()


def test_what_is_not_touched_keeps_what_an_organizer_changed_meanwhile(
    stella: Console, publish: Publish, service: Service
) -> None:
    [form] = page_of(stella).xpath(f'//form[@id="own-{STELLA}"]')
    publish(ChangeContent(STELLA, title="Open data"))
    stella.client.post(PAGE, data={**dict(form.form_values()), "abstract": "What they are."})
    assert latest(service).edit == ChangeContent(STELLA, abstract="What they are.")


@pytest.mark.parametrize(
    ("field", "value"),
    [("own_page", "javascript:alert(1)"), ("title", "x" * 301), ("title", " "), ("title", "a\u202eb")],
)
def test_what_is_wrong_is_told_beside_its_field_and_stays_typed(stella: Console, field: str, value: str) -> None:
    answer = send(stella, **{field: value})
    assert (answer.status_code, [name for name, _ in faults_on(answer.text)]) == (422, [field])


def test_where_the_program_says_so_it_is_published_at_once(
    app: Flask, stella: Console, service: Service, publish: Publish
) -> None:
    revisions = service.current.revisions
    with revisions.publishing() as transaction:
        assert transaction.latest
        at_once = replace(transaction.latest.program, speakers_publish=True)
        transaction.append(at_once, author="files", note="", kind="publish", now=service.clock.now())
    service.current.refresh()
    assert texts(stella, f'//form[@id="own-{STELLA}"]//p[@class="send"]/button') == ["Publish"]
    assert send(stella, title="Open models").headers["Location"] == f"{PAGE}?done=3"
    assert service.current.snapshot.revision.program.session(STELLA).title == "Open models"
    assert "Open models" in app.test_client().get("/").text


# Until when


@pytest.mark.parametrize(("now", "fields"), [(at("15:29"), 1), (at("15:30"), 0)])
def test_title_and_abstract_are_there_until_it_begins(
    stella: Console, clock: MovableClock, now: datetime, fields: int
) -> None:
    clock.set(now)
    page = page_of(stella)
    counts = [len(page.xpath(f'//*[@name="{name}"]')) for name in ("title", "abstract", "affiliation")]
    assert counts == [fields, fields, 1]


def test_title_and_abstract_that_wait_stay_with_what_is_sent_after_it_began(
    stella: Console, clock: MovableClock, service: Service
) -> None:
    send(stella, title="Open models")
    clock.set(at("15:40"))
    send(stella, own_page="https://example.org")
    edit = latest(service).edit
    assert (edit.title, edit.own_pages) == ("Open models", ((STELLA, "https://example.org"),))


def test_words_that_come_too_late_are_shown_so_that_they_can_be_copied(stella: Console, clock: MovableClock) -> None:
    [form] = page_of(stella).xpath(f'//form[@id="own-{STELLA}"]')
    clock.set(at("15:30"))
    answer = stella.client.post(PAGE, data={**dict(form.form_values()), "title": "Open models"})
    [(field, said)] = faults_on(answer.text)
    assert (answer.status_code, field) == (422, "form")
    assert said == "Title and abstract could be changed until the session began, at 15:30; ask an organizer."
    typed = html.fromstring(answer.text).xpath('//*[@id="typed"]/p')
    assert [one.text_content() for one in typed] == ["Open models"]


@pytest.mark.parametrize(("minute", "forms"), [(-1, 1), (0, 0)])
def test_a_week_after_its_end_nothing_is_changed_any_more(
    stella: Console, clock: MovableClock, minute: int, forms: int
) -> None:
    clock.set(at("16:00") + timedelta(days=7, minutes=minute))
    page = page_of(stella)
    assert [len(page.xpath(path)) for path in ('//form[@class="content"]', '//*[@class="tick-toggles"]')] == [forms] * 2


# Ticks


def test_after_the_end_they_say_only_whether_they_may_be_recorded(stella: Console, clock: MovableClock) -> None:
    clock.set(at("16:00"))
    assert texts(stella, '//*[@class="tick-toggles"]//button') == ["· I may be recorded"]


def test_they_say_of_themselves_that_they_are_here_and_may_be_recorded(stella: Console, service: Service) -> None:
    assert texts(stella, '//*[@class="tick-toggles"]//button') == ["· I am here", "· I may be recorded"]
    stella.post("/organizer/ticks", page=PAGE, session=STELLA, speaker=STELLA, tick="here", on="1", back=PAGE)
    assert [one.tick for one in RoomStates(service.current.revisions).ticks([STELLA])] == ["here"]
    assert texts(stella, '//*[@class="tick-toggles"]//button') == ["✓ I am here", "· I may be recorded"]


@pytest.mark.parametrize(
    "other", [{"tick": "slides"}, {"speaker": "tri-dao", "session": "tri-dao"}, {"session": "tri-dao"}]
)
def test_they_set_no_other_tick(stella: Console, service: Service, other: dict[str, str]) -> None:
    form = {"session": STELLA, "speaker": STELLA, "tick": "here", "on": "1", **other}
    assert stella.post("/organizer/ticks", page=PAGE, **form).status_code == 403
    assert RoomStates(service.current.revisions).ticks([STELLA, "tri-dao"]) == ()


# What others do meanwhile


def taken_off(service: Service) -> None:
    """Somebody else speaks in place of Stella, by the program's files."""
    program = service.current.snapshot.revision.program
    sessions = (replace(one, speakers=("tri-dao",)) if one.id == STELLA else one for one in program.sessions)
    with service.current.revisions.publishing() as transaction:
        gone = replace(program, sessions=tuple(sessions))
        transaction.append(gone, author="files", note="", kind="publish", now=service.clock.now())
    service.current.refresh()


def test_who_does_not_speak_there_any_more_is_told_so_and_sees_no_words_to_speakers(
    stella: Console, service: Service
) -> None:
    [form] = page_of(stella).xpath(f'//form[@id="own-{STELLA}"]')
    taken_off(service)
    assert texts(stella, '//p[@class="lede"]') == [
        "You are not among the speakers of this session any more. Ask an organizer."
    ]
    assert texts(stella, '//*[@id="for-speakers"]') == []
    answer = stella.client.post(PAGE, data={**dict(form.form_values()), "title": "Mine"})
    assert (answer.status_code, waiting(service.database)) == (403, ())


def test_what_waits_of_who_was_taken_off_is_still_read_by_organizers(
    stella: Console, frank: Console, service: Service
) -> None:
    send(stella, title="Open models", affiliation="EleutherAI")
    taken_off(service)
    page = html.fromstring(frank.get("/organizer/proposals").text)
    shown = [" ".join(one.text_content().split()) for one in page.xpath('//*[@class="text-change"]')]
    assert shown == ["Title, new Open models", "Affiliation, new EleutherAI"]


def test_an_undo_of_what_was_published_is_told(stella: Console, frank: Console, service: Service) -> None:
    send(stella, title="Open models")
    decide(service)
    frank.post("/organizer/undo", number="2")
    assert texts(stella, '//*[@id="undone"]') == ["An organizer took your last change back."]
    assert texts(stella, '//*[@id="sent"]') == ["An organizer looks at it before readers see it."]


def test_what_others_changed_since_it_was_sent_is_told_beside_the_ok(
    stella: Console, frank: Console, publish: Publish
) -> None:
    send(stella, title="Open models")
    publish(ChangeContent(STELLA, title="Open data"))
    page = html.fromstring(frank.get("/organizer/proposals").text)
    assert [one.text_content() for one in page.xpath('//article/p[@class="reason"]')] == [
        "Somebody changed the same since this was sent. OK replaces that."
    ]
