"""Whatever is done to a line-up while it goes on, nobody who waits in it is lost, as a property of random days."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from support.codeml_day import at
from support.line_ups import DEMOS, NAMES, day
from support.strategies import examples

from app.domain.edits.edit_types import AddItem, Edit, ItemAbsent, OrderItems, RemoveItem, Step
from app.domain.edits.lineup_edits import next_step, step_back
from app.domain.edits.lineup_keeping import keeping_line_ups
from app.domain.edits.outcome import EditRefused
from app.domain.edits.preview import preview
from app.domain.edits.three_way_merge import undo
from app.domain.errors import UnknownName
from app.domain.lineup import is_by_hand, line_up, place_at, places_to_come
from app.domain.program import Program
from app.domain.session import Session

ITEMS = st.sampled_from([*(f"item-{name}" for name in NAMES), "g", "g-2"])


class LineUp(RuleBasedStateMachine):
    """A line-up of six from 11:00 to 11:30, with all its revisions."""

    def __init__(self) -> None:
        super().__init__()
        self.now = at("10:58")
        self.programs: dict[int, Program] = {1: day()}
        self.steps: set[int] = set()
        self.undone: set[int] = set()
        self.was_on: set[str] = set()
        self.passed: set[str] = set()

    @property
    def session(self) -> Session:
        return self.programs[len(self.programs)].session(DEMOS)

    def publish(self, after: Program) -> int:
        number = len(self.programs) + 1
        self.programs[number] = after
        return number

    def edit(self, edit: Edit) -> None:
        try:
            after = preview(self.programs[len(self.programs)], edit, self.now).after
        except (EditRefused, UnknownName):
            return
        number = self.publish(after)
        if isinstance(edit, Step):
            self.steps.add(number)

    def step(self, edit: Step) -> None:
        """A step; whom it passes over by name is no longer waited for, and by one to an earlier one is again."""
        before = {place.item.id for place in places_to_come(self.session, self.now)}
        self.edit(edit)
        to_come = {place.item.id for place in places_to_come(self.session, self.now)}
        self.passed = (self.passed | (before - to_come)) - to_come

    @rule(minutes=st.integers(1, 4))
    def minutes_pass(self, minutes: int) -> None:
        for _ in range(minutes):
            self.now += timedelta(minutes=1)
            self.note_what_is_on()

    @rule()
    def begin_the_next(self) -> None:
        try:
            edit = next_step(self.programs[len(self.programs)], self.session, self.now)
        except EditRefused:
            return
        self.step(edit)

    @rule()
    def go_back(self) -> None:
        try:
            edit = step_back(self.programs[len(self.programs)], self.session, self.now)
        except EditRefused:
            return
        self.step(edit)

    @rule(item=ITEMS)
    def step_to(self, item: str) -> None:
        self.step(Step(DEMOS, item))

    @rule(item=ITEMS, absent=st.booleans())
    def absent_or_present(self, item: str, absent: bool) -> None:
        self.edit(ItemAbsent(DEMOS, item, absent=absent))

    @rule(after=st.one_of(st.none(), ITEMS), minutes=st.integers(1, 6))
    def add(self, after: str | None, minutes: int) -> None:
        self.edit(AddItem(DEMOS, "g", minutes, after=after))

    @rule(item=ITEMS)
    def remove(self, item: str) -> None:
        self.edit(RemoveItem(DEMOS, item))

    @precondition(lambda self: len(places_to_come(self.session, self.now)) > 1)
    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        ids = [place.item.id for place in places_to_come(self.session, self.now)]
        self.edit(OrderItems(DEMOS, tuple(data.draw(st.permutations(ids)))))

    @precondition(lambda self: len(self.programs) > 1)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(2, len(self.programs)))
        if number in self.steps | self.undone:
            return
        latest = self.programs[len(self.programs)]
        since = {one: program for one, program in self.programs.items() if one >= number - 1}
        try:
            after = keeping_line_ups(latest, undo(number, since), self.now)
        except EditRefused:
            return
        self.publish(after)
        self.undone.add(number)

    @invariant()
    def note_what_is_on(self) -> None:
        on = place_at(self.session, self.now)
        if on is not None:
            self.was_on.add(on.item.id)
            self.passed.discard(on.item.id)

    @invariant()
    def who_waits_is_to_come(self) -> None:
        if not self.session.start <= self.now < self.session.end:
            return
        here = {place.item.id for place in line_up(self.session)}
        to_come = {place.item.id for place in places_to_come(self.session, self.now)}
        assert here - self.was_on - self.passed - to_come == set()

    @invariant()
    def what_was_on_last_by_hand_is_on(self) -> None:
        steps = self.session.steps
        here = {place.item.id for place in line_up(self.session)}
        if is_by_hand(self.session) and steps[-1].item in here and self.session.start <= self.now < self.session.end:
            on = place_at(self.session, self.now)
            assert on is not None
            assert on.item.id == steps[-1].item


TestLineUp = LineUp.TestCase
TestLineUp.settings = examples(60, stateful_step_count=30)
