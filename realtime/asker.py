"""Asks the engine and waits for its answer: what board and gate put requests into the log with.

    asker = Asker(store.requests, clock, new_id)
    async for step in follower.steps():     # whoever folds the floor anyway
        asker.look(step.floor)              # after each step: gives waiting ones their answers
    answer = await asker.ask(Actor("li.wei", "supervisor", via="console"), ReadyForce(agent), key)

`key` is the idempotency key: the same ask with the same key again, from a browser that heard nothing, gets the first answer.
`answer.decision` has verdict and reasons (`sentences`), `answer.orders` the ids to follow on the floor. Raises NotAnswered, whose text
is a sentence for a person. Not the deciding (`control/`), and no memory: who asks again after a restart uses the same key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from realtime.floor import Floor
from realtime.log import Log, LogAway
from realtime.log_faults import LogRestarted
from realtime.owned import Answer
from realtime.requests import Actor, AnyAsk, Request, encode
from realtime.words import Micros

PATIENCE_S = 2.0
"""An engine answers within some ten milliseconds, a new one takes over within seconds; somebody holds a receiver meanwhile."""
AGAIN_S = 0.1
"""Between two tries while the log is away: a restart of its server takes less than a second."""
OUTSTANDING = 500
"""At once: half of a large floor in one moment. More means that nobody answers, and the next are told so at once."""


class NotAnswered(Exception):
    """Nobody answered in time, or nobody could be asked. It may still be done: ask again with the same key."""


class Asker:
    """One a process. `look` must be called by who follows the log, or nothing is ever answered."""

    def __init__(self, log: Log, clock: Callable[[], Micros], new_id: Callable[[], str], patience_s: float = PATIENCE_S) -> None:
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._patience_s = patience_s
        self._waiting: dict[str, asyncio.Future[Answer]] = {}

    async def ask(self, actor: Actor, ask: AnyAsk, key: str = "") -> Answer:
        """The engine's answer, whatever its verdict."""
        if len(self._waiting) >= OUTSTANDING:
            raise NotAnswered("Too many requests wait for the engine; try again in a moment.")
        request = Request(self._new_id(), self._clock(), actor, ask, key)
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = answered
        away: list[str] = []
        try:
            async with asyncio.timeout(self._patience_s):
                await self._put(encode(request), away)
                return await answered
        except TimeoutError:
            silent = "The engine did not answer in time; see whether it runs, then try again."
            raise NotAnswered(f"The request could not be handed over: {away[-1]}" if away else silent) from None
        finally:
            del self._waiting[request.id]

    def look(self, floor: Floor) -> None:
        """After each folded step. Costs nothing while nobody waits."""
        for name, answered in self._waiting.items():
            found = floor.owned.answers.get(name)
            if found is not None and not answered.done():
                answered.set_result(found)

    async def _put(self, batch: bytes, away: list[str]) -> None:
        """Again until it is there: the engine answers one id once, so a second copy of a request harms nobody."""
        while True:
            try:
                await self._log.append([batch])
            except LogRestarted:
                continue  # said once a restart, and nothing was written
            except LogAway as fault:
                away.append(str(fault))
                await asyncio.sleep(AGAIN_S)
            else:
                away.clear()
                return
