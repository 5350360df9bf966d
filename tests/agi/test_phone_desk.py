"""Who calls, by the floor, and the desk that drives a dialogue: a leg that comes late, one that never comes, a floor and an engine away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import pytest

from agi.fastagi.codec import Environment, Reply
from agi.fastagi.commands import Command
from agi.phone import caller as callers
from agi.phone.caller import Caller, Standpoint
from agi.phone.desk import Centre, Desk, Now
from agi.phone.script import Proof
from agi.watched import GateCounts
from realtime.asker import NotAnswered
from realtime.asks_outbound import ResultKeep
from realtime.decision import Decision, allow
from realtime.floor import Agent, Call, Floor, Leg, Member, Phone, Queue
from realtime.owned import Answer, Duty, Lease
from realtime.owned_outbound import DIALS_KEPT, DialNow
from realtime.plan.dialling import DialRules, ResultCode
from realtime.plan.model import Person
from realtime.requests import Actor, AnyAsk, BreakAsk, LogIn
from realtime.words import SECOND, AgentId, CallId, Device, Interface, LegState, Node, QueueName, Uniqueid

N1, DESK, LEG = Node("n1"), Device("PJSIP/desk-7"), Uniqueid("n1-7.7")
CHANNEL = "PJSIP/desk-7-0000002a"
WHERE = "n1/PJSIP/desk-7"
NOW = 1_764_300_000 * SECOND


def floor_with(agent: str | None = "1031", state: LegState = LegState.WAITING) -> Floor:
    """One phone that has dialled a code."""
    floor = Floor()
    phone = Phone(node=N1, device=DESK, agent=AgentId(agent) if agent else None)
    call = Call(node=N1, id=CallId("c"), direction="internal", began=NOW, since=NOW)
    call.legs[LEG] = Leg(call=call.id, leg=LEG, phone=WHERE, state=state, since=NOW, began=NOW)
    floor.calls["n1/c"] = call
    floor.phones[WHERE] = phone
    phone.legs[LEG] = "n1/c"
    return floor


class TestCaller:
    def test_the_phone_that_dialled_and_who_sits_there(self) -> None:
        assert callers.caller(floor_with(), N1, CHANNEL, LEG, ()) == Caller(DESK, AgentId("1031"))

    def test_who_logged_in_there_counts_before_who_the_queue_names(self) -> None:
        floor = floor_with("1008")
        floor.owned.seats[WHERE] = "2031"
        floor.owned.desks[str(DESK)] = "1900"
        assert callers.caller(floor, N1, CHANNEL, LEG, ()) == Caller(DESK, AgentId("2031"), AgentId("1900"))

    @pytest.mark.parametrize(
        ("node", "channel", "uniqueid", "lines"),
        [
            ("n2", CHANNEL, LEG, ()),
            ("n1", "PJSIP/desk-8-0000002a", LEG, ()),
            ("n1", "Local/1001@desk-0000002a;1", LEG, ()),
            ("n1", CHANNEL, "n1-7.8", ()),
            ("n1", CHANNEL, "", ()),
            ("n1", "", LEG, ()),
            ("n1", CHANNEL, LEG, (str(DESK),)),
        ],
    )
    def test_what_is_not_live_there_or_no_phone_is_nobody(self, node: str, channel: str, uniqueid: str, lines: tuple[str, ...]) -> None:
        assert callers.caller(floor_with(), Node(node), channel, uniqueid, lines) is None

    @pytest.mark.parametrize(
        ("query", "nodes", "node"),
        [
            ({"node": "n1"}, ("n1", "n2"), "n1"),
            ({"node": "n3"}, ("n1", "n2"), None),
            ({}, ("n1",), "n1"),
            ({"node": ""}, ("n1",), "n1"),
            ({}, ("n1", "n2"), None),
        ],
    )
    def test_the_node(self, query: dict[str, str], nodes: tuple[str, ...], node: str | None) -> None:
        assert callers.node_of(query, nodes) == node

    def test_what_is_typed_and_the_prefix_of_the_pbx(self) -> None:
        floor = Floor()
        floor.owned.people = {name: Person(id=AgentId(name)) for name in ("b1031", "2031")}
        assert [callers.named(floor, typed, "b") for typed in ("1031", "2031", "9")] == ["b1031", "2031", "b9"]
        assert callers.named(floor, "1031", "") == "1031"

    def test_a_code_by_its_spelling_else_by_its_place(self) -> None:
        floor = Floor()
        assert callers.coded(floor, "7") == "7", "a plan without codes takes any"
        codes = tuple(ResultCode(code=each) for each in ("S1", "2", "P1"))
        floor.owned.plan = msgspec.structs.replace(floor.owned.plan, dialling=DialRules(outcomes=codes))
        typed = ("1", "2", "3", "4", "0", "", "P1", "x", "١", "1" * 40)
        assert [callers.coded(floor, each) for each in typed] == ["S1", "2", "P1", "", "", "", "P1", "", "", ""]

    def test_the_last_call_is_named_unless_there_is_another_one_by_now(self) -> None:
        floor, here = floor_with(), Standpoint(N1, DESK, LEG)
        one = AgentId("1031")
        assert callers.last_dial(floor, one, here, NOW) == ""
        dial = DialNow("d1", N1, "n1/d", "n1-6.1", "renewals", "acme", "preview", one, reserved=True, decided=NOW - SECOND)
        floor.owned.outbound.dials["d1"] = dial
        floor.phones[WHERE].legs["n1-6.1"] = "n1/d"
        assert callers.last_dial(floor, one, here, NOW) == "d1", "the customer is on the other line"
        dial.gone = NOW
        assert callers.last_dial(floor, one, here, NOW) == "", "somebody else is"
        del floor.phones[WHERE].legs["n1-6.1"]
        assert callers.last_dial(floor, one, here, NOW) == "d1"
        dial.over = NOW
        assert callers.last_dial(floor, one, here, NOW + DIALS_KEPT) == ""
        assert callers.last_dial(floor, AgentId("2031"), here, NOW) == ""

    def test_a_pause_counts_in_every_queue(self) -> None:
        floor = floor_with()
        floor.agents["1031"] = Agent(id=AgentId("1031"), name="", node=N1, phone=WHERE)
        for name, paused in (("a", True), ("b", False)):
            queue = floor.queues[f"n1/{name}"] = Queue(node=N1, name=QueueName(name))
            queue.members["i"] = Member(queue=f"n1/{name}", interface=Interface("i"), phone=WHERE, name="", paused=paused)
            floor.phones[WHERE].members[f"n1/{name}"] = "i"
        floor.owned.leases["1031"] = Lease(AgentId("1031"), "short", "r", NOW, NOW, "asked")
        assert callers.standing(floor, "1031").on
        assert not callers.standing(floor, "1031").paused
        floor.queues["n1/b"].members["i"].paused = True
        assert callers.standing(floor, "1031").paused


@dataclass
class Gate:
    """A desk, and beside it an engine that answers as the test says."""

    now: Now = field(default_factory=Now)
    decision: Decision | None = field(default_factory=lambda: allow("break.now"))
    asked: list[tuple[Actor, AnyAsk, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    acts: Callable[[], None] = lambda: None
    hung_up = False
    environment = Environment()

    async def ask(self, actor: Actor, ask: AnyAsk, key: str = "") -> Answer:
        self.asked.append((actor, ask, key))
        if self.decision is None:
            raise NotAnswered("nobody")
        self.acts()
        return Answer("r", NOW, key, actor.who, "", actor.agent, self.decision)

    async def prove(self, agent: str, pin: str, place: str) -> Proof:
        self.heard.append(f"{agent} {pin} at {place}")
        return Proof.RIGHT

    async def do(self, command: Command) -> Reply:
        match command.words:
            case ("SET VARIABLE", name, value):
                self.variables[name] = value
            case ("GET DATA", *_):
                return Reply(200, self.typed.pop(0))
            case ("STREAM FILE" | "SAY NUMBER", sound, _):
                self.heard.append(sound)
            case _:
                pass
        return Reply(200, "0")

    async def call(self, word: str, **query: str) -> float:
        """How long it took."""
        self.environment = Environment(word, query, (), {"channel": CHANNEL, "uniqueid": LEG})
        centre = Centre(("n1",), {"n1": frozenset({"PJSIP/carrier"})}, {"n1": ""})
        desk = Desk(centre, self.now, self, self, GateCounts(), lambda: NOW)
        began = time.monotonic()
        await desk.routes()[word].handler(self)  # type: ignore[arg-type]
        return time.monotonic() - began


async def test_a_break_is_asked_in_the_name_of_who_sits_there() -> None:
    gate, floor = Gate(), floor_with()
    gate.now.take(floor, behind=False)
    gate.acts = lambda: floor.owned.leases.update({"1031": Lease(AgentId("1031"), "short", "r", NOW, NOW + 900 * SECOND, "asked")})
    await gate.call("break", kind="meal", node="n1")
    actor, ask, key = gate.asked[0]
    assert (actor.agent, actor.via, ask) == ("1031", "phone", BreakAsk(AgentId("1031"), "meal"))
    assert str(LEG) in key
    assert gate.variables["ANDON_DECISION"] == f"allow:{LEG}:break"
    assert gate.heard == ["ascending-2tone", "15", "minutes"]


async def test_a_login_carries_the_phone_and_its_pin_the_place() -> None:
    gate = Gate(typed=["2031", "4711"])
    gate.now.take(floor_with(None), behind=False)
    await gate.call("login")
    assert gate.asked[0][1] == LogIn(AgentId("2031"), N1, DESK)
    assert gate.heard[0] == f"2031 4711 at {WHERE}"


async def test_two_asks_of_one_call_have_two_keys_and_the_same_ask_of_two_calls_too() -> None:
    gate = Gate()
    gate.now.take(floor_with(), behind=False)
    await gate.call("here")
    await gate.call("back")
    assert len({key for _, _, key in gate.asked}) == 2


async def test_a_result_is_of_the_last_call_and_as_the_plan_spells_it() -> None:
    gate = Gate(decision=allow("result.code"))
    floor = floor_with()
    dial = DialNow("d1", N1, "n1/d", "n1-6.1", "renewals", "acme", "preview", AgentId("1031"), reserved=True, decided=NOW - SECOND)
    floor.owned.outbound.dials["d1"] = dial
    floor.owned.plan = msgspec.structs.replace(floor.owned.plan, dialling=DialRules(outcomes=(ResultCode(code="S1"),)))
    gate.now.take(floor, behind=False)
    await gate.call("result", code="1")
    assert gate.asked[0][:2] == (Actor("agent:1031", agent=AgentId("1031"), via="phone"), ResultKeep(AgentId("1031"), "S1", "d1"))


async def test_a_leg_that_comes_late_is_waited_for() -> None:
    gate = Gate()
    gate.now.take(Floor(), behind=False)
    asyncio.get_running_loop().call_later(0.1, lambda: gate.now.take(floor_with(), behind=False))
    await gate.call("here")
    assert gate.asked


async def test_a_leg_that_never_comes_asks_nobody() -> None:
    gate = Gate()
    gate.now.take(Floor(), behind=False)
    assert await gate.call("break") < 1.0
    assert not gate.asked
    assert gate.variables["ANDON_REASON"] == "gate.unknown"


async def test_a_node_that_no_pbx_has_asks_nobody() -> None:
    gate = Gate()
    gate.now.take(floor_with(), behind=False)
    await gate.call("break", node="n9")
    assert not gate.asked
    assert gate.variables["ANDON_REASON"] == "gate.unknown"


async def test_a_floor_that_is_cut_off_is_said_within_seconds() -> None:
    gate = Gate()
    gate.now.take(floor_with(), behind=True)
    assert await gate.call("break") < 3.0
    assert not gate.asked
    assert gate.variables["ANDON_REASON"] == "gate.away"
    assert gate.heard == ["beeperr", "please-try-again"]


async def test_an_engine_that_does_not_answer_is_a_fault_and_no_refusal() -> None:
    gate = Gate(decision=None)
    gate.now.take(floor_with(), behind=False)
    await gate.call("break")
    assert gate.variables["ANDON_REASON"] == "gate.away"
    assert "ANDON_DECISION" not in gate.variables


async def test_it_asks_when_the_floor_has_seen_the_answer_of_this_call() -> None:
    """Before that the phone looks as if it rang somebody, and its agent were busy: the break would begin after this very call."""
    gate, floor = Gate(), floor_with(state=LegState.DIALLING)
    gate.now.take(floor, behind=False)
    seen: list[LegState] = []
    gate.acts = lambda: seen.append(floor.calls["n1/c"].legs[LEG].state)

    def answered() -> None:
        floor.calls["n1/c"].legs[LEG].state = LegState.WAITING
        gate.now.take(floor, behind=False)

    asyncio.get_running_loop().call_later(0.05, answered)
    await gate.call("here")
    assert seen == [LegState.WAITING]


async def test_logging_out_waits_a_moment_for_the_pbx() -> None:
    gate, floor = Gate(), floor_with()
    floor.owned.duty["1031"] = Duty(AgentId("1031"), N1, DESK, Interface("PJSIP/desk-7"), NOW)
    gate.now.take(floor, behind=False)

    def out() -> None:
        del floor.owned.duty["1031"]
        gate.now.take(floor, behind=False)

    def asked() -> None:
        asyncio.get_running_loop().call_later(0.05, out)

    gate.acts = asked
    await gate.call("logout")
    assert gate.heard == ["agent-loggedoff"]
