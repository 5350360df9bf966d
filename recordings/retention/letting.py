"""One batch of recordings let go or kept, in one change: looked at a last time, then their keys are deleted and what is personal blanked.

Not what comes before (`disposal.py`, `erasure.py`) and after it (`carrying.py`). This change is the point of no return: a hold that was
placed before it wins, one that comes after it finds the recordings gone. A line keeps its id, hashes, class and terms; its number, what
people wrote about it, and the private parts of its entries in the log are forgotten, and the tree stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Row, RowMapping, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import accesses, calls, comments, copies, further_agents, keys, log, recordings, tags
from recordings.crypt import keeping as keyring
from recordings.proof.entries import Entry
from recordings.quality.forgetting import forget_said
from recordings.retention.clocks import Keeping, Reason, class_named, keeping, said
from recordings.retention.disposal import GOING, KEPT, WAITING, why_text
from recordings.retention.judging import AT_REST, Judged, Policy, duties_of, judged
from recordings.retention.redaction import with_originals
from recordings.retention.tables import clock_events, disposal_items
from recordings.states import step
from recordings.words import Kind, State

BLANK: Final = {"number": "", "number_cipher": None, "number_month": "", "spans": ""}
"""Of a line of `recordings`: what is of the customer. Who worked is not, and stays for who has to prove what was done."""


class Let(NamedTuple):
    going: int
    kept: int


class Decided(NamedTuple):
    """`standing`: going, kept or waiting; `until`: of who waits, when its duty ends (0: nobody knows)."""

    standing: str
    why: tuple[Reason, ...]
    until: Micros = 0


def of_disposal(each: Judged, now: Micros) -> Decided:
    """Everything must let it go, at this very moment."""
    verdict = each.verdict(now)
    if each.row["state"] not in (State.DUE.value, State.LOST.value):
        return Decided(KEPT, (said("go.not_due", state=each.row["state"]),))
    if verdict == "may_go":
        return Decided(GOING, each.keeping.why)
    return Decided(KEPT, (said(f"go.{verdict}", holds=each.row["holds"]), *each.keeping.why))


def of_erasure(each: Judged, policy: Policy, now: Micros) -> Decided:
    """No hold, and no duty that stands against it: rules of mere consent or practice do not count (`KeepRule.duty`)."""
    row = each.row
    if row["state"] == State.DISPOSED.value:
        return Decided(KEPT, (said("erase.gone"),))
    if row["holds"]:
        return Decided(WAITING, (said("erase.held", holds=row["holds"]),))
    duty = duty_of(each, policy, now)
    if duty is not None and not duty.may_go(now):
        return Decided(WAITING, duty.why, duty.keep_until)
    if State(row["state"]) not in AT_REST:
        return Decided(WAITING, (said("erase.busy", state=row["state"]),))
    return Decided(GOING, (said("erase.free"),))


def duty_of(each: Judged, policy: Policy, now: Micros) -> Keeping | None:
    """What its class's duties say; None: there are none. A class that nobody knows may have any, so it keeps; so does a dispute."""
    named = class_named(each.class_, policy.rules)
    if named is not None and not named.rules:
        return keeping(named, each.clocks, now)  # a class that says nothing keeps, here as everywhere
    class_ = duties_of(named)
    if class_ is not None and not class_.rules:
        return Keeping(why=(said("keep.dispute", rule="dispute"),)) if each.clocks.dispute else None
    return keeping(class_, each.clocks, now)


async def let_go(change: Change, run: RowMapping, places: Sequence[int], policy: Policy, now: Micros) -> Let:
    """Of the run's items that are still listed. Places at most as many as one statement takes."""
    connection = change.connection
    rows = (await connection.execute(select(recordings).where(recordings.c.place.in_(places)))).mappings().all()
    going: list[Judged] = []
    for each in await judged(connection, rows, policy, now):
        decided = of_disposal(each, now) if run["kind"] == "disposal" else of_erasure(each, policy, now)
        if decided.standing == GOING:
            going.append(each)
        else:
            await _kept(connection, run, each, decided)
    if going:
        await gone(change, run, going, now)
    return Let(len(going), len(rows) - len(going))


async def _kept(connection: AsyncConnection, run: RowMapping, each: Judged, decided: Decided) -> None:
    item = (disposal_items.c.disposal == run["id"]) & (disposal_items.c.recording == each.row["place"])
    values = {"standing": decided.standing, "why": why_text(decided.why), "until": decided.until}
    await connection.execute(update(disposal_items).where(item).values(**values))
    line = update(recordings).where(recordings.c.place == each.row["place"])
    if run["kind"] == "disposal":
        await connection.execute(line.where(recordings.c.state == State.DUE.value).values(state=State.KEPT.value))
    elif decided.standing == WAITING:
        await connection.execute(line.values(restricted=True))


async def gone(change: Change, run: RowMapping, going: Sequence[Judged], now: Micros) -> None:
    """Past the point of no return."""
    connection, places = change.connection, [each.row["place"] for each in going]
    wrapped = {
        row.recording: row.kek for row in await connection.execute(select(keys.c.recording, keys.c.kek).where(keys.c.recording.in_(places)))
    }
    await keyring.delete_keys(connection, places, now)
    originals = await _forgotten(change, run["id"], going, now)
    for each in going:
        row, kek = each.row, wrapped.get(each.row["place"], "")
        step(State(row["state"]), State.DISPOSED)
        item = (disposal_items.c.disposal == run["id"]) & (disposal_items.c.recording == row["place"])
        await connection.execute(update(disposal_items).where(item).values(standing=GOING, kek=kek, until=0))
        public = {"run": run["id"], "kind": run["kind"], "class": each.class_, "rule": each.keeping.kept_by, "kek": kek}
        if row["state"] == State.LOST.value:
            public["was"] = row["state"]  # what there was left of it
        await change.append(Entry(kind=Kind.DISPOSAL, at=now, subject=row["id"], public=public))
    for id_ in originals:  # else who looks at the log finds private parts gone and nobody who says why
        public = {"run": run["id"], "kind": run["kind"], "what": "forgotten with what took its place"}
        await change.append(Entry(kind=Kind.DISPOSAL, at=now, subject=id_, public=public))
    gone = {"state": State.DISPOSED.value, "disposed_at": now, **BLANK}
    await connection.execute(update(recordings).where(recordings.c.place.in_(places)).values(**gone))


async def _forgotten(change: Change, run: str, going: Sequence[Judged], now: Micros) -> list[str]:
    """What people wrote about them, and what the log's leaves have digests of; also of what they were made of, if card data was in that:
    the ids of those."""
    connection = change.connection
    places = await with_originals(connection, [each.row["place"] for each in going])
    ids = list((await connection.execute(select(recordings.c.id).where(recordings.c.place.in_(places)))).scalars())
    await connection.execute(delete(copies).where(copies.c.recording.in_(places)))  # no copy is looked for any more
    await connection.execute(delete(comments).where(comments.c.recording.in_(places)))
    await connection.execute(delete(tags).where(tags.c.recording.in_(places)))
    await forget_said(change, places, run, now)
    await connection.execute(delete(further_agents).where(further_agents.c.recording.in_(places)))
    await connection.execute(update(accesses).where(accesses.c.recording.in_(places)).values(why=""))
    await connection.execute(update(log).where(log.c.subject.in_(ids)).values(private=None, salt=None))
    said_of = clock_events.c.scope == "recording", clock_events.c.subject.in_(ids)
    await connection.execute(update(clock_events).where(*said_of).values(why="", reference=""))
    of = sorted({(each.row["node"], each.row["call"]) for each in going if each.row["call"]})
    cards = await connection.execute(select(calls.c.node, calls.c.call, calls.c.card).where(tuple_(calls.c.node, calls.c.call).in_(of)))
    await forget_in_cards(connection, cards.all() if of else [])
    return sorted(set(ids) - {each.row["id"] for each in going})


async def forget_in_cards(connection: AsyncConnection, rows: Sequence[Row[str, str, str]]) -> None:
    """The numbers in cards of the ledger: node, call, card."""
    for row in rows:
        card = json.loads(row.card)
        if card.pop("number", None) is not None:
            line = (calls.c.node == row.node) & (calls.c.call == row.call)
            await connection.execute(update(calls).where(line).values(card=json.dumps(card)))
