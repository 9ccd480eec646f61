"""A next revision in the service: as an edit publishes it, or any state of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.edits.edit_types import Edit
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.session import Link
from app.store.publishing import publish_edit
from app.web.running_service import Service
from support.publisher_processes import append_revision

# Publishes an edit with a note.
Publish = Callable[[Edit, str], None]


def publish(service: Service, program: Program) -> Program:
    """Publish a program; gives it with its stamps."""
    append_revision(service.current.revisions, program, author="t", now=service.clock.now())
    service.current.refresh()
    return service.current.snapshot.revision.program


def publish_noted(service: Service, edit: Edit, note: str = "") -> None:
    """Publish an edit of the newest revision, by an organizer, with a public note."""
    base = service.current.snapshot.revision.number
    publish_edit(service.current.revisions, edit, base=base, by=Editor("Frank"), note=note, now=service.clock.now())
    service.current.refresh()


def with_links_of(program: Program, session: str, *links: Link) -> Program:
    """A program in which one session has these links."""
    sessions = (replace(one, links=links) if one.id == session else one for one in program.sessions)
    return replace(program, sessions=tuple(sessions))
