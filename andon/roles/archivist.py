"""The archivist: recordings from the spools of the PBXs into the archive. One a floor: a lock on this machine, a lease on the others.

It reads the floor's log twice: as everybody does, for the plan in force, and with a cursor of its own in the catalogue, for the ledger of
calls. A spool that is not there is said and waited for. How the archive is goes into the log, so that screens and alerts know.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import structlog

from andon.archive.opened import archive_of, catalogue_of
from andon.archive.tasks import Parts, tasks_of
from andon.roles.past import history_of
from andon.roles.work import RoleRefused, Work, holder, keys_of, lease_lost, new_session, now_us, only_one, opened, until
from andon.watch import watched
from realtime.appender import Appender
from realtime.changes import Changes
from realtime.factcodec import encode
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.history.database import BadDatabase
from realtime.leases import Holding, held
from realtime.plan.model import Plan
from realtime.recording_facts import ArchiveSeen, TrainingDue
from realtime.store import Store
from realtime.vitals import Family
from realtime.words import Node
from recordings.archivist import Archivist, Limits, Seen
from recordings.archivist_hands import Hands, Outside
from recordings.archivist_spool import SpoolWork
from recordings.calls.ledger import Ledger
from recordings.calls.orphans import Orphans
from recordings.calls.refilled import Past
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.stores import KeyStores, stores_of
from recordings.sealing import Sealing
from recordings.settings import ArchiveSettings, Spool
from recordings.vault.folder import FolderVault
from recordings.vault.opening import recognise
from recordings.wanted import Wanted, wanted_of
from recordings.watched import ArchivistCounts, families_of_archivist

SEEN_S: Final = 60.0
"""At least so often the log hears how the archive is, so that its silence is noticed."""
LOOK_S: Final = 5.0

log = structlog.get_logger()


async def run(work: Work) -> None:
    with only_one(Path(work.settings.data.dir), "archivist"):
        await until(work.stop, _hold(work))


async def _hold(work: Work) -> None:
    settings = work.settings
    # A follower, the ledger and what is appended have a connection each: a read that waits would hold up the others.
    async with (
        opened(settings) as store,
        opened(settings) as reading,
        opened(settings) as booking,
        held(store.leases, "archivist", holder(settings), waiting=log.warning) as lease,
        _catalogue(work) as catalogue,
        _past(work) as past,
    ):
        try:
            await _archive(work, catalogue, store, reading, booking, lease, past)
        except* BadDatabase as wrong:  # somebody else's tables, or of a newer Andon
            raise RoleRefused(_first(wrong)) from wrong


def _first(group: BaseExceptionGroup[BadDatabase]) -> str:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else str(first)


async def _archive(
    work: Work, catalogue: Catalogue, store: Store, reading: Store, booking: Store, lease: Holding, past: Past | None
) -> None:
    settings = archive_of(work.settings)
    follower = Follower(reading.log, store.checkpoints, FloorFolding(), told=log.warning)
    appender = Appender(store.log, lease.fence, told=_tell_log)
    told = Told(appender)
    made = Made(settings, catalogue, follower, booking, keys_of(work.settings, make=False).sealer().digest, told, past)

    def parts() -> list[Family]:
        return [*families_of_archivist(made.counts), *follower.families(), *lease.families(), *appender.families()]

    async with watched(work, store.vitals, "archivist", parts), asyncio.TaskGroup() as group:
        group.create_task(lease_lost(lease))
        group.create_task(appender.run())
        caught_up = asyncio.Event()
        group.create_task(_follow(follower, caught_up))
        await caught_up.wait()  # without the plan nobody knows which class a recording is of
        work.ready("")
        group.create_task(_booked(made.ledger, made.archivist.begun))
        group.create_task(_seen(made.archivist, told))
        group.create_task(made.archivist.run())


@asynccontextmanager
async def _catalogue(work: Work) -> AsyncIterator[Catalogue]:
    try:
        catalogue = catalogue_of(work.settings, writes=True)
    except BadDatabase as error:
        raise RoleRefused(str(error)) from error
    try:
        yield catalogue
    finally:
        await catalogue.close()


@asynccontextmanager
async def _past(work: Work) -> AsyncIterator[Past | None]:
    """History, to ask for calls that the log no longer has."""
    history = history_of(work.settings)
    try:
        yield history
    finally:
        if history is not None:
            await history.close()


class Told:
    """What the archivist says to the floor's log, in one session."""

    def __init__(self, appender: Appender) -> None:
        self._appender, self._session, self._seq = appender, new_session(), 0

    def say(self, kind: type[ArchiveSeen] | type[TrainingDue], **fields: Any) -> None:
        now, self._seq = now_us(), self._seq + 1
        self._appender.put(encode(kind(now, now, Node(""), self._session, self._seq, **fields)))

    async def training(self, agent: str, kpi: str, months: tuple[str, ...]) -> None:
        self.say(TrainingDue, agent=agent, kpi=kpi, months=months)


class Made:
    """Its parts, put together."""

    def __init__(
        self,
        settings: ArchiveSettings,
        catalogue: Catalogue,
        follower: Follower[Floor, Changes],
        booking: Store,
        digest: Callable[[str], str],
        told: Told,
        past: Past | None,
    ) -> None:
        def plan() -> Plan:
            return follower.floor.owned.plan

        def wanted() -> Wanted:
            return wanted_of(plan())

        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.counts, hands = ArchivistCounts(), Hands()
        stores = _stores(settings)
        vaults = [FolderVault(folder, number) for number, folder in enumerate(settings.vaults)]

        async def known() -> None:
            await recognise(catalogue, vaults)

        # Chance spreads waits; it keeps no secret.
        outside = Outside(random.random, log.warning)
        self.ledger = Ledger(catalogue, booking.log, settings.floor, lambda: plan().archive, digest, now_us, past=past)
        orphans = Orphans(catalogue, self.ledger, stores, wanted, settings.timezone, now_us)
        sealing = Sealing(catalogue, vaults, stores, wanted, digest, settings.timezone, settings.folder, now_us)
        works = [
            SpoolWork(spool, sealing, catalogue, self.ledger, digest, hands, outside, self.counts, now_us, settle_s=settings.settle_s)
            for spool in spools_of(settings)
        ]
        limits = Limits(settings.free_gb, settings.free_share)
        tasks = tasks_of(Parts(settings, catalogue, stores, vaults, self.ledger, orphans, plan, now_us, told.training))
        self.archivist = Archivist(catalogue, sealing, works, settings.vaults, limits, hands, outside, self.counts, now_us, tasks, known)


def spools_of(settings: ArchiveSettings) -> list[Spool]:
    """Each folder once: two PBXs that name the same one would each seal what is in it, and only one of them wrote it."""
    found: dict[Path, Spool] = {}
    for spool in settings.spools:
        first = found.setdefault(spool.folder.resolve(), spool)
        if first is not spool:
            log.warning(
                f"{first.node} and {spool.node} name the same spool {spool.folder}; it is taken for that of {first.node}. "
                f"Give each [[pbx]] the spool that it writes, or an empty one."
            )
    return list(found.values())


def _stores(settings: ArchiveSettings) -> KeyStores:
    try:
        return stores_of(settings)
    except ValueError as error:
        raise RoleRefused(f"{error} Look at [archive] keys.") from error


async def _booked(ledger: Ledger, begun: asyncio.Event) -> None:
    """Ends with the process only: a fact that breaks the book must not keep recordings in the spools. Begins where there are tables."""
    await begun.wait()
    while True:
        try:
            await ledger.run()
        except Exception:
            ledger.behind = True
            log.exception("The book of calls broke for a fault of Andon's own; recordings are sealed without their calls meanwhile.")
        await asyncio.sleep(SEEN_S)


async def _follow(follower: Follower[Floor, Changes], caught_up: asyncio.Event) -> None:
    async for step in follower.steps():
        if not step.behind:
            caught_up.set()


async def _seen(archivist: Archivist, told: Told) -> None:
    """Says how the archive is when that changes, and at least once a minute."""
    last, quiet = Seen(), SEEN_S
    while True:
        if archivist.seen != last or quiet >= SEEN_S:
            last, quiet = archivist.seen, 0.0
            told.say(ArchiveSeen, **last._asdict())
        await asyncio.sleep(LOOK_S)
        quiet += LOOK_S


def _tell_log(away: str) -> None:
    log.warning(away or "the log takes facts again")
