"""axe-core over the console's states, the agent's page and the ledger, in both themes and languages: it finds nothing serious.

As in `test_floor_axe.py` the context passes by the content security policy to put axe in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.house.sources import say
from tests.wallboard.controlled import controlled
from tests.wallboard.web import hall
from tests.wallboard.web.browsers import CHROMIUM
from tests.wallboard.web.site import Site, serving
from tests.wallboard.web.test_agent_page import SCENES
from tests.wallboard.web.test_floor_axe import serious
from wallboard.authorise import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]


async def sheet_of(page: Page, key: str) -> None:
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press(key)
    await page.wait_for_selector("dialog[open]")


async def pause(page: Page) -> None:
    await sheet_of(page, "p")


async def hang_up(page: Page) -> None:
    await sheet_of(page, "h")


async def message(page: Page) -> None:
    await sheet_of(page, "m")


async def palette(page: Page) -> None:
    await sheet_of(page, "Control+k")


async def menu(page: Page) -> None:
    await page.locator("[data-row='1004'] [data-act=row_menu]").click()
    await page.wait_for_selector("[data-rowmenu]")


async def refused(page: Page) -> None:
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("u")
    await page.locator("[data-act=press_more]").click()
    await page.wait_for_selector(".items")


async def meeting(page: Page) -> None:
    await page.locator("[data-act=meeting]").click()
    await page.wait_for_selector("dialog[open] form")


async def alert(page: Page) -> None:
    await page.locator(".alerts .line").first.click()
    await page.wait_for_selector(".take")


async def record(page: Page) -> None:
    for summary in await page.locator(".record summary").all():
        await summary.click()


STATES: dict[str, Callable[[Page], Awaitable[None]]] = {
    "pause": pause, "hang up": hang_up, "message": message, "palette": palette, "menu": menu, "refused": refused, "meeting": meeting,
    "alert": alert, "record": record,
}  # fmt: skip


def prepared(site: Site) -> None:
    site.make = hall.floor
    hall.answer_all(site)
    site.answers["POST /api/orders"] = hall.answers(409, hall.refused("1009"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
async def test_axe_finds_nothing_serious_in_the_console(browser: Browser, state: str, theme: str) -> None:
    async with serving() as site:
        prepared(site)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True, reduced_motion="reduce")
        page = await context.new_page()
        await page.goto(f"{site.url}/floor?theme={theme}&lang={'zh' if theme == 'dark' else 'en'}#at=agent:1009")
        await page.wait_for_selector(".record li")
        await STATES[state](page)
        complaints = await serious(page)
        await context.close()
    say([f"{state}, {theme}: {complaint}" for complaint in complaints])


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious_on_the_agents_page(browser: Browser, theme: str) -> None:
    found: list[str] = []
    async with serving() as site:
        hall.answer_all(site)
        site.answers["POST /api/me/break"] = hall.answers(409, hall.refused())
        context = await browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True, reduced_motion="reduce")
        page = await context.new_page()
        site.own = hall.me
        await page.goto(f"{site.url}/agent?theme={theme}&lang={'zh' if theme == 'dark' else 'en'}")
        await page.wait_for_selector("[data-scene]")
        await page.locator(".big").click()
        await page.locator(".refusal summary").click()
        await page.locator("[data-act=menu]").click()
        found += [f"refused: {each}" for each in await serious(page)]
        for make in SCENES:
            await site.tell(make)
            found += [f"{make.__name__}: {each}" for each in await serious(page)]
        await context.close()
    say(found)


@pytest.mark.parametrize("look", ["theme=light&lang=en", "theme=dark&lang=zh"])
async def test_axe_finds_nothing_serious_in_the_ledger(browser: Browser, tmp_path: Path, look: str) -> None:
    async with controlled(tmp_path) as board:
        boss = await board.signed_in("boss", Role.SUPERVISOR)
        for agent in ("1001", "1002"):
            await board.post("/api/breaks", {"agent": agent, "deed": "ask"}, boss)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True, reduced_motion="reduce")
        name, _, value = boss["Cookie"].partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": board.house.url}])
        page = await context.new_page()
        await page.goto(f"{board.house.url}/breaks?{look}")
        await page.wait_for_selector(".sheet tbody tr")
        await page.locator(".rules summary").click()
        complaints = await serious(page)
        await context.close()
    say(complaints)
