"""The browser of all pages' tests; and of the recordings page its house and its page. Other pages have their own, of the same names.

What a module needs otherwise it says by a name of its own: `RULES`, the archive's rules; `BEFORE`, a script that every page begins with.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.house.sources import say
from tests.recordings.heard import Heard, heard_house
from tests.wallboard.web import archive_pages
from tests.wallboard.web.browsers import launch
from wallboard.authorise import Role


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await launch(playwright)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def heard(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Heard]:
    async with heard_house(tmp_path, getattr(request.module, "RULES", archive_pages.RULES)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def page(request: pytest.FixtureRequest, browser: Browser, heard: Heard) -> AsyncIterator[Page]:
    """A QA person's; it ends with a look at the console, in which a broken policy would have spoken, too."""
    clipboard = ["clipboard-read", "clipboard-write"]
    opened = await archive_pages.signed_in(browser, heard.house, "mei", Role.QA, permissions=clipboard)
    await opened.context.add_init_script(getattr(request.module, "BEFORE", ""))
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    await opened.context.close()
    say(complaints)
