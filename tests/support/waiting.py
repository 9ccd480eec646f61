"""Waiting for something to be so, instead of for some time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

STEP_SECONDS = 0.005


def wait_until(condition: Callable[[], object], seconds: float = 30.0) -> float:
    """Wait until a condition holds; returns after how many seconds. Raises `TimeoutError`."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"not so after {seconds} s")
        threading.Event().wait(STEP_SECONDS)
    return time.monotonic() - begun
