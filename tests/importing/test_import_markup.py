"""HTML, and crossed-out text, in the cells of data files: read as a reader of the page sees them."""

from __future__ import annotations

import json

import pytest
from support.import_results import clocks, of_text, people

from app.domain.program import Program
from app.domain.session import Link, Session
from app.importing.dates import DateContext
from app.importing.json_yaml_data import data_of_yaml
from app.importing.record_lists import sessions_in
from app.importing.report import ImportReport
from app.importing.source import Source

ROOTS = '<a href="https://x.example/">Roots</a> of <em>trees</em>'


def of_title(form: str, title: str) -> tuple[Program, Session]:
    """The one session of a file in which a record, or a row, has a title as it is written."""
    times = {"time": "9:00 - 9:30"}
    texts = {
        "yml": f"- time: 9:00 - 9:30\n  title: {json.dumps(title)}\n",
        "json": json.dumps([{**times, "title": title}]),
        "csv": f'Time,Title\n9:00 - 9:30,"{title.replace(chr(34), chr(34) * 2)}"\n',
        "md": f"| Time | Title |\n|--|--|\n| 9:00 - 9:30 | {title} |\n",
    }
    program = of_text(texts[form], f"plan.{form}").program
    [session] = program.sessions
    return program, session


FORMS = pytest.mark.parametrize("form", ["yml", "json", "csv", "md"])


@FORMS
def test_a_title_with_tags_is_its_text_and_its_links_are_kept(form: str) -> None:
    _, session = of_title(form, ROOTS)
    assert (session.title, session.links) == ("Roots of trees", (Link("Roots", "https://x.example/"),))


@FORMS
@pytest.mark.parametrize(
    "title",
    [
        "<s>Roots of trees</s> cancelled due to illness",
        "<del>Roots of trees</del> (cancelled)",
        "~~Roots of trees~~ Cancelled: the speaker is ill",
        "<strike>Roots of trees</strike><br>abgesagt",
        "~~Roots of trees~~",
    ],
)
def test_a_title_that_is_crossed_out_and_called_off_is_a_cancelled_session(form: str, title: str) -> None:
    _, session = of_title(form, title)
    assert (session.title, session.cancelled) == ("Roots of trees", True)


@FORMS
@pytest.mark.parametrize("title", ["<s>Old roots</s> New roots", "~~Old roots~~ New roots"])
def test_a_title_beside_a_crossed_out_one_is_the_new_one(form: str, title: str) -> None:
    _, session = of_title(form, title)
    assert (session.title, session.cancelled) == ("New roots", False)


@pytest.mark.parametrize("form", ["yml", "json", "csv"])
@pytest.mark.parametrize("title", ["The <video> element", "Vec<T> in Rust", "a < b > c", "~~~ of approximation ~~~"])
def test_brackets_that_are_no_markup_are_words(form: str, title: str) -> None:
    assert of_title(form, title)[1].title == title


@FORMS
def test_brackets_beside_markup_are_words(form: str) -> None:
    title = "Vec`<T>` and <b>Box</b>" if form == "md" else "Vec<T> and <b>Box</b>"
    assert of_title(form, title)[1].title == "Vec<T> and Box"


def test_who_was_to_speak_in_a_cancelled_session_is_kept() -> None:
    text = "| Time | Title | Speaker |\n|--|--|--|\n| 9:00 - 9:30 | ~~Roots~~ | ~~Ann Lee~~ |\n"
    program = of_text(text, "plan.md").program
    [session] = program.sessions
    assert (session.title, session.cancelled, people(program, session)) == ("Roots", True, ["Ann Lee"])


def test_a_crossed_out_talk_in_a_table_of_rooms_is_cancelled() -> None:
    text = "| Time | East | West |\n|--|--|--|\n| 9:00 - 9:30 | ~~Roots~~ | Bark |\n"
    assert [(one.title, one.cancelled) for one in of_text(text, "plan.md").program.sessions] == [
        ("Bark", False),
        ("Roots", True),
    ]


def test_the_link_of_a_title_is_kept_beside_a_column_of_speakers() -> None:
    text = "| Time | Title | Speaker |\n|--|--|--|\n| 9:00 - 9:30 | [Roots](https://x.example/) | Ann Lee |\n"
    [session] = of_text(text, "plan.md").program.sessions
    assert session.links == (Link("Roots", "https://x.example/"),)


def test_an_abstract_in_html_is_its_paragraphs() -> None:
    record = {
        "time": "9:00 - 9:30",
        "title": "Roots",
        "abstract": "<p>They grow.</p><ul><li>down</li><li>far</li></ul>",
    }
    [session] = of_text(json.dumps([record]), "plan.json").program.sessions
    assert session.abstract == "They grow.\n\ndown\n\nfar"


def test_a_text_with_tags_inside_its_lines_keeps_its_lines() -> None:
    record = {"time": "9:00 - 9:30", "title": "Roots", "abstract": "They <b>grow</b>:\n- down\n- far"}
    [session] = of_text(json.dumps([record]), "plan.json").program.sessions
    assert session.abstract == "They grow:\n\n- down\n\n- far"


def test_in_an_export_of_this_service_tags_stay_as_they_were_written() -> None:
    text = 'session id,start,end,timezone,title\nroots,2025-07-18 09:00,2025-07-18 09:30,UTC,"<b>Roots</b> ~~bark~~"\n'
    [session] = of_text(text, "plan.csv").program.sessions
    assert (session.title, session.cancelled) == ("<b>Roots</b> ~~bark~~", False)


MATTER = """
layout: page
news:
  - {date: 2025-05-02, title: We have a venue}
schedule:
  - day: 2025-07-18
    talks:
      - {time: "9:00 - 9:30", title: Roots, speaker: Ann Lee}
      - {time: "9:30 - 10:00", title: "<s>Bark</s> cancelled", speaker: Bob Ray}
"""


def test_records_with_times_in_front_matter_are_sessions_and_news_are_none() -> None:
    source = Source(MATTER.encode(), "index.md", DateContext(None, None, ImportReport()))
    found = sessions_in(data_of_yaml(source.text, source), source)
    assert [(one.title, one.cancelled, [person.name for person in one.people or ()]) for one in found] == [
        ("Roots", False, ["Ann Lee"]),
        ("Bark", True, ["Bob Ray"]),
    ]


def test_a_hundred_tags_inside_each_other_are_read_in_bounded_time() -> None:
    assert clocks(of_text(f"Time,Title\n9:00 - 9:30,{'<b>' * 100}Roots{'</b>' * 100}\n", "plan.csv").program) == [
        ("18 09:00", "18 09:30", "Roots")
    ]


def test_crossed_out_talks_in_a_list_are_cancelled_where_it_says_so() -> None:
    text = "- 9:00 - 9:30 Opening\n- 9:30 - 10:00 ~~On roots~~ cancelled due to illness\n- 10:00 - 10:30 ~~Old~~ New\n"
    assert [(one.title, one.cancelled) for one in of_text(text, "plan.md").program.sessions] == [
        ("Opening", False),
        ("On roots", True),
        ("New", False),
    ]


def of_schedule(generator: str) -> Session:
    """The one event of frab's JSON by some system, its abstract in HTML."""
    event = {
        "guid": "8f1c4b3e-9b1d-4c55-8a11-0a5f2c7d9e10",
        "title": "Roots",
        "date": "2025-07-18T09:00:00-07:00",
        "duration": "00:30",
        "abstract": "<p>They grow.</p>\n<p>Down.</p>",
        "persons": [{"name": "Ann Lee", "biography": "She <em>grows</em> trees."}],
    }
    days = [{"date": "2025-07-18", "rooms": {"East": [event]}}]
    schedule = {"conference": {"title": "Trees", "time_zone_name": "America/Vancouver", "days": days}}
    program = of_text(json.dumps({"generator": {"name": generator}, "schedule": schedule}), "schedule.json").program
    [session] = program.sessions
    return session


def test_an_abstract_in_html_in_another_systems_schedule_is_its_paragraphs() -> None:
    assert of_schedule("pretalx").abstract == "They grow.\n\nDown."


def test_an_abstract_in_a_schedule_of_this_service_stays_as_it_was_written() -> None:
    assert of_schedule("codeml-agenda").abstract == "<p>They grow.</p>\n<p>Down.</p>"


@pytest.mark.parametrize(
    "cell",
    [
        "Moss (cancelled due to illness)",
        "Moss - CANCELLED",
        "Moss [abgesagt]",
        "[ENTFÄLLT] Moss",
        "<span style='text-decoration: line-through'>Moss</span> cancelled",
    ],
)
def test_a_talk_that_is_said_to_be_cancelled_in_whatever_place_is(cell: str) -> None:
    text = f"# W\n\n| Time | Session |\n|-|-|\n| 9:00-9:30 | {cell} |\n"
    [session] = of_text(text, "page.md").program.sessions
    assert (session.title, session.cancelled) == ("Moss", True)
