"""A look at a file of sound: what it is, how long, how loud, and what is odd about it.

Not the file's name or owner (`spool/`), nor whether it is too short for its call (the ledger knows the call). It never raises for what is
in a file, only for a disk that does not give it. Memory and time are bounded, whatever the file's size: of more than two hours, samples
are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recordings.recording import Sound
from recordings.sound.energy import FULL, amplitude, decibels, energy, step_of, window_of
from recordings.sound.frames import BLOCK, Frames, Samples, Stored, decoded, stored
from recordings.sound.header import Header, Odd, Unreadable, read_header
from recordings.sound.lost import ZERO, Course, lost
from recordings.words import Trouble

Bools = npt.NDArray[np.bool_]
WHOLE_S: Final = 2 * 3_600
"""Seconds up to which all of a sound is decoded: longer than calls are, and some seconds of work at most."""
SPANS: Final = 360
SPAN_S: Final = 10
"""Of a longer one so many spans of so many seconds, evenly spread: an hour of it, so a 10 GB file costs what a long call costs."""
SILENT_DB: Final = -50.0
"""A window whose loudness (root of the mean square) is below is silent: speech on a line is near -26, a quiet line near -65."""
SILENT_AT: Final = 0.95
"""A recording with more silence than this share is reported."""
DEAF_AT: Final = 0.999
"""A side with more silence than this share, while the other one speaks, was not recorded: a person who only listens still makes sounds."""


class Look(NamedTuple):
    """`courses`: of each side, for who has the other one in a file of its own; `reason`: why it is unreadable; `sampled`: not all of it was
    looked at."""

    sound: Sound
    troubles: frozenset[Trouble]
    courses: tuple[Course, ...] = ()
    reason: str = ""
    odd: frozenset[Odd] = frozenset()
    sampled: bool = False


class Loudness(NamedTuple):
    """`silent`: share of the windows in which no side is heard."""

    silent: float
    courses: tuple[Course, ...]
    peak_db: float
    sampled: bool


def look(file: BinaryIO | Stored, name: str, *, silent_db: float = SILENT_DB, silent_at: float = SILENT_AT) -> Look:
    """`name`: the file's name, which raw formats are known by."""
    source = stored(file)
    if source.size == 0:
        return Look(Sound(sides=0), frozenset({Trouble.EMPTY}))
    header = read_header(source.read, source.size, name)
    if isinstance(header, Unreadable):
        return Look(Sound(sides=0), frozenset({Trouble.UNREADABLE}), reason=str(header.reason))
    frames = decoded(header, source.read)
    loudness = loudness_of(frames, silent_db)
    troubles = _troubles(header, loudness, silent_at)
    sound = Sound(
        format=header.format,
        rate=header.rate,
        sides=header.sides,
        length_ms=frames.frames * 1_000 // header.rate,
        silent_share=loudness.silent,
        peak_db=loudness.peak_db,
        repaired=header.broken and bool(header.frames),
    )
    return Look(sound, troubles, loudness.courses, "", header.odd, loudness.sampled)


def _troubles(header: Header, loudness: Loudness, silent_at: float) -> frozenset[Trouble]:
    if not header.frames:
        return frozenset({Trouble.EMPTY})
    found = {Trouble.REPAIRED} if header.broken else set()
    if loudness.silent > silent_at:
        found.add(Trouble.SILENT)
    elif header.sides == 2 and (max(each.silent for each in loudness.courses) > DEAF_AT or lost(*loudness.courses)):
        found.add(Trouble.ONE_SIDED)
    return frozenset(found)


def loudness_of(frames: Frames, silent_db: float = SILENT_DB) -> Loudness:
    """Of nothing at all, everything is silent."""
    window = window_of(frames.rate)
    limit = (amplitude(silent_db) * FULL) ** 2
    sampled = frames.frames > WHOLE_S * frames.rate
    heard: list[Bools] = [np.zeros((0, frames.sides), np.bool_)]
    nothing = list(heard)
    peak = 0
    for block in _samples(frames) if sampled else _all(frames):
        found = energy(block, window)
        heard.append(found.square >= limit)
        nothing.append(found.peak <= ZERO)
        peak = max(peak, int(found.peak.max(initial=0)))
    sides = tuple(Course(*each) for each in zip(np.concatenate(heard).T, np.concatenate(nothing).T, strict=True))
    together = Course(np.logical_or.reduce([side.heard for side in sides]), sides[0].nothing)
    return Loudness(together.silent, sides, round(decibels(peak / FULL), 1), sampled)


def _all(frames: Frames) -> Iterator[Samples]:
    step = step_of(frames.rate)
    for first in range(0, frames.frames, step):
        block = frames.read(first, step)
        if not len(block):
            return  # the file was cut while it was looked at
        yield block


def _samples(frames: Frames) -> Iterator[Samples]:
    """On the grid of GSM's cells, so that none is decoded twice; the last span ends where the sound ends."""
    length = SPAN_S * frames.rate
    window = window_of(frames.rate)
    step = max(min(BLOCK, length) // window, 1) * window
    last = -(-frames.frames // length) - 1
    for number in range(SPANS):
        begin = last * number // (SPANS - 1) * length
        for first in range(begin, begin + length, step):
            yield frames.read(first, min(step, begin + length - first))
