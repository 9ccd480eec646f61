"""The style sheet of a program's own colours: a function of its accent and its tracks, and nothing else.

It only sets custom properties, which the other sheets use: on the root `--accent-light`, `--accent-dark` and the
colours of text on them, `--on-accent-light` and `--on-accent-dark`; `--track` on what has a `data-track`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from app.domain.colours import accent_pair, shape_pair
from app.domain.identity import Track
from app.domain.program import Program
from app.domain.session import Session
from app.web.static_files import build_hash

# The scheme that a page's reader or its projector prefers.
TRACK_SCHEMES = (
    "[data-track]{--track:var(--track-light)}"
    '@media(prefers-color-scheme:dark){:root:not([data-theme="light"]) [data-track]{--track:var(--track-dark)}}'
    ':root[data-theme="dark"] [data-track]{--track:var(--track-dark)}'
)
DIGEST_LETTERS = 12
DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_LETTERS}}}")


@dataclass(frozen=True, slots=True)
class IdentitySheet:
    """A sheet; its ``digest`` is part of its address, and "" where the program has no colours of its own."""

    css: str
    digest: str

    @property
    def address(self) -> str:
        """Where it is served for ever; "" for an empty one."""
        return f"/identity/{self.digest}.css" if self.css else ""

    @property
    def element(self) -> Markup:
        """The style element that holds it; "" for an empty one."""
        return Markup(f"<style>{self.css}</style>" if self.css else "")  # noqa: S704 - of checked colours alone

    @property
    def release(self) -> str:
        """The build with the sheet: pages of another one are loaded anew, since their policy refuses other styles."""
        return f"{build_hash()}-{self.digest}" if self.css else build_hash()


def sheet_of(program: Program) -> IdentitySheet:
    """The sheet of a program."""
    return _sheet(program.identity.accent, program.tracks)


def is_digest(text: str) -> bool:
    """Whether a text has the form of a sheet's digest."""
    return DIGEST.fullmatch(text) is not None


def track_mark(program: Program, session: Session) -> Markup:
    """The attribute by which a session's row gets the colour of its track: that track's number; "" without a colour."""
    if not program.track_color(session):
        return Markup()
    number = [track.name for track in program.tracks].index(session.track) + 1
    return Markup(' data-track="{}"').format(number)


@lru_cache(maxsize=32)
def _sheet(accent: str, tracks: tuple[Track, ...]) -> IdentitySheet:
    css = _accent_rule(accent) + _track_rules(tracks)
    return IdentitySheet(css, hashlib.sha256(css.encode()).hexdigest()[:DIGEST_LETTERS] if css else "")


def _accent_rule(accent: str) -> str:
    if not accent:
        return ""
    pair = accent_pair(accent)
    return (
        f":root{{--accent-light:{pair.light};--on-accent-light:{pair.on_light};"
        f"--accent-dark:{pair.dark};--on-accent-dark:{pair.on_dark}}}"
    )


def _track_rules(tracks: tuple[Track, ...]) -> str:
    pairs = {number: shape_pair(track.color) for number, track in enumerate(tracks, start=1) if track.color}
    rules = (
        f'[data-track="{number}"]{{--track-light:{light};--track-dark:{dark}}}'
        for number, (light, dark) in pairs.items()
    )
    return TRACK_SCHEMES + "".join(rules) if pairs else ""
