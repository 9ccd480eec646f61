"""What changed, when and why: the page, its feed, and the JSON."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.domain.telling import facets, headline, told
from app.formats.atom import AtomEntry, changes_feed
from app.formats.json_program import announcement_json, change_json, instant, to_bytes
from app.live.answer import Answer
from app.store.revisions import Entry
from app.web.answering import JSON, base_url, kept, lasting, send, turning
from app.web.asked import whole_number
from app.web.day_picture import picture_of
from app.web.look import Look, the_look
from app.web.service import the_service

changes = Blueprint("changes", __name__)

# The year in which the domain was the program's: part of the tags, so never changed.
YEAR = 2025
ATOM = "application/atom+xml; charset=utf-8"
REVISIONS = range(10**9)


@changes.get("/changes")
def page() -> Response:
    """The story of the day, newest first, with the day as planned against the day as it went."""
    look = the_look()
    return kept(lambda: _page(look))


@changes.get("/changes.atom")
def feed() -> Response:
    """The same as an Atom feed."""
    look = the_look()
    return kept(lambda: _feed(look))


@changes.get("/api/changes")
def api() -> Response:
    """The whole history, oldest first, or what of it came after the revision `since`."""
    look, since = the_look(), whole_number("since", REVISIONS, default=0)

    def build() -> Answer:
        return lasting(to_bytes(_json(look, since)), JSON)

    # There are many numbers that no revision has yet: their answers are not kept.
    return kept(build) if since < look.revision else send(build())


def _entries(look: Look) -> list[Entry]:
    """The history up to the revision that the answer is about."""
    return the_service().history.until(look.revision)


def _page(look: Look) -> Answer:
    later = [entry for entry in _entries(look)[::-1] if entry.difference.before]
    html = render_template("changes.html", entries=later, facets=facets, pictures=picture_of(look.program))
    return turning(html)


def _json(look: Look, since: int) -> dict[str, object]:
    later = [_entry_json(entry) for entry in _entries(look) if entry.number > since]
    return {"revision": look.revision, "changes": later}


def _entry_json(entry: Entry) -> dict[str, object]:
    before, after = entry.difference.before, entry.difference.after
    announced = entry.difference.announced
    return {
        "revision": entry.number,
        "at": instant(after, entry.at),
        "author": entry.author,
        "note": entry.note,
        "kind": entry.kind,
        "undoes": entry.undoes,
        "announcement": announcement_json(after, announced[0]) if announced else None,
        "sessions": [change_json(before, after, change) for change in entry.difference.sessions] if before else [],
    }


def _feed(look: Look) -> Answer:
    program, entries = look.program, _entries(look)
    # A tag URI (RFC 4151) names what an address may not: it holds on any host.
    tag = f"tag:{program.domain},{YEAR}:{program.id}"
    listed = [
        AtomEntry(
            id=f"{tag}/revision/{entry.number}",
            title=_title(entry),
            updated=entry.at,
            author=entry.author,
            summary_text="\n".join(told(entry.difference)),
            link=f"{base_url()}/changes#r{entry.number}",
        )
        for entry in entries[::-1]
    ]
    body = changes_feed(
        listed,
        feed_id=f"{tag}/changes",
        title=f"{program.title}: changes",
        self_url=f"{base_url()}/changes.atom",
        page_url=f"{base_url()}/changes",
    )
    return lasting(body, ATOM, last_modified=entries[-1].at if entries else None)


def _title(entry: Entry) -> str:
    """The note, else the first thing that changed."""
    return entry.note or headline(entry.difference) or "The program"
