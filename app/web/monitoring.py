"""Monitoring: liveness, readiness, and metrics in Prometheus' text format (0.0.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, abort, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from app.web.address_traits import LIVE
from app.web.running_service import Service, current_service

health = Blueprint("health", __name__)

TEXT = "text/plain; charset=utf-8"
NO_STREAMS = "live streams need `agenda serve`; pages ask for news by themselves"
METRICS_SETTING = "AGENDA_METRICS"


@health.get("/healthz", traits=LIVE)
def alive() -> Response:
    """The process answers."""
    return Response("alive\n", content_type=TEXT, headers={"Cache-Control": "no-store"})


@health.get("/readyz", traits=LIVE)
def ready() -> Response:
    """Readers can be served.

    A revision is in memory; the database may be away.
    """
    number = current_service().current.snapshot.revision.number
    return Response(f"ready, revision {number}\n", content_type=TEXT, headers={"Cache-Control": "no-store"})


@health.get("/live", traits=replace(LIVE, query=("since", "stage")))
def live() -> Response:
    """Changes as server-sent events.

    `revision`: a revision is published; readers fetch what they show at a random moment within `spread` seconds.
    `announcement`: a new announcement. `time`: the service's clock, at least once a minute. A reader that reconnects
    sends the revision that it has as `Last-Event-ID` or `since`, and gets the newest. The stream does not end.
    With `stage`, the id of a room, `cue`: the line to the speaker there, at once and at each change.
    """
    # `agenda serve` answers these requests before they get to Flask, which has no streams.
    abort(503, NO_STREAMS)


@health.get("/robots.txt")
def robots() -> Response:
    """Search engines and calendar robots may read all but the console."""
    return Response("User-agent: *\nDisallow: /organizer\n", content_type=TEXT)


@health.get("/metrics", traits=LIVE)
def metrics_page() -> Response:
    """Figures for Prometheus.

    They are those of one process; each of several processes has its own.
    """
    if not current_app.config[METRICS_SETTING]:
        abort(404, f"figures are shown where {METRICS_SETTING}=1 is set")
    registry = CollectorRegistry()
    registry.register(ServiceCollector(current_service()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class ServiceCollector(Collector):
    """The service's counters and gauges, under names as Prometheus recommends: `_total`, and units in names."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """All metrics with their current values."""
        yield from self._state()
        yield from self._requests()
        yield from self._feeds()

    def _state(self) -> Iterator[Metric]:
        current, stats = self._service.current, self._service.stats
        gauge, counter = GaugeMetricFamily, CounterMetricFamily
        yield gauge("agenda_readers", "Open live streams.", stats.readers())
        yield counter("agenda_readers_dropped", "Streams that were cut because nobody read them.", stats.dropped())
        if stats.proxies_away is not None:
            words = "Streams that GRIP proxies were given to hold; they alone know how many are open."
            yield counter("agenda_streams_handed_over", words, stats.handed_over)
            yield gauge("agenda_grip_proxies_away", "GRIP proxies that take nothing now.", stats.proxies_away())
        yield gauge("agenda_revision", "The number of the revision that is shown.", current.snapshot.revision.number)
        yield counter("agenda_revisions_published", "Revisions that became current since the start.", stats.revisions)
        yield gauge("agenda_database_away", "1 while the database does not answer.", current.database_error is not None)
        kept = GaugeMetricFamily("agenda_kept_bytes", "What is kept in memory to answer from.", labels=["what"])
        for what, keeper in sorted(self._service.memory.keepers.items()):
            kept.add_metric([what], keeper())
        yield kept
        yield gauge("agenda_kept_bytes_allowed", "The bound on it.", self._service.memory.allowed_bytes)
        yield gauge("agenda_started_timestamp_seconds", "When this process started.", stats.started_at.timestamp())

    def _requests(self) -> Iterator[Metric]:
        stats = self._service.stats
        requests = CounterMetricFamily("agenda_requests", "Responses, cached or rendered.", labels=["status", "from"])
        for source, statuses in (("memory", stats.from_memory), ("flask", stats.rendered)):
            for status, times in sorted(statuses.copy().items()):
                requests.add_metric([str(status), source], times)
        yield requests
        times = sum(stats.rendered.copy().values())
        name, words = "agenda_rendering_seconds", "How long it took to make the answers that were not in memory."
        yield SummaryMetricFamily(name, words, count_value=times, sum_value=stats.rendering_seconds)

    def _feeds(self) -> Iterator[Metric]:
        fetched = CounterMetricFamily(
            "agenda_feed_fetches", "Calendar feeds that were asked for, by calendar program.", labels=["program"]
        )
        last = GaugeMetricFamily(
            "agenda_feed_last_fetch_timestamp_seconds", "When a calendar program last asked.", labels=["program"]
        )
        fetches = self._service.stats.fetches()
        for program in sorted({fetch.program for fetch in fetches}):
            of_program = [fetch for fetch in fetches if fetch.program == program]
            fetched.add_metric([program], sum(fetch.times for fetch in of_program))
            last.add_metric([program], max(fetch.at for fetch in of_program).timestamp())
        yield fetched
        yield last
