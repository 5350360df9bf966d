"""A person's wish to be erased (PIPL art. 47, GDPR art. 17): decided for each recording of a number, by hold, duty and consent.

A duty keeps: refused with its rule, restricted, and let go by itself when the duty ends. A hold keeps: the same until it is released. Mere
consent or practice: let go within the plan's days, with a certificate. One person writes the wish down, another approves; what is let go is
a run as of a disposal (`carrying.py`). Of whom the wish is, is known by the digest of a number alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import recordings
from recordings.proof.entries import Entry, Json
from recordings.refusals import Refusal
from recordings.retention import people
from recordings.retention.certificate import items_sha256
from recordings.retention.clocks import said
from recordings.retention.disposal import APPROVED, DONE, GOING, ITEMS_MOST, KEPT, LISTED, PAGE, WAITING, why_text, written
from recordings.retention.judging import Judged, Policy, judged
from recordings.retention.letting import Decided, of_erasure
from recordings.retention.restored import AGAIN, accepted_at
from recordings.retention.tables import approvals, disposal_items, disposals
from recordings.words import Kind, State

DAY: Final = 86_400 * SECOND
PATIENCE_S: Final = 300.0
MOVED: Final = "moved"
"""What waited and is let go by a later run."""
WOKEN_MOST: Final = 5_000
"""In one night; the next has its own."""


class ErasureRefused(Refusal):
    """One sentence."""


class Answer(NamedTuple):
    """To one recording."""

    judged: Judged
    decided: Decided


async def consider(connection: AsyncConnection, policy: Policy, numbers: Sequence[str], now: Micros) -> list[Answer]:
    """What would be answered for each recording of that number; `numbers`: digests of the ways to write it. Raises ErasureRefused."""
    if not numbers:
        raise ErasureRefused("erasure.no_number")
    found: list[Answer] = []
    last = 0
    while True:
        there = recordings.c.state != State.DISPOSED.value  # what was lost has its number and key still
        page = select(recordings).where(there, recordings.c.number.in_(numbers), recordings.c.place > last)
        rows = (await connection.execute(page.order_by(recordings.c.place).limit(PAGE))).mappings().all()
        found += [Answer(each, of_erasure(each, policy, now)) for each in await judged(connection, rows, policy, now)]
        if len(rows) < PAGE:
            return found
        if len(found) >= ITEMS_MOST:
            raise ErasureRefused("erasure.too_many")
        last = rows[-1]["place"]


class Asked(NamedTuple):
    id: str
    answers: tuple[Answer, ...]
    decide_by: Micros


async def ask(catalogue: Catalogue, id_: str, policy: Policy, numbers: Sequence[str], why: str, who: str, now: Micros) -> Asked:
    """Written down; what a duty or a hold keeps is restricted from now on. Raises ErasureRefused, NotAPerson."""
    people.person(who)
    decide_by = now + policy.rules.erasure_days * DAY
    async with catalogue.change(PATIENCE_S) as change:
        answers = await consider(change.connection, policy, numbers, now)
        if not answers:
            raise ErasureRefused("erasure.nothing")
        ids = [each.judged.row["id"] for each in answers]
        values = {"kind": "erasure", "numbers": ",".join(numbers), "reason": why, "items": len(ids), "decide_by": decide_by}
        await written(change, id_, {**values, "sha256": bytes.fromhex(items_sha256(ids))}, who, now)
        await change.connection.execute(insert(disposal_items), [_line(id_, each) for each in answers])
        kept = [each.judged.row["place"] for each in answers if each.decided.standing == WAITING]
        for at in range(0, len(kept), PAGE):
            some = update(recordings).where(recordings.c.place.in_(kept[at : at + PAGE]))
            await change.connection.execute(some.values(restricted=True))
        await _logged(change, answers, id_, now)
    return Asked(id_, tuple(answers), decide_by)


def _line(id_: str, each: Answer) -> dict[str, object]:
    decided = each.decided
    standing = LISTED if decided.standing == GOING else decided.standing
    row = each.judged.row
    why = {"why": why_text(decided.why), "until": decided.until}
    return {"disposal": id_, "recording": row["place"], "id": row["id"], "standing": standing, **why}


async def _logged(change: Change, answers: list[Answer], id_: str, now: Micros) -> None:
    """That it was refused for now, by which rule: of each recording that stays."""
    for each in answers:
        if each.decided.standing == WAITING:
            codes = ",".join(reason.code for reason in each.decided.why)
            public: dict[str, Json] = {"run": id_, "answer": "restricted", "until": each.decided.until, "why": codes}
            await change.append(Entry(kind=Kind.ERASURE, at=now, subject=each.judged.row["id"], public=public))


async def wake(catalogue: Catalogue, policy: Policy, now: Micros, new_id: Callable[[], str]) -> list[str]:
    """Runs for what waited and waits for nothing any more: duties that ended, holds that were released. Each night; approved already, but
    for what was approved before a restore was accepted."""
    async with catalogue.change(PATIENCE_S) as change:
        counts_since = await accepted_at(change.connection)
        await _gone_meanwhile(change.connection)
        free = await _free(change.connection, policy, now)
        made = []
        for source, each in sorted(free.items()):
            made.append(await _woken(change, source, each, new_id(), now, counts_since))
    return made


async def _gone_meanwhile(connection: AsyncConnection) -> None:
    """A disposal by its term, or a redaction of what was lost, has let it go: the wish waits for nothing any more."""
    wishes = select(disposals.c.id).where(disposals.c.kind == "erasure", disposals.c.standing == DONE)
    gone = select(recordings.c.place).where(recordings.c.place == disposal_items.c.recording, recordings.c.state == State.DISPOSED.value)
    items = update(disposal_items).where(disposal_items.c.standing == WAITING, disposal_items.c.disposal.in_(wishes), gone.exists())
    await connection.execute(items.values(standing=KEPT, why=why_text([said("erase.gone")]), until=0))


async def _free(connection: AsyncConnection, policy: Policy, now: Micros) -> dict[str, list[Answer]]:
    item, found, last = disposal_items.c, defaultdict[str, list[Answer]](list), (0, "")
    count = 0
    while count < WOKEN_MOST:
        wanted = select(item.disposal, recordings).join_from(disposal_items, recordings, recordings.c.place == item.recording)
        wanted = wanted.join(disposals, disposals.c.id == item.disposal).where(
            item.standing == WAITING, disposals.c.standing == DONE, recordings.c.place > last[0]
        )
        rows = (await connection.execute(wanted.order_by(recordings.c.place, item.disposal).limit(PAGE))).mappings().all()
        seen: set[int] = set()
        for row, each in zip(rows, await judged(connection, rows, policy, now), strict=True):
            decided = of_erasure(each, policy, now)
            if decided.standing == GOING and row["place"] not in seen:  # two wishes: one of them is enough
                found[row["disposal"]].append(Answer(each, decided))
                count += 1
            seen.add(row["place"])
        if len(rows) < PAGE:
            break
        last = (rows[-1]["place"], "")
    return found


async def _woken(change: Change, source: str, answers: list[Answer], id_: str, now: Micros, counts_since: Micros) -> str:
    connection = change.connection
    run = (await connection.execute(select(disposals).where(disposals.c.id == source))).mappings().one()
    ids = [each.judged.row["id"] for each in answers]
    values = {"kind": "erasure", "numbers": run["numbers"], "reason": f"goes on from {source}", "items": len(ids)}
    await written(change, id_, {**values, "sha256": bytes.fromhex(items_sha256(ids))}, run["by"], now)
    if run["decided_at"] > counts_since:
        await _approved_already(connection, source, id_, now)
    else:
        await connection.execute(update(disposals).where(disposals.c.id == id_).values(trouble=AGAIN))
    await connection.execute(insert(disposal_items), [_line(id_, each) for each in answers])
    for each in answers:
        item = (disposal_items.c.disposal == source) & (disposal_items.c.recording == each.judged.row["place"])
        await connection.execute(update(disposal_items).where(item).values(standing=MOVED))
    return id_


async def _approved_already(connection: AsyncConnection, source: str, id_: str, now: Micros) -> None:
    copied = select(approvals.c.person, approvals.c.who, approvals.c.good, approvals.c.at, approvals.c.why)
    rows = (await connection.execute(copied.where(approvals.c.disposal == source, approvals.c.good))).mappings().all()
    await connection.execute(insert(approvals), [{**row, "disposal": id_} for row in rows])
    await connection.execute(update(disposals).where(disposals.c.id == id_).values(standing=APPROVED, decided_at=now))
