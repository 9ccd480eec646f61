"""The console's pages of the day cost the same however much was published before."""

from __future__ import annotations

import cProfile
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event
from support.codeml_day import talk, two_rooms
from support.console_browser import Console

from app.domain.edits.edit_types import ChangeContent, Delay
from app.domain.program import Program
from app.domain.rights import Editor
from app.live.history import UNPACKED
from app.store.publishing import publish_edit
from app.store.revisions import unpack_entry
from app.web.running_service import Service

PAGES = ("/organizer", "/organizer?done=2", "/organizer/sessions", "/organizer/talks/a")
ADA = Editor("Ada", "chair", "hall")


@pytest.fixture
def program() -> Program:
    return two_rooms(talk("a", "10:30-11:00"), talk("b", "10:30-11:00", "annex"))


@pytest.fixture
def chair(app: Flask) -> Console:
    return Console(app, ADA.name, ADA.room)


def publish(service: Service, edit: Delay | ChangeContent, by: Editor) -> None:
    base = service.current.snapshot.revision.number
    publish_edit(service.current.revisions, edit, base=base, by=by, note="", now=service.clock.now())
    service.current.refresh()


def publish_many(service: Service) -> None:
    """More changes of others than are kept unpacked."""
    for number in range(UNPACKED + 5):
        publish(service, ChangeContent("b", title=f"Number {number}"), Editor("Alina"))


def calls(function: Callable[..., object], during: Callable[[], object]) -> int:
    """How often a function is called meanwhile."""
    with cProfile.Profile() as profile:
        during()
    return sum(one.callcount for one in profile.getstats() if one.code is function.__code__)


@pytest.mark.parametrize(("path", "unpacked"), list(zip(PAGES, (1, 1, 0, 1), strict=True)))
def test_a_chairs_page_unpacks_no_revision_but_their_own_of_many(
    chair: Console, service: Service, path: str, unpacked: int
) -> None:
    publish(service, Delay("a", 5), ADA)
    publish_many(service)
    assert calls(unpack_entry, lambda: chair.get(path)) == unpacked


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_the_database_the_same_with_many_revisions(chair: Console, service: Service, path: str) -> None:
    asked: list[str] = []
    service.watcher.stop()
    publish(service, Delay("a", 5), ADA)
    event.listen(service.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    chair.get(path)
    before = [*asked]
    publish_many(service)
    asked.clear()
    chair.get(path)
    assert asked == before
