"""The form of ids, and ids derived from names: the same for the same name."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

# Of sessions and of items; short, since QR codes contain it.
SESSION_ID_LENGTH = 24
SLUG_LENGTH = 64
SESSION_ID = re.compile(rf"[a-z0-9-]{{1,{SESSION_ID_LENGTH}}}")
SLUG = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{SLUG_LENGTH - 1}}}")
SESSION_ID_FORM = f"lower-case letters, digits and hyphens, at most {SESSION_ID_LENGTH}"
SLUG_FORM = f"lower-case letters, digits and hyphens, at most {SLUG_LENGTH}"

# Letters that Unicode decomposition (NFKD) does not reduce to ASCII.
_LETTERS = str.maketrans("øØłŁđðı", "oOlLddi") | str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "&": " and "}
)


def slug(text: str, longest: int = SLUG_LENGTH) -> str:
    """A text as an id of at most ``longest`` characters, cut between words if possible; "" if nothing is left."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’`]", "", plain)).strip("-")
    if len(words) <= longest:
        return words
    cut = words[: longest + 1].rsplit("-", 1)[0]
    return cut if len(cut) <= longest else words[:longest].strip("-")


def slug_or_digest(text: str, sort: str, longest: int = SLUG_LENGTH) -> str:
    """As `slug`; for a name without Latin letters ``sort`` and a short digest of the name."""
    return slug(text, longest) or f"{sort}-{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:8]}"


class UniqueIds:
    """Unique ids: the second of the same name gets `-2`, and so on."""

    def __init__(self, taken: Iterable[str] = (), longest: int = SLUG_LENGTH) -> None:
        self._taken = set(taken)
        self._longest = longest
        self._tried: dict[str, int] = {}

    def reserve(self, wish: str) -> str:
        """The wished id, or the first unused one with a number; it counts as used from then on."""
        number = self._tried.get(wish, 0) + 1
        while (name := self._numbered(wish, number)) in self._taken:
            number += 1
        self._tried[wish] = number
        self._taken.add(name)
        return name

    def _numbered(self, wish: str, number: int) -> str:
        ending = "" if number == 1 else f"-{number}"
        return wish[: self._longest - len(ending)].rstrip("-") + ending
