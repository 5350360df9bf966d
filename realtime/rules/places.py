"""Who is out and who is there at one moment: places of teams and sites, skills, what each queue can spare. Pure.

Not the rules that are held against it (`holding.py`) and not the order of those who wait (`line.py`). `Places` is counted once a look
and then moved on by hand as breaks are given out or, for an estimate, come back; so fifty who ask at once for three places get three.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from realtime.decision import Value
from realtime.floor import Agent, Floor, target_of
from realtime.owned import Load, Waiting
from realtime.rules.load import AT_WORK, USUAL_TARGET_S, Now, leaving, queues_of, state
from realtime.words import SECOND, AgentId, AgentState, Micros

PLACED = ("short", "meal", "legal", "recovery")
"""Kinds that take a place. Comfort takes none, so that nobody waits because of it; who is at a meeting or has a fault is not on a break."""
PENDING = AgentState.BREAK_PENDING
NOT_STAFFED = (AgentState.LOGGED_OUT, AgentState.UNREACHABLE)


class Claim(NamedTuple):
    """Who wants a break, and what it would take. In order: class, then what comes first in it."""

    rank: int
    when: Micros  # the deadline of what is due by law; else the moment of asking, earlier for who had no rest for long
    since: Micros
    agent: AgentId
    kind: str
    length: Micros
    free: bool = False  # nothing here holds it back
    team: str = ""
    skills: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    at_work: bool = True
    idle: bool = False


class Room(NamedTuple):
    """A queue at this moment, and as it was judged."""

    load: Load
    here: Now
    target: int


class Places:
    """Counts of one moment. `freed`: whose granted break is being taken back in this look, with their new place on the list."""

    def __init__(self, floor: Floor, now: Micros, freed: Mapping[str, Waiting | None] | None = None) -> None:
        self.floor, self.now = floor, now
        self.freed = freed or {}
        self.grants = {name: grant for name, grant in floor.owned.grants.items() if name not in self.freed}
        waiting = {**floor.owned.waiting, **self.freed}
        self.waiting = {name: each for name, each in waiting.items() if each is not None}
        self.rules = floor.owned.plan.breaks
        self.teams = {team.id: team for team in floor.owned.plan.teams}
        self.least = {skill.id: skill.least for skill in floor.owned.plan.skills if skill.least > 0}
        self.staffed: dict[str, int] = {}
        self.out: Counter[str] = Counter()
        self.site_staffed: Counter[str] = Counter()
        self.site_out: Counter[str] = Counter()
        self.present: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()  # by queue, since `leaving` was counted
        self.goes: list[tuple[Micros, Claim]] = []  # who goes by `take`, and when they will be back
        self.idle_taken: Counter[str] = Counter()
        self.granted_last: dict[str, Micros] = dict(floor.owned.granted_last)
        self.returns: dict[str, Micros] = {}  # the next one by team, as far as anybody knows
        self.site_returns: dict[str, Micros] = {}
        self.foresight = False  # looking ahead: who waits in a queue now will be answered by then
        self._rooms: dict[str, Room | None] = {}
        self._team_caps: dict[str, int] = {}
        self._site_caps: dict[str, int] = {}
        self._leaving: dict[str, Counter[AgentState]] | None = None
        self._count_staff()
        self._count_out()

    def _count_staff(self) -> None:
        owned, staffed, least = self.floor.owned, self.staffed, self.least
        people, nobody = owned.people, NOT_STAFFED
        for agent in self.floor.agents.values():
            if agent.state in nobody:
                continue
            person = people.get(agent.id)
            team = person.team if person is not None else ""
            staffed[team] = staffed.get(team, 0) + 1
            if least and person is not None and self.at_work(agent):
                self.present.update(skill for skill in person.skills if skill in least)
        for team, count in staffed.items():
            self.site_staffed[self.site_of(team)] += count

    def _count_out(self) -> None:
        owned = self.floor.owned
        held = [(each.agent, each.kind) for each in owned.leases.values()] + [(each.agent, each.kind) for each in self.grants.values()]
        for agent, kind in held:
            if kind in PLACED:
                team = self.team_of(agent)
                self.out[team] += 1
                self.site_out[self.site_of(team)] += 1
        for lease in owned.leases.values():
            if lease.kind in PLACED and lease.until > self.now:
                self._comes_back(self.team_of(lease.agent), lease.until)
        for grant in self.grants.values():
            if grant.kind in PLACED and grant.length_s:
                self._comes_back(self.team_of(grant.agent), max(self.now, grant.expires) + grant.length_s * SECOND)

    def _comes_back(self, team: str, at: Micros) -> None:
        site = self.site_of(team)
        self.returns[team] = min(self.returns.get(team, at), at)
        self.site_returns[site] = min(self.site_returns.get(site, at), at)

    def team_of(self, agent: str) -> str:
        person = self.floor.owned.people.get(agent)
        return person.team if person is not None else ""

    def site_of(self, team: str) -> str:
        known = self.teams.get(team)
        return known.site if known is not None else ""

    def names_of(self, team: str) -> dict[str, Value]:
        """For a sentence: `team`, and `team_zh` where it has one."""
        known = self.teams.get(team)
        if known is None:
            return {"team": team}
        own: dict[str, Value] = {"team_zh": known.name_zh} if known.name_zh else {}
        return {"team": known.name or known.name_zh or team, **own}

    def at_work(self, agent: Agent) -> bool:
        """Takes calls, and has no break that is about to begin."""
        if agent.id in self.floor.owned.leases or agent.id in self.grants:
            return False
        return agent.state in AT_WORK or (agent.state is PENDING and agent.id in self.freed)

    # how many may be out

    def team_cap(self, team: str) -> int:
        most = self._team_caps.get(team)
        if most is None:
            known, rules = self.teams.get(team), self.rules
            own = known.most_out if known is not None else -1
            most = cap(own if own >= 0 else rules.team_most, rules.team_share, self.staffed.get(team, 0))
            self._team_caps[team] = most
        return most

    def site_cap(self, site: str) -> int:
        most = self._site_caps.get(site)
        if most is None:
            most = self._site_caps[site] = cap(self.rules.site_most, self.rules.site_share, self.site_staffed[site])
        return most

    # what a queue can spare

    def room(self, queue: str) -> Room | None:
        """None for a queue that nobody has judged yet."""
        if queue not in self._rooms:
            self._rooms[queue] = self._room(queue)
        return self._rooms[queue]

    def spare(self, room: Room, queue: str) -> int:
        """What it could spare when it was judged, less whom it lost since then. Who came since then is for the next judgement."""
        more = room.here.agents - room.load.agents - self.taken[queue]
        return room.load.spare + (more if self.foresight else min(0, more))

    def _room(self, name: str) -> Room | None:
        load, queue = self.floor.owned.loads.get(name), self.floor.queues.get(name)
        if load is None or queue is None:
            return None
        if self._leaving is None:
            self._leaving = leaving(self.floor)
        here = state(self.floor, queue, self._leaving.get(name), self.now)
        if back := sum(
            self.floor.agents[who].state is PENDING and name in queues_of(self.floor, who) for who in self.freed if who in self.floor.agents
        ):
            here = here._replace(agents=here.agents + back, idle=here.idle + back)
        target = target_of(self.floor, queue) or USUAL_TARGET_S
        return Room(load, here, target)

    # moved on by hand

    def take(self, claim: Claim, held: Micros = 0) -> None:
        """This one goes, or may go until `held`."""
        self._move(claim, 1)
        back = max(self.now, held) + claim.length
        self.goes.append((back, claim))
        if claim.kind in PLACED and claim.length:
            self._comes_back(claim.team, back)
        self.granted_last[claim.team] = self.now

    def give_back(self, claim: Claim) -> None:
        """This one comes back."""
        self._move(claim, -1)

    def _move(self, claim: Claim, by: int) -> None:
        if claim.kind in PLACED:
            self.out[claim.team] += by
            self.site_out[self.site_of(claim.team)] += by
        if claim.at_work:
            for skill in claim.skills:
                self.present[skill] -= by
            for queue in claim.queues:
                self.taken[queue] += by
                self.idle_taken[queue] += by * claim.idle


def cap(most: int, share: float, staffed: int) -> int:
    """A number where the plan says one; else the share of those who are there, and one at least."""
    return most if most >= 0 else max(1, int(share * staffed + 1e-9))


# ------------------------------------------------------------------ for screens


class Outing(NamedTuple):
    out: int
    cap: int
    next_place_at: Micros  # 0 while there is a place, and where nobody can say


def outing(floor: Floor, now: Micros) -> Outing:
    """The whole floor: of each site as many as it may, or as its teams together may where that is fewer."""
    places = Places(floor, now)
    total = 0
    for site in {places.site_of(team) for team in {*places.staffed, *places.teams}} or {""}:
        teams = [team for team in {*places.staffed, *places.teams} if places.site_of(team) == site]
        by_team = sum(places.team_cap(team) for team in teams) if all(teams) else places.site_cap(site)
        total += min(places.site_cap(site), by_team)
    out = sum(places.out.values())
    return Outing(out, total, min(places.returns.values(), default=0) if out >= total else 0)


def team_outing(floor: Floor, team: str, now: Micros) -> Outing:
    places = Places(floor, now)
    out, most = places.out[team], places.team_cap(team)
    return Outing(out, most, places.returns.get(team, 0) if out >= most else 0)


def claim_details(places: Places, agent: str) -> tuple[str, tuple[str, ...], tuple[str, ...], bool, bool]:
    """Team, skills that must be kept present, queues, whether at work and whether idle."""
    known, person = places.floor.agents.get(agent), places.floor.owned.people.get(agent)
    wanted = tuple(skill for skill in person.skills if skill in places.least) if person is not None and places.least else ()
    here = known is not None and places.at_work(known)
    idle = here and known is not None and known.state in (AgentState.READY, PENDING)
    return places.team_of(agent), wanted, queues_of(places.floor, agent), here, idle
