"""`agenda freeze` into the folder of a copy: what is the same is neither made nor written."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import ImageFont
from support.loaded_modules import heavy_in, said_and_loaded_by
from support.repository import FIRST_PROGRAM, ROOT

from app import create_app
from app.cli import main
from app.domain.edits.edit_types import ChangeContent
from app.domain.errors import UnknownName
from app.domain.rights import Editor
from app.domain.session import Item
from app.formats.program_folder.reader import read_program
from app.formats.share_image import installed_fonts
from app.freezing import worker_processes
from app.freezing.copy_folder import LIST, MARK, NO_JEKYLL, CannotFreeze, CopyFolder
from app.freezing.copy_inputs import current_files
from app.freezing.file_maker import file_name
from app.freezing.site_walk import freeze as freeze_app
from app.freezing.site_walk import inputs_of
from app.freezing.worker_processes import FEWEST_FILES, making
from app.live.clock import FixedClock
from app.live.edition import Editions
from app.service_factory import serve_from
from app.settings import Settings
from app.store.database import open_database, sqlite_url
from app.store.database_identity import Rehearsal
from app.store.publishing import publish_edit
from app.web.running_service import Service

PUBLIC = "https://conference.example/2025/agenda"
AT_TEN_THIRTY = datetime(2025, 7, 18, 17, 30, tzinfo=UTC)


def freeze(folder: Path, *options: str, url: str = PUBLIC) -> Result:
    return CliRunner().invoke(main, ["freeze", str(folder), *options, "--url", url], catch_exceptions=False)


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a copy that readers may ask for, and their contents."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != LIST]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@dataclass(frozen=True)
class Copied:
    """A published day in a working directory, and its copy."""

    folder: Path
    session: str

    def written_by(self, work: Callable[[], object]) -> set[str]:
        """The files of the copy that are other files after some work."""
        before = self._files()
        work()
        return {name for name, file in self._files().items() if before.get(name) != file}

    def _files(self) -> dict[str, tuple[int, int]]:
        stats = {name: (self.folder / name).stat() for name in contents(self.folder)}
        return {name: (found.st_ino, found.st_mtime_ns) for name, found in stats.items()}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a program, a database in which it is published, and a copy."""
    folder = tmp_path_factory.mktemp("original")
    # The days of this one are over: no boundary passes while a test runs.
    shutil.copytree(FIRST_PROGRAM, folder / "program")
    program, url = read_program(folder / "program"), sqlite_url(folder / "agenda.sqlite")
    serve_from(open_database(url, program.id), program, FixedClock(datetime(2025, 7, 1, tzinfo=UTC))).close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGENDA_PROGRAM", str(folder / "program"))
        patch.setenv("DATABASE_URL", url)
        assert freeze(folder / "copy").exit_code == 0
    return folder


@pytest.fixture
def copied(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copied:
    """The same for one test, which may change it; times are kept."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("AGENDA_PROGRAM", str(tmp_path / "program"))
    monkeypatch.setenv("DATABASE_URL", sqlite_url(tmp_path / "agenda.sqlite"))
    return Copied(tmp_path / "copy", "tri-dao")


def own_calendar_files(copied: Copied) -> set[str]:
    """The calendar files of the session, one of them with an alarm."""
    found = {f"talks/{path.name}" for path in (copied.folder / "talks").glob(f"{copied.session}*.ics")}
    assert len(found) > 1
    return found


def edit(copied: Copied, title: str) -> None:
    """Publish another title of a session."""
    assert CliRunner().invoke(main, ["edit", copied.session, "--title", title]).exit_code == 0


def test_a_second_time_no_file_is_written_and_it_says_so(copied: Copied) -> None:
    count, listed = len(contents(copied.folder)), (copied.folder / LIST).stat().st_mtime_ns
    said: list[str] = []
    assert copied.written_by(lambda: said.append(freeze(copied.folder).stdout)) == set()
    # Neither the mark nor what tells GitHub Pages to leave the files as they are is a file of the program.
    assert said == [f"Nothing has changed since the copy was made: {count - 2} files in {copied.folder}.\n"]
    assert (copied.folder / LIST).stat().st_mtime_ns == listed


def test_after_an_edit_exactly_the_files_that_differ_are_written(copied: Copied) -> None:
    before = contents(copied.folder)
    edit(copied, "On Pythia")
    written = copied.written_by(lambda: freeze(copied.folder))
    after = contents(copied.folder)
    assert written == {name for name, content in after.items() if before.get(name) != content}
    assert before.keys() == after.keys()


def test_an_edit_leaves_codes_cards_and_feeds_of_other_sessions_as_they_are(copied: Copied) -> None:
    edit(copied, "On Pythia")
    written = copied.written_by(lambda: freeze(copied.folder))
    own = {name for name in written if name.startswith(("cards/", "talks/")) and not name.endswith(".html")}
    assert own == {f"cards/{copied.session}.png", *own_calendar_files(copied)}
    assert {name for name in contents(copied.folder) if name.endswith(".html")} <= written


def test_a_file_that_was_deleted_or_changed_is_restored(copied: Copied) -> None:
    before = contents(copied.folder)
    (copied.folder / "talks" / copied.session / "qr.svg").unlink()
    page = copied.folder / "now" / "index.html"
    page.write_bytes(page.read_bytes()[::-1])
    result = freeze(copied.folder)
    assert f"{len(before) - 2} files in {copied.folder}, 2 of them written." in result.stdout
    assert {name for name, content in contents(copied.folder).items() if before[name] != content} <= {"now/index.html"}
    assert b"</html>" in page.read_bytes()


def test_files_with_other_times_are_the_same(copied: Copied) -> None:
    for name in contents(copied.folder):
        os.utime(copied.folder / name, (1, 1))
    assert "Nothing has changed" in freeze(copied.folder).stdout


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "index.html\n404.html\n",
        "\t\t\nindex.html\t/\tx\n",
        "a\n\nb",
        "talks\n404.html",
        "a\0\n\t\n",
        "index.html/x\nb",
    ],
)
def test_a_copy_whose_list_is_damaged_is_made_anew(copied: Copied, damaged: str) -> None:
    (copied.folder / LIST).write_text(damaged)
    before = contents(copied.folder)
    assert "Nothing has changed" not in freeze(copied.folder).stdout
    assert contents(copied.folder).keys() == before.keys()
    assert "Nothing has changed" in freeze(copied.folder).stdout


def test_another_address_is_another_copy(copied: Copied) -> None:
    freeze(copied.folder, url="https://other.example")
    assert b"https://other.example/" in (copied.folder / "calendar" / "codeml-2025.ics").read_bytes()
    assert PUBLIC.encode() not in b"".join(contents(copied.folder).values())


@pytest.mark.process
def test_another_library_or_version_makes_the_copy_anew(copied: Copied, tmp_path: Path) -> None:
    (tmp_path / "libraries" / "other-2.0.dist-info").mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path / "libraries")))}
    command = [sys.executable, "-m", "app", "freeze", str(copied.folder), "--url", PUBLIC]
    said = [
        subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout for _ in range(2)
    ]
    assert ["Nothing has changed" in one for one in said] == [False, True]


@pytest.mark.process
def test_any_file_of_the_program_makes_the_copy_anew(tmp_path: Path) -> None:
    for name in ("app", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    script = "from app.freezing.copy_inputs import program_digest; print(program_digest())"

    def digest() -> str:
        command = [sys.executable, "-c", script]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True, text=True).stdout

    # The second one finds what Python has kept of the first.
    before = [digest(), digest()]
    with (tmp_path / "app" / "web" / "texts.toml").open("a") as texts:
        texts.write("# another\n")
    assert (before[0] == before[1], before[1] == digest()) == (True, False)


def test_nothing_is_left_of_a_file_that_was_half_written(copied: Copied) -> None:
    (copied.folder / ".frozen-part-1").write_text("half")
    edit(copied, "On Pythia")
    freeze(copied.folder)
    assert [*copied.folder.glob(".frozen-part*")] == []


def test_half_a_file_of_an_interrupted_freeze_is_removed_before_there_are_others(
    published: Service, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / ".frozen-part-1").write_text("half")
    app = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), published)
    with closing(freeze_app(app, folder)) as files:
        next(files)
        assert [*folder.glob(".frozen-part*")] == []


def test_a_file_that_cannot_be_written_leaves_no_half_of_it(tmp_path: Path) -> None:
    # Where a folder has a file's name, what was written beside it cannot be put there.
    (tmp_path / "now").mkdir()
    with pytest.raises(OSError, match="now"):
        CopyFolder(tmp_path).write("now", b"page")
    assert [path.name for path in tmp_path.iterdir()] == ["now"]


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Service]:
    """The first program's day at half past ten."""
    program = read_program(FIRST_PROGRAM)
    database = open_database(sqlite_url(tmp_path / "agenda.sqlite"), program.id)
    service = serve_from(database, program, FixedClock(AT_TEN_THIRTY), PUBLIC)
    service.watcher.stop()
    yield service
    service.close()


def at(service: Service, instant: datetime) -> Service:
    return replace(service, clock=FixedClock(instant), editions=Editions())


def written(service: Service, folder: Path, *, processes: int = 1) -> set[str]:
    """The files that a freeze of a service writes."""
    app = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), service)
    return {one.name for one in freeze_app(app, folder, processes=processes) if one.is_written}


def test_a_copy_is_made_anew_when_a_boundary_has_passed(published: Service, tmp_path: Path) -> None:
    folder, end = tmp_path / "copy", published.current.snapshot.timeline.segment(AT_TEN_THIRTY).end
    assert end is not None
    files = len(written(published, folder))
    counts = [
        current_files(CopyFolder(folder), inputs_of(published), instant)
        for instant in (AT_TEN_THIRTY, end - timedelta(seconds=1), end)
    ]
    assert counts == [files, files, None]


def test_what_a_boundary_turns_is_written_and_nothing_else(published: Service, tmp_path: Path) -> None:
    folder, end = tmp_path / "copy", published.current.snapshot.timeline.segment(AT_TEN_THIRTY).end
    assert end is not None
    written(published, folder)
    turned = written(at(published, end), folder)
    assert {"index.html", "now/index.html"} <= turned
    assert turned.isdisjoint({"venue/index.html", "subscribe/index.html", "card.png", "calendar/codeml-2025.ics"})


def test_a_revision_raises_the_number_on_every_page(published: Service, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    written(published, folder)
    change = ChangeContent(session="tri-dao", title="On Pythia")
    publish_edit(published.current.revisions, change, base=1, by=Editor("x"), note="", now=AT_TEN_THIRTY)
    published.current.refresh()
    written(at(published, AT_TEN_THIRTY), folder)
    pages = [path.read_text() for path in folder.rglob("*.html")]
    assert [page for page in pages if 'data-revision="2"' not in page] == []
    assert json.loads((folder / "freeze.json").read_text())["revision"] == 2


def test_several_processes_make_what_one_makes(published: Service, tmp_path: Path) -> None:
    assert written(published, tmp_path / "one") == written(published, tmp_path / "two", processes=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_no_copy_is_made_with_a_picture_that_lacks_its_logo(published: Service, tmp_path: Path) -> None:
    database, elsewhere = tmp_path / "agenda.sqlite", tmp_path / "elsewhere.sqlite"
    database.rename(elsewhere)
    with pytest.raises(CannotFreeze, match=r"png: it cannot be made whole now; does the database answer\?"):
        written(published, tmp_path / "copy")
    assert not (tmp_path / "copy" / MARK).exists()
    elsewhere.rename(database)
    assert "card.png" in written(published, tmp_path / "copy")


def end_with(status: int) -> None:
    os._exit(status)


def end_by(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (partial(end_with, 9), "a process that made files ended with status 9"),
        (partial(end_by, signal.SIGTERM), "a process that made files was ended by SIGTERM"),
        (partial(end_by, signal.SIGKILL), "a process that made files was ended by SIGKILL; is memory short?"),
    ],
)
def test_how_a_process_ended_is_told(published: Service, end: Callable[[], None], told: str) -> None:
    addresses = [str(number) for number in range(FEWEST_FILES)]
    with (
        pytest.raises(CannotFreeze) as refused,
        making(lambda _: end(), (published.database.forget_connections,), 2) as make_all,
    ):
        list(make_all(addresses))
    assert str(refused.value) == told


def end_in_the_middle_of_the_answer() -> bytes:
    """An answer of many writes, while which the process is killed."""
    main = threading.main_thread().ident

    def is_sent() -> bool:
        frame = sys._current_frames().get(main or 0)
        return frame is not None and frame.f_code is Connection._send.__code__

    def wait_and_end() -> None:
        while not is_sent():
            pass
        end_by(signal.SIGKILL)

    threading.Thread(target=wait_and_end, daemon=True).start()
    return bytes(5_000_000)


def test_a_process_that_is_ended_in_the_middle_of_its_answer_is_not_waited_for(published: Service) -> None:
    addresses = [str(number) for number in range(FEWEST_FILES)]
    with (
        pytest.raises(CannotFreeze, match="was ended by SIGKILL"),
        making(lambda _: end_in_the_middle_of_the_answer(), (published.database.forget_connections,), 2) as make_all,
    ):
        list(make_all(addresses))
    assert multiprocessing.active_children() == []


def test_what_a_process_raises_is_raised_with_where_it_was(published: Service) -> None:
    def refuse(address: str) -> str:
        raise CannotFreeze(f"{address}: refused")

    addresses = [str(number) for number in range(FEWEST_FILES)]
    with (
        pytest.raises(CannotFreeze, match=": refused") as refused,
        making(refuse, (published.database.forget_connections,), 2) as make_all,
    ):
        list(make_all(addresses))
    assert "in refuse" in refused.value.__notes__[0]


def test_whatever_a_process_raises_says_of_which_address(published: Service) -> None:
    def refuse(address: str) -> str:
        if address == "5":
            # An exception that cannot be sent from one process to another.
            raise UnknownName("session", "x")
        return address

    addresses = [str(number) for number in range(FEWEST_FILES)]
    with (
        pytest.raises(CannotFreeze) as refused,
        making(refuse, (published.database.forget_connections,), 2) as make_all,
    ):
        list(make_all(addresses))
    assert (str(refused.value), "in refuse" in refused.value.__notes__[0]) == ("5: there is no session 'x'", True)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_link_to_a_file_of_a_session_that_is_not_there_is_told(
    published: Service, tmp_path: Path, processes: int
) -> None:
    change = ChangeContent(session="tri-dao", abstract="As [a file](/talks/typo.ics)")
    publish_edit(published.current.revisions, change, base=1, by=Editor("x"), note="", now=AT_TEN_THIRTY)
    published.current.refresh()
    with pytest.raises(CannotFreeze) as refused:
        written(published, tmp_path / "copy", processes=processes)
    assert str(refused.value) == "/talks/typo.ics: unexpected status 404 NOT FOUND; a page links to it"


def test_a_process_that_hangs_is_ended_after_a_while(published: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_processes, "LONGEST_BATCH_SECONDS", 1)
    addresses = [str(number) for number in range(FEWEST_FILES)]
    with (
        pytest.raises(CannotFreeze) as refused,
        making(lambda _: Event().wait(), (published.database.forget_connections,), 2) as make_all,
    ):
        list(make_all(addresses))
    assert str(refused.value) == "0, 1, 2, 3: not made after 1 seconds"
    assert multiprocessing.active_children() == []


def test_a_process_that_hangs_is_ended_while_others_go_on(
    published: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_processes, "LONGEST_BATCH_SECONDS", 1)
    # The other process alone would be busy with them for twenty seconds.
    addresses = [str(number) for number in range(400)]

    def make(address: str) -> None:
        Event().wait(None if address == addresses[0] else 0.05)
        if address == addresses[-1]:
            (tmp_path / "all").touch()

    with (
        pytest.raises(CannotFreeze) as refused,
        making(make, (published.database.forget_connections,), 2) as make_all,
    ):
        list(make_all(addresses))
    assert str(refused.value) == "0, 1, 2, 3: not made after 1 seconds"
    assert not (tmp_path / "all").exists()


def test_after_processes_that_could_not_begin_none_is_left_and_the_next_freeze_is_not_locked_out(
    published: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, forks = tmp_path / "copy", [os.fork, fork_without_memory]

    def fork() -> int:
        return forks.pop(0)()

    with monkeypatch.context() as patch:
        patch.setattr(os, "fork", fork)
        with pytest.raises(CannotFreeze) as refused:
            written(published, folder, processes=2)
    assert str(refused.value) == "the processes that make files cannot begin: Cannot allocate memory"
    assert multiprocessing.active_children() == []
    assert "index.html" in written(published, folder, processes=2)


def fork_without_memory() -> int:
    raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))


def test_processes_that_live_on_keep_the_lock_until_they_end(tmp_path: Path) -> None:
    addresses = [str(number) for number in range(FEWEST_FILES)]
    place = CopyFolder(tmp_path)
    with ExitStack() as workers, ExitStack() as held:
        held.enter_context(place.locked())
        make_all = workers.enter_context(making(str, (), 2))
        assert [*make_all(addresses)] == addresses
        # The lock of this process alone ends, as where it is killed.
        held.close()
        with pytest.raises(CannotFreeze, match="another freeze writes into"), place.locked():
            pass
        workers.close()
        with place.locked():
            assert multiprocessing.active_children() == []


def is_let_in(folder: Path) -> bool:
    """Whether another process may freeze into a folder."""
    enter = f"CopyFolder(Path({str(folder)!r})).locked().__enter__()"
    script = f"from pathlib import Path; from app.freezing.copy_folder import CopyFolder; {enter}"
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False).returncode == 0


@pytest.mark.process
def test_after_a_freeze_that_stopped_failed_or_ended_the_next_one_is_let_in_at_once(
    published: Service, tmp_path: Path
) -> None:
    database, elsewhere, folder = tmp_path / "agenda.sqlite", tmp_path / "elsewhere.sqlite", tmp_path / "copy"
    app = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), published)
    with closing(freeze_app(app, folder, processes=2)) as files:
        next(files)
        let_in = [is_let_in(folder)]
    let_in += [is_let_in(folder)]
    database.rename(elsewhere)
    with pytest.raises(CannotFreeze, match="cannot be made whole"):
        written(published, folder, processes=2)
    let_in += [is_let_in(folder)]
    elsewhere.rename(database)
    written(published, folder, processes=2)
    assert [*let_in, is_let_in(folder)] == [False, True, True, True]
    written(published, folder, processes=2)


def test_a_copy_that_was_begun_and_never_completed_is_completed(published: Service, tmp_path: Path) -> None:
    database, elsewhere, folder = tmp_path / "agenda.sqlite", tmp_path / "elsewhere.sqlite", tmp_path / "copy"
    database.rename(elsewhere)
    with pytest.raises(CannotFreeze):
        written(published, folder)
    elsewhere.rename(database)
    assert (folder / "404.html").exists()
    CopyFolder(folder).refuse_foreign()
    with pytest.raises(CannotFreeze, match="holds the copy of the real day"):
        CopyFolder(folder).refuse_real()
    written(published, folder)
    assert written(published, folder) == set()


def begun(service: Service, folder: Path, until: str) -> None:
    """A freeze that is interrupted once it has made a file."""
    app = create_app(Settings(program=FIRST_PROGRAM, secret_key="for tests"), service)
    with closing(freeze_app(app, folder)) as files:
        assert any(one.name == until for one in files)


def changed(service: Service, **content: Any) -> Service:
    """The same after a session was given some content."""
    base = service.current.snapshot.revision.number
    change = ChangeContent(session="tri-dao", **content)
    publish_edit(service.current.revisions, change, base=base, by=Editor("x"), note="", now=AT_TEN_THIRTY)
    service.current.refresh()
    return at(service, AT_TEN_THIRTY)


def test_files_of_an_interrupted_freeze_that_no_later_one_has_are_removed(published: Service, tmp_path: Path) -> None:
    folder, session = tmp_path / "copy", published.current.snapshot.revision.program.session("tri-dao")
    written(published, folder)
    before = contents(folder).keys()
    code = "A [code](/qr.svg?for=/talks/tri-dao&scale=7)"
    edited = changed(published, abstract=code, items=(Item(id="poster", title="On Pythia"),))
    begun(edited, folder, file_name("/qr.svg?for=/talks/tri-dao&scale=7"))
    assert (folder / "papers" / "poster" / "index.html").exists()
    written(changed(published, abstract=session.abstract, items=session.items), folder)
    assert contents(folder).keys() == before


def test_an_interrupted_freeze_keeps_what_is_known_of_a_copy_but_not_that_it_is_whole(
    published: Service, tmp_path: Path
) -> None:
    place = CopyFolder(tmp_path / "copy")
    written(published, place.path)
    before = place.listing()
    begun(changed(published, title="On Pythia"), place.path, "404.html")
    after = place.listing()
    assert (after.files, after.names) == (before.files, before.names)
    assert (before.is_whole, after.is_whole) == (True, False)


def test_a_day_that_was_begun_over_a_rehearsals_copy_is_not_one_of_a_rehearsal(
    published: Service, tmp_path: Path
) -> None:
    place, rehearsal = CopyFolder(tmp_path / "copy"), Rehearsal(AT_TEN_THIRTY, AT_TEN_THIRTY, 1)
    begun(replace(published, clock=FixedClock(AT_TEN_THIRTY, rehearsal)), place.path, "404.html")
    place.refuse_real()
    begun(published, place.path, "404.html")
    with pytest.raises(CannotFreeze, match="holds the copy of the real day"):
        place.refuse_real()


def test_two_freezes_into_one_folder_do_not_mix(copied: Copied) -> None:
    edit(copied, "On Pythia")
    before = contents(copied.folder)
    with CopyFolder(copied.folder).locked():
        result = freeze(copied.folder)
    assert (result.exit_code, contents(copied.folder)) == (1, before)
    assert result.stderr.endswith(f"agenda: another freeze writes into {copied.folder}; try again when it has ended\n")
    assert freeze(copied.folder).exit_code == 0


@pytest.mark.parametrize("name", [MARK, NO_JEKYLL])
@pytest.mark.parametrize("content", [None, b"{}"])
def test_what_is_no_page_of_a_copy_is_restored_too(copied: Copied, name: str, content: bytes | None) -> None:
    before, path = contents(copied.folder), copied.folder / name
    path.unlink() if content is None else path.write_bytes(content)
    assert freeze(copied.folder).exit_code == 0
    assert contents(copied.folder)[name] == before[name]
    assert "Nothing has changed" in freeze(copied.folder).stdout


def test_a_changed_word_of_the_mark_is_restored(copied: Copied) -> None:
    path = copied.folder / MARK
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"revision": 1', b'"revision": 7'))
    freeze(copied.folder)
    assert path.read_bytes() == before


def test_a_rehearsal_is_not_written_over_a_copy_that_lost_its_mark(copied: Copied) -> None:
    (copied.folder / MARK).unlink()
    result = freeze(copied.folder, "--at", "2025-07-18 10:20")
    assert (result.exit_code, "holds the copy of the real day" in result.stderr) == (1, True)


def test_a_rehearsals_copy_that_lost_its_mark_is_still_one(copied: Copied) -> None:
    rehearsal = ("--at", "2025-07-18 10:20")
    freeze(copied.folder, *rehearsal, "--force")
    (copied.folder / MARK).unlink()
    assert freeze(copied.folder, *rehearsal).exit_code == 0


def test_the_number_of_unpublished_files_does_not_depend_on_a_changed_mark(copied: Copied, tmp_path: Path) -> None:
    (tmp_path / "agenda.sqlite").unlink()
    freeze(copied.folder)
    path = copied.folder / MARK
    before = path.read_bytes()
    number = json.loads(before)["revision"]
    path.write_bytes(before.replace(str(number).encode(), str(number + 10**9).encode()))
    freeze(copied.folder)
    assert path.read_bytes() == before


@pytest.mark.process
def test_another_process_makes_the_same_of_the_same_fonts(copied: Copied) -> None:
    script = "from app.formats.share_image import installed_fonts; print(installed_fonts())"
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert said == f"{installed_fonts()}\n"


@pytest.mark.process
def test_another_font_makes_the_copy_anew(copied: Copied, tmp_path: Path) -> None:
    font = tmp_path / "data" / "fonts" / "Arial.ttf"
    font.parent.mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(tmp_path / "data")}
    command = [sys.executable, "-m", "app", "freeze", str(copied.folder), "--url", PUBLIC]

    def is_same() -> bool:
        run = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
        return "Nothing has changed" in run.stdout

    # The first may differ from a copy that was made with this user's own fonts.
    _, before = is_same(), is_same()
    default = ImageFont.load_default(16)
    assert isinstance(default, ImageFont.FreeTypeFont)
    font.write_bytes(default.font_bytes)
    assert (before, is_same(), is_same()) == (True, False, True)


def test_a_speed_at_no_time_is_wrong_use_also_where_nothing_has_changed(copied: Copied) -> None:
    assert freeze(copied.folder, "--speed", "60").exit_code == 2


@pytest.mark.process
def test_looking_at_a_copy_loads_nothing_that_makes_pages(copied: Copied) -> None:
    arguments = ["freeze", str(copied.folder), "--url", PUBLIC]
    said = said_and_loaded_by(f"from app.cli import main; main({arguments!r}, standalone_mode=False)")
    assert ("Nothing has changed" in said, heavy_in(said)) == (True, set())
