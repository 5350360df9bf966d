"""Two synthetic voices that talk turn by turn, for the demo, tests and measurements: audible, told apart by their pitch, made in no time.

Not speech: syllables of five vowels without words, so nobody's voice and nobody's data. The same seed gives the same call. What they are
written as is what a PBX writes, with what goes wrong there: an empty file, and the header of a crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import soundfile  # type: ignore[import-untyped]

from recordings.sound.header import Coding, wave_header

Samples = npt.NDArray[np.int16]
Wave = npt.NDArray[np.float32]

RATE: Final = 8_000
TABLE: Final = 512
"""Samples of one period of a vowel."""
HIGHEST_HZ: Final = 3_400
"""Of a telephone line."""
LOUD: Final = 9_000
"""The highest sample of a vowel: some -11 dB, as a person on a line."""
NOISE: Final = 12
"""Of the line, about -68 dB: no digital silence, and far below what counts as speech."""
VOWELS: Final = ((730, 1_090, 2_440), (530, 1_840, 2_480), (270, 2_290, 3_010), (570, 840, 2_410), (300, 870, 2_240))
"""Formants in Hz of a, e, i, o, u: Peterson and Barney 1952, men."""


class Voice(NamedTuple):
    """`stretch`: how much higher its formants are than a man's."""

    pitch: float
    stretch: float


AGENT: Final = Voice(118.0, 1.0)
CUSTOMER: Final = Voice(214.0, 1.17)


class Turn(NamedTuple):
    """Samples from the beginning; `who` 0 is the customer, 1 the agent."""

    who: int
    begin: int
    end: int


def turns(seed: int, seconds: float) -> list[Turn]:
    """Who speaks when: the agent begins, and they change every two to six seconds with a pause between."""
    dice = np.random.default_rng(seed)
    total = round(seconds * RATE)
    found = []
    at, who = int(dice.integers(RATE // 5, RATE // 2)), 1
    while at < total - RATE // 4:
        end = min(at + int(dice.integers(2 * RATE, 6 * RATE)), total)
        found.append(Turn(who, at, end))
        at, who = end + int(dice.integers(RATE // 5, RATE)), 1 - who
    return found


def conversation(seed: int, seconds: float) -> tuple[Samples, Samples]:
    """The two legs of a call recorded on the customer's channel: `rx`, what the customer says, and `tx`, what the agent says."""
    dice = np.random.default_rng((seed, 1))
    total = round(seconds * RATE)
    hiss = dice.normal(0, NOISE, RATE).astype(np.int16)
    legs = (np.resize(hiss, total), np.resize(hiss[::-1], total))
    tables = (_vowels(CUSTOMER), _vowels(AGENT))
    for turn in turns(seed, seconds):
        voice = (CUSTOMER, AGENT)[turn.who]
        legs[turn.who][turn.begin : turn.end] += _speech(dice, voice, tables[turn.who], turn.end - turn.begin)
    return legs


def _vowels(voice: Voice) -> Wave:
    """One period of each vowel: the voice's harmonics, each as loud as the formants near it let it be."""
    harmonics = np.arange(1, max(int(HIGHEST_HZ / (voice.pitch * 1.3)), 2))
    hertz = harmonics * voice.pitch
    phase = np.outer(harmonics, np.arange(TABLE)) * (2 * np.pi / TABLE)
    table = np.empty((len(VOWELS), TABLE), np.float32)
    for row, formants in enumerate(VOWELS):
        near = [np.exp(-(((hertz - formant * voice.stretch) / 140) ** 2)) / (1 + number) for number, formant in enumerate(formants)]
        loud = (0.06 + np.sum(near, axis=0)) / np.sqrt(harmonics)
        period = (loud[:, None] * np.sin(phase + harmonics[:, None] ** 2)).sum(0)  # phases apart, or it would be a row of clicks
        table[row] = period / np.abs(period).max()
    return table


def _speech(dice: np.random.Generator, voice: Voice, table: Wave, length: int) -> Samples:
    """Syllables of a fifth of a second, the pitch sinking through the turn; now and then a breath."""
    count = length // (RATE // 8) + 2
    long = dice.integers(RATE // 7, RATE // 4, count)
    ends = np.cumsum(long)
    count = int(np.searchsorted(ends, length)) + 1
    long, ends = long[:count], ends[:count]
    pitch = voice.pitch * (1.12 - 0.24 * ends / ends[-1]) * dice.uniform(0.93, 1.07, count)
    loud = dice.uniform(0.55, 1.0, count) * (dice.random(count) > 0.1) * LOUD
    loud[0] = LOUD
    row = dice.integers(0, len(VOWELS), count)
    size = int(ends[-1])
    phase = np.cumsum(np.repeat((pitch * (TABLE / RATE)).astype(np.float64), long))
    index = phase.astype(np.int32) % TABLE + np.repeat((row * TABLE).astype(np.int32), long)
    place = (np.arange(size) - np.repeat(ends - long, long)) * np.repeat((TABLE / 2 / long).astype(np.float32), long)
    shape = np.sqrt(np.sin(np.pi * np.arange(TABLE // 2) / (TABLE // 2))).astype(np.float32)
    sound = table.ravel()[index] * shape[place.astype(np.int32)] * np.repeat(loud.astype(np.float32), long)
    return cast(Samples, sound[:length].astype(np.int16))


def wave_bytes(*legs: Samples, crashed: bool = False) -> bytes:
    """One leg or two (left, right) as a WAV file of 16 bits; of a crash, with the zeros that a PBX begins with."""
    frames = max((len(leg) for leg in legs), default=0)
    sides = np.zeros((frames, max(len(legs), 1)), "<i2")
    for side, leg in enumerate(legs):
        sides[: len(leg), side] = leg
    head = wave_header(Coding.PCM16, RATE, sides.shape[1], sides.nbytes)
    if crashed:
        head = head[:4] + bytes(4) + head[8:-4] + bytes(4)
    return head + sides.tobytes()


def write_wav(path: Path, *legs: Samples) -> Path:
    path.write_bytes(wave_bytes(*legs))
    return path


def write_empty(path: Path) -> Path:
    """44 bytes: a header and nothing else, as of a call that ended before its first frame."""
    path.write_bytes(wave_bytes())
    return path


def write_crashed(path: Path, *legs: Samples) -> Path:
    """The sound is there, and the header says that there is none."""
    path.write_bytes(wave_bytes(*legs, crashed=True))
    return path


FORMS: Final = {
    ".wav": ("WAV", "PCM_16"),
    ".WAV": ("WAV", "GSM610"),
    ".wav49": ("WAV", "GSM610"),
    ".gsm": ("RAW", "GSM610"),
    ".ulaw": ("RAW", "ULAW"),
    ".alaw": ("RAW", "ALAW"),
    ".sln": ("RAW", "PCM_16"),
}


def write_leg(path: Path, leg: Samples) -> Path:
    """One leg in the format of the path's suffix, as Asterisk names them."""
    form, subtype = FORMS[path.suffix]
    how: dict[str, Any] = {"format": form, "subtype": subtype, "samplerate": RATE, "channels": 1}
    with soundfile.SoundFile(str(path), "w", **how) as file:
        for piece in _pieces(leg):
            file.write(piece)
    return path


def _pieces(leg: Samples) -> Iterator[Samples]:
    for first in range(0, len(leg), RATE * 60):
        yield leg[first : first + RATE * 60]
