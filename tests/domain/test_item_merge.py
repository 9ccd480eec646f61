"""Items of a session that files change while its line-up is on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.line_ups import DEMOS, day, demos, item, order_of, with_steps

from app.domain.edits.three_way_merge import Merge, merge_files
from app.domain.session import Item, Session

A, B, C = (item(name) for name in "abc")
BASE = demos(A, B, C)
RENAMED = replace(B, title="Small models")


def merged(files: Session, latest: Session) -> Merge:
    return merge_files(day(BASE), day(files), day(latest))


def items(merge: Merge) -> tuple[Item, ...]:
    return merge.program.session(DEMOS).items


def test_an_added_item_and_an_absence_stay_where_files_say_another_title() -> None:
    on_the_day = demos(A, replace(B, absent=True), item("g", added=True), C)
    merge = merged(demos(A, RENAMED, C), on_the_day)
    assert (items(merge), merge.conflicts) == ((A, replace(RENAMED, absent=True), item("g", added=True), C), ())


G = item("g", added=True)


@pytest.mark.parametrize("title", ["G", "Great models"])
def test_what_was_added_is_of_the_program_once_files_have_it(title: str) -> None:
    written = replace(G, title=title, added=False)
    merge = merged(demos(A, B, C, written), demos(A, B, replace(G, absent=True), C))
    assert (items(merge), merge.conflicts) == ((A, B, replace(written, absent=True), C), ())


def test_then_it_goes_when_files_no_longer_have_it() -> None:
    adopted = merged(demos(A, B, C, replace(G, added=False)), demos(A, B, C, G)).program
    files = merge_files(adopted, day(BASE), adopted)
    assert items(files) == BASE.items


def test_they_stay_where_files_change_nothing() -> None:
    on_the_day = demos(C, replace(B, absent=True), item("g", added=True), A)
    assert items(merged(BASE, on_the_day)) == on_the_day.items


def test_an_order_of_the_day_holds_where_files_change_something_else() -> None:
    assert items(merged(demos(A, RENAMED, C), demos(C, B, A))) == (C, RENAMED, A)


def test_an_order_of_the_files_holds_where_they_changed_it() -> None:
    merge = merged(demos(B, A, C), demos(C, B, A))
    assert (order_of(merge.program.session(DEMOS)), merge.conflicts) == ("bac", ())


def test_an_item_that_files_add_stands_after_the_one_that_it_follows_there() -> None:
    assert order_of(merged(demos(A, item("x"), item("y"), B, C), demos(C, B, A)).program.session(DEMOS)) == "cbaxy"
    assert order_of(merged(demos(item("x"), A, B, C), demos(C, B, A)).program.session(DEMOS)) == "xcba"


def test_an_item_that_files_no_longer_have_is_gone_also_if_it_is_absent() -> None:
    assert items(merged(demos(A, C), demos(A, replace(B, absent=True), C))) == (A, C)


def test_what_is_on_stays_on() -> None:
    on_the_day = with_steps(BASE, a="11:00", b="11:04")
    assert merged(demos(A, RENAMED, C), on_the_day).program.session(DEMOS).steps == on_the_day.steps


@pytest.mark.parametrize(
    ("files", "latest"),
    [
        (demos(A, RENAMED, C), demos(A, replace(B, title="Large models"), C)),
        (demos(A, C), demos(A, RENAMED, C)),
        (demos(A, RENAMED, C), demos(A, C)),
    ],
)
def test_what_both_changed_is_a_conflict_of_the_items(files: Session, latest: Session) -> None:
    merge = merged(files, latest)
    assert [conflict.where for conflict in merge.conflicts] == ["sessions[demos].items"]
    assert items(merge) == latest.items


def test_what_each_changed_of_another_item_is_no_conflict() -> None:
    merge = merged(demos(A, RENAMED, C), demos(replace(A, number="1"), B, C))
    assert (items(merge), merge.conflicts) == ((replace(A, number="1"), RENAMED, C), ())
