"""Who listens, what is recorded, and what callers are named."""

from __future__ import annotations

import asyncio

from tests.lab.scenarios.stage import Stage, scene


@scene()
async def spy(stage: Stage) -> None:
    """A supervisor listens to an agent and stops by hanging up; then whispers until the agent's call ends."""
    customer, desk = await stage.queue_call("support")
    listener = await stage.desk_calls("1012", f"*9{desk.number}")
    await stage.event("ChanSpyStart")
    await asyncio.sleep(1.0)
    await listener.hang_up()
    await stage.event("ChanSpyStop")
    mark = stage.mark
    whisperer = await stage.desk_calls("1012", f"*6{desk.number}")
    await stage.event("ChanSpyStart", mark)
    await asyncio.sleep(1.0)
    await customer.hang_up()
    await desk.gone()
    await whisperer.gone()


NAMES = (
    "张三",
    "🐉 Long",
    "O'Neil & Sons; 100% {x}",
    "<script>alert(1)</script>",
    b"\xd5\xc5\xc8\xfd".decode(errors="surrogateescape"),  # the first name in GBK: no UTF-8
)


@scene()
async def names(stage: Stage) -> None:
    """Callers' names that a screen must survive: Chinese, an emoji, quotes and signs, mark-up, GBK bytes."""
    for number, name in enumerate(NAMES, start=1):
        customer = await stage.world.call(f"1380000000{number}", "support", name=name)
        desk = await stage.world.rings()
        await desk.answer()
        await asyncio.sleep(0.3)
        await customer.hang_up()
        await desk.gone()


@scene()
async def recording(stage: Stage) -> None:
    """A recording is muted, unmuted and stopped by AMI during the talk; a second call's recording just ends with the call."""
    customer, desk = await stage.queue_call("support")
    channel = (await stage.event("MixMonitorStart"))["Channel"]
    for state in ("1", "0"):
        await stage.hands.send("MixMonitorMute", Channel=channel, Direction="both", State=state)
        await stage.event("MixMonitorMute", State=state)
    await stage.hands.send("StopMixMonitor", Channel=channel)
    await stage.event("MixMonitorStop")
    await customer.hang_up()
    await desk.gone()
    customer, desk = await stage.queue_call("support", "13800000002")
    await customer.hang_up()
    await desk.gone()
