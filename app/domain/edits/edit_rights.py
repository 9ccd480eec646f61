"""Which edits each role may make. Organizers make all edits; chairs and operators re-time, chairs in one room.

Chairs also keep the line-ups of their room; operators take their steps. Speakers change what their session says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import get_args

from app.domain.edits.edit_types import (
    Absent,
    AddItem,
    Announce,
    BackTo,
    ChangeContent,
    Delay,
    Edit,
    EndNow,
    Explain,
    Extend,
    ItemAbsent,
    OrderItems,
    Pushing,
    RecordedEdit,
    RemoveItem,
    StartNow,
    Step,
)
from app.domain.edits.outcome import EditRefused, Preview, Suggestion
from app.domain.edits.preview import preview, preview_on_latest
from app.domain.edits.speaker_rights import check_in_time, check_own_fields, check_own_tick
from app.domain.errors import AgendaError, NotAllowed, UnknownName
from app.domain.program import Program
from app.domain.revision_diff import SessionChange, changed_sessions
from app.domain.rights import Editor, Role
from app.domain.session import Session

_LINE_UP: frozenset[type[RecordedEdit]] = frozenset({Step, OrderItems, ItemAbsent, AddItem, RemoveItem})

EDITS_OF: Mapping[Role, frozenset[type[RecordedEdit]]] = {
    "organizer": frozenset({*get_args(Edit), BackTo, Explain}),
    "chair": frozenset({StartNow, EndNow, Extend, Delay, Absent, Announce, Explain}) | _LINE_UP,
    "operator": frozenset({StartNow, EndNow, Extend, Delay, Step, Explain}),
    # Of these a speaker makes some, for some time (`speaker_rights`), and waits for an organizer's OK.
    "speaker": frozenset({ChangeContent}),
}
# Organizers are refused none.
REFUSED: Mapping[Role, str] = {
    "chair": (
        "A chair starts, ends and delays sessions of one room, keeps their line-ups and announces there; "
        "ask an organizer for the rest."
    ),
    "operator": (
        "An operator starts, ends and delays sessions and steps through line-ups; ask an organizer for anything else."
    ),
    "speaker": "A speaker changes what their own session says; ask an organizer for the rest.",
}


def preview_by(editor: Editor, edit: Edit, base: int, programs: Mapping[int, Program], now: datetime) -> Preview:
    """What somebody's edit would do, as `preview_on_latest`; suggestions are those that they may publish.

    For whoever edits one room, sessions for all rooms are pinned. Raises `NotAllowed` in addition.
    """
    if base not in programs:
        raise UnknownName("revision", str(base))
    latest = programs[max(programs)]
    check_edit(editor, latest, edit)
    if editor.role == "organizer":
        return preview_on_latest(edit, base, programs, now)
    if editor.role == "speaker" and isinstance(edit, ChangeContent):
        check_in_time(latest, edit, now)
    seen_by_them = {number: _seen_by(editor, programs[number]) for number in (base, max(programs))}

    def allowed(suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
        return tuple(one for one in suggestions if _is_allowed(editor, latest, one.edit, now))

    try:
        seen = preview_on_latest(edit, base, seen_by_them, now)
    except EditRefused as refused:
        raise EditRefused(refused.reason, allowed(refused.suggestions), field=refused.field) from None
    after = _with_pins_of(latest, seen.after)
    check_changes(editor, latest, after)
    return replace(seen, before=latest, after=after, suggestions=allowed(seen.suggestions))


def has_in_hand(editor: Editor, session: Session) -> bool:
    """Whether a session is in the room that somebody edits, or a speaker's own; some edit all, also what is for all."""
    return editor.room in {None, session.room} and editor.session in {None, session.id}


def may_keep_room_state(editor: Editor, session: Session) -> bool:
    """Whether somebody sees and changes the room state of a session: organizers, and chairs of its room."""
    return editor.role in {"organizer", "chair"} and has_in_hand(editor, session)


def may_cue(editor: Editor, room: str) -> bool:
    """Whether somebody sends cues to the stage of a room: organizers, and its chairs."""
    return editor.role in {"organizer", "chair"} and editor.room in {None, room}


def check_cue(editor: Editor, room: str) -> None:
    """Raise `NotAllowed` for whoever sends no cues to the stage of a room."""
    if not may_cue(editor, room):
        raise NotAllowed("Organizers and the chairs of a room send cues to its stage.")


def check_room_state(editor: Editor, session: Session) -> None:
    """Raise `NotAllowed` for whoever does not keep the room state of a session."""
    if not may_keep_room_state(editor, session):
        raise NotAllowed("Organizers and the chairs of its room keep a session's ticks and notes.")


def check_tick(editor: Editor, session: Session, speaker: str, tick: str, now: datetime) -> None:
    """Raise `NotAllowed` for whoever does not set this tick of a session's speaker."""
    if editor.role == "speaker":
        check_own_tick(editor, session, speaker, tick, now)
    else:
        check_room_state(editor, session)


def check_publishes(editor: Editor, program: Program) -> None:
    """Raise `NotAllowed` for a speaker whose changes wait for an organizer's OK."""
    if editor.role == "speaker" and not program.speakers_publish:
        raise NotAllowed("What a speaker changes waits for an organizer's OK.")


def check_decides(editor: Editor) -> None:
    """Raise `NotAllowed` for whoever does not decide what comes of a speaker's change."""
    if editor.role != "organizer":
        raise NotAllowed("An organizer says OK to what speakers change.")


def check_edit(editor: Editor, program: Program, edit: RecordedEdit) -> None:
    """Raise `NotAllowed` for an edit that the editor's role does not allow, whatever it would change."""
    if type(edit) not in EDITS_OF[editor.role]:
        raise NotAllowed(REFUSED[editor.role])
    if isinstance(edit, Pushing) and (edit.push or edit.squeeze) and editor.role != "organizer":
        raise NotAllowed("Only an organizer moves what is pinned.")
    if editor.role == "speaker" and isinstance(edit, ChangeContent):
        check_own_fields(editor, program, edit)
    if editor.room is None:
        return
    if isinstance(edit, Announce):
        if edit.room != editor.room:
            raise NotAllowed("A chair announces to their own room.")
    elif not has_in_hand(editor, program.session(getattr(edit, "session", ""))):
        raise NotAllowed("That session is not in your room.")


def check_changes(editor: Editor, before: Program, after: Program) -> None:
    """Raise `NotAllowed` where sessions of other rooms would change than the editor's own."""
    check_rooms(editor, changed_sessions(before, after))


def check_rooms(editor: Editor, changes: Iterable[SessionChange]) -> None:
    """Raise `NotAllowed` where one of the changes is of another room than the editor's own."""
    for change in changes if editor.room is not None else ():
        rooms = {session.room for session in (change.before, change.after) if session is not None}
        if rooms != {editor.room}:
            raise NotAllowed("That would change a session of another room; ask an organizer.")


def check_undo(editor: Editor) -> None:
    """Raise `NotAllowed` for whoever takes nothing back, not even their own."""
    if editor.role not in {"organizer", "chair"}:
        raise NotAllowed("An organizer or a chair takes changes back.")


def check_undo_of(
    editor: Editor, program: Program, target: int, own_latest: int | None, edit: RecordedEdit | None
) -> None:
    """Raise `NotAllowed` unless an organizer takes a revision back, or a chair their own latest that still stands.

    ``edit`` is the one that the revision published. A chair could have made it: somebody of the same name may have
    been an organizer when they did, or chair of another room.
    """
    if editor.role == "organizer":
        return
    if target != own_latest or edit is None:
        raise NotAllowed("A chair takes back their own latest change; ask an organizer for any other.")
    check_edit(editor, program, edit)


def check_note_on(
    editor: Editor, program: Program, author: str, edit: RecordedEdit | None, changes: Iterable[SessionChange]
) -> None:
    """Raise `NotAllowed` unless an organizer gives a revision its note, or somebody else a revision of their own.

    ``edit`` is the one that its ``author`` published or took back. Whoever is no organizer could have made it in the
    role and the room that they have now.
    """
    check_explains(editor)
    if editor.role == "organizer":
        return
    if author != editor.name or edit is None:
        raise NotAllowed("You say why of your own changes; ask an organizer for any other.")
    check_edit(editor, program, edit)
    check_rooms(editor, changes)


def check_explains(editor: Editor) -> None:
    """Raise `NotAllowed` for whoever gives no revision a note, not even their own."""
    if Explain not in EDITS_OF[editor.role]:
        raise NotAllowed(REFUSED[editor.role])


def _seen_by(editor: Editor, program: Program) -> Program:
    """The program; for whoever edits one room with its sessions for all rooms pinned."""
    if editor.room is None:
        return program
    sessions = (replace(one, pinned=one.pinned or one.room is None) for one in program.sessions)
    return replace(program, sessions=tuple(sessions))


def _with_pins_of(latest: Program, after: Program) -> Program:
    sessions = (replace(one, pinned=latest.session(one.id).pinned) for one in after.sessions)
    return replace(after, sessions=tuple(sessions))


def _is_allowed(editor: Editor, latest: Program, edit: Edit, now: datetime) -> bool:
    """Whether somebody may make an edit with all that it changes."""
    try:
        check_edit(editor, latest, edit)
        seen = preview(_seen_by(editor, latest), edit, now)
        check_changes(editor, latest, _with_pins_of(latest, seen.after))
    except AgendaError:
        return False
    return seen.publishable
