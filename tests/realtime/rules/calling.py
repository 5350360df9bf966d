"""A floor with campaigns, and people who ask about them: for the rules of campaigns, of do-not-call and of lists.

    floor = Calling(Campaign(id="c", client="bank")).goes("c", "formal"); floor.asks(CampaignStop("c"), LEADER)

What is said goes the way it goes in earnest: `control.answer` says facts, `apply` takes them.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from realtime import asks_outbound as asks
from realtime.asks_outbound import AnyOutboundAsk
from realtime.control.answer import answer
from realtime.decision import Decision
from realtime.facts import Fact, FloorConfigured, Sealed
from realtime.floor import Floor
from realtime.fold import apply
from realtime.outbound import CampaignMoved
from realtime.owned_outbound import CampaignNow, DialNow, Step
from realtime.plan.dialling import Campaign, DialRules
from realtime.plan.model import Person, Plan, Team
from realtime.requests import Actor, Request
from realtime.rules import campaigns
from realtime.rulings import PlanAdopted
from realtime.saying import Saying
from realtime.sentences import LANGUAGES, sentence
from realtime.settlement import statement
from realtime.words import SECOND, AgentId, Micros, Node
from tests.realtime.story import START, Story, Telling, day_began

MA = Actor("user:ma", role="manager", via="console")
ADA = Actor("user:ada", role="admin", via="console")
SUN = Actor("user:sun", role="supervisor", via="console")
LEADER = Actor("user:wang", role="leader", agent=AgentId("1009"), via="page")
QA = Actor("user:qi", role="qa", via="console")
AGENT = Actor("agent:1001", role="agent", agent=AgentId("1001"), via="page")
PROGRAM = Actor("token:crm", role="manager", via="api")
DIALLER = Actor("token:dialler", role="dialler", via="api")
ENGINE = Actor("engine", via="engine")
EVERYBODY = (MA, ADA, SUN, LEADER, QA, AGENT, PROGRAM, DIALLER)
PEOPLE = (
    Person(id=AgentId("1001"), name="Ann", team="a"),
    Person(id=AgentId("1002"), name="Bo", team="a"),
    Person(id=AgentId("1009"), name="Wang", team="a", login="wang"),
)
BANK = Campaign(id="c", name="Bank cards", name_zh="银行卡", client="bank")
HOUR: Micros = 3600 * SECOND
DAY: Micros = 24 * HOUR
ONE, TWO = Sealed("d1", b"x", "2026-11"), Sealed("d2", b"x", "2026-11")


class Calling:
    """`said` is everything that was said; each answer is looked at for its words and, when it refuses, for saying nothing else."""

    def digest(self, campaign: str = "c") -> str:
        """Of the statement as it is now."""
        planned = next(each for each in self.floor.owned.plan.dialling.campaigns if each.id == campaign)
        return statement(planned, self.now_of(campaign), self.floor.day).digest

    def __init__(self, *campaigns: Campaign, people: tuple[Person, ...] = PEOPLE, timezone: str = "UTC", **rules: Any) -> None:
        self.story = Story(now=START)
        self.story.after(Telling(FloorConfigured, {"timezone": timezone}, node=""), day_began())
        self.people = people
        self._numbers = count(1)
        self.said: list[Saying] = []
        self.adopt(*(campaigns or (BANK,)), **rules)

    def adopt(self, *campaigns: Campaign, **rules: Any) -> Calling:
        plan = Plan(people=self.people, teams=(Team(id="a"),), dialling=DialRules(campaigns=campaigns, **rules))
        self.story.after(Telling(PlanAdopted, {"plan": plan, "version": self.next_id(), "who": "test"}, node=""))
        return self

    @property
    def floor(self) -> Floor:
        return self.story.floor

    @property
    def now(self) -> Micros:
        return self.story.now

    def later(self, by: Micros) -> Calling:
        self.story.now += by
        return self

    def next_id(self) -> str:
        return f"i{next(self._numbers)}"

    def tell(self, said: list[Saying]) -> list[Saying]:
        for each in said:
            self.story.told.append(each.fact(self.now, "engine", len(self.story.told)))
            apply(self.floor, self.story.told[-1], self.story.changes)
        self.said += said
        return said

    def asks(self, ask: AnyOutboundAsk, actor: Actor = MA, *, at: Micros = 0) -> Decision:
        name = self.next_id()
        said = answer(self.floor, Request(name, at or self.now, actor, ask), name, self.now, self.next_id)
        decision: Decision = said[0].fields["decision"]
        if decision.verdict in ("deny", "defer"):
            assert len(said) == 1, "a refused request says nothing"
        for finding in decision.findings:
            for language in LANGUAGES:
                words = sentence(finding, language)
                assert words != finding.rule, finding
        self.tell(said)
        self.story.now += 1
        return decision

    def look(self) -> list[Saying]:
        return self.tell(campaigns.due(self.floor, self.now, self.next_id))

    # ways there

    def steps(self, to: str, actor: Actor = MA, campaign: str = "c", reason: str = "agreed", evidence: str = "") -> Decision:
        return self.asks(asks.CampaignStep(campaign, to, reason, evidence), actor)

    def goes(self, campaign: str, *states: str, seconds: Micros = 60 * SECOND) -> Calling:
        """As it was said by two people somewhere else; time passes, so that nothing of before counts."""
        for state in states:
            now = self.floor.owned.outbound.campaigns.get(campaign)
            before = now.state if now is not None else "draft"
            fields = {"campaign": campaign, "before": before, "to": state, "who": "user:ma", "second": "user:ada"}
            self.story.after(Telling(CampaignMoved, fields, node=""))
            self.later(seconds)
        return self

    def dials(self, dial: str = "x", **fields: Any) -> DialNow:
        """One in flight. Its number is d1 unless said."""
        given: dict[str, Any] = {"campaign": "c", "client": "bank", "agent": AgentId("1001"), "number": "d1", "decided": self.now}
        given |= {"shown": "+86138****0001", **fields}
        defaults: dict[str, Any] = {"node": Node("pbx"), "call": "", "leg": "", "method": "manual", "reserved": True}
        made = DialNow(dial=dial, **{**defaults, **given})
        self.floor.owned.outbound.dials[dial] = made
        return made

    # what a test looks at

    def state(self, campaign: str = "c") -> str:
        return self.now_of(campaign).state

    def now_of(self, campaign: str = "c") -> CampaignNow:
        return self.floor.owned.outbound.campaigns.get(campaign) or CampaignNow(id=campaign)

    def pending(self) -> list[Step]:
        return list(self.floor.owned.outbound.steps.values())

    def facts(self, kind: type[Fact]) -> list[Saying]:
        return [each for each in self.said if each.kind is kind]

    def last(self, kind: type[Fact]) -> dict[str, Any]:
        return self.facts(kind)[-1].fields


def rule(decision: Decision) -> str:
    """The code that the answer stands on, with its verdict where it is none of doing."""
    found = decision.reason.rule if decision.reason is not None else ""
    return found if decision.verdict == "allow" else f"{decision.verdict} {found}"


def rules(decision: Decision) -> set[str]:
    """What holds it back."""
    return {each.rule for each in decision.findings if each.verdict != "allow"}
