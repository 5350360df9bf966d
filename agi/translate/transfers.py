"""What is done to a call: transferred, parked, picked up, listened to.

Not recordings (`recordings.py`) and not its channels and bridges (`channels.py`), whose own events say who talks to whom afterwards.
"""

from __future__ import annotations

from agi.translate.channels import find
from agi.translate.tracker import Channel, Tracker
from realtime.facts import CallParked, CallTransferred, CallUnparked, SpyBegan, SpyEnded
from realtime.words import Micros


def blind_transfer(
    tracker: Tracker,
    at: Micros,
    result: str,
    transferer_uniqueid: str,
    transferer_linkedid: str,
    transferee_uniqueid: str,
    transferee_linkedid: str,
) -> None:
    transferer = find(tracker, transferer_uniqueid, transferer_linkedid)
    tracker.union(transferer, find(tracker, transferee_uniqueid, transferee_linkedid), at)
    if transferer is not None:
        tracker.say(CallTransferred, at, transferer.call.id, "blind", transferer.device, result)


def attended_transfer(
    tracker: Tracker,
    at: Micros,
    result: str,
    orig_transferer_uniqueid: str,
    orig_transferer_linkedid: str,
    second_transferer_uniqueid: str,
    transferee_uniqueid: str,
    transfer_target_uniqueid: str,
    local_one_uniqueid: str,
    local_one_linkedid: str,
    local_two_uniqueid: str,
    local_two_linkedid: str,
) -> None:
    """Two calls become one when it succeeds; a consultation that came to nothing leaves them apart."""
    transferer = find(tracker, orig_transferer_uniqueid, orig_transferer_linkedid)
    if result == "Success":
        for uniqueid in (second_transferer_uniqueid, transferee_uniqueid, transfer_target_uniqueid):
            tracker.union(transferer, tracker.channels.get(uniqueid), at)
        tracker.union(transferer, find(tracker, local_one_uniqueid, local_one_linkedid), at)
        tracker.union(transferer, find(tracker, local_two_uniqueid, local_two_linkedid), at)
    if transferer is not None:
        tracker.say(CallTransferred, at, transferer.call.id, "attended", transferer.device, result)


def pickup(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str, target_uniqueid: str, target_linkedid: str) -> None:
    tracker.union(find(tracker, uniqueid, linkedid), find(tracker, target_uniqueid, target_linkedid), at)


def parked_call(tracker: Tracker, at: Micros, parkee_uniqueid: str, parkee_linkedid: str, parking_space: str) -> None:
    channel = find(tracker, parkee_uniqueid, parkee_linkedid)
    if channel is not None:
        tracker.say(CallParked, at, channel.call.id, channel.uniqueid, parking_space)


def unparked_call(
    tracker: Tracker, at: Micros, parkee_uniqueid: str, parkee_linkedid: str, retriever_uniqueid: str, retriever_linkedid: str
) -> None:
    channel = find(tracker, parkee_uniqueid, parkee_linkedid)
    unparked(tracker, at, channel, "retrieved")
    tracker.union(channel, find(tracker, retriever_uniqueid, retriever_linkedid), at)


def parked_call_time_out(tracker: Tracker, at: Micros, parkee_uniqueid: str, parkee_linkedid: str) -> None:
    unparked(tracker, at, find(tracker, parkee_uniqueid, parkee_linkedid), "timeout")


def parked_call_give_up(tracker: Tracker, at: Micros, parkee_uniqueid: str, parkee_linkedid: str) -> None:
    unparked(tracker, at, find(tracker, parkee_uniqueid, parkee_linkedid), "gave_up")


def unparked(tracker: Tracker, at: Micros, channel: Channel | None, why: str) -> None:
    if channel is not None:
        tracker.say(CallUnparked, at, channel.call.id, channel.uniqueid, why)


def chan_spy_start(
    tracker: Tracker, at: Micros, spyer_uniqueid: str, spyer_linkedid: str, spyee_uniqueid: str, spyee_linkedid: str
) -> None:
    spyer, spied = find(tracker, spyer_uniqueid, spyer_linkedid), find(tracker, spyee_uniqueid, spyee_linkedid)
    if spyer is not None and spied is not None:
        spyer.spied = (spied.call.id, spied.uniqueid)
        tracker.say(SpyBegan, at, spied.call.id, spied.uniqueid, spyer.uniqueid, spyer.device)


def chan_spy_stop(tracker: Tracker, at: Micros, spyer_uniqueid: str, spyer_linkedid: str) -> None:
    """May come without the spied channel: who listens remembers to whom."""
    spyer = find(tracker, spyer_uniqueid, spyer_linkedid)
    if spyer is not None and spyer.spied is not None:
        call, leg = spyer.spied
        spyer.spied = None
        tracker.say(SpyEnded, at, call, leg, spyer.uniqueid)
