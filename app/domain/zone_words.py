"""A time zone in words for people: by its city ("Vancouver time"), or by its distance to UTC ("UTC+1").

Names are those of the IANA time zone database, the tz database. Abbreviations are not shown: many stand for several
zones, and most are of one half of the year.
"""

from __future__ import annotations

_FIXED = "Etc/GMT"
_UTC = frozenset({"UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Universal", "Zulu"})
# The areas of `backward`, the tz database's file of former names, that are countries: a part of one says little alone.
_COUNTRIES = frozenset({"Brazil", "Canada", "Mexico", "US"})
# Names that tell neither a city nor a country as people write it.
_WORDS = {
    "Antarctica/DumontDUrville": "Dumont d’Urville time",
    "Australia/ACT": "Canberra time",
    "Australia/LHI": "Lord Howe time",
    "Australia/NSW": "Sydney time",
    "Australia/North": "Darwin time",
    "Australia/South": "Adelaide time",
    "Australia/West": "Perth time",
    "Brazil/DeNoronha": "Noronha time",
    "CET": "Central European time",
    "CST6CDT": "US Central time",
    "Chile/Continental": "Santiago time",
    "Chile/EasterIsland": "Easter Island time",
    "EET": "Eastern European time",
    "EST": "UTC−5",
    "EST5EDT": "US Eastern time",
    "Eire": "Dublin time",
    "GB": "London time",
    "GB-Eire": "London time",
    "HST": "UTC−10",
    "Hongkong": "Hong Kong time",
    "MET": "Central European time",
    "MST": "UTC−7",
    "MST7MDT": "US Mountain time",
    "Mexico/BajaNorte": "Tijuana time",
    "Mexico/BajaSur": "Mazatlán time",
    "Mexico/General": "Mexico City time",
    "NZ": "New Zealand time",
    "NZ-CHAT": "Chatham time",
    "PRC": "China time",
    "PST8PDT": "US Pacific time",
    "Pacific/Easter": "Easter Island time",
    "ROC": "Taipei time",
    "ROK": "South Korea time",
    "W-SU": "Moscow time",
    "WET": "Western European time",
}


def zone_words(name: str) -> str:
    """The zone of this name in words, which also end a sentence: "Times are Vancouver time."."""
    if name in _WORDS:
        return _WORDS[name]
    area, _, place = name.rpartition("/")
    if area in {"", "Etc"} and place in _UTC:
        return "UTC"
    if name.startswith(_FIXED):
        return _utc_offset(int(name.removeprefix(_FIXED)))
    shown = f"{area} {place}" if area in _COUNTRIES else place
    return f"{shown.replace('_', ' ')} time"


def _utc_offset(hours_behind: int) -> str:
    """Of so many hours behind UTC, as the tz database's file `etcetera` counts them: `Etc/GMT-1` is UTC+1."""
    return f"UTC{-hours_behind:+d}".replace("-", "−")
