"""Which copy lies in the drive, batches of new discs that fail, and what takes a bad disc's place once some of a set is disposed of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recordings.discs import mark, register, store
from recordings.discs.burner import BurnFailed, DriveAway, mark_on
from recordings.discs.extents import extents_of
from recordings.discs.media import SECTOR
from recordings.discs.schedule import ToCheck, to_check
from tests.recordings.discs.desk import DAY, IN_MAY, Desk, OneDrive, both, flip

# ---------------------------------------------------------------- which copy it is


def test_a_mark_is_read_where_one_block_of_it_is_left(tmp_path: Path) -> None:
    path = tmp_path / "disc"
    path.write_bytes(b"x" * 5000 + mark.behind(5000, "ABCDEFGH-12B3"))
    assert path.stat().st_size % SECTOR == 0
    assert mark_on(path, "", 5000) == "ABCDEFGH-12B3"
    for block in range(mark.BLOCKS):
        assert mark_on(path, "", 5000) == "ABCDEFGH-12B3"
        flip(path, mark.begins(5000) + block * SECTOR + 20)
    assert mark_on(path, "", 5000) == ""
    os.truncate(path, 5000)
    assert mark_on(path, "", 5000) == ""


async def test_the_mark_is_behind_the_image_which_is_the_same_on_each_copy(desk: Desk) -> None:
    await desk.put(size=70_000)
    set_id = await desk.imaged()
    for copy in "AB":
        await desk.do("burn", f"{set_id}-1{copy}")
        path = desk.burner.path(f"{set_id}-1{copy}")
        assert extents_of(path) == extents_of(desk.image(set_id))
        assert path.read_bytes() == desk.image(set_id).read_bytes() + mark.behind(desk.image(set_id).stat().st_size, f"{set_id}-1{copy}")


async def test_copy_a_in_the_drive_is_never_taken_for_copy_b(desk: Desk) -> None:
    await desk.put()
    set_id = await desk.imaged()
    desk.works.burner = drive = OneDrive(desk.folder / "drive")
    one, other = f"{set_id}-1A", f"{set_id}-1B"
    await desk.signed(one)
    await register.burning(desk.catalogue, other, desk.now)  # and its process died
    with pytest.raises(DriveAway, match="not an empty medium"):
        await desk.do("burn", other)
    assert (await desk.disc(other)).state == "imaged"
    drive.inside = ""
    await desk.do("burn", other)
    drive.inside = one
    with pytest.raises(DriveAway, match=f"is disc {one}, another of the same image, not disc {other}"):
        await desk.do("verify", other)
    drive.inside = other
    await desk.do("verify", other)
    assert drive.burned == 2
    drive.inside = one
    flip(drive.path(one), 16 * SECTOR + 1)  # its name cannot be read any more
    with pytest.raises(DriveAway, match=f"is disc {one}"):
        await desk.do("check", other)
    assert await desk.states(set_id) == {"1A": "signed", "1B": "verified"}


async def test_a_whole_image_without_a_mark_is_no_good_disc(desk: Desk) -> None:
    await desk.put()
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    await desk.do("burn", disc)
    os.truncate(desk.burner.path(disc), desk.image(set_id).stat().st_size)
    with pytest.raises(BurnFailed, match="Try once more"):
        await desk.do("verify", disc)


# ---------------------------------------------------------------- batches


@both
async def test_a_new_disc_that_fails_twice_has_its_batch_read(desk: Desk) -> None:
    await desk.put()
    set_id = await desk.imaged()
    one, other = f"{set_id}-1A", f"{set_id}-1B"
    await desk.signed(one)
    desk.now += DAY
    desk.burner.faults = [("flip", 200_000)]
    await desk.do("burn", other)
    for due in ((), (ToCheck(one, "batch", desk.now),)):
        with pytest.raises(BurnFailed):
            await desk.do("verify", other)
        async with desk.catalogue.reading() as connection:
            assert to_check(*await store.shelf(connection), desk.rules.discs, desk.now) == due
            (check, *_) = await store.checks_of(connection, other)
        assert (check.kind, check.good) == ("new", False)
    desk.now += DAY
    await desk.do("check", one)
    desk.now += DAY
    assert "can still be read" in await desk.do("prove", other)  # which says nothing about its batch
    async with desk.catalogue.reading() as connection:
        assert to_check(*await store.shelf(connection), desk.rules.discs, desk.now) == ()


# ---------------------------------------------------------------- what takes its place


@both
async def test_the_living_of_a_damaged_disc_are_gathered_anew_where_some_are_disposed_of(desk: Desk) -> None:
    gone, *living = [await desk.put() for _ in range(3)]
    set_id = await desk.imaged()
    await desk.signed(f"{set_id}-1A")
    await desk.signed(f"{set_id}-1B")
    await desk.dispose(gone)
    assert await desk.gather() == []  # two good copies
    flip(desk.burner.path(f"{set_id}-1B"), 200_000)
    said = await desk.do("check", f"{set_id}-1B")
    assert "No other takes its place, since 1 of its recordings are gone; gather the 2 others anew" in said
    assert said.endswith("andon recordings burn gather. Check others of its batch.")
    assert await desk.states(set_id) == {"1A": "signed", "1B": "damaged"}
    desk.now += 1
    (again,) = await desk.gather()
    async with desk.catalogue.reading() as connection:
        assert [item.id for item in await store.items_of(connection, again, 1, "Asia/Shanghai")] == living
    assert await desk.gather() == []  # once


async def test_where_nothing_is_left_nothing_is_gathered_and_the_sentence_says_so(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(2)]
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    await desk.do("burn", disc)
    flip(desk.burner.path(disc), 200_000)
    await desk.dispose(*ids)
    with pytest.raises(BurnFailed, match="Try once more"):
        await desk.do("verify", disc)
    with pytest.raises(BurnFailed, match=r"medium away\. No other takes its place, since every recording on it is gone"):
        await desk.do("verify", disc)
    assert await desk.gather() == []


@both
async def test_what_may_not_be_burned_takes_nobodys_place(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_GATHERED", 3)
    for columns in ({"holds": 1}, {"conflict": True}, {"container_bytes": 0}, {"sealed_entry": -1}, {"container": None}):
        await desk.put(**columns)  # type: ignore[arg-type]
    for keep_until in (IN_MAY + 40 * DAY, 0):
        for _ in range(3):
            await desk.put(keep_until=keep_until)
    good = await desk.put()
    for month, places in (
        ("2027-05", [desk.places[good]]),
        ("open", [9, 10, 11]),
        ("2027-06", [6, 7, 8]),
        ("2027-13", []),
        ("9999-12", []),
    ):
        told = await register.gather(desk.catalogue, desk.rules, "Asia/Shanghai", "user:li", desk.now, month=month, carry_out=False)
        assert [item.place for _, planned in told for disc in planned.discs for item in disc] == places
    (id,) = await desk.gather()
    async with desk.catalogue.reading() as connection:
        assert [item.place for item in await store.items_of(connection, id, 1, "Asia/Shanghai")] == [6, 7, 8]


@both
async def test_a_month_is_of_the_floors_calendar(desk: Desk) -> None:
    begin = 1_809_100_800_000_000  # 2027-05-01 in Shanghai
    last, first = await desk.put(keep_until=begin - 1), await desk.put(keep_until=begin)
    found = {}
    for month in ("2027-04", "2027-05"):
        told = await register.gather(desk.catalogue, desk.rules, "Asia/Shanghai", "user:li", desk.now, month=month, carry_out=False)
        found[month] = [item.id for _, planned in told for disc in planned.discs for item in disc]
    assert found == {"2027-04": [last], "2027-05": [first]}
