"""People's names in running text: whether a text is one, and how a list of them is taken apart."""

from __future__ import annotations

import re

from app.formats.imports.draft import DraftPerson
from app.formats.imports.text import one_line


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MOST_WORDS = 5
LONGEST_NAME = 60
LONGEST_LIST = 4000
PARTICLES = _set("al bin da dal de del della den der di dos du e el ibn la le ten ter v van von y zu")
# Words that make a capitalised phrase something else than a name.
NOT_IN_NAMES = _set(
    """a about acceptance agenda an and announcement announcements award awards best break breakfast camera center
    centre closing coffee college company conference contributed day deadline demo demos dinner discussion end
    event faculty final finish for foundation free from group hall how in inc institute institution introduction invited
    keynote lab laboratory laboratories labs learning lightning location ltd lunch machine me meet meeting
    moderated my networking new notification of on online opening oral orals organizers our panel paper papers poster
    posters presentation program programme proceedings q&a question questions reception registration remarks
    research room schedule school science session sessions speaker speakers special spotlight spotlights stage
    submission summary talk talks tba tbd tbc team technologies technology the to track tutorial university
    universität université update venue via welcome with workshop workshops you your zoom"""
)
TO_BE_ANNOUNCED = re.compile(
    r"[\W_]*(?:tba|tbd|tbc|to be (?:announced|determined|confirmed|decided)|coming soon|title tba)?[\W_]*",
    re.IGNORECASE,
)
# What stands in a column of people and names none.
_NOBODY = re.compile(
    r"(?:the |all |workshop |program |programme |session )*"
    r"(?:organi[sz]ers?|organi[sz]ing (?:committee|team)|committee|chairs?|moderators?|participants|attendees|speakers|"
    r"panell?ists|authors|everyone|everybody|all|various|none|n/a)",
    re.IGNORECASE,
)
# What stands beside names: who else, what they do there, a footnote's number.
OTHERS = re.compile(r"\s*,?\s*(?:et al\.?|and others|and more|u\. ?a\.)\s*$", re.IGNORECASE)
ROLE = re.compile(r"^(?:session )?(?:chair|speaker|host|moderator|presenter|panell?ist)s?\s*:\s*", re.IGNORECASE)
FOOTNOTE = re.compile(r"(?<=[^\W\d])[\d*†‡§]+$")
# "Ann Lee – University of Bonn"; in a list that semicolons divide, "Ann Lee, MIT".
WITH_PLACE = re.compile(r"(?P<name>[^,()–—]{3,60}?)(?:\s+[-–—]\s+|,\s*)(?P<place>[^,()]{2,80})")
_BRACKETS = re.compile(r"(?P<name>[^()\[\]]*)[(\[](?P<inside>[^()\[\]]*)[)\]]\s*")


def to_be_announced(text: str) -> bool:
    """Whether a text says nothing yet: empty, TBA, to be announced."""
    return bool(TO_BE_ANNOUNCED.fullmatch(text[:LONGEST_NAME]))


def nobody(text: str) -> bool:
    """Whether a text names a role, such as the organizers, and no person."""
    return bool(_NOBODY.fullmatch(text[:LONGEST_NAME].strip(" .")))


def looks_like_name(text: str) -> bool:
    """Whether a text is written as a person's name: two to five words with capitals, no common words."""
    words = text.replace(".", ". ").split()
    if not 1 < len(words) <= MOST_WORDS or len(text) > LONGEST_NAME:
        return False
    if any(word.casefold().strip(".,") in NOT_IN_NAMES for word in words):
        return False
    return all(_name_word(word) for word in words) and words[0].casefold() not in {"e", "y"}


def split_people(text: str) -> tuple[DraftPerson, ...]:
    """The people of a list such as `A. One, Bea Two (Lab) and C. Three`, with affiliations in brackets.

    Lines divide people, unless the second says where the first's person is from.
    """
    rows = [one_line(row) for row in text[:LONGEST_LIST].splitlines() if row.strip()]
    if len(rows) > 1 and all(map(all_names, rows)):
        return tuple(one for row in rows for one in split_people(row))
    if len(rows) == len(("name", "place")) and looks_like_name(rows[0]) and not all_names(rows[1]):
        rows = [rows[0] if rows[1].startswith("(") else f"{rows[0]} ({rows[1]})", *rows[1:2][: rows[1].startswith("(")]]
    text = OTHERS.sub("", ROLE.sub("", " ".join(rows)))
    divider = ";" if ";" in text else ","
    parts = _outside_brackets(text, divider)
    if divider == "," or len(parts) == 1:
        parts = [piece for part in parts for piece in re.split(r"\s+(?:and|und|et|&)\s+|^(?:and|und|et|&)\s+", part)]
    people = (person(part) for part in parts)
    return tuple(one for one in people if one.name and not to_be_announced(one.name) and not nobody(one.name))


def all_names(text: str) -> bool:
    """Whether a text is a list of names and nothing else."""
    people = split_people(text)
    return bool(people) and all(looks_like_name(one.name) for one in people)


def person(text: str) -> DraftPerson:
    """One person, with the affiliation that stands in brackets after the name."""
    text = FOOTNOTE.sub("", one_line(text).strip(" ,;"))
    if (
        (placed := WITH_PLACE.fullmatch(text))
        and looks_like_name(placed["name"])
        and not looks_like_name(placed["place"])
    ):
        return DraftPerson(name=placed["name"], affiliations=affiliations(placed["place"]))
    if match := _BRACKETS.fullmatch(text):
        return DraftPerson(name=match["name"].strip(" ,"), affiliations=affiliations(match["inside"]))
    return DraftPerson(name=text)


def affiliations(text: str) -> tuple[str, ...]:
    """Affiliations of a list divided by semicolons, slashes between spaces, or `&`."""
    parts = (part.strip(" ,") for part in re.split(r";| / | & ", one_line(text)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _name_word(word: str) -> bool:
    bare = word.strip(".,'’\"“”")
    if word.casefold() in PARTICLES:
        return True
    letters = bare.replace("-", "").replace("'", "").replace("’", "")
    return bool(letters) and letters.isalpha() and (bare[0].isupper() or not bare[0].islower())


def _outside_brackets(text: str, divider: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char in "([") - (char in ")]" and depth > 0)
        if char == divider and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [part for part in [*parts, current] if part.strip()]
