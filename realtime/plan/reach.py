"""Who belongs to whom: whose team somebody leads, whom an actor may act on. Pure questions to the plan on the floor.

Not what a role may do at all (`wallboard/authorise.py` is asked before). A leader reaches the own team only; an agent nobody
but this one.
"""

from __future__ import annotations

from realtime.decision import Finding
from realtime.owned import Owned
from realtime.plan.model import Person, Plan, Team
from realtime.requests import Actor
from realtime.words import AgentId

EVERYBODY = frozenset({"supervisor", "manager", "admin"})
"""Roles that reach the whole floor. `engine` and `local` are no roles but reach it, too: the engine itself, and who owns the machine."""


def person_of_login(plan: Plan, login: str) -> Person | None:
    """Whose name that is at /login: the login of the plan, else the staff number; small and capital letters are one."""
    wanted = login.casefold()
    by_id = None
    for person in plan.people:
        if person.login and person.login.casefold() == wanted:
            return person
        if not person.login and person.id.casefold() == wanted:
            by_id = person
    return by_id


def team(plan: Plan, name: str) -> Team | None:
    return next((each for each in plan.teams if each.id == name), None)


def team_of(owned: Owned, agent: str) -> str:
    """Empty for who is not in the plan, or in no team."""
    person = owned.people.get(agent)
    return person.team if person is not None else ""


def leaders_of(owned: Owned, agent: str) -> tuple[AgentId, ...]:
    found = team(owned.plan, team_of(owned, agent))
    return found.leaders if found is not None else ()


def leads(owned: Owned, leader: str) -> frozenset[str]:
    """The teams this person leads: those that say so, and the own one of somebody whose role is leader."""
    said = {each.id for each in owned.plan.teams if leader in each.leaders}
    person = owned.people.get(leader)
    if person is not None and "leader" in person.roles and person.team:
        said.add(person.team)
    return frozenset(said)


def reach(owned: Owned, actor: Actor, agent: str) -> Finding:
    """Whether this actor may act on that agent: rule `reach`."""
    if actor.via == "engine" or actor.role in EVERYBODY or (agent and agent == actor.agent):
        return Finding("reach.all" if agent != actor.agent else "reach.own")
    if actor.role == "leader" and actor.agent:
        own = team_of(owned, agent)
        if own and own in leads(owned, actor.agent):
            return Finding("reach.team", values={"team": own})
        return Finding("reach.other_team", "deny", {"agent": agent, "team": own})
    return Finding("reach.nobody", "deny", {"agent": agent, "role": actor.role})


def reach_to_hear(owned: Owned, actor: Actor, agent: str) -> Finding:
    """Whether this actor may listen to that agent: who judges calls hears everybody, and acts on nobody."""
    return Finding("reach.hears") if actor.role == "qa" else reach(owned, actor, agent)


def reach_team(owned: Owned, actor: Actor, name: str) -> Finding:
    """The same of a whole team; empty: everybody."""
    if actor.via == "engine" or actor.role in EVERYBODY:
        return Finding("reach.all")
    if actor.role == "leader" and name and name in leads(owned, actor.agent):
        return Finding("reach.team", values={"team": name})
    return Finding("reach.other_team", "deny", {"agent": "", "team": name})
