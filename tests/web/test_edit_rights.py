"""Each kind of edit, and of undo, for each role, as the console's forms send it; and what a chair's room is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from html import unescape
from html.parser import HTMLParser
from typing import Any, get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from support.codeml_day import at, talk, two_rooms
from support.console_browser import Console, browser_of, publishing, token_on
from support.movable_clock import MovableClock
from support.publisher_processes import append_revision
from werkzeug.test import TestResponse

from app.domain.edits import edit_types as edits
from app.domain.edits.edit_types import Edit
from app.domain.edits.outcome import EditRefused
from app.domain.errors import NotAllowed
from app.domain.lineup import is_by_hand
from app.domain.program import Announcement, Program
from app.domain.rights import Editor
from app.domain.session import Item, Link
from app.formats.edit_json import edit_from_json, edit_to_json
from app.live.clock import SYSTEM_CLOCK
from app.store.errors import BadOrganizer, SignInRefused
from app.store.publishing import publish_edit, publish_note, undo
from app.store.sign_ins import SignIns
from app.web.running_service import Service

# At 10:20 `a` is on in the hall and `b` in the annex; then the hall has `c` and `e`, and all rooms coffee and lunch.
# Edits are of the hall; "for all" ones are of the coffee break. "own": published by somebody of that name, in the room
# of the chair of the annex, else in the hall; "of then": what an organizer alone may do. "yes": published; "no":
# refused with 403; everything else is a fault.
TABLE = """
                      stranger attendee chair  chair-of-annex speaker operator operator-of-hall operator-of-annex organizer removed
Delay                 no       no       yes    no             no      yes      yes              no                yes       no
Delay-for-all         no       no       no     no             no      yes      no               no                yes       no
DelayEverywhere       no       no       no     no             no      no       no               no                yes       no
StartNow              no       no       yes    no             no      yes      yes              no                yes       no
StartNow-for-all      no       no       no     no             no      yes      no               no                yes       no
EndNow                no       no       yes    no             no      yes      yes              no                yes       no
Extend                no       no       yes    no             no      yes      yes              no                yes       no
Absent                no       no       yes    no             no      no       no               no                yes       no
Announce              no       no       yes    no             no      no       no               no                yes       no
Announce-for-all      no       no       no     no             no      no       no               no                yes       no
WithdrawAnnouncement  no       no       no     no             no      no       no               no                yes       no
Swap                  no       no       no     no             no      no       no               no                yes       no
Reorder               no       no       no     no             no      no       no               no                yes       no
AddSession            no       no       no     no             no      no       no               no                yes       no
Shorten               no       no       no     no             no      no       no               no                yes       no
Move                  no       no       no     no             no      no       no               no                yes       no
ChangeRoom            no       no       no     no             no      no       no               no                yes       no
Cancel                no       no       no     no             no      no       no               no                yes       no
Reinstate             no       no       no     no             no      no       no               no                yes       no
ChangeContent         no       no       no     no             no      no       no               no                yes       no
Step                  no       no       yes    no             no      yes      yes              no                yes       no
OrderItems            no       no       yes    no             no      no       no               no                yes       no
ItemAbsent            no       no       yes    no             no      no       no               no                yes       no
AddItem               no       no       yes    no             no      no       no               no                yes       no
RemoveItem            no       no       yes    no             no      no       no               no                yes       no
undo-own-latest       no       no       yes    yes            no      no       no               no                yes       no
undo-own-older        no       no       no     no             no      no       no               no                yes       no
undo-of-another       no       no       no     no             no      no       no               no                yes       no
undo-latest           no       no       yes    yes            no      no       no               no                yes       no
back-to               no       no       no     no             no      no       no               no                yes       no
note-on-own           no       no       yes    yes            no      yes      yes              no                yes       no
note-on-own-of-then   no       no       no     no             no      no       no               no                yes       no
note-of-another       no       no       no     no             no      no       no               no                yes       no
"""  # noqa: E501 - one line for each edit
WHO, *ROWS = (line.split() for line in TABLE.strip().splitlines())
EDITORS = {
    "chair": Editor("Ada", "chair", "hall"),
    "chair-of-annex": Editor("Alan", "chair", "annex"),
    "speaker": Editor("Grace", "speaker", None, "a"),
    "operator": Editor("Linus", "operator"),
    "operator-of-hall": Editor("Guido", "operator", "hall"),
    "operator-of-annex": Editor("Larry", "operator", "annex"),
    "organizer": Editor("Frank"),
    "removed": Editor("Eve"),
}
Form = Mapping[str, object]
# Each edit of the table, and the form that asks for it; there is none for what people do by "Undo".
EDITS: dict[str, tuple[Edit, Form | None]] = {
    "Delay": (edits.Delay("a", 5), {"do": "late", "session": "a", "minutes": "5"}),
    "Delay-for-all": (edits.Delay("coffee", 5), {"do": "late", "session": "coffee", "minutes": "5"}),
    "DelayEverywhere": (edits.DelayEverywhere(5), {"do": "late", "everywhere": "1", "minutes": "5"}),
    "StartNow": (edits.StartNow("c"), {"do": "start", "session": "c"}),
    "StartNow-for-all": (edits.StartNow("coffee"), {"do": "start", "session": "coffee"}),
    "EndNow": (edits.EndNow("a"), {"do": "end", "session": "a"}),
    "Extend": (edits.Extend("a"), {"do": "extend", "session": "a", "minutes": "5"}),
    "Absent": (edits.Absent("a"), {"do": "absent", "session": "a"}),
    "Announce": (
        edits.Announce("Hello", "hall"),
        {"do": "announce", "text": "Hello", "room": "hall", "minutes": "30"},
    ),
    "Announce-for-all": (edits.Announce("Hello"), {"do": "announce", "text": "Hello", "room": "", "minutes": "30"}),
    "WithdrawAnnouncement": (edits.WithdrawAnnouncement(1), None),
    "Swap": (edits.Swap("c", "d"), {"do": "swap", "session": "c", "other": "d"}),
    "Reorder": (
        edits.Reorder(("d", "c")),
        {"do": "reorder", "session": ["c", "d"], "was": ["1", "2"], "position": ["2", "1"]},
    ),
    "AddSession": (
        edits.AddSession("New", 5, after="d"),
        {"do": "add", "title": "New", "minutes": "5", "kind": "talk", "after": "d", "names": ""},
    ),
    "Shorten": (edits.Shorten("a", 25), {"do": "shorten", "session": "a", "minutes": "25"}),
    "Move": (edits.Move("c", at("10:35")), {"do": "move", "session": "c", "time": "10:35"}),
    "ChangeRoom": (edits.ChangeRoom("c", "annex"), {"do": "room", "session": "c", "room": "annex"}),
    "Cancel": (edits.Cancel("c"), {"do": "cancel", "session": "c"}),
    "Reinstate": (edits.Reinstate("off"), {"do": "reinstate", "session": "off"}),
    "ChangeContent": (edits.ChangeContent("a", title="Mine"), {"do": "content", "session": "a", "title": "Mine"}),
}
EDITS |= {
    "Step": (edits.Step("a", "four"), None),
    "OrderItems": (edits.OrderItems("a", ("five", "four")), None),
    "ItemAbsent": (edits.ItemAbsent("a", "four"), None),
    "AddItem": (edits.AddItem("a", "New", 2), None),
    "RemoveItem": (edits.RemoveItem("a", "five"), None),
}
# What a speaker may change of their session also after it began.
SLIDES = edits.ChangeContent("a", links=(Link("Slides", "https://example.org/slides"),))
# What an edit of a session's room can be about that is not that session.
LATER = {"a": "d", "b": "f"}
UNDOS = {"undo-own-latest", "undo-own-older", "undo-of-another", "undo-latest", "back-to"}
NOTES = {"note-on-own", "note-on-own-of-then", "note-of-another"}


# Of "a"; at 10:20 the third is on, and the last was added on the spot.
LINE_UP = tuple(
    Item(id=name, title=name.title(), minutes=7, added=name == "five")
    for name in ("one", "two", "three", "four", "five")
)


@pytest.fixture
def program() -> Program:
    """Two rooms, sessions for both, a cancelled one, and an announcement."""
    day = two_rooms(
        replace(talk("a", "10:00-10:30"), items=LINE_UP),
        talk("b", "10:00-10:30", "annex"),
        talk("c", "10:40-11:00"),
        talk("d", "11:00-11:20"),
        talk("coffee", "11:30-11:45", None, least=10),
        talk("e", "11:45-12:15"),
        talk("lunch", "12:30-13:30", None, least=45, pinned=True),
        talk("f", "14:00-14:30", "annex"),
        replace(talk("off", "15:00-15:30"), cancelled=True),
    )
    return replace(day, announcements=(Announcement(text="Welcome", until=at("18:00")),))


@pytest.fixture
def sign_ins(app: Flask, service: Service) -> SignIns:
    """With somebody of each role."""
    sign_ins, now = SignIns(service.database), SYSTEM_CLOCK.now()
    for one in (*EDITORS.values(), Editor("Guest")):
        sign_ins.add(one.name, now, one.role, one.room, one.session)
    return sign_ins


@pytest.fixture
def chair(app: Flask) -> Console:
    """The chair of the hall."""
    return Console(app, "Ada", "hall")


@dataclass(frozen=True)
class Sender:
    """A browser with a token for forms."""

    browser: FlaskClient
    token: str

    def post(self, path: str, form: Form) -> TestResponse:
        """A form, as a browser sends it."""
        return self.browser.post(path, data={"csrf_token": self.token, **form})


def sender_of(who: str, app: Flask, sign_ins: SignIns) -> Sender:
    """A new browser of somebody in the table; whoever is removed had the console open before."""
    browser = browser_of(who, EDITORS, app, sign_ins)
    link = sign_ins.new_link("Guest", SYSTEM_CLOCK.now())
    token = token_on(browser.get(f"/organizer/sign-in/{link}").text)
    return Sender(browser, token)


def publish(service: Service, edit: Edit, name: str = "Frank") -> int:
    """Publish an edit as somebody who was an organizer then; the number of its revision."""
    base = service.current.revisions.history()[-1].number
    now = service.clock.now()
    made = publish_edit(service.current.revisions, edit, base=base, by=Editor(name), note="", now=now)
    service.current.refresh()
    return made.number


def take_back_all(service: Service) -> None:
    """Undo all edits that stand, the newest first; the line-up goes by the clock again."""
    latest = service.current.revisions.latest()
    if latest and is_by_hand(latest.program.session("a")):
        publish(service, edits.Step("a", None))
    with suppress(EditRefused):
        while True:
            undo(service.current.revisions, None, by=Editor("Frank"), note="", now=service.clock.now())
    service.current.refresh()


def revision(service: Service) -> int:
    """The number of the newest revision in the database."""
    return service.current.revisions.history()[-1].number


def name_of(who: str) -> str:
    """The name of somebody in the table; readers have none."""
    return EDITORS[who].name if who in EDITORS else "Nobody"


def result(answer: TestResponse, who: str, service: Service, since: int) -> str:
    """What the table calls an answer, where it fits the revisions that came and their authors."""
    authors = [one.author for one in service.current.revisions.history(since)]
    found = (answer.status_code, authors)
    return "yes" if found == (303, [name_of(who)]) else "no" if found == (403, []) else str(found)


def test_the_table_has_every_kind_of_edit() -> None:
    kinds = {row[0].removesuffix("-for-all") for row in ROWS}
    assert kinds - UNDOS - NOTES == {kind.__name__ for kind in get_args(Edit)}


def test_every_edit_of_the_table_is_of_its_kind() -> None:
    kinds = {label: type(edit).__name__ for label, (edit, _) in EDITS.items()}
    assert kinds == {row[0]: row[0].removesuffix("-for-all") for row in ROWS if row[0] in EDITS}


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] in EDITS], ids=lambda row: row[0])
@pytest.mark.parametrize("sent_as", ["form", "json"])
def test_an_edit_is_published_for_whom_the_table_says(
    row: list[str], sent_as: str, app: Flask, service: Service, sign_ins: SignIns
) -> None:
    edit, form = EDITS[row[0]]
    if sent_as == "json" or form is None:
        form = {"edit": edit_to_json(edit)}
    found = {}
    for who in WHO:
        sender, base = sender_of(who, app, sign_ins), revision(service)
        answer = sender.post("/organizer/edit", {"base": f"{base}", **form})
        found[who] = result(answer, who, service, base)
        take_back_all(service)
    assert found == dict(zip(WHO, row[1:], strict=True))


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] in UNDOS], ids=lambda row: row[0])
def test_a_revision_is_taken_back_by_whom_the_table_says(
    row: list[str], app: Flask, service: Service, sign_ins: SignIns
) -> None:
    found = {}
    for who in WHO:
        sender, name = sender_of(who, app, sign_ins), name_of(who)
        session = "b" if who == "chair-of-annex" else "a"
        older = publish(service, edits.Delay(session, 2), "Julija" if row[0] == "undo-of-another" else name)
        newer = publish(service, edits.Delay(LATER[session], 2), name) if row[0] == "undo-own-older" else older
        form = {"back_to": "1"} if row[0] == "back-to" else {} if row[0] == "undo-latest" else {"number": f"{older}"}
        answer = sender.post("/organizer/undo", form)
        found[who] = result(answer, who, service, newer)
        take_back_all(service)
    assert found == dict(zip(WHO, row[1:], strict=True))


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] in NOTES], ids=lambda row: row[0])
def test_a_revision_is_given_a_note_by_whom_the_table_says(
    row: list[str], app: Flask, service: Service, sign_ins: SignIns
) -> None:
    found = {}
    for who in WHO:
        sender, session = sender_of(who, app, sign_ins), "b" if who == "chair-of-annex" else "a"
        edit = edits.Cancel("e") if row[0] == "note-on-own-of-then" else edits.Delay(session, 2)
        number = publish(service, edit, "Julija" if row[0] == "note-of-another" else name_of(who))
        answer = sender.post("/organizer/note", {"number": f"{number}", "note": "Flu."})
        found[who] = result(answer, who, service, number)
        take_back_all(service)
    assert found == dict(zip(WHO, row[1:], strict=True))


# A speaker at the store, whatever page a form came from


@pytest.mark.parametrize("says_so", [False, True], ids=["organizers say OK", "speakers publish"])
@pytest.mark.parametrize("label", EDITS)
def test_the_store_publishes_no_edit_of_a_speaker_by_the_way_of_edits(
    service: Service, label: str, says_so: bool
) -> None:
    if says_so:
        append_revision(
            service.current.revisions, replace(service.current.snapshot.revision.program, speakers_publish=True)
        )
    base = revision(service)
    with pytest.raises(NotAllowed):
        published_by_speaker(service, EDITS[label][0])
    assert revision(service) == base


def test_what_a_speaker_may_change_waits_also_where_it_comes_by_the_way_of_edits(service: Service) -> None:
    with pytest.raises(NotAllowed, match="waits for an organizer's OK"):
        published_by_speaker(service, SLIDES)
    assert revision(service) == 1


def test_where_speakers_publish_the_consoles_way_of_edits_stays_closed_to_them(app: Flask, service: Service) -> None:
    append_revision(
        service.current.revisions, replace(service.current.snapshot.revision.program, speakers_publish=True)
    )
    service.current.refresh()
    grace = Console(app, "Grace", session="a")
    form = {"edit": edit_to_json(SLIDES), "base": "2"}
    found = [grace.post(f"/organizer/{path}", "/organizer/talks/a", **form).status_code for path in ("edit", "drafts")]
    assert (found, revision(service)) == ([403, 403], 2)


def test_a_speaker_takes_nothing_back_and_gives_no_note(service: Service) -> None:
    speaker, now = EDITORS["speaker"], service.clock.now()
    number = publish(service, SLIDES, speaker.name)
    for refused in (
        lambda: undo(service.current.revisions, number, by=speaker, note="", now=now),
        lambda: undo(service.current.revisions, None, by=speaker, note="", now=now),
        lambda: publish_note(service.current.revisions, number, by=speaker, note="Mine.", now=now),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert revision(service) == number


def published_by_speaker(service: Service, edit: Edit) -> None:
    """Publish an edit as the speaker of `a`."""
    base, now = revision(service), service.clock.now()
    publish_edit(service.current.revisions, edit, base=base, by=EDITORS["speaker"], note="", now=now)


# The room of a chair


def buttons(page: str) -> dict[str, Edit]:
    """The edits of a page's buttons that the server knows whole, by what the buttons say."""
    return {label: edit_from_json(sent["edit"]) for label, sent in publishing(page).items() if "edit" in sent}


def forged(chair: Console, edit: Edit, base: int = 1) -> int:
    """The status of an edit as JSON."""
    return chair.post("/organizer/edit", edit=edit_to_json(edit), base=f"{base}").status_code


def test_a_chairs_push_into_a_session_for_all_rooms_is_refused_as_into_a_pinned_one(
    chair: Console, service: Service
) -> None:
    answer = chair.edit("late", "d", minutes="13")
    assert (answer.status_code, revision(service)) == (409, 1)
    assert "“D” would run 3 minutes into “Coffee” at 11:30." in unescape(answer.text)


def test_an_organizers_push_shortens_the_same_session(app: Flask, service: Service) -> None:
    answer = Console(app).edit("late", "d", minutes="13")
    coffee = service.current.snapshot.revision.program.session("coffee")
    assert (answer.status_code, coffee.start) == (303, at("11:33"))


def test_a_session_for_all_rooms_is_not_pinned_by_a_chairs_edit(chair: Console, service: Service) -> None:
    assert chair.edit("late", "a", minutes="5").status_code == 303
    assert service.current.snapshot.revision.program.session("coffee").pinned is False


@pytest.mark.parametrize("minutes", ["13", "20"])
def test_the_ways_out_of_a_chair_are_those_that_they_may_publish(
    app: Flask, chair: Console, service: Service, minutes: str
) -> None:
    found = {}
    offered = buttons(chair.edit("late", "d", minutes=minutes).text)
    for label, edit in offered.items():
        found[label] = forged(chair, edit, revision(service))
        take_back_all(service)
    assert found == dict.fromkeys(offered, 303)
    assert found != {}


@pytest.mark.parametrize(("who", "sent_to_one"), [({"room": "hall"}, True), ({}, False)])
def test_a_chair_without_a_way_out_is_sent_to_an_organizer(app: Flask, who: dict[str, Any], sent_to_one: bool) -> None:
    page = Console(app, "Ada", **who).edit("late", "a", minutes="90").text
    assert (buttons(page) == {}, "Ask an organizer, who may move what is pinned" in page) == (sent_to_one, sent_to_one)


def test_an_operator_of_all_rooms_is_offered_no_way_out_that_moves_what_is_pinned(app: Flask, service: Service) -> None:
    operator, frank = Console(app, "Linus", role="operator"), Console(app)
    theirs, all_of_them = (buttons(one.edit("late", "e", minutes="25").text) for one in (operator, frank))
    moving = {
        label for label, edit in all_of_them.items() if isinstance(edit, edits.Pushing) and edit.push | edit.squeeze
    }
    assert moving != set()
    assert theirs == {label: edit for label, edit in all_of_them.items() if label not in moving}


@pytest.mark.parametrize("name", ["coffee", "lunch"])
@pytest.mark.parametrize("choice", ["push", "squeeze"])
@pytest.mark.parametrize("who", [{"room": "hall"}, {"role": "operator"}, {"role": "operator", "room": "hall"}])
def test_only_an_organizer_chooses_to_move_what_is_pinned(
    app: Flask, service: Service, who: dict[str, Any], choice: str, name: str
) -> None:
    edit = replace(edits.Delay("d", 13), **{choice: frozenset({name})})
    assert (forged(Console(app, "Ada", **who), edit), revision(service)) == (403, 1)


def test_a_chair_cannot_shorten_a_session_of_another_room_along_with_their_own(
    chair: Console, service: Service
) -> None:
    edit = edits.Delay("a", 5, shorten=(("b", 25),))
    assert (forged(chair, edit), revision(service)) == (409, 1)


def test_a_chairs_edit_of_a_session_that_has_moved_to_another_room_since_is_refused(
    chair: Console, service: Service
) -> None:
    publish(service, edits.ChangeRoom("c", "annex"))
    assert (chair.edit("late", "c", minutes="5", base="1").status_code, revision(service)) == (403, 2)


def test_a_chairs_edit_of_a_session_that_has_come_into_their_room_is_published(
    chair: Console, service: Service
) -> None:
    publish(service, edits.ChangeRoom("f", "hall"))
    assert (chair.edit("late", "f", minutes="5").status_code, revision(service)) == (303, 3)


# Announcements of a chair


@pytest.mark.parametrize(("room", "expected"), [("hall", (303, 2)), ("annex", (403, 1)), ("", (403, 1))])
def test_a_chair_announces_to_their_own_room_alone(
    chair: Console, service: Service, room: str, expected: tuple[int, int]
) -> None:
    answer = chair.edit("announce", text="Hello", minutes="30", room=room)
    assert (answer.status_code, revision(service)) == expected


def test_a_chairs_form_announces_to_their_room(chair: Console) -> None:
    assert '<input type="hidden" name="room" value="hall">' in chair.get("/organizer/announce").text


def test_a_chair_takes_their_own_announcement_down(chair: Console, service: Service) -> None:
    chair.edit("announce", text="Hello", minutes="30", room="hall")
    assert chair.post("/organizer/undo", number="2").status_code == 303
    assert [one.text for one in service.current.snapshot.revision.program.announcements] == ["Welcome"]


# Undo by a chair


def test_a_chair_cannot_undo_an_organizers_edit_of_their_room(chair: Console, service: Service) -> None:
    publish(service, edits.Delay("a", 5))
    assert (chair.post("/organizer/undo", number="2").status_code, revision(service)) == (403, 2)


def test_a_chair_undoes_their_edits_from_the_newest_to_the_oldest(chair: Console, service: Service) -> None:
    for minutes in ("2", "3"):
        chair.edit("late", "a", minutes=minutes)
    answers = [chair.post("/organizer/undo", number=number).status_code for number in ("2", "3", "2")]
    assert (answers, revision(service)) == ([403, 303, 303], 5)


def test_a_chair_undoes_their_edit_under_a_later_one_of_another(chair: Console, service: Service) -> None:
    chair.edit("late", "a", minutes="5")
    publish(service, edits.Delay("b", 5))
    assert chair.post("/organizer/undo", number="2").status_code == 303
    assert service.current.snapshot.revision.program.session("a").end == at("10:30")


def test_a_chair_cannot_undo_their_edit_of_a_session_that_has_moved_to_another_room(
    chair: Console, service: Service
) -> None:
    chair.edit("late", "c", minutes="5")
    publish(service, edits.ChangeRoom("c", "annex"))
    assert (chair.post("/organizer/undo", number="2").status_code, revision(service)) == (403, 3)


def test_a_chair_cannot_undo_an_edit_that_pushed_a_session_which_is_in_another_room_now(
    chair: Console, service: Service
) -> None:
    chair.edit("late", "a", minutes="15")
    publish(service, edits.ChangeRoom("c", "annex"))
    assert (chair.post("/organizer/undo", number="2").status_code, revision(service)) == (403, 3)


@pytest.mark.parametrize(
    "edit",
    [
        edits.Cancel("c"),
        edits.ChangeContent("a", title="Mine"),
        edits.Announce("To all"),
        edits.Announce("There", "annex"),
        edits.Delay("b", 5),
        edits.Delay("coffee", 5),
    ],
)
def test_a_chair_cannot_undo_what_they_did_as_an_organizer(chair: Console, service: Service, edit: Edit) -> None:
    publish(service, edit, "Ada")
    assert (chair.post("/organizer/undo", number="2").status_code, revision(service)) == (403, 2)
    assert 'action="/organizer/undo"' not in chair.get("/organizer/history").text


@pytest.mark.parametrize("name", ["files", "terminal", "Terminal"])
def test_nobody_has_the_name_of_what_is_no_person(service: Service, name: str) -> None:
    with pytest.raises(BadOrganizer, match="stands in the history for what is no person"):
        SignIns(service.database).add(name, SYSTEM_CLOCK.now(), "chair", "hall")


def test_an_edit_that_waited_while_its_person_was_removed_is_not_published(service: Service, chair: Console) -> None:
    [signed_in] = SignIns(service.database).all(SYSTEM_CLOCK.now(), service.current.snapshot.revision.program)
    SignIns(service.database).remove("Ada")
    with pytest.raises(SignInRefused):
        publish_edit(
            service.current.revisions,
            edits.Delay("a", 5),
            base=1,
            by=signed_in.editor,
            sign_in=signed_in.id,
            note="",
            now=service.clock.now(),
        )
    assert revision(service) == 1


# People whose rights end or change


def test_whoever_is_removed_while_signed_in_can_do_nothing_more(app: Flask, service: Service, chair: Console) -> None:
    token = token_on(chair.get().text)
    form = {"csrf_token": token, "base": "1", "do": "late", "session": "a", "minutes": "5"}
    SignIns(service.database).remove("Ada")
    answers = [chair.client.post(f"/organizer/{path}", data=form).status_code for path in ("edit", "undo", "sign-out")]
    assert (answers, revision(service)) == ([403, 403, 403], 1)


@pytest.mark.parametrize(
    ("role", "place", "expected"),
    [
        ("organizer", {}, [303, 303, 303]),
        ("chair", {"room": "hall"}, [303, 303, 403]),
        ("operator", {"room": "hall"}, [303, 403, 403]),
        ("speaker", {"session": "a"}, [403, 403, 403]),
    ],
)
def test_a_role_is_changed_by_removing_and_adding_the_person(
    app: Flask, service: Service, role: Any, place: dict[str, str], expected: list[int]
) -> None:
    Console(app)
    Console(app, "Ada", "annex")
    SignIns(service.database).remove("Ada")
    ada = Console(app, "Ada", role=role, **place)
    page = "/organizer/talks/a" if role == "speaker" else "/organizer"
    found = []
    for edit in (edits.Delay("a", 5), edits.Announce("Hello", "hall"), edits.Cancel("c")):
        form = {"edit": edit_to_json(edit), "base": f"{revision(service)}"}
        found.append(ada.post("/organizer/edit", page, **form).status_code)
    assert found == expected


# What the console shows


class Forms(HTMLParser):
    """The forms of a page: the address and method of each, and the values that its buttons send if nothing is typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or add a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), given.get("method", ""), {}))
        elif tag in {"input", "textarea", "select"} and self.found:
            self.found[-1][2].setdefault(given.get("name", ""), given.get("value", ""))


def sent_as(console: Console, action: str, method: str, fields: dict[str, str]) -> TestResponse:
    """The answer to a form; one that posts is first kept as a draft, so that the others find the day as it was."""
    if method == "get":
        return console.client.get(action, query_string=fields)
    address = "/organizer/drafts" if action == "/organizer/edit" else action
    return console.send(address, fields)


def refused_forms(console: Console, pages: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """The forms of some pages of the console that are refused for the role, whatever is typed into them."""
    refused = []
    # A page that the role may not open has none.
    forms = [form for page in pages for form in Forms(console.get(page).text).found]
    for action, method, fields in forms:
        typed = {"minutes": fields.get("minutes") or "1", "text": fields.get("text") or "Hello"}
        sent = {**fields, **{name: typed[name] for name in typed if name in fields}}
        if action != "/organizer/sign-out" and sent_as(console, action, method, sent).status_code == 403:
            refused.append((action, fields))
    return refused


PAGES = [
    *("/organizer?done=2", "/organizer?done=3", "/organizer/history", "/organizer/announce"),
    *(f"/organizer/talks/{name}" for name in ("a", "b", "coffee", "lunch", "off")),
]


@pytest.mark.parametrize("time", ["10:20", "11:35", "11:50", "14:10"])
@pytest.mark.parametrize(
    "who",
    [
        {"room": "hall"},
        {"room": "annex"},
        {"role": "operator"},
        {"role": "operator", "room": "hall"},
        {"session": "a"},
        {},
    ],
    ids=["chair", "chair-of-annex", "operator", "operator-of-hall", "speaker", "organizer"],
)
def test_no_button_of_the_console_is_refused_for_the_role_that_sees_it(
    app: Flask, service: Service, clock: MovableClock, who: dict[str, Any], time: str
) -> None:
    clock.set(at(time))
    console = Console(app, "Ada", **who)
    publish(service, edits.Announce("Own", "hall"), "Ada")
    publish(service, edits.Announce("All"))
    assert refused_forms(console, PAGES) == []


def labels(page: str) -> set[str]:
    """What the page's buttons say, and the links that look like one."""
    found = html.fromstring(page).xpath('//button | //a[starts-with(@class, "tap")]')
    return {" ".join(one.text_content().split()) for one in found}


@pytest.mark.parametrize(
    ("who", "absent", "page"),
    [
        ({}, True, "/organizer"),
        ({"room": "hall"}, True, "/organizer"),
        ({"role": "operator"}, False, "/organizer"),
        ({"session": "a"}, False, "/organizer/talks/a"),
    ],
)
def test_who_may_call_a_speaker_absent_has_the_button(app: Flask, who: dict[str, Any], absent: bool, page: str) -> None:
    assert ("Not here…" in labels(Console(app, "Ada", **who).get(page).text)) == absent


@pytest.mark.parametrize("who", [{"room": "hall"}, {"role": "operator", "room": "hall"}])
def test_who_edits_one_room_has_a_line_in_place_of_the_buttons_of_a_session_for_all(
    app: Flask, clock: MovableClock, who: dict[str, Any]
) -> None:
    clock.set(at("11:35"))
    page = Console(app, "Ada", **who).get().text
    assert page.count("For all rooms: an organizer changes it.") == 1
    assert {"End", "+5"} & labels(page) == set()


def test_an_operator_of_all_rooms_has_the_buttons_of_a_session_for_all(app: Flask, clock: MovableClock) -> None:
    clock.set(at("11:35"))
    assert {"End", "+5"} <= labels(Console(app, "Linus", role="operator").get().text)


LATE = {f"{minutes} min" for minutes in (3, 5, 8, 10, 15)}


def test_a_chair_has_the_buttons_of_their_rooms_sessions_on_the_sessions_pages(chair: Console) -> None:
    pages = {name: labels(chair.get(f"/organizer/talks/{name}").text) - {"Sign out"} for name in ("d", "b", "coffee")}
    assert pages == {
        "d": {"Start", "Not here…", *LATE, "5 min earlier", "10 min earlier", "Preview delay", "Add note"},
        "b": set(),
        "coffee": set(),
    }


def test_a_chair_may_undo_at_once_what_they_published(chair: Console) -> None:
    answer = chair.edit("late", "a", minutes="5")
    assert "Undo" in labels(chair.get(answer.headers["Location"]).text)


def test_a_chair_is_not_shown_an_earlier_day_to_go_back_to(service: Service, chair: Console) -> None:
    publish(service, edits.Cancel("a"))
    assert chair.get("/organizer/undo?back_to=1").status_code == 403
