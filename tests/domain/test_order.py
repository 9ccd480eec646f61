"""Sessions that take each other's places: swap, reorder, and a speaker who is absent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.codeml_day import at, changed, morning, offers, published, refusal, shown, talk, times, two_rooms

from app.domain.edits.edit_types import Absent, Cancel, Reorder, Swap
from app.domain.edits.outcome import Clash
from app.domain.program import Program

EVAN, SARA = "evan-shelhamer", "sara-hooker"


def test_neighbours_that_are_swapped_fill_the_same_stretch() -> None:
    expected = {"b": "10:00–10:45", "a": "10:45–11:15"}
    assert changed(shown(Swap("a", "b"), "09:00", morning())) == expected
    assert changed(shown(Swap("b", "a"), "09:00", morning())) == expected


def test_of_two_that_are_apart_each_begins_where_the_other_did_and_what_follows_is_pushed() -> None:
    assert changed(shown(Swap(EVAN, "contributed-morning"), "10:00")) == {
        "contributed-morning": "10:15–11:00",
        "sara-hooker": "11:00–11:30",
        EVAN: "11:30–12:00",
    }


def test_a_swap_across_rooms_exchanges_the_rooms() -> None:
    program = published(Swap("a", "x"), "09:00", morning())
    assert [program.session(name).room for name in ("a", "x")] == ["annex", "hall"]


@pytest.mark.parametrize(("now", "start"), [("10:45", "10:45"), ("10:50:59", "10:45"), ("10:51", "10:51")])
def test_what_is_on_is_swapped_with_what_comes_which_begins_at_its_start_or_now(now: str, start: str) -> None:
    after = published(Swap(SARA, "contributed-morning", squeeze=frozenset({"lunch"})), now)
    assert after.session("contributed-morning").start == at(start)
    assert after.session(SARA).start == after.session("contributed-morning").end


def test_of_two_that_are_on_neither_moves() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("x", "10:10-10:40", "annex"))
    assert str(refusal(Swap("a", "x"), "10:20", program)) == "“X” is on since 10:10 and keeps its start"


def test_a_session_is_not_swapped_with_itself() -> None:
    assert str(refusal(Swap(EVAN, EVAN), "10:00")) == "a session cannot be swapped with itself"


def test_a_pinned_session_is_swapped_by_who_says_so() -> None:
    after = published(Swap("lunch", "matt-johnson", push=frozenset({"lunch"})), "10:00")
    assert times(after, "matt-johnson", "lunch") == {"matt-johnson": "12:00–12:30", "lunch": "12:30–13:30"}


# Reorder


def run() -> Program:
    return two_rooms(
        talk("a", "10:00-10:10"),
        talk("b", "10:10-10:30"),
        talk("c", "10:30-10:35"),
        talk("lunch", "10:35-11:00", pinned=True),
        talk("x", "10:00-10:30", "annex"),
    )


def test_a_run_between_two_fixed_ones_is_reordered_and_moves_nothing_else() -> None:
    assert changed(shown(Reorder(("c", "a", "b")), "09:00", run())) == {
        "c": "10:00–10:05",
        "a": "10:05–10:15",
        "b": "10:15–10:35",
    }


def test_a_break_within_a_reordered_run_stays_and_follows_the_push() -> None:
    program = two_rooms(talk("a", "10:00-10:10"), talk("coffee", "10:10-10:30", least=10), talk("b", "10:30-10:45"))
    assert changed(shown(Reorder(("b", "a")), "09:00", program)) == {
        "b": "10:00–10:15",
        "coffee": "10:15–10:30",
        "a": "10:30–10:40",
    }


def test_the_order_that_holds_already_changes_nothing() -> None:
    assert shown(Reorder(("a", "b", "c")), "09:00", run()).after == run()


def test_the_first_of_a_run_may_have_begun() -> None:
    assert changed(shown(Reorder(("b", "a")), "10:03", run())) == {"b": "10:00–10:20", "a": "10:20–10:30"}


@pytest.mark.parametrize(
    ("sessions", "now", "reason"),
    [
        (("a",), "09:00", "another order needs two sessions at least, each named once"),
        (("a", "b", "a"), "09:00", "another order needs two sessions at least, each named once"),
        (("a", "x"), "09:00", "only sessions of one room and one day can be reordered"),
        (("b", "a"), "10:10", "“A” is over: it ended at 10:10"),
        (("c", "b", "a"), "10:15", "“A” is over: it ended at 10:10"),
        (("lunch", "c"), "09:00", "“Lunch” is pinned"),
    ],
)
def test_a_reorder_is_of_sessions_of_one_room_and_day_that_are_not_over_or_pinned(
    sessions: tuple[str, ...], now: str, reason: str
) -> None:
    assert str(refusal(Reorder(sessions), now, run())) == reason


def test_a_cancelled_session_is_not_reordered() -> None:
    program = published(Cancel("b"), "09:00", run())
    assert str(refusal(Reorder(("b", "a")), "09:00", program)) == "“B” is cancelled"


def test_a_pinned_session_is_reordered_by_who_says_so() -> None:
    [way] = refusal(Reorder(("lunch", "c")), "09:00", run()).suggestions
    assert way.edit == Reorder(("lunch", "c"), push=frozenset({"lunch"}))
    assert way.sentence == (
        "Reorder “Lunch” although it is pinned: “Lunch” 10:35–11:00 → 10:30–10:55, “C” 10:30–10:35 → 10:55–11:00."
    )


# Absent


@pytest.mark.parametrize("now", ["10:30", "10:45", "10:47", "10:50:59"])
def test_the_next_talk_begins_at_the_start_of_the_absent_speakers_session_which_follows_it(now: str) -> None:
    preview = shown(Absent(SARA), now)
    assert preview.publishable
    assert changed(preview) == {"contributed-morning": "10:45–11:30", SARA: "11:30–12:00"}


def test_more_than_five_minutes_after_the_start_the_next_talk_begins_now() -> None:
    preview = shown(Absent(SARA), "10:51")
    assert changed(preview) == {"contributed-morning": "10:51–11:36", SARA: "11:36–12:06"}
    assert preview.clashes == (Clash(SARA, "lunch", 6),)
    assert offers(preview.suggestions) == [
        "agenda absent sara-hooker --squeeze lunch",
        "agenda absent sara-hooker --shorten sara-hooker=24",
        "agenda absent sara-hooker --push lunch",
    ]


def test_nobody_is_called_cancelled() -> None:
    after = shown(Absent(SARA), "10:47").after
    assert [one.id for one in after.sessions if one.status == "cancelled"] == []


def test_breaks_posters_and_pinned_sessions_between_the_two_stay_and_follow_the_push() -> None:
    program = two_rooms(
        talk("a", "10:00-10:30"),
        talk("coffee", "10:30-10:45", least=10),
        replace(talk("posters", "10:45-11:00"), kind="posters"),
        talk("b", "11:00-11:35"),
    )
    assert changed(shown(Absent("a"), "10:02", program)) == {
        "b": "10:00–10:35",
        "coffee": "10:35–10:45",
        "a": "11:00–11:30",
    }


def test_a_pinned_or_cancelled_talk_a_panel_and_a_talk_elsewhere_take_nobodys_place() -> None:
    program = two_rooms(
        talk("a", "10:00-10:30"),
        talk("x", "10:30-11:00", "annex"),
        talk("pinned", "10:30-10:40", pinned=True),
        replace(talk("gone", "10:40-10:50"), cancelled=True),
        replace(talk("panel", "10:50-11:00"), kind="panel"),
        replace(talk("b", "11:00-11:30"), kind="contributed"),
    )
    assert changed(shown(Absent("a"), "10:00", program)) == {"b": "10:00–10:30", "a": "11:00–11:30"}


def test_without_a_talk_that_follows_in_the_room_absence_is_refused_with_ways_out() -> None:
    refused = refusal(Absent("stella-biderman"), "15:32")
    assert str(refused) == "no talk comes after “TBA” in Vancouver Convention Center that could take its place"
    assert offers(refused.suggestions) == ["agenda end stella-biderman", "agenda cancel stella-biderman"]


@pytest.mark.parametrize(
    ("session", "now", "reason"),
    [
        ("tri-dao", "10:00", "“Open-Source Attention Optimizations” is over: it ended at 09:45"),
        ("lunch", "11:00", "nobody presents “Lunch and discussion”, so nobody is absent"),
        ("posters", "14:20", "nobody presents “Poster session”, so nobody is absent"),
    ],
)
def test_who_is_absent_has_a_session_that_can_be_moved(session: str, now: str, reason: str) -> None:
    assert str(refusal(Absent(session), now)) == reason


def test_a_pinned_talk_whose_speaker_is_absent_moves_for_who_says_so() -> None:
    program = two_rooms(talk("a", "10:00-10:30", pinned=True), talk("b", "10:30-11:00"))
    refused = refusal(Absent("a"), "10:01", program)
    assert (str(refused), offers(refused.suggestions, program)) == ("“A” is pinned", ["agenda absent a --push a"])


@pytest.mark.parametrize("now", ["09:36", "09:41", "09:44"])
def test_late_in_a_talk_an_absence_pushes_on_and_has_ways_out(now: str) -> None:
    preview = shown(Absent("tri-dao"), now)
    assert preview.after.session("tri-dao").start >= preview.after.session("coffee-morning").end
    assert preview.publishable or len(preview.suggestions) > 1


def test_one_that_has_begun_is_swapped_with_one_behind_a_third_which_it_pushes() -> None:
    assert changed(shown(Swap("matt-johnson", "contributed-afternoon"), "13:25")) == {
        "contributed-afternoon": "13:25–13:40",
        "chris-rackauckas": "13:40–14:10",
        "matt-johnson": "14:10–14:40",
        "posters": "14:40–15:10",
        "coffee-afternoon": "15:10–15:30",
    }


def test_a_talk_without_length_or_beside_it_takes_nobodys_place() -> None:
    program = two_rooms(
        talk("a", "10:00-10:30"), talk("side", "10:10-10:40"), talk("z", "10:40-10:40"), talk("b", "10:40-11:00")
    )
    assert changed(shown(Absent("a"), "10:01", program))["b"] == "10:00–10:20"


def test_a_talk_too_short_to_be_still_on_begins_now() -> None:
    program = two_rooms(talk("a", "10:00-10:30"), talk("b", "10:30-10:33"))
    assert changed(shown(Absent("a"), "10:04", program)) == {"b": "10:04–10:07", "a": "10:07–10:37"}


def test_an_absence_may_be_said_again_for_the_one_who_took_over() -> None:
    program = two_rooms(talk("a", "10:00-10:10"), talk("b", "10:10-10:20"), talk("c", "10:20-10:30"))
    first = published(Absent("a"), "10:01", program)
    assert times(published(Absent("b"), "10:02", first)) == {
        "a": "10:00–10:10",
        "b": "10:10–10:20",
        "c": "10:20–10:30",
    }
