"""The laws of re-timing, on random programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.edit_strategies import ABSENT, ADD, CONTENT, DELAYS, EVERYWHERE, PUSHING, REORDER, edits_of, previews
from support.strategies import examples, instants_near, programs, tidy_programs

from app.domain.change_stamps import with_stamps
from app.domain.conference_day import conference_day
from app.domain.edits import edit_types as edits
from app.domain.edits.outcome import EditRefused, Preview
from app.domain.edits.preview import preview
from app.domain.edits.restore import as_it_stood
from app.domain.edits.three_way_merge import undo
from app.domain.errors import AgendaError
from app.domain.program import Program
from app.domain.session import Session, Slot
from app.domain.timeline import Timeline

MINUTE = timedelta(minutes=1)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
Drawn = tuple[Preview, datetime]
# The edits that place the sessions that they name, each with its own length.
PLACED = edits.Swap | edits.Reorder | edits.Absent

law = examples(60)
# Few random days have a run to reorder, or a talk that follows in the room.
law_of_some = examples(60, suppress_health_check=[HealthCheck.filter_too_much])


def meet(one: Session, other: Session) -> bool:
    return one.room == other.room or None in (one.room, other.room)


def apart(one: Session, other: Session) -> bool:
    # A session without length overlaps nothing.
    return not meet(one, other) or min(one.end, other.end) <= max(one.start, other.start)


def live(program: Program) -> list[Session]:
    return [session for session in program.sessions if not session.cancelled]


def named_in(edit: edits.Edit) -> set[str]:
    """The sessions that an edit names: those it is about, those it shortens, and pinned ones it may push."""
    names = {getattr(edit, field, "") for field in ("session", "first", "second")}
    names |= {name for name, _ in getattr(edit, "shorten", ())}
    return names.union(*(getattr(edit, field, ()) for field in ("sessions", "push", "squeeze")))


def new_sessions(preview: Preview) -> list[Session]:
    return [one for one in preview.after.sessions if one.id not in preview.before.sessions_by_id]


def given_way(edit: edits.Pushing) -> set[str]:
    """The sessions that an edit shortens or squeezes."""
    return {name for name, _ in edit.shorten} | edit.squeeze


def placed(edit: edits.Pushing) -> set[str]:
    """The sessions that an edit puts in another's place."""
    return {getattr(edit, "first", ""), getattr(edit, "second", ""), *getattr(edit, "sessions", ())}


def unstamped(program: Program) -> Program:
    bare = (replace(session, sequence=0, created_at=None, changed_at=None) for session in program.sessions)
    return replace(program, sessions=tuple(bare), dates_changed_at=None)


@law
@given(previews(programs(least=1)))
def test_no_session_is_lost_or_doubled(drawn: Drawn) -> None:
    """No edit drops or doubles a session, and only the one that adds a session has one more."""
    preview, _ = drawn
    added = [one.id for one in new_sessions(preview)]
    assert len(added) == isinstance(preview.edit, edits.AddSession)
    assert sorted(one.id for one in preview.after.sessions) == sorted(
        [*(one.id for one in preview.before.sessions), *added]
    )


@law
@given(previews(programs(least=1), PUSHING))
def test_a_push_keeps_lengths_but_of_elastic_sessions(drawn: Drawn) -> None:
    """Durations are kept but for elastic ones, those that the edit names, and what is on."""
    preview, now = drawn
    named = named_in(preview.edit) if not isinstance(preview.edit, PLACED) else given_way(preview.edit)
    kept = [
        one for one in preview.before.sessions if not (one.elastic or one.id in named or one.start <= now < one.end)
    ]
    assert [preview.after.session(one.id).slot.length for one in kept] == [one.slot.length for one in kept]


@law
@given(previews(programs(least=1), DELAYS))
def test_an_elastic_session_gives_way_at_its_front_down_to_its_least_length(drawn: Drawn) -> None:
    """A pushed elastic session keeps its end, unless it would be shorter than its least length."""
    preview, now = drawn
    for one in preview.before.sessions:
        after = preview.after.session(one.id)
        if one.elastic and after.start > one.start > now and one.id not in named_in(preview.edit):
            least = min(one.slot.length, (one.min_minutes or 0) * MINUTE)
            assert after.end == max(one.end, after.start + least)


@law
@given(previews(programs(least=1), DELAYS))
def test_a_delay_keeps_the_order_in_a_room(drawn: Drawn) -> None:
    """Of two sessions in a room, the one that began earlier begins no later than the other after a delay."""
    preview, now = drawn
    for one, other in combinations(live(preview.before), 2):
        if preview.publishable and meet(one, other) and one.start < other.start and other.end > now:
            assert preview.after.session(one.id).start <= preview.after.session(other.id).start


@law
@given(previews(programs(least=1)))
def test_a_pinned_session_stays_unless_it_is_named(drawn: Drawn) -> None:
    """A pinned session moves only if the edit names it."""
    preview, _ = drawn
    pinned = [one for one in preview.before.sessions if one.pinned and one.id not in named_in(preview.edit)]
    assert [preview.after.session(one.id).slot for one in pinned] == [one.slot for one in pinned]


@law
@given(previews(programs(least=1)))
def test_what_is_over_never_moves(drawn: Drawn) -> None:
    """Sessions that are over keep their slot, except for the one that the edit says is still on."""
    preview, now = drawn
    over = [one for one in preview.before.sessions if one.end <= now and one.id not in named_in(preview.edit)]
    assert [preview.after.session(one.id).slot for one in over] == [one.slot for one in over]


@law
@given(previews(programs(least=1), DELAYS))
def test_what_is_on_keeps_its_start(drawn: Drawn) -> None:
    """A delay keeps the start of sessions that are on, unless it delays one whose end has passed."""
    preview, now = drawn
    if preview.before.session(preview.edit.session).end > now:  # type: ignore[union-attr]
        on = [one for one in preview.before.sessions if one.start <= now < one.end]
        assert [preview.after.session(one.id).start for one in on] == [one.start for one in on]


@law
@given(previews(programs(least=1)))
def test_a_publishable_edit_causes_no_new_overlap(drawn: Drawn) -> None:
    """Sessions that did not overlap before do not overlap after it; overlaps from before are allowed."""
    preview, _ = drawn
    for one, other in combinations(live(preview.before), 2):
        if preview.publishable and apart(one, other):
            assert apart(preview.after.session(one.id), preview.after.session(other.id))


@law
@given(previews(programs(least=1)))
def test_an_edit_leaves_whole_minutes(drawn: Drawn) -> None:
    """``now`` is cut to the minute, and so are all instants derived from it."""
    preview, _ = drawn
    instants = [instant for one in preview.after.sessions for instant in (one.start, one.end)]
    instants += [one.until for one in preview.after.announcements]
    assert [(instant.second, instant.microsecond) for instant in instants] == [(0, 0)] * len(instants)


@law
@given(previews(tidy_programs(), DELAYS))
def test_a_session_is_pushed_only_as_far_as_the_one_before_it_pushes(drawn: Drawn) -> None:
    """Without overlaps, a pushed session begins exactly at the end of another one in its room."""
    preview, _ = drawn
    for change in preview.changes:
        pushed = preview.after.session(change.session)
        if pushed.start > preview.before.session(pushed.id).start and pushed.id not in named_in(preview.edit):
            assert pushed.start in {one.end for one in live(preview.after) if meet(one, pushed)}


@law
@given(programs(least=1), st.data())
def test_a_delay_of_nothing_changes_nothing(program: Program, data: st.DataObject) -> None:
    """A delay of 0 minutes leaves the program equal."""
    now = data.draw(instants_near(program))
    for session in live(program):
        if session.end > now and not session.pinned:
            shown = preview(program, edits.Delay(session.id, 0), now)
            assert (shown.after, shown.publishable) == (program, True)


@law
@given(previews(programs(least=1)))
def test_undo_gives_back_the_program(drawn: Drawn) -> None:
    """Undoing the latest revision gives the program before it, except for stamps."""
    preview, now = drawn
    first = with_stamps(None, preview.before, LONG_AGO, 1)
    second = with_stamps(first, preview.after, now, 2)
    undone = unstamped(undo(2, {1: first, 2: second}))
    added = {one.id for one in new_sessions(preview)}
    assert [one.cancelled for one in undone.sessions if one.id in added] == [True] * len(added)
    before = tuple(one for one in undone.sessions if one.id not in added)
    assert replace(undone, sessions=before) == unstamped(first)


@law
@given(programs(least=1), st.data())
def test_every_way_out_can_be_published(program: Program, data: st.DataObject) -> None:
    """Every suggestion of a refusal or a clash is an edit that can be published, with a sentence."""
    now = data.draw(instants_near(program))
    try:
        ways = preview(program, data.draw(edits_of(program, now)), now).suggestions
    except EditRefused as refusal:
        ways = refusal.suggestions
    except AgendaError:
        ways = ()
    assert [preview(program, way.edit, now).publishable for way in ways] == [True] * len(ways)
    assert [way.sentence[-1:] for way in ways] == ["."] * len(ways)
    assert [
        preview(program, way.edit, now).after for way in ways if preview(program, way.edit, now).after == program
    ] == []


@law_of_some
@given(previews(tidy_programs(), PUSHING))
def test_an_edit_that_clashes_has_a_way_out(drawn: Drawn) -> None:
    """It has a suggestion, unless it brings a session forward into the one right before it; one that can be published
    has none.
    """
    preview, _ = drawn
    forward = getattr(preview.edit, "minutes", 0) < 0
    assert preview.publishable or preview.suggestions or forward
    assert not (preview.publishable and preview.suggestions)


@law_of_some
@given(previews(programs(least=1), ABSENT))
def test_who_is_absent_follows_the_talk_that_takes_their_place(drawn: Drawn) -> None:
    """The next talk of the room begins at the absent one's start or now, and that one begins at its end or later."""
    preview, now = drawn
    name = preview.edit.session  # type: ignore[union-attr]
    before, after = preview.before.session(name), preview.after.session(name)
    talks = [one for one in preview.before.sessions if one.kind in {"talk", "contributed"} and one.room == before.room]
    free = [
        one for one in talks if not (one.cancelled or one.pinned) and one.start >= before.end and one.start < one.end
    ]
    instead = preview.after.session(next(one for one in free if one.start > now).id)
    minute = now.replace(second=0, microsecond=0)
    late = minute - before.start > 5 * MINUTE or before.start + instead.slot.length <= minute
    assert instead.start == (minute if late else before.start)
    assert not preview.publishable or after.start >= instead.end or after.slot.length == timedelta(0)
    assert [one.cancelled for one in preview.after.sessions] == [
        preview.before.session(one.id).cancelled for one in preview.after.sessions
    ]


@law_of_some
@given(previews(programs(least=1), REORDER))
def test_reordered_sessions_come_in_the_order_that_was_said(drawn: Drawn) -> None:
    """The starts of the sessions that a reorder names are in its order."""
    preview, _ = drawn
    starts = [preview.after.session(name).start for name in preview.edit.sessions]  # type: ignore[union-attr]
    assert starts == sorted(starts) or not preview.publishable


@law_of_some
@given(previews(programs(least=1), ADD))
def test_an_added_session_is_where_it_was_put_with_its_length_and_in_nobodys_way(drawn: Drawn) -> None:
    """It has the length that was said, is not over, and overlaps nothing in its room when it can be published."""
    preview, now = drawn
    [new] = new_sessions(preview)
    shortened = dict(preview.edit.shorten).get(new.id)  # type: ignore[union-attr]
    assert shortened is None
    assert new.slot.length == preview.edit.minutes * MINUTE  # type: ignore[union-attr]
    assert new.start >= now.replace(second=0, microsecond=0)
    others = [one for one in live(preview.after) if one.id != new.id]
    assert not preview.publishable or all(apart(new, one) for one in others)


@law
@given(previews(programs(least=1), CONTENT))
def test_content_moves_nothing(drawn: Drawn) -> None:
    """A change of content keeps every session's time, room and status."""
    preview, _ = drawn

    def places(program: Program) -> list[tuple[str, Slot, bool]]:
        return [(one.id, one.slot, one.cancelled) for one in program.sessions]

    assert (places(preview.after), preview.clashes) == (places(preview.before), ())


@law_of_some
@given(previews(programs(least=1), EVERYWHERE))
def test_a_delay_of_all_rooms_delays_what_is_on_or_next_in_each(drawn: Drawn) -> None:
    """Of what is on or next in each room that day, the start moves if it has not begun, else the end."""
    preview, now = drawn
    minute = now.replace(second=0, microsecond=0)
    rooms = Timeline(preview.before).moment(minute).rooms
    late = {one.id: one for one in (room.now or room.next for room in rooms) if one is not None}
    first = conference_day(preview.before, min(one.start for one in late.values()))
    for one in late.values():
        after = preview.after.session(one.id)
        if one.start <= minute:
            assert after.start == one.start
        elif conference_day(preview.before, one.start) == first:
            assert after.start - one.start >= preview.edit.minutes * MINUTE  # type: ignore[union-attr]


@law
@given(previews(programs(least=1), PUSHING))
def test_a_squeezed_session_begins_late_and_ends_on_time(drawn: Drawn) -> None:
    """It keeps its end, and is no shorter than its least length."""
    preview, _ = drawn
    for name in preview.edit.squeeze - preview.edit.push:  # type: ignore[union-attr]
        before, after = preview.before.session(name), preview.after.session(name)
        if after.start > before.start and name not in {getattr(preview.edit, "session", ""), *placed(preview.edit)}:
            least = min(before.slot.length, (before.min_minutes or 0) * MINUTE)
            assert (after.end, after.slot.length >= least) == (before.end, True)


@law
@given(previews(programs(least=1)), st.data())
def test_the_day_as_it_stood_has_the_times_of_then_for_what_has_not_ended(drawn: Drawn, data: st.DataObject) -> None:
    """What has ended keeps its time, what was added is cancelled, content stays, and going back twice is once."""
    preview, now = drawn
    later = now + MINUTE * data.draw(st.integers(0, 120))
    try:
        back = as_it_stood(preview.before, preview.after, later)
    except EditRefused:
        return
    minute = later.replace(second=0, microsecond=0)
    for one in preview.after.sessions:
        then, after = preview.before.sessions_by_id.get(one.id), back.session(one.id)
        if one.end <= minute:
            assert after == one
        elif then is None:
            assert after == replace(one, cancelled=True)
        elif then.end <= minute < one.start:
            assert after == replace(one, cancelled=then.cancelled)
        else:
            assert after == replace(one, slot=then.slot, cancelled=then.cancelled, ended_by_hand=then.ended_by_hand)
    assert back.announcements == preview.after.announcements
    assert as_it_stood(preview.before, back, later) == back
