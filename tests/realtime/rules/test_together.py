"""All rules on one floor, whatever people and PBX do to it: they come to rest, contradict each other in nothing, and leave nobody over.

Each rule has its own tests; this walks the whole of `control.due` and `control.answer` over a toy PBX, because what goes wrong between
rules is that one says what another takes back, five times a second and for ever.
"""

from __future__ import annotations

import random

import pytest

from realtime import requests, rulings
from realtime.control.adopting import BAD
from realtime.control.due import Look, due
from realtime.orders import Order, PauseMember
from realtime.plan.model import BreakRules, KindRules, LoadRules, Meeting
from realtime.rules.pauses import STUCK
from realtime.saying import Saying, say
from realtime.words import SECOND, AgentId, Interface, Node, QueueName
from tests.realtime.rules.staffed import BOSS, Staffed, hangs_up, plan, talks
from tests.realtime.story import NODE, Telling

PEOPLE = tuple(f"{number}" for number in range(1001, 1007))
MINUTES = KindRules(minutes=5)
BREAKS = BreakRules(
    kinds={"short": MINUTES, "comfort": MINUTES, "meal": KindRules(minutes=30)},
    team_most=2,
    site_most=3,
    load=LoadRules(enabled=False),
    spacing_s=0,
    hold_s=30,
    unauthorised="undo",
)
MEETING = Meeting(id="m", teams=("a",), at_min=545, minutes=5, least=2, groups=2)


class Whole(Staffed):
    """As the engine looks."""

    def look(self, touched: object = None) -> list[Saying]:
        said = self.tell(due(self.floor, self.now, Look(), self.next_id))
        self.obey(said)
        return said


def at_work() -> Whole:
    floor = Whole(plan(*PEOPLE, skills=("sell", "aid"), breaks=BREAKS, meetings=(MEETING,)))
    for number in PEOPLE:
        floor.log_in(number, f"PJSIP/{number}")
    return floor


def test_no_break_is_granted_in_the_breath_in_which_a_meeting_takes_others_away() -> None:
    """Found by a shift: both had looked at the same floor, and of a skill that two must keep one was left."""
    floor = at_work()
    floor.settle()
    floor.tell([say(rulings.BreakQueued, floor.now, agent=AgentId("1006"), kind="short", request="w", length_s=300, asked=floor.now)])
    begun = {"meeting": "m9", "name": "m9", "teams": ("a",), "until": floor.now + 600 * SECOND, "expected": (AgentId("1001"),)}
    floor.tell([say(rulings.MeetingBegan, floor.now, **begun)])
    first = {each.kind for each in due(floor.floor, floor.now, Look(), floor.next_id)}
    assert rulings.BreakBegan in first, "the meeting takes one"
    assert rulings.BreakGranted not in first
    floor.look()
    assert rulings.BreakGranted in {each.kind for each in due(floor.floor, floor.now, Look(), floor.next_id)}


def by_hand(floor: Whole, phone: str, paused: bool) -> None:
    """At the phone, with a feature code that knows nothing of Andon."""
    act = PauseMember(Interface(phone), paused, "whatever" if paused else "")
    floor.after(tuple(floor.pbx.do(Order("by hand", Node(NODE), act, 0, 0))[1]))


def call(floor: Whole, number: str) -> None:
    """Begins one, or ends it."""
    if f"{NODE}/c{number}" in floor.floor.calls:
        floor.after(*hangs_up(number))
    elif f"{NODE}/PJSIP/{number}" in floor.floor.phones:
        floor.after(*talks(number))


def step(floor: Whole, chance: random.Random) -> None:
    number, agent = (name := chance.choice(PEOPLE)), AgentId(name)
    deeds = (
        lambda: floor.request(requests.BreakAsk(agent, chance.choice(("short", "comfort", "meal")))),
        lambda: floor.request(requests.BreakTake(agent)),
        lambda: floor.request(requests.BreakBack(agent)),
        lambda: floor.request(requests.BreakWithdraw(agent)),
        lambda: floor.request(requests.BreakGrant(agent, "needs it", "short"), BOSS),
        lambda: floor.request(requests.ReadyForce(agent, "now"), BOSS),
        lambda: floor.request(requests.PauseForce(agent, chance.choice(("short", "coaching", "fault")), 5, "now"), BOSS),
        lambda: floor.request(requests.LogOutForce(agent, "now"), BOSS),
        lambda: floor.request(requests.QueueMove(agent, (QueueName("vip"),), (QueueName("help"),), "now"), BOSS),
        lambda: floor.request(requests.MeetingStart(name="now", minutes=3), BOSS),
        lambda: [floor.request(requests.MeetingStop(each), BOSS) for each in list(floor.floor.owned.meetings)[:1]],
        lambda: floor.log_out(number),
        lambda: floor.log_in(number, f"PJSIP/{number}"),
        lambda: floor.log_in(number, f"PJSIP/{chance.choice(PEOPLE)}"),
        lambda: call(floor, number),
        lambda: by_hand(floor, f"PJSIP/{number}", chance.random() < 0.5),
        lambda: floor.later(chance.choice((0.4, 5, 40)), every=chance.choice((0.4, 1, 3))),
    )
    chance.choice(deeds)()


@pytest.mark.parametrize("seed", range(40))
def test_after_any_walk_the_rules_come_to_rest(seed: int) -> None:
    chance, floor = random.Random(seed), at_work()
    for _ in range(120):
        step(floor, chance)
    for number in PEOPLE:
        if f"{NODE}/c{number}" in floor.floor.calls:
            floor.after(*hangs_up(number))
    floor.later(20 * 60, every=5)
    floor.settle()
    owned = floor.floor.owned
    assert not owned.meetings, "every one is over"
    assert not [lease for lease in owned.leases.values() if lease.why.startswith("meeting:")]
    assert not [known for known in owned.duty.values() if known.leaving]
    assert not owned.releasing
    for known in owned.duty.values():
        paused = [member.paused for queue in floor.pbx.queues.values() for member in queue.values() if member.device == known.device]
        assert paused, "on duty is in the queues of the skills"
        assert known.agent in owned.strays or set(paused) == {known.agent in owned.leases}


def test_a_meeting_that_begins_as_a_place_becomes_free_takes_who_waits_and_grants_nothing_beside_it() -> None:
    floor = at_work()
    floor.settle()
    waits = {"agent": "1001", "kind": "short", "request": "r", "rank": 3, "length_s": 300, "asked": floor.now, "turn": floor.now}
    began = {"meeting": "m1", "name": "now", "until": floor.now + 60 * SECOND, "expected": ("1001",), "by": "li"}
    floor.after(Telling(rulings.BreakQueued, waits, node=""), Telling(rulings.MeetingBegan, began, node="")).look()
    owned = floor.floor.owned
    assert [lease.kind for lease in owned.leases.values()] == ["meeting"]
    assert (list(owned.grants), list(owned.waiting)) == ([], ["1001"]), "the place on the list is kept"
    floor.later(70)
    assert list(owned.grants) == ["1001"]


def test_a_granted_break_is_not_taken_out_of_a_meeting() -> None:
    floor = at_work()
    floor.settle()
    granted = {"agent": "1001", "kind": "short", "request": "r", "length_s": 300, "expires": floor.now + 60 * SECOND}
    floor.after(
        Telling(rulings.BreakBegan, {"agent": "1001", "kind": "coaching"}, node=""), Telling(rulings.BreakGranted, granted, node="")
    )
    assert floor.request(requests.BreakTake(AgentId("1001"))).verdict == "deny"
    assert floor.floor.owned.leases["1001"].kind == "coaching"


@pytest.mark.parametrize("rule", [STUCK, BAD])
def test_an_alert_that_another_raised_is_not_cleared_by_the_thresholds(rule: str) -> None:
    floor = at_work()
    floor.settle()
    floor.after(Telling(rulings.BreakBegan, {"agent": "1001", "kind": "meal"}, node=""))
    floor.after(Telling(rulings.AlertRaised, {"alert": f"{rule}:1001", "rule": rule, "subject": "agent:1001", "severity": "act"}, node=""))
    floor.deaf = True
    floor.later(4)
    assert floor.facts(rulings.AlertCleared) == []
