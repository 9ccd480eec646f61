"""Importing in the console: what is read, what it would change, and what publishing does to the program."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from support.changing_site import certificate_for, changing_site
from support.console_browser import Console, faults_on
from support.console_imports import (
    PAGE,
    ImportingConsole,
    events,
    own_folder,
    post_with_file,
    retitled,
    schedule,
    service_of_folder,
    state_on,
    words_on,
)
from support.movable_clock import MovableClock
from support.publishing import publish_noted
from support.spreadsheets import xlsx
from werkzeug.datastructures import FileStorage

from app.domain.edits.edit_types import AddSession, ChangeContent, Delay, Move
from app.domain.rights import Editor
from app.formats.program_folder.files import hash_of_folder
from app.formats.program_folder.reader import read_program
from app.live.clock import SYSTEM_CLOCK
from app.outgoing.fetch import HTTP_TOO
from app.outgoing.reachable import Allowed
from app.sources.import_queue import MOST_WAITING
from app.sources.remembered import RememberedSource, remember
from app.store.import_jobs import ALIVE_SECONDS, ImportJobs, ImportSource
from app.store.imported_sources import imported_sources
from app.store.publish_files import publish_files
from app.store.publishing import undo
from app.store.sign_ins import SignIns
from app.store.source_status import read_source_statuses
from app.web.request_policy import LARGEST_BODY, LARGEST_FILE
from app.web.running_service import Service, service_of

TITLE = "DIY Deep Learning, Twelve Years Later"
FORMER = "DIY Deep Learning a Decade Later: a Retrospective on Brewing…"
REASON = '//*[@id="job"]/p[contains(@class, "reason")]'
BUTTONS = '//*[@id="job"]//button'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The program's folder."""
    return own_folder(tmp_path)


@pytest.fixture
def app(folder: Path, tmp_path: Path, clock: MovableClock) -> Iterator[Flask]:
    with service_of_folder(folder, tmp_path / "own.sqlite", clock) as app:
        yield app


@pytest.fixture
def service(app: Flask) -> Service:
    return service_of(app)


@pytest.fixture
def frank(app: Flask) -> ImportingConsole:
    return ImportingConsole(app)


def latest(service: Service) -> tuple[int, str, str, str]:
    service.current.refresh()
    entry = service.current.snapshot.revision
    return entry.number, entry.author, entry.kind, entry.note


def clock_of_last(service: Service) -> str:
    """When the latest revision was published, as pages show it."""
    snapshot = service.current.snapshot
    return snapshot.revision.program.clock(snapshot.revision.at)


def test_an_upload_is_read_and_nothing_is_published(frank: ImportingConsole, app: Flask, service: Service) -> None:
    page = frank.get(frank.read(retitled(app, "evan-shelhamer", TITLE))).text
    assert words_on(page, "//main//h1") == ["This would change"]
    assert words_on(page, '//*[@class="change-group"]//h2') == ["With another title, text or people 1"]
    assert words_on(page, '//*[@id="report-taken"]//li') == [
        "read as frab JSON",
        "15 sessions",
        "15 of 15 sessions known again",
    ]
    assert words_on(page, BUTTONS) == ["Publish"]
    assert latest(service)[0] == 1


def test_publishing_names_the_organizer(frank: ImportingConsole, app: Flask, service: Service) -> None:
    job = frank.read(retitled(app, "evan-shelhamer", TITLE))
    answer = frank.publish(job, note="A better title")
    assert answer.headers["Location"] == f"{job}?done=2"
    assert latest(service) == (2, "Frank", "publish", "A better title")
    [said] = words_on(frank.get(job).text, '//*[@id="job"]/p[@role="status"]')
    assert said == "plan.json is published as revision 2."


def test_the_programs_files_stay_as_they_are_and_can_change_later(
    frank: ImportingConsole, app: Flask, service: Service, folder: Path
) -> None:
    former = hash_of_folder(folder)
    frank.publish(frank.read(retitled(app, "evan-shelhamer", TITLE)))
    assert hash_of_folder(folder) == former
    file = folder / "program.toml"
    file.write_text(file.read_text().replace('"Panel discussion"', '"Panel"'))
    publish_files(
        service.current.revisions, read_program(folder), source_hash=hash_of_folder(folder), now=service.clock.now()
    )
    service.current.refresh()
    program = service.current.snapshot.revision.program
    assert [program.session(name).title for name in ("evan-shelhamer", "panel")] == [TITLE, "Panel"]


def test_the_note_is_shown_to_readers(frank: ImportingConsole, app: Flask) -> None:
    frank.publish(frank.read(retitled(app, "evan-shelhamer", TITLE)), note="A better title")
    assert "A better title" in app.test_client().get("/").text


def test_an_import_is_what_was_done_last(frank: ImportingConsole, app: Flask, service: Service) -> None:
    publish_noted(service, ChangeContent("panel", title="Who pays?"))
    frank.publish(frank.read(retitled(app, "evan-shelhamer", TITLE)))
    page = frank.get("/organizer").text
    assert words_on(page, '//*[@id="done"]/p[@class="deed"]') == ["Published an import"]
    undo = '//*[@id="done"]//form[@action="/organizer/undo"]'
    assert html.fromstring(page).xpath(f"{undo}//input[@name='number']/@value") == ["3"]


def test_whoever_edited_before_an_import_is_told_of_it(frank: ImportingConsole, app: Flask, service: Service) -> None:
    publish_noted(service, ChangeContent("panel", title="Who pays?"))
    frank.publish(frank.read(retitled(app, "evan-shelhamer", TITLE)))
    page = Console(app, "Ada").get("/organizer?done=2").text
    assert words_on(page, '//*[@id="done"]/p[@class="revisions"]') == [
        f"Published as revision 2. Since then Frank {clock_of_last(service)}."
    ]


def test_an_import_gets_a_note_afterwards(frank: ImportingConsole, app: Flask, service: Service) -> None:
    frank.publish(frank.read(retitled(app, "evan-shelhamer", TITLE)))
    frank.post("/organizer/note", number="2", note="A better title")
    assert latest(service) == (3, "Frank", "note", "A better title")
    assert "A better title" in app.test_client().get("/").text


def test_the_edits_of_the_day_are_kept(frank: ImportingConsole, app: Flask, service: Service) -> None:
    before = retitled(app, "evan-shelhamer", TITLE)
    publish_noted(service, Delay("chris-rackauckas", 5))
    delayed = service.current.snapshot.revision.program.session("chris-rackauckas").slot
    frank.publish(frank.read(before))
    service.current.refresh()
    program = service.current.snapshot.revision.program
    assert (program.session("evan-shelhamer").title, program.session("chris-rackauckas").slot) == (TITLE, delayed)


def test_what_an_edit_changed_too_is_shown_and_cannot_be_published(
    frank: ImportingConsole, app: Flask, service: Service
) -> None:
    plan = retitled(app, "evan-shelhamer", TITLE)
    publish_noted(service, ChangeContent("evan-shelhamer", title="Caffe"))
    job = frank.read(plan)
    page = frank.get(job).text
    assert words_on(page, '//*[@class="conflict"]//li') == [
        f"“Caffe”, title: the import says “{TITLE}”, published is “Caffe”, before both it was “{FORMER}”"
    ]
    assert words_on(page, BUTTONS) == []
    assert frank.publish(job).headers["Location"] == job
    assert latest(service)[0] == 2


def test_what_differs_in_nothing_has_no_button(frank: ImportingConsole, app: Flask) -> None:
    page = frank.get(frank.read(json.dumps(schedule(app)).encode())).text
    assert words_on(page, "//main//h1 | //*[@id='job']//button") == ["Nothing differs"]


def test_changes_stand_in_groups(frank: ImportingConsole, app: Flask) -> None:
    plan = schedule(app)
    first, second, *_ = events(plan)
    first["title"] = "Welcome"
    second["end"] = second["end"].replace("09:45", "09:40")
    [room] = plan["schedule"]["conference"]["days"][0]["rooms"]
    plan["schedule"]["conference"]["days"][0]["rooms"][room] = [*events(plan)[:-1]]
    page = frank.get(frank.read(json.dumps(plan).encode())).text
    assert words_on(page, '//*[@class="change-group"]//h2') == [
        "Cancelled 1",
        "At another time or in another room 1",
        "With another title, text or people 1",
    ]


def test_what_now_stands_where_an_edit_moved_it_is_a_group_of_its_own(
    frank: ImportingConsole, app: Flask, service: Service
) -> None:
    publish_noted(service, Move("closing", datetime(2025, 7, 19, 0, 5, tzinfo=UTC)))
    service.current.refresh()
    moved = service.current.snapshot.revision.program.session("closing")
    page = frank.get(frank.read(json.dumps(schedule(app)).encode())).text
    assert moved.status == "moved"
    assert words_on(page, '//*[@class="change-group"]//h2') == ["No longer shown as moved 1"]
    assert words_on(page, '//*[@class="change-group"]//li') == [moved.title]


def test_a_list_of_papers_goes_into_its_session(frank: ImportingConsole, service: Service) -> None:
    papers = "\n".join(["Title", *(f"Paper {number}" for number in range(25))])
    job = frank.read(papers.encode(), "papers.csv", what="posters")
    page = frank.get(job).text
    assert words_on(page, '//*[@class="change-group"]//h2')[0] == "New papers 25"
    assert words_on(page, '//*[@class="change-group"][1]/p') == ["and 5 more"]
    frank.publish(job)
    service.current.refresh()
    assert len(service.current.snapshot.revision.program.session("posters").items) == 25


def test_papers_without_a_number_get_the_next_free_ones(frank: ImportingConsole, service: Service) -> None:
    job = frank.read(b"Title,Number\nOn sap,\nOn moss,8\nOn bark,\n", "papers.csv", what="posters", number="7")
    frank.publish(job)
    service.current.refresh()
    items = service.current.snapshot.revision.program.session("posters").items
    assert [(one.title, one.number) for one in items] == [("On sap", "7"), ("On moss", "8"), ("On bark", "9")]


def test_what_was_undone_can_be_imported_again(frank: ImportingConsole, app: Flask, service: Service) -> None:
    plan = retitled(app, "evan-shelhamer", TITLE)
    frank.publish(frank.read(plan))
    assert words_on(frank.get(frank.read(plan)).text, "//main//h1") == ["Nothing differs"]
    undo(service.current.revisions, 2, by=Editor("Frank"), note="", now=service.clock.now())
    job = frank.read(plan)
    assert words_on(frank.get(job).text, "//main//h1") == ["This would change"]
    frank.publish(job)
    service.current.refresh()
    assert service.current.snapshot.revision.program.session("evan-shelhamer").title == TITLE


def test_papers_of_a_session_that_was_added_on_the_day_are_imported(frank: ImportingConsole, service: Service) -> None:
    publish_noted(service, AddSession("Late posters", minutes=20, after="closing"))
    frank.publish(frank.read(b"Title\nOn sap\n", "papers.csv", what="late-posters"))
    service.current.refresh()
    items = service.current.snapshot.revision.program.session("late-posters").items
    assert [one.title for one in items] == ["On sap"]


@pytest.mark.parametrize("has_it", [True, False], ids=["the source has it", "the source lacks it"])
def test_a_session_that_was_added_on_the_day_stays_where_a_schedule_is_imported(
    frank: ImportingConsole, app: Flask, service: Service, has_it: bool
) -> None:
    before = retitled(app, "evan-shelhamer", TITLE)
    publish_noted(service, AddSession("Late posters", minutes=20, after="closing"))
    plan = retitled(app, "evan-shelhamer", TITLE) if has_it else before
    page = frank.get(job := frank.read(plan)).text
    assert words_on(page, '//*[@class="change-group"]//h2') == ["With another title, text or people 1"]
    frank.publish(job)
    service.current.refresh()
    program = service.current.snapshot.revision.program
    assert (program.session("evan-shelhamer").title, program.session("late-posters").cancelled) == (TITLE, False)


def test_of_two_imports_the_second_is_refused_and_offered_to_be_read_again(
    frank: ImportingConsole, app: Flask, service: Service
) -> None:
    first, second = (frank.read(retitled(app, "evan-shelhamer", title)) for title in (TITLE, "Caffe"))
    frank.publish(first)
    frank.publish(second)
    answer = frank.get(second)
    assert (answer.status_code, latest(service)[0]) == (409, 2)
    assert words_on(answer.text, REASON) == ["Other files or another import were published since this was read."]
    assert words_on(answer.text, "//a[@class='button ']") == ["Choose the file again"]


def test_a_form_that_is_sent_twice_publishes_and_reads_once(
    frank: ImportingConsole, app: Flask, service: Service
) -> None:
    plan = retitled(app, "evan-shelhamer", TITLE)
    twice = {frank.begin(plan, once="a" * 8).headers["Location"] for _ in range(2)}
    job = frank.wait_for(frank.begin(plan, once="a" * 8))
    assert twice == {job}
    assert {frank.publish(job, once="b" * 8).headers["Location"] for _ in range(2)} == {f"{job}?done=2"}
    assert latest(service)[0] == 2


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, [("address", "Choose a file or write an address.")]),
        ({"address": "ftp://a.example/plan"}, [("address", "An address begins with https://.")]),
        (
            {"address": "https://a.example/", "date": "May", "what": "nothing"},
            [("what", "Choose the schedule or a session."), ("date", "Write a day such as 2025-07-18.")],
        ),
        (
            {"address": "https://a.example/", "number": "-1", "what": "posters"},
            [("number", "Write a number from 0 to 99999.")],
        ),
        (
            {"address": "https://a.example/", "number": "1"},
            [("number", "Choose papers above: only they are numbered.")],
        ),
        (
            {"address": "https://a.example/", "timezone": "Mars"},
            [("timezone", "Unknown time zone &#39;Mars&#39;; expected a name such as &#39;America/Vancouver&#39;.")],
        ),
    ],
)
def test_a_form_that_is_refused_is_shown_as_it_was_filled_in(
    frank: ImportingConsole, fields: dict[str, str], faults: list[tuple[str, str]]
) -> None:
    answer = frank.begin(**fields)
    page = frank.get(answer.headers["Location"])
    assert (page.status_code, faults_on(page.text)) == (422, faults)
    assert f'value="{fields.get("address", "")}"' in page.text


HOSTILE = {
    "page.html": (
        b"<!doctype html><html><body><p>Please enable scripts</body></html>",
        "No sessions with a time in it, such as 9:00 - 9:30 (read as page).",
    ),
    "plan.json": (b"[" * 2_000_000, "Nested too deeply."),
    "plan.csv": (b"\0\1\2" * 1000, "Not text: a program's own file; save it as CSV or text."),
    "plan.xlsx": (
        b"PK\3\4" + bytes(5000),
        "No spreadsheet that can be read (File is not a zip file); save the schedule as CSV.",
    ),
    "empty.csv": (b"", "An empty file."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_sent_gives_one_sentence(frank: ImportingConsole, service: Service, name: str) -> None:
    page = frank.get(frank.read(HOSTILE[name][0], name)).text
    assert state_on(page) == "failed"
    [reason] = words_on(page, REASON)
    assert reason == HOSTILE[name][1]
    assert latest(service)[0] == 1


def test_a_spreadsheet_that_grows_when_it_is_unpacked_gives_one_sentence(frank: ImportingConsole) -> None:
    rows = [["Start", "End", "Title"], *([["9:00", "9:30", "x" * 30_000]] * 3000)]
    page = frank.get(frank.read(xlsx({"Plan": rows}), "plan.xlsx")).text
    assert state_on(page) == "failed"
    assert len(words_on(page, REASON)) == 1


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://sheet.example/plan.csv", "Only https can be fetched, not http."),
        ("https://127.0.0.1/plan.csv", "It is at a private address (127.0.0.1); AGENDA_OUTGOING_ALLOW can allow it."),
        (
            "https://169.254.169.254/latest/meta-data",
            "It is at a private address (169.254.169.254); AGENDA_OUTGOING_ALLOW can allow it.",
        ),
        (
            "https://me:secret@sheet.example/",
            "It has a name or password in it, which would be kept and shown; give a link without.",
        ),
    ],
)
def test_an_address_that_the_service_may_not_call_is_refused(
    frank: ImportingConsole, address: str, reason: str
) -> None:
    page = frank.get(frank.read(address=address)).text
    assert words_on(page, REASON) == [reason]
    assert words_on(page, BUTTONS) == ["Read again"]


@pytest.fixture
def reaching(service: Service) -> None:
    """The service may call this machine, without TLS too."""
    caller = replace(service.imports.caller, schemes=HTTP_TOO, allowed=Allowed.read("127.0.0.1"))
    service.imports.caller = caller


@pytest.mark.parametrize("host", ["127.0.0.2", "169.254.169.254"])
@pytest.mark.usefixtures("reaching")
def test_a_redirect_to_a_private_address_is_refused(frank: ImportingConsole, host: str) -> None:
    with changing_site() as site:
        site.redirects(f"http://{host}/")
        page = frank.get(frank.read(address=site.address)).text
    assert words_on(page, REASON) == [
        f"It redirects to a private address ({host}); AGENDA_OUTGOING_ALLOW can allow it."
    ]


@pytest.mark.usefixtures("reaching")
def test_redirects_without_an_end_are_refused(frank: ImportingConsole) -> None:
    with changing_site() as site:
        site.redirects(site.address)
        page = frank.get(frank.read(address=site.address)).text
    assert words_on(page, REASON) == ["It redirects more than 5 times."]


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate of this machine, which is trusted."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    file = certificate_for("localhost", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


def test_an_address_is_read_over_tls_and_remembered_once_it_is_published(
    frank: ImportingConsole, app: Flask, service: Service, folder: Path, certificate: Path
) -> None:
    service.imports.caller = replace(service.imports.caller, allowed=Allowed.read("localhost"))
    with changing_site(certificate) as site:
        site.shows(retitled(app, "evan-shelhamer", TITLE), Content_Type="application/json")
        address = site.address.replace("127.0.0.1", "localhost")
        job = frank.read(address=f"{address}?key=secret", date="2025-07-18")
    assert words_on(frank.get(job).text, "//main//h1") == ["This would change"]
    assert imported_sources(service.database) == ()
    frank.publish(job)
    [found] = imported_sources(service.database)
    assert (found.source.place, found.source.options) == (f"{address}?key=secret", {"date": "2025-07-18"})
    page = frank.get(PAGE).text
    assert words_on(page, '//*[@data-source="localhost"]//button') == ["Read again", "Forget"]
    assert "secret" not in page
    assert frank.get(frank.wait_for(frank.post(f"{PAGE}/again", page=PAGE, imported=""))).status_code == 200
    frank.post(f"{PAGE}/forget", page=PAGE, imported="")
    assert imported_sources(service.database) == ()
    assert frank.post(f"{PAGE}/again", page=PAGE, imported="").status_code == 404


def test_of_an_address_pages_show_the_host_alone(frank: ImportingConsole, caplog: pytest.LogCaptureFixture) -> None:
    job = frank.read(address="http://sheet.example/plan?key=secret")
    assert "secret" not in frank.get(job).text + frank.get(PAGE).text
    assert "secret" not in caplog.text


@pytest.mark.usefixtures("reaching")
def test_a_remembered_address_is_read_again_and_its_status_is_kept(
    frank: ImportingConsole, app: Flask, service: Service, folder: Path
) -> None:
    with changing_site() as site:
        remember(folder, RememberedSource(place=site.address), RememberedSource(place="papers.csv"))
        remember(folder, RememberedSource(place="papers.csv", options={"items-of": "posters"}))
        remember(folder, RememberedSource(place=site.address))
        site.shows("", 404)
        job = frank.wait_for(frank.post(f"{PAGE}/again", page=PAGE, list=""))
        assert words_on(frank.get(job).text, REASON) == ["Its server answers 404 Not Found."]
        [status] = read_source_statuses(service.database)
        assert (status.name, status.reason, status.read_at) == ("127.0.0.1", "its server answers 404 Not Found", None)
        site.shows(retitled(app, "evan-shelhamer", TITLE), Content_Type="application/json")
        job = frank.wait_for(frank.post(f"{PAGE}/again", page=PAGE, job=job.rpartition("/")[2]))
    assert words_on(frank.get(job).text, "//main//h1") == ["This would change"]


def test_of_what_the_folder_remembers_https_addresses_alone_are_read_here(
    frank: ImportingConsole, folder: Path
) -> None:
    remember(
        folder,
        RememberedSource(place="https://a.example/plan"),
        RememberedSource(place="http://b.example/papers", options={"items-of": "posters"}),
        RememberedSource(place="papers.csv", options={"items-of": "panel"}),
    )
    page = html.fromstring(frank.get(PAGE).text)
    found = {one.get("data-source"): len(one.xpath(".//button")) for one in page.xpath("//*[@data-source]")}
    assert found == {"a.example": 1, "b.example (papers of posters)": 0, "papers.csv (papers of panel)": 0}


def test_a_path_on_the_server_is_not_read_again(frank: ImportingConsole, folder: Path) -> None:
    remember(folder, RememberedSource(place="/etc/passwd"))
    assert frank.post(f"{PAGE}/again", page=PAGE, list="").status_code == 404


def test_who_else_is_signed_in_does_not_see_an_import(frank: ImportingConsole, app: Flask) -> None:
    job = frank.read(b"", "empty.csv")
    assert Console(app, "Ada").get(job).status_code == 404


def test_no_more_imports_wait_than_may(frank: ImportingConsole, service: Service) -> None:
    asked, free = threading.Event(), threading.Event()

    def resolve(_: str) -> list[None]:
        asked.set()
        free.wait(60)
        raise OSError("gone")

    service.imports.caller = replace(service.imports.caller, resolve=resolve)  # type: ignore[arg-type] # it raises
    begun = [frank.begin(address="https://a.example/")]
    assert asked.wait(60)
    page = frank.get(begun[0].headers["Location"]).text
    assert (state_on(page), words_on(page, '//*[@id="job"]/h1')) == ("reading", ["Reading …"])
    assert html.fromstring(page).get("data-refresh-each") == "2"
    begun += [frank.begin(address="https://a.example/") for _ in range(MOST_WAITING)]
    full = frank.begin(address="https://a.example/")
    assert [full.status_code, *(one.status_code for one in begun)] == [503, *[303] * (1 + MOST_WAITING)]
    assert "Other imports are being read; try again in a minute." in full.text
    free.set()
    assert [state_on(frank.get(frank.wait_for(one)).text) for one in begun] == ["failed"] * 4


def test_an_import_whose_process_has_ended_was_interrupted(frank: ImportingConsole, service: Service) -> None:
    now = SYSTEM_CLOCK.now()
    [sign_in] = SignIns(service.database).all(now, service.current.snapshot.revision.program)
    source = ImportSource(place="https://a.example/", name="a.example", is_address=True)
    begun = now - timedelta(seconds=2 * ALIVE_SECONDS)
    name = ImportJobs(service.database).add(sign_in.id, source, begun)
    page = frank.get(f"{PAGE}/{name}").text
    assert (state_on(page), words_on(page, BUTTONS)) == ("interrupted", ["Read again"])


@pytest.mark.parametrize(
    ("path", "room", "length", "status"),
    [
        (PAGE, None, 2 * LARGEST_BODY, 303),
        (PAGE, None, LARGEST_FILE + LARGEST_BODY, 413),
        (PAGE, "venue", 2 * LARGEST_BODY, 413),
        ("/organizer/edit", None, 2 * LARGEST_BODY, 413),
    ],
)
def test_only_an_organizer_may_send_a_large_file_and_only_there(
    app: Flask, path: str, room: str | None, length: int, status: int
) -> None:
    browser = Console(app, "Grace", room)
    form = {"csrf_token": browser.token(), "file": FileStorage(BytesIO(bytes(length)), "plan.csv")}
    assert post_with_file(browser, path, form).status_code == status
