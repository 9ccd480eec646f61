"""Ways in which a person works the console: with a finger, with a keyboard alone, with forms where scripts are off."""

from __future__ import annotations

from typing import Any, ClassVar

from playwright.sync_api import Locator, Page

# The page of a day in two rooms has about sixty stops.
MOST_STOPS = 200
SEEN_TO_HAVE_FOCUS = """(node) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(node);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""
TAP_MEETS = """(node) => {
    node.scrollIntoView({ block: "center" });
    const { left, top, width, height } = node.getBoundingClientRect();
    return node.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""


class Hand:
    """One person at one page: a finger on a phone. ``presses`` counts buttons, links and what unfolds, not fields."""

    device: ClassVar[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, control: Locator) -> None:
        """Press a button or a link, which is in sight and is what the finger meets."""
        assert control.evaluate(TAP_MEETS)
        control.tap()
        self.presses += 1

    def fill(self, field: Locator, text: str) -> None:
        """Type into a field."""
        field.fill(text)

    def choose(self, field: Locator, value: str) -> None:
        """Choose an option by its value."""
        field.select_option(value)


class Keyboard(Hand):
    """Tab, arrows, letters and Enter; nothing else."""

    device: ClassVar[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}}

    def press(self, control: Locator) -> None:
        self._reach(control)
        self.page.keyboard.press("Enter")
        self.presses += 1

    def fill(self, field: Locator, text: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, value: str) -> None:
        self._reach(field)
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not among the options")

    def _reach(self, control: Locator) -> None:
        """Press Tab until a control has the focus, and is seen to have it."""
        control.wait_for()
        for _ in range(MOST_STOPS):
            if control.evaluate("(node) => node === document.activeElement"):
                assert control.evaluate(SEEN_TO_HAVE_FOCUS)
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{control} is not within {MOST_STOPS} stops")


class FormsAlone(Hand):
    """A browser that runs no scripts."""

    device: ClassVar[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}

    def press(self, control: Locator) -> None:
        control.click()
        self.presses += 1
