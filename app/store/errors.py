"""The errors of the database, one branch of the tree in `app.domain.errors`."""

from __future__ import annotations

import shlex

from app.domain.errors import AgendaError


class StoreError(AgendaError):
    """Base of all errors of the database."""


class BadDatabaseUrl(StoreError):
    """A DATABASE_URL that names no database this service can use."""

    def __init__(self, hint: str = "") -> None:
        # The address is not repeated: it may hold a password.
        super().__init__(f"DATABASE_URL: expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME{hint}")


NO_ANSWER = "the database does not answer"


class DatabaseUnavailable(StoreError):
    """The database does not respond now; a commit in progress may or may not have succeeded."""

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(message or f"{NO_ANSWER} ({reason})")
        self.reason = reason


class NotWritable(DatabaseUnavailable):
    """An SQLite file that cannot be made, or whose folder or self cannot be written."""

    def __init__(self, path: str, reason: str) -> None:
        advice = (
            "let the service's user own the folder and its files, or set DATABASE_URL=sqlite:////FOLDER/NAME.sqlite"
        )
        super().__init__(f"{path}: {reason}", f"cannot write {path} ({reason}); {advice}")


class FileGone(DatabaseUnavailable):
    """An SQLite file that is no longer in its place."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is gone; put it back, or restore a backup and start the service again")


class DatabaseReplaced(DatabaseUnavailable):
    """An SQLite file that has the place of the one that was opened: only a new start reads it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was replaced; start the service again")


class ServerUnavailable(DatabaseUnavailable):
    """A database server that cannot be reached, or lets the user of DATABASE_URL not in."""


class DatabaseTimeout(DatabaseUnavailable):
    """The database did not respond within the time that there was."""


class DatabaseBroken(StoreError):
    """A file or server that holds no intact database of this service."""

    def __init__(self, place: str, reason: str) -> None:
        advice = "move it away or restore a backup, or name another database in DATABASE_URL"
        super().__init__(f"{place} is not a usable database ({reason}); {advice}")


class NoRights(StoreError):
    """A PostgreSQL database in which the user of DATABASE_URL may not do what the service does."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: {reason}; make this user the owner of the database, or name another in DATABASE_URL"
        )


class Unreadable(StoreError):
    """A revision that is damaged, or that a later version of the service wrote."""

    def __init__(self, number: int) -> None:
        super().__init__(f"revision {number} cannot be read: it is damaged, or a later version wrote it")


class NewerDatabase(StoreError):
    """A later version of this service wrote the database; ``version`` is None where it does not say which."""

    def __init__(self, place: str, version: str | None, own_version: str) -> None:
        writer = f"version {version}" if version else "a newer version"
        super().__init__(
            f"{place} was written by {writer}, this is {own_version}: install {writer}, "
            "or restore the copy that it made before its upgrade"
        )


class NotUpgraded(StoreError):
    """An older database that stays as it is, since no copy of it can be kept."""

    def __init__(self, place: str, copy: str, reason: str) -> None:
        super().__init__(
            f"{place} is of an older version and is not upgraded: its copy {copy} cannot be written ({reason}); "
            "free as much space as the database takes, then start again"
        )


class NoDatabase(StoreError):
    """There is no database yet, and the command does not create one."""

    def __init__(self, place: str) -> None:
        super().__init__(f"no database at {place}; `agenda serve` creates it, DATABASE_URL names another")


class NoBackup(StoreError):
    """A file to restore from that is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(f"no backup at {path}; `agenda backup FILE` makes one")


class WrongDatabase(StoreError):
    """The database holds another program."""

    def __init__(self, place: str, holds: str, wanted: str) -> None:
        super().__init__(f"{place} holds the program {holds!r}, not {wanted!r}; set DATABASE_URL to another database")


class WrongClock(StoreError):
    """A rehearsal on a real day's database."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} is a real day's database; a rehearsal needs one of its own (leave DATABASE_URL unset)"
        )


class BadOrganizer(StoreError):
    """An invalid or existing name, or an invalid combination of role, room and session; ``field`` names the field."""

    def __init__(self, reason: str, field: str = "name") -> None:
        super().__init__(reason)
        self.field = field


class NameTaken(BadOrganizer):
    """A name that somebody has, who is an organizer, a chair…"""

    def __init__(self, name: str, role: str) -> None:
        self.is_already = f"{name} is already {'an' if role in {'organizer', 'operator'} else 'a'} {role}"
        quoted = shlex.quote(name)
        super().__init__(
            f"{self.is_already}; make a new link under People (agenda organizer link {quoted}), "
            f"or remove them first (agenda organizer remove {quoted})"
        )


class LastOrganizer(StoreError):
    """The last organizer, whose removal would leave nobody who can let others in."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is the last organizer; add another one first")


class SignInRefused(StoreError):
    """An invalid link or sign-in; one message for all reasons why a link is, so that guessing reveals nothing."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(
            reason
            or "this link is not valid: used, expired, withdrawn or mistyped. "
            "Ask an organizer for another, or the chair who hands the room over"
        )


class HandedOver(SignInRefused):
    """A link that handed a room over to somebody already; whoever has its key or its id learns to whom."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"this link is not valid: {name} has taken the room over with it. "
            "If that is you, ask an organizer for a sign-in link"
        )


class SignedOut(SignInRefused):
    """A sign-in that has ended, or whose person has another role by now."""

    def __init__(self) -> None:
        super().__init__("you are signed out, or have another role by now; nothing was changed")


class StarsRefused(StoreError):
    """More stars than the limits allow."""


class StarsFull(StoreError):
    """As many readers have stars as the limit allows."""

    def __init__(self) -> None:
        super().__init__("no more readers' stars are kept here now; stars stay on this device")


class NotesFull(StoreError):
    """As many notes on a session as the limit allows."""

    def __init__(self, most: int) -> None:
        super().__init__(f"a session has at most {most} notes; remove one first")


class FileExists(StoreError):
    """A file that backup or restore would overwrite."""

    def __init__(self, path: str, advice: str = "name another file, or move it away") -> None:
        super().__init__(f"{path} exists; {advice}")


class NotEmpty(StoreError):
    """A database that restore would have to mix with a backup."""

    def __init__(self, place: str, advice: str) -> None:
        super().__init__(f"{place} is in use already; {advice}")


class BackupFailed(StoreError):
    """A copy of the database that was not made; a former one stays as it was."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"no copy was made at {path}: {reason}")
