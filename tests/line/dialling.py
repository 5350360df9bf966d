"""Outbound calls on a real Asterisk: the dialplan that we deploy, gates as their own processes, and the far side's own CDR as the witness.

The floor under control is `control.py`'s (engine and adapter in the test's loop). What left the PBX is asked of the other server, which
knows nothing of Andon: one line of its CDR a call that reached it, with the digits as they came.
"""

from __future__ import annotations

import asyncio
import csv
import os
import secrets
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from realtime.factcodec import decode, encode, join
from realtime.facts import Fact
from realtime.keys import Keys
from realtime.log import Log, Position
from realtime.outbound import CampaignMoved, DialDecided, DialEnded
from realtime.plan.dialling import DialRules
from realtime.plan.model import Person, Plan
from realtime.words import AgentId, Node
from tests.lab import need
from tests.lab.ami import Ami, Message
from tests.lab.people import Leg, World
from tests.line.control import Controlled, clock, controlled
from tests.line.floor import free_port
from tests.line.test_phone_22 import PATIENCE_S, SETTINGS, ended, started

SHIPPED = (Path(__file__).parents[2] / "deploy/asterisk/extensions_andon.conf").read_text()
LI = AgentId("1008")
"""Sits at PJSIP/1008 by queues.conf."""
DIALPLAN = """
[globals](+)
ANDON_GATE=127.0.0.1:{port}
ANDON_GATE_2={second}
ANDON_NODE=north1
ANDON_TRUNK_TECH=PJSIP
ANDON_TRUNK=carrier
[from-phone](+)
include => andon-agent
include => andon-dial
exten => _1[3-9]XXXXXXXXX,1,Goto(andon-dial,${{EXTEN}},1)
[transfer](+)
include => andon-dial
[andon-jump]
exten => _X.,1,Goto(andon-trunk,${{EXTEN}},2)
[forwards]
exten => s,1,Dial(Local/13812345673@andon-dial/n,20)
 same => n,Set(__ANDON_METHOD=manual)
 same => n,Dial(Local/13812345674@andon-dial/n,20)
"""
FAR = """
[phones](+)
exten => _XXXXXXXXX.,1,Set(CHANNEL(accountcode)=${EXTEN})
 same => n,Goto(customer,${EXTEN:-1},1)
exten => _XXX,1,Set(CHANNEL(accountcode)=${EXTEN})
 same => n,Goto(customer,0,1)
"""
EVERY_CALL = "\n[general](+)\nunanswered=yes\n"
"""Into cdr.conf: else a call that nobody answered there is not told of."""


def plan_of(rules: DialRules) -> Plan:
    return Plan(people=(Person(id=LI, name="Li 1008", team="A"), Person(id=AgentId("1009"), name="Wang 1009", team="A")), dialling=rules)


@dataclass
class Gate:
    """One gate as its own process; its port stays the same through restarts."""

    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.process = await started(self.folder, self.port)

    async def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    async def end(self) -> None:
        if self.process is not None:
            await ended(self.process)


@dataclass
class Dialling:
    control: Controlled
    world: World
    watch: Ami
    hands: Ami
    gates: list[Gate]
    folder: Path
    sent: int = 0
    _log: Log | None = None
    _after: Position | None = None
    _decided: list[DialDecided] = field(default_factory=list)
    ended: list[DialEnded] = field(default_factory=list)
    """What the engine said became of dials: as far as the log was read."""

    # ------------------------------------------------------------------ who dials

    async def typed(self, phone: str, number: str) -> Typed:
        since = self.watch.mark
        return Typed(self, await self.world.call(phone, number), f"PJSIP/{phone}-", since)

    async def originate(self, number: str, **variables: str) -> None:
        """As a click or a forward does: somebody is there, and no agent of ours. It does not wait for what becomes of it."""
        said = {"ANDON_CAMPAIGN": "sales", "ANDON_METHOD": "manual"} | variables
        await self.originate_at(f"Local/{number}@andon-dial/n", **said)

    async def originate_at(self, channel: str, **said: str) -> None:
        self.sent += 1
        await self.hands.send(
            "Originate",
            Channel=channel,
            Application="Wait",
            Data="1",
            Async="true",
            Timeout="60000",
            Variable=",".join(f"{name}={value}" for name, value in variables_said(said)),
        )

    async def quiet(self, seconds: float = PATIENCE_S) -> None:
        """Until nothing moves on either server."""
        for server in (self.control.pair.pbx, self.control.pair.world):
            async with asyncio.timeout(seconds):
                while "0 active channels" not in await server.cli("core show channels count"):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)

    async def until_bridged(self, channel: str, since: int) -> None:
        await self.watch.wait_for(lambda event: event["Event"] == "BridgeEnter" and event["Channel"].startswith(channel), PATIENCE_S, since)

    async def until_decided(self, number: int) -> None:
        await self._until(lambda: self._many(number), "decisions")

    async def until_ended(self, number: int) -> None:
        await self._until(lambda: self._over(number), "ended dials")

    async def until_decided_of(self, number: str) -> None:
        """About this number, whatever was decided."""
        await self._until(lambda: self._about(number), f"decisions about {number}")

    async def until_allowed(self, more: int) -> None:
        """So many calls more have reached the trunk."""
        since = self.watch.mark
        await self._until(lambda: self._trunks(since) >= more, "calls at the trunk")

    async def until_refused(self, more: int) -> None:
        """So many calls more have ended without reaching the trunk."""
        since = self.watch.mark
        await self._until(lambda: sum(map(_refused, self.watch.seen[since:])) >= more, "refusals")

    async def until_ringing(self, number: int) -> None:
        """Exactly so many legs at the trunk."""
        await self._until(lambda: len(_ringing(self.watch.seen)) == number, "ringing legs")

    def _trunks(self, since: int) -> int:
        return sum(each["Event"] == "DialBegin" and "carrier" in each["DialString"] for each in self.watch.seen[since:])

    async def _about(self, number: str) -> bool:
        return any(self.number_of(each) == number for each in await self.decided())

    async def _over(self, number: int) -> bool:
        await self.decided()
        return len(self.ended) >= number

    async def _many(self, number: int) -> bool:
        return len(await self.decided()) >= number

    async def _until(self, holds: Callable[[], bool | Awaitable[bool]], what: str, seconds: float = PATIENCE_S) -> None:
        end = time.monotonic() + seconds
        while True:
            found = holds()
            if found is True or (not isinstance(found, bool) and await found):
                return
            if time.monotonic() > end:
                said = [
                    f"{each['Variable']}={each['Value']}" for each in self.watch.seen if each.get("Variable", "").startswith("ANDON_REASON")
                ]
                log = (self.gates[0].folder / "gate.log").read_text()[-2000:]
                raise AssertionError(f"no such number of {what}: {Counter(said)} {log}")
            await asyncio.sleep(0.05)

    # ------------------------------------------------------------------ the witnesses

    def left(self) -> Counter[str]:
        """Digits -> calls, by the far side's own CDR. Calls that have ended there."""
        file = self.control.pair.world.cdr
        if not file.exists():
            return Counter()
        with file.open(newline="") as lines:
            return Counter(row[0] for row in csv.reader(lines) if row and row[0])

    async def decided(self) -> list[DialDecided]:
        """Everything that the gates wrote into the log."""
        if self._log is None:
            self._log = self.control.store().log
        while records := await self._log.read(self._after):
            self._after = records[-1].position
            for fact in (fact for record in records for fact in decode(record.batch)):
                if isinstance(fact, DialDecided):
                    self._decided.append(fact)
                elif isinstance(fact, DialEnded):
                    self.ended.append(fact)
        return self._decided

    async def allowed(self) -> Counter[str]:
        """Digits -> allows, by the log; numbers opened with the gates' keys."""
        return Counter(self.number_of(fact) for fact in await self.decided() if fact.decision.verdict == "allow")

    def number_of(self, fact: DialDecided) -> str:
        """As it is dialled in China."""
        number = self.keys().sealer().open(fact.number) if fact.number is not None else None
        return (number or "?").removeprefix("+86")

    def keys(self) -> Keys:
        """The gates'."""
        return Keys(self.folder / "data/keys", make=False)

    async def says(self, *facts: Fact) -> None:
        """Straight into the log."""
        await self.control.store().log.append([join([encode(fact)]) for fact in facts])


def _refused(event: Message) -> bool:
    """The dialplan has hung up with 21: a Local channel's far half, which asked."""
    return event["Event"] == "Hangup" and event["Channel"].endswith(";2") and event["Cause"] == "21"


def _ringing(seen: Sequence[Message]) -> set[str]:
    ringing: set[str] = set()
    for event in seen:
        if "PJSIP/carrier" in event.get("Channel", ""):
            if event["Event"] == "Newstate" and event["ChannelState"] == "5":
                ringing.add(event["Channel"])
            elif event["Event"] == "Hangup":
                ringing.discard(event["Channel"])
    return ringing


def variables_said(said: dict[str, str]) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, value in said.items() if value)


class Typed:
    """One call that somebody typed at a desk phone, as the PBX had it."""

    def __init__(self, dialling: Dialling, leg: Leg, channel: str, since: int) -> None:
        self.leg = leg
        self._watch = dialling.watch
        self._channel = channel
        self._since = since

    async def over(self, seconds: float = PATIENCE_S) -> list[str]:
        """What the gate played, in order, until the PBX hung up."""
        await self.leg.gone(seconds)
        await self._watch.wait_for(lambda event: event["Event"] == "Hangup" and self._mine(event), PATIENCE_S, self._since)
        done = [event for event in self._events() if event["Event"] == "AGIExecEnd" and self._mine(event) and event["ResultCode"] == "200"]
        words = [event["Command"].replace('"', "").split() for event in done]
        return [word[2] for word in words if word[:2] in (["STREAM", "FILE"], ["SAY", "NUMBER"], ["SAY", "DATETIME"])]

    def played(self) -> list[str]:
        """What the dialplan played by itself."""
        return [
            each["AppData"]
            for each in self._events()
            if each["Event"] == "Newexten" and each["Application"] == "Playback" and self._mine(each)
        ]

    def variable(self, name: str) -> str:
        """Its last value."""
        values = [
            event["Value"] for event in self._events() if event["Event"] == "VarSet" and event["Variable"] == name and self._mine(event)
        ]
        return values[-1] if values else ""

    def answered(self) -> bool:
        """Up on the PBX, which is when a call begins to cost."""
        return any(event["Event"] == "Newstate" and event["ChannelState"] == "6" and self._mine(event) for event in self._events())

    def _events(self) -> list[Message]:
        return self._watch.seen[self._since :]

    def _mine(self, event: Message) -> bool:
        return event.get("Channel", "").startswith(self._channel)


def moved(campaign: str, to: str = "formal") -> CampaignMoved:
    return CampaignMoved(
        clock(), clock(), Node(""), secrets.token_hex(4), 1, campaign=campaign, before="draft", to=to, who="test", second="t2"
    )


@asynccontextmanager
async def dialling(url: str, folder: Path, rules: DialRules, *, gates: int = 1) -> AsyncIterator[Dialling]:
    """Every campaign of the rules is in formal work."""
    need.tree("sid")
    ports = [free_port() for _ in range(gates)]
    second = f"127.0.0.1:{ports[1]}" if gates > 1 else ""
    pbx = {"extensions.conf": DIALPLAN.format(port=ports[0], second=second) + SHIPPED}
    world_ = {"extensions.conf": FAR, "cdr.conf": EVERY_CALL}
    first = [moved(each.id) for each in rules.campaigns]
    async with controlled(url, plan_of(rules), extra_pbx=pbx, extra_world=world_, first=first) as control:
        pair = control.pair
        made = []
        for number, port in enumerate(ports):
            home = folder / f"gate{number}"
            home.mkdir()
            text = SETTINGS.format(name=control.name, ami=pair.ami_port, secret=pair.secret, port=port, redis=url)
            (home / "andon.toml").write_text(text.replace('dir = "data"', f'dir = "{folder}/data"'))
            made.append(Gate(home, port))
        world, watch, hands = await World.enter(pair), await pair.pbx.ami("watch"), await pair.pbx.ami("lab")
        there = Dialling(control, world, watch, hands, made, folder)
        try:
            for gate in made:
                await gate.start()
            yield there
        finally:
            for ami in (watch, hands):
                await ami.close()
            await world.leave()
            for gate in made:
                await gate.end()


async def ready(there: Dialling, number: str = "13700000001", seconds: float = PATIENCE_S) -> None:
    """Until a gate that has just started dials: its floor is behind, and the ledger not joined, for a moment."""
    end = time.monotonic() + seconds
    while True:
        before = sum((await there.allowed()).values())
        await there.originate(number)
        await there.quiet()
        if sum((await there.allowed()).values()) > before:
            return
        assert time.monotonic() < end, [each.decision.reason for each in (await there.decided())[-3:]]
