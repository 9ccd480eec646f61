"""The screens on which browser tests look at pages: arguments of Playwright's `new_context`."""

from __future__ import annotations

from typing import Any

_TOUCH: dict[str, Any] = {"is_mobile": True, "has_touch": True}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, **_TOUCH}
SMALL_PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, **_TOUCH}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PROJECTOR: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
