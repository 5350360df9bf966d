"""The page of recordings in a real Chromium on a real board: found, heard, commented, scored; each listen in the log."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select, update

from recordings.catalogue.schema import accesses, recordings
from recordings.quality.tables import scores
from recordings.words import Kind
from tests.house.sources import say
from tests.recordings.heard import Heard, heard_house
from tests.wallboard.web.archive_pages import IN_BROWSER, RULES, listening, look, signed_in
from tests.wallboard.web.test_floor_axe import serious
from wallboard.authorise import Role

pytestmark = IN_BROWSER


async def test_a_recording_is_found_and_heard_and_every_listen_is_in_the_log(page: Page, heard: Heard) -> None:
    one = await heard.call(1, 40, holds=((10, 14),), paused=((20, 26),))
    await look(page, heard.house)
    row = page.locator(f"tr[data-id='{one}']")
    await expect(row).to_contain_text("+86•••0148")
    await expect(row).to_contain_text("0:40")
    await row.locator("[data-act=one]").click()
    await expect(page.locator("[data-wave]")).to_have_count(0)
    assert await heard.house.entries(Kind.ACCESS) == [], "to look at the list is not to listen"
    await listening(page)
    await expect(page.locator(".lanes li")).to_have_text(["Customer", "Agent"])
    await expect(page.locator("[data-wave] canvas").first).to_be_attached()
    await expect(page.locator(".spans")).to_contain_text("card data: not recorded")
    assert await page.evaluate("performance.getEntriesByType('resource').filter((each) => each.name.includes('/sound?')).length") == 0, (
        "the waveform needs no sound"
    )
    await page.keyboard.press("Space")
    await page.wait_for_function("() => parseInt(document.querySelector('.clock').textContent.split(':')[1]) >= 1")
    await page.keyboard.press("ArrowRight")
    await page.wait_for_function("() => parseInt(document.querySelector('.clock').textContent.split(':')[1]) >= 6")
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(page.locator(".player")).to_have_count(0)
    entries = await _until_heard(heard)
    assert [json.loads(entry.private)["what"] for entry in entries] == ["listen", "heard"]
    assert json.loads(entries[0].private)["why"] == "complaint 1042"
    rows = await heard.house.rows(select(accesses).where(accesses.c.what == "heard"))
    assert rows[0].until_ms >= 1_000, "which seconds"


async def _until_heard(heard: Heard) -> list[object]:
    for _ in range(100):
        entries = await heard.house.entries(Kind.ACCESS)
        if len(entries) > 1:
            return entries
        await asyncio.sleep(0.1)
    raise AssertionError("what was heard was never told")


async def test_a_comment_at_a_span_by_the_keyboard_and_a_link_to_the_moment(page: Page, heard: Heard) -> None:
    one = await heard.call(2, 30)
    await look(page, heard.house, f"#find&one={one}&at=12")
    await listening(page)
    await expect(page.locator(".clock")).to_contain_text("0:12")
    await page.keyboard.press("m")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("c")
    await page.keyboard.type("talks over the customer")
    await page.keyboard.press("Enter")
    await expect(page.locator(".comments li")).to_contain_text("0:12–0:17")
    await page.locator(".comments [data-act=uncomment]").click()
    await expect(page.locator(".comments li")).to_have_count(0)


async def test_a_call_is_scored_beside_the_player_with_the_keyboard(page: Page, heard: Heard) -> None:
    one = await heard.call(3, 20)
    await look(page, heard.house, f"#find&one={one}")
    await page.locator("[data-form=score] button").click()
    form = page.locator(".score-form")
    await expect(form).to_contain_text("3 items are missing")
    await page.locator("body").press("1")
    await expect(form).to_contain_text("2 items are missing")
    await page.locator("body").press("3")
    await expect(form).to_contain_text("1 item is missing")
    await form.locator("input[data-item=notice][value='0']").check()
    await expect(form.locator(".failed")).to_contain_text("compliance-critical")
    await expect(form).to_contain_text("1 item is missing")
    await form.locator("[data-item-comment=notice]").fill("never said")
    await form.locator("[data-item-comment=notice]").blur()
    await expect(form).to_contain_text("Complete.")
    await form.locator("[data-form=finish] button").click()
    await expect(form).to_contain_text("stays as it is")
    (row,) = await heard.house.rows(select(scores))
    assert (row.standing, row.points, row.failed, row.passed) == ("done", 8_750, "compliance", False)


async def test_a_number_is_searched_for_with_a_reason_and_stands_in_no_address(page: Page, heard: Heard) -> None:
    await heard.call(4, 10, number="+8613812340148")
    await heard.call(5, 10, number="+8613955550000", ago_s=300)
    await look(page, heard.house)
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.locator("summary", has_text="By number").click()
    await page.locator("[data-form=number] [name=number]").fill("13955550000")
    await page.locator("[data-form=number] [name=why]").fill("erasure request")
    await page.locator("[data-form=number] button").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    assert "5555" not in page.url
    entries = await heard.house.entries(Kind.ACCESS)
    assert entries, "who searched for a person"
    assert "55550000" not in entries[0].private + entries[0].leaf


async def test_in_chinese_and_without_serious_faults(page: Page, heard: Heard) -> None:
    one = await heard.call(6, 15)
    await look(page, heard.house, f"#find&one={one}")
    await listening(page)
    await page.locator("[data-act=language]").click()
    await expect(page.locator(".lanes li").first).to_have_text("客户")
    assert await serious(page) == []


async def test_who_may_not_listen_is_told_so(browser: Browser, heard: Heard) -> None:
    one = await heard.call(7, 10)
    admin = await signed_in(browser, heard.house, "root", Role.ADMIN)
    await look(admin, heard.house, f"#find&one={one}")
    await expect(admin.locator(".player")).to_contain_text("does not hear them")
    await admin.context.close()


async def test_an_agent_reads_the_own_score_and_contests_it(page: Page, heard: Heard, browser: Browser) -> None:
    one = await heard.call(8, 12)
    await look(page, heard.house, f"#find&one={one}")
    await page.locator("[data-form=score] button").click()
    form = page.locator(".score-form")
    for item, value in (("greets", "1"), ("listens", "1"), ("notice", "1")):
        await form.locator(f"input[data-item={item}][value='{value}']").check()
    await expect(form).to_contain_text("Complete.")
    await form.locator("[data-form=finish] button").click()
    await expect(form).to_contain_text("stays as it is")
    agent = await signed_in(browser, heard.house, "wang", Role.AGENT)
    await look(agent, heard.house)
    await expect(agent.locator("nav .tab")).to_have_count(2)
    await agent.locator("[data-act=open]").first.click()
    await agent.locator("[data-form=appeal] [name=reason]").fill("I did listen")
    await agent.locator("[data-form=appeal] button").click()
    await expect(agent.locator(".rows").first).to_contain_text("appeal: open")
    await agent.context.close()


PARTS = [f"#keeping&part={part}" for part in ("holds", "disposals", "redactions")]


@pytest.mark.parametrize("place", ["#missing", "#keeping", *PARTS, "#discs", "#quality", "#own"])
async def test_every_tab_is_drawn_without_serious_faults(browser: Browser, heard: Heard, place: str) -> None:
    await heard.call(9, 10)
    manager = await signed_in(browser, heard.house, "boss", Role.MANAGER)
    complaints: list[str] = []
    manager.on("pageerror", lambda error: complaints.append(str(error)))
    await look(manager, heard.house, place)
    await expect(manager.locator("main .panel").first).to_be_visible()
    assert await serious(manager) == []
    await manager.locator("[data-act=language]").click()
    await expect(manager.locator("html")).to_have_attribute("lang", "zh-CN")
    await manager.context.close()
    say(complaints)


async def test_a_hold_is_looked_at_placed_and_released_by_two(browser: Browser, heard: Heard) -> None:
    one = await heard.call(10, 10)
    manager, other = await signed_in(browser, heard.house, "boss", Role.MANAGER), await signed_in(browser, heard.house, "wu", Role.MANAGER)
    await look(manager, heard.house, "#keeping&part=holds")
    form = manager.locator("[data-form=hold]")
    for name, value in (("matter", "court 1"), ("custodian", "Li Wei"), ("agent", "1001")):
        await form.locator(f"[name={name}]").fill(value)
    await form.locator("button[value='1']").click()
    await expect(form).to_contain_text("it would hold 1 recording")
    await form.locator("button.primary").click()
    await expect(manager.locator(".rows")).to_contain_text("court 1")
    await look(manager, heard.house, f"#find&one={one}")
    await expect(manager.locator(".facts")).to_contain_text("1 legal hold")
    for who in (manager, other):
        await look(who, heard.house, "#keeping&part=holds")
        await who.locator("[data-form=release] [name=why]").fill("the case is over")
        await who.locator("[data-form=release] button").click()
        await expect(who.locator("[data-said=hold]")).to_be_visible()
    await expect(other.locator(".rows")).to_contain_text("released by")
    for who in (manager, other):
        await who.context.close()


async def test_an_agent_hears_an_own_call_and_which_seconds_is_in_the_log(browser: Browser, tmp_path: Path) -> None:
    async with heard_house(tmp_path, msgspec.structs.replace(RULES, hear_own=True)) as heard:
        one = await heard.call(11, 40, holds=((10, 14),))
        agent = await signed_in(browser, heard.house, "wang", Role.AGENT)
        await look(agent, heard.house)
        await expect(agent.locator(".rows")).not_to_contain_text("0148")
        await agent.locator("[data-form=hear] [name=why]").fill("the customer was angry")
        await agent.locator("[data-form=hear] button").click()
        await expect(agent.locator(f"[data-recording='{one}'] [data-span=hold]")).to_be_attached()
        assert await serious(agent) == []
        await agent.keyboard.press("Space")
        await agent.wait_for_function("() => parseInt(document.querySelector('.clock').textContent.split(':')[1]) >= 1")
        await agent.keyboard.press("Space")
        await agent.locator("[data-speed]").select_option("1.5")
        await agent.reload()  # what was heard is told when the page is left, too
        said = [json.loads(entry.private) for entry in await _until_heard(heard)]
        assert [(each["what"], each["who"]) for each in said] == [("listen", "user:wang"), ("heard", "user:wang")]
        assert said[0]["why"] == "the customer was angry"
        assert 500 < said[1]["spans"][0][1] < 39_000, "which seconds, not the whole"
        await agent.context.close()


async def test_card_data_is_said_by_one_manager_and_approved_by_another(browser: Browser, heard: Heard) -> None:
    one = await heard.call(11, 10)
    manager, other = await signed_in(browser, heard.house, "boss", Role.MANAGER), await signed_in(browser, heard.house, "wu", Role.MANAGER)
    await look(manager, heard.house, f"#keeping&part=redactions&one={one}")
    form = manager.locator("[data-form=redact]")
    await expect(form.locator("[name=recording]")).to_have_value(one)
    await form.locator("[name=why]").fill("ticket 7")
    await form.locator("[name=spans]").fill("soon")
    await form.locator("button[value='1']").click()
    await expect(form.locator("[role=alert]")).to_contain_text("from-to")
    await form.locator("[name=spans]").fill("2-3.5, 0:05-6")
    await form.locator("button[value='1']").click()
    await expect(form).to_contain_text("0:02–0:03.5, 0:05–0:06")
    await form.locator("button.primary").click()
    await expect(manager.locator(".rows")).to_contain_text("waits for approval")
    await manager.locator("[data-act=approve]").click()
    await expect(manager.locator("main > .wrong")).to_contain_text("another person")
    await look(other, heard.house, "#keeping&part=redactions")
    await expect(other.locator(".rows")).to_contain_text("0:02–0:03.5, 0:05–0:06")
    await other.locator("[data-act=approve]").click()
    await expect(other.locator(".rows b").first).to_have_text("approved")
    assert await serious(other) == []
    for who in (manager, other):
        await who.context.close()


async def test_a_recording_without_a_good_copy_is_given_up_by_two(browser: Browser, heard: Heard) -> None:
    one, other = await heard.call(11, 10), await heard.call(12, 10)
    async with heard.house.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.id.in_([one, other])).values(state="quarantined"))
    manager, second = await signed_in(browser, heard.house, "boss", Role.MANAGER), await signed_in(browser, heard.house, "wu", Role.MANAGER)
    await look(manager, heard.house, "#missing")
    row = manager.locator(f"[data-lost='{one}']")
    await expect(row).to_contain_text(f"{one}.sound")
    await row.locator("[name=why]").fill("the disk died")
    await row.locator("button").click()
    await expect(row).to_contain_text("listed in l-")
    await manager.locator("[data-act=confirmLoss]").click()
    await expect(manager.locator("[data-said=loss]")).to_contain_text("another person")
    await look(second, heard.house, "#missing")
    await expect(second.locator("[data-loss]")).to_contain_text("the disk died")
    assert await serious(second) == []
    await second.locator("[data-act=language]").click()
    await expect(second.locator("[data-losses]")).to_contain_text("隔离：已无完好副本")
    await second.locator("[data-act=confirmLoss]").click()
    await expect(second.locator("[data-loss]")).to_contain_text("已丢失")
    await expect(second.locator("[data-lost]")).to_have_count(1)
    lost = await heard.house.rows(select(recordings.c.id).where(recordings.c.state == "lost"))
    assert [row.id for row in lost] == [one]
    qa = await signed_in(browser, heard.house, "mei", Role.QA)
    await look(qa, heard.house, "#missing")
    await expect(qa.locator("main .panel").first).to_be_visible()
    await expect(qa.locator("[data-losses]")).to_have_count(0)
    for who in (manager, second, qa):
        await who.context.close()
