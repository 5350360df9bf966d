"""A decision's signature: any word that is changed spoils it, and the way through the log does not."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from realtime.decision import Decision, Finding
from realtime.dial.signing import canonical, sign, verify, written
from realtime.factcodec import decode, encode, join
from realtime.facts import Sealed
from realtime.outbound import Constraints, DialDecided
from realtime.words import AgentId, CallId, Node, Uniqueid

KEY = bytes(range(32))
DECIDED = DialDecided(
    1_795_510_800_123_456,
    1_795_510_800_123_457,
    Node("pbx"),
    "gate-1",
    7,
    dial="d1",
    call=CallId("pbx-1.1"),
    leg=Uniqueid("pbx-1.1"),
    number=Sealed("ab" * 16, b"\x00\xff\x10", "2026-11"),
    shown="+86•••0148",
    regions=("CN-BJ",),
    zones=("Asia/Shanghai",),
    local=("2026-11-24T17:00:00+08:00",),
    campaign="c1",
    client="bank",
    purpose="collection",
    method="predictive",
    agent=AgentId("1001"),
    reserved=True,
    scopes={"person": "p", "debt": "q", "number": "n"},
    decision=Decision("defer", (Finding("dial.cap", "defer", {"used": 3, "rate": 1.5, "preset": "催收"}, 1_795_510_900_000_000),)),
    until=1_795_510_900_000_000,
    constraints=Constraints(ring_s=15),
    entries=(("attempt:number:n", 1_795_510_800_123_456),),
    plan="v1",
    lists=("national@abc",),
    zone_data="2026a",
    took_us=900,
)
SIGNED = sign(DECIDED, KEY, "2026-11")


def changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "x"
        case tuple():
            return (*value, value[0])
        case dict():
            return {**value, "subject": "s"}
        case Decision():
            return msgspec.structs.replace(value, verdict="allow")
        case Constraints():
            return msgspec.structs.replace(value, amd=False)
        case Sealed():
            return msgspec.structs.replace(value, cipher=b"\x00\xff\x11")
    raise AssertionError(value)


def test_it_is_what_was_signed() -> None:
    assert verify(SIGNED, KEY)
    assert (SIGNED.key, len(SIGNED.signature)) == ("2026-11", 64)
    assert msgspec.structs.replace(SIGNED, key="", signature="") == DECIDED


@pytest.mark.parametrize("field", DialDecided.__struct_fields__)
def test_no_field_can_be_changed(field: str) -> None:
    assert not verify(msgspec.structs.replace(SIGNED, **{field: changed(getattr(SIGNED, field))}), KEY)


def test_no_word_within_a_finding_can_be_changed() -> None:
    (finding,) = SIGNED.decision.findings
    other = Decision("defer", (msgspec.structs.replace(finding, values={**finding.values, "used": 2}),))
    assert not verify(msgspec.structs.replace(SIGNED, decision=other), KEY)


def test_another_key_another_signature() -> None:
    assert not verify(SIGNED, bytes(32))
    assert not verify(DECIDED, KEY)


def test_a_key_that_is_none_signs_nothing() -> None:
    with pytest.raises(ValueError, match="signs nothing"):
        sign(DECIDED, b"", "none")


def test_it_stands_after_the_way_through_the_log() -> None:
    (read,) = decode(join([encode(SIGNED)]))
    assert isinstance(read, DialDecided)
    assert verify(read, KEY)
    assert canonical(read) == canonical(SIGNED)


def test_the_order_in_which_a_scope_was_said_does_not_matter() -> None:
    turned = dict(reversed(list(DECIDED.scopes.items())))
    assert canonical(msgspec.structs.replace(DECIDED, scopes=turned)) == canonical(DECIDED)


@pytest.mark.parametrize("seed", range(20))
def test_any_part_may_be_left_out(seed: int) -> None:
    """Fields with their defaults, said or not, are the same bytes before the log and after it."""
    dice = random.Random(seed)
    fields = {name: getattr(DECIDED, name) for name in DialDecided.__struct_fields__[5:] if name not in ("key", "signature")}
    kept = {name: value for name, value in fields.items() if dice.random() < 0.5}
    empty = {"decision": Decision(), "constraints": Constraints(), "scopes": {}, "dial": "".join([])}
    said = {name: value for name, value in empty.items() if name not in kept and dice.random() < 0.5}
    signed = sign(DialDecided(1, 2, Node(""), "s", 1, **kept, **said), KEY, "k")
    (read,) = decode(join([encode(signed)]))
    assert isinstance(read, DialDecided)
    assert verify(read, KEY)


def test_written_once_it_is_what_it_is_signed_and_encoded() -> None:
    assert decode(join([written(DECIDED, KEY, "2026-11")])) == [SIGNED]
    assert decode(join([written(SIGNED, KEY, "2026-11")])) == [SIGNED], "a signature of before is no part of it"
