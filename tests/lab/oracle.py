"""What Asterisk itself wrote, read back as numbers to hold Andon's against. Pure: text in, values out.

`visits` and `totals` read queue_log; `members` reads `queue show`. It shares no code with Andon on purpose.
A *visit* is one stay of one caller in one queue: the same call id may visit the same queue twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

ENDS_WAITING = {
    # event: (outcome, index of the waited seconds among the event's own fields)
    "CONNECT": ("answered", 0),
    "ABANDON": ("abandoned", 2),
    "EXITWITHTIMEOUT": ("left_otherwise", 2),
    "EXITWITHKEY": ("left_otherwise", 3),
    "EXITEMPTY": ("left_otherwise", 2),
    "WITHDRAW": ("left_otherwise", 2),
    "SYSCOMPAT": ("left_otherwise", None),
}
"""How a visit's waiting ends; each visit has exactly one of these, unless Asterisk died under it."""

ENDS_TALKING = {
    # event: index of the talked seconds among the event's own fields
    "COMPLETEAGENT": 1,
    "COMPLETECALLER": 1,
    "BLINDTRANSFER": 3,
    "ATTENDEDTRANSFER": 3,
    "TRANSFER": 3,
}
"""What ends an answered visit, as far as the queue is concerned."""


@dataclass(frozen=True)
class Entry:
    """One line of queue_log."""

    at: int
    call: str
    queue: str
    member: str
    event: str
    fields: tuple[str, ...]


@dataclass
class Visit:
    """`outcome` is answered, abandoned, left_otherwise, or empty while waiting (or lost with Asterisk)."""

    call: str
    queue: str
    ordinal: int
    entered: int
    outcome: str = ""
    how: str = ""
    """The event that ended the waiting."""
    wait: int | None = None
    member: str = ""
    member_call: str = ""
    talk: int | None = None
    ended_by: str = ""
    """The event that ended the talking."""


@dataclass
class Totals:
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    left_otherwise: int = 0
    open: int = 0
    """Entered and not ended by the end of the log: waiting still, or lost when Asterisk was killed."""


@dataclass(frozen=True)
class Member:
    """A member's line of `queue show`."""

    queue: str
    name: str
    interface: str
    state_interface: str
    paused: bool
    reason: str
    state: str
    """Asterisk's word: Not in use, In use, Ringing, Unavailable, ..."""
    in_call: bool
    dynamic: bool
    penalty: int
    calls_taken: int


@dataclass
class QueueShown:
    """One queue of `queue show`."""

    name: str
    strategy: str
    calls: int
    members: list[Member] = field(default_factory=list)


def entries(text: str) -> list[Entry]:
    """The lines of a queue_log; a last line without its end (still being written) is left out."""
    lines = [line.split("|") for line in text.split("\n")[:-1]]
    return [Entry(int(line[0]), line[1], line[2], line[3], line[4], tuple(line[5:])) for line in lines if len(line) >= 5]


def visits(text: str) -> list[Visit]:
    """Every stay in a queue, in order of entry."""
    found: list[Visit] = []
    current: dict[tuple[str, str], Visit] = {}
    for entry in entries(text):
        key = (entry.call, entry.queue)
        if entry.event == "ENTERQUEUE":
            ordinal = current[key].ordinal + 1 if key in current else 1
            current[key] = Visit(entry.call, entry.queue, ordinal, entry.at)
            found.append(current[key])
        elif key in current:
            _follow(current[key], entry)
    return found


def _follow(visit: Visit, entry: Entry) -> None:
    if entry.event in ENDS_WAITING and not visit.outcome:
        visit.outcome, index = ENDS_WAITING[entry.event]
        visit.how = entry.event
        visit.wait = int(entry.fields[index]) if index is not None else None
        if entry.event == "CONNECT":
            visit.member, visit.member_call = entry.member, entry.fields[1]
    elif entry.event in ENDS_TALKING and visit.outcome == "answered" and not visit.ended_by:
        visit.talk, visit.ended_by = int(entry.fields[ENDS_TALKING[entry.event]]), entry.event


def totals(found: Iterable[Visit]) -> dict[str, Totals]:
    """The sums of each queue."""
    sums: dict[str, Totals] = {}
    for visit in found:
        of = sums.setdefault(visit.queue, Totals())
        of.offered += 1
        counter = visit.outcome or "open"
        setattr(of, counter, getattr(of, counter) + 1)
    return sums


QUEUE_LINE = re.compile(r"^(?P<name>\S+) has (?P<calls>\d+) calls \(max \S+\) in '(?P<strategy>\w+)' strategy")
MEMBER_LINE = re.compile(
    r"^ {6}(?P<name>.+?) \((?P<interface>[^\s()]+)(?: from (?P<state_interface>[^()]+))?\)"
    r"(?: with penalty (?P<penalty>\d+))?"
    r"(?P<marks>.*) has taken (?P<taken>no|\d+) calls"
)
MARK = re.compile(r" \((?P<mark>[^()]*(?:\([^()]*\))?[^()]*)\)")
PAUSED = re.compile(r"^paused(?::(?P<reason>.*?))?(?: was \d+ secs ago)?$")
NOT_A_STATE = ("ringinuse ", "wrapuptime:", "paused")


def members(text: str) -> dict[str, QueueShown]:
    """What `queue show` prints (without its colours), by queue."""
    queues: dict[str, QueueShown] = {}
    queue: QueueShown | None = None
    for line in text.splitlines():
        if head := QUEUE_LINE.match(line):
            queue = QueueShown(head["name"], head["strategy"], int(head["calls"]))
            queues[queue.name] = queue
        elif queue is not None and (found := MEMBER_LINE.match(line)):
            queue.members.append(_member(queue.name, found))
    return queues


def _member(queue: str, found: re.Match[str]) -> Member:
    marks = [mark["mark"] for mark in MARK.finditer(found["marks"])]
    paused = next((PAUSED.match(mark) for mark in marks if mark.startswith("paused")), None)
    words = [mark for mark in marks if not mark.startswith(NOT_A_STATE) and mark not in ("dynamic", "realtime", "in call")]
    return Member(
        queue=queue,
        name=found["name"],
        interface=found["interface"],
        state_interface=found["state_interface"] or found["interface"],
        paused=paused is not None,
        reason=(paused["reason"] or "") if paused else "",
        state=words[0] if words else "",
        in_call="in call" in marks,
        dynamic="dynamic" in marks,
        penalty=int(found["penalty"] or 0),
        calls_taken=0 if found["taken"] == "no" else int(found["taken"]),
    )
