"""Coroutines in a thread of their own: the thread of a test may have the browser's event loop running."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_in_own_thread(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end in a new event loop."""
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(asyncio.run, coroutine).result()
