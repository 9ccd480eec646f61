"""What a Python process has loaded when it ends."""

from __future__ import annotations

import subprocess
import sys

from support.repository import ROOT

# What makes and serves pages.
HEAVY = {"flask", "uvicorn", "app.web", "app.server", "app.importing", "icalendar", "gripcontrol"}


def said_and_loaded_by(script: str) -> str:
    """What a script prints, and then the names of the modules that were loaded for it."""
    script += "; import sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True)
    return run.stdout


def heavy_in(said: str) -> set[str]:
    """The modules among them that make and serve pages."""
    return HEAVY & set(said.split())
