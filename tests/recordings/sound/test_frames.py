"""Frames of every format against libsndfile's own reading, and from any place."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import pytest

from recordings.sound.frames import ALAW, ULAW, UnreadableSound, blocks, frames_of
from tests.recordings.sound.making import CODED, SUFFIXES, file_of, heard, in_wave, leg

RAW = {"gsm": "GSM610", "ulaw": "ULAW", "alaw": "ALAW", "sln": "PCM_16"}


def test_the_codes_of_g711_are_those_of_libsndfile() -> None:
    every = bytes(range(256))
    how = {"samplerate": 8_000, "channels": 1, "format": "RAW"}
    assert (heard(every, subtype="ULAW", **how)[:, 0] == ULAW).all()
    assert (heard(every, subtype="ALAW", **how)[:, 0] == ALAW).all()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_frames_are_what_libsndfile_hears(tmp_path: Path, suffix: str) -> None:
    """65 s, so that GSM goes over several of its cells."""
    raw = file_of(tmp_path, suffix, leg(65.0)).read_bytes()
    how = {"samplerate": 8_000, "channels": 1, "format": "RAW", "subtype": RAW[suffix]} if suffix in RAW else {}
    frames = frames_of(io.BytesIO(raw), f"a.{suffix}")
    mine = np.concatenate(list(blocks(frames)))
    assert (mine == heard(raw, **how)[: len(mine)]).all()
    assert len(mine) == frames.frames


@pytest.mark.parametrize("subtype", CODED)
def test_any_range_is_the_same_in_any_order(subtype: str) -> None:
    raw = in_wave(subtype, leg(31.0))
    whole = frames_of(io.BytesIO(raw)).read(0, 1 << 30)
    dice = Random(5)
    frames = frames_of(io.BytesIO(raw))
    for _ in range(200):
        first, count = dice.randrange(-10, frames.frames + 10), dice.choice([0, 1, 17, 400, 90_000])
        got = frames.read(first, count)
        begin = min(max(first, 0), frames.frames)
        assert np.array_equal(got, whole[begin : begin + count])


class Opened:
    """Bytes that are read from any place, as an opened container offers them."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self.size = raw, len(raw)

    def read(self, offset: int, length: int) -> bytes:
        return self._raw[offset : offset + length]


def test_threads_may_share_a_sound() -> None:
    raw = in_wave("GSM610", leg(61.0))
    whole = frames_of(io.BytesIO(raw)).read(0, 1 << 30)
    frames = frames_of(Opened(raw))

    def part(number: int) -> bool:
        first = number * 7_001 % frames.frames
        return bool((frames.read(first, 5_000) == whole[first : first + 5_000]).all())

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(part, range(200)))


def test_a_mounted_spool_may_give_less_at_a_time_than_was_asked_for() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 1_000))

    samples = leg(3.0)
    assert (frames_of(Slow(in_wave("PCM_16", samples))).read(0, 1 << 20)[:, 0] == samples).all()


def test_bytes_that_are_read_from_any_place_will_do() -> None:
    raw = in_wave("ULAW", leg(3.0))
    assert (frames_of(Opened(raw)).read(0, 9_999) == frames_of(io.BytesIO(raw)).read(0, 9_999)).all()


def test_a_hole_in_raw_gsm_is_silence(tmp_path: Path) -> None:
    raw = bytearray(file_of(tmp_path, "gsm", leg(5.0)).read_bytes())
    raw[33 * 100 : 33 * 150] = bytes(33 * 50)
    got = frames_of(io.BytesIO(raw), "a.gsm").read(0, 1 << 30)
    assert not got[16_000:24_000].any()
    assert np.abs(got[:16_000]).max() > 3_000
    assert np.abs(got[24_000:]).max() > 3_000


def test_no_sound_is_said_with_its_reason() -> None:
    with pytest.raises(UnreadableSound, match="suffix"):
        frames_of(io.BytesIO(b"text"), "a.txt")
