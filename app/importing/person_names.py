"""People's names in running text: whether a text is one, and how a list of them is taken apart."""

from __future__ import annotations

import re
from functools import lru_cache

from app.domain.session_matching import normalized
from app.importing.clean_text import one_line
from app.importing.draft import DraftPerson
from app.importing.time_zones import zone_of_places
from app.importing.vocabulary import any_of, pattern, word_set

NOT_IN_NAMES = word_set("people.not_in_names")
PARTICLES = word_set("people.particles")
SUBJECTS = word_set("people.subjects")
INSTITUTIONS = word_set("people.institutions")
MOST_WORDS = 5
# The same names are looked at by several rules, one after the other.
MOST_KEPT = 1000
LONGEST_NAME = 60
# As long as an abbreviation gets, such as `ETH`; longer words in capitals are family names.
LONGEST_ABBREVIATION = 5
SHORTEST_INSTITUTION = 3
TO_BE_ANNOUNCED = re.compile(rf"[\W_]*{pattern('sessions.to_be_announced')}?[\W_]*", re.IGNORECASE)
NOBODY = re.compile(rf"(?:{pattern('people.nobody_prefixes')} )*{pattern('people.nobody')}", re.IGNORECASE)
_SUBJECT = re.compile(rf".{{3,}}{pattern('people.subject_endings')}", re.IGNORECASE)
_LAST_OF_SUBJECT = re.compile(
    rf"(?!{pattern('people.families')}ing$).{{3,}}{pattern('people.last_subject_endings')}", re.IGNORECASE
)
_HONORIFIC = re.compile(
    r"(?:(?:(?:univ|assoc|asst|apl)\.-?\s*|(?:associate|assistant) |pd )?(?:professor(?:in)?\b|(?:prof|dr)\.)"
    r"(?:[ -]*(?:ing|rer|nat|phil|med|jur|habil|em|h\. ?c|math)\.)*\s*|(?:mr|mrs|ms)\.\s*)+",
    re.IGNORECASE,
)


def to_be_announced(text: str) -> bool:
    """Whether a text is a placeholder: empty, TBA, to be announced."""
    return bool(TO_BE_ANNOUNCED.fullmatch(text[:LONGEST_NAME]))


def names_nobody(text: str) -> bool:
    """Whether a text in a column of people is no person's name: to be announced, or a role such as the organizers."""
    return to_be_announced(text) or bool(NOBODY.fullmatch(text[:LONGEST_NAME].strip(" .")))


def looks_like_name(text: str) -> bool:
    """Whether a text is written as a person's name: two to five words with capitals, no common words."""
    words = text.replace(".", ". ").split()
    if not 1 < len(words) <= MOST_WORDS or len(text) > LONGEST_NAME:
        return False
    if any(word.casefold().strip(".,") in NOT_IN_NAMES for word in words if not INITIALS.fullmatch(word)):
        return False
    return all(_is_name_word(word) for word in words) and words[0].casefold() not in {"e", "y"}


@lru_cache(MOST_KEPT)
def plainly_a_name(text: str) -> bool:
    """Whether a text can hardly be anything but a person's name: no city, no subject, no company."""
    bare = without_honorific(text)
    return looks_like_name(bare) and not _names_something_else(bare)


def is_institution(text: str) -> bool:
    """Whether a text is plainly an affiliation: `MIT`, `University of Bonn`."""
    words = text.split()
    abbreviation = len(words) == 1 and len(text) >= SHORTEST_INSTITUTION and text.isalpha() and text.isupper()
    return abbreviation or any(word.casefold().strip(".") in INSTITUTIONS for word in words)


def without_honorific(name: str) -> str:
    """A name without `Prof.` or `Dr.`, where at least two words are left."""
    match = _HONORIFIC.match(name)
    bare = name[match.end() :] if match else name
    return bare if len(bare.split()) > 1 else name


def without_capitals(text: str) -> bool:
    """Whether a text is of a script without capitals, such as Chinese."""
    return all(char.isalpha() and char.lower() == char.upper() for char in text if not char.isspace())


def _names_something_else(text: str) -> bool:
    """Whether a text with two capitals has a word of a subject or a company, or is a city."""
    words = [word for part in re.split(r"[\s-]+", text) if (word := part.strip(".,'’"))]
    if any(_is_subject(word) for word in words) or (words and _LAST_OF_SUBJECT.fullmatch(words[-1])):
        return True
    city = zone_of_places((text,))
    return city is not None and normalized(city[1]) == normalized(text)


def _is_subject(word: str) -> bool:
    abbreviation = 1 < len(word) <= LONGEST_ABBREVIATION and word.isupper()
    return abbreviation or word.casefold() in SUBJECTS or bool(_SUBJECT.fullmatch(word))


def _is_name_word(word: str) -> bool:
    if word.casefold() in PARTICLES:
        return True
    bare = word.strip(".,'’\"“”")
    return bool(bare) and not bare[0].islower() and re.sub("['’-]", "", bare).isalpha()


LONGEST_LIST = 4000
_ROLE = rf"(?:{pattern('people.role_prefixes')}[ -]?)?{pattern('people.roles')}"
LEADING_ROLE = re.compile(rf"(?:{_ROLE}(?:s|\(s\))?\s*:\s*)+", re.IGNORECASE)
# What stands in brackets after a name and is no affiliation.
REMARK = re.compile(rf"{_ROLE}|{pattern('people.remarks')}", re.IGNORECASE)
OTHERS = re.compile(r"\s*,?\s*(?:(?:et|&) al\.?|(?:and|&) others|and more|u\. ?a\.)\s*$", re.IGNORECASE)
DEGREE = re.compile(r",?\s+(?:Ph\. ?D\.?|PhD)(?=\s*(?:$|[,;()]))")
FOOTNOTE = re.compile(r"(?<=[^\W\d])\s?(?:[*†‡§¹²³⁰⁴-⁹]+|\d{1,2})$")
INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,4}")
BULLET = re.compile(r"(?:[-–—•*·‣▪]|\d{1,2}[.)])\s+")
GOES_ON = re.compile(r"(?:[,;&]|\s(?:and|und|et))$")
GOES_ON_FROM_ABOVE = re.compile(r"[(,;&]|and |und ")
WIDE_CHARACTERS = str.maketrans("、，；", ",,;")
_OUTSIDE_BRACKETS = r"(?![^(\[]*[)\]])"
AND = re.compile(rf"(?:(?:\s+|^)(?:and|und|et|&)\s+|\s+[/|]\s+){_OUTSIDE_BRACKETS}")
# "Ann Lee – University of Bonn"; in a list that semicolons divide, "Ann Lee, MIT".
NAME_AND_PLACE = re.compile(r"(?P<name>[^,()–—]{3,60}?)(?:\s+[-–—]\s+|,\s*)(?P<place>[^,()]{2,80})")
NAME_AND_BRACKETS = re.compile(r"(?P<name>[^()\[\]]*)[(\[](?P<inside>[^()\[\]]*)[)\]]\s*")

_CAPITALIZED = r"[^\W\d_a-zß-öø-ÿ][\w'’-]+"
FAMILY_FIRST = re.compile(
    rf"(?<!\w)(?P<family>(?P<particles>(?:{any_of(PARTICLES)}\s+){{0,3}}){_CAPITALIZED}),\s*"
    rf"(?P<given>{_CAPITALIZED}(?P<initials>(?:\s[^\W\d_]\.){{0,3}}))(?P<place>\s*\([^()]*\))?"
)
FEWEST_PAIRS = 2
DIVIDERS = re.compile(r"(?:[\s;,&]|\b(?:and|und|et)\b)*")


def is_family_first(text: str) -> bool:
    """Whether a text may be a list of names such as `Lee, Ann and Ray, Bob`, which may be first names as well."""
    return bool(_family_first(text))


def given_names_first(text: str, *, expected: bool) -> str:
    """`Lee, Ann and Ray, Bob` as `Ann Lee; Bob Ray`; a text with anything else in it as it is.

    A single pair without a particle or an initial may be two first names, unless family names are ``expected``.
    """
    found = _family_first(text)
    if not expected and not any(one["particles"] or one["initials"] for one in found) and len(found) < FEWEST_PAIRS:
        return text
    return "; ".join(f"{one['given']} {one['family']}{one['place'] or ''}" for one in found) or text


def _family_first(text: str) -> list[re.Match[str]]:
    """The names of a list of nothing but `Family, Given`; none where one is no person."""
    found = list(FAMILY_FIRST.finditer(text)) if "," in text and len(text) <= LONGEST_LIST else []
    given = [one["given"] for one in found]
    are_names = not any(is_institution(one) or REMARK.fullmatch(one) or without_capitals(one) for one in given)
    is_list = DIVIDERS.fullmatch(FAMILY_FIRST.sub("", text)) is not None
    return found if found and are_names and is_list and not any(map(_names_something_else, given)) else []


@lru_cache(MOST_KEPT)
def split_people(text: str) -> tuple[DraftPerson, ...]:
    """The people of a list, with the affiliations that stand in brackets, after a dash, or below the name.

    Lines divide people, unless a line is the affiliation of the person above it.
    """
    entries = _entries(_lines(text[:LONGEST_LIST].translate(WIDE_CHARACTERS)))
    people = (found for entry in entries for part in _parts(entry) for found in _people(part))
    return tuple(one for one in people if any(map(str.isalpha, one.name)) and not names_nobody(one.name))


def all_names(text: str) -> bool:
    """Whether a text is a list of names and nothing else."""
    people = split_people(text)
    return bool(people) and all(looks_like_name(person.name) for person in people)


def are_plain_names(text: str) -> bool:
    """Whether a text is a list of names and can hardly be anything else."""
    people = split_people(text)
    return bool(people) and all(plainly_a_name(person.name) for person in people)


def is_placed_person(text: str) -> bool:
    """Whether a text is a name with an affiliation: `Ann Lee (MIT)`, `Ann Lee, University of Bonn`.

    After a comma or a dash it must be an institution plainly: `Bob Ray, Roots of Trees` may be a title.
    """
    person = read_person(text)
    if any(map(is_institution, person.affiliations)):
        return looks_like_name(person.name)
    return bool(person.affiliations) and text.rstrip().endswith((")", "]")) and plainly_a_name(person.name)


def are_people(text: str) -> bool:
    """Whether a text is plainly a list of names, or a name with an affiliation."""
    return are_plain_names(text) or is_placed_person(text)


@lru_cache(MOST_KEPT)
def read_person(text: str) -> DraftPerson:
    """One person, without title, with the affiliation that stands in brackets or after a dash."""
    text = _without_footnote(without_honorific(DEGREE.sub("", one_line(text).strip(" ,;*†‡"))))
    match = NAME_AND_PLACE.fullmatch(text)
    if match and looks_like_name(match["name"]) and not plainly_a_name(match["place"]):
        return DraftPerson(name=_without_footnote(match["name"]), affiliations=affiliations(match["place"]))
    if match := NAME_AND_BRACKETS.fullmatch(text):
        places = () if REMARK.fullmatch(match["inside"].strip()) else affiliations(match["inside"])
        return DraftPerson(name=_without_footnote(match["name"].strip(" ,")), affiliations=places)
    return DraftPerson(name=text)


def affiliations(text: str) -> tuple[str, ...]:
    """Affiliations of a list divided by semicolons, slashes between spaces, or `&`."""
    parts = (part.strip(" ,") for part in re.split(r";| / | & ", one_line(text)))
    return tuple(dict.fromkeys(filter(None, parts)))


def _people(part: str) -> tuple[DraftPerson, ...]:
    return split_people(part) if LEADING_ROLE.match(part.strip()) else (read_person(part),)


def _lines(text: str) -> list[str]:
    """The lines of a list, without bullets; a list that goes on over the end of a line is one."""
    lines: list[str] = []
    for line in filter(None, map(one_line, text.splitlines())):
        bare = BULLET.sub("", line, count=1) if BULLET.match(line) else line
        if lines and bare and (GOES_ON.search(lines[-1]) or GOES_ON_FROM_ABOVE.match(bare)):
            lines[-1] = f"{lines[-1]} {bare}"
        elif bare:
            lines.append(bare)
    return lines


def _entries(lines: list[str]) -> list[str]:
    """Lines of names, each with the affiliation below it; lines without any name are one text."""
    of_names = [
        len(lines) > 1 and (without_capitals(line) or (all_names(line) and not is_institution(read_person(line).name)))
        for line in lines
    ]
    if not any(of_names):
        return [" ".join(lines)]
    entries: list[str] = []
    for line, has_name in zip(lines, of_names, strict=True):
        if has_name or not entries:
            entries.append(line)
        else:
            entries[-1] = _with_place(entries[-1], line)
    return entries


def _parts(text: str) -> list[str]:
    """One entry divided at semicolons, else at commas and words; `MIT` after a comma is an affiliation."""
    role = LEADING_ROLE.match(text)
    text = DEGREE.sub("", OTHERS.sub("", text[role.end() :] if role else text))
    divider = ";" if ";" in text else ","
    parts = [part for part in re.split(divider + _OUTSIDE_BRACKETS, text) if part.strip()]
    if divider == ";" and len(parts) > 1:
        return parts
    pieces = [stripped for part in parts for piece in _divided_by_and(part) if (stripped := piece.strip())]
    families, given = pieces[::2], pieces[1::2]  # "Lee, A., Ray, B."
    if len(families) == len(given) and all(map(INITIALS.fullmatch, given)):
        return [f"{initials} {family}" for initials, family in zip(given, families, strict=True)]
    found: list[str] = []
    for piece in pieces:
        is_place = is_institution(piece) and not names_nobody(piece)
        if found and is_place and looks_like_name(read_person(found[-1]).name):
            found[-1] = _with_place(found[-1], piece)
        else:
            found.append(piece)
    return found


def _divided_by_and(part: str) -> list[str]:
    """What `and` divides; a `University of Science and Technology` is one, and so is `Ortega y Gasset`."""
    whole = re.split(r"\s+[ey]\s+", part)
    if not PARTICLES & set(part.split()) - {"e", "y"} and all(map(looks_like_name, whole)):
        return whole
    pieces = AND.split(part)
    return [part] if is_institution(part) and not any(map(looks_like_name, pieces)) else pieces


def _with_place(name: str, place: str) -> str:
    return f"{name[:-1]}, {place})" if name.endswith(")") else f"{name} ({place})"


def _without_footnote(name: str) -> str:
    bare = FOOTNOTE.sub("", name)
    return bare if looks_like_name(bare) or not name[-1:].isdecimal() else name
