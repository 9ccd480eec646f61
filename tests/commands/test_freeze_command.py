"""`agenda freeze`: the whole edition as files, with links that lead somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner, Result
from lxml import html
from moving_clock import MovableClock
from site_table import DAY

from app import create_app
from app.building import rehearse, serve_from
from app.cli import main
from app.domain.edits import Rename
from app.domain.program import Program
from app.formats.folder.reader import read_program
from app.formats.folder.writer import write_program
from app.formats.starter import starter
from app.freezing.addresses import link, static_path
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.publishing import publish_edit
from app.web import traits

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "data" / "codeml-2025"
PUBLIC = "https://conference.example/2025/agenda"


def freeze(folder: Path, *options: str, url: str = PUBLIC, **environment: str) -> Result:
    words = ["freeze", str(folder), *options, *(["--url", url] if url else [])]
    return CliRunner().invoke(main, words, env={"AGENDA_PUBLIC_URL": "", **environment})


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the folder says, made where nothing is published."""
    folder = tmp_path_factory.mktemp("copy")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AGENDA_PROGRAM", raising=False)
        patch.chdir(tmp_path_factory.mktemp("nothing"))
        assert freeze(folder).exit_code == 0
    return folder


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with nothing but a small program."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AGENDA_PROGRAM", "program")
    write_program(starter("small", DAY, "UTC"), tmp_path / "program")
    return tmp_path


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


def test_every_address_is_in_the_copy_or_left_out_by_its_traits(copy: Path, program: Program) -> None:
    paths = list(traits.paths(program, lambda one: one.frozen))
    assert len(paths) > 50
    assert [path for path in paths if not file_at(copy, _url(path)).is_file()] == []
    left_out = traits.paths(program, lambda one: not one.frozen)
    assert [path for path in left_out if file_at(copy, _url(path)).is_file()] == []


def _url(path: str) -> str:
    return f"{PUBLIC}/{static_path(path)}"


def test_nothing_that_needs_the_service_is_shown(copy: Path) -> None:
    pages = [path.read_text() for path in copy.rglob("*.html")]
    assert [
        text for text in pages if re.search('<form(?![^>]* role=.search)|data-needs-server|/organizer["/?]', text)
    ] == []


def test_feeds_exports_and_codes_are_those_of_the_service(
    copy: Path, at_home: Path, program: Program, clock: MovableClock
) -> None:
    service = serve_from(open_database(sqlite_url(at_home / "x.sqlite"), program.id), program, clock, PUBLIC)
    client = create_app(Settings(program=PROGRAM, secret_key="for tests"), service).test_client()
    for path in ("/talks/tri-dao/qr.svg", "/talks/tri-dao/qr.png", "/export/schedule.csv", "/card.png"):
        served = client.get(path, base_url="https://conference.example").data
        assert (copy / path[1:]).read_bytes() == served
    service.close()


def test_what_is_published_is_frozen(at_home: Path, clock: MovableClock) -> None:
    program = read_program(at_home / "program")
    service = serve_from(open_database(sqlite_url(at_home / "var" / "small.sqlite"), program.id), program, clock)
    session = program.sessions[0].id
    edit = Rename(session=session, title="On Pythia")
    publish_edit(service.current.revisions, edit, base=1, author="x", note="", now=clock.now())
    service.close()
    result = freeze(at_home / "copy")
    assert result.output.splitlines()[-2].startswith(f"{program.title}, revision 2: ")
    assert json.loads((at_home / "copy" / "freeze.json").read_text())["revision"] == 2
    assert "On Pythia</h1>" in (at_home / "copy" / "talks" / session / "index.html").read_text()


def test_no_database_is_made_and_no_secret(at_home: Path) -> None:
    freeze(at_home / "copy")
    assert sorted(path.name for path in at_home.iterdir()) == ["copy", "program"]


def test_a_folder_of_somebody_elses_is_left_alone(at_home: Path) -> None:
    (at_home / "site").mkdir()
    (at_home / "site" / "thesis.tex").write_text("mine")
    result = freeze(at_home / "site")
    assert (result.exit_code, [path.name for path in (at_home / "site").iterdir()]) == (1, ["thesis.tex"])
    assert "holds thesis.tex and is no frozen copy; name another folder, or write there with --force" in result.output


def test_with_force_it_is_written_beside_what_is_there(at_home: Path) -> None:
    (at_home / "site").mkdir()
    (at_home / "site" / "thesis.tex").write_text("mine")
    assert freeze(at_home / "site", "--force").exit_code == 0
    assert (at_home / "site" / "thesis.tex").read_text() == "mine"
    assert (at_home / "site" / "index.html").is_file()


def test_again_into_the_same_folder_removes_what_is_gone_and_keeps_what_publishing_needs(at_home: Path) -> None:
    folder = at_home / "copy"
    freeze(folder)
    (folder / "talks" / "gone").mkdir()
    (folder / "talks" / "gone" / "index.html").write_text("a talk that is no more")
    (folder / "CNAME").write_text("agenda.example.org")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")
    written = (folder / "card.png").stat().st_mtime_ns
    assert freeze(folder).exit_code == 0
    assert not (folder / "talks" / "gone").exists()
    assert (folder / "CNAME").is_file()
    assert (folder / ".git" / "HEAD").is_file()
    assert (folder / "card.png").stat().st_mtime_ns == written


def test_a_rehearsal_with_a_database_of_its_own_is_not_frozen(at_home: Path) -> None:
    rehearse(Settings(program=Path("program")), "2025-07-18 10:20", 60)
    result = freeze(at_home / "copy")
    assert (result.exit_code, result.stderr) == (
        1,
        "agenda: var/small-rehearsal.sqlite is a rehearsal; a copy goes by the real time\n",
    )


def test_a_rehearsal_is_not_frozen(at_home: Path) -> None:
    rehearse(Settings(program=Path("program"), database_url=sqlite_url(at_home / "x.sqlite")), "2025-07-18 10:20", 60)
    result = freeze(at_home / "copy", DATABASE_URL=sqlite_url(at_home / "x.sqlite"))
    assert (result.exit_code, (at_home / "copy").exists()) == (1, False)
    assert "is a rehearsal; a copy goes by the real time" in result.output


def test_the_setting_says_where_readers_find_it(at_home: Path) -> None:
    assert freeze(at_home / "copy", url="", AGENDA_PUBLIC_URL=PUBLIC).exit_code == 0
    assert f'href="{PUBLIC}/now"' in (at_home / "copy" / "now" / "index.html").read_text()


@pytest.mark.parametrize("url", ["", "conference.example", "ftp://conference.example", "https://x.example/?a=b"])
def test_an_address_that_codes_cannot_point_to_is_wrong_use(at_home: Path, url: str) -> None:
    result = freeze(at_home / "copy", url=url)
    assert (result.exit_code, (at_home / "copy").exists()) == (2, False)
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
