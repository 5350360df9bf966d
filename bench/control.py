"""Control: a decision about a break, an order's way to the PBX, and a pause that nobody granted until it is undone.

`break_decision_us`: one request answered by the rules, findings and all, on a floor of 1,000 agents with 40 on the waiting list;
against 100 agents, for it is to hang on who waits and not on who works. `look_whole_ms`: what the engine asks of everybody every five
seconds, on the same floors. `order_to_action_p99_ms`: asker, engine and doer over a real
log, from a supervisor's asking to the action being handed to the link; against three bare hops, for the request, the facts and the
order each go through the log. `undo_ms`: on a real Asterisk, from its answer to somebody else's pause to its own word that this is
lifted in every queue; against a second, the least in which a caller could have missed somebody. Left out where there is no Asterisk.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from agi.codec import Action
from agi.doer import Doer
from agi.exchange import Outcome, Reply
from bench.hop import bare_hop
from bench.results import Row
from realtime import rulings, valkey
from realtime.asker import Asker
from realtime.changes import Changes
from realtime.control.answer import answer
from realtime.control.due import WHOLE, due
from realtime.deadlines import FloorSettings
from realtime.engine import Engine, new_id
from realtime.factcodec import encode, join
from realtime.facts import Fact, MemberSeen, QueueSeen, SyncBegan, SyncEnded
from realtime.floor import Floor
from realtime.fold import apply
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.plan.model import BreakRules, KindRules, Person, Plan, Team
from realtime.requests import Actor, BreakAsk, Here, PauseForce, Request
from realtime.store import open_store
from realtime.words import SECOND, AgentId, Micros, Node
from tests.lab.pair import NoTree
from tests.line.control import controlled
from tests.valkeys import Server

AGENTS = (100, 1_000)
WAITING = 40
DECISIONS = 200
ORDERS = 300
UNDONE = 20
HOPS = 3
MISSED_MS = 1_000.0
BOSS = Actor("bench", "supervisor", via="console")
START: Micros = 1_795_484_400 * SECOND


def clock() -> Micros:
    return time.time_ns() // 1_000


class Hall:
    """A floor at work in ten queues under a plan, as facts."""

    def __init__(self, agents: int, now: Micros) -> None:
        self.now = now
        self.facts: list[Fact] = []
        self._staff(agents)

    def say(self, what: type[Fact], node: str = "bench", /, **fields: object) -> None:
        self.facts.append(what(self.now, self.now, Node(node), "bench", len(self.facts) + 1, **fields))

    def _staff(self, agents: int) -> None:
        people = tuple(Person(id=AgentId(str(number)), team=f"t{number % 20}") for number in range(agents))
        teams = tuple(Team(id=f"t{number}") for number in range(20))
        rules = BreakRules(kinds={"short": KindRules(quota_min=30)}, unauthorised="undo", team_share=0.001, site_share=0.001)
        self.say(rulings.PlanAdopted, "", plan=Plan(people=people, teams=teams, breaks=rules), version="bench")
        self.say(SyncBegan)
        for number in range(10):
            self.say(QueueSeen, queue=f"q{number}")
        for person in people:
            device = f"PJSIP/{person.id}"
            self.say(MemberSeen, queue=f"q{int(person.id) % 10}", interface=device, device=device, name=person.id)
            self.say(rulings.AgentOnDuty, agent=person.id, name=person.id, device=device, interface=device)
        self.say(SyncEnded)


def decision_us(agents: int, rounds: int = DECISIONS) -> float:
    hall = Hall(agents, START)
    for number in range(WAITING):
        hall.say(rulings.BreakQueued, "", agent=str(number), kind="short", request=f"w{number}", length_s=600)
    floor, changes = Floor(), Changes()
    for fact in hall.facts:
        apply(floor, fact, changes)
    taken = []
    for number in range(rounds):
        agent = AgentId(str(50 + number % 50))
        request = Request(f"r{number}", START, Actor(agent, "agent", agent, "page"), BreakAsk(agent))
        began = time.perf_counter()
        said = answer(floor, request, "1-1", START, new_id)
        taken.append(time.perf_counter() - began)
        assert said[0].fields["decision"].verdict == "queue", said[0].fields["decision"]
    return statistics.median(taken) * 1e6


def look_ms(agents: int, rounds: int = 50) -> float:
    """One whole look at what facts and time make necessary, where nothing is: the engine takes it every five seconds."""
    hall = Hall(agents, START)
    for number in range(WAITING):
        hall.say(rulings.BreakQueued, "", agent=str(number), kind="short", request=f"w{number}", length_s=600)
    floor, changes = Floor(), Changes()
    for fact in hall.facts:
        apply(floor, fact, changes)
    numbers = itertools.count(1)
    while said := due(floor, START, WHOLE, new_id):
        for each in said:
            apply(floor, each.fact(START, "bench engine", next(numbers)), changes)
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        due(floor, START, WHOLE, new_id)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e3


class Way(NamedTuple):
    p99_ms: float
    hop_ms: float


async def order_way(orders: int = ORDERS) -> Way:
    """Each order finds a quiet floor of a thousand agents, as one supervisor's does."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        try:
            hop = await bare_hop(valkey.url(Path(folder)), 200)
            return Way(await _orders(valkey.url(Path(folder)), orders), hop.p50_ms)
        finally:
            server.kill()


async def _orders(url: str, orders: int) -> float:
    store, reading, asking, doing = (open_store(url, "bench") for _ in range(4))
    fence = (await store.leases.take("engine", "bench", 600.0)).fence
    assert fence is not None
    hall = Hall(max(AGENTS), clock())
    await store.log.append([join(map(encode, hall.facts[begin : begin + 500])) for begin in range(0, len(hall.facts), 500)])
    taken: list[float] = []
    given: dict[str, Micros] = {}

    async def ask(action: Action) -> Reply:
        interface = dict(action.headers)["Interface"]
        taken.append((clock() - given[interface]) / 1_000)
        return Reply(action, "", None, [], None, Outcome.ANSWERED)

    watcher = Follower(asking.log, asking.checkpoints, FloorFolding())
    asker = Asker(asking.requests, clock, new_id, 10)
    engine = Engine(store, Follower(reading.log, reading.checkpoints, FloorFolding()), fence, FloorSettings(), "bench engine", clock)
    doer = Doer(
        Node("bench"), doing.orders, Floor(), linked=lambda: True, ask=ask, name_of=str, done=lambda order, found: None, clock=clock
    )

    async def watch() -> None:
        async for step in watcher.steps():
            asker.look(step.floor)

    tasks = [asyncio.create_task(work) for work in (engine.run(), doer.run(), watch())]
    try:
        for number in range(orders):
            given[f"PJSIP/{number}"] = clock()
            await asker.ask(BOSS, PauseForce(AgentId(str(number)), "coaching"))
            async with asyncio.timeout(10):
                while len(taken) <= number:  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.001)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in (store, reading, asking, doing):
            await each.close()
    return statistics.quantiles(taken, n=100)[98]


async def undo_ms(times: int = UNDONE) -> float:
    """The median. Raises NoTree where there is no Asterisk."""
    plan = Plan(breaks=BreakRules(kinds={"short": KindRules()}, unauthorised="undo", corrections_hour=1_000))
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        try:
            async with controlled(server.url, plan) as control:
                session = await control.pair.pbx.ami("lab")
                for _ in range(times):
                    await control.ask(Here(AgentId("1008")), Actor("1008", agent=AgentId("1008"), via="page"))
                    mark = session.mark
                    await session.send("QueuePause", Interface="PJSIP/1008", Paused="true", Reason="smoke")
                    began = time.perf_counter()
                    for queue in ("support", "billing"):
                        await session.event("QueueMemberPause", since=mark, Paused="0", Queue=queue)
                    taken.append((time.perf_counter() - began) * 1000)
                    await control.until(lambda: not control.paused("1008"))
                await session.close()
        finally:
            server.kill()
    return statistics.median(taken)


def run() -> list[Row]:
    few, many = (decision_us(agents) for agents in AGENTS)
    way = asyncio.run(order_way())
    small, whole = (look_ms(agents) for agents in AGENTS)
    rows = [
        Row("break_decision_us", many, "us a decision, 1,000 agents, 40 waiting", few),
        Row("look_whole_ms", whole, "ms a whole look, 1,000 agents, 40 waiting", small),
        Row("order_to_action_p99_ms", way.p99_ms, "ms from asking to the action, 1,000 agents", HOPS * way.hop_ms),
    ]
    with contextlib.suppress(NoTree):
        rows.append(Row("undo_ms", asyncio.run(undo_ms()), "ms from a pause to its undoing, real Asterisk", MISSED_MS))
    return rows


if __name__ == "__main__":
    from bench.results import show

    show(run())
