"""Of whom somebody may read: a leader of the teams that the plan says, everybody else who may read at all of the whole floor.

Not on whom somebody may act (`realtime/plan/reach.py`, by the engine) and not what a role may do at all (`authorise.py`). The live floor
is not cut by teams: who leads one sees the hall as it is, as on the wall. What is kept of single people is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from realtime.floor import Floor
from realtime.me import agent_of_login
from realtime.plan.reach import leads, team_of
from wallboard.authorise import Role
from wallboard.door import Visitor
from wallboard.refusals import Refusal

NOT_YOURS: Final = Refusal(403, "other_team", "This agent is not in a team that you lead; ask that team's leader or a supervisor.")


def teams_seen(floor: Floor, visitor: Visitor) -> Collection[str] | None:
    """None: all. Of a leader those that the plan says; none where it knows nobody of that name."""
    if visitor.role is not Role.LEADER:
        return None
    agent = agent_of_login(floor, visitor.user)
    return leads(floor.owned, agent) if agent else frozenset()


def may_read(floor: Floor, visitor: Visitor, agent: str) -> Refusal | None:
    """What is kept of this agent. A leader's own is on the own page."""
    teams = teams_seen(floor, visitor)
    return None if teams is None or team_of(floor.owned, agent) in teams else NOT_YOURS
