"""Campaigns' steps, stops, items, complaints and statements: who may, what is missing, the second person, and what stops by itself."""

from __future__ import annotations

from typing import Any

import pytest

from realtime import asks_outbound as asks
from realtime.facts import Sealed
from realtime.outbound import CampaignMoved, ComplaintKept, DiallingStopped, ItemKept, NumberBlocked, StatementConfirmed, StepDropped
from realtime.owned_outbound import Meter
from realtime.plan.dialling import AbandonRule, Campaign, ContractTerms, Preset, StopRules, TrialRules
from realtime.requests import STALE, Actor
from realtime.rules import alerts, two_people
from realtime.rules.campaigns import PRESSED_AGO
from realtime.rules.clock import MINUTE
from realtime.rulings import AlertCleared, AlertRaised
from realtime.words import SECOND, AgentId, Micros
from tests.realtime.rules.calling import (
    ADA,
    AGENT,
    BANK,
    DAY,
    DIALLER,
    ENGINE,
    EVERYBODY,
    HOUR,
    LEADER,
    MA,
    PROGRAM,
    QA,
    SUN,
    Calling,
    rule,
    rules,
)
from tests.realtime.story import START, Telling


def formal(*campaigns: Campaign, **more: Any) -> Calling:
    return Calling(*campaigns, **more).goes("c", "trial", "review", "formal")


def moved(floor: Calling) -> tuple[str, str, str, str]:
    fields = floor.last(CampaignMoved)
    return fields["before"], fields["to"], fields["who"], fields.get("second", "")


# ------------------------------------------------------------------ one person's steps


def test_a_draft_goes_into_its_trial_by_a_manager_with_a_reason() -> None:
    floor = Calling()
    assert rules(floor.steps("trial", SUN)) == {"campaign.not_manager"}
    assert rules(floor.steps("trial", reason=" ")) == {"campaign.no_reason"}
    assert floor.state() == "draft"
    assert rule(floor.steps("trial")) == "campaign.moved"
    assert moved(floor) == ("draft", "trial", "user:ma", "")
    assert floor.now_of().since == floor.now - 1


@pytest.mark.parametrize("actor", [each for each in EVERYBODY if each.role not in ("manager", "admin")], ids=lambda each: each.role)
def test_nobody_else_moves_a_campaign(actor: Actor) -> None:
    for state in ("draft", "trial", "review", "stopped", "rectifying", "settling"):
        floor = Calling(BANK).goes("c", state)
        for to in ("trial", "review", "formal", "rectifying", "settling", "closed"):
            assert floor.steps(to, actor, evidence="x").verdict == "deny"
        assert floor.state() == state


def test_a_campaign_names_its_managers_by_name_number_or_role() -> None:
    for named, actor in (("ma", MA), ("1009", LEADER), ("qa", QA), ("nobody", ADA)):
        floor = Calling(Campaign(id="c", managers=(named,)))
        assert rule(floor.steps("trial", actor)) == "campaign.moved"
    assert rules(Calling(Campaign(id="c", managers=("sun",))).steps("trial", MA)) == {"campaign.not_manager"}


def test_a_trial_is_reviewed_after_enough_dials_or_for_a_reason() -> None:
    floor = Calling(Campaign(id="c", trial=TrialRules(judged_dials=3))).goes("c", "trial")
    assert rules(floor.steps("review", reason="")) == {"campaign.not_judged"}
    assert "campaign.judged_early" in {each.rule for each in floor.steps("review", reason="the list is short").findings}
    floor.goes("c", "trial").now_of().trial.dials = 3
    assert "campaign.judged" in {each.rule for each in floor.steps("review", reason="").findings}
    assert floor.state() == "review"


def test_what_is_missing_is_said_all_at_once() -> None:
    floor = Calling(Campaign(id="c", contract=ContractTerms(ends="2026-11-23"))).goes("c", "review")
    assert rules(floor.steps("formal", SUN, reason="")) == {
        "campaign.no_evidence",
        "campaign.contract_over",
        "campaign.not_manager",
        "two.first",
    }


def test_a_step_that_the_table_has_not_names_those_that_it_has() -> None:
    floor = Calling()
    refused = floor.steps("formal")
    assert rule(refused) == "deny campaign.no_way"
    assert refused.findings[0].values["steps_zh"] == "试呼"
    assert rule(floor.steps("trial", campaign="gone")) == "deny campaign.unknown"
    assert rule(floor.goes("c", "closed").steps("trial")) == "deny campaign.final"


def test_what_the_plan_has_no_more_keeps_its_state_and_does_not_dial_again() -> None:
    floor = formal().adopt(Campaign(id="other"))
    assert floor.state() == "formal"
    assert rule(floor.asks(asks.CampaignStop("c"), LEADER)) == "campaign.stopped"
    assert rules(floor.steps("formal")) == {"campaign.not_planned", "two.first"}
    assert rule(floor.steps("settling")) == "campaign.moved"


def test_a_contract_counts_its_last_day_by_the_floors_clock() -> None:
    ends = Campaign(id="c", contract=ContractTerms(ends="2026-11-24"))
    assert rule(Calling(ends).later(14 * HOUR).steps("trial")) == "campaign.moved"
    assert rules(Calling(ends).later(15 * HOUR).steps("trial")) == {"campaign.contract_over"}
    shanghai = Calling(ends, timezone="Asia/Shanghai")
    assert rule(shanghai.later(6 * HOUR).steps("trial")) == "campaign.moved"
    assert rules(Calling(ends, timezone="Asia/Shanghai").later(7 * HOUR).steps("trial")) == {"campaign.contract_over"}


# ------------------------------------------------------------------ two people


def reviewed() -> Calling:
    return Calling().goes("c", "trial", "review")


def test_formal_takes_two_people_and_the_signed_report() -> None:
    floor = reviewed()
    assert rule(floor.steps("formal", evidence="report.pdf")) == "queue two.first"
    assert floor.state() == "review"
    assert [(each.to, each.who, each.evidence) for each in floor.pending()] == [("formal", "user:ma", "report.pdf")]
    assert rule(floor.steps("formal")) == "deny two.same"
    assert rule(floor.steps("formal", SUN, reason="", evidence="mine.pdf")) == "campaign.moved"
    assert moved(floor) == ("review", "formal", "user:ma", "user:sun"), "and what the first one stands for is not exchanged"
    assert floor.last(CampaignMoved)["evidence"] == "report.pdf"
    assert (floor.last(StepDropped)["why"], floor.pending()) == ("done", [])


def test_one_person_by_two_names_is_one_person() -> None:
    for first, again in (
        (Actor("user:ma", role="manager"), Actor("user:MA", role="admin")),
        (
            Actor("user:wang", role="manager", agent=AgentId("1009")),
            Actor("agent:1009", role="manager", agent=AgentId("1009"), via="phone"),
        ),
        (Actor("agent:1009", role="manager", agent=AgentId("1009"), via="phone"), Actor("user:wang", role="admin")),
    ):
        floor = reviewed()
        assert floor.steps("formal", first, evidence="r").verdict == "queue"
        assert rule(floor.steps("formal", again)) == "deny two.same", (first, again)


def test_a_program_is_neither_the_first_nor_the_second() -> None:
    floor = reviewed()
    assert rules(floor.steps("formal", PROGRAM, evidence="r")) == {"two.program"}
    assert floor.steps("formal", MA, evidence="r").verdict == "queue"
    assert rules(floor.steps("formal", PROGRAM)) == {"two.program"}
    assert "two.program" in rules(floor.steps("formal", ENGINE))
    assert "two.program" in rules(floor.steps("formal", Actor("lists", role="system")))


def test_a_proposal_lasts_a_day() -> None:
    floor = reviewed()
    floor.steps("formal", evidence="r")
    assert floor.later(DAY - SECOND).look() == []
    assert floor.later(2 * SECOND).steps("formal", ADA, evidence="r").verdict == "queue", "a new first one"
    assert [(each.fields["why"], each.fields["who"]) for each in floor.look()] == [("expired", "engine")]
    assert [each.who for each in floor.pending()] == ["user:ada"]


def test_what_was_proposed_before_another_step_is_no_half_of_one_after_it() -> None:
    floor = formal().goes("c", "stopped")
    floor.steps("formal", MA)
    floor.asks(asks.ItemKeep("c", text="t", owner="o", due="2026-12-01", evidence="e", done=True))
    assert rule(floor.steps("rectifying", ADA)) == "campaign.moved"
    assert floor.last(StepDropped)["why"] == "overtaken"
    assert floor.steps("formal", ADA).verdict == "queue", "the first one of this state"


def test_a_step_is_withdrawn_by_whoever_said_it_or_by_a_manager() -> None:
    for actor, code in ((MA, "two.own"), (ADA, "campaign.may"), (SUN, "deny campaign.may_not")):
        floor = reviewed()
        floor.steps("formal", evidence="r")
        assert rule(floor.asks(asks.StepWithdraw(floor.pending()[0].id), actor)) == code
        assert bool(floor.pending()) == (actor is SUN)
    assert rule(Calling().asks(asks.StepWithdraw("x"))) == "deny two.gone"


def test_no_more_than_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_people, "STEPS_MOST", 1)
    floor = Calling(BANK, Campaign(id="e")).goes("c", "review").goes("e", "review")
    assert floor.steps("formal", evidence="r").verdict == "queue"
    assert rules(floor.steps("formal", campaign="e", evidence="r")) == {"two.too_many"}


# ------------------------------------------------------------------ stop and resume


@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda each: each.role)
def test_whoever_sees_harm_stops_alone_and_at_once(actor: Actor) -> None:
    floor = formal()
    stopped = floor.asks(asks.CampaignStop("c"), actor)
    assert rule(stopped) == ("deny campaign.not_manager" if actor is AGENT else "campaign.stopped")
    assert floor.state() == ("formal" if actor is AGENT else "stopped")
    every = Calling().asks(asks.CampaignStop(), actor)
    assert rule(every) == ("deny campaign.may_not" if actor is AGENT else "dialling.stopped")


def test_a_stop_says_when_the_key_was_pressed() -> None:
    for pressed, kept in (
        (START + 170 * SECOND, START + 170 * SECOND),
        (0, START + 180 * SECOND),
        (START + 181 * SECOND, START + 180 * SECOND),
        (START + 180 * SECOND - PRESSED_AGO - 1, START + 180 * SECOND),
    ):
        floor = formal()
        floor.asks(asks.CampaignStop("c", "complaints", pressed), LEADER)
        assert floor.last(CampaignMoved)["pressed"] == floor.now_of().stopping == kept
        every = Calling().later(180 * SECOND)
        every.asks(asks.CampaignStop(pressed=pressed), LEADER)
        assert every.last(DiallingStopped)["pressed"] == every.floor.owned.outbound.stopping == kept


def test_a_stop_is_never_too_late() -> None:
    floor = formal().later(HOUR)
    assert rule(floor.asks(asks.CampaignStop("c"), LEADER, at=floor.now - 2 * STALE)) == "campaign.stopped"
    assert rule(floor.asks(asks.DiallingResume("x"), MA, at=floor.now - 2 * STALE)) == "deny request.stale"


def test_stop_is_a_step_too() -> None:
    floor = formal()
    assert rule(floor.steps("stopped", LEADER)) == "campaign.stopped"
    assert moved(floor) == ("formal", "stopped", "user:wang", "")


def test_a_second_stop_changes_nothing_but_ends_what_waits() -> None:
    floor = formal()
    floor.asks(asks.CampaignStop("c"), LEADER)
    floor.steps("formal", MA)
    assert len(floor.pending()) == 1
    said = len(floor.facts(CampaignMoved))
    assert rule(floor.asks(asks.CampaignStop("c"), QA)) == "campaign.dials_not"
    assert (floor.pending(), len(floor.facts(CampaignMoved))) == ([], said)
    assert floor.steps("formal", ADA).verdict == "queue", "so the second one is a first one again"


def test_a_stopped_campaign_goes_back_by_two_people_to_what_it_was() -> None:
    floor = formal()
    floor.asks(asks.CampaignStop("c"), DIALLER)
    assert rules(floor.steps("trial")) == {"campaign.was_not", "two.first"}
    assert rules(floor.steps("formal", reason="")) == {"campaign.no_reason", "two.first"}
    assert floor.steps("formal", MA).verdict == "queue"
    assert rule(floor.steps("formal", ADA)) == "campaign.moved"
    assert floor.state() == "formal"


def test_who_was_stopped_in_the_trial_does_not_come_out_formal() -> None:
    floor = Calling().goes("c", "trial", "stopped")
    assert "campaign.was_not" in rules(floor.steps("formal"))
    floor.asks(asks.ItemKeep("c", text="t", owner="o", due="2026-12-01", evidence="e", done=True))
    assert rule(floor.steps("rectifying")) == "campaign.moved"
    assert "campaign.was_not" in rules(floor.steps("formal"))
    assert floor.steps("trial").verdict == "queue"


def test_the_stop_of_all_is_lifted_by_two_people_too() -> None:
    floor = formal()
    assert rules(floor.asks(asks.DiallingResume("x"))) == {"dialling.not_stopped"}
    floor.asks(asks.CampaignStop("", "fire"), LEADER)
    assert rules(floor.asks(asks.DiallingResume("over"), SUN)) == {"campaign.may_not", "two.first"}
    assert rules(floor.asks(asks.DiallingResume(""))) == {"campaign.no_reason", "two.first"}
    assert floor.asks(asks.DiallingResume("over")).verdict == "queue"
    assert rule(floor.asks(asks.DiallingResume("over"))) == "deny two.same"
    assert floor.floor.owned.outbound.stopped
    assert rule(floor.asks(asks.DiallingResume(), SUN)) == "dialling.resumed"
    assert floor.last(DiallingStopped) == {"on": False, "who": "user:ma", "second": "user:sun", "reason": "over"}
    assert (floor.floor.owned.outbound.stopped, floor.pending(), floor.state()) == (False, [], "formal")


def test_a_stop_of_all_again_ends_the_proposal_to_lift_it() -> None:
    floor = Calling()
    floor.asks(asks.CampaignStop(), LEADER)
    floor.asks(asks.DiallingResume("over"))
    assert rule(floor.asks(asks.CampaignStop(), QA)) == "dialling.stopped_already"
    assert floor.asks(asks.DiallingResume("over"), ADA).verdict == "queue"
    assert len(floor.facts(DiallingStopped)) == 1


# ------------------------------------------------------------------ rectification


def test_a_corrective_plan_has_items_with_who_and_until_when() -> None:
    floor = formal().goes("c", "stopped")
    assert rules(floor.steps("rectifying")) == {"campaign.no_items"}
    for text, owner, due in (
        ("", "li", "2026-12-01"),
        ("call less", "", "2026-12-01"),
        ("call less", "li", "soon"),
        ("call less", "li", "20261201"),
    ):
        assert rules(floor.asks(asks.ItemKeep("c", text=text, owner=owner, due=due))) == {"campaign.item_unclear"}
    floor.asks(asks.ItemKeep("c", text="call less", owner="1001", due="2026-12-01"))
    assert rule(floor.steps("rectifying")) == "campaign.moved"


def test_only_what_is_done_with_its_evidence_lets_it_go_on() -> None:
    floor = formal().goes("c", "stopped")
    floor.asks(asks.ItemKeep("c", text="call less", owner="1001", due="2026-12-01"))
    floor.asks(asks.ItemKeep("c", text="say it", owner="li", due="2026-12-01", evidence="mail", done=True), SUN)
    floor.steps("rectifying")
    first = next(iter(floor.now_of().items))
    assert rules(floor.steps("formal")) == {"campaign.not_mended", "two.first"}
    assert rules(floor.asks(asks.ItemKeep("c", first, done=True))) == {"campaign.item_unproved"}
    assert rules(floor.asks(asks.ItemKeep("c", first, evidence="x"), QA)) == {"campaign.not_manager"}
    assert rule(floor.asks(asks.ItemKeep("c", first, evidence="log.pdf", done=True), AGENT)) == "campaign.item_own"
    assert floor.last(ItemKept)["text"] == "call less", "what is left empty stays"
    assert floor.steps("formal").verdict == "queue"
    floor.asks(asks.ItemKeep("c", first))
    assert rules(floor.steps("formal", ADA)) == {"campaign.not_mended"}, "what is open again holds it, for the second one, too"
    floor.asks(asks.ItemKeep("c", first, done=True))
    assert rule(floor.steps("formal", ADA)) == "campaign.moved"


def test_items_are_of_one_stop() -> None:
    floor = formal().goes("c", "stopped")
    floor.asks(asks.ItemKeep("c", text="a", owner="o", due="2026-12-01", evidence="e", done=True))
    old = next(iter(floor.now_of().items))
    floor.goes("c", "rectifying", "formal")
    assert rules(floor.asks(asks.ItemKeep("c", text="b", owner="o", due="2026-12-01"))) == {"campaign.mends_nothing"}
    floor.goes("c", "stopped")
    assert rules(floor.steps("rectifying")) == {"campaign.no_items"}
    assert rules(floor.asks(asks.ItemKeep("c", old, done=True))) == {"campaign.no_item"}
    assert rule(floor.asks(asks.ItemKeep("gone"))) == "deny campaign.unknown"


# ------------------------------------------------------------------ complaints and what stops by itself


def stopped_by(floor: Calling) -> str:
    """The rule; and it is said once."""
    said = [each for each in floor.look() if each.kind is CampaignMoved]
    assert floor.look() == []
    return str(said[0].fields["why"]) if said else ""


def test_three_complaints_a_day_stop_it_and_again_only_three_new_ones() -> None:
    floor = formal()
    for number in range(2):
        assert rule(floor.asks(asks.ComplaintKeep("c", f"d{number}", "rude"), QA)) == "campaign.complaint"
    assert rule(floor.asks(asks.ComplaintKeep("c", "d1"), SUN)) == "campaign.complained_already"
    assert stopped_by(floor) == ""
    floor.asks(asks.ComplaintKeep("c"), LEADER)
    assert stopped_by(floor) == "stop.complaints"
    assert floor.last(CampaignMoved)["reason"] == "3 / 0"
    assert floor.now_of().day.complaints == 3
    floor.steps("formal", MA)
    floor.steps("formal", ADA)
    assert stopped_by(floor) == "", "two people have looked at these three"
    for _ in range(3):
        floor.asks(asks.ComplaintKeep("c"), SUN)
    assert stopped_by(floor) == "stop.complaints"


def test_complaints_are_held_against_the_days_connects() -> None:
    floor = formal()
    floor.now_of().day.connected = 1500
    for number in range(5):
        assert stopped_by(floor) == "", number
        floor.asks(asks.ComplaintKeep("c"), SUN)
    assert stopped_by(floor) == "stop.complaints", "5 of 1500 are more than 3 of 1000"


def test_no_rule_stops_what_turned_it_off() -> None:
    floor = formal(Campaign(id="c", stops=StopRules(blocked_dialled=0, complaints=0, over_abandon=False)))
    for _ in range(5):
        floor.asks(asks.ComplaintKeep("c"), SUN)
    assert stopped_by(floor) == ""
    assert rules(floor.asks(asks.ComplaintKeep("c"), AGENT)) == {"campaign.may_not"}
    assert rule(floor.asks(asks.ComplaintKeep("gone"))) == "deny campaign.unknown"
    assert len(floor.facts(ComplaintKept)) == 5


def test_one_complaint_stops_a_trial() -> None:
    floor = Calling().goes("c", "trial")
    floor.asks(asks.ComplaintKeep("c"), SUN)
    assert floor.now_of().trial.complaints == 1
    assert stopped_by(floor) == "stop.trial_complaints"


def test_a_trial_that_connects_nobody_is_stopped_once_it_can_be_judged() -> None:
    floor = Calling(Campaign(id="c", trial=TrialRules(judged_dials=10, connect_rate=0.3))).goes("c", "trial")
    floor.now_of().trial = Meter(dials=10, connected=2)
    waiting = floor.dials()
    assert stopped_by(floor) == "", "one is still ringing"
    waiting.over = floor.now
    assert stopped_by(floor) == "stop.trial_connects"
    assert floor.last(CampaignMoved)["reason"] == "2 / 10"
    floor.steps("trial", MA)
    floor.steps("trial", ADA)
    assert stopped_by(floor) == "", "it is judged anew"
    well = Calling(Campaign(id="c", trial=TrialRules(judged_dials=10, connect_rate=0.3))).goes("c", "trial")
    well.now_of().trial = Meter(dials=10, connected=3)
    assert stopped_by(well) == ""


def test_a_contract_that_is_over_stops_it() -> None:
    floor = formal(Campaign(id="c", contract=ContractTerms(ends="2026-11-24")))
    assert stopped_by(floor.later(14 * HOUR)) == ""
    assert stopped_by(floor.later(HOUR)) == "stop.contract"
    assert "campaign.contract_over" in rules(floor.steps("formal"))


def blocks(floor: Calling, at: Micros, scope: str = "client", about: str = "bank") -> None:
    fields = {"number": Sealed("d1", b"x", "2026-11"), "scope": scope, "about": about}
    floor.story.after(Telling(NumberBlocked, fields, node="", ago=(floor.now - at) / SECOND))


@pytest.mark.parametrize(
    ("scope", "about", "hit"),
    [("client", "bank", True), ("client", "shop", False), ("campaign", "c", True), ("campaign", "e", False), ("global", "", True)],
)
def test_a_call_to_a_number_that_is_not_to_be_called_stops_it(scope: str, about: str, hit: bool) -> None:
    floor = formal()
    blocks(floor, floor.now - 60 * SECOND, scope, about)
    dial = floor.dials()
    assert stopped_by(floor) == "", "it was not placed"
    dial.placed = floor.now
    assert stopped_by(floor) == ("stop.blocked" if hit else "")
    floor.later(SECOND).goes("c", "formal")
    assert stopped_by(floor) == "", "that call was before two people let it go on"


def test_who_asks_in_the_call_itself_was_called_rightly() -> None:
    floor = formal()
    floor.dials(placed=floor.now)
    blocks(floor.later(60 * SECOND), floor.now)
    assert stopped_by(floor) == ""


THREE = Preset(name="three", abandons=(AbandonRule(id="three", limit=0.03),))


def test_more_abandoned_than_the_limit_stop_it() -> None:
    floor = formal(Campaign(id="c", presets=("three",)), presets=(THREE,))
    now = floor.now_of()

    def abandons(live: int, abandoned: int) -> None:
        now.day = Meter(live=live, abandoned=abandoned)
        now.minutes[floor.now // MINUTE] = Meter(abandoned=1)

    abandons(20, 1)
    assert stopped_by(floor) == "", "the first one cannot be less than all"
    abandons(100, 3)
    assert stopped_by(floor) == "", "3 % is not more than 3 %"
    now.days["2026-11-20"] = Meter(live=400, abandoned=0)
    abandons(100, 14)
    now.began = START - 5 * DAY
    assert stopped_by(floor) == "", "the block has other days, too"
    abandons(100, 16)
    assert stopped_by(floor) == "stop.abandoned"
    assert floor.last(CampaignMoved)["reason"] == "16 / 500 > 3 %"
    floor.later(SECOND).goes("c", "formal")
    assert stopped_by(floor) == "", "nothing new was abandoned since"
    abandons(100, 17)
    assert stopped_by(floor) == "stop.abandoned"


def test_a_preset_that_is_not_of_this_purpose_or_date_sets_no_limit() -> None:
    other = (
        Preset(name="three", purposes=("survey",), abandons=THREE.abandons),
        Preset(name="old", valid_to="2026-11-23", abandons=THREE.abandons),
    )
    floor = formal(Campaign(id="c", presets=("three", "old", "gone")), presets=other)
    floor.now_of().day = Meter(live=10, abandoned=5)
    floor.now_of().minutes[floor.now // MINUTE] = Meter(abandoned=5)
    assert stopped_by(floor) == ""


def test_what_stopped_by_itself_is_an_alert_until_it_goes_on() -> None:
    floor = formal()
    for _ in range(3):
        floor.asks(asks.ComplaintKeep("c"), SUN)
    assert stopped_by(floor) == "stop.complaints"
    raised = floor.tell(alerts.due(floor.floor, floor.now))
    assert [(each.kind, each.fields["alert"], each.fields["severity"]) for each in raised] == [(AlertRaised, "campaign.stopped:c", "act")]
    assert raised[0].fields["text"]["zh"].startswith("项目银行卡已自动停呼：当日投诉超限（3 / 0）")
    assert alerts.due(floor.floor, floor.now) == []
    floor.goes("c", "formal")
    assert [each.kind for each in floor.tell(alerts.due(floor.floor, floor.now))] == [AlertCleared]
    floor.asks(asks.CampaignStop("c"), LEADER)
    assert alerts.due(floor.floor, floor.now) == [], "who pressed the key knows"


def test_an_automatic_stop_ends_what_waits_for_its_second_person() -> None:
    floor = Calling().goes("c", "trial")
    floor.asks(asks.CampaignStop("c"), LEADER)
    floor.steps("trial", MA)
    floor.goes("c", "trial")
    floor.asks(asks.ComplaintKeep("c"), SUN)
    floor.look()
    assert (floor.state(), floor.pending()) == ("stopped", [])


# ------------------------------------------------------------------ the statement


def settling() -> Calling:
    return formal().goes("c", "settling")


def confirms(floor: Calling, side: str, digest: str = "", evidence: str = "letter", actor: Actor = MA) -> str:
    """The statement as it is now, when nothing else is said."""
    return rule(floor.asks(asks.StatementConfirm("c", digest or floor.digest(), side, evidence), actor))


def test_both_sides_confirm_the_same_statement_and_it_is_frozen() -> None:
    floor = settling()
    assert rules(floor.steps("closed")) == {"campaign.not_confirmed"}
    assert confirms(floor, "ours") == "statement.waits"
    assert confirms(floor, "ours") == "statement.already"
    assert confirms(floor, "client", evidence=" ") == "deny statement.no_evidence"
    assert confirms(floor, "client", "b" * 64) == "deny statement.other"
    before = floor.digest()
    floor.now_of().day.dials += 1
    assert confirms(floor, "client", before) == "deny statement.other"
    assert confirms(floor, "client") == "statement.differs"
    assert rules(floor.steps("closed")) == {"campaign.not_confirmed"}
    assert confirms(floor, "ours") == "statement.agreed"
    assert confirms(floor, "ours", "b" * 64).startswith("deny")
    assert floor.now_of().confirmed == dict.fromkeys(("ours", "client"), floor.digest())
    assert len(floor.facts(StatementConfirmed)) == 3
    assert rule(floor.steps("closed")) == "campaign.moved"
    assert rule(floor.steps("trial")) == "deny campaign.final"


def test_a_statement_is_confirmed_by_who_manages_while_settling_with_nothing_under_way() -> None:
    assert confirms(formal(), "ours") == "deny statement.not_settling"
    floor = settling()
    assert confirms(floor, "ours", actor=SUN) == "deny campaign.not_manager"
    assert confirms(floor, "both") == "deny statement.no_side"
    assert confirms(floor, "ours", "A" * 64) == "deny statement.no_digest"
    dial = floor.dials()
    assert confirms(floor, "ours") == "deny statement.calls"
    dial.over = floor.now
    assert confirms(floor, "ours") == "statement.waits"
    assert rule(floor.asks(asks.StatementConfirm("gone", "a" * 64))) == "deny campaign.unknown"
