"""What a list of papers says of each: whether and how it was accepted, and where its material is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.session import Item, Link
from app.domain.session_matching import normalized
from app.importing.clean_text import link, one_line
from app.importing.report import ImportReport, counted
from app.importing.vocabulary import any_of, by_name, lists, pattern

LONGEST_DECISION = 300
OPENREVIEW = "https://openreview.net/"
WITHDRAWN, DESK_REJECTED, REJECTED = "withdrawn", "desk-rejected", "rejected"
ACCEPTED, UNDECIDED, UNKNOWN = "accepted", "undecided", "unknown"
LEFT_OUT = {
    WITHDRAWN: "withdrawn, so left out",
    DESK_REJECTED: "desk-rejected, so left out",
    REJECTED: "rejected, so left out",
    UNDECIDED: "still under review, so left out",
}
# For each kind of decision its words, in the order in which they are looked for.
_DECIDED = {verdict: re.compile(any_of(words), re.IGNORECASE) for verdict, words in lists("papers.decided").items()}
_PRESENTATION = re.compile(rf"\b{pattern('papers.words.presentations')}(?!\w)", re.IGNORECASE)
# Such as: ICML 2025 Workshop CODEML Poster.
_LAST_PRESENTATION = re.compile(rf"(?<!\bon )\b{pattern('papers.words.presentations')}\W*$", re.IGNORECASE)
_CONDITION = re.compile(pattern("papers.words.conditions"), re.IGNORECASE)
# Such as: Accept (Oral), Accept: poster.
_DETAIL = re.compile(r"[(\[](?P<inside>[^()\[\]]+)[)\]]\s*$|(?::|\s[-–—])\s*(?P<after>[^:]+)$")
_TOGETHER = re.compile(r"(?<=spotlight)(?=poster|talk)", re.IGNORECASE)
# At the end of OpenReview's venues and venue ids: ICLR.cc/2025/Conference/Withdrawn_Submission.
_VENUE = re.compile(r"\b(?P<verdict>withdrawn|desk[ -]rejected|rejected)(?: submissions?| papers?)?$", re.IGNORECASE)
_UNDER_REVIEW = re.compile(r"^submitted to\b|\bunder review$", re.IGNORECASE)
_SUBMITTED = re.compile(r"(?:^|/)(?:blind[ -])?submissions?$", re.IGNORECASE)
_LINK_LABELS = by_name(lists("papers.links", normalized))
# An id of OpenReview, which no word such as "available" is.
_FORUM = re.compile(r"(?=[\w-]*[A-Z0-9])[\w-]{8,20}")
_FORUM_ADDRESS = re.compile(r"https?://(?:www\.)?openreview\.net/(?:forum|pdf)\?(?:[^#]*&)?id=(?P<forum>[\w-]+)")
_DOI = re.compile(r"(?:doi:\s*)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv:\s*)?(?P<number>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)", re.IGNORECASE
)
# A link that has no label of its own, by the beginning of its address.
_ADDRESSES = (
    ("PDF", re.compile(r"https?://(?:openreview\.net/(?:pdf|attachment)\b|arxiv\.org/pdf/|[^?#]+\.pdf(?:[?#]|$))")),
    ("OpenReview", re.compile(r"https?://(?:www\.)?openreview\.net/")),
    ("arXiv", re.compile(r"https?://(?:www\.)?arxiv\.org/")),
    ("DOI", re.compile(r"https?://(?:dx\.)?doi\.org/")),
    ("Code", re.compile(r"https?://(?:www\.)?(?:github|gitlab)\.com/")),
)
_NUMBER = re.compile(r"#?\s*(?P<number>\d+)(?:\.0+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper of a list, with what the list says of its acceptance, as it is written: "" for what it does not say.

    ``venue`` and ``venue_id`` are OpenReview's; ``status`` is that of the submission, ``kind`` how it is presented.
    """

    item: Item
    decision: str = ""
    status: str = ""
    venue: str = ""
    venue_id: str = ""
    kind: str = ""

    def __post_init__(self) -> None:
        """Keep no more of each text than a decision has."""
        for name in ("decision", "status", "venue", "venue_id", "kind"):
            object.__setattr__(self, name, getattr(self, name)[:LONGEST_DECISION])

    @property
    def verdict(self) -> str:
        """What was decided; "" where nothing is said. A withdrawal holds whatever was decided before."""
        venues = {_verdict_of_venue(self.venue), _verdict_of_venue(self.venue_id.replace("_", " "))}
        decision, status = _verdict_of_words(self.decision), _verdict_of_words(self.status)
        said = {*venues, decision, status}
        if gone := next((one for one in (WITHDRAWN, DESK_REJECTED) if one in said), ""):
            return gone
        decided = next((one for one in (decision, status) if one in {REJECTED, ACCEPTED}), "")
        by_venue = next((one for one in (REJECTED, UNDECIDED, ACCEPTED) if one in venues), "")
        unclear = UNDECIDED if UNDECIDED in {decision, status} else UNKNOWN if self.decision else ""
        return decided or by_venue or unclear

    @property
    def accepted_as(self) -> str:
        """How it was accepted: "Oral" of `Accept (Oral)`; "" where nothing but that is said."""
        venue = _LAST_PRESENTATION.search(self.venue)
        found = _kind_of_decision(self.decision) or self.kind or (venue.group() if venue else "")
        text = _TOGETHER.sub(" ", one_line(found).strip(" .,;:"))
        return text[:1].upper() + text[1:]


def _verdict_of_words(text: str) -> str:
    """What the words of a decision or status say; "" for nothing."""
    found = (verdict for verdict, words in _DECIDED.items() if words.search(text))
    return next(found, ACCEPTED if _PRESENTATION.match(text) else "") if text else ""


def _verdict_of_venue(text: str) -> str:
    """What OpenReview's venue or venue id says; the name of a venue itself means that it has the paper."""
    if match := _VENUE.search(text):
        return match["verdict"].lower().replace(" ", "-")
    if _UNDER_REVIEW.search(text) or _SUBMITTED.search(text):
        return UNDECIDED
    return ACCEPTED if text else ""


def _kind_of_decision(decision: str) -> str:
    detail = _DETAIL.search(decision)
    text = (detail["inside"] or detail["after"]) if detail else ""
    if text and not _CONDITION.search(text):
        return text
    named = _PRESENTATION.search(decision)
    return named.group() if named else ""


def presentation_of(text: str) -> str:
    """How papers under a heading such as "Oral presentations" are presented; "" where it names several or none."""
    found = {match.group().lower() for match in _PRESENTATION.finditer(text)}
    kind = found.pop() if len(found) == 1 else ""
    word = re.sub(r"s$", "", re.sub(r" presentations?$", "", kind))
    return word[:1].upper() + word[1:]


def accepted_items(papers: Sequence[Paper], report: ImportReport, better: str = "") -> tuple[Item, ...]:
    """The papers that were accepted, as items; the others are reported, and those on which nothing is said are taken.

    ``better`` says where a decision could stand; "" where a list needs none.
    """
    verdicts = [paper.verdict for paper in papers]
    for verdict, remark in LEFT_OUT.items():
        titles = [paper.item.title for paper, one in zip(papers, verdicts, strict=True) if one == verdict]
        for title in titles:
            report.left(f"{counted(len(titles), 'paper')} {remark}", title)
    if better and papers and not any(verdicts):
        report.guessed("nothing says what was decided, so all papers are taken", better=better)
    taken = _Taken(report, leaves_some=not LEFT_OUT.keys().isdisjoint(verdicts), has_verdicts=any(verdicts))
    found = (paper for paper, verdict in zip(papers, verdicts, strict=True) if taken.includes(paper, verdict))
    return tuple(replace(paper.item, kind=paper.accepted_as or paper.item.kind) for paper in found)


@dataclass(frozen=True, slots=True)
class _Taken:
    """Whether papers of a list are taken on which a decision is not clear; ``leaves_some`` tells that some were not."""

    report: ImportReport
    leaves_some: bool
    has_verdicts: bool

    def includes(self, paper: Paper, verdict: str) -> bool:
        """Whether a paper is taken; what is not certain is reported."""
        if verdict == UNKNOWN:
            remark = "taken as accepted, by a decision in words that are not known"
            self.report.guessed(remark, paper.decision, better="Accept or Reject")
        elif not verdict and self.leaves_some:
            self.report.left("no decision beside papers that have one, so left out", paper.item.title)
        elif not verdict and self.has_verdicts:
            remark = "taken without a decision, beside papers that have one"
            self.report.guessed(remark, paper.item.title, better="Accept")
        return verdict in {ACCEPTED, UNKNOWN} or not (verdict or self.leaves_some)


def link_label(name: str) -> str:
    """The label of a link in a column or field of a name; "" for one that holds no link."""
    return _LINK_LABELS.get(normalized(name), "")


def material_link(label: str, name: str, text: str, forum: str = "", base: str = "") -> Link | None:
    """The link of a field's text: an address, a DOI, a number of arXiv, an id or a path of OpenReview; None for others.

    ``forum`` is the paper's id there, by which its files have an address for life.
    """
    text = one_line(text)
    if label == "OpenReview" and _FORUM.fullmatch(text):
        return forum_link(text)
    if label == "DOI" and (match := _DOI.fullmatch(text)):
        return link(label, f"https://doi.org/{match['doi']}")
    if label == "arXiv" and (match := _ARXIV.fullmatch(text)):
        return link(label, f"https://arxiv.org/abs/{match['number']}")
    if forum and text.startswith("/pdf/"):
        return link(label, f"{OPENREVIEW}pdf?id={forum}")
    if forum and text.startswith("/attachment/"):
        return link(label, f"{OPENREVIEW}attachment?id={forum}&name={name}")
    return link(label, text, base if re.search(r"[./]", text) else "")


def forum_link(forum: str) -> Link:
    """The link to a paper's page on OpenReview."""
    return Link("OpenReview", f"{OPENREVIEW}forum?id={forum}")


def forum_of(text: str) -> str:
    """The id of a paper on OpenReview in a field with it, or with the address of its page; "" for another text."""
    text = one_line(text)
    match = _FORUM_ADDRESS.match(text)
    return match["forum"] if match else text if _FORUM.fullmatch(text) else ""


def labelled_by_address(url: str) -> Link:
    """A link to an address without a label of its own."""
    return Link(next((label for label, form in _ADDRESSES if form.match(url)), "Page"), url)


def number_text(value: object) -> str:
    """A number as a list writes it: without the sign before it, and without the `.0` of a calculation."""
    text = one_line(value)
    match = _NUMBER.fullmatch(text)
    return match["number"] if match else text


def unique_links(links: Iterable[Link | None]) -> tuple[Link, ...]:
    """The links that there are, each address once."""
    return tuple({one.url: one for one in reversed([*filter(None, links)])}.values())[::-1]
