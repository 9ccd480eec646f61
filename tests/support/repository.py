"""Where the checkout is, and the first program in it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST_PROGRAM = ROOT / "data" / "codeml-2025"
