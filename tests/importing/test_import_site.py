"""A whole site as a source: which of its files is read, and what is said of the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.spreadsheets import xlsx

from app.importing import ImportRefused, ImportReport
from app.importing.site_folder import find_source

HEAD = "# Trees\n\n| Time | Session |\n|------|---------|\n"
ROWS = ("| 9:00 - 9:30 | On roots |\n", "| 9:30 - 10:00 | On bark |\n", "| 10:00 - 10:30 | On leaves |\n")


def page(sessions: int) -> str:
    return HEAD + "".join(ROWS[:sessions])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with its schedule in one of its pages."""
    (tmp_path / "_pages").mkdir()
    (tmp_path / "_pages" / "schedule.md").write_text(page(3))
    return tmp_path


def found(site: Path) -> tuple[str, list[str], list[str], list[str]]:
    """The file that is read, and what is reported as taken, guessed and left."""
    report = ImportReport()
    path = find_source(site, report)
    return (
        str(path.relative_to(site)),
        list(report.lines("took")),
        list(report.lines("guessed")),
        list(report.lines("left")),
    )


TOOK = "read, of the folder's files the one with the most sessions that have a time"


def test_the_file_with_the_most_sessions_is_read_and_said_to_be(site: Path) -> None:
    assert found(site) == ("_pages/schedule.md", [f"{TOOK}: _pages/schedule.md (3)"], [], [])


def test_files_with_fewer_sessions_are_named_with_their_counts(site: Path) -> None:
    (site / "index.md").write_text(page(2))
    (site / "talks.csv").write_text("Time,Title\n9:00,A\n10:00,B\n")
    assert found(site)[3] == ["a file with sessions, not read: index.md (2), talks.csv (2)"]


def test_of_files_with_as_many_sessions_the_first_is_read_and_that_is_a_guess(site: Path) -> None:
    (site / "_pages" / "zurich.md").write_text(page(3))
    name, _, guessed, left = found(site)
    assert (name, guessed, left) == (
        "_pages/schedule.md",
        ["_pages/schedule.md and not another file with as many sessions: _pages/zurich.md; better: the file"],
        ["a file with sessions, not read: _pages/zurich.md (3)"],
    )


def test_pages_without_a_schedule_are_named_as_not_read(site: Path) -> None:
    (site / "about.md").write_text("# Trees\n\nWelcome.\n")
    (site / "menu.yml").write_text("- title: Home\n")
    assert found(site)[3] == ["a page without a schedule, not read: about.md"]


def test_what_a_site_is_built_into_is_not_looked_at(site: Path) -> None:
    for folder in ("_site", ".git", "node_modules"):
        (site / folder).mkdir()
        (site / folder / "index.html").write_text("<table>" + "<tr><td>9:00</td><td>A</td></tr>" * 9 + "</table>")
    assert found(site)[::3] == ("_pages/schedule.md", [])


def test_a_spreadsheet_of_a_folder_may_be_its_schedule(site: Path) -> None:
    rows = [["Time", "Title"], *([f"{hour}:00", f"On tree {hour}"] for hour in range(9, 14))]
    (site / "plan.xlsx").write_bytes(xlsx({"Plan": rows}))
    assert found(site)[0] == "plan.xlsx"


def test_what_cannot_be_opened_is_left_and_named(site: Path) -> None:
    (site / "broken.md").symlink_to(site / "nowhere.md")
    os.mkfifo(site / "pipe.md")
    (site / "large.json").write_bytes(b" " * 2_000_001)
    said = "a file that cannot be opened, or is larger than 2,000,000 bytes: broken.md, large.json, pipe.md"
    assert found(site)[::3] == ("_pages/schedule.md", [said])


def test_of_more_than_five_hundred_files_the_rest_is_left_and_said_to_be(site: Path) -> None:
    for number in range(500):
        (site / "_pages" / f"z{number}.csv").write_text("")
    assert found(site)[::3] == ("_pages/schedule.md", ["files beyond 500 of the folder"])


def test_a_folder_without_a_schedule_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("# Trees\n")
    with pytest.raises(ImportRefused, match="no file in it holds a schedule"):
        find_source(tmp_path, ImportReport())
