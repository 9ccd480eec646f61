"""What changed, when and why: the page, its feed, and the JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from flask import Blueprint, Response

from app.domain.change_text import change_lines, headline
from app.formats.api_answers import Change, Changes
from app.formats.api_fields import to_bytes
from app.formats.atom import AtomEntry, changes_feed
from app.live.history import HistoryView, notes_given
from app.live.http_response import StoredResponse
from app.store.revisions import HistoryEntry
from app.web.address_traits import DATA, FEED, PAGE
from app.web.request_context import page_context, whole_number
from app.web.responses import JSON, base_url, cached, from_cache, per_revision, rendered
from app.web.running_service import current_service
from app.web.timeline_svg import timeline_pictures

changes = Blueprint("changes", __name__)

# The page and the feed list the latest revisions; `/api/changes` has all.
MOST_LISTED = 500
# The year in which the domain was the program's: part of the tags, so never changed.
YEAR = 2025
ATOM = "application/atom+xml; charset=utf-8"
REVISIONS = range(10**9)


@changes.get("/changes", traits=PAGE)
@cached
def page() -> StoredResponse:
    """The story of the day, newest first, with the day as planned against the day as it went."""
    context = page_context()
    history = current_service().current.history.until(context.revision).explained()
    # One at a time: Jinja's contexts are reference cycles, and hold a list until the garbage collector runs.
    later = (entry for entry in _latest(history) if entry.difference.before and entry.kind != "note")
    pictures = timeline_pictures(context.program)
    return rendered("changes.html", entries=later, given=history.given, notes=history.notes, pictures=pictures)


@changes.get("/changes.atom", traits=FEED)
@cached
def feed() -> StoredResponse:
    """What changed, as an Atom feed."""
    context = page_context()
    program = context.program
    # A tag URI (RFC 4151) names what an address may not: it holds on any host.
    tag = f"tag:{program.domain},{YEAR}:{program.id}"
    history = current_service().current.history.until(context.revision)
    standing = {note.revision for note in notes_given(history.outlines).values() if note.text}
    listed = (entry for entry in _latest(history) if entry.kind != "note" or entry.number in standing)
    body = changes_feed(
        [_atom_entry(entry, history, tag) for entry in listed],
        feed_id=f"{tag}/changes",
        title=f"{program.title}: changes",
        self_url=f"{base_url()}/changes.atom",
        page_url=f"{base_url()}/changes",
    )
    return per_revision(body, ATOM, last_modified=context.snapshot.told.at)


@changes.get("/api/changes", traits=replace(DATA, query=("since",)))
def api() -> Response:
    """What changed.

    All revisions, oldest first: who published them, when and why, and each changed session before and after. Steps of
    line-ups, which change no session, are left out. With `since`, only the revisions after that one.
    """
    context, since = page_context(), whole_number("since", REVISIONS, default=0)

    def build() -> StoredResponse:
        # Each is encoded before the next is unpacked: all at once would take as much memory as their programs.
        later = current_service().current.history.until(context.revision).since(since).told()
        changes = b",".join(to_bytes(Change.from_value(entry, entry.difference.after)) for entry in later)
        start, name, end = to_bytes(Changes(revision=context.revision, changes=[])).partition(b'"changes":[')
        return per_revision(b"".join((start, name, changes, end)), JSON)

    # There are many numbers that no revision has yet: their answers are not kept.
    return from_cache(build, keep=since < context.revision)


def _latest(history: HistoryView) -> Iterator[HistoryEntry]:
    """The latest revisions of which readers are told, the newest first."""
    return islice(reversed(history.told()), MOST_LISTED)


def _atom_entry(entry: HistoryEntry, history: HistoryView, tag: str) -> AtomEntry:
    """A revision in the feed; a note given afterwards with what the revision changed that it explains."""
    explained = history.numbered(entry.explains) if entry.explains else entry
    return AtomEntry(
        id=f"{tag}/revision/{entry.number}",
        title=_title(entry),
        updated=entry.at,
        author=entry.author,
        summary_text="\n".join(change_lines(explained.difference)),
        link=f"{base_url()}/changes#r{explained.number}",
    )


def _title(entry: HistoryEntry) -> str:
    """The note, else the first thing that changed."""
    return entry.note or headline(entry.difference) or ("A note was taken back" if entry.undoes else "The program")
