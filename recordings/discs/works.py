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
from recordings.vault.port import VaultTrouble

FAULTS: Final = (DiscRefused, BurnFailed, DriveAway, VaultTrouble, OSError)
"""What is no bug: a sentence for whoever asked."""
BUG: Final = "It broke for a fault of Andon's own; the archivist's log says more. Ask for it again when that is mended."
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
        except FAULTS as refused:
            said, good = str(refused), False
        except HistoryAway:
            raise  # it stays wanted
        except Exception:
            await wishes.answered(works.catalogue, wish.id, False, BUG, works.clock())
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


async def do(works: Works, step: str, subject: str, who: str) -> str:
    """One step, now; a sentence of what came of it. Raises FAULTS, HistoryAway."""
    async with alone(works.folder):
        return await DEEDS[step](works, subject, who)


# ---------------------------------------------------------------- burning


async def burn(works: Works, disc: str, who: str) -> str:
    async with works.catalogue.reading() as connection:
        found = await register.must(connection, disc, DiscState.IMAGED)
        gone = await register.why_not(connection, found)
    if found.burning_at and await in_thread(works, _has, works.burner.path(disc), found):
        await register.burned(works.catalogue, disc, found.drive, found.media, who, works.clock())
        return f"Disc {disc} was burned before its process ended; it is to be read back."
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
        return await _failed(works, disc, register.Failed(said=str(failed)), who)
    except DriveAway:
        await register.burning(works.catalogue, disc, 0)
        raise
    await register.burned(works.catalogue, disc, told.drive, told.media, who, works.clock())
    return f"Disc {disc} is burned; it counts when it has been read back: andon recordings burn verify {disc}."


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
        raise DriveAway(f"What is in the drive is {there[:32]}, not disc {disc.id} ({name}); put that one in.")
    marked = mark_on(path, disc.id, disc.image_bytes)
    if marked and marked != disc.id:
        raise DriveAway(f"What is in the drive is disc {marked}, another of the same image, not disc {disc.id}; put that one in.")
    return bool(there) and marked == disc.id


async def _failed(works: Works, disc: str, failed: register.Failed, who: str) -> str:
    """Raises BurnFailed: nothing was gained, and whoever asked must hear what to do."""
    then = await register.failed(works.catalogue, disc, failed, who, works.clock())
    if then is None:
        raise BurnFailed(f"{failed.said} Try once more.")
    instead = f", and burn {then.instead} on one of another batch." if then.instead else f". {then.why}"
    raise BurnFailed(f"{failed.said} It has failed twice: throw this medium away{instead}")


async def verify(works: Works, disc: str, who: str) -> str:
    return await _read_back(works, disc, who, DiscState.BURNED)


async def check(works: Works, disc: str, who: str) -> str:
    return await _read_back(works, disc, who, DiscState.VERIFIED, DiscState.SIGNED)


async def _read_back(works: Works, disc: str, who: str, *states: DiscState) -> str:
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
        said = f"Disc {disc} is not as it was burned: {register.damage(told)}"
        return await _failed(works, disc, register.Failed(said=said, told=told, seconds=seconds), who)
    then = await register.compared(works.catalogue, disc, told, seconds, who, works.clock())
    if then is None:
        return f"Disc {disc} was read to its end, {told.read} bytes, and is good."
    instead = f"Burn {then.instead}, which takes its place." if then.instead else then.why
    return f"Disc {disc} is damaged: {register.damage(told)} {instead} Check others of its batch."


def _read(works: Works, disc: DiscRow, files: Sequence[Expected]) -> Compared:
    """A whole image without the disc's mark behind it is no whole disc: nobody could tell it from another copy."""
    works.burner.reload(disc.id)
    path = works.burner.path(disc.id)
    says = _is_it(path, disc)
    medium = read_medium(path, disc.id, disc.image_bytes)
    told = making.compare(medium, files, disc.image_bytes, bytes.fromhex(disc.image), works.beat)
    return told if says or not told.whole else Compared(False, told.read, told.sha256, (Bad(STRUCTURE, UNREADABLE),))


# ---------------------------------------------------------------- the end of a disc


async def prove(works: Works, disc: str, who: str) -> str:
    async with works.catalogue.reading() as connection:
        found = await register.must(connection, disc, *wishes.STEPS["prove"])
        files = await store.expected_of(connection, found.set, found.number)
        rows, alive = await forgetting.left_of(connection, found.set, found.number)
    damaged = found.state != DiscState.SIGNED
    if not await in_thread(works, _is_it, works.burner.path(disc), found) and not damaged:
        raise DriveAway(
            f"What is in the drive does not say that it is disc {disc}; put that one in, or if it is in, let it be read first: "
            f"andon recordings burn check {disc}. What is damaged is tried with what it still gives."
        )
    began = time.monotonic()
    have = await _keys_left(works)
    told = await in_thread(works, forgetting.try_all, works.burner.path(disc), disc, files, have, rows, alive, damaged, works.beat)
    await register.proven(works.catalogue, disc, told.good, told, time.monotonic() - began, who, works.clock())
    counted = f"{told.containers} containers, {told.keys} keys left, {told.tries} tries, {told.opened} opened, {told.unread} not to be read"
    if told.good:
        return f"Disc {disc} cannot be read any more ({counted}); two people may destroy it."
    if told.unread and not (told.opened or told.rows or told.alive):
        return f"Disc {disc} is not proven ({counted}): it is damaged; let it be read, then prove it: andon recordings burn check {disc}."
    return f"Disc {disc} can still be read ({counted}; {told.rows} wrapped keys left, {told.alive} recordings not disposed of)."


async def _keys_left(works: Works) -> forgetting.Keys:
    try:
        left = await in_thread(works, works.keys.left)
    except StoreAway as away:
        raise DiscRefused("disc.keys_away", why=away) from away
    names = {name for name, _ in left.keys}
    async with works.catalogue.reading() as connection:
        moved = await forgetting.not_of_the_living(connection, [each for each in left.moved if each.kek in names])
    return await in_thread(works, forgetting.keys_of, left, moved)


DEEDS: Final[dict[str, Callable[[Works, str, str], Awaitable[str]]]] = {
    "image": making.make_images,
    "burn": burn,
    "verify": verify,
    "check": check,
    "prove": prove,
}
