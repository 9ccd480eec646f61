"""Imports begun in the console: whose they are, how many are kept, for how long, and what a lost one is called."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.publisher_processes import NOW

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.store import import_jobs
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
)
from app.store.publish_files import (
    FilesChanged,
    files_have_hash,
    last_files,
    publish_files,
    publish_import,
    were_merged,
)
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
    assert (found.source, found.state, found.at, found.files) == (SOURCE, "read", NOW + 2 * SECOND, 1)
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


def test_one_whose_folder_nobody_writes_any_more_is_published_all_the_same(
    jobs: ImportJobs, frank: str, program: Program
) -> None:
    name = jobs.add(frank, SOURCE, NOW)
    jobs.finish(name, 1, JobReport(), program, NOW)
    jobs.published(name, 1, NOW)
    found = jobs.job(frank, name, NOW)
    assert (found.state, found.revision, found.program) == ("writing", 1, None)
    found = jobs.job(frank, name, NOW + timedelta(seconds=ALIVE_SECONDS + 1))
    assert (found.state, found.reason) == ("published", "the service was stopped before it wrote them")
    jobs.written(name, "", NOW)
    assert jobs.job(frank, name, NOW).state == "published"


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


def publish(revisions: Revisions, program: Program, frank: str, base: int) -> None:
    publish_import(
        revisions, program, base=base, by=Editor("Frank"), sign_in=frank, note="", now=NOW + timedelta(hours=1), once=""
    )


def test_an_import_counts_as_the_files_merged_last(revisions: Revisions, frank: str, program: Program) -> None:
    base = last_files(revisions)
    publish(revisions, program, frank, base.order)
    assert last_files(revisions).order == base.order + 1
    with pytest.raises(FilesChanged):
        publish(revisions, program, frank, base.order)


def test_a_folder_that_was_written_after_an_import_is_not_merged_again(
    revisions: Revisions, frank: str, program: Program
) -> None:
    publish(revisions, program, frank, 1)
    assert not were_merged(revisions.database, "b")
    files_have_hash(revisions.database, 2, "b")
    assert [were_merged(revisions.database, one) for one in ("a", "b")] == [True, True]
    publish(revisions, program, frank, 2)
    files_have_hash(revisions.database, 3, "a")
    assert (last_files(revisions).order, were_merged(revisions.database, "a")) == (3, True)


def test_the_status_of_one_source_leaves_the_others(revisions: Revisions) -> None:
    for name in ("a.example", "b.example"):
        record_source_status(revisions.database, SourceStatus(name=name, read_at=NOW))
    record_source_status(revisions.database, SourceStatus(name="a.example", failed_at=NOW, reason="gone"))
    assert read_source_statuses(revisions.database) == (
        SourceStatus(name="a.example", read_at=NOW, failed_at=NOW, reason="gone"),
        SourceStatus(name="b.example", read_at=NOW),
    )
