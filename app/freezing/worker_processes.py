"""Makes the files of a copy in processes of their own, as many as there are cores, forked from this one.

Each has the program, the templates and what is kept of them from this process, and none outlives it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, cast

from app.domain.errors import AgendaError
from app.freezing.copy_folder import CannotFreeze
from app.server.process_tuning import tune_interpreter

# More share a disk, and each may take as much memory as the service.
MOST_PROCESSES = 8
# Of fewer files the processes would take longer to begin than they save.
FEWEST_FILES = 48
# So many addresses go to a process at once, in their order: the two codes of a session are made by the same one.
BATCH = 4
# Of one process; the largest file, all pages of ten thousand sessions for phones, takes a tenth of it.
LONGEST_BATCH_SECONDS = 600
# A killed process ends at once, unless its disk does not answer.
END_SECONDS = 10

Make = Callable[[str], Any]
LetGo = Callable[[], None]
MakeAll = Callable[[Sequence[str]], Iterator[Any]]


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
    finally:
        workers.kill()


class _Workers:
    """Processes that make files; they are forked when there are many to be made.

    An executor of the standard library would wait for ever, at Python's end too, for a process that is ended in the
    middle of its answer.
    """

    def __init__(self, make: Make, let_go: Sequence[LetGo], processes: int) -> None:
        self._make = make
        self._let_go = let_go
        self._processes = processes
        self._workers: list[_Worker] = []

    def make_all(self, addresses: Sequence[str]) -> Iterator[Any]:
        """What comes of each address, in their order; raises `CannotFreeze`, and what a process raised."""
        self._fork()
        coming = ((at, addresses[at : at + BATCH]) for at in range(0, len(addresses), BATCH))
        busy: dict[Connection, _Worker] = {}
        made: dict[int, list[Any]] = {}
        free, following = self._workers, 0
        while True:
            for worker, (at, batch) in zip(free, coming, strict=False):
                worker.give(at, batch)
                busy[worker.connection] = worker
            while following in made:
                yield from made.pop(following)
                following += BATCH
            if not busy:
                return
            free = [busy.pop(connection) for connection in _answering(busy)]
            made |= {worker.at: worker.answer() for worker in free}

    def _fork(self) -> None:
        try:
            while len(self._workers) < self._processes:
                self._workers.append(_Worker(self._make, self._let_go))
        except OSError as error:
            raise CannotFreeze(f"the processes that make files cannot begin: {error.strerror}") from error

    def kill(self) -> None:
        """End all processes at once; each file that they wrote is whole."""
        for one in self._workers:
            one.kill()


class _Worker:
    """One forked process, which makes a batch at a time."""

    def __init__(self, make: Make, let_go: Sequence[LetGo]) -> None:
        context = multiprocessing.get_context("fork")
        self.connection, its_end = context.Pipe()
        self._process = context.Process(target=_work, args=(its_end, make, let_go), daemon=True)
        # That process alone holds its end, which is so closed with it.
        with its_end:
            self._process.start()

    def give(self, at: int, batch: Sequence[str]) -> None:
        """Have it make the batch that begins at this place of all addresses, until its deadline."""
        self.at, self.batch, self.deadline = at, batch, monotonic() + LONGEST_BATCH_SECONDS
        try:
            self.connection.send(batch)
        except OSError as error:
            raise self._ended() from error

    def answer(self) -> list[Any]:
        """What came of the batch, once it is made."""
        try:
            answer: list[Any] | Exception = self.connection.recv()
        except (EOFError, OSError) as error:
            raise self._ended() from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _ended(self) -> CannotFreeze:
        self._process.join(END_SECONDS)
        code = self._process.exitcode or 0
        if code >= 0:
            return CannotFreeze(f"a process that made files ended with status {code}")
        hint = "; is memory short?" if code == -signal.SIGKILL else ""
        return CannotFreeze(f"a process that made files was ended by {signal.Signals(-code).name}{hint}")

    def kill(self) -> None:
        self._process.kill()
        self._process.join(END_SECONDS)
        self.connection.close()


def _answering(busy: Mapping[Connection, _Worker]) -> Iterable[Connection]:
    """The connections of those that have made their batch, at least one; raises `CannotFreeze` at a deadline."""
    first = min(busy.values(), key=lambda worker: worker.deadline)
    answering = wait(list(busy), max(0.0, first.deadline - monotonic()))
    is_late = first.connection not in answering and monotonic() >= first.deadline
    if is_late or not answering:
        raise CannotFreeze(f"{', '.join(first.batch)}: not made after {LONGEST_BATCH_SECONDS} seconds")
    # Each is one of these, and no socket.
    return cast("list[Connection]", answering)


def _work(connection: Connection, make: Make, let_go: Iterable[LetGo]) -> None:
    """What a forked process does until it is killed; it ends with its parent, which alone heeds signals."""
    # A signal to the parent's group, as of a terminal or a supervisor, lets the freeze be completed.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Its collector of garbage would go through all that it shares with its parent, at each page.
    tune_interpreter()
    for one in let_go:
        one()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError):
        while True:
            connection.send(_made(make, connection.recv()))


def _made(make: Make, batch: Iterable[str]) -> list[Any] | Exception:
    address = ""
    try:
        return [make(address := one) for one in batch]
    # The parent raises it again.
    except Exception as error:  # noqa: BLE001
        sent = _sendable(error, address)
        sent.add_note(traceback.format_exc())
        return sent


def _sendable(error: Exception, address: str) -> Exception:
    """What another process can take up: an exception whose arguments are not those of its class cannot be sent."""
    if isinstance(error, OSError | CannotFreeze):
        return error
    return CannotFreeze(f"{address}: {error if isinstance(error, AgendaError) else repr(error)}")


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
