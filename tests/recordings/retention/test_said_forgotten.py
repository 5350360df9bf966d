"""What people wrote about the scores of a call goes with its recording, in the same change; what the scores say stays."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import insert, select

from realtime.plan.quality import FormItem, FormSection, QualityRules, ScoreForm
from recordings.catalogue.schema import accesses, comments, log
from recordings.proof import verifying
from recordings.proof.published import Published
from recordings.quality import appeals, samples, scores
from recordings.quality.forgetting import LAPSED, LEFT_OUT
from recordings.quality.refusal import NotDone
from recordings.quality.scores import Rater
from recordings.quality.scoring import Answer
from recordings.quality.tables import appeals as appeals_table
from recordings.quality.tables import sample_items
from recordings.quality.tables import samples as samples_table
from recordings.quality.tables import scores as scores_table
from recordings.retention import carrying, certificate, disposal, erasure
from recordings.retention.disposal import Wish
from recordings.words import Kind
from tests.recordings.retention.hall import LI, WANG, ZONE, Hall
from tests.recordings.retention.mortal import Killed, Mortal

NAME = "Mrs Zhang of Hongqiao"
MEI, HONG = Rater("user:mei"), Rater("user:hong")
ITEMS = (FormItem(id="greets"), FormItem(id="comment", kind="scale", most=4), FormItem(id="notice", critical="compliance"))
FORM = ScoreForm(id="sales", sections=(FormSection(id="talk", weight=100, items=ITEMS),))
RULES = QualityRules(forms=(FORM,))


async def scored(hall: Hall, place: int, rater: Rater = MEI, *, done: bool = True) -> int:
    number = await scores.begin(hall.catalogue, place, FORM, rater, ZONE, hall.now)
    answers = {"greets": Answer(1, NAME, 1_200), "comment": Answer(3), "notice": Answer(0, f"not said to {NAME}")}
    await scores.keep(hall.catalogue, number, rater, answers, f"{NAME} was angry")
    if done:
        await scores.done(hall.catalogue, number, rater, hall.now)
    return number


async def contested(hall: Hall, score: int) -> int:
    return await appeals.appeal(hall.catalogue, score, "1023", "greets", f"I did greet {NAME}", RULES, ZONE, hall.now)


async def left_out(hall: Hall, *places: int) -> None:
    """Of one sample."""
    row: dict[str, Any] = {"kind": "coaching", "period": "2025-10", "size": 9, "candidates": 9, "checkpoint": 1, "root": b"r" * 32}
    async with hall.catalogue.change() as change:
        await change.connection.execute(insert(samples_table).values(id=7, rules="{}", by=LI, at=hall.now, campaign="", **row))
        items = [{"sample": 7, "recording": place, "stratum": "1023", "whole": 9} for place in places]
        await change.connection.execute(insert(sample_items), items)
    for place in places:
        await samples.leave_out(hall.catalogue, 7, place, f"a test call of {NAME}", LI, hall.now)


async def written(hall: Hall, place: int) -> int:
    """All that people can write about one: how many texts name her now."""
    number = await scored(hall, place)
    await contested(hall, number)
    await scored(hall, place, HONG, done=False)
    async with hall.catalogue.change() as change:
        said = {"since_ms": 0, "until_ms": 0, "text": NAME, "who": LI, "at": hall.now, "removed": False}
        await change.connection.execute(insert(comments).values(recording=place, **said))
    return number


async def naming(hall: Hall) -> dict[str, int]:
    """Lines of each table that have her name."""
    tables = (scores_table, appeals_table, sample_items, comments, accesses, log)
    found = {}
    async with hall.catalogue.reading() as connection:
        for table in tables:
            rows = (await connection.execute(select(table))).mappings().all()
            found[table.name] = sum(NAME in json.dumps(dict(row), default=str) for row in rows)
    return {name: many for name, many in found.items() if many}


async def rows(hall: Hall, table: Any) -> list[Any]:
    async with hall.catalogue.reading() as connection:
        return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).all())


async def let_go(hall: Hall, way: str, id_: str = "d1", catalogue: Mortal | None = None) -> None:
    if way == "erasure":
        await erasure.ask(hall.catalogue, id_, hall.policy, ["digest-a"], "letter", LI, hall.now)
    else:
        (group,) = await disposal.groups(hall.catalogue, hall.policy, hall.now)
        await disposal.propose(hall.catalogue, id_, hall.policy, Wish(group.class_, group.month, group.sha256, "monthly"), LI, hall.now)
        await disposal.approve(hall.catalogue, id_, LI, hall.now)
    await disposal.approve(hall.catalogue, id_, WANG, hall.now)
    await carrying.carry_out(hall.tools if catalogue is None else hall.tools._replace(catalogue=catalogue), "archivist")


async def findings(hall: Hall) -> list[str]:
    published = Published(hall.signer.path.parent / "checkpoints")
    return (await verifying.look(hall.catalogue, published, [], lambda at, of: None)).findings


@pytest.mark.parametrize("way", ["disposal", "erasure"])
async def test_no_text_of_a_score_outlives_its_recording(hall: Hall, way: str) -> None:
    go, other = await hall.add(), await hall.add(days_ago=10, number="digest-b")
    for place in (go, other):
        await written(hall, place)
    await left_out(hall, await hall.add())
    before = await rows(hall, scores_table)
    assert await naming(hall) == {"quality_scores": 4, "quality_appeals": 2, "quality_sample_items": 1, "recording_comments": 2, "log": 1}
    await let_go(hall, way)
    assert await naming(hall) == {"quality_scores": 2, "quality_appeals": 1, "recording_comments": 1}, "of the one that stays"
    after = await rows(hall, scores_table)
    figures = ("points", "passed", "failed", "rater", "agent", "month", "counts", "standing", "done_at")
    assert [[getattr(row, name) for name in figures] for row in after] == [[getattr(row, name) for name in figures] for row in before]
    answers = json.loads(after[0].answers)
    assert answers["greets"] == {"value": 1, "at_ms": 1_200}
    assert (answers["notice"], after[0].comment) == ({"value": 0}, "")
    assert [(row.standing, bool(row.reason)) for row in await rows(hall, appeals_table)] == [(LAPSED, False), ("open", True)]
    assert [row.left_out for row in await rows(hall, sample_items)] == [LEFT_OUT]
    assert await findings(hall) == [], "the log says what was forgotten"
    case = certificate.read((await _run(hall))["certificate"], [hall.signer.key().verifier])
    (check,) = [each for each in case.case.checks if each.what == "texts"]
    assert (check.good, check.found, case.complete) == (True, {"left": 0}, True)


async def test_nothing_is_written_of_a_call_that_is_gone(hall: Hall) -> None:
    """It would stay for ever: no run comes by a second time."""
    place, drawn, bare = [await hall.add() for _ in range(3)]
    number, open_ = await scored(hall, place), await scored(hall, place, HONG, done=False)
    await left_out(hall, drawn)
    await let_go(hall, "disposal")
    async with hall.catalogue.change() as change:
        await change.connection.execute(insert(sample_items).values(sample=7, recording=bare, stratum="1023", whole=9))
    with pytest.raises(NotDone, match="recording of this call is gone"):
        await contested(hall, number)
    with pytest.raises(NotDone, match="no such recording"):
        await scores.keep(hall.catalogue, open_, HONG, {}, NAME)
    with pytest.raises(NotDone, match="no such recording"):
        await samples.leave_out(hall.catalogue, 7, bare, NAME, LI, hall.now)
    assert await naming(hall) == {}


@pytest.mark.parametrize("after", [False, True])
async def test_killed_at_any_transaction_the_texts_are_there_with_the_key_or_gone_with_it(hall: Hall, url: str, after: bool) -> None:
    mortal = Mortal(url, writes=True)
    mortal.after = after
    for number in range(1, 40):
        place = await hall.add()
        await contested(hall, await scored(hall, place))
        mortal.lives, survived = number, True
        try:
            await let_go(hall, "disposal", f"d{number}", mortal)
        except Killed:
            survived = False
        assert bool(await naming(hall)) == await hall.can_be_read(place)
        await carrying.carry_out(hall.tools, "archivist")
        assert await naming(hall) == {}
        if survived:
            break
    await mortal.close()
    assert survived, "it has more steps than this test has lives"
    assert number > 3
    assert len([row for row in await hall.entries(Kind.DISPOSAL) if json.loads(row.leaf)["public"].get("kek")]) == number


async def _run(hall: Hall, id_: str = "d1") -> Any:
    async with hall.catalogue.reading() as connection:
        return await disposal.one(connection, id_)
