"""What was measured against what is wanted: rows, judged, as a table for a terminal and for `docs/bench.json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

# More than this ran on the machine before: its figures are not those of a free one.
MOST_LOAD_BEFORE = 0.5
HEADS = ("part", "what", "measured", "wanted", "")

Found = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A figure that a part measures, with its limit; ``of`` looks it up in what the part found.

    What is not there was not measured: None, or a key that is missing. Without a limit a row is only shown.
    """

    what: str
    of: Callable[[Any], float | None]
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def wanted(self) -> str:
        """The limit in words: ">= 0.5", "<= 40 ms"."""
        if self.least is not None:
            return f">= {said(self.least, self.unit)}"
        return "" if self.most is None else f"<= {said(self.most, self.unit)}"

    def holds(self, value: float) -> bool:
        """Whether a figure is within the limit."""
        return (self.most is None or value <= self.most) and (self.least is None or value >= self.least)


@dataclass(frozen=True)
class Result:
    """A row as it was measured; ``holds`` is None where there is no figure, for that ``reason``, or no limit."""

    part: str
    what: str
    measured: float | None
    unit: str
    most: float | None
    least: float | None
    wanted: str
    holds: bool | None
    reason: str = ""

    @property
    def said(self) -> str:
        """The figure in words."""
        return "not measured" if self.measured is None else said(self.measured, self.unit)

    @property
    def verdict(self) -> str:
        """Whether it holds, or why that is unknown."""
        return self.reason if self.holds is None else "ok" if self.holds else "MISSED"


def said(value: float, unit: str = "") -> str:
    """A figure with its unit, in as many digits as count."""
    number = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return f"{number} {unit}".rstrip()


def judged(part: str, rows: Iterable[Row], found: Any) -> list[Result]:
    """Each row of a part. A part that was not measured is no miss; one that failed is."""
    if isinstance(found, dict) and "failed" in found:
        return [Result(part, "runs to its end", None, "", None, None, "", holds=False, reason=found["failed"])]
    reason = found.get("not_measured", "") if isinstance(found, dict) else ""
    return [_result(part, row, None, None, reason) if reason else _judged(part, row, found) for row in rows]


def _judged(part: str, row: Row, found: Any) -> Result:
    """A row by what was found; one whose figure cannot be had is missed, since it would be so for ever."""
    try:
        value = row.of(found)
    except (ArithmeticError, LookupError, StopIteration, TypeError, ValueError) as error:
        return _result(part, row, None, False, f"there is no such figure: {error!r}")
    if value is None:
        return _result(part, row, None, None, "not measured")
    limited = row.most is not None or row.least is not None
    return _result(part, row, value, row.holds(value) if limited else None, "")


def _result(part: str, row: Row, value: float | None, holds: bool | None, reason: str) -> Result:
    return Result(part, row.what, value, row.unit, row.most, row.least, row.wanted, holds, reason)


def misses(results: Iterable[Result]) -> list[str]:
    """What was to hold and does not, a line each."""
    return [
        f"{one.part}: {one.what}: {one.reason or f'{one.said}, wanted {one.wanted}'}"
        for one in results
        if one.holds is False
    ]


def table(machine: Found, results: Iterable[Result]) -> list[str]:
    """The machine, and a line for each row."""
    rows = [(one.part, one.what, one.said, one.wanted, one.verdict) for one in results]
    widths = [max(len(row[place]) for row in (HEADS, *rows)) for place in range(4)]
    return [*machine_lines(machine), "", *(_line(row, widths) for row in (HEADS, *rows))]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    part, what, measured, wanted, verdict = row
    columns = (
        part.ljust(widths[0]),
        what.ljust(widths[1]),
        measured.rjust(widths[2]),
        wanted.ljust(widths[3]),
        verdict,
    )
    return "  ".join(columns).rstrip()


def machine_lines(machine: Found) -> list[str]:
    """On what was measured, and whether others worked there at the same time."""
    loads = f"load {machine['load_before']} before, {machine['load_after']} after"
    lines = [f"{machine['cores']} cores, Python {machine['python']}, {loads}"]
    if machine["load_before"] > MOST_LOAD_BEFORE:
        lines.append(f"The machine was not free: its load was above {MOST_LOAD_BEFORE} before. Figures may be worse.")
    return lines


def as_json(results: Iterable[Result]) -> list[Found]:
    """The rows as `docs/bench.json` has them."""
    return [asdict(one) for one in results]
