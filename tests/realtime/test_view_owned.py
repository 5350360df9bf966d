"""What Andon owns as rows: an agent's break in each phase, who may read what of it, and what a board of some queues is told."""

from __future__ import annotations

from typing import Any

import pytest

from realtime import view
from realtime.changes import Changes
from realtime.decision import Finding
from realtime.floor import Floor
from realtime.me import me_row
from realtime.orders import Order, PauseMember
from realtime.plan.model import BreakRules, KindRules, Meeting, Person, Plan, Team
from realtime.rows import Delta, Snapshot
from realtime.rulings import (
    AgentLeaving,
    AgentOnDuty,
    AlertCleared,
    AlertRaised,
    BreakBegan,
    BreakEnded,
    BreakGranted,
    BreakHeld,
    BreakOverran,
    BreakQueued,
    MeetingBegan,
    MessageSent,
    OrderGiven,
    PauseUnauthorised,
    PlanAdopted,
)
from realtime.scope import Scope
from realtime.view_owned import CLEARED_SHOWN, ORDERS_SHOWN
from realtime.words import SECOND, AgentId, Interface, Node
from tests.realtime.story import NODE, Story, Telling, day_began, linked, open_number, paused, queue_seen, unpaused, works

PEOPLE = tuple(Person(id=AgentId(number), name=f"P{number}", team=team) for number, team in (("1001", "a"), ("1002", "a"), ("1003", "b")))
PLAN = Plan(
    people=PEOPLE,
    teams=(Team(id="a", name="Sales"), Team(id="b", name="Help")),
    breaks=BreakRules(kinds={"short": KindRules(minutes=10)}, team_most=2, site_most=3),
)


def says(kind: Any, /, **fields: Any) -> Telling:
    return Telling(kind, fields, node="")


@pytest.fixture
def story() -> Story:
    told = Story().after(day_began(), linked(), queue_seen("sales"), queue_seen("help"))
    told.after(works("1001", "sales"), works("1002", "sales"), works("1003", "help"))
    return told.after(says(PlanAdopted, plan=PLAN, version="v1", who="test"))


def shown(story: Story, scope: Scope | None = None, *, inside: bool = True) -> Snapshot:
    return view.snapshot(story.floor, "main", "1-1", story.now, open_number, scope, inside=inside)


def agent(story: Story, number: str = "1001") -> Any:
    return next(row for row in shown(story).agents if row.id == number)


def delta_after(story: Story, *happenings: Telling, inside: bool = True, places: bool = True) -> Delta:
    story.changes = Changes()
    story.after(*happenings)
    return view.delta(story.floor, story.changes, story.now, open_number, inside=inside, places=places)


# ------------------------------------------------------------------ an agent's break


def test_a_break_in_each_of_its_phases(story: Story) -> None:
    story.after(says(BreakQueued, agent="1001", kind="short", length_s=600))
    assert (agent(story).break_.phase, agent(story).break_.kind) == ("waiting", "short")
    story.after(5, says(BreakGranted, agent="1001", kind="short", length_s=600, expires=story.now + 120 * SECOND))
    assert (agent(story).break_.phase, agent(story).break_.until) == ("granted", story.now / SECOND + 115)
    story.after(says(BreakGranted, agent="1001", kind="short", length_s=600))
    assert (agent(story).break_.phase, agent(story).break_.until) == ("pending", None)
    until = story.now + 600 * SECOND
    story.after(says(BreakBegan, agent="1001", kind="short", until=until), paused("1001", "short"))
    row = agent(story)
    assert (row.break_.phase, row.break_.until, row.break_.used_s, row.over) == ("on", until / SECOND, 0.0, None)
    for step, over in (("prompt", "warn"), ("leader", "warn"), ("overrun", "act"), ("welfare", "act")):
        story.after(says(BreakOverran, agent="1001", step=step, until=until))
        assert (agent(story).break_.step, agent(story).over) == (step, over)
    story.after(720, says(BreakEnded, agent="1001", kind="short", why="returned"), unpaused("1001"))
    story.after(says(BreakQueued, agent="1001", kind="short"))
    assert agent(story).break_.used_s == 720, "of this kind today"


def test_a_pause_that_nobody_granted_warns_and_is_only_watched(story: Story) -> None:
    story.after(paused("1001", "short"), says(PauseUnauthorised, agent="1001", since=story.now, reason="short"))
    row = agent(story)
    assert (row.stray, row.over, row.break_.phase) == (True, "warn", "watched")


def test_who_is_on_duty_and_who_is_leaving(story: Story) -> None:
    assert (agent(story).team, agent(story).on_duty, agent(story).leaving) == ("a", False, False)
    story.after(Telling(AgentOnDuty, {"agent": "1001", "name": "P1001", "device": "PJSIP/1001", "interface": "PJSIP/1001"}))
    story.after(says(AgentLeaving, agent="1001", by="li"))
    assert (agent(story).on_duty, agent(story).leaving) == (True, True)


# ------------------------------------------------------------------ the ledger of breaks


def held(story: Story) -> Story:
    rule = Finding("break.team_cap", "queue", {"team": "Sales", "out": 2, "most": 2, "until": "09:10"})
    story.after(says(BreakBegan, agent="1003", kind="short", until=story.now + 600 * SECOND))
    story.after(says(BreakQueued, agent="1002", kind="short"), says(BreakHeld, agent="1002", place=2, rule=rule))
    return story.after(says(BreakQueued, agent="1001", kind="short"), says(BreakHeld, agent="1001", place=1, rule=rule))


def test_the_ledger_names_places_in_order_with_the_rule_that_holds(story: Story) -> None:
    breaks = shown(held(story)).breaks
    assert (breaks.ruled, breaks.out, breaks.cap) == (True, 1, 3)
    assert [(row.agent, row.name, row.team, row.place) for row in breaks.waiting] == [("1001", "P1001", "a", 1), ("1002", "P1002", "a", 2)]
    assert set(breaks.waiting[0].text) == {"en", "zh"}
    assert [(row.team, row.out, row.most) for row in breaks.teams] == [("a", 0, 2), ("b", 1, 2)]


def test_a_wall_is_told_who_waits_and_not_why(story: Story) -> None:
    (first, _) = shown(held(story), inside=False).breaks.waiting
    assert (first.agent, first.place, first.rule, first.text) == ("1001", 1, "", {})


def test_the_list_travels_when_it_changed_and_not_with_every_agent(story: Story) -> None:
    """Law: the cost of a fact does not grow with three hundred who wait."""
    held(story)
    assert delta_after(story, paused("1003", "x", "help"), places=False).breaks is None
    assert delta_after(story, says(BreakHeld, agent="1001", place=1), places=False).breaks is not None


def test_a_floor_that_nobody_rules_counts_who_is_out() -> None:
    story = Story().after(day_began(), queue_seen("sales"), works("1001", "sales"))
    breaks = shown(story).breaks
    assert (breaks.ruled, breaks.out, breaks.cap, breaks.teams, view.places_of(story.floor, story.now)) == (False, 0, None, [], None)


# ------------------------------------------------------------------ who reads what


def notices(story: Story) -> Story:
    until = story.now + 600 * SECOND
    for number, to in enumerate(("agent:1001", "team:a", "team:b", "all")):
        story.after(says(MessageSent, message=f"m{number}", to=to, text=to, who="user:li", until=until))
    for subject in ("agent:1001", "agent:1003", "team:b", f"queue:{NODE}/sales", f"queue:{NODE}/help", f"node:{NODE}", "floor"):
        story.after(says(AlertRaised, alert=f"x:{subject}", rule="x", subject=subject, owner="9001", text={"en": subject}))
    act = PauseMember(Interface("PJSIP/1001"), True, "short")
    order = Order("o1", Node(NODE), act, story.now, story.now + 10 * SECOND)
    return story.after(says(OrderGiven, order=order, who="user:li", agent="1001"))


def test_a_wall_reads_no_order_and_nobody_what_is_said_to_one_person(story: Story) -> None:
    inside, wall = shown(notices(story)), shown(story, inside=False)
    assert [row.to for row in inside.messages] == [row.to for row in wall.messages]
    assert [row.to for row in wall.messages] == ["team:a", "team:b", "all"]
    assert (len(inside.orders), wall.orders) == (1, [])
    assert {row.owner for row in wall.alerts} == {""}
    assert {row.subject for row in inside.alerts} - {row.subject for row in wall.alerts} == {"agent:1001", "agent:1003"}
    assert delta_after(story, says(AlertCleared, alert="x:floor"), inside=False).orders is None


def test_a_board_of_some_queues_is_told_what_is_about_them(story: Story) -> None:
    held(notices(story)).after(says(MeetingBegan, meeting="m", teams=("b",), until=story.now + SECOND))
    board = shown(story, Scope(["sales"]), inside=False)
    assert [row.to for row in board.messages] == ["team:a", "all"]
    assert {row.subject for row in board.alerts} == {f"queue:{NODE}/sales", f"node:{NODE}"}
    assert [row.agent for row in board.breaks.waiting] == ["1001", "1002"]
    assert [row.team for row in board.breaks.teams] == ["a"]
    assert board.meetings == []
    other = shown(story, Scope(["help"]), inside=False)
    assert (other.breaks.waiting, [row.id for row in other.meetings]) == ([], ["m"])


def test_an_alert_that_is_over_stays_ten_minutes(story: Story) -> None:
    story.after(says(AlertRaised, alert="x", rule="x", subject="floor"), says(AlertCleared, alert="x"))
    story.now += CLEARED_SHOWN - 1
    assert [row.cleared is not None for row in shown(story).alerts] == [True]
    story.now += 1
    assert shown(story).alerts == []


def test_the_last_orders_the_newest_first(story: Story) -> None:
    for number in range(ORDERS_SHOWN + 5):
        act = PauseMember(Interface(f"PJSIP/{number}"), number % 2 == 0)
        order = Order(f"o{number}", Node(NODE), act, story.now, story.now + 10 * SECOND)
        story.after(says(OrderGiven, order=order))
    rows = shown(story).orders
    assert [row.id for row in rows] == [f"o{number}" for number in range(ORDERS_SHOWN + 4, 4, -1)]
    assert [row.act for row in rows[:2]] == ["pause", "release"]


def test_meetings_that_begin_within_the_hour(story: Story) -> None:
    morning = Meeting(id="evening", name="Evening", name_zh="夕会", teams=("a",), at_min=9 * 60 + 50)
    story.after(says(PlanAdopted, plan=Plan(people=PEOPLE, teams=PLAN.teams, meetings=(morning,)), version="v2"))
    (row,) = shown(story).meetings
    assert (row.phase, row.name_zh, row.begins, row.expected) == ("coming", "夕会", story.now / SECOND + 50 * 60, 2)
    assert [each.id for each in me_row(story.floor, AgentId("1001"), story.now).meetings] == [row.id]
    assert me_row(story.floor, AgentId("1003"), story.now).meetings == []
    on = view.delta(story.floor, Changes(), story.now, open_number, series=True)
    assert on.meetings is not None, "that an hour is left is no fact, so it is told with the minute"


def test_an_agents_page_says_nothing_of_anybody_else(story: Story) -> None:
    """Of others only what the sentence of the own wait says."""
    held(notices(story))
    row = me_row(story.floor, AgentId("1002"), story.now)
    assert row.wait is not None
    assert (row.wait.place, set(row.wait.text)) == (2, {"en", "zh"})
    assert [each.text for each in row.messages] == ["team:a", "all"]
    assert me_row(Floor(), AgentId("1002"), story.now).state == "logged_out"
