"""A network cable that a test can cut: a port that passes bytes on to another, until it does not."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK_BYTES = 65_536
LONGEST_HELD_SECONDS = 60


class Cable:
    """Listens on a free port of the loopback and connects each caller with a server there."""

    def __init__(self, port: int) -> None:
        self._far = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: set[socket.socket] = set()
        self._whole = True
        # Held while a caller is connected, so that nobody who comes as the cable is cut stays connected.
        self._lock = threading.Lock()
        self._swallowed: bytes | None = None
        self.has_swallowed = False
        # How many answers wait on the way back.
        self.held = 0
        self._answers_pass = threading.Event()
        self._answers_pass.set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The near end."""
        return int(self._listener.getsockname()[1])

    def cut(self) -> None:
        """End every connection, and every new one at once."""
        with self._lock:
            self._whole = False
            ends = list(self._ends)
        for end in ends:
            _hang_up(end)

    def swallow(self, beginning: bytes = b"") -> None:
        """Stay whole and pass nothing on, as a crowded network does; or only no request that begins so."""
        self._swallowed = beginning

    def hold_answers(self) -> None:
        """Pass requests on, and keep what is answered until it is let through."""
        self.held = 0
        self._answers_pass.clear()

    def let_answers_through(self) -> None:
        """Pass everything on again, first what was kept."""
        self._answers_pass.set()

    def mend(self) -> None:
        """Connect again."""
        self._whole = True
        self._swallowed = None

    def lead_to(self, port: int) -> None:
        """Plug the far end into another server; connections that stand are ended."""
        self.cut()
        self._far = ("127.0.0.1", port)
        self.mend()

    def close(self) -> None:
        """Take the cable away."""
        self.cut()
        _hang_up(self._listener)
        self._thread.join()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                far = self._reach()
                if far is None:
                    near.close()
                    continue
                self._ends |= {near, far}
            for ways in ((near, far, False), (far, near, True)):
                threading.Thread(target=self._pass_on, args=ways, daemon=True).start()

    def _reach(self) -> socket.socket | None:
        """The server at the far end; None where there is none, or the cable is cut."""
        try:
            return socket.create_connection(self._far) if self._whole else None
        except OSError:
            return None

    def _pass_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            # One connection is hung up after the other: what follows on the last is not passed on, once the first is.
            while (data := source.recv(CHUNK_BYTES)) and self._whole:
                if is_answer and not self._answers_pass.is_set():
                    self.held += 1
                    self._answers_pass.wait(LONGEST_HELD_SECONDS)
                if self._swallowed is not None and data.startswith(self._swallowed):
                    self.has_swallowed = True
                else:
                    target.sendall(data)
        for end in (source, target):
            self._ends.discard(end)
            _hang_up(end)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
