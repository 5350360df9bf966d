"""The laws of dialling bite: with one rule broken, an outbound day says which law that broke. Or green days would show nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from realtime.dial import windows
from realtime.dial.rules import counting
from realtime.facts import Fact
from realtime.ledger import changes
from realtime.ledger.port import Change
from realtime.plan.dialling import Window
from realtime.words import Micros
from tests.simulation.dialling import Dialling
from tests.simulation.dialling_plan import CLOCKS_ON, DialPlan, lax

SEEDS = range(1, 9)
"""Not every day comes to every place: one of these does."""
GOOD = DialPlan(minutes=4, rate=2400, together=0.8)
MANY = replace(GOOD, rate=3600, numbers=60, hot=20, together=0.1)
"""With rules that let nearly everything pass (`lax`): what takes a coincidence happens within minutes."""
LOST = replace(MANY, losses=60)
WIPED = replace(GOOD, wipes=40)


def nothing(*_: Any, **__: Any) -> list[Any]:
    return []


async def not_done(*_: Any) -> None:
    """It is awaited and does nothing."""


def unchecked(*given: Any) -> counting.Weighed:
    """Nothing is looked at again when it is taken."""
    return WEIGH(*given)._replace(checks=())


def forgetful(window: Window, now: Micros, zone: str, began: Micros) -> Micros:
    """Half of what counts does not."""
    began_at: Micros = SINCE(window, now, zone, began)
    return now - (now - began_at) // 2


def never_closes(fact: Fact) -> list[Change]:
    """A stop, and a request not to be called, never get into the ledger."""
    return [each for each in changes.changes_of(fact) if not changes.closes(each)]


def not_dialled(*_: Any) -> str:
    return "not_dialled"


WEIGH, SINCE = counting.weigh, windows.since
BROKEN: list[tuple[str, Callable[..., Any], DialPlan, str]] = [
    ("realtime.dial.rules.counting.weigh", unchecked, GOOD, "is exceeded by|at once"),
    ("realtime.dial.windows.since", forgetful, GOOD, "is exceeded by|called again too soon"),
    ("realtime.dial.judge.hours", nothing, GOOD, "none of the hours"),
    ("realtime.dial.judge.requests", nothing, replace(GOOD, blocks=300), "was shut"),
    ("realtime.ledger.opening.changes_of", never_closes, replace(GOOD, steps=300, blocks=300), "was shut"),
    ("realtime.ledger.opening._Reader.take", not_done, WIPED, "is exceeded by|not counted under|was shut|called again too soon"),
    ("realtime.ledger.ledger_redis.RedisLedger._say_again", not_done, LOST, "not counted under|no word of it in the log|nobody says"),
    ("realtime.rules.two_people.same", lambda *_: False, replace(GOOD, steps=300), "one person alone"),
    ("realtime.rules.dials.outcome", not_dialled, GOOD, "said to be none"),
    ("realtime.rules.dials.due", nothing, GOOD, "hold their places"),
    ("realtime.rules.dials.happenings", nothing, GOOD, "called again too soon"),
    ("realtime.rules.dials.seen_throughout", lambda *_: False, GOOD, "not given back on a good day"),
    ("tests.simulation.dialling_server.LedgerServer._append", not_done, GOOD, "before its allow was in the log"),
]
"""A name, what stands there instead, the day, and what is then said."""


@pytest.mark.parametrize(("name", "instead", "plan", "law"), BROKEN, ids=[name for name, *_ in BROKEN])
def test_a_broken_rule_breaks_a_law(
    monkeypatch: pytest.MonkeyPatch, name: str, instead: Callable[..., Any], plan: DialPlan, law: str
) -> None:
    monkeypatch.setattr(name, instead)
    for seed in SEEDS:
        try:
            here = replace(plan, seed=seed)
            Dialling(here, lax(here) if plan.rate == MANY.rate else None).run()
        except AssertionError as wrong:
            with pytest.raises(AssertionError, match=law):
                raise wrong from None
            return
    pytest.fail(f"nobody noticed on {len(SEEDS)} days")


def test_days_meet_what_they_are_for() -> None:
    """Days that cross a change of the clocks, with dials before and after it."""
    day = Dialling(DialPlan(seed=1, start=CLOCKS_ON, minutes=7))
    day.run()
    locals_ = {
        local[-6:]
        for fact in day.laws.decided.values()
        for zone, local in zip(fact.zones, fact.local, strict=True)
        if zone.endswith("York")
    }
    assert locals_ == {"-05:00", "-04:00"}
