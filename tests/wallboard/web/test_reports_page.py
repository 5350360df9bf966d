"""The page of reports in a real Chromium on a real board: what is chosen is told, a column says its formula, files are taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from realtime.factcodec import decode
from tests.realtime.memory_history import MemoryHistory
from tests.realtime.story import Story
from tests.simulation.day import Day
from tests.simulation.plan import Plan
from tests.wallboard.house import House
from tests.wallboard.test_records import house_of
from tests.wallboard.web.browsers import CHROMIUM, PATIENCE_MS
from wallboard.authorise import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    day = Day(Plan(seed=3, minutes=60))
    day.run()
    history = MemoryHistory(fact for batch in day.log.batches for fact in decode(batch))
    folder: Path = tmp_path_factory.mktemp("reports")
    async with house_of(folder, Story(day.board.floor, day.board.floor.at), history) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, house: House) -> AsyncIterator[Page]:
    """Signed in; it ends with a look at the console."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
    secret, _ = house.board.tokens.create(Role.SUPERVISOR, "test", house.clock())
    answer = await context.request.post(f"{house.url}/api/session", data={"token": secret}, headers={"Origin": house.url})
    assert answer.ok
    opened = await context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    await context.close()
    assert complaints == []


async def test_the_sum_is_that_of_the_floor(page: Page, house: House) -> None:
    await page.goto(f"{house.url}/reports?lang=en")
    floor = house.board.feed.floor
    assert floor is not None
    cells = page.locator("tfoot tr:last-child td")
    for place, name in enumerate(("offered", "answered", "abandoned", "left_otherwise")):
        await expect(cells.nth(place)).to_have_text(str(sum(getattr(queue.day, name) for queue in floor.queues.values())))
    await expect(page.locator(".chart g")).to_have_count(await page.locator("tbody tr").count())


async def test_choices_by_keyboard_stand_in_the_address_and_come_back(page: Page, house: House) -> None:
    await page.goto(f"{house.url}/reports?lang=en")
    await page.get_by_role("button", name="by day", exact=True).press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.get_by_role("button", name="Agents").press("Enter")
    await page.locator("select[name=of]").select_option("each")
    await expect(page.locator("tbody tr")).to_have_count(12)
    await page.reload()
    await expect(page.locator("tbody tr")).to_have_count(12)
    await page.locator("[data-value=occupancy]").press("Enter")
    await expect(page.locator("[data-formula]")).to_contain_text("÷ (these + ready + no answer)")


async def test_a_file_is_taken(page: Page, house: House) -> None:
    await page.goto(f"{house.url}/reports?lang=zh")
    await expect(page.locator("h1")).to_contain_text("队列")
    async with page.expect_download() as taken:
        await page.get_by_role("link", name="CSV").click()
    file = await taken.value
    assert file.suggested_filename.startswith("andon-queues-")
    text = Path(await file.path()).read_text("utf-8-sig")  # noqa: ASYNC240 - a small file of our own
    assert text.startswith("日期,开始,结束,队列,来电")


async def test_days_of_which_nothing_is_known(page: Page, house: House) -> None:
    await page.goto(f"{house.url}/reports?lang=en#from=2026-01-05&to=2026-01-05")
    await expect(page.get_by_text("Nothing is known of these days.")).to_be_visible()


async def test_who_is_not_signed_in_is_led_to_the_page_for_it(browser: Browser, house: House) -> None:
    context = await browser.new_context()
    stranger = await context.new_page()
    await stranger.goto(f"{house.url}/reports")
    await stranger.wait_for_url("**/login?next=%2Freports")
    await context.close()


PAGES = ("/breaks", "/campaigns", "/reports", "/recordings")


async def signed_in(browser: Browser, house: House, role: Role) -> Page:
    """Its console is not looked at: this house has no plan and no archive, and its pages are refused some of what they ask for."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    secret, _ = house.board.tokens.create(role, "test", house.clock())
    answer = await context.request.post(f"{house.url}/api/session", data={"token": secret}, headers={"Origin": house.url})
    assert answer.ok
    return await context.new_page()


@pytest.mark.parametrize("at", PAGES)
async def test_each_page_leads_to_every_other(browser: Browser, house: House, at: str) -> None:
    page = await signed_in(browser, house, Role.SUPERVISOR)
    await page.goto(f"{house.url}{at}?lang=en")
    for other in ("/floor", *PAGES):
        if other != at:
            await expect(page.locator(f"nav a.tab[href='{other}']")).to_be_visible()
    await page.context.close()


@pytest.mark.parametrize("at", ["/breaks", "/campaigns", "/reports"])
async def test_who_may_not_is_told_in_the_language_of_the_page(browser: Browser, house: House, at: str) -> None:
    page = await signed_in(browser, house, Role.AGENT)
    await page.goto(f"{house.url}{at}?lang=zh")
    await expect(page.locator("[role=alert]").first).to_have_text("您的角色无权查看本页；请联系分配角色的人员。")
    await page.context.close()


@pytest.mark.parametrize("at", PAGES)
async def test_each_page_says_who_is_signed_in_and_has_the_way_out(browser: Browser, house: House, at: str) -> None:
    page = await signed_in(browser, house, Role.SUPERVISOR)
    await page.goto(f"{house.url}{at}?lang=zh")
    await expect(page.locator("#me")).to_be_hidden()
    await page.locator("[popovertarget=me]").click()
    await expect(page.locator("#me")).to_contain_text("现场主管")
    await page.keyboard.press("Escape")
    await expect(page.locator("#me")).to_be_hidden()
    await page.locator("[popovertarget=me]").click()
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url("**/login")
    assert (await page.request.get(f"{house.url}/api/session")).status == 401
    await page.context.close()
