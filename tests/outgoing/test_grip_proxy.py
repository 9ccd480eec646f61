"""What is published to a proxy that holds streams: it ends in time, and what the proxy says is cut."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from support.changing_site import ChangingSite, changing_site
from support.grip_control import grip_control

from app.outgoing.exchange import LONGEST_SAID
from app.outgoing.grip_proxy import GripControl, GripItem, GripProxy, NoProxy
from benchmarks.pushpin import KEY

ITEM = GripItem("agenda", "2", b"data: two\n\n", "1+")


@pytest.fixture
def site() -> Iterator[ChangingSite]:
    with changing_site() as site:
        yield site


def control_of(site: ChangingSite) -> GripControl:
    return GripControl(GripProxy.read(f"http://{urlsplit(site.address).netloc}?iss=agenda&key={KEY}"))


def refused(site: ChangingSite) -> str:
    with pytest.raises(NoProxy) as error:
        control_of(site).publish([ITEM])
    return str(error.value)


def test_parts_come_to_the_proxy_as_they_are() -> None:
    with grip_control() as control:
        GripControl(control.proxy()).publish([ITEM])
        assert control.sent() == [("2", "1+", "data: two\n\n")]
        assert [key["iss"] for key in control.keys] == ["agenda"]


@pytest.mark.parametrize("at_once", [0, 200])
def test_a_proxy_that_sends_its_answer_byte_by_byte_is_left_after_a_time_in_all(
    site: ChangingSite, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outgoing.grip_proxy.PROXY_SECONDS", 0.3)
    site.drips = at_once
    assert refused(site).endswith("it did not answer within 0.3 seconds")


def test_what_a_proxy_says_is_one_line_and_not_long(site: ChangingSite) -> None:
    site.shows("no\n" * 100_000, 403)
    said = refused(site)
    assert "403 with message: no no no" in said
    assert (len(said) <= LONGEST_SAID, said.isprintable()) == (True, True)


def test_a_redirect_is_not_followed(site: ChangingSite) -> None:
    site.redirects("/elsewhere")
    assert "302" in refused(site)
    assert site.paths == ["/publish/"]


def test_a_proxy_that_is_not_there_is_said_to_be_away(site: ChangingSite) -> None:
    with grip_control() as gone:
        control = GripControl(gone.proxy())
    with pytest.raises(NoProxy, match="Connection refused"):
        control.publish([ITEM])
