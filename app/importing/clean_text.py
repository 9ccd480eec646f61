"""Text and links from outside, made safe to keep: no hidden content, no control characters."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from app.domain.session import Link
from app.domain.texts import forbidden_characters, is_visible

COMMENT = re.compile(r"<!(?=--).*?(?P<end>--!?>|\Z)", re.DOTALL)
BYTE_ORDER_MARK = "\ufeff"
PREFERRED_LANGUAGES = ("en", "de", "fr", "es")
QUOTATION_MARKS = {'"': '"', "“": "”", "„": "“”", "«": "»", "'": "'", "‘": "’"}


def without_comments(text: str, *, unclosed_hides: bool = True) -> tuple[str, int]:
    """A text without its HTML comments, as a browser finds them, and how many there were.

    `-->` or `--!>` closes a comment, `<!-->` and `<!--->` are empty ones (HTML, 13.2.5.43).
    An unclosed one hides the rest of a page; in a single text it is taken as written.
    """
    return COMMENT.subn(lambda comment: "" if unclosed_hides or comment["end"] else comment.group(), text)


def one_line(value: object) -> str:
    """A value as one line of text, without hidden parts and control characters, its spaces single."""
    return " ".join(_printable(value).split())


def block(value: object) -> str:
    """A value as lines of text, without hidden parts, control characters and spaces at the ends."""
    text = _printable(value).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def unquoted(text: str) -> str:
    """A title without the quotation marks around the whole of it."""
    inner = text[1:-1]
    if len(text) > 1 and text[-1] in QUOTATION_MARKS.get(text[0], "") and not set(inner) & {text[0], text[-1]}:
        return inner.strip()
    return text


def _printable(value: object) -> str:
    text = printable(without_comments(_text_of(value), unclosed_hides=False)[0])
    return text if is_visible(text) else ""


def printable(text: str) -> str:
    """A text without the characters that none may hold, and without byte order marks."""
    return text.translate(dict.fromkeys(map(ord, forbidden_characters(text) | {BYTE_ORDER_MARK})))


def _text_of(value: object) -> str:
    """Text as it is, numbers as written; of a text in several languages the first preferred one."""
    if isinstance(value, dict):
        texts = [value.get(language) for language in PREFERRED_LANGUAGES] + list(value.values())
        return next((text for text in texts if isinstance(text, str)), "")
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


SCHEMES = frozenset({"http", "https", "mailto"})


def link(label: str, url: str, base: str = "") -> Link | None:
    """A link with a label; None for another scheme, or a relative address without a base."""
    address = absolute(url, base)
    return Link(one_line(label) or address, address) if address else None


def absolute(url: str, base: str = "") -> str:
    """An address as an absolute one; "" where it is none, has a space in it, or another scheme than `SCHEMES`."""
    text = one_line(url)
    if not text or " " in text:
        return ""
    try:
        parts = urlsplit(urljoin(base, text))
    except ValueError:
        return ""
    is_known = parts.scheme in SCHEMES and (parts.netloc or parts.scheme == "mailto")
    return parts.geturl() if is_known else ""
