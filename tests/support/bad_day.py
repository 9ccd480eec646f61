"""A bad day: how it was planned, what people did to it, and what is so after each step.

The day is that of the first program with a second room; breaks and lunch are for both. Each step stands the clock at
an odd second.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from app.settings import first_program

PLANNED_DAY, DAYS = "2025-07-18", ("2025-07-18", "2027-01-15")
OFFSET = "-07:00"
ROOMS = """
[[room]]
id = "hall"
name = "Hall"

[[room]]
id = "annex"
name = "Annex"

[venue]"""
VENUE = "Vancouver Convention Center, 1055 Canada Pl, Vancouver, BC V6C 0C3, Canada"
PLACES = {"hall": f"Hall, {VENUE}", "annex": f"Annex, {VENUE}", "": VENUE}


class Shown(NamedTuple):
    """What readers are told of a session; the room is empty where it is for all."""

    time: str
    room: str
    status: str = "confirmed"
    sequence: int = 0


Day = Mapping[str, Shown]
# Per room what is on, what is next and what is cancelled.
SLOTS = ("now", "next", "cancelled")
InRooms = Mapping[str, tuple[str | None, str | None, str | None]]

PLANNED: Day = {
    "opening": Shown("09:00–09:15", "hall"),
    "tri-dao": Shown("09:15–09:45", "hall"),
    "coffee-morning": Shown("09:45–10:15", ""),
    "evan-shelhamer": Shown("10:15–10:45", "hall"),
    "sara-hooker": Shown("10:45–11:15", "hall"),
    "contributed-morning": Shown("11:15–12:00", "hall"),
    "lunch": Shown("12:00–13:00", ""),
    "matt-johnson": Shown("13:00–13:30", "hall"),
    "chris-rackauckas": Shown("13:30–14:00", "hall"),
    "contributed-afternoon": Shown("14:00–14:15", "hall"),
    "posters": Shown("14:15–15:00", "hall"),
    "coffee-afternoon": Shown("15:00–15:30", ""),
    "stella-biderman": Shown("15:30–16:00", "hall"),
    "panel": Shown("16:00–16:55", "hall"),
    "closing": Shown("16:55–17:00", "hall"),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of the day: what is typed, and what is so from then on.

    Where ``refused`` is typed first, the command is one of those that the refusal prints. ``reason`` is what stands
    beside the sessions concerned, where that is not the note: why they are where they are.
    """

    name: str
    clock: str
    refused: str = ""
    command: str
    note: str = ""
    reason: str = ""
    undoes: int | None = None
    becomes: Day
    in_rooms: InRooms


STEPS = (
    Step(
        name="a late start",
        clock="09:07:41",
        command='agenda start opening --note "The projector was late."',
        note="The projector was late.",
        becomes={
            "opening": Shown("09:07–09:22", "hall", "moved", 1),
            "tri-dao": Shown("09:22–09:52", "hall", "moved", 1),
            "coffee-morning": Shown("09:52–10:15", "", "moved", 1),
        },
        in_rooms={"hall": ("opening", "tri-dao", None), "annex": (None, "coffee-morning", None)},
    ),
    Step(
        name="a no-show, the next first",
        clock="09:23:05",
        command='agenda absent tri-dao --note "Tri Dao is on the way."',
        note="Tri Dao is on the way.",
        becomes={
            "evan-shelhamer": Shown("09:22–09:52", "hall", "moved", 1),
            "tri-dao": Shown("10:15–10:45", "hall", "moved", 2),
        },
        in_rooms={"hall": ("evan-shelhamer", "coffee-morning", None), "annex": (None, "coffee-morning", None)},
    ),
    Step(
        name="an added five-minute talk",
        clock="09:41:33",
        command='agenda add "A call for maintainers" --minutes 5 --after evan-shelhamer --speaker "Ada Lovelace"'
        ' --note "Five minutes for a call."',
        note="Five minutes for a call.",
        becomes={
            "a-call-for-maintainers": Shown("09:52–09:57", "hall"),
            "coffee-morning": Shown("09:57–10:15", "", "moved", 2),
        },
        in_rooms={"hall": ("evan-shelhamer", "a-call-for-maintainers", None), "annex": (None, "coffee-morning", None)},
    ),
    Step(
        name="a delay into lunch, a squeezed lunch",
        clock="10:46:27",
        refused="agenda late 8 --room hall",
        command="agenda late 8 --from sara-hooker --squeeze lunch",
        becomes={
            "sara-hooker": Shown("10:45–11:23", "hall", "confirmed", 1),
            "contributed-morning": Shown("11:23–12:08", "hall", "moved", 1),
            "lunch": Shown("12:08–13:00", "", "moved", 1),
        },
        in_rooms={"hall": ("sara-hooker", "contributed-morning", None), "annex": (None, "lunch", None)},
    ),
    Step(
        name="a talk cancelled while it is on",
        clock="13:11:12",
        command='agenda cancel matt-johnson --note "Matt Johnson has lost his voice."',
        note="Matt Johnson has lost his voice.",
        becomes={"matt-johnson": Shown("13:00–13:30", "hall", "cancelled", 1)},
        in_rooms={
            "hall": (None, "chris-rackauckas", "matt-johnson"),
            "annex": (None, "coffee-afternoon", None),
        },
    ),
    Step(
        name="a moved room",
        clock="13:20:48",
        command='agenda edit chris-rackauckas --room annex --note "A burst pipe in the hall."',
        note="A burst pipe in the hall.",
        becomes={"chris-rackauckas": Shown("13:30–14:00", "annex", "moved", 1)},
        in_rooms={
            "hall": (None, "contributed-afternoon", "matt-johnson"),
            "annex": (None, "chris-rackauckas", None),
        },
    ),
    Step(
        name="a wrong end",
        clock="13:44:59",
        command='agenda end --room annex --note "That was all."',
        note="That was all.",
        reason="A burst pipe in the hall.",
        becomes={"chris-rackauckas": Shown("13:30–13:44", "annex", "moved", 2)},
        in_rooms={"hall": (None, "contributed-afternoon", None), "annex": (None, "coffee-afternoon", None)},
    ),
    Step(
        name="the wrong end undone",
        clock="13:45:07",
        command='agenda undo --note "It goes on."',
        note="It goes on.",
        reason="A burst pipe in the hall.",
        undoes=8,
        becomes={"chris-rackauckas": Shown("13:30–14:00", "annex", "moved", 3)},
        in_rooms={
            "hall": (None, "contributed-afternoon", None),
            "annex": ("chris-rackauckas", "coffee-afternoon", None),
        },
    ),
)


def whole_day(number: int) -> Day:
    """All sessions after so many steps."""
    told = dict(PLANNED)
    for step in STEPS[:number]:
        told |= step.becomes
    return told


def program_folder(folder: Path, date: str) -> Path:
    """The first program on a date, with two rooms."""
    folder.mkdir()
    shutil.copytree(first_program() / "pictures", folder / "pictures")
    rest, *sessions = (first_program() / "program.toml").read_text().split("[[day.session]]")
    for_all = ('kind = "break"', 'kind = "lunch"')
    placed = [one if any(kind in one for kind in for_all) else f'\nroom = "hall"{one}' for one in sessions]
    text = "[[day.session]]".join([rest.replace("\n[venue]", ROOMS, 1), *placed])
    (folder / "program.toml").write_text(text.replace(f"date = {PLANNED_DAY}", f"date = {date}", 1))
    return folder


def told(session: Mapping[str, Any]) -> Shown:
    """What the API says of a session."""
    time = f"{session['start'][11:16]}–{session['end'][11:16]}"
    return Shown(time, session["room"] or "", session["status"], session["sequence"])
