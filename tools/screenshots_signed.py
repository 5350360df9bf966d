"""Pictures of the pages that only a real board can show: reports of a simulated day, on screen and as they print, and the login.

    python -m tools.screenshots_signed [WORD ...]

Not the wall and the floor page (`screenshots.py`): those have scripted floors. Not a test: nothing is compared.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, ViewportSize, async_playwright

from realtime.factcodec import decode
from tests.realtime.memory_history import MemoryHistory
from tests.realtime.story import Story
from tests.simulation.day import Day
from tests.simulation.plan import Plan
from tests.wallboard.house import House
from tests.wallboard.test_records import house_of
from tests.wallboard.web.browsers import launch
from tools.screenshots import OUT, SIZES, settle
from wallboard.authorise import Role

A4 = ViewportSize(width=718, height=1010)
"""Between the margins, at the 96 points an inch that browsers print by."""


class Scene(NamedTuple):
    path: str
    drawn: str
    fragment: str = ""
    printed: bool = False


SCENES = {
    "login": Scene("login", "input"),
    "reports-queues": Scene("reports", "tbody tr"),
    "reports-agents": Scene("reports", "tbody tr", "kind=agents&by=day&of=each"),
    "reports-printed": Scene("reports", "tbody tr", printed=True),
}


async def main(words: list[str]) -> None:
    OUT.mkdir(exist_ok=True)
    day = Day(Plan(seed=3, minutes=60))
    day.run()
    history = MemoryHistory(fact for batch in day.log.batches for fact in decode(batch))
    with tempfile.TemporaryDirectory() as folder:
        async with async_playwright() as playwright, house_of(Path(folder), Story(day.board.floor, day.board.floor.at), history) as house:
            browser = await launch(playwright)
            for name, scene in SCENES.items():
                for lang in ("zh", "en"):
                    for theme in ("dark", "light"):
                        for size in SIZES:
                            picture = f"{name}-{lang}-{theme}-{size[0]}"
                            if all(word in picture for word in words):
                                await take(browser, house, scene, f"lang={lang}&theme={theme}", size, picture)
            await browser.close()


async def take(browser: Browser, house: House, scene: Scene, query: str, size: tuple[int, int], picture: str) -> None:
    sight = A4 if scene.printed else ViewportSize(width=size[0], height=size[1])
    context = await browser.new_context(viewport=sight, reduced_motion="reduce", locale="zh-CN" if "lang=zh" in query else "en-GB")
    if scene.path != "login":
        token = house.bearer(Role.SUPERVISOR)["Authorization"].removeprefix("Bearer ")
        await context.request.post(f"{house.url}/api/session", data={"token": token}, headers={"Origin": house.url})
    page = await context.new_page()
    if scene.printed:
        await page.emulate_media(media="print")
    await page.goto(f"{house.url}/{scene.path}?{query}#{scene.fragment}")
    await page.wait_for_selector(scene.drawn, state="attached")
    await settle(page)
    await page.screenshot(path=OUT / f"{picture}.png")
    await context.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
