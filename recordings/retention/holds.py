"""Legal holds (保全): a choice frozen to a list with its hash, without limit in number; two people release one. A hold beats a disposal.

Not the disposal, which looks for holds in the change in which it destroys (`letting.py`): whichever of the two changes is first has won,
for only one is made at a time. What is listed in a disposal that has not destroyed it leaves that list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from sqlalchemy import RowMapping, Select, case, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import recordings
from recordings.proof.entries import Entry, Json
from recordings.refusals import Refusal
from recordings.retention import people
from recordings.retention.choosing import NOT_GONE, Ask, Choice, conditions, list_hash, within
from recordings.retention.clocks import Reason
from recordings.retention.people import SamePerson
from recordings.retention.successor import successor
from recordings.retention.tables import disposal_items, disposals, hold_items, holds
from recordings.words import Kind, State

PLACED, RELEASING, RELEASED = "placed", "releasing", "released"
DAY: Final = 86_400 * SECOND
PATIENCE_S: Final = 300.0
"""A hold on ten million recordings takes minutes, and must not be given up for it."""


class HoldRefused(Refusal):
    """One sentence."""


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """`name`: the case; `custodian`: who answers for it."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    custodian: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Would(NamedTuple):
    """What a hold would be placed on."""

    items: int
    sha256: bytes


class Hold(NamedTuple):
    id: str
    items: int
    sha256: bytes
    withdrawn: int
    """So many of them were listed in a disposal, and are not any more."""


async def would(ask: Ask, choice: Choice) -> Would:
    """`ask`: choosing.beside or within. Raises HoldRefused."""
    if not choice:
        raise HoldRefused("hold.everything")
    if choice.ids:
        await _all_there(ask, choice.ids)
    found = await list_hash(ask, [NOT_GONE, *conditions(choice)])
    return Would(found.count, found.digest())


async def _all_there(ask: Ask, ids: Sequence[str]) -> None:
    """Each of them, or what took its place: a slip in one of many, or one that is gone, would be left out, and whoever ordered the hold
    believes that it is held. Raises HoldRefused."""
    found = set(await ask(select(recordings.c.id).where(NOT_GONE, recordings.c.id.in_(ids))))
    for id_ in sorted(set(ids) - found):
        into = await successor(ask, id_)
        if not into:
            raise HoldRefused("hold.no_recording", recording=id_)
        if into not in found:
            raise HoldRefused("hold.redacted", recording=id_, successor=into)


async def place(catalogue: Catalogue, id_: str, choice: Choice, matter: Matter, who: str, now: Micros, review_days: int) -> Hold:
    """Raises HoldRefused, NotAPerson."""
    people.person(who)
    async with catalogue.change(PATIENCE_S) as change:
        listed = await would(within(change.connection), choice)
        if not listed.items:
            raise HoldRefused("hold.nothing")
        review_at = now + review_days * DAY
        frozen = msgspec.json.encode(choice).decode()
        values = {
            "id": id_,
            "standing": PLACED,
            "matter": matter.name,
            "custodian": matter.custodian,
            "choice": frozen,
            "items": listed.items,
            "sha256": listed.sha256,
            "placed_at": now,
            "placed_by": who,
            "review_at": review_at,
        }
        await change.connection.execute(insert(holds).values(**values))
        chosen = select(literal(id_), recordings.c.place).where(NOT_GONE, *conditions(choice))
        await change.connection.execute(insert(hold_items).from_select(["hold", "recording"], chosen))
        await change.connection.execute(update(recordings).where(recordings.c.place.in_(_of(id_))).values(holds=recordings.c.holds + 1))
        withdrawn = await _withdrawn(change, id_)
        public: dict[str, Json] = {"items": listed.items, "sha256": listed.sha256.hex(), "review_at": review_at, "withdrawn": withdrawn}
        private: dict[str, Json] = {"matter": matter.name, "custodian": matter.custodian, "choice": frozen, "who": who}
        await change.append(Entry(kind=Kind.HOLD, at=now, subject=id_, public=public, private=private))
    return Hold(id_, listed.items, listed.sha256, withdrawn)


async def release(catalogue: Catalogue, id_: str, who: str, why: str, now: Micros) -> str:
    """The first of two asks, the second does it. What it stands at then. Raises HoldRefused, SamePerson, NotAPerson."""
    person = people.person(who)
    async with catalogue.change(PATIENCE_S) as change:
        row = await one(change.connection, id_)
        if row is None:
            raise HoldRefused("hold.unknown")
        if row["standing"] == RELEASED:
            raise HoldRefused("hold.released")
        first = row["standing"] == PLACED
        values: dict[str, str | int]
        if first:
            values = {"standing": RELEASING, "release_by": who, "release_why": why}
        else:
            if person == people.person(row["release_by"]):
                raise SamePerson("people.same_person.release")
            values = {"standing": RELEASED, "released_by": who, "released_at": now}
            lines = update(recordings).where(recordings.c.place.in_(_of(id_)), recordings.c.holds > 0)
            await change.connection.execute(lines.values(holds=recordings.c.holds - 1))
        await change.connection.execute(update(holds).where(holds.c.id == id_).values(**values))
        public: dict[str, Json] = {"step": "asked" if first else "released", "items": row["items"], "sha256": row["sha256"].hex()}
        await change.append(Entry(kind=Kind.RELEASE, at=now, subject=id_, public=public, private={"who": who, "why": why}))
    return str(values["standing"])


async def keep(catalogue: Catalogue, id_: str, who: str, why: str, now: Micros, review_days: int) -> None:
    """Looked at and kept: whoever asked for its release is refused, and it is looked at again. Raises HoldRefused, NotAPerson."""
    people.person(who)
    async with catalogue.change() as change:
        row = await one(change.connection, id_)
        if row is None or row["standing"] == RELEASED:
            raise HoldRefused("hold.gone")
        values = {"standing": PLACED, "release_by": "", "release_why": "", "review_at": now + review_days * DAY}
        await change.connection.execute(update(holds).where(holds.c.id == id_).values(**values))
        public: dict[str, Json] = {"step": "reviewed", "items": row["items"], "sha256": row["sha256"].hex()}
        await change.append(Entry(kind=Kind.HOLD, at=now, subject=id_, public=public, private={"who": who, "why": why}))


def _of(id_: str) -> Select[tuple[Any]]:
    return select(hold_items.c.recording).where(hold_items.c.hold == id_)


async def _withdrawn(change: Change, id_: str) -> int:
    """Out of the lists of disposals that have not destroyed them yet, and back to rest. A person's wish to be erased stays: it waits for
    the release, and until then nobody hears what it is about."""
    why = msgspec.json.encode([Reason("go.held", {"hold": id_})]).decode()
    wishes = select(disposals.c.id).where(disposals.c.kind == "erasure")
    items = update(disposal_items).where(disposal_items.c.recording.in_(_of(id_)), disposal_items.c.standing == "listed")
    wished = select(disposal_items.c.recording).where(disposal_items.c.disposal.in_(wishes), disposal_items.c.standing == "listed")
    restricted = update(recordings).where(recordings.c.place.in_(_of(id_)), recordings.c.place.in_(wished))
    await change.connection.execute(restricted.values(restricted=True))
    await change.connection.execute(items.where(disposal_items.c.disposal.in_(wishes)).values(standing="waiting", why=why))
    await change.connection.execute(items.values(standing="kept", why=why))
    lines = update(recordings).where(recordings.c.place.in_(_of(id_)), recordings.c.state == State.DUE.value)
    return (await change.connection.execute(lines.values(state=State.KEPT.value))).rowcount


# ---------------------------------------------------------------- read


async def one(connection: AsyncConnection, id_: str) -> RowMapping | None:
    return (await connection.execute(select(holds).where(holds.c.id == id_))).mappings().one_or_none()


async def every(connection: AsyncConnection, released: bool, limit: int) -> list[RowMapping]:
    """Those whose release waits for a second person, then those that hold, then those that were released, if they are meant, too; of each
    the oldest review first."""
    wanted = select(holds) if released else select(holds).where(holds.c.standing != RELEASED)
    turn = case((holds.c.standing == RELEASING, 0), (holds.c.standing == PLACED, 1), else_=2)
    return [*(await connection.execute(wanted.order_by(turn, holds.c.review_at, holds.c.id).limit(limit))).mappings()]


async def of(connection: AsyncConnection, place: int) -> list[RowMapping]:
    """Those on one recording, still in force."""
    wanted = select(holds).join(hold_items, hold_items.c.hold == holds.c.id)
    wanted = wanted.where(hold_items.c.recording == place, holds.c.standing != RELEASED).order_by(holds.c.placed_at)
    return [*(await connection.execute(wanted)).mappings()]


async def looked_at(connection: AsyncConnection) -> tuple[int, bytes]:
    """How many holds are in force, and the hash of their list: what a certificate says was looked at."""
    rows = await connection.execute(select(holds.c.id, holds.c.sha256).where(holds.c.standing != RELEASED).order_by(holds.c.id))
    lines = [f"{row.id} {row.sha256.hex()}\n" for row in rows]
    return len(lines), hashlib.sha256("".join(lines).encode()).digest()


async def overdue(connection: AsyncConnection, now: Micros) -> int:
    """Holds that nobody has looked at when they should have been."""
    wanted = select(func.count()).where(holds.c.standing != RELEASED, holds.c.review_at <= now)
    return int((await connection.execute(wanted)).scalar_one())
