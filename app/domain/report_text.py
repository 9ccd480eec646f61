"""The report of planned against actual as text, for the console and the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.day_report import SessionReport, Totals
from app.domain.program import Program
from app.domain.session import Slot

NONE = "–"


def difference_text(minutes: int | None) -> str:
    """A difference from the plan: "+8 min", "−5 min", "0 min"; a dash where there is none."""
    if minutes is None:
        return NONE
    sign = {True: "+", False: "−"}[minutes > 0] if minutes else ""
    return f"{sign}{abs(minutes)} min"


def slot_text(program: Program, slot: Slot | None) -> str:
    """The times of a slot as the venue's clocks show them: "10:15–10:45"; a dash where there is none."""
    return NONE if slot is None else f"{program.clock(slot.start)}–{program.clock(slot.end)}"


def remarks(program: Program, report: SessionReport) -> tuple[str, ...]:
    """What the times of a session do not tell: that it is cancelled, added, in another room, on or to come."""
    return tuple(_remarks(program, report))


def _remarks(program: Program, report: SessionReport) -> Iterator[str]:
    if report.status in ("cancelled", "added"):
        yield report.status
    if report.planned is not None and report.in_other_room:
        yield f"planned in {program.room_name(report.planned.room)}"
    if report.progress == "on":
        yield "on now"
    elif report.progress == "to come":
        yield "to come"


def totals_text(totals: Totals) -> str:
    """The totals in words: "ended 8 min late, 3 started late, 1 cancelled"."""
    counts = {"started late": totals.started_late, "cancelled": totals.cancelled, "added": totals.added}
    counted = [f"{count} {what}" for what, count in counts.items() if count]
    return ", ".join((_end_text(totals), *counted))


def _end_text(totals: Totals) -> str:
    minutes, ends = totals.end_minutes_late, "ended" if totals.over else "will end"
    if totals.as_planned:
        return "as planned" if totals.over else "as planned so far"
    if minutes is None:
        return "without a plan" if totals.added else "nothing takes place"
    if minutes == 0:
        return f"{ends} on time"
    return f"{ends} {abs(minutes)} min {'late' if minutes > 0 else 'early'}"
