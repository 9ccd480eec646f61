"""OpenReview's notes, as both versions of its API give them: version 2 wraps each field in `{"value": …}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.session import Item, Link
from app.importing.clean_text import block, one_line
from app.importing.json_yaml_data import Record, list_of, record_of, records_in, text_of
from app.importing.markup_cells import cell_of_markup
from app.importing.papers import (
    OPENREVIEW,
    WITHDRAWN,
    Paper,
    forum_link,
    forum_of,
    link_label,
    material_link,
    number_text,
    presentation_of,
    unique_links,
)
from app.importing.report import counted
from app.importing.source import Source

DECISIONS = ("decision", "recommendation", "acceptance")
KINDS = ("presentation_type", "presentation", "presentation_format")
BETTER = "&details=directReplies at the end of the address"
# What authors are called in a note that hides them.
HIDDEN_AUTHORS = frozenset({"anonymous", "anonymous authors", "[redacted]"})


def notes_of(data: Any) -> list[Record]:
    """The notes of an answer of the API, or of a list of them; none of other data."""
    notes = data.get("notes") if isinstance(data, Mapping) else data
    found = [one for one in notes if isinstance(one, Mapping)] if isinstance(notes, list) else []
    are_notes = [one for one in found if isinstance(one.get("content"), Mapping) and {"forum", "id"} & set(one)]
    return are_notes if 2 * len(are_notes) > len(found) else []


def is_empty_answer(data: Any) -> bool:
    """Whether data is an answer of the API without any note."""
    return isinstance(data, Mapping) and data.get("notes") == [] and set(data) <= {"notes", "count", "fromCache"}


def papers_of_notes(data: Any, source: Source) -> list[Paper]:
    """The papers among the notes, with what their decisions say; replies to papers are none."""
    notes = notes_of(data)
    papers = [note for note in notes if _is_paper(note)]
    replies = _by_time([note for note in notes if not _is_paper(note)])
    decisions = {_forum(note): text for note in replies if (text := _decision(note))}
    if replies:
        source.report.left(f"{counted(len(replies), 'note')} below papers, but for what they decide")
    count = data.get("count") if isinstance(data, Mapping) else None
    if isinstance(count, int) and count > len(notes):
        source.report.left(f"{counted(count - len(notes), 'note')} that this answer of {len(notes)} does not hold")
    return [_paper(note, decisions.get(_forum(note), ""), source) for note in papers]


def _paper(note: Record, decision: str, source: Source) -> Paper:
    content, title = record_of(note, "content"), _line(record_of(note, "content"), "title", source)
    if text_of(note, "ddate"):
        source.report.left("deleted on OpenReview", title)
    replies = _by_time([*records_in(record_of(note, "details"), "directReplies", "replies")])
    found = [text for reply in replies if (text := _decision(reply))]
    item = Item(
        title=title,
        number=number_text(note.get("number")),
        authors=_authors(note, source, title),
        abstract=cell_of_markup(block(_value(content, "abstract")), source).text,
        links=_links(note, content),
    )
    return Paper(
        item=item,
        decision=(found or [decision or _first(content, DECISIONS)])[-1],
        status=WITHDRAWN if text_of(note, "ddate") else _status(text_of(note, "invitation")),
        venue=_text(content, "venue"),
        venue_id=_text(content, "venueid"),
        kind=presentation_of(_first(content, KINDS)),
    )


def _is_paper(note: Record) -> bool:
    return not text_of(note, "replyto") and _forum(note) in ("", text_of(note, "id"))


def _forum(note: Record) -> str:
    return text_of(note, "forum")


def _value(content: Record, name: str) -> Any:
    """A field of a note's content, in either version's form."""
    value = content.get(name)
    return value.get("value") if isinstance(value, Mapping) else value


def _text(content: Record, name: str) -> str:
    value = _value(content, name)
    return "; ".join(filter(None, map(one_line, value))) if isinstance(value, list) else one_line(value)


def _line(content: Record, name: str, source: Source) -> str:
    return one_line(cell_of_markup(_text(content, name), source).text)


def _first(content: Record, names: Sequence[str]) -> str:
    return next((text for name in names if (text := _text(content, name))), "")


def _by_time(notes: Sequence[Record]) -> list[Record]:
    """Notes, the latest last."""

    def changed(note: Record) -> float:
        times = (note.get(name) for name in ("tmdate", "mdate", "tcdate", "cdate"))
        return next((time for time in times if isinstance(time, int | float)), 0)

    return sorted(notes, key=changed)


def _decision(reply: Record) -> str:
    """What a reply decides; "" for a review or a comment, which may have a recommendation, too."""
    invitations = [text_of(reply, "invitation"), *map(one_line, list_of(reply, "invitations"))]
    is_decision = any(one.rpartition("/")[2].casefold().endswith("decision") for one in invitations)
    names = DECISIONS if is_decision else DECISIONS[:1]
    return _first(record_of(reply, "content"), names)


def _status(invitation: str) -> str:
    """The state that the invitation of version 1 tells: `…/-/Withdrawn_Submission`, `…/-/Desk_Rejected_Submission`."""
    words = invitation.rpartition("/")[2].replace("_", " ")
    return words if words.casefold().startswith((WITHDRAWN, "desk rejected")) else ""


def _authors(note: Record, source: Source, title: str) -> tuple[str, ...]:
    """The authors; of a blind note those of its original, where that is with it."""
    contents = (record_of(note, "content"), record_of(note, "details", "original", "content"))
    for content in contents:
        names = tuple(dict.fromkeys(_names(_value(content, "authors"))))
        if names and not HIDDEN_AUTHORS & {name.casefold() for name in names}:
            return names
    source.report.left("no authors, as OpenReview shows none to everybody", title)
    return ()


def _names(authors: Any) -> Iterator[str]:
    """Each author's name; a record has it as `fullname`, a text divides names by signs."""
    found = re.split(r"[,;|]", authors) if isinstance(authors, str) else authors if isinstance(authors, list) else []
    for one in found:
        name = text_of(one, "fullname", "name", "preferredName") if isinstance(one, Mapping) else one_line(one)
        if name:
            yield name


def _links(note: Record, content: Record) -> tuple[Link, ...]:
    """The paper's page and files; those in fields that hold addresses of code, videos and the like."""
    forum = forum_of(_forum(note) or text_of(note, "id"))
    pdf, *others = (
        material_link(label, name, text, forum, OPENREVIEW if text.startswith("/") else "")
        for name in ("pdf", *(str(name) for name in content if name != "pdf"))
        if (label := link_label(name)) and ((text := _text(content, name)) or name == "pdf")
    )
    return unique_links([pdf, forum_link(forum) if forum else None, *others])
