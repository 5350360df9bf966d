"""How the archive's API refuses: a code for programs, a sentence in the asker's language, the same in both for a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from recordings.catalogue.schema import recordings
from recordings.refusals import WORDS
from tests.recordings.web.archive_house import archive_house, planned
from tests.recordings.web.test_keeping import RULES, night, old, people
from wallboard.authorise import Role

pytestmark = pytest.mark.asyncio
EVERYTHING = {"matter": "case 7", "custodian": "Li Wei", "dry": True}


async def test_in_the_first_language_of_the_browser_that_there_are_words_in(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        boss, _ = await people(house)
        en, zh = WORDS["hold.everything"]
        for accepted, message in (("fr, zh-CN;q=0.8", zh), ("en-GB", en), ("", en)):
            told = await house.post("/api/holds", EVERYTHING, {**boss, "Accept-Language": accepted}, 409)
            assert told == {"error": "refused", "message": message, "reasons": [], "rule": "hold.everything", "text": {"en": en, "zh": zh}}


async def test_a_value_that_is_a_code_has_words_too(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        boss, _ = await people(house)
        one = await old(house, "a", days=3)
        async with house.catalogue.change() as change:
            await change.connection.execute(update(recordings).where(recordings.c.id == one).values(state="stored"))
        wish = {"spans": [[0, 1_000]], "why": "ticket 7", "dry": True}
        told = await house.post(f"/api/recordings/{one}/redact", wish, {**boss, "Accept-Language": "zh"}, 409)
        assert told["rule"] == "redaction.not_at_rest"
        assert "已入库" in told["message"]
        assert "stored" in told["text"]["en"]


async def test_what_waits_for_another_person_is_told_to_who_may_decide(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        boss, root = await people(house)
        await old(house, "a")
        held = await old(house, "b", days=3)
        await night(house)
        assert (await house.get("/api/archive", boss))["awaited"] == {}
        [group] = (await house.get("/api/disposals/due", boss))["groups"]
        await house.post("/api/disposals", {"class": group["class"], "month": group["month"], "sha256": group["sha256"]}, boss, 201)
        hold = await house.post("/api/holds", {"matter": "m", "custodian": "c", "ids": [held]}, boss, 201)
        await house.post(f"/api/holds/{hold['id']}/release", {"why": "over"}, boss)
        await house.post(f"/api/recordings/{held}/redact", {"spans": [[0, 1_000]], "why": "ticket 7"}, boss, 201)
        waits = {"disposal": 1, "release": 1, "redaction": 1}
        assert (await house.get("/api/archive", root))["awaited"] == waits
        rater = await house.signed_in("qian", Role.QA)
        assert (await house.get("/api/archive", rater))["awaited"] == {}
        await house.post(f"/api/holds/{hold['id']}/release", {"why": "over"}, root)
        assert (await house.get("/api/archive", root))["awaited"] == {"disposal": 1, "redaction": 1}
