"""The table of a campaign's life, and its laws on walks by chance: formal over a review and two people, no way round a stop, an end."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any, get_args

import pytest

from realtime import asks_outbound as asks
from realtime.decision import Decision
from realtime.outbound import CampaignMoved, DiallingStopped
from realtime.plan.dialling import Campaign, TrialRules
from realtime.requests import Actor
from realtime.rules import campaign_needs, two_people
from realtime.rules.campaign_life import DIALS, STATES, STEPS, Need, step_between, steps_from
from realtime.saying import Saying
from realtime.sentences.campaigns import STAGES
from realtime.words import SECOND
from tests.house.sources import ROOT
from tests.realtime.rules.calling import ADA, DAY, EVERYBODY, HOUR, LEADER, MA, SUN, Calling

WALKS = 80
LENGTH = 400

# ------------------------------------------------------------------ the table


def test_the_table_knows_each_state_and_each_pair_once() -> None:
    pairs = [(each.before, each.to) for each in STEPS]
    assert len(pairs) == len(set(pairs))
    assert {name for pair in pairs for name in pair} == set(STATES) == set(STAGES)
    assert set(DIALS) < set(STATES)


def test_every_need_has_its_meaning() -> None:
    assert set(campaign_needs._NEEDS) == set(get_args(Need))
    assert {need for each in STEPS for need in each.needs} == set(get_args(Need))


def test_closed_is_the_end_and_everything_else_can_come_to_it() -> None:
    assert steps_from("closed") == ()
    reach = {"closed"}
    while more := {each.before for each in STEPS if each.to in reach} - reach:
        reach |= more
    assert reach == set(STATES)


def test_whatever_dials_after_a_stop_or_formally_takes_two_people() -> None:
    for each in STEPS:
        if each.to == "formal" or (each.to in DIALS and each.before in ("stopped", "rectifying")):
            assert each.two, each
        if each.to == "stopped":
            assert (each.two, each.needs, each.who) == (False, (), "stops"), each
        if each.to in DIALS:
            assert {"planned", "contract"} <= set(each.needs), each
    assert {each.before for each in STEPS if each.to == "stopped"} == DIALS
    assert {each.before for each in STEPS if each.to == "formal" and "was" not in each.needs} == {"review"}
    assert step_between("trial", "formal") is None


def test_the_page_for_managers_has_this_table() -> None:
    page = (ROOT / "docs/campaigns.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (manager|whoever supervises) \| (one|two) \|", page, re.MULTILINE)
    who = {"manages": "manager", "stops": "whoever supervises"}
    assert rows == [(each.before, each.to, who[each.who], "two" if each.two else "one") for each in STEPS]


# ------------------------------------------------------------------ walks


class Walk:
    """Anybody asks for anything, more often for what makes sense; each fact is held to the laws as it comes."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.floor = Calling(Campaign(id="c", client="bank", trial=TrialRules(judged_dials=3)), Campaign(id="o", managers=("wang", "qa")))
        self.dialled_as = {"c": "", "o": ""}
        if seed % 2:  # what comes after a review is seldom reached by chance
            self.floor.goes("c", "trial", "review", "formal")
            self.dialled_as["c"] = "formal"
        self.looked = len(self.floor.said)
        self.all_stopped = False
        self.seen: set[tuple[str, str]] = set()

    def step(self) -> None:
        chance, floor = self.chance, self.floor
        campaign = chance.choice("cco")
        actor = chance.choice((MA, MA, ADA, ADA, SUN, LEADER, *EVERYBODY))
        state = floor.state(campaign)
        likely = [each.to for each in steps_from(state) if each.to not in ("settling", "closed") or chance.random() < 0.05]
        to = chance.choice((*likely, *(each.to for each in floor.pending() if each.campaign == campaign), chance.choice(STATES)))
        text = chance.choice(("", "because", "because"))
        ask: Any = chance.choice(
            (
                *(asks.CampaignStep(campaign, to, text, chance.choice(("", "report.pdf"))) for _ in range(12)),
                asks.CampaignStop(chance.choice((campaign, campaign, "")), text),
                asks.DiallingResume(text),
                asks.StepWithdraw(chance.choice([each.id for each in floor.pending()] or ["x"])),
                self.item(campaign),
                self.item(campaign),
                asks.StatementConfirm(campaign, chance.choice("ab") * 64, chance.choice(("ours", "client")), text),
                asks.StatementConfirm(campaign, floor.digest(campaign), chance.choice(("ours", "client")), "letter"),
                asks.ComplaintKeep(campaign, text=text),
            )
        )
        self.held(floor.asks(ask, actor), actor)
        if chance.random() < 0.2:
            floor.look()
        floor.later(chance.choice((0, SECOND, SECOND, HOUR, DAY if chance.random() < 0.05 else 0)))
        self.look_at(floor.said[self.looked :])
        self.looked = len(floor.said)

    def item(self, campaign: str) -> asks.ItemKeep:
        known = self.chance.choice(["", *self.floor.now_of(campaign).items])
        text, owner, due = ("call less", "li", "2026-12-01") if self.chance.random() < 0.8 else ("", "", "")
        return asks.ItemKeep(campaign, known, text, owner, due, self.chance.choice(("", "log.pdf")), self.chance.random() < 0.6)

    def held(self, decision: Decision, actor: Actor) -> None:
        if actor.via == "api" and actor.role == "manager":
            assert not any(each.rule == "two.second" for each in decision.findings), "a program is nobody"

    def look_at(self, said: list[Saying]) -> None:
        for each in said:
            if each.kind is CampaignMoved:
                self.moved(**each.fields)
            if each.kind is DiallingStopped:
                assert each.fields["on"] or self.two(each.fields), each
                self.all_stopped = each.fields["on"]

    def moved(self, campaign: str, before: str, to: str, evidence: str = "", **fields: Any) -> None:
        assert step_between(before, to) is not None
        assert before != "closed"
        if to == "formal":
            assert self.two(fields)
            assert before != "review" or evidence
            assert before in ("review", "stopped", "rectifying")
            assert before == "review" or self.dialled_as[campaign] == "formal", "no way round the review"
        if before in ("stopped", "rectifying") and to in DIALS:
            assert self.two(fields)
        if to in DIALS:
            self.dialled_as[campaign] = to
        self.seen.add((before, to))

    def two(self, fields: dict[str, Any]) -> bool:
        first, second = fields["who"], fields.get("second", "")
        return bool(second) and not first.startswith("token:") and two_people.bare(first) != two_people.bare(second)


@cache
def walked(seed: int) -> frozenset[tuple[str, str]]:
    """All steps that came about."""
    walk = Walk(seed)
    for _ in range(LENGTH):
        walk.step()
    return frozenset(walk.seen)


@pytest.mark.parametrize("seed", range(WALKS))
def test_no_sequence_of_asks_breaks_the_laws(seed: int) -> None:
    assert walked(seed)


def test_the_walks_go_everywhere() -> None:
    """Or they would hold to laws what never happens."""
    assert {(each.before, each.to) for each in STEPS} == frozenset[tuple[str, str]]().union(*map(walked, range(WALKS)))
