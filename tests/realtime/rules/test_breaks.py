"""A break's way: asked, granted, begun, over; what an answer names; and the kinds that nothing holds back."""

from __future__ import annotations

import pytest

from realtime.owned import AgentLedger
from realtime.plan.model import KindRules
from realtime.requests import Actor, BreakBack, BreakGrant
from realtime.rules import asking, breaks
from realtime.rulings import AgentOnDuty, BreakBegan, BreakDropped, BreakEnded, BreakGranted, BreakHeld, BreakQueued
from realtime.saying import say
from realtime.words import AgentId
from tests.realtime.rules.floors import BOSS, KINDS, MINUTE, SECOND, START, Ruled, finding, held_by, plan, rules_of
from tests.realtime.story import (
    Telling,
    completed,
    connected,
    joined,
    leg,
    leg_ended,
    member,
    paused,
    reachable,
    removed,
    unpaused,
    unseated,
)

THREE = ("1001", "1002", "1003")


def busy(floor: Ruled, number: str, call: str = "c") -> Ruled:
    return floor.after(joined(call), leg(call, number, "talking"), connected(call, number))


def free(floor: Ruled, number: str, call: str = "c") -> Ruled:
    return floor.after(completed(call, number), leg_ended(call, number))


# ------------------------------------------------------------------ asking


def test_nothing_holds_it_back_and_it_begins_in_the_same_answer() -> None:
    floor = Ruled(*THREE)
    decision = floor.ask("1001")
    assert decision.verdict == "allow"
    assert [each.kind for each in floor.said[1:3]] == [BreakGranted, BreakBegan]
    lease = floor.floor.owned.leases["1001"]
    assert (lease.kind, lease.since, lease.until, lease.why) == ("short", START, START + 10 * MINUTE, "asked")
    ledger = floor.floor.owned.ledgers["1001"]
    assert (ledger.asked, ledger.granted, ledger.refused) == (1, 1, 0)


def test_an_answer_names_every_rule_that_was_looked_at() -> None:
    floor = Ruled(*THREE, spacing_s=60, team_most=1)
    assert rules_of(floor.ask("1001")) == [
        "reach.own",
        "break.kind",
        "break.person",
        "break.there",
        "break.free",
        "break.no_shifts",
        "break.length",
        "break.team_cap.free",
        "break.site_cap.free",
        "break.spacing.free",
        "break.load.off",
        "break.line.free",
        "break.now",
    ]
    held = floor.ask("1002")
    assert rules_of(held)[7:] == [
        "break.team_cap",
        "break.site_cap.free",
        "break.spacing",
        "break.load.off",
        "break.line.free",
        "break.place",
    ]
    assert held_by(held) == "break.team_cap"
    assert finding(held, "break.team_cap").values == {"team": "a", "out": 1, "most": 1, "until": "09:10"}


def test_held_back_it_waits_with_place_estimate_and_rule() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    decision = floor.ask("1002")
    assert decision.verdict == "queue"
    assert [each.kind for each in floor.said[-3:-1]] == [BreakQueued, BreakHeld]
    waiting = floor.floor.owned.waiting["1002"]
    assert (waiting.place, waiting.eta) == (1, START + 10 * MINUTE)
    assert waiting.rule is not None
    assert waiting.rule.rule == "break.team_cap"
    assert finding(decision, "break.place").values == {"place": 1, "eta": "09:10"}
    assert floor.ask("1003").verdict == "queue"
    assert floor.floor.owned.waiting["1003"].place == 2
    assert floor.floor.owned.waiting["1003"].eta > floor.floor.owned.waiting["1002"].eta


def test_a_time_that_has_passed_is_not_told_any_longer() -> None:
    """Who overruns comes back nobody knows when. There is no estimate from the beginning, so none that moves and says it all anew."""
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.after(Telling(BreakBegan, {"agent": "1003", "kind": "short", "until": 0}, node=""))
    floor.ask("1002")
    waiting = floor.floor.owned.waiting["1002"]
    assert waiting.rule is not None
    assert (waiting.rule.rule, waiting.rule.until) == ("break.team_cap", START + 10 * MINUTE)
    for _ in range(40 * 60 // 5):
        floor.later(5)
        assert waiting.rule.until == 0 or waiting.rule.until > floor.now - 5 * SECOND, "within five seconds"
        assert waiting.eta == 0 or waiting.eta > floor.now - 5 * SECOND
        assert not (waiting.eta and waiting.rule.rule.endswith(".open")), "nobody can say when, and yet about when"
    assert waiting.rule.rule == "break.team_cap.open"
    told = [each.fields["rule"].until for each in floor.facts(BreakHeld)]
    assert list(dict.fromkeys(told)) == [START + 10 * MINUTE, 0]
    assert len(told) == 2, "said when it changes"


def test_the_rule_of_a_place_that_is_held_for_somebody_says_the_time_of_the_estimate() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.grant("1001")
    decision = floor.ask("1002")
    waiting, found = floor.floor.owned.waiting["1002"], finding(decision, "break.team_cap")
    assert (waiting.eta, found.until) == (START + 12 * MINUTE, START + 12 * MINUTE)
    floor.after(60)
    floor.take("1001")
    floor.later(10)
    assert waiting.rule is not None
    assert (waiting.eta, waiting.rule.until) == (START + 11 * MINUTE, START + 11 * MINUTE)


def test_on_a_call_it_begins_when_call_and_wrap_up_are_over() -> None:
    floor = busy(Ruled(*THREE).after(member("1001", wrapup_s=30)), "1001")
    floor.after(5)
    assert rules_of(floor.ask("1001"))[-1] == "break.after_call"
    assert floor.granted() == ["1001"]
    assert floor.floor.owned.grants["1001"].expires == 0
    assert floor.later(60) == []
    free(floor, "1001")
    floor.after(10)
    assert floor.due() == []  # still winding up
    floor.floor.agents["1001"].wrapup_since = 0
    floor.floor.agents["1001"].since = floor.now
    floor.after(3)
    [began] = floor.due()
    assert (began.kind, began.at, began.fields["until"]) == (BreakBegan, floor.now - 3 * SECOND, floor.now - 3 * SECOND + 10 * MINUTE)


def test_a_phone_that_asks_by_a_code_is_not_on_a_call() -> None:
    floor = Ruled(*THREE).after(leg("code", "1001", "dialling"))
    by_phone = Actor("1001", agent=AgentId("1001"), via="phone")
    assert rules_of(floor.ask("1001", actor=by_phone))[-1] == "break.now"
    floor.after(leg("code2", "1002", "dialling"))
    assert rules_of(floor.ask("1002"))[-1] == "break.after_call"


@pytest.mark.parametrize(
    ("kind", "rule"), [("nap", "break.not_ruled"), ("meeting", "break.not_asked"), ("coaching", "break.not_asked"), ("", "break.not_ruled")]
)
def test_kinds_that_nobody_may_ask_for(kind: str, rule: str) -> None:
    floor = Ruled(*THREE)
    decision = floor.ask("1001", kind)
    assert (decision.verdict, held_by(decision)) == ("deny", rule)
    assert len(floor.said) == 1  # the answer, and nothing else


def test_where_no_kind_is_ruled_it_says_what_to_do() -> None:
    for kind in ("short", "comfort"):
        assert held_by(Ruled(*THREE, kinds={}).ask("1001", kind)) == "break.not_ruled"


def test_who_asks() -> None:
    floor = Ruled(*THREE)
    assert held_by(floor.ask("1001", actor=Actor("1002", agent=AgentId("1002")))) == "reach.nobody"
    floor.after(removed("1002"))
    assert held_by(floor.ask("1002")) == "break.logged_out"
    assert held_by(floor.ask("9999")) == "break.unknown_person"
    assert floor.ask("1003", actor=Actor("boss", role="supervisor")).verdict == "allow"


def test_one_outstanding_request_an_agent() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    assert held_by(floor.ask("1001")) == "break.already_out"
    floor.ask("1002")
    assert held_by(floor.ask("1002", "meal")) == "break.already_waiting"
    floor.back("1001")
    floor.due()
    assert held_by(floor.ask("1002")) == "break.already_granted"


# ------------------------------------------------------------------ its turn


def test_its_turn_comes_is_held_and_is_taken() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    assert held_by(floor.take("1002")) == "break.not_yet"
    floor.after(60)
    floor.back("1001")
    [granted] = floor.due()
    assert (granted.kind, granted.fields["expires"]) == (BreakGranted, floor.now + 120 * SECOND)
    assert floor.story.state("1002") == "break_pending"
    floor.after(119)
    assert floor.due() == []
    assert floor.take("1002").verdict == "allow"
    assert floor.out() == ["1002"]
    assert floor.floor.owned.ledgers["1002"].waited == 60 * SECOND


def test_what_is_not_taken_goes_behind_its_class_twice_and_then_away() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    floor.after(10)
    floor.ask("1003")
    floor.back("1001")
    floor.later(10)
    assert floor.granted() == ["1002"]
    floor.after(121)
    expired = floor.due()
    assert expired[0].kind is BreakQueued
    assert expired[0].fields["again"]
    assert expired[0].at == floor.floor.owned.waiting["1002"].since
    floor.later(5)
    assert floor.granted() == ["1003"]
    floor.take("1003")
    floor.back("1003")
    floor.later(125)
    floor.later(125)
    floor.later(125)
    assert floor.facts(BreakDropped)[-1].fields["why"] == "expired"
    assert not floor.waiting()
    assert not floor.granted()
    assert floor.floor.owned.ledgers["1002"].expired == 3


def test_a_call_that_comes_while_it_is_held_costs_nothing() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    floor.back("1001")
    floor.due()
    busy(floor.after(100), "1002")
    floor.later(60)
    assert floor.floor.owned.grants["1002"].expires == 0
    assert floor.floor.owned.ledgers["1002"].granted == 1
    free(floor.after(100), "1002")
    floor.due()
    assert floor.out() == ["1002"]


def test_taken_during_a_call_it_begins_after_it() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    floor.back("1001")
    floor.due()
    busy(floor, "1002")
    assert rules_of(floor.take("1002"))[-1] == "break.after_call"
    assert floor.take("1002").verdict == "allow"  # said twice: nothing more to do
    free(floor, "1002")
    floor.due()
    assert floor.out() == ["1002"]


def test_too_late_to_take() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    floor.back("1001")
    floor.due()
    floor.after(120)
    assert held_by(floor.take("1002")) == "break.expired"
    assert floor.out() == []


def test_who_is_on_a_call_when_the_turn_comes_gets_it_after_it() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    busy(floor, "1002")
    floor.ask("1002")
    floor.back("1001")
    [granted] = floor.due()
    assert granted.fields["expires"] == 0


# ------------------------------------------------------------------ withdrawing, coming back


def test_withdrawn_while_waiting_and_while_granted() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    assert floor.withdraw("1002").verdict == "allow"
    assert floor.waiting() == []
    assert held_by(floor.withdraw("1002")) == "break.nothing"
    floor.ask("1003")
    floor.back("1001")
    floor.due()
    assert floor.withdraw("1003").verdict == "allow"
    assert floor.granted() == []
    assert held_by(floor.take("1003")) == "break.nothing"


def test_back_ends_the_lease_and_releases() -> None:
    floor = Ruled(*THREE)
    floor.ask("1001")
    floor.after(paused("1001", "short"), 60)
    assert rules_of(floor.back("1001")) == ["reach.own", "break.back"]
    assert floor.facts(BreakEnded)[-1].fields["why"] == "returned"
    assert floor.floor.owned.releasing == {"1001": floor.now}
    floor.after(unpaused("1001"))
    assert floor.floor.owned.releasing == {}
    assert held_by(floor.back("1001")) == "break.not_out"


def test_back_out_of_a_pause_that_nobody_granted() -> None:
    floor = Ruled(*THREE).after(paused("1001", "whatever"))
    assert rules_of(floor.back("1001"))[-1] == "break.back.pause"
    assert "1001" in floor.floor.owned.releasing


@pytest.mark.parametrize(("kind", "minutes", "rest"), [("short", 5, True), ("short", 4, False), ("meal", 30, True), ("comfort", 9, False)])
def test_what_is_a_rest(kind: str, minutes: int, rest: bool) -> None:
    floor = Ruled(*THREE)
    floor.ask("1001", kind)
    floor.after(minutes * 60)
    floor.back("1001")
    assert (floor.floor.owned.ledgers["1001"].rested == floor.now) is rest


def test_nobody_walks_out_of_a_meeting_alone() -> None:
    floor = Ruled(*THREE)
    floor.tell([breaks.begun(AgentId("1001"), "meeting", "m1", 900 * SECOND, floor.now, why="meeting:m1")])
    assert held_by(floor.back("1001")) == "break.in_meeting"
    assert floor.request(BreakBack(AgentId("1001")), BOSS).verdict == "allow"


def test_who_was_sent_to_coaching_comes_back_when_its_time_is_over() -> None:
    """Found by a shift: with nobody to end it, one was out for ever."""
    floor = Ruled(*THREE)
    floor.tell([breaks.begun(AgentId("1001"), "coaching", "r1", 120 * SECOND, floor.now, why="forced")])
    assert held_by(floor.back("1001")) == "break.in_meeting"
    floor.after(130)
    assert floor.back("1001").verdict == "allow"


# ------------------------------------------------------------------ nothing holds these back


def test_comfort_is_granted_whatever_the_floor_looks_like() -> None:
    floor = Ruled(*THREE, team_most=0, site_most=0, spacing_s=600)
    for number, _ in enumerate(range(6)):
        assert floor.ask("1001", "comfort").verdict == "allow"
        assert floor.out() == ["1001"]
        floor.after(60)
        floor.back("1001")
        assert ("break.comfort_often" in rules_of(floor.answers[-2][1])) is (number >= asking.OFTEN)


def test_comfort_is_open_where_the_plan_forgot_it_and_to_who_is_in_no_plan() -> None:
    kinds = {"short": KINDS["short"]}
    assert Ruled("1001", kinds=kinds).ask("1001", "comfort").verdict == "allow"
    stranger = Ruled("1001", kinds=kinds)
    stranger.floor.owned.people.clear()
    assert stranger.ask("1001", "comfort").verdict == "allow"
    assert held_by(stranger.ask("1001", "short")) == "break.unknown_person"


def test_comfort_while_away_already_is_no_refusal_and_no_second_break() -> None:
    floor = Ruled(*THREE)
    floor.ask("1001")
    said = len(floor.said)
    assert floor.ask("1001", "comfort").verdict == "allow"
    assert not [each for each in floor.said[said:] if each.kind in (BreakGranted, BreakBegan, BreakEnded)]
    assert floor.floor.owned.leases["1001"].kind == "short"


def test_comfort_costs_no_place_on_the_list() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    floor.after(1)
    floor.ask("1003")
    floor.ask("1002", "comfort")
    assert (floor.out(), floor.waiting()) == (["1001", "1002"], ["1002", "1003"])
    floor.back("1001")
    floor.later(5)
    assert floor.granted() == ["1003"]  # passed by while away
    floor.take("1003")
    floor.back("1002")
    floor.back("1003")
    floor.later(5)
    assert floor.granted() == ["1002"]
    assert floor.floor.owned.ledgers["1002"].asked == 2  # the comfort break and the other one, once


def test_comfort_while_one_is_held_puts_that_off() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    floor.back("1001")
    floor.due()
    assert floor.granted() == ["1002"]
    floor.ask("1002", "comfort")
    assert (floor.out(), floor.granted(), floor.waiting()) == (["1002"], [], ["1002"])
    assert floor.floor.owned.waiting["1002"].since == START
    floor.after(30)
    floor.back("1002")
    floor.due()
    assert floor.granted() == ["1002"]


def test_comfort_takes_no_place_from_anybody() -> None:
    floor = Ruled(*THREE, team_most=1, spacing_s=60)
    floor.ask("1001", "comfort")
    assert floor.ask("1002").verdict == "allow"


def test_a_fault_is_granted() -> None:
    floor = Ruled(*THREE, team_most=0)
    assert rules_of(floor.ask("1001", "fault"))[-2:] == ["break.fault", "break.now"]


def test_a_recovery_follows_a_call_twice_a_shift() -> None:
    floor = Ruled(*THREE, team_most=0)
    assert held_by(floor.ask("1001", "recovery")) == "break.recovery_no_call"
    for number in range(3):
        free(busy(floor, "1001", f"c{number}").after(60), "1001", f"c{number}")
        floor.after(300)
        decision = floor.ask("1001", "recovery")
        assert held_by(decision) == ("break.recovery_times" if number == 2 else "")
        if number < 2:
            assert finding(decision, "break.team_cap.open").verdict == "allow"  # told what it was given in spite of
            floor.after(60)
            floor.back("1001")
            assert held_by(floor.ask("1001", "recovery")) in ("break.recovery_no_call", "break.recovery_times")
    free(busy(floor, "1002", "x").after(60), "1002", "x")
    floor.after(601)
    assert held_by(floor.ask("1002", "recovery")) == "break.recovery_no_call"


def test_a_recovery_may_be_asked_for_during_the_call() -> None:
    floor = busy(Ruled(*THREE, team_most=0), "1001")
    assert rules_of(floor.ask("1001", "recovery"))[-1] == "break.after_call"


def test_due_by_law_goes_before_everything() -> None:
    floor = Ruled(*THREE, team_most=0, legal_after_min=240)
    floor.floor.owned.ledgers["1001"] = AgentLedger(rested=START - 240 * MINUTE)
    decision = floor.ask("1001", "legal")
    assert decision.verdict == "allow"
    assert finding(decision, "break.legal_due").values == {"since": "05:00"}
    assert finding(decision, "break.team_cap.open").values["most"] == 0


@pytest.mark.parametrize(("minutes", "rule"), [(31, "break.too_long"), (-1, "break.too_short")])
def test_the_law_says_when_and_not_how_long(minutes: int, rule: str) -> None:
    floor = Ruled(*THREE, team_most=0, legal_after_min=240)
    floor.floor.owned.ledgers["1001"] = AgentLedger(rested=START - 240 * MINUTE)
    assert held_by(floor.ask("1001", "legal", minutes)) == rule
    assert floor.ask("1001", "legal", 30).verdict == "allow"


def test_who_waits_for_a_kind_that_the_plan_has_no_more_is_told_and_not_granted() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    assert floor.ask("1002", "meal").verdict == "queue"
    floor.adopt(plan(THREE, team_most=1, kinds={"short": KINDS["short"]}))
    floor.back("1001")
    floor.due()
    assert [each.fields["why"] for each in floor.facts(BreakDropped)] == ["not_ruled"]
    assert (floor.granted(), floor.waiting()) == ([], [])


def test_what_is_given_back_beside_what_is_waited_for_is_one_of_them() -> None:
    """A meal on the list, and a comfort break that begins behind the call: the first is given back, the second begins."""
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1002")
    floor.ask("1001", "meal")
    busy(floor, "1001")
    assert floor.ask("1001", "comfort").verdict == "allow"
    assert floor.withdraw("1001").verdict == "allow"
    assert (floor.waiting(), floor.granted()) == ([], ["1001"])


def test_what_is_not_due_yet_waits_like_others_until_it_is() -> None:
    floor = Ruled(*THREE, team_most=0, legal_after_min=240)
    floor.floor.owned.ledgers["1001"] = AgentLedger(rested=START - 230 * MINUTE)
    assert floor.ask("1001", "legal").verdict == "queue"
    assert floor.floor.owned.waiting["1001"].eta == START + 10 * MINUTE
    floor.later(9 * 60)
    assert floor.granted() == []
    floor.later(60)
    assert floor.granted() == ["1001"]


def test_with_no_such_law_here_what_the_plan_calls_legal_is_not_held_back_but_has_its_own_quota() -> None:
    floor = Ruled(*THREE, team_most=0, kinds={**KINDS, "legal": KindRules(minutes=15, times=1)})
    assert floor.ask("1001", "legal").verdict == "allow"
    floor.after(60)
    floor.back("1001")
    assert held_by(floor.ask("1001", "legal")) == "break.times"


def test_reason_and_reach_of_an_overruling() -> None:
    floor = Ruled(*THREE, team_most=0)
    assert held_by(floor.grant("1001", reason=" ")) == "break.no_reason"
    assert held_by(floor.grant("1001", actor=Actor("1002", agent=AgentId("1002"), role="agent"))) == "reach.nobody"
    assert held_by(floor.grant("1001", "nap")) == "break.not_ruled"


def test_an_overruling_tells_what_it_overrules() -> None:
    floor = Ruled(*THREE, team_most=0)
    floor.ask("1001", "meal")
    decision = floor.grant("1001", reason="has been sick")
    assert decision.verdict == "allow"
    assert finding(decision, "break.team_cap.open").values["most"] == 0
    assert finding(decision, "break.overruled").values == {"who": "li", "reason": "has been sick"}
    grant = floor.floor.owned.grants["1001"]
    assert (grant.kind, grant.by, grant.expires) == ("meal", "li", floor.now + 120 * SECOND)
    floor.take("1001")
    assert floor.floor.owned.leases["1001"].by == "li"
    assert floor.floor.owned.ledgers["1001"].overruled == 1


def test_an_overruling_of_somebody_on_a_call_waits_for_its_end() -> None:
    floor = busy(Ruled(*THREE, team_most=0), "1001")
    floor.request(BreakGrant(AgentId("1001"), "abused", "recovery"), BOSS)
    assert floor.floor.owned.grants["1001"].expires == 0
    free(floor, "1001")
    floor.due()
    assert floor.floor.owned.leases["1001"].kind == "recovery"


# ------------------------------------------------------------------ and else


def test_the_same_key_twice_is_one_request() -> None:
    floor = Ruled(*THREE, team_most=1)
    first, second = floor.ask("1001", key="k"), floor.ask("1001", key="k")
    assert second.verdict == first.verdict
    assert floor.floor.owned.ledgers["1001"].asked == 1
    assert floor.ask("1002").verdict == "queue"


def test_who_has_gone_home_waits_no_more() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    floor.after(unseated("1002"))
    floor.later(55)
    assert floor.waiting() == ["1002"]
    floor.later(10)
    [dropped] = floor.facts(BreakDropped)
    assert (dropped.fields["why"], floor.waiting()) == ("logout", [])


def test_who_is_logged_out_for_a_moment_is_passed_by() -> None:
    floor = Ruled(*THREE, team_most=1)
    floor.ask("1001")
    floor.ask("1002")
    floor.after(1)
    floor.ask("1003")
    floor.after(unseated("1002"))
    floor.back("1001")
    floor.due()
    assert floor.granted() == ["1003"]


def test_one_who_cannot_be_reached_may_have_a_break_like_others() -> None:
    floor = Ruled(*THREE).after(reachable("1001", False))
    assert floor.ask("1001").verdict == "allow"


def test_who_is_on_duty_in_no_queue_at_all_goes_to_the_toilet_like_everybody() -> None:
    """Found by a shift: a supervisor had moved somebody out of the only queue, and the answer was that they were logged out."""
    floor = Ruled(*THREE)
    on_duty = {"agent": AgentId("1001"), "name": "Li", "device": "PJSIP/1001", "interface": "PJSIP/1001"}
    floor.tell([say(AgentOnDuty, floor.now, "pbx", **on_duty)])
    floor.after(removed("1001"))
    assert floor.floor.agents["1001"].state == "logged_out"
    assert floor.ask("1001", "comfort").verdict == "allow"
