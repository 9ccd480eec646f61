"""What is seen of a file before it is imported."""

from __future__ import annotations

import pytest

from app.sources.source_file import SourceFile


@pytest.mark.parametrize(
    ("data", "is_page", "asks"),
    [
        (b"<!doctype html><p>Hello", True, False),
        (b"\xef\xbb\xbf\n <!-- saved --> <!-- again -->\n<HTML lang=en>", True, False),
        (b"<html><input name=a><input class='x' TYPE = \"password\" name=b>", True, True),
        (b"<html><input name='password'>", True, False),
        (b"Title,Start\n<html>", False, False),
        (b"<input type=password>", False, False),
        (b"<schedule><html>", False, False),
        (b"", False, False),
        (b"<!---->" * 300 + b"x", False, False),
        (b"<html>" + b"<input " * 2_000_000, True, False),
        (b"<html><input " + b"type " * 3_000_000, True, False),
    ],
    ids=range(11),
)
def test_a_page_and_one_that_asks_for_a_sign_in_are_known(data: bytes, *, is_page: bool, asks: bool) -> None:
    file = SourceFile(data=data, name="plan")
    assert (file.is_page, file.asks_for_a_sign_in) == (is_page, asks)
