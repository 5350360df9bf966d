"""Every rule of breaks has its sentence, in both languages, and what a rule saw fills it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime import rules, sentences
from realtime.decision import Finding
from realtime.rulings import BreakGranted, BreakHeld
from realtime.sentences import breaks
from tests.realtime.rules.floors import Ruled
from tests.realtime.rules.test_break_laws import Walk
from tests.realtime.rules.test_breaks import THREE

FILES = ("asking", "breaks", "holding", "line", "quota", "waiting")
BUILT = {"break.quota_half.free", "break.quota.free", "break.team_cap.open", "break.site_cap.open", "break.comfort", "break.fault"}
"""Put together from a code and what comes behind it."""
NEXT_STEP = re.compile(
    r"as soon as|ask |ask$|log in first|again|withdraw|begin|is expected|supervisor|team leader|shift|told|turn|while|first|until", re.I
)
"""What to do, or what has to happen."""


def codes() -> set[str]:
    root = Path(rules.__path__[0])
    found = {code for name in FILES for code in re.findall(r'"(break\.[a-z_.]+)"', (root / f"{name}.py").read_text(encoding="utf-8"))}
    return (found | BUILT) - {"break.blackout"}  # the beginning of two codes


def told(seed: int) -> Iterator[Finding]:
    walk = Walk(seed, loaded=True).go()
    for _, decision in walk.floor.answers:
        yield from decision.findings
    for each in (*walk.floor.facts(BreakHeld), *walk.floor.facts(BreakGranted)):
        yield each.fields["rule"]


def test_every_code_has_words_and_all_words_have_a_code() -> None:
    assert codes() == set(breaks.WORDS)


@pytest.mark.parametrize("seed", range(3))
def test_what_was_seen_fills_them(seed: int) -> None:
    seen = set()
    for finding in told(seed):
        english, chinese = sentences.sentence(finding, "en"), sentences.sentence(finding, "zh")
        assert english != finding.rule, finding
        assert chinese != finding.rule, finding
        assert "{" not in english + chinese
        assert re.search(r"[\u4e00-\u9fff]", chinese), chinese
        assert not re.search(r"\b(short|meal|legal|comfort)\b", chinese), "a kind goes by its Chinese name"
        seen.add(finding.rule)
    assert len(seen) > 30


def test_a_sentence_that_holds_back_says_what_would_change_it_and_when() -> None:
    timed = 0
    for seed in range(3):
        for finding in told(seed):
            if finding.verdict != "allow":
                english, chinese = sentences.sentence(finding, "en"), sentences.sentence(finding, "zh")
                when = str(finding.values.get("until", ""))
                assert when or NEXT_STEP.search(english), english
                if finding.rule not in ("break.load.amber", "break.load.callers", "break.load.aged_one"):  # calls may ease at any time
                    assert when in english, english
                    assert when in chinese, chinese
                    timed += bool(when)
    assert timed > 20


def test_as_an_agent_reads_it() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    decision = floor.ask("1002")
    assert decision.reason is not None
    assert sentences.both(decision.reason) == {
        "en": "1 of 1 places of a are taken. The next one is expected back at 09:10.",
        "zh": "a的1个名额已用1个，预计09:10有人返回。",
    }
    assert sentences.both(decision.findings[-1]) == {
        "en": "You are at place 1. About 09:10. You will be told.",
        "zh": "您排第1位，预计09:10，届时会通知您。",
    }
    assert sentences.sentence(Finding("break.already_granted", values={"kind": "meal"}), "zh") == "您的用餐已获批，请开始或放弃。"
