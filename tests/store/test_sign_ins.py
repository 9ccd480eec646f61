"""Who may sign in: forged, used, expired and withdrawn keys are refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Delete, Update, delete, select, update
from support.codeml_day import at, codeml
from support.publisher_processes import NOW

from app.domain.errors import UnknownName
from app.domain.program import Program
from app.domain.rights import Editor, Role
from app.domain.texts import BadText
from app.store.database import Database
from app.store.errors import BadOrganizer, LastOrganizer, SignedOut, SignInRefused, StoreError
from app.store.revisions import Revision
from app.store.secret_keys import key_hash
from app.store.sign_in_links import use_link, valid_link
from app.store.sign_ins import SignIns
from app.store.tables import sign_in_links
from app.store.tables import sign_ins as sign_ins_table

PROGRAM = codeml()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def sign_ins(database: Database, first: Revision) -> SignIns:
    """On a database that holds the first program: its one room is `venue`."""
    return SignIns(database)


@pytest.fixture
def key(sign_ins: SignIns) -> str:
    """The key of a browser that is signed in as Ada."""
    sign_ins.add("Ada", NOW)
    return sign_ins.redeem(sign_ins.new_link("Ada", NOW), NOW, "Firefox")


def at_once(times: int, act: Callable[[int], object]) -> list[bool]:
    """Which of so many, all at the same time, were not refused."""
    together = threading.Barrier(times)

    def succeeds(number: int) -> bool:
        together.wait()
        try:
            act(number)
        except StoreError:
            return False
        return True

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(succeeds, range(times)))


def test_people_are_listed_by_name(sign_ins: SignIns) -> None:
    sign_ins.add("Tao", NOW, "chair", "venue")
    sign_ins.add("Ada", NOW)
    assert sign_ins.people() == (Editor("Ada", "organizer"), Editor("Tao", "chair", "venue"))


def test_a_name_that_differs_by_its_case_alone_exists(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    with pytest.raises(BadOrganizer, match="Ada is already an organizer"):
        sign_ins.add("ADA", NOW, "chair", "venue")


def test_a_name_that_exists_is_refused_and_keeps_its_rights(sign_ins: SignIns) -> None:
    sign_ins.add("Ada Lee", NOW)
    with pytest.raises(BadOrganizer) as refusal:
        sign_ins.add(" Ada Lee ", NOW, "chair", "venue")
    assert str(refusal.value) == (
        "Ada Lee is already an organizer; make a new link under People (agenda organizer link 'Ada Lee'), "
        "or remove them first (agenda organizer remove 'Ada Lee')"
    )
    assert sign_ins.people() == (Editor("Ada Lee"),)


def test_of_ten_who_add_the_same_name_at_once_one_does(sign_ins: SignIns) -> None:
    assert sorted(at_once(10, lambda _: sign_ins.add("Ada", NOW))) == [False] * 9 + [True]


@pytest.mark.parametrize(
    ("role", "room", "session"),
    [
        ("organizer", None, None),
        ("chair", "venue", None),
        ("speaker", None, "panel"),
        ("operator", None, None),
        ("operator", "venue", None),
    ],
)
def test_each_role_has_its_place(sign_ins: SignIns, role: Role, room: str | None, session: str | None) -> None:
    assert sign_ins.add("Ada", NOW, role, room, session) == Editor("Ada", role, room, session)
    assert sign_ins.people() == (Editor("Ada", role, room, session),)


@pytest.mark.parametrize(
    ("role", "room", "session", "said"),
    [
        ("organizer", "venue", None, "an organizer has all rooms and sessions: name none"),
        ("organizer", None, "panel", "an organizer has all rooms and sessions: name none"),
        ("chair", None, None, "a chair has one room: name it, and no session"),
        ("chair", "venue", "panel", "a chair has one room: name it, and no session"),
        ("speaker", None, None, "a speaker has one session: name it, and no room"),
        ("speaker", "venue", "panel", "a speaker has one session: name it, and no room"),
        ("operator", None, "panel", "an operator has one room or all: name no session"),
    ],
)
def test_a_role_without_its_place_or_with_another_is_refused(
    sign_ins: SignIns, role: Role, room: str | None, session: str | None, said: str
) -> None:
    with pytest.raises(BadOrganizer) as refusal:
        sign_ins.add("Ada", NOW, role, room, session)
    assert (str(refusal.value), sign_ins.people()) == (said, ())


@pytest.mark.parametrize(
    ("role", "room", "session", "said"),
    [
        ("chair", "hall", None, "there is no room 'hall'"),
        ("operator", "hall", None, "there is no room 'hall'"),
        ("speaker", None, "keynote", "there is no session 'keynote'"),
    ],
)
def test_a_room_or_session_that_the_program_does_not_have_is_refused(
    sign_ins: SignIns, role: Role, room: str | None, session: str | None, said: str
) -> None:
    with pytest.raises(UnknownName) as refusal:
        sign_ins.add("Ada", NOW, role, room, session)
    assert (str(refusal.value), sign_ins.people()) == (said, ())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "a name is not empty"),
        ("  ", "a name is not empty"),
        ("a" * 201, "name: at most 200 characters, this one has 201"),
    ],
)
def test_a_name_is_not_empty_and_not_too_long(sign_ins: SignIns, name: str, said: str) -> None:
    with pytest.raises(BadOrganizer) as refusal:
        sign_ins.add(name, NOW)
    assert str(refusal.value) == said


def test_a_name_that_postgresql_cannot_store_is_refused(sign_ins: SignIns) -> None:
    with pytest.raises(BadOrganizer, match="name: a text without"):
        sign_ins.add("A\0B", NOW)


def test_a_link_signs_in(sign_ins: SignIns) -> None:
    sign_ins.add("Tao", NOW, "chair", "venue")
    key = sign_ins.redeem(sign_ins.new_link("Tao", NOW), NOW, "Firefox")
    found = sign_ins.signed_in(key, NOW, PROGRAM)
    assert (found.editor, found.created_at, found.user_agent) == (Editor("Tao", "chair", "venue"), NOW, "Firefox")


def test_opening_a_link_does_not_use_it(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW)
    assert [sign_ins.open_link(link, NOW).editor for _ in range(3)] == [Editor("Ada", "organizer")] * 3
    assert sign_ins.signed_in(sign_ins.redeem(link, NOW, ""), NOW, PROGRAM).editor.name == "Ada"


def test_a_link_is_used_once(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW)
    sign_ins.redeem(link, NOW, "")
    with pytest.raises(SignInRefused):
        sign_ins.redeem(link, NOW, "")
    with pytest.raises(SignInRefused):
        sign_ins.open_link(link, NOW)


# A form that is sent again because its answer was lost

MINUTE = timedelta(minutes=1)


@pytest.fixture
def used(sign_ins: SignIns) -> str:
    """The key of a link that signed Ada in, by the form "once"; the answer was lost."""
    sign_ins.add("Ada", NOW)
    used = sign_ins.new_link("Ada", NOW)
    sign_ins.redeem(used, NOW, "Firefox", "once")
    return used


def test_the_form_that_used_a_link_signs_in_again_for_fifteen_minutes(sign_ins: SignIns, used: str) -> None:
    again = sign_ins.redeem(used, NOW + 15 * MINUTE - INSTANT, "Firefox", "once")
    assert sign_ins.signed_in(again, NOW, PROGRAM).editor == Editor("Ada")
    with pytest.raises(SignInRefused):
        sign_ins.redeem(used, NOW + 15 * MINUTE, "Firefox", "once")


def test_no_link_lasts_longer_because_it_was_used(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW, lifetime=2 * MINUTE)
    sign_ins.redeem(link, NOW + MINUTE, "", "once")
    with pytest.raises(SignInRefused):
        sign_ins.redeem(link, NOW + 2 * MINUTE, "", "once")


@pytest.mark.parametrize("other", ["", "another"])
def test_no_other_form_signs_in_by_a_used_link(sign_ins: SignIns, used: str, other: str) -> None:
    with pytest.raises(SignInRefused):
        sign_ins.redeem(used, NOW, "", other)


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(delete(sign_in_links), id="withdrawn"),
        pytest.param(update(sign_in_links).values(used_by="another form"), id="used by another form"),
    ],
)
@pytest.mark.parametrize("once", ["", "my form"])
def test_a_link_that_is_gone_since_it_was_looked_up_signs_nobody_in(
    database: Database, sign_ins: SignIns, meanwhile: Delete | Update, once: str
) -> None:
    sign_ins.add("Ada", NOW)
    key = sign_ins.new_link("Ada", NOW)
    with database.publishing() as connection:
        link = valid_link(connection, key, NOW, once)
        connection.execute(meanwhile)
        with pytest.raises(SignInRefused):
            use_link(connection, key, link, once, NOW)


def test_a_form_that_is_sent_again_while_its_person_signs_out_signs_nobody_in(
    database: Database, sign_ins: SignIns
) -> None:
    sign_ins.add("Ada", NOW)
    key = sign_ins.new_link("Ada", NOW)
    sign_ins.redeem(key, NOW, "", "my form")
    with database.publishing() as connection:
        link = valid_link(connection, key, NOW, "my form")
        connection.execute(update(sign_in_links).values(used_by=""))
        with pytest.raises(SignInRefused):
            use_link(connection, key, link, "my form", NOW)


def test_who_signed_out_is_not_signed_in_again_by_the_same_form(sign_ins: SignIns, used: str) -> None:
    sign_ins.revoke(sign_ins.all(NOW, PROGRAM)[0].id)
    with pytest.raises(SignInRefused):
        sign_ins.redeem(used, NOW, "Firefox", "once")


def test_a_used_link_cannot_be_withdrawn(sign_ins: SignIns, used: str) -> None:
    with pytest.raises(UnknownName):
        sign_ins.withdraw_link(key_hash(used)[:16])


def test_of_ten_who_use_a_link_at_once_one_is_signed_in(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW)
    assert sorted(at_once(10, lambda _: sign_ins.redeem(link, NOW, ""))) == [False] * 9 + [True]
    assert len(sign_ins.all(NOW, PROGRAM)) == 1


def test_a_link_is_valid_for_a_week_and_no_longer(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW)
    assert sign_ins.open_link(link, NOW + 7 * DAY - INSTANT).editor.name == "Ada"
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
    sign_ins.redeem(link, NOW, "", "random")
    columns = (sign_in_links.c.hash, sign_in_links.c.used_by, sign_ins_table.c.hash)
    with database.reading() as connection:
        kept = [one for column in columns for one in connection.scalars(select(column).where(column != ""))]
    assert [len(one) for one in kept] == [64] * 5
    assert not {key, link, "random"} & set(kept)


def test_nobody_has_a_link_who_was_not_added(sign_ins: SignIns) -> None:
    with pytest.raises(UnknownName, match="there is no person 'Eve'"):
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
    assert sign_ins.signed_in(other, NOW, PROGRAM).editor.name == "Ada"


def test_a_browser_must_sign_in_again_after_thirty_days_though_it_is_in_use(sign_ins: SignIns, key: str) -> None:
    for days in (10, 20, 29):
        assert sign_ins.signed_in(key, NOW + days * DAY, PROGRAM).editor.name == "Ada"
    assert sign_ins.signed_in(key, NOW + 30 * DAY - INSTANT, PROGRAM).editor.name == "Ada"
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
    assert sign_ins.signed_in(key, six - INSTANT, PROGRAM).editor.name == "Ada"
    with pytest.raises(SignInRefused):
        sign_ins.signed_in(key, six, PROGRAM)


# Speakers

SESSION = PROGRAM.session("stella-biderman")
WEEK_AFTER = SESSION.end + 7 * DAY


@pytest.fixture
def stella(sign_ins: SignIns) -> str:
    """The name of a speaker who was added; she speaks for the person of the program who has her name."""
    return sign_ins.add("Stella Biderman", NOW, "speaker", session=SESSION.id).name


def signed_in_at(sign_ins: SignIns, name: str, now: datetime, user_agent: str = "Safari") -> str:
    """The key of a new sign-in by a new link."""
    return sign_ins.redeem(sign_ins.new_link(name, now), now, user_agent)


def is_signed_in(sign_ins: SignIns, key: str, now: datetime, program: Program = PROGRAM) -> bool:
    try:
        sign_ins.signed_in(key, now, program)
    except SignedOut:
        return False
    return True


def test_a_speaker_is_the_person_of_their_session_who_has_their_name(sign_ins: SignIns) -> None:
    found = [sign_ins.add(name, NOW, "speaker", session=SESSION.id).speaker for name in ("stella BIDERMAN", "Her team")]
    assert found == ["stella-biderman", None]
    assert [one.speaker for one in sign_ins.people()] == [None, "stella-biderman"]


def test_a_speakers_link_is_valid_for_thirty_days_and_no_longer(sign_ins: SignIns, stella: str) -> None:
    link = sign_ins.new_link(stella, NOW)
    assert sign_ins.open_link(link, NOW + 30 * DAY - INSTANT).editor.name == stella
    with pytest.raises(SignInRefused):
        sign_ins.redeem(link, NOW + 30 * DAY, "")


def test_another_link_of_a_speaker_withdraws_the_one_that_nobody_used(sign_ins: SignIns, stella: str) -> None:
    first, second = sign_ins.new_link(stella, NOW), sign_ins.new_link(stella, NOW)
    with pytest.raises(SignInRefused):
        sign_ins.open_link(first, NOW)
    assert [link.id for link in sign_ins.links(NOW)] == [key_hash(second)[:16]]
    assert sign_ins.open_link(second, NOW).editor.name == stella


def test_another_link_of_a_speaker_withdraws_nobody_elses(sign_ins: SignIns, stella: str) -> None:
    sign_ins.add("Ada", NOW)
    others = [sign_ins.new_link("Ada", NOW) for _ in range(2)]
    sign_ins.new_link(stella, NOW)
    assert [sign_ins.open_link(link, NOW).editor.name for link in others] == ["Ada", "Ada"]


def test_a_speaker_is_signed_in_on_one_device(sign_ins: SignIns, stella: str) -> None:
    first = signed_in_at(sign_ins, stella, NOW, "Firefox")
    link = sign_ins.new_link(stella, NOW)
    assert is_signed_in(sign_ins, first, NOW)
    second = sign_ins.redeem(link, NOW, "Safari")
    assert [is_signed_in(sign_ins, key, NOW) for key in (first, second)] == [False, True]
    assert [one.user_agent for one in sign_ins.all(NOW, PROGRAM)] == ["Safari"]


def test_a_form_of_a_speaker_that_is_sent_again_leaves_them_signed_in_once(sign_ins: SignIns, stella: str) -> None:
    link = sign_ins.new_link(stella, NOW)
    lost, key = (sign_ins.redeem(link, NOW, "", "once") for _ in range(2))
    assert [is_signed_in(sign_ins, one, NOW) for one in (lost, key)] == [False, True]


def test_whoever_is_no_speaker_stays_signed_in_on_their_other_devices(sign_ins: SignIns, key: str, stella: str) -> None:
    theirs = signed_in_at(sign_ins, stella, NOW)
    second = signed_in_at(sign_ins, "Ada", NOW)
    assert [is_signed_in(sign_ins, one, NOW) for one in (key, second, theirs)] == [True, True, True]
    signed_in_at(sign_ins, stella, NOW)
    assert [is_signed_in(sign_ins, one, NOW) for one in (key, second, theirs)] == [True, True, False]


def test_a_speaker_stays_signed_in_until_a_week_after_their_session_though_they_were_away(
    sign_ins: SignIns, key: str, stella: str
) -> None:
    theirs = signed_in_at(sign_ins, stella, WEEK_AFTER - 200 * DAY)
    # What others left for too long is removed at their sign-in.
    signed_in_at(sign_ins, "Ada", WEEK_AFTER - HOUR)
    assert [is_signed_in(sign_ins, theirs, when) for when in (WEEK_AFTER - INSTANT, WEEK_AFTER)] == [True, False]


def test_a_speaker_who_signs_in_late_has_thirty_days_as_everybody(sign_ins: SignIns, stella: str) -> None:
    theirs = signed_in_at(sign_ins, stella, WEEK_AFTER - DAY)
    end = WEEK_AFTER + 29 * DAY
    assert [is_signed_in(sign_ins, theirs, when) for when in (end - INSTANT, end)] == [True, False]


def test_a_speaker_whose_session_is_put_off_stays_signed_in_for_longer(sign_ins: SignIns, stella: str) -> None:
    theirs = signed_in_at(sign_ins, stella, WEEK_AFTER - 60 * DAY)
    slot = replace(SESSION.slot, start=SESSION.start + DAY, end=SESSION.end + DAY)
    sessions = (replace(one, slot=slot) if one.id == SESSION.id else one for one in PROGRAM.sessions)
    later = replace(PROGRAM, sessions=tuple(sessions))
    assert [is_signed_in(sign_ins, theirs, WEEK_AFTER, one) for one in (PROGRAM, later)] == [False, True]


def test_a_speaker_whose_session_is_not_in_the_program_any_more_has_thirty_days(sign_ins: SignIns, stella: str) -> None:
    theirs = signed_in_at(sign_ins, stella, WEEK_AFTER - 60 * DAY)
    without = replace(PROGRAM, sessions=tuple(one for one in PROGRAM.sessions if one.id != SESSION.id))
    moments = (WEEK_AFTER - 30 * DAY - INSTANT, WEEK_AFTER - 30 * DAY)
    assert [is_signed_in(sign_ins, theirs, when, without) for when in moments] == [True, False]


def test_a_speaker_who_is_removed_is_out(sign_ins: SignIns, key: str, stella: str) -> None:
    theirs, link = signed_in_at(sign_ins, stella, NOW), sign_ins.new_link(stella, NOW)
    sign_ins.remove(stella)
    assert [is_refused(sign_ins, one) for one in (theirs, link)] == [True, True]


# Links that nobody has used


def test_unused_links_are_listed_the_first_to_expire_first(sign_ins: SignIns) -> None:
    sign_ins.add("Tao", NOW, "chair", "venue")
    sign_ins.add("Ada", NOW)
    sign_ins.new_link("Tao", NOW + HOUR)
    sign_ins.new_link("Ada", NOW)
    found = [(link.editor, link.expires_at) for link in sign_ins.links(NOW + HOUR)]
    assert found == [(Editor("Ada"), NOW + 7 * DAY), (Editor("Tao", "chair", "venue"), NOW + HOUR + 7 * DAY)]


def test_a_links_id_is_the_beginning_of_its_hash(sign_ins: SignIns, key: str) -> None:
    hashed = key_hash(sign_ins.new_link("Ada", NOW))
    assert [link.id for link in sign_ins.links(NOW)] == [hashed[:16]]


def test_used_and_expired_links_are_not_listed(sign_ins: SignIns, key: str) -> None:
    sign_ins.new_link("Ada", NOW)
    assert len(sign_ins.links(NOW + 7 * DAY - INSTANT)) == 1
    assert sign_ins.links(NOW + 7 * DAY) == ()


def test_a_withdrawn_link_is_invalid_and_no_other(sign_ins: SignIns, key: str) -> None:
    first, second = (sign_ins.new_link("Ada", NOW + later * HOUR) for later in (0, 1))
    sign_ins.withdraw_link(sign_ins.links(NOW)[0].id)
    with pytest.raises(SignInRefused):
        sign_ins.open_link(first, NOW)
    assert sign_ins.open_link(second, NOW).editor == Editor("Ada")


@pytest.mark.parametrize("link", ["", "%", "0" * 16, "0" * 15, "_" * 16])
def test_what_names_no_link_withdraws_none(sign_ins: SignIns, key: str, link: str) -> None:
    unused = sign_ins.new_link("Ada", NOW)
    with pytest.raises(UnknownName, match=f"there is no link '{link}'"):
        sign_ins.withdraw_link(link)
    assert sign_ins.open_link(unused, NOW).editor == Editor("Ada")


# Links that can be shown again


def shown(sign_ins: SignIns, key: str, secret: str | bytes) -> str | None:
    return sign_ins.link(key_hash(key)[:16], NOW, secret).key


def test_a_link_made_with_a_secret_is_shown_again_with_it_and_signs_in(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW, secret="a secret")
    assert (len(link), shown(sign_ins, link, "a secret"), shown(sign_ins, link, b"a secret")) == (43, link, link)
    assert sign_ins.signed_in(sign_ins.redeem(link, NOW, ""), NOW, PROGRAM).editor == Editor("Ada")


def test_a_link_is_not_shown_without_its_secret(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    without, other = sign_ins.new_link("Ada", NOW), sign_ins.new_link("Ada", NOW, secret="another")
    assert [shown(sign_ins, link, "a secret") for link in (without, other)] == [None, None]


def test_two_links_of_one_person_differ(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    assert len({sign_ins.new_link("Ada", NOW, secret="a secret") for _ in range(3)}) == 3


def test_of_a_link_that_is_shown_again_the_database_holds_no_key(sign_ins: SignIns, database: Database) -> None:
    sign_ins.add("Ada", NOW)
    link = sign_ins.new_link("Ada", NOW, secret="a secret")
    with database.reading() as connection:
        [row] = connection.execute(select(sign_in_links))
    assert link not in row
    assert len(row.salt) == 43


def test_a_used_or_expired_link_is_not_shown(sign_ins: SignIns) -> None:
    sign_ins.add("Ada", NOW)
    used, expired = (sign_ins.new_link("Ada", NOW - age, secret="a secret") for age in (HOUR, 7 * DAY))
    sign_ins.redeem(used, NOW, "")
    for link in (used, expired):
        with pytest.raises(UnknownName):
            shown(sign_ins, link, "a secret")


# Out


def is_refused(sign_ins: SignIns, key: str) -> bool:
    """Whether a key is neither a link's nor a sign-in's."""
    with pytest.raises(SignInRefused):
        sign_ins.open_link(key, NOW)
    with pytest.raises(SignInRefused):
        sign_ins.signed_in(key, NOW, PROGRAM)
    return True


def test_who_is_signed_out_everywhere_has_no_browser_and_no_link_but_may_come_back(sign_ins: SignIns, key: str) -> None:
    link = sign_ins.new_link("Ada", NOW)
    sign_ins.sign_out_everywhere("Ada")
    assert [is_refused(sign_ins, one) for one in (key, link)] == [True, True]
    assert sign_ins.open_link(sign_ins.new_link("Ada", NOW), NOW).editor == Editor("Ada")


def test_who_is_signed_out_everywhere_signs_nobody_else_out(sign_ins: SignIns, key: str) -> None:
    sign_ins.add("Tao", NOW)
    link = sign_ins.new_link("Tao", NOW)
    sign_ins.sign_out_everywhere("Ada")
    assert sign_ins.open_link(link, NOW).editor == Editor("Tao")


def test_who_is_removed_has_no_link_and_no_browser(sign_ins: SignIns, key: str) -> None:
    sign_ins.add("Tao", NOW)
    link = sign_ins.new_link("Ada", NOW)
    sign_ins.remove("Ada")
    assert [is_refused(sign_ins, one) for one in (key, link)] == [True, True]
    assert sign_ins.people() == (Editor("Tao"),)


def test_who_was_removed_may_be_added_in_another_role(sign_ins: SignIns, key: str) -> None:
    sign_ins.add("Tao", NOW)
    sign_ins.remove("Ada")
    sign_ins.add("Ada", NOW, "operator")
    assert sign_ins.people() == (Editor("Ada", "operator"), Editor("Tao"))


def test_the_last_organizer_is_not_removed(sign_ins: SignIns, key: str) -> None:
    sign_ins.add("Tao", NOW, "chair", "venue")
    with pytest.raises(LastOrganizer) as refusal:
        sign_ins.remove("Ada")
    assert str(refusal.value) == "Ada is the last organizer; add another one first"
    assert sign_ins.signed_in(key, NOW, PROGRAM).editor == Editor("Ada")


def test_the_first_organizer_does_not_count_while_nobody_used_its_link(sign_ins: SignIns) -> None:
    first_link(sign_ins)
    sign_ins.add("Ada", NOW)
    with pytest.raises(LastOrganizer):
        sign_ins.remove("Ada")


def test_the_first_organizer_may_be_removed_once_there_is_another(sign_ins: SignIns) -> None:
    link = first_link(sign_ins)
    sign_ins.add("Ada", NOW)
    sign_ins.remove("organizer")
    assert (is_refused(sign_ins, link), sign_ins.people()) == (True, (Editor("Ada"),))


def test_the_first_organizer_is_the_last_where_there_is_no_other(sign_ins: SignIns) -> None:
    first_link(sign_ins)
    with pytest.raises(LastOrganizer):
        sign_ins.remove("organizer")


def test_it_is_known_who_the_last_organizer_is(sign_ins: SignIns) -> None:
    first_link(sign_ins)
    assert sign_ins.last_organizer() == "organizer"
    sign_ins.add("Ada", NOW)
    assert sign_ins.last_organizer() == "Ada"
    sign_ins.add("Tao", NOW)
    assert sign_ins.last_organizer() is None


def test_of_two_organizers_who_remove_each_other_at_once_one_stays(sign_ins: SignIns) -> None:
    for _ in range(5):
        for name in ("Ada", "Tao"):
            if Editor(name) not in sign_ins.people():
                sign_ins.add(name, NOW)
        removed = at_once(2, lambda number: sign_ins.remove(("Ada", "Tao")[number]))
        assert (sorted(removed), len(sign_ins.people())) == ([False, True], 1)


def test_who_uses_a_link_while_being_removed_is_out(sign_ins: SignIns) -> None:
    sign_ins.add("Tao", NOW)
    for _ in range(5):
        sign_ins.add("Ada", NOW)
        acts = (partial(sign_ins.remove, "Ada"), partial(sign_ins.redeem, sign_ins.new_link("Ada", NOW), NOW, ""))
        removed, _ = at_once(2, lambda number, acts=acts: acts[number]())
        assert (removed, sign_ins.all(NOW, PROGRAM)) == (True, ())


def test_what_is_not_there_cannot_be_removed_signed_out_or_revoked(sign_ins: SignIns) -> None:
    for attempt in (sign_ins.remove, sign_ins.sign_out_everywhere, sign_ins.revoke):
        with pytest.raises(UnknownName):
            attempt("Eve")


@pytest.mark.parametrize("name", ["A\0B", "a" * 201])
def test_a_name_out_of_bounds_names_nobody(sign_ins: SignIns, name: str) -> None:
    for attempt in (sign_ins.remove, sign_ins.sign_out_everywhere, lambda one: sign_ins.new_link(one, NOW)):
        with pytest.raises(BadText):
            attempt(name)


def first_link(sign_ins: SignIns) -> str:
    link = sign_ins.first_link(NOW)
    assert link is not None
    return link


def test_on_an_empty_database_there_is_a_first_link_for_an_hour(sign_ins: SignIns) -> None:
    link = first_link(sign_ins)
    assert sign_ins.open_link(link, NOW + HOUR - INSTANT).editor == Editor("organizer", "organizer")
    with pytest.raises(SignInRefused):
        sign_ins.redeem(link, NOW + HOUR, "")


def test_the_next_start_withdraws_the_first_link_and_gives_another(sign_ins: SignIns) -> None:
    former, latter = first_link(sign_ins), first_link(sign_ins)
    with pytest.raises(SignInRefused):
        sign_ins.open_link(former, NOW)
    assert sign_ins.open_link(latter, NOW).editor.name == "organizer"


def test_once_somebody_came_in_there_is_no_first_link_not_even_after_all_are_signed_out(sign_ins: SignIns) -> None:
    key = sign_ins.redeem(first_link(sign_ins), NOW, "")
    sign_ins.revoke(sign_ins.signed_in(key, NOW, PROGRAM).id)
    assert sign_ins.first_link(NOW) is None


def test_once_an_organizer_was_added_there_is_no_first_link(sign_ins: SignIns) -> None:
    first_link(sign_ins)
    sign_ins.add("Ada", NOW)
    assert sign_ins.first_link(NOW) is None


def test_as_long_as_there_are_only_chairs_there_is_a_first_link(sign_ins: SignIns) -> None:
    sign_ins.add("Tao", NOW, "chair", "venue")
    assert sign_ins.open_link(first_link(sign_ins), NOW).editor == Editor("organizer")


def test_a_first_link_makes_no_organizer_of_a_chair(sign_ins: SignIns) -> None:
    sign_ins.add("organizer", NOW, "chair", "venue")
    assert (sign_ins.first_link(NOW), sign_ins.people()) == (None, (Editor("organizer", "chair", "venue"),))
