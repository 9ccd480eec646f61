"""A program that tries to break paper: long words, many people, two rooms and a session without one, a night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.domain.program import Person, Program, Room, Venue
from app.domain.session import Item, Session, Slot
from app.domain.texts import LONGEST

DAY = date(2025, 7, 18)
# 09:00 in Vancouver.
NINE = datetime(2025, 7, 18, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG_TITLE = (
    "On the Unreasonable Length of Titles in Machine Learning, with a Case Study in Four Parts: How Maintainers, "
    "Reviewers, Funders and Passers-by Read, Cite and Forget the Software that Everything Else Is Built on, and What "
    "Conferences Could Do about It if Only Their Programs Had Room for a Subtitle such as This One, Which Goes on"
)
ONE_WORD = "Donaudampfschiffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
ENDLESS = "Wi-Fi and why it fails at conferences, told in one breath; " * 40
HALL = "The Grand Maharaja Yeshwantrao Holkar Memorial Ballroom and Conference Hall, Upper Level West, Section 109 B"
CROWD = tuple(
    Person(id=f"p{number}", name=f"Wilhelmina-Maximiliane von Hohenberg-Württemberg {number}") for number in range(14)
)
TITLES = (
    LONG_TITLE,
    ONE_WORD,
    "開発者コミュニティを十年間支えてきたオープンソースソフトウェアの保守と資金調達についての報告と議論" * 2,
    "برمجيات مفتوحة المصدر: كيف نحافظ عليها",
    ENDLESS[: LONGEST["title"]].strip(),
    "TBA",
    "<script>alert(1)</script> & co",
    "WWWWWWWWWW MMMMMMMMMM " * 12,
)
# Of boards, as they are and as nobody should number them.
NUMBERS = ("{0}", "1{0}", "{0}00{0}", "A-{0}", "", "Ballroom West, board {0}")
ITEMS = 17


def nasty_program(sessions_a_room: int = 10) -> Program:
    """As many sessions in each of two rooms, one for all, and one after midnight; some moved, some cancelled."""
    made = [
        _session(number, room, slot) for room in ("hall", "annex") for number, slot in _slots(sessions_a_room, room)
    ]
    made[-1] = replace(made[-1], kind="posters", items=tuple(map(_item, range(ITEMS))))
    made += [
        _session(sessions_a_room, None, Slot(start=NINE - 30 * MINUTE, end=NINE)),
        _session(sessions_a_room + 1, None, Slot(start=NINE + 15 * 60 * MINUTE, end=NINE + 16 * 60 * MINUTE)),
    ]
    return Program(
        id="codeml-2025",
        title="A Workshop Whose Title Does Not Fit: Championing Everything, Everywhere, for Everyone",
        timezone="America/Vancouver",
        domain="codeml.example",
        days=(DAY,),
        rooms=(Room("hall", HALL), Room("annex", "Annex")),
        venue=Venue(name=HALL, city="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"),
        speakers=CROWD,
        sessions=tuple(made),
    )


def _item(number: int) -> Item:
    return Item(
        title=TITLES[number % len(TITLES)],
        number=NUMBERS[number % len(NUMBERS)].format(number),
        authors=tuple(person.name for person in CROWD[: number % 15]),
    )


def _slots(count: int, room: str) -> list[tuple[int, Slot]]:
    length = 8 * 60 // count
    starts = [NINE + number * length * MINUTE for number in range(count)]
    return [(number, Slot(start=start, end=start + length * MINUTE, room=room)) for number, start in enumerate(starts)]


def _session(number: int, room: str | None, slot: Slot) -> Session:
    scheduled = replace(slot, start=slot.start - 5 * MINUTE, room="annex") if number % 5 == 1 else slot
    return Session(
        id=f"{room or 'all'}-{number}",
        title=TITLES[number % len(TITLES)],
        slot=slot,
        scheduled=scheduled,
        speakers=tuple(person.id for person in CROWD[: number % 15]),
        cancelled=number % 5 == 2,
    )
