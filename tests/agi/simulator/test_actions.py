"""Every action: its answer in Asterisk's words, its refusals, and that the PBX obeys."""

from __future__ import annotations

import pytest

from agi.simulator.actions import ACTIONS
from agi.simulator.manager import Manager
from agi.simulator.session import Session
from agi.simulator.talks import QueueTalk
from realtime.words import AgentState
from tests.agi.simulator.reading import SECOND, START, Message, act, events, login, manager


@pytest.fixture
def floor() -> Manager:
    """A floor at work for ten minutes."""
    floor = manager()
    floor.advance(START + 600 * SECOND)
    return floor


@pytest.fixture
def session(floor: Manager) -> Session:
    return login(floor)


def answer(session: Session, *headers: str) -> dict[str, str]:
    """The response of an action."""
    return dict(next(message for message in act(session, *headers) if message[0][0] == "Response"))


def named(messages: list[Message], name: str) -> list[dict[str, str]]:
    return [dict(message) for message in messages if message[0] == ("Event", name)]


def later(floor: Manager, session: Session, seconds: float) -> list[dict[str, str]]:
    """The events of the next seconds."""
    floor.advance(floor.pbx.now + int(seconds * SECOND))
    return events(session.take())


def idle_agent(floor: Manager, queue: str = "support") -> str:
    """The device of an agent of a queue who is ready, or will be within minutes."""
    members = floor.pbx.queues.queues[queue].members
    for _ in range(200):
        states = floor.pbx.truth().agents
        for member in members.values():
            if states[member.state_interface[6:]] is AgentState.READY and not member.paused:
                return member.state_interface
        floor.advance(floor.pbx.now + 3 * SECOND)
    raise AssertionError(f"nobody of {queue} was ready for ten minutes")


REFUSALS = [
    (("Action: Nonsense",), "Invalid/unknown command: Nonsense. Use Action: ListCommands to show available commands."),
    (("ActionID: 1",), "Missing action in request"),
    (("Action: Command", "Command: core show channels"), "Permission denied"),
    (("Action: QueuePause", "Interface: PJSIP/none", "Paused: true"), "Interface not found"),
    (("Action: QueuePause", "Interface: PJSIP/1020"), "Need 'Interface' and 'Paused' parameters."),
    (("Action: QueueAdd", "Queue: none", "Interface: PJSIP/1020"), "Unable to add interface to queue: No such queue"),
    (("Action: QueueAdd", "Queue: support", "Interface: PJSIP/1020"), "Unable to add interface: Already there"),
    (("Action: QueueRemove", "Queue: none", "Interface: PJSIP/1020"), "Unable to remove interface from queue: No such queue"),
    (("Action: QueueRemove", "Queue: vip", "Interface: PJSIP/1020"), "Unable to remove interface: Not there"),
    (("Action: QueueRemove", "Queue: support", "Interface: PJSIP/1021"), "Member not dynamic"),
    (("Action: QueuePenalty", "Interface: PJSIP/1020", "Penalty: -1"), "Invalid interface, queuename or penalty"),
    (("Action: Hangup", "Channel: PJSIP/none-1"), "No such channel"),
    (("Action: Hangup",), "No channel specified"),
    (("Action: Redirect", "Channel: PJSIP/none-1", "Exten: billing"), "Channel does not exist: PJSIP/none-1"),
    (("Action: MixMonitorMute", "Channel: PJSIP/none-1", "Direction: both", "State: 1"), "No such channel"),
    (("Action: MixMonitorMute",), "No channel specified"),
    (("Action: Getvar", "Channel: none", "Variable: X"), "No such channel"),
    (("Action: Setvar", "Channel: none", "Variable: X"), "No such channel"),
    (("Action: Setvar",), "No variable specified"),
    (("Action: Originate", "Exten: 1001"), "Channel not specified"),
    (("Action: Originate", "Channel: PJSIP/1020", "Exten: nowhere", "Async: true"), "Extension does not exist."),
    (("Action: Challenge", "AuthType: none"), "Must specify AuthType"),
]


@pytest.mark.parametrize(("headers", "message"), REFUSALS)
def test_refusals_have_asterisk_s_words(session: Session, headers: tuple[str, ...], message: str) -> None:
    refused = answer(session, *headers)
    assert (refused["Response"], refused["Message"]) == ("Error", message)


@pytest.mark.parametrize("action", sorted(name for name, (need, _) in ACTIONS.items() if need))
def test_who_may_not_write_is_refused(floor: Manager, action: str) -> None:
    assert answer(login(floor, "reader", "reader-demo"), f"Action: {action}")["Message"] == "Permission denied"


def test_actions_are_found_without_regard_to_case(session: Session) -> None:
    assert answer(session, "action: PING", "actionid: a")["Ping"] == "Pong"


def test_ping_and_core(floor: Manager, session: Session) -> None:
    assert answer(session, "Action: Ping", "ActionID: p") == {
        "Response": "Success", "ActionID": "p", "Ping": "Pong", "Timestamp": "1795484931.000000",
    }  # fmt: skip
    status = answer(session, "Action: CoreStatus")
    assert (status["CoreStartupDate"], status["CoreStartupTime"]) == ("2026-11-24", "01:38:51")
    assert int(status["CoreCurrentCalls"]) == floor.pbx.truth().channels
    assert answer(session, "Action: CoreSettings")["SystemName"] == "demo1"
    assert "QueueStatus".lower() in answer(session, "Action: ListCommands")


@pytest.mark.parametrize(
    ("action", "item", "complete"),
    [
        ("QueueStatus", "QueueMember", "QueueStatusComplete"),
        ("QueueSummary", "QueueSummary", "QueueSummaryComplete"),
        ("CoreShowChannels", "CoreShowChannel", "CoreShowChannelsComplete"),
        ("DeviceStateList", "DeviceStateChange", "DeviceStateListComplete"),
        ("PJSIPShowContacts", "ContactList", "ContactListComplete"),
        ("ParkedCalls", "ParkedCall", "ParkedCallsComplete"),
    ],
)
def test_lists_are_framed_and_counted(floor: Manager, session: Session, action: str, item: str, complete: str) -> None:
    parked(floor)
    said = act(session, f"Action: {action}", "ActionID: list-1")
    assert dict(said[0]) | {"EventList": "start", "ActionID": "list-1"} == dict(said[0])
    assert said[-1] == [("Event", complete), ("ActionID", "list-1"), ("EventList", "Complete"), ("ListItems", str(len(said) - 2))]
    assert all(("ActionID", "list-1") in message for message in said)
    assert named(said, item)


def parked(floor: Manager) -> None:
    """Somebody is parked."""
    talk = next(c.owner for c in floor.pbx.switch.channels.values() if isinstance(c.owner, QueueTalk) and c.owner.direct)
    assert floor.pbx.lot.park(talk) == 701
    floor.advance(floor.pbx.now)


def test_queue_status_of_one_queue_and_of_none(session: Session) -> None:
    one = act(session, "Action: QueueStatus", "Queue: vip")
    assert {dict(message).get("Queue") for message in one[1:-1]} == {"vip"}
    none = act(session, "Action: QueueStatus", "Queue: none")
    assert none[0][0] == ("Response", "Success")
    assert dict(none[-1])["ListItems"] == "0"


def test_a_paused_member_is_not_rung_and_an_unpaused_one_is(floor: Manager, session: Session) -> None:
    device = idle_agent(floor)
    said = act(session, "Action: QueuePause", f"Interface: {device}", "Paused: true", "Reason: 小休")
    assert dict(said[0])["Message"] == "Interface paused successfully"
    pauses = named(said, "QueueMemberPause")
    assert {pause["Paused"] for pause in pauses} == {"1"}
    assert len(pauses) == len(floor.pbx.queues.members_of(device))
    assert not [event for event in later(floor, session, 3600) if event["Event"] == "AgentCalled" and event["Interface"] == device]
    said = act(session, "Action: QueuePause", f"Interface: {device}", "Paused: false")
    assert dict(said[0])["Message"] == "Interface unpaused successfully"
    assert named(said, "QueueMemberPause")[0]["PausedReason"] == "小休"
    assert [event for event in later(floor, session, 3600) if event["Event"] == "AgentCalled" and event["Interface"] == device]


def test_a_pause_in_one_queue_leaves_the_others(floor: Manager, session: Session) -> None:
    act(session, "Action: QueuePause", "Interface: PJSIP/1035", "Queue: billing", "Paused: true")
    paused = {member.queue.name: member.paused for member in floor.pbx.queues.members_of("PJSIP/1035")}
    assert paused["billing"]
    assert not paused["support"]
    assert floor.pbx.queue_log[-1].split("|")[2:5:2] == ["billing", "PAUSE"]
    assert "PAUSEALL" not in floor.pbx.queue_log[-2]


def test_an_added_member_is_rung_and_a_removed_one_is_not(floor: Manager, session: Session) -> None:
    device = idle_agent(floor, "retention")
    said = act(session, "Action: QueueAdd", "Queue: support", f"Interface: {device}", "MemberName: 新人", "Penalty: 0")
    assert dict(said[0])["Message"] == "Added interface to queue"
    assert named(said, "QueueMemberAdded")[0]["MemberName"] == "新人"
    rung = [e for e in later(floor, session, 3600) if e["Event"] == "AgentCalled" and (e["Queue"], e["Interface"]) == ("support", device)]
    assert rung
    said = act(session, "Action: QueueRemove", "Queue: support", f"Interface: {device}")
    assert dict(said[0])["Message"] == "Removed interface from queue"
    assert named(said, "QueueMemberRemoved")
    rung = [e for e in later(floor, session, 3600) if e["Event"] == "AgentCalled" and (e["Queue"], e["Interface"]) == ("support", device)]
    assert not rung


def test_a_member_added_paused_is_not_rung(floor: Manager, session: Session) -> None:
    device = idle_agent(floor, "retention")
    said = act(session, "Action: QueueAdd", "Queue: support", f"Interface: {device}", "Paused: 1", "Reason: 培训")
    added = named(said, "QueueMemberAdded")[0]
    assert (added["Paused"], added["PausedReason"]) == ("1", "培训")


def test_penalty_and_queue_log(floor: Manager, session: Session) -> None:
    said = act(session, "Action: QueuePenalty", "Interface: PJSIP/1020", "Penalty: 7")
    assert {event["Penalty"] for event in named(said, "QueueMemberPenalty")} == {"7"}
    assert answer(session, "Action: QueueLog", "Queue: support", "Event: BREAKFORCE", "Message: x")["Message"] == "Event added successfully"
    assert floor.pbx.queue_log[-1].endswith("|NONE|support|NONE|BREAKFORCE|x")


def test_a_global_setvar_is_a_fence(session: Session) -> None:
    said = act(session, "Action: Setvar", "Variable: FENCE", "Value: 42")
    assert dict(said[0])["Message"] == "Variable Set"
    assert [key for key, _ in said[-1]][4:] == ["Channel", "Uniqueid", "Variable", "Value"]
    assert answer(session, "Action: Getvar", "Variable: FENCE")["Value"] == "42"


def test_a_channel_s_variable(floor: Manager, session: Session) -> None:
    name = next(iter(floor.pbx.switch.channels.values())).name
    said = act(session, "Action: Setvar", f"Channel: {name}", "Variable: X", "Value: 1")
    assert named(said, "VarSet")[0]["Channel"] == name
    assert answer(session, "Action: Getvar", f"Channel: {name}", "Variable: X")["Value"] == "1"


def test_a_user_event_echoes_everything(session: Session) -> None:
    said = act(session, "Action: UserEvent", "UserEvent: Note", "Text: 你好", "ActionID: u1")
    assert said[-1][4:] == [("UserEvent", "Note"), ("Text", "你好"), ("ActionID", "u1")]


def test_reload_is_told(floor: Manager, session: Session) -> None:
    said = act(session, "Action: Reload", "Module: app_queue.so")
    assert dict(said[0])["Message"] == "Module Reloaded"
    assert named(said, "Reload")[0]["Module"] == "app_queue.so"


def test_hangup_ends_a_conversation(floor: Manager, session: Session) -> None:
    channel = next(c for c in floor.pbx.switch.channels.values() if c.bridge and c.name.startswith("PJSIP/carrier"))
    said = act(session, "Action: Hangup", f"Channel: {channel.name}")
    assert dict(said[0])["Message"] == "Channel Hungup"
    assert channel.uniqueid in {event["Uniqueid"] for event in named(said, "Hangup")}
    assert channel.uniqueid not in floor.pbx.switch.channels


@pytest.mark.parametrize("half", [";1", ";2"])
def test_hangup_of_half_a_local_channel_ends_the_call(floor: Manager, session: Session, half: str) -> None:
    channel = next(c for c in floor.pbx.switch.channels.values() if c.bridge and c.name.endswith(half))
    linked = [c for c in floor.pbx.switch.channels.values() if c.linkedid == channel.linkedid]
    assert answer(session, "Action: Hangup", f"Channel: {channel.name}")["Message"] == "Channel Hungup"
    assert all(c.ended for c in linked)


def waiting_caller(floor: Manager) -> tuple[str, str]:
    """A queue and the channel of somebody who waits in it."""
    while True:
        for queue in floor.pbx.queues.queues.values():
            for entry in queue.entries:
                if not entry.ringing:
                    return queue.name, entry.caller.name
        floor.advance(floor.pbx.now + 5 * SECOND)


def test_a_waiting_caller_is_withdrawn(floor: Manager, session: Session) -> None:
    queue, caller = waiting_caller(floor)
    before = floor.pbx.truth().queues[queue].left_otherwise
    said = act(session, "Action: QueueWithdrawCaller", f"Queue: {queue}", f"Caller: {caller}", "WithdrawInfo: closed")
    assert said[0][0] == ("Response", "Success")
    order = [message[0][1] for message in said if message[0][1] in ("QueueCallerAbandon", "QueueCallerLeave")]
    assert order == ["QueueCallerAbandon", "QueueCallerLeave"]
    assert any(line.split("|")[4] == "WITHDRAW" and line.endswith("|closed") for line in floor.pbx.queue_log[-3:])
    assert floor.pbx.truth().queues[queue].left_otherwise == before + 1
    assert answer(session, "Action: QueueWithdrawCaller", f"Queue: {queue}", f"Caller: {caller}")["Response"] == "Error"


def test_a_waiting_caller_is_redirected_and_looks_like_an_abandon(floor: Manager, session: Session) -> None:
    queue, caller = waiting_caller(floor)
    other = "vip" if queue != "vip" else "billing"
    said = act(session, "Action: Redirect", f"Channel: {caller}", "Context: transfer", f"Exten: {other}", "Priority: 1")
    assert dict(said[0])["Message"] == "Redirect successful"
    assert named(said, "QueueCallerAbandon")[0]["Queue"] == queue
    assert named(said, "QueueCallerJoin")[0]["Queue"] == other


def test_a_talking_caller_is_redirected_and_the_agent_is_free(floor: Manager, session: Session) -> None:
    channel = next(c for c in floor.pbx.switch.channels.values() if c.bridge and c.name.startswith("PJSIP/carrier"))
    said = act(session, "Action: Redirect", f"Channel: {channel.name}", "Context: transfer", "Exten: billing", "Priority: 1")
    assert named(said, "AgentComplete")
    assert named(said, "QueueCallerJoin")[0]["Uniqueid"] == channel.uniqueid


def test_a_recording_is_muted_and_only_a_channel_that_has_one(floor: Manager, session: Session) -> None:
    channel = next(c for c in floor.pbx.switch.channels.values() if "MIXMONITOR_FILENAME" in c.variables)
    said = act(session, "Action: MixMonitorMute", f"Channel: {channel.name}", "Direction: both", "State: 1")
    assert said[0][0] == ("Response", "Success")
    (event,) = named(said, "MixMonitorMute")
    assert (event["Uniqueid"], event["Direction"], event["State"]) == (channel.uniqueid, "both", "1")
    other = next(c for c in floor.pbx.switch.channels.values() if "MIXMONITOR_FILENAME" not in c.variables)
    refused = answer(session, "Action: MixMonitorMute", f"Channel: {other.name}", "Direction: both", "State: 1")
    assert refused["Message"] == "Cannot set mute flag"


def test_an_originated_call_rings_the_phone_and_then_the_number(floor: Manager, session: Session) -> None:
    device = idle_agent(floor)
    accepted = answer(
        session, "Action: Originate", f"Channel: {device}", "Context: from-phone", "Exten: 13912345678", "Priority: 1", "Async: true",
        "CallerID: Desk <1234>", "ActionID: o1", "ChannelId: andon-o1",
    )  # fmt: skip
    assert accepted["Message"] == "Originate successfully queued"
    said = later(floor, session, 60)
    response = next(event for event in said if event["Event"] == "OriginateResponse")
    first = next(event for event in said if event["Event"] == "Newchannel" and event["Uniqueid"] == "andon-o1")
    assert first["Channel"].startswith(device)
    assert response["ActionID"] == "o1"
    assert response["Uniqueid"] == "andon-o1"
    assert (response["Response"], response["Reason"]) in (("Success", "4"), ("Failure", "3"))
    assert (response["CallerIDNum"], response["CallerIDName"]) == ("1234", "Desk")


def test_originate_to_a_phone_that_is_not_there_fails(floor: Manager, session: Session) -> None:
    act(session, "Action: Originate", "Channel: PJSIP/none", "Context: x", "Exten: 1020", "Priority: 1", "Async: true", "ActionID: o2")
    response = next(event for event in later(floor, session, 1) if event["Event"] == "OriginateResponse")
    assert (response["Response"], response["Reason"], response["Uniqueid"]) == ("Failure", "0", "<unknown>")


def test_a_supervisor_listens(floor: Manager, session: Session) -> None:
    target = next(c for c in floor.pbx.switch.channels.values() if c.bridge and c.name.startswith("PJSIP/10"))
    act(
        session, "Action: Originate", "Channel: PJSIP/1901", "Application: ChanSpy", f"Data: {target.uniqueid},qESu", "Async: true",
        "ActionID: s1",
    )  # fmt: skip
    said = later(floor, session, 60)
    start = next(event for event in said if event["Event"] == "ChanSpyStart" and event["SpyerChannel"].startswith("PJSIP/1901"))
    assert start["SpyeeUniqueid"] == target.uniqueid


def test_events_reach_a_session_before_the_answer_of_its_action(floor: Manager) -> None:
    """Asterisk drains a session's events before it runs an action."""
    session = login(floor)
    floor.pbx.agenda.run(floor.pbx.now + 30 * SECOND)
    said = act(session, "Action: Ping")
    assert len(said) > 10
    assert said[-1][0] == ("Response", "Success")
