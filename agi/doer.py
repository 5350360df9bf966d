"""Does what the engine orders of one PBX: reads `{floor}:orders`, sends the actions, says what came of it as a fact.

Not what an order is on the wire (`orders.py`) and not the link (`adapter.py`, whose reader never waits for this). It remembers
nothing beyond its life: an order that the floor knew as done when it began is not done again, and what is not done in its time
is not done at all. An order that rings a phone and was given before this life began is answered with not knowing, for ringing
twice is worse; all others may be done twice without harm.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import NoReturn

import msgspec

from agi.codec import Action
from agi.errors import LocalError
from agi.exchange import Reply
from agi.orders import SAID_MAX, Verdict, actions, verdict
from agi.watched import DoerCounts
from realtime.backoff import Backoff
from realtime.floor import Floor
from realtime.log import Log, LogAway, Position, PositionLost
from realtime.orders import Order, Spy, TakeOver, decode
from realtime.words import SECOND, Micros, Node, Uniqueid

AT_ONCE = 50
"""Orders under way; the rest waits in the stream."""
SENT_AT_ONCE = 100
"""Actions under way, of which an order has one for each queue: less than half of what a session may have pending, so that a whole
hall's meeting does not starve pings and snapshots."""
READ = 100
WAIT_MS = 1_000
DEADLINE_S = 15.0
"""For one order: its actions have 5 s each, and are sent together."""
LINK_S = 0.05
"""Between two looks whether the link is there: an adapter that has just begun logs in within a tenth of a second."""
KNOWN = 5_000
"""Ids of orders that were done in this life: far more than are given in the seconds for which one is good."""


class Doer:
    """`run()` is its task. `linked`: whether anything can be sent. `ask` sends an action and gives its reply, `done` says an order's
    outcome as a fact."""

    def __init__(
        self,
        node: Node,
        log: Log,
        floor: Floor,
        *,
        linked: Callable[[], bool],
        ask: Callable[[Action], Awaitable[Reply]],
        name_of: Callable[[Uniqueid], str],
        done: Callable[[str, Verdict], None],
        clock: Callable[[], Micros],
        told: Callable[[str], None] = lambda _: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.counts = DoerCounts()
        self._node = node
        self._log = log
        self._linked = linked
        self._ask = ask
        self._name_of = name_of
        self._done = done
        self._clock = clock
        self._told = told
        self._backoff = Backoff(chance)
        self._began = clock()
        self._known = dict.fromkeys(name for name, state in floor.owned.orders.items() if state.done)
        self._open = {name for name, state in floor.owned.orders.items() if not state.done}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._sending = asyncio.Semaphore(SENT_AT_ONCE)

    async def run(self) -> NoReturn:
        """Until cancelled. A bug in it comes out here and ends the adapter; the supervisor starts it again."""
        after: Position | None = None
        async with asyncio.TaskGroup() as tasks:
            while True:
                try:
                    records = await self._log.read(after, READ, WAIT_MS)
                except PositionLost:
                    after = None  # trimmed, or a server's last seconds: what is known is not done again
                except LogAway:
                    await asyncio.sleep(self._backoff.next())
                else:
                    self._backoff.reset()
                    for record in records:
                        after = record.position
                        for order in self._read(record.batch):
                            await self._places.acquire()
                            tasks.create_task(self._do(order))

    def _read(self, batch: bytes) -> list[Order]:
        """Those that are this node's and not known yet."""
        try:
            orders = decode(batch)
        except msgspec.MsgspecError:
            self.counts.unreadable += 1
            self._told("Orders of a newer Andon cannot be read and are not done: upgrade this adapter.")
            return []
        mine = [order for order in orders if order.node == self._node and order.id not in self._known]
        self._known.update(dict.fromkeys(order.id for order in mine))
        while len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]
        return mine

    async def _do(self, order: Order) -> None:
        try:
            found = await self._outcome(order)
        finally:
            self._places.release()
        if found is not None:
            self.counts.done[found.outcome] += 1
            self._done(order.id, found)

    async def _outcome(self, order: Order) -> Verdict | None:
        """None where nobody waits for an answer: it is of long ago."""
        now, ours = self._clock(), order.given >= self._began
        if now > order.expires:
            return Verdict("expired", "It came too late to be done.") if ours or order.id in self._open else None
        if not ours and isinstance(order.act, Spy | TakeOver):
            return Verdict("link_lost", "The adapter was started anew: whether the phone rang is not known.")
        while not self._linked():
            if self._clock() > order.expires:
                return Verdict("link_lost", "There was no link to the PBX in its time.")
            await asyncio.sleep(LINK_S)
        wanted = actions(order.act, self._name_of)
        if isinstance(wanted, Verdict):
            return wanted
        self.counts.sent.observe(max(0, now - order.given) / SECOND)
        try:
            async with asyncio.timeout(DEADLINE_S):
                return verdict(await asyncio.gather(*map(self._send, wanted)))
        except TimeoutError:
            return Verdict("timed_out", "The PBX did not answer in time.")
        except LocalError as error:  # too much at once, or a name that no header can hold
            return Verdict("refused", str(error)[:SAID_MAX])

    async def _send(self, action: Action) -> Reply:
        async with self._sending:
            return await self._ask(action)
