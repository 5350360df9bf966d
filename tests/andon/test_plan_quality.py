"""quality.toml: the example has every key, a form is what was written, and a form that could not be scored rightly is none."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from andon.plan.folder import load, presets
from andon.plan.quality import (
    FORMS_MAX,
    ITEMS_MAX,
    SECTIONS_MAX,
    TEXT_MAX,
    FormTable,
    ItemTable,
    KpiTable,
    QualityTable,
    SamplingTable,
    SectionTable,
)
from andon.plan.reading import PlanReading, read_plan
from realtime.plan.quality import FormItem, FormSection, KpiRule, QualityRules, SamplingRules, ScoreForm
from tests.house.sources import ROOT

EXAMPLE = ROOT / "examples" / "plan"
TODAY = date(2026, 11, 28)
FORM = '[[form]]\nid = "f"\n'
SECTION = '[[form.section]]\nid = "s"\nweight = 100\n'
ITEM = '[[form.section.item]]\nid = "i"\ntext = "Greets"\n'
WHOLE = FORM + SECTION + ITEM
KPI = '[[kpi]]\nid = "k"\n'


def read(text: str, **others: str) -> PlanReading:
    files = {"quality.toml": text, **{f"{name}.toml": each for name, each in others.items()}}
    return read_plan(files, "Asia/Shanghai", presets(), TODAY)


def rules(text: str) -> QualityRules:
    reading = read(text)
    assert reading.plan is not None, [str(each) for each in reading.findings]
    return reading.plan.archive.quality


def keys_by_table(text: str) -> dict[str, set[str]]:
    """What a file writes below each header, as somebody reads it."""
    found: dict[str, set[str]] = {}
    header = ""
    for line in text.splitlines():
        if line.startswith("["):
            header = line.partition("#")[0].strip(" []")
        elif "=" in line.partition("#")[0]:
            found.setdefault(header, set()).add(line.partition("=")[0].strip())
    return found


def test_the_example_shows_every_key_in_its_table_and_with_its_default() -> None:
    reading = load(EXAMPLE, "Asia/Shanghai", TODAY)
    assert reading.findings == ()
    assert reading.plan is not None
    (form,) = reading.plan.archive.quality.forms
    assert [(section.id, section.weight, len(section.items)) for section in form.sections] == [
        ("opening", 15.0, 2),
        ("compliance", 15.0, 5),
        ("need", 35.0, 2),
        ("manner", 20.0, 1),
        ("records_kept", 15.0, 2),
    ]
    assert [item.id for section in form.sections for item in section.items if item.critical == "compliance"] == [
        "notice",
        "honest",
        "refusal",
        "card",
    ]
    written = keys_by_table((EXAMPLE / "quality.toml").read_text("utf-8"))
    tables = {
        "quality": QualityTable,
        "sampling": SamplingTable,
        "kpi": KpiTable,
        "form": FormTable,
        "form.section": SectionTable,
        "form.section.item": ItemTable,
    }
    assert written == {name: {field.name for field in msgspec.structs.fields(table)} for name, table in tables.items()}


def test_the_defaults_of_the_file_are_those_of_the_rules() -> None:
    assert rules("") == QualityRules()
    assert rules(WHOLE).forms == (ScoreForm(id="f", sections=(FormSection(id="s", weight=100, items=(FormItem(id="i", text="Greets"),)),)),)
    assert rules(KPI).kpis == (KpiRule(id="k"),)


def test_what_is_written_is_what_the_archive_scores_by() -> None:
    text = """
[quality]
kappa_pass = 0.6
agreement_pass = 0.9
appeal_days = 7
rank_least = 50
overturn_share = 0.2
heard_share = 0.7
[sampling]
new_days = 20
young_days = 60
new = 8
young = 5
steady = 3
confidence = 0.95
margin = 0.05
shortest_s = 20
[[kpi]]
id = "clean"
number = "critical"
below = 95
least = 6
running = 3
times = 4
within = 9
[[form]]
id = "f"
version = 3
name = "Sales"
name_zh = "销售"
passing = 85.5
campaigns = ["c"]
queues = ["q"]
[[form.section]]
id = "s"
name = "Opening"
name_zh = "开场"
weight = 100
[[form.section.item]]
id = "scale"
text = "Listens"
text_zh = "倾听"
help = "To the end"
help_zh = "听完"
kind = "scale"
most = 10
weight = 2.5
may_skip = false
comment = "always"
[[form.section.item]]
id = "critical"
text_zh = "核实身份"
critical = "customer"
comment = "failing"
"""
    scale = FormItem(
        id="scale",
        text="Listens",
        text_zh="倾听",
        help="To the end",
        help_zh="听完",
        kind="scale",
        most=10,
        weight=2.5,
        may_skip=False,
        comment="always",
    )
    critical = FormItem(id="critical", text_zh="核实身份", critical="customer", comment="failing")
    section = FormSection(id="s", name="Opening", name_zh="开场", weight=100, items=(scale, critical))
    campaign = '[[campaign]]\nid = "c"\nclient = "x"\npurpose = "service"\n'
    reading = read(text, campaigns=campaign)
    assert reading.plan is not None, [str(each) for each in reading.findings]
    assert reading.plan.archive.quality == QualityRules(
        forms=(
            ScoreForm(id="f", version=3, name="Sales", name_zh="销售", sections=(section,), passing=85.5, campaigns=("c",), queues=("q",)),
        ),
        sampling=SamplingRules(new_days=20, young_days=60, new=8, young=5, steady=3, confidence=0.95, margin=0.05, shortest_s=20),
        kappa_pass=0.6,
        agreement_pass=0.9,
        appeal_days=7,
        rank_least=50,
        overturn_share=0.2,
        heard_share=0.7,
        kpis=(KpiRule(id="clean", number="critical", below=95, least=6, running=3, times=4, within=9),),
    )


def test_sections_without_points_have_no_part_in_the_hundred() -> None:
    """Critical items are in no average, so a section of them alone has no weight to give."""
    only = '[[form.section]]\nid = "law"\n[[form.section.item]]\nid = "notice"\ntext = "Says it"\ncritical = "compliance"\n'
    (form,) = rules(WHOLE + only).forms
    assert [section.weight for section in form.sections] == [100, 0]
    (alone,) = rules(FORM + only).forms
    assert [section.id for section in alone.sections] == ["law"]


def test_weights_may_be_thirds() -> None:
    third = '[[form.section]]\nid = "{0}"\nweight = {1}\n[[form.section.item]]\nid = "{0}"\ntext = "?"\n'
    (form,) = rules(FORM + third.format("a", 33.33) + third.format("b", 33.33) + third.format("c", 33.34)).forms
    assert [section.weight for section in form.sections] == [33.33, 33.33, 33.34]


def many(count: int, text: str) -> str:
    return "".join(text.format(number) for number in range(count))


MISTAKES = [
    # of a form
    (FORM.replace('"f"', '""') + SECTION + ITEM, "quality.toml:2: form[1].id: it is missing"),
    (WHOLE.replace('"f"', '"a/b"'), 'form.a/b.id: "a/b" cannot be an id'),
    (WHOLE + WHOLE, 'form[2].id: "f" is already the id of [[form]] number 1'),
    (WHOLE.replace(SECTION, "version = 0\n" + SECTION), "version: 0 is out of range"),
    (WHOLE.replace(SECTION, "version = 1.5\n" + SECTION), "version: expected a whole number"),
    (WHOLE.replace(SECTION, "passing = 100.5\n" + SECTION), "passing: 100.5 is out of range"),
    (WHOLE.replace(SECTION, "passing = -1\n" + SECTION), "passing: -1 is out of range"),
    (WHOLE.replace(SECTION, "passing = nan\n" + SECTION), "form.f.passing: expected a number"),
    (WHOLE.replace(SECTION, "pasing = 80\n" + SECTION), 'did you mean "passing"'),
    (WHOLE.replace(SECTION, f'name = "{"x" * 61}"\n' + SECTION), "form.f.name: it is longer than 60"),
    (WHOLE.replace(SECTION, f'name_zh = "{"销" * 61}"\n' + SECTION), "form.f.name_zh: it is longer than 60"),
    (WHOLE.replace(SECTION, 'campaigns = ["none"]\n' + SECTION), 'form.f.campaigns: there is no campaign "none"'),
    ('[form]\nid = "f"\n', "write each as [[form]] in double brackets"),
    (FORM, "form.f: it has no items"),
    (FORM + SECTION, "form.f: it has no items"),
    (many(FORMS_MAX + 1, WHOLE.replace('"f"', '"f{0}"')), f"there are {FORMS_MAX + 1} of [[form]]"),
    # of a section
    (WHOLE.replace('id = "s"\n', ""), "form.f.section[1].id: it is missing"),
    (WHOLE.replace("weight = 100", "weight = 99"), "form.f: the weights of its sections with points sum to 99; make them 100"),
    (WHOLE.replace("weight = 100\n", ""), "the weights of its sections with points sum to 0; make them 100"),
    (WHOLE.replace("weight = 100", "weight = 101"), "weight: 101 is out of range"),
    (WHOLE.replace("weight = 100", "weight = 120") + SECTION.replace('"s"', '"t"').replace("100", "-20"), "weight: -20 is out of range"),
    (WHOLE.replace("weight = 100", "wight = 100"), 'did you mean "weight"'),
    (WHOLE + SECTION + ITEM.replace('"i"', '"j"'), 'two of its sections have the id "s"'),
    (WHOLE.replace(ITEM, f'name = "{"x" * 61}"\n' + ITEM), "name: it is longer than 60"),
    (FORM + '[form.section]\nid = "s"\n', "write each as [[form.section]] in double brackets"),
    (
        FORM + many(SECTIONS_MAX + 1, '[[form.section]]\nid = "s{0}"\n[[form.section.item]]\nid = "i{0}"\ntext = "?"\n'),
        f"there are {SECTIONS_MAX + 1} of [[form.section]]",
    ),
    # of an item
    (WHOLE.replace('id = "i"\n', ""), "form.f.section.s.item[1].id: it is missing"),
    (WHOLE + ITEM, 'form.f: two of its items have the id "i"'),
    (WHOLE + SECTION.replace('"s"', '"t"').replace("100", "0") + ITEM, 'form.f: two of its items have the id "i"'),
    (WHOLE.replace('text = "Greets"\n', ""), "text: it is missing; write the question"),
    (WHOLE.replace("Greets", "x" * (TEXT_MAX + 1)), f"text: it is longer than {TEXT_MAX}"),
    (WHOLE + f'help_zh = "{"x" * (TEXT_MAX + 1)}"\n', f"help_zh: it is longer than {TEXT_MAX}"),
    (WHOLE + 'kind = "yesno"\n', 'kind: "yesno" is not known; did you mean "yes_no"'),
    (WHOLE + 'critical = "law"\n', 'critical: "law" is not known'),
    (WHOLE + 'comment = "allways"\n', 'comment: "allways" is not known; did you mean "always"'),
    (WHOLE + 'kind = "scale"\nmost = 1\n', "most: 1 is out of range"),
    (WHOLE + 'kind = "scale"\nmost = 101\n', "most: 101 is out of range"),
    (WHOLE + "weight = -1\n", "weight: -1 is out of range"),
    (WHOLE + "weight = inf\n", "weight: inf is out of range"),
    (WHOLE + "weight = 0\n", 'the section "s" has weight, and none of its items with points has any'),
    (WHOLE + 'may_skip = "no"\n', "may_skip: expected true or false"),
    (FORM + SECTION + many(ITEMS_MAX + 1, ITEM.replace('"i"', '"i{0}"')), f"there are {ITEMS_MAX + 1} of [[form.section.item]]"),
    (
        FORM
        + SECTION
        + many(60, ITEM.replace('"i"', '"i{0}"'))
        + SECTION.replace('"s"', '"t"').replace("100", "0")
        + many(60, ITEM.replace('"i"', '"j{0}"')),
        f"it has 120 items; keep at most {ITEMS_MAX}",
    ),
    # of the rest
    (KPI + KPI, '"k" is already the id of [[kpi]] number 1'),
    (KPI + 'number = "speed"\n', 'number: "speed" is not known'),
    (KPI + "below = 101\n", "below: 101 is out of range"),
    (KPI + "least = 0\n", "least: 0 is out of range"),
    (KPI + "running = 25\n", "running: 25 is out of range"),
    (KPI + "within = 0\n", "within: 0 is out of range"),
    (KPI + "running = 7\n", "within: 6 months cannot hold what is asked for"),
    (KPI + "times = 7\n", "within: 6 months cannot hold what is asked for"),
    (KPI + "running = 0\ntimes = 0\n", "kpi.k: neither running nor times is set"),
    ("[quality]\nkappa_pass = 1.1\n", "quality.kappa_pass: 1.1 is out of range"),
    ("[quality]\nagreement_pass = -0.1\n", "quality.agreement_pass: -0.1 is out of range"),
    ("[quality]\nappeal_days = 91\n", "quality.appeal_days: 91 is out of range"),
    ("[quality]\nrank_least = 0\n", "quality.rank_least: 0 is out of range"),
    ("[quality]\noverturn_share = 2\n", "quality.overturn_share: 2 is out of range"),
    ("[quality]\nheard_share = 1\n", "quality.heard_share: 1 is out of range"),
    ("[sampling]\nnew = 1001\n", "sampling.new: 1001 is out of range"),
    ("[sampling]\nyoung = -1\n", "sampling.young: -1 is out of range"),
    ("[sampling]\nsteady = -1\n", "sampling.steady: -1 is out of range"),
    ("[sampling]\nnew_days = 3651\n", "sampling.new_days: 3651 is out of range"),
    ("[sampling]\nyoung_days = 3651\n", "sampling.young_days: 3651 is out of range"),
    ("[sampling]\nnew_days = 91\n", "sampling.young_days: it is less than new_days"),
    ("[sampling]\nconfidence = 1\n", "sampling.confidence: 1 is out of range"),
    ("[sampling]\nmargin = 0\n", "sampling.margin: 0 is out of range"),
    ("[sampling]\nshortest_s = 3601\n", "sampling.shortest_s: 3601 is out of range"),
    ("[sampling]\nstead = 4\n", 'did you mean "steady"'),
    ("[forms]\n", 'there is no table "forms"'),
    ("[quality\n", "quality.toml:1: this is not TOML"),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES)
def test_what_is_wrong_is_an_error_and_no_form(text: str, words: str) -> None:
    reading = read(text)
    assert reading.plan is None
    assert any(each.error and words in str(each) for each in reading.findings), [str(each) for each in reading.findings]


def test_a_queue_that_nobody_knows_is_a_warning() -> None:
    """A PBX may have more queues than teams.toml has skills for."""
    text = WHOLE.replace(SECTION, 'queues = ["vip", "sales"]\n' + SECTION)
    assert read(text).findings == (), "no skill says which queues there are"
    reading = read(text, teams='[[team]]\nid = "A"\n[[skill]]\nid = "sells"\nqueues = ["sales"]\n')
    assert reading.plan is not None
    (said,) = [str(each) for each in reading.findings if each.place.startswith("quality.toml")]
    assert said.startswith('quality.toml:3: form.f.queues: warning: no skill of teams.toml is for the queue "vip"')


def test_everything_is_told_at_once() -> None:
    text = WHOLE.replace("weight = 100", "weight = 90").replace("Greets", "") + 'kind = "maybe"\n' + KPI + "least = 0\n"
    said = [str(each) for each in read(text).findings]
    assert len(said) == 4, said
