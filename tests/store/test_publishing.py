"""Edits, undo and changed files, on a real history."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.codeml_day import at, offers, talk, times, two_rooms
from support.papers import with_papers
from support.publisher_processes import NOW, PROGRAM_ID, append_revision

from app.domain.change_text import headline
from app.domain.edits.edit_types import (
    Announce,
    Cancel,
    ChangeContent,
    ChangeRoom,
    Delay,
    Edit,
    EndNow,
    Extend,
    Move,
)
from app.domain.edits.outcome import EditRefused, UndoRefused
from app.domain.edits.preview import preview
from app.domain.errors import StaleBase, UnknownName
from app.domain.program import Person, Program
from app.domain.revision_diff import changed_sessions
from app.domain.rights import FILES, Editor
from app.domain.session import Item
from app.formats.program_folder.files import hash_of_folder
from app.store.publish_files import open_conflict, publish_files
from app.store.publishing import publish_edit, undo
from app.store.revisions import Revision, Revisions

MINUTE = timedelta(minutes=1)
FIRST_FILES = "a" * 64
SECOND_FILES = "b" * 64
THIRD_FILES = "c" * 64


def edited(revisions: Revisions, edit: Edit) -> Revision:
    return publish_edit(revisions, edit, base=len(revisions.history()), by=Editor("Tao"), note="", now=NOW)


def undone(revisions: Revisions, number: int | None = None) -> Revision:
    return undo(revisions, number, by=Editor("Tao"), note="", now=NOW)


def titles(program: Program, *names: str) -> list[str]:
    return [program.session(name).title for name in names]


def with_title(program: Program, session: str, title: str) -> Program:
    return replace(
        program, sessions=tuple(replace(one, title=title) if one.id == session else one for one in program.sessions)
    )


def test_an_edit_is_published_as_its_preview_said(revisions: Revisions, first: Revision) -> None:
    edit = Cancel(session="panel")
    seen = preview(first.program, edit, NOW)
    made = publish_edit(revisions, edit, base=1, by=Editor("Tao"), note="Flu.", now=NOW + MINUTE)
    assert (made.number, made.kind, made.author, made.note, made.at) == (2, "edit", "Tao", "Flu.", NOW + MINUTE)
    assert changed_sessions(made.program, seen.after) == ()
    assert made.program.session("panel").sequence == 1


def test_what_was_done_is_kept_for_machines(revisions: Revisions, first: Revision) -> None:
    made = edited(revisions, Cancel(session="panel"))
    assert json.loads(made.edit or "") == {"edit": "Cancel", "session": "panel"}


def test_an_edit_that_clashes_is_refused_with_its_ways_out_and_changes_nothing(
    revisions: Revisions, first: Revision
) -> None:
    with pytest.raises(EditRefused, match=r"would run \d+ minutes into “Lunch and discussion”") as refusal:
        edited(revisions, Delay(session="sara-hooker", minutes=50))
    assert len(refusal.value.suggestions) > 0
    assert revisions.latest() == first


def test_an_edit_of_nothing_is_an_unknown_revision(revisions: Revisions) -> None:
    with pytest.raises(UnknownName):
        publish_edit(revisions, Cancel(session="panel"), base=0, by=Editor("Tao"), note="", now=NOW)


# Edits of an older base

ADA, ALAN = Person(id="ada", name="Ada"), Person(id="alan", name="Alan")


@pytest.fixture
def halls(revisions: Revisions) -> Program:
    """Two rooms, each with talks one after another; revision 1. It is 10:20."""
    program = two_rooms(
        *(talk("a1", "10:00-10:30"), talk("a2", "10:30-11:00"), talk("a3", "11:15-11:45")),
        *(talk("b1", "10:00-10:30", "annex"), talk("b2", "10:30-11:00", "annex")),
        talk("lunch", "12:00-13:00", None, pinned=True),
    )
    append_revision(revisions, program, author="files", kind="import")
    return program


def on_base_1(revisions: Revisions, edit: Edit) -> Revision:
    return publish_edit(revisions, edit, base=1, by=Editor("Ada"), note="", now=NOW)


def stale(revisions: Revisions, edit: Edit) -> tuple[int, int]:
    """The base and the latest revision that a refusal names."""
    latest = len(revisions.history())
    with pytest.raises(StaleBase) as refusal:
        on_base_1(revisions, edit)
    assert len(revisions.history()) == latest
    return refusal.value.base, refusal.value.latest


def test_edits_in_two_rooms_do_not_meet(revisions: Revisions, halls: Program) -> None:
    edited(revisions, Extend("a1"))
    made = on_base_1(revisions, Extend("b1"))
    assert (made.number, made.base, made.author) == (3, 2, "Ada")
    assert times(made.program, "a1", "a2", "b1", "b2") == {
        "a1": "10:00–10:35",
        "a2": "10:35–11:05",
        "b1": "10:00–10:35",
        "b2": "10:35–11:05",
    }


def test_a_title_and_a_delay_of_one_session_do_not_meet(revisions: Revisions, halls: Program) -> None:
    edited(revisions, Delay("a2", 5))
    made = on_base_1(revisions, ChangeContent("a2", title="On attention"))
    assert (times(made.program, "a2"), titles(made.program, "a2")) == ({"a2": "10:35–11:05"}, ["On attention"])


def test_a_title_and_the_speakers_of_one_session_do_not_meet(revisions: Revisions, halls: Program) -> None:
    edited(revisions, ChangeContent("a2", speakers=("ada",), people=(ADA,)))
    made = on_base_1(revisions, ChangeContent("a2", title="On attention")).program.session("a2")
    assert (made.title, made.speakers) == ("On attention", ("ada",))


@pytest.mark.parametrize(
    "other", [Extend("a1"), ChangeContent("a1", title="Hello"), Cancel("a2"), Announce("Lunch is served.")]
)
def test_an_announcement_meets_nothing(revisions: Revisions, halls: Program, other: Edit) -> None:
    edited(revisions, other)
    made = on_base_1(revisions, Announce("The door is open."))
    assert (made.number, made.program.announcements[-1].text) == (3, "The door is open.")


@pytest.mark.parametrize("edit", [Extend("a1"), ChangeContent("a1", title="Hello"), Cancel("a2")])
def test_nothing_meets_an_announcement(revisions: Revisions, halls: Program, edit: Edit) -> None:
    edited(revisions, Announce("Lunch is served."))
    made = on_base_1(revisions, edit)
    assert (made.number, [one.text for one in made.program.announcements]) == (3, ["Lunch is served."])


def test_two_edits_that_add_the_same_person_do_not_meet(revisions: Revisions, halls: Program) -> None:
    edited(revisions, ChangeContent("a2", speakers=("alan",), people=(ALAN,)))
    made = on_base_1(revisions, ChangeContent("b2", speakers=("alan",), people=(ALAN,))).program
    assert (made.session("a2").speakers, made.session("b2").speakers) == (("alan",), ("alan",))
    assert [one for one in made.speakers if one.id == "alan"] == [ALAN]


def test_five_more_minutes_twice_from_one_base_are_stale(revisions: Revisions, halls: Program) -> None:
    edited(revisions, Extend("a1"))
    assert stale(revisions, Extend("a1")) == (1, 2)


def test_a_delay_that_pushes_what_somebody_else_moved_is_stale(revisions: Revisions, halls: Program) -> None:
    edited(revisions, Move("a2", at("10:32")))
    assert stale(revisions, Delay("a1", 5)) == (1, 2)


def test_a_delay_that_only_now_reaches_what_somebody_else_moved_is_stale(revisions: Revisions, halls: Program) -> None:
    edited(revisions, Move("a3", at("11:00")))
    assert stale(revisions, Delay("a1", 5)) == (1, 2)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (ChangeRoom("a3", "annex"), Cancel("a3")),
        (Cancel("a3"), ChangeRoom("a3", "annex")),
        (Cancel("a3"), Delay("a3", 5)),
        (EndNow("a1"), Cancel("a1")),
        (Cancel("a3"), Cancel("a3")),
        (ChangeContent("a3", title="Hello"), ChangeContent("a3", title="Goodbye")),
        (
            ChangeContent("a3", speakers=("ada",), people=(ADA,)),
            ChangeContent("a3", speakers=("alan",), people=(ALAN,)),
        ),
    ],
)
def test_start_end_room_and_status_of_a_session_are_one_field(
    revisions: Revisions, halls: Program, theirs: Edit, ours: Edit
) -> None:
    edited(revisions, theirs)
    assert stale(revisions, ours) == (1, 2)


def test_what_was_changed_and_taken_back_is_not_stale(revisions: Revisions, halls: Program) -> None:
    edited(revisions, Extend("a1"))
    undone(revisions)
    assert times(on_base_1(revisions, Extend("a1")).program, "a1") == {"a1": "10:00–10:35"}


def test_what_no_longer_fits_in_the_latest_is_refused_with_ways_out_there(revisions: Revisions, halls: Program) -> None:
    edited(revisions, Move("lunch", at("11:50")))
    with pytest.raises(EditRefused, match="would run 5 minutes into") as refusal:
        on_base_1(revisions, Move("a3", at("11:25")))
    assert (len(refusal.value.suggestions) > 0, len(revisions.history())) == (True, 2)


def test_what_only_fits_in_the_latest_is_judged_by_that_alone(revisions: Revisions, halls: Program) -> None:
    edited(revisions, Cancel("a2"))
    made = on_base_1(revisions, Move("a3", at("10:30")))
    assert times(made.program, "a3") == {"a3": "10:30–11:00"}


def test_a_session_that_is_gone_from_the_latest_is_an_unknown_name(revisions: Revisions, halls: Program) -> None:
    left = replace(halls, sessions=tuple(one for one in halls.sessions if one.id != "a3"))
    append_revision(revisions, left, author="files", kind="publish")
    with pytest.raises(UnknownName, match="there is no session 'a3'"):
        on_base_1(revisions, ChangeContent("a3", title="Hello"))


def test_an_edit_of_an_older_base_that_changes_nothing_gives_that_base_back(
    revisions: Revisions, halls: Program
) -> None:
    edited(revisions, Extend("b1"))
    assert on_base_1(revisions, ChangeContent("a1", title="A1")) == revisions.get(1)
    assert len(revisions.history()) == 2


@pytest.mark.parametrize("base", [-1, 0, 2, 99])
def test_a_base_that_is_no_revision_is_refused(revisions: Revisions, first: Revision, base: int) -> None:
    with pytest.raises(UnknownName, match=f"there is no revision '{base}'"):
        publish_edit(revisions, Cancel(session="panel"), base=base, by=Editor("Tao"), note="", now=NOW)
    assert revisions.latest() == first


# Undo


def test_undo_takes_back_the_latest_edit(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel(session="panel"))
    edited(revisions, Cancel(session="lunch"))
    made = undone(revisions)
    assert (made.kind, made.undoes) == ("undo", 3)
    assert [made.program.session(name).status for name in ("panel", "lunch")] == ["cancelled", "confirmed"]


def test_undo_again_takes_back_the_one_before(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel(session="panel"))
    edited(revisions, Cancel(session="lunch"))
    assert [undone(revisions).undoes, undone(revisions).undoes] == [3, 2]
    with pytest.raises(EditRefused, match="there is nothing to undo"):
        undone(revisions)


def test_undo_raises_the_stamps(revisions: Revisions, first: Revision) -> None:
    moved, back = edited(revisions, Cancel(session="panel")), undone(revisions)
    stamps = [(one.program.session("panel").sequence, one.program.session("panel").changed_at) for one in (moved, back)]
    assert stamps == [(1, moved.at), (2, back.at)]
    assert back.at == moved.at + timedelta(seconds=1)


def test_an_earlier_revision_is_taken_back_under_later_ones(revisions: Revisions, first: Revision) -> None:
    edited(revisions, ChangeContent(session="panel", title="The future"))
    edited(revisions, Cancel(session="lunch"))
    made = undone(revisions, 2)
    assert titles(made.program, "panel") == titles(first.program, "panel")
    assert made.program.session("lunch").status == "cancelled"


def test_undo_is_refused_naming_the_later_revision_that_changed_the_same(revisions: Revisions, first: Revision) -> None:
    for title in ("The future", "The past"):
        edited(revisions, ChangeContent(session="panel", title=title))
    edited(revisions, Cancel(session="lunch"))
    with pytest.raises(UndoRefused) as refusal:
        undone(revisions, 2)
    assert (refusal.value.number, refusal.value.later, len(revisions.history())) == (2, (3,), 4)


def test_what_is_undone_cannot_be_undone_again(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel(session="panel"))
    undone(revisions)
    with pytest.raises(EditRefused, match="revision 2 is undone already, by revision 3"):
        undone(revisions, 2)


def test_an_undo_can_be_undone_and_the_edit_then_again(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel(session="panel"))
    undone(revisions)
    again = undone(revisions, 3)
    assert again.program.session("panel").status == "cancelled"
    assert undone(revisions, 2).program.session("panel").status == "confirmed"


def test_undo_withdraws_an_announcement(revisions: Revisions, first: Revision) -> None:
    said = edited(revisions, Announce(text="Lunch is served."))
    assert [one.text for one in said.program.announcements] == ["Lunch is served."]
    assert undone(revisions).program.announcements == ()


def test_the_first_revision_cannot_be_undone(revisions: Revisions, first: Revision) -> None:
    for number in (None, 1):
        with pytest.raises(EditRefused):
            undone(revisions, number)


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_revision_that_is_not_there_cannot_be_undone(revisions: Revisions, first: Revision, number: int) -> None:
    with pytest.raises(UnknownName):
        undone(revisions, number)


def test_the_first_files_are_revision_1(revisions: Revisions, program: Program) -> None:
    outcome = publish_files(revisions, program, source_hash=FIRST_FILES, now=NOW)
    assert outcome.kind == "published"
    assert outcome.revision == revisions.latest()
    assert [(one.number, one.kind, one.author) for one in revisions.history()] == [(1, "import", FILES)]


@pytest.fixture
def published(revisions: Revisions, program: Program) -> Program:
    """The first program, published from its files."""
    publish_files(revisions, program, source_hash=FIRST_FILES, now=NOW)
    return program


def test_changed_files_are_merged_with_what_was_edited_on_the_day(revisions: Revisions, published: Program) -> None:
    edited(revisions, Cancel(session="lunch"))
    outcome = publish_files(
        revisions, with_title(published, "panel", "The future"), source_hash=SECOND_FILES, now=NOW + MINUTE
    )
    assert (outcome.kind, outcome.conflicts) == ("published", ())
    latest = revisions.latest()
    assert latest == outcome.revision
    assert latest is not None
    assert (latest.number, latest.kind, latest.program.session("panel").title) == (3, "publish", "The future")
    assert latest.program.session("lunch").status == "cancelled"


def test_files_that_were_merged_once_are_not_merged_again(revisions: Revisions, published: Program) -> None:
    newer = with_title(published, "panel", "The future")
    publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW)
    for old, source_hash in ((published, FIRST_FILES), (newer, SECOND_FILES)):
        assert publish_files(revisions, old, source_hash=source_hash, now=NOW).kind == "unchanged"
    assert (len(revisions.history()), titles(revisions.get(2).program, "panel")) == (2, ["The future"])


def test_files_that_are_restored_are_merged_again_unless_they_are_the_last(
    revisions: Revisions, published: Program
) -> None:
    newer = with_title(published, "panel", "The future")
    publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW)
    again = [
        publish_files(revisions, one, source_hash=source_hash, now=NOW, restored=True).kind
        for one, source_hash in ((newer, SECOND_FILES), (published, FIRST_FILES), (published, FIRST_FILES))
    ]
    assert again == ["unchanged", "published", "unchanged"]
    latest = revisions.latest()
    assert latest is not None
    assert (latest.number, titles(latest.program, "panel")) == (3, titles(published, "panel"))
    assert publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW).kind == "unchanged"


def test_files_are_compared_with_those_merged_last(revisions: Revisions, published: Program) -> None:
    newer = with_title(published, "panel", "The future")
    publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW)
    edited(revisions, ChangeContent(session="panel", title="The present"))
    newest = with_title(newer, "closing", "Goodbye")
    outcome = publish_files(revisions, newest, source_hash=THIRD_FILES, now=NOW)
    assert outcome.revision is not None
    assert titles(outcome.revision.program, "panel", "closing") == ["The present", "Goodbye"]


def items_published(revisions: Revisions, session: str = "posters") -> list[tuple[str, str]]:
    """The ids and titles of a session's items, as they are published now."""
    latest = revisions.latest()
    assert latest is not None
    return [(item.id, item.title) for item in latest.program.session(session).items]


def publish_items(revisions: Revisions, program: Program, *items: Item, source_hash: str) -> None:
    """Publish files with these items, which have ids where they are given."""
    files = with_papers(program, items, "posters")
    found = zip(items, files.session("posters").items, strict=True)
    made = {made.id for given, made in found if not given.id}
    outcome = publish_files(revisions, files, source_hash=source_hash, now=NOW, made_ids=made)
    assert outcome.conflicts == ()


def test_an_item_without_an_id_keeps_the_one_of_its_first_title(revisions: Revisions, published: Program) -> None:
    for hashed, title in ((SECOND_FILES, "Moss"), (THIRD_FILES, "On Bark"), ("d" * 64, "Bark")):
        item = Item(title=title, authors=("Ada", "Tao"), number="1")
        publish_items(revisions, published, item, Item(title="Fern"), source_hash=hashed)
    assert items_published(revisions) == [("moss", "Bark"), ("fern", "Fern")]


def test_items_without_ids_whose_titles_begin_alike_keep_theirs_in_another_order(
    revisions: Revisions, published: Program
) -> None:
    one, other = (Item(title=f"Learning to rank for {size} collections") for size in ("large", "small"))
    publish_items(revisions, published, one, other, source_hash=SECOND_FILES)
    before = {title: name for name, title in items_published(revisions)}
    publish_items(revisions, published, other, one, source_hash=THIRD_FILES)
    assert {title: name for name, title in items_published(revisions)} == before


def test_an_id_that_files_give_is_the_items(revisions: Revisions, published: Program) -> None:
    authors = ("Ada", "Grace")
    publish_items(
        revisions, published, Item(id="a-paper", title="Moss", authors=authors, number="1"), source_hash=SECOND_FILES
    )
    publish_items(
        revisions, published, Item(id="b-paper", title="Fern", authors=authors, number="1"), source_hash=THIRD_FILES
    )
    assert items_published(revisions) == [("b-paper", "Fern")]


def test_another_paper_by_the_same_authors_without_an_id_is_another_one(
    revisions: Revisions, published: Program
) -> None:
    publish_items(revisions, published, Item(title="Moss in caves", authors=("Ada",)), source_hash=SECOND_FILES)
    publish_items(revisions, published, Item(title="Quantum ferns", authors=("Ada",)), source_hash=THIRD_FILES)
    assert items_published(revisions) == [("quantum-ferns", "Quantum ferns")]


def test_papers_move_with_a_session_that_has_another_id_or_to_another_session(
    revisions: Revisions, published: Program
) -> None:
    items = (Item(id="moss", title="Moss"), Item(id="fern", title="Fern"))
    with_posters = with_papers(published, items, "posters")
    publish_files(revisions, with_posters, source_hash=SECOND_FILES, now=NOW)
    renamed = replace(
        with_posters,
        sessions=tuple(replace(one, id="posters-2") if one.id == "posters" else one for one in with_posters.sessions),
    )
    outcome = publish_files(revisions, renamed, source_hash=THIRD_FILES, now=NOW)
    assert outcome.conflicts == ()
    assert (items_published(revisions), items_published(revisions, "posters-2")) == (
        [],
        [("moss", "Moss"), ("fern", "Fern")],
    )
    moved = with_papers(with_papers(renamed, items[:1], "posters-2"), items[1:], "panel")
    publish_files(revisions, moved, source_hash="d" * 64, now=NOW)
    assert (items_published(revisions, "posters-2"), items_published(revisions, "panel")) == (
        [("moss", "Moss")],
        [("fern", "Fern")],
    )


def test_an_undo_that_would_give_two_items_one_id_is_refused(revisions: Revisions, published: Program) -> None:
    publish_files(
        revisions,
        with_papers(published, (Item(id="moss", title="Moss"),), "posters"),
        source_hash=SECOND_FILES,
        now=NOW,
    )
    removed = edited(revisions, ChangeContent("posters", items=())).number
    edited(revisions, ChangeContent("panel", items=(Item(id="moss", title="Moss"),)))
    with pytest.raises(EditRefused, match="an id that no other item and no session has"):
        undone(revisions, removed)


def test_files_that_say_the_same_in_other_words_are_no_revision(revisions: Revisions, published: Program) -> None:
    outcome = publish_files(revisions, published, source_hash=SECOND_FILES, now=NOW)
    assert (outcome.kind, len(revisions.history())) == ("unchanged", 1)


def test_a_conflict_leaves_what_is_published_and_is_kept_for_the_console(
    revisions: Revisions, published: Program
) -> None:
    edited(revisions, ChangeContent(session="panel", title="The present"))
    former = published.session("panel").title
    outcome = publish_files(
        revisions, with_title(published, "panel", "The future"), source_hash=SECOND_FILES, now=NOW + MINUTE
    )
    said = (
        f"“The present”, title: the files say “The future”, published is “The present”, before both it was “{former}”"
    )
    assert (outcome.kind, outcome.conflicts, len(revisions.history())) == ("conflict", (said,), 2)
    kept = open_conflict(revisions.database)
    assert kept is not None
    assert (kept.at, kept.conflicts) == (NOW + MINUTE, (said,))


def test_a_conflict_ends_when_the_edit_is_undone(revisions: Revisions, published: Program) -> None:
    edited(revisions, ChangeContent(session="panel", title="The present"))
    newer = with_title(published, "panel", "The future")
    publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW)
    undone(revisions)
    assert publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW).kind == "published"
    assert open_conflict(revisions.database) is None


def test_a_conflict_ends_when_the_files_are_put_back(revisions: Revisions, published: Program) -> None:
    edited(revisions, ChangeContent(session="panel", title="The present"))
    newer = with_title(published, "panel", "The future")
    publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW)
    publish_files(revisions, published, source_hash=FIRST_FILES, now=NOW)
    assert open_conflict(revisions.database) is None


def test_a_dry_run_says_what_would_change_and_leaves_nothing_behind(revisions: Revisions, published: Program) -> None:
    newer = with_title(published, "panel", "The future")
    former = published.session("panel").title
    dry = publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW, dry_run=True)
    assert dry.difference is not None
    assert (dry.kind, dry.revision, headline(dry.difference)) == (
        "published",
        None,
        f"The future: {former} → The future",
    )
    assert len(revisions.history()) == 1
    assert publish_files(revisions, newer, source_hash=SECOND_FILES, now=NOW).kind == "published"


def test_the_hash_of_a_folder_is_of_its_files_and_nothing_else(tmp_path: Path) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder / "pages").mkdir(parents=True)
        (tmp_path / folder / "program.toml").write_text(f"id = '{PROGRAM_ID}'")
        (tmp_path / folder / "pages" / "about.md").write_text("# About")
    (tmp_path / "there" / "program.toml~").write_text("an editor's copy")
    assert hash_of_folder(tmp_path / "here") == hash_of_folder(tmp_path / "there")
    (tmp_path / "there" / "pages" / "about.md").rename(tmp_path / "there" / "pages" / "us.md")
    assert hash_of_folder(tmp_path / "here") != hash_of_folder(tmp_path / "there")


def test_undo_is_refused_where_something_else_was_put_there_since(revisions: Revisions, first: Revision) -> None:
    edited(revisions, Cancel(session="panel"))
    edited(revisions, Delay("stella-biderman", 20))
    with pytest.raises(EditRefused, match="would run 20 minutes into"):
        undone(revisions, 2)
    assert len(revisions.history()) == 3


def test_undo_is_refused_where_lunch_no_longer_keeps_two_sessions_apart(revisions: Revisions) -> None:
    lunch = talk("lunch", "12:00-13:00", None, pinned=True)
    program = two_rooms(talk("a1", "10:00-11:00"), talk("a2", "11:00-12:00"), lunch)
    append_revision(revisions, program, author="files", kind="import")
    edited(revisions, Cancel(session="a2"))
    edited(revisions, Move("lunch", at("17:00")))
    edited(revisions, Delay("a1", 30))
    with pytest.raises(EditRefused) as refused:
        undone(revisions, 2)
    assert refused.value.reason == "“A2” would run 30 minutes into “A1” at 10:00"
    assert offers(refused.value.suggestions, program) == ["agenda move a2 11:30"]
    assert len(revisions.history()) == 4


def test_sessions_that_lay_over_each_other_before_may_do_so_again(revisions: Revisions, program: Program) -> None:
    lunch = program.session("lunch").slot
    crowded = [replace(one, slot=lunch, scheduled=lunch) if one.id == "panel" else one for one in program.sessions]
    overlapping = replace(program, sessions=tuple(crowded))
    append_revision(revisions, overlapping, author="files", kind="import")
    edited(revisions, Cancel(session="panel"))
    assert undone(revisions, 2).program.session("panel").slot == lunch
