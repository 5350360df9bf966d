"""The console and the agent's page on a real board with the real rules: what one page does is seen on the others.

Only the PBX is a story that the test tells (`tests/wallboard/controlled.py`). The pages under a scripted board are
`test_console.py` and `test_agent_page.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from realtime.plan.model import Pattern, ShiftRules
from realtime.rulings import OrderDone
from realtime.saying import say
from realtime.words import AgentId
from tests.realtime.story import Story, lost, paused
from tests.wallboard.controlled import HASH, PASSWORD, PLAN, Hall, controlled
from tests.wallboard.house import until
from tests.wallboard.web.browsers import CHROMIUM, watched_page
from wallboard.authorise import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]
REFUSED_ON_PURPOSE = ("409 (Conflict)", "404 (Not Found)", "503 (Service Unavailable)", "401 (Unauthorized)", "403 (Forbidden)", "vibrate")


@asynccontextmanager
async def opened(browser: Browser, hall: Hall, name: str, role: Role, path: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """A page of somebody who has signed in by name and password, in a browser of their own."""
    name_of, _, value = (await hall.signed_in(name, role))["Cookie"].partition("=")
    async with watched_page(browser, size, REFUSED_ON_PURPOSE) as page:
        await page.context.add_cookies([{"name": name_of, "value": value, "url": hall.house.url}])
        await page.goto(f"{hall.house.url}{path}")
        yield page


async def test_a_break_from_asking_to_back_on_three_pages(browser: Browser, tmp_path: Path) -> None:
    async with (
        controlled(tmp_path) as hall,
        opened(browser, hall, "wang", Role.AGENT, "/agent", (390, 844)) as wang,
        opened(browser, hall, "li.qiang", Role.AGENT, "/agent?lang=en", (390, 844)) as li,
        opened(browser, hall, "boss", Role.SUPERVISOR, "/floor?lang=en", (1366, 768)) as boss,
    ):
        await expect(wang.locator(".big")).to_contain_text("申请小休")  # 1001 reads Chinese, by the plan
        await wang.locator(".big").click()
        await expect(wang.locator("main")).to_have_attribute("data-scene", "on")
        await expect(boss.locator(".breaks > .line b")).to_have_text("1/2")  # of a team one may, so of two teams two
        await li.locator(".big").click()
        await expect(li.locator("main")).to_have_attribute("data-scene", "waiting")
        await expect(boss.locator("[data-wait='1002']")).to_contain_text("Li Qiang")
        rule = await boss.locator(".rule").inner_text()
        assert rule.partition(":")[2].strip() in await li.locator(".todo").inner_text(), "both read the same reason"
        await boss.locator("[data-wait='1002'] [data-deed=grant]").click()
        await boss.locator("dialog[open] [name=why]").fill("a hard call")
        await boss.locator("dialog[open] [type=submit]").click()
        await expect(boss.locator("[data-wait]")).to_have_count(0)
        await expect(li.locator("main")).not_to_have_attribute("data-scene", "waiting")
        await wang.locator("[data-act=back]").click()
        await expect(wang.locator("main")).to_have_attribute("data-scene", "ready")
        assert {request.actor.via for request in hall.house.engine.asked} == {"page", "console"}


async def test_an_orders_three_states_by_the_real_facts(browser: Browser, tmp_path: Path) -> None:
    async with (
        controlled(tmp_path) as hall,
        opened(browser, hall, "boss", Role.SUPERVISOR, "/floor?lang=en#at=agent:1003", (1366, 768)) as boss,
    ):
        await boss.wait_for_selector(".acts-on")
        await boss.keyboard.press("p")
        await boss.locator("dialog[open]").get_by_label("coaching").check()
        await boss.locator("dialog[open] [type=submit]").click()
        press = boss.locator("[data-press=pause]")
        await expect(press).to_have_attribute("data-stage", "asked")
        owned = hall.house.board.feed.floor.owned  # type: ignore[union-attr]
        await until(lambda: bool(owned.orders))
        (order,) = owned.orders.values()
        hall.say(say(OrderDone, hall.now, order=order.order.id, outcome="accepted", said=""))
        await expect(press).to_have_attribute("data-stage", "accepted")
        story = Story(hall.house.follower.floor, now=hall.now, session="pbx2")
        hall.house.follower.step(story.after(paused("1003", "coaching")).changes)
        await expect(press).to_have_attribute("data-stage", "seen")
        await expect(boss.locator(".record li").first).to_contain_text("paused", timeout=20_000)  # asked for anew when its line comes
        await boss.locator(".record summary").first.click()
        assert await boss.locator(".record .reasons li").count() >= 1


async def test_bulk_on_the_real_board_says_of_each_what_became_of_it(browser: Browser, tmp_path: Path) -> None:
    async with controlled(tmp_path) as hall, opened(browser, hall, "boss", Role.SUPERVISOR, "/floor?lang=zh", (1366, 768)) as boss:
        await boss.wait_for_selector("[data-grid=agents] [data-row] .timer")
        await boss.keyboard.press("j")
        await boss.keyboard.press("x")
        await boss.keyboard.press("Shift+ArrowDown")
        await boss.keyboard.press("p")
        await expect(boss.locator("dialog[open] .preview b")).to_contain_text("已选 2 人")
        assert hall.house.engine.asked == [], "a preview asks nobody"
        await boss.locator("dialog[open] [type=submit]").click()
        await expect(boss.locator("[data-press=pause]")).to_be_visible()
        await until(lambda: len(hall.house.engine.asked) == 2)


async def test_an_agent_lands_on_the_own_page_and_sees_no_floor(browser: Browser, tmp_path: Path) -> None:
    async with controlled(tmp_path) as hall, watched_page(browser, (390, 844), REFUSED_ON_PURPOSE) as page:
        hall.house.board.people.add("zhao", HASH, Role.AGENT, hall.now)
        await page.goto(f"{hall.house.url}/login?lang=en")
        await page.locator("[name=user]").fill("zhao")
        await page.locator("[name=password]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/agent", timeout=30_000)
        await expect(page.locator(".who")).to_contain_text("Zhao Min")
        assert "Wang Fang" not in await page.locator("body").inner_text()
        await page.goto(f"{hall.house.url}/floor")
        await expect(page.locator("[data-note=forbidden]")).to_be_visible()


async def test_a_message_reaches_an_agents_page_and_is_seen(browser: Browser, tmp_path: Path) -> None:
    async with controlled(tmp_path) as hall, opened(browser, hall, "zhao", Role.AGENT, "/agent?lang=en", (390, 844)) as page:
        await expect(page.locator("main")).to_have_attribute("data-scene", "ready")
        await hall.post("/api/messages", {"to": "team:b", "text": "New script at noon"}, await hall.signed_in("boss", Role.SUPERVISOR))
        await expect(page.locator("[data-message]")).to_contain_text("New script at noon")
        await page.locator("[data-message] [data-act=seen]").click()
        await expect(page.locator("[data-message]")).to_have_class("message panel read")


async def test_the_ledger_and_the_rules_of_the_real_board(browser: Browser, tmp_path: Path) -> None:
    async with controlled(tmp_path) as hall:
        boss = await hall.signed_in("boss", Role.SUPERVISOR)
        for agent in ("1001", "1002", "1003"):
            await hall.post("/api/breaks", {"agent": agent, "deed": "ask"}, boss)
        async with opened(browser, hall, "boss", Role.SUPERVISOR, "/breaks?lang=en", (1366, 768)) as page:
            teams, agents = page.locator(".sheet").nth(0), page.locator(".sheet").nth(1)
            await expect(teams.locator("tbody tr")).to_have_count(2)
            await expect(agents.locator("tbody tr")).to_have_count(3)
            await expect(agents.locator("tbody tr").first).to_contain_text("Wang Fang")
            await expect(agents.locator("tbody tr").first).to_contain_text("/30")
            await agents.locator("[data-value=asked]").click()
            await expect(agents.locator("[data-value=asked]")).to_have_attribute("aria-pressed", "true")
            await expect(page.locator(".rules summary")).to_contain_text("v1")
            await page.locator(".rules summary").click()
            assert await page.locator(".rules li").count() > 0
            await page.locator("[data-act=language]").click()
            await expect(page.locator("h1")).to_contain_text("小休台账")
            await page.emulate_media(media="print")
            assert await page.locator(".top").is_hidden()
            await expect(agents.locator("tbody tr").first).to_be_visible()


async def test_a_long_name_in_the_ledger_leaves_the_staff_number_in_sight(browser: Browser, tmp_path: Path) -> None:
    first, *others = PLAN.people
    long = msgspec.structs.replace(first, name="Maximiliane von Hohenzollern-Sigmaringen")
    async with controlled(tmp_path, msgspec.structs.replace(PLAN, people=(long, *others))) as hall:
        await hall.post("/api/breaks", {"agent": "1001", "deed": "ask"}, await hall.signed_in("boss", Role.SUPERVISOR))
        async with opened(browser, hall, "boss", Role.SUPERVISOR, "/breaks?lang=en", (1366, 768)) as page:
            cell = page.locator("tbody th:has-text('Maximiliane')")
            await expect(cell.locator("small")).to_have_text("1001 a")
            whole, number = await cell.bounding_box(), await cell.locator("small").bounding_box()
            assert whole is not None
            assert number is not None
            assert number["x"] + number["width"] <= whole["x"] + whole["width"]


async def test_who_is_not_where_the_roster_says_is_told(browser: Browser, tmp_path: Path) -> None:
    always = Pattern(id="d", teams=("a",), people=(AgentId("9001"),), begins_min=0, ends_min=1439, days=tuple(range(7)))
    plan = msgspec.structs.replace(PLAN, shifts=ShiftRules(patterns=(always,)))
    async with controlled(tmp_path, plan) as hall, opened(browser, hall, "boss", Role.SUPERVISOR, "/breaks?lang=en", (1366, 768)) as page:
        missing = page.locator("[data-judged=wrong]")
        await expect(missing).to_have_count(1)
        await expect(missing).to_contain_text("Chen Jing")
        assert len((await missing.inner_text()).splitlines()) >= 3, "what is wrong is said, and since when"
        Story(hall.house.follower.floor, now=hall.now, session="cut").after(lost())
        await page.reload()
        await expect(page.locator("main")).to_contain_text("0 of 0 as scheduled · 3 not seen")
        await expect(page.locator("[data-judged]")).to_have_count(0)


async def test_a_leader_finds_only_the_own_team_in_the_ledger(browser: Browser, tmp_path: Path) -> None:
    async with controlled(tmp_path) as hall:
        boss = await hall.signed_in("boss", Role.SUPERVISOR)
        for agent in ("1001", "1003"):
            await hall.post("/api/breaks", {"agent": agent, "deed": "ask"}, boss)
        async with opened(browser, hall, "chen", Role.LEADER, "/breaks?lang=en", (1366, 768)) as page:
            await expect(page.locator(".sheet").nth(1).locator("tbody tr")).to_have_count(1)
            assert "Zhao Min" not in await page.locator("body").inner_text()
