"""The links of a session on its page: which there are, in which order, and from when until when each is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.session import Link, LinkKind, Session


@dataclass(frozen=True)
class TalkLink:
    """A link that is shown from ``since`` until ``until``; None: always, on that side.

    One that ``may_lead`` stands out where none before it is shown that may lead, too.
    """

    text: str
    url: str
    since: datetime | None = None
    until: datetime | None = None
    may_lead: bool = False


def watch_links(session: Session) -> list[TalkLink]:
    """The links to watch a session while it is on, of several each with its label; none where it is cancelled."""
    opens, links = session.watch_opens, _of_kind(session, "watch")
    if opens is None:
        return []
    texts = ["Watch"] if len(links) == 1 else [f"Watch: {link.label}" for link in links]
    return [TalkLink(text, link.url, opens, session.end, True) for text, link in zip(texts, links, strict=True)]


def other_links(session: Session) -> list[TalkLink]:
    """Recordings, once the session is over; slides and papers."""
    leads = not session.cancelled
    return [
        *(TalkLink(link.label, link.url, since=session.end, may_lead=leads) for link in _of_kind(session, "recording")),
        *(TalkLink(link.label, link.url, may_lead=leads) for link in _of_kind(session, "slides")),
        *(TalkLink(link.label, link.url) for link in _of_kind(session, "paper")),
    ]


def further_links(session: Session) -> Sequence[Link]:
    """Links to anything else."""
    return _of_kind(session, "")


def _of_kind(session: Session, kind: LinkKind) -> Sequence[Link]:
    return [link for link in session.links if link.leads_to == kind]
