"""How readers' pages say names, lengths and places."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from support.markup import PAGES, tree
from support.publishing import publish

from app.domain.program import Program, Room
from app.domain.session import Session
from app.web.running_service import Service
from app.web.template_helpers import whole_words

PANEL = "panel"


def with_panel(service: Service, program: Program, panel: Session, *rooms: Room) -> None:
    sessions = tuple(panel if one.id == PANEL else one for one in program.sessions)
    publish(service, replace(program, rooms=(*program.rooms, *rooms), sessions=sessions))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Open-Source Attention", '<span class="whole">Open-Source</span> Attention'),
        ("A (client-side) <b>", 'A <span class="whole">(client-side)</span> &lt;b&gt;'),
        ("Nextcloud Hub - 20", "Nextcloud Hub - 20"),
        ("  two  spaces ", "  two  spaces "),
        ("", ""),
    ],
)
def test_a_word_with_a_hyphen_is_an_element_and_the_text_stays(text: str, shown: str) -> None:
    assert (str(whole_words(text)), whole_words(text).striptags()) == (shown, " ".join(text.split()))


@pytest.mark.parametrize("path", ["/", "/now", "/display", "/rooms/venue", "/talks/tri-dao", "/speakers/tri-dao"])
def test_titles_keep_words_with_hyphens_whole(reader: FlaskClient, path: str) -> None:
    found = set(tree(reader, path).xpath("//*[@data-session='tri-dao']//*[@data-part='title']/span/text()"))
    assert found == {"Open-Source"}


@pytest.mark.parametrize("path", [one for one in PAGES if not one.startswith(("/display", "/stage"))])
def test_every_readers_page_has_the_clock_in_its_head(reader: FlaskClient, path: str) -> None:
    assert len(tree(reader, path).xpath("//header//*[@data-clock]")) == 1


def test_the_day_of_a_program_without_a_subtitle_does_not_repeat_its_title(
    client: FlaskClient, service: Service, program: Program
) -> None:
    publish(service, replace(program, subtitle=""))
    [heading] = tree(client, "/").xpath("//h1")
    assert (heading.text, heading.get("class")) == ("CODEML", "visually-hidden")


def test_a_long_session_lasts_hours(client: FlaskClient, service: Service, program: Program) -> None:
    panel = program.session(PANEL)
    longer = replace(panel, slot=replace(panel.slot, start=program.session("opening").start))
    with_panel(service, program, longer)
    [kind] = tree(client, f"/talks/{PANEL}").xpath("//*[@id='talk-kind']")
    assert kind.text_content() == "Panel, 7 h 55 min"


def test_a_room_whose_name_is_the_title_is_not_repeated(
    client: FlaskClient, service: Service, program: Program
) -> None:
    panel = program.session(PANEL)
    here = replace(panel, title="Infodesk", slot=replace(panel.slot, room="infodesk"))
    with_panel(service, program, here, Room("infodesk", "Infodesk"))
    [facts] = tree(client, f"/talks/{PANEL}").xpath("//*[@id='talk-facts']")
    assert [(one.get("href"), one.text) for one in facts.xpath("a")] == [("/rooms/infodesk", "What is on here")]
    assert tree(client, "/").xpath("//ol//*[@data-session='panel']//*[@data-part='place']") == []


def test_a_track_that_is_named_like_the_kind_is_not_repeated(
    client: FlaskClient, service: Service, program: Program
) -> None:
    with_panel(service, program, replace(program.session(PANEL), track="Panel"))
    [kind] = tree(client, f"/talks/{PANEL}").xpath("//*[@id='talk-kind']")
    assert kind.text_content() == "Panel, 55 minutes"
