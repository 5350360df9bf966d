"""Pictures of the page of recordings, of a demo at work: its archive is a real one, with weeks behind it.

    python -m tools.screenshots_recordings            all of them
    python -m tools.screenshots_recordings player zh  those whose name has all of these words

Not a test: nothing is compared. It takes as long as a demo takes to seal its past, gather its discs and score its calls.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
from playwright.async_api import Browser, Page, TimeoutError, ViewportSize, async_playwright

from tests.andon.demo_process import Demo, running
from tests.wallboard.web.browsers import launch
from tools.screenshots import OUT, settle

SIZE: Final = ViewportSize(width=1366, height=768)
TALL: Final = ViewportSize(width=1366, height=1300)
LOOKS: Final = tuple((lang, theme) for lang in ("zh", "en") for theme in ("dark", "light"))
WITHIN_S: Final = 600
MS: Final = 30_000
"""Of a browser's patience: a demo and a browser on one machine."""
Press = Callable[[Page], Awaitable[None]]


class Scene(NamedTuple):
    """`drawn`: what tells that it is there. `tall`: on a screen that all of it fits on, for the page scrolls within itself."""

    fragment: str
    drawn: str
    press: Press | None = None
    who: str = "/reports"
    tall: bool = False


async def heard(page: Page) -> None:
    """Asks for the sound, and waits for the waveform."""
    await page.fill("[data-form=listen] input[name=why]", "complaint of today")
    await page.click("[data-form=listen] button")
    await page.wait_for_selector("[data-act=toggle]:not([disabled])", timeout=MS)


async def scoring(page: Page) -> None:
    await page.click("[data-form=score] button")
    await page.wait_for_selector("[data-form=finish]", timeout=MS)


def scenes(good: str, odd: str) -> Mapping[str, Scene]:
    """`good`, `odd`: ids of a recording that is sound and one with a trouble."""
    return {
        "recordings-score": Scene(f"find&one={good}", "[data-form=score]", scoring, "/recordings", tall=True),
        "recordings-missing": Scene("missing", "main table, main li"),
        "recordings-due": Scene("keeping", "[data-form=due]"),
        "recordings-holds": Scene("keeping&part=holds", "[data-form=hold]"),
        "recordings-disposals": Scene("keeping&part=disposals", "[data-act=open], [data-form=propose]"),
        "recordings-discs": Scene("discs", "[data-act=open]"),
        "recordings-results": Scene("quality&part=results", "table"),
        "recordings-samples": Scene("quality&part=samples", "[data-act=open]"),
        "recordings-calibrations": Scene("quality&part=calibrations", "[data-act=open]", who="/recordings"),
        "recordings-appeals": Scene("quality&part=appeals", "main li"),
        "recordings-own": Scene("own", "main li", who="/agent"),
        "recordings-list": Scene("find", "[data-act=one]"),
        "recordings-player": Scene(f"find&one={good}", "[data-form=listen]", heard),
        "recordings-player-tall": Scene(f"find&one={good}", "[data-form=listen]", heard, tall=True),
        "recordings-odd": Scene(f"find&one={odd}", ".stage [data-form]"),
    }


async def main(words: list[str]) -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        processes = running(Path(folder), "--seed", "1", "--agents", "40", "--for", "3600")
        demo = next(processes)
        try:
            good, odd = at_work(demo)
            async with async_playwright() as playwright:
                browser = await launch(playwright)
                for name, scene in scenes(good, odd).items():
                    for lang, theme in LOOKS:
                        picture = f"{name}-{lang}-{theme}-{SIZE['width']}"
                        if all(word in picture for word in words):
                            await taken(browser, demo, scene, lang, theme, picture)
                await browser.close()
        finally:
            next(processes, None)


def at_work(demo: Demo) -> tuple[str, str]:
    """Waits until the demo's people have burned, which they do last."""
    with demo.signed_in("/reports") as manager:
        told(manager, "/api/discs", lambda said: any(each["state"] == "verified" for each in said["discs"]))
        kept = "/api/recordings?class=cn-bpo-default"  # those of the trial are disposed of meanwhile
        found = told(manager, kept, lambda said: said["recordings"])["recordings"]
        odd = told(manager, "/api/recordings?trouble=silent", lambda said: said["recordings"])["recordings"]
    # Not the newest: the demo's own rater takes those, and a score that is done has no form any more.
    sound = (each for each in reversed(found) if not each["trouble"] and each["score"] is None and each["length_ms"] > 20_000)
    good = next(sound, found[0])
    return good["id"], odd[0]["id"]


def told(client: httpx.Client, path: str, holds: Callable[[Any], Any]) -> Any:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        answer = client.get(path)
        if answer.status_code == 200 and holds(answer.json()):
            return answer.json()
        time.sleep(1)
    raise AssertionError(f"{path} did not come to it within {WITHIN_S} s")


async def taken(browser: Browser, demo: Demo, scene: Scene, lang: str, theme: str, picture: str) -> None:
    """One that does not come to it is told, and pictured as it is: the others are taken."""
    try:
        await take(browser, demo, scene, lang, theme, picture)
    except TimeoutError as late:
        sys.stderr.write(f"{picture}: {late}\n")


async def take(browser: Browser, demo: Demo, scene: Scene, lang: str, theme: str, picture: str) -> None:
    context = await browser.new_context(
        viewport=TALL if scene.tall else SIZE, reduced_motion="reduce", locale="zh-CN" if lang == "zh" else "en-GB"
    )
    user, password = demo.people[scene.who]
    await context.request.post(f"{demo.url}/api/session", data={"user": user, "password": password}, headers={"Origin": demo.url})
    page = await context.new_page()
    try:
        await page.goto(f"{demo.url}/recordings?lang={lang}&theme={theme}#{scene.fragment}")
        await page.wait_for_selector(scene.drawn, timeout=MS)
        if scene.press is not None:
            await scene.press(page)
    finally:
        await settle(page)
        await page.screenshot(path=OUT / f"{picture}.png")
        await context.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
