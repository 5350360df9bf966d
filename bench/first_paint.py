"""First paint: milliseconds from asking for a page until Chromium shows something, and until the first figures stand there.

A real board behind the whole line, on loopback; each time a browser context of its own, so nothing is cached. Once as fast as
this machine can, and once through a network as a television has it (`TV`), where what waits for one another shows. Kilobytes
are those of the wire with headers, without the websocket's.
"""

from __future__ import annotations

import asyncio
import importlib.util
import statistics
from typing import Any, NamedTuple

from bench.line import running
from bench.pbx import LOADS, busy
from bench.results import Row

ROUNDS = 7
AGENTS = 50
AIM_MS = 1_000.0
PATIENCE_S = 30.0
FIGURES = {"wall": "[data-queue]", "floor": "[role=gridcell]"}
"""What is there as soon as the first figures are."""
LOOPBACK = None
TV = {"offline": False, "latency": 20, "downloadThroughput": 1_250_000, "uploadThroughput": 1_250_000}
"""A wireless network in an office: 20 ms there and back, 10 Mbit/s."""
WATCH = """(() => {
  const look = () => {
    if (document.querySelector(%r)) window.figuresAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""

TIMES = """() => new Promise((told) => {
  const look = () => {
    const [first] = performance.getEntriesByName("first-contentful-paint");
    if (first && window.figuresAt) told([first.startTime, window.figuresAt]);
    else setTimeout(look, 50);
  };
  look();
})"""


class Paint(NamedTuple):
    first_ms: float
    figures_ms: float
    kilobytes: float
    requests: float


async def paint(browser: Any, port: int, page_name: str, network: dict[str, int] | None) -> Paint:
    """One visit with nothing cached."""
    context = await browser.new_context(viewport={"width": 1920, "height": 1080})
    try:
        page = await context.new_page()
        wire = await context.new_cdp_session(page)
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        await wire.send("Network.enable")
        if network is not None:
            await wire.send("Network.emulateNetworkConditions", network)
        await page.add_init_script(WATCH % FIGURES[page_name])
        await page.goto(f"http://127.0.0.1:{port}/{page_name}", wait_until="commit")
        async with asyncio.timeout(PATIENCE_S):
            first, figures = await page.evaluate(TIMES)
        return Paint(first, figures, sum(sizes) / 1024, len(sizes))
    finally:
        await context.close()


async def measure(rounds: int = ROUNDS, agents: int = AGENTS) -> dict[str, Paint]:
    """Medians, by the names of the rows. The first visit of each is the browser's own warming up."""
    from playwright.async_api import async_playwright  # not on every machine that benches

    found: dict[str, list[Paint]] = {}
    async with busy(LOADS[0], agents) as pbx, running(pbx.port, role="leader") as line, async_playwright() as playwright:
        await line.until(lambda floor: len(floor["agents"]) >= agents * 0.8)
        browser = await launch(playwright)
        for _ in range(rounds + 1):
            for page in FIGURES:
                for name, network in ((page, LOOPBACK), (f"{page}_tv", TV)):
                    found.setdefault(name, []).append(await paint(browser, line.board, page, network))
        await browser.close()
    return {name: Paint(*map(statistics.median, zip(*paints[1:], strict=True))) for name, paints in found.items()}


async def launch(playwright: Any) -> Any:
    import shutil

    return await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])


def run() -> list[Row]:
    """Nothing where there is no browser to be had."""
    if not importlib.util.find_spec("playwright"):
        return []
    rows = []
    for name, found in asyncio.run(measure()).items():
        page, _, network = name.partition("_")
        end = f"_{network}" if network else ""
        rows.append(Row(f"{page}_first_paint_ms{end}", found.first_ms, "ms", AIM_MS))
        rows.append(Row(f"{page}_first_figures_ms{end}", found.figures_ms, "ms", AIM_MS))
        if not network:
            rows.append(Row(f"{page}_first_paint_kb", found.kilobytes, f"kB in {found.requests:g} requests", 0.0))
    return rows


if __name__ == "__main__":
    from bench.results import show

    show(run())
