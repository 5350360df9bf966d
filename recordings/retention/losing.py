"""Given up: two people say of recordings in quarantine that no good copy is left. One proposes a list with a reason, another confirms.

Not the quarantine itself, nor the way out of it by a good copy (`vault/fixity.py`), and nothing is destroyed here: what is left of the
copies stays in the vaults, and the key stays, for a court may want what can still be heard; they go by a disposal when their term is over,
at once for a wish or for card data in them. So a hold does not stand against it, but it is named, as are discs that bear such a
recording: whoever confirms has read them again. It lies in the tables of disposals as a kind of its own, which nobody carries out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import UNUSUAL, copies, recordings
from recordings.discs import store as discs
from recordings.proof.entries import Entry, Json
from recordings.refusals import Refusal
from recordings.retention import people
from recordings.retention.certificate import items_sha256
from recordings.retention.clocks import Reason
from recordings.retention.disposal import DONE, KEPT, LOSS, PROPOSED, REFUSED, in_turn, why_text, written
from recordings.retention.tables import approvals, disposal_items, disposals, hold_items, holds
from recordings.states import step
from recordings.words import Kind, State

LIST_MOST: Final = 1_000
"""Recordings in one proposal: its change takes a second, in which nobody else changes anything. What is more comes with the next."""
TOGETHER: Final = 500
"""Values of one IN (...)."""
NAMED_MOST: Final = 20
"""Holds and discs that an entry of the log names; it says how many there are."""
PATIENCE_S: Final = 60.0
LISTED, LOST = "losing", "lost"
"""Of an item; a hold that is placed meanwhile takes nothing off such a list."""


class LossRefused(Refusal):
    """One sentence."""


class HoldOn(NamedTuple):
    """A hold that is in force, and on how many of a list."""

    id: str
    matter: str
    custodian: str
    items: int


class Listed(NamedTuple):
    """What would be given up, or is: by their ids. `discs`: those that bear some of them, each with how many; one that counts as good is
    read again first."""

    ids: tuple[str, ...]
    holds: tuple[HoldOn, ...]
    discs: tuple[tuple[str, int], ...]

    @property
    def sha256(self) -> str:
        return items_sha256(self.ids)


class Confirmed(NamedTuple):
    """`kept`: a good copy of them was found in between."""

    lost: int
    kept: int
    listed: Listed


async def would(connection: AsyncConnection, ids: Sequence[str]) -> Listed:
    """Those of these ids; without any, the oldest that are in quarantine, in no proposal and on no disc. Raises LossRefused."""
    rows = await (_named(connection, ids) if ids else _all(connection))
    if not rows:
        raise LossRefused("loss.nothing")
    return await _listed(connection, {row["id"]: row["place"] for row in rows})


async def propose(catalogue: Catalogue, id_: str, ids: Sequence[str], why: str, who: str, now: Micros) -> Listed:
    """Raises LossRefused, NotAPerson."""
    people.person(who)
    if not why.strip():
        raise LossRefused("loss.reason_missing")
    async with catalogue.change(PATIENCE_S) as change:
        listed = await would(change.connection, ids)
        values = {"kind": LOSS, "reason": why, "items": len(listed.ids), "sha256": bytes.fromhex(listed.sha256)}
        await written(change, id_, values, who, now)
        places = await _places(change.connection, listed.ids)
        rows = [{"disposal": id_, "recording": places[each], "id": each, "standing": LISTED} for each in listed.ids]
        await change.connection.execute(insert(disposal_items), rows)
    return listed


async def confirm(catalogue: Catalogue, id_: str, sha256: str, who: str, now: Micros) -> Confirmed:
    """By another person. `sha256`: of the list that was looked at. Raises LossRefused, SamePerson, NotAPerson."""
    async with catalogue.change(PATIENCE_S) as change:
        run = await _waiting(change.connection, id_)
        person = people.second(who, run["by"])
        if run["sha256"].hex() != sha256:
            raise LossRefused("loss.not_the_list")
        places = await _still_there(change.connection, id_)
        listed = await _listed(change.connection, places)
        await _given_up(change, id_, places)
        kept = await _kept(change.connection, id_, "go.good_again")
        await _decided(change.connection, id_, DONE, now, gone=len(places), done_at=now)
        await change.connection.execute(insert(approvals).values(disposal=id_, person=person, who=who, good=True, at=now))
        named = [each.id for each in listed.holds[:NAMED_MOST]]
        public: dict[str, Json] = {"kind": LOSS, "good": True, "sha256": sha256, "lost": len(places), "kept": kept}
        public |= {"holds": len(listed.holds), "holds_named": [*named], "discs": [disc for disc, _ in listed.discs[:NAMED_MOST]]}
        await change.append(Entry(kind=Kind.APPROVAL, at=now, subject=id_, public=public, private={"who": who}))
        held = await _held(change.connection, places)
        for each in listed.ids:
            said: dict[str, Json] = {"lost": "two people say that no good copy is left", "run": id_, "holds": held.get(each, 0)}
            private: dict[str, Json] = {"proposed": run["by"], "confirmed": who, "why": run["reason"]}
            await change.append(Entry(kind=Kind.GAP, at=now, subject=each, public=said, private=private))
    return Confirmed(len(places), kept, listed)


async def refuse(catalogue: Catalogue, id_: str, who: str, why: str, now: Micros) -> None:
    """One person is enough, also the one who proposed. Its recordings stay in quarantine. Raises LossRefused, NotAPerson."""
    person = people.person(who)
    async with catalogue.change(PATIENCE_S) as change:
        run = await _waiting(change.connection, id_)
        await _kept(change.connection, id_, "go.not_given_up")
        await _decided(change.connection, id_, REFUSED, now)
        await change.connection.execute(insert(approvals).values(disposal=id_, person=person, who=who, good=False, at=now, why=why))
        public: dict[str, Json] = {"kind": LOSS, "good": False, "sha256": run["sha256"].hex()}
        await change.append(Entry(kind=Kind.APPROVAL, at=now, subject=id_, public=public, private={"who": who, "why": why}))


# ---------------------------------------------------------------- one change


async def _given_up(change: Change, id_: str, places: dict[str, int]) -> None:
    step(State.QUARANTINED, State.LOST)
    all_ = list(places.values())
    for at in range(0, len(all_), TOGETHER):
        some = all_[at : at + TOGETHER]
        await change.connection.execute(update(recordings).where(recordings.c.place.in_(some)).values(state=State.LOST.value))
        await change.connection.execute(delete(copies).where(copies.c.recording.in_(some)))  # no copy is looked for any more
        items = update(disposal_items).where(disposal_items.c.disposal == id_, disposal_items.c.recording.in_(some))
        await change.connection.execute(items.values(standing=LOST))


async def _kept(connection: AsyncConnection, id_: str, why: str) -> int:
    items = update(disposal_items).where(disposal_items.c.disposal == id_, disposal_items.c.standing == LISTED)
    return (await connection.execute(items.values(standing=KEPT, why=why_text([Reason(why)])))).rowcount


async def _decided(connection: AsyncConnection, id_: str, standing: str, now: Micros, **more: int) -> None:
    line = update(disposals).where(disposals.c.id == id_)
    await connection.execute(line.values(standing=standing, decided_at=now, **more))


async def _waiting(connection: AsyncConnection, id_: str) -> RowMapping:
    run = await one(connection, id_)
    if run is None:
        raise LossRefused("loss.unknown")
    if run["standing"] != PROPOSED:
        raise LossRefused("loss.standing", standing=run["standing"])
    return run


# ---------------------------------------------------------------- read

_QUARANTINED: Final[tuple[ColumnElement[bool], ...]] = (recordings.c.state == State.QUARANTINED.value, UNUSUAL)
_OPEN: Final = (
    select(disposal_items.c.recording, disposal_items.c.disposal)
    .join(disposals, disposals.c.id == disposal_items.c.disposal)
    .where(disposals.c.kind == LOSS, disposals.c.standing == PROPOSED, disposal_items.c.standing == LISTED)
    .subquery()
)


async def quarantined(connection: AsyncConnection, limit: int) -> list[RowMapping]:
    """The oldest first; `proposal`: in which one it is listed, or null."""
    wanted = select(recordings, _OPEN.c.disposal.label("proposal")).join(_OPEN, _OPEN.c.recording == recordings.c.place, isouter=True)
    wanted = wanted.where(*_QUARANTINED).order_by(recordings.c.began, recordings.c.place).limit(limit)
    return [*(await connection.execute(wanted)).mappings()]


async def number(connection: AsyncConnection, most: int) -> int:
    some = select(recordings.c.place).where(*_QUARANTINED).limit(most).subquery()
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())


async def one(connection: AsyncConnection, id_: str) -> RowMapping | None:
    wanted = select(disposals).where(disposals.c.id == id_, disposals.c.kind == LOSS)
    return (await connection.execute(wanted)).mappings().one_or_none()


async def every(connection: AsyncConnection, limit: int) -> list[RowMapping]:
    """In the order of `disposal.in_turn`."""
    wanted = select(disposals).where(disposals.c.kind == LOSS).order_by(*in_turn()).limit(limit)
    return [*(await connection.execute(wanted)).mappings()]


async def listed(connection: AsyncConnection, id_: str) -> Listed:
    """Of a proposal: what is in quarantine still, with its holds and discs of now."""
    return await _listed(connection, await _still_there(connection, id_))


async def _named(connection: AsyncConnection, ids: Sequence[str]) -> list[RowMapping]:
    """Raises LossRefused unless each of them may be proposed."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > LIST_MOST:
        raise LossRefused("loss.too_many", most=LIST_MOST)
    found: dict[str, RowMapping] = {}
    for at in range(0, len(wanted), TOGETHER):
        asked = select(recordings.c.id, recordings.c.place, recordings.c.state, _OPEN.c.disposal.label("proposal"))
        asked = asked.join(_OPEN, _OPEN.c.recording == recordings.c.place, isouter=True)
        rows = await connection.execute(asked.where(recordings.c.id.in_(wanted[at : at + TOGETHER])))
        found |= {row["id"]: row for row in rows.mappings()}
    for id_ in wanted:
        row = found.get(id_)
        if row is None:
            raise LossRefused("loss.no_recording", recording=id_)
        if row["state"] != State.QUARANTINED.value:
            raise LossRefused("loss.not_quarantined", recording=id_, state=row["state"])
        if row["proposal"] is not None:
            raise LossRefused("loss.listed", recording=id_, proposal=row["proposal"])
    return [found[id_] for id_ in wanted]


async def _all(connection: AsyncConnection) -> list[RowMapping]:
    wanted = select(recordings.c.id, recordings.c.place).where(*_QUARANTINED, recordings.c.place.not_in(select(_OPEN.c.recording)))
    wanted = wanted.where(~discs.is_borne()).order_by(recordings.c.began, recordings.c.place)
    return [*(await connection.execute(wanted.limit(LIST_MOST))).mappings()]


async def _places(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(ids), TOGETHER):
        rows = await connection.execute(select(recordings.c.id, recordings.c.place).where(recordings.c.id.in_(ids[at : at + TOGETHER])))
        found |= {row.id: row.place for row in rows}
    return found


async def _still_there(connection: AsyncConnection, id_: str) -> dict[str, int]:
    """The list's recordings that are in quarantine still: place by id."""
    wanted = select(recordings.c.id, recordings.c.place).join(disposal_items, disposal_items.c.recording == recordings.c.place)
    wanted = wanted.where(disposal_items.c.disposal == id_, disposal_items.c.standing == LISTED, *_QUARANTINED).order_by(recordings.c.id)
    return {row.id: row.place for row in await connection.execute(wanted)}


async def _listed(connection: AsyncConnection, places: dict[str, int]) -> Listed:
    all_ = list(places.values())
    borne = await discs.bears(connection, all_)
    return Listed(tuple(sorted(places)), await _holds_on(connection, all_), tuple((disc, len(of)) for disc, of in borne.items()))


async def _holds_on(connection: AsyncConnection, places: Sequence[int]) -> tuple[HoldOn, ...]:
    found: dict[str, HoldOn] = {}
    for at in range(0, len(places), TOGETHER):
        asked = select(holds.c.id, holds.c.matter, holds.c.custodian, func.count().label("items"))
        asked = asked.join(hold_items, hold_items.c.hold == holds.c.id).where(holds.c.standing != "released")
        asked = asked.where(hold_items.c.recording.in_(places[at : at + TOGETHER])).group_by(holds.c.id, holds.c.matter, holds.c.custodian)
        for row in await connection.execute(asked):
            before = found[row.id].items if row.id in found else 0
            found[row.id] = HoldOn(row.id, row.matter, row.custodian, before + row.items)
    return tuple(found[id_] for id_ in sorted(found))


async def _held(connection: AsyncConnection, places: dict[str, int]) -> dict[str, int]:
    """How many holds are on each that has any."""
    all_, found = list(places.values()), dict[str, int]()
    for at in range(0, len(all_), TOGETHER):
        asked = select(recordings.c.id, recordings.c.holds).where(recordings.c.place.in_(all_[at : at + TOGETHER]), recordings.c.holds > 0)
        found |= {row.id: row.holds for row in await connection.execute(asked)}
    return found
