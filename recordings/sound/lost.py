"""Whether a side was lost on the way: nothing but zeros to the end of the call while the other side goes on to speak. Pure.

Not the side that has no sound at all (`look.py`), nor why (`docs/recordings.md`: Asterisk behind music on hold). A person who is silent is
no zeros: a quiet line has noise. A muted telephone may be, so it is a hint to listen, not a proof.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recordings.sound.energy import PER_SECOND

ZERO: Final = 16
"""The highest sample, without its sign, of what is called nothing: a lost side is written as zeros, which come back from A-law as 8 (ITU-T
G.711) and from GSM as 16 (measured with libsndfile). The noise of a quiet line, near -65 dB of full scale, has peaks over it."""
LOST_S: Final = 10.0
"""Seconds of nothing to the end, at least: shorter ones are a mute and a farewell."""
SPOKEN_S: Final = 3.0
"""And so many of them in which the other side is heard: to the end of a call that both hung up there is nothing to lose."""


class Course(NamedTuple):
    """One side in windows of a twentieth of a second."""

    heard: npt.NDArray[np.bool_]
    nothing: npt.NDArray[np.bool_]

    @property
    def silent(self) -> float:
        """The share of it in which nothing is heard; of no window at all, 1."""
        return round(1 - float(self.heard.mean()), 4) if len(self.heard) else 1.0


def lost(one: Course, other: Course) -> bool:
    """Either of the two. Sides begin together; after the end of the shorter one it is nothing."""
    return _lost(one, other.heard) or _lost(other, one.heard)


def _lost(side: Course, other_heard: npt.NDArray[np.bool_]) -> bool:
    sounding = np.flatnonzero(~side.nothing)
    since = int(sounding[-1]) + 1 if len(sounding) else 0
    windows = max(len(side.nothing), len(other_heard)) - since
    return windows >= LOST_S * PER_SECOND and int(other_heard[since:].sum()) >= SPOKEN_S * PER_SECOND
