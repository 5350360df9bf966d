"""The same facts under another plan: the same wishes, asked of the rules that would have answered, in virtual time.

Not the record (`recorded.py`) and no rule of its own: requests go through `control/answer.py`, time through the rules' own `due`. The
PBX's pauses of the record are left out, but for meetings where the plan has none; what the rules grant pauses instead. A granted
break is taken at once and lasts as long as the recorded one did.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from math import ceil

import msgspec

from realtime import rulings
from realtime.changes import Changes
from realtime.control.answer import answer
from realtime.facts import Fact, MemberPaused, MemberSeen
from realtime.floor import Floor, key
from realtime.fold import apply
from realtime.fold.agents import PAUSE_STATES
from realtime.fold.breaks import OF_THE_FLOOR
from realtime.owned import Owned
from realtime.plan.difference import version_of
from realtime.plan.model import KindRules, Plan
from realtime.requests import Actor, BreakAsk, BreakTake, Request
from realtime.rules import breaks, load, meetings
from realtime.rules.busy import seat_of
from realtime.rulings import BreakBegan, BreakDropped, BreakEnded, BreakGranted, BreakHeld, MeetingBegan
from realtime.saying import Saying, say
from realtime.whatif.found import Wish
from realtime.whatif.presence import LOOK_EVERY, Presence
from realtime.words import SECOND, AgentId, AgentState, Micros

TICK: Micros = 5 * SECOND
"""As often as the engine judges the load."""
KEPT = (rulings.AgentOnDuty, rulings.AgentLeaving, rulings.AgentOffDuty, rulings.AgentPresent)
"""Of what Andon itself decided then: where people sat. The rest is decided anew."""
SESSION = "what-if"
MEETS = (AgentState.MEETING, AgentState.TRAINING)


class Shadow:
    """Fed every fact from the base on, as the record was; asks the wishes when their time comes."""

    def __init__(self, floor: Floor, plan: Plan, wishes: list[Wish], since: Micros, until: Micros) -> None:
        self.floor = floor
        self.meetings = 0
        self._plan = plan
        self._since, self._until = since, until
        self._changes = Changes()
        self.presence = Presence()
        self._now: Micros = 0
        self._next_tick, self._next_look = since + TICK, since
        self._seq = 0
        self._ids = count()
        self._coming = sorted(wishes, key=lambda each: each.asked, reverse=True)
        self._pending: dict[tuple[AgentId, str], Wish] = {}
        """By kind, too: a comfort break goes beside one that is waited for, and what holds that one back is none of its business."""
        self._ends: list[tuple[Micros, AgentId]] = []
        self._held: set[AgentId] = set()
        """Who is paused because the rules say so."""
        self._begun_yet = False

    def feed(self, fact: Fact) -> None:
        """Before the span all is as it was."""
        now = self._now = max(self._now, fact.seen)
        if now < self._since:
            apply(self.floor, fact, self._changes)
            return
        self._until_then(now)
        if (kept := self._as_here(fact)) is not None:
            apply(self.floor, kept, self._changes)

    def finish(self) -> None:
        self._until_then(self._until)

    def _begin(self) -> None:
        """What Andon owned then is let go, but for where people sit. Who is paused at this moment is, until the record says otherwise."""
        old = self.floor.owned
        self.floor.owned = Owned(duty=old.duty, seats=old.seats, present=old.present, worked=old.worked)
        adopted = say(rulings.PlanAdopted, self._since, plan=self._plan, version=version_of(self._plan))
        self._begun_yet = True
        self._says([adopted], self._since)
        self._tick(self._since)

    # ------------------------------------------------------------------ the record, as it is here

    def _as_here(self, fact: Fact) -> Fact | None:
        """None: left out."""
        if type(fact).__module__ == rulings.__name__ and not isinstance(fact, KEPT):
            return None
        if isinstance(fact, MemberPaused):
            if self._agent_at(fact.node, fact.queue, fact.interface) in self._held:
                return None
            return fact if not fact.paused or self._meets(fact.reason) else None
        if isinstance(fact, MemberSeen) and not self._meets(fact.reason):
            held = self._agent_at(fact.node, fact.queue, fact.interface) in self._held
            return msgspec.structs.replace(fact, paused=held, reason="short" if held else "")
        return fact

    def _meets(self, reason: str) -> bool:
        """A meeting of the record stays where the plan has none of its own."""
        rules = self.floor.rules
        said = rules.pause_states.get(reason) if rules is not None else None
        return not self._plan.meetings and (said in MEETS or PAUSE_STATES.get(reason.casefold()) in MEETS)

    def _agent_at(self, node: str, queue: str, interface: str) -> AgentId | None:
        there = self.floor.queues.get(key(node, queue))
        member = there.members.get(interface) if there is not None else None
        phone = self.floor.phones.get(member.phone) if member is not None else None
        return phone.agent if phone is not None else None

    # ------------------------------------------------------------------ virtual time

    def _until_then(self, then: Micros) -> None:
        """Everything whose moment comes before then, in order: ends of breaks, wishes, looks."""
        if not self._begun_yet:
            self._begin()
        then = min(then, self._until)
        while True:
            end = self._ends[0][0] if self._ends else then + 1
            wish = self._coming[-1].asked if self._coming else then + 1
            at = min(end, wish, self._next_tick, self._next_look)
            if at > then:
                return
            if at == end:
                self._come_back(heappop(self._ends)[1], at)
            elif at == wish:
                self._ask(self._coming.pop(), at)
            elif at == self._next_tick:
                self._next_tick += TICK
                self._tick(at)
            else:
                self._next_look += LOOK_EVERY
                self.presence.look(self.floor, at)

    def _tick(self, now: Micros) -> None:
        self._says(load.due(self.floor, now), now)
        if self._plan.meetings:
            self._says(meetings.due(self.floor, now, self._id), now)
        self._says(breaks.due(self.floor, now), now)

    def _ask(self, wish: Wish, now: Micros) -> None:
        rules = self._plan.breaks.kinds
        if wish.kind not in rules and "short" in rules:
            wish.kind = "short"
        minutes = asked_minutes(wish.length, rules[wish.kind]) if wish.kind in rules and wish.length else 0
        says = self._request(BreakAsk(agent=wish.agent, kind=wish.kind, minutes=minutes), now)
        decision = says[0].fields["decision"]
        if decision.verdict in ("deny", "defer"):
            wish.fate, wish.rule = "refused", decision.reason
            return
        wish.fate, wish.rule = ("still_waiting", decision.reason) if decision.verdict == "queue" else ("at_once", None)
        self._pending[wish.agent, wish.kind] = wish
        self._says(says, now)

    def _request(self, wish: BreakAsk | BreakTake, now: Micros) -> list[Saying]:
        actor = Actor(f"agent:{wish.agent}", "agent", wish.agent, "page")
        return answer(self.floor, Request(self._id(), now, actor, wish), str(next(self._ids)), now, self._id)

    def _id(self) -> str:
        return f"{SESSION}-{next(self._ids)}"

    def _come_back(self, agent: AgentId, now: Micros) -> None:
        lease = self.floor.owned.leases.get(agent)
        if lease is not None:
            self._says([say(BreakEnded, now, agent=agent, kind=lease.kind, why="returned", by=SESSION)], now)

    # ------------------------------------------------------------------ what was decided

    def _says(self, says: list[Saying], now: Micros) -> None:
        touched: set[AgentId] = set()
        take: list[AgentId] = []
        for each in says:
            fact = each.fact(now, SESSION, self._next())
            self._fact(fact)
            touched.add(getattr(fact, "agent", AgentId("")))
            self.meetings += isinstance(fact, MeetingBegan)
            if isinstance(fact, BreakBegan):
                self._begun(fact)
            elif isinstance(fact, BreakGranted) and fact.expires and fact.kind not in OF_THE_FLOOR:
                take.append(fact.agent)
            elif isinstance(fact, BreakHeld):
                self._is_held(fact)
            elif isinstance(fact, BreakDropped) and (wish := self._pending.pop((fact.agent, fact.kind), None)) is not None:
                wish.fate = "dropped"
        for agent in touched:
            self._pause(agent, now)
        for agent in take:
            self._says(self._request(BreakTake(agent=agent), now), now)

    def _is_held(self, fact: BreakHeld) -> None:
        """What held it back first is what is told; later rules are the same wait."""
        waiting = self.floor.owned.waiting.get(fact.agent)
        wish = self._pending.get((fact.agent, waiting.kind)) if waiting is not None else None
        if wish is not None:
            wish.rule = wish.rule or fact.rule

    def _begun(self, fact: BreakBegan) -> None:
        if fact.kind in OF_THE_FLOOR:
            return  # the meeting's end is said by its own rule
        wish = self._pending.pop((fact.agent, fact.kind), None)
        length = fact.until - fact.at if fact.until else 0
        if wish is not None:
            wish.begins, length = fact.at, wish.length or length
            wish.fate = "waited" if wish.rule is not None else "at_once"
        heappush(self._ends, (fact.at + (length or TICK), fact.agent))

    def _pause(self, agent: AgentId, now: Micros) -> None:
        """The phone as the rules want it: paused while away, and before, while a call is wound up."""
        owned, phone = self.floor.owned, seat_of(self.floor, agent)
        grant, lease = owned.grants.get(agent), owned.leases.get(agent)
        held = lease is not None or (grant is not None and not grant.expires)
        (self._held.add if held else self._held.discard)(agent)
        if phone is None:
            return
        reason = lease.kind if lease is not None else grant.kind if grant is not None and held else ""
        for queue, interface in list(phone.members.items()):
            member = self.floor.queues[queue].members.get(interface)
            if member is not None and (member.paused, member.reason) != (held, reason):
                name = self.floor.queues[queue].name
                self._fact(MemberPaused(now, now, phone.node, SESSION, self._next(), name, member.interface, held, reason))

    def _fact(self, fact: Fact) -> None:
        apply(self.floor, fact, self._changes)

    def _next(self) -> int:
        self._seq += 1
        return self._seq


def asked_minutes(length: Micros, rules: KindRules) -> int:
    """What somebody who wants to be away so long asks for, within what the plan lets ask for."""
    minutes = ceil(length / (60 * SECOND))
    return max(rules.shortest_min, 1, min(minutes, rules.longest_min))
