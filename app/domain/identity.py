"""What gives a conference a face of its own: its accent, its logo, and the pictures of its program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.colours import COLOUR, COLOUR_FORM
from app.domain.errors import Fault

# A face is shown in up to as many CSS pixels; a smaller one is shown smaller, and soft on most screens.
SHARP_FACE_PIXELS = 96


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a program.

    ``file`` is its path in the program's folder, ``digest`` the SHA-256 of the bytes that are served, in hexadecimal;
    ``width`` and ``height`` are in pixels. ``svg`` is the element of a drawing, which may stand inside a page; "" for
    a picture of pixels.
    """

    file: str
    digest: str
    width: int
    height: int
    svg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How a program's pages look: an accent colour such as "#c8102e" ("" for the usual one), and a logo.

    ``logo_dark`` replaces the logo on a dark ground.
    """

    accent: str = ""
    logo: Picture | None = None
    logo_dark: Picture | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """A track by the name that sessions have as theirs; ``color`` is such as "#0057b8"."""

    name: str
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenLines:
    """Lines of a projector before the program begins and after it ends: the Wi-Fi, where recordings will be."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


NO_IDENTITY = Identity()
NO_LINES = ScreenLines()


def identity_faults(identity: Identity, tracks: Sequence[Track]) -> Iterator[Fault]:
    """Colours that are none, and names of tracks that are empty or not unique."""
    if identity.accent and not COLOUR.fullmatch(identity.accent):
        yield Fault("identity.accent", repr(identity.accent), COLOUR_FORM)
    for name, count in Counter(track.name for track in tracks).items():
        if not name.strip():
            yield Fault(f"tracks[{name}].name", repr(name), "a name")
        if count > 1:
            yield Fault(f"tracks[{name}]", repr(name), f"a name of its own; {count} tracks have this one")
    for track in tracks:
        if track.color and not COLOUR.fullmatch(track.color):
            yield Fault(f"tracks[{track.name}].color", repr(track.color), COLOUR_FORM)
