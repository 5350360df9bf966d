"""What the PBX says: events on their way to the sessions, stamped and rendered once.

Not the sessions (`session.py`), which choose from it by their rights. The stamp is the moment of formatting, as in
Asterisk: it grows by a few microseconds an event, so that events of one instant keep distinct, ordered stamps.
"""

from __future__ import annotations

from typing import NamedTuple

# The classes of events and actions, as manager.conf names them; a bit each.
CLASSES = (
    "system",
    "call",
    "log",
    "verbose",
    "agent",
    "user",
    "config",
    "command",
    "dtmf",
    "reporting",
    "cdr",
    "dialplan",
    "originate",
    "agi",
    "cc",
    "aoc",
    "test",
    "security",
    "message",
)
BIT = {name: 1 << place for place, name in enumerate(CLASSES)}
ALL = (1 << len(CLASSES)) - 1
SYSTEM, CALL, AGENT, USER = BIT["system"], BIT["call"], BIT["agent"], BIT["user"]
DIALPLAN, SECURITY, ORIGINATE, CONFIG = BIT["dialplan"], BIT["security"], BIT["originate"], BIT["config"]
REPORTING, COMMAND = BIT["reporting"], BIT["command"]
_CLASS_NAME = {bit: name for name, bit in BIT.items()}

STEP_US = 9
"""Between two events of one instant; the capture shows 7 to 12 microseconds."""


class Event(NamedTuple):
    """An event before it is stamped: its name, its class, its headers from the third on, and who publishes it.

    `publisher` names the thread of Asterisk that would raise it: order between two publishers is not guaranteed, and
    `faults.py` swaps only such neighbours.
    """

    name: str
    need: int
    body: str
    publisher: str


class Message(NamedTuple):
    """A rendered event: when, of what class, and its bytes."""

    at: int
    need: int
    name: str
    publisher: str
    data: bytes


class Outlet:
    """Collects what is said until somebody takes it."""

    def __init__(self, node: str) -> None:
        self.node = node
        self._stamp = 0
        self._said: list[Message] = []

    def say(self, now: int, event: Event) -> None:
        """Stamp and render one event."""
        stamp = self._stamp = max(now, self._stamp + STEP_US)
        seconds, micros = divmod(stamp, 1_000_000)
        text = (
            f"Event: {event.name}\r\nPrivilege: {_CLASS_NAME[event.need]},all\r\n"
            f"Timestamp: {seconds}.{micros:06d}\r\nSystemName: {self.node}\r\n{event.body}\r\n"
        )
        self._said.append(Message(stamp, event.need, event.name, event.publisher, text.encode()))

    def take(self) -> list[Message]:
        """All that was said since the last time."""
        said, self._said = self._said, []
        return said
