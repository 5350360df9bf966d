"""Any captured sound as a WAV file of 16 bits: for browsers that know no Opus, and for export, with a watermark in its metadata.

Not the file as captured, which is kept beside it. `WavView` makes no file: each range is decoded as it is asked for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import numpy as np

from recordings.sound.frames import Frames, Source, frames_of
from recordings.sound.header import TOP, Coding, wave_header
from recordings.sound.peaks import TooLong

PIECE: Final = 1 << 18
"""Bytes given at a time."""
MARK_BYTES: Final = 2_000
"""Of a watermark: who, when, why and an id, with room for four bytes a character."""


def list_chunk(text: str) -> bytes:
    """RIFF's LIST of INFO: ICMT, a comment, and ICOP, whose it is."""
    words = text.encode()[:MARK_BYTES].decode("utf-8", "ignore").replace("\0", " ").encode() + b"\0"
    words += b"\0" * (len(words) % 2)
    info = b"INFO" + b"".join(struct.pack("<4sI", name, len(words)) + words for name in (b"ICMT", b"ICOP"))
    return struct.pack("<4sI", b"LIST", len(info)) + info


class WavView:
    """A WAV file that is there only as it is read. `mark`: a watermark."""

    def __init__(self, source: Source, name: str = "", mark: str = "") -> None:
        """Raises UnreadableSound, TooLong."""
        self._frames: Frames = frames_of(source, name)
        self._frame = 2 * self._frames.sides
        data = self._frames.frames * self._frame
        self._head = wave_header(Coding.PCM16, self._frames.rate, self._frames.sides, data, list_chunk(mark) if mark else b"")
        self.size = len(self._head) + data
        if self.size > TOP:
            raise TooLong("sound.too_long.wav")

    def read(self, offset: int, length: int) -> bytes:
        """Always what the size promises: where the source has become shorter, silence."""
        offset = min(max(offset, 0), self.size)
        end = min(offset + max(length, 0), self.size)
        head = self._head[offset:end]
        since = max(offset - len(self._head), 0)
        until = max(end - len(self._head), 0)
        if until <= since:
            return head
        first = since // self._frame
        block = self._frames.read(first, -(-until // self._frame) - first)
        raw = np.ascontiguousarray(block, "<i2").tobytes()
        raw = raw[since - first * self._frame : until - first * self._frame]
        return head + raw + bytes(until - since - len(raw))

    def pieces(self) -> Iterator[bytes]:
        for offset in range(0, self.size, PIECE):
            yield self.read(offset, PIECE)
