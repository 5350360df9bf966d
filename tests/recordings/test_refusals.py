"""Every refusal, fault and kept sentence of the archive has words in both languages, and every word is some of theirs: the whole source is
walked over."""

from __future__ import annotations

import ast
import re
from functools import cache
from string import Formatter
from typing import NamedTuple

import pytest

from recordings.discs.workroom import DiscsBusy
from recordings.refusals import WORDS, Refusal
from recordings.refusals.named import LANGUAGES, NAMED
from recordings.web.offer import Refused
from tests.house.sources import ROOT

CHINESE = re.compile(r"[一-鿿]")
A_CASE = re.compile(r"[a-z]+\.[a-z_]+(\.[a-z_]+)?")


class Said(NamedTuple):
    """One place of the source where something is refused. `values`: the names of what it says beside its rule."""

    place: str
    rule: str
    values: frozenset[str]


@cache
def sources() -> dict[str, ast.Module]:
    folders = (ROOT / "recordings", ROOT / "andon" / "archive")
    paths = [ROOT / "andon" / "offers.py", *(path for folder in folders for path in sorted(folder.rglob("*.py")))]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in paths}


@cache
def kinds() -> frozenset[str]:
    """Names of all classes of sentences, refusals and faults among them, as they are written."""
    classes = [node for tree in sources().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found, before = {"Remark"}, set[str]()
    while found != before:
        before = set(found)
        found |= {each.name for each in classes if any(isinstance(base, ast.Name) and base.id in found for base in each.bases)}
    return frozenset(found)


@cache
def said() -> tuple[Said, ...]:
    """Each call of any of them."""
    found = []
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (kind := name_of(node.func)) in kinds() - {"DiscsBusy"}:
                place = f"{path}:{node.lineno}"
                if (path == "andon/offers.py" and kind == "Refusal") or path == "recordings/refusals/stored.py":
                    continue  # the board's own, which is given the words; what was stored
                rule = node.args[1 if kind == "Refused" else 0]
                text = str(rule.value) if isinstance(rule, ast.Constant) else ""
                found.append(Said(place, text, frozenset(word.arg for word in node.keywords if word.arg)))
    return (*found, Said("DiscsBusy", DiscsBusy().rule, frozenset(DiscsBusy().values)))


def name_of(called: ast.expr) -> str:
    """As `Refusal` or `register.Refusal`."""
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def holes(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def test_the_walk_finds_every_kind_of_refusal() -> None:
    subjects = {each.rule.partition(".")[0] for each in said()}
    assert {
        "request",
        "find",
        "listen",
        "export",
        "hold",
        "disposal",
        "erasure",
        "clock",
        "loss",
        "redaction",
        "disc",
        "quality",
        "vault",
        "keys",
        "log",
        "carry",
        "work",
        "image",
        "burn",
        "drive",
        "room",
        "note",
        "paper",
        "proof",
        "container",
        "sound",
        "file",
    } <= subjects
    assert {"HoldRefused", "RedactionRefused", "DiscsBusy", "NotDone", "SamePerson", "Refused"} <= kinds()
    assert {"VaultFull", "KeyLost", "NoKey", "NotYet", "BurnFailed", "DriveAway", "ImageFailed", "Remark"} <= kinds()


def test_every_refusal_has_words() -> None:
    assert [f"{each.place} says {each.rule!r}, which has no words" for each in said() if each.rule not in WORDS] == []


def test_every_refusal_gives_its_words_what_they_name() -> None:
    wrong = [(each.place, each.rule) for each in said() for words in WORDS.get(each.rule, ()) if holes(words) != each.values]
    assert wrong == []


def test_no_words_of_what_nobody_refuses() -> None:
    assert set(WORDS) - {each.rule for each in said()} == set()


@pytest.mark.parametrize("rule", WORDS)
def test_one_sentence_in_both_languages(rule: str) -> None:
    en, zh = WORDS[rule]
    assert A_CASE.fullmatch(rule)
    assert CHINESE.search(zh)
    assert not CHINESE.search(en)
    assert zh.endswith(("。", "}")), "one sentence"
    assert en.endswith((".", "?", "}")), "one sentence"
    assert "“" not in en
    assert not re.search(r"[,;:!?] ?(?![^{]*})[一-鿿]", zh), "the marks of the other language"


@pytest.mark.parametrize("value", NAMED)
def test_names_of_codes_are_chinese_too(value: str) -> None:
    assert all(CHINESE.search(zh) for _, zh in NAMED[value].values())


def test_what_a_program_reads_is_not_what_a_person_reads() -> None:
    refusal = Refusal("disc.disc_state", disc="D-1", disc_state="burned", wanted=("verified", "signed"))
    assert refusal.code == "disc_state"
    assert str(refusal) == "Disc D-1 is burned, and for this step it must be verified or signed."
    assert refusal.text()["zh"] == "光盘D-1的状态为“已刻录”，这一步须为“已回读或已签字”；请先完成前面的步骤。"
    assert set(refusal.text()) == set(LANGUAGES)


def test_one_code_may_stand_for_a_subject() -> None:
    refused = Refused.of(409, Refusal("hold.released"), "refused")
    assert (refused.status, refused.error, refused.rule, refused.code) == (409, "refused", "hold.released", "released")


def test_what_a_value_says_is_no_template() -> None:
    """Ids and names come from outside."""
    assert "{0.__class__}" in Refusal("loss.no_recording", recording="{0.__class__}").text()["zh"]


def test_no_refusal_is_kept_to_be_raised_again() -> None:
    """An exception keeps its traceback, and gets longer by each raise: one that a module keeps holds every request that it refused, with
    its body and its connection, as long as the process lives."""
    kept = [
        f"{path}:{node.lineno}"
        for path, tree in sources().items()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id in kinds()
    ]
    assert kept == []
