"""The engine: the one writer of what time and rules decide, holding the floor's lease. Answers requests, gives orders.

Not the decisions (`deadlines.py`, `control/`, `rules/`) and not the reading (`follower.py`, `inbox.py`). One turn at a time: decide
on the folded floor, append what was decided, wait until it came back by the log like everybody's facts, then decide the next.
So no decision is made on a floor that lacks the one before, and 50 requests for 3 places get 3. A second engine waits for the
lease; where it goes on is on the floor itself. A checkpoint now and then lets every process start in seconds.

A request that makes a rule crash makes the engine crash, and again when it is back, until the request is stale: then it is
refused unread. So one bad request costs half a minute, never the floor.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

import msgspec

from realtime import deadlines, requests
from realtime.appender import Appender
from realtime.changes import Changes
from realtime.control.adopting import Wanted, adopting
from realtime.control.answer import answer, unreadable, unreadable_name
from realtime.control.due import Look, due
from realtime.deadlines import FloorSettings
from realtime.factcodec import encode
from realtime.floor import Floor
from realtime.follower import Follower, Step
from realtime.inbox import Inbox, Letter
from realtime.ledger.opening import Opening, Past
from realtime.log import Fence, LogAway
from realtime.log_faults import LogRestarted
from realtime.orders import Order
from realtime.orders import encode as encode_orders
from realtime.requests import STALE
from realtime.rules.dials import stopping
from realtime.rules.membership import AT_ONCE
from realtime.rulings import OrderGiven
from realtime.saying import Ids, Saying
from realtime.store import Store
from realtime.vitals import Family
from realtime.watched import EngineCounts, families_of_engine
from realtime.words import SECOND, Micros

ANSWERS_A_TURN = 50
"""Some hundred milliseconds: whoever floods the floor with requests must not keep it from looking at pauses and clocks."""
LOOK_EVERY_S = 0.2
"""How late a deadline may be noticed; the fact carries the deadline, so only the screen is late."""
WHOLE_EVERY_S = 5.0
"""Between two looks at everybody: what a look at those whom facts were about could miss is then at most so late."""
LOAD_EVERY_S = 5.0
NUMBERS_EVERY_S = 1.0
CHECKPOINT_EVERY: Micros = 30 * SECOND
"""Between two checkpoints: a restart folds at most this much of the log, some 100,000 facts on a very large floor."""
CHECKPOINT_SOON: Micros = 2 * SECOND
"""After the first floor was built: the next process to start need not read the whole log."""
SAY_AGAIN_S = 5.0
"""What the log took and did not give back by then was lost with more of a server's last seconds than the appender keeps: it is
decided anew. Until then it may still come, and deciding anew would answer twice."""


def new_id() -> str:
    return secrets.token_hex(8)


class Engine:
    """One run under one lease. `run()` ends by FenceLost when another engine took over."""

    def __init__(
        self,
        store: Store,
        follower: Follower[Floor, Changes],
        fence: Fence,
        settings: FloorSettings,
        session: str,
        clock: Callable[[], Micros],
        *,
        ids: Ids = new_id,
        told: Callable[[str], None] = lambda _: None,
        past: Past | None = None,
    ) -> None:
        """`past`: history, from which a lost ledger is made again."""
        self.counts = EngineCounts()
        self._store = store
        self._follower = follower
        self._fence = fence
        self._settings = settings
        self._session = session
        self._clock = clock
        self._ids = ids
        self._told = told
        self._appender = Appender(store.log, fence)
        self._wake = asyncio.Event()
        self._inbox = Inbox(store.requests, self._wake.set, told)
        store.ledger.fence = fence
        self._ledger = Opening(store.ledger, store.log, past, told=told, wake=self._wake.set)
        self._looks = _Looks()
        self._wanted: Wanted | None = None
        self._began = clock()
        self._seq = 0
        self._owed = 0
        """The number of our last fact that must be on the floor before the next decision."""
        self._owed_since = 0.0
        self._current = False
        self._taken_over = False
        self._checkpoint_due: Micros = 0

    async def run(self) -> None:
        """Until cancelled. Raises FenceLost, in a group as every task's."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._inbox.listen())
            tasks.create_task(self._appender.run())
            tasks.create_task(self._ledger.run())
            tasks.create_task(self._take_turns())

    def want(self, wanted: Wanted) -> None:
        """What the plan's files say: adopted in the next turn, where the floor has another plan."""
        self._wanted = wanted
        self._wake.set()

    def families(self) -> list[Family]:
        self.counts.waiting = len(self._inbox)
        return [*families_of_engine(self.counts), *self._appender.families(), *self._follower.families()]

    # ------------------------------------------------------------------ what the log brings

    async def _follow(self) -> None:
        async for step in self._follower.steps():
            self._take(step)

    def _take(self, step: Step[Floor, Changes]) -> None:
        self._current = not step.behind
        if step.rebuilt:
            self._checkpoint_due = self._clock() + CHECKPOINT_SOON
            self._inbox.begin(step.floor.owned.offset)
        if step.rebuilt or step.changes.everything:
            self._looks.everybody()
        else:
            self._looks.touched(step.changes.agents)
        if "campaigns" in step.changes.owned and stopping(step.floor):
            self._looks.at_once()  # from the key to the last call that rings is what a stop is measured by
        if step.records:
            self._wake.set()

    # ------------------------------------------------------------------ turns

    async def _take_turns(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            if self._current and self._is_back():
                try:
                    await self._turn()
                    await self._checkpoint()
                except LogAway:
                    self._current = False  # the follower tells when it is back
                    self._looks.everybody()

    async def _turn(self) -> None:
        """Time first, for what it ends may be what a request asks about."""
        floor, now = self._follower.floor, self._clock()
        await self._ledger.turn(floor, self._follower.position, now)
        if not self._taken_over:
            await self._take_over(floor, now)
        if timely := deadlines.due(floor, self._settings, now):
            await self._say(timely)
        if self._wanted is not None:
            await self._say(adopting(self._follower.floor.owned, self._wanted, now))
        for _ in range(ANSWERS_A_TURN):
            if not self._current or (letter := self._inbox.first()) is None:
                break
            await self._answer(letter)
        look = self._looks.next()
        if look is not None and self._current:
            says = due(self._follower.floor, self._clock(), look, self._ids)
            await self._say(says)
            if sum(each.kind is OrderGiven for each in says) >= AT_ONCE:
                self._looks.everybody()  # a rule gives so many at once; those for the others are given now, not in five seconds

    async def _take_over(self, floor: Floor, now: Micros) -> None:
        """The engine before may have died between an order's fact and the order: those that are open go out again. An adapter does one
        id once."""
        names = floor.owned.open_orders.values()
        orders = [floor.owned.orders[name].order for name in names if name in floor.owned.orders]
        if good := [order for order in orders if order.expires > now]:
            await self._give(good)
        self._taken_over = True

    async def _answer(self, letter: Letter) -> None:
        """The first that waits. It stays there until its answer is on the floor."""
        floor, offset, now = self._follower.floor, str(letter.record.position), self._clock()
        request = _read(letter.record.batch)
        name = request.id if request is not None else unreadable_name(offset)
        if name in floor.owned.answers or (letter.again and request is not None and now - request.at > STALE):
            self._inbox.drop()  # it has its answer, or nobody waits for one any more
        elif request is None:
            self._told(f"The request at {offset} cannot be read: it is refused. Is a process of a newer Andon at work on this floor?")
            await self._say(unreadable(offset, now))
        else:
            says = answer(floor, request, offset, now, self._ids)
            if await self._say(says):
                self.counts.answered[says[0].fields["decision"].verdict] += 1
                self.counts.answer.observe(max(0, self._clock() - request.at) / SECOND)

    # ------------------------------------------------------------------ saying

    async def _say(self, says: list[Saying]) -> bool:
        """Appends them as one, gives the orders among them, and returns when they are on the floor. False: they never came back."""
        if not says:
            return True
        now = self._clock()
        facts = [each.fact(now, self._session, self._seq + number) for number, each in enumerate(says, 1)]
        await self._ledger.before(facts)
        for fact in facts:
            self._seq += 1
            if not self._appender.put(encode(fact)):
                raise LogAway("There is no room for more facts.")
        orders: list[Order] = [each.fields["order"] for each in says if each.kind is OrderGiven]
        owed = self._owed = self._seq
        self._owed_since = time.monotonic()
        self._count(says, now)
        await self._appender.drained()
        while not self._is_back():
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                continue
            self._wake.clear()
        came = self._follower.floor.sessions.get(self._session, 0) >= owed
        await self._ledger.after(facts, came, self._follower.position)
        if orders and came:
            await self._give(orders)
        self._wake.set()  # what it made necessary is looked at at once
        return came

    def _is_back(self) -> bool:
        """Our last word is on the floor, or is given up."""
        said = self._follower.floor.sessions.get(self._session, 0)
        if said >= self._owed:
            return True
        if self._appender.away or self._appender.waiting or not self._current:
            self._owed_since = time.monotonic()  # it cannot have come yet
        if time.monotonic() - self._owed_since < SAY_AGAIN_S:
            return False
        self._told("The log took what was decided and did not give it back: it is decided anew.")
        self._owed = said
        return True

    async def _give(self, orders: list[Order]) -> None:
        """Behind their facts, so that no outcome comes before its order. One that does not get there expires, and is given anew."""
        batch = [encode_orders(orders)]
        try:
            await self._store.orders.append(batch, self._fence)
        except LogRestarted:
            await self._store.orders.append(batch, self._fence)
        for order in orders:
            self.counts.orders[str(type(order.act).__struct_config__.tag)] += 1

    def _count(self, says: list[Saying], now: Micros) -> None:
        for each in says:
            self.counts.decisions[each.kind.__name__] += 1
            if self._began <= each.at < now:  # what was due before there was an engine is no engine's lateness
                self.counts.lateness.observe((now - each.at) / SECOND)

    async def _checkpoint(self) -> None:
        now = self._clock()
        if now >= self._checkpoint_due:
            self._checkpoint_due = now + CHECKPOINT_EVERY
            began, counts = time.perf_counter(), self.counts
            if size := await self._follower.save(self._fence):
                counts.save.observe(time.perf_counter() - began)
                counts.saved, counts.saved_bytes = self._clock() / SECOND, size
            else:
                counts.save_faults += 1


class _Looks:
    """How closely the next turn has to look, by a clock that nobody sets."""

    def __init__(self) -> None:
        self._touched: set[str] | None = None
        self._at_once = False
        self._whole = self._load = self._numbers = self._clock = 0.0

    def everybody(self) -> None:
        self._touched = None

    def touched(self, agents: set[str]) -> None:
        if self._touched is not None:
            self._touched |= agents

    def at_once(self) -> None:
        """Nobody is touched, and still it cannot wait for the clock."""
        self._at_once = True

    def next(self) -> Look | None:
        """None: nobody was touched, and nothing is due."""
        now = time.monotonic()
        touched = self._touched
        clock = now >= self._clock or touched is None
        if not clock and not touched and not self._at_once:
            return None
        self._at_once = False
        if clock and now >= self._whole:
            touched = None
        look = Look(touched, clock and now >= self._load, clock and now >= self._numbers, clock)
        self._touched = set()
        self._whole = now + WHOLE_EVERY_S if touched is None else self._whole
        self._load = now + LOAD_EVERY_S if look.load else self._load
        self._numbers = now + NUMBERS_EVERY_S if look.numbers else self._numbers
        self._clock = now + LOOK_EVERY_S if clock else self._clock
        return look


def _read(batch: bytes) -> requests.Request | None:
    try:
        return requests.decode(batch)
    except msgspec.MsgspecError:
        return None
