"""After a restore: no approval of before counts any more, and what was approved and not carried out waits for people again.

Not the accepting (`proof/publishing.accept`), in whose change this is done, before anything may be destroyed again. A catalogue that was
put back knows no hold, refusal or clock of the time since its backup, so those who approved then have not seen them. Of what was begun,
keys are gone already and a certificate is owed: it is finished, and what is on its list still leaves it. A loss is confirmed and done in
one change, so none ever stands approved.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import log, recordings
from recordings.proof.entries import Entry, Json
from recordings.proof.publishing import ABOUT_LOG
from recordings.refusals import Remark
from recordings.refusals.stored import written
from recordings.retention.clocks import said
from recordings.retention.disposal import APPROVED, CARRYING, GOING, GONE, KEPT, LISTED, LOSS, PROPOSED, WAITING, why_text
from recordings.retention.tables import approvals, disposal_items, disposals, redactions
from recordings.words import Kind, State

AGAIN: Final = written(Remark("carry.again"))
"""Beside a run that waits so."""


async def set_back(change: Change, now: Micros, who: str, why: str) -> int:
    """How many runs wait for people again. May be done again."""
    some = select(approvals.c.disposal).where(approvals.c.good)
    open_ = disposals.c.standing.in_([APPROVED, CARRYING]) | ((disposals.c.standing == PROPOSED) & disposals.c.id.in_(some))
    wanted = select(disposals).where(disposals.c.kind != LOSS, open_).order_by(disposals.c.at, disposals.c.id)
    runs = (await change.connection.execute(wanted)).mappings().all()
    begun = await _begun(change.connection)
    for run in runs:
        if run["id"] in begun:
            await _rest_stays(change, run)
        else:
            await _waits(change, run, now, who, why)
    await _not_known(change.connection)
    return sum(run["id"] not in begun for run in runs)


async def accepted_at(connection: AsyncConnection) -> Micros:
    """When a restore was accepted the last time; 0: never. What was decided by then is not decided any more."""
    last = select(func.max(log.c.at)).where(log.c.subject == ABOUT_LOG, log.c.kind == Kind.GAP.value)
    return int((await connection.execute(last)).scalar() or 0)


async def _begun(connection: AsyncConnection) -> set[str]:
    """Some of their keys are deleted."""
    carried = select(disposals.c.id).where(disposals.c.standing == CARRYING)
    item = disposal_items.c
    wanted = select(item.disposal).distinct().where(item.disposal.in_(carried), item.standing.in_([GOING, GONE]))
    return set((await connection.execute(wanted)).scalars())


async def _waits(change: Change, run: RowMapping, now: Micros, who: str, why: str) -> None:
    """As it was proposed, with an entry that takes back those of its approvals."""
    good = (approvals.c.disposal == run["id"]) & approvals.c.good
    number = (await change.connection.execute(delete(approvals).where(good))).rowcount
    line = update(disposals).where(disposals.c.id == run["id"])
    await change.connection.execute(line.values(standing=PROPOSED, decided_at=0, trouble=AGAIN))
    public: dict[str, Json] = {"kind": run["kind"], "sha256": run["sha256"].hex(), "withdrawn": number, "was": run["standing"]}
    await change.append(Entry(kind=Kind.APPROVAL, at=now, subject=run["id"], public=public, private={"who": who, "why": why}))


async def _not_known(connection: AsyncConnection) -> None:
    """What a redaction wrote: since the backup it may have taken its place, and a newer catalogue have its key. So it is named as every
    container is that no line knows, and nobody removes it (`unmade.py`)."""
    await connection.execute(update(redactions).where(redactions.c.made == 0).values(id=""))


async def _rest_stays(change: Change, run: RowMapping) -> None:
    """What is listed still leaves the list: of a disposal it is kept, and proposed anew; a wish waits for its next night."""
    here = (disposal_items.c.disposal == run["id"]) & (disposal_items.c.standing == LISTED)
    mine = recordings.c.place.in_(select(disposal_items.c.recording).where(here))
    lines = update(recordings).where(mine)
    if run["kind"] == "disposal":
        await change.connection.execute(lines.where(recordings.c.state == State.DUE.value).values(state=State.KEPT.value))
    else:
        await change.connection.execute(lines.values(restricted=True))
    standing = KEPT if run["kind"] == "disposal" else WAITING
    items = update(disposal_items).where(here)
    await change.connection.execute(items.values(standing=standing, why=why_text([said("go.restored")])))
