"""The figures as a picture: a bar for each, and a mark where it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

WIDTH, LINE, LABELS, BAR = 720, 30, 250, 330
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1a1b1e } .hint { fill: #5b5f66 } .head { font-weight: 600 }
.bar { fill: #1f6feb } .goal { stroke: #1a1b1e; stroke-width: 2 } .ground { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e8e9eb } .hint { fill: #a3a7ae } .bar { fill: #6aa5ff }
  .goal { stroke: #e8e9eb } .ground { fill: #111214 }
}
"""


@dataclass(frozen=True)
class Bar:
    """A figure with its words; ``goal`` is on the same scale."""

    label: str
    value: float
    words: str
    goal: float | None = None


def bars_of(found: dict[str, Any]) -> list[tuple[str, list[Bar]]]:
    """What is drawn of the results."""
    ratios = found["requests_per_second"]["of_nginx_static"]
    goals = {"page": 0.35, "feed": 0.35, "page, 304": 0.28, "feed, 304": 0.28}
    times = found["requests_per_second"]["times_plain_flask"]
    rates = [Bar(name, value, f"{value:.0%}", goals.get(name)) for name, value in ratios.items()]
    news = [(one["streams"], one["milliseconds_from_answer_to_last"]["median"]) for one in found["fan_out"]]
    pages = [
        (one["streams"], one["page_over_open_connections"]["milliseconds_from_answer_to_last"]["median"])
        for one in found["fan_out"]
    ]
    sizes = [(one["sessions"], one["publish_milliseconds"]) for one in found["growth"]]
    return [
        ("Requests a second of one core, as a share of nginx with a static file", rates),
        ("The same page, times plain Flask on the same server", [Bar("page", times, f"{times:.1f} ×", 8)]),
        (
            "From a publish’s answer to the last open stream",
            [Bar(f"{streams:,} streams", ms, f"{ms:.0f} ms", 200) for streams, ms in news],
        ),
        (
            "From a publish’s answer until the last reader has the new page",
            [Bar(f"{readers:,} readers", ms, f"{ms:.0f} ms", 1000) for readers, ms in pages],
        ),
        (
            "Publishing, with all pages ready",
            [Bar(f"{number:,} sessions", ms, f"{ms:,.0f} ms") for number, ms in sizes],
        ),
    ]


def draw(found: dict[str, Any]) -> str:
    """The picture, as SVG for light and dark."""
    y, parts = 12, list[str]()
    for head, bars in bars_of(found):
        y += LINE
        parts.append(f'<text class="head" x="16" y="{y}">{escape(head)}</text>')
        most = max(max(bar.value, bar.goal or 0) for bar in bars)
        for bar in bars:
            y += LINE
            parts += _drawn(bar, most, y)
        y += LINE // 2
    size = f'viewBox="0 0 {WIDTH} {y + 20}" width="{WIDTH}" height="{y + 20}"'
    ground = '<rect class="ground" width="100%" height="100%"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{STYLE}</style>{ground}{"".join(parts)}</svg>\n'


def _drawn(bar: Bar, most: float, y: int) -> list[str]:
    width = max(2, round(BAR * bar.value / most))
    goal = f", goal {_goal(bar)}" if bar.goal else ""
    drawn = [
        f'<text x="16" y="{y}">{escape(bar.label)}</text>',
        f'<rect class="bar" x="{LABELS - 90}" y="{y - 14}" width="{width}" height="18" rx="2"/>',
        f'<text class="hint" x="{LABELS - 90 + BAR + 12}" y="{y}">{escape(bar.words + goal)}</text>',
    ]
    if bar.goal:
        x = LABELS - 90 + round(BAR * bar.goal / most)
        drawn.append(f'<line class="goal" x1="{x}" x2="{x}" y1="{y - 18}" y2="{y + 8}"/>')
    return drawn


def _goal(bar: Bar) -> str:
    if bar.words.endswith("%"):
        return f"{bar.goal:.0%}"
    return f"{bar.goal:g}{bar.words.lstrip('0123456789.,')}"
