"""One wall that nobody touches, over one whole `andon up`: killed servers, an hour that goes by, a new build, and sent away.

After each it shows what `/api/floor` says and calls it live, by itself, and its console has said nothing but that nobody answered.
The board runs from a copy of the package, so that its pages can change under it.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Error, Page, async_playwright, expect

from tests.house.sources import ROOT
from tests.line.floor import READY_S, Andon, command, free_port, live
from tests.line.simulated import SECRET, USERNAME, simulated
from tests.line.test_bad_moments import NODE, SETTINGS
from tests.wallboard.web.browsers import PATIENCE_MS, WHOLE, launch

pytestmark = [pytest.mark.browser, pytest.mark.skipif(WHOLE is None, reason="no chromium here: it draws the pages")]

BOARDS = """\
[[board]]
id = "hall"
name = "Hall 7"
[[board.page]]
seconds = 30
[[board.page]]
layout = "number"
number = "offered"
seconds = 30
[[board]]
id = "sales"
name = "Sales only"
queues = ["sales"]
"""
BACK_S = 30.0
HOUR_MS = 3_600_000
LEAPS = 12
NOBODY_ANSWERS = re.compile(r"net::ERR_CONNECTION_REFUSED|net::ERR_CONNECTION_RESET|WebSocket connection to .* failed|401 \(Unauthorized\)")
"""What Chromium itself writes when a server is away; a page cannot keep it from doing so."""


async def test_a_wall_nobody_touches_heals_from_everything(tmp_path: Path) -> None:
    async with stack(tmp_path) as andon, screen() as (page, complaints):
        await page.goto(f"{andon.url}/b/hall")
        await let_in(andon, page, "hall")
        await right(page, andon)
        await page.evaluate("() => (window.loaded = 1)")

        await andon.kill("board")
        await expect(page.locator(".side")).to_contain_text("reconnecting")
        await right(page, andon)

        await andon.kill("valkey-server")
        await right(page, andon)

        await an_hour(page)
        await right(page, andon)
        assert await page.evaluate("() => window.loaded") == 1, "time alone is no reason to load the page anew"

        await new_build(andon, page)
        await right(page, andon)
        assert await page.locator("meta[name=andon-test]").count() == 1

        await sent_away(andon, page)
        await let_in(andon, page, "sales")
        await right(page, andon, ["sales"])
        assert page.url == f"{andon.url}/b/sales", "the address says what is shown"
    assert [said for said in complaints if not NOBODY_ANSWERS.search(said)] == []


# ------------------------------------------------------------------ what goes by


async def an_hour(page: Page) -> None:
    """In leaps, each with a moment of the real world in between; after each the websocket seems to have been silent."""
    before = await page.evaluate(SEEN)
    places, layouts = {before["place"]}, {before["layout"]}
    for _ in range(LEAPS):
        await page.clock.fast_forward(HOUR_MS // LEAPS)
        await until(lambda: is_drawn(page))
        seen = await page.evaluate(SEEN)
        places.add(seen["place"])
        layouts.add("red, and not turned away from" if seen["red"] else seen["layout"])
    after = await page.evaluate(SEEN)
    assert len(layouts) >= 2, "both pages have had their turns"
    assert len(places) >= 4, "the layout has drifted about"
    assert after["first"] is False, "and was drawn anew as a whole"
    assert after["size"] == before["size"], "without a change of its size"


SEEN = """() => {
    const wall = document.querySelector(".wall");
    return {
        first: wall === (window.firstWall ||= wall),
        size: [wall.offsetWidth, wall.offsetHeight].join(),
        place: wall.style.getPropertyValue("--drift-x") + wall.style.getPropertyValue("--drift-y"),
        layout: document.querySelector("[data-number]") ? "number" : "wall",
        red: document.querySelector(".act") !== null,
    };
}"""


async def is_drawn(page: Page) -> bool:
    return await page.locator(".side").count() == 1 and "reconnecting" not in await page.locator(".side").inner_text()


async def new_build(andon: Andon, page: Page) -> None:
    """A changed page and a restarted board: the wall loads itself anew, at the latest when something has been red for half an hour."""
    file = andon.folder / "wallboard" / "web" / "wall.html"
    file.write_text(file.read_text().replace("<title>", '<meta name="andon-test" content="new"><title>'))
    await andon.kill("board")
    for _ in range(LEAPS):
        await page.clock.fast_forward(HOUR_MS // LEAPS)
        await until(lambda: is_settled(page))
        if await is_reloaded(page):
            return
    raise AssertionError("the wall still shows the pages of before")


async def is_settled(page: Page) -> bool:
    return await is_reloaded(page) or await is_drawn(page)


async def is_reloaded(page: Page) -> bool:
    try:
        return await page.evaluate("() => window.loaded") != 1
    except Error:  # just between the two
        return False


async def sent_away(andon: Andon, page: Page) -> None:
    said = await command(andon.folder, "screen", "list")
    (screen_id,) = re.findall(r"is in    (\w+)  board hall", said.out)
    said = await command(andon.folder, "screen", "revoke", screen_id)
    assert said.code == 0, said.err
    await expect(page.locator("[data-note=pairing] .code")).to_have_text(CODE)


CODE = re.compile(r"[A-Z0-9]{3} [A-Z0-9]{3}")


async def let_in(andon: Andon, page: Page, board: str) -> None:
    shown = page.locator("[data-note=pairing] .code")
    await expect(shown).to_have_text(CODE)
    said = await command(andon.folder, "screen", "approve", await shown.inner_text(), "--board", board, "--label", "by the door")
    assert said.code == 0, said.err


# ------------------------------------------------------------------ what is right


async def right(page: Page, andon: Andon, queues: list[str] | None = None) -> None:
    """At one moment, soon: no banner, nothing grey, and the figures of the page whose turn it is as the API gives them."""
    seen: Any = None
    try:
        async with asyncio.timeout(BACK_S):
            while True:
                floor = await andon.floor()
                told = [row for row in floor.get("queues", []) if queues is None or row["name"] in queues]
                seen = await drawn(page)
                if told and seen in (figures(told), str(floor["totals"]["offered"])):
                    return
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"the wall shows {seen}, not {figures(told)}\n{andon.log()[-2000:]}") from None


async def drawn(page: Page) -> Any:
    try:
        return await page.evaluate(DRAWN)
    except Error:  # it loads anew just now
        return None


DRAWN = """() => {
    if (document.querySelector(".banner, .stale, [data-note]") || !document.querySelector(".side")) return null;
    const number = document.querySelector("[data-number] .figure");
    if (number) return number.innerText.trim();
    const text = (row, place) => row.children[place].innerText.trim();
    const rows = [...document.querySelectorAll("[data-board=queue] tbody tr")];
    return rows.map((row) => [row.dataset.queue, text(row, 1), text(row, 4), text(row, 5)]);
}"""


def figures(told: list[dict[str, Any]]) -> list[list[str]]:
    return [
        [row["id"], str(row["waiting"]), str(row["agents"].get("ready", 0)), str(row["agents"].get("talking", 0))]
        for row in sorted(told, key=lambda row: str(row["name"]))
    ]


# ------------------------------------------------------------------ the stack


@asynccontextmanager
async def stack(folder: Path) -> AsyncIterator[Andon]:
    shutil.copytree(ROOT / "wallboard", folder / "wallboard", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "plan").mkdir()
    (folder / "plan" / "boards.toml").write_text(BOARDS)
    async with simulated(NODE, agents=20, rate=1.5) as pbx:
        board = free_port()
        text = SETTINGS.format(node=NODE, ami=pbx.port, username=USERNAME, secret=SECRET, board=board, data="data")
        async with Andon.started(folder, text, board) as andon:
            await andon.until(lambda floor: live(floor, NODE), READY_S)
            yield andon


@asynccontextmanager
async def screen() -> AsyncIterator[tuple[Page, list[str]]]:
    async with async_playwright() as playwright:
        browser = await launch(playwright, WHOLE)
        page = await browser.new_page(viewport={"width": 1920, "height": 1080}, locale="en-GB")
        page.set_default_timeout(PATIENCE_MS)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.clock.install()
        yield page, complaints
        await browser.close()


async def until(true: Any) -> None:
    async with asyncio.timeout(BACK_S):
        while not await true():  # noqa: ASYNC110 - what is true is in a browser
            await asyncio.sleep(0.02)
