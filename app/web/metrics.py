"""What this process has done, for Prometheus (text form 0.0.4); off unless the settings ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask, Response, abort, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from app.web.service import Service, the_service

SETTING = "AGENDA_METRICS"

metrics = Blueprint("metrics", __name__)


def install(app: Flask, *, asked_for: bool) -> None:
    """Give an app its figures."""
    app.config[SETTING] = asked_for
    app.register_blueprint(metrics)


@metrics.get("/metrics")
def figures() -> Response:
    """The figures of this process; each of several has its own."""
    if not current_app.config[SETTING]:
        abort(404, f"figures are shown where {SETTING}=1 is set")
    registry = CollectorRegistry()
    registry.register(Figures(the_service()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class Figures(Collector):
    """The service's counts in Prometheus' words: counters end in `_total`, units stand in names."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """All figures, as they are now."""
        yield from self._state()
        yield from self._requests()
        yield from self._feeds()

    def _state(self) -> Iterator[Metric]:
        service, counts = self._service, self._service.counts
        yield _gauge("agenda_readers", "Open live streams.", counts.readers())
        yield _counter("agenda_readers_dropped", "Streams that were cut because nobody read them.", counts.dropped())
        number = service.current.snapshot.revision.number
        yield _gauge("agenda_revision", "The number of the revision that is shown.", number)
        yield _counter("agenda_revisions_published", "Revisions that became current since the start.", counts.revisions)
        away = int(service.current.trouble is not None)
        yield _gauge("agenda_database_away", "1 while the database does not answer.", away)
        yield _gauge("agenda_started_timestamp_seconds", "When this process started.", counts.started_at.timestamp())

    def _requests(self) -> Iterator[Metric]:
        counts = self._service.counts
        requests = CounterMetricFamily(
            "agenda_requests", "Requests answered, from memory or made anew.", labels=["status", "from"]
        )
        for source, answered in (("memory", counts.from_memory), ("flask", counts.rendered)):
            for status, times in sorted(answered.copy().items()):
                requests.add_metric([str(status), source], times)
        yield requests
        times = sum(counts.rendered.copy().values())
        name, words = "agenda_rendering_seconds", "How long it took to make the answers that were not in memory."
        yield SummaryMetricFamily(name, words, count_value=times, sum_value=counts.rendering_seconds)

    def _feeds(self) -> Iterator[Metric]:
        fetched = CounterMetricFamily(
            "agenda_feed_fetches", "Calendar feeds that were asked for, by calendar program.", labels=["program"]
        )
        last = GaugeMetricFamily(
            "agenda_feed_last_fetch_timestamp_seconds", "When a calendar program last asked.", labels=["program"]
        )
        fetches = self._service.counts.fetches()
        for program in sorted({fetch.program for fetch in fetches}):
            of_program = [fetch for fetch in fetches if fetch.program == program]
            fetched.add_metric([program], sum(fetch.times for fetch in of_program))
            last.add_metric([program], max(fetch.at for fetch in of_program).timestamp())
        yield fetched
        yield last


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(name, words, value=value)
