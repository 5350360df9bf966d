"""Pauses kept: a lease through whatever happens to a PBX, and pauses that nobody granted treated as the plan says. On a toy PBX."""

from __future__ import annotations

import itertools
import random

import pytest

from realtime import facts
from realtime.floor import Floor
from realtime.orders import PauseMember
from realtime.plan.model import BreakRules, KindRules, Plan
from realtime.requests import BreakWithdraw, Here, PauseForce, ReadyForce
from realtime.rules import pauses
from realtime.rules.membership import TRIES
from realtime.rulings import (
    AlertCleared,
    AlertRaised,
    BreakBegan,
    BreakDropped,
    BreakEnded,
    BreakGranted,
    MeetingBegan,
    OrderDone,
    OrderGiven,
    PauseUnauthorised,
)
from realtime.saying import say
from realtime.words import SECOND, AgentId, Interface, QueueName
from tests.realtime.rules.staffed import BOSS, Staffed, ToyMember, hangs_up, talks
from tests.realtime.story import Telling, heard, linked, lost, sync_began, sync_ended, unseated

LI = AgentId("1001")
PHONE = Interface("PJSIP/1001")
HELP, VIP = QueueName("help"), QueueName("vip")


def ruled(unauthorised: str = "warn", **rules: int) -> Plan:
    return Plan(breaks=BreakRules(kinds={"short": KindRules()}, unauthorised=unauthorised, **rules))  # type: ignore[arg-type]


def floor(unauthorised: str = "warn", **rules: int) -> Staffed:
    """1001 in two queues by the PBX's own configuration, and nobody logged in through Andon."""
    return Staffed(ruled(unauthorised, **rules)).static("1001", "sales").static("1001", "help").settle()


def by_hand(here: Staffed, paused: bool, reason: str = "smoke", queues: tuple[str, ...] = ("sales", "help")) -> Staffed:
    """Past Andon."""
    for queue in queues:
        here.pbx.queues[queue][PHONE] = here.pbx.queues[queue][PHONE]._replace(paused=paused, reason=reason if paused else "")
        fields = {"queue": queue, "interface": PHONE, "paused": paused, "reason": reason}
        here.after(Telling(facts.MemberPaused, fields))
    return here


def on_break(here: Staffed, minutes: int = 15) -> Staffed:
    assert here.request(PauseForce(LI, "short", minutes), BOSS).verdict == "allow"
    assert kept(here) == ["short", "short"]
    here.said.clear()
    return here


def kept(here: Staffed) -> list[str]:
    return [here.paused(PHONE, queue) for queue in ("sales", "help")]


def orders(here: Staffed) -> list[PauseMember]:
    return [each.fields["order"].act for each in here.facts(OrderGiven)]


# ------------------------------------------------------------------ leases


def test_a_restart_a_new_queue_and_a_lost_reason_are_made_good_by_the_difference_alone() -> None:
    here = on_break(floor())
    here.after(lost(), linked(), sync_began(), *here.pbx.restart(), sync_ended())
    assert kept(here) == ["", ""]
    here.look({LI})
    assert kept(here) == ["short", "short"]
    here.after(tuple(here.pbx.put("vip", PHONE, ToyMember(PHONE, "1001"))))
    here.said.clear()
    here.settle()
    assert orders(here) == [PauseMember(PHONE, True, "short", (VIP,))], "who is paused already is not paused again"
    by_hand(here, paused=True, reason="", queues=("help",))
    here.later(5)
    assert kept(here) == ["short", "short"]
    assert orders(here)[1:] == [PauseMember(PHONE, True, "short", (HELP,))]


def test_while_a_node_is_away_nothing_is_ordered_there() -> None:
    here = on_break(floor())
    by_hand(here, paused=False)
    here.after(lost())
    assert here.look() == []
    here.after(linked(), sync_began())
    for queue in ("sales", "help"):
        here.after(tuple(here.pbx.put(queue, PHONE, here.pbx.queues[queue][PHONE])))
    here.after(sync_ended()).settle()
    assert kept(here) == ["short", "short"]


def test_who_is_released_stays_released_in_every_queue_until_it_is_so() -> None:
    here = on_break(floor())
    here.deaf = True
    here.request(ReadyForce(LI), BOSS)
    by_hand(here, paused=False, queues=("sales",))
    assert LI in here.floor.owned.releasing, "still paused in one"
    here.deaf = False
    here.later(20)
    assert kept(here) == ["", ""]
    assert LI not in here.floor.owned.releasing


def test_somebody_unpaused_by_another_hand_is_paused_again_so_many_times_an_hour() -> None:
    here = on_break(floor(corrections_hour=3))
    for _ in range(3):
        by_hand(here, paused=False)
        here.later(1)
        assert kept(here) == ["short", "short"]
    by_hand(here, paused=False)
    here.later(5)
    assert [each.fields["why"] for each in here.facts(BreakEnded)] == ["unpaused"]
    assert kept(here) == ["", ""]
    assert LI not in here.floor.owned.leases


def test_who_takes_a_call_while_on_a_break_is_left_alone_until_it_is_over() -> None:
    here = on_break(floor())
    by_hand(here, paused=False)
    here.after(talks("1001"))
    assert here.look() == []
    here.after(hangs_up("1001")).settle()
    assert kept(here) == ["short", "short"]


def test_an_order_under_way_is_not_given_twice() -> None:
    here = on_break(floor())
    here.deaf = True
    by_hand(here, paused=False)
    here.later(5)
    assert len(orders(here)) == 1


# ------------------------------------------------------------------ what does not become so


def test_a_pbx_that_refuses_is_asked_ever_more_seldom_and_then_somebody_is_told() -> None:
    here = floor()
    here.pbx.do = lambda order: ("Permission denied", [])  # type: ignore[method-assign]
    here.request(PauseForce(LI, "short", 60), BOSS)
    here.later(300)
    given = [each.at for each in here.facts(OrderGiven)]
    waits = [(after - before) // SECOND for before, after in itertools.pairwise(given)]
    assert waits == sorted(waits), "farther apart each time"
    assert len(given) == 6
    (alert,) = here.facts(AlertRaised)
    assert (alert.fields["rule"], alert.fields["subject"]) == ("pause.stuck", "agent:1001")
    assert "Permission denied" in alert.fields["text"]["en"]
    assert "Permission denied" in alert.fields["text"]["zh"]
    del here.pbx.do  # type: ignore[attr-defined]
    for _ in range(20):
        here.after(heard()).later(30)
    assert kept(here) == ["short", "short"], "it is tried again when the first tries are forgotten"
    assert here.facts(AlertCleared)


def test_a_pbx_that_keeps_no_reason_is_not_hammered() -> None:
    here = floor()
    obeyed = here.pbx.do

    def without_reason(order: object) -> tuple[str, list[Telling]]:
        refused, told = obeyed(order)  # type: ignore[arg-type]
        return refused, [each._replace(fields={**each.fields, "reason": ""}) for each in told]

    here.pbx.do = without_reason  # type: ignore[method-assign]
    here.request(PauseForce(LI, "short", 60), BOSS)
    here.later(120)
    assert len(here.facts(OrderGiven)) <= 6


# ------------------------------------------------------------------ strays


@pytest.mark.parametrize("treatment", ["observe", "warn", "undo"])
@pytest.mark.parametrize("present", [True, False])
def test_a_pause_without_leave_is_treated_as_the_plan_says(treatment: str, present: bool) -> None:
    here = floor(treatment)
    if present:
        here.request(Here(LI))
    by_hand(here, paused=True)
    here.settle()
    (stray,) = here.facts(PauseUnauthorised)
    undone = treatment == "undo" and present
    expected = treatment if treatment != "undo" or present else "warn"
    assert (stray.fields["treated"], stray.fields["reason"], stray.fields["present"]) == (expected, "smoke", present)
    assert kept(here) == (["", ""] if undone else ["smoke", "smoke"])
    here.later(30)
    assert len(here.facts(PauseUnauthorised)) == 1, "once for one pause"


def test_a_pause_in_some_queues_only_is_nobody_out() -> None:
    here = by_hand(floor("undo"), paused=True, queues=("sales",)).settle()
    assert here.facts(PauseUnauthorised) == []


def test_a_pbx_that_forgets_pauses_at_each_restart_is_no_hand_that_lifts_them() -> None:
    """So often that another hand would have ended the break, and each time they are paused again."""
    here = on_break(floor(corrections_hour=2))
    for _ in range(5):
        here.after(60, lost(), linked(), sync_began(), *here.pbx.restart(), sync_ended())
        here.look()
        assert kept(here) == ["short", "short"]
    assert here.facts(BreakEnded) == []


def test_a_stray_pause_is_nobodys_when_they_sit_there_no_more() -> None:
    here = by_hand(floor(), True)
    here.look()
    assert list(here.floor.owned.strays) == [LI]
    here.after(unseated("1001"))
    assert here.floor.owned.strays == {}, "or its alert would never be over"


def test_undoing_has_an_end() -> None:
    here = floor("undo", corrections_hour=2)
    here.request(Here(LI))
    for _ in range(3):
        here.later(1)
        by_hand(here, paused=True)
        here.settle()
    assert [each.fields["treated"] for each in here.facts(PauseUnauthorised)] == ["undo", "undo", "warn"]
    assert kept(here) == ["smoke", "smoke"]


def test_presence_of_more_than_a_minute_ago_is_none() -> None:
    here = floor("undo")
    here.request(Here(LI))
    here.later(61)
    by_hand(here, paused=True)
    here.settle()
    assert [each.fields["treated"] for each in here.facts(PauseUnauthorised)] == ["warn"]


def test_what_could_not_be_undone_while_somebody_was_there_is_not_undone_later() -> None:
    here = floor("undo")
    here.request(Here(LI))
    here.deaf = True
    by_hand(here, paused=True)
    here.settle()
    here.later(70)
    here.deaf = False
    here.later(120)
    assert kept(here) == ["smoke", "smoke"]


def test_asterisks_own_pause_for_a_call_that_rang_out_is_told_with_its_reason() -> None:
    here = by_hand(floor(), paused=True, reason="Auto-Pause").settle()
    assert [each.fields["reason"] for each in here.facts(PauseUnauthorised)] == ["Auto-Pause"]


def test_where_the_plan_has_no_breaks_a_pause_is_nobodys_business() -> None:
    here = Staffed(Plan()).static("1001", "sales").static("1001", "help").settle()
    assert by_hand(here, paused=True).look() == []


def test_a_break_that_begins_takes_a_stray_pause_over() -> None:
    here = by_hand(floor(), paused=True).settle()
    here.request(PauseForce(LI, "short", 5), BOSS)
    assert kept(here) == ["short", "short"]
    assert here.floor.owned.strays == {}


# ------------------------------------------------------------------ the law


def test_many_reasons_within_minutes_alarm_nobody_and_each_arrives() -> None:
    here = on_break(floor())
    for number in range(2 * TRIES):
        kind = ("training", "coaching", "fault", "short")[number % 4]
        here.after(Telling(BreakBegan, {"agent": LI, "kind": kind, "request": f"r{number}", "why": "asked"}, node="")).later(4)
        assert kept(here) == [kind, kind]
    assert here.facts(AlertRaised) == []


@pytest.mark.parametrize("seed", range(40))
def test_whoever_has_a_lease_is_paused_everywhere_in_the_end_and_who_is_released_is_not(seed: int) -> None:
    """Whatever others do to the PBX meanwhile, once they stop."""
    chance, here = random.Random(seed), floor("observe", corrections_hour=60)
    for _ in range(12):
        match chance.randrange(6):
            case 0:
                here.request(PauseForce(LI, chance.choice(("short", "meal")), 600), BOSS)
            case 1:
                here.request(ReadyForce(LI), BOSS)
            case 2:
                by_hand(here, paused=False, queues=tuple(chance.sample(("sales", "help"), chance.randint(1, 2))))
            case 3:
                here.after(lost(), linked(), sync_began(), *here.pbx.restart(), sync_ended())
            case 4:
                here.after(talks("1001") if not here.floor.calls else hangs_up("1001"))
            case 5:
                here.later(chance.choice((1, 7)))
    if any(not call.ended for call in here.floor.calls.values()):
        here.after(hangs_up("1001"))
    here.later(90)
    law(here.floor, here)


def law(floor: Floor, here: Staffed) -> None:
    must = pauses.desired(floor, LI)
    if must is not None:
        assert kept(here) == ([must.reason] * 2 if must.paused else ["", ""])
    assert floor.owned.open_orders == {}


# ------------------------------------------------------------------ from a break into a meeting


def test_who_comes_back_while_a_meeting_waits_for_them_is_not_let_go_in_between() -> None:
    """Found by a shift: let go and paused again half a second later, a call rang in between."""
    here = on_break(floor())
    here.tell([say(MeetingBegan, here.now, meeting="m1", name="m1", teams=("a",), until=here.now + 600 * SECOND, expected=(LI,))])
    here.tell([say(BreakEnded, here.now, agent=LI, kind="short", why="returned")])
    assert pauses.due(here.floor, here.now, [LI], here.next_id) == []
    held_back = pauses.due(here.floor, here.now + pauses.TO_MEETING, None, here.next_id)
    assert [each.fields["order"].act.paused for each in held_back] == [False]


def test_a_pause_that_is_wanted_again_is_not_to_be_lifted_any_more() -> None:
    """Found by a shift: from one meeting that was stopped into another, in the middle of a call."""
    here = floor()
    here.after(*talks("1001"))
    pending = {"agent": LI, "kind": "meeting", "length_s": 60, "expires": 0}
    here.tell([say(BreakGranted, here.now, request="m1", **pending)])
    by_hand(here, paused=True, reason="meeting")
    here.tell([say(BreakDropped, here.now, agent=LI, kind="meeting", why="withdrawn")])
    assert LI in here.floor.owned.releasing
    here.tell([say(BreakGranted, here.now, request="m2", **pending)])
    assert LI not in here.floor.owned.releasing


# ------------------------------------------------------------------ what crosses on the way


@pytest.mark.parametrize("seen_first", [True, False], ids=["event first", "answer first"])
def test_a_pause_that_lands_after_it_was_taken_back_is_lifted_again(seen_first: bool) -> None:
    """Ordered, taken back while the order was under way, and done by a slow PBX: nobody's fault, and no stray."""
    here = floor()
    here.deaf = True
    here.request(PauseForce(LI, "short", 15), BOSS)
    (given,) = here.facts(OrderGiven)
    here.request(ReadyForce(LI), BOSS)
    here.deaf = False
    if seen_first:
        here.obey([given])
    else:  # two sessions: which of them is read first, nobody says
        _, happened = here.pbx.do(given.fields["order"])
        here.tell([say(OrderDone, here.now, "pbx", order=given.fields["order"].id, outcome="accepted")])
        here.after(tuple(happened))
    assert kept(here) == ["short", "short"]
    here.later(10)
    assert kept(here) == ["", ""]
    assert here.facts(PauseUnauthorised) == []
    assert LI not in here.floor.owned.releasing


def test_a_pause_that_was_taken_back_and_never_landed_leaves_nothing_behind() -> None:
    here = floor()
    here.deaf = True
    here.request(PauseForce(LI, "short", 15), BOSS)
    here.request(ReadyForce(LI), BOSS)
    here.later(20)
    assert LI not in here.floor.owned.releasing
    assert kept(here) == ["", ""]


@pytest.mark.parametrize("landed", [True, False])
def test_a_pending_break_that_is_given_back_lifts_its_pause(landed: bool) -> None:
    here = floor()
    here.after(talks("1001"))
    here.deaf = not landed
    here.request(PauseForce(LI, "short", 15), BOSS)
    assert here.request(BreakWithdraw(LI)).verdict == "allow"
    here.deaf = False
    if not landed:
        here.obey(here.facts(OrderGiven)[:1])
    here.later(5)
    here.after(hangs_up("1001")).later(5)
    assert kept(here) == ["", ""]
    assert here.facts(PauseUnauthorised) == []
