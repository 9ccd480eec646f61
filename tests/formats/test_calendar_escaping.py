"""Text as calendars take it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ical_lines import line_problems, read_line, unfolded

from app.formats.calendar.event_text import Text, folded, lines, one_line


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\x00\x08\x1f\x7f\x9f\ufeff\ud800\uffffb", "ab"),
        ("tab\there", "tab\there"),
    ],
)
def test_lines_end_with_a_line_feed_and_control_characters_are_gone(text: str, clean: str) -> None:
    assert lines(text) == clean


def test_one_line_has_single_spaces() -> None:
    assert one_line(" a\r\n b\t\x00 c ") == "a b c"


@given(st.text())
def test_an_escaped_text_is_read_back(text: str) -> None:
    r"""RFC 5545, 3.3.11: backslash, semicolon, comma and line break are escaped, nothing else."""
    clean = lines(text)
    assert read_line(f"SUMMARY:{Text(clean).to_ical().decode()}").text == clean


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).map(lambda text: f"X:{text}")))
def test_folded_lines_are_short_whole_and_read_back(content_lines: list[str]) -> None:
    """RFC 5545, 3.1: at most 75 octets a line; here each of them is UTF-8 by itself."""
    data = folded(content_lines)
    assert unfolded(data) == content_lines
    assert list(line_problems(data)) == ([] if content_lines else ["does not end with CRLF"])


@pytest.mark.parametrize("text", ["\\\\" * 200, "x" * 73 + "\\n" * 40, "é" * 200, "\\;" * 100])
def test_a_fold_never_parts_an_escape(text: str) -> None:
    parts = folded([f"X:{text}"]).split(b"\r\n ")
    assert [part for part in parts[:-1] if (len(part) - len(part.rstrip(b"\\"))) % 2] == []
