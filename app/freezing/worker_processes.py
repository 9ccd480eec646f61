"""Makes the files of a copy in processes of their own, as many as there are cores, forked from this one.

Each has the program, the templates and what is kept of them from this process, and none outlives it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

from app.freezing.copy_folder import CannotFreeze

# More share a disk, and each may take as much memory as the service.
MOST_PROCESSES = 8
# Of fewer files the processes would take longer to begin than they save.
FEWEST_FILES = 48
# So many addresses go to a process at once, in their order: the two codes of a session are made by the same one.
BATCH = 4
# The largest file, all pages of ten thousand sessions for phones, takes a tenth of it.
LONGEST_BATCH_SECONDS = 600

Make = Callable[[str], Any]
LetGo = Callable[[], None]
MakeAll = Callable[[Sequence[str]], Iterator[Any]]

# What the forked processes make: set before they begin, since no process can be sent an app.
_make: Make | None = None


def usable_processes() -> int:
    """How many processes this machine has cores for; 1 where they cannot be forked."""
    # The frameworks of macOS do not hold after a fork.
    if sys.platform == "darwin" or "fork" not in multiprocessing.get_all_start_methods():
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_PROCESSES)


@contextmanager
def making(make: Make, let_go: Sequence[LetGo], processes: int) -> Iterator[MakeAll]:
    """A function that makes many, in so many processes; what comes of each is given in order.

    ``make`` is called in this process where there is but one, or few to be made. A forked process calls ``let_go`` for
    what is this one's alone. Raises `CannotFreeze` where a process cannot begin, ends or hangs. No other thread should
    run: a process is forked with the locks that threads hold.
    """
    if processes == 1:
        yield lambda addresses: map(make, addresses)
        return
    workers = _Workers(make, let_go, processes)
    try:
        yield lambda addresses: workers.make_all(addresses) if len(addresses) >= FEWEST_FILES else map(make, addresses)
    except BaseException:
        workers.kill()
        raise
    finally:
        workers.close()


class _Workers:
    """Processes that make files; they are forked when there are many to be made."""

    def __init__(self, make: Make, let_go: Sequence[LetGo], processes: int) -> None:
        self._make = make
        self._pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _begin, (let_go,))
        self._processes: list[BaseProcess] = []

    def make_all(self, addresses: Sequence[str]) -> Iterator[Any]:
        """What comes of each address; raises `CannotFreeze`."""
        self._fork()
        batches = [addresses[at : at + BATCH] for at in range(0, len(addresses), BATCH)]
        try:
            waiting = deque((batch, self._pool.submit(_make_batch, batch)) for batch in batches)
            while waiting:
                batch, made = waiting.popleft()
                if not wait([made], LONGEST_BATCH_SECONDS).done:
                    raise CannotFreeze(f"{', '.join(batch)}: not made after {LONGEST_BATCH_SECONDS} seconds")
                yield from made.result()
        except BrokenProcessPool as error:
            self.close()
            raise CannotFreeze(f"a process that made files {self._end()}") from error

    def _fork(self) -> None:
        """Fork all processes, which the pool does before it starts a thread."""
        global _make
        if self._processes:
            return
        _make, others = self._make, multiprocessing.active_children()
        try:
            self._pool.submit(_make_batch, ())
        # A thread that cannot be started is a RuntimeError.
        except (OSError, RuntimeError) as error:
            self._end_all_but(others)
            said = error.strerror if isinstance(error, OSError) else error
            raise CannotFreeze(f"the processes that make files cannot begin: {said}") from error
        self._processes = _children_but(others)

    def _end_all_but(self, others: Sequence[BaseProcess]) -> None:
        """End those that were forked before it failed: the pool knows none of them."""
        self._processes = _children_but(others)
        self.kill()
        for one in self._processes:
            one.join()

    def _end(self) -> str:
        """How the first of them ended: the pool ends the others by SIGTERM."""
        codes = [one.exitcode for one in self._processes if one.exitcode]
        code = next((code for code in codes if code != -signal.SIGTERM), -signal.SIGTERM if codes else None)
        if code is None:
            return "ended"
        if code > 0:
            return f"ended with status {code}"
        hint = "; is memory short?" if code == -signal.SIGKILL else ""
        return f"was ended by {signal.Signals(-code).name}{hint}"

    def kill(self) -> None:
        """End all processes at once; each file that they wrote is whole."""
        for one in self._processes:
            one.kill()

    def close(self) -> None:
        """Wait until all processes have ended, which have nothing more to do."""
        global _make  # noqa: PLW0603 - see there
        self._pool.shutdown(cancel_futures=True)
        _make = None


def _children_but(others: Sequence[BaseProcess]) -> list[BaseProcess]:
    return [one for one in multiprocessing.active_children() if one not in others]


def _make_batch(addresses: Iterable[str]) -> list[Any]:
    if _make is None:
        raise RuntimeError("this process was not forked to make files")
    return [_make(address) for address in addresses]


def _begin(let_go: Iterable[LetGo]) -> None:
    """Make a forked process one that only makes files: it ends with its parent, which alone heeds signals."""
    # A signal to the parent's group, as of a terminal or a supervisor, lets the freeze be completed.
    os.setpgid(0, 0)
    # Its collector of garbage would go through all that it shares with its parent.
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for one in let_go:
        one()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
