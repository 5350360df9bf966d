"""Boards on the wall, in a real Chromium: their pages and looks, the code of a screen that is not in, night, and healing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from realtime.rows import AlertRow, MessageRow, Snapshot
from tests.wallboard.web import hall, sample
from tests.wallboard.web.browsers import CHROMIUM, watched_page
from tests.wallboard.web.site import Site, serving, until
from wallboard.boards import BoardPage, BoardPlan, Dim

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]

WAITING = {"state": "waiting", "board": "", "expires_in_s": 600}


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    async with serving() as served:
        served.make = sample.morning
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, site: Site) -> AsyncIterator[Page]:
    async with watched_page(browser, (1920, 1080), EXPECTED) as opened:
        yield opened


EXPECTED = ("(Too Many Requests)", "on purpose", "closed before the connection is established")
"""What Chromium notes of what a test does: a refusal, an error, and a clock that leaps over a connection being made."""


TWO = BoardPlan(
    id="hall",
    name="Hall 7",
    name_zh="七号厅",
    pages=(BoardPage(seconds=30), BoardPage(layout="number", number="offered", seconds=10, queues=("sales",))),
)


def with_parts(now: float) -> Snapshot:
    floor = sample.morning(now)
    floor.parts = {"1": msgspec.structs.replace(floor.totals, offered=321, answered=300)}
    return floor


# ------------------------------------------------------------------ pages


async def test_pages_take_turns_and_one_number_fills_a_page(page: Page, site: Site) -> None:
    site.plan, site.make = TWO, with_parts
    await page.clock.install()
    await page.goto(f"{site.url}/b/hall")
    await expect(page.locator("h1")).to_have_text("Hall 7")
    assert site.boards == ["hall"]
    await expect(page.locator(".dots")).to_have_attribute("aria-label", "board page 1 of 2")
    await page.clock.run_for(30_500)
    number = page.locator("[data-number=offered]")
    await expect(number.locator(".figure")).to_have_text("321")
    await expect(number.locator("h2")).to_have_text("Calls todaysales")
    await expect(number.locator(".hint")).to_have_text("300 answered")
    await expect(page.locator(".wall")).to_have_class("wall under")
    head, figure = await box(page, ".head"), await box(page, ".number .figure")
    assert head["y"] > 900, "the head of every other page is below"
    assert figure["height"] > 400, "to be read from ten metres"
    await page.clock.run_for(10_500)
    await expect(page.locator(".cards")).to_have_count(1)
    await page.keyboard.press("ArrowRight")
    await expect(number).to_have_count(1)


async def box(page: Page, part: str) -> dict[str, float]:
    found = await page.locator(part).bounding_box()
    assert found is not None
    return dict(found)


async def test_a_red_figure_is_not_turned_away_from(page: Page, site: Site) -> None:
    site.plan, site.make = (
        msgspec.structs.replace(TWO, pages=(BoardPage(seconds=10), BoardPage(layout="number", number="offered"))),
        sample.floor,
    )
    await page.clock.install()
    await page.goto(f"{site.url}/b/hall")
    await page.wait_for_selector(".card.act")
    for _ in range(4):
        await page.clock.run_for(11_000)
        await expect(page.locator(".cards")).to_have_count(1)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1280, 1024)])
@pytest.mark.parametrize("number", ["waiting", "longest", "service", "abandoned", "breaks"])
async def test_one_number_fits_in_both_languages(page: Page, site: Site, number: Any, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    site.plan, site.make = BoardPlan(id="one", pages=(BoardPage(layout="number", number=number),)), sample.floor
    for lang in ("en", "zh"):
        await page.goto(f"{site.url}/b/one?lang={lang}")
        await page.wait_for_selector("[data-number]")
        assert await page.evaluate(CUT) == [], lang


CUT = """() => [...document.querySelectorAll(".number h2, .number .figure, .number .hint span")]
    .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth || part.getBoundingClientRect().right > innerWidth)
    .map((part) => part.className || part.tagName)"""


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_a_page_of_breaks_says_who_may_go_and_who_is_next(page: Page, site: Site, lang: str) -> None:
    site.plan, site.make = BoardPlan(id="rest", pages=(BoardPage(layout="breaks"),)), hall.floor
    await page.goto(f"{site.url}/b/rest?lang={lang}")
    await expect(page.locator(".line-up li")).to_have_count(4)
    await expect(page.locator("[data-places] .figure")).to_contain_text("/6")
    await expect(page.locator(".line-up li").nth(2)).to_contain_text("1")
    rule = hall.RULE[lang]
    assert rule not in await page.locator("body").inner_text(), "a reason is for whom it is about"
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


async def test_the_foot_tells_meetings_and_messages_to_all(page: Page, site: Site) -> None:
    def with_a_word_to_one(now: float) -> Snapshot:
        shown = hall.floor(now)
        shown.meetings.append(msgspec.structs.replace(shown.meetings[0], id="m3", rule="m3", name_zh="A组早会", teams=["A"]))
        shown.messages.append(MessageRow(id="n2", to="agent:1001", text="come to me", who="Li Wei", at=now, until=now + 60))
        return shown

    site.make = with_a_word_to_one
    await page.goto(f"{site.url}/wall?lang=zh")
    foot = page.locator(".foot")
    await expect(foot).to_contain_text("夕会 · B，25 分钟后")
    await expect(foot).to_contain_text("辅导 · A，到")
    await expect(foot).to_contain_text("A组早会")
    await expect(foot).not_to_contain_text("A组早会 · A")
    await expect(foot.locator("> span").nth(1)).to_contain_text("New price list")  # behind the alert
    await expect(foot).to_contain_text("New price list")
    await expect(foot).not_to_contain_text("come to me")


@pytest.mark.parametrize(("lang", "more"), [("en", "and 1 more"), ("zh", "另有 1 项")])
async def test_the_foot_begins_with_what_asks_to_act(page: Page, site: Site, lang: str, more: str) -> None:
    def alerted(now: float) -> Snapshot:
        shown = hall.floor(now)
        row = AlertRow(id="a", rule="r", kind="waiting", severity="act", subject="floor", since=now - 60, text={"en": "Help", "zh": "求助"})
        over, amber = msgspec.structs.replace(row, id="c", cleared=now), msgspec.structs.replace(row, id="d", severity="warn")
        shown.alerts = [over, amber, row, msgspec.structs.replace(row, id="b", since=now)]
        return shown

    site.make = alerted
    await page.goto(f"{site.url}/wall?lang={lang}")
    first = page.locator(".foot > span").first
    await expect(first).to_contain_text({"en": "Help", "zh": "求助"}[lang])
    await expect(first).to_contain_text(more)
    await expect(first.locator(".l-act")).to_have_count(1)


async def test_a_long_message_in_the_foot_takes_turns_with_the_meetings(page: Page, site: Site) -> None:
    def with_a_long_word(now: float) -> Snapshot:
        shown = hall.floor(now)
        shown.messages = [MessageRow(id="n3", to="all", text="Save your tickets. " * 6, who="Li Wei", at=now, until=now + 600)]
        return shown

    site.make = with_a_long_word
    await page.goto(f"{site.url}/wall?lang=zh")
    foot = page.locator(".foot")
    await expect(foot).to_contain_text("Save your tickets", timeout=15_000)
    await expect(foot).not_to_contain_text("夕会")
    await expect(foot).to_contain_text("夕会", timeout=15_000)
    await expect(foot).not_to_contain_text("Save your tickets")


async def test_a_board_says_how_it_looks_and_a_key_says_otherwise(page: Page, site: Site) -> None:
    site.plan = msgspec.structs.replace(TWO, language="zh", theme="light", distance=5.0)
    await page.goto(f"{site.url}/b/hall")
    await expect(page.locator("h1")).to_have_text("七号厅")
    await expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert await page.evaluate("() => document.documentElement.style.getPropertyValue('--distance')") == "5"
    await page.keyboard.press("l")
    await expect(page.locator("h1")).to_have_text("Hall 7")
    site.plan = msgspec.structs.replace(site.plan, name="Hall 8", theme="dark")
    await site.drop()
    await expect(page.locator("h1")).to_have_text("Hall 8")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_a_board_of_no_queue_says_so(page: Page, site: Site) -> None:
    site.plan, site.make = BoardPlan(id="x", queues=("salse",)), sample.empty
    await page.goto(f"{site.url}/b/x")
    await expect(page.locator("[data-note=empty]")).to_contain_text("It was told to show salse")


async def test_the_banner_gives_the_server_s_reason(page: Page, site: Site) -> None:
    def lost(now: float) -> Snapshot:
        floor = sample.floor(now)
        floor.nodes[0].link, floor.nodes[0].reason = "lost", "The PBX refuses the account; check username and secret."
        return floor

    site.make, site.fresh = lost, False
    await page.goto(f"{site.url}/wall")
    await expect(page.locator(".banner .why")).to_have_text("The PBX refuses the account; check username and secret.")
    assert (await box(page, ".banner"))["height"] < 90, "the banner is one line of the page, and moves nothing"


# ------------------------------------------------------------------ night


async def test_night_is_dark_and_lights_up_for_who_comes_near(page: Page, site: Site) -> None:
    site.plan = msgspec.structs.replace(TWO, dim=Dim(since=0, until=1440, to=0.0), zone="Asia/Shanghai")
    await page.goto(f"{site.url}/b/hall")
    night = page.locator(".night")
    await expect(night).to_have_attribute("data-light", "0")
    assert await night.evaluate("element => getComputedStyle(element).opacity") == "1"
    await page.mouse.move(200, 200)
    await expect(night).to_have_attribute("data-light", "0.4")
    site.make = sample.floor
    await page.goto(f"{site.url}/b/hall?lang=en")
    await expect(night).to_have_attribute("data-light", "0.4")  # something is red
    await page.goto(f"{site.url}/b/hall?dim=off")
    await page.wait_for_selector(".agent")
    await expect(night).to_have_count(0)


# ------------------------------------------------------------------ getting in


async def test_a_code_is_shown_renewed_and_lets_in(page: Page, site: Site) -> None:
    site.refuse = 4401
    site.answers["POST /api/screens"] = {"code": "ACD347", "secret": "first", "expires_in_s": 600}
    site.answers["POST /api/screens/claim"] = WAITING
    await page.clock.install()
    await page.goto(f"{site.url}/b/hall")
    code = page.locator("[data-note=pairing] .code")
    await expect(code).to_have_text("ACD 347")
    await expect(page.locator("[data-note=pairing]")).to_contain_text("andon screen approve ACD347 --board hall")
    assert "first" not in page.url
    site.answers["POST /api/screens"] = {"code": "EFG679", "secret": "second", "expires_in_s": 600}
    await page.clock.fast_forward(590_000)
    await expect(code).to_have_text("EFG 679")
    site.refuse, site.plan = 0, TWO
    site.answers["POST /api/screens/claim"] = {"state": "approved", "board": "hall", "expires_in_s": 0}
    await page.clock.fast_forward(5000)
    await page.wait_for_selector(".agent")
    assert site.asked[-1] == 'POST /api/screens/claim {"secret":"second"}'
    asked = len(site.asked)
    await page.clock.fast_forward(10_000)
    assert len(site.asked) == asked, "who is in asks no more"


async def test_a_dismissed_code_is_replaced_and_a_full_list_said(page: Page, site: Site) -> None:
    site.refuse = 4401
    site.answers["POST /api/screens"] = 429
    await page.clock.install()
    await page.goto(f"{site.url}/wall")
    await expect(page.locator("[data-note=pairing]")).to_contain_text("Too many screens wait")
    site.answers["POST /api/screens"] = {"code": "ACD347", "secret": "s", "expires_in_s": 600}
    site.answers["POST /api/screens/claim"] = WAITING
    await page.clock.fast_forward(20_000)
    await expect(page.locator(".code")).to_have_text("ACD 347")


async def test_a_board_that_comes_back_into_the_plan_is_found_again(page: Page, site: Site) -> None:
    site.refuse = 4404
    await page.clock.install()
    await page.goto(f"{site.url}/b/hall")
    await expect(page.locator("[data-note=forbidden]")).to_contain_text("The board refuses this page")
    site.refuse = 0
    await page.clock.fast_forward(70_000)
    await page.wait_for_selector(".agent")


# ------------------------------------------------------------------ healing


async def test_the_watchdog_notices_a_page_that_draws_no_more(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/wall")
    await page.wait_for_selector(".agent")
    assert await page.evaluate(WATCHDOG) == "stuck"


WATCHDOG = """() => new Promise((done) => {
    const worker = new Worker("/web/wall/watchdog.js", {type: "module"});
    worker.onmessage = ({data}) => done(data);
    worker.postMessage({patience: 1});
})"""


async def test_an_error_in_the_page_loads_it_anew_but_not_in_circles(page: Page, site: Site) -> None:
    await page.clock.install()
    await page.goto(f"{site.url}/wall")
    await page.wait_for_selector(".agent")
    await page.evaluate("() => { window.old = true; dispatchEvent(new ErrorEvent('error', {message: 'on purpose'})) }")
    await page.clock.fast_forward(100_000)
    await page.wait_for_selector(".agent")
    assert await page.evaluate("() => window.old"), "it is too young"
    await page.clock.fast_forward(100_000)
    await until(lambda: loaded_anew(page))
    await page.wait_for_selector(".agent")


async def loaded_anew(page: Page) -> bool:
    try:
        return not await page.evaluate("() => window.old")
    except Exception:
        return False


async def test_a_page_that_wakes_up_asks_for_a_fresh_floor(page: Page, site: Site) -> None:
    site.fresh = False
    await page.goto(f"{site.url}/wall")
    await page.wait_for_selector(".agent")
    await page.clock.install(time=time.time())
    before = site.connections
    await page.clock.pause_at(time.time() + 6)
    await page.evaluate("() => dispatchEvent(new Event('online'))")
    await until(lambda: more(site, before))


async def more(site: Site, before: int) -> bool:
    return site.connections > before


async def test_the_cursor_hides_at_once_in_a_kiosk(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/wall?kiosk=1")
    await page.wait_for_selector(".agent")
    await expect(page.locator("body")).to_have_class("quiet")


async def test_a_chime_for_what_is_newly_red_once_a_minute_and_only_where_asked_for(page: Page, site: Site) -> None:
    await page.add_init_script(COUNT_TONES)
    await page.clock.install()
    for query, tones in (("", 0), ("sound=1&dim=0.5", 0), ("sound=1", 2)):
        site.make = sample.morning
        await page.goto(f"{site.url}/wall?{query}")
        await page.wait_for_selector(".agent")
        site.make = sample.floor
        await site.drop()
        await page.clock.fast_forward(1000)
        await page.wait_for_selector(".card.act")
        assert await page.evaluate("() => window.tones") == tones, query
    await page.clock.fast_forward(2000)
    assert await page.evaluate("() => window.tones") == 2, "what stays red is no news"


COUNT_TONES = """(() => {
    window.tones = 0;
    const node = {connect: (next) => next, start: () => (window.tones += 1), stop: () => {}};
    const level = {setValueAtTime: () => {}, linearRampToValueAtTime: () => {}, exponentialRampToValueAtTime: () => {}};
    window.AudioContext = function () { return {state: "running", currentTime: 0, destination: {}}; };
    window.OscillatorNode = function () { return node; };
    window.GainNode = function () { return {...node, gain: level}; };
})()"""
