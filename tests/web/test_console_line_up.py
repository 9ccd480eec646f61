"""A line-up in the console: its steps, its order, who is not here, one more; and what is offered to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from lxml import html
from lxml.html import HtmlElement
from support.codeml_day import at
from support.console_browser import Console, faults_on
from support.line_ups import DEMOS, day, demos, item, name_of, order_of, times_of
from support.movable_clock import MovableClock
from support.publishing import publish, publish_noted

from app.domain.edits.edit_types import AddItem, Delay, EndNow, ItemAbsent, Step
from app.domain.lineup import is_by_hand, place_at
from app.domain.program import Program
from app.domain.session import Session
from app.store.sign_ins import SignIns
from app.web.running_service import Service

PAGES = ["/organizer?room=hall", "/organizer/talks/demos"]
SHOWN = "not(ancestor-or-self::*[@hidden])"


@pytest.fixture
def program() -> Program:
    """The day whose line-up has six items of five minutes, from 11:00 on; the fourth one is to be announced."""
    items = (
        *map(item, "ab"),
        replace(item("c"), authors=("Ada", "Grace")),
        replace(item("d"), title="TBA"),
        *map(item, "ef"),
    )
    return day(demos(*items))


@pytest.fixture
def clock() -> MovableClock:
    """The service's clock: it is 11:07, and the second item is on."""
    return MovableClock(at("11:07"))


@pytest.fixture
def chair(app: Flask) -> Console:
    """The chair of the hall."""
    return Console(app, "Ada", room="hall")


def page_of(console: Console, path: str = PAGES[0]) -> HtmlElement:
    return html.fromstring(console.get(path).text)


def words(node: HtmlElement) -> str:
    return " ".join(node.text_content().split())


def buttons(page: HtmlElement) -> dict[str, HtmlElement]:
    """The buttons in sight that send an edit, by their names."""
    return {words(one): one for one in page.xpath(f'//main//button[@name="edit"][{SHOWN}]')}


def press(console: Console, label: str, path: str = PAGES[0], page: HtmlElement | None = None) -> str:
    """Press a button of a page, by default of one that is just loaded; the page to which that leads."""
    button = buttons(page_of(console, path) if page is None else page)[label]
    [form] = button.xpath("ancestor::form")
    fields = {one.get("name"): one.get("value") for one in form.xpath('.//input[@type="hidden"]')}
    answer = console.client.post(form.get("action"), data={**fields, "edit": button.get("value")})
    return str(answer.headers["Location"])


def session_of(service: Service) -> Session:
    return service.current.snapshot.revision.program.session(DEMOS)


def on(service: Service) -> str | None:
    return name_of(place_at(session_of(service), service.clock.now()))


def rows(page: HtmlElement) -> list[str]:
    """What is to come and who is not here, each with its buttons."""
    found = []
    for one in page.xpath(f'//*[@class="line-up-rows"]/li[{SHOWN}]'):
        labels = [button.text.strip() for button in one.xpath(".//button")]
        found.append(f"{words(one.xpath('./p')[0])} [{', '.join(labels)}]")
    return found


@pytest.mark.parametrize("path", PAGES)
def test_the_steps_say_what_begins(chair: Console, path: str) -> None:
    labels = [words(one) for one in page_of(chair, path).xpath(f'//*[@class="steps"][{SHOWN}]//button')]
    assert labels == ["Next: 3 of 6 C", "Back to 1 of 6", "2 of 6 not here"]


@pytest.mark.parametrize("path", PAGES)
def test_the_card_says_what_is_on(chair: Console, path: str) -> None:
    [shown] = page_of(chair, path).xpath('//*[@data-line-up="hall"][@data-of="demos"]')
    assert words(shown) == "11:05 2 of 6 B"


def test_what_is_to_be_announced_is_said_so(chair: Console, clock: MovableClock) -> None:
    clock.set(at("11:12"))
    assert "Next: 4 of 6 To be announced" in buttons(page_of(chair))


def test_next_begins_the_next_one_by_hand(chair: Console, service: Service) -> None:
    press(chair, "Next: 3 of 6 C")
    assert (on(service), times_of(session_of(service))["c"]) == ("c", "11:07–11:12")


@pytest.mark.parametrize("path", PAGES)
def test_a_step_comes_back_to_its_page_without_a_word_of_what_was_done(chair: Console, path: str) -> None:
    assert press(chair, "Next: 3 of 6 C", path) == path
    page = page_of(chair, path)
    assert (page.xpath('//*[@id="done"]'), "Next: 4 of 6 To be announced" in buttons(page)) == ([], True)


def test_what_was_done_before_stays_said_after_a_step(chair: Console) -> None:
    press(chair, "Later 3 of 6")
    press(chair, "Next: 3 of 6 To be announced")
    [done] = page_of(chair).xpath('//*[@id="done"]//*[@class="deed"]')
    assert done.text.startswith("Line-up reordered")


def test_back_takes_a_step_back(chair: Console, service: Service) -> None:
    press(chair, "Next: 3 of 6 C")
    press(chair, "Back to 2 of 6")
    assert (on(service), times_of(session_of(service))["b"]) == ("b", "11:05–11:10")


def test_it_says_whether_it_goes_by_the_clock_and_goes_by_it_again(chair: Console, service: Service) -> None:
    def said() -> str:
        [found] = page_of(chair).xpath('//*[@class="line-up-goes"]/span')
        return words(found)

    assert (said(), "By the clock" in buttons(page_of(chair))) == ("It goes by the clock, until Next is tapped.", False)
    press(chair, "Next: 3 of 6 C")
    assert said() == "It goes by hand: what is on stays on until Next."
    press(chair, "By the clock")
    assert (is_by_hand(session_of(service)), on(service)) == (False, "b")


def test_the_last_one_has_no_next(chair: Console, clock: MovableClock) -> None:
    clock.set(at("11:27"))
    page = page_of(chair)
    assert [*buttons(page)] == ["Back to 5 of 6", "6 of 6 not here"]
    assert page.xpath(f'//*[@class="steps"]/p[{SHOWN}]/text()') == ["Nothing follows in this line-up."]


def test_by_the_clock_the_page_has_the_buttons_of_the_next_moment_too(chair: Console) -> None:
    steps = page_of(chair).xpath('//*[@class="steps"]')
    times = [(one.get("data-from"), one.get("data-until"), one.get("hidden") is not None) for one in steps]
    first, second = "2025-07-18T11:10:00-07:00", "2025-07-18T11:12:00-07:00"
    assert times == [(None, first, False), (first, second, True)]
    assert words(steps[1].xpath("./button")[0]) == "Begins now: 3 of 6 C"


def test_just_after_the_clock_turned_it_begins_at_that_moment(
    chair: Console, service: Service, clock: MovableClock
) -> None:
    clock.set(at("11:11"))
    press(chair, "Begins now: 3 of 6 C")
    assert (on(service), times_of(session_of(service))["c"]) == ("c", "11:11–11:16")


def test_with_items_of_two_minutes_the_second_moment_is_the_one_after_the_first(
    chair: Console, service: Service, clock: MovableClock
) -> None:
    publish(service, day(demos(*(item(name, 2) for name in "abcdef"))))
    clock.set(at("11:03"))
    steps = page_of(chair).xpath('//*[@class="steps"]')
    assert [one.get("data-until", "")[11:16] for one in steps] == ["11:04", "11:06"]


def test_by_hand_no_time_takes_the_buttons_away(chair: Console) -> None:
    press(chair, "Next: 3 of 6 C")
    [steps] = page_of(chair).xpath('//*[@class="steps"]')
    assert (steps.get("data-from"), steps.get("data-until")) == (None, None)


def test_a_second_tap_on_the_same_page_steps_once(chair: Console, service: Service) -> None:
    page = page_of(chair)
    assert [press(chair, "Next: 3 of 6 C", page=page) for _ in range(2)] == [PAGES[0]] * 2
    assert (on(service), service.current.snapshot.revision.number) == ("c", 2)


def test_a_step_on_an_old_page_is_refused_with_what_was_done_and_the_way_back(app: Flask, chair: Console) -> None:
    frank = Console(app)
    old = page_of(frank)
    press(chair, "Next: 3 of 6 C")
    address = press(frank, "Next: 3 of 6 C", page=old)
    answer = frank.get(address)
    page = html.fromstring(answer.text)
    assert (answer.status_code, words(page.xpath("//h1")[0])) == (409, "Somebody was faster")
    assert page.xpath('//*[@class="revision"]/p[last()]/text()') == ["Line-up at “C”: “Demos”"]
    assert faults_on(answer.text) == [("form", "“C” is on since 11:07.")]
    assert page.xpath('//*[@class="back"]/a/@href')[-1] == PAGES[0]


def test_the_history_says_which_item_was_stepped_to(app: Flask, chair: Console) -> None:
    press(chair, "Next: 3 of 6 C")
    [newest, *_] = page_of(Console(app), "/organizer/history").xpath('//*[@class="revision"]')
    assert "Line-up at “C”: “Demos”" in [words(one) for one in newest.xpath(".//p")]


def test_a_step_back_on_an_old_page_is_not_taken_unasked(
    app: Flask, chair: Console, service: Service, clock: MovableClock
) -> None:
    frank = Console(app)
    press(chair, "Next: 3 of 6 C")
    old = page_of(frank)
    press(chair, "Next: 4 of 6 To be announced")
    clock.set(clock.now() + timedelta(minutes=1))
    address = press(frank, "Back to 2 of 6", page=old)
    assert (address.startswith("/organizer/drafts/"), on(service)) == (True, "d")


def test_what_is_to_come_has_its_time_and_its_buttons(chair: Console, clock: MovableClock) -> None:
    clock.set(at("11:12"))
    assert rows(page_of(chair)) == [
        "11:15 To be announced 5 minutes [Later, Not here]",
        "11:20 E 5 minutes [Earlier, Later, Not here]",
        "11:25 F 5 minutes [Earlier, Not here]",
    ]


@pytest.mark.parametrize(("time", "folded"), [("11:07", ["Line-up: 4 to come"]), ("11:12", [])])
def test_more_than_three_rows_are_folded(chair: Console, clock: MovableClock, time: str, folded: list[str]) -> None:
    clock.set(at(time))
    assert page_of(chair).xpath('//details[starts-with(@id, "arrange-")]/summary/text()') == folded


def test_by_the_clock_a_row_goes_when_its_item_begins(chair: Console) -> None:
    [first, *_] = page_of(chair).xpath('//*[@class="line-up-rows"]/li/@data-until')
    assert first == "2025-07-18T11:10:00-07:00"
    press(chair, "Next: 3 of 6 C")
    assert page_of(chair).xpath('//*[@class="line-up-rows"]/li/@data-until') == []


@pytest.mark.parametrize(
    ("label", "order"), [("Later 3 of 6", "abdcef"), ("Earlier 5 of 6", "abcedf"), ("Later 5 of 6", "abcdfe")]
)
def test_neighbours_change_places(chair: Console, service: Service, label: str, order: str) -> None:
    leads_to = press(chair, label)
    assert (order_of(session_of(service)), leads_to) == (order, f"{PAGES[0]}&done=2")


def test_one_who_is_absent_lies_between_neighbours_that_change_places(
    chair: Console, service: Service, clock: MovableClock
) -> None:
    publish_noted(service, ItemAbsent(DEMOS, "item-d"))
    press(chair, "Later 3 of 5")
    assert order_of(session_of(service)) == "abedcf"


def test_who_is_not_here_is_struck_and_may_be_here_after_all(chair: Console, service: Service) -> None:
    press(chair, "Not here 3 of 6")
    page = page_of(chair)
    [struck] = page.xpath('//*[@class="line-up-rows"]//s')
    assert (struck.text, rows(page)[0]) == ("C", "C Not here 5 minutes · Ada · Grace [Here after all]")
    assert page.xpath('//details[starts-with(@id, "arrange-")]/summary/text()') == ["Line-up: 3 to come, 1 not here"]
    press(chair, "Here after all C")
    assert times_of(session_of(service))["c"] == "11:10–11:15"


def test_if_the_one_that_is_on_is_not_here_the_next_begins(chair: Console, service: Service) -> None:
    press(chair, "2 of 6 not here")
    assert (on(service), is_by_hand(session_of(service)), "b" in times_of(session_of(service))) == ("c", True, False)
    assert page_of(chair).xpath('//*[@class="deed"]/text()') == ["Not here, “B”: “Demos”"]


def test_where_nobody_is_here_they_may_be_here_after_all(chair: Console, service: Service) -> None:
    publish(service, day(demos(item("a", absent=True), item("b", absent=True))))
    assert rows(page_of(chair)) == [f"{name} Not here 5 minutes [Here after all]" for name in "AB"]
    press(chair, "Here after all A")
    assert on(service) is None
    assert "Here after all B" in buttons(page_of(chair))


def add(console: Console, **typed: str) -> tuple[str, str]:
    """Send the form for one more; the address to which it leads, and the page there."""
    fields = {"title": "Late idea", "minutes": "3", "names": "", "after": "", "back": PAGES[0], "base": "1", **typed}
    token = {"csrf_token": console.token()}
    answer = console.client.post("/organizer/edit", data={"do": "add-item", "session": DEMOS, **token, **fields})
    address = str(answer.headers["Location"])
    return address, console.get(address).text


def test_one_more_comes_last_with_its_names(chair: Console, service: Service) -> None:
    address, _ = add(chair, names="Kay Example,  Alan ")
    added = session_of(service).items[-1]
    assert address == f"{PAGES[0]}&done=2"
    assert (added.title, added.minutes, added.authors, added.added) == ("Late idea", 3, ("Kay Example", "Alan"), True)


def test_one_more_comes_after_another(chair: Console, service: Service) -> None:
    add(chair, after="item-b")
    assert order_of(session_of(service)).startswith("ablate-ideac")


def test_it_may_come_after_what_is_on_and_to_come(chair: Console) -> None:
    [choice] = page_of(chair).xpath('//select[@name="after"]')
    assert choice.xpath("./option/@value") == ["", "item-b", "item-c", "item-d", "item-e", "item-f"]


def test_the_added_one_can_be_removed(chair: Console, service: Service) -> None:
    add(chair)
    assert rows(page_of(chair))[-1] == "11:30 Late idea 3 minutes [Earlier, Remove]"
    press(chair, "Remove 7 of 7")
    assert order_of(session_of(service)) == "abcdef"


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"title": " "}, [("title", "A title is a text, or TBA.")]),
        ({"minutes": ""}, [("minutes", "Say how many minutes.")]),
        ({"minutes": "five"}, [("minutes", "&#39;five&#39; is not a number of minutes.")]),
        ({"minutes": "0"}, [("minutes", "An item lasts 1 to 1440 minutes, not 0.")]),
        ({"names": "Ada\u202e"}, [("names", "Names: a text without U+202E (right-to-left override).")]),
        ({"names": "A" * 250}, [("authors", "Authors: at most 200 characters, this one has 250.")]),
        ({"after": "item-a"}, [("after", "“A” is over.")]),
        ({"after": "gone"}, [("after", "This is not in the line-up any more; choose another one.")]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(
    chair: Console, service: Service, typed: dict[str, str], faults: list[tuple[str, str]]
) -> None:
    address, text = add(chair, **typed)
    [form] = html.fromstring(text).xpath('//form[starts-with(@id, "add-item-")]')
    shown = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    assert (address.startswith("/organizer/drafts/"), faults_on(text)) == (True, faults)
    assert (
        shown.items()
        >= {"title": "Late idea", "back": PAGES[0], **typed}.items() - {"after": typed.get("after")}.items()
    )
    assert service.current.snapshot.revision.number == 1


def test_what_was_mended_is_published_from_there(chair: Console, service: Service) -> None:
    _, text = add(chair, minutes="0")
    [form] = html.fromstring(text).xpath('//form[starts-with(@id, "add-item-")]')
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    answer = chair.client.post(form.get("action"), data={**fields, "minutes": "4", "after": ""})
    assert answer.headers["Location"] == f"{PAGES[0]}&done=2"
    assert session_of(service).items[-1].minutes == 4


@pytest.mark.parametrize("path", PAGES)
def test_it_warns_by_how_much_it_is_over_the_sessions_end(chair: Console, service: Service, path: str) -> None:
    def warnings() -> list[str]:
        return [words(one) for one in page_of(chair, path).xpath('//*[starts-with(@id, "over-")]')]

    assert warnings() == []
    publish_noted(service, AddItem(DEMOS, "Late idea", 7))
    assert warnings() == ["The line-up is 7 min over the session’s end"]
    publish_noted(service, Delay(DEMOS, 7))
    assert warnings() == []


def test_a_late_one_is_counted_in(chair: Console, service: Service, clock: MovableClock) -> None:
    publish_noted(service, Step(DEMOS, "item-c"))
    clock.set(at("11:17"))
    assert page_of(chair).xpath('//*[starts-with(@id, "over-")]/text()') == [
        "The line-up is 2 min over the session’s end"
    ]


def test_before_it_begins_the_line_up_can_be_arranged_and_not_stepped_through(
    chair: Console, clock: MovableClock
) -> None:
    clock.set(at("10:50"))
    for path in PAGES:
        page = page_of(chair, path)
        assert (len(rows(page)), page.xpath('//*[@class="steps"]')) == (6, [])


@pytest.mark.parametrize("time", ["11:30", "11:31"])
def test_a_session_that_is_over_has_nothing_to_step_through(chair: Console, clock: MovableClock, time: str) -> None:
    clock.set(at(time))
    assert buttons(page_of(chair, PAGES[1])) == {}


def test_one_that_was_ended_has_no_line_up_any_more(chair: Console, service: Service) -> None:
    publish_noted(service, EndNow(DEMOS))
    assert buttons(page_of(chair)) == {}


def offered(app: Flask, sign_ins: SignIns) -> Iterator[tuple[str, list[str]]]:
    people = {
        "organizer": Console(app),
        "chair": Console(app, "Ada", room="hall"),
        "chair of another room": Console(app, "Alan", room="annex"),
        "speaker": Console(app, "Grace", session=DEMOS),
        "operator": Console(app, "Linus", role="operator"),
    }
    for who, console in people.items():
        page = page_of(console, "/organizer?room=hall" if who == "operator" else PAGES[1])
        kinds = {html_name.split(":")[0].split(" ")[0] for html_name in buttons(page)}
        yield who, sorted(kinds | ({"Add"} if page.xpath('//form[starts-with(@id, "add-item-")]') else set()))


def test_what_is_offered_to_whom(app: Flask, sign_ins: SignIns) -> None:
    everything = ["2", "Add", "Back", "Earlier", "Later", "Next", "Not"]
    assert dict(offered(app, sign_ins)) == {
        "organizer": everything,
        "chair": everything,
        "chair of another room": [],
        "speaker": [],
        "operator": ["Back", "Next"],
    }


@pytest.mark.parametrize("who", ["chair of another room", "speaker"])
def test_everybody_sees_what_is_on(app: Flask, who: str) -> None:
    console = Console(app, "Alan", room="annex") if who != "speaker" else Console(app, "Grace", session=DEMOS)
    [shown] = page_of(console, PAGES[1]).xpath('//*[@data-of="demos"]')
    assert words(shown) == "11:05 2 of 6 B"


@pytest.mark.parametrize("path", PAGES)
def test_no_two_buttons_of_a_page_have_the_same_name(chair: Console, service: Service, path: str) -> None:
    publish_noted(service, AddItem(DEMOS, "Late idea", 3))
    publish_noted(service, ItemAbsent(DEMOS, "item-d"))
    named = [words(one) for one in page_of(chair, path).xpath('//main//button[@name="edit"]')]
    assert len(named) == len(set(named))
