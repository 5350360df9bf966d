"""A wish to be erased: a duty and a hold keep, mere consent does not, what waited is let go by itself; and clocks that somebody says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import insert, select

from realtime.plan.archive import ArchiveRules, RetentionClass, Term
from realtime.words import Micros
from recordings.catalogue.schema import calls, recordings
from recordings.retention import carrying, certificate, disposal, erasure, events, holds
from recordings.retention.choosing import Choice
from recordings.retention.erasure import ErasureRefused
from recordings.retention.events import BadEvent, ClockSaid
from recordings.retention.holds import Matter
from recordings.retention.judging import Policy
from recordings.retention.people import SamePerson
from recordings.retention.recompute import recompute
from recordings.words import Kind
from tests.recordings.retention.hall import CHEN, DAY, LI, WANG, ZONE, Hall, rule

MATTER = Matter(name="a case", custodian="Legal")


async def asked(hall: Hall, id_: str = "e1") -> dict[int, str]:
    """What became of each, by place."""
    found = await erasure.ask(hall.catalogue, id_, hall.policy, ["digest-a"], "letter of 2026-11-20", LI, hall.now)
    return {each.judged.row["place"]: each.decided.standing for each in found.answers}


async def carried(hall: Hall, id_: str = "e1") -> carrying.Carried:
    await disposal.approve(hall.catalogue, id_, WANG, hall.now)
    (done,) = await carrying.carry_out(hall.tools, "archivist", id_)
    return done


async def run_of(hall: Hall, id_: str) -> Any:
    async with hall.catalogue.reading() as connection:
        return await disposal.one(connection, id_)


async def test_duty_and_hold_keep_and_consent_does_not(hall: Hall) -> None:
    free, duty = await hall.add(days_ago=10, class_="consent"), await hall.add(days_ago=10)
    held, over = await hall.add(days_ago=10, class_="consent", call="17958.held"), await hall.add(days_ago=400)
    stranger, classless = await hall.add(days_ago=10, class_="consent", number="digest-b"), await hall.add(class_="unknown")
    await holds.place(hall.catalogue, "h1", Choice(call="17958.held"), MATTER, LI, hall.now, 90)
    answers = await asked(hall)
    assert answers == {free: "going", duty: "waiting", held: "waiting", over: "going", classless: "waiting"}
    assert [(await hall.row(place))["restricted"] for place in (free, duty, held, stranger)] == [False, True, True, False]
    with pytest.raises(SamePerson):
        await disposal.approve(hall.catalogue, "e1", "local:li", hall.now)
    assert await carrying.carry_out(hall.tools, "archivist") == [], "one person erases nothing"
    done = await carried(hall)
    assert (done.gone, done.trouble) == (2, "")
    assert [await hall.can_be_read(place) for place in (free, over, duty, held, stranger, classless)] == [
        False,
        False,
        True,
        True,
        True,
        True,
    ]
    run = await run_of(hall, "e1")
    case = certificate.read(run["certificate"], [hall.signer.key().verifier]).case
    assert (case.kind, case.approvers, len(case.items)) == ("erasure", (LI, WANG), 2)
    assert run["decide_by"] == hall.now + 30 * DAY
    restricted = [each for each in await hall.entries(Kind.ERASURE) if each.subject != "e1"]
    assert len(restricted) == 3
    assert all("digest-a" not in each.leaf for each in restricted)


async def test_what_waited_goes_by_itself_when_its_duty_ends(hall: Hall) -> None:
    duty, held = await hall.add(days_ago=360), await hall.add(days_ago=10, class_="consent", call="17958.held")
    await holds.place(hall.catalogue, "h1", Choice(call="17958.held"), MATTER, LI, hall.now, 90)
    await asked(hall)
    assert (await carried(hall)).gone == 0
    assert (await run_of(hall, "e1"))["certificate"] is None
    assert await erasure.wake(hall.catalogue, hall.policy, hall.now, lambda: "e2") == []
    hall.now += 10 * DAY
    assert await erasure.wake(hall.catalogue, hall.policy, hall.now, lambda: "e2") == ["e2"]
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert (done.id, done.gone) == ("e2", 1)
    assert [await hall.can_be_read(place) for place in (duty, held)] == [False, True]
    assert await erasure.wake(hall.catalogue, hall.policy, hall.now, lambda: "e3") == []
    await holds.release(hall.catalogue, "h1", LI, "over", hall.now)
    await holds.release(hall.catalogue, "h1", WANG, "over", hall.now)
    assert await erasure.wake(hall.catalogue, hall.policy, hall.now, lambda: "e3") == ["e3"]
    await carrying.carry_out(hall.tools, "archivist")
    assert not await hall.can_be_read(held)
    case = certificate.read((await run_of(hall, "e3"))["certificate"], [hall.signer.key().verifier]).case
    assert case.approvers == (LI, WANG)


async def test_a_wish_that_is_refused_restricts_nothing_any_more(hall: Hall) -> None:
    place = await hall.add(days_ago=10)
    await asked(hall)
    assert (await hall.row(place))["restricted"]
    await disposal.refuse(hall.catalogue, "e1", WANG, "it was not their number", hall.now)
    assert not (await hall.row(place))["restricted"]
    assert await hall.can_be_read(place)


async def test_a_disposal_that_is_refused_lifts_no_restriction_of_a_wish(hall: Hall) -> None:
    """Its duty has ended and it is let go within the minute, or when a key store is there again: until then nobody hears it."""
    place = await hall.add(days_ago=360)
    await asked(hall)
    await carried(hall)
    hall.now += 10 * DAY
    (group,) = await disposal.groups(hall.catalogue, hall.policy, hall.now)
    wish = disposal.Wish(group.class_, group.month, group.sha256, "monthly")
    await disposal.propose(hall.catalogue, "d1", hall.policy, wish, LI, hall.now)
    assert await erasure.wake(hall.catalogue, hall.policy, hall.now, lambda: "e2") == ["e2"]
    await disposal.refuse(hall.catalogue, "d1", WANG, "not now", hall.now)
    assert (await hall.row(place))["restricted"]
    await disposal.refuse(hall.catalogue, "e2", WANG, "it was not their number", hall.now)
    assert not (await hall.row(place))["restricted"]


async def test_a_hold_between_the_approval_and_the_erasure_wins(hall: Hall) -> None:
    place = await hall.add(days_ago=10, class_="consent")
    await asked(hall)
    await disposal.approve(hall.catalogue, "e1", WANG, hall.now)
    await holds.place(hall.catalogue, "h1", Choice(numbers=("digest-a",)), MATTER, CHEN, hall.now, 90)
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert (done.gone, await hall.can_be_read(place)) == (0, True)


async def test_nobodys_number_is_refused(hall: Hall) -> None:
    await hall.add()
    for numbers in ([], ["digest-z"]):
        with pytest.raises(ErasureRefused):
            await erasure.ask(hall.catalogue, "e1", hall.policy, numbers, "", LI, hall.now)


async def test_what_is_erased_leaves_no_number_in_the_ledger(hall: Hall) -> None:
    """Nor with a call of that customer whose recording never came; those of others keep theirs."""
    await hall.add(days_ago=10, class_="consent")
    async with hall.catalogue.change() as change:
        for call, standing, digest in (("m", "missing", "digest-a"), ("e", "excused", "digest-a"), ("o", "missing", "digest-b")):
            card = json.dumps({"node": "hall7", "call": call, "number": [digest, "c2VhbGVk", "2025-01"]})
            await change.connection.execute(insert(calls).values(node="hall7", call=call, began=1, standing=standing, card=card))
    await asked(hall)
    await carried(hall)
    async with hall.catalogue.reading() as connection:
        cards = [json.loads(card) for card in (await connection.execute(select(calls.c.card))).scalars()]
    assert [card["call"] for card in cards if "number" in card] == ["o"]
    assert (len(cards), {card["node"] for card in cards}) == (4, {"hall7"})


# ---------------------------------------------------------------- clocks


async def say(hall: Hall, **fields: Any) -> None:
    said: dict[str, Any] = {"scope": "recording", "moment": hall.now - 800 * DAY, **fields}
    async with hall.catalogue.change() as change:
        await events.say(change, ClockSaid(**said), hall.policy.campaigns, LI, hall.now)


async def until(hall: Hall, place: int) -> Micros:
    await recompute(hall.catalogue, hall.policy, hall.now)
    found: Micros = (await hall.row(place))["keep_until"]
    return found


async def test_the_end_of_the_contract_is_the_plans_and_a_person_makes_it_later(hall: Hall) -> None:
    place = await hall.add(class_="contract", campaign="sales")
    assert (await hall.row(place))["kept_by"] == "after"
    first = await until(hall, place)
    assert 0 < first <= hall.now
    await say(hall, clock="contract_end", scope="campaign", subject="sales", moment=hall.now)
    later = await until(hall, place)
    assert later > hall.now > first
    await say(hall, clock="contract_end", scope="campaign", subject="sales", moment=hall.now - 3000 * DAY)
    assert await until(hall, place) == first, "said again; the plan's own stands beside it"
    await say(hall, clock="contract_end", scope="campaign", subject="sales", reference="addendum", moment=hall.now)
    assert await until(hall, place) == later


async def test_a_product_whose_end_nobody_said_stays(hall: Hall) -> None:
    place = await hall.add(class_="product")
    assert await until(hall, place) == 0
    row = await hall.row(place)
    await say(hall, clock="product_end", scope="call", subject=f"hall7/{row['call']}")
    assert 0 < await until(hall, place) < hall.now
    await say(hall, clock="dispute", subject=row["id"], reference="court 7", moment=hall.now - DAY)
    assert await until(hall, place) == 0
    await say(hall, clock="dispute", subject=row["id"], reference="court 8", moment=hall.now - DAY)
    await say(hall, clock="dispute", subject=row["id"], reference="court 7", moment=hall.now, over=True)
    assert await until(hall, place) == 0, "one is still open"
    await say(hall, clock="dispute", subject=row["id"], reference="court 8", moment=hall.now, over=True)
    assert await until(hall, place) > hall.now + 700 * DAY, "two years after the end of the last one"
    changed = [each for each in await hall.entries(Kind.RECLASS) if "keep_until" in each.leaf]
    assert len(changed) == 3, "each change of its term is in the log, once"


async def test_a_later_call_is_activity_whoever_forgot_to_say_it(hall: Hall) -> None:
    old = await hall.add(days_ago=1000, class_="debt", campaign="sales", number="digest-d")
    assert await until(hall, old) == 0, "nobody has said any"
    await say(hall, clock="last_activity", scope="number", subject="digest-d")
    assert 0 < await until(hall, old) < hall.now
    await hall.add(days_ago=20, class_="debt", campaign="sales", number="digest-d")
    assert await until(hall, old) > hall.now + 300 * DAY


async def test_a_dispute_that_came_after_the_approvals_keeps(hall: Hall) -> None:
    place = await hall.add()
    (group,) = await disposal.groups(hall.catalogue, hall.policy, hall.now)
    await disposal.propose(hall.catalogue, "d1", hall.policy, disposal.Wish(group.class_, group.month, group.sha256, ""), LI, hall.now)
    await disposal.approve(hall.catalogue, "d1", LI, hall.now)
    await disposal.approve(hall.catalogue, "d1", WANG, hall.now)
    await say(hall, clock="dispute", subject=(await hall.row(place))["id"], moment=hall.now)
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert (done.gone, done.kept, await hall.can_be_read(place)) == (0, 1, True)
    assert (await hall.row(place))["state"] == "kept"


async def test_nothing_is_written_when_nothing_changes(hall: Hall) -> None:
    for _ in range(5):
        await hall.add()
    done = await recompute(hall.catalogue, hall.policy, hall.now, batch=2)
    assert (done.seen, done.changed) == (5, 0)
    assert await hall.entries(Kind.RECLASS) == []


async def test_a_class_that_the_plan_names_later_is_taken(hall: Hall) -> None:
    place = await hall.add(class_="", campaign="")
    done = await recompute(hall.catalogue, hall.policy, hall.now)
    assert (done.changed, (await hall.row(place))["class_"]) == (
        1,
        "year",
    )


@pytest.mark.parametrize(
    "said",
    [
        {"clock": "contract_end", "over": True, "moment": 10},
        {"clock": "dispute", "moment": 0},
        {"clock": "last_activity", "moment": 2**60},
    ],
)
async def test_what_cannot_be_is_refused(hall: Hall, said: dict[str, Any]) -> None:
    with pytest.raises(BadEvent):
        await say(hall, subject="x" * 20, **said)


async def test_a_hold_after_the_wish_only_puts_it_off(hall: Hall) -> None:
    place = await hall.add(days_ago=10, class_="consent")
    await erasure.ask(hall.catalogue, "e1", hall.policy, ["digest-a"], "letter", LI, hall.now)
    await holds.place(hall.catalogue, "h1", Choice(numbers=("digest-a",)), MATTER, CHEN, hall.now, 90)
    assert (await hall.row(place))["restricted"]
    await disposal.approve(hall.catalogue, "e1", WANG, hall.now)
    await carrying.carry_out(hall.tools, "archivist")
    assert await hall.can_be_read(place)
    assert await erasure.wake(hall.catalogue, hall.policy, hall.now, lambda: "e2") == [], "it is held"
    for who in (LI, WANG):
        await holds.release(hall.catalogue, "h1", who, "settled", hall.now)
    assert await erasure.wake(hall.catalogue, hall.policy, hall.now, lambda: "e2") == ["e2"]
    await carrying.carry_out(hall.tools, "archivist")
    assert not await hall.can_be_read(place)


async def test_a_rule_that_says_only_when_it_must_be_gone_stands_against_no_wish(hall: Hall) -> None:
    rules = (rule("practice", least=Term(days=90), duty=False), rule("gone", least=Term(), most=Term(years=1)))
    hall.policy = Policy(ArchiveRules(classes=(RetentionClass(id="free", rules=rules),), default="free"), {}, ZONE)
    await hall.add(days_ago=10, class_="free")
    asked = await erasure.ask(hall.catalogue, "e1", hall.policy, ["digest-a"], "letter", LI, hall.now)
    assert [each.decided.standing for each in asked.answers] == [disposal.GOING]


@pytest.mark.parametrize(
    ("scope", "subject"), [("recording", "13912345678"), ("call", "hall7/nosuch.1"), ("call", "nosuch.1"), ("campaign", "nosuch")]
)
async def test_a_clock_is_said_about_something_that_is_there(hall: Hall, scope: str, subject: str) -> None:
    await hall.add()
    with pytest.raises(BadEvent):
        await say(hall, clock="dispute", scope=scope, subject=subject)
    assert await hall.entries(Kind.RECLASS) == []


@pytest.mark.parametrize("scope", events.SCOPES)
async def test_what_a_clock_counts_for_is_found_along_an_index(hall: Hall, scope: events.Scope) -> None:
    """Whoever says a clock waits for it, among ten million recordings."""
    await hall.add(campaign="sales")
    wanted = select(recordings.c.place).where(*events.about(scope, ["hall7/17958.1", "hall7/17958.2"]))
    async with hall.catalogue.change() as change:
        text = wanted.compile(dialect=change.connection.dialect, compile_kwargs={"literal_binds": True})
        if not hall.catalogue.sqlite:  # which would read a table of one line
            await change.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if hall.catalogue.sqlite else "EXPLAIN"
        plan = str((await change.connection.exec_driver_sql(f"{explain} {text}")).all())
    assert "Seq Scan" not in plan
    assert "SCAN" not in plan
