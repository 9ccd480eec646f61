"""`agenda freeze`: the whole edition as files, without dead links."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from lxml import html
from support.doc_commands import commands_under
from support.movable_clock import MovableClock
from support.repository import FIRST_PROGRAM

from app import create_app
from app.cli import main
from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.domain.rights import Editor
from app.formats.program_folder.reader import read_folder, read_program
from app.freezing.copy_folder import LIST
from app.freezing.page_rewriting import link, static_path
from app.live.clock import DatabaseClock
from app.service_factory import rehearse, serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.database_identity import read_rehearsal
from app.store.publishing import publish_edit
from app.web import address_traits

PROGRAM = FIRST_PROGRAM
PUBLIC = "https://conference.example/2025/agenda"


def freeze(folder: Path, *options: str, url: str = PUBLIC, **environment: str) -> Result:
    words = ["freeze", str(folder), *options, *(["--url", url] if url else [])]
    return CliRunner().invoke(main, words, env={"AGENDA_PUBLIC_URL": "", **environment})


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the first program's folder, made where nothing is published."""
    folder = tmp_path_factory.mktemp("copy")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AGENDA_PROGRAM", raising=False)
        patch.chdir(tmp_path_factory.mktemp("nothing"))
        assert freeze(folder).exit_code == 0
    return folder


@pytest.fixture
def cwd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with nothing but the program folder `small`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGENDA_PROGRAM", "small")
    assert CliRunner().invoke(main, ["new", "small"]).exit_code == 0
    return tmp_path


def milliseconds(instant: datetime) -> int:
    """As scripts count them."""
    return round(instant.timestamp() * 1000)


def file_at(copy: Path, url: str) -> Path:
    """What a static host finds at an address of the copy."""
    path = unquote(urlsplit(url).path).removeprefix(urlsplit(PUBLIC).path).removeprefix("/")
    found = copy / path
    return found / "index.html" if found.is_dir() or url.endswith("/") else found


def addresses_named_by_pages(copy: Path) -> Iterator[tuple[str, str]]:
    for page in copy.rglob("*.html"):
        base = f"{PUBLIC}/{page.relative_to(copy).as_posix().removesuffix('index.html')}"
        for element in html.parse(page).getroot().iter():
            for name in ("href", "src", "action", "data-day-code"):
                if element.get(name):
                    yield base, urljoin(base, element.get(name))


def test_every_link_of_every_page_leads_to_a_file(copy: Path) -> None:
    named = {(page, url) for page, url in addresses_named_by_pages(copy) if url.startswith(PUBLIC)}
    assert len(named) > 1000
    assert sorted((page, url) for page, url in named if not file_at(copy, url).is_file()) == []


def test_no_link_leaves_the_copys_folder_for_another_of_its_host(copy: Path) -> None:
    host = "https://conference.example/"
    assert [
        url for _, url in addresses_named_by_pages(copy) if url.startswith(host) and not url.startswith(PUBLIC)
    ] == []


def test_every_address_that_feeds_and_exports_name_leads_to_a_file(copy: Path) -> None:
    files = [path for path in copy.rglob("*") if path.suffix in {".ics", ".json", ".xml", ".csv", ".atom", ".html"}]
    text = "\n".join(path.read_text().replace("\n ", "") for path in files)
    named = set(re.findall(rf"{re.escape(PUBLIC)}[\w/.%-]*", text))
    assert len(named) > 50
    assert sorted(url for url in named if not file_at(copy, url.rstrip(".")).is_file()) == []


def test_every_address_is_in_the_copy_or_left_out_by_its_traits(app: Flask, copy: Path, program: Program) -> None:
    paths = list(address_traits.paths(app, program, lambda one: one.frozen))
    assert len(paths) > 50
    assert [path for path in paths if not file_at(copy, _url(path)).is_file()] == []
    left_out = address_traits.paths(app, program, lambda one: not one.frozen)
    assert [path for path in left_out if file_at(copy, _url(path)).is_file()] == []


def _url(path: str) -> str:
    return f"{PUBLIC}/{static_path(path)}"


def test_nothing_that_needs_the_service_is_shown(copy: Path) -> None:
    pages = [path.read_text() for path in copy.rglob("*.html")]
    assert [
        text for text in pages if re.search('<form(?![^>]* role=.search)|data-needs-server|/organizer["/?]', text)
    ] == []


# What only a service does, or has: a stream, an answer to a query, headers of its own, a key of a reader's own.
SERVICE_WORDS = re.compile(
    r"within a second|/live|/api/now|/healthz|/readyz|\?at=|server-sent|strong ETag|problem details|other origins"
    r"|calendar address of this device|data-in-copy",
    re.IGNORECASE,
)


def test_no_page_says_what_holds_only_with_a_service(copy: Path) -> None:
    pages = [*copy.rglob("*.html"), copy / "offline" / "pages.json", copy / "api" / "openapi.json"]
    found = {(path.relative_to(copy).as_posix(), word) for path in pages for word in SERVICE_WORDS.findall(said(path))}
    assert (len(pages) > 50, found) == (True, set())


def said(path: Path) -> str:
    """What readers and programs get of a file: without scripts' data, and what is looked for is in no address."""
    text = path.read_text()
    return text.partition('"components"')[0] if path.suffix == ".json" and "openapi" in path.name else text


def test_words_of_a_copy_stand_for_those_of_the_service(copy: Path) -> None:
    page = html.parse(copy / "subscribe" / "index.html").getroot()
    assert "trust this site: it shows a change soon after it is made." in page.text_content()


def test_the_api_is_described_as_files(copy: Path) -> None:
    document = json.loads((copy / "api" / "openapi.json").read_text())
    plain = [path for path in document["paths"] if "{" not in path]
    assert plain
    assert [path for path in plain if not (copy / path[1:]).is_file()] == []
    used = {one["$ref"] for path in document["paths"].values() for one in path["get"].get("parameters", [])}
    assert {document["components"]["parameters"][name.rpartition("/")[2]]["in"] for name in used} == {"path"}
    page = html.parse(copy / "api" / "index.html").getroot()
    shown = [code.text_content() for code in page.xpath("//section[@class='addresses']//h3/code")]
    assert set(shown) == set(document["paths"])


def test_feeds_exports_and_codes_are_those_of_the_service(
    copy: Path, cwd: Path, program: Program, clock: MovableClock
) -> None:
    database, pictures = open_database(sqlite_url(cwd / "x.sqlite"), program.id), read_folder(PROGRAM).pictures
    service = serve_from(database, program, clock, PUBLIC, pictures=pictures)
    client = create_app(Settings(program=PROGRAM, secret_key="for tests"), service).test_client()
    for path in ("/talks/tri-dao/qr.svg", "/talks/tri-dao/qr.png", "/export/schedule.csv", "/card.png"):
        served = client.get(path, base_url="https://conference.example").data
        assert (copy / path[1:]).read_bytes() == served
    service.close()


def test_what_is_published_is_frozen(cwd: Path, clock: MovableClock) -> None:
    program = read_program(cwd / "small")
    service = serve_from(open_database(sqlite_url(cwd / "var" / "small.sqlite"), program.id), program, clock)
    session = program.sessions[0].id
    edit = ChangeContent(session=session, title="On Pythia")
    publish_edit(service.current.revisions, edit, base=1, by=Editor("x"), note="", now=clock.now())
    service.close()
    result = freeze(cwd / "copy")
    assert result.output.splitlines()[-2].startswith(f"{program.title}, revision 2: ")
    assert json.loads((cwd / "copy" / "freeze.json").read_text())["revision"] == 2
    assert "On Pythia</h1>" in (cwd / "copy" / "talks" / session / "index.html").read_text()


@pytest.mark.slow
def test_no_database_is_made_and_no_secret(cwd: Path) -> None:
    freeze(cwd / "copy")
    assert sorted(path.name for path in cwd.iterdir()) == ["copy", "small"]


def test_a_folder_of_somebody_elses_is_left_alone(cwd: Path) -> None:
    (cwd / "site").mkdir()
    (cwd / "site" / "thesis.tex").write_text("mine")
    result = freeze(cwd / "site")
    assert (result.exit_code, [path.name for path in (cwd / "site").iterdir()]) == (1, ["thesis.tex"])
    assert "holds thesis.tex and is no frozen copy; name another folder, or write there with --force" in result.output


@pytest.mark.slow
def test_with_force_it_is_written_beside_what_is_there(cwd: Path) -> None:
    (cwd / "site").mkdir()
    (cwd / "site" / "thesis.tex").write_text("mine")
    assert freeze(cwd / "site", "--force").exit_code == 0
    assert (cwd / "site" / "thesis.tex").read_text() == "mine"
    assert (cwd / "site" / "index.html").is_file()


@pytest.mark.slow
def test_again_into_the_same_folder_removes_what_is_gone_and_writes_only_what_changed(cwd: Path) -> None:
    folder = cwd / "copy"
    freeze(folder)
    (folder / "talks" / "gone").mkdir()
    (folder / "talks" / "gone" / "index.html").write_text("a talk that is no more")
    with (folder / LIST).open("a") as names:
        names.write("\ntalks/gone/index.html\n../outside")
    (cwd / "outside").write_text("nobody's business")
    written = (folder / "card.png").stat().st_mtime_ns
    assert freeze(folder).exit_code == 0
    assert not (folder / "talks" / "gone").exists()
    assert (cwd / "outside").is_file()
    assert (folder / "card.png").stat().st_mtime_ns == written


@pytest.mark.slow
def test_again_into_the_same_folder_keeps_what_no_freeze_wrote(cwd: Path) -> None:
    folder, others = cwd / "site", ("CNAME", "thesis/thesis.tex", "talks/mine.html", ".git/HEAD")
    for name in others:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")
    for _ in range(2):
        assert freeze(folder, "--force").exit_code == 0
    assert [(folder / name).read_text() for name in others] == ["mine"] * len(others)


def pages_without_mark(folder: Path) -> list[str]:
    """The pages of a copy, the print sheets too, that do not say that they are a rehearsal's."""
    pages = [
        path for path in folder.rglob("*.html") if "Rehearsal: this clock is not the real time." not in path.read_text()
    ]
    return [path.relative_to(folder).as_posix() for path in pages]


@pytest.mark.slow
def test_a_rehearsals_copy_says_so_on_each_page_and_names_its_clock(cwd: Path) -> None:
    url = rehearse(Settings(program=Path("small")), "2025-07-18 10:20", 60)
    database = open_database(url, "small")
    clock = read_rehearsal(database)
    serve_from(database, read_program(cwd / "small"), DatabaseClock(database)).close()
    result = freeze(cwd / "copy")
    mark = json.loads((cwd / "copy" / "freeze.json").read_text())
    assert clock is not None
    assert (mark["revision"], mark["rehearsal"]) == (
        1,
        {"anchor": milliseconds(clock.anchor), "shown": milliseconds(clock.shown), "speed": 60},
    )
    assert pages_without_mark(cwd / "copy") == []
    assert "A rehearsal: its clock began at 2025-07-18 10:20, at 60 times the real speed.\n" in result.stdout


@pytest.mark.slow
def test_any_program_can_be_frozen_as_a_rehearsal_that_phones_keep_apart(cwd: Path) -> None:
    freeze(cwd / "real")
    freeze(cwd / "copy", "--at", "2025-07-18 10:20", "--speed", "60")
    real, copy = (json.loads((cwd / name / "freeze.json").read_text()) for name in ("real", "copy"))
    assert (real["service"], copy["service"]) == ("small", "small-rehearsal")
    assert (copy["rehearsal"]["shown"], copy["rehearsal"]["speed"]) == (1752834000000, 60)
    assert pages_without_mark(cwd / "copy") == []
    assert "Rehearsal. As of Friday 18 July 2025, 10:20." in (cwd / "copy" / "index.html").read_text()


@pytest.mark.slow
def test_a_rehearsal_does_not_replace_the_copy_of_the_real_day(cwd: Path) -> None:
    freeze(cwd / "copy")
    before = (cwd / "copy" / "index.html").read_bytes()
    refused = freeze(cwd / "copy", "--at", "2025-07-18 10:20")
    said = "holds the copy of the real day; name another folder for a rehearsal, or write there with --force"
    assert (refused.exit_code, refused.stderr) == (1, f"agenda: {cwd}/copy {said}\n")
    assert (cwd / "copy" / "index.html").read_bytes() == before


@pytest.mark.parametrize("options", [("--speed", "60"), ("--at", "noon")])
def test_a_rehearsal_at_no_time_is_wrong_use(cwd: Path, options: tuple[str, ...]) -> None:
    assert (freeze(cwd / "copy", *options).exit_code, (cwd / "copy").exists()) == (2, False)


def copied_number(cwd: Path, text: str, written_at: int) -> int:
    """The number of the copy of a folder whose page has a text since then; its pages say the same."""
    page = cwd / "small" / "pages" / "about.md"
    page.write_text(text)
    os.utime(page, (written_at, written_at))
    freeze(cwd / "copy")
    number = int(json.loads((cwd / "copy" / "freeze.json").read_text())["revision"])
    assert html.parse(cwd / "copy" / "index.html").getroot().get("data-revision") == str(number)
    return number


@pytest.mark.slow
def test_each_change_of_a_folder_gives_a_copy_that_open_pages_take_up(cwd: Path) -> None:
    changes = (("# One", 1_800_000_000), ("# Two", 1_800_000_060), ("# Two", 1_800_000_090), ("# One", 1_800_000_000))
    numbers = [copied_number(cwd, text, written_at) for text, written_at in changes]
    assert numbers == [1_800_000_000, 1_800_000_060, 1_800_000_060, 1_800_000_061]


def test_a_damaged_mark_counts_as_the_copy_of_the_real_day(cwd: Path) -> None:
    (cwd / "copy").mkdir()
    (cwd / "copy" / "freeze.json").write_text('{"revision": 1, "rehea')
    assert (freeze(cwd / "copy", "--at", "2025-07-18 10:20").exit_code, freeze(cwd / "copy").exit_code) == (1, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("heading", "folder"), [("A frozen copy", "site/agenda"), ("Rehearse it", "rehearsal")])
def test_the_docs_commands_make_a_copy(cwd: Path, heading: str, folder: str) -> None:
    for command in commands_under("docs/frozen.md", heading):
        result = CliRunner().invoke(main, shlex.split(command, comments=True)[1:], env={"AGENDA_PUBLIC_URL": ""})
        assert result.exit_code == 0
    assert (cwd / folder / "index.html").is_file()


@pytest.mark.slow
def test_the_setting_says_where_readers_find_it(cwd: Path) -> None:
    assert freeze(cwd / "copy", url="", AGENDA_PUBLIC_URL=PUBLIC).exit_code == 0
    assert f'href="{PUBLIC}/now"' in (cwd / "copy" / "now" / "index.html").read_text()


@pytest.mark.parametrize("url", ["", "conference.example", "ftp://conference.example", "https://x.example/?a=b"])
def test_an_address_that_codes_cannot_point_to_is_wrong_use(cwd: Path, url: str) -> None:
    result = freeze(cwd / "copy", url=url)
    assert (result.exit_code, (cwd / "copy").exists()) == (2, False)
    assert "https://example.org/agenda" in result.output


@pytest.mark.parametrize(
    ("path", "query", "place"),
    [
        ("/", "", ""),
        ("/now", "", "now/"),
        ("/talks/tri-dao", "", "talks/tri-dao/"),
        ("/talks/tri-dao.ics", "", "talks/tri-dao.ics"),
        ("/api/program", "", "api/program.json"),
        ("/qr.svg", "for=/now", "qr-for-now-560881.svg"),
        ("/print", "what=doors&paper=a4", "print-what-doors-paper-a4-a25150/"),
    ],
)
def test_each_address_has_its_place(path: str, query: str, place: str) -> None:
    assert static_path(path, query) == place


@pytest.mark.parametrize(
    ("target", "page", "written"),
    [("", "", "./"), ("now/", "", "now/"), ("", "now/", "../"), ("talks/x.ics", "talks/x/", "../../talks/x.ics")],
)
def test_links_are_relative(target: str, page: str, written: str) -> None:
    assert link(target, page) == written
