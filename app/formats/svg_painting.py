"""Drawings as pixels, painted by `app/formats/svg_painter.py` in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from app.domain.colours import LIGHT_INK
from app.formats.svg_drawing import ON_ITS_OWN, SVG

LONGEST_SECONDS = 10
PAINTER = Path(__file__).with_name("svg_painter.py")
# What a Python outside of the system's folders may need to find its library; all else stays with this process.
ENVIRONMENT = ("LD_LIBRARY_PATH",)
PNG_BEGINS = b"\x89PNG"


class NotPainted(Exception):
    """A drawing that takes too much to paint."""


@lru_cache(maxsize=8)
def painted(svg: str, width: int, height: int, accent: str) -> bytes:
    """A drawing that `read_drawing` has read, as a PNG of a size in pixels, for light grounds; raises `NotPainted`.

    ``accent`` is as on light grounds.
    """
    drawing = svg.replace(ON_ITS_OWN, accent)
    page = f'<svg xmlns="{SVG}" width="{width}" height="{height}" color="{LIGHT_INK}">{drawing}</svg>'
    png = _run(page.encode())
    if not png.startswith(PNG_BEGINS):
        raise NotPainted
    return png


def _run(page: bytes) -> bytes:
    """What the painter writes; raises `NotPainted` where it does not come to its end."""
    # Without the folder of the painter among the places of modules: it has a `calendar` of its own.
    command = (sys.executable, "-E", "-P", "-B", str(PAINTER))
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    try:
        # The system limits a file's size, as it does not limit what comes through a pipe.
        with tempfile.TemporaryFile() as output:
            subprocess.run(  # noqa: S603 - this program's own file
                command,
                input=page,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=LONGEST_SECONDS,
                check=True,
            )
            output.seek(0)
            return output.read()
    except (OSError, subprocess.SubprocessError) as error:
        raise NotPainted from error
