"""What holds in every stream of a real Asterisk holds in an hour of simulated bytes, and the hour ends empty.

The rules were checked on captures of a real 22.10 (rules 1 to 6 of docs: channels, queue visits, counts, attempts,
bridges, and an idle end).
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from tests.agi.simulator.reading import SECOND, events, login, manager

HOUR = 3600 * SECOND
LATE = {"NewConnectedLine", "NewCallerid"}
Event = dict[str, str]


@pytest.fixture(scope="module", params=[1, 2])
def stream(request: pytest.FixtureRequest) -> list[Event]:
    """An hour from the opening of the doors, and then until the last call has ended."""
    floor = manager(request.param)
    session = login(floor)
    floor.advance(floor.pbx.now + HOUR)
    floor.pbx.close()
    floor.advance(floor.pbx.now + 2 * HOUR)
    assert floor.pbx.truth().channels == 0
    return events(session.take())


def test_a_channel_begins_with_newchannel_and_ends_with_one_hangup(stream: list[Event]) -> None:
    live: set[str] = set()
    gone: set[str] = set()
    for event in stream:
        uniqueid = event.get("Uniqueid", "none")
        if event["Event"] == "Newchannel":
            assert uniqueid not in live | gone
            live.add(uniqueid)
        elif event["Event"] == "Hangup":
            live.remove(uniqueid)
            gone.add(uniqueid)
        elif uniqueid not in ("none", "<unknown>") and event["Event"] not in LATE | {"OriginateResponse"}:
            assert uniqueid in live, event
    assert live == set()


def test_every_join_has_one_leave_and_an_abandon_comes_before_it(stream: list[Event]) -> None:
    waiting: dict[tuple[str, str], str] = {}
    for event in stream:
        place = (event.get("Uniqueid", ""), event.get("Queue", ""))
        match event["Event"]:
            case "QueueCallerJoin":
                assert place not in waiting
                waiting[place] = "waiting"
            case "QueueCallerAbandon":
                assert waiting[place] == "waiting"
                waiting[place] = "abandoned"
            case "QueueCallerLeave":
                waiting.pop(place)
            case "AgentConnect":
                assert place not in waiting
    assert waiting == {}


def test_counts_are_those_of_the_joins_and_leaves(stream: list[Event]) -> None:
    count: Counter[str] = Counter()
    for event in stream:
        if event["Event"] in ("QueueCallerJoin", "QueueCallerLeave"):
            count[event["Queue"]] += 1 if event["Event"] == "QueueCallerJoin" else -1
            assert int(event["Count"]) == count[event["Queue"]]
            assert int(event["Position"]) >= 1


def test_an_attempt_ends_and_a_connected_call_completes(stream: list[Event]) -> None:
    called = [event["DestUniqueid"] for event in stream if event["Event"] == "AgentCalled"]
    ended = {event["DestUniqueid"] for event in stream if event["Event"] == "DialEnd"}
    assert len(called) == len(set(called))
    assert set(called) <= ended
    balance: Counter[tuple[str, str]] = Counter()
    for event in stream:
        if event["Event"] in ("AgentConnect", "AgentComplete"):
            key = (event["Queue"], event["Interface"])
            balance[key] += 1 if event["Event"] == "AgentConnect" else -1
            assert balance[key] in (0, 1)
    assert set(balance.values()) == {0}


def test_a_bridge_counts_who_is_in_it_and_ends_empty(stream: list[Event]) -> None:
    inside: dict[str, set[str]] = {}
    for event in stream:
        bridge = event.get("BridgeUniqueid", "")
        match event["Event"]:
            case "BridgeCreate":
                assert bridge not in inside
                inside[bridge] = set()
            case "BridgeEnter":
                inside[bridge].add(event["Uniqueid"])
                assert int(event["BridgeNumChannels"]) == len(inside[bridge])
            case "BridgeLeave":
                inside[bridge].remove(event["Uniqueid"])
                assert int(event["BridgeNumChannels"]) == len(inside[bridge])
            case "BridgeDestroy":
                assert inside.pop(bridge) == set()
    assert inside == {}


def test_a_member_is_never_rung_while_paused_or_on_a_call(stream: list[Event]) -> None:
    paused: set[tuple[str, str]] = set()
    for event in stream:
        key = (event.get("Queue", ""), event.get("Interface", ""))
        if event["Event"] == "QueueMemberPause":
            (paused.add if event["Paused"] == "1" else paused.discard)(key)
        elif event["Event"] == "AgentCalled":
            assert key not in paused, event


def test_stamps_rise(stream: list[Event]) -> None:
    stamps = [float(event["Timestamp"]) for event in stream]
    assert all(earlier < later for earlier, later in pairwise(stamps))


def test_the_last_device_states_are_idle(stream: list[Event]) -> None:
    phones = [event for event in stream if event["Event"] == "DeviceStateChange" and event["Device"].startswith("PJSIP/")]
    last = {event["Device"]: event["State"] for event in phones}
    assert len(last) > 60
    assert set(last.values()) <= {"NOT_INUSE", "UNAVAILABLE"}


def test_a_member_s_status_follows_its_device(stream: list[Event]) -> None:
    number = {"NOT_INUSE": "1", "INUSE": "2", "UNAVAILABLE": "5", "RINGING": "6", "RINGINUSE": "7", "ONHOLD": "8"}
    state: dict[str, str] = {}
    for event in stream:
        if event["Event"] == "DeviceStateChange":
            state[event["Device"]] = event["State"]
        elif event["Event"] == "QueueMemberStatus":
            assert event["Status"] == number[state[event["StateInterface"]]]
