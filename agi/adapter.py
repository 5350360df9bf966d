"""The adapter of one PBX: its events become facts in the log, for as long as the process lives.

The shell of `reporter.py`, which decides everything: the client, the clock, and the thread that reads the tail of queue_log.
It is the client's handler, called from the reader in the order of the wire; nothing here waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agi.client import STEADY_S, TICK_S, AmiClient, Endpoint, Surroundings
from agi.codec import Action, Message
from agi.errors import AmiError, Closed, LocalError
from agi.exchange import TIMING, Credentials, Reply, Timing
from agi.orders import Verdict
from agi.queuelog import since
from agi.reporter import REASON_MAX, Effect, Outbox, ReadQueueLog, Reporter
from agi.sync import Ask
from agi.translate import VARIABLES, WANTED
from agi.watched import families_of_link, families_of_reporter
from realtime.factcodec import UNREADABLE
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.vitals import Family
from realtime.words import SECOND, Micros, Node, Uniqueid

__all__ = ["Adapter", "Outbox", "Pbx"]

TAIL_BYTES = 2_097_152
"""Of queue_log: some 20,000 lines, 5,000 calls, a day of sixty agents. What lies before it stays unknown."""


@dataclass(frozen=True, slots=True)
class Pbx:
    """One PBX as the settings say it."""

    node: Node
    endpoint: Endpoint
    credentials: Credentials
    control: Credentials | None = None
    queue_log: Path | None = None
    trunks: frozenset[str] = frozenset()
    agent_prefix: str = ""
    timing: Timing = field(default=TIMING)


class Adapter:
    """`run()` it in a task. `floor` is what the log said when this process began, `day_begins` when today did.

    `told` hears why a link is away, a sentence each time it is another one, and when it is back.
    """

    def __init__(
        self,
        pbx: Pbx,
        outbox: Outbox,
        seal: Callable[[str, Micros], Sealed | None],
        session: str,
        floor: Floor,
        day_begins: Micros = 0,
        surroundings: Surroundings | None = None,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.reporter = Reporter(
            pbx.node,
            session,
            seal,
            outbox,
            floor,
            trunks=pbx.trunks,
            agent_prefix=pbx.agent_prefix,
            day_begins=day_begins,
            queue_log=pbx.queue_log is not None,
        )
        self._pbx = pbx
        self._around = surroundings or Surroundings()
        self._news = News(told)
        self._tasks: asyncio.TaskGroup
        self._client = self._client_for(pbx.credentials, self, WANTED, "on")
        self._control = self._control_for(pbx.control, Quiet(News(told, "control: "), self.received)) if pbx.control is not None else None

    def _control_for(self, credentials: Credentials, handler: Quiet) -> AmiClient:
        return self._client_for(credentials, handler, frozenset(), "off")

    def _client_for(self, credentials: Credentials, handler: Adapter | Quiet, wanted: frozenset[str], events: str) -> AmiClient:
        pbx = self._pbx
        return AmiClient(
            pbx.endpoint,
            credentials,
            handler,
            wanted=wanted,
            variables=VARIABLES,
            events=events,
            timing=pbx.timing,
            surroundings=self._around,
        )

    async def run(self) -> None:
        """Until cancelled. A bug in translation comes out here and ends the process; the supervisor starts it again."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            tasks.create_task(self._client.run())
            if self._control is not None:
                tasks.create_task(self._control.run())
            tasks.create_task(self._tick())

    def families(self) -> list[Family]:
        """Of the session that facts come from: the other one wants no events, and says in the log why it is away."""
        return [*families_of_link(self._client.counts), *families_of_reporter(self.reporter.counts)]

    # ------------------------------------------------------------------ for who does orders

    async def act(self, action: Action) -> Reply:
        """On the control session where the settings have one: while an action runs, its session gets no events."""
        return await (self._control or self._client).ask(action)

    def can_act(self) -> bool:
        return (self._control or self._client).live

    def name_of(self, leg: Uniqueid) -> str:
        """Of a live channel; empty for one that is gone."""
        channel = self.reporter.tracker.channels.get(leg)
        return channel.name if channel is not None else ""

    def done(self, order: str, found: Verdict) -> None:
        """Say what became of an order."""
        self.reporter.done(order, found.outcome, found.said, self._around.clock())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._perform(self.reporter.tick(self._around.clock()))

    # ------------------------------------------------------------------ the handler of the facts session

    def linked(self, banner: str, now: int) -> None:
        self._news.linked(now)
        self._perform(self.reporter.linked(now))

    def received(self, items: Sequence[Message | Reply], now: int) -> None:
        began = time.perf_counter()
        effects = self.reporter.received(items, now)
        self.reporter.counts.translate.observe(time.perf_counter() - began)
        self._perform(effects)

    def ponged(self, now: int) -> None:
        self._news.ponged(now)
        self.reporter.ponged(now)

    def lost(self, error: AmiError, now: int) -> None:
        self._news.away(error)
        self.reporter.lost(error, now)

    # ------------------------------------------------------------------ inside

    def _perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Ask(action):
                    client = self._control if self._control is not None and action.name == "Setvar" else self._client
                    self._send(client, effect)
                case ReadQueueLog():
                    self._tasks.create_task(self._read(effect))  # a bug in it ends the adapter, too

    def _send(self, client: AmiClient, ask: Ask) -> None:
        """What cannot be sent now is asked again when the machine's patience ends; a lost link begins anew anyway."""
        try:
            client.send(ask.action)
        except LocalError:
            if client is self._control:
                self._send(self._client, ask)

    async def _read(self, wanted: ReadQueueLog) -> None:
        path = self._pbx.queue_log
        lines = await asyncio.to_thread(tail, path, wanted.since_s) if path is not None else None
        self._perform(self.reporter.read(wanted.number, lines, self._around.clock()))


class Quiet:
    """The handler of the control session, which wants no events. What it is answered concerns the syncing: a refused fence."""

    def __init__(self, news: News, replied: Callable[[Sequence[Message | Reply], int], None]) -> None:
        self._news = news
        self._replied = replied

    def linked(self, banner: str, now: int) -> None:
        self._news.linked(now)

    def received(self, items: Sequence[Message | Reply], now: int) -> None:
        self._replied([item for item in items if isinstance(item, Reply)], now)

    def ponged(self, now: int) -> None:
        self._news.ponged(now)

    def lost(self, error: AmiError, now: int) -> None:
        self._news.away(error)


class News:
    """Of one link, for who runs Andon: a PBX that is away all night is one line, not one for each attempt."""

    def __init__(self, told: Callable[[str], None], whose: str = "") -> None:
        self._told = told
        self._whose = whose
        self._away = ""
        self._linked: Micros = 0

    def away(self, error: AmiError) -> None:
        if not isinstance(error, Closed) and str(error) != self._away:
            self._away = str(error)
            self._told(f"{self._whose}{self._away[:REASON_MAX]}")

    def linked(self, now: Micros) -> None:
        self._linked = now

    def ponged(self, now: Micros) -> None:
        """A link that breaks again and again is not back."""
        if self._away and now - self._linked >= STEADY_S * SECOND:
            self._away = ""
            self._told(f"{self._whose}the PBX answers again")


def tail(path: Path, since_s: int) -> list[str] | None:
    """The lines of queue_log since a moment, from the file that was rotated away, too; None when it cannot be read."""
    lines: list[str] = []
    try:
        for part in (path.with_name(path.name + ".1"), path):
            if part is not path and not part.exists():
                continue
            with part.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(size - TAIL_BYTES, 0))
                lines += file.read().decode("utf-8", UNREADABLE).split("\n")  # as facts have names that are no UTF-8
    except OSError:
        return None
    return since(lines, since_s)
