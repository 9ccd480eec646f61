"""Text from outside, made fit to keep: no hidden content, no control characters."""

from __future__ import annotations

import re

COMMENT_END = re.compile(r"--!?>")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
LANGUAGES_PREFERRED = ("en", "de", "fr", "es")


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was read in; never fails (bad bytes read as Windows-1252)."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "windows-1252"


def without_comments(text: str, *, unclosed_hides: bool = True) -> tuple[str, int]:
    """A text without its HTML comments, as a browser finds them, and how many there were.

    `-->` or `--!>` closes a comment, `<!-->` and `<!--->` are empty ones (HTML, 13.2.5.43).
    An unclosed one hides the rest of a page; in a single text it is taken as written.
    """
    kept, position, count = [], 0, 0
    while (start := text.find("<!--", position)) >= 0:
        end = COMMENT_END.search(text, start + 2)
        if end is None and not unclosed_hides:
            break
        kept.append(text[position:start])
        count += 1
        position = end.end() if end else len(text)
    return "".join([*kept, text[position:]]), count


def one_line(value: object) -> str:
    """A value as one line of text: hidden parts and control characters gone, spaces single."""
    return " ".join(_printable(value).split())


def block(value: object) -> str:
    """A value as lines of text: hidden parts and control characters gone, ends trimmed."""
    text = _printable(value)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def unquoted(text: str) -> str:
    """A title without the quotation marks around the whole of it."""
    pairs = {'"': '"', "“": "”", "„": "“”", "«": "»", "'": "'", "‘": "’"}
    inner = text[1:-1]
    if len(text) > 1 and text[-1] in pairs.get(text[0], "") and not set(inner) & {text[0], text[-1]}:
        return inner.strip()
    return text


def _printable(value: object) -> str:
    return UNPRINTABLE.sub("", without_comments(_words(value), unclosed_hides=False)[0])


def _words(value: object) -> str:
    """Text as it is; numbers as written; of a text in several languages the first that most can read."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, dict):
        for language in LANGUAGES_PREFERRED:
            if isinstance(value.get(language), str):
                return str(value[language])
        return next((one for one in value.values() if isinstance(one, str)), "")
    return str(value) if isinstance(value, (str, int, float)) else ""
