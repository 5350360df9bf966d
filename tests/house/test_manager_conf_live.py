"""deploy/asterisk/manager.conf in real Asterisks: with the shipped filters in a new one, with the old form in an old one.

A caller waits in a queue until its time is up, while an account that sees everything counts what the server says.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.house.test_manager_conf import BY_NAME, TEXT
from tests.lab.ami import Ami, Message, Refused
from tests.lab.pair import NoTree, Pair

pytestmark = pytest.mark.asterisk

SECRET = "only-for-this-test"
WANTED = {*BY_NAME.findall(TEXT), "VarSet"}
VARIABLES = {"QUEUESTATUS", "MIXMONITOR_FILENAME", "ANDON_FENCE"}


def accounts(release: str) -> str:
    """The shipped accounts; before Asterisk 18.26 the administrator swaps the two forms of the filters."""
    text = (
        TEXT[TEXT.index("[andon]") :].replace("REPLACE-BY-A-LONG-RANDOM-ONE", SECRET).replace("REPLACE-BY-ANOTHER-LONG-RANDOM-ONE", SECRET)
    )
    if release == "sid":
        return text
    return text.replace("\neventfilter(", "\n;off(").replace("\n;eventfilter=", "\neventfilter=")


@pytest.mark.parametrize("release", ["sid", "bullseye"])
async def test_exactly_the_wanted_events_travel(release: str) -> None:
    try:
        async with Pair.open(release, extra_pbx={"manager.conf": "\n" + accounts(release)}) as pair:
            everything, ours = await watch_a_call(pair)
            await rights_hold(pair)
    except NoTree as reason:
        pytest.skip(str(reason))
    expected = [shape(event) for event in everything if event["Event"] in WANTED and passes(event)]
    assert sorted(map(shape, ours)) == sorted(expected)
    assert {"Newchannel", "QueueCallerJoin", "QueueCallerLeave", "Hangup", "VarSet"} <= {event["Event"] for event in ours}
    assert len(ours) < len(everything) / 2, "the filters keep most of it away"


def passes(event: Message) -> bool:
    return event["Event"] != "VarSet" or event["Variable"] in VARIABLES


def shape(event: Message) -> tuple[str, ...]:
    return tuple(event.get(key, "") for key in ("Event", "Uniqueid", "Timestamp", "Variable", "Value"))


async def watch_a_call(pair: Pair) -> tuple[list[Message], list[Message]]:
    """What both accounts saw between two fences."""
    watcher, reader, caller = await pair.pbx.ami("watch"), await login(pair, "andon"), await pair.pbx.ami()
    try:
        await reader.send("Setvar", Variable="ANDON_FENCE", Value="begin")
        await asyncio.gather(*(session.event("VarSet", Value="begin") for session in (watcher, reader)))
        marks = watcher.mark, reader.mark
        await watcher.send("Setvar", Variable="NOISE", Value="nobody wants it")
        await watcher.send("Setvar", Variable="MONITOR_FILENAME", Value="one.wav")
        # By a third session, so that what it raises looks like nobody's answer.
        call = {"Channel": "Local/short@from-carrier", "Application": "Wait", "Data": "20", "Async": "true"}
        await caller.send("Originate", action_id="call", **call)
        await watcher.event("VarSet", since=marks[0], Variable="QUEUESTATUS")
        await watcher.event("Hangup", since=marks[0])
        await reader.send("Setvar", Variable="ANDON_FENCE", Value="end")
        await asyncio.gather(*(session.event("VarSet", Value="end") for session in (watcher, reader)))
        return upto_end(watcher.seen[marks[0] :]), upto_end(reader.seen[marks[1] :])
    finally:
        await asyncio.gather(watcher.close(), reader.close(), caller.close())


def upto_end(events: list[Message]) -> list[Message]:
    last = next(place for place, event in enumerate(events) if event.get("Value") == "end")
    return events[: last + 1]


async def rights_hold(pair: Pair) -> None:
    """The reader gets its lists and may not act; the actor acts."""
    reader, actor = await login(pair, "andon"), await login(pair, "andon-control")
    try:
        for listing in ("QueueStatus", "CoreShowChannels", "DeviceStateList", "ParkedCalls"):
            assert (await reader.send(listing))[-1]["EventList"] == "Complete"
        await reader.send("CoreStatus")
        for denied in ("Originate", "QueuePause", "Command"):
            with pytest.raises(Refused, match="Permission denied"):
                await reader.send(denied, Command="core show uptime", Interface="PJSIP/1001", Paused="1", Channel="Local/x")
        await actor.send("QueueAdd", Queue="short", Interface="Local/trial@desk", Paused="true")
        with pytest.raises(Refused, match="Permission denied"):
            await actor.send("Command", Command="core show uptime")
    finally:
        await asyncio.gather(reader.close(), actor.close())


async def login(pair: Pair, username: str) -> Ami:
    return await Ami.login(pair.ami_port, username, SECRET)
