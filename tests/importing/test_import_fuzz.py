"""Whatever bytes come in, either a program or one clear error."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.import_results import OPTIONS, fixture
from support.paper_lists import day
from support.spreadsheets import Rows, ods, xlsx, zipped
from support.strategies import examples

from app.domain.errors import AgendaError
from app.domain.program import Program
from app.importing import ImportOptions, import_source

NAMES = ("x", "x.md", "x.html", "x.csv", "x.yml", "x.json", "x.xml", "x.ics", "x.xlsx")
OPTIONS_OF_ANYBODY = ImportOptions(first_date=date(2025, 3, 30), timezone="Europe/Vienna")
PIECES = (
    b"<", b">", b'"', b"{", b"}", b"[", b"]", b":", b"\n", b"\0", b"\xff", b"<!--", b"-->", b"null", b"-1", b"9" * 30,
    b"24:00", b"25:61", b"2025-02-30", b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59+14:00", b"|-|-|", b"- ", b"\t",
    b"\r\n ", b"=", b"\nEND:VEVENT\n", b"DAILY", b"SECONDLY", b"MONTHLY", b";INTERVAL=0", b";COUNT=", b";UNTIL=",
    b";BYDAY=MO", b";BYSETPOS=", b";BYMONTH=2", b";BYMONTHDAY=30", b"\nRDATE", b"\nEXDATE", b"\nDTSTART", b"\nDTEND",
    b";RANGE=THISANDFUTURE", b";TZID=Asia/Tokyo", b":20250324T090000", b":20250324", b":00010101T000000",
    b":99991231T235959Z",
)  # fmt: skip
SHEET_PIECES = (
    b'r="XFD1048576"', b'r="-1"', b'r="A99999999999"', b't="s"', b"<v>1e308</v>", b"<v>-1</v>",
    b'<mergeCell ref="A1:XFD1048576"/>',
    b'table:number-rows-repeated="1048576"', b'table:number-columns-repeated="999999999999"', b"PT99999999H", b"&a;",
)  # fmt: skip
SHEET: Rows = [["Time", "Title", "Room"], [time(9), "A", "East"], ["Friday", None, None], [9.5, "B", "West"]]
HEADS = {
    "x.ics": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A\nDTSTART:",
    "rule.ics": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART;TZID=Europe/Vienna:20250323T090000\nRRULE:FREQ=",
    "change.ics": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20250323T090000\nRRULE:FREQ=DAILY;COUNT=3\n"
    b"END:VEVENT\nBEGIN:VEVENT\nUID:u\nRECURRENCE-ID",
    "folded.ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20250323T090000\nSUMMARY:Bä".encode()[:-1],
    "x.xml": b"<schedule><day date='2025-05-10'><event><start>09:00</start><title>A",
    "x.json": b'{"schedule":{"conference":{"days":[{"date":"2025-05-10","rooms":{"a":[{',
    "x.csv": b"start,end,title,speaker\n9:00,",
    "x.md": b"| Time | Session |\n|-|-|\n| 9:00 | ",
    "x.yml": b"- time: 9:00\n  title: ",
}
# Values that take the place of some of a JSON file's.
VALUES = st.one_of(
    st.sampled_from(
        (None, True, -1, 10**30, 1.5, "", "x", "2025-05-10", "25:61", "<b>x</b>", "~~x~~", "Lee, Ann", [], {})
    ),
    st.lists(
        st.sampled_from((None, 7, "x", [], {}, {"name": {}}, {"start": []}, {"title": "x"}, {"url": "//["})), max_size=3
    ),
)
MOMENT = {"date": "2025-05-10", "time": "09:00:00", "tz": "Europe/Vienna"}
PERSON = {"code": "X", "name": "Ann Lee", "fullName": "Lee, Ann", "affiliation": "MIT", "biography": "<p>x</p>"}
ENTRY = {
    "id": "1",
    "title": "A",
    "startDate": MOMENT,
    "endDate": MOMENT,
    "room": "Hall",
    "session": "B",
    "speakers": [PERSON],
    "folders": [{"attachments": [{"title": "Slides", "link_url": "/x"}]}],
    "subContributions": [{"title": "C", "speakers": [PERSON]}],
}
SLOT = {"start": "2025-05-10T09:00:00+02:00", "end": "2025-05-10T09:30:00+02:00", "room": {"name": {"en": "Hall"}}}
EVENT = {
    **SLOT,
    "code": "A",
    "title": "A",
    "duration": 30,
    "rooms": ["Hall"],
    "speakers": [PERSON],
    "event_type": "break",
}
JSON_FORMS = {
    "Indico's event": {"_type": "HTTPAPIResult", "results": [{"title": "A", "contributions": [ENTRY], "sessions": [
        {"title": "B", "session": {"isPoster": True}, "startDate": MOMENT, "contributions": [ENTRY]}
    ]}]},
    "Indico's timetable": {"_type": "HTTPAPIResult", "results": {"1": {"20250510": {"s1": {
        **ENTRY, "entryType": "Session", "entries": {"c1": {**ENTRY, "entryType": "Break"}}
    }}}}},
    "EuroPython's schedule": {"days": {"2025-05-10": {"rooms": ["Hall"], "events": [EVENT]}}},
    "EuroPython's sessions": {"A": EVENT},
    "pretalx's submissions": {"results": [{"code": "A", "title": "A", "state": "confirmed", "speakers": [PERSON],
        "track": {"name": "B"}, "submission_type": 1, "slots": [SLOT], "resources": [{"resource": "/x"}]}]},
}  # fmt: skip

REPLY = {"invitations": ["V/-/Decision"], "content": {"decision": {"value": "Accept (Oral)"}}, "tmdate": 1}
OLD_REPLY = {"invitation": "V/Paper1/-/Decision", "content": {"decision": "Accept (Oral)"}}
NOTE = {"id": "aB3xYz12Q", "forum": "aB3xYz12Q", "number": 1, "content": {
    "title": {"value": "A"}, "authors": {"value": ["Ann Lee"]}, "abstract": {"value": "We."},
    "pdf": {"value": "/pdf/x.pdf"}, "venue": {"value": "V Oral"}, "venueid": {"value": "V"},
    "code": {"value": "https://x.y"},
}, "details": {"directReplies": [REPLY]}}  # fmt: skip
OLD_NOTE = {"id": "aB3xYz12R", "forum": "aB3xYz12R", "number": 2, "content": {
    "title": "A", "authors": ["Anonymous"], "pdf": "/pdf/x.pdf"
}, "details": {"directReplies": [OLD_REPLY], "original": {"content": {"authors": ["Ann Lee"]}}}}  # fmt: skip
LIST_FORMS = {
    "OpenReview's notes": {"notes": [NOTE, NOTE], "count": 2},
    "OpenReview's old notes": [OLD_NOTE, OLD_NOTE],
    "records of papers": {"papers": [{
        "id": 7, "title": "A", "authors": [{"name": "Ann Lee"}, "Bo Ray"], "decision": "Accept (Oral)", "minutes": 5,
        "pdf": "https://x.example/1", "doi": "10.1145/1", "arxiv": "2501.01234", "forum": "aB3xYz12Q",
        "abstract": "We.",
    }]},
}  # fmt: skip
LIST_HEADS = {
    "p.csv": b"number,forum,title,authors,decision,pdf,doi,arxiv,minutes\n1,aB3xYz12Q,A,Ann Lee|Bo Ray,Accept (Oral),",
    "p.md": b"- **A** Ann Lee\n- [B](https://x.example/) Bo Ray [PDF](https://x.example/)\n- **",
    "p.html": b"<ul><li><b>A</b><br>Ann Lee<li><a href='https://x.example'>B</a> (Bo Ray)</ul><table><tr><th>Title<th>",
    "p.yml": b"- title: A\n  authors: [Ann Lee]\n  decision: Accept\n- title: ",
    "p.json": b'{"notes": [{"id": "a", "forum": "a", "content": {"title": {"value": "A"}, "authors": ',
}
LIST_PIECES = (
    *PIECES, b"**", b"[", b"](", b"https://", b"|", b"<li>", b"<td>", b"</ul>", b"Ann Lee", b"Accept", b"#7 ",
    b"Withdrawn",
)  # fmt: skip


def outcome(data: bytes, name: str, former: Program | None = None) -> Program | str:
    """The program, or the error in one line."""
    return _outcome(data, name, OPTIONS_OF_ANYBODY, former)


def list_outcome(data: bytes, name: str) -> Program | str:
    """The program with a list of papers in it, twice imported, or the error in one line."""
    options = ImportOptions(items_of="posters", number_from=1)
    first = _outcome(data, name, options, day())
    return _outcome(data, name, options, first) if isinstance(first, Program) else first


def _outcome(data: bytes, name: str, options: ImportOptions, former: Program | None) -> Program | str:
    try:
        return import_source(data, name=name, options=options, former=former).program
    except AgendaError as error:
        return str(error)


@given(st.binary(max_size=300), st.sampled_from(NAMES))
@examples(150)
def test_any_bytes_give_a_program_or_one_clear_error(data: bytes, name: str) -> None:
    """Law: whatever bytes come in, either a program or one clear error."""
    found = outcome(data, name)
    assert isinstance(found, Program) or (found.startswith(f"{name}: ") and len(found) < 1000)


@given(st.sampled_from(sorted(HEADS)), st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=30))
@examples(300)
def test_a_form_that_begins_well_and_goes_on_badly_gives_a_program_or_an_error(name: str, rest: list[bytes]) -> None:
    """Law: as above, past the first lines of each reader."""
    assert isinstance(outcome(HEADS[name] + b"".join(rest), name), Program | str)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path to each value inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inside for place in places(one, (*path, key)))]


def replaced(value: Any, path: tuple[str | int, ...], new: object) -> Any:
    """A copy of a value in which another one stands at a path; the same where there is none."""
    if not path:
        return new
    if isinstance(value, dict) and path[0] in value:
        return {key: replaced(one, path[1:], new) if key == path[0] else one for key, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, path[1:], new) if at == path[0] else one for at, one in enumerate(value)]
    return value


@pytest.mark.parametrize("form", sorted(JSON_FORMS))
@given(data=st.data())
@examples(60)
def test_json_with_other_values_in_some_places_gives_a_program_or_an_error(form: str, data: st.DataObject) -> None:
    """Law: as above, for each form of JSON with a few values replaced by others of any type."""
    found: Any = JSON_FORMS[form]
    for _ in range(data.draw(st.integers(1, 4))):
        found = replaced(found, data.draw(st.sampled_from(places(found))), data.draw(VALUES))
    assert isinstance(outcome(json.dumps(found).encode(), "x.json"), Program | str)


@pytest.mark.parametrize("form", sorted(JSON_FORMS))
def test_each_form_of_json_gives_a_program(form: str) -> None:
    assert isinstance(outcome(json.dumps(JSON_FORMS[form]).encode(), "x.json"), Program)


@given(st.binary(max_size=300), st.sampled_from(NAMES))
@examples(100)
def test_any_bytes_as_a_list_of_papers_give_a_program_or_one_clear_error(data: bytes, name: str) -> None:
    """Law: as above, for lists of papers."""
    found = list_outcome(data, name)
    assert isinstance(found, Program) or (found.startswith(f"{name}: ") and len(found) < 1000)


@given(
    st.sampled_from(sorted(LIST_HEADS)),
    st.lists(st.one_of(st.sampled_from(LIST_PIECES), st.binary(max_size=6)), max_size=30),
)
@examples(200)
def test_a_list_that_begins_well_and_goes_on_badly_gives_a_program_or_an_error(name: str, rest: list[bytes]) -> None:
    """Law: as above, past the first lines of each form of list."""
    assert isinstance(list_outcome(LIST_HEADS[name] + b"".join(rest), name), Program | str)


@pytest.mark.parametrize("form", sorted(LIST_FORMS))
@given(data=st.data())
@examples(80)
def test_a_list_with_other_values_in_some_places_gives_a_program_or_an_error(form: str, data: st.DataObject) -> None:
    """Law: as above, for lists in JSON with a few values replaced by others of any type."""
    found: Any = LIST_FORMS[form]
    for _ in range(data.draw(st.integers(1, 4))):
        found = replaced(found, data.draw(st.sampled_from(places(found))), data.draw(VALUES))
    assert isinstance(list_outcome(json.dumps(found).encode(), "x.json"), Program | str)


@pytest.mark.parametrize("form", sorted(LIST_FORMS))
def test_each_form_of_list_gives_a_program(form: str) -> None:
    assert isinstance(list_outcome(json.dumps(LIST_FORMS[form]).encode(), "x.json"), Program)


@pytest.mark.parametrize(
    "deep", [b'{"notes":' * 3000, b'{"notes":[{"id":"a","content":' + b'{"title":' * 900 + b"1" + b"}" * 900 + b"}]}"]
)
def test_a_deep_list_ends_in_an_error(deep: bytes) -> None:
    assert isinstance(list_outcome(deep, "x.json"), str)


@pytest.mark.parametrize("name", sorted(name for name in OPTIONS if "fosdem" not in name and "own.json" not in name))
@given(data=st.data())
@examples(12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_fixture_gives_a_program_or_an_error(fixtures_path: Path, name: str, data: st.DataObject) -> None:
    """Law: as above, for real files with a few bytes changed, taken out or put in."""
    assert isinstance(outcome(damaged(data, (fixtures_path / name).read_bytes()[:20_000], PIECES), name), Program | str)


WORKBOOKS = {"x.xlsx": xlsx({"A": SHEET}, merged=("A3:C3",)), "x.ods": ods({"A": SHEET})}


@pytest.mark.parametrize("name", sorted(WORKBOOKS))
@given(data=st.data())
@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_spreadsheet_gives_a_program_or_one_clear_error(name: str, data: st.DataObject) -> None:
    """Law: as above, for zip files with damaged bytes, and for sound ones with damaged content."""
    damage = partial(damaged, data, pieces=(*PIECES, *SHEET_PIECES))
    found = outcome(damage(WORKBOOKS[name]) if data.draw(st.booleans()) else rezipped(WORKBOOKS[name], damage), name)
    assert isinstance(found, Program) or (found.startswith(f"{name}: ") and len(found) < 1000)


def damaged(data: st.DataObject, content: bytes, pieces: tuple[bytes, ...]) -> bytes:
    """Bytes of which a few are changed, taken out or put in."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(changed)))
        changed[at : at + data.draw(st.sampled_from((0, 0, 1, 4, 40)))] = data.draw(st.sampled_from((b"", *pieces)))
    return bytes(changed)


def rezipped(archive: bytes, damage: Callable[[bytes], bytes]) -> bytes:
    """A zip file with the content of one of its files, the last, damaged: that of the sheet."""
    with zipfile.ZipFile(io.BytesIO(archive)) as sound:
        files = {name: sound.read(name) for name in sound.namelist()}
    last = list(files)[-1]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as changed:
        for name, content in files.items():
            changed.writestr(name, damage(content) if name == last else content)
    return data.getvalue()


@pytest.mark.parametrize("name", ["x.xlsx", "x.ods"])
def test_a_zip_file_that_unpacks_to_gigabytes_is_refused(name: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("content.xml", "w") as file:
        for _ in range(61):
            file.write(bytes(1_000_000))
    assert outcome(data.getvalue(), name) == f"{name}: 61,000,000 bytes unpacked; at most 60,000,000 can be imported"


@pytest.mark.slow
def test_a_zip_file_that_unpacks_to_more_than_it_says_is_refused() -> None:
    archive = bytearray(zipped({"content.xml": " " * 61_000_000}))
    at = archive.rindex((61_000_000).to_bytes(4, "little"))
    archive[at : at + 4] = (100).to_bytes(4, "little")
    assert isinstance(outcome(bytes(archive), "x.ods"), str)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [16_384, 80])
def test_a_row_that_repeats_a_million_times_is_read_in_bounded_memory(columns: int) -> None:
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" office:value="9"/>'
    table = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    workbook = rezipped(
        WORKBOOKS["x.ods"], lambda content: content.replace(b"</table:table>", f"{table}</table:table>".encode())
    )
    assert isinstance(outcome(workbook, "x.ods"), Program | str)


@pytest.mark.slow
@pytest.mark.parametrize(
    "data", [b"[" * 30_000, b"<" * 30_000, b"<day>" * 10_000, b"a: &a [*a]", b"\xff\xfe<\x00", b"BEGIN:X\n" * 9999]
)
@pytest.mark.parametrize("name", NAMES)
def test_deep_long_and_endless_files_end_in_an_error(data: bytes, name: str) -> None:
    assert isinstance(outcome(data, name), str)


def test_a_file_of_more_than_twenty_megabytes_is_refused() -> None:
    assert outcome(b" " * 20_000_001, "x.csv") == "x.csv: 20000001 bytes; at most 20000000 can be imported in this form"


@pytest.mark.acceptance
def test_more_than_twenty_thousand_sessions_are_refused() -> None:
    assert outcome(b"start,title\n" + b"9:00,A\n" * 20_001, "x.csv") == "x.csv: more than 20000 sessions"


def test_a_damaged_file_leaves_the_former_program_alone(fixtures_path: Path) -> None:
    former = fixture(fixtures_path, "codeml/site.md").program
    assert (
        outcome(b"<table>", "site.md", former)
        == "site.md: no sessions with a time in it, such as 9:00 - 9:30 (read as page)"
    )


def test_more_than_two_thousand_rooms_are_refused() -> None:
    rows = "".join(f"9:00,A,Room {number}\n" for number in range(2001))
    assert outcome(b"start,title,room\n" + rows.encode(), "x.csv") == "x.csv: more than 2000 rooms"
