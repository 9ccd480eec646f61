"""The parts of `make bench`: what each measures, and the rows of the table with their limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import fan_out, freezing, grip, growth, idle, open_page, requests_per_second, waiting_times
from benchmarks.lighthouse import FOSDEM
from benchmarks.results import Row

READERS = (1_000, 5_000, 10_000)
SESSIONS = (15, 1_000, 10_000)
SMALL, LARGE, LARGEST = SESSIONS
EDITS = 20
PROXIED_STREAMS = 30_000


@dataclass(frozen=True)
class Effort:
    """How thoroughly a part measures; ``runs`` of ``seconds`` each where servers are compared."""

    quick: bool
    runs: int
    seconds: int


@dataclass(frozen=True)
class Part:
    """One part: its name for `--only`, its key in `docs/bench.json`, and the rows that are looked up in what it found.

    ``measure`` may raise `NotHere` for a program that it needs.
    """

    name: str
    key: str
    measure: Callable[[Path, Effort], Any]
    rows: tuple[Row, ...]


def of_nginx(what: str, name: str, least: float) -> Row:
    """Requests a processor second, as a ratio to nginx with a static file in the same run."""
    return Row(f"{what}, of nginx's static file", lambda found: found["of_nginx_static"][name], least=least)


def for_readers(what: str, of: Callable[[Any], float], most: float, unit: str = "") -> Row:
    """A figure with the largest number of readers."""
    return Row(f"{what}, {READERS[-1]:,} readers", lambda found: of(found[-1]), unit, most=most)


def sessions(what: str, name: str, size: int, most: float) -> Row:
    """A figure of a program of some size."""
    return Row(f"{what}, {size:,} sessions", lambda found: of_size(found, size)[name], "ms", most=most)


def of_size(found: list[dict[str, Any]], size: int) -> dict[str, Any]:
    """What was found for a program of so many sessions; `StopIteration` where that was not measured."""
    return next(one for one in found if one["sessions"] == size)


def growth_of(name: str, small: int, large: int) -> Callable[[Any], float]:
    """How many times as much a figure is for a large program as for a small one."""
    return lambda found: round(float(of_size(found, large)[name] / of_size(found, small)[name]), 2)


def memory_growth(found: list[dict[str, Any]]) -> float:
    """The memory of one more session of a very large program, in times that of a large one: 1 is linear."""
    held = {size: of_size(found, size)["memory_megabytes"] for size in SESSIONS}
    early = (held[LARGE] - held[SMALL]) / (LARGE - SMALL)
    late = (held[LARGEST] - held[LARGE]) / (LARGEST - LARGE)
    return float(round(late / early, 2))


def _requests(folder: Path, effort: Effort) -> Any:
    return requests_per_second.measure(folder, runs=effort.runs, seconds=effort.seconds)


def _fan_out(folder: Path, effort: Effort) -> Any:
    found = []
    for number in (100,) if effort.quick else READERS:
        (folder / str(number)).mkdir()
        found.append(fan_out.measure(folder / str(number), number))
    return found


def _idle(folder: Path, effort: Effort) -> Any:
    return idle.measure(folder, 100 if effort.quick else READERS[-1], 5 if effort.quick else idle.SECONDS)


def _open_page(folder: Path, effort: Effort) -> Any:
    return open_page.measure(folder, 2 if effort.quick else EDITS)


def _waiting_times(folder: Path, _effort: Effort) -> Any:
    return waiting_times.measure(folder / "server")


def _growth(folder: Path, effort: Effort) -> Any:
    return growth.measure(folder, [SMALL] if effort.quick else list(SESSIONS))


def _grip(folder: Path, effort: Effort) -> Any:
    return grip.measure(folder, 200 if effort.quick else PROXIED_STREAMS)


def _freezing(_folder: Path, effort: Effort) -> Any:
    """Of FOSDEM 2021 where its schedule is here, 773 sessions in 106 rooms; else of a made program that is larger."""
    if effort.quick:
        return freezing.measure(None, SMALL)
    return freezing.measure(FOSDEM if FOSDEM.is_file() else None)


def proxied_growth(found: dict[str, Any]) -> float:
    """How many times as much a publish costs the service with all streams at proxies as with none."""
    ratio = found["server_milliseconds_a_publish"] / found["server_milliseconds_a_publish_without_streams"]
    return float(round(ratio, 2))


def _shown(path: str) -> Callable[[Any], float]:
    return lambda found: found["milliseconds_from_answer_to_shown"][path]["median"]


def _visit(name: str) -> Callable[[Any], float]:
    return lambda found: found["first_visit_on_slow_3g"][name]


def _in_words(name: str) -> str:
    return name.replace("_", " ").replace("terminals", "terminal's")


REQUESTS = Part(
    "requests",
    "requests_per_second",
    _requests,
    (
        of_nginx("a kept page", "page", 0.50),
        of_nginx("a feed of 12.5 kB", "feed", 0.40),
        of_nginx("a page's 304", "page, 304", 0.45),
        of_nginx("a feed's 304", "feed, 304", 0.45),
        of_nginx("/api/now", "now", 0.30),
        of_nginx("/api/now with gzip", "now, gzip", 0.30),
        Row("a kept page, times plain Flask", lambda found: found["times_plain_flask"], least=8),
    ),
)
FAN_OUT = Part(
    "fan-out",
    "fan_out",
    _fan_out,
    (
        for_readers(
            "an edit until the last has the new page",
            lambda one: one["page_over_open_connections"]["milliseconds_from_answer_to_last"]["median"],
            1000,
            "ms",
        ),
        for_readers(
            "an edit until the last stream has heard",
            lambda one: one["milliseconds_from_answer_to_last"]["median"],
            200,
            "ms",
        ),
        for_readers(
            "without the new page",
            lambda one: (
                one["page_over_open_connections"]["readers_without_it"]
                + one["page_over_new_connections"]["readers_without_it"]
            ),
            0,
        ),
        for_readers("streams lost", lambda one: one["lost"], 0),
        for_readers("memory of an idle stream", lambda one: one["bytes_a_stream"], 8000, "bytes"),
    ),
)
IDLE = Part(
    "idle",
    "idle",
    _idle,
    (
        Row(
            f"{READERS[-1]:,} open pages, their questions counted in",
            lambda found: found["percent_of_a_core"] if found["pages"] == READERS[-1] else None,
            "% of a core",
            most=3,
        ),
    ),
)
OPEN_PAGE = Part(
    "open-page",
    "open_page",
    _open_page,
    (
        *(
            Row(
                f"{open_page.CHANGES.get(path, open_page.EDIT).text} until an open {path} shows it",
                _shown(path),
                "ms",
                most=1000,
            )
            for path in open_page.PAGES
        ),
        Row("first paint until live, on slow 3G", _visit("milliseconds_from_paint_to_live"), "ms", most=2000),
        Row("requests of a first visit", _visit("requests"), most=14),
    ),
)
WAITING_TIMES = Part(
    "waiting-times",
    "waiting_times",
    _waiting_times,
    tuple(
        Row(_in_words(name), lambda found, name=name: found[name], "ms", most=most)  # type: ignore[misc]
        for name, most in waiting_times.LIMITS.items()
    ),
)
GROWTH = Part(
    "growth",
    "growth",
    _growth,
    (
        sessions("a publish", "server_publish_milliseconds", SMALL, 40),
        sessions("a publish", "server_publish_milliseconds", LARGE, 120),
        sessions("a publish", "server_publish_milliseconds", LARGEST, 1000),
        sessions("a boundary", "boundary_milliseconds", SMALL, 40),
        sessions("a boundary", "boundary_milliseconds", LARGE, 120),
        sessions("a boundary", "boundary_milliseconds", LARGEST, 1000),
        Row(
            f"a request, {LARGEST:,} sessions against {SMALL}",
            growth_of("request_microseconds", SMALL, LARGEST),
            "x",
            most=1.3,
        ),
        Row(f"memory of one more session, {LARGEST:,} against {LARGE:,}", memory_growth, "x", most=1.3),
        Row(
            f"an edit of one session, {LARGEST:,} sessions against {SMALL}",
            growth_of("server_publish_milliseconds", SMALL, LARGEST),
            "x",
            most=3,
        ),
        Row(
            f"pieces that an edit renders anew, {LARGEST:,} sessions against {SMALL}",
            growth_of("pieces_of_a_publish", SMALL, LARGEST),
            "x",
            most=3,
        ),
    ),
)
GRIP = Part(
    "grip",
    "grip",
    _grip,
    (
        Row(
            "streams at Pushpin that were told of each revision once",
            lambda found: (
                found["told"]["streams_that_heard_each_once"] if found["streams"] == PROXIED_STREAMS else None
            ),
            least=PROXIED_STREAMS,
        ),
        Row(
            "a publish's processor time, with these streams against none",
            lambda found: proxied_growth(found) if found["streams"] == PROXIED_STREAMS else None,
            "x",
            most=1.2,
        ),
    ),
)
FREEZE = Part(
    "freeze",
    "freezing",
    _freezing,
    (
        Row("a frozen copy of about 800 sessions, the first", lambda found: found["first"]["seconds"], "s", most=25),
        Row("the same, when nothing changed", lambda found: found["nothing changed"]["seconds"], "s", most=2),
    ),
)
PARTS = (REQUESTS, FAN_OUT, IDLE, OPEN_PAGE, WAITING_TIMES, GROWTH, GRIP, FREEZE)
