"""The laws of a floor that is controlled: at every fact, at every step, and when the shift is over. Each says what is wrong in words.

Written against the plan and the PBX's own truth, not against the rules' code: what a rule may do is reckoned here once more.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from realtime import requests, rulings
from realtime.changes import Changes
from realtime.factcodec import decode
from realtime.facts import AgentRang, Fact, MemberPaused
from realtime.floor import Floor
from realtime.fold import apply
from realtime.folding import FloorFolding
from realtime.owned import Waiting
from realtime.requests import Request
from realtime.rulings import RequestAnswered
from realtime.words import SECOND, Micros
from tests.simulation.entitled import wrong

if TYPE_CHECKING:
    from tests.simulation.shift import Shift

FOLDING = FloorFolding()
SOON: Micros = 10 * SECOND
"""On a live link what should be on the PBX is so within this."""
ANSWERED: Micros = 4 * SECOND
AT_LAST: Micros = 16 * SECOND
"""An order that nobody heard of expires after 10 s, is given up 2 s later and is given anew."""


class Laws:
    def __init__(self, shift: Shift) -> None:
        self._shift = shift
        self._asked: dict[str, tuple[Request, Micros]] = {}
        self._wrong: dict[str, Micros] = {}
        self._live_since: Micros = 0
        self._looked: Micros = 0
        self._let_go: dict[str, Micros] = {}
        self._waits: dict[str, Micros] = {}
        self._answers: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._said_with: dict[str, list[str]] = {}
        self.verdicts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.kinds: dict[str, int] = defaultdict(int)

    # ------------------------------------------------------------------ facts

    def batch(self, floor: Floor, batch: bytes, now: Micros) -> None:
        """Folds it into the board's floor, each fact looked at before and after."""
        facts = decode(batch)
        for fact in facts:
            fresh = fact.seq > floor.sessions.get(fact.session, -1)
            if fresh:
                self.kinds[type(fact).__name__] += 1
                self._before(floor, fact)
            apply(floor, fact, Changes())
            if fresh:
                self._after(floor, fact)
        self._refused_do_nothing(facts)

    def anew(self, floor: Floor) -> None:
        """The log has lost its tail: what was answered there is not."""
        self._wrong.clear()
        self._waits = {agent: waiting.asked for agent, waiting in floor.owned.waiting.items()}

    def _refused_do_nothing(self, facts: list[Fact]) -> None:
        """The answer's append holds what follows from it: of a refusal nothing."""
        refused = {fact.request for fact in facts if isinstance(fact, RequestAnswered) and fact.decision.verdict in ("deny", "defer")}
        for fact in facts:
            if isinstance(fact, (rulings.OrderGiven, rulings.BreakGranted, rulings.BreakQueued, rulings.BreakBegan)):
                request = fact.request
                assert not request or request not in refused, f"a refused request did something: {fact}"

    def _before(self, floor: Floor, fact: Fact) -> None:
        if isinstance(fact, rulings.BreakGranted):
            broken = wrong(floor, self._shift.rules, fact)
            assert not broken, f"{broken}: {fact}"
        if isinstance(fact, RequestAnswered):
            self._answer(floor, fact)
        if isinstance(fact, MemberPaused) and not fact.paused:
            self._let_go[fact.interface] = fact.at
        if isinstance(fact, AgentRang):
            self._rings(floor, fact)

    def _rings(self, floor: Floor, fact: AgentRang) -> None:
        """No queue rings who is on a break, unless another hand has lifted the pause just now."""
        agent = next((duty.agent for duty in floor.owned.duty.values() if duty.interface == fact.interface), "")
        lease = floor.owned.leases.get(agent)
        if lease is None or not self._live_since:
            return
        quiet_since = max(lease.since, self._live_since, self._let_go.get(fact.interface, 0))
        assert fact.at < quiet_since + AT_LAST, f"a queue rings {agent}, who is on a break: {lease}, {fact}"

    def _after(self, floor: Floor, fact: Fact) -> None:
        if isinstance(fact, rulings.AgentOnDuty):
            seats = [duty.device for duty in floor.owned.duty.values()]
            assert len(seats) == len(set(seats)), f"two at one desk after {fact}: {floor.owned.duty}"

    # ------------------------------------------------------------------ requests

    def sent(self, request: Request) -> None:
        self._asked[request.id] = (request, self._shift.now)

    def _answer(self, floor: Floor, fact: RequestAnswered) -> None:
        decision, asked = fact.decision, self._asked.get(fact.request)
        verdict = decision.verdict
        self.verdicts[fact.ask][verdict] += 1
        assert decision.findings, f"an answer without a reason: {fact}"
        assert fact.request not in floor.owned.answers, f"answered twice: {fact}"
        if asked is None:
            return
        request = asked[0]
        if fact.key in floor.owned.keys:
            first = floor.owned.answers.get(floor.owned.keys[fact.key])
            assert first is None or first.decision.verdict == verdict, f"asked again, answered otherwise: {fact} after {first}"
            return
        if isinstance(request.ask, requests.BreakAsk) and request.ask.kind == "comfort":
            here = floor.owned.duty.get(request.ask.agent)
            if here is not None and not here.leaving and request.ask.agent not in floor.owned.leases and not self._stale(fact):
                assert verdict == "allow", f"a comfort break was not given: {fact}"

    def _stale(self, fact: RequestAnswered) -> bool:
        return any(finding.rule in ("request.stale", "request.repeated", "not_yet") for finding in fact.decision.findings)

    # ------------------------------------------------------------------ steps

    def step(self, floor: Floor, now: Micros) -> None:
        if not self._shift.live:
            self._live_since = 0
            self._wrong.clear()
            return
        self._live_since = self._live_since or now
        if now - self._looked < SECOND:
            return
        self._looked = now
        found = dict(self._look(floor, now))
        self._wrong = {what: self._wrong.get(what, now) for what in found}
        for what, since in self._wrong.items():
            lasted = now - max(since, self._live_since)
            assert lasted < found[what], f"{what}, for {lasted / SECOND:.0f} s"

    def _look(self, floor: Floor, now: Micros) -> list[tuple[str, Micros]]:
        """What is not so that should be, and how long it may last on a live floor."""
        found = [*self._leases(floor), *self._left_paused(floor), *self._membership(floor), *self._late(floor, now)]
        if self._live_since and now - self._live_since > ANSWERED:
            found += self._unanswered(floor, now)
        return found

    def _leases(self, floor: Floor) -> list[tuple[str, Micros]]:
        """Who has a lease is paused in every queue; who has pressed the code and taken a call all the same, when that is over."""
        found = []
        for agent in floor.owned.leases:
            for member in self._members(floor, agent):
                if not member.paused and not member.device.channels:
                    found.append((f"{agent} is on a break and not paused in {member.queue.name}", AT_LAST))
        return found

    def _left_paused(self, floor: Floor) -> list[tuple[str, Micros]]:
        """Who is paused everywhere has a lease, a granted break, is leaving, or is noted as a stray."""
        owned, found = floor.owned, []
        for agent, duty in owned.duty.items():
            members = self._members(floor, agent)
            known = agent in owned.leases or agent in owned.grants or agent in owned.strays or duty.leaving
            if members and all(member.paused for member in members) and not known:
                found.append((f"{agent} is paused ({members[0].paused_reason}) and nobody knows why", AT_LAST))
        found += [(f"{agent} is not let go", AT_LAST) for agent in owned.releasing]
        return found

    def _membership(self, floor: Floor) -> list[tuple[str, Micros]]:
        """On the PBX each is in the queues of the own skills, or where he was moved."""
        found = []
        skills = {skill.id: skill for skill in self._shift.rules.skills}
        at: dict[str, set[str]] = defaultdict(set)
        for name, queue in self._shift.pbx.queues.queues.items():
            for interface in queue.members:
                at[interface].add(name)
        for agent, duty in floor.owned.duty.items():
            own = {queue for skill in floor.owned.people[agent].skills for queue in skills[skill].queues}
            should = (own | set(duty.into)) - set(duty.out_of)
            if at.get(duty.interface, set()) != should and not duty.leaving:
                found.append((f"{agent} is in {sorted(at.get(duty.interface, set()))} and should be in {sorted(should)}", AT_LAST))
        manned = {duty.interface for duty in floor.owned.duty.values()}
        for interface in set(at) - manned:
            found.append((f"{interface} is in {sorted(at[interface])} and nobody is on duty there", AT_LAST))
        return found

    def _late(self, floor: Floor, now: Micros) -> list[tuple[str, Micros]]:
        """Nobody waits for ever, and what time ends has ended."""
        rules, owned = self._shift.rules.breaks, floor.owned
        found = [(f"the grant of {agent} has expired", SOON) for agent, grant in owned.grants.items() if 0 < grant.expires < now]
        orders = [owned.orders[name].order for name in owned.open_orders.values()]
        found += [(f"nobody knows what became of {order}", SOON) for order in orders if order.expires < now]
        found += [(f"the break of {agent} belongs to no meeting that is on", SOON) for agent, lease in owned.leases.items()
                  if lease.why.startswith("meeting:") and lease.why[8:] not in owned.meetings]  # fmt: skip
        found += [
            (f"the meeting {meeting.id} goes on", SOON) for meeting in owned.meetings.values() if meeting.until and meeting.until < now
        ]
        longest = (rules.aged_red_min + 14) * 60 * SECOND
        found += [(f"{agent} waits for a {waiting.kind} break by {waiting.rule}", longest) for agent, waiting in owned.waiting.items()]
        found += [(f"{agent} waits for a comfort break", SOON) for agent, waiting in owned.waiting.items() if waiting.kind == "comfort"]
        found += [(f"{agent} is off duty and has a break", SOON) for agent in owned.leases if agent not in owned.duty]
        found += [
            (f"{agent} is off duty and waits or is granted", SOON) for agent in {*owned.waiting, *owned.grants} if agent not in owned.duty
        ]
        return found

    def _unanswered(self, floor: Floor, now: Micros) -> list[tuple[str, Micros]]:
        found = []
        for name, (_, at) in list(self._asked.items()):
            if name in floor.owned.answers:
                continue
            if now - at > 60 * SECOND:
                del self._asked[name]
            elif now - at > ANSWERED and at >= self._live_since:
                found.append((f"the request {name} has no answer", ANSWERED))
        return found

    def _members(self, floor: Floor, agent: str) -> list:  # type: ignore[type-arg]
        duty = floor.owned.duty.get(agent)
        known = floor.agents.get(agent)  # type: ignore[call-overload]
        device = duty.device if duty is not None else floor.phones[known.phone].device if known is not None else ""
        return self._shift.pbx.queues.members_of(device)

    # ------------------------------------------------------------------ the end

    def moves(self) -> int:
        """How much has happened to breaks: while this grows, whoever waits comes nearer."""
        return sum(self.kinds[kind] for kind in ("BreakGranted", "BreakBegan", "BreakEnded", "BreakDropped", "BreakQueued"))

    def drained(self) -> bool:
        floor, owned = self._shift.board.floor, self._shift.board.floor.owned
        waiting = [each for each in owned.waiting.values() if not self._too_few(floor, each)]
        asking = any(mind.open is not None for mind in self._shift.crowd.minds.values())
        return not (asking or waiting or self._open_grants(floor) or owned.leases or owned.meetings or owned.releasing)

    def _open_grants(self, floor: Floor) -> list[str]:
        """Those that do not wait for the end of a call: one may last an hour."""
        devices = self._shift.pbx.switch.devices
        return [name for name, each in floor.owned.grants.items() if each.expires or not devices[floor.owned.duty[name].device].channels]

    def _too_few(self, floor: Floor, waiting: Waiting) -> bool:
        """So few with a skill are on duty at all that none of them may go: that holds for as long as it is so."""
        if waiting.rule is None or waiting.rule.rule != "break.least":
            return False
        (skill,) = (each for each in self._shift.rules.skills if each.id == waiting.rule.values["skill"])
        here = sum(skill.id in floor.owned.people[agent].skills for agent in floor.owned.duty)
        return here <= skill.least

    def the_end(self) -> None:
        floor, owned = self._shift.board.floor, self._shift.board.floor.owned
        waiting = [each for each in owned.waiting.values() if not self._too_few(floor, each)]
        assert not waiting, f"they wait for ever: {waiting}; {owned.leases}; {owned.grants}"
        assert not owned.leases, f"they are out for ever: {owned.leases}"
        assert not self._open_grants(floor), f"granted, and neither taken nor expired: {owned.grants}"
        assert not owned.releasing, f"not let go: {owned.releasing}"
        again = FOLDING.new()
        for batch in self._shift.board.batches:
            FOLDING.apply_batch(again, batch, Changes())
        assert FOLDING.dump(again) == FOLDING.dump(floor), "the log folds to another floor"
