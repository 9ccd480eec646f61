"""A next state of the program, published as an edit publishes it."""

from __future__ import annotations

from app.domain.program import Program
from app.web.running_service import Service
from support.publisher_processes import append_revision


def publish(service: Service, program: Program) -> Program:
    """Publish a program; gives it with its stamps."""
    append_revision(service.current.revisions, program, author="t", now=service.clock.now())
    service.current.refresh()
    return service.current.snapshot.revision.program
