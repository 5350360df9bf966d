"""Who is behind a proxy: the client's address, its https and the name it asked for, from headers that only our proxies may write.

Pure. Anybody can send X-Forwarded-For; a word counts only when the peer that said it is one of `[board] trusted_proxies`.
Each proxy appends the address it was called from, so the list is read from its right end, over our own proxies, to the first
address that is not one of them: that one a proxy of ours has seen itself, and everything left of it is hearsay.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

Networks = Sequence[IPv4Network | IPv6Network]

HOPS_MAX = 10
"""More proxies in a row nobody has."""


class Seen(NamedTuple):
    """What the last trusted proxy says; `host` is empty and `secure` None where it says nothing."""

    address: str
    secure: bool | None
    host: str


def seen_through(proxies: Networks, peer: str, forwarded_for: Sequence[str], forwarded_proto: str, forwarded_host: str) -> Seen:
    """`forwarded_for`: all headers of that name, in order. Without a trusted peer it is the peer, and nothing more is known."""
    if not _is_one_of(proxies, peer):
        return Seen(peer, None, "")
    client = peer
    hops = [hop.strip() for header in forwarded_for for hop in header.split(",")]
    for hop in reversed(hops[-HOPS_MAX:]):
        address = _address_of(hop)
        if address is None:
            break
        client = address
        if not _is_one_of(proxies, address):
            break
    proto = _last(forwarded_proto).lower()
    return Seen(client, proto == "https" if proto in ("http", "https") else None, _last(forwarded_host))


def place_of(address: str) -> str:
    """What is counted as one address: of IPv6 the network, since one line has 2^64 of them."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return address


def _is_one_of(proxies: Networks, address: str) -> bool:
    if not proxies:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in proxies)


def _address_of(hop: str) -> str | None:
    """Some proxies add the port: 203.0.113.9:4711, [2001:db8::1]:4711."""
    bare = hop[1 : hop.index("]")] if hop.startswith("[") and "]" in hop else hop
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ip_address(bare))
    except ValueError:
        return None


def _last(header: str) -> str:
    return header.rpartition(",")[2].strip()
