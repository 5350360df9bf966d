"""A plan tried on days without one: a simulated day, and the capture of a real Asterisk. No rule is broken, nothing is lost."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import msgspec

from agi.simulator.centre import Centre
from realtime.factcodec import decode
from realtime.facts import Fact
from realtime.plan.model import BreakRules, KindRules, LoadRules, Person, Plan, Skill, Team
from realtime.whatif.say import said
from realtime.words import SECOND, AgentId, AgentState
from tests.agi.replay import Replay, capture, messages
from tests.realtime.whatif.trial import Trial
from tests.simulation.day import START, Day
from tests.simulation.plan import Plan as Faults

AGENTS, MINUTES, SEED = 20, 60, 11


@cache
def simulated() -> tuple[Fact, ...]:
    day = Day(Faults(seed=SEED, agents=AGENTS, minutes=MINUTES, rate=1.0))
    day.run()
    return tuple(fact for batch in day.log.batches for fact in decode(batch))


def plan_of(**rules: object) -> Plan:
    people = Centre(agents=AGENTS).people(SEED)
    return Plan(
        people=tuple(Person(id=AgentId(each.number), team="A", skills=each.queues) for each in people),
        teams=(Team(id="A"),),
        skills=tuple(Skill(id=queue.name, queues=(queue.name,)) for queue in Centre().queues),  # type: ignore[arg-type]
        breaks=msgspec.structs.replace(BreakRules(kinds={"short": KindRules(minutes=15, longest_min=60)}, spacing_s=0), **rules),
    )


def trial(plan: Plan) -> Trial:
    return Trial(simulated(), plan, START, START + MINUTES * 60 * SECOND)


def test_every_wish_of_a_day_has_one_fate_and_the_places_are_never_more_than_the_plan_has() -> None:
    tried = trial(plan_of(team_most=1, site_share=1.0, load=LoadRules(enabled=False)))
    wishes = tried.found.wishes
    assert len(wishes) >= 5, "the simulated people take breaks"
    assert sum(Counter(each.fate for each in wishes).values()) == len(wishes)
    spans = sorted((each.begins, each.begins + each.length) for each in wishes if each.begins)
    assert all(end <= begins for (_, end), (begins, _) in pairwise(spans)), "one at a time"
    assert all(each.begins >= each.asked for each in wishes if each.begins)
    assert any(each.fate == "waited" for each in wishes)


def test_a_plan_that_lets_everybody_go_costs_nothing() -> None:
    kinds = {"short": KindRules(longest_min=60), "meal": KindRules(longest_min=60)}
    found = trial(plan_of(team_share=1.0, site_share=1.0, load=LoadRules(enabled=False), kinds=kinds)).found
    assert {each.fate for each in found.wishes} <= {"at_once"}
    for half in found.halves:
        assert abs(half.agents_new - half.agents_was) < 0.35, half


def test_a_plan_that_lets_nobody_go_keeps_everybody_there() -> None:
    tried = trial(plan_of(kinds={"short": KindRules(times=0)}))
    assert {each.fate for each in tried.found.wishes} == {"refused"}
    assert sum(each.agents_new for each in tried.found.halves) > sum(each.agents_was for each in tried.found.halves)
    assert not any(agent.state is AgentState.ON_BREAK for agent in tried.shadow.floor.agents.values())


def test_calls_are_those_of_the_record() -> None:
    tried = trial(plan_of())
    assert {name: queue.day.offered for name, queue in tried.shadow.floor.queues.items()} == {
        name: queue.day.offered for name, queue in tried.recorded.floor.queues.items()
    }


def test_it_is_said_in_both_languages_with_examples() -> None:
    found = trial(plan_of(team_most=1, site_share=1.0)).found
    english, chinese = said(found, "en"), said(found, "zh")
    assert len(english) == len(chinese)
    assert any("After a wait" in line for line in english)
    assert any("Service level by the model" in line for line in english)
    assert any("服务水平" in line for line in chinese)


def test_the_capture_of_a_real_asterisk_can_be_tried() -> None:
    replay = Replay().play(messages(capture()))
    facts = replay.facts
    since, until = facts[0].seen, facts[-1].seen
    people = tuple(Person(id=agent) for agent in replay.floor.agents)
    breaks = BreakRules(kinds={"short": KindRules(), "meal": KindRules()}, load=LoadRules(enabled=False))
    tried = Trial(facts, Plan(people=people, breaks=breaks), since, until)
    offered = sum(queue.day.offered for queue in tried.recorded.floor.queues.values())
    assert sum(half.offered for half in tried.found.halves) == offered > 0
    assert tried.found.facts > 100
    assert said(tried.found, "en")
