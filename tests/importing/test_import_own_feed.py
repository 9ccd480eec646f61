"""This service's own calendar feed, imported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.import_results import content

from app.domain.change_stamps import with_stamps
from app.domain.items import announced
from app.domain.program import Program
from app.domain.session import Item, Link, Session
from app.formats.calendar.feed import feed
from app.formats.markdown import to_text
from app.importing import import_source

LINKS = (Link("Slides", "https://example.org/slides"), Link("Mail: Ann", "mailto:ann@example.org"))
ITEMS = (
    Item(id="on-oaks", title="On oaks", number="P1", authors=("Ann Lee", "Bob Ray")),
    Item(id="on-elms-extended", title="On elms (extended)", authors=("Cy Dow",)),
    Item(id="on-ash-a-study", title="On ash. A study"),
)


def imported(program: Program, former: Program | None = None) -> Program:
    published = with_stamps(None, program, datetime(2025, 7, 1, tzinfo=UTC), 1)
    data = feed(
        published,
        published.sessions,
        name=program.title,
        public_url="https://agenda.example.org",
        feed_path="/calendar/codeml-2025.ics",
    )
    return import_source(data, name="codeml.ics", former=former).program


def of_one(program: Program, **fields: object) -> Session:
    """The program's second session after its fields were changed, exported and imported."""
    first, second, *others = program.sessions
    return imported(replace(program, sessions=(first, replace(second, **fields), *others))).sessions[1]  # type: ignore[arg-type]


def test_our_calendar_gives_all_back_that_it_holds(program: Program) -> None:
    held = [
        replace(
            one,
            abstract=to_text(one.abstract),
            track="",
            language="",
            items=_without_links(announced(one.items)),
            scheduled=one.slot,
        )
        for one in program.sessions
    ]
    again = imported(program)
    assert content(again) == content(replace(program, sessions=tuple(held)))
    assert [(one.items, _plain(one.links)) for one in again.sessions] == [
        (one.items, _plain(one.links)) for one in held
    ]
    assert (again.timezone, again.domain, again.days) == (program.timezone, program.domain, program.days)


def _plain(links: tuple[Link, ...]) -> list[tuple[str, str]]:
    return [(link.label, link.url) for link in links]


def _without_links(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(replace(item, links=()) for item in items)


def test_people_and_their_affiliations_are_given_back(program: Program) -> None:
    placed = tuple(
        replace(one, affiliations=("Forest University",) if index % 2 else ())
        for index, one in enumerate(program.speakers)
    )
    facts = {one.name: one.affiliations for one in imported(replace(program, speakers=placed)).speakers}
    assert facts == {one.name: one.affiliations for one in placed}


@pytest.mark.parametrize("abstract", ["", "On trees.", "Oaks:\n\n- one\n- two\n- three", "Was it a cat?\n\nIt was."])
@pytest.mark.parametrize("links", [(), LINKS, LINKS[:1]])
@pytest.mark.parametrize("items", [(), ITEMS])
def test_items_and_links_are_told_from_the_prose(
    program: Program, abstract: str, links: tuple[Link, ...], items: tuple[Item, ...]
) -> None:
    again = of_one(program, abstract=abstract, links=links, items=items)
    assert (again.abstract, again.links, again.items) == (to_text(abstract), links, items)


def test_a_single_item_is_one(program: Program) -> None:
    assert of_one(program, abstract="On trees.", items=ITEMS[:1]).items == ITEMS[:1]


@pytest.mark.parametrize("kind", ["talk", "keynote", "break", "posters", "hackathon"])
def test_the_kind_is_given_back_whatever_the_title_says(program: Program, kind: str) -> None:
    assert of_one(program, kind=kind, title="Lunch with a keynote").kind == kind


def test_what_changed_in_time_and_state_stays_out_of_the_abstract(program: Program) -> None:
    session = program.sessions[1]
    earlier = replace(session.slot, start=session.start - timedelta(minutes=5))
    again = of_one(program, scheduled=earlier, cancelled=True, abstract="On trees.")
    assert (again.title, again.cancelled, again.abstract) == (session.title, True, "On trees.")


def test_our_calendar_takes_no_links_from_the_items_of_its_program(program: Program) -> None:
    items = tuple(replace(one, links=LINKS) for one in ITEMS)
    first, *others = program.sessions
    before = replace(program, sessions=(replace(first, items=items), *others))
    assert imported(before, former=before).sessions[0].items == items
