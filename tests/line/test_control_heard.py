"""Listening, whispering, barging and taking over on real Asterisks 16 and 22, by what the phones really hear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest

from realtime.plan.model import Person, Plan
from realtime.requests import Actor, CallSpy, CallTakeOver
from realtime.words import AgentId, Device
from tests.lab import need
from tests.lab.people import Leg, World
from tests.line.control import Controlled, controlled
from tests.line.tones import AGENT, CUSTOMER, EXTENSIONS, SUPERVISOR, heard, hum

pytestmark = pytest.mark.asterisk

BOSS = Actor("li.wei", "supervisor", AgentId("9001"), "console")
PLAN = Plan(people=(Person(id=AgentId("9001"), name="Li Wei", roles=("supervisor",), phone=Device("PJSIP/1012")),))
"""The supervisor's desk is known from the plan: where it rings is nowhere in the request."""


both = pytest.mark.parametrize("release", ["bullseye", "sid"], ids=["16", "22"])


class Scene(NamedTuple):
    control: Controlled
    world: World
    caller: Leg
    desk: Leg
    agent: AgentId


@asynccontextmanager
async def talking(valkey: str, release: str = "sid") -> AsyncIterator[Scene]:
    """A customer and an agent, on a call that came by a queue."""
    need.tree(release)
    async with controlled(valkey, PLAN, release, extra_world={"extensions.conf": EXTENSIONS}) as control:
        world = await World.enter(control.pair)
        caller = await world.call("13800000001", "support")
        desk = await world.rings("1005", "1006", "1007", "1008", "1009")
        await desk.answer()
        agent = AgentId(desk.number)
        await control.until(lambda: control.floor.agents[agent].state == "talking")
        try:
            yield Scene(control, world, caller, desk, agent)
        finally:
            await world.leave()


async def lifted(scene: Scene) -> Leg:
    phone = await scene.world.rings("1012")
    await phone.answer()
    return phone


@both
async def test_who_hears_whom_when_a_supervisor_listens_whispers_and_barges(valkey: str, release: str) -> None:
    async with talking(valkey, release) as scene:
        found = {}
        for mode in ("listen", "whisper", "barge"):
            answer = await scene.control.ask(CallSpy(scene.agent, mode), BOSS)
            assert answer.decision.verdict == "allow", answer.decision
            phone = await lifted(scene)
            state = await scene.control.seen(answer)
            assert state.outcome == "accepted"
            await hum(scene.world, mode, {CUSTOMER: scene.caller, AGENT: scene.desk, SUPERVISOR: phone})
            found[mode] = await asyncio.gather(*(heard(scene.control.pair, mode, tone) for tone in (CUSTOMER, AGENT, SUPERVISOR)))
            noted = scene.control.floor.owned.listened[scene.agent][-1]
            assert (noted.who, noted.mode) == ("li.wei", mode), "the agent may see it where the plan says so"
            await phone.hang_up()
            await scene.control.until(lambda: not any(call.spies for call in scene.control.floor.calls.values()))
        assert found == {
            "listen": [{AGENT}, {CUSTOMER}, {CUSTOMER, AGENT}],
            "whisper": [{AGENT}, {CUSTOMER, SUPERVISOR}, {CUSTOMER, AGENT}],
            "barge": [{AGENT, SUPERVISOR}, {CUSTOMER, SUPERVISOR}, {CUSTOMER, AGENT}],
        }


@both
async def test_a_call_that_is_taken_over_goes_on_with_the_supervisor(valkey: str, release: str) -> None:
    async with talking(valkey, release) as scene:
        answer = await scene.control.ask(CallTakeOver(scene.agent), BOSS)
        assert answer.decision.verdict == "allow", answer.decision
        phone = await lifted(scene)
        await scene.control.seen(answer)
        await scene.desk.gone()
        await hum(scene.world, "over", {CUSTOMER: scene.caller, SUPERVISOR: phone})
        assert await heard(scene.control.pair, "over", CUSTOMER) == {SUPERVISOR}
        assert await heard(scene.control.pair, "over", SUPERVISOR) == {CUSTOMER}
        assert scene.control.floor.agents[scene.agent].call is None
        await scene.caller.hang_up()
        await phone.gone()
        await scene.control.until(lambda: not scene.control.floor.calls or all(call.ended for call in scene.control.floor.calls.values()))


async def test_nobody_can_be_rung_who_is_no_desk(valkey: str) -> None:
    """Or listening would be a way to dial out past the gate."""
    async with talking(valkey) as scene:
        answer = await scene.control.ask(CallSpy(scene.agent, "listen", Device("PJSIP/13900000002@carrier")), BOSS)
        assert answer.decision.verdict == "deny"
        assert [finding.rule for finding in answer.decision.findings][-2] == "supervise.strange_phone"
        assert not scene.control.floor.owned.orders
