"""What speakers would change: it waits, is replaced, taken back, published or declined, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from support.codeml_day import at, codeml

from app.domain.edits.edit_types import ChangeContent
from app.domain.edits.outcome import EditRefused
from app.domain.errors import NotAllowed, StaleBase, TooLate
from app.domain.identity import Picture
from app.domain.program import Program
from app.domain.rights import Editor
from app.domain.session import Link
from app.domain.texts import BadText
from app.formats.pictures import PreparedPicture
from app.store import proposals
from app.store.errors import SignedOut
from app.store.pictures import find_picture
from app.store.proposals import Proposal, accept, accepted_by, decline, latest_of, propose, waiting_picture, withdraw
from app.store.publishing import publish_edit
from app.store.revisions import Revision, Revisions
from app.store.room_state import RoomStates
from app.store.sign_ins import SignIns
from app.store.tables import proposals as table

FRANK = Editor("Frank")
STELLA = Editor("Stella Biderman", "speaker", session="stella-biderman", speaker="stella-biderman")
NOW, LATER = at("15:00"), at("15:05")
TITLE = ChangeContent("stella-biderman", title="Open models")
FACE = PreparedPicture(Picture("", "ab" * 32, 288, 288), {"96": b"small", "288": b"large"})
OTHER_FACE = PreparedPicture(Picture("", "cd" * 32, 288, 288), {"96": b"s", "288": b"l"})
WITH_FACE = replace(TITLE, pictures=(("stella-biderman", FACE.picture),))


@pytest.fixture
def program() -> Program:
    return codeml()


@pytest.fixture(autouse=True)
def _published(first: Revision) -> None:
    """The workshop is revision 1."""


def proposed(revisions: Revisions, edit: ChangeContent = TITLE, *faces: PreparedPicture, **options: Any) -> Any:
    """What came of a change of Stella's."""
    given: dict[str, Any] = {"base": revisions.newest_number(), "by": STELLA, "now": NOW, "pictures": faces}
    return propose(revisions, edit, **given | options)


def accepted(revisions: Revisions, proposal: Proposal, **options: Any) -> Revision | None:
    given: dict[str, Any] = {"base": revisions.newest_number(), "by": FRANK, "now": LATER}
    return accept(revisions, proposal.id, **given | options)


def waiting(revisions: Revisions) -> list[Proposal]:
    return list(proposals.waiting(revisions.database))


def shown_picture(revisions: Revisions, proposal: Proposal, size: str) -> tuple[str, bytes] | None:
    [(_, picture)] = proposal.edit.pictures
    return waiting_picture(revisions.database, proposal.id, picture.digest if picture else "", size)


def title(revisions: Revisions) -> str:
    latest = revisions.latest()
    assert latest
    return latest.program.session("stella-biderman").title


def publish(revisions: Revisions, **changed: Any) -> None:
    """Publish the program of files with other values."""
    latest = revisions.latest()
    assert latest
    with revisions.publishing() as transaction:
        program = replace(latest.program, **changed)
        transaction.append(program, author="files", note="", kind="publish", now=NOW)


def let_speakers_publish(revisions: Revisions) -> None:
    publish(revisions, speakers_publish=True)


def test_a_change_waits_and_readers_see_nothing_of_it(revisions: Revisions) -> None:
    made = proposed(revisions)
    assert waiting(revisions) == [made]
    assert (made.edit, made.author, made.base, made.at, made.state) == (TITLE, "Stella Biderman", 1, NOW, "waiting")
    assert (title(revisions), revisions.newest_number()) == ("TBA", 1)


def test_an_organizers_ok_publishes_it_as_a_revision_of_its_speaker(revisions: Revisions) -> None:
    made = accepted(revisions, proposed(revisions))
    assert made
    assert (made.number, made.author, made.kind, title(revisions)) == (2, "Stella Biderman", "edit", "Open models")
    assert waiting(revisions) == []
    assert accepted_by(revisions.database, [1, 2]) == {2: "Frank"}


def test_its_speaker_sees_what_became_of_it(revisions: Revisions) -> None:
    made = proposed(revisions)
    accepted(revisions, made)
    known = latest_of(revisions.database, "stella-biderman", "Stella Biderman")
    decided = {"decided_by": "Frank", "decided_at": LATER, "revision": 2}
    assert known == replace(made, state="published", **decided)


def test_where_the_program_says_so_it_is_published_at_once(revisions: Revisions) -> None:
    let_speakers_publish(revisions)
    made = proposed(revisions, WITH_FACE, FACE)
    assert isinstance(made, Revision)
    assert (made.author, title(revisions), waiting(revisions)) == ("Stella Biderman", "Open models", [])
    assert find_picture(revisions.database, "ab" * 12, "288") == ("image/webp", b"large")
    assert accepted_by(revisions.database, [made.number]) == {}


def test_what_waited_goes_when_the_program_lets_its_speaker_publish(revisions: Revisions) -> None:
    proposed(revisions, WITH_FACE, FACE)
    let_speakers_publish(revisions)
    assert isinstance(proposed(revisions, replace(WITH_FACE, title="Open data")), Revision)
    assert (title(revisions), waiting(revisions)) == ("Open data", [])
    assert find_picture(revisions.database, "ab" * 12, "288") == ("image/webp", b"large")


def test_a_form_that_is_sent_twice_publishes_once(revisions: Revisions) -> None:
    let_speakers_publish(revisions)
    first = proposed(revisions, once="ab")
    assert proposed(revisions, base=2, once="ab") == first
    assert revisions.newest_number() == 3


def test_another_change_takes_its_place_under_another_id(revisions: Revisions) -> None:
    first = proposed(revisions)
    second = proposed(revisions, replace(TITLE, title="Open data"), now=LATER)
    assert waiting(revisions) == [second]
    with pytest.raises(EditRefused, match="changed or decided meanwhile"):
        accepted(revisions, first)


def test_the_same_change_again_stays_what_waits(revisions: Revisions) -> None:
    first = proposed(revisions, WITH_FACE, FACE)
    version = RoomStates(revisions).version()
    assert proposed(revisions, WITH_FACE, FACE, now=LATER) == first
    assert (waiting(revisions), RoomStates(revisions).version()) == ([first], version)


def test_a_change_on_what_others_changed_since_is_refused_and_what_waits_stays(revisions: Revisions) -> None:
    made = proposed(revisions)
    publish_edit(revisions, replace(TITLE, title="Of Frank"), base=1, by=FRANK, note="", now=NOW)
    with pytest.raises(StaleBase):
        proposed(revisions, replace(TITLE, title="Open data"), base=1)
    assert waiting(revisions) == [made]


@pytest.mark.parametrize(
    "content",
    [
        {"title": "x" * 301},
        {"abstract": "x" * 20_001},
        {"title": "a\0b"},
        {"links": tuple(Link(f"{number}", "https://example.org") for number in range(101))},
        {"links": (Link("Slides", "https://example.org/".ljust(2_001, "x")),)},
        {"affiliations": (("stella-biderman", ("x" * 201,)),)},
        {"own_pages": (("stella-biderman", "https://example.org/".ljust(2_001, "x")),)},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_is_out_of_bounds_does_not_wait(revisions: Revisions, content: dict[str, Any]) -> None:
    with pytest.raises(BadText):
        proposed(revisions, ChangeContent("stella-biderman", **content))
    assert waiting(revisions) == []


def test_a_speaker_publishes_by_no_other_way_unless_the_program_says_so(revisions: Revisions) -> None:
    with pytest.raises(NotAllowed, match="waits for an organizer's OK"):
        publish_edit(revisions, TITLE, base=1, by=STELLA, note="", now=NOW)
    assert revisions.newest_number() == 1


def test_one_that_changes_nothing_takes_back_what_waits(revisions: Revisions) -> None:
    proposed(revisions)
    assert proposed(revisions, replace(TITLE, title="TBA")) is None
    assert waiting(revisions) == []


def test_two_speakers_of_a_session_wait_beside_each_other(revisions: Revisions) -> None:
    other = replace(STELLA, name="Her colleague", speaker=None)
    first, second = proposed(revisions), proposed(revisions, replace(TITLE, abstract="Ours."), by=other, now=LATER)
    assert waiting(revisions) == [first, second]
    accepted(revisions, first)
    assert waiting(revisions) == [second]


def test_a_speaker_takes_their_own_back(revisions: Revisions) -> None:
    proposed(revisions)
    withdraw(revisions, "stella-biderman", by=replace(STELLA, name="Somebody"), now=LATER)
    assert len(waiting(revisions)) == 1
    withdraw(revisions, "stella-biderman", by=STELLA, now=LATER)
    assert waiting(revisions) == []


def test_an_organizer_declines_it_for_a_reason_that_its_speaker_reads(revisions: Revisions) -> None:
    made = proposed(revisions, WITH_FACE, FACE)
    decline(revisions, made.id, " Too long for the screen. ", by=FRANK, now=LATER)
    known = latest_of(revisions.database, "stella-biderman", "Stella Biderman")
    assert known
    assert (known.state, known.decided_by, known.reason) == ("declined", "Frank", "Too long for the screen.")
    assert (waiting(revisions), title(revisions)) == ([], "TBA")
    assert shown_picture(revisions, made, "288") is None


def test_a_reason_has_the_bound_of_a_note(revisions: Revisions) -> None:
    with pytest.raises(BadText):
        decline(revisions, proposed(revisions).id, "x" * 501, by=FRANK, now=LATER)
    assert len(waiting(revisions)) == 1


@pytest.mark.parametrize("by", [STELLA, Editor("Ada", "chair", "venue"), Editor("Ole", "operator")])
def test_nobody_but_an_organizer_decides(revisions: Revisions, by: Editor) -> None:
    made = proposed(revisions)
    with pytest.raises(NotAllowed):
        accepted(revisions, made, by=by)
    with pytest.raises(NotAllowed):
        decline(revisions, made.id, "", by=by, now=LATER)
    assert waiting(revisions) == [made]


def test_what_is_decided_is_decided_once(revisions: Revisions) -> None:
    made = proposed(revisions)
    accepted(revisions, made)
    with pytest.raises(EditRefused):
        accepted(revisions, made)
    with pytest.raises(EditRefused):
        decline(revisions, made.id, "", by=FRANK, now=LATER)
    assert revisions.newest_number() == 2


def test_a_form_that_is_sent_twice_says_ok_once(revisions: Revisions) -> None:
    made = proposed(revisions)
    assert accepted(revisions, made, once="ab") == accepted(revisions, made, once="ab")
    assert revisions.newest_number() == 2


def test_a_title_that_others_changed_since_the_page_of_the_ok_is_not_overwritten(revisions: Revisions) -> None:
    made = proposed(revisions)
    edit = ChangeContent("stella-biderman", title="Of Frank")
    publish_edit(revisions, edit, base=1, by=FRANK, note="", now=NOW)
    with pytest.raises(StaleBase):
        accepted(revisions, made, base=1)
    assert accepted(revisions, made, base=2)
    assert title(revisions) == "Open models"


def test_what_was_changed_alike_meanwhile_makes_no_revision(revisions: Revisions) -> None:
    made = proposed(revisions)
    publish_edit(revisions, TITLE, base=1, by=FRANK, note="", now=NOW)
    assert accepted(revisions, made) is None
    assert (waiting(revisions), revisions.newest_number()) == ([], 2)


def test_an_organizer_says_ok_after_the_session_began_to_what_came_before(revisions: Revisions) -> None:
    made = proposed(revisions, now=at("15:29"))
    assert accepted(revisions, made, now=at("15:45"))


@pytest.mark.parametrize("now", [at("15:30"), at("17:00")])
def test_a_title_that_comes_too_late_does_not_wait(revisions: Revisions, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        proposed(revisions, now=now)
    assert waiting(revisions) == []


def test_what_is_of_somebody_who_was_taken_off_the_session_cannot_be_published(revisions: Revisions) -> None:
    made = proposed(revisions, WITH_FACE, FACE)
    sessions = (replace(one, speakers=()) if one.id == "stella-biderman" else one for one in codeml().sessions)
    publish(revisions, sessions=tuple(sessions))
    with pytest.raises(EditRefused, match="Stella Biderman is not of"):
        accepted(revisions, made)
    assert waiting(revisions) == [made]


def test_a_picture_waits_beside_those_of_the_program_until_the_ok(revisions: Revisions) -> None:
    made = proposed(revisions, WITH_FACE, FACE)
    assert shown_picture(revisions, made, "96") == ("image/webp", b"small")
    assert find_picture(revisions.database, "ab" * 12, "96") is None
    accepted(revisions, made)
    assert find_picture(revisions.database, "ab" * 12, "96") == ("image/webp", b"small")
    assert shown_picture(revisions, made, "96") is None


def test_a_picture_that_waits_is_kept_by_the_change_that_follows(revisions: Revisions) -> None:
    proposed(revisions, WITH_FACE, FACE)
    second = proposed(revisions, replace(WITH_FACE, title="Open data"))
    assert shown_picture(revisions, second, "288") == ("image/webp", b"large")


def test_another_picture_takes_its_place(revisions: Revisions) -> None:
    proposed(revisions, WITH_FACE, FACE)
    second = proposed(revisions, replace(TITLE, pictures=(("stella-biderman", OTHER_FACE.picture),)), OTHER_FACE)
    assert shown_picture(revisions, second, "288") == ("image/webp", b"l")


def test_a_picture_that_the_change_does_not_name_is_not_kept(revisions: Revisions) -> None:
    made = proposed(revisions, WITH_FACE, FACE, OTHER_FACE)
    accepted(revisions, made)
    assert find_picture(revisions.database, "cd" * 12, "288") is None


def test_a_picture_of_the_program_may_be_named_again(revisions: Revisions) -> None:
    accepted(revisions, proposed(revisions, WITH_FACE, FACE))
    proposed(revisions, replace(WITH_FACE, title="Open data"))
    assert [one.edit.title for one in waiting(revisions)] == ["Open data"]


def test_a_picture_of_somebody_elses_change_that_waits_is_no_ones(revisions: Revisions) -> None:
    proposed(revisions, WITH_FACE, FACE)
    with pytest.raises(EditRefused, match="choose it again"):
        proposed(revisions, WITH_FACE, by=replace(STELLA, name="Her colleague"))


def test_a_picture_that_nobody_sent_is_refused(revisions: Revisions) -> None:
    with pytest.raises(EditRefused, match="choose it again"):
        proposed(revisions, WITH_FACE)
    assert waiting(revisions) == []


def test_each_change_is_told_to_open_consoles(revisions: Revisions) -> None:
    states = RoomStates(revisions)
    versions = [states.version()]
    made = proposed(revisions)
    versions.append(states.version())
    decline(revisions, made.id, "", by=FRANK, now=LATER)
    versions.append(states.version())
    proposed(revisions)
    withdraw(revisions, "stella-biderman", by=STELLA, now=LATER)
    versions.append(states.version())
    withdraw(revisions, "stella-biderman", by=STELLA, now=LATER)
    assert [*versions, states.version()] == [0, 1, 2, 4, 4]


def test_who_was_signed_out_meanwhile_changes_and_decides_nothing(revisions: Revisions) -> None:
    for change in (
        lambda: proposed(revisions, sign_in="gone"),
        lambda: withdraw(revisions, "stella-biderman", by=STELLA, now=LATER, sign_in="gone"),
        lambda: decline(revisions, "any", "", by=FRANK, now=NOW, sign_in="gone"),
        lambda: accept(revisions, "any", base=1, by=FRANK, now=NOW, sign_in="gone"),
    ):
        with pytest.raises(SignedOut):
            change()


def test_what_somebody_would_change_goes_with_them(revisions: Revisions) -> None:
    people = SignIns(revisions.database)
    people.add("Frank", NOW)
    stella = people.add("Stella Biderman", NOW, "speaker", session="stella-biderman")
    assert stella == STELLA
    accepted(revisions, proposed(revisions))
    proposed(revisions, replace(TITLE, title="Open data"), now=LATER + timedelta(minutes=1))
    states = RoomStates(revisions)
    version = states.version()
    people.remove("Stella Biderman")
    # Open consoles are told.
    assert (waiting(revisions), states.version()) == ([], version + 1)
    assert accepted_by(revisions.database, [2]) == {2: "Frank"}


def test_a_form_that_comes_again_after_it_was_declined_waits_no_more(revisions: Revisions) -> None:
    made = proposed(revisions, once="ab")
    decline(revisions, made.id, "", by=FRANK, now=LATER)
    again = proposed(revisions, once="ab", now=LATER)
    assert (again.state, waiting(revisions)) == ("declined", [])


def test_a_form_that_comes_again_takes_no_place_of_a_later_one(revisions: Revisions) -> None:
    proposed(revisions, once="ab")
    later = proposed(revisions, replace(TITLE, title="Open data"), once="cd", now=LATER)
    assert proposed(revisions, once="ab", now=LATER) == later
    assert waiting(revisions) == [later]


def test_a_form_that_was_refused_can_be_sent_again(revisions: Revisions) -> None:
    with pytest.raises(EditRefused):
        proposed(revisions, WITH_FACE, once="ab")
    assert proposed(revisions, WITH_FACE, FACE, once="ab").state == "waiting"


def test_words_that_wait_stay_with_what_is_sent_after_the_session_began(revisions: Revisions) -> None:
    proposed(revisions, now=at("15:29"))
    edit = replace(TITLE, own_pages=(("stella-biderman", "https://example.org"),))
    assert proposed(revisions, edit, now=at("15:40")).edit == edit
    with pytest.raises(TooLate):
        proposed(revisions, replace(edit, title="Open data"), now=at("15:41"))
    assert [one.edit for one in waiting(revisions)] == [edit]


def test_what_waits_is_the_latest_though_the_clock_was_set_back(revisions: Revisions) -> None:
    accepted(revisions, proposed(revisions))
    second = proposed(revisions, replace(TITLE, title="Open data"), now=at("10:00"))
    assert latest_of(revisions.database, "stella-biderman", "Stella Biderman") == second


def test_of_what_was_sent_without_an_ok_the_last_alone_is_kept(revisions: Revisions) -> None:
    let_speakers_publish(revisions)
    for number in range(3):
        proposed(revisions, replace(TITLE, title=f"Title {number}"))
    with revisions.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 1
