"""What the board must be told, as a frozen dataclass. `andon/settings.py` fills it; nothing here reads a file."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
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
    if not 1 <= board.max_clients_per_address <= board.max_clients:
        found.append("[board] max_clients_per_address must be at least 1 and at most max_clients.")
    return found


def is_loopback(address: str) -> bool:
    """By address or as `localhost`; a name that merely resolves to one does not count."""
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
