"""A lane: few threads, a bounded queue, and no work for those who have gone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from support.coroutine_thread import run_in_own_thread
from werkzeug.exceptions import ClientDisconnected

from app.server.lanes import Lane, LaneFull

WITHIN_SECONDS = 30
Scenario = Callable[[Lane], Awaitable[None]]


def run(scenario: Scenario, *, most_waiting: int = 2, longest_wait_seconds: float = WITHIN_SECONDS) -> None:
    """Run a scenario with a lane that has one thread."""

    async def within() -> None:
        lane = Lane("test", 1, most_waiting, longest_wait_seconds)
        async with asyncio.timeout(WITHIN_SECONDS):
            await scenario(lane)
        lane.close()

    run_in_own_thread(within())


async def stays() -> None:
    """A client who waits for the response."""
    await asyncio.Event().wait()


class Work:
    """Work that ends when the test says so."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        self.may_end.wait(WITHIN_SECONDS)
        return "done"


async def begun(lane: Lane, work: Work, client: Callable[[], Awaitable[None]] = stays) -> asyncio.Task[str]:
    """A request that has come to the lane."""
    task = asyncio.create_task(lane.run(work, client))
    await asyncio.sleep(0)
    return task


def test_work_beyond_the_threads_waits_and_is_done_in_its_order() -> None:
    async def scenario(lane: Lane) -> None:
        order: list[int] = []
        first = Work()
        tasks = [await begun(lane, first)]
        tasks += [asyncio.create_task(lane.run(lambda n=n: order.append(n), stays)) for n in range(2)]
        await asyncio.sleep(0)
        assert order == []
        first.may_end.set()
        await asyncio.gather(*tasks)
        assert order == [0, 1]

    run(scenario)


def test_what_does_not_fit_in_the_queue_is_refused_at_once() -> None:
    async def scenario(lane: Lane) -> None:
        works = [Work() for _ in range(3)]
        tasks = [await begun(lane, work) for work in works]
        with pytest.raises(LaneFull):
            await lane.run(Work(), stays)
        for work in works:
            work.may_end.set()
        assert await asyncio.gather(*tasks) == ["done"] * 3

    run(scenario)


def test_who_waits_too_long_is_refused() -> None:
    async def scenario(lane: Lane) -> None:
        first = Work()
        task = await begun(lane, first)
        late = Work()
        with pytest.raises(LaneFull):
            await lane.run(late, stays)
        first.may_end.set()
        await task
        assert not late.begun.is_set()

    run(scenario, longest_wait_seconds=0)


def test_work_for_a_client_who_has_gone_is_not_begun() -> None:
    async def scenario(lane: Lane) -> None:
        first, left, gone = Work(), Work(), asyncio.Event()
        task = await begun(lane, first)
        waiting = await begun(lane, left, gone.wait)
        gone.set()
        with pytest.raises(ClientDisconnected):
            await waiting
        first.may_end.set()
        assert await task == "done"
        assert await lane.run(lambda: "next", stays) == "next"
        assert not left.begun.is_set()

    run(scenario)


@pytest.mark.parametrize("cancelled", [0, 1])
def test_a_cancelled_request_gives_its_place_to_the_next(cancelled: int) -> None:
    async def scenario(lane: Lane) -> None:
        works = [Work(), Work()]
        tasks = [await begun(lane, work) for work in works]
        tasks[cancelled].cancel()
        for work in works:
            work.may_end.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert await lane.run(lambda: "next", stays) == "next"

    run(scenario)


def test_work_that_fails_frees_its_thread() -> None:
    async def scenario(lane: Lane) -> None:
        def fail() -> None:
            raise ValueError("no")

        for _ in range(2):
            with pytest.raises(ValueError, match="no"):
                await lane.run(fail, stays)

    run(scenario)
