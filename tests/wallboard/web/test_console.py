"""The console of the floor page in a real Chromium: orders by key, menu, sheet and palette, their three states, bulk, undo, breaks,
alerts, meetings. The board here is a script (`site.py`); what it answers has the shapes of `wallboard/answers.py`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from realtime.rows import OrderRow, Snapshot
from tests.wallboard.web import hall
from tests.wallboard.web.browsers import CHROMIUM, watched_page
from tests.wallboard.web.site import Site, serving, until
from wallboard.authorise import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: it draws the pages"),
]
REFUSED_ON_PURPOSE = ("409 (Conflict)", "404 (Not Found)", "503 (Service Unavailable)", "ERR_")
TALKS = "1009"


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    async with serving() as served:
        served.make = hall.floor
        hall.answer_all(served)
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, site: Site) -> AsyncIterator[Page]:
    async with watched_page(browser, (1366, 768), REFUSED_ON_PURPOSE) as opened:
        yield opened


async def look(page: Page, site: Site, address: str = "") -> None:
    await page.goto(f"{site.url}/floor{address}")
    await page.wait_for_selector(".presses, [data-grid] .timer")
    await page.wait_for_selector("[data-grid=agents] [data-row] .timer")


def sent(site: Site, path: str) -> list[dict[str, Any]]:
    """Bodies of what was posted there, in order."""
    return [msgspec.json.decode(each.partition(path)[2].strip() or "{}") for each in site.asked if each.startswith(f"POST {path}")]


async def told(site: Site, *rows: OrderRow) -> None:
    await site.delta(orders=[msgspec.to_builtins(row) for row in rows])


# ------------------------------------------------------------------ one order


async def test_an_order_is_asked_accepted_and_seen_and_only_then_is_it_so(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.allowed(TALKS, "r1", ("o1",))
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("u")
    press = page.locator("[data-press=ready]")
    await expect(press).to_have_attribute("data-stage", "asked")
    await expect(press).to_contain_text("back to ready")
    given = time.time()
    await told(site, hall.order("o1", TALKS, given))
    await told(site, hall.order("o1", TALKS, given, done=given + 0.1, outcome="accepted"))
    await expect(press).to_have_attribute("data-stage", "accepted")
    await expect(page.locator(f".acts-on [data-deed=ready][data-id='{TALKS}']")).to_contain_text("accepted")
    await told(site, hall.order("o1", TALKS, given, done=given + 0.1, outcome="accepted", seen=given + 0.4))
    await expect(press).to_have_attribute("data-stage", "seen")
    await expect(press.locator(".stages")).to_contain_text("asked · accepted · seen (")
    await expect(page.locator("[data-pressed]")).to_contain_text("seen")
    assert sent(site, "/api/orders") == [{"deed": "ready", "agent": TALKS}]


async def test_an_order_that_the_pbx_refused_says_its_words_and_can_be_tried_again(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.allowed(TALKS, "r1", ("o1",))
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("u")
    await page.wait_for_selector("[data-press=ready]")
    given = time.time()
    await told(site, hall.order("o1", TALKS, given, done=given + 0.1, outcome="refused", said="Interface not found"))
    press = page.locator("[data-press=ready]")
    await expect(press).to_have_attribute("data-stage", "failed")
    await expect(press).to_contain_text("Interface not found")
    await press.locator("[data-act=press_again]").click()
    await until(lambda: posted(site, "/api/orders", 2))


async def posted(site: Site, path: str, times: int) -> bool:
    return len(sent(site, path)) >= times


async def test_a_refusal_is_one_sentence_with_all_its_rules_behind_it(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.answers(409, hall.refused(TALKS))
    await look(page, site, f"?lang=zh#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("u")
    press = page.locator("[data-press=ready]")
    await expect(press).to_contain_text(hall.REFUSAL["zh"])
    await expect(press).not_to_contain_text(hall.REFUSAL["en"])
    await press.locator("[data-act=press_more]").click()
    await expect(press.locator(".reasons li")).to_have_count(2)
    await press.locator("[data-act=press_close]").click()
    await expect(press).to_have_count(0)


async def test_a_board_that_does_not_answer_is_not_a_success(page: Page, site: Site) -> None:
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.route("**/api/orders", lambda route: route.abort())
    await page.keyboard.press("u")
    await expect(page.locator("[data-press=ready]")).to_have_attribute("data-stage", "failed")


async def test_undo_is_offered_while_it_can_be_and_takes_back_the_request(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.allowed(TALKS, "r1")
    site.answers["POST /api/undo"] = hall.allowed(TALKS, "r5")
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("u")
    await expect(page.locator("[data-press=ready] .undo")).to_contain_text("Undo")
    await page.keyboard.press("z")
    await expect(page.locator("[data-press=undo]")).to_have_attribute("data-stage", "done")
    await expect(page.locator("[data-press=ready]")).to_contain_text("taken back")
    assert sent(site, "/api/undo") == [{"request": "r1"}]


async def test_what_was_ordered_moves_nothing_on_the_page(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.answers(409, hall.refused(TALKS))
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    before = await page.locator(".middle").bounding_box()
    for number in range(1, 4):
        await page.keyboard.press("u")
        await expect(page.locator("[data-press=ready][data-stage=refused]")).to_have_count(number)
    assert await page.locator(".middle").bounding_box() == before
    top = await page.locator("[data-press]").first.bounding_box()
    assert top is not None
    assert before is not None
    assert top["y"] < before["y"] + before["height"], "several lie over what is above them"


# ------------------------------------------------------------------ sheets


async def test_hanging_up_asks_once_and_names_whose_call(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.allowed(TALKS)
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("h")
    sheet = page.locator("dialog[open]")
    await expect(sheet).to_contain_text("cannot be undone")
    await expect(sheet.locator("[data-act=close_dialog]")).to_be_focused()
    assert sent(site, "/api/orders") == []
    await page.keyboard.press("Enter")
    await expect(sheet).to_have_count(0)
    assert sent(site, "/api/orders") == [], "the first thing under the finger is Cancel"
    await page.keyboard.press("h")
    await sheet.locator("[type=submit]").click()
    await expect(sheet).to_have_count(0)
    assert sent(site, "/api/orders") == [{"deed": "hangup", "agent": TALKS}]


async def test_a_pause_has_a_kind_and_a_refusal_stays_in_its_sheet(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.answers(409, hall.refused(TALKS))
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("p")
    sheet = page.locator("dialog[open]")
    await sheet.get_by_label("coaching").check()
    await sheet.get_by_label("Minutes").fill("20")
    await page.keyboard.press("Enter")
    await expect(sheet.locator(".refused")).to_contain_text(hall.REFUSAL["en"])
    site.answers["POST /api/orders"] = hall.allowed(TALKS)
    await sheet.get_by_role("button", name="Pause", exact=True).click()
    await expect(sheet).to_have_count(0)
    assert sent(site, "/api/orders")[-1] == {"deed": "pause", "agent": TALKS, "kind": "coaching", "minutes": 20}


async def test_a_move_to_nowhere_is_asked_for_a_queue_and_not_sent(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.allowed(TALKS)
    await look(page, site, f"#at=agent:{TALKS}")
    await page.locator(".acts-on [data-deed=move]").click()
    sheet = page.locator("dialog[open]")
    await sheet.get_by_role("button", name="Move", exact=True).click()
    await expect(sheet.locator(".refused")).to_contain_text("Choose a queue")
    assert sent(site, "/api/orders") == []
    await sheet.locator("select").first.select_option("out_of")
    await sheet.get_by_role("button", name="Move", exact=True).click()
    await expect(sheet).to_have_count(0)
    assert len(sent(site, "/api/orders")) == 1


async def test_nothing_that_is_hidden_from_sight_lets_the_page_be_scrolled_away(page: Page, site: Site) -> None:
    def with_many_who_wait(now: float) -> Snapshot:
        shown = hall.floor(now)
        one = shown.breaks.waiting[0]
        shown.breaks.waiting = [msgspec.structs.replace(one, agent=f"10{place:02}", place=place) for place in range(1, 9)]
        return shown

    site.make = with_many_who_wait  # each with its rule for a screen reader, and more of them than the window is high
    await page.set_viewport_size({"width": 1366, "height": 560})
    await look(page, site)
    await page.locator("[data-grid=agents] [data-row]").last.focus()
    await page.evaluate("() => { for (const each of [document.scrollingElement, document.body]) each.scrollTo(0, 500) }")
    assert await page.evaluate("() => [document.scrollingElement.scrollTop, document.body.scrollTop]") == [0, 0]
    await expect(page.locator("header.top")).to_be_in_viewport()


async def test_alerts_that_are_more_than_a_glance_can_be_opened(page: Page, site: Site) -> None:
    await look(page, site)
    assert site.snapshot is not None
    one = msgspec.to_builtins(site.snapshot.alerts[0])
    await site.delta(alerts=[one | {"id": f"b{number}", "text": {"en": f"Queue {number} waits."}} for number in range(8)])
    last = page.locator(".alerts .line").last
    await expect(last).to_be_hidden()
    await page.locator(".alerts summary").click()
    await last.click()
    await expect(page.locator("[data-inspects='alert:b7']")).to_be_visible()


async def test_ones_own_phone_is_asked_once_and_remembered(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.allowed(TALKS)
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("l")
    await page.locator("dialog[open] [name=phone]").fill("PJSIP/2001")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.reload()
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("w")
    await until(lambda: posted(site, "/api/orders", 2))
    assert sent(site, "/api/orders") == [
        {"deed": "listen", "agent": TALKS, "phone": "PJSIP/2001"},
        {"deed": "whisper", "agent": TALKS, "phone": "PJSIP/2001"},
    ]


async def test_ones_own_phone_is_proposed_as_the_plan_has_it_until_another_was_said(page: Page, site: Site) -> None:
    site.answers["GET /api/session"] = hall.session() | {"phone": "PJSIP/1901"}
    site.answers["POST /api/orders"] = hall.allowed(TALKS)
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("l")
    await expect(page.locator("dialog[open] [name=phone]")).to_have_value("PJSIP/1901")
    await page.keyboard.press("Enter")
    await until(lambda: posted(site, "/api/orders", 1))
    assert sent(site, "/api/orders") == [{"deed": "listen", "agent": TALKS, "phone": "PJSIP/1901"}]


async def test_the_menu_of_a_row_by_keyboard(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.allowed()
    await look(page, site)
    await page.keyboard.press("j")
    row = page.locator("[data-grid=agents] [data-row]").first
    await expect(row).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-rowmenu] [role=menuitem]").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(row).to_be_focused()
    await row.locator("[data-act=row_menu]").click()
    await page.locator("[data-rowmenu] [data-deed=ready]").click()
    await expect(page.locator("[data-rowmenu]")).to_have_count(0)
    await until(lambda: posted(site, "/api/orders", 1))


# ------------------------------------------------------------------ many at once


async def test_to_let_somebody_log_in_is_in_the_menu_and_not_among_the_buttons(page: Page, site: Site) -> None:
    await look(page, site)
    assert site.snapshot is not None
    out = next(agent.id for agent in site.snapshot.agents if agent.state == "logged_out")
    await look(page, site, f"?lang=en#at=agent:{out}")  # another query: the page is loaded anew
    await page.wait_for_selector(".acts-on [data-deed=message]")
    await expect(page.locator(".acts-on [data-deed=allow]")).to_have_count(0)
    await page.locator(f"[data-act=row_menu][data-id='{out}']").dispatch_event("click")
    await expect(page.locator("[data-rowmenu] [data-deed=allow]")).to_have_count(1)


async def test_bulk_previews_what_will_change_does_that_and_tries_failures_again(page: Page, site: Site) -> None:
    await look(page, site)
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    for _ in range(2):
        await page.keyboard.press("Shift+ArrowDown")
    selected = page.locator("[data-row][aria-selected=true][data-kind=agent]")
    await expect(selected).to_have_count(3)
    chosen: list[str] = await selected.evaluate_all("rows => rows.map(r => r.dataset.row)")
    busy = {"en": "On a call.", "zh": "正在通话。"}
    parts = [hall.allowed(chosen[0]), hall.allowed(chosen[1]), hall.refused(chosen[2], "supervise.busy", busy)]
    site.answers["POST /api/orders"] = hall.allowed() | {"answers": parts, "preview": True}
    await page.keyboard.press("p")
    sheet = page.locator("dialog[open]")
    await expect(sheet.locator(".preview b")).to_have_text("3 selected, 2 will change, 1 skipped")
    await expect(sheet.locator(".preview li")).to_contain_text("On a call.")
    assert sent(site, "/api/orders")[0]["preview"] is True
    site.answers["POST /api/orders"] = hall.allowed() | {"answers": [hall.allowed(chosen[0]), hall.refused(chosen[1])]}
    await sheet.locator("[type=submit]").click()
    await expect(sheet).to_have_count(0)
    done = sent(site, "/api/orders")[-1]
    assert done["agents"] == chosen[:2]
    assert "preview" not in done
    press = page.locator("[data-press=pause]")
    await expect(press.locator(".stages")).to_contain_text("1 refused")
    await press.locator("[data-act=press_more]").click()
    await expect(press.locator(".items > li")).to_have_count(2)
    site.answers["POST /api/orders"] = hall.allowed(chosen[1])
    await press.locator("[data-act=press_again]").click()
    await until(lambda: posted(site, "/api/orders", 3))
    assert sent(site, "/api/orders")[-1]["agent"] == chosen[1]


# ------------------------------------------------------------------ palette


async def test_the_palette_lists_all_acts_and_finds_by_typing(page: Page, site: Site) -> None:
    site.answers["POST /api/orders"] = hall.allowed(TALKS)
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.keyboard.press("Control+k")
    await expect(page.locator("[data-palette]")).to_be_focused()
    await page.keyboard.type("ready")
    await expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("back to ready")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-press=ready]")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("all screens")
    await page.keyboard.press("Enter")
    await page.locator("dialog[open] textarea").fill("Fire drill at 15:00")
    site.answers["POST /api/messages"] = hall.allowed()
    await page.locator("dialog[open] [type=submit]").click()
    await expect(page.locator("[data-press=message]")).to_have_attribute("data-stage", "done")
    assert sent(site, "/api/messages") == [{"to": "all", "text": "Fire drill at 15:00", "minutes": 15}]


async def test_what_is_typed_before_the_palette_is_drawn_is_its_text_and_no_deed(page: Page, site: Site) -> None:
    await look(page, site, f"#at=agent:{TALKS}")
    await page.wait_for_selector(".acts-on")
    await page.evaluate("""() => {
        const press = (key, ctrlKey = false) =>
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
        press("k", true);
        for (const key of "listen") press(key);
    }""")
    await expect(page.locator("[data-palette]")).to_have_value("listen")
    await expect(page.locator("[data-press]")).to_have_count(0)
    assert sent(site, "/api/orders") == []


async def test_one_key_stops_all_dialling_and_says_so(page: Page, site: Site) -> None:
    site.answers["POST /api/campaigns/stop"] = hall.allowed()
    await look(page, site)
    await page.keyboard.press("Shift+S")
    await expect(page.locator("[data-press=stop]")).to_contain_text("all dialling stopped")
    [body] = sent(site, "/api/campaigns/stop")
    assert abs(body["pressed"] - time.time()) < 30


# ------------------------------------------------------------------ left column


async def test_who_waits_for_a_break_has_place_estimate_and_rule_and_can_be_granted(page: Page, site: Site) -> None:
    await look(page, site)
    waits = page.locator("[data-wait]")
    await expect(waits).to_have_count(2)
    await expect(waits.first).to_contain_text("~3 min")
    await expect(page.locator(".breaks > .line b")).to_contain_text("/6")
    rule = page.locator(".rule")
    before = await rule.bounding_box()
    await waits.nth(1).locator(".line").hover()
    await expect(rule).to_contain_text(hall.RULE["en"])
    assert await rule.bounding_box() == before, "nothing jumps"
    await waits.first.locator("[data-deed=grant]").click()
    sheet = page.locator("dialog[open]")
    await sheet.locator("[type=submit]").click()
    await expect(sheet).to_be_visible()
    assert sent(site, "/api/breaks") == [], "an overruling needs its reason"
    await sheet.locator("[name=why]").fill("shouted at for ten minutes")
    site.answers["POST /api/breaks"] = hall.allowed("1012")
    await sheet.locator("[type=submit]").click()
    await expect(sheet).to_have_count(0)
    assert sent(site, "/api/breaks") == [{"deed": "grant", "agent": "1012", "kind": "short", "reason": "shouted at for ten minutes"}]


async def test_an_alert_is_taken_and_closed_with_its_outcome(page: Page, site: Site) -> None:
    site.answers["POST /api/alerts/"] = hall.allowed()
    await look(page, site)
    await page.locator(".alerts .line").first.click()
    await page.locator(".take [value=acknowledge]").click()
    await until(lambda: posted(site, "/api/alerts/a1", 1))
    await page.locator(".take [name=text]").fill("two came back early")
    await page.locator(".take [value=close]").click()
    await until(lambda: posted(site, "/api/alerts/a1", 2))
    bodies = sent(site, "/api/alerts/a1")
    assert [body["deed"] for body in bodies] == ["acknowledge", "close"]
    assert bodies[1]["text"] == "two came back early"


async def test_a_new_alert_counts_on_top_and_is_spoken(page: Page, site: Site) -> None:
    await look(page, site)
    badge = page.locator("[data-act=level][data-level=act]")
    await expect(badge).to_have_text("2")  # one agent and one alert that nobody has looked at
    assert site.snapshot is not None
    alerts = [msgspec.to_builtins(each) for each in site.snapshot.alerts]
    fresh = alerts[0] | {"id": "a9", "text": {"en": "Team B: two are missing.", "zh": "B 组缺两人。"}}
    await site.delta(alerts=[*alerts, fresh])
    await expect(badge).to_have_text("3")
    await expect(page.locator("[data-breach]")).to_contain_text("Team B: two are missing.")
    await badge.click()
    await expect(page.locator("[data-inspects='alert:a1']")).to_be_visible()


async def test_a_meeting_is_begun_and_ended_by_a_second_press(page: Page, site: Site) -> None:
    site.answers["POST /api/meetings"] = hall.allowed()
    await look(page, site)
    await page.locator("[data-meeting=m1] [data-act=meeting_stop]").click()
    await expect(page.locator("[data-meeting=m1]")).to_contain_text("Press again")
    assert sent(site, "/api/meetings") == []
    await page.locator("[data-meeting=m1] [data-act=meeting_stop]").click()
    await until(lambda: posted(site, "/api/meetings", 1))
    await page.locator("[data-meeting=evening-b] [data-act=meeting_now]").click()
    await until(lambda: posted(site, "/api/meetings", 2))
    await page.locator("[data-act=meeting]").click()
    await page.locator("dialog[open] [name=name]").fill("Stand-up")
    await page.locator("dialog[open]").get_by_label("A", exact=True).check()
    await page.locator("dialog[open] [type=submit]").click()
    await until(lambda: posted(site, "/api/meetings", 3))
    assert sent(site, "/api/meetings") == [
        {"deed": "stop", "meeting": "m1"},
        {"deed": "start", "meeting": "evening"},
        {"deed": "start", "name": "Stand-up", "minutes": 15, "teams": ["A"]},
    ]


async def test_what_was_pressed_is_named_in_the_reader_s_words_and_never_by_an_id(page: Page, site: Site) -> None:
    site.answers["POST /api/meetings"] = hall.allowed()
    site.answers["POST /api/alerts/"] = hall.allowed()
    site.answers["POST /api/messages"] = hall.allowed()
    await look(page, site, "?lang=zh")
    await page.locator("[data-act=meeting_now]").first.click()
    await expect(page.locator("[data-press=meeting] .about")).to_have_text("会议 夕会：开始")
    await page.locator(".alerts .line").first.click()
    await page.locator(".take [value=own]").click()
    assert site.snapshot is not None
    await expect(page.locator("[data-press=alert_own] .about")).to_contain_text(f"已接手：{site.snapshot.alerts[0].text['zh']}")
    await page.keyboard.press("Control+k")
    await page.locator("[data-palette]").fill("所有屏幕")
    await page.keyboard.press("Enter")
    await page.locator("dialog[open] [name=text]").fill("18:00")
    await page.locator("dialog[open] [type=submit]").click()
    await expect(page.locator("[data-press=message] .about")).to_contain_text("所有屏幕")


async def test_details_say_how_the_shift_went_and_what_is_excused(page: Page, site: Site) -> None:
    await look(page, site, f"?lang=en#at=agent:{TALKS}")
    shift = page.locator(".side-panel")
    await expect(shift).to_contain_text("91%")
    await expect(shift).to_contain_text("5 min late from the meal.")
    await expect(shift).to_contain_text("excused On a call into the break.")


async def test_details_that_are_open_before_it_is_known_who_looks_say_the_same(page: Page, site: Site) -> None:
    """What only some may read is asked for once that is known, not left out for half a minute."""
    seen = asyncio.Event()

    async def late(route: Route) -> None:
        await seen.wait()
        await route.continue_()

    await page.route("**/api/session", late)
    await look(page, site, f"?lang=en#at=agent:{TALKS}")
    await expect(page.locator("[data-strip]")).to_be_visible()
    seen.set()
    await expect(page.locator(".side-panel")).to_contain_text("91%")
    assert sum(each.startswith(f"GET /api/agents/{TALKS}/deeds") for each in site.asked) == 1


# ------------------------------------------------------------------ who may


@pytest.mark.parametrize("role", [Role.QA, Role.SCREEN])
async def test_who_may_not_act_is_offered_nothing_to_act_with(page: Page, site: Site, role: Role) -> None:
    site.answers["GET /api/session"] = hall.session(role)
    await look(page, site, f"#at=agent:{TALKS}")
    deeds = await page.locator(".acts-on button").count()
    assert deeds == (1 if role is Role.QA else 0), "quality may listen, and nothing else"
    await expect(page.locator("[data-wait] [data-deed=grant]")).to_have_count(0)
    await expect(page.locator("[data-act=meeting]")).to_have_count(0)
    await page.keyboard.press("h")
    await page.keyboard.press("p")
    await expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (683, 384)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_console_is_never_wider_than_its_window(page: Page, site: Site, size: tuple[int, int], lang: str) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await look(page, site, f"?lang={lang}#at=agent:{TALKS}")
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
