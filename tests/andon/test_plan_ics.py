"""`roster.ics` with events that repeat: what calendar programs export, held against the dates that their own screens would show."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from andon.plan import repeating
from andon.plan.reading import PlanReading, read_plan
from andon.plan.window import window_of
from realtime.plan.difference import version_of
from realtime.plan.model import Plan
from realtime.plan.roster import seconds_of, shifts_on
from realtime.words import SECOND

TODAY = date(2026, 11, 28)
SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
PEOPLE = '[[person]]\nid = "1001"\n[[person]]\nid = "1002"\n'
SOON_S = 30.0
"""Far under what an unbounded rule takes, and far over what a slow machine needs for a bounded one."""
FROM_NOVEMBER = ("DTSTART:20261102T080000", "DTEND:20261102T170000")
"""A Monday."""


def calendar(*parts: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n" + "".join(parts) + "END:VCALENDAR\r\n"


def event(*lines: str, uid: str = "u1", summary: str = "1001 early") -> str:
    return "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", *lines, "END:VEVENT"))


def read(text: str, zone: str = SHANGHAI, today: date = TODAY) -> PlanReading:
    return read_plan({"people.toml": PEOPLE, "roster.ics": text}, zone, {}, today)


def plan(*parts: str, zone: str = SHANGHAI, today: date = TODAY) -> Plan:
    reading = read(calendar(*parts), zone, today)
    assert reading.plan is not None, [str(each) for each in reading.findings]
    return reading.plan


def works(made: Plan, first: str, last: str, zone: str = SHANGHAI, person: str = "1001") -> list[str]:
    """Dates from one to the other on which a shift begins, as `12-01`."""
    begin = date.fromisoformat(first)
    days = [(begin + timedelta(days=number)).isoformat() for number in range((date.fromisoformat(last) - begin).days + 1)]
    return [day[5:] for day in days if shifts_on(made, person, day, zone)]


def clock(made: Plan, day: str, zone: str) -> list[tuple[str, str]]:
    shown = ZoneInfo(zone)
    return [
        tuple(datetime.fromtimestamp(at / SECOND, shown).strftime("%d %H:%M") for at in (each.begins, each.ends))  # type: ignore[misc]
        for each in shifts_on(made, "1001", day, zone)
    ]


def dates(made: Plan, zone: str = SHANGHAI) -> list[str]:
    return [datetime.fromtimestamp(each.begins, ZoneInfo(zone)).date().isoformat() for each in made.shifts.spans]


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU,FR", ["11-30", "12-01", "12-04", "12-07", "12-08", "12-11"]),
        ("FREQ=WEEKLY", ["11-30", "12-07"]),
        ("FREQ=WEEKLY;INTERVAL=2", ["11-30"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", ["11-29", "11-30"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO", ["11-30", "12-06"]),
        ("FREQ=WEEKLY;UNTIL=20261207T000000Z", ["11-30", "12-07"]),
        ("FREQ=WEEKLY;UNTIL=20261206T235959Z", ["11-30"]),
        ("FREQ=WEEKLY;UNTIL=20261207", ["11-30", "12-07"]),
        ("FREQ=WEEKLY;COUNT=5", ["11-30"]),
        ("FREQ=DAILY;COUNT=30", ["11-28", "11-29", "11-30", "12-01"]),
        ("FREQ=DAILY;INTERVAL=3", ["11-29", "12-02", "12-05", "12-08", "12-11"]),
        ("FREQ=DAILY;BYDAY=MO,TU;BYMONTH=12", ["12-01", "12-07", "12-08"]),
        ("FREQ=DAILY;BYMONTHDAY=-1,3", ["11-30", "12-03"]),
        ("FREQ=MONTHLY;BYDAY=1MO", ["12-07"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["11-30"]),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5", ["12-05"]),
    ],
)
def test_a_rule_names_the_dates_that_a_calendar_shows(rule: str, expected: list[str]) -> None:
    assert works(plan(event(*FROM_NOVEMBER, f"RRULE:{rule}")), "2026-11-28", "2026-12-12") == expected


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,TH", "FREQ=DAILY;INTERVAL=5", "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,WE"]
)
def test_a_rule_of_long_ago_keeps_its_step(rule: str) -> None:
    """The rule is entered near the window; counted from its beginning it has to name the same dates."""
    since = ("DTSTART:20210105T080000", "DTEND:20210105T170000")
    entered = plan(event(*since, f"RRULE:{rule}"))
    counted = plan(event(*since, f"RRULE:{rule};COUNT=5000"))
    assert len(entered.shifts.spans) > 5
    assert entered.shifts.spans == counted.shifts.spans


def test_the_first_one_is_one_even_where_its_rule_does_not_name_it_and_is_counted() -> None:
    """RFC 5545, 3.3.10: DTSTART counts as the first of COUNT. 800 rules by chance were held against recurring-ical-events 3.8.2 once: this
    was all that differed."""
    made = plan(event(*FROM_NOVEMBER, "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3"))
    assert works(made, "2026-11-01", "2026-12-31") == ["11-02", "11-03", "11-10"]


def test_dates_are_taken_out_added_and_moved() -> None:
    made = plan(
        event(
            *FROM_NOVEMBER,
            "RRULE:FREQ=WEEKLY",
            "EXDATE:20261116T080000,20261123T080000",
            "EXDATE:20261207T000000Z",
            "RDATE:20261202T080000",
        ),
        event("RECURRENCE-ID:20261130T080000", "DTSTART:20261129T120000", "DTEND:20261129T160000", summary="1001 moved"),
        event("RECURRENCE-ID:20261214T080000", "STATUS:CANCELLED", "DTSTART:20261214T080000", "DTEND:20261214T170000"),
    )
    assert works(made, "2026-11-01", "2026-12-22") == ["11-02", "11-09", "11-29", "12-02", "12-21"]
    assert clock(made, "2026-11-29", SHANGHAI) == [("29 12:00", "29 16:00")]


def test_an_added_period_has_a_length_of_its_own_and_a_date_takes_out_what_begins_on_it() -> None:
    made = plan(
        event(*FROM_NOVEMBER, "RRULE:FREQ=WEEKLY;COUNT=2", "RDATE;VALUE=PERIOD:20261203T000000Z/PT4H", "EXDATE;VALUE=DATE:20261109")
    )
    assert dates(made) == ["2026-11-02", "2026-12-03"]
    assert clock(made, "2026-12-03", SHANGHAI) == [("03 08:00", "03 12:00")]


def test_a_moved_one_of_another_person_moves_nothing_here() -> None:
    made = plan(
        event(*FROM_NOVEMBER, "RRULE:FREQ=WEEKLY"),
        event("RECURRENCE-ID:20261130T080000", "DTSTART:20261130T120000", "DTEND:20261130T160000", uid="u2", summary="1002 x"),
    )
    assert clock(made, "2026-11-30", SHANGHAI) == [("30 08:00", "30 17:00")]


def test_days_off_repeat_and_go_before_a_pattern() -> None:
    text = calendar(event("DTSTART;VALUE=DATE:20261003", "DTEND;VALUE=DATE:20261005", "RRULE:FREQ=WEEKLY;INTERVAL=2", summary="1001 off"))
    pattern = '[[pattern]]\nid = "p"\npeople = ["1001"]\nbegins = "09:00"\nends = "18:00"\ndays = "every day"\n'
    made = read_plan({"people.toml": PEOPLE, "roster.ics": text, "shifts.toml": pattern}, SHANGHAI, {}, TODAY).plan
    assert made is not None
    off = [day for day in range(10, 31) if not shifts_on(made, "1001", f"2026-11-{day}", SHANGHAI)]
    assert off == [14, 15, 28, 29]


# ---------------------------------------------------------------- clocks


def test_a_night_keeps_its_clock_over_both_changes() -> None:
    """Europe: 2027-03-28 the clock goes from 02:00 to 03:00, 2026-10-25 from 03:00 back to 02:00."""
    night = event(f"DTSTART;TZID={BERLIN}:20260901T220000", f"DTEND;TZID={BERLIN}:20260902T060000", "RRULE:FREQ=DAILY")
    for today, day, hours in ((date(2027, 3, 1), "2027-03-27", 7), (date(2026, 10, 1), "2026-10-24", 9), (TODAY, "2026-11-28", 8)):
        (shift,) = shifts_on(plan(night, zone=BERLIN, today=today), "1001", day, BERLIN)
        assert (shift.ends - shift.begins) // SECOND == hours * 3600
        assert shift.begins == seconds_of(day, 22 * 60, BERLIN) * SECOND


def test_a_beginning_that_the_clock_skips_is_after_it_and_a_shift_inside_the_skipped_hour_is_none() -> None:
    def made(begins: str, ends: str) -> Plan:
        return plan(
            event(f"DTSTART:20270301T{begins}00", f"DTEND:20270301T{ends}00", "RRULE:FREQ=DAILY"), zone=BERLIN, today=date(2027, 3, 1)
        )

    assert clock(made("0230", "1000"), "2027-03-28", BERLIN) == [("28 03:30", "28 10:00")]
    assert clock(made("0200", "0300"), "2027-03-28", BERLIN) == []
    assert clock(made("0200", "0300"), "2027-03-29", BERLIN) == [("29 02:00", "29 03:00")]


def test_a_rule_is_by_the_clock_of_its_own_zone() -> None:
    """Weekly 20:00 in Berlin is Tuesday 03:00 in Shanghai in winter, and 02:00 in summer."""
    since = (f"DTSTART;TZID={BERLIN}:20260302T200000", f"DTEND;TZID={BERLIN}:20260303T040000")
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z;BYDAY=MO"
    assert clock(plan(event(*since, rule)), "2026-12-01", SHANGHAI) == [("01 03:00", "01 11:00")]
    assert clock(plan(event(*since, rule), today=date(2026, 7, 1)), "2026-07-07", SHANGHAI) == [("07 02:00", "07 10:00")]


OUTLOOK = """BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+{standard}
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
""".replace("\n", "\r\n")


def outlook(zone: str, standard: str = "0100") -> tuple[str, str]:
    """As Outlook writes a weekly meeting that somebody moved once: a zone of its own, an override, and its own keys."""
    shift = event(
        "CLASS:PUBLIC",
        "ATTENDEE;CN=1001;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:wei.wang@example.org",
        f"DTSTART;TZID={zone}:20260907T220000",
        f"DTEND;TZID={zone}:20260908T060000",
        "RRULE:FREQ=WEEKLY;UNTIL=20270131T210000Z;INTERVAL=1;BYDAY=MO,TU;WKST=MO",
        f"EXDATE;TZID={zone}:20261124T220000",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        summary="Night",
    )
    moved = event(
        "ATTENDEE;CN=1001:mailto:wei.wang@example.org",
        f"RECURRENCE-ID;TZID={zone}:20261130T220000",
        f"DTSTART;TZID={zone}:20261130T210000",
        f"DTEND;TZID={zone}:20261201T050000",
        summary="Night",
    )
    return OUTLOOK.format(zone=zone, standard=standard), shift + moved


@pytest.mark.parametrize("zone", ["Customized Time Zone", "W. Europe Standard Time"])
def test_outlooks_zones_are_understood(zone: str) -> None:
    made = plan(*outlook(zone), zone=BERLIN)
    assert works(made, "2026-11-20", "2026-12-09", BERLIN) == ["11-23", "11-30", "12-01", "12-07", "12-08"]
    assert clock(made, "2026-11-30", BERLIN) == [("30 21:00", "01 05:00")]
    assert clock(made, "2026-12-01", BERLIN) == [("01 22:00", "02 06:00")]


def test_a_zone_that_is_defined_anew_is_read_anew() -> None:
    """The library keeps the first definition of each name for as long as the process lives (icalendar 7.3): a running engine's."""
    assert clock(plan(*outlook("Our Hall"), zone=BERLIN), "2026-12-01", BERLIN) == [("01 22:00", "02 06:00")]
    assert clock(plan(*outlook("Our Hall", "0000"), zone=BERLIN), "2026-12-01", BERLIN) == [("01 23:00", "02 07:00")]


def test_googles_export_is_understood() -> None:
    """Its rules end in UTC, each exception is by the zone's name, and what was moved is in UTC or in the zone."""
    made = plan(
        "X-WR-CALNAME:shifts\r\nX-WR-TIMEZONE:Asia/Shanghai\r\n",
        event(
            "DTSTART;TZID=Asia/Shanghai:20261026T090000",
            "DTEND;TZID=Asia/Shanghai:20261026T180000",
            "RRULE:FREQ=WEEKLY;WKST=SU;UNTIL=20261231T155959Z;BYDAY=MO,TU,WE,TH,FR",
            "EXDATE;TZID=Asia/Shanghai:20261201T090000",
            "DTSTAMP:20261128T010000Z",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            uid="a1@google.com",
        ),
        event(
            "RECURRENCE-ID;TZID=Asia/Shanghai:20261202T090000", "DTSTART:20261202T040000Z", "DTEND:20261202T130000Z", uid="a1@google.com"
        ),
    )
    assert works(made, "2026-11-28", "2026-12-06") == ["11-30", "12-02", "12-03", "12-04"]
    assert clock(made, "2026-12-02", SHANGHAI) == [("02 12:00", "02 21:00")]


# ---------------------------------------------------------------- the window


def test_an_endless_rule_is_in_for_whole_months_around_today() -> None:
    found = dates(
        plan(
            event(*FROM_NOVEMBER, "RRULE:FREQ=DAILY"),
            event("DTSTART:20200101T230000", "DTEND:20200102T070000", "RRULE:FREQ=DAILY", summary="1002 n"),
        )
    )
    assert str(window_of(TODAY)) == "2026-10-01 to 2027-01-31"
    assert (found[0], found[-1]) == ("2026-10-01", "2027-01-31")


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_months_are_those_of_the_floors_clock(zone: str) -> None:
    found = dates(plan(event("DTSTART:20250101T000000Z", "DTEND:20250101T080000Z", "RRULE:FREQ=DAILY"), zone=zone), zone)
    assert (found[0], found[-1], len(found)) == ("2026-10-01", "2027-01-31", 31 + 30 + 31 + 31)


def test_a_plan_is_the_same_all_month_and_another_one_in_the_next() -> None:
    rules = (
        event(*FROM_NOVEMBER, "RRULE:FREQ=DAILY"),
        event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=MONTHLY", uid="u2", summary="1002 off"),
    )
    versions = [version_of(plan(*rules, today=date(2026, 11, 1) + timedelta(days=number))) for number in range(31)]
    assert len(set(versions[:30])) == 1
    assert versions[30] != versions[0]


def test_a_calendar_without_repetition_is_the_same_plan_for_ever() -> None:
    once = event(*FROM_NOVEMBER)
    assert plan(once) == plan(once, today=date(2031, 5, 1))
    assert len(plan(once).shifts.spans) == 1


@pytest.mark.parametrize(
    ("today", "said"), [(date(2026, 12, 31), "2026-11-01 to 2027-02-28"), (date(2027, 1, 1), "2026-12-01 to 2027-03-31")]
)
def test_a_window_goes_over_the_turn_of_a_year(today: date, said: str) -> None:
    assert str(window_of(today)) == said


# ---------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["RRULE:FREQ=SECONDLY"], 'event.u1.RRULE: it repeats "SECONDLY"; a shift repeats DAILY'),
        (["RRULE:FREQ=HOURLY;COUNT=3"], 'event.u1.RRULE: it repeats "HOURLY"'),
        (["RRULE:FREQ=NOW"], "event.u1.RRULE: this is no rule"),
        (["RRULE:FREQ=WEEKLY;BYDAY=XX"], "event.u1.RRULE: this is no rule"),
        (["RRULE:COUNT=3"], 'event.u1.RRULE: it repeats "NOTHING"'),
        (["RRULE:FREQ=DAILY;INTERVAL=0"], 'event.u1.RRULE: INTERVAL is "0"'),
        (["RRULE:FREQ=DAILY;COUNT=-1"], 'event.u1.RRULE: COUNT is "-1"'),
        (["RRULE:FREQ=DAILY;COUNT=900000000"], "event.u1.RRULE: COUNT is"),
        (["RRULE:FREQ=DAILY;BYHOUR=8,9,10"], 'event.u1.RRULE: "BYHOUR" is nothing that shifts repeat by'),
        (["RRULE:FREQ=WEEKLY;BYSETPOS=9"], "event.u1.RRULE: BYSETPOS goes with MONTHLY"),
        (["RRULE:FREQ=WEEKLY;BYDAY=2TU"], "event.u1.RRULE: BYDAY counts weekdays of a month"),
        (["RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], "event.u1.RRULE: it names no date that there is"),
        (["RRULE:FREQ=MONTHLY;BYSETPOS=400"], "event.u1.RRULE: this is no rule"),
        (["RRULE:FREQ=DAILY", "EXDATE:broken"], "event.u1.EXDATE: these are no dates"),
        (["RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"], "event.u1.EXRULE: no calendar program writes this"),
        (["RDATE;VALUE=DATE:20261201"], "event.u1.RDATE: one is a date and the other a time"),
        (["RECURRENCE-ID;RANGE=THISANDFUTURE:20261102T080000"], "event.u1.RECURRENCE-ID: it changes all later ones"),
    ],
)
def test_a_rule_that_is_not_understood_is_told_by_its_event(lines: list[str], said: str) -> None:
    reading = read(calendar(event(*FROM_NOVEMBER, *lines)))
    assert reading.plan is None
    assert any(said in str(each) for each in reading.findings), [str(each) for each in reading.findings]


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (("DTSTART:20210101T080000", "DTEND:21210101T170000"), "event.u1.DTEND: it is 876"),
        (("DTSTART;VALUE=DATE:19710101", "DTEND;VALUE=DATE:21710101"), "event.u1.DTEND: it is 73,049 days long and repeats"),
    ],
)
def test_what_is_too_long_is_told_before_it_is_expanded(times: tuple[str, str], said: str) -> None:
    reading = read(calendar(event(*times, "RRULE:FREQ=DAILY")))
    assert said in str(reading.findings[0])


def test_a_calendar_wants_its_libraries_only_where_there_is_one() -> None:
    """They take longer to load than most commands to run."""
    code = "import sys, andon.plan.folder, andon.roles.plan; print({'icalendar', 'dateutil'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_a_zone_that_nobody_knows_is_told_and_not_taken_for_the_floors() -> None:
    reading = read(calendar(event("DTSTART;TZID=Our Hall:20261102T080000", "DTEND;TZID=Our Hall:20261102T170000")))
    assert 'roster.ics: event.u1.DTSTART: there is no time zone "Our Hall"' in str(reading.findings[0])


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYSECOND=1,2,3", "FREQ=YEARLY;INTERVAL=0"])
def test_a_zone_whose_clock_never_rests_is_told_before_it_is_reckoned_by(rule: str) -> None:
    zone, events = outlook("Our Hall")
    began = time.monotonic()
    reading = read(calendar(zone.replace("FREQ=YEARLY;INTERVAL=1", rule), events))
    assert time.monotonic() - began < SOON_S
    assert str(reading.findings[0]).startswith("roster.ics: it defines a time zone whose clock")


# ---------------------------------------------------------------- what it may cost


def test_more_shifts_than_a_roster_may_have_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("andon.plan.ics.ROWS_MAX", 100)
    reading = read(
        calendar(event(*FROM_NOVEMBER, "RRULE:FREQ=DAILY"), event(*FROM_NOVEMBER, "RRULE:FREQ=DAILY", uid="u2", summary="1002 x"))
    )
    assert "it makes more than 100 shifts from 2026-10-01 to 2027-01-31" in str(reading.findings[0])


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;COUNT=100000",
        "FREQ=DAILY;COUNT=100000",
    ],
)
def test_rules_that_cost_the_library_long_are_soon_at_an_end(rule: str) -> None:
    """A rule without a date is followed to the year 9999 by the library, seconds each; one that is counted from 1971 is not cheap."""
    old = ("DTSTART:19710101T080000", "DTEND:19710101T170000")
    began = time.monotonic()
    read(calendar(*(event(*old, f"RRULE:{rule}", uid=f"u{number}", summary=f"{number} x") for number in range(1_000))))
    assert time.monotonic() - began < SOON_S


def test_a_file_that_costs_too_much_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeating, "STEPS_MAX", 1_000)
    reading = read(calendar(*(event(*FROM_NOVEMBER, "RRULE:FREQ=DAILY", uid=f"u{number}") for number in range(20))))
    assert any("the rules of this file reach over too many years together" in str(each) for each in reading.findings)
