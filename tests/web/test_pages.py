"""The pages, as a browser without scripts gets them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from support.markup import CONTRACT, PAGES, Tags
from support.movable_clock import MovableClock
from support.publishing import publish
from support.workshop_schedule_table import rows

from app.domain.program import Announcement, Program
from app.web.calendar_links import NO_KEY
from app.web.running_service import Service


def states(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for session in Tags(text).sessions():
        found.setdefault(str(session["data-state"]), set()).add(str(session["data-session"]))
    return found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_before_during_and_after_the_day(reader: FlaskClient, path: str) -> None:
    instants = ["2025-07-01T10:00", "2025-07-18T10:20", "2025-07-18T12:00", "2025-07-19T10:00"]
    assert [reader.get(f"{path}?at={at}").status_code for at in instants] == [200, 200, 200, 200]


@pytest.mark.parametrize("path", PAGES)
def test_every_element_that_shows_a_session_keeps_the_markup_contract(reader: FlaskClient, path: str) -> None:
    for session in Tags(reader.get(path).text).sessions():
        assert [name for name in CONTRACT if session.get(name) is None] == []


@pytest.mark.parametrize("path", ["/", "/now", "/display", "/rooms/venue", "/speakers/tri-dao", "/talks/panel"])
def test_states_are_what_the_moment_says_around_each_boundary(
    client: FlaskClient, clock: MovableClock, fixtures_path: Path, path: str
) -> None:
    for edge in sorted({edge for row in rows(fixtures_path) for edge in (row.start, row.end)}):
        for now in (edge - timedelta(milliseconds=1), edge):
            clock.set(now)
            [room] = client.get("/api/now").get_json()["rooms"]
            shown = states(client.get(path).text)
            on_the_page = set().union(*shown.values())
            for state in ("now", "next"):
                expected = {room[state]["id"]} if room[state] else set()
                assert shown.get(state, set()) == expected & on_the_page, (now, state)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_names_its_phase_and_revision(reader: FlaskClient, path: str) -> None:
    [(_, attributes)] = [found for found in Tags(reader.get(path).text).found if found[0] == "html"]
    assert (attributes["data-phase"], attributes["data-revision"]) == ("during", "1")


@pytest.mark.parametrize("path", PAGES)
def test_the_notice_of_old_data_is_hidden_while_fresh(reader: FlaskClient, path: str) -> None:
    [notice] = [attributes for _, attributes in Tags(reader.get(path).text).found if "data-stale" in attributes]
    assert "hidden" in notice


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_a_page_needs_comes_from_another_host(reader: FlaskClient, path: str) -> None:
    needed = [
        attributes.get("src") or attributes.get("href") or ""
        for tag, attributes in Tags(reader.get(path).text).found
        if (tag in {"script", "img", "iframe"} and attributes.get("type") != "application/ld+json")
        or (tag == "link" and attributes.get("rel") in {"stylesheet", "icon"})
    ]
    assert [address for address in needed if not address.startswith(("/", "data:"))] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_and_no_style_attribute(reader: FlaskClient, path: str) -> None:
    found = Tags(reader.get(path).text).found
    assert [
        tag for tag, attributes in found if "style" in attributes or any(n.startswith("on") for n in attributes)
    ] == []
    scripts = [attributes for tag, attributes in found if tag == "script" and "src" not in attributes]
    # Data in a page is executed by nobody (HTML, 4.12.1).
    assert [attributes for attributes in scripts if attributes != {"type": "application/ld+json"}] == []


@pytest.mark.parametrize("path", PAGES)
def test_readers_get_no_cookie(reader: FlaskClient, path: str) -> None:
    assert "Set-Cookie" not in reader.get(path).headers


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_the_site_leads_somewhere(reader: FlaskClient, path: str) -> None:
    text = reader.get(path).text
    links = {str(attributes.get("href") or attributes.get("src")) for _, attributes in Tags(text).found}
    # A reader's own feed is hidden until a script has put their key into its address.
    inside = sorted(link for link in links if link.startswith("/") and NO_KEY not in link)
    assert [link for link in inside if reader.get(link).status_code != 200] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_same_bytes_all_through_a_segment(client: FlaskClient, clock: MovableClock, path: str) -> None:
    first = client.get(path)
    clock.set(clock.now() + timedelta(minutes=20))
    assert client.get(path).headers["ETag"] == first.headers["ETag"]


def test_a_page_is_another_after_the_boundary(client: FlaskClient, clock: MovableClock) -> None:
    first = client.get("/")
    clock.set(clock.now() + timedelta(minutes=25))
    assert client.get("/").headers["ETag"] != first.headers["ETag"]


def test_the_day_fits_the_first_window_of_a_connection(reader: FlaskClient) -> None:
    answer = reader.get("/", headers={"Accept-Encoding": "br"})
    assert len(answer.data) <= 14_000


def test_a_frozen_page_says_which_instant_it_shows_and_leads_back(reader: FlaskClient) -> None:
    text = reader.get("/?at=2025-07-18T10:20").text
    assert "This is Friday 18 July 2025, 10:20." in text
    assert 'data-frozen="2025-07-18T10:20:00-07:00"' in text


def test_before_the_day_the_page_says_when_it_begins(reader: FlaskClient) -> None:
    text = re.sub(r"</?span[^>]*>", "", reader.get("/?at=2025-07-01T10:00").text)
    assert '<p class="phase" data-when="before">The day begins at 09:00, Friday 18 July 2025.</p>' in text


def test_after_the_day_the_page_says_that_it_is_over(reader: FlaskClient) -> None:
    text = reader.get("/?at=2025-07-18T17:00").text
    assert '<p class="phase" data-when="after">The day is over. Thank you for coming.</p>' in text


def test_after_the_day_its_page_says_where_recordings_are_and_what_changed(reader: FlaskClient) -> None:
    [after] = html.fromstring(reader.get("/?at=2025-07-18T18:00").text).xpath("//*[@class='afterwards']")
    assert [one.text_content() for one in after.xpath("p")] == ["The papers are on openreview.net", "What changed"]


def test_nonsense_in_at_is_a_400_that_says_what_is_expected(reader: FlaskClient) -> None:
    answer = reader.get("/?at=noon")
    assert answer.status_code == 400
    assert "expected one such as 2025-07-18T10:20" in answer.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/talks/nobody", "/speakers/nobody", "/pages/nothing", "/rooms/x", "/display/x", "/stage/x"]
)
def test_what_is_not_there_is_a_404_with_a_way_back(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert '<a class="button" href="/">To the day</a>' in answer.text


def test_a_moved_session_says_where_it_was(client: FlaskClient, service: Service) -> None:
    program = service.current.snapshot.revision.program
    sara = program.session("sara-hooker")
    later = replace(sara, slot=replace(sara.slot, start=sara.start + timedelta(minutes=8)))
    publish(service, replace(program, sessions=tuple(later if s is sara else s for s in program.sessions)))
    text = client.get("/talks/sara-hooker").text
    assert re.search(r'<span class="tag" data-part="was">\s*was 10:45\s*</span>', text)


def test_a_cancelled_session_stays_and_says_so(client: FlaskClient, service: Service) -> None:
    program = service.current.snapshot.revision.program
    gone = replace(program.session("panel"), cancelled=True)
    publish(service, replace(program, sessions=tuple(gone if s.id == "panel" else s for s in program.sessions)))
    [panel] = [one for one in Tags(client.get("/talks/panel").text).sessions() if one["data-session"] == "panel"]
    assert (panel["data-status"], panel["data-state"]) == ("cancelled", "later")


def test_an_announcement_stands_on_every_page_until_it_ends(
    client: FlaskClient, service: Service, clock: MovableClock
) -> None:
    program = service.current.snapshot.revision.program
    word = Announcement(text="Posters are in Hall B.", until=clock.now() + timedelta(minutes=5))
    publish(service, replace(program, announcements=(word,)))
    assert [path for path in PAGES if "Posters are in Hall B." not in client.get(path).text] == []
    clock.set(word.until)
    assert [path for path in PAGES if "Posters are in Hall B." in client.get(path).text] == []


def test_a_deadline_is_read_in_the_zone_it_was_announced_in(reader: FlaskClient) -> None:
    text = re.sub(r"\s+", " ", reader.get("/pages/important-dates").text)
    assert "<s>Monday 19 May 2025</s>" in text
    assert "Monday 26 May 2025, 23:59 AoE" in text
    assert "That is Tue 27 May, 04:59 Vancouver time." in text


def test_the_time_zone_is_never_abbreviated(reader: FlaskClient) -> None:
    text = re.sub(r"<[^>]+>", " ", reader.get("/").text)
    assert re.findall(r"\b(PDT|PST|MST|GMT|UTC)\b", text) == []


def test_hostile_text_in_a_program_is_shown_as_text(client: FlaskClient, service: Service) -> None:
    program = service.current.snapshot.revision.program
    evil = replace(
        program.session("panel"),
        title="<script>alert(1)</script>",
        abstract="<script>x</script><b onclick=y()>bold</b>",
    )
    publish(service, replace(program, sessions=tuple(evil if s.id == "panel" else s for s in program.sessions)))
    text = client.get("/talks/panel").text
    assert "<script>alert" not in text
    assert "onclick" not in text
    assert "<b>bold</b>" in text


@pytest.fixture
def empty_program() -> Program:
    return Program(id="empty", title="Nothing yet", timezone="UTC", domain="x.org", days=(date(2025, 7, 18),))


def test_an_empty_program_has_its_pages(empty_program: Program, service: Service, client: FlaskClient) -> None:
    publish(service, replace(empty_program, id="codeml-2025"))
    paths = ["/", "/now", "/display", "/speakers", "/subscribe", "/calendar/codeml-2025.ics", "/api/program"]
    assert [path for path in paths if client.get(path).status_code != 200] == []
    assert "The program has no sessions yet." in client.get("/").text


def test_a_rehearsal_says_so_on_every_page(client: FlaskClient, clock: MovableClock) -> None:
    clock.rehearsal = True
    assert [path for path in PAGES if "Rehearsal" not in client.get(path).text] == []


def test_the_instants_on_a_page_carry_the_venues_offset(reader: FlaskClient) -> None:
    starts = {str(session["data-start"])[-6:] for session in Tags(reader.get("/").text).sessions()}
    assert starts == {"-07:00"}
    assert datetime.fromisoformat("2025-07-18T09:00:00-07:00").hour == 9


def test_a_talks_page_tells_its_story_the_newest_first(client: FlaskClient, service: Service) -> None:
    for title in ("Who pays?", "Who maintains?"):
        program = service.current.snapshot.revision.program
        panel = replace(program.session("panel"), title=title)
        publish(service, replace(program, sessions=tuple(panel if s.id == "panel" else s for s in program.sessions)))
    story = client.get("/talks/panel").text.partition("What changed")[2].partition("</section>")[0]
    assert re.findall(r"<s>([^<]*)</s> → <strong>([^<]*)</strong>", story) == [
        ("Who pays?", "Who maintains?"),
        ("Panel discussion", "Who pays?"),
    ]
    assert "What changed" not in client.get("/talks/closing").text


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Etc/GMT-1", "Times are UTC+1. "),
        ("etc/gmt+5", "Times are UTC−5. "),
        ("asia/kolkata", "Times are Kolkata time. "),
    ],
)
def test_the_foot_says_in_words_whose_time_is_shown(
    client: FlaskClient, service: Service, zone: str, said: str
) -> None:
    publish(service, replace(service.current.snapshot.revision.program, timezone=zone))
    assert f"<p>{said}<span" in client.get("/").text
