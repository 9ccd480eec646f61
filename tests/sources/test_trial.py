"""An import without a terminal: what it would do, worked out in a process with limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.changing_site import changing_site
from support.codeml_day import codeml
from support.import_results import OPTIONS, fixture
from support.spreadsheets import xlsx

from app.domain.program import Program
from app.importing import ImportRefused
from app.outgoing.fetch import HTTP_TOO, FetchRefused
from app.outgoing.reachable import NOTHING_ALLOWED, Allowed
from app.sources import trial
from app.sources.trial import Wanted, service_caller, try_address, try_upload

pytestmark = pytest.mark.process

HEAD = "Start,End,Title,Speaker\n"
ROOTS, BARK = "9:00,9:30,On roots,Ann Lee\n", "9:30,10:00,On bark,Bob Ray\n"
ON_THE_DAY: dict[str, str] = {"date": "2025-07-18", "timezone": "America/Vancouver", "title": "Tree Day"}


@pytest.fixture(scope="module")
def trees() -> Program:
    program = try_upload((HEAD + ROOTS + BARK).encode(), "plan.csv", Wanted(options=ON_THE_DAY)).program
    assert program is not None
    return program


def test_a_new_program_comes_with_its_report() -> None:
    found = try_upload((HEAD + ROOTS).encode(), "plan.csv", Wanted(options=ON_THE_DAY))
    assert (found.took, found.guessed, found.left) == (("read as CSV", "1 session"), (), ())
    assert found.program is not None
    assert [(found.program.clock(one.start), one.title) for one in found.program.sessions] == [("09:00", "On roots")]


def test_an_update_keeps_ids(trees: Program) -> None:
    text = HEAD + ROOTS.replace("9:30", "9:25") + BARK.replace("On bark", "On moss")
    found = try_upload(text.encode(), "plan.csv", Wanted(program=trees))
    assert found.program is not None
    assert [(one.id, one.title) for one in found.program.sessions] == [("on-roots", "On roots"), ("on-bark", "On moss")]


@pytest.mark.parametrize(("published", "kept"), [(None, 2), (frozenset({"on-bark"}), 2), (frozenset[str](), 1)])
def test_what_was_published_is_cancelled_and_what_was_not_is_removed(
    trees: Program, published: frozenset[str] | None, kept: int
) -> None:
    found = try_upload((HEAD + ROOTS).encode(), "plan.csv", Wanted(program=trees, published=published))
    assert found.program is not None
    assert len(found.program.sessions) == kept


def test_a_list_becomes_the_items_of_a_session(trees: Program) -> None:
    found = try_upload(b"Title\nOn sap\n", "papers.csv", Wanted(program=trees, options={"items-of": "on-bark"}))
    assert found.program is not None
    assert [one.title for one in found.program.session("on-bark").items] == ["On sap"]


def test_it_gives_the_program_that_an_import_gives(fixtures_path: Path) -> None:
    for name in ("codeml/site.md", "schedules/giggity-fosdem_2021.xml", "calendars/emf-2016.ics"):
        zone = OPTIONS[name].timezone
        options: dict[str, str] = {"timezone": zone} if zone else {}
        found = try_upload((fixtures_path / name).read_bytes(), name, Wanted(options=options))
        assert found.program == fixture(fixtures_path, name).program


def test_a_program_goes_there_and_back_whole() -> None:
    program = codeml()
    found = try_upload(b"Title\nOn sap\n", "papers.csv", Wanted(program=program, options={"items-of": "posters"}))
    assert found.program is not None
    own = program.session("posters").items
    sessions = tuple(replace(one, items=own) if one.id == "posters" else one for one in found.program.sessions)
    assert replace(found.program, sessions=sessions) == program


def test_a_spreadsheet_is_read_in_a_process_of_that_process() -> None:
    data = xlsx({"Plan": [["Start", "End", "Title"], ["9:00", "9:30", "On roots"]]})
    found = try_upload(data, "plan.xlsx", Wanted(options=ON_THE_DAY))
    assert found.program is not None
    assert [one.title for one in found.program.sessions] == ["On roots"]


@pytest.mark.parametrize(
    ("data", "options", "reason"),
    [
        (b"", ON_THE_DAY, "an empty file"),
        (b"Start,Title\n9:00,A", {}, "its time zone is not said; its day is not said; add, such as:"),
        (b"\n\n{}", ON_THE_DAY, "no sessions with a time"),
        (HEAD.encode() + ROOTS.encode(), {"colour": "red"}, "unknown option 'colour' of plan.csv"),
        (
            HEAD.encode() + ROOTS.encode(),
            {"date": "May"},
            "a date or a number is none: Invalid isoformat string: 'May'",
        ),
        (HEAD.encode() + ROOTS.encode(), ON_THE_DAY | {"timezone": "Mars"}, "unknown time zone 'Mars'"),
        (b"Title\nA\n", {"items-of": "posters"}, "items need a program to go into"),
    ],
)
def test_what_gives_no_program_is_refused_with_the_reason(data: bytes, options: dict[str, str], reason: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        try_upload(data, "plan.csv", Wanted(options=options))
    assert reason in refused.value.reason


@pytest.mark.parametrize(("limit", "least"), [("seconds", 0.01), ("cpu_seconds", 0), ("memory", 2**24), ("output", 10)])
def test_what_takes_more_than_its_limits_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str, least: float) -> None:
    monkeypatch.setitem(trial.LIMITS, limit, least)
    with pytest.raises(ImportRefused, match="takes too much time or memory"):
        try_upload((HEAD + ROOTS).encode(), "plan.csv", Wanted(options=ON_THE_DAY))


def test_an_address_is_fetched_by_the_rules_of_the_service() -> None:
    with changing_site() as site:
        site.shows(HEAD + ROOTS)
        with pytest.raises(FetchRefused, match="only https can be fetched, not http"):
            try_address(site.address, service_caller(NOTHING_ALLOWED), Wanted(options=ON_THE_DAY))
        private = replace(service_caller(NOTHING_ALLOWED), schemes=HTTP_TOO)
        with pytest.raises(FetchRefused, match="it is at a private address"):
            try_address(site.address, private, Wanted(options=ON_THE_DAY))
        allowed = replace(private, allowed=Allowed.read("127.0.0.1"))
        found = try_address(site.address, allowed, Wanted(options=ON_THE_DAY))
    assert found.took == ("read as CSV", "1 session")
