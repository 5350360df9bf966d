"""The page of campaigns in a real Chromium on a real board, answered by the real rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.house.sources import say
from tests.wallboard.campaigning import dialling
from tests.wallboard.controlled import HASH, PASSWORD, Hall
from tests.wallboard.web.browsers import CHROMIUM, PATIENCE_MS
from tests.wallboard.web.test_floor_axe import serious
from wallboard.authorise import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]


@pytest_asyncio.fixture(loop_scope="module")
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with dialling(tmp_path) as running:
        assert running.house.board.dialling is not None
        yield running


async def signed_in(browser: Browser, hall: Hall, name: str, role: Role = Role.MANAGER, **context: object) -> Page:
    """Somebody's own browser."""
    opened = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB", **context)  # type: ignore[arg-type]
    hall.house.board.people.add(name, HASH, role, hall.now)
    origin = {"Origin": hall.house.url}
    answer = await opened.request.post(f"{hall.house.url}/api/session", data={"user": name, "password": PASSWORD}, headers=origin)
    assert answer.ok, await answer.text()
    page = await opened.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, hall: Hall) -> AsyncIterator[Page]:
    """A manager's; it ends with a look at the console."""
    opened = await signed_in(browser, hall, "li")
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    await opened.context.close()
    say(complaints)


async def look(page: Page, hall: Hall, place: str = "") -> None:
    await page.goto(f"{hall.house.url}/campaigns?zone=Asia/Shanghai{place}")
    await page.wait_for_selector("h1")


async def test_the_board_has_a_card_for_each_campaign_and_says_why_dials_were_refused(page: Page, hall: Hall) -> None:
    await look(page, hall)
    card = page.locator("[data-campaign=renewals]")
    await expect(card).to_contain_text("Insurance renewals")
    await expect(card).to_contain_text("trial since")
    await expect(card).to_contain_text("40 of 200")
    await expect(card.locator(".refusals")).to_contain_text("5 outside the hours")
    await page.locator("[data-act=language]").click()
    await expect(card).to_contain_text("保险续保")
    await expect(card.locator(".refusals")).to_contain_text("不在时段内")


async def test_from_the_board_to_a_campaign_and_its_statement_and_back(page: Page, hall: Hall) -> None:
    """What the board has asked for is not taken for what the next place waits for."""
    await look(page, hall)
    await page.locator("[data-campaign=renewals] [data-act=one]").first.click()
    await expect(page.locator("h1")).to_contain_text("Insurance renewals")
    await page.locator("[data-act=statement]").first.click()
    await expect(page.locator("h1")).to_be_visible()
    await page.locator("[data-act=tab][data-value=board]").click()
    await expect(page.locator("[data-campaign=renewals]")).to_be_visible()
    await page.evaluate("location.hash = 'one=renewals'")
    await expect(page.locator("h1")).to_contain_text("Insurance renewals")


async def test_an_example_says_each_rule_in_the_readers_language_and_hides_the_number(page: Page, hall: Hall) -> None:
    await look(page, hall, "#one=renewals")
    by = page.locator("[data-rule='dial.hours.closed']")
    await by.locator("summary").click()
    await expect(by).to_contain_text("138•••0148")
    await expect(by.locator(".reasons").first).to_contain_text("cn-commercial")


async def test_one_key_stops_all_dialling_and_two_people_let_it_go_on(page: Page, hall: Hall, browser: Browser) -> None:
    await look(page, hall)
    await page.keyboard.press("Shift+S")
    await expect(page.locator(".stopped-sign")).to_be_visible()
    assert hall.house.follower.floor.owned.outbound.stopped
    await page.locator("[data-form=resume] [name=reason]").fill("the list was changed")
    await page.locator("[data-form=resume] button").click()
    await expect(page.locator("[data-said=stop]")).to_be_visible()
    assert hall.house.follower.floor.owned.outbound.stopped, "one is not two"
    other = await signed_in(browser, hall, "wu")
    await look(other, hall)
    await other.locator("[data-form=resume] [name=reason]").fill("seen")
    await other.locator("[data-form=resume] button").click()
    await expect(other.locator("[data-act=stop_all]")).to_be_visible()
    assert not hall.house.follower.floor.owned.outbound.stopped
    await other.context.close()


async def test_a_letter_typed_into_a_field_stops_nothing(page: Page, hall: Hall) -> None:
    await look(page, hall, "#tab=gate")
    await page.locator("[data-form=gate] [name=agent]").press("Shift+S")
    await expect(page.locator("[data-form=gate] [name=agent]")).to_have_value("S")
    assert not hall.house.follower.floor.owned.outbound.stopped


async def test_a_campaign_is_stopped_mended_and_moved_on_where_it_stands(page: Page, hall: Hall) -> None:
    await look(page, hall, "#one=arrears")
    await page.locator("[data-act=stop]").click()
    await expect(page.locator(".campaign-state").first).to_contain_text("stopped")
    items = page.locator("[data-form=item]").last
    await items.locator("[name=text]").fill("Say who is calling first")
    await items.locator("[name=owner]").fill("1902")
    await items.locator("[name=due]").fill("2026-12-05")
    await items.locator("button").click()
    await expect(page.locator(".items li")).to_contain_text("Say who is calling first")
    await page.locator("[data-form=step] select").select_option("rectifying")
    await page.locator("[data-form=step] button").click()
    await expect(page.locator(".campaign-state").first).to_contain_text("rectifying")
    await expect(page.locator(".moves li").first).to_contain_text("· li")


async def test_the_gate_answers_with_every_rule_and_the_number_stays_on_the_page(page: Page, hall: Hall) -> None:
    await look(page, hall, "#tab=gate")
    form = page.locator("[data-form=gate]")
    await form.locator("[name=number]").fill("13812340148")
    await form.locator("[name=campaign]").select_option("arrears")
    await form.locator("[name=at]").fill("2026-12-02T04:00")  # by the clock of the floor, wherever the browser is
    await form.locator("button").click()
    said = page.locator(".gate-said")
    await expect(said).to_contain_text("Asia/Shanghai")
    await expect(said.locator(".reasons li[data-verdict=defer]").first).to_contain_text("dial.hours")
    assert await said.locator(".reasons li").count() > 8
    assert "13812340148" not in page.url
    assert "13812340148" not in await said.inner_text()


async def test_lists_are_shown_and_a_number_is_blocked(page: Page, hall: Hall) -> None:
    await look(page, hall, "#tab=lists")
    await expect(page.locator("table")).to_contain_text("1,204,331")
    form = page.locator("[data-form=block]")
    await form.locator("[name=number]").fill("13812340148")
    await form.locator("[name=about]").fill("north-bank")
    await form.locator("[name=evidence]").fill("letter of 28 November")
    await form.locator("button").click()
    await expect(page.locator("[data-said=number]")).to_be_visible()
    await expect(form.locator("[name=number]")).to_have_value("")


async def test_a_statement_prints_without_its_forms(page: Page, hall: Hall) -> None:
    await look(page, hall, "#statement=arrears")
    await expect(page.locator("tfoot")).to_contain_text("9")
    await expect(page.locator("[data-form=confirm]").first).to_be_visible()
    await page.emulate_media(media="print")
    await expect(page.locator("[data-form=confirm]").first).to_be_hidden()
    await expect(page.locator("code")).to_be_visible()


async def test_who_may_only_read_sees_no_key_and_no_form(browser: Browser, hall: Hall) -> None:
    page = await signed_in(browser, hall, "agent", Role.AGENT)
    await page.goto(f"{hall.house.url}/campaigns")
    await expect(page.locator("[role=alert]").first).to_contain_text("Your role may not see this page")
    await expect(page.locator(".stop-key")).to_have_count(0)
    await page.context.close()


@pytest.mark.parametrize("place", ["", "#one=renewals", "#tab=gate", "#tab=lists", "#statement=arrears"])
async def test_axe_finds_nothing_serious(browser: Browser, hall: Hall, place: str) -> None:
    page = await signed_in(browser, hall, "li", bypass_csp=True, reduced_motion="reduce")
    found: list[str] = []
    for lang in ("zh", "en"):
        for theme in ("dark", "light"):
            await page.goto(f"{hall.house.url}/campaigns?lang={lang}&theme={theme}{place}")
            await page.reload()
            await page.wait_for_selector("h1")
            found += [f"{lang} {theme}: {each}" for each in await serious(page)]
    await page.context.close()
    say(found)
