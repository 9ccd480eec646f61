"""JSON whose sessions refer to people, rooms and tracks by id: pretalx's, Sessionize's, this service's own.

Each system has other names for the same fields; no name means one thing here and another there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.identity import ScreenLines
from app.domain.ids import slug
from app.domain.instants import CONFERENCE_YEARS
from app.domain.program import LONGEST_SESSION, VENUE_ROOM, ImportantDate, Venue
from app.domain.session import Item, Link
from app.importing.clean_text import absolute, block, one_line
from app.importing.dates import read_moment
from app.importing.draft import Draft, DraftPerson, DraftSession, DraftTime, DraftWay
from app.importing.json_yaml_data import (
    Record,
    colour_of,
    links_in,
    list_of,
    record_of,
    records_in,
    text_of,
    texts_of,
    tracks_in,
)
from app.importing.markup_cells import cell_of_markup
from app.importing.person_names import affiliations, split_people, without_honorific
from app.importing.session_words import CANCELLED_STATES, without_cancelled
from app.importing.source import Source
from app.importing.time_zones import known_zone
from app.importing.times_of_day import read_length

# Of pretalx. Sessionize lists only what was chosen, our own JSON only what is in the program.
ACCEPTED = frozenset({"", "accepted", "confirmed"}) | CANCELLED_STATES
PERSON_NAMES = ("name", "fullName", "public_name", "full_public_name", "display_name", "full_name")
LAST_NAMES = ("lastName", "last_name", "familyName", "last")
# The fields of times, kinds and single links, by the names that systems have for them.
STARTS, ENDS = ("start", "startsAt", "startDate"), ("end", "endsAt", "endDate")
KINDS = ("kind", "submission_type", "session_type", "type")
LINKS = {"liveUrl": "Stream", "recordingUrl": "Recording", "youtube_url": "Recording"}
LINKS |= {"website_url": "Website", "url": "Page"}
OWN, PRETALX = "this service's JSON", "pretalx"
MOST_MINUTES = int(LONGEST_SESSION.total_seconds() // 60)


def read_export(data: Record, source: Source, system: str) -> Draft:
    """The sessions of an export; those not accepted are left, those withdrawn are cancelled."""
    export = Export.of(data, system, source)
    sessions: list[DraftSession] = []
    for record in records_in(data, "sessions", "talks", "results", "submissions"):
        if _state(record) == "declined" or (system == PRETALX and _state(record) not in ACCEPTED):
            source.report.left("not accepted", text_of(record, "title"))
            continue
        for slot in list(records_in(record, "slots")) or [record_of(record, "slot") or record]:
            export.report_ids(record, slot)
            sessions.append(replace(export.session(record, slot), time=_time(record, slot, source)))
    return Draft(
        format=system,
        sessions=tuple(sessions),
        title=text_of(data, "event_name", "name"),
        timezone=text_of(data, "timezone"),
        places=(source.stem,),
        rooms=tuple(filter(None, export.rooms.values())),
        people=tuple(one for one in export.people.values() if one.name),
        tracks=tracks_in(data),
    )


def _time(record: Record, slot: Record, source: Source) -> DraftTime:
    """The time of a slot; one without an end is as long as it, or the record, says in minutes."""
    start, end = _moment(slot, source, *STARTS), _moment(slot, source, *ENDS)
    length = text_of(slot, "duration") or text_of(record, "duration")
    length = length.removesuffix(".0")
    minutes = read_length(f"{length} min" if length.isdecimal() else length) if end == DraftTime() else None
    return replace(start.up_to(end), duration=minutes)


def _moment(record: Record, source: Source, *names: str) -> DraftTime:
    """The first field that is not empty: a text, or Indico's `{date, time, tz}`."""
    value = next(filter(None, map(record.get, names)), None)
    if not isinstance(value, Mapping):
        return read_moment(one_line(value), source.dates)
    moment = read_moment(f"{text_of(value, 'date')}T{text_of(value, 'time')}", source.dates)
    return replace(moment, zone=known_zone(text_of(value, "tz")))


def name_of(record: Record) -> str:
    """A person's name by the names that systems have for it; `Lee, Ann`, as Indico writes it, is Ann Lee."""
    names = (text_of(record, "firstName", "first_name", "first"), text_of(record, *LAST_NAMES))
    name = "" if all(names) else text_of(record, *PERSON_NAMES)
    if name and name == text_of(record, "fullName"):
        name = " ".join(reversed(without_honorific(name).split(", ", maxsplit=1)))
    return name or " ".join(filter(None, names))


@dataclass(frozen=True, slots=True)
class Export:
    """What the sessions of an export refer to by id or code; a category is its group and its name.

    Relative links begin at ``base_url``; texts that are not ``as_written`` are read without their tags.
    """

    system: str
    source: Source
    base_url: str = ""
    as_written: bool = False
    rooms: Mapping[str, str] = field(default_factory=dict)
    tracks: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, DraftPerson] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Record, system: str, source: Source) -> Export:
        """An export with its lists of rooms, tracks, categories, questions and speakers."""
        rooms, tracks = (
            {_id(one): text_of(one, "name") for one in records_in(data, name) if _id(one)}
            for name in ("rooms", "tracks")
        )
        categories = {
            _id(item): (text_of(group, "title").casefold(), text_of(item, "name"))
            for group in records_in(data, "categories")
            for item in records_in(group, "items")
            if _id(item)
        }
        if set(rooms) == {VENUE_ROOM}:  # a program without rooms names this one itself
            rooms = {}
        base = text_of(data, "base_url") or source.address
        questions = {_id(one): text_of(one, "question") for one in records_in(data, "questions")}
        export = cls(system, source, base, system == OWN, rooms, tracks, categories, questions)
        people = {_id(one): export.person(one) for one in records_in(data, "speakers") if _id(one)}
        return replace(export, people=people)

    def report_ids(self, record: Record, slot: Record) -> None:
        """Report the ids of a record that nothing in the export explains."""
        known = {"speakers": self.people, "track": self.tracks, "room": self.rooms}
        for name in ("speakers", "track", "room", "submission_type", "resources", "slots"):
            value = slot.get(name) if name == "room" else record.get(name)
            ids = value if isinstance(value, list) else [value] if isinstance(value, int) else []
            if any(isinstance(one, int | str) and one_line(one) not in known.get(name, {}) for one in ids):
                remark = f"{name} of which only ids are in it (pretalx gives more at ?expand={name})"
                self.source.report.left(remark, text_of(record, "title"))

    def text(self, text: str) -> str:
        """A text without tags."""
        return text if self.as_written else cell_of_markup(text, self.source).text

    def person(self, record: Record) -> DraftPerson:
        """A person by the names that systems have for their fields; other systems' ids are no anchors."""
        biography = next(filter(None, (block(record.get(name)) for name in ("biography", "bio", "description"))), "")
        return DraftPerson(
            name=name_of(record),
            anchor=text_of(record, "id") if self.system == OWN else "",
            affiliations=texts_of(record, "affiliations")
            or affiliations(text_of(record, "affiliation"))
            or tuple(filter(None, [text_of(record, "tagLine")])),
            url=absolute(text_of(record, "homepage", "url", "website_url")),
            biography=self.text(biography),
            links=self._linked(record),
        )

    def session(self, record: Record, slot: Record) -> DraftSession:
        """A session, without its time."""
        title, is_own = one_line(self.text(text_of(record, "title"))), self.system == OWN
        title, cancelled = (title, False) if is_own else without_cancelled(title)
        with_system = f"{self.system.lower()}:{_id(record)}" if _id(record) and not is_own else ""
        has_timing = {"pinned", "min_minutes"} <= set(record)
        return DraftSession(
            title="" if record.get("tba") is True else title,
            id=_id(record) if is_own else "",
            guid=text_of(record, "guid") or with_system,
            room=self._room(record, slot),
            people=tuple(dict.fromkeys(one for one in self._people(record) if one.name)),
            kind=self._category(record, "format", "type") or _named(record, *KINDS),
            abstract=self.text(_prose(record)),
            links=self._links(record),
            items=tuple(self._item(one) for one in records_in(record, "items") if text_of(one, "title")),
            track=self._category(record, "track") or _named(record, "track", known=self.tracks),
            language=self._category(record, "language", "sprache") or text_of(record, "language", "content_locale"),
            cancelled=cancelled or _state(record) in CANCELLED_STATES,
            pinned=record["pinned"] is True if has_timing else None,
            min_minutes=_number(record["min_minutes"], 0, MOST_MINUTES) if has_timing else None,
        )

    def _room(self, record: Record, slot: Record) -> str | None:
        """The room's name; "" for all rooms, None in a program without rooms."""
        if self.system == OWN and not self.rooms:
            return None
        if record.get("isPlenumSession") is True:
            return ""
        room = _named(slot if "room" in slot else record, "room", "roomId", known=self.rooms)
        return room if room or self.system == OWN else None

    def _people(self, record: Record) -> Iterator[DraftPerson]:
        """People by their ids, as records, and as names in one text."""
        for one in list_of(record, "speakers"):
            known = self.people.get(_reference(one))
            if known or isinstance(one, Mapping):
                yield known or self.person(one)
        yield from map(self.person, records_in(record, "persons", "presenters", "conveners", "sessionConveners"))
        if isinstance(record.get("speaker_names"), str):
            yield from split_people(text_of(record, "speaker_names"))

    def _links(self, record: Record) -> tuple[Link, ...]:
        names = (name for name in LINKS if record.get(name) and not (self.as_written and name == "url"))
        named = [{"label": LINKS[name], "url": record[name]} for name in names]
        return self._linked(record, *named)

    def _linked(self, record: Record, *more: Record) -> tuple[Link, ...]:
        """The links of a session's or a person's record, some more, and those among its answers."""
        links = [*list_of(record, "links"), *more, *self._answers(record)]
        return links_in({**record, "links": links}, self.source, self.base_url)

    def _answers(self, record: Record) -> Iterator[dict[str, str]]:
        """Sessionize's answers that are addresses, labelled by their questions; the others are reported."""
        for one in records_in(record, "questionAnswers"):
            question = text_of(one, "question") or self.questions.get(text_of(one, "questionId"), "")
            answer = text_of(one, "answerValue", "answer")
            if absolute(answer):
                yield {"label": question or "Link", "url": answer}
            elif answer:
                self.source.report.left("answers to a question", question)

    def _item(self, record: Record) -> Item:
        people = map(name_of, records_in(record, "primaryauthors", "coauthors", "speakers", "presenters"))
        is_own = self.system == OWN
        minutes = _number(record.get("minutes"), 1, MOST_MINUTES) if is_own else None
        return Item(
            id=_id(record) if is_own else "",
            title=text_of(record, "title"),
            number=text_of(record, "number", "board_number"),
            kind=text_of(record, "kind") if is_own else "",
            authors=texts_of(record, "authors") or tuple(dict.fromkeys(people)),
            minutes=minutes and round(minutes),
            abstract=block(record.get("abstract")) if is_own else "",
            links=self._links(record),
        )

    def _category(self, record: Record, *words: str) -> str:
        """The category in the first group whose title has one of some words."""
        found = (self.categories.get(_reference(one)) for one in list_of(record, "categoryItems"))
        return next((name for group, name in filter(None, found) if any(word in group for word in words)), "")


def _id(record: Record) -> str:
    return text_of(record, "code", "id")


def _reference(value: Any) -> str:
    """The id that a value refers to: the value itself, or that of a record."""
    return _id(value) if isinstance(value, Mapping) else one_line(value)


def _state(record: Record) -> str:
    return text_of(record, "state", "status").casefold()


def _named(record: Record, *names: str, known: Mapping[str, str] | None = None) -> str:
    """A name as itself, by its id, in a record, or in several languages; "" for an id that is not known."""
    value = next((found for name in names if (found := record.get(name)) is not None), None)
    if isinstance(value, Mapping) and isinstance(value.get("name"), (str, Mapping)):
        return text_of(value, "name")
    text = one_line(value)
    return (known or {}).get(text, "" if isinstance(value, int) else text)


def _prose(record: Record) -> str:
    """Subtitle, abstract and description as one text, without those that another one contains."""
    texts = (text_of(record, "subtitle"), block(record.get("abstract")), block(record.get("description")))
    parts = [text for text in dict.fromkeys(texts) if text]
    return "\n\n".join(one for one in parts if not any(one in other for other in parts if other != one))


def read_own_json(data: Record, source: Source) -> Draft:
    """The whole program, but for the texts of its pages."""
    program, screen = record_of(data, "program"), record_of(data, "program", "screen")
    _report_pictures(data, program, source)
    organizers = map(Export(OWN, source, as_written=True).person, records_in(program, "organizers"))
    names = ("title", "id", "subtitle", "series", "domain", "language", "timezone")
    texts: dict[str, Any] = {name: text_of(program, name) for name in names}
    return replace(
        read_export(data, source, OWN),
        **texts,
        description=block(program.get("description")),
        url=absolute(text_of(program, "url")),
        days=tuple(filter(None, map(source.dates.day, texts_of(program, "days")))),
        organizers=tuple(one for one in organizers if one.name),
        dates=tuple(filter(None, (_date(record, source) for record in records_in(program, "dates")))),
        links=links_in(program, source),
        venue=_venue(record_of(program, "venue")),
        accent=colour_of(program, "accent"),
        tracks=tracks_in(program),
        ways=tuple(replace(way_of(one, "directions"), id=slug(_id(one))) for one in records_in(data, "rooms")),
        screen=ScreenLines(before=texts_of(screen, "before"), after=texts_of(screen, "after")),
    )


def _report_pictures(data: Record, program: Record, source: Source) -> None:
    """A picture is a file of the folder, which an address does not give."""
    for holder in (program, *records_in(data, "speakers", "rooms"), *records_in(program, "organizers")):
        if text_of(holder, "logo", "picture", "plan"):
            source.report.left("pictures, which are files of the program's folder", text_of(holder, "name", "title"))


def way_of(room: Record, directions: str) -> DraftWay:
    """How to find a room, by the name that its directions have in a record."""
    return DraftWay(room=text_of(room, "name"), floor=text_of(room, "floor"), directions=block(room.get(directions)))


def _date(record: Record, source: Source) -> ImportantDate | None:
    day, title = source.dates.day(text_of(record, "day")), text_of(record, "title")
    if day is None or not title:
        return None
    at = read_moment(text_of(record, "at"), source.dates).start
    return ImportantDate(
        id=slug(text_of(record, "id")) or slug(title) or "date",
        title=title,
        day=day,
        at=at if at is not None and at.year in CONFERENCE_YEARS else None,
        zone_label=text_of(record, "zone_label"),
        former_day=source.dates.day(text_of(record, "former_day")),
    )


def _venue(record: Record) -> Venue | None:
    if not text_of(record, "name"):
        return None
    return Venue(
        name=text_of(record, "name"),
        address=text_of(record, "address"),
        city=text_of(record, "city"),
        latitude=_number(record.get("latitude"), -90, 90),
        longitude=_number(record.get("longitude"), -180, 180),
        url=absolute(text_of(record, "url")),
    )


def _number(value: Any, least: int, most: int) -> Any:
    """A number within bounds; None for anything else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and least <= value <= most else None
