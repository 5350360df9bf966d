"""The wall in a real Chromium: what a person in front of it would see, and that it heals by itself.

Every test ends with a look at the console: no error, no complaint of the content security policy.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page, expect

from realtime.rows import Snapshot
from tests.wallboard.house import running
from tests.wallboard.web import sample
from tests.wallboard.web.browsers import CHROMIUM, watched_page
from tests.wallboard.web.site import TOKEN, Site, serving, until
from wallboard.authorise import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]

REFUSED_ON_PURPOSE = "401 (Unauthorized)"
"""Chromium notes each refused request in the console, also one that the page expects."""


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    async with serving() as served:
        served.make = sample.floor
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, site: Site) -> AsyncIterator[Page]:
    async with watched_page(browser, (1920, 1080), (REFUSED_ON_PURPOSE,)) as opened:
        yield opened


async def look(page: Page, site: Site, query: str = "") -> None:
    await page.goto(f"{site.url}/wall?{query}")
    await page.wait_for_selector(".agent .timer")


def changed(site: Site, table: str, place: int, **fields: Any) -> dict[str, Any]:
    """A row of the snapshot that was sent, with some fields changed."""
    assert site.snapshot is not None
    row: dict[str, Any] = msgspec.to_builtins(getattr(site.snapshot, table)[place])
    return row | fields


def figure(page: Page, card: str) -> Any:
    return page.locator(f"[data-card={card}] .figure")


# ------------------------------------------------------------------ figures


async def test_a_snapshot_is_drawn(page: Page, site: Site) -> None:
    await look(page, site)
    assert site.snapshot is not None
    await expect(page.locator("h1")).to_have_text("Sales 1 销售一区")
    await expect(figure(page, "waiting")).to_have_text("9")
    await expect(figure(page, "service")).to_have_text("85%")
    await expect(page.locator("[data-card=longest]")).to_have_class("card panel act")
    await expect(page.locator("[data-card=longest] .hint")).to_contain_text("target 0:20")
    await expect(page.locator("[data-card=waiting] .curve rect")).to_have_count(27)  # three minutes are unknown
    await expect(page.locator("[data-board=queue] tbody tr")).to_have_count(5)
    await expect(page.locator("[data-board=campaign]")).to_have_count(0)
    first = page.locator(".agent").first
    await expect(first).to_have_class("agent act ")
    await expect(first.locator(".timer")).to_contain_text("+4:1")
    await expect(page.locator(".foot")).to_contain_text("18")
    assert re.fullmatch(r"live \d\.\d s\npage 1/4", await page.locator(".side").inner_text())


async def test_what_is_unknown_is_a_dash_with_its_reason(page: Page, site: Site) -> None:
    site.make = sample.morning
    await look(page, site)
    for card, reason in (("longest", "nobody waits"), ("service", "no call has ended yet"), ("abandoned", "no call has ended yet")):
        await expect(figure(page, card)).to_have_text("–")
        await expect(page.locator(f"[data-card={card}] .hint")).to_have_text(reason)
    await expect(page.locator(".card.warn, .card.act")).to_have_count(0)


async def test_a_delta_changes_what_it_names_and_nothing_else(page: Page, site: Site) -> None:
    await look(page, site)
    await page.evaluate(WATCH_STATE_WORDS)
    someone = await page.locator(".agent").nth(4).get_attribute("data-agent")
    place = int(str(someone)) - 1001
    await site.delta(agents=[changed(site, "agents", place, state="meeting", since=time.time())])
    row = page.locator(f"[data-agent='{someone}']")
    await expect(row.locator(".word")).to_have_text("meeting")
    await expect(row.locator(".timer")).to_have_text("0:01")
    assert await page.locator(".agent").nth(4).get_attribute("data-agent") == someone, "rows keep their places"
    assert await page.evaluate("() => [...window.touched]") == [someone]
    await site.delta(gone={"agents": [someone]})
    await expect(page.locator(f"[data-agent='{someone}']")).to_have_count(0)
    await expect(page.locator(".agent")).to_have_count(18)


WATCH_STATE_WORDS = """() => {
    window.touched = new Set();
    const rowOf = (node) => (node.parentElement || node).closest(".agent");
    const seen = (record) => [...record.addedNodes].filter((node) => node.classList && node.classList.contains("word"));
    const watcher = new MutationObserver((records) => {
        for (const record of records) for (const node of seen(record)) window.touched.add(rowOf(node).dataset.agent);
    });
    watcher.observe(document.querySelector(".agents"), {childList: true, subtree: true});
}"""


async def test_timers_count_without_traffic(page: Page, site: Site) -> None:
    site.make = lambda now: sample.floor(now, 30)
    await look(page, site)
    timer = page.locator(".agent .timer").nth(3)
    before = await timer.inner_text()
    await expect(timer).not_to_have_text(before, timeout=3000)


async def test_pages_turn_by_hand_and_nobody_is_missed(page: Page, site: Site) -> None:
    await look(page, site, "turn=3600")
    assert site.snapshot is not None
    seen: set[str] = set()
    for number in range(1, 5):
        await expect(page.locator(".side")).to_contain_text(f"page {number}/4")
        rows = await page.locator(".agent").evaluate_all("rows => rows.map(row => row.dataset.agent)")
        assert rows[:2] == ["1004", "1008"], "who needs somebody is on every page"
        seen |= set(rows)
        await page.keyboard.press("ArrowRight")
    assert seen == {agent.id for agent in site.snapshot.agents if agent.state != "logged_out"}
    await page.keyboard.press(" ")
    await expect(page.locator(".side")).to_contain_text("stopped")


# ------------------------------------------------------------------ the connection


async def test_a_gap_asks_for_a_snapshot(page: Page, site: Site) -> None:
    await look(page, site)
    await site.send({"type": "delta", "from": "1-7", "to": "1-9", "time": time.time()})
    await until(lambda: answered(site, 2))
    assert site.snapshot is not None
    await site.delta(totals=changed_totals(site, waiting=4))
    await expect(figure(page, "waiting")).to_have_text("4")


async def answered(site: Site, connections: int) -> bool:
    return site.connections >= connections and bool(site.sockets)


def changed_totals(site: Site, **fields: Any) -> dict[str, Any]:
    assert site.snapshot is not None
    totals: dict[str, Any] = msgspec.to_builtins(site.snapshot.totals)
    return totals | {"series": None} | fields


async def test_it_comes_back_after_the_board_went(page: Page, site: Site) -> None:
    await look(page, site)
    site.make = lambda now: sample.floor(now, 12)
    await site.drop(1012)
    await expect(page.locator(".title")).to_contain_text("12 here")
    await expect(page.locator(".banner")).to_have_count(0)
    await expect(page.locator("[data-card=waiting] .curve rect")).to_have_count(27)


async def test_a_board_that_stays_away_is_said(page: Page, site: Site) -> None:
    await look(page, site)
    site.refuse = 1013
    await site.drop(1012)
    await expect(page.locator(".side")).to_contain_text("reconnecting")
    await expect(page.locator(".banner")).to_contain_text("Cut off from the board since ")
    await expect(page.locator(".cards")).to_have_class("cards stale")
    await expect(page.locator(".agent").first).to_have_class("agent act stale")
    site.refuse = 0
    await expect(page.locator(".banner")).to_have_count(0)
    await expect(page.locator(".cards")).to_have_class("cards ")


async def test_no_answer_is_said_before_there_is_a_floor(page: Page, site: Site) -> None:
    site.refuse = 1013
    await page.goto(f"{site.url}/wall")
    await expect(page.locator("[data-note=retrying] h2")).to_have_text("The board does not answer")
    site.refuse = 0
    await page.wait_for_selector(".agent")


async def test_a_newer_board_loads_the_page_anew_once(page: Page, site: Site) -> None:
    """Not while something is red, and not before it is three minutes old: nothing makes it go round in circles."""
    await page.clock.install()
    site.build = "another"
    await look(page, site)
    await page.evaluate("() => (window.old = true)")
    await page.clock.fast_forward("04:00")
    await page.wait_for_selector(".agent")
    assert await page.evaluate("() => window.old"), "a red figure puts it off"
    site.make = lambda now: sample.morning(now)
    await site.drop()
    await page.clock.fast_forward("00:40")
    await until(lambda: is_new(page))
    await page.wait_for_selector(".agent")
    assert await page.evaluate("() => sessionStorage.getItem('andon.reloaded')") == "another"


async def is_new(page: Page) -> bool:
    try:
        return not await page.evaluate("() => window.old")
    except Error:  # just between the two
        return False


# ------------------------------------------------------------------ age


def heard(ago: float, link: str = "live") -> Callable[[float], Snapshot]:
    def make(now: float) -> Snapshot:
        floor = sample.floor(now)
        floor.nodes[0].heard, floor.nodes[0].link, floor.nodes[0].since = now - ago, link, now - ago
        return floor

    return make


async def test_after_three_seconds_figures_go_grey_though_the_websocket_lives(page: Page, site: Site) -> None:
    site.make, site.fresh = heard(1.5), False
    await look(page, site)
    live = await figure(page, "waiting").evaluate("element => getComputedStyle(element).color")
    await expect(page.locator(".cards")).to_have_class("cards ")
    await expect(page.locator(".age-now")).to_contain_text("figures are 3 s old")
    await expect(page.locator(".cards")).to_have_class("cards stale")
    assert await figure(page, "waiting").evaluate("element => getComputedStyle(element).color") != live
    timer = await page.locator(".agent .timer").nth(3).inner_text()
    await expect(page.locator(".age-now")).to_contain_text("figures are 5 s old")
    assert await page.locator(".agent .timer").nth(3).inner_text() == timer, "an old figure does not go on counting"


async def test_after_thirty_seconds_there_is_a_banner(page: Page, site: Site) -> None:
    site.make, site.fresh = heard(28.5), False
    await look(page, site)
    await expect(page.locator(".banner")).to_have_count(0)
    await expect(page.locator(".banner")).to_contain_text("hall7: silent since ")


async def test_a_lost_node_is_named_and_only_its_rows_go_grey(page: Page, site: Site) -> None:
    site.make = two_nodes
    await look(page, site)
    await expect(page.locator(".banner")).to_contain_text("hall8: link lost since ")
    await expect(page.locator("tr.stale")).to_have_attribute("data-queue", "hall8/night")
    await expect(page.locator("[data-board=queue] tbody tr")).to_have_count(6)
    assert site.snapshot is not None
    fresh = [msgspec.to_builtins(node) | {"link": "live", "heard": time.time()} for node in site.snapshot.nodes]
    await site.delta(nodes=fresh)
    site.fresh = True
    site.snapshot.nodes[1].link = "live"
    await expect(page.locator(".banner")).to_have_count(0)


def two_nodes(now: float) -> Snapshot:
    floor = sample.floor(now)
    lost = msgspec.structs.replace(floor.nodes[0], node="hall8", link="lost", since=now - 5, heard=now - 5)
    floor.nodes.append(lost)
    floor.queues.append(msgspec.structs.replace(floor.queues[0], id="hall8/night", node="hall8", name="night"))
    return floor


async def test_a_board_that_cannot_read_its_log_is_said(page: Page, site: Site) -> None:
    site.away = True
    site.fresh = False
    await look(page, site)
    await expect(page.locator(".banner")).to_contain_text("cannot read its log")


# ------------------------------------------------------------------ nothing to show


async def test_an_empty_floor_says_what_to_do(page: Page, site: Site) -> None:
    site.make = sample.empty
    await page.goto(f"{site.url}/wall")
    await expect(page.locator("[data-note=empty]")).to_contain_text("andon check")
    await expect(page.locator("[data-note=empty]")).to_contain_text("hall7")


async def test_loading_is_a_page(page: Page, site: Site) -> None:
    site.make = None
    await page.goto(f"{site.url}/wall")
    await expect(page.locator("[data-note=loading] h2")).to_have_text("Connecting to the board")


async def test_a_screen_signs_in_once(page: Page, site: Site) -> None:
    site.refuse_without_cookie = True
    site.answers["POST /api/screens"] = {"code": "ACD347", "secret": "s", "expires_in_s": 600}
    site.answers["POST /api/screens/claim"] = {"state": "waiting", "board": "", "expires_in_s": 600}
    await page.goto(f"{site.url}/wall")
    await page.get_by_role("button", name="Type a token instead").click()
    field = page.get_by_label("Token")
    await expect(field).to_be_focused()
    await field.fill("wrong")
    await page.keyboard.press("Enter")
    await expect(page.locator(".wrong")).to_contain_text("does not know this token")
    assert site.connections == 1, "it does not try again by itself"
    await field.fill(f" {TOKEN} ")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".agent")
    assert site.tokens_tried == ["wrong", TOKEN]
    await page.reload()
    await page.wait_for_selector(".agent")


@pytest.mark.parametrize(("code", "title"), [(4403, "This token may not see the wall"), (4404, "The board refuses this page")])
async def test_other_refusals_say_so(page: Page, site: Site, code: int, title: str) -> None:
    site.refuse = code
    await page.goto(f"{site.url}/wall")
    await expect(page.locator("[data-note=forbidden] h2")).to_have_text(title)


# ------------------------------------------------------------------ names, keys, size


async def test_hostile_names_are_text_and_move_nothing(page: Page, site: Site) -> None:
    await look(page, site)
    calm = await boxes(page)
    site.make = sample.long_names
    await site.drop(1012)
    await expect(page.locator(".agents")).to_contain_text("<script>alert(1)</script>")
    assert await page.locator("script").count() == 1
    wide = await boxes(page)
    assert wide == calm
    overflow = "() => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight"
    assert not await page.evaluate(overflow)


async def boxes(page: Page) -> dict[str, float]:
    """From the wall's own corner: the whole of it drifts."""
    script = """(s) => {
        const wall = document.querySelector(".wall").getBoundingClientRect();
        const r = document.querySelector(s).getBoundingClientRect();
        return [r.x - wall.x, r.y - wall.y, r.width, r.height].map(Math.round);
    }"""
    return {part: await page.evaluate(script, part) for part in (".head", ".clock", ".cards", ".agents", ".tables", ".foot")}


async def test_keys_change_language_theme_and_size_and_are_remembered(page: Page, site: Site) -> None:
    await look(page, site)
    calm = await boxes(page)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    assert await page.evaluate(ground) == "rgb(12, 17, 23)"
    await page.keyboard.press("l")
    await expect(page.locator("[data-card=waiting] h2")).to_have_text("排队")
    assert await page.evaluate("() => document.documentElement.lang") == "zh-CN"
    assert await boxes(page) == calm, "a language moves nothing"
    await page.keyboard.press("t")
    await expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert await page.evaluate(ground) == "rgb(246, 247, 249)"
    await page.keyboard.press("t")  # as the system, which Chromium says is light
    await expect(page.locator("html")).to_have_attribute("data-theme", "light")
    await page.emulate_media(color_scheme="dark")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.keyboard.press("+")
    await page.keyboard.press("?")
    await expect(page.locator(".keys")).to_contain_text("切换语言")
    await page.keyboard.press("Escape")
    await expect(page.locator(".keys")).to_have_count(0)
    await page.reload()
    await page.wait_for_selector(".agent")
    assert await page.evaluate("() => document.documentElement.lang") == "zh-CN"
    assert await page.evaluate("() => document.documentElement.style.getPropertyValue('--distance')") == "3.5"


@pytest.mark.parametrize("query", ["lang=en&distance=3", "lang=zh&distance=5", "lang=en&distance=8"])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1280, 1024)])
async def test_everything_fits_on_one_screen(page: Page, site: Site, query: str, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    site.make = sample.with_campaigns
    await look(page, site, query)
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await page.evaluate(CUT_OFF_PARTS) == []


async def test_a_campaign_says_its_state_and_a_stop_in_red(page: Page, site: Site) -> None:
    def shown(now: float) -> Snapshot:
        full = sample.with_campaigns(now)
        full.campaigns.append(msgspec.structs.replace(full.campaigns[0], id="d1", state="formal", stopped=True))
        return full

    site.make = shown
    await look(page, site, "lang=zh")
    words = page.locator("[data-board=campaign] .stage")
    assert await words.all_text_contents() == ["试呼", "停呼", "停呼"]
    await expect(page.locator("[data-campaign=c7] .name")).to_have_text("续保项目")
    await expect(page.locator("[data-campaign=b112] .name")).to_have_text("B-112")
    colours = await page.evaluate("() => [...document.querySelectorAll('.stage')].map(each => getComputedStyle(each).color)")
    assert colours[0] != colours[1] == colours[2]
    await look(page, site, "lang=en")
    assert await words.all_text_contents() == ["trial", "stopped", "stopped"]
    await expect(page.locator("[data-campaign=c7] .name")).to_have_text("Renewals")
    wide = "() => [...document.querySelectorAll('[data-board=campaign] .stage .cut')].filter(e => e.scrollWidth > e.clientWidth).length"
    assert await page.evaluate(wide) == 0, "no state is cut"


CUT_OFF_PARTS = """() => {
    const inside = (part) => {
        const room = part.closest("main, section, header, footer, .wall").getBoundingClientRect();
        const box = part.getBoundingClientRect();
        return box.bottom <= room.bottom + 1 && box.right <= room.right + 1 && box.bottom <= innerHeight + 1;
    };
    const parts = [...document.querySelectorAll(".agent, .board tr, .card, .foot, .clock")];
    return parts.filter((part) => !inside(part)).map((part) => part.className);
}"""


async def test_three_hundred_agents_stay_smooth(page: Page, site: Site) -> None:
    site.make = lambda now: sample.floor(now, 300)
    await look(page, site)
    await page.evaluate(WATCH_LONG_TASKS)
    rounds: list[list[int]] = []
    while not rounds or (len(rounds) < ROUNDS and not is_smooth(rounds[-1])):  # other tests run beside
        await page.evaluate("() => window.longTasks.splice(0)")
        for turn in range(60):
            rows = [changed(site, "agents", (turn * 7 + place) % 300, state=("talking", "ready", "hold")[turn % 3]) for place in range(10)]
            await site.delta(agents=rows, totals=changed_totals(site, waiting=60 * len(rounds) + turn))
            await asyncio.sleep(0.05)  # twenty a second is what is tested
        await expect(figure(page, "waiting")).to_have_text(str(60 * len(rounds) + 59))
        rounds.append(await page.evaluate("() => window.longTasks"))
    assert is_smooth(rounds[-1]), f"long tasks of each round, in ms: {rounds}"


ROUNDS = 5


def is_smooth(long_tasks_ms: list[int]) -> bool:
    return len(long_tasks_ms) <= 3 and max(long_tasks_ms, default=0) < 250


WATCH_LONG_TASKS = """() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((entry) => Math.round(entry.duration))))
        .observe({entryTypes: ["longtask"]});
}"""


async def test_the_real_board_and_this_page_understand_each_other(browser: Browser, page: Page, tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await page.goto(f"{house.url}/wall")
        await expect(page.locator("[data-note=pairing] .code")).to_contain_text(" ")
        await page.get_by_role("button", name="Type a token instead").click()
        await page.get_by_label("Token").fill(house.bearer(Role.SCREEN)["Authorization"].removeprefix("Bearer "))
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".agent")
        await expect(page.locator(".banner p")).to_have_text("hall7: never heard")  # as its fake renderer says
        assert await page.locator(".agent").count() == 3
