"""One day: a simulated PBX, one adapter after another, the log, an engine, a board and a screen, a quarter of a second at a time."""

from __future__ import annotations

from random import Random

from agi.reporter import Reporter
from agi.simulator.centre import Centre
from agi.simulator.faults import Faults
from agi.simulator.manager import Manager
from agi.simulator.pbx import Pbx
from agi.sync import Stage
from realtime import deadlines
from realtime.deadlines import FloorSettings
from realtime.factcodec import encode, join
from realtime.facts import QueueRules
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.sealing import Sealer
from realtime.words import SECOND, Micros, Node
from tests.simulation.checks import Board, Watch
from tests.simulation.log import Log, Outbox
from tests.simulation.plan import Plan
from tests.simulation.road import Road

START: Micros = 1_795_498_731 * SECOND
"""05:38 UTC: far enough from midnight for any clock of ours."""
STEP: Micros = SECOND // 4
DRAINED_IN: Micros = 4 * 3600 * SECOND
"""The longest call and the longest wait end long before."""
SETTLED: Micros = 400 * SECOND
"""After the last fault: longer than between two whole snapshots."""
STALE: Micros = 3 * SECOND
"""Older than this a screen says that it is out of date: what it shows is not held against what is."""
FOLDING = FloorFolding()


class Day:
    """`run()` it; it raises AssertionError with what does not hold."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.chance = Random(f"{plan.seed} day")
        centre = Centre(agents=plan.agents, rate=plan.rate)
        self.manager = Manager(
            Pbx(centre, plan.seed, START), faults=Faults(seed=plan.seed, duplicated=plan.duplicated, swapped=plan.swapped)
        )
        self.log = Log()
        self.board = Board(self.log)
        self.lives = 0
        self.watch = Watch(self)
        self.disturbed: Micros = 0
        """When the last fault was."""
        self._said = 0
        self._settings = FloorSettings(queues={spec.name: QueueRules(wrapup_s=spec.wrapup) for spec in centre.queues})
        self._sealer = Sealer(b"h" * 32, lambda month: b"m" * 64)
        self._adapter_due: Micros = 0
        self._begin_adapter(Floor())

    @property
    def pbx(self) -> Pbx:
        return self.manager.pbx

    @property
    def now(self) -> Micros:
        """Our clock."""
        return self.pbx.now + int(self.plan.skew_s * SECOND)

    @property
    def live(self) -> bool:
        """Everything that the PBX has said has been folded, and the floor says that it is whole."""
        node = self.board.floor.nodes.get(Node(self.pbx.node))
        return (
            self.road is not None
            and self.reporter.sync.stage is Stage.LIVE
            and self.road.quiet
            and self.outbox.empty
            and node is not None
            and node.link == "live"
            and self.now - node.heard < STALE
        )

    def run(self) -> None:
        end = START + self.plan.minutes * 60 * SECOND
        while self.pbx.now < end:
            self._mishaps()
            self._step()
        self.pbx.close()
        self.disturbed = self.disturbed and self.pbx.now
        while self.pbx.truth().channels or not self.pbx.up:
            assert self.pbx.now < end + DRAINED_IN, "the simulated floor does not drain"
            self._step()
        rest = self.pbx.now + (SETTLED if self.disturbed else 90 * SECOND)
        while self.pbx.now < rest:
            self._step()
        while not self.live:
            assert self.pbx.now < rest + 60 * SECOND, f"the floor is not whole at the end: {self.reporter.sync.stage}"
            self._step()
        self.watch.the_end()

    def _step(self) -> None:
        self.manager.advance(self.pbx.now + STEP)
        if self.road is not None:
            self.road.step(self.now)
            self.outbox.flush(self.now)
        elif self.pbx.now >= self._adapter_due:
            self._begin_adapter(FOLDING.load(FOLDING.dump(self.board.floor)))
        self.watch.step()
        self._engine()
        self.watch.step()

    def _engine(self) -> None:
        """What time decides, as `realtime/engine.py` appends it."""
        if self.now < self.log.away_until:
            return
        facts = []
        for due in deadlines.due(self.board.floor, self._settings, self.now):
            self._said += 1
            facts.append(due.fact(self.now, "engine", self._said))
        if facts:
            self.log.batches.append(join(map(encode, facts)))

    # ------------------------------------------------------------------ what goes wrong

    def _mishaps(self) -> None:
        plan, kinds = self.plan, ("cut", "stall", "restart", "kill", "adapter_kill", "log_outage", "log_restart")
        for kind in kinds:
            rate: float = getattr(plan, f"{kind}s")
            if rate and self.chance.random() < rate * STEP / (3600 * SECOND):
                self.disturbed = self.pbx.now
                getattr(self, f"_{kind}")()

    def _cut(self) -> None:
        self.manager.cut()

    def _stall(self) -> None:
        self.manager.stall()

    def _restart(self) -> None:
        self.manager.restart(self.chance.choice((4, 20, 90)))

    def _kill(self) -> None:
        self.manager.restart(self.chance.choice((4, 20, 90)), killed=True)

    def _adapter_kill(self) -> None:
        if self.road is not None:
            self.road.leave()
            self.road = None
            self._adapter_due = self.pbx.now + self.chance.choice((1, 10, 120)) * SECOND

    def _log_outage(self) -> None:
        self.log.away_until = self.now + self.chance.choice((2, 20, 90)) * SECOND

    def _log_restart(self) -> None:
        if self.now >= self.log.away_until:
            self.outbox.repeat()

    def _begin_adapter(self, floor: Floor) -> None:
        self.lives += 1
        plan = self.plan
        self.outbox = Outbox(self.log, plan.room)
        self.reporter = Reporter(
            Node(self.pbx.node),
            f"life-{self.lives}",
            self._sealer.seal,
            self.outbox,
            floor,
            day_begins=START + int(plan.skew_s * SECOND),
            queue_log=plan.queue_log or self.chance.random() < 0.5,
        )
        self.road: Road | None = Road(plan, self.manager, self.reporter, self.chance, self.lives)
