"""Each address of the console, for each role, for readers and for somebody who was removed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from support.codeml_day import talk, two_rooms
from support.console_browser import Console, browser_of
from werkzeug.test import TestResponse

from app.domain.program import Program
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.store.sign_ins import SignIns
from app.web.running_service import Service

# "open": the view answers, here to an empty form; "own": leads a speaker to their session's page, which is that of `a`.
# What each edit and undo needs beside that is in `test_edit_rights.py`.
TABLE = """
                              stranger attendee chair-of-hall chair-of-annex speaker operator organizer removed
GET  /organizer               sign-in  sign-in  open          open           own     open     open      sign-in
GET  /organizer/sessions      sign-in  sign-in  open          open           403     open     open      sign-in
GET  /organizer/talks/a       sign-in  sign-in  open          open           open    403      open      sign-in
GET  /organizer/talks/b       sign-in  sign-in  open          open           403     403      open      sign-in
GET  /organizer/talks/a/edit  sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/talks/b/edit  sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/history       sign-in  sign-in  open          open           403     open     open      sign-in
GET  /organizer/preview       sign-in  sign-in  open          open           403     open     open      sign-in
GET  /organizer/not-here/a    sign-in  sign-in  open          403            403     open     open      sign-in
GET  /organizer/not-here/b    sign-in  sign-in  403           open           403     open     open      sign-in
GET  /organizer/drafts/DRAFT  sign-in  sign-in  open          open           403     open     open      sign-in
GET  /organizer/announce      sign-in  sign-in  open          open           403     403      open      sign-in
GET  /organizer/live          sign-in  sign-in  open          open           open    open     open      sign-in
GET  /organizer/add           sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/order         sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/report        sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/report.csv    sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/people        sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/speakers      sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/speakers.csv  sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/status        sign-in  sign-in  403           403            403     403      open      sign-in
GET  /organizer/sign-in       open     open     open          open           open    open     open      open
GET  /organizer/sign-in/KEY   open     open     open          open           open    open     open      open
POST /organizer/sign-in/KEY   open     open     open          open           open    open     open      open
POST /organizer/sign-out      403      403      open          open           open    open     open      403
POST /organizer/edit          403      403      open          open           403     open     open      403
POST /organizer/drafts        403      403      open          open           403     open     open      403
POST /organizer/undo          403      403      open          open           403     403      open      403
GET  /organizer/undo          sign-in  sign-in  open          open           403     403      open      sign-in
POST /organizer/note          403      403      open          open           403     open     open      403
GET  /organizer/note          sign-in  sign-in  open          open           403     open     open      sign-in
POST /organizer/ticks         403      403      open          open           open    403      open      403
POST /organizer/talks/a       403      403      403           403            own     403      403       403
POST /organizer/talks/b       403      403      403           403            403     403      403       403
POST /organizer/talks/a/withdraw 403   403      403           403            own     403      403       403
POST /organizer/talks/b/withdraw 403   403      403           403            403     403      403       403
GET  /organizer/proposals     sign-in  sign-in  403           403            403     403      open      sign-in
POST /organizer/proposals/accept 403   403      403           403            403     403      open      403
POST /organizer/proposals/decline 403  403      403           403            403     403      open      403
GET  /organizer/proposals/PROPOSAL/pictures/DIGEST sign-in sign-in 403 403   open    403      open      sign-in
POST /organizer/cues          403      403      open          open           403     403      open      403
POST /organizer/cues/clear    403      403      open          open           403     403      open      403
POST /organizer/chair-notes   403      403      open          open           403     403      open      403
POST /organizer/chair-notes/remove 403 403      open          open           403     403      open      403
POST /organizer/markdown      403      403      403           403            open    403      open      403
POST /organizer/people        403      403      403           403            403     403      open      403
POST /organizer/people/link   403      403      403           403            403     403      open      403
POST /organizer/people/remove 403      403      403           403            403     403      open      403
POST /organizer/people/revoke 403      403      403           403            403     403      open      403
POST /organizer/people/sign-out 403    403      403           403            403     403      open      403
POST /organizer/speakers/links 403     403      403           403            403     403      open      403
GET  /organizer/links/LINK    sign-in  sign-in  open          open           403     403      open      sign-in
GET  /organizer/links/LINK/code.svg sign-in sign-in open      open           403     403      open      sign-in
POST /organizer/links/withdraw 403     403      open          open           403     403      open      403
GET  /organizer/hand-over     sign-in  sign-in  open          open           403     403      open      sign-in
POST /organizer/hand-over     403      403      open          open           403     403      open      403
GET  /organizer/import        sign-in  sign-in  403           403            403     403      open      sign-in
POST /organizer/import        403      403      403           403            403     403      open      403
POST /organizer/import/again  403      403      403           403            403     403      open      403
POST /organizer/import/forget 403      403      403           403            403     403      open      403
GET  /organizer/import/JOB    sign-in  sign-in  403           403            403     403      open      sign-in
POST /organizer/import/JOB    403      403      403           403            403     403      open      403
"""
WHO, *ROWS = (line.split() for line in TABLE.strip().splitlines())
EDITORS = {
    "chair-of-hall": Editor("Ada", "chair", "hall"),
    "chair-of-annex": Editor("Alan", "chair", "annex"),
    "speaker": Editor("Grace", "speaker", None, "a"),
    "operator": Editor("Linus", "operator"),
    "organizer": Editor("Frank"),
    "removed": Editor("Eve"),
}


@pytest.fixture
def program() -> Program:
    """A talk in the hall and one in the annex."""
    return two_rooms(talk("a", "10:00-10:30"), talk("b", "10:00-10:30", "annex"))


@pytest.fixture
def sign_ins(app: Flask, service: Service) -> SignIns:
    """With somebody of each role, and forms that need no token."""
    app.config["WTF_CSRF_ENABLED"] = False
    sign_ins, now = SignIns(service.database), SYSTEM_CLOCK.now()
    for one in (*EDITORS.values(), Editor("Guest")):
        sign_ins.add(one.name, now, one.role, one.room, one.session)
    return sign_ins


def outcome(answer: TestResponse) -> str:
    """What an answer is called in the table."""
    leads_to = answer.headers.get("Location", "").partition("?")[0]
    if answer.status_code == 403:
        return "403"
    if answer.request.method == "GET" and leads_to == "/organizer/sign-in":
        return "sign-in"
    return "own" if leads_to == "/organizer/talks/a" else "open"


def addresses(app: Flask) -> Iterator[str]:
    """Each method and address of the console."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/organizer"):
            path = rule.rule.replace("<key>", "KEY").replace("<draft_id>", "DRAFT").replace("<link>", "LINK")
            path = path.replace("<job_id>", "JOB").replace("<proposal_id>", "PROPOSAL").replace("<digest>", "DIGEST")
            for method in {"GET", "POST"} & set(rule.methods or ()):
                for session in ("a", "b"):
                    yield f"{method} {path.replace('<session_id>', session)}"


def test_every_address_of_the_console_is_in_the_table(app: Flask) -> None:
    assert sorted(set(addresses(app))) == sorted(f"{method} {path}" for method, path, *_ in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:2]))
def test_an_address_is_open_to_whom_the_table_says(row: list[str], app: Flask, sign_ins: SignIns) -> None:
    method, path, *expected = row
    found = []
    for who in WHO:
        browser = browser_of(who, EDITORS, app, sign_ins)
        key = sign_ins.new_link("Guest", SYSTEM_CLOCK.now())
        found.append(outcome(browser.open(path.replace("KEY", key), method=method)))
    assert dict(zip(WHO, found, strict=True)) == dict(zip(WHO, expected, strict=True))


@pytest.mark.parametrize(
    ("who", "path", "said"),
    [
        ("chair-of-hall", "/organizer/people", "This is for organizers; you are signed in as chair of Hall."),
        (
            "speaker",
            "/organizer/history",
            "This is for organizers, chairs and operators; you are signed in as speaker of A.",
        ),
        ("operator", "/organizer/announce", "This is for organizers and chairs; you are signed in as operator."),
        ("speaker", "/organizer/talks/b", "A speaker has the page of their own session."),
    ],
)
def test_who_is_refused_is_told_for_whom_the_address_is(
    who: str, path: str, said: str, app: Flask, sign_ins: SignIns
) -> None:
    assert said in browser_of(who, EDITORS, app, sign_ins).get(path).text


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        (
            "organizer",
            ["/organizer", *(f"/organizer/{page}" for page in ("sessions", "announce", "history", "people"))],
        ),
        (
            "chair-of-hall",
            ["/organizer", *(f"/organizer/{page}" for page in ("sessions", "announce", "history", "hand-over"))],
        ),
        ("operator", ["/organizer", "/organizer/sessions", "/organizer/history"]),
        ("speaker", ["/organizer/talks/a"]),
    ],
)
def test_the_navigation_offers_what_a_role_may_open(
    who: str, offered: list[str], app: Flask, sign_ins: SignIns
) -> None:
    page = browser_of(who, EDITORS, app, sign_ins).get("/organizer", follow_redirects=True).text
    nav = page.partition('<nav aria-label="Console">')[2].partition("</nav>")[0]
    assert [part.partition('"')[0] for part in nav.split('href="')[1:]] == [*offered, "/"]


def test_an_operator_has_one_room_or_all(app: Flask) -> None:
    here, everywhere = Console(app, "Linus", "hall", role="operator"), Console(app, "Guido", role="operator")
    assert ['aria-label="Annex"' in one.get().text for one in (here, everywhere)] == [False, True]
