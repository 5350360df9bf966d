"""Results of talks: whose they are, which codes there are, what follows from one, and that the last word counts."""

from __future__ import annotations

from typing import Any

import pytest

from realtime.asks_outbound import ResultKeep
from realtime.decision import Decision
from realtime.ledger.changes import changes_of
from realtime.ledger.port import Put, SetBlock
from realtime.outbound import ComplaintKept, Constraints, DialAbandoned, DialEnded, NumberBlocked, ResultCoded
from realtime.plan.dialling import ResultCode
from realtime.requests import Actor
from realtime.rules.results import BLOCKING, CALLBACK_MOST, EVERYBODYS
from realtime.sentences import LANGUAGES, WORDS, sentence
from realtime.words import SECOND, AgentId
from tests.realtime.outbound_story import C1, C2, NUMBER, Dialling, answers, by_dialler, decided, hangs_up, lifts, picks_up, plan, rings

BOSS = Actor("li.wei", "supervisor", AgentId("9001"), "console")
LEADER = Actor("leads 1", "leader", AgentId("8001"), "console")
WANG = Actor("1002", "agent", AgentId("1002"), "page")


@pytest.fixture
def desk() -> Dialling:
    """1001 talks to a customer of c1."""
    return Dialling().after(lifts("d1"), decided("d1"), rings("d1"), 5, answers("d1"), 20)


def keep(desk: Dialling, code: str = "sale", actor: Actor | None = None, agent: str = "1001", **more: Any) -> Decision:
    desk.said.clear()
    return desk.request(ResultKeep(AgentId(agent), code, **more), actor)


def coded(desk: Dialling) -> dict[str, Any]:
    [said] = desk.facts(ResultCoded)
    return said.fields


def held_by(decision: Decision) -> str:
    reason = decision.reason
    assert reason is not None
    for language in LANGUAGES:
        assert sentence(reason, language) != reason.rule, "a refusal is a sentence"
    return reason.rule if decision.verdict == "deny" else ""


def test_an_agent_codes_the_own_last_dial_while_it_goes_on_or_after_it(desk: Dialling) -> None:
    assert held_by(keep(desk)) == ""
    assert (coded(desk)["dial"], coded(desk)["campaign"], coded(desk)["means"]) == ("d1", "c1", "sale")
    desk.after(hangs_up("d1"))
    desk.look(60)
    assert held_by(keep(desk, "later")) == ""
    assert desk.campaign().day.results == {"later": 1}


def test_the_last_of_two_is_the_last(desk: Dialling) -> None:
    desk.after(hangs_up("d1"), lifts("d2"), decided("d2", "c2"), rings("d2"), answers("d2"))
    keep(desk)
    assert coded(desk)["dial"] == "d2"
    keep(desk, dial="d1")
    assert coded(desk)["campaign"] == "c1"


@pytest.mark.parametrize("actor", [BOSS, LEADER, *(Actor("x", role, via="api") for role in EVERYBODYS)])
def test_who_judges_or_is_in_charge_codes_anybodys(desk: Dialling, actor: Actor) -> None:
    assert held_by(keep(desk, actor=actor, dial="d1")) == ""
    assert coded(desk)["who"] == actor.who
    assert coded(desk)["agent"] == "1001"


def test_an_agent_codes_nobody_elses(desk: Dialling) -> None:
    assert held_by(keep(desk, actor=WANG)) == "reach.nobody"
    assert held_by(keep(desk, actor=WANG, agent="1002", dial="d1")) == "reach.nobody"
    assert held_by(keep(desk, actor=WANG, agent="1002")) == "result.no_dial"
    assert held_by(keep(desk, actor=BOSS, agent="1002", dial="d1")) == "result.other_agent"
    assert desk.facts(ResultCoded) == []


def test_a_dial_that_nobody_had_is_coded_by_its_id() -> None:
    desk = Dialling().after(by_dialler("d1"), rings("d1"))
    assert held_by(keep(desk, actor=Actor("token:dialler", "dialler"), agent="", dial="d1", machine=True)) == ""
    assert (coded(desk)["machine"], desk.dial().machine) == (True, True)


def test_a_dial_that_is_not_known_any_more_is_coded_by_its_id(desk: Dialling) -> None:
    assert held_by(keep(desk, dial="of yesterday")) == ""
    assert (coded(desk)["dial"], coded(desk)["campaign"], coded(desk)["entries"]) == ("of yesterday", "", ())
    assert held_by(keep(desk, "no", dial="of yesterday")) == "result.number_gone", "whose number would not be called any more?"


def test_only_the_plans_codes_are_codes(desk: Dialling) -> None:
    decision = keep(desk, "whatever")
    assert held_by(decision) == "result.no_code"
    assert decision.reason is not None
    assert "sale" in str(decision.reason.values["codes"])
    free = Dialling(plan(C1, C2, outcomes=())).after(lifts("d1"), decided("d1"))
    assert held_by(keep(free, "whatever")) == ""
    assert coded(free)["means"] == ResultCode(code="x").means
    assert [held_by(keep(free, code)) for code in ("", "x" * 33)] == ["result.code_long"] * 2


def test_a_note_is_a_note(desk: Dialling) -> None:
    assert held_by(keep(desk, note="x" * 500)) == ""
    assert held_by(keep(desk, note="x" * 501)) == "result.note_long"


@pytest.mark.parametrize(
    ("ahead", "rule"),
    [
        (-SECOND, "result.callback_past"),
        (0, "result.callback_past"),
        (SECOND, ""),
        (CALLBACK_MOST, ""),
        (CALLBACK_MOST + 1, "result.callback_far"),
    ],
)
def test_a_callback_is_in_the_next_sixty_days(desk: Dialling, ahead: int, rule: str) -> None:
    assert held_by(keep(desk, "later", callback=desk.now + ahead)) == rule
    if not rule:
        assert coded(desk)["callback"] == desk.now + ahead


def test_a_callback_is_kept_for_the_gate_under_number_client_and_minute(desk: Dialling) -> None:
    moment = desk.now + 7200 * SECOND
    assert held_by(keep(desk, "later", callback=moment)) == ""
    assert coded(desk)["entries"] == ((f"callback:number+client:n1/bank/{moment // SECOND // 60}", moment),)


def test_nobody_asked_for_a_callback_in_a_call_that_nobody_answered() -> None:
    """Or a dialler could say so of each of its calls, and have no caps."""
    desk = Dialling().after(by_dialler("d1"), rings("d1"))
    assert (
        held_by(keep(desk, "later", actor=Actor("token:dialler", "dialler"), agent="", dial="d1", callback=desk.now + 7200 * SECOND)) == ""
    )
    assert coded(desk)["entries"] == ()


# ------------------------------------------------------------------ what follows


@pytest.mark.parametrize("code", ["no", "never"])
def test_who_says_no_is_not_called_any_more_by_this_client(desk: Dialling, code: str) -> None:
    assert held_by(keep(desk, code)) == ""
    assert coded(desk)["means"] in BLOCKING
    [blocked] = desk.facts(NumberBlocked)
    wanted = {"number": NUMBER, "shown": "138•••0001", "scope": "client", "about": "bank", "source": "agent", "who": "1001", "dial": "d1"}
    assert blocked.fields == wanted
    [change] = changes_of(blocked.fact(0, "s", 1))
    assert isinstance(change, SetBlock)
    refusals = {each.key for each in changes_of(desk.facts(ResultCoded)[0].fact(0, "s", 1)) if isinstance(each, Put)}
    assert "refusal:number:n1" in refusals
    assert "refusal:person+client:p1/bank" in refusals


@pytest.mark.parametrize(
    ("scope", "campaign", "said"),
    [
        ("campaign", "c1", ("campaign", "c1")),
        ("global", "c1", ("global", "")),
        ("client", "", ("global", "")),
        ("campaign", "", ("global", "")),
    ],
)
def test_a_customer_may_want_more_and_gets_no_less(scope: str, campaign: str, said: tuple[str, str]) -> None:
    desk = Dialling().after(lifts("d1"), decided("d1", campaign), rings("d1"), answers("d1"))
    assert held_by(keep(desk, "sale", block=scope)) == ""
    assert [(each.fields["scope"], each.fields["about"]) for each in desk.facts(NumberBlocked)] == [said]


def test_a_scope_that_is_none_blocks_nothing(desk: Dialling) -> None:
    assert held_by(keep(desk, block="everybody")) == "result.no_scope"
    assert desk.facts(NumberBlocked) == desk.facts(ResultCoded) == []


def test_a_complaint_is_kept_as_one(desk: Dialling) -> None:
    assert held_by(keep(desk, "angry", note="called twice")) == ""
    [complaint] = desk.facts(ComplaintKept)
    assert complaint.fields == {"campaign": "c1", "dial": "d1", "text": "called twice", "who": "1001"}


def test_a_complaint_about_no_campaign_is_none(desk: Dialling) -> None:
    """It would be kept, and count for nobody."""
    assert held_by(keep(desk, "angry", dial="of yesterday")) == "result.campaign_gone"
    assert desk.facts(ComplaintKept) == []


@pytest.mark.parametrize(("amd", "role", "rule"), [(False, "dialler", "result.machine_unheard"), (True, "dialler", ""), (False, "qa", "")])
def test_where_no_detector_may_listen_a_dialler_knows_no_machine(amd: bool, role: str, rule: str) -> None:
    """Or each abandoned call was one."""
    desk = Dialling().after(by_dialler("d1"), rings("d1"), picks_up("d1"))
    desk.dial().constraints = Constraints(amd=amd)
    assert [each.kind for each in desk.look(5)] == [DialAbandoned]
    assert held_by(keep(desk, actor=Actor("token:x", role, via="api"), agent="", dial="d1", machine=True)) == rule
    assert desk.campaign().day.abandoned == (1 if rule else 0)


def test_a_machine_that_is_found_out_late_is_written_down_once(desk: Dialling) -> None:
    desk.after(hangs_up("d1"))
    desk.look()
    keep(desk, machine=True)
    assert {name.partition(":")[0] for name, _ in coded(desk)["entries"]} == {"machine"}
    early = Dialling().after(lifts("d1"), decided("d1"), rings("d1"), answers("d1"))
    keep(early, machine=True)
    assert coded(early)["entries"] == ()
    early.after(hangs_up("d1"))
    early.look()
    [ended] = early.facts(DialEnded)
    assert any(name.startswith("machine:") for name, _ in ended.fields["entries"])
    keep(early, machine=True)
    assert coded(early)["entries"] == ()


def test_words_of_this_page_are_all_there() -> None:
    said = {code for code in WORDS if code.startswith("result.")}
    assert len(said) >= 14
