"""The line against one real Asterisk: a hundred calls, a restart, two cuts and a killed adapter; the test files name releases."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.lab import need
from tests.lab.drive import drive
from tests.lab.pair import Pair
from tests.line.agreement import Counts, counts, logged, steadily
from tests.line.floor import Andon, live

CALLS = 50
SECONDS = 35.0
"""Twice: the floor is held against Asterisk between the halves and after them."""


async def whole_line(release: str, folder: Path) -> None:
    need.tree(release)
    async with Pair.open(release, node="north1") as pair, Andon.up(pair, folder) as andon:
        assert await steadily(andon, pair, 5) == []

        async def cable() -> None:
            await pair.proxy.cut()
            await asyncio.sleep(4)
            await pair.proxy.mend()

        async def killed_adapter() -> None:
            await andon.kill("adapter")

        await drive(pair, calls=CALLS, seed=7, seconds=SECONDS, before={15: cable, 35: killed_adapter})
        await agreement(andon, pair)
        await drive(pair, calls=CALLS, seed=8, seconds=SECONDS, before={15: pair.restart_pbx, 35: cable})
        await agreement(andon, pair)


async def agreement(andon: Andon, pair: Pair) -> None:
    """At a quiet moment: queue_log's counts, `queue show`'s members, nobody waiting and no call left."""
    floor = await andon.until(lambda floor: live(floor, "north1") and not floor["calls"], 30)
    found, expected = counts(floor), logged(pair)
    assert found == expected, f"{difference(found, expected)}\n{andon.log()[-2000:]}"
    assert floor["totals"]["waiting"] == floor["totals"]["connecting"] == 0
    assert await steadily(andon, pair, 10) == []


def difference(found: Counts, expected: Counts) -> str:
    return "; ".join(
        f"{queue}: {found.get(queue)} for {expected.get(queue)}"
        for queue in sorted({*found, *expected})
        if found.get(queue) != expected.get(queue)
    )
