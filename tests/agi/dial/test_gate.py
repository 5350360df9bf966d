"""The gate over a real judge and a ledger in memory: what it tells the dialplan, what it writes down, and that without a whole answer
in time it is no."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from msgspec import structs

from agi.dial import gate as gates
from agi.dial.gate import DialGate, Means
from agi.fastagi.codec import Environment, Reply, environment
from agi.fastagi.commands import Command
from agi.phone.desk import Centre, Now
from agi.watched import DialCounts
from realtime.dial import signing
from realtime.dial.model import Blocked, Consent, ListSeen
from realtime.factcodec import decode, join
from realtime.floor import Agent, Call, Floor, Leg, Phone
from realtime.ledger.changes import changes_of
from realtime.ledger.ledger_memory import MemoryLedger
from realtime.ledger.names import called_back
from realtime.ledger.port import Build, DropConsent, Looked, Put, Question, SetBlock, SetConsent, SetState, Taken
from realtime.outbound import DialDecided, ResultCoded, dial_id, moment_of
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import CallerIdRule, Campaign, CapRule, ConsentRule, DialRules, HoursRule, Preset, WayRule, Window
from realtime.plan.model import Person, Plan
from realtime.words import SECOND, AgentId, AgentState, CallId, Device, LegState, Node, Uniqueid
from tests.agi.dial.test_asking import lines
from tests.agi.replay import sealer

NOW = 1_795_690_800 * SECOND  # 2026-11-26 19:00 in Shanghai, a Thursday
NUMBER, KEY = "13812345670", b"k" * 32
FIRST = dial_id(NOW, "dial0")
OPEN = Preset(name="own", hours=(HoursRule(id="always", days=(((0, 1440),),) * 7),), caller_ids=(CallerIdRule(id="any"),))
SALES = Campaign(id="sales", client="acme", purpose="service", caller_ids=("+861088880000",), rules=OPEN)
DESK, WHERE, LEG = "PJSIP/1008-00000001", "n1/PJSIP/1008", "n1-1.2"


def with_rules(**changes: Any) -> Campaign:
    return structs.replace(SALES, rules=structs.replace(OPEN, **changes))


def floor_of(campaign: Campaign = SALES, state: str = "formal", **rules: Any) -> Floor:
    """One campaign, and somebody who has dialled at a desk."""
    floor = Floor()
    owned = floor.owned
    owned.version = "plan1"
    owned.plan = Plan(dialling=DialRules(campaigns=(campaign,), manual="sales", **rules))
    owned.people = {"1008": Person(id=AgentId("1008"))}
    owned.outbound.campaigns["sales"] = CampaignNow("sales", state)
    phone = floor.phones[WHERE] = Phone(node=Node("n1"), device=Device("PJSIP/1008"), agent=AgentId("1008"), ours=True)
    call = Call(node=Node("n1"), id=CallId("c"), direction="outbound", began=NOW, since=NOW)
    call.legs[LEG] = Leg(call.id, Uniqueid(LEG), WHERE, LegState.DIALLING, NOW, NOW)
    floor.calls["n1/c"] = call
    phone.legs[LEG] = "n1/c"
    floor.agents["1008"] = Agent(id=AgentId("1008"), name="", node=Node("n1"), phone=WHERE, state=AgentState.DIALLING)
    return floor


class Nothing:
    """No list is there."""

    def seen(self, names: Any, e164: str) -> dict[str, ListSeen]:
        return {name: ListSeen(name) for name in names}

    def consents(self, names: Any, e164: str) -> tuple[Consent, ...]:
        return ()


@dataclass
class Dialplan:
    """What Asterisk is to the gate."""

    environment: Environment
    commands: list[Command] = field(default_factory=list)
    hung_up = False

    async def do(self, command: Command) -> Reply:
        self.commands.append(command)
        return Reply(200, "0")

    @property
    def variables(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for command in self.commands:
            if command.words[:2] == ("EXEC", "MSet"):
                found |= dict(pair.split("=", 1) for pair in command.words[2].split(","))
            elif command.words[0] == "SET VARIABLE":
                found[command.words[1]] = command.words[2]
        return found

    @property
    def heard(self) -> list[str]:
        return [command.words[1] for command in self.commands if command.words[0] in ("STREAM FILE", "SAY NUMBER", "SAY DATETIME")]


class Gate:
    def __init__(self, floor: Floor | None, ledger: MemoryLedger | None = None, state: str = "formal") -> None:
        self.log: list[bytes] = []
        self.refused: list[bytes] = []
        self.ledger = ledger or MemoryLedger(self._append)
        self.ledger._append = self._append
        self.state = state
        self.now, self.counts, self.told = Now(), DialCounts(), list[str]()
        if floor is not None:
            self.now.take(floor, behind=False)
        ids = iter(range(1_000))
        means = Means(
            self.ledger,
            Nothing(),
            sealer(),
            lambda fact: signing.written(fact, KEY, "k1"),
            self._keep,
            lambda: f"dial{next(ids)}",
            "2026a",
        )
        centre = Centre(("n1",), {"n1": ("PJSIP/carrier",)}, {})
        self.gate = DialGate(centre, self.now, means, self.counts, lambda: NOW, self.told.append)

    async def _append(self, batches: Sequence[bytes]) -> None:
        self.log += batches

    def _keep(self, build: Callable[[str, int], bytes]) -> bool:
        self.refused.append(join([build("refusals", len(self.refused) + 1)]))
        return True

    async def asks(self, query: str = "campaign=sales&method=progressive", number: str = NUMBER, **values: str) -> Dialplan:
        await self.ledger.apply([SetState("sales", self.state), SetState("*", "open")])
        dialplan = Dialplan(environment(lines(f"node=n1&{query}", number, "n1-1.1", extension=number, **values)))
        await self.gate.handle(dialplan)  # type: ignore[arg-type]
        return dialplan

    async def typed(self, number: str = NUMBER, query: str = "", **values: str) -> Dialplan:
        return await self.asks(query, number, **{"channel": DESK, "uniqueid": LEG, **values})

    def allowed(self) -> list[DialDecided]:
        return read(self.log)

    def refusals(self) -> list[DialDecided]:
        return read(self.refused)


def read(batches: Sequence[bytes]) -> list[DialDecided]:
    return [fact for batch in batches for fact in decode(batch) if isinstance(fact, DialDecided)]


async def test_an_allow_is_taken_written_down_signed_and_told_last() -> None:
    one = Gate(floor_of(with_rules(ways=(WayRule(id="w", ring_s=15, record=True, amd="forbidden"),))))
    dialplan = await one.asks("campaign=sales&method=progressive&person=%E7%8E%8B&agent=1008")
    assert dialplan.variables == {
        "ANDON_DIAL": NUMBER,
        "ANDON_RING_MIN": "15",
        "ANDON_DIAL_ID": FIRST,
        "ANDON_SHOW": "+861088880000",
        "ANDON_RECORD": "yes",
        "ANDON_AMD": "no",
        "ANDON_DECISION": f"allow:n1-1.2:{NUMBER}",
    }
    (command,) = dialplan.commands  # one way to the PBX and back
    assert command.words[2].endswith(f",ANDON_DECISION=allow:n1-1.2:{NUMBER}"), "the last of all"
    (fact,) = one.allowed()
    assert signing.verify(fact, KEY)
    assert (fact.dial, fact.leg, fact.call, fact.agent, fact.campaign, fact.client) == (FIRST, LEG, "n1-1.1", "1008", "sales", "acme")
    assert (fact.zones, fact.local[0][:16], fact.plan, fact.zone_data) == (("Asia/Shanghai",), "2026-11-26T19:00", "plan1", "2026a")
    assert fact.entries
    assert moment_of(fact.dial) == fact.at, "by its id alone it is found among all"
    assert fact.number is not None
    assert sealer().open(fact.number) == f"+86{NUMBER}"
    assert "王" not in repr(fact)
    assert NUMBER not in repr(structs.replace(fact, number=None))
    assert not one.refused
    assert one.counts.verdicts == {"allow": 1}


async def test_a_refusal_is_written_down_and_told_to_a_dialler_without_a_sound() -> None:
    one = Gate(floor_of(blocked=("+86138",)))
    dialplan = await one.asks()
    assert dialplan.variables["ANDON_REASON"] == "dial.number.blocked"
    assert dialplan.variables["ANDON_SENTENCE"]
    assert "ANDON_DECISION" not in dialplan.variables
    assert dialplan.heard == []
    (fact,) = one.refusals()
    assert (fact.decision.verdict, fact.entries, fact.session, fact.seq) == ("deny", (), "refusals", 1)
    assert moment_of(fact.dial) == fact.at
    assert len(fact.decision.findings) > 5, "all rules were looked at"
    assert not one.log


async def test_a_phone_is_who_sits_there_and_hears_why() -> None:
    one = Gate(floor_of(blocked=("+86139",)))
    assert "ANDON_DECISION" in (await one.typed(query="agent=9999&method=predictive")).variables
    (fact,) = one.allowed()
    assert (fact.agent, fact.method, fact.reserved) == ("1008", "manual", True)
    refused = await one.typed("13912345678")
    assert refused.heard == ["descending-2tone", "im-sorry", "number", "5"]


async def test_a_phone_that_is_not_there_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "LEG_S", 0.05)
    one = Gate(floor_of())
    dialplan = await one.typed(uniqueid="n1-9.9")
    assert dialplan.variables["ANDON_REASON"] == "gate.unknown"
    assert not one.log
    assert not one.refused
    assert one.counts.early == {"unknown": 1}
    assert "no such call is known there" in one.told[0]


async def test_a_line_that_passes_a_call_on_is_gated_as_somebodys_hand() -> None:
    one = Gate(floor_of())
    await one.asks("", channel="PJSIP/carrier-00000007")
    (fact,) = one.allowed()
    assert (fact.campaign, fact.agent, fact.method, fact.reserved) == ("sales", "", "manual", True)


async def test_without_a_floor_of_now_it_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "FLOOR_S", 0.05)
    one = Gate(None)
    assert (await one.asks()).variables["ANDON_REASON"] == "gate.behind"
    assert (await one.typed()).heard == ["beeperr", "please-try-again"]
    one.now.take(floor_of(), behind=True)
    assert (await one.asks()).variables["ANDON_REASON"] == "gate.behind"
    assert not one.log


@pytest.mark.parametrize("word", ["away", "rebuilding", "busy"])
async def test_a_ledger_that_is_not_whole_is_no(word: str) -> None:
    one = Gate(floor_of())
    one.ledger.ready = word
    dialplan = await one.typed()
    assert dialplan.variables["ANDON_REASON"] == "gate.ledger"
    assert "ANDON_DECISION" not in dialplan.variables
    (fact,) = one.refusals()
    assert fact.decision.findings[0].values == {"why": word}
    assert fact.until > NOW


class Slow(MemoryLedger):
    """One of the two ways hangs."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    async def look(self, question: Question) -> Looked:
        if self.at == "look":
            await asyncio.Event().wait()
        return await super().look(question)

    async def take(self, question: Question, takes: Sequence[Put], build: Build) -> Taken:
        if self.at == "take":
            await asyncio.Event().wait()
        return await super().take(question, takes, build)


@pytest.mark.parametrize("at", ["look", "take"])
async def test_a_slow_ledger_is_no(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "DECIDE_S", 0.05)
    one = Gate(floor_of(), Slow(at))
    dialplan = await one.asks()
    assert dialplan.variables["ANDON_REASON"] == "gate.slow"
    assert "ANDON_DECISION" not in dialplan.variables
    assert [each.decision.verdict for each in one.refusals()] == ["defer"]


class Mute(MemoryLedger):
    """Takes, and nobody hears of it."""

    async def take(self, question: Question, takes: Sequence[Put], build: Build) -> Taken:
        await super().take(question, takes, build)
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_refusal_after_a_take_whose_answer_was_lost_is_a_decision_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """By one id nobody could say afterwards which of the two the channel was told."""
    monkeypatch.setattr(gates, "DECIDE_S", 0.05)
    one = Gate(floor_of(), Mute())
    assert (await one.asks()).variables["ANDON_REASON"] == "gate.slow"
    (allowed,), (refused,) = one.allowed(), one.refusals()
    assert (allowed.decision.verdict, refused.decision.verdict, allowed.leg == refused.leg) == ("allow", "defer", True)
    assert allowed.dial != refused.dial


class Between(MemoryLedger):
    """Something happens after the look and before the take."""

    def __init__(self, *changes: Any) -> None:
        super().__init__()
        self.changes = changes

    async def take(self, question: Question, takes: Sequence[Put], build: Build) -> Taken:
        await self.apply(self.changes)
        return await super().take(question, takes, build)


DIGEST = sealer().seal(f"+86{NUMBER}", NOW)
assert DIGEST is not None
BETWEEN: dict[str, tuple[Any, Campaign, str]] = {
    "the campaign was stopped": (SetState("sales", "stopped"), SALES, "dial.campaign.state"),
    "everything was stopped": (SetState("*", "stopped"), SALES, "dial.campaign.all_stopped"),
    "another gate took the last one": (
        Put("attempt:campaign:sales", NOW, "other", 100),
        with_rules(caps=(CapRule(id="one", most=1, window=Window(seconds=60), scope=("campaign",)),)),
        "dial.cap",
    ),
    "the person asked for no more calls": (SetBlock(DIGEST.digest, Blocked("client", "acme", NOW, "agent")), SALES, "dial.blocked"),
    "the campaign goes on in another state": (SetState("sales", "trial"), SALES, "gate.changed"),
}


@pytest.mark.parametrize("case", BETWEEN)
async def test_what_happens_between_look_and_take_counts(case: str) -> None:
    change, campaign, rule = BETWEEN[case]
    one = Gate(floor_of(campaign), Between(change))
    dialplan = await one.asks()
    assert dialplan.variables["ANDON_REASON"].startswith(rule), dialplan.variables
    assert "ANDON_DECISION" not in dialplan.variables
    assert not one.log
    assert [each.decision.verdict for each in one.refusals()] in (["deny"], ["defer"])


async def test_a_consent_that_is_revoked_between_lets_nothing_pass() -> None:
    campaign = with_rules(consents=(ConsentRule(id="c"),))
    assert DIGEST is not None
    consent = SetConsent(DIGEST.digest, Consent("k", "acme", given=NOW - 1))
    one = Gate(floor_of(campaign))
    await one.ledger.apply([consent])
    assert "ANDON_DECISION" in (await one.asks()).variables
    two = Gate(floor_of(campaign), Between(DropConsent(DIGEST.digest, "acme")))
    await two.ledger.apply([consent])
    assert "ANDON_DECISION" not in (await two.asks()).variables


async def test_the_ledgers_word_of_a_campaign_is_newer_than_the_floors() -> None:
    one = Gate(floor_of(state="draft"), state="formal")
    dialplan = await one.asks()
    assert "ANDON_DECISION" not in dialplan.variables, "the floor has not seen it yet: a moment later it has"
    assert dialplan.variables["ANDON_REASON"] == "gate.changed"
    two = Gate(floor_of(), state="stopped")
    assert (await two.asks()).variables["ANDON_REASON"] == "dial.campaign.state"


async def test_an_emergency_number_is_nobodys_campaign_and_a_persons_right() -> None:
    one = Gate(floor_of(emergency=("110",)))
    assert (await one.asks(number="110")).variables["ANDON_REASON"] == "dial.number.emergency"
    one.ledger.ready = "away"
    dialplan = await one.typed("110")
    assert dialplan.variables["ANDON_DECISION"] == f"allow:{LEG}:110"
    assert dialplan.variables["ANDON_DIAL"] == "110"
    assert [each.decision.verdict for each in one.refusals()] == ["deny", "allow"]


async def test_nothing_that_could_be_dialled_is_no() -> None:
    one = Gate(floor_of())
    assert (await one.asks(number="abc")).variables["ANDON_REASON"] == "gate.strange"
    assert (await one.asks(number="99999999999999")).variables["ANDON_REASON"].startswith("dial.number")
    assert not one.log


@pytest.mark.parametrize(("minutes", "client", "may"), [(0, "acme", True), (0, "other", False), (5, "acme", False), (None, "acme", False)])
async def test_a_callback_lifts_a_cap_only_where_a_result_says_that_it_was_asked_for(minutes: int | None, client: str, may: bool) -> None:
    """A dialler that says it of every call has no caps at all."""
    cap = CapRule(id="one", most=1, window=Window(seconds=3600), unless=("callback",))
    one = Gate(floor_of(with_rules(caps=(cap,))))
    assert DIGEST is not None
    before = Put(f"attempt:number:{DIGEST.digest}", NOW - SECOND, "d0", 7200)
    await one.ledger.apply([before])
    if minutes is not None:
        moment = NOW + minutes * 60 * SECOND
        name = called_back({"number": DIGEST.digest, "client": client}, moment)
        coded = ResultCoded(NOW, NOW, Node("n1"), "s", 1, dial="d0", code="C", callback=moment, entries=((name, moment),))
        await one.ledger.apply(changes_of(coded))
    dialplan = await one.asks(f"campaign=sales&method=progressive&callback={NOW // SECOND}")
    assert (dialplan.variables.get("ANDON_REASON", "") == "") is may
    assert [each.decision.reason.rule for each in one.refusals() if each.decision.reason is not None] == ([] if may else ["dial.cap"])


async def test_a_dialler_has_no_more_agents_reserved_than_are_at_work() -> None:
    """Nobody dials on with nobody logged in, whatever the dialler says that it has."""
    floor = floor_of()
    one = Gate(floor)
    for reason in ("", "dial.at_once.reserved"):
        dialplan = await one.asks(uniqueid=f"n1-1.{len(one.log)}")
        assert dialplan.variables.get("ANDON_REASON", "") == reason
    floor.agents["1008"].state = AgentState.ON_BREAK
    two = Gate(floor)
    for said in ("method=progressive", "method=preview", "method=predictive&reserved=1"):
        assert (await two.asks(f"campaign=sales&{said}")).variables["ANDON_REASON"] == "dial.at_once.reserved"
    assert not two.log


@pytest.mark.parametrize("word", ["campaign", "purpose", "method", "agent", "person", "zone", "reserved"])
async def test_whatever_bytes_a_dialler_says_the_decision_is_written_down(word: str) -> None:
    one = Gate(floor_of())
    dialplan = await one.asks(f"campaign=sales&method=progressive&{word}=%ff%fe")
    assert dialplan.variables.get("ANDON_REASON") or dialplan.variables.get("ANDON_DECISION")
    assert len(one.allowed()) + len(one.refusals()) == 1


async def test_forty_at_once_against_a_cap_of_three() -> None:
    cap = CapRule(id="three", most=3, window=Window(seconds=60), scope=("campaign",))
    floor = floor_of(with_rules(caps=(cap,)))
    for number in range(40):
        floor.agents[f"2{number}"] = Agent(id=AgentId(f"2{number}"), name="", node=Node("n1"), phone="", state=AgentState.READY)
    one = Gate(floor)
    answers = await asyncio.gather(*(one.asks(uniqueid=f"n1-1.{number}") for number in range(40)))
    assert sum("ANDON_DECISION" in each.variables for each in answers) == 3
    assert len(one.allowed()) == 3
    assert {each.variables["ANDON_REASON"] for each in answers if "ANDON_DECISION" not in each.variables} == {"dial.cap"}
    assert all(int(each.variables["ANDON_UNTIL"]) > NOW // SECOND for each in answers if "ANDON_REASON" in each.variables)
