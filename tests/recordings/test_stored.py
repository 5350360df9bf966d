"""Sentences as they are stored: every rule of the archive comes back in both languages, and nothing else harms a page."""

from __future__ import annotations

import json
from string import Formatter

import pytest

from recordings.refusals import WORDS, Refusal, Remark
from recordings.refusals.stored import VALUE_MOST, both, coded, english, read, written

DEEP = Remark("work.once_more", why=Refusal("drive.none", device="/dev/sr0"))


def some(rule: str) -> Remark:
    """With a number wherever the words of this rule want a value."""
    holes = {name for text in WORDS[rule] for _, name, _, _ in Formatter().parse(text) if name}
    return Remark(rule, **dict.fromkeys(holes, 7))


@pytest.mark.parametrize("rule", WORDS)
def test_every_rule_comes_back(rule: str) -> None:
    remark = some(rule)
    assert both(written(remark)) == remark.text()
    assert english(written(remark)) == str(remark)


def test_a_sentence_within_a_sentence_is_read_in_the_same_language() -> None:
    found = both(written(DEEP))
    assert found["en"].startswith("/dev/sr0 is no drive: correct burner")
    assert found["en"].endswith(" Try once more.")
    assert found["zh"].startswith("/dev/sr0不是光驱")
    assert found["zh"].endswith("请再试一次。")
    assert DEEP.text() == found


def test_codes_among_the_values_are_named_in_both() -> None:
    refused = Refusal("disc.disc_state", disc="D-1A", disc_state="burned", wanted=("verified", "signed"))
    assert both(written(refused)) == refused.text()
    assert "已刻录" in both(written(refused))["zh"]


def test_what_a_tool_said_stays_as_it_is_and_is_bounded() -> None:
    said = "libburn : FATAL : {0.__class__} 中文 " + "x" * 2 * VALUE_MOST
    found = both(written(Remark("image.tool_failed", tool="xorriso", why=said)))
    for text in found.values():
        assert "libburn : FATAL : {0.__class__} 中文 " in text
        assert len(text) < VALUE_MOST + 100


def test_the_same_sentence_is_the_same_text() -> None:
    one, other = Remark("drive.another", there="A", disc="B", name="C"), Remark("drive.another", name="C", disc="B", there="A")
    assert written(one) == written(other)
    assert json.loads(written(one)) == coded(one)
    assert (written(None), both(""), read("")) == ("", {"en": "", "zh": ""}, None)


@pytest.mark.parametrize(
    "text",
    [
        "It has failed twice: throw this medium away.",
        "{",
        "[]",
        '"a text"',
        '{"rule":"work.none_of_ours","values":{}}',
        '{"rule":"work.once_more","values":{}}',
        '{"rule":"work.once_more","values":[]}',
        '{"rule":"work.once_more","values":{"why":{"rule":"work.none_of_ours","values":{}}}}',
        '{"rule":"work.once_more","values":{"why":{"mine":1}}}',
        '{"rule":"work.once_more","values":{"why":"x"},"more":1}',
        '{"rule":"keys.slow","values":{"store":"a","seconds":"soon"}}',
        '{"rule":"carry.not_at_rest","values":{"state":null,"rule":"x"}}',
        '{"rule":"work.bug","values":{"self":1}}',
        "[" * 5_000,
        '{"rule":"work.once_more","values":{"why":' * 2_000,
    ],
)
def test_what_was_written_otherwise_is_shown_as_it_is(text: str) -> None:
    found = both(text)
    if read(text) is None:
        assert found == {"en": text, "zh": text}
    else:
        assert found == read(text).text()  # type: ignore[union-attr]
    assert english(text) == found["en"]


def test_values_that_nobody_asked_for_do_no_harm() -> None:
    """Of a later version, whose words say more."""
    assert both('{"rule":"work.bug","values":{"more":[1,{"rule":"vault.none","values":{}}]}}') == Remark("work.bug").text()
