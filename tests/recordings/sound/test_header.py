"""Headers: what a PBX wrote, what a crash left, and bytes that are no header at all."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon import voices
from recordings.sound.header import CHUNKS, FMT_BYTES, Coding, Header, Odd, Unreadable, read_header, repaired, wave_header
from tests.recordings.sound.making import CODED, heard, in_wave, leg

LEG = leg(2.0)
WAVE = voices.wave_bytes(LEG)


def head(raw: bytes, name: str = "a.wav") -> Header:
    found = read_header(lambda at, length: raw[at : at + length], len(raw), name)
    assert isinstance(found, Header), found
    return found


def refusal(raw: bytes, name: str = "a.wav") -> str:
    found = read_header(lambda at, length: raw[at : at + length], len(raw), name)
    assert isinstance(found, Unreadable), found
    return str(found.reason)


@pytest.mark.parametrize("subtype", CODED)
def test_headers_of_another_writer_are_read(subtype: str) -> None:
    raw = in_wave(subtype, LEG)
    found = head(raw)
    assert found.odd == frozenset()
    assert (found.rate, found.sides) == (8_000, 1)
    assert found.frames >= len(LEG)
    assert found.frames - len(LEG) < 320  # a last block that is filled up


@pytest.mark.parametrize("subtype", CODED)
def test_a_crash_is_told_and_mended(subtype: str) -> None:
    raw = in_wave(subtype, LEG)
    good = head(raw)
    crashed = raw[:4] + bytes(4) + raw[8 : good.data_at - 4] + bytes(4) + raw[good.data_at :]
    found = head(crashed)
    assert found.odd == {Odd.ZERO_SIZE}
    assert found.broken
    assert found.frames == good.frames
    mended = repaired(found, len(crashed)) + crashed[found.data_at : found.data_at + found.data_bytes]
    assert head(mended).odd == frozenset()
    assert (heard(mended) == heard(raw)[: good.frames]).all()


def test_lengths_are_held_against_the_file() -> None:
    at = len(WAVE) - 2 * len(LEG)

    def saying(data: int, raw: bytes = WAVE) -> frozenset[Odd]:
        return head(raw[: at - 4] + struct.pack("<I", data) + raw[at:]).odd

    assert saying(len(LEG) * 2) == frozenset()
    assert saying(0xFFFF_FFFF) == {Odd.SHORT_FILE}
    assert saying(len(LEG) * 2 + 2) == {Odd.SHORT_FILE}
    assert saying(len(LEG)) == {Odd.STALE_SIZE}
    assert saying(0) == {Odd.ZERO_SIZE}
    assert head(WAVE[:4] + struct.pack("<I", 7) + WAVE[8:]).odd == {Odd.RIFF_SIZE}
    cut = head(WAVE[:-1001])
    assert cut.odd == {Odd.SHORT_FILE, Odd.PART_BLOCK}
    assert cut.frames == len(LEG) - 501


def test_what_an_editor_leaves_after_the_sound_is_no_sound() -> None:
    tail = b"LIST" + struct.pack("<I", 5) + b"INFO\0" + b"\0" + b"note" + struct.pack("<I", 3) + b"abc"
    raw = WAVE + tail
    raw = raw[:4] + struct.pack("<I", len(raw) - 8) + raw[8:]
    assert (head(raw).odd, head(raw).frames) == (frozenset(), len(LEG))
    assert head(raw + b"\0").frames == len(LEG)
    assert head(raw + b"\xff\xff\xff").odd == {Odd.STALE_SIZE}


def test_parts_before_the_sound_are_passed() -> None:
    odd = b"note" + struct.pack("<I", 3) + b"abc\0"
    for extra in (odd, odd + odd, b"LIST" + struct.pack("<I", 4) + b"INFO"):
        raw = wave_header(Coding.PCM16, 8_000, 1, 2 * len(LEG), extra) + LEG.tobytes()
        assert (head(raw).frames, head(raw).odd, head(raw).data_at) == (len(LEG), frozenset(), 44 + len(extra))


def test_padding_to_an_even_length_is_no_trouble() -> None:
    for claimed, pad in ((65, b""), (65, b"\0"), (66, b"\0"), (66, b"")):
        raw = wave_header(Coding.GSM_WAV, 8_000, 1, claimed) + bytes(65) + pad
        assert (head(raw).frames, head(raw).odd) == (320, frozenset())


def test_the_extensible_form_is_read() -> None:
    form = struct.pack("<HHIIHHHHIH", 0xFFFE, 1, 8_000, 16_000, 2, 16, 22, 16, 4, 1) + bytes(14)
    raw = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", 4) + b"abcd"
    found = head(b"RIFF" + struct.pack("<I", len(raw)) + raw)
    assert (found.coding, found.frames, found.odd) == (Coding.PCM16, 2, frozenset())


@pytest.mark.parametrize(
    ("name", "format", "rate", "frames"),
    [
        ("a.ulaw", "ulaw", 8_000, 660),
        ("x/y.alaw", "alaw", 8_000, 660),
        ("a.sln", "sln", 8_000, 330),
        ("a.raw", "sln", 8_000, 330),
        ("a.sln16", "sln16", 16_000, 330),
        ("a.sln44", "sln44", 44_100, 330),
        ("a.GSM", "gsm", 8_000, 3_200),
    ],
)
def test_raw_files_are_known_by_their_suffix(name: str, format: str, rate: int, frames: int) -> None:
    found = head(b"\xd0" + bytes(659), name)
    assert (found.format, found.rate, found.frames, found.odd, found.claimed) == (format, rate, frames, frozenset(), None)
    if format != "gsm":
        assert head(repaired(found, 660) + bytes(660)).frames == frames
    else:
        assert repaired(found, 660) == b""


def test_a_wave_file_is_known_whatever_its_name() -> None:
    assert head(WAVE, "a.ulaw").format == "wav"


def test_what_is_no_recording_is_refused_with_a_reason() -> None:
    assert "begin" in refusal(b"hello, this is no sound")
    assert "suffix" in refusal(bytes(100), "a.mp3")
    assert "GSM" in refusal(bytes(100), "a.gsm")
    assert "ends" in refusal(WAVE[:30])
    assert "ends" in refusal(WAVE[:12])
    assert "coding" in refusal(WAVE[:20] + b"\x55" + WAVE[21:])
    assert "sides" in refusal(WAVE[:22] + b"\x09" + WAVE[23:])
    assert "sides" in refusal(wave_header(Coding.GSM_WAV, 8_000, 2, 130) + bytes(130))
    assert "sides" in refusal(WAVE[:24] + struct.pack("<I", 1) + WAVE[28:])
    assert "what its sound is" in refusal(WAVE[:12] + WAVE[36:])
    assert str(CHUNKS) in refusal(WAVE[:12] + (b"note" + bytes(4)) * (CHUNKS + 1) + WAVE[12:])


def test_a_mended_header_never_says_more_than_there_is() -> None:
    found = head(WAVE)
    for size in (0, 43, 44, 45, 46, len(WAVE), len(WAVE) + 99):
        said = struct.unpack("<I", repaired(found, size)[-4:])[0]
        assert said == max(0, min(size - 44, found.data_bytes)) // 2 * 2
    huge = found._replace(data_bytes=10 << 30)
    assert repaired(huge, 44 + (10 << 30))[-4:] == b"\xff" * 4


@given(
    st.binary(max_size=300), st.sampled_from(["a.wav", "a.gsm", "a.WAV", "a", "a.ulaw", ""]), st.integers(0, 300), st.integers(0, 1 << 40)
)
def test_any_bytes_are_a_header_or_a_reason(raw: bytes, name: str, put: int, more: int) -> None:
    """Also where the size is another one than the bytes: a file that grows or shrinks. Each read is small."""
    asked = []

    def read(at: int, length: int) -> bytes:
        asked.append(length)
        assert at <= max(size, len(file))  # a container may refuse to read past its end
        return file[at : at + length]

    for file in (raw, WAVE[:put] + raw, WAVE[:12] + raw + WAVE[12:60]):
        for size in (len(file), more):
            found = read_header(read, size, name)
            if isinstance(found, Header):
                assert 0 <= found.data_bytes <= max(size - found.data_at, 0)
                assert found.data_bytes % found.block[0] == 0
                again = repaired(found, size)
                assert not again or found.data_bytes > 1 << 31 or not head(again + bytes(0), "a.wav").data_bytes
    assert max(asked) <= FMT_BYTES
    assert len(asked) <= 6 * (2 * CHUNKS + 3)
