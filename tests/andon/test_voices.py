"""Two voices: audible, told apart by pitch, the same again, fast, and written as a PBX writes."""

from __future__ import annotations

import hashlib
import time
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]

from andon import voices


def pitch(samples: voices.Samples) -> float:
    """The lag at which a voice is most like itself, from 70 to 350 Hz."""
    frame = samples[:2_400].astype(float)
    like = np.correlate(frame, frame, "full")[len(frame) - 1 :]
    lags = range(voices.RATE // 350, voices.RATE // 70)
    best = max(like[lag] for lag in lags)
    return float(
        voices.RATE / next(lag for lag in lags if like[lag] > 0.85 * best and like[lag] >= like[lag - 1] and like[lag] >= like[lag + 1])
    )


def test_one_speaks_while_the_other_listens() -> None:
    legs = voices.conversation(7, 60.0)
    assert [leg.shape for leg in legs] == [(480_000,), (480_000,)]
    assert all(leg.dtype == np.int16 for leg in legs)
    turns = voices.turns(7, 60.0)
    assert len(turns) > 8
    assert {turn.who for turn in turns} == {0, 1}
    for turn in turns:
        loud = [float(np.sqrt((leg[turn.begin : turn.end].astype(float) ** 2).mean())) for leg in legs]
        assert loud[turn.who] > 1_000
        assert loud[1 - turn.who] < 50
    assert max(int(np.abs(leg).max()) for leg in legs) < 12_000


def test_the_voices_are_told_apart_by_pitch() -> None:
    assert voices.CUSTOMER.pitch > 1.6 * voices.AGENT.pitch
    legs = voices.conversation(8, 60.0)
    heard: tuple[list[float], list[float]] = ([], [])
    for turn in voices.turns(8, 60.0):
        for begin in range(turn.begin, turn.end - 2_400, 2_400):
            part = legs[turn.who][begin : begin + 2_400]
            if np.abs(part).max() > 3_000:
                heard[turn.who].append(pitch(part))
    assert np.median(heard[0]) == pytest.approx(voices.CUSTOMER.pitch, rel=0.12)
    assert np.median(heard[1]) == pytest.approx(voices.AGENT.pitch, rel=0.12)


def test_the_same_seed_is_the_same_call() -> None:
    def digest(seed: int) -> str:
        return hashlib.sha256(voices.wave_bytes(*voices.conversation(seed, 20.0))).hexdigest()

    assert digest(1) == digest(1)
    assert digest(1) != digest(2)


def test_a_minute_takes_no_time() -> None:
    voices.conversation(1, 1.0)
    took = []
    for _ in range(5):
        began = time.process_time()
        voices.conversation(1, 60.0)
        took.append(time.process_time() - began)
    assert min(took) < 0.25  # 0.01 s on a quiet machine


@pytest.mark.parametrize("seconds", [0, 0.1, 0.5, 1, 7.3])
def test_any_length(seconds: float) -> None:
    assert all(len(leg) == round(seconds * 8_000) for leg in voices.conversation(3, seconds))


def test_files_as_a_pbx_leaves_them(tmp_path: Path) -> None:
    rx, tx = voices.conversation(4, 3.0)
    with wave.open(str(voices.write_wav(tmp_path / "a.wav", rx, tx))) as file:
        assert (file.getnchannels(), file.getnframes(), file.getframerate()) == (2, 24_000, 8_000)
    assert voices.write_empty(tmp_path / "b.wav").stat().st_size == 44
    crashed = voices.write_crashed(tmp_path / "c.wav", rx).read_bytes()
    whole = voices.write_wav(tmp_path / "d.wav", rx).read_bytes()
    assert len(crashed) == len(whole)
    assert (crashed[4:8], crashed[40:44], crashed[44:]) == (bytes(4), bytes(4), whole[44:])


@pytest.mark.parametrize(
    ("suffix", "size"), [(".wav", 48_044), (".WAV", 75 * 65 + 61), (".gsm", 150 * 33), (".ulaw", 24_000), (".sln", 48_000)]
)
def test_one_leg_in_every_format(tmp_path: Path, suffix: str, size: int) -> None:
    path = voices.write_leg(tmp_path / f"leg{suffix}", voices.conversation(5, 3.0)[0])
    assert path.stat().st_size == pytest.approx(size, abs=2)
    if suffix in (".wav", ".WAV"):
        assert soundfile.info(str(path)).samplerate == 8_000
