"""Pages of an Ogg file: cut, numbered and commented anew, without touching the sound. Pure.

Not the encoding (`opus.py`). RFC 3533 (pages), RFC 7845 (Opus: the first page is its head, then come the comments on pages of their own).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from recordings.sound.frames import Stored, stored

HEAD: Final = struct.Struct("<4sBBqIIIB")
"""OggS, version, flags, granule position, serial, sequence, checksum, segments."""
LONGEST_PAGE: Final = HEAD.size + 255 + 255 * 255
LONGEST_TAGS: Final = 16
"""Pages that the comments of a file may go over: ours are one."""
COMMENT_BYTES: Final = 8_000
"""Of a comment: eight of them still fit into one page."""
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


def pages_of(source: BinaryIO | Stored) -> Iterator[bytes]:
    """Raises BadOgg where the file is cut off."""
    file = stored(source)
    at = 0
    while at < file.size:
        raw = file.read(at, LONGEST_PAGE)
        length = whole_page(raw)
        if not 0 < length <= len(raw):
            raise BadOgg("the file ends inside of a page")
        yield raw[:length]
        at += length


def tags_page(comments: Mapping[str, str], vendor: bytes, serial: int, sequence: int) -> bytes:
    lines = [f"{name}={text}".encode()[:COMMENT_BYTES].decode("utf-8", "ignore").encode() for name, text in comments.items()]
    packet = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(lines))
    packet += b"".join(struct.pack("<I", len(line)) + line for line in lines)
    lacing = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    if len(lacing) > 255:
        raise BadOgg("the comments are longer than a page")
    return numbered(HEAD.pack(b"OggS", 0, 0, 0, 0, 0, 0, len(lacing)) + lacing + packet, serial, sequence)


def with_comments(source: BinaryIO | Stored, comments: Mapping[str, str]) -> Iterator[bytes]:
    """An Ogg Opus file with other comments: its pages of sound are as they were, but for their numbers. Raises BadOgg."""
    pages = pages_of(source)
    first = next(pages, b"")
    if b"OpusHead" not in first[:40]:
        raise BadOgg("the file does not begin as Opus")
    serial = struct.unpack_from("<I", first, 14)[0]
    yield first
    yield tags_page(comments, _vendor(pages), serial, 1)
    for sequence, page in enumerate(pages, 2):
        yield numbered(page, serial, sequence)


def _vendor(pages: Iterator[bytes]) -> bytes:
    """Passes the pages of comments; they end where a packet ends, since sound begins on a page of its own."""
    tags = b""
    for _ in range(LONGEST_TAGS):
        page = next(pages, b"")
        if not page:
            break
        segments = page[26]
        tags += page[HEAD.size + segments :]
        if segments and page[HEAD.size + segments - 1] < 255:
            if tags[:8] != b"OpusTags" or len(tags) < 12:
                break
            return tags[12 : 12 + min(struct.unpack_from("<I", tags, 8)[0], 255)]
    raise BadOgg("the file has no comments of Opus")
