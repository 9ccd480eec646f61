"""Imports begun in the console: whose they are, how many are kept, for how long, and what a lost one is called."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from support.publisher_processes import NOW

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.live.clock import SYSTEM_CLOCK
from app.store import import_jobs, tables
from app.store.import_jobs import (
    ALIVE_SECONDS,
    FORGOTTEN_AFTER,
    LONGEST_LINE,
    MOST_JOBS,
    MOST_LINES,
    ImportJobs,
    ImportSource,
    JobReport,
    Lines,
    ProgramTooLarge,
    record_publication,
)
from app.store.imported_sources import (
    MOST_SOURCES,
    forget_imported,
    imported_sources,
    record_imported_status,
    remember_imported,
)
from app.store.publish_files import publish_files
from app.store.revisions import Revisions
from app.store.sign_ins import SignIns
from app.store.source_status import SourceStatus, read_source_statuses, record_source_status

SOURCE = ImportSource(place="plan.csv", name="plan.csv", is_address=False, options={"items-of": "posters"})
SECOND = timedelta(seconds=1)


@pytest.fixture
def jobs(revisions: Revisions) -> ImportJobs:
    return ImportJobs(revisions.database)


@pytest.fixture
def frank(revisions: Revisions, program: Program) -> str:
    """The sign-in of an organizer, of a program whose files were merged once."""
    publish_files(revisions, program, source_hash="a", now=NOW)
    return signed_in(revisions, "Frank")


def signed_in(revisions: Revisions, name: str) -> str:
    sign_ins, now = SignIns(revisions.database), SYSTEM_CLOCK.now()
    sign_ins.add(name, now)
    key = sign_ins.redeem(sign_ins.new_link(name, now), now, "")
    return sign_ins.signed_in(key, now, revisions.get(1).program).id


def test_what_is_read_comes_back_whole(jobs: ImportJobs, frank: str, program: Program) -> None:
    name = jobs.add(frank, SOURCE, NOW)
    jobs.begin(name, NOW + SECOND)
    report = JobReport(took=Lines.of(["15 sessions"]))
    jobs.finish(name, 1, report, program, NOW + 2 * SECOND)
    found = jobs.job(frank, name, NOW + 3 * SECOND)
    assert (found.source, found.state, found.at, found.plan) == (SOURCE, "read", NOW + 2 * SECOND, 1)
    assert (found.report, found.program, found.source.items_of) == (report, program, "posters")


def test_an_import_is_its_own_browsers(jobs: ImportJobs, frank: str, revisions: Revisions) -> None:
    ada, name = signed_in(revisions, "Ada"), jobs.add(frank, SOURCE, NOW)
    assert jobs.all(ada, NOW) == ()
    with pytest.raises(UnknownName):
        jobs.job(ada, name, NOW)


def test_who_is_removed_leaves_no_import(jobs: ImportJobs, frank: str, revisions: Revisions) -> None:
    jobs.add(frank, SOURCE, NOW)
    signed_in(revisions, "Ada")
    SignIns(revisions.database).remove("Frank")
    assert jobs.all(frank, NOW) == ()


def test_the_latest_are_kept_for_a_day(jobs: ImportJobs, frank: str) -> None:
    names = [jobs.add(frank, SOURCE, NOW + number * SECOND) for number in range(MOST_JOBS + 2)]
    now = NOW + len(names) * SECOND
    assert [one.id for one in jobs.all(frank, now)] == names[: -MOST_JOBS - 1 : -1]
    assert jobs.all(frank, now + FORGOTTEN_AFTER) == ()


def test_one_that_nobody_works_on_any_more_was_interrupted(jobs: ImportJobs, frank: str) -> None:
    name = jobs.add(frank, SOURCE, NOW)
    jobs.begin(name, NOW)
    late = NOW + timedelta(seconds=ALIVE_SECONDS + 1)
    assert [jobs.job(frank, name, now).state for now in (NOW, late)] == ["reading", "interrupted"]
    jobs.touch([name], late)
    assert jobs.job(frank, name, late).state == "reading"


def test_one_that_is_published_has_no_program_any_more(
    jobs: ImportJobs, frank: str, program: Program, revisions: Revisions
) -> None:
    name = jobs.add(frank, SOURCE, NOW)
    jobs.finish(name, 1, JobReport(), program, NOW)
    with revisions.database.writing() as connection:
        record_publication(connection, name, 1, NOW + SECOND)
    found = jobs.job(frank, name, NOW + SECOND)
    assert (found.state, found.at, found.revision, found.program) == ("published", NOW + SECOND, 1, None)


def test_what_is_old_is_forgotten_though_nothing_is_imported(
    jobs: ImportJobs, frank: str, revisions: Revisions
) -> None:
    for number in range(2):
        jobs.add(frank, SOURCE, NOW + number * SECOND)
    jobs.forget(NOW + FORGOTTEN_AFTER)
    with revisions.database.reading() as connection:
        assert connection.scalars(select(tables.import_jobs.c.at)).all() == [NOW + SECOND]


def test_a_form_begins_one_import(jobs: ImportJobs, frank: str) -> None:
    name = jobs.add(frank, SOURCE, NOW, form="a" * 64)
    assert (jobs.begun_by(frank, "a" * 64), jobs.begun_by(frank, ""), jobs.begun_by("x", "a" * 64)) == (
        name,
        None,
        None,
    )


def test_lines_and_reasons_are_cut(jobs: ImportJobs, frank: str) -> None:
    lines = Lines.of(["x" * 1000] * (MOST_LINES + 3))
    assert (len(lines.shown), lines.more, {len(one) for one in lines.shown}) == (MOST_LINES, 3, {LONGEST_LINE})
    name = jobs.add(frank, SOURCE, NOW)
    jobs.fail(name, "x" * 1000, NOW)
    found = jobs.job(frank, name, NOW)
    assert (found.state, len(found.reason)) == ("failed", LONGEST_LINE)


def test_a_program_that_is_too_large_is_not_kept(
    jobs: ImportJobs, frank: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_jobs, "LARGEST_PROGRAM", 100)
    with pytest.raises(ProgramTooLarge):
        jobs.finish(jobs.add(frank, SOURCE, NOW), 1, JobReport(), program, NOW)


def test_the_status_of_one_source_leaves_the_others(revisions: Revisions) -> None:
    for name in ("a.example", "b.example"):
        record_source_status(revisions.database, SourceStatus(name=name, read_at=NOW))
    record_source_status(revisions.database, SourceStatus(name="a.example", failed_at=NOW, reason="gone"))
    assert read_source_statuses(revisions.database) == (
        SourceStatus(name="a.example", read_at=NOW, failed_at=NOW, reason="gone"),
        SourceStatus(name="b.example", read_at=NOW),
    )


def address(place: str, **options: str) -> ImportSource:
    named = {name.replace("_", "-"): text for name, text in options.items()}
    return ImportSource(place=place, name="a.example", is_address=True, options=named)


def remembered(revisions: Revisions, *sources: ImportSource) -> list[str]:
    """Remember addresses; those that are remembered then."""
    for source in sources:
        with revisions.database.writing() as connection:
            remember_imported(connection, source, NOW)
    return [one.source.place for one in imported_sources(revisions.database)]


def test_of_the_schedule_and_of_each_list_of_papers_the_last_address_is_remembered(revisions: Revisions) -> None:
    old, papers, new = (address("old"), address("papers", items_of="posters"), address("new"))
    assert remembered(revisions, old, papers, new) == ["new", "papers"]
    forget_imported(revisions.database, "posters")
    assert remembered(revisions) == ["new"]


def test_of_too_many_addresses_the_first_is_forgotten(revisions: Revisions) -> None:
    sources = [address(f"{number}", items_of=f"{number}") for number in range(MOST_SOURCES + 1)]
    assert remembered(revisions, *sources) == [one.place for one in sources[1:]]


def test_what_became_of_an_address_is_stored_where_it_is_remembered(revisions: Revisions) -> None:
    posters = address("papers", items_of="posters")
    remembered(revisions, posters)
    failed = SourceStatus(name=posters.full_name, failed_at=NOW + SECOND, reason="gone")
    for source in (posters, address("other")):
        record_imported_status(revisions.database, source, failed)
    [found] = imported_sources(revisions.database)
    assert found.status == SourceStatus(
        name="a.example (papers of posters)", read_at=NOW, failed_at=NOW + SECOND, reason="gone"
    )
