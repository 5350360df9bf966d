"""The agent's page in a real Chromium, on a phone's size: one thing to do at a time, painted by the row and not by the press.

The board here is a script (`site.py`, rows of `hall.py`); `test_control_real.py` has the real one behind it.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from realtime.me import MeRow
from tests.wallboard.web import hall
from tests.wallboard.web.browsers import CHROMIUM, watched_page
from tests.wallboard.web.site import Site, serving, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]
REFUSED_ON_PURPOSE = ("409 (Conflict)", "404 (Not Found)", "401 (Unauthorized)", "ERR_", "vibrate")
"""Chromium notes what is refused, and a vibration that nobody's finger has allowed yet."""
PHONE = (390, 844)


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    async with serving() as served:
        served.own = hall.me
        hall.answer_all(served)
        served.answers["POST /api/me/here"] = hall.allowed()
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, site: Site) -> AsyncIterator[Page]:
    async with watched_page(browser, PHONE, REFUSED_ON_PURPOSE) as opened:
        yield opened


async def look(page: Page, site: Site, query: str = "lang=en") -> None:
    await page.goto(f"{site.url}/agent?{query}&zone=Asia/Shanghai")
    await page.wait_for_selector("[data-scene]")


def sent(site: Site, path: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(each.partition(path)[2].strip() or "{}") for each in site.asked if each.startswith(f"POST {path}")]


async def posted(site: Site, path: str, times: int = 1) -> bool:
    return len(sent(site, path)) >= times


async def scene(page: Page, name: str) -> None:
    await expect(page.locator("main")).to_have_attribute("data-scene", name)


# ------------------------------------------------------------------ a break, from asking to coming back


async def test_a_whole_break_in_one_hand(page: Page, site: Site) -> None:
    site.answers["POST /api/me/break"] = hall.allowed() | {"verdict": "queue"}
    await look(page, site)
    await scene(page, "ready")
    await page.locator(".big").click()
    await expect(page.locator(".asked")).to_contain_text("accepted")
    await expect(page.locator(".big")).to_be_disabled()
    await scene(page, "ready")  # the answer alone paints nothing
    await site.tell(hall.waiting)
    await scene(page, "waiting")
    await expect(page.locator(".todo")).to_contain_text("You are 2nd.")
    await expect(page.locator(".todo")).to_contain_text("孙丽 is before you.")
    await expect(page.locator(".todo")).to_contain_text("you then have 2 minutes")
    await expect(page.locator(".asked")).to_have_text("")
    await site.tell(hall.granted)
    await scene(page, "granted")
    await expect(page.locator("[data-countdown]")).to_contain_text("1:3")
    await expect(page.locator("[data-spoken]")).to_contain_text("Your break is granted")
    await page.locator("[data-act=take]").click()
    await site.tell(hall.on_break)
    await scene(page, "on")
    await expect(page.locator("[data-countdown]")).to_contain_text("5:1")
    assert "5:1" in await page.title()
    await site.tell(lambda now: hall.on_break(now, 40))
    await expect(page.locator("[data-countdown]")).to_have_class("figure-now warn")
    await expect(page.locator("[data-spoken]")).to_contain_text("One minute")
    await site.tell(lambda now: hall.on_break(now, -30))
    await expect(page.locator("[data-countdown]")).to_have_class("figure-now act")
    await expect(page.locator("[data-countdown]")).to_contain_text("+0:3")
    await page.locator("[data-act=back]").click()
    await site.tell(hall.me)
    await scene(page, "ready")
    assert [body["deed"] for body in sent(site, "/api/me/break")] == ["ask", "take", "back"]
    assert sent(site, "/api/me/break")[0] == {"deed": "ask", "kind": "short"}


async def test_another_kind_and_those_behind_more(page: Page, site: Site) -> None:
    site.answers["POST /api/me/break"] = hall.allowed()
    await look(page, site)
    await expect(page.locator(".kinds button")).to_have_count(4)
    await page.locator("[data-act=more]").click()
    await page.locator("[data-act=kind][data-value=recovery]").click()
    await expect(page.locator(".big")).to_contain_text("recovery")
    await page.locator(".big").click()
    await until(lambda: posted(site, "/api/me/break"))
    assert sent(site, "/api/me/break") == [{"deed": "ask", "kind": "recovery"}]


async def test_a_refusal_says_why_in_the_readers_language_and_until_when(page: Page, site: Site) -> None:
    body = hall.refused() | {"until": time.time() + 600}
    site.answers["POST /api/me/break"] = hall.answers(409, body)
    await look(page, site, "lang=zh")
    await page.locator(".big").click()
    refusal = page.locator(".refusal")
    await expect(refusal).to_contain_text(hall.REFUSAL["zh"])
    await expect(refusal).to_contain_text("最早")
    await refusal.locator("summary").click()
    await expect(refusal.locator("li")).to_have_count(2)
    await expect(page.locator(".big")).to_be_enabled()
    await page.locator("[data-act=language]").click()
    await expect(refusal).to_contain_text(hall.REFUSAL["en"])
    await page.locator("[data-act=dismiss]").click()
    await expect(refusal).to_have_count(0)


async def test_a_break_asked_for_on_a_call_begins_after_it(page: Page, site: Site) -> None:
    site.own = hall.pending
    site.answers["POST /api/me/break"] = hall.allowed()
    await look(page, site)
    await scene(page, "pending")
    await expect(page.locator(".todo")).to_contain_text("when the call and its wrap-up are over")
    await page.locator("[data-act=withdraw]").click()
    await until(lambda: posted(site, "/api/me/break"))
    assert sent(site, "/api/me/break") == [{"deed": "withdraw"}]


async def test_no_answer_is_said_and_can_be_tried_again(page: Page, site: Site) -> None:
    await look(page, site)
    await page.route("**/api/me/break", lambda route: route.abort())
    await page.locator(".big").click()
    await expect(page.locator(".refusal")).to_contain_text("did not answer")
    await expect(page.locator(".big")).to_be_enabled()


# ------------------------------------------------------------------ phone, messages, presence


async def test_the_fixed_desk_stands_there_already(page: Page, site: Site) -> None:
    site.own = lambda now: msgspec.structs.replace(hall.logged_out(now), desk="PJSIP/1031")
    await look(page, site)
    await scene(page, "login")
    await expect(page.get_by_label("Phone")).to_have_value("PJSIP/1031")


async def test_logging_in_at_a_phone_and_out_again(page: Page, site: Site) -> None:
    site.own = hall.logged_out
    site.answers["POST /api/me/login"] = hall.allowed()
    site.answers["POST /api/me/logout"] = hall.allowed()
    await look(page, site)
    await scene(page, "login")
    await page.get_by_label("Phone").fill("PJSIP/1031")
    await page.keyboard.press("Enter")
    await until(lambda: posted(site, "/api/me/login"))
    assert sent(site, "/api/me/login") == [{"phone": "PJSIP/1031"}]
    await site.tell(hall.me)
    await scene(page, "ready")
    await page.locator("[data-act=menu]").click()
    await expect(page.locator("[data-menu]")).to_contain_text("PJSIP/1031")
    await page.locator("[data-act=logout]").click()
    await until(lambda: posted(site, "/api/me/logout"))
    await site.tell(lambda now: hall.me(now, leaving=True))
    await expect(page.locator(".state-now")).to_contain_text("after this call")
    await site.tell(hall.logged_out)
    await expect(page.get_by_label("Phone")).to_have_value("PJSIP/1031")


async def test_messages_are_seen_and_who_listened_is_said(page: Page, site: Site) -> None:
    site.own = hall.busy_day
    site.answers["POST /api/me/messages/n1/seen"] = hall.allowed()
    await look(page, site)
    await expect(page.locator("[data-message]")).to_have_count(2)
    await page.locator("[data-message=n1] [data-act=seen]").click()
    await until(lambda: posted(site, "/api/me/messages/n1/seen"))
    await expect(page.locator(".heard")).to_contain_text("Li Wei")
    await expect(page.locator("[data-kind=short] .value")).to_contain_text("30 of 30 min used")
    await expect(page.locator(".big")).to_contain_text("meal")  # what has nothing left is not offered first


async def test_a_touch_tells_that_somebody_is_there_now_and_then(page: Page, site: Site) -> None:
    await look(page, site)
    await until(lambda: signed_in(site))
    await page.keyboard.press("Shift")
    await page.keyboard.press("Shift")
    await page.locator("h2").first.click()
    await until(lambda: posted(site, "/api/me/here"))
    assert len(sent(site, "/api/me/here")) == 1


async def signed_in(site: Site) -> bool:
    return "GET /api/session" in site.asked


# ------------------------------------------------------------------ the last outbound call


async def test_what_came_of_a_call_is_one_press_and_painted_by_the_fact(page: Page, site: Site) -> None:
    site.own = hall.calling
    site.answers["POST /api/me/result"] = hall.allowed()
    await look(page, site)
    await scene(page, "call")
    await expect(page.locator(".todo h1")).to_contain_text("Your call to 138•••0148")
    await site.tell(hall.called)
    await expect(page.locator(".todo h1")).to_contain_text("What came of the call")
    await expect(page.locator("[data-spoken]")).to_contain_text("What came of the call to 138•••0148?")
    await expect(page.locator(".codes button")).to_have_count(7)  # the eighth is the one that asks once
    async with page.expect_request("**/api/me/result") as asked:
        await page.locator("[data-value=S1]").click()
    assert await (await asked.value).header_value("Idempotency-Key")
    await expect(page.locator(".asked")).to_contain_text("accepted")
    await expect(page.locator("[data-value=S1]")).to_have_attribute("aria-pressed", "false")
    await site.tell(hall.coded)
    await scene(page, "ready")
    await expect(page.locator("[data-said]")).to_have_text("Sold")
    await expect(page.locator(".asked")).to_have_text("")
    await page.locator("[data-act=sheet]").click()
    await expect(page.locator("[data-value=S1]")).to_have_attribute("aria-pressed", "true")
    assert sent(site, "/api/me/result") == [{"dial": "d1", "code": "S1", "callback": 0}]


async def test_a_callback_asks_for_day_and_time_of_the_floor(page: Page, site: Site) -> None:
    site.own = hall.called
    site.answers["POST /api/me/result"] = hall.allowed()
    await look(page, site)
    await page.locator("[data-value=C1]").click()
    tomorrow = datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1)
    await page.locator("[name=day]").fill(tomorrow.isoformat())
    await page.locator("[name=time]").fill("14:30")
    await page.locator(".call-back .big").click()
    await until(lambda: posted(site, "/api/me/result"))
    at = datetime(tomorrow.year, tomorrow.month, tomorrow.day, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    assert sent(site, "/api/me/result") == [{"dial": "d1", "code": "C1", "callback": at}]
    await site.tell(lambda now: hall.called(now, code="C1", callback=at))
    await expect(page.locator("[data-said]")).to_have_text(f"Call me back · {tomorrow.isoformat()} 14:30")


async def test_no_more_calls_asks_once(page: Page, site: Site) -> None:
    site.own = hall.called
    site.answers["POST /api/me/result"] = hall.allowed()
    site.answers["POST /api/me/do-not-call"] = hall.allowed()
    await look(page, site, "lang=zh")
    await page.locator("[data-act=no_more]").click()
    await expect(page.locator(".todo h1")).to_contain_text("138•••0148")
    await page.locator("[data-act=step]").click()
    assert not sent(site, "/api/me/result")
    await page.locator("[data-act=no_more]").click()
    await page.locator("[data-act=block]").click()
    await until(lambda: posted(site, "/api/me/result"))
    assert sent(site, "/api/me/result") == [{"dial": "d1", "code": "N2"}], "the plan has a code for it"
    await site.tell(lambda now: hall.called(now, code="N2", blocked=True))
    await expect(page.locator("[data-said]")).to_contain_text("不再来电")
    await site.tell(lambda now: hall.called(now, code="S1"))
    await page.locator("[data-act=sheet]").click()
    await page.locator("[data-act=no_more]").click()
    await page.locator("[data-act=block]").click()
    await until(lambda: posted(site, "/api/me/do-not-call"))
    assert sent(site, "/api/me/do-not-call") == [{"dial": "d1"}], "the code that it has stays"


async def test_the_sheet_waits_below_what_comes_first_and_goes_by_itself(page: Page, site: Site) -> None:
    site.own = hall.called
    await look(page, site)
    await scene(page, "call")
    await page.locator("[data-act=sheet]").click()
    await scene(page, "ready")
    await expect(page.locator("[data-said]")).to_have_text("no result yet")
    await site.tell(hall.called_on_break)
    await scene(page, "on")
    await page.locator("[data-act=sheet]").click()
    await scene(page, "call")
    await site.tell(lambda now: hall.called(now, until=now - 119))
    await expect(page.locator(".call-line, .codes")).to_have_count(0, timeout=15_000)


async def test_a_result_that_is_refused_says_why(page: Page, site: Site) -> None:
    site.own = hall.called
    site.answers["POST /api/me/result"] = hall.answers(409, hall.refused(rule="result.no_code"))
    await look(page, site)
    await page.locator("[data-value=W1]").click()
    await expect(page.locator(".refusal")).to_contain_text(hall.REFUSAL["en"])
    await expect(page.locator("[data-value=W1]")).to_be_enabled()


# ------------------------------------------------------------------ trouble, keyboard, sizes


async def test_cut_off_says_that_it_is_old_and_offers_nothing_until_it_is_back(page: Page, site: Site) -> None:
    await look(page, site)
    site.refuse = 1013
    await site.drop()
    await expect(page.locator(".banner")).to_contain_text("Cut off", timeout=15_000)
    await expect(page.locator(".big")).to_be_disabled()
    site.refuse = 0
    await expect(page.locator(".banner")).to_have_count(0, timeout=20_000)
    await expect(page.locator(".big")).to_be_enabled()


async def test_a_card_is_said_when_the_row_says_silent_and_not_before(page: Page, site: Site) -> None:
    site.answers["POST /api/me/card"] = hall.allowed()
    await look(page, site)
    strip = page.locator("[data-card]")
    await expect(strip).to_have_count(0)
    await site.tell(hall.recorded)
    await strip.locator("[data-act=card]").click()
    await expect(page.locator(".asked")).to_contain_text("accepted")
    await expect(strip).to_have_attribute("data-card", "on")  # the answer alone paints nothing
    await site.tell(hall.card_asked)
    await expect(strip.locator("[role=status]")).to_have_text("Still recording. Wait: no card number yet.")
    await site.tell(hall.card_silent)
    await expect(strip.locator("[role=status]")).to_have_text("Card data: recording off")
    await expect(strip.locator("[data-left]")).to_have_text(re.compile(r"^2:(31|30|29|28) left$"))
    await strip.locator("[data-act=card_over]").click()
    await site.tell(hall.recorded)
    await expect(strip).to_have_attribute("data-card", "on")
    assert sent(site, "/api/me/card") == [{"pause": True}, {"pause": False}]
    await site.tell(hall.me)
    await expect(strip).to_have_count(0)


async def test_a_role_without_a_page_is_told_so(page: Page, site: Site) -> None:
    site.refuse = 4403
    await page.goto(f"{site.url}/agent?lang=en")
    await expect(page.locator("[data-note=forbidden]")).to_contain_text("has no page of its own")


async def test_the_page_by_keyboard_alone(page: Page, site: Site) -> None:
    site.answers["POST /api/me/break"] = hall.allowed()
    await look(page, site)
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await page.evaluate("() => document.activeElement.matches('.big')"):
            break
    await expect(page.locator(".big")).to_be_focused()
    outline: str = await page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Enter")
    await until(lambda: posted(site, "/api/me/break"))


def long_over(now: float) -> MeRow:
    return hall.on_break(now, left=-754)


SCENES = (
    hall.me, hall.waiting, hall.granted, hall.pending, hall.on_break, long_over, hall.in_meeting, hall.logged_out, hall.busy_day,
    hall.stray, hall.calling, hall.called, hall.coded, hall.called_on_break, hall.recorded, hall.card_asked, hall.card_silent,
)  # fmt: skip


@pytest.mark.parametrize("size", [(390, 844), (320, 480), (195, 422), (1366, 768)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_scene_fits_its_window_and_its_buttons_a_thumb(page: Page, site: Site, size: tuple[int, int], lang: str) -> None:
    """195 px are a phone at a zoom of 200 %."""
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await look(page, site, f"lang={lang}")
    for make in SCENES:
        await site.tell(make)
        name = make(time.time())
        await page.wait_for_function(
            "state => document.querySelector('.state-line .shape').classList.contains('s-' + state)", arg=name.state
        )
        assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), make.__name__
        overlap: bool = await page.evaluate(
            """() => {
                const [who, clock] = [".who small", ".clock"].map((part) => document.querySelector(part).getBoundingClientRect());
                return who.right > clock.left && who.bottom > clock.top;
            }"""
        )
        assert not overlap, make.__name__
        small: list[str] = await page.evaluate(
            "() => [...document.querySelectorAll('main button')].filter(b => b.offsetHeight < 44).map(b => b.textContent)"
        )
        assert small == [], make.__name__
