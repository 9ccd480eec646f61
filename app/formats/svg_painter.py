"""Paints a drawing in a process of its own: an SVG on the standard input becomes a PNG on the standard output.

resvg cannot be interrupted, and numbers that are large together make it compute for seconds, take much memory or abort
its process. So `app/formats/svg_painting.py` starts this file as a program, and nothing imports it.
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

import resvg_py

CPU_SECONDS = 1
LARGEST_MEMORY = 256 * 2**20
LARGEST_PNG = 1_000_000


def main() -> None:
    """Paint one drawing within the limits; beyond them the system ends the process."""
    _limit()
    svg = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(resvg_py.svg_to_bytes(svg, skip_system_fonts=True))


def _limit() -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: LARGEST_PNG,
    }
    for name, most in limits.items():
        resource.setrlimit(name, (most, most))
    # macOS refuses a limit of the address space that is below what the system's own libraries take.
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))


if __name__ == "__main__":
    main()
