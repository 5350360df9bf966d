"""Real Asterisks record by the dialplan that we deploy, and by dialplans of others: what lies in the spool is taken in, whole, once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import sqlite_url
from recordings.catalogue.schema import log, recordings
from tests.lab.pair import NoTree, Pair
from tests.lab.people import World
from tests.recordings.archives import Archive
from tests.recordings.archivists import running

pytestmark = pytest.mark.asterisk

SHIPPED = (Path(__file__).parents[2] / "deploy/asterisk/extensions_andon.conf").read_text()
OURS = """
[from-carrier](+)
exten => recorded,1,Answer()
 same => n,Gosub(andon-record,s,1)
 same => n,Gosub(andon-record,s,1)
 same => n,Queue(support,tT,,,30)
 same => n,Hangup()
"""
PATIENCE_S = 60.0


@pytest.mark.parametrize("release", ["sid", "bullseye"])
async def test_what_asterisk_writes_is_taken_in(release: str, tmp_path: Path) -> None:
    try:
        async with Pair.open(release, extra_pbx={"extensions.conf": SHIPPED + OURS}) as pair:
            archive = Archive(tmp_path, sqlite_url(tmp_path), spool=pair.spool)
            world = await World.enter(pair)
            try:
                await archive.catalogue.open()
                async with running(archive, leftover_s=3600):
                    await calls(pair, world, archive)
            finally:
                await world.leave()
                await archive.catalogue.close()
    except NoTree as reason:
        pytest.skip(str(reason))


async def calls(pair: Pair, world: World, archive: Archive) -> None:
    await pair.cli(f"dialplan set global ANDON_SPOOL {pair.pbx.site.home}/spool/monitor")
    for number, called in (("13800000001", "recorded"), ("13800000002", "support"), ("13800000003", "sales")):
        caller = await world.call(number, called)
        await caller.up()
        await asyncio.sleep(1.5)  # of ringing, which is what is recorded
        await caller.hang_up()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            rows = await archive.rows(recordings)
            if len(rows) == 3 and {row["state"] for row in rows} == {"kept"}:
                break
            await asyncio.sleep(0.1)
    assert not list(pair.spool.rglob("*.wav"))
    # Nobody answered, so a leg is empty: where a mixed file lies beside the two, that one is heard.
    assert sorted((row["format"], row["sides"]) for row in rows) == [("tar/wav", 1), ("tar/wav", 2), ("wav", 1)]
    seals = [json.loads(row["leaf"])["public"] for row in await archive.rows(log) if row["kind"] == "seal"]
    assert sorted(sorted(file["side"] for file in seal["files"]) for seal in seals) == [["mixed"], ["mixed", "rx", "tx"], ["rx", "tx"]]
    assert max(row["length_ms"] for row in rows) > 500
    assert {row["trouble"].partition(",")[0] for row in rows if not row["length_ms"]} <= {"empty"}, (
        "with b, nothing before somebody answers"
    )
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if not list((pair.spool / ".done").iterdir()):
                return
            await asyncio.sleep(0.1)
