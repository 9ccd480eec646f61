"""pretalx, Sessionize, our own JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from support.import_results import clocks, content, of_text, people, room_of

from app.domain.program import Program
from app.domain.session import Link
from app.formats import api_program
from app.formats.api_fields import to_bytes
from app.importing import Imported, ImportOptions, import_source

NOTHING = ImportOptions()


def test_pretalx_widget_data_is_read() -> None:
    data: dict[str, Any] = {
        "talks": [
            {
                "code": "ABCDEF",
                "title": {"de": "Bäume", "en": "Trees"},
                "start": "2025-05-10T09:00:00+02:00",
                "end": "2025-05-10T09:30:00+02:00",
                "room": 3,
                "track": 4,
                "speakers": ["XYZ"],
                "abstract": "On trees.",
            }
        ],
        "rooms": [{"id": 3, "name": {"en": "Hall"}}],
        "tracks": [{"id": 4, "name": {"en": "Nature"}}],
        "speakers": [{"code": "XYZ", "name": "Ann Lee"}],
        "timezone": "Europe/Vienna",
    }
    program = of_text(json.dumps(data), "widget.json", NOTHING).program
    session = program.sessions[0]
    assert clocks(program) == [("10 09:00", "10 09:30", "Trees")]
    assert (room_of(program, session), session.track, people(program, session)) == ("Hall", "Nature", ["Ann Lee"])


def test_pretalx_submissions_leave_what_was_not_accepted() -> None:
    slot = {"start": "2025-05-10T09:00:00+02:00", "end": "2025-05-10T09:30:00+02:00", "room": {"en": "Hall"}}
    talks = [
        {"code": f"CODE{n}", "title": f"Talk {state}", "state": state, "slot": slot, "speakers": [{"name": "Ann Lee"}]}
        for n, state in enumerate(("confirmed", "rejected", "pending", "withdrawn"))
    ]
    imported = of_text(json.dumps({"results": talks}), "submissions.json", ImportOptions(timezone="Europe/Vienna"))
    assert [(one.title, one.cancelled) for one in imported.program.sessions] == [
        ("Talk confirmed", False),
        ("Talk withdrawn", True),
    ]
    assert "not accepted: Talk rejected, Talk pending" in imported.left


def test_speakers_without_ids_are_not_taken_for_each_other() -> None:
    slot = {"start": "2025-05-10T09:00:00+02:00", "end": "2025-05-10T09:30:00+02:00"}
    data = {
        "talks": [{"code": "ABCDEF", "title": "Trees", **slot, "speakers": [{"name": "Ann Lee"}]}],
        "speakers": [{"name": "Ann Lee"}, {"name": "Bob Ray"}],
        "timezone": "Europe/Vienna",
    }
    program = of_text(json.dumps(data), "widget.json", NOTHING).program
    assert people(program, program.sessions[0]) == ["Ann Lee"]


def test_sessionize_has_its_categories_and_its_plenum() -> None:
    data = {
        "sessions": [
            {
                "id": "1",
                "title": "Trees",
                "startsAt": "2025-05-10T09:00:00",
                "endsAt": "2025-05-10T09:30:00",
                "isPlenumSession": True,
                "roomId": 2,
                "speakers": ["a"],
                "categoryItems": [11, 12],
            },
            {"id": "2", "title": "Bees", "startsAt": "2025-05-10T10:00", "endsAt": "2025-05-10T10:30", "roomId": 2},
        ],
        "speakers": [{"id": "a", "firstName": "Ann", "lastName": "Lee", "tagLine": "MIT"}],
        "categories": [
            {"title": "Session format", "items": [{"id": 11, "name": "Workshop"}]},
            {"title": "Track", "items": [{"id": 12, "name": "Nature"}]},
        ],
        "rooms": [{"id": 2, "name": "Hall"}, {"id": 3, "name": "Attic"}],
    }
    program = of_text(json.dumps(data), "all.json", ImportOptions(timezone="Europe/Vienna")).program
    session = program.sessions[0]
    assert (session.room, session.kind, session.track, people(program, session)) == (
        None,
        "workshop",
        "Nature",
        ["Ann Lee"],
    )


def test_sessionize_shows_what_was_withdrawn_as_cancelled_and_leaves_what_was_declined() -> None:
    times = {"startsAt": "2025-05-10T09:00:00", "endsAt": "2025-05-10T09:30:00", "roomId": 2}
    sessions = [
        {"id": state, "title": f"Talk {state}", "status": state, "categoryItems": [{"id": 12}], **times}
        for state in ("Accepted", "Withdrawn", "Declined")
    ]
    track = {"title": "Track", "items": [{"id": 12, "name": "Nature"}]}
    data = {"sessions": sessions, "speakers": [], "categories": [track], "rooms": [{"id": 2, "name": "Hall"}]}
    imported = of_text(json.dumps(data), "all.json", ImportOptions(timezone="Europe/Vienna"))
    assert [(one.title, one.track, one.cancelled) for one in imported.program.sessions] == [
        ("Talk Accepted", "Nature", False),
        ("Talk Withdrawn", "Nature", True),
    ]
    assert "not accepted: Talk Declined" in imported.left


def test_the_json_for_readers_gives_the_program_back(program: Program) -> None:
    again = import_source(to_bytes(api_program.Program.from_parts(program, revision=1)), name="program.json").program
    assert content(again) == content(program)
    assert (again.id, again.title, again.timezone, again.days) == (
        program.id,
        program.title,
        program.timezone,
        program.days,
    )
    assert (again.speakers, again.organizers, again.dates, again.venue, again.rooms) == (
        program.speakers,
        program.organizers,
        program.dates,
        program.venue,
        program.rooms,
    )


SLOT = {"start": "2025-05-10T09:00:00+02:00", "end": "2025-05-10T09:30:00+02:00", "room": {"en": "Hall"}}
VIENNA = ImportOptions(timezone="Europe/Vienna")


def of_submissions(*records: dict[str, Any]) -> Imported:
    """pretalx's answer at `/api/events/…/submissions/` with some records."""
    data = {"count": len(records), "next": None, "previous": None, "results": list(records)}
    return of_text(json.dumps(data), "submissions.json", VIENNA)


def test_pretalx_older_submissions_have_one_slot_and_people_as_records() -> None:
    record = {
        "code": "ABCDEF",
        "speakers": [{"code": "XYZ", "name": "Ann Lee", "biography": "She grows <b>trees</b>.", "avatar": None}],
        "title": "Trees",
        "submission_type": {"en": "Workshop (90 minutes)", "de": "Werkstatt"},
        "track": {"en": "Nature"},
        "state": "confirmed",
        "abstract": "On trees.",
        "description": "<p>All of them.</p>",
        "duration": 30,
        "content_locale": "en",
        "slot": SLOT,
        "resources": [{"resource": "https://x.example/slides.pdf", "description": "Slides"}],
    }
    program = of_submissions(record).program
    [session] = program.sessions
    assert clocks(program) == [("10 09:00", "10 09:30", "Trees")]
    assert (room_of(program, session), session.kind, session.track, session.language, session.abstract) == (
        *("Hall", "workshop-90-minutes", "Nature", "en"),
        "On trees.\n\nAll of them.",
    )
    assert session.links == (Link("Slides", "https://x.example/slides.pdf"),)
    assert [(one.name, one.biography) for one in program.speakers] == [("Ann Lee", "She grows trees.")]


def test_pretalx_newer_submissions_have_slots_that_are_expanded() -> None:
    record = {
        "code": "ABCDEF",
        "title": "Trees",
        "speakers": [{"code": "XYZ", "name": "Ann Lee", "biography": None, "avatar_url": None}],
        "submission_type": {"id": 1, "name": {"en": "Talk"}, "default_duration": 30},
        "track": {"id": 4, "name": {"en": "Nature"}, "color": "#00ff00"},
        "state": "confirmed",
        "slots": [
            {"id": 8, "start": SLOT["start"], "end": None, "duration": 20, "room": {"id": 3, "name": {"en": "Hall"}}},
        ],
        "resources": [{"id": 5, "resource": "/media/slides.pdf", "description": "Slides", "is_public": True}],
    }
    imported = of_submissions(record)
    [session] = imported.program.sessions
    assert clocks(imported.program) == [("10 09:00", "10 09:20", "Trees")]
    assert (room_of(imported.program, session), session.kind, session.track) == ("Hall", "talk", "Nature")
    assert "links that are relative or of an odd scheme: Trees" in imported.left


def test_pretalx_submissions_without_a_slot_are_left_and_said() -> None:
    first = {"code": "A", "title": "Trees", "state": "confirmed", "slot": SLOT, "speakers": []}
    others = ({"code": "B", "title": "Bees", "slot": None}, {"code": "C", "title": "Fish", "slots": []})
    imported = of_submissions(first, *({"state": "accepted", "speakers": [], **one} for one in others))
    assert [one.title for one in imported.program.sessions] == ["Trees"]
    assert "without a time: Bees, Fish" in imported.left


def test_ids_that_nothing_explains_are_said_with_how_to_get_what_they_stand_for() -> None:
    record = {"code": "A", "title": "Trees", "state": "confirmed", "speakers": ["XYZ"], "track": 4, "resources": [5]}
    imported = of_submissions({**record, "submission_type": 1, "slots": [{**SLOT, "room": 3}]})
    assert [line for line in imported.left if "only ids" in line] == [
        f"{name} of which only ids are in it (pretalx gives more at ?expand={name}): Trees"
        for name in ("speakers", "track", "room", "submission_type", "resources")
    ]


def test_slots_that_are_ids_are_said_to_be() -> None:
    imported = of_submissions(
        {"code": "A", "title": "Trees", "state": "confirmed", "slots": [SLOT]},
        {"code": "B", "title": "Bees", "state": "confirmed", "slots": [12]},
    )
    assert "slots of which only ids are in it (pretalx gives more at ?expand=slots): Bees" in imported.left
    assert "without a time: Bees" in imported.left


EUROPYTHON: dict[str, Any] = {
    "days": {
        "2025-07-16": {
            "rooms": ["North Hall", "South Hall", "Attic"],
            "events": [
                {
                    "event_type": "session",
                    "code": "ABCDEF",
                    "slug": "trees",
                    "title": "Trees",
                    "session_type": "Talk (long session)",
                    "speakers": [
                        {"code": "XYZ", "name": "Ann Lee", "website_url": "https://x.example/speaker/ann-lee"}
                    ],
                    "track": "Nature",
                    "tweet": "On trees.",
                    "level": "beginner",
                    "rooms": ["North Hall"],
                    "start": "2025-07-16T09:30:00+02:00",
                    "duration": 45,
                    "website_url": "https://x.example/session/trees",
                },
                {
                    "event_type": "session",
                    "code": "GHIJKL",
                    "title": "Bees",
                    "session_type": "Poster",
                    "speakers": [],
                    "track": None,
                    "tweet": "",
                    "rooms": ["South Hall", "Attic"],
                    "start": "2025-07-16T09:30:00+02:00",
                    "duration": 60,
                },
                {
                    "event_type": "break",
                    "title": "Lunch",
                    "duration": 60,
                    "rooms": ["North Hall", "South Hall", "Attic"],
                    "start": "2025-07-16T12:30:00+02:00",
                },
            ],
        }
    }
}


def test_europythons_schedule_has_times_rooms_and_kinds() -> None:
    imported = of_text(json.dumps(EUROPYTHON), "schedule.json", ImportOptions(timezone="Europe/Prague"))
    program = imported.program
    assert "read as EuroPython" in imported.took
    assert [
        (*times, room_of(program, one), one.kind) for times, one in zip(clocks(program), program.sessions, strict=True)
    ] == [
        ("16 09:30", "16 10:15", "Trees", "North Hall", "talk"),
        ("16 09:30", "16 10:30", "Bees", "South Hall", "posters"),
        ("16 12:30", "16 13:30", "Lunch", "", "lunch"),
    ]
    assert "the further rooms of what is in several: Bees" in imported.left


def test_europythons_schedule_has_people_texts_and_links() -> None:
    program = of_text(json.dumps(EUROPYTHON), "schedule.json", ImportOptions(timezone="Europe/Prague")).program
    session = program.sessions[0]
    assert (people(program, session), session.track, session.abstract, session.links) == (
        ["Ann Lee"],
        "Nature",
        "On trees.",
        (Link("Website", "https://x.example/session/trees"),),
    )
    assert program.speakers[0].url == "https://x.example/speaker/ann-lee"


def test_europythons_sessions_by_their_codes_are_read_and_the_codes_of_people_said() -> None:
    record = {
        "code": "ABCDEF",
        "title": "Trees",
        "speakers": ["XYZ"],
        "session_type": "Tutorial",
        "track": "Nature",
        "abstract": "On trees.",
        "tweet": "Trees!",
        "duration": "90",
        "level": "beginner",
        "resources": [{"resource": "https://x.example/code", "description": "Code"}],
        "room": "North Hall",
        "start": "2025-07-16T09:30:00+02:00",
        "end": "2025-07-16T11:00:00+02:00",
        "website_url": "https://x.example/session/trees",
        "youtube_url": "https://x.example/watch",
    }
    other = {**record, "code": "GHIJKL", "title": "Bees", "start": None, "end": None, "room": None, "resources": None}
    data = {"ABCDEF": record, "GHIJKL": other}
    imported = of_text(json.dumps(data), "sessions.json", ImportOptions(timezone="Europe/Prague"))
    [session] = imported.program.sessions
    assert clocks(imported.program) == [("16 09:30", "16 11:00", "Trees")]
    assert (room_of(imported.program, session), session.kind, session.guid) == (
        "North Hall",
        "tutorial",
        "pretalx:ABCDEF",
    )
    assert {(one.label, one.url) for one in session.links} == {
        ("Code", "https://x.example/code"),
        ("Recording", "https://x.example/watch"),
        ("Website", "https://x.example/session/trees"),
    }
    assert "without a time: Bees" in imported.left
    assert [line for line in imported.left if "speakers of which only ids" in line] != []


def test_addresses_in_a_record_within_a_sessions_are_its_links() -> None:
    video = {"ccc": "https://media.example/v/1", "preview": "https://media.example/1.jpg", "seconds": 5}
    records = [{"start_date": "2025-07-18 09:00", "title": "Trees", "video": video, "place": {"lat": 1.5}}]
    imported = import_source(json.dumps(records).encode(), name="list.json", options=ImportOptions(timezone="UTC"))
    assert imported.program.sessions[0].links == (Link("Ccc", "https://media.example/v/1"),)
    assert "a field that is not read: place" in imported.left


def test_answers_that_are_addresses_are_links_of_a_session_and_the_others_are_reported() -> None:
    answers = [
        {"questionId": 1, "answerValue": "https://video.example/1"},
        {"questionId": 2, "answerValue": "short"},
        {"question": "Slides", "answer": "https://slides.example/1"},
    ]
    session = {"id": "1", "title": "Trees", "startsAt": "2025-07-18T09:00:00", "endsAt": "2025-07-18T10:00:00"}
    data = {
        "sessions": [session | {"speakers": ["a"], "categoryItems": [], "questionAnswers": answers, "roomId": 1}],
        "speakers": [{"id": "a", "fullName": "Ann Lee", "questionAnswers": answers[2:]}],
        "questions": [{"id": 1, "question": "Video"}, {"id": 2, "question": "Short title"}],
        "categories": [],
        "rooms": [{"id": 1, "name": "Hall"}],
    }
    imported = import_source(json.dumps(data).encode(), name="all.json", options=ImportOptions(timezone="UTC"))
    assert imported.program.sessions[0].links == (
        Link("Video", "https://video.example/1"),
        Link("Slides", "https://slides.example/1"),
    )
    assert imported.program.speakers[0].links == (Link("Slides", "https://slides.example/1"),)
    assert "answers to a question: Short title" in imported.left


@pytest.mark.parametrize("length", ["90", "1:30", "01:30:00", "1h30", "90 min"])
def test_the_length_of_a_talk_is_written_in_many_ways(length: str) -> None:
    talk = {"title": "Roots", "start": "2025-07-18T09:00:00Z", "duration": length}
    [session] = of_text(json.dumps({"talks": [talk]}), "talks.json").program.sessions
    assert session.end - session.start == timedelta(minutes=90)
