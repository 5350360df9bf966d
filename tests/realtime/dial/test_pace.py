"""How fast a dialler may go: the budget, its windows, and a dialler that takes all it is given."""

from __future__ import annotations

import random
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.dial.model import Seen
from realtime.dial.pace import RING_MOST, Pace, Reading, likely, needed, pace, room, upper
from realtime.dial.rules.counting import budget
from realtime.dial.seeing import settled
from realtime.floor import Floor
from realtime.fold import meters
from realtime.fold.meters import Count
from realtime.owned_outbound import CampaignNow, DialNow, Meter
from realtime.plan.dialling import AbandonRule, Campaign, DialRules, Preset, TrialRules, WayRule, Window
from realtime.sentences import LANGUAGES, WORDS, sentence
from realtime.words import SECOND, Micros
from tests.house.sources import ROOT

MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
LONDON, SHANGHAI = "Europe/London", "Asia/Shanghai"
TSR = AbandonRule(id="abandoned", limit=0.03, target=0.024)
UK = AbandonRule(id="abandoned", target=0.01, window=Window(kind="calendar_day", zone=LONDON))
NOON = 1_796_126_400 * SECOND  # 2026-12-01T12:00Z


def moment(said: str, zone: str) -> Micros:
    return int(datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


def campaign(**more: Any) -> Campaign:
    return Campaign(id="loans", presets=("law",), **more)


def rules(*abandons: AbandonRule, ways: tuple[WayRule, ...] = (), **more: Any) -> DialRules:
    return DialRules(presets=(Preset(name="law", abandons=abandons, ways=ways, **more),))


def state(live: int = 0, abandoned: int = 0, dials: int = 0, machines: int = 0, **more: Any) -> CampaignNow:
    """Today's meter, a day after the first dial."""
    day = Meter(dials=dials or live * 3, live=live, abandoned=abandoned, machines=machines)
    return CampaignNow(id="loans", **{"state": "formal", "began": NOON - 24 * HOUR, "day": day, **more})


def said(got: Pace) -> list[str]:
    return [each.rule for each in got.why.findings]


def at(now_state: CampaignNow, *abandons: AbandonRule, now: Micros = NOON, ready: int = 50, in_flight: int = 0, zone: str = "UTC") -> Pace:
    return pace(campaign(), now_state, rules(*(abandons or (TSR,))), now, in_flight, ready, zone)


# ------------------------------------------------------------------ the table


def test_a_campaign_begins_with_one_line_for_each_agent() -> None:
    got = at(state())
    assert (got.method, got.most_unreserved, got.lines_per_agent, got.rate) == ("progressive", 0, 1.0, 0.0)
    assert said(got) == ["pace.method", "pace.too_few"]
    assert got.why.verdict == "defer"


@pytest.mark.parametrize(
    ("live", "abandoned", "method", "code"),
    [
        (40, 0, "progressive", "pace.too_few"),
        (81, 0, "progressive", "pace.too_few"),
        (82, 0, "predictive", "pace.budget"),  # even one more on top of one that is abandoned: 2 of 83 is 2.4 %
        (1000, 10, "predictive", "pace.budget"),
        (1000, 23, "progressive", "pace.too_few"),
        (1000, 24, "progressive", "pace.too_few"),
        (1000, 25, "progressive", "pace.over_target"),
        (1000, 30, "progressive", "pace.over_target"),
        (1000, 31, "progressive", "pace.over_limit"),
    ],
)
def test_it_slows_down_before_the_limit(live: int, abandoned: int, method: str, code: str) -> None:
    got = at(state(live, abandoned))
    assert (got.method, said(got)[-1]) == (method, code)
    assert (got.most_unreserved > 0) == (method == "predictive")
    assert got.rate == pytest.approx(abandoned / live)
    assert (got.limit, got.target, got.rule) == (0.03, 0.024, "law/abandoned")


def test_the_more_room_the_more_lines() -> None:
    """500 answers of 1500 dials and none abandoned: 11 more would do, and a third of the dials is answered."""
    got = at(state(500, 0))
    assert 11 <= got.most_unreserved <= 15
    assert got.lines_per_agent == pytest.approx(1 + got.most_unreserved / 50, abs=0.01)
    assert at(state(50_000, 0)).lines_per_agent == pytest.approx(2.97, abs=0.05), "one answer for each agent is enough"
    assert at(state(50_000, 0), ready=3).most_unreserved == 6, "never over three lines an agent"
    assert at(state(500, 0), ready=0).most_unreserved == 0


def test_nobody_ready_nobody_called() -> None:
    got = at(state(50_000, 0), ready=0)
    assert (got.method, got.most_unreserved, got.lines_per_agent) == ("progressive", 0, 0.0)
    assert "pace.nobody_ready" in said(got)


@pytest.mark.parametrize(
    ("more", "ways", "method"),
    [
        ({"most": "preview"}, (), "preview"),
        ({}, (WayRule(id="slow", most="progressive"),), "progressive"),
        ({"most": "preview"}, (WayRule(id="slow", most="progressive"),), "preview"),
        ({"rules": Preset(name="own", ways=(WayRule(id="slow", most="manual"),))}, (), "manual"),
        ({}, (), "predictive"),
    ],
)
def test_the_most_careful_method_holds(more: dict[str, Any], ways: tuple[WayRule, ...], method: str) -> None:
    got = pace(campaign(**more), state(50_000, 0), rules(TSR, ways=ways), NOON, 0, 50)
    assert got.method == method
    assert (got.most_unreserved > 0) == (method == "predictive")
    assert got.why.findings[0].rule == "pace.method"


def test_a_trial_goes_no_faster_than_it_may() -> None:
    assert pace(campaign(), state(50_000, 0, state="trial"), rules(TSR), NOON, 0, 50).method == "progressive"
    fast = campaign(trial=TrialRules(most="predictive"))
    assert pace(fast, state(50_000, 0, state="trial"), rules(TSR), NOON, 0, 50).method == "predictive"


@pytest.mark.parametrize("word", ["draft", "review", "stopped", "rectifying", "settling", "closed"])
def test_what_does_not_dial_has_no_pace(word: str) -> None:
    got = at(state(50_000, 0, state=word))
    assert (got.method, got.most_unreserved, got.lines_per_agent, got.why.verdict) == ("manual", 0, 0.0, "deny")


def test_the_strictest_rule_holds() -> None:
    got = at(state(1000, 8), TSR, UK)
    assert (got.method, got.target, got.limit) == ("predictive", 0.01, -1.0)
    assert at(state(1000, 12), TSR, UK).method == "progressive"
    assert at(state(1000, 12), TSR).method == "predictive"
    assert at(state(50_000, 0), AbandonRule(id="none", target=0.0)).most_unreserved == 0


def test_where_no_law_says_a_rate_the_house_does() -> None:
    got = pace(Campaign(id="loans"), state(1000, 30), DialRules(), NOON, 0, 50)
    assert (got.method, got.rule, got.target) == ("progressive", "abandon.default", 0.024)


@pytest.mark.parametrize("more", [{"purposes": ("collection",)}, {"valid_to": "2026-11-30"}, {"valid_from": "2026-12-02"}])
def test_a_preset_that_does_not_hold_today_slows_nothing(more: dict[str, Any]) -> None:
    strict = AbandonRule(id="none", target=0.0)
    assert pace(campaign(), state(50_000, 0), rules(strict, **more), NOON, 0, 50).method == "predictive"
    assert pace(campaign(), state(50_000, 0), rules(strict), NOON, 0, 50).method == "progressive"


# ------------------------------------------------------------------ windows


def days(live: int, abandoned: int, *names: str) -> dict[str, Meter]:
    return {name: Meter(dials=live * 3, live=live, abandoned=abandoned) for name in names}


def test_a_block_is_thirty_days_from_the_first_dial() -> None:
    now_state = state(100, 0, began=moment("2026-11-10T15:00", "UTC"), days=days(1000, 20, "2026-11-09", "2026-11-10", "2026-11-30"))
    got = at(now_state)
    assert (got.abandoned, got.live) == (40, 2100), "the 9th is not of it"
    assert at(now_state, now=moment("2026-12-10T12:00", "UTC")).live == 100, "a new block, and only today is of it"


def test_a_new_window_is_begun_with_care() -> None:
    """What rings at its turn is answered in the new one, of which it would be the first."""
    now_state, turn = state(50_000, 0, began=moment("2026-11-10T15:00", "UTC")), moment("2026-12-10T00:00", "UTC")
    assert at(now_state, now=turn - RING_MOST - SECOND).method == "predictive"
    got = at(now_state, now=turn - RING_MOST)
    assert (got.method, said(got)[-1], got.why.findings[-1].until) == ("progressive", "pace.window_ends", turn)
    assert got.why.findings[-1].values["until"] == "2026-12-10 00:00"


def test_a_day_of_the_rules_zone_over_two_of_the_floors() -> None:
    """At 20:00 in Shanghai it is noon in London: what came before 08:00 in Shanghai was London's yesterday, and nobody knows how much."""
    now_state = state(5000, 10)
    assert at(now_state, UK, zone="UTC").method == "predictive"
    assert at(now_state, UK, zone=SHANGHAI).method == "progressive"
    later = NOON + 5 * HOUR  # past midnight in Shanghai: what is counted today was counted in London's day
    two = state(5000, 10, days=days(100, 90, "2026-12-01"))
    assert at(two, UK, zone=SHANGHAI, now=later).abandoned == 100, "and what may be of it, too, where that is the worse"
    assert at(state(5000, 10, days=days(100, 0, "2026-12-01")), UK, zone=SHANGHAI, now=later).live == 5000


def test_the_last_hour_steers() -> None:
    now_state = state(50_000, 100)
    meters.count(now_state, NOON - 30 * MINUTE, Count(dials=100, live=30, abandoned=1))
    assert at(now_state).method == "predictive", "one is chance"
    meters.count(now_state, NOON - 20 * MINUTE, Count(dials=100, live=30, abandoned=1))
    got = at(now_state)
    assert (got.method, said(got)[-1]) == ("progressive", "pace.hour")
    assert got.hour_rate == pytest.approx(2 / 60)
    assert at(now_state, now=NOON + 41 * MINUTE).method == "predictive", "and is over"


def test_a_month_and_a_rolling_day() -> None:
    month = AbandonRule(id="crtc", limit=0.05, target=0.04, window=Window(kind="calendar_month"))
    now_state = state(100, 3, days=days(1000, 40, "2026-11-30"))
    assert at(now_state, month).live == 100
    rolling = AbandonRule(id="day", target=0.024, window=Window(kind="rolling", seconds=86_400))
    assert at(now_state, rolling).live in (100, 1100)
    hour = AbandonRule(id="hour", target=0.024, window=Window(kind="rolling", seconds=3600))
    meters.count(now_state, NOON - MINUTE, Count(dials=9, live=3))
    meters.count(now_state, NOON - 70 * MINUTE, Count(dials=9, live=3))
    assert at(now_state, hour).live == 3


# ------------------------------------------------------------------ machines


def test_a_detector_errs_and_those_were_people() -> None:
    rule = AbandonRule(id="uk", target=0.01, machine_errors=0.02)
    got = at(state(1000, 0, machines=500), rule)
    assert (got.abandoned, got.live) == (10, 1010)
    assert at(state(1000, 0, machines=500), UK).abandoned == 0, "where the rule does not reckon so"
    forbidden = rules(rule, ways=(WayRule(id="no", amd="forbidden"),))
    assert pace(campaign(), state(1000, 0, machines=500), forbidden, NOON, 0, 50).abandoned == 0


def test_without_a_detector_some_of_those_abandoned_were_machines() -> None:
    rule = AbandonRule(id="uk", target=0.01, less_machines=True)
    no_detector = rules(rule, ways=(WayRule(id="no", amd="forbidden"),))
    got = pace(campaign(), state(910, 10, machines=100), no_detector, NOON, 0, 50)
    assert got.abandoned == pytest.approx(9)  # 100 of 1000 that agents were given
    few = pace(campaign(), state(60, 10, machines=10), no_detector, NOON, 0, 50)
    assert few.abandoned == 10, "too few to say"
    assert at(state(910, 10, machines=100), rule).abandoned == 10, "a detector may be there"


# ------------------------------------------------------------------ what the gate makes of it


def under_way(name: str, **more: Any) -> DialNow:
    fields = {
        "node": "pbx",
        "call": name,
        "leg": name,
        "campaign": "loans",
        "client": "",
        "method": "predictive",
        "agent": "",
        "decided": NOON,
    }
    return DialNow(name, **{**fields, "reserved": False, **more})


def test_who_talks_already_takes_nobodys_place() -> None:
    """The ledger keeps a call among those without an agent until it ends; what it came to is in the meters since it was answered."""
    floor, dials = (
        Floor(),
        [
            under_way("rings"),
            under_way("talks", live=True, connected=NOON),
            under_way("abandoned", abandoned=NOON),
            under_way("machine", machine=True),
            under_way("over", live=True, over=NOON),
            under_way("another", live=True, campaign="cards"),
            under_way("reserved", live=True, reserved=True),
        ],
    )
    floor.owned.outbound.dials = {each.dial: each for each in dials}
    assert settled(floor, "loans") == 3
    at_work = Seen(now=NOON, rules=rules(TSR), campaign=campaign(), state=state(500, 0), ready=50)
    free = budget(at_work, campaign())
    assert free > 0
    assert budget(at_work._replace(settled=3), campaign()) == free + 3
    assert budget(at_work._replace(settled=3, state=state(500, 50)), campaign()) == 0, "nor does it make any"


# ------------------------------------------------------------------ laws of the budget

READINGS = st.tuples(st.integers(0, 20_000), st.floats(0, 0.1)).map(lambda each: Reading(float(int(each[0] * each[1])), float(each[0])))
LIMITS = st.sampled_from([TSR, UK, AbandonRule(id="crtc", limit=0.05, target=0.04), AbandonRule(id="x", limit=0.03, target=0.029)])
SHARES = st.floats(0.01, 1.0)


@given(READINGS, LIMITS, SHARES)
def test_the_formula_holds_and_the_worst_case_keeps_the_limit(read: Reading, rule: AbandonRule, p_live: float) -> None:
    most = room(read, rule, p_live)
    if not most:
        return
    expected = most * p_live
    assert (read.abandoned + expected + 1) / (read.live + expected + 1) <= rule.target + 1e-9
    limit = rule.limit if rule.limit >= 0 else rule.target / 0.8
    assert (read.abandoned + most) / (read.live + most) <= limit + 1e-9


@given(READINGS, LIMITS, SHARES, st.integers(0, 100), st.floats(0, 0.5))
def test_more_abandoned_or_more_people_never_gives_more_room(
    read: Reading, rule: AbandonRule, p_live: float, more: int, higher: float
) -> None:
    most = room(read, rule, p_live)
    assert room(Reading(read.abandoned + more, read.live + more), rule, p_live) <= most
    assert room(Reading(read.abandoned, read.live + more), rule, p_live) >= most
    assert room(read, rule, min(1.0, p_live + higher)) <= most


@given(READINGS, LIMITS)
def test_it_says_how_many_answers_are_missing(read: Reading, rule: AbandonRule) -> None:
    enough = needed(read, rule)
    assert room(Reading(read.abandoned, enough), rule, 1.0) >= 1
    assert room(Reading(read.abandoned, enough - 1), rule, 1.0) == 0


@given(st.floats(0, 500), SHARES)
def test_chance_is_reckoned_in(spare: float, p_live: float) -> None:
    dials = likely(spare, p_live)
    assert dials * p_live + 3 * (dials * p_live * (1 - p_live)) ** 0.5 <= spare + 1e-6


@given(st.integers(0, 400), st.integers(50, 400))
def test_people_are_reckoned_high(hits: int, of: int) -> None:
    hits = min(hits, of)
    assert hits / of <= upper(hits, of) <= 1.0


def test_who_answers_is_looked_up_where_there_is_enough() -> None:
    assert at(state()).p_live == 1.0
    assert at(state(20, 0, dials=49)).p_live == 1.0
    assert at(state(100, 0, dials=1000)).p_live == pytest.approx(0.12, abs=0.01)
    assert at(state(0, 0, days=days(300, 0, "2026-11-30"))).p_live == pytest.approx(0.36, abs=0.01), "yesterday"
    assert at(state(100, 0, dials=1000), in_flight=500).p_live > 0.2, "those under way are answered by nobody yet"
    ringing = state(100, 0, dials=500)
    meters.count(ringing, NOON - MINUTE, Count(dials=500))
    assert at(ringing).p_live > 0.2, "also where nobody counted them"
    late = state(100, 0, dials=1000)
    meters.count(late, NOON - 5 * MINUTE, Count(dials=60, live=60))
    assert at(late).p_live == 1.0, "in the last hour everybody answers"


# ------------------------------------------------------------------ a dialler that takes all it is given


class Dialler:
    """Predictive, greedy, second by second: each ready agent has a call of their own, and as many more are dialled as the pace allows."""

    def __init__(self, seed: int, rule: AbandonRule, *, answers: tuple[float, float], agents: int, hostile: bool = False) -> None:
        self.dice, self.rule, self.answers, self.hostile = random.Random(seed), rule, answers, hostile
        self.campaign, self.rules = campaign(), rules(rule)
        self.state = CampaignNow(id="loans", state="formal", began=NOON - 3 * HOUR)
        self.now, self.agents, self.staff = NOON - 3 * HOUR, agents, agents
        self.busy: list[Micros] = []  # agents' ends of calls
        self.reserved: list[Micros] = []  # when somebody answers, or nobody does
        self.unreserved: list[Micros] = []
        self.unattended: list[Micros] = []  # answered and without an agent: when they are abandoned
        self.share, self.unreserved_dials, self.over_target, self.over_limit = answers[0], 0, 0, 0

    def run(self, seconds: int) -> None:
        for second in range(seconds):
            self.now += SECOND
            if second % 600 == 0:  # another hour of the day: other people answer, and other agents are there
                self.share = self.dice.uniform(*self.answers)
                self.staff = self.dice.randint(1, self.agents)
            self.answer()
            self.dial()
            self.judge()

    def free(self) -> int:
        return self.staff - len(self.busy) - len(self.reserved)

    def answer(self) -> None:
        self.busy = [each for each in self.busy if each > self.now]
        for waiting in (self.reserved, self.unreserved):
            over = [each for each in waiting if each <= self.now]
            waiting[:] = [each for each in waiting if each > self.now]
            for _ in over:
                if self.dice.random() >= self.share:
                    continue
                if waiting is self.reserved or (self.free() > 0 and not self.hostile):
                    self.connect()
                else:
                    self.unattended.append(self.now + 2 * SECOND)
        for each in [each for each in self.unattended if each <= self.now]:
            self.unattended.remove(each)
            if self.free() > 0 and not self.hostile:
                self.connect()
            else:
                meters.count(self.state, self.now, Count(live=1, abandoned=1))

    def connect(self) -> None:
        self.busy.append(self.now + self.dice.randint(20, 90) * SECOND)
        meters.count(self.state, self.now, Count(connected=1, live=1))

    def dial(self) -> None:
        for _ in range(max(0, self.free())):
            self.reserved.append(self.ring())
        under_way = len(self.unreserved) + len(self.unattended)
        got = pace(self.campaign, self.state, self.rules, self.now, under_way, self.staff)
        for _ in range(max(0, got.most_unreserved - under_way)):
            self.unreserved.append(self.ring())
            self.unreserved_dials += 1

    def ring(self) -> Micros:
        meters.count(self.state, self.now, Count(dials=1))
        return self.now + self.dice.randint(5, 25) * SECOND

    def judge(self) -> None:
        day, limit = self.state.day, self.rule.limit if self.rule.limit >= 0 else self.rule.target / 0.8
        self.over_limit += day.abandoned > limit * day.live
        self.over_target += day.abandoned > self.rule.target * day.live


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rule", [TSR, UK], ids=["us", "uk"])
def test_the_target_is_kept_whoever_answers_and_however_few_agents_are_there(rule: AbandonRule, seed: int) -> None:
    """What is likely: with these seeds it always is. Answer rates change every ten minutes, agents come and go."""
    dialler = Dialler(seed, rule, answers=(0.1, 0.9), agents=20 + seed * 8)
    dialler.run(2400)
    assert dialler.over_target == 0
    assert dialler.over_limit == 0


@pytest.mark.parametrize("seed", range(4))
def test_the_limit_is_kept_when_nobody_ever_takes_such_a_call(seed: int) -> None:
    """What is certain. People answer rarely at first and then nearly always, and no agent is ever there for a call that has none."""
    dialler = Dialler(seed, TSR, answers=(0.05, 0.2), agents=60, hostile=True)
    dialler.run(2400)
    assert dialler.unreserved_dials > 0, "or nothing was shown"
    dialler.answers = (0.95, 1.0)
    dialler.run(1200)
    assert dialler.state.day.abandoned > 0
    assert dialler.over_limit == 0


def test_the_dialler_is_let_off_the_lead_at_all() -> None:
    dialler = Dialler(1, TSR, answers=(0.2, 0.4), agents=60)
    dialler.run(3000)
    assert dialler.unreserved_dials > 300
    assert dialler.state.day.live > 500


def test_a_governor_that_looks_back_only_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same dialler with a rule of thumb (dial on while the rate is within the target) goes over the limit: the test can fail."""
    monkeypatch.setattr("realtime.dial.pace.room", lambda read, rule, _: 1000 if read.rate <= rule.target else 0)
    dialler = Dialler(1, TSR, answers=(0.05, 0.9), agents=60)
    dialler.run(2400)
    assert dialler.over_limit > 0


# ------------------------------------------------------------------ words


def test_every_code_has_its_words() -> None:
    source = (ROOT / "realtime/dial/pace.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'saw\("(pace\.\w+)"', source))
    assert codes
    assert codes <= set(WORDS)
    assert {code for code in WORDS if code.startswith("pace.")} == codes


def test_each_finding_is_a_sentence() -> None:
    over = at(state(1000, 40))
    every = [*at(state()).why.findings, *at(state(500, 0)).why.findings, *over.why.findings, *at(state(500), ready=0).why.findings]
    for finding in every:
        for language in LANGUAGES:
            assert sentence(finding, language) != finding.rule
    assert "over the limit of 3.0 %" in sentence(over.why.findings[-1], "en")
    assert "渐进" in sentence(pace(campaign(most="progressive"), state(), rules(TSR), NOON, 0, 5).why.findings[0], "zh")
