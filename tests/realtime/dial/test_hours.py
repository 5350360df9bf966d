"""Hours in which it may ring: their edges to the second, clocks that change, holidays, nights, and several zones at once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from realtime.dial.calendars import Calendars
from realtime.dial.hours import DAY_S, Opening, together, within
from realtime.dial.numbers import canonical
from realtime.dial.windows import local
from realtime.dial.zones import zones_for
from realtime.plan.dialling import Calendar, HoursRule, Span
from realtime.words import SECOND, Micros

NEW_YORK, LONDON, LORD_HOWE, SHANGHAI, ROME = "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Shanghai", "Europe/Rome"
PLAIN = Calendars()
MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE


def moment(said: str, zone: str, fold: int = 0) -> Micros:
    wall = datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(wall.replace(microsecond=0).timestamp()) * SECOND + wall.microsecond


def every_day(*spans: Span, **more: object) -> HoursRule:
    return HoursRule(id="hours", days=(tuple(spans),) * 7, **more)  # type: ignore[arg-type]


def week(weekdays: tuple[Span, ...], sat: tuple[Span, ...], sun: tuple[Span, ...], **more: object) -> HoursRule:
    return HoursRule(id="hours", days=(weekdays,) * 5 + (sat, sun), **more)  # type: ignore[arg-type]


def at(rule: HoursRule, said: str, zone: str, country: str = "", calendars: Calendars = PLAIN, *, predictive: bool = False) -> Opening:
    return within(rule, moment(said, zone), zone, calendars, country, predictive=predictive)


def opens(rule: HoursRule, said: str, zone: str, country: str = "", calendars: Calendars = PLAIN) -> str:
    """Where it is closed: the local second at which it opens."""
    got = at(rule, said, zone, country, calendars)
    assert not got.open
    return local(got.opens, zone).replace(tzinfo=None).isoformat() if got.opens else ""


TSR = every_day((480, 1260))
CHINA = every_day((540, 720), (810, 1200))
ITALY = week(((540, 1200),), ((600, 1140),), (), holiday=(), eve=((600, 1140),))
AUSTRALIA = week(((540, 1200),), ((540, 1020),), (), holiday=())


@pytest.mark.parametrize(
    ("rule", "said", "zone", "is_open"),
    [
        (TSR, "2026-11-24T07:59:59", NEW_YORK, False),
        (TSR, "2026-11-24T08:00:00", NEW_YORK, True),
        (TSR, "2026-11-24T20:59:59.999999", NEW_YORK, True),
        (TSR, "2026-11-24T21:00:00", NEW_YORK, False),
        (CHINA, "2026-11-24T11:59:59", SHANGHAI, True),
        (CHINA, "2026-11-24T12:00:00", SHANGHAI, False),
        (CHINA, "2026-11-24T13:29:59", SHANGHAI, False),
        (CHINA, "2026-11-24T13:30:00", SHANGHAI, True),
        (TSR, "2028-02-29T08:00:00", NEW_YORK, True),  # leap day, a Tuesday
        (every_day((0, 1440)), "2026-11-24T00:00", SHANGHAI, True),
        (every_day((0, 1440)), "2026-11-24T23:59:59.999999", SHANGHAI, True),
        (every_day(), "2026-11-24T12:00", SHANGHAI, False),
    ],
)
def test_edges(rule: HoursRule, said: str, zone: str, is_open: bool) -> None:
    got = at(rule, said, zone)
    assert got.open is is_open
    if is_open:
        assert got.opens == moment(said, zone)
        assert got.closes > got.opens
    else:
        assert got.closes == 0


@pytest.mark.parametrize(
    ("rule", "said", "zone", "country", "then"),
    [
        (TSR, "2026-11-24T07:59:59", NEW_YORK, "", "2026-11-24T08:00:00"),
        (TSR, "2026-11-24T21:00:00", NEW_YORK, "", "2026-11-25T08:00:00"),
        (CHINA, "2026-11-24T12:00:00", SHANGHAI, "", "2026-11-24T13:30:00"),
        (TSR, "2028-02-28T22:00:00", NEW_YORK, "", "2028-02-29T08:00:00"),
        (TSR, "2028-02-29T22:00:00", NEW_YORK, "", "2028-03-01T08:00:00"),
        (TSR, "2026-03-07T22:00:00", NEW_YORK, "", "2026-03-08T08:00:00"),  # a night of nine hours
        (TSR, "2026-10-31T22:00:00", NEW_YORK, "", "2026-11-01T08:00:00"),  # of eleven
        (TSR, "2026-03-28T22:00:00", LONDON, "", "2026-03-29T08:00:00"),
        (TSR, "2026-04-04T22:00:00", LORD_HOWE, "", "2026-04-05T08:00:00"),
        (TSR, "2026-12-31T22:00:00", NEW_YORK, "", "2027-01-01T08:00:00"),
        (AUSTRALIA, "2026-11-28T17:00:00", "Australia/Sydney", "AU", "2026-11-30T09:00:00"),  # over a Sunday
        (AUSTRALIA, "2026-12-24T20:00:00", "Australia/Sydney", "AU", "2026-12-28T09:00:00"),  # Christmas, Boxing Day, a Sunday
        (ITALY, "2026-08-13T20:00:00", ROME, "IT", "2026-08-14T10:00:00"),  # the eve of Ferragosto
        (ITALY, "2026-08-14T19:00:00", ROME, "IT", "2026-08-17T09:00:00"),
        (ITALY, "2026-12-23T20:00:00", ROME, "IT", "2026-12-24T10:00:00"),
        (ITALY, "2026-12-24T19:00:00", ROME, "IT", "2026-12-28T09:00:00"),
        (every_day(), "2026-11-24T12:00", SHANGHAI, "", ""),
    ],
)
def test_the_first_lawful_second(rule: HoursRule, said: str, zone: str, country: str, then: str) -> None:
    assert opens(rule, said, zone, country) == then


@pytest.mark.parametrize(
    ("said", "zone", "span", "is_open", "fold"),
    [
        ("2026-03-08T01:59:59", NEW_YORK, (120, 180), False, 0),  # 02:00 to 03:00 is left out that night
        ("2026-03-08T03:00:00", NEW_YORK, (120, 180), False, 0),
        ("2026-11-01T01:15:00", NEW_YORK, (60, 90), True, 0),  # 01:00 to 01:30 is there twice
        ("2026-11-01T01:45:00", NEW_YORK, (60, 90), False, 0),
        ("2026-11-01T01:15:00", NEW_YORK, (60, 90), True, 1),
        ("2026-11-01T01:30:00", NEW_YORK, (60, 90), False, 1),
        ("2026-10-25T01:00:00", LONDON, (60, 120), True, 1),
        ("2026-04-05T01:45:00", LORD_HOWE, (105, 120), True, 0),  # back by half an hour
        ("2026-04-05T01:45:00", LORD_HOWE, (105, 120), True, 1),
        ("2026-10-04T02:30:00", LORD_HOWE, (120, 150), False, 0),
    ],
)
def test_the_hour_in_which_a_clock_changes(said: str, zone: str, span: Span, is_open: bool, fold: int) -> None:
    assert within(every_day(span), moment(said, zone, fold), zone, PLAIN, "").open is is_open


def test_an_hour_that_is_left_out_opens_the_night_after() -> None:
    assert opens(every_day((120, 180)), "2026-03-08T01:00:00", NEW_YORK) == "2026-03-09T02:00:00"
    assert opens(every_day((150, 240)), "2026-03-08T01:00:00", NEW_YORK) == "2026-03-08T03:00:00"


def test_an_hour_that_is_struck_twice_opens_twice() -> None:
    rule, first = every_day((60, 90)), moment("2026-11-01T01:30", NEW_YORK)
    got = within(rule, first, NEW_YORK, PLAIN, "")
    assert (got.open, got.opens) == (False, moment("2026-11-01T01:00", NEW_YORK, fold=1))
    assert within(every_day((60, 120)), moment("2026-11-01T01:00", NEW_YORK), NEW_YORK, PLAIN, "").closes == first + 90 * MINUTE


NIGHT = every_day((1320, 360))


@pytest.mark.parametrize(
    ("said", "is_open"),
    [("21:59:59", False), ("22:00:00", True), ("23:59:59", True), ("00:00:00", True), ("05:59:59", True), ("06:00:00", False)],
)
@pytest.mark.parametrize("rule", [NIGHT, every_day((1320, 1800)), every_day((1320, 1440), (0, 360))])
def test_a_night_is_one_span(rule: HoursRule, said: str, is_open: bool) -> None:
    got = at(rule, f"2026-11-24T{said}", SHANGHAI)
    assert got.open is is_open
    if is_open:
        ends = "2026-11-25T06:00" if said > "12" else "2026-11-24T06:00"
        assert got.closes == moment(ends, SHANGHAI)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    rule = week(((1320, 360),), (), ())  # no Saturday, no Sunday
    assert at(rule, "2026-11-28T05:59:59", SHANGHAI).open  # Friday's
    assert opens(rule, "2026-11-28T22:30:00", SHANGHAI) == "2026-11-30T22:00:00"
    assert not at(rule, "2026-11-30T03:00:00", SHANGHAI).open


GUARDED = every_day((480, 1260), guard_s=300)


@pytest.mark.parametrize(
    ("said", "predictive", "is_open"),
    [
        ("20:54:59", True, True),
        ("20:55:00", True, False),
        ("20:55:00", False, True),
        ("20:59:59", False, True),
        ("21:00:00", False, False),
    ],
)
def test_a_call_without_an_agent_keeps_away_from_the_end(said: str, predictive: bool, is_open: bool) -> None:
    got = at(GUARDED, f"2026-11-24T{said}", NEW_YORK, predictive=predictive)
    assert got.open is is_open
    if not is_open:
        assert got.opens == moment("2026-11-25T08:00", NEW_YORK)


def test_midnight_is_no_end_where_it_goes_on() -> None:
    always = every_day((0, 1440), guard_s=300)
    assert at(always, "2026-11-24T23:59:59", SHANGHAI, predictive=True).open
    assert at(every_day((540, 720), (720, 1200), guard_s=300), "2026-11-24T11:59:00", SHANGHAI, predictive=True).open
    assert not at(every_day((540, 544), guard_s=300), "2026-11-24T09:00:00", SHANGHAI, predictive=True).opens, "shorter than its guard"


@pytest.mark.parametrize(
    ("calendar", "country", "said", "is_open"),
    [
        ("", "IT", "2026-12-25T12:00", False),
        ("", "US", "2026-04-27T12:00", True),
        ("US-AL", "US", "2026-04-27T12:00", False),  # a day of Alabama's own
        ("US-AL", "US", "2026-07-03T12:00", False),  # a holiday on a Saturday: kept on Friday
        ("", "CN", "2026-10-04T12:00", False),
        ("", "CN", "2026-10-10T12:00", True),
        ("", "", "2026-12-25T12:00", True),
    ],
)
def test_whose_holidays(calendar: str, country: str, said: str, is_open: bool) -> None:
    rule = every_day((480, 1200), holiday=(), calendar=calendar)
    assert at(rule, said, SHANGHAI, country).open is is_open


def test_a_rule_without_a_word_about_holidays_does_not_look_for_them() -> None:
    assert at(TSR, "2026-12-25T12:00", NEW_YORK, "US").open
    assert at(TSR, "2026-12-25T12:00", NEW_YORK, "US").day.holiday


def test_holidays_are_of_the_called_partys_date() -> None:
    rule = every_day((0, 1440), holiday=(), calendar="US")
    before = moment("2026-11-26T00:00", NEW_YORK) - 1
    assert within(rule, before, NEW_YORK, PLAIN, "").open
    assert within(rule, before, NEW_YORK, PLAIN, "").closes == before + 1
    assert not within(rule, before + 1, NEW_YORK, PLAIN, "").open
    assert within(rule, before + 1, "America/Chicago", PLAIN, "").open
    assert not within(rule, before + 1 + HOUR, "America/Chicago", PLAIN, "").open


def test_the_plans_own_holiday_and_an_unknown_year() -> None:
    rule = every_day((480, 1200), holiday=())
    own = Calendars([Calendar(id="CN", holidays=("2027-03-03",), years=(2027,))])
    assert not at(rule, "2027-03-03T12:00", SHANGHAI, "CN", own).open
    got = at(rule, "2027-03-03T12:00", SHANGHAI, "CN")
    assert (got.open, got.day.known) == (True, False)


def test_what_it_says_of_the_place() -> None:
    got = at(CHINA, "2026-11-24T12:30:00", SHANGHAI, "CN")
    assert got.local == "2026-11-24T12:30:00+08:00"
    assert got.spans == ((540, 720), (810, 1200))
    assert not got.day.holiday


# ------------------------------------------------------------------ several zones


def test_a_region_with_two_zones_is_open_where_both_are() -> None:
    zones = zones_for("", canonical("+18505551212", "US"), "deny")
    assert len(zones) == 2
    rules = [(every_day((480, 1200)), zone) for zone in zones]
    assert together(rules, moment("2026-11-24T08:30", NEW_YORK), PLAIN, "US") == moment("2026-11-24T09:00", NEW_YORK)
    assert together(rules, moment("2026-11-24T19:30", NEW_YORK), PLAIN, "US") == moment("2026-11-24T19:30", NEW_YORK)
    assert together(rules, moment("2026-11-24T20:00", NEW_YORK), PLAIN, "US") == moment("2026-11-25T09:00", NEW_YORK)


def test_a_toll_free_number_is_called_when_it_suits_forty_zones() -> None:
    zones = zones_for("", canonical("+18005551212", "US"), "deny")
    rules = [(TSR, zone) for zone in zones]
    assert together(rules, moment("2026-11-24T08:30", NEW_YORK), PLAIN, "US") == moment("2026-11-24T17:00", NEW_YORK)  # Guam's 08:00
    states = [(TSR, zone) for zone in zones_for("nowhere", canonical("+12125550123", "US"), "country")]
    assert together(states, moment("2026-11-24T08:30", NEW_YORK), PLAIN, "US") == moment("2026-11-24T13:00", NEW_YORK)  # Hawaii's 08:00
    assert together(states, moment("2026-07-15T08:30", NEW_YORK), PLAIN, "US") == moment("2026-07-15T14:00", NEW_YORK)


def test_two_that_never_meet() -> None:
    rules = [(every_day((480, 600)), SHANGHAI), (every_day((600, 720)), SHANGHAI)]
    assert together(rules, moment("2026-11-24T08:30", SHANGHAI), PLAIN, "") == 0
    assert together([(every_day(), SHANGHAI)], moment("2026-11-24T08:30", SHANGHAI), PLAIN, "") == 0
    assert together([], 7, PLAIN, "") == 7


SPANS = st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1800)).map(lambda each: (min(each), max(each))), max_size=3).map(tuple)
RULES = st.builds(
    HoursRule,
    id=st.just("hours"),
    days=st.tuples(*[SPANS] * 7),
    holiday=st.none() | SPANS,
    eve=st.none() | SPANS,
    calendar=st.sampled_from(["", "CN", "US-AL"]),
    guard_s=st.sampled_from([0, 300]),
)
ZONES = st.sampled_from([NEW_YORK, LONDON, LORD_HOWE, SHANGHAI, ROME, "Asia/Beirut", "America/Havana", "UTC"])
CHANGES = [
    moment(said, zone)
    for said, zone in (
        ("2026-03-08T03:00", NEW_YORK),
        ("2026-11-01T03:00", NEW_YORK),
        ("2026-03-29T03:00", LONDON),
        ("2026-10-25T03:00", LONDON),
        ("2026-10-04T03:00", LORD_HOWE),
        ("2026-04-05T03:00", LORD_HOWE),
        ("2028-02-29T00:00", SHANGHAI),
        ("2026-10-01T00:00", SHANGHAI),
    )
]
MOMENTS = st.tuples(st.sampled_from(CHANGES), st.integers(-2 * DAY_S, 2 * DAY_S)).map(lambda each: each[0] + each[1] * SECOND)


def by_the_wall(rule: HoursRule, now: Micros, zone: str) -> bool:
    """Read from the wall alone, as a person would: what it says now, against the spans of today and of the night before."""
    wall = local(now, zone)
    minutes = wall.hour * 60 + wall.minute + wall.second / 60
    for before, of_day in ((0, wall.date()), (1440, wall.date().fromordinal(wall.toordinal() - 1))):
        kind = PLAIN.day(rule.calendar, of_day)
        spans: tuple[Span, ...] = rule.days[of_day.weekday()]
        if kind.eve and rule.eve is not None:
            spans = rule.eve
        if kind.holiday and rule.holiday is not None:
            spans = rule.holiday
        if any(begin <= minutes + before < end for begin, end in spans):
            return True
    return False


@given(RULES, ZONES, MOMENTS)
def test_it_is_open_when_the_wall_says_so(rule: HoursRule, zone: str, now: Micros) -> None:
    assert within(rule, now, zone, PLAIN, "").open == by_the_wall(rule, now, zone)


@given(RULES, ZONES, MOMENTS, st.booleans())
def test_it_opens_at_the_first_second_and_not_before(rule: HoursRule, zone: str, now: Micros, predictive: bool) -> None:
    got = within(rule, now, zone, PLAIN, "", predictive)
    assume(not got.open and got.opens)
    assert got.opens > now
    assert within(rule, got.opens, zone, PLAIN, "", predictive).open
    assert not within(rule, got.opens - 1, zone, PLAIN, "", predictive).open
    for step in range(1, 8):  # nowhere between
        between = now + (got.opens - now) * step // 8
        assert within(rule, between, zone, PLAIN, "", predictive).opens == got.opens


@given(RULES, ZONES, MOMENTS, st.booleans())
def test_it_closes_at_the_last_second_and_not_after(rule: HoursRule, zone: str, now: Micros, predictive: bool) -> None:
    got = within(rule, now, zone, PLAIN, "", predictive)
    assume(got.open and got.closes < now + 6 * DAY_S * SECOND)
    assert within(rule, got.closes - 1, zone, PLAIN, "", predictive).open
    assert not within(rule, got.closes, zone, PLAIN, "", predictive).open


@given(st.lists(RULES, min_size=1, max_size=3), st.lists(ZONES, min_size=1, max_size=3), MOMENTS)
def test_together_is_the_first_moment_that_suits_all(rules: list[HoursRule], zones: list[str], now: Micros) -> None:
    pairs = [(rule, zone) for rule in rules for zone in zones]
    at = together(pairs, now, PLAIN, "")
    if at:
        assert all(within(rule, at, zone, PLAIN, "").open for rule, zone in pairs)
        assert at == now or not all(within(rule, at - 1, zone, PLAIN, "").open for rule, zone in pairs)
    alone = [within(rule, now, zone, PLAIN, "").open for rule, zone in pairs]
    assert (at == now) == all(alone)
