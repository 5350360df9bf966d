"""The shell of the dial gate: who asks, what is known, look, judge, take, the fact, the answer. One a gate's process.

It decides nothing by itself but one thing: without a whole answer in time it is no. Two ways to the ledger a dial (`look`, `take`), all
else is in memory: floor, plan, lists. An allow is written down by the ledger in the stroke that takes its counters; a refusal goes into
the log by an appender, for nobody waits for it. Routes: `dial`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import msgspec

from agi.dial import asking, saying
from agi.dial.asking import Asked, Way
from agi.fastagi.server import Call, Route
from agi.phone import caller as callers
from agi.phone.caller import Caller
from agi.phone.desk import Centre, Now
from agi.translate.tracker import device_of
from agi.watched import DialCounts
from realtime.decision import Decision, Finding, saw
from realtime.dial.applies import lists_wanted
from realtime.dial.judge import judge, prepare
from realtime.dial.model import Check, Consent, Counts, DialAsk, InOrder, Judged, ListSeen, Prepared, Seen
from realtime.dial.numbers import canonical
from realtime.dial.seeing import campaign_by_hand, campaign_of, seen
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.ledger.names import called_back
from realtime.ledger.port import DIALLING_STATES, Ledger, Looked, Put, Question
from realtime.outbound import DialDecided, dial_id
from realtime.owned_outbound import CampaignNow
from realtime.sealing import Sealer, mask
from realtime.words import SECOND, CallId, Micros, Uniqueid

DECIDE_S: Final = 1.0
"""For both ways to the ledger: they take a millisecond or two, and a person who has dialled waits for a second without wondering."""
LEG_S: Final = 1.0
"""From a phone's first event to the floor knowing its channel: 20 ms on a quiet machine. Longer than for a code: a call that is refused
because a PBX was busy for a moment is typed again, and asks again."""
FLOOR_S: Final = 0.5
"""For a floor that is behind for a moment, under a burst of facts. One that is read anew takes longer: then it is no."""
LONGEST_S: Final = 30.0
"""With the speaking; Asterisk was told to end it before."""
AGAIN: Final[Micros] = 2 * SECOND
"""After what passes by itself: a stopped take, a slow answer."""
SHOWN: Final = 80
CALLBACKS_MOST: Final = 1_000_000


class Listing(Protocol):
    """`realtime.lists.shelf.Shelf`."""

    def seen(self, names: Iterable[str], e164: str) -> Mapping[str, ListSeen]: ...

    def consents(self, names: Iterable[str], e164: str) -> tuple[Consent, ...]: ...


@dataclass(frozen=True, slots=True)
class Means:
    """What a gate decides with, and what it leaves its decisions with. `sign`: a decision as the log will have it; `keep`: appends a
    refusal, whoever numbers it."""

    ledger: Ledger
    lists: Listing
    sealer: Sealer
    sign: Callable[[DialDecided], bytes]
    keep: Callable[[Callable[[str, int], bytes]], bool]
    new_id: Callable[[], str]
    zone_data: str = ""


class Case(NamedTuple):
    """One dial, as far as it is known before the counters."""

    dial: str
    asked: Asked
    way: Way
    ask: DialAsk
    seen: Seen
    prepared: Prepared
    number: Sealed | None
    shows: str  # what to set as caller id


class DialGate:
    def __init__(
        self,
        centre: Centre,
        now: Now,
        means: Means,
        counts: DialCounts,
        clock: Callable[[], Micros],
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._centre = centre
        self._now = now
        self._means = means
        self._counts = counts
        self._clock = clock
        self._told = told

    def routes(self) -> dict[str, Route]:
        return {"dial": Route(self.handle, LONGEST_S)}

    async def handle(self, call: Call) -> None:
        began = time.monotonic()
        asked = asking.read(call.environment, self._centre.nodes)
        if asked is None:
            await self._unheard(call, saw("gate.strange", "deny"), aloud=False)
            return
        floor = self._now.floor or await self._now.until(lambda floor: floor, FLOOR_S)
        if floor is None:
            await self._unheard(call, saw("gate.behind", "defer"), aloud=not asked.local)
            return
        caller = None if asked.local else await self._caller(asked)
        if caller is None and self._is_phone(asked):
            self._told(f"{asked.channel[:SHOWN]} asked to dial on {asked.node}: no such call is known there.")
            await self._unheard(call, saw("gate.unknown", "deny"), aloud=True)
            return
        case = self._case(self._now.floor or floor, asked, caller)
        judged = await self._decided(case, began)
        self._counts.decided(judged.decision.verdict, time.monotonic() - began)
        if judged.decision.verdict == "allow":
            await call.do(saying.allowed(case.ask.number.digits, case.dial, judged.constraints, case.shows, asking.token(asked)))
        else:
            await self._refuse(call, saying.reason_of(judged.decision), judged.until, aloud=case.way.by_hand)

    # ------------------------------------------------------------------ who and what

    def _is_phone(self, asked: Asked) -> bool:
        device, is_phone = device_of(asked.channel)
        return is_phone and not asked.local and device not in self._centre.lines.get(asked.node, ())

    async def _caller(self, asked: Asked) -> Caller | None:
        """The desk phone that asks, as soon as its leg is on the floor; None for a line."""
        if not self._is_phone(asked):
            return None
        lines = self._centre.lines.get(asked.node, ())
        return await self._now.until(lambda floor: callers.caller(floor, asked.node, asked.channel, asked.uniqueid, lines), LEG_S)

    def _case(self, floor: Floor, asked: Asked, caller: Caller | None) -> Case:
        now, rules = self._clock(), floor.owned.plan.dialling
        way = asking.way_of(asked, caller)
        name = asked.campaign or campaign_by_hand(floor, way.agent)
        campaign = campaign_of(floor, name)
        country = campaign.country if campaign is not None else ""
        number = canonical(asked.extension, country, rules.prefixes, rules.emergency)
        sealed = self._means.sealer.seal(number.e164 or number.digits or asked.extension, now)
        shown, shows = asking.shown_of(asked, campaign)
        ask = asking.ask_of(asked, way, number, sealed.digest if sealed is not None else "", name, shown, self._means.sealer.digest)
        wanted = lists_wanted(ask, rules)
        there = seen(
            floor,
            ask,
            now,
            lists=self._means.lists.seen(wanted, number.e164) if number.e164 else {},
            consents=self._means.lists.consents(wanted, number.e164) if number.e164 else (),
        )
        return Case(dial_id(now, self._means.new_id()), asked, way, ask, there, prepare(ask, there), sealed, shows)

    # ------------------------------------------------------------------ the decision

    async def _decided(self, case: Case, began: float) -> Judged:
        """Allowed only by what the ledger has taken; whatever else happens is a refusal with its reason. But an emergency number that a
        person has typed: no counter stands in its way, nor that there is none."""
        taken = False
        try:
            if case.way.by_hand and case.ask.number.kind == "emergency":
                judged = judge(case.ask, case.seen, case.prepared, {})
            else:
                async with asyncio.timeout(DECIDE_S):
                    judged, taken = await self._weighed(case, began)
        except TimeoutError:
            judged = self._no("gate.slow", seconds=f"{DECIDE_S:g}")
            # A take whose answer was lost may stand in the log: what the channel is told is another decision.
            case = case._replace(dial=dial_id(case.seen.now, self._means.new_id()))
        if not taken:
            self._counts.kept(self._means.keep(lambda session, seq: self._written(case, judged, began, session, seq)))
        return judged

    async def _weighed(self, case: Case, began: float) -> tuple[Judged, bool]:
        state = case.seen.state.state if case.seen.state is not None else ""
        checks, proof = case.prepared.checks, proof_of(case.ask, case.prepared.scopes)
        question = Question(case.ask.digest, case.ask.campaign, state, (*checks, *proof) if proof else checks)
        looked = await self._means.ledger.look(question)
        counts = InOrder(checks, looked.counted[: len(checks)])
        if proof and not any(each.events for each in looked.counted[len(checks) :]):
            case = case._replace(ask=msgspec.structs.replace(case.ask, callback=0))
        judged = self._judged(case, looked, counts)
        if judged.decision.verdict != "allow":
            return judged, False
        # Only what it stands on: a cap that a consent lifts must not stop it, and a consent of a list is no business of the ledger.
        relied = tuple(each for each in judged.consents if each in looked.consents)
        question = question._replace(checks=judged.checks, blocked=looked.blocked, consents=relied)
        puts = [Put(key, case.seen.now, case.dial, keep_s) for key, keep_s in case.prepared.takes]
        taken = await self._means.ledger.take(
            question, puts, lambda session, seq: self._written(case, judged, began, session, seq, taken=True)
        )
        if taken.ok:
            return judged, True
        if taken.looked.state in DIALLING_STATES and taken.looked.state != state:
            return self._no("gate.changed"), False  # from one that dials to another: its rules are others, and were not counted
        again = self._judged(case, taken.looked, {**counts, **InOrder(question.checks, taken.looked.counted)})
        return (self._no("gate.changed") if again.decision.verdict == "allow" else again), False

    def _judged(self, case: Case, looked: Looked, counts: Counts) -> Judged:
        """By the ledger's state of the campaign where it has a newer one than the floor."""
        if looked.ready:
            return self._no("gate.ledger", why=looked.ready)
        before = case.seen
        state = before.state
        if looked.state and (state is None or state.state != looked.state):
            state = msgspec.structs.replace(state or CampaignNow(case.ask.campaign), state=looked.state)
        now = before._replace(
            state=state,
            stopped=before.stopped or looked.stopped,
            blocked=looked.blocked,
            consents=(*looked.consents, *before.consents),
        )
        return judge(case.ask, now, case.prepared, counts)

    def _no(self, code: str, **values: str) -> Judged:
        until = self._clock() + AGAIN
        return Judged(Decision("defer", (Finding(code, "defer", dict(values), until),)), until)

    def _written(self, case: Case, judged: Judged, began: float, session: str, seq: int, *, taken: bool = False) -> bytes:
        ask, prepared, now = case.ask, case.prepared, self._clock()
        fact = DialDecided(
            case.seen.now,
            now,
            case.asked.node,
            session,
            seq,
            dial=case.dial,
            call=CallId(ask.call),
            leg=Uniqueid(ask.leg),
            number=case.number,
            shown=mask(ask.number.e164 or ask.number.digits),
            regions=ask.number.regions,
            zones=prepared.zones,
            local=judged.local,
            campaign=ask.campaign,
            client=case.seen.campaign.client if case.seen.campaign is not None else "",
            purpose=prepared.purpose,
            method=prepared.method,
            agent=ask.agent,
            reserved=ask.reserved,
            scopes=dict(prepared.scopes),
            decision=judged.decision,
            until=judged.until if judged.decision.verdict == "defer" else 0,
            constraints=judged.constraints,
            entries=tuple((key, case.seen.now) for key, _ in prepared.takes) if taken else (),
            plan=case.seen.plan,
            lists=tuple(f"{each.name}@{each.version}" for each in case.seen.lists.values() if each.version),
            zone_data=self._means.zone_data,
            took_us=int((time.monotonic() - began) * 1e6),
        )
        return self._means.sign(fact)

    # ------------------------------------------------------------------ the answer

    async def _unheard(self, call: Call, reason: Finding, *, aloud: bool) -> None:
        """There is nothing to be written down: no floor to decide by, or nobody who could be asking."""
        self._counts.early[reason.rule.partition(".")[2]] += 1
        await self._refuse(call, reason, 0, aloud=aloud)

    async def _refuse(self, call: Call, reason: Finding, until: Micros, *, aloud: bool) -> None:
        for command in saying.refused(reason, until):
            await call.do(command)
        floor = self._now.floor
        zone = floor.rules.timezone if floor is not None and floor.rules is not None else ""
        if aloud:
            for command in saying.spoken(reason, until, self._clock(), zone):
                await call.do(command)


def proof_of(ask: DialAsk, scopes: Mapping[str, str]) -> tuple[Check, ...]:
    """Looks whether the customer asked to be called then, by a result that says so. A word on a channel alone lifts no cap, or a
    dialler that says it of every call has none. However many there are hold nothing back: it is counted, not capped."""
    name = called_back(scopes, ask.callback) if ask.callback else ""
    return (Check("dial.callback", name, 0, CALLBACKS_MOST),) if name else ()
