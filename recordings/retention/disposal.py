"""Disposals on paper: what may go, a list frozen with its hash, two people who approve, one who refuses. Nothing is destroyed here.

Not the destroying (`carrying.py`). Who proposes may be one of the two, once. A list is made of one class and month, since their recordings
share a key of keys; what is proposed must be what was looked at: its hash is that of the dry run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import recordings
from recordings.proof.entries import Entry, Json
from recordings.refusals import Refusal
from recordings.retention import people
from recordings.retention.certificate import items_sha256
from recordings.retention.clocks import Reason, disposal_month
from recordings.retention.judging import Judged, Policy, judged
from recordings.retention.people import SamePerson
from recordings.retention.tables import approvals, disposal_items, disposals
from recordings.words import Kind, State

PROPOSED, APPROVED, REFUSED, CARRYING, DONE = "proposed", "approved", "refused", "carrying", "done"
LOSS: Final = "loss"
"""A kind that lies in these tables and is no disposal: `losing.py`."""
LISTED, KEPT, WAITING, GOING, GONE = "listed", "kept", "waiting", "going", "gone"
NEEDED: Final = 2
"""People who approve."""
ITEMS_MOST: Final = 50_000
"""In one list: days of a large centre. To reckon it once more takes three seconds, and a press waits for ten. What is more comes with the
next."""
LOOKED_MOST: Final = 2 * ITEMS_MOST
"""Of all that may go. Where that is more, lists that are full are offered, and the others when those have been proposed."""
FIRST: Final = 100
"""Of a list, with their reasons: for people who look at it."""
PAGE: Final = 500
PATIENCE_S: Final = 300.0


class DisposalRefused(Refusal):
    """One sentence."""


class Listed(NamedTuple):
    place: int
    id: str


class Group(NamedTuple):
    """What may go together. `first`: some of them, as they were judged. `more`: there are others, for the next list."""

    class_: str
    month: str
    items: tuple[Listed, ...]
    first: tuple[Judged, ...]
    more: bool

    @property
    def ids(self) -> list[str]:
        return sorted(each.id for each in self.items)

    @property
    def sha256(self) -> str:
        return items_sha256(self.ids)


async def groups(catalogue: Catalogue, policy: Policy, now: Micros, class_: str = "", month: str = "") -> list[Group]:
    """The dry run. `now` may be a day to come. Lines are found by their columns and judged by what holds now: both must let them go."""
    table = recordings.c
    wanted = [_may_be_listed(), ~table.conflict, table.keep_until > 0, table.keep_until <= now]
    if class_:
        wanted.append(table.class_ == class_)
    found: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    first: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    more: set[tuple[str, str]] = set()
    last, many = 0, 0
    while True:
        page = select(recordings).where(*wanted, table.place > last).order_by(table.place).limit(PAGE)
        async with catalogue.reading() as connection:  # a page at a time, so that no question is long
            rows = (await connection.execute(page)).mappings().all()
            looked = await judged(connection, rows, policy, now)
        for each in looked:
            key = (each.class_, disposal_month(each.keeping.keep_until, policy.timezone))
            if each.verdict(now) != "may_go" or (month and key[1] != month):
                continue
            many += 1
            if len(found[key]) == ITEMS_MOST:
                more.add(key)
                continue
            found[key].append(Listed(each.row["place"], each.row["id"]))
            if len(first[key]) < FIRST:
                first[key].append(each)
        full = {key for key, items in found.items() if len(items) == ITEMS_MOST}
        if len(rows) < PAGE or (many >= LOOKED_MOST and full):
            whole, more = (found, more) if len(rows) < PAGE else ({key: found[key] for key in full}, full)
            return [Group(*key, tuple(items), tuple(first[key]), key in more) for key, items in sorted(whole.items())]
        last = rows[-1]["place"]


def _may_be_listed() -> ColumnElement[bool]:
    """At rest, without a hold, in no other list that waits. What is lost is not moved to DUE, whence a refusal would call it kept."""
    item, waits = disposal_items.c, [PROPOSED, APPROVED, CARRYING]
    listed = select(item.recording).join(disposals, disposals.c.id == item.disposal)
    listed = listed.where(item.standing == LISTED, disposals.c.kind == "disposal", disposals.c.standing.in_(waits))
    lost = and_(recordings.c.state == State.LOST.value, recordings.c.place.not_in(listed))
    return and_(recordings.c.holds == 0, or_(recordings.c.state == State.KEPT.value, lost))


class Wish(NamedTuple):
    """`sha256`: of the list as the dry run showed it."""

    class_: str
    month: str
    sha256: str
    why: str


async def propose(catalogue: Catalogue, id_: str, policy: Policy, wish: Wish, who: str, now: Micros) -> Group:
    """Looked for again, then written down; what comes after it is found when it is carried out. Raises DisposalRefused, NotAPerson."""
    people.person(who)
    found = await groups(catalogue, policy, now, wish.class_, wish.month)
    group = next((each for each in found if (each.class_, each.month) == (wish.class_, wish.month)), None)
    if group is None:
        raise DisposalRefused("disposal.nothing_may_go")
    if group.sha256 != wish.sha256:
        raise DisposalRefused("disposal.other_list")
    async with catalogue.change(PATIENCE_S) as change:
        if await _listable(change, [each.place for each in group.items]) != len(group.items):
            raise DisposalRefused("disposal.other_list")  # another list has some of them, or a hold came, between the look and this change
        values = {
            "kind": "disposal",
            "class_": group.class_,
            "month": group.month,
            "reason": wish.why,
            "items": len(group.items),
            "sha256": bytes.fromhex(group.sha256),
        }
        await written(change, id_, values, who, now)
        lines = [{"disposal": id_, "recording": each.place, "id": each.id, "standing": LISTED} for each in group.items]
        await change.connection.execute(insert(disposal_items), lines)
        await _moved(change, [each.place for each in group.items], State.KEPT, State.DUE)
    return group


async def written(change: Change, id_: str, values: dict[str, Any], who: str, now: Micros) -> None:
    """The line of a disposal or an erasure, and its entry."""
    await change.connection.execute(insert(disposals).values(id=id_, standing=PROPOSED, by=who, at=now, **values))
    public: dict[str, Json] = {"kind": values["kind"], "items": values["items"], "sha256": values["sha256"].hex()}
    public |= {"class": values.get("class_", ""), "month": values.get("month", "")}
    private: dict[str, Json] = {"who": who, "why": values["reason"], "numbers": values.get("numbers", "")}
    await change.append(Entry(kind=Kind.PROPOSAL, at=now, subject=id_, public=public, private=private))


async def approve(catalogue: Catalogue, id_: str, who: str, now: Micros) -> str:
    """What it stands at then. An erasure was asked for by one person and is approved by another. Raises DisposalRefused, SamePerson,
    NotAPerson."""
    person = people.person(who)
    async with catalogue.change() as change:
        row = await _undecided(change, id_)
        if row["kind"] != "disposal" and person == people.person(row["by"]):
            raise SamePerson("people.same_person.written")
        before = await approvers(change.connection, id_)
        if person in before:
            raise SamePerson("people.same_person.approved")
        await change.connection.execute(insert(approvals).values(disposal=id_, person=person, who=who, good=True, at=now))
        enough = len(before) + 1 >= (NEEDED if row["kind"] == "disposal" else 1)
        if enough:
            values = {"standing": APPROVED, "decided_at": now, "trouble": ""}
            await change.connection.execute(update(disposals).where(disposals.c.id == id_).values(**values))
        public: dict[str, Json] = {"good": True, "number": len(before) + 1, "sha256": row["sha256"].hex()}
        await change.append(Entry(kind=Kind.APPROVAL, at=now, subject=id_, public=public, private={"who": who}))
    return APPROVED if enough else PROPOSED


async def refuse(catalogue: Catalogue, id_: str, who: str, why: str, now: Micros) -> None:
    """One person is enough, as long as nothing of it was destroyed. Raises DisposalRefused, NotAPerson."""
    person = people.person(who)
    async with catalogue.change(PATIENCE_S) as change:
        row = await one(change.connection, id_)
        begun = row is not None and row["standing"] == CARRYING and (await counts(change.connection, id_)).keys() & {GOING, GONE}
        if row is None or begun or row["standing"] not in (PROPOSED, APPROVED, CARRYING):
            raise DisposalRefused("disposal.not_waiting")
        earlier = approvals.c.disposal == id_
        await change.connection.execute(approvals.delete().where(earlier, approvals.c.person == person))
        await change.connection.execute(insert(approvals).values(disposal=id_, person=person, who=who, good=False, at=now, why=why))
        await change.connection.execute(update(disposals).where(disposals.c.id == id_).values(standing=REFUSED, decided_at=now))
        listed = select(disposal_items.c.recording).where(disposal_items.c.disposal == id_, disposal_items.c.standing == LISTED)
        if row["kind"] == "disposal":  # what a wish speaks of may be due in the list of a disposal, which stands
            await _moved(change, list((await change.connection.execute(listed)).scalars()), State.DUE, State.KEPT)
        items = update(disposal_items).where(disposal_items.c.disposal == id_, disposal_items.c.standing.in_([LISTED, WAITING]))
        mine = select(disposal_items.c.recording).where(disposal_items.c.disposal == id_)
        free = update(recordings).where(recordings.c.place.in_(mine), recordings.c.place.not_in(_wished(id_)))
        await change.connection.execute(free.where(recordings.c.restricted).values(restricted=False))
        await change.connection.execute(items.values(standing=KEPT, why=why_text([Reason("go.refused", {})])))
        public: dict[str, Json] = {"good": False, "sha256": row["sha256"].hex()}
        await change.append(Entry(kind=Kind.APPROVAL, at=now, subject=id_, public=public, private={"who": who, "why": why}))


def _wished(id_: str) -> Select[tuple[Any]]:
    """What other runs wait for; also a wish that waits for its archivist alone, since its duty has ended."""
    item = disposal_items.c
    listed = and_(item.standing == LISTED, disposals.c.kind == "erasure")
    return (
        select(item.recording)
        .join(disposals, disposals.c.id == item.disposal)
        .where(item.disposal != id_, or_(item.standing == WAITING, listed))
    )


async def _undecided(change: Change, id_: str) -> RowMapping:
    row = await one(change.connection, id_)
    if row is None:
        raise DisposalRefused("disposal.unknown")
    if row["standing"] != PROPOSED:
        raise DisposalRefused("disposal.standing", standing=row["standing"])
    return row


async def _listable(change: Change, places: Sequence[int]) -> int:
    found = 0
    for at in range(0, len(places), PAGE):
        some = select(func.count()).select_from(recordings).where(recordings.c.place.in_(places[at : at + PAGE]), _may_be_listed())
        found += int((await change.connection.execute(some)).scalar_one())
    return found


async def _moved(change: Change, places: Sequence[int], before: State, after: State) -> None:
    for at in range(0, len(places), PAGE):
        some = recordings.c.place.in_(places[at : at + PAGE])
        free = [] if after is State.KEPT else [recordings.c.holds == 0]
        line = update(recordings).where(some, recordings.c.state == before.value, *free)
        await change.connection.execute(line.values(state=after.value))


# ---------------------------------------------------------------- read


def why_text(why: Sequence[Reason]) -> str:
    return msgspec.json.encode(why).decode()


def why_of(text: str) -> list[Reason]:
    return msgspec.json.decode(text, type=list[Reason]) if text else []


async def one(connection: AsyncConnection, id_: str) -> RowMapping | None:
    return (await connection.execute(select(disposals).where(disposals.c.id == id_, disposals.c.kind != LOSS))).mappings().one_or_none()


async def every(connection: AsyncConnection, kind: str = "", limit: int = 100) -> list[RowMapping]:
    """Without their certificates."""
    columns = [column for column in disposals.c if column is not disposals.c.certificate]
    wanted = select(*columns).where(disposals.c.kind != LOSS).order_by(*in_turn()).limit(limit)
    return [*(await connection.execute(wanted.where(disposals.c.kind == kind) if kind else wanted)).mappings()]


def in_turn() -> tuple[ColumnElement[Any], ...]:
    """What waits for people or is carried out, then what is over, the newest of each first: a list that ends somewhere must not end before
    what somebody has to decide."""
    over = case((disposals.c.standing.in_([DONE, REFUSED]), 1), else_=0)
    return over, disposals.c.at.desc(), disposals.c.id


async def approvers(connection: AsyncConnection, id_: str) -> dict[str, str]:
    """Who approved, by person: the name as the trail has it, in the order of approving."""
    wanted = select(approvals.c.person, approvals.c.who).where(approvals.c.disposal == id_, approvals.c.good).order_by(approvals.c.at)
    return {row.person: row.who for row in await connection.execute(wanted)}


async def items_of(connection: AsyncConnection, id_: str, limit: int, after: str = "") -> list[RowMapping]:
    wanted = select(disposal_items).where(disposal_items.c.disposal == id_, disposal_items.c.id > after)
    return [*(await connection.execute(wanted.order_by(disposal_items.c.id).limit(limit))).mappings()]


async def counts(connection: AsyncConnection, id_: str) -> dict[str, int]:
    """Of its items, by what became of them."""
    wanted = select(disposal_items.c.standing, func.count().label("number")).where(disposal_items.c.disposal == id_)
    return {row.standing: row.number for row in await connection.execute(wanted.group_by(disposal_items.c.standing))}
