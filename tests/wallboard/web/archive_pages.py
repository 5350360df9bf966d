"""What the tests of the page of recordings share: its plan, people signed in, and the first presses of everybody who listens."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from realtime.plan.archive import ArchiveRules
from realtime.plan.quality import FormItem, FormSection, QualityRules, ScoreForm
from tests.recordings.heard import CLASS
from tests.recordings.web.archive_house import ArchiveHouse
from tests.wallboard.controlled import HASH, PASSWORD
from tests.wallboard.web.browsers import CHROMIUM, PATIENCE_MS
from wallboard.authorise import Role

IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]

FORM = ScoreForm(
    id="sales",
    name="Sales call",
    name_zh="销售通话",
    sections=(
        FormSection(
            id="talk",
            name="Talk",
            weight=100.0,
            items=(FormItem(id="greets", text="Greets", text_zh="问候"), FormItem(id="listens", text="Listens", kind="scale", most=4)),
        ),
        FormSection(id="law", name="Law", items=(FormItem(id="notice", text="Says it records", critical="compliance", comment="failing"),)),
    ),
)
RULES = ArchiveRules(classes=(CLASS,), default=CLASS.id, quality=QualityRules(forms=(FORM,), heard_share=0))


async def signed_in(browser: Browser, house: ArchiveHouse, name: str, role: Role, **context: Any) -> Page:
    hall = house.hall
    opened = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB", **context)
    hall.house.board.people.add(name, HASH, role, hall.now)
    origin = {"Origin": hall.house.url}
    answer = await opened.request.post(f"{hall.house.url}/api/session", data={"user": name, "password": PASSWORD}, headers=origin)
    assert answer.ok, await answer.text()
    page = await opened.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


async def look(page: Page, house: ArchiveHouse, place: str = "") -> None:
    await page.goto(f"{house.hall.house.url}/recordings{place}")


async def listening(page: Page, why: str = "complaint 1042") -> None:
    await page.locator("[data-form=listen] [name=why]").fill(why)
    await page.locator("[data-form=listen] button").click()
    await expect(page.locator("[data-act=toggle]")).to_be_enabled()
