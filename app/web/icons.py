"""The icons of a program, for tabs and home screens; an address holds a digest of all that its icon shows."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from app.domain.program import Program
from app.formats.program_icon import ProgramIcon, icon_in, png
from app.web.template_helpers import initials

DIGEST_LETTERS = 12


class IconSize(NamedTuple):
    """A size in which icons are served: its side in pixels, and whether a system may cut a circle out of it."""

    side: int
    maskable: bool = False


SIZES = {
    "48": IconSize(48),
    "180": IconSize(180),
    "192": IconSize(192),
    "512": IconSize(512),
    "maskable-512": IconSize(512, maskable=True),
}


def icon_of(program: Program) -> ProgramIcon:
    """The icon of a program."""
    return icon_in(program.identity.accent, initials(program.title))


def icon_names(program: Program) -> dict[str, str]:
    """The name of each size in addresses."""
    digest = hashlib.sha256(repr(icon_of(program)).encode()).hexdigest()[:DIGEST_LETTERS]
    return {f"{digest}-{size}": size for size in SIZES}


def icon_address(program: Program, size: str) -> str:
    """Where a size of `SIZES` is served for ever."""
    return next(f"/icons/{name}.png" for name, one in icon_names(program).items() if one == size)


def icon_png(program: Program, name: str) -> bytes:
    """The icon of a name; raises KeyError for a name that the program's icons do not have."""
    side, maskable = SIZES[icon_names(program)[name]]
    return png(icon_of(program), side, maskable=maskable)
