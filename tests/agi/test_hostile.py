"""A PBX may say anything in any header: translation, its facts as JSON and the fold take it, and none of them ends.

Every event that is translated is made up of hostile values (mark-up, line ends, GBK bytes, an emoji, NUL, 10 kB, numbers that
are none); what a real Asterisk says is in `test_capture.py` and `test_transcripts.py`.
"""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as some

from agi.codec import Message
from agi.queuelog import parse, visits
from agi.translate import LAYOUTS, snapshot, tick, translate
from agi.translate.headers import VALUE_MAX
from agi.translate.tracker import Tracker
from realtime.changes import Changes
from realtime.factcodec import decode, join, written
from realtime.facts import AgentSeated, Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.words import Node
from tests.agi.replay import START, sealer

GBK = b"\xd5\xc5\xc8\xfd".decode(errors="surrogateescape")
HOSTILE = (
    "<script>alert(1)</script>",
    GBK,
    "x" * 10_240,
    "a\0b",
    "😀",
    "a\nResponse: Success",
    "%0d%0aEvent: Hangup",
    "",
    "-",
    "--5",
    "²",
    "٣",
    "1e400",
    "9" * 5_000,
    "9" * 10,
    "2",
    "6",
    "1001",
    "PJSIP/1001-00000001",
    "Local/1@x;1",
    "1234567890.abcdef",
    "abcdefghij.klmnop",
    "99999:99:99",
    "9999999999:0:0",
)
LISTED = {
    "CoreShowChannel": "Channel ChannelState CallerIDNum Exten Uniqueid Linkedid Application Duration BridgeId",
    "QueueParams": "Queue Strategy ServiceLevel",
    "QueueMember": "Queue Name Location StateInterface Penalty LastPause Status Paused PausedReason Wrapuptime",
    "QueueEntry": "Queue Position Channel Uniqueid CallerIDNum Wait",
}
KEYS = {name: " ".join(layout.keys) for name, layout in LAYOUTS.items()} | LISTED

values = some.sampled_from(HOSTILE)


@some.composite
def messages(draw: some.DrawFn) -> Message:
    name = draw(some.sampled_from(sorted(KEYS)))
    headers = [f"{key}: {draw(values)}" for key in ["Timestamp", *KEYS[name].split()]]
    return Message(name, "\r\n".join([f"Event: {name}", *headers]))


def hear(tracker: Tracker, message: Message, now: int) -> list[Fact]:
    if message.name == "CoreShowChannel":
        snapshot.channel_item(tracker, message, now)
    elif message.name in LISTED:
        snapshot.queue_item(tracker, message, now)
    else:
        translate(tracker, message, now)
    tick(tracker, now)
    facts, tracker.out = tracker.out, []
    return facts


@given(some.lists(messages(), max_size=40))
@settings(max_examples=150, deadline=None)
def test_nothing_that_a_pbx_says_ends_the_adapter(said: list[Message]) -> None:
    tracker, here, there = Tracker(Node("hall7"), "s", sealer().seal), Floor(), Floor()
    for number, message in enumerate(said):
        tracker.now = START + number * 100_000
        for fact in hear(tracker, message, tracker.now):
            fact, encoded = written(fact)
            apply(here, fact, Changes())
            (read,) = decode(join([encoded]))
            apply(there, read, Changes())
    assert msgspec.to_builtins(here) == msgspec.to_builtins(there), "the adapter's own floor is the one that the log tells"


def seated(name: str) -> tuple[str, str]:
    """The name of a member with that name, as the adapter has it and as a reader of the log has it."""
    message = Message("QueueMemberAdded", f"Event: QueueMemberAdded\r\nQueue: q\r\nInterface: PJSIP/1\r\nMemberName: {name}\r\nStatus: 1")
    facts = [written(fact) for fact in hear(Tracker(Node("hall7"), "s", sealer().seal), message, START)]
    here, encoded = next((fact, encoded) for fact, encoded in facts if isinstance(fact, AgentSeated))
    (there,) = decode(join([encoded]))
    assert isinstance(here, AgentSeated)
    assert isinstance(there, AgentSeated)
    return here.name, there.name


def test_names_come_through_as_they_are() -> None:
    for name in ("张三", "<script>alert(1)</script>", "a\0b", "😀", "a\nResponse: Success", "%0d%0aEvent: Hangup"):
        assert seated(name) == (name, name)


def test_bytes_that_are_no_utf8_can_be_read_and_told_apart() -> None:
    assert seated(f"({GBK})") == (r"(\xd5\xc5\xc8\xfd)",) * 2


def test_an_endless_name_is_cut() -> None:
    assert seated("x" * 10_240) == ("x" * VALUE_MAX,) * 2


def test_a_queue_log_with_numbers_that_are_none() -> None:
    lines = [f"{second}|c1|q|PJSIP/1|COMPLETECALLER|{wait}|{wait}|1" for second in HOSTILE for wait in HOSTILE]
    assert all(visit.wait_s < 10**10 for visit in visits(parse(lines)))
