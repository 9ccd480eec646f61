"""Settings from the environment; all are optional."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import AgendaError

PACKAGE = Path(__file__).resolve().parent
VAR = Path("var")


class BadSetting(AgendaError):
    """A setting whose value cannot be used."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r}: expected {expected}")
        self.name = name


@dataclass(frozen=True)
class Settings:
    """How this service runs.

    ``database_url`` None means SQLite under ``var/``; ``public_url`` has no slash at its end.
    """

    program: Path
    database_url: str | None = None
    public_url: str = ""
    secret_key: str | None = None
    port: int = 8000
    workers: int = 1

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
            port=_number(environment, "PORT", 8000),
            workers=_number(environment, "WEB_CONCURRENCY", 1),
        )

    def address(self) -> str:
        """Where readers find the service, as far as the settings know."""
        return self.public_url or f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        """The same settings as an environment, for the processes that serve."""
        values = {
            "AGENDA_PROGRAM": str(self.program),
            "DATABASE_URL": self.database_url or "",
            "AGENDA_PUBLIC_URL": self.public_url,
            "SECRET_KEY": self.secret_key or "",
        }
        return {name: value for name, value in values.items() if value}


def first_program() -> Path:
    """The program that comes with the service: in a checkout beside `app/`, installed inside it."""
    return _shipped("data") / "codeml-2025"


def templates_folder() -> Path:
    """Where the page templates are."""
    return _shipped("templates")


def kept_secret(folder: Path = VAR) -> str:
    """The key that signs cookies: made on first use and kept in a file only its owner reads."""
    path = folder / "secret-key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32))
    except FileExistsError:  # another process made it in between
        pass
    return path.read_text().strip()


def _shipped(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isdecimal() or int(value) < 1:
        raise BadSetting(name, value, "a whole number, 1 or more")
    return int(value)
