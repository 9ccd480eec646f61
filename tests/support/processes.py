"""Ending the processes that tests start."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress


def end(process: subprocess.Popen[bytes], within_seconds: float) -> None:
    """End the leader of a process group by SIGTERM, then what is left of the group by SIGKILL.

    Raises `TimeoutExpired` where SIGTERM did not end the process in time; nothing of it is left then either.
    """
    process.terminate()
    try:
        process.wait(within_seconds)
    finally:
        # macOS answers so for a group of processes that have ended.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
