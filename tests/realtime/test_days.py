"""Business days: where they begin, also where a clock goes on or back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.days import Day, day_of
from realtime.words import SECOND, Micros

HOUR: Micros = 3600 * SECOND
NEW_YORK, SHANGHAI, LORD_HOWE = "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"


def moment(local: str, zone: str) -> Micros:
    return round(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


def hours(day: Day) -> float:
    return (day.ends - day.begins) / HOUR


@pytest.mark.parametrize("zone", [NEW_YORK, SHANGHAI, LORD_HOWE, "UTC", "Asia/Kathmandu"])
def test_midnight_is_the_new_days_first_moment(zone: str) -> None:
    midnight = moment("2026-11-24T00:00", zone)
    assert day_of(midnight, zone, 0).name == "2026-11-24"
    assert day_of(midnight - 1, zone, 0).name == "2026-11-23"
    assert day_of(midnight, zone, 0).begins == midnight


def test_a_day_that_begins_at_six_has_its_night_behind_it() -> None:
    assert day_of(moment("2026-11-24T05:59:59", SHANGHAI), SHANGHAI, 360).name == "2026-11-23"
    day = day_of(moment("2026-11-24T06:00", SHANGHAI), SHANGHAI, 360)
    assert day == Day("2026-11-24", moment("2026-11-24T06:00", SHANGHAI), moment("2026-11-25T06:00", SHANGHAI))


@pytest.mark.parametrize(
    ("zone", "date", "length"),
    [
        (NEW_YORK, "2026-03-08", 23),  # on by an hour
        (NEW_YORK, "2026-11-01", 25),  # back by an hour
        (NEW_YORK, "2026-07-04", 24),
        (LORD_HOWE, "2026-10-04", 23.5),  # on by half an hour
        (LORD_HOWE, "2026-04-05", 24.5),
        (SHANGHAI, "2026-03-08", 24),
    ],
)
@pytest.mark.parametrize("starts_min", [0, 90])
def test_a_day_is_as_long_as_its_clock_says(zone: str, date: str, length: float, starts_min: int) -> None:
    assert hours(day_of(moment(f"{date}T12:00", zone), zone, starts_min)) == length


def test_a_day_that_begins_at_six_takes_the_clock_change_of_the_night_after() -> None:
    assert hours(day_of(moment("2026-03-07T12:00", NEW_YORK), NEW_YORK, 360)) == 23
    assert hours(day_of(moment("2026-03-08T12:00", NEW_YORK), NEW_YORK, 360)) == 24


def test_a_beginning_that_the_clock_skips_comes_as_much_later() -> None:
    day = day_of(moment("2026-03-08T12:00", NEW_YORK), NEW_YORK, 150)
    assert day.begins == moment("2026-03-08T03:30", NEW_YORK)
    assert day_of(day.begins - 1, NEW_YORK, 150).name == "2026-03-07"


def test_a_beginning_that_comes_twice_is_the_first() -> None:
    day = day_of(moment("2026-11-01T12:00", NEW_YORK), NEW_YORK, 90)
    assert day.begins == moment("2026-11-01T00:00", NEW_YORK) + 90 * 60 * SECOND


def test_leap_days_are_days() -> None:
    assert day_of(moment("2028-02-29T12:00", SHANGHAI), SHANGHAI, 0).name == "2028-02-29"
    assert day_of(moment("2028-03-01T00:00", SHANGHAI) - 1, SHANGHAI, 0).name == "2028-02-29"


ZONES = st.sampled_from((NEW_YORK, SHANGHAI, LORD_HOWE, "America/Santiago", "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu", "UTC"))


@given(at=st.integers(0, 4_000_000_000 * SECOND), zone=ZONES, starts_min=st.integers(0, 1439))
def test_every_moment_lies_in_its_day_and_days_leave_no_gap(at: Micros, zone: str, starts_min: int) -> None:
    day = day_of(at, zone, starts_min)
    assert day.begins <= at < day.ends
    assert day_of(day.begins, zone, starts_min) == day
    assert day_of(day.ends - 1, zone, starts_min) == day
    assert day_of(day.ends, zone, starts_min).begins == day.ends
