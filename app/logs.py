"""What the service logs: one line an event, JSON for machines, plain on a terminal, never a secret."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import count
from typing import TextIO

# The request that this thread or task answers; "" outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Keys of sign-in links and of readers' own calendars, and passwords in addresses of databases.
_SECRETS = re.compile(r"(?<=/organizer/sign-in/)[^\s/?#\"'<>]+|(?<=/my/)[\w%-]{16,}|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")
HIDDEN = "***"
# What a proxy may call a request; anything else is given a name of ours.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PREFIX = secrets.token_hex(4)
_numbers = count(1)
# A line of a log is one line, whatever a request was made of.
_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(32), 127, 0x85, 0x2028, 0x2029) if code != ord("\n")}


def redacted(text: str) -> str:
    """The text without keys and passwords."""
    return _SECRETS.sub(HIDDEN, text)


def name_of_request(given: str) -> str:
    """The name by which a request is found in the logs: the proxy's, where it gave a usable one."""
    return given if _REQUEST_ID.fullmatch(given) else f"{_PREFIX}-{next(_numbers)}"


class JsonLines(logging.Formatter):
    """A JSON object a line: at, level, logger, message, request, and what the event brought along."""

    def format(self, record: logging.LogRecord) -> str:
        """One event."""
        fields: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            fields["request"] = request_id.get()
        fields |= getattr(record, "facts", {})
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return redacted(json.dumps(fields, ensure_ascii=True, default=str))


class PlainLines(logging.Formatter):
    """The same for people: time, level where it is worth a word, message."""

    def format(self, record: logging.LogRecord) -> str:
        """One event; a traceback stands below it."""
        level = f"{record.levelname.lower()}: " if record.levelno > logging.INFO else ""
        message = record.getMessage().replace("\n", "\\n").translate(_UNSAFE)
        line = f"{datetime.fromtimestamp(record.created, UTC):%H:%M:%SZ} {level}{message}"
        return redacted(f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line)


def configure(level: str, stream: TextIO = sys.stderr) -> None:
    """Log from here on; ``level`` is "debug", "info", "warning" or "error"."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainLines() if stream.isatty() else JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Of what strangers send it warns at each request; a burst of nonsense must not fill a disk.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    # A request over a limit is logged as a request, with its 429.
    for name in ("asyncio", "sqlalchemy", "PIL", "flask-limiter"):
        logging.getLogger(name).setLevel(logging.WARNING)
