"""Speakers in tests: their one-time links as organizers make them, a browser with their page, and their pictures."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from flask import Flask
from lxml import html
from PIL import ExifTags, Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from app.domain.edits.edit_types import ChangeContent
from app.domain.program import Program
from app.live.clock import SYSTEM_CLOCK
from app.store.proposals import Proposal, waiting
from app.store.speaker_links import make_speaker_links
from app.web.running_service import Service, service_of
from support.console_browser import use_link

# Her session has no title yet, no abstract, and she no picture.
STELLA = "stella-biderman"
VANCOUVER = {1: "N", 2: (49.0, 17.0, 20.0), 3: "W", 4: (123.0, 6.0, 50.0)}


def page_of(session: str) -> str:
    """The path of a speaker's page."""
    return f"/organizer/talks/{session}"


def speaker_link(app: Flask, session: str = STELLA, person: str = STELLA) -> str:
    """The path of a new one-time link of a person to the page of a session of theirs."""
    made = make_speaker_links(service_of(app).current.revisions, {(session, person)}, SYSTEM_CLOCK.now())
    [(_, _, key)] = made
    return f"/organizer/sign-in/{key}"


def with_panelists(program: Program, *people: str) -> Program:
    """The program with people at its panel."""
    sessions = (replace(one, speakers=people) if one.id == "panel" else one for one in program.sessions)
    return replace(program, sessions=tuple(sessions))


def what_waits(service: Service) -> list[ChangeContent]:
    """The edits that wait for an organizer's OK."""
    return [one.edit for one in proposals_of(service)]


def proposals_of(service: Service) -> list[Proposal]:
    """What waits for an organizer's OK."""
    return list(waiting(service.database))


def photograph(colour: str = "red", *, with_place: bool = False) -> bytes:
    """A JPEG as a phone takes it, all of one colour; with the place where it was taken in its metadata."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "A phone"
    if with_place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(VANCOUVER)
    image, buffer = Image.new("RGB", (640, 480), colour), BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


class SpeakerBrowser:
    """A browser of a speaker, signed in by a one-time link."""

    def __init__(self, app: Flask, session: str = STELLA, person: str = STELLA) -> None:
        self.client = app.test_client()
        self.page = page_of(session)
        use_link(self.client, speaker_link(app, session, person))

    def get(self, path: str = "") -> TestResponse:
        """A page, by default the speaker's own."""
        return self.client.get(path or self.page)

    def form(self) -> MultiDict[str, str]:
        """What the form of the page sends as it is shown."""
        return self.form_on(self.get().text)

    @staticmethod
    def form_on(page: str) -> MultiDict[str, str]:
        """The same, of a page that this browser was answered."""
        [form] = html.fromstring(page).xpath("//form[contains(@class, 'content')]")
        return MultiDict([(name, value or "") for name, value in form.form_values()])

    def send(self, form: MultiDict[str, str], file: bytes | None = None, name: str = "face.jpg") -> TestResponse:
        """Send a form of the page, with a picture if its bytes are given."""
        fields: MultiDict[str, str | FileStorage] = MultiDict(form.items(multi=True))
        if file is not None:
            fields["picture"] = FileStorage(BytesIO(file), name)
        boundary, body = encode_multipart(fields)
        return self.client.post(self.page, data=body, content_type=f"multipart/form-data; boundary={boundary}")

    def change(self, file: bytes | None = None, name: str = "face.jpg", **typed: str) -> TestResponse:
        """Type something into fields of the form as it is shown, and send it."""
        form = self.form()
        for field, value in typed.items():
            form.setlist(field, [value, *form.getlist(field)[1:]])
        return self.send(form, file, name)
