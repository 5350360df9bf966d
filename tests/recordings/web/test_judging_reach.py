"""Whose calls somebody may judge, and whose scores read: who may not hear a call may not score it, nor see what others scored it.

chen leads team a (1001 and 1002); 1003 is of team b. What is only kept by duty is a manager's, as it is everywhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from realtime.plan.archive import ArchiveRules
from recordings.catalogue.schema import recordings
from recordings.quality.scores import month_of
from recordings.quality.tables import sample_items, samples
from recordings.web.offers import OFFERS
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from tests.recordings.web.test_judging import GOOD, RULES, id_of, scored
from wallboard.authorise import Role

Headers = dict[str, str]
WISH = {"name": "November", "form": "sales", "raters": ["user:mei", "user:chen"]}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ArchiveHouse]:
    async with archive_house(tmp_path, plan=planned(ArchiveRules(quality=RULES))) as running:
        await running.put("ours", agent="1001")
        await running.put("theirs", agent="1003")
        await running.put("both", agent="1003", agents="1003,1002")
        yield running


async def leader(house: ArchiveHouse) -> Headers:
    return await house.signed_in("chen", Role.LEADER)


async def qa(house: ArchiveHouse) -> Headers:
    return await house.signed_in("mei", Role.QA)


async def restricted(house: ArchiveHouse, name: str) -> None:
    async with house.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.place == house.places[name]).values(restricted=True))


async def test_a_leader_scores_calls_of_the_own_teams_alone(house: ArchiveHouse) -> None:
    chen, mei = await leader(house), await qa(house)
    refused = await house.post("/api/quality/scores", {"recording": await id_of(house, "theirs")}, chen, 404)
    unknown = await house.post("/api/quality/scores", {"recording": "nothing"}, chen, 404)
    assert refused == unknown, "in the same words as what is not there"
    for name in ("ours", "both"):
        assert await scored(house, chen, await id_of(house, name), GOOD) > 0
    assert await scored(house, mei, await id_of(house, "theirs"), GOOD) > 0, "who judges calls judges all"


async def test_scores_of_other_teams_are_not_read(house: ArchiveHouse) -> None:
    chen, mei = await leader(house), await qa(house)
    ours, theirs = [await scored(house, mei, await id_of(house, name), GOOD) for name in ("ours", "theirs")]
    assert [each["id"] for each in (await house.get("/api/quality/scores", chen))["scores"]] == [ours]
    assert (await house.get("/api/quality/scores?agent=1003", chen))["scores"] == []
    await house.get(f"/api/quality/scores?recording={await id_of(house, 'theirs')}", chen, 404)
    assert (await house.get(f"/api/quality/scores/{ours}", chen))["agent"] == "1001"
    assert (await house.get(f"/api/quality/scores/{theirs}", chen, 409))["error"] == "no_such_score"
    assert {each["id"] for each in (await house.get("/api/quality/scores", mei))["scores"]} == {ours, theirs}


async def test_a_score_that_left_the_reach_is_not_gone_on_with(house: ArchiveHouse) -> None:
    chen, mei = await leader(house), await qa(house)
    path = f"/api/quality/scores/{(await house.post('/api/quality/scores', {'recording': await id_of(house, 'ours')}, chen))['score']}"
    async with house.catalogue.change() as change:
        moved = update(recordings).where(recordings.c.place == house.places["ours"])
        await change.connection.execute(moved.values(agent="1003", agents="1003"))
    for ending, wish in (("", {"answers": GOOD}), ("/done", {})):
        assert (await house.post(path + ending, wish, chen, 409))["error"] == "no_such_score"
    own = await scored(house, mei, await id_of(house, "theirs"), GOOD)
    assert (await house.get(f"/api/quality/scores/{own}", mei))["counts"] is True


async def test_results_name_the_own_teams_agents(house: ArchiveHouse) -> None:
    chen, mei = await leader(house), await qa(house)
    for name in ("ours", "theirs"):
        await scored(house, mei, await id_of(house, name), GOOD)
    month = f"/api/quality/results?period={month_of((await house.line('ours')).began, 'Asia/Shanghai')}"
    assert [each["agent"] for each in (await house.get(month, chen))["agents"]] == ["1001"]
    assert [each["agent"] for each in (await house.get(month, mei))["agents"]] == ["1001", "1003"]


async def test_items_of_a_sample_are_those_within_reach(house: ArchiveHouse) -> None:
    chen, mei = await leader(house), await qa(house)
    row = {"kind": "coaching", "period": "2026-10", "campaign": "", "size": 2, "candidates": 2, "checkpoint": 1}
    async with house.catalogue.change() as change:
        more = {"root": b"r" * 32, "rules": "{}", "by": "user:mei", "at": 1}
        number = (await change.connection.execute(insert(samples).values(**row, **more).returning(samples.c.id))).scalar_one()
        items = [{"sample": number, "recording": house.places[name], "stratum": "x", "whole": 1} for name in ("ours", "theirs")]
        await change.connection.execute(insert(sample_items), items)
    assert [each["agent"] for each in (await house.get(f"/api/quality/samples/{number}", chen))["items"]] == ["1001"]
    assert [each["agent"] for each in (await house.get(f"/api/quality/samples/{number}", mei))["items"]] == ["1001", "1003"]


async def a_whole_house(house: ArchiveHouse) -> dict[str, int]:
    """Of either team a call that is in a sample, scored, contested and overturned, and due for training; an own calibration."""
    mei, hong = await qa(house), await house.signed_in("hong", Role.QA)
    period = month_of((await house.line("ours")).began, "Asia/Shanghai")
    row = {"kind": "estimate", "period": period, "campaign": "", "size": 2, "candidates": 40, "checkpoint": 1}
    async with house.catalogue.change() as change:
        more = {"root": b"r" * 32, "rules": "{}", "by": "user:mei", "at": 1}
        sample = (await change.connection.execute(insert(samples).values(**row, **more).returning(samples.c.id))).scalar_one()
        items = [{"sample": sample, "recording": house.places[name], "stratum": name, "whole": 20} for name in ("ours", "theirs")]
        await change.connection.execute(insert(sample_items), items)
    for name, login in (("ours", "wang"), ("theirs", "zhao")):
        number = await scored(house, mei, await id_of(house, name), GOOD)
        agent = await house.signed_in(login, Role.AGENT)
        appeal = (await house.post(f"/api/me/scores/{number}/appeal", {"reason": "no"}, agent))["score"]
        second = (await house.post(f"/api/quality/appeals/{appeal}/take", {}, hong))["score"]
        await house.post(f"/api/quality/scores/{second}", {"answers": GOOD}, hong)
        await house.post(f"/api/quality/scores/{second}/done", {}, hong)
        await house.post(f"/api/quality/appeals/{appeal}/decide", {}, hong)
    wish = {**WISH, "raters": ["user:hong", "user:ping"], "recordings": [await id_of(house, "ours")]}
    calibration = (await house.post("/api/quality/calibrations", wish, mei))["calibration"]["id"]
    return {"samples": sample, "scores": 1, "calibrations": calibration}


ASKED = [offer.path for offer in OFFERS if offer.method == "GET" and offer.path.startswith("/api/quality")]


@pytest.mark.parametrize("path", ASKED)
async def test_no_route_of_quality_tells_a_leader_of_other_teams(house: ArchiveHouse, path: str) -> None:
    """Neither by name nor in a share, a count or a rank; who reaches all teams is told of all."""
    ids = await a_whole_house(house)
    asked = path.replace("{id}", str(ids.get(path.split("/")[3], 0)))
    if path.endswith("/results"):
        asked += f"?period={month_of((await house.line('ours')).began, 'Asia/Shanghai')}"
    chen, mei = await leader(house), await qa(house)
    said = await house.get(asked, chen)
    whole = await house.get(asked, mei)
    theirs = await id_of(house, "theirs")
    assert not {"1003", theirs} & set(strings(said)), said
    for each in said.get("samples", [said["sample"]] if "sample" in said else []):
        assert (each["size"], each["scored"], each["candidates"]) == (1, 1, None), "the own teams' part of it"
    if "operation" in said:
        assert (said["operation"], said["limited"], whole["limited"], whole["operation"]["scored"]) == (None, True, False, 2)
        assert ([each["decided"] for each in said["raters"]], [each["decided"] for each in whole["raters"]]) == ([1], [2])
    for role in (Role.AGENT, Role.SCREEN):
        await house.get(asked, await house.signed_in(f"some-{role.value}", role), 403)


def strings(said: Any) -> Iterator[str]:
    """Every text in it."""
    if isinstance(said, str):
        yield said
    for each in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from strings(each)


async def test_a_calibration_is_a_leaders_where_all_its_calls_are(house: ArchiveHouse) -> None:
    chen, mei = await leader(house), await qa(house)
    ours, theirs = [await id_of(house, name) for name in ("ours", "theirs")]
    made = [
        (await house.post("/api/quality/calibrations", {**WISH, "recordings": wanted}, mei))["calibration"]["id"]
        for wanted in ([ours], [ours, theirs])
    ]
    assert [each["id"] for each in (await house.get("/api/quality/calibrations", chen))["calibrations"]] == made[:1]
    assert (await house.get(f"/api/quality/calibrations/{made[0]}", chen))["calibration"]["open_items"] == [ours]
    assert (await house.get(f"/api/quality/calibrations/{made[1]}", chen, 409))["error"] == "no_such_calibration"
    await house.post("/api/quality/scores", {"recording": theirs, "calibration": made[1]}, chen, 404)
    assert len((await house.get("/api/quality/calibrations", mei))["calibrations"]) == 2


async def test_appeals_of_other_teams_are_neither_seen_nor_taken_nor_decided(house: ArchiveHouse) -> None:
    chen, mei, hong = await leader(house), await qa(house), await house.signed_in("hong", Role.QA)
    appeals = []
    for name, login in (("ours", "wang"), ("theirs", "zhao")):
        number = await scored(house, mei, await id_of(house, name), GOOD)
        agent = await house.signed_in(login, Role.AGENT)
        appeals.append((await house.post(f"/api/me/scores/{number}/appeal", {"reason": "no"}, agent))["score"])
    assert [each["id"] for each in (await house.get("/api/quality/appeals", chen))["appeals"]] == appeals[:1]
    for deed in ("take", "decide"):
        assert (await house.post(f"/api/quality/appeals/{appeals[1]}/{deed}", {}, chen, 409))["error"] == "no_such_appeal"
    assert (await house.post(f"/api/quality/appeals/{appeals[0]}/take", {}, chen))["recording"] == await id_of(house, "ours")
    assert (await house.post(f"/api/quality/appeals/{appeals[1]}/take", {}, hong))["recording"] == await id_of(house, "theirs")


async def test_what_is_only_kept_by_duty_is_judged_by_managers_alone(house: ArchiveHouse) -> None:
    mei, boss, ours = await qa(house), await house.signed_in("boss", Role.MANAGER), await id_of(house, "ours")
    number = await scored(house, mei, ours, GOOD)
    await restricted(house, "ours")
    await house.post("/api/quality/scores", {"recording": ours}, mei, 404)
    assert (await house.get(f"/api/quality/scores/{number}", mei, 409))["error"] == "no_such_score"
    assert (await house.get(f"/api/quality/scores/{number}", boss))["id"] == number
    assert await scored(house, boss, ours, GOOD) > number
