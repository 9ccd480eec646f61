"""`agenda report`: planned against actual, as a table or as CSV."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from app.commands.service_database import open_edit_session, print_clock
from app.domain.day_report import DayReport, RoomReport, SessionReport, day_named, day_reports
from app.domain.program import Program
from app.domain.report_text import difference_text, remarks, slot_text, totals_text
from app.formats.report_csv import report_csv
from app.web.template_helpers import long_date, zone_name

HEADINGS = ("Planned", "Went", "Start", "End", "Id", "Session")


@click.command()
@click.option("--day", metavar="DATE", help="One day, such as 2025-07-18.")
@click.option("--room", metavar="ROOM", help="One room, by its id.")
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV for a spreadsheet, and nothing else.")
def report(*, day: str | None, room: str | None, as_csv: bool) -> None:
    """Print each session as planned and as it went, or will go: its times, its room and the difference."""
    session = open_edit_session()
    days = _chosen(session.program, day_reports(session.program, now=session.now), day, room)
    if as_csv:
        sys.stdout.buffer.write(report_csv(session.program, days))
        sys.stdout.flush()
    else:
        for line in _lines(session.program, days):
            click.echo(line)
    print_clock(session.clock, session.program, err=True)


def _chosen(program: Program, days: tuple[DayReport, ...], day: str | None, room: str | None) -> tuple[DayReport, ...]:
    """The days, or one of them, with all rooms or one; raises `UnknownName`."""
    if day is not None:
        days = (day_named(days, day),)
    if room is None:
        return days
    wanted = program.room(room).id
    return tuple(one.only(wanted) for one in days if wanted in {each.room for each in one.rooms})


def _lines(program: Program, days: tuple[DayReport, ...]) -> Iterator[str]:
    if not days:
        yield "No sessions."
    for number, day in enumerate(days):
        if number:
            yield ""
        yield f"{long_date(day.date)}, {zone_name(program)}: {totals_text(day.totals)}"
        for room in day.rooms:
            yield from _room_lines(program, room)


def _room_lines(program: Program, room: RoomReport) -> Iterator[str]:
    if len(program.rooms) > 1:
        yield ""
        yield f"{program.room_name(room.room)}: {totals_text(room.totals)}"
    rows = [HEADINGS, *(_row(program, one) for one in room.sessions)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for *cells, title in rows:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join((" ", *padded, title))


def _row(program: Program, one: SessionReport) -> tuple[str, ...]:
    remark = ", ".join(remarks(program, one))
    return (
        slot_text(program, one.planned),
        slot_text(program, one.actual),
        difference_text(one.start_minutes_late),
        difference_text(one.end_minutes_late),
        one.session.id,
        f"{one.session.title} ({remark})" if remark else one.session.title,
    )


COMMANDS = (report,)
