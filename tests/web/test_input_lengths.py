"""Every text of the console's forms against its bound, and against characters that no text may hold."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from flask import Flask
from support.console_browser import Console
from werkzeug.test import TestResponse

from app.domain.texts import LONGEST, longest_of
from app.web.running_service import Service

EDIT = "/organizer/edit"
RENAME = {"do": "content", "session": "panel"}


class Field(NamedTuple):
    """A field that people type into: its form's address, its name, the name of its bound, and the rest of its form."""

    path: str
    name: str
    bound: str
    form: dict[str, str]


FIELDS = (
    Field(EDIT, "title", "title", RENAME),
    Field(EDIT, "note", "note", {**RENAME, "title": "On bark"}),
    Field(EDIT, "text", "text", {"do": "announce", "minutes": "30"}),
    Field(EDIT, "names", "name", {"do": "content", "session": "panel"}),
    Field(EDIT, "abstract", "abstract", {"do": "content", "session": "panel"}),
    Field(EDIT, "label", "label", {"do": "content", "session": "panel", "url": "https://example.org"}),
    Field(EDIT, "title", "title", {"do": "add", "minutes": "5", "kind": "talk", "names": "", "time": "17:00"}),
    Field("/organizer/undo", "note", "note", {"number": "2"}),
    Field("/organizer/note", "note", "note", {"number": "2"}),
    Field("/organizer/people", "name", "name", {}),
)
# Such texts, and what they are answered.
BAD_TEXTS = (("A\0B", 400), ("A\u202eB", 422), ("\u200b\u200d", 422))
PAGES = (
    *("/organizer", "/organizer/talks/tri-dao/edit", "/organizer/announce", "/organizer/people", "/organizer/add"),
    *("/organizer/history", "/organizer/undo"),
)
NAMES = ("title", "note", "text", "name", "speaker", "affiliation", "abstract", "label", "url", "item_lines")
SHOWN = re.compile(rf'<(?:input|textarea)[^>]* name="({"|".join(NAMES)})"[^>]* maxlength="(\d+)"')
UNBOUNDED = re.compile(rf'<(?:input|textarea)(?![^>]*(?:maxlength|type="hidden"))[^>]* name="(?:{"|".join(NAMES)})"')


@pytest.fixture
def console(app: Flask) -> Console:
    """A signed-in organizer, with an edit that can be undone."""
    console = Console(app)
    console.edit("content", "panel", title="On moss")
    return console


def typed(console: Console, field: Field, text: str) -> TestResponse:
    """The answer to the form, or the page with what is wrong, to which it leads."""
    answer = console.post(field.path, **field.form, **{field.name: text})
    leads_to = answer.headers.get("Location", "")
    return console.get(leads_to) if leads_to.startswith(("/organizer/people?", "/organizer/undo?")) else answer


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.path} {field.name}")
def test_a_text_is_taken_up_to_its_bound_and_refused_beyond_it(
    console: Console, service: Service, field: Field
) -> None:
    longest = LONGEST[field.bound]
    beyond = typed(console, field, "x" * (longest + 1))
    said = f"{field.bound.capitalize()}: at most {longest:,} characters, this one has {longest + 1:,}."
    assert (beyond.status_code, said in beyond.text) == (422, True)
    assert service.current.snapshot.revision.number == 2
    assert typed(console, field, "x" * longest).status_code in {200, 303}


def test_a_text_that_misleads_or_cannot_be_seen_or_stored_is_refused(console: Console) -> None:
    answers = [typed(console, field, text).status_code for field in FIELDS for text, _ in BAD_TEXTS]
    assert answers == [status for _, status in BAD_TEXTS] * len(FIELDS)


def test_an_edit_sent_as_json_has_the_same_bounds(console: Console) -> None:
    edit = '{"kind":"ChangeContent","session":"panel","title":"\\u0000"}'
    assert console.post(EDIT, edit=edit, base="2").status_code == 422


def test_the_lines_of_an_announcement_count_as_the_browser_counts_them(console: Console, service: Service) -> None:
    text = "\n" * 10 + "x" * (LONGEST["text"] - 11) + "\nx"
    sent = console.edit("announce", text=text.replace("\n", "\r\n"), minutes="30")
    assert (sent.status_code, service.current.snapshot.revision.program.announcements[0].text) == (303, text.strip())


def test_the_fields_of_forms_have_these_bounds(console: Console) -> None:
    pages = "".join(console.get(page).text for page in PAGES)
    assert dict(SHOWN.findall(pages)) == {name: f"{longest_of(name)}" for name in NAMES}
    assert UNBOUNDED.findall(pages) == []
