"""Rights in the console: every route that changes something, for readers, chairs and forged requests."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.codeml_day import talk, two_rooms
from support.console_browser import TOKEN, Console, set_sign_in
from werkzeug.test import TestResponse

from app.domain.program import Program
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service, service_of

COOKIE = "agenda-organizer"
MONTH = timedelta(days=31)
PEOPLE = "/organizer/people"
ONLY_ORGANIZERS = {
    "/organizer/proposals/accept",
    "/organizer/proposals/decline",
    PEOPLE,
    *(f"{PEOPLE}/{what}" for what in ("link", "revoke", "sign-out", "remove")),
    "/organizer/speakers/links",
    *("/organizer/import", "/organizer/import/again", "/organizer/import/forget", "/organizer/import/<job_id>"),
}
FORM = {"do": "cancel", "session": "a", "base": "1", "number": "1", "name": "Eve", "sign_in": "x", "person": "Frank"}


@pytest.fixture
def program() -> Program:
    """A talk in the hall and one in the annex at 10:00, then a break for all."""
    return two_rooms(
        talk("a", "10:00-10:30"), talk("b", "10:00-10:30", "annex"), talk("coffee", "10:30-11:00", None, least=10)
    )


@pytest.fixture
def chair(app: Flask) -> Console:
    """The chair of the hall."""
    return Console(app, "Chair", room="hall")


def posts(app: Flask, key: str = "x") -> set[str]:
    """Every route of the console that takes a form."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/organizer")]
    return {rule.rule.replace("<key>", key) for rule in rules if "POST" in (rule.methods or ())}


def gets(app: Flask) -> set[str]:
    """Every page of the console but that for signing in."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {rule.replace("<session_id>", "a") for rule in rules if rule.startswith("/organizer")}
    return {page for page in pages if not page.startswith("/organizer/sign-in")}


def token_of(browser: FlaskClient) -> str:
    """The token that a browser may send forms with."""
    found = TOKEN.search(browser.get(new_link(browser.application)).text)
    return found[1] if found else ""


def new_link(app: Flask, now: datetime | None = None) -> str:
    """A sign-in link of a new organizer, made at an instant."""
    sign_ins = SignIns(service_of(app).database)
    made_at = now or SYSTEM_CLOCK.now()
    name = sign_ins.add(f"Geoff {len(sign_ins.people())}", made_at).name
    return f"/organizer/sign-in/{sign_ins.new_link(name, made_at)}"


def signs_in(answer: TestResponse) -> bool:
    return any(line.startswith(f"{COOKIE}=") for line in answer.headers.getlist("Set-Cookie"))


def revision(service: Service) -> int:
    return len(service.current.revisions.history())


# Readers


def test_the_routes_that_change_something_are_these(app: Flask) -> None:
    for_all = {
        "/organizer/edit",
        "/organizer/drafts",
        "/organizer/undo",
        "/organizer/note",
        "/organizer/sign-in/x",
        "/organizer/sign-out",
    }
    room_state = {"/organizer/ticks", "/organizer/chair-notes", "/organizer/chair-notes/remove"}
    room_state |= {"/organizer/cues", "/organizer/cues/clear"}
    own = {"/organizer/hand-over", "/organizer/links/withdraw"}
    of_speakers = {"/organizer/markdown", "/organizer/talks/<session_id>", "/organizer/talks/<session_id>/withdraw"}
    assert posts(app) == ONLY_ORGANIZERS | for_all | room_state | own | of_speakers


def test_a_reader_reaches_no_route_that_changes_something(app: Flask, client: FlaskClient, service: Service) -> None:
    form = {**FORM, "csrf_token": token_of(client)}
    assert {path: client.post(path, data=form).status_code for path in posts(app)} == dict.fromkeys(posts(app), 403)
    assert revision(service) == 1
    assert "Eve" not in {one.name for one in SignIns(service.database).people()}


def test_a_reader_is_redirected_from_every_page_to_sign_in(app: Flask, client: FlaskClient) -> None:
    found = {page: client.get(page).headers["Location"].partition("?")[0] for page in gets(app)}
    assert found == dict.fromkeys(gets(app), "/organizer/sign-in")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_nothing_else_than_a_form_changes_anything(app: Flask, method: str) -> None:
    frank = Console(app)
    assert {frank.client.open(path, method=method).status_code for path in posts(app)} == {405}


# Forms


def test_a_form_without_its_token_is_refused_at_every_address(app: Flask, service: Service) -> None:
    frank, link = Console(app), new_link(app)
    key = link.rpartition("/")[2]
    answers = {path: frank.client.post(path, data=FORM).status_code for path in posts(app, key)}
    assert answers == dict.fromkeys(posts(app, key), 400)
    assert (revision(service), frank.get().status_code) == (1, 200)
    assert app.test_client().get(link).status_code == 200  # it was not used up


@pytest.mark.parametrize("token", ["", "x", "IjEyMyI.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_a_forged_token_is_refused(app: Flask, service: Service, token: str) -> None:
    frank = Console(app)
    assert frank.client.post("/organizer/edit", data={**FORM, "csrf_token": token}).status_code == 400
    assert revision(service) == 1


def test_another_browsers_token_is_refused(app: Flask, service: Service) -> None:
    frank, other = Console(app), Console(app, "Julija")
    form = {**FORM, "csrf_token": token_of(other.client)}
    assert frank.client.post("/organizer/edit", data=form).status_code == 400
    assert revision(service) == 1


# Chairs; what each edit needs is in `test_edit_rights.py`


def test_a_chair_has_their_own_room(chair: Console, service: Service) -> None:
    assert (chair.edit("late", "a", minutes="-5").status_code, revision(service)) == (303, 2)
    page = chair.get().text
    assert ('aria-label="Hall"' in page, 'aria-label="Annex"' in page) == (True, False)


def test_a_chair_cannot_preview_an_edit_of_another_room(chair: Console) -> None:
    assert chair.preview("late", "b", minutes="5").status_code == 403


def test_a_chair_reaches_nothing_that_is_for_organizers(chair: Console, service: Service) -> None:
    answers = {path: chair.post(path, **FORM).status_code for path in ONLY_ORGANIZERS}
    assert (answers, revision(service)) == (dict.fromkeys(ONLY_ORGANIZERS, 403), 1)


def test_a_chair_who_gets_another_room_signs_in_again(chair: Console, app: Flask, service: Service) -> None:
    sign_ins = SignIns(service.database)
    sign_ins.remove("Chair")
    sign_ins.add("Chair", SYSTEM_CLOCK.now(), "chair", "annex")
    assert chair.get().status_code == 302
    set_sign_in(chair.client, sign_ins.redeem(sign_ins.new_link("Chair", SYSTEM_CLOCK.now()), SYSTEM_CLOCK.now(), ""))
    assert chair.edit("late", "a", minutes="-5").status_code == 403
    assert (chair.edit("late", "b", minutes="-5").status_code, revision(service)) == (303, 2)


# Signing in


@pytest.mark.parametrize("key", ["x", "A" * 43, "a" * 900])
def test_a_forged_link_signs_nobody_in(client: FlaskClient, key: str) -> None:
    answer = client.post(f"/organizer/sign-in/{key}", data={"csrf_token": token_of(client)})
    assert (answer.status_code, signs_in(answer)) == (403, False)


def test_a_replayed_link_signs_nobody_in(app: Flask) -> None:
    link, first, second = new_link(app), app.test_client(), app.test_client()
    answers = [browser.post(link, data={"csrf_token": token_of(browser)}) for browser in (first, second, first)]
    assert [(answer.status_code, signs_in(answer)) for answer in answers] == [(303, True), (403, False), (403, False)]
    assert second.get("/organizer").status_code == 302


def test_an_expired_link_signs_nobody_in(app: Flask, client: FlaskClient) -> None:
    link = new_link(app, SYSTEM_CLOCK.now() - timedelta(days=7, seconds=1))
    answer = client.post(link, data={"csrf_token": token_of(client)})
    assert (answer.status_code, signs_in(answer)) == (403, False)


def test_a_browser_that_was_away_for_a_month_is_signed_in_no_more(app: Flask, client: FlaskClient) -> None:
    sign_ins, long_ago = SignIns(service_of(app).database), SYSTEM_CLOCK.now() - MONTH
    key = new_link(app, long_ago).rpartition("/")[2]
    set_sign_in(client, sign_ins.redeem(key, long_ago, ""))
    assert client.get("/organizer").status_code == 302


def test_a_links_key_is_no_cookie(app: Flask, client: FlaskClient) -> None:
    set_sign_in(client, new_link(app).rpartition("/")[2])
    assert client.get("/organizer").status_code == 302


def test_a_removed_organizer_is_out_at_once(app: Flask, service: Service) -> None:
    frank = Console(app)
    form = {**FORM, "csrf_token": token_of(frank.client)}
    SignIns(service.database).add("Ada", SYSTEM_CLOCK.now())
    SignIns(service.database).remove("Frank")
    assert (frank.client.post("/organizer/edit", data=form).status_code, revision(service)) == (403, 1)


# Concurrent edits


def test_the_second_of_two_conflicting_edits_shows_both_versions_and_may_be_published_on_top(
    app: Flask, service: Service
) -> None:
    frank, julija = Console(app), Console(app, "Julija")
    assert frank.edit("late", "a", minutes="-3").status_code == 303
    answer = julija.edit("late", "a", minutes="-5", base="1")
    assert (answer.status_code, revision(service)) == (409, 2)
    theirs, _, yours = answer.text.partition("Yours, on top of it")
    assert ("<s>10:00–10:30</s> → <strong>10:00–10:27</strong>" in theirs, "by Frank" in theirs) == (True, True)
    assert "<s>10:00–10:27</s> → <strong>10:00–10:22</strong>" in yours
    assert 'name="base" value="2"' in yours


def test_the_second_of_two_compatible_edits_is_published_and_names_the_first(app: Flask, service: Service) -> None:
    frank, julija = Console(app), Console(app, "Julija")
    frank.edit("content", "a", title="Faster")
    answer = julija.edit("late", "b", minutes="-5", base="1")
    assert (answer.status_code, revision(service)) == (303, 3)
    assert "Published as revision 3, on top of revision 2 (Frank: Faster: A → Faster)." in shown_after(julija, answer)


def test_of_many_revisions_in_between_the_last_three_are_named(app: Flask) -> None:
    frank = Console(app)
    for title in ("One", "Two", "Three", "Four"):
        frank.edit("content", "a", title=title, note=f"Now {title}")
    answer = frank.edit("late", "b", minutes="-5", base="1")
    said = "on top of revision 5 (Frank: Now Four), 4 (Frank: Now Three), 3 (Frank: Now Two) and 1 more.</p>"
    assert said in shown_after(frank, answer)


def test_an_edit_of_the_newest_revision_names_no_other(app: Flask) -> None:
    frank = Console(app)
    frank.edit("content", "a", title="Faster")
    answer = frank.edit("late", "b", minutes="-5")
    assert "Published as revision 3.</p>" in shown_after(frank, answer)


def test_an_edit_of_an_older_revision_that_changes_nothing_says_so(app: Flask, service: Service) -> None:
    frank = Console(app)
    frank.edit("content", "a", title="Faster")
    answer = frank.edit("late", "b", minutes="0", base="1")
    assert ("That changes nothing." in shown_after(frank, answer), revision(service)) == (True, 2)


def test_a_preview_of_an_older_revision_is_of_the_newest(app: Flask, service: Service) -> None:
    frank = Console(app)
    frank.edit("content", "a", title="Faster")
    answer = frank.preview("late", "b", minutes="-5", base="1")
    assert ("<h1>This would change</h1>" in answer.text, "Somebody was faster" in answer.text) == (True, False)
    assert (answer.status_code, revision(service), 'name="base" value="2"' in answer.text) == (200, 2, True)


def test_a_preview_of_what_was_changed_since_shows_both_versions(app: Flask, service: Service) -> None:
    Console(app, "Alina").edit("late", "a", minutes="-3")
    answer = Console(app).preview("late", "a", minutes="-5", base="1")
    assert (answer.status_code, "<h1>Somebody was faster</h1>" in answer.text, revision(service)) == (409, True, 2)


def test_of_what_one_changed_oneself_since_a_preview_says_so(app: Flask) -> None:
    frank = Console(app)
    frank.edit("late", "a", minutes="-3")
    assert "<h1>You changed this meanwhile</h1>" in frank.preview("late", "a", minutes="-5", base="1").text


@pytest.mark.parametrize("since", ["x", "-1", "1", "2", "9" * 30])
def test_no_revision_is_named_after_a_nonsense_number(app: Flask, since: str) -> None:
    frank = Console(app)
    frank.edit("late", "a", minutes="-3")
    answer = frank.get(f"/organizer?since={since}&done=2")
    assert (answer.status_code, "Published as revision 2.</p>" in answer.text) == (200, True)


def shown_after(console: Console, answer: TestResponse) -> str:
    """The page that an edit leads to."""
    return console.get(answer.headers["Location"]).text


def test_an_edit_that_changes_nothing_says_so_and_makes_no_revision(app: Flask, service: Service) -> None:
    frank = Console(app)
    answer = frank.edit("late", "a", minutes="0")
    assert (answer.status_code, revision(service)) == (303, 1)
    assert "That changes nothing." in frank.get(answer.headers["Location"]).text
