"""Windows in which events are counted, also where clocks change."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.dial.windows import begin_of, frees, local_date, since
from realtime.plan.dialling import Window
from realtime.words import SECOND, Micros

HOUR: Micros = 3600 * SECOND
DAY: Micros = 24 * HOUR
NEW_YORK, LONDON, LORD_HOWE, SHANGHAI = "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Shanghai"
SAMOA, BEIRUT, HAVANA = "Pacific/Apia", "Asia/Beirut", "America/Havana"  # leaves out a day; the clock jumps at midnight; strikes it twice


def moment(said: str, zone: str, fold: int = 0) -> Micros:
    return round(datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()) * SECOND


def counts(window: Window, event: Micros, now: Micros, zone: str, began: Micros = 0) -> bool:
    return event >= since(window, now, zone, began)


def test_florida_three_in_24_hours_frees_the_fourth_to_the_second() -> None:
    window, first = Window(kind="rolling", seconds=86_400), moment("2026-03-07T12:00", NEW_YORK)
    assert frees(window, first, NEW_YORK, 0) == first + DAY  # 13:00 on the wall: it is the night of the change
    assert counts(window, first, first + DAY - 1, NEW_YORK)
    assert not counts(window, first, first + DAY, NEW_YORK)


@pytest.mark.parametrize(
    ("zone", "event", "midnight"),
    [
        (NEW_YORK, "2026-03-08T00:00", "2026-03-09T00:00"),  # 23 hours
        (NEW_YORK, "2026-11-01T00:00", "2026-11-02T00:00"),  # 25 hours
        (LONDON, "2026-03-29T12:00", "2026-03-30T00:00"),
        (LONDON, "2026-10-25T00:30", "2026-10-26T00:00"),
        (LORD_HOWE, "2026-10-04T10:00", "2026-10-05T00:00"),
        (LORD_HOWE, "2026-04-05T10:00", "2026-04-06T00:00"),
        (SHANGHAI, "2028-02-28T23:59:59", "2028-02-29T00:00"),
        (SHANGHAI, "2028-02-29T00:00", "2028-03-01T00:00"),
        (BEIRUT, "2026-03-28T23:00", "2026-03-29T01:00"),  # midnight itself is left out
        (HAVANA, "2026-10-31T23:00", "2026-11-01T00:00"),  # the first of two
        (SAMOA, "2011-12-29T12:00", "2011-12-31T00:00"),
        ("America/Toronto", "1919-03-30T12:00", "1919-03-31T00:30"),  # from 23:30 to 00:30
    ],
)
def test_a_calendar_day_ends_at_the_next_dates_first_moment(zone: str, event: str, midnight: str) -> None:
    window, at, ends = Window(kind="calendar_day"), moment(event, zone), moment(midnight, zone)
    assert frees(window, at, zone, 0) == ends
    assert counts(window, at, ends - 1, zone)
    assert not counts(window, at, ends, zone)


def test_a_midnight_that_is_struck_twice_begins_no_new_day() -> None:
    window = Window(kind="calendar_day")
    first, second = moment("2026-11-01T00:00", HAVANA), moment("2026-11-01T00:00", HAVANA, fold=1)
    assert second - first == HOUR
    assert counts(window, first, second + HOUR, HAVANA)
    assert not counts(window, first - 1, first, HAVANA)


def test_reg_f_seven_days_of_which_the_talk_is_the_first() -> None:
    window = Window(kind="calendar_days", days=7)
    monday, next_monday = moment("2026-11-02T20:59:59", NEW_YORK), moment("2026-11-09T00:00", NEW_YORK)
    assert frees(window, monday, NEW_YORK, 0) == next_monday
    assert counts(window, monday, next_monday - 1, NEW_YORK)
    assert not counts(window, monday, next_monday, NEW_YORK)


def test_any_thirty_dates() -> None:
    window, paris = Window(kind="any_days", days=30), "Europe/Paris"
    first = moment("2026-10-01T10:00", paris)
    assert counts(window, first, moment("2026-10-30T23:59", paris), paris)
    assert frees(window, first, paris, 0) == moment("2026-10-31T00:00", paris)


def test_blocks_of_thirty_days_from_the_first_dial() -> None:
    window = Window(kind="blocks", days=30, zone="UTC")
    began = moment("2026-01-10T15:00", "UTC")
    assert since(window, moment("2026-01-10T15:00", "UTC"), SHANGHAI, began) == moment("2026-01-10T00:00", "UTC")
    assert since(window, moment("2026-02-08T23:59", "UTC"), SHANGHAI, began) == moment("2026-01-10T00:00", "UTC")
    assert since(window, moment("2026-02-09T00:00", "UTC"), SHANGHAI, began) == moment("2026-02-09T00:00", "UTC")
    assert frees(window, moment("2026-03-01T00:00", "UTC"), SHANGHAI, began) == moment("2026-03-11T00:00", "UTC")
    assert since(window, began, SHANGHAI, 0) == moment("2026-01-10T00:00", "UTC"), "nothing was dialled yet: it begins today"


@pytest.mark.parametrize(("event", "ends"), [("2028-02-29T23:59", "2028-03-01T00:00"), ("2026-12-31T10:00", "2027-01-01T00:00")])
def test_a_calendar_month(event: str, ends: str) -> None:
    window = Window(kind="calendar_month")
    assert frees(window, moment(event, LONDON), LONDON, 0) == moment(ends, LONDON)
    assert since(window, moment(event, LONDON), LONDON, 0) == moment(f"{event[:8]}01T00:00", LONDON)


def test_a_windows_own_zone_goes_before_the_called_partys() -> None:
    window = Window(kind="calendar_day", zone=LONDON)
    at = moment("2026-11-24T23:30", LONDON)
    assert since(window, at, SHANGHAI, 0) == moment("2026-11-24T00:00", LONDON)


def test_a_zone_that_is_none_is_a_fault_and_no_guess() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        since(Window(kind="calendar_day"), 0, "Mars/Olympus", 0)


WINDOWS = st.builds(
    Window,
    kind=st.sampled_from(["rolling", "calendar_day", "calendar_days", "any_days", "blocks", "calendar_month"]),
    seconds=st.sampled_from([1, 300, 28_800, 86_400]),
    days=st.integers(1, 60),
    zone=st.sampled_from(["", "", "UTC", LONDON]),
)
ZONES = st.sampled_from([NEW_YORK, LONDON, LORD_HOWE, SHANGHAI, BEIRUT, HAVANA, SAMOA, "UTC", "Asia/Kathmandu", "America/Nuuk"])
MOMENTS = st.integers(moment("2025-12-01T00:00", "UTC"), moment("2028-04-01T00:00", "UTC"))
"""Without years in which a clock went back over midnight: there a date is left and comes again, and a window over it has a hole."""


@given(WINDOWS, ZONES, MOMENTS, st.integers(0, 70 * DAY), MOMENTS)
def test_since_and_frees_say_the_same(window: Window, zone: str, event: Micros, later: Micros, began: Micros) -> None:
    assert counts(window, event, event + later, zone, began) == (event + later < frees(window, event, zone, began))


@given(WINDOWS, ZONES, MOMENTS, MOMENTS)
def test_an_event_counts_at_its_own_moment_and_leaves_to_the_microsecond(window: Window, zone: str, event: Micros, began: Micros) -> None:
    ends = frees(window, event, zone, began)
    assert counts(window, event, event, zone, began)
    assert counts(window, event, ends - 1, zone, began)
    assert not counts(window, event, ends, zone, began)


@given(WINDOWS, ZONES, MOMENTS, st.integers(0, 40 * DAY), MOMENTS)
def test_a_window_never_goes_back(window: Window, zone: str, now: Micros, later: Micros, began: Micros) -> None:
    assert since(window, now + later, zone, began) >= since(window, now, zone, began)
    assert frees(window, now + later, zone, began) >= frees(window, now, zone, began)


@given(ZONES, MOMENTS)
def test_a_date_begins_where_the_wall_says_so(zone: str, at: Micros) -> None:
    day = local_date(at, zone)
    begins = begin_of(day, zone)
    assert begins <= at
    assert local_date(begins, zone) == day
    assert local_date(begins - 1, zone) < day
