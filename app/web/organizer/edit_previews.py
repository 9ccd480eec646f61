"""What an edit would do: the answer that previews, drafts and "Not here" show, told by room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus

from werkzeug.datastructures import MultiDict

from app.domain.edits.edit_rights import preview_by
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused, Preview, Suggestion
from app.domain.edits.suggestions import publishable_suggestions
from app.domain.errors import NotAllowed, StaleBase, TimeError
from app.domain.program import Program
from app.domain.revision_diff import SessionChange
from app.domain.texts import BadText
from app.store.revisions import HistoryEntry
from app.web.organizer.edit_forms import edit_of, faults_of, note_faults
from app.web.organizer.form_fields import revision_of
from app.web.organizer.signed_in_person import current_sign_in
from app.web.request_context import page_context
from app.web.running_service import current_service


@dataclass(frozen=True, slots=True)
class WayOut:
    """A suggestion, and what it would change."""

    suggestion: Suggestion
    changes: tuple[SessionChange, ...]
    after: Program


@dataclass(frozen=True, slots=True)
class RoomChanges:
    """What changes in one room; ``room`` None is what is for all rooms."""

    room: str | None
    changes: tuple[SessionChange, ...]
    clashes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a form asks for, and what it would do to the newest revision, ``base``; ``faults`` are by field.

    ``edit`` is None where the form is unclear; ``stale`` says that others changed
    the same since the form was made, in the revisions ``published_since``.
    """

    status: HTTPStatus
    base: int
    edit: Edit | None = None
    before: Program
    after: Program
    changes: tuple[SessionChange, ...] = ()
    clashes: tuple[str, ...] = ()
    rooms: tuple[RoomChanges, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    ways_out: tuple[WayOut, ...] = ()
    stale: StaleBase | None = None
    published_since: Sequence[HistoryEntry] = ()

    @property
    def publishable(self) -> bool:
        """Whether it can be published, with another note if that is wrong, and changes something."""
        return not self.clashes and not self.faults.keys() - {"note"} and self.before != self.after


@dataclass(frozen=True, slots=True)
class WouldDo:
    """What an edit would change, or what stands against it."""

    changes: tuple[SessionChange, ...] = ()
    against: tuple[str, ...] = ()


def what_it_would_do(edit: Edit) -> WouldDo:
    """What an edit of the newest revision would do, without the ways out where something stands against it."""
    try:
        seen = _seen(edit, page_context().revision)
    except (EditRefused, NotAllowed) as refused:
        return WouldDo(against=(str(refused),))
    return WouldDo(seen.changes, tuple(seen.clash_sentences))


def answer_to(form: MultiDict[str, str]) -> Answer:
    """The answer to a form; raises `NotAllowed`, and `UnknownName` for what the program does not have."""
    try:
        edit = edit_of(form, page_context().program)
    except (EditRefused, BadText, TimeError) as unclear:
        suggestions = publishable_suggestions(page_context().program, getattr(unclear, "suggestions", ()), _now())
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, faults_of(unclear), suggestions)
    answer = answer_to_edit(edit, revision_of(form, "base"))
    wrong = note_faults(form)
    faults = {**answer.faults, **wrong}
    return replace(answer, status=HTTPStatus.UNPROCESSABLE_ENTITY, faults=faults) if wrong else answer


def answer_to_edit(edit: Edit, base: int | None = None) -> Answer:
    """What an edit that was made on a revision, by default the newest, would do."""
    latest = page_context().revision
    try:
        return _preview(edit, latest if base is None else base)
    except StaleBase as stale:
        since = current_service().current.revisions.history(stale.base)
        entries = tuple(entry for entry in since if entry.number <= stale.latest)
        return replace(_preview(edit, latest), status=HTTPStatus.CONFLICT, stale=stale, published_since=entries)


def _preview(edit: Edit, base: int) -> Answer:
    """The preview of an edit on the newest revision; raises `StaleBase`, `NotAllowed`, `UnknownName`."""
    try:
        seen = _seen(edit, base)
    except BadText as bad:
        return replace(_refused(HTTPStatus.UNPROCESSABLE_ENTITY, faults_of(bad), ()), edit=edit)
    except EditRefused as refused:
        return replace(_refused(HTTPStatus.CONFLICT, faults_of(refused), refused.suggestions), edit=edit)
    return Answer(
        status=HTTPStatus.OK if seen.publishable else HTTPStatus.CONFLICT,
        base=page_context().revision,
        edit=edit,
        before=seen.before,
        after=seen.after,
        changes=seen.changes,
        clashes=seen.clash_sentences,
        rooms=tuple(_by_room(seen.after, seen.changes, _clashes_by_room(seen))),
        ways_out=ways_out_of(seen.suggestions),
    )


def _seen(edit: Edit, base: int) -> Preview:
    context = page_context()
    programs = {context.revision: context.program}
    if base not in programs:
        programs[base] = current_service().current.revisions.get(base).program
    return preview_by(current_sign_in().editor, edit, base, programs, _now())


def _refused(status: HTTPStatus, faults: Mapping[str, str], suggestions: Sequence[Suggestion]) -> Answer:
    context = page_context()
    shown = Answer(status=status, base=context.revision, before=context.program, after=context.program)
    return replace(shown, faults=faults, ways_out=ways_out_of(suggestions))


def ways_out_of(suggestions: Sequence[Suggestion]) -> tuple[WayOut, ...]:
    """The suggestions that the signed-in person may publish, each with what it would change."""
    found = []
    for suggestion in suggestions:
        try:
            seen = _seen(suggestion.edit, page_context().revision)
        except NotAllowed:
            continue
        found.append(WayOut(suggestion, seen.changes, seen.after))
    return tuple(found)


def _clashes_by_room(seen: Preview) -> dict[str | None, list[str]]:
    """The sentences of the clashes, by the room of the session that runs into another one."""
    found: dict[str | None, list[str]] = {}
    for clash in seen.clashes:
        found.setdefault(seen.after.session(clash.session).room, []).append(clash.sentence(seen.after))
    return found


def _by_room(
    program: Program, changes: Sequence[SessionChange], clashes: Mapping[str | None, Sequence[str]]
) -> Iterator[RoomChanges]:
    """What changes, room by room, those with a clash first."""
    changed: dict[str | None, list[SessionChange]] = {}
    for change in changes:
        session = change.after or change.before
        changed.setdefault(session.room if session else None, []).append(change)
    order = sorted([*(room.id for room in program.rooms), None], key=lambda room: room not in clashes)
    for room in order:
        if room in changed or room in clashes:
            yield RoomChanges(room, tuple(changed.get(room, ())), tuple(clashes.get(room, ())))


def changes_sum(changes: Sequence[SessionChange]) -> str:
    """How many sessions change, and how: "42 sessions later, 1 cancelled, the first at 10:15"."""
    counts = Counter(map(_sort_of_change, changes))
    told = [f"{count} {sort}" for sort, count in counts.most_common()]
    if told:
        (_, most), *_rest = counts.most_common(1)
        told[0] = told[0].replace(" ", " session " if most == 1 else " sessions ", 1)
    starts = [
        one.after.start for one in changes if one.after and not (one.before and one.before.start == one.after.start)
    ]
    first = [f"the first at {page_context().program.clock(min(starts))}"] if starts and len(changes) > 1 else []
    return ", ".join((*told, *first))


def _sort_of_change(change: SessionChange) -> str:
    old, new = change.before, change.after
    if old is None or new is None:
        return "new" if new else "gone"
    if old.cancelled != new.cancelled:
        return "cancelled" if new.cancelled else "reinstated"
    was, now = (old.start, old.end), (new.start, new.end)
    return "later" if now > was else "earlier" if now < was else "changed"


def _now() -> datetime:
    return current_service().clock.now()
