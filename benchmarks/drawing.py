"""The table as a picture: a bar for each row, on a scale on which all limits stand in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from benchmarks.results import Result

WIDTH, LINE, MARGIN = 900, 26, 16
BAR_X, BAR_WIDTH = 460, 170
# Where limits stand on a bar; what is more than twice as much ends with the bar.
LIMIT_X = BAR_X + BAR_WIDTH // 2
WORDS_X = BAR_X + BAR_WIDTH + 12
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1a1b1e } .hint { fill: #5b5f66 } .head { font-weight: 600 }
.bar { fill: #1f6feb } .missed { fill: #c4320a } .limit { stroke: #1a1b1e; stroke-width: 2 } .ground { fill: #ffffff }
text.missed { font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #e8e9eb } .hint { fill: #a3a7ae } .bar { fill: #6aa5ff } .missed { fill: #ff8a66 }
  .limit { stroke: #e8e9eb } .ground { fill: #111214 }
}
"""


def draw(machine: Iterable[str], results: Iterable[Result]) -> str:
    """The picture, as SVG for light and dark. Rows without a limit are left out."""
    y, parts = 8, list[str]()
    for line in (
        *machine,
        "Each mark is the limit: where “≥” stands a bar is to reach it, where “≤” stands not to pass it.",
    ):
        y += LINE
        parts.append(f'<text class="hint" x="{MARGIN}" y="{y}">{escape(line)}</text>')
    limited = [one for one in results if one.wanted or one.holds is False]
    for part, rows in groupby(limited, key=lambda one: one.part):
        y += LINE * 3 // 2
        parts.append(f'<text class="head" x="{MARGIN}" y="{y}">{escape(part)}</text>')
        for row in rows:
            y += LINE
            parts += _row(row, y)
    size = f'viewBox="0 0 {WIDTH} {y + 20}" width="{WIDTH}" height="{y + 20}"'
    ground = '<rect class="ground" width="100%" height="100%"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{STYLE}</style>{ground}{"".join(parts)}</svg>\n'


def _row(row: Result, y: int) -> Iterator[str]:
    missed = row.holds is False
    yield f'<text x="{MARGIN}" y="{y}">{escape(row.what)}</text>'
    width = _width(row)
    if width is not None:
        style = "missed" if missed else "bar"
        yield f'<rect class="{style}" x="{BAR_X}" y="{y - 13}" width="{width}" height="16" rx="2"/>'
        yield f'<line class="limit" x1="{LIMIT_X}" x2="{LIMIT_X}" y1="{y - 16}" y2="{y + 6}"/>'
    wanted = row.wanted.replace(">=", "≥").replace("<=", "≤")
    words = f"{row.said} ({wanted})" if row.measured is not None else row.reason or row.said
    style = "missed" if missed else "hint"
    yield f'<text class="{style}" x="{WORDS_X}" y="{y}">{escape(f"{words}, missed" if missed else words)}</text>'


def _width(row: Result) -> int | None:
    """How long a bar is; a limit of 0 stands at the mark as well, and any more than 0 passes it."""
    limit = row.most if row.least is None else row.least
    if row.measured is None or limit is None:
        return None
    share = row.measured / limit if limit else 2 * (row.measured > 0)
    return max(2, round(BAR_WIDTH / 2 * min(share, 2)))
