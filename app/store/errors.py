"""What the database refuses, as one branch of the tree of errors.

StoreError
├── BadDatabaseUrl   an address that names no database this service can use
├── DatabaseAway     it does not answer now; reading from memory goes on
├── DatabaseBroken   it is there, but is not a sound database of this service
├── Unreadable       a revision that is damaged, or that a later version wrote
├── NewerDatabase    a later version of the service wrote it
├── NoDatabase       there is none yet, and this command does not create one
├── WrongDatabase    it holds another program
├── WrongClock       a rehearsal was asked for on a real day's database
├── BadOrganizer     a name, role and room that do not go together
├── SignInRefused    a link that is forged, used, expired or withdrawn
├── PicksRefused     too many stars, or too many readers with stars
└── FileExists       neither a backup nor its restoring overwrites
"""

from __future__ import annotations

from app.domain.errors import AgendaError


class StoreError(AgendaError):
    """Base of what the database refuses."""


class BadDatabaseUrl(StoreError):
    """An address that names no database this service can use."""

    def __init__(self) -> None:
        # The address itself is not repeated: it may hold a password.
        super().__init__("DATABASE_URL: expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")


class DatabaseAway(StoreError):
    """The database does not answer now; what was being committed may or may not be in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database does not answer ({reason})")
        self.reason = reason


class DatabaseBroken(StoreError):
    """What is there is not a sound database of this service."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place} is not a usable database ({reason}); move it away or restore a backup")
        self.place = place
        self.reason = reason


class Unreadable(StoreError):
    """A revision that is damaged, or that a later version of the service wrote."""

    def __init__(self, number: int) -> None:
        super().__init__(f"revision {number} cannot be read: it is damaged, or a later version wrote it")
        self.number = number


class NewerDatabase(StoreError):
    """A later version of this service wrote the database."""

    def __init__(self, place: str, schema: str) -> None:
        super().__init__(f"{place} was written by a newer version (schema {schema}); install that version")
        self.place = place
        self.schema = schema


class NoDatabase(StoreError):
    """There is no database yet, and this command does not create one."""

    def __init__(self, place: str) -> None:
        super().__init__(f"no database at {place}; `agenda serve` creates it, DATABASE_URL names another")
        self.place = place


class WrongDatabase(StoreError):
    """The database holds another program."""

    def __init__(self, place: str, holds: str, wanted: str) -> None:
        super().__init__(f"{place} holds the program {holds!r}, not {wanted!r}; set DATABASE_URL to another database")
        self.place = place
        self.holds = holds
        self.wanted = wanted


class WrongClock(StoreError):
    """A rehearsal was asked for on a real day's database."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} is a real day's database; a rehearsal needs one of its own (leave DATABASE_URL unset)"
        )
        self.place = place


class BadOrganizer(StoreError):
    """A name, role and room that do not go together."""

    def __init__(self, name: str) -> None:
        super().__init__(f"organizer {name!r}: a name has 1 to 200 characters; a chair has a room, an organizer none")
        self.name = name


class SignInRefused(StoreError):
    """A link or a sign-in that does not count; one answer for all reasons, so that nobody learns by guessing."""

    def __init__(self) -> None:
        super().__init__("this link is not valid: used, expired, withdrawn or mistyped; ask for a new one")


class PicksRefused(StoreError):
    """More stars, or more readers with stars, than are kept."""


class FileExists(StoreError):
    """Neither a backup nor its restoring overwrites a file."""

    def __init__(self, path: str, advice: str = "a backup does not overwrite") -> None:
        super().__init__(f"{path} exists; {advice}")
        self.path = path
