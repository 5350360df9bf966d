"""What is heard in a recording's files: its sound and what is odd about it; as frames, whether one file or the legs of a pair.

Not the formats (`sound/`) and not the call's part in it (`sealing_lines.py`: too short for its call).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from recordings.recording import Sound
from recordings.sound.frames import Frames, Stored, UnreadableSound, frames_of
from recordings.sound.join import Pair
from recordings.sound.look import Look, look
from recordings.sound.lost import lost
from recordings.spool.pairing import PAIRED, Side, members
from recordings.words import WORTHLESS, Trouble

DEAF: Final = WORTHLESS | {Trouble.SILENT}
LEGS: Final[tuple[Side, Side]] = ("rx", "tx")


class Heard(NamedTuple):
    sound: Sound
    troubles: frozenset[Trouble]


class Slice:
    """A stretch of stored bytes, as stored bytes."""

    def __init__(self, whole: Stored, offset: int, size: int) -> None:
        self._whole, self._offset, self.size = whole, offset, size

    def read(self, offset: int, length: int) -> bytes:
        offset = max(offset, 0)
        return self._whole.read(self._offset + offset, max(0, min(length, self.size - offset)))


def heard(files: Mapping[Side, tuple[Stored, str]]) -> Heard:
    """Of each side its bytes and its name. Legs go before the file in which both are mixed, for they say more, unless one has no sound."""
    legs = {side: look(*files[side]) for side in LEGS if side in files}
    deaf = [side for side, each in legs.items() if each.troubles & WORTHLESS]
    if "mixed" in files and (deaf or len(legs) < len(LEGS)):
        found = look(*files["mixed"])
        if not found.troubles & WORTHLESS or len(deaf) == len(legs):
            return Heard(found.sound, found.troubles | ({Trouble.ONE_SIDED} if len(deaf) == 1 < len(legs) else set()))
    return both(legs) if len(legs) == len(LEGS) else one(next(iter(legs.values())))


def one(leg: Look) -> Heard:
    """One leg of two: what the other side said is missing."""
    return Heard(leg.sound, leg.troubles | {Trouble.ONE_SIDED})


def both(legs: Mapping[Side, Look]) -> Heard:
    looks = list(legs.values())
    common = frozenset.intersection(*(each.troubles for each in looks))
    troubles = (common & DEAF) | {trouble for each in looks for trouble in each.troubles if trouble is Trouble.REPAIRED}
    if not troubles & DEAF and (any(each.troubles & DEAF for each in looks) or _lost(looks)):
        troubles |= {Trouble.ONE_SIDED}
    if all(each.troubles & WORTHLESS for each in looks):
        troubles |= {Trouble.EMPTY if any(Trouble.EMPTY in each.troubles for each in looks) else Trouble.UNREADABLE}
    longest = max(looks, key=lambda each: each.sound.length_ms).sound
    sound = Sound(
        format=longest.format,
        rate=max(each.sound.rate for each in looks),
        sides=2,
        length_ms=longest.length_ms,
        silent_share=min((each.sound.silent_share for each in looks if not each.troubles & WORTHLESS), default=1.0),
        peak_db=max(each.sound.peak_db for each in looks),
        repaired=any(each.sound.repaired for each in looks),
    )
    return Heard(sound, frozenset(troubles))


def _lost(looks: list[Look]) -> bool:
    """Of longer ones than are wholly decoded the windows of two files do not stand side by side."""
    return not any(each.sampled for each in looks) and lost(*(each.courses[0] for each in looks))


# ---------------------------------------------------------------- as frames


def frames_in(files: Mapping[Side, tuple[Stored, str]]) -> Frames:
    """To be heard: left what came from the recorded channel, right the other side. Raises UnreadableSound."""
    sounding = {side: frames for side, file in files.items() if (frames := _frames(*file)) is not None}
    rx, tx = (sounding.get(side) for side in LEGS)
    if "mixed" in sounding and (rx is None or tx is None):
        return sounding["mixed"]
    if sounding and all(side in files for side in LEGS):
        return Pair(rx, tx)
    return next(iter(sounding.values()), None) or frames_of(*next(iter(files.values())))


def _frames(source: Stored, name: str) -> Frames | None:
    """None: there is no sound in it."""
    try:
        found = frames_of(source, name)
    except UnreadableSound:
        return None
    return found if found.frames else None


def frames_of_original(original: Stored, format_: str) -> Frames:
    """The same from what a vault gives back: the file, or the tar of several. `format_`: of its line. Raises UnreadableSound."""
    if not format_.startswith(PAIRED):
        return frames_of(original, f"sound.{format_}")
    files: dict[Side, tuple[Stored, str]] = {
        each.side: (Slice(original, each.offset, each.size), each.name) for each in members(original.read, original.size)
    }
    if not files:
        raise UnreadableSound("sound.tar")
    return frames_in(files)
