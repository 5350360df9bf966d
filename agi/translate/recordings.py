"""What Asterisk says of recordings: which file, begun, muted, stopped.

Not that a file exists or is complete: Asterisk says neither, for MixMonitorStart comes before the file is opened and on a hang-up no
MixMonitorStop comes at all (asterisk.md 6.2). The archive looks at files (`recordings/spool`).

Seen on Asterisk 16 and 22: VarSet MIXMONITOR_FILENAME comes in the breath before its MixMonitorStart, with the whole path of the mixed
file, after MixMonitor has put its folder in front. The files of r() and t() are never named; where there is no mixed file, nothing is.
"""

from __future__ import annotations

import re
from typing import Final

from agi.translate import callers
from agi.translate.channels import find
from agi.translate.tracker import Tracker
from realtime.facts import AnomalySeen, RecordingBegan, RecordingEnded
from realtime.recording_facts import RecordingNamed, RecordingPaused, RecordingResumed
from realtime.words import Micros

FILE_VARIABLE: Final = "MIXMONITOR_FILENAME"
WHOLE: Final = frozenset({"read", "write"})
"""Both sides of a channel; silence in one of them is no pause."""
HALF_MUTED: Final = "half_muted"
"""An anomaly: two recordings on one channel (the dialplan's and the queue's own) of a PBX that mutes only one."""


def mutes_all(version: str) -> bool:
    """Before these releases MixMonitorMute is of a channel's first recording alone (ASTERISK-30464; seen on 16: the second one went on
    recording). A version that nobody can read counts as old."""
    found = re.search(r"(?<!\d)(\d{1,2})\.(\d{1,3})", version)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major, minor) >= {18: (18, 18), 20: (20, 3)}.get(major, (21, 0))


def mix_monitor_start(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str) -> None:
    """A mute is of the monitors that a channel has at that moment: one that begins later records."""
    channel = find(tracker, uniqueid, linkedid)
    if channel is not None:
        if channel.muted == WHOLE:
            tracker.say(RecordingResumed, at, channel.call.id, channel.uniqueid)
        channel.muted = frozenset()
        channel.monitors += 1
        tracker.say(RecordingBegan, at, channel.call.id, channel.uniqueid)


def mix_monitor_stop(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str) -> None:
    """One of them, where there are several: the recording is over with the last."""
    channel = find(tracker, uniqueid, linkedid)
    if channel is not None:
        channel.monitors = max(0, channel.monitors - 1)
        if not channel.monitors:
            tracker.say(RecordingEnded, at, channel.call.id, channel.uniqueid)


def mix_monitor_mute(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str, direction: str, state: str) -> None:
    """`direction`: read, write, both; `state`: 1 is silence. What was before our time is not known, so then either is said."""
    channel = find(tracker, uniqueid, linkedid)
    if channel is None:
        return
    before = channel.muted
    sides = WHOLE if direction == "both" else frozenset({direction}) & WHOLE
    silent = state == "1" and (tracker.mutes_all or channel.monitors < 2)
    if state == "1" and not silent:
        tracker.say(AnomalySeen, at, HALF_MUTED, f"{channel.name} has {channel.monitors} recordings, of which only the first is silent")
    channel.muted = (before or frozenset()) | sides if silent else (before or frozenset()) - sides
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
