"""What waits of speakers in the console: the difference, OK with one tap, and "not this" with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from lxml import html
from support.codeml_day import at, codeml
from support.console_browser import Console, faults_on
from support.movable_clock import MovableClock
from support.publishing import Publish

from app.domain.edits.edit_types import ChangeContent
from app.domain.identity import Picture
from app.domain.program import Program
from app.domain.rights import Editor
from app.formats.edit_json import edit_to_json
from app.formats.pictures import PreparedPicture
from app.store import proposals
from app.store.proposals import Proposal, latest_of, propose
from app.store.tables import proposals as table
from app.web.running_service import Service

STELLA = "stella-biderman"
PAGE = "/organizer/proposals"
SPEAKER = Editor("Stella Biderman", "speaker", session=STELLA, speaker=STELLA)
EDIT = ChangeContent(STELLA, title="Open models", abstract="What they are.")
FACE = PreparedPicture(Picture("", "ab" * 32, 288, 288), {"96": b"small", "288": b"large"})


@pytest.fixture
def program() -> Program:
    return codeml()


@pytest.fixture
def stella(app: Flask) -> Console:
    """The browser of the speaker."""
    return Console(app, SPEAKER.name, session=STELLA)


def proposed(service: Service, edit: ChangeContent = EDIT, by: Editor = SPEAKER, *faces: PreparedPicture) -> Proposal:
    """A change of a speaker that waits."""
    now, base = service.clock.now(), service.current.revisions.newest_number()
    made = propose(service.current.revisions, edit, base=base, by=by, now=now, pictures=faces)
    assert isinstance(made, Proposal)
    return made


def title(service: Service) -> str:
    service.current.refresh()
    return service.current.snapshot.revision.program.session(STELLA).title


def texts(page: str, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in html.fromstring(page).xpath(path)]


def test_what_waits_is_shown_with_its_difference(frank: Console, service: Service) -> None:
    proposed(service)
    page = frank.get(PAGE).text
    assert texts(page, '//article[@class="proposal"]/h2') == ["Stella Biderman"]
    assert texts(page, '//*[@class="text-change"]') == [
        "Title Removed: TBA Added: Open models",
        "Abstract, new What they are.",
    ]
    assert (texts(page, "//del"), texts(page, "//ins")) == (["Removed: TBA"], ["Added: Open models"])


def test_one_tap_publishes_it_as_its_speakers_revision(frank: Console, service: Service) -> None:
    made = proposed(service)
    answer = frank.post(f"{PAGE}/accept", page=PAGE, proposal=made.id, base="1", back=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?done=2")
    assert (title(service), service.current.snapshot.revision.author) == ("Open models", SPEAKER.name)
    assert "Published as revision 2." in frank.get(answer.headers["Location"]).text


def test_the_history_says_who_said_ok(frank: Console, service: Service) -> None:
    frank.post(f"{PAGE}/accept", page=PAGE, proposal=proposed(service).id, base="1")
    [first, *_] = texts(frank.get("/organizer/history").text, '//section[@class="revision"]/p[@class="hint"]')
    assert first.endswith("Stella Biderman, OK by Frank")


def test_the_organizer_takes_it_back_with_undo(frank: Console, service: Service) -> None:
    frank.post(f"{PAGE}/accept", page=PAGE, proposal=proposed(service).id, base="1")
    frank.post("/organizer/undo", number="2")
    assert title(service) == "TBA"


def test_a_second_tap_says_that_it_was_decided_meanwhile(frank: Console, service: Service) -> None:
    made = proposed(service)
    other = frank.token(PAGE)
    frank.post(f"{PAGE}/accept", page=PAGE, proposal=made.id, base="1", once="one")
    answer = frank.send(f"{PAGE}/accept", {"csrf_token": other, "proposal": made.id, "base": "1", "once": "two"})
    page = frank.get(answer.headers["Location"])
    said = "That was changed or decided meanwhile; here is what waits now."
    assert (page.status_code, faults_on(page.text)) == (409, [("form", said)])


def test_the_same_tap_sent_twice_publishes_once(frank: Console, service: Service) -> None:
    form = {"proposal": proposed(service).id, "base": "1", "once": "random", "back": PAGE}
    answers = [frank.post(f"{PAGE}/accept", page=PAGE, **form).headers["Location"] for _ in range(2)]
    assert (answers, service.current.revisions.newest_number()) == ([f"{PAGE}?done=2"] * 2, 2)


def test_what_was_changed_since_the_page_is_looked_at_again(frank: Console, service: Service, publish: Publish) -> None:
    made = proposed(service)
    publish(ChangeContent(STELLA, title="Open data"))
    page = frank.get(frank.post(f"{PAGE}/accept", page=PAGE, proposal=made.id, base="1").headers["Location"])
    assert faults_on(page.text) == [("form", "The session was changed meanwhile; look at the difference again.")]
    assert (texts(page.text, "//del"), title(service)) == (["Removed: data"], "Open data")
    frank.post(f"{PAGE}/accept", page=PAGE, proposal=made.id, base="2")
    assert title(service) == "Open models"


def test_an_organizer_says_why_nothing_comes_of_it(frank: Console, service: Service) -> None:
    made = proposed(service)
    answer = frank.post(f"{PAGE}/decline", page=PAGE, proposal=made.id, reason="Not yet.", back=PAGE)
    assert (answer.headers["Location"], title(service)) == (f"{PAGE}?declined=1", "TBA")
    said = texts(frank.get(f"{PAGE}?declined=1").text, '//*[@id="declined-change"]')
    assert said == ["Declined. Its speaker sees that, and why."]
    latest = latest_of(service.database, STELLA, SPEAKER.name)
    assert latest
    assert (latest.state, latest.reason) == ("declined", "Not yet.")


def test_a_reason_that_is_too_long_stays_in_its_field(frank: Console, service: Service) -> None:
    made, reason = proposed(service), "why " * 200
    page = frank.get(frank.post(f"{PAGE}/decline", page=PAGE, proposal=made.id, reason=reason).headers["Location"]).text
    assert [name for name, _ in faults_on(page)] == [f"reason-{made.id}"]
    assert html.fromstring(page).xpath('//textarea[@name="reason"]/text()') == [reason]


def test_what_cannot_be_published_any_more_says_why_and_can_be_declined(frank: Console, service: Service) -> None:
    gone = replace(EDIT, affiliations=(("nobody", ("Nowhere",)),))
    now = service.clock.now()
    with service.current.revisions.publishing() as transaction:
        values = {"id": "ab", "session": STELLA, "author": "Stella", "base": 1, "at": now, "state": "waiting"}
        transaction.connection.execute(table.insert().values(**values, edit=edit_to_json(gone), reason=""))
    page = frank.get(PAGE).text
    assert texts(page, '//article//p[@class="reason"]')[0].startswith("It cannot be published as it is:")
    assert html.fromstring(page).xpath("//main//form/@action") == [f"{PAGE}/decline"]


def test_without_anything_that_waits_the_page_says_what_will_be_there(frank: Console) -> None:
    assert texts(frank.get(PAGE).text, '//p[@class="lede"]') == [
        "What speakers change of their sessions waits here for your OK. Send them their links."
    ]


def test_the_first_page_shows_the_first_three_and_how_many_wait(frank: Console, service: Service) -> None:
    speakers = [replace(SPEAKER, name=f"Speaker {number}") for number in range(4)]
    for speaker in speakers:
        proposed(service, EDIT, speaker)
    page = frank.get("/organizer").text
    assert texts(page, '//details[@id="from-speakers"]/summary') == ["Changes from speakers: 4"]
    assert len(texts(page, '//article[@class="proposal"]')) == 3
    assert texts(page, '//details[@id="from-speakers"]//a[@class="more"]') == ["All of them"]


def test_ok_on_the_first_page_leads_back_there(frank: Console, service: Service) -> None:
    made = proposed(service)
    form = {"proposal": made.id, "base": "1", "back": "/organizer"}
    assert frank.post(f"{PAGE}/accept", **form).headers["Location"] == "/organizer?done=2"


def test_a_chair_and_an_operator_see_nothing_of_what_waits(app: Flask, service: Service) -> None:
    proposed(service)
    for console in (Console(app, "Ada", room="venue"), Console(app, "Linus", role="operator")):
        assert "Open models" not in console.get("/organizer").text


def test_a_long_text_is_folded(frank: Console, service: Service) -> None:
    proposed(service, replace(EDIT, abstract="word " * 200))
    assert texts(frank.get(PAGE).text, '//*[@class="text-change"]//summary') == ["Read it: 200 words"]


def test_a_picture_that_waits_is_shown_beside_the_former_one(frank: Console, service: Service) -> None:
    made = proposed(service, replace(EDIT, pictures=((STELLA, FACE.picture),)), SPEAKER, FACE)
    [address] = html.fromstring(frank.get(PAGE).text).xpath('//p[@class="two-faces"]/img/@src')
    assert address == f"{PAGE}/{made.id}/pictures/{'ab' * 32}"
    answer = frank.get(address)
    assert (answer.data, answer.content_type, answer.headers["Cache-Control"]) == (b"large", "image/webp", "no-store")


def test_a_speaker_sees_their_own_picture_that_waits_and_no_others(
    app: Flask, stella: Console, service: Service
) -> None:
    made = proposed(service, replace(EDIT, pictures=((STELLA, FACE.picture),)), SPEAKER, FACE)
    address = f"{PAGE}/{made.id}/pictures/{'ab' * 32}"
    other = Console(app, "Tri Dao", session="tri-dao")
    assert [one.get(address).status_code for one in (stella, other)] == [200, 404]
    assert len(proposals.waiting(service.database)) == 1


def test_what_is_of_the_session_that_begins_next_comes_first(
    frank: Console, service: Service, clock: MovableClock
) -> None:
    tri = Editor("Tri Dao", "speaker", session="tri-dao", speaker="tri-dao")
    evan = Editor("Evan Shelhamer", "speaker", session="evan-shelhamer", speaker="evan-shelhamer")
    for speaker in (SPEAKER, tri, evan):
        clock.set(at("08:00"))
        proposed(service, ChangeContent(speaker.session or "", abstract="Ours."), speaker)
    clock.set(at("09:30"))
    names = texts(frank.get(PAGE).text, '//article[@class="proposal"]/h2')
    assert names == ["Evan Shelhamer", "Stella Biderman", "Tri Dao"]
