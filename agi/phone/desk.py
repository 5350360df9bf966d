"""The shell of the dialogues: drives each for its call, asks the engine, looks at the floor, has PINs checked. One a gate.

It decides nothing. What it adds is patience: a leg that is not on the floor yet is waited for, an engine that does not answer is
not. `routes()` is its part of the server's table; another road (a dial gate) puts its own beside it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from agi.fastagi.commands import Command
from agi.fastagi.server import Call, Handler, Route
from agi.phone import caller as callers
from agi.phone.caller import Caller, Standpoint
from agi.phone.codes import GATE_AWAY, GATE_UNKNOWN
from agi.phone.dialogues import DIALOGUES, SECONDS, stranger
from agi.phone.script import Look, Proof, Prove, Put, Scene, Script, Standing, Step
from agi.watched import GateCounts
from realtime.asker import NotAnswered
from realtime.decision import Decision
from realtime.floor import Floor
from realtime.owned import Answer
from realtime.requests import Actor, AnyAsk, name_of
from realtime.words import AgentId, Device, Micros, Node

LEG_S: Final = 0.3
"""From a channel's first event to the floor knowing it: 20 ms on a quiet machine; who waits hears nothing yet."""
FLOOR_S: Final = 2.0
"""For a floor that is being read anew. Then: not now."""
SETTLED_S: Final = 1.5
"""For what follows an answer: the place on the list comes with the next fact, a pause or a removal from the PBX in 50 ms or so."""
SHOWN: Final = 80
"""Characters of a channel's name in the log: as many as Asterisk gives one."""
GRACE_S: Final = 5.0
"""Over what Asterisk was told to end the call after: it is the one to end it."""

T = TypeVar("T")


class Asking(Protocol):
    """`realtime.asker.Asker`."""

    async def ask(self, actor: Actor, ask: AnyAsk, key: str = "") -> Answer:
        """Raises NotAnswered, within two seconds: a person at a phone takes longer for a fault."""
        ...


class Proving(Protocol):
    async def prove(self, agent: str, pin: str, place: str) -> Proof:
        """`place`: the phone it was typed at."""
        ...


class Now:
    """The floor as this process has it: `floor` is None while it is behind or cut off. Fed by the follower's steps."""

    def __init__(self) -> None:
        self.floor: Floor | None = None
        self._next: asyncio.Future[None] | None = None

    def take(self, floor: Floor, *, behind: bool) -> None:
        self.floor = None if behind else floor
        if self._next is not None and not self._next.done():
            self._next.set_result(None)
        self._next = None

    async def until(self, found: Callable[[Floor], T | None], patience_s: float) -> T | None:
        """What `found` says, as soon as it says something; None when it did not within its patience."""
        end = time.monotonic() + patience_s
        while True:
            if self.floor is not None and (result := found(self.floor)) is not None:
                return result
            if (left := end - time.monotonic()) <= 0:
                return None
            if self._next is None or self._next.done():
                self._next = asyncio.get_running_loop().create_future()
            await asyncio.wait({self._next}, timeout=left)


@dataclass(frozen=True, slots=True)
class Centre:
    """What the settings say of the PBXs: their nodes, and of each its lines to the world and the prefix of its staff numbers."""

    nodes: Collection[str]
    lines: Mapping[str, Collection[str]]
    prefixes: Mapping[str, str]


class Desk:
    def __init__(
        self,
        centre: Centre,
        now: Now,
        asking: Asking,
        proving: Proving,
        counts: GateCounts,
        clock: Callable[[], Micros],
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._centre = centre
        self._now = now
        self._asking = asking
        self._proving = proving
        self._counts = counts
        self._clock = clock
        self._told = told

    def routes(self) -> dict[str, Route]:
        return {word: Route(self._handler(word), SECONDS[word] + GRACE_S) for word in DIALOGUES}

    def _handler(self, word: str) -> Handler:
        async def handle(call: Call) -> None:
            await self._serve(word, call)

        return handle

    async def _serve(self, word: str, call: Call) -> None:
        environment = call.environment
        node = callers.node_of(environment.query, self._centre.nodes)
        lines = self._centre.lines.get(node or "", ())
        found: Caller | None = None
        if node is not None:
            there = node  # for the closure: it is not None
            await self._now.until(lambda floor: floor, FLOOR_S)
            found = await self._now.until(
                lambda floor: callers.caller(floor, there, environment.channel, environment.uniqueid, lines), LEG_S
            )
        scene = self._scene(word, call, node or Node(""), found)
        if self._now.floor is None:
            script = stranger(scene, GATE_AWAY)
        elif found is None:
            self._told(f"{environment.channel[:SHOWN]} asked for {word} on {node or 'no PBX of ours'}: no such call is known there.")
            script = stranger(scene, GATE_UNKNOWN)
        else:
            script = DIALOGUES[word](scene)
        await self._play(call, scene, script)

    def _scene(self, word: str, call: Call, node: Node, found: Caller | None) -> Scene:
        floor = self._now.floor
        rules = floor.rules if floor is not None else None
        found = found or Caller(Device(""))
        now, here = self._clock(), Standpoint(node, found.device, call.environment.uniqueid)
        return Scene(
            word=word,
            uniqueid=call.environment.uniqueid,
            node=node,
            device=found.device,
            agent=found.agent,
            resident=found.resident,
            query=call.environment.query,
            now=now,
            zone=rules.timezone if rules is not None else "",
            language_of=lambda agent: callers.language_of(floor, agent) if floor is not None else "",
            named=lambda typed: callers.named(floor, typed, self._centre.prefixes.get(node, "")) if floor is not None else AgentId(typed),
            coded=lambda typed: callers.coded(floor, typed) if floor is not None else typed,
            last=lambda agent: callers.last_dial(floor, agent, here, now) if floor is not None else "",
        )

    async def _play(self, call: Call, scene: Scene, script: Script) -> None:
        """Until the dialogue is over, or nobody is there any more (Gone)."""
        said, asked = None, 0
        try:
            while True:
                step = script.send(said)
                asked += isinstance(step, Put)
                said = await self._perform(call, scene, step, asked)
        except StopIteration:
            return
        finally:
            script.close()

    async def _perform(self, call: Call, scene: Scene, step: Step, asked: int) -> object:
        match step:
            case Command():
                return await call.do(step)
            case Put(agent, ask):
                return await self._put(scene, agent, ask, asked)
            case Prove(agent, pin):
                return await self._proving.prove(agent, pin, f"{scene.node}/{scene.device}")
            case Look(agent, settled):
                return await self._look(agent, settled)

    async def _put(self, scene: Scene, agent: AgentId, ask: AnyAsk, asked: int) -> Decision | None:
        """One call asks each thing once, whatever is sent twice on the way."""
        await self._now.until(lambda floor: callers.answered(floor, scene.node, scene.device, scene.uniqueid) or None, LEG_S)
        key = f"phone:{scene.node}:{scene.uniqueid}:{asked}:{name_of(ask)}"
        began = time.monotonic()
        try:
            answer = await self._asking.ask(Actor(f"agent:{agent}", agent=agent, via="phone"), ask, key)
        except NotAnswered:
            return None
        self._counts.decision.observe(time.monotonic() - began)
        return answer.decision

    async def _look(self, agent: AgentId, settled: Callable[[Standing], bool]) -> Standing:
        def found(floor: Floor) -> Standing | None:
            standing = callers.standing(floor, agent)
            return standing if settled(standing) else None

        standing = await self._now.until(found, SETTLED_S)
        if standing is None:
            floor = self._now.floor
            standing = callers.standing(floor, agent) if floor is not None else Standing()
        return standing
