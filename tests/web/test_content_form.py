"""The form of what a session says: what it holds, what of it is an edit, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from lxml import html
from support.console_browser import Console
from support.publishing import publish as publish_program
from support.publishing import with_links_of
from werkzeug.datastructures import MultiDict

from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import ChangeContent
from app.domain.edits.outcome import EditRefused
from app.domain.program import Person, Program
from app.domain.rights import Editor
from app.domain.session import Item, Link
from app.store.publishing import publish_edit
from app.web.organizer.edit_forms import edit_of
from app.web.organizer.form_fields import FieldRefused
from app.web.running_service import Service

SARA = "sara-hooker"
Read = Callable[[MultiDict[str, str]], edits.Edit]


@pytest.fixture
def console(app: Flask) -> Console:
    return Console(app)


def newest(service: Service) -> Program:
    return service.current.snapshot.revision.program


def form_of(console: Console, session: str) -> MultiDict[str, str]:
    """What the page's form sends as it is shown."""
    page = html.fromstring(console.get(f"/organizer/talks/{session}/edit").text)
    (form,) = page.xpath('//form[@action="/organizer/drafts"]')
    return MultiDict([(name, value or "") for name, value in form.form_values()])


@pytest.fixture
def read(app: Flask, service: Service) -> Read:
    """The edit that a form asks for."""

    def edit(form: MultiDict[str, str]) -> edits.Edit:
        with app.test_request_context():
            return edit_of(form, newest(service))

    return edit


def changed(form: MultiDict[str, str], name: str, *values: str) -> MultiDict[str, str]:
    """The form with other values in the fields of a name."""
    form.setlist(name, list(values))
    return form


def published(service: Service, edit: edits.Edit) -> None:
    base = service.current.snapshot.revision.number
    publish_edit(service.current.revisions, edit, base=base, by=Editor("Alina"), note="", now=service.clock.now())
    service.current.refresh()


@pytest.mark.parametrize("session", [SARA, "panel", "lunch", "posters"])
def test_a_form_sent_as_it_is_shown_changes_nothing_and_says_so(console: Console, read: Read, session: str) -> None:
    with pytest.raises(EditRefused, match="nothing is changed yet"):
        read(form_of(console, session))


@pytest.mark.parametrize(
    ("name", "values", "edit"),
    [
        ("title", ["Ripe fruit"], ChangeContent(SARA, title="Ripe fruit")),
        ("abstract", ["One.\r\n\r\nTwo."], ChangeContent(SARA, abstract="One.\n\nTwo.")),
        ("kind", ["panel"], ChangeContent(SARA, kind="panel")),
        ("minutes", ["20"], ChangeContent(SARA, min_minutes=20)),
        ("pinned", ["", "1"], ChangeContent(SARA, pinned=True)),
        ("affiliation", ["Cohere; MIT"], ChangeContent(SARA, affiliations=((SARA, ("Cohere", "MIT")),))),
        (
            "item_lines",
            ["Caffe | Jia | 7"],
            ChangeContent(SARA, items=(Item(title="Caffe", number="7", authors=("Jia",)),)),
        ),
        ("speaker", ["Tri Dao", SARA, "", ""], ChangeContent(SARA, speakers=("tri-dao", SARA))),
        ("speaker", ["", "Tri Dao", ""], ChangeContent(SARA, speakers=("tri-dao",))),
    ],
)
def test_what_is_changed_is_the_edit_and_nothing_else(
    console: Console, read: Read, name: str, values: list[str], edit: ChangeContent
) -> None:
    assert read(changed(form_of(console, SARA), name, *values)) == edit


def new_person(*affiliations: str) -> Person:
    return Person(id="somebody-new", name="Somebody New", affiliations=affiliations)


def test_an_affiliation_beside_another_name_is_of_whoever_has_that_name(console: Console, read: Read) -> None:
    form = changed(form_of(console, SARA), "affiliation", "New Lab; MIT")
    new = read(changed(form, "speaker", "Somebody New", "", ""))
    assert new == ChangeContent(SARA, speakers=("somebody-new",), people=(new_person("New Lab", "MIT"),))
    known = read(changed(form, "speaker", "Tri Dao", "", ""))
    assert known == ChangeContent(SARA, speakers=("tri-dao",), affiliations=(("tri-dao", ("New Lab", "MIT")),))


def test_an_affiliation_that_was_left_as_it_is_goes_to_nobody_else(console: Console, read: Read) -> None:
    new = read(changed(form_of(console, SARA), "speaker", "Somebody New", "", ""))
    assert new == ChangeContent(SARA, speakers=("somebody-new",), people=(new_person(),))


def encoding_on(console: Console, path: str) -> str:
    """How a browser sends the form of a page."""
    [form] = html.fromstring(console.get(path).text).xpath("//form[contains(@class, 'content')]")
    return str(form.get("enctype"))


def test_the_longest_abstract_in_any_script_is_taken(console: Console, service: Service) -> None:
    form = changed(form_of(console, SARA), "abstract", "会" * 20_000)
    [enctype] = html.fromstring(console.get(f"/organizer/talks/{SARA}/edit").text).xpath(
        f"//form[@id='content-{SARA}']/@enctype"
    )
    console.client.post("/organizer/edit", data=form, content_type=enctype)
    assert newest(service).session(SARA).abstract == "会" * 20_000


def test_a_row_of_a_link_is_its_label_and_its_address(console: Console, read: Read) -> None:
    form = form_of(console, SARA)
    count = len(form.getlist("url"))
    form = changed(form, "label", *["Slides", *[""] * (count - 1)])
    form = changed(form, "url", *["https://example.org/s", *[""] * (count - 1)])
    assert read(form) == ChangeContent(SARA, links=(Link("Slides", "https://example.org/s"),))


def test_a_label_keeps_its_kind_when_its_address_changes(console: Console, read: Read, service: Service) -> None:
    hall = Link("Hall A", "https://example.org/a", "watch")
    publish_program(service, with_links_of(newest(service), SARA, hall))
    with pytest.raises(EditRefused, match="nothing is changed yet"):
        read(form_of(console, SARA))
    form = form_of(console, SARA)
    form = changed(form, "url", "https://example.org/b", *form.getlist("url")[1:])
    assert read(form) == ChangeContent(SARA, links=(Link("Hall A", "https://example.org/b", "watch"),))


def test_several_changes_are_one_edit(console: Console, read: Read) -> None:
    form = changed(changed(form_of(console, SARA), "title", "Ripe"), "minutes", "25")
    assert read(form) == ChangeContent(SARA, title="Ripe", min_minutes=25)


def test_what_somebody_else_changed_meanwhile_is_no_part_of_the_edit(
    console: Console, read: Read, service: Service
) -> None:
    form = changed(form_of(console, SARA), "abstract", "Mine.")
    published(service, ChangeContent(SARA, title="Theirs", speakers=("tri-dao",)))
    assert read(form) == ChangeContent(SARA, abstract="Mine.")


def test_an_affiliation_that_somebody_else_changed_meanwhile_is_no_part_of_the_edit(
    console: Console, read: Read, service: Service
) -> None:
    form = changed(form_of(console, SARA), "abstract", "Mine.")
    published(service, ChangeContent(SARA, affiliations=((SARA, ("Adaption Labs",)),)))
    assert read(form) == ChangeContent(SARA, abstract="Mine.")


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("title", [" "], ("title", "a title is a text, or TBA")),
        ("kind", ["A talk"], ("kind", "'A talk' is not a kind of session such as talk, panel or break")),
        ("minutes", ["600"], ("minutes", "lasts 30 minutes, so its least length is not 600 minutes")),
        ("url", ["ftp://example.org"], ("url", "'ftp://example.org' is not an address")),
        ("item_lines", [" | Jia | 7"], ("item_lines", "a title is a text, or TBA")),
        ("speaker", ["1234", "", ""], ("speaker", "'1234' is not the name of a person")),
    ],
)
def test_what_is_wrong_names_its_field(
    console: Console, read: Read, name: str, values: list[str], said: tuple[str, str]
) -> None:
    form = changed(form_of(console, SARA), name, *values)
    if name == "url":
        form = changed(form, "label", "Slides")
    with pytest.raises(FieldRefused) as refused:
        read(form)
    assert (refused.value.field, said[1] in refused.value.reason) == (said[0], True)


def test_a_name_that_is_nearly_somebodys_is_asked_about_with_all_else_that_was_changed(
    console: Console, read: Read
) -> None:
    form = changed(changed(form_of(console, "panel"), "speaker", "Matt Jonson", ""), "title", "Who pays?")
    with pytest.raises(EditRefused) as asked:
        read(form)
    assert [one.sentence for one in asked.value.suggestions] == [
        "Take Matt Johnson, who is in the program",
        "Add Matt Jonson as new",
    ]
    assert asked.value.suggestions[0].edit == ChangeContent("panel", title="Who pays?", speakers=("matt-johnson",))


def test_each_speaker_has_a_field_with_the_programs_people_proposed_and_two_are_empty(console: Console) -> None:
    page = html.fromstring(console.get(f"/organizer/talks/{SARA}/edit").text)
    fields = page.xpath('//input[@name="speaker"]')
    assert [field.value for field in fields] == ["Sara Hooker", "", ""]
    assert {field.get("list") for field in fields} == {"people"}
    assert "Tri Dao" in page.xpath('//datalist[@id="people"]/option/@value')


def test_every_field_has_a_label_of_its_own(console: Console) -> None:
    page = html.fromstring(console.get(f"/organizer/talks/{SARA}/edit").text)
    labels = [" ".join(label.text_content().split()) for label in page.xpath("//form//label")]
    assert len(labels) == len(set(labels))
    ids = page.xpath("//form//label/@for")
    assert [one for one in ids if not page.xpath(f'//*[@id="{one}"]')] == []


def test_an_abstract_is_shown_as_readers_will_see_it(console: Console, service: Service) -> None:
    page = console.post("/organizer/markdown", abstract="Some *weight*.<script>alert(1)</script>")
    (shown,) = html.fromstring(page.text).xpath('//*[@id="abstract-shown"]')
    assert html.tostring(shown[0], encoding="unicode").strip() == "<p>Some <em>weight</em>.</p>"
    assert console.post("/organizer/markdown", abstract="x" * 20_001).status_code == 422
    assert service.current.snapshot.revision.number == 1


def test_the_abstract_in_the_form_is_what_was_published(console: Console, service: Service) -> None:
    published(service, ChangeContent(SARA, abstract="One.\n\nTwo."))
    assert form_of(console, SARA)["abstract"] == "One.\n\nTwo."
