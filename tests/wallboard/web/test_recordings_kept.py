"""Disposals, wishes to be erased and discs, pressed through in a real Chromium by the two people whom each of them needs.

Not the rules of any of them (tests/recordings). The archivist's part, destroying and burning, is done by its own code between two presses.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from recordings.discs import wishes
from recordings.discs.works import carry_out
from recordings.retention.restored import set_back
from tests.recordings.discs.desk import Faulty
from tests.recordings.web import test_burning as burning
from tests.recordings.web import test_keeping as keeping
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from tests.wallboard.web.archive_pages import IN_BROWSER, look, signed_in
from tests.wallboard.web.test_floor_axe import serious
from wallboard.authorise import Role

pytestmark = IN_BROWSER


async def two(browser: Browser, house: ArchiveHouse) -> tuple[Page, Page]:
    """Who may decide: a manager and an administrator."""
    return await signed_in(browser, house, "boss", Role.MANAGER), await signed_in(browser, house, "root", Role.ADMIN)


async def ended(*pages: Page) -> None:
    for page in pages:
        assert await serious(page) == []
        await page.context.close()


async def certificate(page: Page, words: str) -> None:
    """Opened by its link, in a page of its own."""
    async with page.context.expect_page() as opening:
        await page.get_by_role("link", name="Certificate", exact=True).click()
    opened = await opening.value
    await expect(opened.locator("body")).to_contain_text(words)
    await opened.close()


async def test_a_disposal_from_its_dry_run_to_its_certificate(browser: Browser, tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(keeping.RULES)) as house:
        gone = await keeping.old(house, "a")
        boss, root = await two(browser, house)
        await look(boss, house, "#keeping&part=disposals")
        proposal = boss.locator("[data-form=propose]")
        await expect(boss.locator("main")).to_contain_text("May go together")
        await proposal.locator("[name=why]").fill("monthly")
        await proposal.locator("button").click()
        await expect(boss.locator("main")).to_contain_text("Nothing more may go now")
        approve = "[data-act=approve]"
        await expect(boss.locator(approve)).to_have_text("Approve: 1 recording is gone for good")
        await boss.locator("[data-disposal] [data-act=open]").click()
        await expect(boss.locator("main")).to_contain_text(gone)
        await boss.locator(approve).click()
        await expect(boss.locator("[data-disposal]")).to_contain_text("1 of 2 approvals")
        await boss.locator(approve).click()
        await expect(boss.locator(".wrong[data-said=disposal]")).to_contain_text("another")
        await expect(boss.locator("[data-disposal]")).to_contain_text("1 of 2 approvals")
        await look(root, house, "#keeping&part=disposals")
        await root.locator(approve).click()
        await expect(root.locator(approve)).to_have_count(0)
        async with house.catalogue.change() as change:  # as after a restore that is accepted
            assert await set_back(change, house.now, "user:root", "the disk died") == 1
        for page in (root, boss):
            await page.reload()
            await expect(page.locator("[data-disposal]")).to_contain_text("It was approved before a backup was put back")
            await page.locator(approve).click()
        await expect(boss.locator(approve)).to_have_count(0)
        await expect(boss.locator("[data-disposal]")).not_to_contain_text("backup")
        await keeping.carried_out(house, tmp_path)
        await root.reload()
        await expect(root.locator("[data-disposal]")).to_contain_text("done")
        await certificate(root, gone)
        await look(root, house, f"#find&one={gone}")
        await expect(root.locator(".player")).to_contain_text("was disposed of")
        await ended(boss, root)


async def test_why_it_is_not_finished_is_said_in_the_language_of_the_page(browser: Browser, tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(keeping.RULES)) as house:
        await keeping.old(house, "a")
        boss = await signed_in(browser, house, "boss", Role.MANAGER)
        await keeping.approved(house)
        await keeping.stopped(house, tmp_path)
        await look(boss, house, "#keeping&part=disposals")
        trouble = boss.locator("[data-disposal] .trouble-sign")
        await expect(trouble).to_contain_text("is its disk mounted, and whose is it?")
        await to_chinese(boss)
        await expect(trouble).to_contain_text("无法使用（No such file or directory）；请检查其磁盘是否已挂载")
        await expect(trouble).not_to_contain_text("mounted")
        await keeping.carried_out(house, tmp_path)
        await boss.reload()
        await expect(boss.locator("[data-disposal]")).to_contain_text("已完成")
        async with boss.context.expect_page() as opening:
            await boss.locator("[data-disposal] a[target=_blank]").click()
        paper = await opening.value
        await expect(paper.locator("body")).to_contain_text("目录数据库中的封装密钥")
        await expect(paper.locator("body")).to_contain_text("是: 已无法取得")
        for english in ("wrapped", "cannot be had", "destroyed", "any more"):
            await expect(paper.locator("body")).not_to_contain_text(english)
        await ended(boss)


async def to_chinese(page: Page) -> None:
    """Without asking anything again."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "GET" and "/api/" in request.url else None)
    await page.locator("[data-act=language]").click()
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert [url for url in asked if "/api/disc" in url or "/api/disposals" in url] == []


async def test_a_disposal_is_refused_with_its_reason(browser: Browser, tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(keeping.RULES)) as house:
        await keeping.old(house, "a")
        boss, root = await two(browser, house)
        await look(boss, house, "#keeping&part=disposals")
        await boss.locator("[data-form=propose] button").click()
        await expect(boss.locator("[data-disposal]")).to_contain_text("waits for approval")
        await look(root, house, "#keeping&part=disposals")
        await root.locator("[data-form=refuse] [name=why]").fill("an audit is announced")
        await root.locator("[data-form=refuse] button").click()
        await expect(root.locator("[data-disposal]")).to_contain_text("refused")
        await expect(root.locator("[data-form=propose]")).to_be_visible()
        await ended(boss, root)


async def test_a_wish_to_be_erased_is_looked_at_taken_up_and_approved_by_another(browser: Browser, tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(keeping.RULES)) as house:
        free = await keeping.old(house, "a", days=10, number=keeping.MOBILE, class_="consent")
        duty = await keeping.old(house, "b", days=10, number=keeping.MOBILE)
        boss, root = await two(browser, house)
        await look(boss, house, "#keeping&part=erasures")
        form = boss.locator("[data-form=erase]")
        await form.locator("[name=number]").fill(keeping.MOBILE)
        await form.locator("[name=why]").fill("letter of 2026-11-20")
        await form.locator("button[value='1']").click()
        would = boss.locator("section", has=boss.get_by_role("heading", name="What would be answered"))
        await expect(would.locator("li", has_text=free)).to_contain_text("going")
        await expect(would.locator("li", has_text=duty)).to_contain_text("waits")
        assert not (await house.line("b")).restricted, "to look is not to take up"
        await form.locator("[name=number]").fill("13900000149")
        await expect(form.locator("button.primary")).to_have_count(0)  # of this number nothing was shown
        await form.locator("[name=number]").fill(keeping.MOBILE)
        await form.locator("button[value='1']").click()
        await form.locator("[name=why]").fill("letter of 2026-11-21")
        await form.locator("button.primary").click()
        wish = boss.locator("[data-disposal]")
        await expect(wish).to_contain_text("to be decided by")
        assert keeping.MOBILE not in boss.url
        await expect(form.locator("[name=number]")).to_have_value("")
        await wish.locator("[data-act=approve]").click()
        await expect(boss.locator(".wrong[data-said=disposal]")).to_be_visible()
        await look(root, house, "#keeping&part=erasures")
        await root.locator("[data-act=approve]").click()
        await expect(root.locator("[data-disposal]")).to_contain_text("approved")
        await keeping.carried_out(house, tmp_path)
        await root.reload()
        await root.locator("[data-disposal] [data-act=open]").click()
        listed = root.locator("section", has=root.locator("h2", has_text="e-"))
        await expect(listed.locator("li", has_text=free)).to_contain_text("gone")
        await expect(listed.locator("li", has_text=duty)).to_contain_text("waits")
        await ended(boss, root)


async def asked_once_more(disc: Locator, step: str) -> None:
    """What cannot be undone: the disc is named, the question is left, and asked again."""
    asks, does = disc.locator(f"[data-act=ask_step][data-value={step}]"), disc.locator(f"[data-act=step][data-value={step}]")
    name = await disc.get_attribute("data-disc") or "no name"
    await expect(does).to_have_count(0)
    await asks.click()
    await expect(asks).to_have_count(0)
    await expect(disc.locator("[data-act=leave_step]")).to_be_focused()
    await disc.page.keyboard.press("Enter")
    await expect(asks).to_be_focused()
    await expect(does).to_have_count(0)
    await asks.click()
    await expect(disc.locator("[role=alert]")).to_contain_text(name)
    await expect(does).to_contain_text(name)


async def test_what_went_wrong_with_a_disc_is_said_in_the_language_of_the_page(browser: Browser, tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(burning.RULES)) as house:
        burner = Faulty(tmp_path / "burned")
        burner.faults = [("refuse", 0)]
        works = replace(burning.works_of(house, tmp_path), burner=burner)
        boss = await signed_in(browser, house, "boss", Role.MANAGER)
        await burning.put(house, "aaa")
        (set_id,) = await burning.gathered(house)
        for step, subject in (("image", set_id), ("burn", f"{set_id}-1A")):
            await wishes.wish(house.catalogue, step, subject, "user:boss", house.now)
            assert await carry_out(works) == 1
        await look(boss, house, "#discs")
        disc = boss.locator("li[data-disc]")
        await disc.locator("[data-act=open]").click()
        step = boss.locator("section li", has_text="Burn").last
        await expect(disc.locator(".trouble-sign")).to_contain_text(
            "was not burned: xorriso failed (the medium is worn). Put in an empty medium."
        )
        await expect(step).to_contain_text("Try once more.")
        await to_chinese(boss)
        await expect(disc.locator(".trouble-sign")).to_contain_text("未刻成：xorriso失败（the medium is worn）。请放入空白盘。")
        await expect(boss.locator("main")).to_contain_text("请再试一次。")
        await expect(boss.locator("main")).to_contain_text("的1个映像已制作，并逐个文件核对。")
        for english in ("was not burned", "Try once more", "file by file"):
            await expect(boss.locator("main")).not_to_contain_text(english)
        await ended(boss)


async def test_a_disc_is_gathered_burned_read_back_signed_by_two_and_labelled(browser: Browser, tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(burning.RULES)) as house:
        works = burning.works_of(house, tmp_path)
        await burning.put(house, "aaa")
        boss, root = await two(browser, house)
        await look(boss, house, "#discs")
        await boss.locator("[data-form=gather] button[value='1']").click()
        await expect(boss.locator("main")).to_contain_text("What may be burned")
        await expect(boss.locator("main")).to_contain_text("1 recording")
        await boss.locator("[data-form=gather] button.primary").click()
        disc = boss.locator("li[data-disc]")
        await expect(disc).to_contain_text("gathered")
        for step, after in (("image", "imaged"), ("burn", "burned"), ("verify", "read back")):
            if step == "burn":
                await asked_once_more(disc, "burn")
            await disc.locator(f"[data-act=step][data-value={step}]").click()
            await expect(disc).to_contain_text("waits for the archivist")
            assert await carry_out(works) == 1
            await boss.reload()
            await expect(disc).to_contain_text(after)
        sign = "[data-act=step][data-value=sign]"
        await disc.locator(sign).click()
        await expect(boss.locator(".told[data-said=disc]")).to_be_visible()
        await disc.locator(sign).click()
        await expect(boss.locator(".wrong[data-said=disc]")).to_be_visible()
        await look(root, house, "#discs")
        await root.locator(sign).click()
        await expect(root.locator("li[data-disc]")).to_contain_text("signed")
        await root.locator("li[data-disc] [data-act=open]").click()
        for who in ("boss", "root"):
            await expect(root.locator("main")).to_contain_text(f"✍ signed as good · {who}")
        async with root.context.expect_page() as opening:
            await root.locator("li[data-disc] a").click()
        label = await opening.value
        await expect(label.locator("body")).to_contain_text("CONFIDENTIAL")
        await ended(boss, root)
