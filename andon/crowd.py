"""A crowd of agents who work by the rules: they log in, ask for breaks, wait, take them, come back, overrun. Seeded, without I/O.

Not the simulated PBX (`agi/simulator`), whose people answer calls and pause on their own, and not a part of a real floor. They
see the floor as everybody does and say what phones and pages would say: requests. The demo (`roles/crowd.py`) and the shifts of
the tests (tests/simulation) run it; what is said depends on seed, floor and moments alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from realtime import requests
from realtime.floor import Floor
from realtime.owned import Lease
from realtime.plan.model import Person
from realtime.requests import Actor, AnyAsk, Request, Via
from realtime.words import SECOND, AgentState, Device, Micros, Node

AGAIN: Micros = 3 * SECOND
"""Without an answer for so long, a phone or a page tries again, with the same key."""
TRIES = 8
"""Then it gives up; the next wish comes later."""
ROADS: tuple[Via, ...] = ("phone", "page")


@dataclass(frozen=True, slots=True)
class Habits:
    """What they are like. Shares of cases; seconds are means or bounds. The defaults are the demo's: something happens each minute."""

    ask_every_s: float = 900
    kinds: tuple[tuple[str, float], ...] = (("short", 68), ("comfort", 18), ("meal", 8), ("recovery", 3), ("fault", 3))
    withdraws: float = 0.04
    lets_expire: float = 0.05
    takes_within_s: float = 40
    overruns: float = 0.12
    overrun_s: tuple[float, float] = (70, 420)
    twice: float = 0.02
    """The same request at once again, as an impatient finger sends it: another id, the same key."""
    early: float = 0.25
    """The share who ask within their first `early_s`: who looks at a demo should not have to wait for it."""
    early_s: float = 75
    late_s: float = 30
    """Everybody logs in within so long."""
    leaves_every_s: float = 0
    """0: nobody logs out."""
    away_s: float = 180
    leaves_meeting: float = 0.0


@dataclass(slots=True)
class Mind:
    """One person: what is so as far as he has noticed, and what he will do about it when."""

    person: Person
    noticed: tuple[object, ...] = ()
    wish: AnyAsk | None = None
    at: Micros = 0
    open: Request | None = None
    sent: Micros = 0
    tries: int = 0
    desk: str = ""


@dataclass(slots=True)
class Crowd:
    """`step` a few times a second. `prefix` makes its ids and keys different from those of any other crowd."""

    seed: int
    prefix: str = "crowd"
    habits: Habits = Habits()
    desks: Sequence[str] = ()
    """Phones that anybody may log in at."""
    but: frozenset[str] = frozenset()
    """Whom somebody else acts for."""
    meeting_at: Micros = 0
    """When the first leader calls a team together; 0: never."""
    minds: dict[str, Mind] = field(default_factory=dict)
    closed: bool = False
    """Nobody asks for a break or leaves any more: who is out comes back, what is granted is taken."""
    _said: int = 0
    _chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = Random(f"{self.seed}:crowd")  # noqa: S311 - repeatable on purpose

    def step(self, floor: Floor, now: Micros) -> list[Request]:
        """What is asked now."""
        for person in floor.owned.plan.people:
            if "agent" in person.roles and person.id not in {*self.minds, *self.but} and not person.out:
                self.minds[person.id] = Mind(person)
        said = [each for mind in self.minds.values() for each in self._think(mind, floor, now)]
        if self.meeting_at and now >= self.meeting_at and (calling := self._meeting(floor, now)) is not None:
            self.meeting_at = 0
            said.append(calling)
        return said

    def _think(self, mind: Mind, floor: Floor, now: Micros) -> list[Request]:
        if mind.open is not None and not self._answered(mind, floor):
            return self._insist(mind, now)
        noticed = situation(floor, mind.person.id)
        if noticed != mind.noticed:
            mind.noticed = noticed
            mind.wish, delay = self._plan(mind, floor, now)
            rested = mind.sent + self._s(4, 20) if mind.sent else 0  # nobody asks without a pause, also when it was refused
            mind.at = max(now, rested, delay)
        if mind.wish is None or now < mind.at or (self.closed and isinstance(mind.wish, requests.BreakAsk | requests.LogOut)):
            return []
        via = self._chance.choice(ROADS)
        request = self._request(mind.wish, Actor(mind.person.id, "agent", mind.person.id, via), now)
        mind.open, mind.sent, mind.tries, mind.wish, mind.noticed = request, now, 1, None, ()
        return [request, self._again(request, now)] if self._chance.random() < self.habits.twice else [request]

    def _answered(self, mind: Mind, floor: Floor) -> bool:
        assert mind.open is not None
        if mind.open.key not in floor.owned.keys:
            return False
        mind.open = None
        return True

    def _insist(self, mind: Mind, now: Micros) -> list[Request]:
        assert mind.open is not None
        if now - mind.sent < AGAIN:
            return []
        if mind.tries >= TRIES:
            mind.open = None
            return []
        mind.sent, mind.tries = now, mind.tries + 1
        return [self._again(mind.open, now)]

    def _request(self, ask: AnyAsk, actor: Actor, now: Micros) -> Request:
        self._said += 1
        name = f"{self.prefix}-{self._said}"
        return Request(name, now, actor, ask, f"k-{name}")

    def _again(self, request: Request, now: Micros) -> Request:
        self._said += 1
        return Request(f"{self.prefix}-{self._said}", now, request.actor, request.ask, request.key)

    # ------------------------------------------------------------------ what one wants, and when

    def _plan(self, mind: Mind, floor: Floor, now: Micros) -> tuple[AnyAsk | None, Micros]:
        agent, owned, chance = mind.person.id, floor.owned, self._chance
        if (lease := owned.leases.get(agent)) is not None:
            return self._on(lease, now)
        if (grant := owned.grants.get(agent)) is not None:
            if not grant.expires or (chance.random() < self.habits.lets_expire and not self.closed):
                return None, 0
            return requests.BreakTake(agent), now + self._s(1, self.habits.takes_within_s)
        if agent in owned.waiting:
            if chance.random() >= self.habits.withdraws:
                return None, 0
            return requests.BreakWithdraw(agent), now + self._s(10, 240)
        if not at_work(floor, agent):
            return self._log_in(mind, floor, now)
        if self.closed:
            return None, 0
        return self._wish(mind, now)

    def _on(self, lease: Lease, now: Micros) -> tuple[AnyAsk | None, Micros]:
        """Back in time, or late; who was sent to a meeting stays, mostly."""
        chance, habits = self._chance, self.habits
        back = requests.BreakBack(lease.agent)
        if lease.why.startswith("meeting:"):
            return (back, now + self._s(20, 120)) if chance.random() < habits.leaves_meeting else (None, 0)
        if not lease.until:
            return back, now + self._s(60, 300)
        if chance.random() < habits.overruns and not self.closed:
            return back, lease.until + self._s(*habits.overrun_s)
        return back, lease.since + int((lease.until - lease.since) * chance.uniform(0.5, 1.0))

    def _wish(self, mind: Mind, now: Micros) -> tuple[AnyAsk | None, Micros]:
        habits, chance, agent = self.habits, self._chance, mind.person.id
        soon = not mind.sent and chance.random() < habits.early
        until_break = chance.uniform(0, habits.early_s) if soon else chance.expovariate(1 / habits.ask_every_s)
        until_leaving = chance.expovariate(1 / habits.leaves_every_s) if habits.leaves_every_s else until_break
        if until_leaving < until_break:
            return requests.LogOut(agent), now + int(until_leaving * SECOND)
        kinds, weights = zip(*habits.kinds, strict=True)
        return requests.BreakAsk(agent, chance.choices(kinds, weights)[0]), now + int(until_break * SECOND)

    def _log_in(self, mind: Mind, floor: Floor, now: Micros) -> tuple[AnyAsk | None, Micros]:
        node = Node(mind.person.node or next(iter(floor.nodes), ""))
        first, mind.desk = not mind.desk, mind.person.phone or self._desk(floor, node)
        if not mind.desk or not node:
            return None, 0
        return requests.LogIn(mind.person.id, node, Device(mind.desk)), now + self._s(
            0, self.habits.late_s if first else self.habits.away_s
        )

    def _desk(self, floor: Floor, node: Node) -> Device:
        """One that looks free: another may think so of the same one."""
        free = [desk for desk in self.desks if f"{node}/{desk}" not in floor.owned.seats]
        return Device(self._chance.choice(free)) if free else Device("")

    def _meeting(self, floor: Floor, now: Micros) -> Request | None:
        """The first leader's own team, by the plan's meeting where it has one."""
        plan = floor.owned.plan
        for team in plan.teams:
            for leader in team.leaders[:1]:
                meeting = next((each.id for each in plan.meetings if each.kind == "meeting" and team.id in each.teams), "")
                ask = requests.MeetingStart(meeting) if meeting else requests.MeetingStart(teams=(team.id,), name="Stand-up", minutes=5)
                return self._request(ask, Actor(leader, "supervisor" if meeting else "leader", leader, "page"), now)
        return None

    def _s(self, low: float, high: float) -> Micros:
        return int(self._chance.uniform(low, max(low, high)) * SECOND)


def situation(floor: Floor, agent: str) -> tuple[object, ...]:
    """What a person notices of himself: another tuple, another plan."""
    owned = floor.owned
    if (lease := owned.leases.get(agent)) is not None:
        return "on", lease.since, lease.kind
    if (grant := owned.grants.get(agent)) is not None:
        return "granted", grant.granted, bool(grant.expires)
    if (waiting := owned.waiting.get(agent)) is not None:
        return "waits", waiting.request, waiting.since
    return ("at work",) if at_work(floor, agent) else ("off",)


def at_work(floor: Floor, agent: str) -> bool:
    """On duty by Andon's word, or seated by the PBX's."""
    known = floor.agents.get(agent)
    return agent in floor.owned.duty or (known is not None and known.state is not AgentState.LOGGED_OUT)
