"""Transfers: blind and attended, by the agent and by the caller, completed and given up; parking."""

from __future__ import annotations

import asyncio

from tests.lab.people import Leg
from tests.lab.scenarios.stage import Stage, scene

A_WORD = 0.7
"""Seconds that people talk, and that the transfer prompt needs before it takes digits."""


async def consult(stage: Stage, leg: Leg, extension: str) -> Leg:
    """Press *2 and the extension; the leg that rings there."""
    mark = stage.mark
    await leg.dtmf("*2")
    await stage.event("MusicOnHoldStart", mark)  # the other party is held: the prompt begins
    await asyncio.sleep(A_WORD)
    await leg.dtmf(extension)
    return await stage.world.rings()


@scene()
async def blind_feature(stage: Stage) -> None:
    """Agent sends the caller to a colleague with ## (feature code); the colleague ends the call."""
    customer, desk = await stage.queue_call("support")
    await desk.dtmf("##1010")
    target = await stage.world.rings("1010")
    await target.answer()
    await asyncio.sleep(A_WORD)
    await target.hang_up()
    await customer.gone()


@scene()
async def blind_refer(stage: Stage) -> None:
    """Agent sends the caller to a colleague with the phone's own transfer key (SIP REFER)."""
    customer, desk = await stage.queue_call("support")
    await desk.refer("1010")
    target = await stage.world.rings("1010")
    await target.answer()
    await asyncio.sleep(A_WORD)
    await customer.hang_up()
    await target.gone()


@scene()
async def blind_to_queue(stage: Stage) -> None:
    """Agent sends the caller with ## into another queue: the same Uniqueid joins again, and is answered there."""
    customer, desk = await stage.queue_call("support")
    mark = stage.mark
    await desk.dtmf("##3000")
    second = await stage.world.rings("1010", "1011")
    await second.answer()
    await stage.event("AgentConnect", mark)
    await asyncio.sleep(A_WORD)
    await second.hang_up()
    await customer.gone()


@scene()
async def attended_agent(stage: Stage) -> None:
    """Agent consults a colleague (*2), then hangs up: caller and colleague are joined through a Local channel."""
    customer, desk = await stage.queue_call("support")
    target = await consult(stage, desk, "1010")
    await target.answer()
    await asyncio.sleep(A_WORD)
    await desk.hang_up()
    await stage.event("AttendedTransfer")
    await asyncio.sleep(A_WORD)
    await target.hang_up()
    await customer.gone()


@scene()
async def attended_agent_given_up(stage: Stage) -> None:
    """Agent consults a colleague who answers, then gives up (*1) and has the caller back; agent ends the call."""
    customer, desk = await stage.queue_call("support")
    target = await consult(stage, desk, "1010")
    await target.answer()
    await asyncio.sleep(A_WORD)
    await desk.dtmf("*1")
    await target.gone()
    await asyncio.sleep(A_WORD)
    await desk.hang_up()
    await customer.gone()


@scene()
async def attended_agent_blonde(stage: Stage) -> None:
    """Agent hangs up while the colleague still rings; the colleague answers later."""
    customer, desk = await stage.queue_call("support")
    target = await consult(stage, desk, "1010")
    await desk.hang_up()
    await asyncio.sleep(A_WORD)
    await target.answer()
    await asyncio.sleep(A_WORD)
    await customer.hang_up()
    await target.gone()


@scene()
async def attended_agent_recall(stage: Stage) -> None:
    """Agent hangs up while the colleague rings; nobody answers there, the agent is rung back and has the caller again."""
    customer, desk = await stage.queue_call("support")
    await consult(stage, desk, "1010")
    await desk.hang_up()
    back = await stage.world.rings(desk.number, seconds=30)
    await back.answer()
    await asyncio.sleep(A_WORD)
    await back.hang_up()
    await customer.gone()


@scene()
async def attended_agent_threeway(stage: Stage) -> None:
    """Agent consults a colleague and makes it a talk of three (*3), then leaves."""
    customer, desk = await stage.queue_call("support")
    target = await consult(stage, desk, "1010")
    await target.answer()
    await asyncio.sleep(A_WORD)
    await desk.dtmf("*3")
    await stage.event("AttendedTransfer")
    await asyncio.sleep(A_WORD)
    await desk.hang_up()
    await asyncio.sleep(A_WORD)
    await customer.hang_up()
    await target.gone()


@scene()
async def attended_agent_to_queue(stage: Stage) -> None:
    """Agent consults a queue, its agent answers, the first agent hangs up: the caller talks to the second queue's agent."""
    customer, desk = await stage.queue_call("support")
    mark = stage.mark
    target = await consult(stage, desk, "3000")
    await target.answer()
    await stage.event("AgentConnect", mark)
    await asyncio.sleep(A_WORD)
    await desk.hang_up()
    await stage.event("AttendedTransfer")
    await asyncio.sleep(A_WORD)
    await customer.hang_up()
    await target.gone()


@scene()
async def attended_caller(stage: Stage) -> None:
    """The caller consults another phone (*2, option T), then hangs up: agent and that phone are joined."""
    customer, desk = await stage.queue_call("support")
    target = await consult(stage, customer, "1010")
    await target.answer()
    await asyncio.sleep(A_WORD)
    await customer.hang_up()
    await stage.event("AttendedTransfer")
    await asyncio.sleep(A_WORD)
    await desk.hang_up()
    await target.gone()


@scene()
async def attended_caller_given_up(stage: Stage) -> None:
    """The caller consults another phone, gives up (*1) and has the agent back."""
    customer, desk = await stage.queue_call("support")
    target = await consult(stage, customer, "1010")
    await target.answer()
    await asyncio.sleep(A_WORD)
    await customer.dtmf("*1")
    await target.gone()
    await asyncio.sleep(A_WORD)
    await customer.hang_up()
    await desk.gone()


@scene()
async def attended_ring_all(stage: Stage) -> None:
    """As attended-agent, from a ring-all queue whose members are Local channels."""
    customer, desk = await stage.queue_call("sales")
    target = await consult(stage, desk, "1010")
    await target.answer()
    await asyncio.sleep(A_WORD)
    await desk.hang_up()
    await asyncio.sleep(A_WORD)
    await customer.hang_up()
    await target.gone()


@scene()
async def park_retrieve(stage: Stage) -> None:
    """Agent parks the caller (*7); another phone fetches it from the parking space."""
    customer, desk = await stage.queue_call("support")
    await desk.dtmf("*7")
    parked = await stage.event("ParkedCall")
    await desk.hang_up()
    fetcher = await stage.desk_calls("1010", parked["ParkingSpace"])
    await stage.event("UnParkedCall")
    await asyncio.sleep(A_WORD)
    await fetcher.hang_up()
    await customer.gone()


@scene(parking_seconds=3)
async def park_timeout(stage: Stage) -> None:
    """Agent parks the caller, nobody fetches it: the parking place times out and the parker is rung back."""
    customer, desk = await stage.queue_call("support")
    await desk.dtmf("*7")
    await stage.event("ParkedCall")
    await desk.hang_up()
    await stage.event("ParkedCallTimeOut")
    back = await stage.world.rings(desk.number)
    await back.answer()
    await asyncio.sleep(A_WORD)
    await customer.hang_up()
    await back.gone()


@scene()
async def park_given_up(stage: Stage) -> None:
    """Agent parks the caller, who hangs up in the parking lot."""
    customer, desk = await stage.queue_call("support")
    await desk.dtmf("*7")
    await stage.event("ParkedCall")
    await desk.hang_up()
    await customer.hang_up()
    await stage.event("ParkedCallGiveUp")
