"""What Asterisk says of recordings: which file, begun, muted, stopped.

Not that a file exists or is complete: Asterisk says neither, for MixMonitorStart comes before the file is opened and on a hang-up no
MixMonitorStop comes at all (asterisk.md 6.2). The archive looks at files (`recordings/spool`).

Seen on Asterisk 16 and 22: VarSet MIXMONITOR_FILENAME comes in the breath before its MixMonitorStart, with the whole path of the mixed
file, after MixMonitor has put its folder in front. The files of r() and t() are never named; where there is no mixed file, nothing is.
"""

from __future__ import annotations

from typing import Final

from agi.translate import callers
from agi.translate.channels import find
from agi.translate.tracker import Tracker
from realtime.facts import RecordingBegan, RecordingEnded
from realtime.recording_facts import RecordingNamed, RecordingPaused, RecordingResumed
from realtime.words import Micros

FILE_VARIABLE: Final = "MIXMONITOR_FILENAME"
WHOLE: Final = frozenset({"read", "write"})
"""Both sides of a channel; silence in one of them is no pause."""


def mix_monitor_start(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str) -> None:
    """A mute is of the monitors that a channel has at that moment: one that begins later records."""
    channel = find(tracker, uniqueid, linkedid)
    if channel is not None:
        if channel.muted == WHOLE:
            tracker.say(RecordingResumed, at, channel.call.id, channel.uniqueid)
        channel.muted, channel.recorded = frozenset(), True
        tracker.say(RecordingBegan, at, channel.call.id, channel.uniqueid)


def mix_monitor_stop(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str) -> None:
    channel = find(tracker, uniqueid, linkedid)
    if channel is not None:
        tracker.say(RecordingEnded, at, channel.call.id, channel.uniqueid)


def mix_monitor_mute(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str, direction: str, state: str) -> None:
    """`direction`: read, write, both; `state`: 1 is silence. What was before our time is not known, so then either is said."""
    channel = find(tracker, uniqueid, linkedid)
    if channel is None:
        return
    before = channel.muted
    sides = WHOLE if direction == "both" else frozenset({direction}) & WHOLE
    channel.muted = (before or frozenset()) | sides if state == "1" else (before or frozenset()) - sides
    if channel.muted == WHOLE and before != WHOLE:
        tracker.say(RecordingPaused, at, channel.call.id, channel.uniqueid)
    elif channel.muted != WHOLE and before in (WHOLE, None):
        tracker.say(RecordingResumed, at, channel.call.id, channel.uniqueid)


def var_set(tracker: Tracker, at: Micros, uniqueid: str, variable: str, value: str) -> None:
    """The way in of every VarSet: what is no recording's file may be a queue's verdict."""
    if variable == FILE_VARIABLE:
        file_named(tracker, at, uniqueid, value)
    else:
        callers.var_set(tracker, at, uniqueid, variable, value)


def file_named(tracker: Tracker, at: Micros, uniqueid: str, path: str) -> None:
    """The base name is what archive and PBX agree on, whatever is mounted where; names often hold numbers, so it travels as a digest."""
    channel = tracker.channels.get(uniqueid)
    sealed = tracker.seal(path.rpartition("/")[2], at)
    if channel is not None and sealed is not None:
        tracker.say(RecordingNamed, at, channel.call.id, channel.uniqueid, sealed.digest)
