"""Import again: five versions of one page, and what is kept from before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from support.five_page_versions import FIFTH, FIRST, FOURTH, PAGES, SECOND, page
from support.import_results import clocks, of_text, people

from app.domain.program import ImportantDate, Person, Program
from app.domain.revision_diff import changed_sessions
from app.importing import ImportOptions


def versions(*pages: str) -> list[Program]:
    """Each page imported into what came of the one before."""
    found: list[Program] = []
    for text in pages:
        found.append(of_text(text, "page.md", former=found[-1] if found else None).program)
    return found


def changes(before: Program, after: Program) -> list[str]:
    return sorted(change.session for change in changed_sessions(before, after))


FIVE = versions(*PAGES)


def test_each_version_has_the_true_difference_and_no_other() -> None:
    assert [changes(before, after) for before, after in pairwise(FIVE)] == [
        ["on-bark", "talk"],
        ["coffee-break", "on-bark", "on-roots", "opening", "talk"],
        ["on-roots", "talk"],
        ["coffee-break", "panel-discussion"],
    ]


def test_no_version_has_a_session_twice() -> None:
    assert [len(program.sessions) for program in FIVE] == [7, 7, 7, 7, 8]


def test_the_filled_talk_keeps_the_id_it_had_while_open() -> None:
    talk = FIVE[1].session("talk")
    assert (talk.title, people(FIVE[1], talk)) == ("On leaves", ["Cy Dow"])


def test_a_session_that_is_gone_is_cancelled_where_it_was() -> None:
    assert FIVE[4].session("coffee-break") == replace(FIVE[3].session("coffee-break"), cancelled=True)


def test_the_break_that_stayed_is_the_one_that_did_not_move() -> None:
    assert FIVE[4].session("coffee-break-2") == FIVE[3].session("coffee-break-2")


def test_a_session_that_comes_back_is_on_again_under_its_id() -> None:
    again = of_text(page(FOURTH), "page.md", former=FIVE[4]).program
    assert again.session("coffee-break") == FIVE[3].session("coffee-break")
    assert again.session("panel-discussion").cancelled


def test_the_same_page_again_changes_nothing() -> None:
    assert of_text(page(FIFTH), "page.md", former=FIVE[4]).program == FIVE[4]


def test_pins_and_least_minutes_are_kept() -> None:
    sessions = (replace(one, pinned=True, min_minutes=7) for one in FIVE[0].sessions)
    former = replace(FIVE[0], sessions=tuple(sessions))
    again = of_text(page(SECOND), "page.md", former=former).program
    assert {(one.pinned, one.min_minutes) for one in again.sessions} == {(True, 7)}


def test_prose_and_places_that_the_source_does_not_hold_are_kept() -> None:
    speakers = tuple(replace(one, biography="Likes trees.", url="https://example.org/") for one in FIVE[0].speakers)
    sessions = tuple(replace(one, abstract="All about it.", language="de") for one in FIVE[0].sessions)
    former = replace(FIVE[0], speakers=speakers, sessions=sessions)
    again = of_text(page(FIRST), "page.md", former=former).program
    assert again == former


def test_a_column_that_the_source_has_takes_its_word_away_again() -> None:
    table = "Time,Title,Abstract\n9:00-9:30,On roots,{}\n9:30-10:00,On bark,Bark.\n"
    before = of_text(table.format("Roots."), "plan.csv").program
    after = of_text(table.format(""), "plan.csv", former=before).program
    assert [one.abstract for one in after.sessions] == ["", "Bark."]


def test_a_renamed_room_list_keeps_the_ids_of_rooms_that_stay() -> None:
    table = "Time,Title,Room\n9:00-9:30,On roots,East\n9:30-10:00,On bark,{}\n"
    before = of_text(table.format("West"), "plan.csv").program
    after = of_text(table.format("North"), "plan.csv", former=before).program
    assert [one.room for one in after.sessions] == ["east", "north"]
    assert changes(before, after) == ["on-bark"]


def test_a_page_without_a_date_stays_on_the_day_it_had() -> None:
    again = of_text(page(FIRST), "page.md", former=FIVE[0]).program
    assert clocks(again) == clocks(FIVE[0])
    assert (again.days, again.timezone) == (FIVE[0].days, FIVE[0].timezone)


DATED = """# Trees 2025

{}
## Important dates

- **Notification**: June 9, 2025

## Organizers

- [Dee Poe](https://dee.example/) (ETH)
"""


def test_dates_and_organizers_that_people_added_are_kept_and_said_to_be() -> None:
    first = of_text(DATED.format(page(FIRST)), "page.md").program
    camera = ImportantDate(id="camera", title="Camera-ready", day=date(2025, 6, 20))
    helper = Person(id="gil-hay", name="Gil Hay")
    former = replace(first, dates=(camera, *first.dates), organizers=(*first.organizers, helper))
    again = of_text(DATED.format(page(SECOND)), "page.md", former=former)
    assert (again.program.dates, again.program.organizers) == (former.dates, former.organizers)
    assert "not in the source, kept as before: Gil Hay, Camera-ready" in again.left


def test_who_is_on_no_session_any_more_is_taken_out_and_said_to_be() -> None:
    table = "Time,Title,Speaker\n9:00-9:30,On roots,Ann Lee\n9:30-10:00,On bark,{}\n"
    before = of_text(table.format("Bob Ray"), "plan.csv").program
    after = of_text(table.format("Cy Dow"), "plan.csv", former=before)
    assert [one.name for one in after.program.speakers] == ["Ann Lee", "Cy Dow"]
    assert "no longer on any session, so taken out: Bob Ray" in after.took


def test_people_and_rooms_that_stay_keep_the_order_that_people_gave_them() -> None:
    table = "Time,Title,Speaker,Room\n9:00-9:30,On roots,Ann Lee,East\n9:30-10:00,On bark,Bob Ray,West\n"
    first = of_text(table, "plan.csv").program
    former = replace(first, speakers=first.speakers[::-1], rooms=first.rooms[::-1])
    again = of_text(table.replace("On bark", "On moss"), "plan.csv", former=former).program
    assert (again.speakers, again.rooms) == (former.speakers, former.rooms)


def test_a_day_whose_sessions_are_all_gone_stays_with_them_cancelled() -> None:
    table = "Date,Time,Title\n2025-07-18,9:00-9:30,On roots\n2025-07-19,9:00-9:30,On bark\n"
    before = of_text(table, "plan.csv").program
    after = of_text(table.replace("2025-07-19,9:00-9:30,On bark\n", ""), "plan.csv", former=before).program
    assert (after.days, after.session("on-bark").cancelled) == (before.days, True)


def test_addresses_that_are_only_spelled_otherwise_stay_as_they_were() -> None:
    table = "Time,Title,Slides\n9:00-9:30,On roots,{}\n"
    before = of_text(table.format("https://example.org/ä"), "plan.csv").program
    after = of_text(table.format("https://example.org/%C3%A4"), "plan.csv", former=before).program
    assert after == before


TWO_TALKS = "Time,Title,Speaker,Room\n9:00-9:30,On roots,Ann Lee,East\n9:30-10:00,On bark,Bob Ray,West\n"
ONE_TALK = TWO_TALKS.replace("9:30-10:00,On bark,Bob Ray,West\n", "")
DRAFT = of_text(TWO_TALKS, "plan.csv").program
BEFORE_ANY_REVISION = ImportOptions(published=frozenset())


def test_a_session_that_was_never_published_is_removed_with_its_people_and_its_room() -> None:
    again = of_text(ONE_TALK, "plan.csv", BEFORE_ANY_REVISION, DRAFT)
    assert [one.id for one in again.program.sessions] == ["on-roots"]
    assert [one.name for one in again.program.speakers] == ["Ann Lee"]
    assert [one.name for one in again.program.rooms] == ["East"]
    assert "no longer in the source, never published, so removed: On bark" in again.took
    assert "no longer in the source, so cancelled" not in "".join(again.took)


def test_a_session_that_some_revision_had_is_cancelled() -> None:
    again = of_text(ONE_TALK, "plan.csv", ImportOptions(published={"on-bark"}), DRAFT)
    assert again.program.session("on-bark") == replace(DRAFT.session("on-bark"), cancelled=True)
    assert "no longer in the source, so cancelled: On bark" in again.took


def test_a_cancelled_session_that_was_never_published_is_removed_too() -> None:
    cancelled = of_text(ONE_TALK, "plan.csv", former=DRAFT).program
    again = of_text(ONE_TALK, "plan.csv", BEFORE_ANY_REVISION, cancelled)
    assert [one.id for one in again.program.sessions] == ["on-roots"]


def test_a_removed_session_takes_its_day_with_it() -> None:
    table = "Date,Time,Title\n2025-07-18,9:00-9:30,On roots\n2025-07-19,9:00-9:30,On bark\n"
    before = of_text(table, "plan.csv").program
    text = table.replace("2025-07-19,9:00-9:30,On bark\n", "")
    after = of_text(text, "plan.csv", BEFORE_ANY_REVISION, before).program
    assert after.days == before.days[:1]


def test_people_that_somebody_added_to_a_removed_session_go_with_it_where_the_source_names_nobody() -> None:
    table = "Time,Title\n9:00-9:30,On roots\n9:30-10:00,On bark\n"
    before = of_text(table, "plan.csv").program
    helpers = (Person(id="gil-hay", name="Gil Hay"), Person(id="dee-poe", name="Dee Poe"))
    sessions = (replace(one, speakers=("gil-hay",) if one.id == "on-bark" else ()) for one in before.sessions)
    former = replace(before, speakers=helpers, sessions=tuple(sessions))
    text = table.replace("9:30-10:00,On bark\n", "")
    after = of_text(text, "plan.csv", BEFORE_ANY_REVISION, former).program
    assert [one.name for one in after.speakers] == ["Dee Poe"]


def test_the_id_of_a_removed_session_is_given_to_no_other_one() -> None:
    bark = replace(DRAFT.session("on-bark"), title="Seeds of doubt")
    former = replace(DRAFT, sessions=(DRAFT.session("on-roots"), bark))
    text = ONE_TALK + "15:00-15:30,On bark,Cy Dow,North\n"
    again = of_text(text, "plan.csv", BEFORE_ANY_REVISION, former).program
    assert [one.id for one in again.sessions] == ["on-roots", "on-bark-2"]
