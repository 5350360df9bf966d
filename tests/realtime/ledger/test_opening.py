"""Making a ledger whole: from the log, from history, after a restart, by another engine; and what never opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from realtime.decision import allow
from realtime.dial.model import Blocked, Consent
from realtime.factcodec import encode, join
from realtime.facts import Fact
from realtime.history.port import HistoryAway, Kept
from realtime.ledger import opening
from realtime.ledger.changes import changes_of
from realtime.ledger.names import FLIGHT_S, KEEP_S, flight
from realtime.ledger.port import ALL, Put, SetState
from realtime.log import Fence, FenceLost, LogAway
from realtime.log_faults import LogRestarted
from realtime.outbound import (
    CampaignMoved,
    ConsentGiven,
    ConsentRevoked,
    DialDecided,
    DialEnded,
    DiallingStopped,
    NumberBlocked,
    NumberUnblocked,
    ResultCoded,
)
from realtime.owned_outbound import BlockKept, DialNow
from realtime.words import SECOND, AgentId, Node
from tests.realtime.ledger.desk import DIGEST, KEY, NOW, NUMBER, AnyLedger, Desk, RedisDesk, check, question, take
from tests.realtime.ledger.hand import Hand, a_floor
from tests.realtime.ledger.test_killed import command

LIVE = "live:number:a1b2c3"
CENTRE = flight("centre")
ENTRIES = ((KEY, NOW), (CENTRE, NOW), (flight("agent", "8001"), NOW))
STORY: list[tuple[type[Fact], dict[str, object]]] = [
    (DialDecided, {"dial": "d1", "campaign": "c1", "decision": allow("ok"), "entries": ENTRIES}),
    (DialDecided, {"dial": "d2", "campaign": "c1", "decision": allow("ok"), "entries": ENTRIES}),
    (DialDecided, {"dial": "d3", "campaign": "c1", "decision": allow("ok"), "entries": ENTRIES}),
    (DialEnded, {"dial": "d1", "campaign": "c1", "agent": AgentId("8001"), "outcome": "connected", "entries": ((LIVE, NOW),)}),
    (DialEnded, {"dial": "d2", "campaign": "c1", "agent": AgentId("8001"), "outcome": "not_dialled", "entries": ENTRIES}),
    (ResultCoded, {"dial": "d1", "campaign": "c1", "code": "no", "entries": (("refusal:number:a1b2c3", NOW),)}),
    (NumberBlocked, {"number": NUMBER, "scope": "client", "about": "bank", "source": "agent"}),
    (NumberBlocked, {"number": NUMBER, "scope": "global", "source": "regulator"}),
    (NumberUnblocked, {"number": NUMBER, "scope": "client", "about": "bank"}),
    (ConsentGiven, {"consent": "k1", "number": NUMBER, "client": "bank"}),
    (ConsentGiven, {"consent": "k2", "number": NUMBER, "client": "shop", "written": True}),
    (ConsentRevoked, {"number": NUMBER, "client": "bank"}),
]
ASKED = question(
    check(9), check(9, key=CENTRE), check(9, key=flight("agent", "8001")), check(9, key=LIVE), check(9, key="refusal:number:a1b2c3")
)


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LOOK_S", 0.02)
    monkeypatch.setattr(opening, "GATES_S", 0.1)
    monkeypatch.setattr(opening, "AGAIN_S", 0.05)


class Told:
    """A history that holds these facts. `away`: how often it is first."""

    def __init__(self, facts: Sequence[Fact], away: int = 0) -> None:
        self.facts = list(facts)
        self.away = away
        self.read = 0

    async def told(self, counted: Sequence[type[Fact]], lasting: Sequence[type[Fact]], since: int) -> AsyncIterator[Kept]:
        self.read += 1
        for place, fact in enumerate(self.facts, 1):
            if self.away and place == len(self.facts) // 2:
                self.away -= 1
                raise HistoryAway("The database is away.")
            if type(fact) in lasting or (type(fact) in counted and fact.at >= since):
                yield Kept(place, fact)


def facts(numbered: int = 1) -> list[Fact]:
    made = enumerate(STORY, numbered)
    return [kind(NOW, NOW, Node("hall"), "story", number, **fields) for number, (kind, fields) in made]  # type: ignore[arg-type]


async def counts(ledger: AnyLedger) -> tuple[list[int], tuple[Blocked, ...], tuple[Consent, ...]]:
    looked = await ledger.look(ASKED)
    if looked.ready:  # it was opened anew meanwhile: who asks joins it by asking
        looked = await ledger.look(ASKED)
    assert not looked.ready
    return [counted.events for counted in looked.counted], looked.blocked, looked.consents


WHOLE = ([2, 1, 1, 1, 1], (Blocked("global", "", NOW, "regulator"),), (Consent("k2", "shop", written=True, given=NOW),))


async def test_a_floor_where_nobody_ever_dialled_opens_at_once(valkey: str) -> None:
    desk = RedisDesk(valkey)
    ledger = await desk.ledger()
    await command(valkey, "DEL", *(f"{{{desk.floor}}}:ledger:{name}" for name in ("round", "open", "whole", "states")))
    async with Hand(ledger, desk.log).at_work() as hand:
        await hand.settled(1)
        assert (await take(ledger, question())).ok
    await desk.close()


@pytest.mark.parametrize("source", ["log", "history", "both"])
async def test_an_emptied_ledger_comes_out_as_it_was(desk: Desk, source: str) -> None:
    ledger, engine = await desk.ledger(), await desk.ledger()
    past = Told(facts(), away=1) if source != "log" else None
    await empty(desk, ledger)
    if source != "history":
        await append(desk, facts())
    hand = Hand(engine, desk.log, past)
    async with hand.at_work():
        await hand.settled()
        assert await counts(ledger) == WHOLE
        assert (past is None) == any("log alone" in each for each in hand.told)


async def test_without_a_history_the_floor_remembers_who_asked_not_to_be_called(desk: Desk) -> None:
    """The log has forgotten it long ago."""
    ledger, engine = await desk.ledger(), await desk.ledger()
    await empty(desk, ledger)
    floor = a_floor()
    floor.owned.outbound.blocks[DIGEST] = [BlockKept("global", "", NOW)]
    async with Hand(engine, desk.log, floor=floor).at_work() as hand:
        await hand.settled()
        assert (await counts(ledger))[1] == (Blocked("global", "", NOW),)


async def test_what_history_has_not_yet_is_read_from_the_log(desk: Desk) -> None:
    """And what it says again after a dial has ended takes no place any more."""
    ledger, engine = await desk.ledger(), await desk.ledger()
    await empty(desk, ledger)
    await append(desk, facts()[:3])
    await append(desk, facts()[6:])
    async with Hand(engine, desk.log, Told(facts()[:6])).at_work() as hand:
        await hand.settled()
        assert await counts(ledger) == WHOLE


async def test_what_the_engine_says_is_in_the_ledger(desk: Desk) -> None:
    ledger, engine = await desk.ledger(), await desk.ledger()
    async with Hand(engine, desk.log).at_work() as hand:
        await hand.settled()
        await ledger.apply([change for fact in facts()[:3] for change in changes_of(fact)])
        await hand.say(facts()[3:])
        assert await counts(ledger) == WHOLE
        standing = await engine.standing()
        assert standing.upto == str(hand.position)


async def test_a_stop_is_in_the_ledger_before_it_is_in_the_log(desk: Desk) -> None:
    ledger, engine = await desk.ledger(), await desk.ledger()
    log = desk.log
    async with Hand(engine, log).at_work() as hand:
        await hand.settled()
        for moved, state in (
            ((CampaignMoved, {"campaign": "c1", "before": "formal", "to": "stopped"}), "stopped"),
            ((DiallingStopped, {"on": True}), "stopped"),
        ):
            said = hand.facts(moved)
            await hand.opening.before(said)
            looked = await ledger.look(question())
            assert looked.stopped or looked.state == state
            assert not (await take(ledger, question())).ok
        going_on = hand.facts((CampaignMoved, {"campaign": "c1", "to": "formal"}), (DiallingStopped, {"on": False}))
        await hand.opening.before(going_on)
        assert not (await take(ledger, question())).ok, "going on is in the log first"
        await hand.opening.after(going_on, True, None)
        assert (await take(ledger, question())).ok
        await hand.opening.before(hand.facts((NumberBlocked, {"number": NUMBER, "scope": "global"})))
        assert not (await take(ledger, question())).ok, "a request not to be called, too"


async def test_what_never_came_to_the_floor_is_made_again_what_the_floor_says(desk: Desk) -> None:
    ledger, engine = await desk.ledger(), await desk.ledger()
    async with Hand(engine, desk.log).at_work() as hand:
        await hand.settled()
        said = hand.facts((CampaignMoved, {"campaign": "c1", "to": "stopped"}))
        await hand.opening.before(said)
        await hand.opening.after(said, False, None)
        await hand.settled()
        assert (await counts(ledger))[0][0] == 0
        assert (await take(ledger, question())).ok


async def test_another_engine_makes_up_for_what_the_one_before_did_not_do(desk: Desk) -> None:
    """It died between a fact and its change; the new one finds it behind the position in the ledger."""
    ledger, engine = await desk.ledger(), await desk.ledger()
    async with Hand(engine, desk.log).at_work() as hand:
        await hand.settled()
        await hand.say(facts()[6:7])
        await append(desk, facts()[7:])
    async with Hand(engine, desk.log, floor=a_floor(c1="formal", c2="trial")).at_work() as hand:
        await hand.settled()
        _, blocked, consents = await counts(ledger)
        assert (blocked, consents) == WHOLE[1:]
        assert (await ledger.look(question(campaign="c2"))).state == "trial"


async def test_changes_wait_while_the_server_is_away_and_are_made_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, engine = await desk.ledger(), await desk.ledger()
    hand = Hand(engine, desk.log)
    async with hand.at_work():
        await hand.settled()
        await ledger.apply([change for fact in facts()[:3] for change in changes_of(fact)])
        apply_upto = type(engine).apply_upto

        async def away(*_: object) -> None:
            raise LogAway("It is away.")

        monkeypatch.setattr(type(engine), "apply_upto", away)
        await hand.say(facts()[3:4])
        await hand.say(facts()[4:6])
        assert (await counts(ledger))[0] == [3, 3, 3, 0, 0]
        monkeypatch.setattr(type(engine), "apply_upto", apply_upto)
        async with asyncio.timeout(10):
            while (await counts(ledger))[0] != WHOLE[0]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_with_too_many_changes_that_wait_the_ledger_is_shut_and_made_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, engine = await desk.ledger(), await desk.ledger()
    monkeypatch.setattr(opening, "PENDING_MOST", 2)
    hand = Hand(engine, desk.log)
    async with hand.at_work():
        await hand.settled()
        await ledger.apply([change for fact in facts()[:3] for change in changes_of(fact)])
        apply_upto = type(engine).apply_upto

        async def away(*_: object) -> None:
            raise LogAway("It is away.")

        monkeypatch.setattr(type(engine), "apply_upto", away)
        await hand.say(facts()[3:6])
        assert not hand.opening.settled
        assert any("is read from the log" in each for each in hand.told)
        monkeypatch.setattr(type(engine), "apply_upto", apply_upto)
        await hand.settled()
        assert (await counts(ledger))[0] == WHOLE[0]


async def test_ghosts_give_their_place_back(desk: Desk) -> None:
    ledger, engine = await desk.ledger(), await desk.ledger()
    hand = Hand(engine, desk.log)
    hand.now = NOW + 61 * SECOND
    async with hand.at_work():
        await hand.settled()
        members = {"ghost": NOW, "known": NOW, "over": NOW, "young": NOW + 2 * SECOND}
        for name in ("known", "over"):
            hand.floor.owned.outbound.dials[name] = DialNow(
                name, Node("hall"), "", "", "c1", "", "manual", AgentId(""), True, NOW, over=NOW if name == "over" else 0
            )
        await ledger.apply([Put(CENTRE, at, name, FLIGHT_S) for name, at in members.items()])
        await ledger.apply([Put(KEY, NOW, "ghost", KEEP_S)])
        hand.opening._reconcile_due = 0.0
        async with asyncio.timeout(10):
            while (await counts(ledger))[0][1] != 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert (await counts(ledger))[0][0] == 1, "what was dialled stays counted"
        assert sorted(each.member for each in await ledger.flights(NOW + 9 * SECOND)) == ["known", "young"]


async def test_an_engine_that_lost_its_lease_changes_nothing(valkey: str) -> None:
    desk = RedisDesk(valkey)
    ledger, late = await desk.ledger(), await desk.ledger()
    await command(valkey, "SET", f"{{{desk.floor}}}:token:engine", 8)
    late.fence = Fence("engine", 7)
    for attempt in (late.apply([SetState("c1", "stopped")]), late.shut(), late.open({}, ""), late.begin("x")):
        with pytest.raises(FenceLost):
            await attempt
    assert (await take(ledger, question())).ok
    late.fence = Fence("engine", 8)
    await late.apply([SetState(ALL, "stopped")])
    assert not (await take(ledger, question())).ok
    await desk.close()


async def append(desk: Desk, said: Sequence[Fact]) -> None:
    for fact in said:
        try:
            await desk.log.append([join([encode(fact)])])
        except LogRestarted:
            await desk.log.append([join([encode(fact)])])


async def empty(desk: Desk, ledger: AnyLedger) -> None:
    """FLUSHALL, as far as this floor is concerned: other tests use this server."""
    if isinstance(desk, RedisDesk):
        names = [f"{{{desk.floor}}}:ledger:{name}" for name in ("round", "open", "whole", "states", "gates", "flights", "numbers", "beat")]
        await command(desk.url, "DEL", *names, f"{{{desk.floor}}}:facts", f"{{{desk.floor}}}:epoch")
    else:
        ledger.flush()  # type: ignore[union-attr]
    assert (await ledger.look(question(digest=DIGEST))).ready
