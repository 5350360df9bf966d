"""Every code that a rule can say has its sentence, in both languages and with the same values in each."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator

import pytest

from realtime.decision import Finding
from realtime.rules.adherence import ALLOWED
from realtime.sentences import LANGUAGES, WORDS, duty, sentence
from realtime.words import AgentState
from tests.house.sources import ROOT

FOLDERS = ("realtime/rules", "realtime/control", "realtime/plan")
MAKERS = ("Finding", "deny", "allow")


def codes() -> Iterator[tuple[str, str]]:
    """(where, code) of each that is written down as a word, or as one of two."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS and node.args:
                    said = node.args[0]
                    for each in (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,):
                        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value:
                            yield f"{path.name}:{node.lineno}", each.value


def test_every_code_that_a_rule_says_has_its_words() -> None:
    found = list(codes())
    assert len(found) > 100, "or the rules are elsewhere now"
    assert [(where, code) for where, code in found if code not in WORDS] == []


def values(text: str) -> set[str]:
    """A name that is another one in Chinese has the ending `_zh`."""
    return {name.removesuffix("_zh") for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(WORDS))
def test_both_languages_say_the_same_values(code: str) -> None:
    said = WORDS[code]
    assert len(said) == len(LANGUAGES)
    assert all(said)
    assert values(said[0]) == values(said[1])


def test_states_and_activities_are_words_in_every_sentence() -> None:
    assert set(duty.STATES) == {duty.NOT_THERE, *AgentState}
    assert set(duty.ACTIVITIES) == set(ALLOWED)
    away = Finding("adherence.away", values={"state": "no_answer", "activity": "work"})
    assert sentence(away, "en") == "Was not answering where the schedule says work."
    assert sentence(away, "zh") == "排班为工作，实际为未接。"


def test_a_sentence_calls_a_person_by_the_name_and_not_as_the_trail_does() -> None:
    finding = Finding("break.overruled", values={"who": "user:demo", "reason": "calm"})
    assert [sentence(finding, language) for language in LANGUAGES] == ["demo grants it: calm", "demo特批：calm"]
    assert sentence(Finding("break.overruled", values={"who": "token:crm", "reason": "calm"}), "en").startswith("token:crm")
