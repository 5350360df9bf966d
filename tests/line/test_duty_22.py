"""Logging in at any desk, and meetings, on a real Asterisk 22: queues by skill, hot desks, a log-out and a meeting in the middle of a call.

Measured (22.10): a member who is removed while it talks still gets its AgentComplete, with the name it had. A log-out pauses first all the
same and removes when call and wrap-up are over: a wrap-up is of a member, and who is no member has none.
"""

from __future__ import annotations

import pytest

from realtime.plan.model import BreakRules, KindRules, Person, Plan, Skill, Team
from realtime.requests import LogIn, LogOut, MeetingStart, MeetingStop
from realtime.rules import membership
from realtime.words import AgentId, Device, Node
from tests.lab import need
from tests.lab.people import World
from tests.line.control import Controlled, controlled

pytestmark = pytest.mark.asterisk

E17, E18 = AgentId("E17"), AgentId("E18")
QUEUE = "short"
"""Nobody is in it until somebody logs in."""
PLAN = Plan(
    people=(
        Person(id=E17, name="Zhang", team="a", skills=("quick",)),
        Person(id=E18, name="Zhao", team="a", skills=("quick",)),
    ),
    teams=(Team(id="a", name="A"),),
    skills=(Skill(id="quick", queues=(QUEUE,)),),
    breaks=BreakRules(kinds={"short": KindRules()}),
)


def members(control: Controlled) -> dict[str, str]:
    """Phone -> reason of its pause, of the queue."""
    queue = control.floor.queues[f"{control.node}/{QUEUE}"]
    return {member.phone.partition("/")[2]: member.reason if member.paused else "" for member in queue.members.values()}


async def log_in(control: Controlled, agent: AgentId, number: str) -> None:
    answer = await control.ask(LogIn(agent, Node(control.node), Device(f"PJSIP/{number}")))
    assert answer.decision.verdict == "allow", answer.decision
    await control.until(lambda: f"PJSIP/{number}" in members(control))


async def test_a_hot_desk_and_a_log_out_in_the_middle_of_a_call(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, PLAN) as control:
        await log_in(control, E17, "1012")
        assert control.floor.agents[E17].state == "ready"
        assert "Zhang" in await control.pair.queue_show()
        world = await World.enter(control.pair)
        caller = await world.call("13800000001", QUEUE)
        desk = await world.rings("1012")
        await desk.answer()
        await control.until(lambda: control.floor.agents[E17].state == "talking")
        elsewhere = await control.ask(LogIn(E17, Node(control.node), Device("PJSIP/1003")))
        assert elsewhere.decision.reason is not None
        assert elsewhere.decision.reason.rule == "duty.on_call_elsewhere"
        assert (await control.ask(LogOut(E17))).decision.verdict == "allow"
        await control.until(lambda: members(control) == {"PJSIP/1012": membership.LEAVING})
        assert control.floor.agents[E17].state == "talking"
        await caller.hang_up()
        await control.until(lambda: E17 not in control.floor.owned.duty)
        assert members(control) == {}
        assert control.floor.agents[E17].answered == 1, "the call is counted as this person's"
        await log_in(control, E17, "1003")
        assert members(control) == {"PJSIP/1003": ""}
        assert control.floor.agents[E17].phone == f"{control.node}/PJSIP/1003"
        await world.leave()


async def test_what_the_skills_say_is_kept_through_hands_moves_and_a_restart(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, PLAN) as control:
        await log_in(control, E17, "1012")
        given = len(control.floor.owned.orders)
        await control.pair.cli(f"queue remove member PJSIP/1012 from {QUEUE}")
        await control.until(lambda: len(control.floor.owned.orders) > given and members(control) == {"PJSIP/1012": ""})
        await log_in(control, E17, "1003")
        await control.until(lambda: members(control) == {"PJSIP/1003": ""})
        started = control.floor.nodes[control.node].started
        await control.pair.restart_pbx()
        await control.until(lambda: control.floor.nodes[control.node].started > started)
        await control.live()
        await control.until(lambda: members(control) == {"PJSIP/1003": ""})
        support = {member.phone for member in control.floor.queues[f"{control.node}/support"].members.values()}
        assert len(support) == 5, "queues of no skill are left alone"


async def test_a_meeting_begins_in_the_middle_of_a_call_and_lets_all_go_again(valkey: str) -> None:
    need.tree("sid")
    async with controlled(valkey, PLAN) as control:
        await log_in(control, E17, "1012")
        world = await World.enter(control.pair)
        caller = await world.call("13800000001", QUEUE)
        desk = await world.rings("1012")
        await desk.answer()
        await control.until(lambda: control.floor.agents[E17].state == "talking")
        await log_in(control, E18, "1003")
        assert (await control.ask(MeetingStart(teams=("a",), name="Now", minutes=5))).decision.verdict == "allow"
        await control.until(lambda: members(control) == {"PJSIP/1012": "meeting", "PJSIP/1003": "meeting"})
        assert list(control.floor.owned.leases) == [E18], "who talks is not in it yet"
        assert control.floor.agents[E17].state == "talking"
        assert not desk.is_gone
        await caller.hang_up()
        await control.until(lambda: set(control.floor.owned.leases) == {E17, E18})
        await control.until(lambda: control.floor.agents[E17].state == "meeting")
        meeting = next(iter(control.floor.owned.meetings.values()))
        assert set(meeting.joined) == {E17, E18}
        assert (await control.ask(MeetingStop(meeting.id))).decision.verdict == "allow"
        await control.until(lambda: members(control) == {"PJSIP/1012": "", "PJSIP/1003": ""})
        assert "paused:meeting" not in await control.pair.queue_show()
        await control.until(lambda: not control.floor.owned.releasing)
        await world.leave()
