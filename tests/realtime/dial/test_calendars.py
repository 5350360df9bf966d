"""Holidays, their eves, moved working days, and years that nobody has announced yet."""

from __future__ import annotations

from datetime import date

import pytest

from realtime.dial.calendars import NO_CALENDAR, Calendars, calendars_of, library
from realtime.plan.dialling import Calendar

PLAIN = Calendars()


def day(calendar: str, on: str, calendars: Calendars = PLAIN) -> tuple[bool, bool, bool, bool]:
    got = calendars.day(calendar, date.fromisoformat(on))
    return got.holiday, got.eve, got.workday, got.known


@pytest.mark.parametrize(
    ("calendar", "on", "holiday", "eve", "workday"),
    [
        ("CN", "2026-10-01", True, True, False),  # National Day, and the next day is one, too
        ("CN", "2026-09-30", False, True, True),
        ("CN", "2026-10-10", False, False, True),  # a Saturday on which people work
        ("CN", "2026-09-20", False, False, True),  # a Sunday on which people work
        ("CN", "2026-10-07", True, False, False),  # the last of the golden week
        ("CN", "2026-10-04", True, True, False),  # a Sunday among them
        ("CN", "2026-06-21", True, False, False),  # the weekend behind one
        ("CN", "2026-02-15", True, True, False),  # the weekend before the Spring Festival; its Saturday is worked
        ("CN", "2026-02-14", False, True, True),
        ("CN", "2026-11-28", False, False, False),  # a Saturday
        ("CN", "2026-02-20", True, True, False),  # a day off in exchange for a Saturday
        ("US", "2026-11-26", True, False, False),  # Thanksgiving
        ("US", "2026-11-25", False, True, True),
        ("US", "2026-11-27", False, False, True),
        ("US-AL", "2026-07-03", True, True, False),  # the Fourth is a Saturday: kept on Friday
        ("US-AL", "2026-04-27", True, False, False),  # a day that Alabama alone has
        ("US", "2026-04-27", False, False, True),
        ("US-LA", "2026-02-17", True, False, False),  # Mardi Gras
        ("GB-ENG", "2026-12-28", True, False, False),  # for Boxing Day, a Saturday
        ("GB-ENG", "2026-01-02", False, False, True),
        ("GB-SCT", "2026-01-02", True, False, False),
        ("GB-*", "2026-01-02", True, False, False),  # in Scotland
        ("GB-*", "2026-08-31", True, False, False),  # in England
        ("GB", "2026-08-31", False, False, True),  # not in all of it
        ("GB-*", "2026-12-25", True, True, False),
        ("DE-*", "2026-11-01", True, False, False),
        ("CN-*", "2026-10-01", True, True, False),  # it has no regions of its own
        ("DE-BY", "2026-01-06", True, False, False),
        ("DE-HH", "2026-01-06", False, False, True),
        ("FR", "2026-07-14", True, False, False),
        ("IT", "2026-08-14", False, True, True),
        ("AU-NSW", "2026-06-08", True, False, False),
        ("AU", "2026-06-08", False, False, True),
        ("CA-ON", "2026-02-16", True, False, False),
        ("ES", "2026-10-12", True, False, False),
        ("US", "2028-02-29", False, False, True),
        ("US", "2026-12-31", False, True, True),  # the eve of next year's first
    ],
)
def test_days(calendar: str, on: str, holiday: bool, eve: bool, workday: bool) -> None:
    assert day(calendar, on) == (holiday, eve, workday, True)


def test_a_holiday_has_its_name() -> None:
    assert PLAIN.day("US", date(2026, 11, 26)).name == "Thanksgiving Day"
    assert PLAIN.day("US", date(2026, 11, 25)).name == ""


@pytest.mark.parametrize(
    ("calendar", "on", "known"),
    [
        ("CN", "2026-06-01", True),
        ("CN-*", "2027-06-01", False),
        ("XX-*", "2026-06-01", False),
        ("CN", "2027-06-01", False),  # announced in November of the year before, after this library
        ("CN", "2031-06-01", False),
        ("US", "2031-06-01", True),  # by law, for every year
        ("GB-ENG", "2031-06-01", True),
        ("XX", "2026-06-01", False),  # no such country
        ("US-XX", "2026-06-01", False),  # no such state: the country's days, and a warning
        ("US", "1900-06-01", False),
        ("US", "2400-06-01", False),
        ("CN", "2026-12-31", True),
    ],
)
def test_what_is_not_official_is_said_to_be_unknown(calendar: str, on: str, known: bool) -> None:
    assert PLAIN.day(calendar, date.fromisoformat(on)).known is known


def test_an_unknown_region_has_its_countrys_days() -> None:
    assert day("US-XX", "2026-11-26") == (True, False, False, False)


def test_a_year_without_its_notice_has_the_days_that_are_certain() -> None:
    assert day("CN", "2027-10-01") == (True, True, False, False)


def test_no_calendar_is_a_day_like_any_other() -> None:
    assert PLAIN.day("", date(2026, 10, 1)) == NO_CALENDAR


CHINA_2027 = Calendar(
    id="CN",
    holidays=("2027-01-01", "2027-01-02", "2027-01-03", "2027-10-01"),
    workdays=("2027-01-09",),
    years=(2027,),
)


def test_the_plans_calendar_is_the_whole_year() -> None:
    calendars = Calendars([CHINA_2027])
    assert day("CN", "2027-01-02", calendars) == (True, True, False, True)
    assert day("CN", "2027-01-09", calendars) == (False, False, True, True)  # a Saturday
    assert day("CN", "2027-05-01", calendars) == (False, False, False, True)  # the library's, and not in the plan's list
    assert day("CN", "2027-01-03", calendars) == (True, False, False, True)
    assert day("CN", "2026-12-31", calendars) == (False, True, True, True)  # eve of the plan's
    assert day("CN", "2026-10-01", calendars) == (True, True, False, True)  # another year: the library's
    assert day("CN", "2028-10-01", calendars)[3] is False


def test_the_plan_adds_to_and_takes_from_a_year_that_it_does_not_list() -> None:
    calendars = Calendars([Calendar(id="US-LA", holidays=("2026-08-28",), workdays=("2026-11-26",))])
    assert day("US-LA", "2026-08-28", calendars) == (True, False, False, True)  # declared by the governor
    assert day("US-LA", "2026-08-27", calendars) == (False, True, True, True)
    assert day("US-LA", "2026-11-26", calendars) == (False, False, True, True)  # the day after it stays one there
    assert day("US-LA", "2026-12-25", calendars)[0] is True
    assert day("US", "2026-08-28", calendars)[0] is False


def test_a_plans_country_is_that_of_any_of_its_regions() -> None:
    calendars = Calendars([Calendar(id="GB", holidays=("2026-05-08",), years=(2026,))])
    assert day("GB-*", "2026-05-08", calendars) == (True, False, False, True)
    assert day("GB-*", "2026-01-02", calendars)[0] is False, "all of that year's are in the plan"
    assert day("GB-SCT", "2026-01-02", calendars)[0] is True


def test_a_calendar_of_a_plan_is_made_once() -> None:
    assert calendars_of((CHINA_2027,)) is calendars_of((CHINA_2027,))
    assert calendars_of((CHINA_2027,)) is not calendars_of(())


def test_the_days_of_a_year_are_reckoned_once() -> None:
    assert library("DE-BY", 2026) is library("DE-BY", 2026)


def test_a_calendar_keeps_no_more_than_it_may() -> None:
    calendars = Calendars()
    for ordinal in range(date(2010, 1, 1).toordinal(), date(2026, 1, 1).toordinal()):
        calendars.day("US", date.fromordinal(ordinal))
    assert calendars.kept <= 4096
