"""Orders on a real Asterisk 22: paused and released, held through restarts, and what nobody granted undone."""

from __future__ import annotations

import time

from realtime.plan.model import BreakRules, KindRules, Plan
from realtime.requests import Actor, CallHangUp, Here, PauseForce, ReadyForce
from realtime.words import AgentId
from tests.lab import need
from tests.lab.people import World
from tests.line.control import Controlled, controlled

LI = AgentId("1008")
"""In support and in billing."""


def plan(unauthorised: str) -> Plan:
    return Plan(breaks=BreakRules(kinds={"short": KindRules()}, unauthorised=unauthorised))  # type: ignore[arg-type]


async def cli_pause(control: Controlled, number: str) -> float:
    """By a road that knows nothing of us, as a feature code is one. Gives when it was done."""
    said = await control.pair.cli(f"queue pause member PJSIP/{number} reason smoke")
    assert "paused" in said, said
    return time.monotonic()


async def test_a_pause_is_asked_accepted_and_seen_and_released_again(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, plan("warn")) as control:
        state = await control.seen(await control.ask(PauseForce(LI, "short", 5)))
        assert control.paused("1008") == {"support": "short", "billing": "short"}
        assert state.order.given <= state.done
        print(f"asked to seen: {(max(state.seen, state.done) - state.order.given) / 1000:.1f} ms")
        assert "paused:short" in (await control.pair.queue_show())
        await control.seen(await control.ask(ReadyForce(LI)))
        assert control.paused("1008") == {}
        assert LI not in control.floor.owned.releasing
