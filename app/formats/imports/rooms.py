"""The rooms of a draft as the program's, with the ids they had before."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.matching import plain
from app.domain.program import VENUE_ROOM, Program, Room
from app.formats.imports.slugs import Ids, named

FOR_ALL = frozenset({"", "all rooms", "all", "everywhere", "alle raume"})


class Rooms:
    """Everywhere that a draft names, by name; a program without rooms has none to give."""

    def __init__(self, names: Iterable[str], former: Program | None) -> None:
        self._former = former
        before = {plain(room.name): room for room in former.rooms} if former else {}
        ids = Ids((*(room.id for room in before.values()), VENUE_ROOM))
        self._rooms: dict[str, Room] = {}
        for name in names:
            key = plain(name)
            if key in FOR_ALL or key in self._rooms:
                continue
            known = before.get(key)
            self._rooms[key] = Room(known.id if known else ids.give(named(name, "room")), name)

    def id(self, name: str | None) -> str | None:
        """The id of a room; None for all. Where no row names a room, the one room there was before."""
        if self._rooms or self._former is None:
            return self._rooms[plain(name)].id if name and plain(name) in self._rooms else None
        return self._former.rooms[0].id if len(self._former.rooms) == 1 else None

    def with_former(self) -> tuple[Room, ...]:
        """All rooms: those that were there before, in their order, then the draft's others."""
        ours = {room.id: room for room in self._rooms.values()}
        before = [ours.pop(room.id, room) for room in self._former.rooms] if self._former else []
        return (*before, *ours.values())
