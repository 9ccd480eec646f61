"""The tables in `docs/rights.md` are those of the code."""

from __future__ import annotations

from typing import get_args

from app.domain.edits.edit_types import RecordedEdit
from docs.write_rights import PAGE, WORDS, with_tables


def test_the_rights_of_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text()
    assert page == with_tables(page), "python -m docs.write_rights writes them anew"


def test_every_kind_of_edit_is_in_the_table_in_words() -> None:
    assert set(WORDS) == set(get_args(RecordedEdit))
