"""The `agenda` command. Exit status: 0 for success, 1 for a refusal, 2 for wrong use; users see no traceback."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from app.domain.errors import AgendaError, UnknownName
from app.release import VERSION
from app.settings import BadSetting
from app.store.errors import BadDatabaseUrl, ServerUnavailable

# The commands by the module of `app.commands` that has them: it is loaded when one of its commands is wanted.
MODULES = {
    "serve": ("serve",),
    "program_folders": ("check", "new"),
    "import_schedule": ("import",),
    "drift": ("drift",),
    "export": ("export",),
    "freeze": ("freeze",),
    "publish": ("publish", "diff"),
    "backups": ("backup", "restore"),
    "edit_commands": (
        *("late", "start", "end", "extend", "absent", "shorten", "cancel"),
        *("reinstate", "move", "swap", "reorder", "undo"),
    ),
    "content_commands": ("add", "edit", "rename", "announce"),
    "cue": ("cue",),
    "line_up_commands": ("next", "line-up"),
    "report": ("report",),
    "organizers": ("organizer",),
}
MODULE_OF = {command: module for module, commands in MODULES.items() for command in commands}


class Agenda(click.Group):
    """Prints the application's errors as one line, with exit status 1, or 2 for an invalid setting."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(context), *MODULE_OF})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """A command; None where there is none of that name."""
        if name not in MODULE_OF:
            return super().get_command(context, name)
        module = import_module(f"app.commands.{MODULE_OF[name]}")
        found: dict[str, click.Command] = {command.name: command for command in module.COMMANDS}
        return found[name]

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(context)
        except AgendaError as error:
            click.echo(f"agenda: {error}{_advice(error)}", err=True)
            sys.exit(2 if isinstance(error, BadSetting | BadDatabaseUrl) else 1)
        except click.UsageError:
            raise
        except click.ClickException as error:
            click.echo(f"agenda: {error.format_message()}", err=True)
            sys.exit(error.exit_code)
        except PermissionError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"agenda: {place}{error.strerror}; run this as the user who owns it", err=True)
            sys.exit(1)
        except BrokenPipeError:
            # The reader of the pipe, such as `head`, has closed it.
            sys.stderr.close()
            sys.exit(0)


def _advice(error: AgendaError) -> str:
    """What to do, where the message of an error, which the console shows too, does not say it."""
    if isinstance(error, UnknownName) and (nearest := error.nearest()):
        return f"; did you mean {nearest!r}?"
    return "; does the server run, and is DATABASE_URL right?" if isinstance(error, ServerUnavailable) else ""


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Print them and end; the build is worked out only then."""
    if wanted:
        from app.web.static_files import build_hash  # noqa: PLC0415 - loads what makes pages

        click.echo(f"agenda {VERSION}, build {build_hash()}")
        context.exit()


@click.group(cls=Agenda, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Say version and build."
)
def main() -> None:
    """A conference day, live: serve it, check it, re-time it."""
