"""Quality over HTTP: who may score what, what stays blind, what counts, and that each of it is in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import insert, select, update

from realtime.plan.archive import ArchiveRules
from realtime.plan.quality import FormItem, FormSection, KpiRule, QualityRules, ScoreForm
from realtime.words import SECOND
from recordings.catalogue.schema import checkpoints
from recordings.quality import training
from recordings.quality.months import before
from recordings.quality.scores import month_of
from recordings.quality.tables import forms, scores
from recordings.words import Kind
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from wallboard.authorise import Role

FORM = ScoreForm(
    id="sales",
    sections=(
        FormSection(id="talk", weight=100, items=(FormItem(id="greets"), FormItem(id="listens", kind="scale", most=4))),
        FormSection(id="law", items=(FormItem(id="notice", critical="compliance", comment="failing", may_skip=False),)),
    ),
)
RULES = QualityRules(forms=(FORM,), heard_share=0, kpis=(KpiRule(id="quality", least=1, running=1),))
GOOD = {"greets": {"value": 1}, "listens": {"value": 4}, "notice": {"value": 1}}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ArchiveHouse]:
    async with archive_house(tmp_path, plan=planned(ArchiveRules(quality=RULES))) as running:
        await running.put("first", agent="1001")
        yield running


async def scored(house: ArchiveHouse, who: dict[str, str], recording: str, answers: dict[str, Any], **more: Any) -> int:
    number = (await house.post("/api/quality/scores", {"recording": recording, **more}, who))["score"]
    await house.post(f"/api/quality/scores/{number}", {"answers": answers}, who)
    await house.post(f"/api/quality/scores/{number}/done", {}, who)
    return int(number)


async def id_of(house: ArchiveHouse, name: str) -> str:
    return str((await house.line(name)).id)


async def test_a_call_is_scored_item_by_item_and_then_stays(house: ArchiveHouse) -> None:
    qa, recording = await house.signed_in("mei", Role.QA), await id_of(house, "first")
    assert [form["id"] for form in (await house.get("/api/quality/forms", qa))["forms"]] == ["sales"]
    begun = await house.post("/api/quality/scores", {"recording": recording}, qa)
    assert await house.post("/api/quality/scores", {"recording": recording}, qa) == begun, "a second press goes on with the first"
    path = f"/api/quality/scores/{begun['score']}"
    half = await house.post(path, {"answers": {"greets": {"value": 1}}}, qa)
    assert [lack["item"] for lack in half["missing"]] == ["listens", "notice"]
    refused = await house.post(f"{path}/done", {}, qa, 409)
    assert (refused["error"], "2 items" in refused["message"]) == ("incomplete", True)
    await house.post(path, {"answers": {"listens": {"value": 2, "comment": "cuts in", "at_ms": 8_000}, "notice": {"value": 1}}}, qa)
    assert (await house.post(f"{path}/done", {}, qa))["points"] == 7_500
    assert (await house.post(path, {"answers": {"greets": {"value": 0}}}, qa, 409))["error"] == "done_before"
    assert (await house.line("first")).score == 7_500, "it is found by its score"
    said = await house.get(path, qa)
    assert (said["answers"]["listens"]["at_ms"], said["passed"], said["counts"]) == (8_000, False, True)
    entry = (await house.entries(Kind.SCORE))[0]
    assert (entry.subject, "mei" in entry.leaf, "mei" in entry.private) == (recording, False, True), "a leaf names nobody"


async def test_a_rater_changes_no_other_score_and_scores_no_own_call(house: ArchiveHouse) -> None:
    recording = await id_of(house, "first")
    qa, other = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.SUPERVISOR)
    number = (await house.post("/api/quality/scores", {"recording": recording}, qa))["score"]
    assert (await house.post(f"/api/quality/scores/{number}", {"answers": GOOD}, other, 409))["error"] == "not_yours"
    assert (await house.get(f"/api/quality/scores/{number}", other, 409))["error"] == "open", "nor sees it before it is done"
    both = await house.put("both", agent="1001", agents="1001,9001")  # chen leads the team of 1001, and took this call, too
    chen = await house.signed_in("chen", Role.LEADER)
    assert (await house.post("/api/quality/scores", {"recording": both}, chen, 409))["error"] == "own_call"
    agent = await house.signed_in("zhao", Role.AGENT)
    await house.post("/api/quality/scores", {"recording": recording}, agent, 403)


async def test_a_form_is_for_the_calls_that_it_says(tmp_path: Path) -> None:
    """Without a name the first that is for the call; another one is refused, and its own form scores it."""
    sales = structs.replace(FORM, id="sales", campaigns=("spring",))
    vip = structs.replace(FORM, id="vip", campaigns=("autumn",), queues=("vip",))
    async with archive_house(tmp_path, plan=planned(ArchiveRules(quality=QualityRules(forms=(sales, vip))))) as house:
        await house.put("a", agent="1001", queue="vip")
        await house.put("b", agent="1001", campaign="spring")
        await house.put("c", agent="1001", queue="other")
        qa = await house.signed_in("mei", Role.QA)
        a, b, c = [await id_of(house, name) for name in "abc"]
        for recording, form in ((a, "vip"), (b, "sales")):
            begun = await house.post("/api/quality/scores", {"recording": recording}, qa)
            assert (await house.get(f"/api/quality/scores/{begun['score']}", qa))["form"]["id"] == form
        for recording, form in ((a, "sales"), (b, "vip"), (c, "sales"), (c, "")):
            refused = await house.post("/api/quality/scores", {"recording": recording, "form": form}, qa, 409)
            assert refused["error"] == "form_of_other_calls"


async def test_a_changed_form_needs_a_new_version(house: ArchiveHouse) -> None:
    qa, recording = await house.signed_in("mei", Role.QA), await id_of(house, "first")
    async with house.catalogue.change() as change:
        row = {"digest": "0" * 32, "id": "sales", "version": 1, "body": "{}", "at": 1}
        await change.connection.execute(insert(forms).values(**row))
    refused = await house.post("/api/quality/scores", {"recording": recording}, qa, 409)
    assert (refused["error"], "version = 2" in refused["message"]) == ("form_changed", True)


async def test_an_appeal_is_scored_blind_by_another_and_the_second_counts(house: ArchiveHouse) -> None:
    qa, other, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    first = await scored(house, qa, recording, {**GOOD, "notice": {"value": 0, "comment": "not said"}})
    wang, zhao = await house.signed_in("wang", Role.AGENT), await house.signed_in("zhao", Role.AGENT)
    assert (await house.get("/api/me/scores", zhao))["scores"] == [], "nobody else's"
    assert [each["id"] for each in (await house.get("/api/me/scores", wang))["scores"]] == [first]
    await house.get(f"/api/me/scores/{first}", wang)
    assert (await house.rows(select(scores.c.seen_at)))[0].seen_at > 0
    await house.get(f"/api/me/scores/{first}", zhao, 409)
    assert (await house.post(f"/api/me/scores/{first}/appeal", {"reason": " "}, wang, 409))["error"] == "reason_missing"
    body = {"reason": "I did say it", "item": "notice"}
    assert (await house.post(f"/api/me/scores/{first}/appeal", body, zhao, 409))["error"] == "not_yours"
    number = (await house.post(f"/api/me/scores/{first}/appeal", body, wang))["score"]
    assert (await house.post(f"/api/me/scores/{first}/appeal", body, wang, 409))["error"] == "appealed_before"
    assert (await house.post(f"/api/quality/appeals/{number}/take", {}, qa, 409))["error"] == "same_rater"
    taken = await house.post(f"/api/quality/appeals/{number}/take", {}, other)
    assert (await house.get(f"/api/quality/scores/{first}", other, 409))["error"] == "blind"
    listed = (await house.get(f"/api/quality/scores?recording={recording}", other))["scores"]
    assert [each["id"] for each in listed] == [taken["score"]], "not in the list, either"
    assert (await house.post(f"/api/quality/appeals/{number}/decide", {}, other, 409))["error"] == "not_scored"
    await house.post(f"/api/quality/scores/{taken['score']}", {"answers": GOOD}, other)
    await house.post(f"/api/quality/scores/{taken['score']}/done", {}, other)
    assert (await house.post(f"/api/quality/appeals/{number}/decide", {}, other)) == {"overturned": True}
    counting = [row.id for row in await house.rows(select(scores.c.id).where(scores.c.counts.is_(True)))]
    assert counting == [taken["score"]], "one of the two"
    result = await house.get("/api/quality/results", qa)
    assert result["raters"] == [{"rater": "user:mei", "decided": 1, "overturned": 1, "calibrate": True}]


async def test_an_appeal_comes_too_late(house: ArchiveHouse) -> None:
    qa, recording = await house.signed_in("mei", Role.QA), await id_of(house, "first")
    first = await scored(house, qa, recording, GOOD)
    async with house.catalogue.change() as change:
        done_at = house.now - 9 * 86_400 * SECOND
        await change.connection.execute(update(scores).values(done_at=done_at))
    wang = await house.signed_in("wang", Role.AGENT)
    refused = await house.post(f"/api/me/scores/{first}/appeal", {"reason": "no"}, wang, 409)
    assert refused["error"] == "too_late"


async def test_a_calibration_is_blind_until_it_is_closed(house: ArchiveHouse) -> None:
    qa, other, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    wish = {"name": "November", "form": "sales", "recordings": [recording], "raters": ["user:mei", "user:hong"]}
    made = (await house.post("/api/quality/calibrations", wish, qa))["calibration"]
    assert made["open_items"] == [recording]
    ones = await scored(house, qa, recording, GOOD, calibration=made["id"])
    assert (await house.get(f"/api/quality/scores/{ones}", other, 409))["error"] == "blind"
    assert (await house.get(f"/api/quality/calibrations/{made['id']}", other))["compared"] is None
    await scored(house, other, recording, {**GOOD, "listens": {"value": 1}}, calibration=made["id"])
    compared = (await house.post(f"/api/quality/calibrations/{made['id']}/close", {}, qa))["compared"]
    by_item = {item["item"]: item for item in compared["items"]}
    assert (by_item["greets"]["p_o"], by_item["listens"]["p_o"]) == (1.0, 0.0)
    assert (compared["passes"], compared["missing"]) == (False, [])
    assert (await house.line("first")).score is None, "it counts for nobody"
    assert (await house.post("/api/quality/scores", {"recording": recording, "calibration": made["id"]}, qa, 409))["error"] == "closed"


async def test_a_sample_is_drawn_once_by_the_log(house: ArchiveHouse) -> None:
    qa, supervisor = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.SUPERVISOR)
    last = before(month_of(house.now, "Asia/Shanghai"), 1)
    began = int(datetime(int(last[:4]), int(last[5:]), 15, 4, tzinfo=UTC).timestamp()) * SECOND
    ids = [await house.put(f"call{n:02d}x", agent=f"10{n % 7:02d}", campaign="renewals", began=began + n * SECOND) for n in range(70)]
    wish = {"kind": "estimate", "period": last, "campaign": "renewals"}
    await house.post("/api/quality/samples", wish, supervisor, 403)
    assert (await house.post("/api/quality/samples", wish, qa, 409))["error"] == "no_checkpoint"
    async with house.catalogue.change() as change:
        row = {"size": 1_000, "at": house.now, "root": b"r" * 32, "note": ""}
        await change.connection.execute(insert(checkpoints).values(**row))
    drawn = await house.post("/api/quality/samples", wish, qa)
    assert (drawn["sample"]["size"], drawn["sample"]["candidates"]) == (35, 70), "90 % and 10 % of 70"
    assert {item["recording"] for item in drawn["items"]} < set(ids)
    assert (await house.post("/api/quality/samples", wish, qa, 409))["error"] == "drawn_before"
    out = {"recording": drawn["items"][0]["recording"], "why": "a test call"}
    left = await house.post(f"/api/quality/samples/{drawn['sample']['id']}/leave-out", out, qa)
    assert [item["left_out"] for item in left["items"] if item["left_out"]] == ["a test call"]
    (listed,) = (await house.get("/api/quality/samples", qa))["samples"]
    assert (listed["size"], listed["left_out"], listed["scored"]) == (35, 1, 0)
    for number, item in enumerate(drawn["items"][1:6]):
        await scored(house, qa, item["recording"], GOOD if number else {**GOOD, "notice": {"value": 0, "comment": "no"}})
    result = await house.get(f"/api/quality/results?period={last}&campaign=renewals", qa)
    operation = result["operation"]
    assert (operation["drawn"], operation["scored"]) == (34, 5)
    assert operation["passed"]["low"] < 0.8 < operation["passed"]["high"]
    assert all(agent["rank"] is None for agent in result["agents"]), "nobody is ranked on so few"
    assert any(agent["training"] == {} for agent in result["agents"])


async def test_a_sample_of_nothing_is_not_drawn(house: ArchiveHouse) -> None:
    """It could never be drawn again: a campaign that was misspelt, or whose calls are all short."""
    qa, last = await house.signed_in("mei", Role.QA), before(month_of(house.now, "Asia/Shanghai"), 1)
    async with house.catalogue.change() as change:
        await change.connection.execute(insert(checkpoints).values(size=1_000, at=house.now, root=b"r" * 32, note=""))
    refused = await house.post("/api/quality/samples", {"kind": "coaching", "period": last, "campaign": "renewal"}, qa, 409)
    assert (refused["error"], "look at its campaign" in refused["message"]) == ("nothing_to_draw", True)
    assert (await house.get("/api/quality/samples", qa))["samples"] == []


async def test_a_month_that_is_not_over_is_not_drawn_from(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    wish = {"kind": "coaching", "period": month_of(house.now, "Asia/Shanghai")}
    assert (await house.post("/api/quality/samples", wish, qa, 409))["error"] == "not_over"
    assert (await house.post("/api/quality/samples", {**wish, "period": "2026-13"}, qa, 409))["error"] == "no_month"


async def test_whom_missed_months_send_to_training_is_told_to_the_floor_once(house: ArchiveHouse) -> None:
    qa, recording = await house.signed_in("mei", Role.QA), await id_of(house, "first")
    await scored(house, qa, recording, {**GOOD, "listens": {"value": 0}})
    last = before(month_of(house.now, "Asia/Shanghai"), 1)
    async with house.catalogue.change() as change:
        await change.connection.execute(update(scores).values(month=last))
    told: list[tuple[str, str, tuple[str, ...]]] = []

    async def tell(agent: str, kpi: str, months: tuple[str, ...]) -> None:
        told.append((agent, kpi, months))

    async def look() -> int:
        return await training.look(house.catalogue, RULES, "Asia/Shanghai", house.now, tell)

    assert (await look(), await look(), told) == (1, 0, [("1001", "quality", (last,))])
    async with house.catalogue.change() as change:
        await change.connection.execute(update(scores).values(points=10_000))
    assert (await look(), told[-1]) == (1, ("1001", "quality", ()))


async def contacts(house: ArchiveHouse, agent: str, many: int, points: int | None, first: int = 0) -> None:
    """So many scored contacts of this month, each of another call; without points: nothing of the form applied."""
    async with house.catalogue.change() as change:
        row = {"form": "f" * 32, "rater": "user:mei", "kind": "usual", "agent": agent, "month": month_of(house.now, "Asia/Shanghai")}
        row |= {
            "standing": "done",
            "counts": True,
            "points": points,
            "passed": (points or 0) >= 8_000,
            "began_at": house.now,
            "done_at": house.now,
        }
        await change.connection.execute(insert(scores), [row | {"recording": int(agent) * 1_000 + first + each} for each in range(many)])


async def test_agents_are_ranked_by_points_from_thirty_contacts_on_and_below_that_stand_by_name(house: ArchiveHouse) -> None:
    qa, this = await house.signed_in("mei", Role.QA), month_of(house.now, "Asia/Shanghai")
    for agent, many, points in (("1002", 30, 8_100), ("1003", 31, 9_000), ("1001", 29, 10_000), ("1004", 30, 8_100), ("1000", 1, 0)):
        await contacts(house, agent, many, points)
    told = await house.get(f"/api/quality/results?period={this}", qa)
    assert [(each["agent"], each["contacts"], each["rank"]) for each in told["agents"]] == [
        ("1003", 31, 1), ("1002", 30, 2), ("1004", 30, 2), ("1000", 1, None), ("1001", 29, None),
    ], "equal points have one rank; the best of all has none, on 29"  # fmt: skip
    assert told["rank_least"] == 30
    await contacts(house, "1001", 1, 10_000, first=29)
    told = await house.get(f"/api/quality/results?period={this}", qa)
    assert [(each["agent"], each["rank"]) for each in told["agents"][:3]] == [("1001", 1), ("1003", 2), ("1002", 3)], "the thirtieth"
    await contacts(house, "1000", 29, None, first=1)
    told = await house.get(f"/api/quality/results?period={this}", qa)
    assert [(each["contacts"], each["rank"]) for each in told["agents"] if each["agent"] == "1000"] == [(30, None)], "29 of them N/A"
