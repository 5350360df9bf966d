"""One outbound day: gates, engine, ledger, rules and fold as they are, over a PBX and servers that are not, in virtual time.

Beside `shift.py`, with which it shares the engine's world. What is asked goes through the real gate to the real ledger's client; the
PBX (`dialling_pbx.py`) dials what it was allowed and is the witness by which the laws (`dialling_laws.py`) judge.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from random import Random, seed
from types import SimpleNamespace
from unittest.mock import patch

from agi.codec import Action
from agi.doer import Doer
from agi.exchange import Outcome, Reply
from realtime import rulings
from realtime.checkpoint import MemoryCheckpoints
from realtime.deadlines import FloorSettings
from realtime.engine import Engine
from realtime.factcodec import encode, join
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.follower import Follower
from realtime.ledger.ledger_redis import RedisLedger
from realtime.ledger.opening import Opening
from realtime.log import FenceLost, LogAway
from realtime.log_faults import LogRestarted
from realtime.plan.model import Plan
from realtime.requests import Request
from realtime.requests import encode as encode_request
from realtime.sealing import Sealer
from realtime.store import Store
from realtime.vitals_redis import MemoryVitals
from realtime.words import SECOND, Micros, Node
from tests.simulation import virtual
from tests.simulation.dialling_gate import FLOOR, FOLDING, Gate
from tests.simulation.dialling_laws import DialLaws
from tests.simulation.dialling_mishaps import Mishaps
from tests.simulation.dialling_pbx import Adapter, Dial, Pbx
from tests.simulation.dialling_people import People
from tests.simulation.dialling_plan import NODE, DialPlan, rules_of
from tests.simulation.dialling_server import LedgerServer, Link
from tests.simulation.dialling_wishes import Wishes
from tests.simulation.processes import Outbox
from tests.simulation.server import Server

STEP_S = 0.25
ZONE = "Asia/Shanghai"
OPENS_MOST_S = 60
"""Three campaigns are where they dial, steps by two people among it."""
SETTLES_S = 420
"""What was allowed and never heard of is given up after two minutes, and places of ghosts after one more."""


class Dialling:
    """`run()` it; it raises AssertionError with what does not hold."""

    def __init__(self, plan: DialPlan, rules: Plan | None = None) -> None:
        """`rules` None: those that the seed draws."""
        self.plan = plan
        self.rules = rules or rules_of(plan)
        self.chance = Random(f"{plan.seed} mishaps")
        self.sealer = Sealer(b"h" * 32, lambda month: b"m" * 64)
        self.wishes = Wishes(plan, self.rules)
        self.people = People(self)
        self.mishaps = Mishaps(self)
        self.laws = DialLaws(self)
        self.pbx = Pbx(plan, lambda: self.now, self._ask)
        self.pbx.witness = self.laws.signalled
        self.gates: list[Gate] = []
        self.engine: asyncio.Task[None] | None = None
        self.engine_due = 0.0
        self._engines = 0
        self._calls: set[asyncio.Task[None]] = set()
        self._unsent: list[Request] = []

    @property
    def now(self) -> Micros:
        """The true clock: the PBX's and the engine's."""
        return self.plan.began + int(asyncio.get_running_loop().time() * SECOND)

    def sealed(self, e164: str) -> Sealed:
        sealed = self.sealer.seal(e164, self.now)
        assert sealed is not None
        return sealed

    # ------------------------------------------------------------------ the run

    def run(self) -> None:
        seed(self.plan.seed)  # what scatters back-offs
        virtual.run(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = Server(loop.time)
        self.ledger = LedgerServer(self.server, Random(f"{self.plan.seed} ledger"))
        self.checkpoints = MemoryCheckpoints(self.server.facts.log)
        self.reading = self.server.door(self.server.facts)
        self._asking = self.server.door(self.server.requests)
        with virtual.clocks(loop), clocks(loop.time):
            await self._adopt()
            outbox, second = Outbox(self.server.door(self.server.facts)), self.server.door(self.server.facts)
            self.adapter = Adapter(self.pbx, outbox, second, lambda: self.now)
            self.doer = asyncio.create_task(self._doer().run())
            self.gates = [Gate(self, f"gate{number}") for number in range(self.plan.gates)]
            await self.begin_engine()
            try:
                await self._work()
            finally:
                await self.end_engine()
                for gate in self.gates:
                    await gate.end()
                for task in (self.doer, *self._calls):
                    task.cancel()

    async def _work(self) -> None:
        await self._open()
        until = self.now + self.plan.minutes * 60 * SECOND
        self.ledger.stalls, self.ledger.lost_answers = self.plan.stalls, self.plan.lost_answers
        while self.now < until:
            await self.mishaps.step(STEP_S / 3600)
            self._unsent += self.people.deeds(self.laws.floor, STEP_S / 3600)
            for dial in self.wishes.step(STEP_S / 3600):
                task = asyncio.create_task(self.pbx.dial(dial))
                self._calls.add(task)
            await self._step()
        await self._close()
        self.laws.the_end()

    async def _open(self) -> None:
        """Nothing goes wrong until all campaigns dial."""
        until = self.now + OPENS_MOST_S * SECOND
        while {each.state for each in self.laws.floor.owned.outbound.campaigns.values()} != {"trial", "formal"} or self._opening():
            assert self.now < until, f"the campaigns do not begin: {self.laws.floor.owned.outbound.campaigns}"
            if self.now // SECOND % 3 == 0 and self.laws.floor.nodes:
                self._unsent += self.people.opening(self.laws.floor)
            for _ in range(4):
                await self._step()

    def _opening(self) -> bool:
        states = self.laws.floor.owned.outbound.campaigns
        return len(states) < 3 or any(each.state == "trial" for each in states.values() if each.id != "beta")

    async def _close(self) -> None:
        """No new wishes, and everything works: whatever is under way ends, and is known to have ended."""
        self.mishaps.heal()
        began = self.now
        while self.now < began + SETTLES_S * SECOND:
            if not self.pbx.under_way and self.laws.settled() and self.now > began + 5 * SECOND:
                return
            await self._step()

    async def _step(self) -> None:
        await self.adapter.step(self.server.time())
        await self.mishaps.engine()
        for gate in self.gates:
            gate.check()
        for task in [each for each in self._calls if each.done()]:
            self._calls.remove(task)
            await task
        assert not self.doer.done(), f"the doer died: {self.doer}"
        await self._send()
        await self.laws.follow()
        await asyncio.sleep(STEP_S)

    async def _send(self) -> None:
        """While the server is away nobody can ask, and the wish is forgotten."""
        said, self._unsent = self._unsent, []
        for request in said:
            for _ in range(2):
                try:
                    await self._asking.append([encode_request(request)])
                except LogRestarted:
                    continue
                except LogAway:
                    pass
                break

    # ------------------------------------------------------------------ processes

    async def _adopt(self) -> None:
        began = self.plan.began
        fact = rulings.PlanAdopted(began, began, Node(""), "plan", 1, plan=self.rules, version="1", who="test")
        await self.server.door(self.server.facts).append([join([encode(fact)])])

    async def _ask(self, dial: Dial, channel: Mapping[str, str]) -> Mapping[str, str]:
        """Any gate that there is; a dialplan whose gate is gone has no verdict."""
        if not self.gates:
            return {}
        return await self.chance.choice(self.gates).ask(dial, channel)

    def _doer(self) -> Doer:
        return Doer(
            Node(NODE),
            self.server.door(self.server.orders),
            Floor(),
            ask=self._hang_up,
            name_of=self.pbx.name_of,
            done=lambda order, found: self.adapter.say(rulings.OrderDone, order=order, outcome=found.outcome, said=found.said),
            clock=lambda: self.now,
            linked=lambda: self.adapter.linked,
        )

    async def _hang_up(self, action: Action) -> Reply:
        await asyncio.sleep(0.01)
        if self.pbx.hang_up(dict(action.headers)["Channel"]):
            return Reply(action, "", None, [], None, Outcome.ANSWERED)
        return Reply(action, "", None, [], "No such channel", Outcome.REFUSED)

    async def begin_engine(self) -> None:
        server = self.server
        try:
            taken = await server.leases.take("engine", "here", 6.0)
        except LogAway:
            return
        assert taken.fence is not None
        self._engines += 1
        name = f"engine-{self._engines}"
        self.door = server.door(server.facts)
        ledger = RedisLedger("redis://", FLOOR, Link(self.ledger, f"{{{FLOOR}}}:epoch"), session=name)  # type: ignore[arg-type]
        streams = (server.door(server.requests), server.door(server.orders))
        store = Store(self.door, server.leases, self.checkpoints, MemoryVitals(), *streams, ledger)
        follower = Follower(server.door(server.facts), self.checkpoints, FOLDING)
        settings = FloorSettings(timezone=ZONE)
        count = iter(range(1, 10**9))
        ids = partial(lambda name: f"{name}.{next(count)}", name)
        engine = Engine(store, follower, taken.fence, settings, name, lambda: self.now, ids=ids, past=self.laws.past)
        self.engine = asyncio.create_task(engine.run())

    async def end_engine(self) -> None:
        if self.engine is not None:
            self.engine.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.engine
            self.engine = None

    def engine_crashed(self) -> None:
        """A rule that raises is a bug."""
        if self.engine is not None and not self.engine.cancelled():
            wrong = self.engine.exception()
            self.engine = None
            if wrong is not None and not isinstance(wrong, FenceLost):
                raise wrong


@contextlib.contextmanager
def clocks(now: Callable[[], float]) -> Iterator[None]:
    """What a gate and an opening wait by is the loop's, too."""
    seen = SimpleNamespace(monotonic=now)
    opening = partial(Opening, clock=now)
    with patch("agi.phone.desk.time", seen), patch("agi.dial.gate.time", seen), patch("realtime.engine.Opening", opening):
        yield
