"""A list of papers that comes again: what stays, what is new, what is gone; and papers in a schedule."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from support.import_results import of_text
from support.paper_lists import DAY, day, items, links, list_of

from app.domain.program import Program
from app.domain.session import Item, Link
from app.importing import Imported

FIRST = "number,title,authors\n1,Roots,Ann Lee\n2,Moss,Bo Ray\n3,Fern,Cy Dow\n"
GONE = "no longer in the list, so taken out: {}"
LIKELY = (
    "taken for a former paper with another title: {}; better: in the list its former title, or its page on OpenReview, "
    "its DOI or its number on arXiv"
)


def titles(imported: Imported, session: str = "posters") -> list[tuple[str, str, str]]:
    """Id, number and title of a session's items."""
    return [(item.id, item.number, item.title) for item in items(imported, session)]


def again(text: object, former: Program, name: str = "papers.csv", to: str = "posters") -> Imported:
    return list_of(text, name, former=former, to=to)


def with_details(program: Program, *changed: Item) -> Program:
    """A program whose posters have what people added to them."""
    return replace(
        program,
        sessions=tuple(replace(one, items=changed) if one.id == "posters" else one for one in program.sessions),
    )


def test_the_same_list_again_changes_nothing() -> None:
    before = list_of(FIRST).program
    assert again(FIRST, before).program == before


def test_a_shuffled_list_keeps_ids_and_numbers_and_has_the_new_order() -> None:
    rows = [f"Paper {at} on {chr(97 + at % 26)}{at},A{at} Lee" for at in range(60)]
    before = list_of("title,authors\n" + "\n".join(rows), number_from=1).program
    known = {item.title: (item.id, item.number) for item in before.session("posters").items}
    shuffled = random.Random(3).sample(rows, len(rows))
    found = items(again("title,authors\n" + "\n".join(shuffled), before))
    assert [item.title for item in found] == [row.split(",")[0] for row in shuffled]
    assert {item.title: (item.id, item.number) for item in found} == known


def test_a_new_title_keeps_the_id_and_is_said_to_be_guessed() -> None:
    imported = again("title,authors\nTrees,Ann Lee\nMoss,Bo Ray\nFern,Cy Dow\n", list_of(FIRST).program)
    assert titles(imported) == [("roots", "1", "Trees"), ("moss", "2", "Moss"), ("fern", "3", "Fern")]
    assert imported.guessed == (LIKELY.format("Trees"),)


def test_a_new_title_with_the_same_page_on_openreview_is_certain() -> None:
    head = "forum,title,authors\n"
    before = list_of(f"{head}aB3xYz12Q,Roots,Ann Lee\n").program
    imported = again(f"{head}aB3xYz12Q,Something else,Bo Ray; Cy Dow\n", before)
    assert (titles(imported), imported.guessed) == ([("roots", "", "Something else")], ())


def test_what_the_list_does_not_say_stays() -> None:
    code = Link("Code", "https://github.com/x/y")
    kept = Item(
        id="roots",
        title="Roots",
        number="A7",
        kind="Oral",
        authors=("Ann Lee",),
        minutes=8,
        abstract="We.",
        links=(code,),
    )
    before = with_details(day(), kept)
    assert items(again("title\nRoots\n", before)) == (kept,)


def test_what_the_list_says_replaces_what_was_and_links_to_other_things_stay() -> None:
    former = (Link("PDF", "https://x.example/old.pdf", "paper"), Link("Code", "https://github.com/x/y"))
    before = with_details(day(), Item(id="roots", title="Roots", number="1", kind="Oral", abstract="Old", links=former))
    row = "9,Roots,Ann Lee,Accept (Poster),New,https://x.example/new.pdf"
    [item] = items(again(f"number,title,authors,decision,abstract,pdf\n{row}\n", before))
    assert (item.id, item.number, item.kind, item.authors, item.abstract) == (
        "roots",
        "9",
        "Poster",
        ("Ann Lee",),
        "New",
    )
    assert item.links == (Link("PDF", "https://x.example/new.pdf", "paper"), former[1])


def test_a_kind_goes_where_the_list_says_kinds_of_others() -> None:
    before = list_of("title,decision\nRoots,Accept (Oral)\nMoss,Accept (Oral)\n").program
    found = items(again("title,decision\nRoots,Accept\nMoss,Accept (Oral)\n", before))
    assert [item.kind for item in found] == ["", "Oral"]


def test_new_papers_are_added_and_gone_ones_are_left_out_and_said() -> None:
    imported = again("number,title,authors\n3,Fern,Cy Dow\n4,Bark,Di Eck\n", list_of(FIRST).program)
    assert titles(imported) == [("fern", "3", "Fern"), ("bark", "4", "Bark")]
    assert imported.left == (GONE.format("Roots, Moss"),)


def test_numbers_begin_at_the_one_that_is_given_and_skip_those_that_are_taken() -> None:
    former = list_of("number,title\n11,Roots\n", number_from=None).program
    imported = list_of("title\nMoss\nRoots\nFern\nBark\n", former=former, number_from=10)
    assert [(item.title, item.number) for item in items(imported)] == [
        ("Moss", "10"),
        ("Roots", "11"),
        ("Fern", "12"),
        ("Bark", "13"),
    ]


def test_without_a_first_number_there_are_only_those_of_the_list() -> None:
    assert [item.number for item in items(list_of("#,Title\n7,Roots\n,Moss\n"))] == ["7", ""]


def test_a_title_of_another_sessions_paper_takes_no_id_from_there() -> None:
    before = list_of("title\nRoots\n").program
    imported = again("title\nRoots\n", before, to="orals")
    assert (titles(imported), titles(imported, "orals")) == ([("roots", "", "Roots")], [("roots-2", "", "Roots")])


def test_a_paper_that_left_one_session_has_its_id_in_another() -> None:
    before = again("title\nMoss\n", list_of("title\nRoots\nMoss\n").program).program
    imported = again("title\nRoots\n", before, to="orals")
    assert (titles(imported), titles(imported, "orals")) == ([("moss", "", "Moss")], [("roots", "", "Roots")])


def own_json(program: Program, *found: dict[str, object]) -> str:
    """This service's JSON of a program whose only session has these items."""
    session = {"id": "posters", "title": "Posters", "kind": "posters", "items": found, "links": [], "speakers": []}
    session |= {"start": "2025-07-18T16:00:00Z", "end": "2025-07-18T17:00:00Z", "room": None}
    orals = {**session, "id": "orals", "title": "Orals", "items": [], "start": "2025-07-18T17:00:00Z"}
    orals |= {"end": "2025-07-18T18:00:00Z", "kind": "talk"}
    facts = {"id": program.id, "title": program.title, "timezone": program.timezone}
    return json.dumps({"program": facts, "sessions": [session, orals], "rooms": [], "speakers": []})


def test_this_services_json_gives_items_back_with_ids_and_details() -> None:
    found = {"id": "r1", "title": "Roots", "number": "7", "kind": "Oral", "authors": ["Ann Lee"], "minutes": 8}
    found |= {"abstract": "We *show*.", "links": [{"label": "Code", "url": "https://github.com/x/y"}]}  # type: ignore[dict-item]
    program = of_text(own_json(day(), found), "program.json").program
    code = Link("Code", "https://github.com/x/y")
    assert program.session("posters").items == (
        Item(
            id="r1", title="Roots", number="7", kind="Oral", authors=("Ann Lee",), minutes=8, abstract="We *show*.",
            links=(code,),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["orals"], ["roots-0"]),  # a session's id
        (["Not an id"], ["roots-0"]),
        (["same", "same"], ["same", "roots-1"]),
        (["a" * 25], ["roots-0"]),
        (["", "x"], ["roots-0", "x"]),
    ],
)
def test_an_id_that_cannot_be_is_made_anew(given: list[str], expected: list[str]) -> None:
    found = [{"id": name, "title": f"Roots {at}"} for at, name in enumerate(given)]
    program = of_text(own_json(day(), *found), "program.json").program
    assert [item.id for item in program.session("posters").items] == expected


PAPERS = "- date: 2025-07-18\n  time: {}\n  title: {}\n  papers: {}\n"


def schedule(posters: str, orals: str) -> str:
    return PAPERS.format("9:00-10:00", "Posters", posters) + PAPERS.format("10:00-11:00", "Orals", orals)


def test_a_schedule_again_keeps_ids_and_details_of_its_papers() -> None:
    first = schedule("[{title: Roots, authors: [Ann Lee]}, {title: Moss, authors: [Bo Ray]}]", "[{title: Fern}]")
    before = of_text(first, "day.yml").program
    roots, moss = before.session("posters").items
    detailed = replace(roots, number="7", abstract="We.", links=(Link("Code", "https://github.com/x/y"),))
    second = schedule("[{title: Moss, authors: [Bo Ray]}, {title: Trees, authors: [Ann Lee]}]", "[{title: Fern}]")
    imported = of_text(second, "day.yml", former=with_details(before, detailed, moss))
    assert items(imported) == (moss, replace(detailed, title="Trees"))
    assert LIKELY.format("Trees") in imported.guessed


def test_a_schedule_without_papers_keeps_those_of_a_list() -> None:
    before = list_of(FIRST).program
    assert items(of_text(DAY, "day.csv", former=before)) == before.session("posters").items


def test_a_paper_that_moves_within_a_schedule_keeps_its_id_and_details() -> None:
    before = of_text(schedule("[{title: Roots}, {title: Moss}]", "[{title: Fern}]"), "day.yml").program
    roots, moss = before.session("posters").items
    detailed = replace(roots, id="first", abstract="We.", links=(Link("Code", "https://github.com/x/y"),))
    second = schedule("[{title: Moss}]", "[{title: Fern}, {title: Roots}]")
    imported = of_text(second, "day.yml", former=with_details(before, detailed, moss))
    assert titles(imported) == [("moss", "", "Moss")]
    assert [(item.id, links(item)) for item in items(imported, "orals")] == [
        ("fern", []),
        ("first", [("Code", "https://github.com/x/y")]),
    ]
    assert [line for line in imported.left if line.startswith("no longer")] == []


def test_papers_of_the_same_title_in_two_sessions_of_a_schedule_keep_their_own_ids() -> None:
    text = schedule("[{title: Roots}]", "[{title: Roots}]")
    before = of_text(text, "day.yml").program
    swapped = of_text(text, "day.yml", former=before)
    assert (titles(swapped), titles(swapped, "orals")) == ([("roots", "", "Roots")], [("roots-2", "", "Roots")])


def test_papers_of_a_schedule_that_are_gone_are_said() -> None:
    before = of_text(schedule("[{title: Roots}, {title: Moss}]", "[{title: Fern}]"), "day.yml").program
    imported = of_text(schedule("[{title: Moss}]", "[{title: Fern}]"), "day.yml", former=before)
    assert GONE.format("Roots") in imported.left


def test_papers_that_nothing_tells_apart_keep_their_ids_in_order() -> None:
    before = of_text(schedule("[{title: Demo}, {title: Demo}]", "[{title: Fern}]"), "day.yml").program
    after = of_text(schedule("[{title: Demo}, {title: Demo}]", "[{title: Fern}]"), "day.yml", former=before).program
    assert [item.id for item in after.session("posters").items] == ["demo", "demo-2"]


def test_of_a_title_no_more_is_compared_than_a_program_holds() -> None:
    before = list_of([{"title": f"{'ab ' * 200}{at}", "number": at} for at in range(3)], "p.json").program
    imported = again([{"title": f"{'ab ' * 200}{at} more", "number": at} for at in (2, 0, 1)], before, "p.json")
    known = {item.number: item.id for item in before.session("posters").items}
    assert ({item.number: item.id for item in items(imported)}, imported.guessed) == (known, ())
