"""What happens between the checkpoint that a sample's seed is of and the draw moves no call to another stratum; in either database."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, func, insert, select, update

from realtime.plan.archive import ArchiveRules
from realtime.plan.quality import SamplingRules
from realtime.words import SECOND
from recordings.calls.followed import ENTRY
from recordings.calls.ledger_rows import put
from recordings.catalogue.schema import checkpoints, log, recordings
from recordings.proof.entries import Entry
from recordings.quality.frame import say_rules
from recordings.quality.tables import sample_items
from recordings.recording import CallCard
from recordings.retention.tables import redactions
from recordings.words import Kind
from tests.recordings.web.archive_house import NODE, ArchiveHouse, archive_house
from tests.recordings.web.raters import calls_of_last_month, drawn, last_month
from wallboard.authorise import Role

FEW = SamplingRules(new=1, young=1, steady=1)
MANY = SamplingRules(new=9, young=9, steady=9)


async def signed(house: ArchiveHouse) -> None:
    """The month's checkpoint is signed now: of the entries that there are."""
    (row,) = await house.rows(select(func.count().label("size")).select_from(log))
    async with house.catalogue.change() as change:
        await change.connection.execute(delete(checkpoints))
        await change.connection.execute(insert(checkpoints).values(size=row.size, at=house.now, root=b"r" * 32, note=""))


async def coded(house: ArchiveHouse, name: str, result: str, agent: str = "") -> None:
    """The agent codes the result; the archivist follows."""
    line = await house.line(name)
    agent = agent or line.agent
    card = CallCard(
        node=NODE, call=line.call, began=line.began, answered=line.began, agent=agent, agents=(agent,), dial="d1", outcome=result
    )
    async with house.catalogue.change() as change:
        await put(change, [card], ArchiveRules(), house.now)
    assert (await house.line(name)).outcome == result


async def let_go(house: ArchiveHouse, name: str, after_s: int, state: str = "disposed") -> None:
    async with house.catalogue.change() as change:
        at = house.now + after_s * SECOND if state == "disposed" else 0
        here = recordings.c.place == house.places[name]
        await change.connection.execute(update(recordings).where(here).values(state=state, disposed_at=at))
        if state == "lost":
            await change.append(Entry(kind=Kind.GAP, at=house.now, subject=(await house.line(name)).id, public={"lost": "the disk died"}))


async def strata(house: ArchiveHouse) -> dict[str, str]:
    """Results in the strata of the month's estimate, by recording; what was left out has its reason."""
    rows = await house.rows(select(sample_items, recordings.c.id).join(recordings, recordings.c.place == sample_items.c.recording))
    return {row.id: row.left_out or row.stratum.split("|")[3] for row in rows}


async def public_of_draw(house: ArchiveHouse) -> dict[str, Any]:
    rows = await house.rows(select(log.c.leaf).where(log.c.subject.like("sample-%")).order_by(log.c.index))
    return dict(msgspec.json.decode(rows[0].leaf)["public"])


async def test_a_result_that_is_coded_with_the_seed_in_hand_chooses_no_stratum(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    first, second, third = await calls_of_last_month(house, 3, "renewals", agent="1002")
    await coded(house, "call00x", "sold")
    await signed(house)
    for result in ("lost", "rare"):
        await coded(house, "call00x", result)
    await coded(house, "call01x", "rare")
    sample = await drawn(house, qa, "renewals")
    assert await strata(house) == {first: "sold", second: "-", third: "-"}
    assert (sample["basis"]["undone"], (await public_of_draw(house))["undone"]) == (2, 2)
    entries = await house.rows(select(log.c.leaf, log.c.private).where(log.c.subject == ENTRY).order_by(log.c.index))
    assert ["rare" in row.leaf or "sold" in row.leaf for row in entries] == [False] * 4, "the leaf has no result"
    said = [msgspec.json.decode(row.private)["before"] for row in entries]
    place, other = house.places["call00x"], house.places["call01x"]
    assert said == [[[place, "1002", ""]], [[place, "1002", "sold"]], [[place, "1002", "lost"]], [[other, "1002", ""]]]


async def test_a_result_within_the_day_needs_no_entry(house: ArchiveHouse) -> None:
    await calls_of_last_month(house, 1, "renewals")
    async with house.catalogue.change() as change:
        await change.connection.execute(update(checkpoints).values(at=(await house.line("call00x")).began - SECOND))
    await coded(house, "call00x", "sold")
    assert await house.rows(select(log.c.index).where(log.c.subject == ENTRY)) == []


async def test_who_turns_out_to_have_talked_after_the_checkpoint_is_coached_for_no_call_of_it(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    await calls_of_last_month(house, 2, "renewals", agent="1002")
    await signed(house)
    await coded(house, "call00x", "sold", agent="1003")
    wish = {"kind": "coaching", "period": last_month(house), "campaign": "renewals"}
    said = await house.post("/api/quality/samples", wish, qa)
    assert {each["stratum"] for each in said["items"]} == {"1002"}


@pytest.mark.parametrize("state", ["disposed", "lost"])
async def test_who_lets_a_call_go_after_the_checkpoint_makes_no_room_for_another(house: ArchiveHouse, state: str) -> None:
    qa = await house.signed_in("mei", Role.QA)
    before, after, stays = await calls_of_last_month(house, 3, "renewals", agent="1002")
    await let_go(house, "call00x", -1, state)
    await signed(house)
    await let_go(house, "call01x", 1, state)
    sample = await drawn(house, qa, "renewals")
    assert await strata(house) == {after: "gone", stays: "-"}
    assert before not in await strata(house)
    assert (sample["sample"]["size"], sample["sample"]["candidates"], sample["sample"]["left_out"]) == (2, 2, 1)


async def test_what_was_redacted_since_is_drawn_as_it_was_and_scored_as_it_is(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    (original,) = await calls_of_last_month(house, 1, "renewals", agent="1002")
    await signed(house)
    line = await house.line("call00x")
    into = await house.put("redacted", agent="1002", campaign="renewals", began=line.began)
    await let_go(house, "call00x", 1)
    async with house.catalogue.change() as change:
        made = {"original": line.place, "made": house.places["redacted"], "id": into, "spans": "[]"}
        await change.connection.execute(insert(redactions).values(disposal="r-1", **made))
    await drawn(house, qa, "renewals")
    assert await strata(house) == {into: "-"}
    assert (await public_of_draw(house))["drawn"] == hashlib.sha256(f"{original}\n".encode()).hexdigest(), "by the id that had its turn"


async def test_a_plan_that_changes_after_the_checkpoint_changes_no_draw(house: ArchiveHouse) -> None:
    qa = await house.signed_in("mei", Role.QA)
    await calls_of_last_month(house, 5, "renewals", agent="1002")
    for rules, plan in ((MANY, "plan-1"), (FEW, "plan-2"), (FEW, "plan-3")):
        await say_rules(house.catalogue, rules, plan, house.now)
    await signed(house)
    await say_rules(house.catalogue, MANY, "plan-4", house.now)
    said = await house.rows(select(log.c.index.label("entry"), log.c.leaf).where(log.c.subject == "sampling").order_by(log.c.index))
    assert [msgspec.json.decode(row.leaf)["public"]["plan"] for row in said] == ["plan-1", "plan-2", "plan-4"], "where they are others"
    wish = {"kind": "coaching", "period": last_month(house), "campaign": "renewals"}
    basis = (await house.post("/api/quality/samples", wish, qa))["basis"]
    assert (basis["rules"]["steady"], basis["plan"], basis["rules_entry"]) == (1, "plan-2", said[1].entry)
    assert basis["strata"] == [{"name": "1002", "whole": 5, "drawn": 1}]


async def test_a_draw_says_by_what_it_was_drawn(house: ArchiveHouse) -> None:
    qa, chen = await house.signed_in("mei", Role.QA), await house.signed_in("chen", Role.LEADER)
    ids = await calls_of_last_month(house, 4, "renewals", agent="1002")
    sample = await drawn(house, qa, "renewals")
    basis, public = sample["basis"], await public_of_draw(house)
    listed = "".join(f"{each}\n" for each in sorted(ids))
    assert basis["drawn"] == public["drawn"] == hashlib.sha256(listed.encode()).hexdigest()
    assert basis["drawn_from"] == public["drawn_from"]
    (checkpoint,) = await house.rows(select(checkpoints.c.at))
    assert (basis["rules_entry"], basis["rules"]["margin"], basis["signed"]) == (-1, 0.1, checkpoint.at / SECOND)
    (stratum,) = basis["strata"]
    assert (stratum["whole"], stratum["drawn"], stratum["name"].startswith("renewals|day1|length1|-|")) == (4, 4, True)
    (entry,) = await house.rows(select(log.c.leaf, log.c.private).where(log.c.subject == f"sample-{sample['sample']['id']}"))
    assert msgspec.json.decode(entry.private)["strata"] == {stratum["name"]: 4}
    assert stratum["name"] not in entry.leaf, "of coaching it is a person"
    theirs = await house.get(f"/api/quality/samples/{sample['sample']['id']}", chen)
    assert (theirs["basis"]["strata"], len(theirs["items"])) == ([], 4)


async def test_a_log_is_not_begun_by_rules(tmp_path: Path) -> None:
    """Else the first checkpoint that is signed closes over no recording, and no month before it can be drawn from."""
    async with archive_house(tmp_path) as house:
        await say_rules(house.catalogue, FEW, "plan-1", house.now)
        assert await house.rows(select(log.c.index)) == []
        await house.put("first")
        await say_rules(house.catalogue, FEW, "plan-1", house.now)
        assert len(await house.rows(select(log.c.index).where(log.c.subject == "sampling"))) == 1
