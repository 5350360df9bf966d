"""Who judges calls hears everybody and acts on nobody: whatever the board lets through, the engine refuses, for every request.

Not the door (`tests/wallboard/test_access.py`); this holds also when a route is opened by mistake.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import realtime.rules
from realtime import asks_outbound as asks
from realtime import requests
from realtime.asks_outbound import AnyOutboundAsk, OutboundAsk
from realtime.control.answer import HANDLERS
from realtime.outbound import ListAnnounced
from realtime.owned_outbound import Step
from realtime.plan.dialling import Campaign
from realtime.plan.model import BreakRules, KindRules, Person, Plan, Team
from realtime.plan.reach import EVERYBODY
from realtime.requests import Actor, AnyAsk
from realtime.rulings import AlertRaised, MeetingBegan, MessageSent, OrderGiven
from realtime.words import SECOND, AgentId, Device, Node, QueueName
from tests.realtime.rules.calling import ONE, Calling
from tests.realtime.rules.staffed import BOSS, SKILLS, Staffed
from tests.realtime.rules.test_supervise import whole_call
from tests.realtime.story import Telling

LI, WANG, QA = AgentId("1001"), AgentId("1002"), AgentId("7001")
PLAN = Plan(
    people=(Person(id=LI, team="a", skills=("sell",)), Person(id=WANG, team="b"), Person(id=QA, team="a", phone=Device("PJSIP/7"))),
    skills=SKILLS,
    teams=(Team(id="a"), Team(id="b")),
    breaks=BreakRules(kinds={"short": KindRules(minutes=10)}),
)
ACTORS = (Actor("user:qa", "qa", via="console"), Actor("user:qa", "qa", QA, "console"), Actor("token:1", "qa", via="api"))
ASKS: tuple[AnyAsk, ...] = (
    requests.BreakAsk(WANG),
    requests.BreakWithdraw(WANG),
    requests.BreakTake(WANG),
    requests.BreakBack(WANG),
    requests.LogIn(WANG, Node("pbx"), Device("PJSIP/1002")),
    requests.LogOut(WANG),
    requests.Here(WANG),
    requests.MessageSeen(WANG, "m"),
    requests.BreakGrant(WANG, "because"),
    requests.PauseForce(WANG),
    requests.ReadyForce(WANG),
    requests.LogOutForce(WANG),
    requests.LogInAllow(WANG, "because"),
    requests.CallHangUp(WANG),
    requests.CallHangUp(call="c"),
    requests.CallSpy(WANG, "whisper", Device("PJSIP/7")),
    requests.CallSpy(WANG, "barge", Device("PJSIP/7")),
    requests.CallTakeOver(WANG, Device("PJSIP/7")),
    requests.CardPause(WANG),
    requests.CardPause(call="c"),
    requests.CardResume(WANG),
    requests.QueueMove(WANG, into=(QueueName("vip"),)),
    requests.MessageSend("agent:1002", "x"),
    requests.MessageSend("team:a", "x"),
    requests.MessageSend("all", "x"),
    requests.MeetingStart(teams=("a",), name="x"),
    requests.MeetingStart(name="x"),
    requests.MeetingStop("e"),
    requests.AlertTake("about wang"),
    requests.AlertTake("about all"),
    requests.Undo("?"),
)

OUTBOUND: dict[AnyOutboundAsk, str] = {
    asks.CampaignStop("c"): "",
    asks.CampaignStop(): "",
    asks.ComplaintKeep("c"): "",
    asks.NumberBlock(ONE, about="bank"): "",
    asks.ConsentRevoke(ONE, "bank"): "",
    asks.ResultKeep(AgentId("1001"), "done"): "",
    asks.CampaignStep("c", "settling", "because"): "campaign.not_manager",
    asks.DiallingResume("because"): "campaign.may_not",
    asks.StepWithdraw("s"): "campaign.may_not",
    asks.ItemKeep("d", text="x", owner="y", due="2026-12-01"): "campaign.not_manager",
    asks.StatementConfirm("c", "a" * 64): "campaign.not_manager",
    asks.NumberUnblock(ONE, "client", "bank", "k"): "campaign.may_not",
    asks.ConsentKeep(ONE, "bank", evidence="x"): "campaign.may_not",
    asks.ListAnnounce(ListAnnounced(0, 0, Node(""), "", 0, list="x")): "campaign.may_not",
}
"""What keeps somebody from being called is for whoever sees harm; what lets somebody be called is not."""


@pytest.fixture
def here() -> Staffed:
    """1002 talks; a meeting and two alerts are on, and a message waits to be read."""
    floor = Staffed(PLAN).static("1002", "sales").static("1001", "sales").settle()
    floor.after(whole_call("1002"))
    floor.after(
        (
            says(MeetingBegan, meeting="e", name="Evening", teams=("a",), until=floor.now + 600 * SECOND),
            says(AlertRaised, alert="about wang", rule="x", subject="agent:1002"),
            says(AlertRaised, alert="about all", rule="x", subject="floor"),
            says(MessageSent, message="m", to="agent:1002", text="x", who="user:boss", until=floor.now + 600 * SECOND),
        )
    )
    return floor


def says(kind: Any, /, **fields: Any) -> Telling:
    return Telling(kind, fields, node="")


def test_every_request_is_tried() -> None:
    assert {type(ask) for ask in ASKS} == {kind for kind in HANDLERS if issubclass(kind, requests.Ask)}
    assert {type(ask) for ask in OUTBOUND} == {kind for kind in HANDLERS if issubclass(kind, OutboundAsk)}


@pytest.mark.parametrize("actor", ACTORS, ids=["nobody of the plan", "a person of the plan", "a program"])
@pytest.mark.parametrize("ask", ASKS, ids=repr)
def test_qa_is_refused_for_whom_it_is_about(here: Staffed, ask: AnyAsk, actor: Actor) -> None:
    if isinstance(ask, requests.Undo):
        assert here.request(requests.PauseForce(LI, "short"), BOSS).verdict == "allow"
        ask = requests.Undo(next(reversed(here.floor.owned.answers)))
    here.said.clear()
    decision = here.request(ask, actor)
    assert decision.verdict == "deny", decision
    assert any(each.verdict == "deny" and each.rule.startswith("reach.") for each in decision.findings), decision
    assert here.facts(OrderGiven) == []


@pytest.mark.parametrize("ask", OUTBOUND, ids=repr)
def test_qa_keeps_people_from_being_called_and_never_has_them_called(ask: AnyOutboundAsk) -> None:
    floor = Calling(Campaign(id="c", client="bank"), Campaign(id="d")).goes("c", "formal").goes("d", "formal", "stopped")
    floor.dials()
    floor.floor.owned.outbound.steps["s"] = Step("s", "c", "formal", "user:ma", floor.now, floor.now + 60 * SECOND)
    floor.floor.owned.outbound.stopped = isinstance(ask, asks.DiallingResume)
    decision = floor.asks(ask, ACTORS[0])
    assert decision.verdict == ("deny" if OUTBOUND[ask] else "allow"), decision
    assert not OUTBOUND[ask] or OUTBOUND[ask] in {each.rule for each in decision.findings if each.verdict == "deny"}


@pytest.mark.parametrize("agent", [LI, WANG])
def test_qa_hears_everybody(here: Staffed, agent: AgentId) -> None:
    """Whatever else may stand against it here, as a phone that is not known: not whom it is about."""
    decision = here.request(requests.CallSpy(agent, "listen", Device("PJSIP/7")), ACTORS[1])
    assert "reach.hears" in {each.rule for each in decision.findings}
    assert not any(each.verdict == "deny" and each.rule.startswith("reach.") for each in decision.findings)


def test_there_is_one_place_that_lets_qa_through() -> None:
    """`reach_to_hear` is asked by listening and by nothing else; a second one who asks belongs into the list above."""
    users = []
    for path in sorted(Path(realtime.rules.__path__[0]).glob("*.py")):
        functions = (each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.FunctionDef))
        users += [f"{path.stem}.{each.name}" for each in functions if "reach_to_hear" in ast.dump(each)]
    assert users == ["supervise.spy"]
    assert "qa" not in EVERYBODY
