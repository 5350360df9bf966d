"""The plan's files: the example is right and has every key, presets are what they say, and every mistake has its line and key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from andon.plan.demo import demo_plan
from andon.plan.folder import load, presets, stamp_of, who_wrote
from andon.plan.presets import preset
from andon.plan.reading import PlanReading, read_plan
from andon.plan.tables import (
    AlertTable,
    LoginTable,
    MeetingTable,
    PatternTable,
    PersonTable,
    RosterRow,
    ShiftsTable,
    SkillTable,
    SupervisionTable,
    TeamTable,
)
from realtime.days import day_of
from realtime.plan.difference import difference
from realtime.plan.model import BreakRules, KindRules, LoadRules, OverrunRules, Plan
from realtime.plan.roster import seconds_of, shift_of, shifts_on
from realtime.plan.say import said
from realtime.words import SECOND
from tests.house.sources import ROOT

EXAMPLE = ROOT / "examples" / "plan"
TODAY = date(2026, 11, 28)
SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"

PEOPLE = '[[person]]\nid = "1001"\nteam = "A"\nphone = "PJSIP/1001"\n'
TEAMS = '[[team]]\nid = "A"\n'
GOOD = {"people.toml": PEOPLE, "teams.toml": TEAMS}


def read(files: dict[str, str | bytes], zone: str = SHANGHAI) -> PlanReading:
    return read_plan(files, zone, presets(), TODAY)


def plan(files: dict[str, str | bytes], zone: str = SHANGHAI) -> Plan:
    reading = read(files, zone)
    assert reading.plan is not None, [str(each) for each in reading.findings]
    return reading.plan


# ---------------------------------------------------------------- what ships


def test_the_example_is_right_and_nothing_in_it_is_odd() -> None:
    reading = load(EXAMPLE, SHANGHAI)
    assert reading.findings == ()
    assert reading.plan is not None
    assert len(reading.plan.people) == 62
    assert [team.id for team in reading.plan.teams] == ["A", "B", "C", "D"]
    assert reading.plan.presets[:2] == ("cn-bpo-standard (as of 2026-11-24)", "floor-basics (as of 2026-11-28)")
    watched = {each.number for each in reading.plan.alerts}
    assert watched >= {"recordings_missing", "recordings_unsealed_s", "recordings_quarantined", "recordings_conflict"}
    assert reading.plan.breaks.kinds["short"].quota_half_min == 15
    assert reading.plan.breaks.kinds["recovery"].minutes == 10, "of the preset"


@pytest.mark.parametrize(
    ("file", "structs"),
    [
        ("people.toml", [PersonTable]),
        ("teams.toml", [TeamTable, SkillTable, LoginTable, SupervisionTable]),
        ("shifts.toml", [ShiftsTable, PatternTable]),
        ("meetings.toml", [MeetingTable]),
        ("alerts.toml", [AlertTable]),
        ("breaks.toml", [BreakRules, KindRules, LoadRules, OverrunRules]),
    ],
)
def test_the_example_shows_every_key(file: str, structs: list[type[msgspec.Struct]]) -> None:
    text = (EXAMPLE / file).read_text("utf-8")
    for struct in structs:
        for field in msgspec.structs.fields(struct):
            if field.name not in ("kinds", "load", "overrun"):
                assert f"\n{field.name} = " in text, field.name


def test_the_example_of_a_roster_has_every_column_and_goes_before_the_patterns() -> None:
    assert (EXAMPLE / "roster.csv").read_text("utf-8").splitlines()[0] == ",".join(RosterRow.__struct_fields__)
    whole = load(EXAMPLE, SHANGHAI).plan
    assert whole is not None
    assert [each.name for each in shifts_on(whole, "1001", "2026-12-24", SHANGHAI)] == ["short day"]
    assert shifts_on(whole, "1001", "2026-12-25", SHANGHAI) == ()
    assert [each.name for each in shifts_on(whole, "1003", "2026-12-24", SHANGHAI)] == ["early"]


@pytest.mark.parametrize("name", [each for each in sorted(presets()) if not each.startswith(("dial/", "retention/"))])
def test_a_preset_says_what_it_stands_on_and_can_be_extended(name: str) -> None:
    findings: list[object] = []
    kind, _, short = name.partition("/")
    found = preset(name, presets()[name], ("breaks", "kind", "alert"), findings)  # type: ignore[arg-type]
    assert findings == found.draft.findings == []
    text = f'extends = ["{short}"]\naccepted = {{"{short}" = "Li Wei 2026-11-28"}}\n'
    reading = read({f"{kind}.toml": text})
    assert [str(each) for each in reading.findings if each.error] == []
    assert reading.plan is not None
    assert reading.plan.presets == (f"{short} (as of {found.about.as_of}, accepted by Li Wei 2026-11-28)",)


def test_a_preset_from_memory_binds_nobody_before_somebody_has_signed() -> None:
    reading = read({"breaks.toml": 'extends = ["de-arbzg"]\n'})
    assert reading.plan is None
    assert "breaks.toml:1: extends: the preset" in str(reading.findings[0])
    assert "Li Wei 2026-11-28" in str(reading.findings[0])
    assert read({"breaks.toml": 'extends = ["de-arbzg"]\naccepted = {"de-arbzg" = "yes"}\n'}).plan is None


def test_later_presets_and_the_file_itself_go_before_earlier_ones() -> None:
    rules = plan({"breaks.toml": 'extends = ["cn-bpo-standard", "uk"]\n[breaks]\nhold_s = 90\n[kind.short]\nminutes = 10\n'}).breaks
    assert (rules.hold_s, rules.aged_min, rules.legal_after_min) == (90, 20, 360)
    assert (rules.kinds["short"].minutes, rules.kinds["short"].quota_min) == (10, 30)
    assert rules.kinds["legal"].minutes == 20


@pytest.mark.parametrize("agents", [1, 3, 60, 500])
@pytest.mark.parametrize("clock", ["00:01", "12:34", "23:58"])
def test_the_plan_of_the_demo_is_right_at_any_hour_and_meets_soon(agents: int, clock: str) -> None:
    now = (seconds_of("2026-11-28", int(clock[:2]) * 60 + int(clock[3:]), SHANGHAI) + 17) * SECOND
    made = plan(dict(demo_plan(agents, now, SHANGHAI)))
    person = next(each for each in made.people if "agent" in each.roles)
    shift = shift_of(made, person.id, now, SHANGHAI)
    assert shift is not None
    assert shift.begins < now < shift.ends - 3600 * SECOND
    at = made.meetings[0].at_min * 60 * SECOND
    assert 180 * SECOND <= (at - (now - day_of(now, SHANGHAI, 0).begins)) % (86_400 * SECOND) <= 240 * SECOND


# ---------------------------------------------------------------- no plan, odd files


def test_without_files_there_is_an_empty_plan(tmp_path: Path) -> None:
    assert load(tmp_path, SHANGHAI) == (Plan(), (), ())
    assert load(tmp_path / "nowhere", SHANGHAI) == (Plan(), (), ())
    assert who_wrote(tmp_path) == "local:nobody"


def test_a_file_that_cannot_be_read_is_a_finding_and_no_plan(tmp_path: Path) -> None:
    (tmp_path / "teams.toml").mkdir()
    reading = load(tmp_path, SHANGHAI)
    assert reading.plan is None
    assert str(reading.findings[0]).startswith("teams.toml: it cannot be read")


def test_a_changed_file_has_another_stamp_and_a_name_behind_it(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text(PEOPLE)
    before = stamp_of(tmp_path)
    (tmp_path / "teams.toml").write_text(TEAMS)
    assert stamp_of(tmp_path) != before
    assert who_wrote(tmp_path).startswith("local:")
    assert who_wrote(tmp_path) != "local:nobody"


def test_a_table_saved_by_a_chinese_spreadsheet_is_read_and_told() -> None:
    text = "id,name\n1001,王伟\n"
    for encoding in ("utf-8", "utf-8-sig"):
        reading = read({"people.csv": text.encode(encoding)})
        assert reading.findings == ()
        assert reading.plan is not None
        assert reading.plan.people[0].name == "王伟"
    reading = read({"people.csv": text.encode("gb18030")})
    assert reading.plan is not None
    assert reading.plan.people[0].name == "王伟"
    assert "GB18030" in str(reading.findings[0])


def test_lists_in_a_table_are_divided_by_semicolons() -> None:
    files = {
        "people.csv": "id,skills,out\n1001, x; y ,true\n",
        "teams.toml": '[[skill]]\nid="x"\nqueues=["q"]\n[[skill]]\nid="y"\nqueues=["r"]\n',
    }
    person = plan(files).people[0]  # type: ignore[arg-type]
    assert (person.skills, person.out) == (("x", "y"), True)


def test_moving_a_person_in_the_file_is_no_other_plan() -> None:
    one, other = "[[person]]\nid = '1'\n", "[[person]]\nid = '2'\n"
    assert plan({"people.toml": one + other}) == plan({"people.toml": other + one})


def test_a_date_needs_no_quotes() -> None:
    assert plan({"people.toml": '[[person]]\nid = "1"\ntrained_until = 2027-01-31\n'}).people[0].trained_until == "2027-01-31"
    assert plan({"shifts.toml": "[shifts]\nholidays = [2027-01-01]\n"}).shifts.holidays == ("2027-01-01",)


def test_a_made_up_working_day_is_read_said_and_told_as_a_change() -> None:
    made = plan({"shifts.toml": "[shifts]\nworkdays = [2026-10-10]\n"})
    assert made.shifts.workdays == ("2026-10-10",)
    assert "  - Made-up working days, which count as weekdays: 2026-10-10." in said(made, "en")
    assert "  - 调休上班日，按工作日排班：2026-10-10。" in said(made, "zh")
    assert difference(Plan(), made) == ("shifts.workdays: none → 2026-10-10",)
    (told,) = read({"shifts.toml": "[shifts]\nworkdays = [2026-10-09]\n"}).findings
    assert not told.error
    assert "is no day of a weekend" in str(told)


# ---------------------------------------------------------------- calendars

EVENT = "BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{summary}\r\n{more}END:VEVENT\r\n"


def calendar(*events: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n" + "".join(events) + "END:VCALENDAR\r\n"


def event(summary: str, *more: str, uid: str = "u1") -> str:
    return EVENT.format(uid=uid, summary=summary, more="".join(f"{line}\r\n" for line in more))


def roster(*events: str) -> dict[str, str | bytes]:
    return {**GOOD, "roster.ics": calendar(*events)}


def test_a_calendar_says_whose_shift_by_the_first_word_or_by_who_is_invited() -> None:
    times = ("DTSTART:20261130T080000", "DTEND:20261130T170000")
    made = plan(
        roster(
            event("1001 early", *times),
            event("late", "ATTENDEE:mailto:1001@example.org", "DTSTART:20261201T040000Z", "DTEND:20261201T130000Z"),
        )
    )
    first, second = shifts_on(made, "1001", "2026-11-30", SHANGHAI), shifts_on(made, "1001", "2026-12-01", SHANGHAI)
    assert [each.name for each in (*first, *second)] == ["early", "late"]
    assert first[0].begins == seconds_of("2026-11-30", 480, SHANGHAI) * SECOND, "without a zone: by the floor's clock"
    assert second[0].begins == seconds_of("2026-12-01", 720, SHANGHAI) * SECOND


def test_whole_days_in_a_calendar_are_days_off_and_a_cancelled_event_is_nothing() -> None:
    off = event("1001 leave", "DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261203")
    gone = event("1001 x", "STATUS:CANCELLED", "DTSTART:20261205T080000", "DTEND:20261205T170000")
    made = plan({**roster(off, gone), "shifts.toml": '[[pattern]]\nid = "p"\nteams = ["A"]\nbegins = "09:00"\nends = "18:00"\n'})
    works = [bool(shifts_on(made, "1001", f"2026-12-0{day}", SHANGHAI)) for day in (1, 2, 3, 4)]
    assert works == [False, False, True, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "roster.ics: this is no calendar"),
        (calendar(event("", "DTSTART:20261130T080000", "DTEND:20261130T170000")), "event.u1: it says nobody"),
        (calendar(event("1001 x")), "event.u1.DTSTART: it has no beginning"),
        (calendar(event("1001 x", "DTSTART:20261130T080000", "DTEND:20261202T170000")), "event.u1.DTEND: it is 57 hours long"),
        (calendar(event("1009 x", "DTSTART:20261130T080000", "DTEND:20261130T170000")), 'event.u1.person: there is no person "1009"'),
    ],
)
def test_a_calendar_that_is_not_understood_is_told_by_its_event(text: str, said: str) -> None:
    reading = read({**GOOD, "roster.ics": text})
    assert reading.plan is None
    assert any(said in str(each) for each in reading.findings), [str(each) for each in reading.findings]


def test_a_calendars_time_that_the_clock_skips_is_told() -> None:
    skipped = event("1001 x", "DTSTART:20270328T023000", "DTEND:20270328T100000")
    (told,) = (str(each) for each in read(roster(skipped), BERLIN).findings if each.error)
    assert "event.u1.DTSTART: 02:30 does not exist on that date" in told
