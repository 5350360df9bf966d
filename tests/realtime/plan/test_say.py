"""The rules of a plan in sentences: the same in both languages, nothing of the plan left out, and words a person would use."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from andon.plan.folder import load, presets
from andon.plan.reading import read_plan
from realtime.plan.model import BREAK_KINDS, AlertRule, BreakRules, KindRules, Plan
from realtime.plan.numbers import NUMBERS
from realtime.plan.say import EACH_MAX, KINDS, said, sections
from tests.house.sources import ROOT


def example() -> Plan:
    plan = load(Path(ROOT) / "examples" / "plan", "Asia/Shanghai").plan
    assert plan is not None
    return plan


def test_an_empty_plan_says_that_it_forbids_nothing() -> None:
    assert said(Plan(), "en") == ["The plan is empty: the floor is watched, not controlled."]
    assert said(Plan(), "zh") == ["方案为空：只看现场，不做控制。"]


def test_the_example_in_english() -> None:
    lines = said(example(), "en")
    for line in (
        "  - Team A: 15 people, led by 1901. At most 2 are on a break at once.",
        "  - early: 08:00–17:00 every day, A, B.",
        "  - Morning meeting, team B: B, at 08:20 every day, 10 minutes in 2 groups; 2 of each queue stay ready.",
        "  - Short break: 15 minutes, from 5 to 15, 30 a shift, 15 each half of it, 45 minutes after the last one.",
        "  - Comfort break: 6 minutes, never refused, never queued.",
        "  - A VIP waits: longest wait of a queue vip above 20 s for 5 s (act).",
    ):
        assert line in lines, line


def test_the_example_in_chinese() -> None:
    lines = said(example(), "zh")
    for line in (
        "  - A组：15人，组长1901。同时小休最多2人。",
        "  - B组早会：B，每天08:20，10分钟，分2批；每个队列保留2人。",
        "  - 如厕：6分钟，不拒绝、不排队。",
        "  - 上班后30分钟内、下班前30分钟内不安排。",
    ):
        assert line in lines, line


def extending(name: str) -> Plan:
    kind, _, short = name.partition("/")
    text = f'extends = ["{short}"]\naccepted = {{"{short}" = "Li Wei 2026-11-28"}}\n'
    plan = read_plan({f"{kind}.toml": text}, "UTC", presets(), date(2026, 11, 28)).plan
    assert plan is not None
    return plan


@pytest.mark.parametrize(
    "plan", [example(), *(extending(name) for name in sorted(presets()) if not name.startswith(("dial/", "retention/")))]
)
def test_neither_language_says_more_and_chinese_has_no_western_commas(plan: Plan) -> None:
    assert len(said(plan, "en")) == len(said(plan, "zh"))
    for _, pairs in sections(plan):
        for english, chinese in pairs:
            assert not re.search(r"[\u4e00-\u9fff]", english.replace("A组", "")) or "preset" in english, english
            assert not re.search(r"[\u4e00-\u9fff][,;:]", chinese), chinese
            assert "None" not in english + chinese
            assert "  " not in english


def test_every_kind_and_every_number_has_words() -> None:
    assert set(KINDS) == set(BREAK_KINDS)
    for of, numbers in NUMBERS.items():
        for number in numbers:
            lines = said(Plan(alerts=(AlertRule(id="x", number=number, of=of, above=0.5),)), "en")
            assert "_" not in lines[1], lines


def test_what_is_too_long_to_read_is_counted() -> None:
    plan = Plan(alerts=tuple(AlertRule(id=str(number), number="waiting", above=1) for number in range(100)))
    assert len(said(plan, "en")) == EACH_MAX + 2
    assert said(plan, "en")[-1] == f"  - and {100 - EACH_MAX} more"


def test_rules_without_kinds_are_not_in_force_and_not_said() -> None:
    assert "Breaks" not in said(Plan(breaks=BreakRules(hold_s=30)), "en")
    assert "Breaks" in said(Plan(breaks=BreakRules(kinds={"short": KindRules()})), "en")
