"""Messages: whom one may write to, what fits a screen, and that it was read."""

from __future__ import annotations

import pytest

from realtime.decision import Decision
from realtime.me import me_row
from realtime.plan.model import Person, Plan, Team
from realtime.requests import TEXT_MAX, Actor, MessageSeen, MessageSend
from realtime.rulings import MessageSent, MessageWasSeen
from realtime.view import snapshot
from realtime.words import SECOND, AgentId
from tests.realtime.rules.floors import BOSS, Ruled, held_by
from tests.realtime.story import open_number

LEADER = Actor("user:lead", "leader", AgentId("9001"), "console")
AGENT = Actor("user:wang", "agent", AgentId("1001"), "page")


@pytest.fixture
def floor() -> Ruled:
    people = (Person(id=AgentId("1001"), name="Wang", team="a"), Person(id=AgentId("1002"), name="Li", team="b"))
    teams = (Team(id="a", leaders=(AgentId("9001"),)), Team(id="b"))
    return Ruled("1001", "1002", by=Plan(people=people, teams=teams))


def send(floor: Ruled, to: str, text: str = "Come to me", actor: Actor = BOSS, minutes: int = 15) -> Decision:
    return floor.request(MessageSend(to, text, minutes), actor)


REACH = [
    ("agent:1001", BOSS, ""),
    ("team:b", BOSS, ""),
    ("all", BOSS, ""),
    ("agent:1001", LEADER, ""),
    ("team:a", LEADER, ""),
    ("agent:1002", LEADER, "reach.other_team"),
    ("team:b", LEADER, "reach.other_team"),
    ("all", LEADER, "reach.other_team"),
    ("agent:1002", AGENT, "reach.nobody"),
    ("agent:nobody", BOSS, "message.nobody"),
    ("team:nobody", BOSS, "message.nobody"),
    ("everybody", BOSS, "message.nobody"),
]


@pytest.mark.parametrize(("to", "actor", "held"), REACH)
def test_whom_one_may_write_to(floor: Ruled, to: str, actor: Actor, held: str) -> None:
    assert held_by(send(floor, to, actor=actor)) == held
    assert len(floor.facts(MessageSent)) == (not held)


def test_a_text_is_one_line_of_characters_that_print(floor: Ruled) -> None:
    send(floor, "all", " a\nb\x00\u202ec\t 会议 ")
    assert floor.facts(MessageSent)[0].fields["text"] == "a b c 会议"
    assert held_by(send(floor, "all", " \n\u200b")) == "message.empty"
    assert held_by(send(floor, "all", "x" * (TEXT_MAX + 1))) == "message.too_long"
    assert held_by(send(floor, "all", minutes=0)) == held_by(send(floor, "all", minutes=481)) == "message.minutes"


def test_it_is_shown_to_whom_it_is_for_until_its_time(floor: Ruled) -> None:
    for to in ("agent:1001", "team:b", "all"):
        send(floor, to, to)

    def read_by(agent: str) -> list[str]:
        return [each.text for each in me_row(floor.floor, AgentId(agent), floor.now).messages]

    assert read_by("1001") == ["agent:1001", "all"]
    assert read_by("1002") == ["team:b", "all"]
    wall = snapshot(floor.floor, "main", "", floor.now, open_number, inside=False)
    assert [(each.text, each.who) for each in wall.messages] == [("team:b", ""), ("all", "")], "what is said to one is on no wall"
    floor.story.now += 15 * 60 * SECOND
    assert read_by("1001") == []


def test_read_once(floor: Ruled) -> None:
    send(floor, "agent:1001")
    (name,) = floor.floor.owned.messages
    assert floor.request(MessageSeen(AgentId("1002"), name)).verdict == "deny"
    assert floor.request(MessageSeen(AgentId("1001"), "nothing")).verdict == "deny"
    assert floor.request(MessageSeen(AgentId("1001"), name), Actor("user:li", "agent", AgentId("1002"))).verdict == "deny"
    assert [floor.request(MessageSeen(AgentId("1001"), name)).verdict for _ in range(2)] == ["allow", "allow"]
    assert len(floor.facts(MessageWasSeen)) == 1
    assert me_row(floor.floor, AgentId("1001"), floor.now).messages[0].seen
