"""`agenda serve`: run the service."""

from __future__ import annotations

import errno
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import click

from app.commands.rehearsal_options import rehearsal_option_errors, rehearsal_options
from app.domain.conference_day import conference_day
from app.live.clock import SYSTEM_CLOCK
from app.logs import configure
from app.server.process_tuning import memory_megabytes, raise_file_limit
from app.server.uvicorn_server import serve_until_stopped
from app.service_factory import open_service, rehearse
from app.settings import MOST_WORKERS, Settings, stored_secret
from app.store.sign_ins import SignIns
from app.web.running_service import Service
from app.web.template_helpers import date_range, long_date

# With fewer, the readers of one hall may be too many.
FEW_FILES = 1024
# With fewer characters a secret key can be guessed.
SHORT_KEY = 16


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
    with _ended_by_interrupt():
        _prepare(settings, host, at, speed)
    serve_until_stopped(host, settings.port, settings.workers)


@contextmanager
def _ended_by_interrupt() -> Iterator[None]:
    """Let Ctrl-C end the process at once: as an exception it would be shown by whatever library it comes up in.

    What a transaction has not committed is not in the database then; a copy made for an upgrade may stay beside it.
    """
    former = signal.getsignal(signal.SIGINT)
    if former is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def _prepare(settings: Settings, host: str, at: str | None, speed: float | None) -> None:
    """Open the service once, say what an operator needs, and leave the settings to the serving processes."""
    with rehearsal_option_errors(at, speed):
        if at is not None:
            settings = replace(settings, database_url=rehearse(settings, at, speed or 1.0))
    files = raise_file_limit()
    with closing(open_service(settings)) as service:
        secret_key = settings.secret_key or stored_secret()
        warnings = _start_warnings(service, settings, files)
        for line in (*_banner(service, settings, host), *warnings, *_first_link(service, settings)):
            click.echo(line)
    # The serving processes read the environment; all of them need one key and one database.
    os.environ["SECRET_KEY"] = secret_key
    if settings.database_url:
        os.environ["DATABASE_URL"] = settings.database_url
    configure(settings.log)


def _banner(service: Service, settings: Settings, host: str) -> Iterator[str]:
    """The lines that an operator needs at the start."""
    revision, now = service.current.snapshot.revision, service.clock.now()
    program = revision.program
    yield f"{program.title}, {date_range(program) or 'no days yet'}. Revision {revision.number}."
    yield f"  On this machine       http://localhost:{settings.port}"
    phones = _network_address() if host == "0.0.0.0" else None  # noqa: S104 - compared, not bound
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


def _start_warnings(service: Service, settings: Settings, files: int | None) -> Iterator[str]:
    """What is too weak or too little for how the service is set up."""
    if settings.secret_key and len(settings.secret_key) < SHORT_KEY:
        yield "  Secret key            SECRET_KEY is short and can be guessed; `openssl rand -hex 32` makes a long one"
    if settings.workers > 1 and service.database.is_sqlite:
        yield f"  Processes             {settings.workers} on one SQLite file; several are meant for PostgreSQL"
    if files is not None and files < FEW_FILES:
        yield f"  Open files            at most {files}, a reader takes one; before the start: ulimit -n 10000"
    megabytes = memory_megabytes()
    if megabytes is not None and settings.memory_megabytes > megabytes:
        wanted = settings.memory_megabytes
        yield f"  Memory                AGENDA_MEMORY={wanted} is more than this service may use ({megabytes})"


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
        raise click.ClickException(_bind_error_text(error, host, port)) from error


def _bind_error_text(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"another program uses port {port}; stop it, or choose another port with --port"
    if isinstance(error, PermissionError):
        return f"this user may not use port {port}; choose one above 1023 with --port"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; without --host the service listens on all"
    return f"port {port} of {host}: {error.strerror}; choose another with --port or --host"


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
