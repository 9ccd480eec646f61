"""Which column of a table means what, by its free name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from app.domain.matching import plain
from app.formats.imports.clocks import read_span
from app.formats.imports.draft import MOST_COLUMNS
from app.formats.imports.names import all_names

# For each role the names seen in the field, the likeliest first; a name that merely contains one comes after.
NAMES: Mapping[str, str] = {
    "start": (
        "start, start time, starts at, startsat, start at, begin, begins, from, von, beginn, debut, start "
        "date time, start datetime, start timestamp, starttime, time start, scheduled start, dtstart"
    ),
    "end": (
        "end, end time, ends, ends at, endsat, end at, to, until, till, bis, ende, fin, finish, end date time, "
        "end datetime, end timestamp, endtime, time end, scheduled end, dtend"
    ),
    "time": ("time, times, when, uhrzeit, zeit, heure, horaire, hour, hora, time slot, timeslot, slot, zeitraum"),
    "date": "date, day, datum, tag, jour, dia, fecha, weekday, start date, startdate",
    "end_date": "end date, enddate",
    "duration": ("duration, length, dauer, duree, minutes, mins, min, duration minutes, duration min, duration hours"),
    "title": (
        "title, session title, talk title, paper title, proposal title, titel, titre, session, talk, "
        "program, programme, programm, agenda, event, topic, activity, what, subject, item, summary, "
        "presentation, schedule, vortrag, contribution, session name, name"
    ),
    "people": (
        "speakers, speaker, speaker names, speaker name, presenters, presenter, authors, author, people, "
        "person, persons, panelists, panelist, by, who, host, hosts, instructor, instructors, referent, "
        "referenten, sprecher, vortragende, vortragender, referierende, redner, intervenant, intervenants, orateur, "
        "orateurs, ponente, ponentes, ponenti, relatore, relatori, organizer, organizers, chair, speaker s, "
        "author s, presenter s, name"
    ),
    "affiliation": (
        "affiliation, affiliations, institution, organization, organisation, company, institute, university"
    ),
    "room": ("room, room name, location, venue, place, where, hall, stage, raum, saal, ort, salle, lieu, building"),
    "kind": ("kind, type, category, categories, format, session type, session format, submission type, art, typ"),
    "track": "track, track name, theme, stream",
    "abstract": "abstract, description, desc, beschreibung, body, resume, session description, long description",
    "details": "details, detail, notes, note, papers, paper, paper s, comment, comments, info, remarks, content",
    "language": "language, lang, sprache, langue",
    "status": "status, state",
    "id": "session id, slug",
    "guid": "guid, uid, uuid, code, proposal id, id",
    "number": "#, number, no, nr, num, paper id, id, paper number",
    "timezone": "timezone, time zone, tz",
    "url": "url, link, website, homepage, web, page, permalink",
}
# Columns of links, by what they lead to.
LINKED = (
    "slides",
    "video",
    "recording",
    "paper link",
    "pdf",
    "openreview",
    "arxiv",
    "poster",
    "code link",
    "stream",
    "livestream",
)
TIMES = frozenset({"start", "time"})
# ISO 8601, and as spreadsheets write it.
DATE_AND_TIME = re.compile(r"\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
SURE_SHARE = 0.5
SAMPLE = 200


def roles_of(headers: Iterable[str], samples: Mapping[str, list[str]]) -> dict[str, str]:
    """For each role its header; ``samples`` are some cells of each column, for names that could be two things."""
    spelled = {_bare(header): header for header in reversed(list(headers)) if header.strip()}
    roles: dict[str, str] = {}
    given: set[str] = set()
    for exact in (True, False):
        for role, names in NAMES.items():
            if role in roles:
                continue
            free = {bare: header for bare, header in spelled.items() if header not in given}
            header = _header(free, [name.strip() for name in names.split(",")], exact=exact)
            if header is not None and _may_be(role, header, samples.get(header, [])):
                roles[role] = header
                given.add(header)
    return roles


def guessed_headers(rows: Sequence[Sequence[str]]) -> list[str]:
    """Names for the columns of a table that has none: the times, a title, then people or details."""
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    columns = [[row[place] if place < len(row) else "" for row in rows[:SAMPLE]] for place in range(width)]
    times = [place for place, cells in enumerate(columns) if _are_times(cells)]
    words = [place for place, cells in enumerate(columns) if place not in times and any(cells)]
    names = dict(zip(times, ("time", "end"), strict=False)) | dict(zip(words, ("title",), strict=False))
    for place in words[1:]:
        names[place] = "speakers" if all(all_names(cell) for cell in columns[place] if cell) else f"notes {place + 1}"
    return [names.get(place, f"column {place + 1}") for place in range(width)]


def link_columns(headers: Iterable[str]) -> list[str]:
    """The headers of columns that hold links."""
    return [header for header in headers if _bare(header) in LINKED]


def title_columns(headers: Iterable[str]) -> list[str]:
    """The headers that could name a title."""
    names = {name.strip() for name in NAMES["title"].split(",")}
    return [header for header in headers if _bare(header) in names]


def wordiest(headers: Iterable[str], given: Iterable[str], samples: Mapping[str, list[str]]) -> str | None:
    """Of the columns that have no role the one with the most text; None where none has any."""
    taken = set(given)
    sizes = {header: sum(map(len, samples.get(header, []))) for header in headers if header not in taken}
    longest = max(sizes, key=lambda header: sizes[header], default=None)
    return longest if longest is not None and sizes[longest] else None


def times_column(headers: Iterable[str], samples: Mapping[str, list[str]]) -> str | None:
    """The first column whose cells are times of day, whatever its name."""
    return next((header for header in headers if _are_times(samples.get(header, []))), None)


def _bare(header: str) -> str:
    """A header as names are compared: words only, `startTime` as two, what is in brackets aside."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\((?!s\))[^)]*\)", "", header))
    return plain(apart) if any(char.isalnum() for char in apart) else plain(header)


def _header(free: Mapping[str, str], names: list[str], *, exact: bool) -> str | None:
    if exact:
        return next((free[name] for name in names if name in free), None)
    words = [name for name in names if len(name) > len("desc") - 1 and name not in {"name", "what", "item", "event"}]
    return next((free[bare] for name in words for bare in free if name in bare.split()), None)


def _may_be(role: str, header: str, cells: list[str]) -> bool:
    """Whether a column's cells fit a role that has a look of its own."""
    if role == "time":
        return _are_times(cells)
    if role == "people" and _bare(header) == "name":  # of a person or of a session?
        return _most(cells, all_names)
    return role not in {"abstract", "people", "details"} or not _are_times(cells)


def _are_times(cells: list[str]) -> bool:
    return _most(cells, lambda cell: read_span(cell) is not None or bool(DATE_AND_TIME.match(cell)))


def _most(cells: list[str], holds: Callable[[str], bool]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(holds, filled)) >= SURE_SHARE * len(filled)


def named_exactly(header: str) -> bool:
    """Whether a header is one of the known names, not merely like one."""
    bare = _bare(header)
    return any(bare == name.strip() for names in NAMES.values() for name in names.split(","))
