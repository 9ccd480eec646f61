"""pretalx, Sessionize, our own JSON."""

from __future__ import annotations

import json
from typing import Any

from support.import_results import clocks, content, of_text, people, room_of

from app.domain.program import Program
from app.formats import api_models
from app.importing import ImportOptions, import_source

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
    again = import_source(
        api_models.to_bytes(api_models.Program.from_parts(program, revision=1)), name="program.json"
    ).program
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
