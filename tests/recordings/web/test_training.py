"""Training over HTTP: who is due, recorded for exactly the months, withdrawn with a reason; and whom the floor is told of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from realtime.words import SECOND
from recordings.quality import training
from recordings.quality.months import before
from recordings.quality.scores import month_of
from recordings.quality.tables import scores
from recordings.words import Kind
from tests.recordings.web.archive_house import ArchiveHouse
from tests.recordings.web.raters import RULES, ZONE, last_month
from wallboard.authorise import Role

PATH = "/api/quality/training"


async def missed(house: ArchiveHouse, agent: str, month: str, points: int = 0) -> None:
    async with house.catalogue.change() as change:
        row = {"form": "f" * 32, "rater": "user:mei", "kind": "usual", "agent": agent, "month": month, "standing": "done", "counts": True}
        row |= {"points": points, "passed": False, "began_at": 1, "done_at": 1, "recording": int(agent) * 100 + int(month[5:])}
        await change.connection.execute(insert(scores).values(**row))


def today(house: ArchiveHouse) -> str:
    return datetime.fromtimestamp(house.now / SECOND, ZoneInfo(ZONE)).date().isoformat()


def wish(house: ArchiveHouse, **more: Any) -> dict[str, Any]:
    return {"agent": "1001", "kpi": "quality", "months": [last_month(house)], "day": today(house), "trainer": "Sun Li", **more}


async def told(house: ArchiveHouse) -> dict[str, tuple[str, ...]]:
    """What the floor hears now."""
    said: dict[str, tuple[str, ...]] = {}

    async def tell(agent: str, _kpi: str, months: tuple[str, ...]) -> None:
        said[agent] = months

    await training.look(house.catalogue, RULES, ZONE, house.now, tell)
    return said


async def test_who_was_trained_is_not_due_any_more_and_a_later_miss_is(house: ArchiveHouse) -> None:
    qa, last = await house.signed_in("mei", Role.QA), last_month(house)
    await missed(house, "1001", last)
    assert await told(house) == {"1001": (last,)}
    assert (await house.get(PATH, qa))["due"] == [{"agent": "1001", "kpi": "quality", "months": [last]}]
    given = await house.post(PATH, wish(house, note="two hours"), qa)
    assert given["due"] == []
    row = given["trained"][0]
    assert (row["agent"], row["months"], row["day"], row["trainer"], row["by"]) == ("1001", [last], today(house), "Sun Li", "user:mei")
    assert await told(house) == {"1001": ()}, "the floor lets them in"
    entry = (await house.entries(Kind.SCORE))[-1]
    assert (entry.subject, "Sun Li" in entry.leaf, "Sun Li" in entry.private) == (f"training-{row['id']}", False, True)
    results = await house.get(f"/api/quality/results?period={last}", qa)
    assert [each["training"] for each in results["agents"]] == [{}]
    async with house.catalogue.reading() as connection:
        due = await training.due(connection, RULES, before(month_of(house.now, ZONE), -1))
    assert due == {}, "a month without a contact"
    await missed(house, "1001", month_of(house.now, ZONE))
    async with house.catalogue.reading() as connection:
        due = await training.due(connection, RULES, before(month_of(house.now, ZONE), -1))
    assert due == {("1001", "quality"): (month_of(house.now, ZONE),)}


async def test_a_withdrawn_record_makes_due_again(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    await missed(house, "1001", last_month(house))
    number = (await house.post(PATH, wish(house), qa))["trained"][0]["id"]
    assert (await house.post(f"{PATH}/{number}/withdraw", {"why": " "}, qa, 409))["error"] == "reason_missing"
    shown = await house.post(f"{PATH}/{number}/withdraw", {"why": "it was another agent"}, qa)
    assert [each["agent"] for each in shown["due"]] == ["1001"]
    assert (shown["trained"][0]["withdrawn_by"], shown["trained"][0]["withdrawn_why"]) == ("user:mei", "it was another agent")
    assert (await house.post(f"{PATH}/{number}/withdraw", {"why": "again"}, qa, 409))["error"] == "no_such_training"
    await house.post(PATH, wish(house), qa)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kpi": "speed"}, "no_such_kpi"),
        ({"agent": "1003"}, "not_due"),
        ({"months": []}, "other_months"),
        ({"months": ["2020-01"]}, "other_months"),
        ({"trainer": "  "}, "trainer_missing"),
        ({"trainer": "1001"}, "own_training"),
        ({"day": "yesterday"}, "no_day"),
        ({"day": "2999-01-01"}, "not_yet"),
        ({"day": "2020-01-01"}, "too_early"),
    ],
)
async def test_what_was_not_given_is_not_recorded(house: ArchiveHouse, more: dict[str, Any], code: str) -> None:
    qa = await house.signed_in("mei", Role.QA)
    await missed(house, "1001", last_month(house))
    assert (await house.post(PATH, wish(house, **more), qa, 409))["error"] == code
    assert (await house.get(PATH, qa))["trained"] == []


async def test_a_leader_reads_the_own_teams_and_records_nothing(house: ArchiveHouse) -> None:
    chen, qa = await house.signed_in("chen", Role.LEADER), await house.signed_in("mei", Role.QA)
    for agent in ("1001", "1003"):
        await missed(house, agent, last_month(house))
    await house.post(PATH, wish(house, agent="1003"), qa)
    assert (await house.get(PATH, chen))["trained"] == [], "1003 is of another team"
    assert [each["agent"] for each in (await house.get(PATH, chen))["due"]] == ["1001"]
    await house.post(PATH, wish(house), chen, 403)
    await house.get(PATH, await house.signed_in("wang", Role.AGENT), 403)


async def test_a_score_that_was_put_right_needs_no_training(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    await missed(house, "1001", last_month(house))
    async with house.catalogue.change() as change:
        await change.connection.execute(update(scores).values(points=10_000))
    assert (await house.get(PATH, qa))["due"] == []
    assert (await house.post(PATH, wish(house), qa, 409))["error"] == "not_due"
