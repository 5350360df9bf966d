"""Discs from gathered to destroyed, on real files, SQLite and PostgreSQL: who may be when, what failing comes to, what is in the log."""

from __future__ import annotations

import asyncio
import json

import msgspec
import pytest

from realtime.plan.archive import ArchiveRules, DiscRules
from recordings.discs import register, store, wishes, works
from recordings.discs.burner import BurnFailed, DriveAway
from recordings.discs.comparing import STRUCTURE
from recordings.discs.making import tidy
from recordings.discs.media import MEDIA, SECTOR, Medium
from recordings.discs.register import DiscRefused
from recordings.discs.workroom import DiscsBusy, alone
from recordings.discs.works import carry_out
from recordings.refusals.stored import english
from recordings.words import State
from tests.recordings.discs.desk import DAY, IN_MAY, Desk, both, flip, sha256


@both
async def test_a_set_goes_through_its_life_and_every_step_is_in_the_log(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(3)]
    set_id = await desk.imaged()
    assert await desk.states(set_id) == {"1A": "imaged", "1B": "imaged"}
    await desk.signed(f"{set_id}-1A")
    assert await desk.states(set_id) == {"1A": "signed", "1B": "imaged"}
    await desk.signed(f"{set_id}-1B")
    assert await desk.image_on(f"{set_id}-1A") == await desk.image_on(f"{set_id}-1B")
    await desk.dispose(*ids)
    disc = f"{set_id}-1A"
    assert "cannot be read any more; two people may destroy it. 3 containers, 0 keys left" in await desk.do("prove", disc)
    assert await register.destroy(desk.catalogue, disc, "user:li", desk.now) == "signed"
    assert await register.destroy(desk.catalogue, disc, "user:wang", desk.now) == "destroyed"
    steps = ["imaged", "burned", "verified", "signed", "signed", "unreadable", "destroyed", "destroyed"]
    assert await desk.entries(disc) == steps
    assert await desk.entries(set_id) == ["gathered"]


@both
async def test_what_is_not_kept_not_burned_held_or_in_conflict_is_not_gathered(desk: Desk) -> None:
    good = await desk.put()
    for columns in ({"holds": 1}, {"conflict": True}, {"class_": "own"}, {"class_": "unknown"}, {"state": State.STORED.value}):
        await desk.put(**columns)  # type: ignore[arg-type]
    (set_id,) = await desk.gather()
    async with desk.catalogue.reading() as connection:
        assert [item.id for item in await store.items_of(connection, set_id, 1, "Asia/Shanghai")] == [good]
    assert await desk.gather() == []  # nothing is gathered twice


@both
async def test_clients_classes_and_months_do_not_share_a_disc(desk: Desk) -> None:
    await desk.put()
    await desk.put(client="zhou")
    await desk.put(keep_until=IN_MAY + 40 * DAY)
    await desk.put(keep_until=0)
    told = await register.gather(desk.catalogue, desk.rules, "Asia/Shanghai", "user:li", desk.now, carry_out=False)
    assert [(id, *planned.group) for id, planned in told] == [
        ("", "lin", "half", "2027-05"),
        ("", "lin", "half", "2027-06"),
        ("", "lin", "half", "open"),
        ("", "zhou", "half", "2027-05"),
    ]
    assert len(await desk.gather(client="zhou")) == 1
    assert len(await desk.gather(month="open")) == 1
    assert len(await desk.gather()) == 2


@both
async def test_a_hold_that_comes_before_the_image_keeps_a_recording_off_it(desk: Desk) -> None:
    held, other = await desk.put(), await desk.put()
    (set_id,) = await desk.gather()
    await desk.change(held, holds=1)
    await desk.do("image", set_id)
    async with desk.catalogue.reading() as connection:
        assert {each.recording for each in await store.expected_of(connection, set_id, 1)} == {"", other}
    assert (await desk.disc(f"{set_id}-1A")).recordings == 1
    await desk.change(held, holds=0)
    assert len(await desk.gather()) == 1  # free for another set


async def test_a_set_that_is_given_up_frees_its_recordings(desk: Desk) -> None:
    await desk.put()
    set_id = await desk.imaged()
    await register.withdraw(desk.catalogue, set_id, 0, "user:li", desk.now)
    desk.now += 1
    (again,) = await desk.gather()
    await desk.do("image", again)
    await desk.do("burn", f"{again}-1A")
    with pytest.raises(DiscRefused, match="cannot be given up"):
        await register.withdraw(desk.catalogue, again, 0, "user:li", desk.now)


async def test_recordings_that_are_on_no_good_disc_any_more_may_be_gathered_anew(desk: Desk) -> None:
    await desk.put()
    set_id = await desk.imaged()
    for copy in "AB":
        await desk.burned(f"{set_id}-1{copy}")
        flip(desk.burner.path(f"{set_id}-1{copy}"), 20 * SECTOR)
        assert await desk.gather() == []
        await desk.do("check", f"{set_id}-1{copy}")
        await register.withdraw(desk.catalogue, f"{set_id}-1{copy}2", 0, "user:li", desk.now)
    desk.now += 1
    (again,) = await desk.gather()
    await desk.do("image", again)


@both
async def test_two_signatures_are_two_people_and_only_of_a_disc_that_was_read_back(desk: Desk) -> None:
    await desk.put()
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    with pytest.raises(DiscRefused, match="must be verified"):
        await register.sign(desk.catalogue, disc, "user:li", desk.now)
    await desk.burned(disc)
    assert await register.sign(desk.catalogue, disc, "user:li", desk.now) == "verified"
    for same in ("user:li", "local:li", "local:li (root)"):
        with pytest.raises(DiscRefused, match="somebody else"):
            await register.sign(desk.catalogue, disc, same, desk.now)
    with pytest.raises(DiscRefused, match="not with a token"):
        await register.sign(desk.catalogue, disc, "token:7f", desk.now)
    assert await register.sign(desk.catalogue, disc, "user:wang", desk.now) == "signed"
    both = await asyncio.gather(
        *(register.destroy(desk.catalogue, disc, who, desk.now) for who in ("user:li", "user:wang")), return_exceptions=True
    )
    assert all(isinstance(each, DiscRefused) for each in both)


@pytest.mark.parametrize(("fault", "where"), [("flip", 0), ("flip", 40 * SECTOR), ("cut", 30 * SECTOR), ("cut", 0)])
async def test_a_medium_that_fails_twice_is_discarded_and_another_takes_its_place(desk: Desk, fault: str, where: int) -> None:
    await desk.put(size=200_000)
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    desk.burner.faults = [(fault, where)]
    await desk.do("burn", disc)
    with pytest.raises(BurnFailed, match="Try once more"):
        await desk.do("verify", disc)
    assert (await desk.disc(disc)).state == "burned"
    with pytest.raises(BurnFailed, match=f"burn {set_id}-1A2 on one of another batch"):
        await desk.do("verify", disc)
    assert await desk.states(set_id) == {"1A": "discarded", "1A2": "imaged", "1B": "imaged"}
    await desk.signed(f"{set_id}-1A2")
    await desk.signed(f"{set_id}-1B")
    assert await register.destroy(desk.catalogue, disc, "user:li", desk.now) == "discarded"
    assert await register.destroy(desk.catalogue, disc, "user:wang", desk.now) == "destroyed"


async def test_a_drive_that_refuses_counts_against_the_medium(desk: Desk) -> None:
    await desk.put()
    set_id = await desk.imaged()
    desk.burner.faults = [("refuse", 0), ("refuse", 0)]
    for _ in range(2):
        with pytest.raises(BurnFailed, match="worn"):
            await desk.do("burn", f"{set_id}-1B")
    assert await desk.states(set_id) == {"1A": "imaged", "1B": "discarded", "1B2": "imaged"}


@both
async def test_damage_is_told_recording_by_recording_and_the_disc_is_replaced(desk: Desk) -> None:
    ids = [await desk.put(size=30_000) for _ in range(4)]
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    await desk.signed(disc)
    await desk.signed(f"{set_id}-1B")
    async with desk.catalogue.reading() as connection:
        files = {each.recording or each.path: each for each in await store.expected_of(connection, set_id, 1)}
    for hit in (files[ids[1]], files[ids[3]], files["data/catalogue.csv"]):
        flip(desk.burner.path(disc), hit.offset + hit.size // 2)
    assert "2 of them recordings" in await desk.do("check", disc)
    async with desk.catalogue.reading() as connection:
        (check, _) = await store.checks_of(connection, disc)
    bad = json.loads(bytes(check.told))["bad"]
    assert {each["path"] for each in bad} == {files[ids[1]].path, files[ids[3]].path, "data/catalogue.csv"}
    assert {each["recording"] for each in bad} == {ids[1], ids[3], ""}
    assert await desk.states(set_id) == {"1A": "damaged", "1A2": "imaged", "1B": "signed"}
    await desk.signed(f"{set_id}-1A2")  # the image was tidied away or not: it is made again as it was
    assert "damaged" in await desk.entries(disc)


async def test_directories_that_are_damaged_do_not_hide_which_recordings_are_good(desk: Desk) -> None:
    await desk.put(size=30_000)
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    await desk.signed(disc)
    path = desk.burner.path(disc)
    for sector in range(17, 30):
        flip(path, sector * SECTOR + 5)
    await desk.do("check", disc)
    async with desk.catalogue.reading() as connection:
        bad = json.loads(bytes((await store.checks_of(connection, disc))[0].told))["bad"]
    assert [each["path"] for each in bad] == [STRUCTURE]


async def test_another_disc_in_the_drive_is_nobodys_damage(desk: Desk) -> None:
    await desk.put()
    await desk.put(client="zhou")
    one, other = await desk.gather()
    for set_id in (one, other):
        await desk.do("image", set_id)
        await desk.burned(f"{set_id}-1A")
    desk.burner.path(f"{other}-1A").rename(desk.burner.path(f"{one}-1A"))
    with pytest.raises(DriveAway, match=f"is ANDON_{other}_1, not disc {one}-1A"):
        await desk.do("check", f"{one}-1A")
    with pytest.raises(DriveAway, match="cannot be opened"):
        await desk.do("check", f"{other}-1A")
    assert (await desk.disc(f"{one}-1A")).state == "verified"


async def test_an_image_that_was_tidied_away_is_made_again_byte_for_byte(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(3)]
    set_id = await desk.imaged()
    before = sha256(desk.image(set_id))
    desk.image(set_id).unlink()
    desk.now += 400 * DAY
    await desk.put()  # the log has grown, and a clock has moved
    await desk.change(*ids, keep_until=IN_MAY + DAY)
    await desk.signed(f"{set_id}-1A")
    await desk.signed(f"{set_id}-1B")
    assert await desk.image_on(f"{set_id}-1A") == before

    assert await tidy(desk.works) == 1
    assert not desk.image(set_id).exists()


async def test_a_container_that_is_not_what_was_sealed_is_never_burned(desk: Desk) -> None:
    id = await desk.put()
    (set_id,) = await desk.gather()
    (path,) = desk.vaults[0].path.rglob("*.sound")
    flip(path, 300)
    with pytest.raises(DiscRefused, match=f"No vault has the container of recording {id}"):
        await desk.do("image", set_id)
    assert await desk.states(set_id) == {"1A": "gathered", "1B": "gathered"}
    flip(path, 300)
    await desk.do("image", set_id)


async def test_an_overlarge_set_is_split_into_numbered_discs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MEDIA, "tiny", Medium("tiny", "Tiny", 3 << 20, False, "a test"))
    desk.rules = msgspec.structs.replace(desk.rules, discs=DiscRules(media="tiny", copies=("A",)))
    for _ in range(5):
        await desk.put(size=500_000)
    set_id = await desk.imaged()
    assert await desk.states(set_id) == {"1A": "imaged", "2A": "imaged", "3A": "imaged"}
    for number, recordings in ((1, 2), (2, 2), (3, 1)):
        assert desk.image(set_id, number).stat().st_size <= 3 << 20
        assert (await desk.disc(f"{set_id}-{number}A")).recordings == recordings


@both
async def test_a_hold_pins_a_disc_and_a_key_that_is_left_keeps_it(desk: Desk) -> None:
    ids = [await desk.put() for _ in range(2)]
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    await desk.signed(disc)
    assert "can still be read" in await desk.do("prove", disc)
    with pytest.raises(DiscRefused, match="2 recordings on disc"):
        await register.destroy(desk.catalogue, disc, "user:li", desk.now)
    await desk.dispose(*ids)
    with pytest.raises(DiscRefused, match="Nobody has shown"):
        await register.destroy(desk.catalogue, disc, "user:li", desk.now)
    await desk.do("prove", disc)
    async with desk.catalogue.reading() as connection:
        assert await store.for_destruction(connection) == [disc]
        assert await store.bears(connection, list(desk.places.values())) == {disc: sorted(desk.places.values())}
    await desk.change(ids[0], holds=1)
    with pytest.raises(DiscRefused, match="legal hold on 1 of its recordings pins"):
        await register.destroy(desk.catalogue, disc, "user:li", desk.now)
    async with desk.catalogue.reading() as connection:
        assert await store.for_destruction(connection) == []
    await desk.change(ids[0], holds=0)
    await register.destroy(desk.catalogue, disc, "user:li", desk.now)
    await register.destroy(desk.catalogue, disc, "user:wang", desk.now)
    async with desk.catalogue.reading() as connection:
        assert await store.bears(connection, list(desk.places.values())) == {}


@both
async def test_wishes_are_carried_out_in_their_order_and_answered(desk: Desk) -> None:
    await desk.put()
    (set_id,) = await desk.gather()
    first = await wishes.wish(desk.catalogue, "image", set_id, "user:li", desk.now)
    assert await wishes.wish(desk.catalogue, "image", set_id, "user:wang", desk.now) == first
    with pytest.raises(DiscRefused, match="must be imaged"):
        await wishes.wish(desk.catalogue, "burn", f"{set_id}-1A", "user:li", desk.now)
    assert await carry_out(desk.works) == 1
    await wishes.wish(desk.catalogue, "burn", f"{set_id}-1A", "user:li", desk.now)
    desk.burner.faults = [("refuse", 0)]
    assert await carry_out(desk.works) == 1
    async with desk.catalogue.reading() as connection:
        told = await store.wishes_in(connection)
    assert [(each.step, each.state) for each in told] == [("burn", "failed"), ("image", "done")]
    assert "worn" in english(told[0].said)
    async with alone(desk.works.folder):
        with pytest.raises(DiscsBusy):
            await works.do(desk.works, "burn", f"{set_id}-1A", "user:li")


async def test_an_empty_plan_burns_nothing(desk: Desk) -> None:
    await desk.put()
    desk.rules = ArchiveRules()
    assert await desk.gather() == []
