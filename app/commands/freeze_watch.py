"""`agenda freeze --watch`: a copy that follows the database, revision by revision and boundary by boundary."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from time import monotonic

from app import create_app
from app.commands.repeating import print_with_time, stopping_signals
from app.freezing.copy_folder import CannotFreeze, CopyFolder
from app.freezing.copy_inputs import current_files
from app.freezing.site_walk import freeze, inputs_of, validity_of
from app.freezing.worker_processes import usable_processes
from app.live.clock import Clock, FixedClock
from app.live.revision_watcher import RevisionWatcher
from app.live.snapshot import CurrentRevision
from app.program_database import open_existing
from app.service_factory import rehearsal_from, serve_published
from app.settings import Settings
from app.store.errors import DatabaseUnavailable
from app.web.running_service import Service

# How soon a revision, a boundary or a signal is noticed.
STEP_SECONDS = 0.1
# After a copy that could not be written, and while there is no answer from a database that was never read.
RETRY_SECONDS = 10.0

SignalWithin = Callable[[float], bool]


def follow(settings: Settings, place: CopyFolder, at: str | None, speed: float, *, force: bool) -> None:
    """Freeze what is published, and again after each revision and each boundary, until SIGTERM or SIGINT.

    The copy is complete when it returns; raises `CannotFreeze` where the last one could not be written, or the database
    was replaced, and `NoDatabase` where nothing is published.
    """
    # It says of the database what is said here.
    logging.getLogger(CurrentRevision.__module__).setLevel(logging.ERROR)
    with stopping_signals() as signal_within:
        fault: CannotFreeze | None = None
        service = _opened(settings, signal_within)
        if service is not None:
            with closing(service):
                if at:
                    service = rehearsed(service, at, speed)
                if service.clock.rehearsal and not force:
                    place.refuse_real()
                fault = Watch(settings, service, place, force=force).run(signal_within)
        print_with_time("Stopped.")
        if fault is not None:
            raise fault


def rehearsed(service: Service, at: str, speed: float) -> Service:
    """The same program as a rehearsal from now on; phones keep it apart from the real day."""
    rehearsal = rehearsal_from(service.current.snapshot.revision.program, at, speed)
    return replace(service, identity=f"{service.identity}-rehearsal", clock=Clock(rehearsal))


@contextmanager
def standing(service: Service, watcher: RevisionWatcher) -> Iterator[None]:
    """Meanwhile no revision is taken up and no other thread runs: pages agree, and what is forked has no thread's lock.

    The watcher is stopped; raises `CannotFreeze` where that one waits for a database that hangs.
    """
    watcher.stop()
    if watcher.is_running:
        raise CannotFreeze("no copy can be made now: the database does not answer")
    with service.current.held():
        yield


def _opened(settings: Settings, signal_within: SignalWithin) -> Service | None:
    """The service on its database, once that answers; None where a signal came first."""
    is_said = False
    while True:
        try:
            database, clock = open_existing(settings)
            return serve_published(database, clock, settings.public_url)
        except DatabaseUnavailable as error:
            if not is_said:
                print_with_time(f"{error}; it is tried until it does")
            is_said = True
        if signal_within(RETRY_SECONDS):
            return None


class HeldClock(FixedClock):
    """Stands at the instant at which it was last held, by a clock that goes on."""

    def __init__(self, running: Clock) -> None:
        super().__init__(running.now(), running.rehearsal_settings)
        self.running = running

    def hold(self) -> None:
        """Take up what the other clock shows now."""
        self._instant, self._rehearsal = self.running.now(), self.running.rehearsal_settings


class Watch:
    """Freezes a service as often as its copy is out of date."""

    def __init__(self, settings: Settings, service: Service, place: CopyFolder, *, force: bool) -> None:
        self._clock = HeldClock(service.clock)
        self._service = replace(service, clock=self._clock)
        self._app = create_app(settings, self._service)
        self._place = place
        self._force = force
        self._watcher = service.watcher
        self._is_away = False
        self._fault: CannotFreeze | None = None
        self._revision, self._validity = self._number(), validity_of(self._service)

    def run(self, signal_within: SignalWithin) -> CannotFreeze | None:
        """Go on until a signal comes, or another database has the place of this one, which a new start reads.

        Returns why the last copy could not be written, if it could not.
        """
        retry_at = self._frozen_until()
        while not signal_within(STEP_SECONDS):
            if self._service.current.is_replaced:
                self._fault = CannotFreeze(str(self._service.current.database_error))
                break
            self._say_of_database()
            if self._is_outdated() or monotonic() >= retry_at:
                retry_at = self._frozen_until()
        self._watcher.stop()
        return self._fault

    def _say_of_database(self) -> None:
        """Say once that it does not answer, and once that it does again."""
        error = self._service.current.database_error
        if error and not self._is_away:
            print_with_time(f"{error}; the copy stays at revision {self._revision} meanwhile")
        elif self._is_away and not error:
            print_with_time("The database answers again.")
        self._is_away = bool(error)

    def _is_outdated(self) -> bool:
        """Whether what the copy was made of is different now."""
        running = self._clock.running
        is_reset = running.rehearsal_settings != self._clock.rehearsal_settings
        return is_reset or self._revision != self._number() or running.now() not in self._validity

    def _number(self) -> int:
        return self._service.current.snapshot.revision.number

    def _frozen_until(self) -> float:
        """Freeze, and say so; returns when to try again, which is never after success.

        It is put off until the watcher has ended.
        """
        try:
            with standing(self._service, self._watcher):
                return self._frozen_as_it_is()
        except CannotFreeze as error:
            self._fault = error
            return monotonic()
        finally:
            if not self._watcher.is_running:
                self._watcher = self._watcher.renewed()
                self._watcher.start()

    def _frozen_as_it_is(self) -> float:
        self._clock.hold()
        self._revision, self._validity = self._number(), validity_of(self._service)
        began = monotonic()
        try:
            said, until = self._freeze(), float("inf")
            self._fault = None
        except CannotFreeze as error:
            self._fault = error
            said, until = f"failed: {error}; again in {RETRY_SECONDS:g} s", monotonic() + RETRY_SECONDS
        print_with_time(f"Revision {self._revision} as of {self._shown()}: {said} ({monotonic() - began:.1f} s)")
        return until

    def _freeze(self) -> str:
        files = current_files(self._place, inputs_of(self._service), self._clock.now())
        if files is not None:
            return f"nothing has changed in {files} files"
        files_made = freeze(self._app, self._place.path, processes=usable_processes(), force=self._force)
        made = [one.is_written for one in files_made]
        return f"{sum(made)} of {len(made)} files written"

    def _shown(self) -> str:
        return self._service.current.snapshot.revision.program.clock(self._clock.now())
