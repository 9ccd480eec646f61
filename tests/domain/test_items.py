"""Items of sessions: ids for life, numbers, and which item of a new list is which former one."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import talk

from app.domain.errors import InvalidProgram
from app.domain.ids import SESSION_ID
from app.domain.item_matching import Match, matched_items, source_ids
from app.domain.items import by_number, numbered_from, with_item_ids
from app.domain.program import Program
from app.domain.session import Item, Link

ADA, GRACE, ALAN = "Ada Lovelace", "Grace Hopper", "Alan Turing"


def with_items(program: Program, *items: Item) -> Program:
    """A program whose panel has these items."""
    return replace(
        program, sessions=tuple(replace(one, items=items) if one.id == "panel" else one for one in program.sessions)
    )


def ids_of(program: Program) -> list[str]:
    return [item.id for item in program.session("panel").items]


def test_an_item_without_an_id_gets_one_of_its_title(program: Program) -> None:
    items = (Item(title="Small models, long documents"), Item(title="Ökonomie"), Item(title="論文"))
    digest = hashlib.sha256("論文".encode()).hexdigest()[:8]
    assert ids_of(with_items(program, *items)) == ["small-models-long", "okonomie", f"paper-{digest}"]


def test_items_of_the_same_title_have_ids_of_their_own(program: Program) -> None:
    assert ids_of(with_items(program, Item(title="Moss"), Item(title="Moss"))) == ["moss", "moss-2"]


def test_no_made_id_is_that_of_a_session_or_of_another_item(program: Program) -> None:
    items = (Item(title="Panel"), Item(title="Fern"), Item(title="Other", id="fern"))
    assert ids_of(with_items(program, *items)) == ["panel-2", "fern-2", "fern"]


def test_an_id_that_is_given_stays_whatever_the_title(program: Program) -> None:
    before = with_items(program, Item(title="Moss"))
    [item] = before.session("panel").items
    assert ids_of(with_items(before, replace(item, title="Moss, revisited"))) == ["moss"]


def test_an_item_is_found_by_its_id_with_its_session(program: Program) -> None:
    found = with_items(program, Item(title="Moss")).item("moss")
    assert (found.session.id, found.item.title) == ("panel", "Moss")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((Item(title="A", id="x"), Item(title="B", id="x")), "an id that no other item and no session has"),
        ((Item(title="A", id="panel"),), "an id that no other item and no session has"),
        ((Item(title="A", id="Not an id"),), "lower-case letters, digits and hyphens, at most 24"),
        ((Item(title="A", id="a" * 25),), "lower-case letters, digits and hyphens, at most 24"),
        ((Item(title=" ", id="x"),), "a title"),
        ((Item(title="A", minutes=0),), "1 or more minutes"),
    ],
)
def test_an_unsound_item_is_refused(program: Program, items: tuple[Item, ...], expected: str) -> None:
    with pytest.raises(InvalidProgram) as refused:
        with_items(program, *items)
    assert {(fault.where, fault.expected) for fault in refused.value.faults} == {("sessions[panel].items", expected)}


@given(st.lists(st.text(min_size=1).filter(str.strip), max_size=20))
def test_made_ids_are_sound_and_unique_whatever_the_titles(titles: list[str]) -> None:
    [session] = with_item_ids((replace(talk("moss", "09:00-10:00"), items=tuple(Item(title=one) for one in titles)),))
    made = [item.id for item in session.items]
    assert all(SESSION_ID.fullmatch(name) for name in made)
    assert len({*made, session.id}) == len(titles) + 1


def test_items_are_in_the_order_of_their_numbers() -> None:
    numbers = ["10", "", "9", "A2", "A10", "9b", "2"]
    items = [Item(title=f"{place}", number=number) for place, number in enumerate(numbers)]
    assert [item.number for item in by_number(items)] == ["2", "9", "9b", "10", "A2", "A10", ""]


def test_items_without_a_number_get_the_next_free_one() -> None:
    items = (Item(title="A"), Item(title="B", number="2"), Item(title="C"), Item(title="D"))
    assert [item.number for item in numbered_from(items, 1)] == ["1", "2", "3", "4"]
    assert [item.number for item in numbered_from(items, 101)] == ["101", "2", "102", "103"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://openreview.net/forum?id=aB3_x-Yz", "openreview:aB3_x-Yz"),
        ("https://openreview.net/pdf?id=aB3_x-Yz", "openreview:aB3_x-Yz"),
        ("https://openreview.net/forum?noteId=q&id=aB3_x-Yz", "openreview:aB3_x-Yz"),
        ("https://doi.org/10.1145/ABC.123", "doi:10.1145/abc.123"),
        ("https://dx.doi.org/10.1145/abc.123?x=1", "doi:10.1145/abc.123"),
        ("https://arxiv.org/abs/2501.01234v3", "arxiv:2501.01234"),
        ("https://arxiv.org/pdf/2501.01234v1.pdf", "arxiv:2501.01234"),
    ],
)
def test_a_link_tells_what_another_system_calls_an_item(address: str, expected: str) -> None:
    assert source_ids(Item(title="A", links=(Link("Paper", address),))) == {expected}


def test_other_links_tell_nothing() -> None:
    assert source_ids(Item(title="A", links=(Link("Code", "https://github.com/forum?id=x"),))) == frozenset()


def forum(name: str) -> tuple[Link, ...]:
    return (Link("OpenReview", f"https://openreview.net/forum?id={name}"),)


def test_what_another_system_calls_it_counts_more_than_title_and_authors() -> None:
    former = [Item(title="Moss", authors=(ADA,), links=forum("a")), Item(title="Fern", links=forum("b"))]
    new = [Item(title="Fern", links=forum("a")), Item(title="Moss", authors=(ADA,), links=forum("b"))]
    assert matched_items(new, former) == {0: Match(0, certain=True), 1: Match(1, certain=True)}


def test_a_title_alone_is_enough() -> None:
    former = [Item(title="Open-Source Moss", authors=(ADA,))]
    assert matched_items([Item(title="open source moss", authors=(GRACE,))], former) == {0: Match(0, certain=True)}


def test_another_title_by_the_same_authors_with_the_same_number_is_the_same() -> None:
    former = [Item(title="Moss", authors=(ADA, GRACE), number="7")]
    new = [Item(title="On the nature of ferns", authors=(GRACE, ADA), number="7")]
    assert matched_items(new, former) == {0: Match(0, certain=True)}


def test_another_title_by_the_same_authors_is_only_likely_the_same() -> None:
    former = [Item(title="Moss", authors=(ADA, GRACE))]
    assert matched_items([Item(title="Ferns", authors=(ADA, GRACE))], former) == {0: Match(0, certain=False)}


def test_a_similar_title_with_one_more_author_is_likely_the_same() -> None:
    former = [Item(title="Monitoring risks in adaptation", authors=(ADA, GRACE))]
    new = [Item(title="Monitoring the risks of adaptation", authors=(ADA, GRACE, ALAN))]
    assert matched_items(new, former) == {0: Match(0, certain=False)}


def test_a_similar_title_by_other_authors_is_another_item() -> None:
    former = [Item(title="Monitoring risks in adaptation", authors=(ADA,))]
    assert matched_items([Item(title="Monitoring risk in adaptation", authors=(ALAN,))], former) == {}


def test_two_papers_of_the_same_authors_with_new_titles_are_not_guessed() -> None:
    former = [Item(title="Moss", authors=(ADA,)), Item(title="Fern", authors=(ADA,))]
    assert matched_items([Item(title="Bark", authors=(ADA,)), Item(title="Leaf", authors=(ADA,))], former) == {}


def test_items_that_nothing_tells_apart_are_paired_in_order() -> None:
    former = [Item(title="Demo", authors=(ADA,)), Item(title="Demo", authors=(ADA,))]
    assert matched_items(former, former) == {0: Match(0, certain=True), 1: Match(1, certain=True)}


def test_items_of_the_same_title_are_told_apart_by_their_numbers() -> None:
    former = [Item(title="Demo", number="1"), Item(title="Demo", number="2")]
    assert matched_items(former[::-1], former) == {0: Match(1, certain=True), 1: Match(0, certain=True)}


def test_of_a_title_no_more_is_compared_than_a_program_holds() -> None:
    former = [Item(title="a" * 300)]
    assert matched_items([Item(title="a" * 300 + "b" * 1000)], former) == {0: Match(0, certain=True)}


@given(st.lists(st.tuples(st.text("abcdef ", min_size=1), st.lists(st.sampled_from([ADA, GRACE, ALAN]))), max_size=12))
def test_no_former_item_is_matched_twice(papers: list[tuple[str, list[str]]]) -> None:
    former = [Item(title=title, authors=tuple(authors)) for title, authors in papers]
    new = random.Random(len(papers)).sample(former, len(former))
    places = [match.former for match in matched_items(new, former).values()]
    assert len(places) == len(set(places))


def test_a_shuffled_list_is_known_again_item_by_item() -> None:
    former = [Item(title=f"Paper {number}", authors=(ADA,), id=f"p-{number}") for number in range(40)]
    new = [replace(item, id="") for item in random.Random(1).sample(former, len(former))]
    matches = matched_items(new, former)
    assert [former[matches[index].former].title for index in range(40)] == [item.title for item in new]
