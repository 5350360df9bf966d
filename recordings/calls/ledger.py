"""The ledger of expected recordings: follows the floor's log with a cursor of its own, writes down each call that ended, and its standing.

Not the fold (`book.py`), the judging (`reconcile.py`) or the rows (`ledger_rows.py`). A call is written as soon as its card comes; the
cursor with the book of open calls some time later, since writing a call twice does no harm. So a process killed at any moment folds at
most that time anew. Recordings that came before their call, or long after it, are linked in `orphans.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec
import structlog
from sqlalchemy import delete, func, insert, select

from realtime.factcodec import decode
from realtime.history.port import HistoryAway
from realtime.log import Log, LogAway, Position, PositionLost, Record
from realtime.plan.archive import ArchiveRules
from realtime.words import SECOND, Micros
from recordings.calls import late
from recordings.calls.book import BadBook, Book
from recordings.calls.ledger_rows import AT_ONCE, Gap, Key, cards_named, cards_of, given_up, put, put_files, put_gap
from recordings.calls.linking import Link, link_by, names, uniqueids
from recordings.calls.refilled import Folded, Past, PastAway, begins, refilled
from recordings.catalogue.batches import by
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import calls, cursor, recordings
from recordings.recording import CallCard

RECORDS: Final = 200
WAIT_MS: Final = 1_000
SAVE_EVERY: Final[Micros] = 30 * SECOND
"""Between two cursors: the book of a large floor has some megabytes, and half a minute is folded in a moment."""
AGAIN_S: Final = 2.0
PAST_TRIES: Final = 30
"""A minute: a database that is started anew is back by then; calls that come meanwhile wait for those of the past."""
OPEN_MOST: Final = 2_000
"""Calls looked at in one turn of reconciling; the others follow a minute later."""
BACK: Final = 1_000
"""Recordings before the start whose calls are looked at once: what was sealed while a former life died."""

log = structlog.get_logger()


class Ledger:
    """`run()` follows; `reconcile()` is to be called each minute. `rules`: of the plan in force."""

    def __init__(
        self,
        catalogue: Catalogue,
        floor_log: Log,
        floor: str,
        rules: Callable[[], ArchiveRules],
        digest: Callable[[str], str],
        clock: Callable[[], Micros],
        save_every: Micros = SAVE_EVERY,
        past: Past | None = None,
    ) -> None:
        """`past`: history, to ask for what the log no longer has; None: none is kept."""
        self.book = Book()
        self.away = ""
        self.behind = True
        self._catalogue, self._log, self._floor = catalogue, floor_log, floor
        self._rules, self._digest, self._clock, self._save_every = rules, digest, clock, save_every
        self._position: Position | None = None
        self._sound = False
        """Whether book, position and catalogue say the same; else all three go back to the cursor."""
        self._saved: Micros = 0
        self._lost: Micros = 0
        """Up to when the log was followed, until it is known from when on it goes on."""
        self._gap: Gap | None = None
        self._place = -1
        self._past, self._asked_past = past, 0

    # ---------------------------------------------------------------- following

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                if not self._sound:
                    await self._resume()
                while True:
                    await self._step()
            except (HistoryAway, LogAway) as away:
                if str(away) != self.away:
                    log.warning(f"Calls are not written down just now: {away}")
                self.away, self.behind = str(away), True
                await asyncio.sleep(AGAIN_S)

    async def _resume(self) -> None:
        async with self._catalogue.reading() as connection:
            row = (await connection.execute(select(cursor).where(cursor.c.id == 1))).mappings().one_or_none()
        book, position = Book(), None
        if row is not None and row["floor"] == self._floor and row["book"]:
            try:
                book, position = Book.load(row["book"]), Position.parse(row["position"])
            except (BadBook, ValueError):
                log.warning("The book of calls is of another version of Andon; the log is folded anew.")
                self._lost = row["seen"]
        self.book, self._position, self._saved, self._sound = book, position, self._clock(), True

    async def _step(self) -> None:
        records, folded = await self._read(), Folded()
        self._sound = False
        for record in records:
            for fact in decode(record.batch):
                self._goes_on(fact.at)
                folded.fold(self.book, fact)
            await asyncio.sleep(0)
        await self._keep(folded)
        if records:
            self._position = records[-1].position
        self._sound = True
        self.behind = len(records) == RECORDS
        if self.away:
            log.warning("Calls are written down again.")
            self.away = ""
        if self._gap is not None or self._clock() - self._saved >= self._save_every:
            await self.save()

    async def _read(self) -> list[Record]:
        try:
            return await self._log.read(self._position, RECORDS, WAIT_MS)
        except PositionLost:
            self._sound = False
            await self._refill(self.book.state.at)
            self._position = None
            return await self._log.read(None, RECORDS)

    async def _refill(self, since: Micros) -> None:
        """What the log no longer has, from history as far as that goes; what neither has is a gap. Raises HistoryAway."""
        self._lost = since
        if self._past is None or not since:
            return
        try:
            first = await begins(self._past)
            if not first:
                return
            if first > since:
                self._gap = Gap(since, first)
                self.book.missed()
            many = 0
            async for folded in refilled(self._past, self.book, since):
                many += len(folded.cards)
                await self._keep(folded)
                self._lost = max(self._lost, folded.at)
            log.warning(f"{many:,} calls that the log no longer had were taken from history.")
        except PastAway as away:
            self._asked_past += 1
            if self._asked_past < PAST_TRIES:
                raise
            log.error(f"History cannot be asked for calls that the log no longer has: {away}")
        self._asked_past = 0

    def _goes_on(self, at: Micros) -> None:
        """The first fact after a position was lost: what the log still has may begin before it, and then nothing is missing."""
        if self._lost and at > self._lost:
            self._gap = Gap(self._gap.since if self._gap is not None else self._lost, at)
            self.book.missed()
            log.error(f"Calls of {self._gap} are not in the ledger: the log does not go back to where the archive last read it.")
        self._lost = 0

    async def save(self) -> None:
        """The cursor and the calls that are open, and once with them what was missed. Raises HistoryAway."""
        if self._position is None:
            return
        values = {"id": 1, "floor": self._floor, "position": str(self._position), "book": await asyncio.to_thread(self.book.dump)}
        values |= {"rules": msgspec.json.encode(self._rules()).decode(), "seen": self.book.state.at}
        async with self._catalogue.change() as change:
            await change.connection.execute(delete(cursor).where(cursor.c.id == 1))
            await change.connection.execute(insert(cursor).values(**values))
            if self._gap is not None:
                await put_gap(change, self._gap, self._clock())
        self._saved, self._gap = self._clock(), None

    async def write(self, cards: Sequence[CallCard]) -> None:
        """Calls that ended, or of which something more is known, with their standing. Raises HistoryAway."""
        kept = [card for card in cards if card.answered or card.recorded or card.files or card.must_record]
        if not kept:
            return
        async with self._catalogue.change() as change:
            await put(change, kept, self._rules(), self._clock())
            await put_files(change.connection, kept)

    async def _keep(self, folded: Folded) -> None:
        """The calls, and then the results of those that the book has forgotten. Raises HistoryAway."""
        await self.write(list(folded.cards.values()))
        if folded.coded:
            async with self._catalogue.reading() as connection:
                cards = await late.cards_of(connection, folded.coded, self._clock())
            await self.write(cards)

    # ---------------------------------------------------------------- linking

    async def link(self, node: str, path: str, when: Micros) -> Link | None:
        """Which call a file belongs to. Raises HistoryAway."""
        return await self.link_by([self._digest(name) for name in names(path)], uniqueids(path), node, when)

    async def link_by(self, keys: Sequence[str], ids: Sequence[str], node: str, when: Micros) -> Link | None:
        found = link_by(keys, ids, node, when, list(self.book.cards(node, tuple(keys), tuple(ids))))
        if found is not None:
            return found
        async with self._catalogue.reading() as connection:
            older = await cards_named(connection, node, keys, ids)
        return link_by(keys, ids, node, when, older)

    # ---------------------------------------------------------------- reconciling

    async def reconcile(self) -> None:
        """What is open, what was sealed since the last time. Raises HistoryAway."""
        async with self._catalogue.reading() as connection:
            if self._place < 0:
                top = (await connection.execute(select(func.max(recordings.c.place)))).scalar_one() or 0
                self._place = max(0, top - BACK)
            later = select(recordings.c.place, recordings.c.node, recordings.c.call).where(recordings.c.place > self._place)
            sealed = (await connection.execute(later.order_by(recordings.c.place).limit(OPEN_MOST))).all()
            waiting = select(calls.c.node, calls.c.call).where(calls.c.standing == "open").order_by(calls.c.began).limit(OPEN_MOST)
            touched = {(row.node, row.call) for row in await connection.execute(waiting)}
            touched |= await given_up(connection, OPEN_MOST)
        await self.judge(touched | {(row.node, row.call) for row in sealed if row.call})
        self._place = sealed[-1].place if sealed else self._place

    async def judge(self, which: Iterable[Key]) -> None:
        """Their standing anew, by the recordings that are known now."""
        for some in by(AT_ONCE, sorted(which)):
            async with self._catalogue.change() as change:
                cards = await cards_of(change.connection, some)
                await put(change, cards, self._rules(), self._clock())
