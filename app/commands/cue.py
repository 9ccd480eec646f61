"""`agenda cue`: a line to the speaker's screen of a room."""

from __future__ import annotations

import click

from app.commands.service_database import open_edit_session, print_clock
from app.domain.cues import CUE_MINUTES, MOST_CUE_MINUTES, CueStyle
from app.domain.rights import TERMINAL, Editor
from app.store.room_state import RoomStates


@click.command("cue")
@click.argument("room")
@click.argument("text", default="")
@click.option("--clear", is_flag=True, help="Take the room's cue away.")
@click.option("--blink", "style", flag_value="blink", help="The cue blinks.")
@click.option("--blackout", "style", flag_value="blackout", help="Nothing else is on the screen; TEXT may be left out.")
@click.option(
    "--minutes",
    type=click.IntRange(1, MOST_CUE_MINUTES),
    default=CUE_MINUTES,
    show_default=True,
    help="How long it stands, if it is not cleared before.",
)
def cue(*, room: str, text: str, clear: bool, style: CueStyle | None, minutes: int) -> None:
    """Show TEXT on the speaker's screen of ROOM (/stage/ROOM), instead of any other cue; on no page for readers."""
    if clear == bool(text or style):
        raise click.UsageError("a cue has a TEXT or is a --blackout; without one it is to --clear")
    session = open_edit_session()
    states, by, name = RoomStates(session.revisions), Editor(TERMINAL), session.program.room(room).name
    if clear:
        states.clear_cue(room, by=by)
        click.echo(f"The stage of {name} shows no cue.")
    else:
        states.send_cue(room, text, style or "steady", minutes=minutes, by=by, now=session.now)
        sent = f"“{text.strip()}”" if text.strip() else "A black screen"
        click.echo(f"{sent} is sent to the stage of {name}, for {minutes} min.")
    print_clock(session.clock, session.program)


COMMANDS = (cue,)
