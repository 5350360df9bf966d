"""Whose recordings somebody may find and look at: a leader of the own teams, an agent of the own calls, who judges calls of all.

Not what a role may do at all (the board's door). What is only kept because a duty stands against a wish to be erased, nobody finds but
who decides about keeping.
"""

from __future__ import annotations

from typing import Any, Final

from realtime.plan.reach import leads
from recordings.catalogue.asked import Reach
from recordings.web.desk import Desk
from recordings.web.offer import Refused, Who

KEEPERS: Final = frozenset({"manager", "admin"})
EVERYBODYS: Final = frozenset({"supervisor", "qa", "manager", "admin"})


def reach_of(desk: Desk, who: Who) -> Reach:
    """Of whoever may find recordings at all."""
    if who.role in EVERYBODYS:
        return Reach(None, who.role in KEEPERS)
    owned = desk.floor().owned
    teams = leads(owned, who.agent) if who.agent else frozenset()
    return Reach(frozenset(person.id for person in owned.plan.people if person.team and person.team in teams))


def own_reach(desk: Desk, who: Who) -> Reach:
    """Of an agent. Raises Refused where the plan lets nobody hear the own calls, or knows no such agent."""
    if not desk.rules().hear_own:
        raise Refused(403, "find.own_not_heard")
    if not who.agent:
        raise Refused(403, "find.not_in_plan")
    return Reach(frozenset({who.agent}))


def is_within(row: Any, reach: Reach) -> bool:
    """As `search.find` has it, of one line."""
    talked = {row.agent, *row.agents.split(",")} - {""}
    return (reach.agents is None or bool(talked & reach.agents)) and (reach.restricted or not row.restricted)
