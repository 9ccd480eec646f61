"""Text as calendars take it: no character that breaks a file, escaped to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterable

from icalendar import vText

LONGEST_LINE_OCTETS = 75
# Unicode's line breaks too: some readers split a file at them.
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# RFC 5545, 3.1, has no control characters but tab and line break; lone surrogates have no UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


class Text(vText):
    r"""A TEXT value (RFC 5545, 3.3.11). The library's own makes a line break of ``\N`` in "$\NP$"."""

    def to_ical(self) -> bytes:
        """Escaped, in UTF-8."""
        return self.translate(_ESCAPES).encode()


def lines(text: str) -> str:
    """Text of any number of lines, each ended by a line feed, without control characters."""
    return _UNPRINTABLE.sub("", _LINE_BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Text on one line, spaces single."""
    return " ".join(lines(text).split())


def folded(content_lines: Iterable[str]) -> bytes:
    """A file of content lines, each ended by CRLF and folded into lines of at most 75 octets (RFC 5545, 3.1).

    The library folds a character at a time, which is half the cost of a large feed.
    """
    return b"".join(_fold(line.encode()) for line in content_lines if line)


def _fold(line: bytes) -> bytes:
    parts = []
    while len(line) > LONGEST_LINE_OCTETS:
        cut = LONGEST_LINE_OCTETS
        while line[cut] & 0xC0 == 0x80:  # noqa: PLR2004 - within a character: UTF-8 continues with 10xxxxxx
            cut -= 1
        head = line[:cut]
        # Nor within an escape: some readers undo escapes line by line.
        cut -= (len(head) - len(head.rstrip(b"\\"))) % 2
        parts.append(line[:cut])
        line = b" " + line[cut:]
    return b"\r\n".join([*parts, line]) + b"\r\n"
