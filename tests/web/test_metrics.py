"""Metrics, the console's status page, liveness and readiness."""

from __future__ import annotations

import re
import urllib.request
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from support.console_browser import Console
from support.display_screens import Screen
from support.server_thread import served
from support.waiting import wait_until

from app import create_app
from app.cli import main
from app.domain.program import Program
from app.live.clock import SYSTEM_CLOCK
from app.live.stats import MOST_FETCHES, Stats, calendar_program
from app.settings import Settings, first_program
from app.store.publish_files import publish_files
from app.store.source_status import SourceStatus, record_source_statuses
from app.web.running_service import Service

Figures = dict[tuple[str, ...], float]


@pytest.fixture
def with_metrics(service: Service) -> Flask:
    """The service with metrics on."""
    return create_app(Settings(program=first_program(), secret_key="for tests", metrics=True), service)


def figures(text: str) -> Figures:
    """Each figure by its name and its labels' values, in the order of the labels' names."""
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_metrics_are_off_by_default(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_figures_count_requests_feeds_revisions_and_errors(with_metrics: Flask, service: Service) -> None:
    console = Console(with_metrics)
    client = with_metrics.test_client()
    before = figures(client.get("/metrics").text)
    client.get("/calendar/talks.ics", headers={"User-Agent": "Google-Calendar-Importer"})
    client.get("/rooms/venue.ics", headers={"User-Agent": "Google-Calendar-Importer"})
    client.get("/talks/nobody")
    console.edit("content", "panel", title="Who pays?")
    answer = client.get("/metrics")
    after = figures(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert after["agenda_feed_fetches_total", "Google"] == 2
    not_found = ("agenda_requests_total", "flask", "404")
    assert (after[not_found], before.get(not_found)) == (1, None)
    assert (after["agenda_revision",], after["agenda_revisions_published_total",]) == (2, 1)
    assert after["agenda_database_away",] == 0
    assert after["agenda_kept_bytes", "pages"] > before["agenda_kept_bytes", "pages"]
    assert after["agenda_kept_bytes_allowed",] == 64_000_000
    assert after["agenda_rendering_seconds_count",] > before["agenda_rendering_seconds_count",]
    assert after["agenda_rendering_seconds_sum",] > before["agenda_rendering_seconds_sum",]


def test_figures_of_the_running_server_count_readers_and_answers_from_memory(
    with_metrics: Flask, service: Service
) -> None:
    def asked() -> Figures:
        with urllib.request.urlopen(f"{url}/metrics") as answer:
            return figures(answer.read().decode())

    with served(with_metrics) as url:
        before = asked()
        with closing(urllib.request.urlopen(f"{url}/live")):
            wait_until(lambda: service.stats.readers() == 1)
            for _ in range(3):
                urllib.request.urlopen(f"{url}/calendar/talks.ics").close()
            during = asked()
        from_memory = ("agenda_requests_total", "memory", "200")
        assert during["agenda_readers",] - before["agenda_readers",] == 1
        assert during[from_memory] - before.get(from_memory, 0) == 2
        assert during["agenda_feed_fetches_total", "others"] == 3
        wait_until(lambda: service.stats.readers() == 0)


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        ("Google-Calendar-Importer", "Google"),
        ("iOS/18.5 (22F76) dataaccessd/1.0", "Apple"),
        ("macOS/15.5 (24F74) CalendarAgent/990", "Apple"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Thunderbird/128.0", "Thunderbird"),
        ("Microsoft.Exchange/15.20 (Calendar Sharing)", "Outlook"),
        ("ICSx5/2.2.3 (ical4j/3) Android/14", "ICSx⁵"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1", "others"),
        ("", "others"),
    ],
)
def test_calendar_programs_are_known_by_what_they_say_of_themselves(agent: str, program: str) -> None:
    assert calendar_program(agent) == program


def test_a_readers_own_calendar_is_counted_without_its_key() -> None:
    stats = Stats()
    stats.count_from_memory(200, "/my/Zm9vYmFyZm9vYmFyZm9vYmFy.ics", "")
    stats.count_from_memory(304, "/my/b3RoZXJvdGhlcm90aGVyb3Ro.ics", "")
    assert [(fetch.path, fetch.times) for fetch in stats.fetches()] == [("/my/***.ics", 2)]


def test_what_is_not_there_is_not_remembered_and_what_is_kept_is_bounded() -> None:
    stats = Stats()
    for number in range(MOST_FETCHES + 10):
        stats.count_from_memory(200, f"/rooms/{number}.ics", "")
        stats.count_from_memory(404, f"/talks/{number}.ics", "")
    assert len(stats.fetches()) == MOST_FETCHES


def test_the_consoles_page_shows_readers_displays_fetches_and_errors(app: Flask, service: Service) -> None:
    console, client = Console(app), app.test_client()
    service.stats.readers = lambda: 321
    screen = Screen(client)
    screen.report({"room": "venue", "revision": 1})
    service.memory.keepers.clear()
    service.memory.keepers["pages"] = lambda: 12_000_000
    client.get("/calendar/talks.ics", headers={"User-Agent": "Google-Calendar-Importer"})
    service.stats.count_rendered(503, "/organizer/sign-in/very-secret-key", "", 0.1, "abc-7")
    text = console.get("/organizer/status").text
    assert '<dd data-figure="readers">321</dd>' in text
    assert f'data-display="{screen.id}" data-alive="yes" data-fresh="yes"' in text
    assert '<dt>Memory used</dt><dd data-figure="memory">12 of 64 MB</dd>' in text
    assert re.search(r'data-fetch="/calendar/talks.ics"><th scope="row">Google</th><td>\d s ago</td><td>1</td>', text)
    assert re.search(r'data-trouble="503">.*<td>/organizer/sign-in/\*\*\*</td><td>abc-7</td>', text)
    assert "very-secret-key" not in text


def test_the_consoles_page_shows_what_became_of_followed_sources(app: Flask, service: Service) -> None:
    console = Console(app)
    assert "Sources" not in console.get("/organizer/status").text
    read_at, failed_at = (SYSTEM_CLOCK.now() - timedelta(minutes=minutes) for minutes in (5, 3))
    failed = SourceStatus(
        name="docs.google.com", read_at=read_at, failed_at=failed_at, reason="its server <answers> 404"
    )
    record_source_statuses(service.database, [failed])
    text = console.get("/organizer/status").text
    cells = re.search(r'<tr data-source="docs.google.com".*?</tr>', text)
    assert cells is not None
    assert re.findall("<t[dh].*?>(.*?)</t[dh]>", cells[0]) == [
        "docs.google.com",
        "5 min ago",
        "never",
        "3 min ago: its server &lt;answers&gt; 404",
    ]


def test_the_page_is_for_organizers(app: Flask, client: FlaskClient) -> None:
    assert client.get("/organizer/status").status_code == 302
    chair = Console(app, "Julija", room="venue")
    assert chair.get("/organizer/status").status_code == 403
    assert "/organizer/status" not in chair.get().text


def test_it_is_ready_while_a_revision_is_in_memory_even_if_the_database_is_away(
    client: FlaskClient, service: Service
) -> None:
    Path(service.database.place).rename(f"{service.database.place}-away")
    wait_until(lambda: service.current.database_error)
    assert [client.get(path).text for path in ("/healthz", "/readyz")] == ["alive\n", "ready, revision 1\n"]


def test_the_consoles_page_says_that_the_machines_clock_is_wrong_until_it_is_right(
    app: Flask, service: Service, program: Program
) -> None:
    console, ahead = Console(app), datetime(2099, 1, 1, tzinfo=UTC)
    assert "This machine" not in console.get("/organizer/status").text
    # What was published while the machine's clock was right.
    publish_files(service.current.revisions, replace(program, title="Another"), source_hash="another", now=ahead)
    service.current.refresh()
    said = "but the newest revision was published at 2099-01-01 00:00 UTC. Set it: timedatectl set-ntp true"
    assert said in console.get("/organizer/status").text


def test_the_consoles_page_shows_version_and_build_as_the_command_does(app: Flask) -> None:
    text = Console(app).get("/organizer/status").text
    version = re.findall(r'<dt>Version</dt><dd data-figure="version">(.+?)</dd>', text)[0]
    build = re.findall(r"Build (\w+)\.", text)[0]
    assert CliRunner().invoke(main, ["--version"]).output == f"agenda {version}, build {build}\n"
    assert f'data-build="{build}' in app.test_client().get("/").text
