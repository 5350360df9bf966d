"""Disposals and erasures carried out: batch by batch past the point of no return, keys of keys destroyed, copies deleted, a certificate.

Not the decision (`disposal.py`, `erasure.py`) and not one batch (`letting.py`). Every step is a transaction or may be done again, so a
process killed anywhere, a key store or a vault that is away leave a run that the next call finishes: it stays `carrying`, with its trouble
beside it, and has no certificate before everything is gone. For the archivist, every so often, and for `andon recordings dispose run`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import RowMapping, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.schema import captures, checkpoints, comments, keys, recordings, tags
from recordings.crypt import keeping as keyring
from recordings.crypt.ring import PARTS, WrongKey
from recordings.crypt.store_faults import KeysDisagree, StoreAway
from recordings.discs import store as discs
from recordings.proof.entries import Entry, Json
from recordings.proof.signer import NoKey
from recordings.quality import forgetting as quality
from recordings.refusals import Worded
from recordings.refusals.stored import read, written
from recordings.retention import certificate, disposal, forgetting, holds, redacting, redaction, unmade
from recordings.retention.certificate import Case, Check, CopiesGone, DiscLeft, KeyGone, StoreResult
from recordings.retention.clocks import class_named
from recordings.retention.disposal import APPROVED, CARRYING, DONE, GOING, GONE, LISTED, NEEDED
from recordings.retention.judging import Policy
from recordings.retention.letting import let_go
from recordings.retention.redaction import REDACTION, NotYet
from recordings.retention.tables import disposal_items, disposal_keys, disposals
from recordings.retention.tools import Tools
from recordings.sealing_captures import REFUSED, TAKEN
from recordings.vault.port import NotInVault, Vault, VaultTrouble, name_of
from recordings.words import Kind

BATCH: Final = 100
"""Recordings in one change: a tenth of a second in which nobody else changes anything."""
TOGETHER: Final = 500
"""Places in one question."""
RUNS_MOST: Final = 100
"""Asked for at once."""
PATIENCE_S: Final = 300.0


class NoClasses(Worded):
    """A plan that has lost its file lets nothing go, and takes nothing off a list that two people approved."""


class RestoredBefore(Worded):
    """The catalogue is one of before, or was changed by hand."""


class Carried(NamedTuple):
    """`trouble`: why it is not finished, in English; empty: it is."""

    id: str
    gone: int
    kept: int
    trouble: str = ""


async def carry_out(tools: Tools, who: str, only: str = "") -> list[Carried]:
    """Every run that was approved or begun, the oldest decision first; `only` one of them; and what redactions left. A hundred that wait
    for something, as for a hold, keep no other from its turn. Raises HistoryAway."""
    done: list[Carried] = []
    last: tuple[Micros, str] = (0, "")
    while rows := await _waiting(tools, only, last):
        done += [await _one(tools, who, row["id"]) for row in rows]
        last = (rows[-1]["decided_at"], rows[-1]["id"])
    await unmade.clear(tools)
    return done


async def _waiting(tools: Tools, only: str, last: tuple[Micros, str]) -> Sequence[RowMapping]:
    """Those behind `last`."""
    place = tuple_(disposals.c.decided_at, disposals.c.id)
    wanted = select(disposals.c.id, disposals.c.decided_at).where(disposals.c.standing.in_([APPROVED, CARRYING]), place > last)
    if only:
        wanted = wanted.where(disposals.c.id == only)
    async with tools.catalogue.reading() as connection:
        return (await connection.execute(wanted.order_by(disposals.c.decided_at, disposals.c.id).limit(RUNS_MOST))).mappings().all()


async def _one(tools: Tools, who: str, id_: str) -> Carried:
    try:
        if why := await tools.cut():
            raise RestoredBefore("carry.restored", why=why)
        run = await _begun(tools, id_)
        if run is not None and run["kind"] == REDACTION:
            await redacting.take_place(tools, run)
        while run is not None and await _batch(tools, run):
            pass  # ends: each turn takes items off the list
        if run is not None:
            await _destroyed(tools, id_)
            await _finished(tools, who, id_)
        trouble = ""
    except (StoreAway, WrongKey, KeysDisagree, VaultTrouble, NoKey, NoClasses, NotYet, RestoredBefore) as error:
        trouble = str(error)
        async with tools.catalogue.change() as change:
            line = update(disposals).where(disposals.c.id == id_, disposals.c.standing.in_([APPROVED, CARRYING]))
            await change.connection.execute(line.values(trouble=written(error)))
    async with tools.catalogue.reading() as connection:
        count = await disposal.counts(connection, id_)
    gone = count.get(GONE, 0) + count.get(GOING, 0)
    return Carried(id_, gone, sum(count.values()) - gone, trouble)


async def _begun(tools: Tools, id_: str) -> RowMapping | None:
    """Approved by as many as it takes, looked at again: None otherwise."""
    async with tools.catalogue.change() as change:
        row = await disposal.one(change.connection, id_)
        if row is None or row["standing"] not in (APPROVED, CARRYING):
            return None
        good = await disposal.approvers(change.connection, id_)
        if len(good) < (NEEDED if row["kind"] == "disposal" else 1):
            return None
        if row["standing"] == APPROVED:
            await change.connection.execute(update(disposals).where(disposals.c.id == id_).values(standing=CARRYING))
        return row


async def _batch(tools: Tools, run: RowMapping) -> bool:
    """Whether there was anything left to decide."""
    item = disposal_items.c
    listed = select(item.recording).where(item.disposal == run["id"], item.standing == LISTED).order_by(item.recording).limit(BATCH)
    async with tools.catalogue.change(PATIENCE_S) as change:
        places = list((await change.connection.execute(listed)).scalars())
        if not places:
            return False
        policy = tools.policy()
        if not policy.rules.classes:
            raise NoClasses("carry.no_classes")
        await let_go(change, run, places, policy, tools.clock())
        number, sha256 = await holds.looked_at(change.connection)
        line = update(disposals).where(disposals.c.id == run["id"])
        await change.connection.execute(line.values(holds=number, holds_sha256=sha256))
    return True


# ---------------------------------------------------------------- keys and copies


async def _destroyed(tools: Tools, id_: str) -> None:
    """Keys of keys, then files. Raises StoreAway, VaultTrouble, NotYet."""
    rows = await _items(tools, id_, (GOING, GONE))
    if not rows:
        return
    destroyed = await keyring.forget(tools.catalogue, tools.stores, [row["recording"] for row in rows], tools.clock)
    async with tools.catalogue.change() as change:
        await change.connection.execute(disposal_keys.delete().where(disposal_keys.c.disposal == id_))
        for kek in destroyed.keks:
            results = [StoreResult(each.store, "destroyed" if each.gone else "failed", each.reason) for each in kek.stores]
            told = {"stores": msgspec.json.encode(results).decode(), "exchanged": kek.kept, "at": kek.at or tools.clock()}
            await change.connection.execute(disposal_keys.insert().values(disposal=id_, kek=kek.kek, **told))
    if not destroyed.complete:
        reasons = [each.reason for kek in destroyed.keks for each in kek.stores if not each.gone]
        why = next(filter(None, map(read, reasons)), None)
        raise StoreAway("carry.stores_away.silent") if why is None else StoreAway("carry.stores_away", why=why)
    left = [row for row in rows if row["standing"] == GOING]
    for at in range(0, len(left), BATCH):
        await _removed(tools, id_, left[at : at + BATCH])
    await _not_in_the_spool(tools, rows)


async def _not_in_the_spool(tools: Tools, rows: Sequence[RowMapping]) -> None:
    """What Andon could not remove when it was kept, or came back: it is the recording, in clear. Raises NotYet."""
    there: dict[str, int] = {}
    ids = [row["id"] for row in rows]
    async with tools.catalogue.reading() as connection:
        for at in range(0, len(ids), TOGETHER):
            some = select(captures.c.node, func.count().label("files")).where(captures.c.recording.in_(ids[at : at + TOGETHER]))
            for row in await connection.execute(some.where(captures.c.standing.in_([TAKEN, REFUSED])).group_by(captures.c.node)):
                there[row.node] = there.get(row.node, 0) + row.files
    if there:
        raise NotYet("carry.in_the_spool", files=", ".join(f"{node}: {number}" for node, number in sorted(there.items())))


async def _removed(tools: Tools, id_: str, rows: Sequence[RowMapping]) -> None:
    files = await asyncio.to_thread(_remove, tools.vaults, rows)
    async with tools.catalogue.change() as change:
        for row in rows:
            item = (disposal_items.c.disposal == id_) & (disposal_items.c.recording == row["recording"])
            values = {"standing": GONE, "files": files[row["id"]]}
            await change.connection.execute(update(disposal_items).where(item).values(**values))


def _remove(vaults: Sequence[Vault], rows: Sequence[RowMapping]) -> dict[str, int]:
    """Blocks. Every part in every vault, whether it is known to be there or not. Raises VaultTrouble."""
    found = dict.fromkeys((row["id"] for row in rows), 0)
    for vault in vaults:
        vault.check()
        for row in rows:
            for part in PARTS:
                found[row["id"]] += vault.remove(name_of(row["id"], row["began"], part))
    return found


async def _items(tools: Tools, id_: str, standings: Sequence[str]) -> Sequence[RowMapping]:
    item = disposal_items.c
    wanted = select(
        item.recording, item.id, item.standing, item.kek, item.files, recordings.c.began, recordings.c.derived, recordings.c.stored_at
    )
    wanted = wanted.join_from(disposal_items, recordings, recordings.c.place == item.recording)
    wanted = wanted.where(item.disposal == id_, item.standing.in_(standings)).order_by(item.recording)
    async with tools.catalogue.reading() as connection:
        return (await connection.execute(wanted)).mappings().all()


# ---------------------------------------------------------------- the certificate


async def _finished(tools: Tools, who: str, id_: str) -> None:
    """Raises NoKey, VaultTrouble."""
    rows = await _items(tools, id_, (GONE,))
    copies = await asyncio.to_thread(_looked_for, tools.vaults, rows)
    key = await asyncio.to_thread(tools.signer) if rows else None
    now, made = tools.clock(), b""
    async with tools.catalogue.change(PATIENCE_S) as change:
        run = await disposal.one(change.connection, id_)
        if run is None or run["standing"] != CARRYING:
            return  # another process was first
        if key is not None:
            case = await _case(change.connection, tools, run, [row["id"] for row in rows], [row["recording"] for row in rows], who, now)
            case = msgspec.structs.replace(
                case, copies=tuple(each for each, _ in copies), checks=(*case.checks, *(each for _, each in copies))
            )
            made = certificate.make(case, key)
        values = {"standing": DONE, "gone": len(rows), "trouble": "", "done_at": now, "certificate": made or None}
        await change.connection.execute(update(disposals).where(disposals.c.id == id_).values(**values))
        await forgetting.forget_numbers(change, id_, now)
        public: dict[str, Json] = {"kind": run["kind"], "gone": len(rows), "of": run["items"]}
        if rows:
            public["items_sha256"] = certificate.items_sha256(row["id"] for row in rows)
            public["certificate_sha256"] = certificate.digest(made)
        await change.append(Entry(kind=Kind(run["kind"]), at=now, subject=id_, public=public, private={"who": who}))
        if run["kind"] == REDACTION:
            for row in rows:
                told: dict[str, Json] = {"what": "card_data", "step": "answered", "run": id_}
                await change.append(Entry(kind=Kind.INCIDENT, at=now, subject=row["id"], public=told))


def _looked_for(vaults: Sequence[Vault], rows: Sequence[RowMapping]) -> list[tuple[CopiesGone, Check]]:
    """Blocks. In each vault, whether any file of theirs is left. Raises VaultTrouble."""
    found = []
    for vault in vaults:
        names = [name_of(row["id"], row["began"], part) for row in rows for part in PARTS]
        left = sum(_is_there(vault, name) for name in names)
        files = sum(1 + len([each for each in row["derived"].split(",") if each]) for row in rows if row["stored_at"])  # or lost before
        looked = Check("files", not left, {"vault": vault.number, "left": left, "names": len(names)})
        found.append((CopiesGone(vault.number, files - left, left), looked))
    return found


def _is_there(vault: Vault, name: str) -> bool:
    try:
        vault.size(name)
    except NotInVault:
        return False
    return True


async def _case(
    connection: AsyncConnection, tools: Tools, run: RowMapping, ids: Sequence[str], places: Sequence[int], who: str, now: Micros
) -> Case:
    good = await disposal.approvers(connection, run["id"])
    gone = await _keys_gone(connection, run["id"])
    checks = await _left(connection, places)
    for key in gone:
        for each in key.stores:
            checks.append(Check("key", each.result == "destroyed", {"key": key.key, "store": each.store}))
    note = (await connection.execute(select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1))).scalar()
    return Case(
        id=run["id"],
        kind=run["kind"],
        floor=tools.floor,
        at=now,
        items=tuple(ids),
        class_=run["class_"],
        month=run["month"],
        tool=tools.tool,
        keys=gone,
        unkeyed=await keyring.unkeyed(connection, places),
        discs=await _discs_left(connection, places, run["month"]),
        checks=tuple(checks),
        operator=who,
        proposer=run["by"],
        approvers=tuple(good.values()) if run["kind"] == "disposal" else (run["by"], *good.values()),
        basis=_basis(tools.policy(), run),
        holds_sha256=run["holds_sha256"].hex(),
        holds=run["holds"],
        checkpoint=note or "",
        redacted=await redaction.certified(connection, run["id"]) if run["kind"] == REDACTION else (),
    )


async def _left(connection: AsyncConnection, places: Sequence[int]) -> list[Check]:
    """In the catalogue: what opens them, and what people wrote about them."""
    wrapped = texts = 0
    for at in range(0, len(places), TOGETHER):
        some = places[at : at + TOGETHER]
        in_keys, in_comments, in_tags = [select(func.count()).where(each.c.recording.in_(some)) for each in (keys, comments, tags)]
        wrapped += int((await connection.execute(in_keys)).scalar_one())
        for counted in (in_comments, in_tags):
            texts += int((await connection.execute(counted)).scalar_one())
        texts += await quality.left(connection, some)
    return [Check("wrapped_keys", not wrapped, {"left": wrapped}), Check("texts", not texts, {"left": texts})]


async def _keys_gone(connection: AsyncConnection, id_: str) -> tuple[KeyGone, ...]:
    rows = await connection.execute(select(disposal_keys).where(disposal_keys.c.disposal == id_).order_by(disposal_keys.c.kek))
    return tuple(KeyGone(row.kek, tuple(msgspec.json.decode(row.stores, type=list[StoreResult])), row.exchanged) for row in rows)


async def _discs_left(connection: AsyncConnection, places: Sequence[int], month: str) -> tuple[DiscLeft, ...]:
    """Discs that bear them: unreadable there from now on."""
    found = []
    for id_, borne in (await discs.bears(connection, places)).items():
        disc = await discs.disc_of(connection, id_)
        if disc is not None:
            found.append(DiscLeft(id_, disc.copy, len(borne), disc.month if disc.month != "open" else month))
    return tuple(found)


def _basis(policy: Policy, run: RowMapping) -> tuple[str, ...]:
    """Rules with their sources; of an erasure, that it was asked for; of a redaction, what must not be kept."""
    if run["kind"] == REDACTION:
        return (certificate.CARD_DATA[0],)
    if run["kind"] == "erasure":
        return (certificate.WISHED[0],)
    class_ = class_named(run["class_"], policy.rules)
    rules = class_.rules if class_ is not None else ()
    return tuple(f"{rule.id}: {', '.join(rule.origin.source) or rule.origin.note or rule.origin.status}" for rule in rules)
