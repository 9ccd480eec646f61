"""Who may sign in: forged, used, expired and withdrawn keys are refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from support.codeml_day import at, codeml
from support.publisher_processes import NOW

from app.domain.errors import UnknownName
from app.store.database import Database
from app.store.errors import BadOrganizer, SignInRefused
from app.store.sign_ins import Organizer, SignIns
from app.store.tables import sign_in_links
from app.store.tables import sign_ins as sign_ins_table

PROGRAM = codeml()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def sign_ins(database: Database) -> SignIns:
    return SignIns(database)


@pytest.fixture
def key(sign_ins: SignIns) -> str:
    """The key of a browser that is signed in as Ada."""
    sign_ins.add("Ada", NOW)
    return sign_ins.redeem(sign_ins.new_link("Ada", NOW), NOW, "Firefox")


def test_organizers_are_listed_by_name(sign_ins: SignIns) -> None:
    sign_ins.add("Tao", NOW, "chair", "hall")
    sign_ins.add("Ada", NOW)
    assert sign_ins.organizers() == (Organizer("Ada", "organizer"), Organizer("Tao", "chair", "hall"))


def test_adding_somebody_again_changes_role_and_room(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    sign_ins.add("Ada", NOW, "chair", "hall")
    assert sign_ins.organizers() == (Organizer("Ada", "chair", "hall"),)


@pytest.mark.parametrize(
    ("name", "role", "room"),
    [("Ada", "chair", None), ("Ada", "organizer", "hall"), ("", "organizer", None), ("a" * 201, "organizer", None)],
)
def test_a_chair_has_a_room_and_an_organizer_none_and_both_a_name(
    sign_ins: SignIns, name: str, role: str, room: str | None
) -> None:
    with pytest.raises(BadOrganizer):
        sign_ins.add(name, NOW, role, room)  # type: ignore[arg-type]


def test_a_name_that_postgresql_cannot_store_is_refused(sign_ins: SignIns) -> None:
    with pytest.raises(BadOrganizer, match="name: a text without"):
        sign_ins.add("A\0B", NOW)


def test_a_link_signs_in(sign_ins: SignIns) -> None:
    sign_ins.add("Tao", NOW, "chair", "hall")
    key = sign_ins.redeem(sign_ins.new_link("Tao", NOW), NOW, "Firefox")
    found = sign_ins.signed_in(key, NOW, PROGRAM)
    assert (found.organizer, found.created_at, found.user_agent) == (Organizer("Tao", "chair", "hall"), NOW, "Firefox")


def test_opening_a_link_does_not_use_it(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW)
    assert [sign_ins.open_link(link, NOW) for _ in range(3)] == [Organizer("Ada", "organizer")] * 3
    assert sign_ins.signed_in(sign_ins.redeem(link, NOW, ""), NOW, PROGRAM).organizer.name == "Ada"


def test_a_link_is_used_once(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW)
    sign_ins.redeem(link, NOW, "")
    with pytest.raises(SignInRefused):
        sign_ins.redeem(link, NOW, "")
    with pytest.raises(SignInRefused):
        sign_ins.open_link(link, NOW)


def test_of_ten_who_use_a_link_at_once_one_is_signed_in(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW)
    together = threading.Barrier(10)

    def redeem(_: int) -> bool:
        together.wait()
        try:
            sign_ins.redeem(link, NOW, "")
        except SignInRefused:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(redeem, range(10))) == [False] * 9 + [True]
    assert len(sign_ins.all(NOW, PROGRAM)) == 1


def test_a_link_is_valid_for_a_week_and_no_longer(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW)
    assert sign_ins.open_link(link, NOW + 7 * DAY - INSTANT).name == "Ada"
    with pytest.raises(SignInRefused):
        sign_ins.redeem(link, NOW + 7 * DAY, "")


@pytest.mark.parametrize("forged", ["", "x", "A" * 43, "a' OR '1'='1", "\N{SNOWMAN}"])
def test_a_forged_key_is_refused(sign_ins: SignIns, key: str, forged: str) -> None:
    with pytest.raises(SignInRefused):
        sign_ins.open_link(forged, NOW)
    with pytest.raises(SignInRefused):
        sign_ins.signed_in(forged, NOW, PROGRAM)
    with pytest.raises(SignInRefused):
        sign_ins.redeem(forged, NOW, "")


def test_a_links_key_is_no_sign_in_and_a_sign_in_no_link(sign_ins: SignIns, key: str) -> None:
    link = sign_ins.new_link("Ada", NOW)
    with pytest.raises(SignInRefused):
        sign_ins.signed_in(link, NOW, PROGRAM)
    with pytest.raises(SignInRefused):
        sign_ins.redeem(key, NOW, "")


def test_the_database_holds_no_key(sign_ins: SignIns, key: str, database: Database) -> None:
    link = sign_ins.new_link("Ada", NOW)
    with database.reading() as connection:
        kept = [*connection.scalars(select(sign_in_links.c.hash)), *connection.scalars(select(sign_ins_table.c.hash))]
    assert [len(one) for one in kept] == [64, 64]
    assert not {key, link} & set(kept)


def test_nobody_has_a_link_who_is_not_an_organizer(sign_ins: SignIns) -> None:
    with pytest.raises(UnknownName, match="there is no organizer 'Eve'"):
        sign_ins.new_link("Eve", NOW)


def test_browsers_are_listed_the_last_seen_first(sign_ins: SignIns, key: str) -> None:
    second = sign_ins.redeem(sign_ins.new_link("Ada", NOW), NOW + HOUR, "Chromium")
    assert [one.user_agent for one in sign_ins.all(NOW + HOUR, PROGRAM)] == ["Chromium", "Firefox"]
    sign_ins.signed_in(key, NOW + 2 * HOUR, PROGRAM)
    assert [one.user_agent for one in sign_ins.all(NOW + 2 * HOUR, PROGRAM)] == ["Firefox", "Chromium"]
    assert sign_ins.signed_in(second, NOW + 2 * HOUR, PROGRAM).seen_at == NOW + HOUR


def test_last_seen_is_not_written_at_each_request(sign_ins: SignIns, key: str) -> None:
    sign_ins.signed_in(key, NOW + timedelta(seconds=59), PROGRAM)
    assert sign_ins.all(NOW, PROGRAM)[0].seen_at == NOW
    sign_ins.signed_in(key, NOW + timedelta(seconds=60), PROGRAM)
    assert sign_ins.all(NOW, PROGRAM)[0].seen_at == NOW + timedelta(seconds=60)


def test_a_revoked_browser_is_signed_out_and_no_other(sign_ins: SignIns, key: str) -> None:
    other = sign_ins.redeem(sign_ins.new_link("Ada", NOW), NOW, "")
    sign_ins.revoke(sign_ins.signed_in(key, NOW, PROGRAM).id)
    with pytest.raises(SignInRefused):
        sign_ins.signed_in(key, NOW, PROGRAM)
    assert sign_ins.signed_in(other, NOW, PROGRAM).organizer.name == "Ada"


def test_a_browser_must_sign_in_again_after_thirty_days_though_it_is_in_use(sign_ins: SignIns, key: str) -> None:
    for days in (10, 20, 29):
        assert sign_ins.signed_in(key, NOW + days * DAY, PROGRAM).organizer.name == "Ada"
    assert sign_ins.signed_in(key, NOW + 30 * DAY - INSTANT, PROGRAM).organizer.name == "Ada"
    with pytest.raises(SignInRefused):
        sign_ins.signed_in(key, NOW + 30 * DAY, PROGRAM)
    assert sign_ins.all(NOW + 30 * DAY, PROGRAM) == ()


def test_whose_thirty_days_end_during_a_day_of_the_program_stays_until_six_in_the_next_morning(
    sign_ins: SignIns,
) -> None:
    sign_ins.add("Ada", NOW)
    key = sign_ins.redeem(sign_ins.new_link("Ada", NOW), at("10:20") - 30 * DAY, "")
    six = at("06:00") + DAY
    # Who signs in meanwhile does not end it.
    sign_ins.redeem(sign_ins.new_link("Ada", NOW), six - HOUR, "")
    assert sign_ins.signed_in(key, six - INSTANT, PROGRAM).organizer.name == "Ada"
    with pytest.raises(SignInRefused):
        sign_ins.signed_in(key, six, PROGRAM)


def test_who_is_removed_has_no_link_and_no_browser(sign_ins: SignIns, key: str) -> None:
    link = sign_ins.new_link("Ada", NOW)
    sign_ins.remove("Ada")
    for refused in (link, key):
        with pytest.raises(SignInRefused):
            sign_ins.open_link(refused, NOW)
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(refused, NOW, PROGRAM)
    assert sign_ins.organizers() == ()


def test_what_is_not_there_cannot_be_removed_or_revoked(sign_ins: SignIns) -> None:
    with pytest.raises(UnknownName):
        sign_ins.remove("Eve")
    with pytest.raises(UnknownName):
        sign_ins.revoke("0123")


def first_link(sign_ins: SignIns) -> str:
    link = sign_ins.first_link(NOW)
    assert link is not None
    return link


def test_on_an_empty_database_there_is_a_first_link_for_an_hour(sign_ins: SignIns) -> None:
    link = first_link(sign_ins)
    assert sign_ins.open_link(link, NOW + HOUR - INSTANT) == Organizer("organizer", "organizer")
    with pytest.raises(SignInRefused):
        sign_ins.redeem(link, NOW + HOUR, "")


def test_the_next_start_withdraws_the_first_link_and_gives_another(sign_ins: SignIns) -> None:
    former, latter = first_link(sign_ins), first_link(sign_ins)
    with pytest.raises(SignInRefused):
        sign_ins.open_link(former, NOW)
    assert sign_ins.open_link(latter, NOW).name == "organizer"


def test_once_somebody_came_in_there_is_no_first_link_not_even_after_all_are_signed_out(sign_ins: SignIns) -> None:
    key = sign_ins.redeem(first_link(sign_ins), NOW, "")
    sign_ins.revoke(sign_ins.signed_in(key, NOW, PROGRAM).id)
    assert sign_ins.first_link(NOW) is None


def test_once_somebody_was_added_there_is_no_first_link(sign_ins: SignIns) -> None:
    first_link(sign_ins)
    sign_ins.add("organizer", NOW)
    assert sign_ins.first_link(NOW) is None
