"""Meetings that are on, and those of the day that are over. Attendance is counted where breaks begin and end (`breaks.py`)."""

from __future__ import annotations

from realtime import rulings
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.owned import MeetingNow


def meeting_began(floor: Floor, fact: rulings.MeetingBegan, changes: Changes) -> None:
    floor.owned.meetings[fact.meeting] = MeetingNow(
        id=fact.meeting,
        rule=fact.rule,
        name=fact.name,
        name_zh=fact.name_zh,
        kind=fact.kind,
        teams=fact.teams,
        began=fact.at,
        until=fact.until,
        expected=fact.expected,
        by=fact.by,
    )
    changes.owned.add("meetings")


def meeting_ended(floor: Floor, fact: rulings.MeetingEnded, changes: Changes) -> None:
    meeting = floor.owned.meetings.pop(fact.meeting, None)
    if meeting is not None:
        meeting.until = fact.at
        meeting.excused.update(fact.excused)
        floor.owned.met[meeting.id] = meeting
    changes.owned.add("meetings")
