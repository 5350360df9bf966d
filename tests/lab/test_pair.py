"""The lab itself: a pair starts, its people can do what a scene asks of them, it can be cut, killed and restarted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.lab import need, oracle
from tests.lab.ami import Ami, Refused
from tests.lab.config import FLOOR_EVENTS, VARIABLES
from tests.lab.drive import drive, quiet
from tests.lab.pair import Pair
from tests.lab.people import World

pytestmark = pytest.mark.asterisk


@pytest.fixture(params=["sid", "bullseye"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    need.tree(request.param)
    async with Pair.open(request.param) as pair:
        yield pair


async def test_a_call_is_answered_held_and_written_down(pair: Pair) -> None:
    facts, world = await pair.pbx.ami("facts"), await World.enter(pair)
    customer = await world.call("13800000001", "support", name="张三")
    desk = await world.rings()
    await desk.answer()
    connect = await facts.event("AgentConnect")
    assert connect["Interface"] == f"PJSIP/{desk.number}"
    await desk.hold()
    await facts.event("Hold")
    await desk.unhold()
    await facts.event("Unhold")
    assert any(member.in_call for member in oracle.members(await pair.queue_show())["support"].members)
    await customer.hang_up()
    await desk.gone()
    await quiet(pair)
    (visit,) = oracle.visits(pair.queue_log.read_text())
    assert (visit.queue, visit.outcome, visit.ended_by) == ("support", "answered", "COMPLETECALLER")
    assert len(list(pair.spool.rglob("*.wav"))) == 3
    await _close(facts, world.ami)


async def test_the_reading_account_gets_what_a_floor_is_made_of_and_no_more(pair: Pair) -> None:
    facts, watch = await pair.pbx.ami("facts"), await pair.pbx.ami("watch")
    hands, world = await pair.pbx.ami("control"), await World.enter(pair)
    await hands.send("QueuePause", Interface="PJSIP/1010", Paused="true", Reason="小休")
    customer = await world.call("13800000001", "sales")
    desk = await world.rings()
    await desk.answer()
    await customer.hang_up()
    await desk.gone()
    await quiet(pair)
    await facts.send("Setvar", Variable="ANDON_FENCE", Value="1")
    await facts.event("VarSet", Variable="ANDON_FENCE")
    await watch.event("VarSet", Variable="ANDON_FENCE")
    read = [message["Event"] for message in facts.seen]
    assert set(read) <= {*FLOOR_EVENTS, "VarSet"}
    assert {message["Variable"] for message in facts.seen if message["Event"] == "VarSet"} <= set(VARIABLES)
    wanted = {*FLOOR_EVENTS}
    assert [name for name in read if name in wanted] == [message["Event"] for message in watch.seen if message["Event"] in wanted]
    with pytest.raises(Refused):
        await facts.send("QueuePause", Interface="PJSIP/1005", Paused="true")
    await _close(facts, watch, hands, world.ami)


async def test_members_and_their_reasons_survive_a_restart_as_asterisk_has_them(pair: Pair) -> None:
    hands = await pair.pbx.ami()
    await hands.send("QueueAdd", Queue="support", Interface="PJSIP/1011", MemberName="Li 1011")
    await hands.send("QueuePause", Queue="support", Interface="PJSIP/1011", Paused="true", Reason="用餐")
    await pair.restart_pbx()
    await hands.wait_closed()
    assert "Shutdown" in {message["Event"] for message in hands.seen}
    shown = {member.interface: member for member in oracle.members(await pair.queue_show())["support"].members}
    assert (shown["PJSIP/1011"].paused, shown["PJSIP/1011"].reason, shown["PJSIP/1011"].dynamic) == (True, "用餐", True)
    await hands.close()


async def test_a_link_is_cut_mended_and_stalled(pair: Pair) -> None:
    session = await Ami.login(pair.proxy_port, "facts", pair.secret)
    await pair.proxy.cut()
    await session.wait_closed()
    with pytest.raises(ConnectionRefusedError):
        await Ami.login(pair.proxy_port, "facts", pair.secret)
    await pair.proxy.mend()
    second = await Ami.login(pair.proxy_port, "facts", pair.secret)
    pair.proxy.stall()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(second.send("Ping"), 0.3)
    pair.proxy.resume()
    await second.send("Ping")
    await _close(session, second)


@pytest.mark.parametrize("pair", ["sid"], indirect=True)
async def test_a_load_survives_a_killed_pbx(pair: Pair) -> None:
    async def power_cut() -> None:
        await pair.kill_pbx()
        await pair.start_pbx()

    report = await drive(pair, calls=8, seed=2, seconds=4, before={4: power_cut})
    assert report.calls.total() == 8
    assert sum(each.offered for each in oracle.totals(oracle.visits(pair.queue_log.read_text())).values()) > 0


async def test_two_pairs_run_beside_each_other(pair: Pair) -> None:
    async with Pair.open(pair.release, node="south2") as other:
        assert other.ami_port != pair.ami_port
        world = await World.enter(other)
        customer = await world.call("13800000001", "billing")
        desk = await world.rings()
        await desk.busy()
        await customer.hang_up()
        await world.leave()
        assert "south2" in other.queue_log.read_text()
        assert "ENTERQUEUE" not in pair.queue_log.read_text()


async def _close(*sessions: Ami) -> None:
    for session in sessions:
        await session.close()
