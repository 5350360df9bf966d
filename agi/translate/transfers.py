"""What is done to a call: transferred, parked, picked up, recorded, listened to.

Not its channels and bridges (`channels.py`), whose own events say who talks to whom afterwards.
"""

from __future__ import annotations

from agi.translate.channels import find
from agi.translate.headers import Headers
from agi.translate.tracker import Tracker
from realtime.facts import (
    CallParked,
    CallTransferred,
    CallUnparked,
    RecordingBegan,
    RecordingEnded,
    SpyBegan,
    SpyEnded,
)
from realtime.words import Micros


def blind_transfer(tracker: Tracker, message: Headers, at: Micros) -> None:
    transferer = find(tracker, message, "Transferer")
    tracker.union(transferer, find(tracker, message, "Transferee"), at)
    if transferer is not None:
        result = message["Result"]
        tracker.say(CallTransferred, at, transferer.call.id, "blind", transferer.device, result)


def attended_transfer(tracker: Tracker, message: Headers, at: Micros) -> None:
    """Two calls become one when it succeeds; a consultation that came to nothing leaves them apart."""
    transferer = find(tracker, message, "OrigTransferer")
    result = message["Result"]
    if result == "Success":
        for prefix in ("SecondTransferer", "Transferee", "TransferTarget", "LocalOne", "LocalTwo"):
            tracker.union(transferer, find(tracker, message, prefix), at)
    if transferer is not None:
        tracker.say(CallTransferred, at, transferer.call.id, "attended", transferer.device, result)


def pickup(tracker: Tracker, message: Headers, at: Micros) -> None:
    tracker.union(find(tracker, message), find(tracker, message, "Target"), at)


def parked_call(tracker: Tracker, message: Headers, at: Micros) -> None:
    channel = find(tracker, message, "Parkee")
    if channel is not None:
        tracker.say(CallParked, at, channel.call.id, channel.uniqueid, message["ParkingSpace"])


def unparked_call(tracker: Tracker, message: Headers, at: Micros) -> None:
    unparked(tracker, message, at, "retrieved")


def parked_call_time_out(tracker: Tracker, message: Headers, at: Micros) -> None:
    unparked(tracker, message, at, "timeout")


def parked_call_give_up(tracker: Tracker, message: Headers, at: Micros) -> None:
    unparked(tracker, message, at, "gave_up")


def unparked(tracker: Tracker, message: Headers, at: Micros, why: str) -> None:
    channel = find(tracker, message, "Parkee")
    if channel is not None:
        tracker.say(CallUnparked, at, channel.call.id, channel.uniqueid, why)
        tracker.union(channel, find(tracker, message, "Retriever"), at)


def mix_monitor_start(tracker: Tracker, message: Headers, at: Micros) -> None:
    channel = find(tracker, message)
    if channel is not None:
        tracker.say(RecordingBegan, at, channel.call.id, channel.uniqueid)


def mix_monitor_stop(tracker: Tracker, message: Headers, at: Micros) -> None:
    channel = find(tracker, message)
    if channel is not None:
        tracker.say(RecordingEnded, at, channel.call.id, channel.uniqueid)


def chan_spy_start(tracker: Tracker, message: Headers, at: Micros) -> None:
    spyer, spied = find(tracker, message, "Spyer"), find(tracker, message, "Spyee")
    if spyer is not None and spied is not None:
        spyer.spied = (spied.call.id, spied.uniqueid)
        tracker.say(SpyBegan, at, spied.call.id, spied.uniqueid, spyer.uniqueid, spyer.device)


def chan_spy_stop(tracker: Tracker, message: Headers, at: Micros) -> None:
    """May come without the spied channel: who listens remembers to whom."""
    spyer = find(tracker, message, "Spyer")
    if spyer is not None and spyer.spied is not None:
        call, leg = spyer.spied
        spyer.spied = None
        tracker.say(SpyEnded, at, call, leg, spyer.uniqueid)
