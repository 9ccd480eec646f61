"""People's names in running text: whether a text is one, and how a list of them is taken apart."""

from __future__ import annotations

import re

from app.formats.imports.draft import DraftPerson
from app.formats.imports.not_names import is_institution, names_no_person
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
# What stands beside names: who else, what they do there, a title, a degree, a footnote's number.
OTHERS = re.compile(r"\s*,?\s*(?:(?:et|&) al\.?|(?:and|&) others|and more|u\. ?a\.)\s*$", re.IGNORECASE)
ROLE = re.compile(
    r"(?:(?:(?:session|invited|keynote|guest|co)[ -]?)?(?:chair|speaker|host|moderator|presenter|panell?ist|"
    r"organi[sz]er|instructor|discussant|author)(?:s|\(s\))?\s*:\s*)+",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"(?:(?:(?:univ|assoc|asst|apl)\.-?\s*|(?:associate|assistant) |pd )?(?:professor(?:in)?\b|(?:prof|dr)\.)"
    r"(?:[ -]*(?:ing|rer|nat|phil|med|jur|habil|em|h\. ?c|math)\.)*\s*|(?:mr|mrs|ms)\.\s*)+",
    re.IGNORECASE,
)
_DEGREE = re.compile(r",?\s+(?:Ph\. ?D\.?|PhD)(?=\s*(?:$|[,;()]))")
FOOTNOTE = re.compile(r"(?<=[^\W\d])\s?(?:[*†‡§¹²³⁰⁴-⁹]+|\d{1,2})$")
_BULLET = re.compile(r"(?:[-–—•*·‣▪]|\d{1,2}[.)])\s+")
# What stands in brackets and is no place.
_NO_PLACE = re.compile(
    r"(?:session |co-?)?(?:chair|moderator|host|speaker|presenter|panell?ist|organi[sz]er)|remote|remotely|online|"
    r"virtual|in[- ]person|(?:she|he|they)/\w+(?:/\w+)?",
    re.IGNORECASE,
)
_DIVIDERS = str.maketrans("、，；", ",,;")
_INSIDE_BRACKETS = r"(?![^(\[]*[)\]])"
_AND = re.compile(rf"(?:(?:\s+|^)(?:and|und|et|&)\s+|\s+[/|]\s+){_INSIDE_BRACKETS}")
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


def plainly_a_name(text: str) -> bool:
    """Whether a text can hardly be anything but a person's name: no city, no subject, no company."""
    bare = without_honorific(text)
    return looks_like_name(bare) and not names_no_person(bare)


def without_honorific(name: str) -> str:
    """A name without `Prof.` or `Dr.`, where two words of it are left."""
    match = _HONORIFIC.match(name)
    bare = name[match.end() :] if match else name
    return bare if len(bare.split()) > 1 else name


def split_people(text: str) -> tuple[DraftPerson, ...]:
    """The people of a list such as `A. One, Bea Two (Lab) and C. Three`, with affiliations in brackets.

    Lines divide people, unless one says where the person above it is from.
    """
    entries = _entries(_rows(text[:LONGEST_LIST].translate(_DIVIDERS)))
    people = (one for entry in entries for part in _parts(entry) for one in _people(part))
    return tuple(one for one in people if any(map(str.isalpha, one.name)) and not _unnamed(one.name))


def _people(part: str) -> tuple[DraftPerson, ...]:
    return split_people(part) if ROLE.match(part.strip()) else (person(part),)


def _unnamed(name: str) -> bool:
    return to_be_announced(name) or nobody(name)


def _rows(text: str) -> list[str]:
    """The lines of a list, without bullets; one that ends or begins amid the list belongs to the next or the last."""
    rows: list[str] = []
    for line in text.splitlines():
        row = _BULLET.sub("", one_line(line), count=1) if _BULLET.match(one_line(line)) else one_line(line)
        if rows and row and (re.search(r"(?:[,;&]|\s(?:and|und|et))$", rows[-1]) or re.match(r"[(,;&]|and |und ", row)):
            rows[-1] = f"{rows[-1]} {row}"
        elif row:
            rows.append(row)
    return rows


def _entries(rows: list[str]) -> list[str]:
    """Rows of names, each with the place that stands below it; lines without any name are one text."""
    names = [len(rows) > 1 and (all_names(row) or _has_no_capitals(row)) for row in rows]
    if not any(names):
        return [" ".join(rows)]
    entries: list[str] = []
    for row, named in zip(rows, names, strict=True):
        if named or not entries:
            entries.append(row)
        else:
            entries[-1] = _with_place(entries[-1], row)
    return entries


def _has_no_capitals(text: str) -> bool:
    """Whether a text is of a script without capitals, such as Chinese."""
    return all(char.isalpha() and char.lower() == char.upper() for char in text if not char.isspace())


def _parts(text: str) -> list[str]:
    """What divides one entry: semicolons, else commas and words; `MIT` after a comma is a place."""
    role = ROLE.match(text)
    text = _DEGREE.sub("", OTHERS.sub("", text[role.end() :] if role else text))
    divider = ";" if ";" in text else ","
    parts = _outside_brackets(text, divider)
    if divider == ";" and len(parts) > 1:
        return parts
    found: list[str] = []
    for part in (piece.strip() for one in parts for piece in _pieces(one) if piece.strip()):
        if found and is_institution(part) and not _unnamed(part) and looks_like_name(person(found[-1]).name):
            found[-1] = _with_place(found[-1], part)
        else:
            found.append(part)
    return found


def _pieces(part: str) -> list[str]:
    """What `and` divides; a `University of Science and Technology` is one."""
    pieces = _AND.split(part)
    return [part] if is_institution(part) and not any(map(looks_like_name, pieces)) else pieces


def _with_place(name: str, place: str) -> str:
    return f"{name[:-1]}, {place})" if name.endswith(")") else f"{name} ({place})"


def all_names(text: str) -> bool:
    """Whether a text is a list of names and nothing else."""
    people = split_people(text)
    return bool(people) and all(looks_like_name(one.name) for one in people)


def person(text: str) -> DraftPerson:
    """One person, without title, with the affiliation that stands in brackets or after a dash."""
    text = _without_footnote(without_honorific(_DEGREE.sub("", one_line(text).strip(" ,;"))))
    placed = WITH_PLACE.fullmatch(text)
    if placed and looks_like_name(placed["name"]) and not plainly_a_name(placed["place"]):
        return DraftPerson(name=_without_footnote(placed["name"]), affiliations=affiliations(placed["place"]))
    if match := _BRACKETS.fullmatch(text):
        places = () if _NO_PLACE.fullmatch(match["inside"].strip()) else affiliations(match["inside"])
        return DraftPerson(name=_without_footnote(match["name"].strip(" ,")), affiliations=places)
    return DraftPerson(name=text)


def _without_footnote(name: str) -> str:
    bare = FOOTNOTE.sub("", name)
    return bare if looks_like_name(bare) or not name[-1:].isdecimal() else name


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
