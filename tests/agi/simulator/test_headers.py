"""What the simulator says has the headers of a real Asterisk 22, in the same order, message by message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.agi.simulator.make_headers import shapes
from tests.agi.simulator.reading import SECOND, START, login, manager

REAL: dict[str, list[str]] = json.loads((Path(__file__).parent / "headers.json").read_text())
NOT_CAPTURED = {
    "item QueueSummary", "item QueueSummaryComplete", "item DeviceStateChange", "item DeviceStateListComplete", "item ContactList",
    "item ContactListComplete", "item CoreShowChannel", "event UserEvent",
}  # fmt: skip
"""No real server's bytes of these are at hand: their order follows Asterisk's source and documentation."""
LISTS = (
    b"Action: QueueStatus\r\nActionID: a\r\n\r\nAction: CoreShowChannels\r\nActionID: b\r\n\r\nAction: QueueSummary\r\nActionID: c\r\n\r\n"
    b"Action: DeviceStateList\r\nActionID: d\r\n\r\nAction: PJSIPShowContacts\r\nActionID: e\r\n\r\n"
)
ACTS = (
    b"Action: Setvar\r\nVariable: FENCE\r\nValue: 1\r\n\r\nAction: Reload\r\n\r\n"
    b"Action: QueuePenalty\r\nInterface: PJSIP/1030\r\nPenalty: 2\r\n\r\nAction: UserEvent\r\nUserEvent: Note\r\nText: x\r\n\r\n"
    b"Action: Originate\r\nActionID: o\r\nChannel: PJSIP/1050\r\nContext: from-phone\r\nExten: 13900000000\r\nPriority: 1\r\n"
    b"Async: true\r\nCallerID: 1050 <1050>\r\n\r\n"
)


def _said() -> dict[str, set[str]]:
    """Two hours with everything in them, and a stop at the end."""
    floor = manager(seed=7)
    session = login(floor)
    for _ in range(8):
        floor.advance(floor.pbx.now + 900 * SECOND)
        session.receive(LISTS + ACTS)
    floor.restart()
    floor.advance(floor.pbx.now + 10 * SECOND)
    found: dict[str, set[str]] = {}
    for name, each in shapes(session.take()):
        found.setdefault(name, set()).add(each)
    return found


@pytest.fixture(scope="module")
def said() -> dict[str, set[str]]:
    return _said()


def test_every_message_has_a_real_one_s_headers(said: dict[str, set[str]]) -> None:
    judged = {name: each for name, each in said.items() if name not in NOT_CAPTURED}
    assert {name: each - set(REAL.get(name, [])) for name, each in judged.items() if not each <= set(REAL.get(name, []))} == {}


def test_the_floor_is_lively_enough_to_say_everything(said: dict[str, set[str]]) -> None:
    wanted = {
        "AgentCalled", "AgentComplete", "AgentConnect", "AgentRingNoAnswer", "AttendedTransfer", "BlindTransfer", "BridgeMerge",
        "ChanSpyStart", "ChanSpyStop", "ContactStatus", "DeviceStateChange", "DialBegin", "DialEnd", "DialState", "Hold", "LocalBridge",
        "MixMonitorStart", "OriginateResponse", "ParkedCall", "QueueCallerAbandon", "QueueMemberAdded", "QueueMemberPause",
        "QueueMemberRemoved", "Reload", "Shutdown", "Unhold", "UnParkedCall",
    }  # fmt: skip
    assert wanted - {name.removeprefix("event ") for name in said} == set()


def test_the_table_would_notice_a_header_out_of_place() -> None:
    headers = ("Event: QueueCallerJoin", "Privilege: agent,all", "Timestamp: 1.0", "SystemName: a", "Queue: q", "Position: 1", "Count: 1")
    ((name, each),) = shapes("\r\n".join(headers).encode() + b"\r\n\r\n")
    assert each not in REAL[name]


def test_list_items_carry_no_stamp_and_queue_items_end_with_their_id() -> None:
    floor = manager()
    floor.advance(START + 300 * SECOND)
    session = login(floor)
    session.receive(LISTS)
    for block in session.take().decode().split("\r\n\r\n"):
        if block.startswith("Event: Queue") and "Complete" not in block.split("\r\n")[0]:
            assert block.split("\r\n")[-1].startswith("ActionID: ")
            assert "Timestamp:" not in block
            assert "SystemName:" not in block
