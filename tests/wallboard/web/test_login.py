"""The page to sign in, in a real browser against the real board: by keyboard, wrong and right, and where one gets to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from tests.wallboard.house import House, running, until
from tests.wallboard.web.browsers import CHROMIUM, launch
from wallboard.authorise import Role
from wallboard.passwords import hash_of

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: it shows the page")


@asynccontextmanager
async def at(house: House, path: str, *, locale: str = "en") -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        context = await browser.new_context(locale=locale)
        page = await context.new_page()
        await page.goto(house.url + path)
        try:
            yield page
        finally:
            await browser.close()


@pytest_asyncio.fixture
async def door(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path) as house:
        house.board.people.add("li.wei", hash_of(PASSWORD), Role.SUPERVISOR, house.clock())
        house.board.people.add("zhou", hash_of(PASSWORD), Role.AGENT, house.clock())
        yield house


async def test_by_keyboard_a_wrong_password_and_then_the_right_one(door: House) -> None:
    async with at(door, "/login?next=/wall%3Flang%3Den") as page:
        await expect(page.get_by_label("Name")).to_be_focused()
        await page.keyboard.type("li.wei")
        await page.keyboard.press("Tab")
        await page.keyboard.type("wrong password")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("do not fit")
        await expect(page.get_by_label("Password")).to_be_focused()
        await page.keyboard.type(PASSWORD)  # what was there is selected
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/wall?lang=en")
        await until(lambda: len(door.board.clients) == 1)
        kept = await page.context.cookies()
        assert [(cookie["name"], cookie["httpOnly"], cookie["sameSite"]) for cookie in kept] == [("andon_session", True, "Strict")]
        seen = await page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        assert PASSWORD not in seen
        assert "andon_session" not in seen


async def test_a_token_signs_in_too_and_the_role_has_its_page(door: House) -> None:
    secret, _ = door.board.tokens.create(Role.SCREEN, "", door.clock())
    async with at(door, "/login") as page:
        await page.get_by_role("button", name="Use a token instead").click()
        await expect(page.get_by_label("Token")).to_be_focused()
        await page.keyboard.type("andon_nonsense")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("does not know this token")
        await page.keyboard.type(secret)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/wall")


@pytest.mark.parametrize(
    "next_", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/login", "/%09/evil"]
)
async def test_next_leads_to_no_other_site(door: House, next_: str) -> None:
    async with at(door, f"/login?next={next_}") as page:
        await page.get_by_label("Name").fill("li.wei")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.wait_for_url(re.compile(re.escape(door.url) + r"/(floor|%09/evil)"))


async def test_who_is_signed_in_is_told_so_and_can_sign_out_in_chinese(door: House) -> None:
    async with at(door, "/login", locale="zh-CN") as page:
        await page.get_by_label("用户名").fill("zhou")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录", exact=True).click()
        await page.wait_for_url("**/agent")
        await expect(page.locator("[data-note=forbidden]")).to_contain_text("没有坐席对应此账号")  # this floor has no plan that names zhou
        await page.goto(f"{door.url}/login")
        await expect(page.get_by_role("heading")).to_have_text("您已登录")
        await expect(page.locator("main")).to_contain_text("zhou")
        await page.get_by_role("button", name="退出登录").click()
        await expect(page.get_by_label("用户名")).to_be_focused()
        assert door.board.sessions.all() == []


async def test_too_many_attempts_are_told_and_language_and_theme_are_kept(door: House) -> None:
    async with at(door, "/login") as page:
        for number in range(6):
            await page.get_by_label("Name").fill("li.wei")
            await page.get_by_label("Password").fill(f"wrong password {number}")
            async with page.expect_response("**/api/session"):
                await page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text("Too many attempts")
        await page.get_by_role("button", name="中文").click()
        await expect(page.get_by_role("heading")).to_have_text("登录 Andon")
        await page.reload()
        await expect(page.get_by_role("heading")).to_have_text("登录 Andon")
        assert await page.evaluate("() => document.documentElement.lang") == "zh-CN"


async def test_a_person_reads_the_language_that_was_noted_unless_one_was_chosen_here(door: House) -> None:
    door.board.people.add("wang", hash_of(PASSWORD), Role.AGENT, door.clock(), "zh")
    for chosen, title in (("", "这不是坐席账号"), ("en", "This is not an agent's account")):
        async with at(door, "/login") as page:
            if chosen:
                await page.evaluate("lang => localStorage.setItem('andon.office', JSON.stringify({lang}))", chosen)
                await page.reload()
            await page.get_by_label("Name").fill("wang")
            await page.get_by_label("Password").fill(PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/agent")
            await expect(page.get_by_role("heading")).to_have_text(title)
