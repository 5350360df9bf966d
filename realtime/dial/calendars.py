"""Holidays and moved working days, by country or region: those of the library `holidays`, the plan's own over them.

Not when it may ring (`hours.py`). A year whose official calendar is not there is said to be unknown, so that somebody is warned: China
moves working days by a notice each November, and what is reckoned without it looks right and is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import holidays

from realtime.plan.dialling import Calendar

BY_NOTICE = ("CN",)
"""Countries whose holidays are set anew each year; known where the library has that year's moved working days."""
ANY_REGION = "-*"
ESTIMATED = "estimated"
"""The library's own word in the name of a holiday that hangs on the moon."""
YEARS_KEPT = 512
"""A dozen calendars with a few years each, forty times over."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
DAYS_KEPT = 4096
"""Ten days each of the calendars that there are: what is asked for is around now."""


class DayKind(NamedTuple):
    """`eve`: of a holiday. `workday`: people work. `known` False: nobody has said officially what this year's days are."""

    holiday: bool
    eve: bool
    workday: bool
    known: bool
    name: str


NO_CALENDAR = DayKind(holiday=False, eve=False, workday=True, known=True, name="")


class Year(NamedTuple):
    days: dict[date, str]
    worked: frozenset[date]  # at a weekend
    weekend: frozenset[int]
    known: bool


UNKNOWN_YEAR = Year({}, frozenset(), frozenset({5, 6}), known=False)


class Calendars:
    """All of them. Of a year that the plan lists, only the plan's days count; in other years its days are added to the library's."""

    def __init__(self, overrides: Iterable[Calendar] = ()) -> None:
        self._given = {each.id: each for each in overrides}
        self._kinds: dict[tuple[str, date], DayKind] = {}

    def day(self, calendar_id: str, on: date) -> DayKind:
        """`calendar_id` is a country's (what all of it has), its region's, or of any of its regions (a number does not say which): CN,
        US-AL, GB-*. Empty: no calendar, and a day like any other."""
        if not calendar_id:
            return NO_CALENDAR
        found = self._kinds.get((calendar_id, on))
        if found is None:
            if len(self._kinds) >= DAYS_KEPT:
                self._kinds.clear()
            found = self._kinds[(calendar_id, on)] = self._kind(calendar_id, on)
        return found

    def _own(self, calendar_id: str) -> Calendar | None:
        """The plan's; of a country for any of its regions, too."""
        return self._given.get(calendar_id) or self._given.get(calendar_id.removesuffix(ANY_REGION))

    @property
    def kept(self) -> int:
        return len(self._kinds)

    def _kind(self, calendar_id: str, on: date) -> DayKind:
        name, known = self._holiday(calendar_id, on)
        tomorrow, _ = self._holiday(calendar_id, on + timedelta(days=1))
        return DayKind(bool(name), bool(tomorrow), self._worked(calendar_id, on, bool(name)), known, name)

    def _holiday(self, calendar_id: str, on: date) -> tuple[str, bool]:
        """Its name, empty for none; and whether that is known."""
        own, iso = self._own(calendar_id), on.isoformat()
        if own is not None:
            if iso in own.holidays:
                return "holiday", True
            if iso in own.workdays or on.year in own.years:
                return "", True
        year = library(calendar_id, on.year)
        return year.days.get(on, ""), year.known

    def _worked(self, calendar_id: str, on: date, holiday: bool) -> bool:
        own = self._own(calendar_id)
        if own is not None and on.isoformat() in own.workdays:
            return True
        year = library(calendar_id, on.year)
        moved = on in year.worked and not (own is not None and on.year in own.years)
        return not holiday and (moved or on.weekday() not in year.weekend)


@lru_cache(maxsize=8)
def calendars_of(overrides: tuple[Calendar, ...]) -> Calendars:
    """The same ones for the same plan: a decision has no time to make them anew."""
    return Calendars(overrides)


@lru_cache(maxsize=YEARS_KEPT)
def library(calendar_id: str, year: int) -> Year:
    """A year as the library has it; unknown where it has none."""
    country, _, region = calendar_id.partition("-")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return UNKNOWN_YEAR
    if calendar_id.endswith(ANY_REGION):
        return of_any_region(country, year)
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=year, expand=False, language="en_US")
    except (NotImplementedError, KeyError, ValueError):
        return library(country, year)._replace(known=False) if region else UNKNOWN_YEAR
    days = dict(found.items())
    worked = frozenset(day for day in found.weekend_workdays if day.year == year)
    weekend = frozenset(found.weekend)
    guessed = (country in BY_NOTICE and not worked) or any(ESTIMATED in name for name in days.values())
    return Year(joined(days, worked, weekend) if country in BY_NOTICE else days, worked, weekend, not guessed)


def of_any_region(country: str, year: int) -> Year:
    """What is a holiday in one of them is one."""
    whole = library(country, year)
    regions = [library(f"{country}-{each}", year) for each in holidays.list_supported_countries().get(country, ())]
    days = {day: name for each in (*regions, whole) for day, name in each.days.items()}
    return Year(days, whole.worked, whole.weekend, all(each.known for each in (whole, *regions)))


def joined(days: dict[date, str], worked: frozenset[date], weekend: frozenset[int]) -> dict[date, str]:
    """With the free weekends beside them: China's notices count those to the holiday (the 4th of October in 1 to 7 October), the library
    leaves them out. What a weekend of the next year joins at the turn of the year is not seen."""
    more = dict(days)
    for step in (timedelta(days=1), timedelta(days=-1)):
        for day, name in sorted(days.items()):
            beside = day + step
            while beside.weekday() in weekend and beside not in worked and beside not in days and beside.year == day.year:
                more[beside] = name
                beside += step
    return more
