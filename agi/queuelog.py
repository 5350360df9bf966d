"""Asterisk's queue_log, read: lines into entries, entries into the visits they tell of. Pure.

Not the reading of the file (`adapter.py`) and not the filling of a gap (`gap.py`). One line is
`epoch|callid|queue|agent|event|data...` in whole seconds; the agent is a member's name or interface as queues.conf says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from agi.translate.headers import whole

LEFT = {
    "ABANDON": ("abandoned", "hangup"),
    "EXITWITHTIMEOUT": ("left_otherwise", "timeout"),
    "EXITWITHKEY": ("left_otherwise", "key"),
    "EXITEMPTY": ("left_otherwise", "empty"),
    "WITHDRAW": ("left_otherwise", "withdrawn"),
}
"""How a caller left without an answer, as a fact says it. WITHDRAW is followed by an ABANDON that is none."""
COMPLETED = {"COMPLETEAGENT": "agent", "COMPLETECALLER": "caller", "BLINDTRANSFER": "transfer", "ATTENDEDTRANSFER": "transfer"}


class Entry(NamedTuple):
    at_s: int
    callid: str
    queue: str
    agent: str
    event: str
    data: tuple[str, ...]


@dataclass(slots=True)
class LoggedVisit:
    """One visit as far as the lines tell; a time of 0 is one they do not tell."""

    callid: str
    queue: str
    joined_s: int = 0
    outcome: str = ""  # answered, abandoned, left_otherwise
    how: str = ""
    outcome_s: int = 0
    agent: str = ""
    wait_s: int = 0
    completed_s: int = 0
    talk_s: int = 0
    by: str = ""
    number: str = field(default="", repr=False)


def since(lines: Iterable[str], at_s: int) -> list[str]:
    """The lines from about that second on; a little earlier ones, too, for two clocks never round alike."""
    begin = at_s - 2
    return [line for line in lines if whole(line.partition("|")[0]) >= max(begin, 1)]


def parse(lines: Iterable[str]) -> list[Entry]:
    """What is no entry (a line cut by the reader, another format) is left out."""
    entries = []
    for line in lines:
        parts = line.rstrip("\r\n").split("|")
        if len(parts) >= 5 and whole(parts[0]) > 0:
            entries.append(Entry(whole(parts[0]), parts[1], parts[2], parts[3], parts[4], tuple(parts[5:])))
    return entries


def visits(entries: Iterable[Entry]) -> list[LoggedVisit]:
    """In the order of their first line. A caller who joins again has a new visit."""
    told: list[LoggedVisit] = []
    latest: dict[tuple[str, str], LoggedVisit] = {}
    talking: dict[tuple[str, str, str], LoggedVisit] = {}  # a transferred caller may join again before the talk is told over
    for entry in entries:
        if entry.callid in ("NONE", "") or entry.queue == "NONE":
            continue
        visit = latest.get((entry.callid, entry.queue))
        talk = (entry.callid, entry.queue, entry.agent)
        if entry.event in COMPLETED:
            visit = talking.pop(talk, visit)
        if entry.event == "ENTERQUEUE" or visit is None:
            if entry.event not in ("ENTERQUEUE", "CONNECT", *LEFT, *COMPLETED):
                continue
            visit = latest[entry.callid, entry.queue] = LoggedVisit(entry.callid, entry.queue)
            told.append(visit)
        tell(visit, entry)
        if entry.event == "CONNECT":
            talking[talk] = visit
    return told


def tell(visit: LoggedVisit, entry: Entry) -> None:
    event, data = entry.event, entry.data
    if event == "ENTERQUEUE":
        visit.joined_s, visit.number = entry.at_s, data[1] if len(data) > 1 else ""
    elif event == "CONNECT":
        visit.outcome, visit.outcome_s, visit.agent = "answered", entry.at_s, entry.agent
        visit.wait_s = seconds(data, 0)
    elif event in LEFT and not visit.outcome:
        (visit.outcome, visit.how), visit.outcome_s = LEFT[event], entry.at_s
    elif event in COMPLETED:
        if not visit.outcome:
            visit.outcome = "answered"
        visit.agent = visit.agent or entry.agent
        visit.completed_s, visit.by = entry.at_s, COMPLETED[event]
        # hold and talk come first in COMPLETE*, after exten and context in BLINDTRANSFER, after a method in the other
        first = {"BLINDTRANSFER": 2, "ATTENDEDTRANSFER": 2}.get(event, 0)
        visit.wait_s, visit.talk_s = seconds(data, first), seconds(data, first + 1)


def seconds(data: tuple[str, ...], index: int) -> int:
    return whole(data[index]) if len(data) > index else 0
