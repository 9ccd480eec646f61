"""What kind of session a title speaks of."""

from __future__ import annotations

import re

from app.formats.imports.slugs import slug

TALK = "talk"
LONGEST_TITLE = 120
# The first that fits: a "coffee break and posters" is a poster session.
WORDS = (
    ("posters", r"posters?\b(?! award)|poster session|demo session"),
    ("lunch", r"lunch|mittag(?:essen|spause)|déjeuner"),
    ("social", r"reception|dinner|banquet|social|party|happy hour|networking|get[- ]together|drinks|apéro|mixer"),
    ("break", r"(?:coffee|tea|kaffee|short|morning|afternoon)[- ]?(?:break|pause)|^break\b|\bbreak$|pause$|^coffee"),
    ("break", r"breakfast|^tea$|^(?:pause|accueil) café"),
    ("panel", r"\bpanel\b(?! setup)|podium|table ronde|round[- ]?table|fishbowl"),
    ("keynote", r"opening keynote|keynote (?:talk|address|lecture)"),
    ("opening", r"opening|welcome|begrüßung|introduction and opening|introductory remarks"),
    ("closing", r"closing|farewell|wrap[- ]?up|verabschiedung|concluding|^finish$|^end$"),
    ("keynote", r"keynote"),
    ("contributed", r"contributed|\b(?:oral|spotlight|lightning) (?:talk|presentation|session)"),
)
_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in WORDS)
# Sorts of talks that are named in many ways; what is named otherwise keeps its own name.
_SORTS = (
    ("contributed", re.compile(r"contributed|\boral|spotlight", re.IGNORECASE)),
    (TALK, re.compile(r"(?:invited )?(?:talks?|presentations?|lectures?|vortrag)\W*|invited\W*", re.IGNORECASE)),
)
# What other systems call a session of which they say nothing.
_SAYS_NOTHING = frozenset({"", "other", "session", "none", "event"})


def kind_of_title(title: str) -> str:
    """The kind that a title's words speak of; `talk` when they speak of none."""
    bare = re.sub(r"^[\W_]+", "", title[:LONGEST_TITLE])
    return next((kind for kind, words in _PATTERNS if words.search(bare)), TALK)


def kind_of_word(word: str) -> str:
    """The kind that a source's own word names: `Coffee break` is a break, `devroom` a devroom; "" for none."""
    named = slug(word, longest=24)
    if named in _SAYS_NOTHING:
        return ""
    known = kind_of_title(word)
    sort = next((kind for kind, words in _SORTS if words.match(word.strip())), named)
    return known if known != TALK else sort
