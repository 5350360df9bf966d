"""What the floor's control needs of a PBX: pauses by others and by oneself, desks for anybody, taking a call over."""

from __future__ import annotations

import pytest

from agi.simulator.centre import Centre
from agi.simulator.manager import Manager
from agi.simulator.pbx import Pbx
from agi.simulator.session import Session
from agi.simulator.talks import QueueTalk
from realtime.words import AgentState
from tests.agi.simulator.reading import SECOND, START, act, events, login

MINUTE = 60 * SECOND


def floor_of(centre: Centre) -> Manager:
    floor = Manager(Pbx(centre, 1, START))
    floor.advance(START + 5 * MINUTE)
    return floor


def talk_of(floor: Manager) -> QueueTalk:
    """A queue call with a member who is dialled directly."""
    for _ in range(200):
        for channel in floor.pbx.switch.channels.values():
            if isinstance(channel.owner, QueueTalk) and channel.owner.direct and not channel.owner.over:
                return channel.owner
        floor.advance(floor.pbx.now + SECOND)
    raise AssertionError("nobody talked for three minutes")


def originate(session: Session, application: str, data: str) -> None:
    words = ("Action: Originate", "Channel: PJSIP/1901", f"Application: {application}", f"Data: {data}", "Async: true", "ActionID: o")
    assert dict(act(session, *words)[0])["Message"] == "Originate successfully queued"


def later(floor: Manager, session: Session, seconds: float = 10) -> list[dict[str, str]]:
    floor.advance(floor.pbx.now + int(seconds * SECOND))
    return events(session.take())


def test_a_supervisor_takes_a_call_over_and_the_agent_is_free() -> None:
    floor = floor_of(Centre(spies_per_hour=0))
    session, talk = login(floor), talk_of(floor)
    taken, agent = talk.caller, talk.phone
    originate(session, "Bridge", taken.name)
    said = later(floor, session)
    own = [event["Event"] for event in said if taken.uniqueid in (event.get("Uniqueid"), event.get("DestUniqueid"))]
    assert own[:3] == ["BridgeLeave", "BridgeEnter", "AgentComplete"]
    assert agent.ended
    assert not taken.ended
    bridge = taken.bridge
    assert bridge is not None
    assert [channel.device for channel in bridge.inside] == [taken.device, "PJSIP/1901"]
    assert f"|{talk.member.name}|COMPLETEAGENT|" in "".join(line for line in floor.pbx.queue_log if taken.uniqueid in line)


def test_taking_over_what_is_gone_ends_the_supervisor_s_call() -> None:
    floor = floor_of(Centre(spies_per_hour=0))
    session = login(floor)
    originate(session, "Bridge", "PJSIP/none-1")
    later(floor, session)
    assert not floor.pbx.switch.devices["PJSIP/1901"].channels


def test_listening_says_whom_and_how() -> None:
    floor = floor_of(Centre(spies_per_hour=0))
    session, talk = login(floor), talk_of(floor)
    originate(session, "ChanSpy", f"{talk.phone.uniqueid},qESuw")
    said = later(floor, session, 6)
    (start,) = [event for event in said if event["Event"] == "ChanSpyStart"]
    assert (start["SpyeeUniqueid"], start["SpyerChannel"][:10]) == (talk.phone.uniqueid, "PJSIP/1901")


@pytest.mark.parametrize(("share", "out"), [(0.0, 0), (1.0, 1)])
def test_who_has_to_ask_takes_no_break_alone(share: float, out: int) -> None:
    floor = Manager(Pbx(Centre(agents=30, own_pauses=share, break_every_s=600), 1, START))
    most = 0
    for _ in range(20):
        floor.advance(floor.pbx.now + MINUTE)
        most = max(most, sum(state is AgentState.ON_BREAK for state in floor.pbx.truth().agents.values()))
    assert min(most, 1) == out


def test_a_feature_code_pauses_everywhere_and_another_ends_it() -> None:
    floor = floor_of(Centre(own_pauses=0))
    staff, queues = floor.pbx.staff, floor.pbx.queues
    session = login(floor)
    assert staff.take_pause("PJSIP/1035", "smoke", 600)
    assert not staff.take_pause("PJSIP/1035", "again", 600)
    paused = [event for event in later(floor, session, 1) if event["Event"] == "QueueMemberPause"]
    assert {event["Queue"] for event in paused} == {member.queue.name for member in queues.members_of("PJSIP/1035")}
    assert {event["PausedReason"] for event in paused} == {"smoke"}
    staff.end_pause("PJSIP/1035")
    assert not any(member.paused for member in queues.members_of("PJSIP/1035"))


def test_a_desk_takes_calls_once_somebody_is_logged_in_there() -> None:
    floor = floor_of(Centre(agents=4, desks=2, rate=3.0))
    session = login(floor)
    joined = act(
        session, "Action: QueueAdd", "Queue: support", "Interface: PJSIP/1851", "MemberName: Li", "StateInterface: PJSIP/1851",
        "Paused: true", "Reason: short",
    )  # fmt: skip
    added = next(dict(each) for each in joined if each[0] == ("Event", "QueueMemberAdded"))
    assert (added["Paused"], added["PausedReason"], added["Membership"]) == ("1", "short", "dynamic")
    assert not [event for event in later(floor, session, 120) if event["Event"] == "AgentCalled" and event["Interface"] == "PJSIP/1851"]
    act(session, "Action: QueuePause", "Interface: PJSIP/1851", "Paused: false")
    connected = [event for event in later(floor, session, 240) if event["Event"] == "AgentConnect"]
    assert "PJSIP/1851" in {event["Interface"] for event in connected}


def test_all_members_can_be_dynamic() -> None:
    floor = floor_of(Centre(dynamic_every=1))
    members = [member for queue in floor.pbx.queues.queues.values() for member in queue.members.values()]
    assert members
    assert all(member.membership == "dynamic" for member in members)
