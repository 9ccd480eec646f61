"""What a shared link shows: its texts, its picture and its JSON-LD."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageColor
from support.markup import PAGES, Tags
from support.movable_clock import MovableClock
from support.print_programs import ENDLESS, TITLES
from support.publishing import publish
from support.repository import FIRST_PROGRAM

from app.domain.identity import Track
from app.domain.program import Program
from app.domain.session import Session
from app.formats import share_image
from app.formats.program_folder.reader import read_folder
from app.live.edition import ResponseKey
from app.store.publish_files import publish_files
from app.web.running_service import Service
from app.web.share_previews import program_picture, session_picture

SIZE = (1200, 630)


def meta(text: str) -> dict[str, str]:
    """The meta elements of a page."""
    found = [attributes for tag, attributes in Tags(text).found if tag == "meta"]
    return {str(one.get("property") or one.get("name")): str(one.get("content")) for one in found}


def pixels(png: bytes) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def count(png: bytes, colour: tuple[int, int, int]) -> int:
    """How many pixels have nearly that colour: a palette rounds."""
    return int((np.abs(pixels(png).astype(int) - colour).max(axis=2) < 24).sum())


def change(service: Service, session_id: str, **fields: Any) -> Program:
    """Change a session in a new revision."""
    before = service.current.snapshot.revision.program
    sessions = tuple(replace(one, **fields) if one.id == session_id else one for one in before.sessions)
    after = replace(before, sessions=sessions)
    return publish(service, after)


@contextmanager
def known_to_be_away(service: Service) -> Iterator[None]:
    """The service knows that its database is away, and does not look meanwhile whether it still is."""
    with service.current.held():
        service.current.database_error = "it is away"
        yield
        service.current.database_error = None


@pytest.mark.parametrize("path", ["/card.png", "/cards/tri-dao.png", "/cards/coffee-morning.png"])
def test_a_card_is_a_picture_of_the_size_that_networks_ask_for(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path)
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).size == SIZE
    assert len(answer.data) < 60_000


def test_there_is_no_card_of_what_is_not_there(reader: FlaskClient) -> None:
    assert reader.get("/cards/nobody.png").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_a_card_that_is_there_and_what_it_shows(reader: FlaskClient, path: str) -> None:
    words = meta(reader.get(path).text)
    assert words["twitter:card"] == "summary_large_image"
    assert (words["og:image:width"], words["og:image:height"]) == ("1200", "630")
    assert words["og:image:alt"] != ""
    address = words["og:image"].removeprefix("http://localhost")
    assert reader.get(address).status_code == 200


def test_a_talks_words_are_its_title_time_and_room(reader: FlaskClient) -> None:
    words = meta(reader.get("/talks/tri-dao").text)
    assert words["og:image"] == "http://localhost/cards/tri-dao.png"
    assert words["og:title"] == "Tri Dao: Open-Source Attention Optimizations"
    assert words["og:description"] == "Fri 18 July, 09:15–09:45"
    assert words["og:image:alt"] == (
        "Tri Dao: Open-Source Attention Optimizations, Fri 18 July, 09:15–09:45, Vancouver Convention Center"
    )


def test_a_talks_picture_has_its_title_time_room_and_workshop(program: Program) -> None:
    assert session_picture(program, program.session("tri-dao")) == share_image.ShareCard(
        title="Open-Source Attention Optimizations",
        time="09:15–09:45",
        people="Tri Dao",
        place="Fri 18 July, Vancouver time, Vancouver Convention Center",
        footer="CODEML",
        accent="#5b2bd9",
    )


def test_with_a_logo_a_talks_picture_has_the_room_in_place_of_the_title(program: Program) -> None:
    shown = session_picture(program, program.session("tri-dao"), logo=b"a picture")
    assert (shown.footer, shown.place) == ("Vancouver Convention Center", "Fri 18 July, Vancouver time")


def test_a_logo_leads_the_programs_picture_in_place_of_its_title(program: Program) -> None:
    shown = program_picture(program, logo=b"a picture")
    assert (shown.leads, shown.time, shown.title) == (True, "", program.subtitle)
    assert program_picture(program).time == "CODEML"
    without = program_picture(replace(program, subtitle=""), logo=b"a picture")
    assert (without.title, without.footer) == ("Friday 18 July 2025", "")


@pytest.mark.parametrize("path", ["/card.png", "/cards/tri-dao.png"])
def test_a_drawn_logo_is_shown_as_it_was_painted_in_ink_and_accent(
    client: FlaskClient, service: Service, clock: MovableClock, path: str
) -> None:
    without = client.get(path).data
    found = read_folder(FIRST_PROGRAM)
    publish_files(service.current.revisions, found.program, source_hash="", now=clock.now(), pictures=found.pictures)
    change(service, "panel", title="The next revision")
    with_logo = client.get(path).data
    accent = ImageColor.getrgb(found.program.identity.accent)
    # The line of CODEML's wordmark.
    assert count(with_logo, accent) > count(without, accent) + 200


@pytest.mark.parametrize("path", ["/card.png", "/cards/tri-dao.png"])
def test_the_title_stands_for_a_drawn_logo_that_was_stored_unpainted(
    client: FlaskClient, service: Service, path: str
) -> None:
    unpainted = client.get(path).data
    program = service.current.snapshot.revision.program
    publish(service, replace(program, identity=replace(program.identity, logo=None)))
    assert (program.identity.logo is None, client.get(path).data) == (False, unpainted)


def test_a_talk_of_a_coloured_track_has_its_edge_and_its_name(program: Program) -> None:
    sessions = tuple(replace(one, track="Main") if one.id == "panel" else one for one in program.sessions)
    with_tracks = replace(program, sessions=sessions, tracks=(Track("Main", "#0057b8"),))
    shown = session_picture(with_tracks, with_tracks.session("panel"))
    assert (shown.track, shown.place) == ("#0057b8", "Fri 18 July, Vancouver time, Main, Vancouver Convention Center")
    blue = ImageColor.getrgb("#0057b8")
    assert count(share_image.png(shown), blue) >= share_image.EDGE * 100
    assert count(share_image.png(replace(shown, track="")), blue) == 0


def test_the_picture_is_made_once_for_a_revision(client: FlaskClient, service: Service, clock: MovableClock) -> None:
    first = client.get("/cards/panel.png")
    assert client.get("/cards/panel.png", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    kept = service.editions.at(service.current.snapshot, clock.now()).responses
    assert [address for address in kept if address.path.endswith(".png")] == [
        ResponseKey("/cards/panel.png", host="http://localhost")
    ]


@pytest.mark.parametrize("path", ["/card.png", "/cards/tri-dao.png"])
def test_a_picture_that_lacks_the_logo_while_the_database_is_away_is_not_kept_as_the_picture(
    client: FlaskClient, service: Service, clock: MovableClock, tmp_path: Path, path: str
) -> None:
    database, elsewhere = tmp_path / "agenda.sqlite", tmp_path / "elsewhere.sqlite"
    database.rename(elsewhere)
    answers = [client.get(path), client.get(f"{path}?shared")]
    elsewhere.rename(database)
    assert [(one.status_code, one.headers["Cache-Control"]) for one in answers] == [(200, "no-store")] * 2
    kept = service.editions.at(service.current.snapshot, clock.now()).responses
    assert [address for address in kept if address.path == path and not address.query] == []
    assert client.get(path).headers["Cache-Control"] != "no-store"


def test_while_the_database_is_away_a_picture_is_drawn_once(
    client: FlaskClient, service: Service, clock: MovableClock
) -> None:
    kept = service.editions.at(service.current.snapshot, clock.now()).responses
    with known_to_be_away(service):
        client.get("/card.png")
        first = {address.path: id(picture) for address, picture in kept.items()}
        others = [client.get("/card.png?shared"), client.get("/card.png", headers={"Host": "localhost:8000"})]
    assert [one.headers["Cache-Control"] for one in others] == ["no-store"] * 2
    assert (list(first), {address.path: id(picture) for address, picture in kept.items()}) == (["/card.png"], first)
    assert {one.data for one in others} == {picture.body for picture in kept.values()}


def test_a_database_that_is_known_to_be_away_is_not_asked_for_the_logo(client: FlaskClient, service: Service) -> None:
    with known_to_be_away(service):
        away = client.get("/card.png")
    shown = [one.headers["Cache-Control"] == "no-store" for one in (away, client.get("/card.png"))]
    assert shown == [True, False]


def test_another_query_does_not_fill_the_memory_with_the_same_picture(
    client: FlaskClient, service: Service, clock: MovableClock
) -> None:
    assert client.get("/cards/panel.png?x=1").data == client.get("/cards/panel.png").data
    kept = service.editions.at(service.current.snapshot, clock.now()).responses
    assert [address for address in kept if address.query] == []


def test_an_edit_makes_another_picture_that_says_what_was(
    client: FlaskClient, service: Service, program: Program
) -> None:
    publish(service, replace(program, identity=replace(program.identity, logo=None)))
    before = client.get("/cards/panel.png")
    panel = service.current.snapshot.revision.program.session("panel")
    later = replace(panel.slot, start=panel.start.replace(minute=10), end=panel.end)
    after = change(service, "panel", slot=later)
    picture = client.get("/cards/panel.png")
    assert picture.headers["ETag"] != before.headers["ETag"]
    assert session_picture(after, after.session("panel")).note == "was 16:00"
    accent = ImageColor.getrgb(program.identity.accent)
    line = (share_image.WIDTH - 2 * share_image.MARGIN + 1) * (share_image.RULE + 1)
    assert (count(before.data, accent), count(picture.data, accent) > line + 300) == (line, True)


def test_a_cancelled_session_is_struck_through(client: FlaskClient, service: Service) -> None:
    after = change(service, "panel", cancelled=True)
    shown = session_picture(after, after.session("panel"))
    assert (shown.note, shown.struck) == ("Cancelled", True)
    assert share_image.png(shown) != share_image.png(replace(shown, struck=False))


@pytest.mark.parametrize("title", [*TITLES, "", "x", "\n\t", "🎉 party"])
def test_any_title_leaves_the_margins_white(title: str) -> None:
    people = ", ".join(["Wilhelmina-Maximiliane von Hohenberg-Württemberg"] * 9)
    shown = share_image.ShareCard(
        title=title, time="09:15–09:45", people=people, place=ENDLESS, note=ENDLESS, footer=ENDLESS
    )
    picture = pixels(share_image.png(replace(shown, struck=True)))
    edges = [picture[:, :40], picture[:, -40:], picture[:40], picture[-24:]]
    assert [int(edge.min()) for edge in edges] == [255, 255, 255, 255]


@pytest.mark.parametrize("bold", [True, False])
def test_a_text_that_no_font_here_can_set_is_left_out(bold: bool) -> None:
    assert share_image.displayable_text("\U00012000\U00012001\U00012002", bold=bold) == ""


def test_a_letter_that_no_font_here_has_is_left_out_of_a_text() -> None:
    assert share_image.displayable_text("Open \U00012000 source", bold=True) == "Open source"


def test_a_card_without_a_logo_is_drawn_in_so_few_colours_that_two_pixels_take_a_byte() -> None:
    shown = share_image.ShareCard(title="Attention", time="09:15", people="Tri Dao", note="was 16:00", track="#0057b8")
    colours = Image.open(io.BytesIO(share_image.png(shown))).getcolors()
    assert colours is not None
    assert len(colours) <= 16


def test_the_same_card_gives_the_same_bytes() -> None:
    shown = share_image.ShareCard(title="Attention", time="09:15")
    assert share_image.png(shown) == share_image.png(shown)


def data_of(text: str) -> dict[str, Any]:
    [data] = text.split('<script type="application/ld+json">')[1:]
    found: dict[str, Any] = json.loads(data.partition("</script>")[0])
    return found


def test_the_day_carries_all_sessions_as_data(reader: FlaskClient, program: Program) -> None:
    events = data_of(reader.get("/").text)["subEvent"]
    assert [event["url"] for event in events] == [f"http://localhost/talks/{one.id}" for one in program.sessions]


def test_a_talk_carries_itself_as_data(reader: FlaskClient) -> None:
    data = data_of(reader.get("/talks/tri-dao").text)
    assert (data["name"], data["superEvent"]["name"]) == ("Open-Source Attention Optimizations", "CODEML")


def test_data_of_a_hostile_title_ends_where_it_should(client: FlaskClient, service: Service) -> None:
    title = "</script><script>alert(1)</script>"
    change(service, "panel", title=title)
    assert data_of(client.get("/talks/panel").text)["name"] == title
    [panel] = [one for one in data_of(client.get("/").text)["subEvent"] if one["url"].endswith("/panel")]
    assert panel["name"] == title


def test_the_data_of_the_day_follows_an_edit(client: FlaskClient, service: Service) -> None:
    def status(session: Session) -> str:
        [event] = [one for one in data_of(client.get("/").text)["subEvent"] if one["url"].endswith(f"/{session.id}")]
        return str(event["eventStatus"].rpartition("/")[2])

    panel = service.current.snapshot.revision.program.session("panel")
    first = status(panel)
    change(service, "panel", cancelled=True)
    assert (first, status(panel)) == ("EventScheduled", "EventCancelled")


def test_a_logo_of_pixels_stands_in_the_corner_and_no_text_runs_into_it() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 160), "#00aa00").save(buffer, "WEBP", lossless=True)
    card = share_image.ShareCard(title="T", place="W" * 200, footer="W" * 200, logo=buffer.getvalue())
    shown = Image.open(io.BytesIO(share_image.png(card))).convert("RGB")
    right, bottom = share_image.WIDTH - share_image.MARGIN, share_image.HEIGHT - share_image.MARGIN + 32
    corner = shown.crop((right - 320, bottom - 80, right, bottom))
    assert corner.getcolors() == [(320 * 80, (0, 170, 0))]
    gap = shown.crop((right - 320 - share_image.LOGO_GAP, bottom - 80, right - 320, bottom))
    assert gap.getcolors() == [(share_image.LOGO_GAP * 80, (255, 255, 255))]
