"""Forms in which people write schedules: whole hours, breaks where speakers stand, authors after a title."""

from __future__ import annotations

import json

import pytest
from support.import_results import clocks, of_text, people

from app.importing import Imported, ImportOptions, ImportRefused


def page(cells: list[str]) -> Imported:
    """A page with a table of one hour a cell, from 9:00 on."""
    rows = "".join(f"<tr><td>{at}:00-{at + 1}:00</td><td>{cell}</td></tr>" for at, cell in enumerate(cells, start=9))
    return of_text(f"<table><tr><th>Time</th><th>Session</th></tr>{rows}</table>", "page.html")


@pytest.mark.parametrize(
    ("speaker", "kind"),
    [
        ("Coffee Break", "break"),
        ("Lunch", "lunch"),
        ("Poster Session", "posters"),
        ("Happy Hour", "social"),
        ("Oral session", "contributed"),
    ],
)
@pytest.mark.parametrize("title", ["", "TBA"])
def test_a_break_in_the_column_of_speakers_is_no_person(speaker: str, kind: str, title: str) -> None:
    table = f"Time,Speaker,Title\n9:00-9:30,Ann Lee,Roots\n9:30-10:00,{speaker},{title}\n"
    program = of_text(table, "day.csv").program
    assert [one.name for one in program.speakers] == ["Ann Lee"]
    if not title:
        assert [(one.kind, one.title) for one in program.sessions[1:]] == [(kind, speaker)]


def test_a_panel_in_the_column_of_speakers_names_its_people() -> None:
    program = of_text('Time,Speaker,Title\n9:00-9:30,"Panel: Ann Lee, Bob Ray",On roots\n', "day.csv").program
    assert [people(program, one) for one in program.sessions] == [["Ann Lee", "Bob Ray"]]


@pytest.mark.parametrize("name", ["day.csv", "page.md"])
def test_whole_hours_in_a_column_of_times_are_times(name: str) -> None:
    cells = [("9-10", "Roots"), ("10-11:30", "Moss"), ("11:30-12:00", "Bees"), ("12-1", "Lunch"), ("1-2", "Leaves")]
    table = "Time,Title\n" + "".join(f"{time},{title}\n" for time, title in cells)
    if name == "page.md":
        table = "| Time | Title |\n|--|--|\n" + "".join(f"| {time} | {title} |\n" for time, title in cells)
    imported = of_text(table, name)
    assert [(start[3:], end[3:]) for start, end, _ in clocks(imported.program)] == [
        ("09:00", "10:00"),
        ("10:00", "11:30"),
        ("11:30", "12:00"),
        ("12:00", "13:00"),
        ("13:00", "14:00"),
    ]
    assert "whole hours: 9-10, 12-1, 1-2; better: times such as 9:00 - 10:00" in imported.guessed


def test_whole_hours_are_times_down_to_the_last_row() -> None:
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 10) for day in range(1, 28)]
    rows = "".join(f"{day},{9 + at // 30}-{10 + at // 30},Roots {at}\n" for at, day in enumerate(days))
    imported = of_text(f"Date,Time,Title\n{rows}", "day.csv", ImportOptions(timezone="UTC"))
    assert len(imported.program.sessions) == len(days)


def test_whole_hours_among_the_times_of_a_list_are_times() -> None:
    text = "- 8:30-9:00 Opening\n- 9-10 Roots\n- 10-11:30 Moss\n- 11:30-12:00 Bees\n\n10-15 posters hang all day.\n"
    found = clocks(of_text(text, "page.md").program)
    assert found[1:2] == [("18 09:00", "18 10:00", "Roots")]
    assert [title for _, _, title in found] == ["Opening", "Roots", "Moss", "Bees"]


def test_numbers_at_the_beginning_of_entries_are_no_times() -> None:
    text = "- 9:00-9:30 Opening\n- 10-15 posters\n- 9:30-10:00 Roots\n- 10:00-10:30 Moss\n"
    assert [title for _, _, title in clocks(of_text(text, "page.md").program)] == ["Opening", "Roots", "Moss"]


@pytest.mark.parametrize(
    "time", ["18 Uhr", "ab 18 Uhr", "gegen 18 Uhr", "ca. 18.00 Uhr", "6 pm", "6 o’clock pm", "18h"]
)
def test_an_hour_is_written_without_minutes(time: str) -> None:
    entries = "".join(f"<li>{one}</li>" for one in ("9:00: Roots", "10:00: Moss", "11:00: Bees", f"{time}: Leaves"))
    assert clocks(of_text(f"<ul>{entries}</ul>", "page.html").program)[-1] == ("18 18:00", "18 18:30", "Leaves")


def test_a_night_of_more_than_twelve_hours_is_said_to_be_a_guess() -> None:
    imported = of_text("Start,End,Title\n9:30 AM,12:30 AM,Roots\n", "day.csv")
    assert clocks(imported.program) == [("18 09:30", "19 00:30", "Roots")]
    assert any(line.startswith("ends on the next day: Roots; better: ") for line in imported.guessed)


def test_a_source_without_times_is_told_how_they_are_written() -> None:
    with pytest.raises(ImportRefused, match=r"no sessions with a time in it, such as 9:00 - 9:30 \(read as CSV\)"):
        of_text("Time,Title\nmorning,Roots\n", "day.csv")


@pytest.mark.parametrize(
    ("cell", "title", "prose"),
    [
        ("<b>Keynote: Ann Lee (MIT)</b><br>Title: Roots<br>Abstract: We dig.", "Roots", "We dig."),
        (
            "<b>Keynote: Ann Lee (MIT)</b><br>Roots<details><summary>Abstract</summary>We dig.</details>",
            "Roots",
            "We dig.",
        ),
        ("<b>Keynote: Ann Lee (MIT)</b><br>Roots<p>Bio:<br>Ann digs.</p>", "Roots", "Ann digs."),
    ],
)
def test_an_abstract_below_a_title_is_no_part_of_it(cell: str, title: str, prose: str) -> None:
    program = page(["Opening", cell]).program
    session = program.sessions[1]
    assert (session.title, session.abstract, people(program, session)) == (title, prose, ["Ann Lee"])


@pytest.mark.parametrize(
    "cell",
    [
        "[Roots](https://x.example/1) [[slides]](https://x.example/2)",
        "[Roots](https://x.example/1) ([slides](https://x.example/2))",
        "[Roots](https://x.example/1), [slides](https://x.example/2)",
        "[Roots](https://x.example/1) \\| [Slides](https://x.example/2)",
    ],
)
def test_the_label_of_a_link_is_no_part_of_the_title(cell: str) -> None:
    text = f"| Time | Session |\n|--|--|\n| 9:00-9:30 | {cell} |\n| 9:30-10:00 | Moss |\n"
    session = of_text(text, "page.md").program.sessions[0]
    assert session.title == "Roots"
    assert [(one.label.casefold(), one.url[-1]) for one in session.links] == [("roots", "1"), ("slides", "2")]


def test_words_of_a_title_that_are_linked_stay_in_it() -> None:
    assert page(["Learning to <a href='https://x.example'>Code</a> in Trees"]).program.sessions[0].title == (
        "Learning to Code in Trees"
    )


@pytest.mark.parametrize(
    ("cell", "title", "name"),
    [
        ("Roots of trees (Ann Lee, MIT)", "Roots of trees", "Ann Lee"),
        ("Keynote: Closing the Loop (Ann Lee, University of Bonn)", "Closing the Loop", "Ann Lee"),
    ],
)
def test_a_person_with_an_institution_in_brackets_gives_the_talk(cell: str, title: str, name: str) -> None:
    program = page([cell]).program
    assert [(one.title, people(program, one)) for one in program.sessions] == [(title, [name])]


def test_brackets_without_a_person_stay_in_the_title() -> None:
    assert [one.title for one in page(["Roots (part two)", "Moss (MIT, Room 4)"]).program.sessions] == [
        "Roots (part two)",
        "Moss (MIT, Room 4)",
    ]


def test_a_title_below_a_label_and_a_person_is_the_talks() -> None:
    rows = [("Opening", ""), ("Invited talk</b>: <a href='https://a.example'>Ann Lee</a>", "Roots of Trees")]
    rows += [("Invited talk</b>: <a href='https://b.example'>Bob Ray</a>", "Moss in Woods")]
    boxes = "".join(
        f"<div class=row><div>{at}:00 - {at}:30</div><div><b>{head}<br><i>{title}</i></div></div>"
        for at, (head, title) in enumerate(rows, start=9)
    )
    program = of_text(boxes, "page.html").program
    assert [(one.title, people(program, one)) for one in program.sessions] == [
        ("Opening", []),
        ("Roots of Trees", ["Ann Lee"]),
        ("Moss in Woods", ["Bob Ray"]),
    ]


def test_authors_follow_the_end_of_a_papers_title() -> None:
    entries = [
        "Roots. <em>A. Lee, B. Ray</em>",
        "Is moss green? Cy Dow",
        "Bees of U. S. woods. Di Fox, Ed Gay, Flo Hug",
    ]
    listed = "".join(f"<li>{one}</li>" for one in entries)
    text = (
        f"<ul><li>9:00-9:30 Opening</li><li>10:00-11:00 Spotlights<ul>{listed}</ul></li><li>11:00-12:00 End</li></ul>"
    )
    [_, session, _] = of_text(text, "page.html").program.sessions
    assert [(one.title, one.authors) for one in session.items] == [
        ("Roots", ("A. Lee", "B. Ray")),
        ("Is moss green?", ("Cy Dow",)),
        ("Bees of U. S. woods", ("Di Fox", "Ed Gay", "Flo Hug")),
    ]


def test_papers_in_the_record_of_a_session_are_its_items() -> None:
    papers = "[{title: Roots, authors: [Ann Lee, Bob Ray], url: 'https://x.example/1'}, {title: Moss, authors: Cy Dow}]"
    text = f"- date: 2025-07-18\n  time: 9:00-9:30\n  title: Spotlights\n  papers: {papers}\n"
    [session] = of_text(text, "day.yaml").program.sessions
    assert [(one.title, one.authors, [link.url for link in one.links]) for one in session.items] == [
        ("Roots", ("Ann Lee", "Bob Ray"), ["https://x.example/1"]),
        ("Moss", ("Cy Dow",), []),
    ]
    assert session.abstract == ""


def test_what_a_list_of_papers_does_not_bring_is_said() -> None:
    former = of_text("Time,Title\n9:00-9:30,Posters\n", "day.csv").program
    to_posters = ImportOptions(items_of="posters")
    first = of_text("number,title,authors\n1,Roots,Ann Lee\n2,,Cy Dow\n", "papers.csv", to_posters, former)
    assert first.left == ("1 line without a title",)
    second = of_text("title\nMoss\n", "papers.csv", to_posters, first.program)
    assert second.left == ("no longer in the list, so taken out: Roots",)


@pytest.mark.parametrize(
    "cell",
    [
        "Ann Lee, Panel Chair",
        "danah boyd (panel)",
        "Ann Lee & the panel",
        "Ann Lee (opening)",
        "Panel moderated by Ann Lee",
    ],
)
def test_who_stands_beside_the_word_for_a_break_is_kept(cell: str) -> None:
    program = of_text(f'Time,Title,Speaker\n9:00-9:30,Roots,"{cell}"\n', "day.csv").program
    assert len(program.speakers) >= 1


@pytest.mark.parametrize("below", ["University of Bonn", "Session chair: Cy Dow", "(remote)", "Room 5"])
def test_what_is_no_title_below_a_speaker_is_not_the_talks(below: str) -> None:
    entries = f"<li>9:00 Keynote: Ann Lee<br>{below}</li><li>10:00 Moss</li><li>11:00 Bees</li>"
    assert of_text(f"<ul>{entries}</ul>", "page.html").program.sessions[0].title != below


def test_a_second_line_below_the_names_of_a_pages_columns_takes_their_place_only_where_they_are_one_cell() -> None:
    head = "<tr><th></th><th>Hall A</th><th>Hall B</th></tr><tr><td>Chair</td><td>Ann Lee</td><td>Bob Ray</td></tr>"
    rows = "".join(f"<tr><td>{at}:00</td><td>Roots</td><td>Moss</td></tr>" for at in (9, 10))
    program = of_text(f"<table>{head}{rows}</table>", "page.html").program
    assert sorted(room.name for room in program.rooms) == ["Hall A", "Hall B"]


def test_a_linked_word_at_the_end_of_a_title_stays() -> None:
    assert page(["Show me the <a href='https://x.example'>code</a>"]).program.sessions[0].title == "Show me the code"


@pytest.mark.parametrize("title", ["Dinner (Villa Rosa, ETH)", "Lunch (Tresidder Union, Stanford University)"])
def test_a_house_in_brackets_is_no_person(title: str) -> None:
    assert page([title]).program.speakers == ()


def test_a_title_before_a_name_is_not_the_title_of_a_talk() -> None:
    titles = {one.title for one in page(["Prof. Ann Lee", "Dr. Bob Ray"]).program.sessions}
    assert titles.isdisjoint({"Prof", "Dr"})


def test_a_paper_without_authors_is_an_item_too() -> None:
    papers = "[{title: Roots, authors: Ann Lee}, {title: Leaves}, {title: Bark, authors: Bob Ray}]"
    text = f"- date: 2025-07-18\n  time: 9:00-9:30\n  title: Spotlights\n  papers: {papers}\n"
    [session] = of_text(text, "day.yaml").program.sessions
    assert [one.title for one in session.items] == ["Roots", "Leaves", "Bark"]


def test_papers_within_papers_have_an_end() -> None:
    nested = {"title": "Roots"}
    for _ in range(300):
        nested = {"title": "Moss", "papers": [nested]}
    text = json.dumps([{**nested, "start": "2025-07-18T09:00:00"}])
    [session] = of_text(text, "day.json").program.sessions
    assert [one.title for one in session.items] == ["Moss"]


@pytest.mark.parametrize("entry", ["3-4 minute lightning talks", "2-3 posters a board"])
def test_numbers_that_count_something_are_no_hours(entry: str) -> None:
    text = f"- 9:00-9:30 Opening\n- {entry}\n- 9:30-10:00 Roots\n- 10:00-10:30 Moss\n"
    assert [title for _, _, title in clocks(of_text(text, "page.md").program)] == ["Opening", "Roots", "Moss"]


def test_the_zone_beside_whole_hours_is_theirs() -> None:
    text = "Date,Time,Title\n2025-07-18,9-10 EDT,Roots\n2025-07-18,10-11 EDT,Moss\n"
    assert of_text(text, "day.csv", ImportOptions()).program.timezone == "America/New_York"


def test_numbers_in_a_column_beside_the_times_are_no_hours() -> None:
    imported = of_text("Start,Slot,Title\n9:00,1-2,Roots\n10:00,3-4,Moss\n", "day.csv")
    assert [(start, end) for start, end, _ in clocks(imported.program)] == [
        ("18 09:00", "18 10:00"),
        ("18 10:00", "18 10:30"),
    ]
