"""Deadlines of many connections by one timer."""

from __future__ import annotations

from passing_time import Loop, as_loop

from app.live.deadlines import STEP_SECONDS, Deadlines


class Connection:
    """Notes when its deadline is checked."""

    def __init__(self, loop: Loop, *, fails: bool = False) -> None:
        self.loop, self.fails = loop, fails
        self.checked: list[float] = []

    def check_deadline(self) -> None:
        self.checked.append(self.loop.now)
        if self.fails:
            raise RuntimeError


def test_a_deadline_is_checked_once_at_the_step_after_it() -> None:
    loop, deadlines = Loop(), Deadlines()
    one = Connection(loop)
    deadlines.check_later(one, as_loop(loop), 1.2)
    loop.pass_to(1.2)
    assert one.checked == []
    loop.pass_to(10)
    assert one.checked == [1.5]


def test_one_timer_serves_all_and_none_is_left_when_nothing_waits() -> None:
    loop, deadlines = Loop(), Deadlines()
    for seconds in (1, 2, 3):
        deadlines.check_later(Connection(loop), as_loop(loop), seconds)
    assert len(loop.timers) == 1
    loop.pass_to(10)
    assert loop.timers == []


def test_what_is_taken_from_its_group_is_not_checked() -> None:
    loop, deadlines = Loop(), Deadlines()
    one, other = Connection(loop), Connection(loop)
    deadlines.check_later(one, as_loop(loop), 1).discard(one)
    deadlines.check_later(other, as_loop(loop), 1)
    loop.pass_to(10)
    assert (one.checked, other.checked) == ([], [1.0])


def test_a_check_that_fails_stops_no_other() -> None:
    loop, deadlines = Loop(), Deadlines()
    many = [Connection(loop, fails=number == 0) for number in range(3)]
    for one in many:
        deadlines.check_later(one, as_loop(loop), STEP_SECONDS)
    late = Connection(loop)
    deadlines.check_later(late, as_loop(loop), 5)
    loop.pass_to(10)
    assert [len(one.checked) for one in (*many, late)] == [1, 1, 1, 1]
    assert len(loop.failures) == 1


def test_a_check_may_ask_to_be_checked_again() -> None:
    loop, deadlines = Loop(), Deadlines()

    class Again(Connection):
        def check_deadline(self) -> None:
            super().check_deadline()
            if len(self.checked) < 3:
                deadlines.check_later(self, as_loop(loop), 1)

    one = Again(loop)
    deadlines.check_later(one, as_loop(loop), 1)
    loop.pass_to(10)
    assert one.checked == [1.0, 2.0, 3.0]
