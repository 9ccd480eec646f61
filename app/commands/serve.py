"""`agenda serve`: the day on one port."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import click
import uvicorn

from app.building import Prepared, prepare
from app.domain.instants import parse_instant
from app.settings import Settings

# How long a request may take to end once the service is told to stop.
DRAIN_SECONDS = 10


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen on.")  # noqa: S104 - phones read it
@click.option("--port", type=click.IntRange(1, 65535), help="Port; PORT says so too.  [default: 8000]")
@click.option("--workers", type=click.IntRange(1), help="Processes; WEB_CONCURRENCY says so too.  [default: 1]")
@click.option("--at", metavar="TIME", help='Rehearse: set the clock, such as "2025-07-18 09:10" (venue time).')
@click.option(
    "--speed", type=click.FloatRange(0, 3600, min_open=True), default=None, help="Speed of a rehearsal's clock."
)
def serve(host: str, port: int | None, workers: int | None, at: str | None, speed: float | None) -> None:
    """Serve the program on http://localhost:8000."""
    if speed is not None and at is None:
        raise click.UsageError("--speed goes with --at")
    settings = Settings.read(os.environ)
    settings = replace(settings, port=port or settings.port, workers=workers or settings.workers)
    _refuse_a_taken_port(host, settings.port)
    prepared = prepare(settings, at, speed or 1.0)
    for line in banner(prepared, settings, host):
        click.echo(line)
    # The workers read the same settings; one that listens must not prepare again.
    os.environ.update(prepared.environment)
    uvicorn.run(
        "app.asgi:from_environment",
        factory=True,
        host=host,
        port=settings.port,
        workers=settings.workers if settings.workers > 1 else None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
