"""Times of day and lengths as people write them: `9:00`, `12h00`, `8:30 AM – 8:40 AM`, `noon`, `0.75`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

HALF_DAY = timedelta(hours=12)
DAY = timedelta(days=1)
LONGEST_TEXT = 80
NOON, LAST_HOUR, MINUTES_IN_HOUR = 12, 24, 60
FEW_HOURS = 8  # a bare number up to this is a length in hours, a greater one in minutes


def _clock(n: int) -> str:
    return (
        rf"(?:(?P<hour{n}>\d{{1,2}})(?:\s?[:h.]\s?(?P<minute{n}>\d{{2}})(?::(?P<second{n}>\d{{2}})(?:\.\d+)?)?"
        rf"|\s?(?P<bare{n}>h)\b)?(?:\s*(?P<half{n}>[ap])\.?\s?m\b\.?)?"
        rf"|(?P<word{n}>noon|midday|midnight|mittag|mitternacht))(?:\s*(?:uhr|hrs?)\b)?"
    )


_ZONE = r"(?:[\s,(]*[A-Z][A-Za-z/_+\-0-9]{0,20}\)*){0,3}"
_DASH = r"\s*(?:-+|–|—|‐|‑|−|~|→|to|until|till|bis|à)\s*"
CLOCK = re.compile(r"(?:ab|from|at|um|von)?\s*" + _clock(1), re.IGNORECASE)
SPAN = re.compile(
    rf"(?:from|von)?\s*{_clock(1)}(?i:{_ZONE})?{_DASH}(?:{_clock(2)}|(?P<open>late|open|end|\?*))",
    re.IGNORECASE,
)
REST = re.compile(_ZONE)
WIDE = str.maketrans({"：": ":", "～": "-", "〜": "-"})
ASIDE = re.compile(
    r"\s*\((?:[A-Z][\w ]{0,30} |local )?time\)?(?=\s|$)|\s*[*†‡]+$|\s+(?:onwards?|sharp)$|(?<=\d{2}) ?h(?=\s|$)",
    re.IGNORECASE,
)
TWO_CLOCKS = re.compile(r"^(\d{1,2}[:.]\d{2}) (\d{1,2}[:.]\d{2})$")
PACKED = re.compile(r"(?P<first>[01]\d[0-5]\d)\s*[-–—]+\s*(?P<last>[012]\d[0-5]\d)")


@dataclass(frozen=True, slots=True)
class ClockSpan:
    """A start and perhaps an end as a clock shows them, counted from midnight.

    ``sure`` is False where 1:30 may be half past one at night or in the afternoon; ``half`` where am
    or pm was said.
    """

    start: timedelta
    end: timedelta | None = None
    sure: bool = True
    half: bool = False

    def in_the_afternoon(self) -> ClockSpan:
        """The same, twelve hours later."""
        return replace(self, start=self.start + HALF_DAY, end=self.end + HALF_DAY if self.end is not None else None)


@dataclass(frozen=True, slots=True)
class _Reading:
    hour: int
    rest: timedelta
    half: str
    whole: bool

    def at(self, half: str) -> timedelta:
        hour = self.hour
        if half:
            hour = hour % NOON + (NOON if half == "p" else 0)
        return timedelta(hours=hour) + self.rest


def read_clock(text: str) -> timedelta | None:
    """A time of day, counted from midnight; None when the text is something else."""
    span = read_span(text)
    return span.start if span and span.end is None else None


def read_span(text: str) -> ClockSpan | None:
    """A time of day or a stretch between two; None when the text is something else."""
    text = _in_plain_signs(" ".join(text.split())[:LONGEST_TEXT])
    if packed := PACKED.fullmatch(text):
        first, last = (timedelta(hours=int(one[:2]), minutes=int(one[2:])) for one in packed.groups())
        return ClockSpan(first, last)
    if (match := SPAN.match(text)) and _only_a_zone(text[match.end() :]):
        return _span(match)
    if (match := CLOCK.match(text)) and _only_a_zone(text[match.end() :]):
        first_reading = _reading(match, 1)
        if first_reading and first_reading.whole:
            return ClockSpan(first_reading.at(first_reading.half), None, _sure(first_reading), bool(first_reading.half))
    return None


def _in_plain_signs(text: str) -> str:
    """A time without what says nothing of it: (local time), a footnote's star, "onwards"; two clocks as a stretch."""
    text = ASIDE.sub("", text.translate(WIDE)).strip()
    return TWO_CLOCKS.sub(r"\1 - \2", text)


def leading_span(text: str) -> tuple[ClockSpan, str] | None:
    """A time at the head of a text, and the rest of it: `9:00 - 9:15: Opening`."""
    for form in (SPAN, CLOCK):
        match = form.match(text)
        span = read_span(match.group()) if match else None
        if match and span:
            rest = text[match.end() :]
            return span, re.sub(r"^(?:\s*\([A-Z]{2,5}\))?[\s:|,.\-–—]+", "", rest)
    return None


def read_length(text: str) -> timedelta | None:
    """A length: `45 min`, `1h30`, `0.75` (hours), `0:45`, `01:30:00`; None when it is something else."""
    text = " ".join(text.casefold().split())[:LONGEST_TEXT]
    if match := re.fullmatch(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", text):
        return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0))
    if match := re.fullmatch(
        r"(?:(\d{1,3}) ?(?:h|hrs?|hours?|std\.?|stunden?)\.?)? ?(?:(\d{1,4}) ?(?:m|mins?|minutes?|minuten|['′])?\.?)?",
        text,
    ):
        return _hours_and_minutes(match, text)
    if match := re.fullmatch(r"(\d{1,3})[.,](\d{1,4}) ?(?:h|hrs?|hours?|std)?\.?", text):
        return timedelta(minutes=round(float(f"{match[1]}.{match[2]}") * MINUTES_IN_HOUR))
    return None


def read_exchange_length(text: str) -> tuple[timedelta | None, bool]:
    """A duration of the exchange formats, and whether it had to be guessed.

    Two parts are hours (any number) and minutes. Three are hours, minutes, seconds, but for a
    first part of one digit beside a possible hour: `1:12:00` is a day and twelve hours.
    """
    parts = text.strip().split(":")
    if not all(part.isdecimal() and len(part) <= len("10000") for part in parts):
        return read_length(text), True
    numbers = [int(part) for part in parts]
    if len(numbers) == len(("h", "m")):
        return timedelta(hours=numbers[0], minutes=numbers[1]), False
    if len(numbers) == len(("h", "m", "s")):
        if len(parts[0]) == 1 and numbers[1] < LAST_HOUR:
            return timedelta(days=numbers[0], hours=numbers[1], minutes=numbers[2]), True
        return timedelta(hours=numbers[0], minutes=numbers[1], seconds=numbers[2]), False
    return (timedelta(minutes=numbers[0]), True) if len(numbers) == 1 else (None, True)


def _hours_and_minutes(match: re.Match[str], text: str) -> timedelta | None:
    hours, minutes = match[1], match[2]
    if hours is None and minutes is None:
        return None
    if hours is None and text.isdecimal() and int(minutes) <= FEW_HOURS:
        return timedelta(hours=int(minutes))
    return timedelta(hours=int(hours or 0), minutes=int(minutes or 0))


def _only_a_zone(rest: str) -> bool:
    return bool(REST.fullmatch(rest.strip(" .,;:")))


def _reading(match: re.Match[str], number: int) -> _Reading | None:
    parts = match.groupdict()
    if word := parts.get(f"word{number}"):
        late = word.casefold() in {"midnight", "mitternacht"}
        return _Reading(LAST_HOUR if late else NOON, timedelta(), "", whole=True)
    hour, minute = parts[f"hour{number}"], parts[f"minute{number}"] or "0"
    half = (parts[f"half{number}"] or "").casefold()
    if int(hour) > LAST_HOUR or int(minute) >= MINUTES_IN_HOUR:
        return None
    rest = timedelta(minutes=int(minute), seconds=min(int(parts[f"second{number}"] or 0), MINUTES_IN_HOUR - 1))
    whole = bool(half or parts[f"minute{number}"] or parts[f"bare{number}"])
    return _Reading(int(hour), rest, half if 1 <= int(hour) <= NOON else "", whole)


def _span(match: re.Match[str]) -> ClockSpan | None:
    first = _reading(match, 1)
    if first is None:
        return None
    if match["open"] is not None:
        return ClockSpan(first.at(first.half), None, _sure(first), bool(first.half)) if first.whole else None
    last = _reading(match, 2)
    if last is None or not (first.whole or last.whole):
        return None
    end = last.at(last.half)
    start = first.at(first.half or last.half)
    if last.half and not first.half and start > end:
        start = first.at("a" if last.half == "p" else "p")
    half = bool(first.half or last.half)
    return ClockSpan(start, end, _sure(first) or _sure(last) or end < start, half)


def _sure(reading: _Reading) -> bool:
    """Whether a clock of twelve hours and one of twenty-four would mean the same by it."""
    return bool(reading.half) or reading.hour >= NOON or reading.hour == 0
