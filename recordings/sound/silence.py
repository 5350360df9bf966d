"""Where nobody speaks, found from the peaks, for a player that skips it. Pure.

Not whether a recording is silent as a whole (`look.py`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from recordings.sound.energy import amplitude
from recordings.sound.peaks import Peaks

QUIET_DB: Final = -40.0
"""A window whose highest sample is below is quiet: peaks lie some 10 dB above loudness, and a quiet line's loudness is near -65."""
SHORTEST_S: Final = 2.0
"""A pause that is worth skipping; pauses of thought are shorter."""
MARGIN_S: Final = 0.25
"""Left at both ends, so that no first or last sound of a word is cut off."""


class Stretch(NamedTuple):
    """Milliseconds from the beginning."""

    since: int
    until: int


def quiet(peaks: Peaks, *, quiet_db: float = QUIET_DB, shortest_s: float = SHORTEST_S, margin_s: float = MARGIN_S) -> list[Stretch]:
    """In order. Quiet on all sides; at the two ends of the sound no margin is left."""
    limit = np.sqrt(amplitude(quiet_db)) * 255
    still = (peaks.values < limit).all(1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(np.int8)))
    margin = round(margin_s * 1_000)
    found = []
    for begin, end in edges.reshape(-1, 2).tolist():
        since = peaks.ms(begin) + (margin if begin else 0)
        until = peaks.ms(end) - (margin if end < len(still) else 0)
        if until - since >= shortest_s * 1_000:
            found.append(Stretch(since, until))
    return found
