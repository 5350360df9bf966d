"""Meetings: when they begin and end, who is in them and when, what cover stays, and who came."""

from __future__ import annotations

import random
from datetime import date

import pytest

from realtime import rulings
from realtime.decision import Decision
from realtime.floor import Floor
from realtime.owned import MeetingNow
from realtime.plan.agenda import of_day
from realtime.plan.model import Meeting, Pattern, ShiftRules, Span, Team
from realtime.requests import Actor, MeetingStart, MeetingStop
from realtime.rules.cover import staying
from realtime.rules.meetings import attendance, coming
from realtime.words import SECOND, AgentId, Micros
from tests.realtime.rules.staffed import BOSS, Staffed, hangs_up, plan, talks
from tests.realtime.story import MINUTE, START, Telling, day_began

AT_TEN = Meeting(id="stand_up", name="Stand-up", name_zh="站会", teams=("a",), at_min=600, minutes=15)
TEN = START + 3600 * SECOND
TEAM = ("1001", "1002", "1003", "1004")
LEADER = Actor("wang", "leader", AgentId("1001"), "page")


def at_work(*people: str, meetings: tuple[Meeting, ...] = (AT_TEN,), **more: object) -> Staffed:
    floor = Staffed(plan(*people, meetings=meetings, **more))  # type: ignore[arg-type]
    for number in (each.partition(":")[0] for each in people):
        floor.log_in(number, f"PJSIP/{number}")
    return floor.settle()


def at(floor: Staffed, when: Micros) -> Staffed:
    floor.story.now = when
    return floor.settle()


def inside(floor: Staffed) -> list[str]:
    return sorted(agent for agent, lease in floor.floor.owned.leases.items() if lease.why.startswith("meeting:"))


def the_one(floor: Floor) -> MeetingNow:
    return next(iter({**floor.owned.met, **floor.owned.meetings}.values()))


def said(decision: Decision) -> str:
    return decision.reason.rule if decision.reason is not None else ""


# ------------------------------------------------------------------ what the plan gives


def days(*meetings: Meeting, people: tuple[str, ...] = TEAM, shifts: ShiftRules | None = None) -> list[tuple[str, int, tuple[str, ...]]]:
    """(id, minutes after midnight, who), of the story's day."""
    by = plan(*people, meetings=meetings, shifts=shifts or ShiftRules())
    midnight = START - 9 * 3600 * SECOND
    return [(each.id, (each.begins - midnight) // MINUTE, each.expected) for each in of_day(by, date(2026, 11, 24), "UTC")]


def test_a_meeting_of_weekdays_is_held_on_a_made_up_saturday_too() -> None:
    rule = Meeting(id="m", teams=("a",), at_min=500, days=(0, 1, 2, 3, 4))
    saturday = date(2026, 11, 28)
    assert of_day(plan(*TEAM, meetings=(rule,)), saturday, "UTC") == []
    assert len(of_day(plan(*TEAM, meetings=(rule,), shifts=ShiftRules(workdays=("2026-11-28",))), saturday, "UTC")) == 1


def test_groups_go_one_after_the_other_and_everybody_is_in_exactly_one() -> None:
    found = days(Meeting(id="m", teams=("a",), at_min=600, minutes=10, groups=3))
    assert [(name, begins) for name, begins, _ in found] == [("m.2026-11-24.1", 600), ("m.2026-11-24.2", 610), ("m.2026-11-24.3", 620)]
    assert sorted(agent for _, _, who in found for agent in who) == list(TEAM)
    fewer = days(Meeting(id="m", teams=("a",), at_min=600, minutes=10, groups=3), people=TEAM[:2])
    assert [who for _, _, who in fewer] == [("1001",), ("1002",)], "a group without people does not meet"


def test_before_and_after_the_shift_go_by_each_team_and_only_who_works_today_is_expected() -> None:
    shifts = ShiftRules(
        patterns=(
            Pattern(id="early", teams=("a",), begins_min=540, ends_min=1020),
            Pattern(id="late", teams=("b",), begins_min=780, ends_min=1260),
        ),
        spans=(Span(AgentId("1002"), 1795478400, 1795478400),),  # off today
    )
    people = ("1001:a", "1002:a", "1003:b")
    before = Meeting(id="morning", teams=("a", "b"), before_shift_min=15, minutes=15)
    after = Meeting(id="evening", teams=("a",), after_shift_min=0, minutes=10)
    assert days(before, after, people=people, shifts=shifts) == [
        ("morning.2026-11-24.a", 525, ("1001",)),
        ("morning.2026-11-24.b", 765, ("1003",)),
        ("evening.2026-11-24.a", 1020, ("1001",)),
    ]


def test_a_meeting_of_another_weekday_is_not_given() -> None:
    assert days(Meeting(id="m", teams=("a",), at_min=600, days=(0, 2))) == []


# ------------------------------------------------------------------ its time


def test_it_begins_at_its_time_pauses_the_team_and_releases_it_at_its_end() -> None:
    floor = at_work(*TEAM[:2], "1003:b")
    assert at(floor, TEN - SECOND).floor.owned.meetings == {}
    at(floor, TEN + SECOND // 2)
    began = floor.facts(rulings.MeetingBegan)
    assert [each.at for each in began] == [TEN], "stamped with its time, not with the look"
    assert inside(floor) == ["1001", "1002"]
    assert [floor.paused(f"PJSIP/{number}") for number in TEAM[:3]] == ["meeting", "meeting", ""]
    assert floor.floor.agents["1001"].state == "meeting"
    at(floor, TEN + 15 * MINUTE)
    assert inside(floor) == []
    assert [floor.paused(f"PJSIP/{number}") for number in TEAM[:3]] == ["", "", ""]
    assert floor.floor.agents["1001"].state == "ready"
    assert floor.facts(rulings.PauseUnauthorised) == []


def test_one_that_is_over_or_of_another_business_day_is_not_begun() -> None:
    late = at_work(*TEAM)
    assert at(late, TEN + 15 * MINUTE).facts(rulings.MeetingBegan) == []
    turned = at_work(*TEAM)
    turned.story.now = TEN + 5 * MINUTE
    turned.after(day_began("2026-11-25"))
    assert turned.settle().facts(rulings.MeetingBegan) == []
    noticed = at_work(*TEAM)
    assert len(at(noticed, TEN + 14 * MINUTE).facts(rulings.MeetingBegan)) == 1


def test_it_counts_in_no_quota_and_no_ledger_of_fairness() -> None:
    floor = at_work("1001")
    at(floor, TEN)
    at(floor, TEN + 15 * MINUTE)
    ledger = floor.floor.owned.ledgers["1001"]
    assert (ledger.asked, ledger.granted, ledger.overruled) == (0, 0, 0)


# ------------------------------------------------------------------ who joins, and when


def test_who_is_on_a_call_joins_after_it_and_no_next_call_rings_before() -> None:
    floor = at_work(*TEAM[:2]).after(*talks("1001"))
    at(floor, TEN)
    assert inside(floor) == ["1002"]
    assert floor.paused("PJSIP/1001") == "meeting"
    assert floor.floor.agents["1001"].state == "talking"
    assert attendance(floor.floor, the_one(floor.floor)).excused == {"1001": "call"}
    floor.story.now = TEN + 5 * MINUTE
    floor.after(*hangs_up("1001")).floor.agents[AgentId("1001")].wrapup_since = floor.now
    assert inside(floor.settle()) == ["1002"], "the wrap-up is part of the call"
    floor.floor.agents[AgentId("1001")].wrapup_since = 0
    assert inside(floor.settle()) == ["1001", "1002"]
    assert attendance(floor.floor, the_one(floor.floor)).late == {}, "who comes from a call is not late"


def test_a_call_that_outlasts_it_is_excused_and_the_pause_lifted() -> None:
    floor = at_work("1001", "1002").after(*talks("1001"))
    at(floor, TEN)
    at(floor, TEN + 15 * MINUTE)
    assert floor.floor.owned.grants == {}
    assert floor.paused("PJSIP/1001") == ""
    assert attendance(floor.floor, the_one(floor.floor)).excused == {"1001": "call"}


def test_who_is_on_a_break_joins_when_it_ends_and_who_logs_in_late_is_late() -> None:
    floor = at_work("1001", "1002", "1003")
    floor.log_out("1003")
    floor.settle().after(Telling(rulings.BreakBegan, {"agent": "1001", "kind": "comfort"}, node=""))
    at(floor, TEN)
    assert inside(floor) == ["1002"]
    now = attendance(floor.floor, the_one(floor.floor))
    assert (now.excused, now.missing) == ({"1001": "break"}, ("1003",))
    floor.story.now = TEN + 4 * MINUTE
    floor.after(Telling(rulings.BreakEnded, {"agent": "1001", "kind": "comfort", "why": "returned"}, node=""))
    floor.log_in("1003", "PJSIP/1003")
    assert inside(floor.settle()) == ["1001", "1002", "1003"]
    assert "1003" in attendance(floor.floor, the_one(floor.floor)).late


def test_a_break_that_is_held_is_not_taken_away() -> None:
    floor = at_work("1001").after(Telling(rulings.BreakGranted, {"agent": "1001", "kind": "short", "expires": TEN + 60 * SECOND}, node=""))
    at(floor, TEN)
    assert inside(floor) == []
    floor.after(Telling(rulings.BreakDropped, {"agent": "1001", "kind": "short", "why": "withdrawn"}, node=""))
    assert inside(floor.settle()) == ["1001"]


def test_logging_out_and_in_is_no_way_out_but_a_supervisors_word_is() -> None:
    floor = at_work("1001", "1002")
    at(floor, TEN)
    floor.log_out("1001")
    floor.settle()
    floor.log_in("1001", "PJSIP/1001")
    assert inside(floor.settle()) == ["1001", "1002"]
    floor.after(1, Telling(rulings.BreakEnded, {"agent": "1002", "kind": "meeting", "why": "forced", "by": "li"}, node=""))
    assert inside(floor.settle()) == ["1001"]
    assert floor.paused("PJSIP/1002") == ""


def test_cover_stays_and_who_is_held_back_joins_when_it_allows() -> None:
    meeting = Meeting(id="m", teams=("a",), at_min=600, minutes=30, least=2)
    floor = at_work(*TEAM, meetings=(meeting,))
    at(floor, TEN)
    assert inside(floor) == ["1001", "1002"]
    assert attendance(floor.floor, the_one(floor.floor)).excused == {"1003": "cover", "1004": "cover"}
    floor.adopt(plan(*TEAM, "1005:b", "1006:b", meetings=(meeting,)))
    for number in ("1005", "1006"):
        floor.log_in(number, f"PJSIP/{number}")
    assert inside(floor.settle()) == list(TEAM)
    at(floor, TEN + 30 * MINUTE)
    assert attendance(floor.floor, the_one(floor.floor)).missing == ()


def test_who_is_about_to_come_counts_as_gone_though_the_pbx_is_slow() -> None:
    floor = at_work(*TEAM[:3], meetings=(Meeting(id="m", teams=("a",), at_min=600, minutes=30, least=2),)).after(*talks("1001"))
    floor.deaf = True
    at(floor, TEN).later(3)
    assert list(floor.floor.owned.grants) == ["1001"]
    assert inside(floor) == []


# ------------------------------------------------------------------ by hand


def test_a_supervisor_calls_everybody_together_and_lets_them_go_again() -> None:
    floor = at_work(*TEAM[:2], "1003:b", meetings=())
    assert floor.request(MeetingStart(name="Fire drill", minutes=10), BOSS).verdict == "allow"
    assert inside(floor.settle()) == ["1001", "1002", "1003"]
    name = the_one(floor.floor).id
    assert floor.request(MeetingStop(name), BOSS).verdict == "allow"
    assert inside(floor.settle()) == []
    assert [floor.paused(f"PJSIP/{number}") for number in TEAM[:3]] == ["", "", ""]
    assert floor.floor.owned.met[name].left.keys() == {"1001", "1002", "1003"}
    assert said(floor.request(MeetingStop(name), BOSS)) == "meeting.not_on"


@pytest.mark.parametrize("on_call", [False, True])
def test_who_is_wanted_in_two_meetings_goes_from_one_to_the_other(on_call: bool) -> None:
    floor = at_work("1001", meetings=()).after(*(talks("1001") if on_call else ()))
    for name in ("one", "two"):
        assert floor.request(MeetingStart(name=name), BOSS).verdict == "allow"
    floor.settle().after(*(hangs_up("1001") if on_call else ()))
    floor.settle()
    assert len(floor.facts(rulings.BreakBegan)) == 1
    one, two = floor.floor.owned.meetings.values()
    assert (list(one.joined), list(two.joined)) == (["1001"], [])
    floor.request(MeetingStop(one.id), BOSS)
    floor.settle()
    assert (list(two.joined), inside(floor)) == (["1001"], ["1001"])


def test_a_leader_reaches_the_own_team_alone() -> None:
    teams = (Team(id="a", leaders=(AgentId("1001"),)), Team(id="b"))
    floor = at_work(*TEAM[:2], "1003:b", meetings=(Meeting(id="b_talk", teams=("b",), at_min=600),), teams=teams)
    assert said(floor.request(MeetingStart(teams=("b",)), LEADER)) == "reach.other_team"
    assert said(floor.request(MeetingStart(meeting="b_talk"), LEADER)) == "meeting.none_left"
    assert floor.request(MeetingStart(), LEADER).verdict == "allow"
    assert inside(floor.settle()) == ["1001", "1002"]
    at(floor, TEN)
    assert said(floor.request(MeetingStop("b_talk.2026-11-24"), LEADER)) == "reach.other_team"
    assert said(floor.request(MeetingStart(), Actor("1002", "agent", AgentId("1002"), "page"))) == "reach.other_team"


def test_one_of_the_plan_that_is_begun_early_does_not_begin_again() -> None:
    floor = at_work(*TEAM[:2])
    assert floor.request(MeetingStart(meeting="stand_up"), BOSS).verdict == "allow"
    assert the_one(floor.floor).until == START + floor.now - START + 15 * MINUTE
    floor.later(16 * 60, every=30)
    at(floor, TEN)
    assert len(floor.facts(rulings.MeetingBegan)) == 1
    assert said(floor.request(MeetingStart(meeting="stand_up"), BOSS)) == "meeting.none_left"
    assert said(floor.request(MeetingStart(meeting="sit_down"), BOSS)) == "meeting.not_planned"


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        (MeetingStart(teams=("z",)), "meeting.no_team"),
        (MeetingStart(kind="party"), "meeting.kind"),
        (MeetingStart(minutes=0), "meeting.length"),
        (MeetingStart(minutes=241), "meeting.length"),
        (MeetingStart(teams=("b",)), "meeting.nobody"),
    ],
)
def test_what_makes_no_sense_is_refused(wish: MeetingStart, rule: str) -> None:
    floor = at_work(*TEAM[:2], meetings=())
    assert said(floor.request(wish, BOSS)) == rule
    assert floor.facts(rulings.MeetingBegan) == []


def test_what_is_coming_is_shown_until_it_is_on() -> None:
    floor = at_work("1001")
    assert [each.id for each in coming(floor.floor, TEN - 30 * MINUTE, 3600 * SECOND)] == ["stand_up.2026-11-24"]
    assert coming(floor.floor, TEN - 61 * MINUTE, 3600 * SECOND) == []
    at(floor, TEN)
    assert coming(floor.floor, TEN - 1, 3600 * SECOND) == []


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("seed", range(40))
def test_no_meeting_takes_a_queue_under_its_least_and_everybody_is_accounted_for(seed: int) -> None:
    chance = random.Random(seed)
    least = chance.randint(1, 3)
    people = [f"{number}" for number in range(1001, 1009)]
    rules = (
        Meeting(id="m", teams=("a",), at_min=600, minutes=10, least=least, groups=chance.randint(1, 2)),
        Meeting(id="n", teams=("a",), at_min=605, minutes=10, least=least, kind="training"),
    )
    skills = chance.choice((("sell",), ("sell", "aid")))
    floor = Staffed(plan(*people, meetings=rules, skills=skills))
    for number in people[: chance.randint(2, 8)]:
        floor.log_in(number, f"PJSIP/{number}")
    at(floor, TEN - 20 * SECOND)
    calls: dict[str, str] = {}
    while floor.now < TEN + 25 * MINUTE:
        number = chance.choice(people)
        if number in floor.floor.owned.duty and chance.random() < 0.5:
            on_call = bool(floor.floor.phones[f"pbx/PJSIP/{number}"].legs)
            floor.after(*(hangs_up(number, calls[number]) if on_call else talks(number, calls.setdefault(number, f"{floor.now}-"))))
            if on_call:
                del calls[number]
        before = {queue: len(staying(floor.floor, queue)) for queue in floor.floor.queues}
        floor.look()
        for queue, staff in before.items():
            left = len(staying(floor.floor, queue))
            assert left >= min(staff, least), (queue, staff, left)
        for meeting in floor.floor.owned.meetings.values():
            came = attendance(floor.floor, meeting)
            assert sorted([*came.joined, *came.excused, *came.missing]) == sorted(meeting.expected)
            assert all(agent not in floor.floor.owned.duty for agent in came.missing)
        floor.story.now += chance.choice((1, 7, 20)) * SECOND
    floor.settle()
    assert inside(floor) == []
    assert floor.floor.owned.grants == {}
    for number in people:
        if number in floor.floor.owned.duty:
            assert floor.paused(f"PJSIP/{number}") == ""
