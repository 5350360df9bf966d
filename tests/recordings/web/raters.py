"""Raters for the tests of judging: a form, answers, a month that is over; scores begun and done over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from realtime.plan.quality import FormItem, FormSection, KpiRule, QualityRules, ScoreForm
from realtime.words import SECOND
from recordings.catalogue.schema import checkpoints
from recordings.quality.months import before
from recordings.quality.scores import month_of
from tests.recordings.web.archive_house import ArchiveHouse

ZONE = "Asia/Shanghai"
FORM = ScoreForm(
    id="sales",
    sections=(
        FormSection(id="talk", weight=100, items=(FormItem(id="greets"), FormItem(id="listens", kind="scale", most=4))),
        FormSection(id="law", items=(FormItem(id="notice", critical="compliance", comment="failing", may_skip=False),)),
    ),
)
LAW = ScoreForm(id="law", sections=(FormSection(id="law", items=(FormItem(id="notice", critical="compliance", may_skip=False),)),))
LOANS = ScoreForm(id="loans", sections=FORM.sections, campaigns=("loans",))
RULES = QualityRules(forms=(LOANS, FORM, LAW), heard_share=0, rank_least=2, kpis=(KpiRule(id="quality", least=1, running=1),))
GOOD = {"greets": {"value": 1}, "listens": {"value": 4}, "notice": {"value": 1}}
BAD = {"greets": {"value": 0}, "listens": {"value": 0}, "notice": {"value": 1}}
FAILED = {**GOOD, "notice": {"value": 0, "comment": "not said"}}


async def begun(house: ArchiveHouse, who: dict[str, str], recording: str, answers: dict[str, Any], **more: Any) -> int:
    number = (await house.post("/api/quality/scores", {"recording": recording, **more}, who))["score"]
    await house.post(f"/api/quality/scores/{number}", {"answers": answers}, who)
    return int(number)


async def scored(house: ArchiveHouse, who: dict[str, str], recording: str, answers: dict[str, Any], **more: Any) -> int:
    number = await begun(house, who, recording, answers, **more)
    await house.post(f"/api/quality/scores/{number}/done", {}, who)
    return number


async def id_of(house: ArchiveHouse, name: str) -> str:
    return str((await house.line(name)).id)


def last_month(house: ArchiveHouse) -> str:
    return before(month_of(house.now, ZONE), 1)


async def calls_of_last_month(house: ArchiveHouse, many: int, campaign: str, agent: str = "") -> list[str]:
    """And the checkpoint that a sample of them is drawn by."""
    month = last_month(house)
    began = int(datetime(int(month[:4]), int(month[5:]), 15, 4, tzinfo=UTC).timestamp()) * SECOND
    agents = [agent or f"10{number % 7:02d}" for number in range(many)]
    ids = [
        await house.put(f"call{number:02d}x", agent=each, campaign=campaign, began=began + number * SECOND)
        for number, each in enumerate(agents)
    ]
    async with house.catalogue.change() as change:
        await change.connection.execute(insert(checkpoints).values(size=1_000, at=house.now, root=b"r" * 32, note=""))
    return ids


async def drawn(house: ArchiveHouse, who: dict[str, str], campaign: str) -> dict[str, Any]:
    wish = {"kind": "estimate", "period": last_month(house), "campaign": campaign}
    return dict(await house.post("/api/quality/samples", wish, who))


async def contested(house: ArchiveHouse, score: int, agent: dict[str, str], item: str = "") -> int:
    return int((await house.post(f"/api/me/scores/{score}/appeal", {"reason": "I did say it", "item": item}, agent))["score"])
