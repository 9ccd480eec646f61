"""What people type about a session: names, affiliations, links, items."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codeml_day import codeml, offers

from app.domain.edits.edit_types import ChangeContent
from app.domain.edits.outcome import EditRefused
from app.domain.edits.typed_content import items_of, items_text, person_named, with_links, with_people
from app.domain.errors import UnknownName
from app.domain.program import Person
from app.domain.session import Item, Link
from app.domain.texts import BadText


def panel(speakers: tuple[str, ...], people: tuple[Person, ...]) -> ChangeContent:
    return ChangeContent("panel", speakers=speakers, people=people)


def refused(*names: str) -> EditRefused:
    with pytest.raises(EditRefused) as caught:
        with_people(codeml(), names, panel)
    return caught.value


@pytest.mark.parametrize("name", ["Matt Johnson", " matt johnson ", "MATT JOHNSON", "matt-johnson", "Mátt  Johnson"])
def test_a_known_person_is_meant_whatever_the_case_the_accents_and_the_spaces(name: str) -> None:
    assert with_people(codeml(), [name], panel) == ChangeContent("panel", speakers=("matt-johnson",))


def test_a_name_like_no_other_is_a_new_person() -> None:
    ada = Person(id="ada-lovelace", name="Ada Lovelace")
    edit = with_people(codeml(), ["Tri Dao", "Ada Lovelace"], panel)
    assert edit == ChangeContent("panel", speakers=("tri-dao", "ada-lovelace"), people=(ada,))


@pytest.mark.parametrize(
    "name", ["Matt Jonson", "Mat Johnson", "Johnson, Matt", "Johnson Matt", "M. Johnson", "Mark Johnson"]
)
def test_a_name_that_is_nearly_somebodys_is_asked_about(name: str) -> None:
    refusal = refused(name)
    assert str(refusal) == f"“{name}” is not in the program, but Matt Johnson is"
    new = with_people(codeml(), [name], panel, new_people=True)
    assert [way.edit for way in refusal.suggestions] == [ChangeContent("panel", speakers=("matt-johnson",)), new]
    assert [way.sentence for way in refusal.suggestions] == [
        "Take Matt Johnson, who is in the program",
        f"Add {name} as new",
    ]


def test_both_readings_of_a_name_are_commands() -> None:
    assert offers(refused("Tri Dao", "Matt Jonson").suggestions) == [
        "agenda edit panel --speaker 'Tri Dao' --speaker 'Matt Johnson'",
        "agenda edit panel --speaker 'Tri Dao' --speaker 'Matt Jonson' --new-person",
    ]


def test_of_two_people_with_similar_names_each_is_meant_by_their_own() -> None:
    program = replace(codeml(), speakers=(*codeml().speakers, Person(id="matt-jonson", name="Matt Jonson")))
    edit = with_people(program, ["Matt Jonson", "Matt Johnson"], panel)
    assert edit == ChangeContent("panel", speakers=("matt-jonson", "matt-johnson"))


def test_two_new_people_of_one_name_are_one() -> None:
    edit = with_people(codeml(), ["Ada", " Ada "], panel)
    assert edit == ChangeContent("panel", speakers=("ada",), people=(Person(id="ada", name="Ada"),))


def test_a_name_out_of_bounds_is_refused() -> None:
    with pytest.raises(BadText, match="name: at most 200 characters"):
        with_people(codeml(), ["x" * 201], panel)


def test_no_names_are_no_speakers() -> None:
    assert with_people(codeml(), ["", " "], panel) == ChangeContent("panel", speakers=())


def test_an_affiliation_is_of_somebody_in_the_program() -> None:
    assert person_named(codeml(), "tri dao").id == "tri-dao"
    with pytest.raises(UnknownName, match="there is no speaker 'Ada'"):
        person_named(codeml(), "Ada")


SLIDES, CODE = Link("Slides", "https://example.org/1"), Link("Code", "https://example.org/2")


def test_a_link_takes_the_place_of_that_with_its_label_and_others_stay() -> None:
    new = Link("Slides", "https://example.org/3")
    assert with_links((SLIDES, CODE), [new]) == (new, CODE)


def test_a_link_is_removed_by_its_label() -> None:
    assert with_links((SLIDES, CODE), [], ["Slides"]) == (CODE,)


def test_a_label_that_is_not_there_is_refused_with_its_name() -> None:
    with pytest.raises(UnknownName, match="there is no link 'Slide'"):
        with_links((SLIDES,), [], ["Slide"])


def test_items_are_lines_of_title_authors_number_and_address() -> None:
    text = "Attention\n\nCaffe | Evan Shelhamer, Jeff Donahue | 7 | https://example.org/caffe\n | \nJAX||8\n"
    assert items_of(text, ()) == (
        Item(title="Attention"),
        Item(
            title="Caffe",
            authors=("Evan Shelhamer", "Jeff Donahue"),
            number="7",
            links=(Link("Paper", "https://example.org/caffe"),),
        ),
        Item(title="JAX", number="8"),
    )


def test_an_item_keeps_its_links_where_no_address_is_given() -> None:
    known = Item(title="Caffe", number="7", links=(CODE,))
    assert items_of("Caffe | Evan", (known,)) == (Item(title="Caffe", authors=("Evan",), links=(CODE,)),)


def test_items_are_written_as_they_are_read() -> None:
    items = (Item(title="Attention"), Item(title="Caffe", authors=("A", "B"), number="7", links=(CODE,)))
    assert items_text(items) == "Attention\nCaffe | A, B | 7"
    assert items_of(items_text(items), items) == items


def test_of_people_with_one_name_those_are_meant_who_are_on_the_session() -> None:
    twins = (Person(id="wei", name="Wei Wang"), Person(id="wei-2", name="Wei Wang"))
    program = replace(codeml(), speakers=(*codeml().speakers, *twins))
    edit = with_people(program, ["Wei Wang, Wei Wang"], panel, present=("wei-2", "wei"))
    assert edit == ChangeContent("panel", speakers=("wei-2", "wei"))


def test_a_name_that_several_have_is_asked_about_by_their_ids() -> None:
    twins = (Person(id="wei", name="Wei Wang"), Person(id="wei-2", name="Wei Wang"))
    program = replace(codeml(), speakers=(*codeml().speakers, *twins))
    with pytest.raises(EditRefused, match="2 people are called Wei Wang; say which by the id: wei, wei-2"):
        with_people(program, ["Wei Wang"], panel)
    assert with_people(program, ["wei-2"], panel) == ChangeContent("panel", speakers=("wei-2",))


def test_commas_separate_names_but_for_those_in_a_name_of_the_program() -> None:
    program = replace(codeml(), speakers=(*codeml().speakers, Person(id="king", name="Martin King, Jr.")))
    edit = with_people(program, ["Tri Dao, Martin King, Jr., Matt Johnson"], panel)
    assert edit == ChangeContent("panel", speakers=("tri-dao", "king", "matt-johnson"))


@pytest.mark.parametrize("name", [", 1 ,", "42", "#!"])
def test_a_name_has_a_letter(name: str) -> None:
    with pytest.raises(EditRefused, match="is not the name of a person"):
        with_people(codeml(), [name], panel)


def test_links_of_other_labels_stay_as_they_are_and_where_they_are() -> None:
    papers = (Link("Paper", "https://example.org/a"), Link("Paper", "https://example.org/b"))
    assert with_links((*papers, CODE), [SLIDES]) == (*papers, CODE, SLIDES)
    assert with_links((SLIDES, *papers), [Link("Paper", "https://example.org/c")]) == (
        SLIDES,
        Link("Paper", "https://example.org/c"),
    )


@given(
    st.lists(
        st.builds(
            Item,
            title=st.sampled_from(["TBA", "A | B", "Caffe"]),
            number=st.sampled_from(["", "7"]),
            authors=st.sampled_from([(), ("Smith, J.",), ("Ada", "Grace")]),
            links=st.sampled_from([(), (CODE,), (SLIDES,)]),
        ),
        max_size=4,
    )
)
def test_items_that_are_not_touched_stay_as_they_are(items: list[Item]) -> None:
    assert items_of(items_text(items), items) == tuple(items)
