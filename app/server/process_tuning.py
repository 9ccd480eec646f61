"""What a process that holds many connections needs of Python and of the system."""

from __future__ import annotations

import gc
import resource
from contextlib import suppress

# Allocations, and collections of the younger generations (https://docs.python.org/3/library/gc.html#gc.set_threshold).
COLLECT_EACH = (50_000, 20, 20)


def tune_garbage_collector() -> None:
    """Run Python's cyclic garbage collector less often, and not on objects that exist already.

    With its defaults, made for small programs, each burst of requests would pause several times to examine the
    objects of 10,000 connections. Objects outside of cycles are freed at once as before.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_EACH)


def raise_file_limit() -> None:
    """Raise the limit on open files as far as the system allows; its default permits few connections."""
    with suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
