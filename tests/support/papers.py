"""Programs with many papers, made by rule, for pages, print and weight."""

from __future__ import annotations

from dataclasses import replace

from app.domain.program import Program
from app.domain.session import Item, Link, Session

SUBJECTS = (
    "Attention",
    "Retrieval",
    "Distillation",
    "Alignment",
    "Quantization",
    "Pruning",
    "Tokenization",
    "Decoding",
)
PLACES = ("Small Models", "Long Documents", "Open-Source Code", "Low-Resource Languages", "Streaming Data")
NAMES = ("Ada Lovelace", "Alan Turing", "Grace Hopper", "Katherine Johnson", "Émile Noir", "李雷", "Zoë Straße")
KINDS = ("Poster", "Poster", "Spotlight", "Poster", "Oral")
SENTENCE = "We measure what it costs, where it helps, and when it does not, on tasks that people have. "


def paper(number: int) -> Item:
    """The paper with a number, from 1: its title and its address are its own."""
    subject, place = SUBJECTS[number % len(SUBJECTS)], PLACES[number % len(PLACES)]
    return Item(
        id=f"paper-{number}",
        title=f"{subject} for {place}: a Study of Case {number}",
        number=f"{number}",
        kind=KINDS[number % len(KINDS)],
        authors=tuple(NAMES[(number + place) % len(NAMES)] for place in range(1 + number % 5)),
        abstract=f"On {subject.lower()}, case {number}. " + SENTENCE * 8,
        links=(
            Link("PDF", f"https://openreview.net/pdf?id=Case{number}"),
            Link("OpenReview", f"https://openreview.net/forum?id=Case{number}"),
            Link("Code", f"https://example.org/case/{number}"),
        ),
    )


def papers(count: int) -> tuple[Item, ...]:
    """So many papers, numbered from 1."""
    return tuple(paper(number) for number in range(1, count + 1))


def with_papers(program: Program, items: tuple[Item, ...], session: str) -> Program:
    """The program with items in one of its sessions, in place of those that it had."""

    def changed(one: Session) -> Session:
        return replace(one, items=items) if one.id == session else one

    return replace(program, sessions=tuple(map(changed, program.sessions)))
