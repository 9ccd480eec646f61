"""Paints a drawing in a process of its own: an SVG on the standard input becomes a PNG on the standard output.

resvg cannot be interrupted, and numbers that are large together make it compute for seconds, take much memory or abort
its process. So `app/formats/svg_painting.py` starts this file as a program, and nothing imports it.
"""

from __future__ import annotations

import sys

import resvg_py


def main() -> None:
    """Paint one drawing."""
    svg = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(resvg_py.svg_to_bytes(svg, skip_system_fonts=True))


if __name__ == "__main__":
    main()
