"""A freeze in a process of its own, held in the middle for as long as a test wants."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from support.repository import ROOT
from support.waiting import wait_until

# Python runs it at its start. The process that is to put the file into its place waits for the test's end of a pipe.
_HOOK = """\
import sys

def hold(event, arguments):
    if event == "os.rename" and str(arguments[1]).endswith({name!r}):
        open({pipe!r}).read()

sys.addaudithook(hold)
"""


class HeldFreeze:
    """Where processes with its ``python_path`` wait, the first time that they make a file."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir()
        self._pipe = folder / "pipe"
        os.mkfifo(self._pipe)
        (folder / "sitecustomize.py").write_text(_HOOK.format(name=name, pipe=str(self._pipe)))
        self.python_path = os.pathsep.join((str(folder), str(ROOT)))

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Wait until one is held, for so many seconds; at the end all go on."""
        wait_until(self._is_reached, seconds)
        try:
            yield
        finally:
            os.close(self._number)

    def _is_reached(self) -> bool:
        # Without a reader there is nobody to write to.
        with suppress(OSError):
            self._number = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
            return True
        return False
