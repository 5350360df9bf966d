"""One gate's process on an outbound day: the real `DialGate`, follower, appender and `RedisLedger`, with a clock of its own.

What stands in for the rest: the FastAGI connection (`Dialplan`), and a link to a ledger's server in this process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from agi.dial.gate import DialGate, Means
from agi.fastagi.codec import Reply, environment
from agi.fastagi.commands import Command
from agi.phone.desk import Centre, Now
from agi.watched import DialCounts
from andon.roles.gate import Refusals
from realtime.appender import Appender
from realtime.dial.model import Consent, ListSeen
from realtime.factcodec import encode
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.ledger.ledger_redis import RedisLedger
from realtime.outbound import dial_id
from realtime.words import SECOND, Micros
from tests.simulation.dialling_pbx import Dial
from tests.simulation.dialling_plan import NODE
from tests.simulation.dialling_server import Link

if TYPE_CHECKING:
    from tests.simulation.dialling import Dialling

FLOOR = "floor"
GUARD_S = 5.0
"""The dialplan's own: after it there is no verdict."""
FOLDING = FloorFolding()


class Dialplan:
    """What Asterisk is to the gate."""

    hung_up = False

    def __init__(self, lines: Iterable[str]) -> None:
        self.environment = environment(lines)
        self.variables: dict[str, str] = {}

    async def do(self, command: Command) -> Reply:
        if command.words[:2] == ("EXEC", "MSet"):
            self.variables |= dict(pair.split("=", 1) for pair in command.words[2].split(","))
        return Reply(200, "0")


class NoLists:
    def seen(self, names: Iterable[str], e164: str) -> dict[str, ListSeen]:
        return {name: ListSeen(name) for name in names}

    def consents(self, names: Iterable[str], e164: str) -> tuple[Consent, ...]:
        return ()


class Gate:
    def __init__(self, day: Dialling, name: str) -> None:
        self.name = name
        self.skew: Micros = 0
        """Of its clock."""
        self._day = day
        loop = asyncio.get_running_loop()
        server = day.server
        link: Any = Link(day.ledger, f"{{{FLOOR}}}:epoch")  # stands in for a RedisLink
        self.ledger = RedisLedger("redis://", FLOOR, link, session=name, clock=loop.time)
        self.now = Now()
        self.follower = Follower(server.door(server.facts), day.checkpoints, FOLDING)
        self._appender = Appender(server.door(server.facts), clock=loop.time)
        refusals = Refusals(self._appender, f"refusals-{name}")
        count = iter(range(10**9))
        means = Means(self.ledger, NoLists(), day.sealer, encode, refusals.keep, lambda: dial_id(day.now, f"{name}.{next(count)}"))
        centre = Centre((NODE,), {NODE: ("PJSIP/carrier",)}, {})
        self.gate = DialGate(centre, self.now, means, DialCounts(), lambda: day.now + self.skew)
        self._asking: set[asyncio.Task[None]] = set()
        self._tasks = [asyncio.create_task(work) for work in (self._follow(), self.ledger.run(), self._appender.run())]

    async def ask(self, dial: Dial, channel: Mapping[str, str]) -> Mapping[str, str]:
        """What the dialplan has when the gate is done, hangs, or is gone."""
        dialplan = Dialplan(_lines(dial, channel, self._day.now))
        task = asyncio.create_task(self.gate.handle(dialplan))  # type: ignore[arg-type]
        self._asking.add(task)
        await asyncio.wait({task}, timeout=GUARD_S)
        self._asking.discard(task)
        if task.done() and not task.cancelled() and (bug := task.exception()) is not None:
            raise bug
        return dict(dialplan.variables)

    def check(self) -> None:
        """A bug of one of its tasks is one of the day's."""
        for task in self._tasks:
            if task.done() and not task.cancelled() and (bug := task.exception()) is not None:
                raise bug

    async def end(self) -> None:
        everything = [*self._tasks, *self._asking]
        for task in everything:
            task.cancel()
        await asyncio.gather(*everything, return_exceptions=True)
        await self.ledger.close()

    async def _follow(self) -> None:
        async for step in self.follower.steps():
            self.now.take(step.floor, behind=step.behind)


def _lines(dial: Dial, channel: Mapping[str, str], now: Micros) -> list[str]:
    said = {"node": NODE}
    if not dial.by_hand:
        said |= {"campaign": dial.campaign, "method": dial.method, "reserved": "1" if dial.reserved else "0", "agent": dial.agent}
        said |= {"person": dial.person, "debt": dial.debt, "callback": str(now // SECOND) if dial.callback else ""}
    lines = [f"agi_network_script: dial?{urlencode({name: value for name, value in said.items() if value})}"]
    lines += [f"agi_{name}: {value}" for name, value in channel.items()]
    return [*lines, f"agi_extension: {dial.number}", f"agi_arg_1: {dial.number}", f"agi_arg_2: {dial.call}"]
