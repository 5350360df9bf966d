"""From wire to pixel, measured: a simulated PBX over TCP, a real adapter, Valkey and board, a real Chromium, and a feed that is late.

The board's measure has the way back in it, the page's has not; both must be there, plausible, and grow when the feed is held up.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from agi.adapter import Adapter, Pbx
from agi.client import Endpoint
from agi.exchange import Credentials
from realtime import view
from realtime.appender import Appender
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower, Step
from realtime.store import open_store
from realtime.words import Node
from tests.line.simulated import SECRET, USERNAME, simulated
from tests.valkeys import new_floor
from tests.wallboard.house import House, running, until
from tests.wallboard.web.browsers import CHROMIUM, launch
from wallboard.authorise import Role

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages")]

HELD_UP_S = 0.8


class Late:
    """A follower whose every step is held up."""

    def __init__(self, follower: Follower[Floor, Changes]) -> None:
        self.by_s = 0.0
        self._follower = follower

    async def steps(self) -> AsyncIterator[Step[Floor, Changes]]:
        async for step in self._follower.steps():
            await asyncio.sleep(self.by_s)
            yield step


@asynccontextmanager
async def stack(valkey: str, folder: Path, role: Role = Role.SCREEN) -> AsyncIterator[tuple[House, Adapter, Late]]:
    writing, reading = (open_store(valkey, name) for name in [new_floor()] * 2)
    async with simulated("hall7") as pbx:
        appender = Appender(writing.log)
        account = Pbx(Node("hall7"), Endpoint("127.0.0.1", pbx.port), Credentials(USERNAME, SECRET))
        adapter = Adapter(account, appender, lambda _number, _at: None, "s", Floor())
        tasks = [asyncio.create_task(appender.run()), asyncio.create_task(adapter.run())]
        late = Late(Follower(reading.log, reading.checkpoints, FloorFolding()))
        try:
            async with running(folder, open_floor=False, real=view, follow=late, public_role=role) as house:
                house.clock.ahead = 0  # the adapter's clock is this machine's
                await until(lambda: house.board.feed.has_floor)
                yield house, adapter, late
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for store in (writing, reading):
                await store.close()


def measured(house: House, view: str = "wall") -> tuple[int, float]:
    """How often the board has measured it, and the sum of it, as /metrics says."""
    text = house.board.feed.metrics.text().decode()
    count, total = (
        re.search(rf'^andon_wire_to_pixel_seconds_{what}{{view="{view}"}} (\S+)$', text, re.MULTILINE) for what in ("count", "sum")
    )
    assert count is not None
    assert total is not None
    return int(float(count[1])), float(total[1])


async def shown(page: Page) -> float:
    text = await page.locator("[data-lag]").inner_text()
    found = re.search(r"(\d+\.\d+) s$", text)
    assert found is not None, text
    return float(found[1])


async def test_the_way_is_measured_and_a_late_feed_is_seen(valkey: str, tmp_path: Path) -> None:
    async with stack(valkey, tmp_path) as (house, adapter, late), async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page(locale="en-GB")
        await page.goto(f"{house.url}/wall")
        await until(lambda: measured(house)[0] >= 1, 20)
        count, total = measured(house)
        assert 0 < total / count < 2
        await page.keyboard.press("?")
        await page.wait_for_selector("[data-lag]")
        assert 0 < await shown(page) < 2
        late.by_s = HELD_UP_S
        before = measured(house)
        await until(lambda: measured(house)[0] >= before[0] + 2, 20)
        after = measured(house)
        assert HELD_UP_S / 2 < (after[1] - before[1]) / (after[0] - before[0]) < 5, "the first of the two may have been under way"

        async def grown() -> bool:
            return await shown(page) > HELD_UP_S

        await until(grown, 10)
        await browser.close()
    said = {family.name: family.samples[0] for family in adapter.families() if family.samples}
    assert sum(said["andon_adapter_ping_seconds"].counts) >= 5
    assert abs(said["andon_adapter_clock_offset_seconds"].value) < 1
    assert said["andon_adapter_events"].value > 0


async def test_the_floor_page_measures_it_too(valkey: str, tmp_path: Path) -> None:
    async with stack(valkey, tmp_path, Role.SUPERVISOR) as (house, _, _), async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page(locale="en-GB")
        await page.goto(f"{house.url}/floor")
        await until(lambda: measured(house, "floor")[0] >= 1, 20)
        count, total = measured(house, "floor")
        assert 0 < total / count < 2
        await page.wait_for_selector("[data-fresh][title^='From the PBX to this screen: ']")
        await browser.close()
