"""The processes of a shift beside the engine, as far as tests must stand in for shells: an adapter's outbox and link, a board.

What decides in them is the real thing: session, reporter and doer behind the link, the fold in the board.
"""

from __future__ import annotations

import asyncio
from typing import Any

from agi.codec import Action, Message
from agi.errors import IllegalMove, NotLinked
from agi.exchange import Outcome, Reply
from agi.session import State
from realtime.changes import Changes
from realtime.factcodec import join
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.log import LogAway
from realtime.log_faults import LogRestarted
from realtime.words import Micros
from tests.simulation.laws import Laws
from tests.simulation.road import Road
from tests.simulation.server import Door

KEEP_S = 5.0
"""What a producer appends again after a restart of the server, as `realtime/appender.py`."""
FOLDING = FloorFolding()


class Outbox:
    """Of one life of the adapter: what it holds is lost with it."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._waiting: list[bytes] = []
        self._kept: list[tuple[float, bytes]] = []

    def put(self, encoded: bytes) -> bool:
        self._waiting.append(encoded)
        return True

    @property
    def empty(self) -> bool:
        return not self._waiting

    async def flush(self, now: float) -> None:
        batches = [join(self._waiting)] if self._waiting else []
        kept = [batch for _, batch in self._kept]
        try:
            await self._door.append(batches)
        except LogRestarted:
            await self._door.append([*kept, *batches])
            self._kept = [(now, batch) for batch in kept]
        except LogAway:
            return
        self._waiting.clear()
        self._kept = [each for each in self._kept if each[0] >= now - KEEP_S] + [(now, batch) for batch in batches]


class AskedRoad(Road):
    """A road on which somebody awaits replies, too: `agi/client.py`'s `ask`."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._asked: dict[str, asyncio.Future[Reply]] = {}

    def linked(self) -> bool:
        return self._session is not None and self._session.state is State.LIVE

    async def ask(self, action: Action) -> Reply:
        try:
            if self._session is None:
                raise NotLinked("There is no link to the PBX.")
            action_id, output = self._session.send(action, self._now)
        except (NotLinked, IllegalMove) as error:
            return Reply(action, "", None, [], str(error), Outcome.LINK_LOST)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked[action_id] = answer
        self._perform([output])
        return await answer

    def _received(self, items: list[Message | Reply]) -> None:
        left: list[Message | Reply] = []
        for item in items:
            answer = self._asked.pop(item.action_id, None) if isinstance(item, Reply) else None
            if answer is None:
                left.append(item)
            elif isinstance(item, Reply) and not answer.done():
                answer.set_result(item)
        super()._received(left)


class Board:
    """Folds the log as every process does; begins anew where its tail was lost. `heard` are facts that no board has folded before."""

    def __init__(self, door: Door, laws: Laws) -> None:
        self.floor = Floor()
        self.batches: list[bytes] = []
        self._door = door
        self._laws = laws
        self._position: Any = None

    async def follow(self, now: Micros) -> None:
        try:
            records = await self._door.read(self._position, 100_000)
        except LogAway:
            return
        for position, batch in records:
            self._position = position
            self.batches.append(batch)
            self._laws.batch(self.floor, batch, now)

    async def begin_anew(self) -> None:
        """The server forgot its last second: the floor is another one."""
        self.floor, self.batches, self._position = Floor(), [], None
        for position, batch in await self._door.read(None, 100_000):
            self._position = position
            self.batches.append(batch)
            FOLDING.apply_batch(self.floor, batch, Changes())
        self._laws.anew(self.floor)
