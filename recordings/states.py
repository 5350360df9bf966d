"""The life of a recording in one table: from where to where, by which step, and what must be true before.

Not the steps themselves (`sealing.py`, `retention/`, `discs/`): each is idempotent and ends with one transaction that moves the state
here and appends to the log, so that a process killed at any moment finds the state of before or the state of after.
A disc is a copy and no state: `discs/` has its own table.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from recordings.words import State


class Step(NamedTuple):
    name: str
    needs: str


STEPS: Final[dict[tuple[State | None, State], Step]] = {
    (None, State.CAPTURED): Step(
        "seal", "the file is complete; SHA-256 of its bytes as captured; header and energy looked at; call known or orphan"
    ),
    (State.CAPTURED, State.STORED): Step("store", "encrypted with a key of its own; each vault's copy read back and its hash compared"),
    (State.STORED, State.KEPT): Step("settle", "derivatives made; the spool file is the one that was sealed and is removed"),
    (None, State.KEPT): Step(
        "redact",
        "made of a kept recording, its spans silenced; each vault gave it back; in the very change in which the original's key goes",
    ),
    (State.CAPTURED, State.LOST): Step("lose", "the spool file is gone or another one, and no vault has it"),
    (State.LOST, State.CAPTURED): Step("find", "no vault ever had it, and its file is in the spool again, with the bytes that were sealed"),
    (State.KEPT, State.DUE): Step("propose", "every rule lets it go, no hold, in a frozen list"),
    (State.DUE, State.KEPT): Step("withdraw", "the disposal was refused, or a hold or a clock came in between"),
    (State.DUE, State.DISPOSED): Step(
        "dispose",
        "two approvals, no hold at this moment: its wrapped key goes; then keys of keys and copies, then a certificate (carrying.py)",
    ),
    (State.KEPT, State.DISPOSED): Step("erase", "an erasure request that no duty stands against; or a redacted one takes its place"),
    (State.KEPT, State.QUARANTINED): Step("quarantine", "no copy has the hash that was sealed"),
    (State.QUARANTINED, State.KEPT): Step("repair", "a copy with the right hash was found: on a disc, in a backup"),
    (State.QUARANTINED, State.LOST): Step("lose", "two people say that no good copy is left (retention/losing.py)"),
    (State.LOST, State.DISPOSED): Step(
        "dispose", "as what is kept: by its term, a wish to be erased or for card data in it; its key, and what is left of its copies"
    ),
}


class NoSuchStep(Exception):
    """A bug of ours: nothing moves a recording that way."""


def step(before: State | None, after: State) -> Step:
    """Raises NoSuchStep."""
    found = STEPS.get((before, after))
    if found is None:
        raise NoSuchStep(f"no step leads from {before} to {after}")
    return found
