"""Recordings whose call was not known when they were sealed: linked when it is, with the class and term that follow from it.

Not the matching (`linking.py`). What a name said was written into the private part of the seal: digests and uniqueids, never the name.
The seal stays as it was; that the recording is this call's is an entry of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
import structlog
from sqlalchemy import RowMapping, select, update

from realtime.words import SECOND, Micros
from recordings.calls.ledger import Ledger
from recordings.calls.linking import Link
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.lines import is_doubled, keep_agents
from recordings.catalogue.schema import log as entries
from recordings.catalogue.schema import recordings
from recordings.crypt.keeping import rekey
from recordings.crypt.stores import KeyStores
from recordings.proof.entries import Entry, Json
from recordings.recording import Sound
from recordings.retention.clocks import Clocks, class_named, class_of, disposal_month, keeping
from recordings.sealing_lines import of_call, short, spans_of, words
from recordings.wanted import Wanted
from recordings.words import WORTHLESS, Kind, State, Trouble

LOOKED: Final[Micros] = 24 * 3600 * SECOND
"""So long after its seal a call is looked for: the book follows the log within seconds, after a night without it within minutes."""
MOST: Final = 200
"""At a time of the newest, and of the others."""
AT_REST: Final = (State.CAPTURED.value, State.STORED.value, State.KEPT.value)

log = structlog.get_logger()


class Hints(msgspec.Struct, frozen=True):
    """What was written down of a name, in the private part of the seal."""

    names: tuple[str, ...] = ()
    uniqueids: tuple[str, ...] = ()
    changed: Micros = 0


class Orphans:
    """`adopt()` is to be called each minute."""

    def __init__(
        self,
        catalogue: Catalogue,
        ledger: Ledger,
        stores: KeyStores,
        wanted: Callable[[], Wanted],
        timezone: str,
        clock: Callable[[], Micros],
    ) -> None:
        self._catalogue, self._ledger, self._stores = catalogue, ledger, stores
        self._wanted, self._timezone, self._clock = wanted, timezone, clock
        self._next = 0
        """Where to go on, of those that are not the newest; 0: behind them."""

    async def adopt(self) -> int:
        """How many were linked. Raises HistoryAway, StoreAway."""
        linked = 0
        for row in await self._some():
            hints = msgspec.json.decode(row["private"], type=Hints) if row["private"] else Hints()
            link = await self._ledger.link_by(hints.names, hints.uniqueids, row["node"], hints.changed)
            if link is not None and link.card.ended:
                await self._take(row, link)
                linked += 1
        return linked

    async def _some(self) -> list[RowMapping]:
        """The newest; where those are not all, the next ones of the day, too: many may be of calls that nobody will ever hear of."""
        newest = await self._below(0)
        if len(newest) < MOST:
            return newest
        last = newest[-1]["place"]
        older = await self._below(min(self._next or last, last))
        self._next = older[-1]["place"] if len(older) == MOST else 0
        return newest + older

    async def _below(self, place: int) -> list[RowMapping]:
        """Orphans that were sealed within the day and before this one, the last first. Places come in the order of seals."""
        line = recordings.c
        old = select(line.place).where(line.sealed_at <= self._clock() - LOOKED).order_by(line.place.desc()).limit(1)
        columns = select(recordings, entries.c.private).join(entries, entries.c.index == line.sealed_entry)
        wanted = (line.call == "") & line.state.in_(AT_REST)
        if place:
            wanted &= line.place < place
        async with self._catalogue.reading() as connection:
            # Asked for by itself: PostgreSQL's planner has to know how few lines come behind it.
            wanted &= line.place > ((await connection.execute(old)).scalar() or 0)
            return list((await connection.execute(columns.where(wanted).order_by(line.place.desc()).limit(MOST))).mappings())

    async def _take(self, row: RowMapping, link: Link) -> None:
        wanted, card = self._wanted(), link.card
        class_ = row["class"] or class_of(card, wanted.campaign(card.campaign), wanted.rules)
        kept = keeping(class_named(class_, wanted.rules), Clocks(timezone=self._timezone, call=row["began"]), self._clock())
        spans = spans_of(link, row["began"], row["length_ms"])
        values = {
            **of_call(link),
            "spans": msgspec.json.encode(spans).decode() if spans else "",
            "class_": class_,
            "keep_until": kept.keep_until,
            "delete_by": kept.delete_by,
            "kept_by": kept.kept_by,
            "conflict": kept.conflict,
        }
        public: dict[str, Json] = {"linked": link.how, "class": class_, "keep_until": kept.keep_until}
        private: dict[str, Json] = {"call": card.call, "leg": link.leg, "agents": list(card.agents), "campaign": card.campaign}
        async with self._catalogue.change() as change:
            here = (recordings.c.place == row["place"]) & (recordings.c.call == "")
            doubled = await is_doubled(change.connection, card, link.leg, row["place"])
            trouble = self._trouble(row, link, doubled)
            done = await change.connection.execute(update(recordings).where(here).values(**values, trouble=trouble))
            if done.rowcount == 0:
                return
            await keep_agents(change.connection, row["place"], row["began"], card.agent, ",".join(card.agents))
            await change.append(Entry(kind=Kind.RECLASS, at=self._clock(), subject=row["id"], public=public, private=private))
        await self._ledger.judge([(card.node, card.call)])
        # Left undone by a death here, the key stays with its old class: whoever destroys that one wraps what else it wraps anew.
        await rekey(self._catalogue, self._stores, [row["place"]], class_, disposal_month(kept.keep_until, self._timezone))

    def _trouble(self, row: RowMapping, link: Link, doubled: bool) -> str:
        """As if its call had been known when it was sealed."""
        found = {Trouble(word) for word in row["trouble"].split(",") if word} - {Trouble.ORPHAN}
        if doubled:
            found.add(Trouble.DOUBLED)
        if not found & WORTHLESS and short(link.card, Sound(length_ms=row["length_ms"]), self._wanted().rules):
            found.add(Trouble.SHORT)
        return words(frozenset(found))
