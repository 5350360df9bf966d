"""When screens get what: turns the steps of a follower into frames, at most one a beat for each audience.

Not the fold (`realtime.fold`), not the rows (`realtime.view`), not slow clients (`clients.py`). The first change after
quiet goes out at once; what follows within `BEAT_S` goes out together. Each delta leads from the position of the frame
before it, so a screen notices a gap. While nothing changes there is a heartbeat a second.

A snapshot may be made between two beats: it then carries the position of the last beat and already holds rows that the
next delta brings again. A row replaces a row, so both orders end in the same floor.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from typing import NamedTuple, Protocol

import msgspec

from realtime.changes import Changes
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.log import Position
from realtime.rows import Delta, Snapshot
from realtime.scope import Scope
from realtime.view import Reveal
from realtime.words import SECOND, Micros
from wallboard.authorise import Role
from wallboard.boards import Boards
from wallboard.clients import Client, Clients, Stage
from wallboard.metrics import BoardMetrics
from wallboard.protocol import Audience, delta_message, heartbeat_message, snapshot_message, text_frame

BEAT_S = 0.045
"""Some twenty frames a second: nobody reads faster, and a burst of facts becomes one frame. The way from the PBX and to the
screens takes the rest of 50 ms."""
HEARTBEAT_S = 1.0
"""A page calls itself stale after 3 s, so one lost heartbeat is no alarm."""
NOWHERE = Position(0, "0")
"""The position of a log that nobody has written to."""

MINUTE: Micros = 60 * SECOND
"""Curves have a point a minute, so all queues bring theirs when a minute has turned, changed or not."""

Clock = Callable[[], Micros]


class Step(Protocol):
    """What a follower says of one read (`realtime.follower.Step`)."""

    @property
    def floor(self) -> Floor: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def position(self) -> Position | None: ...
    @property
    def rebuilt(self) -> bool: ...
    @property
    def behind(self) -> bool: ...
    @property
    def away(self) -> str: ...


class Follower(Protocol):
    def steps(self) -> AsyncIterator[Step]: ...


class Renderer(Protocol):
    """`realtime.view`, as a module."""

    def snapshot(
        self, floor: Floor, name: str, position: str, now: Micros, reveal: Reveal, scope: Scope | None = None, *, inside: bool
    ) -> Snapshot: ...

    def delta(
        self,
        floor: Floor,
        changes: Changes,
        now: Micros,
        reveal: Reveal,
        *,
        series: bool,
        scope: Scope | None = None,
        inside: bool,
        places: bool,
    ) -> Delta: ...

    def places_of(self, floor: Floor, now: Micros) -> Hashable | None: ...


class Sight(NamedTuple):
    """What audiences may have in common: the same rows, encoded once. `board` is empty for those that see the whole floor.

    `numbers`: who may see callers' numbers acts on the floor, so it is also who is told reasons and orders.
    """

    numbers: bool
    board: str


def hidden(_number: Sealed) -> str | None:
    """The reveal of those who see no numbers."""
    return None


class Feed:
    """One floor's feed. `mask` says a number to those who may see it masked; nobody sees more through the board."""

    def __init__(
        self,
        name: str,
        follower: Follower,
        renderer: Renderer,
        mask: Reveal,
        clients: Clients,
        boards: Boards,
        clock: Clock,
        build: str,
    ) -> None:
        self.away = "The board has only just begun to read the log."
        """Why what is shown may not be the present, as a sentence; empty when it is."""
        self.metrics = BoardMetrics(clients, lambda: bool(self.away), lambda: self._floor, clock)
        self.beat: Callable[[Floor, Changes, bool], None] = lambda _floor, _changes, _everything: None
        """Who else is told what changed, once a beat: the pages of single agents (`me_feed.py`)."""
        self.folded: Callable[[Floor], None] = lambda _floor: None
        """Who else is told of every step, at once: whoever waits for the engine's answer."""
        self._name, self._build = name, build
        self._follower, self._renderer, self._mask = follower, renderer, mask
        self._clients, self._boards, self._clock = clients, boards, clock
        self._encoder = msgspec.json.Encoder()
        self._floor: Floor | None = None
        self._folded = self._published = NOWHERE
        self._changes = Changes()
        self._renew = False
        self._building = True
        self._due = asyncio.Event()
        self._beat_at = -BEAT_S  # when the last beat began, by the loop's clock
        self._sent_at = 0.0  # when screens last got anything
        self._encoded: dict[Sight, bytes] = {}
        self._frames: dict[tuple[Audience, Role], bytes] = {}
        self._scopes: dict[Sight, Scope | None] = {}  # with what each was told
        self._sights: dict[Audience, Sight] = {}
        self._places: Hashable | None = None  # as was told last
        self._made: Micros = 0  # when the oldest of these two was
        self._minute = 0  # that screens have the curves of
        self._heard: Micros = 0  # when the newest fact we know of was read from a PBX
        self._first_seen: Micros = 0  # of the first fact of this beat; 0 for one that no PBX told

    @property
    def position(self) -> str:
        """Up to where what went out last had read."""
        return str(self._published)

    @property
    def floor(self) -> Floor | None:
        """As it is folded now, for who reads it at once and keeps nothing of it."""
        return self._floor

    @property
    def has_floor(self) -> bool:
        return self._floor is not None

    def reasons(self) -> list[str]:
        """Why it is not ready, a sentence each."""
        reasons = []
        if self._floor is None:
            reasons.append("No floor has been read from the log yet.")
        if self.away:
            reasons.append(self.away)
        return reasons

    async def run(self) -> None:
        """Follows and publishes until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow())
            group.create_task(self._beat())

    def welcome(self, client: Client) -> None:
        """Its first snapshot, or a place in the first beat that has one."""
        if self._floor is not None:
            client.begin(self.snapshot_for(client))

    def snapshot_for(self, client: Client) -> bytes:
        """One frame for all of an audience and role: a thousand screens that come back together share it."""
        self._forget_old()
        whom = (client.audience, client.role)
        if whom not in self._frames:
            floor, time = self.snapshot(client.audience), self._clock() / SECOND
            plan = self._boards.get(client.audience.board) if client.audience.view == "wall" else None
            message = snapshot_message(floor, str(self._published), self._build, client.role, time, plan)
            self._frames[whom] = text_frame(message)
        return self._frames[whom]

    def snapshot(self, audience: Audience) -> bytes:
        """`rows.Snapshot` as JSON; made once a beat however many ask. Only when there is a floor."""
        assert self._floor is not None, "asked for a snapshot before there was a floor"
        self._forget_old()
        sight = self._sight(audience)
        if sight not in self._encoded:
            now, reveal, scope = self._clock(), self._reveal(sight), self._scopes.get(sight)
            rows = self._renderer.snapshot(self._floor, self._name, str(self._published), now, reveal, scope, inside=sight.numbers)
            self._encoded[sight] = self._encoder.encode(rows)
        return self._encoded[sight]

    def _sight(self, audience: Audience) -> Sight:
        """A board that shows everything shares what is encoded for the whole floor; one that is gone shows nothing."""
        if audience not in self._sights:
            plan = self._boards.get(audience.board)
            whole = not audience.board or (plan is not None and plan.scope() is None)
            self._sights[audience] = Sight(audience.numbers, "" if whole else audience.board)
        sight = self._sights[audience]
        if sight.board and sight not in self._scopes:
            plan = self._boards.get(sight.board)
            self._scopes[sight] = plan.scope() if plan is not None else Scope([])
        return sight

    def renew(self) -> None:
        """Boards have changed: every screen gets a snapshot, which says what to draw, with the next beat."""
        if self._floor is not None:
            self._renew = True
            self._due.set()

    def _forget_old(self) -> None:
        """A snapshot tells the time, and screens set their clocks by it: it may be a beat old, even on a quiet floor."""
        now = self._clock()
        if abs(now - self._made) > BEAT_S * SECOND:
            self._forget()
            self._made = now

    def _forget(self) -> None:
        self._encoded.clear()
        self._frames.clear()

    # -------------------------------------------------------------- following

    async def _follow(self) -> None:
        async for step in self._follower.steps():
            self._take(step)

    def _take(self, step: Step) -> None:
        if step.away:
            self.away = step.away
            return
        self.folded(step.floor)
        self._building |= step.rebuilt
        self._renew |= self._building or bool(self.away) or step.changes.everything
        if self._building and step.behind:  # half a floor is no floor: until it is whole, the one before stays
            self.away = "The board is still reading the log from its last checkpoint on."
            return
        self._building, self.away = False, ""
        self._floor, self._folded = step.floor, step.position or NOWHERE
        merge(self._changes, step.changes)
        self._call_for_a_beat(step.floor)

    def _call_for_a_beat(self, floor: Floor) -> None:
        heard = max((node.heard for node in floor.nodes.values()), default=0)
        if heard > self._heard and not self._renew:
            self.metrics.fold_lag.observe(max(0, self._clock() - heard) / SECOND)
        if (self._renew or self._changes) and not self._due.is_set():
            self._first_seen = heard if heard > self._heard and not self._renew else 0
            if asyncio.get_running_loop().time() >= self._beat_at + BEAT_S:
                self._publish()  # after quiet; by way of the beat's task it would go out behind the next read
            else:
                self._due.set()
        self._heard = heard

    # ------------------------------------------------------------- publishing

    async def _beat(self) -> None:
        """What came within a beat of the last frame, and a sign of life after a second without one."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout_at(self._sent_at + HEARTBEAT_S):
                    await self._due.wait()
            except TimeoutError:
                self._stay_alive(loop.time())
                continue
            await asyncio.sleep(max(0.0, self._beat_at + BEAT_S - loop.time()))
            if self._due.is_set():
                self._publish()

    def _stay_alive(self, now: float) -> None:
        if now < self._sent_at + HEARTBEAT_S:
            return  # a frame went out meanwhile
        if self._floor is not None and self._minute_turned():
            self._publish()
        else:
            self._sent_at = now
            self._heartbeat()

    def _publish(self) -> None:
        clock = asyncio.get_running_loop().time
        self._beat_at = self._sent_at = clock()
        self._send_beat()
        self._measure(clock() - self._beat_at)

    def _send_beat(self) -> None:
        assert self._floor is not None
        self._due.clear()
        self._forget()
        start, self._published = self._published, self._folded
        changes, self._changes = self._changes, Changes()
        series = self._minute_turned()
        self._minute = self._clock() // MINUTE
        self.beat(self._floor, changes, self._renew)
        if self._renew:
            self._renew = False
            self._send_snapshots()
            return
        if series:
            changes.queues |= self._floor.queues.keys()
        self._send_deltas(self._floor, changes, start, series)

    def _minute_turned(self) -> bool:
        return self._clock() // MINUTE != self._minute

    def _send_snapshots(self) -> None:
        self._scopes.clear()  # nobody keeps a row of before
        self._sights.clear()
        for client in self._clients:
            if client.stage is not Stage.BEHIND:  # who is behind gets one when it reads again
                client.begin(self.snapshot_for(client))

    def _send_deltas(self, floor: Floor, changes: Changes, start: Position, series: bool) -> None:
        frames: dict[Sight, bytes] = {}
        places = self._places_moved(floor, changes)
        for audience, clients in self._clients.by_audience().items():
            sight = self._sight(audience)
            if sight not in frames:
                reveal, scope = self._reveal(sight), self._scopes.get(sight)
                now = self._clock()
                rows = self._renderer.delta(floor, changes, now, reveal, series=series, scope=scope, inside=sight.numbers, places=places)
                frames[sight] = text_frame(delta_message(self._encoder.encode(rows), str(start), str(self._published)))
            for client in clients:
                client.offer(frames[sight])
        for sight in self._scopes.keys() - frames.keys():
            del self._scopes[sight]  # nobody hears its deltas, so what it was told would only grow

    def _places_moved(self, floor: Floor, changes: Changes) -> bool:
        """Whether how many are out and may be out is another than was told: the list of who waits need not travel with every agent."""
        if not changes.agents and not changes.gone_agents:
            return False
        before, self._places = self._places, self._renderer.places_of(floor, self._clock())
        return self._places is None or self._places != before

    def _heartbeat(self) -> None:
        frame = text_frame(heartbeat_message(self._clock() / SECOND, str(self._published), bool(self.away)))
        for clients in self._clients.by_audience().values():
            for client in clients:
                client.offer(frame)

    def _measure(self, took_s: float) -> None:
        self.metrics.render.observe(took_s)
        if self._first_seen:
            self.metrics.lag.observe(max(0, self._clock() - self._first_seen) / SECOND)

    def _reveal(self, sight: Sight) -> Reveal:
        return self._mask if sight.numbers else hidden


_TABLES = (("queues", "gone_queues"), ("agents", "gone_agents"), ("calls", "gone_calls"))


def merge(into: Changes, later: Changes) -> None:
    """Adds what a later step touched: what came back is not gone, and what is gone has no row."""
    into.everything |= later.everything
    into.nodes |= later.nodes
    into.owned |= later.owned
    for here, gone in _TABLES:
        rows, lost = getattr(into, here), getattr(into, gone)
        rows -= getattr(later, gone)
        lost -= getattr(later, here)
        rows |= getattr(later, here)
        lost |= getattr(later, gone)
