"""Training in a real Chromium: who is due, recorded, withdrawn, in both languages; and that a leader is told no share of the operation.

Not whom it sends (tests/recordings/web/test_training.py).
"""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, expect

from realtime.plan.quality import KpiRule
from tests.recordings.heard import Heard
from tests.recordings.web.raters import last_month
from tests.recordings.web.test_training import missed, today
from tests.wallboard.web import archive_pages
from tests.wallboard.web.archive_pages import look, signed_in
from tests.wallboard.web.browsers import CHROMIUM
from tests.wallboard.web.test_floor_axe import serious
from wallboard.authorise import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]
RULES = replace(archive_pages.RULES, quality=replace(archive_pages.RULES.quality, kpis=(KpiRule(id="quality", least=1, running=1),)))


async def test_a_training_is_recorded_and_withdrawn(browser: Browser, heard: Heard) -> None:
    await missed(heard.house, "1001", last_month(heard.house))
    page = await signed_in(browser, heard.house, "mei", Role.QA)
    await look(page, heard.house, "#quality&part=training")
    due, given = page.locator("[data-due]"), page.locator("[data-trained]")
    await expect(due.locator("li")).to_contain_text(f"quality: {last_month(heard.house)}")
    assert await serious(page) == []
    await due.locator("[name=day]").fill(today(heard.house))
    await due.locator("[name=trainer]").fill("Sun Li")
    await due.locator("button").click()
    await expect(due).to_contain_text("Nobody is due.")
    await expect(given.locator("li")).to_contain_text("Sun Li")
    await page.locator("[data-act=language]").click()
    await expect(due).to_contain_text("目前没有人需要培训")
    await expect(given.locator("button")).to_have_text("撤销")
    await given.locator("[name=why]").fill("another agent")
    await given.locator("button").click()
    await expect(given).to_contain_text("已由mei撤销：another agent")
    await expect(due.locator("li")).to_have_count(1)
    assert await serious(page) == []
    await page.context.close()


async def test_a_leader_is_told_that_the_estimate_is_of_all_teams(browser: Browser, heard: Heard) -> None:
    page = await signed_in(browser, heard.house, "chen", Role.LEADER)
    await look(page, heard.house, "#quality&part=results")
    await expect(page.locator("[data-limited]")).to_contain_text("who sees all teams")
    await expect(page.locator(".figures")).to_have_count(0)
    await look(page, heard.house, "#quality&part=training")
    await expect(page.locator("[data-due]")).to_contain_text("Nobody is due.")
    await page.context.close()
