"""Every mistake in a plan's files is told with its file, its line, its key and what to do; all of them at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.plan.folder import load
from andon.plan.reading import FINDINGS_MAX, PlanReading, read_plan
from andon.plan.tables import FILES

TEAM = '[[team]]\nid = "A"\n'
ONE = '[[person]]\nid = "1001"\nteam = "A"\nphone = "PJSIP/1001"\n'
GOOD = {"people.toml": ONE, "teams.toml": TEAM}
SHORT = "[kind.comfort]\n[kind.short]\n"


def read(files: dict[str, str | bytes], zone: str = "Asia/Shanghai") -> PlanReading:
    return read_plan(files, zone, {}, date(2026, 11, 28))


def more(name: str, text: str) -> dict[str, str | bytes]:
    return {**GOOD, name: GOOD.get(name, "") + text}


def pattern(text: str) -> dict[str, str | bytes]:
    return more("shifts.toml", f'[[pattern]]\nid = "p"\nteams = ["A"]\n{text}')


def meeting(text: str) -> dict[str, str | bytes]:
    return more("meetings.toml", f'[[meeting]]\nid = "m"\nteams = ["A"]\n{text}')


def alert(text: str) -> dict[str, str | bytes]:
    return more("alerts.toml", f'[[alert]]\nid = "a"\n{text}')


def breaks(text: str) -> dict[str, str | bytes]:
    return more("breaks.toml", text)


def roster(text: str) -> dict[str, str | bytes]:
    return more("roster.csv", f"person,date,begins,ends\n{text}")


ERRORS: list[tuple[dict[str, str | bytes], str]] = [
    ({"people.toml": "[[person\n"}, "people.toml:1: this is not TOML at column"),
    ({"people.toml": b"\n\xff"}, "people.toml:2: this line is not UTF-8"),
    (
        more("people.toml", '[[persons]]\nid = "x"\n'),
        'people.toml:5: persons: there is no table "persons" in this file; did you',
    ),
    ({"people.toml": '[person]\nid = "x"\n'}, "people.toml:1: person: this table comes many times; write each as [[person]]"),
    ({"people.toml": '[[person]]\nname = "x"\n'}, 'people.toml:1: person[1].id: it is missing; write it as "1001"'),
    ({"people.toml": "[[person]]\nid = 1001\n"}, "people.toml:2: person[1].id: expected text in quotes, found a number"),
    ({"people.toml": '[[person]]\nid = "10/01"\n'}, 'people.toml:2: person.10/01.id: "10/01" cannot be an id'),
    (more("people.toml", 'rolse = ["agent"]\n'), 'people.toml:5: person.1001.rolse: there is no such key; did you mean "roles"?'),
    (more("people.toml", 'roles = ["agnet"]\n'), 'person.1001.roles: "agnet" is not known; did you mean "agent"?'),
    ({"people.toml": '[[person]]\nid = "1"\nphone = "1001"\n'}, 'person.1.phone: "1001" is no device; write it as "PJSIP/1001".'),
    (more("people.toml", 'trained_until = "1.2.2027"\n'), 'person.1001.trained_until: "1.2.2027" is no date'),
    (more("people.toml", ONE), 'people.toml:6: person[2].id: "1001" is the staff number of person[1], too'),
    (
        more("people.toml", ONE.replace('id = "1001"', 'id = "1"')),
        'person.1.phone: "PJSIP/1001" is the phone of person.1001, too',
    ),
    (more("people.toml", '[[person]]\nid = "2"\nlogin = "1001"\n'), 'person.2.login: "1001" is the name at /login of person.1001, too'),
    ({**GOOD, "people.csv": "id\n1001\n"}, 'people.csv:2: person.1001.id: "1001" is the staff number of person.1001, too'),
    ({"people.csv": "id,nmae\n1,x\n"}, 'people.csv:1: there is no column "nmae"; did you mean "name"?'),
    ({"people.csv": "id,out\n1,perhaps\n"}, "people.csv:2: person.1.out: expected true or false"),
    ({"people.csv": "id,name\n1,a,b\n"}, "people.csv:2: person.1: this line has 3 cells and the header 2"),
    ({"people.csv": 'id,name\n1,"a\n'}, "people.csv:2: this is no table"),
    ({"people.csv": ""}, "people.csv: it is empty; the first line names the columns"),
    ({"people.toml": ONE, "teams.toml": '[[team]]\nid = "B"\n'}, 'people.toml:3: person.1001.team: there is no team "A"'),
    (more("people.toml", 'skills = ["vpi"]\n'), 'people.toml:5: person.1001.skills: there is no skill "vpi"; add it'),
    (more("teams.toml", 'leaders = ["1002"]\n'), 'teams.toml:3: team.A.leaders: there is no person "1002"; did you mean "1001"?'),
    (more("teams.toml", TEAM), 'teams.toml:4: team[2].id: "A" is already the id of [[team]] number 1'),
    (more("teams.toml", "most_out = -2\n"), "teams.toml:3: team.A.most_out: -2 is out of range"),
    (more("teams.toml", '[[skill]]\nid = "x"\n'), "skill.x.queues: a skill is for queues"),
    (more("teams.toml", '[login]\ninterface = "PJSIP"\n'), "teams.toml:4: login.interface: it names no phone"),
    (more("teams.toml", '[login]\nlifted_by = ["boss"]\n'), 'teams.toml:4: login.lifted_by: "boss" is not known'),
    (pattern('begins = "9:00"\nends = "18:00"\n'), 'shifts.toml:4: pattern.p.begins: "9:00" is no time of day; write it as "08:50".'),
    (pattern('begins = "09:00"\nends = "09:00"\n'), "shifts.toml:5: pattern.p.ends: it ends when it begins"),
    (pattern('begins = "09:00"\nends = "18:00"\ndays = ["monday"]\n'), 'pattern.p.days: "monday" is no day; did you mean "mon"?'),
    (pattern('begins = "09:00"\nends = "18:00"\ndays = "workdays"\n'), 'pattern.p.days: "workdays" is not known; write "weekdays"'),
    (more("shifts.toml", '[[pattern]]\nid = "p"\nbegins = "09:00"\nends = "18:00"\n'), "shifts.toml:1: pattern.p: it is for nobody"),
    (
        pattern('begins = "09:00"\nends = "18:00"\n[[pattern]]\nid = "q"\npeople = ["1001"]\nbegins = "17:00"\nends = "20:00"\n'),
        'shifts.toml:6: pattern.q: it overlaps with the pattern "p" for "1001"',
    ),
    (
        pattern('begins = "22:00"\nends = "06:00"\ndays = ["sun"]\n[[pattern]]\nid = "q"\nteams = ["A"]\nbegins = "05:00"\nends = "08:00"'),
        'pattern.q: it overlaps with the pattern "p"',
    ),
    (more("shifts.toml", '[shifts]\nholidays = ["1 May"]\n'), 'shifts.toml:2: shifts.holidays: "1 May" is no date'),
    (more("shifts.toml", '[shifts]\nworkdays = ["Saturday"]\n'), 'shifts.toml:2: shifts.workdays: "Saturday" is no date'),
    (
        more("shifts.toml", '[shifts]\nholidays = ["2026-10-10"]\nworkdays = ["2026-10-10"]\n'),
        'shifts.toml:3: shifts.workdays: "2026-10-10" is among the holidays, too',
    ),
    (more("shifts.toml", "[shifts]\nearly_min = 999\n"), "shifts.toml:2: shifts.early_min: 999 is out of range"),
    (roster("1009,2026-11-30,09:00,18:00\n"), 'roster.csv:2: shift.1009.person: there is no person "1009"; did you mean "1001"?'),
    (roster("1001,30.11.2026,09:00,18:00\n"), 'roster.csv:2: shift.1001.date: "30.11.2026" is no date; write it as "2026-11-28".'),
    (roster("1001,2026-11-30,,18:00\n"), "roster.csv:2: shift.1001.begins: it is missing"),
    (
        roster("1001,2026-11-30,09:00,18:00\n1001,2026-11-30,17:00,20:00\n"),
        'roster.csv:3: shift[2].begins: "1001" has a shift from 2026-11-30 09:00 that it overlaps with.',
    ),
    (roster("1001,2026-11-30,off,\n1001,2026-11-30,17:00,20:00\n"), '"1001" has a day off from 2026-11-30 00:00 that it overlaps'),
    (meeting(""), "meetings.toml:1: meeting.m: nothing says when; keep one of at, before_shift_min, after_shift_min."),
    (meeting('at = "08:00"\nbefore_shift_min = 5\n'), "meetings.toml:5: meeting.m.before_shift_min: at and before_shift_min both say when"),
    (meeting("before_shift_min = 5\n"), "meetings.toml:1: meeting.m: it goes by the team's shift, and there are none"),
    (meeting('at = "08:00"\nkind = "party"\n'), 'meetings.toml:5: meeting.m.kind: "party" is not known'),
    (meeting('at = "08:00"\nminutes = 0\n'), "meetings.toml:5: meeting.m.minutes: 0 is out of range"),
    (
        more("meetings.toml", '[[meeting]]\nid = "m"\nteams = ["B"]\nat = "08:00"\n'),
        'meetings.toml:3: meeting.m.teams: there is no team "B"',
    ),
    (alert('number = "waitng"\nabove = 1\n'), 'alerts.toml:3: alert.a.number: "waitng" is no number of a queue; did you mean "waiting"?'),
    (alert('number = "waiting"\n'), "alerts.toml:1: alert.a.above: exactly one of above and below"),
    (alert('number = "service_level"\nbelow = 80\n'), "alerts.toml:4: alert.a.below: 80 is no share; write a part of one, as 0.8"),
    (alert('number = "waiting"\nabove = 5\nclear = 6\n'), "alerts.toml:5: alert.a.clear: 6 is still above 5"),
    (alert('number = "waiting"\nabove = 5\nowner = "9"\n'), 'alerts.toml:5: alert.a.owner: there is no person "9"'),
    (alert('number = "waiting"\nof = "hall"\nabove = 5\n'), 'alerts.toml:4: alert.a.of: "hall" is not known'),
    (breaks('extends = ["cn"]\n'), 'breaks.toml:1: extends: there is no preset "cn"'),
    (breaks("[kind.snack]\n"), 'breaks.toml:1: kind.snack: there is no kind of break "snack"'),
    (breaks("[kind.meeting]\n"), "breaks.toml:1: kind.meeting: nobody asks for meeting"),
    (breaks("[kind.short]\nminutes = 90\n"), "breaks.toml:2: kind.short.minutes: 90 is not between the shortest (0) and the longest (60)"),
    (breaks("[kind.short]\nquota_min = 10\nquota_half_min = 20\n"), "kind.short.quota_half_min: half a shift allows more"),
    (breaks("[breaks]\nteam_share = 10\n"), "breaks.toml:2: breaks.team_share: 10 is out of range; write a number from 0 to 1."),
    (breaks('[breaks]\nunauthorised = "punish"\n'), 'breaks.toml:2: breaks.unauthorised: "punish" is not known'),
    (breaks("[breaks.load]\ntarget = 80\n"), "breaks.toml:2: breaks.load.target: 80 is out of range"),
    (breaks("[breaks.lode]\n"), 'breaks.toml:1: breaks.lode: there is no such key; did you mean "load"?'),
    (breaks(f"{SHORT}[breaks.overrun]\nleader_s = 30\n"), "breaks.toml:3: breaks.overrun: the steps prompt_s, leader_s"),
    (breaks(f"{SHORT}[breaks]\nlegal_after_min = 240\n"), "breaks.toml:4: breaks.legal_after_min: there is no [kind.legal]"),
]


@pytest.mark.parametrize(("files", "said"), ERRORS, ids=[said[:60] for _, said in ERRORS])
def test_a_mistake_is_told_where_it_is_and_keeps_the_plan_out(files: dict[str, str | bytes], said: str) -> None:
    reading = read(files)
    assert reading.plan is None
    told = [str(each) for each in reading.findings if each.error]
    assert any(said in each for each in told), told
    assert len(told) == 1, "one mistake, one error"


WARNINGS: list[tuple[dict[str, str | bytes], str]] = [
    (more("teams.toml", '[[team]]\nid = "B"\n'), "teams.toml:3: team.B: warning: nobody is in this team."),
    (more("teams.toml", '[[skill]]\nid = "x"\nqueues = ["q"]\n'), "teams.toml:3: skill.x: warning: nobody has this skill"),
    (
        {"people.toml": ONE + 'skills = ["x"]\n', "teams.toml": TEAM + '[[skill]]\nid = "x"\nqueues = ["q"]\nleast = 2\n'},
        "skill.x.least: warning: so many must stay, and only 1 have this skill",
    ),
    (
        more("shifts.toml", '[[pattern]]\nid = "p"\npeople = ["1001"]\nbegins = "09:00"\nends = "18:00"\n')
        | {"people.toml": ONE + '[[person]]\nid = "1002"\n'},
        "people.toml:5: person.1002: warning: no pattern and no roster has a shift for 1002.",
    ),
    (breaks("[breaks]\nhold_s = 60\n"), "breaks.toml: warning: it has no [kind.short] or other kind: breaks are watched"),
    (breaks("[kind.comfort]\ntimes = 3\n"), "kind.comfort.times: warning: a comfort break is never refused"),
]


@pytest.mark.parametrize(("files", "said"), WARNINGS, ids=[said[:60] for _, said in WARNINGS])
def test_what_is_only_odd_is_told_and_taken_up(files: dict[str, str | bytes], said: str) -> None:
    reading = read(files)
    assert reading.plan is not None
    assert any(said in str(each) for each in reading.findings), [str(each) for each in reading.findings]


def test_a_time_that_the_clock_skips_on_that_date_is_told() -> None:
    told = [str(each) for each in read(roster("1001,2027-03-28,02:30,10:00\n"), "Europe/Berlin").findings]
    assert told == [
        'roster.csv:2: shift.1001.begins: "02:30" does not exist on that date: the clock goes on over it; write a time beside it.'
    ]


def test_of_a_file_that_is_broken_nobody_says_what_is_missing_in_it() -> None:
    told = [str(each) for each in read({"people.toml": ONE, "teams.toml": "[[team\n"}).findings]
    assert len(told) == 1
    assert told[0].startswith("teams.toml:1: this is not TOML")


def test_a_thousand_unknown_people_are_told_by_the_first_ones() -> None:
    told = [str(each) for each in read(roster("".join(f"9{number},2026-11-30,09:00,18:00\n" for number in range(1000)))).findings]
    assert len(told) == 22
    assert "has a shift for 1001" in told[0]
    assert "there are 980 more shifts of people that nobody knows" in told[21]


@given(st.dictionaries(st.sampled_from(FILES), st.one_of(st.text(max_size=200), st.binary(max_size=200)), max_size=3))
def test_whatever_stands_in_the_files_is_a_plan_or_findings_never_a_crash(files: dict[str, str | bytes]) -> None:
    reading = read(files)
    assert (reading.plan is None) == any(each.error for each in reading.findings)


KEYS = ["begins", "ends", "days", "teams", "people", "id", "early_min"]
WORDS = [*KEYS, "[[pattern]]", "[shifts]", "[[alert]]", "=", "[", "]", "{", "}", '"', "1", "true", "\n"]


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_no_order_of_words_of_the_files_is_a_crash(words: list[str]) -> None:
    text = " ".join(words)
    for name in FILES:
        read({name: text})


def test_more_mistakes_than_anybody_reads_are_counted() -> None:
    reading = read({"people.csv": "id,team\n" + "".join(f"{number},B\n" for number in range(2000)), "teams.toml": TEAM})
    assert reading.plan is None
    assert len(reading.findings) == FINDINGS_MAX + 1
    assert "there are 1,501 more findings" in str(reading.findings[-1])


def test_a_file_of_another_name_is_told_since_nobody_reads_it(tmp_path: Path) -> None:
    (tmp_path / "break.toml").write_text("")
    (tmp_path / "boards.toml").write_text("")
    (tmp_path / "notes.txt").write_text("")
    reading = load(tmp_path, "UTC")
    assert reading.plan is not None
    assert [str(each) for each in reading.findings] == [
        'break.toml: warning: nobody reads a file of this name; did you mean "breaks.toml"?'
    ]
