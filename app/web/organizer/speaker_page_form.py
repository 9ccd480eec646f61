"""Reads the form of a speaker's own page: what it changes of the session, with the picture that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import BoundedSemaphore

from flask import request
from werkzeug.exceptions import ServiceUnavailable

from app.domain.edits.edit_types import ChangeContent
from app.domain.identity import Picture
from app.domain.program import Program
from app.formats.pictures import NoPicture, PreparedPicture
from app.formats.sent_picture import SentPicture, read_sent
from app.web.organizer.content_forms import changed_content, shown_program, typed_affiliations
from app.web.organizer.form_fields import FieldRefused, Fields

# Pictures that are read at once: each takes a processor for a second or more, and a thread of the console.
MOST_PICTURES_READ_AT_ONCE = 2
reading_pictures = BoundedSemaphore(MOST_PICTURES_READ_AT_ONCE)
BUSY = "Other pictures are being read. Send it again in a few seconds."


@dataclass(frozen=True)
class SpeakerForm:
    """What a speaker would change, with the new pictures; ``had_location`` says that one of them named a place."""

    edit: ChangeContent
    pictures: tuple[PreparedPicture, ...] = ()
    had_location: bool = False


def read_form(fields: Fields, own: tuple[str, ...], waiting: ChangeContent | None) -> SpeakerForm:
    """The form of a speaker who speaks for ``own`` people, whose change in ``waiting`` the page showed.

    Raises `EditRefused`, `BadText`, `UnknownName`, and `ServiceUnavailable` while too many pictures are read.
    """
    before = shown_program(fields)
    edit = _with_words_that_wait(fields, changed_content(fields, before), waiting)
    edit = replace(edit, affiliations=typed_affiliations(fields, before).own, own_pages=_own_pages(fields, before))
    sent = _sent_picture()
    pictures = _pictures(fields, own, dict(waiting.pictures if waiting else ()), sent)
    new = (sent.prepared,) if sent else ()
    return SpeakerForm(replace(edit, pictures=pictures), new, had_location=sent is not None and sent.had_location)


def _with_words_that_wait(fields: Fields, edit: ChangeContent, waiting: ChangeContent | None) -> ChangeContent:
    """The edit with title and abstract that wait, where the form has no fields for them any more."""
    if waiting is None:
        return edit
    title = edit.title if "title" in fields else waiting.title
    abstract = edit.abstract if "abstract" in fields else waiting.abstract
    return replace(edit, title=title, abstract=abstract)


def _own_pages(fields: Fields, shown: Program) -> tuple[tuple[str, str], ...]:
    """The addresses of people's own pages, where they are neither as shown nor as now."""
    as_it_is = {(one.id, one.url) for one in (*shown.speakers, *fields.program.speakers)}
    rows = fields.columns("person", "own_page")
    return tuple((person, url) for person, url in rows if (person, url) not in as_it_is)


def _pictures(
    fields: Fields, own: tuple[str, ...], waiting: Mapping[str, Picture | None], sent: SentPicture | None
) -> tuple[tuple[str, Picture | None], ...]:
    """The pictures that differ from those that readers see: as they wait, but for that of one person."""
    whose, chosen = fields.optional("picture_of"), fields.optional("picture_now")
    if (sent or chosen) and whose not in own:
        raise FieldRefused("picture_of", "choose whose picture it is")
    wanted = {person: picture for person, picture in waiting.items() if person in own}
    if whose is not None and sent is not None:
        wanted[whose] = sent.prepared.picture
    elif whose is not None and chosen == "none":
        wanted[whose] = None
    elif whose is not None and chosen == "published":
        wanted.pop(whose, None)
    known = fields.program.speakers_by_id
    return tuple(
        (person, picture) for person, picture in wanted.items() if person in known and known[person].picture != picture
    )


def _sent_picture() -> SentPicture | None:
    """The picture in the request, if any; raises `FieldRefused` for what is none that can be shown."""
    file = request.files.get("picture")
    if file is None or not file.filename:
        return None
    data = file.read()
    if not reading_pictures.acquire(blocking=False):
        raise ServiceUnavailable(BUSY)
    try:
        return read_sent(data)
    except NoPicture as refused:
        raise FieldRefused("picture", f"choose {refused}") from None
    finally:
        reading_pictures.release()
