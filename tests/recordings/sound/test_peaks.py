"""Peaks: what they say of a sound, how little they are, and bytes that are none."""

from __future__ import annotations

import io
import struct
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon import voices
from recordings.sound.header import Coding, wave_header
from recordings.sound.peaks import HEAD, LONGEST_S, BadPeaks, TooLong, peaks, read_peaks
from tests.recordings.sound.making import in_wave, leg


def test_peaks_are_the_highest_samples() -> None:
    rx, tx = voices.conversation(21, 33.33)
    raw = peaks(io.BytesIO(voices.wave_bytes(rx, tx)))
    found = read_peaks(raw)
    assert (found.sides, found.window, found.length_ms) == (2, 400, 33_330)
    for side, samples in ((0, rx), (1, tx)):
        floats = np.array(found.floats(side))
        filled = np.concatenate([samples, np.zeros(-len(samples) % 400, np.int16)]).astype(int)
        highest = np.abs(filled).reshape(-1, 400).max(1) / 32_768
        assert len(floats) == len(highest) == 667
        assert (floats >= highest - 1e-4).all()  # never drawn lower than it is
        assert np.abs(np.sqrt(floats) - np.sqrt(highest)).max() <= 1 / 255 + 1e-2


def test_five_minutes_of_stereo_are_twelve_kilobytes() -> None:
    raw = voices.wave_bytes(*voices.conversation(22, 300.0))
    began = time.process_time()
    assert len(peaks(io.BytesIO(raw))) == HEAD.size + 12_000
    assert time.process_time() - began < 5  # 20 ms on a quiet machine


def test_full_scale_and_nothing() -> None:
    loud = np.concatenate([np.full(400, -32_768), np.full(400, 32_767), np.zeros(400), np.ones(400)]).astype(np.int16)
    assert read_peaks(peaks(io.BytesIO(voices.wave_bytes(loud)))).values[:, 0].tolist() == [255, 255, 0, 2]
    assert read_peaks(peaks(io.BytesIO(voices.wave_bytes()))).floats(0) == []


def test_other_rates_and_formats() -> None:
    tone = np.full(44_100, 8_192, "<i2")
    found = read_peaks(peaks(io.BytesIO(wave_header(Coding.PCM16, 44_100, 1, tone.nbytes) + tone.tobytes())))
    assert (found.window, len(found.values), found.ms(20)) == (2_205, 20, 1_000)
    assert found.floats(0)[0] == pytest.approx(0.25, abs=0.005)
    assert len(read_peaks(peaks(io.BytesIO(in_wave("GSM610", leg(5.0))))).values) == pytest.approx(100, abs=1)


def test_too_long_is_said() -> None:
    class Week:
        rate, sides, frames = 8_000, 1, 8_000 * (LONGEST_S + 1)

        def read(self, first: int, count: int) -> voices.Samples:
            raise AssertionError("nothing of it is to be read")

    with pytest.raises(TooLong):
        peaks(Week())


GOOD = peaks(io.BytesIO(voices.wave_bytes(leg(2.0))))


@given(st.binary(max_size=80))
def test_bytes_that_are_no_peaks_are_refused(raw: bytes) -> None:
    for bad in (raw, GOOD[:-1], GOOD + b"\0", GOOD[:20] + b"\3" + GOOD[21:], b"APK2" + GOOD[4:], GOOD[:4] + bytes(4) + GOOD[8:]):
        with pytest.raises(BadPeaks):
            read_peaks(bad)


def test_what_the_page_is_told_of_the_bytes() -> None:
    """The layout that the page reads, too."""
    magic, rate, window, frames, sides = struct.unpack("<4sIIQB", GOOD[:21])
    assert (magic, rate, window, frames, sides) == (b"APK1", 8_000, 400, 16_000, 1)
    assert len(GOOD) == 24 + 40
