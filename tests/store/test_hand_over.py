"""The hand-over of a room by a link: to one person, in place of the chair who made it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from support.codeml_day import codeml
from support.publisher_processes import NOW

from app.domain.edits.edit_types import Announce
from app.domain.errors import NotAllowed, UnknownName
from app.domain.rights import Editor
from app.store.database import Database
from app.store.errors import BadOrganizer, HandedOver, NameTaken, SignInRefused, StoreError
from app.store.hand_over import HandOvers
from app.store.publishing import publish_edit
from app.store.revisions import Revision, Revisions
from app.store.sign_in_links import link_id
from app.store.sign_ins import SignIns

PROGRAM = codeml()
SECRET = "a secret"
MINUTE = timedelta(minutes=1)
ADA, FRANK = Editor("Ada", "chair", "venue"), Editor("Frank")


@pytest.fixture
def sign_ins(database: Database, first: Revision) -> SignIns:
    """Ada chairs the one room, Frank is an organizer."""
    sign_ins = SignIns(database)
    sign_ins.add("Ada", NOW, "chair", "venue")
    sign_ins.add("Frank", NOW)
    return sign_ins


@pytest.fixture
def hand_overs(database: Database, sign_ins: SignIns) -> HandOvers:
    return HandOvers(database)


def new_link(hand_overs: HandOvers, giver: Editor = ADA) -> str:
    return hand_overs.new_link(giver, "venue", NOW, SECRET)


def test_whoever_takes_over_is_chair_of_the_room_and_signed_in(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    key = hand_overs.take_over(new_link(hand_overs), " Grace ", NOW, "Firefox")
    found = sign_ins.signed_in(key, NOW, PROGRAM)
    assert (found.editor, found.user_agent) == (Editor("Grace", "chair", "venue"), "Firefox")


def test_a_chair_who_handed_over_is_out_on_every_browser_with_every_link(
    hand_overs: HandOvers, sign_ins: SignIns
) -> None:
    browsers = [sign_ins.redeem(sign_ins.new_link("Ada", NOW), NOW, "") for _ in range(2)]
    unused = sign_ins.new_link("Ada", NOW)
    hand_overs.take_over(new_link(hand_overs), "Grace", NOW, "")
    assert sign_ins.people() == (FRANK, Editor("Grace", "chair", "venue"))
    for browser in browsers:
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(browser, NOW, PROGRAM)
    with pytest.raises(SignInRefused):
        sign_ins.open_link(unused, NOW)


def test_an_organizer_who_handed_a_room_over_stays_and_so_does_its_chair(
    hand_overs: HandOvers, sign_ins: SignIns
) -> None:
    hand_overs.take_over(new_link(hand_overs, FRANK), "Grace", NOW, "")
    assert sign_ins.people() == (ADA, FRANK, Editor("Grace", "chair", "venue"))


def test_what_the_former_chair_published_stays(hand_overs: HandOvers, database: Database) -> None:
    revisions = Revisions(database)
    publish_edit(revisions, Announce("Tea is ready.", room="venue"), base=1, by=ADA, note="", now=NOW)
    hand_overs.take_over(new_link(hand_overs), "Grace", NOW, "")
    assert [entry.author for entry in revisions.history()] == ["files", "Ada"]


def test_a_hand_over_signs_its_giver_in_nowhere(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    with pytest.raises(SignInRefused):
        sign_ins.redeem(new_link(hand_overs), NOW, "")
    assert sign_ins.all(NOW, PROGRAM) == ()


def test_a_sign_in_link_hands_nothing_over(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    with pytest.raises(SignInRefused):
        hand_overs.take_over(sign_ins.new_link("Ada", NOW), "Grace", NOW, "")
    assert sign_ins.people() == (ADA, FRANK)


def test_it_is_valid_for_fifteen_minutes_and_no_longer(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    key = new_link(hand_overs)
    assert sign_ins.open_link(key, NOW + 15 * MINUTE - timedelta(microseconds=1)).room == "venue"
    with pytest.raises(SignInRefused):
        hand_overs.take_over(key, "Grace", NOW + 15 * MINUTE, "")


def test_of_ten_who_scan_a_code_at_once_one_has_the_room(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    key, together = new_link(hand_overs), Barrier(10)

    def outcome(number: int) -> str:
        together.wait()
        try:
            hand_overs.take_over(key, f"Grace {number}", NOW, "")
        except StoreError as error:
            return type(error).__name__
        return "has it"

    with ThreadPoolExecutor(10) as pool:
        outcomes = sorted(pool.map(outcome, range(10)))
    assert outcomes == ["HandedOver"] * 9 + ["has it"]
    assert [one.role for one in sign_ins.people()] == ["organizer", "chair"]


def test_who_comes_second_is_told_who_has_the_room(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    key = new_link(hand_overs)
    hand_overs.take_over(key, "Grace", NOW, "")
    with pytest.raises(HandedOver, match="Grace has taken the room over with it"):
        sign_ins.open_link(key, NOW + MINUTE)
    assert sign_ins.links(NOW) == ()


GRACE = Editor("Grace", "chair", "venue")


def test_the_form_that_took_a_room_over_signs_its_chair_in_again_until_the_link_expires(
    hand_overs: HandOvers, sign_ins: SignIns
) -> None:
    key = new_link(hand_overs)
    for later in (0 * MINUTE, MINUTE, 15 * MINUTE - timedelta(microseconds=1)):
        signed_in = hand_overs.take_over(key, "Grace", NOW + later, "", "once")
        assert sign_ins.signed_in(signed_in, NOW, PROGRAM).editor == GRACE
    with pytest.raises(HandedOver, match="Grace"):
        hand_overs.take_over(key, "Grace", NOW + 15 * MINUTE, "", "once")
    assert sign_ins.people() == (FRANK, GRACE)


@pytest.mark.parametrize(("name", "once"), [("Grace", "another"), ("Grace", ""), ("Linus", "once")])
def test_another_form_or_name_does_not_take_a_room_over_again(
    hand_overs: HandOvers, sign_ins: SignIns, name: str, once: str
) -> None:
    key = new_link(hand_overs)
    hand_overs.take_over(key, "Grace", NOW, "", "once")
    with pytest.raises(HandedOver, match="Grace has taken the room over with it"):
        hand_overs.take_over(key, name, NOW, "", once)
    assert sign_ins.people() == (FRANK, GRACE)


def test_a_form_that_is_sent_twice_at_once_signs_its_chair_in_twice(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    key, together = new_link(hand_overs), Barrier(4)

    def send(_: int) -> str:
        together.wait()
        return hand_overs.take_over(key, "Grace", NOW, "", "once")

    with ThreadPoolExecutor(4) as pool:
        signed_in = [sign_ins.signed_in(one, NOW, PROGRAM).editor for one in pool.map(send, range(4))]
    assert (signed_in, sign_ins.people()) == ([GRACE] * 4, (FRANK, GRACE))


def test_who_took_a_room_over_and_was_removed_does_not_come_back(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    key = new_link(hand_overs)
    hand_overs.take_over(key, "Grace", NOW, "", "once")
    sign_ins.remove("Grace")
    with pytest.raises(SignInRefused):
        hand_overs.take_over(key, "Grace", NOW, "", "once")


def test_it_is_known_who_took_a_room_over(hand_overs: HandOvers) -> None:
    key = new_link(hand_overs)
    assert hand_overs.taken_over_by(link_id(key)) is None
    hand_overs.take_over(key, "Grace", NOW, "")
    assert hand_overs.taken_over_by(link_id(key)) == Editor("Grace", "chair", "venue")


def test_a_day_after_its_minutes_that_may_be_forgotten(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    key = new_link(hand_overs)
    hand_overs.take_over(key, "Grace", NOW, "")
    sign_ins.new_link("Frank", NOW + timedelta(days=1) + 15 * MINUTE)
    assert hand_overs.taken_over_by(link_id(key)) is None


@pytest.mark.parametrize("name", ["Ada", "ada", "FRANK"])
def test_a_name_that_somebody_has_is_refused_and_the_link_stays(
    hand_overs: HandOvers, sign_ins: SignIns, name: str
) -> None:
    key = new_link(hand_overs)
    with pytest.raises(NameTaken):
        hand_overs.take_over(key, name, NOW, "")
    assert (sign_ins.people(), sign_ins.open_link(key, NOW).editor) == ((ADA, FRANK), ADA)


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "A\0B", "files", "Terminal"])
def test_a_name_that_nobody_may_have_is_refused_and_the_link_stays(
    hand_overs: HandOvers, sign_ins: SignIns, name: str
) -> None:
    key = new_link(hand_overs)
    with pytest.raises(BadOrganizer):
        hand_overs.take_over(key, name, NOW, "")
    assert (sign_ins.people(), sign_ins.open_link(key, NOW).editor) == ((ADA, FRANK), ADA)


def test_a_new_link_withdraws_the_givers_former_one_and_no_other(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    sign_in = sign_ins.new_link("Ada", NOW, secret=SECRET)
    others, former = new_link(hand_overs, FRANK), new_link(hand_overs)
    new_link(hand_overs)
    with pytest.raises(SignInRefused):
        sign_ins.open_link(former, NOW)
    assert [sign_ins.open_link(key, NOW).editor for key in (sign_in, others)] == [ADA, FRANK]


def test_a_link_is_invalid_once_its_giver_is_removed(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    key = new_link(hand_overs)
    sign_ins.remove("Ada")
    with pytest.raises(SignInRefused):
        hand_overs.take_over(key, "Grace", NOW, "")


def test_who_was_removed_or_has_another_role_by_now_hands_nothing_over(
    hand_overs: HandOvers, sign_ins: SignIns
) -> None:
    sign_ins.remove("Ada")
    with pytest.raises(UnknownName):
        new_link(hand_overs)
    sign_ins.add("Ada", NOW, "operator")
    with pytest.raises(SignInRefused):
        new_link(hand_overs)


@pytest.mark.parametrize(
    "giver", [Editor("Ada", "chair", "annex"), Editor("Ada", "operator"), Editor("Ada", "speaker", None, "panel")]
)
def test_only_its_chair_or_an_organizer_hands_a_room_over(hand_overs: HandOvers, giver: Editor) -> None:
    with pytest.raises(NotAllowed):
        new_link(hand_overs, giver)


def test_a_room_that_the_program_does_not_have_is_not_handed_over(hand_overs: HandOvers) -> None:
    with pytest.raises(UnknownName, match="there is no room 'cellar'"):
        hand_overs.new_link(FRANK, "cellar", NOW, SECRET)


def test_the_new_chair_may_hand_the_room_on(hand_overs: HandOvers, sign_ins: SignIns) -> None:
    hand_overs.take_over(new_link(hand_overs), "Grace", NOW, "")
    hand_overs.take_over(new_link(hand_overs, Editor("Grace", "chair", "venue")), "Ada", NOW, "")
    assert sign_ins.people() == (ADA, FRANK)
