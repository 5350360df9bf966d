"""A campaign's meters: one happening is counted in the day, the minute, and the trial while it is on.

Not what happened (`dials.py`, `campaigns.py`). What is taken back (a person that was a machine) leaves the spans of now, and no
number goes below nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from realtime.owned_outbound import DAYS_KEPT, MINUTES_KEPT, CampaignNow, Meter
from realtime.words import SECOND, Micros

MINUTE: Micros = 60 * SECOND
CODES_MOST = 200
"""Result codes of one span: a plan names them, and more than anybody can choose among is a mistake of who asks."""


class Count(NamedTuple):
    """What is added, by the names of `Meter`."""

    dials: int = 0
    connected: int = 0
    live: int = 0
    abandoned: int = 0
    machines: int = 0
    talk_s: int = 0
    denied: int = 0
    deferred: int = 0
    complaints: int = 0
    recorded: int = 0


def count(campaign: CampaignNow, at: Micros, more: Count) -> None:
    for meter in spans(campaign, at):
        add(meter, more)


def add(meter: Meter, more: Count) -> None:
    for name, value in zip(Count._fields, more, strict=True):
        if value:
            setattr(meter, name, max(0, getattr(meter, name) + value))


def count_result(campaign: CampaignNow, at: Micros, code: str, *, instead_of: str = "") -> None:
    if code == instead_of:
        return
    for meter in spans(campaign, at):
        results = meter.results
        if results.get(instead_of, 0) > 1:
            results[instead_of] -= 1
        else:
            results.pop(instead_of, None)
        if code in results or len(results) < CODES_MOST:
            results[code] = results.get(code, 0) + 1


def spans(campaign: CampaignNow, at: Micros) -> list[Meter]:
    """Those that hold `at`; a minute is made when something happens in it."""
    number = at // MINUTE
    minute = campaign.minutes.get(number)
    if minute is None:
        minute = campaign.minutes[number] = Meter()
        while len(campaign.minutes) > MINUTES_KEPT or min(campaign.minutes) <= number - MINUTES_KEPT:
            del campaign.minutes[min(campaign.minutes)]
    return [campaign.day, minute, *([campaign.trial] if campaign.state == "trial" else [])]


def begin_day(campaign: CampaignNow, day: str, begins: Micros) -> None:
    """`day` is over. Its last word may come late: what the minutes know to have happened since belongs to the new one."""
    ended, campaign.day = campaign.day, Meter()
    for number, minute in campaign.minutes.items():
        if number * MINUTE >= begins:
            for name in Count._fields:
                moved = min(getattr(minute, name), getattr(ended, name))
                setattr(campaign.day, name, getattr(campaign.day, name) + moved)
                setattr(ended, name, getattr(ended, name) - moved)
            for code, times in minute.results.items():
                moved = min(times, ended.results.get(code, 0))
                if moved:
                    campaign.day.results[code] = campaign.day.results.get(code, 0) + moved
                    ended.results[code] -= moved
    campaign.days[day] = ended
    while len(campaign.days) > DAYS_KEPT:
        del campaign.days[min(campaign.days)]
