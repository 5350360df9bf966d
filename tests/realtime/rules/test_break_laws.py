"""The laws of breaks, on seeded days: agents ask, take, come back late or never, go on calls, log out; supervisors overrule.

Each walk is known by its seed. What is decided is held against plain counting here, not against the rules' own counts.
"""

from __future__ import annotations

import random
from collections import Counter

import msgspec
import pytest

from realtime.factcodec import decode, encode, join
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.owned import Load
from realtime.plan.model import KindRules, LoadRules, Pattern, ShiftRules, Skill, Team
from realtime.rules import breaks
from realtime.rulings import BreakBegan, BreakDropped, BreakEnded, BreakGranted, BreakHeld, BreakQueued, RequestAnswered
from realtime.saying import Saying
from tests.realtime.rules.floors import KINDS, MINUTE, NO_LOAD, SECOND, START, Ruled, plan
from tests.realtime.story import completed, connected, joined, leg, leg_ended, paused, seated, unpaused, unseated

PEOPLE = tuple(f"3{number:03}:{'abc'[number % 3]}" for number in range(24))
NAMES = tuple(name.partition(":")[0] for name in PEOPLE)
TEAMS = (Team(id="a", site="x"), Team(id="b", site="x", most_out=1), Team(id="c", site="y"))
TEAM_MOST, SITE_MOST = 2, 3
CAPPED = ("short", "meal")
"""Kinds that the caps hold back; the others may pass them, each for its own reason."""
PLACED = (*CAPPED, "legal", "recovery")
TEAM_OF = {name.partition(":")[0]: name.partition(":")[2] for name in PEOPLE}
SHIFTS = ShiftRules(patterns=(Pattern(id="day", teams=("a", "b", "c"), begins_min=8 * 60, ends_min=20 * 60),))


class Count:
    """Who has a place, by what was said alone. A break of a kind that the caps hold back, which nobody overruled, finds one free."""

    def __init__(self) -> None:
        self.granted: dict[str, str] = {}
        self.on: dict[str, str] = {}
        self.seen = 0
        self.checked = 0

    def follow(self, said: list[Saying]) -> None:
        for each in said[self.seen :]:
            self.take(each)
        self.seen = len(said)

    def take(self, each: Saying) -> None:
        agent, kind = each.fields.get("agent", ""), each.fields.get("kind", "")
        if each.kind is BreakGranted:
            if kind in CAPPED and not each.fields.get("by") and agent not in self.granted:
                self.has_place(agent)
            self.granted[agent] = kind
        elif each.kind is BreakBegan:
            self.granted.pop(agent, None)
            self.on[agent] = kind
        elif each.kind is BreakEnded:
            self.on.pop(agent, None)
        elif each.kind in (BreakQueued, BreakDropped):
            self.granted.pop(agent, None)

    def has_place(self, agent: str) -> None:
        out = {name for held in (self.on, self.granted) for name, kind in held.items() if kind in PLACED}
        team = TEAM_OF[agent]
        assert sum(TEAM_OF[name] == team for name in out) + 1 <= (1 if team == "b" else TEAM_MOST), (agent, out)
        assert sum((TEAM_OF[name] == "c") == (team == "c") for name in out) + 1 <= SITE_MOST, (agent, out)
        self.checked += 1


class Walk:
    """One day on the floor by chance; every answer and fact is looked at as it comes."""

    def __init__(self, seed: int, *, loaded: bool) -> None:
        self.chance, self.loaded = random.Random(seed), loaded
        rules = {"team_most": TEAM_MOST, "site_most": SITE_MOST, "spacing_s": 30, "load": LoadRules() if loaded else NO_LOAD}
        kinds = {**KINDS, "short": KindRules(minutes=10, shortest_min=3, longest_min=20, quota_min=60, cool_down_min=5)}
        adopted = plan(PEOPLE, teams=TEAMS, shifts=SHIFTS, kinds=kinds, legal_after_min=240, **rules)
        people = tuple(msgspec.structs.replace(person, skills=("s",) if number % 2 else ()) for number, person in enumerate(adopted.people))
        self.floor = Ruled(*PEOPLE, by=msgspec.structs.replace(adopted, people=people, skills=(Skill(id="s", least=2),)))
        self.calls: dict[str, str] = {}
        self.count = Count()

    def step(self) -> None:
        name, act = self.chance.choice(NAMES), self.chance.random()
        lease = name in self.floor.floor.owned.leases
        if act < 0.35:
            self.floor.ask(name, self.chance.choice(("short", "short", "short", "meal", "legal", "comfort", "recovery")))
        elif act < 0.5 and lease:
            self.floor.back(name)
            self.floor.after(unpaused(name))
        elif act < 0.7:
            self.floor.take(name)
        elif act < 0.74:
            self.floor.withdraw(name)
        elif act < 0.76:
            self.floor.grant(name)
        elif act < 0.9:
            self.call(name)
        elif act < 0.92 and name not in self.calls:
            self.floor.after(unseated(name)) if self.chance.random() < 0.5 else self.floor.after(seated(name))
        elif lease:
            self.floor.after(paused(name, "short"))
        if self.loaded and self.chance.random() < 0.1:
            spare = self.chance.randint(0, 4)
            self.floor.floor.owned.loads["pbx/sales"] = Load(
                open=spare > 1, red=self.chance.random() < 0.2, spare=spare, agents=self.chance.randint(18, 24), model="C"
            )

    def call(self, name: str) -> None:
        if (call := self.calls.pop(name, None)) is not None:
            self.floor.after(completed(call, name), leg_ended(call, name))
        elif name not in self.floor.floor.owned.leases:
            self.calls[name] = call = f"c{len(self.floor.story.told)}"
            self.floor.after(joined(call), leg(call, name, "talking"), connected(call, name))

    def go(self, steps: int = 250) -> Walk:
        for _ in range(steps):
            self.step()
            self.floor.after(self.chance.choice((0, 0, 1, 5, 20, 90)))
            self.floor.due()
            self.count.follow(self.floor.said)
            for waiting in self.floor.floor.owned.waiting.values():
                assert waiting.kind not in ("comfort", "fault"), "a comfort break never waits"
        return self


@pytest.mark.parametrize("seed", range(12))
def test_no_more_are_out_than_may_whatever_happens(seed: int) -> None:
    walk = Walk(seed, loaded=seed % 2 == 0).go()
    assert walk.count.checked > 3
    assert len(walk.floor.facts(BreakQueued)) > 5


@pytest.mark.parametrize("seed", range(20, 26))
def test_a_refused_request_says_nothing_else_and_every_answer_has_its_reasons(seed: int) -> None:
    walk = Walk(seed, loaded=True).go()
    verdicts = Counter(decision.verdict for _, decision in walk.floor.answers)
    assert verdicts["deny"] > 10
    assert verdicts["queue"] > 5
    for _, decision in walk.floor.answers:
        assert decision.findings
        assert decision.reason is not None
    said = walk.floor.said
    for place, each in enumerate(said):
        if each.kind is RequestAnswered and each.fields["decision"].verdict in ("deny", "defer"):
            behind = said[place + 1] if place + 1 < len(said) else None
            assert behind is None or behind.fields.get("request") != each.fields["request"], "a refused request says nothing else"


@pytest.mark.parametrize("seed", range(30, 34))
def test_comfort_is_never_refused_and_never_waits(seed: int) -> None:
    walk = Walk(seed, loaded=True).go(400)
    asked = [decision for request, decision in walk.floor.answers if getattr(request.ask, "kind", "") == "comfort"]
    assert len(asked) > 5
    for decision in asked:
        assert decision.verdict == "allow" or decision.findings[-1].rule == "break.logged_out"


@pytest.mark.parametrize("seed", range(40, 44))
def test_the_same_facts_make_the_same_floor_and_the_same_decisions(seed: int) -> None:
    """Folded anew from what was written down, duplicates and all."""
    walk = Walk(seed, loaded=False).go(120)
    floor, changes = Floor(), walk.floor.story.changes
    chance = random.Random(seed)
    told: list[Fact] = []
    for fact in walk.floor.story.told:
        told.append(fact)
        [again] = decode(join([encode(fact)]))
        apply(floor, again, changes)
        if chance.random() < 0.2:
            apply(floor, chance.choice(told[-30:]), changes)
    assert msgspec.msgpack.encode(floor.owned) == msgspec.msgpack.encode(walk.floor.floor.owned)
    later = walk.floor.now + 200 * SECOND
    assert breaks.due(floor, later) == breaks.due(walk.floor.floor, later)


def test_a_checkpoint_keeps_the_order_of_those_who_asked_in_one_moment() -> None:
    floor = Ruled(*PEOPLE, by=plan(PEOPLE, teams=(), team_most=0))
    for name in reversed(NAMES):
        floor.ask(name)
    floor.later(10)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(floor.floor), type=Floor)
    assert breaks.due(kept, floor.now + 30 * SECOND) == breaks.due(floor.floor, floor.now + 30 * SECOND)
    assert floor.waiting() == list(reversed(NAMES))


@pytest.mark.parametrize("red", [False, True])
def test_nobody_waits_for_ever_even_where_the_queue_can_spare_nobody_all_day(red: bool) -> None:
    """All 24 ask at nine; each is back when the time is over, and asks no more."""
    floor = Ruled(*PEOPLE, by=plan(PEOPLE, teams=TEAMS, team_most=2, site_most=3, spacing_s=60, load=LoadRules()))
    floor.floor.owned.loads["pbx/sales"] = Load(spare=0, red=red, agents=24, model="C")
    for name in NAMES:
        assert floor.ask(name).verdict == "queue"
    begun: dict[str, int] = {}
    for _ in range(4 * 60):
        floor.later(60, every=30)
        for name in floor.granted():
            floor.take(name)
            begun[name] = floor.now
        for name, lease in list(floor.floor.owned.leases.items()):
            if lease.until <= floor.now:
                floor.back(name)
                floor.after(unpaused(name))
    assert set(begun) == set(NAMES)
    assert min(begun.values()) >= START + (45 if red else 20) * MINUTE
    assert floor.waiting() == []


def test_estimates_come_true_where_everybody_keeps_the_time() -> None:
    """Who comes back on time and takes at once what is granted: nobody goes later than they were told at first."""
    floor = Ruled(*PEOPLE, by=plan(PEOPLE, teams=TEAMS, team_most=2, site_most=1000, spacing_s=60))
    for name in NAMES:
        floor.ask(name)
    told = {each.fields["agent"]: each.fields["eta"] for each in floor.facts(BreakHeld)}
    for _ in range(12 * 60 * 3):
        floor.later(5)
        for name in floor.granted():
            floor.take(name)
        for name, lease in list(floor.floor.owned.leases.items()):
            if lease.until <= floor.now:
                floor.back(name)
                floor.after(unpaused(name))
    began = {each.fields["agent"]: each.at for each in floor.facts(BreakBegan)}
    assert set(began) == set(NAMES)
    for name, eta in told.items():
        assert eta, name
        assert abs(began[name] - eta) <= 2 * MINUTE, (name, (began[name] - START) / MINUTE, (eta - START) / MINUTE)
