"""Orders on a real Asterisk 22: paused and released, held through restarts, and what nobody granted undone."""

from __future__ import annotations

import sys
import time

import pytest

from realtime.plan.model import BreakRules, KindRules, Plan
from realtime.requests import Actor, CallHangUp, Here, PauseForce, ReadyForce
from realtime.words import AgentId
from tests.lab import need
from tests.lab.people import World
from tests.line.control import Controlled, controlled

pytestmark = pytest.mark.asterisk

LI = AgentId("1008")
"""In support and in billing."""


def plan(unauthorised: str) -> Plan:
    return Plan(breaks=BreakRules(kinds={"short": KindRules()}, unauthorised=unauthorised))  # type: ignore[arg-type]


def told(text: str) -> None:
    """For who runs it with -s; the numbers that are kept are the bench's."""
    sys.stdout.write(f"{text}\n")


async def pause_past_us(control: Controlled, number: str) -> None:
    """By a road that knows nothing of us: another account, as a feature code or another program is."""
    session = await control.pair.pbx.ami("lab")
    await session.send("QueuePause", Interface=f"PJSIP/{number}", Paused="true", Reason="smoke")
    await session.close()


async def test_a_pause_is_asked_accepted_and_seen_and_released_again(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, plan("warn")) as control:
        answer = await control.ask(PauseForce(LI, "short", 5))
        await control.seen(answer)
        assert control.paused("1008") == {"support": "short", "billing": "short"}
        # Asterisk's event may be read before its answer, which is stamped by the PBX's clock as it was last reckoned: some ms off ours
        await control.until(lambda: control.order(answer).done > 0)
        state = control.order(answer)
        told(f"asked to seen: {(max(state.seen, state.done) - state.order.given) / 1000:.1f} ms")
        assert "paused:short" in (await control.pair.queue_show())
        await control.seen(await control.ask(ReadyForce(LI)))
        assert control.paused("1008") == {}
        assert LI not in control.floor.owned.releasing


async def test_a_pause_that_nobody_granted_is_seen_and_warned_of(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, plan("undo")) as control:
        await pause_past_us(control, "1008")
        await control.until(lambda: LI in control.floor.owned.strays)
        stray = control.floor.owned.strays[LI]
        assert (stray.reason, stray.treated) == ("smoke", "warn"), "nobody pressed a key: no caller rings an empty chair"
        assert control.floor.owned.ledgers[LI].unauthorised == 1
        assert control.paused("1008"), "it is left alone"
        assert not control.floor.owned.orders


async def test_with_a_key_pressed_it_is_undone_within_tens_of_milliseconds(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, plan("undo")) as control:
        await control.ask(Here(LI), Actor("1008", agent=LI, via="page"))
        session = await control.pair.pbx.ami("lab")
        waits = []
        for _ in range(5):
            mark = session.mark
            await session.send("QueuePause", Interface="PJSIP/1008", Paused="true", Reason="smoke")
            began = time.monotonic()
            for queue in ("support", "billing"):
                await session.event("QueueMemberPause", since=mark, Paused="0", Queue=queue)
            waits.append((time.monotonic() - began) * 1000)
            await control.until(lambda: not control.paused("1008"))
        await session.close()
        assert "paused" not in await control.pair.queue_show()
        assert [state.why for state in control.floor.owned.orders.values()] == ["pause.undo"] * 5
        told(f"from the pause to its undoing, at the PBX: {', '.join(f'{wait:.1f}' for wait in waits)} ms")
        assert max(waits) < 1_000, "tens of milliseconds, and this machine has other work"


async def test_a_break_outlives_a_restart_and_reaches_a_queue_that_comes_later(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, plan("warn")) as control:
        await control.seen(await control.ask(PauseForce(LI, "short", 15)))
        started = control.floor.nodes[control.node].started
        await control.pair.restart_pbx()
        await control.until(lambda: control.floor.nodes[control.node].started > started)
        await control.live()
        await control.until(lambda: control.paused("1008") == {"support": "short", "billing": "short"})
        assert (await control.pair.queue_show()).count("paused:short") == 2
        session = await control.pair.pbx.ami("lab")
        await session.send("QueueAdd", Queue="strict", Interface="PJSIP/1008", StateInterface="PJSIP/1008")
        await session.close()
        await control.until(lambda: control.paused("1008").get("strict") == "short")
        await control.pair.cli("queue unpause member PJSIP/1008")
        await control.until(lambda: len(control.paused("1008")) == 3)
        assert LI in control.floor.owned.leases


async def test_the_engine_and_the_adapter_may_go_at_any_moment(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, plan("warn")) as control:
        await control.stop("adapter")
        answer = await control.ask(PauseForce(LI, "short", 15))
        assert answer.orders
        await control.stop("engine")
        await control.start_adapter()
        await control.seen(answer)
        await control.start_engine()
        await control.seen(await control.ask(ReadyForce(LI)))
        assert control.paused("1008") == {}


async def test_a_call_is_hung_up_for_both_sides(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, plan("warn")) as control:
        world = await World.enter(control.pair)
        caller = await world.call("13800000001", "support")
        desk = await world.rings("1005", "1006", "1007", "1008", "1009")
        await desk.answer()
        agent = AgentId(desk.number)
        await control.until(lambda: control.floor.agents[agent].state == "talking")
        await control.seen(await control.ask(CallHangUp(agent)))
        await desk.gone()
        await caller.gone()
        again = await control.ask(CallHangUp(agent))
        assert [finding.rule for finding in again.decision.findings] == ["reach.all", "supervise.no_call"]
        await world.leave()


async def test_a_pause_ordered_during_a_call_keeps_the_next_one_away_and_begins_behind_it(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, plan("warn")) as control:
        world = await World.enter(control.pair)
        caller = await world.call("13800000001", "strict")
        desk = await world.rings("1012")
        await desk.answer()
        zhao = AgentId("1012")
        await control.until(lambda: control.floor.agents[zhao].state == "talking")
        await control.seen(await control.ask(PauseForce(zhao, "short", 15)))
        assert zhao in control.floor.owned.grants
        assert control.floor.agents[zhao].state == "talking", "nobody is cut off"
        assert zhao not in control.floor.owned.leases
        await caller.hang_up()
        await desk.gone()
        await control.until(lambda: zhao in control.floor.owned.leases)
        assert control.floor.owned.leases[zhao].by == "li.wei"
        assert control.paused("1012") == {"strict": "short", "loose": "short"}
        await control.until(lambda: control.floor.agents[zhao].state == "on_break")
        assert [state.why for state in control.floor.owned.orders.values()] == ["supervise.pause"] * 2, "one an interface, and once"
        await world.leave()
