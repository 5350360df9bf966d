"""Requests not to be called, what lifts one, consents, and lists that are announced: who may, and how far it goes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from realtime import asks_outbound as asks
from realtime.facts import Sealed
from realtime.outbound import ConsentGiven, ConsentRevoked, ListAnnounced, NumberBlocked, NumberUnblocked, StepDropped
from realtime.plan.dialling import Campaign
from realtime.requests import Actor
from realtime.rules import do_not_call
from realtime.words import SECOND, AgentId, Node
from tests.realtime.rules.calling import (
    ADA,
    AGENT,
    DAY,
    DIALLER,
    ENGINE,
    HOUR,
    LEADER,
    MA,
    ONE,
    PROGRAM,
    QA,
    SUN,
    TWO,
    Calling,
    rule,
    rules,
)
from tests.realtime.rules.staffed import hangs_up, talks
from tests.realtime.story import START, linked, sync_began, sync_ended, works

PHONE = Actor("agent:1001", agent=AgentId("1001"), via="phone")
ABOUT = ("scope", "about", "dial", "source", "who")


def blocked(floor: Calling) -> dict[str, Any]:
    return {name: floor.last(NumberBlocked).get(name) for name in ABOUT}


# ------------------------------------------------------------------ blocking


@pytest.mark.parametrize("actor", [AGENT, PHONE], ids=["page", "phone"])
def test_an_agent_blocks_the_number_of_the_own_last_call(actor: Actor) -> None:
    floor = Calling()
    floor.dials("old", number="d2")
    floor.dials("new")
    floor.dials("of somebody else", agent=AgentId("1002"))
    assert rule(floor.asks(asks.NumberBlock(source="agent", agent=AgentId("1001")), actor)) == "dnc.blocked"
    assert blocked(floor) == {"scope": "client", "about": "bank", "dial": "new", "source": "agent", "who": "agent:1001"}
    assert floor.last(NumberBlocked)["number"].digest == "d1"
    assert rule(floor.asks(asks.NumberBlock(dial="old", source="agent"), actor)) == "dnc.blocked"
    assert floor.last(NumberBlocked)["number"].digest == "d2"


def test_an_agent_blocks_nobody_elses() -> None:
    floor = Calling()
    floor.dials("x", agent=AgentId("1002"))
    for ask in (
        asks.NumberBlock(dial="x"),
        asks.NumberBlock(agent=AgentId("1002")),
        asks.NumberBlock(ONE, about="bank"),
        asks.NumberBlock(ONE, dial="x"),
    ):
        assert "dnc.not_yours" in rules(floor.asks(ask, AGENT)), ask
    assert "dnc.no_dial" in rules(floor.asks(asks.NumberBlock(), AGENT))
    assert rules(floor.asks(asks.NumberBlock(dial="gone"), SUN)) == {"dnc.no_dial"}
    assert "dnc.not_yours" in rules(floor.asks(asks.NumberBlock(ONE, about="bank"), DIALLER))


def test_whoever_is_in_another_call_by_now_means_that_one() -> None:
    floor = Calling()
    floor.story.after(linked(), sync_began(), *works("1001", "sales"), sync_ended(), *talks("1001"))
    dial = floor.dials("x")
    assert rule(floor.asks(asks.NumberBlock(), AGENT)) == "dnc.blocked", "this very call"
    dial.gone = floor.now
    assert "dnc.no_dial" in rules(floor.asks(asks.NumberBlock(), AGENT)), "the call of now is another one"
    floor.story.after(*hangs_up("1001"))
    assert rule(floor.asks(asks.NumberBlock(), AGENT)) == "dnc.already", "in wrap-up it is the last one"


@pytest.mark.parametrize("actor", [LEADER, SUN, QA, MA, PROGRAM, ENGINE], ids=lambda each: each.role or each.via)
def test_whoever_supervises_and_programs_block_by_the_number(actor: Actor) -> None:
    floor = Calling()
    ask = asks.NumberBlock(ONE, "+86138****0001", about="bank", source="regulator", evidence="letter 7")
    assert rule(floor.asks(ask, actor)) == "dnc.blocked"
    assert floor.last(NumberBlocked)["evidence"] == "letter 7"


@pytest.mark.parametrize(
    ("scope", "client", "campaign", "kept"),
    [
        ("client", "bank", "c", ("client", "bank")),
        ("campaign", "bank", "c", ("campaign", "c")),
        ("global", "bank", "c", ("global", "")),
        ("client", "", "c", ("global", "")),
        ("campaign", "bank", "", ("global", "")),
    ],
)
def test_a_request_reaches_as_far_as_was_said_and_never_less(scope: Any, client: str, campaign: str, kept: tuple[str, str]) -> None:
    floor = Calling()
    floor.dials("x", client=client, campaign=campaign)
    floor.asks(asks.NumberBlock(dial="x", scope=scope), AGENT)
    fields = floor.last(NumberBlocked)
    assert (fields["scope"], fields["about"]) == kept


def test_a_request_about_no_client_is_everybodys_where_some_call_for_none() -> None:
    """Else it would hold back the campaigns without a client, and no other."""
    floor = Calling(Campaign(id="c", client="bank"), Campaign(id="own"))
    assert rule(floor.asks(asks.NumberBlock(ONE), SUN)) == "dnc.blocked"
    assert blocked(floor)["scope"] == "global"


def test_a_request_about_nobody_is_refused_rather_than_kept_in_vain() -> None:
    floor = Calling()
    for ask in (asks.NumberBlock(ONE), asks.NumberBlock(ONE, about="bnak"), asks.NumberBlock(ONE, scope="campaign", about="bank")):
        assert rules(floor.asks(ask, SUN)) == {"dnc.no_about"}
    assert rules(floor.asks(asks.NumberBlock(Sealed("", b"", ""), scope="global"), SUN)) == {"dnc.no_number"}
    assert rules(floor.asks(asks.NumberBlock(ONE, scope="global", source="gossip"), SUN)) == {"dnc.no_source"}
    assert "dnc.no_scope" in rules(floor.asks(asks.NumberBlock(ONE, scope="world", about="bank"), SUN))  # type: ignore[arg-type]
    assert rule(floor.asks(asks.NumberBlock(ONE, scope="campaign", about="c"), SUN)) == "dnc.blocked"
    assert rule(floor.asks(asks.NumberBlock(ONE, scope="global", about="whatever"), SUN)) == "dnc.blocked"
    assert floor.last(NumberBlocked)["about"] == ""


def test_what_was_dialled_for_may_be_named_though_the_plan_has_it_no_more() -> None:
    floor = Calling()
    floor.dials("x")
    floor.adopt(Campaign(id="other", client="shop"))
    assert rule(floor.asks(asks.NumberBlock(dial="x", about="bank"), SUN)) == "dnc.blocked"
    assert rules(floor.asks(asks.NumberBlock(dial="x", about="bnak"), SUN)) == {"dnc.no_about"}


def test_the_same_again_changes_nothing() -> None:
    floor = Calling()
    floor.dials("x")
    ask = asks.NumberBlock(dial="x")
    assert [rule(floor.asks(ask, AGENT)) for _ in range(3)] == ["dnc.blocked", "dnc.already", "dnc.already"]
    assert rule(floor.asks(asks.NumberBlock(dial="x", scope="global"), AGENT)) == "dnc.blocked", "this goes further"
    assert len(floor.facts(NumberBlocked)) == 2


# ------------------------------------------------------------------ lifting it


def refused(scope: Any = "client", about: str = "bank") -> Calling:
    """This number is not to be called; an hour later."""
    floor = Calling(Campaign(id="c", client="bank"), Campaign(id="e", client="shop"))
    floor.asks(asks.NumberBlock(ONE, scope=scope, about=about), SUN)
    return floor.later(HOUR)


def consents(floor: Calling, number: Sealed = ONE, client: str = "bank", **fields: Any) -> str:
    decision = floor.asks(asks.ConsentKeep(number, client, **{"evidence": "form 9", **fields}), SUN)
    assert rule(decision) == "consent.kept", decision
    floor.later(SECOND)
    return str(decision.findings[0].values["consent"])


def test_two_people_and_a_newer_consent_lift_a_request() -> None:
    floor = refused()
    consent = consents(floor)
    ask = asks.NumberUnblock(ONE, "client", "bank", consent, "asked for a loan")
    assert rules(floor.asks(ask, SUN)) == {"campaign.may_not", "two.first"}
    assert rule(floor.asks(ask, MA)) == "queue two.first"
    assert rule(floor.asks(ask, MA)) == "deny two.same"
    assert rules(floor.asks(ask, PROGRAM)) == {"two.program"}
    assert floor.facts(NumberUnblocked) == []
    assert rule(floor.asks(asks.NumberUnblock(ONE, "client", "bank"), SUN)) == "dnc.unblocked"
    lifted = floor.last(NumberUnblocked)
    assert (lifted["who"], lifted["second"], lifted["consent"]) == ("user:ma", "user:sun", consent)
    assert (floor.last(StepDropped)["why"], floor.pending()) == ("done", [])
    assert rule(floor.asks(asks.NumberBlock(ONE, about="bank"), SUN)) == "dnc.blocked", "it can be asked for again"


def test_two_halves_of_two_liftings_are_none() -> None:
    floor = refused()
    consent = consents(floor)
    floor.asks(asks.NumberBlock(ONE, scope="campaign", about="c"), SUN)
    consent = consents(floor, given=floor.now)
    assert floor.asks(asks.NumberUnblock(ONE, "client", "bank", consent), MA).verdict == "queue"
    assert floor.asks(asks.NumberUnblock(ONE, "campaign", "c", consent), ADA).verdict == "queue"
    other = consents(floor)
    assert rules(floor.asks(asks.NumberUnblock(ONE, "client", "bank", other), ADA)) == {"dnc.other_consent"}
    assert floor.facts(NumberUnblocked) == []


def test_a_consent_must_be_this_persons_about_the_same_and_newer() -> None:
    for scope, about, consent, code in (
        ("client", "bank", {}, ""),
        ("client", "bank", {"number": TWO}, "dnc.no_consent"),
        ("client", "bank", {"given": START - HOUR}, "dnc.consent_older"),
        ("client", "bank", {"client": "shop"}, "dnc.consent_for_else"),
        ("client", "bank", {"basis": "transaction"}, "dnc.consent_for_else"),
        ("client", "bank", {"expires": START + HOUR + 2 * SECOND}, "dnc.consent_for_else"),
        ("campaign", "c", {}, ""),
        ("campaign", "c", {"client": "shop"}, "dnc.consent_for_else"),
        ("global", "", {}, "dnc.consent_for_else"),
        ("global", "", {"client": ""}, ""),
    ):
        floor = refused(scope, about)
        name = consents(floor, **consent)  # type: ignore[arg-type]
        floor.later(2 * SECOND)
        found = rules(floor.asks(asks.NumberUnblock(ONE, scope, about, name), MA))  # type: ignore[arg-type]
        assert found == {"two.first"} | ({code} if code else set()), (scope, consent)
    assert "dnc.no_consent" in rules(refused().asks(asks.NumberUnblock(ONE, "client", "bank"), MA))


def test_whoever_refuses_again_meanwhile_is_not_called_by_the_older_consent() -> None:
    floor = refused()
    consent = consents(floor)
    ask = asks.NumberUnblock(ONE, "client", "bank", consent)
    assert floor.asks(ask, MA).verdict == "queue"
    floor.asks(asks.NumberBlock(ONE, scope="global"), SUN)
    assert rules(floor.asks(ask, ADA)) == {"dnc.consent_older"}


def test_a_request_that_the_floor_forgot_was_made_before_all_that_it_remembers() -> None:
    floor = Calling().later(2 * HOUR)
    floor.floor.owned.outbound.blocks_since = START + HOUR
    old, new = consents(floor, given=START + HOUR), consents(floor)
    assert "dnc.consent_older" in rules(floor.asks(asks.NumberUnblock(ONE, "client", "bank", old), MA))
    assert floor.asks(asks.NumberUnblock(ONE, "client", "bank", new), MA).verdict == "queue"


# ------------------------------------------------------------------ consents


def test_a_consent_is_kept_with_all_that_proves_it() -> None:
    floor = Calling()
    name = consents(floor, shown="+86138****0001", wording="v3", method="form", written=True, given=START - DAY, expires=START + DAY)
    assert floor.last(ConsentGiven) == {
        "consent": name,
        "number": ONE,
        "shown": "+86138****0001",
        "client": "bank",
        "purpose": "",
        "basis": "consent",
        "written": True,
        "given": START - DAY,
        "expires": START + DAY,
        "wording": "v3",
        "method": "form",
        "evidence": "form 9",
        "who": "user:sun",
    }
    consents(floor)
    assert floor.last(ConsentGiven)["given"] == floor.now - SECOND - 1, "now, where nothing is said"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"evidence": " "}, "consent.no_evidence"),
        ({"client": "bnak"}, "consent.no_client"),
        ({"basis": "hope"}, "consent.no_basis"),
        ({"given": START + HOUR}, "consent.no_time"),
        ({"expires": START}, "consent.no_time"),
        ({"number": Sealed("", b"", "")}, "dnc.no_number"),
    ],
)
def test_a_consent_without_evidence_or_sense_is_none(change: dict[str, Any], code: str) -> None:
    ask = msgspec.structs.replace(asks.ConsentKeep(ONE, "bank", evidence="form"), **change)
    assert rules(Calling().asks(ask, SUN)) == {code}


def test_an_agents_word_is_no_consent_and_no_revocation_by_the_number() -> None:
    for actor in (AGENT, DIALLER):
        assert rules(Calling().asks(asks.ConsentKeep(ONE, "bank", evidence="form"), actor)) == {"campaign.may_not"}
        assert rules(Calling().asks(asks.ConsentRevoke(ONE, "bank"), actor)) == {"campaign.may_not"}
    assert rules(Calling().asks(asks.ConsentKeep(ONE, "bank", evidence="form"), QA)) == {"campaign.may_not"}


def test_who_takes_a_consent_back_is_not_called_any_more() -> None:
    floor = Calling()
    consent = consents(floor)
    assert rule(floor.asks(asks.ConsentRevoke(ONE, "bank"), QA)) == "consent.revoked"
    assert floor.last(ConsentRevoked)["client"] == "bank"
    assert blocked(floor) == {"scope": "client", "about": "bank", "dial": "", "source": "api", "who": "user:qi"}
    assert "dnc.no_consent" in rules(floor.asks(asks.NumberUnblock(ONE, "client", "bank", consent), MA))
    floor.asks(asks.ConsentRevoke(ONE, "bank"), QA)
    assert len(floor.facts(NumberBlocked)) == 1, "refused already"
    floor.asks(asks.ConsentRevoke(ONE, ""), QA)
    assert blocked(floor)["scope"] == "global"
    assert rules(floor.asks(asks.ConsentRevoke(ONE, "bnak"), QA)) == {"dnc.no_about"}


# ------------------------------------------------------------------ lists


def a_list(**fields: Any) -> ListAnnounced:
    given = {"list": "national", "version": "a" * 64, "file": "national-1.dnc", "numbers": 100, "as_of": START - DAY, **fields}
    return ListAnnounced(0, 0, Node(""), "somebody", 7, **given)


def announces(floor: Calling, reason: str = "", actor: Actor = MA, **fields: Any) -> set[str]:
    return rules(floor.asks(asks.ListAnnounce(a_list(**fields), reason), actor))


def test_a_list_holds_from_when_it_is_announced() -> None:
    floor = Calling()
    assert announces(floor, actor=SUN) == {"campaign.may_not"}
    assert announces(floor, source="registry", who="mallory") == set()
    held = floor.floor.owned.outbound.lists["national"]
    assert (held.version, held.who, held.source, held.at, held.session) == ("a" * 64, "user:ma", "registry", START + 1, "engine")
    assert announces(floor, actor=ENGINE) == set()
    assert announces(floor, actor=Actor("lists", role="system")) == set()
    assert announces(floor, actor=PROGRAM) == set()
    assert len(floor.facts(ListAnnounced)) == 1, "the same again changes nothing"


def test_a_step_back_needs_a_reason() -> None:
    floor = Calling()
    announces(floor)
    assert announces(floor, version="b" * 64) == {"list.older"}
    assert announces(floor, version="b" * 64, as_of=START, numbers=49) == {"list.shrunk"}
    assert announces(floor, version="b" * 64, as_of=START - 2 * DAY, numbers=49) == {"list.older", "list.shrunk"}
    assert announces(floor, "the newer one was broken", version="b" * 64, as_of=START - 2 * DAY, numbers=49) == set()
    assert floor.last(ListAnnounced)["source"] == "the newer one was broken"
    assert announces(floor, version="c" * 64, as_of=START, numbers=25) == set()
    assert announces(floor, "so what", version="d" * 64, as_of=START + 1, kind="consent") == {"list.other_kind"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"list": "../x"}, "list.no_name"),
        ({"list": ""}, "list.no_name"),
        ({"kind": "grey"}, "list.no_kind"),
        ({"version": "short"}, "list.no_file"),
        ({"file": "../../etc/passwd"}, "list.no_file"),
        ({"file": ".hidden"}, "list.no_file"),
        ({"file": ""}, "list.no_file"),
        ({"numbers": -1}, "list.no_file"),
        ({"as_of": 0}, "list.no_moment"),
        ({"as_of": START + 2 * DAY}, "list.no_moment"),
    ],
)
def test_what_is_no_list_does_not_become_one(change: dict[str, Any], code: str) -> None:
    assert announces(Calling(), **change) == {code}


def test_no_more_lists_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(do_not_call, "LISTS_MOST", 1)
    floor = Calling()
    assert announces(floor) == set()
    assert announces(floor, list="state") == {"list.most"}
    assert announces(floor, version="b" * 64, as_of=START) == set()
