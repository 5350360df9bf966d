"""Pages of an Ogg file: cut and numbered anew, without touching the sound. Pure.

Not the encoding (`opus.py`). RFC 3533 (pages).
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

HEAD: Final = struct.Struct("<4sBBqIIIB")
"""OggS, version, flags, granule position, serial, sequence, checksum, segments."""
MIRROR: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class BadOgg(Exception):
    """Bytes that are no Ogg Opus file."""


def checksum(page: bytes) -> int:
    """Ogg's CRC: the polynomial of zlib's with bits the other way round, beginning and ending without a mask."""
    bare = page[:22] + bytes(4) + page[26:]
    mirrored = zlib.crc32(bare.translate(MIRROR), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int.from_bytes(mirrored.to_bytes(4, "big").translate(MIRROR), "little")


def numbered(page: bytes, serial: int, sequence: int) -> bytes:
    page = page[:14] + struct.pack("<II", serial, sequence) + bytes(4) + page[26:]
    return page[:22] + struct.pack("<I", checksum(page)) + page[26:]


def whole_page(raw: bytes) -> int:
    """Bytes of the page that `raw` begins with; 0: not all of its head is there. Raises BadOgg."""
    if len(raw) < HEAD.size:
        return 0
    if raw[:5] != b"OggS\0":
        raise BadOgg("no page of Ogg where one should begin")
    segments = raw[26]
    if len(raw) < HEAD.size + segments:
        return 0
    return HEAD.size + segments + sum(raw[HEAD.size : HEAD.size + segments])


class Cutter:
    """Bytes as they come, cut into pages."""

    def __init__(self) -> None:
        self.rest = bytearray()

    def feed(self, raw: bytes) -> list[bytes]:
        """The pages that are whole by now. Raises BadOgg."""
        self.rest += raw
        pages = []
        while 0 < (length := whole_page(bytes(self.rest[: HEAD.size + 255]))) <= len(self.rest):
            pages.append(bytes(self.rest[:length]))
            del self.rest[:length]
        return pages
