"""The formulas, each by its name, over one tally. Unknown is None, never 0.

Not the counting (`fold/visits.py`). Variants of the service level as practice names them; the default is the one that
leaves out who gave up within the target. A queue without traffic has no service level, rather than a perfect one.
"""

from __future__ import annotations

from collections.abc import Callable

from realtime.floor import Tally
from realtime.words import SECOND


def sl_incl_ab_good(tally: Tally) -> float | None:
    """(answered + abandoned, both within target) / (answered + abandoned). Asterisk's ServicelevelPerf2."""
    return ratio(tally.answered_in_target + tally.abandoned_in_target, tally.answered + tally.abandoned)


def sl_answered_only(tally: Tally) -> float | None:
    """answered within target / answered. Asterisk's ServicelevelPerf; it hides who gave up."""
    return ratio(tally.answered_in_target, tally.answered)


def sl_all_offered(tally: Tally) -> float | None:
    """answered within target / (answered + abandoned)."""
    return ratio(tally.answered_in_target, tally.answered + tally.abandoned)


def sl_excl_ab_in_t(tally: Tally) -> float | None:
    """answered within target / (answered + abandoned - abandoned within target). The default."""
    return ratio(tally.answered_in_target, tally.answered + tally.abandoned - tally.abandoned_in_target)


SERVICE_LEVELS: dict[str, Callable[[Tally], float | None]] = {
    "sl_incl_ab_good": sl_incl_ab_good,
    "sl_answered_only": sl_answered_only,
    "sl_all_offered": sl_all_offered,
    "sl_excl_ab_in_t": sl_excl_ab_in_t,
}
DEFAULT_SERVICE_LEVEL = "sl_excl_ab_in_t"


def abandon_rate(tally: Tally) -> float | None:
    """abandoned / visits that have ended. Who still waits is neither."""
    return ratio(tally.abandoned, tally.answered + tally.abandoned + tally.left_otherwise + tally.unknown)


def asa_s(tally: Tally) -> float | None:
    """Average speed of answer: from joining the queue to the member's answer, ringing included."""
    return tally.wait / tally.answered / SECOND if tally.answered else None


def aht_s(tally: Tally) -> float | None:
    """Average handling time: (talk + hold + wrap-up) / handled; talk runs while on hold."""
    return (tally.talk + tally.wrapup) / tally.handled / SECOND if tally.handled else None


def ratio(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None


def add(total: Tally, tally: Tally) -> None:
    """Sum every count and time of a tally into another."""
    for name in tally.__struct_fields__:
        setattr(total, name, getattr(total, name) + getattr(tally, name))
