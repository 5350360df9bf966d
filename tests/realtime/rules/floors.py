"""Floors that the break rules are tried on: a plan, people at work, the shift's clock; and what the rules say, told to the fold.

    floor = Ruled(plan(team_most=1), "1001", "1002").ask("1001")

The answers go the way they go in earnest: `control.answer` and `control.due` say facts, and `apply` takes them, as a PBX's.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from realtime.control import answer as answering
from realtime.decision import Decision, Finding
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.plan.model import BreakRules, KindRules, LoadRules, Person, Plan, ShiftRules, Team
from realtime.requests import Actor, AnyAsk, BreakAsk, BreakBack, BreakGrant, BreakTake, BreakWithdraw, Request
from realtime.rules import breaks, load
from realtime.rulings import PlanAdopted
from realtime.saying import Saying
from realtime.words import SECOND, AgentId, Micros
from tests.realtime.story import MINUTE, START, Happening, Story, Telling, day_began, queue_seen, works

KINDS = {
    "short": KindRules(minutes=10, shortest_min=3, longest_min=15),
    "meal": KindRules(minutes=30, longest_min=60),
    "legal": KindRules(minutes=15, longest_min=30),
    "comfort": KindRules(minutes=6),
    "recovery": KindRules(minutes=10, longest_min=10),
    "fault": KindRules(minutes=30, longest_min=480),
}
NO_LOAD = LoadRules(enabled=False)
BOSS = Actor("li", role="supervisor", via="console")


def plan(people: Iterable[str] = (), *, teams: tuple[Team, ...] = (Team(id="a"),), shifts: ShiftRules | None = None, **rules: Any) -> Plan:
    """Everybody in team a, or in that which follows a colon: `1001:b`. Nothing but kinds is ruled until it is said."""
    free = {"team_most": 1000, "site_most": 1000, "spacing_s": 0, "load": NO_LOAD, "kinds": KINDS}
    split = [name.partition(":") for name in people]
    return Plan(
        people=tuple(Person(id=AgentId(name), name=f"P{name}", team=team or "a") for name, _, team in split),
        teams=teams,
        shifts=shifts or ShiftRules(),
        breaks=BreakRules(**{**free, **rules}),
    )


class Ruled:
    """A floor with a plan, where these people are at work in `queue`, and a clock that is moved by hand."""

    def __init__(self, *people: str, queue: str = "sales", now: Micros = START, by: Plan | None = None, **rules: Any) -> None:
        self.story = Story(now=now)
        self.story.after(day_began(), queue_seen(queue), *(works(name.partition(":")[0], queue) for name in people))
        self.adopt(by if by is not None else plan(people, **rules))
        self.answers: list[tuple[Request, Decision]] = []
        self.said: list[Saying] = []
        self._numbers = count(1)

    @property
    def floor(self) -> Floor:
        return self.story.floor

    @property
    def now(self) -> Micros:
        return self.story.now

    def adopt(self, adopted: Plan) -> None:
        self.story.after(Telling(PlanAdopted, {"plan": adopted, "version": "v1", "who": "test"}, node=""))

    def after(self, *happenings: Happening) -> Ruled:
        self.story.after(*happenings)
        return self

    def tell(self, said: Iterable[Saying]) -> list[Saying]:
        told = list(said)
        for each in told:
            self.story.told.append(each.fact(self.now, self.story.session, len(self.story.told)))
            apply(self.floor, self.story.told[-1], self.story.changes)
        self.said += told
        return told

    def request(self, ask: AnyAsk, actor: Actor | None = None, key: str = "") -> Decision:
        """Answered, and what follows is folded."""
        name = f"r{next(self._numbers)}"
        agent = AgentId(getattr(ask, "agent", ""))
        request = Request(name, self.now, actor or Actor(agent, agent=agent, via="page"), ask, key)
        said = answering.answer(self.floor, request, name, self.now, lambda: f"i{next(self._numbers)}")
        self.tell(said)
        decision: Decision = said[0].fields["decision"]
        self.answers.append((request, decision))
        return decision

    def ask(self, agent: str, kind: str = "short", minutes: int = 0, **more: Any) -> Decision:
        return self.request(BreakAsk(AgentId(agent), kind, minutes), **more)

    def back(self, agent: str) -> Decision:
        return self.request(BreakBack(AgentId(agent)))

    def take(self, agent: str) -> Decision:
        return self.request(BreakTake(AgentId(agent)))

    def withdraw(self, agent: str) -> Decision:
        return self.request(BreakWithdraw(AgentId(agent)))

    def grant(self, agent: str, kind: str = "short", *, reason: str = "needs it", actor: Actor = BOSS) -> Decision:
        return self.request(BreakGrant(AgentId(agent), reason, kind), actor)

    def due(self) -> list[Saying]:
        """What time has made necessary; a second look finds nothing."""
        said = self.tell(breaks.due(self.floor, self.now))
        again = breaks.due(self.floor, self.now)
        assert again == [], f"what is said once is not due any more: {again}"
        return said

    def judge(self) -> list[Saying]:
        return self.tell(load.due(self.floor, self.now))

    def later(self, seconds: float, *, every: float = 5.0, judging: bool = False) -> list[Saying]:
        """Time goes by, and the engine looks."""
        said, until = list[Saying](), self.now + round(seconds * SECOND)
        while self.now < until:
            self.story.now = min(until, self.now + round(every * SECOND))
            said += self.judge() if judging else []
            said += self.due()
        return said

    # what a test looks at

    def out(self) -> list[str]:
        return sorted(self.floor.owned.leases)

    def waiting(self) -> list[str]:
        return [each.agent for each in sorted(self.floor.owned.waiting.values(), key=lambda each: each.place)]

    def granted(self) -> list[str]:
        return sorted(self.floor.owned.grants)

    def facts(self, kind: type[Fact]) -> list[Saying]:
        return [each for each in self.said if each.kind is kind]


def rules_of(decision: Decision) -> list[str]:
    return [each.rule for each in decision.findings]


def held_by(decision: Decision) -> str:
    """The rule that holds it back; empty where none does."""
    reason = decision.reason
    return reason.rule if reason is not None and decision.verdict != "allow" else ""


def finding(decision: Decision, rule: str) -> Finding:
    return next(each for each in decision.findings if each.rule == rule)


__all__ = ["BOSS", "KINDS", "MINUTE", "NO_LOAD", "SECOND", "START", "Ruled", "finding", "held_by", "plan", "rules_of"]
