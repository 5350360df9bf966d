"""What was disposed of and discs: it is not burned any more, and that a disc cannot be read is shown, not supposed."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select

from recordings.catalogue.schema import keys
from recordings.crypt import ring
from recordings.crypt.moves import Moved, name_of
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.discs import register, store, works
from recordings.discs.burner import BurnFailed, DriveAway
from recordings.discs.media import SECTOR
from recordings.discs.register import DiscRefused
from recordings.refusals.stored import english
from recordings.retention import disposal, redaction
from recordings.words import State
from tests.recordings.discs.desk import Desk, OneDrive, both, flip

# ---------------------------------------------------------------- burning


@both
async def test_what_was_disposed_of_is_not_burned_and_the_others_are_gathered_anew(desk: Desk) -> None:
    gone, *living = [await desk.put() for _ in range(3)]
    set_id = await desk.imaged()
    await desk.signed(f"{set_id}-1A")
    await desk.dispose(gone)
    with pytest.raises(DiscRefused, match="are disposed of, so it is not burned any more; gather the 2 others anew"):
        await desk.do("burn", f"{set_id}-1B")
    assert desk.burner.burned == 1
    await works.let_gone_go(desk.works)
    assert await desk.states(set_id) == {"1A": "signed", "1B": "withdrawn"}
    assert "gather the 2 others anew" in english((await desk.disc(f"{set_id}-1B")).said)
    assert await desk.entries(f"{set_id}-1B") == ["imaged", "withdrawn"]
    assert not desk.image(set_id).exists()
    desk.now += 1
    (again,) = await desk.gather()
    async with desk.catalogue.reading() as connection:
        assert [item.id for item in await store.items_of(connection, again, 1, "Asia/Shanghai")] == living
        assert set(await store.bears(connection, [desk.places[gone]])) == {f"{set_id}-1A"}  # as its certificate said
    await desk.do("image", again)
    await desk.burned(f"{again}-1B")


async def test_between_the_image_and_the_drive_it_is_looked_at_again(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(2)]
    set_id = await desk.imaged()
    await desk.dispose(*ids)
    with pytest.raises(DiscRefused, match=r"not burned any more\. Withdraw it"):
        await register.burning(desk.catalogue, f"{set_id}-1A", desk.now)
    assert not (await desk.disc(f"{set_id}-1A")).burning_at


async def test_card_data_that_was_found_after_the_image_is_not_burned_until_somebody_decides(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(2)]
    set_id = await desk.imaged()
    wish = redaction.Wish(ids[0], [(10, 20)], "ticket 7")
    await redaction.propose(desk.catalogue, "r-1", wish, "user:li", "Asia/Shanghai", desk.now)
    with pytest.raises(DiscRefused, match="Card data was found in 1 recordings") as refused:
        await desk.do("burn", f"{set_id}-1A")
    assert refused.value.code == "disc_redacting"
    with pytest.raises(DiscRefused, match="Card data was found"):
        await register.burning(desk.catalogue, f"{set_id}-1A", desk.now)
    await works.let_gone_go(desk.works)
    assert (await desk.states(set_id), desk.burner.burned) == ({"1A": "imaged", "1B": "imaged"}, 0)
    await disposal.refuse(desk.catalogue, "r-1", "user:wang", "a slip", desk.now)
    await desk.burned(f"{set_id}-1A")


async def test_an_image_goes_with_what_was_disposed_of_whatever_its_discs_wait_for(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(2)]
    set_id = await desk.imaged()
    for copy in "AB":
        await desk.do("burn", f"{set_id}-1{copy}")
    await works.let_gone_go(desk.works)
    assert desk.image(set_id).exists()
    await desk.dispose(ids[0])
    await works.let_gone_go(desk.works)
    assert not desk.image(set_id).exists()
    assert await desk.states(set_id) == {"1A": "burned", "1B": "burned"}
    await desk.do("verify", f"{set_id}-1A")


async def test_the_image_of_what_is_lost_may_be_its_last_copy(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(2)]
    set_id = await desk.imaged()
    await desk.change(ids[0], state=State.LOST.value)
    await works.let_gone_go(desk.works)
    await desk.burned(f"{set_id}-1A")


@both
async def test_what_may_be_burning_just_now_is_named_and_ends_with_a_medium_to_destroy(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(2)]
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    desk.works.burner = drive = OneDrive(desk.folder / "drive")
    await register.burning(desk.catalogue, disc, desk.now)
    await desk.dispose(*ids)
    await works.let_gone_go(desk.works)
    async with desk.catalogue.reading() as connection:
        assert set(await store.bears(connection, [desk.places[ids[0]]])) == {disc}
    assert await desk.states(set_id) == {"1A": "imaged", "1B": "withdrawn"}
    with pytest.raises(DiscRefused, match="discarded, with the medium that may bear it"):
        await desk.do("burn", disc)
    async with desk.catalogue.reading() as connection:
        assert await store.for_destruction(connection) == [disc]
    (drive.folder).mkdir()
    drive.path(disc).write_bytes(bytes(20 * SECTOR))  # the drive wrote as much
    assert "two people may destroy it. 2 containers, 0 keys left, 0 tries, 0 opened, 2 not to be read." in await desk.do("prove", disc)


# ---------------------------------------------------------------- proving


async def disposed(desk: Desk) -> str:
    """A signed disc whose recordings are all disposed of."""
    ids = [await desk.put() for _ in range(2)]
    set_id = await desk.imaged()
    await desk.signed(f"{set_id}-1A")
    await desk.signed(f"{set_id}-1B")
    await desk.dispose(*ids)
    return f"{set_id}-1A"


async def refused(desk: Desk, disc: str) -> bool:
    with pytest.raises(DiscRefused, match="Nobody has shown"):
        await register.destroy(desk.catalogue, disc, "user:li", desk.now)
    return True


async def test_an_empty_medium_or_another_copy_proves_nothing(desk: Desk) -> None:
    disc = await disposed(desk)
    path = desk.burner.path(disc)
    path.rename(path.with_suffix(".kept"))
    path.write_bytes(b"")
    with pytest.raises(DriveAway, match="does not say that it is disc"):
        await desk.do("prove", disc)
    path.write_bytes(desk.burner.path(f"{disc[:-1]}B").read_bytes())
    with pytest.raises(DriveAway, match=f"is disc {disc[:-1]}B, another of the same image"):
        await desk.do("prove", disc)
    assert await refused(desk, disc)
    path.with_suffix(".kept").rename(path)
    assert "two people may destroy it. 2 containers, 0 keys left, 0 tries, 0 opened, 0 not to be read." in await desk.do("prove", disc)


async def test_what_a_medium_does_not_give_is_not_proven_before_it_is_known_as_damaged(desk: Desk) -> None:
    disc = await disposed(desk)
    async with desk.catalogue.reading() as connection:
        found = await desk.disc(disc)
        first = next(each for each in await store.expected_of(connection, found.set, 1) if each.recording)
    flip(desk.burner.path(disc), first.offset)
    said = await desk.do("prove", disc)
    assert "is not proven: it is damaged" in said
    assert said.endswith("2 containers, 0 keys left, 0 tries, 0 opened, 1 not to be read.")
    assert await refused(desk, disc)
    os.truncate(desk.burner.path(disc), first.offset + 10)
    with pytest.raises(DriveAway, match="let it be read first"):
        await desk.do("prove", disc)
    assert "is damaged" in await desk.do("check", disc)
    assert "two people may destroy it. 2 containers, 0 keys left, 0 tries, 0 opened, 2 not to be read." in await desk.do("prove", disc)
    assert await register.destroy(desk.catalogue, disc, "user:li", desk.now) == "damaged"


async def test_a_key_store_that_is_away_or_not_mounted_proves_nothing(desk: Desk) -> None:
    folders = [desk.folder / "keys", desk.folder / "more"]
    desk.works.keys = desk.stores = KeyStores([FolderStore(folder) for folder in folders])
    folders[1].mkdir()
    disc = await disposed(desk)
    away = folders[1].with_name("away")
    folders[1].rename(away)
    with pytest.raises(DiscRefused, match="more cannot be used"):
        await desk.do("prove", disc)
    folders[1].mkdir()
    with pytest.raises(DiscRefused, match="more is empty; mount its disk"):
        await desk.do("prove", disc)
    desk.works.keys = KeyStores([FolderStore(folders[1])])  # the only one
    with pytest.raises(DiscRefused, match="more is empty; mount its disk"):
        await desk.do("prove", disc)
    desk.works.keys = desk.stores
    assert await refused(desk, disc)
    folders[1].rmdir()
    away.rename(folders[1])
    assert "cannot be read any more" in await desk.do("prove", disc)


async def test_a_key_that_one_store_still_has_is_tried_whatever_the_other_says(desk: Desk) -> None:
    folders = [desk.folder / "keys", desk.folder / "more"]
    desk.works.keys = desk.stores = KeyStores([FolderStore(folder) for folder in folders])
    folders[1].mkdir()
    disc = await disposed(desk)
    (name,) = (path for path in folders[1].iterdir() if path.suffix == ".destroyed")
    name.unlink()  # restored from a backup
    FolderStore(folders[1]).make(name.stem, bytes(32))
    assert "1 keys left" in await desk.do("prove", disc)


@both
async def test_a_key_in_the_notes_beside_the_keys_is_found(desk: Desk) -> None:
    """Of what goes it opens the disc; of what stays it is not even tried."""
    gone, stays = await desk.put(), await desk.put(class_="own")
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    await desk.signed(disc)
    wrapped = {}
    async with desk.catalogue.reading() as connection:
        for id in (gone, stays):
            row = (await connection.execute(select(keys).where(keys.c.recording == desk.places[id]))).one()
            kek = desk.stores.get(row.kek)
            assert kek is not None
            wrapped[id] = (row.kek, row.wrapped, ring.unwrap(kek, row.wrapped))
    await desk.dispose(gone)
    other = ring.kek_name("own", "2027-06", 1)
    kek = desk.stores.make(other)

    def note(id: str) -> bytes:
        name, before, key = wrapped[id]
        desk.stores.note(name, {name_of(before): Moved(other, after := ring.wrap(kek, key))})
        return after

    after = note(stays)
    async with desk.catalogue.change() as change:
        await change.connection.execute(keys.update().where(keys.c.recording == desk.places[stays]).values(kek=other, wrapped=after))
    assert "two people may destroy it. 1 containers, 1 keys left, 4 tries, 0 opened" in await desk.do("prove", disc)
    note(gone)
    assert "are not disposed of. 1 containers, 2 keys left, 8 tries, 1 opened" in await desk.do("prove", disc)
    assert await refused(desk, disc)


async def test_a_burn_that_fails_after_a_disposal_says_that_no_other_comes(desk: Desk) -> None:
    gone, _ = await desk.put(), await desk.put()
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    await desk.do("burn", disc)
    os.truncate(desk.burner.path(disc), 0)
    await desk.dispose(gone)
    with pytest.raises(BurnFailed, match="Try once more"):
        await desk.do("verify", disc)
    with pytest.raises(BurnFailed, match="since 1 of its recordings are gone; gather the 1 others anew"):
        await desk.do("verify", disc)
