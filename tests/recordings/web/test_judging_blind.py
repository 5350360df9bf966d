"""Blind: who has to score a call beside others, or still could, is told nothing of what they said; and what an agent is told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from recordings.catalogue.schema import recordings
from recordings.quality.scores import month_of
from recordings.quality.tables import appeals, calibrations, reads, scores
from recordings.words import Kind, State
from tests.recordings.web.archive_house import ArchiveHouse
from tests.recordings.web.raters import (
    BAD,
    FAILED,
    GOOD,
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


async def told_of(house: ArchiveHouse, recording: str, who: dict[str, str]) -> dict[str, Any]:
    """What each address says of the call's score: nothing, for whom it is blind."""
    one = await house.get(f"/api/recordings/{recording}", who)
    listed = (await house.get("/api/recordings", who))["recordings"]
    by_score = await house.get("/api/recordings?score_from=0&score_to=100&counts=true", who)
    of_call = (await house.get(f"/api/quality/scores?recording={recording}", who))["scores"]
    result = await house.get(f"/api/quality/results?period={month_of(house.now, ZONE)}", who)
    return {
        "one": (one["row"]["score"], one["scored_by"]),
        "listed": [row["score"] for row in listed if row["id"] == recording],
        "found": [row["id"] for row in by_score["recordings"] if row["id"] == recording],
        "counted": by_score["counts"]["counted"],
        "scores": [each["points"] for each in of_call if each["points"] is not None],
        "results": [(each["agent"], each["points"]) for each in result["agents"]],
    }


NOTHING = {"one": (None, ""), "listed": [None], "found": [], "counted": 0, "scores": [], "results": []}


def all_of(recording: str, points: int) -> dict[str, Any]:
    score = points / 100
    told = {"one": (score, "user:mei"), "listed": [score], "found": [recording], "counted": 1, "scores": [points]}
    return {**told, "results": [("1001", points)]}


# ------------------------------------------------------------------ appeals


async def test_a_contested_score_is_blind_before_and_after_somebody_takes_the_appeal(house: ArchiveHouse) -> None:
    qa, other, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    third = await house.signed_in("lan", Role.MANAGER)
    first = await scored(house, qa, recording, FAILED)
    number = await contested(house, first, await house.signed_in("wang", Role.AGENT))
    for rater in (other, third):
        assert await told_of(house, recording, rater) == NOTHING, "either may take it"
        assert (await house.get(f"/api/quality/scores/{first}", rater, 409))["error"] == "blind"
    assert await told_of(house, recording, qa) == all_of(recording, 10_000), "who gave it is not blind"
    taken = await house.post(f"/api/quality/appeals/{number}/take", {}, other)
    assert await told_of(house, recording, other) == NOTHING
    assert await told_of(house, recording, third) == all_of(recording, 10_000), "another has taken it"
    await house.post(f"/api/quality/scores/{taken['score']}", {"answers": GOOD}, other)
    await house.post(f"/api/quality/scores/{taken['score']}/done", {}, other)
    assert (await house.get(f"/api/quality/scores/{first}", other, 409))["error"] == "blind", "it is not decided"
    await house.post(f"/api/quality/appeals/{number}/decide", {}, other)
    assert (await house.get(f"/api/quality/scores/{first}", other))["answers"]["notice"]["comment"] == "not said"
    assert (await told_of(house, recording, other))["one"] == (100.0, "user:hong")


async def test_who_read_a_score_before_it_was_contested_does_not_take_the_appeal(house: ArchiveHouse) -> None:
    qa, recording, wang = await house.signed_in("mei", Role.QA), await id_of(house, "first"), await house.signed_in("wang", Role.AGENT)
    whole, listed, fresh = [await house.signed_in(name, Role.QA) for name in ("hong", "lan", "yun")]
    first = await scored(house, qa, recording, FAILED)
    for _ in range(2):
        await house.get(f"/api/quality/scores/{first}", whole)
        await house.get(f"/api/quality/scores?recording={recording}", listed)
    await house.get(f"/api/quality/scores/{first}", qa)
    found = await house.rows(select(reads.c.score, reads.c.who).order_by(reads.c.who))
    assert found == [(first, "user:hong"), (first, "user:lan")], "once each, and not who gave it"
    number = await contested(house, first, wang)
    for rater in (whole, listed):
        assert (await house.post(f"/api/quality/appeals/{number}/take", {}, rater, 409))["error"] == "read_before"
        assert (await house.get(f"/api/quality/scores/{first}", rater))["rater"] == "user:mei", "who knows it is not blind"
    await house.post(f"/api/quality/appeals/{number}/take", {}, fresh)


async def test_a_sample_tells_no_score_to_who_is_blind(house: ArchiveHouse) -> None:
    qa, other = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA)
    calls = await calls_of_last_month(house, 3, "renewals", "1001")
    sample = (await drawn(house, qa, "renewals"))["sample"]["id"]
    first = await scored(house, qa, calls[0], FAILED)
    await contested(house, first, await house.signed_in("wang", Role.AGENT))

    async def told(who: dict[str, str]) -> tuple[list[Any], int]:
        items = (await house.get(f"/api/quality/samples/{sample}", who))["items"]
        result = await house.get(f"/api/quality/results?period={last_month(house)}&campaign=renewals", who)
        return [item["score"] for item in items if item["score"] is not None], result["operation"]["scored"]

    assert (await told(qa), await told(other)) == (([10_000], 1), ([], 0))


@pytest.mark.parametrize("way", ["another agent of the call", "disposed of"])
async def test_an_appeal_that_cannot_be_scored_is_not_taken(house: ArchiveHouse, way: str) -> None:
    qa, recording = await house.signed_in("mei", Role.QA), await house.put("passed-on", agent="1001", agents="1001,1002")
    first = await scored(house, qa, recording, BAD)
    number = await contested(house, first, await house.signed_in("wang", Role.AGENT))
    taker, error = await house.signed_in("li.qiang", Role.SUPERVISOR), "own_call"
    if way == "disposed of":
        taker, error = await house.signed_in("hong", Role.QA), "no_such_recording"
        async with house.catalogue.change() as change:
            await change.connection.execute(update(recordings).values(state=State.DISPOSED.value))
    assert (await house.post(f"/api/quality/appeals/{number}/take", {}, taker, 409))["error"] == error
    assert await house.rows(select(appeals.c.standing, appeals.c.rater)) == [("open", "")]


async def test_an_appeal_that_its_rater_does_not_score_is_given_back_by_a_manager(house: ArchiveHouse) -> None:
    qa, gone, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    leader, manager, other = [await house.signed_in(*each) for each in (("su", Role.SUPERVISOR), ("lan", Role.MANAGER), ("yun", Role.QA))]
    first = await scored(house, qa, recording, FAILED)
    number = await contested(house, first, await house.signed_in("wang", Role.AGENT))
    path = f"/api/quality/appeals/{number}"
    assert (await house.post(f"{path}/give-back", {}, manager, 409))["error"] == "not_taken"
    left = await house.post(f"{path}/take", {}, gone)
    assert (await house.post(f"{path}/take", {}, other, 409))["error"] == "taken"
    await house.post(f"{path}/give-back", {}, leader, 403)
    (row,) = (await house.post(f"{path}/give-back", {}, manager))["appeals"]
    assert (row["standing"], row["rater"]) == ("open", "")
    assert (await house.post(f"/api/quality/scores/{left['score']}", {"answers": GOOD}, gone, 409))["error"] == "given_back"
    assert [entry.subject for entry in await house.entries(Kind.SCORE)][-1] == f"appeal-{number}"
    assert (await house.post(f"{path}/take", {}, gone)) == left, "who comes back goes on"
    await house.post(f"{path}/give-back", {}, manager)
    taken = await house.post(f"{path}/take", {}, other)
    await house.post(f"/api/quality/scores/{taken['score']}", {"answers": GOOD}, other)
    await house.post(f"/api/quality/scores/{taken['score']}/done", {}, other)
    assert (await house.post(f"{path}/give-back", {}, manager, 409))["error"] == "scored"
    assert (await house.post(f"{path}/decide", {}, manager)) == {"overturned": True}


# ------------------------------------------------------------------ calibrations


async def calibrated(house: ArchiveHouse, who: dict[str, str], recording: str) -> int:
    wish = {"name": "November", "form": "sales", "recordings": [recording], "raters": ["user:mei", "user:hong"]}
    return int((await house.post("/api/quality/calibrations", wish, who))["calibration"]["id"])


async def test_a_calibration_is_blind_to_scores_that_were_given_before(house: ArchiveHouse) -> None:
    qa, other, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    usual, third = await scored(house, qa, recording, BAD), await house.signed_in("lan", Role.QA)
    number = await calibrated(house, qa, recording)
    assert await told_of(house, recording, other) == NOTHING
    assert (await house.get(f"/api/quality/scores/{usual}", other, 409))["error"] == "blind"
    assert (await told_of(house, recording, third))["scores"] == [0], "who is not of it may know"
    await scored(house, other, recording, GOOD, calibration=number)
    assert (await told_of(house, recording, other))["scores"] == [10_000], "the own one"
    await house.post(f"/api/quality/calibrations/{number}/close", {}, qa)
    assert (await told_of(house, recording, other))["one"] == (0.0, "user:mei")


async def test_a_calibration_score_is_not_finished_after_closing(house: ArchiveHouse) -> None:
    qa, other, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    number = await calibrated(house, qa, recording)
    late, mine = await begun(house, other, recording, BAD, calibration=number), await scored(house, qa, recording, GOOD, calibration=number)
    compared = (await house.post(f"/api/quality/calibrations/{number}/close", {}, qa))["compared"]
    answers = (await house.get(f"/api/quality/scores/{mine}", other))["answers"]
    for path, body in ((f"/api/quality/scores/{late}", {"answers": answers}), (f"/api/quality/scores/{late}/done", {})):
        assert (await house.post(path, body, other, 409))["error"] == "closed"
    async with house.catalogue.change() as change:
        closed = select(calibrations.c.closed_at).scalar_subquery()
        await change.connection.execute(update(scores).where(scores.c.id == late).values(standing="done", done_at=closed + 1))
    assert (await house.get(f"/api/quality/calibrations/{number}", qa))["compared"] == compared
    assert compared["missing"] == ["user:hong"]


async def test_raters_of_a_calibration_are_told_no_comments_of_each_other(house: ArchiveHouse) -> None:
    qa, other, recording = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA), await id_of(house, "first")
    number, path = await calibrated(house, qa, recording), f"/api/recordings/{recording}/comments"

    async def said(who: dict[str, str]) -> list[str]:
        return [each["text"] for each in (await house.get(f"/api/recordings/{recording}", who))["comments"]]

    await house.post(path, {"since_ms": 0, "until_ms": 1_000, "text": "No notice"}, qa)
    answer = await house.post(path, {"since_ms": 5_000, "until_ms": 6_000, "text": "It is said here"}, other)
    assert [each["text"] for each in answer["comments"]] == ["It is said here"]
    assert (await said(qa), await said(other)) == (["No notice"], ["It is said here"])
    await house.post(f"/api/quality/calibrations/{number}/close", {}, qa)
    assert await said(other) == ["No notice", "It is said here"]


# ------------------------------------------------------------------ an agent's own


async def test_who_is_no_agent_has_no_own_scores(house: ArchiveHouse) -> None:
    """A call without an agent is nobody's own, and so no way around what is blind."""
    qa, other, recording = (
        await house.signed_in("mei", Role.QA),
        await house.signed_in("hong", Role.QA),
        await house.put("nobodys", agent=""),
    )
    first = await scored(house, qa, recording, BAD)
    await calibrated(house, qa, recording)
    assert (await house.get(f"/api/me/scores/{first}", other, 409))["error"] == "no_such_score"
    assert await house.rows(select(scores.c.seen_at)) == [(0,)]


async def test_an_agent_is_told_nothing_that_was_judged_of_a_colleagues_call(house: ArchiveHouse) -> None:
    qa, recording = await house.signed_in("mei", Role.QA), await house.put("passed-on", agent="1001", agents="1001,1002", trouble="clipped")
    await scored(house, qa, recording, BAD)
    await house.post(f"/api/recordings/{recording}/tags", {"add": ["rude"]}, qa)
    comment = {"since_ms": 0, "until_ms": 1_000, "text": "He shouts"}
    await house.post(f"/api/recordings/{recording}/comments", comment, qa)
    async with house.catalogue.change() as change:
        await change.connection.execute(update(recordings).values(listens=func.coalesce(recordings.c.listens, 0) + 3))

    async def told(name: str) -> tuple[Any, ...]:
        agent = await house.signed_in(name, Role.AGENT)
        (row,) = [each for each in (await house.get("/api/me/recordings", agent))["recordings"] if each["id"] == recording]
        one = await house.get(f"/api/me/recordings/{recording}", agent)
        assert one["row"] | {"tags": row["tags"]} == row
        return row["score"], row["tags"], row["trouble"], row["listens"], [each["text"] for each in one["comments"]]

    assert await told("wang") == (0.0, ["rude"], ["clipped"], 3, ["He shouts"])
    assert await told("li.qiang") == (None, [], [], 0, [])
