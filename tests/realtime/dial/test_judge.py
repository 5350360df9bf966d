"""The decision as a whole: what is prepared, counted and taken, which presets hold, in what order it is read, and how it is said."""

from __future__ import annotations

import ast
import random
import re
from typing import Any

import msgspec
import pytest

from realtime.decision import SEVERITY
from realtime.dial.applies import applying, lists_wanted
from realtime.dial.judge import prepare
from realtime.dial.model import Blocked, Consent, ListSeen
from realtime.ledger.names import FLIGHT_S, KEEP_S
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import SCOPES, CapRule, ConsentRule, CoolDownRule, ListRule, Preset, Window
from realtime.sentences import LANGUAGES, WORDS, dialling, sentence
from realtime.words import AgentState
from tests.house.sources import ROOT
from tests.realtime.dial.cases import ALWAYS, ANN, DAY, FLORIDA, HOUR, MINUTE, NOON, Office, at, codes, every_day, held
from tests.realtime.dial.test_laws import asked, office, preset

# ------------------------------------------------------------------ what it prepares


def test_every_scope_has_its_value() -> None:
    here = Office()
    plain = prepare(here.ask(), here.there(NOON)).scopes
    assert plain == {
        "number": "n1",
        "person": "n1",
        "debt": "n1",
        "subject": "c1",
        "client": "bank",
        "campaign": "c1",
        "centre": "all",
    }
    told = prepare(here.ask(scopes={"person": "p", "debt": "d", "subject": "s", "client": "mine"}), here.there(NOON)).scopes
    assert told == {**plain, "person": "p", "debt": "d", "subject": "s"}, "who asks does not choose the client"
    assert prepare(here.ask(scopes={"person": "p"}), here.there(NOON)).scopes["debt"] == "p"
    named = Office(subject="roofs", client="")
    scopes = prepare(named.ask(), named.there(NOON)).scopes
    assert (scopes["subject"], scopes["client"]) == ("roofs", "c1")


def test_an_allowed_dial_takes_its_attempt_everywhere_and_its_places() -> None:
    here = Office()
    takes = dict(prepare(here.ask(agent="1001"), here.there(NOON)).takes)
    attempts = [key for key in takes if key.startswith("attempt:")]
    assert len(attempts) == len(SCOPES)
    assert {takes[key] for key in attempts} == {KEEP_S}
    assert {key: keep for key, keep in takes.items() if key not in attempts} == dict.fromkeys(
        ("flight:centre:", "flight:campaign:c1", "flight:reserved:c1", "flight:agent:1001"), FLIGHT_S
    )
    unreserved = dict(prepare(here.ask(reserved=False, method="predictive"), here.there(NOON)).takes)
    assert "flight:unreserved:c1" in unreserved
    assert not [key for key in unreserved if key.startswith(("flight:agent", "flight:reserved"))]


def test_every_check_is_about_something() -> None:
    here = Office(Preset(name="p", caps=(CapRule(id="c", most=3),), cool_downs=(CoolDownRule(id="d", seconds=60),)), at_once=3)
    prepared = prepare(here.ask(agent="1001"), here.there(NOON))
    assert len(prepared.checks) == len(prepared.about) == 4
    assert [each.key for each in prepared.checks] == [
        "abandoned:number:n1",
        "attempt:number:n1",
        "flight:campaign:c1",
        "flight:agent:1001",
    ]
    assert prepared.checks[1].since == NOON - DAY + 1


def test_a_window_by_date_begins_where_the_earliest_of_the_zones_has_midnight() -> None:
    here = Office(Preset(name="p", caps=(CapRule(id="c", most=3, window=Window(kind="calendar_day")),)))
    here.zone, here.number = "", msgspec.structs.replace(FLORIDA, zones=("America/Los_Angeles", "America/New_York"))
    (check,) = prepare(here.ask(), here.there(NOON)).checks
    assert check.since == at("2026-11-24 00:00")


# ------------------------------------------------------------------ which presets hold


def named(here: Office, now: int = NOON, **how: Any) -> list[str]:
    return [each.name for each in applying(here.ask(**how), here.there(now))]


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({}, True),
        ({"purposes": ("collection",)}, False),
        ({"purposes": ("collection", "telemarketing")}, True),
        ({"countries": ("US",)}, True),
        ({"countries": ("CN",)}, False),
        ({"regions": ("US-FL",)}, True),
        ({"regions": ("US-GA",)}, False),
        ({"countries": ("US",), "regions": ("US-GA", "US-FL")}, True),
        ({"methods": ("predictive",)}, False),
        ({"methods": ("progressive",)}, True),
        ({"valid_from": "2026-11-24"}, True),
        ({"valid_from": "2026-11-25"}, False),
        ({"valid_to": "2026-11-24"}, True),
        ({"valid_to": "2026-11-23"}, False),
        ({"valid_from": "2026-11-25", "valid_to": "2026-11-23"}, False),
    ],
)
def test_presets_apply(fields: dict[str, Any], holds: bool) -> None:
    assert named(Office(Preset(name="p", **fields))) == (["p"] if holds else [])


def test_what_may_be_in_a_region_is_under_its_rules() -> None:
    here = Office(Preset(name="fl", regions=("US-FL",)), Preset(name="bj", regions=("CN-BJ",)))
    here.number = msgspec.structs.replace(FLORIDA, regions=())
    assert named(here) == ["fl"]


def test_of_a_number_on_two_dates_at_once_both_hold() -> None:
    here = Office(Preset(name="old", valid_to="2026-11-23"), Preset(name="new", valid_from="2026-11-24"))
    here.zone, here.number = "", msgspec.structs.replace(FLORIDA, zones=("America/New_York", "Pacific/Honolulu"))
    assert named(here, at("2026-11-24 03:00")) == ["old", "new"]
    assert named(here, at("2026-11-24 06:00")) == ["new"]


def test_a_purpose_that_is_said_brings_its_rules_beside_the_campaigns() -> None:
    here = Office(Preset(name="p", purposes=("service",)), Preset(name="t", purposes=("telemarketing",)))
    assert (named(here), named(here, purpose="service")) == (["t"], ["p", "t"])


@pytest.mark.parametrize("said", ["service", "callback", "emergency", "survey"])
def test_no_purpose_that_is_said_is_a_way_round_the_campaigns_rules(said: str) -> None:
    """A dialler's variable is a claim, and the plan is what was agreed."""
    closed = Preset(name="t", purposes=("telemarketing",), hours=(every_day((0, 1)),), consents=(ConsentRule(id="c"),))
    here = Office(closed)
    here.seen["consents"] = (Consent("k", "bank", said, given=NOON - 1),)
    assert held(here.judged(purpose=said)) == held(here.judged()) == ["dial.consent.missing", "dial.hours.closed"]
    bare = Office(Preset(name="uk", countries=("GB",)))
    assert held(bare.judged(purpose=said)) == ["dial.campaign.no_rules"]


def test_only_what_the_campaign_names_holds_and_its_own_last() -> None:
    here = Office(Preset(name="p"), rules=Preset(name="own", hours=(every_day((0, 60)),)))
    here.rules = msgspec.structs.replace(here.rules, presets=(*here.rules.presets, Preset(name="other")))
    assert named(here) == ["p", "own"]


def test_a_new_plan_is_another_one_at_once() -> None:
    """What is remembered is remembered for this very plan."""
    here = Office(Preset(name="p", hours=(every_day((0, 1440)),)))
    assert held(here.judged()) == []
    here.rules = msgspec.structs.replace(here.rules, presets=(Preset(name="p", hours=(every_day((0, 60)),)),))
    assert held(here.judged()) == ["dial.hours.closed"]


def test_the_lists_that_are_wanted_are_all_that_any_rule_may_ask_for() -> None:
    lists = Preset(name="p", countries=("GB",), lists=(ListRule(id="l", lists=("tps", "ctps")),))
    here = Office(lists, lists=("clients",), consents=("web",))
    assert lists_wanted(here.ask(), here.rules) == ("clients", "ctps", "tps", "web")
    assert lists_wanted(here.ask(campaign="c2"), here.rules) == ()


# ------------------------------------------------------------------ the whole


def test_nothing_keeps_a_rule_from_being_looked_at() -> None:
    """Everything is wrong at once, and everything is said, in the order in which a person would ask."""
    here = Office(
        Preset(
            name="p",
            hours=(every_day((0, 60)),),
            caps=(CapRule(id="c", most=1),),
            cool_downs=(CoolDownRule(id="d", after="attempt", seconds=7200),),
            lists=(ListRule(id="l", lists=("national",)),),
        ),
        at_once=1,
        teams=("blue",),
    )
    here.number = msgspec.structs.replace(FLORIDA, kind="premium")
    here.state = CampaignNow("c1", "stopped")
    here.seen = {"stopped": True, "person": ANN, "agent_state": AgentState.MEETING, "blocked": (Blocked("global"),)}
    here.happened("attempt", NOON - HOUR)
    here.ledger["flight:campaign:c1"] = [NOON - MINUTE]
    judged = here.judged(agent="1001")
    assert held(judged) == [
        "dial.number.premium",
        "dial.campaign.all_stopped",
        "dial.campaign.state",
        "dial.agent.elsewhere",
        "dial.agent.meeting",
        "dial.blocked.global",
        "dial.list.missing",
        "dial.hours.closed",
        "dial.cool_down",
        "dial.cap",
        "dial.at_once.campaign",
    ]
    assert (judged.decision.verdict, judged.until) == ("deny", 0), "of a no for good nobody says when"
    assert judged.decision.reason == judged.decision.findings[codes(judged).index("dial.number.premium")]


def test_the_latest_of_all_ends_is_the_end() -> None:
    here = Office(
        Preset(
            name="p",
            hours=(every_day((600, 660)),),
            caps=(CapRule(id="c", most=1),),
            cool_downs=(CoolDownRule(id="d", after="attempt", seconds=7200),),
        )
    )
    here.happened("attempt", at("2026-11-24 11:30"))
    judged = here.judged()
    ends = {each.rule: each.until for each in judged.decision.findings if each.verdict == "defer"}
    assert ends == {
        "dial.hours.closed": at("2026-11-25 10:00"),
        "dial.cool_down": at("2026-11-24 13:30"),
        "dial.cap": at("2026-11-25 11:30"),
    }
    assert judged.until == at("2026-11-26 10:00"), "when the cap is free again the hours are over, so it is the next day"


def test_an_emergency_number_typed_by_a_person_passes_and_takes_nothing() -> None:
    here = Office()
    here.number = msgspec.structs.replace(FLORIDA, kind="emergency", e164="", digits="911", regions=())
    here.state = CampaignNow("c1", "stopped")
    judged = here.judged(by_hand=True, method="manual")
    assert (judged.decision.verdict, codes(judged)) == ("allow", ["dial.number.emergency.own"])
    assert here.prepared is not None
    assert (here.prepared.checks, here.prepared.takes) == ((), ())
    assert "dial.number.emergency" in held(here.judged(by_hand=False))


def test_it_says_when_it_is_where() -> None:
    here = Office()
    here.zone, here.number = "", msgspec.structs.replace(FLORIDA, zones=("America/Los_Angeles", "America/New_York"))
    judged = here.judged()
    assert judged.local == ("2026-11-24T09:00:00-08:00", "2026-11-24T12:00:00-05:00")


# ------------------------------------------------------------------ in words


def made() -> list[str]:
    """Every code that stands in the source of a rule, and those that counting makes of it."""
    found: set[str] = set()
    for path in [*(ROOT / "realtime/dial/rules").glob("*.py"), ROOT / "realtime/dial/judge.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"dial(\.[a-z_]+)+", node.value):
                found.add(node.value)
    counted = {each for each in found if each.split(".")[1] in ("cap", "cool_down", "trial", "at_once") or each == "dial.contract.dials"}
    counted = (counted | {"dial.way.machine_day", "dial.abandon"}) - {"dial.trial.method"}
    windowed = {each for each in counted if not each.startswith(("dial.at_once", "dial.abandon", "dial.trial.agents"))}
    return sorted(found | {f"{each}.free" for each in counted} | {f"{each}.never" for each in windowed})


def test_every_code_has_its_words_and_every_word_its_code() -> None:
    assert set(made()) == set(dialling.WORDS)
    assert not [code for code, words in dialling.WORDS.items() if WORDS[code] != words], "and none of them is another catalogue's"


@pytest.mark.parametrize("seed", range(60))
def test_every_finding_can_be_said_and_none_says_the_number(seed: int) -> None:
    dice = random.Random(seed)
    here = office(dice, preset(dice, "p"), preset(dice, "q"))
    here.seen["blocked"] = (Blocked("client", "bank", NOON - DAY, "agent"),)
    judged = here.judged(**asked(dice))
    text = msgspec.json.encode(judged.decision).decode()
    assert "3055550123" not in text
    for finding in judged.decision.findings:
        for language in LANGUAGES:
            said = sentence(finding, language)
            assert said != finding.rule, finding
            assert "{" not in said
    assert judged.decision.verdict == max((each.verdict for each in judged.decision.findings), key=SEVERITY.index)


def test_a_cap_in_words() -> None:
    here = Office(Preset(name="p", title="Florida", title_zh="佛罗里达", hours=ALWAYS.hours, caps=(CapRule(id="three", most=1),)))
    here.call(NOON)
    (cap,) = (each for each in here.judged(NOON + HOUR).decision.findings if each.rule == "dial.cap")
    assert sentence(cap, "en") == "Florida (three): 1 of 1 in 24 h (an attempt, by number); again from 2026-11-25 12:00."
    assert sentence(cap, "zh") == "佛罗里达（three）：24小时内已有1次，上限1次（拨打，按号码计），2026-11-25 12:00起可拨。"


def test_the_consent_that_it_stands_on_is_handed_on() -> None:
    mine, other = Consent("k", "bank", given=1), Consent("l", "shop", given=1)
    here = Office()
    here.seen |= {"consents": (mine, other), "lists": {"x": ListSeen("x")}}
    assert here.judged().consents == (mine,)
