"""axe-core over the floor page in its states, in both themes and languages: it finds nothing serious.

The page's content security policy lets no test put a script in, so the context passes by it; the policy itself is what
test_floor.py runs under.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.house.sources import say
from tests.wallboard.web import desk, sample
from tests.wallboard.web.browsers import CHROMIUM
from tests.wallboard.web.site import Site, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SERIOUS = ("serious", "critical")


async def serious(page: Page) -> list[str]:
    """Each complaint with the elements it is about."""
    await page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = await page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:120] for node in each['nodes'][:3]]}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]


async def plain(_page: Page) -> None:
    pass


async def agent_details(page: Page) -> None:
    await page.locator("[data-row='1009'] .c-name").click()
    await page.wait_for_selector("[data-strip] rect")
    await page.locator(".table summary").click()


async def reasons(page: Page) -> None:
    await page.locator("[data-row='hall7/sales'] [data-number=service_level]").click()
    await page.wait_for_selector(".told-facts")


async def calls(page: Page) -> None:
    await page.locator("[data-act=tab][data-tab=calls]").click()
    await page.wait_for_selector("[data-grid=calls]")


async def no_match(page: Page) -> None:
    await page.locator("[data-find]").fill("nobody is called so")
    await page.wait_for_selector("[data-note=none_fit]")


async def screens(page: Page) -> None:
    await page.locator("[data-act=screens]").click()
    await page.wait_for_selector("[data-code]")


async def keys(page: Page) -> None:
    await page.keyboard.press("?")
    await page.wait_for_selector("dialog[open]")


STATES: dict[str, Callable[[Page], Awaitable[None]]] = {
    "plain": plain, "agent": agent_details, "why": reasons, "calls": calls, "no match": no_match, "screens": screens, "keys": keys,
}  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
async def test_axe_finds_nothing_serious(browser: Browser, state: str, theme: str) -> None:
    async with serving() as site:
        prepare(site)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True, reduced_motion="reduce")
        page = await context.new_page()
        await page.goto(f"{site.url}/floor?theme={theme}&lang={'zh' if theme == 'dark' else 'en'}")
        await page.wait_for_selector("[data-grid=agents] [data-row]")
        await STATES[state](page)
        complaints = await serious(page)
        await context.close()
    say([f"{state}, {theme}: {complaint}" for complaint in complaints])


@pytest.mark.parametrize("note", ["empty", "loading", "forbidden"])
async def test_axe_finds_nothing_serious_where_there_is_no_floor(browser: Browser, note: str) -> None:
    async with serving() as site:
        prepare(site)
        site.make, site.refuse = (sample.empty if note == "empty" else None), (4403 if note == "forbidden" else 0)
        context = await browser.new_context(bypass_csp=True)
        page = await context.new_page()
        await page.goto(f"{site.url}/floor")
        await page.wait_for_selector(f"[data-note={note}]")
        complaints = await serious(page)
        await context.close()
    say(complaints)


def prepare(site: Site) -> None:
    site.make = desk.floor
    desk.answer_all(site, time.time)
