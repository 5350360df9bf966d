"""What counts: a sample is drawn once and nothing is dropped from it, a contact counts once, chosen calls count for nobody, forms fit."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from recordings.catalogue.schema import checkpoints, recordings
from recordings.quality import training
from recordings.quality.scores import month_of
from recordings.quality.tables import scores
from recordings.words import Kind
from tests.recordings.web.archive_house import ArchiveHouse
from tests.recordings.web.raters import (
    BAD,
    FAILED,
    GOOD,
    RULES,
    ZONE,
    begun,
    calls_of_last_month,
    contested,
    drawn,
    id_of,
    last_month,
    scored,
)
from wallboard.authorise import Role


async def results(house: ArchiveHouse, who: dict[str, str], period: str, campaign: str = "") -> Any:
    return await house.get(f"/api/quality/results?period={period}&campaign={campaign}", who)


async def test_a_call_that_is_sealed_when_the_seed_is_known_is_in_no_sample(house: ArchiveHouse) -> None:
    """Who holds a file back until the checkpoint stands could reckon whether it would be drawn. What was drawn from is in the log."""
    qa = await house.signed_in("mei", Role.QA)
    ids = await calls_of_last_month(house, 3, "renewals")
    known = max(row.sealed_entry for row in await house.rows(select(recordings.c.sealed_entry)))
    async with house.catalogue.change() as change:
        await change.connection.execute(update(checkpoints).values(size=known + 1))
    late = await house.put("late", agent="1001", campaign="renewals", began=(await house.line("call00x")).began)
    sample = await drawn(house, qa, "renewals")
    assert (sample["sample"]["candidates"], late in {each["recording"] for each in sample["items"]}) == (3, False)
    assert {each["recording"] for each in sample["items"]} <= set(ids)
    (entry,) = await house.entries(Kind.SAMPLE)
    assert len(msgspec.json.decode(entry.leaf)["public"]["drawn_from"]) == 64


async def test_results_say_how_many_contacts_were_drawn_and_what_part_the_estimate_is_of(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    ids = await calls_of_last_month(house, 4, "renewals", agent="1002")
    picked = await house.put("picked", agent="1002", began=(await house.line("call00x")).began)
    await drawn(house, qa, "renewals")
    await scored(house, qa, ids[0], GOOD)
    await scored(house, qa, picked, BAD)
    told = await results(house, qa, last_month(house), "renewals")
    (agent,) = told["agents"]
    assert (agent["contacts"], agent["drawn"]) == (2, 1), "the other was chosen by its rater"
    assert told["operation"]["covered"] == 1.0


async def sent_to_training(house: ArchiveHouse) -> list[str]:
    told: list[str] = []

    async def tell(agent: str, _kpi: str, _months: tuple[str, ...]) -> None:
        told.append(agent)

    await training.look(house.catalogue, RULES, ZONE, house.now, tell)
    return told


async def put_into_last_month(house: ArchiveHouse) -> None:
    async with house.catalogue.change() as change:
        await change.connection.execute(update(scores).values(month=last_month(house)))


# ------------------------------------------------------------------ samples


@pytest.mark.parametrize("between", ["/", ".", "\u2010", "\u2011", "_", ""])
async def test_another_spelling_of_the_month_is_no_other_sample(house: ArchiveHouse, between: str) -> None:
    qa, month = await house.signed_in("mei", Role.QA), last_month(house)
    await calls_of_last_month(house, 3, "renewals")
    await drawn(house, qa, "renewals")
    again = f"{month[:4]}{between}{month[5:]}"
    wish = {"kind": "estimate", "period": again, "campaign": "renewals"}
    assert (await house.post("/api/quality/samples", wish, qa, 409))["error"] == "no_month"
    assert (await house.get(f"/api/quality/results?period={again}&campaign=renewals", qa, 409))["error"] == "no_month"


@pytest.mark.parametrize("period", ["２０２６-01", "2026-1", "2026-00", "2026-13", "2026-01-01", "2026-01\n", " 2026-01", "0000-01"])
async def test_a_period_is_a_month_in_one_spelling(house: ArchiveHouse, period: str) -> None:
    qa = await house.signed_in("mei", Role.QA)
    assert (await house.post("/api/quality/samples", {"kind": "coaching", "period": period}, qa, 409))["error"] == "no_month"


async def test_a_call_that_somebody_began_to_score_is_not_left_out(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    await calls_of_last_month(house, 3, "renewals", "1002")
    sample = await drawn(house, qa, "renewals")
    failed, open_, good = [item["recording"] for item in sample["items"]]
    await scored(house, qa, failed, FAILED)
    await begun(house, qa, open_, FAILED)
    path = f"/api/quality/samples/{sample['sample']['id']}/leave-out"
    for recording in (failed, open_):
        assert (await house.post(path, {"recording": recording, "why": "a test call"}, qa, 409))["error"] == "scored_before"
    left = await house.post(path, {"recording": good, "why": "a test call"}, qa)
    assert [item["left_out"] for item in left["items"] if item["recording"] == good] == ["a test call"]
    assert left["sample"]["scored"] == 1


# ------------------------------------------------------------------ one contact


async def test_a_contact_counts_once_and_a_chosen_call_for_nobody(house: ArchiveHouse) -> None:
    qa, other, month = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), last_month(house)
    calls = await calls_of_last_month(house, 4, "renewals", "1002")
    await drawn(house, qa, "renewals")
    await scored(house, qa, calls[0], GOOD)
    await scored(house, qa, calls[1], GOOD)
    whole = await results(house, qa, month, "renewals")
    assert (whole["operation"]["drawn"], whole["operation"]["scored"], whole["operation"]["passed"]["share"]) == (4, 2, 1.0)
    for rater in (qa, other):
        await scored(house, rater, calls[0], BAD, target=True)
    await scored(house, other, calls[0], BAD)
    assert await results(house, qa, month, "renewals") == whole, "neither because of a complaint, nor because somebody scored it later"
    assert (whole["agents"][0]["contacts"], whole["agents"][0]["points"]) == (2, 10_000)
    assert await house.rows(select(scores.c.id).where(scores.c.counts.is_(True)).order_by(scores.c.id)) == [(1,), (2,)]
    assert await sent_to_training(house) == []


async def test_one_call_scored_often_makes_no_rank(house: ArchiveHouse) -> None:
    qa, other, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    for rater in (qa, other):
        await scored(house, rater, recording, GOOD)
        await scored(house, rater, recording, GOOD, target=True)
    (agent,) = (await results(house, qa, month_of(house.now, ZONE)))["agents"]
    assert (agent["contacts"], agent["rank"]) == (1, None), "two are needed"


async def test_only_a_chosen_call_is_in_no_result_and_has_no_score_to_be_found_by(house: ArchiveHouse) -> None:
    qa, recording = await house.signed_in("mei", Role.QA), await id_of(house, "first")
    number = await scored(house, qa, recording, BAD, target=True)
    assert (await house.get(f"/api/quality/scores/{number}", qa))["counts"] is False
    assert (await results(house, qa, month_of(house.now, ZONE)))["agents"] == []
    assert (await house.line("first")).score is None
    await put_into_last_month(house)
    assert await sent_to_training(house) == []


async def test_an_appeal_exchanges_the_score_that_counts(house: ArchiveHouse) -> None:
    """The database itself holds that one of a recording counts."""
    qa, other, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    first = await scored(house, qa, recording, FAILED)
    number = await contested(house, first, await house.signed_in("wang", Role.AGENT))
    taken = await house.post(f"/api/quality/appeals/{number}/take", {}, other)
    await house.post(f"/api/quality/scores/{taken['score']}", {"answers": GOOD}, other)
    await house.post(f"/api/quality/scores/{taken['score']}/done", {}, other)
    await house.post(f"/api/quality/appeals/{number}/decide", {}, other)
    await scored(house, await house.signed_in("lan", Role.QA), recording, BAD)
    assert await house.rows(select(scores.c.id).where(scores.c.counts.is_(True))) == [(taken["score"],)]
    third = {"recording": (await house.line("first")).place, "form": "x", "rater": "x", "kind": "usual", "standing": "done"}
    with pytest.raises(IntegrityError):
        async with house.catalogue.change() as change:
            await change.connection.execute(insert(scores).values(**third, counts=True, began_at=1))


# ------------------------------------------------------------------ forms


async def test_a_form_of_critical_items_passes_a_contact_without_an_error_and_sends_nobody_to_training(house: ArchiveHouse) -> None:
    qa, recording = await house.signed_in("mei", Role.QA), await id_of(house, "first")
    number = await scored(house, qa, recording, {"notice": {"value": 1}}, form="law")
    said = await house.get(f"/api/quality/scores/{number}", qa)
    assert (said["passed"], said["now"]["points"], said["now"]["failed"]) == (True, None, [])
    await put_into_last_month(house)
    assert await sent_to_training(house) == [], "there are no points that could be too few"
    (agent,) = (await results(house, qa, last_month(house)))["agents"]
    assert (agent["passed"]["share"], agent["points"], agent["rank"]) == (1.0, None, None)


async def test_a_calibration_is_of_calls_that_its_form_is_for(house: ArchiveHouse) -> None:
    qa, other = await house.signed_in("mei", Role.QA), await id_of(house, "first")
    loan = await house.put("loan", agent="1001", campaign="loans")
    wish = {"name": "N", "form": "loans", "recordings": [loan, other], "raters": ["user:mei", "user:hong"]}
    assert (await house.post("/api/quality/calibrations", wish, qa, 409))["error"] == "form_of_other_calls"
    await house.post("/api/quality/calibrations", {**wish, "recordings": [loan]}, qa)
