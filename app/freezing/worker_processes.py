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
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from app.freezing.copy_folder import CannotFreeze
from app.store.database import Database

# More share a disk, and each may take as much memory as the service.
MOST_PROCESSES = 8
# Of fewer files the processes would take longer to begin than they save.
FEWEST_FILES = 48
# So many addresses go to a process at once, in their order: the two codes of a session are made by the same one.
BATCH = 4

Make = Callable[[str], Any]
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
def making(make: Make, database: Database, processes: int) -> Iterator[MakeAll]:
    """A function that makes many, in so many processes; what comes of each is given in order.

    ``make`` is called in this process where there is but one, or few to be made.
    """
    global _make  # noqa: PLW0603 - see there
    if processes == 1:
        yield lambda addresses: map(make, addresses)
        return
    _make = make
    # Processes share no connection, nor the service's collector of garbage, which would go through all that they share.
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _begin, (database,))
    try:
        yield lambda addresses: _in_pool(pool, addresses) if len(addresses) >= FEWEST_FILES else map(make, addresses)
    except BrokenProcessPool as error:
        raise CannotFreeze("a process that made files was ended; is memory short?") from error
    finally:
        pool.shutdown(cancel_futures=True)
        _make = None


def _in_pool(pool: ProcessPoolExecutor, addresses: Sequence[str]) -> Iterator[Any]:
    batches = [addresses[at : at + BATCH] for at in range(0, len(addresses), BATCH)]
    for made in pool.map(_make_batch, batches):
        yield from made


def _make_batch(addresses: Iterable[str]) -> list[Any]:
    if _make is None:
        raise RuntimeError("this process was not forked to make files")
    return [_make(address) for address in addresses]


def _begin(database: Database) -> None:
    """Make a forked process one that only makes files: it ends with its parent, which alone heeds signals."""
    # A signal to the parent's group, as of a terminal or a supervisor, lets the freeze be completed.
    os.setpgid(0, 0)
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    database.forget_connections()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
