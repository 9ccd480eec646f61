"""Indico's export of an event and of its timetable, in the forms of its HTTP API; all content is invented."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.import_results import clocks, of_text, people, room_of

from app.domain.session import Item, Link
from app.importing import Imported, ImportOptions, ImportRefused

NOTHING = ImportOptions()


def at(clock: str, day: str = "2025-07-18") -> dict[str, str]:
    return {"date": day, "tz": "Europe/Zurich", "time": f"{clock}:00"}


def contribution(name: str, title: str, start: str | None, end: str, **more: Any) -> dict[str, Any]:
    return {
        "_type": "Contribution",
        "_fossil": "contributionMetadata",
        "id": name,
        "db_id": 1000 + len(title),
        "friendly_id": 1,
        "title": title,
        "startDate": at(start) if start else None,
        "endDate": at(end) if start else None,
        "duration": 20,
        "room": "",
        "roomFullname": "",
        "location": "CERN",
        "type": None,
        "track": None,
        "session": None,
        "description": "",
        "keywords": [],
        "speakers": [],
        "primaryauthors": [],
        "coauthors": [],
        "folders": [],
        "url": "",
        **more,
    }


def person(name: str, affiliation: str = "", **more: str) -> dict[str, Any]:
    return {"_type": "ContributionParticipation", "fullName": name, "affiliation": affiliation, "id": "7", **more}


def event(*contributions: dict[str, Any], **more: Any) -> str:
    found = {
        "_type": "Conference",
        "id": "137346",
        "title": "Trees 2025",
        "startDate": at("08:00"),
        "endDate": at("18:00"),
        "timezone": "Europe/Zurich",
        "description": "",
        "location": "CERN",
        "room": None,
        "url": "https://indico.example/event/137346/",
        "category": "Botany",
        "contributions": list(contributions),
        **more,
    }
    return answer([found])


def answer(results: Any) -> str:
    address = "https://indico.example/export/event/137346.json?detail=contributions"
    return json.dumps({"count": 1, "_type": "HTTPAPIResult", "url": address, "ts": 1, "results": results})


def read(text: str) -> Imported:
    return of_text(text, "137346.json", NOTHING)


def test_contributions_have_their_times_rooms_and_kinds() -> None:
    program = read(
        event(
            contribution(
                "1", "On roots", "09:00", "09:20", room="4/3-006", roomFullname="4/3-006 - TH Hall", type="Oral"
            ),
            contribution("2", "On bark", "09:20", "09:40", room="222", roomFullname="222", session="Wood"),
        )
    ).program
    assert (program.title, program.timezone, program.url) == (
        "Trees 2025",
        "Europe/Zurich",
        "https://indico.example/event/137346/",
    )
    assert clocks(program) == [("18 09:00", "18 09:20", "On roots"), ("18 09:20", "18 09:40", "On bark")]
    assert [(room_of(program, one), one.kind, one.track, one.guid) for one in program.sessions] == [
        ("4/3-006 - TH Hall", "contributed", "", "indico:1"),
        ("222", "talk", "Wood", "indico:2"),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ({"fullName": "Lee, Ann"}, "Ann Lee"),
        ({"fullName": "Ann Lee"}, "Ann Lee"),
        ({"fullName": "Dr. Lee, Ann"}, "Ann Lee"),
        ({"fullName": "Dr Lee, Ann", "first_name": "Ann", "last_name": "Lee"}, "Ann Lee"),
        ({"name": "Prof. Ann Lee", "firstName": "Ann", "familyName": "Lee"}, "Ann Lee"),
        ({"firstName": "Ann", "familyName": "Lee"}, "Ann Lee"),
    ],
)
def test_a_speaker_has_a_name_and_an_affiliation(written: dict[str, str], name: str) -> None:
    speaker = {"affiliation": "University of Bonn, Institute 3", **written}
    program = read(event(contribution("1", "On roots", "09:00", "09:20", speakers=[speaker]))).program
    [found] = program.speakers
    assert (found.name, found.affiliations) == (name, ("University of Bonn, Institute 3",))


def test_a_description_in_html_is_its_text_and_files_and_pages_are_links() -> None:
    files = [{"title": "Slides", "download_url": "https://indico.example/event/137346/slides.pdf", "type": "file"}]
    files += [{"title": "Code", "link_url": "https://code.example/", "type": "link"}]
    one = contribution(
        "1",
        "On roots",
        "09:00",
        "09:20",
        description="<p>They grow<br>down.</p>",
        url="https://indico.example/event/137346/contributions/1/",
        folders=[{"title": None, "attachments": files}],
    )
    [session] = read(event(one)).program.sessions
    assert session.abstract == "They grow\n\ndown."
    assert session.links == (
        Link("Page", "https://indico.example/event/137346/contributions/1/"),
        Link("Slides", "https://indico.example/event/137346/slides.pdf"),
        Link("Code", "https://code.example/"),
    )


def test_the_contributions_of_a_session_take_its_place_with_its_title_as_their_track() -> None:
    block = {
        "_type": "SessionSlot",
        "title": "Morning",
        "startDate": at("09:00"),
        "endDate": at("12:00"),
        "session": {"_type": "Session", "title": "Morning", "isPoster": False},
        "contributions": [
            contribution("1", "On roots", "09:00", "09:20"),
            contribution("2", "On bark", "09:20", "09:40"),
        ],
    }
    program = read(event(sessions=[block])).program
    assert [(one.title, one.track) for one in program.sessions] == [("On roots", "Morning"), ("On bark", "Morning")]


def test_a_session_without_contributions_is_one_itself_with_its_conveners() -> None:
    block = {
        "_type": "SessionSlot",
        "id": 3,
        "title": "Tutorial",
        "startDate": at("09:00"),
        "endDate": at("12:00"),
        "session": {"_type": "Session", "title": "Tutorial", "isPoster": False},
        "conveners": [{"fullName": "Lee, Ann", "firstName": "Ann", "familyName": "Lee", "affiliation": "MIT"}],
        "contributions": [],
    }
    program = read(event(sessions=[block])).program
    [session] = program.sessions
    assert clocks(program) == [("18 09:00", "18 12:00", "Tutorial")]
    assert (people(program, session), session.track) == (["Ann Lee"], "")


def test_the_contributions_of_a_poster_session_are_its_items() -> None:
    posters = [
        contribution(
            "1",
            "On roots",
            "14:00",
            "15:00",
            board_number="12",
            primaryauthors=[person("Lee, Ann")],
            coauthors=[person("Ray, Bob")],
            url="https://indico.example/event/137346/contributions/1/",
        ),
        contribution("2", "On bark", "14:00", "15:00", speakers=[person("Dow, Cy")]),
    ]
    block = {
        "title": "Posters",
        "startDate": at("14:00"),
        "endDate": at("15:00"),
        "session": {"title": "Posters", "isPoster": True},
        "contributions": posters,
    }
    [session] = read(event(sessions=[block])).program.sessions
    page = Link("Page", "https://indico.example/event/137346/contributions/1/")
    assert (session.title, session.kind, session.items) == (
        "Posters",
        "posters",
        (
            Item(id="on-roots", title="On roots", number="12", authors=("Ann Lee", "Bob Ray"), links=(page,)),
            Item(id="on-bark", title="On bark", authors=("Cy Dow",)),
        ),
    )


def test_subcontributions_are_items() -> None:
    parts = [{"title": "Fine roots", "duration": 5, "speakers": [person("Ray, Bob")]}]
    one = contribution("1", "On roots", "09:00", "09:20", subContributions=parts)
    [session] = read(event(one)).program.sessions
    assert session.items == (Item(id="fine-roots", title="Fine roots", authors=("Bob Ray",)),)


def test_what_is_not_scheduled_is_left_and_said() -> None:
    imported = read(event(contribution("1", "On roots", "09:00", "09:20"), contribution("2", "On bark", None, "")))
    assert [one.title for one in imported.program.sessions] == ["On roots"]
    assert "without a time: On bark" in imported.left


def test_a_contribution_without_a_room_is_in_the_events_room() -> None:
    program = read(
        event(contribution("1", "On roots", "09:00", "09:20"), room="Hall", roomFullname="Main Hall")
    ).program
    assert room_of(program, program.sessions[0]) == "Main Hall"


def test_an_event_without_its_contributions_is_refused_with_what_to_ask_for() -> None:
    bare = json.loads(event())["results"][0]
    del bare["contributions"]
    with pytest.raises(
        ImportRefused, match=r"Indico's events without what is in them; add \?detail=sessions to the address"
    ):
        read(answer([bare]))


def entry(name: str, sort: str, title: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "uniqueId": name,
        "conferenceId": 137346,
        "entryType": sort,
        "title": title,
        "startDate": at(start),
        "endDate": at(end),
        "room": "",
        "location": "CERN",
        "description": "",
        "attachments": {"files": None, "folders": []},
        **more,
    }


TIMETABLE = answer(
    {
        "137346": {
            "20250718": {
                "s1": entry(
                    "s1",
                    "Session",
                    "Morning",
                    "09:00",
                    "10:00",
                    isPoster=False,
                    conveners=[{"name": "Fox, Eve", "firstName": "Eve", "familyName": "Fox"}],
                    entries={
                        "c2": entry(
                            "c2",
                            "Contribution",
                            "On roots",
                            "09:00",
                            "09:30",
                            contributionId=2,
                            room="222",
                            description="<p>They grow.</p>",
                            url="/event/137346/contributions/2/",
                            presenters=[
                                {"firstName": "Ann", "familyName": "Lee", "name": "Dr. Ann Lee", "affiliation": "MIT"}
                            ],
                            attachments={"files": [{"title": "Slides", "download_url": "/event/1/slides.pdf"}]},
                        ),
                        "b3": entry("b3", "Break", "Coffee", "09:30", "10:00"),
                    },
                ),
                "b4": entry("b4", "Break", "Lunch", "12:00", "13:00"),
                "b5": entry("b5", "Break", "Registration", "08:00", "09:00"),
            },
            "20250719": {},
        }
    }
)


def test_a_timetable_has_contributions_and_breaks() -> None:
    imported = read(TIMETABLE)
    program = imported.program
    assert program.timezone == "Europe/Zurich"
    assert "who chairs a session whose contributions take its place: Morning" in imported.left
    assert [(*times, one.kind) for times, one in zip(clocks(program), program.sessions, strict=True)] == [
        ("18 08:00", "18 09:00", "Registration", "break"),
        ("18 09:00", "18 09:30", "On roots", "talk"),
        ("18 09:30", "18 10:00", "Coffee", "break"),
        ("18 12:00", "18 13:00", "Lunch", "lunch"),
    ]


def test_a_contribution_in_a_timetable_has_its_people_its_track_and_absolute_links() -> None:
    program = read(TIMETABLE).program
    [session] = (one for one in program.sessions if one.title == "On roots")
    assert (people(program, session), room_of(program, session), session.track, session.abstract) == (
        ["Ann Lee"],
        "222",
        "Morning",
        "They grow.",
    )
    assert session.links == (
        Link("Page", "https://indico.example/event/137346/contributions/2/"),
        Link("Slides", "https://indico.example/event/1/slides.pdf"),
    )
