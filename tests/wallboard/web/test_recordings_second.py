"""What needs a second person on the page of recordings: card data marked in the player, what waits on the tabs. And how it refuses.

Not the rules of redaction (tests/recordings/retention/test_redaction.py), nor every refusal's words (tests/recordings/test_refusals.py).
"""

from __future__ import annotations

import json

from playwright.async_api import Browser, Page, expect
from sqlalchemy import insert, select, update

from recordings.catalogue.schema import recordings
from recordings.retention.tables import disposals, redactions
from recordings.words import Kind
from tests.recordings.heard import Heard
from tests.wallboard.web.archive_pages import IN_BROWSER, listening, look, signed_in
from tests.wallboard.web.test_floor_axe import serious
from wallboard.authorise import Role

pytestmark = IN_BROWSER
WHY = "heard while scoring"


async def marked(page: Page) -> None:
    """Five seconds from the fifth on."""
    await page.locator("[data-act=by][data-value='5']").click()
    await expect(page.locator(".clock")).to_contain_text("0:05")
    await page.locator("[data-act=mark]").click()
    await page.locator("[data-act=by][data-value='5']").click()
    await expect(page.locator("[data-marked]").first).to_contain_text("0:05–0:10")


async def test_card_data_marked_in_the_player_is_silenced_by_two_people(browser: Browser, heard: Heard) -> None:
    one = await heard.call(1, 40)
    boss = await signed_in(browser, heard.house, "boss", Role.MANAGER)
    root = await signed_in(browser, heard.house, "root", Role.ADMIN)
    await look(boss, heard.house, f"#find&one={one}")
    await listening(boss)
    await expect(boss.locator(".player [data-restricted]")).to_have_count(0)
    await marked(boss)
    await expect(boss.locator("[data-wave] [data-marked]")).to_have_count(1)
    await boss.locator("[data-act=redact_ask]").click()
    form = boss.locator(".player [data-form=redact]")
    await expect(form.locator("[name=why]")).to_be_focused()
    await boss.locator("[data-act=by][data-value='5']").click()
    await form.locator("[name=why]").fill(WHY)
    await form.locator("button[value='1']").click()
    would = form.locator(".would")
    await expect(would).to_contain_text("To be silenced for good: 0:05–0:10", timeout=15_000)
    await expect(would).to_contain_text("Another person has to approve it")
    assert await heard.house.entries(Kind.INCIDENT) == [], "it was only said"
    assert await serious(boss) == []
    await would.locator("button.primary").click()
    await expect(boss.locator(".told[data-said=redaction]")).to_contain_text("another person approves")
    [entry] = await heard.house.entries(Kind.INCIDENT)
    assert WHY in entry.private
    restricted = boss.locator(".player [data-restricted]")
    await expect(restricted).to_contain_text("only managers hear it, until another person approves under Kept until, Card data")
    assert await serious(boss) == []
    await boss.locator("[data-act=language]").click()
    await expect(restricted).to_contain_text("限制访问： 其中发现卡号，只有经理可以收听；由另一人在“保管期限—卡号抹除”中批准静音或拒绝。")
    await boss.locator("[data-act=language]").click()
    await expect(boss.locator("[data-act=tab][data-value=keeping]")).to_have_text("Kept until ▲ 1")
    await boss.locator("[data-act=tab][data-value=keeping]").click()
    await expect(boss.locator("[data-act=part][data-value=redactions]")).to_have_text("Card data ▲ 1")
    await boss.locator("[data-act=part][data-value=disposals]").click()
    await boss.locator("[data-act=approve]").click()
    await expect(boss.locator(".wrong[data-said=disposal]")).to_contain_text("another person has to approve it")
    await boss.locator("[data-act=language]").click()
    await expect(boss.locator(".wrong[data-said=disposal]")).to_have_text("此申请是您登记的；须由另一人批准。")
    await look(root, heard.house, "#keeping&part=disposals")
    await expect(root.locator("[data-disposal]")).to_contain_text("0:05–0:10")
    await root.locator("[data-act=approve]").click()
    await expect(root.locator("[data-disposal]")).to_contain_text("approved")
    await expect(root.locator("[data-act=tab][data-value=keeping]")).to_have_text("Kept until")
    for held, told in ((0, "until the archivist puts a silenced one in its place"), (1, "waits until two people release the legal hold")):
        async with heard.house.catalogue.change() as change:
            await change.connection.execute(update(recordings).where(recordings.c.id == one).values(holds=held))
        await look(root, heard.house, f"#find&one={one}")
        await root.reload()
        await expect(root.locator(".player [data-restricted]")).to_contain_text(told)
    async with heard.house.catalogue.change() as change:
        await change.connection.execute(update(disposals).values(standing="refused"))
    await root.reload()
    await expect(root.locator(".player [data-restricted]")).to_contain_text("somebody wished it to be erased")
    for page in (boss, root):
        await page.context.close()


async def test_a_redacted_one_leads_to_its_successor(page: Page, heard: Heard) -> None:
    one, new = await heard.call(1, 10), await heard.call(2, 10)
    async with heard.house.catalogue.change() as change:
        places = {row.id: row.place for row in await change.connection.execute(select(recordings.c.id, recordings.c.place))}
        await change.connection.execute(update(recordings).where(recordings.c.id == one).values(state="disposed"))
        await change.connection.execute(
            insert(redactions).values(disposal="r-1", original=places[one], made=places[new], id=new, spans="[]")
        )
    await look(page, heard.house, f"#find&one={one}")
    await expect(page.locator(".player [data-redacted]")).to_contain_text(f"Its successor is {new}")
    await page.locator("[data-act=language]").click()
    await expect(page.locator(".player [data-redacted]")).to_contain_text(f"替代录音： {new}")
    await page.locator("[data-redacted] a").click()
    await expect(page.locator(f".player[data-recording='{new}'] [data-form=listen]")).to_be_visible()


async def test_who_may_not_hold_marks_for_comments_alone(page: Page, heard: Heard) -> None:
    one = await heard.call(1, 40)
    await look(page, heard.house, f"#find&one={one}")
    await listening(page)
    await page.locator("[data-act=by][data-value='5']").click()
    await page.locator("[data-act=mark]").click()
    await page.locator("[data-act=by][data-value='5']").click()
    await expect(page.locator("[data-wave] [data-marked]")).to_have_count(1)
    await expect(page.locator("[data-act=redact_ask]")).to_have_count(0)
    await expect(page.locator("[data-act=tab] .awaits")).to_have_count(0)
    await page.locator("[data-act=mark]").click()
    await expect(page.locator("[data-wave] [data-marked]")).to_have_count(0)


async def test_a_mark_that_is_left_asks_for_nothing(browser: Browser, heard: Heard) -> None:
    one = await heard.call(1, 40)
    boss = await signed_in(browser, heard.house, "boss", Role.MANAGER)
    await look(boss, heard.house, f"#find&one={one}")
    await listening(boss)
    await marked(boss)
    await boss.locator("[data-act=redact_ask]").click()
    await boss.locator(".player [data-form=redact] [name=why]").fill(WHY)
    await boss.locator(".player [data-form=redact] button[value='1']").click()
    await expect(boss.locator(".would")).to_be_visible()
    await boss.locator("[data-act=redact_leave]").click()
    await expect(boss.locator(".would")).to_have_count(0)
    await boss.locator("[data-act=redact_ask]").click()
    await expect(boss.locator(".player [data-form=redact]")).to_be_visible()
    await expect(boss.locator(".would")).to_have_count(0), "another stretch is asked about anew"
    await boss.context.close()


async def test_refusals_are_in_the_language_that_the_page_has(browser: Browser, heard: Heard) -> None:
    boss = await signed_in(browser, heard.house, "boss", Role.MANAGER)
    await look(boss, heard.house, "#keeping&part=holds")
    form = boss.locator("[data-form=hold]")
    await form.locator("[name=matter]").fill("case 7")
    await form.locator("[name=custodian]").fill("Li Wei")
    await form.locator("button[value='1']").click()
    await expect(form.locator(".wrong")).to_contain_text("This would hold everything there is; say which agent")
    await boss.locator("[data-act=language]").click()
    await expect(form.locator(".wrong")).to_have_text("这样会保全全部录音；请指定坐席、项目、号码、通话或时间。")
    await look(boss, heard.house, "#find&one=nosuchrecording00000")
    await boss.reload()
    await expect(boss.locator(".stage .wrong")).to_have_text("在您的权限范围内没有此编号的录音；请检查编号是否复制完整。")
    await boss.locator("[data-act=language]").click()
    await expect(boss.locator(".stage .wrong")).to_contain_text("There is no recording of this id")
    await boss.context.close()


async def test_what_the_door_refuses_has_words_on_the_page_too(page: Page, heard: Heard) -> None:
    one = await heard.call(1, 40)
    await look(page, heard.house, f"#find&one={one}")
    await page.locator("[data-act=language]").click()
    refused = {"error": "not_allowed", "message": "Your role may not.", "reasons": []}

    await page.route("**/listen", lambda route: route.fulfill(status=403, body=json.dumps(refused), content_type="application/json"))
    await page.locator("[data-form=listen] [name=why]").fill("投诉")
    await page.locator("[data-form=listen] button").click()
    await expect(page.locator(".wrong[data-said=listen]")).to_have_text("您的角色无权执行此操作；请联系角色管理员。")
