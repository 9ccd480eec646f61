"""Cues: a line to the speaker's screen of one room. They are room state: no revision, and on no page for readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from app.domain.errors import UnknownName
from app.domain.texts import BadText, checked

# "steady" stands beside the timer; "blink" does so and blinks; "blackout" leaves nothing else on the screen.
CueStyle = Literal["steady", "blink", "blackout"]
# The texts of buttons.
USUAL_CUES = ("5 minutes", "2 minutes", "Wrap up", "Stop", "Mic", "Repeat the question", "Louder")
# So far the clocks of two processes may differ: a cue that was sent later is of before the clock was set back.
CLOCK_SKEW = timedelta(minutes=1)
# For how many minutes a cue stands unless somebody says otherwise, what the console offers, and the most there can be.
CUE_MINUTES = 2
CUE_MINUTES_OFFERED = (1, CUE_MINUTES, 5, 15, 60)
MOST_CUE_MINUTES = 480


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a room, by whom and when; it stands until ``until`` or until somebody clears it.

    ``id`` is another number for each cue of a database. ``shown_at`` is when a screen first said that it shows the
    cue; None: none has yet.
    """

    id: int
    room: str
    text: str
    style: CueStyle
    by: str
    at: datetime
    until: datetime
    shown_at: datetime | None = None

    @property
    def since(self) -> datetime:
        """The instant from which it stands, also by a clock that is a little behind the one it was sent by."""
        return self.at - CLOCK_SKEW

    def stands_at(self, now: datetime) -> bool:
        """Whether it stands at an instant, half-open. One of before the clock was set back does not."""
        return self.since <= now < self.until


def checked_cue(text: str, style: str, minutes: int) -> tuple[str, CueStyle]:
    """The text and the style of a cue for so many minutes; a black screen may have no text.

    Raises `BadText` or `UnknownName`.
    """
    found = next((one for one in get_args(CueStyle) if one == style), None)
    if found is None:
        raise UnknownName("style of cues", checked("style", style), get_args(CueStyle))
    if not 1 <= minutes <= MOST_CUE_MINUTES:
        raise BadText("minutes", f"1 to {MOST_CUE_MINUTES} minutes")
    words = checked("cue", text.strip())
    if not words and found != "blackout":
        raise BadText("cue", "a line for the speaker, or a black screen")
    return words, found
