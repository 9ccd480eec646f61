"""Streams of `/live` that a GRIP proxy holds: the answer that hands one over, and what is published to all of them.

The proxy compares ids. Revision n is published twice: as part "n", which follows "(n-1)+", and two seconds later as
part "n+" with the time, which follows "n". A stream whose last part is not the one that a new part follows has missed
something: the proxy asks for it at the address of `Grip-Link`, with the stream's last part in `Grip-Last`. So nothing
is missed that is published between an answer and the moment when the proxy holds the stream: at the latest part "n+"
finds such a stream. The ids of all processes are the same, and the proxy drops a part that it has had.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import NamedTuple

from app.live.clock import SYSTEM_CLOCK
from app.outgoing.grip_proxy import GripControl, GripItem, GripProxy, NoProxy
from app.server.asgi_messages import AsgiRequest, AsgiResponse, encoded
from app.server.event_format import (
    LONGEST_SPREAD_SECONDS,
    announcement_events,
    beginning,
    known_here,
    missed_revision,
    revision_event,
    time_event,
)
from app.server.fan_out import HEARTBEAT_SECONDS, FanOut
from app.store.revisions import Revision
from app.web.running_service import Service
from app.web.security_headers import security_headers

log = logging.getLogger(__name__)

# Longer than it takes the proxy to hold a stream after it got the answer.
FOLLOW_SECONDS = 2.0
# Parts of streams that wait for a proxy that does not answer; the newest stay.
MOST_WAITING_PARTS = 200
# Revisions that a service publishes again at its start, for what came while none ran.
FORMER_REVISIONS = 10
# Between tries. Readers come back to a proxy within the longer one: by then it shall know what they are told.
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 0.4
# The process ends without a thread that waits for the proxy.
STOP_SECONDS = 1.0
# How many streams there are is known to the proxy alone: they may be very many, so they get the longest.
SPREAD_SECONDS = LONGEST_SPREAD_SECONDS


class GripStreams:
    """The streams of this service that proxies hold."""

    def __init__(self, proxies: Sequence[GripProxy], service: Service) -> None:
        self._current, self._clock, self._stats = service.current, service.clock, service.stats
        self._channel = f"agenda-{service.identity}"
        self._history, self._names = service.history, service.names
        self._arrivals = count()
        self._publishers = {proxy: Publisher(proxy, self._heartbeat, self._follower) for proxy in proxies}
        self._stats.proxies_away = lambda: sum(publisher.is_away for publisher in self._publishers.values())

    def start(self) -> None:
        """Start to publish, with what streams may have missed that stayed at the proxy while no service ran."""
        self._current.on_revision(self._published)
        latest = self._current.snapshot.revision.number
        for number in range(max(1, latest - FORMER_REVISIONS + 1), latest + 1):
            self._put(number, revision_event(number, SPREAD_SECONDS))
        for publisher in self._publishers.values():
            publisher.start()

    def stop(self) -> None:
        """Publish nothing more; the proxy goes on holding the streams."""
        self._current.remove_listener(self._published)
        for publisher in self._publishers.values():
            publisher.stop()

    def resumed_at(self, request: AsgiRequest) -> int | None:
        """The revision that a stream has which missed something at the proxy; None for the beginning of a stream."""
        after = request.parameters.get("after")
        if after is None:
            return None
        last = re.search(rf"{re.escape(self._channel)}; last-id=(\S+)", request.headers.get("grip-last", ""))
        found = re.fullmatch(rf"{re.escape(self._id(''))}(\d{{1,9}})\+?", last[1] if last else after)
        return int(found[1]) if found else 0

    def answer(self, request: AsgiRequest, last: int | None, *, resumes: bool) -> AsgiResponse | None:
        """What hands a stream over to the proxy, ``last`` being the revision that its client has.

        One that ``resumes`` has begun before: it is told no more than what it missed.
        None where the request did not come through a proxy, or the proxy takes nothing: the service holds it itself.
        """
        signature = request.headers.get("grip-sig", "")
        if request.method != "GET" or not signature:
            return None
        # Those that sign in the same way cannot be told apart.
        signers = [publisher for proxy, publisher in self._publishers.items() if proxy.has_signed(signature)]
        if not signers or any(publisher.is_away for publisher in signers):
            return None
        latest = self._current.snapshot.revision.number
        known = latest if last is None else last
        body = missed_revision(known_here(known, latest), latest, SPREAD_SECONDS)
        if not resumes:
            self._stats.handed_over += 1
            body = beginning(known, next(self._arrivals), body, self._time(latest))
        headers = [*FanOut.headers, *encoded(security_headers(request.scheme)), *self._hold(latest, signers)]
        return AsgiResponse(200, [*headers, (b"content-length", b"%d" % len(body))], body)

    def _hold(self, latest: int, signers: list[Publisher]) -> Iterator[tuple[bytes, bytes]]:
        """How the proxy goes on with a stream that was told of a revision."""
        part = f"{latest}+" if latest <= min(publisher.followed for publisher in signers) else f"{latest}"
        channels = f"{self._channel}; prev-id={self._id(part)}, {self._channel}-time"
        yield b"grip-hold", b"stream"
        yield b"grip-channel", channels.encode()
        yield b"grip-link", f"</live?after={self._id(str(latest))}>; rel=next".encode()

    def _id(self, part: str) -> str:
        """A part's name: a database that goes on from a backup has other parts under the same numbers."""
        return f"{self._history}.{part}" if self._history else part

    def _part(self, number: int, content: bytes) -> GripItem:
        return GripItem(self._channel, self._id(str(number)), content, self._id(f"{number - 1}+"))

    def _published(self, _before: Revision, revision: Revision) -> None:
        """Have a revision published, from any thread."""
        self._put(revision.number, announcement_events(revision) + revision_event(revision.number, SPREAD_SECONDS))

    def _put(self, number: int, content: bytes) -> None:
        for publisher in self._publishers.values():
            publisher.put(number, self._part(number, content))

    def _follower(self, number: int) -> GripItem:
        """The part that finds streams which missed a revision."""
        return GripItem(self._channel, self._id(f"{number}+"), self._time(number), self._id(str(number)))

    def _heartbeat(self, beat: str, told: int, followed: int) -> list[GripItem]:
        """The time, once for all processes; a proxy that was started anew also learns what has been sent before."""
        parts = [GripItem(f"{self._channel}-time", beat, self._time(told))]
        for number in range(max(1, followed - FORMER_REVISIONS + 1), followed + 1):
            parts += [self._part(number, b"-"), self._follower(number)]
        return [parts[0], *(replace(part, unsent=True) for part in parts[1:])]

    def _time(self, number: int) -> bytes:
        """A heartbeat of streams that were told of a revision: at an unknown one all pages would refresh at once."""
        program = self._current.snapshot.revision.program
        return time_event(program, self._clock.now(), number, self._clock.speed, self._names(program))


class BeatIds:
    """The ids of one process's heartbeats: of all services the same, since the proxy drops what it had within a day.

    An id is the number of the `HEARTBEAT_SECONDS` since 1970. Where the clock was set back, the numbers come again:
    until they are new, an id also has when the machine was started by the clock as it is set now, to the minute, which
    is the same in all its processes.

    A process that is started meanwhile does not know that. Until the numbers are new the proxy drops what it sends; if
    there is no other, streams are silent, and pages open theirs anew each two minutes. So it is with those whose clock
    is right after a service stopped whose clock was ahead of theirs.
    """

    def __init__(self) -> None:
        self._highest = 0
        self._repeats = False

    def next(self, now: datetime, uptime_seconds: float) -> str:
        """The id of a heartbeat at an instant; it is asked for one after the other."""
        seconds = now.timestamp()
        number = int(seconds // HEARTBEAT_SECONDS)
        # The highest one comes again too where a heartbeat is sent early, or tried again.
        self._repeats = number < self._highest or (self._repeats and number == self._highest)
        self._highest = max(self._highest, number)
        return f"{number}-{round((seconds - uptime_seconds) / 60)}" if self._repeats else f"{number}"


class WaitingPart(NamedTuple):
    """A part of streams that is to be published, of a revision.

    ``item`` is the first one; None stands for the second, which tells the time and is made when it is published.
    """

    number: int
    item: GripItem | None


class Publisher:
    """A thread that publishes parts in order, and the time; while the proxy does not answer it tries again.

    ``told`` and ``followed`` are the latest revisions of which the proxy has the first part, and both, ``is_away``
    whether it did not take what was published last.
    """

    def __init__(
        self,
        proxy: GripProxy,
        heartbeat: Callable[[str, int, int], list[GripItem]],
        follower: Callable[[int], GripItem],
    ) -> None:
        self.told = self.followed = 0
        self.is_away = False
        self._address = proxy.address
        self._control = GripControl(proxy)
        self._heartbeat, self._follower, self._beat_ids = heartbeat, follower, BeatIds()
        self._waiting: deque[WaitingPart] = deque(maxlen=MOST_WAITING_PARTS)
        # A revision whose second part is due at a time.
        self._unfollowed: tuple[int, float] | None = None
        self._next_beat = time.monotonic() + _seconds_to_beat()
        self._changed = threading.Condition()
        self._is_stopped = False
        self._thread = threading.Thread(target=self._run, name="grip", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread, and wait for its end unless the proxy makes it wait."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def put(self, number: int, part: GripItem) -> None:
        """Have a revision's first part published, and its second one; returns at once."""
        with self._changed:
            self._follow()
            self._waiting.append(WaitingPart(number, part))
            self._unfollowed = number, time.monotonic() + FOLLOW_SECONDS
            self._changed.notify()

    def _follow(self) -> None:
        if self._unfollowed is not None:
            number, _ = self._unfollowed
            self._waiting.append(WaitingPart(number, None))
            self._unfollowed = None

    def _run(self) -> None:
        pause = 0.0
        while self._waited(pause):
            try:
                self._publish()
            except NoProxy as error:
                self._note(error)
                pause = min(max(2 * pause, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
            except Exception:
                # If the thread ended, no stream at the proxy would ever hear of another revision.
                log.exception("publishing to the GRIP proxy failed; it goes on")
                self.is_away, pause = True, HEARTBEAT_SECONDS
            else:
                self._note(None)
                pause = 0.0

    def _waited(self, pause: float) -> bool:
        """Wait for a pause, and until something is due; False once the thread shall end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopped, pause)
            while not self._is_stopped:
                now, due = time.monotonic(), self._next_beat
                if self._unfollowed is not None:
                    due = min(due, self._unfollowed[1])
                    if self._unfollowed[1] <= now:
                        self._follow()
                if self._waiting or self._next_beat <= now:
                    return True
                self._changed.wait(due - now)
            return False

    def _publish(self) -> None:
        """Publish all that is due; raises `NoProxy`, and what was not taken is still due then."""
        with self._changed:
            parts = list(self._waiting)
        told = max([self.told, *(part.number for part in parts)])
        now, uptime = SYSTEM_CLOCK.now(), time.monotonic()
        is_beat = self._next_beat <= uptime
        beat = self._heartbeat(self._beat_ids.next(now, uptime), told, self.followed) if is_beat else ()
        self._control.publish([*(part.item or self._follower(part.number) for part in parts), *beat])
        with self._changed:
            # Meanwhile the oldest may have made room for new ones.
            while self._waiting and self._waiting[0] in parts:
                self._waiting.popleft()
        self.told = told
        self.followed = max([self.followed, *(part.number for part in parts if part.item is None)])
        if is_beat:
            self._next_beat = time.monotonic() + _seconds_to_beat()

    def _note(self, error: NoProxy | None) -> None:
        """Log when the proxy goes and when it is back."""
        if error is not None and not self.is_away:
            words = "the GRIP proxy at %s takes nothing: %s; the service holds new streams itself"
            log.warning(words, self._address, error)
        elif error is None and self.is_away:
            log.warning("the GRIP proxy at %s answers again", self._address)
        self.is_away = error is not None


def _seconds_to_beat() -> float:
    """How long it is to the next heartbeat, which all processes send at one time."""
    return HEARTBEAT_SECONDS - SYSTEM_CLOCK.now().timestamp() % HEARTBEAT_SECONDS
