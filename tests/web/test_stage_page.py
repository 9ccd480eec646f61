"""The speaker's stage as the server sends it, which readers without scripts see."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import html


@pytest.mark.parametrize(
    ("time", "said", "shown"),
    [
        ("08:42", ["09:00", "is the start"], []),
        ("10:20", ["10:45", "is the end"], []),
        ("17:30", ["–", "Nothing more"], ["thanks"]),
    ],
)
def test_it_says_the_time_to_which_the_countdown_would_run(
    reader: FlaskClient, time: str, said: list[str], shown: list[str]
) -> None:
    page = html.fromstring(reader.get(f"/stage/venue?at=2025-07-18T{time}").text)
    texts = page.xpath("//*[@data-timer]/text()")
    assert (texts, page.xpath("//*[@data-shown-in][not(@hidden)]/@class")) == (said, shown)
