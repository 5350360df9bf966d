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
GATE_CODE: Final = Finding("gate.code", "deny")
"""No result code is spelt so."""
GATE_UNSURE: Final = Finding("gate.unsure", "deny")
"""It was not confirmed."""

SENTENCES: Final[dict[str, str]] = {
    "gate.nobody": "Nobody is logged in at this phone; log in with *71 first.",
    "gate.unknown": "Andon does not know this call; see whether its PBX is followed, and the node in the dialplan.",
    "gate.away": "Andon cannot answer now; try again in a moment.",
    "gate.pin": "Staff number and PIN do not fit.",
    "gate.stopped": "Too many wrong PINs from this phone or for this person; wait some minutes, or ask your leader.",
    "gate.code": "There is no such result code; the card beside the phone has them, the plan's dialling.toml in its order.",
    "gate.unsure": "It was not confirmed with 1; nothing has changed.",
}
"""Of the gate's own reasons, in English: for ANDON_SENTENCE and the PBX's log. The rules' sentences are in `realtime/sentences/`."""

AWAY: Final = 0
USED_UP: Final = 1
TOO_SOON: Final = 2
EDGE: Final = 3
BUSY: Final = 4
NOTHING: Final = 5
NOT_LOGGED_IN: Final = 6
SHIFT: Final = 7
PIN: Final = 8
OTHER: Final = 9

NUMBERS: Final[dict[str, int]] = {
    "gate.away": AWAY,
    "gate.unknown": AWAY,
    "request": AWAY,
    "duty.node_away": AWAY,
    "duty.no_node": AWAY,
    "supervise.node_away": AWAY,
    "break.times": USED_UP,
    "break.quota": USED_UP,
    "break.quota_half": USED_UP,
    "break.too_little_left": USED_UP,
    "break.recovery_times": USED_UP,
    "break.cool_down": TOO_SOON,
    "break.blackout_begin": EDGE,
    "break.blackout_end": EDGE,
    "break.already_out": BUSY,
    "break.already_granted": BUSY,
    "break.already_waiting": BUSY,
    "break.in_meeting": BUSY,
    "duty.phone_busy": BUSY,
    "duty.phone_taken": BUSY,
    "duty.on_call_elsewhere": BUSY,
    "break.nothing": NOTHING,
    "break.not_yet": NOTHING,
    "break.expired": NOTHING,
    "break.not_out": NOTHING,
    "result.no_dial": NOTHING,
    "dnc.no_dial": NOTHING,
    "gate.unsure": NOTHING,
    "card.total": USED_UP,
    "card.no_call": NOTHING,
    "card.not_recorded": NOTHING,
    "card.not_paused": NOTHING,
    "gate.nobody": NOT_LOGGED_IN,
    "break.logged_out": NOT_LOGGED_IN,
    "duty.not_on_duty": NOT_LOGGED_IN,
    "break.no_shift": SHIFT,
    "duty.outside_shift": SHIFT,
    "duty.no_shift": SHIFT,
    "gate.pin": PIN,
    "gate.stopped": PIN,
    "gate.code": PIN,
    "result.no_code": PIN,
}
"""By rule; one that has more words behind a point (`break.quota_half.last`) is of the kind before it."""


def number_of(reason: Finding) -> int:
    rule = reason.rule
    while rule:
        if rule in NUMBERS:
            return NUMBERS[rule]
        rule = rule.rpartition(".")[0]
    return OTHER
