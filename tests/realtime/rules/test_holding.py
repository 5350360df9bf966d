"""What holds a break back for a while: places, spacing, skills, load; and the same rule as code and as finding."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from realtime.owned import Load
from realtime.plan.model import LoadRules, Skill, Team
from realtime.rules import holding, places
from realtime.rules.line import ordered
from tests.realtime.rules.floors import MINUTE, NO_LOAD, Ruled, finding, held_by, plan, rules_of
from tests.realtime.story import abandoned, joined, member, paused, queue_seen, unseated, works

TEN = tuple(f"10{number:02}" for number in range(10))


# ------------------------------------------------------------------ places


@pytest.mark.parametrize(("share", "may"), [(0.1, 1), (0.2, 2), (0.25, 2), (0.29, 2), (0.3, 3), (0.0, 1), (0.01, 1)])
def test_a_share_of_the_team_and_one_at_least(share: float, may: int) -> None:
    floor = Ruled(*TEN, team_most=-1, team_share=share)
    assert [floor.ask(name).verdict for name in TEN].count("allow") == may


def test_a_number_goes_before_the_share_and_a_team_s_own_before_that() -> None:
    teams = (Team(id="a", most_out=3), Team(id="b"))
    people = tuple(f"{name}:{'a' if number < 5 else 'b'}" for number, name in enumerate(TEN))
    floor = Ruled(*people, teams=teams, team_most=2, team_share=0.01)
    out = [name for name in TEN if floor.ask(name).verdict == "allow"]
    assert out == [*TEN[:3], *TEN[5:7]]


def test_the_share_is_of_who_is_there() -> None:
    floor = Ruled(*TEN, team_most=-1, team_share=0.2).after(*(unseated(name) for name in TEN[5:]))
    assert [floor.ask(name).verdict for name in TEN[:5]].count("allow") == 1


def test_places_of_a_site_are_its_teams_together() -> None:
    teams = (Team(id="a", site="north"), Team(id="b", site="north"), Team(id="c", site="south"))
    people = tuple(f"{name}:{'abc'[number % 3]}" for number, name in enumerate(TEN))
    floor = Ruled(*people, teams=teams, site_most=2)
    out = [name for name in TEN if floor.ask(name).verdict == "allow"]
    assert out == [TEN[0], TEN[1], TEN[2], TEN[5]]
    assert held_by(floor.answers[3][1]) == "break.site_cap"


def test_people_of_no_team_have_the_site_s_places_only() -> None:
    floor = Ruled("1001", "1002", team_most=0, site_most=1)
    for person in list(floor.floor.owned.people.values()):
        floor.floor.owned.people[person.id] = msgspec.structs.replace(person, team="")
    assert "break.no_team" in rules_of(floor.ask("1001"))
    assert held_by(floor.ask("1002")) == "break.site_cap"


def test_who_is_granted_takes_a_place_and_who_is_in_a_meeting_none() -> None:
    floor = Ruled(*TEN, team_most=2)
    floor.ask(TEN[0])
    floor.ask(TEN[1])
    floor.ask(TEN[2])
    floor.back(TEN[0])
    floor.due()
    assert (floor.out(), floor.granted()) == ([TEN[1]], [TEN[2]])
    assert held_by(floor.ask(TEN[3])) == "break.team_cap"
    assert places.team_outing(floor.floor, "a", floor.now)[:2] == (2, 2)


def test_a_stray_pause_takes_no_place() -> None:
    """Who pauses without asking must not keep those waiting who do ask. The load and the skills miss them all the same."""
    floor = Ruled(*TEN, team_most=1).after(paused(TEN[0], "short"))
    assert floor.ask(TEN[1]).verdict == "allow"


def test_grants_of_a_team_are_apart() -> None:
    floor = Ruled(*TEN, spacing_s=60)
    floor.ask(TEN[0])
    decision = floor.ask(TEN[1])
    assert held_by(decision) == "break.spacing"
    assert finding(decision, "break.spacing").values["left"] == 60
    floor.after(59)
    assert floor.due() == []
    floor.after(1)
    floor.due()
    assert floor.granted() == [TEN[1]]


def test_fifty_who_ask_at_once_for_three_places_get_three() -> None:
    people = tuple(f"2{number:03}" for number in range(50))
    for seed in range(5):
        order = random.Random(seed).sample(people, len(people))
        floor = Ruled(*people, team_most=3)
        assert [floor.ask(name).verdict for name in order].count("allow") == 3
        assert floor.out() == sorted(order[:3])
        assert floor.waiting() == order[3:]


# ------------------------------------------------------------------ skills


def skilled(least: int, *, leave: int = 0) -> Ruled:
    floor = Ruled(*TEN[:4])
    people = tuple(msgspec.structs.replace(person, skills=("zh",)) for person in floor.floor.owned.plan.people)
    adopted = msgspec.structs.replace(floor.floor.owned.plan, people=people, skills=(Skill(id="zh", queues=("sales",), least=least),))
    floor.adopt(adopted)
    return floor.after(*(paused(name, "whatever") for name in TEN[:leave]))


def test_so_many_with_a_skill_stay() -> None:
    floor = skilled(2)
    assert [floor.ask(name).verdict for name in TEN[:4]] == ["allow", "allow", "queue", "queue"]
    assert held_by(floor.answers[2][1]) == "break.least"
    assert floor.answers[2][1].reason is not None
    assert floor.answers[2][1].reason.values == {"skill": "zh", "present": 2, "least": 2}


def test_who_has_gone_without_asking_is_missed() -> None:
    floor = skilled(2, leave=2)
    assert held_by(floor.ask(TEN[2])) == "break.least"
    assert floor.ask(TEN[0]).verdict == "allow"  # is away already: nobody is missing because of it


# ------------------------------------------------------------------ load


def loaded(spare: int = 1, *, queue: str = "sales", **load: object) -> Ruled:
    floor = Ruled(*TEN, load=LoadRules())
    judged: dict[str, Any] = {"open": spare > 0, "spare": spare, "model": "C", "agents": 10, **load}
    floor.floor.owned.loads[f"pbx/{queue}"] = Load(**judged)
    return floor


def test_as_many_as_the_queue_can_spare_also_before_it_is_judged_again() -> None:
    floor = loaded(3)
    assert [floor.ask(name).verdict for name in TEN].count("allow") == 3
    assert held_by(floor.answers[3][1]) == "break.load"


def test_whoever_has_gone_since_is_reckoned_off() -> None:
    floor = loaded(3).after(*(paused(name, "whatever") for name in TEN[:2]))
    assert [floor.ask(name).verdict for name in TEN[2:]].count("allow") == 1


def test_every_queue_that_is_served_must_spare_somebody() -> None:
    floor = loaded(3).after(queue_seen("help"), member(TEN[0], "help"), *works(TEN[1], "help"))
    assert held_by(floor.ask(TEN[0])) == "break.load.unknown"
    floor.floor.owned.loads["pbx/help"] = Load(open=False, spare=0, model="C", agents=2)
    decision = floor.ask(TEN[1])
    assert [each.rule for each in decision.findings if each.rule.startswith("break.load")] == ["break.load.free", "break.load"]
    assert finding(decision, "break.load").values["queue"] == "help"
    assert floor.ask(TEN[2]).verdict == "allow"


def test_callers_who_wait_now_hold_back_whatever_the_model_says() -> None:
    floor = loaded(5).after(*(joined(f"c{number}") for number in range(11)))
    assert held_by(floor.ask(TEN[0])) == "break.load.callers"
    floor.after(*(abandoned(f"c{number}") for number in range(11)))
    floor.due()
    assert floor.granted() == [TEN[0]]


def test_a_caller_who_waits_half_the_target_holds_back() -> None:
    floor = loaded(5).after(joined("c"), 9)
    assert floor.ask(TEN[0]).verdict == "allow"
    floor.after(1)
    assert held_by(floor.ask(TEN[1])) == "break.load.callers"


def test_in_amber_light_only_who_has_waited_ten_minutes() -> None:
    floor = loaded(2, open=False)
    assert held_by(floor.ask(TEN[0])) == "break.load.amber"
    floor.later(595)
    assert floor.granted() == []
    floor.later(5)
    assert floor.granted() == [TEN[0]]


def test_aged_it_passes_the_load_but_not_red() -> None:
    floor, red = loaded(0), loaded(0, red=True)
    assert held_by(floor.ask(TEN[0])) == "break.load"
    assert held_by(red.ask(TEN[0])) == "break.load.red"
    for each in (floor, red):
        each.later(20 * 60, every=60)
    assert floor.granted() == [TEN[0]]
    assert red.granted() == []


def test_aged_in_red_one_of_a_team_at_a_time() -> None:
    floor = loaded(0, red=True)
    floor.ask(TEN[0])
    floor.ask(TEN[1])
    floor.later(44 * 60, every=60)
    assert floor.granted() == []
    floor.later(60)
    assert floor.granted() == [TEN[0]]
    floor.take(TEN[0])
    floor.later(300)
    assert floor.granted() == []
    waiting = floor.floor.owned.waiting[TEN[1]]
    assert waiting.rule is not None
    assert waiting.rule.rule == "break.load.aged_one"
    floor.back(TEN[0])
    floor.due()
    assert floor.granted() == [TEN[1]]


def test_a_caller_who_waits_three_targets_is_red_at_once() -> None:
    floor = loaded(5).after(joined("c"), 61)
    assert held_by(floor.ask(TEN[0])) == "break.load.red"


def test_a_pause_taken_first_is_no_way_round_the_load() -> None:
    floor = loaded(0).after(paused(TEN[0], "whatever"))
    assert held_by(floor.ask(TEN[0])) == "break.load"


def test_with_the_load_left_out_nothing_of_it_is_asked() -> None:
    assert "break.load.off" in rules_of(Ruled(*TEN, load=NO_LOAD).ask(TEN[0]))


# ------------------------------------------------------------------ for screens


def test_how_many_are_out_of_how_many_and_when_the_next_place_is_free() -> None:
    floor = Ruled(*TEN, team_most=2, site_most=5)
    assert places.outing(floor.floor, floor.now) == (0, 2, 0)  # all are of one team
    floor.ask(TEN[0])
    floor.after(60)
    floor.ask(TEN[1])
    assert places.outing(floor.floor, floor.now) == (2, 2, floor.now + 9 * MINUTE)
    assert places.team_outing(floor.floor, "a", floor.now) == (2, 2, floor.now + 9 * MINUTE)
    floor.after(10 * 60)  # both are over: nobody knows when they come
    assert places.outing(floor.floor, floor.now).next_place_at == 0


# ------------------------------------------------------------------ one rule, told twice


def chances(count: int) -> Iterator[Ruled]:
    for seed in range(count):
        chance = random.Random(seed)
        people = tuple(f"{name}:{chance.choice('ab')}" for name in TEN)
        most, spacing = (chance.choice((-1, 2, 9)), chance.choice((-1, 3, 9))), chance.choice((0, 60))
        rules: dict[str, Any] = {"team_most": most[0], "site_most": most[1], "spacing_s": spacing}
        adopted = plan(people, teams=(Team(id="a", site="x"), Team(id="b")), load=LoadRules(), aged_min=chance.choice((1, 20)), **rules)
        persons = tuple(msgspec.structs.replace(person, skills=chance.choice(((), ("s",)))) for person in adopted.people)
        floor = Ruled(*people, by=msgspec.structs.replace(adopted, people=persons, skills=(Skill(id="s", least=chance.randint(0, 4)),)))
        floor.after(*((joined("c"), chance.choice((0, 15, 70))) if chance.random() < 0.3 else ()))
        if chance.random() < 0.9:
            floor.floor.owned.loads["pbx/sales"] = Load(
                open=chance.random() < 0.5, red=chance.random() < 0.2, spare=chance.randint(0, 4), agents=chance.randint(8, 10)
            )
        for name in chance.sample(TEN, 8):
            floor.ask(name)
            floor.after(chance.choice((0, 0, 30, 90)))
        yield floor


def test_code_and_findings_say_the_same() -> None:
    held, codes = 0, set[str]()
    for floor in chances(150):
        here = places.Places(floor.floor, floor.now)
        for claim in ordered(here):
            code, said = holding.hold(here, claim), [each for each in holding.look(here, claim) if each.verdict != "allow"]
            assert code == (said[0].rule.removesuffix(holding.OPEN) if said else "")
            assert not code or holding.reason(here, claim) == said[0]
            held, codes = held + bool(code), codes | {code}
    assert held > 100
    assert {"break.team_cap", "break.site_cap", "break.spacing", "break.least", "break.load", "break.load.red"} <= codes
