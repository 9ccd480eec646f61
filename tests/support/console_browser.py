"""A browser of the console, for tests: it signs in, and fills forms with their tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from app.domain.rights import Editor, Role
from app.live.clock import SYSTEM_CLOCK
from app.store.database import Database
from app.store.sign_ins import SignIns
from app.store.stars import StarStore
from app.web.running_service import service_of
from app.web.sign_in_cookie import set_sign_in_cookie

# The pages that say why a form was not published.
REASONS = ("/organizer/preview?", "/organizer/drafts/", "/organizer/note?")
RETIMING = {*("late", "extend", "shorten", "start", "end", "move", "swap", "room", "cancel", "reinstate", "absent")}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
FAULT = re.compile(r'<p class="fault" id="fault-([^"]+)"[^>]*>([^<]*)</p>')
LINK = re.compile(r'value="http://localhost(/organizer/sign-in/[\w-]{43})"')


def token_on(page: str) -> str:
    """The token that a page's forms send; "" where it has none."""
    found = TOKEN.search(page)
    return found[1] if found else ""


def faults_on(page: str) -> list[tuple[str, str]]:
    """What a page says is wrong with its fields, each with the field's name."""
    return FAULT.findall(page)


def link_on(page: str) -> str:
    """The one-time link on its page, without the host."""
    [link] = LINK.findall(page)
    return str(link)


def use_link(browser: FlaskClient, link: str, **form: str) -> TestResponse:
    """Open a one-time link in a browser, and send its form."""
    return browser.post(link, data={"csrf_token": token_on(browser.get(link).text), **form})


def link_of(database: Database, name: str, room: str | None = None) -> str:
    """The address of a new one-time link of an organizer, or a room's chair, who is added where there is none."""
    sign_ins, now = SignIns(database), SYSTEM_CLOCK.now()
    role: Role = "chair" if room else "organizer"
    if Editor(name, role, room) not in sign_ins.people():
        sign_ins.add(name, now, role, room)
    return f"/organizer/sign-in/{sign_ins.new_link(name, now)}"


def sign_in_link(app: Flask, name: str = "Frank", room: str | None = None) -> str:
    """The address of a new one-time link of an organizer, or of a room's chair."""
    return link_of(service_of(app).database, name, room)


def set_sign_in(client: FlaskClient, key: str) -> None:
    """Give a browser a sign-in's key with this service's ticket, over plain HTTP."""
    response = Response()
    with client.application.test_request_context():
        set_sign_in_cookie(response, key, timedelta(days=1))
    name, _, value = response.headers["Set-Cookie"].split(";")[0].partition("=")
    client.set_cookie(name, value, path="/organizer")


def browser_of(who: str, editors: Mapping[str, Editor], app: Flask, sign_ins: SignIns) -> FlaskClient:
    """A new browser of one of several people; an attendee has a star key, and "removed" is removed after signing in."""
    browser, now = app.test_client(), SYSTEM_CLOCK.now()
    if who == "attendee":
        browser.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {StarStore(service_of(app).database).open(now).write}"
    if who in editors:
        name = editors[who].name
        set_sign_in(browser, sign_ins.redeem(sign_ins.new_link(name, now), now, ""))
        if who == "removed":
            sign_ins.remove(name)
    return browser


def publishing(page: str) -> dict[str, dict[str, str]]:
    """What a page can publish: the fields that each button sends, by the sentence that names the button."""
    found = {}
    for button in html.fromstring(page).xpath('//form[@id="publishing"]//button[not(@hidden)]'):
        [form] = button.xpath("ancestor::form")
        text = " ".join(button.text_content().split()).removeprefix("Do this: ")
        hidden = {field.get("name"): field.get("value") for field in form.xpath('.//input[@type="hidden"]')}
        found[text] = {**hidden, **({button.get("name"): button.get("value")} if button.get("name") else {})}
    return found


class Console:
    """One signed-in browser."""

    def __init__(
        self,
        app: Flask,
        name: str = "Frank",
        room: str | None = None,
        session: str | None = None,
        role: Role | None = None,
    ) -> None:
        self.client: FlaskClient = app.test_client()
        self.app = app
        sign_ins = SignIns(service_of(app).database)
        now = SYSTEM_CLOCK.now()
        sign_ins.add(name, now, role or ("chair" if room else "speaker" if session else "organizer"), room, session)
        self.link = f"/organizer/sign-in/{sign_ins.new_link(name, now)}"
        self.post(self.link, page=self.link)

    def get(self, path: str = "/organizer") -> TestResponse:
        """A page."""
        return self.client.get(path)

    def post(self, path: str, page: str = "/organizer", **form: Any) -> TestResponse:
        """A form of a page, sent with the page's token; where it leads to why it was not published, that page."""
        return self.send(path, {"csrf_token": self.token(page), **form})

    def token(self, page: str = "/organizer") -> str:
        """The token that a page's forms send."""
        return token_on(self.client.get(page).text)

    def send(self, path: str, form: Mapping[str, Any]) -> TestResponse:
        """A form as it is, with what `post` adds to none."""
        answer = self.client.post(path, data=form)
        leads_to = answer.headers.get("Location", "")
        return self.client.get(leads_to) if leads_to.startswith(REASONS) else answer

    def preview(self, do: str, session: str = "", **form: Any) -> TestResponse:
        """What an edit would do to the revision that is shown, unless the form names another as its base."""
        base = service_of(self.app).current.snapshot.revision.number
        fields = {"do": do, "session": session, "base": base, **form}
        if do in RETIMING:
            return self.client.get("/organizer/preview", query_string=fields)
        return self.post("/organizer/drafts", **fields)

    def edit(self, do: str, session: str = "", **form: Any) -> TestResponse:
        """An edit on the revision that is shown, unless the form names another."""
        base = service_of(self.app).current.snapshot.revision.number
        return self.post("/organizer/edit", do=do, session=session, **{"base": base, **form})
