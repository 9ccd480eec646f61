"""On which day a page's program is: only where the text says so, since a page has other dates, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from app.domain.program import ImportantDate
from app.importing.dates import DateContext, FoundDate, find_date, read_date, weekday_beside
from app.importing.page_metadata import LABELS, WORKSHOP, lines_without_deadlines, values_after
from app.importing.page_tree import Section
from app.importing.vocabulary import pattern

MOST_LINES = 1000
CONFERENCE_YEAR = re.compile(r"\b20\d\d\b")
WRITTEN = re.compile(rf"\b{pattern('pages.written_words')}\b", re.IGNORECASE)
HELD = re.compile(rf"\b(?:{pattern('pages.held_words')}|{pattern('pages.program_days')})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageDay:
    """The day of a page's program, the year of its dates, and an example of a day to ask with; None where not known."""

    day: date | None
    year: int | None
    likely: date | None


def day_of_page(
    title: str, important: Sequence[ImportantDate], sections: Sequence[Section], context: DateContext
) -> PageDay:
    """The day that the page says: as an important date, after `Date:`, in its title, a sentence, or a line alone."""
    lines = list(islice(lines_without_deadlines(sections), MOST_LINES))
    years = _Years(context.year or year_in(title), context.published, [title, *lines])
    dated = [line for line in lines if find_date(line) and not context.tells_of_the_page(line)]
    said = [*values_after(sections, LABELS["day"]), title, *filter(HELD.search, dated)]
    alone = set(years.days(line for line in dated if context.is_day_line(line))) - {context.published}
    day = next((one.day for one in important if WORKSHOP.search(one.title)), None) or next(years.days(said), None)
    if day is None and len(alone) == 1:
        day = alone.pop()
    likely = next(years.days(dated), None) or next(years.examples(dated), None)
    return PageDay(day, years.year or (day.year if day else None) or years.by_weekdays(dated), likely)


def published_on(stated: str, sections: Sequence[Section]) -> date | None:
    """When the page was written, by its front matter or a line such as `Posted on May 3, 2025`."""
    lines = islice(lines_without_deadlines(sections), MOST_LINES)
    return next(filter(None, map(read_date, (stated, *filter(WRITTEN.search, lines)))), None)


def year_in(title: str) -> int | None:
    """The year of a title such as "Summer School 2025"; None where it has none or several."""
    years = set(CONFERENCE_YEAR.findall(title))
    return int(years.pop()) if len(years) == 1 else None


class _Years:
    """The year of dates that have none: the page's; else the first after its publication, or the one of the weekday."""

    def __init__(self, year: int | None, published: date | None, texts: Iterable[str]) -> None:
        self.year = year
        self._published = published
        self._named = sorted({int(found) for text in texts for found in CONFERENCE_YEAR.findall(text)})

    def days(self, texts: Iterable[str]) -> Iterator[date]:
        """The days that some texts name, as far as their years are known."""
        for text in texts:
            found = find_date(text)
            day = self._on(found, text) if found else None
            if day is not None:
                yield day

    def examples(self, texts: Iterable[str]) -> Iterator[date]:
        """As `days`, in the last year that the page names."""
        found = (find_date(text) for text in texts if self._named)
        return (day for one in found if one and (day := one.on(self._named[-1])))

    def by_weekdays(self, texts: Iterable[str]) -> int | None:
        """The year in which the dates are on the weekdays beside them; None where there is none."""
        return next((day.year for text in texts if (day := next(self.days([text]), None)) is not None), None)

    def _on(self, found: FoundDate, text: str) -> date | None:
        if found.year or self.year:
            return found.on(self.year)
        if self._published is not None:
            this, following = (found.on(self._published.year + more) for more in (0, 1))
            return this if this is not None and this >= self._published - timedelta(days=1) else following
        weekday = weekday_beside(text, found.span)
        days = [day for year in self._named if (day := found.on(year)) is not None and day.weekday() == weekday]
        return days[0] if len(days) == 1 else None
