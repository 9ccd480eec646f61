"""Writes the tables of `docs/rights.md` from the code: python -m docs.write_rights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

from flask import Flask
from werkzeug.routing import Rule

from app.domain.rights import Role
from app.web import organizer
from app.web.address_traits import RouteRule, path_template, traits_of
from app.web.organizer.sign_in import console

PAGE = Path(__file__).with_name("rights.md")
ROLES: tuple[Role, ...] = get_args(Role)


def with_tables(page: str) -> str:
    """The text of the page with its tables as the code has them."""
    return with_table(page, "Addresses", ("address", "what", *ROLES), address_rows())


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


def _cell(rule: Rule, role: Role) -> str:
    if not rule.endpoint.startswith(f"{console.name}."):
        return "all"
    if role not in traits_of(rule).roles:
        return ""
    return "their own" if role == "speaker" and "session_id" in rule.arguments else "yes"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text()))
