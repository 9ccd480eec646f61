"""The head of readers' pages: the program's logo, named by its title."""

from __future__ import annotations

from dataclasses import replace

from flask.testing import FlaskClient
from lxml import html
from support.publishing import publish

from app.domain.identity import NO_IDENTITY, Identity, Picture
from app.domain.program import Program
from app.web.running_service import Service

DRAWN = Picture("logo.svg", "d" * 64, 80, 20, svg='<svg viewBox="0 0 4 1"></svg>')
DARK = Picture("dark.png", "b" * 64, 640, 160)


def head(client: FlaskClient, service: Service, program: Program, identity: Identity) -> html.HtmlElement:
    publish(service, replace(program, identity=identity))
    [link] = html.fromstring(client.get("/").text).xpath("//*[@class='wordmark']/a")
    return link


def test_without_a_logo_the_title_stands_at_the_head(client: FlaskClient, service: Service, program: Program) -> None:
    link = head(client, service, program, NO_IDENTITY)
    assert (link.text_content(), len(link)) == ("CODEML", 0)


def test_a_logo_that_is_a_drawing_stands_in_the_page_and_is_named_by_the_title(
    client: FlaskClient, service: Service, program: Program
) -> None:
    link = head(client, service, program, Identity(logo=DRAWN))
    assert link.xpath("span[@class='logo'][@aria-hidden]/svg/@viewbox") == ["0 0 4 1"]
    assert link.text_content().strip() == "CODEML"


def test_a_dark_ground_has_its_own_logo(client: FlaskClient, service: Service, program: Program) -> None:
    link = head(client, service, program, Identity(logo=DRAWN, logo_dark=DARK))
    [image] = link.xpath("span[@class='logo on-dark']/img")
    assert len(link.xpath("span[@class='logo on-light']/svg")) == 1
    assert (image.get("src"), image.get("width"), image.get("alt")) == (f"/pictures/{'b' * 24}-full.webp", "640", "")
