"""Why not, as a number that can be spoken: a phone has no screen, and Asterisk's own sounds know no word of ours.

Not the reasons themselves (the rules' findings, whole and in words on the agent's page). One digit a kind of reason, so that it
can be learnt: docs/phone.md and the card beside the phone say them. What no row knows is 9: ask your leader.
"""

from __future__ import annotations

from typing import Final

from realtime.decision import Finding

GATE_NOBODY: Final = Finding("gate.nobody", "deny")
"""Nobody is logged in at this phone."""
GATE_UNKNOWN: Final = Finding("gate.unknown", "deny")
"""No such channel is live on that node."""
GATE_AWAY: Final = Finding("gate.away", "defer")
"""The engine, or the log, does not answer now."""
GATE_PIN: Final = Finding("gate.pin", "deny")
GATE_STOPPED: Final = Finding("gate.stopped", "deny")
"""Too many wrong PINs."""

SENTENCES: Final[dict[str, str]] = {
    "gate.nobody": "Nobody is logged in at this phone; log in with *71 first.",
    "gate.unknown": "Andon does not know this call; see whether its PBX is followed, and the node in the dialplan.",
    "gate.away": "Andon cannot answer now; try again in a moment.",
    "gate.pin": "Staff number and PIN do not fit.",
    "gate.stopped": "Too many wrong PINs from this phone or for this person; wait some minutes, or ask your leader.",
}
"""Of the gate's own reasons, in English: for ANDON_SENTENCE and the PBX's log. The rules' sentences are in `realtime/sentences/`."""

OTHER: Final = 9
NUMBERS: Final[dict[str, int]] = {
    "gate.away": 0,
    "gate.nobody": 6,
    "gate.unknown": 0,
    "gate.pin": 8,
    "gate.stopped": 8,
}


def number_of(reason: Finding) -> int:
    return NUMBERS.get(reason.rule, OTHER)
