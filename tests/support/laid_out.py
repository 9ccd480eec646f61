"""What is wrong with the layout of an open page: texts that are cut, overlap, or leave the window."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

LOOKS = Path(__file__).with_suffix(".js").read_text("utf-8")


def layout_faults(page: Page, *, fills_window: bool = True) -> list[str]:
    """The faults of a page that fills the window and does not scroll, or of one that scrolls down."""
    found: list[str] = page.evaluate(f"{LOOKS}.faults({str(fills_window).lower()})")
    return found


def filled(page: Page) -> tuple[float, float]:
    """How far down the window is filled, and the size of its largest type, as shares of its height."""
    bottom, largest = page.evaluate(f"{LOOKS}.filled()")
    return bottom, largest
