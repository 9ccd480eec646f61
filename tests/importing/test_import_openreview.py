"""Papers of OpenReview: notes of both versions of its API, and the table that its console exports."""

from __future__ import annotations

from typing import Any

import pytest
from support.import_results import of_text
from support.paper_lists import items, items_in, links, list_of
from support.spreadsheets import xlsx

from app.domain.session import Item
from app.importing import ImportOptions, ImportRefused, import_source

VENUE = "ICML.cc/2025/Workshop/CODEML"


def note(number: int, **content: object) -> dict[str, Any]:
    """A note of version 2, with an id and a number."""
    name = f"fOrum{number}Abc"
    return {
        "id": name,
        "forum": name,
        "number": number,
        "content": {key: {"value": value} for key, value in content.items()},
    }


def decided(number: int, decision: str, **content: object) -> dict[str, Any]:
    """A note of version 2 with its decision below it."""
    reply = {"invitations": [f"{VENUE}/Submission{number}/-/Decision"], "content": {"decision": {"value": decision}}}
    return {**note(number, **content), "details": {"directReplies": [reply]}}


def old_note(number: int, decision: str, **content: object) -> dict[str, Any]:
    """A note of version 1, with a review and its decision below it."""
    replies = [
        {"invitation": f"{VENUE}/Paper{number}/-/Official_Review", "content": {"rating": "3: reject", "decision": ""}},
        {"invitation": f"{VENUE}/Paper{number}/-/Decision", "content": {"decision": decision}},
    ]
    name = f"oLd{number}Abcd"
    return {"id": name, "forum": name, "number": number, "content": content, "details": {"directReplies": replies}}


def test_a_note_gives_title_authors_number_abstract_kind_and_links() -> None:
    found = note(
        7,
        title="On $O(n^2)$ roots: {\\em why} *not*?",
        authors=["Ada Lovelace", "Alan Turing"],
        authorids=["~Ada_Lovelace1", "~Alan_Turing1"],
        abstract="We show *roots*.",
        pdf="/pdf/0a1b.pdf",
        code="https://github.com/x/y",
        supplementary_material="/attachment/q.zip",
        poster="none yet",
        keywords=["roots"],
        TLDR="Roots.",
        venue="ICML 2025 Workshop CODEML Poster",
        venueid=VENUE,
    )
    [item] = items_in({"notes": [found], "count": 1}, "notes.json")
    assert (item.title, item.authors) == ("On $O(n^2)$ roots: {\\em why} *not*?", ("Ada Lovelace", "Alan Turing"))
    assert (item.number, item.kind, item.abstract) == ("7", "Poster", "We show *roots*.")
    assert links(item) == [
        ("PDF", "https://openreview.net/pdf?id=fOrum7Abc"),
        ("OpenReview", "https://openreview.net/forum?id=fOrum7Abc"),
        ("Code", "https://github.com/x/y"),
        ("Supplement", "https://openreview.net/attachment?id=fOrum7Abc&name=supplementary_material"),
    ]


def test_a_note_of_version_1_has_plain_fields() -> None:
    found = old_note(3, "Accept (Spotlight)", title="Moss", authors=["Ann Lee"], pdf="/pdf/1.pdf", abstract="We.")
    [item] = items_in([found], "notes.json")
    assert (item.title, item.number, item.kind, item.authors) == ("Moss", "3", "Spotlight", ("Ann Lee",))
    assert links(item) == [
        ("PDF", "https://openreview.net/pdf?id=oLd3Abcd"),
        ("OpenReview", "https://openreview.net/forum?id=oLd3Abcd"),
    ]


@pytest.mark.parametrize(
    ("decision", "kind"),
    [
        ("Accept", ""),
        ("Accept (Oral)", "Oral"),
        ("Accept (Poster)", "Poster"),
        ("Accept: poster", "Poster"),
        ("Accept - Spotlight", "Spotlight"),
        ("Accept: notable-top-25%", "Notable-top-25%"),
        ("Accept as oral", "Oral"),
        ("Accept (Best Paper, Oral)", "Best Paper, Oral"),
        ("Accept (conditional)", ""),
        ("Conditional Accept", ""),
        ("Oral", "Oral"),
    ],
)
def test_the_kind_is_what_a_decision_says_beside_the_acceptance(decision: str, kind: str) -> None:
    [item] = items_in([decided(1, decision, title="Roots", authors=["Ann Lee"])], "notes.json")
    assert item.kind == kind


@pytest.mark.parametrize(
    ("venue", "kind"),
    [
        ("ICML 2025 CODEML Spotlight", "Spotlight"),
        ("ICML 2025 spotlightposter", "Spotlight poster"),
        ("ICLR 2023 notable top 5%", "Notable top 5%"),
        ("NeurIPS 2024 oral", "Oral"),
        ("CODEML @ ICML 2025", ""),
        ("Workshop on Demos", ""),
    ],
)
def test_the_kind_is_the_end_of_a_venue(venue: str, kind: str) -> None:
    [item] = items_in([note(1, title="Roots", authors=["Ann Lee"], venue=venue, venueid=VENUE)], "notes.json")
    assert item.kind == kind


def test_what_was_not_accepted_is_left_out_and_said_by_sort() -> None:
    submitted = "Submitted to ICML 2025 Workshop CODEML"
    imported = list_of(
        {
            "notes": [
                note(1, title="Taken", venue="CODEML 2025 Oral", venueid=VENUE),
                note(2, title="Gone A", venue="CODEML Withdrawn Submission", venueid=f"{VENUE}/Withdrawn_Submission"),
                note(3, title="Gone B", venueid=f"{VENUE}/Withdrawn_Submission"),
                note(4, title="Desk", venue="CODEML Desk Rejected Submission"),
                note(5, title="No", venue=submitted, venueid=f"{VENUE}/Rejected_Submission"),
                note(6, title="Open", venue=submitted, venueid=f"{VENUE}/Submission"),
                decided(8, "Reject", title="No too", venue=submitted, venueid=f"{VENUE}/Submission"),
                {**note(9, title="Deleted", venue="CODEML 2025 Oral", venueid=VENUE), "ddate": 1_700_000_000_000},
            ],
            "count": 8,
        },
        "notes.json",
    )
    assert [item.title for item in items(imported)] == ["Taken"]
    assert [line for line in imported.left if "authors" not in line] == [
        "deleted on OpenReview: Deleted",
        "3 papers withdrawn, so left out: Gone A, Gone B, Deleted",
        "1 paper desk-rejected, so left out: Desk",
        "2 papers rejected, so left out: No, No too",
        "1 paper still under review, so left out: Open",
    ]


def test_an_accepted_paper_that_was_withdrawn_afterwards_is_left_out() -> None:
    gone = decided(1, "Accept (Oral)", title="Gone", venueid=f"{VENUE}/Withdrawn_Submission")
    kept = decided(2, "Accept", title="Kept", venueid=f"{VENUE}/Submission")
    assert [item.title for item in items_in([gone, kept], "notes.json")] == ["Kept"]


def test_the_latest_of_several_decisions_holds() -> None:
    found = decided(1, "Accept (Oral)", title="Roots", authors=["Ann Lee"])
    [first] = found["details"]["directReplies"]
    later = {**first, "content": {"decision": {"value": "Accept (Poster)"}}, "tmdate": 20}
    found["details"] = {"replies": [later, {**first, "tmdate": 10}]}
    [item] = items_in([found], "notes.json")
    assert item.kind == "Poster"


def test_a_decision_may_be_a_note_of_its_own_in_the_list() -> None:
    reply = {
        "id": "rEply1", "forum": "fOrum1Abc", "replyto": "fOrum1Abc",
        "invitations": [f"{VENUE}/Submission1/-/Decision"], "content": {"decision": {"value": "Accept (Oral)"}},
    }  # fmt: skip
    imported = list_of({"notes": [reply, note(1, title="Roots", authors=["Ann Lee"])]}, "notes.json")
    assert [(item.title, item.kind) for item in items(imported)] == [("Roots", "Oral")]
    assert imported.left == ("1 note below papers, but for what they decide",)


def test_without_any_decision_all_papers_are_taken_and_that_is_said() -> None:
    imported = list_of([note(1, title="A", authors=["Ann Lee"]), note(2, title="B", authors=["Bo Ray"])], "notes.json")
    assert [item.title for item in items(imported)] == ["A", "B"]
    assert imported.guessed == (
        (
            "nothing says what was decided, so all papers are taken; "
            "better: &details=directReplies at the end of the address"
        ),
    )


def test_where_nothing_was_accepted_the_list_is_refused_with_the_counts() -> None:
    notes = [note(number, title=f"P{number}", venue="Submitted to CODEML") for number in (1, 2)]
    with pytest.raises(ImportRefused, match=r"no accepted papers in it \(2 undecided\)"):
        list_of([*notes], "notes.json")


def test_an_answer_without_notes_is_refused() -> None:
    with pytest.raises(ImportRefused, match="what is not public it gives only after a sign-in"):
        list_of({"notes": [], "count": 0}, "notes.json")


def test_notes_that_an_answer_does_not_hold_are_said() -> None:
    imported = list_of({"notes": [decided(1, "Accept", title="A", authors=["Ann Lee"])], "count": 3}, "notes.json")
    assert imported.left == ("2 notes that this answer of 1 does not hold",)


def test_blind_notes_have_the_authors_of_their_originals() -> None:
    found = old_note(1, "Accept", title="Moss", authors=["Anonymous"])
    found["details"]["original"] = {"content": {"authors": ["Ann Lee", "Bo Ray"]}}
    assert [item.authors for item in items_in([found], "notes.json")] == [("Ann Lee", "Bo Ray")]


def test_hidden_authors_are_no_people_and_that_is_said() -> None:
    imported = list_of([old_note(1, "Accept", title="Moss", authors=["Anonymous"])], "notes.json")
    assert (items(imported)[0].authors, imported.left) == (
        (),
        ("no authors, as OpenReview shows none to everybody: Moss",),
    )


def test_authors_may_be_records() -> None:
    authors = [{"fullname": "Ada Lovelace", "username": "~Ada_Lovelace1"}, {"fullname": "Alan Turing"}]
    [item] = items_in([decided(1, "Accept", title="Moss", authors=authors)], "notes.json")
    assert item.authors == ("Ada Lovelace", "Alan Turing")


def test_notes_without_a_session_to_go_into_are_refused_with_what_would_take_them() -> None:
    with pytest.raises(ImportRefused, match="papers of OpenReview, no schedule; --items-of SESSION takes them"):
        import_source(b'[{"id": "a", "forum": "a", "content": {"title": "A"}}]', name="notes.json")


HEAD = "number,forum,title,abstract,num Reviewers,missing Reviewers,authors,authorids,decision,venue,pdf\n"


def test_the_table_of_the_console_is_read() -> None:
    row = '4,https://openreview.net/forum?id=aB3xYz12Q,"Roots, again","We, too.",3,~R1|~R2,Ada Lovelace|Alan Turing,'
    imported = list_of(f"{HEAD}{row}~Ada1|~Alan1,Accept (Oral),ICML 2025 Oral,/pdf/abc.pdf\n5,,Moss,,,,Bo,,Reject,,\n")
    [item] = items(imported)
    assert (item.title, item.number, item.kind) == ("Roots, again", "4", "Oral")
    assert (item.authors, item.abstract) == (("Ada Lovelace", "Alan Turing"), "We, too.")
    assert links(item) == [
        ("OpenReview", "https://openreview.net/forum?id=aB3xYz12Q"),
        ("PDF", "https://openreview.net/pdf?id=aB3xYz12Q"),
    ]
    assert imported.left == (
        "a column that is not read: num Reviewers, missing Reviewers, authorids",
        "1 paper rejected, so left out: Moss",
    )


def test_the_table_of_the_console_may_have_no_decision_yet() -> None:
    imported = list_of("number,forum,title,decision\n4,aB3xYz12Q,Roots,\n5,aB3xYz12R,Moss,\n")
    assert [item.title for item in items(imported)] == ["Roots", "Moss"]
    assert imported.guessed == (
        "nothing says what was decided, so all papers are taken; better: a column Decision that says Accept or Reject",
    )


def test_the_console_writes_no_decision_for_what_is_open() -> None:
    imported = list_of("number,forum,title,decision\n4,aB3xYz12Q,Roots,Accept\n5,aB3xYz12R,Moss,No Decision\n")
    assert ([item.title for item in items(imported)], imported.left) == (
        ["Roots"],
        ("1 paper still under review, so left out: Moss",),
    )


ROW = "4;aB3xYz12Q;Roots;Ada Lovelace;Accept (Oral)\r\n"


@pytest.mark.parametrize(
    "text",
    [
        f"number;forum;title;authors;decision\r\n{ROW}",
        f"\ufeffnumber;forum;title;authors;decision\r\n{ROW}",
        f"sep=;\r\nnumber;forum;title;authors;decision\r\n{ROW}",
        "number\tforum\ttitle\tauthors\tdecision\n4\taB3xYz12Q\tRoots\tAda Lovelace\tAccept (Oral)\n",
        "number,forum,title,authors,decision\n4.0,aB3xYz12Q,Roots,Ada Lovelace,Accept (Oral)\n",
    ],
)
def test_what_a_spreadsheet_makes_of_the_table_is_read_alike(text: str) -> None:
    [item] = items_in(text)
    assert (item.number, item.kind, item.authors) == ("4", "Oral", ("Ada Lovelace",))
    assert links(item) == [("OpenReview", "https://openreview.net/forum?id=aB3xYz12Q")]


def test_the_table_of_the_console_may_be_a_workbook() -> None:
    rows = [["number", "forum", "title", "authors", "decision"]]
    rows.append([4, "aB3xYz12Q", "Roots", "Ada Lovelace|Alan Turing", "Accept (Oral)"])  # type: ignore[list-item]
    schedule = of_text("Time,Session\n9:00-10:00,Posters\n", "day.csv").program
    options = ImportOptions(items_of="posters")
    program = import_source(xlsx({"A": rows}), name="papers.xlsx", options=options, former=schedule).program
    assert [(one.number, one.kind, one.authors) for one in program.session("posters").items] == [
        ("4", "Oral", ("Ada Lovelace", "Alan Turing"))
    ]


@pytest.mark.parametrize("sign", ["|", ";", "; ", ", "])
def test_authors_may_be_divided_by_any_sign(sign: str) -> None:
    [item] = items_in(f'title,authors,decision\nRoots,"Ada Lovelace{sign}Alan Turing",Accept\n')
    assert item == Item(id="roots", title="Roots", authors=("Ada Lovelace", "Alan Turing"))
