"""Ogg Opus decoded again: length, likeness, and that the sides stay apart."""

from __future__ import annotations

import io
import struct
import time
from pathlib import Path

import numpy as np
import pytest

from andon import voices
from recordings.sound.header import Coding, wave_header
from recordings.sound.ogg import BadOgg, Cutter, checksum
from recordings.sound.opus import SERIAL, Encoded, opus
from recordings.sound.peaks import LONGEST_S, TooLong
from tests.recordings.sound.making import SUFFIXES, db, file_of, heard, leg


def encoded(raw: bytes, name: str = "a.wav") -> bytes:
    out = io.BytesIO()
    told = opus(io.BytesIO(raw), out, name)
    assert told.size == len(out.getvalue())
    return out.getvalue()


def test_the_sides_stay_apart() -> None:
    """While one speaks, the other side is as still as it was: the line's noise, some 45 dB below."""
    rx, tx = voices.conversation(11, 60.0)
    raw = voices.wave_bytes(rx, tx)
    began = time.process_time()
    sound = encoded(raw)
    assert time.process_time() - began < 30  # 0.5 s on a quiet machine: more than 100 times as fast as it is heard
    assert len(sound) * 8 / 60 == pytest.approx(32_000, rel=0.1)
    both = heard(sound)
    assert both.shape == (480_000, 2)
    for turn in voices.turns(11, 60.0):
        there = slice(turn.begin + 1_600, turn.end - 1_600)
        if there.stop - there.start > 4_000:
            assert db(both[there, turn.who]) > -30
            assert db(both[there, 1 - turn.who]) < db(both[there, turn.who]) - 35


def test_the_sides_stay_apart_when_both_speak() -> None:
    rx, tx = voices.conversation(12, 30.0)
    other = np.roll(tx, 16_000)
    both = heard(encoded(voices.wave_bytes(rx, other)))
    assert np.corrcoef(both[:, 0], rx)[0, 1] > 0.95
    assert np.corrcoef(both[:, 1], other)[0, 1] > 0.95
    assert abs(np.corrcoef(both[:, 0], other)[0, 1]) < abs(np.corrcoef(rx, other)[0, 1]) + 0.02


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_can_be_listened_to(tmp_path: Path, suffix: str) -> None:
    samples = leg(8.0)
    sound = encoded(file_of(tmp_path, suffix, samples).read_bytes(), f"a.{suffix}")
    mono = heard(sound)
    assert mono.shape[1] == 1
    assert len(mono) == pytest.approx(len(samples), abs=320)
    assert np.corrcoef(mono[: len(samples), 0], samples[: len(mono)])[0, 1] > 0.6
    assert len(sound) * 8 / 8 < 30_000


def test_the_same_sound_gives_the_same_bytes() -> None:
    raw = voices.wave_bytes(*voices.conversation(13, 5.0))
    sound = encoded(raw)
    assert sound == encoded(raw)
    assert {struct.unpack_from("<I", page, 14)[0] for page in Cutter().feed(sound)} == {SERIAL}
    other = io.BytesIO()
    opus(io.BytesIO(raw), other, serial=7)
    assert other.getvalue() != sound
    assert (heard(other.getvalue()) == heard(sound)).all()


@pytest.mark.parametrize("rate", [11_025, 16_000, 44_100, 96_000])
def test_rates_that_opus_has_not(rate: int) -> None:
    tone = (8_000 * np.sin(2 * np.pi * 440 * np.arange(rate * 3) / rate)).astype("<i2")
    out = io.BytesIO()
    told = opus(io.BytesIO(wave_header(Coding.PCM16, rate, 1, tone.nbytes) + tone.tobytes()), out)
    assert (told.length_ms, told.sides) == (3_000, 1)
    sound = heard(out.getvalue())[:, 0].astype(float)
    each = len(sound) / 3
    strongest = np.argmax(np.abs(np.fft.rfft(sound))) * each / len(sound)
    assert strongest == pytest.approx(440, abs=2)


def test_nothing_gives_a_file_of_nothing() -> None:
    out = io.BytesIO()
    assert opus(io.BytesIO(voices.wave_bytes()), out) == Encoded(len(out.getvalue()), 0, 1)


def test_what_the_disk_says_is_heard() -> None:
    """libsndfile calls from C, where an exception would be lost."""

    class Full(io.BytesIO):
        def write(self, raw: bytes) -> int:  # type: ignore[override]
            if self.tell() > 2_000:
                raise OSError(28, "No space left on device")
            return super().write(raw)

    with pytest.raises(OSError, match="No space"):
        opus(io.BytesIO(voices.wave_bytes(leg(20.0))), Full())


def test_a_week_is_no_call() -> None:
    class Week:
        rate, sides, frames = 8_000, 2, 8_000 * (LONGEST_S + 1)

        def read(self, first: int, count: int) -> voices.Samples:
            raise AssertionError("nothing of it is to be read")

    with pytest.raises(TooLong):
        opus(Week(), io.BytesIO())


def test_pages_and_their_checksums_are_those_of_the_encoder() -> None:
    import soundfile  # type: ignore[import-untyped]

    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", 8_000, 1, "OPUS", format="OGG") as sound:
        sound.write(leg(3.0))
    raw = file.getvalue()
    pages = Cutter().feed(raw)
    assert b"".join(pages) == raw
    assert all(struct.unpack_from("<I", page, 22)[0] == checksum(page) for page in pages)
    cutter = Cutter()
    assert [page for at in range(0, len(raw), 97) for page in cutter.feed(raw[at : at + 97])] == pages
    assert not cutter.rest


def test_what_is_no_page_is_refused() -> None:
    with pytest.raises(BadOgg):
        Cutter().feed(b"hello" * 20)
