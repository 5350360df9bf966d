"""The dialler of the simulated centre: nothing rings without the gate's word, and its calls look like a real dialler's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from agi.simulator.centre import Centre
from agi.simulator.dialler import Callee, Dialler, Job
from agi.simulator.exchange import Answered, Question
from agi.simulator.manager import Manager
from agi.simulator.outbound import OutboundTalk
from agi.simulator.pbx import Pbx
from tests.agi.simulator.make_headers import shapes
from tests.agi.simulator.reading import SECOND, START, events, login
from tests.agi.simulator.test_headers import REAL
from tests.agi.simulator.test_sequences import calls

TRANSCRIPT = Path(__file__).parents[2] / "transcripts" / "asterisk-22" / "dialler.ami"
NUMBERS = tuple(Callee(f"1390000{place:04}", {"person": f"p{place}"}) for place in range(200))
Event = dict[str, str]


class Gate:
    """Says the same of every dial, a moment later; `None`: it is away."""

    def __init__(self, pbx: Pbx, allows: bool | None = True) -> None:
        self.pbx, self.allows = pbx, allows
        self.asked: list[Question] = []

    def ask(self, question: Question, answered: Answered) -> None:
        self.asked.append(question)
        self.pbx.agenda.after(0.01, lambda: answered(self.said(question)))

    def said(self, question: Question) -> Mapping[str, str]:
        if self.allows is None:
            return {}
        if not self.allows:
            return {"ANDON_REASON": "dial.blocked.global"}
        return {"ANDON_DECISION": f"allow:{question.uniqueid}:{question.extension}", "ANDON_DIAL": question.extension}


class Floor:
    def __init__(self, allows: bool | None = True, *, seed: int = 3, agents: int = 40, over: int = 2, rate: float = 1.0) -> None:
        self.pbx = Pbx(Centre(agents=agents, rate=rate, outbound_per_agent_hour=0), seed, START)
        self.manager = Manager(self.pbx)
        self.session = login(self.manager)
        self.gate = Gate(self.pbx, allows)
        self.pbx.exchange.ask = self.gate.ask
        devices = tuple(self.pbx.staff.agents)
        half = len(devices) // 2
        self.dialler = Dialler(self.pbx, (Job("a", devices[:half], NUMBERS), Job("b", devices[half:], NUMBERS, over=over)))
        self.dialler.begin()

    def run(self, seconds: float) -> list[Event]:
        self.manager.advance(self.pbx.now + int(seconds * SECOND))
        return events(self.session.take())

    def end(self) -> list[Event]:
        self.pbx.close()
        said = self.run(3600)
        assert self.pbx.truth().channels == 0
        return said


def to_trunk(said: list[Event]) -> list[Event]:
    """Dials that were signalled."""
    return [each for each in said if each["Event"] == "DialBegin" and each["DestChannel"].startswith("PJSIP/carrier")]


@pytest.mark.parametrize("allows", [False, None])
def test_nothing_rings_outside_without_the_word_of_the_gate(allows: bool | None) -> None:
    floor = Floor(allows)
    said = floor.run(600) + floor.end()
    assert len(floor.gate.asked) > 60
    assert to_trunk(said) == []
    assert set(floor.dialler.reports) == {"REFUSED" if allows is None else "dial.blocked.global"}


def test_a_word_for_another_channel_or_number_allows_nothing() -> None:
    question = Question("Local/1@andon-dial-00000000;2", "demo1-1.2", "demo1-1.1", "13900000001", "", {})
    good = {"ANDON_DECISION": "allow:demo1-1.2:13900000001", "ANDON_DIAL": "+8613900000001,x"}
    assert question.allowed_by(good) == "+8613900000001"
    for wrong in ("", "allow", "allow:demo1-1.1:13900000001", "allow:demo1-1.2:1390000000", "ALLOW:demo1-1.2:13900000001"):
        assert question.allowed_by({**good, "ANDON_DECISION": wrong}) == ""
    assert question.allowed_by({"ANDON_DECISION": good["ANDON_DECISION"]}) == ""


def test_each_dial_asks_first_and_all_kinds_of_ends_come() -> None:
    floor = Floor()
    said = floor.run(1800) + floor.end()
    dialled = to_trunk(said)
    assert len(dialled) == len(floor.gate.asked) > 300
    assert {each["DestLinkedid"] for each in dialled} == {each.linkedid for each in floor.gate.asked}
    assert {"BUSY", "NOANSWER", "DONE", "ABANDONED"} <= set(floor.dialler.reports)
    assert floor.dialler.reports["DONE"] > floor.dialler.reports["ABANDONED"]
    ends = Counter(each["Event"] for each in said)
    assert ends["Newchannel"] == ends["Hangup"]


def test_the_gate_is_told_what_the_dialler_knows() -> None:
    floor = Floor()
    floor.run(600)
    by_dialler = [each for each in floor.gate.asked if each.channel.startswith("Local/")]
    assert all(each.channel.endswith(";2") and each.words["campaign"] in ("a", "b") and each.words["person"] for each in by_dialler)
    kinds = {(each.words["method"], each.words["reserved"], "agent" in each.words) for each in by_dialler}
    assert kinds == {("progressive", "1", True), ("predictive", "1", True), ("predictive", "0", False)}
    by_hand = [each for each in floor.gate.asked if each.channel.startswith("PJSIP/")]
    assert by_hand
    assert all(each.words == {} and each.caller_id in each.channel for each in by_hand)


def test_a_call_of_the_dialler_has_the_events_of_a_real_one() -> None:
    """To an agent by an extension, where the real one went to a queue: what is of queue, member and recording is left out."""
    floor = Floor(over=6, rate=3.0)
    simulated = [sorted(_of_no_queue(each)) for each in calls(floor.run(1800) + floor.end()).values()]
    real = [sorted(_of_no_queue(each)) for each in calls(events(TRANSCRIPT.read_bytes())).values()]
    assert len(real) == 3, "to an agent, to nobody, not answered"
    for each in real:
        assert each in simulated


def _of_no_queue(names: Iterable[str]) -> list[str]:
    of_queue = {"QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon", "AgentCalled", "AgentConnect", "AgentComplete"}
    return [each for each in names if each not in {*of_queue, "MusicOnHoldStart", "MusicOnHoldStop", "MixMonitorStart", "NewConnectedLine"}]


def test_its_messages_have_the_headers_of_a_real_asterisk() -> None:
    floor = Floor()
    floor.manager.advance(floor.pbx.now + 900 * SECOND)
    strange = {(kind, shape) for kind, shape in shapes(floor.session.take()) if kind in REAL and shape not in REAL[kind]}
    assert strange == set()


def test_what_rings_can_be_hung_up_from_outside() -> None:
    floor = Floor()
    ringing = []
    for _ in range(600):
        floor.run(1)
        ringing = [each for each in floor.pbx.switch.channels.values() if each.name.startswith("PJSIP/carrier") and each.state == 5]
        if len(ringing) >= 2:
            break
    trunk = ringing[0]
    floor.session.receive(f"Action: Hangup\r\nChannel: {trunk.name}\r\n\r\n".encode())
    said = events(floor.session.take())
    of_call = [each for each in said if trunk.linkedid in (each.get("Linkedid"), each.get("DestLinkedid"))]
    assert next(each["Channel"] for each in of_call if each["Event"] == "Hangup") == trunk.name
    assert len([each for each in of_call if each["Event"] == "Hangup"]) == 3
    assert not any(each.linkedid == trunk.linkedid for each in floor.pbx.switch.channels.values())
    assert floor.dialler.reports.get("CANCEL") == 1


def talking(floor: Floor) -> OutboundTalk:
    for _ in range(600):
        floor.run(1)
        found = [each.owner for each in floor.pbx.switch.channels.values() if isinstance(each.owner, OutboundTalk)]
        if found:
            return found[0]
    raise AssertionError("nobody talks")


def test_a_customer_can_be_taken_over_by_a_supervisor() -> None:
    floor = Floor()
    talk = talking(floor)
    order = f"Action: Originate\r\nChannel: PJSIP/1901\r\nApplication: Bridge\r\nData: {talk.trunk.name}\r\nAsync: true\r\n\r\n"
    floor.session.receive(order.encode())
    for _ in range(120):
        floor.run(1)
        if talk.over:
            break
    assert talk.phone.ended
    assert talk.caller.ended
    assert talk.two.ended
    assert talk.trunk.bridge is not None
    assert {each.device for each in talk.trunk.bridge.inside} == {"PJSIP/carrier", "PJSIP/1901"}
    floor.end()


@pytest.mark.parametrize("end", ["trunk", "caller"])
def test_a_customer_can_be_sent_to_a_queue(end: str) -> None:
    """Half ;1 can be sent, too: then the customer behind it is gone, and nothing of the call is left over."""
    floor = Floor()
    talk = talking(floor)
    channel = talk.trunk if end == "trunk" else talk.caller
    order = f"Action: Redirect\r\nChannel: {channel.name}\r\nContext: from-carrier\r\nExten: support\r\nPriority: 1\r\n\r\n"
    floor.session.receive(order.encode())
    said = events(floor.session.take())
    assert [each["Queue"] for each in said if each["Event"] == "QueueCallerJoin" and each["Channel"] == channel.name] == ["support"]
    assert talk.phone.ended
    assert not channel.ended
    floor.end()


def test_an_answer_that_comes_after_a_crash_dials_nothing() -> None:
    floor = Floor()
    floor.run(30)
    late: list[tuple[Question, Answered]] = []
    floor.pbx.exchange.ask = lambda question, answered: late.append((question, answered))
    floor.run(60)
    assert late
    floor.manager.restart(killed=True)
    floor.session = None  # type: ignore[assignment]
    for question, answered in late:
        answered(floor.gate.said(question))
    assert not floor.pbx.switch.channels
    floor.pbx.exchange.ask = floor.gate.ask
    before = len(floor.gate.asked)
    floor.manager.advance(floor.pbx.now + 120 * SECOND)
    assert len(floor.gate.asked) > before + 10, "it dials again once the PBX is up"


def test_the_same_seed_dials_the_same() -> None:
    one, other = Floor(seed=5), Floor(seed=5)
    assert one.run(300) == other.run(300)
