"""`make bench` prints one table, fails where a limit is missed, and says which."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from support.repository import ROOT

from benchmarks.__main__ import measure, part_named, report, write_docs
from benchmarks.compared_servers import NotHere
from benchmarks.drawing import draw
from benchmarks.parts import GRIP, GROWTH, PARTS, REQUESTS, Effort, Part
from benchmarks.results import Result, Row, judged, machine_lines, misses, table

EFFORT = Effort(quick=False, runs=1, seconds=1)
FREE = {"cores": 2, "python": "3.11.7", "load_before": 0.2, "load_after": 0.9}
ROWS = (
    Row("a publish", lambda found: found["publish"], "ms", most=40),
    Row("a kept page, of nginx", lambda found: found["page"], least=0.5),
)


def part(found: Any, name: str = "speed") -> Part:
    def measured(_folder: Path, _effort: Effort) -> Any:
        if isinstance(found, Exception):
            raise found
        return found

    return Part(name, name, measured, ROWS)


def run(*parts: Part) -> int:
    found = measure(parts, EFFORT)
    return report(parts, found, quick=False, write=False)


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def missed(found: Any) -> list[str]:
    return misses(judged("speed", ROWS, found))


def test_what_is_at_its_limit_holds() -> None:
    assert missed({"publish": 40, "page": 0.5}) == []


def test_an_upper_and_a_lower_limit_that_is_missed_is_named_with_what_was_measured() -> None:
    assert missed({"publish": 40.5, "page": 0.43}) == [
        "speed: a publish: 40.5 ms, wanted <= 40 ms",
        "speed: a kept page, of nginx: 0.43, wanted >= 0.5",
    ]


def test_a_part_or_a_row_that_was_not_measured_is_no_miss() -> None:
    assert missed({"not_measured": "nginx is not here"}) == []
    assert missed({"publish": 30, "page": None}) == []


def test_a_row_without_its_figure_is_a_miss() -> None:
    """A part that measures something else under another name would be green for ever."""
    assert missed({"publish": 30}) == ["speed: a kept page, of nginx: there is no such figure: KeyError('page')"]


def test_a_figure_that_cannot_be_calculated_is_a_miss_and_the_others_are_judged() -> None:
    ratio = Row("a ratio", lambda found: 1 / found["none"], least=1)
    time = Row("a time", lambda found: found["time"], most=1)
    assert misses(judged("speed", (ratio, time), {"none": 0, "time": 2})) == [
        "speed: a ratio: there is no such figure: ZeroDivisionError('division by zero')",
        "speed: a time: 2, wanted <= 1",
    ]


def test_a_row_that_fails_makes_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(part({"publish": 30, "page": 0.6}), part({"publish": 1200, "page": 0.6}, "growth")) == 1
    assert "make bench: missed: growth: a publish: 1,200 ms, wanted <= 40 ms" in capsys.readouterr().err.splitlines()


def test_what_holds_or_was_not_measured_makes_status_0() -> None:
    assert run(part({"publish": 30, "page": 0.6}), part(NotHere("nginx is not here"), "nginx")) == 0


def test_a_part_that_breaks_is_a_miss_and_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(part(RuntimeError("it does not answer")), part({"publish": 30, "page": 0.6}, "other")) == 1
    said = capsys.readouterr()
    assert "make bench: missed: speed: runs to its end: RuntimeError: it does not answer" in said.err.splitlines()
    assert "other  a publish" in said.out


def test_the_table_has_what_measured_wanted_and_whether_it_holds() -> None:
    results = [
        *judged("speed", ROWS, {"publish": 30.5, "page": 0.43}),
        *judged("grip", ROWS[:1], {"not_measured": "pushpin is not here"}),
    ]
    assert table(FREE, results) == [
        "2 cores, Python 3.11.7, load 0.2 before, 0.9 after",
        "",
        "part   what                       measured  wanted",
        "speed  a publish                   30.5 ms  <= 40 ms  ok",
        "speed  a kept page, of nginx          0.43  >= 0.5    MISSED",
        "grip   a publish              not measured  <= 40 ms  pushpin is not here",
    ]


def test_the_table_says_when_the_machine_was_not_free() -> None:
    assert table(FREE | {"load_before": 1.4}, [])[1] == (
        "The machine was not free: its load was above 0.5 before. Figures may be worse."
    )


def test_progress_is_shown_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    measure([part({}), part({}, "growth")], EFFORT)
    assert capsys.readouterr().err.splitlines() == [
        "make bench: speed (1 of 2) …",
        "make bench: speed took 0 s",
        "make bench: growth (2 of 2) …",
        "make bench: growth took 0 s",
    ]


def test_each_part_has_a_name_and_a_key_of_its_own() -> None:
    assert len({one.name for one in PARTS}) == len({one.key for one in PARTS}) == len(PARTS)
    assert [part_named(one.name) for one in PARTS] == list(PARTS)


def test_every_row_has_a_limit_and_a_place_of_its_own() -> None:
    rows = [(one.name, row.what) for one in PARTS for row in one.rows]
    assert len(set(rows)) == len(rows)
    assert [row.what for one in PARTS for row in one.rows if not row.wanted] == []


def test_growth_is_judged_by_ratios_between_sizes() -> None:
    sizes = [
        {
            "sessions": size,
            "server_publish_milliseconds": publish,
            "boundary_milliseconds": publish,
            "request_microseconds": request,
            "memory_megabytes": memory,
            "pieces_of_a_publish": pieces,
        }
        for size, publish, request, memory, pieces in (
            (15, 30.0, 2.0, 10, 3),
            (1_000, 100.0, 2.2, 40, 3),
            (10_000, 1200.0, 3.0, 600, 12),
        )
    ]
    assert misses(judged("growth", GROWTH.rows, sizes)) == [
        "growth: a publish, 10,000 sessions: 1,200 ms, wanted <= 1,000 ms",
        "growth: a boundary, 10,000 sessions: 1,200 ms, wanted <= 1,000 ms",
        "growth: a request, 10,000 sessions against 15: 1.5 x, wanted <= 1.3 x",
        "growth: memory of one more session, 10,000 against 1,000: 2.04 x, wanted <= 1.3 x",
        "growth: an edit of one session, 10,000 sessions against 15: 40 x, wanted <= 3 x",
        "growth: pieces that an edit renders anew, 10,000 sessions against 15: 4 x, wanted <= 3 x",
    ]


def test_the_figures_of_a_part_that_was_measured_alone_take_their_place_among_the_others(tmp_path: Path) -> None:
    whole = {one.key: {"not_measured": "of another run"} for one in PARTS} | {"machine": FREE}
    write_docs(dict(whole), tmp_path)
    busy = FREE | {"load_before": 2.5}
    write_docs({REQUESTS.key: {"of_nginx_static": {"page": 0.4}}, "machine": busy}, tmp_path)
    written = json.loads((tmp_path / "bench.json").read_text())
    assert (written["machine"], written["measured_alone"]) == (FREE, {"requests": busy})
    assert [(row["what"], row["measured"]) for row in written["table"] if row["measured"] is not None] == [
        ("a kept page, of nginx's static file", 0.4)
    ]
    assert written[GROWTH.key] == {"not_measured": "of another run"}


def test_streams_at_proxies_are_judged_by_what_they_heard_and_by_what_the_service_needs() -> None:
    found = {
        "streams": 30_000,
        "server_milliseconds_a_publish": 30.0,
        "server_milliseconds_a_publish_without_streams": 20.0,
        "told": {"streams_that_heard_each_once": 29_999},
    }
    assert misses(judged("grip", GRIP.rows, found)) == [
        "grip: streams at Pushpin that were told of each revision once: 29,999, wanted >= 30,000",
        "grip: a publish's processor time, with these streams against none: 1.5 x, wanted <= 1.2 x",
    ]


def test_the_picture_has_each_row_with_its_limit_and_marks_what_is_missed() -> None:
    drawn = ET.fromstring(draw(["2 cores"], judged("speed", ROWS, {"publish": 30, "page": 0.4})))
    texts = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[-4:] == ["a publish", "30 ms (≤ 40 ms)", "a kept page, of nginx", "0.4 (≥ 0.5), missed"]


def test_the_picture_in_the_docs_is_of_the_figures_in_the_docs() -> None:
    found = json.loads((ROOT / "docs" / "bench.json").read_text())
    table_there = [Result(**row) for row in found["table"]]
    assert (ROOT / "docs" / "bench.svg").read_text() == draw(machine_lines(found["machine"]), table_there)


def test_help_lists_the_parts_and_when_it_writes() -> None:
    said = bench("--help")
    assert said.returncode == 0
    assert [one.name for one in PARTS if one.name not in said.stdout] == []
    assert "With --only they are written with --write alone" in " ".join(said.stdout.split())


def test_a_wrong_name_lists_the_parts_and_is_used_wrongly() -> None:
    said = bench("--only", "grwth")
    names = ", ".join(one.name for one in PARTS)
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1].endswith(f"there is no part 'grwth'; there are {names}")


@pytest.mark.parametrize(("words", "options"), [((), []), (("ONLY=growth idle",), ["--only growth --only idle"])])
def test_make_bench_runs_all_or_the_parts_that_are_named(words: tuple[str, ...], options: list[str]) -> None:
    # Without what a `make` that runs the tests hands down.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", "--dry-run", "bench", *words]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    said = said.stdout.splitlines()[-1]
    assert " ".join(said.split()[1:]) == " ".join(["-m benchmarks", *options])


@pytest.mark.acceptance
@pytest.mark.timeout(900)
def test_every_benchmark_runs_to_its_end() -> None:
    run = bench("--quick", "--runs", "1", "--seconds", "1")
    assert (run.returncode, "growth" in run.stdout) == (0, True), run.stderr


@pytest.mark.acceptance
@pytest.mark.timeout(300)
def test_one_part_runs_alone_and_leaves_the_docs_as_they_are() -> None:
    docs = [(ROOT / "docs" / name).read_bytes() for name in ("bench.json", "bench.svg")]
    run = bench("--quick", "--only", "waiting-times")
    assert run.returncode == 0, run.stderr
    assert {line.split()[0] for line in run.stdout.splitlines()[3:]} <= {"part", "waiting-times"}
    assert [(ROOT / "docs" / name).read_bytes() for name in ("bench.json", "bench.svg")] == docs
