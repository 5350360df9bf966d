"""One spool at work: what a sweep and the system say of it, which files are complete, and the hands that take them into the archive.

Not the steps of one recording (`sealing.py`) and not what all spools share (`archivist.py`: hands, outside trouble, tasks). An odd file
never holds up the others: what is not harmless is not opened, what changes is looked at again, what breaks us is left for this life.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import structlog

from realtime.history.port import HistoryAway
from realtime.words import SECOND, Micros
from recordings.archivist_hands import Hands, Outside
from recordings.calls.linking import Link
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.ring import WrongKey
from recordings.crypt.stores import KeyDestroyed, KeysDisagree, StoreAway
from recordings.sealing import GOES_ON, RecordingKeyLost, Sealing, in_thread
from recordings.sealing_captures import (
    REFUSED,
    TAKEN,
    WAITING,
    Known,
    capture_name,
    gone_captures,
    known_captures,
    left_captures,
    put_capture,
)
from recordings.sealing_files import Changed, Ending, as_captured
from recordings.settings import Spool
from recordings.spool.found import Found, Sweep, shown
from recordings.spool.pairing import partners
from recordings.spool.sweep import SpoolAway, Unsafe, clear_marker, identity, look_at, opened, sweep
from recordings.spool.waiting import HEADER, LEFTOVER_S, Ready, Waiting, says_closed
from recordings.spool.watching import Watching, can_watch
from recordings.vault.port import VaultTrouble
from recordings.watched import ArchivistCounts
from recordings.words import Trouble

SWEEP_S: Final = 5.0
"""Between two sweeps. What inotify tells is taken at once; on a mounted spool this and `settle_s` are what a recording waits."""
LINK_S: Final = 20.0
"""So long a file waits, after it was last written to, for its call to be known and over: words of a hang-up come within a second; a third
of the minute in which it is to be sealed. While calls are behind it waits so long from when it is complete."""
ASK_S: Final = 1.0
AGAIN_S: Final = 60.0
"""A file that the system will not let us read, or whose key is lost, is tried again so often."""
LATE_S: Final = 60.0
"""Waiting for longer than that is shown."""
LATE_MOST: Final = 50
NOTED_MOST: Final = 500
"""Odd files that are written down in one transaction; the others follow with the next sweep."""
HEADS_MOST: Final = 200
OVER_MOST: Final = 20
"""Of files that nobody spoke of: headers read, and calls asked after, with each sweep."""
IDLE_S: Final = 60.0
NEVER: Final[Micros] = 2**62
AWAY: Final = (HistoryAway, VaultTrouble, StoreAway, KeyDestroyed, KeysDisagree, WrongKey)

log = structlog.get_logger()


class Calls(Protocol):
    """What is known of calls (`calls/`)."""

    @property
    def behind(self) -> bool:
        """Whether calls that are over may not be known yet."""

    async def link(self, node: str, path: str, when: Micros) -> Link | None:
        """Raises HistoryAway."""


class SpoolWork:
    """`run()` it in a task, until cancelled; it raises what is a bug. `digest`: the floor's."""

    def __init__(
        self,
        spool: Spool,
        sealing: Sealing,
        catalogue: Catalogue,
        calls: Calls,
        digest: Callable[[str], str],
        hands: Hands,
        outside: Outside,
        counts: ArchivistCounts,
        clock: Callable[[], Micros],
        *,
        settle_s: float,
        leftover_s: float = LEFTOVER_S,
        link_s: float = LINK_S,
        sweep_s: float = SWEEP_S,
    ) -> None:
        self.node, self.root = spool.node, spool.folder
        self.waiting = Waiting(settle_s, leftover_s)
        self.away: SpoolAway | None = None
        self.cut = ""
        self.swept = asyncio.Event()
        self.odd = 0
        self._sealing, self._catalogue, self._calls, self._digest = sealing, catalogue, calls, digest
        self._hands, self._outside, self._counts, self._clock = hands, outside, counts, clock
        self._link_s, self._sweep_s = link_s, sweep_s
        self._known: dict[str, Known] = {}  # by digest, of a former life, until a sweep meets them
        self._taken: dict[str, str] = {}  # by name: which recording it is of, as was written down
        self._left: dict[str, Found] = {}  # settled as long as they stay the same: refused, or kept and not to be removed
        self._noted: set[str] = set()  # names that have a row and wait or were refused
        self._open: dict[str, Found] = {}  # headers that say nothing
        self._later: dict[str, Micros] = {}
        self._idle: dict[str, Micros] = {}  # markers without a file, since when
        self._busy: set[str] = set()
        self._wake, self._again, self._moved = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._heard_in: tuple[int, int] | None = None

    async def run(self) -> None:
        await self._remember()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hear())
            group.create_task(self._sweeps())
            group.create_task(self._hand_out(group))

    def digests(self) -> set[str]:
        """Of everything that is there and not done; for a thread."""
        return {capture_name(self._digest, name) for name in self.waiting.names()}

    # ---------------------------------------------------------------- seeing

    async def _remember(self) -> None:
        while True:
            try:
                async with self._catalogue.reading() as connection:
                    self._known = await known_captures(connection, self.node)
                return
            except HistoryAway as away:
                await self._outside.rest(away)

    async def _hear(self) -> None:
        """Anew where another folder has taken the place: a disk that was mounted later, or again."""
        while can_watch():
            self._moved.clear()
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(self._listen())
                await self._moved.wait()
                listening.cancel()

    async def _listen(self) -> None:
        self._heard_in = await in_thread(identity, self.root)
        with suppress(OSError):  # no inotify to be had: the sweep does it
            await Watching(self.root, self._closed, self._marked).run()

    def _closed(self, name: str) -> None:
        found = look_at(self.root, name)
        if found is None or found.trouble is not None or self._is_left(found):
            return  # an odd one is the sweep's
        now = self._clock()
        self.waiting.one(found, now)
        for other in (look_at(self.root, each) for each in partners(name)):  # of a short call no sweep has seen them: it would go alone
            if other is not None and other.trouble is None and not self._is_left(other):
                self.waiting.one(other, now)
        self.waiting.told([name], now)
        self._wake.set()

    def _marked(self, base: str) -> None:
        if self.waiting.marked(base, self._clock()):
            self._wake.set()
        else:
            self._again.set()

    async def _sweeps(self) -> None:
        while True:
            self._again.clear()
            try:
                seen = await in_thread(sweep, self.root)
            except SpoolAway as away:
                if self.away is None or str(away) != str(self.away):
                    log.warning(str(away))
                self.away = away
            else:
                self.away = None
                if seen.cut and seen.cut != self.cut:
                    log.warning(f"Not all of the spool {self.root} is seen: {seen.cut}.")
                self.cut = seen.cut
                if self._heard_in != await in_thread(identity, self.root):
                    self._moved.set()
                try:
                    await self._saw(seen)
                except HistoryAway as away:
                    self._outside.happened(away)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._sweep_s):
                    await self._again.wait()

    async def _saw(self, seen: Sweep) -> None:
        if self._known:
            await in_thread(self._meet, seen.files)
        now = self._clock()
        fresh = [found for found in seen.files if not self._is_left(found)]
        whole = not seen.cut
        self.waiting.all([found for found in fresh if found.trouble is None], seen.markers, now, whole=whole)
        await self._rested(now)
        self.swept.set()
        self._wake.set()
        await self._note([found for found in fresh if found.trouble is not None], now)
        if whole:
            await self._forget({found.name for found in seen.files}, now)
        await self._old_markers(seen.markers, now)

    def _meet(self, files: Iterable[Found]) -> None:
        """Files that a former life knew, by their names' digests."""
        for found in files:
            known = self._known.pop(capture_name(self._digest, found.name), None)
            if known is None:
                continue
            if known.standing == TAKEN:
                self._taken[found.name] = known.recording
                continue
            self._noted.add(found.name)
            if known.standing == REFUSED and known.same(found):
                self._left[found.name] = found

    async def _rested(self, now: Micros) -> None:
        """Files that nobody spoke of: their headers are asked, once, then their calls, again and again, in turn."""
        quiet = {found.name: found for found in self.waiting.rested(now)}
        self._open = {name: found for name, found in self._open.items() if name in quiet and quiet[name].same(found)}
        unread = [found for name, found in quiet.items() if name not in self._open][:HEADS_MOST]
        closed = await in_thread(_closed_heads, self.root, unread)
        self._open |= {found.name: found for found in unread if found.name not in closed}
        self.waiting.told(closed, now)
        for name in list(self._open)[:OVER_MOST]:
            found = self._open[name] = self._open.pop(name)  # behind the others, for the next sweep
            link = await self._calls.link(self.node, name, found.changed)
            if link is not None and link.card.ended:
                self.waiting.told([name], now)

    def _is_left(self, found: Found) -> bool:
        left = self._left.get(found.name)
        return left is not None and left.same(found)

    # ---------------------------------------------------------------- odd files

    async def _note(self, odd: list[Found], now: Micros, recording: str = "") -> None:
        """Refused ones, and those that have been waiting for long. `recording`: which they are, where it was disposed of."""
        if not odd and not self._late(now):
            return
        async with self._catalogue.change() as change:
            late = self._late(now)  # now that it is our turn: a hand that has begun with one writes its row, and its row alone is true
            for found in odd[:NOTED_MOST]:
                await put_capture(change.connection, self.node, self._digest, found, REFUSED, recording, now)
            for found in late:
                await put_capture(change.connection, self.node, self._digest, found, WAITING, "", now)
        for found in odd[:NOTED_MOST]:
            self._left[found.name] = found
            self._counts.refused += 1
        self._noted.update(found.name for found in (*odd[:NOTED_MOST], *late))

    def _late(self, now: Micros) -> list[Found]:
        late = self.waiting.late(now, LATE_S, LATE_MOST, self._busy)
        return [found for found in late if found.name not in self._noted and found.name not in self._taken]

    async def _refuse(self, files: Iterable[Found], trouble: Trouble, why: str, recording: str = "") -> None:
        odd = [found._replace(trouble=trouble, why=why) for found in files]
        await self._note(odd, self._clock(), recording)
        for found in odd:
            self._left[found.name] = found
        self.waiting.gone([found.name for found in odd])

    async def _forget(self, names: set[str], now: Micros) -> None:
        """Rows of files that are gone, also of those that went while nobody looked."""
        gone = [name for name in self._noted if name not in names]
        digests = [capture_name(self._digest, name) for name in gone] + [
            digest for digest, known in self._known.items() if known.standing != TAKEN
        ]
        kept = [capture_name(self._digest, name) for name in self._left.keys() | self._taken.keys() if name not in names]
        kept += [digest for digest, known in self._known.items() if known.standing == TAKEN]
        if digests or kept:
            async with self._catalogue.change() as change:
                await gone_captures(change.connection, self.node, digests, now)
                await left_captures(change.connection, self.node, kept)
        self._known.clear()
        self._noted.difference_update(gone)
        for name in [name for name in self._left if name not in names]:
            del self._left[name]
        for name in [name for name in self._taken if name not in names]:
            del self._taken[name]
        self.odd = sum(1 for found in self._left.values() if found.trouble is not None)

    async def _old_markers(self, markers: frozenset[str], now: Micros) -> None:
        """Of recordings that are kept, or never were: after a minute without a file nobody needs them."""
        bases = self.waiting.bases()
        self._idle = {base: self._idle.get(base, now) for base in markers if base not in bases}
        old = [base for base, since in self._idle.items() if now - since > IDLE_S * SECOND]
        if old:
            await in_thread(_clear, self.root, old[:NOTED_MOST])

    # ---------------------------------------------------------------- taking

    async def _hand_out(self, group: asyncio.TaskGroup) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(ASK_S):
                    await self._wake.wait()
            self._wake.clear()
            await self._outside.over()
            now = self._clock()
            self._later = {key: until for key, until in self._later.items() if until > now}
            for ready in self.waiting.ready(now, self._busy | self._later.keys()):
                if not await self._hands.take(ready.size):
                    continue  # a large one is at work: this one comes when it is done
                if self._outside.resting():
                    self._hands.give_back(ready.size)
                    break
                self._busy.add(ready.group.key)
                group.create_task(self._one(ready))

    async def _one(self, ready: Ready) -> None:
        try:
            await self._take(ready)
        except (RecordingKeyLost, WrongKey) as lost:
            self._later[ready.group.key] = self._clock() + int(AGAIN_S * SECOND)
            log.error(f"{self._called(ready)} waits: {lost}")
        except AWAY as away:
            self._outside.happened(away)
        except Changed:
            self._counts.changed += 1
            self.waiting.gone(ready.files)
        except Ending:
            self._later[ready.group.key] = NEVER
        except Unsafe as unsafe:
            await self._refuse_later(ready, Trouble.UNSAFE, str(unsafe))
        except FileNotFoundError:
            self.waiting.gone(ready.files)
        except OSError as error:
            self._later[ready.group.key] = self._clock() + int(AGAIN_S * SECOND)
            fault = os.strerror(error.errno or 0)
            log.warning(f"{self._called(ready)} cannot be read ({fault}); let Andon read it. It is tried again each minute.")
        except Exception:
            self._later[ready.group.key] = NEVER
            self._counts.broke += 1
            log.exception(f"{self._called(ready)} cannot be sealed for a fault of Andon's own; it stays there until the next start.")
        finally:
            self._busy.discard(ready.group.key)
            self._hands.give_back(ready.size)
            self._wake.set()

    def _called(self, ready: Ready) -> str:
        return f"The recording {shown(next(iter(ready.files)))} in the spool of {self.node}"

    async def _take(self, ready: Ready) -> None:
        now, group = self._clock(), ready.group
        name = next(iter(ready.files))
        link = await self._calls.link(self.node, name, ready.files[name].changed)
        wait = int(self._link_s * SECOND)
        soon = now - ready.newest < wait or (self._calls.behind and now - ready.since < wait)
        if soon and (link is None or not link.card.ended):
            self._later[group.key] = now + int(ASK_S * SECOND)
            return
        taken = next((self._taken[each] for each in ready.files if each in self._taken), "")
        with as_captured(self.root, group, ready.files, self._hands.ending) as files:
            line = await self._sealing.whole(self.node, files, link, taken)
        self._outside.fine()
        self._counts.took(ready.size, (self._clock() - ready.since) / SECOND)
        if line.state not in GOES_ON:
            await self._refuse(ready.files.values(), Trouble.DOUBLED, "its recording was disposed of", line.id)
            return
        self.waiting.gone(ready.files)
        self._left.update({each: found for each, found in ready.files.items() if look_at(self.root, each) is not None})
        await in_thread(_clear, self.root, [group.base])

    async def _refuse_later(self, ready: Ready, trouble: Trouble, why: str) -> None:
        try:
            await self._refuse(ready.files.values(), trouble, why)
        except HistoryAway as away:
            self._outside.happened(away)


# -------------------------------------------------------------------- in threads


def _closed_heads(root: Path, files: Iterable[Found]) -> list[str]:
    """Names of those whose header says that they were closed."""
    closed = []
    for found in files:
        with suppress(OSError, Unsafe), opened(root, found.name) as handle:
            if says_closed(os.pread(handle, HEADER, 0), found.size):
                closed.append(found.name)
    return closed


def _clear(root: Path, bases: Iterable[str]) -> None:
    for base in bases:
        clear_marker(root, base)
