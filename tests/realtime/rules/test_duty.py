"""Logging in and out: who may, where and when; what waits for the call in hand; who is known to be there."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from realtime import facts, rulings, sentences
from realtime.decision import Decision, Finding
from realtime.plan.model import BreakRules, KindRules, LoginRules, Pattern, Person, Plan, ShiftRules
from realtime.recording_facts import TrainingDue
from realtime.requests import Actor, Here, LogIn, LogInAllow
from realtime.rules import duty, login, meetings, membership
from realtime.words import SECOND, AgentId, Device, DeviceState, Interface, LegState, Node
from tests.realtime.rules.staffed import BOSS, SKILLS, Staffed, ToyMember, hangs_up, plan, talks
from tests.realtime.story import NODE, START, Telling, completed, configured, connected, joined, lost, removed, wrapup_ended

HOUR = 3600


def person(**more: object) -> Plan:
    ann = Person(id=AgentId("1001"), name="Ann", team="a", skills=("sell",), **more)  # type: ignore[arg-type]
    return Plan(people=(ann,), skills=SKILLS)


def shifts(begins_min: int, ends_min: int, **more: int | bool) -> ShiftRules:
    pattern = Pattern(id="day", teams=("a",), begins_min=begins_min, ends_min=ends_min)
    return ShiftRules(patterns=(pattern,), **more)  # type: ignore[arg-type]


def said(decision: Decision) -> str:
    return decision.reason.rule if decision.reason is not None else ""


def test_who_logs_in_is_on_duty_and_in_the_queues_of_their_skills() -> None:
    floor = Staffed(plan("1001"))
    assert floor.log_in("1001", "PJSIP/77").verdict == "allow"
    floor.settle()
    assert floor.members() == ["PJSIP/77"]
    assert floor.floor.agents["1001"].state == "ready"
    assert floor.floor.owned.seats == {f"{NODE}/PJSIP/77": "1001"}


def test_a_plan_without_people_lets_nobody_in_and_one_with_them_only_its_own() -> None:
    assert said(Staffed(Plan()).log_in("1001", "PJSIP/1")) == "duty.no_people"
    assert said(Staffed(plan("1001")).log_in("1002", "PJSIP/1", BOSS)) == "duty.unknown"
    assert said(Staffed(person(out=True)).log_in("1001", "PJSIP/1")) == "duty.left"


def test_nobody_logs_in_for_a_colleague_but_a_supervisor() -> None:
    floor = Staffed(plan("1001", "1002"))
    assert said(floor.log_in("1001", "PJSIP/1", Actor("1002", "agent", AgentId("1002"), "page"))) == "reach.nobody"
    assert floor.log_in("1001", "PJSIP/1", BOSS).verdict == "allow"


@pytest.mark.parametrize(
    ("more", "rule"),
    [({"trained_until": "2026-11-23"}, "duty.training_overdue"), ({"away_since": "2026-10-24"}, "duty.away")],
)
def test_overdue_training_and_a_month_away_are_refused_with_who_can_lift_it(more: dict[str, object], rule: str) -> None:
    floor = Staffed(person(**more))
    decision = floor.log_in("1001", "PJSIP/1")
    assert decision.verdict == "deny"
    assert decision.reason is not None
    assert decision.reason.rule == rule
    for role in LoginRules().lifted_by:
        assert role in sentences.sentence(decision.reason, "en")
        assert role in sentences.sentence(decision.reason, "zh")


def test_the_last_days_before_those_bounds_are_let_in() -> None:
    assert Staffed(person(trained_until="2026-11-24")).log_in("1001", "PJSIP/1").verdict == "allow"
    assert Staffed(person(away_since="2026-10-25")).log_in("1001", "PJSIP/1").verdict == "allow"
    assert Staffed(person(away_since="2026-10-25")).floor.owned.worked == {}


def test_who_worked_since_is_not_away() -> None:
    floor = Staffed(person(away_since="2026-01-01"))
    floor.floor.owned.worked["1001"] = "2026-11-23"
    assert floor.log_in("1001", "PJSIP/1").verdict == "allow"


def test_letting_in_lifts_training_and_time_away_for_this_day_alone() -> None:
    floor = Staffed(person(trained_until="2026-01-01", away_since="2026-01-01"))
    assert floor.request(LogInAllow(AgentId("1001"), "trained this morning"), BOSS).verdict == "allow"
    decision = floor.log_in("1001", "PJSIP/1")
    assert decision.verdict == "allow"
    assert "duty.training_overdue" in [each.rule for each in decision.findings], "that it would have refused stays to be read"
    floor.log_out("1001")
    floor.settle()
    floor.story.now += 24 * HOUR * SECOND
    assert said(floor.log_in("1001", "PJSIP/1")) == "duty.training_overdue"


def test_missed_kpis_send_to_training_until_the_archive_says_otherwise() -> None:
    floor = Staffed(person())
    floor.after(Telling(TrainingDue, {"agent": "1001", "kpi": "quality", "months": ("2026-09", "2026-10")}, node=""))
    decision = floor.log_in("1001", "PJSIP/1")
    assert said(decision) == "duty.kpi_missed"
    assert decision.reason is not None
    assert "2026-09, 2026-10" in sentences.sentence(decision.reason, "en")
    assert "离岗培训" in sentences.sentence(decision.reason, "zh")
    floor.after(Telling(TrainingDue, {"agent": "1001", "kpi": "quality"}, node=""))
    assert floor.log_in("1001", "PJSIP/1").verdict == "allow"
    assert floor.floor.owned.training == {}


def test_nobody_lets_themselves_in_nor_without_a_reason_nor_without_the_role() -> None:
    floor = Staffed(person(trained_until="2026-01-01"))
    own = Actor("1001", "supervisor", AgentId("1001"), "page")
    assert said(floor.request(LogInAllow(AgentId("1001"), "please"), own)) == "duty.not_by_yourself"
    assert said(floor.request(LogInAllow(AgentId("1001"), "  "), BOSS)) == "duty.no_reason"
    floor.adopt(Plan(people=(Person(id=AgentId("1001")),), login=LoginRules(lifted_by=("manager",))))
    assert said(floor.request(LogInAllow(AgentId("1001"), "please"), BOSS)) == "duty.may_not_lift"
    assert floor.floor.owned.allowed == {}


def test_a_shift_opens_a_tolerance_before_it_begins_and_closes_when_it_ends() -> None:
    begins = START + 2 * HOUR * SECOND  # 11:00
    floor = Staffed(plan("1001", shifts=shifts(660, 1080, early_s=900)))
    floor.story.now = begins - 901 * SECOND
    refused = floor.log_in("1001", "PJSIP/1")
    assert refused.reason == Finding(
        "duty.outside_shift",
        "deny",
        {"begins": "11:00", "opens": "10:45", "roles": "supervisor, manager, admin"},
        begins - 900 * SECOND,
    )
    floor.story.now = begins - 900 * SECOND
    assert floor.log_in("1001", "PJSIP/1").verdict == "allow"
    late = Staffed(plan("1001", shifts=shifts(660, 1080)), now=begins + 7 * HOUR * SECOND)
    assert said(late.log_in("1001", "PJSIP/1")) == "duty.outside_shift"


def test_a_shift_that_is_not_enforced_is_told_and_who_is_in_no_roster_is_not_refused_by_it() -> None:
    told = Staffed(plan("1001", shifts=shifts(660, 1080, enforced=False))).log_in("1001", "PJSIP/1")
    assert told.verdict == "allow"
    assert "duty.outside_told" in [each.rule for each in told.findings]
    assert Staffed(plan("1001:b", shifts=shifts(660, 1080))).log_in("1001", "PJSIP/1").verdict == "allow"


@pytest.mark.parametrize("phone", ["", "PJSIP", "PJSIP/1\r\nAction: Originate", "PJSIP/1,Local/9", "PJSIP/ 1", "PJSIP/" + "1" * 81])
def test_what_is_no_phone_is_refused_before_it_comes_near_an_action(phone: str) -> None:
    assert said(Staffed(plan("1001")).log_in("1001", phone)) in ("duty.no_phone", "duty.which_phone")


@pytest.mark.parametrize("phone", ["PJSIP/13800138000@trunk", "Local/13800138000@outbound", "local/9"])
def test_nobody_logs_in_at_a_number_outside(phone: str) -> None:
    """Every call of the queue would be dialled out of the building; a phone that the PBX or the plan has by such a name is a phone."""
    floor = Staffed(plan("1001"))
    assert said(floor.log_in("1001", phone)) == "duty.no_phone"
    floor.after(tuple(floor.pbx.put("vip", Interface(phone), ToyMember(phone, "1001"))))
    assert floor.log_in("1001", phone).verdict == "allow"


def test_a_phone_that_asterisk_calls_invalid_and_a_node_that_is_away_are_refused() -> None:
    floor = Staffed(plan("1001"))
    floor.after(Telling(facts.DeviceChanged, {"device": "PJSIP/404", "state": DeviceState.INVALID}))
    assert said(floor.log_in("1001", "PJSIP/404")) == "duty.no_phone"
    assert said(floor.request(LogIn(AgentId("1001"), Node("mars"), Device("PJSIP/1")))) == "duty.no_node"
    floor.after(lost())
    assert said(floor.log_in("1001", "PJSIP/1")) == "duty.node_away"


def test_without_a_phone_it_is_the_own_desk() -> None:
    floor = Staffed(person(phone=Device("PJSIP/5")))
    assert floor.request(LogIn(AgentId("1001"), Node(""), Device(""))).verdict == "allow"
    assert list(floor.floor.owned.seats) == [f"{NODE}/PJSIP/5"]


def test_the_interface_is_what_the_plan_makes_of_the_device() -> None:
    floor = Staffed(plan("1001", login=LoginRules(interface="Local/{number}@desk/n{x}")))
    floor.log_in("1001", "PJSIP/77")
    floor.settle()
    assert list(floor.pbx.queues["sales"]) == ["Local/77@desk/n{x}"]
    assert floor.members() == ["PJSIP/77"]


# ------------------------------------------------------------------ one place


def by_hand(agent: str) -> Actor:
    """Who dials the code at the phone itself."""
    return Actor(agent, "agent", AgentId(agent), "phone")


def test_who_logs_in_elsewhere_gives_the_old_place_up() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle()
    assert floor.log_in("1001", "PJSIP/2").verdict == "allow"
    floor.settle()
    assert floor.members() == ["PJSIP/2"]
    assert list(floor.floor.owned.seats) == [f"{NODE}/PJSIP/2"]
    assert floor.floor.phones[f"{NODE}/PJSIP/1"].agent is None


def test_nobody_moves_away_from_a_call_nor_sits_down_in_somebody_elses() -> None:
    floor = Staffed(plan("1001", "1002"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle().after(*talks("1"))
    assert said(floor.log_in("1001", "PJSIP/2")) == "duty.on_call_elsewhere"
    assert said(floor.log_in("1002", "PJSIP/1")) == "duty.phone_busy"
    floor.after(*hangs_up("1"))
    floor.floor.agents[AgentId("1001")].wrapup_since = floor.now
    assert said(floor.log_in("1002", "PJSIP/1")) == "duty.phone_busy", "the wrap-up is part of the call"
    floor.floor.agents[AgentId("1001")].wrapup_since = 0
    assert floor.log_in("1002", "PJSIP/1", by_hand("1002")).verdict == "allow"
    floor.settle()
    assert floor.floor.owned.seats == {f"{NODE}/PJSIP/1": "1002"}
    assert set(floor.floor.owned.duty) == {"1002"}
    assert [each.fields["why"] for each in floor.facts(rulings.AgentOffDuty)] == ["moved"]
    assert [member.name for member in floor.pbx.queues["sales"].values()] == ["P1002"], "queue_log speaks of who sits there"


@pytest.mark.parametrize("state", [LegState.WAITING, LegState.DIALLING, LegState.NEW])
def test_the_call_to_the_login_code_does_not_make_the_phone_busy(state: LegState) -> None:
    floor = Staffed(plan("1001", "1002"))
    floor.log_in("1002", "PJSIP/1")
    floor.settle().after(*talks("1")[:1], Telling(facts.LegBegan, {"call": "c1", "leg": "l", "device": "PJSIP/1", "state": state}))
    assert floor.log_in("1001", "PJSIP/1", by_hand("1001")).verdict == "allow"


def test_a_page_takes_no_phone_away_from_who_is_logged_in_there() -> None:
    floor = Staffed(plan("1001", "1002"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle()
    assert said(floor.log_in("1002", "PJSIP/1", Actor("user:p", "agent", AgentId("1002"), "page"))) == "duty.phone_taken"
    assert set(floor.floor.owned.duty) == {"1001"}
    assert floor.log_in("1002", "PJSIP/1", by_hand("1002")).verdict == "allow", "who dials the code sits there"


def test_a_break_goes_with_who_moves_and_ends_with_who_logs_out_but_the_ledger_stays() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle()
    floor.after(Telling(rulings.BreakBegan, {"agent": "1001", "kind": "short", "until": floor.now + 600 * SECOND}, node=""))
    floor.settle()
    floor.log_in("1001", "PJSIP/2")
    floor.settle()
    assert floor.paused("PJSIP/2") == "short"
    assert ("sales", "PJSIP/2") not in floor.pbx.rang, "added paused: no call rings in between"
    floor.after(60)
    floor.log_out("1001")
    floor.settle()
    assert floor.members() == []
    assert floor.floor.owned.leases == {}
    floor.log_in("1001", "PJSIP/1")
    floor.settle()
    assert [taken.why for taken in floor.floor.owned.ledgers["1001"].taken] == ["logout"]
    assert floor.paused("PJSIP/1") == ""


# ------------------------------------------------------------------ logging out


def test_logging_out_takes_out_of_the_queues_before_it_is_said() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle()
    floor.deaf = True
    assert floor.log_out("1001").verdict == "allow"
    floor.look()
    assert floor.floor.owned.duty["1001"].leaving == "1001"
    assert floor.facts(rulings.AgentOffDuty) == [], "the PBX has not let go yet"
    floor.deaf = False
    floor.later(30)
    assert floor.members() == []
    assert [each.fields["why"] for each in floor.facts(rulings.AgentOffDuty)] == ["asked"]


def test_it_waits_for_the_call_in_hand_and_no_next_one_rings() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle().after(*talks("1"))
    decision = floor.log_out("1001")
    assert decision.verdict == "allow"
    assert "duty.after_call" in [each.rule for each in decision.findings]
    floor.later(5)
    assert floor.members() == ["PJSIP/1"], "the call is not taken away from its member"
    assert floor.paused("PJSIP/1") == membership.LEAVING
    assert "1001" in floor.floor.owned.duty
    floor.after(*hangs_up("1"))
    floor.settle()
    assert "1001" not in floor.floor.owned.duty
    assert floor.members() == []
    assert floor.floor.agents["1001"].state == "logged_out"
    assert floor.facts(rulings.PauseUnauthorised) == []


def test_a_break_lasts_as_long_as_the_call_that_was_taken_in_it() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle().after(Telling(rulings.BreakBegan, {"agent": "1001", "kind": "meal"}, node=""), *talks("1"))
    floor.log_out("1001")
    floor.later(3)
    assert "1001" in floor.floor.owned.leases
    floor.after(*hangs_up("1"))
    assert floor.settle().floor.owned.leases == {}


def test_who_is_in_no_queue_of_ours_waits_for_the_call_too() -> None:
    floor = Staffed(plan("1001", skills=()))
    floor.log_in("1001", "PJSIP/1")
    floor.settle().after(*talks("1"))
    floor.log_out("1001")
    assert set(floor.later(3).floor.owned.duty) == {"1001"}
    floor.after(*hangs_up("1"))
    assert floor.settle().floor.owned.duty == {}


def test_it_waits_for_the_wrap_up_too() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle()
    floor.after(configured(queues={"sales": facts.QueueRules(wrapup_s=20)}))
    floor.after(*talks("1"), joined("x"), connected("x", "1"), 60)
    floor.log_out("1001")
    floor.settle().after(completed("x", "1"), *hangs_up("1"))
    floor.later(3)
    assert "1001" in floor.floor.owned.duty
    assert floor.paused("PJSIP/1") == membership.LEAVING
    assert floor.floor.agents["1001"].state == "wrapup", "the pause hides it from nobody"
    floor.after(20, wrapup_ended("1001", floor.floor.agents[AgentId("1001")].wrapup_since))
    assert floor.settle().floor.owned.duty == {}


def test_a_log_in_takes_a_log_out_under_way_back() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle().after(*talks("1"))
    floor.log_out("1001")
    floor.settle()
    assert floor.log_in("1001", "PJSIP/1").verdict == "allow"
    floor.settle().after(*hangs_up("1"))
    floor.settle()
    assert floor.paused("PJSIP/1") == "", "the pause that kept calls away is lifted"
    assert floor.floor.agents["1001"].state == "ready"


def test_what_waits_of_breaks_is_dropped_with_the_log_out() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    floor.settle().after(*talks("1"), Telling(rulings.BreakQueued, {"agent": "1001", "kind": "short"}, node=""))
    floor.log_out("1001")
    assert floor.floor.owned.waiting == {}
    assert [each.fields["why"] for each in floor.facts(rulings.BreakDropped)] == ["logout"]


def test_who_is_not_on_duty_has_nothing_to_log_out_of() -> None:
    assert said(Staffed(plan("1001")).log_out("1001")) == "duty.not_on_duty"


def test_who_stays_long_after_the_shift_is_logged_out_but_not_out_of_a_call_and_not_who_was_let_in() -> None:
    floor = Staffed(plan("1001", "1002", shifts=shifts(480, 600, late_s=1800)))  # 08:00 to 10:00
    for number in ("1001", "1002"):
        floor.log_in(number, f"PJSIP/{number}")
    floor.settle().after(*talks("1001"))
    floor.request(LogInAllow(AgentId("1002"), "overtime"), BOSS)
    floor.story.now = START + (HOUR + 1799) * SECOND
    assert set(floor.settle().floor.owned.duty) == {"1001", "1002"}
    floor.story.now = START + (HOUR + 1801) * SECOND
    assert set(floor.settle().floor.owned.duty) == {"1001", "1002"}
    floor.after(*hangs_up("1001"))
    assert set(floor.settle().floor.owned.duty) == {"1002"}
    assert [each.fields["why"] for each in floor.facts(rulings.AgentOffDuty)] == ["shift"]


def test_a_static_member_who_logs_out_sits_where_the_pbx_still_rings() -> None:
    floor = Staffed(Plan(people=(Person(id=AgentId("1001"), phone=Device("PJSIP/1001")),))).static("1001")
    floor.log_in("1001", "PJSIP/1001")
    floor.settle()
    floor.log_out("1001")
    floor.settle()
    assert "1001" not in floor.floor.owned.duty
    assert floor.members() == ["PJSIP/1001"]
    assert floor.floor.agents["1001"].state == "ready", "a number on the wall is right: Asterisk rings this phone"


def short(agent: str, floor: Staffed) -> Telling:
    return Telling(rulings.BreakBegan, {"agent": agent, "kind": "short", "until": floor.now + 600 * SECOND}, node="")


def test_a_pause_of_ours_is_lifted_where_the_phone_stays_in_a_queue_that_is_not_ours() -> None:
    """Asterisk rings that phone whoever is logged in here; what was ours about it ends with the log-out."""
    floor = Staffed(plan("1001")).static("1", "vip")
    floor.log_in("1001", "PJSIP/1")
    floor.settle().after(short("1001", floor))
    assert floor.settle().paused("PJSIP/1", "vip") == "short"
    floor.log_out("1001")
    assert floor.settle().paused("PJSIP/1", "vip") == ""
    assert floor.floor.owned.releasing == {}


def test_who_sits_down_at_a_phone_that_somebody_left_on_a_break_is_ready_and_not_a_stray() -> None:
    breaks = BreakRules(kinds={"short": KindRules()})
    floor = Staffed(plan("1001", "1002", breaks=breaks)).static("1", "vip")
    floor.log_in("1001", "PJSIP/1")
    floor.settle().after(short("1001", floor))
    floor.settle().log_in("1002", "PJSIP/1", by_hand("1002"))
    floor.settle()
    assert (floor.paused("PJSIP/1"), floor.paused("PJSIP/1", "vip")) == ("", "")
    assert floor.floor.owned.strays == {}


def test_who_goes_home_from_a_break_by_the_pbxs_own_log_out_holds_no_place_for_ever() -> None:
    floor = Staffed(plan("1002")).static("1001")
    floor.after(short("1001", floor), removed("1001"))
    floor.later(1790, every=60)
    assert "1001" in floor.floor.owned.leases, "an upgrade of the PBX takes less: they are to be paused after it"
    floor.later(120, every=60)
    assert floor.floor.owned.leases == {}
    [taken] = floor.floor.owned.ledgers["1001"].taken
    assert taken.why == "logout"


def test_a_phone_that_the_pbx_puts_back_into_a_queue_has_somebody_on_the_wall_again() -> None:
    floor = Staffed(plan("E17"))
    floor.log_in("E17", "PJSIP/1")
    floor.settle()
    floor.log_out("E17")
    assert floor.settle().floor.phones[f"{NODE}/PJSIP/1"].agent is None
    floor.after(tuple(floor.pbx.put("sales", "PJSIP/1", ToyMember("PJSIP/1", "1"))))
    assert floor.floor.phones[f"{NODE}/PJSIP/1"].agent == "1", "by a feature code: it rings there, so it is shown"


def test_an_adapter_unseats_whose_desk_it_is_but_nobody_who_logged_in_there() -> None:
    people = (Person(id=AgentId("E17"), phone=Device("PJSIP/1")), Person(id=AgentId("E18")))
    gone = Telling(facts.AgentUnseated, {"agent": "1", "device": "PJSIP/1"})
    floor = Staffed(Plan(people=people)).static("1")
    assert floor.floor.phones[f"{NODE}/PJSIP/1"].agent == "E17"
    assert floor.after(gone).floor.phones[f"{NODE}/PJSIP/1"].agent is None
    floor.log_in("E18", "PJSIP/1")
    assert floor.after(gone).floor.phones[f"{NODE}/PJSIP/1"].agent == "E18"


# ------------------------------------------------------------------ being there


def test_every_act_of_ones_own_shows_presence_and_not_more_than_four_times_a_minute() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1")
    assert floor.floor.owned.present == {"1001": START}
    for _ in range(29):
        floor.after(1)
        assert floor.request(Here(AgentId("1001"))).verdict == "allow"
    assert len(floor.facts(rulings.AgentPresent)) == 2
    assert said(floor.request(Here(AgentId("1001")), BOSS)) == "duty.here_yourself"
    assert floor.floor.owned.present == {"1001": START + 15 * SECOND}


def test_a_supervisors_act_shows_nobody_to_be_there() -> None:
    floor = Staffed(plan("1001"))
    floor.log_in("1001", "PJSIP/1", BOSS)
    assert floor.floor.owned.present == {}


# ------------------------------------------------------------------ words


def codes(*modules: object) -> set[str]:
    """Of all findings that these files make, and of all reasons that they give for orders."""
    found = set()
    for module in modules:
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))  # type: ignore[attr-defined]
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.startswith(("duty.", "membership.", "meeting."))
            ):
                found.add(node.value)
    return found


def test_every_code_has_words_in_both_languages_that_ask_for_the_same() -> None:
    for code in codes(duty, login, membership, meetings):
        english, chinese = sentences.WORDS[code]
        asked = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)]
        assert asked[0] == asked[1], code


def test_no_refusal_is_said_as_its_code() -> None:
    floor = Staffed(plan("1001", shifts=shifts(660, 1080)))
    for decision in (floor.log_in("1001", ""), floor.log_in("1001", "x y"), floor.log_in("9", "PJSIP/1", BOSS), floor.log_out("1001")):
        for finding in decision.findings:
            for language in sentences.LANGUAGES:
                assert sentences.sentence(finding, language) != finding.rule
