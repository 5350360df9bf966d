"""A look at real files of every format, at what goes wrong with them, and at files that are far too large."""

from __future__ import annotations

import io
import os
import resource
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andon import voices
from recordings.recording import Sound
from recordings.sealing_sound import LEGS, heard
from recordings.sound.energy import energy
from recordings.sound.frames import Stored, stored
from recordings.sound.header import Odd
from recordings.sound.look import SPAN_S, SPANS, look, loudness_of
from recordings.spool.pairing import Side
from recordings.words import Trouble
from tests.recordings.sound.making import CODED, SUFFIXES, db, file_of, in_wave, leg


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_the_same_call(tmp_path: Path, suffix: str) -> None:
    samples = leg(12.0)
    with file_of(tmp_path, suffix, samples).open("rb") as file:
        found = look(file, f"leg.{suffix}")
    assert found.troubles == frozenset()
    assert found.sound.format == ("wav49" if suffix == "WAV" else suffix)
    assert (found.sound.rate, found.sound.sides, found.sound.repaired) == (8_000, 1, False)
    assert 12_000 <= found.sound.length_ms <= 12_040
    assert found.sound.peak_db == pytest.approx(-11.2, abs=1.5)
    silent = np.concatenate([energy(samples[:, None], 400).square < (32_768 * 10 ** (-50 / 20)) ** 2]).mean()
    assert found.sound.silent_share == pytest.approx(silent, abs=0.03)


@pytest.mark.parametrize("subtype", CODED)
def test_every_coding_inside_of_wave(subtype: str) -> None:
    found = look(io.BytesIO(in_wave(subtype, leg(5.0))), "a.wav")
    assert found.troubles == frozenset()
    assert found.sound.length_ms == pytest.approx(5_000, abs=40)


def test_stereo_says_each_side() -> None:
    rx, tx = voices.conversation(3, 30.0)
    found = look(io.BytesIO(voices.wave_bytes(rx, tx)), "a.wav")
    assert (found.sound.sides, found.troubles) == (2, frozenset())
    talked = [sum(turn.end - turn.begin for turn in voices.turns(3, 30.0) if turn.who == who) / (30 * 8_000) for who in (0, 1)]
    assert found.courses[0].silent == pytest.approx(1 - talked[0], abs=0.1)
    assert found.courses[1].silent == pytest.approx(1 - talked[1], abs=0.1)
    assert found.sound.silent_share < min(each.silent for each in found.courses)


def test_troubles_are_told(tmp_path: Path) -> None:
    rx, tx = voices.conversation(4, 20.0)
    still = np.zeros(8_000 * 20, np.int16)

    def troubles(raw: bytes, name: str = "a.wav") -> set[Trouble]:
        return set(look(io.BytesIO(raw), name).troubles)

    assert troubles(b"") == {Trouble.EMPTY}
    assert troubles(b"", "a.ulaw") == {Trouble.EMPTY}
    assert troubles(voices.write_empty(tmp_path / "empty.wav").read_bytes()) == {Trouble.EMPTY}
    assert troubles(voices.wave_bytes(crashed=True)) == {Trouble.EMPTY}
    assert troubles(voices.wave_bytes(still)) == {Trouble.SILENT}
    assert troubles(bytes([0xFF]) * 80_000, "a.ulaw") == {Trouble.SILENT}
    assert troubles(bytes([0xD5]) * 80_000, "a.alaw") == {Trouble.SILENT}
    assert troubles(voices.wave_bytes(rx, still)) == {Trouble.ONE_SIDED}
    assert troubles(voices.wave_bytes(still, tx)) == {Trouble.ONE_SIDED}
    assert troubles(voices.wave_bytes(still, still)) == {Trouble.SILENT}
    assert troubles(voices.wave_bytes(rx, tx)) == set()
    assert troubles(b"not a sound") == {Trouble.UNREADABLE}
    assert troubles(b"not a sound", "a.mp3") == {Trouble.UNREADABLE}
    assert troubles(b"not a sound", "a.gsm") == {Trouble.UNREADABLE}


def cut(samples: voices.Samples, at_s: float, to_s: float | None = None) -> voices.Samples:
    """A side as Asterisk loses it: zeros."""
    found = samples.copy()
    found[int(at_s * voices.RATE) : None if to_s is None else int(to_s * voices.RATE)] = 0
    return found


@pytest.mark.parametrize(
    ("rx_from", "tx_from", "to", "lost"),
    [
        (15, 60, None, True),
        (60, 15, None, True),
        (15, 60, 58, False),  # it came back
        (52, 60, None, False),  # a mute and a farewell
        (15, 15, None, False),  # nobody spoke any more
        (60, 60, None, False),
    ],
)
@pytest.mark.parametrize("suffix", ["wav", "gsm", "alaw", "ulaw"])
def test_a_side_that_ends_while_the_other_goes_on_was_lost(
    tmp_path: Path, rx_from: float, tx_from: float, to: float | None, lost: bool, suffix: str
) -> None:
    rx, tx = voices.conversation(5, 60.0)
    legs = [cut(rx, rx_from, to), cut(tx, tx_from, to)]
    expected = {Trouble.ONE_SIDED} if lost else set()
    assert look(io.BytesIO(voices.wave_bytes(*legs)), "a.wav").troubles == expected
    with ExitStack() as stack:
        files: dict[Side, tuple[Stored, str]] = {}
        for side, samples in zip(LEGS, legs, strict=True):
            (tmp_path / side).mkdir()
            path = file_of(tmp_path / side, suffix, samples)
            files[side] = (stored(stack.enter_context(path.open("rb"))), path.name)
        assert heard(files).troubles == expected


def test_a_crash_is_heard_to_its_end(tmp_path: Path) -> None:
    with voices.write_crashed(tmp_path / "a.wav", leg(10.0)).open("rb") as file:
        found = look(file, "a.wav")
    assert found.troubles == {Trouble.REPAIRED}
    assert (found.odd, found.sound.repaired, found.sound.length_ms) == (frozenset({Odd.ZERO_SIZE}), True, 10_000)


def test_thresholds_are_arguments() -> None:
    samples = leg(10.0)
    quiet = (samples // 100).astype(np.int16)
    raw = io.BytesIO(voices.wave_bytes(quiet))
    assert look(raw, "a.wav").troubles == {Trouble.SILENT}
    assert look(raw, "a.wav", silent_db=-75).troubles == frozenset()
    assert look(io.BytesIO(voices.wave_bytes(samples)), "a.wav", silent_at=0.0001).troubles == {Trouble.SILENT}


def test_numbers_are_those_of_full_scale() -> None:
    loud = np.full(8_000, -32_768, np.int16)
    assert look(io.BytesIO(voices.wave_bytes(loud)), "a.wav").sound.peak_db == 0.0
    half = np.full(8_000, 16_384, np.int16)
    assert look(io.BytesIO(voices.wave_bytes(half)), "a.wav").sound.peak_db == -6.0
    one = energy(half[:100, None], 400)
    assert 10 * np.log10(one.square[0, 0] / 32_768**2) == pytest.approx(db(half), abs=0.01)  # a part of a window counts as one


@pytest.mark.parametrize("suffix", ["wav", "WAV", "gsm", "ulaw", "sln"])
def test_ten_gigabytes_of_nothing_are_looked_at_by_samples(tmp_path: Path, suffix: str) -> None:
    """A sparse file with a word in its middle: the look takes what an hour takes, in time and in memory."""
    path = file_of(tmp_path, suffix, leg(4.0))
    os.truncate(path, 10 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    with path.open("rb") as file:
        found = look(file, path.name)
    assert found.sampled
    assert time.process_time() - began < 30
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024) < 100 << 20
    assert found.sound.length_ms > 300 * 3_600_000 / 2
    assert (Trouble.REPAIRED in found.troubles) == (suffix in ("wav", "WAV"))
    if suffix in ("wav", "sln"):
        assert Trouble.SILENT in found.troubles
        assert found.sound.peak_db > -20  # the first span, which speaks, was among them


def test_samples_reach_the_end_of_a_long_sound() -> None:
    class Long:
        rate, sides, frames = 8_000, 1, 8_000 * 3_600 * 50

        def __init__(self) -> None:
            self.asked: list[tuple[int, int]] = []

        def read(self, first: int, count: int) -> voices.Samples:
            self.asked.append((first, count))
            return np.zeros((count, 1), np.int16)

    long = Long()
    assert loudness_of(long).sampled
    assert long.asked[0][0] == 0
    assert sum(long.asked[-1]) == long.frames
    assert sum(count for _, count in long.asked) == SPANS * SPAN_S * 8_000


def test_a_file_that_is_cut_while_it_is_looked_at_is_no_error(tmp_path: Path) -> None:
    class Cut(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(size) if self.tell() < 40_000 else b""

    whole = voices.wave_bytes(leg(60.0))
    found = look(Cut(whole), "a.wav")
    assert isinstance(found.sound, Sound)
    assert not found.troubles


def test_a_disk_that_fails_is_not_taken_for_a_bad_file() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= 44:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with pytest.raises(OSError, match="Input/output"):
        look(Failing(voices.wave_bytes(leg(2.0))), "a.wav")


GSM = in_wave("GSM610", leg(1.0))


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from(["a.wav", "a.gsm", "a.WAV", "", "a.ulaw", "a.sln16", "a\n../../x.alaw"]), st.integers(0, 80)
)
def test_no_bytes_make_it_raise(raw: bytes, name: str, cut: int) -> None:
    for start in (b"", GSM[:cut], voices.wave_bytes()[:cut]):
        found = look(io.BytesIO(start + raw), name)
        assert 0 <= found.sound.silent_share <= 1
        assert -96 <= found.sound.peak_db <= 0
        assert found.sound.length_ms >= 0
