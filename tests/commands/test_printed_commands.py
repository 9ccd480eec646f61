"""The commands that a refusal prints: complete, with the note that was typed, and they succeed as printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.terminal import Terminal, printed_commands, refused_with_commands

At = Callable[[str], Terminal]

NOTE = "--note 'A long question.'"
REFUSED = [
    ("10:40", "agenda late 8 --from evan-shelhamer"),
    ("10:40", "agenda extend 8"),
    ("11:25", "agenda start contributed-morning"),
    ("12:30", "agenda late 8 --everywhere"),
    ("10:40", "agenda absent evan-shelhamer"),
    ("10:40", "agenda swap sara-hooker panel"),
    ("10:40", "agenda reorder posters sara-hooker"),
    ("10:40", "agenda move panel 15:40"),
    ("10:40", "agenda add Demo --minutes 5 --at 13:10"),
    ("10:40", "agenda add --minutes 5 --at 13:10 -- --help"),
    ("10:40", "agenda edit panel --speaker 'Tri Doa'"),
]


def with_note(line: str) -> str:
    name, dashes, rest = line.partition(" -- ")
    return f"{name} {NOTE}{dashes}{rest}"


@pytest.mark.parametrize(("clock", "line"), REFUSED, ids=[line for _, line in REFUSED])
def test_each_printed_command_has_the_note_and_publishes_it(at_clock: At, clock: str, line: str) -> None:
    day = at_clock(clock)
    commands = refused_with_commands(day, with_note(line))
    assert commands == [with_note(command) for command in printed_commands(day.type(line))]
    assert day.type(commands[-1]).exit_code == 0
    assert day.revisions()[-1].note == "A long question."


@pytest.mark.parametrize(
    "line", ["agenda late 5", "agenda end", "agenda extend 5", "agenda add Demo --minutes 5 --at 12:00"]
)
def test_the_commands_for_each_room_have_the_note(rooms: Terminal, line: str) -> None:
    commands = refused_with_commands(rooms, with_note(line))
    assert len(commands) == 2
    assert commands == [with_note(command) for command in printed_commands(rooms.type(line))]
