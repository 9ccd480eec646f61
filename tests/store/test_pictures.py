"""Pictures in the database: stored with the revision that has them, once, and for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from support.picture_files import content, face_of, picture, picture_folder

from app.domain.rights import TERMINAL, Editor
from app.formats.program_folder.reader import FolderContent, read_folder
from app.store.backup import backup
from app.store.database import Database, open_database, sqlite_url
from app.store.pictures import find_picture
from app.store.publish_files import PublishOutcome, publish_files
from app.store.publishing import undo
from app.store.revisions import Revisions
from app.store.tables import pictures

NOW = datetime(2025, 7, 1, tzinfo=UTC)


def publish(database: Database, found: FolderContent, name: str, *, dry_run: bool = False) -> PublishOutcome:
    return publish_files(
        Revisions(database), found.program, source_hash=name, now=NOW, pictures=found.pictures, dry_run=dry_run
    )


def stored(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(row.digest, row.size) for row in connection.execute(select(pictures).order_by(pictures.c.size))]


def with_another_face(folder: Path) -> FolderContent:
    (folder / "pictures" / "ada.jpg").write_bytes(picture("JPEG", 500, 500))
    return read_folder(folder)


def test_a_published_folder_brings_the_bytes_of_its_pictures(database: Database, tmp_path: Path) -> None:
    found = content(tmp_path)
    publish(database, found, "first")
    logo, plan, face = found.pictures
    assert stored(database) == [
        (face.picture.digest, "288"),
        (face.picture.digest, "96"),
        (plan.picture.digest, "full"),
        (logo.picture.digest, "painted-c8102e"),
    ]
    assert find_picture(database, face.picture.digest[:24], "96") == ("image/webp", face.sizes["96"])
    painted = find_picture(database, logo.picture.digest, "painted-c8102e")
    assert painted == ("image/png", logo.sizes["painted-c8102e"])


def test_a_logo_that_was_stored_with_another_accent_is_stored_with_this_one_too(
    database: Database, tmp_path: Path
) -> None:
    publish(database, content(tmp_path), "first")
    picture_folder(tmp_path, lambda text: text.replace("[identity]", '[identity]\naccent = "#0057b8"'))
    publish(database, read_folder(tmp_path), "second")
    assert [size for _, size in stored(database) if "painted" in size] == ["painted-0057b8", "painted-c8102e"]


@pytest.mark.parametrize(("digest", "size"), [("0" * 24, "96"), ("%", "96"), ("", "97")])
def test_what_is_not_stored_is_not_found(database: Database, tmp_path: Path, digest: str, size: str) -> None:
    publish(database, content(tmp_path), "first")
    assert find_picture(database, digest, size) is None


def test_pictures_that_are_stored_already_are_not_written_again(database: Database, tmp_path: Path) -> None:
    found = content(tmp_path)
    publish(database, found, "first")
    before = stored(database)
    assert publish(database, found, "again").kind == "unchanged"
    assert stored(database) == before


def test_another_picture_is_a_revision_and_undone_the_former_one_is_there(database: Database, tmp_path: Path) -> None:
    found = content(tmp_path)
    publish(database, found, "first")
    outcome = publish(database, with_another_face(tmp_path), "second")
    assert outcome.revision is not None
    assert outcome.revision.difference.sessions == ()
    assert len(stored(database)) == 6
    revisions = Revisions(database)
    back = undo(revisions, 2, by=Editor(TERMINAL), note="", now=NOW + timedelta(hours=1))
    assert face_of(back.program) == face_of(found.program)
    assert find_picture(database, face_of(back.program), "288") is not None


def test_a_dry_run_says_that_a_picture_changes_and_stores_nothing(database: Database, tmp_path: Path) -> None:
    publish(database, content(tmp_path), "first")
    before = stored(database)
    assert publish(database, with_another_face(tmp_path), "second", dry_run=True).kind == "published"
    assert stored(database) == before


def test_a_backup_has_them(database: Database, tmp_path: Path) -> None:
    publish(database, content(tmp_path), "first")
    backup(database, tmp_path / "copy.sqlite")
    assert stored(open_database(sqlite_url(tmp_path / "copy.sqlite"), "codeml-2025")) == stored(database)
