"""`agenda serve`: run the service."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import click
import uvicorn

from app.commands.rehearsal_options import rehearsal_options, told_of_options
from app.domain.conference_day import conference_day
from app.live.clock import SYSTEM_CLOCK
from app.logs import configure
from app.server.process_tuning import memory_megabytes, raise_file_limit
from app.server.uvicorn_server import server_options
from app.service_factory import open_service, rehearse
from app.settings import MOST_WORKERS, Settings, stored_secret
from app.store.sign_ins import SignIns
from app.web.running_service import Service
from app.web.template_helpers import date_range, long_date

# With fewer, the readers of one hall may be too many.
FEW_FILES = 1024


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen on.")  # noqa: S104 - phones read it
@click.option("--port", type=click.IntRange(1, 65535), help="Port.  [default: PORT, else 8000]")
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Processes.  [default: WEB_CONCURRENCY, else 1]")
@rehearsal_options
def serve(host: str, port: int | None, workers: int | None, at: str | None, speed: float | None) -> None:
    """Serve the program on http://localhost:8000."""
    settings = Settings.read(os.environ)
    settings = replace(settings, port=port or settings.port, workers=workers or settings.workers)
    _check_address(host, settings.port)
    with told_of_options(at, speed):
        if at is not None:
            settings = replace(settings, database_url=rehearse(settings, at, speed or 1.0))
    files = raise_file_limit()
    with closing(open_service(settings)) as service:
        secret_key = settings.secret_key or stored_secret()
        for line in (*_banner(service, settings, host), *_cautions(settings, files), *_first_link(service, settings)):
            click.echo(line)
    # The serving processes read the environment; all of them need one key and one database.
    os.environ["SECRET_KEY"] = secret_key
    if settings.database_url:
        os.environ["DATABASE_URL"] = settings.database_url
    configure(settings.log)
    _end_quietly()
    workers = settings.workers if settings.workers > 1 else None
    uvicorn.run(
        "app.asgi:from_environment", factory=True, host=host, port=settings.port, workers=workers, **server_options()
    )


def _banner(service: Service, settings: Settings, host: str) -> Iterator[str]:
    """The lines that an operator needs at the start."""
    revision, now = service.current.snapshot.revision, service.clock.now()
    program = revision.program
    yield f"{program.title}, {date_range(program) or 'no days yet'}. Revision {revision.number}."
    yield f"  On this machine       http://localhost:{settings.port}"
    phones = _network_address() if host in {"0.0.0.0", "::"} else None  # noqa: S104 - compared, not bound
    if phones:
        yield f"  On the same network   http://{phones}:{settings.port}"
    if settings.public_url:
        yield f"  Codes and feeds       {settings.public_url}"
    elif phones:
        yield "  Codes and feeds       point to the address that a reader used; this sets another:"
        yield f"                        AGENDA_PUBLIC_URL=http://{phones}:{settings.port}"
    yield f"  Database              {service.database.place}"
    if fault := service.clock_fault():
        yield f"  Clock                 {fault}"
    shown = f"{long_date(program.local(now).date())}, {program.clock(now)}"
    if service.clock.rehearsal:
        yield f"  A rehearsal: the clock says {shown} and runs at {service.clock.speed:g} times the real speed."
        if service.database.is_sqlite:
            yield f"  In another terminal   DATABASE_URL=sqlite:///{service.database.place} agenda late 5"
    elif program.days and conference_day(program, now) not in program.days:
        first = program.days[0].isoformat()
        yield f'  Today is not the day. To rehearse it: agenda serve --at "{first} 08:55" --speed 60'


def _cautions(settings: Settings, files: int | None) -> Iterator[str]:
    """What this machine grants less of than the service is set up for."""
    if files is not None and files < FEW_FILES:
        yield f"  Open files            at most {files}, a reader takes one; before the start: ulimit -n 10000"
    megabytes = memory_megabytes()
    if megabytes is not None and settings.memory_megabytes > megabytes:
        wanted = settings.memory_megabytes
        yield f"  Memory                AGENDA_MEMORY={wanted} is more than this machine has ({megabytes})"


def _first_link(service: Service, settings: Settings) -> Iterator[str]:
    """On a database that has no organizer yet: a sign-in link for the person who starts the service."""
    key = SignIns(service.database).first_link(SYSTEM_CLOCK.now())
    if key is not None:
        yield "  Organizer's console   sign in with this link, once, within an hour:"
        yield f"                        {settings.address()}/organizer/sign-in/{key}"


def _check_address(host: str, port: int) -> None:
    """Refuse an address that this process cannot listen on, and say which part of it is to be changed."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"another program uses port {port}; stop it, or choose another port with --port"
    if isinstance(error, PermissionError):
        return f"this user may not use port {port}; choose one above 1023 with --port"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; without --host the service listens on all"
    return f"port {port} of {host}: {error.strerror}; choose another with --port or --host"


def _end_quietly() -> None:
    """Let a closed terminal end the service as SIGTERM does, and impatient Ctrl-C leave no traceback in the log."""
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    # `nohup` lets it be ignored. With several processes uvicorn has a handler of its own.
    if hangup and signal.getsignal(hangup) == signal.SIG_DFL:
        signal.signal(hangup, lambda *_: signal.raise_signal(signal.SIGTERM))
    logging.getLogger("uvicorn.error").addFilter(_is_no_interrupt)


def _is_no_interrupt(record: logging.LogRecord) -> bool:
    # uvicorn raises the second one anew, in whatever runs; what waits is cancelled.
    return not (record.exc_info and isinstance(record.exc_info[1], KeyboardInterrupt | CancelledError))


def _network_address() -> str | None:
    """This machine's address on its local network; None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends nothing and only looks up the route (address: RFC 5737).
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address


COMMANDS = (serve,)
