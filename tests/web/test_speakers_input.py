"""Wrong and hostile input of speakers: what is told, what stays as typed, and that nothing of it waits or runs."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from lxml import html
from PIL import Image
from support.console_browser import Console, faults_on
from support.picture_files import LOGO, picture
from support.publishing import publish, publish_noted
from support.speakers import (
    STELLA,
    SpeakerBrowser,
    page_of,
    photograph,
    proposals_of,
    what_waits,
    with_panelists,
)
from werkzeug.test import TestResponse

from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.formats.sent_picture import LARGEST_SENT
from app.web.organizer.speaker_page_form import reading_pictures
from app.web.rate_limits import CHANGES_PER_SPEAKER, PREVIEWS_PER_SPEAKER, TICKS_PER_SPEAKER
from app.web.running_service import Service

SCRIPT = "<script>alert(1)</script>"
HTML_PAGE = b"<!doctype html><script>alert(1)</script>"
EXPECTED = "Choose a photograph in JPEG, PNG or WebP"
ADDRESS_EXPECTED = "'{}' is not an address that begins with https:// or http://."
# Where readers and organizers see what a session says.
SHOWING = (
    *("/", "/?q=script", "/now", "/display", "/changes", "/changes.atom", f"/talks/{STELLA}", f"/speakers/{STELLA}"),
    *("/organizer", "/organizer/history", f"/organizer/talks/{STELLA}"),
)
RUNNING = (
    "//script[contains(., 'alert(1)') and not(@type='application/ld+json')]"
    " | //*[@onerror] | //a[starts-with(@href, 'javascript:')]"
)


@pytest.fixture
def program(program: Program) -> Program:
    """The workshop, with two people at its panel."""
    return with_panelists(program, "sara-hooker", "tri-dao")


@pytest.fixture
def stella(app: Flask) -> SpeakerBrowser:
    return SpeakerBrowser(app)


@pytest.fixture
def sara(app: Flask) -> SpeakerBrowser:
    """One of two people at the panel."""
    return SpeakerBrowser(app, "panel", "sara-hooker")


def huge_png() -> bytes:
    """A PNG of 100 megapixels, of few bytes."""
    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(b"\0" * 30_001) for _ in range(10_000)) + rows.flush()

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def accept_all(organizer: Console, service: Service) -> None:
    """Say OK to all that waits."""
    for one in proposals_of(service):
        organizer.post("/organizer/proposals/accept", page="/organizer/proposals", proposal=one.id)


def faces_on(page: str) -> list[str]:
    """The addresses of the faces that a page shows."""
    found: list[str] = html.fromstring(page).xpath("//main//img[contains(@class, 'face')]/@src")
    return found


def metadata_of(data: bytes) -> set[str]:
    """What a picture holds beside its pixels."""
    image = Image.open(io.BytesIO(data))
    named = {name for name in ("exif", "xmp", "icc_profile") if name in image.info}
    return named | ({"GPS"} if dict(image.getexif()) or b"A phone" in data else set())


def value_of(page: str, name: str) -> str:
    """What a field of the speaker's form holds."""
    [field] = html.fromstring(page).xpath(f"(//form[contains(@class, 'content')]//*[@name='{name}'])[1]")
    return str(field.value)


# Texts that would run, were they not escaped


def test_a_script_in_a_text_runs_on_no_page_neither_while_it_waits_nor_afterwards(
    app: Flask, service: Service, stella: SpeakerBrowser
) -> None:
    hostile = f"{SCRIPT} [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    stella.change(title=SCRIPT, abstract=hostile, affiliation=SCRIPT, label=SCRIPT, url="https://example.org/")
    organizer = Console(app)
    found = {"waits": stella.get().text, "day": organizer.get().text}
    found["proposals"] = organizer.get("/organizer/proposals").text
    accept_all(organizer, service)
    assert (what_waits(service), service.current.snapshot.revision.program.session(STELLA).title) == ([], SCRIPT)
    found |= {path: organizer.get(path).text for path in SHOWING}
    assert {name: SCRIPT in text for name, text in found.items()} == dict.fromkeys(found, False)
    pages = {name: html.fromstring(text) for name, text in found.items() if not name.endswith(".atom")}
    assert {name: page.xpath(RUNNING) for name, page in pages.items()} == {name: [] for name in pages}
    assert SCRIPT in pages[f"/talks/{STELLA}"].xpath("string(//h1)")


def test_the_preview_of_an_abstract_runs_nothing(stella: SpeakerBrowser) -> None:
    token = stella.form()["csrf_token"]
    text = f"{SCRIPT} [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    page = stella.client.post("/organizer/markdown", data={"csrf_token": token, "abstract": text}).text
    assert (SCRIPT in page, html.fromstring(page).xpath(RUNNING)) == (False, [])


# Texts that are refused


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("title", " ", ("title", "A title is a text, or TBA.")),
        ("title", "A\u202eB", ("title", "Title: a text without U+202E (right-to-left override).")),
        ("title", "x" * 301, ("title", "Title: at most 300 characters, this one has 301.")),
        ("title", "x" * 400_000, ("title", "Title: at most 300 characters, this one has 400,000.")),
        ("abstract", "x" * 20_001, ("abstract", "Abstract: at most 20,000 characters, this one has 20,001.")),
        ("affiliation", "A\u202eB", ("affiliation", "Affiliation: a text without U+202E (right-to-left override).")),
        ("own_page", "javascript:alert(1)", ("own_page", "")),
        ("own_page", "data:text/html,x", ("own_page", "")),
        ("url", "javascript:alert(1)", ("url", "")),
        ("url", "//example.org", ("url", "")),
    ],
)
def test_a_text_that_cannot_be_taken_stays_in_its_field_with_what_is_wrong_beside_it(
    service: Service, stella: SpeakerBrowser, field: str, value: str, fault: tuple[str, str]
) -> None:
    answer = stella.change(**{"label": "Slides", field: value})
    assert answer.status_code == 422
    [(name, said)] = faults_on(answer.text)
    assert (name, html.fromstring(f"<p>{said}</p>").text) == (fault[0], fault[1] or ADDRESS_EXPECTED.format(value))
    assert (value_of(answer.text, field), what_waits(service)) == (value, [])


def test_the_longest_address_of_an_own_page_is_taken(service: Service, stella: SpeakerBrowser) -> None:
    longest = f"https://example.org/{'x' * 1_980}"
    assert stella.change(own_page=longest).status_code == 303
    assert what_waits(service) == [ChangeContent(STELLA, own_pages=((STELLA, longest),))]


def test_a_control_character_is_a_bad_request(service: Service, stella: SpeakerBrowser) -> None:
    assert (stella.change(title="A\0B").status_code, what_waits(service)) == (400, [])


def test_a_text_of_a_megabyte_is_refused_in_words(service: Service, stella: SpeakerBrowser) -> None:
    answer = stella.change(title="x" * 1_000_000)
    assert (answer.status_code, what_waits(service)) == (413, [])
    assert "That is more text than is taken at once. Shorten the longest part." in answer.text


def test_more_links_than_a_session_has_are_refused(service: Service, stella: SpeakerBrowser) -> None:
    form = stella.form()
    form.setlist("label", [f"Part {number}" for number in range(101)])
    form.setlist("url", [f"https://example.org/{number}" for number in range(101)])
    answer = stella.send(form)
    assert (answer.status_code, faults_on(answer.text)) == (422, [("links", "Links: at most 100 entries, not 101.")])
    assert what_waits(service) == []


# Pictures


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("face.svg", LOGO, f"{EXPECTED}; this is a drawing."),
        ("face.png", LOGO, f"{EXPECTED}; this is a drawing."),
        ("face.jpg", HTML_PAGE, f"{EXPECTED}."),
        ("face.heic", b"\0\0\0\x18ftypheic\0\0\0\0", f"{EXPECTED}; this is HEIC: share it as JPEG."),
        ("face.jpg", b"", f"{EXPECTED}."),
        ("face.jpg", picture("JPEG", 800, 600)[:2_000], "Choose a whole JPEG of at most 110 megapixels."),
        ("face.png", huge_png(), "Choose a picture of at most 40 megapixels."),
        ("face.jpg", picture("JPEG") + bytes(LARGEST_SENT), "Choose a picture of at most 12 MB."),
    ],
    ids=["SVG", "SVG as PNG", "HTML", "HEIC", "empty", "truncated", "100 megapixels", "12 MB"],
)
def test_what_is_no_photograph_is_refused_beside_its_field_and_what_was_typed_stays(
    service: Service, stella: SpeakerBrowser, name: str, data: bytes, said: str
) -> None:
    answer = stella.change(data, name, title="Open models")
    assert (answer.status_code, faults_on(answer.text)) == (422, [("picture", said)])
    assert (value_of(answer.text, "title"), what_waits(service)) == ("Open models", [])


def test_while_other_pictures_are_read_a_speaker_is_told_to_wait(service: Service, stella: SpeakerBrowser) -> None:
    with reading_pictures, reading_pictures:
        answer = stella.change(photograph(), title="Open models")
    assert (answer.status_code, what_waits(service)) == (503, [])
    assert "Other pictures are being read. Send it again in a few seconds." in answer.text
    assert stella.change(title="Open models").status_code == 303


def test_the_place_in_a_photograph_is_removed_and_the_page_says_so(
    app: Flask, service: Service, stella: SpeakerBrowser
) -> None:
    answer = stella.change(photograph(with_place=True))
    page = stella.get(answer.headers["Location"]).text
    assert "Your picture named the place where it was taken. That is removed." in page
    organizer = Console(app)
    served = [organizer.get(address).data for address in faces_on(page)]
    accept_all(organizer, service)
    served += [app.test_client().get(address).data for address in faces_on(organizer.get(f"/speakers/{STELLA}").text)]
    assert [metadata_of(data) for data in served] == [set()] * 3


def test_of_a_photograph_without_a_place_nothing_is_said(stella: SpeakerBrowser) -> None:
    answer = stella.change(photograph())
    assert answer.headers["Location"] == stella.page
    assert "named the place" not in stella.get().text


def test_a_picture_that_waits_is_shown_to_organizers_and_its_speaker_alone_and_never_stored(
    app: Flask, service: Service, stella: SpeakerBrowser, sara: SpeakerBrowser
) -> None:
    stella.change(photograph())
    [address] = set(faces_on(stella.get().text))
    people: dict[str, Callable[[str], TestResponse]] = {
        "speaker": stella.get,
        "organizer": Console(app).get,
        "speaker of another session": sara.get,
        "chair": Console(app, "Ada", room="venue").get,
        "operator": Console(app, "Linus", role="operator").get,
        "reader": app.test_client().get,
    }
    answers = {who: get(address) for who, get in people.items()}
    statuses = {who: (answer.status_code, answer.content_type.partition(";")[0]) for who, answer in answers.items()}
    assert statuses == {
        "speaker": (200, "image/webp"),
        "organizer": (200, "image/webp"),
        "speaker of another session": (404, "text/html"),
        "chair": (403, "text/html"),
        "operator": (403, "text/html"),
        "reader": (302, "text/html"),
    }
    assert answers["reader"].headers["Location"] == "/organizer/sign-in"
    assert {who: answer.headers["Cache-Control"] for who, answer in answers.items()} == dict.fromkeys(
        people, "no-store"
    )


def test_the_other_speaker_of_the_session_does_not_see_a_picture_that_waits(app: Flask, sara: SpeakerBrowser) -> None:
    sara.change(photograph())
    [address] = set(faces_on(sara.get().text))
    assert SpeakerBrowser(app, "panel", "tri-dao").get(address).status_code == 404


def test_a_picture_is_gone_from_its_waiting_address_once_its_change_was_decided(
    app: Flask, service: Service, stella: SpeakerBrowser
) -> None:
    stella.change(photograph())
    [address] = set(faces_on(stella.get().text))
    organizer = Console(app)
    accept_all(organizer, service)
    assert [browser.get(address).status_code for browser in (stella, organizer)] == [404, 404]


# What a speaker may not change


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kind", ["keynote"]),
        ("room", ["annex"]),
        ("item_lines", ["Caffe | Jia | 7"]),
        ("minutes", ["5"]),
        ("pinned", ["", "1"]),
        ("session", ["panel"]),
    ],
)
def test_a_field_that_is_an_organizers_is_refused_with_all_that_was_sent_beside_it(
    service: Service, stella: SpeakerBrowser, field: str, values: list[str]
) -> None:
    form = stella.form()
    form["title"] = "Open models"
    form.setlist(field, values)
    assert (stella.send(form).status_code, what_waits(service)) == (403, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [("speaker", "Tri Dao"), ("names", "Tri Dao"), ("note", "x"), ("edit", "{}"), ("people", "Tri Dao")],
)
def test_a_field_that_the_form_does_not_read_changes_nothing(
    service: Service, stella: SpeakerBrowser, field: str, value: str
) -> None:
    form = stella.form()
    form["title"] = "Open models"
    form[field] = value
    assert (stella.send(form).status_code, what_waits(service)) == (303, [ChangeContent(STELLA, title="Open models")])


@pytest.mark.parametrize("person", ["tri-dao", "matt-johnson", "nobody"])
@pytest.mark.parametrize("field", ["affiliation", "own_page"])
def test_nobody_elses_affiliation_or_page_is_changed(
    service: Service, sara: SpeakerBrowser, person: str, field: str
) -> None:
    form = sara.form()
    form["person"] = person
    form[field] = "https://example.org/"
    assert (sara.send(form).status_code, what_waits(service)) == (403, [])


@pytest.mark.parametrize("person", ["tri-dao", "matt-johnson", "nobody", ""])
@pytest.mark.parametrize("form_of", ["a new one", "none"])
def test_nobody_elses_picture_is_changed(service: Service, sara: SpeakerBrowser, person: str, form_of: str) -> None:
    form = sara.form()
    form["picture_of"] = person
    form["picture_now"] = "none"
    answer = sara.send(form, photograph() if form_of == "a new one" else None)
    assert (answer.status_code, what_waits(service)) == (422, [])
    assert faults_on(answer.text) == [("picture_of", "Choose whose picture it is.")]


def test_a_form_for_another_session_is_refused(service: Service, sara: SpeakerBrowser) -> None:
    form = sara.form()
    form["title"] = "Mine"
    sara.page = page_of(STELLA)
    assert (sara.send(form).status_code, what_waits(service)) == (403, [])


# The form itself


@pytest.mark.parametrize("base", ["x", "-1", "1.5", "1" * 10])
def test_a_base_that_is_no_number_of_a_revision_is_a_bad_request(
    service: Service, stella: SpeakerBrowser, base: str
) -> None:
    assert (stella.change(base=base, title="Mine").status_code, what_waits(service)) == (400, [])


def test_a_base_that_there_is_not_is_not_found(service: Service, stella: SpeakerBrowser) -> None:
    assert (stella.change(base="999", title="Mine").status_code, what_waits(service)) == (404, [])


@pytest.mark.parametrize("token", [None, "", "x"])
def test_a_form_without_its_token_is_refused(service: Service, stella: SpeakerBrowser, token: str | None) -> None:
    form = stella.form()
    form["title"] = "Mine"
    form.setlist("csrf_token", [] if token is None else [token])
    assert (stella.send(form, photograph()).status_code, what_waits(service)) == (400, [])


def test_another_browsers_token_is_refused(service: Service, stella: SpeakerBrowser, sara: SpeakerBrowser) -> None:
    answer = stella.change(csrf_token=sara.form()["csrf_token"], title="Mine")
    assert (answer.status_code, what_waits(service)) == (400, [])


def test_the_same_form_sent_twice_waits_once(service: Service, stella: SpeakerBrowser) -> None:
    form = stella.form()
    form["title"] = "Open models"
    answers = [stella.send(form, photograph()).status_code for _ in range(2)]
    waits = proposals_of(service)
    assert (answers, [one.edit.title for one in waits]) == ([303, 303], ["Open models"])


def test_a_form_that_comes_again_after_the_ok_changes_nothing(
    app: Flask, service: Service, stella: SpeakerBrowser
) -> None:
    form = stella.form()
    form["title"] = "Open models"
    stella.send(form, photograph())
    accept_all(Console(app), service)
    number = service.current.snapshot.revision.number
    assert (stella.send(form, photograph()).status_code, what_waits(service)) == (303, [])
    assert service.current.snapshot.revision.number == number == 2


def test_no_more_than_thirty_changes_an_hour_are_taken(
    service: Service, stella: SpeakerBrowser, sara: SpeakerBrowser
) -> None:
    most, form = CHANGES_PER_SPEAKER.amount, stella.form()
    assert [stella.send(form).status_code for _ in range(most)] == [303] * most
    form["title"] = "Mine"
    refused = stella.send(form)
    assert (refused.status_code, "Retry-After" in refused.headers, what_waits(service)) == (429, True, [])
    assert sara.change(title="Ours").status_code == 303


def test_what_an_organizer_changed_meanwhile_is_told_and_taken_when_it_is_sent_again_as_typed(
    service: Service, stella: SpeakerBrowser
) -> None:
    form = stella.form()
    form["title"], form["abstract"] = "Open models", "Typed."
    publish_noted(service, ChangeContent(STELLA, title="Pythia"))
    answer = stella.send(form)
    assert (answer.status_code, what_waits(service)) == (409, [])
    [(field, said)] = faults_on(answer.text)
    assert (field, said.startswith("Somebody changed the same meanwhile.")) == ("form", True)
    again = stella.form_on(answer.text)
    assert [again[name] for name in ("title", "abstract")] == ["Open models", "Typed."]
    assert stella.send(again).status_code == 303
    assert what_waits(service) == [ChangeContent(STELLA, title="Open models", abstract="Typed.")]


def test_where_the_program_says_so_a_hostile_picture_is_refused_as_well(
    service: Service, stella: SpeakerBrowser
) -> None:
    publish(service, replace(service.current.snapshot.revision.program, speakers_publish=True))
    number = service.current.snapshot.revision.number
    assert stella.change(LOGO, title="Open models").status_code == 422
    assert service.current.snapshot.revision.number == number


def test_what_an_organizer_changed_meanwhile_is_not_taken_back_by_what_was_left_as_it_was_shown(
    service: Service, stella: SpeakerBrowser
) -> None:
    form = stella.form()
    form["abstract"] = "Typed."
    publish_noted(service, ChangeContent(STELLA, title="Pythia", abstract="Theirs."))
    again = stella.form_on(stella.send(form).text)
    assert [again[name] for name in ("title", "abstract")] == ["Pythia", "Typed."]
    stella.send(again)
    assert what_waits(service) == [ChangeContent(STELLA, abstract="Typed.")]


def test_a_refused_form_is_still_based_on_what_it_showed(service: Service, stella: SpeakerBrowser) -> None:
    form = stella.form()
    form["own_page"] = "javascript:x"
    publish_noted(service, ChangeContent(STELLA, title="Pythia"))
    again = stella.form_on(stella.send(form).text)
    again["own_page"] = "https://example.org"
    stella.send(again)
    assert what_waits(service) == [ChangeContent(STELLA, own_pages=((STELLA, "https://example.org"),))]


def test_another_picture_of_the_same_page_is_another_form(service: Service, stella: SpeakerBrowser) -> None:
    publish(service, replace(service.current.snapshot.revision.program, speakers_publish=True))
    form = stella.form()
    answers = [stella.send(form, photograph(colour)) for colour in ("red", "red", "blue")]
    assert [one.status_code for one in answers] == [303, 303, 409]
    assert [said.partition(".")[0] for _, said in faults_on(answers[2].text)] == ["Somebody changed the same meanwhile"]


def test_previews_and_ticks_have_a_rate_too(stella: SpeakerBrowser) -> None:
    token = stella.form()["csrf_token"]
    preview = {"csrf_token": token, "abstract": "*x*"}
    tick = {"csrf_token": token, "session": STELLA, "speaker": STELLA, "tick": "here", "on": "1"}
    for path, form, limit in (
        ("/organizer/markdown", preview, PREVIEWS_PER_SPEAKER),
        ("/organizer/ticks", tick, TICKS_PER_SPEAKER),
    ):
        statuses = [stella.client.post(path, data=form).status_code for _ in range(limit.amount + 1)]
        assert [status < 400 for status in statuses] == [True] * limit.amount + [False]
        assert statuses[-1] == 429
