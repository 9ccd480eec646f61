"""Two people at once: which of two edits that were made on the same revision is refused as stale, as one table.

It is 10:20 on a made-up day in a hall, an annex and a yard:

    hall     a1 10:00–10:30   a2 10:30–10:50   a3 10:50–11:05   a4 11:30–12:00   a5 13:30–14:00   a6 14:30–15:00
    annex    b1 10:00–10:30   b2 10:30–10:50   b3 10:50–11:05   b4 11:30–12:00                    b6 14:30–15:00
    all      lunch 12:00–13:00, pinned, 45 minutes at least     tea 15:00–15:30
    hall     gone 16:30–17:00, cancelled
    yard     demos 10:00–10:30: u of 15 minutes, v of 10, which is on, w, x, y and z of 1; z was added

Each edit of the table has its effect in words: what holds after it that did not hold before. Two edits that are both
applied have both effects, and nothing else has changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from support.codeml_day import at, talk, two_rooms
from support.day_facts import Facts, facts_of
from support.publisher_processes import append_revision

from app.domain.edits import edit_types as edits
from app.domain.edits.edit_rights import preview_by
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused
from app.domain.edits.preview import preview, preview_on_latest
from app.domain.errors import StaleBase, UnknownName
from app.domain.program import Announcement, Program, Room
from app.domain.rights import Editor
from app.domain.session import Item, Link
from app.store.publishing import publish_edit
from app.store.revisions import Revisions

NOW = at("10:20")
SLIDES = (Link("Slides", "https://example.org/slides"),)


ITEMS = (
    Item(id="u", title="U", minutes=15),
    Item(id="v", title="V", minutes=10),
    *(Item(id=name, title=name.upper(), minutes=1, added=name == "z") for name in "wxyz"),
)


def made_up_day() -> Program:
    """The day of the table, with an announcement of revision 1."""
    day = two_rooms(
        *(talk("a1", "10:00-10:30"), talk("a2", "10:30-10:50"), talk("a3", "10:50-11:05")),
        *(talk("b1", "10:00-10:30", "annex"), talk("b2", "10:30-10:50", "annex"), talk("b3", "10:50-11:05", "annex")),
        *(talk("a4", "11:30-12:00"), talk("b4", "11:30-12:00", "annex")),
        talk("lunch", "12:00-13:00", None, least=45, pinned=True),
        talk("a5", "13:30-14:00"),
        *(talk("a6", "14:30-15:00"), talk("b6", "14:30-15:00", "annex")),
        talk("tea", "15:00-15:30", None),
        replace(talk("gone", "16:30-17:00"), cancelled=True),
    )
    demos = replace(talk("demos", "10:00-10:30", "yard"), items=ITEMS)
    day = replace(day, rooms=(*day.rooms, Room("yard", "Yard")), sessions=(*day.sessions, demos))
    return replace(day, announcements=(Announcement(text="Welcome.", until=at("12:00"), revision=1),))


DAY = made_up_day()

# The edits, in groups whose members change or push the same: by name, with the effect of each.
EDITS: dict[str, dict[str, tuple[Edit, Facts]]] = {
    "A": {
        "extend a1": (
            edits.Extend("a1", 10),
            {"a1": "hall 10:00–10:40", "a2": "hall 10:40–11:00", "a3": "hall 11:00–11:15"},
        ),
        "delay a1": (
            edits.Delay("a1", 5),
            {"a1": "hall 10:00–10:35", "a2": "hall 10:35–10:55", "a3": "hall 10:55–11:10"},
        ),
        "absent a1": (
            edits.Absent("a1"),
            {"a2": "hall 10:20–10:40", "a1": "hall 10:40–11:10", "a3": "hall 11:10–11:25"},
        ),
    },
    "B": {
        "start a2": (edits.StartNow("a2"), {"a1": "hall 10:00–10:20 ended", "a2": "hall 10:20–10:40"}),
    },
    "C": {
        "end a1": (edits.EndNow("a1"), {"a1": "hall 10:00–10:20 ended"}),
    },
    "D": {
        "delay a2": (edits.Delay("a2", 5), {"a2": "hall 10:35–10:55", "a3": "hall 10:55–11:10"}),
        "add before a2": (
            edits.AddSession("Extra", 10, start=at("10:30"), room="hall"),
            {"extra": "hall 10:30–10:40", "a2": "hall 10:40–11:00", "a3": "hall 11:00–11:15"},
        ),
        "reorder a3 a2": (edits.Reorder(("a3", "a2")), {"a3": "hall 10:30–10:45", "a2": "hall 10:45–11:05"}),
        "swap a2 a3": (edits.Swap("a2", "a3"), {"a3": "hall 10:30–10:45", "a2": "hall 10:45–11:05"}),
    },
    "E": {
        "cancel a2": (edits.Cancel("a2"), {"a2": "hall 10:30–10:50 cancelled"}),
        "shorten a2": (edits.Shorten("a2", 15), {"a2": "hall 10:30–10:45"}),
        "move a2": (edits.Move("a2", at("11:10")), {"a2": "hall 11:10–11:30"}),
    },
    "F": {
        "room a5": (edits.ChangeRoom("a5", "annex"), {"a5": "annex 13:30–14:00"}),
        "move a5": (edits.Move("a5", at("13:45"), "annex"), {"a5": "annex 13:45–14:15"}),
        "cancel a5": (edits.Cancel("a5"), {"a5": "hall 13:30–14:00 cancelled"}),
        "shorten a5": (edits.Shorten("a5", 20), {"a5": "hall 13:30–13:50"}),
    },
    "G": {
        "reinstate gone": (edits.Reinstate("gone"), {"gone": "hall 16:30–17:00"}),
    },
    "H": {
        "add demo": (edits.AddSession("Demo", 10, start=at("16:00"), room="hall"), {"demo": "hall 16:00–16:10"}),
    },
    "I": {
        "extend b1": (
            edits.Extend("b1", 10),
            {"b1": "annex 10:00–10:40", "b2": "annex 10:40–11:00", "b3": "annex 11:00–11:15"},
        ),
        "delay b1": (
            edits.Delay("b1", 5),
            {"b1": "annex 10:00–10:35", "b2": "annex 10:35–10:55", "b3": "annex 10:55–11:10"},
        ),
        "absent b1": (
            edits.Absent("b1"),
            {"b2": "annex 10:20–10:40", "b1": "annex 10:40–11:10", "b3": "annex 11:10–11:25"},
        ),
        "start b2": (edits.StartNow("b2"), {"b1": "annex 10:00–10:20 ended", "b2": "annex 10:20–10:40"}),
        "swap b2 b3": (edits.Swap("b2", "b3"), {"b3": "annex 10:30–10:45", "b2": "annex 10:45–11:05"}),
        "reorder b3 b2": (edits.Reorder(("b3", "b2")), {"b3": "annex 10:30–10:45", "b2": "annex 10:45–11:05"}),
        "add before b2": (
            edits.AddSession("Other", 10, start=at("10:30"), room="annex"),
            {"other": "annex 10:30–10:40", "b2": "annex 10:40–11:00", "b3": "annex 11:00–11:15"},
        ),
        "cancel b2": (edits.Cancel("b2"), {"b2": "annex 10:30–10:50 cancelled"}),
        "shorten b2": (edits.Shorten("b2", 15), {"b2": "annex 10:30–10:45"}),
        "move b2": (edits.Move("b2", at("11:10")), {"b2": "annex 11:10–11:30"}),
    },
    "J": {
        "delay everywhere": (
            edits.DelayEverywhere(5),
            {
                "a1": "hall 10:00–10:35",
                "a2": "hall 10:35–10:55",
                "a3": "hall 10:55–11:10",
                "b1": "annex 10:00–10:35",
                "b2": "annex 10:35–10:55",
                "b3": "annex 10:55–11:10",
                "demos": "yard 10:00–10:35",
            },
        ),
    },
    "K": {
        "squeeze lunch from the hall": (
            edits.Delay("a4", 10, squeeze=frozenset({"lunch"})),
            {"a4": "hall 11:40–12:10", "lunch": "all 12:10–13:00"},
        ),
        "squeeze lunch from the annex": (
            edits.Delay("b4", 10, squeeze=frozenset({"lunch"})),
            {"b4": "annex 11:40–12:10", "lunch": "all 12:10–13:00"},
        ),
        "push lunch": (
            edits.Delay("a4", 5, push=frozenset({"lunch"})),
            {"a4": "hall 11:35–12:05", "lunch": "all 12:05–13:05"},
        ),
        "move lunch": (edits.Move("lunch", at("12:05")), {"lunch": "all 12:05–13:05"}),
        "shorten lunch": (edits.Shorten("lunch", 50), {"lunch": "all 12:00–12:50"}),
        "cancel lunch": (edits.Cancel("lunch"), {"lunch": "all 12:00–13:00 cancelled"}),
    },
    "L": {
        "delay tea": (edits.Delay("tea", 5), {"tea": "all 15:05–15:35"}),
        "delay tea from the hall": (edits.Delay("a6", 10), {"a6": "hall 14:40–15:10", "tea": "all 15:10–15:40"}),
        "delay tea from the annex": (edits.Delay("b6", 10), {"b6": "annex 14:40–15:10", "tea": "all 15:10–15:40"}),
        "extend tea": (edits.Extend("tea", 5), {"tea": "all 15:00–15:35"}),
        "move tea": (edits.Move("tea", at("15:10")), {"tea": "all 15:10–15:40"}),
        "shorten tea": (edits.Shorten("tea", 20), {"tea": "all 15:00–15:20"}),
        "room tea": (edits.ChangeRoom("tea", "hall"), {"tea": "hall 15:00–15:30"}),
        "cancel tea": (edits.Cancel("tea"), {"tea": "all 15:00–15:30 cancelled"}),
    },
    "M": {"title a5": (edits.ChangeContent("a5", title="On attention"), {"a5 title": "On attention"})},
    "N": {"abstract a5": (edits.ChangeContent("a5", abstract="Why?"), {"a5 abstract": "Why?"})},
    "O": {"speakers a5": (edits.ChangeContent("a5", speakers=("tri-dao",)), {"a5 speakers": ("tri-dao",)})},
    "P": {"links a5": (edits.ChangeContent("a5", links=SLIDES), {"a5 links": SLIDES})},
    "Q": {"title b2": (edits.ChangeContent("b2", title="On kernels"), {"b2 title": "On kernels"})},
    "R": {"title lunch": (edits.ChangeContent("lunch", title="Picnic"), {"lunch title": "Picnic"})},
    "S": {"pin a3": (edits.ChangeContent("a3", pinned=True), {"a3 pinned": True})},
    "T": {
        "announce to all": (edits.Announce("Lunch is late."), {"announced": ["Lunch is late. (all)"]}),
        "announce in the hall": (edits.Announce("Move up.", "hall"), {"announced": ["Move up. (hall)"]}),
        "announce in the annex": (edits.Announce("Sit down.", "annex"), {"announced": ["Sit down. (annex)"]}),
    },
    "V": {
        "step to w": (edits.Step("demos", "w"), {"demos steps": "u 10:00, v 10:15, w 10:20"}),
        "step to u": (edits.Step("demos", "u"), {"demos steps": "u 10:00"}),
    },
    "W": {
        "order y x": (edits.OrderItems("demos", ("y", "x")), {"demos items": "u, v, w, y, x, z"}),
        "absent y": (edits.ItemAbsent("demos", "y"), {"demos items": "u, v, w, x, (y), z"}),
        "add item": (edits.AddItem("demos", "New", 5), {"demos items": "u, v, w, x, y, z, new"}),
    },
    "Y": {"remove z": (edits.RemoveItem("demos", "z"), {"demos items": "u, v, w, x, y"})},
    "X": {
        "absent v": (
            edits.ItemAbsent("demos", "v"),
            {"demos items": "u, (v), w, x, y, z", "demos steps": "u 10:00, v 10:15, w 10:20"},
        ),
    },
    "U": {"withdraw": (edits.WithdrawAnnouncement(1), {"withdrawn": ["Welcome. (all)"]})},
}

# What becomes of the second edit. Rows: the edit that was published first. Columns: the second, made on the same base.
#     .  both hold     s  the second is stale     p  it does not fit any more: it would move what is pinned now
#     g  it does not fit any more: what it is about is gone
TABLE = """
                                                  A B C D E F G H I J K L M N O P Q R S T U V W X Y
A  hall: a1 goes on or waits; a2 and a3 follow    s s s s s . . . . s . . . . . . . . . . . . . . .
B  hall: a2 starts, which ends a1                 s s s s s . . . . s . . . . . . . . . . . . . . .
C  hall: a1 ends                                  s s s . . . . . . s . . . . . . . . . . . . . . .
D  hall: a2 and a3 are pushed or reordered        s s . s s . . . . s . . . . . . . . . . . . . . .
E  hall: a2 takes place otherwise, or not at all  s s . s s . . . . s . . . . . . . . . . . . . . .
F  hall: a5 takes place otherwise, or not at all  . . . . . s . . . . . . . . . . . . . . . . . . .
G  hall: a cancelled one takes place              . . . . . . s . . . . . . . . . . . . . . . . . .
H  hall: a new one, in a gap                      . . . . . . . s . . . . . . . . . . . . . . . . .
I  annex: b2 is pushed, or otherwise re-timed     . . . . . . . . s s . . . . . . . . . . . . . . .
J  everything is late, in both rooms              s s s s s . . . s s . . . . . . . . . . . . . . .
K  all rooms: lunch, also as pushed from a room   . . . . . . . . . . s . . . . . . . . . . . . . .
L  all rooms: tea, also as pushed from a room     . . . . . . . . . . . s . . . . . . . . . . . . .
M  the title of a5                                . . . . . . . . . . . . s . . . . . . . . . . . .
N  the abstract of a5                             . . . . . . . . . . . . . s . . . . . . . . . . .
O  the speakers of a5                             . . . . . . . . . . . . . . s . . . . . . . . . .
P  the links of a5                                . . . . . . . . . . . . . . . s . . . . . . . . .
Q  the title of b2                                . . . . . . . . . . . . . . . . s . . . . . . . .
R  the title of lunch                             . . . . . . . . . . . . . . . . . s . . . . . . .
S  a3 is pinned                                   p . . p . . . . . p . . . . . . . . s . . . . . .
T  an announcement, to one room or to all         . . . . . . . . . . . . . . . . . . . . . . . . .
U  an announcement is withdrawn                   . . . . . . . . . . . . . . . . . . . . g . . . .
V  demos: another item is on, by hand             . . . . . . . . . . . . . . . . . . . . . s . s .
W  demos: another order, or others are to come    . . . . . . . . . . . . . . . . . . . . . . s s s
X  demos: who is on is absent                     . . . . . . . . . . . . . . . . . . . . . s s s s
Y  demos: what was added is removed               . . . . . . . . . . . . . . . . . . . . . . s s g
"""

# Why an edit does not fit any more, where the table says so.
REASONS = {
    "extend a1": "“A2” would run 10 minutes into “A3” at 10:50",
    "delay a1": "“A2” would run 5 minutes into “A3” at 10:50",
    "absent a1": "“A1” would run 20 minutes into “A3” at 10:50",
    "delay a2": "“A2” would run 5 minutes into “A3” at 10:50",
    "add before a2": "“A2” would run 10 minutes into “A3” at 10:50",
    "reorder a3 a2": "“A3” is pinned",
    "swap a2 a3": "“A3” is pinned",
    "delay everywhere": "“A2” would run 5 minutes into “A3” at 10:50",
    "withdraw": "there is no announcement '1'",
    "remove z": "there is no item of this line-up 'z'",
}

# The pairs that are published in a database too, in both orders.
STORED = [
    ("delay a1", "extend b1"),
    ("absent a1", "title a5"),
    ("start a2", "announce to all"),
    ("delay everywhere", "delay tea"),
    ("room a5", "abstract a5"),
    ("extend a1", "delay a2"),
    ("delay everywhere", "swap b2 b3"),
    ("squeeze lunch from the hall", "squeeze lunch from the annex"),
    ("title a5", "title a5"),
    ("add demo", "add demo"),
    ("step to w", "step to w"),
    ("step to u", "absent y"),
]
# Made on revision 1, where revision 2 is the latest.
STALE = ("stale", 1, 2)
# The sessions that edits add.
ADDED = {"demo", "extra", "other"}

NAMED = {name: edit for group in EDITS.values() for name, edit in group.items()}
GROUP_OF = {name: letter for letter, group in EDITS.items() for name in group}
LETTERS, *ROWS = (line for line in TABLE.splitlines() if line)
CELLS = {(row[0], column): mark for row in ROWS for column, mark in zip(LETTERS.split(), row[50:].split(), strict=True)}


def with_effects(*names: str) -> Facts:
    """What holds of the day after edits, in words: that of the day, but for the effect of each."""
    held = facts_of(DAY)
    for name in names:
        effect = dict(NAMED[name][1])
        said, taken = effect.pop("announced", []), effect.pop("withdrawn", [])
        held["announced"] = [text for text in [*held["announced"], *said] if text not in taken]
        held |= effect
        for new in ADDED & effect.keys():
            blank = {"title": new.title(), "abstract": "", "speakers": (), "links": (), "pinned": False}
            held |= {f"{new} {field}": value for field, value in blank.items()}
    return held


def expected(first: str, second: str) -> object:
    """What the table says: what holds after both, why the second does not fit, or that it is stale."""
    match CELLS[GROUP_OF[first], GROUP_OF[second]]:
        case ".":
            return with_effects(first, second)
        case "s":
            return STALE
    return REASONS[second]


def outcome(day_after_first: Program, second: str) -> object:
    """What becomes of an edit that was made on the day, published as revision 1, where revision 2 is the latest."""
    try:
        seen = preview_on_latest(NAMED[second][0], 1, {1: DAY, 2: day_after_first}, NOW)
    except StaleBase as stale:
        return "stale", stale.base, stale.latest
    except (EditRefused, UnknownName) as refused:
        return str(refused)
    return facts_of(seen.after) if seen.publishable else "; ".join(seen.clash_sentences)


@pytest.mark.parametrize("first", NAMED)
def test_after_an_edit_each_other_one_of_the_same_base_is_applied_or_stale_as_the_table_says(first: str) -> None:
    day_after_first = preview(DAY, NAMED[first][0], NOW).after
    outcomes = {second: outcome(day_after_first, second) for second in NAMED}
    assert outcomes == {second: expected(first, second) for second in NAMED}


@pytest.mark.parametrize("first", ["extend a1", "delay a1", "absent a1", "start a2", "end a1", "announce in the hall"])
@pytest.mark.parametrize("second", ["extend b1", "delay b1", "absent b1", "start b2", "announce in the annex"])
def test_the_chairs_of_two_rooms_never_meet(first: str, second: str) -> None:
    after = preview_by(Editor("Ada", "chair", "hall"), NAMED[first][0], 1, {1: DAY}, NOW).after
    both = preview_by(Editor("Tao", "chair", "annex"), NAMED[second][0], 1, {1: DAY, 2: after}, NOW).after
    assert facts_of(both) == with_effects(first, second)


@pytest.mark.parametrize("name", NAMED)
def test_an_edit_alone_has_the_effect_that_the_table_states(name: str) -> None:
    assert facts_of(preview(DAY, NAMED[name][0], NOW).after) == with_effects(name)


@pytest.mark.parametrize(("first", "second"), [*STORED, *((second, first) for first, second in STORED)])
def test_a_history_keeps_to_the_table(revisions: Revisions, first: str, second: str) -> None:
    append_revision(revisions, DAY, author="files", kind="import")
    published(revisions, first)
    wanted = expected(first, second)
    assert published(revisions, second) == wanted
    authors = ["files", first] if wanted == STALE else ["files", first, second]
    assert [entry.author for entry in revisions.history()] == authors


def published(revisions: Revisions, name: str) -> object:
    """What becomes of an edit that was made on revision 1 and is published."""
    try:
        made = publish_edit(revisions, NAMED[name][0], base=1, by=Editor(name), note="", now=NOW)
    except StaleBase as stale:
        return "stale", stale.base, stale.latest
    return facts_of(made.program)


def test_every_kind_of_edit_is_in_the_table() -> None:
    assert {type(edit) for edit, _ in NAMED.values()} == set(get_args(Edit))


def test_two_edits_are_stale_in_both_orders_or_in_none() -> None:
    stale = {pair for pair, mark in CELLS.items() if mark == "s"}
    assert stale == {(second, first) for first, second in stale}
