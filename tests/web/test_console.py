"""The console as organizers and chairs use it, and what others get."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.console_browser import TOKEN, Console, set_sign_in, sign_in_link, token_on
from support.display_screens import Screen
from support.movable_clock import MovableClock
from support.repository import FIRST_PROGRAM

from app import create_app
from app.live.clock import SYSTEM_CLOCK
from app.settings import Settings
from app.store import displays
from app.store.sign_ins import SignIns
from app.web.running_service import Service, service_of


def times(service: Service, *sessions: str) -> list[str]:
    program = service.current.snapshot.revision.program
    found = [program.session(name) for name in sessions]
    return [f"{program.local(s.start):%H:%M}-{program.local(s.end):%H:%M}" for s in found]


@pytest.fixture
def console(app: Flask) -> Console:
    return Console(app)


# Re-timing


def test_one_tap_delays_what_is_on_and_what_follows(console: Console, service: Service, clock: MovableClock) -> None:
    clock.set(clock.now() + timedelta(hours=3, minutes=20))  # 13:40, with room before the posters
    assert console.edit("late", "chris-rackauckas", minutes="8").status_code == 303
    assert times(service, "chris-rackauckas", "contributed-afternoon", "posters") == [
        "13:30-14:08",
        "14:08-14:23",
        "14:23-15:00",
    ]


def test_a_clash_with_lunch_is_not_published_and_each_alternative_is_one_button(
    console: Console, service: Service
) -> None:
    answer = console.edit("late", "evan-shelhamer", minutes="8")
    assert (answer.status_code, service.current.snapshot.revision.number) == (409, 1)
    shorten = re.search(r'name="edit" value="([^"]*contributed-morning[^"]*)"', answer.text)
    assert shorten is not None
    taken = console.post("/organizer/edit", edit=html.unescape(shorten[1]), base="1")
    assert taken.status_code == 303
    assert times(service, "evan-shelhamer", "sara-hooker", "contributed-morning", "lunch") == [
        "10:15-10:53",
        "10:53-11:23",
        "11:23-12:00",
        "12:00-13:00",
    ]


def test_an_overrun_noticed_late_goes_on(console: Console, service: Service, clock: MovableClock) -> None:
    clock.set(clock.now() + timedelta(minutes=27))  # 10:47
    assert "Still on" in console.get().text
    edit = '{"kind":"Delay","session":"evan-shelhamer","minutes":8,"shorten":[["contributed-morning",37]]}'
    assert console.post("/organizer/edit", edit=edit, base="1").status_code == 303
    assert times(service, "evan-shelhamer", "sara-hooker") == ["10:15-10:53", "10:53-11:23"]


def test_a_preview_shows_before_and_after_and_publishes_nothing(console: Console, service: Service) -> None:
    answer = console.preview("late", "evan-shelhamer", minutes="-5")
    assert answer.status_code == 200
    assert re.search(r"<s>10:15–10:45</s> → <strong>10:15–10:40</strong>", answer.text)
    assert service.current.snapshot.revision.number == 1


@pytest.mark.parametrize(
    ("do", "session", "form"),
    [
        ("extend", "evan-shelhamer", {"minutes": "5"}),
        ("end", "evan-shelhamer", {}),
        ("start", "sara-hooker", {}),
        ("move", "closing", {"time": "17:05"}),
        ("shorten", "panel", {"minutes": "40"}),
        ("swap", "matt-johnson", {"other": "chris-rackauckas"}),
        ("cancel", "panel", {}),
        ("content", "stella-biderman", {"title": "What models learn"}),
        ("content", "panel", {"names": "Tri Dao, Ada Lovelace"}),
        ("announce", "", {"text": "Posters in Hall B", "minutes": "30"}),
    ],
)
def test_every_edit_of_the_console_is_published_or_shown_with_alternatives(
    console: Console, service: Service, do: str, session: str, form: dict[str, str]
) -> None:
    answer = console.edit(do, session, **form)
    made = service.current.snapshot.revision.number
    assert (answer.status_code, made) in {(303, 2), (409, 1)}
    assert answer.status_code == 303 or "Ways out" in answer.text


def test_a_cancelled_session_can_be_reinstated(console: Console, service: Service) -> None:
    console.edit("cancel", "panel")
    assert service.current.snapshot.revision.program.session("panel").cancelled
    console.edit("reinstate", "panel")
    assert not service.current.snapshot.revision.program.session("panel").cancelled


def test_undo_takes_the_last_change_back(console: Console, service: Service) -> None:
    console.edit("content", "stella-biderman", title="What models learn")
    assert console.post("/organizer/undo", number="2").status_code == 303
    assert service.current.snapshot.revision.program.session("stella-biderman").title == "TBA"


def test_the_note_is_public(console: Console, client: FlaskClient) -> None:
    console.edit("cancel", "panel", note="The panel meets tomorrow.")
    assert "The panel meets tomorrow." in client.get("/changes").text
    assert client.get("/api/changes").get_json()["changes"][-1]["note"] == "The panel meets tomorrow."


def test_an_edit_of_what_was_changed_since_is_refused_with_what_happened(
    console: Console, app: Flask, service: Service
) -> None:
    Console(app, "Alina").edit("content", "panel", title="Panel: who pays?")
    answer = console.edit("content", "panel", title="Panel: who maintains?", base="1")
    assert (answer.status_code, service.current.snapshot.revision.number) == (409, 2)
    assert "Somebody was faster" in answer.text
    assert "Panel: who pays?" in answer.text
    assert "Nothing of yours was published." in answer.text


@pytest.mark.parametrize("minutes", ["", "soon", "9999999", "1.5", "--3"])
def test_nonsense_minutes_are_refused_in_plain_words(console: Console, minutes: str) -> None:
    answer = console.edit("late", "evan-shelhamer", minutes=minutes)
    assert answer.status_code == 422
    said = "is not a number of minutes" if minutes else "Say how many minutes."
    assert said in html.unescape(answer.text)


@pytest.mark.parametrize(
    "edit", ["", "nonsense", "{}", '{"kind":"Program"}', '{"kind":"Delay"}', "[" * 5000, "9" * 20000]
)
def test_a_tampered_form_is_refused(console: Console, service: Service, edit: str) -> None:
    answer = console.post("/organizer/edit", edit=edit, base="1")
    assert (answer.status_code, service.current.snapshot.revision.number) == (422, 1)


# Rights


def test_a_chair_delays_their_room(app: Flask, service: Service) -> None:
    chair = Console(app, "Chair", room="venue")
    assert chair.edit("extend", "evan-shelhamer", minutes="5").status_code in {303, 409}


@pytest.mark.parametrize(
    ("do", "form"),
    [
        ("cancel", {}),
        ("content", {"title": "Mine"}),
        ("move", {"time": "11:00"}),
        ("announce", {"text": "x", "minutes": "5"}),
    ],
)
def test_a_chair_makes_no_other_edit(app: Flask, service: Service, do: str, form: dict[str, str]) -> None:
    answer = Console(app, "Chair", room="venue").edit(do, "evan-shelhamer", **form)
    assert (answer.status_code, service.current.snapshot.revision.number) == (403, 1)


def test_a_chair_does_not_push_what_is_pinned(app: Flask, service: Service) -> None:
    edit = '{"kind":"Delay","session":"evan-shelhamer","minutes":8,"push":["lunch"]}'
    answer = Console(app, "Chair", room="venue").post("/organizer/edit", edit=edit, base="1")
    assert (answer.status_code, service.current.snapshot.revision.number) == (403, 1)


@pytest.mark.parametrize("path", ["/organizer/people", "/organizer/status"])
def test_a_chair_has_no_page_of_organizers(app: Flask, path: str) -> None:
    assert Console(app, "Chair", room="venue").get(path).status_code == 403


PEOPLE = "/organizer/people"
POSTS = [
    *("/organizer/edit", "/organizer/undo", "/organizer/sign-out", PEOPLE),
    *(f"{PEOPLE}/{what}" for what in ("link", "revoke", "sign-out", "remove")),
    *("/organizer/links/withdraw", "/organizer/hand-over"),
]


@pytest.mark.parametrize("path", POSTS)
def test_a_reader_reaches_no_edit(client: FlaskClient, service: Service, path: str) -> None:
    token = token_on(client.get("/organizer/sign-in").text)
    answer = client.post(path, data={"csrf_token": token, "do": "cancel", "session": "panel"})
    assert answer.status_code in {400, 403}
    assert service.current.snapshot.revision.number == 1


@pytest.mark.parametrize("path", ["/organizer", "/organizer/history", "/organizer/people", "/organizer/talks/panel"])
def test_a_reader_is_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/organizer/sign-in")


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_is_refused(console: Console, service: Service, path: str) -> None:
    answer = console.client.post(path, data={"do": "cancel", "session": "panel", "base": "1"})
    assert (answer.status_code, service.current.snapshot.revision.number) == (400, 1)


# Signing in


def test_opening_a_link_does_not_use_it_up(app: Flask) -> None:
    sign_ins = SignIns(service_of(app).database)
    sign_ins.add("Geoff", SYSTEM_CLOCK.now())
    link = f"/organizer/sign-in/{sign_ins.new_link('Geoff', SYSTEM_CLOCK.now())}"
    browser = app.test_client()
    assert [browser.get(link).status_code for _ in range(3)] == [200, 200, 200]
    assert browser.get("/organizer").status_code == 302


def test_a_link_works_once(console: Console, app: Flask) -> None:
    assert console.get().status_code == 200
    assert app.test_client().get(console.link).status_code == 403


@pytest.mark.parametrize("key", ["x", "A" * 43, "..", "%00", "a" * 900])
def test_a_forged_link_is_refused(client: FlaskClient, key: str) -> None:
    assert client.get(f"/organizer/sign-in/{key}").status_code in {403, 404}


def test_an_expired_link_is_refused(app: Flask, client: FlaskClient) -> None:
    sign_ins = SignIns(service_of(app).database)
    long_ago = SYSTEM_CLOCK.now() - timedelta(days=8)
    sign_ins.add("Late", long_ago)
    assert client.get(f"/organizer/sign-in/{sign_ins.new_link('Late', long_ago)}").status_code == 403


@pytest.mark.parametrize("key", ["", "forged", "A" * 43])
def test_a_forged_key_is_no_sign_in(client: FlaskClient, key: str) -> None:
    set_sign_in(client, key)
    assert client.get("/organizer").status_code == 302


def test_signing_out_ends_the_sign_in_also_for_a_stolen_cookie(console: Console, app: Flask) -> None:
    cookie = console.client.get_cookie("agenda-organizer", path="/organizer")
    assert cookie is not None
    console.post("/organizer/sign-out")
    thief = app.test_client()
    thief.set_cookie("agenda-organizer", cookie.value, path="/organizer")
    assert thief.get("/organizer").status_code == 302


def test_an_organizer_signs_another_browser_out(console: Console, app: Flask) -> None:
    other = Console(app, "Julija")
    service = service_of(app)
    found = SignIns(service.database).all(SYSTEM_CLOCK.now(), service.current.snapshot.revision.program)
    [sign_in] = [one for one in found if one.editor.name == "Julija"]
    console.post("/organizer/people/revoke", page="/organizer/people", sign_in=sign_in.id)
    assert other.get().status_code == 302


def test_an_organizer_makes_a_link_for_a_chair(console: Console, app: Flask) -> None:
    answer = console.post("/organizer/people", page="/organizer/people", name="Jonathan", role="chair")
    page = console.get(answer.headers["Location"]).text
    [link] = re.findall(r"http://localhost(/organizer/sign-in/[\w-]+)", page)
    assert "Sign in as Jonathan" in app.test_client().get(link).text


def test_cookies_are_for_the_console_alone_and_out_of_scripts_reach(console: Console, app: Flask) -> None:
    sign_ins = SignIns(service_of(app).database)
    link = f"/organizer/sign-in/{sign_ins.new_link('Frank', SYSTEM_CLOCK.now())}"
    browser = app.test_client()
    token = token_on(browser.get(link).text)
    answer = browser.post(link, data={"csrf_token": token}, base_url="http://localhost")
    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("agenda-organizer")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/organizer"} <= set(cookie.split("; "))


def test_the_console_is_never_stored(console: Console) -> None:
    names = ("history", "people", "speakers", "speakers.csv", "announce", "sign-in")
    paths = ["/organizer", *(f"/organizer/{name}" for name in names)]
    assert {console.get(path).headers["Cache-Control"] for path in paths} == {"no-store"}


@pytest.mark.slow
def test_a_good_sign_in_link_works_whatever_others_behind_its_address_try(app: Flask, client: FlaskClient) -> None:
    link = sign_in_link(app)
    guessed = [client.get(f"/organizer/sign-in/{number}") for number in range(302)]
    assert [answer.status_code for answer in guessed] == [403] * 300 + [429] * 2
    assert int(guessed[-1].headers["Retry-After"]) in range(1, 61)
    opened = client.get(link)
    assert opened.status_code == 200
    assert client.post(link, data={"csrf_token": TOKEN.findall(opened.text)[0]}).status_code == 303


# Displays


def test_the_console_shows_which_displays_are_alive_and_which_show_old_data(
    console: Console, client: FlaskClient
) -> None:
    screen = Screen(client)
    screen.report({"room": "venue", "revision": 1})
    assert f'data-display="{screen.id}" data-alive="yes" data-fresh="yes"' in console.get().text
    console.edit("content", "panel", title="Another")
    assert f'data-display="{screen.id}" data-alive="yes" data-fresh="no"' in console.get().text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer projector-1"}, {"Authorization": "Bearer a.b"}])
def test_a_display_without_a_token_is_not_listed(
    console: Console, client: FlaskClient, headers: dict[str, str]
) -> None:
    said = {"id": "projector-1", "room": "venue", "revision": 1}
    assert client.post("/display/report", json=said, headers=headers).status_code == 401
    assert "data-display=" not in console.get().text


def test_an_address_gets_twenty_tokens_an_hour_and_is_told_when_to_ask_again(client: FlaskClient) -> None:
    answers = [client.post("/display/token") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) in range(3500, 3601)
    assert client.post("/display/token", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200


def test_a_token_outlives_the_service_that_gave_it(service: Service, client: FlaskClient) -> None:
    screen = Screen(client)
    screen.client = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), service).test_client()
    assert screen.report({"room": None, "revision": 1}).status_code == 204


def test_a_display_beyond_those_that_are_kept_is_told_when_to_ask_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(displays, "MOST_DISPLAYS", 1)
    first, second = (Screen(client).report({"room": None, "revision": 1}) for _ in range(2))
    assert (first.status_code, second.status_code, second.headers["Retry-After"]) == (204, 503, "75")


@pytest.mark.parametrize(
    "said",
    [
        *(None, [], {}, {"revision": "new"}, {"revision": -1}, {"revision": 10**10}),
    ],
)
def test_a_nonsense_report_is_refused(client: FlaskClient, said: object) -> None:
    assert Screen(client).report(said).status_code == 400


def test_an_edit_whose_undo_was_undone_can_be_taken_back_again(console: Console, service: Service) -> None:
    console.edit("cancel", "panel")
    for number in ("2", "3"):
        console.post("/organizer/undo", page="/organizer/history", number=number)
    assert service.current.snapshot.revision.program.session("panel").cancelled
    offered = re.findall(r'/undo">.*name="number" value="(\d+)"', console.get("/organizer/history").text)
    assert offered == ["4", "2"]


def test_a_session_moves_over_midnight_within_its_night(console: Console, service: Service) -> None:
    assert console.edit("move", "closing", time="23:30").status_code == 303
    assert console.edit("move", "closing", time="00:10").status_code == 303
    program = service.current.snapshot.revision.program
    assert f"{program.local(program.session('closing').start):%d %H:%M}" == "19 00:10"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "move"}, "The form does not say the time."),
        ({"do": "swap"}, "The form does not say the session to change places with."),
        ({"do": "announce"}, "The form does not say the text."),
        ({"do": "move", "time": "zz"}, "&#39;zz&#39; is not a time of day such as 10:25."),
    ],
)
def test_a_form_without_a_needed_field_is_refused_with_its_name(
    console: Console, service: Service, form: dict[str, str], said: str
) -> None:
    answer = console.post("/organizer/edit", session="panel", base="1", **form)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert service.current.snapshot.revision.number == 1


def test_undoing_no_revision_is_refused(console: Console, service: Service) -> None:
    console.edit("cancel", "panel")
    answer = console.post("/organizer/undo", number="abc")
    assert (answer.status_code, "&#39;abc&#39; is not the number of a revision." in answer.text) == (400, True)
    assert service.current.snapshot.revision.number == 2


def test_an_edit_of_no_revision_is_refused(console: Console, service: Service) -> None:
    assert console.edit("cancel", "panel", base="abc").status_code == 400
    assert service.current.snapshot.revision.number == 1


def test_a_session_of_the_night_moves_back_before_midnight(console: Console, service: Service) -> None:
    console.edit("move", "closing", time="00:30")
    assert console.edit("move", "closing", time="23:50").status_code == 303
    program = service.current.snapshot.revision.program
    assert f"{program.local(program.session('closing').start):%d %H:%M}" == "18 23:50"


def test_an_announcement_that_is_taken_down_is_told_in_the_feed(console: Console) -> None:
    console.edit("announce", text="Lunch is in Hall B.", minutes="30")
    console.post("/organizer/undo", page="/organizer/announce", number="2")
    entry = console.get("/changes.atom").text.partition("<entry>")[2].partition("</entry>")[0]
    assert re.findall("<(title|summary)>(.*)</", entry) == [
        ("title", "Announcement withdrawn: Lunch is in Hall B."),
        ("summary", "Announcement withdrawn: Lunch is in Hall B."),
    ]
