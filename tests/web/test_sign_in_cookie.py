"""The cookies of the console: their names behind HTTPS, and the ticket in the value."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from support.console_browser import TOKEN, Console, sign_in_link
from werkzeug.test import TestResponse

from app.web.sign_in_cookie import signed_in_key

HTTPS, HTTP = "https://localhost", "http://localhost"
SECRET_KEY = "for tests"


def signed_in(app: Flask, base_url: str) -> TestResponse:
    """The response to the use of a new sign-in link."""
    browser, link = app.test_client(), sign_in_link(app)
    [token] = TOKEN.findall(browser.get(link, base_url=base_url).text)
    headers = {"Referer": f"{base_url}{link}"}
    return browser.post(link, data={"csrf_token": token}, base_url=base_url, headers=headers)


def cookie_of(response: TestResponse) -> tuple[str, set[str]]:
    """The name and value of the one cookie that a response sets, and its attributes without the lifetime."""
    [line] = response.headers.getlist("Set-Cookie")
    pair, *attributes = line.split("; ")
    return pair, {one for one in attributes if not one.startswith(("Expires", "Max-Age"))}


def test_behind_https_both_cookies_belong_to_this_host_alone(app: Flask) -> None:
    form = cookie_of(app.test_client().get(sign_in_link(app), base_url=HTTPS))
    sign_in = cookie_of(signed_in(app, HTTPS))
    assert [pair.partition("=")[0] for pair, _ in (form, sign_in)] == ["__Host-agenda-form", "__Host-agenda-organizer"]
    assert form[1] == sign_in[1] == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_behind_https_the_plain_name_counts_for_nothing(app: Flask) -> None:
    pair, _ = cookie_of(signed_in(app, HTTPS))
    plain = pair.removeprefix("__Host-")
    browser = app.test_client(use_cookies=False)
    cookies = {"both": f"{plain}x; {pair}", "host": pair, "plain": plain}
    found = {name: browser.get("/organizer", base_url=HTTPS, headers={"Cookie": one}) for name, one in cookies.items()}
    assert {name: answer.status_code for name, answer in found.items()} == {"both": 200, "host": 200, "plain": 302}


def test_on_plain_http_the_prefix_counts_for_nothing(app: Flask) -> None:
    pair, _ = cookie_of(signed_in(app, HTTP))
    answers = [
        app.test_client(use_cookies=False).get("/organizer", headers={"Cookie": one})
        for one in (pair, f"__Host-{pair}")
    ]
    assert [answer.status_code for answer in answers] == [200, 302]


@pytest.mark.parametrize("base_url", [HTTP, HTTPS])
def test_signing_out_takes_the_cookie_from_the_browser(app: Flask, base_url: str) -> None:
    pair, attributes = cookie_of(signed_in(app, base_url))
    browser = app.test_client()
    name, _, value = pair.partition("=")
    browser.set_cookie(name, value, path="/", secure=base_url == HTTPS)
    [token, *_] = TOKEN.findall(browser.get("/organizer", base_url=base_url).text)
    answer = browser.post(
        "/organizer/sign-out",
        data={"csrf_token": token},
        base_url=base_url,
        headers={"Referer": f"{base_url}/organizer"},
    )
    [line] = answer.headers.getlist("Set-Cookie")
    assert line.startswith(f"{name}=")
    assert attributes | {"Max-Age=0"} <= set(line.split("; "))


def test_the_ticket_shows_without_a_database_that_this_service_gave_the_key(app: Flask) -> None:
    pair, _ = cookie_of(signed_in(app, HTTP))
    key, ticket = re.fullmatch(r"agenda-organizer=([\w-]{43})\.([\w-]{43})", pair).groups()
    assert signed_in_key(f"a=b; {pair}", "http", SECRET_KEY) == key
    refused = [
        signed_in_key(pair, "http", "another secret key"),
        signed_in_key(pair, "https", SECRET_KEY),
        *(
            signed_in_key(f"agenda-organizer={value}", "http", SECRET_KEY)
            for value in ["", ".", key, f"{key}.", f".{ticket}", f"{key}x.{ticket}", f"{key}.{ticket[::-1]}", "ÿ.ÿ"]
        ),
        signed_in_key("", "http", SECRET_KEY),
    ]
    assert refused == [""] * len(refused)


def test_a_key_without_its_ticket_is_no_sign_in(app: Flask) -> None:
    cookie = Console(app).client.get_cookie("agenda-organizer", path="/organizer")
    assert cookie is not None
    answer = app.test_client(use_cookies=False).get(
        "/organizer", headers={"Cookie": f"agenda-organizer={cookie.value.partition('.')[0]}"}
    )
    assert answer.status_code == 302
