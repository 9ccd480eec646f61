"""The `agenda` command. Exit status: 0 done, 1 it says no, 2 used wrongly; no traceback for a user's mistake."""

from __future__ import annotations

import sys
from typing import Any

import click

from app.commands import (
    check,
    edits,
    exporting,
    freezing,
    importing,
    organizers,
    publishing,
    restoring,
    serve,
    starting,
)
from app.domain.errors import AgendaError, UnknownName
from app.settings import BadSetting


class Agenda(click.Group):
    """Turns the program's own errors into one line and exit status 1; 2 where a setting has no such value."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(context)
        except AgendaError as error:
            nearest = error.nearest() if isinstance(error, UnknownName) else None
            click.echo(f"agenda: {error}{f'; did you mean {nearest!r}?' if nearest else ''}", err=True)
            sys.exit(2 if isinstance(error, BadSetting) else 1)
        except BrokenPipeError:
            # The reader of a pipe, `head` for one, has seen enough.
            sys.stderr.close()
            sys.exit(0)


@click.group(cls=Agenda, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="codeml-agenda")
def main() -> None:
    """A conference day, live: serve it, check it, re-time it."""


for module in (serve, check, starting, importing, exporting, freezing, publishing, restoring, edits, organizers):
    for command in module.COMMANDS:
        main.add_command(command)
