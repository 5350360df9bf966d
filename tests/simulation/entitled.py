"""What a grant must not break, reckoned once more from plan and floor: places of team and site, least present, one's own shift.

Held against each break that the rules gave of themselves (`laws.py`). Not the rules' own code, and coarser: no loads and no spacing.
"""

from __future__ import annotations

from realtime.floor import Floor
from realtime.plan.model import Plan
from realtime.rulings import BreakGranted
from realtime.words import SECOND, AgentState, Micros

PLACED = ("short", "meal", "legal", "recovery")
"""Kinds that take a place; of these the law and a bad call hold back only the first two."""
HELD_BACK = ("short", "meal")
MINUTE: Micros = 60 * SECOND
AWAY = frozenset(
    {
        AgentState.LOGGED_OUT,
        AgentState.UNREACHABLE,
        AgentState.ON_BREAK,
        AgentState.MEETING,
        AgentState.TRAINING,
        AgentState.NOT_READY,
        AgentState.BREAK_PENDING,
    }
)


def wrong(floor: Floor, plan: Plan, grant: BreakGranted) -> str:
    """Empty, or what it breaks; `floor` as it was before it."""
    known = floor.owned.grants.get(grant.agent)
    if grant.by or grant.kind not in HELD_BACK or (known is not None and known.request == grant.request):
        return ""  # overruled, free by its kind, or only held otherwise than before
    return too_many(floor, plan, grant) or too_few(floor, plan, grant.agent) or too_much(floor, plan, grant)


def too_many(floor: Floor, plan: Plan, grant: BreakGranted) -> str:
    owned, rules = floor.owned, plan.breaks
    team = owned.people[grant.agent].team
    out = [each.agent for table in (owned.leases, owned.grants) for each in table.values() if each.kind in PLACED]
    here = [agent.id for agent in floor.agents.values() if agent.state not in (AgentState.LOGGED_OUT, AgentState.UNREACHABLE)]
    ours = [agent for agent in out if owned.people[agent].team == team]
    staffed = sum(agent in owned.people and owned.people[agent].team == team for agent in here)
    own = next(each.most_out for each in plan.teams if each.id == team)
    most = most_of(own if own >= 0 else rules.team_most, rules.team_share, staffed)
    if len(ours) >= most:
        return f"{ours} of team {team} are out already, of {staffed} no more than {most} may be"
    most = most_of(rules.site_most, rules.site_share, len(here))
    return f"{out} are out already, of {len(here)} no more than {most} may be" if len(out) >= most else ""


def most_of(most: int, share: float, staffed: int) -> int:
    """One may always go."""
    return most if most >= 0 else max(1, int(share * staffed + 1e-9))


def too_few(floor: Floor, plan: Plan, agent: str) -> str:
    owned = floor.owned
    for skill in plan.skills:
        if skill.id in owned.people[agent].skills:
            left = [
                each.id
                for each in floor.agents.values()
                if each.id != agent and each.id in owned.people and skill.id in owned.people[each.id].skills
                if each.state not in AWAY and each.id not in owned.leases and each.id not in owned.grants
            ]
            if len(left) < skill.least:
                return f"of {skill.id} only {left} would stay, and {skill.least} must"
    return ""


def too_much(floor: Floor, plan: Plan, grant: BreakGranted) -> str:
    """The simulated shift is one span of one day, so everything of today counts."""
    rules, ledger = plan.breaks.kinds[grant.kind], floor.owned.ledgers[grant.agent]
    taken = [each for each in ledger.taken if each.kind == grant.kind]
    spent = sum(each.until - each.since for each in taken)
    if 0 <= rules.times <= len(taken):
        return f"the {len(taken) + 1}th {grant.kind} of {rules.times}"
    if 0 <= rules.quota_min * MINUTE < spent + grant.length_s * SECOND:
        return f"{spent // SECOND} s of {grant.kind} are spent, and {grant.length_s} s more are beyond {rules.quota_min} min"
    asked = floor.owned.waiting[grant.agent].asked if grant.agent in floor.owned.waiting else grant.at
    if taken and asked < taken[-1].until + rules.cool_down_min * MINUTE and taken[-1].until <= asked:
        return f"asked {(asked - taken[-1].until) // SECOND} s after the last one, and {rules.cool_down_min} min must lie between"
    return ""
