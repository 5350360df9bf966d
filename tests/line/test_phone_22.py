"""Agents' codes on a real Asterisk 22: the dialplan that we deploy, phones that dial and press keys, and the gate as its own process.

What a phone hears is read from Asterisk's own words (AGIExecEnd of an account that sees all), never from the gate's.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from andon.pins import Pins
from realtime.decision import Decision
from realtime.factcodec import encode, join
from realtime.facts import Sealed
from realtime.outbound import DialDecided, dial_id
from realtime.plan.dialling import Campaign, DialRules, ResultCode
from realtime.plan.model import BreakRules, KindRules, LoadRules, Person, Plan, Skill, Team
from realtime.words import AgentId, CallId, Node, Uniqueid
from tests.lab import need
from tests.lab.ami import Ami, Message
from tests.lab.people import PATIENCE, Leg, World
from tests.line.control import Controlled, clock, controlled
from tests.line.floor import command, free_port
from wallboard.passwords import hash_of

pytestmark = pytest.mark.asterisk

SHIPPED = (Path(__file__).parents[2] / "deploy/asterisk/extensions_andon.conf").read_text()
LI = AgentId("1008")
"""Sits at PJSIP/1008 by queues.conf, in support and in billing."""
HAN = AgentId("2031")
"""Has no desk; takes calls of support wherever there is a free phone."""
PIN = "471199"
WANG = AgentId("1009")
KINDS = {"short": KindRules(minutes=15, cool_down_min=30)}
PLAN = Plan(
    people=(
        Person(id=LI, name="Li 1008", team="A"),
        Person(id=WANG, name="Li 1009", team="A"),
        Person(id=HAN, name="Han Mei", skills=("support",), language="zh"),
    ),
    skills=(Skill(id="support", queues=("support",)),),
    teams=(Team(id="A", most_out=1),),
    breaks=BreakRules(kinds=KINDS, spacing_s=0, load=LoadRules(enabled=False)),
)
DIALLING = DialRules(campaigns=(Campaign(id="renewals", client="acme"),), outcomes=(ResultCode(code="S1", means="sale"),))
DIALPLAN = """
[globals](+)
ANDON_GATE=127.0.0.1:{port}
ANDON_NODE=north1
[from-phone](+)
include => andon-agent
"""
SETTINGS = """\
[floor]
name = "{name}"
timezone = "UTC"
[[pbx]]
node = "north1"
ami = "127.0.0.1:{ami}"
username = "facts"
secret = "{secret}"
trunks = ["PJSIP/carrier"]
[agi]
listen = "127.0.0.1:{port}"
[data]
dir = "data"
redis = "{redis}"
"""
PATIENCE_S = PATIENCE
ENDLESS_S = 30.0
"""Of an answer that comes after some seconds: so late only where nothing bounds the wait."""


class Phones:
    """The floor under control, the world's phones, what Asterisk says it did, and the gate's process."""

    def __init__(self, control: Controlled, world: World, watch: Ami, gate: asyncio.subprocess.Process) -> None:
        self.control, self.world, self.watch, self.gate = control, world, watch, gate

    async def dials(self, number: str, code: str) -> Dialled:
        since = self.watch.mark
        return Dialled(self, await self.world.call(number, code), f"PJSIP/{number}-", since)

    async def until_paused(self, *queues: str) -> None:
        await self.control.until(lambda: set(self.control.paused("1008")) == set(queues))


class Dialled:
    """One call of a code, as the PBX had it."""

    def __init__(self, phones: Phones, leg: Leg, channel: str, since: int) -> None:
        self.phones, self.leg, self._channel, self._since = phones, leg, channel, since
        self._began = since

    async def asked(self, what: str) -> Message:
        """Until Asterisk carries out this command on the channel; then keys may be pressed."""
        found = await self.phones.watch.wait_for(
            lambda event: event["Event"] == "AGIExecStart" and what in event["Command"] and self._mine(event), PATIENCE_S, self._since
        )
        self._since = self.phones.watch.seen.index(found) + 1
        return found

    async def over(self, seconds: float = PATIENCE_S) -> list[str]:
        """What was played, in order, until the PBX hung up."""
        await self.leg.gone(seconds)
        await self.phones.watch.wait_for(lambda event: event["Event"] == "Hangup" and self._mine(event), PATIENCE_S, self._began)
        return self.played()

    def played(self) -> list[str]:
        done = [event for event in self._events() if event["Event"] == "AGIExecEnd" and self._mine(event)]
        words = [event["Command"].replace('"', "").split() for event in done if event["ResultCode"] == "200"]
        return [word[2] for word in words if word[:2] in (["STREAM", "FILE"], ["SAY", "NUMBER"], ["GET", "DATA"])]

    def variable(self, name: str) -> str:
        """Its last value."""
        values = [event["Value"] for event in self._events() if self._set(event, name)]
        return values[-1] if values else ""

    def _events(self) -> list[Message]:
        return self.phones.watch.seen[self._began :]

    def _set(self, event: Message, name: str) -> bool:
        return event["Event"] == "VarSet" and event["Variable"] == name and self._mine(event)

    def _mine(self, event: Message) -> bool:
        return event.get("Channel", "").startswith(self._channel)


@asynccontextmanager
async def phones(url: str, folder: Path) -> AsyncIterator[Phones]:
    need.tree("sid")
    port = free_port()
    async with controlled(url, PLAN, extra_pbx={"extensions.conf": DIALPLAN.format(port=port) + SHIPPED}) as control:
        for agent in (LI, HAN):
            Pins(folder / "data").set(agent, hash_of(PIN), 0)
        pair = control.pair
        settings = SETTINGS.format(name=control.name, ami=pair.ami_port, secret=pair.secret, port=port, redis=url)
        (folder / "andon.toml").write_text(settings)
        gate = await started(folder, port)
        world, watch = await World.enter(pair), await pair.pbx.ami("watch")
        try:
            yield Phones(control, world, watch, gate)
        finally:
            await watch.close()
            await world.leave()
            await ended(gate)


async def started(folder: Path, port: int) -> asyncio.subprocess.Process:
    with (folder / "gate.log").open("wb") as log:
        gate = await asyncio.create_subprocess_exec(sys.executable, "-m", "andon", "gate", cwd=folder, stdout=log, stderr=log)
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            assert time.monotonic() < end, (folder / "gate.log").read_text()
            assert gate.returncode is None, (folder / "gate.log").read_text()
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return gate


async def ended(gate: asyncio.subprocess.Process) -> None:
    if gate.returncode is None:
        gate.send_signal(signal.SIGCONT)
        gate.terminate()
        try:
            await asyncio.wait_for(gate.wait(), 10)
        except TimeoutError:
            gate.kill()
            await gate.wait()


async def test_a_hot_desk_is_logged_in_at_with_a_pin_and_left(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path) as there:
        control = there.control
        call = await there.dials("1012", "*71")
        await call.asked("agent-user")
        await call.leg.dtmf("2031#")
        await call.asked("agent-pass")
        await call.leg.dtmf(f"{PIN}#")
        assert await call.over() == ["agent-user", "agent-pass", "agent-loginok"]
        assert call.variable("ANDON_DECISION").endswith(":login")
        duty = control.floor.owned.duty[HAN]
        assert (duty.node, duty.device, duty.via) == ("north1", "PJSIP/1012", "phone")
        await control.until(lambda: "PJSIP/1012" in control.floor.queues["north1/support"].members)
        assert "Han Mei" in await there.control.pair.cli("queue show support")

        call = await there.dials("1012", "*72")
        assert await call.over() == ["agent-loggedoff"]
        assert HAN not in control.floor.owned.duty
        assert "PJSIP/1012" not in control.floor.queues["north1/support"].members
        assert await (await there.dials("1012", "*75")).over() != [], "and it goes on answering"


async def test_a_wrong_pin_logs_nobody_in(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path) as there:
        call = await there.dials("1012", "*71")
        for word in ("agent-user", "agent-incorrect", "agent-incorrect"):
            await call.asked(word)
            await call.leg.dtmf("2031#")
            await call.asked("agent-pass")
            await call.leg.dtmf("000000#")
        said = await call.over()
        assert said[-5:] == ["descending-2tone", "im-sorry", "number", "8", "vm-goodbye"]
        assert call.variable("ANDON_DECISION") == ""
        assert call.variable("ANDON_REASON") == "gate.pin"
        assert HAN not in there.control.floor.owned.duty
        assert not there.control.floor.owned.answers, "the engine was not even asked"


async def test_a_break_by_phone_pauses_with_its_reason_and_back_releases(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path) as there:
        call = await there.dials("1008", "*73")
        assert await call.over() == ["ascending-2tone", "15", "minutes"]
        assert there.control.paused("1008") == {"support": "short", "billing": "short"}
        assert (await there.control.pair.queue_show()).count("paused:short") == 2
        took = [stamp(each) - dialled_at(there, "*73") for each in there.watch.seen if each["Event"] == "QueueMemberPause"]
        sys.stdout.write(f"from the code to the pause: {', '.join(f'{each * 1000:.0f}' for each in took)} ms\n")
        assert max(took) < 1.0

        call = await there.dials("1008", "*74")
        assert await call.over() == ["ascending-2tone", "auth-thankyou"]
        assert there.control.paused("1008") == {}
        assert "paused" not in await there.control.pair.queue_show()


async def test_who_waits_hears_the_place_and_takes_the_break_when_it_comes(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path) as there:
        owned = there.control.floor.owned
        assert (await (await there.dials("1009", "*73")).over())[0] == "ascending-2tone"
        call = await there.dials("1008", "*73")
        assert (await call.over())[:3] == ["beep", "number", "1"]
        assert call.variable("ANDON_DECISION") == "", "a place on the list is no break"
        assert call.variable("ANDON_REASON") == "break.team_cap"
        assert there.control.paused("1008") == {}

        assert await (await there.dials("1009", "*74")).over() == ["ascending-2tone", "auth-thankyou"]
        await there.control.until(lambda: LI in owned.grants)
        assert there.control.paused("1008") == {}, "it is held for this agent, who still takes calls"
        call = await there.dials("1008", "*73")
        assert await call.over() == ["ascending-2tone", "15", "minutes"]
        await there.until_paused("support", "billing")

        call = await there.dials("1009", "*73")
        said = await call.over()
        assert said[:4] == ["descending-2tone", "im-sorry", "number", "2"], "too soon after the last one"
        assert said[4] == "digits/at"
        assert call.variable("ANDON_REASON") == "break.cool_down"


async def test_a_break_asked_for_during_a_call_begins_when_that_is_over(valkey: str, tmp_path: Path) -> None:
    """The agent dials the code on a second line while a customer is on the first."""
    async with phones(valkey, tmp_path) as there:
        customer = await there.world.call("13800000001", "1008")
        await (await there.world.rings("1008")).answer()
        call = await there.dials("1008", "*73")
        assert await call.over() == ["ascending-2tone", "one-moment-please", "15", "minutes"]
        await there.until_paused("support", "billing")  # no next call rings
        owned = there.control.floor.owned
        assert LI in owned.grants
        assert LI not in owned.leases
        await customer.hang_up()
        await there.control.until(lambda: LI in there.control.floor.owned.leases)
        await there.until_paused("support", "billing")


def stamp(event: Message) -> float:
    return float(event["Timestamp"])


def dialled_at(there: Phones, code: str) -> float:
    return next(stamp(each) for each in there.watch.seen if each["Event"] == "Newexten" and each["Extension"] == code)


async def test_a_result_and_no_more_calls_after_an_outbound_call(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path) as there:
        control = there.control
        outbound = control.floor.owned.outbound
        await control.adopt(msgspec.structs.replace(PLAN, dialling=DIALLING))
        await control.until(lambda: bool(control.floor.owned.plan.dialling.outcomes))
        await control.store().log.append([join([encode(dialled_by(LI))])])
        await control.until(lambda: bool(outbound.dials))
        (dial,) = outbound.dials.values()

        call = await there.dials("1008", "*761")
        assert await call.over() == ["ascending-2tone", "auth-thankyou"]
        assert call.variable("ANDON_DECISION").endswith(":result")
        await control.until(lambda: dial.code == "S1")

        call = await there.dials("1008", "*77")
        await call.asked("digits/1")
        await call.leg.dtmf("2")
        assert await call.over() == ["vm-press", "digits/1", "descending-2tone", "cancelled"]
        assert not outbound.blocks
        call = await there.dials("1008", "*77")
        await call.asked("digits/1")
        await call.leg.dtmf("1")
        assert await call.over() == ["vm-press", "digits/1", "ascending-2tone", "auth-thankyou"]
        await control.until(lambda: [each.about for each in outbound.blocks.get("ab" * 16, ())] == ["acme"])

        call = await there.dials("1009", "*761")
        assert (await call.over())[:4] == ["descending-2tone", "im-sorry", "number", "5"], "who has called nobody"


async def test_card_data_with_the_customer_on_hold_beside_it(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path) as there:
        control = there.control
        caller = await there.world.call("13800000001", "support")
        desk = await there.world.rings("1005", "1006", "1007", "1008", "1009")
        await desk.answer()
        agent = AgentId(desk.number)
        await control.until(lambda: control.floor.agents[agent].state == "talking")
        await desk.hold()
        await control.until(lambda: control.floor.agents[agent].state == "hold")
        (recorded,) = [call for call in control.floor.calls.values() if call.recording]

        call = await there.dials(desk.number, "*78")
        assert await call.over() == ["ascending-2tone", "3", "minutes"]
        assert call.variable("ANDON_DECISION").endswith(":card")
        assert recorded.silent.keys() == recorded.recording.keys()

        call = await there.dials(desk.number, "*79")
        assert await call.over() == ["ascending-2tone", "auth-thankyou"]
        await control.until(lambda: not recorded.silent)
        call = await there.dials(desk.number, "*79")
        assert (await call.over())[:4] == ["descending-2tone", "im-sorry", "number", "5"], "it is over already"
        await caller.hang_up()
        await desk.gone()


def dialled_by(agent: AgentId) -> DialDecided:
    """As the gate's word a moment ago, without the call: whose it was is what counts here."""
    number = Sealed("ab" * 16, b"sealed", "2026-11")
    now = clock()
    head = (now, now, Node("north1"), secrets.token_hex(4), 1)
    fields = {"call": CallId("north1-1.1"), "leg": Uniqueid("north1-1.1"), "campaign": "renewals", "client": "acme", "agent": agent}
    return DialDecided(*head, dial=dial_id(now, "x"), number=number, decision=Decision("allow"), **fields)  # type: ignore[arg-type]


async def test_nobody_pauses_somebody_elses_phone(valkey: str, tmp_path: Path) -> None:
    """A program that plays Asterisk and names a phone's channel: there is no such leg, so nothing is asked of the engine."""
    async with phones(valkey, tmp_path) as there:
        port = int((tmp_path / "andon.toml").read_text().partition('[agi]\nlisten = "127.0.0.1:')[2].partition('"')[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"agi_network: yes\nagi_network_script: break?kind=short&node=north1\nagi_channel: PJSIP/1008-00000001\n"
            b"agi_uniqueid: north1-1.1\nagi_callerid: 1008\n\n"
        )
        said = []
        while line := await asyncio.wait_for(reader.readline(), 5):
            said.append(line.decode())
            writer.write(b"200 result=0\n")
        writer.close()
        assert any('"ANDON_REASON" "gate.unknown"' in line for line in said)
        assert not any("ANDON_DECISION" in line for line in said)
        assert not there.control.floor.owned.answers
        assert "no such call is known there" in (tmp_path / "gate.log").read_text()


async def test_the_doctor_says_where_the_codes_lead(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path):
        rows = json.loads((await command(tmp_path, "doctor", "--json")).out)
        found = {row["check"]: row for row in rows}
        port = (tmp_path / "andon.toml").read_text().partition('[agi]\nlisten = "')[2].partition('"')[0]
        assert (found["codes"]["level"], found["codes"]["text"]) == ("ok", f"Agents' codes go to {port}.")
        assert (found["gate"]["level"], found["gate"]["text"]) == ("ok", f"A gate answers on {port}.")


async def test_a_gate_that_is_frozen_or_dead_ends_the_call_and_pauses_nobody(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path) as there:
        there.gate.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        call = await there.dials("1008", "*73")
        await there.world.phone("1009", "answer")
        customer = await there.world.call("13800000001", "billing")
        await customer.up()  # whoever calls a queue notices nothing
        assert await call.over() == []
        assert 3 < time.monotonic() - began < ENDLESS_S
        assert call.variable("ANDON_DECISION") == ""

        os.kill(there.gate.pid, signal.SIGKILL)
        await there.gate.wait()
        began = time.monotonic()
        call = await there.dials("1008", "*73")
        await call.over()
        assert time.monotonic() - began < ENDLESS_S
        assert there.control.paused("1008") == {}
        assert not there.control.floor.owned.answers


async def test_without_an_engine_the_gate_says_so_within_seconds(valkey: str, tmp_path: Path) -> None:
    async with phones(valkey, tmp_path) as there:
        await there.control.stop("engine")
        began = time.monotonic()
        call = await there.dials("1008", "*73")
        await call.asked("beeperr")
        assert time.monotonic() - began < ENDLESS_S
        assert await call.over() == ["beeperr", "please-try-again"]
        assert call.variable("ANDON_REASON") == "gate.away"
        assert there.control.paused("1008") == {}
