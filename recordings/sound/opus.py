"""Any captured sound as Ogg Opus, to listen to: 24 kbit/s for one side, 32 for two. Never instead of the original.

Not what an export is (`recordings/exporting.py`). libsndfile encodes; it takes a serial number by chance, so each page is numbered anew:
the same sound gives the same bytes, as long as libopus is the same. At 32 kbit/s the two sides stay apart: libopus leaves the second
channel out and narrows the picture below some 24 kbit/s.
"""

from __future__ import annotations

from typing import BinaryIO, Final, NamedTuple

import soundfile  # type: ignore[import-untyped]

from recordings.sound.frames import Frames, Source, blocks, frames_of
from recordings.sound.join import Resampled
from recordings.sound.ogg import BadOgg, Cutter, numbered
from recordings.sound.peaks import LONGEST_S, TooLong

BITS: Final = {1: 24_000, 2: 32_000}
"""Bits a second, by sides: speech at 8,000 samples a second is transparent there."""
RATES: Final = (8_000, 12_000, 16_000, 24_000, 48_000)
"""What Opus takes."""
SERIAL: Final = 0x416E_646F
"""Ours; a file has one stream, so any number does."""


class Encoded(NamedTuple):
    size: int
    length_ms: int
    sides: int


def opus(source: Source, out: BinaryIO, name: str = "", *, serial: int = SERIAL) -> Encoded:
    """`out` is only written to, from the beginning to the end. Raises UnreadableSound, TooLong, and what `out` raises."""
    frames = frames_of(source, name)
    if frames.frames > LONGEST_S * frames.rate:
        raise TooLong("sound.too_long", hours=LONGEST_S // 3_600)
    length_ms = frames.frames * 1_000 // frames.rate
    frames = _at_a_rate_of_opus(frames)
    sink = _Sink(out, serial)
    level = 1 - (BITS[frames.sides] / frames.sides - 6_000) / 250_000  # libsndfile's scale: 0 is 256 kbit/s a channel, 1 is 6
    with soundfile.SoundFile(sink, "w", frames.rate, frames.sides, "OPUS", format="OGG", compression_level=level) as file:
        for block in blocks(frames):
            file.write(block)
            sink.check()
    sink.finish()
    return Encoded(sink.size, length_ms, frames.sides)


def _at_a_rate_of_opus(frames: Frames) -> Frames:
    if frames.rate in RATES:
        return frames
    return Resampled(frames, next((rate for rate in RATES if rate > frames.rate), RATES[-1]))


class _Sink:
    """The file that libsndfile writes to. It calls from C, where an exception would be lost: it is kept, and raised by `check`."""

    def __init__(self, out: BinaryIO, serial: int) -> None:
        self._out, self._serial = out, serial
        self._cutter = Cutter()
        self._sequence = 0
        self._at = 0
        self._failed: Exception | None = None
        self.size = 0

    def write(self, raw: bytes) -> int:
        if self._failed is None:
            try:
                for page in self._cutter.feed(bytes(raw)):
                    self._out.write(numbered(page, self._serial, self._sequence))
                    self._sequence += 1
                    self.size += len(page)
            except Exception as failed:
                self._failed = failed
        self._at += len(raw)
        return len(raw)

    def seek(self, offset: int, whence: int = 0) -> int:
        """libsndfile asks for the length and comes back; it writes Ogg from the beginning to the end."""
        return self._at

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Nothing waits here."""

    def check(self) -> None:
        if self._failed is not None:
            raise self._failed

    def finish(self) -> None:
        self.check()
        if self._cutter.rest:
            raise BadOgg("the encoder left a part of a page")
