"""What is written as names are and is none: subjects, cities, institutions, `Deep Networks`, `New York`, `ETH`."""

from __future__ import annotations

import re

from app.domain.matching import plain
from app.formats.imports.zones import zone_of_places

LONGEST_SHORT = 5


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Where two capitals alone must tell a name, these words tell none.
_SUBJECTS = _set(
    """academy advanced afternoon ai algorithms amazon apple applied artificial arts association ballroom basic
    beginner big bootcamp building cafe causal challenge challenges city class climate cloud club code cognitive
    community compiler compilers computer corporation deep deepmind demystified design developers double drinks
    early engineering ethics evening expert face facebook fair fast federated fifth first food forests forum
    foundations fourth fun future game games general generative google graph graphs ground guide half hands happy
    hour hours hub hugging hybrid ibm image images imperial inference insights intel interactive intermediate
    internet introductory language languages large late level library linear live logic long main management math
    matters mellon meta methods microsoft model models modern more morning music national nature neural next nvidia
    only openai optimizers outlook part people person pizza policy practical practice press probabilistic problems
    processing product project projects python quantum random real recent reinforcement remote representation
    responsible robot robots rust safe second semantic series service services short show simple site small social
    software space speech start state statistical step street studio studios study summit supervised support system
    systems tech theories theory third time times tour towards trends trustworthy tutorials understanding virtual
    vision visual war wars weather web why world writing zero"""
)
_INSTITUTIONS = _set(
    """academy college corporation deepmind eth google gmbh inc inria institut institute institution lab labs
    laboratory microsoft nvidia openai research school universidad university universität universite université
    universita"""
)
# How words of subjects end; as the last word, in more ways: but for some families.
_SUBJECT = re.compile(r".{3,}(?:tion|tions|ness|ism|logy|graphy|works|ware|ments|sions|ics)", re.IGNORECASE)
_LAST_OF_SUBJECT = re.compile(
    r"(?!(?:brown|cann|chann|dem|dowl|flem|gold|hard|keat|mann)ing$).{3,}(?:ing|ings|ity)", re.IGNORECASE
)


def names_no_person(text: str) -> bool:
    """Whether a text with two capitals has a word that tells a subject or a company, or is a city."""
    words = [word.strip(".,'’") for word in re.split(r"[\s-]+", text) if word.strip(".,'’")]
    if any(word.casefold() in _SUBJECTS or _SUBJECT.fullmatch(word) or _is_short(word) for word in words):
        return True
    found = zone_of_places((text,))
    return bool(words and _LAST_OF_SUBJECT.fullmatch(words[-1])) or (
        found is not None and plain(found[1]) == plain(text)
    )


def is_institution(text: str) -> bool:
    """Whether a text is plainly where somebody is from: `MIT`, `University of Bonn`."""
    words = text.split()
    short = len(words) == 1 and len(text) > len("TU") and text.isalpha() and text.isupper()
    return short or any(word.casefold().strip(".") in _INSTITUTIONS for word in words)


def _is_short(word: str) -> bool:
    """`ETH`, `AI`; not an initial, not a family name in capitals."""
    return 1 < len(word) <= LONGEST_SHORT and word.isupper()
