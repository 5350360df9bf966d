"""Carries out the steps of discs that take long, one at a time: images, burning, reading back, proving that nothing can be read.

Not what each step changes (`register.py`, a transaction each) and not who asks (`wishes.py`). A process killed anywhere leaves files that
the next one makes anew, and never a row that says more than is so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from realtime.history.port import HistoryAway
from recordings.crypt.store_faults import StoreAway
from recordings.discs import forgetting, image, making, register, store, wishes
from recordings.discs.burner import BurnFailed, DriveAway, mark_on, read_medium, volume_on
from recordings.discs.comparing import STRUCTURE, UNREADABLE, Bad, Compared, Expected
from recordings.discs.register import DiscRefused
from recordings.discs.rows import DiscRow
from recordings.discs.states import DiscState
from recordings.discs.workroom import DiscsBusy, Works, alone, in_thread
from recordings.refusals import Remark
from recordings.vault.port import VaultTrouble

WORDED: Final = (DiscRefused, BurnFailed, DriveAway, VaultTrouble)
FAULTS: Final = (*WORDED, OSError)
"""What is no bug: told to whoever asked."""
AT_A_TIME: Final = 20
"""Wishes carried out in one round, so that the archivist looks after other things in between."""


async def carry_out(works: Works) -> int:
    """The wishes that wait, the oldest first; how many were tried. Nothing where another process is at it."""
    done = 0
    async with works.catalogue.reading() as connection:
        waiting = await store.wishes_in(connection, "wanted", limit=AT_A_TIME)
    for wish in waiting:
        try:
            said, good = await do(works, wish.step, wish.subject, wish.who), True
        except DiscsBusy:
            break
        except OSError as error:
            said, good = Remark("work.system", why=error.strerror or error), False
        except WORDED as refused:
            said, good = refused, False
        except HistoryAway:
            raise  # it stays wanted
        except Exception:
            await wishes.answered(works.catalogue, wish.id, False, Remark("work.bug"), works.clock())
            raise
        await wishes.answered(works.catalogue, wish.id, good, said, works.clock())
        done += 1
    if done:
        with suppress(DiscsBusy):  # the next one tidies
            async with alone(works.folder):
                await making.tidy(works)
    return done


async def let_gone_go(works: Works) -> None:
    """Discs that were not burned, and images, with a recording on them that was disposed of since. Every minute, as disposals are carried
    out; what is burned just now is let be."""
    await register.let_gone_go(works.catalogue, works.clock)
    if await in_thread(works, making.has_images, works.folder):
        with suppress(DiscsBusy):
            async with alone(works.folder):
                await making.tidy(works)


async def do(works: Works, step: str, subject: str, who: str) -> Remark:
    """One step, now; what came of it. Raises FAULTS, HistoryAway."""
    async with alone(works.folder):
        return await DEEDS[step](works, subject, who)


# ---------------------------------------------------------------- burning


async def burn(works: Works, disc: str, who: str) -> Remark:
    async with works.catalogue.reading() as connection:
        found = await register.must(connection, disc, DiscState.IMAGED)
        gone = await register.why_not(connection, found)
    if found.burning_at and await in_thread(works, _has, works.burner.path(disc), found):
        await register.burned(works.catalogue, disc, found.drive, found.media, who, works.clock())
        return Remark("work.burned_before", disc=disc)
    if gone and found.burning_at:
        await register.failed(works.catalogue, disc, register.Failed(said=gone, last=True), who, works.clock())
        raise DiscRefused("disc.disc_gone.discarded", why=gone)
    if gone:
        raise DiscRefused("disc.disc_gone.withdraw", why=gone)
    async with works.catalogue.reading() as connection:
        await register.must_not_wait(connection, found)
    target = await _image_again(works, found)
    await in_thread(works, works.burner.ready, disc)  # so that what is in it later, after a crash, can only be ours
    await register.burning(works.catalogue, disc, works.clock())
    try:
        told = await in_thread(works, works.burner.burn, target, disc, found.medium)
    except BurnFailed as failed:
        return await _failed(works, disc, register.Failed(said=failed), who)
    except DriveAway:
        await register.burning(works.catalogue, disc, 0)
        raise
    await register.burned(works.catalogue, disc, told.drive, told.media, who, works.clock())
    return Remark("work.burned", disc=disc)


async def _image_again(works: Works, disc: DiscRow) -> Path:
    """The image as it was, or made anew from the vault: it must be the same, byte for byte."""
    target = works.image_of(disc.set, disc.number)
    if await in_thread(works, _is_still, works, target, disc):
        return target
    async with works.catalogue.reading() as connection:
        items = await store.items_of(connection, disc.set, disc.number, works.timezone)
    made = await making.made(works, disc.set, disc.number, items, disc.checkpoint)
    if made.sha256.hex() != disc.image:
        target.unlink()
        raise DiscRefused("disc.image_differs", disc=disc.id, tool=disc.tool)
    return target


def _is_still(works: Works, target: Path, disc: DiscRow) -> bool:
    if not target.exists():
        return False
    if target.stat().st_size > disc.image_bytes:
        os.truncate(target, disc.image_bytes)  # the mark of a disc, whose process ended while it was burned (`drive.py`)
    return making.sha256_of(target, works.beat).hex() == disc.image


def _has(path: Path, disc: DiscRow) -> bool:
    """Whether it is this very disc: another copy has the same image."""
    try:
        return _is_it(path, disc)
    except DriveAway:
        return False


def _is_it(path: Path, disc: DiscRow) -> bool:
    """Whether the medium says so; one that is damaged, or empty, may say nothing. Raises DriveAway where it says that it is another."""
    name, there = image.volume_name(disc.set, disc.number), volume_on(path, disc.id)
    if there and there != name:
        raise DriveAway("drive.another", there=there[:32], disc=disc.id, name=name)
    marked = mark_on(path, disc.id, disc.image_bytes)
    if marked and marked != disc.id:
        raise DriveAway("drive.another.copy", marked=marked, disc=disc.id)
    return bool(there) and marked == disc.id


async def _failed(works: Works, disc: str, failed: register.Failed, who: str) -> Remark:
    """Raises BurnFailed: nothing was gained, and whoever asked must hear what to do."""
    then = await register.failed(works.catalogue, disc, failed, who, works.clock())
    if then is None:
        raise BurnFailed("work.once_more", why=failed.said)
    if then.instead:
        raise BurnFailed("work.failed_twice", why=failed.said, instead=then.instead)
    raise BurnFailed("work.failed_twice.alone", why=failed.said, then=then.why)


async def verify(works: Works, disc: str, who: str) -> Remark:
    return await _read_back(works, disc, who, DiscState.BURNED)


async def check(works: Works, disc: str, who: str) -> Remark:
    return await _read_back(works, disc, who, DiscState.VERIFIED, DiscState.SIGNED)


async def _read_back(works: Works, disc: str, who: str, *states: DiscState) -> Remark:
    """The whole medium, to the end of the image. One that was good is tried twice before it is called damaged."""
    async with works.catalogue.reading() as connection:
        found = await register.must(connection, disc, *states)
        files = await store.expected_of(connection, found.set, found.number)
    new = found.state == DiscState.BURNED
    began = time.monotonic()
    told = await in_thread(works, _read, works, found, files)
    if not told.whole and not new:
        told = await in_thread(works, _read, works, found, files)
    seconds = time.monotonic() - began
    if not told.whole and new:
        said = Remark("work.not_as_burned", disc=disc, damage=register.damage(told))
        return await _failed(works, disc, register.Failed(said=said, told=told, seconds=seconds), who)
    then = await register.compared(works.catalogue, disc, told, seconds, who, works.clock())
    if then is None:
        return Remark("work.whole", disc=disc, read=told.read)
    if then.instead:
        return Remark("work.damaged", disc=disc, damage=register.damage(told), instead=then.instead)
    return Remark("work.damaged.alone", disc=disc, damage=register.damage(told), then=then.why)


def _read(works: Works, disc: DiscRow, files: Sequence[Expected]) -> Compared:
    """A whole image without the disc's mark behind it is no whole disc: nobody could tell it from another copy."""
    works.burner.reload(disc.id)
    path = works.burner.path(disc.id)
    says = _is_it(path, disc)
    medium = read_medium(path, disc.id, disc.image_bytes)
    told = making.compare(medium, files, disc.image_bytes, bytes.fromhex(disc.image), works.beat)
    return told if says or not told.whole else Compared(False, told.read, told.sha256, (Bad(STRUCTURE, UNREADABLE),))


# ---------------------------------------------------------------- the end of a disc


async def prove(works: Works, disc: str, who: str) -> Remark:
    async with works.catalogue.reading() as connection:
        found = await register.must(connection, disc, *wishes.STEPS["prove"])
        files = await store.expected_of(connection, found.set, found.number)
        rows, alive = await forgetting.left_of(connection, found.set, found.number)
    damaged = found.state != DiscState.SIGNED
    if not await in_thread(works, _is_it, works.burner.path(disc), found) and not damaged:
        raise DriveAway("drive.unnamed", disc=disc)
    began = time.monotonic()
    have = await _keys_left(works)
    told = await in_thread(works, forgetting.try_all, works.burner.path(disc), disc, files, have, rows, alive, damaged, works.beat)
    await register.proven(works.catalogue, disc, told.good, told, time.monotonic() - began, who, works.clock())
    counted = Remark("work.counted", containers=told.containers, keys=told.keys, tries=told.tries, opened=told.opened, unread=told.unread)
    if told.good:
        return Remark("work.proven", disc=disc, counted=counted)
    if told.unread and not (told.opened or told.rows or told.alive):
        return Remark("work.not_proven", disc=disc, counted=counted)
    return Remark("work.readable", disc=disc, counted=counted, rows=told.rows, alive=told.alive)


async def _keys_left(works: Works) -> forgetting.Keys:
    try:
        left = await in_thread(works, works.keys.left)
    except StoreAway as away:
        raise DiscRefused("disc.keys_away", why=away) from away
    names = {name for name, _ in left.keys}
    async with works.catalogue.reading() as connection:
        moved = await forgetting.not_of_the_living(connection, [each for each in left.moved if each.kek in names])
    return await in_thread(works, forgetting.keys_of, left, moved)


DEEDS: Final[dict[str, Callable[[Works, str, str], Awaitable[Remark]]]] = {
    "image": making.make_images,
    "burn": burn,
    "verify": verify,
    "check": check,
    "prove": prove,
}
