"""An agent's ledger of the business day, made when it is first needed. For the parts of the fold that count in it."""

from __future__ import annotations

from realtime.changes import Changes
from realtime.floor import Floor
from realtime.owned import LONGEST_SHIFT, AgentLedger
from realtime.words import AgentId, Micros


def ledger_of(floor: Floor, agent: AgentId) -> AgentLedger:
    return floor.owned.ledgers.setdefault(agent, AgentLedger())


def touch(floor: Floor, agent: AgentId, changes: Changes, *tables: str) -> None:
    """The agent's row and these tables go out again."""
    changes.owned.update(tables)
    if agent in floor.agents:
        changes.agents.add(agent)


def carried(ledger: AgentLedger, at: Micros) -> AgentLedger | None:
    """What goes with somebody over the turn of the day: a night shift has one quota and one cool-down, on either side of it."""
    before = [taken for taken in (*ledger.before, *ledger.taken) if taken.until > at - LONGEST_SHIFT]
    if not before and not ledger.corrected:
        return None
    return AgentLedger(before=before, rested=ledger.rested, corrected=ledger.corrected, recovery_until=ledger.recovery_until)


def begin_day(floor: Floor, at: int, changes: Changes) -> None:
    """What counts by the business day begins anew; leases, grants and the waiting list go on."""
    owned = floor.owned
    owned.ledgers = {agent: kept for agent, ledger in owned.ledgers.items() if (kept := carried(ledger, at)) is not None}
    owned.met.clear()
    owned.listened.clear()
    owned.allowed = {agent: until for agent, until in owned.allowed.items() if until > at}
    changes.owned.add("breaks")
