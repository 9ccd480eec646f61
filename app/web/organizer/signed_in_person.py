"""Who is signed in to the console in this request, and what they have in hand."""

from __future__ import annotations

from contextlib import suppress

from flask import g

from app.domain.program import Program, Room
from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.store.errors import SignInRefused
from app.store.sign_ins import SignIn, SignIns
from app.web.running_service import current_service
from app.web.sign_in_cookie import sent_key


def sign_ins() -> SignIns:
    """The sign-ins in this service's database. They expire by the real time, even in a rehearsal."""
    return SignIns(current_service().database)


def current_program() -> Program:
    """The program of the newest revision."""
    return current_service().current.snapshot.revision.program


def signed_in() -> SignIn | None:
    """The sign-in of this browser; None for a reader."""
    if "sign_in" not in g:
        g.sign_in = None
        if key := sent_key():
            with suppress(SignInRefused):
                g.sign_in = sign_ins().signed_in(key, SYSTEM_CLOCK.now(), current_program())
    found: SignIn | None = g.sign_in
    return found


def current_sign_in() -> SignIn:
    """The sign-in of this browser, in a view of the console."""
    found: SignIn = g.sign_in
    return found


def rooms_of(editor: Editor, program: Program) -> tuple[Room, ...]:
    """The rooms that somebody has in hand: all of them, one, or none."""
    if editor.role == "speaker":
        return ()
    return tuple(room for room in program.rooms if editor.room in {None, room.id})
