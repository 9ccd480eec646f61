"""Which IP addresses may be called."""

from __future__ import annotations

import ipaddress

import pytest

from app.outgoing.reachable import NOTHING_ALLOWED, Allowed, is_public

PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:8.8.8.8",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:a00:1::",
    "2001:0:a00:1::",
    "2001:db8::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_or_one_that_may_hide_one_is_not_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address)) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.72.14", "2606:4700::6810:84e5", "2a00:1450:4001::200e"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address)) is True


def test_one_private_address_among_public_ones_forbids_a_host() -> None:
    addresses = [ipaddress.ip_address(one) for one in ("8.8.8.8", "10.0.0.1")]
    assert NOTHING_ALLOWED.forbidden("sheet.example", addresses) == addresses[1]


@pytest.mark.parametrize(
    ("allowed", "forbidden"),
    [
        ("", "10.1.2.3"),
        ("10.0.0.0/8", None),
        ("10.1.2.3", None),
        (" 192.168.0.0/16 , 10.1.2.3/32,", None),
        ("192.168.0.0/16", "10.1.2.3"),
        ("sheet.internal", None),
        ("Sheet.Internal", None),
        ("internal", "10.1.2.3"),
        ("fc00::/7", "10.1.2.3"),
    ],
)
def test_a_list_of_networks_and_hosts_allows_what_is_not_public(allowed: str, forbidden: str | None) -> None:
    found = Allowed.read(allowed).forbidden("sheet.internal", [ipaddress.ip_address("10.1.2.3")])
    assert (found and str(found)) == forbidden


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10.0.0.1/8", "300.1.1.1", "a b", "https://sheet.internal", "10.*"])
def test_an_entry_that_is_neither_a_network_nor_a_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^" + text.replace("*", r"\*").replace(".", r"\.")):
        Allowed.read(f"10.0.0.0/8,{text}")
