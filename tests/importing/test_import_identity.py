"""Accent, colours of tracks and ways to rooms through exports and back, and what of the folder stays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree

from app.domain.identity import Identity, ScreenLines, Track
from app.domain.program import Program, Room
from app.domain.session import Session, Slot
from app.formats.export_formats import export_program
from app.importing import import_source

NINE = datetime(2025, 7, 18, 9, tzinfo=UTC)


@pytest.fixture
def trees() -> Program:
    slot = Slot(start=NINE, end=NINE.replace(hour=10), room="hall")
    one = Session(id="one", title="One", slot=slot, scheduled=slot, track="Leaves")
    return Program(
        id="trees",
        title="Trees",
        timezone="UTC",
        domain="trees.example",
        days=(date(2025, 7, 18),),
        identity=Identity(accent="#00707A"),
        tracks=(Track("Leaves", "#0a0"), Track("Roots", "#963")),
        screen=ScreenLines(before=("Wi-Fi: Trees",)),
        rooms=(Room("hall", "Hall", "2", "Up the stairs, then left"),),
        sessions=(
            one,
            replace(one, id="two", title="Two", track="Bark", slot=replace(slot, start=slot.end, end=slot.end)),
        ),
    )


def again(program: Program, form: str, former: Program | None = None) -> Program:
    """What is imported of a program's export."""
    data = export_program(form, program, revision=1, base_url="https://trees.example").data
    return import_source(data, name=f"schedule.{form}", former=former).program


def look(program: Program) -> tuple[Any, ...]:
    return program.identity.accent, program.tracks, [(room.floor, room.directions) for room in program.rooms]


LONG_FORMS = ("#00707a", (Track("Leaves", "#00aa00"), Track("Roots", "#996633")))


def test_frabs_json_has_the_accent_the_colours_and_the_ways(trees: Program) -> None:
    conference = json.loads(export_program("json", trees, revision=1, base_url="").data)["schedule"]["conference"]
    assert conference["colors"] == {"primary": "#00707a"}
    assert conference["tracks"] == [
        {"name": "Leaves", "color": "#00aa00"},
        {"name": "Roots", "color": "#996633"},
        {"name": "Bark"},
    ]
    assert [room["description"] for room in conference["rooms"]] == ["Up the stairs, then left"]
    assert look(again(trees, "json")) == (*LONG_FORMS, [("", "Up the stairs, then left")])


def test_frabs_xml_has_the_accent_and_the_colours(trees: Program) -> None:
    root = etree.fromstring(export_program("xml", trees, revision=1, base_url="").data)
    assert [dict(one.attrib) for one in root.iterfind("conference/color")] == [{"primary": "#00707a"}]
    assert [dict(one.attrib) for one in root.iterfind("conference/track")] == [
        {"name": "Leaves", "color": "#00aa00"},
        {"name": "Roots", "color": "#996633"},
        {"name": "Bark"},
    ]
    assert look(again(trees, "xml")) == (*LONG_FORMS, [("", "")])


def test_our_own_json_has_all_of_it(trees: Program) -> None:
    back = again(trees, "program")
    assert (look(back), back.screen) == (look(trees), trees.screen)


@pytest.mark.parametrize("form", ["xml", "json", "csv"])
def test_what_the_source_does_not_hold_stays_as_people_wrote_it(trees: Program, form: str) -> None:
    plain = replace(trees, identity=Identity(), tracks=(), rooms=(Room("hall", "Hall"),), screen=ScreenLines())
    back = again(plain, form, former=trees)
    assert (look(back), back.screen) == (look(trees), trees.screen)


def test_a_colour_of_the_source_replaces_the_former_one_and_tracks_that_people_added_stay(trees: Program) -> None:
    back = again(replace(trees, tracks=(Track("leaves", "#0b0"),)), "program", former=trees)
    assert back.tracks == (Track("leaves", "#0b0"), Track("Roots", "#963"))


def test_pretalx_gives_its_tracks_colours_and_names_of_colours_are_no_colours() -> None:
    talk = {"code": "A", "title": "One", "state": "confirmed", "track": {"en": "Leaves"}}
    talk |= {"slot": {"start": "2025-07-18T09:00:00Z", "end": "2025-07-18T10:00:00Z", "room": {"en": "Hall"}}}
    tracks = [{"id": 1, "name": {"en": "Leaves"}, "color": "#00aa00"}, {"id": 2, "name": "Roots", "color": "red"}]
    data = {"count": 1, "results": [talk], "tracks": tracks}
    program = import_source(json.dumps(data).encode(), name="talks.json").program
    assert program.tracks == (Track("Leaves", "#00aa00"),)


def test_what_a_form_leaves_out_is_said(trees: Program) -> None:
    left = {form: export_program(form, trees, revision=1, base_url="").left_out for form in ("csv", "json", "xml")}
    parts = ("the accent", "colours of tracks", "floors of rooms", "the ways to rooms", "the lines of projectors")
    assert {form: tuple(part for part in parts if part in lines) for form, lines in left.items()} == {
        "csv": parts,
        "json": ("floors of rooms", "the lines of projectors"),
        "xml": ("floors of rooms", "the ways to rooms", "the lines of projectors"),
    }
