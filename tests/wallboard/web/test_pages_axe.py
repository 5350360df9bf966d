"""axe-core over the wall, the page to sign in and the reports, in both themes and languages: it finds nothing serious.

The floor page has its own, `test_floor_axe.py`. As there, the context passes by the content security policy to put axe in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from realtime.factcodec import decode
from tests.house.sources import say
from tests.realtime.memory_history import MemoryHistory
from tests.realtime.story import Story
from tests.simulation.day import Day
from tests.simulation.plan import Plan
from tests.wallboard.test_records import house_of
from tests.wallboard.web import sample
from tests.wallboard.web.browsers import CHROMIUM, launch
from tests.wallboard.web.site import serving
from tests.wallboard.web.test_floor_axe import serious
from wallboard.authorise import Role

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages")]
LOOKS = [f"lang={lang}&theme={theme}" for lang in ("zh", "en") for theme in ("dark", "light")]


@asynccontextmanager
async def opened() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True, reduced_motion="reduce")
        yield await context.new_page()
        await browser.close()


async def complaints(page: Page, url: str, drawn: str) -> list[str]:
    """Of one page in each of its looks."""
    found: list[str] = []
    for look in LOOKS:
        await page.goto(f"{url}?{look}")
        await page.wait_for_selector(drawn)
        found += [f"{look}: {each}" for each in await serious(page)]
    return found


async def test_axe_finds_nothing_serious_on_the_wall() -> None:
    async with serving() as site, opened() as page:
        site.make = sample.floor
        found = await complaints(page, f"{site.url}/wall", ".agent")
    say(found)


async def test_axe_finds_nothing_serious_where_one_signs_in_and_on_reports(tmp_path: Path) -> None:
    day = Day(Plan(seed=3, minutes=60))
    day.run()
    history = MemoryHistory(fact for batch in day.log.batches for fact in decode(batch))
    async with house_of(tmp_path, Story(day.board.floor, day.board.floor.at), history) as house, opened() as page:
        found = await complaints(page, f"{house.url}/login", "input")
        secret, _ = house.board.tokens.create(Role.SUPERVISOR, "test", house.clock())
        answer = await page.context.request.post(f"{house.url}/api/session", data={"token": secret}, headers={"Origin": house.url})
        assert answer.ok
        found += await complaints(page, f"{house.url}/reports", "tbody tr")
    say(found)
