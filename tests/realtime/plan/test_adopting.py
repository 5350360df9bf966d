"""A changed plan is adopted once, with who and what changed; a bad one is an alert and changes nothing."""

from __future__ import annotations

from realtime.changes import Changes
from realtime.control.adopting import BAD, GONE, Wanted, adopting, wrong
from realtime.factcodec import decode, encode, join
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.plan.difference import version_of
from realtime.plan.model import BreakRules, KindRules, Person, Plan
from realtime.rulings import AlertCleared, AlertRaised, PlanAdopted
from realtime.words import AgentId

PLAN = Plan(people=(Person(id=AgentId("1")),), breaks=BreakRules(kinds={"short": KindRules()}))
WANTED = Wanted(PLAN, version_of(PLAN), "local:root")


class Engine:
    """Says what is due, and has it back on its floor as from the log."""

    def __init__(self) -> None:
        self.floor, self.seq = Floor(), 0

    def look(self, wanted: Wanted, now: int = 1) -> list[Fact]:
        said = []
        for each in adopting(self.floor.owned, wanted, now):
            self.seq += 1
            said += decode(join([encode(each.fact(now, "engine", self.seq))]))
            apply(self.floor, said[-1], Changes())
        return said


def test_a_plan_is_adopted_once_and_an_unchanged_one_is_not_said_again() -> None:
    engine = Engine()
    (fact,) = engine.look(WANTED, 7)
    assert isinstance(fact, PlanAdopted)
    assert (fact.plan, fact.who, fact.at) == (PLAN, "local:root", 7)
    assert fact.difference == ("+ kind.short", "+ person 1")
    assert engine.floor.owned.plan == PLAN
    assert engine.look(WANTED) == []
    assert engine.look(WANTED._replace(who="local:other")) == []


def test_a_bad_plan_is_an_alert_until_the_files_are_right_and_the_good_one_stays() -> None:
    engine = Engine()
    engine.look(WANTED)
    (raised,) = engine.look(wrong("breaks.toml:3: kind.short.minutes: 99 is out of range"))
    assert isinstance(raised, AlertRaised)
    assert "breaks.toml:3" in raised.text["en"]
    assert "breaks.toml:3" in raised.text["zh"]
    assert raised.text["en"] != raised.text["zh"]
    assert engine.look(wrong("breaks.toml:3: kind.short.minutes: 99 is out of range")) == []
    assert len(engine.look(wrong("another"))) == 1, "another trouble is told"
    assert engine.floor.owned.plan == PLAN
    (cleared,) = engine.look(WANTED)
    assert isinstance(cleared, AlertCleared)
    assert engine.floor.owned.alerts[BAD].cleared
    assert engine.look(WANTED) == []


def test_files_that_are_gone_take_no_rule_away() -> None:
    engine = Engine()
    engine.look(WANTED)
    assert [type(each) for each in engine.look(GONE)] == [AlertRaised]
    assert engine.floor.owned.plan == PLAN
    changed = WANTED._replace(plan=Plan(), version=version_of(Plan()))
    assert [type(each) for each in engine.look(changed)] == [AlertCleared, PlanAdopted]
    assert engine.floor.owned.plan == Plan(), "an empty file says so in writing"
