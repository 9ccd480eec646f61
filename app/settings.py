"""Settings from the environment; all are optional."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import AgendaError
from app.live.kept_memory import ALLOWED_MEGABYTES
from app.outgoing.grip_proxy import GripProxy
from app.outgoing.reachable import NOTHING_ALLOWED, Allowed
from app.release import shipped_folder

VAR = Path("var")
SECRET_LETTERS = 64
# Each is a whole service; more than processor cores are of no use.
MOST_WORKERS = 64
# With less, the pages of a day would displace each other.
LEAST_MEMORY_MEGABYTES = 32


class BadSetting(AgendaError):
    """A setting with an invalid value."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r}: expected {expected}")


class NoSecret(AgendaError):
    """The key that signs cookies is not set, and its file cannot be read or written."""

    def __init__(self, path: Path, error: OSError) -> None:
        advice = "set SECRET_KEY to a long random text, and keep it"
        super().__init__(f"cannot write {path} ({error.strerror}); {advice}")


@dataclass(frozen=True)
class Settings:
    """The settings of the service.

    ``database_url`` None means SQLite under ``var/``; ``public_url`` has no trailing slash; ``proxies`` is the number
    of trusted proxies in front of the service; ``memory_megabytes`` is the bound on what it keeps ready in memory;
    ``outgoing_allow`` is what it may call though it is not public; ``grip`` are proxies that hold its streams.
    """

    program: Path
    database_url: str | None = None
    public_url: str = ""
    secret_key: str | None = None
    port: int = 8000
    workers: int = 1
    proxies: int = 0
    memory_megabytes: int = ALLOWED_MEGABYTES
    metrics: bool = False
    log: str = "info"
    outgoing_allow: Allowed = NOTHING_ALLOWED
    grip: tuple[GripProxy, ...] = ()

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Read the environment; raises `BadSetting`."""
        public_url = environment.get("AGENDA_PUBLIC_URL", "").rstrip("/")
        if public_url and not public_url.startswith(("http://", "https://")):
            raise BadSetting("AGENDA_PUBLIC_URL", public_url, "an address such as https://agenda.example.org")
        program = environment.get("AGENDA_PROGRAM")
        return cls(
            program=Path(program) if program else first_program(),
            database_url=environment.get("DATABASE_URL") or None,
            public_url=public_url,
            secret_key=environment.get("SECRET_KEY") or None,
            port=_number(environment, "PORT", 8000, most=65535),
            workers=_number(environment, "WEB_CONCURRENCY", 1, most=MOST_WORKERS),
            proxies=_number(environment, "AGENDA_PROXIES", 0, least=0),
            memory_megabytes=_number(environment, "AGENDA_MEMORY", ALLOWED_MEGABYTES, least=LEAST_MEMORY_MEGABYTES),
            metrics=_one_of(environment, "AGENDA_METRICS", ("0", "1")) == "1",
            log=_one_of(environment, "AGENDA_LOG", ("info", "debug", "warning", "error")),
            outgoing_allow=_allowed(environment, "AGENDA_OUTGOING_ALLOW"),
            grip=_grip(environment, "AGENDA_GRIP_URL"),
        )

    def address(self) -> str:
        """The service's public address, or the local one where none is set."""
        return self.public_url or f"http://localhost:{self.port}"


def first_program() -> Path:
    """The program that is served by default."""
    return shipped_folder("data") / "codeml-2025"


def starter_program() -> Path:
    """The program that `agenda new` copies."""
    return shipped_folder("data") / "starter"


def stored_secret(folder: Path = VAR) -> str:
    """The key that signs cookies, created on first use in a file that only its owner can read.

    An incomplete key is replaced, which only invalidates forms that are open. Raises `NoSecret` where the file
    cannot be read or written.
    """
    path = folder / "secret-key"
    try:
        if not path.exists() or len(_text_of(path)) < SECRET_LETTERS:
            folder.mkdir(parents=True, exist_ok=True)
            _write_secret(path)
        return _text_of(path)
    except OSError as error:
        raise NoSecret(path, error) from error


def _text_of(path: Path) -> str:
    return path.read_text(errors="replace").strip()


def _write_secret(path: Path) -> None:
    """Write a new key atomically; of several processes one succeeds, and all read its key."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(secrets.token_hex(SECRET_LETTERS // 2))
    try:
        if path.exists():
            unfinished.replace(path)
        else:
            path.hardlink_to(unfinished)
    except FileExistsError:  # another process was faster
        pass
    finally:
        unfinished.unlink(missing_ok=True)


def _number(environment: Mapping[str, str], name: str, default: int, least: int = 1, most: int | None = None) -> int:
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdecimal()) or int(value) < least or (most and int(value) > most):
        raise BadSetting(name, value, f"a whole number, {least} {f'to {most}' if most else 'or more'}")
    return int(value)


def _allowed(environment: Mapping[str, str], name: str) -> Allowed:
    text = environment.get(name, "")
    try:
        return Allowed.read(text)
    except ValueError as error:
        expected = f"addresses, networks and host names such as 10.0.0.0/8,sheet.internal, which {error} is not"
        raise BadSetting(name, text, expected) from error


def _grip(environment: Mapping[str, str], name: str) -> tuple[GripProxy, ...]:
    try:
        return tuple(map(GripProxy.read, environment.get(name, "").split()))
    except ValueError as error:
        # It has keys, which are shown to nobody.
        raise BadSetting(name, "…", str(error)) from error


def _one_of(environment: Mapping[str, str], name: str, values: tuple[str, ...]) -> str:
    """One of the allowed values; the first is the default."""
    value = environment.get(name) or values[0]
    if value not in values:
        raise BadSetting(name, value, f"one of {', '.join(values)}")
    return value
