"""What the board must be told, as a frozen dataclass. `andon/settings.py` fills it; nothing here reads a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from wallboard.authorise import Role

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class BoardSettings:
    data_dir: Path
    """Where tokens.json lives."""
    floor: str = "main"
    listen: str = "127.0.0.1:8800"
    """ADDRESS:PORT; port 0 takes a free one; an IPv6 address stands in brackets."""
    hosts: tuple[str, ...] = ()
    """Further names by which browsers reach the board, as `wall.example.com`: any other Host header is refused."""
    public_role: Role | None = None
    """Who comes without a token from this very machine acts as this role. The demo's; only with a loopback `listen`."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of our own proxies: what they say of a client (X-Forwarded-...) is believed, nobody else's word is."""
    session_hours: int = 12
    """After so long a person signs in again: a long shift. A screen's session lives as long as its token."""
    session_idle_minutes: int = 60
    """After so long without an open page a person signs in again."""
    max_clients: int = 1000
    """Screens at a time: what one process was measured to serve with room to spare (docs/metrics.md)."""
    max_clients_per_address: int = 250
    """Many screens behind one router share an address; one address may still not take every place."""

    @property
    def address(self) -> str:
        return self._split()[0]

    @property
    def port(self) -> int:
        return int(self._split()[1])

    def _split(self) -> tuple[str, str]:
        address, _, port = self.listen.rpartition(":")
        return address.strip("[]"), port


def problems(board: BoardSettings) -> list[str]:
    """What is wrong with these settings, one sentence each, naming the key."""
    found = []
    address, _, port = board.listen.rpartition(":")
    if not address or not port.isdecimal() or int(port) > 65535:
        found.append(f'[board] listen is "{board.listen}"; write ADDRESS:PORT, as "127.0.0.1:8800".')
    elif board.public_role is not None and not is_loopback(board.address):
        found.append("[board] public_role works only where listen is a loopback address; remove it and use tokens.")
    if networks_of(board.trusted_proxies) is None:
        found.append('[board] trusted_proxies takes IP addresses and networks, as "127.0.0.1" or "10.0.0.0/24".')
    if board.session_hours < 1 or board.session_idle_minutes < 1:
        found.append("[board] session_hours and session_idle_minutes must be at least 1.")
    if not 1 <= board.max_clients_per_address <= board.max_clients:
        found.append("[board] max_clients_per_address must be at least 1 and at most max_clients.")
    return found


def networks_of(proxies: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...] | None:
    """None when one of them is no address and no network."""
    try:
        return tuple(ip_network(each) for each in proxies)
    except ValueError:
        return None


def is_loopback(address: str) -> bool:
    """By address or as `localhost`; a name that merely resolves to one does not count."""
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
