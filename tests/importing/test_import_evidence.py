"""Who is a person: a name is taken on evidence only; what may be one is kept in the title, and asked about."""

from __future__ import annotations

import pytest
from support.import_results import of_text, people

from app.importing import Imported

IN_TITLE = "perhaps people, kept in the title"
IN_TEXT = "perhaps people, kept in the text"
BY_FORM = "taken as people, by the form that all lines of their column share"
BY_LABEL = "taken as people, by the label before them"
BETTER = "; better: a column Speaker, or a section Speakers that names them"


def page(*cells: str, head: str = "Session") -> Imported:
    """A page with a table of a session an hour."""
    rows = "".join(f"| {9 + at}:00-{10 + at}:00 | {cell} |\n" for at, cell in enumerate(cells))
    return of_text(f"# W\n\n| Time | {head} |\n|-|{'-|' * (head.count('|') + 1)}\n{rows}", "page.md")


def found(imported: Imported) -> list[tuple[str, list[str]]]:
    """Title and people of each session."""
    return [(one.title, people(imported.program, one)) for one in imported.program.sessions]


def guess(imported: Imported, remark: str) -> str:
    """What a guess was made of; "" where none was made."""
    lines = (line.removesuffix(BETTER) for line in imported.guessed if line.startswith(f"{remark}: "))
    return next(lines, "").removeprefix(f"{remark}: ")


@pytest.mark.parametrize("form", ["{}: {}", "{} · *{}*", "{} – {}", "{} | {}"])
def test_names_before_titles_are_people_where_all_of_the_column_has_them(form: str) -> None:
    talks = (("Been Kim", "Roots"), ("Noémie Elhadad", "On moss and more"))
    cells = [form.format(*talk).replace("|", "&#124;") for talk in talks]
    imported = page("Opening", *cells, "Lunch: sandwiches")
    assert found(imported) == [
        ("Opening", []),
        ("Roots", ["Been Kim"]),
        ("On moss and more", ["Noémie Elhadad"]),
        ("Lunch: sandwiches", []),
    ]
    assert guess(imported, BY_FORM) == "Been Kim, Noémie Elhadad"


@pytest.mark.parametrize("form", ["{}, by {}", "{} by {}", "{} — {}"])
def test_names_after_titles_are_people_where_all_of_the_column_has_them(form: str) -> None:
    cells = [form.format(*talk) for talk in (("Roots", "Ann Lee"), ("Moss by night", "Bob Ray and Cy Dow"))]
    assert found(page(*cells)) == [("Roots", ["Ann Lee"]), ("Moss by night", ["Bob Ray", "Cy Dow"])]


@pytest.mark.parametrize(
    "other", ["Graph Networks: a view", "Quantum Computing: what next?", "FPTQuant: Function-Preserving Transforms"]
)
def test_where_one_line_has_something_else_before_its_colon_no_name_is_taken(other: str) -> None:
    imported = page("Ann Lee: Roots", "Bob Ray: Moss", other)
    assert found(imported) == [("Ann Lee: Roots", []), ("Bob Ray: Moss", []), (other, [])]
    assert guess(imported, IN_TITLE) == "Ann Lee: Roots, Bob Ray: Moss"


def test_one_name_before_one_title_is_asked_about() -> None:
    imported = page("Opening", "Ann Lee: Roots")
    assert found(imported) == [("Opening", []), ("Ann Lee: Roots", [])]
    assert guess(imported, IN_TITLE) == "Ann Lee: Roots"


SPOTLIGHTS = [
    "FPTQuant: Function-Preserving Transforms for Small Models",
    "Sparse Networks and Dense Labels",
    "Great Apes and Small Cats",
    "Deep Roots",
]


@pytest.mark.parametrize("label", ["Spotlight", "Oral", "Contributed talk", "Lightning talk 3"])
@pytest.mark.parametrize("title", SPOTLIGHTS)
def test_what_follows_the_label_of_a_paper_is_its_title(label: str, title: str) -> None:
    assert found(page("Welcome", f"{label}: {title}")) == [("Welcome", []), (title, [])]


@pytest.mark.parametrize("label", ["Spotlight", "Oral", "Lightning talk"])
@pytest.mark.parametrize("title", SPOTLIGHTS)
@pytest.mark.parametrize("column", ["Details", "Notes", "Paper"])
def test_a_title_beside_the_label_of_a_paper_is_the_sessions_title(label: str, title: str, column: str) -> None:
    assert found(page("Welcome | ", f"{label} | {title}", head=f"Session | {column}"))[1] == (title, [])


@pytest.mark.parametrize("kind", ["Spotlight", "Oral", "Contributed Talk:"])
@pytest.mark.parametrize("title", SPOTLIGHTS[1:])
def test_a_title_in_a_row_of_papers_is_no_person(kind: str, title: str) -> None:
    imported = page(
        f"{kind} | {title} | Roots go deep.", f"{kind} | On moss | It is soft.", head="Type | Title | Abstract"
    )
    assert found(imported) == [(title, []), ("On moss", [])]


def test_a_name_after_the_label_of_an_invited_talk_is_a_person_and_said_to_be_a_guess() -> None:
    imported = page("Invited talk: Alan Turing", "Keynote 2: Ann Lee: Roots", "Invited talk: Scaling Laws of Trees")
    assert found(imported) == [("TBA", ["Alan Turing"]), ("Roots", ["Ann Lee"]), ("Scaling Laws of Trees", [])]
    assert guess(imported, BY_LABEL) == "Alan Turing, Ann Lee"


def test_a_name_beside_a_numbered_invited_talk_is_its_speaker() -> None:
    imported = page(
        "Invited Talk 1 | Ann Lee",
        "Lightning Talks | 1-8, 10",
        "Panel | Ann Lee, Bob Ray and Cy Dow",
        head="Session | Papers",
    )
    assert [one for _, one in found(imported)] == [["Ann Lee"], [], ["Ann Lee", "Bob Ray", "Cy Dow"]]


def test_two_words_in_a_column_of_notes_are_asked_about() -> None:
    imported = page("Roots | Great Apes", "Moss | bring your own chairs", head="Session | Notes")
    assert (found(imported), guess(imported, IN_TEXT)) == ([("Roots", []), ("Moss", [])], "Great Apes")


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ('<a href="#x">Welcome</a>', "Welcome"),
        ('<a href="#code">Code Generation</a>', "Code Generation"),
        ("[Panel Discussion](#panel)", "Panel Discussion"),
        ("[Closing](#closing-remarks)", "Closing"),
    ],
)
def test_a_link_within_the_page_makes_a_person_of_no_other_words(link: str, title: str) -> None:
    assert found(page(link)) == [(title, [])]


@pytest.mark.parametrize("title", ["Bo Ray, Roots of Trees", "Cy Dee - Bark and Bite", "Ann Lee – Seeds of doubt"])
def test_what_follows_a_name_and_is_no_institution_may_be_a_title(title: str) -> None:
    imported = page("Opening", title)
    assert found(imported)[1] == (title, [])


def test_a_cell_across_the_columns_is_a_title_and_nothing_else() -> None:
    rows = "<tr><td>9:00-9:30<td>Roots<td>Ann Lee<td>East<tr><td>9:30-10:00<td colspan=3>Lunch Buffet"
    text = f"<h1>W</h1><table><tr><th>Time<th>Title<th>Speaker<th>Room{rows}</table>"
    program = of_text(text, "page.html").program
    assert [one.kind for one in program.sessions] == ["talk", "lunch"]
    assert ([one.name for one in program.speakers], [one.name for one in program.rooms]) == (["Ann Lee"], ["East"])


@pytest.mark.parametrize("place", ["Harvard DBMI", "Google Brain", "University of Bonn"])
def test_the_place_below_a_speakers_name_is_no_second_speaker(place: str) -> None:
    program = page(f"Roots | Zak Kohane<br>{place}", head="Title | Speaker").program
    assert [(one.name, one.affiliations) for one in program.speakers] == [("Zak Kohane", (place,))]


def test_a_link_to_a_person_makes_their_words_a_person() -> None:
    text = "# W\n\n| Time | Session |\n|-|-|\n| 9:00-9:30 | [Madonna](#m): Roots |\n| 9:30-10:00 | [Ann Lee](#lee) |\n"
    people_section = (
        "\n## Speakers\n\n<div id='m'><b>Ann Madonna</b> sings of roots and of all that grows above them.</div>\n"
    )
    assert found(of_text(text + people_section, "page.md"))[1] == ("TBA", ["Ann Lee"])


@pytest.mark.parametrize("place", ["Harvard DBMI", "MIT", "Stanford", "ETH Zürich", "University of Bonn", "KAIST AI"])
def test_the_place_after_a_speakers_name_is_no_second_speaker(place: str) -> None:
    program = page(f"Roots | Zak Kohane, {place}", head="Title | Speaker").program
    assert [(one.name, one.affiliations) for one in program.speakers] == [("Zak Kohane", (place,))]


@pytest.mark.parametrize(
    "person",
    [
        "<person id='7'><name>Ann Lee</name><url>https://ann.example/</url></person>",
        "<person><url>https://ann.example/</url><name>Ann Lee</name></person>",
        "<person>Ann Lee<url>https://ann.example/</url></person>",
    ],
)
def test_a_person_whose_address_stands_beside_their_name_has_that_name(person: str) -> None:
    text = (
        "<schedule><day date='2025-07-18'><room name='Hall'><event><start>09:00</start><duration>00:30</duration>"
        f"<title>Roots</title><persons>{person}</persons></event></room></day></schedule>"
    )
    program = of_text(text, "plan.xml").program
    assert [(one.name, one.url) for one in program.speakers] == [("Ann Lee", "https://ann.example/")]


def test_a_lunch_with_a_speaker_is_a_talk() -> None:
    program = page("Learning over lunch | Ann Lee", "Lunch | ", head="Title | Speaker").program
    assert [one.kind for one in program.sessions] == ["talk", "lunch"]


def test_who_is_nobody_in_particular_is_no_person() -> None:
    table = "title,start,speaker\nA,9:00,Alle\nB,9:30,Verschiedene Redner\nC,10:00,Gäste\nD,10:30,Various speakers\n"
    assert of_text(table, "plan.csv").program.speakers == ()


def test_whoever_moderates_a_labelled_session_speaks_in_it() -> None:
    assert found(page("Invited talk: The future of roots (moderated by Ann Lee)")) == [
        ("The future of roots", ["Ann Lee"])
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "**Ann Lee**, LIP6<br>*Trees and roots*",
        "Ann Lee (LIP6)<br>Trees and roots",
        "Invited talk: Ann Lee (LIP6)<br>Trees and roots",
        "Trees and roots<br>Ann Lee (LIP6)",
    ],
)
def test_a_person_and_a_title_on_lines_of_their_own_are_both_taken(cell: str) -> None:
    imported = page("Opening", cell)
    assert found(imported) == [("Opening", []), ("Trees and roots", ["Ann Lee"])]
    assert imported.program.speakers[0].affiliations == ("LIP6",)


def test_a_label_in_a_column_of_its_own_is_evidence_as_before_the_title() -> None:
    talks = [("Ann Lee", "On roots"), ("Bob Ray", "On moss")]
    imported = page(*(f"Invited talk | {name}: {title}" for name, title in talks), head="Type | Title")
    assert found(imported) == [("On roots", ["Ann Lee"]), ("On moss", ["Bob Ray"])]
    assert {one.kind for one in imported.program.sessions} == {"talk"}


def test_names_in_a_title_beside_a_column_of_kinds_are_asked_about() -> None:
    imported = page("Opening | Welcome", "Panel | Ann Lee, Bob Ray, Cy Dow", head="Type | Title")
    assert found(imported) == [("Welcome", []), ("Ann Lee, Bob Ray, Cy Dow", [])]
    assert guess(imported, IN_TITLE) == "Ann Lee, Bob Ray, Cy Dow"


@pytest.mark.parametrize("ending", [", Ann Lee", " par Ann Lee", " por Ann Lee", ", by Ann Lee", " – Ann Lee"])
def test_somebody_of_the_page_at_the_end_of_a_title_speaks(ending: str) -> None:
    head = "# W\n\n## Speakers\n\n- **Ann Lee**, MIT\n\n## Schedule\n\n"
    imported = of_text(f"{head}- 9:00 Opening\n- 9:30 Trees and roots{ending}\n- 10:00 Lunch\n", "page.md")
    assert found(imported)[1] == ("Trees and roots", ["Ann Lee"])


def test_a_comma_within_a_title_or_a_list_of_names_parts_nothing() -> None:
    imported = page("Trees, roots and moss", "Ann Lee, Bob Ray", "Seeds, Wild Garlic")
    assert [title for title, names in found(imported)] == [
        "Trees, roots and moss",
        "Ann Lee, Bob Ray",
        "Seeds, Wild Garlic",
    ]


@pytest.mark.parametrize("names", ["Lee, A., Ray, B.", "Lee, A. and Ray, B.", "Lee, A., and Ray, B.", "A. Lee, B. Ray"])
def test_initials_after_a_family_name_are_of_the_same_person(names: str) -> None:
    assert found(page(f"On roots | {names}", head="Title | Speakers")) == [("On roots", ["A. Lee", "B. Ray"])]
