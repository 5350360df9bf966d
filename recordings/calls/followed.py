"""What a recording's line takes from its call after it was sealed: the result that was coded, and who talked. Pure.

Not the writing (`ledger_rows.py`) and not what a line says when it is sealed (`sealing_lines.of_call`), which stays what it was for
everything else. Campaign and queue choose the class, the client chooses the disc, number and spans are what a wish to be erased blanks:
none of them moves under a recording that lies in the archive. The seal in the log has no result; who talked stands there as it was known.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from recordings.recording import CallCard

FOLLOWS: Final = ("agent", "agents", "dial", "outcome")
"""Columns of `recordings`."""
ENTRY: Final = "followed"
"""Subject of entries of the log that say what was there before: of calls from before the last checkpoint."""


class Before(NamedTuple):
    """Of a recording, by its place, as it was: what a sample's strata are made of."""

    place: int
    agent: str
    outcome: str


class Line(NamedTuple):
    """These columns, in this order. `agents`: comma between."""

    agent: str
    agents: str
    dial: str
    outcome: str


def followed(line: Line, card: CallCard) -> Line:
    """The line as its call's card has it by now; the same where nothing follows. Nothing that is known is ever made empty.

    A result is of a dial: where somebody dialled again in the same call, an older recording keeps the result of its own."""
    agents = _agents(line, card)
    found = line._replace(agent=agents[0] if agents else "", agents=",".join(agents))
    if card.dial and line.dial in ("", card.dial):
        found = found._replace(dial=card.dial, outcome=card.outcome or line.outcome)
    return found


def _agents(line: Line, card: CallCard) -> list[str]:
    """The card's; of a call that was not seen whole, those whom the line has and then the card's."""
    before = [agent for agent in line.agents.split(",") if agent]
    if not card.agents:
        return before
    return list(dict.fromkeys([*before, *card.agents])) if card.gap else list(card.agents)
