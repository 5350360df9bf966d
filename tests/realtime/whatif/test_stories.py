"""A plan tried on little stories: who goes at once, who waits for whom, who is refused, and what it costs."""

from __future__ import annotations

from realtime.facts import Fact
from realtime.floor import Floor
from realtime.plan.model import BreakRules, KindRules, LoadRules, Meeting, Person, Plan, Team
from realtime.plan.say import LANGUAGES
from realtime.whatif.found import Found, Wish
from realtime.whatif.say import said
from realtime.whatif.shadow import Shadow
from realtime.words import SECOND, AgentId
from tests.realtime.story import (
    MINUTE,
    START,
    Happening,
    Story,
    call_began,
    call_ended,
    completed,
    connected,
    day_began,
    joined,
    leg,
    leg_ended,
    linked,
    paused,
    unpaused,
    works,
)
from tests.realtime.whatif.trial import Trial

AGENTS = ("1001", "1002", "1003", "1004")
HOUR = 60 * MINUTE


def plan_of(**rules: object) -> Plan:
    """Places alone decide: load and spacing are off unless a test says so."""
    said = {"kinds": {"short": KindRules(minutes=10), "comfort": KindRules(minutes=5)}, "load": LoadRules(enabled=False), "spacing_s": 0}
    people = tuple(Person(id=AgentId(number), team="A") for number in AGENTS)
    return Plan(people=people, teams=(Team(id="A"),), breaks=BreakRules(**{**said, **rules}))  # type: ignore[arg-type]


def record(*happenings: Happening) -> list[Fact]:
    begun = (linked(), day_began(), *(works(number, "sales") for number in AGENTS))
    return Story(now=START - MINUTE).after(*begun, 60, *happenings).told


def tried(facts: list[Fact], plan: Plan, until: int = START + HOUR) -> Found:
    return Trial(facts, plan, START, until).found


def fates(found: Found) -> list[tuple[str, str, int]]:
    """Agent, what became of it, and how many minutes it waited."""
    return [(each.agent, each.fate, (each.begins - each.asked) // MINUTE if each.begins else -1) for each in found.wishes]


def two_at_once() -> list[Fact]:
    """Two pause on their phones, the second five minutes after the first; each is away for ten."""
    return record(60, paused("1001", "break"), 300, paused("1002", "break"), 300, unpaused("1001"), 300, unpaused("1002"), 1800)


def test_on_a_day_without_a_plan_every_pause_is_a_wish() -> None:
    found = tried(two_at_once(), plan_of(team_share=0.5, site_share=0.5))
    assert [(each.agent, each.kind, each.length // MINUTE, each.recorded) for each in found.wishes] == [
        ("1001", "short", 10, "pause"),
        ("1002", "short", 10, "pause"),
    ]
    assert fates(found) == [("1001", "at_once", 0), ("1002", "at_once", 0)]


def test_where_one_may_go_the_second_waits_until_the_first_is_back() -> None:
    found = tried(two_at_once(), plan_of(team_most=1, site_share=1))
    assert fates(found) == [("1001", "at_once", 0), ("1002", "waited", 5)]
    rule = found.wishes[1].rule
    assert rule is not None
    assert rule.rule.startswith("break.team")


def test_a_comfort_break_waits_for_the_call_alone_and_the_break_beside_it_keeps_its_own_fate() -> None:
    """It was told as having waited for a place, which the break that its agent waited for beside it did."""
    facts = record(150, call_began("c"), leg("c", "1002", "talking"), 120, leg_ended("c", "1002"), call_ended("c"), 3300)
    wishes = [
        Wish(agent=AgentId("1001"), kind="short", asked=START + 1 * MINUTE, length=150 * SECOND),
        Wish(agent=AgentId("1002"), kind="short", asked=START + 2 * MINUTE, length=10 * MINUTE),
        Wish(agent=AgentId("1002"), kind="comfort", asked=START + 3 * MINUTE, length=5 * MINUTE),
    ]
    shadow = Shadow(Floor(), plan_of(team_most=1, site_share=1), wishes, START, START + HOUR)
    for fact in facts:
        shadow.feed(fact)
    shadow.finish()
    _, short, comfort = wishes
    assert (comfort.fate, comfort.rule, comfort.begins // MINUTE) == ("at_once", None, (START + 270 * SECOND) // MINUTE)
    assert short.rule is not None
    assert (short.fate, short.begins >= comfort.begins + 5 * MINUTE, short.rule.rule) == ("waited", True, "break.team_cap")


def test_an_example_is_whole_sentences() -> None:
    found = tried(two_at_once(), plan_of(team_most=1, site_share=1))
    english, chinese = ([line for line in said(found, language) if " 1002" in line] for language in LANGUAGES)
    assert [line[line.index(" The next") :] for line in english] == [" The next one is expected back at 09:11. Granted 5 minutes later."]
    assert [line.endswith("有人返回。5分钟后放行。") for line in chinese] == [True]


def test_who_has_had_the_quota_is_refused_and_stays_at_work() -> None:
    facts = record(60, paused("1001", "break"), 600, unpaused("1001"), 60, paused("1001", "break"), 600, unpaused("1001"), 600)
    found = tried(facts, plan_of(kinds={"short": KindRules(minutes=10, quota_min=10)}))
    assert fates(found) == [("1001", "at_once", 0), ("1001", "refused", -1)]
    half = found.halves[0]
    assert half.agents_new > half.agents_was, "one break fewer"


def test_a_meal_is_a_meal_and_a_key_pressed_by_mistake_is_nothing() -> None:
    facts = record(60, paused("1001", "Lunch"), 900, unpaused("1001"), 60, paused("1002", "x"), 10, unpaused("1002"), 60)
    found = tried(facts, plan_of(kinds={"short": KindRules(), "meal": KindRules(minutes=30)}))
    assert [(each.agent, each.kind) for each in found.wishes] == [("1001", "meal")]


def test_a_plan_without_kinds_rules_nothing() -> None:
    found = tried(two_at_once(), Plan())
    assert not found.ruled


def test_who_is_not_in_the_plan_is_refused_with_that_reason() -> None:
    found = tried(two_at_once(), Plan(breaks=plan_of().breaks))
    assert [each.rule.rule for each in found.wishes if each.rule is not None] == ["break.unknown_person"] * 2


def test_with_the_same_breaks_it_costs_nothing() -> None:
    found = tried(two_at_once(), plan_of(team_share=1, site_share=1))
    assert [each.agents_new for each in found.halves] == [each.agents_was for each in found.halves]


def test_fewer_there_is_a_lower_service_level() -> None:
    calls: list[Happening] = []
    for number in range(20):
        calls += [joined(f"c{number}"), 2, connected(f"c{number}", "1003"), 60, completed(f"c{number}", "1003"), 15]
    facts = record(60, paused("1001", "break"), 300, *calls, unpaused("1001"), 300)
    meeting = Meeting(id="m", teams=("A",), at_min=9 * 60 + 5, minutes=20)
    plan = plan_of()
    kept = tried(facts, plan)
    met = tried(facts, Plan(people=plan.people, teams=plan.teams, breaks=plan.breaks, meetings=(meeting,)))
    assert met.meetings == 1
    assert met.halves[0].agents_new < kept.halves[0].agents_new - 1
    assert met.halves[0].level_new is not None
    assert kept.halves[0].level_new is not None
    assert met.halves[0].level_new < kept.halves[0].level_new


def test_what_was_before_the_span_is_as_it_was() -> None:
    begun = (linked(), day_began(), *(works(number, "sales") for number in AGENTS))
    facts = Story(now=START - HOUR).after(begun, paused("1001", "break"), 3660, unpaused("1001"), 60).told
    found = tried(facts, plan_of())
    assert found.wishes == ()
    assert all(each.agents_new == each.agents_was for each in found.halves)


def test_the_same_facts_give_the_same_answer() -> None:
    def answered() -> list[Wish]:
        return list(tried(two_at_once(), plan_of(team_most=1)).wishes)

    assert answered() == answered()
