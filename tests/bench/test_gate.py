"""The bench of the gate runs, with the least that makes a number: all four servers answer the same calls, and the key stops."""

from __future__ import annotations

import pytest

from bench import gate, gate_calls, gate_floor, gate_parts, gate_rivals, stop
from tests.lab import need


def test_all_four_answer_the_same_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "WARM_S", 0.2)
    found = gate.measure(calls=8, rounds=1, seconds=0.6, numbers=20_000)
    assert set(found) == {"gate", *gate.RIVALS}
    for each in found.values():
        assert each.rate > 0
        assert 0 < each.p50 <= each.p99
        assert 1 < each.commands < 2, "a tenth is refused, by a command more"
    assert 0.5 < found["gate"].allowed < 1
    names = {row.name for row in gate.rows_of(found)}
    assert {"gate_p99_vs_echo", "gate_rate_vs_panoramisk", "gate_rate_vs_pyst2"} <= names


def test_a_campaign_has_the_rules_it_is_said_to_have() -> None:
    assert {gate_floor.elements(each.rules) for each in gate_floor.plan().dialling.campaigns} == {gate_floor.RULES}


def test_a_tenth_of_the_calls_are_to_be_refused() -> None:
    dialler = gate_calls.Dialler(1)
    numbers = [dialler.number() for _ in range(2_000)]
    assert 0.07 < sum(map(gate_calls.refused, numbers)) / len(numbers) < 0.13
    assert [len(gate_rivals.commands(number, "1.1")) for number in ("13912345678", f"{gate_calls.LISTED}00000001")] == [1, 2]


def test_the_parts_of_a_verdict() -> None:
    found = gate_parts.parts(dials=20, rounds=1, numbers=20_000)
    assert set(gate_parts.PARTS) < set(found)
    assert all(us >= 0 for us in found.values())


async def test_from_the_key_to_the_last_dial() -> None:
    need.tree("sid")
    (found,) = await stop.stops(times=1, ringing=3)
    assert found.answer > 0
    assert 0 <= found.last_dial <= found.last_gone
    assert found.rang >= 3
