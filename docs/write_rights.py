"""Writes the tables of `docs/rights.md` from the code: python -m docs.write_rights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

from flask import Flask
from werkzeug.routing import Rule

from app.domain.edits import edit_types as edits
from app.domain.edits.edit_rights import EDITS_OF, check_undo
from app.domain.edits.edit_types import BackTo, Explain, RecordedEdit
from app.domain.errors import NotAllowed
from app.domain.rights import Editor, Role
from app.web import organizer
from app.web.address_traits import RouteRule, path_template, traits_of
from app.web.organizer.console import console

PAGE = Path(__file__).with_name("rights.md")
ROLES: tuple[Role, ...] = get_args(Role)
# Each edit in people's words, with its command or button where that differs; the order is that of the table.
WORDS: Mapping[type[RecordedEdit], str] = {
    edits.StartNow: "start a session now",
    edits.EndNow: "end what is on",
    edits.Extend: "give a session more time: +5",
    edits.Delay: "delay a session, or bring it forward",
    edits.Absent: "say that a speaker is not here",
    edits.Step: "begin the next item of a line-up, or go back",
    edits.ItemAbsent: "say that who presents an item is not here",
    edits.OrderItems: "put items of a line-up into another order",
    edits.AddItem: "add an item to a line-up",
    edits.RemoveItem: "remove an added item",
    edits.Announce: "announce",
    edits.DelayEverywhere: "delay all rooms",
    edits.Shorten: "shorten a session",
    edits.Move: "move a session to another time",
    edits.Swap: "swap two sessions",
    edits.Reorder: "put sessions into another order",
    edits.ChangeRoom: "move a session to another room",
    edits.AddSession: "add a session",
    edits.Cancel: "cancel a session",
    edits.Reinstate: "reinstate a cancelled session",
    edits.ChangeContent: "change texts, people, links, items, kind",
    edits.WithdrawAnnouncement: "withdraw any announcement",
    edits.BackTo: "go back to an earlier day",
    edits.Explain: "say why afterwards: a note on a revision",
}
UNDO = "take a revision back: undo"
# What a role may do to a part of the day alone, by the notes under the table.
OWN_ROOM, ONE_OR_ALL, OWN_LATEST, OWN = "own room (1)", "yes (2)", "own latest (3)", "own (4)"
OWN_SESSION = "own session (5)"
# What speakers have of their own session alone, though the address does not name it.
OF_OWN_SESSION = {"/organizer/ticks", "/organizer/proposals/<proposal_id>/pictures/<digest>"}


def with_tables(page: str) -> str:
    """The text of the page with its tables as the code has them."""
    page = with_table(page, "Addresses", ("address", "what", *ROLES), address_rows())
    return with_table(page, "Edits", ("edit", *ROLES), edit_rows())


def with_table(page: str, heading: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The text of the page with another table below a heading."""
    lines = "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *rows))
    return re.sub(rf"(?s)(\n## {heading}\n.*?\n)(?:\|[^\n]*\n)+", lambda found: found[1] + lines, page, count=1)


def address_rows() -> Iterator[tuple[str, ...]]:
    """Each address of the console, what it is, and whether each role may use it."""
    app = Flask(__name__)
    app.url_rule_class = RouteRule
    organizer.install(app)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, "GET" not in (rule.methods or ()))):
        if rule.rule.startswith("/organizer"):
            address = re.sub(r"{(\w+)}", r"<\1>", path_template(rule.rule))
            what = "page" if "GET" in (rule.methods or ()) else "form"
            yield (f"`{address}`", what, *(_cell(rule, role) for role in ROLES))


def edit_rows() -> Iterator[tuple[str, ...]]:
    """Each edit in words, then undo, and whether each role may make it."""
    for kind, words in WORDS.items():
        if kind is BackTo:
            yield (UNDO, *(_undo_cell(role) for role in ROLES))
        yield (words, *(_edit_cell(kind, role) for role in ROLES))


def _edit_cell(kind: type[RecordedEdit], role: Role) -> str:
    if kind not in EDITS_OF[role]:
        return ""
    if kind is Explain:
        return "yes" if role == "organizer" else OWN
    return {"chair": OWN_ROOM, "operator": ONE_OR_ALL, "speaker": OWN_SESSION}.get(role, "yes")


def _undo_cell(role: Role) -> str:
    try:
        check_undo(Editor("", role))
    except NotAllowed:
        return ""
    return "yes" if role == "organizer" else OWN_LATEST


def _cell(rule: Rule, role: Role) -> str:
    if not rule.endpoint.startswith(f"{console.name}."):
        return "all"
    if role not in traits_of(rule).roles:
        return ""
    is_own = "session_id" in rule.arguments or rule.rule in OF_OWN_SESSION
    return "their own" if role == "speaker" and is_own else "yes"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text()))
