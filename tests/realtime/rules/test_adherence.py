"""Adherence and conformance: what is right, wrong and excused, at the edges, over calls, and as laws of any schedule and any turns."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from realtime import rulings, sentences
from realtime.decision import Finding
from realtime.facts import SyncBegan, SyncEnded
from realtime.floor import Turn
from realtime.plan.model import Meeting, Pattern, ShiftRules
from realtime.rules.adherence import ALLOWED, Activity, Adherence, adherence, disjoint, live, of_day, schedule_of, seen, within
from realtime.words import SECOND, AgentId, AgentState, Micros, Node
from tests.realtime.rules.staffed import Staffed, plan, talks
from tests.realtime.story import NODE, START, Telling, heard, linked, lost, sync_began, sync_ended

MINUTE: Micros = 60 * SECOND
TOLERANCE = 2 * MINUTE
READY, TALKING, BREAK, OUT = AgentState.READY, AgentState.TALKING, AgentState.ON_BREAK, AgentState.LOGGED_OUT


def lived(*stretches: tuple[AgentState, int]) -> list[Turn]:
    """(state, minutes), one after the other from 09:00 on."""
    at, turns = START, []
    for state, minutes in stretches:
        turns.append(Turn(agent=AgentId("1001"), state=state, reason="", since=at, until=at + minutes * MINUTE))
        at += minutes * MINUTE
    return turns


def day(*activities: tuple[str, int, int]) -> list[Activity]:
    """(kind, from, to), in minutes after 09:00."""
    return [Activity(kind, START + begins * MINUTE, START + ends * MINUTE) for kind, begins, ends in activities]


def merged(said: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    found: list[tuple[int, int, str, str]] = []
    for each in said:
        if found and found[-1][1] == each[0] and found[-1][2:] == each[2:]:
            found[-1] = (found[-1][0], *each[1:])
        else:
            found.append(each)
    return found


def judged(schedule: list[Activity], turns: list[Turn], now: int = 600) -> tuple[Adherence, list[tuple[int, int, str, str]]]:
    """And the segments in minutes, whatever the state and the activity."""
    found = adherence(schedule, turns, START + now * MINUTE, TOLERANCE)
    said = [((each.begins - START) // MINUTE, (each.ends - START) // MINUTE, each.judged, each.reason) for each in found.segments]
    return found, merged(said)


def test_who_does_what_was_scheduled_adheres_and_conforms() -> None:
    found, said = judged(day(("work", 0, 60), ("break", 30, 45)), lived((READY, 20), (TALKING, 10), (BREAK, 15), (READY, 15)))
    assert (found.percent, found.conformance) == (1.0, 1.0)
    assert {each[2] for each in said} == {"right"}


def test_a_break_at_the_wrong_time_conforms_and_does_not_adhere() -> None:
    found, _ = judged(day(("work", 0, 60), ("break", 40, 50)), lived((READY, 10), (BREAK, 10), (READY, 40)))
    assert found.conformance == 1.0
    assert found.percent == pytest.approx((60 - 10 - (10 - 4)) / 60), (
        "ten minutes of break too early, and ten of work too late, less the edges"
    )


def test_a_call_into_a_break_is_excused_until_it_and_its_wrap_up_end() -> None:
    turns = lived((READY, 25), (TALKING, 10), (AgentState.WRAPUP, 2), (BREAK, 8), (READY, 15))
    found, said = judged(day(("work", 0, 60), ("break", 30, 45)), turns)
    assert said == [(0, 30, "right", ""), (30, 37, "excused", "call"), (37, 60, "right", "")]
    assert found.percent == 1.0


def test_a_call_that_begins_in_the_break_is_not_excused_by_itself() -> None:
    _, said = judged(day(("work", 0, 60), ("break", 30, 45)), lived((READY, 35), (TALKING, 10), (READY, 15)))
    assert (32, 43, "wrong", "away") in said


def test_a_call_past_the_end_of_the_shift_is_excused_and_counts_as_worked() -> None:
    found, said = judged(day(("work", 0, 30)), lived((READY, 25), (TALKING, 20)))
    assert said == [(0, 30, "right", ""), (30, 45, "excused", "call")]
    assert (found.percent, found.conformance) == (1.0, 1.5)


def test_the_edges_are_tolerated_but_not_more() -> None:
    late = lived((OUT, 5), (READY, 55))
    _, said = judged(day(("work", 0, 60)), late)
    assert said == [(0, 2, "right", "tolerance"), (2, 5, "wrong", "away"), (5, 60, "right", "")]
    back_late = lived((READY, 30), (BREAK, 18), (READY, 12))
    _, said = judged(day(("work", 0, 60), ("break", 30, 45)), back_late)
    assert said[-3:] == [(45, 47, "right", "tolerance"), (47, 48, "wrong", "away"), (48, 60, "right", "")]


def test_within_the_tolerance_only_what_is_right_beside_the_edge_is() -> None:
    _, said = judged(day(("work", 0, 60), ("break", 30, 45)), lived((READY, 29), (AgentState.NOT_READY, 3), (BREAK, 13), (READY, 15)))
    assert (29, 32, "wrong", "away") in said


def test_who_never_came_is_wrong_all_the_time_and_what_is_still_to_come_is_nothing() -> None:
    found, said = judged(day(("work", 0, 480)), [], now=60)
    assert found.conformance == 0.0
    assert found.percent == pytest.approx(2 / 60)
    assert said[-1][1] == 60
    assert judged(day(("work", 60, 120)), [], now=30)[0] == Adherence(None, None, ())


# ------------------------------------------------------------------ of a floor


def at_work(**more: Any) -> Staffed:
    shifts = ShiftRules(patterns=(Pattern(id="day", teams=("a",), begins_min=540, ends_min=1020),), tolerance_s=120)
    floor = Staffed(plan("1001", "1002", shifts=shifts, **more))
    for number in ("1001", "1002"):
        floor.log_in(number, f"PJSIP/{number}")
    return floor.settle()


def test_a_floors_schedule_is_shift_meetings_and_granted_breaks_without_what_overran() -> None:
    meeting = Meeting(id="m", teams=("a",), at_min=600, minutes=15, kind="training")
    floor = at_work(meetings=(meeting,)).after(
        Telling(rulings.BreakBegan, {"agent": "1001", "kind": "short", "until": START + 10 * MINUTE}, node=""),
        15 * 60,
        Telling(rulings.BreakEnded, {"agent": "1001", "kind": "short", "why": "returned"}, node=""),
    )
    began = floor.floor.owned.ledgers["1001"].taken[0].since
    assert schedule_of(floor.floor, AgentId("1001"), floor.now) == [
        Activity("work", START, START + 480 * MINUTE),
        Activity("training", START + 60 * MINUTE, START + 75 * MINUTE),
        Activity("break", began, START + 10 * MINUTE),
    ]


def test_live_says_what_is_right_now_and_why_not() -> None:
    floor = at_work().after(600)
    now = live(floor.floor, AgentId("1001"), floor.now)
    assert now is not None
    assert (now.activity, now.state, now.judged) == ("work", "ready", "right")
    floor.after(Telling(rulings.BreakBegan, {"agent": "1001", "kind": "short", "until": floor.now + 5 * MINUTE}, node=""))
    floor.settle().after(4 * 60)
    on_break = live(floor.floor, AgentId("1001"), floor.now)
    assert on_break is not None
    assert (on_break.activity, on_break.judged) == ("break", "right")
    floor.after(5 * 60)
    over = live(floor.floor, AgentId("1001"), floor.now)
    assert over is not None
    assert (over.activity, over.judged) == ("work", "wrong")


def test_who_is_held_back_for_cover_is_right_to_work() -> None:
    floor = at_work(meetings=(Meeting(id="m", teams=("a",), at_min=600, minutes=30, least=1),))
    floor.story.now = START + 60 * MINUTE
    floor.settle().after(10 * 60)
    states = {agent: live(floor.floor, AgentId(agent), floor.now) for agent in ("1001", "1002")}
    assert {agent: (each.activity, each.judged) for agent, each in states.items() if each} == {
        "1001": ("meeting", "right"),
        "1002": ("work", "right"),
    }


def test_of_a_day_takes_historys_turns_and_what_goes_on() -> None:
    floor = at_work().after(1800, *talks("1001"), 300)
    ended = floor.story.changes.ended
    assert ended is None
    known = floor.floor.agents["1001"]
    before = Turn(agent=AgentId("1001"), state=READY, reason="", since=START, until=known.turned)
    found = of_day(floor.floor, AgentId("1001"), [before], floor.now)
    assert found.percent == 1.0
    assert found.conformance == pytest.approx(1.0, abs=0.01)


def test_what_nobody_saw_is_neither_right_nor_wrong_nor_worked_nor_scheduled() -> None:
    """Two hours of a shift before Andon came, ten minutes in which the PBX was lost, and a turn that reaches over them."""
    turns = [Turn(agent=AgentId("1001"), state=READY, reason="", since=START + 120 * MINUTE, until=START + 180 * MINUTE)]
    unseen = [(START, START + 120 * MINUTE), (START + 150 * MINUTE, START + 160 * MINUTE)]
    schedule = day(("work", 0, 480), ("meeting", 30, 45))
    found = adherence(schedule, turns, START + 180 * MINUTE, TOLERANCE, unseen)
    assert (found.percent, found.conformance) == (1.0, 1.0)
    said = [((each.begins - START) // MINUTE, (each.ends - START) // MINUTE, each.judged, each.reason) for each in found.segments]
    assert merged(said) == [
        (0, 120, "unseen", "unseen"),
        (120, 150, "right", ""),
        (150, 160, "unseen", "unseen"),
        (160, 180, "right", ""),
    ]
    nothing = adherence(schedule, turns, START + 100 * MINUTE, TOLERANCE, unseen)
    assert (nothing.percent, nothing.conformance) == (None, None)


GAPS = some.lists(some.tuples(some.integers(0, 250), some.integers(0, 90)), max_size=6)


@given(GAPS, some.integers(0, 200), some.integers(0, 100))
def test_what_is_seen_of_a_stretch_is_what_no_gap_covers(gaps: list[tuple[int, int]], begins: int, length: int) -> None:
    hidden = disjoint((each, each + lasts) for each, lasts in gaps)
    outside = [at for at in range(begins, begins + length) if not any(each <= at < each + lasts for each, lasts in gaps)]
    assert seen(hidden, begins, begins + length) == len(outside)
    assert [at for at in range(begins, begins + length) if not within(hidden, at)] == outside


def test_gaps_are_read_from_the_facts_of_the_syncs_of_the_agents_pbx() -> None:
    floor = at_work().after(3600)
    whole = of_day(floor.floor, AgentId("1001"), [], floor.now)
    assert {each.judged for each in whole.segments} == {"right"}

    def sync(kind: type[SyncBegan | SyncEnded], minutes: int, node: str = NODE, **more: Any) -> SyncBegan | SyncEnded:
        return kind(node=Node(node), session="s", seq=1, at=START + minutes * MINUTE, seen=START + minutes * MINUTE, **more)

    facts = [
        sync(SyncBegan, 20, gap_from=START),
        sync(SyncBegan, 30, gap_from=START + 10 * MINUTE),  # the one before did not end
        sync(SyncEnded, 40),
        sync(SyncBegan, 45, cause="drift"),  # a look has no gap
        sync(SyncEnded, 46),
        sync(SyncBegan, 50, "other", gap_from=START),
        sync(SyncEnded, 51, "other"),
    ]
    found = of_day(floor.floor, AgentId("1001"), [], floor.now, facts)
    assert [(each.begins, each.ends) for each in found.segments if each.judged == "unseen"] == [(START, START + 40 * MINUTE)]


def test_while_the_pbx_is_lost_nobody_is_judged_and_afterwards_only_from_then_on() -> None:
    floor = at_work().after(3600, heard(), 5, lost(), 600)
    cut = floor.floor.nodes[NODE].heard
    for agent in ("1001", "1002"):
        now = live(floor.floor, AgentId(agent), floor.now)
        assert now is not None
        assert (now.begins, now.judged, now.reason) == (cut, "unseen", "unseen")
    assert of_day(floor.floor, AgentId("1001"), [], floor.now).segments[-1].judged == "unseen"
    floor.after(linked(), sync_began(), sync_ended(), 300)
    now = live(floor.floor, AgentId("1001"), floor.now)
    assert now is not None
    assert (now.begins, now.judged) == (floor.floor.nodes[NODE].since, "wrong"), "the snapshot does not know the agent any more"


def test_reasons_have_words() -> None:
    for reason, values in (
        ("unseen", {}),
        ("call", {}),
        ("tolerance", {"seconds": 120}),
        ("away", {"state": "ready", "activity": "break"}),
    ):
        finding = Finding(f"adherence.{reason}", values=dict(values))
        assert all(sentences.sentence(finding, language) != finding.rule for language in sentences.LANGUAGES)


# ------------------------------------------------------------------ laws

STRETCHES = some.lists(some.tuples(some.sampled_from(list(AgentState)), some.integers(1, 40)), max_size=12)
PLANNED = some.lists(some.tuples(some.sampled_from(sorted(ALLOWED)), some.integers(0, 200), some.integers(0, 90)), max_size=6)


@given(STRETCHES, PLANNED, some.integers(0, 300), some.integers(0, 300))
def test_segments_cover_what_was_scheduled_once_and_shares_are_shares(
    stretches: list[tuple[AgentState, int]], planned: list[tuple[str, int, int]], now: int, seconds: int
) -> None:
    schedule = day(*((kind, begins, begins + length) for kind, begins, length in planned))
    found = adherence(schedule, lived(*stretches), START + now * MINUTE, seconds * SECOND)
    last = 0
    for each in found.segments:
        assert last <= each.begins < each.ends <= START + now * MINUTE
        last = each.ends
        assert each.activity or each.judged == "excused"
        assert each.judged != "right" or each.reason or each.state in ALLOWED[each.activity]
    scheduled = {
        minute for each in schedule for minute in range((each.begins - START) // MINUTE, (each.ends - START) // MINUTE) if minute < now
    }
    covered = sum(each.ends - each.begins for each in found.segments if each.activity)
    assert covered == len(scheduled) * MINUTE
    assert found.percent is None or 0.0 <= found.percent <= 1.0
    assert found.conformance is None or found.conformance >= 0.0


@given(STRETCHES, PLANNED)
def test_more_tolerance_never_makes_it_worse(stretches: list[tuple[AgentState, int]], planned: list[tuple[str, int, int]]) -> None:
    schedule = day(*((kind, begins, begins + length) for kind, begins, length in planned))
    found = [adherence(schedule, lived(*stretches), START + 300 * MINUTE, by * MINUTE).segments for by in (0, 1, 2, 5, 30)]
    wrong = [sum(each.ends - each.begins for each in segments if each.judged == "wrong") for segments in found]
    assert wrong == sorted(wrong, reverse=True)
