"""Each rule of dialling for itself: what it lets pass, what it holds back, until when, and what lifts it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from realtime.dial.judge import judge, prepare
from realtime.dial.model import Blocked, Consent, Dialled, ListSeen
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import (
    CallerIdRule,
    Campaign,
    ConsentRule,
    ContractTerms,
    CoolDownRule,
    HoursRule,
    ListRule,
    PlaceRule,
    Preset,
    TrialRules,
    WayRule,
)
from realtime.words import SECOND, AgentState
from tests.realtime.dial.cases import ALWAYS, ANN, DAY, FLORIDA, HOUR, MINUTE, NOON, Office, at, codes, every_day, held, said


def with_rules(**rules: Any) -> Office:
    return Office(Preset(name="p", hours=ALWAYS.hours, **rules))


# ------------------------------------------------------------------ the number


@pytest.mark.parametrize(
    ("changes", "purpose", "expected"),
    [
        ({}, "", []),
        ({"kind": "toll_free"}, "", []),
        ({"kind": "none", "e164": ""}, "", ["dial.number.unreadable"]),
        ({"kind": "emergency", "e164": ""}, "", ["dial.number.emergency"]),
        ({"kind": "short", "e164": ""}, "", ["dial.number.short"]),
        ({"kind": "premium"}, "", ["dial.number.premium"]),
        ({"kind": "premium", "e164": "", "digits": "9001"}, "", ["dial.number.premium"]),
        ({"kind": "shared_cost"}, "", ["dial.number.special"]),
        ({"kind": "other"}, "telemarketing", ["dial.number.special"]),
        ({"kind": "other"}, "service", []),
        ({"e164": "+13059990000"}, "", ["dial.number.blocked"]),
        ({"e164": "+12125550199"}, "", ["dial.number.own"]),
        ({"kind": "premium", "e164": "+13059990000"}, "", ["dial.number.premium", "dial.number.blocked"]),
    ],
)
def test_numbers(changes: dict[str, Any], purpose: str, expected: list[str]) -> None:
    here = Office(purpose=purpose or "telemarketing")
    here.rules = msgspec.structs.replace(here.rules, blocked=("+1305999",), own=("+12125550199",))
    here.number = msgspec.structs.replace(FLORIDA, **changes)
    judged = here.judged()
    assert held(judged) == expected
    assert judged.decision.verdict == ("deny" if expected else "allow")


def test_what_was_taken_off_is_written_down() -> None:
    here = Office()
    here.number = msgspec.structs.replace(FLORIDA, stripped=("*67", "9"))
    assert said(here.judged(), "dial.number.stripped").values == {"what": "*67 9"}


# ------------------------------------------------------------------ the campaign


@pytest.mark.parametrize("state", ["draft", "review", "stopped", "rectifying", "settling", "closed", "of_tomorrow"])
def test_only_trial_and_formal_dial(state: str) -> None:
    here = Office()
    here.state = CampaignNow("c1", state)
    judged = here.judged()
    assert (held(judged), judged.decision.verdict) == (["dial.campaign.state"], "deny")
    assert said(judged, "dial.campaign.state").values["life"] == state


def test_a_campaign_of_which_the_floor_has_no_state_is_a_draft() -> None:
    here = Office()
    here.state = None
    assert held(here.judged()) == ["dial.campaign.state"]


def test_a_campaign_that_nobody_knows_dials_nothing() -> None:
    here = Office()
    here.campaign = None
    assert held(here.judged()) == ["dial.campaign.unknown"]


def test_the_stop_of_all() -> None:
    here = Office()
    here.seen["stopped"] = True
    assert held(here.judged()) == ["dial.campaign.all_stopped"]


def test_words_that_no_rule_would_speak_of() -> None:
    assert held(Office().judged(purpose="fishing")) == ["dial.campaign.purpose"]
    assert "dial.way.method" in held(Office().judged(method="by_pigeon"))


def test_a_preset_that_is_not_there() -> None:
    here = Office()
    assert here.campaign is not None
    here.campaign = msgspec.structs.replace(here.campaign, presets=("always", "gone"))
    assert held(here.judged()) == ["dial.campaign.preset_missing"]


@pytest.mark.parametrize(
    ("purpose", "expected"), [("telemarketing", "deny"), ("collection", "deny"), ("service", "allow"), ("callback", "allow")]
)
def test_no_rules_no_calls_for_business(purpose: str, expected: str) -> None:
    here = Office(Preset(name="uk", countries=("GB",), hours=(every_day((0, 1440)),)), purpose=purpose)
    judged = here.judged()
    assert judged.decision.verdict == expected
    assert held(judged) == (["dial.campaign.no_rules"] if expected == "deny" else [])


def test_own_rules_are_rules_only_with_hours() -> None:
    cap = CoolDownRule(id="d", seconds=60)
    bare = Office(Preset(name="uk", countries=("GB",)), rules=Preset(name="own", cool_downs=(cap,)))
    assert held(bare.judged()) == ["dial.campaign.no_rules"]
    whole = Office(Preset(name="uk", countries=("GB",)), rules=Preset(name="own", cool_downs=(cap,), hours=(every_day((0, 1440)),)))
    assert held(whole.judged()) == []


@pytest.mark.parametrize(
    ("terms", "expected", "until"),
    [
        (ContractTerms(begins="2026-11-24", ends="2026-11-24"), [], 0),
        (ContractTerms(begins="2026-11-26"), ["dial.contract.not_begun"], at("2026-11-26 00:00")),
        (ContractTerms(ends="2026-11-23"), ["dial.contract.ended"], 0),
        (ContractTerms(hours=((540, 1200),)), [], 0),
        (ContractTerms(hours=((540, 720), (780, 1200))), ["dial.contract.hours"], at("2026-11-24 13:00")),
        (ContractTerms(hours=((540, 720),)), ["dial.contract.hours"], at("2026-11-25 09:00")),
        (
            ContractTerms(begins="2026-11-26", hours=((540, 720),)),
            ["dial.contract.not_begun", "dial.contract.hours"],
            at("2026-11-26 09:00"),
        ),
    ],
)
def test_contracts(terms: ContractTerms, expected: list[str], until: int) -> None:
    judged = Office(contract=terms).judged()
    assert (held(judged), judged.until) == (expected, until)


def test_the_contracts_dials_of_a_day() -> None:
    here = Office(contract=ContractTerms(dials_day=2))
    here.call(at("2026-11-23 23:59"))
    assert here.call(NOON).decision.verdict == here.call(NOON + 1).decision.verdict == "allow"
    third = here.call(NOON + 2)
    assert (held(third), third.until) == (["dial.contract.dials"], at("2026-11-25 00:00"))
    assert held(Office(contract=ContractTerms(dials_day=0)).judged()) == ["dial.contract.dials.never"]


def trial(**rules: Any) -> Office:
    here = Office(trial=TrialRules(**rules))
    here.state = CampaignNow("c1", "trial")
    return here


def test_a_trial_has_its_caps() -> None:
    here = trial(dials_day=2, contacts_day=1)
    assert here.call(NOON).decision.verdict == "allow"
    here.happened("live", NOON, "campaign")
    assert held(here.call(NOON + 1)) == ["dial.trial.contacts"]
    here.call(at("2026-11-25 09:00"))
    here.call(at("2026-11-25 09:01"))
    assert held(here.call(at("2026-11-25 09:02"))) == ["dial.trial.dials"]


def test_a_trial_has_so_many_agents_at_a_time_is_recorded_and_no_faster_than_it_may_be() -> None:
    here = trial(agents=2)
    here.ledger["flight:campaign:c1"] = [NOON - MINUTE] * 2
    assert held(here.judged()) == ["dial.trial.agents"]
    here.ledger["flight:campaign:c1"].pop()
    assert here.judged().constraints.record
    assert held(trial(most="preview").judged(method="progressive")) == ["dial.trial.method"]
    assert not Office().judged().constraints.record


def test_what_became_a_trial_meanwhile_has_not_been_counted_as_one() -> None:
    here = Office()
    prepared = prepare(here.ask(), here.there(NOON))
    here.state = CampaignNow("c1", "trial")
    judged = judge(here.ask(), here.there(NOON), prepared, here.counts(prepared.checks))
    assert held(judged) == ["dial.uncounted"]


# ------------------------------------------------------------------ the agent


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, []),
        ({"person": None}, ["dial.agent.unknown"]),
        ({"person": msgspec.structs.replace(ANN, out=True)}, ["dial.agent.left"]),
        ({"person": msgspec.structs.replace(ANN, team="blue")}, ["dial.agent.elsewhere"]),
        ({"person": msgspec.structs.replace(ANN, id="1002", team="")}, []),
        ({"agent_state": AgentState.LOGGED_OUT}, ["dial.agent.logged_out"]),
        ({"agent_state": AgentState.MEETING}, ["dial.agent.meeting"]),
        ({"agent_state": AgentState.TRAINING}, ["dial.agent.training"]),
        ({"agent_state": AgentState.BREAK_PENDING}, ["dial.agent.on_break"]),
        ({"agent_state": AgentState.ON_BREAK}, ["dial.agent.on_break"]),
        ({"on_break": True}, ["dial.agent.on_break"]),
        ({"agent_state": AgentState.WRAPUP}, []),
        ({"in_training": "duty.training_overdue"}, ["dial.agent.untrained"]),
        ({"in_training": "duty.away", "agent_state": AgentState.LOGGED_OUT}, ["dial.agent.logged_out", "dial.agent.untrained"]),
    ],
)
def test_agents(seen: dict[str, Any], expected: list[str]) -> None:
    here = Office(teams=("red",), agents=("1002",))
    here.seen = {"person": ANN, "agent_state": AgentState.READY, **seen}
    assert held(here.judged(agent="1001")) == expected


def test_a_dialler_names_nobody_and_a_phone_must() -> None:
    assert held(Office().judged()) == []
    assert held(Office().judged(by_hand=True, method="manual")) == ["dial.agent.nobody"]


# ------------------------------------------------------------------ do not call


@pytest.mark.parametrize(
    ("blocked", "expected"),
    [
        (Blocked("global"), ["dial.blocked.global"]),
        (Blocked("client", "bank"), ["dial.blocked.client"]),
        (Blocked("client", "shop"), []),
        (Blocked("campaign", "c1"), ["dial.blocked.campaign"]),
        (Blocked("campaign", "c2"), []),
        (Blocked("of_tomorrow", "?"), ["dial.blocked.global"]),
    ],
)
def test_requests(blocked: Blocked, expected: list[str]) -> None:
    here = Office()
    here.rules = msgspec.structs.replace(here.rules, campaigns=(*here.rules.campaigns, Campaign(id="c2", client="shop")))
    here.seen["blocked"] = (blocked,)
    assert held(here.judged()) == expected


def test_a_request_about_a_client_whom_the_plan_knows_no_more_binds_everybody() -> None:
    """Or a client would only have to be renamed."""
    here = Office(client="bank-new")
    here.seen["blocked"] = (Blocked("client", "bank"),)
    assert held(here.judged()) == ["dial.blocked.client"]


def test_nothing_lifts_a_request() -> None:
    here = Office()
    here.seen["blocked"] = (Blocked("campaign", "c1", NOON - DAY), Blocked("global", "", NOON - 9 * DAY, "complaint"))
    here.seen["consents"] = (Consent("k", "bank", given=NOON - HOUR, written=True), Consent("l", "bank", basis="contract"))
    judged = here.judged(callback=NOON, lifts=("agreed_time", "contract"))
    assert held(judged) == ["dial.blocked.global", "dial.blocked.campaign"], "both are said, the wider one first"
    assert said(judged, "dial.blocked.global").values == {"since": "2026-11-15", "told_by": "complaint"}


NATIONAL = ListRule(id="national", lists=("national",), most_days=31, warn_days=1, unless=("consent", "relation"), transaction_months=18)
GIVEN = Consent("k1", "bank", given=NOON - 40 * DAY)


@pytest.mark.parametrize(
    ("seen", "expected", "verdict"),
    [
        (None, "dial.list.missing", "deny"),
        (ListSeen("national"), "dial.list.missing", "deny"),
        (ListSeen("national", "v", NOON - DAY), "dial.list", "allow"),
        (ListSeen("national", "v", NOON - DAY - 1), "dial.list.old", "allow"),
        (ListSeen("national", "v", NOON - 31 * DAY), "dial.list.old", "allow"),
        (ListSeen("national", "v", NOON - 31 * DAY - 1), "dial.list.stale", "deny"),
        (ListSeen("national", "v", NOON, hit=True), "dial.list.listed", "deny"),
    ],
)
@pytest.mark.parametrize("consents", [(), (GIVEN,)])
def test_lists(seen: ListSeen | None, expected: str, verdict: str, consents: tuple[Consent, ...]) -> None:
    """A consent lets this one be called though listed; nothing lets anybody be called by a list that is not there."""
    here = with_rules(lists=(NATIONAL,))
    here.seen |= {"lists": {"national": seen} if seen else {}, "consents": consents}
    judged = here.judged()
    if consents and expected == "dial.list.listed":
        expected, verdict = "dial.lifted", "allow"
        assert said(judged, expected).values["proof"] == "k1"
    assert expected in codes(judged)
    assert judged.decision.verdict == verdict


@pytest.mark.parametrize(
    ("given", "basis", "expires", "verdict"),
    [
        ("2025-05-24 12:01", "transaction", 0, "allow"),  # 18 months by the calendar
        ("2025-05-24 12:00", "transaction", 0, "deny"),
        ("2026-11-01 12:00", "inquiry", 0, "deny"),  # the rule says nothing of inquiries
        ("2026-11-01 12:00", "inquiry", NOON + 1, "allow"),
        ("2026-11-01 12:00", "inquiry", NOON, "deny"),
    ],
)
def test_a_relation_lasts_as_long_as_the_rule_says(given: str, basis: str, expires: int, verdict: str) -> None:
    here = with_rules(lists=(NATIONAL,))
    here.seen["lists"] = {"national": ListSeen("national", "v", NOON, hit=True)}
    here.seen["consents"] = (Consent("r", "bank", basis=basis, given=at(given, "UTC") + 5 * HOUR, expires=expires),)
    assert here.judged().decision.verdict == verdict


def test_a_campaigns_own_list_may_be_old_but_must_be_there() -> None:
    here = Office(lists=("clients",))
    assert held(here.judged()) == ["dial.list.missing"]
    here.seen["lists"] = {"clients": ListSeen("clients", "v", NOON - 900 * DAY)}
    assert held(here.judged()) == []
    here.seen["lists"] = {"clients": ListSeen("clients", "v", NOON, kind="consent")}
    assert held(here.judged()) == ["dial.list.missing"], "who agreed to calls says nothing of who did not"
    here.seen["lists"] = {"clients": ListSeen("clients", "v", NOON, hit=True)}
    assert held(here.judged()) == ["dial.list.listed"]


# ------------------------------------------------------------------ consents

GOOD = Consent("k1", "bank", "telemarketing", given=NOON - DAY)


@pytest.mark.parametrize(
    ("need", "consent", "meets"),
    [
        ("consent", GOOD, True),
        ("consent", msgspec.structs.replace(GOOD, purpose=""), True),
        ("consent", msgspec.structs.replace(GOOD, client="shop"), False),
        ("consent", msgspec.structs.replace(GOOD, purpose="survey"), False),
        ("consent", msgspec.structs.replace(GOOD, given=NOON + 1), False),
        ("consent", msgspec.structs.replace(GOOD, expires=NOON), False),
        ("consent", msgspec.structs.replace(GOOD, expires=NOON + 1), True),
        ("consent", msgspec.structs.replace(GOOD, basis="contract"), False),
        ("written", GOOD, False),
        ("written", msgspec.structs.replace(GOOD, written=True), True),
        ("consent_or_contract", msgspec.structs.replace(GOOD, basis="contract"), True),
        ("consent_or_contract", GOOD, True),
        ("consent_or_contract", msgspec.structs.replace(GOOD, basis="inquiry"), False),
        ("consent_or_relation", msgspec.structs.replace(GOOD, basis="inquiry"), True),
        ("consent_or_relation", msgspec.structs.replace(GOOD, basis="inquiry", given=at("2026-08-24 12:00")), False),
        ("consent_or_relation", msgspec.structs.replace(GOOD, basis="transaction", given=at("2025-05-25 12:00")), True),
        ("of_tomorrow", GOOD, False),
    ],
)
def test_consents(need: str, consent: Consent, meets: bool) -> None:
    here = with_rules(consents=(ConsentRule(id="c", need=need, transaction_months=18, inquiry_months=3),))
    assert held(here.judged()) == ["dial.consent.missing"]
    here.seen["consents"] = (consent,)
    judged = here.judged()
    assert held(judged) == ([] if meets else ["dial.consent.missing"])
    if meets:
        assert judged.consents == (consent,)


def test_a_contract_that_the_asker_has_proof_of() -> None:
    here = with_rules(consents=(ConsentRule(id="c", need="consent_or_contract"),))
    assert held(here.judged(lifts=("contract",))) == []
    assert held(here.judged(lifts=("consent",))) == ["dial.consent.missing"], "of a consent there has to be a record"


# ------------------------------------------------------------------ where and when


def test_places() -> None:
    here = with_rules(places=(PlaceRule(id="p", blocked=("US-FL", "CN-XZ")),))
    assert held(here.judged()) == ["dial.place.blocked"]
    here.number = msgspec.structs.replace(FLORIDA, regions=("US-GA",))
    assert "dial.place" in codes(here.judged())
    here.number = msgspec.structs.replace(FLORIDA, regions=())
    assert (held(here.judged()), "dial.place.unknown" in codes(here.judged())) == ([], True)


def test_a_zone_that_nobody_knows() -> None:
    here = Office(Preset(name="p", hours=(every_day((0, 1440)),)))
    here.zone = ""
    assert held(here.judged()) == ["dial.zone.unknown"]
    country = Office(Preset(name="p", zones="country", hours=(every_day((480, 1260)),)))
    country.zone = ""
    country.number = msgspec.structs.replace(FLORIDA, regions=())
    assert country.judged(at("2026-11-24 12:59")).until == at("2026-11-24 13:00"), "eight in Honolulu and Adak"
    assert held(country.judged(at("2026-11-24 13:00"))) == held(country.judged(at("2026-11-24 20:59"))) == []
    assert held(country.judged(at("2026-11-24 21:00"))) == ["dial.hours.closed"]


@pytest.mark.parametrize(
    ("now", "expected", "until"),
    [
        ("2026-11-24 07:59:59", ["dial.hours.closed"], "2026-11-24 08:00"),
        ("2026-11-24 08:00:00", [], ""),
        ("2026-11-24 19:59:59", [], ""),
        ("2026-11-24 20:00:00", ["dial.hours.closed"], "2026-11-25 08:00"),
        ("2026-11-26 10:00:00", ["dial.hours.holiday"], "2026-11-27 08:00"),  # Thanksgiving
    ],
)
def test_hours(now: str, expected: list[str], until: str) -> None:
    here = Office(Preset(name="p", hours=(every_day((480, 1200), holiday=(), unless=("agreed_time", "callback")),)))
    judged = here.judged(at(now))
    assert (held(judged), judged.until) == (expected, at(until) if until else 0)
    assert held(here.judged(at(now), callback=at(now))) == expected, "that somebody asked for a call does not open them"
    assert held(here.judged(at(now), lifts=("agreed_time",))) == []


def test_of_two_zones_the_one_that_opens_later_is_named() -> None:
    here = Office(Preset(name="p", hours=(every_day((480, 1200)),)))
    here.zone, here.number = "", msgspec.structs.replace(FLORIDA, zones=("America/Los_Angeles", "America/New_York", "Asia/Shanghai"))
    closed = said(here.judged(at("2026-11-24 07:00")), "dial.hours.closed")
    assert (closed.values["zone"], closed.until) == ("Asia/Shanghai", at("2026-11-25 08:00", "Asia/Shanghai"))
    here.number = msgspec.structs.replace(FLORIDA, zones=("America/Los_Angeles", "America/New_York"))
    closed = said(here.judged(at("2026-11-24 07:00")), "dial.hours.closed")
    assert (closed.values["zone"], closed.until) == ("America/Los_Angeles", at("2026-11-24 08:00", "America/Los_Angeles"))


def test_lifted_hours_do_not_make_anybody_wait() -> None:
    rules = Preset(name="p", hours=(every_day((480, 1200), unless=("agreed_time",)),), cool_downs=(CoolDownRule(id="c", seconds=7200),))
    here, late = Office(rules), at("2026-11-24 19:30")
    here.happened("abandoned", late - MINUTE)
    assert here.judged(late).until == at("2026-11-25 08:00")
    assert here.judged(late, lifts=("agreed_time",)).until == at("2026-11-24 21:29")


def test_before_the_end_a_dialler_that_looks_ahead_stops_earlier() -> None:
    here = Office(Preset(name="p", hours=(every_day((480, 1200), guard_s=90),)))
    here.seen["ready"] = 0
    assert held(here.judged(at("2026-11-24 19:59:00"), method="progressive")) == []
    assert "dial.hours.closed" not in held(here.judged(at("2026-11-24 19:58:29"), method="predictive"))
    late = here.judged(at("2026-11-24 19:58:30"), method="predictive")
    assert (held(late), late.until) == (["dial.hours.closed"], at("2026-11-25 08:00"))


def test_hours_that_never_open() -> None:
    here = Office(Preset(name="p", hours=(HoursRule(id="none", days=((),) * 7),)))
    assert (held(here.judged()), here.judged().decision.verdict, here.judged().until) == (["dial.hours.never"], "deny", 0)


def test_a_year_without_a_calendar_is_a_loud_warning() -> None:
    here = Office(Preset(name="p", hours=(every_day((0, 1440), holiday=(), calendar="CN"),)))
    judged = here.judged(at("2035-06-01 12:00"))
    assert said(judged, "dial.calendar.unknown").values == {"calendar": "CN", "year": "2035"}
    assert judged.decision.verdict == "allow"
    without = Office(Preset(name="p", hours=(every_day((0, 1440), calendar="CN"),)))
    assert "dial.calendar.unknown" not in codes(without.judged(at("2035-06-01 12:00"))), "of hours that ask for no holidays"


# ------------------------------------------------------------------ how often


@pytest.mark.parametrize(
    ("rule", "event", "until"),
    [
        (CoolDownRule(id="c", after="abandoned", seconds=72 * 3600), NOON - HOUR, NOON + 71 * HOUR),
        (CoolDownRule(id="c", after="abandoned", seconds=72 * 3600), NOON - 72 * HOUR, 0),
        (CoolDownRule(id="c", after="abandoned", seconds=72 * 3600), NOON - 72 * HOUR + 1, NOON + 1),
        (CoolDownRule(id="c", after="refusal", days=60), NOON - DAY, at("2027-01-22 00:00")),
        (CoolDownRule(id="c", after="unanswered", seconds=3600), NOON - 59 * MINUTE, NOON + MINUTE),
    ],
)
def test_cool_downs(rule: CoolDownRule, event: int, until: int) -> None:
    here = with_rules(cool_downs=(rule,))
    assert held(here.judged()) == []
    here.happened(rule.after, event)
    judged = here.judged()
    assert (held(judged), judged.until) == ((["dial.cool_down"], until) if until else ([], 0))


def test_of_several_the_last_counts() -> None:
    here = with_rules(cool_downs=(CoolDownRule(id="c", after="unanswered", seconds=3600),))
    for minutes in (50, 10, 30):
        here.happened("unanswered", NOON - minutes * MINUTE)
    assert here.judged().until == NOON + 50 * MINUTE


@pytest.mark.parametrize(
    ("unless", "how", "lifted"),
    [
        ("reserved", {"reserved": True}, True),
        ("reserved", {"reserved": False, "method": "predictive"}, False),
        ("callback", {"callback": NOON}, True),
        ("callback", {"callback": NOON + 15 * MINUTE}, True),
        ("callback", {"callback": NOON + 15 * MINUTE + SECOND}, False),
        ("callback", {"callback": NOON - 24 * HOUR}, True),
        ("callback", {"callback": NOON - 25 * HOUR}, False),
        ("agreed_time", {"lifts": ("agreed_time",)}, False),
        ("consent", {"lifts": ("consent",)}, False),
    ],
)
def test_what_lifts_a_cool_down(unless: str, how: dict[str, Any], lifted: bool) -> None:
    here = with_rules(cool_downs=(CoolDownRule(id="c", seconds=600, unless=(unless,)),))
    here.happened("abandoned", NOON - MINUTE)
    judged = here.judged(**how)
    assert ("dial.cool_down" in held(judged)) is not lifted
    assert ("dial.lifted" in codes(judged)) is lifted
    cool_down = [each for each in judged.checks if each.rule == "dial.cool_down"]
    assert bool(cool_down) is not lifted, "what is lifted is not asked for again when the dial is taken"


def test_what_is_lifted_stays_so_when_nobody_counted_it() -> None:
    here = with_rules(cool_downs=(CoolDownRule(id="c", seconds=600, unless=("callback",)),))
    here.counts = lambda checks: {}  # type: ignore[method-assign]
    assert "dial.uncounted" not in codes(here.judged(callback=NOON))
    assert held(here.judged()) == ["dial.uncounted"]


# ------------------------------------------------------------------ how


@pytest.mark.parametrize(
    ("rule", "how", "expected"),
    [
        (CallerIdRule(id="i"), {"caller_id": "+12125550100"}, []),
        (CallerIdRule(id="i"), {}, []),  # all of the campaign's are right
        (CallerIdRule(id="i"), {"withheld": True}, ["dial.caller_id.withheld"]),
        (CallerIdRule(id="i"), {"caller_id": "+12125550111"}, ["dial.caller_id.strange"]),
        (CallerIdRule(id="i", prefixes=("212", "95")), {}, []),
        (CallerIdRule(id="i", prefixes=("305",)), {"caller_id": "+12125550100"}, ["dial.caller_id.prefix"]),
        (CallerIdRule(id="i", forbidden=("2125550",)), {}, ["dial.caller_id.forbidden"]),
    ],
)
def test_caller_ids(rule: CallerIdRule, how: dict[str, Any], expected: list[str]) -> None:
    here = Office(Preset(name="p", hours=ALWAYS.hours, caller_ids=(rule,)), caller_ids=("+12125550100",))
    assert held(here.judged(**how)) == expected


def test_a_number_shown_that_nobody_knows() -> None:
    here = with_rules(caller_ids=(CallerIdRule(id="i"),))
    assert held(here.judged()) == ["dial.caller_id.none"]
    assert held(Office().judged(withheld=True)) == [], "where no rule asks for one"


def test_the_number_shown_is_in_the_decision_and_nobody_elses_in_clear() -> None:
    here = Office(Preset(name="p", hours=ALWAYS.hours, caller_ids=(CallerIdRule(id="i"),)), caller_ids=("+12125550199",))
    assert said(here.judged(caller_id="+12125550199"), "dial.caller_id").values["caller_id"] == "+12125550199"
    assert said(here.judged(caller_id="+13055550123"), "dial.caller_id.strange").values["caller_id"] == "+13•••0123"


def test_a_short_number_shown_begins_as_it_is_written() -> None:
    here = Office(Preset(name="p", hours=ALWAYS.hours, caller_ids=(CallerIdRule(id="i", prefixes=("953", "955")),)), country="CN")
    assert held(here.judged(caller_id="95588")) == []
    assert held(here.judged(caller_id="+8695312345")) == []
    assert held(here.judged(caller_id="+8613800138000")) == ["dial.caller_id.prefix"]


@pytest.mark.parametrize(
    ("most", "how", "expected"),
    [
        ("predictive", {"method": "progressive"}, []),
        ("progressive", {"method": "progressive"}, []),
        ("progressive", {"method": "predictive"}, []),  # an agent is there: for this call it is a progressive one
        ("progressive", {"method": "predictive", "reserved": False}, ["dial.way.too_fast", "dial.way.unreserved", "dial.abandon"]),
        ("preview", {"method": "progressive"}, ["dial.way.too_fast"]),
        ("preview", {"method": "predictive"}, ["dial.way.too_fast"]),
        ("manual", {"method": "manual"}, []),
        ("predictive", {"method": "progressive", "reserved": False}, ["dial.way.unreserved", "dial.abandon"]),
    ],
)
def test_methods(most: Any, how: dict[str, Any], expected: list[str]) -> None:
    assert held(with_rules(ways=(WayRule(id="w", most=most),)).judged(**how)) == expected
    of_campaign = held(Office(most=most).judged(**how))
    assert of_campaign == ["dial.way.campaign" if each == "dial.way.too_fast" else each for each in expected]


def test_the_strictest_way_is_the_constraint() -> None:
    ways = (WayRule(id="a", ring_s=15), WayRule(id="b", ring_s=20, amd="forbidden"), WayRule(id="c", message=True, record=True))
    found = with_rules(ways=ways).judged().constraints
    assert (found.ring_s, found.amd, found.record, found.message, found.reserved) == (20, False, True, True, True)
    plain = Office().judged().constraints
    assert (plain.ring_s, plain.amd, plain.record, plain.message) == (0, True, False, False)


def test_after_a_machine_only_with_an_agent_on_that_day() -> None:
    here = with_rules(ways=(WayRule(id="w", amd="reserved_repeat"),))
    here.happened("machine", NOON - HOUR)
    assert held(here.judged(method="predictive", reserved=True)) == []
    judged = here.judged(method="predictive", reserved=False)
    assert said(judged, "dial.way.machine_day").until == at("2026-11-25 00:00")
    assert "dial.way.machine_day" not in held(here.judged(NOON + DAY, method="predictive", reserved=False))


# ------------------------------------------------------------------ how many at once


def test_so_many_at_once_and_one_an_agent() -> None:
    here = Office(at_once=2)
    here.rules = msgspec.structs.replace(here.rules, at_once=3)
    here.seen |= {"person": ANN, "agent_state": AgentState.READY}
    here.ledger["flight:campaign:c1"] = [NOON - MINUTE]
    here.ledger["flight:centre:"] = [NOON - MINUTE] * 2
    assert held(here.judged(agent="1001")) == []
    here.ledger["flight:campaign:c1"].append(NOON - 1)
    here.ledger["flight:centre:"].append(NOON - 1)
    here.ledger["flight:agent:1001"] = [NOON - 1]
    judged = here.judged(agent="1001")
    assert held(judged) == ["dial.at_once.campaign", "dial.at_once.centre", "dial.at_once.agent"]
    assert (judged.decision.verdict, judged.until) == ("deny", 0)
    assert held(here.judged(NOON + 5 * HOUR, agent="1001")) == [], "one that nobody ended is a ghost after hours"


@pytest.mark.parametrize("how", [{}, {"method": "preview"}, {"method": "predictive"}, {"method": "manual"}])
def test_no_more_agents_can_be_reserved_than_are_at_work(how: dict[str, Any]) -> None:
    """That somebody is kept for a call is the dialler's word. With nobody logged in it is wrong."""
    here = Office()
    here.seen["at_work"] = 0
    assert held(here.judged(**how)) == ["dial.at_once.reserved"]
    here.seen["at_work"] = 2
    here.ledger["flight:reserved:c1"] = [NOON - MINUTE]
    assert held(here.judged(**how)) == []
    here.ledger["flight:reserved:c1"].append(NOON - MINUTE)
    judged = here.judged(**how)
    assert (held(judged), judged.until) == (["dial.at_once.reserved"], 0)


def test_a_call_that_is_passed_on_needs_no_agent_where_nothing_is_sold() -> None:
    here = Office(purpose="service")
    here.seen["at_work"] = 0
    assert held(here.judged(method="manual")) == []
    assert here.prepared is not None
    assert "flight:reserved:c1" not in dict(here.prepared.takes)
    assert held(here.judged(method="progressive")) == ["dial.at_once.reserved"]


def test_without_an_agent_only_as_many_as_the_pace_allows() -> None:
    """A campaign that has shown nothing yet gets none; one with many answers and none abandoned gets some, and no more."""
    here = Office()
    here.seen["ready"] = 50
    assert held(here.judged(method="predictive", reserved=False)) == ["dial.abandon"]
    assert here.state is not None
    here.state.day.live, here.state.day.dials = 2000, 4000
    judged = here.judged(method="predictive", reserved=False)
    most = next(each.most for each in judged.checks if each.rule == "dial.abandon")
    assert most > 5
    assert held(judged) == []
    here.ledger["flight:unreserved:c1"] = [NOON] * most
    assert held(here.judged(method="predictive", reserved=False)) == ["dial.abandon"]
    here.seen["ready"] = 0
    here.ledger["flight:unreserved:c1"] = []
    assert held(here.judged(method="predictive", reserved=False)) == ["dial.abandon"], "nobody is there to take an answer"


def test_a_number_of_no_country_is_under_the_rules_of_all() -> None:
    here = Office(Preset(name="us", countries=("US",), hours=(every_day((0, 60)),)))
    here.number = Dialled(said="+80012345678", e164="+80012345678", digits="+80012345678", kind="toll_free")
    assert held(here.judged()) == ["dial.hours.closed"]
