"""Any captured sound as frames of 16-bit samples, read from any place: what everything else in this folder stands on.

Not headers (`header.py`) and not what is made of frames (`look.py`, `wave.py`, `opus.py`, `peaks.py`). Linear samples and G.711 are
turned here by numpy; only blocks of GSM reach libsndfile, behind a header that we wrote, so a hostile file cannot choose its parser.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, Protocol, cast

import numpy as np
import numpy.typing as npt
import soundfile  # type: ignore[import-untyped]

from recordings.refusals import Worded
from recordings.sound.header import GSM_MARK, Coding, Header, ReadAt, Unreadable, read_header, wave_header

Samples = npt.NDArray[np.int16]
"""Shape (frames, sides)."""

BLOCK: Final = 1 << 16
"""Frames read at a time when all of a sound is gone through: 256 KiB of stereo, so memory does not grow with a call's length."""
CELL: Final = 80_000
"""Frames of GSM decoded together, 10 s. Cells begin at fixed places, so a range gives the same samples whatever was read before."""
RUN_UP: Final = 8_000
"""Frames decoded and thrown away in front of a cell: GSM's filters remember, and after a second no difference is left."""


class UnreadableSound(Worded):
    """No format that we know."""


class Stored(Protocol):
    """Bytes that are read from any place, as an opened container gives them."""

    @property
    def size(self) -> int: ...

    def read(self, offset: int, length: int, /) -> bytes: ...


class Frames(Protocol):
    """Sound: `read` gives the frames from `first` on, fewer only at the end."""

    @property
    def rate(self) -> int: ...
    @property
    def sides(self) -> int: ...
    @property
    def frames(self) -> int: ...

    def read(self, first: int, count: int, /) -> Samples: ...


class FileBytes:
    """A seekable file as `Stored`. Its position is moved, so it is one thread's at a time; a container may be read by many."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)

    def read(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        parts: list[bytes] = []
        while length > 0 and (part := self._file.read(length)):  # a mounted spool may give less than there is
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


Source = BinaryIO | Stored | Frames


def stored(source: BinaryIO | Stored) -> Stored:
    return cast(Stored, source) if hasattr(source, "size") else FileBytes(source)


def frames_of(source: Source, name: str = "") -> Frames:
    """`name`: the file's name, which raw formats are known by. Raises UnreadableSound."""
    if hasattr(source, "frames"):
        return cast(Frames, source)
    bytes_of = stored(source)
    header = read_header(bytes_of.read, bytes_of.size, name)
    if isinstance(header, Unreadable):
        raise UnreadableSound("sound.unreadable", why=header.reason)
    return decoded(header, bytes_of.read)


def decoded(header: Header, read: ReadAt) -> Frames:
    return GsmFrames(header, read) if header.coding in (Coding.GSM, Coding.GSM_WAV) else PlainFrames(header, read)


def blocks(frames: Frames, size: int = BLOCK) -> Iterator[Samples]:
    """All of it, in order. Ends early where the file turns out to be shorter than it was."""
    for first in range(0, frames.frames, size):
        block = frames.read(first, size)
        if len(block):
            yield block
        if len(block) < min(size, frames.frames - first):
            return


class PlainFrames:
    """Linear samples and G.711: a frame is a fixed number of bytes."""

    def __init__(self, header: Header, read: ReadAt) -> None:
        self.header, self.rate, self.sides, self.frames = header, header.rate, header.sides, header.frames
        self._read = read

    def read(self, first: int, count: int) -> Samples:
        size = self.header.block[0]
        first = min(max(first, 0), self.frames)
        count = min(max(count, 0), self.frames - first)
        raw = self._read(self.header.data_at + first * size, count * size)
        raw = raw[: len(raw) // size * size]
        if self.header.coding is Coding.PCM16:
            return np.frombuffer(raw, "<i2").astype(np.int16, copy=False).reshape(-1, self.sides)
        table = ULAW if self.header.coding is Coding.ULAW else ALAW
        return cast(Samples, table[np.frombuffer(raw, np.uint8)].reshape(-1, self.sides))


class GsmFrames:
    """GSM 6.10, both packings: decoded in cells of a fixed grid. The cell of last time is remembered."""

    def __init__(self, header: Header, read: ReadAt) -> None:
        self.header, self.rate, self.sides, self.frames = header, header.rate, 1, header.frames
        self._read = read
        self._last: tuple[int, Samples] | None = None

    def read(self, first: int, count: int) -> Samples:
        first = min(max(first, 0), self.frames)
        end = min(first + max(count, 0), self.frames)
        parts: list[Samples] = []
        for cell in range(first // CELL, -(-end // CELL)):
            begin = cell * CELL
            parts.append(self._cell(cell)[max(first - begin, 0) : end - begin])
        return np.concatenate(parts) if parts else np.empty((0, 1), np.int16)

    def _cell(self, cell: int) -> Samples:
        last = self._last
        if last is not None and last[0] == cell:
            return last[1]
        size, samples = self.header.block
        since = max(cell * CELL - RUN_UP, 0) // samples
        until = min((cell + 1) * CELL, self.frames) // samples
        raw = self._read(self.header.data_at + since * size, (until - since) * size)
        heard = _gsm(self.header, raw[: len(raw) // size * size])[cell * CELL - since * samples :]
        self._last = (cell, heard)
        return heard


def _gsm(header: Header, raw: bytes) -> Samples:
    """Blocks of GSM from memory. The decoder takes any bits for sound, so bytes that are none give noise and no error."""
    if not raw:
        return np.empty((0, 1), np.int16)
    how: dict[str, Any] = {}
    size, samples = header.block
    frames = len(raw) // size * samples  # said, since libsndfile takes GSM for a stream that cannot be measured
    if header.coding is Coding.GSM:
        how = {"samplerate": header.rate, "channels": 1, "format": "RAW", "subtype": "GSM610"}
    else:
        raw = wave_header(Coding.GSM_WAV, header.rate, 1, len(raw)) + raw
    with soundfile.SoundFile(io.BytesIO(raw), **how) as file:
        heard = cast(Samples, file.read(frames, dtype="int16", always_2d=True))
    if header.coding is Coding.GSM:  # for a block without its mark the decoder leaves what was before
        strange = np.frombuffer(raw, np.uint8)[::size] >> 4 != GSM_MARK
        heard[np.repeat(strange, samples)[: len(heard)]] = 0
    return heard


def _ulaw() -> Samples:
    """ITU-T G.711, mu-law: the samples of the 256 codes."""
    code = ~np.arange(256) & 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return cast(Samples, np.where(code & 0x80, -size, size).astype(np.int16))


def _alaw() -> Samples:
    """ITU-T G.711, A-law."""
    code = np.arange(256) ^ 0x55
    segment, size = (code & 0x70) >> 4, (code & 0x0F) << 4
    size = np.where(segment == 0, size + 8, (size + 0x108) << np.maximum(segment - 1, 0))
    return cast(Samples, np.where(code & 0x80, size, -size).astype(np.int16))


ULAW: Final = _ulaw()
ALAW: Final = _alaw()
