"""A block of ports that no other pair on this machine has, held by a file lock for as long as the pair lives.

Binding port 0 would not do: Asterisk needs whole ranges for audio, is told its ports before it starts, and comes back
on the same ones after a restart. The lock dies with its process, so a killed test run leaves no block taken.
"""

from __future__ import annotations

import fcntl
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import IO

FIRST = 16_000
SIZE = 1_000
COUNT = 16
"""16 pairs at once, all below the kernel's own range of outgoing ports (from 32768)."""


class NoPortsFree(Exception):
    """Every block is taken: more pairs run at once than this machine is meant to carry."""


@dataclass
class PortBlock:
    """What one pair may use; `release` gives it back."""

    number: int
    _lock: IO[str]

    @property
    def base(self) -> int:
        return FIRST + self.number * SIZE

    @property
    def pbx_ami(self) -> int:
        return self.base

    @property
    def world_ami(self) -> int:
        return self.base + 1

    @property
    def pbx_sip(self) -> int:
        return self.base + 2

    @property
    def world_sip(self) -> int:
        return self.base + 3

    @property
    def pbx_rtp(self) -> tuple[int, int]:
        return self.base + 100, self.base + 539

    @property
    def world_rtp(self) -> tuple[int, int]:
        return self.base + 540, self.base + 979

    def release(self) -> None:
        self._lock.close()


def take_block(folder: Path) -> PortBlock:
    """The first block that nobody has locked and whose fixed ports are free."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(COUNT):
        handle = (folder / f"ports-{number}.lock").open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            continue
        block = PortBlock(number, handle)
        if _is_free(block):
            return block
        handle.close()
    raise NoPortsFree(f"all {COUNT} port blocks from {FIRST} are in use: run fewer pairs at once")


def _is_free(block: PortBlock) -> bool:
    wanted = [(block.pbx_ami, socket.SOCK_STREAM), (block.world_ami, socket.SOCK_STREAM)]
    wanted += [(block.pbx_sip, socket.SOCK_DGRAM), (block.world_sip, socket.SOCK_DGRAM)]
    return all(_can_bind(port, kind) for port, kind in wanted)


def _can_bind(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:  # as Asterisk does: a port in TIME_WAIT is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
