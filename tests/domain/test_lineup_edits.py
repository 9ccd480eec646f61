"""Edits of a line-up: steps, another order, who is here, and what is added on the spot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.codeml_day import at, changed, offers, published, refusal, shown, talk, two_rooms
from support.line_ups import DEMOS, NAMES, clock, day, demos, item, name_of, order_of, times_of, with_steps

from app.domain.change_stamps import with_stamps
from app.domain.change_text import change_lines
from app.domain.edits.edit_types import AddItem, Edit, ItemAbsent, OrderItems, RemoveItem, Step
from app.domain.edits.lineup_edits import next_step, session_stepped, step_back
from app.domain.edits.outcome import EditRefused
from app.domain.errors import UnknownName
from app.domain.lineup import MOST_PLACES, is_by_hand, place_at, places_to_come
from app.domain.program import Program
from app.domain.revision_diff import compare_programs
from app.domain.session import Item, Session
from app.domain.texts import BadText

A, B, C, D, E, F = (f"item-{name}" for name in NAMES)


def after(edit: Edit, time: str, session: Session | None = None) -> Session:
    return published(edit, time, day(session)).session(DEMOS)


def why_not(edit: Edit, time: str, session: Session | None = None) -> str:
    return str(refusal(edit, time, day(session)))


def on(session: Session, time: str) -> str | None:
    return name_of(place_at(session, at(time)))


def steps_of(session: Session) -> dict[str, str]:
    return {step.item.removeprefix("item-"): clock(step.at) for step in session.steps}


# Step


@pytest.mark.parametrize("time", ["11:12", "11:12:59"])
def test_an_item_that_is_stepped_to_is_on_from_the_present_minute(time: str) -> None:
    assert steps_of(after(Step(DEMOS, D), time)) == {"a": "11:00", "b": "11:05", "c": "11:10", "d": "11:12"}


def test_an_item_before_the_present_one_is_gone_back_to_and_keeps_its_start() -> None:
    by_hand = with_steps(demos(), a="11:00", b="11:04", c="11:08")
    assert steps_of(after(Step(DEMOS, B), "11:09", by_hand)) == {"a": "11:00", "b": "11:04"}


def test_without_an_item_the_line_up_goes_by_the_clock_again() -> None:
    by_hand = with_steps(demos(), a="11:00", b="11:04")
    assert after(Step(DEMOS, None), "11:17", by_hand) == demos()


def test_by_the_clock_already_nothing_changes() -> None:
    moved_since = with_steps(demos(), a="10:00")
    assert (after(Step(DEMOS, None), "11:17"), after(Step(DEMOS, None), "11:17", moved_since)) == (demos(), moved_since)


def test_a_step_changes_nothing_that_readers_are_told_of() -> None:
    seen = shown(Step(DEMOS, C), "11:07", day())
    assert (changed(seen), change_lines(compare_programs(seen.before, seen.after))) == ({}, ())


def test_a_step_raises_no_stamp() -> None:
    before = with_stamps(None, day(), at("09:00"), 1)
    stamped = with_stamps(before, published(Step(DEMOS, C), "11:07", before), at("11:07"), 2)
    assert [(one.sequence, one.changed_at) for one in stamped.sessions] == [
        (one.sequence, one.changed_at) for one in before.sessions
    ]


@pytest.mark.parametrize(
    ("item_id", "time", "session", "reason"),
    [
        (B, "10:59", demos(), "“Demos” begins at 11:00, so nothing of its line-up is on yet"),
        (B, "11:30", demos(), "“Demos” is over: it ended at 11:30"),
        (None, "11:30", demos(), "“Demos” is over: it ended at 11:30"),
        (B, "11:10", replace(demos(), cancelled=True), "“Demos” is cancelled"),
        (A, "11:10", demos(item("a", None)), "“Demos” has no line-up: nothing in it that is here has minutes"),
        (A, "11:10", demos(item("a", absent=True)), "“Demos” has no line-up: nothing in it that is here has minutes"),
        (A, "11:10", demos(item("a", absent=True), item("b")), "“A” is not here"),
        (B, "11:10", with_steps(demos(), a="11:00", b="11:04"), "“B” is on since 11:04"),
    ],
)
def test_a_step_that_cannot_be_is_refused(item_id: str | None, time: str, session: Session, reason: str) -> None:
    assert why_not(Step(DEMOS, item_id), time, session) == reason


def test_before_the_session_a_step_offers_to_start_it() -> None:
    assert offers(refusal(Step(DEMOS, B), "10:59", day()).suggestions, day()) == ["agenda start demos"]


def test_a_step_to_who_is_not_here_offers_that_they_are() -> None:
    program = day(demos(item("a", absent=True), item("b")))
    assert offers(refusal(Step(DEMOS, A), "11:10", program).suggestions, program) == [
        "agenda line-up demos --present item-a"
    ]


@pytest.mark.parametrize(
    ("title", "sentence"), [("A", "Mark “A” as here."), ("TBA", "Mark item-a (to be announced) as here.")]
)
def test_that_offer_is_a_sentence(title: str, sentence: str) -> None:
    program = day(demos(replace(item("a", absent=True), title=title), item("b")))
    assert [one.sentence for one in refusal(Step(DEMOS, A), "11:10", program).suggestions] == [sentence]


@pytest.mark.parametrize("name", ["nobody", "beside", ""])
def test_an_item_that_the_line_up_lacks_is_unknown(name: str) -> None:
    with pytest.raises(UnknownName):
        shown(Step(DEMOS, name), "11:07", day())


# Next and back


def test_next_is_what_has_not_begun() -> None:
    assert next_step(day(), demos(), at("11:07")) == Step(DEMOS, C)


def test_after_the_last_one_there_is_no_next() -> None:
    with pytest.raises(EditRefused, match=r"^“F” is the last in the line-up of “Demos”$"):
        next_step(day(), demos(), at("11:27"))


@pytest.mark.parametrize(("time", "name"), [("11:10", C), ("11:11:59", C), ("11:12", D), ("11:26", F)])
def test_just_after_the_clock_turned_next_is_what_it_turned_to(time: str, name: str) -> None:
    assert next_step(day(), demos(), at(time)) == Step(DEMOS, name)


def test_what_the_clock_had_just_turned_to_begins_at_the_step() -> None:
    stepped = after(next_step(day(), demos(), at("11:11")), "11:11")
    assert (on(stepped, "11:11"), times_of(stepped)["b"], times_of(stepped)["c"]) == ("c", "11:05–11:11", "11:11–11:16")


def test_by_hand_next_is_always_the_next_one() -> None:
    by_hand = with_steps(demos(), a="11:00", b="11:04")
    assert next_step(day(by_hand), by_hand, at("11:04")) == Step(DEMOS, C)


def side_by_side() -> Program:
    """At 11:07 a talk without a line-up is on in the hall that began after the demos, whose line-up is on too."""
    return two_rooms(demos(), talk("late", "11:05-11:30"), talk("annexed", "11:00-12:00", "annex"))


@pytest.mark.parametrize(
    ("room", "item_id", "found"),
    [("hall", None, DEMOS), ("hall", E, DEMOS), ("annex", E, "annexed"), ("annex", None, "annexed")],
)
def test_a_step_is_of_the_session_in_the_room_that_has_the_line_up(room: str, item_id: str | None, found: str) -> None:
    assert session_stepped(side_by_side(), room, item_id, at("11:07")) == found


def test_of_two_line_ups_in_a_room_the_item_says_which() -> None:
    other = replace(talk("late", "11:05-11:30"), items=(item("g"), item("h")))
    program = two_rooms(demos(), other)
    found = [session_stepped(program, "hall", name, at("11:07")) for name in (None, "item-h", B)]
    assert found == ["late", "late", DEMOS]


def test_back_is_what_began_before() -> None:
    assert step_back(day(), demos(), at("11:07")) == Step(DEMOS, A)


def test_at_the_first_one_there_is_no_back() -> None:
    with pytest.raises(EditRefused, match=r"^“A” is the first in the line-up of “Demos” that began$"):
        step_back(day(), demos(), at("11:04"))


def test_a_step_and_back_leave_the_start_as_it_was() -> None:
    stepped = after(next_step(day(), demos(), at("11:07")), "11:07")
    back = after(step_back(day(stepped), stepped, at("11:08")), "11:08", stepped)
    assert (on(back, "11:08"), times_of(back)["b"]) == ("b", "11:05–11:10")


# Order


def test_items_that_have_not_begun_take_each_others_places() -> None:
    assert order_of(after(OrderItems(DEMOS, (F, D)), "11:12")) == "abcfed"


def test_before_the_session_all_can_be_ordered() -> None:
    assert order_of(after(OrderItems(DEMOS, (F, A)), "10:00")) == "fbcdea"


@pytest.mark.parametrize(
    ("items", "time", "session", "reason"),
    [
        ((C, D), "11:10", demos(), "“C” has begun"),
        ((D, C), "11:00", with_steps(demos(), d="11:00"), "“D” has begun"),
        ((D,), "11:00", demos(), "another order needs two items at least, each named once"),
        ((), "11:00", demos(), "another order needs two items at least, each named once"),
        ((D, D), "11:00", demos(), "another order needs two items at least, each named once"),
        ((B, C), "11:00", demos(item("a"), item("b", absent=True), item("c")), "“B” is not here"),
        ((B, C), "11:40", demos(), "“Demos” is over: it ended at 11:30"),
    ],
)
def test_an_order_that_cannot_be_is_refused(items: tuple[str, ...], time: str, session: Session, reason: str) -> None:
    assert why_not(OrderItems(DEMOS, items), time, session) == reason


# Absent


def test_who_is_absent_later_makes_the_others_move_up() -> None:
    session = after(ItemAbsent(DEMOS, E), "11:12")
    assert (times_of(session)["d"], times_of(session)["f"], is_by_hand(session)) == (
        "11:15–11:20",
        "11:20–11:25",
        False,
    )


def test_if_who_is_on_is_absent_the_next_begins_now_by_hand() -> None:
    session = after(ItemAbsent(DEMOS, C), "11:12")
    assert (on(session, "11:12"), on(session, "11:29"), times_of(session)) == (
        "d",
        "d",
        {"a": "11:00–11:05", "b": "11:05–11:12", "d": "11:12–11:17", "e": "11:17–11:22", "f": "11:22–11:27"},
    )


@pytest.mark.parametrize("session", [demos(), with_steps(demos(), a="11:00", f="11:25")])
def test_if_the_last_one_is_absent_nothing_is_on_any_more(session: Session) -> None:
    gone = after(ItemAbsent(DEMOS, F), "11:26", session)
    assert (on(gone, "11:26"), on(gone, "11:29")) == (None, None)


def test_the_only_one_may_be_absent() -> None:
    assert times_of(after(ItemAbsent(DEMOS, A), "11:02", demos(item("a")))) == {}


def test_before_the_session_the_first_may_be_absent_and_the_clock_goes_on() -> None:
    session = after(ItemAbsent(DEMOS, A), "10:59")
    assert (on(session, "11:00"), is_by_hand(session)) == ("b", False)


def test_who_is_here_after_all_has_the_former_place_if_that_is_to_come() -> None:
    session = demos(item("a"), item("b"), item("c", absent=True), item("d"))
    assert times_of(after(ItemAbsent(DEMOS, C, absent=False), "11:07", session))["c"] == "11:10–11:15"


@pytest.mark.parametrize("steps", [{}, {"a": "11:00", "c": "11:05"}])
def test_who_is_here_after_all_comes_last_if_the_former_place_is_over(steps: dict[str, str]) -> None:
    session = with_steps(demos(item("a"), item("b", absent=True), item("c"), item("d")), **steps)
    here = after(ItemAbsent(DEMOS, B, absent=False), "11:07", session)
    assert (order_of(here), on(here, "11:07"), times_of(here)["b"]) == ("acdb", "c", "11:15–11:20")


@pytest.mark.parametrize(
    ("edit", "time", "reason"),
    [
        (ItemAbsent(DEMOS, A), "11:07", "“A” was on already"),
        (ItemAbsent(DEMOS, A, absent=False), "11:07", "“A” is here"),
        (ItemAbsent(DEMOS, E), "11:31", "“Demos” is over: it ended at 11:30"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(edit: Edit, time: str, reason: str) -> None:
    assert why_not(edit, time) == reason


def test_who_is_absent_already_is_not_absent_again() -> None:
    assert why_not(ItemAbsent(DEMOS, B), "11:00", demos(item("a"), item("b", absent=True))) == "“B” is not here already"


# Add and remove


def test_a_new_item_comes_last() -> None:
    session = after(AddItem(DEMOS, "  A demo ", 3, ("Ada", " ")), "11:12")
    new = session.items[-1]
    assert (new.id, new.title, new.minutes, new.authors, new.added) == ("a-demo", "A demo", 3, ("Ada",), True)
    assert name_of(place_at(session, at("11:12"))) == "c"


@pytest.mark.parametrize(("behind", "order"), [(C, "abcgdef"), (E, "abcdegf")])
def test_a_new_item_comes_after_what_is_named(behind: str, order: str) -> None:
    session = after(AddItem(DEMOS, "g", 3, after=behind), "11:12")
    assert order_of(session) == order


def test_before_the_session_a_new_item_may_come_anywhere() -> None:
    assert order_of(after(AddItem(DEMOS, "g", 3, after=A), "10:00")) == "agbcdef"


def test_its_id_is_one_that_no_session_and_no_item_has() -> None:
    assert after(AddItem(DEMOS, "After", 3), "11:12").items[-1].id == "after-2"


def waits(session: Session, time: str) -> tuple[bool, str | None, list[str]]:
    """Whether it goes by hand, what is on, and what is to come, at a time."""
    return is_by_hand(session), on(session, time), [place.item.title for place in places_to_come(session, at(time))]


@pytest.mark.parametrize(
    ("time", "by_hand", "times"), [("10:59", False, "11:00–11:03"), ("11:12", True, "11:12–11:15")]
)
def test_a_session_without_line_up_gets_one_in_which_the_new_item_is_to_come(
    time: str, by_hand: bool, times: str
) -> None:
    session = after(AddItem(DEMOS, "g", 3), time, demos(item("a", None)))
    assert (waits(session, time), times_of(session)) == ((by_hand, None, ["g"]), {"g": times})


def test_what_is_added_after_the_clocks_last_item_is_over_is_to_come() -> None:
    session = after(AddItem(DEMOS, "g", 3), "11:12", demos(item("a"), item("b")))
    assert waits(session, "11:12") == (True, None, ["g"])
    assert steps_of(session) == {"a": "11:00", "b": "11:05", "": "11:12"}


def test_what_waits_there_is_begun_by_next() -> None:
    session = after(AddItem(DEMOS, "g", 3), "11:12", demos(item("a"), item("b")))
    begun = after(next_step(day(session), session, at("11:14")), "11:14", session)
    assert (on(begun, "11:29"), times_of(begun)["g"]) == ("g", "11:14–11:17")


def test_what_is_added_by_the_clock_while_it_is_to_come_leaves_it_to_the_clock() -> None:
    assert waits(after(AddItem(DEMOS, "g", 3), "11:27"), "11:27") == (False, "f", ["g"])


@pytest.mark.parametrize(
    ("items", "order"),
    [
        ((item("a"), item("b"), item("c", absent=True)), "abc"),
        ((item("a"), item("c", absent=True), item("b")), "abc"),
        ((item("c", absent=True),), "c"),
    ],
)
def test_who_is_here_after_all_is_to_come_also_after_the_clocks_last_item(items: tuple[Item, ...], order: str) -> None:
    session = after(ItemAbsent(DEMOS, C, absent=False), "11:12", demos(*items))
    assert (waits(session, "11:12"), order_of(session)) == ((True, None, ["C"]), order)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (AddItem(DEMOS, "New", 0), "an item lasts 1 to 1440 minutes, not 0"),
        (AddItem(DEMOS, "New", 1441), "an item lasts 1 to 1440 minutes, not 1441"),
        (AddItem(DEMOS, " ", 5), "a title is a text, or TBA"),
        (AddItem(DEMOS, "New", 5, after=B), "“B” is over"),
    ],
)
def test_a_new_item_that_cannot_be_is_refused(edit: Edit, reason: str) -> None:
    assert why_not(edit, "11:12") == reason


@pytest.mark.parametrize("edit", [AddItem(DEMOS, "x" * 301, 5), AddItem(DEMOS, "New", 5, ("x" * 201,))])
def test_a_text_of_a_new_item_has_the_bounds_of_all_texts(edit: Edit) -> None:
    with pytest.raises(BadText):
        shown(edit, "11:12", day())


def test_a_line_up_has_a_most_of_items() -> None:
    full = demos(*(item(f"{number}", 1) for number in range(MOST_PLACES)))
    assert why_not(AddItem(DEMOS, "New", 5), "10:00", full) == "“Demos” has as many items as a line-up may have"


def test_what_was_added_is_removed_again() -> None:
    added = after(AddItem(DEMOS, "New", 5), "11:12")
    removed = after(RemoveItem(DEMOS, "new"), "11:13", added)
    assert (removed.items, removed.removed_items) == (demos().items, added.items[-1:])


def test_an_item_that_was_removed_is_known_and_its_id_is_not_given_again() -> None:
    added = after(AddItem(DEMOS, "New", 5), "11:12")
    removed = after(RemoveItem(DEMOS, "new"), "11:13", added)
    known = day(removed).removed_item("new")
    assert known is not None
    assert (known.session, known.item.title, "new" in day(removed).items_by_id) == (removed, "New", False)
    assert after(AddItem(DEMOS, "New", 5), "11:14", removed).items[-1].id == "new-2"


def test_no_other_item_is_a_removed_one() -> None:
    added = after(AddItem(DEMOS, "New", 5), "11:12")
    assert [day(added).removed_item(name) for name in ("new", A, "nobody")] == [None, None, None]


def test_what_was_added_and_is_absent_is_removed_too() -> None:
    session = demos(item("a"), item("b", absent=True, added=True))
    assert order_of(after(RemoveItem(DEMOS, B), "11:20", session)) == "a"


@pytest.mark.parametrize(
    ("session", "reason"),
    [
        (demos(), "“C” is of the program, so it is not removed"),
        (demos(item("a"), item("b"), item("c", added=True)), "“C” has begun"),
    ],
)
def test_what_is_of_the_program_or_has_begun_is_not_removed(session: Session, reason: str) -> None:
    assert why_not(RemoveItem(DEMOS, C), "11:12", session) == reason


def test_in_place_of_a_removal_an_absence_is_offered() -> None:
    assert offers(refusal(RemoveItem(DEMOS, F), "11:12", day()).suggestions, day()) == [
        "agenda line-up demos --absent item-f"
    ]


# What readers are told


@pytest.mark.parametrize(
    "edit", [OrderItems(DEMOS, (F, D)), ItemAbsent(DEMOS, E), AddItem(DEMOS, "New", 3), ItemAbsent(DEMOS, C)]
)
def test_other_edits_are_a_change_of_the_line_up(edit: Edit) -> None:
    seen = shown(edit, "11:12", day())
    assert change_lines(compare_programs(seen.before, seen.after)) == ("Demos: changed line-up",)


def test_a_title_that_is_to_be_announced_is_called_by_its_id() -> None:
    unknown = demos(item("a"), replace(item("b"), title="TBA"))
    assert why_not(ItemAbsent(DEMOS, B), "11:12", unknown) == "item-b (to be announced) was on already"
