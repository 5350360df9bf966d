"""campaigns.toml and dialling.toml: the example has every key, presets are signed or not taken, every mistake has its line and key."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from andon.plan.dial_crossing import MARKETED
from andon.plan.dial_presets import loaded, names_of
from andon.plan.dial_rules import KINDS, every
from andon.plan.dial_tables import (
    AbandonTable,
    CalendarTable,
    CallerIdTable,
    CampaignTable,
    CapTable,
    ConsentTable,
    ContractTable,
    CoolDownTable,
    DiallingTable,
    HoursTable,
    ListTable,
    OutcomeTable,
    PlaceTable,
    StopsTable,
    TrialTable,
    WayTable,
)
from andon.plan.folder import load, presets
from andon.plan.reading import PlanReading, read_plan
from realtime.dial.rules.case import MARKETED as OF_THE_GATE
from realtime.plan.dialling import (
    AbandonRule,
    CallerIdRule,
    Campaign,
    CapRule,
    ConsentRule,
    ContractTerms,
    CoolDownRule,
    DialRules,
    HoursRule,
    ListRule,
    PlaceRule,
    Preset,
    StopRules,
    TrialRules,
    WayRule,
)
from realtime.plan.difference import difference, version_of
from realtime.plan.model import Plan
from realtime.plan.say import said
from tests.house.sources import ROOT

EXAMPLE = ROOT / "examples" / "plan"
TODAY = date(2026, 11, 28)
OTHERS = {
    "teams.toml": '[[team]]\nid = "A"\n',
    "people.toml": '[[person]]\nid = "1001"\nteam = "A"\n',
    "dialling.toml": '[dialling]\nmanual = "c"\n',
}
START = '[[campaign]]\nid = "c"\nclient = "k"\n'
PLAIN = f'{START}presets = ["us-tsr"]\ncountry = "US"\n'


def read(files: dict[str, str], carried: dict[str, str] | None = None, today: date = TODAY) -> PlanReading:
    return read_plan({**OTHERS, **files}, "Asia/Shanghai", presets() if carried is None else carried, today)


def plan(files: dict[str, str], carried: dict[str, str] | None = None) -> Plan:
    reading = read(files, carried)
    assert reading.plan is not None, [str(each) for each in reading.findings]
    return reading.plan


def campaign(text: str) -> Campaign:
    return plan({"campaigns.toml": text}).dialling.campaigns[0]


# ---------------------------------------------------------------- what ships


def test_the_example_has_two_campaigns_with_people_presets_and_names_in_both_languages() -> None:
    reading = load(EXAMPLE, "Asia/Shanghai")
    assert reading.findings == ()
    assert reading.plan is not None
    rules = reading.plan.dialling
    assert [(each.id, each.purpose, each.client) for each in rules.campaigns] == [
        ("renewals", "telemarketing", "harbour-insurance"),
        ("arrears", "collection", "north-bank"),
    ]
    assert all(each.name and each.name_zh for each in rules.campaigns)
    assert [each.name for each in rules.presets] == ["cn-commercial", "cn-collection", "cn-carrier"]
    assert rules.presets[0].signed == "Li Wei 2026-11-28"
    assert rules.campaigns[0].consents == ("harbour-renewals",)
    assert rules.campaigns[0].rules.hours[0].days[5:] == (((600, 720),), ()), "Sunday goes before the weekend"
    assert rules.campaigns[0].contract.hours == ((540, 720), (840, 1080))
    assert {each.means for each in rules.outcomes} >= {"sale", "refusal", "callback", "blocked", "complaint"}
    assert msgspec.json.decode(msgspec.json.encode(reading.plan), type=Plan) == reading.plan


@pytest.mark.parametrize(
    ("file", "structs"),
    [
        ("dialling.toml", [DiallingTable, CalendarTable, OutcomeTable]),
        ("campaigns.toml", [CampaignTable, TrialTable, ContractTable, StopsTable, HoursTable, CapTable, CoolDownTable, WayTable]),
    ],
)
def test_the_example_shows_every_key(file: str, structs: list[type[msgspec.Struct]]) -> None:
    text = (EXAMPLE / file).read_text("utf-8")
    days = {"mon", "tue", "wed", "thu", "fri", "sat"}
    for struct in structs:
        for field in msgspec.structs.fields(struct):
            if field.name not in days:
                assert f"\n{field.name} = " in text or f"\n# {field.name} = " in text, field.name


@pytest.mark.parametrize("table", [ListTable, ConsentTable, AbandonTable, CallerIdTable, PlaceTable])
def test_what_the_example_leaves_out_is_in_the_docs(table: type[msgspec.Struct]) -> None:
    text = (ROOT / "docs" / "plan.md").read_text("utf-8")
    for field in msgspec.structs.fields(table):
        assert f"`{field.name}`" in text, field.name


@pytest.mark.parametrize(
    ("table", "struct"),
    [
        (HoursTable, HoursRule),
        (CapTable, CapRule),
        (CoolDownTable, CoolDownRule),
        (ListTable, ListRule),
        (ConsentTable, ConsentRule),
        (AbandonTable, AbandonRule),
        (CallerIdTable, CallerIdRule),
        (WayTable, WayRule),
        (PlaceTable, PlaceRule),
        (CampaignTable, Campaign),
        (TrialTable, TrialRules),
        (ContractTable, ContractTerms),
        (StopsTable, StopRules),
        (DiallingTable, DialRules),
    ],
)
def test_a_key_that_nobody_writes_is_as_the_rules_have_it(table: type[msgspec.Struct], struct: type[msgspec.Struct]) -> None:
    mine = {field.name: field.default for field in msgspec.structs.fields(table)}
    differ = {"most", "guard_s", "holiday", "eve"} if table in (CapTable, HoursTable) else set()
    for field in msgspec.structs.fields(struct):
        if field.name in mine and field.name not in {"id", "window", "days", *differ}:
            assert mine[field.name] == field.default, field.name


# ---------------------------------------------------------------- presets

USABLE = (
    "au-research",
    "cn-carrier",
    "cn-collection",
    "cn-guizhou",
    "es",
    "fr-decree-2022",
    "fr-opt-in-2026",
    "in-service",
    "it",
    "strictest",
    "us-florida",
    "us-maine-automated",
    "us-maryland",
    "us-oklahoma",
    "us-reg-f",
    "us-tsr",
)
TO_BE_SIGNED = {
    "au-telemarketing": ("register",),
    "ca-crtc": ("abandoned",),
    "cn-commercial": ("hours", "calls-in-day", "between-calls"),
    "cn-draft-2020": ("listed", "consent"),
    "de-b2c": ("hours",),
    "in-promotional": ("hours", "preferences"),
    "in-recovery": ("hours",),
    "uk": ("hours",),
    "uk-2010": ("hours", "abandoned"),
    "us-fcc": ("written-consent", "abandoned-fcc", "ring-fcc"),
    "us-states": tuple(f"us-states-{state}" for state in ("ct", "pa", "ri", "sd", "tx", "ut", "wa", "wy")),
}


def test_every_preset_is_said_to_be_usable_or_to_be_signed() -> None:
    assert sorted((*USABLE, *TO_BE_SIGNED)) == names_of(presets())


@pytest.mark.parametrize("name", names_of(presets()))
def test_a_preset_is_right_and_each_of_its_rules_says_what_it_stands_on(name: str) -> None:
    findings: list[object] = []
    found = loaded(name, presets(), findings)  # type: ignore[arg-type]
    assert findings == []
    assert found.doubts == TO_BE_SIGNED.get(name, ())
    for each in found.presets:
        assert each.title
        assert each.title_zh
        for rule in every(each):
            assert rule.origin.grade in ("P", "L", "V", "W", "none")
            assert rule.origin.as_of == "2026-11-24"
            assert rule.origin.note
            assert rule.origin.source or rule.origin.grade == "none", rule.id
            assert all(source.startswith(("http://", "https://")) for source in rule.origin.source)


@pytest.mark.parametrize("name", sorted(TO_BE_SIGNED))
def test_what_rests_on_memory_or_a_weak_page_binds_nobody_before_a_named_person_has_signed(name: str) -> None:
    text = f'{START}presets = ["{name}", "strictest"]\n'
    reading = read({"campaigns.toml": text})
    assert reading.plan is None
    told = [str(each) for each in reading.findings if each.error]
    assert len(told) == 1
    assert told[0].startswith(f'campaigns.toml:4: campaign.c.presets: the preset "{name}" rests on memory, a draft or a weak page in ')
    assert f'accepted = {{"{name}" = "Li Wei 2026-11-28"}}' in told[0]
    for signature in ("yes", "Li Wei", "2026-11-28"):
        assert read({"campaigns.toml": f'accepted = {{"{name}" = "{signature}"}}\n{text}'}).plan is None, signature
    accepted = plan({"campaigns.toml": f'accepted = {{"{name}" = "Li Wei 2026-11-28"}}\n{text}'})
    assert {each.signed for each in accepted.dialling.presets if each.name.startswith(name)} == {"Li Wei 2026-11-28"}
    assert f"{name} (as of 2026-11-24, accepted by Li Wei 2026-11-28)" in accepted.presets


def test_one_file_of_many_regions_is_a_preset_for_each_of_them() -> None:
    text = f'accepted = {{"us-states" = "Li Wei 2026-11-28"}}\n{START}country = "US"\npresets = ["us-tsr", "us-states"]\n'
    rules = plan({"campaigns.toml": text}).dialling
    assert len(rules.presets) == 18
    assert rules.campaigns[0].presets[:2] == ("us-tsr", "us-states-al")
    assert [each.regions for each in rules.presets[:3]] == [(), ("US-AL",), ("US-CT",)]
    assert all(each.countries == ("US",) and each.purposes == ("telemarketing",) for each in rules.presets)


ABOUT = 'name = "x"\nname_zh = "x"\nas_of = "2026-11-28"\nnote = "x"\n'
BASE = f"""[preset]
{ABOUT}grade = "V"
status = "in_force"
source = ["https://example.org/base"]
countries = ["CN"]
valid_to = "2027-01-01"
[[hours]]
id = "hours"
every_day = ["08:00-20:00"]
[[cap]]
id = "cap"
most = 3
"""
ABOVE = f"""[preset]
{ABOUT}grade = "none"
status = "practice"
extends = ["base"]
purposes = ["collection"]
[[cap]]
id = "hours"
most = 1
[[way]]
id = "way"
record = true
"""


def test_what_extends_another_has_its_rules_and_replaces_those_of_the_same_id() -> None:
    findings: list[object] = []
    (found,) = loaded("above", {"dial/base": BASE, "dial/above": ABOVE}, findings).presets  # type: ignore[arg-type]
    assert findings == []
    assert [(type(rule).__name__, rule.id) for rule in every(found)] == [("CapRule", "cap"), ("CapRule", "hours"), ("WayRule", "way")]
    assert (found.countries, found.purposes, found.valid_to) == (("CN",), ("collection",), ""), "dates are its own"
    assert found.caps[0].origin.source == ("https://example.org/base",)
    assert (found.caps[0].origin.status, found.caps[1].origin.status) == ("in_force", "practice")


def carrying(name: str, text: str) -> list[str]:
    carried = {"dial/base": BASE, f"dial/{name}": text}
    return [str(each) for each in read({"campaigns.toml": f'{START}presets = ["{name}"]\n'}, carried).findings]


GOOD = f'[preset]\n{ABOUT}grade = "none"\nstatus = "practice"\n'
HOURS = '[[hours]]\nid = "h"\nevery_day = ["08:00-20:00"]\n'

PRESET_ERRORS = [
    (GOOD, "presets/dial/mine.toml: it has no rules"),
    (GOOD.replace("none", "A") + HOURS, 'mine.toml:6: preset.grade: "A" is not known'),
    (GOOD.replace("practice", "usable") + HOURS, 'mine.toml:7: preset.status: "usable" is not known'),
    (GOOD.replace("practice", "in_force") + HOURS, "mine.toml:7: preset.status: a rule of"),
    (GOOD.replace('"none"', '"V"') + HOURS, "mine.toml:1: preset.source: it is missing"),
    (GOOD.replace('note = "x"\n', "") + HOURS, "mine.toml:1: preset.note: it is missing"),
    (GOOD + 'extends = ["nobody"]\n' + HOURS, 'mine.toml:8: preset.extends: there is no preset "nobody"'),
    (GOOD + 'extends = ["mine"]\n' + HOURS, 'mine.toml:8: preset.extends: "mine" leads back to this one'),
    (GOOD + 'purposes = ["sales"]\n' + HOURS, 'mine.toml:8: preset.purposes: "sales" is not known'),
    (
        GOOD + 'regions = ["Florida"]\n' + HOURS,
        'mine.toml:8: preset.regions: "Florida" is no country or region; write it as "CN" or "US-FL".',
    ),
    (GOOD + 'valid_from = "2026-08-11"\nvalid_to = "2026-08-10"\n' + HOURS, "mine.toml:9: preset.valid_to: it ends before it begins"),
    (GOOD + "[[part]]\n" + HOURS, "mine.toml:8: part[1].id: it is missing"),
    (GOOD + '[[part]]\nid = "x"\n' + HOURS, "mine.toml:8: part.x.regions: it is missing"),
    (GOOD + HOURS + "[[cpa]]\n", 'mine.toml:11: cpa: there is no table "cpa" in this file; did you mean "cap"?'),
    ("[preset\n", "presets/dial/mine.toml:1: this is not TOML"),
]


@pytest.mark.parametrize(("text", "told"), PRESET_ERRORS)
def test_a_mistake_in_a_preset_has_its_file_line_and_key(text: str, told: str) -> None:
    lines = carrying("mine", text)
    assert any(told in line for line in lines), lines


# ---------------------------------------------------------------- mistakes


def rule(table: str, text: str = "") -> dict[str, str]:
    return {"campaigns.toml": f'{PLAIN}[[campaign.{table}]]\nid = "r"\n{text}'}


def dialling(text: str) -> dict[str, str]:
    return {"campaigns.toml": PLAIN, "dialling.toml": f'[dialling]\nmanual = "c"\n{text}'}


ERRORS: list[tuple[dict[str, str], str]] = [
    ({"campaigns.toml": "[[campaign\n"}, "campaigns.toml:1: this is not TOML"),
    (
        {"campaigns.toml": f"{PLAIN}[[campain]]\n"},
        'campaigns.toml:6: campain: there is no table "campain" in this file; did you mean "campaign"?',
    ),
    ({"campaigns.toml": f"{PLAIN}preset = 1\n"}, 'campaigns.toml:6: campaign.c.preset: there is no such key; did you mean "presets"?'),
    ({"campaigns.toml": PLAIN.replace('id = "c"\n', "")}, "campaigns.toml:1: campaign[1].id: it is missing"),
    ({"campaigns.toml": PLAIN.replace('client = "k"\n', "")}, "campaigns.toml:1: campaign.c.client: it is missing"),
    ({"campaigns.toml": PLAIN + PLAIN}, 'campaigns.toml:7: campaign[2].id: "c" is already the id of [[campaign]] number 1'),
    (
        {"campaigns.toml": PLAIN.replace("us-tsr", "us-trs")},
        'campaigns.toml:4: campaign.c.presets: there is no preset "us-trs"; did you mean "us-tsr"?',
    ),
    ({"campaigns.toml": START}, "campaigns.toml:1: campaign.c.presets: no law of telemarketing is named"),
    ({"campaigns.toml": f'{START}purpose = "collection"\n'}, "campaign.c.presets: nothing says when and how often it may call"),
    (
        {"campaigns.toml": f'{START}presets = ["us-tsr"]\n'},
        "campaigns.toml:4: campaign.c.presets: none of them is about telemarketing in CN",
    ),
    ({"campaigns.toml": f'{PLAIN}purpose = "spam"\n'}, 'campaigns.toml:6: campaign.c.purpose: "spam" is not known'),
    ({"campaigns.toml": f'{PLAIN}most = "fast"\n'}, 'campaigns.toml:6: campaign.c.most: "fast" is not known'),
    (
        {"campaigns.toml": f'{PLAIN}caller_ids = ["02161234567"]\n'},
        'campaigns.toml:6: campaign.c.caller_ids: "02161234567" is no number with its country',
    ),
    (
        {"campaigns.toml": f'{PLAIN}agents = ["1009"]\n'},
        'campaigns.toml:6: campaign.c.agents: there is no person "1009"; did you mean "1001"?',
    ),
    ({"campaigns.toml": f'{PLAIN}teams = ["B"]\n'}, 'campaigns.toml:6: campaign.c.teams: there is no team "B"'),
    ({"campaigns.toml": f'{PLAIN}managers = ["manger"]\n'}, 'campaigns.toml:6: campaign.c.managers: there is no person or role "manger"'),
    ({"campaigns.toml": f'{PLAIN}lists = ["a/b"]\n'}, 'campaigns.toml:6: campaign.c.lists: "a/b" cannot be an id'),
    ({"campaigns.toml": f'{PLAIN}lists = ["a"]\nconsents = ["a"]\n'}, 'campaigns.toml:7: campaign.c.consents: "a" cannot be both'),
    ({"campaigns.toml": PLAIN.replace('"US"', '"us"')}, 'campaigns.toml:5: campaign.c.country: "us" is no country'),
    ({"campaigns.toml": PLAIN.replace('"US"', '"US-FL"')}, 'campaigns.toml:5: campaign.c.country: "US-FL" is a region'),
    ({"campaigns.toml": f"{PLAIN}at_once = -1\n"}, "campaigns.toml:6: campaign.c.at_once: -1 is out of range"),
    ({"campaigns.toml": f"{PLAIN}[campaign.trial]\nagents = 0\n"}, "campaigns.toml:7: campaign.c.trial.agents: 0 is out of range"),
    ({"campaigns.toml": f'{PLAIN}[campaign.trial]\nmost = "all"\n'}, 'campaigns.toml:7: campaign.c.trial.most: "all" is not known'),
    (
        {"campaigns.toml": f"{PLAIN}[campaign.stops]\ncomplaint = 1\n"},
        'campaign.c.stops.complaint: there is no such key; did you mean "complaints"?',
    ),
    (
        {"campaigns.toml": f'{PLAIN}[campaign.contract]\nends = "31.12.2026"\n'},
        'campaigns.toml:7: campaign.c.contract.ends: "31.12.2026" is no date',
    ),
    (
        {"campaigns.toml": f"{PLAIN}[campaign.contract]\nbegins = 2026-12-01\nends = 2026-11-30\n"},
        "campaigns.toml:8: campaign.c.contract.ends: it ends before it begins (2026-12-01)",
    ),
    (
        {"campaigns.toml": f'{PLAIN}[campaign.contract]\nhours = ["9-18"]\n'},
        'campaign.c.contract.hours: "9-18" is no part of a day; write it as "08:00-21:00"',
    ),
    ({"campaigns.toml": f'accepted = {{"uk" = "yes"}}\n{PLAIN}'}, 'campaigns.toml:1: accepted: "uk" is not signed'),
    (
        {"campaigns.toml": f"{PLAIN}hours = 1\n"},
        "campaigns.toml:6: campaign.c.hours: this table comes many times; write each as [[campaign.hours]]",
    ),
    (rule("hours"), "campaigns.toml:6: campaign.c.hours.r: no day has hours"),
    (rule("hours", 'mon = ["21:00-08:00"]\n'), 'campaigns.toml:8: campaign.c.hours.r.mon: "21:00-08:00" is no part of a day'),
    (rule("hours", 'mon = ["08:00-25:00"]\n'), '"08:00-25:00" is no part of a day'),
    (rule("hours", 'mon = ["08:00-12:00", "11:00-13:00"]\n'), '"11:00-13:00" begins before the one in front of it has ended'),
    (rule("hours", 'mon = ["08:00-12:00"]\nunless = ["money"]\n'), 'campaigns.toml:9: campaign.c.hours.r.unless: "money" is not known'),
    (rule("hours", 'mon = ["08:00-12:00"]\ncalendar = "China"\n'), 'campaigns.toml:9: campaign.c.hours.r.calendar: "China" is no country'),
    (rule("hours", 'mon = ["08:00-12:00"]\nstatus = "law"\n'), 'campaigns.toml:9: campaign.c.hours.r.status: "law" is not known'),
    (rule("cap"), "campaigns.toml:6: campaign.c.cap.r.most: it is missing"),
    (rule("cap", 'most = 1\ncount = "dial"\n'), 'campaigns.toml:9: campaign.c.cap.r.count: "dial" is not known'),
    (rule("cap", 'most = 1\nwindow = "day"\n'), 'campaigns.toml:9: campaign.c.cap.r.window: "day" is not known'),
    (
        rule("cap", 'most = 1\nwindow = "any_days"\ndays = 90\n'),
        "campaigns.toml:10: campaign.c.cap.r.days: 90 is out of range; write a number from 1 to 61.",
    ),
    (rule("cap", 'most = 1\nzone = "Shanghai"\n'), 'campaigns.toml:9: campaign.c.cap.r.zone: "Shanghai" is no time zone'),
    (
        rule("cap", 'most = 1\nscope = ["client"]\n'),
        'campaigns.toml:9: campaign.c.cap.r.scope: nothing is counted by "client"; known are ["number"]',
    ),
    (
        {"campaigns.toml": f'{PLAIN}[[campaign.cap]]\nid = "r"\nmost = 1\n[[campaign.way]]\nid = "r"\n'},
        '"r" is the id of another rule here',
    ),
    (rule("cool_down"), "campaign.c.cool_down.r.seconds: exactly one of seconds and days"),
    (rule("cool_down", "seconds = 1\ndays = 1\n"), "campaign.c.cool_down.r.seconds: exactly one of seconds and days"),
    (rule("cool_down", "days = 365\n"), "campaigns.toml:8: campaign.c.cool_down.r.days: 365 is out of range"),
    (rule("list"), "campaign.c.list.r.lists: it is missing"),
    (rule("list", 'lists = ["x"]\nmost_days = 5\nwarn_days = 6\n'), "campaigns.toml:10: campaign.c.list.r.warn_days: 6 is out of range"),
    (rule("consent", 'need = "maybe"\n'), 'campaigns.toml:8: campaign.c.consent.r.need: "maybe" is not known'),
    (rule("abandon", "limit = 0.01\n"), "campaign.c.abandon.r.target: the governor would keep to 0.024, which is over the limit of 0.01"),
    (rule("abandon", "limit = 3.0\n"), "campaigns.toml:8: campaign.c.abandon.r.limit: 3 is out of range"),
    (rule("caller_id", 'prefixes = ["+86"]\n'), 'campaign.c.caller_id.r.prefixes: "+86" is no beginning of a national number'),
    (rule("way", 'amd = "off"\n'), 'campaigns.toml:8: campaign.c.way.r.amd: "off" is not known'),
    (rule("place"), "campaign.c.place.r.blocked: it is missing"),
    (rule("place", 'blocked = ["Tibet"]\n'), 'campaigns.toml:8: campaign.c.place.r.blocked: "Tibet" is no country or region'),
    (dialling('prefixes = ["+9"]\n'), 'dialling.toml:3: dialling.prefixes: "+9" is nothing that a phone can dial'),
    (dialling('blocked = ["400"]\n'), 'dialling.toml:3: dialling.blocked: "400" is no beginning of a number with its country code'),
    (dialling('own = ["1000"]\n'), 'dialling.toml:3: dialling.own: "1000" is no number'),
    (dialling("emergency = []\n"), "dialling.toml:3: dialling.emergency: without emergency numbers"),
    (
        {"campaigns.toml": PLAIN, "dialling.toml": '[dialling]\nmanual = "d"\n'},
        'dialling.toml:2: dialling.manual: there is no campaign "d"',
    ),
    (
        dialling('[[outcome]]\ncode = "A"\n[[outcome]]\ncode = "A"\n'),
        'dialling.toml:6: outcome[2].code: "A" is already that of [[outcome]] number 1',
    ),
    (dialling('[[outcome]]\ncode = "A"\nmeans = "won"\n'), 'dialling.toml:5: outcome.A.means: "won" is not known'),
    (dialling('[[calendar]]\nid = "CN"\n'), "dialling.toml:3: calendar.CN.years: it says no years"),
    (dialling('[[calendar]]\nid = "CN"\nyears = ["2026"]\n'), "dialling.toml:5: calendar.CN.years: it says no years"),
    (
        dialling('[[calendar]]\nid = "CN"\nyears = [2026]\nholidays = [2027-01-01]\n'),
        "dialling.toml:6: calendar.CN.holidays: 2027-01-01 is of none of the years 2026",
    ),
    (dialling('[[calendar]]\nid = "CN"\nyears = [2026]\nholidays = ["1 May"]\n'), 'calendar.CN.holidays: "1 May" is no date'),
    (
        dialling('[[calendar]]\nid = "CN"\nyears = [2026]\nholidays = [2026-10-01]\nworkdays = [2026-10-01]\n'),
        "dialling.toml:7: calendar.CN.workdays: 2026-10-01 is a holiday, too",
    ),
]


@pytest.mark.parametrize(("files", "told"), ERRORS)
def test_a_mistake_is_told_with_its_line_its_key_and_what_to_do(files: dict[str, str], told: str) -> None:
    reading = read(files)
    assert reading.plan is None
    lines = [str(each) for each in reading.findings if each.error]
    assert any(told in line for line in lines), lines


def test_what_is_right_has_no_errors_and_is_the_base_of_all_mistakes() -> None:
    assert [str(each) for each in read({"campaigns.toml": PLAIN}).findings] == []


MAINLAND = '[[campaign]]\nid = "c"\nclient = "k"\npurpose = "collection"\npresets = ["cn-collection"]\n'
WARNINGS: list[tuple[dict[str, str], str]] = [
    ({"campaigns.toml": f"{PLAIN}[[campaign.consent]]\nid = 'r'\n"}, "campaign.c.consents: its rules ask for consent, and no list has any"),
    ({"campaigns.toml": PLAIN, "dialling.toml": ""}, "dialling.toml: dialling.manual: who dials by hand and is in no campaign"),
    (
        {"campaigns.toml": f'{PLAIN}queues = ["sales"]\n', "teams.toml": '[[team]]\nid = "A"\n[[skill]]\nid = "s"\nqueues = ["x"]\n'},
        "no skill of teams.toml is for the queue",
    ),
    (
        {"campaigns.toml": f'{PLAIN}[campaign.contract]\nends = "2026-11-27"\n'},
        "campaigns.toml:6: campaign.c.contract: it ended with 2026-11-27",
    ),
    (
        {"campaigns.toml": f'{START}country = "FR"\npresets = ["fr-decree-2022", "fr-opt-in-2026"]\nconsents = ["x"]\n'},
        'campaigns.toml:5: campaign.c.presets: "fr-decree-2022" held until 2026-08-10',
    ),
    ({"campaigns.toml": f'{START}purpose = "service"\ncountry = "IN"\npresets = ["in-service"]\n'}, "none of its rules says at what hours"),
    ({"campaigns.toml": f'{START}purpose = "service"\n'}, "campaign.c.presets: nothing says when and how often it may call"),
    ({"campaigns.toml": f'accepted = {{"uk" = "Li Wei 2026-11-28"}}\n{PLAIN}'}, 'campaigns.toml:1: accepted: no campaign names "uk"'),
    (
        {"campaigns.toml": f'{MAINLAND}[[campaign.hours]]\nid = "r"\nevery_day = ["09:00-18:00"]\nholiday = []\n'},
        "nobody has said officially those of CN for 2027",
    ),
    ({"campaigns.toml": PLAIN, "dialling.toml": '[dialling]\nmanual = "c"\n[[outcome]]\ncode = "A"\n'}, 'no outcome means "blocked"'),
]


@pytest.mark.parametrize(("files", "told"), WARNINGS)
def test_what_is_odd_is_a_warning_and_keeps_no_plan_from_being_taken_up(files: dict[str, str], told: str) -> None:
    reading = read(files)
    assert [str(each) for each in reading.findings if each.error] == []
    lines = [str(each).replace("warning: ", "") for each in reading.findings]
    assert any(told in line for line in lines), lines


def test_without_dialling_toml_who_dials_by_hand_is_told() -> None:
    files = {name: text for name, text in OTHERS.items() if name != "dialling.toml"}
    reading = read_plan({**files, "campaigns.toml": PLAIN}, "UTC", presets(), TODAY)
    assert ["there is no dialling.toml" in each.text for each in reading.findings] == [True]


def test_a_calendar_of_both_years_ends_the_warning_and_next_year_is_missed_from_october_on() -> None:
    asks = f'{MAINLAND}[[campaign.hours]]\nid = "r"\nevery_day = ["09:00-18:00"]\nholiday = []\n'
    both = '[dialling]\nmanual = "c"\n[[calendar]]\nid = "CN"\nyears = [2026, 2027]\n'
    one = '[dialling]\nmanual = "c"\n[[calendar]]\nid = "CN"\nyears = [2026]\n'
    assert read({"campaigns.toml": asks, "dialling.toml": both}).findings == ()
    assert "for 2027" in str(read({"campaigns.toml": asks, "dialling.toml": one}).findings[0])
    assert read({"campaigns.toml": asks, "dialling.toml": one}, today=date(2026, 9, 30)).findings == ()


def test_the_purposes_that_need_rules_are_those_of_the_gate() -> None:
    assert MARKETED == OF_THE_GATE


# ---------------------------------------------------------------- what it says


def test_a_plan_without_campaigns_says_nothing_of_calling_out() -> None:
    assert not any("Calling out" in line or "Campaigns" in line for line in said(plan({}), "en"))


def test_every_rule_of_every_preset_is_said_in_both_languages() -> None:
    for name in names_of(presets()):
        text = f'accepted = {{"{name}" = "Li Wei 2026-11-28"}}\n{START}presets = ["{name}", "strictest"]\n'
        whole = plan({"campaigns.toml": text})
        english, chinese = said(whole, "en"), said(whole, "zh")
        assert len(english) == len(chinese)
        rules = sum(len(every(each)) for each in whole.dialling.presets)
        assert len([line for line in english if ": " in line]) >= min(rules, 40), name
        assert not any("_" in line.replace("us_", "") for line in english if "Calling" in line)


def test_differences_name_the_campaign_the_rule_and_the_key() -> None:
    before = plan({"campaigns.toml": PLAIN})
    files = {
        "campaigns.toml": PLAIN.replace('"us-tsr"', '"us-tsr", "us-florida"')
        + 'at_once = 5\n[campaign.trial]\nagents = 3\n[campaign.contract]\nhours = ["09:00-18:00"]\n'
        + '[[campaign.hours]]\nid = "own"\nevery_day = ["09:00-18:00"]\n'
        + PLAIN.replace('"c"', '"d"'),
        "dialling.toml": '[dialling]\nmanual = "d"\nat_once = 9\n[[outcome]]\ncode = "A"\nmeans = "blocked"\n',
    }
    after = plan(files)
    assert difference(before, after) == (
        "extends: us-tsr (as of 2026-11-24) → us-tsr (as of 2026-11-24), us-florida (as of 2026-11-24)",
        "+ campaign d (for k)",
        "campaign c.presets: us-tsr → us-tsr, us-florida",
        "campaign c.at_once: 0 → 5",
        "campaign c.trial.agents: 5 → 3",
        "campaign c.contract.hours: none → 09:00-18:00",
        "+ campaign c.rules.hours own",
        "+ preset us-florida",
        "+ outcome A",
        "dialling.manual: c → d",
        "dialling.at_once: 0 → 9",
    )
    later = plan(
        {
            **files,
            "campaigns.toml": files["campaigns.toml"].replace('every_day = ["09:00-18:00"]', 'weekdays = ["09:00-18:00"]\nholiday = []'),
        }
    )
    assert difference(after, later) == (
        "campaign c.rules.hours own.days: mon-sun 09:00-18:00 → mon-fri 09:00-18:00, sat-sun no calls",
        "campaign c.rules.hours own.holiday: as the weekday → no calls",
    )
    assert len({version_of(each) for each in (before, after, later)}) == 3


def test_every_kind_of_rule_fills_its_own_field_of_a_preset() -> None:
    assert {kind.field for kind in KINDS.values()} <= {*Preset.__struct_fields__}
    assert len({kind.field for kind in KINDS.values()}) == len(KINDS) == 9
