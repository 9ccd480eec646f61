"""A whole bad day, typed at a terminal: readers are told the truth after each step.

The day is that of the first program with a second room; breaks and lunch are for both. Each step stands the clock at
an odd second, types a command, and looks at every feed and page of a service on the same database. It is played once
as it was planned and once in January 2027, when Vancouver is at UTC−7 as well.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from icalendar import Calendar
from lxml import html
from support.bad_day import (
    DAYS,
    OFFSET,
    PLACES,
    PLANNED,
    SLOTS,
    STEPS,
    Step,
    program_folder,
    told,
    whole_day,
)
from support.ical_checker import check_calendar, check_evolution, read_instants
from support.terminal import Terminal, terminal

from app import create_app
from app.live.clock import DatabaseClock
from app.service_factory import serve_published
from app.settings import Settings
from app.store.database import open_database, sqlite_url


@dataclass(frozen=True)
class Views:
    """What the service says and shows after a step."""

    program: dict[str, Any]
    now: dict[str, Any]
    changes: dict[str, Any]
    calendar: bytes
    pages: Mapping[str, str]


@dataclass
class PlayedDay:
    """A day that was played to its end: what was typed, what that said, and what was seen after each step."""

    date: str
    terminal: Terminal
    refusals: dict[str, Result] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    views: list[Views] = field(default_factory=list)

    def at(self, clock: str) -> datetime:
        """The instant of a time of day at the venue."""
        return datetime.fromisoformat(f"{self.date}T{clock}{OFFSET}")


@pytest.fixture(scope="module", params=DAYS)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedDay]:
    """The day after all steps."""
    path = tmp_path_factory.mktemp("bad-day")
    folder = program_folder(path / "program", request.param)
    typed = terminal(sqlite_url(path / "agenda.sqlite"), "08:00", AGENDA_PROGRAM=str(folder))
    day = PlayedDay(request.param, typed)
    database = open_database(typed.url, "codeml-2025", create=False)
    clock = DatabaseClock(database)
    service = serve_published(database, clock)
    client = create_app(Settings(program=folder, secret_key="for tests"), service).test_client()

    def look(since: int, *talks: str) -> None:
        clock.refresh()
        service.current.refresh()
        day.views.append(views(client, since, talks))

    typed.set_clock(day.at("08:00:00"))
    look(0)
    for number, step in enumerate(STEPS, 1):
        typed.set_clock(day.at(step.clock))
        if step.refused:
            day.refusals[step.name] = typed.type(step.refused)
        day.results[step.name] = typed.type(step.command)
        look(number, *step.becomes)
    yield day
    service.close()


def views(client: FlaskClient, since: int, talks: tuple[str, ...]) -> Views:
    paths = (
        "/",
        "/now",
        "/display",
        "/display/hall",
        "/display/annex",
        "/rooms/hall",
        "/rooms/annex",
        *(f"/talks/{talk}" for talk in talks),
    )
    return Views(
        program=client.get("/api/program").get_json(),
        now=client.get("/api/now").get_json(),
        changes=client.get(f"/api/changes?since={since}").get_json(),
        calendar=client.get("/calendar/codeml-2025.ics").data,
        pages={path: client.get(path).text for path in paths},
    )


after_each_step = pytest.mark.parametrize(
    ("number", "step"), [pytest.param(*one, id=one[1].name) for one in enumerate(STEPS, 1)]
)


# What is typed


@after_each_step
def test_the_command_is_taken(played: PlayedDay, number: int, step: Step) -> None:
    result = played.results[step.name]
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-2:] == [
        f"Published as revision {number + 1} in {played.terminal.url.removeprefix('sqlite:///')}.",
        f"A rehearsal: its clock says {played.date} {step.clock[:5]}.",
    ]


@pytest.mark.parametrize("step", [step for step in STEPS if step.refused], ids=lambda step: step.name)
def test_what_was_refused_printed_the_command_that_was_taken(played: PlayedDay, step: Step) -> None:
    result = played.refusals[step.name]
    assert (result.exit_code, result.stdout) == (1, "")
    reason, *printed = result.stderr.splitlines()
    assert reason == "agenda: “Contributed talks / demos” would run 8 minutes into “Lunch and discussion” at 12:00"
    assert [line.partition("#")[0].strip() for line in printed] == [
        step.command,
        "agenda late 8 --from sara-hooker --shorten contributed-morning=37",
        "agenda late 8 --from sara-hooker --push lunch",
    ]


# What readers are told


@after_each_step
def test_the_api_has_the_sessions_concerned_as_they_are_and_the_others_as_they_were(
    played: PlayedDay, number: int, step: Step
) -> None:
    before, after = (played.views[one].program for one in (number - 1, number))
    assert after["revision"] == number + 1
    assert {one["id"]: told(one) for one in after["sessions"]} == whole_day(number)
    untouched = [
        {one["id"]: one for one in seen["sessions"] if one["id"] not in step.becomes} for seen in (before, after)
    ]
    assert untouched[0] == untouched[1]


@after_each_step
def test_the_api_keeps_what_was_scheduled(played: PlayedDay, number: int, step: Step) -> None:
    found = {one["id"]: one for one in played.views[number].program["sessions"] if one["id"] in PLANNED}
    scheduled = {
        name: (one["scheduled_start"], one["scheduled_end"], one["scheduled_room"] or "") for name, one in found.items()
    }
    assert scheduled == {
        name: (*(f"{played.date}T{clock}:00{OFFSET}" for clock in one.time.split("–")), one.room)
        for name, one in PLANNED.items()
    }


@after_each_step
def test_the_api_says_what_is_on_and_next_in_each_room(played: PlayedDay, number: int, step: Step) -> None:
    answer = played.views[number].now
    found = {room["room"]: tuple(room[slot] and room[slot]["id"] for slot in SLOTS) for room in answer["rooms"]}
    assert (answer["now"], found) == (f"{played.date}T{step.clock}{OFFSET}", step.in_rooms)


@after_each_step
def test_the_history_has_one_revision_more(played: PlayedDay, number: int, step: Step) -> None:
    answer = played.views[number].changes
    [change] = answer["changes"]
    before = whole_day(number - 1)
    sessions = {
        one["session"]: tuple(one[side] and told(one[side]) for side in ("before", "after"))
        for one in change["sessions"]
    }
    assert (answer["revision"], change | {"sessions": sessions}) == (
        number + 1,
        {
            "revision": number + 1,
            "at": f"{played.date}T{step.clock}{OFFSET}",
            "author": "terminal",
            "note": step.note,
            "kind": "undo" if step.undoes else "edit",
            "undoes": step.undoes,
            "explains": None,
            "announcement": None,
            "sessions": {name: (before.get(name), one) for name, one in step.becomes.items()},
        },
    )


def test_nobody_is_called_cancelled_who_is_not_here_yet(played: PlayedDay) -> None:
    number = next(number for number, step in enumerate(STEPS, 1) if "absent" in step.command)
    seen = played.views[number]
    [change] = seen.changes["changes"]
    said = {one[side]["status"] for one in change["sessions"] for side in ("before", "after")}
    shown = {element.get("data-status") for page in seen.pages.values() for element in elements(page)}
    assert (said, shown) == ({"confirmed", "moved"}, {"confirmed", "moved"})
    assert b"STATUS:CANCELLED" not in seen.calendar


# Calendars


def events(calendar: bytes) -> dict[str, tuple[object, ...]]:
    """Each event's start and end as instants, status, number of changes and place, by session.

    Instants are read by the zone in the calendar: `icalendar` reads them by the system's, which may be older.
    """
    found = list(Calendar.from_ical(calendar).walk("VEVENT"))
    instants = read_instants(calendar)
    by_session = {
        str(one["UID"]).partition("@")[0]: (
            *instants[str(one["UID"])],
            str(one["STATUS"]),
            int(one["SEQUENCE"]),
            str(one["LOCATION"]),
        )
        for one in found
    }
    assert len(by_session) == len(found)
    return by_session


@after_each_step
def test_the_calendar_has_one_event_for_each_session_as_it_is(played: PlayedDay, number: int, step: Step) -> None:
    assert events(played.views[number].calendar) == {
        name: (
            *(played.at(f"{clock}:00") for clock in one.time.split("–")),
            "CANCELLED" if one.status == "cancelled" else "CONFIRMED",
            one.sequence,
            PLACES[one.room],
        )
        for name, one in whole_day(number).items()
    }


@after_each_step
def test_the_calendar_is_a_right_next_state_of_the_one_before(played: PlayedDay, number: int, step: Step) -> None:
    before, after = (played.views[one].calendar for one in (number - 1, number))
    assert (check_calendar(after), check_evolution(before, after)) == ([], [])


# Pages


def elements(page: str) -> list[html.HtmlElement]:
    return list(html.fromstring(page).xpath("//*[@data-session]"))


def expected_attributes(played: PlayedDay, number: int, path: str) -> dict[str, set[tuple[str, ...]]]:
    """What a page says of each session: its start, end, room, status and state, in the rooms that the page is about."""
    step = STEPS[number - 1]
    only = path.removeprefix("/rooms/").removeprefix("/display/")
    about = [answer for room, answer in step.in_rooms.items() if only in {path, room}]
    on, coming = ({answer[slot] for answer in about} for slot in (0, 1))
    found = {}
    for name, one in whole_day(number).items():
        start, end = one.time.split("–")
        state = "now" if name in on else "next" if name in coming else "past" if f"{end}:00" <= step.clock else "later"
        instants = (f"{played.date}T{clock}:00{OFFSET}" for clock in (start, end))
        found[name] = {(*instants, one.room, one.status, state)}
    return found


def shown_attributes(page: str) -> dict[str, set[tuple[str | None, ...]]]:
    """What a page says of each session, in all places where it stands."""
    found: dict[str, set[tuple[str | None, ...]]] = {}
    names = ("data-start", "data-end", "data-room", "data-status", "data-state")
    for element in elements(page):
        found.setdefault(str(element.get("data-session")), set()).add(tuple(map(element.get, names)))
    return found


def in_slots(page: str) -> dict[str, list[str]]:
    """The sessions that a page shows as now, next and cancelled, room by room."""
    path = "//*[@data-slot='{}'][not(@hidden)]//*[@data-session]/@data-session"
    return {slot: list(map(str, html.fromstring(page).xpath(path.format(slot)))) for slot in SLOTS}


def expected_in_slots(answers: Iterable[tuple[str | None, ...]]) -> dict[str, list[str]]:
    columns = zip(*answers, strict=True)
    return {slot: list(filter(None, names)) for slot, names in zip(SLOTS, columns, strict=True)}


@after_each_step
def test_every_page_shows_each_session_as_it_is(played: PlayedDay, number: int, step: Step) -> None:
    shown = {path: shown_attributes(page) for path, page in played.views[number].pages.items()}
    expected = {path: expected_attributes(played, number, path) for path in shown}
    assert shown == {path: {name: expected[path][name] for name in found} for path, found in shown.items()}


@after_each_step
def test_the_pages_of_the_day_of_rooms_and_of_sessions_show_theirs(played: PlayedDay, number: int, step: Step) -> None:
    pages, sessions = played.views[number].pages, whole_day(number)
    assert set(shown_attributes(pages["/"])) == set(sessions)
    for room in step.in_rooms:
        names = {name for name, one in sessions.items() if one.room in ("", room)}
        assert set(shown_attributes(pages[f"/rooms/{room}"])) == names
    assert [name for name in step.becomes if name not in shown_attributes(pages[f"/talks/{name}"])] == []


@after_each_step
def test_the_pages_show_what_is_on_next_and_cancelled(played: PlayedDay, number: int, step: Step) -> None:
    wanted = {path: expected_in_slots(step.in_rooms.values()) for path in ("/", "/now")}
    for room, answer in step.in_rooms.items():
        wanted |= {f"/{page}/{room}": expected_in_slots([answer]) for page in ("rooms", "display")}
    assert {path: in_slots(played.views[number].pages[path]) for path in wanted} == wanted


@after_each_step
def test_the_departure_board_shows_what_is_on_in_any_room(played: PlayedDay, number: int, step: Step) -> None:
    path = "//*[@data-until][not(@hidden)]/*[@data-session][@data-state='now'][not(@hidden)]/@data-session"
    found = html.fromstring(played.views[number].pages["/display"]).xpath(path)
    assert set(map(str, found)) == {answer[0] for answer in step.in_rooms.values() if answer[0]}


def text(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


after_each_noted_step = pytest.mark.parametrize(
    ("number", "step"), [pytest.param(*one, id=one[1].name) for one in enumerate(STEPS, 1) if one[1].note]
)


@after_each_noted_step
def test_the_public_note_stands_on_the_pages_of_the_day_and_of_the_rooms_concerned(
    played: PlayedDay, number: int, step: Step
) -> None:
    pages = played.views[number].pages
    rooms = {room for one in step.becomes.values() for room in ([one.room] if one.room else ("hall", "annex"))}
    paths = ["/", "/now", "/display", *(f"/rooms/{room}" for room in sorted(rooms))]
    assert [path for path in paths if step.note not in text(pages[path])] == []


@after_each_noted_step
def test_the_reason_stands_beside_the_sessions_that_are_not_as_planned(
    played: PlayedDay, number: int, step: Step
) -> None:
    names = [name for name, one in step.becomes.items() if one.status != "confirmed"]
    path = "//*[@data-session='{}']//*[@data-part='note']/text()"
    pages = {name: html.fromstring(played.views[number].pages[f"/talks/{name}"]) for name in names}
    assert {name: set(map(str, page.xpath(path.format(name)))) for name, page in pages.items()} == {
        name: {step.reason or step.note} for name in names
    }


def test_the_note_of_what_was_taken_back_is_gone(played: PlayedDay) -> None:
    for number, step in enumerate(STEPS, 1):
        if step.undoes:
            former = STEPS[step.undoes - 2].note
            said = {path for path, page in played.views[number].pages.items() if former in text(page)}
            assert said <= {f"/talks/{name}" for name in step.becomes}


@after_each_step
def test_all_instants_are_whole_minutes(played: PlayedDay, number: int, step: Step) -> None:
    seen = played.views[number]
    told_instants = {one[side] for one in seen.program["sessions"] for side in ("start", "end")}
    shown = {
        element.get(side)
        for page in seen.pages.values()
        for element in elements(page)
        for side in ("data-start", "data-end")
    }
    in_calendar = set(re.findall(rb"DT(?:START|END)[^:]*:(\S+)", seen.calendar))
    assert {one[16:19] for one in told_instants | shown} == {":00"}
    assert {one[13:15] for one in in_calendar} == {b"00"}


# The evening


def test_the_report_is_of_the_day_as_planned_and_as_it_went(played: PlayedDay) -> None:
    played.terminal.set_clock(played.at("17:30:10"))
    result = played.terminal.type("agenda report --csv")
    rows = csv.DictReader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"), newline=""))
    instants = ("planned start", "planned end", "start", "end")
    others = ("start minutes late", "end minutes late", "room", "status", "progress")
    found = {
        row["session id"]: (*(row[name][11:16] for name in instants), *(row[name] for name in others)) for row in rows
    }
    assert result.exit_code == 0
    assert found == {
        "opening": ("09:00", "09:15", "09:07", "09:22", "7", "7", "Hall", "moved", "ended"),
        "evan-shelhamer": ("10:15", "10:45", "09:22", "09:52", "-53", "-53", "Hall", "moved", "ended"),
        "a-call-for-maintainers": ("", "", "09:52", "09:57", "", "", "Hall", "added", "ended"),
        "coffee-morning": ("09:45", "10:15", "09:57", "10:15", "12", "0", "All rooms", "moved", "ended"),
        "tri-dao": ("09:15", "09:45", "10:15", "10:45", "60", "60", "Hall", "moved", "ended"),
        "sara-hooker": ("10:45", "11:15", "10:45", "11:23", "0", "8", "Hall", "confirmed", "ended"),
        "contributed-morning": ("11:15", "12:00", "11:23", "12:08", "8", "8", "Hall", "moved", "ended"),
        "lunch": ("12:00", "13:00", "12:08", "13:00", "8", "0", "All rooms", "moved", "ended"),
        "matt-johnson": ("13:00", "13:30", "", "", "", "", "", "cancelled", ""),
        "chris-rackauckas": ("13:30", "14:00", "13:30", "14:00", "0", "0", "Annex", "moved", "ended"),
        "contributed-afternoon": ("14:00", "14:15", "14:00", "14:15", "0", "0", "Hall", "confirmed", "ended"),
        "posters": ("14:15", "15:00", "14:15", "15:00", "0", "0", "Hall", "confirmed", "ended"),
        "coffee-afternoon": ("15:00", "15:30", "15:00", "15:30", "0", "0", "All rooms", "confirmed", "ended"),
        "stella-biderman": ("15:30", "16:00", "15:30", "16:00", "0", "0", "Hall", "confirmed", "ended"),
        "panel": ("16:00", "16:55", "16:00", "16:55", "0", "0", "Hall", "confirmed", "ended"),
        "closing": ("16:55", "17:00", "16:55", "17:00", "0", "0", "Hall", "confirmed", "ended"),
    }


def test_nothing_of_a_day_that_is_over_is_taken_back(played: PlayedDay) -> None:
    played.terminal.set_clock(played.at("17:30:10"))
    result = played.terminal.type("agenda undo --back-to 1")
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "agenda: what has not ended is as it stood in revision 1\n",
    )
    assert len(played.terminal.revisions()) == len(STEPS) + 1
