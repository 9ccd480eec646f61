"""A next state of the program, published as an edit publishes it."""

from __future__ import annotations

from app.domain.program import Program
from app.web.service import Service


def publish(service: Service, program: Program) -> Program:
    """Publish a program; gives it with its stamps."""
    base = service.current.snapshot.revision.number
    service.current.revisions.append(program, base=base, author="t", note="", kind="edit", now=service.clock.now())
    service.current.refresh()
    return service.current.snapshot.revision.program
