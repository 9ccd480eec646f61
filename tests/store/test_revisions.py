"""The history: complete, gapless and in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from support.publisher_processes import NOW, append_revision, marked, publish

from app.domain.errors import UnknownName
from app.domain.program import Announcement, Program
from app.domain.revision_diff import changed_sessions
from app.store.errors import Unreadable
from app.store.revisions import Revision, Revisions
from app.store.tables import revisions as table


def publish_at(revisions: Revisions, program: Program, now: datetime) -> Revision:
    return append_revision(revisions, program, author="Tao", now=now)


def renamed(program: Program, session: str, title: str) -> Program:
    return replace(
        program, sessions=tuple(replace(one, title=title) if one.id == session else one for one in program.sessions)
    )


def test_before_the_first_revision_there_is_none(revisions: Revisions) -> None:
    assert (len(revisions.history()), revisions.latest(), revisions.history()) == (0, None, ())


def test_what_is_published_is_read_back_as_it_was(revisions: Revisions, program: Program) -> None:
    made = append_revision(revisions, program, author="files", note="At first.", kind="import")
    assert (made.number, made.author, made.note, made.kind, made.base, made.undoes, made.at) == (
        *(1, "files", "At first.", "import", 0, None, NOW),
    )
    assert revisions.latest() == made == revisions.get(1)


def test_a_note_keeps_all_but_what_postgresql_cannot_hold(revisions: Revisions, first: Revision) -> None:
    append_revision(revisions, first.program, author="Tao", note="Flu\0 – 日本\n")
    assert revisions.get(2).note == "Flu – 日本\n"


def test_undoes_and_edit_are_kept(revisions: Revisions, first: Revision) -> None:
    said = {"author": "Tao", "note": "", "kind": "undo", "now": NOW, "undoes": 1, "edit": "undo 1"}
    append_revision(revisions, first.program, **said)
    assert (revisions.get(2).undoes, revisions.get(2).edit) == (1, "undo 1")


def test_a_revision_that_is_not_there_is_an_unknown_name(revisions: Revisions, first: Revision) -> None:
    with pytest.raises(UnknownName, match="there is no revision '2'"):
        revisions.get(2)


def test_the_sessions_ever_published_are_those_of_all_revisions(revisions: Revisions, first: Revision) -> None:
    everything = frozenset(first.program.sessions_by_id)
    append_revision(revisions, replace(first.program, sessions=first.program.sessions[1:]), author="Tao")
    append_revision(revisions, replace(first.program, sessions=first.program.sessions[2:]), author="Tao")
    assert revisions.sessions_ever() == everything


def test_before_the_first_revision_no_session_was_published(revisions: Revisions) -> None:
    assert revisions.sessions_ever() == frozenset()


def test_since_gives_what_came_after_in_order(revisions: Revisions, first: Revision) -> None:
    made = [publish(revisions, mark) for mark in ("two", "three", "four")]
    assert revisions.since(2) == tuple(made[1:])


def test_an_edit_that_fails_half_way_leaves_nothing(revisions: Revisions, first: Revision) -> None:
    def fail_half_way() -> None:
        with revisions.publishing() as transaction:
            transaction.append(marked(first.program, "lost"), author="Tao", note="", kind="edit", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert revisions.latest() == first


def test_a_turn_sees_what_it_published_itself(revisions: Revisions, first: Revision) -> None:
    with revisions.publishing() as transaction:
        for mark in ("two", "three"):
            transaction.append(marked(first.program, mark), author="Tao", note=mark, kind="edit", now=NOW)
    assert [(entry.number, entry.base, entry.note) for entry in revisions.history()] == [
        *((1, 0, ""), (2, 1, "two"), (3, 2, "three")),
    ]


def test_stamps_are_set_on_publishing(first: Revision) -> None:
    assert {(session.created_at, session.changed_at, session.sequence) for session in first.program.sessions} == {
        (NOW, NOW, 0)
    }


def test_an_announcement_gets_its_revisions_number(revisions: Revisions, first: Revision) -> None:
    word = Announcement(text="Lunch is served.", until=NOW + timedelta(minutes=30))
    made = publish_at(revisions, replace(first.program, announcements=(word,)), NOW)
    assert made.difference.announced == (replace(word, revision=2),)


def test_stamps_rise_when_the_clock_steps_back(revisions: Revisions, first: Revision) -> None:
    later = publish_at(revisions, renamed(first.program, "panel", "Later"), NOW + timedelta(hours=1))
    back = publish_at(revisions, renamed(later.program, "panel", "Earlier"), NOW)
    assert (later.at, back.at) == (NOW + timedelta(hours=1), NOW + timedelta(hours=1, seconds=1))
    assert back.program.session("panel").changed_at == back.at


def test_revisions_of_one_second_have_different_stamps_also_of_different_sessions(
    revisions: Revisions, first: Revision
) -> None:
    now = NOW + timedelta(minutes=1)
    panel = publish_at(revisions, renamed(first.program, "panel", "Panel!"), now)
    lunch = publish_at(revisions, renamed(panel.program, "lunch", "Lunch!"), now + timedelta(milliseconds=300))
    stamps = [panel.program.session("panel").changed_at, lunch.program.session("lunch").changed_at]
    assert stamps == [now, now + timedelta(seconds=1)]


def test_the_history_tells_what_changed_without_the_whole_program(revisions: Revisions, first: Revision) -> None:
    made = publish_at(revisions, renamed(first.program, "panel", "The future"), NOW)
    entry = revisions.history()[-1]
    assert entry.difference.sessions == changed_sessions(first.program, made.program)
    assert [session.id for session in entry.difference.after.sessions] == ["panel"]
    assert revisions.history(since=1) == (entry,)


def test_a_revision_that_cannot_be_read_is_said_by_number(revisions: Revisions, first: Revision) -> None:
    publish(revisions, "two")
    with revisions.database.writing() as connection:
        connection.execute(update(table).where(table.c.number == 2).values(program=b"spoilt", difference=b"too"))
    for reading in (revisions.latest, lambda: revisions.since(0), lambda: revisions.get(2), revisions.history):
        with pytest.raises(Unreadable, match="revision 2 cannot be read"):
            reading()
    assert revisions.get(1) == first


def test_a_revision_holds_of_the_announcements_those_that_are_new_or_gone(
    revisions: Revisions, first: Revision
) -> None:
    texts = ("Lunch is served.", "The bus waits.", "The bus has left.")
    lunch, bus, gone = (Announcement(text=text, until=NOW, revision=number) for number, text in enumerate(texts, 2))
    for announcements in ((lunch,), (lunch, bus), (lunch, gone)):
        latest = append_revision(revisions, replace(first.program, announcements=announcements))
    assert latest.difference.before is not None
    programs = (latest.difference.before, latest.difference.after)
    assert [program.announcements for program in programs] == [(bus,), (gone,)]
