"""A form that is sent twice is published once: by its key."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from support.publisher_processes import NOW

from app.domain.edits.edit_types import Announce, Cancel, ChangeContent, Delay, Reinstate
from app.domain.errors import StaleBase
from app.domain.rights import Editor
from app.store.errors import SignInRefused
from app.store.publishing import publish_edit, publish_note, restore_day, undo
from app.store.revisions import Revision, Revisions
from app.store.sign_ins import SignIns
from app.store.tables import published_forms

TAO = Editor("Tao")
KEY, OTHER_KEY = "a" * 64, "0123456789abcdef"
MANY = 8

Publish = Callable[[Revisions, str], Revision]


def edit(revisions: Revisions, once: str) -> Revision:
    return publish_edit(revisions, Cancel("closing"), base=1, by=TAO, note="", now=NOW, once=once)


def take_back(revisions: Revisions, once: str) -> Revision:
    return undo(revisions, None, by=TAO, note="", now=NOW, once=once)


def go_back(revisions: Revisions, once: str) -> Revision:
    return restore_day(revisions, 1, by=TAO, note="", now=NOW, once=once)


def say_why(revisions: Revisions, once: str) -> Revision:
    return publish_note(revisions, 2, by=TAO, note="Flu.", now=NOW, once=once)


def keys(revisions: Revisions) -> dict[str, int]:
    """The keys of the forms that were published, each with its revision."""
    with revisions.database.reading() as connection:
        return {row.key: row.revision for row in connection.execute(select(published_forms))}


@pytest.fixture
def changed(revisions: Revisions, first: Revision) -> Revisions:
    """A history with two edits."""
    for base, made in ((1, Cancel("panel")), (2, ChangeContent("panel", title="Who pays?"))):
        publish_edit(revisions, made, base=base, by=TAO, note="", now=NOW)
    return revisions


@pytest.mark.parametrize("publish", [edit, take_back, go_back, say_why])
def test_a_form_that_is_sent_again_gives_the_revision_that_it_made(changed: Revisions, publish: Publish) -> None:
    made = publish(changed, KEY)
    assert (publish(changed, KEY), made.number, len(changed.history())) == (made, 4, 4)
    assert keys(changed) == {KEY: 4}


def test_another_form_with_the_same_content_is_published_too(changed: Revisions) -> None:
    assert [take_back(changed, key).number for key in (KEY, OTHER_KEY, KEY)] == [4, 5, 4]


def test_without_a_key_each_is_published(changed: Revisions) -> None:
    assert [take_back(changed, "").number for _ in range(2)] == [4, 5]
    assert keys(changed) == {}


def test_a_form_whose_base_is_stale_by_now_is_still_the_one_that_was_published(changed: Revisions) -> None:
    edit(changed, KEY)
    publish_edit(changed, Reinstate("closing"), base=4, by=TAO, note="", now=NOW)
    publish_edit(changed, Delay("closing", 5, push=frozenset({"closing"})), base=5, by=TAO, note="", now=NOW)
    with pytest.raises(StaleBase):
        edit(changed, OTHER_KEY)
    assert (edit(changed, KEY).number, len(changed.history())) == (4, 6)


def test_an_edit_that_changes_nothing_leaves_no_key(changed: Revisions) -> None:
    same = ChangeContent("panel", title="Who pays?")
    assert publish_edit(changed, same, base=3, by=TAO, note="", now=NOW, once=KEY).number == 3
    assert keys(changed) == {}


def test_a_refused_form_leaves_no_key(changed: Revisions) -> None:
    publish_edit(changed, Cancel("closing"), base=3, by=TAO, note="", now=NOW)
    with pytest.raises(StaleBase):
        edit(changed, KEY)
    assert keys(changed) == {}


@pytest.mark.parametrize("publish", [edit, take_back, go_back, say_why])
def test_of_many_at_once_with_one_key_one_is_published(changed: Revisions, publish: Publish) -> None:
    together = threading.Barrier(MANY)

    def send(_: int) -> int:
        together.wait()
        return publish(changed, KEY).number

    with ThreadPoolExecutor(MANY) as pool:
        assert list(pool.map(send, range(MANY))) == [4] * MANY
    assert (len(changed.history()), keys(changed)) == (4, {KEY: 4})


def test_whoever_was_removed_meanwhile_is_refused_before_the_key_is_looked_up(changed: Revisions) -> None:
    sign_ins, now = SignIns(changed.database), NOW + timedelta(days=1)
    sign_ins.add("Ada", now, "chair", "venue")
    sign_ins.redeem(sign_ins.new_link("Ada", now), now, "")
    [ada] = sign_ins.all(now, changed.get(1).program)

    def send() -> Revision:
        return publish_edit(
            changed, Announce("Hello", "venue"), base=3, by=ada.editor, note="", now=NOW, sign_in=ada.id, once=KEY
        )

    assert (send().number, send().number) == (4, 4)
    sign_ins.remove("Ada")
    with pytest.raises(SignInRefused):
        send()


@pytest.mark.parametrize("key", ["a" * 65, "A", "xyz", "a b"])
def test_a_key_is_a_hash(changed: Revisions, key: str) -> None:
    with pytest.raises(ValueError, match="is not the hash of a form"):
        edit(changed, key)
