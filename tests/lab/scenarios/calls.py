"""Calls past the queues: outbound, between colleagues, by click, picked up; and holding."""

from __future__ import annotations

import asyncio

from tests.lab.scenarios.stage import CUSTOMER, Stage, scene

A_MOMENT = 0.7


@scene()
async def outbound(stage: Stage) -> None:
    """A desk phone calls four customers: one answers, one is busy, one does not exist, one never answers (the agent gives up)."""
    leg = await stage.desk_calls("1005", "13900000001")
    await asyncio.sleep(A_MOMENT)
    await leg.hang_up()
    for number in ("13900000007", "13900000009"):
        leg = await stage.world.call("1005", number)
        await leg.gone()
    mark = stage.mark
    leg = await stage.world.call("1005", "13900000008")
    await stage.event("DialState", mark)
    await leg.hang_up()


@scene()
async def colleague(stage: Stage) -> None:
    """One desk phone calls another; the called one hangs up."""
    leg = await stage.world.call("1005", "1006")
    desk = await stage.world.rings("1006")
    await desk.answer()
    await leg.up()
    await asyncio.sleep(A_MOMENT)
    await desk.hang_up()
    await leg.gone()


@scene()
async def direct_inbound(stage: Stage) -> None:
    """A customer calls a phone's own number, past every queue."""
    customer = await stage.world.call(CUSTOMER, "1005")
    desk = await stage.world.rings("1005")
    await desk.answer()
    await customer.up()
    await asyncio.sleep(A_MOMENT)
    await customer.hang_up()
    await desk.gone()


@scene()
async def click_to_dial(stage: Stage) -> None:
    """AMI Originate: the agent's phone rings, is lifted, then the customer is dialled; and one that the agent does not lift."""
    order = {"Channel": "PJSIP/1005", "Context": "from-phone", "Exten": "13900000001", "Priority": "1", "Async": "true"}
    await stage.hands.send("Originate", ChannelId="click-1", CallerID="<1005>", **order)
    desk = await stage.world.rings("1005")
    await desk.answer()
    await stage.event("DialEnd", DialStatus="ANSWER", Channel="PJSIP/1005-00000000")
    await asyncio.sleep(A_MOMENT)
    await desk.hang_up()
    mark = stage.mark
    await stage.hands.send("Originate", ChannelId="click-2", CallerID="<1005>", Timeout="1500", **order)
    await stage.event("OriginateResponse", mark)


@scene()
async def dialler(stage: Stage) -> None:
    """Through Local channels: a customer gets an agent from a queue, the next gets none, a third never answers (Dial's time is up)."""
    order = {"Context": "from-carrier", "Priority": "1", "Timeout": "40000", "Async": "true"}
    for name, number, queue in (("d-1", "13900000001", "support"), ("d-2", "13900000001", "short"), ("d-3", "13900000008", "short")):
        mark, channel = stage.mark, f"Local/{number}@from-phone"
        await stage.hands.send("Originate", ChannelId=name, OtherChannelId=f"{name}b", Channel=channel, Exten=queue, **order)
        if queue == "support":
            desk = await stage.world.rings("1005", "1006", "1007", "1008", "1009")
            await desk.answer()
            await stage.event("AgentConnect", mark)
            await asyncio.sleep(A_MOMENT)
            await desk.hang_up()
        await stage.event("Hangup", mark, 60.0, Uniqueid=f"{name}b")


@scene()
async def hold(stage: Stage) -> None:
    """The agent holds twice (Hold, Unhold by re-INVITE), then once more, and the caller hangs up while held."""
    customer, desk = await stage.queue_call("support")
    for _ in range(2):
        mark = stage.mark
        await desk.hold()
        await stage.event("Hold", mark)
        await asyncio.sleep(A_MOMENT)
        await desk.unhold()
        await stage.event("Unhold", mark)
    mark = stage.mark
    await desk.hold()
    await stage.event("Hold", mark)
    await customer.hang_up()
    await desk.gone()


@scene()
async def hold_ring_all(stage: Stage) -> None:
    """Hold by an agent behind a Local channel, and a hold by the customer."""
    customer, desk = await stage.queue_call("sales")
    for leg in (desk, customer):
        mark = stage.mark
        await leg.hold()
        await stage.event("Hold", mark)
        await asyncio.sleep(A_MOMENT)
        await leg.unhold()
        await stage.event("Unhold", mark)
    await desk.hang_up()
    await customer.gone()


@scene()
async def pickup(stage: Stage) -> None:
    """A phone rings for a direct call and a colleague picks it up with *8; then the same for a queue call."""
    for number, called in ((CUSTOMER, "1005"), ("13800000002", "support")):
        customer = await stage.world.call(number, called)
        ringing = await stage.world.rings()
        mark = stage.mark
        thief = await stage.desk_calls("1012", "*8")
        await stage.event("Pickup", mark)
        await ringing.gone()
        await asyncio.sleep(A_MOMENT)
        await thief.hang_up()
        await customer.gone()
