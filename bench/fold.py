"""The fold: microseconds a fact on floors of 100, 1,000 and 10,000 agents. It is to be flat.

Not the reading from the log: facts are made beforehand, queue calls that run side by side, two for every five agents, so that
what depends on how much goes on at once shows. The ratio is against the smallest floor.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator

from bench.results import Row
from realtime import facts
from realtime.changes import Changes
from realtime.factcodec import decode, encode, join
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.words import SECOND, AgentId, CallId, Device, Interface, LegState, Node, QueueName, Uniqueid

NODE = Node("bench")
AGENTS = (100, 1_000, 10_000)
QUEUES = 20
CALLS = 3_000
RUNS = 5
START = 1_795_484_400 * SECOND


class Maker:
    """Makes facts with an envelope, a hundredth of a second apart."""

    def __init__(self) -> None:
        self.seq = 0

    def __call__(self, kind: type[Fact], *fields: object) -> Fact:
        self.seq += 1
        at = START + self.seq * SECOND // 100
        return kind(at, at, NODE, "bench", self.seq, *fields)


def queue_of(number: int) -> QueueName:
    return QueueName(f"queue{number % QUEUES}")


def device_of(agent: int) -> Device:
    return Device(f"PJSIP/{agent}")


def staff(make: Maker, agents: int) -> Iterator[Fact]:
    yield make(facts.NodeLinked)
    for agent in range(agents):
        device = device_of(agent)
        yield make(facts.AgentSeated, AgentId(str(agent)), f"Agent {agent}", device)
        yield make(facts.MemberSeen, queue_of(agent), Interface(device), device, f"Agent {agent}")


def call(make: Maker, number: int, agents: int) -> Iterator[Fact]:
    agent = number * 7_919 % agents
    caller, leg = Uniqueid(f"bench-{number}.1"), Uniqueid(f"bench-{number}.2")
    call, queue, device = CallId(caller), queue_of(agent), device_of(agent)
    visit = (call, caller, queue, Interface(device))
    yield make(facts.CallBegan, call, "inbound")
    yield make(facts.LegBegan, call, caller, Device("PJSIP/carrier"), LegState.WAITING)
    yield make(facts.CallerJoined, call, caller, queue, 1)
    yield make(facts.LegBegan, call, leg, device, LegState.NEW)
    yield make(facts.AgentRang, *visit, leg)
    yield make(facts.LegChanged, call, leg, LegState.RINGING)
    yield make(facts.AgentRingEnded, *visit, leg, "answered", 900)
    yield make(facts.CallerLeft, call, caller, queue, "connecting")
    yield make(facts.AgentConnected, *visit, leg, 1)
    yield make(facts.LegChanged, call, leg, LegState.TALKING)
    yield make(facts.LegChanged, call, caller, LegState.TALKING)
    yield make(facts.AgentCompleted, *visit, 30, "caller")
    yield make(facts.LegEnded, call, leg)
    yield make(facts.LegEnded, call, caller)
    yield make(facts.CallEnded, call)


def side_by_side(make: Maker, agents: int) -> Iterator[Fact]:
    """Each call in progress says its next fact in turn; one that is over makes room for another."""
    coming = iter(range(max(CALLS, agents)))
    running = [call(make, number, agents) for number in itertools.islice(coming, agents * 2 // 5)]
    while running:
        still = []
        for each in running:
            fact = next(each, None)
            if fact is not None:
                yield fact
                still.append(each)
        still += [call(make, number, agents) for number in itertools.islice(coming, len(running) - len(still))]
        running = still


def microseconds(agents: int) -> float:
    """A fact of the calls, the staff being there already."""
    make, floor, changes = Maker(), Floor(), Changes()
    for fact in staff(make, agents):
        apply(floor, fact, changes)
    calls = list(side_by_side(make, agents))
    began = time.perf_counter()
    for fact in calls:
        apply(floor, fact, Changes())
    return (time.perf_counter() - began) / len(calls) * 1e6


def decoding() -> float:
    """Microseconds a fact to read it from the log's JSON, in batches of a hundred."""
    make = Maker()
    calls = [encode(fact) for number in range(CALLS) for fact in call(make, number, AGENTS[0])]
    batches = [join(calls[begin : begin + 100]) for begin in range(0, len(calls), 100)]
    began = time.perf_counter()
    for batch in batches:
        decode(batch)
    return (time.perf_counter() - began) / len(calls) * 1e6


def run() -> list[Row]:
    taken = {agents: statistics.median(microseconds(agents) for _ in range(RUNS)) for agents in AGENTS}
    rows = [Row(f"fold_us_{agents}", taken[agents], "us a fact", taken[AGENTS[0]]) for agents in AGENTS]
    return [*rows, Row("fact_decode_us", statistics.median(decoding() for _ in range(RUNS)), "us a fact", taken[AGENTS[0]])]
