"""Which texts are within the bounds."""

from __future__ import annotations

import pytest

from app.domain.texts import LONGEST, BadText, checked, text_fault

PLAIN = (
    "مؤتمر الذكاء الاصطناعي",
    "ראשית הדרך",
    "क्‍ष और र्‍य",  # a joiner inside words
    "می‌خواهم",  # a non-joiner inside a word
    "👩‍💻 and 🏳️‍🌈",
    "TBA",
    "C++ — why?",
    "\u202aנייד\u202c \u2066+49 30 1\u2069",  # an embedding and an isolate
    "",
)
REFUSED = (
    "A\0B",
    "\x1b[31mred",
    "\x85",
    "\ud800",
    "\uffff",
    "A\u202dB",
    "A\u202eB",
    "\u200b\u2060",
    "\u200d",
    "\u0301",
)


@pytest.mark.parametrize("text", PLAIN)
def test_texts_of_every_script_pass(text: str) -> None:
    assert checked("title", text) == text


@pytest.mark.parametrize("text", REFUSED)
def test_what_misleads_or_cannot_be_seen_or_stored_is_refused(text: str) -> None:
    with pytest.raises(BadText, match=r"^name: a text "):
        checked("name", text)


@pytest.mark.parametrize("field", LONGEST)
def test_a_text_is_as_long_as_its_bound_at_most(field: str) -> None:
    longest = LONGEST[field]
    expected = f"at most {longest:,} characters, this one has {longest + 1:,}"
    assert (text_fault(field, "x" * longest), text_fault(field, "x" * (longest + 1))) == (None, expected)


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028", "\u2029"])
def test_an_announcement_has_lines_and_a_title_has_one(end: str) -> None:
    text = f"Lunch{end}in Hall B"
    assert checked("text", text) == text
    with pytest.raises(BadText, match=r"^title: one line of text$"):
        checked("title", text)


def test_a_list_is_as_long_as_its_bound_at_most() -> None:
    assert text_fault("speakers", ("tri-dao",) * 101) == "at most 100 entries, not 101"
