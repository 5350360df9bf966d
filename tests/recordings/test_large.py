"""What is done for each recording, and each minute, costs no more in a large archive than in a small one.

Of SQLite the steps are counted; the indexes are PostgreSQL's, too.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from msgspec import structs
from sqlalchemy import Table, insert

from realtime.log_memory import MemoryLog
from realtime.outbound import dial_id
from realtime.words import SECOND, Micros
from recordings.calls import late
from recordings.calls.ledger import Ledger
from recordings.calls.ledger_rows import put, put_files
from recordings.calls.linking import Link
from recordings.calls.orphans import Orphans
from recordings.catalogue.schema import call_files, calls, captures, copies, keys, recordings
from recordings.crypt import keeping
from recordings.recording import CallCard
from recordings.sealing_captures import GONE, REFUSED, TAKEN, gone_captures, left_captures
from recordings.vault import fixity
from recordings.vault.tables import rounds
from recordings.wanted import Wanted
from tests.recordings.archives import AT, NODE, RULES, Archive
from tests.recordings.migrated import Migrated
from tests.recordings.sounds import leave, tone, wav
from tests.recordings.steps import statements, steps

SMALL, LARGE = 20, 4_000
MANY = 1_000
KEK: Final = "five.2031-11.9"
DAY: Final = 86_400 * SECOND
LEG = "1795000000.1"
CARD = CallCard(
    node=NODE, call=LEG, began=AT, answered=AT + SECOND, ended=AT + 3 * SECOND, direction="inbound", legs=(LEG,), files={"f" * 32: LEG}
)


async def test_nothing_that_is_done_again_and_again_reads_all_there_is(migrated: Migrated, tmp_path: Path) -> None:
    small, large = [await _counted(migrated, tmp_path / str(many), many) for many in (SMALL, LARGE)]
    grown = {name: (small[name], large[name]) for name in small if large[name] > small[name] + LARGE}
    assert not grown, "a step for each line that lies there would be more"


async def test_many_at_once_are_not_asked_one_by_one(archive: Archive) -> None:
    """A change has some seconds: a PBX that starts anew ends thousands of calls, and somebody clears a spool of as many odd files."""
    cards = [structs.replace(CARD, call=f"call{each}", files={f"{each:032}": "x"}) for each in range(MANY)]
    digests = [f"{each:032}" for each in range(MANY)]
    common = {"node": NODE, "shown": "", "size": 1, "changed": 1, "first_seen": AT}
    odd = [common | {"name": each, "standing": REFUSED if at % 2 else TAKEN} for at, each in enumerate(digests)]
    async with archive.catalogue.change() as change:
        await change.connection.execute(insert(captures), odd)
        with statements() as said:
            await put(change, cards, RULES, AT)
            await put_files(change.connection, cards)
            await gone_captures(change.connection, NODE, digests, AT)
            await left_captures(change.connection, NODE, digests)
    assert len(said) < MANY / 10
    assert (len(await archive.rows(calls)), len(await archive.rows(call_files))) == (MANY, MANY)
    assert {row["standing"] for row in await archive.rows(captures)} == {GONE}
    assert len(await archive.rows(captures)) == MANY / 2


@pytest.fixture(params=["sqlite", "postgres"])
async def archive(request: pytest.FixtureRequest, migrated: Migrated, tmp_path: Path) -> AsyncIterator[Archive]:
    url = migrated.sqlite(tmp_path) if request.param == "sqlite" else migrated.postgresql(request.getfixturevalue("postgres"))
    made = Archive(tmp_path, url)
    yield made
    await made.catalogue.close()


async def _counted(migrated: Migrated, folder: Path, many: int) -> dict[str, int]:
    with steps() as made:
        url = migrated.sqlite(folder)
        archive = Archive(folder, url)
        await _filled(archive, many)
        found = {}
        for name, work in _works(archive).items():
            await work()  # what a first time makes
            made.many = 0
            await work()
            found[name] = made.many
        assert sum(found.values()), "they are counted"
        await archive.catalogue.close()
    return found


async def _filled(archive: Archive, many: int) -> None:
    """Of last year, one in four of no call; the second vault is not set any more, and no copy in the first is due."""
    places = range(1, many + 1)
    line = {"node": NODE, "state": "kept", "sha256": b"s" * 32, "container": b"c" * 32, "length_ms": 1000, "bytes": 1}
    rows: dict[Table, list[dict[str, Any]]] = {
        recordings: [
            line | {"place": place, "id": f"{place:020}", "began": _at(place), "sealed_at": _at(place), "call": _call(place)}
            for place in places
        ],
        copies: [{"recording": place, "vault": 0, "checked_at": AT + 1000 * DAY, "good": True} for place in places]
        + [{"recording": place, "vault": 1, "checked_at": AT, "good": True} for place in places],
        keys: [{"recording": place, "kek": KEK, "wrapped": b"w" * 40} for place in places],
        calls: [_matched(structs.replace(CARD, call=f"call{place}", began=_at(place), dial=dial_id(_at(place), "00"))) for place in places],
        call_files: [{"node": NODE, "name": f"{place:032}", "call": f"call{place}", "leg": LEG, "at": 0} for place in places],
        rounds: [{"number": 1, "began": AT, "ended": AT}],
    }
    archive.stores.make(KEK)
    async with archive.catalogue.change() as change:
        for table, lines in rows.items():
            await change.connection.execute(insert(table), lines)


def _matched(card: CallCard) -> dict[str, Any]:
    known = {"node": card.node, "call": card.call, "began": card.began, "dial": card.dial}
    return known | {"standing": "matched", "card": msgspec.json.encode(card).decode()}


def _at(place: int) -> Micros:
    return AT - 400 * DAY + place * SECOND


def _call(place: int) -> str:
    return f"call{place}" if place % 4 else ""


def _works(archive: Archive) -> dict[str, Callable[[], Awaitable[object]]]:
    ledger = Ledger(archive.catalogue, MemoryLog(), "main", lambda: RULES, archive.digest, lambda: AT)
    orphans = Orphans(archive.catalogue, ledger, archive.stores, lambda: Wanted(RULES, lambda _name: None), "UTC", lambda: AT)
    files = itertools.count()

    async def sealed(link: Link | None) -> None:
        leave(archive.spool / f"{next(files)}.wav", wav(tone(0.5, seed=next(files))))
        await archive.take(link)

    async def coded() -> None:
        async with archive.catalogue.reading() as connection:
            await late.cards_of(connection, {dial_id(AT - DAY, "ff"): "sold"}, AT)

    return {
        "a recording of a call": lambda: sealed(Link(CARD, LEG, "named")),
        "a recording of no call": lambda: sealed(None),
        "what call a file is of": lambda: ledger.link(NODE, "a.wav", AT),
        "a call": lambda: ledger.write([CARD]),
        "a late result": coded,
        "calls that are open": ledger.reconcile,
        "orphans": orphans.adopt,
        "what a former life left": lambda: archive.sealing.unfinished([NODE], 200),
        "fixity": lambda: fixity.check(archive.catalogue, archive.vaults, lambda: AT + next(files) * DAY, every=DAY),
        "keys": lambda: keeping.finish(archive.catalogue, archive.stores, lambda: AT),
    }
