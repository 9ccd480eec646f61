"""The names that all templates may use and that depend on the revision alone: made once for each."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from flask import Flask

from app.domain.program import Program
from app.formats import jsonld
from app.live.snapshot import Snapshot
from app.web import paper_list, template_helpers
from app.web.icons import icon_address
from app.web.identity_sheet import sheet_of, track_mark
from app.web.running_service import service_of
from app.web.session_markup import SessionMarkup

_EXTENSION = "revision names"
# With more rooms, the boards of now and next are grouped and folded.
MOST_ROOMS_UNFOLDED = 3
# The current revision, and the one before or the one that is prerendered.
MOST_REVISIONS = 2
# Of the memory that is allowed for all, the part that the markup of sessions may take.
MARKUP_PART = 4


@dataclass(frozen=True)
class RevisionNames:
    """The names of one snapshot, and the markup of its sessions."""

    snapshot: Snapshot
    names: dict[str, Any]
    markup: SessionMarkup


class _KeptNames:
    """Those of the latest snapshots. Thread-safe."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._memory = service_of(app).memory
        self._memory.keepers["markup"] = lambda: self.kept_bytes
        self._latest: list[RevisionNames] = []
        self._lock = threading.Lock()

    def of(self, snapshot: Snapshot) -> RevisionNames:
        """The names of a snapshot; those of one that is older than all that are kept are made for this once."""
        return self._kept(snapshot) or self._make(snapshot)

    def _kept(self, snapshot: Snapshot) -> RevisionNames | None:
        return next((one for one in self._latest if one.snapshot is snapshot), None)

    def _make(self, snapshot: Snapshot) -> RevisionNames:
        with self._lock:
            if (kept := self._kept(snapshot)) is not None:
                return kept
            former = self._latest[-1] if self._latest else None
            most_bytes = self._memory.allowed_bytes // MARKUP_PART
            former_markup = former.markup if former else None
            markup = SessionMarkup(self._app.jinja_env, snapshot.timeline, most_bytes, former_markup)
            made = RevisionNames(snapshot, _program_names(snapshot.revision.program), markup)
            if former is None or former.snapshot.revision.number <= snapshot.revision.number:
                self._latest = [*self._latest, made][-MOST_REVISIONS:]
            return made

    @property
    def kept_bytes(self) -> int:
        """What the markup takes in memory; pieces that revisions share are counted once."""
        latest = self._latest[-1].markup if self._latest else None
        return latest.kept_bytes + latest.former_bytes if latest else 0


def install(app: Flask) -> None:
    """Let an app keep the names of its revisions."""
    app.extensions[_EXTENSION] = _KeptNames(app)


def names_of(app: Flask, snapshot: Snapshot) -> RevisionNames:
    """The names of a snapshot."""
    return cast("_KeptNames", app.extensions[_EXTENSION]).of(snapshot)


def _program_names(program: Program) -> dict[str, Any]:
    """The names that depend on the program alone."""
    sheet = sheet_of(program)
    return {
        "program": program,
        "has_papers": bool(paper_list.papers_of(program)),
        "usual_kind": paper_list.usual_kind(program),
        "several_rooms": len(program.rooms) > 1,
        "many_rooms": len(program.rooms) > MOST_ROOMS_UNFOLDED,
        # The rooms whose now and next are not folded.
        "rooms_in_sight": [] if len(program.rooms) > MOST_ROOMS_UNFOLDED else [room.id for room in program.rooms],
        "rooms_with_cancelled": template_helpers.rooms_with_cancelled(program),
        "room_name": program.room_name,
        "page_links": list(template_helpers.page_titles(program).items()),
        "first_start": template_helpers.first_start(program),
        "date_range": template_helpers.date_range(program),
        "zone_name": template_helpers.zone_name(program),
        "clock": program.clock,
        "venue_clock": lambda instant: f"{program.local(instant):%H:%M:%S}",
        "iso": partial(template_helpers.iso, program),
        "venue_date": lambda instant: program.local(instant).date(),
        "speaker_names": partial(template_helpers.speaker_names, program),
        "day_of": partial(template_helpers.day_of, program),
        "status_text": partial(template_helpers.status_text, program),
        "role_text": partial(template_helpers.role_text, program),
        "note_target": partial(template_helpers.note_target, program),
        "program_data": partial(jsonld.program_data, program),
        "session_data": partial(jsonld.session_data, program),
        "identity_sheet": sheet,
        "icon_address": partial(icon_address, program),
        "build_hash": sheet.release,
        "track_mark": partial(track_mark, program),
    }
