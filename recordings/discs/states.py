"""The life of one disc in one table: from where to where, by which step, and what must be true before. Pure.

A disc is one copy (A, B) of one image. Not the steps themselves (`register.py`): each ends with one transaction that moves the state here
and appends to the log.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from recordings.states import NoSuchStep, Step

MADE, DESTROYED = "made", "destroyed"
"""What two people sign for."""


class DiscState(StrEnum):
    GATHERED = "gathered"  # its recordings are chosen
    IMAGED = "imaged"  # its image is made, every file of it read and compared
    BURNED = "burned"  # on a medium, not read back yet
    VERIFIED = "verified"  # the whole medium read back and compared
    SIGNED = "signed"  # two people said so: it counts as a copy
    DISCARDED = "discarded"  # failed twice: the medium is thrown away, another one is burned in its place
    DAMAGED = "damaged"  # was good, and is not any more
    DESTROYED = "destroyed"  # two people saw it broken
    WITHDRAWN = "withdrawn"  # given up before it was burned


STEPS: Final[dict[tuple[DiscState | None, DiscState], Step]] = {
    (None, DiscState.GATHERED): Step("gather", "recordings that are kept, of a class that is burned, free of holds, on no other set"),
    (None, DiscState.IMAGED): Step("replace", "another disc of the same image was discarded or is damaged"),
    (DiscState.GATHERED, DiscState.IMAGED): Step("image", "each container has the hash that was sealed; each file of the image, too"),
    (DiscState.IMAGED, DiscState.BURNED): Step("burn", "the image has its hash; a medium took it"),
    (DiscState.IMAGED, DiscState.DISCARDED): Step("discard", "burning failed twice"),
    (DiscState.BURNED, DiscState.VERIFIED): Step("verify", "taken out and put in again, read to the end of the image, no byte differs"),
    (DiscState.BURNED, DiscState.DISCARDED): Step("discard", "reading back failed twice"),
    (DiscState.VERIFIED, DiscState.SIGNED): Step("sign", "two different people"),
    (DiscState.VERIFIED, DiscState.DAMAGED): Step("check", "read again, and some file has not its hash"),
    (DiscState.SIGNED, DiscState.DAMAGED): Step("check", "read again, and some file has not its hash"),
    (DiscState.SIGNED, DiscState.DESTROYED): Step(
        "destroy", "every recording on it is disposed of, no hold, proven unreadable, two people"
    ),
    (DiscState.DAMAGED, DiscState.DESTROYED): Step("destroy", "as above; or another disc of the same image has been signed"),
    (DiscState.DISCARDED, DiscState.DESTROYED): Step("destroy", "as above; or another disc of the same image has been signed"),
    (DiscState.GATHERED, DiscState.WITHDRAWN): Step("withdraw", "nothing of it was burned"),
    (DiscState.IMAGED, DiscState.WITHDRAWN): Step("withdraw", "nothing of it was burned"),
}

BEARS: Final = frozenset(
    {DiscState.BURNED, DiscState.VERIFIED, DiscState.SIGNED, DiscState.DISCARDED, DiscState.DAMAGED},
)
"""A medium exists somewhere with these recordings on it."""

FREE: Final = frozenset({DiscState.WITHDRAWN, DiscState.DISCARDED, DiscState.DAMAGED, DiscState.DESTROYED})
"""No good copy, nor one in the making: where all discs of an image are so, its recordings may be gathered anew."""


def disc_step(before: DiscState | None, after: DiscState) -> Step:
    """Raises NoSuchStep: a bug of ours."""
    found = STEPS.get((before, after))
    if found is None:
        raise NoSuchStep(f"no step leads a disc from {before} to {after}")
    return found
