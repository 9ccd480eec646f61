"""The process that answers: its readers, and the displays, sources, feeds and errors that it knows."""

from __future__ import annotations

from app.release import VERSION
from app.store.imported_sources import imported_sources
from app.store.source_status import read_source_statuses
from app.web.display_reports import reported_displays
from app.web.organizer.console import console, console_page
from app.web.running_service import current_service
from app.web.static_files import build_hash

MOST_FETCHES_SHOWN = 40


@console.get("/status")
def status() -> str:
    """The process that answers, by the real clock: its readers, and what it knows of displays, sources and errors."""
    service = current_service()
    return console_page(
        "status.html",
        version=VERSION,
        build=build_hash(),
        stats=service.stats,
        memory=service.memory,
        current=service.current,
        clock_fault=service.clock_fault(),
        displays=reported_displays(),
        sources=(*read_source_statuses(service.database), *(one.status for one in imported_sources(service.database))),
        fetches=service.stats.fetches()[:MOST_FETCHES_SHOWN],
        from_memory=sum(service.stats.from_memory.copy().values()),
        rendered=sum(service.stats.rendered.copy().values()),
    )
