"""Given up by two people: a list with a reason, confirmed by another; what came back in between stays, holds and discs are named. On SQLite
and PostgreSQL."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from recordings.catalogue.schema import copies, log, recordings
from recordings.discs.tables import discs, images, items, sets
from recordings.proof.entries import canonical, digest_of
from recordings.retention import carrying, disposal, erasure, holds, losing
from recordings.retention.choosing import Choice
from recordings.retention.holds import Matter
from recordings.retention.losing import LossRefused
from recordings.retention.people import NotAPerson, SamePerson
from recordings.vault import fixity
from recordings.words import Kind, State
from tests.recordings.retention.hall import CHEN, LI, WANG, Hall

WHY = "The disk of vault 0 died on 2026-11-20, and no backup of that week can be read."
MATTER = Matter(name="Li v. Bank X", custodian="Legal")


async def quarantined(hall: Hall, **fields: Any) -> tuple[int, str]:
    """One whose copies were found bad, as fixity leaves it."""
    place = await hall.add(**fields)
    async with hall.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.place == place).values(state="quarantined"))
        rows = [{"recording": place, "vault": number, "checked_at": hall.now, "good": False} for number in (0, 1)]
        await change.connection.execute(insert(copies), rows)
    return place, (await hall.row(place))["id"]


async def state(hall: Hall, place: int) -> str:
    return str((await hall.row(place))["state"])


async def would(hall: Hall, *ids: str) -> losing.Listed:
    async with hall.catalogue.reading() as connection:
        return await losing.would(connection, ids)


async def propose(hall: Hall, id_: str, *ids: str, who: str = LI) -> str:
    return (await losing.propose(hall.catalogue, id_, ids, WHY, who, hall.now)).sha256


async def confirm(hall: Hall, id_: str, sha256: str, who: str = WANG) -> losing.Confirmed:
    return await losing.confirm(hall.catalogue, id_, sha256, who, hall.now)


async def standings(hall: Hall, id_: str) -> dict[str, int]:
    async with hall.catalogue.reading() as connection:
        return await disposal.counts(connection, id_)


async def test_two_people_give_one_up(hall: Hall) -> None:
    place, id_ = await quarantined(hall)
    other, _ = await quarantined(hall)
    sha256 = await propose(hall, "l-1", id_)
    assert await state(hall, place) == "quarantined", "nothing is lost by one person's word"
    done = await confirm(hall, "l-1", sha256)
    assert (done.lost, done.kept, done.listed.ids) == (1, 0, (id_,))
    assert (await state(hall, place), await state(hall, other)) == ("lost", "quarantined")
    assert await standings(hall, "l-1") == {"lost": 1}
    assert await hall.can_be_read(place), "a court may want what is left"
    async with hall.catalogue.reading() as connection:
        assert [row.recording for row in await connection.execute(select(copies.c.recording).distinct())] == [other]


async def test_the_log_says_who_when_and_why_without_saying_it_to_everybody(hall: Hall) -> None:
    _, id_ = await quarantined(hall)
    await confirm(hall, "l-1", sha256 := await propose(hall, "l-1", id_))
    (proposal,) = await hall.entries(Kind.PROPOSAL)
    (approval,) = await hall.entries(Kind.APPROVAL)
    (gap,) = await hall.entries(Kind.GAP)
    public = [json.loads(each.leaf)["public"] for each in (proposal, approval, gap)]
    assert public[0] == {"kind": "loss", "items": 1, "sha256": sha256, "class": "", "month": ""}
    assert public[1] | {"holds_named": []} == {
        "kind": "loss", "good": True, "sha256": sha256, "lost": 1, "kept": 0, "holds": 0, "holds_named": [], "discs": [],
    }  # fmt: skip
    assert (gap.subject, public[2]) == (id_, {"lost": "two people say that no good copy is left", "run": "l-1", "holds": 0})
    assert json.loads(gap.private) == {"proposed": LI, "confirmed": WANG, "why": WHY}
    assert not [each.leaf for each in (proposal, approval, gap) if "vault 0" in each.leaf or LI in each.leaf or WANG in each.leaf]
    async with hall.catalogue.reading() as connection:
        for row in (await connection.execute(select(log))).all():
            assert json.loads(row.leaf)["private"] == digest_of(bytes(row.salt), canonical(json.loads(row.private)).decode())


async def test_the_same_person_twice_is_refused_on_the_machine_too(hall: Hall) -> None:
    place, id_ = await quarantined(hall)
    sha256 = await propose(hall, "l-1", id_, who="user:chen")
    for again in ("user:chen", CHEN, "local:Chen (root)"):
        with pytest.raises(SamePerson, match="another person"):
            await confirm(hall, "l-1", sha256, who=again)
    with pytest.raises(NotAPerson):
        await confirm(hall, "l-1", sha256, who="token:7f")
    with pytest.raises(NotAPerson):
        await propose(hall, "l-2", id_, who="token:7f")
    assert await state(hall, place) == "quarantined"
    assert (await confirm(hall, "l-1", sha256)).lost == 1
    with pytest.raises(LossRefused, match="it is done"):
        await confirm(hall, "l-1", sha256)


async def test_what_may_not_be_proposed(hall: Hall) -> None:
    _, id_ = await quarantined(hall)
    good = (await hall.row(await hall.add()))["id"]
    with pytest.raises(LossRefused, match="not in quarantine: it is kept"):
        await propose(hall, "l-1", id_, good)
    with pytest.raises(LossRefused, match="There is no recording"):
        await propose(hall, "l-1", "z" * 20)
    with pytest.raises(LossRefused, match="Say why"):
        await losing.propose(hall.catalogue, "l-1", [id_], "  ", LI, hall.now)
    await propose(hall, "l-1", id_)
    with pytest.raises(LossRefused, match="is in l-1 already"):
        await propose(hall, "l-2", id_, who=WANG)
    with pytest.raises(LossRefused, match="No recording is in quarantine"):
        await propose(hall, "l-2")
    with pytest.raises(LossRefused, match="not the list"):
        await confirm(hall, "l-1", "0" * 64)
    with pytest.raises(LossRefused, match="no such proposal"):
        await confirm(hall, "l-9", "0" * 64)


async def test_a_list_is_bounded_and_takes_the_oldest(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losing, "LIST_MOST", 2)
    monkeypatch.setattr(losing, "TOGETHER", 1)
    made = [await quarantined(hall, days_ago=days) for days in (10, 30, 20)]
    listed = await would(hall)
    assert listed.ids == tuple(sorted(id_ for _, id_ in made[1:]))
    with pytest.raises(LossRefused, match="At most 2"):
        await would(hall, *(id_ for _, id_ in made))
    assert (await confirm(hall, "l-1", await propose(hall, "l-1"))).lost == 2
    assert [await state(hall, place) for place, _ in made] == ["quarantined", "lost", "lost"]
    assert (await confirm(hall, "l-2", await propose(hall, "l-2"))).lost == 1


async def test_a_hold_does_not_stand_against_it_and_is_named(hall: Hall) -> None:
    place, id_ = await quarantined(hall)
    await holds.place(hall.catalogue, "h-1", Choice(ids=(id_,)), MATTER, LI, hall.now, 365)
    assert (await would(hall, id_)).holds == (losing.HoldOn("h-1", "Li v. Bank X", "Legal", 1),)
    sha256 = await propose(hall, "l-1", id_)
    await holds.place(hall.catalogue, "h-2", Choice(ids=(id_,)), MATTER, LI, hall.now, 365)
    done = await confirm(hall, "l-1", sha256)
    assert [each.id for each in done.listed.holds] == ["h-1", "h-2"], "also one that was placed in between"
    assert await state(hall, place) == "lost"
    public = json.loads((await hall.entries(Kind.APPROVAL))[0].leaf)["public"]
    assert (public["holds"], public["holds_named"]) == (2, ["h-1", "h-2"])
    assert json.loads((await hall.entries(Kind.GAP))[0].leaf)["public"]["holds"] == 2
    assert (await hall.row(place))["holds"] == 2, "the holds stay, whatever is left of it"


async def test_a_disc_that_bears_it_is_named_and_no_list_of_all_takes_it(hall: Hall) -> None:
    borne, id_ = await quarantined(hall)
    _, free = await quarantined(hall)
    await _on_disc(hall, borne, "signed")
    assert (await would(hall, id_)).discs == (("S-1A", 1),)
    assert (await would(hall)).ids == (free,)
    assert (await confirm(hall, "l-1", await propose(hall, "l-1", id_))).listed.discs == (("S-1A", 1),)
    assert json.loads((await hall.entries(Kind.APPROVAL))[0].leaf)["public"]["discs"] == ["S-1A"]


async def _on_disc(hall: Hall, place: int, state_: str) -> None:
    sha = b"s" * 32
    async with hall.catalogue.change() as change:
        execute = change.connection.execute
        await execute(insert(sets).values(**_filled(sets, id="S", **{"class_": "year"})))
        await execute(insert(images).values(**_filled(images, set="S", number=1)))
        await execute(insert(discs).values(**_filled(discs, id="S-1A", set="S", number=1, copy="A", state=state_)))
        await execute(insert(items).values(**_filled(items, set="S", number=1, recording=place, sha256=sha)))


def _filled(table: Any, **said: Any) -> dict[str, Any]:
    """Something for each column that wants it."""
    empty = {"LargeBinary": b"", "BLOB": b""}
    found = {}
    for column in table.c:
        if column.key in said:
            found[column.key] = said[column.key]
        elif not column.nullable and column.default is None and column.autoincrement is not True:
            kind = type(column.type).__name__
            found[column.key] = empty.get(kind, "" if kind in ("String", "Text") else 0)
    return found


async def test_a_good_copy_that_is_found_in_between_wins(hall: Hall) -> None:
    place, id_ = await quarantined(hall)
    back, back_id = await quarantined(hall)
    sha256 = await propose(hall, "l-1", id_, back_id)
    async with hall.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.place == back).values(state="kept"))
    done = await confirm(hall, "l-1", sha256)
    assert (done.lost, done.kept) == (1, 1)
    assert (await state(hall, place), await state(hall, back)) == ("lost", "kept")
    assert await standings(hall, "l-1") == {"lost": 1, "kept": 1}


async def test_one_is_enough_to_refuse_and_it_may_be_proposed_again(hall: Hall) -> None:
    place, id_ = await quarantined(hall)
    sha256 = await propose(hall, "l-1", id_)
    await losing.refuse(hall.catalogue, "l-1", LI, "The disc of 2025 has not been read yet.", hall.now)
    with pytest.raises(LossRefused, match="it is refused"):
        await confirm(hall, "l-1", sha256)
    assert (await state(hall, place), await standings(hall, "l-1")) == ("quarantined", {"kept": 1})
    assert json.loads((await hall.entries(Kind.APPROVAL))[0].leaf)["public"]["good"] is False
    assert (await confirm(hall, "l-2", await propose(hall, "l-2", id_))).lost == 1


async def test_it_is_no_disposal_and_nobody_carries_it_out(hall: Hall) -> None:
    place, id_ = await quarantined(hall)
    sha256 = await propose(hall, "l-1", id_)
    with pytest.raises(disposal.DisposalRefused, match="no disposal of this id"):
        await disposal.approve(hall.catalogue, "l-1", WANG, hall.now)
    with pytest.raises(disposal.DisposalRefused):
        await disposal.refuse(hall.catalogue, "l-1", WANG, "no", hall.now)
    await confirm(hall, "l-1", sha256)
    assert await carrying.carry_out(hall.tools, "archivist") == []
    assert (await state(hall, place), await hall.can_be_read(place)) == ("lost", True)
    async with hall.catalogue.reading() as connection:
        assert await disposal.every(connection) == []
        assert [row["id"] for row in await losing.every(connection, 10)] == ["l-1"]


async def test_nobody_looks_for_its_copies_any_more(hall: Hall) -> None:
    _, id_ = await quarantined(hall, container=b"c" * 32, container_bytes=5)
    await confirm(hall, "l-1", await propose(hall, "l-1", id_))
    hall.now += fixity.AGAIN * 2
    done = await fixity.check(hall.catalogue, hall.vaults, lambda: hall.now, 90 * 86_400_000_000)
    assert (done.copies, done.bad) == (0, [])


async def test_a_wish_to_be_erased_reaches_what_is_left_of_it(hall: Hall) -> None:
    """Of a damaged copy most can still be heard by whoever has the key."""
    place, id_ = await quarantined(hall, class_="consent")
    asked = await erasure.ask(hall.catalogue, "e-0", hall.policy, ["digest-a"], "letter", LI, hall.now)
    assert [each.decided.standing for each in asked.answers] == ["waiting"], "it is not at rest in quarantine"
    await disposal.refuse(hall.catalogue, "e-0", WANG, "later", hall.now)
    await confirm(hall, "l-1", await propose(hall, "l-1", id_))
    asked = await erasure.ask(hall.catalogue, "e-1", hall.policy, ["digest-a"], "letter", LI, hall.now)
    assert [each.decided.standing for each in asked.answers] == ["going"]
    await disposal.approve(hall.catalogue, "e-1", WANG, hall.now)
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert (done.gone, done.trouble) == (1, "")
    row = await hall.row(place)
    assert (row["state"], row["number"], hall.files()) == (State.DISPOSED.value, "", 0)
    assert not await hall.can_be_read(place)
    assert [each.private for each in await hall.entries(Kind.GAP)] == [None]
