"""Faults that the log's backends add to those of the port (`log.py`). Pure: the words only, not who raises them."""

from __future__ import annotations

from realtime.log import LogAway, LogError


class LogRestarted(LogAway):
    """The server was started anew since this log last appended, and may have forgotten its last seconds; nothing was written.

    Raised once for each restart, before the first append to the new server. So a producer can put what it appended in its
    last seconds in front of what is new: the fold knows a repeat by its session's *last* number, thus order matters.
    For whoever does not care it is a LogAway like any other: try again, and it goes on.
    """


class BadAddress(LogError, ValueError):
    """The address in the settings cannot be one of a log: nothing that waiting would mend."""
