"""Calls that a log tells of while the archivist is killed, and how each must stand in the ledger afterwards.

Not the files and the killing (`killing.py`) and not the archive's own wholeness (`killed.py`).
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import msgspec
from sqlalchemy import select

from realtime import outbound
from realtime.decision import Decision
from realtime.factcodec import encode, join
from realtime.facts import RecordingBegan
from realtime.log_redis import RedisLog
from realtime.plan.archive import ArchiveRules
from realtime.recording_facts import RecordingNamed
from realtime.words import SECOND, Micros, Node
from recordings.archivist import Periodic
from recordings.calls.ledger import Ledger
from recordings.calls.orphans import Orphans
from recordings.catalogue.schema import calls, cursor, log, recordings
from recordings.wanted import Wanted
from tests.realtime.story import Telling, about, call_began, call_ended, leg, leg_ended, leg_is, seated
from tests.recordings.archives import AT, NODE, RULES, Archive, digest
from tests.recordings.archivists import now_us, running

FLOOR = "main"
OFTEN_S = 0.4
"""What the archivist does each minute, and the cursor each half: so often, for a life has a second."""
LATER: Micros = 3600 * SECOND
"""By the clock of the last life: whatever has not come by now is missing."""


class Told(msgspec.Struct):
    """A call. `base`: of its files, under the spool, without what the name ends with; `sounds`: whether anything is in them."""

    call: str
    leg: str
    base: str
    sha256: list[str] = []
    sounds: bool = False
    outcome: str = ""

    def standing(self) -> tuple[str, str, int]:
        if not self.sha256:
            return "missing", "never_came", 0
        return ("matched", "", 1) if self.sounds else ("missing", "empty", 1)


class Teller:
    """What an adapter, a gate and an agent say of calls, in one session. Some of it is said before the file is there, some long after."""

    def __init__(self, url: str, dice: random.Random) -> None:
        self._url, self._dice = url, dice
        self._seq = 0
        self._later: list[list[tuple[Telling, Micros]]] = [[(seated("1001"), now_us())]]

    def call(self, number: int) -> Told:
        """Its recording is named by its own id, or as only Asterisk's word can tell."""
        call = f"{int(time.time())}.{number}"
        base = call if number % 2 else f"kept-{number}"
        outcome = self._dice.choice(("", "sold", "complaint"))
        return Told(call, f"{call}-line", f"2026/11/{number % 28 + 1:02}/{base}", outcome=outcome)

    def before(self, told: Told) -> None:
        """The file is left after this. What was put off is said now, and what is said of this call now or later."""
        steps = self._later
        now, when = now_us(), self._dice.choice((0, 1, 2))
        begins, ends = list(_begins(told, now)), list(_ends(told, now))
        mine = [[*begins, *ends], [], []] if when == 0 else [begins, ends, []] if when == 1 else [[], [*begins, *ends], []]
        mine[2] += _coded(told, now)
        said = [steps[place] if place < len(steps) else [] for place in range(len(mine))]
        due, *self._later = [old + new for old, new in zip(said, mine, strict=True)]
        self._say(due)

    def rest(self) -> None:
        for each in self._later:
            self._say(each)
        self._later = []

    def _say(self, tellings: Sequence[tuple[Telling, Micros]]) -> None:
        facts = []
        for telling, at in tellings:
            facts.append(telling.kind(at=at, seen=at, node=Node(NODE), session="story", seq=self._seq, **telling.fields))
            self._seq += 1
        if facts:
            asyncio.run(_append(self._url, join([encode(fact) for fact in facts])))


async def _append(url: str, batch: bytes) -> None:
    """With a connection of its own: whoever forks has none open."""
    floor_log = RedisLog(url, FLOOR)
    try:
        await floor_log.append([batch])
    finally:
        await floor_log.close()


def _begins(told: Told, now: Micros) -> Iterator[tuple[Telling, Micros]]:
    dial = {"dial": told.call, "call": told.call, "leg": told.leg, "agent": "1001", "campaign": "care", "decision": Decision("allow")}
    name = digest(f"{told.base.rpartition('/')[2]}.wav")
    said = [call_began(told.call, "outbound"), Telling(outbound.DialDecided, dial), leg(told.call, "1001", "dialling")]
    said += [leg(told.call, "line", "ringing"), about(RecordingBegan, told.call, leg=told.leg)]
    said += [about(RecordingNamed, told.call, leg=told.leg, name=name)]
    yield from ((each, now - 3 * SECOND) for each in said)
    yield from ((leg_is(told.call, each, "talking"), now - 3 * SECOND) for each in ("1001", "line"))


def _ends(told: Told, now: Micros) -> Iterator[tuple[Telling, Micros]]:
    yield from ((each, now) for each in (leg_ended(told.call, "1001"), leg_ended(told.call, "line"), call_ended(told.call)))


def _coded(told: Told, now: Micros) -> list[tuple[Telling, Micros]]:
    """A complaint is what was a sale first."""
    codes = {"": (), "sold": ("sold",), "complaint": ("sold", "complaint")}[told.outcome]
    return [(Telling(outbound.ResultCoded, {"dial": told.call, "code": code}), now + SECOND) for code in codes]


# -------------------------------------------------------------------- a life


@asynccontextmanager
async def living(archive: Archive, url: str, ahead: Micros = 0) -> AsyncIterator[None]:
    """The archivist with its ledger. `ahead`: of the clock by which calls are missed."""
    floor_log = RedisLog(url, FLOOR)
    ledger = Ledger(archive.catalogue, floor_log, FLOOR, ArchiveRules, archive.digest, lambda: now_us() + ahead, round(OFTEN_S * SECOND))
    wanted = Wanted(RULES, lambda _name: None)
    orphans = Orphans(archive.catalogue, ledger, archive.stores, lambda: wanted, "Asia/Shanghai", lambda: AT)
    tasks = (Periodic("The ledger", OFTEN_S, ledger.reconcile), Periodic("Orphans", OFTEN_S, orphans.adopt))
    there = asyncio.Event()

    async def opened() -> None:
        there.set()

    async def follow() -> None:
        await there.wait()
        await ledger.run()

    try:
        async with running(archive, tasks, calls=ledger, opened=opened), asyncio.TaskGroup() as group:
            following = group.create_task(follow())
            yield
            following.cancel()
    finally:
        await floor_log.close()


# -------------------------------------------------------------------- afterwards


async def wrong(archive: Archive, url: str, told: Sequence[Told]) -> list[str]:
    """What is not as it must be, a line each: how each call stands, and the cursor at the log's end."""
    lines = {row["call"]: row for row in await archive.rows(calls)}
    rows = await archive.rows(recordings)
    files, has = await _files(archive), dict[str, list[tuple[object, ...]]]()
    for row in rows:
        has.setdefault(row["call"], []).append((row["leg"], row["agent"], row["outcome"], files.get(row["id"])))
    found = [f"{call} was never told" for call in lines.keys() - {each.call for each in told}]
    found += [f"{row['id']} is of no call" for row in rows if not row["call"] or "orphan" in row["trouble"]]
    for each in told:
        line = lines.get(each.call)
        stands = (line["standing"], "" if line["standing"] == "matched" else line["reason"], line["recordings"]) if line else None
        found += [] if stands == each.standing() else [f"{each} stands as {stands}"]
        said = has.get(each.call, [])
        wanted = [(each.leg, "1001", each.outcome, sorted(each.sha256))] if each.sha256 else []
        found += [] if said == wanted else [f"{each} has {said}"]
    return found + await _cursor(archive, url)


async def _files(archive: Archive) -> dict[str, list[str]]:
    """SHA-256 of what each was sealed from, by its id."""
    async with archive.catalogue.reading() as connection:
        leaves = (await connection.execute(select(log.c.subject, log.c.leaf).where(log.c.kind == "seal"))).all()
    return {row.subject: sorted(each["sha256"] for each in json.loads(row.leaf)["public"]["files"]) for row in leaves}


async def _cursor(archive: Archive, url: str) -> list[str]:
    floor_log = RedisLog(url, FLOOR)
    try:
        last = str(await floor_log.last())
    finally:
        await floor_log.close()
    at = [row["position"] for row in await archive.rows(cursor)]
    return [] if at == [last] else [f"the cursor is at {at}, the log ends at {last}"]
