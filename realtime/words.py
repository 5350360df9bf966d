"""The vocabulary of the floor: ids and the closed sets of states.

Not the facts (`facts.py`) and not the floor that is folded from them (`floor.py`). Asterisk's words keep Asterisk's
meaning: a uniqueid names a channel's life, an interface is what a queue dials, a device is what has a state.
Times are integer microseconds UTC wherever a name has no unit; durations carry theirs (`_s`, `_ms`, `_us`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NewType

Node = NewType("Node", str)
"""One Asterisk server, named as its `systemname`."""
Uniqueid = NewType("Uniqueid", str)
"""`[systemname-]epoch.counter`: one life of one channel on its node."""
CallId = NewType("CallId", str)
"""The linkedid first seen for a call; it stays when Asterisk changes its mind (transfers)."""
Interface = NewType("Interface", str)
"""What a queue dials for a member, as `Local/1001@desk/n`."""
Device = NewType("Device", str)
"""What has a state, as `PJSIP/1001`; a member's state interface."""
QueueName = NewType("QueueName", str)
AgentId = NewType("AgentId", str)
"""A person's staff number (工号), never a phone."""
Micros = int
"""Microseconds since 1970 UTC."""

SECOND: Micros = 1_000_000


class AgentState(StrEnum):
    """What an agent is doing, as the wall says it (reference: canonical agent states)."""

    LOGGED_OUT = "logged_out"
    READY = "ready"
    RINGING = "ringing"
    DIALLING = "dialling"
    TALKING = "talking"
    HOLD = "hold"
    WRAPUP = "wrapup"
    BREAK_PENDING = "break_pending"
    ON_BREAK = "on_break"
    MEETING = "meeting"
    TRAINING = "training"
    NOT_READY = "not_ready"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"


class LegState(StrEnum):
    """What one channel of a call is doing. `waiting` is up but with nobody: in a queue, a menu, a parking place."""

    NEW = "new"
    DIALLING = "dialling"
    RINGING = "ringing"
    WAITING = "waiting"
    TALKING = "talking"
    HOLD = "hold"


class CallState(StrEnum):
    """What a call is doing as a whole, derived from its legs and its queue visit."""

    DIALLING = "dialling"
    RINGING = "ringing"
    WAITING = "waiting"
    CONNECTING = "connecting"
    TALKING = "talking"
    HOLD = "hold"
    PARKED = "parked"
    MENU = "menu"


class DeviceState(StrEnum):
    """Asterisk's device states, in its own words and order (0 to 8)."""

    UNKNOWN = "UNKNOWN"
    NOT_INUSE = "NOT_INUSE"
    INUSE = "INUSE"
    BUSY = "BUSY"
    INVALID = "INVALID"
    UNAVAILABLE = "UNAVAILABLE"
    RINGING = "RINGING"
    RINGINUSE = "RINGINUSE"
    ONHOLD = "ONHOLD"


DEVICE_STATES: tuple[DeviceState, ...] = tuple(DeviceState)
"""By the number that QueueMemberStatus carries."""

Direction = Literal["inbound", "outbound", "internal"]
Departure = Literal["connecting", "answered", "abandoned", "left_otherwise", "unknown"]
"""How a caller left a queue; `connecting` is the gap until AgentConnect, which makes it `answered`."""
RingOutcome = Literal["answered", "no_answer", "cancelled", "busy", "unavailable"]
SyncCause = Literal["connected", "reloaded", "overflow", "drift"]
LinkState = Literal["live", "syncing", "lost"]
