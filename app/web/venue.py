"""The rooms of the venue by floor, and the way to each, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.identity import Picture
from app.domain.program import Program, Room


@dataclass(frozen=True)
class Floor:
    """A floor with its rooms, in the program's order; its ``name`` is "" where the program names none."""

    name: str
    rooms: tuple[Room, ...]

    @property
    def plans(self) -> list[tuple[Room, ...]]:
        """The rooms that have a plan, by plan: the one that several rooms share stands once."""
        found: dict[Picture, tuple[Room, ...]] = {}
        for room in self.rooms:
            if room.plan:
                found[room.plan] = (*found.get(room.plan, ()), room)
        return list(found.values())


def floors_of(program: Program) -> list[Floor]:
    """The floors in the program's order, the rooms without one at the end."""
    floors: dict[str, tuple[Room, ...]] = {}
    for room in program.rooms:
        floors[room.floor] = (*floors.get(room.floor, ()), room)
    return [Floor(floor_name(floor), floors[floor]) for floor in sorted(floors, key=lambda floor: not floor)]


def has_way(room: Room) -> bool:
    """Whether the program says how to get to a room."""
    return bool(room.floor or room.directions or room.plan)


def has_ways(program: Program) -> bool:
    """Whether the program says how to get to any room."""
    return any(map(has_way, program.rooms))


def floor_name(floor: str) -> str:
    """A floor in words: "Floor 2" for "2"; "Ground floor" as it is."""
    return f"Floor {floor}" if floor.lstrip("-")[:1].isdigit() else floor


def plan_text(rooms: Sequence[Room]) -> str:
    """What the plan of some rooms of one floor shows: "Plan of floor 2: Stage A, Stage B"."""
    name = floor_name(rooms[0].floor)
    title = f"Plan of {name[:1].lower()}{name[1:]}" if name else "Plan"
    return f"{title}: {', '.join(room.name for room in rooms)}"
