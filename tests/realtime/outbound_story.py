"""Stories of outbound calls: a campaign's plan, what the gate decided, what a PBX then says, and the engine that looks.

    desk = Dialling().after(decided("d1"), rings("d1"), 10, answers("d1"))
    desk.look()

A dial is known by one name, which names its call, too; `d1-desk` is the phone that asked, `d1-line` the customer's channel.
"""

from __future__ import annotations

from typing import Any

from realtime import facts, outbound
from realtime.decision import Decision, Finding
from realtime.facts import Sealed
from realtime.ledger.names import counter, flight
from realtime.orders import HangUp, Order
from realtime.outbound import DialDecided
from realtime.owned_outbound import CampaignNow, DialNow, Outbound
from realtime.plan.dialling import SCOPES, AbandonRule, Campaign, DialRules, Preset, ResultCode
from realtime.plan.model import Person, Plan, Team
from realtime.rules import dials
from realtime.rulings import OrderDone
from realtime.saying import Saying
from realtime.words import SECOND, AgentId, LegState, Micros
from tests.realtime.rules.floors import Ruled
from tests.realtime.story import START, Happening, Telling, linked, sync_began, sync_ended, works

NUMBER = Sealed("digest", b"cipher", "2026-11")
SCOPE_WORDS = {"number": "n1", "person": "p1", "client": "bank", "campaign": "c1", "centre": "centre"}
ENTRIES = (
    *((name, START) for scope in SCOPES if (name := counter("attempt", scope, SCOPE_WORDS))),
    (flight("centre"), START),
    (flight("campaign", "c1"), START),
)
US = Preset(name="us", abandons=(AbandonRule(id="tsr", limit=0.03),))
OUTCOMES = (
    ResultCode(code="sale", means="sale"),
    ResultCode(code="no", means="refusal"),
    ResultCode(code="later", means="callback"),
    ResultCode(code="angry", means="complaint"),
    ResultCode(code="never", means="blocked"),
)
C1 = Campaign(id="c1", name="Renewals", client="bank", presets=("us",), queues=("sales",))
C2 = Campaign(id="c2", client="shop")


def plan(*campaigns: Campaign, outcomes: tuple[ResultCode, ...] = OUTCOMES, presets: tuple[Preset, ...] = (US,)) -> Plan:
    people = tuple(Person(id=AgentId(name), name=f"P{name}", team=name[0]) for name in ("1001", "1002", "2001"))
    teams = (Team(id="1", leaders=(AgentId("8001"),)), Team(id="2"))
    rules = DialRules(campaigns=campaigns or (C1, C2), presets=presets, outcomes=outcomes)
    return Plan(people=people, teams=teams, dialling=rules)


class Dialling(Ruled):
    """A floor whose node is live, with a plan of campaigns that are formal."""

    def __init__(self, by: Plan | None = None, *, state: str = "formal") -> None:
        super().__init__("1001", "1002", by=by or plan())
        self.after(linked(), sync_began(), *self.staff(), sync_ended())
        for campaign in self.floor.owned.plan.dialling.campaigns:
            self.outbound.campaigns[campaign.id] = CampaignNow(id=campaign.id, state=state)

    @staticmethod
    def staff() -> tuple[Telling, ...]:
        return (*works("1001", "sales"), *works("1002", "sales"))

    @property
    def outbound(self) -> Outbound:
        return self.floor.owned.outbound

    def campaign(self, name: str = "c1") -> CampaignNow:
        return self.outbound.campaigns[name]

    def dial(self, name: str = "d1") -> DialNow:
        return self.outbound.dials[name]

    def after(self, *happenings: Happening) -> Dialling:
        super().after(*happenings)
        return self

    def look(self, seconds: float = 0.0) -> list[Saying]:
        """The engine's, so long after now. A second look finds nothing new."""
        self.after(seconds)
        said = self.tell(dials.due(self.floor, self.now, self.ids))
        assert dials.due(self.floor, self.now, self.ids) == []
        return said

    def ids(self) -> str:
        return f"o{next(self._numbers)}"

    def ended(self, name: str = "d1") -> Saying:
        [said] = [each for each in self.said if each.kind is outbound.DialEnded and each.fields["dial"] == name]
        return said

    def outcome(self, name: str = "d1") -> str:
        return str(self.ended(name).fields["outcome"])

    def counted(self, name: str = "d1") -> dict[str, Micros]:
        """What is written down of it by number, in seconds after the decision."""
        entries = dict(self.ended(name).fields["entries"])
        decided = self.dial(name).decided
        return {each.partition(":")[0]: (at - decided) // SECOND for each, at in entries.items() if each.endswith(":number:n1")}

    def hung_up(self) -> list[str]:
        """The legs that were ordered to end, in order."""
        orders = [each.fields["order"] for each in self.said if "order" in each.fields and isinstance(each.fields["order"], Order)]
        return [each.act.leg for each in orders if isinstance(each.act, HangUp)]

    def accept(self) -> Dialling:
        """The PBX takes every open order."""
        names = list(self.floor.owned.open_orders.values())
        return self.after(*(Telling(OrderDone, {"order": name, "outcome": "accepted"}) for name in names))


# ------------------------------------------------------------------ what the gate says


def decided(dial: str, campaign: str = "c1", agent: str = "1001", *, call: str = "", leg: str = "", **more: Any) -> Telling:
    """Allowed, for a desk phone. A campaign's dialler: `by_dialler`."""
    said: dict[str, Any] = {
        "dial": dial,
        "call": call or dial,
        "leg": leg or f"{dial}-desk",
        "number": NUMBER,
        "shown": "138•••0001",
        "campaign": campaign,
        "client": "bank" if campaign == "c1" else "shop" if campaign else "",
        "agent": agent,
        "reserved": True,
        "scopes": {**SCOPE_WORDS, "campaign": campaign} if campaign else {},
        "entries": ENTRIES,
        "decision": Decision("allow", (Finding("hours"),)),
    }
    return Telling(DialDecided, {**said, **more})


def by_dialler(dial: str, campaign: str = "c1", **more: Any) -> Telling:
    """Through a Local channel, with no agent yet."""
    return decided(dial, campaign, "", **{"leg": f"{dial}-local", "reserved": False, "method": "predictive", **more})


def refused(dial: str, rule: str = "hours", verdict: Any = "deny", campaign: str = "c1", **more: Any) -> Telling:
    findings = (Finding("campaign"), Finding(rule, verdict), Finding("another", verdict))
    return decided(dial, campaign, decision=Decision(verdict, findings), entries=(), **more)


# ------------------------------------------------------------------ what a PBX says


def lifts(dial: str, number: str = "1001", state: str = "dialling") -> tuple[Telling, ...]:
    """The desk phone's channel, before it asks."""
    began = Telling(facts.CallBegan, {"call": dial, "direction": "outbound"})
    return (began, begins(dial, f"PJSIP/{number}", f"{dial}-desk", state))


def begins(call: str, device: str, leg: str, state: str = "new") -> Telling:
    return Telling(facts.LegBegan, {"call": call, "leg": leg, "device": device, "state": LegState(state)})


def is_now(call: str, leg: str, state: str) -> Telling:
    return Telling(facts.LegChanged, {"call": call, "leg": leg, "state": LegState(state)})


def gone(call: str, leg: str, cause: int = 16) -> Telling:
    return Telling(facts.LegEnded, {"call": call, "leg": leg, "cause": cause})


def over(call: str, cause: int = 16) -> Telling:
    return Telling(facts.CallEnded, {"call": call, "cause": cause})


def placed(dial: str) -> Telling:
    return begins(dial, "PJSIP/carrier", f"{dial}-line")


def rings(dial: str) -> tuple[Telling, ...]:
    return (placed(dial), is_now(dial, f"{dial}-line", "ringing"))


def answers(dial: str) -> tuple[Telling, ...]:
    """By the desk phone's dial: it is bridged at once."""
    return (*picks_up(dial), is_now(dial, f"{dial}-desk", "waiting"), is_now(dial, f"{dial}-desk", "talking"))


def picks_up(dial: str) -> tuple[Telling, ...]:
    return (is_now(dial, f"{dial}-line", "talking"),)


def gets_agent(dial: str, number: str = "1002") -> tuple[Telling, ...]:
    """From the queue that the dialler put the customer into."""
    leg = f"{dial}-{number}"
    return (begins(dial, f"PJSIP/{number}", leg, "ringing"), is_now(dial, leg, "talking"))


def hangs_up(dial: str, cause: int = 16) -> tuple[Telling, ...]:
    return (gone(dial, f"{dial}-line", cause), gone(dial, f"{dial}-desk", cause), over(dial, cause))
