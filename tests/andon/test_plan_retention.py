"""retention.toml: the example has every key, presets are signed or not taken, and nothing wrong becomes a rule that lets go."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from andon.plan.dial_presets import DOUBTFUL
from andon.plan.folder import load, presets
from andon.plan.reading import PlanReading, read_plan
from andon.plan.retention_presets import loaded, names_of
from andon.plan.retention_tables import ClassTable, DiscsTable, ExpectTable, KeepTable, RetentionTable
from realtime.plan.archive import ArchiveRules, RetentionClass, Term
from realtime.plan.difference import difference
from realtime.plan.model import Plan
from realtime.plan.say import said
from tests.house.sources import ROOT

EXAMPLE = ROOT / "examples" / "plan"
TODAY = date(2026, 11, 28)
CLASS = '[retention]\ndefault = "a"\n[[class]]\nid = "a"\n[[class.rule]]\nid = "own"\nleast = "1 year"\n'


def read(text: str, **others: str) -> PlanReading:
    files = {"retention.toml": text, **{f"{name}.toml": each for name, each in others.items()}}
    return read_plan(files, "Asia/Shanghai", presets(), TODAY)


def rules(text: str) -> ArchiveRules:
    reading = read(text)
    assert reading.plan is not None, [str(each) for each in reading.findings]
    return reading.plan.archive


def one(text: str) -> RetentionClass:
    (found,) = rules(text).classes
    return found


def test_the_example_shows_every_key_and_names_classes_that_are_there() -> None:
    reading = load(EXAMPLE, "Asia/Shanghai", TODAY)
    assert reading.findings == ()
    assert reading.plan is not None
    assert [each.id for each in reading.plan.archive.classes] == ["cn-bpo-default", "harbour-five-years", "securities"]
    assert reading.plan.archive.queues == {"retention": "harbour-five-years"}
    text = (EXAMPLE / "retention.toml").read_text("utf-8")
    for struct in (RetentionTable, ClassTable, KeepTable, ExpectTable, DiscsTable):
        for field in msgspec.structs.fields(struct):
            assert f"\n{field.name} = " in text or field.name == "queues", field.name
    assert "[retention.queues]" in text


def test_without_a_file_there_are_no_classes_so_nothing_goes() -> None:
    reading = read_plan({}, "Asia/Shanghai", presets(), TODAY)
    assert reading.plan is not None
    assert reading.plan.archive == ArchiveRules()


@pytest.mark.parametrize("name", names_of(presets()))
def test_a_preset_says_what_it_stands_on_and_is_taken_when_it_is_signed(name: str) -> None:
    findings: list[object] = []
    found = loaded(name, presets(), findings)  # type: ignore[arg-type]
    assert findings == []
    assert found.unsigned == any(rule.origin.status in DOUBTFUL or rule.origin.grade == "W" for rule in found.rules)
    assert all(rule.origin.as_of == "2026-11-24" for rule in found.rules)
    text = f'[retention]\ndefault = "a"\n[[class]]\nid = "a"\npresets = ["{name}"]\n'
    if found.unsigned:
        (finding,) = [each for each in read(text).findings if each.error]
        assert "Li Wei 2026-11-28" in str(finding)
        assert read(text).plan is None
        text = f'accepted = {{"{name}" = "Li Wei 2026-11-28"}}\n{text}'
    taken = one(text)
    assert (taken.rules, taken.preset, taken.burn) == (found.rules, name, found.about.burn)
    assert bool(taken.signed) == found.unsigned


def test_the_terms_of_the_laws_are_theirs() -> None:
    """Against the table they were written from, so that nobody mends a number in passing."""
    said_of = {name: [(rule.clock, rule.least, rule.most, rule.dispute) for rule in loaded(name, presets(), []).rules] for name in WRITTEN}
    assert said_of == WRITTEN


YEARS = Term(years=5)
WRITTEN = {
    "cn-callcentre": [("call", Term(days=30), Term(), False)],
    "cn-insurance-short": [("product_end", YEARS, Term(), True)],
    "cn-insurance-long": [("product_end", Term(years=10), Term(), True)],
    "cn-bank-wealth": [("product_end", Term(months=6), Term(), True)],
    "cn-securities": [("product_end", Term(years=20), Term(), True)],
    "us-tsr": [("call", YEARS, Term(), False)],
    "us-reg-f": [("call", Term(years=3), Term(), False), ("last_activity", Term(years=3), Term(), False)],
    "eu-mifid": [("call", YEARS, Term(), False)],
    "eu-quality": [("call", Term(days=90), Term(days=90), False)],
}


def test_a_class_has_the_rules_of_all_its_presets_and_its_own() -> None:
    both = one('[[class]]\nid = "a"\npresets = ["us-tsr", "us-reg-f"]\n[[class.rule]]\nid = "own"\nleast = "1 year 6 months 3 days"\n')
    assert [rule.id for rule in both.rules] == ["us-tsr", "us-reg-f-recording", "us-reg-f-records", "own"]
    assert both.rules[-1].least == Term(years=1, months=6, days=3)


MISTAKES = [
    ('[[class]]\nid = "a"\n', "retention.toml:1: class.a: nothing says how long it is kept at least"),
    (CLASS.replace("1 year", "0 years"), '"0 years" is no term'),
    (CLASS.replace("1 year", "-1 year"), '"-1 year" is no term'),
    (CLASS.replace("1 year", "1 jahr"), '"1 jahr" is no term'),
    (CLASS.replace("1 year", "101 years"), '"101 years" is no term'),
    (CLASS.replace('least = "1 year"', 'most = "1 year"'), "nothing says how long it is kept at least"),
    (CLASS.replace('least = "1 year"', "least = 5"), "least:"),
    (CLASS + 'most = "6 months"\n', "it is shorter than least"),
    (CLASS + 'clock = "moon"\n', '"moon" is not known'),
    (CLASS + 'dispute_least = "1 year"\n', "dispute is not true"),
    (CLASS + '[[class.rule]]\nid = "own"\nleast = "1 day"\n', "two of its rules have the id"),
    (CLASS + '[[class]]\nid = "a"\npresets = ["us-tsr"]\n', "already the id of [[class]]"),
    (CLASS.replace('default = "a"', 'default = "b"'), 'there is no class "b"'),
    (CLASS.replace("[[class]]", '[retention.queues]\nvip = "b"\n[[class]]', 1), 'there is no class "b"'),
    (CLASS.replace("[[class]]", "[retention.queues]\nvip = 5\n[[class]]", 1), "a table of classes by queue"),
    ('[[class]]\nid = "a"\npresets = ["us-tsar"]\n', 'there is no preset "us-tsar"; did you mean'),
    (CLASS + "[discs]\nfill = 1.5\n", "out of range"),
    (CLASS + '[discs]\ncopies = ["A", "A"]\n', "a letter of its own"),
    (CLASS + '[discs]\nmedia = "tape"\n', '"tape" is not known'),
    (CLASS + '[[expect]]\nid = "x"\ndirections = ["out"]\n', '"out" is not known'),
    (CLASS + '[[expect]]\nid = "x"\ncampaigns = ["none"]\n', 'there is no campaign "none"'),
    (CLASS.replace("[retention]", "[retention]\nerasure_days = 0"), "out of range"),
    (CLASS + "[retain]\n", 'there is no table "retain"'),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES)
def test_what_is_wrong_is_an_error_and_no_rule(text: str, words: str) -> None:
    reading = read(text)
    assert reading.plan is None
    assert any(each.error and words in str(each) for each in reading.findings), [str(each) for each in reading.findings]


def test_a_campaign_names_a_class_that_is_there() -> None:
    campaign = '[[campaign]]\nid = "c"\nclient = "x"\npurpose = "service"\n[campaign.contract]\nretention = "b"\n'
    found = [str(each) for each in read(CLASS, campaigns=campaign).findings if each.error]
    assert len(found) == 1
    assert 'campaigns.toml:5: campaign.c.contract: there is no class of retention "b"' in found[0]
    alone = read_plan({"campaigns.toml": campaign}, "Asia/Shanghai", presets(), TODAY)
    assert alone.plan is not None
    assert any("kept for ever" in str(each) for each in alone.findings)
    assert read(CLASS.replace('"a"', '"b"'), campaigns=campaign).plan is not None


def test_a_plan_says_its_classes_in_both_languages_and_what_changed() -> None:
    before, after = Plan(archive=rules(CLASS)), Plan(archive=rules(CLASS.replace("1 year", "2 years") + '[discs]\nmedia = "cd"\n'))
    assert "at least 1 year from the call (own)" in "\n".join(said(before, "en"))
    assert "自通话起至少保存2年（own）" in "\n".join(said(after, "zh"))
    assert difference(before, after) == ("class a.rules own.least.years: 1 → 2", "retention.discs.media: bd-r-25 → cd")
    queued = Plan(archive=rules(CLASS.replace("[[class]]", '[retention.queues]\nvip = "a"\n[[class]]', 1)))
    assert difference(before, queued) == ("retention.queues.vip: none → a",)
