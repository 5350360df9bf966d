"""Which recordings of a call are not as its card-data pause wants them. Pure; asked by the fold and by the rules.

Not the asking and ordering (`rules/cards.py`) and not what the PBX says of a recording (`fold/recordings.py`).
"""

from __future__ import annotations

from realtime.floor import Call
from realtime.owned import CardNow


def unsettled(call: Call, card: CardNow) -> list[str]:
    """Legs with sound that should be silent. When it is over: those that are silent still, and once those that were ordered to be
    and never said to be: an old PBX silences only the first of two recordings on a channel."""
    if not card.over:
        return [leg for leg in call.recording if leg not in call.silent]
    quiet = [leg for leg in call.silent if leg not in card.others]
    return quiet + [leg for leg in card.ordered if leg in call.recording and leg not in call.silent and leg not in card.tries]
