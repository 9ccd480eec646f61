"""The tables in `docs/rights.md` are those of the code."""

from __future__ import annotations

from docs.write_rights import PAGE, with_tables


def test_the_rights_of_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text()
    assert page == with_tables(page), "python -m docs.write_rights writes them anew"
