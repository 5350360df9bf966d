"""Facts as JSON and back: every type, older versions, newer versions, and fields that one side does not know."""

from __future__ import annotations

import ast
import random
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from realtime import factcodec, facts, outbound, recording_facts, rulings
from realtime.factcodec import FACTS, UPCASTERS, decode, encode, join, written
from realtime.facts import CallerJoined, Fact, NodeHeard, NodeLost
from realtime.words import Node
from tests.realtime.chance import any_fact
from tests.realtime.story import START

TAGS = sorted(FACTS)


def heard(seq: int = 1) -> NodeHeard:
    return NodeHeard(START, START, Node("pbx"), "s", seq)


def batch(*plain: dict[str, Any]) -> bytes:
    return msgspec.json.encode(plain)


def plain_of(fact: Fact) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(encode(fact))
    return plain


@pytest.mark.parametrize("tag", TAGS)
def test_every_fact_comes_back(tag: str) -> None:
    chance = random.Random(tag)
    told = [any_fact(chance, FACTS[tag], START + seq, seq) for seq in range(50)]
    assert decode(join(map(encode, told))) == told


@pytest.mark.parametrize("tag", TAGS)
def test_every_fact_needs_but_what_all_carry(tag: str) -> None:
    """So that a field may be left out by an older producer, each has a default."""
    [fact] = decode(batch({"fact": tag, "at": 1, "seen": 2, "node": "pbx", "session": "s", "seq": 3}))
    assert type(fact) is FACTS[tag]
    assert set(plain_of(fact)) == {"fact", "at", "seen", "node", "session", "seq"}


@pytest.mark.parametrize("tag", TAGS)
def test_every_fact_says_what_it_is(tag: str) -> None:
    trees = [ast.parse(Path(module.__file__).read_text(encoding="utf-8")) for module in (facts, rulings, outbound, recording_facts)]
    [own] = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef) and node.name == FACTS[tag].__name__]
    assert ast.get_docstring(own)


def test_a_tag_is_the_name_and_the_version_and_every_type_has_one() -> None:
    assert all(re.fullmatch(rf"{kind.__name__}\.\d+", tag) for tag, kind in FACTS.items())
    kinds = {
        kind
        for kind in (*vars(facts).values(), *vars(rulings).values(), *vars(outbound).values(), *vars(recording_facts).values())
        if isinstance(kind, type) and issubclass(kind, Fact)
    } - {Fact}
    assert set(FACTS.values()) == kinds
    assert len(FACTS) == len(kinds)


# ------------------------------------------------------------------ other versions


def test_what_nobody_knows_is_left_out_and_the_rest_read() -> None:
    strange = {"fact": "AgentYawned.1", "at": 1, "seen": 1, "node": "pbx", "session": "s", "seq": 9, "loud": [1, {}]}
    assert decode(batch(plain_of(heard(1)), strange, plain_of(heard(2)))) == [heard(1), heard(2)]


@pytest.mark.parametrize("untold", [{}, {"at": 1}])
def test_an_object_that_is_no_fact_is_left_out(untold: dict[str, Any]) -> None:
    assert decode(batch(untold, plain_of(heard()))) == [heard()]


def test_a_newer_version_is_left_out_until_this_andon_is_newer_too() -> None:
    assert decode(batch({**plain_of(heard()), "fact": "NodeHeard.2"})) == []


def test_a_field_of_a_newer_producer_is_left_out() -> None:
    assert decode(batch({**plain_of(heard()), "by": "pigeon"})) == [heard()]


def test_a_field_of_a_newer_version_may_be_missing() -> None:
    lost = NodeLost(START, START, Node("pbx"), "s", 1, "cut")
    older = {name: value for name, value in plain_of(lost).items() if name != "reason"}
    assert decode(batch(older)) == [NodeLost(START, START, Node("pbx"), "s", 1, "")]


def test_old_versions_are_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if NodeLost had once said a code, and before that nothing but its number."""

    def from_minus_one(plain: dict[str, Any]) -> dict[str, Any]:
        return {**plain, "fact": "NodeLost.0", "code": plain["number"]}

    def from_zero(plain: dict[str, Any]) -> dict[str, Any]:
        return {**plain, "fact": "NodeLost.1", "reason": {7: "refused"}[plain["code"]]}

    monkeypatch.setitem(UPCASTERS, "NodeLost.-1", from_minus_one)
    monkeypatch.setitem(UPCASTERS, "NodeLost.0", from_zero)
    common = {"at": 1, "seen": 2, "node": "pbx", "session": "s", "seq": 3}
    old = [{**common, "fact": "NodeLost.-1", "number": 7}, {**common, "fact": "NodeLost.0", "code": 7}]
    assert decode(batch(*old)) == [NodeLost(1, 2, Node("pbx"), "s", 3, "refused")] * 2


def test_every_upcaster_leads_to_a_fact_of_today() -> None:
    for tag in UPCASTERS:
        name, _, version = tag.partition(".")
        assert any(today.startswith(f"{name}.") and int(today.partition(".")[2]) > int(version) for today in FACTS)


@pytest.mark.parametrize("garbage", [b"", b"[", b"{}", b"null", b'[{"fact": "NodeHeard.1"}', b"\xff"])
def test_what_is_no_batch_is_refused(garbage: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(garbage)


def test_an_empty_batch_is_one() -> None:
    assert decode(join([])) == []


# ------------------------------------------------------------------ text


def test_names_in_any_language_are_readable_in_the_log() -> None:
    fact = CallerJoined(START, START, Node("pbx"), "s", 1, queue=facts.QueueName("销售"))
    assert "销售".encode() in encode(fact)


def test_bytes_that_are_no_text_become_some() -> None:
    fact = NodeLost(START, START, Node("pbx"), "s", 1, "\udcd5\udcc5")
    readable, encoded = written(fact)
    assert decode(join([encoded])) == [readable]
    assert factcodec.readable("\udcd5") != factcodec.readable("\udcc5")


@pytest.mark.parametrize("text", ["\udc80", "\U0001f4de", "\x00\r\n\x1b[2J", "x" * 10_000])
def test_a_hostile_text_is_written_or_made_readable(text: str) -> None:
    readable, encoded = written(NodeLost(START, START, Node("pbx"), "s", 1, text))
    assert decode(join([encoded])) == [readable]


def test_a_word_that_only_a_newer_producer_knows_stops_nobody() -> None:
    told = b'[{"fact":"LegChanged.1","at":1,"seen":1,"node":"n","session":"s","seq":1,"state":"levitating"},'
    assert [fact.seq for fact in decode(told + b'{"fact":"NodeHeard.1","at":1,"seen":1,"node":"n","session":"s","seq":2}]')] == [2]
