"""Sounds for these tests: one call in every format that a PBX writes, and measures of what comes out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile  # type: ignore[import-untyped]

from andon import voices
from recordings.sealing_sound import frames_in
from recordings.sound.frames import Frames, stored
from recordings.sound.wave import WavView
from recordings.spool.pairing import Side

SUFFIXES: Final = ("wav", "WAV", "gsm", "ulaw", "alaw", "sln")
CODED: Final = ("ULAW", "ALAW", "GSM610", "PCM_16")
"""Subtypes inside of a WAV file."""
Leg = tuple[bytes, str]
"""A file and its name."""


def leg(seconds: float = 12.0, seed: int = 1) -> voices.Samples:
    return voices.conversation(seed, seconds)[1]


def file_of(folder: Path, suffix: str, samples: voices.Samples) -> Path:
    return voices.write_leg(folder / f"leg.{suffix}", samples)


def in_wave(subtype: str, samples: voices.Samples) -> bytes:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", voices.RATE, 1, subtype, format="WAV") as sound:
        sound.write(samples)
    return file.getvalue()


def heard(raw: bytes, **how: Any) -> voices.Samples:
    """As libsndfile reads it, (frames, sides)."""
    with soundfile.SoundFile(io.BytesIO(raw), **how) as sound:
        return sound.read(10_000_000, dtype="int16", always_2d=True)  # type: ignore[no-any-return]


def db(samples: Any) -> float:
    return float(10 * np.log10((np.asarray(samples, np.float64) ** 2).mean() / 32_768**2 + 1e-12))


def side_by_side(rx: bytes | Leg, tx: bytes | Leg) -> Frames:
    """Two legs as they are heard."""
    legs: dict[Side, Leg] = {"rx": rx if isinstance(rx, tuple) else (rx, ""), "tx": tx if isinstance(tx, tuple) else (tx, "")}
    return frames_in({side: (stored(io.BytesIO(raw)), name) for side, (raw, name) in legs.items()})


def joined(rx: bytes | Leg, tx: bytes | Leg) -> bytes:
    """The same as the WAV file that an export is."""
    return b"".join(WavView(side_by_side(rx, tx)).pieces())
