"""A WAV file that is there only as it is read, and what an export carries."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from random import Random

import pytest

from andon import voices
from recordings.sound.frames import frames_of
from recordings.sound.header import TOP
from recordings.sound.look import look
from recordings.sound.peaks import TooLong
from recordings.sound.wave import MARK_BYTES, WavView
from tests.recordings.sound.making import SUFFIXES, file_of, heard, leg, side_by_side


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("mark", ["", "odd", "even"])
def test_any_format_becomes_a_wave_file(tmp_path: Path, suffix: str, mark: str) -> None:
    raw = file_of(tmp_path, suffix, leg(21.0)).read_bytes()
    view = WavView(io.BytesIO(raw), f"a.{suffix}", mark)
    out = b"".join(view.pieces())
    assert view.size == len(out)
    assert (heard(out) == frames_of(io.BytesIO(raw), f"a.{suffix}").read(0, 1 << 30)).all()
    with wave.open(io.BytesIO(out)) as other:  # the standard library as a second reader
        assert (other.getnchannels(), other.getsampwidth(), other.getframerate()) == (1, 2, 8_000)
        assert other.getnframes() >= 21 * 8_000
    assert look(io.BytesIO(out), "a.wav").troubles == frozenset()


@pytest.mark.parametrize("suffix", ["wav", "WAV"])
def test_any_range_is_a_part_of_the_whole(tmp_path: Path, suffix: str) -> None:
    raw = file_of(tmp_path, suffix, leg(25.0)).read_bytes()
    for view in (WavView(io.BytesIO(raw), mark="who"), WavView(side_by_side(raw, voices.wave_bytes(leg(3.0))))):
        whole = b"".join(view.pieces())
        assert len(whole) == view.size == len(view.read(0, 1 << 40))
        dice = Random(3)
        for _ in range(200):
            offset, length = dice.randrange(0, view.size + 9), dice.choice([0, 1, 3, 44, 1_001, 70_000])
            assert view.read(offset, length) == whole[offset : offset + length]


def test_a_crashed_file_becomes_a_good_one() -> None:
    samples = leg(4.0)
    assert b"".join(WavView(io.BytesIO(voices.wave_bytes(samples, crashed=True))).pieces()) == voices.wave_bytes(samples)


def test_what_a_file_lost_meanwhile_is_silence() -> None:
    """A range was promised by its size: a browser that gets less asks again and again."""
    raw = voices.wave_bytes(leg(4.0))
    file = io.BytesIO(raw)
    view = WavView(file)
    file.truncate(10_001)
    got = view.read(0, view.size)
    assert len(got) == view.size
    assert got[:10_000] == raw[:10_000]
    assert not any(got[10_002:])


@pytest.mark.parametrize("text", ["exported for case 4711 by 张伟", "a", "", "x" * 9_000, "长" * 3_000, "two\0parts"])
def test_a_watermark_is_in_the_metadata_and_not_in_the_sound(text: str) -> None:
    samples = leg(3.0)
    raw = b"".join(WavView(io.BytesIO(voices.wave_bytes(samples)), mark=text).pieces())
    assert (heard(raw)[:, 0] == samples).all()
    import soundfile  # type: ignore[import-untyped]

    said = soundfile.SoundFile(io.BytesIO(raw)).copy_metadata()
    expected = text.replace("\0", " ").encode()[:MARK_BYTES].decode(errors="ignore")
    assert said.get("comment", "") == said.get("copyright", "") == expected


def test_longer_than_a_wave_file_can_say() -> None:
    class Endless:
        rate, sides, frames = 8_000, 1, TOP // 2

        def read(self, first: int, count: int) -> voices.Samples:
            raise AssertionError("nothing of it is to be read")

    with pytest.raises(TooLong):
        WavView(Endless())
