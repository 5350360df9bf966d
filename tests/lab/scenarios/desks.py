"""Members and their phones: pauses, penalties, comings and goings, reload, unreachable phones, restart."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.lab.ami import Refused
from tests.lab.drive import quiet
from tests.lab.people import World
from tests.lab.scenarios.stage import CUSTOMER, Stage, scene


@scene()
async def members(stage: Stage) -> None:
    """Add (also paused), add twice (refused), penalty, ringinuse, pause, other reason, unpause, remove, remove twice (refused)."""
    act, phone = stage.hands.send, "PJSIP/1011"
    await act("QueueAdd", Queue="support", Interface=phone, MemberName="Li 1011", StateInterface=phone, Penalty="2")
    with suppress(Refused):
        await act("QueueAdd", Queue="support", Interface=phone)
    await act("QueueAdd", Queue="sales", Interface=phone, MemberName="Li 1011", Paused="true", Reason="培训")
    await act("QueuePenalty", Interface=phone, Penalty="5", Queue="support")
    await act("QueuePenalty", Interface=phone, Penalty="3")
    await act("QueueMemberRingInUse", Interface=phone, RingInUse="yes", Queue="support")
    await act("QueuePause", Interface=phone, Paused="true", Reason="小休")
    await act("QueuePause", Interface=phone, Paused="true", Reason="用餐")
    await act("QueuePause", Interface=phone, Paused="false", Queue="support")
    await act("QueuePause", Interface=phone, Paused="false")
    await act("QueueRemove", Queue="support", Interface=phone)
    with suppress(Refused):
        await act("QueueRemove", Queue="support", Interface=phone)
    await act("QueueRemove", Queue="sales", Interface=phone)
    await stage.event("QueueMemberRemoved", Queue="sales")


@scene()
async def pause_while_ringing(stage: Stage) -> None:
    """The agent is paused while the phone rings: it rings on, the agent answers, paused and talking."""
    customer = await stage.world.call(CUSTOMER, "support")
    desk = await stage.world.rings()
    await stage.hands.send("QueuePause", Interface=f"PJSIP/{desk.number}", Paused="true", Reason="小休")
    await stage.event("QueueMemberPause", Paused="1")
    await desk.answer()
    await stage.event("AgentConnect")
    await asyncio.sleep(1.0)
    await customer.hang_up()
    await desk.gone()


@scene()
async def ring_in_two_queues(stage: Stage) -> None:
    """A member of two queues talks for one of them: both show it in use; a call of the other queue goes to a colleague."""
    for phone in ("1010", "1011"):
        await stage.hands.send("QueuePause", Interface=f"PJSIP/{phone}", Paused="true", Reason="会议")
    customer, desk = await stage.queue_call("billing")
    second, other = await stage.queue_call("support", "13800000002")
    await second.hang_up()
    await customer.hang_up()
    await desk.gone()
    await other.gone()


@scene()
async def reload_queues(stage: Stage) -> None:
    """app_queue is reloaded while one caller talks and one waits; the file has lost a member and gained one. No member event."""
    await stage.hands.send("QueuePause", Interface="PJSIP/1006", Paused="true", Reason="小休")
    talking, desk = await stage.queue_call("support")
    await stage.nobody_answers("billing")
    waiting, _ = await stage.waiting("billing", "13800000002")
    _swap_a_member(stage)
    await stage.pair.reload("app_queue.so")
    await stage.event("Reload")
    await stage.record.send("QueueStatus", action_id="snap3")
    await waiting.hang_up()
    await talking.hang_up()
    await desk.gone()


@scene()
async def reload_unseen(stage: Stage) -> None:
    """The same change of the file, made known by the action QueueReload: not one event, and snap3 shows other members."""
    await stage.hands.send("QueuePause", Interface="PJSIP/1006", Paused="true", Reason="小休")
    _swap_a_member(stage)
    await stage.hands.send("QueueReload")
    await stage.record.send("QueueStatus", action_id="snap3")


@scene()
async def unreachable(stage: Stage) -> None:
    """The phones' network goes away and comes back: contacts Unreachable, members unavailable, then all as before."""
    await stage.pair.world.kill()
    await stage.event("ContactStatus", seconds=30, EndpointName="1005", ContactStatus="Unreachable")
    await stage.event("ContactStatus", seconds=30, EndpointName="1012", ContactStatus="Unreachable")
    mark = stage.mark
    await stage.pair.world.start()
    await stage.world.leave()
    stage.world = await World.enter(stage.pair)
    await stage.event("ContactStatus", mark, seconds=30, EndpointName="1005", ContactStatus="Reachable")
    await stage.pair.wait_reachable(30)
    await stage.event("QueueMemberStatus", mark, seconds=30, Interface="PJSIP/1012", Status="1")


@scene()
async def restart(stage: Stage) -> None:
    """Asterisk stops with a call talking and one waiting (session 1 ends with Shutdown), starts again (session 2); members come back."""
    phone = "PJSIP/1011"
    await stage.hands.send("QueueAdd", Queue="support", Interface=phone, MemberName="Li 1011", StateInterface=phone)
    await stage.hands.send("QueuePause", Interface=phone, Paused="true", Reason="用餐")
    await stage.hands.send("QueuePause", Interface="PJSIP/1006", Paused="true", Reason="小休")
    await stage.queue_call("support")
    await stage.nobody_answers("billing")
    await stage.waiting("billing", "13800000002")
    await stage.pair.stop_pbx()
    await stage.record.wait_closed()
    await _second_session(stage)


@scene()
async def killed(stage: Stage) -> None:
    """As restart, but the PBX is killed: no Shutdown, no hang-ups; session 2 starts from a server that knows of no call."""
    await stage.queue_call("support")
    await stage.nobody_answers("billing")
    await stage.waiting("billing", "13800000002")
    await stage.pair.kill_pbx()
    await stage.record.wait_closed()
    await _second_session(stage)


async def _second_session(stage: Stage) -> None:
    await stage.world.everybody_hangs_up()
    stage.sessions.append(bytes(stage.record.raw))
    await stage.record.close()
    await stage.hands.close()
    await stage.pair.start_pbx()
    stage.record, stage.hands = await stage.pair.pbx.ami("record", keep_raw=True), await stage.pair.pbx.ami()
    await stage.record.send("QueueStatus", action_id="snap1")
    await stage.record.send("CoreShowChannels", action_id="snap2")
    customer, desk = await stage.queue_call("support", "13800000003")
    await customer.hang_up()
    await desk.gone()
    await quiet(stage.pair)


def _swap_a_member(stage: Stage) -> None:
    """Edit the file as an administrator would: support loses Li 1005 and gains Zhao 1012."""
    file = stage.pair.pbx.home / "etc/queues.conf"
    gone, come = "member => PJSIP/1005,0,Li 1005,PJSIP/1005", "member => PJSIP/1012,0,Zhao 1012,PJSIP/1012"
    file.write_text(file.read_text().replace(gone, come))
