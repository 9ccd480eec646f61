"""Lists of papers that are tables with any columns, or lists on a page with titles that are marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.import_results import of_text
from support.paper_lists import day, items, items_in, links, list_of

from app.domain.session import Item
from app.importing import ImportOptions, ImportRefused, import_source

TTA = "tables/tta-icml2025-papers.csv"


def test_the_papers_of_tta_have_numbers_authors_and_kinds(fixtures_path: Path) -> None:
    file = fixtures_path / TTA
    program = import_source(
        file.read_bytes(), name=file.name, options=ImportOptions(items_of="posters"), former=day()
    ).program
    found = program.session("posters").items
    assert len(found) == 55
    assert {item.kind for item in found} == {"Oral", "Poster"}
    assert [item.number for item in found[:10]] == ["1", "2", "3", "4", "5", "6", "7", "8", "10", "11"]
    assert found[0].authors == ("Eric Tillmann Bill", "Enis Simsar", "Thomas Hofmann")
    assert {len(item.authors) > 0 for item in found} == {True}


@pytest.mark.parametrize(
    ("head", "cell", "number"),
    [
        ("Board", "A3", "A3"),
        ("Board #", "12", "12"),
        ("Poster #", "7", "7"),
        ("Poster", "P12", "P12"),
        ("#", "#7", "7"),
        ("Paper ID", "33", "33"),
        ("ID", "33", "33"),
        ("ID", "33.0", "33"),
        ("ID", "aB3xYz", ""),
        ("Paper ID", "aB3xYz", ""),
        ("ID", "1234567", ""),
        ("Number of pages", "8", ""),
    ],
)
def test_a_column_of_boards_or_small_whole_numbers_is_the_number(head: str, cell: str, number: str) -> None:
    [item] = items_in(f"{head},Title,Authors\n{cell},Roots,Ann Lee\n")
    assert item.number == number


def test_a_board_is_a_number_before_a_papers_own() -> None:
    [item] = items_in("Paper ID,Board,Title,Authors\n33,A1,Roots,Ann Lee\n")
    assert item.number == "A1"


def test_columns_of_links_are_links_by_what_they_lead_to() -> None:
    head = "Title,Authors,PDF,DOI,arXiv,Code,Poster,Video,URL"
    row = "Roots,Ann Lee,https://x.example/1.pdf,10.1145/1.2,2501.01234,https://github.com/x/y,https://x.example/p.png,"
    [item] = items_in(f"{head}\n{row}https://youtu.be/1,https://x.example/roots\n")
    assert links(item) == [
        ("PDF", "https://x.example/1.pdf"),
        ("DOI", "https://doi.org/10.1145/1.2"),
        ("arXiv", "https://arxiv.org/abs/2501.01234"),
        ("Code", "https://github.com/x/y"),
        ("Poster", "https://x.example/p.png"),
        ("Video", "https://youtu.be/1"),
        ("Page", "https://x.example/roots"),
    ]


def test_a_cell_that_leads_nowhere_is_said() -> None:
    imported = list_of("Title,Code\nRoots,https://github.com/x/y\nMoss,on request\nFern,TBA\n")
    assert (len(items(imported)), imported.left) == (3, ("no link, as it is no address: Code: on request",))


def test_a_column_without_any_address_is_not_read() -> None:
    assert list_of("Title,Code\nRoots,yes\n").left == ("a column that is not read: Code",)


@pytest.mark.parametrize(
    "title",
    [
        "Oral: on $\\alpha$-roots (Ann Lee, University of Bonn)",
        "“Attention” is all you need",
        "Cancelled: a history of roots",
        "Position: *all* models_should be `open`",
        "TBA is a gene",
        "Ann Lee: a life",
        "A < B and C > D",
        "3:30 AM, or why we wake",
    ],
)
def test_a_title_stays_as_it_is_written(title: str) -> None:
    [item, _] = items_in(f'Title,Abstract\n"{title}",One\nMoss,Two\n')
    assert (item.title, item.authors) == (title, ())


def test_html_in_a_cell_becomes_text() -> None:
    [item] = items_in("Title,Authors,Abstract\n<b>On</b> <i>roots</i>,Ann Lee,<p>One</p><p>Two</p>\n")
    assert (item.title, item.abstract) == ("On roots", "One\n\nTwo")


def test_a_length_is_in_minutes() -> None:
    assert [item.minutes for item in items_in("Title,Minutes\nRoots,5\nMoss,\n")] == [5, None]


def test_a_type_of_presentation_is_the_kind() -> None:
    assert [item.kind for item in items_in("Title,Type\nRoots,Demo\nMoss,long talk\n")] == ["Demo", "Long talk"]


@pytest.mark.parametrize("word", ["Accept", "accepted", "Yes", "Angenommen", "Oral"])
def test_a_decision_may_be_in_other_words(word: str) -> None:
    assert [item.title for item in items_in(f"Title,Decision\nRoots,{word}\nMoss,Reject\n")] == ["Roots"]


def test_a_status_may_tell_what_was_withdrawn() -> None:
    imported = list_of("Title,Status\nRoots,Accept\nMoss,Withdrawn\nFern,Awaiting Decision\n")
    assert imported.left == (
        "1 paper withdrawn, so left out: Moss",
        "1 paper still under review, so left out: Fern",
    )


def test_a_decision_in_unknown_words_is_taken_and_said() -> None:
    imported = list_of("Title,Decision\nRoots,Tier 2\n")
    assert (len(items(imported)), imported.guessed) == (
        1,
        ("taken as accepted, by a decision in words that are not known: Tier 2; better: Accept or Reject",),
    )


def test_a_paper_without_a_decision_beside_rejected_ones_is_left_out() -> None:
    imported = list_of("Title,Decision\nRoots,Accept\nMoss,Reject\nFern,\n")
    assert imported.left == (
        "1 paper rejected, so left out: Moss",
        "no decision beside papers that have one, so left out: Fern",
    )


def test_a_paper_without_a_decision_beside_accepted_ones_is_taken_and_said() -> None:
    imported = list_of("Title,Decision\nRoots,Oral\nMoss,\n")
    assert ([item.kind for item in items(imported)], imported.guessed) == (
        ["Oral", ""],
        ("taken without a decision, beside papers that have one: Moss; better: Accept",),
    )


def test_a_list_without_a_column_for_decisions_needs_none() -> None:
    assert list_of("Title,Authors\nRoots,Ann Lee\n").guessed == ()


def test_a_paper_listed_twice_is_taken_once() -> None:
    imported = list_of("Title,Authors\nRoots,Ann Lee\nRoots,Ann Lee\n")
    assert (len(items(imported)), imported.left) == (1, ("listed twice, so taken once: Roots",))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.json", '[{"title": "Roots", "authors": ["Ann Lee", "Bo Ray"], "decision": "Accept (Oral)", "board": 7}]'),
        ("p.json", '{"papers": [{"title": "Roots", "authors": "Ann Lee, Bo Ray", "type": "Oral", "number": 7}]}'),
        ("p.yml", "- title: Roots\n  authors: [Ann Lee, Bo Ray]\n  decision: Accept (Oral)\n  board: 7\n"),
        ("p.md", "| # | Paper | Authors | Decision |\n|-|-|-|-|\n| 7 | Roots | Ann Lee, Bo Ray | Accept (Oral) |\n"),
        (
            "p.html",
            "<h1>W</h1><h2>Orals</h2><table><tr><th>#<th>Title<th>Authors<tr><td>7<td>Roots<td>Ann Lee, Bo Ray</table>",
        ),
    ],
)
def test_a_table_of_papers_may_have_any_form(name: str, text: str) -> None:
    assert items_in(text, name) == (
        Item(id="roots", title="Roots", number="7", kind="Oral", authors=("Ann Lee", "Bo Ray")),
    )


def test_a_link_in_a_title_is_the_papers() -> None:
    [item] = items_in(
        "| Paper | Authors |\n|-|-|\n| [Roots](https://openreview.net/forum?id=aB3) | Ann Lee |\n", "p.md"
    )
    assert (item.title, links(item)) == ("Roots", [("OpenReview", "https://openreview.net/forum?id=aB3")])


def test_relative_addresses_begin_at_the_lists_own() -> None:
    data = b"Title,PDF\nRoots,papers/1.pdf\n"
    options = ImportOptions(items_of="posters")
    address = "https://x.example/2025/list.csv"
    program = import_source(data, name="list.csv", address=address, options=options, former=day()).program
    assert links(program.session("posters").items[0]) == [("PDF", "https://x.example/2025/papers/1.pdf")]


def test_a_row_across_the_table_names_the_kind_of_those_below() -> None:
    row = "<tr><td>Roots<td>Ann Lee<tr><td colspan=2>Posters<tr><td>Moss<td>Bo Ray"
    imported = list_of(f"<h1>W</h1><table><tr><th>Title<th>Authors{row}</table>", "p.html")
    assert [(item.title, item.kind) for item in items(imported)] == [("Roots", ""), ("Moss", "Poster")]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Authors", '"Ann Lee (MIT)*; Bo Ray (ETH)"'),
        ("Authors", '"Ann Lee†, Bo Ray†, and Cy Dow"'),
        ("Author 1,Author 2", "Ann Lee,Bo Ray"),
        ("First Author,Co-Authors", 'Ann Lee,"Bo Ray, Cy Dow"'),
        ("Primary Contact Author Name,Authors", "Di Eck,Ann Lee; Bo Ray"),
    ],
)
def test_authors_stand_in_one_column_or_in_several(head: str, cells: str) -> None:
    [item] = items_in(f"Title,{head}\nRoots,{cells}\n")
    assert item.authors[:2] == ("Ann Lee", "Bo Ray")
    assert item.authors[2:] in ((), ("Cy Dow",))


def test_authors_in_data_may_have_first_and_last_names() -> None:
    authors = [{"first": "Ann", "last": "Lee", "email": "a@x.example"}, {"first": "Bo", "last": "Ray"}]
    [item] = items_in([{"pid": 3, "title": "Roots", "authors": authors}], "p.json")
    assert (item.number, item.authors) == ("3", ("Ann Lee", "Bo Ray"))


def test_links_below_the_authors_are_no_text() -> None:
    entry = "**{}**\\\n{}\\\n[[paper](https://openreview.net/pdf?id={})] [[poster](https://x.example/p)]\n"
    text = f"1. {entry.format('Roots of trees', 'Ann Lee', 'a')}2. {entry.format('Moss', 'Bo Ray', 'b')}"
    imported = list_of(text, "p.md")
    assert imported.left == ()
    assert links(items(imported)[0]) == [
        ("paper", "https://openreview.net/pdf?id=a"),
        ("Poster", "https://x.example/p"),
    ]


def test_a_schedule_in_a_table_gives_its_sessions_as_a_schedule_does() -> None:
    text = "| Time | Session |\n|-|-|\n| 9:00 | Ann Lee (MIT): “Roots” |\n| 9:10 | Bo Ray (ETH): “Moss” |\n"
    assert [(item.title, item.authors) for item in items_in(text, "p.md")] == [
        ("Roots", ("Ann Lee",)),
        ("Moss", ("Bo Ray",)),
    ]


SCHEDULE = "<table><tr><th>Time<th>Title<th>Speaker<tr><td>9:00<td>Opening<td>Di Eck</table>"
PAPERS = "<table><tr><th>Title<th>Authors<tr><td>Roots<td>Ann Lee<tr><td>Moss<td>Bo Ray</table>"
LISTED = "<ul><li><b>Roots</b>, Ann Lee</li><li><b>Moss</b>, Bo Ray</li></ul>"


@pytest.mark.parametrize("papers", [PAPERS, LISTED])
def test_papers_beside_a_schedule_are_told_from_it(papers: str) -> None:
    found = items_in(f"<h1>W</h1>{SCHEDULE}<h2>Papers</h2>{papers}", "p.html")
    assert [(item.title, item.authors) for item in found] == [("Roots", ("Ann Lee",)), ("Moss", ("Bo Ray",))]


def test_papers_beside_speakers_in_data_are_told_from_them() -> None:
    found = {
        "speakers": [{"name": "Di Eck", "title": "Professor"}],
        "papers": [{"title": "Roots", "authors": "Ann Lee"}],
    }
    assert [item.title for item in items_in(found, "p.json")] == ["Roots"]


ENTRIES = [
    "- **Roots of trees**, Ann Lee and Bo Ray\n- **Moss**, Cy Dow\n",
    "- **Roots of trees** by Ann Lee, Bo Ray\n- **Moss** by Cy Dow\n",
    "- **Roots of trees**  \n  Ann Lee, Bo Ray\n- **Moss**  \n  Cy Dow\n",
    (
        "1. [Roots of trees](https://openreview.net/forum?id=aB3) – Ann Lee, Bo Ray\n"
        "2. [Moss](https://openreview.net/forum?id=aB4) – Cy Dow\n"
    ),
    "- “Roots of trees”, Ann Lee, Bo Ray\n- “Moss”, Cy Dow\n",
    "- **Roots of trees** (Ann Lee, Bo Ray)\n- **Moss** (Cy Dow)\n",
    "- **Roots of trees**\n    - Ann Lee, Bo Ray\n- **Moss**\n    - Cy Dow\n",
    (
        "- **Roots of trees** Ann Lee, Bo Ray [PDF](https://x.example/1.pdf)\n"
        "- **Moss** Cy Dow [PDF](https://x.example/2.pdf) [Code](https://x.example/3)\n"
    ),
    "<ul><li><b>Roots of trees</b><br><i>Ann Lee, Bo Ray</i></li><li><strong>Moss</strong><br>Cy Dow</li></ul>",
    (
        "<ul><li><p><a href='https://x.example/1'>Roots of trees</a></p><p>Ann Lee, Bo Ray</p></li>"
        "<li><p><a href='https://x.example/2'>Moss</a></p><p>Cy Dow</p></li></ul>"
    ),
]


@pytest.mark.parametrize("entries", ENTRIES)
def test_a_list_with_marked_titles_and_names_after_them_is_one_of_papers(entries: str) -> None:
    found = items_in(f"# Accepted papers\n\n{entries}", "p.md")
    assert [(item.title, item.authors) for item in found] == [
        ("Roots of trees", ("Ann Lee", "Bo Ray")),
        ("Moss", ("Cy Dow",)),
    ]


@pytest.mark.parametrize(
    ("before", "number"), [("#7 ", "7"), ("[7] ", "7"), ("(7) ", "7"), ("A12: ", "A12"), ("Poster 7: ", "7"), ("", "")]
)
def test_a_number_stands_before_the_title_of_an_entry(before: str, number: str) -> None:
    text = f"# Papers\n\n- {before}**3D roots of trees**, Ann Lee\n- {before}**R1: moss**, Cy Dow\n"
    assert [(item.number, item.title) for item in items_in(text, "p.md")] == [
        (number, "3D roots of trees"),
        (number, "R1: moss"),
    ]


def test_the_heading_above_a_list_says_the_kind() -> None:
    text = "".join(
        f"## {name}\n\n- **A {name} one**, Ann Lee\n- **A {name} two**, Bo Ray\n\n" for name in ("Orals", "X")
    )
    assert [item.kind for item in items_in(text, "p.md")] == ["Oral", "Oral", "", ""]


def test_links_of_an_entry_are_the_papers_and_those_of_its_authors_are_not() -> None:
    first = "[Roots of trees](https://openreview.net/forum?id=aB3), [Ann Lee](https://ann.example/) [PDF](https://x.example/1)"
    [item, _] = items_in(f"- {first}\n- [Moss of it](https://x.example/2), Cy Dow\n", "p.md")
    assert (item.authors, links(item)) == (
        ("Ann Lee",),
        [("OpenReview", "https://openreview.net/forum?id=aB3"), ("PDF", "https://x.example/1")],
    )


@pytest.mark.parametrize("title", ["Graph Networks", "“Attention” is all you need", "Who asks?", "C++ and F#"])
def test_a_marked_title_stays_as_it_is_with_its_link(title: str) -> None:
    address = "https://openreview.net/forum?id=aB3"
    [item, _] = items_in(f"- [{title}]({address}), Ann Lee\n- [Moss of it](https://x.example/), Bo Ray\n", "p.md")
    assert (item.title, item.authors, links(item)) == (title, ("Ann Lee",), [("OpenReview", address)])


def test_authors_by_the_form_of_the_other_entries_are_said() -> None:
    text = "- **Roots**, Ann Lee\n- **Moss**, Bo Ray\n- **Fern**, danah boyd\n"
    imported = list_of(text, "p.md")
    assert [item.authors for item in items(imported)] == [("Ann Lee",), ("Bo Ray",), ("danah boyd",)]
    assert imported.guessed == (
        (
            "taken as authors, as names stand there in the list's other entries: danah boyd; "
            "better: a table with columns Title and Authors"
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "# Papers\n\n- Roots of trees\n- Moss of the woods\n",
        "# Papers\n\n- Roots of trees, Ann Lee\n- Moss of the woods, Bo Ray\n",
        "# Menu\n\n- [Home page](https://x.example/)\n- [About us](https://x.example/about)\n",
        "# Notes\n\n- **Register** now, it is free\n- **Submit** your paper\n",
        "# W\n\nNo list at all.\n",
    ],
)
def test_a_page_without_clear_evidence_of_papers_is_refused(text: str) -> None:
    with pytest.raises(ImportRefused, match=r"no titles of papers in it; name their column Title"):
        list_of(text, "p.md")


@pytest.mark.parametrize(("name", "text"), [("p.csv", "Foo,Bar\nRoots,x\n"), ("p.json", '[{"foo": "Roots"}]')])
def test_a_table_without_a_column_of_titles_is_refused(name: str, text: str) -> None:
    with pytest.raises(ImportRefused, match="no titles of papers in it; name their column Title"):
        list_of(text, name)


def test_a_schedule_may_be_a_list_of_papers() -> None:
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Roots\nDTSTART:20250718T090000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    assert [item.title for item in items_in(text, "p.ics")] == ["Roots"]


def test_papers_in_a_record_of_a_session_have_kinds_numbers_and_abstracts() -> None:
    papers = "[{title: Roots, authors: [Ann Lee], decision: Accept (Oral), board: 7, abstract: We show.}]"
    program = of_text(f"- date: 2025-07-18\n  time: 9:00-9:30\n  title: Orals\n  papers: {papers}\n", "day.yml").program
    assert program.sessions[0].items == (
        Item(id="roots", title="Roots", number="7", kind="Oral", authors=("Ann Lee",), abstract="We show."),
    )


def test_a_list_within_many_lists_is_looked_at_in_bounded_time() -> None:
    nested = "<ul><li>a " * 100 + f"<ul>{'<li>b c' * 2000}</ul>" + "</ul>" * 100
    with pytest.raises(ImportRefused, match="no titles of papers in it"):
        list_of(nested, "p.html")


@pytest.mark.acceptance
def test_more_than_twenty_thousand_papers_are_refused() -> None:
    with pytest.raises(ImportRefused, match="more than 20000 papers"):
        list_of("Title\n" + "".join(f"P{number}\n" for number in range(20_001)))
