"""No score of a call that its rater has not heard: the log's listens decide, in either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import select, update

from realtime.plan.archive import ArchiveRules
from realtime.words import SECOND
from recordings.catalogue.schema import accesses, log
from recordings.quality.tables import scores
from recordings.words import Kind
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from tests.recordings.web.raters import GOOD, RULES, begun
from wallboard.authorise import Role

Headers = dict[str, str]
LENGTH_MS = 300_000


@pytest.fixture
async def house(tmp_path: Path, url: str) -> AsyncIterator[ArchiveHouse]:
    rules = ArchiveRules(quality=structs.replace(RULES, heard_share=0.5))
    async with archive_house(tmp_path, plan=planned(rules), url=url) as running:
        yield running


async def heard(house: ArchiveHouse, who: Headers, recording: str, spans: list[list[int]], ago_s: int) -> int:
    """A listen that was begun so long ago, and what the page says of it now."""
    listen = (await house.post(f"/api/recordings/{recording}/listen", {"why": "score"}, who))["listen"]
    async with house.catalogue.change() as change:
        earlier = update(accesses).where(accesses.c.entry == listen).values(at=house.now - ago_s * SECOND)
        await change.connection.execute(earlier)
    await house.post(f"/api/recordings/{recording}/heard", {"listen": listen, "spans": spans}, who, 204)
    return int(listen)


async def finished(house: ArchiveHouse, who: Headers, number: int, status: int = 409, **wish: str) -> dict[str, Any]:
    return dict(await house.post(f"/api/quality/scores/{number}/done", wish, who, status))


async def test_who_has_not_opened_the_call_does_not_finish_its_score(house: ArchiveHouse) -> None:
    mei, hong = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA)
    recording = await house.put("long", length_ms=LENGTH_MS)
    number = await begun(house, mei, recording, GOOD)
    refused = await finished(house, mei, number)
    assert (refused["error"], "2:30" in refused["message"]) == ("not_heard", True)
    await heard(house, hong, recording, [[0, LENGTH_MS]], ago_s=400)
    assert (await finished(house, mei, number))["error"] == "not_heard", "what another rater heard is not what this one heard"
    await house.post(f"/api/recordings/{recording}/listen", {"why": "score"}, mei)
    assert (await finished(house, mei, number))["error"] == "not_heard", "to open it is not to hear it"
    assert (await house.rows(select(scores.c.standing)))[0].standing == "open"


async def test_300_seconds_are_not_heard_within_20(house: ArchiveHouse) -> None:
    mei = await house.signed_in("mei", Role.QA)
    recording = await house.put("long", length_ms=LENGTH_MS)
    number = await begun(house, mei, recording, GOOD)
    await heard(house, mei, recording, [[0, LENGTH_MS]], ago_s=20)
    assert (await finished(house, mei, number))["error"] == "not_heard"
    said = await house.get(f"/api/quality/scores/{number}", mei)
    assert 40 <= said["heard_s"] < 150, "twenty seconds, and what the test took, at twice the speed"
    assert (said["needed_s"], said["audible"]) == (150.0, True)
    await heard(house, mei, recording, [[100_000, 250_000]], ago_s=110)
    await finished(house, mei, number, 200)
    said = await house.get(f"/api/quality/scores/{number}", mei)
    assert (said["standing"], said["heard_s"] >= 150.0, said["needed_s"]) == ("done", True, 0.0)
    assert '"heard_ms":' in (await house.entries(Kind.SCORE))[-1].private


async def test_two_calls_are_not_heard_in_the_same_minutes(house: ArchiveHouse) -> None:
    mei, hong = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA)
    first, second = [await house.put(name, length_ms=LENGTH_MS) for name in ("one", "other")]
    numbers = [await begun(house, mei, recording, GOOD) for recording in (first, second)]
    for recording in (first, second):
        await heard(house, mei, recording, [[0, 150_000]], ago_s=80)
    await finished(house, mei, numbers[0], 200)
    assert (await finished(house, mei, numbers[1]))["error"] == "not_heard", "80 seconds are 160 of hearing, and not 300"
    assert (await house.get(f"/api/quality/scores/{numbers[1]}", mei))["heard_s"] < 150
    theirs = await begun(house, hong, second, GOOD)
    await heard(house, hong, second, [[0, 150_000]], ago_s=80)
    await finished(house, hong, theirs, 200)
    await heard(house, mei, second, [[0, 150_000]], ago_s=240)
    await finished(house, mei, numbers[1], 200)


async def test_what_was_told_of_a_call_that_is_gone_takes_no_time(house: ArchiveHouse) -> None:
    """Its private parts are forgotten, so nobody knows how much it was."""
    mei = await house.signed_in("mei", Role.QA)
    first, second = [await house.put(name, length_ms=LENGTH_MS) for name in ("one", "other")]
    number = await begun(house, mei, second, GOOD)
    for recording in (first, second):
        await heard(house, mei, recording, [[0, 150_000]], ago_s=80)
    async with house.catalogue.change() as change:
        await change.connection.execute(update(log).where(log.c.subject == first).values(private=None, salt=None))
        await change.connection.execute(update(accesses).where(accesses.c.recording == house.places["one"]).values(why=""))
    await finished(house, mei, number, 200)


async def test_two_ends_of_one_report_are_not_all_that_lies_between(house: ArchiveHouse) -> None:
    mei = await house.signed_in("mei", Role.QA)
    recording = await house.put("long", length_ms=LENGTH_MS)
    number = await begun(house, mei, recording, GOOD)
    await heard(house, mei, recording, [[0, 5_000], [LENGTH_MS - 5_000, LENGTH_MS]], ago_s=600)
    assert "0:10" in (await finished(house, mei, number))["message"]


async def test_a_call_that_was_mostly_on_hold_asks_for_the_rest(house: ArchiveHouse) -> None:
    mei = await house.signed_in("mei", Role.QA)
    spans = '[{"kind":"hold","since":20000,"until":280000}]'
    recording = await house.put("held", length_ms=LENGTH_MS, spans=spans)
    number = await begun(house, mei, recording, GOOD)
    await heard(house, mei, recording, [[0, 20_000]], ago_s=60)
    await finished(house, mei, number, 200)


@pytest.mark.parametrize("columns", [{"derived": ""}, {"trouble": "silent"}, {"trouble": "one_sided,unreadable"}])
async def test_what_cannot_be_heard_is_scored_with_a_reason(house: ArchiveHouse, columns: dict[str, str]) -> None:
    mei = await house.signed_in("mei", Role.QA)
    recording = await house.put("mute", length_ms=LENGTH_MS, **columns)
    number = await begun(house, mei, recording, GOOD)
    assert (await finished(house, mei, number, unheard=" "))["error"] == "unheard_why"
    assert (await house.get(f"/api/quality/scores/{number}", mei))["audible"] is False
    await finished(house, mei, number, 200, unheard="by the notes of the ticket")
    assert (await house.get(f"/api/quality/scores/{number}", mei))["unheard"] == "by the notes of the ticket"


async def test_no_reason_stands_for_hearing_what_can_be_heard(house: ArchiveHouse) -> None:
    mei = await house.signed_in("mei", Role.QA)
    number = await begun(house, mei, await house.put("long", length_ms=LENGTH_MS), GOOD)
    assert (await finished(house, mei, number, unheard="no time"))["error"] == "can_be_heard"
