"""Orders as actions, their answers as outcomes; and the doer: once, in time, for its own node only, whatever was before."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from agi import doer as module
from agi.codec import Action, Message, encode
from agi.doer import Doer
from agi.errors import ActionTooLong, HeaderInjection
from agi.exchange import Outcome, Reply
from agi.orders import Verdict, actions, verdict
from agi.reporter import Reporter
from agi.translate import channels
from agi.translate.tracker import Tracker
from realtime.factcodec import decode, join
from realtime.floor import Floor
from realtime.log_memory import MemoryLog
from realtime.orders import AddMember, AnyAct, HangUp, Order, PauseMember, RemoveMember, SetPenalty, Spy, TakeOver
from realtime.orders import encode as encode_orders
from realtime.owned import OrderState
from realtime.rulings import OrderDone
from realtime.words import SECOND, AgentId, Device, Interface, Node, QueueName, Uniqueid
from tests.agi.replay import sealer
from tests.realtime.backends import until
from tests.realtime.story import START

LI, PHONE = Interface("Local/1001@desk/n"), Device("PJSIP/9001")
SALES, HELP = QueueName("sales"), QueueName("help")
LEG = Uniqueid("north1-1764.7")
NAMES = {LEG: "PJSIP/1001-0000000c"}


def name_of(leg: Uniqueid) -> str:
    return NAMES.get(leg, "")


def wire(act: AnyAct) -> list[str]:
    found = actions(act, name_of)
    assert isinstance(found, list), found
    return [encode(action).decode().strip().replace("\r\n", "|") for action in found]


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        (PauseMember(LI, True, "小休"), ["Action: QueuePause|Interface: Local/1001@desk/n|Paused: true|Reason: 小休"]),
        (
            PauseMember(LI, False, "", (SALES, HELP)),
            [
                "Action: QueuePause|Interface: Local/1001@desk/n|Paused: false|Queue: sales",
                "Action: QueuePause|Interface: Local/1001@desk/n|Paused: false|Queue: help",
            ],
        ),
        (
            AddMember(SALES, LI, Device("PJSIP/1001"), "Wang", 2, True, "short"),
            [
                "Action: QueueAdd|Queue: sales|Interface: Local/1001@desk/n|Penalty: 2|Paused: true|Reason: short|MemberName: Wang"
                "|StateInterface: PJSIP/1001"
            ],
        ),
        (SetPenalty(SALES, LI, 3), ["Action: QueuePenalty|Queue: sales|Interface: Local/1001@desk/n|Penalty: 3"]),
        (RemoveMember(SALES, LI), ["Action: QueueRemove|Queue: sales|Interface: Local/1001@desk/n"]),
        (HangUp(LEG), ["Action: Hangup|Channel: PJSIP/1001-0000000c|Cause: 16"]),
        (
            Spy(LEG, PHONE, "whisper"),
            [
                "Action: Originate|Channel: PJSIP/9001|Application: ChanSpy|Data: north1-1764.7,quESw"
                '|CallerID: "Andon whisper" <andon>|Timeout: 20000|Async: true'
            ],
        ),
        (
            TakeOver(LEG, PHONE),
            [
                "Action: Originate|Channel: PJSIP/9001|Application: Bridge|Data: PJSIP/1001-0000000c"
                '|CallerID: "Andon takeover" <andon>|Timeout: 20000|Async: true'
            ],
        ),
    ],
)
def test_what_goes_over_the_wire(act: AnyAct, sent: list[str]) -> None:
    assert wire(act) == sent


def test_what_is_over_already_needs_no_action() -> None:
    gone = Uniqueid("north1-1764.9")
    assert actions(HangUp(gone), name_of) == Verdict("accepted", "it had ended")
    for act in (Spy(gone, PHONE), TakeOver(gone, PHONE)):
        found = actions(act, name_of)
        assert isinstance(found, Verdict)
        assert found.outcome == "refused"


@pytest.mark.parametrize("phone", ["PJSIP/9&PJSIP/8", "PJSIP/9,x", "PJSIP/${X}", "PJSIP/9\r\nAction: Command", ""])
def test_a_phone_that_says_more_than_a_phone_is_rung_by_nobody(phone: str) -> None:
    found = actions(Spy(LEG, Device(phone)), name_of)
    assert isinstance(found, Verdict)
    assert found.outcome == "refused"


@pytest.mark.parametrize("reason", ["lunch\r\nAction: Command", "x\0y"])
def test_a_line_end_in_a_reason_is_no_header_of_its_own(reason: str) -> None:
    found = actions(PauseMember(LI, True, reason), name_of)
    assert isinstance(found, list)
    with pytest.raises(HeaderInjection):
        encode(found[0])


def reply(name: str, said: str = "", outcome: Outcome = Outcome.ANSWERED) -> Reply:
    response = Message("", f"Response: {'Success' if outcome is Outcome.ANSWERED else 'Error'}\r\nMessage: {said}") if said else None
    return Reply(Action(name), "1", response, [], None if outcome is Outcome.ANSWERED else "refused by the PBX", outcome)


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        ([reply("QueuePause", "Interface paused successfully")], "accepted"),
        ([reply("QueueAdd", "Unable to add interface: Already there", Outcome.REFUSED)], "accepted"),
        ([reply("QueueRemove", "Unable to remove interface: Not there", Outcome.REFUSED)], "accepted"),
        ([reply("Hangup", "No such channel", Outcome.REFUSED)], "accepted"),
        ([reply("QueueRemove", "Member not dynamic", Outcome.REFUSED)], "refused"),
        ([reply("QueuePause", "Interface not found", Outcome.REFUSED)], "refused"),
        ([reply("QueuePause", "", Outcome.TIMED_OUT)], "timed_out"),
        ([reply("QueuePause", "", Outcome.LINK_LOST)], "link_lost"),
        ([reply("QueuePause", "fine"), reply("QueuePause", "Permission denied", Outcome.REFUSED)], "refused"),
    ],
)
def test_what_the_answers_mean(replies: list[Reply], outcome: str) -> None:
    found = verdict(replies)
    assert found.outcome == outcome
    assert found.said


# ------------------------------------------------------------------ the doer


class Pbx:
    """What a doer is given. `hold`: actions are answered when it is set."""

    def __init__(self, floor: Floor | None = None, log: MemoryLog | None = None) -> None:
        self.log = log or MemoryLog()
        self.floor = floor or Floor()
        self.now = START
        self.live = True
        self.sent: list[Action] = []
        self.said: list[tuple[str, str]] = []
        self.error: Exception | None = None
        self.hold = asyncio.Event()
        self.hold.set()
        self.most = 0
        self.looks = 0
        self._open = 0

    def linked(self) -> bool:
        self.looks += 1
        return self.live

    async def looked_at(self, times: int = 3) -> None:
        enough = self.looks + times
        await until(lambda: self.looks >= enough)

    async def ask(self, action: Action) -> Reply:
        if self.error is not None:
            raise self.error
        self.sent.append(action)
        self._open += 1
        self.most = max(self.most, self._open)
        await self.hold.wait()
        self._open -= 1
        return reply(action.name, "fine")

    def done(self, order: str, found: Verdict) -> None:
        self.said.append((order, found.outcome))

    async def give(self, *orders: Order) -> None:
        await self.log.append([encode_orders(list(orders))])

    @contextlib.asynccontextmanager
    async def doing(self) -> AsyncIterator[Doer]:
        doer = Doer(
            Node("pbx"),
            self.log,
            self.floor,
            linked=self.linked,
            ask=self.ask,
            name_of=name_of,
            done=self.done,
            clock=lambda: self.now,
        )
        task = asyncio.create_task(doer.run())
        try:
            yield doer
            assert not task.done(), task.exception()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def outcomes(self, count: int) -> list[tuple[str, str]]:
        await until(lambda: len(self.said) >= count)
        return self.said


def an_order(name: str, act: AnyAct | None = None, node: str = "pbx", given: int = START) -> Order:
    return Order(name, Node(node), act or HangUp(LEG), given, given + 10 * SECOND)


async def test_orders_of_the_own_node_are_done_once() -> None:
    pbx = Pbx()
    async with pbx.doing():
        await pbx.give(an_order("a"), an_order("elsewhere", node="other"))
        await pbx.give(an_order("a"))
        await pbx.give(an_order("b", PauseMember(LI, True, "short", (SALES, HELP))))
        assert await pbx.outcomes(2) == [("a", "accepted"), ("b", "accepted")]
    assert [action.name for action in pbx.sent] == ["Hangup", "QueuePause", "QueuePause"]


async def test_one_that_comes_late_is_not_done_and_said_to_be_expired() -> None:
    pbx = Pbx()
    async with pbx.doing():
        pbx.now += 11 * SECOND
        await pbx.give(an_order("late"))
        assert await pbx.outcomes(1) == [("late", "expired")]
    assert pbx.sent == []


async def test_after_a_restart_what_was_done_is_not_done_again_and_no_phone_rings_twice() -> None:
    log, floor = MemoryLog(), Floor()
    before = Pbx(floor, log)
    await before.give(an_order("done"), an_order("open"), an_order("ring", Spy(LEG, PHONE)), an_order("old", given=START - 60 * SECOND))
    floor.owned.orders["done"] = OrderState(an_order("done"), "", "", "", AgentId(""), done=START)
    floor.owned.orders["open"] = OrderState(an_order("open"), "", "", "", AgentId(""))
    again = Pbx(floor, log)
    again.now += 3 * SECOND
    async with again.doing():
        assert sorted(await again.outcomes(2)) == [("open", "accepted"), ("ring", "link_lost")]
        await again.give(an_order("new", given=again.now))
        assert sorted(await again.outcomes(3)) == [("new", "accepted"), ("open", "accepted"), ("ring", "link_lost")]
    assert [action.name for action in again.sent] == ["Hangup", "Hangup"]


async def test_what_is_ordered_while_the_link_is_away_waits_for_it_in_its_time() -> None:
    pbx = Pbx()
    pbx.live = False
    async with pbx.doing():
        await pbx.give(an_order("a"))
        await pbx.looked_at()
        assert pbx.said == []
        pbx.live = True
        assert await pbx.outcomes(1) == [("a", "accepted")]
        pbx.live = False
        await pbx.give(an_order("b"))
        await pbx.looked_at()
        pbx.now += 11 * SECOND
        assert await pbx.outcomes(2) == [("a", "accepted"), ("b", "link_lost")]


async def test_only_so_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 5)
    pbx = Pbx()
    pbx.hold.clear()
    async with pbx.doing():
        await pbx.give(*(an_order(str(number)) for number in range(40)))
        await until(lambda: len(pbx.sent) == 5)
        pbx.hold.set()
        await pbx.outcomes(40)
    assert pbx.most == 5


async def test_orders_of_many_queues_do_not_fill_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SENT_AT_ONCE", 10)
    pbx = Pbx()
    pbx.hold.clear()
    queues = tuple(QueueName(f"q{number}") for number in range(20))
    async with pbx.doing():
        await pbx.give(*(an_order(str(number), PauseMember(LI, True, "short", queues)) for number in range(4)))
        await until(lambda: len(pbx.sent) == 10)
        pbx.hold.set()
        await pbx.outcomes(4)
    assert (pbx.most, len(pbx.sent)) == (10, 80)


async def test_a_pbx_that_says_nothing_costs_one_orders_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEADLINE_S", 0.05)
    pbx = Pbx()
    pbx.hold.clear()
    async with pbx.doing():
        await pbx.give(an_order("a"))
        assert await pbx.outcomes(1) == [("a", "timed_out")]


async def test_what_cannot_be_sent_or_read_ends_nothing() -> None:
    pbx = Pbx()
    async with pbx.doing() as doer:
        await pbx.log.append([b'[{"id":"x","node":"pbx","act":{"act":"of.tomorrow"},"given":0,"expires":0}]'])
        pbx.error = ActionTooLong("The name is too long.")
        await pbx.give(an_order("a"))
        await pbx.outcomes(1)
        pbx.error = None
        await pbx.give(an_order("b"))
        assert await pbx.outcomes(2) == [("a", "refused"), ("b", "accepted")]
        assert doer.counts.unreadable == 1


async def test_a_log_that_forgot_its_tail_is_read_from_its_start_and_nothing_is_done_twice() -> None:
    pbx = Pbx()
    async with pbx.doing():
        await pbx.give(an_order("a"))
        await pbx.give(an_order("b"))
        await pbx.outcomes(2)
        pbx.log.restart(forget=1)
        with contextlib.suppress(Exception):
            await pbx.give(an_order("c"))
        await pbx.give(an_order("c"))
        assert [name for name, _ in await pbx.outcomes(3)] == ["a", "b", "c"]


def test_a_channel_goes_by_its_name_of_now() -> None:
    """A masquerade swaps names; a hang-up by the old one would end another's call."""
    tracker = Tracker(Node("pbx"), "s", sealer().seal)
    channels.newchannel(tracker, START, "PJSIP/1001-00000001", "6", "", "", "1.1", "1.1")
    channels.rename(tracker, START, "PJSIP/1001-00000002", "1.1")
    assert tracker.channels["1.1"].name == "PJSIP/1001-00000002"


def test_an_outcome_is_a_fact_of_the_adapter_like_any_other() -> None:
    """In the one row of its numbers, so that what is appended again after a restart of the log counts once."""
    said: list[bytes] = []
    reporter = Reporter(Node("pbx"), "life", sealer().seal, Outbox(said), Floor())
    reporter.ponged(START)
    reporter.done("o1", "refused", "Permission denied \udcd5", START)
    reporter.ponged(START + SECOND)
    facts = [fact for each in said for fact in decode(join([each]))]
    assert [(type(fact).__name__, fact.session, fact.seq) for fact in facts] == [
        ("NodeHeard", "life", 1),
        ("OrderDone", "life", 2),
        ("NodeHeard", "life", 3),
    ]
    assert facts[1] == OrderDone(START, START, Node("pbx"), "life", 2, "o1", "refused", "Permission denied \\xd5")


class Outbox:
    def __init__(self, said: list[bytes]) -> None:
        self._said = said

    def put(self, encoded: bytes) -> bool:
        self._said.append(encoded)
        return True
