"""The contract of the ledger, held against both backends."""

from __future__ import annotations

import asyncio

import pytest

from realtime.dial.model import Blocked, Consent, Counted
from realtime.facts import Fact
from realtime.ledger.changes import STOPPED
from realtime.ledger.names import KEEP_S, flight
from realtime.ledger.port import (
    ALL,
    Change,
    Drop,
    DropBlock,
    DropConsent,
    Flight,
    Looked,
    Put,
    SetBlock,
    SetConsent,
    SetState,
)
from realtime.outbound import DialDecided
from realtime.words import SECOND
from tests.realtime.ledger.desk import DIGEST, KEY, NOW, AnyLedger, Desk, check, decided, new_dial, puts, question, take

BLOCK = Blocked("client", "bank", NOW, "agent")
CONSENT = Consent("consent1", "bank", "telemarketing", "consent", True, NOW - SECOND, 0)


def dials(facts: list[Fact]) -> list[str]:
    return [fact.dial for fact in facts if isinstance(fact, DialDecided)]


async def test_nothing_was_counted_yet(desk: Desk) -> None:
    ledger = await desk.ledger()
    assert await ledger.look(question(check(3))) == Looked("", "formal", counted=(Counted(0),))


async def test_what_is_taken_is_counted_and_written_down(desk: Desk) -> None:
    ledger, other = await desk.ledger(), await desk.ledger()
    centre = flight("centre")
    taken = await take(ledger, question(check(3)), keys=(KEY, centre), dial="d1")
    assert taken.ok
    assert taken.looked.counted == (Counted(0),)
    looked = await other.look(question(check(3), check(1, key=centre)))
    assert looked.counted == (Counted(1), Counted(1, NOW))
    (fact,) = await desk.facts()
    assert isinstance(fact, DialDecided)
    assert (fact.dial, fact.entries) == ("d1", ((KEY, NOW), (centre, NOW)))


async def test_forty_callers_at_once_get_exactly_three(desk: Desk) -> None:
    gates = [await desk.ledger(), await desk.ledger()]
    taken = await asyncio.gather(*(take(gates[number % 2], question(check(3))) for number in range(40)))
    assert sum(each.ok for each in taken) == 3
    assert len(dials(await desk.facts())) == 3
    refused = next(each.looked for each in taken if not each.ok)
    assert refused.counted == (Counted(3, NOW),)


async def test_all_or_nothing_is_taken(desk: Desk) -> None:
    ledger = await desk.ledger()
    assert (await take(ledger, question(check(1, key="attempt:person:p")), keys=("attempt:person:p",))).ok
    asked = question(check(3), check(1, key="attempt:person:p"))
    assert not (await take(ledger, asked, keys=(KEY, "attempt:person:p"))).ok
    assert (await ledger.look(question(check(3)))).counted == (Counted(0),)
    assert len(dials(await desk.facts())) == 1


async def test_the_facts_of_one_ledger_are_numbered_in_the_order_of_the_log(desk: Desk) -> None:
    ledger = await desk.ledger()
    await asyncio.gather(*(take(ledger, question(check(150))) for _ in range(200)))
    facts = await desk.facts()
    assert len(facts) == 150
    assert len({fact.session for fact in facts}) == 1
    numbers = [fact.seq for fact in facts]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(("most", "frees"), [(1, 5), (2, 4), (3, 3), (5, 1)])
async def test_room_comes_when_the_event_that_has_to_go_first_leaves(desk: Desk, most: int, frees: int) -> None:
    """Of five events at 1..5 s, a cap of `most` lets one more in when only most - 1 of them are left."""
    ledger = await desk.ledger()
    await ledger.apply([Put(KEY, NOW + each * SECOND, new_dial(), KEEP_S) for each in (3, 1, 5, 2, 4)])
    (counted,) = (await ledger.look(question(check(most, NOW)))).counted
    assert counted == Counted(5, NOW + frees * SECOND)


async def test_the_window_begins_at_its_first_microsecond(desk: Desk) -> None:
    ledger = await desk.ledger()
    await ledger.apply([Put(KEY, NOW, "d1", KEEP_S)])
    looked = await ledger.look(question(check(1, NOW), check(1, NOW + 1), check(2, NOW), check(0, NOW)))
    assert looked.counted == (Counted(1, NOW), Counted(0), Counted(1), Counted(1))


async def test_a_cap_of_nothing_lets_nothing_pass(desk: Desk) -> None:
    assert not (await take(await desk.ledger(), question(check(0)))).ok


async def test_changes_may_be_made_twice(desk: Desk) -> None:
    ledger = await desk.ledger()
    changes: list[Change] = [
        Put(KEY, NOW, "d1", KEEP_S), Put(KEY, NOW, "d2", KEEP_S), Drop(KEY, "d2"), SetBlock(DIGEST, BLOCK),
        SetConsent(DIGEST, CONSENT), SetState("c2", "trial"),
    ]  # fmt: skip
    await ledger.apply(changes)
    once = await ledger.look(question(check(1), campaign="c2"))
    await ledger.apply(changes)
    assert await ledger.look(question(check(1), campaign="c2")) == once
    assert once == Looked("", "trial", False, (BLOCK,), (CONSENT,), (Counted(1, NOW),))


async def test_a_great_many_changes_are_made_in_order(desk: Desk) -> None:
    ledger = await desk.ledger()
    await ledger.apply([change for each in range(1_300) for change in (Put(KEY, NOW, f"d{each}", KEEP_S), Drop(KEY, f"d{each - 1}"))])
    assert (await ledger.look(question(check(9)))).counted == (Counted(1),)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (SetState("c1", "stopped"), "formal"),
        (SetState("c1", "stopped"), "stopped"),
        (SetState("c1", "trial"), "formal"),
        (SetState(ALL, STOPPED), "formal"),
        (SetState("c1", ""), ""),
    ],
)
async def test_after_a_stop_nothing_is_taken(desk: Desk, change: Change, state: str) -> None:
    ledger, engine = await desk.ledger(), await desk.ledger()
    assert (await take(ledger, question(check(9)))).ok
    await engine.apply([change])
    taken = await take(ledger, question(check(9), state=state))
    assert not taken.ok
    assert taken.looked.stopped == (change == SetState(ALL, STOPPED))
    assert len(dials(await desk.facts())) == 1


async def test_no_take_passes_a_stop_that_was_applied_among_many(desk: Desk) -> None:
    """Each take that began after the stop was in the ledger is refused, however many are under way."""
    ledger, engine = await desk.ledger(), await desk.ledger()
    late: list[bool] = []
    done = asyncio.Event()

    async def call() -> None:
        while not done.is_set():
            stopped = stop.done()
            ok = (await take(ledger, question(check(9_999)))).ok
            if stopped:
                late.append(ok)
            await asyncio.sleep(0)

    stop = asyncio.create_task(_stop_soon(engine))
    callers = [asyncio.create_task(call()) for _ in range(20)]
    async with asyncio.timeout(20):
        await stop
        while len(late) < 60:  # noqa: ASYNC110  callers of their own
            await asyncio.sleep(0.005)
    done.set()
    await asyncio.gather(*callers)
    assert not any(late)
    assert dials(await desk.facts())


async def _stop_soon(engine: AnyLedger) -> None:
    await asyncio.sleep(0.05)
    await engine.apply([SetState("c1", "stopped")])


async def test_a_request_that_came_after_the_look_refuses_the_take(desk: Desk) -> None:
    ledger = await desk.ledger()
    looked = await ledger.look(question())
    await ledger.apply([SetBlock(DIGEST, BLOCK)])
    taken = await take(ledger, question()._replace(blocked=looked.blocked))
    assert not taken.ok
    assert taken.looked.blocked == (BLOCK,)
    assert (await take(ledger, question()._replace(blocked=(BLOCK,)))).ok, "the decision knew it: of another client, say"
    await ledger.apply([DropBlock(DIGEST, "client", "bank"), SetBlock(DIGEST, Blocked("global", "", NOW, "regulator"))])
    assert not (await take(ledger, question()._replace(blocked=(BLOCK,)))).ok, "another one"
    assert not (await take(ledger, question())).ok, "none that is known"


async def test_a_consent_that_is_gone_since_the_look_refuses_the_take(desk: Desk) -> None:
    ledger = await desk.ledger()
    other = Consent("c9", "shop")
    await ledger.apply([SetConsent(DIGEST, CONSENT), SetConsent(DIGEST, other)])
    relying = question()._replace(consents=(CONSENT,))
    assert (await take(ledger, relying)).ok
    await ledger.apply([DropConsent(DIGEST, "bank")])
    taken = await take(ledger, relying)
    assert not taken.ok
    assert taken.looked.consents == (other,)


async def test_what_people_write_is_no_trouble(desk: Desk) -> None:
    ledger = await desk.ledger()
    odd = Blocked("campaign", "a\x1fb\n'\"[]{}%", NOW, "api\nécole 停呼")
    consent = Consent("id\n1", "客户\x1f", expires=NOW)
    await ledger.apply([SetBlock(DIGEST, odd), SetConsent(DIGEST, consent)])
    looked = await ledger.look(question())
    assert (looked.blocked, looked.consents) == ((odd,), (consent,))
    assert (await take(ledger, question()._replace(blocked=(odd,), consents=(consent,)))).ok


async def test_a_shut_ledger_answers_nothing(desk: Desk) -> None:
    gate, engine = await desk.ledger(), await desk.ledger()
    assert (await gate.look(question())).ready == ""
    await engine.shut()
    assert (await gate.look(question())) == Looked("rebuilding")
    assert (await take(gate, question())).looked == Looked("rebuilding")
    assert not (await engine.standing()).open
    await engine.open({"c1": "trial"}, "7-7")
    standing = await engine.standing()
    assert (standing.open, standing.whole, standing.upto) == (True, True, "7-7")
    await gate.look(question())
    assert (await gate.look(question())).state == "trial"


async def test_the_position_moves_on_only_while_it_is_open(desk: Desk) -> None:
    """Or one that lost its last second would be caught up from behind what it has lost."""
    ledger = await desk.ledger()
    await ledger.apply_upto([], "1-5")
    assert (await ledger.standing()).upto == "1-5"
    await ledger.shut()
    await ledger.apply_upto([Put(KEY, NOW, "d", 60)], "1-9")
    assert (await ledger.standing()).upto == "1-5"


async def test_opening_forgets_campaigns_that_are_no_more(desk: Desk) -> None:
    ledger = await desk.ledger()
    await ledger.apply([SetState("gone", "formal"), SetState(ALL, STOPPED)])
    await ledger.open({"c1": "formal"}, "")
    assert await ledger.look(question(campaign="gone")) == Looked("")


async def test_calls_under_way_are_told_by_age(desk: Desk) -> None:
    ledger = await desk.ledger()
    centre, campaign = flight("centre"), flight("campaign", "c1")
    await take(ledger, question(), NOW, (KEY, centre, campaign), "old")
    await take(ledger, question(), NOW + SECOND, (KEY, centre), "new")
    assert sorted(await ledger.flights(NOW + 1)) == [Flight(campaign, "old"), Flight(centre, "old")]
    assert len(await ledger.flights(NOW + 9 * SECOND)) == 3


async def test_who_gives_up_waiting_harms_nobody(desk: Desk) -> None:
    ledger = await desk.ledger()
    impatient = [asyncio.create_task(take(ledger, question(check(500)))) for _ in range(100)]
    await asyncio.sleep(0)
    for each in impatient[::2]:
        each.cancel()
    await asyncio.gather(*impatient, return_exceptions=True)
    assert (await take(ledger, question(check(500)))).ok
    (counted,) = (await ledger.look(question(check(500)))).counted
    assert counted.events == len(dials(await desk.facts()))


async def test_a_bug_of_who_builds_the_fact_is_its_own(desk: Desk) -> None:
    ledger = await desk.ledger()

    def broken(session: str, seq: int) -> bytes:
        raise ZeroDivisionError

    bad = ledger.take(question(), [], broken)
    found = await asyncio.gather(bad, take(ledger, question()), return_exceptions=True)
    assert isinstance(found[0], ZeroDivisionError)
    assert not isinstance(found[1], BaseException)
    assert found[1].ok
    dial = new_dial()
    assert (await ledger.take(question(), puts(dial), decided(dial))).ok
