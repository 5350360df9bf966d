"""The archivist: spools into the archive, without end; beside it tasks of others at their times, and how all of it is.

Not one spool (`archivist_spool.py`), not the steps of a recording (`sealing.py`), and not what the tasks do: calls and their ledger,
fixity, disposals and checkpoints bring theirs as `Periodic`. It gives nothing up: what cannot be taken in stays in the spool, and a full
disk is an alarm long before. One a floor; whoever starts it sees to that (`andon/roles/archivist.py`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Generic, NamedTuple, TypeVar

import structlog
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.history.port import HistoryAway
from realtime.words import SECOND, Micros
from recordings.archivist_hands import Hands, Outside
from recordings.archivist_spool import AWAY, SpoolWork
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import CONFLICT, UNUSUAL, calls, captures, health, recordings
from recordings.crypt.container import ContainerBad
from recordings.crypt.ring import WrongKey
from recordings.refusals import Remark
from recordings.refusals.stored import written
from recordings.retention import redaction
from recordings.retention.choosing import NOT_GONE
from recordings.sealing import Line, RecordingKeyLost, Sealing, in_thread
from recordings.vault.port import CopyUnreadable, NotInVault
from recordings.watched import ArchivistCounts
from recordings.words import RecordingId, State

HEALTH_S: Final = 10.0
RECOVER_S: Final = 60.0
RECOVER_MOST: Final = 200
LOSE_AFTER: Final[Micros] = 24 * 3600 * SECOND
"""A sealed file that is gone from its spool before a vault had it: somebody may still mount the spool again, or bring the file back."""
TASK_AGAIN_S: Final = 60.0
"""After a bug in a task: the others and the sealing go on."""
COUNTED_MOST: Final = 10_000
"""Of what is wrong: of more than that the number says no more, and a plan that contradicts itself may stamp millions."""
GB: Final = 1024**3

T = TypeVar("T")

log = structlog.get_logger()


class Periodic(NamedTuple):
    """A task of somebody else. `run` says nothing; what it raises of the outside world is told, a bug is logged, and it is tried again."""

    name: str
    every_s: float
    run: Callable[[], Awaitable[object]]


class Room(NamedTuple):
    """Of the disk that a folder lies on."""

    folder: str
    free: int
    size: int

    @property
    def share(self) -> float:
        return self.free / self.size if self.size else 0.0


class Seen(NamedTuple):
    """How the archive is: for the floor's log, pages and alerts."""

    backlog: int = 0
    oldest_s: int = 0
    missing: int = 0
    quarantined: int = 0
    free_share: float = 1.0
    away: str = ""
    conflicts: int = 0
    tight: str = ""


class Limits(NamedTuple):
    """Less room than either is an alarm."""

    free_gb: float
    free_share: float

    def alarm(self, room: Room) -> bool:
        return room.free < self.free_gb * GB or room.share < self.free_share


class Archivist:
    """`run()` it in a task, until cancelled; it raises what is a bug of its own."""

    def __init__(
        self,
        catalogue: Catalogue,
        sealing: Sealing,
        works: Sequence[SpoolWork],
        vaults: Sequence[Path],
        limits: Limits,
        hands: Hands,
        outside: Outside,
        counts: ArchivistCounts,
        clock: Callable[[], Micros],
        tasks: Sequence[Periodic] = (),
        opened: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`opened` is done once the catalogue is there, before anything else."""
        self.seen = Seen()
        self.begun = asyncio.Event()
        """The catalogue is there, of this version."""
        self._catalogue, self._sealing, self._works = catalogue, sealing, tuple(works)
        self._folders = (*(work.root for work in works), *vaults)
        self._limits, self._hands, self._outside, self._counts, self._clock = limits, hands, outside, counts, clock
        self._tasks, self._opened = tuple(tasks), opened
        self._tight: set[str] = set()
        self._absent: dict[RecordingId, Micros] = {}

    async def run(self) -> None:
        await self._open()
        self.begun.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._until_the_end())
            for work in self._works:
                group.create_task(work.run())
            group.create_task(self._every(HEALTH_S, self._look))
            group.create_task(self._every(RECOVER_S, self._recover))
            for task in self._tasks:
                group.create_task(self._again(task))

    async def _until_the_end(self) -> None:
        """Whoever reads a file in a thread hears of the end at once; the others wait for them."""
        try:
            await asyncio.Event().wait()
        finally:
            self._hands.ending.set()

    async def _open(self) -> None:
        while True:
            try:
                await self._catalogue.open()
                if self._opened is not None:
                    await self._opened()
            except HistoryAway as away:
                await self._outside.rest(away)
            else:
                self._outside.fine()
                return

    # ---------------------------------------------------------------- at their times

    async def _every(self, seconds: float, what: Callable[[], Awaitable[None]]) -> None:
        """Of our own: a bug ends the process."""
        while True:
            try:
                await what()
            except AWAY as away:
                self._outside.happened(away)
            await asyncio.sleep(seconds)

    async def _again(self, task: Periodic) -> None:
        said = ""
        while True:
            wait_s = task.every_s
            try:
                await task.run()
                said = ""
            except AWAY as away:
                if str(away) != said:
                    log.warning(f"{task.name} waits: {away}")
                said, wait_s = str(away), min(task.every_s, TASK_AGAIN_S)
            except Exception:
                log.exception(f"{task.name} broke for a fault of Andon's own; it is tried again.")
                wait_s = max(task.every_s, TASK_AGAIN_S)
            await asyncio.sleep(wait_s)

    # ---------------------------------------------------------------- how it is

    async def _look(self) -> None:
        now = self._clock()
        rooms = await in_thread(_rooms, self._folders)
        self._alarms(rooms)
        backlog = sum(len(work.waiting) for work in self._works)
        oldest = max((work.waiting.oldest_s(now) for work in self._works), default=0.0)
        fault = self._outside.fault or next((work.away for work in self._works if work.away is not None), None)
        least = min(rooms, key=lambda room: room.share, default=Room("", 0, 0))
        self._counts.backlog, self._counts.oldest_s, self._counts.away = backlog, oldest, fault is not None
        self._counts.free_share, self._counts.free_bytes = least.share, least.free
        tight = next((room.folder for room in sorted(rooms, key=lambda room: room.share) if room.folder in self._tight), "")
        self.seen = self.seen._replace(
            backlog=backlog, oldest_s=int(oldest), free_share=round(least.share, 3), away="" if fault is None else str(fault), tight=tight
        )  # also while the catalogue is away
        async with self._catalogue.reading() as connection:
            counted = await _counted(connection)
            found = await redaction.waiting(connection)
        self.seen = self.seen._replace(missing=counted.missing, quarantined=counted.quarantined, conflicts=counted.conflicts)
        values = {f"free:{room.folder}": (room.share, written(self._tight_said(room))) for room in rooms}
        values |= {f"spool:{work.node}": (float(len(work.waiting)), written(work.away)) for work in self._works}
        values |= {name: (float(number), "") for name, number in counted._asdict().items()}
        values |= {"backlog": (float(backlog), ""), "oldest": (oldest, ""), "card_data": (float(found), "")}
        values |= {"absent": (float(len(self._absent)), ""), "away": (float(fault is not None), written(_worded(fault)))}
        await self._say(values, now)
        self._outside.answered()

    def _alarms(self, rooms: Sequence[Room]) -> None:
        """Said when it becomes tight, and when it is not any more."""
        tight = {room.folder for room in rooms if self._limits.alarm(room)}
        for room in rooms:
            if room.folder in tight - self._tight:
                log.error(str(self._tight_said(room)))
            elif room.folder in self._tight - tight:
                log.warning(f"The disk of {room.folder} has room again.")
        self._tight = tight

    def _tight_said(self, room: Room) -> Remark | None:
        return Remark("room.tight", folder=room.folder, free=f"{room.free / GB:.1f}") if self._limits.alarm(room) else None

    async def _say(self, values: Mapping[str, tuple[float, str]], now: Micros) -> None:
        """In place of what was said; names that are not said any more go."""
        rows = [{"name": name, "value": value, "text": text, "at": now} for name, (value, text) in values.items()]
        listed = health.c.name.like("free:%") | health.c.name.like("spool:%")  # disks and spools come and go with the settings
        ours = health.c.name.in_(values.keys()) | listed
        async with self._catalogue.change() as change:
            await change.connection.execute(delete(health).where(ours))
            await change.connection.execute(insert(health), rows)

    # ---------------------------------------------------------------- what a former life left

    async def _recover(self) -> None:
        """Sealed or stored, and its file is not in the spool any more: the vault has it, or it is an incident."""
        with suppress(TimeoutError):
            async with asyncio.timeout(RECOVER_S):
                for work in self._works:
                    await work.swept.wait()
        now = self._clock()
        nodes = {work.node for work in self._works if work.swept.is_set() and work.away is None}
        unseen = {work.node for work in self._works if work.cut}  # its file may lie where nobody looked
        lines = await self._sealing.unfinished(nodes, RECOVER_MOST)
        here = {digest for work in self._works for digest in await in_thread(work.digests)}
        absent: dict[RecordingId, Micros] = {}
        for listed in lines:
            line = await self._sealing.line(listed.id)
            if line is None or line.state is not listed.state or await self._is_here(line.id, here):
                continue
            if line.state is State.STORED:
                await self._settle(line)
                continue
            if line.node in unseen:
                continue
            absent[line.id] = self._absent.get(line.id, now)
            if now - absent[line.id] > LOSE_AFTER:
                await self._sealing.lose(line, "its file was gone from the spool before a vault had it")
                log.error(f"The recording {line.id} is lost: its file went from the spool before a vault had it; who removes files there?")
        self._absent = absent

    async def _settle(self, line: Line) -> None:
        """From a vault. One that no vault gives back whole is fixity's to name and repair; neither that nor a lost key holds up others."""
        try:
            await self._sealing.settle(line, None)
            self._outside.fine()
        except (ContainerBad, NotInVault, CopyUnreadable, RecordingKeyLost, WrongKey) as bad:
            log.error(f"The recording {line.id} cannot be read back from the vaults; if no copy is good, put one there: {bad}")

    async def _is_here(self, id_: str, here: set[str]) -> bool:
        async with self._catalogue.reading() as connection:
            names = (await connection.execute(select(captures.c.name).where(captures.c.recording == id_))).scalars().all()
        return any(name in here for name in names)


class Counted(NamedTuple, Generic[T]):
    """What is wrong, by name: how many, or what is counted."""

    missing: T
    quarantined: T
    odd: T
    conflicts: T  # without a hold, which goes before every rule


ASKED: Final = Counted(
    missing=select(calls.c.call).where(calls.c.standing == "missing"),
    quarantined=select(recordings.c.place).where(recordings.c.state == State.QUARANTINED.value, UNUSUAL),
    odd=select(captures.c.name).where(captures.c.standing == "refused"),
    conflicts=select(recordings.c.place).where(CONFLICT, recordings.c.holds == 0, NOT_GONE),
)
"""Each along an index of such lines alone: it is asked every ten seconds, beside ten million others."""


async def _counted(connection: AsyncConnection) -> Counted[int]:
    counts = [select(func.count()).select_from(each.limit(COUNTED_MOST).subquery()) for each in ASKED]
    return Counted(*[int((await connection.execute(each)).scalar_one()) for each in counts])


def _worded(fault: Exception | None) -> Remark | None:
    """The database's own fault is of the floor, and has no words here."""
    return fault if fault is None or isinstance(fault, Remark) else Remark("room.outside", why=fault)


def _rooms(folders: Sequence[Path]) -> list[Room]:
    """One a disk. A folder that is not there has none: that it is away is said elsewhere."""
    rooms: dict[int, Room] = {}
    for folder in folders:
        try:
            disk, device = os.statvfs(folder), os.stat(folder).st_dev
        except OSError:
            continue
        rooms.setdefault(device, Room(os.fspath(folder), disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize))
    return list(rooms.values())
