"""Shifts: over midnight, where a clock goes on or back, on holidays, and where a roster says otherwise than the patterns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.plan.model import Pattern, Person, Plan, ShiftRules, Span
from realtime.plan.roster import next_shift, rostered, seconds_of, shift_around, shift_of, shifts_on, team_shift, wall_time_exists
from realtime.words import SECOND, AgentId, Micros

SHANGHAI, BERLIN, LORD_HOWE = "Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"
ANN, BO = AgentId("1001"), AgentId("1002")
WEEK = tuple(range(7))


def moment(local: str, zone: str = SHANGHAI) -> Micros:
    return round(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


def local(at: Micros, zone: str = SHANGHAI) -> str:
    return datetime.fromtimestamp(at // SECOND, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def plan_of(*patterns: Pattern, spans: tuple[Span, ...] = (), holidays: tuple[str, ...] = ()) -> Plan:
    people = (Person(id=ANN, team="A"), Person(id=BO, team="A"))
    return Plan(people=people, shifts=ShiftRules(patterns=patterns, spans=spans, holidays=holidays))


def pattern(begins: str, ends: str, days: tuple[int, ...] = WEEK, **who: tuple[str, ...]) -> Pattern:
    def minutes(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    found = Pattern(id="p", begins_min=minutes(begins), ends_min=minutes(ends), days=days)
    return msgspec.structs.replace(found, **(who or {"teams": ("A",)}))


DAY_SHIFT = plan_of(pattern("09:00", "18:00", (0, 1, 2, 3, 4)))  # 2026-11-23 is a Monday


def test_a_shift_is_on_from_its_first_moment_to_the_one_before_its_end() -> None:
    nine, six = moment("2026-11-24T09:00"), moment("2026-11-24T18:00")
    assert shift_of(DAY_SHIFT, ANN, nine - 1, SHANGHAI) is None
    assert shift_of(DAY_SHIFT, ANN, nine, SHANGHAI) == (nine, six, "p")
    assert shift_of(DAY_SHIFT, ANN, six - 1, SHANGHAI) == (nine, six, "p")
    assert shift_of(DAY_SHIFT, ANN, six, SHANGHAI) is None
    assert shift_of(DAY_SHIFT, "nobody", nine, SHANGHAI) is None
    assert rostered(DAY_SHIFT, ANN, SHANGHAI)
    assert not rostered(DAY_SHIFT, "nobody", SHANGHAI)


def test_over_midnight_the_morning_belongs_to_yesterdays_shift() -> None:
    plan = plan_of(pattern("22:00", "06:00", (4,)))  # Friday nights
    found = shift_of(plan, ANN, moment("2026-11-28T05:59"), SHANGHAI)
    assert found is not None
    assert (local(found.begins), local(found.ends)) == ("2026-11-27T22:00", "2026-11-28T06:00")
    assert shift_of(plan, ANN, moment("2026-11-28T22:30"), SHANGHAI) is None


def test_the_window_of_a_login_is_wider_than_the_shift() -> None:
    around = shift_around(DAY_SHIFT, ANN, moment("2026-11-24T08:45"), SHANGHAI)
    assert around is not None
    assert local(around.begins) == "2026-11-24T09:00"
    assert shift_around(DAY_SHIFT, ANN, moment("2026-11-24T08:44"), SHANGHAI) is None
    assert shift_around(DAY_SHIFT, ANN, moment("2026-11-24T18:29"), SHANGHAI) == around
    assert shift_around(DAY_SHIFT, ANN, moment("2026-11-24T18:30"), SHANGHAI) is None


def test_between_two_close_shifts_the_one_to_come_is_meant() -> None:
    plan = plan_of(pattern("09:00", "12:00"), pattern("12:20", "18:00"))
    around = shift_around(plan, ANN, moment("2026-11-24T12:10"), SHANGHAI)
    assert around is not None
    assert local(around.begins) == "2026-11-24T12:20"


def test_a_roster_goes_before_the_patterns_on_its_date_and_no_length_is_a_day_off() -> None:
    late = Span(ANN, seconds_of("2026-11-24", 13 * 60, SHANGHAI), seconds_of("2026-11-24", 22 * 60, SHANGHAI), "late")
    off = Span(ANN, seconds_of("2026-11-25", 0, SHANGHAI), seconds_of("2026-11-25", 0, SHANGHAI), "off")
    plan = plan_of(pattern("09:00", "18:00"), spans=(late, off))
    assert [each.name for each in shifts_on(plan, ANN, "2026-11-24", SHANGHAI)] == ["late"]
    assert shifts_on(plan, ANN, "2026-11-25", SHANGHAI) == ()
    assert [each.name for each in shifts_on(plan, ANN, "2026-11-26", SHANGHAI)] == ["p"]
    assert [each.name for each in shifts_on(plan, BO, "2026-11-24", SHANGHAI)] == ["p"]


def test_on_a_holiday_patterns_rest_and_a_roster_works() -> None:
    span = Span(BO, seconds_of("2026-10-01", 540, SHANGHAI), seconds_of("2026-10-01", 1080, SHANGHAI))
    plan = plan_of(pattern("09:00", "18:00"), spans=(span,), holidays=("2026-10-01",))
    assert shifts_on(plan, ANN, "2026-10-01", SHANGHAI) == ()
    assert len(shifts_on(plan, BO, "2026-10-01", SHANGHAI)) == 1


@pytest.mark.parametrize(
    ("days", "works"),
    [((0, 1, 2, 3, 4), True), (WEEK, True), ((0, 1, 2, 3, 4, 6), True), ((5, 6), False), ((5,), False), ((1, 5), True), ((1, 3), False)],
)
def test_a_made_up_saturday_is_worked_as_a_weekday(days: tuple[int, ...], works: bool) -> None:
    """2026-10-10 is a Saturday that is worked for a day of the October holiday. Other Saturdays are as ever."""
    usual = plan_of(pattern("09:00", "18:00", days))
    made_up = msgspec.structs.replace(usual, shifts=msgspec.structs.replace(usual.shifts, workdays=("2026-10-10",)))
    assert bool(shifts_on(made_up, ANN, "2026-10-10", SHANGHAI)) == works
    for day in ("2026-10-09", "2026-10-11", "2026-10-17"):
        assert shifts_on(made_up, ANN, day, SHANGHAI) == shifts_on(usual, ANN, day, SHANGHAI)


def test_on_a_made_up_day_a_roster_goes_before_the_pattern_as_ever() -> None:
    midnight = seconds_of("2026-10-10", 0, SHANGHAI)
    rules = ShiftRules(patterns=DAY_SHIFT.shifts.patterns, spans=(Span(ANN, midnight, midnight, "off"),), workdays=("2026-10-10",))
    plan = msgspec.structs.replace(DAY_SHIFT, shifts=rules)
    assert shifts_on(plan, ANN, "2026-10-10", SHANGHAI) == ()
    assert len(shifts_on(plan, BO, "2026-10-10", SHANGHAI)) == 1


def test_the_next_shift_is_over_the_weekend() -> None:
    found = next_shift(DAY_SHIFT, ANN, moment("2026-11-27T09:00"), SHANGHAI)
    assert found is not None
    assert local(found.begins) == "2026-11-30T09:00"
    assert next_shift(plan_of(), ANN, moment("2026-11-27T09:00"), SHANGHAI) is None


def test_a_team_works_from_its_first_to_its_last() -> None:
    plan = plan_of(pattern("08:00", "16:00", people=(ANN,)), pattern("10:00", "19:00", people=(BO,)))
    found = team_shift(plan, "A", "2026-11-24", SHANGHAI)
    assert found is not None
    assert (local(found.begins), local(found.ends)) == ("2026-11-24T08:00", "2026-11-24T19:00")
    assert team_shift(plan, "B", "2026-11-24", SHANGHAI) is None


def test_a_shift_whose_begin_is_skipped_begins_as_long_after_the_change() -> None:
    plan = plan_of(pattern("02:30", "10:00"))
    found = shifts_on(plan, ANN, "2026-03-29", BERLIN)[0]
    assert local(found.begins, BERLIN) == "2026-03-29T03:30"
    assert not wall_time_exists("2026-03-29", 150, BERLIN)
    assert wall_time_exists("2026-03-29", 180, BERLIN)
    assert wall_time_exists("2026-10-25", 150, BERLIN), "it comes twice, and the first is meant"


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-03-29", 8), ("2026-10-24", 9)])
def test_a_night_is_as_long_as_the_clock_makes_it(day: str, hours: int) -> None:
    found = shifts_on(plan_of(pattern("22:00", "06:00")), ANN, day, BERLIN)[0]
    assert (found.ends - found.begins) / SECOND / 3600 == hours


# ---------------------------------------------------------------- laws

ZONES = st.sampled_from([SHANGHAI, BERLIN, LORD_HOWE, "America/New_York", "UTC", "Asia/Kathmandu"])
MINUTES = st.integers(0, 1439)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    begins, length = draw(MINUTES), draw(st.integers(30, 900))
    return Pattern(
        id=draw(st.sampled_from("xyz")),
        teams=("A",),
        begins_min=begins,
        ends_min=(begins + length) % 1440,
        days=tuple(draw(st.sets(st.integers(0, 6), min_size=1))),
    )


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: int(at.replace(tzinfo=UTC).timestamp()) * SECOND)


@given(st.lists(patterns(), min_size=1, max_size=3), moments, ZONES)
def test_who_is_in_a_shift_is_between_its_ends_and_it_is_among_those_of_its_date(some: list[Pattern], at: Micros, zone: str) -> None:
    plan = plan_of(*some)
    found = shift_of(plan, ANN, at, zone)
    today = datetime.fromtimestamp(at // SECOND, ZoneInfo(zone)).date()
    days = [today + timedelta(days=number) for number in (-2, -1, 0, 1)]
    on = [each for day in days for each in shifts_on(plan, ANN, day.isoformat(), zone) if each.begins <= at < each.ends]
    assert (found is not None) == bool(on)
    if found is not None:
        assert found in on
        assert found.begins == max(each.begins for each in on)
        assert shift_around(plan, ANN, at, zone) in on


@given(st.lists(patterns(), min_size=1, max_size=3), moments, ZONES)
def test_nothing_begins_between_now_and_the_next_shift(some: list[Pattern], at: Micros, zone: str) -> None:
    plan = plan_of(*some)
    coming = next_shift(plan, ANN, at, zone)
    assert coming is not None, "some pattern works some day of every week"
    assert coming.begins > at
    day = datetime.fromtimestamp(at // SECOND, ZoneInfo(zone)).date() - timedelta(days=1)
    while day <= datetime.fromtimestamp(coming.begins // SECOND, ZoneInfo(zone)).date():
        for each in shifts_on(plan, ANN, day.isoformat(), zone):
            assert not at < each.begins < coming.begins
        day += timedelta(days=1)


@given(patterns(), st.dates(date(2026, 1, 1), date(2026, 12, 31)), ZONES)
def test_a_pattern_begins_by_the_wall_clock_where_that_time_exists(some: Pattern, day: date, zone: str) -> None:
    shifts = shifts_on(plan_of(some), ANN, day.isoformat(), zone)
    assert bool(shifts) == (day.weekday() in some.days)
    if shifts and wall_time_exists(day.isoformat(), some.begins_min, zone):
        wall = datetime.fromtimestamp(shifts[0].begins // SECOND, ZoneInfo(zone))
        assert (wall.date(), wall.hour * 60 + wall.minute) == (day, some.begins_min)
