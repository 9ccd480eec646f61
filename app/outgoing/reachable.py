"""Which IP addresses may be called: public ones, and those that a setting or a person allows."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IP = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# The IP addresses of a host name; raises `OSError`.
Resolve = Callable[[str], Sequence[IP]]

# IPv6 addresses with an IPv4 address in them, which may lead to a private one: mapped, NAT64, 6to4, Teredo.
EMBEDDED = tuple(
    map(ipaddress.IPv6Network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)
HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be called though it is not public: networks, and host names whatever their addresses are."""

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> Allowed:
        """What a list such as `10.0.0.0/8,sheet.internal` allows; raises `ValueError` with a wrong entry."""
        networks: list[Network] = []
        hosts: set[str] = set()
        for entry in filter(None, map(str.strip, text.split(","))):
            try:
                networks.append(ipaddress.ip_network(entry))
            except ValueError:
                # What has only digits, dots and slashes was meant as a network.
                if not HOST_NAME.fullmatch(entry) or not re.search("[a-z]", entry, re.IGNORECASE):
                    raise ValueError(entry) from None
                hosts.add(entry.lower())
        return cls(tuple(networks), frozenset(hosts))

    def with_addresses(self, addresses: Iterable[IP]) -> Allowed:
        """The same, and these addresses."""
        return Allowed((*self.networks, *map(ipaddress.ip_network, addresses)), self.hosts)

    def forbidden(self, host: str, addresses: Iterable[IP]) -> IP | None:
        """The first of a host's addresses that may not be called; None where all may."""
        if host.lower() in self.hosts:
            return None
        return next((one for one in addresses if not is_public(one) and not self._has(one)), None)

    def _has(self, address: IP) -> bool:
        return any(address in network for network in self.networks)


NOTHING_ALLOWED = Allowed()


def is_public(address: IP) -> bool:
    """Whether an address is of the public internet, for one host, and its own."""
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return isinstance(address, IPv4Address) or not any(address in network for network in EMBEDDED)


def resolved(host: str) -> Sequence[IP]:
    """The addresses of a host by the system's resolver, which has time limits of its own; raises `OSError`."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    # A scope such as %eth0 is part of a link-local address, which is refused in any case.
    return [ipaddress.ip_address(str(place[0])) for *_, place in found]
