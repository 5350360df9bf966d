"""A recording that was redacted, asked for by its id: who asks is told its successor; a choice by anything else finds that by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from recordings.catalogue.schema import recordings
from recordings.retention import events, holds, redaction
from recordings.retention.choosing import Choice, beside
from recordings.retention.events import BadEvent, ClockSaid
from recordings.retention.holds import HoldRefused
from recordings.retention.redaction import RedactionRefused, Wish
from recordings.retention.successor import successor_of
from recordings.retention.tables import hold_items
from recordings.sealing import Line
from tests.recordings.retention.hall import LI, WANG
from tests.recordings.retention.house import MATTER, POLICY, House


async def redacted(house: House, line: Line, id_: str = "r-1", spans: tuple[tuple[int, int], ...] = ((1_000, 1_750),)) -> Line:
    await redaction.propose(house.catalogue, id_, Wish(line.id, spans, "ticket 7"), LI, "UTC", house.now)
    await house.approve(id_)
    assert await house.carry_out() == (id_, 1, 0, "")
    return await house.into(id_)


async def would(house: House, **choice: object) -> int:
    return (await holds.would(beside(house.catalogue), Choice(**choice))).items  # type: ignore[arg-type]


async def test_a_hold_by_the_id_of_a_redacted_one_names_its_successor_in_both_languages(house: House) -> None:
    line, other = await house.call(), await house.call()
    new = await redacted(house, line)
    for ids in ((line.id,), (other.id, line.id)):
        with pytest.raises(HoldRefused) as refused:
            await would(house, ids=ids)
        assert refused.value.values == {"recording": line.id, "successor": new.id}
        assert f"{line.id} was redacted; its successor is {new.id}" in refused.value.text()["en"]
        assert f"录音{line.id}已作静音替换，替代录音为{new.id}" in refused.value.text()["zh"]
        with pytest.raises(HoldRefused, match="its successor is"):
            await holds.place(house.catalogue, "h-1", Choice(ids=ids), MATTER, LI, house.now, 90)
    assert await would(house, ids=(line.id, new.id)) == 1, "who names both holds what is there"


async def test_the_newest_of_several_redactions_is_named(house: House) -> None:
    line = await house.call()
    second = await redacted(house, line)
    third = await redacted(house, second, "r-2", ((3_000, 3_200),))
    async with house.catalogue.reading() as connection:
        assert [await successor_of(connection, each.id) for each in (line, second, third)] == [third.id, third.id, ""]
        assert await successor_of(connection, "nobody") == ""
    async with house.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.id == third.id).values(state="disposed"))
    with pytest.raises(HoldRefused) as refused:
        await would(house, ids=(line.id,))
    assert refused.value.rule == "hold.no_recording", "nothing of it is there"


@pytest.mark.parametrize(
    "choice",
    [
        {"agent": "1023"},
        {"agent": "1024"},
        {"queue": "sales"},
        {"campaign": "spring"},
        {"client": "bank"},
        {"call": "1795000000.1"},
        {"class_": "five"},
        {"numbers": ("digest-a",)},
        {"since": 0, "until": 1},  # after its beginning
    ],
    ids=str,
)
async def test_a_hold_by_anything_else_catches_the_successor(house: House, choice: dict[str, object]) -> None:
    line = await house.call()
    async with house.catalogue.change() as change:
        whose = {"campaign": "spring", "client": "bank"}
        await change.connection.execute(update(recordings).where(recordings.c.id == line.id).values(**whose))
    new = await redacted(house, line)
    if "since" in choice:
        choice = {name: line.began + after for name, after in choice.items()}  # type: ignore[operator]
    made = await holds.place(house.catalogue, "h-1", Choice(**choice), MATTER, LI, house.now, 90)  # type: ignore[arg-type]
    assert made.items == 1
    assert [row["recording"] for row in await house.rows(hold_items)] == [new.place]
    assert (await house.row(new.id))["holds"] == 1


async def test_a_dispute_or_more_card_data_said_of_the_old_one_is_said_of_its_successor(house: House) -> None:
    line = await house.call()
    new = await redacted(house, line)
    with pytest.raises(RedactionRefused, match=f"its successor is {new.id}"):
        await house.propose(line, "r-2", WANG)
    dispute = ClockSaid(clock="dispute", scope="recording", subject=line.id, moment=house.now, reference="court 7")
    with pytest.raises(BadEvent, match=f"its successor is {new.id}"):
        async with house.catalogue.change() as change:
            await events.say(change, dispute, POLICY.campaigns, LI, house.now)
