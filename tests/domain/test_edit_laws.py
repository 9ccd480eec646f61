"""The laws of re-timing, on random programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import any_edits, instants, laws, programs, pushing_edits, tidy_programs

from app.domain import edits
from app.domain.changes import stamped
from app.domain.errors import AgendaError, EditRefused
from app.domain.merge import undo
from app.domain.program import Program, Session

MINUTE = timedelta(minutes=1)


def shown(program: Program, edit: edits.Edit, now: datetime) -> edits.Preview:
    """The preview; an edit that is refused outright is no example."""
    try:
        return edits.preview(program, edit, now)
    except AgendaError:
        assume(False)
        raise


def length(session: Session) -> timedelta:
    return session.end - session.start


def meet(one: Session, other: Session) -> bool:
    return one.room == other.room or None in (one.room, other.room)


def apart(one: Session, other: Session) -> bool:
    return not meet(one, other) or one.end <= other.start or other.end <= one.start


def named_in(edit: edits.Edit) -> set[str]:
    """The sessions that an edit names, as its subject or as a choice."""
    names = {getattr(edit, field, "") for field in ("session", "first", "second")}
    return names | {name for name, _ in getattr(edit, "shorten", ())} | set(getattr(edit, "push", ()))


def unstamped(program: Program) -> Program:
    bare = (replace(session, sequence=0, created_at=None, changed_at=None) for session in program.sessions)
    return replace(program, sessions=tuple(bare), dates_changed_at=None)


@laws
@given(st.data())
def test_no_session_is_lost_or_doubled(data: st.DataObject) -> None:
    """No edit adds, drops or doubles a session."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    preview = shown(program, data.draw(any_edits(program)), data.draw(instants(program)))
    assert sorted(one.id for one in preview.after.sessions) == sorted(one.id for one in program.sessions)


@laws
@given(st.data())
def test_a_push_keeps_lengths_but_of_elastic_sessions(data: st.DataObject) -> None:
    """Durations are kept but for elastic ones, those the edit names, and the one that is on."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    edit, now = data.draw(pushing_edits(program)), data.draw(instants(program))
    preview = shown(program, edit, now)
    kept = [
        one for one in program.sessions if not (one.elastic or one.id in named_in(edit) or one.start <= now < one.end)
    ]
    assert [length(preview.after.session(one.id)) for one in kept] == [length(one) for one in kept]


@laws
@given(st.data())
def test_an_elastic_session_gives_way_no_further_than_its_least_length(data: st.DataObject) -> None:
    """An elastic session keeps its end as long as it can, and at least its least length."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    edit, now = data.draw(pushing_edits(program)), data.draw(instants(program))
    preview = shown(program, edit, now)
    for one in program.sessions:
        after = preview.after.session(one.id)
        if one.elastic and after.start > one.start > now and one.id not in named_in(edit):
            least = min(length(one), one.min_minutes * MINUTE)
            assert after.end == max(one.end, after.start + least)


@laws
@given(st.data())
def test_a_delay_keeps_the_order_in_a_room(data: st.DataObject) -> None:
    """What began earlier in a room than another begins no later than it after a delay."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    edit, now = data.draw(pushing_edits(program)), data.draw(instants(program))
    assume(isinstance(edit, edits.Delay | edits.Extend) and getattr(edit, "minutes", 0) >= 0)
    preview = shown(program, edit, now)
    assume(preview.publishable)
    for one, other in combinations([one for one in program.sessions if not one.cancelled], 2):
        if meet(one, other) and one.start < other.start and other.end > now:
            assert preview.after.session(one.id).start <= preview.after.session(other.id).start


@laws
@given(st.data())
def test_a_pinned_session_stays_unless_it_is_named(data: st.DataObject) -> None:
    """A pinned session never moves but by its own name."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    edit = data.draw(any_edits(program))
    preview = shown(program, edit, data.draw(instants(program)))
    pinned = [one for one in program.sessions if one.pinned and one.id not in named_in(edit)]
    assert [preview.after.session(one.id).slot for one in pinned] == [one.slot for one in pinned]


@laws
@given(st.data())
def test_what_is_over_never_moves(data: st.DataObject) -> None:
    """What is over keeps its time; but the one that the edit says is still on, or cancelled before it could be over."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    edit, now = data.draw(any_edits(program)), data.draw(instants(program))
    preview = shown(program, edit, now)
    over = [one for one in program.sessions if one.end <= now and one.id not in named_in(edit)]
    assert [preview.after.session(one.id).slot for one in over] == [one.slot for one in over]


@laws
@given(st.data())
def test_what_is_on_keeps_its_start(data: st.DataObject) -> None:
    """A delay of what is on, and of what comes after it, leaves its start; two in one room may both be on."""
    program = data.draw(tidy_programs())
    edit, now = data.draw(pushing_edits(program)), data.draw(instants(program))
    assume(isinstance(edit, edits.Delay | edits.Extend) and program.session(edit.session).end > now)
    preview = shown(program, edit, now)
    on = [one for one in program.sessions if one.start <= now < one.end]
    assert [preview.after.session(one.id).start for one in on] == [one.start for one in on]


@laws
@given(st.data())
def test_a_publishable_edit_lays_no_session_over_another(data: st.DataObject) -> None:
    """Sessions of one room that were apart are apart after it; what lay over each other before is no hindrance."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    edit, now = data.draw(any_edits(program)), data.draw(instants(program))
    preview = shown(program, edit, now)
    assume(preview.publishable)
    for one, other in combinations([one for one in program.sessions if not one.cancelled], 2):
        if apart(one, other):
            assert apart(preview.after.session(one.id), preview.after.session(other.id))


@laws
@given(st.data())
def test_a_session_is_pushed_only_as_far_as_the_one_before_it_pushes(data: st.DataObject) -> None:
    """Where one thing at a time is on, a pushed session begins at the very end of another in its place."""
    program = data.draw(tidy_programs())
    edit, now = data.draw(pushing_edits(program)), data.draw(instants(program))
    assume(isinstance(edit, edits.Delay | edits.Extend))
    preview = shown(program, edit, now)
    for change in preview.changes:
        pushed = preview.after.session(change.session)
        if pushed.start > program.session(pushed.id).start and pushed.id not in named_in(edit):
            assert pushed.start in {
                one.end for one in preview.after.sessions if meet(one, pushed) and not one.cancelled
            }


@laws
@given(st.data())
def test_a_delay_of_nothing_changes_nothing(data: st.DataObject) -> None:
    """Delay 0 is the program as it was."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    edit = edits.Delay(data.draw(st.sampled_from(program.sessions)).id, 0)
    preview = shown(program, edit, data.draw(instants(program)))
    assert (preview.after, preview.publishable) == (program, True)


@laws
@given(st.data())
def test_undo_gives_back_the_program(data: st.DataObject) -> None:
    """The program without what the latest revision changed is, but for its stamps, the one before."""
    program = stamped(None, data.draw(programs().filter(lambda one: one.sessions)), datetime(2025, 1, 1, tzinfo=UTC), 1)
    now = data.draw(instants(program))
    after = stamped(program, shown(program, data.draw(any_edits(program)), now).after, now, 2)
    assert unstamped(undo(2, {1: program, 2: after})) == unstamped(program)


@laws
@given(st.data())
def test_every_way_out_can_be_published(data: st.DataObject) -> None:
    """What a refusal or a clash offers is an edit that succeeds, and says so in a sentence."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    edit, now = data.draw(any_edits(program)), data.draw(instants(program))
    try:
        ways = edits.preview(program, edit, now).ways_out
    except EditRefused as refusal:
        ways = refusal.ways_out
    except AgendaError:
        ways = ()
    previews = [edits.preview(program, way.edit, now) for way in ways]
    assert [one.publishable for one in previews] == [True] * len(ways)
    assert all(way.sentence.endswith(".") for way in ways)
    assert [way.organizer_only for way in ways] == [bool(getattr(way.edit, "push", ())) for way in ways]


@laws
@given(st.data())
def test_an_edit_that_can_be_published_offers_no_way_out(data: st.DataObject) -> None:
    """Ways out are for clashes alone."""
    program = data.draw(programs().filter(lambda one: one.sessions))
    preview = shown(program, data.draw(any_edits(program)), data.draw(instants(program)))
    assert not (preview.publishable and preview.ways_out)
