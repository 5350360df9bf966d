"""One shift: the real engine and rules over a simulated PBX, in virtual time, with people who ask and things that go wrong.

Beside `day.py`, which shows that what is seen is right, this shows that what is decided holds: requests go into the stream, the
engine answers them and gives orders, hands carry these out over the road, and the laws (`laws.py`) are looked at all the while.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from random import Random, seed
from typing import Any

from agi.doer import Doer
from agi.reporter import Reporter
from agi.simulator.centre import QUEUES, Centre
from agi.simulator.manager import Manager
from agi.simulator.pbx import Pbx
from agi.sync import Stage
from andon.crowd import Crowd, Habits
from realtime.checkpoint import MemoryCheckpoints
from realtime.deadlines import FloorSettings
from realtime.engine import Engine
from realtime.factcodec import encode, join
from realtime.facts import QueueRules
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.log import FenceLost, LogAway
from realtime.log_faults import LogRestarted
from realtime.plan.model import Plan
from realtime.requests import Request
from realtime.requests import encode as encode_request
from realtime.rulings import PlanAdopted
from realtime.sealing import Sealer
from realtime.store import Store
from realtime.vitals_redis import MemoryVitals
from realtime.words import SECOND, Micros, Node
from tests.simulation import virtual
from tests.simulation.laws import Laws
from tests.simulation.leaders import Leaders
from tests.simulation.plan import Plan as RoadPlan
from tests.simulation.processes import AskedRoad, Board, Outbox
from tests.simulation.server import Server
from tests.simulation.shift_plan import NODE, START, ShiftPlan, rules_of

STEP_S = 0.25
STEP: Micros = SECOND // 4
QUIET_AT_FIRST: Micros = 20 * SECOND
"""Nothing goes wrong until the plan is adopted and everybody is on the way in."""
AT_REST: Micros = 12 * 60 * SECOND
"""Longer than it takes to be aged in red, and than any break: when nothing has happened for so long, nothing will."""
SETTLED: Micros = 15 * SECOND
HABITS = Habits(
    ask_every_s=240,
    kinds=(("short", 60), ("comfort", 18), ("meal", 6), ("legal", 8), ("recovery", 5), ("fault", 3)),
    withdraws=0.1,
    lets_expire=0.15,
    takes_within_s=28,
    overruns=0.25,
    overrun_s=(3, 60),
    twice=0.1,
    late_s=15,
    leaves_every_s=700,
    away_s=60,
    leaves_meeting=0.1,
)
FOLDING = FloorFolding()


class Shift:
    """`run()` it; it raises AssertionError with what does not hold."""

    def __init__(self, plan: ShiftPlan, rules: Plan | None = None) -> None:
        """`rules` None: those that the seed draws."""
        self.plan = plan
        self.rules = rules or rules_of(plan)
        self.chance = Random(f"{plan.seed} mishaps")
        specs = tuple(replace(spec, local=False) for spec in QUEUES if spec.name != "sales")
        self.centre = Centre(
            agents=plan.agents, rate=plan.rate, node=NODE, queues=specs, own_pauses=0.0, dynamic_every=1, desks=3, outages_per_hour=0.3
        )
        self.manager = Manager(Pbx(self.centre, plan.seed, START))
        for queue in self.pbx.queues.queues.values():
            for member in list(queue.members.values()):
                self.pbx.queues.remove(member, "NONE")  # who is in a queue is Andon's to say
        self.crowd = Crowd(plan.seed, "crowd", HABITS, self.pbx.staff.desks)
        self.leaders = Leaders(plan.seed)
        self.laws = Laws(self)
        self.lives = self.engines = 0
        self.disturbed: Micros = 0
        """When the last fault was, by our clock."""
        self._settings = FloorSettings(queues={spec.name: QueueRules(wrapup_s=spec.wrapup) for spec in specs})
        self._sealer = Sealer(b"h" * 32, lambda month: b"m" * 64)
        self._adapter_due = 0.0
        self._engine_due = 0.0
        self._engine: asyncio.Task[None] | None = None
        self._unsent: list[Request] = []
        self.road: AskedRoad | None = None
        self._doer: asyncio.Task[Any] | None = None

    @property
    def pbx(self) -> Pbx:
        return self.manager.pbx

    @property
    def now(self) -> Micros:
        """Our clock."""
        return self.pbx.now + int(self.plan.skew_s * SECOND)

    @property
    def live(self) -> bool:
        """Everything works just now, and the floor knows all of it."""
        node = self.board.floor.nodes.get(Node(NODE))
        return (
            self.pbx.up
            and self.road is not None
            and self.reporter.sync.stage is Stage.LIVE
            and self.road.quiet
            and self.outbox.empty
            and node is not None
            and node.link == "live"
            and not self.server.away
            and self._engine is not None
            and not self._engine.done()
        )

    # ------------------------------------------------------------------ the run

    def run(self) -> None:
        seed(self.plan.seed)  # what scatters back-offs
        virtual.run(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = Server(loop.time)
        self.board = Board(self.server.door(self.server.facts), self.laws)
        self._ask = self.server.door(self.server.requests)
        self._checkpoints = MemoryCheckpoints(self.server.facts.log)
        with virtual.clocks(loop):
            await self._adopt()
            self._begin_adapter(Floor())
            await self._begin_engine()
            try:
                await self._work()
            finally:
                await self._end_engine()
                if self._doer is not None:
                    self._doer.cancel()

    async def _work(self) -> None:
        end = START + self.plan.minutes * 60 * SECOND
        while self.pbx.now < end:
            if self.pbx.now > START + QUIET_AT_FIRST:
                await self._mishaps()
                self._people()
            await self._step()
        await self._close()
        self.laws.the_end()

    async def _close(self) -> None:
        """No new wishes: whoever waits must be served, whoever is out comes back."""
        self.crowd.closed = True
        moves, moved, since = 0, self.pbx.now, self.pbx.now
        while self.pbx.now < since + SETTLED:
            if self.laws.moves() != moves:
                moves, moved = self.laws.moves(), self.pbx.now
            if not (self.live and self.laws.drained()):
                since = self.pbx.now
            if self.pbx.now > moved + AT_REST:
                break  # the laws say what is wrong
            if not self.pbx.now % (20 * SECOND):
                self._unsent += self.leaders.call_back(self.board.floor, self.now)
            await self._step()

    async def _step(self) -> None:
        self.manager.advance(self.pbx.now + STEP)
        if self.road is not None:
            self.road.step(self.now)
            await self.outbox.flush(self.server.time())
        elif self.server.time() >= self._adapter_due:
            self._begin_adapter(FOLDING.load(FOLDING.dump(self.board.floor)))
        assert self._doer is None or not self._doer.done(), f"the doer died: {self._doer}"
        if self._engine is None or self._engine.done():
            self._crashed()
            if self.server.time() >= self._engine_due:
                await self._begin_engine()
        await self.board.follow(self.now)
        self._unsent += self.crowd.step(self.board.floor, self.now)
        await self._send()
        self.laws.step(self.board.floor, self.now)
        await asyncio.sleep(STEP_S)

    async def _send(self) -> None:
        """Requests into their stream. While the server is away nobody can ask, and the wish is forgotten here: who wanted it insists."""
        said, self._unsent = self._unsent, []
        for request in said:
            for _ in range(2):
                try:
                    await self._ask.append([encode_request(request)])
                except LogRestarted:
                    continue
                except LogAway:
                    break
                self.laws.sent(request)
                break

    def _people(self) -> None:
        """What people do beside the crowd: supervisors' deeds, and codes pressed on phones without asking."""
        chance, plan = self.chance, self.plan
        if chance.random() < plan.deeds * STEP_S / 3600:
            self._unsent += self.leaders.deed(self.board.floor, self.now)
        if chance.random() < plan.own_pauses * plan.agents * STEP_S / 3600:
            device = chance.choice(sorted(self.pbx.staff.agents))
            if chance.random() < 0.7:
                self.pbx.staff.take_pause(device, chance.choice(("smoke", "short", "")), chance.uniform(10, 120))
            else:
                self.pbx.staff.end_pause(device)

    # ------------------------------------------------------------------ processes

    async def _adopt(self) -> None:
        fact = PlanAdopted(START, START, Node(""), "plan", 1, plan=self.rules, version="1", who="test")
        await self.server.door(self.server.facts).append([join([encode(fact)])])

    def _begin_adapter(self, floor: Floor) -> None:
        self.lives += 1
        self.outbox = Outbox(self.server.door(self.server.facts))
        self.reporter = Reporter(Node(NODE), f"life-{self.lives}", self._sealer.seal, self.outbox, floor, day_begins=self.now)
        self.road = AskedRoad(RoadPlan(seed=self.plan.seed), self.manager, self.reporter, self.chance, self.lives)
        reporter, road = self.reporter, self.road
        doer = Doer(
            Node(NODE),
            self.server.door(self.server.orders),
            floor,
            ask=self.road.ask,
            name_of=lambda leg: reporter.tracker.channels[leg].name if leg in reporter.tracker.channels else "",
            done=lambda order, found: reporter.done(order, found.outcome, found.said, self.now),
            clock=lambda: self.now,
            linked=road.linked,
        )
        self._doer = asyncio.create_task(doer.run())

    async def _begin_engine(self) -> None:
        try:
            taken = await self.server.leases.take("engine", "here", 6.0)
        except LogAway:
            return
        assert taken.fence is not None
        self.engines += 1
        server = self.server
        self.door = server.door(server.facts)
        reading = server.door(server.facts)
        checkpoints = self._checkpoints
        store = Store(self.door, server.leases, checkpoints, MemoryVitals(), server.door(server.requests), server.door(server.orders))
        follower = Follower(reading, checkpoints, FOLDING)
        count = iter(range(1, 1_000_000))
        engine = Engine(
            store,
            follower,
            taken.fence,
            self._settings,
            f"engine-{self.engines}",
            lambda: self.now,
            ids=lambda: f"o{self.engines}-{next(count)}",
        )
        self._engine = asyncio.create_task(engine.run())

    async def _end_engine(self) -> None:
        if self._engine is not None:
            self._engine.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._engine
            self._engine = None

    def _crashed(self) -> None:
        """A rule that raises is a bug."""
        if self._engine is not None and not self._engine.cancelled():
            wrong = self._engine.exception()
            self._engine = None
            if wrong is not None and not isinstance(wrong, FenceLost):
                raise wrong

    # ------------------------------------------------------------------ what goes wrong

    async def _mishaps(self) -> None:
        for kind, deed in (
            ("cuts", self._cut),
            ("restarts", self._restart),
            ("kills", self._kill),
            ("adapter_kills", self._adapter_kill),
            ("log_outages", self._log_outage),
        ):
            rate: float = getattr(self.plan, kind)
            if rate and self.chance.random() < rate * STEP_S / 3600:
                self.disturbed = self.now
                deed()
        if self.plan.engine_kills and self.chance.random() < self.plan.engine_kills * STEP_S / 3600:
            self.disturbed = self.now
            await self._engine_kill()
        if self.plan.log_losses and not self.server.away and self.chance.random() < self.plan.log_losses * STEP_S / 3600:
            self.disturbed = self.now
            self.server.lose(1.0)
            await self.board.begin_anew()

    def _cut(self) -> None:
        self.manager.cut()

    def _restart(self) -> None:
        self.manager.restart(self.chance.choice((4, 20)))

    def _kill(self) -> None:
        self.manager.restart(self.chance.choice((4, 20)), killed=True)

    def _adapter_kill(self) -> None:
        if self.road is not None:
            self.road.leave()
            self.road = None
            if self._doer is not None:
                self._doer.cancel()
                self._doer = None
            self._adapter_due = self.server.time() + self.chance.choice((1, 10))

    def _log_outage(self) -> None:
        self.server.away_until = self.server.time() + self.chance.choice((2, 10))

    async def _engine_kill(self) -> None:
        """At once; in the middle of a turn; or it is only told that an append failed which did not."""
        if self._engine is None or self._engine.done():
            return
        if self.chance.random() < 0.3:
            self.door.lie = True
            return
        self._unsent += self.leaders.deed(self.board.floor, self.now)
        await self._send()
        for _ in range(self.chance.randrange(0, 30)):
            await asyncio.sleep(0)
        await self._end_engine()
        self._engine_due = self.server.time() + self.chance.choice((0, 1, 8))
