"""`seek_to_sound_ms`: from a press somewhere in half an hour of a call until its sound goes on there, in a real Chromium.

Ours is the page's way: a listen that was begun, Ogg Opus by ranges from the vault's container, decrypted chunk by chunk, with the look into
the log of listens at each request. Against it the same Opus file, plain on the disk, from starlette's own FileResponse. Nothing is in the
browser's cache: each round is a context of its own, and its seeks go to places that were not fetched yet.
"""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from bench.results import Row

SECONDS = 1_800
ROUNDS = 5
SEEKS = 6
PATIENCE_S = 60.0
FLAGS = ("--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required")
SEEK = """([address, places]) => new Promise(async (told) => {
  const audio = new Audio(address), took = [];
  const gone = (from) => new Promise((there) => {
    const look = () => (audio.currentTime > from + 0.02 && !audio.seeking ? there() : requestAnimationFrame(look));
    look();
  });
  await audio.play();
  await gone(0);
  for (const place of places) {
    const began = performance.now();
    audio.currentTime = place;
    await gone(place);
    took.push(performance.now() - began);
  }
  audio.pause();
  told(took);
})"""


def places(seed: int, seconds: int) -> list[float]:
    """Far from each other, forwards and back."""
    spread = [seconds * (number + 0.5) / SEEKS for number in range(SEEKS)]
    Random(seed).shuffle(spread)
    return spread


@asynccontextmanager
async def plain(file: Path) -> AsyncIterator[str]:
    """The file's address."""
    routes = [Route("/", lambda _request: HTMLResponse("<!doctype html>")), Route("/sound", lambda _request: FileResponse(file))]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=0, log_level="critical"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


async def seeks(browser: Any, page_at: str, address: str, at: list[float], cookies: Any = ()) -> list[float]:
    context = await browser.new_context()
    await context.add_cookies(list(cookies))
    page = await context.new_page()
    await page.goto(page_at)
    async with asyncio.timeout(PATIENCE_S):
        took: list[float] = await page.evaluate(SEEK, [address, at])
    await context.close()
    return took


async def measure(rounds: int = ROUNDS, seconds: int = SECONDS) -> tuple[float, float]:
    """Medians: ours, plain."""
    from playwright.async_api import async_playwright  # not on every machine that benches

    from tests.recordings.heard import heard_house
    from tests.wallboard.web.test_recordings_page import signed_in
    from wallboard.authorise import Role

    ours: list[float] = []
    others: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with heard_house(Path(folder)) as heard, async_playwright() as playwright:
            one = await heard.call(1, seconds)
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
            page = await signed_in(browser, heard.house, "mei", Role.QA)
            board = heard.house.hall.house.url
            headers = await heard.house.signed_in("hong", Role.QA)
            listen = await heard.house.post(f"/api/recordings/{one}/listen", {"why": "bench"}, headers)
            file = Path(folder) / "plain.opus"
            file.write_bytes(await heard.house.get(listen["sound"], headers))
            await page.goto(f"{board}/recordings")
            own = await page.evaluate(BEGIN, [one])
            cookies = await page.context.cookies()
            async with plain(file) as other:
                for seed in range(rounds + 1):
                    at = places(seed, seconds)
                    first = await seeks(browser, f"{board}/login", f"{board}{own}", at, cookies)
                    second = await seeks(browser, other, f"{other}/sound", at)
                    if seed:  # the first round warms up
                        ours += first
                        others += second
            await browser.close()
    return statistics.median(ours), statistics.median(others)


BEGIN = """async ([id]) => {
  const session = await (await fetch("/api/session")).json();
  const headers = { "Content-Type": "application/json", "X-Andon-CSRF": session.csrf };
  const answer = await fetch(`/api/recordings/${id}/listen`, { method: "POST", headers, body: JSON.stringify({ why: "bench" }) });
  return (await answer.json()).sound;
}"""


def run() -> list[Row]:
    """Nothing where there is no browser to be had: the benches after this one run all the same."""
    if not importlib.util.find_spec("playwright") or shutil.which("chromium") is None:
        sys.stdout.write("Playing is not measured: there is no Chromium, or no playwright; make test installs both.\n")
        return []
    ours, other = asyncio.run(measure())
    return [Row("seek_to_sound_ms", ours, "ms in Chromium, against the plain file", other)]


if __name__ == "__main__":
    from bench.results import show

    show(run())
