"""Reads what organizers import in the console: one source at a time, in a thread of its own.

No request waits for it, and the rest of the work is done in a process with limits (`app.sources.trial`).
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.edits.day_sessions import added_sessions, with_sessions, without_unchanged
from app.domain.errors import AgendaError
from app.formats.program_folder.stored_fields import as_files_hold
from app.outgoing.fetch import Caller
from app.outgoing.reachable import NOTHING_ALLOWED
from app.sources.remembered import RememberedSource, remembered_sources
from app.sources.trial import Trial, Wanted, service_caller, try_address, try_upload
from app.store.errors import StoreError
from app.store.import_jobs import ImportJobs, ImportSource, JobReport, Lines, ProgramTooLarge
from app.store.imported_sources import record_imported_status
from app.store.publish_import import plan_in_force
from app.store.revisions import Revisions
from app.store.source_status import SourceStatus, record_source_status

log = logging.getLogger(__name__)

# Beside the one that is read.
MOST_WAITING = 3
# How often a process says that it still works on its imports.
BEAT_SECONDS = 5
# How often it forgets imports that are old.
FORGET_EACH = timedelta(hours=1)
TOO_LARGE = "its program is too large to be kept here; import it by `agenda import`"
UNEXPECTED = "it cannot be read"


class QueueFull(AgendaError):
    """No more imports can wait."""

    def __init__(self) -> None:
        super().__init__("other imports are being read; try again in a minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTask:
    """A source to read: its bytes, None for an address; who began it, and by which form.

    ``shown``: what was published was shown to readers, as in no rehearsal. ``remembered``: the program's folder
    remembers the source, so that what becomes of it is said beside the others.
    """

    source: ImportSource
    sign_in: str
    form: str = ""
    data: bytes | None = None
    shown: bool = True
    remembered: str = ""


class ImportQueue:
    """The imports of this process.

    ``caller`` says which addresses may be fetched, ``folder`` is that of the program, None for none.
    """

    def __init__(self, revisions: Revisions, now: Callable[[], datetime]) -> None:
        self.caller: Caller = service_caller(NOTHING_ALLOWED)
        self.folder: Path | None = None
        self._revisions, self._now = revisions, now
        self._jobs = ImportJobs(revisions.database)
        self._changed = threading.Condition()
        self._waiting: deque[tuple[str, ImportTask]] = deque()
        self._reading: str | None = None
        self._is_started = self._is_closed = False

    def add(self, task: ImportTask) -> str:
        """The id of the import of a source, of the former one where the same form was sent; raises `QueueFull`."""
        with self._changed:
            if former := self._jobs.begun_by(task.sign_in, task.form):
                return former
            if self._is_closed or len(self._waiting) >= MOST_WAITING:
                raise QueueFull
            name = self._jobs.add(task.sign_in, task.source, self._now(), task.form)
            self._waiting.append((name, task))
            self._start()
            return name

    def folder_sources(self) -> tuple[RememberedSource, ...]:
        """The sources that the program's folder remembers; none where it cannot be read."""
        with suppress(AgendaError):
            return remembered_sources(self.folder) if self.folder else ()
        return ()

    def forget_old(self) -> None:
        """Forget what is left of imports from before this service, if it is old."""
        with suppress(StoreError):
            self._jobs.forget(self._now())

    def close(self) -> None:
        """Begin nothing more; what is being read is given up with the process."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def _start(self) -> None:
        if not self._is_started:
            self._is_started = True
            # As daemons: a service that stops waits for no server that it fetches from.
            for work in (self._read_all, self._beat):
                threading.Thread(target=work, name="imports", daemon=True).start()
        self._changed.notify_all()

    def _read_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closed)
                if self._is_closed:
                    return
                name, task = self._waiting.popleft()
                self._reading = name
            try:
                self._read(name, task)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next one is read
                # The page says after a while that it was interrupted.
                log.error("an import was not kept: %s", type(error).__name__)  # noqa: TRY400 - it may hold an address
            # It holds the bytes of a file.
            del task
            with self._changed:
                self._reading = None

    def _beat(self) -> None:
        forgotten = self._now()
        while True:
            with self._changed:
                if self._changed.wait_for(lambda: self._is_closed, BEAT_SECONDS):
                    return
                names = [name for name in (self._reading, *(name for name, _ in self._waiting)) if name]
            with suppress(StoreError):
                if names:
                    self._jobs.touch(names, self._now())
                if self._now() - forgotten > FORGET_EACH:
                    forgotten = self._now()
                    self._jobs.forget(forgotten)

    def _read(self, name: str, task: ImportTask) -> None:
        self._jobs.begin(name, self._now())
        reason = self._reason_not_read(name, task)
        if reason:
            self._jobs.fail(name, reason, self._now())
        self._record_status(task, reason)

    def _record_status(self, task: ImportTask, reason: str) -> None:
        """Store what became of an address, where it is remembered."""
        name, now = task.remembered or task.source.full_name, self._now()
        failed = SourceStatus(name=name, failed_at=now, reason=reason)
        status = failed if reason else SourceStatus(name=name, read_at=now)
        if task.remembered:
            record_source_status(self._revisions.database, status)
        if task.source.is_address:
            record_imported_status(self._revisions.database, task.source, status)

    def _reason_not_read(self, name: str, task: ImportTask) -> str:
        """Read a source and keep what came of it; else the reason why there is none."""
        try:
            self._finish(name, task)
        except StoreError:
            raise
        except ProgramTooLarge:
            return TOO_LARGE
        except AgendaError as error:
            return getattr(error, "reason", "") or str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one is read
            log.error("an import failed: %s", type(error).__name__)  # noqa: TRY400 - it may hold an address
            return UNEXPECTED
        return ""

    def _finish(self, name: str, task: ImportTask) -> None:
        """Raises `AgendaError`, `ProgramTooLarge`."""
        plan, latest = plan_in_force(self._revisions), self._revisions.latest()
        added = added_sessions(plan.program, latest.program) if latest else ()
        wanted = Wanted(
            program=with_sessions(plan.program, added, latest.program) if latest else plan.program,
            options=dict(task.source.options),
            published=self._revisions.sessions_ever() if task.shown else frozenset[str](),
            kept=frozenset(one.id for one in added),
        )
        found = self._trial(task, wanted)
        if found.program is not None:
            program = as_files_hold(without_unchanged(found.program, added))
            self._jobs.finish(name, plan.order, _report(found), program, self._now())

    def _trial(self, task: ImportTask, wanted: Wanted) -> Trial:
        if task.data is None:
            return try_address(task.source.place, self.caller, wanted)
        return try_upload(task.data, task.source.name, wanted)


def _report(trial: Trial) -> JobReport:
    return JobReport(took=Lines.of(trial.took), guessed=Lines.of(trial.guessed), left=Lines.of(trial.left))
