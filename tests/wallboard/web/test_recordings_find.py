"""The form that finds recordings, in a real Chromium on a real board: each field asks what it says, and stays as it was typed."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
import pytest_asyncio
from msgspec import structs
from playwright.async_api import Page, expect

from realtime.plan.archive import ArchiveRules
from realtime.plan.quality import QualityRules
from tests.recordings.heard import CLASS, Heard
from tests.wallboard.web.archive_pages import FORM, IN_BROWSER, look
from tests.wallboard.web.test_floor_axe import serious

pytestmark = IN_BROWSER
FORMS = (structs.replace(FORM, id="all"), structs.replace(FORM, id="spring", name="Spring call", campaigns=("spring",)))
RULES = ArchiveRules(classes=(CLASS,), default=CLASS.id, quality=QualityRules(forms=FORMS))


@pytest_asyncio.fixture(loop_scope="module")
async def heard(heard: Heard) -> Heard:
    """`x`, and three that differ from it in one thing each."""
    usual = {"agent": "1001", "client": "bank", "direction": "outbound", "holds": 1, "class_": CLASS.id, "campaign": "spring"}
    for name, own in {"x": {}, "of": {"client": "other"}, "in": {"direction": "inbound"}, "free": {"holds": 0, "campaign": ""}}.items():
        await heard.house.put(name, **usual | own)
    return heard


async def shows(page: Page, heard: Heard, *names: str) -> None:
    wanted = sorted([(await heard.house.line(name)).id for name in names])
    await expect(page.locator("tr[data-id]")).to_have_count(len(wanted))
    assert sorted([await row.get_attribute("data-id") for row in await page.locator("tr[data-id]").all()]) == wanted


async def test_client_direction_and_holds_are_asked_for_and_stand_in_the_address(page: Page, heard: Heard) -> None:
    await look(page, heard.house)
    await shows(page, heard, "x", "of", "in", "free")
    form = page.locator("[data-form=search]")
    await form.locator("summary").click()
    await form.locator("[name=client]").fill("bank")
    await form.locator("button.primary").click()
    await shows(page, heard, "x", "in", "free")
    await form.locator("[name=direction]").select_option(label="outbound")
    await form.locator("button.primary").click()
    await shows(page, heard, "x", "free")
    await form.locator("[name=held]").check()
    await form.locator("button.primary").click()
    await shows(page, heard, "x")
    asked = parse_qs(page.url.partition("#find&")[2])
    assert asked == {"client": ["bank"], "direction": ["outbound"], "held": ["true"]}
    await page.reload()
    await shows(page, heard, "x")
    await form.locator("summary").click()
    await expect(form.locator("[name=client]")).to_have_value("bank")
    await expect(form.locator("[name=direction]")).to_have_value("outbound")
    await expect(form.locator("[name=held]")).to_be_checked()
    await form.locator("[name=held]").uncheck()
    await form.locator("button.primary").click()
    await shows(page, heard, "x", "free")


async def test_values_that_there_are_are_offered_also_of_classes(page: Page, heard: Heard) -> None:
    await look(page, heard.house)
    for name, values in {"class": [CLASS.id], "agent": ["1001"], "campaign": ["", "spring"]}.items():
        offered = page.locator(f"#list-{name} option")
        await expect(offered).to_have_count(len(values))
        assert sorted([await each.get_attribute("value") or "" for each in await offered.all()]) == values


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["Client", "Direction", "Only on legal hold"]), ("zh", ["委托方", "方向", "仅法律保全中的"])]
)
async def test_the_fields_speak_both_languages_and_nothing_is_hard_to_use(
    page: Page, heard: Heard, language: str, words: list[str]
) -> None:
    await page.goto(f"{heard.house.hall.house.url}/recordings?lang={language}")
    form = page.locator("[data-form=search]")
    await form.locator("summary").click()
    for word in words:
        await expect(form.get_by_label(word)).to_be_visible()
    assert await serious(page) == []


async def test_a_call_is_offered_the_forms_that_are_for_it(page: Page, heard: Heard) -> None:
    for name, forms in {"x": ["all", "spring"], "free": ["all"]}.items():
        await look(page, heard.house, f"#find&one={(await heard.house.line(name)).id}")
        offered = page.locator("[data-form=score] [name=form] option")
        await expect(offered).to_have_count(len(forms))
        assert [await each.get_attribute("value") for each in await offered.all()] == forms
