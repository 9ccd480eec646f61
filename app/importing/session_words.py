"""The kind of a session, and whether it is cancelled, by the words of its title or label."""

from __future__ import annotations

import re

from app.domain.ids import slug
from app.importing.vocabulary import kinds, pattern, word_set

TALK = "talk"
LONGEST_TITLE = 120
LONGEST_KIND = 24
CANCELLED_STATES = word_set("sessions.cancelled") | {"withdrawn"}
UNSPECIFIC_KINDS = word_set("sessions.unspecific_kinds")


_KINDS, _LABELS = (
    tuple((kind, re.compile(titles, re.IGNORECASE)) for kind, titles in kinds(path))
    for path in ("sessions.kinds", "sessions.labels")
)
# Such as: Invited talk 3, Keynote speaker.
LABEL = re.compile(
    rf"[\W_]*(?P<label>{pattern('sessions.label_adjectives')}?\s*{pattern('sessions.label_nouns')}s?)\s*#?\d*\s*[\W_]*",
    re.IGNORECASE,
)
_LEADING_CANCELLED = re.compile(
    rf"[\[(]?\s*{pattern('sessions.cancelled')}\s*[\])]?\s*(?:[:\-–—!]\s*|(?<=[\])])\s*)", re.IGNORECASE
)
# Such as: (cancelled due to illness), - CANCELLED.
_TRAILING_CANCELLED = re.compile(
    rf"\s*(?:[(\[]\s*{pattern('sessions.cancelled')}\b[^()\[\]]*[)\]]|\s[-–—]+\s*{pattern('sessions.cancelled')})[\s.!]*$",
    re.IGNORECASE,
)
_CANCELLED = re.compile(rf"[\W_]*{pattern('sessions.cancelled')}\b", re.IGNORECASE)


def kind_of_title(title: str) -> str:
    """The kind that a title's words tell; `talk` when they tell none."""
    bare = re.sub(r"^[\W_]+", "", title[:LONGEST_TITLE])
    return next((kind for kind, words in _KINDS if words.search(bare)), TALK)


def kind_of_word(word: str) -> str:
    """The kind by a source's name for it: `Coffee break` is a break, `devroom` a devroom; "" for none."""
    name = slug(word, longest=LONGEST_KIND)
    if not name or name in UNSPECIFIC_KINDS:
        return ""
    known = kind_of_title(word)
    if known != TALK:
        return known
    return next((kind for kind, words in _LABELS if words.match(word.strip())), name)


def says_cancelled(text: str) -> bool:
    """Whether a text begins with the word "cancelled"."""
    return bool(_CANCELLED.match(text))


def without_cancelled(title: str) -> tuple[str, bool]:
    """A title without the word "cancelled" before or after it, and whether there was one."""
    leading, trailing = _LEADING_CANCELLED.match(title), _TRAILING_CANCELLED.search(title[-LONGEST_TITLE:])
    rest = title[leading.end() :].strip() if leading else ""
    if trailing and not leading:
        rest = title.removesuffix(trailing.group()).strip()
    return (rest, True) if rest else (title, False)
