"""What can go wrong with the database."""

from __future__ import annotations

from app.domain.errors import AgendaError


class StoreError(AgendaError):
    """Base of what the database refuses."""


class DatabaseAway(StoreError):
    """The database does not answer; reading from memory goes on."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database does not answer ({reason}); nothing was changed")


class DatabaseBroken(StoreError):
    """The file is there, but it is not a database of this service."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is not a usable database; move it away or restore a backup")


class NoDatabase(StoreError):
    """There is no database yet, and this command does not create one."""

    def __init__(self, place: str) -> None:
        super().__init__(f"no database at {place}; `agenda serve` creates it, DATABASE_URL names another")


class WrongDatabase(StoreError):
    """The database holds another program."""

    def __init__(self, place: str, holds: str, wanted: str) -> None:
        super().__init__(f"{place} holds the program {holds!r}, not {wanted!r}; set DATABASE_URL to another database")


class WrongClock(StoreError):
    """A rehearsal was asked for on a real database."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} is a real day's database; a rehearsal needs one of its own (leave DATABASE_URL unset)"
        )
