"""Warnings about a program: what is unusual but valid, since it occurs in real programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.domain.colours import LIGHT_GROUNDS, TEXT_CONTRAST, accent_pair, least_contrast
from app.domain.conference_day import conference_day
from app.domain.errors import Fault, nearest
from app.domain.identity import SHARP_FACE_PIXELS
from app.domain.program import Program
from app.domain.session import Session


def program_warnings(program: Program) -> list[Fault]:
    """Warnings about overlaps, zero lengths, sessions outside the announced days, shared boards, colours and faces."""
    return [
        *_overlaps(program),
        *_zero_lengths(program),
        *_shared_boards(program),
        *_outside_days(program),
        *_pale_accent(program),
        *_tracks(program),
        *_small_faces(program),
    ]


def _overlaps(program: Program) -> Iterator[Fault]:
    for room in program.rooms:
        last: Session | None = None
        for session in program.sessions_in(room.id):
            if session.cancelled or session.start == session.end:
                continue
            if last is not None and session.start < last.end:
                yield Fault(f"sessions[{session.id}]", room.name, f"no overlap in this room; {last.id} is still on")
            last = session if last is None or session.end > last.end else last


def _zero_lengths(program: Program) -> Iterator[Fault]:
    for session in program.sessions:
        if session.start == session.end:
            start = program.local(session.start).isoformat(timespec="minutes")
            yield Fault(f"sessions[{session.id}]", start, "an end after its start; with no length it is never on")


def _shared_boards(program: Program) -> Iterator[Fault]:
    """The same number on two boards of a session."""
    for session in program.sessions:
        counts = Counter(item.number for item in session.items if item.number)
        if shared := ", ".join(number for number, count in counts.items() if count > 1):
            yield Fault(f"sessions[{session.id}].items", shared, "a number for one item of the session alone")


def _outside_days(program: Program) -> Iterator[Fault]:
    for session in program.sessions:
        if program.days and conference_day(program, session.start) not in program.days:
            start = program.local(session.start).isoformat(timespec="minutes")
            days = ", ".join(day.isoformat() for day in program.days)
            yield Fault(f"sessions[{session.id}]", start, f"on an announced day: {days}")


def _pale_accent(program: Program) -> Iterator[Fault]:
    """An accent that light pages, print and cards have darker. Every dark page has its own: no colour is for both."""
    accent = program.identity.accent
    shown = accent_pair(accent).light if accent else accent
    if shown != accent:
        ratio = f"it has {least_contrast(accent, LIGHT_GROUNDS):.1f}:1 there, so light pages use {shown}"
        yield Fault("identity.accent", accent, f"a contrast of {TEXT_CONTRAST}:1 with the ground of pages; {ratio}")


def _tracks(program: Program) -> Iterator[Fault]:
    used = {session.track for session in program.sessions if session.track}
    for track in program.tracks:
        if track.name not in used:
            near = nearest(track.name, used)
            yield Fault(
                f"tracks[{track.name}]",
                repr(track.name),
                f"the track of a session; did you mean {near!r}?" if near else "the track of a session",
            )
    coloured = {track.name for track in program.tracks if track.color}
    if bare := sorted(used - coloured) if coloured else []:
        yield Fault("tracks", ", ".join(bare), "a colour for these too, as other tracks have one")


def _small_faces(program: Program) -> Iterator[Fault]:
    for group, people in (("speakers", program.speakers), ("organizers", program.organizers)):
        for person in people:
            side = person.picture.width if person.picture else SHARP_FACE_PIXELS
            if side < SHARP_FACE_PIXELS:
                expected = f"at least {SHARP_FACE_PIXELS} × {SHARP_FACE_PIXELS} pixels; a smaller picture looks soft"
                yield Fault(f"{group}[{person.id}].picture", f"{side} × {side} pixels", expected)
