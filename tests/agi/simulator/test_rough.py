"""A rough hour: orders at random, at any moment, to anything. The PBX keeps its promises and its truth adds up."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from agi.simulator.manager import Manager
from tests.agi.simulator.reading import SECOND, events, login, manager


def order(floor: Manager, chance: Random) -> list[str]:
    """One action of somebody who should not have been given the right."""
    pbx = floor.pbx
    channels = list(pbx.switch.channels.values())
    channel = chance.choice(channels).name if channels else "none"
    queue = chance.choice(list(pbx.queues.queues))
    device = chance.choice(list(pbx.staff.agents))
    return chance.choice(
        [
            ["Hangup", f"Channel: {channel}"],
            ["Redirect", f"Channel: {channel}", "Context: transfer", f"Exten: {chance.choice([queue, device[6:], '13900000000'])}"],
            ["QueueWithdrawCaller", f"Queue: {queue}", f"Caller: {channel}"],
            ["QueuePause", f"Interface: {device}", f"Paused: {chance.choice(['true', 'false'])}", "Reason: x"],
            ["QueueAdd", f"Queue: {queue}", f"Interface: {device}"],
            ["QueueRemove", f"Queue: {queue}", f"Interface: {device}"],
            ["Originate", f"Channel: {device}", "Context: from-phone", f"Exten: {chance.choice([queue, '13900000000'])}", "Async: 1"],
            ["Originate", "Channel: PJSIP/1901", "Application: ChanSpy", f"Data: {channel},qu", "Async: 1"],
            ["QueueStatus"],
            ["CoreShowChannels"],
            ["ParkedCalls"],
        ]
    )


@pytest.mark.parametrize("seed", range(2))
def test_nothing_breaks_and_everything_adds_up(seed: int) -> None:
    chance = Random(seed)
    floor = manager(seed, rate=1.5)
    session = login(floor)
    data = bytearray()
    for _ in range(700):
        floor.advance(floor.pbx.now + int(chance.expovariate(0.5) * SECOND))
        session.receive(("Action: " + "\r\n".join(order(floor, chance)) + "\r\n\r\n").encode())
        data += session.take()
    floor.pbx.close()
    floor.advance(floor.pbx.now + 7200 * SECOND)
    data += session.take()
    truth = floor.pbx.truth()
    assert truth.channels == 0
    for queue in truth.queues.values():
        assert queue.waiting == 0
        assert queue.offered == queue.answered + queue.abandoned + queue.left_otherwise
    names = Counter(event["Event"] for event in events(bytes(data)))
    assert names["Newchannel"] == names["Hangup"]
    assert names["QueueCallerJoin"] == names["QueueCallerLeave"]
    assert names["AgentConnect"] == names["AgentComplete"]
    assert names["BridgeEnter"] == names["BridgeLeave"]
    assert names["BridgeCreate"] == names["BridgeDestroy"]
