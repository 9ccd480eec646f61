"""The one error of importing."""

from __future__ import annotations

from app.domain.errors import AgendaError


class ImportRefused(AgendaError):
    """A source that gives no program; the message says why, and what would help."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason
