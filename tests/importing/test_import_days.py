"""On which days a page's or a table's sessions are, and what is asked where nothing says it."""

from __future__ import annotations

from datetime import date

import pytest
from support.import_results import clocks, of_text

from app.importing import Imported, ImportOptions, ImportRefused

UTC = ImportOptions(timezone="UTC")
FRIDAY = ImportOptions(first_date=date(2025, 7, 18), timezone="UTC")


def table(*titles: str) -> str:
    rows = "".join(f"<tr><td>{9 + at}:00-{10 + at}:00<td>{title}" for at, title in enumerate(titles))
    return f"<table><tr><th>Time<th>Session{rows}</table>"


def starts(imported: Imported) -> dict[str, str]:
    return {title: start for start, _, title in clocks(imported.program)}


def refusal(text: str, name: str, options: ImportOptions) -> str:
    with pytest.raises(ImportRefused) as refused:
        of_text(text, name, options)
    return refused.value.reason


MARKUPS = {
    "headings": "<h2>{}</h2>{}",
    "bold paragraphs": "<p><strong>{}</strong></p>{}",
    "paragraphs in one box": "<div><div><p><b>{}</b></p>{}</div></div>",
    "captions": "{1}",
    "summaries": "<details><summary>{}</summary>{}</details>",
    "headings above other headings": "<h2>{}</h2><h3>All day</h3>{}",
    "small headings": "<h5>{}</h5><div>{}</div>",
}
DAYS = [
    ("Saturday, October 11", "Sunday, October 12"),
    ("Saturday", "Sunday's Kids' Day"),
    ("Day 1: Roots", "Day 2: Leaves"),
    ("11 October 2025", "12 October 2025"),
    ("Sat 11.10.", "Sun 12.10."),
]


@pytest.mark.parametrize(("first", "second"), DAYS)
@pytest.mark.parametrize("markup", MARKUPS)
def test_each_table_is_on_the_day_that_stands_above_it_in_whatever_markup(markup: str, first: str, second: str) -> None:
    parts = [MARKUPS[markup].format(day, table(title)) for day, title in ((first, "A"), (second, "B"))]
    if markup == "captions":
        parts = [
            table(t).replace("<table>", f"<table><caption>{d}</caption>") for d, t in ((first, "A"), (second, "B"))
        ]
    text = f"<h1>Trees</h1><section>{''.join(parts)}</section>"
    options = ImportOptions(first_date=date(2025, 10, 11), timezone="UTC")
    assert starts(of_text(text, "page.html", options)) == {"A": "11 09:00", "B": "12 09:00"}


def test_days_behind_tabs_are_told_by_the_names_of_their_panes() -> None:
    tabs = "<ul><li>Day 1</li><li>Day 2</li></ul>"
    text = f"<h1>Trees</h1>{tabs}<div id=day-1>{table('A')}</div><div id=day2>{table('B')}</div>"
    assert starts(of_text(text, "page.html", FRIDAY)) == {"A": "18 09:00", "B": "19 09:00"}


def test_days_of_lists_behind_tabs_are_told_by_the_names_of_their_panes() -> None:
    tabs = "<div><a href='#day-1'>Day 1 (July 18)</a> <a href='#day-2'>Day 2 (July 19)</a></div><p>July 18–19, 2025</p>"
    pane = "<div id=day-{}><div><p>9:00</p><p>{}</p></div><div><p>10:00</p><p>{}</p></div></div>"
    text = f"<h1>W</h1>{tabs}{pane.format(1, 'Trees', 'Roots')}{pane.format(2, 'Moss', 'Leaves')}"
    assert starts(of_text(text, "page.html", ImportOptions(timezone="America/Vancouver"))) == {
        "Trees": "18 09:00",
        "Roots": "18 10:00",
        "Moss": "19 09:00",
        "Leaves": "19 10:00",
    }


def test_the_parts_of_a_day_are_on_it_and_the_next_day_is_the_next() -> None:
    friday = f"<h2>Friday</h2><h3>Morning</h3>{table('A')}<h3>Later</h3>{table('B')}"
    text = f"<h1>Trees</h1>{friday}<h2>Saturday</h2><h3>Morning</h3>{table('C')}"
    assert starts(of_text(text, "page.html", FRIDAY)) == {
        "A": "18 09:00",
        "B": "18 09:00",
        "C": "19 09:00",
    }


@pytest.mark.parametrize(
    "prose",
    [
        "Submission deadline: Sunday, July 20, 2025",
        "Registration closes on Sunday, July 20, 2025.",
        "We thank all who helped us to prepare the social event that we had on Sunday in the old town.",
        "Posted on Sunday, July 20, 2025",
    ],
)
def test_a_sentence_above_a_table_is_no_day_of_it(prose: str) -> None:
    text = f"<h1>Trees</h1><h2>Friday</h2><p>{prose}</p>{table('A')}"
    assert starts(of_text(text, "page.html", FRIDAY)) == {"A": "18 09:00"}


def csv(*times: str, room: str = "") -> str:
    rows = "".join(f"{time},{chr(65 + at)},{room}\n" for at, time in enumerate(times))
    return f"start,title,room\n{rows}"


@pytest.mark.parametrize(
    ("times", "days"),
    [
        (("9:00", "10:00", "16:00", "9:00", "11:00"), "18 18 18 19 19"),
        (("9:00", "16:00", "9:00", "16:00", "8:30", "16:00"), "18 18 19 19 20 20"),
        (("9:00", "11:00", "1:00", "3:00", "9:00", "11:00", "1:00"), "18 18 18 18 19 19 19"),
        (("20:00", "22:00", "00:30", "01:00", "09:00", "10:00"), "18 18 19 19 19 19"),
        (("9:00", "9:30", "9:00", "10:00"), "18 18 18 18"),
    ],
)
def test_times_without_dates_that_begin_anew_are_of_the_next_day(times: tuple[str, ...], days: str) -> None:
    found = starts(of_text(csv(*times), "plan.csv", FRIDAY))
    assert [found[chr(65 + at)][:2] for at in range(len(times))] == days.split()


def test_a_day_that_begins_anew_is_said_to_be_a_guess() -> None:
    imported = of_text(csv("9:00", "16:00", "9:00"), "plan.csv", FRIDAY)
    assert "the times begin anew, so on the next day: C; better: a column Date" in imported.guessed


def test_what_runs_backward_within_a_day_is_said_to_be_a_guess() -> None:
    imported = of_text(csv("9:00", "10:00", "9:30", "11:00"), "plan.csv", FRIDAY)
    assert "before the session above it, on the same day: C; better: a column Date" in imported.guessed


def test_a_table_that_lists_room_after_room_is_one_day() -> None:
    text = csv("9:00", "16:00", room="East") + "9:00,C,West\n16:00,D,West\n"
    imported = of_text(text, "plan.csv", FRIDAY)
    assert {start[:2] for start in starts(imported).values()} == {"18"}
    assert not any("backward" in line or "next day" in line for line in imported.guessed)


@pytest.mark.parametrize(
    "said",
    [
        "18 et 19 juillet 2025",
        "18. und 19. Juli 2025",
        "18-19 July 2025",
        "18 y 19 de julio de 2025",
        "18 al 19 de julio, 2025",
    ],
)
def test_the_first_of_several_dates_is_the_first_day(said: str) -> None:
    text = f"<h1>Trees</h1><p>{said}</p><h2>Friday</h2>{table('A')}<h2>Saturday</h2>{table('B')}"
    assert starts(of_text(text, "page.html", UTC)) == {"A": "18 09:00", "B": "19 09:00"}


def test_of_many_questions_the_first_are_shown_and_each_option_once() -> None:
    days = "".join(f"<h2>Sunday, October {day}</h2>{table('A')}" for day in (6, 7, 8, 9, 10))
    shown = "; ".join(f"“Sunday, October {day}” is a {name} in 2025" for day, name in ((6, "Monday"), (7, "Tuesday")))
    assert refusal(f"<h1>Trees 2025</h1>{days}", "page.html", UTC) == (
        f"{shown}; “Sunday, October 8” is a Wednesday in 2025; and 2 more; add, such as: --date 2025-10-06"
    )


CONTRADICTION = f"<h1>Trees 2025</h1><p><b>Sunday, October 11</b></p>{table('A')}"
SAID = "“Sunday, October 11” is a Saturday in 2025"


def test_a_weekday_and_a_date_that_contradict_each_other_are_refused() -> None:
    assert refusal(CONTRADICTION, "page.html", UTC) == f"{SAID}; add, such as: --date 2025-10-11"


def test_of_a_weekday_and_a_date_that_contradict_each_other_the_chosen_day_holds() -> None:
    imported = of_text(CONTRADICTION, "page.html", ImportOptions(first_date=date(2025, 10, 11), timezone="UTC"))
    assert starts(imported) == {"A": "11 09:00"}
    assert f"{SAID}; the date holds; better: a weekday and a date that agree" in imported.guessed


@pytest.mark.parametrize("text", ["Fri, July 18, 2025", "Freitag, 18. Juli 2025", "18/07/2025 Friday"])
def test_a_weekday_and_a_date_that_agree_are_taken(text: str) -> None:
    assert starts(of_text(f"<h1>Trees</h1><h2>{text}</h2>{table('A')}", "page.html", UTC)) == {"A": "18 09:00"}


def front(matter: str, body: str) -> str:
    return f"---\n{matter}---\n{body}\n\n| Time | Session |\n|-|-|\n| 9:00-10:00 | A |\n"


@pytest.mark.parametrize(
    ("matter", "body"),
    [
        ("title: Trees\ndate: 2024-11-02\n", "Held December 11 at NeurIPS 2024."),
        (
            "title: Trees\ndate: 2024-11-02\n",
            "Posted on November 2, 2024\n\nIt takes place in Vancouver on December 11, 2024.",
        ),
        ("title: Trees\n", "Published: November 2, 2024\n\nThe workshop takes place on December 11."),
        ("title: Trees\n", "Last updated November 2, 2024.\n\nJoin us on 11 December 2024!"),
        (
            "title: Trees\ndate: 2024-11-02 10:00:00\n",
            "November 2, 2024\n\nThe workshop was held on December 11, 2024.",
        ),
        ("title: Trees\ndate: 2024-11-02\n", "Wednesday, December 11, 2024"),
        ("title: Trees\n", "Wednesday, December 11\n\nCopyright 2024"),
        ("title: Trees\ndate: 2023-12-20\n", "Date: 11 December 2024"),
    ],
)
def test_the_day_is_the_one_on_which_the_text_says_it_is_held(matter: str, body: str) -> None:
    assert of_text(front(matter, body), "page.md", UTC).program.days == (date(2024, 12, 11),)


@pytest.mark.parametrize(
    ("matter", "body"),
    [
        ("title: Trees\ndate: 2024-11-02\n", "All about trees."),
        ("title: Trees\ndate: 2024-11-02\n", "November 2, 2024"),
        ("title: Trees\n", "Last updated November 2, 2024."),
        ("title: Trees\n", "Submission deadline: November 2, 2024"),
        ("title: Trees\n", "There is news from us, of November 2, 2024, on our call for papers and on our speakers."),
        ("title: Trees\n", "December 11\n\nCopyright 2024"),
    ],
)
def test_no_other_date_of_a_page_is_taken_for_its_day(matter: str, body: str) -> None:
    assert refusal(front(matter, body), "page.md", UTC).startswith("its day is not said; add, such as: --date ")


def test_a_date_that_the_page_names_is_the_example_of_the_question() -> None:
    text = front(
        "title: Trees\n", "We plan for some time in autumn, perhaps for October 11, 2025, or a week after that day."
    )
    assert refusal(text, "page.md", UTC) == "its day is not said; add, such as: --date 2025-10-11"


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("", "America/Vancouver"),
        ("Hotel Sol, Brazil", "America/Sao_Paulo"),
        ("Beach Hall, USA", "America/New_York"),
    ],
)
def test_all_that_is_missing_is_asked_for_at_once_with_examples_that_fit(place: str, zone: str) -> None:
    said = f"# Trees\n\nVenue: {place}\n" if place else "# Trees\n"
    text = f"{said}\n| Time | Session |\n|-|-|\n| 9:00-10:00 | A |\n"
    assert refusal(text, "page.md", ImportOptions()) == (
        f"its time zone is not said; its day is not said; add, such as: --timezone {zone} --date 2025-07-18"
    )
