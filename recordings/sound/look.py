"""A look at a file of sound: what it is, how long, how loud, and what is odd about it.

Not the file's name or owner (`spool/`), nor whether it is too short for its call (the ledger knows the call). It never raises for what is
in a file, only for a disk that does not give it. Memory and time are bounded, whatever the file's size: of more than two hours, samples
are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

import numpy as np

from recordings.recording import Sound
from recordings.sound.energy import FULL, amplitude, decibels, energy, step_of, window_of
from recordings.sound.frames import BLOCK, Frames, Samples, Stored, decoded, stored
from recordings.sound.header import Header, Odd, Unreadable, read_header
from recordings.words import Trouble

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
    """`sides_silent`: the silent share of each side; `reason`: why it is unreadable; `sampled`: not all of it was looked at."""

    sound: Sound
    troubles: frozenset[Trouble]
    sides_silent: tuple[float, ...] = ()
    reason: str = ""
    odd: frozenset[Odd] = frozenset()
    sampled: bool = False


class Loudness(NamedTuple):
    """`silent`: share of the windows in which no side is heard."""

    silent: float
    sides_silent: tuple[float, ...]
    peak_db: float
    sampled: bool


def look(file: BinaryIO | Stored, name: str, *, silent_db: float = SILENT_DB, silent_at: float = SILENT_AT) -> Look:
    """`name`: the file's name, which raw formats are known by."""
    source = stored(file)
    if source.size == 0:
        return Look(Sound(sides=0), frozenset({Trouble.EMPTY}))
    header = read_header(source.read, source.size, name)
    if isinstance(header, Unreadable):
        return Look(Sound(sides=0), frozenset({Trouble.UNREADABLE}), reason=header.reason)
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
    return Look(sound, troubles, loudness.sides_silent, "", header.odd, loudness.sampled)


def _troubles(header: Header, loudness: Loudness, silent_at: float) -> frozenset[Trouble]:
    if not header.frames:
        return frozenset({Trouble.EMPTY})
    found = {Trouble.REPAIRED} if header.broken else set()
    if loudness.silent > silent_at:
        found.add(Trouble.SILENT)
    elif header.sides == 2 and max(loudness.sides_silent) > DEAF_AT:
        found.add(Trouble.ONE_SIDED)
    return frozenset(found)


def loudness_of(frames: Frames, silent_db: float = SILENT_DB) -> Loudness:
    """Of nothing at all, everything is silent."""
    window = window_of(frames.rate)
    limit = (amplitude(silent_db) * FULL) ** 2
    sampled = frames.frames > WHOLE_S * frames.rate
    windows, peak = 0, 0
    quiet = 0
    quiet_sides = np.zeros(frames.sides, np.int64)
    for block in _samples(frames) if sampled else _all(frames):
        heard = energy(block, window)
        silent = heard.square < limit
        windows += len(silent)
        quiet += int(silent.all(1).sum())
        quiet_sides += silent.sum(0)
        peak = max(peak, int(heard.peak.max(initial=0)))
    if not windows:
        return Loudness(1.0, (1.0,) * frames.sides, decibels(0), sampled)
    sides = tuple(round(int(each) / windows, 4) for each in quiet_sides)
    return Loudness(round(quiet / windows, 4), sides, round(decibels(peak / FULL), 1), sampled)


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
