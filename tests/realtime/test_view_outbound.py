"""Campaigns as rows: today's figures, caps, abandonment against its limit; and that a delta brings them when they change."""

from __future__ import annotations

import msgspec
import pytest

from realtime import view
from realtime.changes import Changes
from realtime.owned_outbound import Item, Meter, Step
from realtime.plan.dialling import AbandonRule, Campaign, ContractTerms, Preset, TrialRules, Window
from realtime.rows import CampaignRow, Delta
from realtime.rulings import PlanAdopted
from realtime.scope import Scope
from realtime.view_outbound import campaign_rows
from realtime.words import SECOND
from tests.realtime.outbound_story import (
    C1,
    Dialling,
    answers,
    by_dialler,
    decided,
    gets_agent,
    hangs_up,
    lifts,
    picks_up,
    plan,
    refused,
    rings,
)
from tests.realtime.story import Telling, configured, heard, open_number, queue_seen, wrapup_ended


def row(desk: Dialling, name: str = "c1", **more: object) -> CampaignRow:
    return next(each for each in campaign_rows(desk.floor, desk.now, **more) if each.id == name)  # type: ignore[arg-type]


def delta(desk: Dialling, *happenings: object, series: bool = False) -> Delta:
    desk.story.changes = Changes()
    desk.after(*happenings)  # type: ignore[arg-type]
    return view.delta(desk.floor, desk.story.changes, desk.now, open_number, series=series)


def test_a_campaign_that_did_nothing_knows_no_rates() -> None:
    desk = Dialling()
    shown = row(desk)
    assert (shown.name, shown.client, shown.state) == ("Renewals", "bank", "formal")
    assert (shown.dials, shown.connect_rate, shown.abandon_rate, shown.since, shown.stop_took_s) == (0, None, None, None, None)
    assert (shown.dials_cap, shown.contacts_cap, shown.agents_cap, shown.at_once_cap, shown.ends) == (None, None, None, None, None)


def test_one_of_the_plan_that_no_fact_was_ever_about_is_a_draft() -> None:
    desk = Dialling()
    del desk.outbound.campaigns["c1"]
    assert row(desk).state == "draft"


def test_todays_figures() -> None:
    desk = Dialling().after(lifts("d1"), decided("d1"), rings("d1"), 5, answers("d1"), 60, hangs_up("d1"))
    desk.look()
    desk.after(lifts("d2"), decided("d2"), rings("d2"), refused("x1"), refused("x2"), refused("x3", "cap", "defer"))
    shown = row(desk)
    assert (shown.dials, shown.connected, shown.connect_rate, shown.talk_s) == (2, 1, 0.5, 60.0)
    assert (shown.in_flight, shown.ringing, shown.talking) == (1, 1, 0)
    assert (shown.denied, shown.refused, shown.deferred) == ({"hours": 2, "cap": 1}, 2, 1)
    assert sum(shown.denied.values()) == shown.refused + shown.deferred
    desk.after(answers("d2"))
    assert (row(desk).ringing, row(desk).talking) == (0, 1)


def test_abandonment_is_held_against_the_rule_that_allows_least() -> None:
    strict = Preset(name="strict", abandons=(AbandonRule(id="none"), AbandonRule(id="one", limit=0.01, target=0.008)))
    desk = Dialling(plan(msgspec.structs.replace(C1, presets=("us", "strict")), presets=(strict, *plan().dialling.presets)))
    for number in range(4):
        desk.after(by_dialler(f"d{number}"), rings(f"d{number}"), picks_up(f"d{number}"))
        if number:
            desk.after(0.1, gets_agent(f"d{number}", "1002"))
    desk.look(10)
    shown = row(desk)
    assert (shown.live, shown.abandoned) == (4, 1)
    assert (shown.abandon_rate, shown.abandon_limit, shown.abandon_target) == (0.25, 0.01, 0.008)


def test_a_rate_is_of_its_window_and_not_of_today() -> None:
    blocks = Preset(name="us", abandons=(AbandonRule(id="tsr", limit=0.03, window=Window(kind="blocks", days=30, zone="UTC")),))
    today = Preset(name="us", abandons=(AbandonRule(id="acr", limit=0.03, window=Window(kind="calendar_day", zone="UTC")),))
    for preset, rate in ((blocks, 3 / 200), (today, 1 / 100)):
        desk = Dialling(plan(presets=(preset,))).after(configured(timezone="UTC"))
        campaign = desk.campaign()
        campaign.began = desk.now - 5 * 86_400 * SECOND
        campaign.day = Meter(live=100, abandoned=1)
        campaign.days = {"2026-11-23": Meter(live=100, abandoned=2), "2026-01-01": Meter(live=100, abandoned=100)}
        assert row(desk).abandon_rate == rate


def test_no_limit_in_law_is_none() -> None:
    desk = Dialling(plan(msgspec.structs.replace(C1, presets=())))
    assert row(desk).abandon_limit is None
    assert row(desk).abandon_target


def test_caps_are_those_of_contract_and_trial_the_smaller_of_two() -> None:
    terms = ContractTerms(dials_day=500, ends="2026-12-31")
    campaign = msgspec.structs.replace(C1, contract=terms, at_once=30, trial=TrialRules(dials_day=200, connect_rate=0.2))
    formal, trial = row(Dialling(plan(campaign))), row(Dialling(plan(campaign), state="trial"))
    assert (formal.dials_cap, formal.contacts_cap, formal.connect_target, formal.at_once_cap, formal.ends) == (
        500,
        None,
        None,
        30,
        "2026-12-31",
    )
    assert (trial.dials_cap, trial.contacts_cap, trial.agents_cap, trial.connect_target) == (200, 50, 5, 0.2)
    small = msgspec.structs.replace(campaign, contract=ContractTerms(dials_day=100))
    assert row(Dialling(plan(small), state="trial")).dials_cap == 100


def test_a_stop_and_what_waits_for_people() -> None:
    desk = Dialling()
    campaign = desk.campaign()
    campaign.state, campaign.stopping, campaign.stop_took = "stopped", desk.now, SECOND // 2
    campaign.items = {"a": Item("a", "train"), "b": Item("b", "test", done=desk.now)}
    desk.outbound.steps["s"] = Step("s", "c1", "trial", "li", desk.now, desk.now + SECOND)
    shown = row(desk)
    assert (shown.stopping, shown.stop_took_s, shown.items_open, shown.waits, shown.stopped) == (True, 0.5, 1, 1, False)
    desk.outbound.stopped = True
    assert row(desk, "c2").stopped


def test_a_wall_is_not_told_whose_campaign_it_is() -> None:
    assert row(Dialling(), inside=False).client == ""


def test_a_board_of_some_queues_has_the_campaigns_that_work_in_them() -> None:
    desk = Dialling().after(queue_seen("help"))
    assert [each.id for each in campaign_rows(desk.floor, desk.now, Scope(["sales"]))] == ["c1"]
    assert [each.id for each in campaign_rows(desk.floor, desk.now, Scope(["north/sales"]))] == ["c1"]
    assert campaign_rows(desk.floor, desk.now, Scope(["help"])) == []
    assert [each.id for each in campaign_rows(desk.floor, desk.now, Scope(None))] == ["c1", "c2"], "of no queue: on boards of everything"


def test_the_snapshot_has_them_and_names_the_campaign_of_calls_and_agents() -> None:
    desk = Dialling().after(lifts("d1"), decided("d1"), rings("d1"), answers("d1"))
    shown = desk.story.shown()
    assert [each.id for each in shown.campaigns] == ["c1", "c2"]
    assert [each.campaign for each in shown.calls] == ["c1"]
    assert {each.id: each.campaign for each in shown.agents} == {"1001": "c1", "1002": None}


def test_a_floor_without_campaigns_is_as_it_was() -> None:
    desk = Dialling()
    desk.after(
        Telling(PlanAdopted, {"plan": msgspec.structs.replace(plan(), dialling=plan().dialling.__class__()), "version": "2"}, node="")
    )
    assert desk.story.shown().campaigns == []
    assert delta(desk, heard(), series=True).campaigns is None


def test_a_delta_brings_them_all_when_one_changed_and_else_once_a_minute() -> None:
    desk = Dialling().after(lifts("d1"))
    told = delta(desk, decided("d1"))
    assert told.campaigns is not None
    assert [(each.id, each.dials) for each in told.campaigns] == [("c1", 1), ("c2", 0)]
    assert [each.campaign for each in told.calls] == ["c1"], "the call's row says for whom it is"
    assert delta(desk, wrapup_ended("1001", 1), heard()).campaigns is None
    assert delta(desk, rings("d1")).campaigns is not None
    assert delta(desk, heard(), series=True).campaigns is not None
    assert b"campaigns" not in msgspec.json.encode(delta(desk, heard()))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "UTC"])
def test_the_floors_day_is_the_engines_word(zone: str) -> None:
    """Two minutes after midnight, and the engine has not said the new day: today's figures are still of the day that is on."""
    desk = Dialling(
        plan(
            Campaign(id="c1", presets=("day",)),
            presets=(Preset(name="day", abandons=(AbandonRule(id="d", window=Window(kind="calendar_day")),)),),
        )
    )
    desk.after(configured(timezone=zone))
    desk.campaign().day = Meter(live=10, abandoned=1)
    for _ in range(26):
        assert row(desk).abandon_rate == 0.1
        desk.after(3600)
