"""The link between a simulated PBX and the adapter: what `agi/client.py` does with sockets, in virtual time.

It runs the real session over bytes that come late and in pieces, and obeys the reporter's effects.
"""

from __future__ import annotations

from random import Random

from agi.codec import Message
from agi.errors import LinkLost, LocalError, Unreachable
from agi.exchange import Credentials, Linked, Lost, Output, Ponged, Received, Reply, Send
from agi.queuelog import since
from agi.reporter import Effect, ReadQueueLog, Reporter
from agi.session import Session
from agi.simulator.manager import Manager
from agi.simulator.session import Session as Far
from agi.sync import Ask
from agi.translate import VARIABLES, WANTED
from realtime.words import SECOND, Micros
from tests.simulation.plan import Plan

CREDENTIALS = Credentials("andon", "andon-demo")
STAMP = b"\r\nTimestamp: "


class Road:
    """One adapter's link. `now` is our clock; the PBX's is the manager's own."""

    def __init__(self, plan: Plan, manager: Manager, reporter: Reporter, chance: Random, number: int) -> None:
        self.reporter = reporter
        self.asked: dict[str, int] = {}
        """How often each action was sent."""
        self._plan = plan
        self._manager = manager
        self._chance = chance
        self._number = number * 10_000
        self._session: Session | None = None
        self._far: Far | None = None
        self._late: list[tuple[Micros, bytes]] = []
        self._again: Micros = 0
        self._reads: list[tuple[Micros, ReadQueueLog]] = []
        self._now: Micros = 0

    @property
    def quiet(self) -> bool:
        """Nothing is under way between the two."""
        return self._session is not None and not self._late and not self._reads

    def step(self, now: Micros) -> None:
        self._now = now
        if self._session is None:
            if now >= self._again:
                self._connect()
        else:
            self._exchange()
        self._obey(self.reporter.tick(now))
        for due, wanted in [each for each in self._reads if each[0] <= now]:
            self._reads.remove((due, wanted))
            self._read(wanted)

    def _connect(self) -> None:
        self._far = self._manager.connect()
        if self._far is None:
            self.reporter.lost(Unreachable("No connection to the PBX (refused): check that Asterisk runs, and bindaddr."), self._now)
            self._wait()
            return
        self._number += 1
        self._late.clear()
        self._session = Session(CREDENTIALS, f"day-{self._number}", self._now, wanted=WANTED, variables=VARIABLES)
        self._exchange()

    def _wait(self) -> None:
        self._again = self._now + int(self._chance.uniform(0.1, 6) * SECOND)

    def _exchange(self) -> None:
        """What the PBX said, then what we say, until nobody has more to say at once."""
        far = self._far
        assert far is not None
        self._hear(far)
        for due, data in [each for each in self._late if each[0] <= self._now]:
            if self._session is None:
                return
            self._late.remove((due, data))
            self._feed(data)
        if self._session is not None and far.closed and not self._late:
            self._perform(self._session.closed_by_peer() if self._chance.random() < 0.5 else self._session.end(LinkLost("It broke.")))
        elif self._session is not None:
            self._perform(self._session.tick(self._now))
        if self._session is not None and not self._plan.lag_s and far._out:
            self._exchange()

    def _hear(self, far: Far) -> None:
        data = far.take()
        if not self._plan.stamped:
            data = unstamped(data)
        if far.closed and data:
            data = data[: self._chance.randrange(len(data) + 1)]  # the last of it may be lost on the way
        lag = int(self._chance.random() * self._plan.lag_s * SECOND) if self._chance.random() < 0.1 else 0
        due = max(self._now + lag, self._late[-1][0] if self._late else 0)
        if data:
            self._late.append((due, data))

    def _feed(self, data: bytes) -> None:
        while data and self._session is not None:
            size = self._chance.choice((1 + self._chance.randrange(100), 1460, len(data)))
            piece, data = data[:size], data[size:]
            self._perform(self._session.receive(piece, self._now))

    def _perform(self, outputs: list[Output]) -> None:
        for output in outputs:
            match output:
                case Send(data):
                    if self._far is not None:
                        self._far.receive(data)
                case Received(items):
                    self._received(items)
                case Ponged():
                    self.reporter.ponged(self._now)
                case Linked():
                    self._obey(self.reporter.linked(self._now))
                case Lost(error):
                    self.leave()
                    self.reporter.lost(error, self._now)

    def _received(self, items: list[Message | Reply]) -> None:
        self._obey(self.reporter.received(items, self._now))

    def leave(self) -> None:
        """Close our end."""
        if self._far is not None:
            self._far.closed = True
        self._session = self._far = None
        self._late.clear()
        self._wait()

    def _obey(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Ask(action):
                    self.asked[action.name] = self.asked.get(action.name, 0) + 1
                    try:
                        if self._session is not None:
                            self._perform([self._session.send(action, self._now)[1]])
                    except LocalError:
                        continue  # as the adapter's shell does
                case ReadQueueLog():
                    self._reads.append((self._now + int(self._chance.choice((0, 0, 0.6, 3)) * SECOND), effect))

    def _read(self, wanted: ReadQueueLog) -> None:
        lines = since(self._manager.pbx.queue_log, wanted.since_s) if self._plan.queue_log else None
        self._obey(self.reporter.read(wanted.number, lines, self._now))


def unstamped(data: bytes) -> bytes:
    """As with timestampevents=no. The stamp follows Privilege, which only events have; a pong keeps its own."""
    parts = data.split(b",all" + STAMP)
    return parts[0] + b"".join(b",all\r\n" + part.partition(b"\r\n")[2] for part in parts[1:])
