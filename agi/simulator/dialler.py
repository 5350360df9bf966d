"""A dialler inside of the simulated centre: whom it dials when, for which campaign, and with which agent. Seeded, on the agenda.

Not one call's events (`outbound.py`) and not who allows it: that is the gate's, which every dial asks (`Exchange.ask`). It is no good
dialler: it dials again too soon, has numbers in its lists that nobody should dial, and asks for more lines than it has agents, so that
there is something to refuse. What it heeds is a refusal: of a campaign that may not dial it tries little for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import NamedTuple

from agi.simulator.agenda import SECOND
from agi.simulator.chance import stream
from agi.simulator.dials import call_from
from agi.simulator.exchange import Outcome
from agi.simulator.outbound import Order, OutboundCall, Report
from agi.simulator.pbx import Pbx

BUSY, NOBODY, MACHINE = 0.08, 0.28, 0.10
"""Shares of what answers a call out; the others are people."""
AGAIN = 0.06
"""How often it dials the number before once more: too soon, by every rule."""
RESTS_S = 6.0
"""After it was told that the campaign may not dial."""
HELD_S = 4.0
"""After the governor has refused it a call without an agent."""
TALK_S = 22.0
"""Outbound talks are short here, or those who call in would find nobody."""
LOSES = 0.7
"""Of the calls that it makes without an agent: those for which it reckoned with somebody who has taken another call by then."""
ON_BREAK = 0.4
"""Of the calls that people dial by hand, those by somebody on a break."""


class Callee(NamedTuple):
    number: str
    words: Mapping[str, str] = {}
    """What the dialler knows of the person, by the names of the gate's query."""


@dataclass(frozen=True, slots=True)
class Job:
    """One campaign of the dialler. `over`: lines that it asks for beyond those with an agent; 0: progressive."""

    campaign: str
    devices: tuple[str, ...]
    callees: tuple[Callee, ...]
    a_minute: float = 18.0
    over: int = 0
    by_hand_a_minute: float = 1.0


@dataclass(slots=True)
class _Run:
    """What a job is doing."""

    job: Job
    chance: Random
    calls: dict[OutboundCall, bool] = field(default_factory=dict)
    """Under way: whether an agent is kept for it."""
    last: Callee | None = None
    rests_until: int = 0
    held_until: int = 0

    def next(self) -> Callee:
        if self.last is None or self.chance.random() >= AGAIN:
            self.last = self.chance.choice(self.job.callees)
        return self.last


class Dialler:
    """Begins when told to, and dials until the centre closes. Does nothing on a PBX without a gate."""

    def __init__(self, pbx: Pbx, jobs: tuple[Job, ...]) -> None:
        self._pbx = pbx
        self._runs = [_Run(job, stream(pbx.seed, f"dialler:{job.campaign}")) for job in jobs]
        self._kept: set[str] = set()
        self.reports: dict[str, int] = {}
        """How many dials ended how, by status or by the reason of the refusal: what a test holds against."""

    def begin(self) -> None:
        """From now on, and anew whenever the PBX has come up again: what it was doing then is gone."""
        self._pbx.on_boot = self.begin
        self._kept.clear()
        for run in self._runs:
            run.calls.clear()
            self._often(run, run.job.a_minute, self._try)
            self._often(run, run.job.by_hand_a_minute, self._by_hand)

    def _often(self, run: _Run, a_minute: float, what: Callable[[_Run], None]) -> None:
        """At random, so often a minute."""
        if a_minute <= 0 or self._pbx.staff.closed:
            return
        wait = run.chance.expovariate(a_minute / 60)
        self._pbx.agenda.after(wait, partial(self._once, run, a_minute, what))

    def _once(self, run: _Run, a_minute: float, what: Callable[[_Run], None]) -> None:
        if self._pbx.exchange.ask is not None and not self._pbx.staff.closed:
            what(run)
        self._often(run, a_minute, what)

    # ---- by the dialler

    def _try(self, run: _Run) -> None:
        now = self._pbx.now
        if now < run.rests_until:
            return
        alone = [kept for kept in run.calls.values() if not kept]
        if len(alone) < run.job.over and now >= run.held_until and run.chance.random() < 0.5:
            self._dial(run, "")
        elif device := self._free(run):
            self._dial(run, device)

    def _dial(self, run: _Run, device: str) -> None:
        callee, method = run.next(), "predictive" if run.job.over else "progressive"
        words = {"campaign": run.job.campaign, "method": method, **callee.words}
        words |= {"agent": device.partition("/")[2], "reserved": "1"} if device else {"reserved": "0"}
        outcome, talk_s = self._customer(run.chance)
        order = Order(callee.number, words, outcome, talk_s, run.chance.random() < 0.5, device)
        free = _nobody if not device and run.chance.random() < LOSES else partial(self._late, run)
        call = OutboundCall(self._pbx.exchange, order, free, partial(self._over, run))
        run.calls[call] = bool(device)
        self._kept |= {device} - {""}
        call.go()

    def _customer(self, chance: Random) -> tuple[Outcome, float]:
        draw = chance.random()
        if draw < BUSY:
            return Outcome(chance.uniform(0.8, 2.5), "BUSY"), 0.0
        if draw < BUSY + NOBODY:
            return Outcome(chance.uniform(15.5, 19), "NOANSWER"), 0.0
        rings = chance.uniform(2, 9)
        if draw < BUSY + NOBODY + MACHINE:
            return Outcome(rings, "ANSWER"), chance.uniform(4, 7)
        return Outcome(rings, "ANSWER"), min(10 + chance.expovariate(1 / TALK_S), 120)

    def _over(self, run: _Run, call: OutboundCall, report: Report) -> None:
        run.calls.pop(call, None)
        self._kept.discard(call.device)
        said = report.reason or report.status
        self.reports[said] = self.reports.get(said, 0) + 1
        if report.status != "REFUSED":
            return
        if not report.reason or report.reason.startswith(("gate.", "dial.campaign", "dial.contract", "dial.list.missing")):
            run.rests_until = self._pbx.now + int(RESTS_S * SECOND)
        elif report.reason.startswith(("dial.abandon", "pace.", "dial.way")):
            run.held_until = self._pbx.now + int(HELD_S * SECOND)

    # ---- agents

    def _late(self, run: _Run) -> str:
        """For somebody who has answered already: kept from now on."""
        device = self._free(run)
        self._kept |= {device} - {""}
        return device

    def _free(self, run: _Run) -> str:
        """One of the campaign who does nothing, whom no other call is kept for; empty: nobody."""
        found = [device for device in run.job.devices if self._ready(device)]
        return run.chance.choice(found) if found else ""

    def _ready(self, device: str) -> bool:
        agent, phone = self._pbx.staff.agents.get(device), self._pbx.switch.devices.get(device)
        if agent is None or phone is None or agent.gone or device in self._kept or not phone.reachable or phone.channels:
            return False
        return not self._paused(device)

    def _paused(self, device: str) -> bool:
        members = self._pbx.queues.members_of(device)
        return not members or any(member.paused for member in members)

    def _by_hand(self, run: _Run) -> None:
        """Somebody of the campaign dials on the phone; now and then somebody who should be resting."""
        pbx, resting = self._pbx, run.chance.random() < ON_BREAK
        found = [
            device
            for device in run.job.devices
            if device in pbx.staff.agents
            and not pbx.switch.devices[device].channels
            and device not in self._kept
            and (self._paused(device) if resting else self._ready(device))
        ]
        if found:
            device = run.chance.choice(found)
            call_from(pbx.exchange, device, pbx.staff.agents[device].person.name, run.chance.choice(run.job.callees).number)


def _nobody() -> str:
    return ""
