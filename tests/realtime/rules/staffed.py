"""A floor whose people log in, with a toy PBX that carries out orders and says so: for the rules of duty, queues and meetings.

    floor = Staffed(plan("1001", "1002")); floor.log_in("1001", "PJSIP/11"); floor.settle()

What is said goes the way it goes in earnest: facts through `apply`, orders through the PBX and back as facts. The PBX is only as
clever as it must be (asterisk.md 4.1): a member twice is refused, a static one is not removed, a pause of no queue is of all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import count
from typing import Any, NamedTuple

from realtime import facts, recording_facts
from realtime.control import answer as answering
from realtime.control.due import unanswered
from realtime.decision import Decision
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.orders import AddMember, MuteRecording, Order, PauseMember, RemoveMember, SetPenalty
from realtime.plan.model import Person, Plan, Skill, Team
from realtime.requests import Actor, AnyAsk, LogIn, LogOut, Request
from realtime.rules import cards, duty, meetings, membership, pauses
from realtime.rulings import OrderDone, OrderGiven, PlanAdopted
from realtime.saying import Saying, say
from realtime.words import SECOND, AgentId, Device, Interface, LegState, Micros, Node
from tests.realtime.story import NODE, START, Happening, Story, Telling, day_began, linked, queue_seen, sync_began, sync_ended

BOSS = Actor("li", role="supervisor", via="console")
SKILLS = (Skill(id="sell", queues=("sales",)), Skill(id="aid", queues=("help",), penalty=2))
QUEUES = ("sales", "help", "vip")
"""`vip` is in no skill: Andon leaves it alone."""


def plan(*people: str, teams: tuple[Team, ...] = (Team(id="a"), Team(id="b")), skills: tuple[str, ...] = ("sell",), **more: Any) -> Plan:
    """Everybody in team a, or in that which follows a colon; all with the same skills."""
    split = [name.partition(":") for name in people]
    persons = tuple(Person(id=AgentId(name), name=f"P{name}", team=team or "a", skills=skills) for name, _, team in split)
    return Plan(people=more.pop("persons", persons), skills=SKILLS, teams=teams, **more)


class ToyMember(NamedTuple):
    device: str
    name: str
    penalty: int = 0
    paused: bool = False
    reason: str = ""
    dynamic: bool = True


class ToyPbx:
    """Queues and their members; `do` answers as Asterisk does, with the facts that an adapter would say."""

    def __init__(self, queues: Iterable[str]) -> None:
        self.queues: dict[str, dict[str, ToyMember]] = {queue: {} for queue in queues}
        self.known: set[str] = set()
        self.rang: list[tuple[str, str]] = []
        """(queue, interface) added unpaused: where a call could have rung at once."""

    def do(self, order: Order) -> tuple[str, list[Telling]]:
        """(what Asterisk says, empty for success; facts)."""
        match order.act:
            case AddMember(queue, interface, device, name, penalty, paused, reason):
                if queue not in self.queues:
                    return "Unable to add interface to queue: No such queue", []
                if interface in self.queues[queue]:
                    return "Unable to add interface: Already there", []
                if not paused:
                    self.rang.append((queue, interface))
                return "", self.put(queue, interface, ToyMember(device, name, penalty, paused, reason))
            case RemoveMember(queue, interface):
                member = self.queues.get(queue, {}).get(interface)
                if member is None:
                    return "Unable to remove interface: Not there", []
                if not member.dynamic:
                    return "Member not dynamic", []
                del self.queues[queue][interface]
                return "", [Telling(facts.MemberRemoved, {"queue": queue, "interface": interface})]
            case SetPenalty(queue, interface, penalty):
                if interface not in self.queues.get(queue, {}):
                    return "Invalid interface, queuename or penalty", []
                self.queues[queue][interface] = self.queues[queue][interface]._replace(penalty=penalty)
                return "", [Telling(facts.MemberPenaltySet, {"queue": queue, "interface": interface, "penalty": penalty})]
            case PauseMember(interface, paused, reason, queues):
                told = []
                for queue in queues or tuple(self.queues):
                    if interface in self.queues[queue]:
                        self.queues[queue][interface] = self.queues[queue][interface]._replace(paused=paused, reason=reason)
                        told.append(
                            Telling(facts.MemberPaused, {"queue": queue, "interface": interface, "paused": paused, "reason": reason})
                        )
                return ("", told) if told else ("Interface not found", [])
            case MuteRecording(call, leg, muted):
                return "", [
                    Telling(recording_facts.RecordingPaused if muted else recording_facts.RecordingResumed, {"call": call, "leg": leg})
                ]
        return "", []

    def put(self, queue: str, interface: str, member: ToyMember) -> list[Telling]:
        self.queues[queue][interface] = member
        told = []
        if member.device not in self.known:
            self.known.add(member.device)
            number = member.device.partition("/")[2]
            told.append(Telling(facts.AgentSeated, {"agent": number, "name": member.name, "device": member.device}))
        fields = {name: getattr(member, name) for name in ("device", "name", "penalty", "paused", "reason")}
        return [*told, Telling(facts.MemberSeen, {"queue": queue, "interface": interface, **fields})]

    def restart(self) -> list[Telling]:
        """Dynamic members are gone, as with `persistentmembers=no`; static ones are back, unpaused and without a reason."""
        told: list[Telling] = []
        for queue, members in self.queues.items():
            self.queues[queue] = {
                interface: each._replace(paused=False, reason="") for interface, each in members.items() if not each.dynamic
            }
        for queue, members in self.queues.items():
            told.append(queue_seen(queue))
            for interface, member in members.items():
                told += self.put(queue, interface, member)
        return told


class Staffed:
    """`look` is what the engine does, for the rules of this test's subject."""

    def __init__(self, by: Plan, *, queues: Iterable[str] = QUEUES, now: Micros = START) -> None:
        self.story = Story(now=now)
        self.pbx = ToyPbx(queues)
        self.story.after(day_began(), linked(), sync_began(), *(queue_seen(queue) for queue in queues), sync_ended())
        self.adopt(by)
        self.said: list[Saying] = []
        self._numbers = count(1)
        self.deaf = False
        """The PBX does nothing and says nothing."""

    @property
    def floor(self) -> Floor:
        return self.story.floor

    @property
    def now(self) -> Micros:
        return self.story.now

    def adopt(self, adopted: Plan) -> None:
        self.story.after(Telling(PlanAdopted, {"plan": adopted, "version": "v1", "who": "test"}, node=""))

    def after(self, *happenings: Happening) -> Staffed:
        self.story.after(*happenings)
        return self

    def next_id(self) -> str:
        return f"i{next(self._numbers)}"

    def tell(self, said: Iterable[Saying]) -> list[Saying]:
        told = list(said)
        for each in told:
            self.story.told.append(each.fact(self.now, self.story.session, len(self.story.told)))
            apply(self.floor, self.story.told[-1], self.story.changes)
        self.said += told
        return told

    def obey(self, said: Iterable[Saying]) -> None:
        for each in said:
            if each.kind is OrderGiven and not self.deaf:
                order: Order = each.fields["order"]
                refused, happened = self.pbx.do(order)
                self.after(tuple(happened))
                self.tell(
                    [say(OrderDone, self.now, order.node, order=order.id, outcome="refused" if refused else "accepted", said=refused)]
                )

    def request(self, ask: AnyAsk, actor: Actor | None = None) -> Decision:
        agent = getattr(ask, "agent", "")
        name = self.next_id()
        request = Request(name, self.now, actor or Actor(agent, role="agent", agent=agent, via="page"), ask)
        said = self.tell(answering.answer(self.floor, request, name, self.now, self.next_id))
        self.obey(said)
        decision: Decision = said[0].fields["decision"]
        return decision

    def log_in(self, agent: str, phone: str, actor: Actor | None = None) -> Decision:
        return self.request(LogIn(AgentId(agent), Node(NODE), Device(phone)), actor)

    def log_out(self, agent: str, actor: Actor | None = None) -> Decision:
        return self.request(LogOut(AgentId(agent)), actor)

    def look(self, touched: Collection[str] | None = None) -> list[Saying]:
        """In the order of `control.due`, each rule on the floor that the one before left, as the engine's next look would."""
        said: list[Saying] = []
        for rule in (
            lambda: cards.due(self.floor, self.now, self.next_id),
            lambda: meetings.due(self.floor, self.now, self.next_id),
            lambda: duty.due(self.floor, self.now, touched, self.next_id),
            lambda: unanswered(self.floor, self.now),
            lambda: pauses.due(self.floor, self.now, touched, self.next_id),
            lambda: membership.due(self.floor, self.now, touched, self.next_id),
        ):
            told = self.tell(rule())
            self.obey(told)
            said += told
        return said

    def settle(self, most: int = 12) -> Staffed:
        """Looks until there is nothing to be said any more, and fails where that never comes."""
        for _ in range(most):
            if not self.look():
                return self
            self.story.now += SECOND // 5
        raise AssertionError(f"never settles: {self.look()}")

    def later(self, seconds: float, *, every: float = 1.0) -> Staffed:
        until = self.now + round(seconds * SECOND)
        while self.now < until:
            self.story.now = min(until, self.now + round(every * SECOND))
            self.look()
        return self

    # what a test looks at

    def members(self, queue: str = "sales") -> list[str]:
        return sorted(member.device for member in self.pbx.queues[queue].values())

    def paused(self, phone: str, queue: str = "sales") -> str:
        """The reason; empty for who takes calls."""
        member = next(member for member in self.pbx.queues[queue].values() if member.device == phone)
        return (member.reason or "?") if member.paused else ""

    def facts(self, kind: type[Fact]) -> list[Saying]:
        return [each for each in self.said if each.kind is kind]

    def static(self, number: str, queue: str = "sales") -> Staffed:
        """A member of the PBX's own configuration."""
        phone = f"PJSIP/{number}"
        return self.after(tuple(self.pbx.put(queue, Interface(phone), ToyMember(phone, number, dynamic=False))))


def talks(number: str, call: str = "c") -> tuple[Telling, ...]:
    """The phone is in a call with somebody."""
    fields = {"call": f"{call}{number}", "leg": f"{call}{number}-1", "device": f"PJSIP/{number}", "state": LegState.TALKING}
    return (Telling(facts.CallBegan, {"call": f"{call}{number}"}), Telling(facts.LegBegan, fields))


def hangs_up(number: str, call: str = "c") -> tuple[Telling, ...]:
    return (
        Telling(facts.LegEnded, {"call": f"{call}{number}", "leg": f"{call}{number}-1"}),
        Telling(facts.CallEnded, {"call": f"{call}{number}"}),
    )
