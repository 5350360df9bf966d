"""A score in a real Chromium: refused before its rater has heard the call, in the page's language, and finished after it sounded.

Not what counts as heard (tests/recordings/quality/test_hearing.py).
"""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, Locator, Page, expect

from tests.recordings.heard import Heard
from tests.wallboard.web import archive_pages
from tests.wallboard.web.archive_pages import listening, look, signed_in
from tests.wallboard.web.browsers import CHROMIUM
from tests.wallboard.web.test_floor_axe import serious
from tests.wallboard.web.test_recordings_judged import GOOD
from wallboard.authorise import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]
RULES = replace(archive_pages.RULES, quality=replace(archive_pages.RULES.quality, heard_share=0.5))


async def filled(page: Page, heard: Heard, one: str) -> Locator:
    """The form of a score that was begun for this recording; all of it is answered."""
    await look(page, heard.house, f"#find&one={one}")
    await page.locator("[data-form=score] button").click()
    form = page.locator(".score-form")
    for item, value in GOOD.items():
        await form.locator(f"input[data-item={item}][value='{value}']").check()
    return form


async def test_a_score_waits_until_the_call_was_heard(browser: Browser, heard: Heard) -> None:
    one = await heard.call(4, 6)
    page = await signed_in(browser, heard.house, "mei", Role.QA)
    form = await filled(page, heard, one)
    await expect(form).to_contain_text("Heard: 0:00 of 0:03")
    await form.locator("[data-form=finish] button").click()
    await expect(page.locator(".wrong[data-said=score]")).to_contain_text("You have heard 0:00 of this call of 0:0")
    assert await serious(page) == []
    await page.locator("[data-act=language]").click()
    await expect(page.locator(".wrong[data-said=score]")).to_contain_text("您已听0:00")
    await expect(form).to_contain_text("已听：0:00，评分要求0:03")
    await page.locator("[data-act=language]").click()
    await listening(page)
    await page.locator("[data-act=toggle]").click()
    await expect(page.locator(".clock")).to_contain_text("0:05", timeout=30_000)
    await form.locator("[data-form=finish] button").click()
    await expect(form).to_contain_text("stays as it is")
    await expect(form).to_contain_text(re.compile(r"Heard: 0:0[3-6]"))
    await page.context.close()


async def test_what_makes_no_sound_asks_for_a_reason(browser: Browser, heard: Heard) -> None:
    one = await heard.house.put("mute", trouble="silent")
    page = await signed_in(browser, heard.house, "mei", Role.QA)
    form = await filled(page, heard, one)
    await form.locator("[name=unheard]").fill("by the notes of the ticket")
    await form.locator("[data-form=finish] button").click()
    await expect(form).to_contain_text("Not heard: by the notes of the ticket")
    await page.context.close()


@pytest.mark.parametrize(("trouble", "told"), [("empty", "There is no sound in this recording"), ("short", "look again in a minute")])
async def test_nobody_is_told_to_wait_for_a_sound_that_never_comes(browser: Browser, heard: Heard, trouble: str, told: str) -> None:
    one = await heard.house.put("mute", trouble=trouble, derived="")
    page = await signed_in(browser, heard.house, "mei", Role.QA)
    await look(page, heard.house, f"#find&one={one}")
    await expect(page.locator(".player")).to_contain_text(told)
    await page.context.close()
