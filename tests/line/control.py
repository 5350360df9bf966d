"""A real PBX under control: engine, adapter and doer over a real Valkey, all in the test's own loop, and a plan of the test's.

The processes of an installed Andon are `floor.py`'s; here a test measures milliseconds and takes parts away one by one.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from agi.adapter import Adapter, Pbx
from agi.client import Endpoint
from agi.doer import Doer
from agi.exchange import Credentials
from realtime.appender import Appender
from realtime.asker import Asker
from realtime.changes import Changes
from realtime.deadlines import FloorSettings
from realtime.engine import Engine, new_id
from realtime.factcodec import encode, join
from realtime.facts import Fact
from realtime.floor import Floor, Member
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.log import Position
from realtime.owned import Answer, OrderState
from realtime.plan.model import Plan
from realtime.requests import Actor, AnyAsk
from realtime.rulings import PlanAdopted
from realtime.store import Store, open_store
from realtime.words import Micros, Node
from tests.agi.replay import sealer
from tests.lab.pair import Pair
from tests.lab.people import PATIENCE
from tests.realtime.backends import until
from tests.valkeys import new_floor

SUPERVISOR = Actor("li.wei", "supervisor", via="console")


def clock() -> Micros:
    return time.time_ns() // 1_000


def _order(position: Position) -> tuple[int, ...]:
    return (position.epoch, *map(int, position.offset.split("-")))


class Controlled:
    """`floor` is what a board would know."""

    def __init__(self, pair: Pair, url: str) -> None:
        self.pair = pair
        self.node = pair.node
        self._url = url
        self.name = new_floor()
        self._stores: list[Store] = []
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self.follower = self._follower()
        self._deciding: Follower[Floor, Changes] | None = None
        """The engine's own: it may hear of a fact a moment after the test has."""
        self.asker = Asker(self.store().requests, clock, new_id, patience_s=10)

    @property
    def floor(self) -> Floor:
        return self.follower.floor

    def store(self) -> Store:
        self._stores.append(open_store(self._url, self.name))
        return self._stores[-1]

    def _follower(self) -> Follower[Floor, Changes]:
        store = self.store()
        return Follower(store.log, store.checkpoints, FloorFolding(), wait_ms=200)

    async def adopt(self, plan: Plan) -> None:
        fact = PlanAdopted(clock(), clock(), Node(""), secrets.token_hex(4), 1, plan=plan, version=secrets.token_hex(4), who="test")
        await self.store().log.append([join([encode(fact)])])

    async def begin(self) -> None:
        self._tasks["watch"] = asyncio.create_task(self._watch())
        await self.start_engine()
        await self.start_adapter()
        await self.live()

    async def _watch(self) -> None:
        async for step in self.follower.steps():
            self.asker.look(step.floor)

    async def start_engine(self) -> None:
        store = self.store()
        taken = await store.leases.take("engine", "test", 60.0)
        assert taken.fence is not None
        self._deciding = self._follower()
        engine = Engine(store, self._deciding, taken.fence, FloorSettings(), secrets.token_hex(4), clock)
        self._tasks["engine"] = asyncio.create_task(engine.run())

    async def start_adapter(self) -> None:
        store, look = self.store(), self._follower()
        async for step in look.steps():
            if not step.behind:
                break
        appender = Appender(store.log)
        settings = Pbx(
            Node(self.node),
            Endpoint("127.0.0.1", self.pair.proxy_port),
            Credentials("facts", self.pair.secret),
            Credentials("control", self.pair.secret),
            trunks=frozenset({"PJSIP/carrier"}),
        )
        adapter = Adapter(settings, appender, sealer().seal, secrets.token_hex(4), look.floor)
        doer = Doer(
            Node(self.node),
            store.orders,
            look.floor,
            linked=adapter.can_act,
            ask=adapter.act,
            name_of=adapter.name_of,
            done=adapter.done,
            clock=clock,
        )

        async def run() -> None:
            async with asyncio.TaskGroup() as tasks:
                for work in (appender, adapter, doer):
                    tasks.create_task(work.run())

        self._tasks["adapter"] = asyncio.create_task(run())

    async def stop(self, part: str) -> None:
        task = self._tasks.pop(part)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def end(self) -> None:
        failed = [task for task in self._tasks.values() if task.done()]
        for part in list(self._tasks):
            await self.stop(part)
        for store in self._stores:
            await store.close()
        for task in failed:
            task.result()  # a part that died would make everything else look odd

    # ------------------------------------------------------------------ what a test looks at

    async def live(self, seconds: float = PATIENCE) -> None:
        await self.until(lambda: self.node in self.floor.nodes and self.floor.nodes[self.node].link == "live", seconds)

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        try:
            await until(condition, seconds)
        except TimeoutError:
            for name, task in self._tasks.items():
                if task.done():
                    raise AssertionError(f"the {name} has died") from task.exception()
            orders = [(state.order.act, state.outcome, state.said, bool(state.seen)) for state in self.floor.owned.orders.values()]
            raise AssertionError(f"it did not come to it: {orders}") from None

    async def ask(self, ask: AnyAsk, actor: Actor = SUPERVISOR) -> Answer:
        """Of an engine that has heard all that the test has seen: about a call that it does not know yet it would say no."""
        seen = self.follower.position
        if seen is not None and "engine" in self._tasks:
            await self.until(lambda: self._decides_on(seen))
        return await self.asker.ask(actor, ask, new_id())

    def _decides_on(self, seen: Position) -> bool:
        at = self._deciding.position if self._deciding is not None else None
        return at is not None and _order(at) >= _order(seen)

    def member(self, queue: str, number: str) -> Member:
        members = self.floor.queues[f"{self.node}/{queue}"].members.values()
        return next(member for member in members if member.phone == f"{self.node}/PJSIP/{number}")

    def paused(self, number: str) -> dict[str, str]:
        """Queue -> reason, of those where this phone is paused."""
        phone = self.floor.phones[f"{self.node}/PJSIP/{number}"]
        found = {queue.partition("/")[2]: self.floor.queues[queue].members[interface] for queue, interface in phone.members.items()}
        return {queue: member.reason for queue, member in found.items() if member.paused}

    def order(self, answer: Answer) -> OrderState:
        """The first that the answer gave."""
        return self.floor.owned.orders[answer.orders[0]]

    async def seen(self, answer: Answer, seconds: float = PATIENCE) -> OrderState:
        """Asked, answered by the PBX, seen in the facts. The event may come before the answer: they are two connections."""
        assert answer.decision.verdict == "allow", answer.decision
        assert answer.orders, answer
        await self.until(lambda: all(self._ended(name) for name in answer.orders), seconds)
        return self.order(answer)

    def _ended(self, name: str) -> bool:
        state = self.floor.owned.orders.get(name)
        return state is not None and bool(state.done and state.seen)


@asynccontextmanager
async def controlled(url: str, plan: Plan, release: str = "sid", first: Sequence[Fact] = (), **options: Any) -> AsyncIterator[Controlled]:
    """On an Asterisk of its own, 22 where nothing is said. `first`: facts of before."""
    async with Pair.open(release, node="north1", **options) as pair:
        control = Controlled(pair, url)
        await control.adopt(plan)
        if first:
            await control.store().log.append([join([encode(fact)]) for fact in first])
        try:
            await control.begin()
            yield control
        finally:
            await control.end()
