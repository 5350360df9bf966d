"""Who is in which queue: as the skills say, kept so through everything a PBX does, and never beyond what Andon manages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from realtime import rulings
from realtime.control.due import unanswered
from realtime.orders import AddMember, Order, RemoveMember, SetPenalty
from realtime.plan.model import LoginRules, Person, Plan, Skill
from realtime.requests import Actor
from realtime.rules import alerts, membership
from realtime.rulings import AlertCleared, AlertRaised
from realtime.words import SECOND, AgentId, Interface, Node, QueueName
from tests.realtime.rules.staffed import BOSS, SKILLS, Staffed, ToyMember, hangs_up, plan, talks
from tests.realtime.story import NODE, Telling, heard, linked, lost, sync_began, sync_ended

BY_HAND = Order("by hand", Node(NODE), RemoveMember(QueueName("sales"), Interface("PJSIP/1001")), 0, 0)
"""What somebody does at the PBX's own command line."""


def moved(agent: str, into: tuple[str, ...] = (), out_of: tuple[str, ...] = ()) -> Telling:
    return Telling(rulings.QueuesMoved, {"agent": agent, "into": into, "out_of": out_of, "by": "li"}, node="")


def on_break(agent: str, kind: str = "short") -> Telling:
    return Telling(rulings.BreakBegan, {"agent": agent, "kind": kind}, node="")


def at_work(*people: str, **more: object) -> Staffed:
    floor = Staffed(plan(*people, **more))  # type: ignore[arg-type]
    for number in people:
        floor.log_in(number, f"PJSIP/{number}")
    return floor.settle()


def test_several_skills_are_the_union_of_their_queues_by_the_lowest_penalty() -> None:
    skills = (Skill(id="aid", queues=("help", "nowhere"), penalty=1), Skill(id="sell", queues=("sales", "help"), penalty=3))
    people = (Person(id=AgentId("1001"), skills=("sell", "aid", "unheard")),)
    floor = Staffed(Plan(people=people, skills=skills))
    floor.log_in("1001", "PJSIP/1")
    floor.settle()
    penalties = {queue: member.penalty for queue, members in floor.pbx.queues.items() for member in members.values()}
    assert penalties == {"sales": 3, "help": 1}, "a queue that the PBX does not have is not asked for"


def test_a_changed_plan_moves_people_to_their_new_queues() -> None:
    floor = at_work("1001")
    floor.adopt(plan("1001", skills=("aid",)))
    floor.settle()
    assert (floor.members("sales"), floor.members("help")) == ([], ["PJSIP/1001"])


def test_a_penalty_that_is_not_what_the_skills_say_is_set_whoever_changed_it() -> None:
    floor = Staffed(plan("1001", "1002", skills=("sell", "aid"))).static("1002", "help")
    for number in ("1001", "1002"):
        floor.log_in(number, f"PJSIP/{number}")
    floor.settle()
    assert {member.device: member.penalty for member in floor.pbx.queues["help"].values()} == {"PJSIP/1001": 2, "PJSIP/1002": 2}
    persons = floor.floor.owned.plan.people
    floor.adopt(Plan(people=persons, skills=(SKILLS[0], Skill(id="aid", queues=("help",), penalty=7))))
    floor.settle()
    assert {member.penalty for member in floor.pbx.queues["help"].values()} == {7}
    floor.after(tuple(floor.pbx.do(Order("by hand", Node(NODE), SetPenalty(QueueName("sales"), Interface("PJSIP/1001"), 5), 0, 0))[1]))
    floor.look({"1001"})
    assert [member.penalty for member in floor.pbx.queues["sales"].values() if member.device == "PJSIP/1001"] == [0]
    assert all(state.seen for state in floor.floor.owned.orders.values())


def test_who_logs_in_again_under_a_new_interface_is_left_in_it_and_taken_out_of_the_old_one() -> None:
    floor = at_work("1001")
    persons = floor.floor.owned.plan.people
    floor.adopt(Plan(people=persons, skills=SKILLS, login=LoginRules(interface="Local/{number}@desk")))
    floor.log_in("1001", "PJSIP/1001")
    floor.settle()
    assert list(floor.pbx.queues["sales"]) == ["Local/1001@desk"]


def test_who_sits_down_without_skills_does_not_go_by_the_name_of_who_sat_there() -> None:
    people = (Person(id=AgentId("1001"), name="Ann", skills=("sell",)), Person(id=AgentId("1002"), name="Bo"))
    floor = Staffed(Plan(people=people, skills=SKILLS)).static("1", "vip")
    for agent in ("1001", "1002"):
        at_the_phone = Actor(agent, role="agent", agent=AgentId(agent), via="phone")
        assert floor.log_in(agent, "PJSIP/1", at_the_phone).verdict == "allow"
        floor.settle()
    assert (floor.members("sales"), floor.members("vip")) == ([], ["PJSIP/1"])


def test_a_look_at_some_gives_its_orders_in_the_same_order_on_every_run() -> None:
    people = [f"{number}" for number in range(1001, 1021)]
    floor = Staffed(plan(*people))
    for number in people:
        floor.log_in(number, f"PJSIP/{number}")
    said = membership.due(floor.floor, floor.now, set(people), floor.next_id)
    assert [each.fields["agent"] for each in said] == people


def test_what_was_tried_in_vain_before_the_link_came_back_is_tried_again_at_once() -> None:
    floor = Staffed(plan("1001"))
    floor.deaf = True
    floor.log_in("1001", "PJSIP/1001")
    floor.later(130)
    assert len(floor.facts(rulings.OrderGiven)) == membership.TRIES
    floor.deaf = False
    floor.after(lost(), 5, linked(), sync_began(), *floor.pbx.restart(), sync_ended())
    floor.look()
    assert floor.members() == ["PJSIP/1001"]


def test_a_clock_that_is_set_back_holds_nothing_up() -> None:
    floor = Staffed(plan("1001"))
    floor.deaf = True
    floor.log_in("1001", "PJSIP/1001")
    floor.look()
    floor.tell(unanswered(floor.floor, floor.now + 20 * SECOND))
    floor.deaf = False
    floor.story.now -= 3600 * SECOND
    floor.look()
    assert floor.members() == ["PJSIP/1001"]


def test_a_queue_that_the_plan_forgets_is_left_again() -> None:
    floor = at_work("1001", skills=("sell", "aid"))
    floor.adopt(Plan(people=floor.floor.owned.plan.people, skills=SKILLS[1:]))
    floor.settle()
    assert (floor.members("sales"), floor.members("help")) == ([], ["PJSIP/1001"])


def test_who_was_moved_by_hand_stays_moved_until_they_log_out() -> None:
    floor = at_work("1001")
    floor.after(moved("1001", into=("vip",), out_of=("sales",)))
    floor.settle()
    assert (floor.members("sales"), floor.members("vip")) == ([], ["PJSIP/1001"])
    floor.log_in("1001", "PJSIP/2")
    floor.settle()
    assert (floor.members("sales"), floor.members("vip")) == ([], ["PJSIP/2"]), "another desk takes nothing back"
    floor.log_out("1001")
    floor.settle()
    floor.log_in("1001", "PJSIP/2")
    floor.settle()
    assert (floor.members("sales"), floor.members("vip")) == (["PJSIP/2"], [])


def test_agents_without_skills_and_queues_of_no_skill_are_left_alone() -> None:
    floor = Staffed(plan("1001", "1002", skills=())).static("1001", "sales")
    floor.after(tuple(floor.pbx.put("vip", "PJSIP/1002", ToyMember("PJSIP/1002", "1002"))))
    floor.log_in("1001", "PJSIP/1001")
    floor.log_in("1002", "PJSIP/1002")
    assert floor.settle().facts(rulings.OrderGiven) == []
    floor.adopt(plan("1001", "1002"))
    floor.settle()
    assert floor.members("vip") == ["PJSIP/1002"]


def test_who_is_already_in_the_queue_under_another_interface_is_not_added_twice() -> None:
    floor = Staffed(plan("1001"))
    floor.after(tuple(floor.pbx.put("sales", "Local/1001@desk/n", ToyMember("PJSIP/1001", "P1001"))))
    floor.log_in("1001", "PJSIP/1001")
    assert floor.settle().members() == ["PJSIP/1001"]
    assert floor.facts(rulings.OrderGiven) == []


@pytest.mark.parametrize("grant", [{"expires": 0}, {"expires": 2**60}])
def test_who_has_a_break_is_added_paused_and_who_only_may_take_one_is_not(grant: dict[str, int]) -> None:
    floor = at_work("1001").after(Telling(rulings.BreakGranted, {"agent": "1001", "kind": "meal", **grant}, node=""))
    floor.adopt(plan("1001", skills=("sell", "aid")))
    floor.settle()
    assert floor.paused("PJSIP/1001", "help") == ("" if grant["expires"] else "meal")
    assert (("help", "PJSIP/1001") in floor.pbx.rang) is bool(grant["expires"])


def test_after_a_restart_of_asterisk_all_are_back_and_who_is_on_a_break_is_back_paused() -> None:
    floor = at_work("1001", "1002").after(on_break("1002", "meal"))
    floor.settle()
    floor.pbx.rang.clear()
    floor.after(lost(), 5, linked(started=-5), sync_began(), tuple(floor.pbx.restart()), sync_ended())
    assert floor.members() == []
    floor.settle()
    assert floor.members() == ["PJSIP/1001", "PJSIP/1002"]
    assert floor.paused("PJSIP/1002") == "meal"
    assert floor.pbx.rang == [("sales", "PJSIP/1001")], "nobody on a break could have been rung"


def test_nothing_is_ordered_of_a_node_that_cannot_be_reached() -> None:
    floor = at_work("1001").after(lost())
    floor.adopt(plan("1001", skills=("aid",)))
    before = len(floor.facts(rulings.OrderGiven))
    floor.later(60)
    assert len(floor.facts(rulings.OrderGiven)) == before


def test_one_order_at_a_time_about_one_thing_and_what_is_touched_alone_is_looked_at() -> None:
    floor = Staffed(plan("1001", "1002"))
    floor.deaf = True
    for number in ("1001", "1002"):
        floor.log_in(number, f"PJSIP/{number}")
    assert [each.fields["agent"] for each in membership.due(floor.floor, floor.now, {"1002"}, floor.next_id)] == ["1002"]
    assert len(floor.tell(membership.due(floor.floor, floor.now, None, floor.next_id))) == 2
    floor.story.now += 9 * SECOND
    assert membership.due(floor.floor, floor.now, None, floor.next_id) == []


def test_what_is_refused_is_tried_farther_and_farther_apart_then_not_at_all_and_is_told() -> None:
    floor = Staffed(plan("1001")).static("1001", "help")
    floor.log_in("1001", "PJSIP/1001")
    floor.later(590)
    removals = [each for each in floor.facts(rulings.OrderGiven) if isinstance(each.fields["order"].act, RemoveMember)]
    assert len(removals) == membership.TRIES
    apart = [(two.at - one.at) / SECOND for one, two in pairwise(removals)]
    assert apart == sorted(apart)
    assert apart[-1] >= 8 * apart[0]
    assert membership.vain(floor.floor) == [("1001", "help", "Member not dynamic", membership.TRIES)]
    raised = {each.fields["rule"]: each.fields for each in alerts.due(floor.floor, floor.now) if each.kind is AlertRaised}
    assert raised["membership.stuck"]["subject"] == "agent:1001"
    assert "Member not dynamic" in raised["membership.stuck"]["text"]["en"]
    assert floor.members("help") == ["PJSIP/1001"]


def test_what_cannot_be_done_is_one_alert_however_long_it_lasts_and_over_when_it_is_well() -> None:
    floor = Staffed(plan("1001")).static("1001", "help")
    floor.log_in("1001", "PJSIP/1001")
    for _ in range(1500):
        floor.later(1)
        floor.after(heard()).tell(alerts.due(floor.floor, floor.now))
    assert len(floor.facts(AlertRaised)) == 1
    assert floor.facts(AlertCleared) == []
    floor.adopt(plan("1001", skills=("sell", "aid")))
    floor.later(1)
    assert [each.kind for each in alerts.due(floor.floor, floor.now)] == [AlertCleared]


def test_a_place_is_cleared_of_who_moved_away_and_went_home_while_the_pbx_was_deaf() -> None:
    floor = at_work("1001")
    floor.deaf = True
    floor.log_in("1001", "PJSIP/2")
    floor.log_out("1001")
    floor.later(2)
    assert floor.floor.owned.duty == {}
    floor.deaf = False
    floor.later(30)
    assert floor.members() == []


def test_what_worked_and_was_undone_is_done_again_at_once() -> None:
    floor = at_work("1001")
    for _ in range(2 * membership.TRIES):
        floor.after(1, *floor.pbx.do(BY_HAND)[1])
        floor.settle()
        assert floor.members() == ["PJSIP/1001"]


class Counted(tuple[Person, ...]):
    looks = 0

    def __iter__(self) -> Iterator[Person]:
        Counted.looks += 1
        return super().__iter__()


def test_names_of_the_pbxs_own_do_not_make_a_look_cost_everybody_for_each() -> None:
    """Where the PBX calls people otherwise than the plan, a look at a thousand took 0.4 s: each name was held against everybody's."""
    numbers = [f"{number}" for number in range(1001, 1051)]
    floor = Staffed(Plan(people=Counted(Person(id=AgentId(number), skills=("sell",)) for number in numbers), skills=SKILLS))
    for number in numbers:
        floor.after(tuple(floor.pbx.put("sales", Interface(f"PJSIP/{number}"), ToyMember(f"PJSIP/{number}", "Desk", dynamic=False))))
        floor.log_in(number, f"PJSIP/{number}")
    Counted.looks = 0
    assert membership.due(floor.floor, floor.now, None, floor.next_id) == []
    assert Counted.looks <= 1


def test_many_at_once_are_ordered_in_portions() -> None:
    people = [f"{number}" for number in range(2000, 2000 + membership.AT_ONCE + 20)]
    floor = Staffed(plan(*people))
    floor.deaf = True
    for number in people:
        floor.log_in(number, f"PJSIP/{number}")
    assert len(floor.tell(membership.due(floor.floor, floor.now, None, floor.next_id))) == membership.AT_ONCE
    assert len(floor.tell(membership.due(floor.floor, floor.now, None, floor.next_id))) == 20


# ------------------------------------------------------------------ laws


PEOPLE = ("1001", "1002", "1003", "1004")
PHONES = ("PJSIP/1", "PJSIP/2", "PJSIP/3")
PLANS = (
    plan(*PEOPLE),
    plan(*PEOPLE, skills=("sell", "aid")),
    Plan(people=tuple(Person(id=AgentId(each), name=f"P{each}", skills=("aid",) * (each < "1003")) for each in PEOPLE), skills=SKILLS),
)


def step(floor: Staffed, chance: random.Random) -> None:
    """Something that people, supervisors or a PBX do; hardly ever what would be sensible."""
    agent, phone = chance.choice(PEOPLE), chance.choice(PHONES)
    deeds = (
        lambda: floor.log_in(agent, phone),
        lambda: floor.log_in(agent, phone, BOSS),
        lambda: floor.log_out(agent),
        lambda: floor.after(moved(agent, tuple(chance.choices(("vip", "help", "sales"), k=1)), tuple(chance.choices(("sales",), k=1)))),
        lambda: floor.after(on_break(agent)) if agent in floor.floor.owned.duty else None,
        lambda: floor.after(Telling(rulings.BreakEnded, {"agent": agent, "why": "returned"}, node="")),
        lambda: floor.after(*talks(phone[-1])) if not floor.floor.calls.get(f"{NODE}/c{phone[-1]}") else None,
        lambda: floor.after(*hangs_up(phone[-1])),
        lambda: floor.adopt(chance.choice(PLANS)),
        lambda: floor.after(lost(), 4, linked(started=-chance.randint(5, 500)), sync_began(), tuple(floor.pbx.restart()), sync_ended()),
        lambda: setattr(floor, "deaf", chance.random() < 0.3),
        lambda: floor.later(chance.choice((0.2, 3, 12))),
    )
    chance.choice(deeds)()


def one_place_each(floor: Staffed) -> None:
    owned = floor.floor.owned
    assert {f"{each.node}/{each.device}": agent for agent, each in owned.duty.items()} == owned.seats
    sitting = [phone.agent for phone in floor.floor.phones.values() if phone.agent is not None]
    assert len(sitting) == len(set(sitting))
    for place, agent in owned.seats.items():
        assert floor.floor.phones[place].agent == agent


@pytest.mark.parametrize("seed", range(60))
def test_after_any_walk_the_orders_lead_to_what_must_be_and_touch_nobody_else(seed: int) -> None:
    chance = random.Random(seed)
    floor = Staffed(PLANS[0]).static("9", "sales").static("8", "vip")
    floor.after(tuple(floor.pbx.put("sales", "PJSIP/7", ToyMember("PJSIP/7", "7"))))
    for _ in range(40):
        step(floor, chance)
        one_place_each(floor)
        for each in floor.facts(rulings.OrderGiven):
            act = each.fields["order"].act
            assert not isinstance(act, AddMember | RemoveMember) or act.interface in PHONES
    floor.deaf = False
    for number in "123":
        floor.after(*hangs_up(number))
    floor.story.now += 700 * SECOND  # what was tried in vain while the PBX was deaf is forgotten
    floor.later(30)
    floor.settle()
    for known in floor.floor.owned.duty.values():
        names = membership.managed(floor.floor, known)
        must = {queue.partition("/")[2] for queue in membership.desired(floor.floor, known)}
        have = {queue for queue, members in floor.pbx.queues.items() if any(each.device == known.device for each in members.values())}
        assert must <= have, known
        assert have & set(names) == must, known
        lease = floor.floor.owned.leases.get(known.agent)
        assert all(floor.paused(known.device, queue) == (lease.kind if lease else "") for queue in must)
    at_work = {known.device for known in floor.floor.owned.duty.values()}
    assert not (set(floor.members("sales")) - at_work) & set(PHONES), "nothing rings where nobody is on duty"
    assert {"PJSIP/9"} <= set(floor.members("sales"))
    assert {"PJSIP/8"} <= set(floor.members("vip"))
