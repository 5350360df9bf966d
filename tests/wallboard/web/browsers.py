"""Chromium as the tests and the screenshots start it: the system's own, quiet, without a network of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, Playwright, ViewportSize, expect

WHOLE = shutil.which("chromium")
"""What people have. It draws a window, menus and tabs too, though nobody sees them: a page costs more than twice the processor time."""
CHROMIUM = shutil.which("chromium-headless-shell") or WHOLE
"""The same engine without them, for tests of what is on a page."""
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 30_000
"""For whatever a page is to show. It costs nothing where all is well; five seconds are not enough with three browsers on two busy cores."""
expect.set_options(timeout=PATIENCE_MS)


async def launch(playwright: Playwright, program: str | None = CHROMIUM) -> Browser:
    assert program is not None, "install chromium: make test does"
    return await playwright.chromium.launch(executable_path=program, args=list(FLAGS))


@asynccontextmanager
async def watched_page(browser: Browser, size: tuple[int, int], expected: Collection[str]) -> AsyncIterator[Page]:
    """A page whose console must stay clean, but for complaints with one of the `expected` texts in them."""
    sight = ViewportSize(width=size[0], height=size[1])
    context = await browser.new_context(viewport=sight, locale="en-GB", timezone_id="Asia/Shanghai")
    opened = await context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    await context.close()
    assert [said for said in complaints if not any(each in said for each in expected)] == []
