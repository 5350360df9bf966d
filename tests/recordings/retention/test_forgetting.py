"""A number that was erased is in no private part any more: of no search, clock or wish; and the log says what was forgotten."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from recordings.catalogue.schema import log
from recordings.proof import verifying
from recordings.proof.entries import Entry
from recordings.proof.published import Published
from recordings.retention import carrying, disposal, erasure, events, forgetting, holds
from recordings.retention.choosing import Choice
from recordings.retention.disposal import Wish
from recordings.retention.events import ClockSaid
from recordings.retention.holds import Matter
from recordings.retention.tables import clock_events, disposals
from recordings.words import Kind
from tests.recordings.retention.hall import DAY, LI, WANG, Hall

NUMBER, OTHER = "digest-a", "digest-b"


async def search(hall: Hall, *numbers: str, why: str = "a complaint") -> int:
    """As `web/finding.py` writes it down."""
    private = {"who": LI, "role": "supervisor", "what": "search", "why": why, "agent": "", "numbers": [*numbers], "found": 1}
    async with hall.catalogue.change() as change:
        return await change.append(Entry(kind=Kind.ACCESS, at=hall.now, subject="search", public={"what": "search"}, private=private))


async def clock(hall: Hall, number: str) -> None:
    said = ClockSaid(clock="product_end", scope="number", subject=number, moment=hall.now - 9 * DAY, reference="P1", why="as she wrote")
    async with hall.catalogue.change() as change:
        await events.say(change, said, hall.policy.campaigns, LI, hall.now)


async def dispute(hall: Hall, reference: str, *, over: bool) -> None:
    said = ClockSaid(
        clock="dispute", scope="number", subject=NUMBER, moment=hall.now - DAY, reference=reference, over=over, why="as she wrote"
    )
    async with hall.catalogue.change() as change:
        await events.say(change, said, hall.policy.campaigns, LI, hall.now)


async def erase(hall: Hall, id_: str = "e1") -> None:
    await erasure.ask(hall.catalogue, id_, hall.policy, ["digest-x", NUMBER], "letter of 2026-11-20", LI, hall.now)
    await disposal.approve(hall.catalogue, id_, WANG, hall.now)
    (done,) = await carrying.carry_out(hall.tools, "archivist", id_)
    assert done.trouble == ""


async def naming(hall: Hall, number: str) -> list[tuple[str, str]]:
    """Entries whose private part has it, but for those of seals, which go with their recordings."""
    async with hall.catalogue.reading() as connection:
        rows = (await connection.execute(select(log.c.kind, log.c.subject, log.c.private).order_by(log.c.index))).all()
    return [(row.kind, row.subject) for row in rows if row.kind != Kind.SEAL and row.private is not None and number in row.private]


async def findings(hall: Hall) -> list[str]:
    published = Published(hall.signer.path.parent / "checkpoints")
    return (await verifying.look(hall.catalogue, published, [], lambda at, of: None)).findings


async def test_nothing_names_a_number_that_was_erased(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "TOGETHER", 2)
    await hall.add(days_ago=10, class_="consent")
    await hall.add(days_ago=10, class_="consent", number=OTHER)
    mine = [await search(hall, NUMBER) for _ in range(3)] + [await search(hall, OTHER, NUMBER)]
    other = await search(hall, OTHER)
    for number in (NUMBER, OTHER):
        await clock(hall, number)
    assert len(await naming(hall, NUMBER)) == 5
    await erase(hall)
    assert await naming(hall, NUMBER) == []
    assert await naming(hall, OTHER) == [("access", "search"), ("reclass", "clock.number")]
    assert await findings(hall) == []
    async with hall.catalogue.reading() as connection:
        rows = (await connection.execute(select(log.c.subject, log.c.leaf).where(log.c.kind == Kind.ERASURE.value))).all()
        clocks = (await connection.execute(select(clock_events).order_by(clock_events.c.id))).all()
        wish = (await connection.execute(select(disposals))).one()
    said = {row.subject: json.loads(row.leaf)["public"] for row in rows}
    assert said["search"] == {"run": "e1", "forgotten": mine}
    assert other not in mine
    assert len(said["clock.number"]["forgotten"]) == 1
    assert [(row.subject, row.reference, row.why) for row in clocks] == [(OTHER, "P1", "as she wrote")]
    assert (wish.numbers, wish.reason) == ("", "")


async def test_a_dispute_that_opened_meanwhile_outlives_the_wish_and_what_was_refused_goes_with_it(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.add(days_ago=10, class_="consent")
    for over in (False, True):
        await dispute(hall, "court 7", over=over)
    await erasure.ask(hall.catalogue, "e0", hall.policy, [NUMBER], "letter of Mrs Li", LI, hall.now)
    await disposal.refuse(hall.catalogue, "e0", WANG, "not hers", hall.now)
    destroyed = carrying._destroyed

    async def slow(*arguments: Any) -> None:
        await dispute(hall, "court 9", over=False)
        await destroyed(*arguments)

    monkeypatch.setattr(carrying, "_destroyed", slow)
    await erase(hall)
    await hall.add(days_ago=10, class_="consent")
    asked = await erasure.ask(hall.catalogue, "e2", hall.policy, [NUMBER], "again", LI, hall.now)
    assert [each.decided.standing for each in asked.answers] == ["waiting"], "it keeps a later call"
    async with hall.catalogue.reading() as connection:
        clocks = (await connection.execute(select(clock_events).order_by(clock_events.c.id))).all()
        wishes = (await connection.execute(select(disposals).order_by(disposals.c.id))).all()
    assert [(row.reference, bool(row.over), row.why) for row in clocks] == [("court 9", False, "")]
    assert [(row.id, row.numbers, row.reason) for row in wishes] == [("e0", "", ""), ("e1", "", ""), ("e2", NUMBER, "again")]
    assert await findings(hall) == []


async def test_what_is_said_of_a_number_stays_as_long_as_a_recording_of_it(hall: Hall) -> None:
    """A duty keeps one of two: its clock is still needed, and who looked for it is still answered for."""
    free, duty = await hall.add(days_ago=10, class_="consent"), await hall.add(days_ago=360)
    await search(hall, NUMBER)
    await clock(hall, NUMBER)
    await erase(hall)
    assert not await hall.can_be_read(free)
    assert ("access", "search") in await naming(hall, NUMBER)
    hall.now += 10 * DAY
    assert await erasure.wake(hall.catalogue, hall.policy, hall.now, lambda: "e2") == ["e2"]
    await carrying.carry_out(hall.tools, "archivist")
    assert not await hall.can_be_read(duty)
    assert await naming(hall, NUMBER) == []
    assert await findings(hall) == []


async def test_a_disposal_that_lets_the_last_one_go_ends_the_wish_too(hall: Hall) -> None:
    kept = await hall.add(days_ago=10, class_="consent")
    await hall.add(days_ago=10, class_="consent")
    await holds.place(hall.catalogue, "h1", Choice(ids=((await hall.row(kept))["id"],)), Matter(name="m", custodian="c"), LI, hall.now, 90)
    await search(hall, NUMBER)
    await erase(hall)
    assert await naming(hall, NUMBER)
    for who in (LI, WANG):
        await holds.release(hall.catalogue, "h1", who, "over", hall.now)
    hall.now += 4 * 366 * DAY
    (group,) = await disposal.groups(hall.catalogue, hall.policy, hall.now)
    wish = Wish(group.class_, group.month, group.sha256, "monthly")
    await disposal.propose(hall.catalogue, "d1", hall.policy, wish, LI, hall.now)
    for who in (LI, WANG):
        await disposal.approve(hall.catalogue, "d1", who, hall.now)
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert (done.id, done.gone, done.trouble) == ("d1", 1, "")
    assert await naming(hall, NUMBER) == []
    assert await findings(hall) == []


async def test_a_disposal_that_nobody_wished_forgets_no_search(hall: Hall) -> None:
    await hall.add(days_ago=400)
    await search(hall, NUMBER)
    (group,) = await disposal.groups(hall.catalogue, hall.policy, hall.now)
    await disposal.propose(hall.catalogue, "d1", hall.policy, Wish(group.class_, group.month, group.sha256, "monthly"), LI, hall.now)
    for who in (LI, WANG):
        await disposal.approve(hall.catalogue, "d1", who, hall.now)
    await carrying.carry_out(hall.tools, "archivist")
    assert ("access", "search") in await naming(hall, NUMBER)


async def test_a_digest_is_taken_by_its_letters(hall: Hall) -> None:
    """A wildcard of LIKE in one would forget what is of others."""
    place = await hall.add(days_ago=10, class_="consent", number="digest%")
    await search(hall, "digest-b")
    await search(hall, "digest%")
    asked: Any = await erasure.ask(hall.catalogue, "e1", hall.policy, ["digest%"], "", LI, hall.now)
    assert len(asked.answers) == 1
    await disposal.approve(hall.catalogue, "e1", WANG, hall.now)
    await carrying.carry_out(hall.tools, "archivist")
    assert not await hall.can_be_read(place)
    assert await naming(hall, "digest-b") == [("access", "search")]
    assert await naming(hall, "digest%") == []
