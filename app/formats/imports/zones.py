"""Which zone the venue's clocks are in, from what a source says of its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

import pytz

from app.domain.errors import UnknownZone
from app.domain.instants import zone
from app.domain.matching import plain

# Cities that host conferences and give no zone its name; a city that does needs no line here.
MORE_CITIES = {
    "America/Los_Angeles": "san francisco, san diego, san jose, seattle, portland, long beach, las vegas, santa clara",
    "America/Denver": "salt lake city, boulder, albuquerque",
    "America/Chicago": "austin, dallas, houston, new orleans, minneapolis, nashville, san antonio, st louis",
    "America/New_York": "boston, philadelphia, washington dc, atlanta, miami, pittsburgh, orlando, cambridge ma",
    "America/Toronto": "ottawa, montreal, quebec, waterloo ontario, kingston ontario",
    "America/Vancouver": "victoria bc, whistler",
    "America/Edmonton": "calgary, banff",
    "America/Sao_Paulo": "rio de janeiro, brasilia, belo horizonte",
    "Europe/Berlin": "munich, munchen, hamburg, frankfurt, cologne, koln, dresden, leipzig, stuttgart, karlsruhe,"
    " heidelberg,"
    " bonn, bremen, hannover, kiel, darmstadt, dusseldorf, nuremberg, nurnberg, tubingen, freiburg, aachen, essen",
    "Europe/Vienna": "linz, graz, salzburg, innsbruck",
    "Europe/Zurich": "geneva, geneve, lausanne, basel, bern, lugano",
    "Europe/Paris": "lyon, marseille, toulouse, nice, lille, nantes, strasbourg, bordeaux, grenoble, montpellier",
    "Europe/Rome": "milan, milano, florence, firenze, bologna, turin, torino, naples, venice, trento, pisa, genoa",
    "Europe/Madrid": "barcelona, valencia, seville, bilbao, granada, malaga",
    "Europe/Lisbon": "porto, coimbra",
    "Europe/London": "edinburgh, manchester, cambridge uk, oxford, glasgow, bristol, birmingham, cardiff, leeds",
    "Europe/Amsterdam": "rotterdam, utrecht, the hague, den haag, delft, eindhoven, groningen",
    "Europe/Brussels": "leuven, ghent, gent, antwerp, liege",
    "Europe/Stockholm": "gothenburg, goteborg, malmo, uppsala, linkoping",
    "Europe/Copenhagen": "aarhus, odense",
    "Europe/Warsaw": "krakow, cracow, wroclaw, gdansk, poznan",
    "Europe/Prague": "brno",
    "Europe/Athens": "thessaloniki, heraklion",
    "Asia/Kolkata": "bangalore, bengaluru, hyderabad, mumbai, new delhi, delhi, chennai, pune",
    "Asia/Shanghai": "beijing, shenzhen, hangzhou, guangzhou, nanjing",
    "Asia/Tokyo": "kyoto, osaka, yokohama, fukuoka, nagoya",
    "Asia/Seoul": "busan, daejeon, jeju",
    "Asia/Dubai": "abu dhabi",
    "Asia/Jerusalem": "tel aviv, haifa",
    "Australia/Sydney": "canberra",
    "Pacific/Auckland": "wellington, christchurch",
    "Pacific/Honolulu": "hawaii, waikiki",
    "Africa/Johannesburg": "cape town, pretoria",
    "Africa/Kigali": "kigali convention centre",
}
ABBREVIATIONS = {
    "America/Los_Angeles": "PT PST PDT pacific",
    "America/Denver": "MT MST MDT mountain",
    "America/Chicago": "CT CDT central",
    "America/New_York": "ET EST EDT eastern",
    "Europe/London": "BST",
    "Europe/Berlin": "CET CEST MEZ MESZ",
    "Europe/Helsinki": "EET EEST",
    "Asia/Tokyo": "JST",
    "Asia/Seoul": "KST",
    "Australia/Sydney": "AEST AEDT",
    "UTC": "UTC GMT",
}
_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
_HOUR = timedelta(hours=1)
# Zone cities that are commoner as words of other kinds than as the place of a conference.
_NOT_CITIES = {"center", "easter", "knox", "oral", "nice", "wake", "essen", "nome", "mahe"}
_COUNTRIES_OF_ONE_MAIN_ZONE = {
    "germany": "Europe/Berlin",
    "deutschland": "Europe/Berlin",
    "united kingdom": "Europe/London",
    "england": "Europe/London",
    "scotland": "Europe/London",
    "spain": "Europe/Madrid",
    "portugal": "Europe/Lisbon",
    "south korea": "Asia/Seoul",
    "china": "Asia/Shanghai",
    "new zealand": "Pacific/Auckland",
    "osterreich": "Europe/Vienna",
    "schweiz": "Europe/Zurich",
}
_OFFSET = re.compile(r"\b(?:UTC|GMT)\s*(?P<sign>[+\-−–])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?\b")
_LONGEST_TEXT = 2000
_LONGEST_NAME = 4


def known_zone(name: str) -> str:
    """The zone's name as the database has it; "" for one that it does not have."""
    try:
        return str(zone(name).zone) if name else ""
    except UnknownZone:
        return ""


def zone_of_places(texts: Iterable[str]) -> tuple[str, str] | None:
    """The zone of the first city, else of the first country of one zone, named in some texts; with its name."""
    words = [plain(text[:_LONGEST_TEXT]).split() for text in texts]
    for table in (_cities(), _countries()):
        for text in words:
            for length in range(_LONGEST_NAME, 0, -1):
                for start in range(len(text) - length + 1):
                    name = " ".join(text[start : start + length])
                    if name in table:
                        return table[name], name.title()
    return None


def zone_of_words(text: str) -> tuple[str, str] | None:
    """The zone of an offset such as GMT+2, else of an abbreviation such as PT: of its places the one most meant."""
    text = text[:_LONGEST_TEXT]
    if match := _OFFSET.search(text):
        sign, hours, minutes = match["sign"], int(match["hours"]), int(match["minutes"] or 0)
        name = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"  # the sign of these names is turned round
        return (name, match.group()) if not minutes and name in pytz.all_timezones_set else None
    names = {name: zone for zone, names in ABBREVIATIONS.items() for name in names.split()}
    for word in re.findall(r"[A-Za-z]+", text):
        known = names.get(word) or names.get(word.casefold())
        if known and (word.isupper() or word.casefold() in names):
            return known, word
    return None


def zone_of_offsets(instants: Iterable[datetime]) -> str | None:
    """A zone that always has the offset which all instants are written with; None where they differ."""
    offsets = {instant.utcoffset() for instant in instants}
    if len(offsets) != 1:
        return None
    offset = offsets.pop()
    if not offset:
        return "UTC"
    hours, rest = divmod(offset, _HOUR)
    name = f"Etc/GMT{-hours:+d}"  # the sign of these names is turned round
    return name if not rest and name in pytz.all_timezones_set else None


@cache
def _cities() -> dict[str, str]:
    named = {
        plain(name.rsplit("/", 1)[1].replace("_", " ")): name
        for name in pytz.common_timezones
        if name.startswith(_AREAS)
    }
    more = {city.strip(): zone for zone, cities in MORE_CITIES.items() for city in cities.split(",")}
    return {name: zone for name, zone in {**named, **more}.items() if name not in _NOT_CITIES}


@cache
def _countries() -> dict[str, str]:
    """Countries that lie in one zone."""
    single = {code: zones[0] for code, zones in pytz.country_timezones.items() if len(zones) == 1}
    named = {plain(pytz.country_names[code]): zone for code, zone in single.items() if code in pytz.country_names}
    return {**named, **_COUNTRIES_OF_ONE_MAIN_ZONE}
