"""How pages and tables say who speaks, and that some say nobody."""

from __future__ import annotations

import pytest
from support.import_results import of_text, people

from app.domain.program import Program
from app.importing import ImportOptions
from app.importing.person_names import plainly_a_name, split_people

HEAD = "# Trees 2026\n\nMay 4, 2026. Lisbon, Portugal\n\n| Time | Session |\n|--|--|\n| 9:00–9:30 | Welcome |\n"


def said(cell: str) -> tuple[str, str, list[tuple[str, tuple[str, ...], str | None]]]:
    """Kind, title and people of the session that a cell tells."""
    program = of_text(f"{HEAD}| 9:30–10:00 | {cell} |\n", "page.md", ImportOptions()).program
    session = program.sessions[1]
    return session.kind, session.title, [(one.name, one.affiliations, one.url) for one in program.speakers]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "Keynote: Leaves at scale — [Zoë Müller](https://zoe.example/) (CSIRO)",
            ("keynote", "Leaves at scale", [("Zoë Müller", ("CSIRO",), "https://zoe.example/")]),
        ),
        ("Leaves at scale – Zoë Müller (CSIRO)", ("talk", "Leaves at scale", [("Zoë Müller", ("CSIRO",), "")])),
        ("Invited talk by Ann Lee: Seeds of doubt", ("talk", "Seeds of doubt", [("Ann Lee", (), "")])),
        ("Invited talk by Bob Ray: TBA", ("talk", "TBA", [("Bob Ray", (), "")])),
        ("**Ann Lee**, Lisbon University: Walking", ("talk", "Walking", [("Ann Lee", ("Lisbon University",), "")])),
        ("Roots – a short history (part two)", ("talk", "Roots – a short history (part two)", [])),
        ("Opening keynote", ("keynote", "Opening keynote", [])),
    ],
)
def test_a_cell_says_title_and_people(cell: str, expected: tuple[str, str, list[object]]) -> None:
    assert said(cell) == expected


@pytest.mark.parametrize("nobody", ["Organizers", "The organizers", "All", "TBA", "Workshop chairs", "-", "N/A"])
def test_a_role_is_no_person(nobody: str) -> None:
    table = f"title,start,end,speaker\nWelcome,2026-05-04 09:00,2026-05-04 09:30,{nobody}\n"
    assert of_text(table, "day.csv").program.speakers == ()


@pytest.mark.parametrize(
    "column",
    [
        "Vortragende",
        "Presenter(s)",
        "Intervenants",
        "Ponentes",
        "Relatori",
        "Palestrantes",
        "Spreker",
        "講演者",
        "报告人",
    ],
)
def test_people_have_a_column_in_many_languages(column: str) -> None:
    table = f"title,start,end,{column}\nRoots,2026-05-04 09:00,2026-05-04 09:30,Ann Lee\n"
    [person] = of_text(table, "day.csv").program.speakers
    assert person.name == "Ann Lee"


def test_a_header_of_two_rows_names_the_rooms() -> None:
    page = """<h1>Meetup, 3 March 2026, Zurich</h1><table>
        <tr><th rowspan=2>Time</th><th colspan=2>Tracks</th></tr><tr><th>Room A</th><th>Room B</th></tr>
        <tr><td>18:30-19:00</td><td>Pandas</td><td>Polars</td></tr>
        <tr><td>19:00-19:30</td><td>Ducks</td><td>Snakes</td></tr></table>"""
    program = of_text(page, "page.html", ImportOptions()).program
    assert [room.name for room in program.rooms] == ["Room A", "Room B"]
    assert [session.title for session in program.sessions] == ["Pandas", "Polars", "Ducks", "Snakes"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Ann Lee<br>Bo Chen", [("Ann Lee", ()), ("Bo Chen", ())]),
        ("Ann Lee (MIT) <br> Bo Chen (CMU)", [("Ann Lee", ("MIT",)), ("Bo Chen", ("CMU",))]),
        ("<ul><li>Ann Lee</li><li>Cy Dee</li></ul>", [("Ann Lee", ()), ("Cy Dee", ())]),
        ("Ann Lee<br>University of Bonn", [("Ann Lee", ("University of Bonn",))]),
        ("Ann Lee, MIT; Bo Chen, CMU", [("Ann Lee", ("MIT",)), ("Bo Chen", ("CMU",))]),
        ("Ann Lee – University of Bonn", [("Ann Lee", ("University of Bonn",))]),
        ("Ann Lee et al.", [("Ann Lee", ())]),
        ("Ann Lee and others", [("Ann Lee", ())]),
        ("Chair: Ann Lee", [("Ann Lee", ())]),
        ("Jürgen Schmidhuber<sup>1</sup>", [("Jürgen Schmidhuber", ())]),
        ("Ann Lee, Bo Chen", [("Ann Lee", ()), ("Bo Chen", ())]),
    ],
)
def test_a_cell_of_people_names_each(cell: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    rows = f"<tr><td>9:00-9:30</td><td>{cell}</td><td>Roots</td></tr>"
    page = (
        f"<h1>Trees, May 4, 2026, Lisbon</h1><table><tr><th>Time</th><th>Speaker</th><th>Title</th></tr>{rows}</table>"
    )
    program = of_text(page, "page.html", ImportOptions()).program
    assert [(one.name, one.affiliations) for one in program.speakers] == expected


def test_lines_of_a_spreadsheets_cell_divide_people() -> None:
    program = of_text('title,start,end,speaker\nRoots,9:00,9:30,"Ann Lee\nBo Chen"\n', "day.csv").program
    assert [one.name for one in program.speakers] == ["Ann Lee", "Bo Chen"]


@pytest.mark.parametrize(
    "columns", ["First Name,Last Name", "Speaker First Name,Speaker Last Name", "Vorname,Nachname"]
)
def test_names_in_two_columns_are_put_together(columns: str) -> None:
    program = of_text(f"title,start,end,{columns}\nOpening,9:00,9:30,,\nRoots,9:30,10:00,Jane,Doe\n", "day.csv").program
    assert [one.name for one in program.speakers] == ["Jane Doe"]


def test_a_person_whose_title_is_struck_out_still_speaks() -> None:
    rows = "| Time | Speaker | Title |\n|--|--|--|\n| 9:00–9:30 | Ann Lee | ~~Gone talk~~ |\n"
    program = of_text(f"# Trees\n\nMay 4, 2026. Lisbon, Portugal\n\n{rows}", "page.md", ImportOptions()).program
    [session] = program.sessions
    assert (session.title, session.speakers) == ("TBA", ("ann-lee",))


@pytest.mark.parametrize(
    ("listed", "people"),
    [
        ("Prof. Dr. Ann Lee and Bea Two, Ph.D.", [("Ann Lee", ()), ("Bea Two", ())]),
        ("Ann Lee, MIT, Bob Ray, University of Bonn", [("Ann Lee", ("MIT",)), ("Bob Ray", ("University of Bonn",))]),
        ("Ann Lee, University of Science and Technology", [("Ann Lee", ("University of Science and Technology",))]),
        ("Ann Lee\nUniversity of Bonn\nBob Ray\nETH", [("Ann Lee", ("University of Bonn",)), ("Bob Ray", ("ETH",))]),
        ("- Ann Lee\n- Bob Ray", [("Ann Lee", ()), ("Bob Ray", ())]),
        ("Ann Lee,\nBob Ray", [("Ann Lee", ()), ("Bob Ray", ())]),
        ("Organizers: Ann Lee; Bob Ray", [("Ann Lee", ()), ("Bob Ray", ())]),
        ("Ann Lee (she/her), Bob Ray (remote)", [("Ann Lee", ()), ("Bob Ray", ())]),
        ("Ann Lee¹, Bob Ray²", [("Ann Lee", ()), ("Bob Ray", ())]),
        ("Ann Lee – New York", [("Ann Lee", ("New York",))]),
        ("李明、王芳", [("李明", ()), ("王芳", ())]),
        ("Dr. Lee", [("Dr. Lee", ())]),
        ("María García y José Pérez", [("María García", ()), ("José Pérez", ())]),
        ("José Ortega y Gasset", [("José Ortega y Gasset", ())]),
    ],
)
def test_a_list_of_people_is_split_as_it_is_meant(listed: str, people: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(one.name, one.affiliations) for one in split_people(listed)] == people


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Lee, Ann", [("Ann Lee", ())]),
        ("van der Berg, Jan", [("Jan van der Berg", ())]),
        ("Lee, Ann and Ray, Bob", [("Ann Lee", ()), ("Bob Ray", ())]),
        ("Lee, Ann M.; Ray, Bob", [("Ann M. Lee", ()), ("Bob Ray", ())]),
        ("Lee, Ann (MIT); Ray, Bob (ETH)", [("Ann Lee", ("MIT",)), ("Bob Ray", ("ETH",))]),
        ("Ann, Bob and Cid", [("Ann", ()), ("Bob", ()), ("Cid", ())]),
        ("Ann, Bob, Cid and Dan", [("Ann", ()), ("Bob", ()), ("Cid", ()), ("Dan", ())]),
        ("Ann Lee, Bob Ray", [("Ann Lee", ()), ("Bob Ray", ())]),
    ],
)
def test_in_a_column_of_people_the_family_name_may_stand_first(
    cell: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    rows = f'Roots,9:00,9:30,"{cell}"\nMoss,9:30,10:00,"Dow, Cy"\n'
    program = of_text(f"title,start,end,speaker\n{rows}", "day.csv").program
    assert [(one.name, one.affiliations) for one in program.speakers_of(program.sessions[0])] == expected


def people_of(program: Program, title: str) -> list[str]:
    """The names of those who give a talk."""
    [session] = [one for one in program.sessions if one.title == title]
    return people(program, session)


def test_a_family_name_that_stands_first_is_said_to_be_a_guess() -> None:
    imported = of_text('title,start,end,speaker\nRoots,9:00,9:30,"de Lee, Ann"\n', "day.csv")
    assert "a family name before a comma: de Lee, Ann; better: names such as Ann Lee" in imported.guessed


@pytest.mark.parametrize("cell", ["Alice, Bob", "王伟, 李娜", "Lee, Siemens", "Lee, Moderator"])
def test_two_words_with_a_comma_are_no_name_where_others_stand_given_name_first(cell: str) -> None:
    rows = f'Roots,9:00,9:30,"{cell}"\nMoss,9:30,10:00,Cy Dow\n'
    program = of_text(f"title,start,end,speaker\n{rows}", "day.csv").program
    assert people_of(program, "Roots")[:1] == [cell.partition(",")[0]]


@pytest.mark.parametrize("text", ["Deep Networks", "New York", "Large Models", "ETH Zurich", "Machine Learning"])
def test_a_subject_a_city_or_a_company_is_not_plainly_a_name(text: str) -> None:
    assert not plainly_a_name(text)


@pytest.mark.parametrize("text", ["Ann Lee", "Dr. Zoë Müller", "Tri Dao", "Sara Hooker"])
def test_a_name_is_plainly_one(text: str) -> None:
    assert plainly_a_name(text)


def test_a_title_that_a_page_adds_later_makes_no_second_person() -> None:
    table = "title,start,end,speaker\nRoots,2026-05-04 09:00,2026-05-04 09:30,{}\n"
    first = of_text(table.format("Ann Lee"), "day.csv").program
    again = of_text(table.format("Prof. Ann Lee"), "day.csv", former=first).program
    assert [person.id for person in again.speakers] == [person.id for person in first.speakers]
