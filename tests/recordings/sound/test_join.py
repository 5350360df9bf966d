"""Two legs joined: lengths, formats and rates that differ, a leg that is missing."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import numpy as np
import pytest

from andon import voices
from recordings.sound.frames import UnreadableSound, frames_of
from recordings.sound.header import TOP, Coding, wave_header
from recordings.sound.join import Pair, Resampled
from recordings.sound.peaks import TooLong
from recordings.sound.wave import WavView
from tests.recordings.sound.making import SUFFIXES, db, file_of, heard, joined, side_by_side


def test_the_shorter_leg_is_filled_with_silence() -> None:
    rx, tx = voices.conversation(1, 10.0)
    raw = joined(voices.wave_bytes(rx), voices.wave_bytes(tx[:50_001]))
    both = heard(raw)
    assert both.shape == (80_000, 2)
    assert (both[:, 0] == rx).all()
    assert (both[:50_001, 1] == tx[:50_001]).all()
    assert not both[50_001:, 1].any()
    assert raw == voices.wave_bytes(rx, tx[:50_001])


@pytest.mark.parametrize(("left", "right"), [("wav", "gsm"), ("WAV", "ulaw"), ("alaw", "sln"), ("gsm", "WAV")])
def test_legs_of_different_formats(tmp_path: Path, left: str, right: str) -> None:
    rx, tx = voices.conversation(2, 12.0)
    one, other = file_of(tmp_path / left, left, rx), file_of(tmp_path / right, right, tx)
    outs = [joined((one.read_bytes(), one.name), (other.read_bytes(), other.name)) for _ in range(2)]
    assert outs[0] == outs[1]
    both = heard(outs[0])
    for side, leg in ((0, rx), (1, tx)):
        assert np.corrcoef(both[: len(leg), side], leg)[0, 1] > 0.6  # GSM is no waveform codec
        assert abs(np.corrcoef(both[: len(leg), 1 - side], leg)[0, 1]) < 0.1


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        (tmp_path / suffix).mkdir()


def test_rates_that_differ() -> None:
    """A tone keeps its pitch and its length."""
    seconds = np.arange(16_000 * 4) / 16_000
    fast = (8_000 * np.sin(2 * np.pi * 400 * seconds)).astype(np.int16)
    slow = fast[::2].copy()
    wide = wave_header(Coding.PCM16, 16_000, 1, fast.nbytes) + fast.tobytes()
    frames = side_by_side(voices.wave_bytes(slow), wide)
    assert (frames.frames, frames.rate, frames.sides) == (64_000, 16_000, 2)
    both = frames.read(0, 64_000)
    assert (both[:, 1] == fast).all()
    assert db(both[:, 0].astype(int) - fast) < db(fast) - 30


def test_a_resampled_sound_is_the_same_from_any_place() -> None:
    frames = Resampled(frames_of(io.BytesIO(voices.wave_bytes(voices.conversation(3, 3.0)[0]))), 44_100)
    whole = frames.read(0, 1 << 30)
    assert len(whole) == frames.frames == 3 * 44_100
    for first, count in itertools.product((0, 1, 4_409, 88_888, 132_299, 140_000), (0, 1, 2, 500)):
        assert np.array_equal(frames.read(first, count), whole[first : first + count])


def test_a_leg_that_says_nothing_is_a_silent_side() -> None:
    rx, tx = voices.conversation(4, 5.0)
    assert joined(b"no sound", voices.wave_bytes(tx)) == voices.wave_bytes(rx[:0], tx)
    assert joined(voices.wave_bytes(rx), voices.wave_bytes()) == voices.wave_bytes(rx, tx[:0])


def test_a_leg_that_is_stereo_is_taken_together() -> None:
    rx, tx = voices.conversation(5, 5.0)
    both = side_by_side(voices.wave_bytes(rx, tx), voices.wave_bytes(tx)).read(0, 40_000)
    assert np.abs(both[:, 0] - (rx.astype(int) + tx) / 2).max() <= 0.5


def test_what_cannot_be_joined_says_so() -> None:
    with pytest.raises(UnreadableSound):
        side_by_side((b"no sound", "a.wav"), (b"no sound either", "b.wav"))

    class Endless:
        rate, sides, frames = 8_000, 1, TOP // 4

        def read(self, first: int, count: int) -> voices.Samples:
            raise AssertionError("nothing of it is to be read")

    with pytest.raises(TooLong):
        WavView(Pair(Endless(), None))
    assert Pair(Endless(), None).frames == TOP // 4
