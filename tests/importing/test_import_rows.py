"""Schedules that are no tables: lists, definition lists, rows of boxes, front matter; and papers below a session."""

from __future__ import annotations

import pytest
from support.import_results import clocks, of_text, people

from app.domain.program import Program
from app.importing import Imported

ROWS = [("9:00 – 9:30", "Opening", ""), ("9:30 – 10:30", "On roots", "Ann Lee (MIT)"), ("10:30 – 11:00", "Coffee", "")]
EXPECTED = [
    ("18 09:00", "18 09:30", "Opening"),
    ("18 09:30", "18 10:30", "On roots"),
    ("18 10:30", "18 11:00", "Coffee"),
]
FORMS = {
    "definition list": ("<dl>{}</dl>", "<dt>{}</dt><dd>{}<br>{}</dd>"),
    "definition list of several": ("<dl>{}</dl>", "<dt>{}</dt><dd><b>{}</b></dd><dd>{}</dd>"),
    "list": ("<ul>{}</ul>", "<li>{}: {}<br>{}</li>"),
    "list of boxes": ("<ol>{}</ol>", "<li><span>{}</span> <h5>{}</h5><p>{}</p></li>"),
    "boxes": ("<div>{}</div>", "<div class=row><div>{}</div><div>{}</div><div>{}</div></div>"),
    "boxes in boxes": ("<div><div>{}</div></div>", "<div><div><p>{}</p></div><div><p>{}</p><p>{}</p></div></div>"),
    "paragraphs": ("<div>{}</div>", "<p>{}<br>{}<br>{}</p>"),
    "paragraphs of each": ("<section>{}</section>", "<p>{}</p><p>{}</p><p>{}</p>"),
}


def page(form: str, rows: list[tuple[str, str, str]] = ROWS, head: str = "") -> Imported:
    around, row = FORMS[form]
    return of_text(f"<h1>Trees</h1>{head}{around.format(''.join(row.format(*one) for one in rows))}", "page.html")


@pytest.mark.parametrize("form", FORMS)
def test_a_schedule_in_rows_is_read_whatever_its_markup(form: str) -> None:
    program = page(form).program
    assert clocks(program) == EXPECTED
    assert [people(program, one) for one in program.sessions] == [[], ["Ann Lee"], []]
    assert program.speakers[0].affiliations == ("MIT",)


def test_start_and_end_in_boxes_of_their_own_are_one_time() -> None:
    rows = "".join(
        f"<div><div>{start}</div><div>{end}</div><div>{title}</div></div>"
        for start, end, title in (
            ("9:00", "9:30", "Opening"),
            ("9:30", "10:30", "On roots"),
            ("10:30", "11:00", "Coffee"),
        )
    )
    assert clocks(of_text(f"<h1>Trees</h1><div>{rows}</div>", "page.html").program) == EXPECTED


def test_what_a_row_says_further_is_its_abstract() -> None:
    rows = [*ROWS[:1], ("9:30 – 10:30", "On roots", "Roots go deeper than we thought: they meet."), *ROWS[2:]]
    session = page("definition list", rows).program.sessions[1]
    assert (session.abstract, session.speakers) == ("Roots go deeper than we thought: they meet.", ())


@pytest.mark.parametrize("form", ["definition list", "list", "boxes"])
def test_rows_are_on_the_day_of_the_line_above_them(form: str) -> None:
    around, row = FORMS[form]
    rows = around.format("".join(row.format(*one) for one in ROWS))
    text = f"<h1>Trees</h1><p><b>Friday</b></p>{rows}<p><b>Saturday</b></p>{rows}"
    program = of_text(text, "page.html").program
    assert [start for start, _, _ in clocks(program)] == [
        *("18 09:00", "18 09:30", "18 10:30"),
        *("19 09:00", "19 09:30", "19 10:30"),
    ]


def test_the_foot_of_a_page_is_no_part_of_its_last_session() -> None:
    text = (
        "<h1>Trees</h1><main><ul><li>9:00 A</li><li>9:30 B</li><li>10:00 C</li></ul></main><footer>Made by us</footer>"
    )
    assert of_text(text, "page.html").program.sessions[-1].abstract == ""


def test_lines_with_times_outside_the_tables_are_said_to_be_left() -> None:
    table = "<table><tr><th>Time<th>Session<tr><td>9:00-9:30<td>A<tr><td>9:30-10:00<td>B</table>"
    imported = of_text(f"<h1>Trees</h1>{table}<ul><li>18:00 Dinner</li></ul>", "page.html")
    assert "lines that begin with a time, outside the tables: Dinner" in imported.left


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("9:00 Tomorrow's Trees", "Tomorrow's Trees"),
        ("9:00 Topology at Scale", "Topology at Scale"),
        ("9:00 Stop Words", "Stop Words"),
        ("9:00 Machine Learning – a tour", "Machine Learning – a tour"),
        ("9:00 Ann Lee – Seeds of doubt", "Ann Lee – Seeds of doubt"),
        ("9:00 - 9:30 | Opening", "Opening"),
        ("10h Exposé", "Exposé"),
        ("14h30 – 15h : Leaves", "Leaves"),
        ("22:00 – late Party", "Party"),
    ],
)
def test_a_line_loses_only_its_time(line: str, title: str) -> None:
    text = f"<h1>Trees</h1><ul><li>8:00 Coffee</li><li>{line}</li><li>23:00 End</li></ul>"
    assert of_text(text, "page.html").program.sessions[1].title == title


def test_each_line_of_a_paragraph_has_its_own_links_and_no_other_lines() -> None:
    text = (
        "<h1>Trees</h1><p>9:00 <a href='https://x.example/1'>Roots</a><br>9:30 Moss<br>"
        "<s>9:45 <a href='https://x.example/0'>Bees</a></s><br>10:00 Leaves, <a href='https://x.example/2'>slides</a></p>"
    )
    sessions = of_text(text, "page.html").program.sessions
    assert [(one.title, [link.url for link in one.links]) for one in sessions] == [
        ("Roots", ["https://x.example/1"]),
        ("Moss", []),
        ("Leaves", ["https://x.example/2"]),
    ]


PAPERS = "<ul><li><a href='https://x.example/1'>Deep roots</a> — Ann Lee, Bob Ray</li><li>12: Moss — Cy Dow</li></ul>"
ITEMS = [("", "Deep roots", ("Ann Lee", "Bob Ray"), ("https://x.example/1",)), ("12", "Moss", ("Cy Dow",), ())]


def items(program: Program) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (one.number, one.title, one.authors, tuple(link.url for link in one.links)) for one in program.sessions[1].items
    ]


@pytest.mark.parametrize(
    "title", ["Spotlights", "Oral session 1", "Contributed talks", "Posters", "Paper presentations"]
)
@pytest.mark.parametrize(
    "form",
    [
        "<table><tr><th>Time<th>Session<tr><td>9:00<td>Opening<tr><td>9:30-10:30<td>{}{}<tr><td>10:30<td>Break</table>",
        "<ul><li>9:00 Opening</li><li>9:30-10:30 {}{}</li><li>10:30 Break</li></ul>",
        "<dl><dt>9:00</dt><dd>Opening</dd><dt>9:30-10:30</dt><dd>{}{}</dd><dt>10:30</dt><dd>Break</dd></dl>",
        "<div><div><p>9:00</p><p>Opening</p></div><div><p>9:30-10:30</p><p>{}</p>{}</div><div><p>10:30</p><p>Break</p></div></div>",
    ],
)
def test_papers_listed_below_a_session_are_its_items(form: str, title: str) -> None:
    imported = of_text(f"<h1>Trees</h1>{form.format(title, PAPERS)}", "page.html")
    assert [one.title for one in imported.program.sessions] == ["Opening", title, "Break"]
    assert items(imported.program) == ITEMS
    assert f"papers listed below a session: {title}" in imported.took


def test_titles_of_papers_with_their_authors_in_brackets_are_no_people() -> None:
    papers = "<ul><li>Leaf One (Cy Dee, Di Eck)</li><li><a href='https://x.example/'>Leaf Two</a>, Bo Ray</li></ul>"
    text = f"<h1>Trees</h1><table><tr><th>Time<th>Session<tr><td>9:00<td>A<tr><td>9:30-10:30<td>Posters{papers}</table>"
    program = of_text(text, "page.html").program
    assert (program.speakers, len(program.sessions[1].items)) == ((), 2)


def test_people_listed_below_a_session_are_its_people() -> None:
    cells = "Panel<ul><li>Ann Lee (MIT)</li><li>Bob Ray</li></ul>"
    text = f"<h1>Trees</h1><table><tr><th>Time<th>Session<tr><td>9:00-9:30<td>{cells}</table>"
    program = of_text(text, "page.html").program
    assert (program.sessions[0].title, people(program, program.sessions[0])) == ("Panel", ["Ann Lee", "Bob Ray"])


def test_what_else_is_listed_below_a_session_is_its_abstract() -> None:
    cells = "Opening<ul><li>Welcome by the chairs of all committees</li><li>How to find your room</li></ul>"
    text = f"<h1>Trees</h1><table><tr><th>Time<th>Session<tr><td>9:00-9:30<td>{cells}</table>"
    session = of_text(text, "page.html").program.sessions[0]
    assert (session.title, session.items) == ("Opening", ())
    assert session.abstract == "- Welcome by the chairs of all committees\n- How to find your room"


FRONT_MATTER = """---
title: Trees
date: 2025-07-18
schedule:
  - {time: 9:00 - 9:30, title: Opening}
  - time: 9:30 - 10:30
    title: On roots
    speakers: [{name: Ann Lee, affiliation: MIT}]
  - {time: 10:30 - 11:00, title: Coffee}
---
# Trees

{% include schedule.html %}
"""


def test_a_schedule_in_front_matter_is_read() -> None:
    program = of_text(FRONT_MATTER, "page.md").program
    assert (program.title, clocks(program)) == ("Trees", EXPECTED)
    assert people(program, program.sessions[1]) == ["Ann Lee"]


def test_front_matter_that_cannot_be_read_is_said_to_be_left() -> None:
    text = "---\na: [\n---\n# Trees\n\n| Time | Session |\n|-|-|\n| 9:00-9:30 | A |\n"
    assert of_text(text, "page.md").left == ("front matter: not YAML that can be read in line 2",)


ROWS_WITH_HEADINGS = {
    "time in a heading": "<h3>{}</h3><p>{}</p><p>{}</p>",
    "time and title in a heading": "<h4>{} {}</h4><p>{}</p>",
    "boxes with headings": "<div><h3>{}</h3><h4>{}</h4><p>{}</p></div>",
    "boxes with a title in a heading": "<div class=row><span>{}</span><h4>{}</h4><p>{}</p></div>",
    "articles": "<article><p>{}</p><h3>{}</h3><div>{}</div></article>",
}


@pytest.mark.parametrize(
    "around", ["<h2>Schedule</h2>{}", "<div><h2>Schedule</h2><div>{}</div></div>", "<section>{}</section>"]
)
@pytest.mark.parametrize("form", ROWS_WITH_HEADINGS)
def test_rows_with_headings_in_them_are_rows(form: str, around: str) -> None:
    rows = around.format("".join(ROWS_WITH_HEADINGS[form].format(*one) for one in ROWS))
    program = of_text(f"<h1>Trees</h1>{rows}", "page.html").program
    assert clocks(program) == EXPECTED
    assert [people(program, one) for one in program.sessions] == [[], ["Ann Lee"], []]


def test_a_heading_that_begins_with_a_date_is_a_day_not_a_row() -> None:
    day = "<h3>{}.7. Trees</h3><ul><li>9:00 {}</li><li>10:00 {}</li></ul>"
    text = f"<h1>Woods 2025</h1>{day.format(18, 'A', 'B')}{day.format(19, 'C', 'D')}"
    assert [clock[0] for clock in clocks(of_text(text, "page.html").program)] == [
        "18 09:00",
        "18 10:00",
        "19 09:00",
        "19 10:00",
    ]


@pytest.mark.parametrize("count", [2, 45])
def test_papers_in_a_list_after_the_paragraph_of_their_session_are_its_items(count: int) -> None:
    papers = "".join(f"<li><p>Leaf {at} of many</p></li>" for at in range(count))
    text = f"<h1>W</h1><p>9:00 Opening</p><p>10:00 Poster session</p><ol>{papers}</ol><p>12:00 Lunch</p>"
    program = of_text(text, "page.html").program
    assert [len(one.items) for one in program.sessions] == [0, count, 0]


def test_what_stands_below_rows_in_their_box_keeps_its_sections() -> None:
    rows = "<h3>9:00 Opening</h3><h3>10:00 On roots</h3><h3>11:00 Lunch</h3>"
    text = f"<div>{rows}<h3>Speakers</h3><ul><li><b>Ann Lee</b>, MIT</li></ul></div>"
    imported = of_text(f"<h1>Trees</h1>{text}", "page.html")
    assert [one.title for one in imported.program.sessions] == ["Opening", "On roots", "Lunch"]
    assert "1 speaker" in imported.took
