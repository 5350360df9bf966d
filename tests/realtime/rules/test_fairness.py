"""The ledger of fairness: what is counted of whom, Jain's index against worked-out vectors, and who is looked at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from realtime import rulings, sentences
from realtime.owned import AgentLedger, Taken
from realtime.plan.model import BreakRules, KindRules
from realtime.rules.fairness import EVEN, evenness, fairness, jain, merged
from realtime.words import SECOND
from tests.realtime.rules.staffed import Staffed, plan
from tests.realtime.story import Telling

MINUTE = 60 * SECOND
SHORT = BreakRules(kinds={"short": KindRules(quota_min=30), "comfort": KindRules()})


def told(kind: type, agent: str, **fields: object) -> Telling:
    return Telling(kind, {"agent": agent, "kind": "short", **fields}, node="")


def test_what_happened_is_counted_of_each_and_of_the_team() -> None:
    floor = Staffed(plan("1001", "1002", "1003:b", breaks=SHORT)).after(
        told(rulings.BreakQueued, "1001"),
        300,
        told(rulings.BreakGranted, "1001", by="li"),
        told(rulings.BreakBegan, "1001", until=0),
        600,
        told(rulings.BreakEnded, "1001", why="returned"),
        told(rulings.BreakGranted, "1002"),
        told(rulings.BreakDropped, "1002", why="expired"),
        told(rulings.BreakQueued, "1003"),
    )
    found = fairness(floor.floor.owned)
    first, second, third = found.agents
    assert (first.agent, first.team, first.asked, first.granted, first.overruled) == ("1001", "a", 1, 1, 1)
    assert (first.waited_mean_s, first.waited_longest_s, first.used_min, first.quota_min) == (300.0, 300.0, {"short": 10.0}, {"short": 30})
    assert (second.granted, second.expired, second.waited_longest_s) == (1, 1, 0.0)
    assert (third.asked, third.granted, third.waited_mean_s) == (1, 0, None)
    team = found.teams[0]
    assert (team.team, team.asked, team.granted, team.waited_mean_s, team.waited_longest_s, team.even) == ("a", 2, 2, 150.0, 300.0, 1.0)
    assert found.teams[1].even is None, "one who asked is compared with nobody"


@pytest.mark.parametrize(
    ("shares", "index"),
    [([1, 1, 1, 1], 1.0), ([1, 0, 0, 0], 0.25), ([1, 0.5], 0.9), ([1, 1, 0], 2 / 3), ([0, 0], 1.0)],
)
def test_jains_index(shares: list[float], index: float) -> None:
    assert jain(shares) == pytest.approx(index)


def test_a_team_where_one_gets_all_is_looked_at_in_both_languages() -> None:
    floor = Staffed(plan("1001", "1002", breaks=SHORT)).after(
        told(rulings.BreakGranted, "1001"), told(rulings.BreakQueued, "1002"), told(rulings.BreakQueued, "1003")
    )
    assert fairness(floor.floor.owned).findings == [], "who still waits was not passed over"
    floor.after(told(rulings.BreakDropped, "1002", why="withdrawn"))
    found = fairness(floor.floor.owned).findings
    assert [(each.rule, each.values["team"], each.values["index"]) for each in found] == [("fairness.uneven", "a", 0.5)]
    assert all("0.5" in sentences.sentence(found[0], language) for language in sentences.LANGUAGES)


def test_who_asks_more_or_never_is_not_what_makes_it_uneven() -> None:
    assert evenness([(5, 5), (1, 1), (0, 0)]) == 1.0
    assert evenness([(2, 1), (1, 1)]) == 1.0, "granted again after it lapsed"
    assert evenness([(2, 2), (0, 2)]) == pytest.approx(0.5)
    assert EVEN == 0.9


def test_meetings_use_up_no_minutes_and_days_add_up() -> None:
    one = AgentLedger(
        asked=1, granted=1, waited=5, longest=5, taken=[Taken("short", 0, 5 * MINUTE, 0, ""), Taken("meeting", 0, MINUTE, 0, "")]
    )
    two = AgentLedger(asked=2, refused=1, waited=1, longest=1, taken=[Taken("short", 0, 2 * MINUTE, 0, "")])
    both = merged([one, two])
    assert (both.asked, both.granted, both.refused, both.waited, both.longest) == (3, 1, 1, 6, 5)
    floor = Staffed(plan("1001", breaks=SHORT))
    assert fairness(floor.floor.owned, {"1001": both}).agents[0].used_min == {"short": 7.0}
    assert one.asked == 1, "what is added up stays as it was"


@given(some.lists(some.floats(0, 1, allow_subnormal=False), min_size=1, max_size=30))
def test_the_index_is_between_one_nth_and_one_and_blind_to_the_scale(shares: list[float]) -> None:
    index = jain(shares)
    assert 1 / len(shares) - 1e-9 <= index <= 1 + 1e-9
    if min(shares) > 1e-3:
        assert jain([share / 2 for share in shares]) == pytest.approx(index)
