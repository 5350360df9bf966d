"""Quality pressed through in a real Chromium: samples, blind scores of a calibration and of an appeal, tags, and a file taken out.

Not the rules of any of them (tests/recordings/web/test_judging.py), nor the score form by the keyboard (test_recordings_page.py).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import soundfile  # type: ignore[import-untyped]
from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy import insert

from realtime.words import SECOND
from recordings.catalogue.schema import checkpoints
from recordings.quality.months import before
from recordings.quality.scores import month_of
from tests.recordings.heard import Heard
from tests.wallboard.web.archive_pages import IN_BROWSER, look, signed_in
from tests.wallboard.web.test_floor_axe import serious
from wallboard.authorise import Role

pytestmark = IN_BROWSER
GOOD = {"greets": "1", "listens": "4", "notice": "1"}


async def answered(form: Locator, answers: dict[str, str]) -> None:
    """Item by item, then finished."""
    for item, value in answers.items():
        await form.locator(f"input[data-item={item}][value='{value}']").check()
    await expect(form).to_contain_text("Complete.")
    await form.locator("[data-form=finish] button").click()
    await expect(form).to_contain_text("stays as it is")


async def scored(page: Page, heard: Heard, one: str, answers: dict[str, str]) -> None:
    await look(page, heard.house, f"#find&one={one}")
    await page.locator("[data-form=score] button").click()
    await answered(page.locator(".score-form"), answers)


def last_month(heard: Heard) -> tuple[str, float]:
    """Its name, and how many seconds ago its middle was."""
    month = before(month_of(heard.house.now, "Asia/Shanghai"), 1)
    middle = datetime(int(month[:4]), int(month[5:]), 15, 4, tzinfo=UTC).timestamp()
    return month, heard.house.now / SECOND - middle


async def test_a_sample_is_drawn_one_of_it_scored_and_one_left_out(page: Page, heard: Heard) -> None:
    month, ago = last_month(heard)
    for seed in range(3):
        await heard.call(seed, 20, ago_s=ago - 60 * seed)
    async with heard.house.catalogue.change() as change:
        await change.connection.execute(insert(checkpoints).values(size=1_000, at=heard.house.now, root=b"r" * 32, note=""))
    await look(page, heard.house, f"#quality&part=results&period={month}")
    await page.locator(".note [data-act=part]").click()
    draw = page.locator("[data-form=draw]")
    await expect(draw.locator("[name=period]")).to_have_value(month)
    await draw.locator("[name=campaign]").fill("no such one")
    await draw.locator("button").click()
    await expect(page.locator(".wrong[data-said=sample]")).to_contain_text("look at its campaign")
    await expect(draw.locator("[name=campaign]")).to_have_value("no such one")
    await expect(page.locator(".listed li")).to_have_count(0)
    await draw.locator("[name=campaign]").fill("")
    await draw.locator("button").click()
    sample = page.locator("[data-sample]")
    await expect(sample.locator("li")).to_have_count(3)
    await sample.locator("[data-basis] summary").click()
    await expect(sample.locator("[data-basis]")).to_contain_text("1000 entries of the log")
    await expect(sample.locator("[data-basis] tbody tr")).to_have_text(
        ["no campaign · afternoon · under 1 min · no result · agent under 30 days33"]
    )
    assert await serious(page) == []
    await draw.locator("[name=period]").fill(month)
    await draw.locator("button").click()
    await expect(page.locator(".wrong[data-said=sample]")).to_be_visible()
    leave = sample.locator("[data-form=leave_out]").first
    await leave.locator("[name=why]").fill("a test call")
    await leave.locator("button").click()
    await expect(sample).to_contain_text("left out: a test call")
    await expect(sample.locator("[data-form=leave_out]")).to_have_count(2)
    await sample.locator("li:not([data-left]) a").first.click()
    await page.locator("[data-form=score] button").click()
    await answered(page.locator(".score-form"), GOOD)
    await look(page, heard.house, "#quality&part=samples")
    await expect(page.locator(".listed li")).to_contain_text("1 of 2 scored")
    await look(page, heard.house, f"#quality&part=results&period={month}")
    await expect(page.locator(".figures")).to_contain_text("1 / 2")


async def test_a_calibration_is_scored_blind_by_two_and_compared(page: Page, heard: Heard, browser: Browser) -> None:
    one = await heard.call(4, 10)
    other = await signed_in(browser, heard.house, "hong", Role.QA)
    await look(page, heard.house, f"#find&one={one}")
    await expect(page.locator(".facts")).to_contain_text(one)
    link = page.url
    await look(page, heard.house, "#quality&part=calibrations")
    form = page.locator("[data-form=calibrate]")
    for name, value in (("name", "November"), ("recordings", link), ("raters", "mei user:hong")):
        await form.locator(f"[name={name}]").fill(value)
    await form.locator("button").click()
    await expect(page.locator("main")).to_contain_text("open: blind")
    for rater, answers in ((page, GOOD), (other, {**GOOD, "listens": "1"})):
        await look(rater, heard.house, "#quality&part=calibrations")
        await rater.locator("[data-act=blind]").click()
        await answered(rater.locator(".score-form"), answers)
        await rater.locator("[data-act=close_score]").click()
        await expect(rater.locator("[data-form=score]")).to_be_visible()
    await look(other, heard.house, f"#find&one={one}")
    await expect(other.locator(".score-start")).not_to_contain_text("mei")
    await look(page, heard.house, "#quality&part=calibrations")
    await page.locator("[data-act=close_calibration]").click()
    compared = page.locator("[data-calibration]").last
    await expect(compared).to_contain_text("November ▲ raters do not agree")
    await expect(compared).to_contain_text("calibrate again")
    await expect(compared.locator("tbody tr")).to_have_count(3)
    assert await serious(page) == []
    await other.context.close()


async def test_an_appeal_is_scored_blind_by_a_second_rater_and_decided(page: Page, heard: Heard, browser: Browser) -> None:
    one = await heard.call(5, 10)
    await scored(page, heard, one, {**GOOD, "listens": "0"})
    agent, other = await signed_in(browser, heard.house, "wang", Role.AGENT), await signed_in(browser, heard.house, "hong", Role.QA)
    await look(agent, heard.house)
    await agent.locator("[data-act=open]").first.click()
    await agent.locator("[data-form=appeal] [name=reason]").fill("I did listen")
    await agent.locator("[data-form=appeal] button").click()
    await expect(agent.locator("main")).to_contain_text("appeal: open")
    await look(page, heard.house, "#quality&part=appeals")
    for text in ("the whole score", "I did listen"):
        await expect(page.locator("main .rows")).to_contain_text(text)
    await expect(page.locator(f".rows a[href='#find&one={one}']")).to_be_visible()
    await page.locator("[data-act=take]").click()
    await expect(page.locator(".wrong[data-said=appeal]")).to_be_visible()
    await look(other, heard.house, "#quality&part=appeals")
    await other.locator("[data-act=take]").click()
    form = other.locator(".score-form")
    await expect(form).to_contain_text("3 items are missing")
    await other.locator("nav [data-value=quality]").click()
    await other.locator("[data-act=part][data-value=appeals]").click()
    await other.locator("[data-act=decide]").click()
    await expect(other.locator(".wrong[data-said=appeal]")).to_be_visible()
    await other.locator("[data-act=take]").click()
    await answered(form, GOOD)
    await other.locator("nav [data-value=quality]").click()
    await other.locator("[data-act=part][data-value=appeals]").click()
    await other.locator("[data-act=decide]").click()
    await expect(other.locator("main .rows")).to_contain_text("overturned")
    await agent.reload()
    await expect(agent.locator("main")).to_contain_text("overturned")
    await look(page, heard.house, "#quality&part=results")
    await expect(page.locator("main")).to_contain_text("1 of 1 overturned")
    await look(page, heard.house, "#quality&part=scores")
    await expect(page.locator(f".rows a[title='{one}']")).to_contain_text(re.compile(r"^\s*\d{4}-\d\d-\d\d \d\d:\d\d$"))
    for who in (agent, other):
        assert await serious(who) == []
        await who.context.close()


async def test_an_appeal_that_was_taken_is_given_back(page: Page, heard: Heard, browser: Browser) -> None:
    one = await heard.call(5, 10)
    await scored(page, heard, one, {**GOOD, "listens": "0"})
    agent, other = await signed_in(browser, heard.house, "wang", Role.AGENT), await signed_in(browser, heard.house, "hong", Role.QA)
    leader = await signed_in(browser, heard.house, "lead", Role.SUPERVISOR)
    await look(agent, heard.house)
    await agent.locator("[data-act=open]").first.click()
    await agent.locator("[data-form=appeal] [name=reason]").fill("I did listen")
    await agent.locator("[data-form=appeal] button").click()
    await expect(agent.locator("main")).to_contain_text("appeal: open")
    await look(other, heard.house, "#quality&part=appeals")
    await expect(other.locator("[data-act=take]")).to_be_visible()
    await expect(other.locator("[data-act=give_back]")).to_have_count(0), "nobody has taken it"
    await other.locator("[data-act=take]").click()
    await expect(other.locator(".score-form")).to_contain_text("3 items are missing")
    await look(leader, heard.house, "#quality&part=appeals")
    await expect(leader.locator("[data-act=decide]")).to_be_visible()
    await expect(leader.locator("[data-act=give_back]")).to_have_count(0), "their role may not"
    await look(page, heard.house, "#quality&part=appeals")
    await page.locator("[data-act=give_back]").click()
    await expect(page.locator(".told[data-said=appeal]")).to_contain_text("open again")
    await expect(page.locator("[data-act=give_back]")).to_have_count(0)
    for who in (agent, other, leader):
        await who.context.close()


async def test_a_tag_is_added_found_by_and_taken_away(page: Page, heard: Heard) -> None:
    one, untagged = await heard.call(6, 10), await heard.call(7, 10, ago_s=300)
    await look(page, heard.house, f"#find&one={one}")
    await page.locator("[data-form=tag] [name=tag]").fill("praise")
    await page.locator("[data-form=tag] [name=tag]").press("Enter")
    await expect(page.locator(".tag")).to_contain_text("praise")
    await look(page, heard.house, "#find&tag=praise")
    await expect(page.locator(f"tr[data-id='{one}']")).to_be_visible()
    await expect(page.locator(f"tr[data-id='{untagged}']")).to_have_count(0)
    await page.locator("[data-act=one]").click()
    await page.locator("[data-act=untag]").click()
    await expect(page.locator(".tag")).to_have_count(0)


async def test_an_export_comes_as_a_file_that_says_who_took_it_and_why(page: Page, heard: Heard, tmp_path: Path) -> None:
    one = await heard.call(8, 10)
    await look(page, heard.house, f"#find&one={one}")
    await page.locator("[data-form=export] [name=why]").fill("court 17")
    async with page.expect_download() as coming:
        await page.locator("[data-form=export] button").click()
    file = await coming.value
    assert file.suggested_filename == f"{one}.wav"
    await file.save_as(tmp_path / "out.wav")
    with soundfile.SoundFile(tmp_path / "out.wav") as sound:
        mark = f"{sound.comment} {sound.copyright}"
        assert sound.frames == 10 * 8_000
    assert [word for word in ("user:mei", "court 17", one) if word not in mark] == []
    await expect(page.locator(".told[data-said=export]")).to_contain_text(f"{one}.wav")
    await expect(page.locator("[data-form=export] [name=why]")).to_have_value("")
