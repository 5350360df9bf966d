"""A plan tried on the record of a floor that was under that very plan: the shadow must answer much as the engine did."""

from __future__ import annotations

from collections import Counter

from realtime.factcodec import decode
from realtime.words import SECOND
from tests.realtime.whatif.trial import Trial
from tests.simulation.shift import Shift
from tests.simulation.shift_plan import START, ShiftPlan


def test_the_plan_that_was_in_force_answers_much_as_it_did() -> None:
    """On the record of a whole floor under a plan: engine, requests, orders and a simulated PBX."""
    shift = Shift(ShiftPlan(seed=3, minutes=20, agents=12, own_pauses=1, deeds=2))
    shift.run()
    facts = [fact for batch in shift.board.batches for fact in decode(batch)]
    found = Trial(facts, shift.rules, START, START + 20 * 60 * SECOND).found
    asked = [each for each in found.wishes if each.recorded != "pause"]
    assert len(asked) >= 10
    same = [each for each in asked if (each.recorded == "refused") == (each.fate == "refused")]
    assert len(same) >= 0.75 * len(asked), Counter((each.recorded, each.fate) for each in asked)
    assert {each.fate for each in found.wishes} >= {"at_once", "waited"}
