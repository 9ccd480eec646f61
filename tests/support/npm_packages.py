"""Packages of npm that tests drive: installed once into `var/`, and kept for later runs."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from support.repository import ROOT

CACHE = ROOT / "var" / "clients"
MOST_SECONDS = 180
QUIETLY = ("--prefer-offline", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error")


def installed(package: str) -> Path:
    """The folder of a package, named with its version ("axe-core@4.14.1")."""
    name = package.rpartition("@")[0]
    kept = CACHE / package
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            command = ["npm", "install", "--prefix", folder, *QUIETLY, package]
            done = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=False, env=dict(os.environ))
            if done.returncode:
                raise RuntimeError(f"npm failed: {done.stderr.decode()}")
            # Another process may have been faster.
            if not kept.exists():
                (Path(folder) / "node_modules" / name).rename(kept)
    return kept
