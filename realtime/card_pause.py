"""Which recordings of a call are not as its card-data pause wants them, and how long a call was paused. Pure; for the fold and the rules.

Not the asking and ordering (`rules/cards.py`) and not what the PBX says of a recording (`fold/recordings.py`).
"""

from __future__ import annotations

from realtime.floor import Call, Floor
from realtime.owned import CardNow
from realtime.words import Micros


def unsettled(call: Call, card: CardNow) -> list[str]:
    """Legs with sound that should be silent. When it is over: those that are silent still, and once those that were ordered to be
    and never said to be: an old PBX silences only the first of two recordings on a channel."""
    if not card.over:
        return [leg for leg in call.recording if leg not in call.silent]
    quiet = [leg for leg in call.silent if leg not in card.others]
    return quiet + [leg for leg in card.ordered if leg in call.recording and leg not in call.silent and leg not in card.tries]


def spent(floor: Floor, name: str, at: Micros) -> Micros:
    """By the call's key: all of its pauses together, also the one that is on."""
    before, card = floor.owned.card_spent.get(name), floor.owned.cards.get(name)
    now = max(0, at - card.since) if card is not None and not card.over else 0
    return (before.spent if before is not None else 0) + now
