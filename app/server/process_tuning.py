"""What a process that holds many connections, or makes many pages, needs of Python and of the system."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# Allocations, and collections of the younger generations (https://docs.python.org/3/library/gc.html#gc.set_threshold).
COLLECT_EACH = (50_000, 20, 20)
# After which a thread that computes lets another one run, if that waits.
SWITCH_SECONDS = 0.0005
CONTROL_GROUPS = Path("/proc/self/cgroup")
# By the controllers of a line there, of version 2 and of version 1: the folder of groups, and each one's file.
LIMIT_FILES = {
    "": (Path("/sys/fs/cgroup"), "memory.max"),
    "memory": (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
}


def tune_interpreter() -> None:
    """Run Python's cyclic garbage collector less often, and let the event loop interrupt threads sooner.

    With the collector's defaults, made for small programs, each burst of requests would pause several times to examine
    the objects of 10,000 connections, and rendering would take a tenth longer. Objects outside of cycles are freed at
    once as before. With the default interval each event on a connection would wait 5 ms for a thread that renders: the
    loop would handle 200 events a second.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_EACH)
    sys.setswitchinterval(SWITCH_SECONDS)


def raise_file_limit() -> int | None:
    """Raise the limit on open files as far as the system allows; its default permits few connections.

    Returns the limit; None where there is none.
    """
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - Windows has none

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        return None if most == resource.RLIM_INFINITY else most
    return None


def memory_megabytes() -> int | None:
    """What this process may use of the machine's memory, in millions of bytes; None where the system does not say."""
    found = [*_machine_bytes(), *_group_bytes()]
    return min(found) // 1_000_000 if found else None


def _machine_bytes() -> Iterator[int]:
    with suppress(AttributeError, ValueError, OSError):
        yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _group_bytes() -> Iterator[int]:
    """The limits of this process's control group, as of a container or a systemd unit (cgroups(7)); Linux has them."""
    with suppress(OSError):
        for line in CONTROL_GROUPS.read_text().splitlines():
            _, controllers, group = line.split(":", 2)
            if controllers in LIMIT_FILES:
                folder, name = LIMIT_FILES[controllers]
                # Limits of groups that hold it count too. A container sees its own group as the root.
                for place in (Path(group), *Path(group).parents):
                    with suppress(OSError, ValueError):
                        yield int((folder / place.relative_to("/") / name).read_text())
