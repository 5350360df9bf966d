"""Pictures of the pages that only a real board can show: reports of a simulated day and the ledger of breaks, on screen and as they
print, the login, and console, agent's page and campaigns with the real rules behind them.

    python -m tools.screenshots_signed [WORD ...]

Not the wall and the floor page (`screenshots.py`): those have scripted floors. Not a test: nothing is compared.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, ViewportSize, async_playwright

from realtime.factcodec import decode
from tests.realtime.memory_history import MemoryHistory
from tests.realtime.story import Story
from tests.simulation.day import Day
from tests.simulation.plan import Plan
from tests.wallboard.campaigning import dialling
from tests.wallboard.controlled import Hall, controlled
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
    who: tuple[str, Role] = ("boss", Role.SUPERVISOR)
    """Who has signed in, of a board with a plan."""


CONTROLLED = {
    "breaks": Scene("breaks", ".sheet tbody tr"),
    "breaks-printed": Scene("breaks", ".sheet tbody tr", printed=True),
    "real-console": Scene("floor", "[data-wait]", "at=agent:1001"),
    "real-agent-on": Scene("agent", "[data-scene=on]", who=("wang", Role.AGENT)),
    "real-agent-waiting": Scene("agent", "[data-scene=waiting]", who=("li.qiang", Role.AGENT)),
}
MANAGER = ("manager", Role.MANAGER)
DIALLING = {
    "campaigns": Scene("campaigns", ".campaign-card", who=MANAGER),
    "campaigns-one": Scene("campaigns", ".reasons", "one=renewals", who=MANAGER),
    "campaigns-gate": Scene("campaigns", "[data-form=gate]", "tab=gate", who=MANAGER),
    "campaigns-lists": Scene("campaigns", "tbody tr", "tab=lists", who=MANAGER),
    "campaigns-statement": Scene("campaigns", "tfoot", "statement=arrears", who=MANAGER),
    "campaigns-statement-printed": Scene("campaigns", "tfoot", "statement=arrears", printed=True, who=MANAGER),
}
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
        async with async_playwright() as playwright, controlled(Path(folder) / "controlled") as hall:
            browser = await launch(playwright)
            await asked_for_breaks(hall)
            await scenes_of(browser, hall, CONTROLLED, words)
            await browser.close()
        async with async_playwright() as playwright, dialling(Path(folder) / "dialling") as hall:
            browser = await launch(playwright)
            await scenes_of(browser, hall, DIALLING, words)
            await browser.close()


async def asked_for_breaks(hall: Hall) -> None:
    """One on a break, one who waits, a third granted one: by the rules."""
    boss = await hall.signed_in("boss", Role.SUPERVISOR)
    for agent in ("1001", "1002", "1003"):
        await hall.post("/api/breaks", {"agent": agent, "deed": "ask"}, boss)


async def scenes_of(browser: Browser, hall: Hall, scenes: Mapping[str, Scene], words: list[str]) -> None:
    for name, scene in scenes.items():
        for look in LOOKS:
            for size in ((390, 844),) if scene.path == "agent" else SIZES:
                picture = f"{name}-{look.replace('lang=', '').replace('&theme=', '-')}-{size[0]}"
                if all(word in picture for word in words):
                    cookie = (await hall.signed_in(*scene.who))["Cookie"]
                    await take(browser, hall.house, scene, look, size, picture, cookie)


LOOKS = [f"lang={lang}&theme={theme}" for lang in ("zh", "en") for theme in ("dark", "light")]


async def take(browser: Browser, house: House, scene: Scene, query: str, size: tuple[int, int], picture: str, cookie: str = "") -> None:
    sight = A4 if scene.printed else ViewportSize(width=size[0], height=size[1])
    context = await browser.new_context(viewport=sight, reduced_motion="reduce", locale="zh-CN" if "lang=zh" in query else "en-GB")
    if cookie:
        name, _, value = cookie.partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": house.url}])
    elif scene.path != "login":
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
