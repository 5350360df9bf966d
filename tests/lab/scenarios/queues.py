"""Ways into a queue and out of it, as the caller has them."""

from __future__ import annotations

import asyncio

from tests.lab.scenarios.stage import CUSTOMER, TALK, Stage, scene


@scene()
async def answered(stage: Stage) -> None:
    """Two plain calls: one ended by the caller, one by the agent."""
    customer, desk = await stage.queue_call("support")
    await customer.hang_up()
    await desk.gone()
    customer, desk = await stage.queue_call("support", "13800000002")
    await desk.hang_up()
    await customer.gone()


@scene()
async def ring_all(stage: Stage) -> None:
    """Ring-all with Local members: four phones ring, one answers; then a second call nobody answers, abandoned ringing."""
    mark = stage.mark
    customer = await stage.world.call(CUSTOMER, "sales")
    desks = [await stage.world.rings() for _ in range(4)]
    await desks[2].answer()
    await stage.event("AgentConnect", mark)
    for desk in desks:
        if desk is not desks[2]:
            await desk.gone()
    second = await stage.world.call("13800000002", "sales")
    for _ in range(3):
        await stage.world.rings()
    await second.hang_up()
    await customer.hang_up()


@scene()
async def abandoned(stage: Stage) -> None:
    """Callers who hang up: one who waits while all are paused, one while a phone rings."""
    await stage.nobody_answers("billing")
    customer, _ = await stage.waiting("billing")
    await customer.hang_up()
    await stage.event("QueueCallerAbandon")
    customer = await stage.world.call("13800000002", "support")
    await stage.world.rings()
    await customer.hang_up()


@scene()
async def no_answer(stage: Stage) -> None:
    """The first agent lets it ring until the queue tries the next, who answers; and one who rejects (busy)."""
    mark = stage.mark
    customer = await stage.world.call(CUSTOMER, "support")
    await stage.world.rings()
    await stage.event("AgentRingNoAnswer", mark)
    desk = await stage.world.rings()
    await desk.busy()
    third = await stage.world.rings()
    await third.answer()
    await stage.event("AgentConnect", mark)
    await asyncio.sleep(TALK)
    await customer.hang_up()


@scene()
async def timed_out(stage: Stage) -> None:
    """A queue whose time is up after three seconds: EXITWITHTIMEOUT, with AMI's QueueCallerAbandon."""
    customer, _ = await stage.waiting("short")
    await stage.event("QueueCallerLeave")
    await customer.gone()


@scene()
async def exit_key(stage: Stage) -> None:
    """A caller presses 1 while waiting and lands in another queue: Leave without Abandon, EXITWITHKEY."""
    customer, _ = await stage.waiting("keyed")
    mark = stage.mark
    await customer.dtmf("1")
    desk = await stage.world.rings("1008", "1009", "1010", "1011")
    await desk.answer()
    await stage.event("AgentConnect", mark)
    await asyncio.sleep(TALK)
    await customer.hang_up()


@scene()
async def withdrawn(stage: Stage) -> None:
    """QueueWithdrawCaller takes a waiting caller out; the dialplan goes on."""
    await stage.nobody_answers("billing")
    customer, joined = await stage.waiting("billing")
    await stage.hands.send("QueueWithdrawCaller", Queue="billing", Caller=joined["Channel"], WithdrawInfo="closed")
    await stage.event("QueueCallerLeave")
    await customer.gone()


@scene()
async def redirected(stage: Stage) -> None:
    """AMI Redirect of a waiting caller to another extension: looks like an abandon, but the caller is still there."""
    await stage.nobody_answers("billing")
    customer, joined = await stage.waiting("billing")
    await stage.hands.send("Redirect", Channel=joined["Channel"], Context="waiting-room", Exten="s", Priority="1")
    await stage.event("QueueCallerLeave")
    await asyncio.sleep(1.0)
    await customer.hang_up()


@scene()
async def leave_empty(stage: Stage) -> None:
    """The only member is paused while a caller waits: leavewhenempty puts the caller out, EXITEMPTY."""
    customer = await stage.world.call(CUSTOMER, "strict")
    await stage.world.rings("1012")
    await stage.hands.send("QueuePause", Queue="strict", Interface="PJSIP/1012", Paused="true", Reason="用餐")
    await stage.event("QueueCallerLeave", seconds=30)
    await customer.gone()


@scene()
async def join_empty(stage: Stage) -> None:
    """No member is available, so the caller may not join: no queue event at all but QUEUESTATUS, no ENTERQUEUE."""
    await stage.hands.send("QueuePause", Queue="strict", Interface="PJSIP/1012", Paused="true", Reason="用餐")
    customer = await stage.world.call(CUSTOMER, "strict")
    await stage.event("VarSet", Variable="QUEUESTATUS")
    await customer.gone()


@scene()
async def overflow(stage: Stage) -> None:
    """Time is up in support, the same channel joins billing and is answered there."""
    await stage.nobody_answers("support")
    customer, _ = await stage.waiting("overflow")
    desk = await stage.world.rings()
    await desk.answer()
    await stage.event("AgentConnect")
    await asyncio.sleep(TALK)
    await customer.hang_up()


@scene()
async def overflow_same_queue(stage: Stage) -> None:
    """Time is up and the caller joins the same queue again with the same Uniqueid; an agent answers the second visit."""
    await stage.nobody_answers("support")
    customer, _ = await stage.waiting("loop")
    mark = stage.mark
    await stage.event("QueueCallerJoin", mark)
    await stage.hands.send("QueuePause", Queue="support", Interface="PJSIP/1007", Paused="false")
    desk = await stage.world.rings("1007")
    await desk.answer()
    await stage.event("AgentConnect", mark)
    await asyncio.sleep(TALK)
    await customer.hang_up()


@scene()
async def announcement_hang_up(stage: Stage) -> None:
    """The agent answers and hangs up during the announcement (AgentDump); the next agent takes the caller."""
    mark = stage.mark
    customer = await stage.world.call(CUSTOMER, "announced")
    desk = await stage.world.rings()
    await desk.answer()
    await asyncio.sleep(0.7)
    await desk.hang_up()
    await stage.event("AgentDump", mark)
    second = await stage.world.rings()
    await second.answer()
    await stage.event("AgentConnect", mark)
    await second.hang_up()
    await customer.gone()


@scene()
async def announcement_caller_hangs_up(stage: Stage) -> None:
    """The caller hangs up while the agent hears the announcement: answered by nobody, yet a phone was lifted."""
    customer = await stage.world.call(CUSTOMER, "announced")
    desk = await stage.world.rings()
    await desk.answer()
    await asyncio.sleep(0.7)
    await customer.hang_up()
    await desk.gone()


@scene()
async def full(stage: Stage) -> None:
    """A queue with room for one: the second caller is refused, with QUEUESTATUS FULL and nothing else."""
    customer, _ = await stage.waiting("narrow")
    second = await stage.world.call("13800000002", "narrow")
    await stage.event("VarSet", Variable="QUEUESTATUS", Value="FULL")
    await second.gone()
    await customer.hang_up()


@scene()
async def local_optimised(stage: Stage) -> None:
    """A member who is a Local channel without /n: it optimises itself away after the answer."""
    customer, desk = await stage.queue_call("loose")
    await desk.hang_up()
    await customer.gone()
    customer, desk = await stage.queue_call("loose", "13800000002")
    await customer.hang_up()
    await desk.gone()


@scene()
async def auto_pause(stage: Stage) -> None:
    """A member who lets it ring is paused by the queue itself; the caller waits on and hangs up."""
    customer, _ = await stage.waiting("loose")
    await stage.event("QueueMemberPause", Paused="1")
    await customer.hang_up()
