"""Logging: one line per event, as JSON or, on a terminal, as plain text; secrets are removed."""

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

# The id of the request that this thread or task handles; "" outside of a request.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Keys of sign-in links, of personal calendars and in headers, passwords in database URLs, and whatever is as long as a
# key, wherever it stands (`app.store.secret_keys`: 43 characters; `app.store.stars`: 22, in all folders but those of
# public calendars).
_SECRETS = re.compile(
    r"(?<=/organizer/sign-in/)[^\s/?#\"'<>]+|(?<=/my/)[\w%-]{16,}|(?<=Bearer )[^\s\"']+"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)|[\w-]{43,}"
    r"|(?<=/)(?<!/rooms/)(?<!/speakers/)(?<!/talks/)[\w-]{22,}(?=\.ics)"
)
HIDDEN = "***"
# Valid request ids of a proxy; others are replaced.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PREFIX = secrets.token_hex(4)
_numbers = count(1)
# Control characters and line separators, so that a request cannot add lines to the log.
_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(32), 127, 0x85, 0x2028, 0x2029) if code != ord("\n")}


def redacted(text: str) -> str:
    """The text without keys and passwords."""
    return _SECRETS.sub(HIDDEN, text)


def request_id_or_new(given: str) -> str:
    """A request's id in the logs: the proxy's if valid, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else f"{_PREFIX}-{next(_numbers)}"


class JsonLines(logging.Formatter):
    """One JSON object per line: at, level, logger, message, request, and the event's own fields."""

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
        # A request's id was checked, and may be as long as a key in the proxy's log too.
        texts = {name for name, value in fields.items() if isinstance(value, str)} - {"request"}
        safe = fields | {name: redacted(str(fields[name])) for name in texts}
        return json.dumps(safe, ensure_ascii=True, default=str)


class PlainLines(logging.Formatter):
    """Plain text: time, level if above info, message."""

    def format(self, record: logging.LogRecord) -> str:
        """One event, followed by its traceback."""
        level = f"{record.levelname.lower()}: " if record.levelno > logging.INFO else ""
        message = record.getMessage().replace("\n", "\\n").translate(_UNSAFE)
        line = f"{datetime.fromtimestamp(record.created, UTC):%H:%M:%SZ} {level}{message}"
        return redacted(f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line)


def configure(level: str, stream: TextIO = sys.stderr) -> None:
    """Set up logging; ``level`` is "debug", "info", "warning" or "error"."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainLines() if stream.isatty() else JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # uvicorn warns about every malformed request; many of them must not fill the disk.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    # Werkzeug's own server, of `flask run`, would log addresses.
    for name in ("asyncio", "sqlalchemy", "PIL", "psycopg", "werkzeug"):
        logging.getLogger(name).setLevel(logging.WARNING)
