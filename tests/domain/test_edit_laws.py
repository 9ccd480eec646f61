"""The laws of re-timing, on random programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from support.edit_strategies import DELAYS, PUSHING, edits_of, previews
from support.strategies import examples, instants_near, programs, tidy_programs

from app.domain.change_stamps import with_stamps
from app.domain.edits import edit_types as edits
from app.domain.edits.outcome import EditRefused, Preview
from app.domain.edits.preview import preview
from app.domain.edits.three_way_merge import undo
from app.domain.errors import AgendaError
from app.domain.program import Program
from app.domain.session import Session

MINUTE = timedelta(minutes=1)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
Drawn = tuple[Preview, datetime]

law = examples(60)


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
    return names | {name for name, _ in getattr(edit, "shorten", ())} | set(getattr(edit, "push", ()))


def unstamped(program: Program) -> Program:
    bare = (replace(session, sequence=0, created_at=None, changed_at=None) for session in program.sessions)
    return replace(program, sessions=tuple(bare), dates_changed_at=None)


@law
@given(previews(programs(least=1)))
def test_no_session_is_lost_or_doubled(drawn: Drawn) -> None:
    """No edit adds, drops or doubles a session."""
    preview, _ = drawn
    assert sorted(one.id for one in preview.after.sessions) == sorted(one.id for one in preview.before.sessions)


@law
@given(previews(programs(least=1), PUSHING))
def test_a_push_keeps_lengths_but_of_elastic_sessions(drawn: Drawn) -> None:
    """Durations are kept but for elastic ones, those that the edit names, and what is on."""
    preview, now = drawn
    named = named_in(preview.edit)
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
def test_an_edit_leaves_whole_seconds(drawn: Drawn) -> None:
    """``now`` is cut to the second, and so are all instants derived from it."""
    preview, _ = drawn
    instants = [instant for one in preview.after.sessions for instant in (one.start, one.end)]
    instants += [one.until for one in preview.after.announcements]
    assert [instant.microsecond for instant in instants] == [0] * len(instants)


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
    assert unstamped(undo(2, {1: first, 2: second})) == unstamped(first)


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
    assert [way.organizer_only for way in ways] == [bool(getattr(way.edit, "push", ())) for way in ways]


@law
@given(previews(tidy_programs(), DELAYS))
def test_a_clash_with_a_pinned_session_has_a_way_out(drawn: Drawn) -> None:
    """An edit that clashes has at least one suggestion, and one that can be published has none."""
    preview, _ = drawn
    assert preview.publishable or preview.suggestions
    assert not (preview.publishable and preview.suggestions)
